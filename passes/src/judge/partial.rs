//! Parts of arrays that blocks join for themselves: which arrays can have one, and whether a rewritten tree is right about
//! it.
//!
//! A block's part stands in for the array in every update of a launch; elements start with what changes nothing, and are
//! joined to the array's when the block is through. That is the same as joining one by one where nothing else in the launch
//! looks at the array, all updates join by one operator, and no subscript leaves the part.

use std::collections::BTreeSet;

use mupac_ir::structure::visit;
use mupac_ir::{
    Block, Compute, Expr, ExprKind, Extent, Function, Handle, Loop, Place, Projection,
    ReductionOperator, Refusal, Space, Stmt, Type, Var,
};

use super::{Tree, illegal, place};
use crate::facts::{Facts, Update};
use crate::interval::Intervals;
use crate::{joining, region};

/// What the updates of a launch join in an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Partial {
    /// By what every update joins.
    pub(crate) operator: ReductionOperator,
    /// No subscript is as large, and none is negative.
    pub(crate) length: u64,
}

/// Returns the array of which a variable is a block's part.
pub(crate) fn whole_of(function: &Function, var: Handle<Var>) -> Option<Handle<Var>> {
    match function.vars[var].space {
        Space::Partial(array) => Some(array),
        Space::Host
        | Space::Global
        | Space::Constant(_)
        | Space::Shared
        | Space::Slices(_)
        | Space::Register => None,
    }
}

/// Returns the parts that statements declare, in the order of the text.
pub(crate) fn parts(function: &Function, statements: &[Stmt]) -> Vec<(Handle<Var>, Handle<Var>)> {
    let mut found = Vec::new();
    region::each(statements, &mut |stmt| {
        if let Stmt::Declare(var, _) = stmt
            && let Some(array) = whole_of(function, *var)
            && !found.contains(&(*var, array))
        {
            found.push((*var, array));
        }
    });
    found
}

/// Returns the outermost mapped loops, each of which is a launch.
pub(crate) fn launches(statements: &[Stmt]) -> Vec<&Stmt> {
    let mut found = Vec::new();
    for stmt in statements {
        let is_launch = matches!(stmt, Stmt::For(each) if each.mapping.is_parallel());
        if is_launch {
            found.push(stmt);
        } else {
            let inside = region::blocks(stmt);
            found.extend(inside.flat_map(|block| launches(block)));
        }
    }
    found
}

/// Returns the arrays that statements update.
pub(crate) fn updated(facts: &Facts, statements: &[Stmt]) -> BTreeSet<Handle<Var>> {
    let mut found = BTreeSet::new();
    region::each(statements, &mut |stmt| {
        if let Stmt::Compute(compute) = stmt
            && facts.updates.contains_key(&compute.id)
        {
            found.insert(compute.target.var);
        }
    });
    found
}

/// Checks every part that a rewritten tree declares.
///
/// **Errors**: `illegal-step` where a launch does more with the array, may leave the part, or has two of it.
pub(super) fn check(facts: &Facts, after: Tree<'_>) -> Result<(), Refusal> {
    let mut rest = parts(after.function, after.statements).len();
    for launch in launches(after.statements) {
        let mut seen = Vec::new();
        for (var, array) in parts(after.function, std::slice::from_ref(launch)) {
            let refused = |why: &str| {
                let name = &after.function.vars[array].name;
                illegal(
                    format!("the part of {name}: {why}"),
                    place(after.statements),
                )
            };
            let partial = partial(facts, after, std::slice::from_ref(launch), array)
                .ok_or_else(|| refused("the launch does more with the array than join to it"))?;
            if length(&after.function.vars[var].ty) != Some(partial.length) {
                return Err(refused("it has not the length that the subscripts need"));
            }
            if seen.contains(&array) {
                return Err(refused("a launch has one"));
            }
            seen.push(array);
        }
        rest = rest.saturating_sub(seen.len());
    }
    let at = place(after.statements);
    (rest == 0)
        .then_some(())
        .ok_or_else(|| illegal("a part of an array outside of the code of threads", at))
}

/// Returns what the updates of a launch join in an array; `None` where it does anything else with the array, where the
/// subscripts have no bounds, and where a thread may end before the others.
///
/// `launch` are statements of a tree, of a launch as it is or as it may become.
pub(crate) fn partial(
    facts: &Facts,
    tree: Tree<'_>,
    launch: &[Stmt],
    array: Handle<Var>,
) -> Option<Partial> {
    let mut survey = Survey {
        facts,
        function: tree.function,
        intervals: Intervals::of(facts, tree.function, tree.statements),
        array,
        operator: None,
        declared: length(&tree.function.vars[array].ty),
        greatest: None,
    };
    launch
        .iter()
        .try_for_each(|stmt| survey.stmt(stmt, false))?;
    Some(Partial {
        operator: survey.operator?,
        length: u64::try_from(survey.greatest?.checked_add(1)?).ok()?,
    })
}

