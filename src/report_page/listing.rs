//! Lines of a file: with their numbers, and of a source with the loops that they lie in.

use super::highlight::{Highlighter, Kind};
use super::html::Html;
use super::nests::{Nest, Placed};

/// What is shown of a longer line; programs write such lines.
///
/// **Units**: characters.
const LONGEST_LINE: usize = 2000;

/// The lines of a file, without their ends.
#[derive(Clone, Debug)]
pub(super) struct Lines<'t> {
    /// The pieces of each line by kind.
    lines: Vec<Vec<(Kind, &'t str)>>,
}

impl<'t> Lines<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let mut highlighter = Highlighter::default();
        let lines = text.lines().map(|line| highlighter.line(line));
        Self {
            lines: lines.collect(),
        }
    }

    /// Returns how many there are.
    pub(super) fn count(&self) -> usize {
        self.lines.len()
    }

    /// Puts the lines from one to another, counted from 1, both included.
    pub(super) fn put(&self, html: &mut Html, first: usize, last: usize) {
        self.put_marked(html, (first, last), None);
    }

    /// Puts the lines of a nest with the loops that each lies in, and a mark where one begins.
    pub(super) fn put_nest(&self, html: &mut Html, nest: &Nest<'_>) {
        self.put_marked(html, (nest.first_line, nest.last_line), Some(nest));
    }

    fn put_marked(&self, html: &mut Html, (first, last): (usize, usize), nest: Option<&Nest<'_>>) {
        html.raw("<div class=\"listing\">");
        let from = first.saturating_sub(1);
        let shown = self.lines.iter().enumerate().skip(from);
        for (index, pieces) in shown.take(last.saturating_add(1).saturating_sub(first)) {
            let number = index + 1;
            let loops = nest.map(|nest| around(nest, number)).unwrap_or_default();
            html.raw("<div class=\"line");
            if let Some(innermost) = loops.iter().rev().flatten().next() {
                html.raw(" ").raw(innermost.fate().class());
            }
            html.raw("\" data-n=\"").number(number).raw("\">");
            if !loops.is_empty() {
                bars(html, &loops);
            }
            html.raw("<code>");
            code(html, pieces);
            html.raw("</code>");
            if let Some(nest) = nest {
                marks(html, nest, number);
            }
            html.raw("</div>\n");
        }
        html.raw("</div>\n");
    }
}

/// Returns the loops of a nest in which a line lies, by depth.
fn around<'n, 'r>(nest: &'n Nest<'r>, line: usize) -> Vec<Option<&'n Placed<'r>>> {
    let deepest = nest.loops.iter().map(|each| each.depth).max();
    let mut loops = vec![None; deepest.map_or(0, |depth| depth + 1)];
    for each in &nest.loops {
        if each.told.line <= line && line <= each.last_line {
            loops[each.depth] = Some(each);
        }
    }
    loops
}

fn bars(html: &mut Html, loops: &[Option<&Placed<'_>>]) {
    html.raw("<span class=\"bars\" aria-hidden=\"true\">");
    for each in loops {
        match each {
            Some(each) => html
                .raw("<i class=\"")
                .raw(each.fate().class())
                .raw("\"></i>"),
            None => html.raw("<i></i>"),
        };
    }
    html.raw("</span>");
}

fn marks(html: &mut Html, nest: &Nest<'_>, line: usize) {
    let starting = nest.loops.iter().filter(|each| each.told.line == line);
    for each in starting {
        let fate = each.fate();
        html.raw("<a class=\"mark ").raw(fate.class());
        html.raw("\" href=\"#loop-").number(each.number).raw("\">");
        html.raw(fate.words()).raw("</a>");
    }
}

fn code(html: &mut Html, pieces: &[(Kind, &str)]) {
    let mut left = LONGEST_LINE;
    for (kind, text) in pieces {
        let shown = text
            .char_indices()
            .nth(left)
            .map_or(*text, |(at, _)| &text[..at]);
        left -= shown.chars().count();
        let class = match kind {
            Kind::Comment => "<span class=\"c\">",
            Kind::Literal => "<span class=\"s\">",
            Kind::Keyword => "<span class=\"k\">",
            Kind::Directive => "<span class=\"d\">",
            Kind::Plain => {
                html.text(shown);
                continue;
            }
        };
        html.raw(class).text(shown).raw("</span>");
    }
    let whole: usize = pieces.iter().map(|(_, text)| text.chars().count()).sum();
    if whole > LONGEST_LINE {
        html.raw("<span class=\"cut\"> … ")
            .number(whole - LONGEST_LINE);
        html.raw(" more characters</span>");
    }
}
