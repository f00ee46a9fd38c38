//! Reproducible random numbers.

/// A stream of numbers decided by its seed.
///
/// **Source**: splitmix64, Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, OOPSLA 2014.
#[derive(Clone, Debug)]
pub(crate) struct Random {
    state: u64,
}

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.state;
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    }

    /// Returns a number below `limit`, 0 where `limit` is 0.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next().checked_rem(limit).unwrap_or(0)
    }

    /// Returns one of the values, the default where there is none.
    pub(crate) fn choose<T: Copy + Default>(&mut self, values: &[T]) -> T {
        let index = self.below(values.len() as u64) as usize;
        values.get(index).copied().unwrap_or_default()
    }
}
