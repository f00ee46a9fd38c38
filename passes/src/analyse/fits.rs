//! Whether values stay within their types, and the conditions on parameters under which they do.

use mupac_ir::{Handle, Loop, Reason, Scalar, Span, Var};

use super::domain;
use super::pointers::Requirement;
use super::scan::Scan;
use crate::affine::{Affine, Atom, Formula, Sign};
use crate::isl;
use crate::polynomial::Polynomial;
use crate::symbol::Symbol;

/// A condition that leaves a loop no more iterations than this is worth less than not to know the value.
const FEW: i128 = 1 << 20;

/// The same of the values that a parameter may have: sizes are no longer than this, but what a program multiplies by a greater
/// number so that the product wraps around is no size, as in hashes and generators of random numbers.
const FEW_VALUES: i128 = 1 << 16;

/// The kind of the conditions that keep a value within its type.
pub(crate) const NO_WRAP: &str = "no-wrap";

impl Scan<'_> {
    /// Returns whether a value stays within a type wherever this point is reached, without a condition that leaves loops
    /// few iterations; where it is computed in a signed type, it stays within that one.
    pub(super) fn polynomial_fits(
        &mut self,
        value: &Polynomial,
        from: Scalar,
        scalar: Scalar,
    ) -> bool {
        let known = self.no_wrap.len();
        let fits = self.fits_under_conditions(value, from, scalar);
        let is_worth_it = fits && !self.leave_few(known, value).unwrap_or(true);
        if !is_worth_it {
            self.no_wrap.truncate(known);
        }
        is_worth_it
    }

    /// Returns whether the conditions that were noted since let no counter at this point, or parameter of the value, get far that could
    /// without them.
    fn leave_few(&self, known: usize, value: &Polynomial) -> Result<bool, isl::Error> {
        if self.no_wrap.len() == known {
            return Ok(false);
        }
        let before = self.where_known(known)?;
        let after = self.where_known(self.no_wrap.len())?;
        let iterators = &self.here.iterators;
        let form = value.affine(iterators);
        let terms = form.iter().flat_map(Affine::terms);
        let parameters = terms.filter_map(|(atom, _)| match atom {
            Atom::Symbol(symbol) => symbol.as_var().filter(|var| !iterators.contains(var)),
            Atom::Floor(..) | Atom::Unknown(_) => None,
        });
        let limits = iterators.iter().map(|iterator| (*iterator, FEW));
        for (var, few) in limits.chain(parameters.map(|var| (var, FEW_VALUES))) {
            let near = Formula::within(&Affine::var(var), -few, few);
            let Some(far) = near.and_then(|near| near.negated()) else {
                continue;
            };
            let ranges = self.ranges(&far);
            let mut formulas: Vec<&Formula> = self.here.domain.iter().collect();
            formulas.extend([&ranges, &far]);
            let far = domain::instances(&self.isl, "", iterators, &formulas)?;
            let gets_far = |known| Ok(!far.intersect_params(known)?.is_empty()?);
            if gets_far(&before)? && !gets_far(&after)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns that the symbols of a formula at this point are within their types.
    fn ranges(&self, formula: &Formula) -> Formula {
        let atoms = domain::atoms(&self.here.iterators, |atoms| {
            formula.collect(atoms);
            for formula in &self.here.domain {
                formula.collect(atoms);
            }
        });
        domain::ranges(atoms.symbols, |symbol| symbol.working_range(self.function))
    }

    /// Returns the parameters for which the first conditions hold, so many.
    fn where_known(&self, count: usize) -> Result<isl::Set, isl::Error> {
        let everything = isl::Set::parse(&self.isl, "{ : }")?;
        let mut known = self.no_wrap.iter().take(count);
        known.try_fold(everything, |all, (_, condition)| all.intersect(condition))
    }

    /// The same whatever the conditions leave; those of a value that does not fit are for the caller to drop.
    fn fits_under_conditions(&mut self, value: &Polynomial, from: Scalar, scalar: Scalar) -> bool {
        if let Some(form) = value.affine(&self.here.iterators) {
            return self.fits(&form, scalar);
        }
        let Some((low, high)) = scalar.integer_range() else {
            return false;
        };
        let known = self.no_wrap.len();
        if let Some((mut least, mut greatest)) = value.interval(|atom| self.bounds(atom)) {
            if let Some((from_low, from_high)) = from.integer_range()
                && from.is_signed()
            {
                (least, greatest) = (least.max(from_low), greatest.min(from_high));
            }
            if low <= least && greatest <= high {
                return true;
            }
        }
        self.no_wrap.truncate(known);
        let ends = self.ends(value);
        let within = ends.and_then(|(least, greatest)| {
            let above = Formula::at_most(&Affine::constant(low), &least)?;
            Some(above.and(Formula::at_most(&greatest, &Affine::constant(high))?))
        });
        within.is_some_and(|formula| self.always(&formula))
    }

    /// Returns forms of parameters that a sum of products of an iterator and parameters lies between at this point.
    ///
    /// Each iterator is replaced by a bound of its loop, and what it is multiplied by must not be negative: a product of
    /// parameters is one number, which a guard can test.
    pub(super) fn ends(&mut self, value: &Polynomial) -> Option<(Affine, Affine)> {
        let iterators = self.here.iterators.clone();
        let (mut least, mut greatest) = (Polynomial::default(), Polynomial::default());
        for term in value.terms(&iterators)? {
            let factors = term.stride.factors().iter();
            for factor in factors.map(|factor| Symbol::from(*factor)) {
                let factor = Affine::atom(Atom::Symbol(factor));
                if !self.not_negative(&factor) {
                    return None;
                }
            }
            let (mut low, mut high) = match term.varying {
                None => (Affine::constant(1), Affine::constant(1)),
                Some(Atom::Symbol(iterator)) => self.between(iterator.as_var()?)?,
                Some(Atom::Floor(..) | Atom::Unknown(_)) => return None,
            };
            if term.coefficient < 0 {
                (low, high) = (high, low);
            }
            let stride = Affine::atom(Atom::Symbol(term.stride)).times(term.coefficient)?;
            let stride = Polynomial::from(stride);
            least = least.plus(&Polynomial::from(low).times(&stride)?)?;
            greatest = greatest.plus(&Polynomial::from(high).times(&stride)?)?;
        }
        Some((least.affine(&[])?, greatest.affine(&[])?))
    }

    /// Returns forms of parameters that an iterator lies between at this point.
    fn between(&self, iterator: Handle<Var>) -> Option<(Affine, Affine)> {
        let (mut low, mut high) = (None, None);
        for formula in &self.here.domain {
            formula.each_conjunct(&mut |conjunct| {
                let Formula::Compare(form, Sign::NotNegative) = conjunct else {
                    return;
                };
                // Of `i - low >= 0` and `high - i >= 0`, what is left without the iterator is a bound.
                let var = Affine::var(iterator);
                for (factor, end) in [(1, &mut low), (-1, &mut high)] {
                    let rest = var.times(factor).and_then(|var| form.minus(&var));
                    let bound = rest.and_then(|rest| rest.times(-factor));
                    let bound = bound.filter(|bound| self.is_of_parameters(bound));
                    *end = end.take().or(bound);
                }
            });
        }
        low.zip(high)
    }

    /// Returns constant bounds of an atom at this point; a condition may have to keep it from being negative.
    fn bounds(&mut self, atom: &Atom) -> Option<(i128, i128)> {
        let Atom::Symbol(symbol) = atom else {
            return None;
        };
        let (low, high) = symbol.working_range(self.function)?;
        let form = Affine::atom(atom.clone());
        let is_positive = low >= 0 || self.always(&Formula::Compare(form, Sign::NotNegative));
        Some((if is_positive { low.max(0) } else { low }, high))
    }

    pub(super) fn not_negative(&mut self, value: &Affine) -> bool {
        match value.as_constant() {
            Some(constant) => constant >= 0,
            None => self.always(&Formula::Compare(value.clone(), Sign::NotNegative)),
        }
    }

    /// Returns whether a value stays within a type wherever this point is reached and the conditions hold.
    pub(super) fn fits(&mut self, value: &Affine, scalar: Scalar) -> bool {
        let Some((low, high)) = scalar.integer_range() else {
            return false;
        };
        match value.as_constant() {
            Some(constant) => (low..=high).contains(&constant),
            None => Formula::within(value, low, high).is_some_and(|formula| self.always(&formula)),
        }
    }

    /// Returns whether a formula holds wherever this point is reached, and notes the condition on parameters under
    /// which it does.
    pub(super) fn always(&mut self, formula: &Formula) -> bool {
        let Some(opposite) = formula.negated() else {
            return false;
        };
        match self.admit(&opposite) {
            Ok(Some(condition)) => {
                self.no_wrap
                    .extend(condition.map(|condition| (NO_WRAP, condition)));
                true
            }
            // An answer that the solver does not find in time is as good as no.
            Ok(None) | Err(_) => false,
        }
    }

    /// Notes the condition on parameters under which a requirement holds.
    pub(super) fn meet(&mut self, requirement: &Requirement, at: Span) {
        let truth = self.condition(requirement.condition);
        let known = self.no_wrap.len();
        if !truth.is_exact || !self.always(&truth.holds) {
            let construct = requirement.otherwise.to_owned();
            self.refuse(Reason::Unsupported { construct }, at);
        }
        for condition in &mut self.no_wrap[known..] {
            condition.0 = requirement.kind;
        }
    }

    /// Returns the condition under which `opposite` never happens here: none needed, one, or `None` if that would
    /// rule out this point altogether, or more than one instance of it.
    #[expect(
        clippy::option_option,
        reason = "whether a condition exists and whether one is needed are different answers"
    )]
    pub(super) fn admit(&self, opposite: &Formula) -> Result<Option<Option<isl::Set>>, isl::Error> {
        let ranges = self.ranges(opposite);
        let everything = isl::Set::parse(&self.isl, "{ : }")?;
        let known = self.where_known(self.no_wrap.len())?;
        let iterators = &self.here.iterators;
        let instances = |formulas: &[&Formula]| {
            domain::instances(&self.isl, "", iterators, formulas)?.intersect_params(&known)
        };
        let mut formulas: Vec<&Formula> = self.here.domain.iter().collect();
        formulas.extend([&ranges, opposite]);
        let bad = instances(&formulas)?;
        if bad.is_empty()? {
            return Ok(Some(None));
        }
        formulas.pop();
        // Of parameters alone it is enough to say so: in the words of what is known, each condition would double the next one.
        let bad = if iterators.is_empty() && self.here.domain.is_empty() {
            domain::instances(&self.isl, "", iterators, &[opposite])?
        } else {
            bad
        };
        let condition = everything.subtract(&bad.params()?)?;
        let left = instances(&formulas)?.intersect_params(&condition)?;
        let is_one_instance = !iterators.is_empty() && left.is_equal(&left.lexmin()?)?;
        if left.is_empty()? || is_one_instance {
            return Ok(None);
        }
        Ok(Some(Some(condition)))
    }

    /// Returns whether a loop's counter equals the integer it stands for in every test and step.
    pub(super) fn count_fits(&mut self, each: &Loop, start: &Affine, end: &Affine) -> bool {
        let iterator = self.function.vars[each.iterator].ty.scalar();
        let compared = self.function.exprs[each.end].ty.scalar();
        let (Some(iterator), Some(compared)) = (iterator, compared) else {
            return false;
        };
        let next = Affine::var(each.iterator).plus(&Affine::constant(i128::from(each.step)));
        let counting = domain::counting(each.iterator, start, end, each.step);
        let (Some(next), Some(counting)) = (next, counting) else {
            return false;
        };
        let is_wide_signed = matches!(iterator, Scalar::I32 | Scalar::I64);
        let is_embedded = is_within(iterator, compared);
        if !is_embedded && !self.fits(start, compared) {
            return false;
        }
        self.here.iterators.push(each.iterator);
        self.here.domain.push(counting);
        let steps_fit = is_wide_signed || self.fits(&next, iterator);
        let tests_fit = is_embedded || self.fits(&next, compared);
        self.here.domain.pop();
        self.here.iterators.pop();
        steps_fit && tests_fit
    }
}

/// Returns whether every value of one integer type is a value of another.
pub(super) fn is_within(inner: Scalar, outer: Scalar) -> bool {
    match (inner.integer_range(), outer.integer_range()) {
        (Some((low, high)), Some((least, greatest))) => least <= low && high <= greatest,
        (None, _) | (_, None) => false,
    }
}
