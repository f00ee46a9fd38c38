//! Elements that a thread changes again and again stay in a register meanwhile.
//!
//! Between the first and the last time that a loop of one thread touches an element, nobody else does: the judge has
//! ordered every other access against these, and only the text of one thread and the ends of launches order anything.
//! So the element may be read once before the loop and written once after it, where the loop is certain to touch it; isl
//! compares the points that would read it with those that do.
//! Without a barrier and a condition compilers do the same by themselves, and such loops stay as they are.
//!
//! **Source**: Callahan, Carr, Kennedy, “Improving Register Allocation for Subscripted Variables”, PLDI 1990 (scalar
//! replacement).

use std::collections::BTreeSet;

use mupac_ir::structure::{expressions_mut, is_same_place};
use mupac_ir::{
    Arena, Block, Compute, Expr, ExprKind, Extent, Function, Handle, If, Loop, LoopName, Mapping,
    Place, Projection, Scalar, Space, Span, Stmt, StmtId, Type, Var,
};

use super::whole::with_body;
use crate::judge::{Covering, Tree};
use crate::normalise::modified;
use crate::state::Draft;
use crate::steps::Names;
use crate::{build, region, trip};

/// More registers than this for one element each are not worth it.
const MOST_ELEMENTS: i128 = 64;

