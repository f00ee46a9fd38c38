//! Where launches stand in a region.

use std::borrow::Cow;

use mupac_ir::structure::{Words, each, has_mapped};
use mupac_ir::{Block, Loop, Stmt};
use mupac_passes::Draft;

use super::kernel::Kernel;
use super::walk::{self, Region};

/// A statement that becomes a launch.
#[derive(Clone, Debug)]
pub(super) struct Site<'a> {
    pub(super) statement: &'a Stmt,
    /// The loops of the host around it, from the outside.
    pub(super) host: Vec<&'a Loop>,
    /// What stands before it: in the block of the region, and in each of these loops.
    before: Vec<&'a [Stmt]>,
    /// How often it comes.
    pub(super) times: f64,
}

/// Returns the launches of statements, in the order of the text: one for every loop, as often as the loops of the host
/// around mapped ones say.
pub(super) fn sites<'a>(of: &Region<'a>, statements: &'a [Stmt]) -> Vec<Site<'a>> {
    let mut found = Vec::new();
    let mut around = Around {
        host: Vec::new(),
        before: Vec::new(),
        times: 1.0,
    };
    collect(of, statements, &mut around, &mut found);
    found
}

/// What is around the statements at hand.
struct Around<'a> {
    host: Vec<&'a Loop>,
    before: Vec<&'a [Stmt]>,
    times: f64,
}

fn collect<'a>(
    of: &Region<'a>,
    statements: &'a [Stmt],
    around: &mut Around<'a>,
    found: &mut Vec<Site<'a>>,
) {
    for (at, statement) in statements.iter().enumerate() {
        around.before.push(&statements[..at]);
        match statement {
            Stmt::For(each)
                if !each.mapping.is_parallel() && has_mapped(std::slice::from_ref(statement)) =>
            {
                let outer = around.times;
                around.times *= walk::trips(of, &around.host, each);
                around.host.push(each);
                collect(of, &each.body, around, found);
                around.host.pop();
                around.times = outer;
            }
            Stmt::For(_) | Stmt::If(_) | Stmt::While(_) | Stmt::Let(..) => found.push(Site {
                statement,
                host: around.host.clone(),
                before: around.before.clone(),
                times: around.times,
            }),
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {}
        }
        around.before.pop();
    }
}

impl<'a> Site<'a> {
    /// Returns what the launch does, in the form in which threads run it.
    pub(super) fn kernel(&self, of: &Region<'_>, draft: &Draft) -> Kernel {
        match draft.as_threads_run(&self.alone()) {
            Some((function, form)) => {
                let of = Region {
                    function: &function,
                    ..*of
                };
                walk::kernel(&of, &self.host, self.within(&form))
            }
            None => walk::kernel(of, &self.host, self.statement),
        }
    }

    /// Returns a list of numbers, in the memory of one that is not needed any more, that is the same where the launches of
    /// two drafts of a region are.
    pub(super) fn key(&self, of: &Region<'_>, draft: &Draft, memory: Vec<u64>) -> Vec<u64> {
        let mut words = Words::new(of.function, draft.original().function, memory);
        // What the form of a launch takes from the others.
        let passed: Vec<_> = draft.passed_by_value().collect();
        words.push(passed.len() as u32, self.host.len() as u32);
        for array in passed {
            words.var(array);
        }
        for (depth, before) in self.before.iter().enumerate() {
            for each in names(before) {
                words.stmt(each);
            }
            if let Some(each) = self.host.get(depth) {
                words.header(each);
            }
        }
        words.stmt(self.statement);
        if !of.joined.is_empty() {
            each(std::slice::from_ref(self.statement), &mut |statement| {
                if let Stmt::Compute(compute) = statement {
                    let mut joined = of.joined.iter();
                    let joined = joined.position(|each| each.statements.contains(&compute.id));
                    words.push(0, joined.map_or(0, |joined| 1 + joined as u32));
                }
            });
        }
        words.finish()
    }

    /// Returns the region without all other launches.
    fn alone(&self) -> Cow<'a, [Stmt]> {
        let has_names = self
            .before
            .iter()
            .any(|before| names(before).next().is_some());
        if self.host.is_empty() && !has_names {
            return Cow::Borrowed(std::slice::from_ref(self.statement));
        }
        let mut inner = self.statement.clone();
        let mut block = Block::new();
        for (depth, before) in self.before.iter().enumerate().rev() {
            block = names(before).cloned().chain([inner]).collect();
            let Some(around) = depth.checked_sub(1).and_then(|at| self.host.get(at)) else {
                break;
            };
            inner = Stmt::For(Loop {
                name: around.name.clone(),
                body: block.clone(),
                ..**around
            });
        }
        Cow::Owned(block)
    }

    /// Returns the launch in another form of what [`alone`](Self::alone) returns.
    fn within<'b>(&'b self, form: &'b [Stmt]) -> &'b Stmt {
        let mut block = form;
        for _ in &self.host {
            if let Some(Stmt::For(each)) = block.last() {
                block = &each.body;
            }
        }
        block.last().unwrap_or(self.statement)
    }
}

/// Returns the names that statements give values.
fn names(statements: &[Stmt]) -> impl Iterator<Item = &Stmt> {
    statements
        .iter()
        .filter(|each| matches!(each, Stmt::Let(..)))
}
