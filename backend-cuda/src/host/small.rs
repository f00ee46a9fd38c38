//! What a region does with copies that stay where it has too little to do for the device: its loop then runs on the host,
//! and touches nothing but what the region would have copied, so that all other copies stay. Where the device has the newest
//! values of what it touches, it runs there all the same, unless it launches again and again: a launch takes less than a copy
//! home and one back.

use mupac_ir::{Buffer, Function, Guard, Handle, HostOp, Place, RegionPlan, Storage, Var};

use crate::guard::GuardText;
use crate::names::FreshNames;
use crate::residency::Conduct;
use crate::support::{Piece, Support};

/// How the text tells a loop that does not pay from one that may not run on the device.
pub(crate) struct Small {
    /// The name for what has to hold for a launch but that it pays; `None`: nothing has to.
    pub(crate) fits: Option<String>,
    /// The condition that it pays.
    pub(crate) pays: String,
    /// Brings home what the loop reads, and releases what it writes.
    pub(crate) releases: Vec<String>,
}

impl Small {
    /// Takes the conditions that a region pays out of its conditions, if all that its loop touches is known by ranges.
    pub(super) fn of(
        guards: &GuardText<'_>,
        conduct: Conduct<'_>,
        conditions: &mut Vec<String>,
        (support, fresh): (&mut Support, &mut FreshNames),
    ) -> Option<Self> {
        let region = guards.region;
        let buffers =
            touched(region).filter(|_| conduct.has_lonely_fallback() && is_plain(region))?;
        let worth = taken(guards, conditions, support);
        if worth.is_empty() {
            return None;
        }
        let pays = if launches_often(region) {
            worth.join(" && ")
        } else {
            support.uses.insert(Piece::Newer);
            let ranges = buffers
                .iter()
                .map(|buffer| format!("{{{}}}", guards.range(*buffer)));
            let ranges = ranges.collect::<Vec<_>>().join(", ");
            let newer = format!("mupac::newer({{{ranges}}})");
            relaxed(guards, worth, &newer, support).join(" && ")
        };
        let releases = buffers.into_iter().map(|buffer| {
            let is_written = HostOp::does(&region.host, &HostOp::CopyOut(buffer));
            let (word, piece) = if is_written {
                ("release", Piece::ReleaseRange)
            } else {
                ("fetch", Piece::FetchRange)
            };
            support.uses.insert(piece);
            format!("mupac::{word}({})", guards.range(buffer))
        });
        let releases = releases.collect();
        Some(Self {
            fits: (!conditions.is_empty()).then(|| fresh.take("fits")),
            pays,
            releases,
        })
    }
}

/// Takes the conditions that a region pays out of its conditions, in their order.
fn taken(
    guards: &GuardText<'_>,
    conditions: &mut Vec<String>,
    support: &mut Support,
) -> Vec<String> {
    let texts = worthwhile(guards, support);
    let (paying, others) = std::mem::take(conditions)
        .into_iter()
        .partition(|each| texts.contains(each));
    *conditions = others;
    paying
}

/// Lets a region launch however little it has to do while there are copies which its loop, of which less is known, would end.
pub(super) fn keep_copies(
    guards: &GuardText<'_>,
    conduct: Conduct<'_>,
    conditions: &mut [String],
    support: &mut Support,
) {
    if !conduct.has_lonely_fallback() || launches_often(guards.region) {
        return;
    }
    let texts = worthwhile(guards, support);
    let relaxed = relaxed(guards, texts.clone(), "mupac::held", support);
    for (text, relaxed) in texts.iter().zip(relaxed) {
        if let Some(condition) = conditions.iter_mut().find(|each| *each == text) {
            *condition = relaxed;
        }
    }
}

/// Returns the conditions that a region pays, or has little to do while something holds: then even one thread soon has done
/// it, so that what else is asked, as that there are many threads, is asked of larger ones alone.
fn relaxed(
    guards: &GuardText<'_>,
    worth: Vec<String>,
    holds: &str,
    support: &Support,
) -> Vec<String> {
    let little = guards.little(support).unwrap_or_default();
    let relaxed = worth.into_iter().enumerate();
    let relaxed = relaxed.map(|(position, each)| match position {
        0 => format!("({each} || {holds})"),
        _ => format!("({each} || {little})"),
    });
    relaxed.collect()
}

/// Returns the conditions that a region pays: first the one on how much there is to do.
fn worthwhile(guards: &GuardText<'_>, support: &mut Support) -> Vec<String> {
    let worth = guards.region.guards.iter();
    let worth = worth.filter(|guard| matches!(guard, Guard::Worthwhile { .. }));
    let texts = worth.map(|guard| guards.condition(guard, support));
    texts.collect()
}

/// Returns what stands before and behind the conditions of a region in its `if`.
pub(crate) fn around(small: Option<&Small>) -> (String, String) {
    match small {
        None => (String::new(), String::new()),
        Some(Small {
            fits: None, pays, ..
        }) => (String::new(), pays.clone()),
        Some(Small {
            fits: Some(fits),
            pays,
            ..
        }) => (
            format!("const bool {fits} = "),
            format!("; {fits} && {pays}"),
        ),
    }
}

/// Returns what the host does about copies before it runs the loop of a region; `apart` says that the loop works as if there
/// were no device, unless the condition of this name holds.
pub(crate) fn alone(small: Option<&Small>, apart: &dyn Fn(Option<&str>) -> String) -> Vec<String> {
    let Some(small) = small else {
        return vec![apart(None)];
    };
    let releases = small.releases.join(", ");
    match (&small.fits, releases.is_empty()) {
        (None, true) => Vec::new(),
        (None, false) => vec![format!("{releases};")],
        (Some(fits), true) => vec![apart(Some(fits))],
        (Some(fits), false) => vec![apart(Some(fits)), format!("if ({fits}) {releases};")],
    }
}

/// Returns whether a region launches kernels in a loop of the host, which together take longer than copies.
fn launches_often(region: &RegionPlan) -> bool {
    let mut found = false;
    HostOp::each(&region.host, &mut |action| {
        found |= matches!(action, HostOp::Loop(_));
    });
    found
}

/// Returns the buffers of a region that are copies of what its loop touches; `None` where it may touch more.
fn touched(region: &RegionPlan) -> Option<Vec<Handle<Buffer>>> {
    let mut found = Vec::new();
    for (buffer, each) in region.buffers.iter() {
        if region.is_scratch(buffer) {
            continue;
        }
        let copies = [HostOp::CopyIn(buffer), HostOp::CopyOut(buffer)];
        let is_copy = copies.iter().any(|copy| HostOp::does(&region.host, copy));
        (is_copy && each.rows.is_none()).then_some(())?;
        found.push(buffer);
    }
    Some(found)
}

/// Returns whether a region calls nothing, inspects nothing before, and assigns no scalar that a copy may hold. Values in
/// memory that it looks at came home before it, and no iteration changes them.
fn is_plain(region: &RegionPlan) -> bool {
    let is_own = |place: &Place| place.path.is_empty() && is_local(&region.function, place.var);
    let mut is_plain = region.origins.is_empty()
        && region.inspections.is_empty()
        && region.otherwise.is_empty()
        && region
            .reductions
            .iter()
            .all(|(_, each)| is_own(&each.target));
    HostOp::each(&region.host, &mut |action| {
        is_plain &= !matches!(action, HostOp::Compute(compute) if !is_own(&compute.target));
    });
    is_plain
}

fn is_local(function: &Function, var: Handle<Var>) -> bool {
    let var = &function.vars[var];
    matches!(var.storage, Storage::Parameter | Storage::Local) && !var.is_address_taken
}
