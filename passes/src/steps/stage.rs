//! `stage k.o a -> a_s`: the threads of a block copy what they read of an array to shared memory.
//!
//! **What it does**: before each iteration of a sequential loop in the code of threads, or once before the code if the
//! loop is mapped, the threads share out the box of elements that the block reads in that time, halo included; a barrier
//! follows, the reads take the copies, and another barrier keeps the next iteration from overwriting what is still read.
//! Conditions around the loop come to stand inside, so that every thread comes to the barriers. Elements beyond what the
//! program reads are left out. What is read by subscripts that move in another way stays; a second move stages it.
//!
//! **Before**: `for k.o in 0..t { for k.i in 0..16 { let k = 16*k.o + k.i; c[i] = c[i] + a[k] * b[i][k] } }`, threads `i.i`
//!
//! **After**: `var a_s[16] @shared; for k.o in 0..t { if (i.i < 16 && 16*k.o + i.i <= l - 1) { a_s[i.i] = a[16*k.o + i.i] } barrier; for k.i in 0..16 { let k = 16*k.o + k.i; c[i] = c[i] + a_s[k.i] * b[i][k] } barrier }`
//!
//! **Legal when**: the launch does not write the array, the box has a constant size that fits shared memory, and each
//! block reads no less than the box within the range that the loops read.
//!
//! **Pays when**: several threads of a block read the same element, or neighbouring threads read elements far apart.
//!
//! **Source**: Kirk, Hwu, “Programming Massively Parallel Processors”, 2016, §4.4 (tiled matrix product), §7.4 (halo);
//! Micikevicius, “3D Finite Difference Computation on GPUs using CUDA”, GPGPU 2009.

use mupac_ir::{
    BinaryOp, Block, Expr, ExprKind, Function, Handle, Loop, LoopName, Mapping, Move, Place,
    Projection, Refusal, Span, Stmt, Var,
};

use super::account::Account;
use super::copy::Shared;
use super::names::is_free;
use super::reuse::{Reuse, sum};
use super::sink::{names, sink};
use super::{Phase, Step, argument, make, refusal};
use crate::device::Device;
use crate::facts::Facts;
use crate::judge::is_shared;
use crate::state::{Draft, State};
use crate::{build, region};

/// The step.
pub struct Stage;

impl Step for Stage {
    fn name(&self) -> &'static str {
        "stage"
    }

    fn phase(&self) -> Phase {
        Phase::Memory
    }

    /// Offers what the launch does not write, for the code of threads as a whole and for loops in it that hold others which are
    /// not laid out: for any other loop there would be barriers around every few reads.
    fn moves(&self, draft: &Draft, _device: &Device, out: &mut Vec<Move>) {
        for each in region::loops(draft.statements()) {
            let is_laid_out = |inner: &&Loop| matches!(inner.mapping, Mapping::Unroll(None));
            let has_loops = !region::loops(&each.body).iter().all(is_laid_out);
            let is_code = |code: &Loop| code.name == each.name;
            let Some(code) = code_of(draft.statements(), &each.name) else {
                continue;
            };
            if has_loops || is_code(code) {
                for footprint in &draft.facts().footprints {
                    if !footprint.is_written && !footprint.is_reduced {
                        out.push(self.move_of(draft.function(), &each.name, footprint.array));
                    }
                }
            }
        }
    }

    fn relieves(&self, draft: &Draft, step: &Move) -> Option<Handle<Var>> {
        named(draft.function(), step.arguments.first()?)
    }

    fn more_moves(&self, draft: &Draft, _device: &Device, out: &mut Vec<Move>) {
        let function = draft.function();
        for each in region::loops(draft.statements()) {
            if code_of(draft.statements(), &each.name).is_none() {
                continue;
            }
            for footprint in &draft.facts().footprints {
                let step = self.move_of(function, &each.name, footprint.array);
                if !out.contains(&step) {
                    out.push(step);
                }
            }
        }
    }

    fn apply(
        &self,
        facts: &Facts,
        function: &mut Function,
        region: &mut Block,
        step: &Move,
    ) -> Result<(), Refusal> {
        let array: String = argument(step, 0)?;
        let arrow: String = argument(step, 1)?;
        let name: String = argument(step, 2)?;
        if arrow != "->" || step.arguments.len() != 3 {
            return Err(refusal(step, "the form is `stage LOOP ARRAY -> NAME`"));
        }
        if !is_free(function, region, &name) {
            return Err(refusal(step, "the name is taken"));
        }
        let array =
            named(function, &array).ok_or_else(|| refusal(step, "there is no such array"))?;
        let code = code_of(region, &step.target)
            .ok_or_else(|| refusal(step, "the loop is not in the code of threads"))?;
        let code = code.name.clone();
        let reuse = Reuse::of(facts, function, region, &step.target, array)
            .ok_or_else(|| refusal(step, "what it reads of the array has no constant size"))?;
        sink(function, region, &step.target)
            .ok_or_else(|| refusal(step, "not all threads of a block come to the loop"))?;
        let shared = Shared::new(function, &name, array, &reuse)
            .ok_or_else(|| refusal(step, "what it reads of the array is too much to share"))?;
        let copies = shared
            .copies(function, region, &reuse)
            .ok_or_else(|| refusal(step, "the names of its loops are taken"))?;
        if let Some(target) = region::find_mut(region, &step.target) {
            take_over(shared.var, function, &reuse, &mut target.body);
            let runs_again = !target.mapping.is_parallel();
            place(function, &mut target.body, copies, runs_again);
        }
        if let Some(code) = region::find_mut(region, &code) {
            let declaration = Stmt::Declare(shared.var, Span::default());
            let is_before = |stmt: &&Stmt| matches!(stmt, Stmt::Let(..) | Stmt::Declare(..));
            let at = code.body.iter().take_while(is_before).count();
            code.body.insert(at, declaration);
        }
        Ok(())
    }

    fn account(&self, before: &State, step: &Move) -> Result<Account, Refusal> {
        let [array, name]: [String; 2] = [argument(step, 0)?, argument(step, 2)?];
        let is_mapped = region::find(before.statements(), &step.target)
            .is_some_and(|each| each.mapping.is_parallel());
        let when = if is_mapped {
            "once"
        } else {
            "before each iteration"
        };
        Ok(Account {
            did: format!(
                "copied what a block reads of `{array}` in `{}` to shared memory as `{name}`, {when}",
                step.target
            ),
            legal_because: format!(
                "the kernel does not write `{array}`; every element is copied before it is read, and overwritten only \
                 after, with barriers between that all threads of a block come to"
            ),
        })
    }
}

