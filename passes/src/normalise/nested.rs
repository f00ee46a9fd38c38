//! Conditions of which the last one joins a value, as conditions of their own: of `if (a[i] == key && i < end) end = i;` becomes
//! `if (a[i] == key) { if (i < end) end = i; }`, in which the inner statement is a least value.
//!
//! `a && b` asks `b` where `a` holds, as the inner statement does (C17 6.5.13 §4).

use std::ops::Range;
use std::sync::Arc;

use mupac_ir::{BinaryOp, Block, ExprKind, Function, If, Stmt};

use crate::facts::BlockStep;
use crate::{joining, region};

/// Returns the function with every such statement in the loops of some statements nested; the same function where there is none.
pub(super) fn nest(
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Arc<Function> {
    let statements = region::statements(function, path, range);
    let found = region::first(statements, &mut |stmt| inner(function, stmt).map(drop));
    if found.is_none() {
        return Arc::clone(function);
    }
    let mut function = (**function).clone();
    let mut statements = region::take(&mut function, path, range);
    for block in statements.iter_mut().flat_map(region::blocks_mut) {
        nest_all(&function, block);
    }
    region::put(&mut function, path, range.start, statements);
    Arc::new(function)
}

fn nest_all(function: &Function, block: &mut Block) {
    for stmt in block {
        if let Some(nested) = inner(function, stmt) {
            *stmt = nested;
        }
        for block in region::blocks_mut(stmt) {
            nest_all(function, block);
        }
    }
}

/// Returns a statement with the last of its conditions inside of the others, where that joins a value.
fn inner(function: &Function, stmt: &Stmt) -> Option<Stmt> {
    let Stmt::If(branch) = stmt else {
        return None;
    };
    let ExprKind::Binary(BinaryOp::And, first, last) = function.exprs[branch.condition].kind else {
        return None;
    };
    let inner = If {
        condition: last,
        ..branch.clone()
    };
    joining::condition(function, &inner)?;
    Some(Stmt::If(If {
        condition: first,
        then: vec![Stmt::If(inner)],
        otherwise: Block::new(),
        span: branch.span,
    }))
}
