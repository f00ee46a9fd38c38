//! Which constants of a program are sizes, and what they are in a smaller program.
//!
//! A size is a number that loops run to, that arrays are long, or that is next to one of these. A smaller one has the same
//! remainder for blocks and tiles, so that what is left over at edges stays what it is; numbers next to each other keep
//! their distance, and multiples and products of sizes stay such. What only says how often a loop repeats the same is no
//! size: it becomes as small as the quotients of it allow.

use std::collections::{BTreeMap, BTreeSet};
use std::iter;

use mupac_ir::Module;

use crate::work::{Bounds, FEW};
use crate::{numbers, work};

/// Smaller numbers stay as they are.
const LEAST: u64 = 64;
/// Greater numbers are no sizes: multipliers of random streams, seeds of hashes, the greatest of all.
const MOST: u64 = 1 << 40;
/// Numbers that are no further apart are one size with an offset.
const NEAR: u64 = 16;
/// A number that is so many times another is a multiple of it.
const MOST_TIMES: u64 = 8;
/// Remainders by smaller parts tell nothing apart.
const LEAST_PART: u64 = 4;

/// What becomes of a number that says how often something is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeats {
    /// It is at least twice what it is divided by, so that loops over quotients go round.
    Divided,
    /// It is small whatever sizes it is divided by: loops over such quotients do nothing.
    Few,
}

/// By what the sizes of a smaller program keep their remainders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remainders {
    /// All by this number.
    By(u64),
    /// By this number those that can be smaller then, each of the others by the greatest half, quarter … of it that lets it.
    ByParts(u64),
}

impl Remainders {
    /// Returns the same by a number that `of` makes of it.
    fn with(self, of: impl Fn(u64) -> u64) -> Self {
        match self {
            Self::By(number) => Self::By(of(number)),
            Self::ByParts(number) => Self::ByParts(of(number)),
        }
    }

    /// Returns the numbers that are tried, in order.
    fn tried(self) -> impl Iterator<Item = u64> {
        let (first, least) = match self {
            Self::By(number) => (number, number),
            Self::ByParts(number) => (number, LEAST_PART.min(number)),
        };
        let halves = iter::successors(Some(first), |number| Some(number / 2));
        halves.take_while(move |number| *number >= least)
    }
}

/// The constants of a program that may be smaller.
pub(crate) struct Sizes {
    /// What loops count to and arrays are long.
    lengths: BTreeSet<u64>,
    /// Those that only say how often something is repeated, each with what it is divided by.
    repeats: BTreeMap<u64, BTreeSet<u64>>,
    /// The steps of loops, each with what such a loop runs to.
    steps: BTreeSet<(u64, u64)>,
}

impl Sizes {
    /// Returns those of some constants that are sizes of a program, and that `may_shrink`.
    pub(crate) fn of(
        module: &Module,
        literals: &BTreeSet<u64>,
        may_shrink: impl Fn(u64) -> bool,
    ) -> Self {
        let functions = || module.functions.iter().map(|(_, function)| function);
        let bounds: Vec<Bounds> = functions()
            .flat_map(|each| work::bounds(module, each))
            .collect();
        let (repeated, others): (Vec<&Bounds>, Vec<&Bounds>) = bounds
            .iter()
            .partition(|bounds| bounds.is_counted == Some(false));
        // Where that is not known, what counts nothing elsewhere does not count here.
        let is_counted = |bounds: &&&Bounds| {
            bounds.is_counted.is_some() || repeated.iter().all(|each| each.values != bounds.values)
        };
        let counted: Vec<&Bounds> = others.iter().filter(is_counted).copied().collect();
        let lengths = functions().flat_map(|each| numbers::lengths(each, &module.records));
        let roles = lengths.map(i64::unsigned_abs);
        let roles = roles.chain(functions().flat_map(work::numbers));
        let roles = roles.chain(counted.iter().flat_map(|bounds| &bounds.values).copied());
        let roles = roles.chain(work::initial(module));
        let mut sizes = sizes(literals, &roles.collect());
        sizes.retain(|size| may_shrink(*size));
        let mut repeats: BTreeMap<u64, BTreeSet<u64>> = BTreeMap::new();
        for (value, divisor) in repeated.iter().flat_map(|bounds| &bounds.parts) {
            let is_large = *value >= LEAST && may_shrink(*value);
            if is_large && literals.contains(value) && !sizes.contains(value) {
                repeats.entry(*value).or_default().extend(divisor);
            }
        }
        // Others may count to a quotient of such a number.
        for (value, divisor) in others.iter().flat_map(|bounds| &bounds.parts) {
            if let Some(divisors) = repeats.get_mut(value) {
                divisors.extend(divisor);
            }
        }
        let steps = counted.iter().flat_map(|bounds| {
            let values = bounds.values.iter();
            values.map(|value| (*value, bounds.step))
        });
        Self {
            lengths: sizes,
            repeats,
            steps: steps.filter(|(_, step)| *step > 1).collect(),
        }
    }

