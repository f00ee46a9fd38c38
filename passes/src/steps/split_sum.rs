//! `split-sum k 1024 c -> k.o k.i c_p`: blocks share out the terms of sums into elements of an array.
//!
//! **What it does**: cuts a loop in the code of threads into chunks, and gives the chunks to blocks. Each chunk adds to numbers
//! of its own for the elements of the array, its slice; these start at zero, and are added to the elements when the launch
//! is through, in the order of the chunks. What is assigned before the loop gets a launch of its own.
//!
//! **Before**: blocks and threads `i`, `j`, and inside `for k in 0..n { c[i][j] = c[i][j] + a[i][k] * b[k][j] }`
//!
//! **After**: `for k.o in 0..ceil(n, 1024) on block.z { … var c_p: *f32 @slices c; for k.i in 0..1024 { let k = 1024*k.o + k.i;
//! if (k < n) { c[i][j] = c[i][j] + a[i][k] * b[k][j] } } }`, which lowering makes one kernel that sets `c_p` to zero, this one
//! with `c_p` in the place of `c`, and one that adds the slices of `c_p` to `c`
//!
//! **Legal when**: the launch does nothing with the array but add to it, and nothing else that would then run once for each
//! chunk; sums of floating-point numbers may be reordered, and integers have no sign.
//!
//! **Pays when**: there are too few elements to fill the device with a thread for each, and each is the sum of many terms.
//!
//! **Source**: Suriana, Adams, Kamil, “Parallel Associative Reductions in Halide”, CGO 2017 (`rfactor`); NVIDIA CUTLASS 3.5,
//! “Efficient GEMM in CUDA”, “Parallelized Reductions” (split-K across thread blocks).

use mupac_ir::{
    Axis, Block, Function, Handle, Loop, LoopName, Mapping, Move, Refusal, Space, Span, Stmt, Type,
    Var,
};

use super::account::Account;
use super::before::{before, cut_before};
use super::names::is_free;
use super::parts::{LARGEST, Part, divide};
use super::stage::named;
use super::{Phase, Step, argument, make, refusal};
use crate::device::Device;
use crate::facts::Facts;
use crate::judge::{code, launches, parts, slices, sums};
use crate::state::{Draft, State};
use crate::{build, region, trip};

/// The step.
pub struct SplitSum;

/// Lengths of chunks that the search tries; shorter ones would come to the limit of the grid for a few million terms.
const SIZES: [u32; 3] = [256, 1024, 4096];

/// A length that short tests cut too.
const SHORT: u32 = 4;

/// Axes of the grid that loops over elements may leave free; they are so short that no count of numbers overflows.
const AXES: [Axis; 2] = [Axis::Y, Axis::Z];

impl Step for SplitSum {
    fn name(&self) -> &'static str {
        "split-sum"
    }

    fn phase(&self) -> Phase {
        Phase::Idiom
    }

    fn moves(&self, draft: &Draft, _device: &Device, out: &mut Vec<Move>) {
        self.moves_of(draft, &SIZES, out);
    }

    fn more_moves(&self, draft: &Draft, _device: &Device, out: &mut Vec<Move>) {
        self.moves_of(draft, &[SHORT], out);
    }

    fn apply(
        &self,
        _facts: &Facts,
        function: &mut Function,
        region: &mut Block,
        step: &Move,
    ) -> Result<(), Refusal> {
        let size: i64 = argument(step, 0)?;
        let [array, arrow, outer, inner, name]: [String; 5] = [
            argument(step, 1)?,
            argument(step, 2)?,
            argument(step, 3)?,
            argument(step, 4)?,
            argument(step, 5)?,
        ];
        if !(2..=LARGEST).contains(&size) || arrow != "->" || step.arguments.len() != 6 {
            let form = "the form is `split-sum LOOP SIZE ARRAY -> OUTER INNER SLICES`";
            return Err(refusal(step, form));
        }
        let is_new = is_free(function, region, &name) && name != outer && name != inner;
        if !is_new {
            return Err(refusal(step, "the name of the slices is taken"));
        }
        let array =
            named(function, &array).ok_or_else(|| refusal(step, "there is no such array"))?;
        let place = Place::of(region, &step.target)
            .ok_or_else(|| refusal(step, "the loop is not in the code of threads"))?;
        let slices = declared(function, &name, array)
            .ok_or_else(|| refusal(step, "it is no array of numbers"))?;
        let outer_part = Part::rest(outer.clone(), size);
        cut_before(function, region, &place.outermost, &step.target)
            .ok_or_else(|| refusal(step, "something else than assignments stands beside it"))?;
        divide(
            function,
            region,
            step,
            &[outer_part, Part::fixed(inner, size, 1)],
        )?;
        place
            .wrap(region, &LoopName(outer), slices)
            .ok_or_else(|| refusal(step, "blocks share out loops on every axis"))
    }

    fn account(&self, _before: &State, step: &Move) -> Result<Account, Refusal> {
        let size: i64 = argument(step, 0)?;
        let [array, slices]: [String; 2] = [argument(step, 1)?, argument(step, 5)?];
        Ok(Account {
            did: format!(
                "let blocks share out chunks of {size} iterations of `{}`, each with sums of its own in `{slices}`, and \
                 add these to `{array}` in the order of the chunks",
                step.target
            ),
            legal_because: format!(
                "the kernel only adds to `{array}`, and sums may be computed in another order"
            ),
        })
    }
}

