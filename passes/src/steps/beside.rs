//! What moves of the form `STEP LOOP ARRAY -> NAME` share: they declare something in the code of a launch, for an array.

use mupac_ir::{Block, Function, Handle, LoopName, Move, Refusal, Span, Stmt, Var};

use super::names::is_free;
use super::stage::named;
use super::{argument, refusal};
use crate::judge::{code, launches};
use crate::region;

/// What a move says.
pub(super) struct Words<'a> {
    pub(super) launch: &'a Stmt,
    pub(super) array: Handle<Var>,
    pub(super) name: String,
}

impl<'a> Words<'a> {
    /// Reads a move.
    ///
    /// **Errors**: `illegal-step` where it has another form, the name is taken, there is no such array, or the loop is not
    /// the innermost of a launch.
    pub(super) fn read(
        step: &Move,
        function: &Function,
        region: &'a Block,
    ) -> Result<Self, Refusal> {
        let [array, arrow, name]: [String; 3] =
            [argument(step, 0)?, argument(step, 1)?, argument(step, 2)?];
        if arrow != "->" || step.arguments.len() != 3 {
            let form = format!("the form is `{} LOOP ARRAY -> NAME`", step.step);
            return Err(refusal(step, &form));
        }
        if !is_free(function, region, &name) {
            return Err(refusal(step, "the name is taken"));
        }
        let array =
            named(function, &array).ok_or_else(|| refusal(step, "there is no such array"))?;
        let is_of_code = |launch: &&Stmt| code(launch).is_some_and(|code| code.name == step.target);
        let launch = launches(region).into_iter().find(is_of_code);
        let launch =
            launch.ok_or_else(|| refusal(step, "the loop is not the innermost of a launch"))?;
        Ok(Self {
            launch,
            array,
            name,
        })
    }
}

/// Declares a variable in a loop, before all that it holds.
pub(super) fn declare(region: &mut Block, target: &LoopName, var: Handle<Var>) {
    if let Some(each) = region::find_mut(region, target) {
        each.body.insert(0, Stmt::Declare(var, Span::default()));
    }
}