    /// Returns the constants that become smaller, where sizes keep their remainders and those by the steps of loops over them,
    /// and hold what they are divided by more than once.
    pub(crate) fn smaller(&self, remainders: Remainders, repeats: Repeats) -> BTreeMap<u64, u64> {
        let mut known = smaller(&self.lengths, |size| {
            remainders.with(|modulus| self.modulus(size, modulus.max(1)))
        });
        for (value, divisors) in &self.repeats {
            let new = |divisor: &u64| 2 * known.get(divisor).copied().unwrap_or(*divisor);
            let divisors = divisors.iter().filter(|divisor| match repeats {
                Repeats::Divided => true,
                Repeats::Few => **divisor < LEAST,
            });
            let new = divisors.map(new).fold(FEW, u64::max);
            if new < *value {
                known.insert(*value, new);
            }
        }
        known
    }

    /// Returns by what a size keeps its remainder: by `modulus`, and by the steps of loops that run to it.
    fn modulus(&self, size: u64, modulus: u64) -> u64 {
        let near = |bound: u64| bound.abs_diff(size) <= NEAR;
        let steps = self.steps.iter().filter(|(bound, _)| near(*bound));
        let all = steps.fold(modulus, |all, (_, step)| common_multiple(all, *step));
        if all <= modulus.saturating_mul(NEAR) {
            all
        } else {
            modulus
        }
    }
}

/// Returns the constants of a text that are sizes: near one that a function has, or a factor of one.
fn sizes(literals: &BTreeSet<u64>, roles: &BTreeSet<u64>) -> BTreeSet<u64> {
    let is_role = |value: u64| {
        let near = value.saturating_sub(NEAR)..=value.saturating_add(NEAR);
        roles.range(near).next().is_some()
    };
    let is_factor = |value: u64| {
        let products = literals
            .iter()
            .filter_map(|other| value.checked_mul(*other));
        products
            .filter(|product| *product > LEAST)
            .any(|product| roles.contains(&product))
    };
    let large = literals.range(LEAST..=MOST).copied();
    large
        .filter(|value| is_role(*value) || is_factor(*value))
        .collect()
}

