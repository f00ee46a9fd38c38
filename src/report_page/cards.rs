//! What became of one loop, and the text of one kernel.

use std::collections::BTreeSet;

use mupac_ir::Reason;
use mupac_ir::reason::ReasonRow;

use crate::report::{Guard, Kernel, Loop, ReasonEntry};

use super::html::Html;
use super::kernels;
use super::listing::Lines;
use super::nests::{Fate, Placed};
use super::overview;

/// A longer kernel is folded away at first.
const LONGEST_OPEN: usize = 60;

/// Puts what became of a loop; what it is named by lies inside of what opens, so that a link opens it.
pub(super) fn put<'r>(html: &mut Html, placed: &Placed<'r>, known: &mut BTreeSet<&'r str>) {
    let told = placed.told;
    let fate = placed.fate();
    html.raw("<details class=\"loop ")
        .raw(fate.class())
        .raw("\">\n<summary><span class=\"head\"><span class=\"mark ");
    html.raw(fate.class())
        .raw("\">")
        .raw(fate.words())
        .raw("</span> <b>Line ")
        .number(told.line)
        .raw("</b>");
    if !told.function.is_empty() {
        html.raw(" in ").code(&told.function);
    }
    html.raw("</span><span class=\"remark\">");
    overview::remark(html, told, known);
    html.raw("</span></summary>\n<div class=\"body\" id=\"loop-")
        .number(placed.number)
        .raw("\">\n");
    account(html, told, fate);
    html.raw("</div>\n</details>\n");
}

fn account(html: &mut Html, told: &Loop, fate: Fate) {
    html.raw("<p>").sentence(fate.meaning());
    if let Some(kernel) = &told.kernel {
        html.raw(": ").code(kernel);
    }
    html.raw(".</p>\n");
    // Reasons of one code are alike; the first stands for them.
    let mut rest = told.reasons.as_slice();
    while let Some((first, others)) = rest.split_first() {
        let alike = others
            .iter()
            .take_while(|each| each.code == first.code)
            .count();
        reason(html, told, first, alike);
        rest = &others[alike..];
    }
    if fate == Fate::Gpu {
        conditions(html, &told.guards);
    }
}

fn reason(html: &mut Html, told: &Loop, reason: &ReasonEntry, alike: usize) {
    html.raw("<div class=\"reason\">\n<p>")
        .prose(&reason.message)
        .raw(".");
    if reason.line != told.line {
        html.raw(" <span class=\"small\">(line ")
            .number(reason.line)
            .raw(")</span>");
    }
    if alike > 0 {
        html.raw(" <span class=\"small\">And ")
            .number(alike)
            .raw(" more like it.</span>");
    }
    html.raw("</p>\n");
    if let Some(witness) = &reason.witness {
        html.raw("<p class=\"small\">The two iterations meet at ")
            .code(&witness.element)
            .raw(".</p>\n");
    }
    if let Some(hint) = &reason.hint {
        html.raw("<p class=\"hint\"><strong>What helps:</strong> ")
            .prose(hint)
            .raw(".</p>\n");
    }
    html.raw("<details class=\"more\"><summary><code>")
        .text(&reason.code)
        .raw("</code> ");
    html.text(&reason.name)
        .raw("</summary>\n<p class=\"explanation\">");
    match row(&reason.code) {
        Some(row) => html.prose(row.explanation),
        None => html.raw("This version of mupac does not know the code."),
    };
    html.raw("</p></details>\n</div>\n");
}

/// Returns what is known of a code.
fn row(code: &str) -> Option<&'static ReasonRow> {
    Reason::ALL.iter().find(|row| row.code == code)
}

/// Puts what is tested before kernels run.
pub(super) fn conditions(html: &mut Html, guards: &[Guard]) {
    if guards.is_empty() {
        return;
    }
    html.raw("<p>Its kernel runs if all of this holds; else the loop runs as you wrote it:</p>\n<ul class=\"conditions\">\n");
    for guard in guards {
        html.raw("<li><span class=\"condition\">")
            .text(&guard.text)
            .raw("</span> <span class=\"small\">");
        html.text(&guard.kind).raw("</span></li>\n");
    }
    html.raw("</ul>\n");
}

/// Puts the text of a kernel, from the output and its lines.
pub(super) fn put_kernel(html: &mut Html, kernel: &Kernel, code: Option<(&str, &Lines<'_>)>) {
    let Some((cuda, lines)) = code else { return };
    let Some((first, last)) = kernels::lines(cuda, &kernel.name) else {
        html.raw("<p class=\"elsewhere\">The output has no kernel ")
            .code(&kernel.name)
            .raw(".</p>\n");
        return;
    };
    let is_short = last - first < LONGEST_OPEN;
    html.raw("<details class=\"kernel\"")
        .raw(if is_short { " open" } else { "" });
    html.raw("><summary>Kernel ")
        .code(&kernel.name)
        .raw(" <span class=\"small\">lines ");
    html.number(first)
        .raw(" to ")
        .number(last)
        .raw(" of the output</span></summary>\n");
    lines.put(html, first, last);
    html.raw("</details>\n");
}
