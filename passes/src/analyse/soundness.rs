//! Random nests, enumerated: the relations that isl computes hold exactly the pairs of instances that conflict.
//!
//! In `int`, relations must be exact. In `unsigned`, where subscripts and bounds may wrap, no conflict may be missing
//! for any size that the noted conditions admit.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use mupac_ir::random::Random;
use mupac_ir::{Reason, Refusal};

use super::dependence::conflicts;
use super::rows::SHAPE;
use super::scan::Scan;
use super::table::Tables;
use crate::isl;

/// `constant + Σ coefficients[d] · i<d> + size · n`.
#[derive(Clone, Debug)]
struct Form {
    constant: i64,
    coefficients: Vec<i64>,
    size: i64,
}

#[derive(Clone, Debug)]
struct Level {
    start: Form,
    end: Form,
    step: i64,
    before: Vec<Assignment>,
    after: Vec<Assignment>,
}

#[derive(Clone, Debug)]
struct Assignment {
    id: usize,
    /// Runs where the form is not negative.
    guard: Option<Form>,
    /// Array and subscripts; the first is written, the others are read.
    touches: Vec<(usize, Vec<Form>)>,
}

#[derive(Clone, Debug)]
struct Nest {
    is_unsigned: bool,
    levels: Vec<Level>,
}

/// Number of subscripts of each array.
const DIMENSIONS: [usize; 2] = [1, 2];

impl Form {
    fn random(random: &mut Random, depth: usize) -> Self {
        let coefficients = (0..depth)
            .map(|_| random.choose(0, &[0, 1, 1, -1, 2]))
            .collect();
        Self {
            constant: random.between(-2, 3),
            coefficients,
            size: random.choose(0, &[0, 0, 1]),
        }
    }

    fn text(&self, nest: &Nest) -> String {
        let suffix = if nest.is_unsigned { "u32" } else { "" };
        // In `unsigned`, a negative constant is written as what it wraps to.
        let literal = |value: i64| {
            let value = if nest.is_unsigned {
                value.rem_euclid(1 << 32)
            } else {
                value
            };
            format!("{value}{suffix}")
        };
        let mut text = String::new();
        for (at, coefficient) in self.coefficients.iter().enumerate() {
            if *coefficient != 0 {
                write!(text, "{} * i{at} + ", literal(*coefficient))
                    .expect("a string takes everything");
            }
        }
        if self.size != 0 {
            write!(text, "{} * n + ", literal(self.size)).expect("a string takes everything");
        }
        format!("({text}{})", literal(self.constant))
    }

    /// Returns what C computes.
    fn value(&self, iterators: &[i64], n: i64, is_unsigned: bool) -> i64 {
        let sum: i64 = self
            .coefficients
            .iter()
            .zip(iterators)
            .map(|(a, b)| a * b)
            .sum();
        let value = sum + self.size * n + self.constant;
        if is_unsigned {
            value.rem_euclid(1 << 32)
        } else {
            value
        }
    }
}

impl Nest {
    fn random(random: &mut Random, is_unsigned: bool) -> Self {
        let depth = random.between(1, 3) as usize;
        let mut next = 0;
        let mut levels = Vec::new();
        for at in 0..depth {
            let is_up = is_unsigned || random.chance(2, 3);
            let near = |random: &mut Random| {
                let mut form = Form::random(random, at);
                form.size = 0;
                form
            };
            let mut far = near(random);
            far.size = 1;
            let (start, end) = if is_up {
                (near(random), far)
            } else {
                (far, near(random))
            };
            let step = random.choose(1, &[1, 2, 3]);
            let is_last = at + 1 == depth;
            let before = if is_last { 1 } else { random.below(2) };
            let after = random.below(2);
            let mut some = |random: &mut Random, count: u64| -> Vec<Assignment> {
                (0..count)
                    .map(|_| Assignment::random(random, at + 1, &mut next))
                    .collect()
            };
            let before = some(random, before);
            let after = some(random, after);
            levels.push(Level {
                start,
                end,
                step: if is_up { step } else { -step },
                before,
                after,
            });
        }
        Self {
            is_unsigned,
            levels,
        }
    }

