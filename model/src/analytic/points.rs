//! Integers at several points of a launch at once: the lanes of a few warps, and one thread with each loop around it moved
//! on by one iteration.
//!
//! Most are sums of multiples of where a thread stands in its block, and are
//! kept as such: the integers wrap around, so that this is exact for every sum, difference and multiple by a constant.
//! Others have a number for each point. What depends on data is taken for a number at random that depends on
//! where it was read, so that lanes that read one element agree and others do not.

use std::cmp::Ordering;
use std::rc::Rc;

use mupac_ir::Axis;

/// Warps that are looked at lane by lane.
pub(super) const WARPS: usize = 3;
/// Threads that execute together; the lanes of a vector are laid out for it.
pub(super) const LANES: usize = mupac_ir::warp::LANES as usize;
/// The lanes that are looked at.
pub(super) const ALL_LANES: usize = WARPS * LANES;
/// The point that the neighbours are neighbours of: the first thread, in iterations that stand for all.
const BASE: usize = ALL_LANES;
/// The deepest nest of loops whose neighbours are told apart.
pub(super) const DEPTH: usize = 15;
const WIDTH: usize = BASE + 1 + DEPTH;

/// One number for each point: lanes, base, and neighbours along the loops by depth.
type Vector = [i64; WIDTH];

/// Some of the lanes that are looked at: a bit for each, by warp.
pub(super) type Mask = [u32; WARPS];

/// Where the lanes that are looked at stand in the block; all are its first thread until they are laid out.
#[derive(Clone, Debug)]
pub(super) struct Threads {
    /// The index of each lane, by axis.
    at: [[i64; ALL_LANES]; 3],
    /// The last index of a lane that runs, by axis; lanes that do not run have any.
    last: [i64; 3],
}

impl Default for Threads {
    fn default() -> Self {
        Self {
            at: [[0; ALL_LANES]; 3],
            last: [0; 3],
        }
    }
}

impl Threads {
    /// Lays out a warp from a thread of a block of these extents on.
    pub(super) fn spread(&mut self, warp: usize, thread: i64, extents: [i64; 3]) {
        self.last = extents.map(|extent| extent - 1);
        let mut lanes = warp * LANES..(warp + 1) * LANES;
        let (mut x, mut row) = (thread % extents[0], thread / extents[0]);
        // Along `z` there is no end, as beyond the block there is no thread.
        while !lanes.is_empty() {
            let of_row = (lanes.start + (extents[0] - x) as usize).min(lanes.end);
            let of_row = lanes.start..of_row;
            lanes.start = of_row.end;
            self.at[1][of_row.clone()].fill(row % extents[1]);
            self.at[2][of_row.clone()].fill(row / extents[1]);
            for (at, lane) in self.at[0][of_row].iter_mut().zip(x..) {
                *at = lane;
            }
            (x, row) = (0, row + 1);
        }
    }
}

/// An integer at all points.
#[derive(Clone, Debug)]
pub(super) struct Value {
    points: Points,
    /// Whether it is made up, since it depends on data.
    pub(super) is_data: bool,
}

#[derive(Clone, Debug)]
enum Points {
    Sum(Sum),
    Each(Rc<Vector>),
}

/// A number that grows evenly with the indices of a thread and with the iterations of loops.
#[derive(Clone, Copy, Debug)]
struct Sum {
    /// At the base, where all indices of the thread are 0.
    base: i64,
    /// How far it moves along each axis of the block.
    threads: [i64; 3],
    /// How far it moves along each loop, by depth.
    gradient: [i64; DEPTH],
}

impl Sum {
    fn same(base: i64) -> Self {
        Self {
            base,
            threads: [0; 3],
            gradient: [0; DEPTH],
        }
    }

    /// Returns the number if it is the same at all points.
    fn constant(&self) -> Option<i64> {
        let mut moves = self.threads.iter().chain(&self.gradient);
        let is_same = moves.all(|by| *by == 0);
        is_same.then_some(self.base)
    }

    /// Adds a multiple of another number.
    fn add(&mut self, other: &Self, factor: i64) {
        let add = |to: &mut [i64], from: &[i64]| {
            for (to, from) in to.iter_mut().zip(from) {
                *to = to.wrapping_add(from.wrapping_mul(factor));
            }
        };
        self.base = self.base.wrapping_add(other.base.wrapping_mul(factor));
        add(&mut self.threads, &other.threads);
        add(&mut self.gradient, &other.gradient);
    }

