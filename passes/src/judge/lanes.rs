//! Loops in the code of threads that the lanes of a warp share out: what their iterations join, and whether a rewritten tree is
//! right about them.
//!
//! A warp runs the code of one thread. Outside of such loops all its lanes compute the same, each in registers of its own, and
//! one of them writes to memory; the lanes wait for one another wherever one writes what another one reads.
//! So the text orders a loop against what stands before and behind it, and nothing orders its iterations: they may depend on
//! one another only by values that they join, of which each lane has one of its own until the loop is through.
//!
//! **Source**: Bell, Garland, “Implementing Sparse Matrix-Vector Multiplication on Throughput-Oriented Processors”, SC 2009
//! (a warp for each row).

use std::collections::BTreeSet;

use mupac_ir::structure::{each_operand, is_same_place, visit};
use mupac_ir::{
    Arena, Axis, Block, Expr, ExprKind, Function, Handle, Loop, LoopName, Mapping, Projection,
    ReductionOperator, Refusal, Scalar, Space, Stmt, Var,
};

use super::replaced::is_of_device;
use super::slices::Sliced;
use super::walk::{self, Exit, leaves};
use super::{Tree, code, illegal, launches};
use crate::facts::{Facts, Reduction};
use crate::joining::{self, Joined};
use crate::normalise::modified;
use crate::{build, region};

/// Returns the loops that lanes share out, in the order of the text.
pub(crate) fn by_lanes(statements: &[Stmt]) -> Vec<&Loop> {
    let mut found = region::loops(statements);
    found.retain(|each| each.mapping == Mapping::Lanes);
    found
}

/// Returns whether a variable is memory that other threads can reach.
pub(crate) fn is_memory(facts: &Facts, function: &Function, var: Handle<Var>) -> bool {
    is_data(facts, var) || is_of_device(function, var)
}

/// Returns whether a variable is memory of the program.
fn is_data(facts: &Facts, var: Handle<Var>) -> bool {
    facts.footprints.iter().any(|each| each.array == var)
}

/// Returns what the iterations of a loop join, each in a number of its own, if no statement of the loop does anything else
/// with it: a variable, or an element to which they add.
pub(crate) fn joins(facts: &Facts, function: &Function, each: &Loop) -> Vec<Reduction> {
    let mut joined: Vec<Joined<'_>> = Vec::new();
    region::each(&each.body, &mut |stmt| {
        joined.extend(joining::statement(function, stmt));
    });
    let mut changed = modified(&each.body);
    changed.insert(each.iterator);
    let mut found: Vec<Reduction> = Vec::new();
    for first in &joined {
        let target = &first.compute.target;
        if found.iter().any(|known| known.target.var == target.var) {
            continue;
        }
        let alike: Vec<_> = joined
            .iter()
            .filter(|other| {
                other.joining == first.joining
                    && is_same_place(function, &other.compute.target, function, target)
            })
            .collect();
        let is_element_fixed = target.path.iter().all(|step| match step {
            Projection::Index(index) => {
                build::is_of_variables(function, *index, &|var| !changed.contains(&var))
            }
            Projection::Field(_) => false,
        });
        if is_element_fixed && is_apart(facts, function, each, &alike) {
            found.extend(reduction(function, &alike));
        }
    }
    // Without a neutral value a lane joins in the target itself, which then is a variable of its own.
    found.retain(|known| {
        let is_own = known.target.path.is_empty() && !is_memory(facts, function, known.target.var);
        is_own || starts_neutral(known.joining.operator)
    });
    found
}

/// Returns whether lanes can start with a value that changes nothing, whatever the target holds.
fn starts_neutral(operator: ReductionOperator) -> bool {
    match operator {
        ReductionOperator::Sum | ReductionOperator::Product | ReductionOperator::BitXor => true,
        ReductionOperator::Minimum
        | ReductionOperator::Maximum
        | ReductionOperator::BitAnd
        | ReductionOperator::BitOr => false,
    }
}

