//! Rows that hold shorter ones of which nobody says how many fit: the heads of attention write `out[t * c + h * s + i]`.
//!
//! `c` is no multiple of `s` by its form, so the loops say how many there are, `h < heads`, and a guard asks for their room:
//! `heads * s <= c`.

use std::cmp::Reverse;

use super::guess::{Guess, Nest, Starts, Terms, length};
use super::scan::Scan;
use crate::affine::{Affine, Atoms, Formula, Sign};
use crate::polynomial::{Polynomial, Term};
use crate::symbol::{Stride, Symbol};

impl Guess {
    /// Returns strides that are no multiples of each other, with the lengths that loops say.
    pub(super) fn packed(&self, scan: &Scan<'_>, terms: Terms, starts: Starts) -> Option<Nest> {
        let strides = self.chain(scan, terms)?;
        let mut nest = self.started(strides, starts);
        let subscripts = self.split(&nest.strides)?;
        for (at, pair) in nest.strides[nest.starts..].windows(2).enumerate() {
            let own = subscripts.iter().map(|each| &each[nest.starts + at + 1]);
            let length = match length(scan, pair) {
                Some(length) => length,
                None if !self.is_seen(pair) => return None,
                None => {
                    let length = self.most(scan, own)?;
                    nest.fits = nest.fits.and(fit(&length, pair)?);
                    length
                }
            };
            nest.lengths.push(length);
        }
        Some(nest)
    }

    /// Returns the strides, longest first. From the last one outwards, which is 1, each is as long as all elements along the
    /// one inside of it, if one is; else the next is of the fewest parameters, and of a term that does not move, or of the
    /// innermost loop.
    fn chain(&self, scan: &Scan<'_>, terms: Terms) -> Option<Vec<Stride>> {
        let mut left = self.strides(terms);
        let mut chain = vec![left.pop()?];
        while !left.is_empty() {
            let whole = chain.last().and_then(|last| self.whole(scan, last));
            let next = left.iter().enumerate().min_by_key(|(_, each)| {
                let is_whole = whole.is_some() && value(each) == whole;
                let depth = self.depth(scan, &each.symbol).map(Reverse);
                (!is_whole, each.symbol.factors().len(), depth)
            });
            chain.push(left.remove(next?.0));
        }
        chain.reverse();
        let is_distinct = |pair: &[Stride]| pair[0].symbol != pair[1].symbol;
        chain.windows(2).all(is_distinct).then_some(chain)
    }

    /// Returns how many loops lie around the innermost one that moves by a stride.
    fn depth(&self, scan: &Scan<'_>, stride: &Symbol) -> Option<usize> {
        let depths = self.accesses.iter().flat_map(|(at, terms)| {
            let iterators = &scan.sites[scan.accesses[*at].site].iterators;
            let own = terms.iter().filter(|term| term.stride == *stride);
            own.filter_map(|term| {
                let atom = Affine::atom(term.varying.clone()?);
                iterators.iter().position(|each| Affine::var(*each) == atom)
            })
        });
        depths.max()
    }

    /// Returns how far all elements along a stride reach together.
    fn whole(&self, scan: &Scan<'_>, stride: &Stride) -> Option<Polynomial> {
        let along = |(_, terms): &(usize, Vec<Term>)| {
            let mut own = terms.iter().filter(|term| term.stride == stride.symbol);
            own.try_fold(Affine::default(), |sum, term| {
                let part = match &term.varying {
                    Some(atom) => Affine::atom(atom.clone()),
                    None => Affine::constant(1),
                };
                sum.plus(&part.times(term.coefficient / stride.factor)?)
            })
        };
        let subscripts: Option<Vec<_>> = self.accesses.iter().map(along).collect();
        let most = self.most(scan, subscripts?.iter())?;
        value(stride)?.times(&most.into())
    }

    /// Returns a number of elements above the subscripts along one dimension, as constants and loops say it. Of loops that
    /// cannot be compared one has to do: whether the others stay below is what the shape asks for.
    fn most<'a>(
        &self,
        scan: &Scan<'_>,
        subscripts: impl Iterator<Item = &'a Affine>,
    ) -> Option<Affine> {
        let mut most = Affine::constant(0);
        for ((at, _), subscript) in self.accesses.iter().zip(subscripts) {
            let own = match subscript.as_constant() {
                Some(_) => subscript.clone(),
                None => greatest(scan, *at, subscript)?,
            };
            let more = own.minus(&most)?.as_constant();
            if more.is_some_and(|more| more > 0) || (more.is_none() && most.as_constant().is_some())
            {
                most = own;
            }
        }
        most.plus(&Affine::constant(1))
    }

    /// Returns whether an access moves along both of two strides.
    fn is_seen(&self, pair: &[Stride]) -> bool {
        let has = |terms: &[Term], stride: &Stride| {
            let mut own = terms.iter();
            own.any(|term| term.stride == stride.symbol)
        };
        let mut accesses = self.accesses.iter();
        accesses.any(|(_, terms)| pair.iter().all(|stride| has(terms, stride)))
    }
}

fn value(stride: &Stride) -> Option<Polynomial> {
    Some(stride.divided_by(&Stride::one())?.into())
}

/// Returns the greatest value of a subscript, by a condition around its access that compares it with parameters.
fn greatest(scan: &Scan<'_>, access: usize, subscript: &Affine) -> Option<Affine> {
    let access = &scan.accesses[access];
    let conditions = scan.sites[access.site].domain.iter().chain(&access.domain);
    let mut bounds = conditions.flat_map(Formula::conjuncts).filter_map(|each| {
        let Formula::Compare(form, Sign::NotNegative) = each else {
            return None;
        };
        form.plus(subscript)
    });
    bounds.find(|bound| {
        let mut atoms = Atoms::default();
        bound.collect(&mut atoms);
        let mut iterators = scan.sites[access.site].iterators.iter();
        let varies = iterators.any(|each| atoms.symbols.contains(&Symbol::var(*each)));
        atoms.unknowns.is_empty() && !varies
    })
}

/// Returns where so many rows fit into the distance of longer ones.
fn fit(count: &Affine, pair: &[Stride]) -> Option<Formula> {
    let [outer, inner] = pair else {
        return None;
    };
    let room = value(outer)?.minus(&value(inner)?.times(&count.clone().into())?)?;
    Some(Formula::Compare(room.affine(&[])?, Sign::NotNegative))
}
