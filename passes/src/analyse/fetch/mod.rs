//! Values in memory that nothing in a region changes, as variables: of `for (i = 0; i < b->n; i++)` remains
//! `for (i = 0; i < v; i++)`, where `v` is what the host reads at `b->n`; and likewise whether a pointer is null
//! ([`null`]), how far one is from another ([`distance`]), and which function one leads to ([`led`]).
//!
//! Such a value is one number to the analysis and a plain argument to a kernel. Numbers that the region alone changes have
//! variables, too ([`kept`]).
//! Nothing in the region writes through the variable that its place starts from; that whatever else the region writes
//! keeps off it is for guards to show ([`super::alias`]).
//! The host reads it before the region, so the place must be one that can be read then ([`safe`]).

mod bases;
mod beside;
mod cases;
mod casts;
mod distance;
mod frees;
mod kept;
mod led;
mod lengths;
mod meaning;
mod null;
mod row_pointers;
mod rows;
mod safe;
mod shortest;
mod structures;
pub(super) mod unswitch;

use std::collections::{BTreeMap, BTreeSet};
use std::iter;
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::structure::is_same_place;
use mupac_ir::{
    Expr, ExprKind, Fetched, Function, Handle, Loop, Module, Place, Projection, Reason, Refusal,
    Stmt, Type, Var,
};

use super::names::shown;
use super::pointers::Requirement;
use super::scan::Scan;
use super::value::LOOP_RUNS;
use crate::facts::{BlockStep, Footprint};
use crate::normalise::{Read, in_statement, is_modelled, reads};
use crate::{build, region, trip};
use bases::Bases;
pub(super) use beside::writes_beside;
pub(super) use kept::{Kept, kept};
pub(super) use null::compared;
pub(crate) use null::is_null;
pub(super) use rows::planes;
pub(super) use safe::before;

/// A value in memory, or a pointer that is tested.
#[derive(Clone, Debug)]
pub(crate) struct InMemory {
    /// Its variable and how the host computes it.
    pub(crate) fetched: Fetched,
    /// The variable that its place starts from.
    pub(crate) root: Handle<Var>,
    /// All that is read to get at it, the value itself included.
    pub(crate) reads: Vec<mupac_ir::Read>,
    /// How many of these are pointers that the path leads through.
    pub(crate) pointers: usize,
    /// What must hold for the value to be there.
    pub(crate) needs: Vec<Requirement>,
    /// Whether it is a pointer to rows that are no one object.
    pub(crate) is_joined: bool,
    /// Of rows, or planes and rows: the first one and the end of those that the host looks at, where it is for analysis to show
    /// that there are no others.
    pub(crate) among: Vec<[Handle<Expr>; 2]>,
    /// The pointer to a block of which it is the length.
    pub(crate) length_of: Option<Handle<Var>>,
    /// The members that are read of structures: the way to them from an element of their array.
    pub(crate) member: Vec<u32>,
    /// A place of which this is the greatest value, wherever a loop of the region ends by one like it.
    pub(crate) greatest_of: Option<Place>,
    /// Whether the region assigns its variable, which is the place by another name.
    pub(crate) is_kept: bool,
}

/// More values of one array than this are an array.
const MOST_OF_ONE: usize = 32;

/// Returns the forms of a function with variables for what a region reads of memory and the host can read before it, the
/// one that has most of them first and the function as it is behind them; the last ones have lengths of blocks besides.
pub(crate) fn forms<'a>(
    module: &'a Module,
    function: &Arc<Function>,
    path: &'a [BlockStep],
    range: &'a Range<usize>,
) -> impl Iterator<Item = (Arc<Function>, Vec<InMemory>)> + 'a {
    let is_modelled = is_modelled(region::statements(function, path, range));
    let cased = cases::split(module, function, path, range).filter(|_| is_modelled);
    let mut forms = Vec::new();
    if let Some((own, made)) = cased {
        let fetched = fetched_forms(module, &own, path, range).into_iter();
        forms.extend(fetched.map(|(form, values)| (form, [made.clone(), values].concat())));
        forms.push((own, made));
    }
    if is_modelled {
        forms.extend(fetched_forms(module, function, path, range));
    }
    forms.push((Arc::clone(function), Vec::new()));
    let (own, known) = forms[0].clone();
    let lengths = iter::once_with(move || lengths::of_blocks(module, &own, (path, range), &known));
    forms
        .into_iter()
        .chain(lengths.flatten().filter(move |_| is_modelled))
}

