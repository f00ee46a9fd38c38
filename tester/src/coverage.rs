//! How much of the original the tests reach: every loop with no, one and several iterations, every branch both ways.
//!
//! Probes are calls around the conditions of `for`, `while` and `if`, put into a copy of the original's text; what they
//! see comes back with the results of a run.
//! A condition that no probe fits, for instance because a macro brings it, is not counted.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::structure::blocks;
use mupac_ir::{
    BinaryOp, Expr, ExprKind, Function, Handle, If, Loop, Source, Span, Stmt, UnaryOp, Unit,
};

use crate::lexer::{Kind, Token, tokens};

/// Below this share of outcomes, or of lines, tests say too little.
const LEAST_OUTCOMES: f64 = 0.8;
const LEAST_LINES: f64 = 0.9;
/// More probes than `simt/harness.c` keeps.
const MOST_PROBES: usize = 4096;
/// Most outcomes that are named one by one.
const MOST_NAMED: usize = 8;

/// What the tests of a text reached of the original.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Outcomes of conditions: no, one and several iterations of each loop, both ways of each branch.
    pub outcomes: usize,
    /// How many of them a test reached.
    pub outcomes_reached: usize,
    /// Lines with statements.
    pub lines: usize,
    /// How many of them a test reached.
    pub lines_reached: usize,
    /// What no test reached, in words.
    pub missed: Vec<String>,
}

impl Coverage {
    /// Returns the share of outcomes that a test reached.
    pub fn outcome_share(&self) -> f64 {
        share(self.outcomes_reached, self.outcomes)
    }

    /// Returns the share of lines that a test reached.
    pub fn line_share(&self) -> f64 {
        share(self.lines_reached, self.lines)
    }

    /// Returns whether the tests reached too little to be trusted.
    pub fn is_low(&self) -> bool {
        self.outcome_share() < LEAST_OUTCOMES || self.line_share() < LEAST_LINES
    }
}

fn share(part: usize, all: usize) -> f64 {
    if all == 0 {
        1.0
    } else {
        part as f64 / all as f64
    }
}

/// What probes saw: for each, a bit for each outcome.
pub(crate) type Reached = BTreeMap<usize, u8>;

