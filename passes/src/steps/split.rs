//! `split i 256 -> i.o i.i`: one loop becomes two.
//!
//! **What it does**: counts the iterations in chunks of a constant size; the outer loop counts chunks, the inner one
//! the iterations of a chunk. The body stays as it is, because the original iterator stays in scope by a `let`; a
//! condition skips what the last chunk has too much.
//!
//! **Before**: `for i in s..e by c { B }`
//!
//! **After**: `for i.o in 0..ceil(ceil(e - s, c), 256) { for i.i in 0..256 { let i = s + c*(256*i.o + i.i); if (i < e) { B } } }`
//!
//! **Legal when**: always; the computed iterator must fit its type, which the judge turns into a guard where the
//! types alone do not show it.
//!
//! **Pays when**: the outer part goes to blocks and the inner one to the threads of a block; or for tiling.
//!
//! **Source**: Wolfe, “High Performance Compilers for Parallel Computing”, 1996, §9.6 (strip mining).

use mupac_ir::{
    BinaryOp, Block, Expr, Function, Handle, If, Loop, LoopName, Mapping, Move, Refusal, Scalar,
    Stmt, Var,
};

use super::{Phase, Step, argument, make, refusal, sequential};
use crate::device::Device;
use crate::state::State;
use crate::{build, region, trip};

/// The step.
pub struct Split;

/// Chunk sizes that the search tries; powers of two from a warp up to a full block.
const SIZES: [u32; 6] = [8, 32, 64, 128, 256, 512];

/// A chunk holds at most this many iterations; more would be no chunk.
const LARGEST: i64 = 1 << 20;

impl Step for Split {
    fn name(&self) -> &'static str {
        "split"
    }

    fn phase(&self) -> Phase {
        Phase::Shape
    }

    fn moves(&self, state: &State, _device: &Device, out: &mut Vec<Move>) {
        for each in region::loops(state.statements()) {
            // Parts of a loop are not split again.
            if !state.facts().carried.contains_key(&each.name) && state.is_original(&each.name) {
                out.extend(SIZES.iter().map(|size| move_of(&each.name, *size)));
            }
        }
    }

    fn apply(
        &self,
        function: &mut Function,
        region: &mut Block,
        step: &Move,
    ) -> Result<(), Refusal> {
        let size: i64 = argument(step, 0)?;
        let arrow: String = argument(step, 1)?;
        let outer: String = argument(step, 2)?;
        let inner: String = argument(step, 3)?;
        if !(2..=LARGEST).contains(&size) || arrow != "->" || step.arguments.len() != 4 {
            return Err(refusal(
                step,
                "the form is `split LOOP SIZE -> OUTER INNER`",
            ));
        }
        if outer == inner
            || !is_free(function, region, &outer)
            || !is_free(function, region, &inner)
        {
            return Err(refusal(step, "the names of the parts are taken"));
        }
        let target = sequential(region, step)?;
        let count = trip::count(function, target)
            .ok_or_else(|| refusal(step, "its iterations cannot be counted"))?;
        *target = split(function, target, size, count, [outer, inner])
            .ok_or_else(|| refusal(step, "its iterator is not an integer"))?;
        Ok(())
    }
}

/// Returns the move that splits a loop into parts with its own name and `.o`, `.i` behind.
pub(crate) fn move_of(name: &LoopName, size: u32) -> Move {
    let (outer, inner) = (format!("{name}.o"), format!("{name}.i"));
    make(&Split, name, &[&size.to_string(), "->", &outer, &inner])
}

fn is_free(function: &Function, region: &Block, name: &str) -> bool {
    let mut is_free = !name.is_empty() && function.vars.iter().all(|(_, var)| var.name != name);
    for statements in [&function.body, region] {
        region::each(statements, &mut |stmt| {
            is_free &= region::loop_name(stmt).is_none_or(|known| known.0 != name);
        });
    }
    is_free
}

fn split(
    function: &mut Function,
    target: &mut Loop,
    size: i64,
    count: Handle<Expr>,
    [outer_name, inner_name]: [String; 2],
) -> Option<Loop> {
    let outer = function
        .vars
        .push(Var::local(outer_name.clone(), Scalar::I64));
    let inner = function
        .vars
        .push(Var::local(inner_name.clone(), Scalar::I64));
    let number = {
        let (outer, inner) = (function.load(outer), function.load(inner));
        let before = build::scale(function, i128::from(size), outer);
        build::binary(function, BinaryOp::Add, before, inner)
    };
    let value = trip::value(function, target, number)?;
    let is_exact = build::constant(function, count)
        .is_some_and(|count| count > 0 && count % i128::from(size) == 0);
    let body = std::mem::take(&mut target.body);
    let rest = if is_exact {
        body
    } else {
        let condition = trip::test(function, target)?;
        vec![Stmt::If(If {
            condition,
            then: body,
            otherwise: Block::new(),
            span: target.span,
        })]
    };
    let named = std::iter::once(Stmt::Let(target.iterator, value));
    let size_expr = build::int(function, i128::from(size), Scalar::I64);
    let chunks = build::binary(function, BinaryOp::CeilDivide, count, size_expr);
    let inside = counted(function, target, inner, inner_name, size_expr);
    let outside = counted(function, target, outer, outer_name, chunks);
    Some(Loop {
        body: vec![Stmt::For(Loop {
            body: named.chain(rest).collect(),
            ..inside
        })],
        ..outside
    })
}

/// Returns an empty loop from 0 that stands where `of` stands.
fn counted(
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
