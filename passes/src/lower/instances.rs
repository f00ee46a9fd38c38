//! Arrays in the device's memory with an element for each instance of a variable: one launch fills them for another one.

use mupac_ir::{
    BinaryOp, Buffer, Expr, ExprKind, Extent, Function, Guard, Handle, Reason, Refusal, Scalar,
    Stmt, Type, Var,
};

use super::Judged;
use super::body::mentioned;
use super::launches::Launches;
use super::memory::Buffers;
use crate::judge::{Scope, is_of_device, place, unsolved};
use crate::{build, isl, region};

/// Reserves the arrays that a rewritten region declares, once for all launches, and returns their buffers, with the
/// conditions that they are small enough.
///
/// What guards show is `known`.
///
/// **Errors**: `unknown-extent` where the host cannot compute how many elements one has at most; `solver-limit`.
pub(super) fn reserve(
    (region, known): (&Judged<'_>, &isl::Set),
    nests: &[Launches<'_>],
    function: &mut Function,
    memory: &mut Buffers,
) -> Result<(Vec<Handle<Buffer>>, Vec<Guard>), Refusal> {
    let statements = region.state.statements();
    let at = place(statements);
    let mut declared = Vec::new();
    region::each(statements, &mut |stmt| {
        if let Stmt::Declare(var, _) = stmt
            && is_of_device(region.state.function(), *var)
        {
            declared.push(*var);
        }
    });
    let (mut reserved, mut guards) = (Vec::new(), Vec::new());
    for array in declared {
        let unknown = || {
            let array = region.state.function().vars[array].name.clone();
            Refusal::new(Reason::UnknownExtent { array }, at)
        };
        let (element, count) = most(nests, function, array).ok_or_else(unknown)?;
        let limited = limit((region, known), function, count);
        guards.extend(limited.map_err(|error| unsolved(&error, at))?);
        let count = at_least_one((region, known), function, count);
        let count = count.map_err(|error| unsolved(&error, at))?;
        // Kernels are passed where it starts.
        function.vars[array].ty = element.clone().pointer(false);
        let buffer = memory.all.push(Buffer {
            array,
            element,
            first: build::int(function, 0, Scalar::I64),
            count,
            is_written: true,
            may_exceed: false,
            rows: None,
            is_resident: false,
        });
        memory.by_array.insert(array, buffer);
        reserved.push(buffer);
    }
    Ok((reserved, guards))
}

/// Returns the type of the elements of an array, and how many it has at most, over all iterations of the host's loops around
/// its declaration; `None` where that is not known when the region starts.
fn most(
    nests: &[Launches<'_>],
    function: &mut Function,
    array: Handle<Var>,
) -> Option<(Type, Handle<Expr>)> {
    let Type::Array { of, length } = function.vars[array].ty.clone() else {
        return None;
    };
    let count = match length {
        Extent::Fixed(length) => build::int(function, length.into(), Scalar::I64),
        Extent::Variable(count) => count,
        Extent::Unknown => return None,
    };
    let naming = |launches: &&Launches<'_>| {
        let tree = launches.context.tree();
        mentioned(tree.function, tree.statements).contains(&array)
    };
    let launches = nests.iter().find(naming)?;
    // That there is at least one is said again where it is not known.
    let counted = if let ExprKind::Binary(BinaryOp::Max, counted, _) = function.exprs[count].kind {
        counted
    } else {
        count
    };
    Some((*of, launches.most(function, array, counted)?))
}

/// Returns whether guards show of a number that it holds.
pub(super) fn is_known(
    (region, known): (&Judged<'_>, &isl::Set),
    function: &Function,
    count: Handle<Expr>,
    holds: &str,
) -> Result<bool, isl::Error> {
    let Some(value) = Scope::new(function, 0, region.unchanged).value(count) else {
        return Ok(false);
    };
    let names: Vec<_> = value.terms.keys().map(String::as_str).collect();
    let text = format!("[{}] -> {{ : {value} {holds} }}", names.join(", "));
    known.is_subset(&isl::Set::parse(known.context(), &text)?)
}

/// Returns a number of elements, or one where it is not known that there are some.
fn at_least_one(
    given: (&Judged<'_>, &isl::Set),
    function: &mut Function,
    count: Handle<Expr>,
) -> Result<Handle<Expr>, isl::Error> {
    if is_known(given, function, count, ">= 1")? {
        return Ok(count);
    }
    let one = build::int(function, 1, Scalar::I64);
    Ok(build::binary(function, BinaryOp::Max, count, one))
}

/// Returns that there are not too many elements; `None` where that is known.
fn limit(
    (region, known): (&Judged<'_>, &isl::Set),
    function: &mut Function,
    count: Handle<Expr>,
) -> Result<Option<Guard>, isl::Error> {
    let most = region.device.max_slice_numbers;
    if is_known((region, known), function, count, &format!("<= {most}"))? {
        return Ok(None);
    }
    let most = build::int(function, most.into(), Scalar::I64);
    Ok(Some(Guard::Holds {
        condition: build::binary(function, BinaryOp::LessEqual, count, most),
        kind: "instance-limit",
    }))
}
