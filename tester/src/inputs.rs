//! Chooses the inputs of tests: sizes around what kernels are cut by, arms of values, aliases.
//!
//! A test is a line of words, which is also its replay id; the values in memory follow from its seed.

use std::fmt;

use mupac_ir::Scalar;

use crate::glue::{Callee, Slot};
use crate::random::Random;
use crate::results::Holder;

/// The most that the product of all sizes of one test may be, so that a run takes well below a second.
const MOST_WORK: i64 = 1 << 17;

/// How memory is filled, and which numbers are passed; the letters of the design, known to `simt/harness.c`.
const ARMS: [char; 9] = ['B', 'A', 'E', 'F', 'B', 'D', 'C', 'G', 'H'];

/// Where the second of two pointers into the same memory starts, in elements after the first: every sign, since a loop
/// may overtake its own writes in either direction.
const SHIFTS: [i64; 5] = [1, -1, 0, 5, -3];

/// One call of one function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TestCase {
    entry: usize,
    seed: u64,
    arm: char,
    /// Whether globals keep their initial values.
    keeps_globals: bool,
    /// One for each slot.
    values: Vec<u64>,
    /// Which buffer lies in which other, and at which of its elements.
    aliases: Vec<(usize, usize, i64)>,
    /// Of buffers that are smaller than the entry proposes: the number, the first element, and one past the last.
    extents: Vec<(usize, i64, i64)>,
    /// Bits of the numbers that memory is filled with, and their neighbours, in the arm of keys.
    keys: Vec<u64>,
    /// Columns that are spelled out instead of following from the seed: holder, field, and the bits of each value.
    pub(crate) data: Vec<(Holder, u32, Vec<u64>)>,
}

/// On which side of each buffer unmapped memory lies, with nothing between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GuardSide {
    Before,
    After,
}

impl fmt::Display for TestCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let globals = if self.keeps_globals { "kept" } else { "set" };
        write!(
            f,
            "entry={} seed={} arm={} globals={globals} ",
            self.entry, self.seed, self.arm
        )?;
        let values: Vec<String> = self
            .values
            .iter()
            .map(|value| format!("{value:x}"))
            .collect();
        write!(f, "values={} ", values.join(","))?;
        let aliases: Vec<String> = self
            .aliases
            .iter()
            .map(|(b, a, shift)| format!("{b}:{a}:{shift}"))
            .collect();
        let extents: Vec<String> = self
            .extents
            .iter()
            .map(|(buffer, low, high)| format!("{buffer}:{low}:{high}"))
            .collect();
        let listed = |items: &[String], between: &str| {
            if items.is_empty() {
                "-".to_owned()
            } else {
                items.join(between)
            }
        };
        let data: Vec<String> = self.data.iter().map(column).collect();
        write!(
            f,
            "alias={} extents={} data={}",
            listed(&aliases, ","),
            listed(&extents, ","),
            listed(&data, ";")
        )?;
        if self.arm != KEYS {
            return Ok(());
        }
        let keys: Vec<String> = self.keys.iter().map(|bits| format!("{bits:x}")).collect();
        write!(f, " keys={}", keys.join(","))
    }
}

/// Spells a column as `b2.0:3f800000,0`.
fn column((holder, leaf, bits): &(Holder, u32, Vec<u64>)) -> String {
    let holder = match holder {
        Holder::Buffer(number) => format!("b{number}"),
        Holder::Global(number) => format!("g{number}"),
        Holder::Result => String::new(),
    };
    let bits: Vec<String> = bits.iter().map(|bits| format!("{bits:x}")).collect();
    format!("{holder}.{leaf}:{}", bits.join(","))
}

impl TestCase {
    /// Returns the bits of the value for a slot.
    pub(crate) fn value(&self, slot: usize) -> Option<u64> {
        self.values.get(slot).copied()
    }

    /// Returns the arm of its values.
    pub(crate) fn arm(&self) -> char {
        self.arm
    }

    /// Returns the words of the test with its buffers placed so.
    pub(crate) fn words(&self, side: GuardSide) -> String {
        let side = match side {
            GuardSide::Before => "before",
            GuardSide::After => "after",
        };
        format!("{self} guard={side}")
    }

