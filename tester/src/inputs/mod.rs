//! Chooses the inputs of tests: sizes around what kernels are cut by, arms of values, aliases, arrays left out.
//!
//! A test is a line of words, which is also its replay id; the values in memory follow from its seed.

mod absent;
mod invalid;
mod limits;
mod overlap;
mod sizes;
mod slots;

use std::fmt;

use mupac_ir::Scalar;

use crate::glue::{Callee, Slot};
use crate::random::Random;
use crate::results::Holder;

pub(crate) use invalid::Invalid;
pub(crate) use limits::{Limit, Limits, Tame};
pub(crate) use overlap::{Owner, Shared};
pub(crate) use sizes::sampling;

/// How memory is filled, and which numbers are passed; the letters of the design, known to `simt/harness.c`.
const ARMS: [char; 9] = ['B', 'A', 'E', 'F', 'B', 'D', 'C', 'G', 'H'];

/// One call of one function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TestCase {
    entry: usize,
    seed: u64,
    arm: char,
    /// How much tamer than the arm says numbers in memory are.
    tame: Tame,
    /// Whether globals keep their initial values.
    keeps_globals: bool,
    /// One for each slot.
    values: Vec<u64>,
    /// Which buffers lie in which other memory.
    aliases: Vec<Shared>,
    /// Whether pointers in memory lead to one row two by two, and not each to its own.
    shares_rows: bool,
    /// The buffer in whose place a null pointer is passed.
    absent: Option<usize>,
    /// Of buffers that are not as large as the entry proposes: the number, the first element, and one past the last.
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
            "entry={} seed={} arm={} tame={} globals={globals} ",
            self.entry, self.seed, self.arm, self.tame
        )?;
        let values: Vec<String> = self
            .values
            .iter()
            .map(|value| format!("{value:x}"))
            .collect();
        write!(f, "values={} ", values.join(","))?;
        let aliases: Vec<String> = self.aliases.iter().map(Shared::to_string).collect();
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
            "alias={} rows={} null={} extents={} data={}",
            listed(&aliases, ","),
            if self.shares_rows { "shared" } else { "own" },
            self.absent
                .map_or("-".to_owned(), |buffer| buffer.to_string()),
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

    /// Returns the test with buffers that hold these elements and no others.
    pub(crate) fn within(&self, elements: &[(usize, i64, i64)]) -> Self {
        let mut case = self.clone();
        let is_named = |buffer: usize| elements.iter().any(|(each, ..)| *each == buffer);
        case.extents.retain(|(buffer, ..)| !is_named(*buffer));
        case.extents.extend_from_slice(elements);
        case
    }

    /// Returns the test with another value for a slot.
    pub(crate) fn with_value(&self, slot: usize, bits: u64) -> Self {
        let mut case = self.clone();
        if let Some(value) = case.values.get_mut(slot) {
            *value = bits;
        }
        case
    }

    /// Returns the sizes, each with its slot.
    fn sizes(&self, callee: &Callee) -> impl Iterator<Item = (i64, usize)> {
        let sizes = self.values.iter().zip(&callee.slots).enumerate();
        let sizes = sizes.filter(|(_, (_, slot))| matches!(slot, Slot::Size(_)));
        sizes.map(|(slot, (value, _))| (*value as i64, slot))
    }

    /// Returns the test with its largest size halved; `None` where all are small.
    pub(crate) fn halved(&self, callee: &Callee) -> Option<Self> {
        let (size, slot) = self.sizes(callee).max()?;
        (size > 1).then(|| self.with_value(slot, (size / 2) as u64))
    }

    /// Returns the product of the sizes, by which tests are told to be large.
    pub(crate) fn work(&self, callee: &Callee) -> i64 {
        let sizes = self.sizes(callee).map(|(size, _)| size.max(1));
        sizes.fold(1, i64::saturating_mul)
    }

    /// Returns whether the entry proposes these sizes.
    fn is_proposed(&self, callee: &Callee) -> bool {
        let is_row = |row: &Vec<i64>| {
            let sizes = self.sizes(callee).map(|(size, _)| size);
            row.iter().copied().eq(sizes)
        };
        callee.samples.iter().any(is_row)
    }

    /// Returns the test with sizes that the entry proposes, if it proposes any.
    fn with_proposed_sizes(&self, callee: &Callee) -> Self {
        let slots: Vec<usize> = self.sizes(callee).map(|(_, slot)| slot).collect();
        let fitting = callee.samples.iter();
        let fitting: Vec<_> = fitting.filter(|row| row.len() == slots.len()).collect();
        let mut case = self.clone();
        let turn = (self.seed % fitting.len().max(1) as u64) as usize;
        if let (Some(row), false) = (fitting.get(turn), self.is_proposed(callee)) {
            for (size, slot) in row.iter().zip(slots) {
                case = case.with_value(slot, *size as u64);
            }
        }
        case
    }

    /// Returns the test within a limit that is learned of late.
    pub(crate) fn with(self, callee: &Callee, limit: Limit) -> Self {
        match limit {
            Limit::Apart(..) => self.without_aliases(),
            Limit::OwnRows => self.with_own_rows(),
            Limit::Present(_) => self.with_all(),
            Limit::ProposedSizes => self.with_proposed_sizes(callee),
            Limit::LeastSize(_)
            | Limit::MostSize(..)
            | Limit::MostWork(_)
            | Limit::Aligned(_)
            | Limit::SmallIntegers
            | Limit::PositiveIntegers
            | Limit::UnitFloats => self,
        }
    }

    /// Returns the test with memory of its own for every buffer that may have such.
    pub(crate) fn without_aliases(&self) -> Self {
        let mut case = self.clone();
        case.aliases.retain(|shared| shared.is_needed);
        case
    }

    /// Returns the test with a row of its own for every pointer in memory.
    pub(crate) fn with_own_rows(&self) -> Self {
        Self {
            shares_rows: false,
            ..self.clone()
        }
    }

    /// Returns whether pointers in memory lead to the same row.
    pub(crate) fn shares_rows(&self) -> bool {
        self.shares_rows
    }

    /// Returns the test without null pointers.
    pub(crate) fn with_all(&self) -> Self {
        Self {
            absent: None,
            ..self.clone()
        }
    }

    /// Returns the buffer in whose place a null pointer is passed.
    pub(crate) fn absent(&self) -> Option<usize> {
        self.absent
    }

    /// Returns what a buffer lies in, if not in memory of its own.
    pub(crate) fn alias_of(&self, buffer: usize) -> Option<Shared> {
        let mut aliases = self.aliases.iter();
        aliases.find(|each| each.buffer == buffer).copied()
    }

    /// Returns whether a buffer shares memory with anything else that could have its own.
    pub(crate) fn has_aliases(&self) -> bool {
        self.aliases.iter().any(|shared| !shared.is_needed)
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
    // Every round starts one further, so that what comes at every third test meets all arms.
    let turn = (index + index / ARMS.len()) % ARMS.len();
    let arm = ARMS.get(turn).copied().unwrap_or('A');
    let sizes = sizes::sizes(callee, index, narrowing, &mut random);
    let mut values = Vec::new();
    let mut next_size = sizes.into_iter();
    for slot in &callee.slots {
        values.push(match slot {
            Slot::Size(_) => next_size.next().unwrap_or(0) as u64,
            Slot::Value(scalar) => value(*scalar, arm, narrowing, &mut random),
            Slot::Choice { scalar, among, .. } => choice(*scalar, among, index, &mut random),
            Slot::Buffer { .. } | Slot::Rows { .. } => 0,
        });
    }
    let absent = absent::absent(callee, index);
    let paired = overlap::paired(callee, index, narrowing);
    let is_free = |shared: &Shared| !paired.iter().any(|pair| shared.names(pair.buffer));
    let shared = overlap::shared(callee, index).filter(is_free);
    let aliases = paired.iter().copied().chain(shared);
    TestCase {
        entry: callee.number,
        seed: random.next(),
        arm,
        tame: Tame::default(),
        keeps_globals: index % 2 == 1,
        values,
        aliases: aliases
            .filter(|shared| absent.is_none_or(|buffer| !shared.names(buffer)))
            .collect(),
        shares_rows: overlap::shares_rows(callee, index),
        absent,
        extents: Vec::new(),
        keys: Vec::new(),
        data: Vec::new(),
    }
}

