//! Which host memory has a copy on the device, what decides how much of it, and when it is copied.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{
    Apart, Arena, BinaryOp, Buffer, Compute, Expr, ExprKind, Function, Handle, HostIf, HostOp,
    Inspection, Planes, Reason, Refusal, Rows, Scalar, Stmt, Type, Var,
};

use super::Judged;
use super::extent::{self, Extent};
use crate::facts::{Facts, Footprint, Initial};
use crate::inspect::{Allowed, pass};
use crate::judge::{place, unsolved};
use crate::symbol::Stride;
use crate::{build, express, isl, region};

/// Buffers, which array each is the copy of, and the conditions under which their ranges are computed without overflow.
pub(crate) struct Buffers {
    pub(crate) all: Arena<Buffer>,
    pub(crate) by_array: BTreeMap<Handle<Var>, Handle<Buffer>>,
    pub(crate) fits: Vec<Handle<Expr>>,
    pub(crate) inspections: Arena<Inspection>,
    /// For each inspection of the facts, that of the plan.
    pub(crate) inspected: Vec<Handle<Inspection>>,
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
        inspections: Arena::default(),
        inspected: Vec::new(),
    };
    inspect(context, function, &mut buffers)?;
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
        let range = if footprint.is_inspected {
            inspected_range(context.facts, function, &buffers, footprint.array)
        } else {
            range(context, function, footprint).map_err(|error| unsolved(&error, at))?
        };
        let (Some(element), Some(extent)) = (element, range) else {
            return Err(unknown);
        };
        let is_all = extent.rows.is_none();
        if matches!(element, Type::Void | Type::Opaque(_)) || (footprint.is_joined && is_all) {
            return Err(unknown);
        }
        let buffer = buffers.all.push(Buffer {
            array: footprint.array,
            element,
            first: extent.first,
            count: extent.count,
            is_written: footprint.is_written,
            may_exceed: !footprint.is_inside,
            rows: extent.rows,
            is_resident: false,
        });
        buffers.by_array.insert(footprint.array, buffer);
        buffers.fits.extend(extent.fits);
    }
    Ok(buffers)
}

/// Makes the inspections of the facts, in their order; passes that note the same subscripts are one, unless they must
/// differ.
///
/// **Errors**: `unknown-extent` where the region depends on something that no pass of the host can compute.
fn inspect(
    context: &Judged<'_>,
    function: &mut Function,
    buffers: &mut Buffers,
) -> Result<(), Refusal> {
    let at = place(context.state.statements());
    let statements = context.state.original().statements;
    let written = context.facts.footprints.iter();
    let written = written
        .filter(|each| each.is_written)
        .map(|each| each.array);
    let mut allowed = Allowed {
        own: context.facts.private.keys().copied().collect(),
        initial: Allowed::initial(written, &context.facts.dependences),
    };
    region::each(statements, &mut |stmt| {
        if let Stmt::Declare(var, _) = stmt {
            allowed.own.insert(*var);
        }
    });
    let mut known: Vec<String> = Vec::new();
    for each in &context.facts.inspections {
        let name = function.vars[each.noted.array].name.clone();
        let noted = (&each.noted, each.apart);
        let found = pass(function, statements, noted, &allowed).map_err(|(why, span)| {
            let array = name.clone();
            Refusal::new(Reason::UnknownExtent { array }, at).with(span, why)
        })?;
        let text = text(function, &found.body);
        if each.apart == Apart::Unasked
            && let Some(same) = known.iter().position(|known| *known == text)
        {
            let same = buffers.inspected[same];
            buffers.inspected.push(same);
            known.push(text);
            continue;
        }
        known.push(text);
        let mut end = |word: &str| {
            let name = function.fresh_name(&format!("{name}.{word}"));
            function.vars.push(Var::local(name, Scalar::I64))
        };
        let inspection = Inspection {
            array: each.noted.array,
            first: end("first"),
            last: end("last"),
            count: end("count"),
            apart: each.apart,
            body: found.body,
        };
        buffers.inspected.push(buffers.inspections.push(inspection));
    }
    Ok(())
}

/// Returns the text of a pass, by which equal ones are known.
fn text(function: &Function, body: &[Stmt]) -> String {
    let records = Arena::default();
    let statements = body.iter();
    statements
        .map(|stmt| mupac_ir::print::statement(&records, function, stmt))
        .collect()
}

/// Returns the range that an inspection leaves.
fn inspected_range(
    facts: &Facts,
    function: &mut Function,
    buffers: &Buffers,
    array: Handle<Var>,
) -> Option<Extent> {
    let mut pairs = facts.inspections.iter().zip(&buffers.inspected);
    let (_, handle) = pairs.find(|(each, _)| each.noted.array == array && each.below.is_none())?;
    let inspection = &buffers.inspections[*handle];
    Some(Extent {
        first: function.load(inspection.first),
        count: function.load(inspection.count),
        fits: None,
        rows: None,
    })
}