    /// Returns the test with buffers that hold no more than these elements, if that makes any smaller.
    pub(crate) fn within(&self, touched: &[(usize, i64, i64)]) -> Self {
        Self {
            extents: touched.to_vec(),
            ..self.clone()
        }
    }

    /// Returns the test with another value for a slot.
    pub(crate) fn with_value(&self, slot: usize, bits: u64) -> Self {
        let mut case = self.clone();
        if let Some(value) = case.values.get_mut(slot) {
            *value = bits;
        }
        case
    }

    /// Returns the test with memory of its own for every buffer.
    pub(crate) fn without_aliases(&self) -> Self {
        Self {
            aliases: Vec::new(),
            ..self.clone()
        }
    }

    /// Returns the buffer that a buffer lies in, and at which of its elements.
    pub(crate) fn alias_of(&self, buffer: usize) -> Option<(usize, i64)> {
        let mut aliases = self.aliases.iter();
        let alias = aliases.find(|(alias, _, _)| *alias == buffer);
        alias.map(|(_, owner, shift)| (*owner, *shift))
    }

    /// Returns whether two buffers share memory.
    pub(crate) fn has_aliases(&self) -> bool {
        !self.aliases.is_empty()
    }
}

/// How far sizes are narrowed because too many inputs were not valid.
pub(crate) const NARROWEST: usize = 3;

/// Returns the `index`-th candidate for a test of a function.
pub(crate) fn test_case(callee: &Callee, seed: u64, index: usize, narrowing: usize) -> TestCase {
    let stream = seed
        ^ (index as u64).rotate_left(20)
        ^ (callee.number as u64).rotate_left(40)
        ^ narrowing as u64;
    let mut random = Random::new(stream);
    let arm = ARMS.get(index % ARMS.len()).copied().unwrap_or('A');
    let sizes = sizes(callee, index, narrowing, &mut random);
    let mut values = Vec::new();
    let mut next_size = sizes.into_iter();
    for slot in &callee.slots {
        values.push(match slot {
            Slot::Size(_) => next_size.next().unwrap_or(0) as u64,
            Slot::Value(scalar) => value(*scalar, arm, narrowing, &mut random),
            Slot::Buffer { .. } => 0,
        });
    }
    TestCase {
        entry: callee.number,
        seed: random.next(),
        arm,
        keeps_globals: index % 2 == 1,
        values,
        aliases: aliases(callee, index),
        extents: Vec::new(),
        keys: Vec::new(),
        data: Vec::new(),
    }
}

/// The arm of values that the function names.
const KEYS: char = 'K';

/// Returns the `index`-th test that tries to have a function's conditions turn out otherwise: small sizes, and numbers
/// next to those that the function names.
pub(crate) fn directed_case(callee: &Callee, seed: u64, index: usize) -> TestCase {
    let stream = seed ^ (index as u64).rotate_left(30) ^ (callee.number as u64).rotate_left(50);
    let mut random = Random::new(!stream);
    let case = test_case(callee, !seed, index, 0);
    let near = |random: &mut Random| {
        let key = f64::from_bits(random.choose(&callee.keys));
        key + random.choose(&[0.0, 1.0, -1.0])
    };
    let values = callee.slots.iter().map(|slot| match slot {
        Slot::Size(scalar) => {
            let size = if random.below(3) == 0 {
                near(&mut random) as i64
            } else {
                random.below(6) as i64
            };
            let (least, most) = scalar.integer_range().unwrap_or((0, 1024));
            let most = most.min(i128::from(MOST_DIRECTED_SIZE));
            i128::from(size).clamp(least.max(-1), most) as u64
        }
        Slot::Value(scalar) if scalar.is_float() => near(&mut random).to_bits(),
        Slot::Value(_) => near(&mut random) as i64 as u64,
        Slot::Buffer { .. } => 0,
    });
    let values = values.collect();
    TestCase {
        arm: if index % 4 == 3 { case.arm } else { KEYS },
        values,
        keys: callee.keys.clone(),
        aliases: Vec::new(),
        ..case
    }
}

/// Largest size of a directed test.
const MOST_DIRECTED_SIZE: i64 = 300;

