//! `privatise i.i h -> h_s`: each block joins its updates of an array in shared memory first.
//!
//! **What it does**: gives a block a part of its own of an array to which the launch joins integers. The part has room for
//! every element that subscripts can lead to; its elements start with what changes nothing, all updates of the block go
//! there, and those elements that changed are joined to the array's once the block is through.
//!
//! **Before**: `h[g[i]] = h[g[i]] + 1`, threads `i.i`
//!
//! **After**: `var h_s: u32[256] @partial h; h[g[i]] = h[g[i]] + 1`, which lowering makes
//! `if (i.i < 256) h_s[i.i] = 0; barrier; h_s[g[i]] += 1; barrier; if (i.i < 256 && h_s[i.i] != 0) h[i.i] += h_s[i.i]`
//!
//! **Legal when**: the launch does nothing with the array but join to it by one operator, types and operators bound the
//! subscripts, no thread ends before the others, and the part fits shared memory.
//!
//! **Pays when**: a block makes many more updates than the array has elements; together with `grid-stride`, mostly.
//!
//! **Source**: Gómez-Luna et al., “An Optimized Approach to Histogram Computation on GPU”, Machine Vision and Applications
//! 24(5), 2013; Hwu, Kirk, El Hajj, “Programming Massively Parallel Processors”, 2022, §9.4 (privatization).

use mupac_ir::{Block, Extent, Function, Handle, LoopName, Move, Refusal, Space, Type, Var};

use super::account::Account;
use super::beside::{Words, declare};
use super::{Phase, Step, argument, make, refusal};
use crate::device::Device;
use crate::facts::Facts;
use crate::judge::{Tree, code, launches, partial, parts, updated};
use crate::state::{Draft, State};

/// The step.
pub struct Privatise;

impl Step for Privatise {
    fn name(&self) -> &'static str {
        "privatise"
    }

    fn phase(&self) -> Phase {
        Phase::Idiom
    }

    fn moves(&self, draft: &Draft, _device: &Device, out: &mut Vec<Move>) {
        let function = draft.function();
        for stmt in launches(draft.statements()) {
            let Some(code) = code(stmt) else { continue };
            let launch = std::slice::from_ref(stmt);
            let has_part = parts(function, launch);
            for array in updated(draft.facts(), launch) {
                let is_new = has_part.iter().all(|(_, known)| *known != array);
                if is_new && draft.may_privatise(launch, array) {
                    out.push(self.move_of(function, &code.name, array));
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
        let Words {
            launch,
            array,
            name,
        } = Words::read(step, function, region)?;
        let tree = Tree {
            function,
            statements: region,
        };
        let length = partial(facts, tree, std::slice::from_ref(launch), array)
            .ok_or_else(|| {
                refusal(
                    step,
                    "the launch does more with the array than join to it within known bounds",
                )
            })?
            .length;
        let part = part(function, &name, array, length)
            .ok_or_else(|| refusal(step, "it is no array of numbers"))?;
        declare(region, &step.target, part);
        Ok(())
    }

    fn account(&self, _before: &State, step: &Move) -> Result<Account, Refusal> {
        let [array, name]: [String; 2] = [argument(step, 0)?, argument(step, 2)?];
        Ok(Account {
            did: format!(
                "let each block update a part of `{array}` in shared memory, `{name}`, and join it to `{array}` at the end"
            ),
            legal_because: format!(
                "the kernel only joins integers to `{array}`, which may happen in any order, and no subscript leaves the part"
            ),
        })
    }
}

impl Privatise {
    fn move_of(&self, function: &Function, target: &LoopName, array: Handle<Var>) -> Move {
        let array = &function.vars[array].name;
        let part = function.fresh_name(&format!("{array}_s"));
        make(self, target, &[array, "->", &part])
    }
}

/// Appends the variable; `None` where the array is not one of numbers.
fn part(
    function: &mut Function,
    name: &str,
    array: Handle<Var>,
    length: u64,
) -> Option<Handle<Var>> {
    let element = function.vars[array].ty.element()?.scalar()?;
    let ty = Type::Array {
        of: Box::new(element.into()),
        length: Extent::Fixed(length),
    };
    let mut var = Var::local(name, ty);
    var.space = Space::Partial(array);
    Some(function.vars.push(var))
}
