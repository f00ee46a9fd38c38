/* How often stretches of an original run, and how long they take without the stretches within them. A translation would launch
   kernels in some runs of a stretch and not in others, which are told apart. Only the thread that runs main is looked at.
   With MUPAC_TEST_STRETCHES the program ends after so many seconds, as far as it has come. */
#include <errno.h>

enum { most_stretches = 4096, most_open_stretches = 64, whole_program = most_stretches };

static struct {
    long long runs, nanoseconds, launching_runs, launching_nanoseconds;
    double amount; /* of the launching runs */
} stretches[most_stretches + 1];
static struct {
    int number, is_launching;
    double amount;
    long long since, within;
} open_stretches[most_open_stretches];
static int open_count;
static long long profile_start, profile_end;
static const int *profile_thread; /* each has an errno of its own */

static long long profile_now(void) {
    struct timespec now = {0, 0};
    library.clock_gettime_(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* Closes the stretch that was opened last. */
static void close_stretch(long long now) {
    open_count--;
    int number = open_stretches[open_count].number;
    long long took = now - open_stretches[open_count].since;
    long long own = took - open_stretches[open_count].within;
    if (open_count > 0) open_stretches[open_count - 1].within += took;
    stretches[number].runs++;
    stretches[number].nanoseconds += own;
    if (!open_stretches[open_count].is_launching) return;
    stretches[number].launching_runs++;
    stretches[number].launching_nanoseconds += own;
    stretches[number].amount += open_stretches[open_count].amount;
}

static void write_profile(void) {
    long long now = profile_now();
    if (!profile_start) return;
    while (open_count > 0) close_stretch(now);
    stretches[whole_program].runs = 1;
    stretches[whole_program].nanoseconds = now - profile_start;
    for (int i = 0; i <= most_stretches; i++) {
        long long bits;
        if (!stretches[i].runs) continue;
        memcpy(&bits, &stretches[i].amount, sizeof bits);
        write_header(kind_stretch, 0, i, 0, stretches[i].runs, stretches[i].nanoseconds);
        write_header(kind_stretch, 0, i, 1, stretches[i].launching_runs, stretches[i].launching_nanoseconds);
        write_header(kind_stretch, 0, i, 2, 0, bits);
    }
}

static void end_profile_in_time(long long now) {
    if (now < profile_end) return;
    write_profile();
    _exit(0);
}

/* The stretch of this number begins: whether the translation would launch kernels, and how much there is to do. */
int mupac_test_stretch(int number, int is_launching, double amount) {
    long long now = profile_now();
    if (profile_thread != &errno || number < 0 || number >= most_stretches || open_count == most_open_stretches) return -1;
    end_profile_in_time(now);
    /* The kernels of a stretch do what it calls as well. */
    if (open_count > 0 && open_stretches[open_count - 1].is_launching) return -1;
    open_stretches[open_count].number = number;
    open_stretches[open_count].is_launching = is_launching;
    open_stretches[open_count].amount = amount;
    open_stretches[open_count].since = now;
    open_stretches[open_count].within = 0;
    open_count++;
    return open_count - 1;
}

/* The stretch ends that was opened at this depth, and with it those that a jump has left. */
void mupac_test_stretch_end(const int *depth) {
    long long now = profile_now();
    if (*depth < 0) return;
    while (open_count > *depth) close_stretch(now);
    end_profile_in_time(now);
}

static void begin_profile(void) {
    const char *seconds = library.getenv_("MUPAC_TEST_STRETCHES");
    if (!seconds) return;
    atexit(write_profile);
    profile_thread = &errno;
    profile_start = profile_now();
    profile_end = profile_start + (long long)(atof(seconds) * 1e9);
}
