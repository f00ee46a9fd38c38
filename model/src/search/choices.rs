//! What a search may do: where it begins, what it has to choose from, and what a choice makes.

use mupac_ir::Trajectory;
use mupac_passes::{Device, Draft, Phase, State};

use super::guide::Choice;
use crate::greedy::completion;

/// Returns the draft of a region that a search begins with.
pub fn beginning(start: &State) -> Draft {
    // Without its opening moves no draft of the region has a mapping.
    let opened = start.opened();
    opened.map_or_else(
        |_| (**start).clone(),
        |opened| opened.brought_out().into_owned(),
    )
}

/// Returns what there is to choose from after a move of a phase, the default bindings before all single moves.
///
/// `complete` is the trajectory to what the default bindings make of the draft, where they fit.
pub fn choices(
    draft: &Draft,
    phase: Phase,
    complete: Option<&Trajectory>,
    device: &Device,
) -> Vec<Choice> {
    let done = draft.trajectory().moves.len();
    let rest = complete.and_then(|complete| complete.moves.get(done..));
    let default = rest.filter(|rest| !rest.is_empty()).map(|rest| Choice {
        moves: rest.to_vec(),
        phase: Phase::Mapping,
    });
    let offers = draft.offers(device).into_iter();
    let singles = offers
        .filter(|offer| offer.phase >= phase)
        .map(|offer| Choice {
            moves: vec![offer.step],
            phase: offer.phase,
        });
    default.into_iter().chain(singles).collect()
}

/// Returns the draft that a choice makes; `None` where it does not fit.
pub fn chosen(draft: &Draft, choice: &Choice, device: &Device) -> Option<Draft> {
    let moves = Trajectory {
        moves: choice.moves.clone(),
    };
    let next = draft.replay(&moves, device).ok()?;
    Some(next.brought_out().into_owned())
}

/// Returns the choices after which the default bindings complete a draft to a plan of a search, as few as there can be;
/// `None` where no choices lead there.
pub fn path(start: &State, plan: &Trajectory, device: &Device) -> Option<Vec<Choice>> {
    let (mut draft, mut phase) = (beginning(start), Phase::Region);
    let mut path = Vec::new();
    loop {
        let complete = completion(&draft, device).ok();
        let complete = complete.as_ref().map(Draft::trajectory);
        if complete == Some(plan) {
            return Some(path);
        }
        let left = plan.moves.get(draft.trajectory().moves.len()..)?;
        let fits = |choice: &Choice| {
            let is_next = left.starts_with(&choice.moves);
            let next = is_next.then(|| chosen(&draft, choice, device))??;
            let leads = plan.moves.starts_with(&next.trajectory().moves);
            leads.then(|| (next, choice.clone()))
        };
        let found = choices(&draft, phase, complete, device)
            .iter()
            .find_map(fits);
        let (next, choice) = found?;
        (draft, phase) = (next, choice.phase);
        path.push(choice);
    }
}
