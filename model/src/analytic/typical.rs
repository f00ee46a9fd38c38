//! What stands in for sizes that are not known.

use mupac_ir::{ExprKind, Function, Stmt};
use mupac_passes::Draft;

/// The extent of a typical loop of several within one another, and the least that stands in for an unknown size.
///
/// A size that decides nothing is no good: below this, a launch takes longer than what it does, whatever the mapping.
pub const TYPICAL_EXTENT: i64 = 1 << 10;

/// The most that stands in for an unknown size.
pub const TYPICAL_ITERATIONS: i64 = 1 << 20;

/// Returns the value of unknown integers in drafts of a region; it is that of the region as written, so that splitting a
/// loop does not change what is typical.
pub(super) fn typical_of(draft: &Draft) -> i64 {
    let original = draft.original();
    typical_size(original.function, original.statements)
}

/// Returns what stands in for every size that is not known: what makes the deepest nest run as often as one of typical
/// extents, a single loop as often as two.
pub(super) fn typical_size(function: &Function, statements: &[Stmt]) -> i64 {
    let nest = deepest(function, statements);
    let wanted = (TYPICAL_EXTENT as f64).powi(nest.depth.max(2));
    let each = (wanted / nest.known).powf(1.0 / f64::from(nest.unknown.max(1)));
    (each.round() as i64).clamp(TYPICAL_EXTENT, TYPICAL_ITERATIONS)
}

/// Loops within one another.
#[derive(Clone, Copy, Debug)]
struct Nest {
    depth: i32,
    /// How many of them run how often is not known.
    unknown: i32,
    /// How often the others run.
    known: f64,
}

/// Returns the deepest nest, the first of several.
fn deepest(function: &Function, statements: &[Stmt]) -> Nest {
    let mut found = Nest {
        depth: 0,
        unknown: 0,
        known: 1.0,
    };
    for statement in statements {
        let blocks = mupac_ir::structure::blocks(statement);
        for block in blocks {
            let mut inside = deepest(function, block);
            if let Stmt::For(each) = statement {
                let bounds = [each.start, each.end].map(|bound| &function.exprs[bound].kind);
                inside.depth += 1;
                match bounds {
                    [ExprKind::Int(start), ExprKind::Int(end)] => {
                        let trips = end.abs_diff(*start) as f64 / each.step.abs().max(1) as f64;
                        inside.known *= trips.max(1.0);
                    }
                    _ => inside.unknown += 1,
                }
            }
            if inside.depth > found.depth {
                found = inside;
            }
        }
    }
    found
}
