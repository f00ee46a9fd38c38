//! From which sizes on the device is worth its trouble.
//!
//! Both sides are estimated where all sizes that are not known are alike, but for those that guards limit: kernels with their launches, what the host looks
//! at before, device memory and copies against one core that runs the region as written. Where the device wins from some
//! size on, the region asks for as many iterations as it has there, a number that can be read and edited; where it wins at
//! no size, there is nothing to ask.

use std::collections::BTreeSet;

use mupac_ir::asked::{amount, iterations};
use mupac_ir::{
    BinaryOp, Buffer, Counts, Expr, ExprKind, Guard, Handle, HostOp, RegionPlan, Space,
};
use mupac_passes::Draft;

use super::Analytic;
use super::inspections::inspection_seconds;
use super::limits::limits;
use super::reserving_seconds;
use super::typical::Typical;
use super::values::Values;
use crate::account::Times;

/// What is known of copies that a region asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copies {
    /// Host and device exchange them each time the region runs.
    Each,
    /// They outlive the region, and others share what they cost.
    Shared {
        /// So many small copies are made between its runs, of what the host touches.
        pieces: usize,
    },
    /// They do so too, but regions change between its runs what its inspections read, which look again each time.
    Inspected {
        /// See [`Copies::Shared`].
        pieces: usize,
    },
    /// Kernels go through the host's own memory, whose pages are taken to lie where they are used; the host waits for them.
    /// What has a copy all the same is exchanged each time.
    Seen,
}

impl Copies {
    /// Returns the same without what the host touches between the runs of the region.
    #[must_use]
    pub fn without_pieces(self) -> Self {
        match self {
            Self::Shared { .. } => Self::Shared { pieces: 0 },
            Self::Inspected { .. } => Self::Inspected { pieces: 0 },
            Self::Each | Self::Seen => self,
        }
    }
}

/// What is known of a run of a region on one core.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Run {
    /// How many iterations its loops had, as its guard counts them; `None`: it had typical sizes.
    pub iterations: Option<f64>,
    /// How long it took.
    ///
    /// **Units**: seconds.
    pub seconds: Option<f64>,
}

/// What the copies of an array between host and device take.
#[derive(Clone, Debug, PartialEq)]
pub struct ArrayCopy {
    /// The array or pointer, by its name in the region's function.
    pub array: String,
    /// Whether the region has it copied to the device.
    pub is_copied_in: bool,
    /// Whether the region has it copied home.
    pub is_copied_out: bool,
    /// One copy.
    ///
    /// **Units**: seconds.
    pub seconds: f64,
}

/// Returns whether all that inspections read are integers and arrays that the region has copies of: what copies show to be
/// unchanged is not looked at again.
fn is_found_once(plan: &RegionPlan) -> bool {
    let arrays = plan
        .buffers
        .iter()
        .map(|(_, buffer)| buffer.array)
        .collect();
    let mut inspections = plan.inspections.iter();
    inspections.all(|(_, each)| each.integers_beside(&plan.function, &arrays).is_some())
}

/// Sizes up to so many times the typical one are looked at.
const REACH: f64 = 64.0;

/// The least size that is looked at.
const LEAST: f64 = 4.0;

/// Between two numbers of iterations of loops that read their bounds from memory.
const LISTED: f64 = 1024.0;

/// No size is greater.
const MOST: f64 = i32::MAX as f64;

/// A size is known when it is known to this factor.
const PRECISION: f64 = 1.05;

impl Analytic {
    /// Sets how many iterations a region asks for before it launches, to where its kernels begin to pay.
    ///
    /// **Errors**: they pay at no size; what they take at typical sizes.
    pub fn settle(
        &self,
        draft: &Draft,
        plan: &mut RegionPlan,
        copies: Copies,
    ) -> Result<(), Times> {
        let usual = Typical::of(draft).within(limits(plan));
        let typical = usual.size;
        let at = |size: f64| usual.with_size(size.round() as i64);
        let times = |size: f64| self.times(draft, plan, copies, at(size));
        let pays = |size: f64| times(size).is_worthwhile();
        if iterations(&plan.guards).next().is_none() {
            let times = times(typical as f64);
            return if times.is_worthwhile() {
                Ok(())
            } else {
                Err(times)
            };
        }
        let mut high = typical as f64 * REACH;
        if !pays(high) {
            return Err(times(typical as f64));
        }
        // The greatest size at which it does not pay, of sizes that are powers of two apart.
        let mut low = high / 2.0;
        while low >= LEAST && pays(low) {
            high = low;
            low /= 2.0;
        }
        while low >= LEAST && high / low > PRECISION {
            let middle = (low * high).sqrt();
            if pays(middle) {
                high = middle;
            } else {
                low = middle;
            }
        }
        self.ask(draft, plan, at(high));
        Ok(())
    }