/// Whether a copy beside a loop touches only what the loop does, in a tree that holds it; `None`: all are taken to do so.
pub(crate) type Accepts<'a> = Option<&'a dyn Fn(Tree<'_>, &Covering) -> bool>;

/// Returns the function and statements of a mapped region with elements in registers, each as far as it is accepted;
/// `None` where there are none.
pub(crate) fn held(
    draft: &Draft,
    statements: &[Stmt],
    inside: &BTreeSet<LoopName>,
    accepts: Accepts<'_>,
) -> Option<(Function, Block)> {
    let mut held: Option<(Function, Block)> = None;
    let mut next = None;
    // From the outside, so that an element stays for as long as it can.
    for each in region::loops(statements) {
        if !inside.contains(&each.name) || !may_hold(each) {
            continue;
        }
        for array in arrays(draft, each) {
            let (function, so_far) = match &held {
                Some((function, statements)) => (function, statements.as_slice()),
                None => (draft.function(), statements),
            };
            let target = region::find(so_far, &each.name)?;
            let Some((found, ty)) = Held::read(function, target, array) else {
                continue;
            };
            let id = next.unwrap_or_else(|| region::next_number(&[&function.body, so_far]));
            // Where nobody may refuse, nothing is kept to go back to.
            let before = accepts.and_then(|_| held.clone());
            let (function, rewritten) =
                held.get_or_insert_with(|| to_rewrite(draft, statements, accepts));
            let covering = found.apply(function, rewritten, (&each.name, ty), id)?;
            let tree = Tree {
                function,
                statements: rewritten,
            };
            if accepts.is_none_or(|accepts| accepts(tree, &covering)) {
                next = Some(StmtId(id.0.saturating_add(2)));
            } else {
                held = before;
            }
        }
    }
    held
}

/// Returns what is rewritten of statements; where nobody judges it, it is for an estimate, which needs no body of the
/// function.
pub(crate) fn to_rewrite(
    draft: &Draft,
    statements: &[Stmt],
    accepts: Accepts<'_>,
) -> (Function, Block) {
    let function = draft.function();
    let function = match accepts {
        Some(_) => function.clone(),
        None => function.without_body(),
    };
    (function, statements.to_vec())
}

/// Returns whether a thread runs all iterations of a loop in order and to the end.
fn may_hold(target: &Loop) -> bool {
    let leaves = |stmt: &Stmt| {
        // What lanes share out is not one thread's.
        matches!(stmt, Stmt::For(inner) if inner.mapping == Mapping::Lanes)
            || matches!(
                stmt,
                Stmt::Return(..)
                    | Stmt::Break(_)
                    | Stmt::Continue(_)
                    | Stmt::Call(_)
                    | Stmt::Verbatim(..)
            )
    };
    target.mapping == Mapping::Sequential
        && region::first(&target.body, &mut |stmt| leaves(stmt).then_some(())).is_none()
}

/// Returns the arrays in memory that a loop changes by plain assignments alone, by handle.
pub(crate) fn arrays(draft: &Draft, target: &Loop) -> Vec<Handle<Var>> {
    let (facts, function) = (draft.facts(), draft.function());
    let (mut plain, mut others) = (Vec::new(), Vec::new());
    region::each(&target.body, &mut |stmt| {
        if let Some(place) = region::target(stmt) {
            let is_plain = matches!(stmt, Stmt::Compute(compute)
                if !facts.updates.contains_key(&compute.id)
                    && !facts.reductions.iter().any(|each| each.statements.contains(&compute.id)));
            let known = if is_plain { &mut plain } else { &mut others };
            known.push(place.var);
        }
    });
    plain.sort_unstable();
    plain.dedup();
    plain.retain(|var| {
        let known = facts.footprints.iter().any(|each| each.array == *var);
        known && !others.contains(var) && !function.vars[*var].is_volatile
    });
    plain
}

/// What stands between a loop and the statements that change an element.
#[derive(Clone)]
enum Around {
    Loop(Loop),
    Let(Handle<Var>, Handle<Expr>),
    If(Vec<Handle<Expr>>),
}

/// An element, or one for each iteration of some unrolled loops, that a loop of a thread changes.
struct Held {
    place: Place,
    element: Type,
    around: Vec<Around>,
    /// The assignment that changes the element.
    write: StmtId,
    /// Where the element is first named.
    span: Span,
    /// Whether the loop may read what the element held before; memory that it writes first may hold nothing yet.
    is_read_first: bool,
    /// The iterators of the unrolled loops that tell elements apart.
    apart: BTreeSet<Handle<Var>>,
    /// What else changes inside the loop.
    moving: BTreeSet<Handle<Var>>,
}

impl Held {
    /// Finds what a loop does to an array, and the type of the register for it; `None` where that is more than changing
    /// one element.
    fn read(function: &Function, target: &Loop, array: Handle<Var>) -> Option<(Self, Type)> {
        let mut around = Vec::new();
        let statements = descend(function, &target.body, array, &mut around)?;
        let place = one_place(function, &statements, array)?;
        let is_conditional = around.iter().any(|each| matches!(each, Around::If(_)));
        let apart = unrolled(function, &around, &place);
        let meets = || {
            let is_barrier = |stmt: &Stmt| matches!(stmt, Stmt::Barrier);
            region::first(&target.body, &mut |stmt| is_barrier(stmt).then_some(())).is_some()
        };
        if !is_conditional && apart.is_empty() && !meets() {
            return None;
        }
        let first = statements.first()?;
        let write = statements.iter().find(|each| each.target.var == array)?;
        let mut moving = modified(&target.body);
        moving.insert(target.iterator);
        let mut held = Self {
            element: function.place_type(&Arena::default(), &place)?,
            write: write.id,
            span: first.span,
            is_read_first: first.target.var != array || build::names(function, first.value, array),
            place,
            around,
            apart,
            moving,
        };
        held.settle(function);
        let ty = held
            .is_fixed(function)
            .then(|| held.register_type(function));
        Some((held, ty??))
    }

    /// Takes what is known where the element would be read before the loop out of what changes inside it.
    fn settle(&mut self, function: &Function) {
        for var in &self.apart {
            self.moving.remove(var);
        }
        for each in &self.around {
            if let Around::Let(var, value) = each
                && self.is_still(function, *value)
            {
                self.moving.remove(var);
            }
        }
    }

    /// Returns whether an expression reads no memory and nothing that changes inside the loop.
    fn is_still(&self, function: &Function, expr: Handle<Expr>) -> bool {
        build::is_of_variables(function, expr, &|var| !self.moving.contains(&var))
    }

    /// Returns whether the element is the same in every iteration of the loop.
    fn is_fixed(&self, function: &Function) -> bool {
        build::indices(&self.place).all(|index| self.is_still(function, index))
    }

    /// Returns the loops between this one and the statements, from the outside.
    fn loops(&self) -> impl DoubleEndedIterator<Item = &Loop> {
        self.around.iter().filter_map(|each| match each {
            Around::Loop(each) => Some(each),
            Around::Let(..) | Around::If(_) => None,
        })
    }

    /// Returns those of them that tell elements apart.
    fn kept(&self) -> impl DoubleEndedIterator<Item = &Loop> {
        let is_kept = |each: &&Loop| self.apart.contains(&each.iterator);
        self.loops().filter(is_kept)
    }

    /// Returns the type of the register; `None` where that would be more than registers are for.
    fn register_type(&self, function: &Function) -> Option<Type> {
        let mut ty = self.element.clone();
        ty.scalar()?;
        let mut count = 1;
        for each in self.kept().rev() {
            let extent = trip::constant(function, each)?;
            count *= extent;
            ty = Type::Array {
                of: Box::new(ty),
                length: Extent::Fixed(u64::try_from(extent).ok()?),
            };
        }
        (count <= MOST_ELEMENTS).then_some(ty)
    }

    /// Makes the register, and returns the place in it where the loop finds the element.
    fn register(&self, function: &mut Function, ty: Type) -> Place {
        let base = format!("{}.h", function.vars[self.place.var].name);
        let mut register = Var::local(function.fresh_name(&base), ty);
        if !self.apart.is_empty() {
            register.space = Space::Register;
        }
        let var = function.vars.push(register);
        let path = self.kept().map(|each| {
            let load = function.load(each.iterator);
            Projection::Index(build::convert(function, load, Scalar::I64))
        });
        let path = path.collect();
        Place { var, path }
    }

    /// Puts a register in the place of the element, and copies beside the loop with numbers from `id` on.
    fn apply(
        self,
        function: &mut Function,
        statements: &mut Block,
        (name, ty): (&LoopName, Type),
        id: StmtId,
    ) -> Option<Covering> {
        let held = self.register(function, ty);
        let ids = [id, StmtId(id.0.saturating_add(1))];
        let mut names = self.names(function, statements).into_iter();
        let [mut before, mut after] = [(&held, &self.place, ids[0]), (&self.place, &held, ids[1])]
            .map(|what| self.copy(function, what, &mut names));
        if self.is_read_first {
            // A name that the first copy needs has its value until the end of the block.
            after.retain(|stmt| !matches!(stmt, Stmt::Let(..)) || !before.contains(stmt));
        } else {
            before.clear();
        }
        let mut copies = Some((before, after));
        region::replace(statements, name, &mut |mut each| {
            let (before, after) = copies.take()?;
            replace(function, &mut each.body, &self.place, &held);
            let mut block = vec![Stmt::Declare(held.var, Span::default())];
            block.extend(before);
            block.push(Stmt::For(each));
            block.extend(after);
            Some(block)
        })?;
        let loops = self.loops().enumerate();
        let kept = loops.filter(|(_, each)| self.apart.contains(&each.iterator));
        Some(Covering {
            copy: if self.is_read_first { ids[0] } else { ids[1] },
            write: self.write,
            kept: kept.map(|(at, _)| at).collect(),
            element: build::indices(&self.place).collect(),
        })
    }

    /// Returns the names of the loops of both copies, inner before outer.
    fn names(&self, function: &Function, statements: &[Stmt]) -> Vec<LoopName> {
        if self.apart.is_empty() {
            return Vec::new();
        }
        let taken = Names::of(function, statements);
        let mut number = 2;
        let loops = self.kept().rev().chain(self.kept().rev());
        loops
            .map(|each| taken.next(&each.name, &mut number))
            .collect()
    }

    /// Returns a copy of all elements from one place to another, as the loop would meet them.
    fn copy(
        &self,
        function: &mut Function,
        (to, from, id): (&Place, &Place, StmtId),
        names: &mut dyn Iterator<Item = LoopName>,
    ) -> Block {
        let mut block = vec![Stmt::Compute(Compute {
            id,
            target: to.clone(),
            value: function.expr(ExprKind::Load(from.clone()), self.element.clone()),
            span: self.span,
            target_span: self.span,
        })];
        for each in self.around.iter().rev() {
            match each {
                Around::Let(var, value) if self.is_still(function, *value) => {
                    block.insert(0, Stmt::Let(*var, *value));
                }
                Around::If(conditions) => {
                    let still = conditions.iter().copied();
                    let still = still.filter(|condition| self.is_still(function, *condition));
                    let still: Vec<_> = still.collect();
                    if let Some(condition) = build::all_of(function, still) {
                        block = vec![Stmt::If(If {
                            condition,
                            then: block,
                            otherwise: Block::new(),
                            span: Span::default(),
                        })];
                    }
                }
                Around::Loop(each) if self.apart.contains(&each.iterator) => {
                    block = vec![Stmt::For(Loop {
                        name: names.next().unwrap_or_else(|| each.name.clone()),
                        body: block,
                        ..*each
                    })];
                }
                Around::Let(..) | Around::Loop(_) => {}
            }
        }
        block
    }
}

/// Finds the only statements that name an array which a block changes, if they stand side by side, and what is around
/// them.
fn descend<'a>(
    function: &Function,
    block: &'a [Stmt],
    array: Handle<Var>,
    around: &mut Vec<Around>,
) -> Option<Vec<&'a Compute>> {
    // Where it is changed they must all be, so that only what stands beside is looked through.
    let way = block.iter().find(|stmt| changes(stmt, array))?;
    let names = |expr: Handle<Expr>| build::names(function, expr, array);
    let mut beside = block.iter().filter(|stmt| !std::ptr::eq(*stmt, way));
    let mut is_alone = || !beside.any(|stmt| region::names(function, stmt, array));
    for stmt in block {
        if let Stmt::Let(var, value) = stmt {
            around.push(Around::Let(*var, *value));
        }
    }
    match way {
        Stmt::For(each) if !names(each.start) && !names(each.end) && is_alone() => {
            around.push(Around::Loop(with_body(each, Block::new())));
            descend(function, &each.body, array, around)
        }
        Stmt::If(branch)
            if branch.otherwise.is_empty() && !names(branch.condition) && is_alone() =>
        {
            around.push(Around::If(build::conjuncts(function, branch.condition)));
            descend(function, &branch.then, array, around)
        }
        Stmt::Compute(_) => {
            let naming = block.iter();
            let naming = naming.filter(|stmt| region::names(function, stmt, array));
            naming.map(compute).collect()
        }
        Stmt::For(_)
        | Stmt::If(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::While(_)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => None,
    }
}

