//! The table of features: what the network is told of a nest, its accesses and the choices, with ranges and units.
//!
//! A feature is its name, its range and how it is read off a view, in one place; what the table says as text is the
//! [`schema_hash`], and a network that was trained on another table is refused.
//! Sizes and counts that span orders of magnitude are binary logarithms.

use std::fmt::Write;
use std::sync::OnceLock;

use mupac_ir::hash::text_hash;
use mupac_ir::{Axis, Mapping};
use mupac_passes::Phase;

use super::view::{AccessView, Along, ArrayView, ChoiceView, LoopView, NestView, ROLES};
use crate::analytic::Resource;
use crate::analytic::strides::Pace;
use crate::signature::PROPERTIES;

/// How many accesses of a nest are told apart; those that move alike are one, and what is beyond is left out.
pub const ACCESS_SLOTS: usize = 12;

/// How many choices one row holds; a state with more of them has several rows.
pub const CHOICE_SLOTS: usize = 16;

/// A feature: a number that is read off a view.
struct Feature<V> {
    name: &'static str,
    unit: &'static str,
    least: f64,
    most: f64,
    read: fn(&V) -> f64,
}

/// Returns whether something holds, as a feature.
const fn is<V>(name: &'static str, read: fn(&V) -> f64) -> Feature<V> {
    Feature {
        name,
        unit: "truth",
        least: 0.0,
        most: 1.0,
        read,
    }
}

/// Returns a share of a whole, as a feature.
const fn share<V>(name: &'static str, read: fn(&V) -> f64) -> Feature<V> {
    Feature {
        name,
        unit: "share",
        least: 0.0,
        most: 1.0,
        read,
    }
}

/// Returns a number of things up to `most`, as a feature.
const fn count<V>(name: &'static str, most: f64, read: fn(&V) -> f64) -> Feature<V> {
    Feature {
        name,
        unit: "count",
        least: 0.0,
        most,
        read,
    }
}

/// Returns the order of magnitude of something that is not below 0, as a feature: log2(1 + x).
const fn magnitude<V>(name: &'static str, read: fn(&V) -> f64) -> Feature<V> {
    Feature {
        name,
        unit: "log2",
        least: 0.0,
        most: 64.0,
        read,
    }
}

/// Returns the order of magnitude of a number from 0 on.
fn log2(value: f64) -> f64 {
    (1.0 + value.max(0.0)).log2()
}

