//! Blocks that only braces make, or the first slot of a `for`, in the loops of a region: their statements stand in the block
//! around them, so that the loops among them are one nest with those around it.
//!
//! Variables are told apart by their handles, so that no name of such a block is taken for another.

use std::mem;
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::{Block, Function, Stmt};

use crate::facts::BlockStep;
use crate::region::{self, is_plain_block};

/// Returns the function with every such block in the loops of some statements opened; the same function where there is none.
pub(super) fn open(
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Arc<Function> {
    let is_plain =
        |stmt: &Stmt| matches!(stmt, Stmt::If(branch) if is_plain_block(function, branch));
    let statements = region::statements(function, path, range);
    if region::first(statements, &mut |stmt| is_plain(stmt).then_some(())).is_none() {
        return Arc::clone(function);
    }
    let mut function = (**function).clone();
    let mut statements = region::take(&mut function, path, range);
    for block in statements.iter_mut().flat_map(region::blocks_mut) {
        open_all(&function, block);
    }
    region::put(&mut function, path, range.start, statements);
    Arc::new(function)
}

fn open_all(function: &Function, block: &mut Block) {
    for inner in block.iter_mut().flat_map(region::blocks_mut) {
        open_all(function, inner);
    }
    open_block(function, block);
}

/// Takes statements out of the blocks among them that only braces make.
pub(crate) fn open_block(function: &Function, block: &mut Block) {
    for stmt in mem::take(block) {
        if let Stmt::If(plain) = &stmt
            && is_plain_block(function, plain)
            && let Stmt::If(plain) = stmt
        {
            block.extend(plain.then);
        } else {
            block.push(stmt);
        }
    }
}
