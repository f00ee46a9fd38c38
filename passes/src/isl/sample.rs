//! Points of sets and pairs of maps, small ones first: what a person wants to read in a message.

use std::collections::BTreeMap;

use super::context::Error;
use super::ffi;
use super::map::Map;
use super::owned::Owned;
use super::set::Set;

/// Bounds on the absolute value of parameters, tried in order before any value is accepted.
const SMALL: [i32; 3] = [8, 64, 4096];

/// One tuple with the parameter values it exists for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// By parameter name.
    pub parameters: BTreeMap<String, i64>,
    /// The tuple.
    pub tuple: Vec<i64>,
}

/// One pair with the parameter values it exists for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// By parameter name.
    pub parameters: BTreeMap<String, i64>,
    /// The first tuple.
    pub source: Vec<i64>,
    /// The second tuple.
    pub sink: Vec<i64>,
}

/// What looking for the least point, which only makes a message nicer, may spend.
const LEAST_OPERATIONS: u64 = 2_000;

pub(super) fn of_map(map: &Map) -> Result<Option<Pair>, Error> {
    let (inputs, _) = map.dimensions()?;
    // SAFETY: takes one, gives one.
    let flat = unsafe { map.nested()?.owned.unary(ffi::isl_set_flatten) }.map(Set::wrap)?;
    Ok(of_set(&flat)?.map(|point| {
        let mut source = point.tuple;
        let sink = source.split_off(inputs.min(source.len()));
        Pair {
            parameters: point.parameters,
            source,
            sink,
        }
    }))
}

/// Parameters are tried within growing boxes, non-negative ones first; within a box the least values win.
pub(super) fn of_set(set: &Set) -> Result<Option<Point>, Error> {
    let names = set.parameters()?;
    let flat = parameters_as_dimensions(set, names.len())?;
    let Some(mut values) = small_values(&flat, names.len())? else {
        return Ok(None);
    };
    let tuple = values.split_off(names.len());
    Ok(Some(Point {
        parameters: names.into_iter().zip(values).collect(),
        tuple,
    }))
}

fn parameters_as_dimensions(set: &Set, count: usize) -> Result<Set, Error> {
    // SAFETY: takes one, gives one.
    let flat = unsafe { set.unnamed()?.owned.unary(ffi::isl_set_flatten) }.map(Set::wrap)?;
    flat.with(|raw| {
        // SAFETY: takes one, gives one; `count` is the number of parameters.
        unsafe { ffi::isl_set_move_dims(raw, ffi::DIM_OUT, 0, ffi::DIM_PARAM, 0, count as u32) }
    })
}

fn small_values(flat: &Set, parameters: usize) -> Result<Option<Vec<i64>>, Error> {
    for bound in SMALL {
        for least in [0, -bound] {
            let boxed = within(flat, parameters, least, bound)?;
            if !boxed.is_empty()? {
                // Where the least element does not exist or takes too long, any point will do.
                let least = flat
                    .owned
                    .context()
                    .within(LEAST_OPERATIONS, || boxed.lexmin())
                    .unwrap_or(boxed);
                return coordinates(&least);
            }
        }
    }
    coordinates(flat)
}

fn within(flat: &Set, parameters: usize, least: i32, greatest: i32) -> Result<Set, Error> {
    (0..parameters as u32).try_fold(flat.clone(), |set, position| {
        set.with(|raw| {
            // SAFETY: both take one and give one; the position is that of a dimension; null passes through.
            unsafe {
                let raw = ffi::isl_set_lower_bound_si(raw, ffi::DIM_OUT, position, least);
                ffi::isl_set_upper_bound_si(raw, ffi::DIM_OUT, position, greatest)
            }
        })
    })
}

fn coordinates(set: &Set) -> Result<Option<Vec<i64>>, Error> {
    // SAFETY: takes one, gives one.
    let point = unsafe { set.owned.unary(ffi::isl_set_sample_point) }?;
    // SAFETY: keeps its argument.
    if unsafe { point.test(ffi::isl_point_is_void) }? {
        return Ok(None);
    }
    (0..set.dimensions()?)
        .map(|position| {
            let value = point
                .context()
                // SAFETY: keeps the point, gives a value; the position is that of a dimension.
                .give(|| unsafe {
                    ffi::isl_point_get_coordinate_val(point.keep(), ffi::DIM_OUT, position as i32)
                })?;
            integer(&value)
        })
        .collect::<Result<_, _>>()
        .map(Some)
}

/// Reads an integer that fits 64 bits.
pub(super) fn integer(value: &Owned<ffi::isl_val>) -> Result<i64, Error> {
    let context = value.context();
    // SAFETY: keeps its argument; a value that does not fit leaves an error.
    context.number(|| unsafe { ffi::isl_val_get_num_si(value.keep()) })
}
