//! Reads a tree as a schedule: for every statement, when its instances run.
//!
//! A point in time is the values of the loops around a statement, outermost first, and then its place in the text.
//! Loops and conditions that are affine become dimensions and constraints.
//! Anything else is one opaque leaf, which a rewrite may move as a whole and must not change inside.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{
    Compute, Extent, Function, Handle, If, Loop, LoopName, Mapping, Refusal, Scalar, Stmt, StmtId,
    Type, Var,
};

use super::flat::Shapes;
use super::illegal;
use super::linear::Linear;
use super::replaced::{Expanded, Replaced, Staged, copy, is_expanded, is_shared};
use super::scope::{Obligation, Scope};
use crate::symbol::Symbol;
use crate::{build, isl, region};

/// A statement that the judge follows as a unit.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind<'a> {
    /// An assignment.
    Compute(&'a Compute),
    /// The start of a lifetime.
    Declare(Handle<Var>),
    /// Statements that are not read inside.
    Opaque(&'a [Stmt]),
    /// The declaration of an array that the threads of a block share.
    Share(Handle<Var>),
    /// An assignment to such an array.
    Copy(&'a Compute),
    /// The declaration of an array that holds several instances of a variable of the program.
    Expand(Handle<Var>),
    /// A barrier.
    Barrier,
}

impl Kind<'_> {
    /// Returns whether a pass made it, so that the program has nothing like it.
    pub(crate) fn is_made(self) -> bool {
        match self {
            Self::Compute(_) | Self::Declare(_) | Self::Opaque(_) => false,
            Self::Share(_) | Self::Copy(_) | Self::Expand(_) | Self::Barrier => true,
        }
    }
}

/// A loop around a leaf.
#[derive(Clone, Debug)]
pub(crate) struct Dimension {
    /// Position of the loop in the tree, outer before inner: equal for leaves that share the loop.
    pub(crate) node: usize,
    pub(crate) name: LoopName,
    pub(crate) mapping: Mapping,
    /// Whether the iterator counts down.
    pub(crate) descends: bool,
    /// First value and first beyond, where both are constants and every value between counts.
    pub(crate) constant: Option<(i128, i128)>,
}

/// A statement and when it runs; the place in the list is its place in the text.
#[derive(Clone, Debug)]
pub(crate) struct Leaf<'a> {
    pub(crate) kind: Kind<'a>,
    pub(crate) dimensions: Vec<Dimension>,
    /// What holds of the dimensions `t0`, `t1`, … and the parameters whenever the leaf runs.
    pub(crate) constraints: Vec<String>,
    /// The iterators of the loops around it, outermost first.
    pub(crate) iterators: Vec<Handle<Var>>,
    /// What iterators and `let`s are worth there; `None`: not affine.
    pub(crate) values: BTreeMap<Handle<Var>, Option<Linear>>,
    /// What of shared arrays an assignment reads in place of the program's; for a copy, what it copies.
    pub(crate) staged: Vec<Staged>,
    /// What an assignment reads and writes of arrays that hold instances of variables.
    pub(crate) expanded: Vec<Expanded>,
    /// The lengths of an array that holds instances, where it is declared; `None`: one of them is not affine.
    pub(crate) lengths: Option<Vec<Linear>>,
    /// Whether an assignment is the program's but for what these stand for.
    pub(crate) is_replaced: bool,
}

/// A tree as read.
pub(crate) struct Schedule<'a> {
    pub(crate) leaves: Vec<Leaf<'a>>,
    pub(crate) obligations: Vec<Obligation>,
    /// The parameters that bounds, conditions and values mention.
    pub(crate) used: BTreeSet<Symbol>,
    /// How many loops became dimensions.
    pub(crate) loops: usize,
    /// The conditions that passes made.
    pub(crate) tests: Vec<Test>,
}

/// What a tree may read other arrays in place of.
pub(crate) struct Program<'a> {
    /// The assignments that are read one by one.
    pub(crate) computes: BTreeMap<StmtId, &'a Compute>,
    pub(crate) shapes: Shapes,
}

impl<'a> Schedule<'a> {
    /// Returns the assignments that are read one by one.
    pub(crate) fn computes(&self) -> BTreeMap<StmtId, &'a Compute> {
        let mut found = BTreeMap::new();
        for leaf in &self.leaves {
            if let Kind::Compute(compute) = leaf.kind {
                found.insert(compute.id, compute);
            }
        }
        found
    }
}

/// A condition that a pass made, and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Test {
    pub(crate) condition: Handle<mupac_ir::Expr>,
    pub(crate) dimensions: usize,
    /// What holds where it is tested.
    pub(crate) constraints: Vec<String>,
    /// Where it fails.
    pub(crate) fails: String,
}