/// Returns the `index`-th test in which two memories, by their names, share what they have; `None` where no guard keeps
/// them apart or the function may not be called so.
pub(crate) fn overlapping_case(
    callee: &Callee,
    seed: u64,
    names: [&str; 2],
    index: usize,
) -> Option<TestCase> {
    let shared = overlap::shared_pair(callee, names, index)?;
    let case = test_case(callee, seed, overlap::sharing(index), 0).without_aliases();
    let needed = case.aliases.clone();
    if needed.iter().any(|each| each.meets(&shared)) {
        return None;
    }
    // Sums of small integers tell an element from its neighbours; conditions may need other values.
    let is_exact = index / 4 % 3 != 2;
    Some(TestCase {
        aliases: [needed, vec![shared]].concat(),
        absent: None,
        arm: if is_exact { EXACT } else { case.arm },
        ..case
    })
}

/// Returns the `index`-th test in which a function touches little: most of what decides about it in memory is zero.
pub(crate) fn sparse_case(callee: &Callee, seed: u64, index: usize) -> TestCase {
    TestCase {
        arm: 'E',
        ..test_case(callee, seed, index, 0)
    }
}

/// Returns the `index`-th test, but with the `turn`-th sizes next to the edges of blocks and tiles.
pub(crate) fn edge_case(callee: &Callee, seed: u64, index: usize, turn: usize) -> TestCase {
    let mut case = test_case(callee, seed, index, 0)
        .without_aliases()
        .with_own_rows()
        .with_all();
    let slots: Vec<usize> = case.sizes(callee).map(|(_, slot)| slot).collect();
    for (size, slot) in sizes::edges(callee, turn).into_iter().zip(slots) {
        case = case.with_value(slot, size.max(0) as u64);
    }
    case
}

