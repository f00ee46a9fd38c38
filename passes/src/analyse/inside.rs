//! Keeps subscripts below the lengths that their dimensions are declared with.
//!
//! Different subscripts mean different elements, and copies hold what is touched, only where inner subscripts stay in their
//! rows. Programs leave them all the same, by `a[0][i]` over a whole matrix or `p->x[i]` into the next member, and
//! compilers give them the element that lies there. So what a loop does not keep by itself becomes a condition that a
//! guard tests, and where data decides, a pass of the host looks.
//!
//! An array at the end of a structure is no exception: compilers take any for one of unknown length, unless told
//! otherwise, and programs rely on it where they allocate more than the structure. A flexible array member has no length
//! at all (C17 6.7.2.1 §18).
//! Behind an object as a whole a program has nothing to find: the subscript of an array itself is held to its length where
//! a condition on parameters does that.
//!
//! **Source**: Using the GNU Compiler Collection 12, 3.13 (`-fstrict-flex-arrays`) and 6.18, “Arrays of Length Zero”.

use std::collections::BTreeSet;

use mupac_ir::{Extent, Handle, Reason, Refusal, Span, Type, Var};

use super::access::{Access, Step};
use super::names::shown;
use super::rows::{self, SHAPE};
use super::scan::Scan;
use crate::affine::{Affine, Formula, Sign};
use crate::facts::Noted;
use crate::polynomial::Polynomial;

/// A subscript that no condition on parameters keeps below its length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Open {
    pub(super) noted: Noted,
    pub(super) length: Extent,
    /// The member that the subscript belongs to, if it is one's.
    member: Option<String>,
    /// Whether it is computed from data, so that nothing but the program's own access goes by it.
    is_of_data: bool,
    at: Span,
}

impl Open {
    /// Returns whether an access may leave its row without harm: no different subscripts have to mean different elements, and
    /// the copy holds all of the object, or iterations have it for themselves.
    pub(super) fn is_harmless(&self, scan: &Scan<'_>) -> bool {
        let is_object = match &scan.function.vars[self.noted.array].ty {
            Type::Array { length, .. } => matches!(length, Extent::Fixed(_)),
            Type::Record(_) => true,
            Type::Void | Type::Scalar(_) | Type::Pointer { .. } | Type::Opaque(_) => false,
        };
        let array = &self.noted.array;
        let is_own = scan.declared.contains_key(array);
        is_object && self.is_of_data && (is_own || !scan.written.contains_key(array))
    }

    /// Returns whether an access evaluates the subscript.
    pub(super) fn is_in(&self, access: &Access) -> bool {
        let steps = &self.noted.steps;
        let is_same = |(own, step): (&Option<u32>, &Step)| *own == member(step);
        access.var == self.noted.array
            && steps.iter().zip(&access.steps).all(is_same)
            && matches!(access.steps.get(steps.len()), Some(Step::Index(_)))
    }

    /// Returns why nothing can be made of the region, unless a pass shows that the subscript stays below its length.
    pub(super) fn refusal(&self, scan: &Scan<'_>) -> Refusal {
        let array = self.member.clone();
        let array = array.unwrap_or_else(|| shown(&scan.function.vars[self.noted.array]));
        let why = match self.length {
            Extent::Fixed(length) => {
                format!("nothing shows that this subscript stays below {length}")
            }
            Extent::Variable(_) => "nothing shows that this subscript stays in its row".to_owned(),
            Extent::Unknown => "memory may go on behind an array that ends a structure".to_owned(),
        };
        Refusal::new(Reason::UnknownExtent { array }, self.at).with(self.at, why)
    }
}

fn member(step: &Step) -> Option<u32> {
    match step {
        Step::Index(_) => None,
        Step::Field(number) => Some(*number),
    }
}

/// Returns the objects that are copied whole because accesses may leave their rows without harm; of the others, each such
/// subscript is still open.
pub(super) fn whole(scan: &mut Scan<'_>) -> BTreeSet<Handle<Var>> {
    let open = std::mem::take(&mut scan.open);
    let (harmless, open): (Vec<_>, Vec<_>) =
        open.into_iter().partition(|open| open.is_harmless(scan));
    scan.open = open;
    // In an array that iterations have for themselves, such an access may mean any element.
    let own = harmless.iter();
    let own = own.filter(|open| scan.declared.contains_key(&open.noted.array));
    for open in own {
        for access in scan.accesses.iter_mut().filter(|access| open.is_in(access)) {
            for step in &mut access.steps {
                if let Step::Index(index) = step {
                    *index = None;
                }
            }
        }
    }
    harmless.into_iter().map(|open| open.noted.array).collect()
}