/// Reads the statements of a region.
///
/// Expressions from `generated_from` on were made by passes; `parameters` are the scalars that nothing changes,
/// of which `known` holds. `program` are the program's assignments, if the tree may read other arrays in their place,
/// and the shapes of its arrays; `None`: it is the program's tree.
///
/// **Errors**: `illegal-step` for a barrier in the program, and for an assignment to a shared array that is no copy.
pub(crate) fn read<'a>(
    function: &'a Function,
    statements: &'a [Stmt],
    generated_from: usize,
    parameters: &'a BTreeSet<Handle<Var>>,
    known: &'a isl::Set,
    program: Option<&'a Program<'a>>,
) -> Result<Schedule<'a>, Refusal> {
    let mut scope = Scope::new(function, generated_from, parameters);
    scope.known = Some(known);
    let mut walk = Walk {
        scope,
        program,
        path: Vec::new(),
        iterators: Vec::new(),
        schedule: Schedule {
            leaves: Vec::new(),
            obligations: Vec::new(),
            used: BTreeSet::new(),
            loops: 0,
            tests: Vec::new(),
        },
    };
    walk.block(statements, false)?;
    walk.schedule.obligations = walk.scope.obligations;
    walk.schedule.used = walk.scope.used;
    Ok(walk.schedule)
}

struct Walk<'a> {
    scope: Scope<'a>,
    program: Option<&'a Program<'a>>,
    path: Vec<Dimension>,
    iterators: Vec<Handle<Var>>,
    schedule: Schedule<'a>,
}

impl<'a> Walk<'a> {
    /// Reads a block; `is_tail` says that nothing of the innermost loop's body comes after it.
    fn block(&mut self, statements: &'a [Stmt], is_tail: bool) -> Result<(), Refusal> {
        let Some((last, before)) = statements.split_last() else {
            return Ok(());
        };
        // A `continue` before the end skips what follows, which is then no longer a matter of loops and conditions.
        let skips = if is_tail { before } else { statements };
        if skips.iter().any(|stmt| leaves(stmt, Exit::Continue))
            || statements.iter().any(|stmt| leaves(stmt, Exit::Return))
        {
            self.leaf(Kind::Opaque(statements));
            return Ok(());
        }
        let outer = self.scope.values.clone();
        for stmt in before {
            self.stmt(stmt, false)?;
        }
        self.stmt(last, is_tail)?;
        self.scope.values = outer;
        Ok(())
    }

