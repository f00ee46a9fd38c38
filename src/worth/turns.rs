//! Copies that the host asks for between regions, where arrays stay on the device.

use std::collections::BTreeMap;

use mupac_ir::{Function, HostTurn, Span, Stretch, Touched, Turn};
use mupac_model::Hardware;

use crate::translate::Translation;

use super::stays::Runs;

/// An array that regions copy, and how often they do where nothing stays.
#[derive(Default)]
struct Array {
    /// Seconds of a copy to the device, and how many runs of regions ask for one.
    into: (f64, f64),
    /// Seconds of a copy home, and how many runs of regions ask for one.
    home: (f64, f64),
}

/// Returns what the host's turns take, each of which ran so often: latencies for what they name, and whole arrays where they
/// name nothing, though no more of them than regions copy.
///
/// **Units**: seconds.
pub(super) fn copies(
    translation: &Translation,
    runs: &Runs<'_>,
    turns_of: &dyn Fn(Span) -> f64,
) -> f64 {
    let plan = &translation.plan;
    let arrays = arrays(translation, runs);
    let latency = Hardware::of(translation.device()).copy_seconds;
    let (mut fetches, mut releases, mut named) = (0.0, 0.0, 0.0);
    for (at, host) in &plan.residency.turns {
        let count = turns_of(*at);
        match named_of(host) {
            Some(touched) => {
                let function = &plan.module.functions[touched.function];
                named += count * latency * moves(&arrays, function, touched);
                fetches += if brings_all_home(touched) { count } else { 0.0 };
            }
            None if host.turn == Turn::Reads => fetches += count,
            None => releases += count,
        }
    }
    let whole = arrays.values().map(|array| {
        let (into, home) = (array.into, array.home);
        into.0 * into.1.min(releases) + home.0 * home.1.min(releases + fetches)
    });
    named + whole.sum::<f64>()
}

fn named_of(host: &HostTurn) -> Option<&Touched> {
    host.touched.as_ref().filter(|_| host.turn != Turn::Alone)
}

fn brings_all_home(touched: &Touched) -> bool {
    touched.read.contains(&Stretch::All)
}

/// Returns the arrays of the regions that stay, by name.
fn arrays(translation: &Translation, runs: &Runs<'_>) -> BTreeMap<String, Array> {
    let mut found: BTreeMap<String, Array> = BTreeMap::new();
    for number in translation.plan.residency.meetings.keys() {
        let (count, iterations) = runs(*number);
        for each in translation.copies(*number, iterations) {
            let array = found.entry(each.array).or_default();
            for (is_copied, way) in [
                (each.is_copied_in, &mut array.into),
                (each.is_copied_out, &mut array.home),
            ] {
                if is_copied {
                    *way = (way.0.max(each.seconds), way.1 + count);
                }
            }
        }
    }
    found
}

/// Returns how many copies a statement asks for at most, of arrays that kernels change, or read as the host left them.
fn moves(arrays: &BTreeMap<String, Array>, function: &Function, touched: &Touched) -> f64 {
    let all = touched.stretches();
    let moves = all.map(|(turn, stretch)| {
        let var = stretch.var(function);
        let array = var.and_then(|var| arrays.get(&function.vars[var].name));
        let Some(array) = array else {
            return 0;
        };
        let is_changed = usize::from(array.home.1 > 0.0);
        is_changed + usize::from(turn == Turn::Changes && array.into.1 > 0.0)
    });
    moves.sum::<usize>() as f64
}
