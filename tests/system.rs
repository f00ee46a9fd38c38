//! With `--memory=system` one text runs on devices that see the host's memory, without copies, and on those that do not.
//!
//! In ascending and shuffled order the device of the tester sees it, in descending order it does not.
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where its files or its tools fail"
)]

use std::time::Duration;

use assert_cmd::Command;
use mupac_tester::CheckOptions;
use mupac_tester::execute::{Execution, Executor, Invocation, Language, Order, Part};

/// A program, and whether all that it has on the device is memory of the host.
struct Program {
    name: &'static str,
    text: &'static str,
    is_all_seen: bool,
}

const PROGRAMS: [Program; 6] = [
    Program {
        name: "arrays of every storage, in a time loop, among statements that nobody models",
        is_all_seen: true,
        text: "#include <stdio.h>
            #include <stdlib.h>
            static double fixed[3000];
            static const double table[4] = {1, 2, 3, 4};
            void step(int n, const double *a, double *b) {
                for (int i = 1; i < n - 1; i++) b[i] = (a[i - 1] + a[i + 1]) / 2;
            }
            int main(void) {
                int n = 3000;
                double local[3000], *heap = calloc(n, sizeof *heap);
                for (int i = 0; i < n; i++) fixed[i] = local[i] = table[i % 4];
                for (int t = 0; t < 5; t++) {
                    step(n, fixed, heap);
                    printf(\"%g\\n\", heap[t + 1]);
                    step(n, heap, local);
                    local[0] += 1;
                    step(n, local, fixed);
                }
                for (int i = 0; i < n; i += 500) printf(\"%g %g %g\\n\", fixed[i], local[i], heap[i]);
                free(heap);
            }",
    },
    Program {
        name: "sums are joined, and numbers left behind come home",
        is_all_seen: false,
        text: "#include <stdio.h>
            static int x[5000], last;
            int main(void) {
                int i, sum = 0;
                for (i = 0; i < 5000; i++) x[i] = i % 13;
                for (i = 0; i < 5000; i++) sum += x[i];
                last = i;
                printf(\"%d %d\\n\", sum, last);
            }",
    },
    Program {
        name: "memory that ends within a range, which a condition keeps from being touched",
        is_all_seen: true,
        text: "#include <stdio.h>
            #include <sys/mman.h>
            void some(int n, int m, const int *x, int *y) {
                for (int i = 0; i < n; i++)
                    if (i * i < m) y[i] = x[i] + 1;
            }
            int main(void) {
                char *all = mmap(0, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                munmap(all + 4096, 4096);
                int *x = (int *)(all + 4096) - 100, *y = (int *)(all + 2 * 4096);
                static int z[1024];
                for (int i = 0; i < 100; i++) x[i] = z[i] = i;
                some(1000, 10000, x, y);
                some(100, 2000, z, y + 500);
                printf(\"%d %d %d\\n\", y[0], y[99], y[520]);
            }",
    },
    Program {
        name: "elements that others reach through another pointer",
        is_all_seen: true,
        text: "#include <stdio.h>
            static int x[1000];
            void shift(int n, const int *a, int *b) {
                for (int i = 0; i < n; i++) b[i] = a[i] + 1;
            }
            int main(void) {
                shift(900, x, x + 1);
                shift(400, x, x + 500);
                shift(900, x + 1, x);
                printf(\"%d %d %d %d\\n\", x[0], x[1], x[499], x[900]);
            }",
    },
    Program {
        name: "atomic updates have copies",
        is_all_seen: false,
        text: "#include <stdio.h>
            static int bins[64];
            void histogram(int n, const unsigned char *x, int *h) {
                for (int i = 0; i < n; i++) h[x[i] & 63]++;
            }
            int main(void) {
                unsigned char x[2000];
                for (int i = 0; i < 2000; i++) x[i] = i * 7;
                histogram(2000, x, bins);
                bins[3] += 2;
                histogram(1000, x, bins);
                printf(\"%d %d\\n\", bins[3], bins[63]);
            }",
    },
    Program {
        name: "rows in one block, and rows of two tables in turns",
        is_all_seen: false,
        text: "#include <stdio.h>
            #include <stdlib.h>
            void relax(int n, int m, double **a, double **b) {
                for (int i = 1; i < n - 1; i++)
                    for (int j = 1; j < m - 1; j++)
                        b[i][j] = a[i - 1][j] + a[i + 1][j] + a[i][j - 1] + a[i][j + 1];
            }
            void set(int n, int m, double **a) {
                for (int i = 0; i < n; i++)
                    for (int j = 0; j < m; j++) a[i][j] = i + 2 * j;
            }
            int main(void) {
                double *a[40], *b[40], *c[40], *block = calloc(40 * 30, sizeof *block);
                for (int i = 0; i < 40; i++) a[i] = calloc(30, 8), b[i] = calloc(30, 8), c[i] = block + 30 * i;
                set(40, 30, a), set(40, 30, b), set(40, 30, c);
                relax(40, 30, a, b);
                relax(40, 30, b, c);
                a[3][4] += 1;
                relax(40, 30, c, a);
                printf(\"%g %g %g\\n\", a[3][4], b[20][20], c[39][29]);
            }",
    },
];

/// Translates a program unchecked: the runs are the check.
fn translated(text: &str, options: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("in.c"), text).unwrap();
    let mut command = Command::cargo_bin("mupac").unwrap();
    command.current_dir(folder.path());
    command.args(["in.c", "--check=off", "--cpu-threshold=0", "-o", "out.cu"]);
    let output = command.args(options).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    std::fs::read_to_string(folder.path().join("out.cu")).unwrap()
}

fn ran(executor: &Executor, language: Language, text: &str, order: Order) -> Execution {
    let part = Part {
        language,
        text,
        flags: &["-w", "-fno-strict-aliasing", "-O0"],
    };
    let program = executor.build(&[part]).unwrap().unwrap();
    let invocation = Invocation {
        stdin: b"",
        order,
        limit: Duration::from_mins(1),
    };
    executor.run(&program, invocation).unwrap()
}

#[test]
fn one_text_serves_both_kinds_of_device() {
    let executor = Executor::new(&CheckOptions::default()).unwrap();
    for program in &PROGRAMS {
        let original = ran(&executor, Language::C, program.text, Order::Ascending);
        assert!(!original.stdout.is_empty(), "{}", program.name);
        let cuda = translated(program.text, &["--memory=system"]);
        for order in [Order::Ascending, Order::Descending, Order::Shuffled(3)] {
            let found = ran(&executor, Language::Cuda, &cuda, order);
            let what = format!("{}, {order:?}", program.name);
            assert_eq!(found.trouble, None, "{what}");
            assert_eq!(found.stdout, original.stdout, "{what}");
            assert!(!found.launches.is_empty(), "{what}");
            let moved = found.copies.pages_in;
            let copied = found.copies.bytes_in + found.copies.bytes_out;
            if order == Order::Descending {
                assert!(moved == 0 && copied > 0, "{what}: {:?}", found.copies);
            } else {
                assert!(moved > 0, "{what}: {:?}", found.copies);
                assert!(
                    !program.is_all_seen || copied == 0,
                    "{what}: {:?}",
                    found.copies
                );
            }
        }
    }
}

#[test]
fn kernels_get_no_pointers_of_the_host_unless_the_program_asks() {
    let executor = Executor::new(&CheckOptions::default()).unwrap();
    let text = translated(PROGRAMS[3].text, &["--memory=system"]);
    let blind = text.replace(
        "static const bool sees = ask(cudaDevAttrPageableMemoryAccess, line) != 0;",
        "static const bool sees = true;",
    );
    assert_ne!(blind, text);
    let found = ran(&executor, Language::Cuda, &blind, Order::Ascending);
    assert!(found.trouble.unwrap().contains("host memory"));
}

#[test]
fn a_time_loop_moves_each_page_once() {
    let text = "
        static double a[1 << 15], b[1 << 15];
        void step(int n, const double *a, double *b) {
            for (int i = 1; i < n - 1; i++) b[i] = (a[i - 1] + a[i + 1]) / 2;
        }
        int main(void) {
            for (int t = 0; t < 20; t++) step(1 << 15, a, b), step(1 << 15, b, a);
            return a[5] != 0;
        }";
    let executor = Executor::new(&CheckOptions::default()).unwrap();
    let pages = 2 * (8 << 15) / 4096;
    let cuda = translated(text, &["--memory=system"]);
    let found = ran(&executor, Language::Cuda, &cuda, Order::Ascending);
    assert_eq!(found.trouble, None);
    // Where they begin and end they may share pages with other variables.
    assert!(
        (pages..=pages + 2).contains(&found.copies.pages_in),
        "{:?}",
        found.copies
    );
    assert_eq!(found.copies.bytes_in + found.copies.bytes_out, 0);
    assert!(found.copies.pages_out <= 3, "{:?}", found.copies);
}