fn truth(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

static NEST: [Feature<NestView>; 24] = [
    count("loops", 64.0, |nest| nest.loops.len() as f64),
    count("depth", 16.0, NestView::deepest),
    count("parallel loops", 64.0, |nest| {
        nest.count(|each| each.is_parallel && !each.mapping.is_parallel())
    }),
    count("loops in order", 64.0, |nest| {
        nest.count(|each| !each.is_parallel && !each.mapping.is_parallel())
    }),
    count("loops on blocks", 3.0, |nest| {
        nest.count(|each| matches!(each.mapping, Mapping::Block(_)))
    }),
    count("loops on threads", 3.0, |nest| {
        nest.count(|each| matches!(each.mapping, Mapping::Thread(_)))
    }),
    count("loops on lanes", 64.0, |nest| {
        nest.count(|each| each.mapping == Mapping::Lanes)
    }),
    count("loops laid out", 64.0, |nest| {
        nest.count(|each| matches!(each.mapping, Mapping::Unroll(_)))
    }),
    magnitude("iterations", |nest| {
        nest.loops
            .iter()
            .map(|(_, each)| log2(each.trips))
            .sum::<f64>()
            .min(64.0)
    }),
    count("shared arrays", 64.0, |nest| nest.shared_arrays),
    count("other nests", 1024.0, |nest| nest.others),
    count("moves so far", 256.0, |nest| nest.moves),
    count("choices", 4096.0, |nest| nest.choices),
    is("mapping known", |nest| truth(nest.mapped.is_some())),
    share("of the region's time", |nest| {
        nest.of_mapped(|mapped| mapped.share)
    }),
    Feature {
        name: "time",
        unit: "log2 seconds",
        least: -40.0,
        most: 40.0,
        read: |nest| nest.of_mapped(|mapped| mapped.estimate.seconds().max(1e-12).log2()),
    },
    magnitude("threads at once", |nest| {
        nest.of_figures(|figures| log2(figures.threads_in_flight))
    }),
    count("blocks of a multiprocessor", 64.0, |nest| {
        nest.of_figures(|figures| figures.occupancy.blocks)
    }),
    count("registers", 1024.0, |nest| {
        nest.of_figures(|figures| figures.occupancy.registers.min(1024.0))
    }),
    magnitude("registers spilled", |nest| {
        nest.of_figures(|figures| log2(figures.occupancy.spilled))
    }),
    magnitude("requests", |nest| {
        nest.of_figures(|figures| log2(figures.requests))
    }),
    share("coalesced requests", |nest| {
        nest.of_figures(|figures| figures.coalesced / figures.requests.max(1.0))
    }),
    magnitude("bytes touched", |nest| {
        nest.of_figures(|figures| log2(figures.touched_bytes))
    }),
    magnitude("reads of shared memory", |nest| {
        nest.of_figures(|figures| log2(figures.shared_reads))
    }),
];

static ACCESS: [Feature<AccessView>; 5] = [
    is("is write", |access| truth(access.is_write)),
    is("is shared", |access| truth(access.is_shared)),
    is("is private", |access| truth(access.is_private)),
    magnitude("element bytes", |access| log2(access.element_bytes)),
    magnitude("accesses alike", |access| log2(access.alike)),
];

/// Of one access along the loop that plays a role.
static ALONG: [Feature<Along>; 4] = [
    is("is there", |along| truth(*along != Along::NoLoop)),
    is("stays", |along| truth(*along == Along::Elements(0.0))),
    is("is by data", |along| truth(*along == Along::ByData)),
    magnitude("elements", |along| match along {
        Along::Elements(by) => log2(by.abs()),
        Along::NoLoop | Along::ByData => 0.0,
    }),
];

static LOOP: [Feature<LoopView>; 11] = [
    is("is there", |each| truth(each.is_there)),
    magnitude("trips", |each| log2(each.trips)),
    is("trips known", |each| truth(each.is_known)),
    is("parallel", |each| truth(each.is_parallel)),
    is("on blocks", |each| {
        truth(matches!(each.mapping, Mapping::Block(_)))
    }),
    is("on threads", |each| {
        truth(matches!(each.mapping, Mapping::Thread(_)))
    }),
    is("on lanes", |each| truth(each.mapping == Mapping::Lanes)),
    is("laid out", |each| {
        truth(matches!(each.mapping, Mapping::Unroll(_)))
    }),
    is("of the program", |each| truth(each.is_original)),
    count("loops around", 16.0, |each| each.depth),
    count("loops inside", 16.0, |each| each.height),
];

static ARRAY: [Feature<ArrayView>; 5] = [
    magnitude("accesses", |array| log2(array.accesses)),
    magnitude("element bytes", |array| log2(array.element_bytes)),
    share("still along threads", |array| array.still),
    share("next along threads", |array| array.next),
    share("far along threads", |array| array.far),
];

static CHOICE: [Feature<ChoiceView>; 4] = [
    is("default bindings", |choice| truth(choice.step.is_none())),
    magnitude("first number", |choice| log2(choice.numbers[0])),
    magnitude("second number", |choice| log2(choice.numbers[1])),
    magnitude("third number", |choice| log2(choice.numbers[2])),
];

/// The steps that are told apart; the network knows any other as `other`.
const STEPS: [&str; 19] = [
    "fission",
    "fuse",
    "split",
    "interchange",
    "skew",
    "flatten",
    "coarsen",
    "grid-stride",
    "tile",
    "bind",
    "jam",
    "unroll",
    "vectorize",
    "stage",
    "constant",
    "pad",
    "privatise",
    "split-sum",
    "spread-sum",
];

pub(super) const PHASES: [(&str, Phase); 7] = [
    ("region", Phase::Region),
    ("loop", Phase::Loop),
    ("mapping", Phase::Mapping),
    ("work", Phase::Work),
    ("memory", Phase::Memory),
    ("idiom", Phase::Idiom),
    ("transfer", Phase::Transfer),
];

/// A column of a tensor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    /// Of what the feature is.
    pub group: &'static str,
    /// Unique in its group.
    pub name: &'static str,
    /// `truth`, `share`, `count`, `log2` (of 1 + the number), `log2 seconds`.
    pub unit: &'static str,
    /// Numbers below are raised to it.
    pub least: f64,
    /// Numbers above are lowered to it.
    pub most: f64,
}

impl Column {
    fn new<V>(group: &'static str, feature: &Feature<V>) -> Self {
        Self {
            group,
            name: feature.name,
            unit: feature.unit,
            least: feature.least,
            most: feature.most,
        }
    }

    /// Returns a number within the range, as tensors hold it; what is no number becomes the least.
    pub fn clamped(&self, value: f64) -> f32 {
        value.max(self.least).min(self.most) as f32
    }
}

/// Takes the columns of a row in order, each with its number.
pub type Sink<'a> = &'a mut dyn FnMut(Column, f64);

fn table<V>(group: &'static str, features: &[Feature<V>], view: &V, see: Sink<'_>) {
    for feature in features {
        see(Column::new(group, feature), (feature.read)(view));
    }
}

