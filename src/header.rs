//! The comment lines that an output begins with: what runs where, how far it was checked, and what chose the plans.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use mupac_tester::{Evidence, FullSize, Nearness, Verified};

use crate::candidates::{Effort, Origin};
use crate::summary;
use crate::translate::{Selection, Translation};
use crate::writer::Checked;

/// Returns the comment lines that the output begins with.
pub(crate) fn header(
    translation: &Translation,
    checked: &Checked,
    selection: &Selection,
) -> Vec<String> {
    let plan = &translation.plan;
    let path = Path::new(&plan.module.source.name);
    let name = path
        .file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy();
    let first = summary::header(plan, &name);
    let passed = summary::device_memory(plan).into_iter();
    let resting = summary::resting_copies(plan).into_iter();
    let unordered = summary::unordered_sums(plan).into_iter();
    let dropped = summary::dropped(plan).map(|words| capitalised(&words) + ".");
    let plans = origins(translation, selection).map(|words| format!(" Plans: {words}."));
    let last = verdict(checked) + &plans.unwrap_or_default();
    let before = [first]
        .into_iter()
        .chain(passed)
        .chain(resting)
        .chain(unordered)
        .chain(dropped);
    before.chain([last]).collect()
}

/// Returns words as they begin a sentence.
fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// Returns how far the text was checked, as a sentence.
fn verdict(checked: &Checked) -> String {
    match checked {
        Checked::Verified(verified) => format!(
            "Checked on the CPU: {}{}.",
            evidence(verified),
            on_gpu(verified)
        ),
        Checked::Unchecked(text) => match text.why() {
            Some(why) => format!("Not tested, its kernels kept by --unchecked=keep: {why}."),
            None => "Not checked (--check=off).".to_owned(),
        },
        Checked::Original(original) => format!("Not tested: {}.", original.why()),
    }
}

/// Returns what the tester did, in a few words.
pub(crate) fn evidence(verified: &Verified) -> String {
    let evidence = &verified.evidence;
    let mut parts = Vec::new();
    if evidence.tests > 0 {
        parts.push(format!(
            "{} {}",
            evidence.tests,
            if evidence.tests == 1 { "test" } else { "tests" }
        ));
    }
    if evidence.ran_program {
        parts.push(whole_program(evidence));
    }
    if !evidence.smaller.is_empty() {
        let each = evidence.smaller.iter();
        let constants: Vec<String> = each.map(mupac_tester::constants_in_words).collect();
        parts.push(format!(
            "with smaller constants ({})",
            constants.join("), (")
        ));
        parts.extend(at_full_size(evidence));
    }
    match evidence.outlined.len() {
        0 => {}
        1 => parts.push("a loop by itself".to_owned()),
        count => parts.push(format!("{count} loops by themselves")),
    }
    let (all, untested) = (&verified.unit().kernels, &evidence.untested_kernels);
    if untested.is_empty() && !all.is_empty() {
        parts.push("every kernel launched, no race".to_owned());
    } else if !untested.is_empty() {
        let (launched, names) = (all.len() - untested.len(), words(untested));
        parts.push(format!(
            "{launched} of {} kernels launched, no race, untested and kept by --unchecked=keep: {names}",
            all.len()
        ));
    }
    if !evidence.left_out.is_empty() {
        parts.push("cut short by --check-time".to_owned());
    }
    if evidence.is_low() {
        parts.push("low coverage".to_owned());
    }
    parts.join(", ")
}

/// Returns for how many functions a sample of the blocks ran at the size that the constants say.
fn at_full_size(evidence: &Evidence) -> Option<String> {
    let seen = evidence.full_size.values();
    let compared = seen.filter(|seen| matches!(seen, FullSize::Compared { .. }));
    match (compared.count(), evidence.full_size.len()) {
        (_, 0) => None,
        (compared, all) if compared == all => {
            Some("a sample of the blocks at full size".to_owned())
        }
        (0, _) => Some("no results at full size".to_owned()),
        (compared, all) => Some(format!(
            "a sample of the blocks at full size for {compared} of {all} functions"
        )),
    }
}

