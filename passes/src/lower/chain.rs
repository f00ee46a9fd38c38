//! The mapped loops of a tree, as one launch can run them.

use mupac_ir::warp::LANES;
use mupac_ir::{Axis, Expr, Extent, Handle, Loop, Mapping, Refusal, Scalar, Stmt, Type, Var};

use super::MOST_BYTES;
use super::outline::{Nest, outline};
use crate::build;
use crate::device::Device;
use crate::judge::{by_lanes, constants, illegal, is_shared, place, whole_of};
use crate::region;
use crate::state::Draft;

/// What stands between the root of a region and the code of one thread.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Item<'a> {
    /// A mapped loop.
    Loop(&'a Loop),
    /// A name for a value.
    Let(Handle<Var>, Handle<Expr>),
    /// A condition on everything inside.
    If(Handle<Expr>),
}

/// A tree cut at its innermost mapped loop.
#[derive(Clone, Debug)]
pub(crate) struct Chain<'a> {
    /// From the outside.
    pub(crate) items: Vec<Item<'a>>,
    /// What one thread does.
    pub(crate) body: &'a [Stmt],
}

impl<'a> Chain<'a> {
    /// Returns the mapped loops, from the outside.
    pub(crate) fn loops(&self) -> impl Iterator<Item = &'a Loop> + '_ {
        self.items.iter().filter_map(|item| match item {
            Item::Loop(each) => Some(*each),
            Item::Let(..) | Item::If(_) => None,
        })
    }
}

/// Cuts a tree.
///
/// **Errors**: `illegal-step` where a mapped loop does not follow the others from the outside, with nothing but
/// names and conditions between.
pub(crate) fn cut(statements: &[Stmt]) -> Result<Chain<'_>, Refusal> {
    let mut items = Vec::new();
    let mut body = statements;
    while mupac_ir::structure::has_mapped(body) {
        body = match body {
            [Stmt::Let(var, value), rest @ ..] => {
                items.push(Item::Let(*var, *value));
                rest
            }
            [Stmt::For(each)] if each.mapping.is_parallel() => {
                items.push(Item::Loop(each));
                &each.body
            }
            [Stmt::If(branch)] if branch.otherwise.is_empty() => {
                items.push(Item::If(branch.condition));
                &branch.then
            }
            _ => {
                let why =
                    "a mapped loop stands beside or inside other code, so one launch cannot run it";
                return Err(illegal(why, place(statements)));
            }
        };
    }
    Ok(Chain { items, body })
}

/// Checks that the mapped loops of a state fit the device, as far as they are mapped.
///
/// **Errors**: `illegal-step` where they do not.
pub(crate) fn check(draft: &Draft, device: &Device) -> Result<(), Refusal> {
    for nest in outline(draft.statements())?.nests {
        check_nest(draft, &nest, device)?;
    }
    Ok(())
}

fn check_nest(draft: &Draft, nest: &Nest<'_>, device: &Device) -> Result<(), Refusal> {
    let at = place(nest.statements);
    let facts = draft.facts();
    let is_known = |expr: &Handle<Expr>| {
        build::variables(draft.function(), *expr).iter().all(|var| {
            facts.parameters.contains(var)
                || facts.inputs.contains(var)
                || nest.host.iter().any(|outer| outer.iterator == *var)
        })
    };
    let mut seen = Vec::new();
    let mut threads = 1_u64;
    if !by_lanes(nest.statements).is_empty() {
        seen.push(Mapping::Thread(Axis::X));
        threads = LANES.into();
    }
    for each in nest.chain.loops() {
        if seen.contains(&each.mapping) {
            return Err(illegal("two loops are mapped to one axis", at));
        }
        seen.push(each.mapping);
        if ![each.start, each.end].iter().all(is_known) {
            let why = format!(
                "the trip count of {} is not known before the launch",
                each.name
            );
            return Err(illegal(why, at));
        }
        if let Mapping::Thread(axis) = each.mapping {
            threads = threads.saturating_mul(u64::from(extent(draft, each, axis, device)?));
        }
    }
    if threads > u64::from(device.max_threads_per_block) {
        return Err(illegal(
            format!("{threads} threads are more than a block may have"),
            at,
        ));
    }
    let (needed, available) = (
        shared_bytes(draft, nest, threads),
        device.shared_bytes_per_block,
    );
    if needed > available {
        let why =
            format!("{needed} bytes of shared memory are more than the {available} a block has");
        return Err(illegal(why, at));
    }
    let (bytes, most) = (constant_bytes(draft, nest), MOST_CONSTANT_BYTES);
    if bytes > most {
        let why = format!(
            "{bytes} bytes by value are more than the {most} for arrays among a kernel's arguments"
        );
        return Err(illegal(why, at));
    }
    Ok(())
}

/// The bytes of arrays that a kernel may be passed by value; whether pointers and numbers fit the rest is seen once they are
/// known.
pub(crate) const MOST_CONSTANT_BYTES: u64 = MOST_BYTES / 4 * 3;

/// Returns how many bytes of arrays a launch is passed by value.
fn constant_bytes(draft: &Draft, nest: &Nest<'_>) -> u64 {
    let function = draft.function();
    let constants = constants(function, nest.statements).into_iter();
    let bytes = constants.map(|(var, _)| array_bytes(&function.vars[var].ty));
    bytes.fold(0, u64::saturating_add)
}

/// Returns how much the threads of a block share: the arrays of the tree, and for each reduction a value of each thread.
fn shared_bytes(draft: &Draft, nest: &Nest<'_>, threads: u64) -> u64 {
    let function = draft.function();
    let mut bytes = 0_u64;
    region::each(nest.statements, &mut |stmt| {
        if let Stmt::Declare(var, _) = stmt
            && (is_shared(function, *var) || whole_of(function, *var).is_some())
        {
            bytes = bytes.saturating_add(array_bytes(&function.vars[*var].ty));
        }
    });
    let numbers = region::numbers(nest.statements);
    let reductions = draft.facts().reductions.iter();
    let reductions = reductions.filter(|each| !each.statements.is_disjoint(&numbers));
    let each = Scalar::F64.size_bytes().saturating_mul(threads);
    bytes.saturating_add(each.saturating_mul(reductions.count() as u64))
}

/// Returns the size of an array of numbers.
pub(crate) fn array_bytes(ty: &Type) -> u64 {
    match ty {
        Type::Scalar(scalar) => scalar.size_bytes(),
        Type::Array {
            of,
            length: Extent::Fixed(length),
        } => array_bytes(of).saturating_mul(*length),
        Type::Array { .. }
        | Type::Void
        | Type::Pointer { .. }
        | Type::Record(_)
        | Type::Opaque(_) => u64::MAX,
    }
}

/// Returns the number of threads along an axis.
///
/// **Errors**: `illegal-step` where it is not a constant or too great.
pub(crate) fn extent(
    draft: &Draft,
    each: &Loop,
    axis: Axis,
    device: &Device,
) -> Result<u32, Refusal> {
    let bounds = build::constant(draft.function(), each.start)
        .zip(build::constant(draft.function(), each.end));
    let most = device.max_block[axis as usize];
    bounds
        .filter(|_| each.step == 1)
        .and_then(|(start, end)| u32::try_from(end.checked_sub(start)?).ok())
        .filter(|count| (1..=most).contains(count))
        .ok_or_else(|| {
            let why = format!(
                "the trip count of {} is not a constant from 1 to {most}",
                each.name
            );
            illegal(why, each.header_span)
        })
}