/// Returns the lowest element and the number of elements from there to the highest, none where the region touches none;
/// `None` where isl has no expression for them.
fn range(
    context: &Judged<'_>,
    function: &mut Function,
    footprint: &Footprint,
) -> Result<Option<Extent>, isl::Error> {
    let touched = footprint
        .touched
        .intersect_params(&context.conditions.assumed)?
        .unnamed()?
        .coalesce()?;
    let is_touched = touched.params()?;
    let always = context.conditions.assumed.is_subset(&is_touched)?;
    let assumed = if always {
        &context.conditions.assumed
    } else {
        &is_touched
    };
    let Some(mut extent) = hull(function, footprint, &touched, assumed)? else {
        return Ok(None);
    };
    if always {
        return Ok(Some(extent));
    }
    // As it was found, the set is simpler than within what is assumed by now.
    let condition = footprint
        .touched
        .params()?
        .gist(&context.conditions.assumed)?;
    let condition = condition.condition(&context.conditions.assumed)?;
    let Some(condition) = express::condition(function, &condition) else {
        return Ok(None);
    };
    if footprint.is_reduced {
        // Sums are joined to what is there behind the kernels.
        let fits: Vec<_> = extent.fits.into_iter().chain([condition]).collect();
        extent.fits = build::all_of(function, fits);
        return Ok(Some(extent));
    }
    let otherwise = build::int(function, 0, Scalar::I64);
    let kind = ExprKind::Select {
        condition,
        then: extent.count,
        otherwise,
    };
    extent.count = function.expr(kind, Scalar::I64);
    Ok(Some(extent))
}

/// Returns the first element of the copy of an array, wherever the region touches any; `None` where it is not known when
/// translating.
pub(crate) fn first(
    facts: &Facts,
    function: &mut Function,
    array: Handle<Var>,
) -> Option<Handle<Expr>> {
    let mut footprints = facts.footprints.iter();
    let footprint = footprints.find(|each| each.array == array && !each.is_inspected)?;
    let mut range = || {
        let touched = footprint.touched.intersect_params(&facts.context)?;
        let touched = touched.unnamed()?.coalesce()?;
        let assumed = touched.params()?;
        hull(function, footprint, &touched, &assumed)
    };
    // Where the solver gives up, it is not known.
    range().ok().flatten().map(|extent| extent.first)
}

/// Returns the range between the lowest and the highest of some elements, of which there are some where `assumed` holds.
fn hull(
    function: &mut Function,
    footprint: &Footprint,
    touched: &isl::Set,
    assumed: &isl::Set,
) -> Result<Option<Extent>, isl::Error> {
    let (lowest, highest) = if footprint.is_ordered {
        (touched.lexmin()?, touched.lexmax()?)
    } else {
        (touched.clone(), touched.clone())
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
        let rows = footprint
            .is_joined
            .then(|| rows(function, &ends, footprint.has_each_row));
        let rows = rows.flatten();
        let extent = extent::of_shape(function, assumed, &ends)?;
        return Ok(extent.map(|extent| Extent { rows, ..extent }));
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
        rows: None,
    }))
}

