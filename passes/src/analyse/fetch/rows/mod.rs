//! Rows that an array of pointers leads to, as one array: of `a[i][j] = 0` remains `r[i * p + j] = 0`, where `r` is what
//! the host reads at `a[0]` and `p` is how far each row lies behind the one before ([`mupac_ir::ROW_SPACING`]).
//! Of `a[i][j][k] = 0` remains `r[i * q + j * p + k] = 0`, where `q` is how far each plane of rows lies behind the one
//! before ([`mupac_ir::PLANE_SPACING`]).
//! The pointers may be members of structures, of which each has its row: `s[i].data[j]`.
//!
//! The host looks at all rows that the region certainly touches before it runs; where they are not equally far apart, the
//! guards send it to the original text. Between rows may lie what belongs to others.

mod boxes;
mod ends;
mod greatest;
mod joined;
mod table;

pub(super) use joined::{all, where_runs};

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::{
    BinaryOp, Expr, ExprKind, Function, Handle, Loop, Module, Place, Scalar, Stmt, Var,
};

use super::InMemory;
use super::safe::{certain, leaves};
use crate::facts::BlockStep;
use crate::normalise::modified;
use crate::sum::Sum;
use crate::{build, region};
use boxes::Boxes;
use ends::Level;
pub(in crate::analyse) use joined::planes;
use joined::{Rows, replace};
use table::Table;

/// Returns the function with an array for every array of pointers to rows that a region follows; `None` where there is
/// none. Values in memory have their variables already.
pub(super) fn join(
    module: &Module,
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
    known: &[InMemory],
) -> Option<(Arc<Function>, Vec<InMemory>)> {
    let statements = region::statements(function, path, range);
    let found = Tables::of(module, function, statements).found();
    let (bounds, tables): (Vec<_>, Vec<_>) = found
        .into_iter()
        .partition(|found| found.table.is_of_numbers);
    let mut own = (**function).clone();
    let (mut joined, mut values) = (Vec::new(), known.to_vec());
    for rows in &tables {
        let Some((each, found)) = rows.join(module, &mut own, known) else {
            continue;
        };
        joined.push(each);
        values.extend(found);
    }
    for numbers in &bounds {
        values.extend(numbers.greatest(module, &mut own, known));
    }
    let mut statements = region::take(&mut own, path, range);
    replace(&mut own, &mut statements, &joined);
    region::put(&mut own, path, range.start, statements);
    (!joined.is_empty()).then(|| (Arc::new(own), values))
}

/// So few rows are arrays of their own, which lie anywhere: each has its launch.
const FEW: i128 = 16;

/// A row that a region reaches.
struct Use<'a> {
    table: Table,
    /// Which row, behind which plane where there are planes; `None` where the table is used in another way.
    row: Option<Vec<Handle<Expr>>>,
    /// The loops around it.
    loops: Vec<&'a Loop>,
    /// Whether it is reached in every iteration of these loops.
    is_certain: bool,
}

/// The rows that a region reaches by arrays of pointers.
struct Tables<'a> {
    function: &'a Function,
    /// The tables that the region follows.
    known: BTreeSet<Table>,
    /// The tables of numbers by which loops of the region end.
    bounds: BTreeSet<Table>,
    changed: BTreeSet<Handle<Var>>,
    uses: Vec<Use<'a>>,
}

impl<'a> Tables<'a> {
    fn of(module: &'a Module, function: &'a Function, statements: &'a [Stmt]) -> Self {
        let mut known = BTreeSet::new();
        region::each_place(function, statements, &mut |place| {
            known.extend(Table::of(module, function, place));
        });
        let bounds = if known.is_empty() {
            BTreeSet::new()
        } else {
            greatest::tables(module, function, statements)
        };
        let mut tables = Self {
            function,
            known,
            bounds,
            changed: modified(statements),
            uses: Vec::new(),
        };
        tables.block(statements, &[], true);
        tables
    }