    fn text(&self) -> String {
        let ty = if self.is_unsigned { "u32" } else { "i32" };
        let mut text = format!("fn f(n: {ty}, a0: *f32, a1: *f32[64]) {{\n");
        for (at, level) in self.levels.iter().enumerate() {
            let (start, end) = (level.start.text(self), level.end.text(self));
            writeln!(
                text,
                "for i{at}: {ty} in {start}..{end} by {} {{",
                level.step
            )
            .expect("a string takes everything");
            for each in &level.before {
                text += &each.text(self);
            }
        }
        for level in self.levels.iter().rev() {
            for each in &level.after {
                text += &each.text(self);
            }
            text += "}\n";
        }
        text + "}\n"
    }

    /// Runs the nest and returns every assignment in order; `None` if there are too many.
    fn events(&self, n: i64) -> Option<Vec<Event>> {
        let mut events = Vec::new();
        self.run(0, &mut Vec::new(), n, &mut events)
            .then_some(events)
    }

    fn run(&self, at: usize, iterators: &mut Vec<i64>, n: i64, events: &mut Vec<Event>) -> bool {
        let Some(level) = self.levels.get(at) else {
            return true;
        };
        let mut value = level.start.value(iterators, n, self.is_unsigned);
        let end = level.end.value(iterators, n, self.is_unsigned);
        let mut trips = 0;
        while if level.step > 0 {
            value < end
        } else {
            value > end
        } {
            trips += 1;
            if trips > 20 || events.len() > 60 {
                return false;
            }
            iterators.push(value);
            for each in &level.before {
                each.run(iterators, n, self.is_unsigned, events);
            }
            let is_short = self.run(at + 1, iterators, n, events);
            for each in &level.after {
                each.run(iterators, n, self.is_unsigned, events);
            }
            iterators.pop();
            if !is_short {
                return false;
            }
            value += level.step;
        }
        true
    }
}

#[derive(Clone, Debug)]
struct Event {
    id: usize,
    iterators: Vec<i64>,
    /// Array and element, the written one first.
    touched: Vec<(usize, Vec<i64>)>,
}

impl Assignment {
    fn random(random: &mut Random, depth: usize, next: &mut usize) -> Self {
        let id = *next;
        *next += 1;
        let count = random.between(2, 3);
        let touches = (0..count)
            .map(|_| {
                let array = random.below(2) as usize;
                let forms = (0..DIMENSIONS[array])
                    .map(|_| Form::random(random, depth))
                    .collect();
                (array, forms)
            })
            .collect();
        let guard = random.chance(1, 4).then(|| Form::random(random, depth));
        Self { id, guard, touches }
    }

    fn text(&self, nest: &Nest) -> String {
        let places: Vec<String> = self
            .touches
            .iter()
            .map(|(array, forms)| {
                let subscripts: Vec<String> = forms.iter().map(|form| form.text(nest)).collect();
                format!("a{array}[{}]", subscripts.join("]["))
            })
            .collect();
        let (target, reads) = places.split_first().expect("a target");
        let line = format!("S{}: {target} = {}\n", self.id, reads.join(" + "));
        match &self.guard {
            None => line,
            Some(form) => {
                let least = if nest.is_unsigned { "2u32" } else { "0" };
                format!("if {} >= {least} {{ {line} }}\n", form.text(nest))
            }
        }
    }

    fn run(&self, iterators: &[i64], n: i64, is_unsigned: bool, events: &mut Vec<Event>) {
        let least = if is_unsigned { 2 } else { 0 };
        let runs = self
            .guard
            .as_ref()
            .is_none_or(|form| form.value(iterators, n, is_unsigned) >= least);
        if !runs {
            return;
        }
        let element = |forms: &[Form]| {
            forms
                .iter()
                .map(|form| form.value(iterators, n, is_unsigned))
                .collect()
        };
        events.push(Event {
            id: self.id,
            iterators: iterators.to_vec(),
            touched: self
                .touches
                .iter()
                .map(|(array, forms)| (*array, element(forms)))
                .collect(),
        });
    }
}

/// Pairs of instances by pair of statements.
type Pairs = BTreeMap<(usize, usize), BTreeSet<(Vec<i64>, Vec<i64>)>>;

fn enumerated(events: &[Event]) -> Pairs {
    let mut pairs = Pairs::new();
    for (position, earlier) in events.iter().enumerate() {
        for later in &events[position + 1..] {
            let (wrote, writes) = (&earlier.touched[0], &later.touched[0]);
            if later.touched.contains(wrote) || earlier.touched.contains(writes) {
                pairs
                    .entry((earlier.id, later.id))
                    .or_default()
                    .insert((earlier.iterators.clone(), later.iterators.clone()));
            }
        }
    }
    pairs
}

