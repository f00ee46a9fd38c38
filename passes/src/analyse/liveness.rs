//! Whether the value that a variable, or a part of one, has somewhere may be read later: what privatisation needs to know.

use std::collections::BTreeSet;

use mupac_ir::{Block, Expr, ExprKind, Function, Handle, Stmt, Storage, Type, Var};

use super::filled::{self, Extents};
use super::linear::Linear;
use super::names;
use super::part::{Meets, Part};
use super::privatise::Position;
use crate::facts::BlockStep;
use crate::{build, region};

/// What happens first to a variable's value on the paths through some statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum First {
    /// Some path reads it.
    Read,
    /// Every path that goes on writes it, none reads it before.
    Written,
    /// Some path does neither.
    Neither,
}

impl First {
    fn then(self, next: impl FnOnce() -> Self) -> Self {
        match self {
            Self::Read | Self::Written => self,
            Self::Neither => next(),
        }
    }

    fn either(self, other: Self) -> Self {
        match (self, other) {
            (Self::Read, _) | (_, Self::Read) => Self::Read,
            (Self::Written, Self::Written) => Self::Written,
            (Self::Neither, _) | (_, Self::Neither) => Self::Neither,
        }
    }

    /// A block that may not run, or not to its end, writes nothing for certain.
    fn perhaps(self) -> Self {
        match self {
            Self::Read => Self::Read,
            Self::Written | Self::Neither => Self::Neither,
        }
    }
}

/// Returns what happens first to the value of `part` when a block runs.
///
/// A path that leaves the block early has no next statement here; who asks about an enclosing loop asks about the
/// statements after it too.
pub(crate) fn first_use(function: &Function, block: &[Stmt], part: &Part) -> First {
    if part.is_whole()
        && let Some(extents) = filled::extents(function, part.var)
    {
        let extents = extents
            .into_iter()
            .map(|extent| Some(Linear::number(extent.into())));
        let extents: Vec<_> = extents.collect();
        return filled::first_use(function, block, part.var, &extents);
    }
    block.iter().fold(First::Neither, |first, stmt| {
        first.then(|| first_in_statement(function, stmt, part))
    })
}

/// Returns whether a block may read one of some parts before it writes that part.
pub(crate) fn is_read_first(function: &Function, block: &[Stmt], parts: &[Part]) -> bool {
    let mut parts = parts.iter();
    parts.any(|part| first_use(function, block, part) == First::Read)
}

fn first_in_statement(function: &Function, stmt: &Stmt, part: &Part) -> First {
    let inner = |block: &Block| first_use(function, block, part);
    let var = part.var;
    if is_read(function, &region::expressions(stmt), part) {
        return First::Read;
    }
    if let Stmt::Declare(declared, _) = stmt
        && names::lengths(&function.vars[*declared].ty)
            .into_iter()
            .any(|length| build::variables(function, length).contains(&var))
    {
        return First::Read;
    }
    match stmt {
        Stmt::Compute(compute) if compute.target.var == var => {
            match part.meets(function, &compute.target) {
                Meets::Covers => First::Written,
                // A pointer is read to find the memory behind it.
                Meets::Behind => First::Read,
                // What the rest of the object holds stays.
                Meets::Perhaps | Meets::Never => First::Neither,
            }
        }
        Stmt::Call(call) if call.target.as_ref().is_some_and(|place| place.var == var) => {
            First::Read
        }
        Stmt::Let(target, _) | Stmt::Declare(target, _) if *target == var => First::Written,
        Stmt::For(each) if each.iterator == var => First::Written,
        Stmt::For(each) => inner(&each.body).perhaps(),
        Stmt::If(branch) => inner(&branch.then).either(inner(&branch.otherwise)),
        Stmt::While(each) => [&each.before_test, &each.body, &each.after_body]
            .into_iter()
            .map(inner)
            .fold(First::Neither, First::either)
            .perhaps(),
        Stmt::Return(..) | Stmt::Break(_) | Stmt::Continue(_) => First::Written,
        Stmt::Verbatim(text, _) if function.vars[var].is_reached_by(*text) => First::Read,
        Stmt::Verbatim(..)
        | Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::Call(_)
        | Stmt::Barrier => First::Neither,
    }
}

fn is_read(function: &Function, expressions: &[Handle<Expr>], part: &Part) -> bool {
    let mut found = false;
    for expr in expressions {
        build::visit(function, *expr, &mut |_, node| {
            found |= match &node.kind {
                ExprKind::Load(place) => part.meets(function, place) != Meets::Never,
                ExprKind::Address(place) => place.var == part.var,
                ExprKind::Int(_)
                | ExprKind::Float(_)
                | ExprKind::Text(_)
                | ExprKind::Unary(..)
                | ExprKind::Binary(..)
                | ExprKind::Cast(_)
                | ExprKind::Select { .. }
                | ExprKind::Call(..)
                | ExprKind::BlockIndex(_)
                | ExprKind::ThreadIndex(_) => false,
            };
        });
    }
    found
}

/// Returns whether the value that `var` has after the statement at `position` of the block at `path` may be read.
///
/// `var` has automatic storage and its address is not taken.
pub(crate) fn is_live_after(
    function: &Function,
    path: &[BlockStep],
    position: usize,
    var: Handle<Var>,
) -> bool {
    is_part_live_after(function, path, position, &Part::whole(var))
}

/// Returns the same of a part of a variable.
pub(crate) fn is_part_live_after(
    function: &Function,
    path: &[BlockStep],
    position: usize,
    part: &Part,
) -> bool {
    Value::Part(part).is_live_after(function, path, position)
}