impl SplitSum {
    /// Appends the moves that cut sums into chunks of these lengths.
    fn moves_of(&self, draft: &Draft, sizes: &[u32], out: &mut Vec<Move>) {
        let (facts, function) = (draft.facts(), draft.function());
        let unchanged = facts.unchanged();
        for launch in launches(draft.statements()) {
            let Some(code) = code(launch) else { continue };
            let launch = std::slice::from_ref(launch);
            let all = region::numbers(launch);
            // Whatever else stands beside the loop would run once for each chunk.
            let is_alone = |each: &Loop| {
                let known = before(&code.body, &each.name).map(region::numbers);
                known.is_some_and(|known| &known | &region::numbers(&each.body) == all)
            };
            let terms = region::loops(&code.body).into_iter().filter(|each| {
                let bounds = [each.start, each.end];
                each.mapping == Mapping::Sequential
                    && draft.is_original(&each.name)
                    && is_alone(each)
                    && bounds.iter().all(|bound| {
                        build::is_of_variables(function, *bound, &|var| unchanged.contains(&var))
                    })
                    && !draft.may_run_in_parallel(each)
            });
            for each in terms {
                let count = trip::constant(function, each);
                let is_cut = |size: &&u32| count.is_none_or(|count| count > i128::from(**size));
                for array in summed(draft, launch, &each.body) {
                    let sizes = sizes.iter().filter(is_cut);
                    out.extend(sizes.map(|size| self.move_of(function, &each.name, *size, array)));
                }
            }
        }
    }

    fn move_of(
        &self,
        function: &Function,
        target: &LoopName,
        size: u32,
        array: Handle<Var>,
    ) -> Move {
        let array = &function.vars[array].name;
        let slices = function.fresh_name(&format!("{array}_p"));
        let [outer, inner] = ["o", "i"].map(|letter| format!("{target}.{letter}"));
        let size = size.to_string();
        make(self, target, &[&size, array, "->", &outer, &inner, &slices])
    }
}

/// Returns the arrays to which some statements of a launch only add, and that have neither slices nor parts yet.
fn summed(draft: &Draft, launch: &[Stmt], terms: &[Stmt]) -> Vec<Handle<Var>> {
    let function = draft.function();
    let known = parts(function, launch).into_iter();
    let known = known.chain(slices(function, launch));
    let known: Vec<Handle<Var>> = known.map(|(_, array)| array).collect();
    let footprints = draft.facts().footprints.iter();
    let written = footprints.filter(|each| each.is_written && !known.contains(&each.array));
    let written = written.map(|each| each.array);
    written
        .filter(|array| sums(draft.facts(), function, terms, *array).is_some())
        .collect()
}

/// Returns the launch in the code of whose threads a loop stands.
pub(super) fn launch_around<'a>(region: &'a Block, target: &LoopName) -> Option<&'a Stmt> {
    let inside =
        |stmt: &&Stmt| code(stmt).is_some_and(|code| region::find(&code.body, target).is_some());
    launches(region).into_iter().find(inside)
}

/// Where the loop stands whose iterations are cut into chunks.
struct Place {
    /// The outermost loop of the launch, and the innermost that is mapped.
    outermost: LoopName,
    code: LoopName,
    axis: Option<Axis>,
}

impl Place {
    fn of(region: &Block, target: &LoopName) -> Option<Self> {
        let launch = launch_around(region, target)?;
        let loops = region::loops(std::slice::from_ref(launch));
        let is_free = |axis: &Axis| {
            let mut loops = loops.iter();
            loops.all(|each| each.mapping != Mapping::Block(*axis))
        };
        Some(Self {
            outermost: region::loop_name(launch)?.clone(),
            code: code(launch)?.name.clone(),
            axis: AXES.into_iter().find(is_free),
        })
    }

    /// Puts the loop over chunks around the launch, and declares the slices; `None` where no axis is free.
    fn wrap(&self, region: &mut Block, outer: &LoopName, slices: Handle<Var>) -> Option<()> {
        let mapping = Mapping::Block(self.axis?);
        let mut header = None;
        region::replace(region, outer, &mut |mut each| {
            let body = std::mem::take(&mut each.body);
            header = Some(Loop { mapping, ..each });
            Some(body)
        })?;
        let declaration = Stmt::Declare(slices, Span::default());
        let code = region::find_mut(region, &self.code)?;
        code.body.insert(0, declaration);
        region::replace(region, &self.outermost, &mut |launch| {
            let chunks = Loop {
                body: vec![Stmt::For(launch)],
                ..header.take()?
            };
            Some(vec![Stmt::For(chunks)])
        })
    }
}

/// Appends the variable that reaches the slices; `None` where the array is not one of numbers.
fn declared(function: &mut Function, name: &str, array: Handle<Var>) -> Option<Handle<Var>> {
    let number = function.vars[array].ty.element()?.innermost().scalar()?;
    let mut var = Var::local(name, Type::Scalar(number).pointer(false));
    var.space = Space::Slices(array);
    Some(function.vars.push(var))
}
