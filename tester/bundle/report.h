// Lines about results: one of JSON in the file of results, one of TAP on standard output.
// The form of the former is GpuResult in ir/src/gpu_result.rs; the latter is the Test Anything Protocol, version 14.
// What is the same for all lines of a file comes from the environment, which run.sh sets.
#ifndef MUPAC_BUNDLE_REPORT_H
#define MUPAC_BUNDLE_REPORT_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <string>

namespace bundle {

struct Timing {
    int repetitions;
    double median_us, iqr_us;
};

struct Result {
    std::string function, stage, test, verdict, kind, message;
    long long launches = -1;
    std::string sizes;                  // "n=4,m=2"
    const Timing *timings = nullptr;    // kernel, end to end, CPU
};

inline std::string environment(const char *name) {
    const char *value = getenv(name);
    return value ? value : "";
}

// A text as a JSON string; bytes outside of ASCII are taken for Latin-1, control characters for blanks.
inline std::string quoted(const std::string &text) {
    std::string out = "\"";
    for (unsigned char byte : text) {
        char code[8];
        if (byte == '"' || byte == '\\') {
            out += '\\';
            out += (char)byte;
        } else if (byte < 0x20 || byte == 0x7f) {
            out += ' ';
        } else if (byte < 0x80) {
            out += (char)byte;
        } else {
            snprintf(code, sizeof code, "\\u%04x", byte);
            out += code;
        }
    }
    return out + "\"";
}

inline std::string field(const char *name, const std::string &value) { return std::string(",\"") + name + "\":" + quoted(value); }

inline std::string optional(const char *name, const std::string &value) { return value.empty() ? "" : field(name, value); }

inline std::string now() {
    time_t seconds = time(nullptr);
    struct tm utc;
    gmtime_r(&seconds, &utc);
    char text[32];
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
}

inline std::string timing_field(const char *name, const Timing &timing) {
    char text[160];
    snprintf(text, sizeof text, "\"%s\":{\"repetitions\":%d,\"median_us\":%.3f,\"iqr_us\":%.3f}", name, timing.repetitions, timing.median_us,
             timing.iqr_us);
    return text;
}

inline std::string sizes_field(const std::string &sizes) {
    std::string out;
    for (size_t at = 0; at < sizes.size();) {
        size_t end = sizes.find(',', at);
        if (end == std::string::npos) end = sizes.size();
        size_t equals = sizes.find('=', at);
        out += (out.empty() ? "{\"name\":" : ",{\"name\":") + quoted(sizes.substr(at, equals - at)) +
               ",\"value\":" + sizes.substr(equals + 1, end - equals - 1) + "}";
        at = end + 1;
    }
    return out.empty() ? "" : ",\"sizes\":[" + out + "]";
}

inline std::string json(const Result &r) {
    std::string line = "{\"schema\":1" + field("tool", environment("MUPAC_TOOL")) + field("file", environment("MUPAC_FILE")) +
                       field("text", environment("MUPAC_TEXT")) + optional("function", r.function) + field("stage", r.stage) +
                       field("test", r.test) + field("verdict", r.verdict) + optional("kind", r.kind) + optional("message", r.message);
    if (r.launches >= 0) line += ",\"launches\":" + std::to_string(r.launches);
    line += field("compiler", environment("MUPAC_COMPILER")) + field("flags", environment("MUPAC_FLAGS"));
    if (!environment("MUPAC_GPU").empty())
        line += ",\"device\":{\"name\":" + quoted(environment("MUPAC_GPU")) + field("compute_capability", environment("MUPAC_CAPABILITY")) +
                field("driver", environment("MUPAC_DRIVER")) + field("cuda", environment("MUPAC_CUDA")) + "}";
    line += field("date", now()) + sizes_field(r.sizes);
    if (r.timings)
        line += ",\"timings\":{" + timing_field("kernel", r.timings[0]) + "," + timing_field("end_to_end", r.timings[1]) + "," +
                timing_field("cpu", r.timings[2]) + "}";
    return line + "}\n";
}

inline std::string tap(const Result &r) {
    std::string name = environment("MUPAC_FILE") + " " + r.stage + (r.test == r.stage ? "" : " " + r.test);
    std::string message;
    for (char letter : r.message) message += letter == '\n' || letter == '#' ? ' ' : letter;
    if (r.verdict == "fail") return "not ok - " + name + "\n  # " + r.kind + ": " + message + "\n";
    if (r.verdict != "pass") return "ok - " + name + " # SKIP " + message + "\n";
    std::string more;
    if (r.timings) {
        char text[160];
        snprintf(text, sizeof text, "  # kernel %.1f us, end to end %.1f us, CPU %.1f us\n", r.timings[0].median_us, r.timings[1].median_us,
                 r.timings[2].median_us);
        more = text;
    }
    return "ok - " + name + "\n" + (message.empty() ? "" : "  # " + message + "\n") + more;
}

inline void write_whole(int file, const std::string &text) {
    for (size_t at = 0; at < text.size();) {
        ssize_t written = write(file, text.data() + at, text.size() - at);
        if (written <= 0) {
            perror("bundle: cannot write a result");
            _exit(2);
        }
        at += (size_t)written;
    }
}

// Appends the line in one write, so that processes which run side by side do not mix their lines.
inline void report(const Result &r) {
    int file = open(environment("MUPAC_RESULTS").c_str(), O_WRONLY | O_APPEND | O_CREAT, 0666);
    if (file < 0) {
        perror("bundle: cannot open the file of results");
        _exit(2);
    }
    write_whole(file, json(r));
    close(file);
    write_whole(1, tap(r));
}

}  // namespace bundle

#endif
