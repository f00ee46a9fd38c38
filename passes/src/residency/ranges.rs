//! What a loop touches, as few ranges of elements as say it.

use mupac_ir::structure::is_same_expr;
use mupac_ir::{Expr, Function, Handle, Place, Projection, Stretch};

use crate::along;

/// Elements from one place to another, which differ in subscripts only.
struct Range {
    first: Place,
    last: Place,
}

/// What is read and written; pointers before what they lead to.
#[derive(Default)]
pub(super) struct Ranges {
    read: Vec<Range>,
    written: Vec<Range>,
    /// Whether anything may be read besides.
    reads_all: bool,
}

impl Ranges {
    pub(super) fn read(&mut self, function: &Function, first: Place, last: Place) {
        add(function, &mut self.read, Range { first, last });
    }

    pub(super) fn write(&mut self, function: &Function, first: Place, last: Place) {
        add(function, &mut self.written, Range { first, last });
    }

    pub(super) fn read_all(&mut self) {
        self.reads_all = true;
    }

    /// Returns the stretches that are read, and those that are written.
    pub(super) fn named(self) -> (Vec<Stretch>, Vec<Stretch>) {
        let named = |all: Vec<Range>| all.into_iter().map(Range::named).collect();
        let read = if self.reads_all {
            vec![Stretch::All]
        } else {
            named(self.read)
        };
        (read, named(self.written))
    }
}

impl Range {
    fn named(self) -> Stretch {
        if self.first == self.last {
            Stretch::Place(self.first)
        } else {
            Stretch::Between {
                first: self.first,
                last: self.last,
            }
        }
    }
}

/// Adds a range, to one that it differs from only by constants in subscripts if there is one.
fn add(function: &Function, all: &mut Vec<Range>, range: Range) {
    for known in &mut *all {
        let first = farther(function, &known.first, &range.first, i128::min);
        let last = farther(function, &known.last, &range.last, i128::max);
        if let (Some(first), Some(last)) = (first, last) {
            *known = Range { first, last };
            return;
        }
    }
    all.push(range);
}

/// Returns the place with the subscripts of two that `choose` prefers; `None` where they differ by more than constants.
fn farther(
    function: &Function,
    a: &Place,
    b: &Place,
    choose: fn(i128, i128) -> i128,
) -> Option<Place> {
    let is_one = a.var == b.var && a.path.len() == b.path.len();
    let steps = a.path.iter().zip(&b.path);
    let path = steps.map(|steps| match steps {
        (Projection::Index(a), Projection::Index(b)) => {
            chosen(function, *a, *b, choose).map(Projection::Index)
        }
        (Projection::Field(a), Projection::Field(b)) => (a == b).then_some(Projection::Field(*a)),
        (Projection::Index(_) | Projection::Field(_), _) => None,
    });
    let path = is_one.then(|| path.collect::<Option<_>>())??;
    Some(Place { var: a.var, path })
}

fn chosen(
    function: &Function,
    a: Handle<Expr>,
    b: Handle<Expr>,
    choose: fn(i128, i128) -> i128,
) -> Option<Handle<Expr>> {
    let is_same = |a, b| is_same_expr(function, a, function, b);
    if is_same(a, b) {
        return Some(a);
    }
    let value = |expr| mupac_ir::fold::constant(function, expr);
    let (first, second) = match (value(a), value(b)) {
        (Some(first), Some(second)) => (first, second),
        (Some(_), None) | (None, Some(_)) => return None,
        (None, None) => {
            let ((rest, first), (other, second)) =
                (along::offset(function, a), along::offset(function, b));
            let ty = function.exprs[a].ty.scalar()?;
            let is_kept = along::is_kept(ty, ty) && is_same(rest, other);
            is_kept.then_some((first, second))?
        }
    };
    Some(if choose(first, second) == first { a } else { b })
}
