//! What the statements of a region touch, and when.

use std::borrow::Cow;

use mupac_ir::{Expr, Handle, LoopName, Span, StmtId, Var};

use super::reduction::Tag;
use crate::affine::{Affine, Atoms, Formula};
use crate::facts::{Event, Update};
use crate::polynomial::Polynomial;

/// A place in the tree where something happens, once for each value of the iterators around it.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// What happens here; `None` where accesses are noted that other sites make.
    pub(crate) event: Option<Event>,
    /// The iterators of the counted loops around it, outermost first.
    pub(crate) iterators: Vec<Handle<Var>>,
    /// Those loops: name, and whether they count down.
    pub(crate) loops: Vec<(LoopName, bool)>,
    /// Position in the text.
    pub(crate) sequence: usize,
    /// Holds of every instance.
    pub(crate) domain: Vec<Formula>,
    /// Whether every point of the domain certainly happens.
    pub(crate) is_exact: bool,
}

impl Site {
    /// Returns the assignment that happens here.
    pub(crate) fn assignment(&self) -> Option<StmtId> {
        self.event.and_then(Event::assignment)
    }

    /// Returns how many loops both sites stand in.
    pub(crate) fn common_loops(&self, other: &Self) -> usize {
        self.loops
            .iter()
            .zip(&other.loops)
            .take_while(|(a, b)| a == b)
            .count()
    }
}

/// One step of a path into an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A subscript; `None` where it is not affine.
    Index(Option<Affine>),
    /// A field.
    Field(u32),
}

/// A read or write of memory.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    /// Index of its site.
    pub(crate) site: usize,
    /// The object or pointer it starts from.
    pub(crate) var: Handle<Var>,
    /// The path from there.
    pub(crate) steps: Vec<Step>,
    /// The first subscript where it is a polynomial without affine form.
    pub(crate) flat: Option<Polynomial>,
    /// The first subscript where it multiplies sums that nothing changes, such as `w + 2`, each taken for one number.
    pub(crate) by_width: Option<Polynomial>,
    /// What is known of the first subscript where that does not say which element it is.
    pub(crate) range: Option<Affine>,
    pub(crate) is_write: bool,
    /// Whether it happens for every point of the site's domain and its own.
    pub(crate) is_certain: bool,
    /// The expression that reads; `None`: a write.
    pub(crate) load: Option<Handle<Expr>>,
    /// The reduction whose target it reads or writes, and nothing else.
    pub(crate) reduction: Option<Tag>,
    /// The value that numbers the element, which no other iteration of a loop then touches.
    pub(crate) claim: Option<Tag>,
    /// The kind of update it is part of.
    pub(crate) update: Option<Update>,
    /// Whether it is the read of a condition, repeated at a statement that the condition decides about.
    pub(crate) is_control: bool,
    /// Holds of the instances that make it, beyond the site's domain.
    pub(crate) domain: Vec<Formula>,
    pub(crate) span: Span,
}

impl Access {
    /// Returns the subscripts up to the first that is not affine, and whether that is all of them.
    /// Fields in between are left out.
    pub(crate) fn subscripts(&self) -> (Vec<&Affine>, bool) {
        let mut found = Vec::new();
        for step in &self.steps {
            match step {
                Step::Index(Some(index)) => found.push(index),
                Step::Index(None) => return (found, false),
                Step::Field(_) => {}
            }
        }
        (found, true)
    }

    /// Returns the access with what is known of its first subscript in the place of that.
    pub(crate) fn ranged(&self) -> Cow<'_, Self> {
        let Some(range) = self.unclear_range() else {
            return Cow::Borrowed(self);
        };
        let mut ranged = self.clone();
        ranged.steps.splice(..1, [Step::Index(Some(range.clone()))]);
        Cow::Owned(ranged)
    }

    /// Returns what is known of the first subscript where it has no form.
    pub(crate) fn unclear_range(&self) -> Option<&Affine> {
        let is_unclear = matches!(self.steps.first(), Some(Step::Index(None)));
        self.range.as_ref().filter(|_| is_unclear)
    }

    /// Returns whether something, but not all, is known of the first subscript.
    pub(crate) fn is_ranged(&self) -> bool {
        let is_of_data = |form: &Affine| !form.is_exact();
        let first = self.steps.first();
        let is_known = matches!(first, Some(Step::Index(Some(form))) if is_of_data(form));
        is_known || self.range.is_some()
    }

    /// Returns whether the first `count` subscripts are certainly those of the access.
    pub(crate) fn is_exact(&self, count: usize) -> bool {
        let (subscripts, _) = self.subscripts();
        subscripts.len() >= count && subscripts[..count].iter().all(|index| index.is_exact())
    }

    /// Returns along how many subscripts both paths run before one ends, one is not affine, or they differ in shape;
    /// `None` where they lead to different fields and so never meet.
    pub(crate) fn common_subscripts(&self, other: &Self) -> Option<usize> {
        let mut count = 0;
        let mut is_open = true;
        for pair in self.steps.iter().zip(&other.steps) {
            match pair {
                (Step::Index(a), Step::Index(b)) => {
                    is_open = is_open && a.is_some() && b.is_some();
                    count += usize::from(is_open);
                }
                (Step::Field(a), Step::Field(b)) if a == b => {}
                (Step::Field(_), Step::Field(_)) => return None,
                (Step::Index(_), Step::Field(_)) | (Step::Field(_), Step::Index(_)) => {
                    return Some(count);
                }
            }
        }
        Some(count)
    }

    /// Adds what domain and subscripts depend on.
    pub(crate) fn collect(&self, sites: &[Site], found: &mut Atoms) {
        for formula in sites[self.site].domain.iter().chain(&self.domain) {
            formula.collect(found);
        }
        for step in &self.steps {
            if let Step::Index(Some(index)) = step {
                index.collect(found);
            }
        }
    }
}