    /// Returns what a run of a region takes.
    ///
    /// Where it is known how long one core took, loops inside that read their bounds from memory run as often as that says.
    /// Where it took less than they take at once, sizes are smaller of which nothing is known, and kernels take as much less.
    pub fn times_of(&self, draft: &Draft, plan: &RegionPlan, copies: Copies, run: Run) -> Times {
        let size = sizes(draft, plan, run.iterations);
        let Some(seconds) = run.seconds else {
            return self.times(draft, plan, copies, size);
        };
        let times = self.times(draft, plan, copies, self.fitted(draft, size, seconds));
        let share = (seconds / times.host).min(1.0);
        Times {
            kernels: (times.kernels * share).max(times.kernels.min(self.hardware.launch_seconds)),
            host: times.host * share,
            ..times
        }
    }

    /// Returns sizes where loops inside that read their bounds from memory run as often as one core takes so many seconds.
    fn fitted(&self, draft: &Draft, size: Typical, seconds: f64) -> Typical {
        let at = |listed: f64| size.with_listed(listed as i64);
        let host = |listed: f64| self.without_kernels_at(draft, at(listed))[0];
        let (least, more) = (host(1.0), host(1.0 + LISTED));
        if more <= least {
            return size;
        }
        let listed = 1.0 + LISTED * (seconds - least) / (more - least);
        at(listed.clamp(1.0, MOST))
    }

    /// Asks for as many iterations as there are where sizes are `size`, and for threads enough to outrun one core.
    fn ask(&self, draft: &Draft, plan: &mut RegionPlan, size: Typical) {
        let has_all = iterations(&plan.guards).any(|each| each.counts == Counts::All);
        let records = &draft.workload().module.records;
        let RegionPlan {
            guards, function, ..
        } = plan;
        let values = Values::new(records, function, [], size);
        for guard in guards {
            if let Guard::Worthwhile {
                work,
                counts,
                threshold,
            } = guard
            {
                *threshold = match counts {
                    Counts::Parallel if has_all => rounded(self.outrunning()),
                    Counts::Parallel | Counts::All => rounded(number(&values, function, *work)),
                };
            }
        }
    }

    /// Returns how many threads are as fast as one core of the host, where each waits for all that it reads.
    fn outrunning(&self) -> f64 {
        let hardware = self.hardware;
        let seconds = hardware.l1_latency_cycles / hardware.clock_hertz;
        seconds * hardware.host_operations_per_second
    }

    /// Returns how long the host looks at subscripts before a run at typical sizes.
    ///
    /// **Units**: seconds.
    pub fn inspections(&self, draft: &Draft) -> f64 {
        inspection_seconds(draft, Typical::of(draft), self.hardware)
    }

    /// Returns what one run takes where the sizes that are not known are `size`.
    fn times(&self, draft: &Draft, plan: &RegionPlan, copies: Copies, size: Typical) -> Times {
        let [host, _] = self.without_kernels_at(draft, size);
        let records = &draft.workload().module.records;
        let values = Values::new(records, &plan.function, [], size);
        let reserving = match copies {
            Copies::Each | Copies::Seen => 0.0,
            Copies::Shared { .. } | Copies::Inspected { .. } => {
                reserving_seconds(draft, self.hardware)
            }
        };
        let kernels = self.estimate_at(draft, size).seconds() - reserving;
        let inspections = inspection_seconds(draft, size, self.hardware);
        let is_shared = matches!(copies, Copies::Shared { .. }) && is_found_once(plan);
        let (first, each) = if is_shared {
            (inspections, 0.0)
        } else {
            (0.0, inspections)
        };
        Times {
            kernels: kernels - inspections,
            inspections: each,
            first_inspections: first,
            copies: match copies {
                Copies::Each => self.exchange(&values, (plan, &BTreeSet::new()), &plan.host),
                Copies::Seen => {
                    let seen = plan.system_buffers();
                    let waiting = self.hardware.copy_seconds;
                    waiting + self.exchange(&values, (plan, &seen), &plan.host)
                }
                // What partial results take to come home, they take each time.
                Copies::Shared { pieces } | Copies::Inspected { pieces } => {
                    let all = plan.buffers.iter().map(|(buffer, _)| buffer).collect();
                    let small = pieces as f64 * self.hardware.copy_seconds;
                    small + self.exchange(&values, (plan, &all), &plan.host)
                }
            },
            host,
        }
    }

    /// Returns what copies of a region's arrays take that has so many iterations; `None`: that has typical sizes.
    pub fn copies_of(
        &self,
        draft: &Draft,
        plan: &RegionPlan,
        iterations: Option<f64>,
    ) -> Vec<ArrayCopy> {
        let records = &draft.workload().module.records;
        let size = sizes(draft, plan, iterations);
        let values = Values::new(records, &plan.function, [], size);
        let has = |wanted: HostOp| HostOp::does(&plan.host, &wanted);
        let of = |buffer: Handle<Buffer>| ArrayCopy {
            array: plan.function.vars[plan.buffers[buffer].array].name.clone(),
            is_copied_in: has(HostOp::CopyIn(buffer)),
            is_copied_out: has(HostOp::CopyOut(buffer)),
            seconds: self.copy(&values, plan, buffer),
        };
        let copied = plan.buffers.iter().map(|(buffer, _)| of(buffer));
        let copied = copied.filter(|each| each.is_copied_in || each.is_copied_out);
        copied.collect()
    }

