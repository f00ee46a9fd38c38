//! Elements that conditions limit: below `if (x[i] >= 0 && x[i] < n)`, `x[i]` is a value from 0 to `n - 1`, wherever it is read
//! again.
//!
//! An element that the region reads and does not write keeps its value: every access through its name only reads, and that no
//! other name leads to it is what the guards against overlap ask. Two reads with the same subscripts are of the same element,
//! as long as the iterators around mean what they meant, so what is known of one ends with the condition's branches.

use mupac_ir::{Expr, ExprKind, Handle, Place, Projection, Scalar, Var};

use super::access::Step;
use super::scan::Scan;
use super::value::NARROW;
use crate::affine::{Affine, Known};
use crate::build;
use crate::polynomial::Polynomial;

/// An element that a condition compares, and the value that stands for it.
#[derive(Clone, Debug)]
pub(super) struct Element {
    var: Handle<Var>,
    steps: Vec<Step>,
    value: Affine,
}

impl Scan<'_> {
    /// Returns the value of an element that a condition around compares.
    pub(super) fn element(&mut self, place: &Place) -> Option<Polynomial> {
        let is_compared = self.elements.iter().any(|known| known.var == place.var);
        let steps = is_compared.then(|| self.steps(place)).flatten()?;
        let mut all = self.elements.iter();
        let known = all.find(|known| known.var == place.var && known.steps == steps)?;
        Some(known.value.clone().into())
    }

    /// Gives values to elements that a condition reads of variables that `matter`, those in subscripts of others first.
    pub(super) fn suppose_elements(
        &mut self,
        condition: Handle<Expr>,
        matters: &dyn Fn(Handle<Var>) -> bool,
    ) {
        let function = self.function;
        let mut read = Vec::new();
        build::visit(function, condition, &mut |expr, _| read.push(expr));
        for expr in read {
            let node = &function.exprs[expr];
            let range = node.ty.scalar().and_then(Scalar::integer_range);
            if let (ExprKind::Load(place), Some(range)) = (&node.kind, range)
                && !place.path.is_empty()
                && !self.written.contains_key(&place.var)
                && matters(place.var)
            {
                self.suppose_element(place, range);
            }
        }
    }

    fn suppose_element(&mut self, place: &Place, (low, high): (i128, i128)) {
        let conditions = self.no_wrap.len();
        let steps = self.steps(place);
        // What the condition reads noted under which conditions it is read.
        let is_clear = self.no_wrap.len() == conditions;
        self.no_wrap.truncate(conditions);
        let Some(steps) = steps.filter(|_| is_clear) else {
            return;
        };
        let mut all = self.elements.iter();
        if all.any(|known| known.var == place.var && known.steps == steps) {
            return;
        }
        let is_narrow = high.checked_sub(low).is_some_and(|size| size <= NARROW);
        let least = (is_narrow || low == 0).then(|| Affine::constant(low));
        let greatest = is_narrow.then(|| Affine::constant(high));
        let value = self.unknown(Known::Between(least, greatest), false);
        let var = place.var;
        self.elements.push(Element { var, steps, value });
    }

    /// Returns the path of a place, if all of its subscripts are affine.
    fn steps(&mut self, place: &Place) -> Option<Vec<Step>> {
        let step = |step: &Projection| match step {
            Projection::Index(index) => Some(Step::Index(Some(self.affine(*index)?))),
            Projection::Field(field) => Some(Step::Field(*field)),
        };
        place.path.iter().map(step).collect()
    }
}
