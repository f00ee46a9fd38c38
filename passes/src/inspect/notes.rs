//! Which subscripts of the array an expression evaluates, and behind which short circuits.

use mupac_ir::inspection::{FARTHEST, NOTE};
use mupac_ir::stmt::Call;
use mupac_ir::{BinaryOp, Block, Expr, ExprKind, Function, Handle, Place, Scalar, Span, Stmt, Var};

use super::{Slicer, Use};
use crate::{build, region};

impl Slicer<'_> {
    /// Collects the subscripts of the array that an expression has certainly evaluated, where it is known to be true or
    /// false.
    fn evaluated(
        &self,
        expr: Handle<Expr>,
        truth: Option<bool>,
        subscripts: &mut Vec<Handle<Expr>>,
    ) {
        let node = &self.function.exprs[expr];
        let (known, unknown) = match &node.kind {
            ExprKind::Binary(BinaryOp::And, a, b) if truth == Some(true) => (vec![*a, *b], vec![]),
            ExprKind::Binary(BinaryOp::Or, a, b) if truth == Some(false) => (vec![*a, *b], vec![]),
            ExprKind::Binary(BinaryOp::And | BinaryOp::Or, a, _) => (vec![], vec![*a]),
            ExprKind::Select { condition, .. } => (vec![], vec![*condition]),
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Cast(_)
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => (vec![], build::operands(&node.kind)),
        };
        if let ExprKind::Load(place) = &node.kind
            && let Use::Subscript(subscript) = self.noted.in_place(place, false)
        {
            subscripts.push(subscript);
        }
        for (operands, truth) in [(known, truth), (unknown, None)] {
            for operand in operands {
                self.evaluated(operand, truth, subscripts);
            }
        }
    }

    /// Drops the notes at the start of what a condition decides about whose subscripts it has noted itself.
    pub(super) fn drop_repeated(
        &mut self,
        condition: Handle<Expr>,
        truth: bool,
        block: &mut Block,
    ) {
        let mut noted = Vec::new();
        self.evaluated(condition, Some(truth), &mut noted);
        let is_repeated = |stmt: &Stmt| {
            matches!(stmt, Stmt::Call(_))
                && noted
                    .iter()
                    .any(|known| is_same_note(self.function, stmt, *known))
        };
        let count = block.iter().take_while(|stmt| is_repeated(stmt)).count();
        block.drain(..count);
        self.pass.notes -= count;
    }

    /// Adds a note for every subscript of the array that an expression evaluates.
    pub(super) fn notes(&mut self, expr: Handle<Expr>, kept: &mut Block) {
        let node = self.function.exprs[expr].clone();
        match &node.kind {
            ExprKind::Load(place) | ExprKind::Address(place) => {
                for subscript in build::indices(place) {
                    self.notes(subscript, kept);
                }
                let is_address = matches!(node.kind, ExprKind::Address(_));
                self.note(place, is_address, node.span, kept);
            }
            ExprKind::Binary(BinaryOp::And, a, b) => self.notes_if(*a, &[*b], &[], kept),
            ExprKind::Binary(BinaryOp::Or, a, b) => self.notes_if(*a, &[], &[*b], kept),
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } => self.notes_if(*condition, &[*then], &[*otherwise], kept),
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Cast(_)
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => {
                for operand in build::operands(&node.kind) {
                    self.notes(operand, kept);
                }
            }
        }
    }

    /// Adds the notes of a condition and of what is evaluated only where it holds or fails.
    pub(super) fn notes_if(
        &mut self,
        condition: Handle<Expr>,
        then: &[Handle<Expr>],
        otherwise: &[Handle<Expr>],
        kept: &mut Block,
    ) {
        self.notes(condition, kept);
        let mut blocks = [Block::new(), Block::new()];
        for (block, (operands, truth)) in blocks.iter_mut().zip([(then, true), (otherwise, false)])
        {
            for operand in operands {
                self.notes(*operand, block);
            }
            self.drop_repeated(condition, truth, block);
        }
        let [then, otherwise] = blocks;
        self.choose(condition, then, otherwise, kept);
    }

    /// Adds a note of the subscript of a place of the array, unless the note before it is the same.
    pub(super) fn note(&mut self, place: &Place, is_address: bool, span: Span, kept: &mut Block) {
        let subscript = match self.noted.in_place(place, is_address) {
            Use::None => return,
            Use::Subscript(subscript) => subscript,
            Use::Whole => {
                self.refuse("the array as a whole", span);
                return;
            }
        };
        self.reads(subscript);
        let note = noted(subscript);
        let is_repeated = kept
            .last()
            .is_some_and(|last| is_same_note(self.function, last, subscript));
        if !is_repeated {
            self.pass.notes += 1;
            kept.push(note);
        }
    }
}

/// Adds the number of the iteration of the outermost loop to each note; returns whether all stand in a loop.
pub(super) fn numbered(
    function: &mut Function,
    block: &mut Block,
    iterator: Option<Handle<Var>>,
) -> bool {
    let mut is_whole = true;
    for stmt in block {
        let inside = match stmt {
            Stmt::For(each) => iterator.or(Some(each.iterator)),
            Stmt::Call(call) => {
                let Some(iterator) = iterator else {
                    return false;
                };
                let number = function.load(iterator);
                let number = build::convert(function, number, Scalar::I64);
                call.arguments.push(number);
                iterator.into()
            }
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => iterator,
        };
        for inner in region::blocks_mut(stmt) {
            is_whole &= numbered(function, inner, inside);
        }
    }
    is_whole
}

/// Appends a note with which no inspection holds.
pub(super) fn gives_up(function: &mut Function) -> Stmt {
    noted(build::int(function, FARTHEST + 1, Scalar::I64))
}

/// Returns the subscript that a statement notes, if that is what it does.
pub(super) fn noted_by(stmt: &Stmt) -> Option<Handle<Expr>> {
    if let Stmt::Call(call) = stmt {
        call.arguments.first().copied()
    } else {
        None
    }
}

/// Returns the statement that notes a subscript.
pub(super) fn noted(subscript: Handle<Expr>) -> Stmt {
    Stmt::Call(Call {
        target: None,
        callee: NOTE.to_owned(),
        arguments: vec![subscript],
        span: Span::default(),
    })
}

/// Returns whether a statement notes a subscript.
pub(super) fn is_same_note(function: &Function, stmt: &Stmt, subscript: Handle<Expr>) -> bool {
    let is_same = |noted| mupac_ir::structure::is_same_expr(function, noted, function, subscript);
    noted_by(stmt).is_some_and(is_same)
}
