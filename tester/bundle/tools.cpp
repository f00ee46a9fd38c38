// What the script needs and a POSIX shell does not have.
//
//   tools hash FILE                              prints the hash of a text (mupac_ir::hash::text_hash)
//   tools result STAGE TEST VERDICT KIND MESSAGE reports a result; KIND is `-` where there is none
//   tools program FOLDER PROGRAM                 runs a whole program and compares what it leaves behind with what was recorded
//   tools end                                    ends the file of results and prints the plan of the protocol
#include <dirent.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <vector>

#include "report.h"

namespace bundle {

const int program_limit_seconds = 120;

static bool read_text(const std::string &path, std::string &text) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream whole;
    whole << file.rdbuf();
    text = whole.str();
    return (bool)file;
}

// FNV-1a, 64 bits. Source: RFC 9923.
static int print_hash(const char *path) {
    std::string text;
    if (!read_text(path, text)) {
        fprintf(stderr, "bundle: cannot read %s\n", path);
        return 2;
    }
    uint64_t hash = 0xcbf29ce484222325ull;
    for (unsigned char byte : text) hash = (hash ^ byte) * 0x100000001b3ull;
    printf("%016llx\n", (unsigned long long)hash);
    return 0;
}

static int report_words(char **words) {
    Result result;
    result.stage = words[0];
    result.test = words[1];
    result.verdict = words[2];
    if (strcmp(words[3], "-") != 0) result.kind = words[3];
    result.message = words[4];
    report(result);
    return 0;
}

static int end_results() {
    std::string path = environment("MUPAC_RESULTS"), text;
    size_t lines = 0;
    if (read_text(path, text))
        for (char byte : text) lines += byte == '\n';
    FILE *file = fopen(path.c_str(), "a");
    if (!file || fprintf(file, "{\"schema\":1,\"end\":%zu}\n", lines) < 0 || fclose(file) != 0) {
        perror("bundle: cannot end the file of results");
        return 2;
    }
    printf("1..%zu\n", lines);
    return 0;
}

// --- whole programs ---

// A number of the original's output that may be off: its field and how far.
struct Mark {
    size_t start, end;
    double bound;
};

struct Stream {
    std::string name, text;
    std::vector<Mark> marks;
    std::set<size_t> masked;  // lines that differ from run to run, from 0
};

// What the original does. The file has a line for everything: `exit CODE`, `mode WORD`, `argument WORDS`, and for each
// stream `stream NAME FILE` followed by `mark START END BOUND` and `masked LINE`.
struct Recorded {
    int exit_code = 0;
    std::string mode;
    std::vector<std::string> arguments;
    std::vector<Stream> streams;
};

static bool read_recorded(const std::string &folder, Recorded &recorded) {
    std::ifstream file(folder + "/program.txt");
    for (std::string line; std::getline(file, line);) {
        size_t blank = line.find(' ');
        std::string word = line.substr(0, blank), rest = blank == std::string::npos ? "" : line.substr(blank + 1);
        if (word == "exit") recorded.exit_code = atoi(rest.c_str());
        else if (word == "mode") recorded.mode = rest;
        else if (word == "argument") recorded.arguments.push_back(rest);
        else if (word == "stream") {
            size_t between = rest.find(' ');
            Stream stream;
            stream.name = rest.substr(between + 1);
            if (!read_text(folder + "/" + rest.substr(0, between), stream.text)) return false;
            recorded.streams.push_back(stream);
        } else if (recorded.streams.empty()) return false;
        else if (word == "masked") recorded.streams.back().masked.insert(strtoul(rest.c_str(), nullptr, 10));
        else if (word == "mark") {
            Mark mark;
            if (sscanf(rest.c_str(), "%zu %zu %lg", &mark.start, &mark.end, &mark.bound) != 3) return false;
            recorded.streams.back().marks.push_back(mark);
        } else return false;
    }
    return !recorded.mode.empty();
}

static size_t after_blanks(const std::string &text, size_t at) {
    while (at < text.size() && text[at] == ' ') at++;
    return at;
}

// Reads the number at a place and moves past it; false where there is none.
static bool number_at(const std::string &text, size_t &at, double &number) {
    const char *start = text.c_str() + after_blanks(text, at);
    char *end;
    number = strtod(start, &end);
    if (end == start) return false;
    at = (size_t)(end - text.c_str());
    return true;
}

static std::string line_at(const std::string &text, size_t at) {
    size_t start = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
    return text.substr(start, std::min(text.find('\n', start), text.size()) - start);
}