    fn lanes(&self, threads: &Threads) -> [i64; ALL_LANES] {
        let mut lanes = [self.base; ALL_LANES];
        for (by, at) in self.threads.into_iter().zip(&threads.at) {
            if by != 0 {
                for (lane, at) in lanes.iter_mut().zip(at) {
                    *lane = lane.wrapping_add(by.wrapping_mul(*at));
                }
            }
        }
        lanes
    }

    fn points(&self, threads: &Threads) -> Vector {
        let mut points = [self.base; WIDTH];
        points[..ALL_LANES].copy_from_slice(&self.lanes(threads));
        for (point, by) in points[BASE + 1..].iter_mut().zip(self.gradient) {
            *point = point.wrapping_add(by);
        }
        points
    }

    /// Returns bounds of the numbers at all points; `None` where they wrap around.
    fn range(&self, threads: &Threads) -> Option<[i64; 2]> {
        let [mut low, mut high] = [self.base; 2];
        for (by, last) in self.threads.into_iter().zip(threads.last) {
            let farthest = by.checked_mul(last)?;
            low = low.checked_add(farthest.min(0))?;
            high = high.checked_add(farthest.max(0))?;
        }
        for by in self.gradient {
            let point = self.base.checked_add(by)?;
            (low, high) = (low.min(point), high.max(point));
        }
        Some([low, high])
    }
}

impl Value {
    /// Returns a number that is the same everywhere.
    #[inline]
    pub(super) fn same(value: i64) -> Self {
        Self {
            points: Points::Sum(Sum::same(value)),
            is_data: false,
        }
    }

    /// Returns a number for each point.
    fn each(values: &Vector) -> Self {
        Self {
            points: Points::Each(Rc::new(*values)),
            is_data: false,
        }
    }

    /// Returns numbers of which nothing is known: each point has its own.
    pub(super) fn any() -> Self {
        let numbers = std::array::from_fn(|point| scattered(point as i64));
        Self {
            is_data: true,
            ..Self::each(&numbers)
        }
    }

    /// Returns the number that is so much larger in the next iteration of the loop at a depth.
    #[inline]
    pub(super) fn moving(mut self, depth: usize, step: i64) -> Self {
        match &mut self.points {
            Points::Sum(sum) => {
                if let Some(by) = sum.gradient.get_mut(depth) {
                    *by = by.wrapping_add(step);
                }
            }
            Points::Each(values) => {
                if let Some(neighbour) = Rc::make_mut(values).get_mut(BASE + 1 + depth) {
                    *neighbour = neighbour.wrapping_add(step);
                }
            }
        }
        self
    }

    /// Returns the index of a thread along an axis, times a factor.
    pub(super) fn of_thread(axis: Axis, factor: i64) -> Self {
        let mut sum = Sum::same(0);
        sum.threads[axis as usize] = factor;
        Self {
            points: Points::Sum(sum),
            is_data: false,
        }
    }

    /// Returns the number at the base.
    pub(super) fn base(&self) -> i64 {
        match &self.points {
            Points::Sum(sum) => sum.base,
            Points::Each(values) => values[BASE],
        }
    }

    /// Returns the number at the base; `None` where it depends on data.
    pub(super) fn known(&self) -> Option<i64> {
        (!self.is_data).then(|| self.base())
    }

    /// Returns the number if it is the same at all points.
    pub(super) fn constant(&self) -> Option<i64> {
        match &self.points {
            Points::Sum(sum) => sum.constant(),
            Points::Each(_) => None,
        }
    }

    /// Returns the number of each lane.
    pub(super) fn lanes(&self, threads: &Threads) -> [i64; ALL_LANES] {
        match &self.points {
            Points::Sum(sum) => sum.lanes(threads),
            Points::Each(values) => std::array::from_fn(|lane| values[lane]),
        }
    }

    /// Returns the lanes whose number is not zero.
    pub(super) fn truth(&self, threads: &Threads) -> Mask {
        if let Some(value) = self.constant() {
            return [if value == 0 { 0 } else { u32::MAX }; WARPS];
        }
        mask(&self.lanes(threads), |value| value != 0)
    }

    /// Returns the lanes whose number is not below zero.
    pub(super) fn at_least_zero(&self, threads: &Threads) -> Mask {
        mask(&self.lanes(threads), |value| value >= 0)
    }

    /// Returns the number at the base and how far it moves along each axis of the block, if that tells the number of each
    /// lane.
    pub(super) fn along_threads(&self) -> Option<(i64, [i64; 3])> {
        match &self.points {
            Points::Sum(sum) => Some((sum.base, sum.threads)),
            Points::Each(_) => None,
        }
    }

