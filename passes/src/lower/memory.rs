//! Which host memory has a copy on the device, and when it is copied.

use std::collections::BTreeMap;

use mupac_ir::{Arena, Buffer, Expr, Function, Handle, HostOp, Reason, Refusal, Type, Var};

use super::Judged;
use super::extent::{self, Extent};
use crate::facts::{Facts, Footprint};
use crate::judge::{place, unsolved};
use crate::{express, isl};

/// Buffers, which array each is the copy of, and the conditions under which their ranges are computed without overflow.
pub(crate) struct Buffers {
    pub(crate) all: Arena<Buffer>,
    pub(crate) by_array: BTreeMap<Handle<Var>, Handle<Buffer>>,
    pub(crate) fits: Vec<Handle<Expr>>,
}

/// Makes a buffer for every array that the region touches.
///
/// **Errors**: `unknown-extent` where the range is not an expression of the parameters.
pub(crate) fn buffers(context: &Judged<'_>, function: &mut Function) -> Result<Buffers, Refusal> {
    let at = place(context.state.statements());
    let mut buffers = Buffers {
        all: Arena::default(),
        by_array: BTreeMap::new(),
        fits: Vec::new(),
    };
    for footprint in &context.facts.footprints {
        let array = &function.vars[footprint.array];
        let unknown = Refusal::new(
            Reason::UnknownExtent {
                array: array.name.clone(),
            },
            at,
        );
        let is_structure = matches!(array.ty, Type::Record(_));
        let element = is_structure
            .then_some(&array.ty)
            .or_else(|| array.ty.element())
            .cloned();
        let range = range(context, function, footprint).map_err(|error| unsolved(&error, at))?;
        let (Some(element), Some(extent)) = (element, range) else {
            return Err(unknown);
        };
        if matches!(element, Type::Void | Type::Opaque(_)) {
            return Err(unknown);
        }
        let buffer = buffers.all.push(Buffer {
            array: footprint.array,
            element,
            first: extent.first,
            count: extent.count,
            is_written: footprint.is_written,
            may_exceed: !footprint.is_inside,
        });
        buffers.by_array.insert(footprint.array, buffer);
        buffers.fits.extend(extent.fits);
    }
    Ok(buffers)
}

/// Returns the lowest element and the number of elements from there to the highest; `None` where isl has no expression
/// for them.
fn range(
    context: &Judged<'_>,
    function: &mut Function,
    footprint: &Footprint,
) -> Result<Option<Extent>, isl::Error> {
    let assumed = &context.conditions.assumed;
    let touched = footprint
        .touched
        .intersect_params(assumed)?
        .unnamed()?
        .coalesce()?;
    let (lowest, highest) = if footprint.is_ordered {
        (touched.lexmin()?, touched.lexmax()?)
    } else {
        (touched.clone(), touched)
    };
    if footprint.strides.len() > 1 {
        let mut ends = Vec::new();
        for (at, stride) in footprint.strides.iter().enumerate() {
            let least = answer(lowest.minimum(at, assumed))?;
            let greatest = answer(highest.maximum(at, assumed))?;
            match least.zip(greatest) {
                Some((least, greatest)) => ends.push((least, greatest, stride)),
                None => return Ok(None),
            }
        }
        return extent::of_shape(function, assumed, &ends);
    }
    let count = isl::Map::from_domain_and_range(&lowest, &highest)?
        .deltas()?
        .apply(&isl::Map::parse(assumed.context(), "{ [i] -> [i + 1] }")?)?;
    let first = answer(lowest.minimum(0, assumed))?;
    let count = answer(count.minimum(0, assumed))?;
    let Some((first, count)) = first.zip(count) else {
        return Ok(None);
    };
    let first = express::value(function, &first);
    let count = express::value(function, &count);
    Ok(first.zip(count).map(|(first, count)| Extent {
        first,
        count,
        fits: None,
    }))
}

/// An unbounded or empty range is no failure of the solver.
fn answer(
    result: Result<isl::Expression, isl::Error>,
) -> Result<Option<isl::Expression>, isl::Error> {
    match result {
        Ok(expression) => Ok(Some(expression)),
        Err(isl::Error::Failed(_)) => Ok(None),
        Err(error @ (isl::Error::SolverLimit | isl::Error::ForeignContext)) => Err(error),
    }
}

/// Returns what the host does: reserve, copy in, act, copy out; `partials` are reserved as well.
///
/// What the kernels only partly overwrite is copied in as well, because whole ranges are copied out.
/// What only reductions touch stays on the host; its buffer serves guards alone.
pub(crate) fn host(
    facts: &Facts,
    by_array: &BTreeMap<Handle<Var>, Handle<Buffer>>,
    partials: &[Handle<Buffer>],
    actions: Vec<HostOp>,
) -> Vec<HostOp> {
    let on_device: Vec<(&Footprint, Handle<Buffer>)> = facts
        .footprints
        .iter()
        .filter(|footprint| !footprint.is_reduced)
        .filter_map(|footprint| Some((footprint, *by_array.get(&footprint.array)?)))
        .collect();
    let copies = on_device.iter().map(|(_, buffer)| *buffer);
    let copy_in = on_device
        .iter()
        .filter(|(footprint, _)| !footprint.is_overwritten)
        .map(|(_, buffer)| HostOp::CopyIn(*buffer));
    let copy_out = on_device
        .iter()
        .filter(|(footprint, _)| footprint.is_written && footprint.is_live)
        .map(|(_, buffer)| HostOp::CopyOut(*buffer));
    copies
        .chain(partials.iter().copied())
        .map(HostOp::Allocate)
        .chain(copy_in)
        .chain(actions)
        .chain(copy_out)
        .collect()
}