    fn block(&mut self, statements: &'a [Stmt], loops: &[&'a Loop], mut is_certain: bool) {
        for stmt in statements {
            self.statement(stmt, loops, is_certain);
            is_certain &= !leaves(stmt);
        }
    }

    fn statement(&mut self, stmt: &'a Stmt, loops: &[&'a Loop], is_certain: bool) {
        if let Stmt::For(each) = stmt {
            self.bound(greatest::last(each), loops, is_certain);
        }
        if let Some(place) = region::target(stmt) {
            self.place(place, true, loops, is_certain);
            for index in build::indices(place) {
                self.value(index, loops, is_certain);
            }
        }
        for expr in region::expressions(stmt) {
            self.value(expr, loops, is_certain);
        }
        let (around, is_run) = if let Stmt::For(each) = stmt {
            let bounds = [each.start, each.end];
            let are_fixed = bounds.iter().all(|bound| self.is_fixed(*bound));
            // Where one iteration may be the last, those behind it are not certain.
            let is_run = are_fixed && !each.body.iter().any(leaves);
            (&[loops, &[each]].concat()[..], is_run)
        } else {
            (loops, false)
        };
        for block in region::blocks(stmt) {
            self.block(block, around, is_certain && is_run);
        }
    }

    fn value(&mut self, expr: Handle<Expr>, loops: &[&'a Loop], is_certain: bool) {
        let function = self.function;
        let mut sure = Vec::new();
        certain(function, expr, &mut sure);
        build::visit(function, expr, &mut |_, node| {
            if let ExprKind::Load(place) | ExprKind::Address(place) = &node.kind {
                let is_read = matches!(node.kind, ExprKind::Load(_));
                let is_certain = is_certain && is_read && sure.contains(place);
                self.place(place, is_read, loops, is_certain);
            }
        });
    }

    /// Notes the numbers in tables by which a loop ends.
    fn bound(&mut self, end: Handle<Expr>, loops: &[&'a Loop], is_certain: bool) {
        let function = self.function;
        let mut sure = Vec::new();
        certain(function, end, &mut sure);
        build::visit(function, end, &mut |_, node| {
            let ExprKind::Load(place) = &node.kind else {
                return;
            };
            for table in self.bounds.iter().filter(|table| table.is_met_by(place)) {
                self.uses.push(Use {
                    table: table.clone(),
                    row: table.split(place).map(|(row, _)| row),
                    loops: loops.to_vec(),
                    is_certain: is_certain && sure.contains(place),
                });
            }
        });
    }

    /// Notes where a place starts; `is_element` where what lies there is read or written, and not its address taken.
    fn place(&mut self, place: &Place, is_element: bool, loops: &[&'a Loop], is_certain: bool) {
        for table in self.known.iter().filter(|table| table.is_met_by(place)) {
            // The element of the row is one, too.
            let row = table.split(place).filter(|_| is_element);
            self.uses.push(Use {
                table: table.clone(),
                row: row.map(|(row, _)| row),
                loops: loops.to_vec(),
                is_certain,
            });
        }
    }

    /// Returns whether an expression is made of variables that the region does not change.
    fn is_fixed(&self, expr: Handle<Expr>) -> bool {
        let is_kept = |var| !self.changed.contains(&var) && !self.function.vars[var].is_volatile;
        build::is_of_variables(self.function, expr, &is_kept)
    }

    /// Returns the tables of which the region says which rows it reaches.
    fn found(&self) -> Vec<Rows<'a>> {
        let is_followed = |each: &&Use<'_>| {
            let outermost = each.row.as_ref().and_then(|row| row.first());
            outermost.is_some_and(|row| !self.is_fixed(*row))
        };
        let uses = self.uses.iter().filter(is_followed);
        let tables: BTreeSet<&Table> = uses.map(|each| &each.table).collect();
        let is_kept = |table: &&Table| !self.function.vars[table.var].is_volatile;
        let tables = tables.into_iter().filter(is_kept);
        tables.filter_map(|table| self.rows(table)).collect()
    }

    fn rows(&self, table: &Table) -> Option<Rows<'a>> {
        let mut levels: Vec<Level> = (0..table.levels).map(|_| Level::default()).collect();
        let mut loops: Vec<&Loop> = Vec::new();
        let mut boxes = Boxes::default();
        let (mut is_open, mut around) = (false, None);
        let mut uses: Vec<&Use<'_>> = self.uses.iter().collect();
        uses.retain(|each| each.table == *table);
        // Those that certainly happen come first, since conditions keep others inside of what they reach.
        uses.sort_by_key(|each| !self.is_certain(each));
        let is_known = uses.first().is_some_and(|each| self.is_certain(each));
        for each in uses {
            let rows = each.row.as_ref()?;
            let Some(ends) = self.ends(rows, &each.loops) else {
                is_open = true;
                around = around.or_else(|| self.around(rows));
                continue;
            };
            let is_certain = self.is_certain(each);
            if is_known && !is_certain {
                let mut known = levels.iter().zip(&ends);
                is_open |= !known.all(|(level, ends)| level.has(self.function, *ends));
                continue;
            }
            self.add(&mut levels, &ends, is_certain);
            if is_certain {
                let is_new = |around: &&&Loop| !loops.iter().any(|known| known.name == around.name);
                let new: Vec<&Loop> = each.loops.iter().filter(is_new).copied().collect();
                loops.extend(new);
                boxes.add(&ends, self.is_box(each));
            }
        }
        if let (false, Some(ends)) = (levels.iter().all(Level::is_known), around) {
            self.add(&mut levels, &ends, false);
        }
        let rows = levels.first()?;
        if rows
            .first
            .distance_to(&rows.end)
            .is_some_and(|rows| rows <= FEW)
        {
            return None;
        }
        let are_certain = levels.iter().all(Level::is_certain);
        // A condition keeps the rest inside of what is there, and only it says how.
        let is_guess = !are_certain && !loops.is_empty();
        if is_guess || !levels.iter().all(Level::is_known) {
            return None;
        }
        let is_full = levels.len() == 1 || boxes.fill(self.function, &levels);
        Some(Rows {
            table: table.clone(),
            levels,
            loops: are_certain.then_some(loops),
            is_full,
            is_open,
        })
    }

    fn add(&self, levels: &mut [Level], ends: &[(Sum, Sum)], is_certain: bool) {
        for (level, (low, high)) in levels.iter_mut().zip(ends) {
            level.first.add(self.function, *low, is_certain, Ord::min);
            level.end.add(self.function, *high, is_certain, Ord::max);
        }
    }

    /// Returns the rows among which one is that a remainder says.
    fn around(&self, rows: &[Handle<Expr>]) -> Option<Vec<(Sum, Sum)>> {
        let ends = rows.iter().map(|row| {
            let mut row = *row;
            while let ExprKind::Cast(inner) = self.function.exprs[row].kind {
                row = inner;
            }
            let ExprKind::Binary(BinaryOp::Remainder, _, count) = self.function.exprs[row].kind
            else {
                return None;
            };
            let count = self.is_fixed(count).then_some(count)?;
            Some((Sum::constant(0), Sum::of(self.function, count)))
        });
        ends.collect()
    }

    /// Returns whether a use certainly reaches each row between the ends.
    fn is_certain(&self, each: &Use<'_>) -> bool {
        let mut rows = each.row.iter().flatten();
        each.is_certain
            && rows.all(|row| Sum::of(self.function, *row).factor.abs() == 1)
            && each.loops.iter().all(|each| each.step.abs() == 1)
    }

    /// Returns the least row that a use reaches and the one behind the greatest, on each level.
    fn ends(&self, rows: &[Handle<Expr>], loops: &[&Loop]) -> Option<Vec<(Sum, Sum)>> {
        let ends = rows.iter().map(|row| {
            let row = Sum::of(self.function, *row);
            let low = self.end(row, loops, false)?;
            Some((low, self.end(row, loops, true)?.plus(1)?))
        });
        ends.collect()
    }

    /// Returns whether a use reaches the same rows of each plane: no subscript varies with what another one does.
    fn is_box(&self, each: &Use<'_>) -> bool {
        let mut known = BTreeSet::new();
        let mut is_alone = |row: &Handle<Expr>| {
            let base = Sum::of(self.function, *row).base;
            let Some(base) = base.filter(|base| !self.is_fixed(*base)) else {
                return true;
            };
            let var = Sum::of(self.function, base).var(self.function);
            let around = each
                .loops
                .iter()
                .rfind(|around| Some(around.iterator) == var);
            around.is_some_and(|around| {
                let is_fixed = self.is_fixed(around.start) && self.is_fixed(around.end);
                is_fixed && known.insert(around.name.clone())
            })
        };
        each.row.iter().flatten().all(&mut is_alone)
    }

    /// Returns the sides of a sum or difference that does not wrap, of which one is another in other iterations.
    fn varying_sum(&self, expr: Handle<Expr>) -> Option<(BinaryOp, [Handle<Expr>; 2])> {
        let node = &self.function.exprs[expr];
        let is_signed = node.ty.scalar().is_some_and(Scalar::is_signed);
        let ExprKind::Binary(op @ (BinaryOp::Add | BinaryOp::Subtract), a, b) = node.kind else {
            return None;
        };
        (is_signed && !self.is_fixed(expr)).then_some((op, [a, b]))
    }

    /// Returns the least or the greatest value of a sum in the iterations of loops.
    fn end(&self, sum: Sum, loops: &[&Loop], is_greatest: bool) -> Option<Sum> {
        let Some(base) = sum.base else {
            return Some(sum);
        };
        if sum.factor != 1 {
            let is_greatest = is_greatest == (sum.factor > 0);
            let end = self.end(Sum::whole(base), loops, is_greatest)?;
            return end.times(sum.factor)?.plus(sum.offset);
        }
        if let Some((op, sides)) = self.varying_sum(base) {
            let is_sum = op == BinaryOp::Add;
            let [a, b] = sides.map(|side| Sum::of(self.function, side));
            let a = self.end(a, loops, is_greatest)?;
            let b = self.end(b, loops, is_greatest == is_sum)?;
            return a.with(b, is_sum, self.function)?.plus(sum.offset);
        }
        let var = Sum::of(self.function, base).var(self.function);
        let Some(at) = loops.iter().rposition(|each| Some(each.iterator) == var) else {
            return self.is_fixed(base).then_some(sum);
        };
        let each = loops[at];
        let last = Sum::of(self.function, each.end).plus(-i128::from(each.step.signum()));
        let end = if is_greatest == (each.step > 0) {
            last?
        } else {
            Sum::of(self.function, each.start)
        };
        self.end(end.plus(sum.offset)?, &loops[..at], is_greatest)
    }
}