    /// Returns how far the value moves along each loop, by depth.
    pub(super) fn gradient(&self) -> [i64; DEPTH] {
        match &self.points {
            Points::Sum(sum) => sum.gradient,
            Points::Each(values) => {
                std::array::from_fn(|depth| values[BASE + 1 + depth].wrapping_sub(values[BASE]))
            }
        }
    }

    fn points(&self, threads: &Threads) -> Vector {
        match &self.points {
            Points::Sum(sum) => sum.points(threads),
            Points::Each(values) => **values,
        }
    }

    /// Adds a multiple of another value.
    pub(super) fn add(&mut self, other: &Self, factor: i64, threads: &Threads) {
        self.is_data |= other.is_data;
        match (&mut self.points, &other.points) {
            (Points::Sum(to), Points::Sum(by)) => to.add(by, factor),
            (Points::Sum(sum), Points::Each(values))
                if factor == 1 && sum.constant() == Some(0) =>
            {
                self.points = Points::Each(Rc::clone(values));
            }
            _ => {
                let mut points = self.points(threads);
                for (to, by) in points.iter_mut().zip(&other.points(threads)) {
                    *to = to.wrapping_add(by.wrapping_mul(factor));
                }
                self.points = Points::Each(Rc::new(points));
            }
        }
    }

    /// Adds a number to that at every point.
    pub(super) fn shift(&mut self, by: i64) {
        match &mut self.points {
            Points::Sum(sum) => sum.base = sum.base.wrapping_add(by),
            Points::Each(values) => {
                for value in Rc::make_mut(values) {
                    *value = value.wrapping_add(by);
                }
            }
        }
    }

    /// Returns what a function makes of the number at each point.
    pub(super) fn map(&self, threads: &Threads, function: impl Fn(i64) -> i64) -> Self {
        let mapped = match self.constant() {
            Some(value) => Self::same(function(value)),
            None => Self::each(&self.points(threads).map(function)),
        };
        Self {
            is_data: self.is_data,
            ..mapped
        }
    }

    /// Returns what a function makes of two numbers at each point.
    pub(super) fn join(
        &self,
        other: &Self,
        threads: &Threads,
        function: impl Fn(i64, i64) -> i64,
    ) -> Self {
        let joined = match (self.constant(), other.constant()) {
            (Some(a), Some(b)) => Self::same(function(a, b)),
            (Some(a), None) => Self::each(&other.points(threads).map(|b| function(a, b))),
            (None, Some(b)) => Self::each(&self.points(threads).map(|a| function(a, b))),
            (None, None) => {
                // In place, so that the compiler makes vectors of it.
                let mut points = self.points(threads);
                for (a, b) in points.iter_mut().zip(&other.points(threads)) {
                    *a = function(*a, *b);
                }
                Self::each(&points)
            }
        };
        Self {
            is_data: self.is_data || other.is_data,
            ..joined
        }
    }

    /// Returns which of two numbers is less at all points, if it is the same one at all.
    pub(super) fn order(&self, other: &Self, threads: &Threads) -> Option<Ordering> {
        let (Points::Sum(a), Points::Sum(b)) = (&self.points, &other.points) else {
            return None;
        };
        let ([low, high], [other_low, other_high]) = (a.range(threads)?, b.range(threads)?);
        if high < other_low {
            Some(Ordering::Less)
        } else if low > other_high {
            Some(Ordering::Greater)
        } else {
            None
        }
    }

    /// Returns the value brought into a range, as often as there are values for it.
    pub(super) fn within(&self, threads: &Threads, low: i128, high: i128) -> Self {
        let (low, count) = (low as i64, (high - low + 1) as i64);
        self.map(threads, |value| low + value.rem_euclid(count))
    }

    /// Returns what a read from here may find.
    pub(super) fn read(&self, threads: &Threads) -> Self {
        Self {
            is_data: true,
            ..self.map(threads, scattered)
        }
    }
}

/// Returns a number below 2⁴⁰ that looks as if it were drawn at random.
///
/// **Source**: Steele, Lea, Flood, “Fast Splittable Pseudorandom Number Generators”, OOPSLA 2014 (the constant).
fn scattered(value: i64) -> i64 {
    let mixed = (value as u64 ^ 0x5bd1_e995).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 24) as i64
}

/// Returns the lanes whose number is wanted.
fn mask(lanes: &[i64; ALL_LANES], is_wanted: impl Fn(i64) -> bool) -> Mask {
    std::array::from_fn(|warp| {
        let lanes = lanes.iter().skip(warp * LANES).take(LANES).rev();
        lanes.fold(0, |mask, value| mask << 1 | u32::from(is_wanted(*value)))
    })
}
