//! Sizes of tests: around what kernels are cut by, and every two of them together.

use crate::glue::{Callee, Slot};
use crate::random::Random;

/// The most that the product of all sizes of one test may be, so that a run takes well below a second.
const MOST_WORK: i64 = 1 << 17;

/// Most values of one size that are combined with all those of another.
const MOST_LEVELS: usize = 8;

/// Most rows that are tried for one row of a covering array.
const ATTEMPTS: usize = 12;

/// Returns the greatest size of a test.
fn most(narrowing: usize) -> i64 {
    [MOST_WORK, 64, 16, 4].get(narrowing).copied().unwrap_or(4)
}

/// Sizes worth testing, smallest first.
fn pool(extents: &[u32], narrowing: usize) -> Vec<i64> {
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
    let most = most(narrowing);
    pool.retain(|size| (0..=most).contains(size));
    if narrowing == 0 {
        pool.push(-1);
    }
    pool.sort_unstable();
    pool.dedup();
    pool
}

/// Chooses the sizes of one test: the first tests give all sizes one value that fills more than one block or is an
/// edge; of every three later ones, one has equal sizes, one has sizes for which the guards are known to hold, where
/// there are such, and the others go through a covering array.
pub(super) fn sizes(
    callee: &Callee,
    index: usize,
    narrowing: usize,
    random: &mut Random,
) -> Vec<i64> {
    let ranges: Vec<(i128, i128)> = callee
        .slots
        .iter()
        .enumerate()
        .filter_map(|(number, slot)| match slot {
            Slot::Size(scalar) => Some(callee.size_range(number, *scalar)),
            Slot::Value(_) | Slot::Choice { .. } | Slot::Buffer { .. } | Slot::Rows { .. } => None,
        })
        .collect();
    let pool = pool(&callee.extents, narrowing);
    let mut sizes = match kind(callee, index) {
        Kind::Fixed(size) => vec![size; ranges.len()],
        Kind::Equal => vec![random.choose(&pool); ranges.len()],
        // These are small, and smaller ones may be what no guard lets pass.
        Kind::Sample(sample) if sample.len() == ranges.len() => sample.clone(),
        Kind::Sample(_) => independent(&pool, ranges.len(), random),
        Kind::Small => independent(&SMALL, ranges.len(), random),
        Kind::Combined(turn) => {
            let rows = covering(ranges.len(), &levels(callee, narrowing), turn + 1);
            let row = rows.into_iter().nth(turn);
            row.unwrap_or_else(|| independent(&pool, ranges.len(), random))
        }
    };
    if !callee.samples.contains(&sizes) {
        bound_work(&mut sizes, &pool, most_work(callee, ranges.len()), random);
    }
    for (size, (least, most)) in sizes.iter_mut().zip(ranges) {
        // A narrow type may not hold the size; a size that an unsigned type would turn into a giant is no test.
        *size = i128::from(*size).clamp(least, most) as i64;
    }
    sizes
}

/// Returns sizes next to the edges of blocks and tiles: all together, the `turn`-th ones give every two sizes every two
/// sides of an edge, for one extent after another.
pub(super) fn edges(callee: &Callee, turn: usize) -> Vec<i64> {
    let count = callee
        .slots
        .iter()
        .filter(|slot| matches!(slot, Slot::Size(_)))
        .count();
    let mut extents = callee
        .extents
        .iter()
        .rev()
        .map(|extent| i64::from(*extent))
        .cycle();
    let around = |extent: i64| [extent, extent + 1, extent - 1];
    let rows = covering(count, &around(0), usize::MAX).len().max(3);
    let extent = extents.nth(turn / rows).unwrap_or(32);
    let levels = around(extent);
    let turn = turn % rows;
    let row = covering(count, &levels, turn + 1).into_iter().nth(turn);
    let level = levels.get(turn).copied().unwrap_or(extent);
    let mut sizes = row.unwrap_or_else(|| vec![level; count]);
    let mut random = Random::new(turn as u64);
    bound_work(&mut sizes, &SMALL, most_work(callee, count), &mut random);
    sizes
}