/// Returns the forms with variables for what the region reads of memory.
fn fetched_forms(
    module: &Module,
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Vec<(Arc<Function>, Vec<InMemory>)> {
    let named = row_pointers::substituted(module, function, path, range);
    let function = named.as_ref().unwrap_or(function);
    let without_names = named.iter().map(|named| (Arc::clone(named), Vec::new()));
    let cast = casts::hoisted(module, function, path, range);
    let (own, made) = cast
        .clone()
        .unwrap_or_else(|| (Arc::clone(function), Vec::new()));
    let more = fetch(module, &own, path, range);
    let fetched = more.map(|(function, more)| (function, [made, more].concat()));
    let fetched = fetched.or(cast);
    let (plain, known) = match &fetched {
        Some((function, values)) => (function, values.as_slice()),
        None => (function, [].as_slice()),
    };
    let joined = rows::join(module, plain, path, range, known);
    let fetching = joined.into_iter().chain(fetched);
    let mut forms: Vec<_> = fetching.chain(without_names).collect();
    let (first, known) = match forms.first() {
        Some((first, known)) => (first, known.as_slice()),
        None => (function, [].as_slice()),
    };
    let paths = shortest::paths(first, (path, range), known);
    forms.splice(0..0, paths);
    forms
}

/// Returns the function with a variable for every value in memory that a region reads and the host can read before it;
/// `None` where there is none.
fn fetch(
    module: &Module,
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Option<(Arc<Function>, Vec<InMemory>)> {
    let statements = region::statements(function, path, range);
    let ahead = region::statements(function, path, &(0..range.start));
    let bases = Bases::of(module, function, (ahead, statements));
    let places = Uses::of(function, statements, &bases).chosen();
    let is_tested = !null::tested(function, statements).is_empty()
        || !distance::found(function, statements).is_empty()
        || !led::found(function, statements).is_empty();
    if places.is_empty() && !is_tested && bases.needed.is_empty() {
        return None;
    }
    let mut own = (**function).clone();
    let known = places.iter();
    let mut values: Vec<InMemory> = known
        .map(|place| in_memory(module, &mut own, place.clone()))
        .collect();
    let needs: Vec<Vec<Requirement>> = (places.iter())
        .map(|place| needed(module, &mut own, bases.loops_before(place), &mut values))
        .collect();
    for (value, needs) in values.iter_mut().zip(needs) {
        value.needs = needs;
    }
    let mut followed = Vec::new();
    for base in &bases.needed {
        let mut needs = needed(module, &mut own, &base.loops, &mut values);
        for structure in &base.structures {
            let there = structures::is_there(module, &mut own, (structure, &needs), &mut values);
            needs.push(there);
        }
        let value = in_memory(module, &mut own, base.place.clone());
        followed.push(InMemory { needs, ..value });
    }
    let mut statements = region::take(&mut own, path, range);
    replace(&mut own, &mut statements, &values);
    bases::replace(&mut own, &mut statements, &followed);
    values.extend(followed);
    // Of pointers in memory, too, which are variables by now.
    let pointers = null::tested(&own, &statements);
    let tests = null::replace(&mut own, &mut statements, (&pointers, &values));
    values.extend(tests);
    let distances = distance::found(&own, &statements);
    values.extend(distance::replace(&mut own, &mut statements, &distances));
    let questions = led::found(&own, &statements);
    values.extend(led::replace(&mut own, &mut statements, &questions));
    region::put(&mut own, path, range.start, statements);
    Some((Arc::new(own), values))
}

/// Returns that loops run in the first iterations of those around them, said with the variables of values; a value that a
/// bound reads there gets one, too.
fn needed(
    module: &Module,
    function: &mut Function,
    loops: &[&Loop],
    values: &mut Vec<InMemory>,
) -> Vec<Requirement> {
    needs(function, loops, &mut |function, read, needs| {
        known(function, read, values).or_else(|| new(module, function, read, needs, values))
    })
}

/// Finds the variable of what is read in memory under some conditions.
type ValueOf<'a> = dyn FnMut(&mut Function, &Read, &[Requirement]) -> Option<Handle<Expr>> + 'a;

/// Returns that loops run in the first iterations of those around them, where `value` has a variable for what is read in
/// memory under the conditions so far.
fn needs(function: &mut Function, loops: &[&Loop], value: &mut ValueOf<'_>) -> Vec<Requirement> {
    let mut needs: Vec<Requirement> = Vec::new();
    let mut starts = BTreeMap::new();
    for each in loops {
        let mut first = (*each).clone();
        for bound in [&mut first.start, &mut first.end] {
            *bound = reads(function, *bound, &mut |function, read| {
                let start = starts.get(&read.place.var).copied();
                let start = start.filter(|_| read.place.path.is_empty());
                start.or_else(|| value(function, read, &needs))
            });
        }
        needs.extend(trip::runs(function, &first).map(|condition| Requirement {
            kind: LOOP_RUNS,
            condition,
            otherwise: "a value in memory that is read where a loop runs whose bound the host cannot read before (a local variable for the bound helps)",
        }));
        let ty = function.vars[each.iterator].ty.scalar();
        let start = ty.map(|ty| build::convert(function, first.start, ty));
        starts.extend(start.map(|start| (each.iterator, start)));
    }
    needs
}

/// Gives a number in memory that is read where some conditions hold a variable.
fn new(
    module: &Module,
    function: &mut Function,
    read: &Read,
    needs: &[Requirement],
    values: &mut Vec<InMemory>,
) -> Option<Handle<Expr>> {
    let is_number = function.exprs[read.expr].ty.scalar().is_some();
    if read.place.path.is_empty() || !is_number {
        return None;
    }
    let value = in_memory(module, function, read.place.clone());
    let needs = needs.to_vec();
    values.push(InMemory { needs, ..value });
    known(function, read, values)
}

/// Gives a place a variable.
pub(super) fn in_memory(module: &Module, function: &mut Function, place: Place) -> InMemory {
    let name = called(module, function, &place);
    let mut reads: Vec<mupac_ir::Read> = Vec::new();
    let mut pointers = 0;
    for (at, step) in place.path.iter().enumerate() {
        let Projection::Index(index) = step else {
            continue;
        };
        let before = before(&place, at);
        let variables = build::variables(function, *index);
        reads.extend(variables.into_iter().map(|var| Place::var(var).into()));
        let ty = function.place_type(&module.records, &before);
        if matches!(ty, Some(Type::Pointer { .. })) {
            reads.push(before.into());
            pointers += 1;
        }
    }
    reads.push(place.clone().into());
    let ty = function.place_type(&module.records, &place);
    let ty = ty.unwrap_or(Type::Void);
    let root = place.var;
    let value = function.expr(ExprKind::Load(place), ty.clone());
    let fetched = fetched(function, &name, ty, value);
    InMemory {
        fetched,
        root,
        reads,
        pointers,
        needs: Vec::new(),
        is_joined: false,
        among: Vec::new(),
        length_of: None,
        member: Vec::new(),
        greatest_of: None,
        is_kept: false,
    }
}

/// Returns what a place in memory is called: `s.data` of `s->data` and of `s[i].data`, `a.3` of `a[3]`.
fn called(module: &Module, function: &Function, place: &Place) -> String {
    let mut name = function.vars[place.var].name.clone();
    for (at, step) in place.path.iter().enumerate() {
        let ty = function.place_type(&module.records, &before(place, at));
        match (step, &ty) {
            (Projection::Index(index), _) => {
                let is_arrow = matches!(place.path.get(at + 1), Some(Projection::Field(_)));
                if let Some(index) = build::constant(function, *index).filter(|_| !is_arrow) {
                    name = format!("{name}.{}", index.unsigned_abs());
                }
            }
            (Projection::Field(field), Some(Type::Record(record))) => {
                let field = module.records[*record].fields.get(*field as usize);
                name = format!("{name}.{}", field.map_or("", |field| &field.name));
            }
            (Projection::Field(_), _) => {}
        }
    }
    name
}

/// Gives a value a variable, which no text spells.
fn fetched(function: &mut Function, name: &str, ty: Type, value: Handle<Expr>) -> Fetched {
    let name = function.fresh_name(name);
    let variable = function.vars.push(Var::local(name, ty));
    Fetched { variable, value }
}

/// Returns the variable of what is read, if it has one.
fn known(function: &mut Function, read: &Read, values: &[InMemory]) -> Option<Handle<Expr>> {
    let is_read = |value: Handle<Expr>| {
        let kind = &function.exprs[value].kind;
        matches!(kind, ExprKind::Load(place) if is_same_place(function, place, function, &read.place))
    };
    let mut values = values.iter().map(|each| &each.fetched);
    let value = values.find(|each| is_read(each.value))?;
    let mut node = function.exprs[read.expr].clone();
    node.kind = ExprKind::Load(Place::var(value.variable));
    Some(function.exprs.push(node))
}

fn replace(function: &mut Function, statements: &mut [Stmt], values: &[InMemory]) {
    for stmt in statements {
        in_statement(function, stmt, &mut |function, read| {
            known(function, read, values)
        });
        for block in region::blocks_mut(stmt) {
            replace(function, block, values);
        }
    }
}

/// What a region does with the variables that it reads memory by.
struct Uses<'a> {
    function: &'a Function,
    bases: &'a Bases<'a>,
    /// Places that qualify, each once, in the order of the text.
    places: Vec<Place>,
    /// Those of them that bounds, conditions and subscripts read.
    in_shape: Vec<Place>,
    /// Variables that the region reaches other memory by, too.
    kept: BTreeSet<Handle<Var>>,
}

impl<'a> Uses<'a> {
    fn of(function: &'a Function, statements: &'a [Stmt], bases: &'a Bases<'a>) -> Self {
        let mut uses = Self {
            function,
            bases,
            places: Vec::new(),
            in_shape: Vec::new(),
            kept: bases.changed.clone(),
        };
        let counting = counting(function, statements);
        region::each(statements, &mut |stmt| {
            let shapes = if let Stmt::Compute(compute) = stmt {
                counting.contains(&compute.target.var)
            } else {
                !matches!(stmt, Stmt::Let(..))
            };
            for expr in region::expressions(stmt) {
                build::visit(function, expr, &mut |_, node| {
                    uses.see(&node.kind, shapes);
                });
            }
            if let Some(target) = region::target(stmt) {
                uses.subscripts(target);
            }
        });
        uses
    }

    /// Notes what an expression does; `shapes` where it is part of a bound or condition.
    fn see(&mut self, kind: &ExprKind, shapes: bool) {
        let (ExprKind::Load(place) | ExprKind::Address(place)) = kind else {
            return;
        };
        self.subscripts(place);
        let is_read = matches!(kind, ExprKind::Load(_));
        if is_read && place.path.is_empty() {
            // Of a whole structure or pointer, more than one value is read.
            let ty = &self.function.vars[place.var].ty;
            self.kept
                .extend((!matches!(ty, Type::Scalar(_))).then_some(place.var));
        } else if is_read && self.is_readable(place, shapes) {
            self.note(place, shapes);
        } else if !self.bases.lead_to(place) {
            self.kept.insert(place.var);
        }
    }

    /// Notes the values that subscripts read.
    fn subscripts(&mut self, place: &Place) {
        for index in build::indices(place) {
            build::visit(self.function, index, &mut |_, node| {
                if let ExprKind::Load(place) = &node.kind
                    && !place.path.is_empty()
                    && self.is_readable(place, true)
                {
                    self.note(place, true);
                }
            });
        }
    }

    /// Returns whether a place holds a number that the host can read before the region, and should: what only iterations read,
    /// without pointers in memory and where no bound or subscript is made of it, a kernel may as well read where it is.
    fn is_readable(&self, place: &Place, shapes: bool) -> bool {
        let entered = &self.bases.entered;
        let ty = entered.ty(place).and_then(|ty| ty.scalar());
        let is_integer = ty.is_some_and(|ty| !ty.is_float());
        let is_read_before = || self.bases.loops_before(place).is_empty();
        let is_wanted = !self.bases.needed.is_empty() || (shapes && is_integer);
        (is_wanted || is_read_before()) && entered.is_readable(place, &self.bases.changed)
    }

    fn note(&mut self, place: &Place, shapes: bool) {
        let function = self.function;
        let lists = [Some(&mut self.places), shapes.then_some(&mut self.in_shape)];
        for list in lists.into_iter().flatten() {
            if !list
                .iter()
                .any(|known| is_same_place(function, known, function, place))
            {
                list.push(place.clone());
            }
        }
    }

    /// Returns the places to read: all by a variable that the region then needs no more, and of others those that say
    /// where the region reaches. A structure that stands for itself is passed as a whole.
    fn chosen(&self) -> Vec<Place> {
        let mut counts = BTreeMap::<Handle<Var>, usize>::new();
        for place in &self.places {
            *counts.entry(place.var).or_default() += 1;
        }
        let is_needless = |place: &&Place| {
            let is_structure = matches!(self.function.vars[place.var].ty, Type::Record(_));
            let count = counts.get(&place.var);
            !is_structure
                && !self.kept.contains(&place.var)
                && count.is_some_and(|count| *count <= MOST_OF_ONE)
        };
        let says_where = |place: &&Place| {
            let shapes = &self.in_shape;
            shapes
                .iter()
                .any(|other| is_same_place(self.function, other, self.function, place))
        };
        let places = self.places.iter();
        places
            .filter(|place| is_needless(place) || says_where(place))
            .cloned()
            .collect()
    }
}

/// Returns the integers that subscripts of some statements name: `a[first + i]` names `first`.
fn counting(function: &Function, statements: &[Stmt]) -> BTreeSet<Handle<Var>> {
    let mut found = BTreeSet::new();
    region::each_place(function, statements, &mut |place| {
        for index in build::indices(place) {
            found.extend(build::variables(function, index));
        }
    });
    found.retain(|var| function.vars[*var].ty.scalar().is_some());
    found
}

/// Returns how many loops have to run before values are there, of those for which any has.
pub(super) fn late(values: &[InMemory]) -> BTreeMap<Handle<Var>, usize> {
    let late = values.iter().filter(|each| !each.needs.is_empty());
    late.map(|each| (each.fetched.variable, each.needs.len()))
        .collect()
}

/// Returns the variables that stand for the values.
pub(super) fn variables(values: &[InMemory]) -> Vec<Fetched> {
    values.iter().map(|each| each.fetched.clone()).collect()
}

/// Returns the reason against values in memory beside a variable that the host changes while it still reads them: no
/// buffer stands for the variable, so no guard can show that a pointer does not lead there.
pub(super) fn changed_beside(
    scan: &Scan<'_>,
    values: &[InMemory],
    footprints: &[Footprint],
) -> Option<Refusal> {
    let is_met = |var: Handle<Var>| {
        let mut values = values.iter();
        values.any(|each| each.pointers > 0 || each.root == var)
    };
    let found = scan.written.iter().find(|(var, _)| {
        let declared = &scan.function.vars[**var];
        let is_value = matches!(declared.ty, Type::Scalar(_) | Type::Record(_));
        let has_buffer = footprints.iter().any(|each| each.array == **var);
        let is_own = declared.is_plain_local() || scan.declared.contains_key(var);
        is_value && !has_buffer && !is_own && is_met(**var)
    });
    found.map(|(var, at)| {
        let name = shown(&scan.function.vars[*var]);
        let construct = format!("writing {name}, where pointers that bounds are read by may lead,");
        Refusal::new(Reason::Unsupported { construct }, *at)
    })
}
