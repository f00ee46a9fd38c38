//! How far the text was checked.

use crate::report::{Check, CheckStatus, Copies, FailureEntry, Mutants};
use crate::worth::in_bytes;

use super::html::Html;

/// Puts what the check saw.
pub(super) fn put(html: &mut Html, check: &Check) {
    html.raw("<section id=\"check\">\n<h2>Check</h2>\n<p class=\"status ")
        .raw(class(check.status))
        .raw("\">");
    html.raw(meaning(check.status));
    if let Some(why) = &check.why {
        html.raw(" ").prose(why).raw(".");
    }
    html.raw("</p>\n");
    put_facts(html, check);
    let lists: [(&'static str, &[String]); 6] = [
        (
            "Mistakes that no test noticed",
            mutants(check, |score| &score.survivors),
        ),
        ("What no test reached", &check.missed),
        ("Not tested", &check.untested),
        ("Loops that were tested by themselves", &check.outlined),
        (
            "Left out, since the time of the check was spent",
            &check.left_out,
        ),
        ("Kernels that no test launched", &check.untested_kernels),
    ];
    for (title, items) in lists {
        put_list(html, title, items.iter().map(String::as_str), true);
    }
    let seen = check.full_size.iter();
    let seen: Vec<String> = seen
        .map(|(function, seen)| format!("{function}: {seen}"))
        .collect();
    put_list(
        html,
        "Seen at full size",
        seen.iter().map(String::as_str),
        false,
    );
    let equivalent = mutants(check, |score| &score.equivalent);
    let title = "Mistakes that are proved to change nothing";
    put_list(html, title, equivalent.iter().map(String::as_str), false);
    for failure in &check.failures {
        put_failure(html, failure);
    }
    html.raw("</section>\n");
}

/// Puts how the check ended in a few words, which lead to all of them.
pub(super) fn put_short(html: &mut Html, check: &Check) {
    let words = match check.status {
        CheckStatus::Pass => "Checked, passed",
        CheckStatus::PassPartly => "Checked in part, passed",
        CheckStatus::PassLowCoverage => "Checked a little, passed",
        CheckStatus::Unchecked | CheckStatus::NotTested => "Not tested",
        CheckStatus::Off => "Not checked",
        CheckStatus::Fail => "Check failed",
    };
    html.raw("<p class=\"checked\"><a class=\"mark ")
        .raw(class(check.status))
        .raw("\" href=\"#check\">");
    html.raw(words).raw("</a>");
    if let Some(tests) = check.tests.filter(|tests| *tests > 0) {
        html.raw(" <span class=\"small\">").number(tests);
        html.raw(if tests == 1 { " test" } else { " tests" });
        if let Some(mutants) = &check.mutants {
            html.raw(", which notice ")
                .number(mutants.killed)
                .raw(" of ")
                .number(mutants.total);
            html.raw(" mistakes made on purpose");
        }
        html.raw("</span>");
    }
    html.raw("</p>\n");
}

fn mutants(check: &Check, part: fn(&Mutants) -> &Vec<String>) -> &[String] {
    check.mutants.as_ref().map_or(&[], |score| part(score))
}

fn meaning(status: CheckStatus) -> &'static str {
    match status {
        CheckStatus::Pass => "Passed: in every test the translation did what the original does.",
        CheckStatus::PassPartly => {
            "Passed in part: no test saw a difference, but some kernels stay that no test launched."
        }
        CheckStatus::PassLowCoverage => {
            "Passed, but little was tested: no test saw a difference, and much of the text was not reached."
        }
        CheckStatus::Unchecked => "Not tested; kernels were kept all the same (--unchecked=keep).",
        CheckStatus::Off => "Not checked: none was asked for (--check=off).",
        CheckStatus::NotTested => "Not tested, and no kernel was kept.",
        CheckStatus::Fail => "Failed: nothing was written.",
    }
}

/// Returns the name of its colour.
fn class(status: CheckStatus) -> &'static str {
    match status {
        CheckStatus::Pass => "good",
        CheckStatus::PassPartly
        | CheckStatus::PassLowCoverage
        | CheckStatus::Unchecked
        | CheckStatus::Off
        | CheckStatus::NotTested => "fair",
        CheckStatus::Fail => "bad",
    }
}

