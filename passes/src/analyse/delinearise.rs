//! Sees arrays that are subscripted by sums of products, `a[i * m + j]`, as arrays of several dimensions.
//!
//! The shape is guessed from all accesses to an array in the region, and then proved: where every inner subscript lies
//! between 0 and its length, equal elements have equal subscripts and elements lie in the order of their subscripts.
//! Where that holds for some parameters only, it becomes a condition that a guard tests.
//! An array that is only read needs no proof of distinctness: bounds of each subscript are enough to copy it.
//!
//! **Source**: Grosser, Ramanujam, Pouchet, Sadayappan, Pop, “Optimistic Delinearization of Parametrically Sized Arrays”,
//! ICS 2015.

use std::collections::{BTreeMap, BTreeSet};
use std::iter::repeat;

use mupac_ir::inspection::FARTHEST;
use mupac_ir::{Handle, Var};

use super::access::{Access, Step};
use super::context::Context;
use super::domain;
use super::guess::{Guess, Nest, Reading, Starts, Terms, guess};
use super::rows::{self, Bounded, SHAPE};
use super::scan::Scan;
use crate::affine::{Affine, Formula, Sign};
use crate::isl;
use crate::symbol::{Stride, Symbol};

/// How the subscripts of an array make an element.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    /// Outermost first; the last one is 1.
    pub(super) strides: Vec<Stride>,
    /// Whether inner subscripts are proved to lie within their lengths.
    pub(super) is_ordered: bool,
}

/// Gives subscripts to the accesses of every array that can be seen so, and returns how; the others stay opaque.
pub(super) fn delinearise(
    scan: &mut Scan<'_>,
    context: &mut Context,
    reading: Reading,
) -> Result<BTreeMap<Handle<Var>, Shape>, isl::Error> {
    let flat: BTreeSet<Handle<Var>> = scan
        .accesses
        .iter()
        .filter(|access| access.flat.is_some())
        .map(|access| access.var)
        .collect();
    let mut shapes = BTreeMap::new();
    // What arrays ask that are written may say enough of others.
    let (written, read): (Vec<&Handle<Var>>, Vec<_>) = flat
        .iter()
        .partition(|array| scan.written.contains_key(*array));
    for array in written.into_iter().chain(read) {
        if let Some(found) = shape(scan, context, *array, reading)? {
            shapes.insert(*array, found);
        }
    }
    if reading == Reading::ByConstants {
        let written: Vec<_> = scan.written.keys().copied().collect();
        for array in written.into_iter().filter(|array| !flat.contains(array)) {
            let Some(guess) = guess(scan, array, reading) else {
                continue;
            };
            let constant = |_: &Scan<'_>, starts| guess.constant(starts);
            let nested = |scan: &Scan<'_>, starts| guess.nested(scan, starts);
            let found = match ordered(scan, context, &guess, constant, Asks::Condition)? {
                None if guess.common_factor().is_some() => {
                    ordered(scan, context, &guess, nested, Asks::Condition)?
                }
                found => found,
            };
            shapes.extend(found.map(|found| (array, found)));
        }
    }
    Ok(shapes)
}

/// Gives subscripts to the accesses of an array, by the first reading that can be proved: of one that is only read, without a
/// condition that rows do not overlap, as windows do that move by less than their length.
fn shape(
    scan: &mut Scan<'_>,
    context: &mut Context,
    array: Handle<Var>,
    reading: Reading,
) -> Result<Option<Shape>, isl::Error> {
    let is_written = scan.written.contains_key(&array);
    // What stands for rows lies between what belongs to others.
    if !is_written && !scan.joined.contains(&array) {
        if let Some(found) = nested(scan, context, (array, reading), Asks::Nothing)? {
            return Ok(Some(found));
        }
        if let Some(found) = overlapping(scan, context, array, Asks::Nothing)? {
            return Ok(Some(found));
        }
    }
    if let Some(found) = nested(scan, context, (array, reading), Asks::Condition)? {
        return Ok(Some(found));
    }
    if !is_written {
        return overlapping(scan, context, array, Asks::Condition);
    }
    if let Some(guess) = guess(scan, array, Reading::Expanded) {
        for terms in [Terms::Varying, Terms::All] {
            let packed = |scan: &Scan<'_>, starts| guess.packed(scan, terms, starts);
            if let Some(found) = ordered(scan, context, &guess, packed, Asks::Condition)? {
                return Ok(Some(found));
            }
        }
    }
    Ok(None)
}

/// What a reading may ask of sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asks {
    /// No more than that there are some.
    Nothing,
    /// That a guard holds.
    Condition,
}

