//! Assignments, compound assignments, increments; and expressions evaluated for their effects.

use clang_sys as k;
use mupac_ir::{BinaryOp, Expr, ExprKind, Handle, If, Place, Scalar, Stmt, Type};

use crate::clang::Cursor;
use crate::lower::function::Body;
use crate::lower::operators::operator;
use crate::lower::stmt::{construct, refused};
use crate::lower::{Lowered, effects, unsupported, walk};

impl<'u> Body<'_, 'u> {
    /// Lowers an expression whose value nobody uses.
    pub(super) fn effects(&mut self, cursor: Cursor<'u>) -> Lowered<()> {
        let at = self.span(cursor);
        self.deeper(at, |body| body.effects_of_kind(cursor))
    }

    fn effects_of_kind(&mut self, cursor: Cursor<'u>) -> Lowered<()> {
        let children = cursor.children();
        if walk::assigned_operand(cursor).is_some() {
            return self.assign(cursor, false).map(|_| ());
        }
        match (cursor.kind(), children.as_slice()) {
            (k::CXCursor_ParenExpr, [inner]) => self.effects(*inner),
            (k::CXCursor_UnaryOperator, [inner])
                if cursor.unary_operator() == k::CXUnaryOperator_Extension =>
            {
                self.effects(*inner)
            }
            (k::CXCursor_UnexposedExpr, [inner]) if walk::implicit_operand(cursor).is_some() => {
                self.effects(*inner)
            }
            (k::CXCursor_CStyleCastExpr, [.., inner])
                if cursor.ty().canonical().kind() == k::CXType_Void =>
            {
                self.effects(*inner)
            }
            (k::CXCursor_CallExpr, _) => self.call_effect(cursor),
            (k::CXCursor_StmtExpr, [block]) if !effects::goes_elsewhere(*block) => {
                let block = self.block_of(*block)?;
                if let Some(refusal) = block.iter().find_map(refused) {
                    return Err(Box::new(refusal.clone()));
                }
                let span = self.span(cursor);
                self.inner(block, span);
                Ok(())
            }
            (k::CXCursor_BinaryOperator, [left, right])
                if cursor.binary_operator() == k::CXBinaryOperator_Comma =>
            {
                self.effects(*left)?;
                self.effects(*right)
            }
            (k::CXCursor_ConditionalOperator, [condition, then, otherwise]) => {
                let condition = self.value(*condition)?;
                let (then, first) = self.nested(|body| body.effects(*then));
                let (otherwise, second) = self.nested(|body| body.effects(*otherwise));
                first?;
                second?;
                let span = self.span(cursor);
                self.out.push(Stmt::If(If {
                    condition,
                    then,
                    otherwise,
                    span,
                }));
                Ok(())
            }
            _ => self.value(cursor).map(|_| ()),
        }
    }

    /// Lowers an assignment or increment whose value is used.
    pub(super) fn assigned_value(&mut self, cursor: Cursor<'u>) -> Lowered<Handle<Expr>> {
        let at = self.span(cursor);
        self.assign(cursor, true)?
            .ok_or_else(|| unsupported("the value of this assignment", at))
    }

    /// Lowers `=`, `op=`, `++` or `--`; returns its value where `is_used`.
    fn assign(&mut self, cursor: Cursor<'u>, is_used: bool) -> Lowered<Option<Handle<Expr>>> {
        let children = cursor.children();
        match (cursor.kind(), children.as_slice()) {
            (k::CXCursor_BinaryOperator, [target, value]) => {
                self.plain(cursor, *target, *value, is_used)
            }
            (k::CXCursor_CompoundAssignOperator, [target, value]) => {
                self.compound(cursor, *target, *value, is_used)
            }
            (k::CXCursor_UnaryOperator, [target]) => self.step(cursor, *target, is_used),
            _ => Err(unsupported(construct(cursor), self.span(cursor))),
        }
    }

    fn plain(
        &mut self,
        cursor: Cursor<'u>,
        target: Cursor<'u>,
        value: Cursor<'u>,
        is_used: bool,
    ) -> Lowered<Option<Handle<Expr>>> {
        let (at, target_at) = (self.span(cursor), self.span(target));
        if !is_used && let Some(reading) = self.taken_for_other(target)? {
            let value = self.value(value)?;
            let value = self.convert(value, &Type::Scalar(reading.seen), at)?;
            self.assign_as_other(reading, value, (at, target_at))?;
            return Ok(None);
        }
        let place = self.place(target)?;
        let ty = self
            .place_type(&place)
            .ok_or_else(|| unsupported("an assignment of this kind", at))?;
        if !is_used && self.call_into(value, &place, &ty)? {
            return Ok(None);
        }
        let value = self.value(value)?;
        let value = self.convert(value, &ty, at)?;
        if !is_used {
            self.compute(place, value, at, target_at);
            return Ok(None);
        }
        if !matches!(ty, Type::Scalar(_) | Type::Pointer { .. } | Type::Record(_)) {
            return Err(unsupported("the value of this assignment", at));
        }
        let kept = self.kept(value, at);
        self.compute(place, kept, at, target_at);
        Ok(Some(kept))
    }

    /// Returns a value that later effects do not change: a constant as it is, anything else in a temporary.
    fn kept(&mut self, value: Handle<Expr>, at: mupac_ir::Span) -> Handle<Expr> {
        if self.is_literal(value) {
            return value;
        }
        let var = self.temporary("value", value, at);
        self.function.load(var)
    }

    fn is_literal(&self, value: Handle<Expr>) -> bool {
        match &self.function.exprs[value].kind {
            ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Text(_) => true,
            ExprKind::Cast(inner) | ExprKind::Unary(_, inner) => self.is_literal(*inner),
            ExprKind::Load(_)
            | ExprKind::Address(_)
            | ExprKind::Binary(..)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => false,
        }
    }

    fn compound(
        &mut self,
        cursor: Cursor<'u>,
        target: Cursor<'u>,
        value: Cursor<'u>,
        is_used: bool,
    ) -> Lowered<Option<Handle<Expr>>> {
        let (at, target_at) = (self.span(cursor), self.span(target));
        let op =
            operator(cursor.binary_operator()).ok_or_else(|| unsupported(construct(cursor), at))?;
        if !is_used && let Some(reading) = self.taken_for_other(target)? {
            let operand = self.value(value)?;
            let old = self.read_as_other(&reading, at)?;
            let result = self.updated(op, old, operand, at)?;
            self.assign_as_other(reading, result, (at, target_at))?;
            return Ok(None);
        }
        let place = self.place(target)?;
        let operand = self.value(value)?;
        let old = self.read(&place, target)?;
        let result = self.updated(op, old, operand, at)?;
        let result = if is_used {
            self.kept(result, at)
        } else {
            result
        };
        self.compute(place, result, at, target_at);
        Ok(is_used.then_some(result))
    }

    fn step(
        &mut self,
        cursor: Cursor<'u>,
        target: Cursor<'u>,
        is_used: bool,
    ) -> Lowered<Option<Handle<Expr>>> {
        let (at, target_at) = (self.span(cursor), self.span(target));
        let kind = cursor.unary_operator();
        let is_up = [k::CXUnaryOperator_PreInc, k::CXUnaryOperator_PostInc].contains(&kind);
        let is_post = [k::CXUnaryOperator_PostInc, k::CXUnaryOperator_PostDec].contains(&kind);
        let op = if is_up {
            BinaryOp::Add
        } else {
            BinaryOp::Subtract
        };
        let place = self.place(target)?;
        let mut old = self.read(&place, target)?;
        let before = (is_used && is_post).then(|| self.kept(old, at));
        // Behind `i++` whoever asks what `i` is finds `i + 1`, and no variable that no text has; other places are read once.
        if !place.path.is_empty() {
            old = before.unwrap_or(old);
        }
        let one = match self.type_of(old) {
            Type::Scalar(scalar) if scalar.is_float() => {
                self.function.expr(ExprKind::Float(1.0), scalar)
            }
            Type::Scalar(scalar) => self.int(1, Scalar::I32.usual(scalar)),
            Type::Void
            | Type::Pointer { .. }
            | Type::Array { .. }
            | Type::Record(_)
            | Type::Opaque(_) => self.int(1, Scalar::I64),
        };
        let result = self.updated(op, old, one, at)?;
        let result = if is_used && !is_post {
            self.kept(result, at)
        } else {
            result
        };
        self.compute(place, result, at, target_at);
        Ok(is_used.then_some(before.unwrap_or(result)))
    }

    fn read(&mut self, place: &Place, target: Cursor<'u>) -> Lowered<Handle<Expr>> {
        let at = self.span(target);
        match self.place_type(place) {
            Some(ty @ (Type::Scalar(_) | Type::Pointer { .. })) => {
                let load = self.function.expr(ExprKind::Load(place.clone()), ty);
                self.function.exprs[load].span = at;
                Ok(load)
            }
            _ => Err(unsupported("an assignment of this kind", at)),
        }
    }

    /// Returns `old op operand` as C computes it for `op=`: in the common type, then converted back.
    ///
    /// **Source**: C17 6.5.16.2 §3; clang has already converted the operand to the common type.
    fn updated(
        &mut self,
        op: BinaryOp,
        old: Handle<Expr>,
        operand: Handle<Expr>,
        at: mupac_ir::Span,
    ) -> Lowered<Handle<Expr>> {
        let ty = self.type_of(old);
        let (Type::Scalar(left), Type::Scalar(right)) = (&ty, self.type_of(operand)) else {
            return self.apply(op, old, operand, at);
        };
        let is_shift = matches!(op, BinaryOp::ShiftLeft | BinaryOp::ShiftRight);
        let common = if is_shift {
            left.promoted()
        } else {
            left.usual(right)
        };
        if !is_shift && common != right {
            return Err(unsupported(
                "a compound assignment whose type mupac computes differently",
                at,
            ));
        }
        let old = self.convert(old, &common.into(), at)?;
        let result = self.apply(op, old, operand, at)?;
        self.convert(result, &ty, at)
    }
}
