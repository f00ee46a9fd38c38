//! The part of a region that some subscripts of one array depend on, as a pass of the host that notes them.
//!
//! The pass evaluates a subscript where the region does: in the same loops, under the same conditions and behind the same
//! short circuits, so that it reads nothing that the region does not read.
//! It is possible where subscripts and conditions depend on nothing that the region writes.
//! Where they depend on products that are added, neither side may contract them: both have to round alike.
//! A loop that does not matter to the subscripts becomes the condition that it runs at all.
//!
//! **Source**: the inspector of Saltz, Mirchandaney, Crowley, “Run-time parallelization and scheduling of loops”, 1991;
//! which statements belong to it is a backward slice (Weiser, “Program Slicing”, 1981).

mod carries;
mod ends;
mod loops;
mod monotone;
mod notes;
mod reads;

pub(crate) use ends::is_kept;

use std::collections::BTreeSet;

use mupac_ir::{
    Apart, BinaryOp, Block, DependenceKind, Expr, ExprKind, Function, Handle, If, LoopName, Place,
    Projection, Scalar, Span, Stmt, UnaryOp, Var,
};

use crate::facts::{Dependence, Noted};
use notes::numbered;

use crate::normalise::leave_early;
use crate::{build, region};

/// What an access does about a noted subscript.
enum Use {
    /// Nothing.
    None,
    /// It evaluates this one.
    Subscript(Handle<Expr>),
    /// It reaches the array without one.
    Whole,
}

impl Noted {
    /// Returns the outermost subscript of an array.
    pub(crate) fn outermost(array: Handle<Var>) -> Self {
        let steps = Vec::new();
        Self { array, steps }
    }

    fn in_place(&self, place: &Place, is_address: bool) -> Use {
        if place.var != self.array {
            return Use::None;
        }
        let number = |step: &Projection| match step {
            Projection::Index(_) => None,
            Projection::Field(field) => Some(*field),
        };
        let same = |(own, step): &(&Option<u32>, &Projection)| **own == number(step);
        let common = self.steps.iter().zip(&place.path).take_while(same).count();
        match place.path.get(common) {
            Some(Projection::Index(index)) if common == self.steps.len() => Use::Subscript(*index),
            // Another member.
            Some(Projection::Field(_)) if matches!(self.steps.get(common), Some(Some(_))) => {
                Use::None
            }
            // All of a structure, members included.
            None if !is_address && !self.steps.is_empty() => Use::None,
            Some(_) | None => Use::Whole,
        }
    }
}

/// The pass for one array.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pass {
    /// What runs on the host.
    pub(crate) body: Block,
    /// The loops of the region that it repeats; it runs once whatever the others do.
    pub(crate) loops: BTreeSet<LoopName>,
    /// The loops of which it looks at the first and the last iteration alone.
    pub(crate) ended: BTreeSet<LoopName>,
    /// The reads of memory that it makes.
    pub(crate) reads: BTreeSet<Handle<Expr>>,
    /// How many places of the region it notes.
    pub(crate) notes: usize,
    /// Whether it may note subscripts that the region does not evaluate.
    pub(crate) is_widened: bool,
    /// Whether it adds products of floating-point numbers, which compilers contract on one side and not on the other unless
    /// they are told not to.
    pub(crate) rounds: bool,
}

/// Why there is no pass: what stands in the way, in words, and where.
pub(crate) type Obstacle = (String, Span);

/// Functions of the C library whose results are exact, and so the same on every machine.
const EXACT: [&str; 12] = [
    "abs", "labs", "llabs", "fabs", "fabsf", "floor", "floorf", "ceil", "ceilf", "trunc", "truncf",
    "round",
];

/// What a pass may compute or read although the region writes it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Allowed {
    /// Variables that iterations have their own copy of.
    pub(crate) own: BTreeSet<Handle<Var>>,
    /// Arrays of which no iteration reads what the region has written: what they hold before is what is read.
    pub(crate) initial: BTreeSet<Handle<Var>>,
}