/// Every so many tests, after the first ones, one has sizes from the entry: the second of them.
const EVERY: usize = 3;

/// Returns the number of a test that has sizes from the entry, where there are any, another one for another number.
pub(crate) fn sampling(number: usize) -> usize {
    number * EVERY + 1
}

/// Where the sizes of a test come from.
enum Kind<'a> {
    Fixed(i64),
    Equal,
    Sample(&'a Vec<i64>),
    /// The row of a covering array.
    Combined(usize),
    /// Small ones, for memory that is shared: what one iteration writes another soon reads.
    Small,
}

fn kind(callee: &Callee, index: usize) -> Kind<'_> {
    let largest = i64::from(callee.extents.iter().copied().max().unwrap_or(32));
    let fixed = [largest + 1, 33, largest * 2, 1, 0, 2, 1009, 97];
    if let Some(size) = fixed.get(index) {
        return Kind::Fixed(*size);
    }
    let round = (index - fixed.len()) / EVERY;
    let count = callee.samples.len();
    let sample = |number: usize| {
        let sample = callee.samples.get(number % count.max(1));
        sample.map_or(Kind::Equal, Kind::Sample)
    };
    match (index % EVERY, round % 2) {
        (0, _) => Kind::Equal,
        (1, _) if count == 0 => Kind::Combined(round + round / 2),
        (1, _) => sample(round),
        (_, 0) if count > 0 => sample(round / 2),
        (_, 0) => Kind::Small,
        (_, _) if count == 0 => Kind::Combined(3 * (round / 2) + 2),
        (_, _) => Kind::Combined(round / 2),
    }
}

/// Sizes of tests with shared memory.
const SMALL: [i64; 6] = [33, 1, 2, 3, 5, 40];

fn independent(pool: &[i64], count: usize, random: &mut Random) -> Vec<i64> {
    (0..count).map(|_| random.choose(pool)).collect()
}

/// Returns the most that the product of sizes may be: enough to fill one tile along each, within reason.
fn most_work(callee: &Callee, count: usize) -> i64 {
    let largest = callee.extents.iter().copied().max().unwrap_or(1);
    let tile = (0..count).fold(1_i64, |work, _| work.saturating_mul(i64::from(largest) + 1));
    tile.clamp(MOST_WORK, 4 * MOST_WORK)
}