/// The arm of values that the function names.
const KEYS: char = 'K';
/// The arm of small integers, also where numbers are floating-point ones.
const EXACT: char = 'B';

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
    let values = callee
        .slots
        .iter()
        .enumerate()
        .map(|(number, slot)| match slot {
            Slot::Size(scalar) => {
                let size = if random.below(3) == 0 {
                    near(&mut random) as i64
                } else {
                    random.below(6) as i64
                };
                let (least, most) = callee.size_range(number, *scalar);
                let most = most.min(i128::from(MOST_DIRECTED_SIZE));
                i128::from(size).clamp(least.max(-1), most) as u64
            }
            // What is added to or multiplied with a number that decides should often leave it alone.
            Slot::Value(scalar) if random.below(2) == 0 => {
                let few = random.below(2);
                if scalar.is_float() {
                    (few as f64).to_bits()
                } else {
                    few
                }
            }
            Slot::Choice { scalar, among, .. } => choice(*scalar, among, index, &mut random),
            Slot::Value(scalar) if scalar.is_float() => near(&mut random).to_bits(),
            Slot::Value(_) => near(&mut random) as i64 as u64,
            Slot::Buffer { .. } | Slot::Rows { .. } => 0,
        });
    let values = values.collect();
    TestCase {
        arm: if index % 4 == 3 { case.arm } else { KEYS },
        values,
        keys: callee.keys.clone(),
        ..case.without_aliases()
    }
}

/// A number of which counts whether it is one of some: in every second test it is, so that what depends on several such
/// numbers happens; in the others it is by chance, or next to one.
fn choice(scalar: Scalar, among: &[i64], index: usize, random: &mut Random) -> u64 {
    let value = if index.is_multiple_of(2) {
        let turn = index / 2 % among.len().max(1);
        among.get(turn).copied().unwrap_or_default()
    } else {
        let neighbour = random.choose(&[0, 0, 1, -1]);
        random.choose(among).saturating_add(neighbour)
    };
    let value = i128::from(value);
    let (least, most) = scalar.integer_range().unwrap_or((0, 1));
    value.clamp(least, most) as u64
}

/// Largest size of a directed test.
const MOST_DIRECTED_SIZE: i64 = 300;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_second_test_makes_all_choices_that_a_function_asks_for() {
        let flag = |among: &[i64]| Slot::Choice {
            functions: Vec::new(),
            scalar: Scalar::I32,
            among: among.to_vec(),
        };
        let callee = Callee::of_slots(vec![flag(&[1]), flag(&[-1]), flag(&[2, 5])]);
        let made = |index| {
            let case = test_case(&callee, 7, index, 0);
            [0, 1, 2].map(|slot| case.value(slot).unwrap() as i64)
        };
        assert_eq!([made(0), made(2)], [[1, -1, 2], [1, -1, 5]]);
        assert!((0..20).any(|index| made(2 * index + 1)[0] != 1));
    }

    #[test]
    fn the_same_seed_gives_the_same_test() {
        let callee = Callee::of_slots(vec![Slot::Size(Scalar::I32), Slot::Value(Scalar::F64)]);
        assert_eq!(test_case(&callee, 7, 11, 0), test_case(&callee, 7, 11, 0));
        assert_ne!(test_case(&callee, 7, 11, 0), test_case(&callee, 8, 11, 0));
    }
}
