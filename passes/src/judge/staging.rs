//! Every read of a shared array sees the value that the program reads in its place.
//!
//! What copies read, no statement of the launch writes: so an element of the array has one value, and a shared element
//! has the value of whichever element was copied to it last.
//! What is to be shown for each read: of the copies to the element that it reads, none is unordered against it, at least
//! one comes before, and each that comes before and holds another element is followed by yet another before the read.
//! Copies to one element are ordered among themselves; so the last one before the read holds the element that is wanted.
//! Besides, copies read only what the program reads, and write within the shared array.
//!
//! **Source**: Verdoolaege, Juega, Cohen, Gómez, Tenllado, Catthoor, “Polyhedral Parallel Code Generation for CUDA”,
//! TACO 9(4), 2013, §6 (what is staged); here it is checked, whoever made the copies.

use std::collections::BTreeSet;

use mupac_ir::{Extent, Function, Handle, Refusal, Span, Stmt, Type, Var};

use super::barrier::{Barriers, are_in_one_code};
use super::lifetimes::enclose;
use super::replaced::Staged;
use super::time::Times;
use super::walk::{Kind, Leaf, Schedule};
use super::{illegal, unsolved};
use crate::facts::Facts;
use crate::{isl, region};

/// Checks the barriers and shared arrays of a rewritten tree.
///
/// **Errors**: `illegal-step`, naming what a shared array lacks; `solver-limit`.
pub(crate) fn check(
    facts: &Facts,
    function: &Function,
    rewritten: &Schedule<'_>,
    times: &Times<'_>,
    at: Span,
) -> Result<(), Refusal> {
    let leaves = &rewritten.leaves;
    let barriers = Barriers::new(leaves, times, at)?;
    let mut seen = BTreeSet::new();
    for leaf in leaves {
        let shared = match leaf.kind {
            Kind::Share(var) => BTreeSet::from([var]),
            Kind::Copy(_) | Kind::Compute(_) => {
                leaf.staged.iter().map(|staged| staged.shared).collect()
            }
            Kind::Declare(_) | Kind::Expand(_) | Kind::Barrier | Kind::Opaque(_) => BTreeSet::new(),
        };
        for shared in shared {
            if seen.insert(shared) {
                Staging::new(facts, function, &barriers, shared, at)?.check()?;
            }
        }
    }
    Ok(())
}

