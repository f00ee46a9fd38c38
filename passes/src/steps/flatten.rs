//! `flatten i j -> i.j`: two loops, one directly inside the other, become one.
//!
//! **What it does**: counts the pairs of iterations, row by row.
//!
//! **Before**: `for i in s..e by c { for j in t..u by d { B } }` with `m` iterations of `j`, a constant
//!
//! **After**: `for i.j in 0..ceil(e - s, c)*m { let i = s + c*floor(i.j / m); let j = t + d*(i.j - m*floor(i.j / m)); B }`
//!
//! **Legal when**: nothing but the inner loop is in the outer one, its bounds do not depend on the outer iterator, and
//! it runs a constant number of times, which is what the judge can divide by. The order stays.
//!
//! **Pays when**: neither loop alone fills the device, or the inner one is too short for a row of threads.
//!
//! **Source**: Polychronopoulos, “Loop Coalescing: A Compiler Transformation for Parallel Machines”, ICPP 1987.

use mupac_ir::{BinaryOp, Block, Function, Loop, LoopName, Move, Refusal, Scalar, Stmt, Var};

use super::account::{Account, in_order};
use super::names::is_free;
use super::parts::{LARGEST, counted};
use super::{Phase, Step, argument, interchange, make, refusal, sequential};
use crate::device::Device;
use crate::facts::Facts;
use crate::state::{Draft, State};
use crate::{build, region, trip};

/// The step.
pub struct Flatten;

impl Step for Flatten {
    fn name(&self) -> &'static str {
        "flatten"
    }

    fn phase(&self) -> Phase {
        Phase::Loop
    }

    fn moves(&self, draft: &Draft, _device: &Device, out: &mut Vec<Move>) {
        for outer in draft.nests().into_iter().flat_map(region::loops) {
            let [Stmt::For(inner)] = outer.body.as_slice() else {
                continue;
            };
            let are_parallel = [outer, inner]
                .iter()
                .all(|each| draft.is_original(&each.name) && draft.may_run_in_parallel(each));
            let bounds = build::constant(draft.function(), inner.start)
                .zip(build::constant(draft.function(), inner.end));
            if are_parallel && bounds.is_some() {
                let name = format!("{}.{}", outer.name, inner.name);
                out.push(make(self, &outer.name, &[&inner.name.0, "->", &name]));
            }
        }
    }

    fn apply(
        &self,
        _facts: &Facts,
        function: &mut Function,
        region: &mut Block,
        step: &Move,
    ) -> Result<(), Refusal> {
        let inner_name = LoopName(argument(step, 0)?);
        let arrow: String = argument(step, 1)?;
        let name: String = argument(step, 2)?;
        if arrow != "->" || step.arguments.len() != 3 {
            return Err(refusal(step, "the form is `flatten OUTER INNER -> NAME`"));
        }
        if !is_free(function, region, &name) {
            return Err(refusal(step, "the name is taken"));
        }
        let target = sequential(region, step)?;
        let [Stmt::For(inner)] = target.body.as_slice() else {
            return Err(refusal(step, "the outer loop holds more than one loop"));
        };
        if inner.name != inner_name || inner.mapping.is_parallel() {
            let why = "the second loop is not directly inside the first";
            return Err(refusal(step, why));
        }
        if !interchange::is_rectangular(function, target, inner) {
            return Err(refusal(step, "the inner bounds depend on the outer loop"));
        }
        let inner = inner.clone();
        *target = flattened(function, target, inner, name).ok_or_else(|| {
            refusal(
                step,
                "the inner loop does not run a constant number of times",
            )
        })?;
        Ok(())
    }

    fn account(&self, _before: &State, step: &Move) -> Result<Account, Refusal> {
        let [inner, name]: [String; 2] = [argument(step, 0)?, argument(step, 2)?];
        Ok(in_order(format!(
            "made `{}` and `{inner}` one loop `{name}` over their pairs",
            step.target
        )))
    }
}

fn flattened(function: &mut Function, outer: &Loop, inner: Loop, name: String) -> Option<Loop> {
    let row = trip::count(function, &inner)?;
    let length = build::constant(function, row)
        .filter(|length| (1..=i128::from(LARGEST)).contains(length))?;
    let rows = trip::count(function, outer)?;
    let all = build::scale(function, length, rows);
    let iterator = function.vars.push(Var::local(name.clone(), Scalar::I64));
    let position = function.load(iterator);
    let length = build::int(function, length, Scalar::I64);
    let row = build::binary(function, BinaryOp::FloorDivide, position, length);
    let column = build::binary(function, BinaryOp::Remainder, position, length);
    let outer_value = trip::value(function, outer, row)?;
    let inner_value = trip::value(function, &inner, column)?;
    let names = [
        Stmt::Let(outer.iterator, outer_value),
        Stmt::Let(inner.iterator, inner_value),
    ];
    let each = counted(function, outer, iterator, name, all);
    Some(Loop {
        body: names.into_iter().chain(inner.body).collect(),
        ..each
    })
}
