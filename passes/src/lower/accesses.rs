//! Where the statements of one iteration touch memory, in order, and whether they do so in every one.

use mupac_ir::{BinaryOp, Block, Expr, ExprKind, Function, Handle, Place, Stmt};

use crate::build::{self, each_operand};

/// Where a loop touches an element of an array.
pub(crate) struct Access<'a> {
    pub(crate) place: &'a Place,
    pub(crate) is_write: bool,
    /// Whether every iteration does.
    pub(crate) is_certain: bool,
}

/// Returns what statements touch, in order; `None` where they hold more than assignments and conditions.
pub(crate) fn accesses<'a>(function: &'a Function, block: &'a Block) -> Option<Vec<Access<'a>>> {
    let mut found = Vec::new();
    collect(function, block, true, &mut found)?;
    Some(found)
}

fn collect<'a>(
    function: &'a Function,
    block: &'a Block,
    is_certain: bool,
    found: &mut Vec<Access<'a>>,
) -> Option<()> {
    for stmt in block {
        match stmt {
            Stmt::Let(_, value) => read(function, *value, is_certain, found),
            Stmt::Compute(compute) => {
                for index in build::indices(&compute.target) {
                    read(function, index, is_certain, found);
                }
                read(function, compute.value, is_certain, found);
                found.push(Access {
                    place: &compute.target,
                    is_write: true,
                    is_certain,
                });
            }
            Stmt::If(branch) => {
                read(function, branch.condition, is_certain, found);
                collect(function, &branch.then, false, found)?;
                collect(function, &branch.otherwise, false, found)?;
            }
            Stmt::Declare(..) => {}
            Stmt::For(_)
            | Stmt::While(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => return None,
        }
    }
    Some(())
}

/// Notes what an expression reads, in order.
fn read<'a>(
    function: &'a Function,
    expr: Handle<Expr>,
    is_certain: bool,
    found: &mut Vec<Access<'a>>,
) {
    let kind = &function.exprs[expr].kind;
    // Of these operands the first is evaluated whatever it is worth, and no other.
    let is_lazy = matches!(
        kind,
        ExprKind::Select { .. } | ExprKind::Binary(BinaryOp::And | BinaryOp::Or, ..)
    );
    let mut is_certain_operand = is_certain;
    each_operand(kind, &mut |operand| {
        read(function, operand, is_certain_operand, found);
        is_certain_operand &= !is_lazy;
    });
    match kind {
        ExprKind::Load(place) => found.push(Access {
            place,
            is_write: false,
            is_certain,
        }),
        // Who gets an address may do anything there.
        ExprKind::Address(place) => found.push(Access {
            place,
            is_write: true,
            is_certain: false,
        }),
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Cast(_)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => {}
    }
}
