//! Mistakes in what the text between the regions does while arrays stay on the device.

use super::MutantKind;
use crate::plan::RegionPlan;
use crate::residency::{Meeting, Residency, ResidencyFlaw, Turn};
use crate::span::Span;

/// Where such a mistake is made.
pub(super) struct Place {
    pub(super) flaw: ResidencyFlaw,
    pub(super) span: Span,
}

/// Returns the mistakes of a kind, in order.
pub(super) fn flaws(kind: MutantKind, residency: &Residency, regions: &[RegionPlan]) -> Vec<Place> {
    if residency.stays.is_empty() {
        return Vec::new();
    }
    let all = all(residency, regions);
    all.into_iter()
        .filter(|(each, _)| *each == kind)
        .map(|(_, place)| place)
        .collect()
}

fn all(residency: &Residency, regions: &[RegionPlan]) -> Vec<(MutantKind, Place)> {
    let mut found = Vec::new();
    let mut note = |kind, flaw, span| found.push((kind, Place { flaw, span }));
    for (statement, host) in &residency.turns {
        let dropped = ResidencyFlaw::TurnDropped(*statement);
        match host.turn {
            Turn::Reads => note(MutantKind::FetchDropped, dropped, *statement),
            Turn::Changes | Turn::Alone => {
                note(MutantKind::ReleaseDropped, dropped, *statement);
                let kept = ResidencyFlaw::CopiesKept(*statement);
                note(MutantKind::InvalidationDropped, kept, *statement);
            }
        }
    }
    for statement in residency.watches.keys() {
        let dropped = ResidencyFlaw::WatchDropped(*statement);
        note(MutantKind::FetchDropped, dropped, *statement);
    }
    for statement in residency.locals.keys() {
        let flaw = ResidencyFlaw::LifetimeDropped(*statement);
        note(MutantKind::ReleaseDropped, flaw, *statement);
    }
    for (number, stay) in residency.stays.iter().enumerate() {
        if stay.is_last {
            continue;
        }
        let flaw = ResidencyFlaw::EndDropped(number);
        note(MutantKind::ReleaseDropped, flaw, stay.within);
    }
    for (region, meeting) in &residency.meetings {
        let span = regions.get(*region).map(|region| region.replaces);
        let span = span.unwrap_or_default();
        let arrival = ResidencyFlaw::ArrivalDropped(*region);
        let fetched = regions.get(*region).map(|region| meeting.fetched(region));
        let brings_home = fetched.is_some_and(|fetched| !fetched.is_empty())
            || residency.reads.contains_key(region);
        match meeting {
            Meeting::Shares if !brings_home => {}
            Meeting::Shares | Meeting::SharesAfterReading => {
                note(MutantKind::FetchDropped, arrival, span);
            }
            Meeting::Apart => note(MutantKind::ReleaseDropped, arrival, span),
        }
        let has_guards = regions
            .get(*region)
            .is_some_and(|region| !region.guards.is_empty());
        if has_guards {
            let fallback = ResidencyFlaw::FallbackShares(*region);
            note(MutantKind::ReleaseDropped, fallback, span);
        }
    }
    found
}