    fn stmt(&mut self, stmt: &'a Stmt, is_tail: bool) -> Result<(), Refusal> {
        match stmt {
            Stmt::Compute(compute) => return self.compute(compute),
            Stmt::Declare(var, _) if is_shared(self.scope.function, *var) => {
                self.leaf(Kind::Share(*var));
            }
            Stmt::Declare(var, _) if is_expanded(self.scope.function, *var) => {
                let lengths = lengths(&mut self.scope, *var);
                self.leaf(Kind::Expand(*var));
                if let Some(leaf) = self.schedule.leaves.last_mut() {
                    leaf.lengths = lengths;
                }
            }
            // Nothing in the tree names it.
            Stmt::Declare(var, _)
                if self.scope.function.vars[*var].space.stands_for().is_some() => {}
            Stmt::Declare(var, _) => self.leaf(Kind::Declare(*var)),
            Stmt::Let(var, value) => {
                let value = self.scope.value(*value);
                self.scope.values.insert(*var, value);
            }
            Stmt::For(each) => return self.counted(stmt, each),
            Stmt::If(branch) => return self.branch(stmt, branch, is_tail),
            Stmt::While(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Verbatim(..) => self.leaf(Kind::Opaque(std::slice::from_ref(stmt))),
            Stmt::Barrier if self.program.is_none() => {
                return Err(illegal("a barrier that no step places", stmt.span()));
            }
            Stmt::Barrier => self.leaf(Kind::Barrier),
        }
        Ok(())
    }

    fn compute(&mut self, compute: &'a Compute) -> Result<(), Refusal> {
        let mut replaced = None;
        let kind = if is_shared(self.scope.function, compute.target.var) {
            let shapes = self.program.map(|program| &program.shapes);
            let copy = shapes.and_then(|shapes| copy(&mut self.scope, shapes, compute));
            let Some(copy) = copy else {
                let why = "an assignment to a shared array that copies no element";
                return Err(illegal(why, compute.span));
            };
            replaced = Some(Replaced {
                staged: vec![copy],
                expanded: Vec::new(),
            });
            Kind::Copy(compute)
        } else {
            if let Some(program) = self.program
                && let Some(original) = program.computes.get(&compute.id)
                && *original != compute
            {
                replaced = Replaced::of(&mut self.scope, &program.shapes, original, compute);
            }
            Kind::Compute(compute)
        };
        self.leaf(kind);
        if let (Some(leaf), Some(replaced)) = (self.schedule.leaves.last_mut(), replaced) {
            leaf.staged = replaced.staged;
            leaf.expanded = replaced.expanded;
            leaf.is_replaced = true;
        }
        Ok(())
    }

    fn counted(&mut self, stmt: &'a Stmt, each: &'a Loop) -> Result<(), Refusal> {
        let leaves_early = each.body.iter().any(|stmt| leaves(stmt, Exit::Break));
        let bounds = (self.scope.value(each.start)).zip(self.scope.value(each.end));
        let compares_plainly = compares_plainly(self.scope.function, each);
        let Some((start, end)) = bounds.filter(|_| !leaves_early && compares_plainly) else {
            self.leaf(Kind::Opaque(std::slice::from_ref(stmt)));
            return Ok(());
        };
        let depth = self.scope.dimensions;
        let known = self.scope.constraints.len();
        let outer = self.scope.values.get(&each.iterator).cloned();
        self.enter(each, &start, &end);
        let result = self.block(&each.body, true);
        match outer {
            Some(value) => self.scope.values.insert(each.iterator, value),
            None => self.scope.values.remove(&each.iterator),
        };
        self.scope.constraints.truncate(known);
        self.scope.dimensions = depth;
        self.path.pop();
        self.iterators.pop();
        result
    }

    fn enter(&mut self, each: &Loop, start: &Linear, end: &Linear) {
        self.scope.enter(each, start, end);
        self.path.push(Dimension {
            node: self.schedule.loops,
            name: each.name.clone(),
            mapping: each.mapping,
            descends: each.step < 0,
            constant: build::constant(self.scope.function, each.start)
                .zip(build::constant(self.scope.function, each.end))
                .filter(|_| each.step == 1),
        });
        self.schedule.loops += 1;
        self.iterators.push(each.iterator);
    }

    fn branch(&mut self, stmt: &'a Stmt, branch: &'a If, is_tail: bool) -> Result<(), Refusal> {
        let holds = self.scope.condition(branch.condition, true);
        let fails = self.scope.condition(branch.condition, false);
        let Some((holds, fails)) = holds.zip(fails) else {
            self.leaf(Kind::Opaque(std::slice::from_ref(stmt)));
            return Ok(());
        };
        if branch.condition.index() >= self.scope.generated_from {
            self.schedule.tests.push(Test {
                condition: branch.condition,
                dimensions: self.scope.dimensions,
                constraints: self.scope.constraints.clone(),
                fails: fails.clone(),
            });
        }
        for (holding, block) in [(holds, &branch.then), (fails, &branch.otherwise)] {
            self.scope.constraints.push(holding);
            let result = self.block(block, is_tail);
            self.scope.constraints.pop();
            result?;
        }
        Ok(())
    }

    fn leaf(&mut self, kind: Kind<'a>) {
        self.schedule.leaves.push(Leaf {
            kind,
            dimensions: self.path.clone(),
            constraints: self.scope.constraints.clone(),
            iterators: self.iterators.clone(),
            values: self.scope.values.clone(),
            staged: Vec::new(),
            expanded: Vec::new(),
            lengths: None,
            is_replaced: false,
        });
    }
}

/// Returns the lengths of an array, outermost first; `None` where one of them is not affine.
fn lengths(scope: &mut Scope<'_>, array: Handle<Var>) -> Option<Vec<Linear>> {
    let mut ty = &scope.function.vars[array].ty;
    let mut found = Vec::new();
    while let Type::Array { of, length } = ty {
        found.push(match length {
            Extent::Fixed(length) => Linear::constant(i128::from(*length)),
            Extent::Variable(length) => scope.value(*length)?,
            Extent::Unknown => return None,
        });
        ty = of;
    }
    Some(found)
}

/// Returns whether the loop's test compares the mathematical integers.
///
/// It does unless a signed iterator is converted to an unsigned type while it may be negative.
pub(super) fn compares_plainly(function: &Function, each: &Loop) -> bool {
    let signed = |ty: &mupac_ir::Type| ty.scalar().is_some_and(Scalar::is_signed);
    let iterator = &function.vars[each.iterator].ty;
    let end = &function.exprs[each.end].ty;
    let starts_positive = build::constant(function, each.start).is_some_and(|start| start >= 0);
    !signed(iterator) || signed(end) || (each.step > 0 && starts_positive)
}

/// A way to leave a statement other than by its end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    Break,
    Continue,
    Return,
}

/// Returns whether a statement may leave itself this way; an exit of a loop inside it does not leave it.
pub(super) fn leaves(stmt: &Stmt, exit: Exit) -> bool {
    let inside =
        |stmt: &Stmt| region::blocks(stmt).any(|block| block.iter().any(|stmt| leaves(stmt, exit)));
    match stmt {
        Stmt::Break(_) => exit == Exit::Break,
        Stmt::Continue(_) => exit == Exit::Continue,
        // Text that is not modelled may hold a `goto`.
        Stmt::Return(..) | Stmt::Verbatim(..) => exit == Exit::Return,
        Stmt::If(_) => inside(stmt),
        Stmt::For(_) | Stmt::While(_) => exit == Exit::Return && inside(stmt),
        Stmt::Compute(_) | Stmt::Declare(..) | Stmt::Let(..) | Stmt::Call(_) | Stmt::Barrier => {
            false
        }
    }
}
