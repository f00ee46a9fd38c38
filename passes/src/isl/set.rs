//! Sets of integer tuples.

use std::ffi::CStr;
use std::fmt;

use super::context::{Context, Error, c_string};
use super::expression::{self, Expression};
use super::ffi;
use super::map::Map;
use super::owned::Owned;
use super::sample::{self, Point};

/// A set of integer tuples in terms of parameters: `[n] -> { S0[i] : 0 <= i < n }`.
///
/// Operands of different parameters are aligned by name.
#[derive(Clone)]
pub struct Set {
    pub(super) owned: Owned<ffi::isl_set>,
}

impl fmt::Display for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // SAFETY: keeps its argument and gives a string.
        f.write_str(&unsafe { self.owned.text(ffi::isl_set_to_str) })
    }
}

impl fmt::Debug for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Set {
    /// Reads isl's text form; a set without tuple, `[n] -> { : n > 0 }`, constrains parameters only.
    pub fn parse(context: &Context, text: &str) -> Result<Self, Error> {
        context.read_set(text).map(Self::wrap)
    }

    pub(super) fn wrap(owned: Owned<ffi::isl_set>) -> Self {
        Self { owned }
    }

    /// Returns the context that the set lives in.
    pub fn context(&self) -> &Context {
        self.owned.context()
    }

    /// Returns the tuples in either set.
    pub fn union(&self, other: &Self) -> Result<Self, Error> {
        // SAFETY: takes both, gives one.
        unsafe { self.owned.binary(&other.owned, ffi::isl_set_union) }.map(Self::wrap)
    }

    /// Returns the tuples in both sets.
    pub fn intersect(&self, other: &Self) -> Result<Self, Error> {
        // SAFETY: takes both, gives one.
        unsafe { self.owned.binary(&other.owned, ffi::isl_set_intersect) }.map(Self::wrap)
    }

    /// Restricts the parameters to those of a parameter set.
    pub fn intersect_params(&self, parameters: &Self) -> Result<Self, Error> {
        // SAFETY: takes both, gives one.
        unsafe {
            self.owned
                .binary(&parameters.owned, ffi::isl_set_intersect_params)
        }
        .map(Self::wrap)
    }

    /// Returns the tuples of this set that are not in `other`.
    pub fn subtract(&self, other: &Self) -> Result<Self, Error> {
        // SAFETY: takes both, gives one.
        unsafe { self.owned.binary(&other.owned, ffi::isl_set_subtract) }.map(Self::wrap)
    }

    /// Returns a simpler set that equals this one inside `context`.
    pub fn gist(&self, context: &Self) -> Result<Self, Error> {
        // SAFETY: takes both, gives one.
        unsafe { self.owned.binary(&context.owned, ffi::isl_set_gist) }.map(Self::wrap)
    }

    /// Returns the image under `map`.
    pub fn apply(&self, map: &Map) -> Result<Self, Error> {
        // SAFETY: takes both, gives one.
        unsafe { self.owned.binary(&map.owned, ffi::isl_set_apply) }.map(Self::wrap)
    }

    /// Returns the parameter values for which the set has a tuple, as a parameter set.
    pub fn params(&self) -> Result<Self, Error> {
        // SAFETY: takes one, gives one.
        unsafe { self.owned.unary(ffi::isl_set_params) }.map(Self::wrap)
    }

    /// Returns the same set in fewer pieces where possible.
    pub fn coalesce(&self) -> Result<Self, Error> {
        // SAFETY: takes one, gives one.
        unsafe { self.owned.unary(ffi::isl_set_coalesce) }.map(Self::wrap)
    }

    /// Returns, for each parameter value, the lexicographically least tuple.
    pub fn lexmin(&self) -> Result<Self, Error> {
        // SAFETY: takes one, gives one.
        unsafe { self.owned.unary(ffi::isl_set_lexmin) }.map(Self::wrap)
    }

    /// Returns, for each parameter value, the lexicographically greatest tuple.
    pub fn lexmax(&self) -> Result<Self, Error> {
        // SAFETY: takes one, gives one.
        unsafe { self.owned.unary(ffi::isl_set_lexmax) }.map(Self::wrap)
    }

    /// Returns the relation of every tuple to itself.
    pub fn identity(&self) -> Result<Map, Error> {
        // SAFETY: takes one, gives one.
        unsafe { self.owned.unary(ffi::isl_set_identity) }.map(Map::wrap)
    }

    /// Returns the same tuples without a tuple name.
    pub fn unnamed(&self) -> Result<Self, Error> {
        // SAFETY: takes one, gives one.
        unsafe { self.owned.unary(ffi::isl_set_reset_tuple_id) }.map(Self::wrap)
    }

    /// Returns the same tuples under a tuple name.
    pub fn named(&self, name: &str) -> Result<Self, Error> {
        let (name, function) = (c_string(name)?, ffi::isl_set_set_tuple_name);
        // SAFETY: takes the set, keeps the text, gives one.
        unsafe {
            self.owned
                .named(function as *const (), ffi::DIM_OUT, &name, |set, name| {
                    function(set, name)
                })
        }
        .map(Self::wrap)
    }

    /// Drops `count` dimensions from `first` on; what is left exists for some value of them.
    pub fn project_out(&self, first: usize, count: usize) -> Result<Self, Error> {
        self.numbered(ffi::isl_set_project_out, ffi::DIM_OUT, first, count)
    }