/// A shared array, with all that touches it.
pub(super) struct Staging<'a> {
    function: &'a Function,
    /// Whether the array is declared with the dimensions that it is subscripted by.
    has_rows: bool,
    pub(super) barriers: &'a Barriers<'a>,
    shared: Handle<Var>,
    array: Handle<Var>,
    /// By position among the leaves.
    pub(super) copies: Vec<(usize, &'a Staged)>,
    reads: Vec<(usize, &'a Staged)>,
    at: Span,
}

impl<'a> Staging<'a> {
    fn new(
        facts: &Facts,
        function: &'a Function,
        barriers: &'a Barriers<'a>,
        shared: Handle<Var>,
        at: Span,
    ) -> Result<Self, Refusal> {
        let name = &function.vars[shared].name;
        let (mut copies, mut reads) = (Vec::new(), Vec::new());
        let mut declared = Vec::new();
        for (position, leaf) in barriers.leaves.iter().enumerate() {
            let mine = leaf.staged.iter().filter(|staged| staged.shared == shared);
            match leaf.kind {
                Kind::Share(var) if var == shared => declared.push(position),
                Kind::Copy(_) => copies.extend(mine.map(|staged| (position, staged))),
                Kind::Compute(_) => reads.extend(mine.map(|staged| (position, staged))),
                Kind::Share(_)
                | Kind::Declare(_)
                | Kind::Expand(_)
                | Kind::Barrier
                | Kind::Opaque(_) => {}
            }
        }
        let ([declared], Some((_, first))) = (declared.as_slice(), copies.first()) else {
            return Err(illegal(
                format!("{name} is not declared and filled once"),
                at,
            ));
        };
        let array = first.array;
        let uses = || copies.iter().chain(&reads);
        let leaf = |position: usize| &barriers.leaves[position];
        if uses().any(|(_, staged)| staged.array != array) {
            return Err(illegal(format!("{name} stands for two arrays"), at));
        }
        if !uses()
            .all(|(position, _)| is_alive(leaf(*declared), *declared, leaf(*position), *position))
        {
            return Err(illegal(
                format!("{name} is used where it is not declared"),
                at,
            ));
        }
        let of_program = &function.vars[array].name;
        let footprint = facts.footprints.iter().find(|footprint| {
            footprint.array == array && !footprint.is_inspected && !footprint.is_reduced
        });
        let Some(footprint) = footprint else {
            return Err(illegal(
                format!("{of_program} is not read on the device as it stands"),
                at,
            ));
        };
        if let Some((position, _)) = copies.first()
            && is_written_beside(barriers.leaves, leaf(*position), array)
        {
            let why = format!("{of_program} is written by the launch that would copy it");
            return Err(illegal(why, at));
        }
        Ok(Self {
            function,
            has_rows: footprint.strides.len() == 1,
            barriers,
            shared,
            array,
            copies,
            reads,
            at,
        })
    }

    fn check(&self) -> Result<(), Refusal> {
        let solved = |result: Result<Option<String>, isl::Error>| match result {
            Ok(None) => Ok(()),
            Ok(Some(why)) => Err(illegal(why, self.at)),
            Err(error) => Err(unsolved(&error, self.at)),
        };
        solved(self.stays_inside())?;
        solved(self.reads_no_more())?;
        solved(self.copies_once())?;
        for read in &self.reads {
            solved(self.sees_its_value(*read))?;
        }
        Ok(())
    }

    pub(super) fn name(&self) -> &str {
        &self.function.vars[self.shared].name
    }

    /// Says an element of the array.
    pub(super) fn element(&self, elements: &isl::Set) -> Result<String, isl::Error> {
        let name = &self.function.vars[self.array].name;
        let subscripts = elements.sample()?.map(|point| point.tuple);
        let subscripts = subscripts.unwrap_or_default().into_iter();
        Ok(subscripts.fold(name.clone(), |text, each| format!("{text}[{each}]")))
    }

    /// Relates the points of a leaf to the subscripts of the shared array.
    fn places(&self, (leaf, staged): (usize, &Staged)) -> Result<isl::Map, isl::Error> {
        self.times().values(&self.barriers.leaves[leaf], &staged.at)
    }

    /// Relates the points of a leaf to the subscripts of the program's array.
    pub(super) fn elements(
        &self,
        (leaf, staged): (usize, &Staged),
    ) -> Result<isl::Map, isl::Error> {
        self.times()
            .values(&self.barriers.leaves[leaf], &staged.element)
    }

    fn times(&self) -> &'a Times<'a> {
        self.barriers.times
    }

    /// Returns the pairs of points of one block that touch one element of the shared array.
    pub(super) fn meeting(
        &self,
        x: (usize, &Staged),
        y: (usize, &Staged),
    ) -> Result<isl::Map, isl::Error> {
        self.places(x)?
            .apply_range(&self.places(y)?.reverse()?)?
            .intersect(&self.barriers.in_one_block(x.0, y.0)?)
    }

    fn stays_inside(&self) -> Result<Option<String>, isl::Error> {
        let lengths = lengths(&self.function.vars[self.shared].ty);
        let wrong = || Ok(Some(format!("a subscript of {} leaves it", self.name())));
        let mut uses = self.copies.iter().chain(&self.reads);
        if uses.any(|(_, staged)| staged.at.len() != lengths.len()) {
            return wrong();
        }
        let names: Vec<_> = (0..lengths.len()).map(|at| format!("a{at}")).collect();
        let bounds: Vec<_> = (names.iter().zip(&lengths))
            .map(|(name, length)| format!("0 <= {name} < {length}"))
            .collect();
        let text = format!("{{ [{}] : {} }}", names.join(", "), bounds.join(" and "));
        let inside = isl::Set::parse(self.times().assumed.context(), &text)?;
        for copy in &self.copies {
            if !self.places(*copy)?.range()?.is_subset(&inside)? {
                return wrong();
            }
        }
        Ok(None)
    }

    /// Each subscript stays between the least and the greatest that the program has there: so the element lies in a row
    /// that is on the device, and inside that row. It may have no value; then nothing but a copy looks at it.
    ///
    /// Where rows are a matter of strides, the first and the last of them may lack elements; there a copy reads no more
    /// than the program.
    fn reads_no_more(&self) -> Result<Option<String>, isl::Error> {
        let Some((first, others)) = self.reads.split_first() else {
            return Ok(Some(format!("nothing reads {}", self.name())));
        };
        let mut touched = self.elements(*first)?.range()?;
        for read in others {
            touched = touched.union(&self.elements(*read)?.range()?)?.coalesce()?;
        }
        let context = self.times().assumed.context();
        for copy in &self.copies {
            let copied = self.elements(*copy)?.range()?;
            if !self.has_rows {
                let beyond = copied.subtract(&touched)?;
                if !beyond.is_empty()? {
                    return self.too_much(&beyond).map(Some);
                }
                continue;
            }
            for at in 0..copy.1.element.len() {
                for (least, greatest) in [("a", "b"), ("b", "a")] {
                    let between = between(copy.1.element.len(), at, least, greatest);
                    let beyond =
                        copied.subtract(&touched.apply(&isl::Map::parse(context, &between)?)?)?;
                    if !beyond.is_empty()? {
                        return self.too_much(&beyond).map(Some);
                    }
                }
            }
        }
        Ok(None)
    }

    fn too_much(&self, beyond: &isl::Set) -> Result<String, isl::Error> {
        let element = self.element(beyond)?;
        Ok(format!(
            "the copy to {} reads {element}, which is beyond what the loops read",
            self.name()
        ))
    }
}

/// Returns the pairs of tuples that are in order at one position.
fn between(count: usize, at: usize, least: &str, greatest: &str) -> String {
    let tuple = |name: &str| {
        let parts: Vec<_> = (0..count).map(|at| format!("{name}{at}")).collect();
        parts.join(", ")
    };
    format!(
        "{{ [{}] -> [{}] : {least}{at} <= {greatest}{at} }}",
        tuple("a"),
        tuple("b")
    )
}

/// Returns whether a use stands in the code in which a shared array is declared, and inside its scope.
fn is_alive(declared: &Leaf<'_>, from: usize, used: &Leaf<'_>, at: usize) -> bool {
    from < at && are_in_one_code(declared, used) && enclose(&declared.dimensions, &used.dimensions)
}

/// Returns whether a statement of the launch of `leaf` may write an array.
fn is_written_beside(leaves: &[Leaf<'_>], leaf: &Leaf<'_>, array: Handle<Var>) -> bool {
    let launch = |leaf: &Leaf<'_>| {
        let mut around = leaf.dimensions.iter();
        around
            .find(|dimension| dimension.mapping.is_parallel())
            .map(|dimension| dimension.node)
    };
    leaves
        .iter()
        .filter(|other| launch(other) == launch(leaf))
        .any(|other| match other.kind {
            Kind::Compute(compute) => compute.target.var == array,
            Kind::Opaque(statements) => {
                let mut writes = false;
                region::each(statements, &mut |stmt| {
                    writes |= region::target(stmt).is_some_and(|place| place.var == array)
                        || matches!(stmt, Stmt::Call(_) | Stmt::Verbatim(..));
                });
                writes
            }
            Kind::Declare(_) | Kind::Share(_) | Kind::Copy(_) | Kind::Expand(_) | Kind::Barrier => {
                false
            }
        })
}

/// Returns the lengths of an array of fixed size, outermost first.
pub(crate) fn lengths(ty: &Type) -> Vec<u64> {
    match ty {
        Type::Array {
            of,
            length: Extent::Fixed(length),
        } => std::iter::once(*length).chain(lengths(of)).collect(),
        Type::Array { .. }
        | Type::Void
        | Type::Scalar(_)
        | Type::Pointer { .. }
        | Type::Record(_)
        | Type::Opaque(_) => Vec::new(),
    }
}