/// Sizes worth testing, smallest first.
fn size_pool(extents: &[u32], narrowing: usize) -> Vec<i64> {
    let mut pool = vec![0, 1, 2, 3, 5, 8, 31, 32, 33, 97, 251, 1009];
    for &extent in extents {
        let extent = i64::from(extent);
        pool.extend([
            extent - 1,
            extent,
            extent + 1,
            2 * extent - 1,
            2 * extent,
            2 * extent + 1,
        ]);
    }
    let most = [MOST_WORK, 64, 16, 4].get(narrowing).copied().unwrap_or(4);
    pool.retain(|size| (0..=most).contains(size));
    if narrowing == 0 {
        pool.push(-1);
    }
    pool.sort_unstable();
    pool.dedup();
    pool
}

/// Chooses the sizes of one test: the first tests give all sizes one value that fills more than one block or is an
/// edge; later ones give them equal or independent values by turns.
fn sizes(callee: &Callee, index: usize, narrowing: usize, random: &mut Random) -> Vec<i64> {
    let ranges: Vec<(i128, i128)> = callee
        .slots
        .iter()
        .filter_map(|slot| match slot {
            Slot::Size(scalar) => Some(scalar.integer_range().unwrap_or((0, 1024))),
            Slot::Value(_) | Slot::Buffer { .. } => None,
        })
        .collect();
    let pool = size_pool(&callee.extents, narrowing);
    let largest = callee.extents.iter().copied().max().unwrap_or(32);
    let fixed = [i64::from(largest) + 1, 33, i64::from(largest) * 2, 1, 0, 2];
    let common = fixed
        .get(index)
        .copied()
        .unwrap_or_else(|| random.choose(&pool));
    let are_equal = index < fixed.len() || index.is_multiple_of(3);
    let mut sizes: Vec<i64> = ranges
        .iter()
        .map(|_| {
            if are_equal {
                common
            } else {
                random.choose(&pool)
            }
        })
        .collect();
    bound_work(&mut sizes, &pool, random);
    // After the first tests every third has sizes for which the guards are known to hold.
    let turn = index / 3;
    if index >= fixed.len()
        && index % 3 == 1
        && let Some(sample) = callee.samples.get(turn % callee.samples.len().max(1))
        && sample.len() == sizes.len()
    {
        sizes.clone_from(sample);
    }
    for (size, (least, most)) in sizes.iter_mut().zip(ranges) {
        // A narrow type may not hold the size; a size that an unsigned type would turn into a giant is no test.
        *size = i128::from(*size).clamp(least, most) as i64;
    }
    sizes
}

/// Replaces the largest size by a smaller one until the product is bounded.
fn bound_work(sizes: &mut [i64], pool: &[i64], random: &mut Random) {
    loop {
        let work = sizes
            .iter()
            .fold(1_i64, |work, &size| work.saturating_mul(size.max(1)));
        if work <= MOST_WORK {
            return;
        }
        let Some(largest) = sizes.iter_mut().max() else {
            return;
        };
        let smaller: Vec<i64> = pool
            .iter()
            .copied()
            .filter(|&size| 0 < size && size < *largest)
            .collect();
        *largest = if smaller.is_empty() {
            *largest / 2
        } else {
            random.choose(&smaller)
        };
    }
}

/// A number that is not a size: the bits of a double for floating types, of an `i64` for the rest.
fn value(scalar: Scalar, arm: char, narrowing: usize, random: &mut Random) -> u64 {
    if scalar.is_float() {
        let unit = random.next() as i64 as f64 / 9.3e18;
        let value = match arm {
            'B' => (random.below(17) as f64) - 8.0,
            'C' => unit * 2.0_f64.powi(random.below(40) as i32 - 20),
            'D' => random.choose(&[0.0, -0.0, 1.0, f64::INFINITY, f64::NAN]),
            _ => unit,
        };
        return value.to_bits();
    }
    if narrowing > 1 {
        return random.below(4);
    }
    match (arm, scalar.integer_range()) {
        ('F', Some((least, most))) => random.choose(&[least as i64, most as i64]) as u64,
        ('B', _) | (_, None) => random.below(9),
        (_, Some((0, _))) => random.below(101),
        (_, Some(_)) => (random.below(201) as i64 - 100) as u64,
    }
}