impl Stage {
    fn move_of(&self, function: &Function, target: &LoopName, array: Handle<Var>) -> Move {
        let array = &function.vars[array].name;
        let shared = function.fresh_name(&format!("{array}_s"));
        make(self, target, &[array, "->", &shared])
    }
}

/// Returns the variable of a name.
pub(super) fn named(function: &Function, name: &str) -> Option<Handle<Var>> {
    let mut vars = function.vars.iter();
    vars.find(|(_, var)| var.name == name)
        .map(|(handle, _)| handle)
}

/// Puts copies before what a block runs, and barriers around that; copies that are there already share the barriers.
fn place(function: &Function, body: &mut Block, copies: Block, runs_again: bool) {
    let copies_only = |stmt: &Stmt| {
        let mut is_copy = true;
        region::each(std::slice::from_ref(stmt), &mut |stmt| {
            is_copy &= region::target(stmt).is_none_or(|place| is_shared(function, place.var));
        });
        is_copy
    };
    let first = body.iter().position(|stmt| *stmt == Stmt::Barrier);
    let known = first.filter(|first| body[..*first].iter().all(copies_only));
    let at = known.unwrap_or_else(|| names(body));
    if known.is_none() {
        body.insert(at, Stmt::Barrier);
        if runs_again {
            body.push(Stmt::Barrier);
        }
    }
    body.splice(at..at, copies);
}

/// Gives the statements of a block the copies to read.
fn take_over(shared: Handle<Var>, function: &mut Function, reuse: &Reuse, block: &mut Block) {
    for stmt in block {
        if let Stmt::Compute(compute) = stmt
            && !is_shared(function, compute.target.var)
        {
            compute.value = taken(shared, function, reuse, compute.value);
        }
        for inner in region::blocks_mut(stmt) {
            take_over(shared, function, reuse, inner);
        }
    }
}

/// Returns an expression that reads the copies wherever it certainly reads the box.
fn taken(
    shared: Handle<Var>,
    function: &mut Function,
    reuse: &Reuse,
    expr: Handle<Expr>,
) -> Handle<Expr> {
    let node = function.exprs[expr].clone();
    let certain = match &node.kind {
        ExprKind::Load(place) => {
            let mut readings = reuse.readings.iter();
            let Some(reading) = readings.find(|reading| reading.place == *place) else {
                return expr;
            };
            let indices = reading.position.iter().map(|position| {
                let index = sum(function, position, &reading.iterators)?;
                Some(Projection::Index(index))
            });
            let Some(path) = indices.collect() else {
                return expr;
            };
            let kind = ExprKind::Load(Place { var: shared, path });
            return function.exprs.push(Expr { kind, ..node });
        }
        ExprKind::Select { .. } | ExprKind::Binary(BinaryOp::And | BinaryOp::Or, ..) => 1,
        ExprKind::Unary(..) | ExprKind::Binary(..) | ExprKind::Cast(_) | ExprKind::Call(..) => {
            usize::MAX
        }
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Address(_)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => 0,
    };
    let old = build::operands(&node.kind);
    let mut new = old.clone();
    for operand in new.iter_mut().take(certain) {
        *operand = taken(shared, function, reuse, *operand);
    }
    if new == old {
        return expr;
    }
    let kind = build::with_operands(&node.kind, &new);
    function.exprs.push(Expr { kind, ..node })
}

/// Returns the innermost mapped loop that is or holds a loop: its body is the code of the threads that run the loop.
pub(super) fn code_of<'a>(statements: &'a [Stmt], target: &LoopName) -> Option<&'a Loop> {
    let around = |each: &&Loop| {
        each.mapping.is_parallel()
            && (each.name == *target || region::find(&each.body, target).is_some())
    };
    let innermost = region::loops(statements).into_iter().rfind(around)?;
    let mut inside = region::loops(&innermost.body).into_iter();
    (!inside.any(|each| each.mapping.is_parallel())).then_some(innermost)
}
