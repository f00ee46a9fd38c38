//! What steps that divide a loop share: several loops count what one counted.

use mupac_ir::{
    BinaryOp, Block, Expr, Function, Handle, If, Loop, LoopName, Mapping, Move, Refusal, Scalar,
    Stmt, Var,
};

use super::names::Names;
use super::{refusal, sequential};
use crate::{build, region, trip};

/// The constant extents of the parts of a loop multiply to at most this; more would leave nothing to divide.
pub(super) const LARGEST: i64 = 1 << 20;

/// One of the loops that a loop becomes.
pub(super) struct Part {
    name: String,
    /// How often it runs; `None`: as often as is left.
    extent: Option<i64>,
    /// How many iterations of the original one of its iterations advances.
    factor: i64,
}

impl Part {
    /// A part of constant extent.
    pub(super) fn fixed(name: String, extent: i64, factor: i64) -> Self {
        Self {
            name,
            extent: Some(extent),
            factor,
        }
    }

    /// The part that counts what the others do not.
    pub(super) fn rest(name: String, factor: i64) -> Self {
        Self {
            name,
            extent: None,
            factor,
        }
    }
}

/// Replaces the loop that a move names by its parts, the first outermost.
///
/// The body stays as it is, because the original iterator stays in scope by a `let`; a condition skips what the last
/// iterations of the parts have too much.
///
/// **Errors**: `illegal-step` where the names are taken or the loop cannot be counted.
pub(super) fn divide(
    function: &mut Function,
    region: &mut Block,
    step: &Move,
    parts: &[Part],
) -> Result<(), Refusal> {
    let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
    if !are_free(function, region, &names) {
        return Err(refusal(step, "the names of the parts are taken"));
    }
    let target = sequential(region, step)?;
    let count = trip::count(function, target)
        .ok_or_else(|| refusal(step, "its iterations cannot be counted"))?;
    *target = divided(function, target, count, parts)
        .ok_or_else(|| refusal(step, "its iterator is not an integer"))?;
    Ok(())
}

/// Returns whether names are different, and none of them is taken.
pub(super) fn are_free(function: &Function, region: &Block, names: &[&str]) -> bool {
    let mut different = names.to_vec();
    different.sort_unstable();
    different.dedup();
    let known = Names::of(function, region);
    different.len() == names.len() && names.iter().all(|name| known.has_free(name))
}

/// Returns whether chunks of a constant size have more iterations than a loop, or may.
pub(super) fn skips_some(function: &Function, count: Handle<Expr>, chunk: i128) -> bool {
    build::constant(function, count).is_none_or(|count| count <= 0 || count % chunk != 0)
}

/// Removes names for values that are in sight already: what was cut in two brings each of them twice when it meets again.
pub(super) fn name_once(block: &mut Block, visible: &mut Vec<Handle<Var>>) {
    let outer = visible.len();
    block.retain(|stmt| {
        let Stmt::Let(var, _) = stmt else { return true };
        let is_new = !visible.contains(var);
        visible.push(*var);
        is_new
    });
    for inner in block.iter_mut().flat_map(region::blocks_mut) {
        name_once(inner, visible);
    }
    visible.truncate(outer);
}

fn divided(
    function: &mut Function,
    target: &mut Loop,
    count: Handle<Expr>,
    parts: &[Part],
) -> Option<Loop> {
    let iterators: Vec<_> = parts
        .iter()
        .map(|part| {
            let var = Var::local(part.name.clone(), Scalar::I64);
            function.vars.push(var)
        })
        .collect();
    let value = {
        let number = number(function, parts, &iterators)?;
        trip::value(function, target, number)?
    };
    let chunk: i128 = parts
        .iter()
        .filter_map(|part| part.extent)
        .map(i128::from)
        .product();
    let mut body = std::mem::take(&mut target.body);
    if skips_some(function, count, chunk) {
        body = vec![Stmt::If(If {
            condition: trip::test(function, target)?,
            then: body,
            otherwise: Block::new(),
            span: target.span,
        })];
    }
    body.insert(0, Stmt::Let(target.iterator, value));
    let chunk = build::int(function, chunk, Scalar::I64);
    let rest = build::binary(function, BinaryOp::CeilDivide, count, chunk);
    for (part, iterator) in parts.iter().zip(iterators).rev() {
        let end = match part.extent {
            Some(extent) => build::int(function, i128::from(extent), Scalar::I64),
            None => rest,
        };
        let each = counted(function, target, iterator, part.name.clone(), end);
        body = vec![Stmt::For(Loop { body, ..each })];
    }
    match body.pop()? {
        Stmt::For(each) => Some(each),
        Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => None,
    }
}

/// Appends which iteration of the original the parts stand at, the largest strides first.
fn number(
    function: &mut Function,
    parts: &[Part],
    iterators: &[Handle<Var>],
) -> Option<Handle<Expr>> {
    let mut strides: Vec<_> = parts
        .iter()
        .map(|part| part.factor)
        .zip(iterators)
        .collect();
    strides.sort_by_key(|(factor, _)| std::cmp::Reverse(*factor));
    strides
        .into_iter()
        .map(|(factor, iterator)| (factor, *iterator))
        .fold(None, |sum, (factor, iterator)| {
            let load = function.load(iterator);
            let product = build::scale(function, i128::from(factor), load);
            Some(match sum {
                Some(sum) => build::binary(function, BinaryOp::Add, sum, product),
                None => product,
            })
        })
}

/// Returns an empty loop from 0 that stands where `of` stands.
pub(super) fn counted(
    function: &mut Function,
    of: &Loop,
    iterator: Handle<Var>,
    name: String,
    end: Handle<Expr>,
) -> Loop {
    Loop {
        name: LoopName(name),
        iterator,
        declares_iterator: true,
        start: build::int(function, 0, Scalar::I64),
        end,
        step: 1,
        mapping: Mapping::Sequential,
        body: Block::new(),
        span: of.span,
        header_span: of.header_span,
    }
}