/// Returns how far rows lie apart, how much of each lies between the least and the greatest last subscript, and the same of
/// planes of rows.
fn rows(
    function: &mut Function,
    ends: &[(isl::Expression, isl::Expression, &Stride)],
    are_all_there: bool,
) -> Option<Rows> {
    let mut spacings = Vec::new();
    for (.., stride) in &ends[..ends.len() - 1] {
        spacings.push((stride.factor == 1).then(|| stride.symbol.build(function))?);
    }
    let mut counts = Vec::new();
    for (least, greatest, _) in &ends[1..] {
        let from = express::value(function, least)?;
        let to = express::value(function, greatest)?;
        let count = build::binary(function, BinaryOp::Subtract, to, from);
        counts.push(express::plus(function, count, 1));
    }
    let (planes, pitch, width) = match (&spacings[..], &counts[..]) {
        ([pitch], [width]) => (None, *pitch, *width),
        ([plane, pitch], [rows, width]) => {
            let planes = Planes {
                pitch: *plane,
                rows: *rows,
            };
            (Some(planes), *pitch, *width)
        }
        _ => return None,
    };
    Some(Rows {
        pitch,
        width,
        planes,
        are_all_there,
    })
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

/// Returns what the host does: reserve, copy in, act, assign last values, copy out; `partials` are reserved as well, and
/// what is passed by value is not. Last values that say where a copy goes home to are assigned behind it.
///
/// What the kernels only partly overwrite is copied in as well, because whole ranges are copied out.
/// What only reductions touch stays on the host; its buffer serves guards alone.
/// What guards show is `known`.
///
/// `None`: a last value that is read from an array says where a copy goes home to.
///
/// **Errors**: the solver's.
pub(crate) fn host(
    (facts, known): (&Facts, &isl::Set),
    function: &mut Function,
    (by_array, buffers): (&BTreeMap<Handle<Var>, Handle<Buffer>>, &Arena<Buffer>),
    (partials, by_value): (&[Handle<Buffer>], &BTreeSet<Handle<Buffer>>),
    actions: Vec<HostOp>,
    last_values: &[Compute],
) -> Result<Option<Vec<HostOp>>, isl::Error> {
    let on_device: Vec<(&Footprint, Handle<Buffer>)> = facts
        .footprints
        .iter()
        .filter(|footprint| !footprint.is_reduced)
        .filter_map(|footprint| Some((footprint, *by_array.get(&footprint.array)?)))
        .filter(|(_, buffer)| !by_value.contains(buffer))
        .collect();
    let copies = on_device.iter().map(|(_, buffer)| *buffer);
    let mut copy_in = Vec::new();
    for (footprint, buffer) in &on_device {
        copy_in.extend(copied_in(known, function, &footprint.initial, *buffer)?);
    }
    let copy_out = on_device
        .iter()
        .filter(|(footprint, _)| footprint.is_written && footprint.is_live)
        .map(|(_, buffer)| *buffer);
    let copy_out: Vec<Handle<Buffer>> = copy_out.collect();
    let go_home = copy_out.iter().map(|buffer| &buffers[*buffer]);
    let Some(before) = kept_in_place((function, facts), go_home, last_values) else {
        return Ok(None);
    };
    let (before, behind) = last_values.split_at(before);
    let assigned = |values: &[Compute]| values.iter().cloned().map(HostOp::Compute).collect();
    let (before, behind): (Vec<HostOp>, Vec<HostOp>) = (assigned(before), assigned(behind));
    let actions = copies
        .chain(partials.iter().copied())
        .map(HostOp::Allocate)
        .chain(copy_in)
        .chain(actions)
        // What they read of arrays is what was there before, also under the name of one that is copied home.
        .chain(before)
        .chain(copy_out.into_iter().map(HostOp::CopyOut))
        .chain(behind);
    Ok(Some(actions.collect()))
}

/// Returns how many of the last values are assigned before copies go home: all, unless one of those that read no memory, behind
/// the others, is of a variable that says where one goes, or of a member of a structure that one holds; `None` where another one is.
fn kept_in_place<'a>(
    (function, facts): (&Function, &Facts),
    go_home: impl Iterator<Item = &'a Buffer>,
    last_values: &[Compute],
) -> Option<usize> {
    let named = go_home.flat_map(|buffer| {
        let extents = buffer
            .extents()
            .flat_map(|each| build::variables(function, each));
        extents.chain([buffer.array]).collect::<Vec<_>>()
    });
    let named: Vec<Handle<Var>> = named.collect();
    let members = facts.fetched.iter().filter(|each| {
        let value = &function.exprs[each.value].kind;
        matches!(value, ExprKind::Load(place) if named.contains(&place.var))
    });
    let named = named
        .iter()
        .copied()
        .chain(members.map(|each| each.variable));
    let named: BTreeSet<Handle<Var>> = named.collect();
    let reads = |value: &Compute| {
        let mut found = false;
        build::visit(function, value.value, &mut |_, node| {
            found |= matches!(&node.kind, ExprKind::Load(place) if !place.path.is_empty());
        });
        found
    };
    let quiet = last_values.iter().rposition(reads).map_or(0, |at| at + 1);
    let moves = |values: &[Compute]| values.iter().any(|value| named.contains(&value.target.var));
    let (before, behind) = last_values.split_at(quiet);
    let count = if moves(behind) {
        quiet
    } else {
        last_values.len()
    };
    (!moves(before)).then_some(count)
}

/// Returns the copy of an array to the device, if it takes one.
fn copied_in(
    known: &isl::Set,
    function: &mut Function,
    initial: &Initial,
    buffer: Handle<Buffer>,
) -> Result<Option<HostOp>, isl::Error> {
    let copy = HostOp::CopyIn(buffer);
    let counts = match initial {
        Initial::Counts => return Ok(Some(copy)),
        Initial::IsOverwritten => return Ok(None),
        Initial::CountsWhere(counts) => counts,
    };
    let expression = counts.gist(known)?.condition(known)?;
    // The guards may have decided it.
    if let isl::Expression::Integer(truth) = expression {
        return Ok((truth != 0).then_some(copy));
    }
    let then = vec![copy.clone()];
    let condition = express::condition(function, &expression);
    Ok(Some(condition.map_or(copy, |condition| {
        HostOp::If(HostIf { condition, then })
    })))
}
