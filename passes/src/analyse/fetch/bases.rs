//! Pointers in memory by which a region reaches arrays, as variables: of `v->data[i] = 0` remains `d[i] = 0`, where `d` is
//! what the host reads at `v->data`.
//!
//! A person writes the same: `double *d = v->data;` before the loop.
//! What is written through such a pointer is another object than what it lies in; guards show that
//! ([`super::super::alias`]).

use std::collections::BTreeSet;

use mupac_ir::structure::{expressions_mut, is_same_place};
use mupac_ir::{ExprKind, Function, Handle, Loop, Module, Place, Projection, Stmt, Type, Var};

use super::safe::{Entered, before};
use super::{Expr, InMemory};
use crate::normalise::modified;
use crate::{build, region};

/// The pointers in memory that statements follow and leave as they are, and that the host can read before them.
pub(super) struct Bases<'a> {
    /// What is read for certain where loops run.
    pub(super) entered: Entered<'a>,
    /// The variables that statements change, or change memory by that no such pointer leads to.
    pub(super) changed: BTreeSet<Handle<Var>>,
    pub(super) needed: Vec<Needed<'a>>,
}

/// A pointer in memory, which is there where these loops run.
pub(super) struct Needed<'a> {
    pub(super) place: Place,
    pub(super) loops: Vec<&'a Loop>,
    /// The pointers to the structures that lead to it, where only iterations read it of which data say whether they run: then
    /// the loops have to run for the first of these to be there.
    pub(super) structures: Vec<Place>,
}

impl<'a> Bases<'a> {
    pub(super) fn of(
        module: &'a Module,
        function: &'a Function,
        (ahead, statements): (&'a [Stmt], &'a [Stmt]),
    ) -> Self {
        let mut bases = Self {
            entered: Entered::new(module, function, statements).after(ahead),
            changed: BTreeSet::new(),
            needed: Vec::new(),
        };
        let uses = Uses::of(&bases.entered, statements);
        bases.find_changed(&uses, statements);
        let written = uses.written.iter().map(|place| (place, Way::Part));
        for (place, way) in written.chain(uses.read.iter().map(|(place, way)| (place, *way))) {
            bases.note(place, way);
        }
        bases
    }

    fn find_changed(&mut self, uses: &Uses, statements: &[Stmt]) {
        let written: BTreeSet<Handle<Var>> = uses.written.iter().map(|place| place.var).collect();
        let all = modified(statements);
        self.changed = all.difference(&written).copied().collect();
        loop {
            let is_direct = |place: &&Place| self.base(place, Way::Part).is_none();
            let direct = uses.written.iter().filter(is_direct);
            let more: BTreeSet<_> = direct.map(|place| place.var).collect();
            if more.is_subset(&self.changed) {
                return;
            }
            self.changed.extend(more);
        }
    }

    fn note(&mut self, place: &Place, way: Way) {
        let Some((place, structures)) = self.base(place, way) else {
            return;
        };
        let function = self.entered.function;
        let is_same = |known: &Needed<'_>| is_same_place(function, &known.place, function, &place);
        if !self.needed.iter().any(is_same) {
            let needs = self.entered.needs(structures.first().unwrap_or(&place));
            let loops = needs.unwrap_or(&[]).to_vec();
            self.needed.push(Needed {
                place,
                loops,
                structures,
            });
        }
    }

    /// Returns the loops that have to run for a value to be there.
    pub(super) fn loops_before(&self, place: &Place) -> &[&'a Loop] {
        self.entered.needs(place).unwrap_or(&[])
    }

    /// Returns whether a place is reached by one of the pointers.
    pub(super) fn lead_to(&self, place: &Place) -> bool {
        self.base(place, Way::Whole).is_some()
    }

    /// Returns the longest way to a pointer in memory that a place goes, of those that can be read before, and the pointers to the
    /// structures that have to be there for that.
    fn base(&self, place: &Place, way: Way) -> Option<(Place, Vec<Place>)> {
        let mut ways = (1..way.end(place)).rev().map(|at| before(place, at));
        ways.find_map(|way| {
            let is_pointer = matches!(self.entered.ty(&way), Some(Type::Pointer { .. }));
            if !is_pointer || !self.entered.is_kept(&way, &self.changed) {
                return None;
            }
            let structures = self.entered.structures_before(&way, &self.changed)?;
            Some((way, structures))
        })
    }
}

/// What statements do with places.
#[derive(Default)]
struct Uses {
    /// Where they write; a pointer whose address they take counts.
    written: Vec<Place>,
    /// What they read or take the address of.
    read: Vec<(Place, Way)>,
}

impl Uses {
    fn of(entered: &Entered<'_>, statements: &[Stmt]) -> Self {
        let mut uses = Self::default();
        region::each(statements, &mut |stmt| {
            uses.written.extend(region::target(stmt).cloned());
            for expr in region::expressions(stmt) {
                build::visit(entered.function, expr, &mut |_, node| {
                    if let ExprKind::Load(place) = &node.kind {
                        uses.read.push((place.clone(), Way::Whole));
                    } else if let ExprKind::Address(place) = &node.kind {
                        let is_pointer = matches!(entered.ty(place), Some(Type::Pointer { .. }));
                        uses.written.extend(is_pointer.then(|| place.clone()));
                        uses.read.push((place.clone(), Way::Part));
                    }
                });
            }
        });
        uses
    }
}

/// How much of the way to a place may be a pointer's: what is written there is no pointer to follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Part,
    Whole,
}

impl Way {
    /// Returns below which length ways end.
    fn end(self, place: &Place) -> usize {
        place.path.len() + usize::from(self == Self::Whole)
    }
}

/// Puts the variables in the place of the pointers.
pub(super) fn replace(function: &mut Function, statements: &mut [Stmt], values: &[InMemory]) {
    for stmt in statements {
        for expr in expressions_mut(stmt) {
            *expr = value(function, *expr, values);
        }
        if let Stmt::Compute(compute) = stmt
            && let Some(place) = shortened(function, &compute.target, Way::Part, values)
        {
            compute.target = place;
        }
        for block in region::blocks_mut(stmt) {
            replace(function, block, values);
        }
    }
}

fn value(function: &mut Function, expr: Handle<Expr>, values: &[InMemory]) -> Handle<Expr> {
    build::replaced(function, expr, &mut |function, node| {
        let mut node = node.clone();
        if let ExprKind::Load(place) = &mut node.kind {
            *place = shortened(function, place, Way::Whole, values)?;
        } else if let ExprKind::Address(place) = &mut node.kind {
            *place = shortened(function, place, Way::Part, values)?;
        } else {
            return None;
        }
        Some(function.exprs.push(node))
    })
}

/// Returns a place from the variable on that stands for the longest part of its way.
fn shortened(
    function: &mut Function,
    place: &Place,
    way: Way,
    values: &[InMemory],
) -> Option<Place> {
    let length = |value: &InMemory| {
        let ExprKind::Load(known) = &function.exprs[value.fetched.value].kind else {
            return None;
        };
        let length = known.path.len();
        let is_on_way = || is_same_place(function, known, function, &before(place, length));
        (length < way.end(place) && is_on_way()).then_some(length)
    };
    let on_way = values.iter();
    let on_way = on_way.filter_map(|value| Some((length(value)?, value.fetched.variable)));
    let (length, var) = on_way.max_by_key(|(length, _)| *length)?;
    let rest = place.path[length..].iter().copied();
    let path = rest.map(|step| match step {
        Projection::Index(index) => Projection::Index(value(function, index, values)),
        Projection::Field(_) => step,
    });
    Some(Place {
        var,
        path: path.collect(),
    })
}