// What differs first, in words. Blanks around a number that may be off move with its length.
static std::string difference(const Stream &stream, const std::string &got) {
    const std::string &wanted = stream.text;
    size_t at = 0, other = 0, line = 0;
    auto mark = stream.marks.begin();
    auto differs = [&] {
        return "it prints `" + line_at(got, other) + "` to " + stream.name + ", the original `" + line_at(wanted, at) + "`";
    };
    while (at < wanted.size() || other < got.size()) {
        bool is_start = at == 0 || wanted[at - 1] == '\n';
        if (is_start && stream.masked.count(line)) {
            at = std::min(wanted.find('\n', at), wanted.size());
            other = std::min(got.find('\n', other), got.size());
        }
        while (mark != stream.marks.end() && mark->end <= at) ++mark;
        if (mark != stream.marks.end() && mark->start <= at) {
            double x, y;
            size_t end = mark->end;
            if (!number_at(wanted, at, x) || !number_at(got, other, y)) return differs();
            // One without a bound differs from run to run of the original.
            bool is_same = x == y || (isnan(x) && isnan(y)) || isinf(mark->bound);
            // Reading the digits back rounds once more.
            if (!is_same && !(fabs(x - y) <= mark->bound * (1 + 1e-9))) return differs();
            at = after_blanks(wanted, std::max(at, end));
            other = after_blanks(got, other);
            ++mark;
            continue;
        }
        if (at == wanted.size() || other == got.size() || wanted[at] != got[other]) return differs();
        line += wanted[at] == '\n';
        at++;
        other++;
    }
    return "";
}

static std::map<std::string, std::string> files_of(const std::string &folder) {
    std::map<std::string, std::string> files;
    DIR *open = opendir(folder.c_str());
    for (struct dirent *entry; open && (entry = readdir(open));) {
        std::string path = folder + "/" + entry->d_name;
        struct stat facts;
        if (stat(path.c_str(), &facts) == 0 && S_ISREG(facts.st_mode)) read_text(path, files[entry->d_name]);
    }
    if (open) closedir(open);
    return files;
}

// Runs the program in a fresh folder; its exit code, 128 and more for a signal, -1 where it does not end in time.
static int run_program(const Recorded &recorded, const std::string &folder, const std::string &program, const std::string &work) {
    pid_t child = fork();
    if (child == 0) {
        int in = open((folder + "/program.stdin").c_str(), O_RDONLY);
        int out = open((work + ".stdout").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
        int err = open((work + ".stderr").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
        if (in < 0 || out < 0 || err < 0 || chdir(work.c_str()) != 0) _exit(127);
        dup2(in, 0);
        dup2(out, 1);
        dup2(err, 2);
        std::vector<char *> words = {(char *)"program"};
        for (const std::string &argument : recorded.arguments) words.push_back((char *)argument.c_str());
        words.push_back(nullptr);
        execv(program.c_str(), words.data());
        _exit(127);
    }
    int status = 0;
    for (int waited = 0; waitpid(child, &status, WNOHANG) == 0; waited++) {
        if (waited == program_limit_seconds * 100) {
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
            return -1;
        }
        poll(nullptr, 0, 10);
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int check_program(const std::string &folder, const std::string &program) {
    Result result;
    result.stage = "correctness";
    result.test = "program";
    result.verdict = "fail";
    result.kind = "value";
    Recorded recorded;
    if (!read_recorded(folder, recorded)) {
        result.verdict = "not-run";
        result.kind = "";
        result.message = "the expected results cannot be read";
        report(result);
        return 1;
    }
    std::string work = program + ".work", said;
    mkdir(work.c_str(), 0777);
    int code = run_program(recorded, folder, program, work);
    std::map<std::string, std::string> files = files_of(work);
    read_text(work + ".stdout", files["standard output"]);
    read_text(work + ".stderr", said);
    size_t known = 0;
    if (code != recorded.exit_code) {
        result.kind = code < 0 ? "timeout" : said.find("cuda") != std::string::npos ? "cuda-error" : "crash";
        result.message = "exit code " + std::to_string(code) + ", the original's is " + std::to_string(recorded.exit_code) + ": " +
                         said.substr(0, said.find('\n'));
    }
    for (const Stream &stream : recorded.streams) {
        if (!result.message.empty()) break;
        known += files.count(stream.name);
        result.message = files.count(stream.name) ? difference(stream, files[stream.name]) : "it writes no file " + stream.name;
    }
    if (result.message.empty() && known != files.size()) result.message = "it writes files that the original does not";
    if (result.message.empty()) {
        result.verdict = "pass";
        result.kind = "";
    } else if (result.kind == "value" && recorded.mode == "unknown") {
        result.verdict = "not-tested";
        result.kind = "";
        result.message = "no bound is known on how far numbers may be off; " + result.message;
    }
    report(result);
    return result.verdict == "fail";
}

}  // namespace bundle

int main(int count, char **words) {
    std::string what = count > 1 ? words[1] : "";
    if (what == "hash" && count == 3) return bundle::print_hash(words[2]);
    if (what == "result" && count == 7) return bundle::report_words(words + 2);
    if (what == "program" && count == 4) return bundle::check_program(words[2], words[3]);
    if (what == "end" && count == 2) return bundle::end_results();
    fprintf(stderr, "usage: tools hash FILE | result STAGE TEST VERDICT KIND MESSAGE | program FOLDER PROGRAM | end\n");
    return 2;
}
