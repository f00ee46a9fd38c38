//! Whether a pointer leads to a function (`f == g`), as variables: it leads to the same one in every iteration.

use mupac_ir::{BinaryOp, Expr, ExprKind, Function, Handle, Place, Scalar, Stmt, Storage, Var};

use super::{InMemory, fetched};
use crate::analyse::names::changed;
use crate::{build, region};

/// A question that statements ask of a pointer that they do not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Led {
    pointer: Handle<Var>,
    function: Handle<Var>,
}

impl Led {
    /// Returns what an expression asks, and whether it is true where the answer is yes.
    fn of(function: &Function, node: &Expr) -> Option<(Self, bool)> {
        let ExprKind::Binary(op @ (BinaryOp::Equal | BinaryOp::NotEqual), pointer, led_to) =
            node.kind
        else {
            return None;
        };
        let ExprKind::Address(place) = &function.exprs[led_to].kind else {
            return None;
        };
        let is_function = function.vars[place.var].storage == Storage::Function;
        let question = Self {
            pointer: build::loaded(function, pointer)?,
            function: place.var,
        };
        is_function.then_some((question, op == BinaryOp::Equal))
    }
}

/// Returns what statements ask of pointers.
pub(super) fn found(function: &Function, statements: &[Stmt]) -> Vec<Led> {
    let changed = changed(function, statements);
    let is_kept = |var: Handle<Var>| !changed.contains(&var) && !function.vars[var].is_volatile;
    let mut found = Vec::new();
    region::each(statements, &mut |stmt| {
        for expr in region::expressions(stmt) {
            build::visit(function, expr, &mut |_, node| {
                let led = Led::of(function, node).map(|(led, _)| led);
                let led = led.filter(|led| is_kept(led.pointer) && !found.contains(led));
                found.extend(led);
            });
        }
    });
    found
}

/// Puts a variable in the place of every one of these questions.
pub(super) fn replace(
    function: &mut Function,
    statements: &mut [Stmt],
    questions: &[Led],
) -> Vec<InMemory> {
    let values: Vec<InMemory> = questions
        .iter()
        .map(|question| value(function, *question))
        .collect();
    in_block(function, statements, questions, &values);
    values
}

fn value(function: &mut Function, question: Led) -> InMemory {
    let Led {
        pointer,
        function: led_to,
    } = question;
    let ty = function.vars[led_to].ty.clone().pointer(false);
    let address = function.expr(ExprKind::Address(Place::var(led_to)), ty);
    let pointer_value = function.load(pointer);
    let kind = ExprKind::Binary(BinaryOp::Equal, pointer_value, address);
    let value = function.expr(kind, Scalar::I32);
    let name = format!(
        "{}.is.{}",
        function.vars[pointer].name, function.vars[led_to].name
    );
    InMemory {
        fetched: fetched(function, &name, Scalar::Bool.into(), value),
        root: pointer,
        reads: vec![Place::var(pointer).into()],
        pointers: 0,
        needs: Vec::new(),
        is_joined: false,
        among: Vec::new(),
        length_of: None,
        member: Vec::new(),
        greatest_of: None,
        is_kept: false,
    }
}

fn in_block(
    function: &mut Function,
    statements: &mut [Stmt],
    questions: &[Led],
    values: &[InMemory],
) {
    for stmt in statements {
        for expr in mupac_ir::structure::expressions_mut(stmt) {
            *expr = answered(function, *expr, questions, values);
        }
        for block in region::blocks_mut(stmt) {
            in_block(function, block, questions, values);
        }
    }
}

/// Returns an expression without these questions.
fn answered(
    function: &mut Function,
    expr: Handle<Expr>,
    questions: &[Led],
    values: &[InMemory],
) -> Handle<Expr> {
    build::replaced(function, expr, &mut |function, node| {
        let (question, is_equal) = Led::of(function, node)?;
        let at = questions.iter().position(|known| *known == question)?;
        let answer = function.load(values[at].fetched.variable);
        let answer = function.expr(ExprKind::Cast(answer), Scalar::I32);
        Some(if is_equal {
            answer
        } else {
            build::opposite(function, answer)
        })
    })
}
