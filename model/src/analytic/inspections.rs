//! How long the host takes to look at subscripts before it launches anything.

use mupac_ir::{Apart, Loop, Stmt};
use mupac_passes::Draft;
use mupac_passes::facts::Inspected;

use super::hardware::Hardware;
use super::typical::Typical;
use super::walk::{self, Region};

/// Returns the estimated time in which the host finds out what subscripts of a region depend on.
pub(super) fn inspection_seconds(draft: &Draft, typical: Typical, hardware: &Hardware) -> f64 {
    let original = draft.original();
    let of = Region {
        function: original.function,
        ..Region::of(draft, typical, &[], hardware)
    };
    let one = |each: &Inspected| {
        let seconds = match each.apart {
            Apart::Each => hardware.host_difference_seconds,
            Apart::Unasked | Apart::Iterations => hardware.host_subscript_seconds,
        };
        seconds * repeats(&of, original.statements, each, &mut Vec::new())
    };
    draft.facts().inspections.iter().map(one).sum()
}

/// Returns how many iterations an inspection runs over.
fn repeats<'a>(
    of: &'a Region<'a>,
    statements: &'a [Stmt],
    inspection: &Inspected,
    around: &mut Vec<&'a Loop>,
) -> f64 {
    let mut sum = 0.0;
    for statement in statements {
        match statement {
            Stmt::For(each) => {
                let trips = walk::trips(of, around, each);
                around.push(each);
                let inside = repeats(of, &each.body, inspection, around);
                around.pop();
                sum += if inspection.loops.contains(&each.name) {
                    trips * inside.max(1.0)
                } else {
                    inside
                };
            }
            Stmt::If(branch) => {
                for block in [&branch.then, &branch.otherwise] {
                    sum += repeats(of, block, inspection, around);
                }
            }
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::While(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {}
        }
    }
    sum
}