    /// Returns the time of one copy of a buffer.
    fn copy(&self, values: &Values<'_>, plan: &RegionPlan, buffer: Handle<Buffer>) -> f64 {
        let hardware = self.hardware;
        let buffer = &plan.buffers[buffer];
        let size = |expr| values.integer(expr).base().max(0) as f64;
        let count = match buffer.copied_rows() {
            Some(rows) => {
                let behind = (size(buffer.count) - size(rows.width)) / size(rows.pitch).max(1.0);
                (behind + 1.0) * size(rows.width)
            }
            None => size(buffer.count),
        };
        let bytes = count * values.size_bytes(&buffer.element) as f64;
        hardware.copy_seconds + bytes / hardware.copy_bytes_per_second
    }

    /// Returns the time of the copies and of the device memory among actions of the host, but for buffers that take none.
    fn exchange(
        &self,
        values: &Values<'_>,
        (plan, none): (&RegionPlan, &BTreeSet<Handle<Buffer>>),
        actions: &[HostOp],
    ) -> f64 {
        let hardware = self.hardware;
        let seconds = |action: &HostOp| match action {
            // What launches share is part of their estimate.
            HostOp::Allocate(buffer) if is_shared(plan, *buffer) => 0.0,
            HostOp::Allocate(buffer) | HostOp::CopyIn(buffer) | HostOp::CopyOut(buffer)
                if none.contains(buffer) =>
            {
                0.0
            }
            HostOp::Allocate(_) => hardware.allocation_seconds,
            HostOp::CopyIn(buffer) | HostOp::CopyOut(buffer) => self.copy(values, plan, *buffer),
            HostOp::Join(_) => hardware.copy_seconds,
            HostOp::Loop(each) => {
                let header = &each.header;
                let ends = [header.start, header.end].map(|end| values.integer(end).base());
                let trips = ends[1].abs_diff(ends[0]) / header.step.unsigned_abs().max(1);
                trips as f64 * self.exchange(values, (plan, none), &each.body)
            }
            HostOp::If(branch) => self.exchange(values, (plan, none), &branch.then),
            HostOp::Launch(_) | HostOp::Declare(..) | HostOp::Compute(_) => 0.0,
        };
        actions.iter().map(seconds).sum()
    }
}

/// Returns whether a buffer holds what one launch leaves for another one.
fn is_shared(plan: &RegionPlan, buffer: Handle<Buffer>) -> bool {
    plan.function.vars[plan.buffers[buffer].array].space == Space::Global
}

/// Returns the sizes of a run that has so many iterations; typical ones where these are not known or do not tell.
fn sizes(draft: &Draft, plan: &RegionPlan, iterations: Option<f64>) -> Typical {
    let typical = Typical::of(draft).within(limits(plan));
    let size = iterations.and_then(|wanted| size_of(draft, plan, typical, wanted));
    size.unwrap_or(typical)
}

/// Returns the sizes at which a plan has so many iterations, all alike; `None` where they do not depend on sizes.
fn size_of(draft: &Draft, plan: &RegionPlan, typical: Typical, wanted: f64) -> Option<Typical> {
    let function = &plan.function;
    let work = amount(&plan.guards)?;
    let records = &draft.workload().module.records;
    let at = |size: f64| {
        let size = typical.with_size(size.round() as i64);
        (
            number(&Values::new(records, function, [], size), function, work),
            size,
        )
    };
    // Doubled until there is enough, since products of greater sizes are no numbers.
    let (mut low, mut high) = (1.0, 2.0);
    while at(high).0 < wanted {
        (low, high) = (high, high * 2.0);
        if high > MOST {
            return None;
        }
    }
    while high / low > PRECISION {
        let middle = (low * high).sqrt();
        if at(middle).0 < wanted {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(at(high).1)
}

/// Returns the value of a product of counts.
fn number(values: &Values<'_>, function: &mupac_ir::Function, work: Handle<Expr>) -> f64 {
    let kind = &function.exprs[work].kind;
    if let ExprKind::Float(value) = kind {
        *value
    } else if let ExprKind::Binary(BinaryOp::Multiply, left, right) = kind {
        number(values, function, *left) * number(values, function, *right)
    } else {
        values.integer(work).base().max(0) as f64
    }
}

/// Rounds up to two digits, which is more than an estimate knows.
fn rounded(value: f64) -> u64 {
    let unit = 10_f64.powf((value.max(10.0).log10().floor() - 1.0).max(0.0));
    ((value / unit).ceil() * unit) as u64
}
