//! What shape the subscripts of an array suggest: the strides of their terms, of which each is a multiple of the next.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{Handle, Var};

use super::access::Step;
use super::scan::Scan;
use crate::affine::{Affine, Atom, Formula};
use crate::polynomial::{Polynomial, Term};
use crate::symbol::{Stride, Symbol};

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
pub(super) fn guess(scan: &Scan<'_>, array: Handle<Var>, reading: Reading) -> Option<Guess> {
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
        // Rows that the region does not choose lie apart by what their products have in common: `a[k * n + j]` and `a[p * n + j]`.
        if let Some(common) = self.common_factor() {
            factors.entry(common).or_insert(1);
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

    /// Returns what several products that do not vary have in common, if that is any factor.
    pub(super) fn common_factor(&self) -> Option<Symbol> {
        let terms = self.accesses.iter().flat_map(|(_, terms)| terms);
        let fixed = terms.filter(|term| term.varying.is_none() && term.stride.factors().len() > 1);
        let products: BTreeSet<&Symbol> = fixed.map(|term| &term.stride).collect();
        let first = products.first().filter(|_| products.len() > 1)?;
        let mut common = Symbol::default();
        for factor in first.factors() {
            let longer = common.times(&Symbol::from(*factor));
            if products
                .iter()
                .all(|each| each.divided_by(&longer).is_some())
            {
                common = longer;
            }
        }
        (!common.factors().is_empty()).then_some(common)
    }

    /// Returns the strides if it is known how many of each fit into the one before.
    pub(super) fn nested(&self, scan: &Scan<'_>, starts: Starts) -> Option<Nest> {
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
    pub(super) fn constant(&self, starts: Starts) -> Option<Nest> {
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
