//! Hostile programs are contained, whoever starts them: they make no processes and no connections, change nothing
//! outside their folder, and end in time.
//!
//! Each program tries what it should not be able to do and prints what came of it; the test looks at the outside too.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot build its program has failed"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use mupac_tester::CheckOptions;
use mupac_tester::execute::{Execution, Executor, Invocation, Language, Order, Part};

const HEADERS: &str = "
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
static void tell(const char *what, long result) { printf(\"%s: %s\\n\", what, result < 0 ? \"refused\" : \"done\"); fflush(stdout); }
";

/// How much longer than its limit a run may take until it is over for good, on a busy machine.
const SLACK: Duration = Duration::from_secs(20);

fn run(text: &str, stdin: &str, limit: Duration, flags: &[&str]) -> Execution {
    let executor = Executor::new(&CheckOptions::default()).unwrap();
    let text = format!("{HEADERS}{text}");
    let part = Part {
        language: Language::C,
        text: &text,
        flags,
    };
    let program = executor.build(&[part]).unwrap().unwrap();
    let invocation = Invocation {
        stdin: stdin.as_bytes(),
        order: Order::Ascending,
        limit,
    };
    let started = Instant::now();
    let execution = executor.run(&program, invocation).unwrap();
    assert!(started.elapsed() < limit + SLACK);
    execution
}

/// Runs a program that tries several things, of which only those in `allowed` may succeed.
fn attempts(text: &str, stdin: &str, count: usize, allowed: &[&str]) {
    let run = run(text, stdin, Duration::from_secs(20), &[]);
    let said = String::from_utf8(run.stdout).unwrap();
    assert_eq!(run.trouble, None, "{said}");
    assert_eq!(said.lines().count(), count, "{said}");
    for line in said.lines() {
        let (what, result) = line.split_once(": ").unwrap();
        let wanted = if allowed.contains(&what) {
            "done"
        } else {
            "refused"
        };
        assert_eq!(result, wanted, "{said}");
    }
}

fn is_running(pid: &str) -> bool {
    // A process that has ended but was not waited for has an empty command line.
    fs::read(Path::new("/proc").join(pid).join("cmdline")).is_ok_and(|line| !line.is_empty())
}

#[test]
fn no_processes() {
    attempts(
        "extern char **environ;
        int main(void) {
            char *words[] = {\"sh\", \"-c\", \"sleep 1000\", 0};
            pid_t pid;
            long made = -1;
            for (int i = 0; i < 10000; i++) if (fork() >= 0) made = 0;
            tell(\"fork bomb\", made);
            tell(\"clone\", syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
            tell(\"clone3\", syscall(SYS_clone3, 0, 0));
            tell(\"spawn\", -posix_spawn(&pid, \"/bin/sh\", 0, 0, words, environ));
            tell(\"system\", system(\"sleep 1000 &\") == 0 ? 0 : -1);
            tell(\"popen\", popen(\"sleep 1000\", \"r\") ? 0 : -1);
            tell(\"exec\", execv(\"/bin/sh\", words));
            return 0;
        }",
        "",
        7,
        &[],
    );
}

#[test]
fn no_network_and_no_reach_into_others() {
    attempts(
        "int main(void) {
            int pair[2];
            struct rlimit more = {RLIM_INFINITY, RLIM_INFINITY};
            char ring[256] = {0};
            tell(\"inet\", socket(AF_INET, SOCK_STREAM, 0));
            tell(\"unix\", socket(AF_UNIX, SOCK_STREAM, 0));
            tell(\"netlink\", socket(AF_NETLINK, SOCK_RAW, 0));
            tell(\"pair\", socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
            tell(\"io_uring\", syscall(425, 4, ring));
            tell(\"kill\", kill(getppid(), 0));
            tell(\"kill all\", kill(-1, 0));
            tell(\"ptrace\", ptrace(PTRACE_ATTACH, getppid(), 0, 0));
            tell(\"own group\", setsid());
            tell(\"more time\", setrlimit(RLIMIT_CPU, &more));
            tell(\"larger files\", setrlimit(RLIMIT_FSIZE, &more));
            tell(\"mount\", mount(\"none\", \"/\", \"tmpfs\", 0, 0));
            tell(\"chroot\", chroot(\"/\"));
            tell(\"namespace\", unshare(CLONE_NEWUSER));
            tell(\"host name\", sethostname(\"x\", 1));
            return 0;
        }",
        "",
        15,
        &[],
    );
}

const OUTSIDE: &str = "
static void try_all(void) {
    char victim[4096], name[4200];
    if (scanf(\"%4095s\", victim) != 1) return;
    tell(\"write\", open(victim, O_WRONLY));
    tell(\"append\", open(victim, O_WRONLY | O_APPEND));
    tell(\"truncate\", truncate(victim, 0));
    tell(\"remove\", unlink(victim));
    tell(\"rename\", rename(victim, \"mine\"));
    tell(\"mode\", chmod(victim, 0777));
    tell(\"owner\", chown(victim, 1, 1));
    snprintf(name, sizeof name, \"%s.new\", victim);
    tell(\"make\", open(name, O_WRONLY | O_CREAT, 0600));
    tell(\"folder\", mkdir(name, 0700));
    tell(\"link\", symlink(\"/etc/passwd\", name));
    symlink(victim, \"way-out\");
    tell(\"through a link\", open(\"way-out\", O_WRONLY));
    tell(\"above\", open(\"../above\", O_WRONLY | O_CREAT, 0600));
    tell(\"own\", open(\"own\", O_WRONLY | O_CREAT, 0600));
}";

/// A file outside the working folder that must stay as it is.
struct Victim {
    _folder: tempfile::TempDir,
    path: std::path::PathBuf,
}

impl Victim {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("victim");
        fs::write(&path, "unchanged").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        Self {
            _folder: folder,
            path,
        }
    }

    fn assert_unchanged(&self) {
        assert_eq!(fs::read_to_string(&self.path).unwrap(), "unchanged");
        let mode = fs::metadata(&self.path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
        let around = fs::read_dir(self.path.parent().unwrap()).unwrap();
        assert_eq!(around.count(), 1);
    }
}

#[test]
fn no_files_outside_the_folder() {
    let victim = Victim::new();
    let program = format!("{OUTSIDE} int main(void) {{ try_all(); return 0; }}");
    attempts(&program, victim.path.to_str().unwrap(), 13, &["own"]);
    victim.assert_unchanged();
}

#[test]
fn constructors_are_confined_too() {
    let victim = Victim::new();
    let program = format!(
        "{OUTSIDE} __attribute__((constructor(101))) static void early(void) {{ try_all(); }}
        int main(void) {{ return 0; }}"
    );
    attempts(&program, victim.path.to_str().unwrap(), 13, &["own"]);
    victim.assert_unchanged();
}

/// Kernels that cannot confine files to a folder refuse every change.
#[test]
fn no_files_at_all_without_confinement() {
    let victim = Victim::new();
    let program = format!(
        "{OUTSIDE}
        #include \"harness_confinement.h\"
        int main(void) {{ refuse_changes_of_files(); try_all(); return 0; }}"
    );
    let simt = format!("-I{}/simt", env!("CARGO_MANIFEST_DIR"));
    let run = run(
        &program,
        victim.path.to_str().unwrap(),
        Duration::from_secs(20),
        &[&simt],
    );
    let said = String::from_utf8(run.stdout).unwrap();
    assert_eq!(said.matches(": refused").count(), 13, "{said}");
    assert!(run.files.is_empty(), "{:?}", run.files);
    victim.assert_unchanged();
}

#[test]
fn endless_loops_end() {
    let run = run(
        "int main(void) {
            signal(SIGTERM, SIG_IGN);
            signal(SIGXCPU, SIG_IGN);
            printf(\"%d\\n\", (int)getpid());
            fflush(stdout);
            for (volatile int i = 0;; i++) {}
        }",
        "",
        Duration::from_secs(2),
        &[],
    );
    assert!(run.trouble.is_some());
    let said = String::from_utf8(run.stdout).unwrap();
    assert!(!said.trim().is_empty());
    assert!(!is_running(said.trim()), "{said} goes on");
}

#[test]
fn huge_output_is_cut() {
    let run = run(
        "int main(void) {
            static char line[1 << 16];
            memset(line, 'x', sizeof line);
            for (;;) if (write(1, line, sizeof line) < 0) return 0;
        }",
        "",
        Duration::from_secs(20),
        &[],
    );
    assert!(run.trouble.is_some());
    assert!(run.stdout.len() <= 1 << 20);
}

#[test]
fn huge_files_are_cut() {
    let run = run(
        "int main(void) {
            FILE *file = fopen(\"huge\", \"w\");
            if (!file || fseek(file, 1L << 40, SEEK_SET) != 0) return 1;
            fputc('x', file);
            return fclose(file) != 0;
        }",
        "",
        Duration::from_secs(20),
        &[],
    );
    assert!(run.trouble.is_some());
    let largest = run.files.iter().map(|(_, content)| content.len()).max();
    assert!(largest.unwrap_or(0) <= 256 << 20);
}

#[test]
fn threads_of_a_program_end_with_it() {
    let run = run(
        "#include <pthread.h>
        static void *spin(void *unused) { for (volatile int i = 0;; i++) {} return unused; }
        int main(void) {
            pthread_t thread;
            printf(\"%d\\n\", (int)getpid());
            fflush(stdout);
            if (pthread_create(&thread, 0, spin, 0) != 0) return 1;
            return pthread_join(thread, 0);
        }",
        "",
        Duration::from_secs(2),
        &[],
    );
    let said = String::from_utf8(run.stdout).unwrap();
    assert!(run.trouble.is_some(), "{said}");
    assert!(!is_running(said.trim()), "{said} goes on");
}
