//! Distances from element to element that the caller says: `INCX` of `x[i * INCX]`.
//!
//! Nothing tells them in advance. A typical size would be wrong for them: they are 1 in most calls, and a vector of a
//! thousand elements that lie a thousand apart is not what functions are called with.
//!
//! **Source**: Lawson, Hanson, Kincaid, Krogh, “Basic Linear Algebra Subprograms for Fortran Usage”, TOMS 5(3), 1979
//! (increments).

use std::collections::BTreeSet;

use mupac_ir::structure::{each, each_expression, each_operand, indices, variables, visit};
use mupac_ir::{BinaryOp, Expr, ExprKind, Function, Handle, Stmt, Var};

/// Returns the variables that multiply the iterators in all subscripts that they are in, and bound no loop.
pub(super) fn increments(function: &Function, statements: &[Stmt]) -> BTreeSet<Handle<Var>> {
    let mut bounds = BTreeSet::new();
    let mut iterators = BTreeSet::new();
    let mut subscripts = Vec::new();
    each(statements, &mut |stmt| {
        if let Stmt::For(each) = stmt {
            iterators.insert(each.iterator);
            for bound in [each.start, each.end] {
                bounds.extend(variables(function, bound));
            }
        }
        if let Stmt::Compute(compute) = stmt {
            subscripts.extend(indices(&compute.target));
        }
        each_expression(stmt, &mut |expr| {
            visit(function, expr, &mut |_, node| {
                if let ExprKind::Load(place) = &node.kind {
                    subscripts.extend(indices(place));
                }
            });
        });
    });
    let subscript = Subscripts {
        function,
        iterators: &iterators,
    };
    let mut found: BTreeSet<_> = subscripts
        .iter()
        .flat_map(|index| variables(function, *index))
        .filter(|var| !iterators.contains(var) && !bounds.contains(var))
        .collect();
    found.retain(|var| {
        let mut with_it = subscripts
            .iter()
            .filter(|index| variables(function, **index).contains(var));
        with_it.all(|index| !subscript.has_iterator_beside(*index, *var))
    });
    found
}

struct Subscripts<'a> {
    function: &'a Function,
    iterators: &'a BTreeSet<Handle<Var>>,
}

impl Subscripts<'_> {
    /// Returns whether an iterator stands in an expression that a variable does not multiply.
    fn has_iterator_beside(&self, expr: Handle<Expr>, var: Handle<Var>) -> bool {
        let kind = &self.function.exprs[expr].kind;
        if let ExprKind::Binary(BinaryOp::Multiply, left, right) = kind
            && [left, right].iter().any(|factor| self.is(**factor, var))
        {
            return false;
        }
        if let ExprKind::Load(place) = kind
            && self.iterators.contains(&place.var)
        {
            return true;
        }
        let mut is_beside = false;
        each_operand(kind, &mut |operand| {
            is_beside |= self.has_iterator_beside(operand, var);
        });
        is_beside
    }

    /// Returns whether an expression is the variable, whatever it is converted to.
    fn is(&self, expr: Handle<Expr>, var: Handle<Var>) -> bool {
        let kind = &self.function.exprs[expr].kind;
        if let ExprKind::Cast(inner) = kind {
            return self.is(*inner, var);
        }
        matches!(kind, ExprKind::Load(place) if place.path.is_empty() && place.var == var)
    }
}