/// In every third test one pair of pointers shares memory, where the types agree and one of the two is written.
fn aliases(callee: &Callee, index: usize) -> Vec<(usize, usize, i64)> {
    let buffers: Vec<_> = callee
        .slots
        .iter()
        .enumerate()
        .filter_map(|(slot, each)| match each {
            // Sharing what is reached through `restrict` is undefined, which no sanitizer sees.
            Slot::Buffer {
                element,
                is_written,
                is_restrict: false,
            } => Some((slot, element, *is_written)),
            Slot::Buffer { .. } | Slot::Size(_) | Slot::Value(_) => None,
        })
        .collect();
    let mut pairs = Vec::new();
    for (position, (a, a_type, a_written)) in buffers.iter().enumerate() {
        for (b, b_type, b_written) in buffers.iter().skip(position + 1) {
            if a_type == b_type && (*a_written || *b_written) {
                pairs.push((*b, *a));
            }
        }
    }
    if pairs.is_empty() || index % 3 != 2 {
        return Vec::new();
    }
    let turn = index / 3;
    let shift = SHIFTS.get((turn / pairs.len() + turn) % SHIFTS.len());
    let pair = pairs.get(turn % pairs.len());
    pair.zip(shift)
        .map(|(&(b, a), &shift)| (b, a, shift))
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mupac_ir::Type;

    fn callee(slots: Vec<Slot>) -> Callee {
        Callee {
            number: 0,
            name: "f".to_owned(),
            slots,
            slot_names: Vec::new(),
            parameter_names: Vec::new(),
            global_names: Vec::new(),
            has_promises: false,
            keys: Vec::new(),
            extents: vec![16, 256],
            samples: Vec::new(),
        }
    }

    fn buffer(is_written: bool, is_restrict: bool) -> Slot {
        Slot::Buffer {
            element: Type::Scalar(Scalar::F32),
            is_written,
            is_restrict,
        }
    }

    #[test]
    fn work_is_bounded() {
        let callee = callee(vec![Slot::Size(Scalar::I32); 3]);
        for index in 0..200 {
            for narrowing in 0..=NARROWEST {
                let case = test_case(&callee, 1, index, narrowing);
                let work: i64 = case
                    .values
                    .iter()
                    .map(|&size| (size as i64).max(1))
                    .product();
                assert!(work <= MOST_WORK, "{case}");
            }
        }
    }

    #[test]
    fn sizes_cross_the_edges_of_blocks() {
        let callee = callee(vec![Slot::Size(Scalar::I32)]);
        let tried: Vec<i64> = (0..200)
            .map(|index| test_case(&callee, 1, index, 0).values[0] as i64)
            .collect();
        for edge in [0, 1, 15, 16, 17, 255, 256, 257, 511, 512, 513, -1] {
            assert!(tried.contains(&edge), "{edge} is never tried");
        }
    }

    #[test]
    fn sizes_fit_their_type() {
        let callee = callee(vec![Slot::Size(Scalar::U8), Slot::Size(Scalar::Bool)]);
        for index in 0..100 {
            let values = test_case(&callee, 1, index, 0).values;
            assert!(values[0] <= 255 && values[1] <= 1, "{values:?}");
        }
    }

    #[test]
    fn only_pointers_that_may_share_memory_do() {
        let share = |slots: Vec<Slot>| {
            let callee = callee(slots);
            (0..20).any(|index| !test_case(&callee, 1, index, 0).aliases.is_empty())
        };
        assert!(share(vec![buffer(false, false), buffer(true, false)]));
        assert!(!share(vec![buffer(false, false), buffer(false, false)]));
        assert!(!share(vec![buffer(true, true), buffer(true, false)]));
    }

    #[test]
    fn the_same_seed_gives_the_same_test() {
        let callee = callee(vec![Slot::Size(Scalar::I32), Slot::Value(Scalar::F64)]);
        assert_eq!(test_case(&callee, 7, 11, 0), test_case(&callee, 7, 11, 0));
        assert_ne!(test_case(&callee, 7, 11, 0), test_case(&callee, 8, 11, 0));
    }
}
