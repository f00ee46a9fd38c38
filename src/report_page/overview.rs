//! What a reader wants to know first: how much runs on the GPU, what it is predicted to gain, and what holds it back; and
//! the table of loops.

use std::collections::BTreeSet;

use crate::report::{Found, Loop, Report, Texts, Verdict};
use crate::worth::{self, Worth};

use super::checked;
use super::html::Html;
use super::nests::Fate;

/// How reports name standard input and output.
const STREAMS: [&str; 2] = ["<stdin>", "<stdout>"];

/// So many conditions of a loop stand in the table.
const MOST_CONDITIONS: usize = 2;

/// Puts the summary.
pub(super) fn put(html: &mut Html, report: &Report, texts: &Texts) {
    html.raw("<p class=\"eyebrow\">Translated by mupac ")
        .text(&report.tool)
        .raw("</p>\n<h1>");
    html.text(&report.input)
        .raw(" <span class=\"to\">→ ")
        .text(&report.output)
        .raw("</span></h1>\n");
    html.raw("<p class=\"lead\">");
    html.raw("<strong>")
        .text(&counted(&report.loops))
        .raw("</strong>");
    if let Some(worth) = &report.worth {
        html.raw(" ")
            .sentence(&worth::prediction(&worth.parts))
            .raw(".");
    }
    html.raw("</p>\n");
    checked::put_short(html, &report.check);
    notices(html, report, texts);
    if let Some(worth) = &report.worth {
        put_worth(html, &worth.parts);
    }
}

/// Returns how many loops run on the GPU, in a sentence; those that are only part of others do not count.
fn counted(loops: &[Loop]) -> String {
    let all = loops.iter().filter(|each| each.verdict != Verdict::Inlined);
    let on_gpu = all.clone().filter(|each| each.device_code).count();
    match (on_gpu, all.count()) {
        (_, 0) => "There is no loop.".to_owned(),
        (1, 1) => "The only loop runs on the GPU.".to_owned(),
        (0, 1) => "The only loop stays on the host.".to_owned(),
        (0, all) => format!("All {all} loops stay on the host."),
        (on_gpu, all) if on_gpu == all => format!("All {all} loops run on the GPU."),
        (1, all) => format!("1 of {all} loops runs on the GPU."),
        (on_gpu, all) => format!("{on_gpu} of {all} loops run on the GPU."),
    }
}

/// Says which files are no longer those that the report tells of.
fn notices(html: &mut Html, report: &Report, texts: &Texts) {
    let output = std::iter::once((&report.output, &texts.output));
    let sources = texts.sources.iter().map(|(name, found)| (name, found));
    for (name, found) in sources.chain(output) {
        let (what, help) = match found {
            Found::Same(_) => continue,
            Found::Unknown => (
                " is not shown: the report does not say what it held, so its lines may be others now.",
                "Translate again for a report of this version.",
            ),
            Found::Changed => (
                " has changed since the report was written, so it is not shown: its lines would be the wrong ones.",
                "Translate again for a new report.",
            ),
            Found::Gone if STREAMS.contains(&name.as_str()) => (
                " is no file, so it is not shown.",
                "Name files, and they are.",
            ),
            Found::Gone => (
                " is not there, so it is not shown.",
                "Make the page where the files are, or keep the report beside them.",
            ),
        };
        html.raw("<p class=\"notice\"><strong>")
            .text(name)
            .raw("</strong>");
        html.raw(what).raw(" ").raw(help).raw("</p>\n");
    }
}

/// Puts what the translation is predicted to take against one core, as bars, and what holds it back.
fn put_worth(html: &mut Html, worth: &Worth) {
    html.raw("<section class=\"worth\">\n");
    let longest = worth.host.max(worth.predicted()).max(f64::MIN_POSITIVE);
    let host = [("on-host", "on one core", worth.host)];
    bar(html, "One core", worth.host, &host, longest);
    let parts = [
        ("on-host", "what stays on the host", worth.on_host()),
        ("start", "start of the GPU", worth.start),
        ("kernels", "kernels", worth.kernels),
        ("copies", "copies", worth.copies),
    ];
    bar(html, "With GPU", worth.predicted(), &parts, longest);
    html.raw("<p class=\"legend\">");
    for (class, name, seconds) in parts.into_iter().filter(|(_, _, seconds)| *seconds > 0.0) {
        html.raw("<span><i class=\"")
            .raw(class)
            .raw("\"></i>")
            .raw(name)
            .raw(" ");
        html.text(&worth::spelled(seconds)).raw("</span> ");
    }
    html.raw("</p>\n");
    if let Some(hindrance) = &worth.hindrance {
        html.raw("<p class=\"hindrance\"><strong>");
        html.sentence(&worth::held_back(hindrance))
            .raw(".</strong> ");
        html.sentence(&hindrance.help).raw(".</p>\n");
    }
    let figures = worth::figures(worth);
    // The first says what the bars do, and of a run also what was counted.
    let further = figures.iter().skip(usize::from(!worth.is_measured));
    further.for_each(|figure| {
        html.raw("<p class=\"small\">")
            .sentence(figure)
            .raw(".</p>\n");
    });
    html.raw("</section>\n");
}