fn relation(
    isl: &isl::Context,
    pair: (usize, usize),
    of: &BTreeSet<(Vec<i64>, Vec<i64>)>,
) -> isl::Map {
    let tuple = |id: usize, values: &[i64]| {
        let values: Vec<String> = values.iter().map(ToString::to_string).collect();
        format!("S{id}[{}]", values.join(", "))
    };
    let parts: Vec<String> = of
        .iter()
        .map(|(a, b)| format!("{} -> {}", tuple(pair.0, a), tuple(pair.1, b)))
        .collect();
    let text = format!("{{ {} }}", parts.join("; "));
    isl::Map::parse(isl, &text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Checks one nest for some sizes; returns whether there was anything to check.
fn check(nest: &Nest) -> bool {
    let text = nest.text();
    let module = mupac_ir::parse::module(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let (_, function) = module.functions.iter().next().expect("a function");
    let isl = isl::Context::new().unwrap();
    let scan = Scan::new(
        &module,
        function,
        &isl,
        &function.body,
        &crate::normalise::Made::default(),
        Tables::default(),
        (&[], &[]),
    );
    // Subscripts count here, whether or not they stay in rows.
    let leaves_row = |each: &&Refusal| matches!(each.reason, Reason::UnknownExtent { .. });
    if let Some(refusal) = scan.refusals.iter().find(|each| !leaves_row(each)) {
        assert!(nest.is_unsigned, "{refusal:?}\n{text}");
        return false;
    }
    let everything = isl::Set::parse(&isl, "{ : }").unwrap();
    let found = conflicts(&scan, &BTreeMap::new(), &BTreeMap::new(), &everything).unwrap();
    // Comparing with an enumeration is no query of a translation.
    isl.limit_operations(0);
    let mut has_checked = false;
    for n in [0, 1, 3, 5] {
        let fixed = isl::Set::parse(&isl, &format!("[v0] -> {{ : v0 = {n} }}")).unwrap();
        let is_admitted = scan
            .no_wrap
            .iter()
            .filter(|(kind, _)| *kind != SHAPE)
            .all(|(_, condition)| fixed.is_subset(condition).unwrap());
        let Some(events) = nest.events(n).filter(|_| is_admitted) else {
            continue;
        };
        has_checked = true;
        let mut expected = enumerated(&events);
        let mut computed: BTreeMap<(usize, usize), isl::Map> = BTreeMap::new();
        for each in &found.dependences {
            let part = each.relation.intersect_params(&fixed).unwrap();
            let part = part.project_out_parameter("v0").unwrap();
            let [source, sink] =
                [each.source, each.sink].map(|event| event.assignment().unwrap().0);
            let key = (source as usize, sink as usize);
            let sum = match computed.get(&key) {
                Some(known) => known.union(&part).unwrap(),
                None => part,
            };
            computed.insert(key, sum);
        }
        for (key, map) in &computed {
            let pairs = expected.remove(key).unwrap_or_default();
            let pairs = relation_or_empty(&isl, *key, &pairs, map);
            let is_right = if nest.is_unsigned {
                pairs.is_subset(map)
            } else {
                pairs.is_equal(map)
            };
            assert!(
                is_right.unwrap(),
                "n = {n}, {key:?}: {pairs} against {map}\n{text}"
            );
        }
        assert!(
            expected.is_empty(),
            "n = {n}: {expected:?} is missing\n{text}"
        );
    }
    has_checked
}

fn relation_or_empty(
    isl: &isl::Context,
    key: (usize, usize),
    pairs: &BTreeSet<(Vec<i64>, Vec<i64>)>,
    like: &isl::Map,
) -> isl::Map {
    if pairs.is_empty() {
        return like.subtract(like).unwrap();
    }
    relation(isl, key, pairs)
}

fn check_many(is_unsigned: bool, seeds: std::ops::Range<u64>, least: usize) {
    let checked = seeds
        .filter(|seed| check(&Nest::random(&mut Random::new(*seed), is_unsigned)))
        .count();
    assert!(checked >= least, "only {checked} nests could be checked");
}

#[test]
fn signed_relations_are_exact() {
    check_many(false, 0..20, 15);
}

#[test]
fn unsigned_relations_miss_nothing() {
    check_many(true, 0..20, 5);
}
