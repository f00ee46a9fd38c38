//! Arrays made by passes in the place of the program's arrays and variables, as they stand in the text, and the copies
//! that fill those that a block shares.

use mupac_ir::{
    BinaryOp, Compute, Expr, ExprKind, Function, Handle, Place, Projection, Space, Type, Var,
};

use super::flat::Shapes;
use super::linear::Linear;
use super::scope::Scope;
use crate::build;

/// An element of a shared array that stands for an element of an array of the program.
#[derive(Clone, Debug)]
pub(crate) struct Staged {
    /// The shared array.
    pub(crate) shared: Handle<Var>,
    /// Its subscripts.
    pub(crate) at: Vec<Linear>,
    /// The array of the program.
    pub(crate) array: Handle<Var>,
    /// The subscripts that the program has there.
    pub(crate) element: Vec<Linear>,
}

/// An element of an array that stands for an instance of a variable of the program.
#[derive(Clone, Debug)]
pub(crate) struct Expanded {
    /// The array.
    pub(crate) array: Handle<Var>,
    /// The subscripts that tell instances apart; others, of the variable itself, come after them.
    pub(crate) at: Vec<Linear>,
    /// The variable of the program.
    pub(crate) variable: Handle<Var>,
}

/// What an assignment names in place of what the program's names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Replaced {
    pub(crate) staged: Vec<Staged>,
    pub(crate) expanded: Vec<Expanded>,
}

/// Returns whether the threads of a block share a variable.
pub(crate) fn is_shared(function: &Function, var: Handle<Var>) -> bool {
    function.vars[var].space == Space::Shared
}

/// Returns whether a variable is an array in which a thread, or the device for all threads, keeps instances of a variable of
/// the program.
pub(crate) fn is_expanded(function: &Function, var: Handle<Var>) -> bool {
    function.vars[var].space == Space::Register || is_of_device(function, var)
}

/// Returns whether an array of instances lies in the device's memory, where one launch finds what another one left.
pub(crate) fn is_of_device(function: &Function, var: Handle<Var>) -> bool {
    function.vars[var].space == Space::Global
}

/// Reads an assignment to a shared array; `None` where it is not the copy of one element of another.
pub(crate) fn copy(scope: &mut Scope<'_>, shapes: &Shapes, compute: &Compute) -> Option<Staged> {
    let function = scope.function;
    let value = &function.exprs[compute.value];
    let ExprKind::Load(source) = &value.kind else {
        return None;
    };
    let is_same_type = function.vars[compute.target.var].ty.innermost() == &value.ty;
    (is_same_type && !is_shared(function, source.var))
        .then(|| pair(scope, shapes, &compute.target, source))
        .flatten()
}

impl Replaced {
    /// Reads what an assignment names in place of what the program's names; `None` where they differ in anything else, or
    /// where a copy may not be read at all.
    pub(crate) fn of(
        scope: &mut Scope<'_>,
        shapes: &Shapes,
        original: &Compute,
        rewritten: &Compute,
    ) -> Option<Self> {
        let same = Compute {
            target: original.target.clone(),
            value: original.value,
            ..rewritten.clone()
        };
        if same != *original {
            return None;
        }
        let mut pairs = Pairs {
            function: scope.function,
            staged: Vec::new(),
            expanded: Vec::new(),
        };
        let is_alike = pairs.place(&original.target, &rewritten.target)
            && pairs.value(original.value, rewritten.value, true);
        if !is_alike {
            return None;
        }
        let staged = pairs.staged.into_iter();
        let expanded = pairs.expanded.into_iter();
        Some(Self {
            staged: staged
                .map(|(array, shared)| pair(scope, shapes, shared, array))
                .collect::<Option<_>>()?,
            expanded: expanded
                .map(|each| {
                    let at = each.at.into_iter().map(|index| scope.value(index));
                    Some(Expanded {
                        array: each.array,
                        at: at.collect::<Option<_>>()?,
                        variable: each.variable,
                    })
                })
                .collect::<Option<_>>()?,
        })
    }
}

fn pair(scope: &mut Scope<'_>, shapes: &Shapes, shared: &Place, array: &Place) -> Option<Staged> {
    Some(Staged {
        shared: shared.var,
        at: shapes.subscripts(scope, shared)?,
        array: array.var,
        element: shapes.subscripts(scope, array)?,
    })
}