impl Allowed {
    /// Returns those of some written arrays that no instance reads after another one has written there.
    pub(crate) fn initial(
        written: impl IntoIterator<Item = Handle<Var>>,
        dependences: &[Dependence],
    ) -> BTreeSet<Handle<Var>> {
        let mut initial: BTreeSet<_> = written.into_iter().collect();
        for each in dependences {
            if each.kind == DependenceKind::Flow {
                initial.remove(&each.array);
            }
        }
        initial
    }
}

/// Returns the pass that notes a subscript wherever the statements of a region evaluate it; every expression it needs is
/// appended to the function.
///
/// **Errors**: the first thing that the pass would need and cannot have.
pub(crate) fn pass(
    function: &mut Function,
    statements: &[Stmt],
    (noted, asked): (&Noted, Apart),
    allowed: &Allowed,
) -> Result<Pass, Obstacle> {
    let mut written = BTreeSet::new();
    region::each(statements, &mut |stmt| {
        written.extend(region::target(stmt).map(|place| place.var));
        if let Stmt::For(each) = stmt {
            written.insert(each.iterator);
        }
    });
    let mut slicer = Slicer {
        function,
        noted,
        asked,
        allowed,
        written,
        iterators: Vec::new(),
        needed: BTreeSet::new(),
        pass: Pass::default(),
        obstacle: None,
    };
    loop {
        let known = slicer.needed.clone();
        slicer.pass = Pass::default();
        let body = slicer.block(statements);
        if let Some(obstacle) = slicer.obstacle {
            return Err(obstacle);
        }
        if slicer.needed == known {
            let mut pass = std::mem::take(&mut slicer.pass);
            pass.body = slicer.copies(statements);
            pass.body.extend(body);
            leave_early(slicer.function, &mut pass.body);
            if asked == Apart::Iterations && !numbered(slicer.function, &mut pass.body, None) {
                let why = "it is the same in all iterations".to_owned();
                return Err((why, Span::default()));
            }
            return Ok(pass);
        }
    }
}

struct Slicer<'a> {
    function: &'a mut Function,
    noted: &'a Noted,
    asked: Apart,
    allowed: &'a Allowed,
    /// Variables that the region assigns, or through which it writes.
    written: BTreeSet<Handle<Var>>,
    /// The iterators of the loops around.
    iterators: Vec<Handle<Var>>,
    /// Variables whose values the pass computes, iterators that matter included.
    needed: BTreeSet<Handle<Var>>,
    pass: Pass,
    obstacle: Option<Obstacle>,
}

