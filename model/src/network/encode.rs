//! A draft and its choices as tensors.

use mupac_passes::{Device, Draft};

use super::features::{ACCESS_SLOTS, CHOICE_SLOTS, Column, of_access, of_choice, of_nest};
use super::view::{NestView, View};
use crate::analytic::Analytic;
use crate::search::Choice;

/// One question to the network: a nest and some of the choices that are about it.
///
/// A region has as many as it has nests with choices, more where a nest has more choices than there are slots. Each
/// choice is judged by itself against its nest, so it does not matter which row it is in.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The nest, in the order of the text.
    pub number: usize,
    /// **Shape**: a number a column of the nest.
    pub nest: Vec<f32>,
    /// **Shape**: [`ACCESS_SLOTS`] × the columns of an access.
    pub accesses: Vec<f32>,
    /// 1 for a slot with an access, 0 for one without.
    ///
    /// **Shape**: [`ACCESS_SLOTS`].
    pub access_mask: Vec<f32>,
    /// **Shape**: [`CHOICE_SLOTS`] × the columns of a choice.
    pub choices: Vec<f32>,
    /// Which choices the first slots hold, by position.
    pub positions: Vec<usize>,
}

impl Row {
    /// Returns a row of nothing but zeros.
    pub fn empty() -> Self {
        let [nest, access, choice] = super::features::widths();
        Self {
            number: 0,
            nest: vec![0.0; nest],
            accesses: vec![0.0; ACCESS_SLOTS * access],
            access_mask: vec![0.0; ACCESS_SLOTS],
            choices: vec![0.0; CHOICE_SLOTS * choice],
            positions: Vec::new(),
        }
    }
}

/// Returns the rows of a draft; a choice that is about no nest is in none.
pub fn rows(draft: &Draft, choices: &[Choice], analytic: &Analytic, device: &Device) -> Vec<Row> {
    let view = View::of(draft, choices, analytic, device);
    let mut of_nests: Vec<Vec<(usize, Vec<f32>)>> = vec![Vec::new(); view.nests.len()];
    for (position, choice) in choices.iter().enumerate() {
        if let Some((number, seen)) = view.choice(choice)
            && let Some(of_nest) = of_nests.get_mut(number)
        {
            of_nest.push((position, numbers(|see| of_choice(&seen, see))));
        }
    }
    let mut rows = Vec::new();
    for (number, (nest, choices)) in view.nests.iter().zip(&of_nests).enumerate() {
        for some in choices.chunks(CHOICE_SLOTS) {
            rows.push(row(number, nest, some));
        }
    }
    rows
}

/// Returns every number that is read off a draft, before it is brought into its range.
pub fn readings(
    draft: &Draft,
    choices: &[Choice],
    analytic: &Analytic,
    device: &Device,
) -> Vec<(Column, f64)> {
    let view = View::of(draft, choices, analytic, device);
    let mut found = Vec::new();
    let mut see = |column: Column, value: f64| found.push((column, value));
    for nest in &view.nests {
        of_nest(nest, &mut see);
        for access in &nest.accesses {
            of_access(access, &mut see);
        }
    }
    for choice in choices {
        if let Some((_, seen)) = view.choice(choice) {
            of_choice(&seen, &mut see);
        }
    }
    found
}

fn row(number: usize, nest: &NestView, choices: &[(usize, Vec<f32>)]) -> Row {
    let seen = &nest.accesses[..nest.accesses.len().min(ACCESS_SLOTS)];
    let mut row = Row {
        number,
        nest: numbers(|see| of_nest(nest, see)),
        positions: choices.iter().map(|(position, _)| *position).collect(),
        ..Row::empty()
    };
    let accesses = seen
        .iter()
        .flat_map(|access| numbers(|see| of_access(access, see)));
    let columns = choices
        .iter()
        .flat_map(|(_, numbers)| numbers.iter().copied());
    fill(&mut row.accesses, accesses);
    fill(&mut row.access_mask, seen.iter().map(|_| 1.0));
    fill(&mut row.choices, columns);
    row
}

/// Writes numbers into the first of the slots.
fn fill(slots: &mut [f32], numbers: impl Iterator<Item = f32>) {
    for (slot, number) in slots.iter_mut().zip(numbers) {
        *slot = number;
    }
}

/// Returns the numbers that are shown, within their ranges.
fn numbers(show: impl Fn(&mut dyn FnMut(Column, f64))) -> Vec<f32> {
    let mut found = Vec::new();
    show(&mut |column, value| found.push(column.clamped(value)));
    found
}