/// Returns what some statements join to their target; `None` where that is no number that lanes can exchange.
fn reduction(function: &Function, alike: &[&Joined<'_>]) -> Option<Reduction> {
    let first = alike.first()?;
    let target = first.compute.target.clone();
    let ty = function.place_type(&Arena::default(), &target)?.scalar()?;
    (ty.bits() >= 32).then(|| Reduction {
        scan: None,
        starts_anew: false,
        is_in_memory: !target.path.is_empty(),
        joining: first.joining.clone(),
        name: function.vars[target.var].name.clone(),
        target,
        ty,
        statements: alike.iter().map(|each| each.compute.id).collect(),
        outside: Vec::new(),
        span: first.compute.span,
    })
}

/// Returns whether a loop does nothing with a variable but what some statements join to it.
fn is_apart(facts: &Facts, function: &Function, each: &Loop, alike: &[&Joined<'_>]) -> bool {
    let Some(var) = alike.first().map(|first| first.compute.target.var) else {
        return false;
    };
    let own: BTreeSet<Handle<Expr>> = alike.iter().flat_map(|one| one.loads.clone()).collect();
    let mut is_apart = !function.vars[var].is_volatile;
    region::each(&each.body, &mut |stmt| {
        let belongs = matches!(stmt, Stmt::Compute(compute)
            if alike.iter().any(|one| one.compute.id == compute.id)
                && !facts.updates.contains_key(&compute.id));
        let is_target = region::target(stmt).is_some_and(|place| place.var == var);
        let is_declared = matches!(stmt, Stmt::Declare(own, _) | Stmt::Let(own, _) if *own == var);
        let counts = matches!(stmt, Stmt::For(inner) if inner.iterator == var);
        is_apart &= !(is_target && !belongs || is_declared || counts);
        for expr in region::expressions(stmt) {
            visit(function, expr, &mut |handle, node| {
                if let ExprKind::Load(place) | ExprKind::Address(place) = &node.kind {
                    is_apart &= place.var != var || own.contains(&handle);
                }
            });
        }
    });
    is_apart
}

/// Checks the loops of a rewritten tree that lanes share out, and adds to `apart` what their iterations join: of that, their
/// order does not matter. That has the name that the program, `before`, has for it.
///
/// **Errors**: `illegal-step` where such a loop is not in code that a warp can run as one thread would, and where an iteration
/// leaves something in registers for what stands outside.
pub(super) fn check(
    facts: &Facts,
    before: Tree<'_>,
    after: Tree<'_>,
    apart: &mut Sliced,
) -> Result<(), Refusal> {
    let function = after.function;
    let mut rest = by_lanes(after.statements).len();
    for launch in launches(after.statements) {
        let loops = by_lanes(std::slice::from_ref(launch));
        let (Some(first), Some(code)) = (loops.first(), code(launch)) else {
            continue;
        };
        let refused = |why: &str| {
            illegal(
                format!("lanes share out {}: {why}", first.name),
                first.header_span,
            )
        };
        has_warps(facts, function, launch, &code.body).map_err(refused)?;
        for each in by_lanes(&code.body) {
            let joined = joins(facts, function, each);
            if let Some(var) = left_behind(facts, function, &code.body, each, &joined) {
                let name = &function.vars[var].name;
                return Err(refused(&format!("a lane keeps {name} to itself")));
            }
            if let Some(known) = joined.iter().find(|known| {
                is_memory(facts, function, known.target.var)
                    && !always_joins(facts, function, each, known)
            }) {
                let name = &function.vars[known.target.var].name;
                let why = format!("iterations may leave an element of {name} alone");
                return Err(refused(&why));
            }
            for var in joined.iter().flat_map(|known| targets(before, known)) {
                apart.entry(var).or_default().insert(each.name.clone());
            }
            rest = rest.saturating_sub(1);
        }
    }
    if rest == 0 {
        return Ok(());
    }
    let why = "lanes share out a loop outside of the code of threads";
    Err(illegal(why, super::place(after.statements)))
}

/// Returns what the statements of a program assign that join a value: an array may stand for it by now.
fn targets(before: Tree<'_>, known: &Reduction) -> BTreeSet<Handle<Var>> {
    let mut found = BTreeSet::new();
    region::each(before.statements, &mut |stmt| {
        if let Stmt::Compute(compute) = stmt
            && known.statements.contains(&compute.id)
        {
            found.insert(compute.target.var);
        }
    });
    found
}

/// Returns the statements of a rewritten tree in which loops run in order that lanes share out, where their text alone shows
/// that iterations depend on nothing of one another: they write nothing but what they join, and variables of their own. What
/// bounds them may then be any numbers, such as the rows of a sparse matrix.
pub(super) fn in_order(facts: &Facts, after: Tree<'_>) -> Option<Block> {
    let plain: Vec<LoopName> = by_lanes(after.statements)
        .into_iter()
        .filter(|each| is_plain(facts, after.function, each))
        .map(|each| each.name.clone())
        .collect();
    let mut statements = (!plain.is_empty()).then(|| after.statements.to_vec())?;
    for name in &plain {
        region::find_mut(&mut statements, name)?.mapping = Mapping::Sequential;
    }
    Some(statements)
}

fn is_plain(facts: &Facts, function: &Function, each: &Loop) -> bool {
    let mut own: BTreeSet<_> = joins(facts, function, each)
        .into_iter()
        .map(|known| known.target.var)
        .collect();
    let mut declared = BTreeSet::new();
    region::each(&each.body, &mut |stmt| {
        if let Stmt::Declare(var, _) | Stmt::Let(var, _) = stmt {
            declared.insert(*var);
        }
        if let Stmt::For(inner) = stmt
            && inner.declares_iterator
        {
            declared.insert(inner.iterator);
        }
    });
    let mut changed = modified(&each.body);
    let bounds = [each.start, each.end].map(|bound| build::variables(function, bound));
    let is_bounded = walk::compares_plainly(function, each)
        && !each.body.iter().any(|stmt| leaves(stmt, Exit::Break))
        && bounds
            .iter()
            .flatten()
            .all(|var| !changed.contains(var) && *var != each.iterator);
    own.extend(declared);
    changed.retain(|var| !own.contains(var));
    is_bounded && changed.is_empty()
}

/// Checks that warps can run the code of the threads of a launch.
fn has_warps(
    facts: &Facts,
    function: &Function,
    launch: &Stmt,
    code: &[Stmt],
) -> Result<(), &'static str> {
    let launch = std::slice::from_ref(launch);
    let loops = region::loops(launch);
    let is_row = |each: &&Loop| each.mapping == Mapping::Thread(Axis::X);
    if loops.iter().any(is_row) {
        return Err("other threads lie along x");
    }
    let numbers = region::numbers(launch);
    let mut reductions = facts.reductions.iter();
    if reductions.any(|each| !each.statements.is_disjoint(&numbers)) {
        return Err("the threads of the launch compute a value together");
    }
    if !runs_as_one(facts, function, code) {
        return Err("the code around does more than assign");
    }
    Ok(())
}

/// Returns whether lanes that all run some statements come to the same, with one of them writing to memory.
fn runs_as_one(facts: &Facts, function: &Function, block: &[Stmt]) -> bool {
    block.iter().all(|stmt| match stmt {
        Stmt::Compute(compute) => !facts.updates.contains_key(&compute.id),
        Stmt::Declare(var, _) => is_of_thread(function, *var),
        Stmt::Let(..) => true,
        Stmt::For(each) => match each.mapping {
            Mapping::Sequential | Mapping::Unroll(_) => runs_as_one(facts, function, &each.body),
            Mapping::Lanes => runs_apart(function, &each.body),
            Mapping::Block(_) | Mapping::Thread(_) | Mapping::Vector => false,
        },
        Stmt::If(branch) => [&branch.then, &branch.otherwise]
            .iter()
            .all(|block| runs_as_one(facts, function, block)),
        Stmt::While(_)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => false,
    })
}

/// Returns whether a lane can run some statements by itself.
fn runs_apart(function: &Function, block: &[Stmt]) -> bool {
    block.iter().all(|stmt| match stmt {
        Stmt::Compute(_) | Stmt::Let(..) | Stmt::Break(_) | Stmt::Continue(_) => true,
        Stmt::Declare(var, _) => is_of_thread(function, *var),
        Stmt::For(each) => match each.mapping {
            Mapping::Sequential | Mapping::Unroll(_) => runs_apart(function, &each.body),
            Mapping::Block(_) | Mapping::Thread(_) | Mapping::Vector | Mapping::Lanes => false,
        },
        Stmt::If(_) | Stmt::While(_) => {
            let mut blocks = region::blocks(stmt);
            blocks.all(|block| runs_apart(function, block))
        }
        Stmt::Call(_) | Stmt::Return(..) | Stmt::Barrier | Stmt::Verbatim(..) => false,
    })
}

/// Returns whether every thread has a variable of its own, or all of the launch read it.
fn is_of_thread(function: &Function, var: Handle<Var>) -> bool {
    match function.vars[var].space {
        Space::Host | Space::Register | Space::Constant(_) => true,
        Space::Global | Space::Shared | Space::Partial(_) | Space::Slices(_) => false,
    }
}

/// Returns whether every iteration of a loop joins something to an element, as far as any proof can tell: an element that
/// a condition on numbers of data leaves alone counts as touched, one that other conditions leave alone may not even be
/// there.
fn always_joins(facts: &Facts, function: &Function, each: &Loop, known: &Reduction) -> bool {
    let skips = |stmt: &Stmt| matches!(stmt, Stmt::Break(_) | Stmt::Continue(_)).then_some(());
    let joins = Joins {
        facts,
        unchanged: &facts.unchanged(),
        function,
        known,
    };
    region::first(&each.body, &mut |stmt| skips(stmt)).is_none() && joins.are_in(&each.body, true)
}

/// What an iteration joins, whatever data it finds.
struct Joins<'a> {
    facts: &'a Facts,
    unchanged: &'a BTreeSet<Handle<Var>>,
    function: &'a Function,
    known: &'a Reduction,
}

