// Runs the tests of one text, one after another, and compares what they leave behind with what was recorded from the
// original; measures calls.
//
//   PROGRAM test FOLDER        all tests, under supervision: a child runs them, and a test that kills it counts as failed
//   PROGRAM small FOLDER       the few tests for tools that slow a program down, unsupervised
//   PROGRAM time FOLDER LIBRARY...   the calls to be measured, against the original in the first library; values are compared
//                              with those of the last one, which computes without contraction
//   PROGRAM original FOLDER LIBRARY  the tests on the original itself; prints the names of those that fail, and `done`
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "compare.h"
#include "memory.h"
#include "report.h"
#ifdef MUPAC_BUNDLE_CONFINED
#include "harness_confinement.h"
#endif

extern "C" {
// Of the text under test; absent where the original runs by itself.
extern const int mupac_test_entry_count __attribute__((weak));
extern void (*const mupac_test_entries[])(void) __attribute__((weak));
// Of device.cu; absent where there is no device.
void mupac_bundle_start(void) __attribute__((weak));
void mupac_bundle_wait(void) __attribute__((weak));
unsigned long long mupac_bundle_launches(void) __attribute__((weak));
void mupac_bundle_time_launches(int on) __attribute__((weak));
double mupac_bundle_kernel_us(void) __attribute__((weak));
const char *mupac_bundle_trouble(void) __attribute__((weak));
}

namespace bundle {

// Making a context, and loading code, takes its time; a call that is measured is repeated.
const int first_limit_seconds = 300, limit_seconds = 60, measuring_limit_seconds = 900;
const int calls_of_a_test = 3;
const int warm_ups = 3, repetitions = 15;

struct Test {
    std::string function, number, mode, flags, words, sizes;
    long offset = 0;

