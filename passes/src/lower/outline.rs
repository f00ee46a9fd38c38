//! What of a mapped tree the host does, and where its kernels stand.

use mupac_ir::structure::has_mapped;
use mupac_ir::{Function, Handle, Loop, Refusal, Stmt, Var};

use super::chain::{self, Chain};
use crate::analyse::is_of_host;
use crate::region;

/// What the host does with a statement of the tree.
#[derive(Clone, Debug)]
pub(crate) enum Action<'a> {
    /// Starts the kernel of the nest with this number.
    Launch(usize),
    /// Declares or assigns a scalar.
    Scalar(&'a Stmt),
    /// Repeats what it does with the statements of a loop's body.
    Loop(&'a Loop, Vec<Action<'a>>),
    /// Nothing is mapped in it, and the host cannot run it, since its memory is on the device.
    Unmapped(&'a Stmt),
}

/// Statements that become one kernel.
#[derive(Clone, Debug)]
pub(crate) struct Nest<'a> {
    /// The loops of the host around it, outermost first.
    pub(crate) host: Vec<&'a Loop>,
    pub(crate) statements: &'a [Stmt],
    pub(crate) chain: Chain<'a>,
}

/// A tree with what the host does told from what kernels do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outline<'a> {
    pub(crate) actions: Vec<Action<'a>>,
    /// In the order of the text.
    pub(crate) nests: Vec<Nest<'a>>,
}

impl<'a> Outline<'a> {
    /// Returns the first statement that neither host nor device would run: nothing is mapped in it, and its memory is on the
    /// device.
    pub(crate) fn unmapped(&self, function: &Function) -> Option<&'a Stmt> {
        fn first<'a>(function: &Function, actions: &[Action<'a>]) -> Option<&'a Stmt> {
            actions.iter().find_map(|action| match action {
                Action::Unmapped(stmt) => Some(*stmt),
                Action::Loop(_, inner) => first(function, inner),
                Action::Scalar(stmt @ Stmt::Compute(compute)) => {
                    (!is_of_host(function, compute)).then_some(*stmt)
                }
                Action::Launch(_) | Action::Scalar(_) => None,
            })
        }
        first(function, &self.actions)
    }
}

/// Tells host from kernels: a kernel is an outermost mapped loop with the names and conditions right around it; a
/// sequential loop around mapped ones is the host's.
///
/// **Errors**: `illegal-step` where a mapped loop stands where neither can run it.
pub(crate) fn outline(statements: &[Stmt]) -> Result<Outline<'_>, Refusal> {
    let mut outline = Outline::default();
    outline.actions = block(statements, &mut Vec::new(), &mut outline.nests)?;
    Ok(outline)
}

fn block<'a>(
    statements: &'a [Stmt],
    host: &mut Vec<&'a Loop>,
    nests: &mut Vec<Nest<'a>>,
) -> Result<Vec<Action<'a>>, Refusal> {
    let mut actions = Vec::new();
    for (at, stmt) in statements.iter().enumerate() {
        match stmt {
            Stmt::Compute(_) | Stmt::Declare(..) => actions.push(Action::Scalar(stmt)),
            Stmt::For(each)
                if !each.mapping.is_parallel() && has_mapped(std::slice::from_ref(stmt)) =>
            {
                host.push(each);
                let inner = block(&each.body, host, nests)?;
                host.pop();
                actions.push(Action::Loop(each, inner));
            }
            // A name made by a pass belongs to the nest that follows it.
            Stmt::Let(..) => {
                actions.push(nest(&statements[at..], host, nests)?);
                return Ok(actions);
            }
            _ if has_mapped(std::slice::from_ref(stmt)) => {
                actions.push(nest(std::slice::from_ref(stmt), host, nests)?);
            }
            Stmt::For(_)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => actions.push(Action::Unmapped(stmt)),
        }
    }
    Ok(actions)
}

fn nest<'a>(
    statements: &'a [Stmt],
    host: &[&'a Loop],
    nests: &mut Vec<Nest<'a>>,
) -> Result<Action<'a>, Refusal> {
    nests.push(Nest {
        host: host.to_vec(),
        statements,
        chain: chain::cut(statements)?,
    });
    Ok(Action::Launch(nests.len() - 1))
}

impl Nest<'_> {
    /// Returns whether a statement of the region as written is part of this nest as rewritten: a loop whose iterator has
    /// values there, for statements that it held; anything else, if all it computes is computed there.
    pub(crate) fn holds(&self, stmt: &Stmt) -> bool {
        let own = region::numbers(self.statements);
        let wanted = region::numbers(std::slice::from_ref(stmt));
        match stmt {
            Stmt::For(each) => !wanted.is_disjoint(&own) && self.counts(each.iterator),
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => !wanted.is_empty() && wanted.is_subset(&own),
        }
    }

    /// Returns whether a loop or a name of the nest gives an iterator its values.
    fn counts(&self, iterator: Handle<Var>) -> bool {
        let mut counts = false;
        region::each(self.statements, &mut |stmt| {
            counts |= matches!(stmt, Stmt::For(each) if each.iterator == iterator)
                || matches!(stmt, Stmt::Let(name, _) if *name == iterator);
        });
        counts
    }

    /// Returns the counted loops of the region as written that are part of this nest, outer before inner.
    pub(crate) fn loops_of<'b>(&self, original: &'b [Stmt]) -> Vec<&'b Loop> {
        let mut found = Vec::new();
        region::each(original, &mut |stmt| {
            if let Stmt::For(each) = stmt
                && self.holds(stmt)
            {
                found.push(each);
            }
        });
        found
    }
}
