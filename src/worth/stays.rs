//! Copies of arrays that stay on the device from one region to the next.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{Plan, Stay};

use crate::translate::Translation;

/// How often a region launches, and how many iterations it has then; `None`: as many as at typical sizes.
pub(super) type Runs<'a> = dyn Fn(usize) -> (f64, Option<f64>) + 'a;

/// How often a stay is come to; `None`: as often as the region of its that runs least.
pub(super) type Entries<'a> = dyn Fn(&Stay) -> Option<f64> + 'a;

/// Returns what copies take of arrays that stay on the device: to it where the first region that has one reads it, and home
/// where some region writes it and the program does not end with it, once for each run of the stay, and home for every
/// inspection that has to look again; what else the host reads in between is not known.
///
/// **Units**: seconds.
pub(super) fn copies(translation: &Translation, runs: &Runs<'_>, entries_of: &Entries<'_>) -> f64 {
    let plan = &translation.plan;
    let mut seconds = 0.0;
    let mut inspected = BTreeSet::new();
    for stay in &plan.residency.stays {
        inspected.extend(stay.regions.iter().copied());
        if is_part_of_another(plan, stay) {
            continue;
        }
        let mut arrays: BTreeMap<String, [f64; 2]> = BTreeMap::new();
        let mut entries = f64::INFINITY;
        for number in &stay.regions {
            let (count, iterations) = runs(*number);
            if count == 0.0 {
                continue;
            }
            entries = entries.min(count);
            for each in translation.copies(*number, iterations) {
                let into = f64::from(u8::from(each.is_copied_in)) * each.seconds;
                let goes_home = each.is_copied_out && !stay.is_last;
                let home = f64::from(u8::from(goes_home)) * each.seconds;
                let known = arrays.entry(each.array).or_insert([into, 0.0]);
                known[1] = known[1].max(home);
            }
        }
        if entries.is_finite() {
            let entries = entries_of(stay).map_or(entries, |known| entries.min(known));
            seconds += entries * arrays.values().flatten().sum::<f64>();
        }
    }
    let looks = inspected.into_iter().map(|number| {
        let (count, iterations) = runs(number);
        let read = plan
            .residency
            .looked_at_again(&plan.module, &plan.regions, number);
        let copies = translation.copies(number, iterations).into_iter();
        let read = copies.filter(|each| read.contains(&*each.array));
        count * read.map(|each| each.seconds).sum::<f64>()
    });
    seconds + looks.sum::<f64>()
}

/// Returns whether a stay comes to nothing but what another one does that comes to more: it stands in what that calls.
fn is_part_of_another(plan: &Plan, stay: &Stay) -> bool {
    let mut others = plan.residency.stays.iter();
    others.any(|other| {
        other.function != stay.function
            && stay.regions.is_subset(&other.regions)
            && other.regions.len() > stay.regions.len()
    })
}
