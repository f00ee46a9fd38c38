//! `constant i.i w -> w_c`: a kernel is passed a small array by value.
//!
//! **What it does**: declares in the code of threads what holds all elements of an array that the region can read. The
//! kernel gets them among its arguments, which lie in constant memory: there is nothing to allocate and to copy, and one
//! read of an element serves all threads that execute together.
//!
//! **Before**: `for k in 0..9 { y[i] = y[i] + w[k] * x[i + k] }`, threads `i.i`
//!
//! **After**: `var w_c: f32[9] @constant w; for k in 0..9 { y[i] = y[i] + w[k] * x[i + k] }`, of which lowering makes
//! `y[i] += w.of[k] * x[i + k]` in a kernel with the parameter `const __grid_constant__ mupac::Constants<float, 9> w`
//!
//! **Legal when**: the region does not write the array, all subscripts lie within known numbers, the elements are numbers
//! or rows of them that fit a kernel's arguments, and the host can read them.
//!
//! **Pays when**: threads that execute together read the same element; reads of different ones take turns.
//!
//! **Source**: CUDA C++ Programming Guide 13.0, “`__grid_constant__`” and “Device Memory Accesses”, Constant Memory; Hwu,
//! Kirk, El Hajj, “Programming Massively Parallel Processors”, 2022, §7.3 (constant memory and caching).

use mupac_ir::{Block, Function, Handle, LoopName, Move, Refusal, Space, Type, Var};

use super::account::Account;
use super::beside::{Words, declare};
use super::stage::named;
use super::{Phase, Step, argument, make, refusal};
use crate::device::Device;
use crate::facts::Facts;
use crate::judge::{code, constant_type, constants, launches};
use crate::lower::chain::{MOST_CONSTANT_BYTES, array_bytes};
use crate::region;
use crate::state::{Draft, State};

/// The step.
pub struct Constant;

impl Step for Constant {
    fn name(&self) -> &'static str {
        "constant"
    }

    fn phase(&self) -> Phase {
        Phase::Memory
    }

    fn moves(&self, draft: &Draft, _device: &Device, out: &mut Vec<Move>) {
        let (facts, function) = (draft.facts(), draft.function());
        let arrays = facts.footprints.iter().map(|footprint| footprint.array);
        let is_fit = |array: &Handle<Var>| {
            constant_type(facts, function, *array).is_some_and(|ty| is_small(&ty))
        };
        let arrays: Vec<_> = arrays.filter(is_fit).collect();
        if arrays.is_empty() {
            return;
        }
        for stmt in launches(draft.statements()) {
            let Some(code) = code(stmt) else { continue };
            let known = constants(function, std::slice::from_ref(stmt));
            for array in &arrays {
                let is_new = known.iter().all(|(_, known)| known != array);
                if is_new && region::names(function, stmt, *array) {
                    out.push(self.move_of(function, &code.name, *array));
                }
            }
        }
    }

    fn relieves(&self, draft: &Draft, step: &Move) -> Option<Handle<Var>> {
        named(draft.function(), step.arguments.first()?)
    }

    fn apply(
        &self,
        facts: &Facts,
        function: &mut Function,
        region: &mut Block,
        step: &Move,
    ) -> Result<(), Refusal> {
        let Words { array, name, .. } = Words::read(step, function, region)?;
        let ty = constant_type(facts, function, array).ok_or_else(|| {
            refusal(
                step,
                "the region may write the array, or how much it reads of it is not known",
            )
        })?;
        let constants = declared(function, &name, array, ty);
        declare(region, &step.target, constants);
        Ok(())
    }

    fn account(&self, _before: &State, step: &Move) -> Result<Account, Refusal> {
        let array: String = argument(step, 0)?;
        Ok(Account {
            did: format!("pass the elements of `{array}` by value, in constant memory"),
            legal_because: format!(
                "nothing here writes `{array}`, and all that is read of it fits a kernel's arguments"
            ),
        })
    }
}

impl Constant {
    fn move_of(&self, function: &Function, target: &LoopName, array: Handle<Var>) -> Move {
        let array = &function.vars[array].name;
        let constants = function.fresh_name(&format!("{array}_c"));
        make(self, target, &[array, "->", &constants])
    }
}

fn is_small(ty: &Type) -> bool {
    array_bytes(ty) <= MOST_CONSTANT_BYTES
}

/// Appends the variable that holds the elements.
fn declared(function: &mut Function, name: &str, array: Handle<Var>, ty: Type) -> Handle<Var> {
    let mut var = Var::local(name, ty);
    var.space = Space::Constant(array);
    function.vars.push(var)
}