/// Returns what becomes of each size; `remainders` says by what it keeps its remainder.
fn smaller(sizes: &BTreeSet<u64>, remainders: impl Fn(u64) -> Remainders) -> BTreeMap<u64, u64> {
    let mut known: BTreeMap<u64, u64> = BTreeMap::new();
    // Those that are no offset from another.
    let mut bases: Vec<(u64, u64)> = Vec::new();
    for size in sizes {
        let near = bases.iter().rev().find(|(base, _)| size - base <= NEAR);
        if let Some((base, new)) = near {
            known.insert(*size, new + (size - base));
            continue;
        }
        let product = known.iter().find_map(|(a, new_a)| {
            let other = size.checked_div(*a).filter(|other| other * a == *size)?;
            let product = new_a * known.get(&other)?;
            // Of numbers that stay what they are it is a product by chance.
            (product != *size).then_some(product)
        });
        let multiple = bases.iter().find_map(|(base, new)| {
            let times = size / base;
            (size % base == 0 && times <= MOST_TIMES).then_some(new * times)
        });
        let last = bases.last().map(|(_, last)| *last);
        let fresh = |modulus| fresh(*size, modulus, last.unwrap_or(modulus));
        // What hardly gets smaller is not worth another form.
        let is_smaller = |new: &u64| *new <= size / 2;
        let new = match product.or(multiple) {
            Some(new) => Some(new).filter(is_smaller),
            None => remainders(*size).tried().map(fresh).find(is_smaller),
        };
        let new = new.unwrap_or(*size);
        known.insert(*size, new);
        bases.push((*size, new));
    }
    known.retain(|size, new| size != new);
    known
}

/// Returns the least size above `least` with the remainder of another.
fn fresh(size: u64, modulus: u64, least: u64) -> u64 {
    let rest = size % modulus;
    let fresh = rest + (least + 1).saturating_sub(rest).div_ceil(modulus) * modulus;
    // Transforms and sorting networks run over powers of two alone.
    let power = fresh.next_power_of_two();
    if size.is_power_of_two() && power % modulus == rest {
        power
    } else {
        fresh
    }
}

/// Returns the least common multiple of two numbers.
pub fn common_multiple(a: u64, b: u64) -> u64 {
    let (mut divisor, mut rest) = (a, b.max(1));
    while rest != 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    a / divisor * b.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(sizes: &[u64], remainders: Remainders) -> Vec<u64> {
        let sizes: BTreeSet<u64> = sizes.iter().copied().collect();
        let known = smaller(&sizes, |_| remainders);
        let new = |size| known.get(size).copied().unwrap_or(*size);
        sizes.iter().map(new).collect()
    }

    fn of(sizes: &[u64], modulus: u64) -> Vec<u64> {
        by(sizes, Remainders::By(modulus))
    }

    #[test]
    fn what_cannot_be_smaller_keeps_its_remainder_by_a_part() {
        let all = [256, 1000, 32_000];
        assert_eq!(of(&all, 256), [256, 488, 512]);
        assert_eq!(by(&all, Remainders::ByParts(256)), [128, 232, 256]);
        assert_eq!(by(&[70], Remainders::ByParts(256)), [22]);
    }

    #[test]
    fn sizes_keep_remainders_distances_and_products() {
        assert_eq!(of(&[512], 32), [64]);
        assert_eq!(of(&[2000, 3000], 32), [48, 56]);
        assert_eq!(of(&[510, 511, 512, 514], 32), [62, 63, 64, 66]);
        assert_eq!(of(&[512, 1024, 262_144], 32), [64, 128, 4096]);
        assert_eq!(of(&[100], 64), [100]);
        assert_eq!(of(&[2048, 3000, 65_536], 32), [64, 88, 128]);
        assert_eq!(of(&[100, 1000, 100_000], 1024), [100, 1000, 1696]);
    }

    #[test]
    fn repetitions_become_few() {
        let sizes = Sizes {
            lengths: BTreeSet::from([256, 32_000]),
            repeats: BTreeMap::from([
                (100, BTreeSet::new()),
                (1000, BTreeSet::from([4])),
                (100_000, BTreeSet::from([16, 256, 32_000])),
            ]),
            steps: BTreeSet::from([(31_998, 5)]),
        };
        let known = sizes.smaller(Remainders::By(256), Repeats::Divided);
        let expected = [(100, 8), (1000, 8), (32_000, 1280), (100_000, 2560)];
        assert_eq!(known, BTreeMap::from(expected));
        let known = sizes.smaller(Remainders::By(256), Repeats::Few);
        assert_eq!(known.get(&100_000), Some(&32));
    }
}