/// The original with probes.
#[derive(Debug, Default)]
pub(crate) struct Probed {
    /// The text; `None` where there is nothing to probe.
    pub(crate) text: Option<String>,
    probes: Vec<Probe>,
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Probe {
    /// Name of the function.
    function: String,
    line: usize,
    is_loop: bool,
    /// The outcomes that some input may have.
    feasible: u8,
}

/// A line of statements and what has to happen for it to run.
#[derive(Debug)]
struct Line {
    number: usize,
    /// Each with the outcomes of which one is needed.
    needs: Vec<(usize, u8)>,
}

/// Outcomes of a loop.
const NO_TRIP: u8 = 1;
const ONE_TRIP: u8 = 2;
const TRIPS: u8 = 4;
/// Outcomes of a branch.
const NOT_TAKEN: u8 = 1;
const TAKEN: u8 = 2;

/// Puts probes into the original.
pub(crate) fn probed(unit: &Unit) -> Probed {
    let mut builder = Builder {
        source: &unit.source,
        insertions: Vec::new(),
        seen: BTreeMap::new(),
        probed: Probed::default(),
    };
    for entry in &unit.entries {
        builder.block(&entry.function, &entry.function.body, &[]);
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
        text.push_str(unit.source.text.get(from..at).unwrap_or_default());
        text.push_str(&piece);
        from = at;
    }
    text.push_str(unit.source.text.get(from..).unwrap_or_default());
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

impl Builder<'_> {
    fn block(&mut self, function: &Function, block: &[Stmt], needs: &[(usize, u8)]) {
        for stmt in block {
            match stmt {
                Stmt::For(each) => {
                    let probe = self.counted(function, each);
                    self.block(function, &each.body, &with(needs, probe, ONE_TRIP | TRIPS));
                }
                Stmt::While(each) if !each.is_do => {
                    let probe = self.condition(function, each.header_span, true);
                    self.block(function, &each.body, &with(needs, probe, ONE_TRIP | TRIPS));
                }
                Stmt::If(branch) => self.branch(function, branch, needs),
                Stmt::Compute(_) | Stmt::Call(_) | Stmt::Return(..) => {
                    let span = stmt.span();
                    if !span.is_unknown() {
                        self.probed.lines.push(Line {
                            number: self.source.line(span),
                            needs: needs.to_vec(),
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
                        self.block(function, inner, needs);
                    }
                }
            }
        }
    }

    fn branch(&mut self, function: &Function, branch: &If, needs: &[(usize, u8)]) {
        let condition = function.exprs.get(branch.condition);
        let is_constant =
            condition.is_some_and(|condition| matches!(condition.kind, ExprKind::Int(_)));
        let probe = if is_constant {
            None
        } else {
            self.condition(function, branch.span, false)
        };
        self.block(function, &branch.then, &with(needs, probe, TAKEN));
        self.block(function, &branch.otherwise, &with(needs, probe, NOT_TAKEN));
    }

    /// Probes a `for` loop: its first clause says that the loop starts.
    fn counted(&mut self, function: &Function, each: &Loop) -> Option<usize> {
        let header = self.header(each.header_span, "for")?;
        if let Some(known) = self.seen.get(&each.header_span.start) {
            return Some(*known);
        }
        let [first, second] = header.semicolons()?;
        let probe = self.probe(function, each.header_span, true, trips(function, each))?;
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
            line: self.source.line(at),
            is_loop,
            feasible,
        });
        Some(number)
    }

    /// Returns the tokens of a statement that starts with a keyword.
    fn header(&self, at: Span, keyword: &str) -> Option<Header> {
        let start = at.start as usize;
        let text = self.source.text.get(at.range())?;
        let tokens = tokens(text);
        let first = tokens.first()?;
        let is_keyword =
            first.kind == Kind::Identifier && text.get(first.at.clone()) == Some(keyword);
        let bytes = text.as_bytes().to_vec();
        (is_keyword && !at.is_unknown()).then_some(Header {
            start,
            tokens,
            bytes,
        })
    }

    fn insert(&mut self, at: usize, text: String) {
        self.insertions.push((at, text));
    }
}

/// The tokens of a statement, of which the first is its keyword; positions are numbers of tokens.
struct Header {
    /// Where the statement starts in the file.
    start: usize,
    tokens: Vec<Token>,
    bytes: Vec<u8>,
}

impl Header {
    fn is(&self, token: usize, punctuation: u8) -> bool {
        self.tokens
            .get(token)
            .is_some_and(|each| each.is(punctuation))
    }

    /// Returns the parentheses after the keyword.
    fn parentheses(&self) -> Option<(usize, usize)> {
        if !self.is(1, b'(') {
            return None;
        }
        let close = (1..self.tokens.len()).find(|&end| end > 1 && self.depth(end) == 0)?;
        Some((1, close))
    }

    /// Returns how many brackets are open after a token.
    fn depth(&self, token: usize) -> i32 {
        let tokens = self.tokens.iter().take(token + 1);
        tokens
            .map(|each| match each.kind {
                Kind::Punctuation(b'(' | b'[' | b'{') => 1,
                Kind::Punctuation(b')' | b']' | b'}') => -1,
                Kind::Punctuation(_) | Kind::Identifier | Kind::Number | Kind::Literal => 0,
            })
            .sum()
    }

    /// Returns the two semicolons of a `for`.
    fn semicolons(&self) -> Option<[usize; 2]> {
        let (open, close) = self.parentheses()?;
        let found: Vec<usize> = (open..close)
            .filter(|&token| self.is(token, b';') && self.depth(token) == 1)
            .collect();
        <[usize; 2]>::try_from(found).ok()
    }

