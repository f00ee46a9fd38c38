//! Arrays that stay on the device, in the interpreter: the host never looks at the older of two values, and where a fetch
//! or a release is missing, it is seen to.
#![expect(clippy::unwrap_used, reason = "a test stops where its tools fail")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use mupac::candidates::Target;
use mupac::plan_file::PlanFile;
use mupac::translate::{Request, Selection, translate};
use mupac_frontend::{Input, Options};
use mupac_ir::interpret::{FaultKind, Machine, Order};
use mupac_ir::mutant::mutants;
use mupac_ir::{Change, Module, Mutant, MutantKind, Plan, ResidencyFlaw, parallel};
use mupac_passes::{Device, Settings};

/// Returns the programs of the corpus in which arrays stay, and that the interpreter knows all calls of.
fn programs() -> Vec<PathBuf> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let names = [
        "stay_conditions",
        "stay_constant",
        "stay_elements",
        "stay_ends",
        "stay_helpers",
        "stay_host",
        "stay_inspected",
        "stay_joined",
        "stay_library",
        "stay_locals",
        "stay_moves",
        "stay_overlap",
        "stay_parts",
        "stay_pragmas",
        "stay_reuse",
        "stay_swap",
        "stay_watched",
        "stay_whole_pragmas",
    ];
    let path = |name: &str| corpus.join(format!("{name}.c"));
    names.map(path).into()
}

fn module(path: &Path) -> Module {
    let input = Input {
        name: path.file_name().unwrap().to_string_lossy().into_owned(),
        text: std::fs::read(path).unwrap(),
        parts: Vec::new(),
    };
    mupac_frontend::parse(&input, &Options::default())
        .unwrap()
        .module
}

/// Returns the plan that a program pins, as for the other tests that are files, or that one is chosen.
fn selection(path: &Path) -> Selection {
    let text = std::fs::read_to_string(path).unwrap();
    let words = text
        .lines()
        .filter_map(|line| line.strip_prefix("// mupac: "));
    let pinned = words.filter_map(|line| match line.split_once(' ') {
        Some(("step", words)) => Some(words),
        Some(("region", _)) => Some(line),
        Some(_) | None => None,
    });
    let pinned: Vec<&str> = pinned.collect();
    if pinned.is_empty() {
        return Selection::Greedy;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pinned.plan");
    std::fs::write(&file, format!("mupac-plan 1\n{}\n", pinned.join("\n"))).unwrap();
    Selection::Replay(PlanFile::read(&file).unwrap())
}

/// Returns what becomes of a program, without a check.
fn plan(module: Module, selection: Selection) -> Plan {
    let request = Request {
        selection,
        options: Vec::new(),
        names_lines: false,
        target: Target {
            settings: Settings {
                cpu_threshold: Some(100),
                ..Settings::default()
            },
            device: Device::default(),
            split: None,
        },
        check: None,
        is_strict: false,
    };
    translate(module, &request).unwrap().plan
}

/// What a program prints and how many kernels it launches, or why it stops.
type Ran = Result<(Vec<u8>, u64), FaultKind>;

fn ran(mut machine: Machine<'_>) -> Ran {
    let code = machine.program(&[]).map_err(|fault| fault.kind)?;
    assert_eq!(code, 0);
    Ok((machine.output().to_vec(), machine.launches()))
}

fn with_stays(plan: &Plan, flaw: Option<ResidencyFlaw>) -> Ran {
    let machine = Machine::new(&plan.module).with_order(Order::Descending);
    let machine = machine.with_regions(&plan.regions, false);
    ran(machine.with_residency(&plan.residency, flaw))
}

/// Says what comes of a mistake.
fn fate(found: &Ran, right: &Ran) -> String {
    match found {
        Err(FaultKind::Stale(array)) => format!("seen at {array}"),
        Err(other) => format!("seen: {other}"),
        Ok(_) if found == right => "not seen".to_owned(),
        Ok(_) => "prints something else".to_owned(),
    }
}

#[test]
fn the_host_never_meets_an_older_value() {
    let mut fates = String::new();
    let mut seen: BTreeMap<MutantKind, usize> = BTreeMap::new();
    for path in programs() {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let module = module(&path);
        let (expected, launches) = ran(Machine::new(&module)).unwrap();
        assert_eq!(launches, 0);
        let plan = plan(module, selection(&path));
        assert!(!plan.residency.stays.is_empty(), "nothing stays in {name}");
        let right = with_stays(&plan, None);
        let in_name = |fault: &FaultKind| format!("{name}: {fault}");
        let (printed, launches) = right.as_ref().map_err(in_name).unwrap().clone();
        assert_eq!(String::from_utf8(printed), String::from_utf8(expected));
        assert!(launches > 0);
        let all = mutants(&plan.regions, &plan.residency, usize::MAX, 0).made;
        let flaw = |mutant: Mutant| match mutant.change {
            Change::Residency(flaw) => Some((flaw, mutant)),
            Change::Region { .. } => None,
        };
        let all: Vec<_> = all.into_iter().filter_map(flaw).collect();
        let found = parallel::map(&all, |(flaw, _)| {
            fate(&with_stays(&plan, Some(*flaw)), &right)
        });
        for ((flaw, mutant), fate) in all.iter().zip(found) {
            let count = seen.entry(mutant.kind).or_default();
            *count += usize::from(fate != "not seen");
            let line = plan.module.source.line(mutant.span);
            let kind = mutant.kind.name();
            writeln!(fates, "{name}:{line} {kind} ({flaw:?}): {fate}").unwrap();
        }
    }
    insta::assert_snapshot!("stays", without_numbers(&fates));
    let kinds = [
        MutantKind::FetchDropped,
        MutantKind::ReleaseDropped,
        MutantKind::InvalidationDropped,
    ];
    for kind in kinds {
        assert!(
            seen[&kind] >= 2,
            "{} is seen {} times",
            kind.name(),
            seen[&kind]
        );
    }
}

/// Returns a text without the offsets of spans, which say no more than the lines do.
fn without_numbers(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let (head, tail) = line.split_once('(').unwrap();
        let (flaw, fate) = tail.split_once(')').unwrap();
        let flaw = flaw.split('(').next().unwrap();
        let fate = fate.trim_start_matches(')');
        writeln!(out, "{head}{flaw}{fate}").unwrap();
    }
    out
}
