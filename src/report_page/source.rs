//! The source with its loops, and beside each nest what became of it.

use std::collections::BTreeSet;

use crate::report::{Region, Report, Texts};

use super::cards;
use super::html::Html;
use super::listing::Lines;
use super::nests::{Nest, nests};
use super::regions;

/// So many lines before a nest stay in sight: the head of its function, and what it prepares.
const BEFORE: usize = 6;
/// So many lines behind a nest stay in sight.
const BEHIND: usize = 3;
/// A nest of no more lines stays in sight beside its notes.
const LONGEST_STAYING: usize = 30;
/// Fewer lines than that are not worth hiding.
const LEAST_HIDDEN: usize = 6;

/// Puts every file that loops stand in.
pub(super) fn put(html: &mut Html, report: &Report, texts: &Texts) {
    let cuda = texts.output.text();
    let mut page = Page {
        report,
        cuda,
        code: cuda.map(Lines::of),
        told: BTreeSet::new(),
        shown: BTreeSet::new(),
    };
    html.raw("<section class=\"source\">\n<h2>Source and kernels</h2>\n");
    for (name, found) in &texts.sources {
        let nests = nests(&report.loops, name);
        // A header without loops has nothing to show.
        if nests.is_empty() && *name != report.input {
            continue;
        }
        html.raw("<h3 class=\"file\">").text(name).raw("</h3>\n");
        page.put_file(html, &nests, found.text());
    }
    page.put_rest(html);
    html.raw("</section>\n");
}

/// What was put so far.
struct Page<'r> {
    report: &'r Report,
    /// The output.
    cuda: Option<&'r str>,
    /// Its lines.
    code: Option<Lines<'r>>,
    /// The regions that were told of, by number.
    told: BTreeSet<usize>,
    /// The kernels that were shown.
    shown: BTreeSet<&'r str>,
}

impl<'r> Page<'r> {
    fn put_file(&mut self, html: &mut Html, nests: &[Nest<'r>], text: Option<&'r str>) {
        let lines = text.map(Lines::of);
        let mut next = 1;
        for (index, nest) in nests.iter().enumerate() {
            if let Some(lines) = &lines {
                put_between(
                    html,
                    lines,
                    (next, nest.first_line.saturating_sub(1)),
                    (index > 0, true),
                );
            }
            let is_short = nest.last_line - nest.first_line < LONGEST_STAYING;
            let class = if is_short { " staying" } else { "" };
            html.raw("<div class=\"nest\">\n<div class=\"text")
                .raw(class)
                .raw("\">\n");
            match &lines {
                Some(lines) => lines.put_nest(html, nest),
                None => place_of(html, nest),
            }
            html.raw("</div>\n<div class=\"notes\">\n");
            self.put_notes(html, nest);
            html.raw("</div>\n</div>\n");
            next = nest.last_line.saturating_add(1);
        }
        if let Some(lines) = &lines {
            put_between(
                html,
                lines,
                (next, lines.count()),
                (!nests.is_empty(), false),
            );
        }
    }

    /// Puts what became of the loops of a nest, and the kernels that took its place where they were not shown before.
    fn put_notes(&mut self, html: &mut Html, nest: &Nest<'r>) {
        let mut known = BTreeSet::new();
        for each in &nest.loops {
            cards::put(html, each, &mut known);
        }
        let named: BTreeSet<&str> = nest
            .loops
            .iter()
            .filter_map(|each| each.told.kernel.as_deref())
            .collect();
        let report = self.report;
        for (number, region) in (1..).zip(&report.regions) {
            let mut kernels = region.kernels.iter().map(|kernel| &*kernel.name);
            if !kernels.any(|kernel| named.contains(kernel)) {
                continue;
            }
            self.put_kernels(html, region, |name| named.contains(name));
            if self.told.insert(number) {
                regions::put(html, number, region);
            } else {
                html.raw("<p class=\"elsewhere\">Part of region <a href=\"#region-")
                    .number(number);
                html.raw("\">").text(&region.name).raw("</a></p>\n");
            }
        }
    }

    /// Puts the regions and kernels that no loop of a file names.
    fn put_rest(&mut self, html: &mut Html) {
        let report = self.report;
        for (number, region) in (1..).zip(&report.regions) {
            let mut rest = Html::default();
            self.put_kernels(&mut rest, region, |_| true);
            if self.told.insert(number) {
                regions::put(&mut rest, number, region);
            }
            if !rest.is_empty() {
                html.raw("<div class=\"nest\"><div class=\"text\"><p class=\"elsewhere\">Region ");
                html.text(&region.name)
                    .raw("</p></div><div class=\"notes\">\n");
                html.piece(&rest).raw("</div></div>\n");
            }
        }
    }

    fn put_kernels(
        &mut self,
        html: &mut Html,
        region: &'r Region,
        is_meant: impl Fn(&str) -> bool,
    ) {
        let meant = region
            .kernels
            .iter()
            .filter(|kernel| is_meant(&kernel.name));
        for kernel in meant {
            if self.shown.insert(&kernel.name) {
                let code = self.cuda.zip(self.code.as_ref());
                cards::put_kernel(html, kernel, code);
            }
        }
    }
}

/// Puts the lines between nests, of which those far from both are folded away.
fn put_between(
    html: &mut Html,
    lines: &Lines<'_>,
    (first, last): (usize, usize),
    (follows, leads): (bool, bool),
) {
    let last = last.min(lines.count());
    if first > last {
        return;
    }
    let behind = if follows { BEHIND } else { 0 };
    let before = if leads { BEFORE } else { 0 };
    let hidden = (first + behind, last.saturating_sub(before));
    let is_hidden = hidden.0 + LEAST_HIDDEN <= hidden.1 + 1;
    html.raw("<div class=\"between\">\n");
    if is_hidden {
        if behind > 0 {
            lines.put(html, first, hidden.0 - 1);
        }
        html.raw("<details class=\"folded\"><summary>Lines ")
            .number(hidden.0)
            .raw(" to ");
        html.number(hidden.1).raw("</summary>\n");
        lines.put(html, hidden.0, hidden.1);
        html.raw("</details>\n");
        if before > 0 {
            lines.put(html, hidden.1 + 1, last);
        }
    } else {
        lines.put(html, first, last);
    }
    html.raw("</div>\n");
}

/// Says where a nest stands whose text is not at hand.
fn place_of(html: &mut Html, nest: &Nest<'_>) {
    html.raw("<p class=\"elsewhere\">");
    if nest.first_line == nest.last_line {
        html.raw("Line ").number(nest.first_line);
    } else {
        html.raw("Lines ")
            .number(nest.first_line)
            .raw(" to ")
            .number(nest.last_line);
    }
    html.raw("</p>\n");
}