/// Shows the columns of a nest.
pub fn of_nest(nest: &NestView, see: Sink<'_>) {
    table("nest", &NEST, nest, see);
    for (word, holds) in PROPERTIES.into_iter().zip(nest.properties) {
        see(Column::new("nest", &is::<()>(word, |()| 0.0)), truth(holds));
    }
    for resource in Resource::ALL {
        let column = Column::new("time on", &share::<()>(resource.name(), |()| 0.0));
        see(column, nest.of_mapped(|mapped| mapped.share_of(resource)));
    }
    for resource in Resource::ALL {
        let column = Column::new("region's time on", &share::<()>(resource.name(), |()| 0.0));
        see(column, nest.region_time_on[resource as usize]);
    }
    for ((name, _), choices) in PHASES.into_iter().zip(nest.choices_of) {
        let column = Column::new("choices of phase", &magnitude::<()>(name, |()| 0.0));
        see(column, log2(choices));
    }
    for (role, trips) in ROLES.into_iter().zip(nest.trips) {
        let column = Column::new("trips", &magnitude::<()>(role.name(), |()| 0.0));
        see(column, trips.map_or(0.0, log2));
    }
}

/// Shows the columns of an access.
pub fn of_access(access: &AccessView, see: Sink<'_>) {
    table("access", &ACCESS, access, see);
    for (role, along) in ROLES.into_iter().zip(&access.along) {
        table(role.name(), &ALONG, along, see);
    }
}

/// Shows the columns of a choice.
pub fn of_choice(choice: &ChoiceView, see: Sink<'_>) {
    table("choice", &CHOICE, choice, see);
    for name in STEPS {
        let column = Column::new("step", &is::<()>(name, |()| 0.0));
        see(column, truth(choice.step.as_deref() == Some(name)));
    }
    let is_other = choice
        .step
        .as_deref()
        .is_some_and(|step| !STEPS.contains(&step));
    see(
        Column::new("step", &is::<()>("other", |()| 0.0)),
        truth(is_other),
    );
    for (name, phase) in PHASES {
        let column = Column::new("phase", &is::<()>(name, |()| 0.0));
        see(column, truth(choice.phase == phase));
    }
    for (block, thread, axis) in [
        ("block.x", "thread.x", Axis::X),
        ("block.y", "thread.y", Axis::Y),
        ("block.z", "thread.z", Axis::Z),
    ] {
        for (name, mapping) in [
            (block, Mapping::Block(axis)),
            (thread, Mapping::Thread(axis)),
        ] {
            let column = Column::new("mapping", &is::<()>(name, |()| 0.0));
            see(column, truth(choice.mapping == Some(mapping)));
        }
    }
    for (group, each) in [("target", &choice.target), ("partner", &choice.partner)] {
        table(group, &LOOP, each, see);
    }
    for (group, paces) in [
        ("reads along target", choice.target.reads),
        ("writes along target", choice.target.writes),
        ("reads along partner", choice.partner.reads),
        ("writes along partner", choice.partner.writes),
    ] {
        for (pace, accesses) in Pace::ALL.into_iter().zip(paces) {
            let column = Column::new(group, &magnitude::<()>(name_of(pace), |()| 0.0));
            see(column, log2(accesses));
        }
    }
    table("array", &ARRAY, &choice.array, see);
}

fn name_of(pace: Pace) -> &'static str {
    match pace {
        Pace::Still => "still",
        Pace::Next => "next",
        Pace::Near => "near",
        Pace::Far => "far",
        Pace::ByData => "by data",
    }
}

/// Returns the columns of the three tensors: nests, accesses, choices.
pub fn columns() -> [Vec<Column>; 3] {
    let mut found = [Vec::new(), Vec::new(), Vec::new()];
    let [nests, accesses, choices] = &mut found;
    of_nest(&NestView::default(), &mut |column, _| nests.push(column));
    of_access(&AccessView::default(), &mut |column, _| {
        accesses.push(column);
    });
    of_choice(&ChoiceView::default(), &mut |column, _| {
        choices.push(column);
    });
    found
}

/// Returns how many columns the three tensors have: of a nest, an access, a choice.
pub fn widths() -> [usize; 3] {
    static WIDTHS: OnceLock<[usize; 3]> = OnceLock::new();
    *WIDTHS.get_or_init(|| columns().map(|columns| columns.len()))
}

/// Returns the table as text: a line for every column of every tensor, and how many slots there are.
pub fn schema() -> String {
    let mut text = format!("slots {ACCESS_SLOTS} {CHOICE_SLOTS}\n");
    for (tensor, columns) in ["nest", "accesses", "choices"].iter().zip(columns()) {
        for Column {
            group,
            name,
            unit,
            least,
            most,
        } in columns
        {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{tensor}: {group}: {name}, {unit}, {least} to {most}");
        }
    }
    text
}

/// Returns the hash of the table, by which a network is told to fit it.
pub fn schema_hash() -> String {
    text_hash(&schema())
}