fn words(names: &BTreeSet<String>) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.join(", ")
}

/// Returns how the whole program was compared.
fn whole_program(evidence: &Evidence) -> String {
    let bound = match evidence.nearness {
        Nearness::Spread => " with numbers as near as what it prints with sums in other orders",
        Nearness::Bound => " up to the bound on rounding",
        Nearness::Exact => "",
    };
    let masked = masked(evidence.masked_lines, evidence.masked_numbers);
    format!("the whole program{bound}{masked}")
}

/// Says what of a program's output was not compared.
fn masked(lines: usize, numbers: usize) -> String {
    let count = |number: usize, word: &str| match number {
        0 => None,
        1 => Some(format!("1 {word}")),
        _ => Some(format!("{number} {word}s")),
    };
    let counted = [count(lines, "line"), count(numbers, "number")];
    let counted: Vec<String> = counted.into_iter().flatten().collect();
    let differ = if lines + numbers == 1 {
        "differs"
    } else {
        "differ"
    };
    match counted.as_slice() {
        [] => String::new(),
        all => format!(
            " but for {}, which {differ} from run to run of the original",
            all.join(" and ")
        ),
    }
}

/// Returns what the GPU had to say, as the end of a sentence.
pub(crate) fn on_gpu(verified: &Verified) -> String {
    let Some(gpu) = &verified.evidence.gpu else {
        return String::new();
    };
    let tools = if gpu.tools.is_empty() {
        "no tool of compute-sanitizer".to_owned()
    } else {
        gpu.tools.join(", ")
    };
    let undecided = match gpu.undecided {
        0 => String::new(),
        count => format!(", {count} undecided"),
    };
    format!(
        "; on {}: {} tests{undecided}, {tools}",
        gpu.device.name, gpu.tests
    )
}

/// Returns what the plans came of, in a few words, and which did where it is not the same for all; `None` where there are
/// none.
fn origins(translation: &Translation, selection: &Selection) -> Option<String> {
    if matches!(selection, Selection::Host) {
        return Some("none, by --no-parallel".to_owned());
    }
    let mut found: BTreeMap<Origin, Vec<&str>> = BTreeMap::new();
    for region in &translation.plan.regions {
        if let Some(origin) = translation.origin(region) {
            found.entry(origin).or_default().push(&region.name);
        }
    }
    if let Some((origin, _)) = found.first_key_value().filter(|_| found.len() == 1) {
        return Some(came_of(*origin, selection));
    }
    let said = found.iter().map(|(origin, regions)| {
        let words = came_of(*origin, selection);
        format!("{words} ({})", regions.join(", "))
    });
    let said: Vec<String> = said.collect();
    (!said.is_empty()).then(|| said.join("; "))
}

fn came_of(origin: Origin, selection: &Selection) -> String {
    match (origin, selection) {
        (Origin::Replay, Selection::Replay(file)) => format!("replayed from {}", file.name),
        (Origin::Replay, _) => "replayed".to_owned(),
        (Origin::Search, Selection::Search(effort)) => {
            format!("graph search by an analytic estimate, {}", guides(effort))
        }
        (Origin::Search, _) => "graph search by an analytic estimate".to_owned(),
        (Origin::Greedy, _) => "greedy choice by an analytic estimate".to_owned(),
        (Origin::Default, _) => "the default bindings".to_owned(),
    }
}

/// Returns what guides a search, and that no network does.
fn guides(effort: &Effort) -> String {
    let guides = [
        effort.graph.as_ref().map(|_| "earlier trajectories"),
        effort.network.as_ref().map(|_| "a network"),
        effort.proposer.as_ref().map(|_| "proposals"),
    ];
    let guides: Vec<&str> = guides.into_iter().flatten().collect();
    let Some((last, others)) = guides.split_last() else {
        return "without a guide".to_owned();
    };
    let others = match others {
        [] => String::new(),
        some => format!("{} and ", some.join(", ")),
    };
    let without = match effort.network {
        Some(_) => "",
        None => ", without a network",
    };
    format!("guided by {others}{last}{without}")
}
