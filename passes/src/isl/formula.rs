//! Conditions on integers as isl's matrices have them: alternatives of equations and inequalities.

use std::collections::{BTreeMap, BTreeSet};

/// More alternatives than this are left to isl, which finds out early which of them are empty.
const MOST_ALTERNATIVES: usize = 64;

/// What a coefficient stands before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    /// A parameter or a dimension, in isl's order: parameters, first tuple, second tuple.
    Outer(usize),
    /// A value of which only the condition speaks: a name after `exists`, or a quotient.
    Inner(usize),
    /// The least or the greatest of several values; none is left in an alternative.
    Extreme(usize),
}

/// `constant + Σ coefficient · column`; no coefficient is 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sum {
    pub(super) constant: i128,
    pub(super) terms: BTreeMap<Column, i128>,
}

impl Sum {
    pub(super) fn constant(constant: i128) -> Self {
        Self {
            constant,
            terms: BTreeMap::new(),
        }
    }

    pub(super) fn column(column: Column) -> Self {
        Self {
            constant: 0,
            terms: BTreeMap::from([(column, 1)]),
        }
    }

    /// Returns the constant, if nothing else is in it.
    pub(super) fn as_constant(&self) -> Option<i128> {
        self.terms.is_empty().then_some(self.constant)
    }

    /// Returns the sum with a multiple of another, or `None` where a coefficient leaves 128 bits.
    pub(super) fn plus(mut self, other: &Self, times: i128) -> Option<Self> {
        let product = other.constant.checked_mul(times)?;
        self.constant = self.constant.checked_add(product)?;
        for (column, coefficient) in &other.terms {
            let entry = self.terms.entry(*column).or_default();
            *entry = entry.checked_add(coefficient.checked_mul(times)?)?;
            if *entry == 0 {
                self.terms.remove(column);
            }
        }
        Some(self)
    }

    /// Returns the product with a constant, or `None` where a coefficient leaves 128 bits.
    pub(super) fn times(&self, factor: i128) -> Option<Self> {
        Self::default().plus(self, factor)
    }

    /// Returns the first column that is the least or the greatest of several values.
    pub(super) fn extreme(&self) -> Option<(usize, i128)> {
        self.terms
            .iter()
            .find_map(|(column, coefficient)| match column {
                Column::Extreme(number) => Some((*number, *coefficient)),
                Column::Outer(_) | Column::Inner(_) => None,
            })
    }
}

/// How a sum compares with 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sign {
    /// It is 0.
    Zero,
    /// It is not 0.
    NotZero,
    /// It is at least 0.
    NotNegative,
}

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Formula {
    /// A sum compared with 0.
    Compare(Sum, Sign),
    /// Every one of them; none: always.
    All(Vec<Formula>),
    /// At least one of them; none: never.
    Any(Vec<Formula>),
}

/// The least or the greatest of some values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Extreme {
    pub(super) is_greatest: bool,
    pub(super) of: Vec<Sum>,
}

/// What columns other than parameters and dimensions stand for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Definitions {
    /// Of each inner value: the dividend and the positive divisor of which it is the quotient, toward minus infinity;
    /// `None`: it is only said to exist.
    pub(super) inner: Vec<Option<(Sum, i128)>>,
    pub(super) extremes: Vec<Extreme>,
}

/// Equations and inequalities that hold together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Alternative {
    /// What is 0.
    pub(super) equal: BTreeSet<Sum>,
    /// What is at least 0.
    pub(super) not_negative: BTreeSet<Sum>,
}

impl Definitions {
    /// Returns the alternatives of a condition, each with what defines its quotients; `None` where there are too many, or
    /// where a number leaves 128 bits.
    pub(super) fn alternatives(&self, formula: &Formula) -> Option<Vec<Alternative>> {
        let mut found = self.expanded(formula)?;
        for each in &mut found {
            self.define(each)?;
        }
        Some(found)
    }

    fn expanded(&self, formula: &Formula) -> Option<Vec<Alternative>> {
        let found = match formula {
            Formula::Compare(sum, sign) => self.compared(sum, *sign)?,
            Formula::Any(parts) => {
                let mut found = Vec::new();
                for part in parts {
                    found.extend(self.expanded(part)?);
                }
                found
            }
            Formula::All(parts) => {
                let mut found = vec![Alternative::default()];
                for part in parts {
                    let next = self.expanded(part)?;
                    if found.len().checked_mul(next.len())? > MOST_ALTERNATIVES {
                        return None;
                    }
                    found = joined(&found, &next);
                }
                found
            }
        };
        (found.len() <= MOST_ALTERNATIVES).then_some(found)
    }

