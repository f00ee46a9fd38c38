//! What the statements inside a loop read of an array, and what is known of the loops around them.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{
    BinaryOp, Expr, ExprKind, Function, Handle, Loop, LoopName, Mapping, Place, Stmt, Var,
};

use crate::build;
use crate::facts::Facts;
use crate::judge::{Interval, Linear, Scope, Shapes, is_shared};
use crate::symbol::{Stride, Symbol};

/// A loop around a read.
#[derive(Clone, Debug)]
pub(super) struct Around {
    pub(super) iterator: Handle<Var>,
    pub(super) mapping: Mapping,
    /// How often it runs, if that is a constant and it counts from 0.
    pub(super) extent: Option<i128>,
}

/// A read of the array, as found in the tree.
pub(super) struct Read {
    pub(super) place: Place,
    pub(super) subscripts: Vec<Linear>,
    /// The loops around.
    pub(super) around: Vec<Around>,
    /// The bounds of terms there.
    pub(super) ranges: BTreeMap<String, Interval>,
    pub(super) constraints: Vec<String>,
}

/// What is known where the loop starts an iteration.
pub(super) struct Entered {
    /// The loops to the one that was looked for, and it.
    pub(super) around: Vec<Around>,
    /// What they alone say of their iterators.
    pub(super) bounds: Vec<String>,
    /// What names for values are worth.
    pub(super) names: Vec<(Handle<Var>, Linear)>,
}

/// The reads of an array inside a loop.
pub(super) struct Reads {
    /// In the order of the text.
    pub(super) all: Vec<Read>,
    pub(super) entered: Entered,
    /// The parameters that terms name.
    pub(super) used: BTreeSet<Symbol>,
    /// How far the elements of each subscript are apart; empty: the array has a dimension for each.
    pub(super) strides: Vec<Stride>,
}

impl Reads {
    /// Finds the reads that statements inside a loop certainly make by affine subscripts; `None` where bounds around the
    /// loop are not affine.
    pub(super) fn of(
        facts: &Facts,
        function: &Function,
        statements: &[Stmt],
        target: &LoopName,
        array: Handle<Var>,
    ) -> Option<Self> {
        let parameters = facts.unchanged();
        // Values are read as if nothing overflowed, which the judge makes sure of.
        let mut scope = Scope::new(function, 0, &parameters);
        scope.known = Some(&facts.context);
        let mut survey = Survey {
            scope,
            shapes: Shapes::of(facts),
            array,
            target,
            around: Vec::new(),
            bounds: Vec::new(),
            entered: None,
            is_inside: false,
            reads: Vec::new(),
        };
        survey.block(statements);
        Some(Self {
            all: survey.reads,
            entered: survey.entered?,
            used: survey.scope.used,
            strides: survey.shapes.strides(array).unwrap_or_default().to_vec(),
        })
    }
}

/// The walk to the loop and through its body.
struct Survey<'a> {
    scope: Scope<'a>,
    shapes: Shapes,
    array: Handle<Var>,
    target: &'a LoopName,
    around: Vec<Around>,
    /// What loops alone say of their iterators.
    bounds: Vec<String>,
    /// Once the target is entered.
    entered: Option<Entered>,
    is_inside: bool,
    reads: Vec<Read>,
}

impl<'a> Survey<'a> {
    fn block(&mut self, block: &'a [Stmt]) {
        let outer = self.scope.values.clone();
        for stmt in block {
            match stmt {
                Stmt::Let(var, value) => {
                    let value = self.scope.value(*value);
                    self.scope.values.insert(*var, value);
                }
                Stmt::For(each) => self.counted(each),
                Stmt::If(branch) => {
                    let sides = [(true, &branch.then), (false, &branch.otherwise)];
                    for (truth, block) in sides {
                        if let Some(holds) = self.scope.condition(branch.condition, truth) {
                            self.scope.constraints.push(holds);
                            self.block(block);
                            self.scope.constraints.pop();
                        }
                    }
                }
                // What fills a shared array reads the program's.
                Stmt::Compute(compute)
                    if self.is_inside && !is_shared(self.scope.function, compute.target.var) =>
                {
                    self.value(compute.value);
                }
                Stmt::Compute(_)
                | Stmt::Declare(..)
                | Stmt::While(_)
                | Stmt::Call(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => {}
            }
        }
        self.scope.values = outer;
    }

    fn counted(&mut self, each: &'a Loop) {
        let bounds = self.scope.value(each.start).zip(self.scope.value(each.end));
        let Some((start, end)) = bounds else { return };
        let depth = self.scope.dimensions;
        let (known, own) = (self.scope.constraints.len(), self.bounds.len());
        let outer = self.scope.values.get(&each.iterator).cloned();
        self.scope.enter(each, &start, &end);
        self.bounds
            .extend_from_slice(&self.scope.constraints[known..]);
        let is_plain = each.step == 1 && start.as_constant() == Some(0);
        self.around.push(Around {
            iterator: each.iterator,
            mapping: each.mapping,
            extent: end.as_constant().filter(|_| is_plain),
        });
        let is_target = each.name == *self.target;
        if is_target {
            let values = self.scope.values.iter();
            let names = values.filter_map(|(var, value)| Some((*var, value.clone()?)));
            self.entered = Some(Entered {
                around: self.around.clone(),
                bounds: self.bounds.clone(),
                names: names.collect(),
            });
            self.is_inside = true;
        }
        self.block(&each.body);
        self.is_inside &= !is_target;
        self.around.pop();
        self.bounds.truncate(own);
        self.scope.constraints.truncate(known);
        self.scope.dimensions = depth;
        match outer {
            Some(value) => self.scope.values.insert(each.iterator, value),
            None => self.scope.values.remove(&each.iterator),
        };
    }

    /// Notes the reads that an expression certainly makes.
    fn value(&mut self, expr: Handle<Expr>) {
        let node = &self.scope.function.exprs[expr];
        match &node.kind {
            ExprKind::Load(place) if place.var == self.array => {
                let subscripts = self.shapes.subscripts(&mut self.scope, place);
                if let Some(subscripts) = subscripts.filter(|each| !each.is_empty()) {
                    self.reads.push(Read {
                        place: place.clone(),
                        subscripts,
                        around: self.around.clone(),
                        ranges: self.scope.ranges.clone(),
                        constraints: self.scope.constraints.clone(),
                    });
                }
            }
            ExprKind::Select { condition, .. } => self.value(*condition),
            ExprKind::Binary(BinaryOp::And | BinaryOp::Or, first, _) => self.value(*first),
            ExprKind::Unary(..) | ExprKind::Binary(..) | ExprKind::Cast(_) | ExprKind::Call(..) => {
                for operand in build::operands(&node.kind) {
                    self.value(operand);
                }
            }
            // A subscript that is read decides about an element; the judge compares elements, not subscripts.
            ExprKind::Load(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => {}
        }
    }
}
