//! What a loop touches, as few ranges of elements as say it.

use mupac_ir::{Function, Handle, Place, Projection, Stretch, Var};

use super::forms::{Form, Leaves};

/// Elements of a variable, or behind it, from those of the least subscripts to those of the greatest.
pub(super) struct Range {
    pub(super) var: Handle<Var>,
    pub(super) path: Vec<Step>,
    /// How many steps lead to the pointer that is followed last.
    pub(super) led: usize,
}

/// What a place is while a loop runs.
pub(super) enum Extent {
    Range(Range),
    /// An object as a whole.
    Object(Stretch),
}

/// A step of a path.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Step {
    Field(u32),
    /// Subscripts between two, both included.
    Between(Form, Form),
}

/// What is read and written; pointers before what they lead to.
#[derive(Default)]
pub(super) struct Ranges {
    read: Vec<Extent>,
    written: Vec<Extent>,
    /// Whether anything may be read besides.
    reads_all: bool,
}

impl Ranges {
    pub(super) fn read(&mut self, extent: Option<Extent>) {
        match extent {
            Some(extent) => add(&mut self.read, extent),
            None => self.reads_all = true,
        }
    }

    pub(super) fn write(&mut self, extent: Extent) {
        add(&mut self.written, extent);
    }

    /// Returns the stretches that are read, and those that are written; what names them is added to the function.
    pub(super) fn named(
        self,
        function: &mut Function,
        leaves: &Leaves,
    ) -> (Vec<Stretch>, Vec<Stretch>) {
        let mut named = |all: Vec<Extent>| -> Vec<Stretch> {
            let all = all.into_iter().map(|extent| match extent {
                Extent::Range(range) => range.named(function, leaves),
                Extent::Object(object) => object,
            });
            all.collect()
        };
        let read = if self.reads_all {
            vec![Stretch::All]
        } else {
            named(self.read)
        };
        (read, named(self.written))
    }
}

impl Range {
    fn named(self, function: &mut Function, leaves: &Leaves) -> Stretch {
        let constant = |step: &Step| match step {
            Step::Field(_) => true,
            Step::Between(low, high) => low == high && low.value().is_some(),
        };
        let first = self.end(function, leaves, |low, _| low);
        if self.path.iter().all(constant) {
            return Stretch::Place(first);
        }
        let last = self.end(function, leaves, |_, high| high);
        Stretch::Between { first, last }
    }

    fn end(
        &self,
        function: &mut Function,
        leaves: &Leaves,
        choose: for<'a> fn(&'a Form, &'a Form) -> &'a Form,
    ) -> Place {
        let path = self.path.iter().map(|step| match step {
            Step::Field(field) => Projection::Field(*field),
            Step::Between(low, high) => {
                Projection::Index(leaves.build(function, choose(low, high)))
            }
        });
        Place {
            var: self.var,
            path: path.collect(),
        }
    }

    /// Returns the range that holds two, if they lie behind one pointer and differ by constants only.
    fn joined(&self, other: &Self) -> Option<Self> {
        let is_led = self.led == other.led && self.path[..self.led] == other.path[..other.led];
        let is_one = self.var == other.var && self.path.len() == other.path.len() && is_led;
        let steps = self.path.iter().zip(&other.path);
        let path = steps.map(|steps| match steps {
            (Step::Between(low, high), Step::Between(first, last)) => {
                let low = if low.beyond(first)? <= 0 { low } else { first };
                let high = if high.beyond(last)? >= 0 { high } else { last };
                Some(Step::Between(low.clone(), high.clone()))
            }
            (Step::Field(a), Step::Field(b)) => (a == b).then_some(Step::Field(*a)),
            (Step::Field(_) | Step::Between(..), _) => None,
        });
        let path = is_one.then(|| path.collect::<Option<_>>())??;
        Some(Self {
            var: self.var,
            path,
            led: self.led,
        })
    }
}

/// Adds an extent, to another one where one says both.
fn add(all: &mut Vec<Extent>, extent: Extent) {
    for known in &mut *all {
        let both = match (&*known, &extent) {
            (Extent::Range(known), Extent::Range(range)) => known.joined(range),
            (Extent::Range(_) | Extent::Object(_), _) => None,
        };
        if let Some(both) = both {
            *known = Extent::Range(both);
            return;
        }
    }
    all.push(extent);
}