    fn compared(&self, sum: &Sum, sign: Sign) -> Option<Vec<Alternative>> {
        if sign == Sign::NotZero {
            let one = Sum::constant(-1);
            let [above, below] = [one.clone().plus(sum, 1)?, one.plus(sum, -1)?];
            let mut found = self.compared(&above, Sign::NotNegative)?;
            found.extend(self.compared(&below, Sign::NotNegative)?);
            return Some(found);
        }
        if let Some((number, coefficient)) = sum.extreme() {
            return self.unfolded(sum, sign, number, coefficient);
        }
        if let Some(constant) = sum.as_constant() {
            let holds = constant == 0 || constant > 0 && sign == Sign::NotNegative;
            return Some(vec![Alternative::default(); usize::from(holds)]);
        }
        let mut only = Alternative::default();
        let constraints = if sign == Sign::Zero {
            &mut only.equal
        } else {
            &mut only.not_negative
        };
        constraints.insert(sum.clone());
        Some(vec![only])
    }

    /// Compares a sum with 0 in which the least or the greatest of some values occurs.
    ///
    /// At least so much is the least of them where all are, and the greatest where one is; what it equals is the one that
    /// no other is below or above.
    fn unfolded(
        &self,
        sum: &Sum,
        sign: Sign,
        number: usize,
        coefficient: i128,
    ) -> Option<Vec<Alternative>> {
        let extreme = self.extremes.get(number)?;
        let column = Sum::column(Column::Extreme(number));
        let with = |value: &Sum| {
            let rest = sum.clone().plus(&column, coefficient.checked_neg()?)?;
            rest.plus(value, coefficient)
        };
        let mut cases = Vec::new();
        for value in &extreme.of {
            let holds = Formula::Compare(with(value)?, sign);
            if sign == Sign::NotNegative {
                cases.push(holds);
                continue;
            }
            let direction = if extreme.is_greatest { 1 } else { -1 };
            let mut all = vec![holds];
            for other in &extreme.of {
                let ahead = value.times(direction)?.plus(other, -direction)?;
                all.push(Formula::Compare(ahead, Sign::NotNegative));
            }
            cases.push(Formula::All(all));
        }
        let needs_all = sign == Sign::NotNegative && extreme.is_greatest == (coefficient < 0);
        self.expanded(&if needs_all {
            Formula::All(cases)
        } else {
            Formula::Any(cases)
        })
    }

    /// Adds the bounds of the quotients that an alternative names: `0 <= dividend - divisor * quotient < divisor`.
    fn define(&self, alternative: &mut Alternative) -> Option<()> {
        let named = alternative.equal.iter().chain(&alternative.not_negative);
        let mut left: Vec<usize> = named.flat_map(inner_of).collect();
        let mut seen = BTreeSet::new();
        while let Some(number) = left.pop() {
            if !seen.insert(number) {
                continue;
            }
            let Some((dividend, divisor)) = self.inner.get(number)? else {
                continue;
            };
            let quotient = Sum::column(Column::Inner(number));
            let rest = dividend.clone().plus(&quotient, divisor.checked_neg()?)?;
            let most = Sum::constant(divisor.checked_sub(1)?).plus(&rest, -1)?;
            left.extend(inner_of(dividend));
            alternative.not_negative.extend([rest, most]);
        }
        Some(())
    }
}

/// Returns the numbers of the inner values of a sum.
pub(super) fn inner_of(sum: &Sum) -> impl Iterator<Item = usize> {
    sum.terms.keys().filter_map(|column| match column {
        Column::Inner(number) => Some(*number),
        Column::Outer(_) | Column::Extreme(_) => None,
    })
}

/// Returns what holds where one of each does.
fn joined(ones: &[Alternative], others: &[Alternative]) -> Vec<Alternative> {
    let join = |one: &Alternative, other: &Alternative| {
        let mut both = one.clone();
        both.equal.extend(other.equal.iter().cloned());
        both.not_negative.extend(other.not_negative.iter().cloned());
        both
    };
    ones.iter()
        .flat_map(|one| others.iter().map(move |other| join(one, other)))
        .collect()
}
