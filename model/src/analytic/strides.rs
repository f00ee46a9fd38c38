//! How the accesses of a nest move through memory while its loops go on.

use std::collections::BTreeSet;

use mupac_ir::structure::{blocks, each, expressions, indices, operands};
use mupac_ir::{Expr, ExprKind, Function, Handle, LoopName, Place, Stmt, Var};
use mupac_passes::Draft;

use super::points::{DEPTH, Value};
use super::typical::Typical;
use super::values::Values;

/// A load or a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The array, pointer or structure.
    pub array: Handle<Var>,
    /// Whether it is a store.
    pub is_write: bool,
    /// The size of what is loaded or stored.
    ///
    /// **Units**: bytes.
    pub element_bytes: i64,
    /// For each loop around it, from the outside, how far the address moves from one iteration to the next, all else
    /// being the same; `None` where data decides. Loops deeper than the estimate looks are left out.
    ///
    /// **Units**: bytes.
    pub strides: Vec<(LoopName, Option<i64>)>,
}

/// How an address moves from one iteration of a loop to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pace {
    /// Not at all.
    Still,
    /// To the next element.
    Next,
    /// To the same cache line or the next one.
    Near,
    /// Farther.
    Far,
    /// Where data says.
    ByData,
}

impl Pace {
    /// All of them; the position is the discriminant.
    pub const ALL: [Self; 5] = [Self::Still, Self::Next, Self::Near, Self::Far, Self::ByData];

    /// Returns the pace of a stride in bytes, `None` where data decides.
    pub fn of(stride: Option<i64>, element_bytes: i64) -> Self {
        match stride {
            None => Self::ByData,
            Some(0) => Self::Still,
            Some(by) if by.abs() == element_bytes => Self::Next,
            Some(by) if by.abs() < CACHE_LINE_BYTES => Self::Near,
            Some(_) => Self::Far,
        }
    }
}

/// **Source**: CUDA C++ Best Practices Guide 13.0, “Coalesced Access to Global Memory”.
const CACHE_LINE_BYTES: i64 = 128;

/// What statements do to memory, and how often their loops run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// In the order of the text.
    pub accesses: Vec<Access>,
    /// The loops, each with its trips in the first iteration of those around it; where it would have none, half of what
    /// is typical.
    pub trips: Vec<(LoopName, f64)>,
}

/// Returns the accesses of statements of a draft, in the order of the text; sizes that are not known are typical ones.
pub fn accesses(draft: &Draft, statements: &[Stmt]) -> Vec<Access> {
    reading(draft, statements).accesses
}

/// Returns what statements of a draft do; sizes that are not known are typical ones.
pub fn reading(draft: &Draft, statements: &[Stmt]) -> Reading {
    let mut computed = BTreeSet::new();
    each(statements, &mut |stmt| {
        if let Stmt::Compute(compute) = stmt
            && compute.target.path.is_empty()
        {
            computed.insert(compute.target.var);
        }
    });
    let typical = Typical::of(draft);
    let records = &draft.workload().module.records;
    let mut reader = Reader {
        function: draft.function(),
        values: Values::new(records, draft.function(), &computed, typical),
        loops: Vec::new(),
        found: Reading::default(),
    };
    reader.block(statements);
    reader.found
}

struct Reader<'a> {
    function: &'a Function,
    values: Values<'a>,
    /// The loops around the statement at hand, from the outside.
    loops: Vec<&'a LoopName>,
    found: Reading,
}

impl<'a> Reader<'a> {
    fn block(&mut self, statements: &'a [Stmt]) {
        for stmt in statements {
            for each in expressions(stmt) {
                self.expression(each);
            }
            match stmt {
                Stmt::Compute(compute) => self.access(&compute.target, true),
                Stmt::Let(var, value) => self.values.set(*var, self.values.integer(*value)),
                Stmt::For(each) => {
                    let start = self.values.integer(each.start).base();
                    let end = self.values.integer(each.end).base();
                    let trips = (end.saturating_sub(start)) as f64 / each.step as f64;
                    let typical = self.values.typical() as f64 / 2.0;
                    let trips = if trips >= 1.0 { trips.ceil() } else { typical };
                    self.found.trips.push((each.name.clone(), trips));
                    let iterator = Value::same(start).moving(self.loops.len(), each.step);
                    self.values.set(each.iterator, iterator);
                    self.loops.push(&each.name);
                    self.block(&each.body);
                    self.loops.pop();
                }
                Stmt::If(_) | Stmt::While(_) => {
                    for block in blocks(stmt) {
                        self.block(block);
                    }
                }
                Stmt::Declare(..)
                | Stmt::Call(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => {}
            }
        }
    }

    fn expression(&mut self, expr: Handle<Expr>) {
        let kind = &self.function.exprs[expr].kind;
        if let ExprKind::Load(place) = kind {
            self.access(place, false);
        }
        for each in operands(kind) {
            self.expression(each);
        }
    }

    fn access(&mut self, place: &Place, is_write: bool) {
        if indices(place).next().is_none() {
            return;
        }
        let address = self.values.offset_bytes(place);
        let is_known = address.known().is_some();
        let gradient = address.gradient();
        let loops = self.loops.iter().take(DEPTH).zip(gradient);
        let strides = loops.map(|(name, stride)| ((*name).clone(), is_known.then_some(stride)));
        self.found.accesses.push(Access {
            array: place.var,
            is_write,
            element_bytes: self.values.place_bytes(place),
            strides: strides.collect(),
        });
    }
}