    bool has(char flag) const { return flags.find(flag) != std::string::npos; }
    std::string name() const { return function + ":" + number; }
};

struct Suite {
    std::string folder;
    std::vector<Test> tests, timings;
    std::map<std::string, Names> names;
};

static std::vector<std::string> split(const std::string &text, char at) {
    std::vector<std::string> parts;
    std::stringstream stream(text);
    for (std::string part; std::getline(stream, part, at);) parts.push_back(part);
    return parts;
}

static Suite read_suite(const std::string &folder) {
    Suite suite;
    suite.folder = folder;
    std::ifstream file(folder + "/tests.txt");
    for (std::string line; std::getline(file, line);) {
        std::vector<std::string> parts = split(line, '\t');
        if (parts.size() == 4 && parts[0] == "names") {
            suite.names[parts[1]] = {split(parts[2], ','), split(parts[3], ',')};
        } else if (parts.size() == 7 && parts[0] == "test") {
            suite.tests.push_back({parts[1], parts[2], parts[3], parts[4], parts[6], "", atol(parts[5].c_str())});
        } else if (parts.size() == 6 && parts[0] == "time") {
            suite.timings.push_back({parts[1], parts[2], parts[3], "", parts[5], parts[4] == "-" ? "" : parts[4], 0});
        } else {
            fprintf(stderr, "bundle: %s/tests.txt: a line that is none: %s\n", folder.c_str(), line.c_str());
            exit(2);
        }
    }
    return suite;
}

static const struct Host {
    long long (*integer)(int);
    double (*floating)(int);
    int (*keeps_globals)(void);
    void (*extent)(int, long long, long long, long long, long long, const struct mupac_test_leaf *, int);
    void (*rows)(int, int, long long, long long, long long, long long, const struct mupac_test_leaf *, int);
    void (*text)(int);
    void (*row_length)(int, long long);
    void (*member)(int, long long, int, int);
    void *(*pointer)(int);
    void (*global)(int, void *, long long, long long, const struct mupac_test_leaf *, int, int);
    void (*result)(const void *, int);
    void (*place)(const volatile void *, int);
    void (*begin)(void);
    void (*end)(void);
} host = {mupac_test_integer, mupac_test_float,      mupac_test_keeps_globals, mupac_test_extent,  mupac_test_rows,
          mupac_test_text,    mupac_test_row_length, mupac_test_member,        mupac_test_pointer, mupac_test_global,
          mupac_test_result,  mupac_test_place,      mupac_test_begin,         mupac_test_end};

static Side original_side(const char *library) {
    void *handle = dlopen(library, RTLD_LAZY | RTLD_LOCAL);
    typedef int Connect(const Host *, void (*const **)(void));
    Connect *connect = handle ? (Connect *)dlsym(handle, "mupac_bundle_connect") : nullptr;
    if (!connect) {
        fprintf(stderr, "bundle: %s\n", dlerror());
        exit(2);
    }
    Side side;
    side.count = connect(&host, &side.entries);
    survey(side);
    return side;
}

static Side text_side() {
    Side side;
    side.count = mupac_test_entry_count;
    side.entries = mupac_test_entries;
    survey(side);
    return side;
}

// What lies in a file, which is then closed.
static std::string content(int file) {
    std::string text;
    char part[4096];
    lseek(file, 0, SEEK_SET);
    for (ssize_t count; (count = read(file, part, sizeof part)) > 0;) text.append(part, (size_t)count);
    close(file);
    return text;
}

// Calls with what the function prints kept from the lines of results.
static std::string printed_by(const Side &side, int entry) {
    fflush(stdout);
    int file = memfd_create("printed", MFD_CLOEXEC), kept = dup(1);
    if (file < 0 || kept < 0 || dup2(file, 1) < 0) exit(2);
    call(side, entry);
    fflush(stdout);
    dup2(kept, 1);
    close(kept);
    return content(file);
}

static Result call_once(const Suite &suite, const Test &test, const Side &side) {
    Result result;
    result.function = test.function;
    result.stage = "correctness";
    result.test = test.name();
    result.verdict = "fail";
    result.kind = "value";
    Expected expected;
    if (!read_expected((suite.folder + "/expected.bin").c_str(), test.offset, expected)) {
        result.verdict = "not-run";
        result.kind = "";
        result.message = "the expected results cannot be read";
        return result;
    }
    parse(test.words.c_str());
    unsigned long long before = mupac_bundle_launches ? mupac_bundle_launches() : 0;
    std::string printed = printed_by(side, test_entry);
    if (mupac_bundle_wait) mupac_bundle_wait();
    if (mupac_bundle_launches) result.launches = (long long)(mupac_bundle_launches() - before);
    const char *trouble = mupac_bundle_trouble ? mupac_bundle_trouble() : nullptr;
    if (trouble) {
        result.kind = "cuda-error";
        result.message = trouble;
        forget();
        return result;
    }
    auto found = suite.names.find(test.function);
    Names names = found == suite.names.end() ? Names() : found->second;
    std::vector<Column> got = columns();
    forget();
    if (got.size() != expected.columns.size()) result.message = "another number of results";
    for (size_t i = 0; i < got.size() && result.message.empty(); i++)
        result.message = difference(expected.columns[i], got[i], expected.bounds[i], names);
    if (result.message.empty() && printed != expected.printed) result.message = "it prints something else than the original";
    if (result.message.empty()) {
        result.verdict = "pass";
        result.kind = "";
    } else if (test.mode == "unknown") {
        result.verdict = "not-tested";
        result.kind = "";
        result.message = "no bound is known on how far the result may be off; " + result.message;
    }
    return result;
}

// Calls as often as asked, as long as it passes: what a race leaves behind may be right at first.
static Result run_test(const Suite &suite, const Test &test, const Side &side, int calls) {
    Result result = call_once(suite, test, side);
    for (int i = 1; i < calls && result.verdict == "pass"; i++) {
        Result again = call_once(suite, test, side);
        if (again.kind == "value") again.kind = "nondeterministic";
        if (again.verdict == "fail") result = again;
    }
    return result;
}

// --- supervision ---

// Runs the tests for which it is asked, telling through the pipe which one begins and which has ended.
static int run_child(const Suite &suite, const Side &side, size_t from, bool is_alone, int pipe) {
    if (mupac_bundle_start) mupac_bundle_start();
    for (size_t i = from; i < suite.tests.size(); i++) {
        if (suite.tests[i].has('a') != is_alone) continue;
        write_whole(pipe, "start " + std::to_string(i) + "\n");
        report(run_test(suite, suite.tests[i], side, is_alone ? 1 : calls_of_a_test));
        write_whole(pipe, "end\n");
        if (is_alone) break;
    }
    write_whole(pipe, "done\n");
    return 0;
}

// What became of a child: the test that it did not survive, or nothing; and in words how it ended.
struct Watched {
    long running = -1;
    bool is_done = false;
    bool is_late = false;
    std::string message;
};

static Watched watch(const char *program, const std::vector<std::string> &arguments, int limit) {
    int ends[2];
    int error_file = memfd_create("errors", MFD_CLOEXEC);
    if (error_file < 0 || pipe(ends) != 0) exit(2);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        dup2(error_file, 2);
        std::string descriptor = std::to_string(ends[1]);
        std::vector<char *> words = {(char *)program};
        for (const std::string &argument : arguments) words.push_back((char *)argument.c_str());
        words.push_back((char *)descriptor.c_str());
        words.push_back(nullptr);
        execv("/proc/self/exe", words.data());
        _exit(127);
    }
    close(ends[1]);
    Watched watched;
    std::string line;
    for (char byte;;) {
        struct pollfd ready = {ends[0], POLLIN, 0};
        int status = poll(&ready, 1, limit * 1000);
        if (status < 0 && errno == EINTR) continue;
        if (status == 0) {
            watched.is_late = true;
            kill(child, SIGKILL);
            break;
        }
        if (read(ends[0], &byte, 1) != 1) break;
        if (byte != '\n') {
            line += byte;
            continue;
        }
        if (line.compare(0, 6, "start ") == 0) watched.running = atol(line.c_str() + 6);
        if (line == "end") {
            watched.running = -1;
            if (limit == first_limit_seconds) limit = limit_seconds;
        }
        if (line == "done") watched.is_done = true;
        line.clear();
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    std::string said = content(error_file);
    watched.message = said.substr(0, said.find('\n'));
    std::string how = watched.is_late          ? "it does not end in time"
                      : WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                                            : "exit code " + std::to_string(WEXITSTATUS(status));
    watched.message = watched.message.empty() ? how : how + ": " + watched.message;
    return watched;
}

static Result lost(const Test &test, const char *stage, const Watched &watched) {
    Result result;
    result.function = test.function;
    result.stage = stage;
    result.test = test.name();
    result.verdict = "fail";
    bool is_cuda = watched.message.find("cuda") != std::string::npos;
    result.kind = watched.is_late ? "timeout" : is_cuda ? "cuda-error" : "crash";
    result.message = watched.message;
    return result;
}

// A child that dies takes its context with it; the next one goes on behind the test that it died of.
static int supervise(const char *program, const Suite &suite) {
    size_t from = 0;
    for (bool is_done = false; !is_done;) {
        Watched watched = watch(program, {"child", suite.folder, std::to_string(from), "together"}, first_limit_seconds);
        is_done = watched.is_done || watched.running < 0;
        if (!watched.is_done && watched.running < 0) {
            fprintf(stderr, "bundle: the tests did not start: %s\n", watched.message.c_str());
            return 2;
        }
        if (watched.running >= 0) {
            report(lost(suite.tests[(size_t)watched.running], "correctness", watched));
            from = (size_t)watched.running + 1;
        }
    }
    for (size_t i = 0; i < suite.tests.size(); i++) {
        if (!suite.tests[i].has('a')) continue;
        Watched watched = watch(program, {"child", suite.folder, std::to_string(i), "alone"}, first_limit_seconds);
        if (!watched.is_done) report(lost(suite.tests[i], "correctness", watched));
    }
    return 0;
}

// --- measuring ---

static Timing timing(std::vector<double> samples) {
    std::sort(samples.begin(), samples.end());
    auto quantile = [&](double share) {
        double at = share * (double)(samples.size() - 1);
        size_t below = (size_t)at;
        size_t above = std::min(below + 1, samples.size() - 1);
        return samples[below] + (at - (double)below) * (samples[above] - samples[below]);
    };
    return {(int)samples.size(), quantile(0.5), quantile(0.75) - quantile(0.25)};
}

static void wait_for_device(void) {
    if (mupac_bundle_wait) mupac_bundle_wait();
}

static double timed_call(const Side &side, bool is_on_device) {
    before_call = after_call = is_on_device ? wait_for_device : nullptr;
    printed_by(side, test_entry);
    before_call = after_call = nullptr;
    return call_us;
}

static Result measure(const Suite &suite, const Test &test, const Side &text, const Side &original, const Side &reference,
                      Timing (&timings)[3]) {
    Result result;
    result.function = test.function;
    result.stage = "timing";
    result.test = test.name();
    result.sizes = test.sizes;
    result.verdict = "not-tested";
    most_bytes = 1ll << 31;
    parse(test.words.c_str());
    doing = repeating;
    timed_call(reference, false);
    std::vector<Column> wanted = columns();
    unsigned long long before = mupac_bundle_launches();
    timed_call(text, true);
    result.launches = (long long)(mupac_bundle_launches() - before);
    auto found = suite.names.find(test.function);
    std::string differs = difference(wanted, columns(), found == suite.names.end() ? Names() : found->second);
    const char *trouble = mupac_bundle_trouble();
    if (trouble || (!differs.empty() && test.mode == "exact")) {
        result.verdict = "fail";
        result.kind = trouble ? "cuda-error" : "value";
        result.message = trouble ? trouble : differs;
    } else if (result.launches == 0) {
        result.message = "no kernel is launched with these arguments";
    } else {
        // Taken in turn, so that what changes meanwhile (clocks, other programs) changes all of them alike.
        std::vector<double> samples[3];
        for (int i = -warm_ups; i < repetitions; i++) {
            mupac_bundle_time_launches(1);
            timed_call(text, true);
            double kernel_us = mupac_bundle_kernel_us();
            mupac_bundle_time_launches(0);
            double sample[3] = {kernel_us, timed_call(text, true), timed_call(original, false)};
            for (int each = 0; i >= 0 && each < 3; each++) samples[each].push_back(sample[each]);
        }
        for (int each = 0; each < 3; each++) timings[each] = timing(samples[each]);
        result.verdict = "pass";
        result.timings = timings;
        if (!differs.empty()) result.message = "not compared at this size: values may be off and no bound is known";
    }
    doing = testing;
    forget();
    return result;
}

static int measure_all(const Suite &suite, size_t from, const char *library, const char *reference_library, int pipe) {
    Side original = original_side(library), reference = original_side(reference_library), text = text_side();
    mupac_bundle_start();
    for (size_t i = from; i < suite.timings.size(); i++) {
        write_whole(pipe, "start " + std::to_string(i) + "\n");
        Timing timings[3];
        report(measure(suite, suite.timings[i], text, original, reference, timings));
        write_whole(pipe, "end\n");
    }
    write_whole(pipe, "done\n");
    return 0;
}

static int supervise_timing(const char *program, const Suite &suite, const char *library, const char *reference) {
    for (size_t from = 0; from < suite.timings.size();) {
        Watched watched = watch(program, {"measure", suite.folder, std::to_string(from), library, reference}, measuring_limit_seconds);
        if (watched.is_done) return 0;
        if (watched.running < 0) {
            fprintf(stderr, "bundle: nothing was measured: %s\n", watched.message.c_str());
            return 2;
        }
        Result result = lost(suite.timings[(size_t)watched.running], "timing", watched);
        result.sizes = suite.timings[(size_t)watched.running].sizes;
        report(result);
        from = (size_t)watched.running + 1;
    }
    return 0;
}

static int run_original(const Suite &suite, const char *library) {
    Side side = original_side(library);
    for (const Test &test : suite.tests)
        if (run_test(suite, test, side, 1).verdict != "pass") printf("%s\n", test.name().c_str());
    printf("done\n");
    return 0;
}

static int run_small(const Suite &suite) {
    Side side = text_side();
    mupac_bundle_start();
    int failed = 0;
    for (const Test &test : suite.tests)
        if (test.has('s') && run_test(suite, test, side, 1).verdict == "fail") failed = 1;
    return failed;
}

static int usage() {
    fprintf(stderr, "usage: PROGRAM test|small|time|original FOLDER [LIBRARY...]\n");
    return 2;
}

static int run(int count, char **words) {
    if (count < 3) return usage();
    std::string what = words[1];
    Suite suite = read_suite(words[2]);
    if (what == "test") return supervise(words[0], suite);
    if (what == "small") return run_small(suite);
    if (what == "original" && count == 4) return run_original(suite, words[3]);
    if (what == "time" && count == 5) return supervise_timing(words[0], suite, words[3], words[4]);
    if (what == "child" && count == 6) {
        Side side = text_side();
        return run_child(suite, side, strtoul(words[3], nullptr, 10), strcmp(words[4], "alone") == 0, atoi(words[5]));
    }
    if (what == "measure" && count == 7) return measure_all(suite, strtoul(words[3], nullptr, 10), words[4], words[5], atoi(words[6]));
    return usage();
}

}  // namespace bundle

// The text under test may have a `main` of its own; the linker sends the start of the program here (--wrap=main).
extern "C" int __wrap_main(int count, char **words) {
    find_library();
    return bundle::run(count, words);
}