    /// Returns the first `=` of a clause and the token that ends the value after it.
    fn assignment(&self, clause: std::ops::Range<usize>) -> Option<(usize, usize)> {
        let end = clause.end;
        let is_part = |byte: Option<&u8>| byte.is_some_and(|byte| b"=<>!+-*/%&|^".contains(byte));
        let at = clause.clone().find(|&token| {
            let Some(each) = self.tokens.get(token) else {
                return false;
            };
            let before = each
                .at
                .start
                .checked_sub(1)
                .and_then(|at| self.bytes.get(at));
            let is_single = !is_part(before) && self.bytes.get(each.at.end) != Some(&b'=');
            each.is(b'=') && self.depth(token) == 1 && is_single
        })?;
        let comma = (at..end).find(|&token| self.is(token, b',') && self.depth(token) == 1);
        Some((at, comma.unwrap_or(end)))
    }

    fn after(&self, token: usize) -> usize {
        self.start + self.tokens.get(token).map_or(0, |each| each.at.end)
    }

    fn before(&self, token: usize) -> usize {
        self.start + self.tokens.get(token).map_or(0, |each| each.at.start)
    }
}

fn with(needs: &[(usize, u8)], probe: Option<usize>, outcomes: u8) -> Vec<(usize, u8)> {
    let more = probe.map(|probe| (probe, outcomes));
    needs.iter().copied().chain(more).collect()
}

/// Returns the outcomes that a counted loop may have: one where its bounds are constants.
fn trips(function: &Function, each: &Loop) -> u8 {
    let (Some(start), Some(end)) = (constant(function, each.start), constant(function, each.end))
    else {
        return NO_TRIP | ONE_TRIP | TRIPS;
    };
    let step = i128::from(each.step);
    let distance = if step > 0 { end - start } else { start - end };
    match distance {
        ..=0 => NO_TRIP,
        _ if distance <= step.abs() => ONE_TRIP,
        _ => TRIPS,
    }
}

/// Returns the value of an integer expression without variables.
fn constant(function: &Function, handle: Handle<Expr>) -> Option<i128> {
    let expr = function.exprs.get(handle)?;
    let value = match &expr.kind {
        ExprKind::Int(value) => Some(*value),
        ExprKind::Cast(inner) => constant(function, *inner),
        ExprKind::Unary(UnaryOp::Negate, inner) => constant(function, *inner)?.checked_neg(),
        ExprKind::Binary(op, left, right) => {
            let (left, right) = (constant(function, *left)?, constant(function, *right)?);
            match op {
                BinaryOp::Add => left.checked_add(right),
                BinaryOp::Subtract => left.checked_sub(right),
                BinaryOp::Multiply => left.checked_mul(right),
                BinaryOp::Divide => left.checked_div(right),
                BinaryOp::Remainder
                | BinaryOp::BitAnd
                | BinaryOp::BitOr
                | BinaryOp::BitXor
                | BinaryOp::ShiftLeft
                | BinaryOp::ShiftRight
                | BinaryOp::Less
                | BinaryOp::LessEqual
                | BinaryOp::Greater
                | BinaryOp::GreaterEqual
                | BinaryOp::Equal
                | BinaryOp::NotEqual
                | BinaryOp::And
                | BinaryOp::Or
                | BinaryOp::Difference
                | BinaryOp::Min
                | BinaryOp::Max
                | BinaryOp::FloorDivide
                | BinaryOp::CeilDivide => None,
            }
        }
        ExprKind::Unary(UnaryOp::BitNot | UnaryOp::Not, _)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => None,
    };
    let (least, most) = expr.ty.scalar()?.integer_range()?;
    value.filter(|value| (least..=most).contains(value))
}

impl Probed {
    /// Returns whether an outcome of a function's conditions is missing.
    pub(crate) fn is_missing(&self, function: &str, reached: &Reached) -> bool {
        let mut probes = self.probes.iter().enumerate();
        probes.any(|(number, probe)| {
            let seen = reached.get(&number).copied().unwrap_or(0);
            probe.function == function && probe.feasible & !seen != 0
        })
    }

