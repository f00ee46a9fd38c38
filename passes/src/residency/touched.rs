//! What a statement touches of memory, where that can be told before it runs.
//!
//! Only of an assignment or call that is all of a statement, is certain to evaluate all of its operands, and finds its
//! memory by variables alone: then the addresses are the same before the statement, and nothing is read to compute them.

use mupac_ir::stmt::Compute;
use mupac_ir::structure::{indices, variables};
use mupac_ir::{
    BinaryOp, Expr, ExprKind, Function, Handle, Module, Place, Projection, Stretch, Touched, Type,
    Var,
};

use super::effect::{Behind, reads};
use super::library::{Access, Extent};
use super::reach::{Reach, is_variable};
use crate::build;

/// The most stretches that the text names before a statement.
const MOST: usize = 3;

/// Returns what an assignment touches where copies may be; `None` where that is not known, or too much.
pub(super) fn by(
    reach: &Reach<'_>,
    of: Handle<Function>,
    function: &Function,
    compute: &Compute,
) -> Option<Touched> {
    let mut finder = Finder::new(reach, of, function);
    if !reach.holds_no(function, &compute.target) {
        let target = Stretch::Place(compute.target.clone());
        finder.touched.written.push(target);
    }
    for expr in indices(&compute.target).chain([compute.value]) {
        finder.value(expr);
    }
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
    for each in behind {
        let from = *arguments.get(each.argument)?;
        let (is_written, extent) = match each.access {
            Access::Reads(extent) => (false, extent),
            Access::Writes(extent) => (true, extent),
            Access::Stream | Access::Format => return None,
        };
        let stretch = match extent {
            Extent::Bytes(count) => Stretch::Bytes {
                from,
                count: *arguments.get(count)?,
            },
            Extent::Object => Stretch::Object(from),
            Extent::Open => return None,
        };
        let touched = &mut finder.touched;
        if is_written {
            touched.written.push(stretch);
        } else {
            touched.read.push(stretch);
        }
    }
    for argument in arguments {
        finder.value(*argument);
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

    /// Adds what evaluating an expression reads.
    fn value(&mut self, expr: Handle<Expr>) {
        let Self {
            reach,
            function,
            touched,
            is_certain,
        } = self;
        build::visit(function, expr, &mut |_, node| {
            *is_certain &= !decides(node);
            if let ExprKind::Load(place) = &node.kind
                && !reach.holds_no(function, place)
            {
                let place = Stretch::Place(place.clone());
                if !touched.stretches().any(|(_, known)| *known == place) {
                    touched.read.push(place);
                }
            }
        });
    }

    fn found(self) -> Option<Touched> {
        let count = self.touched.read.len() + self.touched.written.len();
        let can_be_told = self
            .touched
            .stretches()
            .all(|(_, stretch)| self.can_be_told(stretch));
        (self.is_certain && can_be_told && count <= MOST).then_some(self.touched)
    }

    /// Returns whether a stretch is found by variables alone, each of which the text can name.
    fn can_be_told(&self, stretch: &Stretch) -> bool {
        let (module, function) = (self.reach.module, self.function);
        let by_variables = |expr: Handle<Expr>| is_found(module, function, expr);
        match stretch {
            Stretch::Place(place) => can_be_told(module, function, place),
            Stretch::Object(from) => {
                let element = function.exprs[*from].ty.element();
                let is_one = matches!(element, Some(Type::Scalar(_) | Type::Record(_)));
                is_one && by_variables(*from)
            }
            Stretch::Bytes { from, count } => [*from, *count].into_iter().all(by_variables),
        }
    }
}

/// Returns whether a place is found by variables alone, each of which the text can name.
pub(super) fn can_be_told(module: &Module, function: &Function, place: &Place) -> bool {
    let ty = function.place_type(&module.records, place);
    let holds_one = matches!(ty, Some(Type::Scalar(_) | Type::Pointer { .. }));
    holds_one
        && can_be_named(module, &function.vars[place.var])
        && indices(place).all(|index| is_found(module, function, index))
        && leads_through_variables(module, function, place)
}

/// Returns whether an expression is one of variables alone, each of which the text can name.
fn is_found(module: &Module, function: &Function, expr: Handle<Expr>) -> bool {
    let mut named = variables(function, expr).into_iter();
    named.all(|var| can_be_named(module, &function.vars[var])) && !reads(function, expr)
}

fn can_be_named(module: &Module, var: &Var) -> bool {
    !var.spelling.is_empty() && !module.macros.contains(&var.spelling)
}

/// Returns whether an operand of an expression may stay without a value.
fn decides(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Select { .. } | ExprKind::Binary(BinaryOp::And | BinaryOp::Or, ..)
    )
}

/// Returns whether a path follows no pointer but that of its variable, which no pointer reaches.
fn leads_through_variables(module: &Module, function: &Function, place: &Place) -> bool {
    let mut steps = place.path.iter().enumerate();
    steps.all(|(position, step)| match step {
        Projection::Field(_) => true,
        Projection::Index(_) => {
            let before = Place {
                var: place.var,
                path: place.path[..position].to_vec(),
            };
            let ty = function.place_type(&module.records, &before);
            !matches!(ty, Some(Type::Pointer { .. })) || is_variable(function, &before)
        }
    })
}