/// Where two assignments name different variables: first what the program has, then what stands for it.
struct Pairs<'a> {
    function: &'a Function,
    staged: Vec<(&'a Place, &'a Place)>,
    expanded: Vec<Instance>,
}

/// An instance of a variable as the text names it.
struct Instance {
    variable: Handle<Var>,
    array: Handle<Var>,
    /// The subscripts that tell instances apart.
    at: Vec<Handle<Expr>>,
}

impl Pairs<'_> {
    /// Compares two places, of which the second may be an element that stands for the variable of the first.
    fn place(&mut self, original: &Place, rewritten: &Place) -> bool {
        let mut rest = rewritten.path.as_slice();
        if original.var != rewritten.var {
            let Some((at, own)) = self.instance(original.var, rewritten) else {
                return false;
            };
            self.expanded.push(Instance {
                variable: original.var,
                array: rewritten.var,
                at,
            });
            rest = own;
        }
        original.path.len() == rest.len()
            && original.path.iter().zip(rest).all(|pair| match pair {
                (Projection::Index(a), Projection::Index(b)) => self.value(*a, *b, true),
                (Projection::Field(a), Projection::Field(b)) => a == b,
                (Projection::Index(_) | Projection::Field(_), _) => false,
            })
    }

    /// Splits the path to an element that stands for a variable, or for a part of it; `None` where it is none.
    fn instance<'p>(
        &self,
        variable: Handle<Var>,
        place: &'p Place,
    ) -> Option<(Vec<Handle<Expr>>, &'p [Projection])> {
        if !is_expanded(self.function, place.var) {
            return None;
        }
        let wanted = &self.function.vars[variable].ty;
        let mut ty: &Type = &self.function.vars[place.var].ty;
        let mut at = Vec::new();
        for step in &place.path {
            if ty == wanted {
                break;
            }
            let Projection::Index(index) = step else {
                return None;
            };
            ty = ty.element()?;
            at.push(*index);
        }
        let own = place.path.get(at.len()..)?;
        (ty == wanted && !at.is_empty()).then_some((at, own))
    }

    /// Compares two expressions.
    ///
    /// Where it is not certain that a value is read, the program may not touch the element, and a copy must not.
    fn value(&mut self, original: Handle<Expr>, rewritten: Handle<Expr>, is_certain: bool) -> bool {
        if original == rewritten {
            return true;
        }
        let function = self.function;
        let (a, b) = (&function.exprs[original], &function.exprs[rewritten]);
        if a.ty != b.ty || a.span != b.span {
            return false;
        }
        let is_same = match (&a.kind, &b.kind) {
            (ExprKind::Load(from), ExprKind::Load(to)) if is_shared(function, to.var) => {
                let is_staged = is_certain && function.vars[to.var].ty.innermost() == &b.ty;
                if is_staged {
                    self.staged.push((from, to));
                }
                return is_staged;
            }
            (ExprKind::Load(from), ExprKind::Load(to)) => return self.place(from, to),
            (ExprKind::Unary(op, _), ExprKind::Unary(other, _)) => op == other,
            (ExprKind::Binary(op, ..), ExprKind::Binary(other, ..)) => op == other,
            (ExprKind::Cast(_), ExprKind::Cast(_))
            | (ExprKind::Select { .. }, ExprKind::Select { .. }) => true,
            (ExprKind::Call(callee, _), ExprKind::Call(other, _)) => callee == other,
            (
                ExprKind::Int(_)
                | ExprKind::Float(_)
                | ExprKind::Text(_)
                | ExprKind::Load(_)
                | ExprKind::Address(_)
                | ExprKind::Unary(..)
                | ExprKind::Binary(..)
                | ExprKind::Cast(_)
                | ExprKind::Select { .. }
                | ExprKind::Call(..)
                | ExprKind::BlockIndex(_)
                | ExprKind::ThreadIndex(_),
                _,
            ) => false,
        };
        let may_skip = matches!(
            a.kind,
            ExprKind::Select { .. } | ExprKind::Binary(BinaryOp::And | BinaryOp::Or, ..)
        );
        let (first, second) = (build::operands(&a.kind), build::operands(&b.kind));
        let mut pairs = first.iter().zip(&second).enumerate();
        is_same
            && first.len() == second.len()
            && pairs.all(|(at, (a, b))| self.value(*a, *b, is_certain && (at == 0 || !may_skip)))
    }
}
