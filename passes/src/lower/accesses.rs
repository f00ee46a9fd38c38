//! Where the statements of one iteration touch memory, in order, and whether they do so in every one.

use mupac_ir::{BinaryOp, Block, Expr, ExprKind, Function, Handle, Place, Stmt};

use crate::build;

/// Where a loop touches an element of an array.
pub(crate) struct Access {
    pub(crate) place: Place,
    pub(crate) is_write: bool,
    /// Whether every iteration does.
    pub(crate) is_certain: bool,
}

/// Returns what statements touch, in order; `None` where they hold more than assignments and conditions.
pub(crate) fn accesses(function: &Function, block: &Block) -> Option<Vec<Access>> {
    let mut found = Vec::new();
    collect(function, block, true, &mut found)?;
    Some(found)
}

fn collect(
    function: &Function,
    block: &Block,
    is_certain: bool,
    found: &mut Vec<Access>,
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
                    place: compute.target.clone(),
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
fn read(function: &Function, expr: Handle<Expr>, is_certain: bool, found: &mut Vec<Access>) {
    let kind = &function.exprs[expr].kind;
    let (first, others) = match kind {
        ExprKind::Select {
            condition,
            then,
            otherwise,
        } => (vec![*condition], vec![*then, *otherwise]),
        ExprKind::Binary(BinaryOp::And | BinaryOp::Or, a, b) => (vec![*a], vec![*b]),
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
        | ExprKind::ThreadIndex(_) => (build::operands(kind), Vec::new()),
    };
    for operand in first {
        read(function, operand, is_certain, found);
    }
    for operand in others {
        read(function, operand, false, found);
    }
    match kind {
        ExprKind::Load(place) => found.push(Access {
            place: place.clone(),
            is_write: false,
            is_certain,
        }),
        // Who gets an address may do anything there.
        ExprKind::Address(place) => found.push(Access {
            place: place.clone(),
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