    /// Drops a parameter; what is left exists for some value of it. Nothing changes if there is no such parameter.
    pub fn project_out_parameter(&self, name: &str) -> Result<Self, Error> {
        let name = c_string(name)?;
        let position =
            // SAFETY: keeps both.
            unsafe { ffi::isl_set_find_dim_by_name(self.owned.keep(), ffi::DIM_PARAM, name.as_ptr()) };
        let Ok(position) = u32::try_from(position) else {
            return Ok(self.clone());
        };
        self.numbered(
            ffi::isl_set_project_out,
            ffi::DIM_PARAM,
            position as usize,
            1,
        )
    }

    /// Inserts `count` unconstrained dimensions before position `at`.
    pub fn insert_dims(&self, at: usize, count: usize) -> Result<Self, Error> {
        self.numbered(ffi::isl_set_insert_dims, ffi::DIM_OUT, at, count)
    }

    /// Returns whether no tuple exists for any parameter values.
    pub fn is_empty(&self) -> Result<bool, Error> {
        // SAFETY: keeps its argument.
        unsafe { self.owned.test(ffi::isl_set_is_empty) }
    }

    /// Returns whether the number of tuples is finite for every parameter values.
    pub fn is_bounded(&self) -> Result<bool, Error> {
        // SAFETY: keeps its argument.
        unsafe { self.owned.test(ffi::isl_set_is_bounded) }
    }

    /// Returns whether both sets hold the same tuples.
    pub fn is_equal(&self, other: &Self) -> Result<bool, Error> {
        // SAFETY: keeps both.
        unsafe { self.owned.compare(&other.owned, ffi::isl_set_is_equal) }
    }

    /// Returns whether every tuple is in `other`.
    pub fn is_subset(&self, other: &Self) -> Result<bool, Error> {
        // SAFETY: keeps both.
        unsafe { self.owned.compare(&other.owned, ffi::isl_set_is_subset) }
    }

    /// Returns the number of dimensions.
    pub fn dimensions(&self) -> Result<usize, Error> {
        // SAFETY: keeps its argument.
        self.context()
            .count(|| unsafe { ffi::isl_set_dim(self.owned.keep(), ffi::DIM_OUT) })
    }

    /// Returns the names of the parameters, in isl's order.
    pub fn parameters(&self) -> Result<Vec<String>, Error> {
        // SAFETY: keeps its argument.
        let count = self
            .context()
            .count(|| unsafe { ffi::isl_set_dim(self.owned.keep(), ffi::DIM_PARAM) })?;
        (0..count)
            .map(|position| {
                // SAFETY: keeps its argument; the name belongs to the set and is copied at once.
                self.context().locked(|| unsafe {
                    let name = ffi::isl_set_get_dim_name(
                        self.owned.keep(),
                        ffi::DIM_PARAM,
                        position as u32,
                    );
                    if name.is_null() {
                        return Err(Error::Failed("a parameter without a name".to_owned()));
                    }
                    Ok(CStr::from_ptr(name).to_string_lossy().into_owned())
                })
            })
            .collect()
    }

    /// Returns a point of the set, with small values where it has one; `None` if it is empty.
    pub fn sample(&self) -> Result<Option<Point>, Error> {
        sample::of_set(self)
    }

    /// Returns the least value of a dimension as an expression of the parameters, valid where `context` holds.
    ///
    /// **Errors**: the dimension is unbounded, or the set is empty for some parameter values of the context.
    pub fn minimum(&self, position: usize, context: &Self) -> Result<Expression, Error> {
        self.extreme(position, context, ffi::isl_set_dim_min)
    }

    /// Returns the greatest value of a dimension as an expression of the parameters, valid where `context` holds.
    ///
    /// **Errors**: the dimension is unbounded, or the set is empty for some parameter values of the context.
    pub fn maximum(&self, position: usize, context: &Self) -> Result<Expression, Error> {
        self.extreme(position, context, ffi::isl_set_dim_max)
    }

    fn extreme(
        &self,
        position: usize,
        context: &Self,
        function: unsafe extern "C" fn(*mut ffi::isl_set, i32) -> *mut ffi::isl_pw_aff,
    ) -> Result<Expression, Error> {
        let inside = self.intersect_params(context)?;
        if !context.params()?.is_subset(&inside.params()?)? {
            return Err(Error::Failed("no value in part of the context".to_owned()));
        }
        let numbers = [position as i64, 0, 0];
        // SAFETY: takes the set and gives a piecewise expression; isl checks the position.
        let aff = unsafe {
            inside
                .owned
                .numbered(function as *const (), numbers, |set| {
                    function(set, position as i32)
                })
        }?;
        expression::of_piecewise(context, &aff)
    }

    /// Returns the condition on the parameters that a parameter set states, valid where `context` holds.
    pub fn condition(&self, context: &Self) -> Result<Expression, Error> {
        expression::of_condition(context, self)
    }

    /// Calls a function about `count` dimensions of a kind, from `first` on.
    fn numbered(
        &self,
        function: unsafe extern "C" fn(*mut ffi::isl_set, i32, u32, u32) -> *mut ffi::isl_set,
        kind: i32,
        first: usize,
        count: usize,
    ) -> Result<Self, Error> {
        let numbers = [kind.into(), first as i64, count as i64];
        // SAFETY: takes one, gives one; isl checks the range.
        unsafe {
            self.owned.numbered(function as *const (), numbers, |set| {
                function(set, kind, first as u32, count as u32)
            })
        }
        .map(Self::wrap)
    }

    pub(super) fn with(
        &self,
        function: impl FnOnce(*mut ffi::isl_set) -> *mut ffi::isl_set,
    ) -> Result<Self, Error> {
        self.context()
            .give(|| function(self.owned.share()))
            .map(Self::wrap)
    }
}
