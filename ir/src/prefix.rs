//! What the threads of a block find out together in the middle of a kernel: what those before each of them have contributed.
//!
//! Such a call stands outside of all conditions, so that every thread of the block comes to it. Threads along `x` have an order;
//! thread `t` gets the second argument, joined with the first argument of each thread before it, in their order: an exclusive scan.
//!
//! **Source**: Blelloch, “Prefix Sums and Their Applications”, CMU-CS-90-190, 1990; Sengupta, Harris, Zhang, Owens, “Scan Primitives
//! for GPU Computing”, Graphics Hardware 2007 (blocks add up first, then scan what the blocks before them have).

use crate::plan::ReductionOperator;
use crate::stmt::{Block, Call, Stmt};
use crate::structure;

/// All operators, each with the name of its call.
const CALLS: [(ReductionOperator, &str); 7] = [
    (ReductionOperator::Sum, "mupac::block_scan_sum"),
    (ReductionOperator::Product, "mupac::block_scan_product"),
    (ReductionOperator::Minimum, "mupac::block_scan_minimum"),
    (ReductionOperator::Maximum, "mupac::block_scan_maximum"),
    (ReductionOperator::BitAnd, "mupac::block_scan_and"),
    (ReductionOperator::BitOr, "mupac::block_scan_or"),
    (ReductionOperator::BitXor, "mupac::block_scan_xor"),
];

/// Returns the name of the call by which the threads of a block scan with an operator; no source can spell a function that a
/// kernel calls so.
pub fn block_scan(operator: ReductionOperator) -> &'static str {
    let mut calls = CALLS.iter();
    let own = calls.find(|(each, _)| *each == operator);
    own.map_or("", |(_, name)| name)
}

/// Returns the operator with which the threads of a block scan in a call of this name, if they do.
pub fn scanned(callee: &str) -> Option<ReductionOperator> {
    let mut calls = CALLS.iter();
    let own = calls.find(|(_, name)| *name == callee);
    own.map(|(operator, _)| *operator)
}

/// Returns the operator of a call by which the threads of a block scan.
pub fn scanned_by(call: &Call) -> Option<ReductionOperator> {
    scanned(&call.callee)
}

/// Returns the operators with which the threads of a block scan in some statements.
pub fn scans(block: &Block) -> Vec<ReductionOperator> {
    let mut found = Vec::new();
    structure::each(block, &mut |stmt| {
        if let Stmt::Call(call) = stmt {
            found.extend(scanned_by(call));
        }
    });
    found
}
