//! What a statement touches of memory, where that can be told before it runs.
//!
//! Only of an assignment or call that is all of a statement, or a row of assignments that is; of loops, `loops` tells it. What an
//! operand reads that may stay without a value is named under the condition that it has one. What it reads to find its memory
//! is named before that, and comes home first; where more than one thing happens, it finds its memory by variables alone, which
//! nothing before it changes.

use mupac_ir::stmt::Compute;
use mupac_ir::structure::{calls, each_operand, indices, variables};
use mupac_ir::{
    BinaryOp, Expr, ExprKind, Function, Handle, Module, Place, Stretch, Touched, Type, Var,
};

use super::effect::Behind;
use super::reach::Reach;
use super::stretches::{followed, is_by_variables, is_own, named};
use crate::library::{Access, Extent};

/// Returns what an assignment touches where copies may be; `None` where that is not known, or too much.
pub(super) fn by(
    reach: &Reach<'_>,
    of: Handle<Function>,
    function: &Function,
    compute: &Compute,
) -> Option<Touched> {
    let mut finder = Finder::new(reach, of, function);
    finder.value(compute.value);
    finder.write(&compute.target);
    finder.found()
}

/// Returns the same of a call of the library's.
pub(super) fn by_call(
    reach: &Reach<'_>,
    of: Handle<Function>,
    function: &Function,
    arguments: &[Handle<Expr>],
    behind: &[Behind],
) -> Option<Touched> {
    let mut finder = Finder::new(reach, of, function);
    for argument in arguments {
        finder.value(*argument);
    }
    for each in behind {
        let from = *arguments.get(each.argument)?;
        let (is_written, extent) = match each.access {
            Access::Reads(extent) => (false, extent),
            Access::Writes(extent) => (true, extent),
            Access::Stream | Access::Format | Access::Scan => return None,
        };
        let stretch = match extent {
            Extent::Bytes(count) => Stretch::Bytes {
                from,
                count: *arguments.get(count)?,
            },
            Extent::Object => Stretch::Object(from),
            Extent::Freed => Stretch::Freed(from),
            Extent::Open => return None,
        };
        let touched = &mut finder.touched;
        if is_written {
            touched.written.push(stretch);
        } else {
            touched.read.push(stretch);
        }
    }
    finder.found()
}

/// Returns the same of expressions that are only evaluated.
pub(super) fn by_values(
    reach: &Reach<'_>,
    of: Handle<Function>,
    function: &Function,
    values: &[Handle<Expr>],
) -> Option<Touched> {
    let mut finder = Finder::new(reach, of, function);
    for value in values {
        finder.value(*value);
    }
    finder.found()
}

/// Returns the same of what a function that is called leaves in a place, if the function cannot change where that is.
pub(super) fn by_result(
    reach: &Reach<'_>,
    of: Handle<Function>,
    function: &Function,
    target: &Place,
) -> Option<Touched> {
    let is_fixed = is_by_variables(reach.module, function, target)
        && named(function, target)
            .iter()
            .all(|var| is_own(function, *var));
    is_fixed.then_some(())?;
    let mut finder = Finder::new(reach, of, function);
    finder.write(target);
    finder.found()
}

struct Finder<'a> {
    reach: &'a Reach<'a>,
    function: &'a Function,
    touched: Touched,
    is_certain: bool,
}

impl<'a> Finder<'a> {
    fn new(reach: &'a Reach<'a>, of: Handle<Function>, function: &'a Function) -> Self {
        Self {
            reach,
            function,
            touched: Touched {
                function: of,
                read: Vec::new(),
                written: Vec::new(),
            },
            is_certain: true,
        }
    }

    /// Adds what evaluating an expression reads, operands before operators.
    fn value(&mut self, expr: Handle<Expr>) {
        let kind = &self.function.exprs[expr].kind;
        match kind {
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } => {
                self.value(*condition);
                self.value_where(*condition, true, *then);
                self.value_where(*condition, false, *otherwise);
            }
            ExprKind::Binary(operator @ (BinaryOp::And | BinaryOp::Or), first, second) => {
                self.value(*first);
                self.value_where(*first, *operator == BinaryOp::And, *second);
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Cast(_)
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => each_operand(kind, &mut |operand| self.value(operand)),
        }
        if let ExprKind::Load(place) | ExprKind::Address(place) = kind {
            self.pointers(place);
        }
        if let ExprKind::Load(place) = kind {
            self.read(place);
        }
    }

