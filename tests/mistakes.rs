//! What keeps threads apart is missed when it is gone, although every value happens to be right.
//!
//! Mistakes are made in emitted text as checks make them; the inputs are zeros, so that no order of threads, no lost
//! update and no element too many changes a result.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops where its tools fail"
)]

use std::time::Duration;

use mupac::candidates::Target;
use mupac::translate::{Request, Selection, translate};
use mupac_backend_cuda as backend;
use mupac_frontend::{Input, Options};
use mupac_ir::mutant::mutants;
use mupac_ir::{Change, Memory, MutantKind, Plan};
use mupac_passes::{Device, FloatOrder, Settings};
use mupac_tester::execute::{Execution, Executor, Invocation, Language, Order, Part};
use mupac_tester::{CheckOptions, FailureKind};

/// A function, and a program that calls it on zeros and prints what came of it.
struct Case {
    name: &'static str,
    text: &'static str,
    caller: &'static str,
    memory: Memory,
}

const SAXPY: Case = Case {
    name: "saxpy.c",
    text: "void saxpy(int n, float a, const float *x, float *y) {
    for (int i = 0; i < n; i++)
        y[i] = a * x[i] + y[i];
}
",
    caller: "#include <cstdio>
extern \"C\" void saxpy(int n, float a, const float *x, float *y);
int main() {
    static float x[300], y[300];
    saxpy(300, 0, x, y);
    float sum = 0;
    for (float each : y) sum += each;
    printf(\"%g\\n\", sum);
}
",
    memory: Memory::Explicit,
};

const TOTAL: Case = Case {
    name: "total.c",
    text: "int total(int n, const int *x) {
    int sum = 0;
    for (int i = 0; i < n; i++)
        sum += x[i];
    return sum;
}
",
    caller: "#include <cstdio>
extern \"C\" int total(int n, const int *x);
int main() {
    static int x[1000];
    printf(\"%d\\n\", total(1000, x));
}
",
    memory: Memory::Explicit,
};

const HISTOGRAM: Case = Case {
    name: "histogram.c",
    text: "void histogram(int n, const int *key, const int *weight, int *bins) {
    for (int i = 0; i < n; i++)
        bins[key[i]] += weight[i];
}
",
    caller: "#include <cstdio>
extern \"C\" void histogram(int n, const int *key, const int *weight, int *bins);
int main() {
    static int key[1000], weight[1000], bins[8];
    histogram(1000, key, weight, bins);
    printf(\"%d\\n\", bins[0]);
}
",
    memory: Memory::Explicit,
};

const ROWS: Case = Case {
    name: "rows.c",
    text: "void rows(int m, int n, float x[m][n], float *y) {
    for (int i = 0; i < m; i++) {
        float sum = 0.0f;
        for (int j = 0; j < n; j++) {
            x[i][j] = 2.0f * x[i][j];
            sum += x[i][j];
        }
        y[i] = sum;
        for (int j = 0; j < n; j++)
            y[i] += x[i][n - 1 - j];
    }
}
",
    caller: "#include <cstdio>
extern \"C\" void rows(int m, int n, const void *x, float *y);
int main() {
    static float x[20][70], y[20];
    rows(20, 70, x, y);
    printf(\"%g\\n\", y[0]);
}
",
    memory: Memory::Explicit,
};

const FIRST: Case = Case {
    name: "first.c",
    text: "float first(int n, const float *x, float *y) {
    for (int i = 0; i < n; i++)
        y[i] = x[i] * 2;
    return y[0];
}
",
    caller: "#include <cstdio>
extern \"C\" float first(int n, const float *x, float *y);
int main() {
    static float x[300], y[300];
    printf(\"%g\\n\", first(300, x, y));
}
",
    memory: Memory::System,
};

/// Returns what becomes of a file, without a check.
fn plan(case: &Case) -> Plan {
    let input = Input {
        name: case.name.to_owned(),
        text: case.text.as_bytes().to_vec(),
        parts: Vec::new(),
    };
    let parsed = mupac_frontend::parse(&input, &Options::default()).unwrap();
    let request = Request {
        selection: Selection::Greedy,
        options: Vec::new(),
        names_lines: false,
        target: Target {
            settings: Settings {
                cpu_threshold: Some(0),
                float_order: FloatOrder::Reassociate,
                memory: case.memory,
                ..Settings::default()
            },
            device: Device::default(),
            split: None,
        },
        check: None,
        is_strict: true,
    };
    translate(parsed.module, &request).unwrap().plan
}

/// Runs the text of a plan in the order of threads in which the values are right.
fn run(executor: &Executor, plan: &Plan, case: &Case) -> Execution {
    let cuda = backend::emit(plan, Vec::new(), Vec::new()).cuda;
    let parts = [
        Part {
            language: Language::Cuda,
            text: &cuda,
            flags: &["-DMUPAC_CPU_THRESHOLD=0"],
        },
        Part {
            language: Language::Cxx,
            text: case.caller,
            flags: &[],
        },
    ];
    let program = executor.build(&parts).unwrap().unwrap();
    let invocation = Invocation {
        stdin: b"",
        order: Order::Ascending,
        limit: Duration::from_secs(20),
    };
    executor.run(&program, invocation).unwrap()
}

/// Every mistake of a kind in the text of a case must be found out as a fault of a kind.
fn is_caught(case: &Case, kind: MutantKind, fault: FailureKind) {
    let executor = Executor::new(&CheckOptions::default()).unwrap();
    let plan = plan(case);
    let right = run(&executor, &plan, case);
    assert_eq!((right.kind, right.stdout.as_slice()), (None, &b"0\n"[..]));
    assert!(!right.launches.is_empty(), "{} launches nothing", case.name);
    let all = mutants(&plan.regions, &plan.residency, usize::MAX, 0).made;
    let made: Vec<_> = all
        .into_iter()
        .filter(|mutant| mutant.kind == kind)
        .collect();
    assert!(
        !made.is_empty(),
        "{} has no place for {}",
        case.name,
        kind.name()
    );
    for mutant in made {
        let mut wrong = plan.clone();
        let Change::Region { at, plan } = mutant.change else {
            panic!("{} is no mistake of a region", kind.name());
        };
        wrong.regions[at] = *plan;
        let found = run(&executor, &wrong, case);
        assert_eq!(
            found.kind,
            Some(fault),
            "{}: {:?}",
            kind.name(),
            found.trouble
        );
    }
}

#[test]
fn lanes_that_do_not_wait_are_a_race() {
    is_caught(&ROWS, MutantKind::BarrierDropped, FailureKind::Race);
}

#[test]
fn a_missing_bound_is_out_of_bounds() {
    is_caught(&SAXPY, MutantKind::BoundDropped, FailureKind::OutOfBounds);
}

#[test]
fn a_plain_update_of_a_histogram_is_a_race() {
    is_caught(&HISTOGRAM, MutantKind::AtomicPlain, FailureKind::Race);
}

#[test]
fn a_forgotten_copy_reads_what_nothing_wrote() {
    is_caught(
        &TOTAL,
        MutantKind::CopyInDropped,
        FailureKind::Uninitialised,
    );
}

#[test]
fn a_host_that_does_not_wait_for_its_own_memory_is_a_race() {
    is_caught(
        &FIRST,
        MutantKind::SynchronisationDropped,
        FailureKind::Race,
    );
}
