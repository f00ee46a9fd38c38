//! Copies of arrays that stay on the device from one region to the next.

use std::collections::BTreeMap;

use crate::translate::Translation;

/// How often a region launches, and how many iterations it has then; `None`: as many as at typical sizes.
pub(super) type Runs<'a> = dyn Fn(usize) -> (f64, Option<f64>) + 'a;

/// Returns what copies take of arrays that stay on the device: to it where the first region that has one reads it, and home
/// where some region writes it, once for each run of the stay; what the host reads in between is not known.
///
/// **Units**: seconds.
pub(super) fn copies(translation: &Translation, runs: &Runs<'_>) -> f64 {
    let mut seconds = 0.0;
    for stay in &translation.plan.residency.stays {
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
                let home = f64::from(u8::from(each.is_copied_out)) * each.seconds;
                let known = arrays.entry(each.array).or_insert([into, 0.0]);
                known[1] = known[1].max(home);
            }
        }
        if entries.is_finite() {
            seconds += entries * arrays.values().flatten().sum::<f64>();
        }
    }
    seconds
}
