/* Clocks that go by the calls of a program instead of by time, so that what it prints of times, and chooses by them, is the
   same in every run: each call finds the time 10 ms on. A program that defines one of these functions keeps its own, since
   these are weak. With MUPAC_TEST_CLOCK=system they ask the system.
   Source: C17 7.27.2; POSIX.1-2017 clock_gettime, gettimeofday, times, getrusage, ftime; OpenMP 5.2, 18.9. */
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>

#include "library.h"

enum { clock_step = 10000000, clock_second = 1000000000 }; /* in nanoseconds */
static const long long clock_start = 1577836800; /* 2020-01-01, in seconds */

static int is_system_clock(void) {
    static int answer = -1;
    if (answer < 0) {
        const char *asked = library.getenv_("MUPAC_TEST_CLOCK");
        answer = asked && !strcmp(asked, "system");
    }
    return answer;
}

/* Nanoseconds since the start of the program. */
static long long elapsed(void) {
    static long long calls = 0;
    return __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED) * clock_step;
}

/* The time of a clock, by the system's calls, which no program defines. */
static struct timespec time_of(clockid_t clock) {
    struct timespec now = {0, 0};
    if (is_system_clock()) {
        library.clock_gettime_(clock, &now);
        return now;
    }
    long long since = elapsed();
    now.tv_sec = (clock == CLOCK_REALTIME ? clock_start : 0) + since / clock_second;
    now.tv_nsec = since % clock_second;
    return now;
}

static double seconds_of(struct timespec now) { return (double)now.tv_sec + (double)now.tv_nsec * 1e-9; }

#define MUPAC_CLOCK __attribute__((weak))

MUPAC_CLOCK time_t time(time_t *at) {
    time_t now = time_of(CLOCK_REALTIME).tv_sec;
    if (at) *at = now;
    return now;
}

MUPAC_CLOCK clock_t clock(void) {
    struct timespec now = time_of(CLOCK_PROCESS_CPUTIME_ID);
    return (clock_t)(now.tv_sec * CLOCKS_PER_SEC + now.tv_nsec / (clock_second / CLOCKS_PER_SEC));
}

MUPAC_CLOCK int clock_gettime(clockid_t clock, struct timespec *at) {
    struct timespec now;
    if (is_system_clock() || library.clock_gettime_(clock, &now) != 0) return library.clock_gettime_(clock, at);
    *at = time_of(clock);
    return 0;
}

MUPAC_CLOCK int timespec_get(struct timespec *at, int base) {
    if (base != TIME_UTC) return 0;
    *at = time_of(CLOCK_REALTIME);
    return base;
}

MUPAC_CLOCK int gettimeofday(struct timeval *restrict at, void *restrict zone) {
    struct timespec now = time_of(CLOCK_REALTIME);
    (void)zone;
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return 0;
}

MUPAC_CLOCK clock_t times(struct tms *at) {
    struct timespec now = time_of(CLOCK_PROCESS_CPUTIME_ID);
    clock_t ticks = (clock_t)(now.tv_sec * 100 + now.tv_nsec / (clock_second / 100));
    struct tms used = {ticks, 0, 0, 0};
    if (at) *at = used;
    return ticks;
}

MUPAC_CLOCK int getrusage(__rusage_who_t who, struct rusage *at) {
    struct timespec now = time_of(CLOCK_PROCESS_CPUTIME_ID);
    (void)who;
    memset(at, 0, sizeof *at);
    at->ru_utime.tv_sec = now.tv_sec;
    at->ru_utime.tv_usec = now.tv_nsec / 1000;
    return 0;
}

MUPAC_CLOCK double omp_get_wtime(void) { return seconds_of(time_of(CLOCK_MONOTONIC)); }
MUPAC_CLOCK double omp_get_wtick(void) { return 1e-9; }
