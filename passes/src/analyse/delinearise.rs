//! Sees arrays that are subscripted by sums of products, `a[i * m + j]`, as arrays of several dimensions.
//!
//! The shape is guessed from all accesses to an array in the region, and then proved: where every inner subscript lies
//! between 0 and its length, equal elements have equal subscripts and elements lie in the order of their subscripts.
//! Where that holds for some parameters only, it becomes a condition that a guard tests.
//! An array that is only read needs no proof of distinctness: bounds of each subscript are enough to copy it.
//!
//! **Source**: Grosser, Ramanujam, Pouchet, Sadayappan, Pop, “Optimistic Delinearization of Parametrically Sized Arrays”,
//! ICS 2015.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::iter::repeat;

use mupac_ir::inspection::FARTHEST;
use mupac_ir::{Handle, Var};

use super::access::{Access, Step};
use super::context::Context;
use super::domain;
use super::rows::{self, Bounded, SHAPE};
use super::scan::Scan;
use crate::affine::{Affine, Atom, Formula, Sign};
use crate::isl;
use crate::polynomial::{Polynomial, Term};
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
            if let Some(found) = ordered(scan, context, &guess, constant, Asks::Condition)? {
                shapes.insert(array, found);
            }
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
        let factors = self.symbols.iter().flat_map(|symbol| symbol.factors());
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

/// How products with sums are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// A sum that nothing changes is one number, the length of a row: `i * (w + 2)`.
    ByWidth,
    /// As sums of products.
    Expanded,
    /// By width, and constant distances are rows too where only loops could say that rows are no longer: `i * 280 + j` with
    /// `j < m` is taken for the element of a row of 280 under the guard that `m <= 280`.
    ByConstants,
}

/// The accesses of one array and the terms of their subscripts.
pub(super) struct Guess {
    /// Whether the array stands for rows, which lie anywhere.
    is_joined: bool,
    pub(super) accesses: Vec<(usize, Vec<Term>)>,
}

/// Which terms of subscripts have strides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Terms {
    /// Those that vary.
    Varying,
    /// Those too that are the same in all iterations: `c` of `a[i * m + c + j]`.
    All,
}

/// Where the terms go by which all subscripts of an array begin: `start` of `a[start + i * m + j]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Starts {
    /// Into the dimensions.
    Within,
    /// Before them, so that what is left counts from there.
    Apart,
}

/// Dimensions inside of each other.
pub(super) struct Nest {
    /// Outermost first; the last one is 1.
    pub(super) strides: Vec<Stride>,
    /// How many of them come before, along which all accesses have the same constant: where `a[start + i * m + j]` starts.
    pub(super) starts: usize,
    /// How many elements of each but the first one behind these may be counted in the one before.
    pub(super) lengths: Vec<Affine>,
    /// Where so many of each fit into the one before.
    pub(super) fits: Formula,
}

/// Reads the subscripts of an array; `None` where one of them is no sum of products of at most one varying factor, or
/// where none multiplies a sum that this reading is about.
fn guess(scan: &Scan<'_>, array: Handle<Var>, reading: Reading) -> Option<Guess> {
    let is_by_width = reading == Reading::ByWidth;
    let mut own = scan.accesses.iter().filter(|access| access.var == array);
    if is_by_width && !own.any(|access| access.by_width.is_some()) {
        return None;
    }
    let is_written = scan.written.contains_key(&array);
    let mut accesses = Vec::new();
    for (at, access) in scan.accesses.iter().enumerate() {
        if access.var != array {
            continue;
        }
        let by_width = access.by_width.as_ref().filter(|_| is_by_width);
        let value = match (by_width.or(access.flat.as_ref()), access.steps.first()?) {
            (Some(value), _) => value.clone(),
            (None, Step::Index(Some(index))) => Polynomial::from(index.clone()),
            (None, Step::Index(None) | Step::Field(_)) => return None,
        };
        if is_written && !value.is_exact() {
            return None;
        }
        let iterators = &scan.sites[access.site].iterators;
        accesses.push((at, value.terms(iterators)?));
    }
    Some(Guess {
        is_joined: scan.joined.contains(&array),
        accesses,
    })
}

