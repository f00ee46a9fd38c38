//! An element that a loop of a thread changes, and the register that takes its place.

use std::collections::BTreeSet;

use mupac_ir::structure::{expressions_mut, is_same_place};
use mupac_ir::{
    Arena, BinaryOp, Block, Compute, Expr, ExprKind, Extent, Function, Handle, If, Loop, LoopName,
    Place, Projection, Scalar, Space, Span, Stmt, StmtId, Type, Var,
};

use super::found::{Around, descend, one_place, unrolled};
use crate::judge::Covering;
use crate::normalise::modified;
use crate::steps::Names;
use crate::{build, region, trip};

/// More registers than this for one element each are not worth it.
const MOST_ELEMENTS: i128 = 64;

/// An element, or one for each iteration of some unrolled loops, that a loop of a thread changes.
pub(super) struct Held {
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
    /// What else of the array the statements read.
    others: Vec<Place>,
}

impl Held {
    /// Finds what a loop does to an array, and the type of the register for it; `None` where that is more than changing
    /// one element.
    pub(super) fn read(
        function: &Function,
        target: &Loop,
        array: Handle<Var>,
    ) -> Option<(Self, Type)> {
        let mut around = Vec::new();
        let statements = descend(function, &target.body, array, &mut around)?;
        let (place, others) = one_place(function, &statements, array)?;
        let is_conditional = around.iter().any(|each| matches!(each, Around::If(_)));
        let apart = unrolled(function, &around, &place);
        let meets = || {
            let is_barrier = |stmt: &Stmt| matches!(stmt, Stmt::Barrier);
            region::first(&target.body, &mut |stmt| is_barrier(stmt).then_some(())).is_some()
        };
        if !is_conditional && apart.is_empty() && others.is_empty() && !meets() {
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
            is_read_first: first.target.var != array || reads(function, first, &place),
            place,
            around,
            apart,
            moving,
            others,
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

    /// Returns in which forms copies may stand beside the loop: as they are, and where the loop may not run at all, only if it
    /// does.
    pub(super) fn forms(&self) -> &'static [bool] {
        if self.others.is_empty() {
            &[false]
        } else {
            &[false, true]
        }
    }

    /// Puts a register in the place of the element, and copies beside the loop with numbers from `id` on; `only_if_run`: they
    /// and the loop stand below the condition that it runs.
    pub(super) fn apply(
        &self,
        function: &mut Function,
        statements: &mut Block,
        (name, ty): (&LoopName, Type),
        (id, only_if_run): (StmtId, bool),
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
            let runs = only_if_run.then(|| runs(function, &each));
            let mut block = vec![Stmt::Declare(held.var, Span::default())];
            block.extend(before);
            block.push(Stmt::For(each));
            block.extend(after);
            Some(match runs {
                Some(condition) => vec![only_if(condition, block)],
                None => block,
            })
        })?;
        let loops = self.loops().enumerate();
        let kept = loops.filter(|(_, each)| self.apart.contains(&each.iterator));
        Some(Covering {
            copy: if self.is_read_first { ids[0] } else { ids[1] },
            write: self.write,
            kept: kept.map(|(at, _)| at).collect(),
            element: self.place.clone(),
            others: self.others.clone(),
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
                    // A condition before it, or the loop, may be what keeps a divisor from being 0.
                    let still = still.filter(|condition| {
                        self.is_still(function, *condition) && !build::divides(function, *condition)
                    });
                    let still: Vec<_> = still.collect();
                    if let Some(condition) = build::all_of(function, still) {
                        block = vec![only_if(condition, block)];
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

/// Returns whether an assignment reads a place.
fn reads(function: &Function, compute: &Compute, place: &Place) -> bool {
    let mut found = false;
    for expr in build::indices(&compute.target).chain([compute.value]) {
        build::visit(function, expr, &mut |_, node| {
            found |= matches!(&node.kind, ExprKind::Load(other)
                if is_same_place(function, other, function, place));
        });
    }
    found
}

/// Returns the condition under which a loop runs at all.
fn runs(function: &mut Function, each: &Loop) -> Handle<Expr> {
    let (low, high) = if each.step > 0 {
        (each.start, each.end)
    } else {
        (each.end, each.start)
    };
    build::binary(function, BinaryOp::Less, low, high)
}

fn only_if(condition: Handle<Expr>, then: Block) -> Stmt {
    Stmt::If(If {
        condition,
        then,
        otherwise: Block::new(),
        span: Span::default(),
    })
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