impl Scan<'_> {
    /// Requires that an access by `steps`, of which the subscripts have these values, stays below the lengths on its way,
    /// and notes where it may not; `is_certain`: it happens wherever this point is reached.
    ///
    /// Subscripts that are known in part count here: what matters is how far they reach.
    pub(super) fn keep_inside(
        &mut self,
        array: Handle<Var>,
        steps: &[Step],
        values: &[Option<Polynomial>],
        is_certain: bool,
        at: Span,
    ) {
        let (module, function) = (self.module, self.function);
        let mut ty = &function.vars[array].ty;
        let mut member = None;
        let mut way = Vec::new();
        for (step, value) in steps.iter().zip(values) {
            let inner = match (step, ty) {
                (Step::Index(_), _) => ty.element(),
                (Step::Field(number), Type::Record(record)) => {
                    let fields = &module.records[*record].fields;
                    fields.get(*number as usize).map(|field| &field.ty)
                }
                (Step::Field(_), _) => None,
            };
            let Some(inner) = inner else {
                return;
            };
            if let (Step::Index(_), Type::Array { length, .. }) = (step, ty)
                && !self.stays_below(value.as_ref(), length)
                && !way.is_empty()
            {
                let steps = way.clone();
                let open = Open {
                    noted: Noted { array, steps },
                    length: *length,
                    member: member.clone(),
                    is_of_data: !matches!(step, Step::Index(Some(form)) if form.is_exact()),
                    at,
                };
                self.note_open(open, is_certain);
            }
            member = match (step, ty) {
                (Step::Field(number), Type::Record(record)) => {
                    let field = module.records[*record].fields.get(*number as usize);
                    field.map(|field| field.name.clone())
                }
                (Step::Index(_) | Step::Field(_), _) => None,
            };
            way.push(self::member(step));
            ty = inner;
        }
    }

    /// What reaches too far whatever data say needs no pass to show it.
    fn note_open(&mut self, open: Open, is_certain: bool) {
        let is_decided = !open.is_of_data && is_certain;
        if is_decided || open.length == Extent::Unknown {
            let refusal = open.refusal(self);
            if !self.refusals.contains(&refusal) {
                self.refusals.push(refusal);
            }
        } else if !self.open.contains(&open) {
            self.open.push(open);
        }
    }

    /// Returns whether a subscript lies between 0 and a length wherever this point is reached, and notes the condition on
    /// parameters under which it does.
    fn stays_below(&mut self, value: Option<&Polynomial>, length: &Extent) -> bool {
        let Some((value, length)) = value.zip(self.length(length)) else {
            return false;
        };
        let iterators = self.here.iterators.clone();
        let known = self.no_wrap.len();
        let ends = match value.affine(&iterators) {
            Some(form) => Some((form.clone(), form)),
            None => self.ends(value),
        };
        let is_inside = ends.is_some_and(|(least, greatest)| {
            let below = Formula::Compare(least, Sign::NotNegative);
            let above = Formula::below(&greatest, &length);
            above.is_some_and(|above| {
                self.is_known(&below) && self.is_known(&above) || self.always(&below.and(above))
            })
        });
        if !is_inside {
            self.no_wrap.truncate(known);
        }
        for condition in &mut self.no_wrap[known..] {
            condition.0 = SHAPE;
        }
        is_inside
    }

    /// Returns how many elements a dimension has; `None` where that is not known here.
    fn length(&mut self, extent: &Extent) -> Option<Affine> {
        match extent {
            Extent::Fixed(0) | Extent::Unknown => None,
            Extent::Fixed(_) => rows::length(self, extent),
            Extent::Variable(expr) => rows::length(self, extent).or_else(|| self.affine(*expr)),
        }
    }

    /// Returns whether one of the conditions on this point says plainly that a value is not negative.
    fn is_known(&self, formula: &Formula) -> bool {
        let Formula::Compare(value, Sign::NotNegative) = formula else {
            return false;
        };
        let is_enough = |rest: Option<Affine>| {
            let rest = rest.and_then(|rest| rest.as_constant());
            rest.is_some_and(|rest| rest >= 0)
        };
        let mut found = is_enough(Some(value.clone()));
        for formula in &self.here.domain {
            formula.each_conjunct(&mut |conjunct| {
                if let Formula::Compare(form, Sign::NotNegative) = conjunct {
                    found |= is_enough(value.minus(form));
                }
            });
        }
        found
    }
}
