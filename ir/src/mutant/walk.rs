//! Finds the places for mistakes: statements and expressions of kernels, in a fixed order.

use super::equivalence::Equivalence;
use crate::arena::Handle;
use crate::expr::{Expr, ExprKind, Place};
use crate::function::Function;
use crate::plan::{KernelPlan, RegionPlan};
use crate::span::Span;
use crate::stmt::{Block, Stmt};
use crate::structure::{blocks_mut, expressions, indices_mut, operands};

/// Where a mistake is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Spot {
    /// What of several things is meant, if the kind does not say it.
    pub(super) what: String,
    /// The kernel; `None`: on the host.
    pub(super) kernel: Option<Handle<KernelPlan>>,
    /// The statement, where the source has it.
    pub(super) span: Span,
    /// Why it is no mistake after all.
    pub(super) equivalence: Option<Equivalence>,
}

/// Counts places for a mistake and picks the one after as many others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sites {
    before: usize,
}

impl Sites {
    /// Picks the place that comes after `before` others.
    pub(super) fn after(before: usize) -> Self {
        Self { before }
    }

    /// Returns whether this place is the one; asked once for each place, in order.
    pub(super) fn is_due(&mut self) -> bool {
        let left = self.before.checked_sub(1);
        self.before = left.unwrap_or(usize::MAX);
        left.is_none()
    }
}

/// Makes a change in a block whose statement at a position may be the place, and says whether it was.
pub(super) type ChangeStatement<'a> =
    &'a mut dyn FnMut(&mut Function, &mut Block, usize, &mut Sites) -> bool;

/// Offers the statements of the kernels in order, with what joins and finishes their reductions, until one is changed.
pub(super) fn in_statements(
    plan: &mut RegionPlan,
    sites: &mut Sites,
    change: ChangeStatement<'_>,
) -> Option<Spot> {
    let kernels: Vec<_> = plan.mapped_kernels().map(|(handle, _)| handle).collect();
    for handle in kernels {
        let kernel = &mut plan.kernels[handle];
        let function = &mut plan.function;
        let span = kernel.span;
        let reductions = kernel.reductions.clone();
        let mut found = in_block(function, &mut kernel.body, span, sites, change);
        for each in reductions {
            let reduction = &mut plan.reductions[each];
            for block in [&mut reduction.join, &mut reduction.finish] {
                found = found.or_else(|| in_block(function, block, span, sites, change));
            }
        }
        if let Some(span) = found {
            return Some(Spot {
                kernel: Some(handle),
                span,
                ..Spot::default()
            });
        }
    }
    None
}

/// Returns where the changed statement stands in the source: itself, or what encloses it.
fn in_block(
    function: &mut Function,
    block: &mut Block,
    around: Span,
    sites: &mut Sites,
    change: ChangeStatement<'_>,
) -> Option<Span> {
    for at in 0..block.len() {
        let own = block.get(at).map_or(around, |stmt| span(function, stmt));
        let span = if own.is_unknown() { around } else { own };
        if change(function, block, at, sites) {
            return Some(span);
        }
        let inner = block.get_mut(at).into_iter().flat_map(blocks_mut);
        for inside in inner {
            if let Some(found) = in_block(function, inside, span, sites, change) {
                return Some(found);
            }
        }
    }
    None
}

/// Returns where a statement stands: statements that passes made may hold expressions of the source.
fn span(function: &Function, stmt: &Stmt) -> Span {
    let mut parts = expressions(stmt).into_iter();
    let of_part = |handle| function.exprs.get(handle).map(|expr: &Expr| expr.span);
    let known = |span: &Span| !span.is_unknown();
    let own = Some(stmt.span()).filter(known);
    own.or_else(|| parts.find_map(|part| of_part(part).filter(known)))
        .unwrap_or_default()
}

/// Which expressions inside an expression are places for a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Within {
    /// Those that it computes with; subscripts and pointers stay.
    Values,
    /// Those in subscripts as well.
    Subscripts,
}

/// Returns what an expression becomes if it is a place for a mistake.
pub(super) type ChangeExpression<'a> = &'a mut dyn FnMut(&mut Function, &Expr) -> Option<ExprKind>;

/// Rebuilds an expression with one change in it, outermost first.
pub(super) fn rebuilt(
    function: &mut Function,
    handle: Handle<Expr>,
    within: Within,
    sites: &mut Sites,
    change: ChangeExpression<'_>,
) -> Option<Handle<Expr>> {
    let expr = function.exprs.get(handle)?.clone();
    if let Some(kind) = change(function, &expr)
        && sites.is_due()
    {
        return Some(with_kind(function, &expr, kind));
    }
    let is_place = matches!(expr.kind, ExprKind::Load(_) | ExprKind::Address(_));
    if is_place && within == Within::Values {
        return None;
    }
    for (position, operand) in operands(&expr.kind).into_iter().enumerate() {
        if let Some(changed) = rebuilt(function, operand, within, sites, change) {
            let kind = with_operand(expr.kind.clone(), position, changed);
            return Some(with_kind(function, &expr, kind));
        }
    }
    None
}

/// Appends an expression of the same type and place, without the spelling of the source.
fn with_kind(function: &mut Function, expr: &Expr, kind: ExprKind) -> Handle<Expr> {
    function.exprs.push(Expr {
        kind,
        ty: expr.ty.clone(),
        span: expr.span,
        spelling: None,
    })
}

/// Replaces one operand of an operator, by its position in [`operands`].
fn with_operand(kind: ExprKind, position: usize, new: Handle<Expr>) -> ExprKind {
    match kind {
        ExprKind::Unary(op, _) => ExprKind::Unary(op, new),
        ExprKind::Cast(_) => ExprKind::Cast(new),
        ExprKind::Binary(op, left, _) if position == 1 => ExprKind::Binary(op, left, new),
        ExprKind::Binary(op, _, right) => ExprKind::Binary(op, new, right),
        ExprKind::Select {
            condition,
            then,
            otherwise,
        } => ExprKind::Select {
            condition: if position == 0 { new } else { condition },
            then: if position == 1 { new } else { then },
            otherwise: if position == 2 { new } else { otherwise },
        },
        ExprKind::Call(name, mut arguments) => {
            if let Some(argument) = arguments.get_mut(position) {
                *argument = new;
            }
            ExprKind::Call(name, arguments)
        }
        ExprKind::Load(place) => ExprKind::Load(with_index(place, position, new)),
        ExprKind::Address(place) => ExprKind::Address(with_index(place, position, new)),
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => kind,
    }
}

fn with_index(mut place: Place, position: usize, new: Handle<Expr>) -> Place {
    if let Some(index) = indices_mut(&mut place).nth(position) {
        *index = new;
    }
    place
}