fn put_facts(html: &mut Html, check: &Check) {
    let percent = |share: f64| format!("{} %", (share * 100.0).floor());
    let masked = |count: usize| (count > 0).then(|| count.to_string());
    let copies = check.copies.as_ref().filter(|copies| copies.launches > 0);
    let facts: [(&'static str, Option<String>); 12] = [
        ("Tests", check.tests.map(|count| count.to_string())),
        ("Where", check.place.as_deref().map(str::to_uppercase)),
        ("Lines reached", check.line_coverage.map(percent)),
        (
            "Outcomes of loops and branches reached",
            check.branch_coverage.map(percent),
        ),
        (
            "Mistakes made on purpose and noticed",
            check
                .mutants
                .as_ref()
                .map(|score| format!("{} of {}", score.killed, score.total)),
        ),
        (
            "Output of the program",
            check.output.as_deref().map(str::to_owned),
        ),
        ("Inputs not used", check.dropped.and_then(masked)),
        ("Lines not compared", masked(check.masked_lines)),
        ("Numbers not compared", masked(check.masked_numbers)),
        ("Runs undecided", masked(check.undecided)),
        (
            "Copied to the device by the whole program",
            copies.map(copied_in),
        ),
        ("Copied back", copies.map(copied_out)),
    ];
    html.raw("<dl class=\"facts\">\n");
    for (name, value) in facts {
        if let Some(value) = value {
            html.raw("<div><dt>")
                .raw(name)
                .raw("</dt><dd>")
                .text(&value)
                .raw("</dd></div>\n");
        }
    }
    for constants in &check.smaller_constants {
        let pairs = constants.iter();
        let pairs: Vec<String> = pairs
            .map(|(full, smaller)| format!("{smaller} for {full}"))
            .collect();
        html.raw("<div><dt>Smaller constants of a test program</dt><dd>");
        html.text(&pairs.join(", ")).raw("</dd></div>\n");
    }
    html.raw("</dl>\n");
}

fn copied_in(copies: &Copies) -> String {
    copied(copies.bytes_in, copies.copies_in, copies.needed_in, "go")
}

fn copied_out(copies: &Copies) -> String {
    copied(
        copies.bytes_out,
        copies.copies_out,
        copies.needed_out,
        "come",
    )
}

fn copied(bytes: u64, count: u64, needed: Option<u64>, moves: &str) -> String {
    let needed = needed.map(|needed| format!(", of which {} had to {moves}", in_bytes(needed)));
    let copies = if count == 1 { "copy" } else { "copies" };
    format!(
        "{} in {count} {copies}{}",
        in_bytes(bytes),
        needed.unwrap_or_default()
    )
}

/// Puts a list under a title that opens it.
fn put_list<'t>(
    html: &mut Html,
    title: &'static str,
    items: impl ExactSizeIterator<Item = &'t str>,
    is_open: bool,
) {
    if items.len() == 0 {
        return;
    }
    html.raw("<details class=\"more\"")
        .raw(if is_open { " open" } else { "" });
    html.raw("><summary>")
        .raw(title)
        .raw(": ")
        .number(items.len())
        .raw("</summary>\n");
    html.list(items).raw("</details>\n");
}

fn put_failure(html: &mut Html, failure: &FailureEntry) {
    html.raw("<div class=\"failure\">\n<p><strong>A candidate failed (")
        .text(&failure.kind);
    html.raw(") and was dropped:</strong> ")
        .prose(&failure.message)
        .raw("</p>\n");
    if !failure.regions.is_empty() {
        html.raw("<p>Other mappings, or the original loop, took the place of ");
        html.text(&failure.regions.join(", ")).raw(".</p>\n");
    }
    if let Some(origin) = &failure.origin {
        html.raw("<p>").prose(&origin.message).raw("</p>\n");
    }
    if let Some(culprits) = failure.culprits.as_ref().filter(|moves| !moves.is_empty()) {
        html.raw("<p>Without these moves it passes: ")
            .code(&culprits.join("; "))
            .raw("</p>\n");
    }
    if let Some(counterexample) = &failure.counterexample {
        html.raw("<pre>").text(counterexample).raw("</pre>\n");
    }
    if !failure.replay.is_empty() {
        html.raw("<p class=\"small\">Test: ")
            .text(&failure.replay)
            .raw("</p>\n");
    }
    html.raw("</div>\n");
}
