//! Whether what a loop of one thread reads of an array is never the element that it changes meanwhile.

use std::collections::BTreeSet;

use mupac_ir::{Function, Handle, Place, Var};

use super::cover::{conjunction, times};
use super::flat::Shapes;
use super::linear::Linear;
use super::scope::Scope;
use super::walk::Leaf;
use crate::isl;
use crate::symbol::{Stride, Symbol};

/// Where an assignment stands.
pub(super) struct Write<'a> {
    pub(super) leaf: &'a Leaf<'a>,
    /// How many of the loops around it are around the loop, too.
    pub(super) shared: usize,
    /// The function, the first of its expressions that passes made, and what nothing changes.
    pub(super) scope: (&'a Function, usize, &'a BTreeSet<Handle<Var>>),
    pub(super) shapes: &'a Shapes,
    /// The parameters that the tree mentions.
    pub(super) used: &'a BTreeSet<Symbol>,
}

/// Returns whether no iteration of the loop reads, by some places, the element that any iteration changes; where the solver does
/// not know, it is not so.
pub(super) fn never_meets(
    write: &Write<'_>,
    (element, others): (&Place, &[Place]),
    assumed: &isl::Set,
) -> bool {
    if others.is_empty() {
        return true;
    }
    let mut scope = scope_at(write, write.leaf, assumed);
    let mut known = Vec::new();
    for place in others.iter().chain([element]) {
        let Some(subscripts) = write.shapes.subscripts(&mut scope, place) else {
            return false;
        };
        known.push(subscripts);
    }
    let Some(rows) = rows(&mut scope, write.shapes.strides(element.var), &known) else {
        return false;
    };
    let elements = Elements {
        write,
        used: &scope.used,
        assumed,
    };
    scope.obligations.is_empty() && elements.are_apart(&known, &rows).unwrap_or(false)
}

/// Returns what expressions are worth at a leaf.
fn scope_at<'a>(write: &Write<'a>, leaf: &'a Leaf<'a>, assumed: &'a isl::Set) -> Scope<'a> {
    let (function, from, parameters) = write.scope;
    let mut scope = Scope::new(function, from, parameters);
    scope.used.clone_from(write.used);
    scope.values.clone_from(&leaf.values);
    scope.constraints.clone_from(&leaf.constraints);
    scope.dimensions = leaf.dimensions.len();
    scope.known = Some(assumed);
    scope
}

/// An element of an array that lies in rows behind a pointer.
pub(super) struct InRows {
    /// The names of isl's parameters.
    pub(super) parameters: String,
    pub(super) subscripts: Vec<Linear>,
    /// Where the element would be one of another row: different subscripts are different elements as long as none is.
    pub(super) beyond: Vec<String>,
}

/// Returns where an element is that a leaf names, if analysis has found that the array lies in rows.
pub(super) fn in_rows(
    write: &Write<'_>,
    (element, leaf): (&Place, &Leaf<'_>),
    assumed: &isl::Set,
) -> Option<InRows> {
    let strides = write.shapes.strides(element.var)?;
    let mut scope = scope_at(write, leaf, assumed);
    let subscripts = write.shapes.subscripts(&mut scope, element)?;
    let known = [subscripts];
    let Rows::OfLength(row) = rows(&mut scope, Some(strides), &known)? else {
        return None;
    };
    let is_plain = scope.obligations.is_empty() && scope.constraints == leaf.constraints;
    let [subscripts] = known;
    let column = subscripts.last()?.to_string();
    let names: Vec<_> = scope.used.iter().map(Symbol::name).collect();
    is_plain.then(|| InRows {
        parameters: names.join(", "),
        subscripts,
        beyond: vec![format!("{column} < 0 or {column} >= {row}")],
    })
}

/// What keeps different subscripts from meaning one element.
enum Rows {
    /// The array's declaration.
    Declared,
    /// The last subscript stays within so many.
    OfLength(Linear),
}

/// Returns the rows of an array with some strides, of which the first may be where all subscripts start; `None` where nothing
/// is known to keep its elements apart.
fn rows(
    scope: &mut Scope<'_>,
    strides: Option<&[Stride]>,
    elements: &[Vec<Linear>],
) -> Option<Rows> {
    let starts_alike = |starts: &[Stride]| {
        let mut pairs = elements.windows(2);
        let first = elements.iter().flat_map(|each| &each[..starts.len()]);
        first.into_iter().all(|start| start.as_constant().is_some())
            && pairs.all(|pair| pair[0][..starts.len()] == pair[1][..starts.len()])
    };
    match strides {
        None => Some(Rows::Declared),
        Some([starts @ .., length, one]) if *one == Stride::one() && starts_alike(starts) => {
            let symbol = scope.symbol(length.symbol.clone())?;
            Some(Rows::OfLength(symbol.times(length.factor)?))
        }
        Some(_) => None,
    }
}

/// What is asked of the subscripts at a place.
struct Elements<'a> {
    write: &'a Write<'a>,
    used: &'a BTreeSet<Symbol>,
    assumed: &'a isl::Set,
}

impl Elements<'_> {
    /// Returns whether the last of some elements is none of the others, in all iterations of the loop.
    fn are_apart(&self, all: &[Vec<Linear>], rows: &Rows) -> Result<bool, isl::Error> {
        let Some((element, others)) = all.split_last() else {
            return Ok(true);
        };
        if let Rows::OfLength(row) = rows {
            for subscripts in all {
                let column = subscripts
                    .last()
                    .map(ToString::to_string)
                    .unwrap_or_default();
                let beyond = format!("{column} < 0 or {column} >= {row}");
                if !self.touched(subscripts, &[beyond])?.is_empty()? {
                    return Ok(false);
                }
            }
        }
        let changed = self.touched(element, &[])?;
        for subscripts in others {
            let read = self.touched(subscripts, &[])?;
            if subscripts.len() != element.len() || !changed.intersect(&read)?.is_empty()? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Returns the elements that iterations with something in common touch, each behind the loops around all of these.
    fn touched(&self, subscripts: &[Linear], holds: &[String]) -> Result<isl::Set, isl::Error> {
        let leaf = self.write.leaf;
        let all = times(leaf.dimensions.len());
        let values = all.iter().take(self.write.shared).cloned();
        let values: Vec<_> = values
            .chain(subscripts.iter().map(Linear::to_string))
            .collect();
        let names: Vec<_> = (0..values.len()).map(|at| format!("a{at}")).collect();
        let equal = names.iter().zip(&values);
        let equal = equal.map(|(name, value)| format!("{name} = {value}"));
        let holds = leaf.constraints.iter().chain(holds).cloned();
        let holds: Vec<_> = holds.chain(equal).collect();
        let parameters: Vec<_> = self.used.iter().map(Symbol::name).collect();
        let text = format!(
            "[{}] -> {{ [{}] -> [{}] : {} }}",
            parameters.join(", "),
            all.join(", "),
            names.join(", "),
            conjunction(&holds)
        );
        let map = isl::Map::parse(self.assumed.context(), &text)?;
        map.intersect_params(self.assumed)?.range()
    }
}
