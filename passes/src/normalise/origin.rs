//! Loops that start at a product: of `for (k = i * w; k < (i + 1) * w; k++) a[k] = 0` in a loop over `i` remains
//! `for (at = 0; at < w; at++) { k = i * w + at; a[k] = 0; }`, whose bounds are plain, and whose subscript has rows of `w`.
//!
//! Bounds may stand in locals that iterations compute. How far they are apart is a difference of polynomials, and is what the
//! program's own numbers are apart where these are computed without overflow: all of it is signed, so that anything else has
//! no meaning (C17 6.5 §5).
//!
//! **Source**: Allen, Kennedy, “Optimizing Compilers for Modern Architectures”, 2001, 4.3 (loop normalisation).

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::{BinaryOp, Block, Function, Handle, Loop, Place, Scalar, Stmt, Type, Var};

use super::modified;
use super::values::{Values, build_sum, multiplies, names};
use crate::analyse::{changed, is_live_after};
use crate::facts::BlockStep;
use crate::numbering::Numbering;
use crate::{build, region};

/// Returns the function with such loops of some statements counted from 0; the same function where there is none.
pub(super) fn count_from_zero(
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Arc<Function> {
    let mut statements = region::statements(function, path, range).to_vec();
    let mut work = Origin {
        written: function,
        function: (**function).clone(),
        varying: modified(&statements),
        numbering: Numbering::after(&[&function.body]),
        is_changed: false,
    };
    work.block(&mut statements, &mut Values::default(), path, range.start);
    if !work.is_changed {
        return Arc::clone(function);
    }
    let mut function = work.function;
    region::take(&mut function, path, range);
    region::put(&mut function, path, range.start, statements);
    Arc::new(function)
}

struct Origin<'a> {
    /// Where positions lead.
    written: &'a Function,
    function: Function,
    /// What the statements change.
    varying: BTreeSet<Handle<Var>>,
    numbering: Numbering,
    is_changed: bool,
}

impl Origin<'_> {
    /// Counts from 0 in a block, the first of whose statements stands at a position.
    fn block(&mut self, block: &mut Block, values: &mut Values, path: &[BlockStep], first: usize) {
        for (at, stmt) in (first..).zip(block) {
            let before = values.clone();
            values.pass(&self.function, stmt);
            let inside = |work: &mut Self, step, block: &mut Block, values: &Values| {
                let path = [path, &[step]].concat();
                work.block(block, &mut values.clone(), &path, 0);
            };
            match stmt {
                Stmt::For(each) => {
                    inside(self, BlockStep::Body(at), &mut each.body, values);
                    let is_needed = !each.declares_iterator
                        && is_live_after(self.written, path, at, each.iterator);
                    if !is_needed && let Some(own) = self.counted(each, &before) {
                        *each = own;
                        self.is_changed = true;
                    }
                }
                Stmt::If(branch) => {
                    inside(self, BlockStep::Then(at), &mut branch.then, &before);
                    inside(
                        self,
                        BlockStep::Otherwise(at),
                        &mut branch.otherwise,
                        &before,
                    );
                }
                Stmt::While(each) => inside(self, BlockStep::Body(at), &mut each.body, values),
                Stmt::Compute(_)
                | Stmt::Declare(..)
                | Stmt::Let(..)
                | Stmt::Call(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => {}
            }
        }
    }

    /// Returns a loop that starts at a product with something that varies, counted from 0.
    fn counted(&mut self, each: &Loop, values: &Values) -> Option<Loop> {
        let var = each.iterator;
        let ty = self.function.vars[var].ty.scalar()?;
        let is_signed = matches!(ty, Scalar::I32 | Scalar::I64);
        let mut inside = changed(&self.function, &each.body);
        inside.insert(var);
        let is_kept = [each.start, each.end].iter().all(|bound| {
            let named = build::variables(&self.function, *bound);
            !named.iter().any(|var| inside.contains(var))
        });
        if !is_signed || !is_kept || each.step <= 0 {
            return None;
        }
        let start = values.polynomial(&self.function, each.start)?;
        if !multiplies(&self.function, &start, &self.varying)? {
            return None;
        }
        let distance = values.polynomial(&self.function, each.end)?.minus(&start)?;
        let is_kept = !inside.iter().any(|var| names(&distance, *var));
        if !is_kept || multiplies(&self.function, &distance, &self.varying)? {
            return None;
        }
        let end = build_sum(&mut self.function, &distance)?;
        let counted_in = self.function.exprs[end].ty.scalar()?;
        let name = format!("{}.at", self.function.vars[var].name);
        let counter = Var::local(self.function.fresh_name(&name), Type::Scalar(counted_in));
        let counter = self.function.vars.push(counter);
        let along = self.function.load(counter);
        let along = build::convert(&mut self.function, along, ty);
        let start = build::convert(&mut self.function, each.start, ty);
        let value = build::binary(&mut self.function, BinaryOp::Add, start, along);
        let span = each.header_span;
        let own = self.numbering.assignment(Place::var(var), value, span);
        let mut body = vec![Stmt::Compute(own)];
        if each.declares_iterator {
            body.insert(0, Stmt::Declare(var, span));
        }
        body.extend(each.body.iter().cloned());
        Some(Loop {
            iterator: counter,
            declares_iterator: true,
            start: build::int(&mut self.function, 0, counted_in),
            end,
            body,
            ..each.clone()
        })
    }
}