    /// Adds what evaluating an expression reads where a condition holds, or does not.
    fn value_where(&mut self, condition: Handle<Expr>, holds: bool, expr: Handle<Expr>) {
        let before = self.touched.read.len();
        self.value(expr);
        let found = self.touched.read.split_off(before);
        self.is_certain &= found.is_empty() || is_repeatable(self.function, condition);
        let found = found.into_iter().map(|stretch| Stretch::Where {
            condition,
            holds,
            stretch: Box::new(stretch),
        });
        self.touched.read.extend(found);
    }

    /// Adds the pointers that a path follows.
    fn pointers(&mut self, place: &Place) {
        for before in followed(self.reach.module, self.function, place) {
            self.read(&before);
        }
    }

    fn read(&mut self, place: &Place) {
        if !self.reach.holds_no(self.function, place) {
            self.touched.read.push(Stretch::Place(place.clone()));
        }
    }

    fn write(&mut self, place: &Place) {
        indices(place).for_each(|index| self.value(index));
        self.pointers(place);
        if !self.reach.holds_no(self.function, place) {
            self.touched.written.push(Stretch::Place(place.clone()));
        }
    }

    fn found(self) -> Option<Touched> {
        let can_be_named = self
            .touched
            .stretches()
            .all(|(_, stretch)| self.can_be_named(stretch));
        (self.is_certain && can_be_named).then_some(self.touched)
    }

    /// Returns whether a stretch is one value or object, and the text can name all that finds it.
    fn can_be_named(&self, stretch: &Stretch) -> bool {
        let (module, function) = (self.reach.module, self.function);
        let has_names = |expr: Handle<Expr>| has_names(module, function, expr);
        match stretch {
            Stretch::Place(place) => {
                holds_one(module, function, place)
                    && can_be_named(module, &function.vars[place.var])
                    && indices(place).all(has_names)
            }
            Stretch::Between { .. } | Stretch::All => false,
            Stretch::Freed(from) => has_names(*from),
            Stretch::Object(from) => {
                let element = function.exprs[*from].ty.element();
                let is_one = matches!(element, Some(Type::Scalar(_) | Type::Record(_)));
                is_one && has_names(*from)
            }
            Stretch::Bytes { from, count } => [*from, *count].into_iter().all(has_names),
            Stretch::Where {
                condition, stretch, ..
            } => has_names(*condition) && self.can_be_named(stretch),
        }
    }
}

/// Returns whether a place is found by variables alone, each of which the text can name.
pub(super) fn can_be_told(module: &Module, function: &Function, place: &Place) -> bool {
    holds_one(module, function, place)
        && can_be_named(module, &function.vars[place.var])
        && indices(place).all(|index| has_names(module, function, index))
        && is_by_variables(module, function, place)
}

fn holds_one(module: &Module, function: &Function, place: &Place) -> bool {
    let ty = function.place_type(&module.records, place);
    matches!(ty, Some(Type::Scalar(_) | Type::Pointer { .. }))
}

/// Returns whether the text can name each variable of an expression.
fn has_names(module: &Module, function: &Function, expr: Handle<Expr>) -> bool {
    let mut named = variables(function, expr).into_iter();
    named.all(|var| can_be_named(module, &function.vars[var]))
}

pub(super) fn can_be_named(module: &Module, var: &Var) -> bool {
    !var.spelling.is_empty() && !module.macros.contains(&var.spelling)
}

/// Returns whether an expression may be evaluated once more.
fn is_repeatable(function: &Function, expr: Handle<Expr>) -> bool {
    let mut named = variables(function, expr).into_iter();
    named.all(|var| !function.vars[var].is_volatile) && !calls(function, expr)
}