/// Puts a bar of parts, each as long as the time that it takes.
fn bar(
    html: &mut Html,
    name: &'static str,
    whole: f64,
    parts: &[(&'static str, &'static str, f64)],
    longest: f64,
) {
    html.raw("<div class=\"bar\"><span class=\"name\">")
        .raw(name);
    html.raw("</span><span class=\"track\" aria-hidden=\"true\">");
    for (class, _, seconds) in parts {
        let permille = (seconds / longest * 1000.0).round() as usize;
        if permille > 0 {
            html.raw("<i class=\"")
                .raw(class)
                .raw("\" style=\"width:")
                .number(permille / 10);
            html.raw(".").number(permille % 10).raw("%\"></i>");
        }
    }
    html.raw("</span><span class=\"time\">")
        .text(&worth::spelled(whole))
        .raw("</span></div>\n");
}

/// Puts the table of loops.
pub(super) fn table(html: &mut Html, report: &Report) {
    if report.loops.is_empty() {
        return;
    }
    html.raw("<section>\n<h2>Loops</h2>\n");
    html.raw("<p class=\"keys\">Keys: <kbd>j</kbd> and <kbd>k</kbd>, or the arrows, go from loop to loop; <kbd>Enter</kbd> opens one. <button type=\"button\" id=\"all\">Open all</button></p>\n");
    html.raw("<table class=\"loops\">\n<thead><tr><th>Line</th><th>Function</th><th>Runs</th><th>Why, or when</th></tr></thead>\n<tbody>\n");
    let is_one_file = report.loops.iter().all(|each| each.file == report.input);
    let mut known = BTreeSet::new();
    for (number, told) in (1..).zip(&report.loops) {
        let fate = Fate::of(told);
        html.raw("<tr class=\"")
            .raw(fate.class())
            .raw("\"><td class=\"place\"><a href=\"#loop-");
        html.number(number).raw("\">");
        if !is_one_file {
            html.text(&told.file).raw(":");
        }
        html.number(told.line)
            .raw("</a></td><td class=\"function\">")
            .code(&told.function);
        html.raw("</td><td class=\"runs\"><span class=\"mark ")
            .raw(fate.class())
            .raw("\">");
        html.raw(fate.words()).raw("</span></td><td class=\"why\">");
        remark(html, told, &mut known);
        html.raw("</td></tr>\n");
    }
    html.raw("</tbody>\n</table>\n");
    legend(html, &report.loops);
    html.raw("</section>\n");
}

/// Puts in a few words why a loop stays, or when its kernel runs; of kernels that are known only the name.
pub(super) fn remark<'r>(html: &mut Html, told: &'r Loop, known: &mut BTreeSet<&'r str>) {
    if let Some(first) = told.reasons.first() {
        html.prose(&first.message);
        let more = told.reasons.len() - 1;
        if more > 0 {
            html.raw(" (and ").number(more).raw(" more)");
        }
        return;
    }
    let Some(kernel) = &told.kernel else { return };
    html.code(kernel);
    if !known.insert(kernel) || told.verdict != Verdict::Parallel {
        return;
    }
    let conditions: Vec<&str> = told.guards.iter().map(|guard| &*guard.text).collect();
    let (shown, left) = conditions.split_at(conditions.len().min(MOST_CONDITIONS));
    if shown.is_empty() {
        return;
    }
    html.raw(" if ").text(&shown.join(" and "));
    match left.len() {
        0 => {}
        1 => {
            html.raw(" and 1 more condition holds");
        }
        several => {
            html.raw(" and ")
                .number(several)
                .raw(" more conditions hold");
        }
    }
}

/// Says what the colours mean, of those that are there.
fn legend(html: &mut Html, loops: &[Loop]) {
    html.raw("<ul class=\"meanings\">\n");
    for fate in Fate::ALL {
        if loops.iter().any(|told| Fate::of(told) == fate) {
            html.raw("<li><span class=\"mark ")
                .raw(fate.class())
                .raw("\">")
                .raw(fate.words());
            html.raw("</span> ").raw(fate.meaning()).raw("</li>\n");
        }
    }
    html.raw("</ul>\n");
}
