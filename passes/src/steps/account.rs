//! What a move did and why it was legal, in words for the user.

use mupac_ir::{LoopName, Move, Refusal};

use crate::region;
use crate::state::State;

/// A move in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// What it changed.
    pub did: String,
    /// Why the result is still right.
    pub legal_because: String,
}

/// Returns what a move did to a state, and why it was legal.
///
/// **Errors**: `illegal-step` for a name that no step bears, or a move that lacks an argument.
pub fn account(before: &State, step: &Move) -> Result<Account, Refusal> {
    super::step(step)?.account(before, step)
}

/// Returns the words of a rewrite that leaves the order of iterations as it is.
pub(super) fn in_order(did: String) -> Account {
    Account {
        did,
        legal_because: "every iteration runs once and in the order it had".to_owned(),
    }
}

/// Returns the words of a rewrite after which the iterations of a loop run in any order.
pub(super) fn in_any_order(before: &State, target: &LoopName, did: String) -> Account {
    let mut reasons = vec!["no iteration needs what another one computes".to_owned()];
    let joined = joined(before, target);
    if !joined.is_empty() {
        let names = joined.join(", ");
        reasons.push(format!(
            "what they contribute to {names} is joined in a fixed order"
        ));
    }
    if has_updates(before, target) {
        reasons.push("their updates of shared elements commute and are indivisible".to_owned());
    }
    if !before.facts().inspections.is_empty() {
        reasons.push("the host looks at the subscripts first".to_owned());
    }
    Account {
        did,
        legal_because: reasons.join("; "),
    }
}

/// Returns the variables to which the iterations of a loop only contribute.
fn joined(state: &State, target: &LoopName) -> Vec<String> {
    let Some(each) = region::find(state.statements(), target) else {
        return Vec::new();
    };
    let inside = region::numbers(&each.body);
    let counted = state.counted_by(each);
    let reductions = state.facts().reductions.iter().filter(|reduction| {
        let outside = |name: &LoopName| reduction.outside.contains(name);
        !reduction.statements.is_disjoint(&inside)
            && counted.iter().any(|original| !outside(&original.name))
    });
    reductions
        .map(|reduction| format!("`{}`", state.function().vars[reduction.target.var].name))
        .collect()
}

fn has_updates(state: &State, target: &LoopName) -> bool {
    region::find(state.statements(), target).is_some_and(|each| {
        let inside = region::numbers(&each.body);
        state
            .facts()
            .updates
            .keys()
            .any(|number| inside.contains(number))
    })
}
