//! Puts probes into the text of the original.

use std::collections::BTreeMap;

use mupac_ir::structure::blocks;
use mupac_ir::{ExprKind, Function, If, Loop, Source, Span, Stmt, Unit};

use super::feasible::trips;
use super::header::Header;
use super::{Line, NO_TRIP, NOT_TAKEN, ONE_TRIP, Probe, Probed, TAKEN, TRIPS};

/// More probes than `simt/harness.c` keeps.
const MOST_PROBES: usize = 4096;

/// Puts probes into the original.
pub(crate) fn probed(unit: &Unit) -> Probed {
    let mut builder = Builder {
        source: &unit.source,
        insertions: Vec::new(),
        seen: BTreeMap::new(),
        probed: Probed::default(),
    };
    for entry in &unit.entries {
        builder.block(&entry.function, &entry.function.body, &Around::default());
    }
    let Builder {
        mut insertions,
        mut probed,
        ..
    } = builder;
    if probed.probes.is_empty() {
        return probed;
    }
    // Stable: of two insertions at one place the first that was asked for comes first.
    insertions.sort_by_key(|(at, _)| *at);
    let mut text = String::new();
    let mut from = 0;
    for (at, piece) in insertions {
        text.push_str(unit.source.text().get(from..at).unwrap_or_default());
        text.push_str(&piece);
        from = at;
    }
    text.push_str(unit.source.text().get(from..).unwrap_or_default());
    probed.text = Some(text);
    probed
}

struct Builder<'a> {
    source: &'a Source,
    insertions: Vec<(usize, String)>,
    /// The probe of each keyword that has one.
    seen: BTreeMap<u32, usize>,
    probed: Probed,
}

/// What is around a statement.
#[derive(Clone, Default)]
struct Around<'a> {
    loops: Vec<&'a Loop>,
    /// What has to happen for the statement to run: conditions, each with the outcomes of which one is needed.
    needs: Vec<(usize, u8)>,
}

impl Around<'_> {
    fn with(&self, probe: Option<usize>, outcomes: u8) -> Self {
        let mut inside = self.clone();
        inside.needs.extend(probe.map(|probe| (probe, outcomes)));
        inside
    }
}

impl Builder<'_> {
    fn block<'b>(&mut self, function: &'b Function, block: &'b [Stmt], around: &Around<'b>) {
        for stmt in block {
            match stmt {
                Stmt::For(each) => {
                    let probe = self.counted(function, each, &around.loops);
                    let mut inside = around.with(probe, ONE_TRIP | TRIPS);
                    inside.loops.push(each);
                    self.block(function, &each.body, &inside);
                }
                Stmt::While(each) if !each.is_do => {
                    let probe = self.condition(function, each.header_span, true);
                    let inside = around.with(probe, ONE_TRIP | TRIPS);
                    self.block(function, &each.body, &inside);
                }
                Stmt::If(branch) => self.branch(function, branch, around),
                Stmt::Compute(_) | Stmt::Call(_) | Stmt::Return(..) => {
                    let span = stmt.span();
                    if !span.is_unknown() {
                        self.probed.lines.push(Line {
                            place: self.source.place(span),
                            needs: around.needs.clone(),
                        });
                    }
                }
                Stmt::While(_)
                | Stmt::Declare(..)
                | Stmt::Let(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => {
                    for inner in blocks(stmt) {
                        self.block(function, inner, around);
                    }
                }
            }
        }
    }

    fn branch<'b>(&mut self, function: &'b Function, branch: &'b If, around: &Around<'b>) {
        let condition = function.exprs.get(branch.condition);
        let is_constant =
            condition.is_some_and(|condition| matches!(condition.kind, ExprKind::Int(_)));
        // A later piece of a long chain of `else if` stands in a condition that is not in the text.
        let is_piece = branch.then.iter().any(
            |stmt| matches!(stmt, Stmt::If(inside) if inside.span == branch.span && !is_constant),
        );
        let probe = if is_constant || is_piece {
            None
        } else {
            self.condition(function, branch.span, false)
        };
        self.block(function, &branch.then, &around.with(probe, TAKEN));
        self.block(function, &branch.otherwise, &around.with(probe, NOT_TAKEN));
    }

    /// Probes a `for` loop: its first clause says that the loop starts.
    fn counted(&mut self, function: &Function, each: &Loop, around: &[&Loop]) -> Option<usize> {
        let header = self.header(each.header_span, "for")?;
        if let Some(known) = self.seen.get(&each.header_span.start) {
            return Some(*known);
        }
        let [first, second] = header.semicolons()?;
        let feasible = trips(function, around, each);
        let probe = self.probe(function, each.header_span, true, feasible)?;
        let (open, close) = header.parentheses()?;
        let start = header.assignment(open + 1..first);
        let piece = |text: &str| text.replace('@', &probe.to_string());
        if let Some((from, to)) = start {
            self.insert(header.after(from), piece("(mupac_test_enter(@), ("));
            self.insert(header.before(to), piece("))"));
        } else if open + 1 == first {
            self.insert(header.after(open), piece("mupac_test_enter(@)"));
        }
        if first + 1 < second {
            self.insert(header.after(first), piece("mupac_test_trip(@, ("));
            self.insert(header.before(second), piece(") ? 1 : 0)"));
        }
        (second < close).then_some(probe)
    }

    /// Probes the condition of an `if` or `while`.
    fn condition(&mut self, function: &Function, at: Span, is_loop: bool) -> Option<usize> {
        let keyword = if is_loop { "while" } else { "if" };
        let header = self.header(at, keyword)?;
        if let Some(known) = self.seen.get(&at.start) {
            return Some(*known);
        }
        let (open, close) = header.parentheses()?;
        let feasible = if is_loop {
            NO_TRIP | ONE_TRIP | TRIPS
        } else {
            NOT_TAKEN | TAKEN
        };
        let probe = self.probe(function, at, is_loop, feasible)?;
        let call = if is_loop { "trip" } else { "branch" };
        self.insert(header.after(open), format!("mupac_test_{call}({probe}, ("));
        self.insert(header.before(close), ") ? 1 : 0)".to_owned());
        Some(probe)
    }

    fn probe(
        &mut self,
        function: &Function,
        at: Span,
        is_loop: bool,
        feasible: u8,
    ) -> Option<usize> {
        let number = self.probed.probes.len();
        if number >= MOST_PROBES {
            return None;
        }
        self.seen.insert(at.start, number);
        // The program runs with one input, which says nothing about others.
        let feasible = if function.name == "main" { 0 } else { feasible };
        self.probed.probes.push(Probe {
            function: function.name.clone(),
            at: at.start,
            place: self.source.place(at),
            is_loop,
            feasible,
        });
        Some(number)
    }

    /// Returns the tokens of a statement that starts with a keyword.
    fn header(&self, at: Span, keyword: &str) -> Option<Header> {
        let text = self.source.text().get(at.range())?;
        let header = Header::new(at.start as usize, text, keyword)?;
        (!at.is_unknown()).then_some(header)
    }

    fn insert(&mut self, at: usize, text: String) {
        self.insertions.push((at, text));
    }
}