/// Replaces the largest size by a smaller one until the product is bounded.
fn bound_work(sizes: &mut [i64], pool: &[i64], most: i64, random: &mut Random) {
    loop {
        let work = sizes
            .iter()
            .fold(1_i64, |work, &size| work.saturating_mul(size.max(1)));
        if work <= most {
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

/// The sizes that are combined with one another: the edges of the widest extent, and those that no extent decides.
fn levels(callee: &Callee, narrowing: usize) -> Vec<i64> {
    let widest = callee.extents.iter().copied().max().unwrap_or(32);
    let widest = i64::from(widest);
    let mut levels = vec![widest + 1, 1, 0, 33, widest, 2 * widest + 1, 2, widest - 1];
    let most = most(narrowing);
    levels.retain(|level| *level <= most);
    let mut seen = Vec::new();
    levels.retain(|level| {
        let is_new = !seen.contains(level);
        seen.push(*level);
        is_new
    });
    levels.truncate(MOST_LEVELS);
    levels
}

/// Returns up to `most` rows of sizes; all rows together give every two sizes every two of the levels, and the first ones
/// cover most of these pairs.
///
/// **Source**: Cohen, Dalal, Fredman, Patton, “The AETG system: an approach to testing based on combinatorial design”,
/// IEEE Transactions on Software Engineering 23(7), 1997: of several random rows the one that covers most pairs.
fn covering(count: usize, levels: &[i64], most: usize) -> Vec<Vec<i64>> {
    let mut missing = Vec::new();
    for first in 0..count {
        for second in first + 1..count {
            for a in levels {
                missing.extend(levels.iter().map(|b| (first, *a, second, *b)));
            }
        }
    }
    let covers = |row: &[i64], pair: &(usize, i64, usize, i64)| {
        row.get(pair.0) == Some(&pair.1) && row.get(pair.2) == Some(&pair.3)
    };
    let mut random = Random::new(count as u64);
    let mut rows = Vec::new();
    while let Some(needed) = missing.first().copied().filter(|_| rows.len() < most) {
        let mut best: (usize, Vec<i64>) = (0, Vec::new());
        for _ in 0..ATTEMPTS {
            let mut row: Vec<i64> = (0..count).map(|_| random.choose(levels)).collect();
            // So that every row covers something new and the end is reached.
            for (at, level) in [(needed.0, needed.1), (needed.2, needed.3)] {
                if let Some(size) = row.get_mut(at) {
                    *size = level;
                }
            }
            let covered = missing.iter().filter(|pair| covers(&row, pair)).count();
            if covered > best.0 {
                best = (covered, row);
            }
        }
        missing.retain(|pair| !covers(&best.1, pair));
        rows.push(best.1);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::super::{NARROWEST, TestCase, test_case};
    use super::*;
    use mupac_ir::Scalar;

    fn callee(slots: Vec<Slot>) -> Callee {
        Callee {
            extents: vec![16, 256],
            ..Callee::of_slots(slots)
        }
    }

    fn values(case: &TestCase, count: usize) -> Vec<i64> {
        let values = (0..count).map(|slot| case.value(slot).unwrap() as i64);
        values.collect()
    }

    #[test]
    fn work_is_bounded() {
        let callee = callee(vec![Slot::Size(Scalar::I32); 3]);
        for index in 0..200 {
            for narrowing in 0..=NARROWEST {
                let case = test_case(&callee, 1, index, narrowing);
                let sizes = values(&case, 3);
                let work: i64 = sizes.iter().map(|&size| size.max(1)).product();
                assert!(work <= most_work(&callee, sizes.len()), "{case}");
            }
        }
    }

    #[test]
    fn sizes_cross_the_edges_of_blocks() {
        let callee = callee(vec![Slot::Size(Scalar::I32)]);
        let tried: Vec<i64> = (0..200)
            .map(|index| values(&test_case(&callee, 1, index, 0), 1)[0])
            .collect();
        for edge in [0, 1, 15, 16, 17, 255, 256, 257, 511, 512, 513, -1] {
            assert!(tried.contains(&edge), "{edge} is never tried");
        }
    }

    #[test]
    fn sizes_next_to_edges_meet() {
        let callee = callee(vec![Slot::Size(Scalar::I32); 2]);
        let rows: Vec<Vec<i64>> = (0..40).map(|turn| edges(&callee, turn)).collect();
        for a in [255, 256, 257] {
            for b in [255, 256, 257] {
                assert!(rows.contains(&vec![a, b]), "{a} and {b}");
            }
        }
        assert!(rows.contains(&vec![15, 17]), "{rows:?}");
    }

    #[test]
    fn every_two_sizes_meet_at_every_two_levels() {
        let levels = [0, 1, 33, 256];
        for count in 2..5 {
            let rows = covering(count, &levels, usize::MAX);
            for first in 0..count {
                for second in first + 1..count {
                    for a in levels {
                        for b in levels {
                            let meets = |row: &Vec<i64>| row[first] == a && row[second] == b;
                            assert!(rows.iter().any(meets), "{a} and {b}");
                        }
                    }
                }
            }
            assert!(
                rows.len() < 3 * levels.len() * levels.len(),
                "{}",
                rows.len()
            );
        }
        assert!(covering(1, &levels, usize::MAX).is_empty());
    }

    #[test]
    fn sizes_fit_their_type() {
        let callee = callee(vec![Slot::Size(Scalar::U8), Slot::Size(Scalar::Bool)]);
        for index in 0..100 {
            let sizes = values(&test_case(&callee, 1, index, 0), 2);
            assert!(sizes[0] <= 255 && sizes[1] <= 1, "{sizes:?}");
        }
    }
}