/// Returns the same of what the elements of an array hold, or those of the object behind a pointer that nothing else leads to.
pub(crate) fn is_object_live_after(
    function: &Function,
    path: &[BlockStep],
    position: usize,
    (var, extents): (Handle<Var>, &Extents),
) -> bool {
    Value::Object(var, extents).is_live_after(function, path, position)
}

/// Returns whether a block may read an element of an array, or of the object behind a pointer, before it writes it.
pub(crate) fn is_object_read_first(
    function: &Function,
    block: &[Stmt],
    (var, extents): (Handle<Var>, &Extents),
) -> bool {
    Value::Object(var, extents).first_use(function, block) == First::Read
}

/// What may be read later.
enum Value<'a> {
    /// A part of a variable.
    Part(&'a Part),
    /// The elements of an array, or of the object behind a pointer, with their extents.
    Object(Handle<Var>, &'a [Option<Linear>]),
}

impl Value<'_> {
    fn var(&self) -> Handle<Var> {
        match self {
            Self::Part(part) => part.var,
            Self::Object(var, _) => *var,
        }
    }

    fn first_use(&self, function: &Function, block: &[Stmt]) -> First {
        match self {
            Self::Part(part) => first_use(function, block, part),
            Self::Object(var, extents) => filled::first_use(function, block, *var, extents),
        }
    }

    /// Returns whether the header of a loop reads it.
    fn is_read_by(&self, function: &Function, header: &Stmt) -> bool {
        let expressions = region::expressions(header);
        match self {
            Self::Part(part) => is_read(function, &expressions, part),
            Self::Object(var, _) => {
                let mut read = expressions.iter();
                read.any(|expr| build::names(function, *expr, *var))
            }
        }
    }

    fn is_live_after(&self, function: &Function, path: &[BlockStep], position: usize) -> bool {
        let Some(block) = region::block(&function.body, path) else {
            return true;
        };
        // No text behind its scope can name it, whatever it does.
        let mut before = block.iter().take(position + 1);
        if before.any(|stmt| declares(stmt, self.var())) {
            return false;
        }
        let rest = block.get(position + 1..).unwrap_or(&[]);
        let first = self.first_use(function, rest);
        if first == First::Read {
            return true;
        }
        let Some((last, outer)) = path.split_last() else {
            return false;
        };
        let (at, is_loop) = match last {
            BlockStep::Body(at) => (*at, true),
            BlockStep::Then(at) | BlockStep::Otherwise(at) => (*at, false),
        };
        if is_loop && self.is_read_again(function, outer, at) {
            return true;
        }
        // Control may leave a loop's body without reaching the writes that follow here.
        if !is_loop && first == First::Written && !rest.iter().any(may_jump) {
            return false;
        }
        self.is_live_after(function, outer, at)
    }

    /// Returns whether a further iteration of the loop there may read what is there before it.
    fn is_read_again(&self, function: &Function, path: &[BlockStep], at: usize) -> bool {
        let Some(stmt) = region::block(&function.body, path).and_then(|block| block.get(at)) else {
            return true;
        };
        self.is_read_by(function, stmt)
            || region::blocks(stmt).any(|block| self.first_use(function, block) == First::Read)
    }
}

/// Returns whether a variable is declared in a block within a statement, so that its scope ends there.
fn declares(stmt: &Stmt, var: Handle<Var>) -> bool {
    let mut is_found = false;
    for block in region::blocks(stmt) {
        region::each(block, &mut |inner| {
            is_found |= matches!(inner, Stmt::Declare(own, _) | Stmt::Let(own, _) if *own == var);
        });
    }
    is_found
}

/// Returns whether what a region leaves in an array may be read later.
///
/// It may unless the array is a local with automatic storage whose elements alone the function names, and none of them
/// after the region: then no pointer to it exists anywhere.
pub(crate) fn is_array_live_after(
    function: &Function,
    position: Position<'_>,
    array: Handle<Var>,
) -> bool {
    let var = &function.vars[array];
    let is_own = var.storage == Storage::Local && matches!(var.ty, Type::Array { .. });
    !is_own
        || escapes(function, array)
        || is_live_after(function, position.path, position.last(), array)
}

/// Returns whether others than the statements of a function that name a variable may reach what it holds.
///
/// An array's name is its address, which no declaration tells.
pub(crate) fn escapes(function: &Function, var: Handle<Var>) -> bool {
    let declared = &function.vars[var];
    let mut is_escaping = !declared.is_plain_local() || !declared.texts.is_empty();
    if matches!(declared.ty, Type::Scalar(_)) {
        return is_escaping;
    }
    region::each(&function.body, &mut |stmt| {
        for expr in region::expressions(stmt) {
            build::visit(function, expr, &mut |_, node| {
                is_escaping |= matches!(&node.kind, ExprKind::Address(place) if place.var == var);
            });
        }
    });
    is_escaping
}

/// Returns the variables whose own address the statements of a function take.
pub(super) fn addressed(function: &Function) -> BTreeSet<Handle<Var>> {
    let mut found = BTreeSet::new();
    region::each(&function.body, &mut |stmt| {
        for expr in region::expressions(stmt) {
            build::visit(function, expr, &mut |_, node| {
                if let ExprKind::Address(place) = &node.kind
                    && !names::leaves_variable(function, place)
                {
                    found.insert(place.var);
                }
            });
        }
    });
    found
}

fn may_jump(stmt: &Stmt) -> bool {
    names::may_leave(std::slice::from_ref(stmt))
}