impl Slicer<'_> {
    /// Starts the lifetimes of variables that the program declares outside the region and the pass assigns: it has its
    /// own.
    fn copies(&self, statements: &[Stmt]) -> Block {
        let mut inside = BTreeSet::new();
        region::each(statements, &mut |stmt| match stmt {
            Stmt::Declare(var, _) | Stmt::Let(var, _) => {
                inside.insert(*var);
            }
            Stmt::For(each) => {
                inside.insert(each.iterator);
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
        let copied = self.needed.difference(&inside);
        copied
            .map(|var| Stmt::Declare(*var, Span::default()))
            .collect()
    }

    fn block(&mut self, statements: &[Stmt]) -> Block {
        let mut kept = Block::new();
        for stmt in statements {
            self.statement(stmt, &mut kept);
        }
        kept
    }

    fn statement(&mut self, stmt: &Stmt, kept: &mut Block) {
        match stmt {
            Stmt::Compute(compute) => {
                self.notes(compute.value, kept);
                for subscript in build::indices(&compute.target) {
                    self.notes(subscript, kept);
                }
                self.note(&compute.target, false, compute.target_span, kept);
                if compute.target.path.is_empty() && self.needed.contains(&compute.target.var) {
                    self.reads(compute.value);
                    kept.push(stmt.clone());
                }
            }
            Stmt::Declare(var, _) => {
                if self.needed.contains(var) {
                    kept.push(stmt.clone());
                }
            }
            Stmt::Let(var, value) => {
                self.notes(*value, kept);
                if self.needed.contains(var) {
                    self.reads(*value);
                    kept.push(stmt.clone());
                }
            }
            Stmt::For(each) => self.counted(each, kept),
            Stmt::If(branch) => self.branch(branch, kept),
            Stmt::Continue(_) | Stmt::Break(_) => kept.push(stmt.clone()),
            Stmt::While(each) => {
                let mut inside = Block::new();
                for block in [&each.before_test, &each.body, &each.after_body] {
                    inside.extend(self.block(block));
                }
                self.notes(each.condition, &mut inside);
                if matters(&inside) {
                    self.refuse("it stands in a loop without a counter", each.header_span);
                }
            }
            Stmt::Call(_) | Stmt::Return(..) | Stmt::Barrier | Stmt::Verbatim(..) => {
                self.refuse("what this does is not known", stmt.span());
            }
        }
    }

    fn branch(&mut self, branch: &If, kept: &mut Block) {
        self.notes(branch.condition, kept);
        let mut blocks = [&branch.then, &branch.otherwise].map(|block| self.block(block));
        for (block, truth) in blocks.iter_mut().zip([true, false]) {
            self.drop_repeated(branch.condition, truth, block);
        }
        let [then, otherwise] = blocks;
        if self.is_widened(branch.condition, [&then, &otherwise]) {
            self.pass.is_widened = true;
            kept.extend(then.into_iter().chain(otherwise));
            return;
        }
        self.choose(branch.condition, then, otherwise, kept);
    }

    /// Returns whether a condition is left out: it takes floating-point numbers, which would take as long as the region itself
    /// to find, and subscripts that it decides about can be told without it.
    fn is_widened(&self, condition: Handle<Expr>, blocks: [&Block; 2]) -> bool {
        let mut is_of_numbers = false;
        build::visit(self.function, condition, &mut |_, node| {
            is_of_numbers |= node.ty.scalar().is_some_and(Scalar::is_float);
        });
        let is_plain =
            |stmt: &Stmt| notes::noted_by(stmt).is_some_and(|noted| self.is_counter(noted));
        let mut all = blocks.into_iter().flatten().peekable();
        is_of_numbers && self.asked != Apart::Each && all.peek().is_some() && all.all(is_plain)
    }

    /// Returns whether a subscript is a counter, apart from a small constant, so that it can be told wherever the loop runs:
    /// anything else may divide by zero, overflow or read what is not there, unless a condition holds.
    fn is_counter(&self, subscript: Handle<Expr>) -> bool {
        const MOST: i128 = 1 << 16;
        let is_small = |expr| {
            let constant = build::constant(self.function, expr);
            constant.is_some_and(|constant| constant.abs() <= MOST)
        };
        let is_iterator = |expr| {
            build::read(self.function, expr).is_some_and(|var| self.iterators.contains(&var))
        };
        let kind = &self.function.exprs[subscript].kind;
        if let ExprKind::Cast(inner) = kind {
            return self.is_counter(*inner);
        }
        let ExprKind::Binary(op, a, b) = *kind else {
            return is_iterator(subscript);
        };
        let is_sum = op == BinaryOp::Add;
        (is_sum || op == BinaryOp::Subtract) && is_iterator(a) && is_small(b)
            || is_sum && is_small(a) && is_iterator(b)
    }

    /// Adds what a condition decides between, if it is anything.
    fn choose(
        &mut self,
        condition: Handle<Expr>,
        mut then: Block,
        mut otherwise: Block,
        kept: &mut Block,
    ) {
        if then.is_empty() && otherwise.is_empty() {
            return;
        }
        self.reads(condition);
        let mut condition = condition;
        if then.is_empty() {
            let kind = ExprKind::Unary(UnaryOp::Not, condition);
            condition = self.function.expr(kind, Scalar::I32);
            std::mem::swap(&mut then, &mut otherwise);
        }
        kept.push(Stmt::If(If {
            condition,
            then,
            otherwise,
            span: Span::default(),
        }));
    }

    fn refuse(&mut self, why: &str, at: Span) {
        if self.obstacle.is_none() {
            self.obstacle = Some((why.to_owned(), at));
        }
    }
}

/// Returns whether statements note something or compute a value.
fn matters(statements: &[Stmt]) -> bool {
    let mut found = false;
    region::each(statements, &mut |stmt| {
        found |= matches!(stmt, Stmt::Call(_) | Stmt::Compute(_));
    });
    found
}
