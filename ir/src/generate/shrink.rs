//! Smaller variants of a program, to find the smallest that still shows something.
//!
//! An edit keeps one call, drops a statement or a parameter, puts a branch in place of its `if`, an operand or a
//! constant in place of an expression, a smaller number in place of an argument; it takes off what the text wears, or drops
//! a piece of a sketch.
//! Only variants that satisfy the verifier and whose remaining calls are defined count.
//!
//! **Source**: Zeller, Hildebrandt, “Simplifying and Isolating Failure-Inducing Input”, IEEE TSE 28(2), 2002; Regehr et
//! al., “Test-Case Reduction for C Compiler Bugs”, PLDI 2012 (edits that know the language).

use std::collections::BTreeSet;

use crate::arena::Handle;
use crate::expr::{Expr, ExprKind};
use crate::function::{Function, Storage};
use crate::interpret::Value;
use crate::stmt::{Block, Stmt};
use crate::structure::{each, expressions, operands};
use crate::types::Type;
use crate::verify;

use super::case::{Argument, Case};
use super::{Form, number, runs};

/// One change.
#[derive(Clone, Debug)]
enum Edit {
    /// Keeps one call.
    Input(usize),
    /// Changes the statement of this number, counted in textual order.
    Statement(Handle<Function>, usize, Change),
    /// Puts an expression in place of another.
    Expression(Handle<Function>, Handle<Expr>, Box<Expr>),
    /// Drops a parameter of the function to call.
    Parameter(usize),
    /// Passes another number.
    Number(usize, usize, i128),
    /// Takes off what the text wears.
    Form(Form),
    /// Drops a piece of a sketch.
    Piece(usize),
}

/// What becomes of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Remove,
    Then,
    Otherwise,
}

/// Returns the variant by the edit of a number, or of the next number that makes sense; `None` where there is no more.
pub fn smaller(case: &Case, at: &mut usize) -> Option<Case> {
    let edits = edits(case);
    while let Some(edit) = edits.get(*at) {
        if let Some(variant) = applied(case, edit) {
            return Some(variant);
        }
        *at += 1;
    }
    None
}

fn edits(case: &Case) -> Vec<Edit> {
    let mut edits = Vec::new();
    if case.inputs.len() > 1 {
        edits.extend((0..case.inputs.len()).map(Edit::Input));
    }
    edits.extend(case.dress.forms.iter().copied().map(Edit::Form));
    if let Some(sketch) = &case.sketch {
        edits.extend((0..sketch.pieces.len()).map(Edit::Piece));
        edits.extend(numbers(case));
        return edits;
    }
    for (handle, function) in case.module.functions.iter() {
        let mut count = 0;
        each(&function.body, &mut |stmt| {
            edits.push(Edit::Statement(handle, count, Change::Remove));
            if let Stmt::If(_) = stmt {
                edits.push(Edit::Statement(handle, count, Change::Then));
                edits.push(Edit::Statement(handle, count, Change::Otherwise));
            }
            count += 1;
        });
        for expr in reached(function) {
            edits.extend(
                simpler(function, expr)
                    .into_iter()
                    .map(|simple| Edit::Expression(handle, expr, Box::new(simple))),
            );
        }
    }
    let parameters = &case.module.functions[case.function].parameters;
    edits.extend((0..parameters.len()).map(Edit::Parameter));
    edits.extend(numbers(case));
    edits
}

/// Returns the edits of the numbers that are passed.
fn numbers(case: &Case) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (input, each) in case.inputs.iter().enumerate() {
        for (argument, passed) in each.arguments.iter().enumerate() {
            if let Argument::Value(_, Value::Integer(value)) = passed {
                let smaller = [0, 1, 2, value / 2, value - 1];
                let smaller = smaller.into_iter().filter(|less| less.abs() < value.abs());
                edits.extend(smaller.map(|less| Edit::Number(input, argument, less)));
            }
        }
    }
    edits
}

/// Returns the expressions that statements reach.
fn reached(function: &Function) -> BTreeSet<Handle<Expr>> {
    let mut roots = Vec::new();
    each(&function.body, &mut |stmt| roots.extend(expressions(stmt)));
    let mut found = BTreeSet::new();
    while let Some(expr) = roots.pop() {
        if found.insert(expr) {
            roots.extend(operands(&function.exprs[expr].kind));
        }
    }
    found
}

