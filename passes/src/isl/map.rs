//! Relations between integer tuples.

use std::fmt;

use super::context::{Context, Error, c_string};
use super::ffi;
use super::owned::Owned;
use super::sample::{self, Pair};
use super::set::Set;

/// A relation: `[n] -> { S0[i] -> S0[i'] : i' = i + 1 and i' < n }`.
///
/// Operands of different parameters are aligned by name.
#[derive(Clone)]
pub struct Map {
    pub(super) owned: Owned<ffi::isl_map>,
}

impl fmt::Display for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // SAFETY: keeps its argument and gives a string.
        f.write_str(&unsafe { self.owned.text(ffi::isl_map_to_str) })
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Map {
    /// Reads isl's text form.
    pub fn parse(context: &Context, text: &str) -> Result<Self, Error> {
        context.read_map(text).map(Self::wrap)
    }

    pub(super) fn wrap(owned: Owned<ffi::isl_map>) -> Self {
        Self { owned }
    }

    /// Returns the relation of every tuple of `domain` to every tuple of `range`.
    pub fn from_domain_and_range(domain: &Set, range: &Set) -> Result<Self, Error> {
        // SAFETY: takes both, gives one.
        unsafe {
            domain
                .owned
                .binary(&range.owned, ffi::isl_map_from_domain_and_range)
        }
        .map(Self::wrap)
    }

    /// Returns the context that the map lives in.
    pub fn context(&self) -> &Context {
        self.owned.context()
    }

    /// Returns the pairs in either map.
    pub fn union(&self, other: &Self) -> Result<Self, Error> {
        // SAFETY: takes both, gives one.
        unsafe { self.owned.binary(&other.owned, ffi::isl_map_union) }.map(Self::wrap)
    }

    /// Returns the pairs in both maps.
    pub fn intersect(&self, other: &Self) -> Result<Self, Error> {
        // SAFETY: takes both, gives one.
        unsafe { self.owned.binary(&other.owned, ffi::isl_map_intersect) }.map(Self::wrap)
    }

    /// Returns the pairs of this map that are not in `other`.
    pub fn subtract(&self, other: &Self) -> Result<Self, Error> {
        // SAFETY: takes both, gives one.
        unsafe { self.owned.binary(&other.owned, ffi::isl_map_subtract) }.map(Self::wrap)
    }

    /// Keeps the pairs whose first tuple is in `set`.
    pub fn intersect_domain(&self, set: &Set) -> Result<Self, Error> {
        // SAFETY: takes both, gives one.
        unsafe { self.owned.binary(&set.owned, ffi::isl_map_intersect_domain) }.map(Self::wrap)
    }

    /// Keeps the pairs whose second tuple is in `set`.
    pub fn intersect_range(&self, set: &Set) -> Result<Self, Error> {
        // SAFETY: takes both, gives one.
        unsafe { self.owned.binary(&set.owned, ffi::isl_map_intersect_range) }.map(Self::wrap)
    }

    /// Restricts the parameters to those of a parameter set.
    pub fn intersect_params(&self, parameters: &Set) -> Result<Self, Error> {
        // SAFETY: takes both, gives one.
        unsafe {
            self.owned
                .binary(&parameters.owned, ffi::isl_map_intersect_params)
        }
        .map(Self::wrap)
    }

    /// Replaces every second tuple by its images under `map`: this map first, then `map`.
    pub fn apply_range(&self, map: &Self) -> Result<Self, Error> {
        // SAFETY: takes both, gives one.
        unsafe { self.owned.binary(&map.owned, ffi::isl_map_apply_range) }.map(Self::wrap)
    }

    /// Returns the first tuples.
    pub fn domain(&self) -> Result<Set, Error> {
        // SAFETY: takes one, gives one.
        unsafe { self.owned.unary(ffi::isl_map_domain) }.map(Set::wrap)
    }

    /// Returns the second tuples.
    pub fn range(&self) -> Result<Set, Error> {
        // SAFETY: takes one, gives one.
        unsafe { self.owned.unary(ffi::isl_map_range) }.map(Set::wrap)
    }

    /// Returns the parameter values for which the map has a pair, as a parameter set.
    pub fn params(&self) -> Result<Set, Error> {
        // SAFETY: takes one, gives one.
        unsafe { self.owned.unary(ffi::isl_map_params) }.map(Set::wrap)
    }

    /// Returns the differences, second tuple minus first; both must have one space.
    pub fn deltas(&self) -> Result<Set, Error> {
        // SAFETY: takes one, gives one.
        unsafe { self.owned.unary(ffi::isl_map_deltas) }.map(Set::wrap)
    }

    /// Returns the pairs the other way round.
    pub fn reverse(&self) -> Result<Self, Error> {
        // SAFETY: takes one, gives one.
        unsafe { self.owned.unary(ffi::isl_map_reverse) }.map(Self::wrap)
    }

    /// Returns the same map in fewer pieces where possible.
    pub fn coalesce(&self) -> Result<Self, Error> {
        // SAFETY: takes one, gives one.
        unsafe { self.owned.unary(ffi::isl_map_coalesce) }.map(Self::wrap)
    }

    /// Returns, for each first tuple, the lexicographically least second tuple.
    pub fn lexmin(&self) -> Result<Self, Error> {
        // SAFETY: takes one, gives one.
        unsafe { self.owned.unary(ffi::isl_map_lexmin) }.map(Self::wrap)
    }

    /// Returns, for each first tuple, the lexicographically greatest second tuple.
    pub fn lexmax(&self) -> Result<Self, Error> {
        // SAFETY: takes one, gives one.
        unsafe { self.owned.unary(ffi::isl_map_lexmax) }.map(Self::wrap)
    }

    /// Names the tuples; an empty name leaves one as it is.
    pub fn named(&self, first: &str, second: &str) -> Result<Self, Error> {
        let mut named = self.clone();
        for (kind, name) in [(ffi::DIM_IN, first), (ffi::DIM_OUT, second)] {
            if name.is_empty() {
                continue;
            }
            let name = c_string(name)?;
            let function = ffi::isl_map_set_tuple_name;
            // SAFETY: takes the map, keeps the name, gives one.
            named = unsafe {
                named
                    .owned
                    .named(function as *const (), kind, &name, |map, name| {
                        function(map, kind, name)
                    })
            }
            .map(Self::wrap)?;
        }
        Ok(named)
    }

    /// Drops `count` dimensions of the first tuple from `first` on.
    pub fn project_out_in(&self, first: usize, count: usize) -> Result<Self, Error> {
        self.project_out(ffi::DIM_IN, first, count)
    }

    /// Drops a parameter; what is left exists for some value of it. Nothing changes if there is no such parameter.
    pub fn project_out_parameter(&self, name: &str) -> Result<Self, Error> {
        let name = c_string(name)?;
        let position = self.context().locked(|| {
            let map = self.owned.keep();
            // SAFETY: keeps both.
            unsafe { ffi::isl_map_find_dim_by_name(map, ffi::DIM_PARAM, name.as_ptr()) }
        });
        match usize::try_from(position) {
            Ok(position) => self.project_out(ffi::DIM_PARAM, position, 1),
            Err(_) => Ok(self.clone()),
        }
    }

    fn project_out(&self, kind: i32, first: usize, count: usize) -> Result<Self, Error> {
        let (numbers, function) = (
            [kind.into(), first as i64, count as i64],
            ffi::isl_map_project_out,
        );
        // SAFETY: takes one, gives one; isl checks the range.
        unsafe {
            self.owned.numbered(function as *const (), numbers, |map| {
                function(map, kind, first as u32, count as u32)
            })
        }
        .map(Self::wrap)
    }

    /// Returns whether no pair exists for any parameter values.
    pub fn is_empty(&self) -> Result<bool, Error> {
        // SAFETY: keeps its argument.
        unsafe { self.owned.test(ffi::isl_map_is_empty) }
    }

    /// Returns whether every first tuple has at most one second tuple.
    pub fn is_single_valued(&self) -> Result<bool, Error> {
        // SAFETY: keeps its argument.
        unsafe { self.owned.test(ffi::isl_map_is_single_valued) }
    }

    /// Returns whether every second tuple has at most one first tuple.
    pub fn is_injective(&self) -> Result<bool, Error> {
        // SAFETY: keeps its argument.
        unsafe { self.owned.test(ffi::isl_map_is_injective) }
    }

    /// Returns whether both maps hold the same pairs.
    pub fn is_equal(&self, other: &Self) -> Result<bool, Error> {
        // SAFETY: keeps both.
        unsafe { self.owned.compare(&other.owned, ffi::isl_map_is_equal) }
    }

    /// Returns whether every pair is in `other`.
    pub fn is_subset(&self, other: &Self) -> Result<bool, Error> {
        // SAFETY: keeps both.
        unsafe { self.owned.compare(&other.owned, ffi::isl_map_is_subset) }
    }

    /// Returns the number of dimensions of the first and of the second tuple.
    pub fn dimensions(&self) -> Result<(usize, usize), Error> {
        let count = |kind| {
            self.context()
                // SAFETY: keeps its argument.
                .count(|| unsafe { ffi::isl_map_dim(self.owned.keep(), kind) })
        };
        Ok((count(ffi::DIM_IN)?, count(ffi::DIM_OUT)?))
    }

    /// Returns a pair of the map, with small values where it has one; `None` if it is empty.
    pub fn sample(&self) -> Result<Option<Pair>, Error> {
        sample::of_map(self)
    }

    /// Returns the pairs as a set of nested tuples `[S0[i] -> S0[i']]`.
    pub fn nested(&self) -> Result<Set, Error> {
        // SAFETY: takes one, gives one.
        unsafe { self.owned.unary(ffi::isl_map_wrap) }.map(Set::wrap)
    }
}