impl Joins<'_> {
    /// Returns whether a block joins something; `may_compare`: no integer of data decided yet whether it runs.
    fn are_in(&self, block: &[Stmt], may_compare: bool) -> bool {
        let is_fixed = |bound: &Handle<Expr>| {
            let read = build::variables(self.function, *bound);
            read.iter().all(|var| self.unchanged.contains(var))
        };
        block.iter().any(|stmt| match stmt {
            Stmt::Compute(compute) => self.known.statements.contains(&compute.id),
            Stmt::For(inner) => {
                [inner.start, inner.end].iter().all(is_fixed)
                    && self.are_in(&inner.body, may_compare)
            }
            Stmt::If(branch) => {
                let all = build::conjuncts(self.function, branch.condition);
                let (integers, others): (Vec<_>, Vec<_>) = all
                    .into_iter()
                    .partition(|each| depends_on_integers(self.function, *each));
                let is_one = match integers.as_slice() {
                    [] => true,
                    [one] => may_compare && self.may_hold(*one),
                    _ => false,
                };
                is_one
                    && others.iter().all(|each| self.is_of_data(*each))
                    && self.are_in(&branch.then, may_compare && integers.is_empty())
            }
            Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::While(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => false,
        })
    }

    fn is_of_data(&self, condition: Handle<Expr>) -> bool {
        let read = build::variables(self.function, condition);
        read.iter().any(|var| is_data(self.facts, *var))
    }

    /// Returns whether a condition compares one integer of data with a constant, and no range of a type decides it.
    fn may_hold(&self, condition: Handle<Expr>) -> bool {
        let ExprKind::Binary(op, left, right) = &self.function.exprs[condition].kind else {
            return false;
        };
        let sides = [(*left, *right), (*right, *left)];
        sides.into_iter().any(|(element, other)| {
            let node = &self.function.exprs[element];
            let is_element = matches!(&node.kind, ExprKind::Load(place)
                if !place.path.is_empty() && is_data(self.facts, place.var));
            let range = node.ty.scalar().and_then(Scalar::integer_range);
            let constant = build::constant(self.function, other);
            let is_inside = range
                .zip(constant)
                .is_some_and(|((least, greatest), value)| least < value && value < greatest);
            is_element && is_inside && op.is_truth()
        })
    }
}