    /// Returns what tests that saw this reached.
    pub(crate) fn coverage(&self, reached: &Reached) -> Coverage {
        let seen = |probe: usize| reached.get(&probe).copied().unwrap_or(0);
        let mut coverage = Coverage::default();
        for (number, probe) in self.probes.iter().enumerate() {
            let missed = probe.feasible & !seen(number);
            coverage.outcomes += probe.feasible.count_ones() as usize;
            coverage.outcomes_reached += (probe.feasible & !missed).count_ones() as usize;
            coverage.missed.extend(words(probe, missed));
        }
        let more = coverage.missed.len().saturating_sub(MOST_NAMED);
        coverage.missed.truncate(MOST_NAMED);
        if more > 0 {
            coverage.missed.push(format!("and {more} more"));
        }
        let runs = |line: &&Line| {
            let mut needs = line.needs.iter();
            needs.all(|(probe, outcomes)| seen(*probe) & outcomes != 0)
        };
        let numbers = |lines: &[&Line]| -> usize {
            let numbers: BTreeSet<usize> = lines.iter().map(|line| line.number).collect();
            numbers.len()
        };
        let all: Vec<&Line> = self.lines.iter().collect();
        let ran: Vec<&Line> = all.iter().copied().filter(runs).collect();
        coverage.lines = numbers(&all);
        coverage.lines_reached = numbers(&ran);
        coverage
    }
}

/// Says which outcomes of a condition are missing.
fn words(probe: &Probe, missed: u8) -> Vec<String> {
    let names: &[(u8, &str)] = if probe.is_loop {
        &[
            (NO_TRIP, "no iteration"),
            (ONE_TRIP, "one iteration"),
            (TRIPS, "several iterations"),
        ]
    } else {
        &[(NOT_TAKEN, "false"), (TAKEN, "true")]
    };
    let what = if probe.is_loop { "loop" } else { "condition" };
    names
        .iter()
        .filter(|(bit, _)| missed & bit != 0)
        .map(|(_, name)| format!("{} of line {} with {name}", what, probe.line))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe(line: usize, is_loop: bool, feasible: u8) -> Probe {
        Probe {
            function: "f".to_owned(),
            line,
            is_loop,
            feasible,
        }
    }

    #[test]
    fn outcomes_and_lines_are_counted_and_missed_ones_named() {
        let probed = Probed {
            text: None,
            probes: vec![
                probe(2, true, NO_TRIP | ONE_TRIP | TRIPS),
                probe(3, false, NOT_TAKEN | TAKEN),
                probe(5, true, TRIPS),
            ],
            lines: vec![
                Line {
                    number: 3,
                    needs: vec![(0, ONE_TRIP | TRIPS)],
                },
                Line {
                    number: 4,
                    needs: vec![(0, ONE_TRIP | TRIPS), (1, TAKEN)],
                },
            ],
        };
        let reached = Reached::from([(0, ONE_TRIP | TRIPS), (1, NOT_TAKEN), (2, TRIPS)]);
        let coverage = probed.coverage(&reached);
        assert_eq!((coverage.outcomes, coverage.outcomes_reached), (6, 4));
        assert_eq!((coverage.lines, coverage.lines_reached), (2, 1));
        assert_eq!(
            coverage.missed,
            [
                "loop of line 2 with no iteration",
                "condition of line 3 with true"
            ]
        );
        assert!(coverage.is_low() && probed.is_missing("f", &reached));
        assert!(!probed.is_missing("g", &reached));
        let all = Reached::from([(0, 7), (1, 3), (2, TRIPS)]);
        assert!(!probed.coverage(&all).is_low() && !probed.is_missing("f", &all));
    }

    #[test]
    fn the_first_assignment_of_a_clause_is_found() {
        let header = |text: &str| Header {
            start: 0,
            tokens: tokens(text),
            bytes: text.as_bytes().to_vec(),
        };
        let value = |text: &str| {
            let header = header(text);
            let [first, _] = header.semicolons().unwrap();
            let (at, end) = header.assignment(2..first)?;
            Some(text[header.after(at)..header.before(end)].trim().to_owned())
        };
        let is = |text: &str| value(text).unwrap_or_default();
        assert_eq!(
            is("for (int i = a[f(1, 2)], j = 3; i < n; i++)"),
            "a[f(1, 2)]"
        );
        assert_eq!(is("for (i = (a == b); i <= n; )"), "(a == b)");
        assert_eq!(value("for (i += 2; i >= 0; i--)"), None);
        assert_eq!(value("for (; i >= 0; i--)"), None);
    }
}
