//! The values that loops of the host leave in their iterators.
//!
//! Where the text after a region may read one, the loop that ran last must still be the host's, with the bounds and under the
//! loops that it had: then the variable holds what it held.

use mupac_ir::structure::blocks;
use mupac_ir::{Expr, Handle, Stmt, Var};

use super::{Tree, names};
use crate::facts::Facts;

/// What counts how often a loop of the host runs, and what it leaves behind.
type Header = (Handle<Var>, Handle<Expr>, Handle<Expr>, i64);

/// Checks every iterator that may be read after a region.
///
/// **Errors**: names the one that would not hold its value.
pub(super) fn check(facts: &Facts, before: Tree<'_>, after: Tree<'_>) -> Result<(), String> {
    for var in &facts.left_behind {
        let last = |tree: Tree<'_>| {
            let mut last = Last {
                var: *var,
                around: Vec::new(),
                found: None,
                is_lost: false,
            };
            last.block(tree.statements);
            last.found.filter(|_| !last.is_lost)
        };
        let known = last(before);
        if known.is_none() || last(after) != known {
            let name = names(before.function, &[*var]).concat();
            return Err(format!(
                "the value of {name} after the region would be lost"
            ));
        }
    }
    Ok(())
}

/// Finds the last loop that counts with a variable.
struct Last {
    var: Handle<Var>,
    /// The loops around; `None`: what runs is not the host's.
    around: Vec<Option<Header>>,
    /// The loop under those around it, from the outside.
    found: Option<Vec<Option<Header>>>,
    /// Whether something else gives the variable a value.
    is_lost: bool,
}

impl Last {
    fn block(&mut self, statements: &[Stmt]) {
        for stmt in statements {
            let header = match stmt {
                Stmt::For(each) => {
                    let header = (each.iterator, each.start, each.end, each.step);
                    Some((!each.mapping.is_parallel()).then_some(header))
                }
                Stmt::Let(var, _) => {
                    self.is_lost |= *var == self.var;
                    None
                }
                Stmt::If(_) | Stmt::While(_) => Some(None),
                Stmt::Compute(_)
                | Stmt::Declare(..)
                | Stmt::Call(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => None,
            };
            let depth = self.around.len();
            self.around.extend(header);
            if let Stmt::For(each) = stmt
                && each.iterator == self.var
            {
                self.is_lost |= self.around.iter().any(Option::is_none);
                self.found = Some(self.around.clone());
            }
            for inner in blocks(stmt) {
                self.block(inner);
            }
            self.around.truncate(depth);
        }
    }
}