/// Returns what may stand in place of an expression: an operand of its type, or a small constant.
fn simpler(function: &Function, expr: Handle<Expr>) -> Vec<Expr> {
    let node = &function.exprs[expr];
    let mut found: Vec<Expr> = operands(&node.kind)
        .into_iter()
        .map(|operand| function.exprs[operand].clone())
        .filter(|operand| operand.ty == node.ty)
        .collect();
    let Type::Scalar(ty) = node.ty else {
        return found;
    };
    for value in [0, 1] {
        let kind = if ty.is_float() {
            ExprKind::Float(f64::from(value))
        } else {
            ExprKind::Int(i128::from(value))
        };
        let is_constant = matches!(node.kind, ExprKind::Int(_) | ExprKind::Float(_));
        if !is_constant {
            found.push(Expr::new(kind, ty));
        }
    }
    found
}

/// Returns the case after an edit, with the calls that are still defined; `None` if there is none.
fn applied(case: &Case, edit: &Edit) -> Option<Case> {
    let mut variant = case.clone();
    match edit {
        Edit::Input(kept) => {
            variant.inputs = vec![case.inputs.get(*kept)?.clone()];
        }
        Edit::Statement(function, at, change) => {
            let body = &mut variant.module.functions[*function].body;
            let mut count = *at;
            change_statement(body, &mut count, *change).then_some(())?;
        }
        Edit::Expression(function, expr, simple) => {
            variant.module.functions[*function].exprs[*expr] = (**simple).clone();
        }
        Edit::Parameter(at) => {
            let function = &mut variant.module.functions[variant.function];
            if *at >= function.parameters.len() {
                return None;
            }
            let var = function.parameters.remove(*at);
            function.vars[var].storage = Storage::Local;
            for input in &mut variant.inputs {
                input.arguments.remove(*at);
            }
        }
        Edit::Number(input, argument, value) => {
            let arguments = &mut variant.inputs.get_mut(*input)?.arguments;
            if let Argument::Value(_, passed) = arguments.get_mut(*argument)? {
                *passed = Value::Integer(*value);
            }
        }
        Edit::Form(form) => {
            variant.dress.forms.remove(form);
        }
        Edit::Piece(at) => {
            let sketch = variant.sketch.as_mut()?;
            sketch.pieces.remove(*at);
        }
    }
    if variant.sketch.is_some() {
        return Some(variant);
    }
    let mut place = 0;
    let handles: Vec<Handle<Function>> =
        variant.module.functions.iter().map(|each| each.0).collect();
    for handle in handles {
        place = number::number(&mut variant.module.functions[handle], place);
    }
    verify::module(&variant.module).ok()?;
    let inputs = std::mem::take(&mut variant.inputs);
    variant.inputs = inputs
        .into_iter()
        .filter(|input| runs(&variant, input))
        .collect();
    (!variant.inputs.is_empty()).then_some(variant)
}

/// Changes the statement `at` steps ahead; false where there is none, or the change does not apply.
fn change_statement(block: &mut Block, at: &mut usize, change: Change) -> bool {
    let mut position = 0;
    while let Some(stmt) = block.get_mut(position) {
        if *at == 0 {
            let instead = match (change, stmt) {
                (Change::Remove, _) => Block::new(),
                (Change::Then, Stmt::If(branch)) => std::mem::take(&mut branch.then),
                (Change::Otherwise, Stmt::If(branch)) => std::mem::take(&mut branch.otherwise),
                (Change::Then | Change::Otherwise, _) => return false,
            };
            block.splice(position..=position, instead);
            return true;
        }
        *at -= 1;
        let inner: Vec<&mut Block> = match stmt {
            Stmt::For(each) => vec![&mut each.body],
            Stmt::If(branch) => vec![&mut branch.then, &mut branch.otherwise],
            Stmt::While(each) => {
                vec![&mut each.before_test, &mut each.body, &mut each.after_body]
            }
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => Vec::new(),
        };
        for block in inner {
            if change_statement(block, at, change) {
                return true;
            }
        }
        position += 1;
    }
    false
}