/// Gives subscripts to the accesses of an array whose strides are multiples of one another.
fn nested(
    scan: &mut Scan<'_>,
    context: &mut Context,
    (array, reading): (Handle<Var>, Reading),
    asks: Asks,
) -> Result<Option<Shape>, isl::Error> {
    let readings = [Reading::ByWidth, Reading::Expanded].into_iter();
    for each in readings.filter(|each| reading != Reading::Expanded || *each == reading) {
        if let Some(guess) = guess(scan, array, each)
            && let Some(found) = ordered(
                scan,
                context,
                &guess,
                |scan, starts| guess.nested(scan, starts),
                asks,
            )?
        {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Gives subscripts to the accesses of an array that is only read, which need not differ for different elements: strides are
/// not negative.
fn overlapping(
    scan: &mut Scan<'_>,
    context: &mut Context,
    array: Handle<Var>,
    asks: Asks,
) -> Result<Option<Shape>, isl::Error> {
    let Some(guess) = guess(scan, array, Reading::Expanded) else {
        return Ok(None);
    };
    let strides = guess.strides(Terms::Varying);
    if let Some(subscripts) = guess.split(&strides)
        && (asks == Asks::Condition || count_up(scan, context, &guess, &subscripts)?)
        && context.are_positive(scan, &strides)?
    {
        context.add_symbols(scan, &symbols(scan, &subscripts, None))?;
        apply(scan, &guess, subscripts);
        return Ok(Some(Shape {
            strides,
            is_ordered: false,
        }));
    }
    Ok(None)
}

/// Returns whether it is known that no subscript is negative: else the condition of rows that do not overlap says more.
fn count_up(
    scan: &Scan<'_>,
    context: &Context,
    guess: &Guess,
    subscripts: &[Vec<Affine>],
) -> Result<bool, isl::Error> {
    let accesses = guess.accesses.iter().map(|(at, _)| *at);
    let bounded = accesses.zip(subscripts).map(|(at, subscripts)| {
        let length = Affine::constant(FARTHEST);
        let pairs = subscripts.iter().cloned().zip(repeat(length));
        (at, pairs.collect())
    });
    let bounded: Vec<Bounded> = bounded.collect();
    let everything = Formula::Compare(Affine::constant(0), Sign::Zero);
    match rows::within(scan, context, &bounded, &everything) {
        Err(isl::Error::SolverLimit) | Ok(None) => Ok(false),
        Ok(Some(condition)) => context.holds.is_subset(&condition),
        Err(error) => Err(error),
    }
}

/// Gives subscripts to the accesses of an array in which elements lie in the order of their subscripts, by the nest that
/// leaves the terms by which all subscripts begin where they are, or by the one that takes them out, whichever asks for less;
/// `None` where neither is proved.
fn ordered(
    scan: &mut Scan<'_>,
    context: &mut Context,
    guess: &Guess,
    nest: impl Fn(&Scan<'_>, Starts) -> Option<Nest>,
    asks: Asks,
) -> Result<Option<Shape>, isl::Error> {
    let within = match nest(scan, Starts::Within) {
        Some(nest) => fitted(scan, context, guess, nest)?,
        None => None,
    };
    let apart = match nest(scan, Starts::Apart).filter(|nest| nest.starts > 0) {
        Some(nest) => fitted(scan, context, guess, nest)?,
        None => None,
    };
    let best = match (within, apart) {
        (Some(within), Some(apart)) if apart.asks_for_no_less(&within)? => within,
        (within, apart) => match apart.or(within) {
            Some(best) => best,
            None => return Ok(None),
        },
    };
    if asks == Asks::Nothing && best.may_overlap(scan)? {
        return Ok(None);
    }
    *context = best.context;
    context.add_symbols(scan, &best.symbols)?;
    context.require(SHAPE, &best.condition)?;
    apply(scan, guess, best.subscripts);
    Ok(Some(Shape {
        strides: best.strides,
        is_ordered: true,
    }))
}

/// Subscripts that lie in order under a condition.
struct Fitted {
    context: Context,
    symbols: BTreeSet<Symbol>,
    condition: isl::Set,
    subscripts: Vec<Vec<Affine>>,
    strides: Vec<Stride>,
}

impl Fitted {
    /// Returns whether the condition may fail although all that subscripts name is positive.
    fn may_overlap(&self, scan: &Scan<'_>) -> Result<bool, isl::Error> {
        let factors = self.symbols.iter().flat_map(Symbol::factors);
        let sizes: BTreeSet<Symbol> = factors.map(|factor| Symbol::from(*factor)).collect();
        let positive = domain::ranges(sizes, |symbol| {
            let (low, high) = symbol.working_range(scan.function)?;
            Some((low.max(1), high))
        });
        let positive = domain::parameter_set(&scan.isl, &positive)?;
        let holds = self.context.holds.intersect(&positive)?;
        Ok(!holds.is_subset(&self.condition)?)
    }

    /// Returns whether the other one holds wherever this one does.
    fn asks_for_no_less(&self, other: &Self) -> Result<bool, isl::Error> {
        let [own, others] = [self, other].map(|each| each.context.holds.intersect(&each.condition));
        own?.is_subset(&others?)
    }
}

/// Returns the subscripts along the dimensions of a nest, where it may be proved that they lie in order.
fn fitted(
    scan: &Scan<'_>,
    context: &Context,
    guess: &Guess,
    nest: Nest,
) -> Result<Option<Fitted>, isl::Error> {
    let Some(subscripts) = guess.split(&nest.strides) else {
        return Ok(None);
    };
    let mut starts = subscripts.windows(2);
    if !starts.all(|pair| pair[0][..nest.starts] == pair[1][..nest.starts]) {
        return Ok(None);
    }
    let symbols = symbols(scan, &subscripts, Some(&nest));
    let widths = scan.widths.iter();
    let mut context = context.clone();
    context.define(scan, widths.filter(|(symbol, _)| symbols.contains(symbol)))?;
    let condition = in_shape(scan, &context, guess, &subscripts, &nest)?;
    Ok(condition.map(|condition| Fitted {
        context,
        symbols,
        condition,
        subscripts,
        strides: nest.strides,
    }))
}

/// Gives subscripts to accesses for the sake of their bounds alone, with no claim that different ones differ.
pub(super) fn bound(scan: &mut Scan<'_>) -> BTreeMap<Handle<Var>, Shape> {
    let arrays: BTreeSet<Handle<Var>> = scan.accesses.iter().map(|access| access.var).collect();
    let mut shapes = BTreeMap::new();
    for array in arrays {
        let by_width = guess(scan, array, Reading::ByWidth)
            .filter(|guess| guess.nested(scan, Starts::Within).is_some());
        let guesses = by_width
            .into_iter()
            .chain(guess(scan, array, Reading::Expanded));
        for guess in guesses {
            let strides = guess.strides(Terms::Varying);
            if strides.len() > 1
                && let Some(subscripts) = guess.split(&strides)
            {
                apply(scan, &guess, subscripts);
                let found = Shape {
                    strides,
                    is_ordered: false,
                };
                shapes.insert(array, found);
                break;
            }
        }
    }
    shapes
}

/// Returns the products that subscripts and the dimensions of a nest are written in.
fn symbols(scan: &Scan<'_>, subscripts: &[Vec<Affine>], nest: Option<&Nest>) -> BTreeSet<Symbol> {
    domain::atoms(&scan.iterators(), |atoms| {
        for form in subscripts.iter().flatten() {
            form.collect(atoms);
        }
        if let Some(nest) = nest {
            for length in &nest.lengths {
                length.collect(atoms);
            }
            nest.fits.collect(atoms);
        }
    })
    .symbols
}

/// Returns the condition under which every inner subscript lies between 0 and its length, if there may be one.
fn in_shape(
    scan: &Scan<'_>,
    context: &Context,
    guess: &Guess,
    subscripts: &[Vec<Affine>],
    nest: &Nest,
) -> Result<Option<isl::Set>, isl::Error> {
    let accesses = guess.accesses.iter().map(|(at, _)| *at);
    let bounded: Vec<Bounded> = accesses
        .zip(subscripts)
        .map(|(at, subscripts)| {
            let inner = subscripts.iter().skip(nest.starts + 1).cloned();
            (at, inner.zip(nest.lengths.iter().cloned()).collect())
        })
        .collect();
    match rows::within(scan, context, &bounded, &nest.fits) {
        // A shape that takes too long to tell is no shape: subscripts are then what they are without one.
        Err(isl::Error::SolverLimit) => Ok(None),
        told => told,
    }
}

fn apply(scan: &mut Scan<'_>, guess: &Guess, subscripts: Vec<Vec<Affine>>) {
    for ((at, _), subscripts) in guess.accesses.iter().zip(subscripts) {
        let access: &mut Access = &mut scan.accesses[*at];
        let inner = access.steps.split_off(1);
        access.steps = subscripts
            .into_iter()
            .map(|subscript| Step::Index(Some(subscript)))
            .chain(inner)
            .collect();
        access.flat = None;
    }
}