/// Returns whether a condition depends on integers outside of subscripts: the ranges of their types may decide it, such as
/// `flag[k] == i` for all `i` but two, and then no proof counts the element as touched.
fn depends_on_integers(function: &Function, condition: Handle<Expr>) -> bool {
    let node = &function.exprs[condition];
    if matches!(node.kind, ExprKind::Load(_)) {
        return !node.ty.scalar().is_some_and(Scalar::is_float);
    }
    let mut found = false;
    each_operand(&node.kind, &mut |operand| {
        found |= depends_on_integers(function, operand);
    });
    found
}

/// Returns a variable that iterations of a loop assign for themselves, and that something outside of the loop names.
fn left_behind(
    facts: &Facts,
    function: &Function,
    code: &[Stmt],
    each: &Loop,
    joined: &[Reduction],
) -> Option<Handle<Var>> {
    let (mut own, mut iterators) = (BTreeSet::new(), BTreeSet::from([each.iterator]));
    region::each(&each.body, &mut |stmt| match stmt {
        Stmt::Declare(var, _) | Stmt::Let(var, _) => {
            own.insert(*var);
        }
        Stmt::For(inner) => {
            iterators.insert(inner.iterator);
        }
        Stmt::Compute(_)
        | Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => {}
    });
    own.extend(joined.iter().map(|known| known.target.var));
    let mut changed = modified(&each.body);
    changed.insert(each.iterator);
    let mut left = changed.into_iter().filter(|var| !own.contains(var));
    left.find(|var| {
        if iterators.contains(var) {
            region::is_named_outside_its_loops(function, code, *var)
        } else {
            !is_memory(facts, function, *var) && is_named_beside(function, code, &each.name, *var)
        }
    })
}

/// Returns whether something outside of a loop names a variable.
fn is_named_beside(function: &Function, block: &[Stmt], name: &LoopName, var: Handle<Var>) -> bool {
    block.iter().any(|stmt| {
        let inner: Vec<&[Stmt]> = if region::loop_name(stmt) == Some(name) {
            Vec::new()
        } else {
            region::blocks(stmt).map(Vec::as_slice).collect()
        };
        let mut expressions = region::expressions(stmt).into_iter();
        region::target(stmt).is_some_and(|place| place.var == var)
            || matches!(stmt, Stmt::For(each) if each.iterator == var)
            || expressions.any(|expr| build::variables(function, expr).contains(&var))
            || inner
                .iter()
                .any(|block| is_named_beside(function, block, name, var))
    })
}