/// The walk over a launch.
struct Survey<'a> {
    facts: &'a Facts,
    function: &'a Function,
    intervals: Intervals<'a>,
    array: Handle<Var>,
    operator: Option<ReductionOperator>,
    /// The length of the array, where it is declared with one: the program has no other elements.
    declared: Option<u64>,
    /// The greatest subscript.
    greatest: Option<i128>,
}

impl Survey<'_> {
    /// Sees that a statement does nothing with the array but join to it, and that it does not end the thread: what a
    /// `continue` of a mapped loop would do, where no sequential loop is `inside` it.
    fn stmt(&mut self, stmt: &Stmt, inside: bool) -> Option<()> {
        match stmt {
            Stmt::Compute(compute) => {
                self.compute(compute, joining::assignment(self.function, compute))
            }
            Stmt::If(branch) => match joining::condition(self.function, branch) {
                Some(joined) if joined.compute.target.var == self.array => {
                    self.reads(branch.condition, &joined.loads)?;
                    self.compute(joined.compute, Some(joined.clone()))
                }
                Some(_) | None => {
                    self.expressions(stmt)?;
                    self.block(&branch.then, inside)?;
                    self.block(&branch.otherwise, inside)
                }
            },
            Stmt::For(each) => {
                self.expressions(stmt)?;
                self.block(&each.body, inside || !each.mapping.is_parallel())
            }
            Stmt::While(each) => {
                self.expressions(stmt)?;
                for block in [&each.before_test, &each.body, &each.after_body] {
                    self.block(block, true)?;
                }
                Some(())
            }
            Stmt::Continue(_) => inside.then_some(()),
            Stmt::Call(_) | Stmt::Return(..) | Stmt::Verbatim(..) => None,
            Stmt::Declare(..) | Stmt::Let(..) | Stmt::Break(_) | Stmt::Barrier => {
                self.expressions(stmt)
            }
        }
    }

    fn block(&mut self, block: &Block, inside: bool) -> Option<()> {
        block.iter().try_for_each(|stmt| self.stmt(stmt, inside))
    }

    /// Sees that an assignment is an update, or has nothing to do with the array.
    fn compute(&mut self, compute: &Compute, joined: Option<joining::Joined<'_>>) -> Option<()> {
        if compute.target.var != self.array {
            return self.each_read(compute, &[]);
        }
        let joined = joined?;
        let Some(Update::Join(operator)) = self.facts.updates.get(&compute.id) else {
            return None;
        };
        let is_same = self.operator.is_none_or(|known| known == *operator);
        self.operator = Some(*operator);
        self.element(&compute.target)?;
        is_same.then_some(())?;
        self.each_read(compute, &joined.loads)
    }

    /// Notes the subscript of an update.
    fn element(&mut self, place: &Place) -> Option<()> {
        let [Projection::Index(index)] = place.path.as_slice() else {
            return None;
        };
        let (least, greatest) = self.intervals.value(*index)?;
        let end = self.declared.map(i128::from);
        let is_bounded = least >= 0 || end.is_some();
        let greatest = end.map_or(greatest, |end| greatest.min(end - 1));
        self.greatest = self.greatest.max(Some(greatest));
        is_bounded.then_some(())
    }

    fn each_read(&self, compute: &Compute, own: &[Handle<Expr>]) -> Option<()> {
        let indices = mupac_ir::structure::indices(&compute.target);
        let mut all = indices.chain([compute.value]);
        all.try_for_each(|expr| self.reads(expr, own))
    }

    fn expressions(&self, stmt: &Stmt) -> Option<()> {
        let mut all = region::expressions(stmt).into_iter();
        all.try_for_each(|expr| self.reads(expr, &[]))
    }

    /// Sees that an expression names the array in nothing but reads that belong to an update.
    fn reads(&self, expr: Handle<Expr>, own: &[Handle<Expr>]) -> Option<()> {
        let mut is_apart = true;
        visit(self.function, expr, &mut |handle, node| {
            if let ExprKind::Load(place) | ExprKind::Address(place) = &node.kind {
                is_apart &= place.var != self.array || own.contains(&handle);
            }
        });
        is_apart.then_some(())
    }
}

/// Returns the length of an array of numbers.
pub(crate) fn length(ty: &Type) -> Option<u64> {
    match ty {
        Type::Array {
            of,
            length: Extent::Fixed(length),
        } => of.scalar().map(|_| *length),
        Type::Array { .. }
        | Type::Void
        | Type::Scalar(_)
        | Type::Pointer { .. }
        | Type::Record(_)
        | Type::Opaque(_) => None,
    }
}

/// Returns the code of the threads of a launch: the body of its innermost mapped loop.
pub(crate) fn code(launch: &Stmt) -> Option<&Loop> {
    let loops = region::loops(std::slice::from_ref(launch));
    loops.into_iter().rfind(|each| each.mapping.is_parallel())
}