impl Guess {
    /// Returns the strides of terms, longest first, and 1 as the last.
    pub(super) fn strides(&self, of: Terms) -> Vec<Stride> {
        let mut factors: BTreeMap<Symbol, i128> = BTreeMap::new();
        for (_, terms) in &self.accesses {
            let has_stride = |term: &&Term| of == Terms::All || term.varying.is_some();
            for term in terms.iter().filter(has_stride) {
                factors.insert(term.stride.clone(), i128::from(self.is_joined));
            }
        }
        // What does not move says where rows lie, too: `(2 * i + 1) * m`.
        for term in self.accesses.iter().flat_map(|(_, terms)| terms) {
            if let Some(factor) = factors.get_mut(&term.stride) {
                *factor = greatest_divisor(*factor, term.coefficient);
            }
        }
        factors.insert(Symbol::default(), 1);
        let mut strides: Vec<Stride> = factors
            .into_iter()
            .map(|(symbol, factor)| Stride { factor, symbol })
            .collect();
        strides.sort_by_key(|stride| Reverse(stride.symbol.factors().len()));
        strides
    }

    /// Returns the strides if it is known how many of each fit into the one before.
    fn nested(&self, scan: &Scan<'_>, starts: Starts) -> Option<Nest> {
        let mut strides = self.strides(Terms::Varying);
        for at in 1..strides.len() {
            if rows(scan, &strides[at], &strides[at - 1]).is_some() {
                strides.swap(at - 1, at);
            }
        }
        let pairs = strides.windows(2);
        let lengths =
            pairs.map(|pair| (pair[0].symbol != pair[1].symbol).then(|| length(scan, pair))?);
        Some(Nest {
            lengths: lengths.collect::<Option<_>>()?,
            fits: Formula::Constant(true),
            ..self.started(strides, starts)
        })
    }

    /// Returns the constants by which subscripts move, longest first, where there are several.
    fn constant(&self, starts: Starts) -> Option<Nest> {
        let terms = self.accesses.iter().flat_map(|(_, terms)| terms);
        let moving = terms.filter(|term| term.varying.is_some());
        let factors: BTreeSet<i128> = moving.map(|term| term.coefficient.abs()).collect();
        let strides = factors.into_iter().rev().map(|factor| Stride {
            factor,
            symbol: Symbol::default(),
        });
        let strides: Vec<Stride> = strides.collect();
        let is_one = strides.last() == Some(&Stride::one());
        let length = |pair: &[Stride]| Affine::constant(pair[0].factor / pair[1].factor);
        (is_one && strides.len() > 1).then(|| Nest {
            lengths: strides.windows(2).map(length).collect(),
            ..self.started(strides, starts)
        })
    }

    /// Returns a nest of strides behind those of the terms by which all subscripts begin: parameters of which no stride is a
    /// factor, and that are no factors of others, as `p` of `(i - p) * m + j - p` is, which moves rows and columns.
    pub(super) fn started(&self, strides: Vec<Stride>, starts: Starts) -> Nest {
        let is_of = |whole: &Symbol, part: &Symbol| {
            !part.factors().is_empty() && whole.divided_by(part).is_some()
        };
        let is_start = |term: &&Term| {
            let mut rows = strides.iter().map(|each| &each.symbol);
            let mut others = self.accesses.iter().flat_map(|(_, terms)| terms);
            let is_part = others
                .any(|other| other.stride != term.stride && is_of(&other.stride, &term.stride));
            let is_fixed = term.varying.is_none() && !term.stride.factors().is_empty();
            starts == Starts::Apart
                && is_fixed
                && !is_part
                && !rows.any(|row| is_of(&term.stride, row))
                && self.accesses.iter().all(|(_, own)| own.contains(term))
        };
        let first = self.accesses.first().map_or(&[][..], |(_, terms)| terms);
        let starts = first.iter().filter(is_start).map(|term| Stride {
            factor: 1,
            symbol: term.stride.clone(),
        });
        let starts: Vec<Stride> = starts.collect();
        Nest {
            starts: starts.len(),
            strides: [starts, strides].concat(),
            lengths: Vec::new(),
            fits: Formula::Constant(true),
        }
    }

