//! What becomes of a loop in a pass: it is repeated, done once, or left out.

use mupac_ir::{
    Apart, BinaryOp, Block, Expr, ExprKind, Function, Handle, If, Loop, Mapping, Scalar, Span, Stmt,
};

use super::carries::{carried_number, carries};
use super::ends::{count, ends};
use super::{Slicer, matters, notes};
use crate::analyse::names::shown;
use crate::{build, region};

/// A pass gives up where a loop with bounds that depend on data has more iterations.
const MOST_ITERATIONS: i128 = 1 << 22;

impl Slicer<'_> {
    pub(super) fn counted(&mut self, each: &Loop, kept: &mut Block) {
        for bound in [each.start, each.end] {
            self.notes(bound, kept);
        }
        self.iterators.push(each.iterator);
        let body = self.block(&each.body);
        self.iterators.pop();
        if !matters(&body) {
            return;
        }
        if let Some(number) = carried_number(self.function, &body) {
            let name = shown(&self.function.vars[number]);
            let why = format!("it depends on {name}, which kernels may add up in another order");
            self.refuse(&why, each.header_span);
        }
        self.reads(each.start);
        self.reads(each.end);
        let mut leaves = false;
        region::each(&body, &mut |stmt| {
            leaves |= matches!(stmt, Stmt::Break(_) | Stmt::Continue(_));
        });
        let matters =
            leaves || self.needed.contains(&each.iterator) || carries(self.function, &body);
        let once = if !matters {
            Some(body.clone())
        } else if self.tells_apart() {
            None
        } else {
            let ends = ends(self.function, each, &body);
            if let Some(ends) = &ends {
                self.pass.notes = self.pass.notes + count(ends) - count(&body);
                self.pass.ended.insert(each.name.clone());
            }
            ends
        };
        if let Some(once) = once
            && self.once(each, once, kept)
        {
            return;
        }
        self.pass.ended.remove(&each.name);
        self.pass.loops.insert(each.name.clone());
        let repeated = Stmt::For(Loop {
            name: each.name.clone(),
            declares_iterator: true,
            mapping: Mapping::Sequential,
            body,
            ..*each
        });
        kept.push(match self.is_too_long(each) {
            Some(condition) => Stmt::If(If {
                condition,
                then: vec![notes::gives_up(self.function)],
                otherwise: vec![repeated],
                span: Span::default(),
            }),
            None => repeated,
        });
    }

    /// Returns whether every iteration of a loop counts that stands in no other one: it has to be told from the others.
    fn tells_apart(&self) -> bool {
        match self.asked {
            Apart::Unasked => false,
            Apart::Each => true,
            Apart::Iterations => self.iterators.is_empty(),
        }
    }

    /// Adds what is done once where a loop runs at all; returns whether its condition can be told.
    fn once(&mut self, each: &Loop, body: Block, kept: &mut Block) -> bool {
        if always_runs(self.function, each) {
            kept.extend(body);
            return true;
        }
        let Some(condition) = self.runs(each) else {
            return false;
        };
        kept.push(Stmt::If(If {
            condition,
            then: body,
            otherwise: Block::new(),
            span: Span::default(),
        }));
        true
    }

    /// Appends that a loop whose bounds depend on data has more iterations than a pass is worth.
    ///
    /// Where the region itself changes what the bounds are read from, anything may stand there before.
    fn is_too_long(&mut self, each: &Loop) -> Option<Handle<Expr>> {
        let mut is_of_data = false;
        for bound in [each.start, each.end] {
            build::visit(self.function, bound, &mut |_, node| {
                if let ExprKind::Load(place) = &node.kind {
                    let is_computed =
                        self.written.contains(&place.var) && !self.iterators.contains(&place.var);
                    is_of_data |= !place.path.is_empty() || is_computed;
                }
            });
        }
        let ty = self.function.exprs[each.end].ty.scalar()?;
        if !is_of_data || ty.size_bytes() < Scalar::I32.size_bytes() {
            return None;
        }
        let (low, high) = if each.step > 0 {
            (each.start, each.end)
        } else {
            (each.end, each.start)
        };
        let [low, high] =
            [low, high].map(|bound| build::convert(self.function, bound, Scalar::I64));
        let most = build::int(self.function, MOST_ITERATIONS, Scalar::I64);
        let beyond = build::binary(self.function, BinaryOp::Add, low, most);
        let kind = ExprKind::Binary(BinaryOp::Less, beyond, high);
        Some(self.function.expr(kind, Scalar::I32))
    }

    /// Appends that a loop runs at least once: its own test of the first value.
    fn runs(&mut self, each: &Loop) -> Option<Handle<Expr>> {
        let ty = self.function.exprs[each.end].ty.scalar()?;
        let start = build::convert(self.function, each.start, ty);
        let op = if each.step > 0 {
            BinaryOp::Less
        } else {
            BinaryOp::Greater
        };
        let kind = ExprKind::Binary(op, start, each.end);
        Some(self.function.expr(kind, Scalar::I32))
    }
}

/// Returns whether constant bounds show that a loop runs.
fn always_runs(function: &Function, each: &Loop) -> bool {
    let bounds = build::constant(function, each.start).zip(build::constant(function, each.end));
    bounds.is_some_and(|(start, end)| {
        (each.step > 0 && start < end) || (each.step < 0 && start > end)
    })
}