/// Returns whether a statement assigns to an array.
fn changes(stmt: &Stmt, array: Handle<Var>) -> bool {
    region::first(std::slice::from_ref(stmt), &mut |stmt| {
        region::target(stmt).filter(|place| place.var == array)
    })
    .is_some()
}

fn compute(stmt: &Stmt) -> Option<&Compute> {
    if let Stmt::Compute(compute) = stmt {
        Some(compute)
    } else {
        None
    }
}

/// Returns the element of an array that statements name, if they name but one by the same text and one of them assigns
/// it.
fn one_place(function: &Function, statements: &[&Compute], array: Handle<Var>) -> Option<Place> {
    let writes = statements.iter().map(|each| &each.target);
    let place = writes.clone().find(|place| place.var == array)?;
    let mut is_one = place.subscripts().is_some();
    let mut see = |other: &Place| {
        is_one &= other.var != array || is_same_place(function, other, function, place);
    };
    for each in statements {
        see(&each.target);
        let read = build::indices(&each.target).chain([each.value]);
        for expr in read {
            build::visit(function, expr, &mut |_, node| {
                if let ExprKind::Load(other) | ExprKind::Address(other) = &node.kind {
                    see(other);
                }
            });
        }
    }
    is_one.then(|| place.clone())
}

/// Returns the iterators of the unrolled loops that tell elements apart.
fn unrolled(function: &Function, around: &[Around], place: &Place) -> BTreeSet<Handle<Var>> {
    let mut named: BTreeSet<Handle<Var>> = build::indices(place)
        .flat_map(|index| build::variables(function, index))
        .collect();
    let mut apart = BTreeSet::new();
    for each in around.iter().rev() {
        match each {
            Around::Let(var, value) if named.contains(var) => {
                named.extend(build::variables(function, *value));
            }
            Around::Loop(each)
                if named.contains(&each.iterator)
                    && matches!(each.mapping, Mapping::Unroll(_))
                    && each.declares_iterator
                    && each.step == 1
                    && build::constant(function, each.start) == Some(0)
                    && trip::constant(function, each).is_some() =>
            {
                apart.insert(each.iterator);
            }
            Around::Let(..) | Around::Loop(_) | Around::If(_) => {}
        }
    }
    apart
}

/// Puts one place where statements name another.
pub(crate) fn replace(function: &mut Function, block: &mut Block, from: &Place, to: &Place) {
    for stmt in block {
        if let Stmt::Compute(compute) = stmt
            && is_same_place(function, &compute.target, function, from)
        {
            compute.target = to.clone();
        }
        for expr in expressions_mut(stmt) {
            if !build::names(function, *expr, from.var) {
                continue;
            }
            *expr = build::replaced(function, *expr, &mut |function, node| {
                let ExprKind::Load(place) = &node.kind else {
                    return None;
                };
                let kind = is_same_place(function, place, function, from)
                    .then(|| ExprKind::Load(to.clone()));
                kind.map(|kind| function.expr(kind, node.ty.clone()))
            });
        }
        for inner in region::blocks_mut(stmt) {
            replace(function, inner, from, to);
        }
    }
}