    /// Divides every subscript by the strides; `None` where a quotient is not affine.
    pub(super) fn split(&self, strides: &[Stride]) -> Option<Vec<Vec<Affine>>> {
        self.accesses
            .iter()
            .map(|(_, terms)| split(terms, strides))
            .collect()
    }
}

fn split(terms: &[Term], strides: &[Stride]) -> Option<Vec<Affine>> {
    let mut subscripts = vec![Affine::default(); strides.len()];
    let by_constants = terms.iter().filter(|term| term.varying.is_some());
    let by_constants = by_constants.filter(|term| term.stride.factors().is_empty());
    let least = by_constants.map(|term| term.coefficient.abs()).min();
    for term in terms {
        if term.varying.is_none() && term.stride.factors().is_empty() {
            for (subscript, part) in subscripts.iter_mut().zip(Stride::shares(
                strides,
                term.coefficient,
                least.unwrap_or(i128::MAX),
            )) {
                *subscript = subscript.plus(&Affine::constant(part))?;
            }
            continue;
        }
        // What varies has a stride of its own; what does not goes to the longest that divides it.
        let (at, rest) = strides.iter().enumerate().find_map(|(at, stride)| {
            let rest = term.stride.divided_by(&stride.symbol)?;
            let is_own = rest.factors().is_empty() || term.varying.is_none();
            (is_own && term.coefficient % stride.factor == 0).then_some((at, rest))
        })?;
        let value = match &term.varying {
            Some(atom) => Affine::atom(atom.clone()),
            None if rest.factors().is_empty() => Affine::constant(1),
            None => Affine::atom(Atom::Symbol(rest)),
        };
        let value = value.times(term.coefficient / strides[at].factor)?;
        subscripts[at] = subscripts[at].plus(&value)?;
    }
    count_from_ends(&mut subscripts, strides);
    Some(subscripts)
}

/// Takes the row before for subscripts that count down from the start of a row: `(y + 1) * w - 1 - x` is in row `y`, as
/// `y * w + (w - 1 - x)` is; `y * w + w - 1` is in row `y`, too.
fn count_from_ends(subscripts: &mut [Affine], strides: &[Stride]) {
    let counts_down = |subscript: &Affine| {
        subscript.terms().all(|(_, factor)| factor < 0)
            && subscript.offset() <= 0
            && *subscript != Affine::default()
    };
    for at in (1..subscripts.len()).rev() {
        let before = || {
            // Of planes that rows need not fill, this is another element.
            let length = strides[at - 1].divided_by(&strides[at])?;
            let own = subscripts[at].plus(&length)?;
            Some((subscripts[at - 1].minus(&Affine::constant(1))?, own))
        };
        if counts_down(&subscripts[at])
            && let Some((row, own)) = before()
        {
            (subscripts[at - 1], subscripts[at]) = (row, own);
        }
    }
}

/// Returns how many elements of the inner one of two strides fit into the outer one.
pub(super) fn length(scan: &Scan<'_>, pair: &[Stride]) -> Option<Affine> {
    let [outer, inner] = pair else {
        return None;
    };
    outer.divided_by(inner).or_else(|| rows(scan, outer, inner))
}

/// Returns how many rows fit into a plane, of planes and rows that the host has found.
fn rows(scan: &Scan<'_>, plane: &Stride, row: &Stride) -> Option<Affine> {
    let rows = scan.planes.get(&[plane.var()?, row.var()?])?;
    Some(Affine::atom(Atom::Symbol(Symbol::var(*rows))))
}

fn greatest_divisor(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    i128::try_from(a).unwrap_or(1)
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
