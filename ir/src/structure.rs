//! The structure of statements, expressions and types: what they consist of, and whether two are the same.
//!
//! Handles say where a value is stored, not what it is; the comparisons here look through them.
//! They accept any arena, also a damaged one: a comparison that would not end is `false`.

use crate::arena::Handle;
use crate::expr::{Expr, ExprKind, Place, Projection};
use crate::function::{Function, Var};
use crate::stmt::{Block, Stmt};
use crate::types::{Extent, Type};

/// How deep expressions may nest; deeper ones are refused by the parser and by the verifier.
pub const MAX_EXPRESSION_DEPTH: usize = 200;

/// How deep blocks may nest; deeper ones are refused by the parser and by the verifier.
pub const MAX_BLOCK_DEPTH: usize = 128;

/// How deep types may nest; deeper ones are refused by the parser and by the verifier.
pub const MAX_TYPE_DEPTH: usize = 32;

/// How many nodes an expression may have, counted as a tree; the verifier refuses larger ones.
pub const MAX_EXPRESSION_NODES: usize = 100_000;

/// Returns the expressions that an expression is made of, without those inside types.
pub fn operands(kind: &ExprKind) -> Vec<Handle<Expr>> {
    match kind {
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => Vec::new(),
        ExprKind::Load(place) | ExprKind::Address(place) => indices(place).collect(),
        ExprKind::Unary(_, operand) | ExprKind::Cast(operand) => vec![*operand],
        ExprKind::Binary(_, left, right) => vec![*left, *right],
        ExprKind::Select {
            condition,
            then,
            otherwise,
        } => vec![*condition, *then, *otherwise],
        ExprKind::Call(_, arguments) => arguments.clone(),
    }
}

/// Calls `see` for an expression and everything below it, operands before operators.
pub fn visit(function: &Function, expr: Handle<Expr>, see: &mut dyn FnMut(Handle<Expr>, &Expr)) {
    let node = &function.exprs[expr];
    for operand in operands(&node.kind) {
        visit(function, operand, see);
    }
    see(expr, node);
}

/// Returns the variables whose values an expression reads, subscripted ones included, by handle.
pub fn variables(function: &Function, expr: Handle<Expr>) -> Vec<Handle<Var>> {
    let mut found = Vec::new();
    visit(function, expr, &mut |_, expr| {
        if let ExprKind::Load(place) | ExprKind::Address(place) = &expr.kind {
            found.push(place.var);
        }
    });
    found.sort_unstable();
    found.dedup();
    found
}

/// Returns the subscripts in the path of a place.
pub fn indices(place: &Place) -> impl Iterator<Item = Handle<Expr>> + '_ {
    place.path.iter().filter_map(|step| match step {
        Projection::Index(index) => Some(*index),
        Projection::Field(_) => None,
    })
}

/// Returns the blocks directly inside a statement.
pub fn blocks(stmt: &Stmt) -> Vec<&Block> {
    inside(stmt).into_iter().flatten().collect()
}

/// Returns what [`blocks`] does, without allocating: walks over whole regions are what rewrites take their time for.
fn inside(stmt: &Stmt) -> [Option<&Block>; 3] {
    match stmt {
        Stmt::For(each) => [Some(&each.body), None, None],
        Stmt::If(branch) => [Some(&branch.then), Some(&branch.otherwise), None],
        Stmt::While(each) => [
            Some(&each.before_test),
            Some(&each.body),
            Some(&each.after_body),
        ],
        Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => [None; 3],
    }
}

/// Returns the blocks directly inside a statement, for change.
pub fn blocks_mut(stmt: &mut Stmt) -> Vec<&mut Block> {
    match stmt {
        Stmt::For(each) => vec![&mut each.body],
        Stmt::If(branch) => vec![&mut branch.then, &mut branch.otherwise],
        Stmt::While(each) => vec![&mut each.before_test, &mut each.body, &mut each.after_body],
        Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => Vec::new(),
    }
}

/// Calls `see` for every statement, each before those inside it.
pub fn each<'a>(statements: &'a [Stmt], see: &mut dyn FnMut(&'a Stmt)) {
    for stmt in statements {
        see(stmt);
        for block in inside(stmt).into_iter().flatten() {
            each(block, see);
        }
    }
}

/// Returns what `look` finds first, among the statements and those inside them, each before those inside it.
pub fn first<'a, R>(
    statements: &'a [Stmt],
    look: &mut dyn FnMut(&'a Stmt) -> Option<R>,
) -> Option<R> {
    statements.iter().find_map(|stmt| {
        look(stmt).or_else(|| {
            let mut blocks = inside(stmt).into_iter().flatten();
            blocks.find_map(|block| first(block, look))
        })
    })
}

/// Returns whether blocks or threads run some loop.
pub fn has_mapped(statements: &[Stmt]) -> bool {
    let mut found = false;
    each(statements, &mut |stmt| {
        found |= matches!(stmt, Stmt::For(each) if each.mapping.is_parallel());
    });
    found
}

/// Returns the expressions that a statement evaluates itself, without those of the blocks inside it.
pub fn expressions(stmt: &Stmt) -> Vec<Handle<Expr>> {
    match stmt {
        Stmt::Compute(compute) => indices(&compute.target).chain([compute.value]).collect(),
        Stmt::Let(_, value) => vec![*value],
        Stmt::For(each) => vec![each.start, each.end],
        Stmt::If(branch) => vec![branch.condition],
        Stmt::While(each) => vec![each.condition],
        Stmt::Call(call) => call
            .target
            .iter()
            .flat_map(indices)
            .chain(call.arguments.iter().copied())
            .collect(),
        Stmt::Return(value, _) => value.iter().copied().collect(),
        Stmt::Declare(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => Vec::new(),
    }
}

/// Returns the expressions that a statement evaluates itself, for change; in the order of [`expressions`].
pub fn expressions_mut(stmt: &mut Stmt) -> Vec<&mut Handle<Expr>> {
    match stmt {
        Stmt::Compute(compute) => indices_mut(&mut compute.target)
            .chain([&mut compute.value])
            .collect(),
        Stmt::Let(_, value) => vec![value],
        Stmt::For(each) => vec![&mut each.start, &mut each.end],
        Stmt::If(branch) => vec![&mut branch.condition],
        Stmt::While(each) => vec![&mut each.condition],
        Stmt::Call(call) => call
            .target
            .iter_mut()
            .flat_map(indices_mut)
            .chain(call.arguments.iter_mut())
            .collect(),
        Stmt::Return(value, _) => value.iter_mut().collect(),
        Stmt::Declare(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => Vec::new(),
    }
}

/// Returns the subscripts in the path of a place, for change.
pub fn indices_mut(place: &mut Place) -> impl Iterator<Item = &mut Handle<Expr>> {
    place.path.iter_mut().filter_map(|step| match step {
        Projection::Index(index) => Some(index),
        Projection::Field(_) => None,
    })
}

/// Returns the expressions that give a type its variable extents, outermost first.
pub fn extents(ty: &Type) -> Vec<Handle<Expr>> {
    let mut found = Vec::new();
    let mut rest = Some(ty);
    while let Some(ty) = rest {
        if let Type::Array {
            length: Extent::Variable(length),
            ..
        } = ty
        {
            found.push(*length);
        }
        rest = ty.element();
    }
    found
}

/// Returns how many levels of pointers and arrays a type has.
pub fn type_depth(ty: &Type) -> usize {
    std::iter::successors(Some(ty), |ty| ty.element()).count()
}

/// Returns whether `a`, a type in `function`, is `b`, a type in `other`.
///
/// Variable extents are the same where their expressions are.
/// Record handles must be the same: both functions belong to modules with the same list of records.
pub fn is_same_type(function: &Function, a: &Type, other: &Function, b: &Type) -> bool {
    Comparison::new(function, other).types(a, b)
}

/// Returns whether two expressions are the same, in variables (by name, in one function by handle), constants (to the
/// bit) and structure.
///
/// Only such types are compared as do not follow from the operands.
pub fn is_same_expr(
    function: &Function,
    a: Handle<Expr>,
    other: &Function,
    b: Handle<Expr>,
) -> bool {
    Comparison::new(function, other).exprs(a, b)
}

/// Returns whether two places are the same, as [`is_same_expr`] does.
pub fn is_same_place(function: &Function, a: &Place, other: &Function, b: &Place) -> bool {
    Comparison::new(function, other).places(a, b)
}

/// A comparison in progress; `left` bounds its effort and `depth` its recursion.
struct Comparison<'a> {
    function: &'a Function,
    other: &'a Function,
    left: usize,
    depth: usize,
}

impl<'a> Comparison<'a> {
    fn new(function: &'a Function, other: &'a Function) -> Self {
        Self {
            function,
            other,
            left: MAX_EXPRESSION_NODES,
            depth: 0,
        }
    }

    fn types(&mut self, a: &Type, b: &Type) -> bool {
        match (a, b) {
            (
                Type::Pointer { to, is_const },
                Type::Pointer {
                    to: other,
                    is_const: is_other_const,
                },
            ) => is_const == is_other_const && self.types(to, other),
            (
                Type::Array { of, length },
                Type::Array {
                    of: other,
                    length: other_length,
                },
            ) => self.lengths(*length, *other_length) && self.types(of, other),
            (
                Type::Void
                | Type::Scalar(_)
                | Type::Pointer { .. }
                | Type::Array { .. }
                | Type::Record(_)
                | Type::Opaque(_),
                _,
            ) => a == b,
        }
    }

    fn lengths(&mut self, a: Extent, b: Extent) -> bool {
        match (a, b) {
            (Extent::Variable(a), Extent::Variable(b)) => self.exprs(a, b),
            (Extent::Fixed(_) | Extent::Variable(_) | Extent::Unknown, _) => a == b,
        }
    }

    fn exprs(&mut self, a: Handle<Expr>, b: Handle<Expr>) -> bool {
        if self.is_one_function() && a == b {
            return true;
        }
        let (Some(left), Some(right)) = (self.function.exprs.get(a), self.other.exprs.get(b))
        else {
            return false;
        };
        if self.left == 0 || self.depth > MAX_EXPRESSION_DEPTH {
            return false;
        }
        self.left -= 1;
        self.depth += 1;
        let is_same = self.kinds(left, right);
        self.depth -= 1;
        is_same
    }

    fn kinds(&mut self, a: &Expr, b: &Expr) -> bool {
        match (&a.kind, &b.kind) {
            (ExprKind::Int(left), ExprKind::Int(right)) => left == right && a.ty == b.ty,
            (ExprKind::Float(left), ExprKind::Float(right)) => {
                left.to_bits() == right.to_bits() && a.ty == b.ty
            }
            (ExprKind::Text(left), ExprKind::Text(right)) => left == right && a.ty == b.ty,
            (ExprKind::Load(left), ExprKind::Load(right)) => self.places(left, right),
            (ExprKind::Address(left), ExprKind::Address(right)) => {
                is_to_const(&a.ty) == is_to_const(&b.ty) && self.places(left, right)
            }
            (ExprKind::Unary(op, left), ExprKind::Unary(other, right)) => {
                op == other && self.exprs(*left, *right)
            }
            (ExprKind::Binary(op, left, right), ExprKind::Binary(other, first, second)) => {
                op == other && self.exprs(*left, *first) && self.exprs(*right, *second)
            }
            (ExprKind::Cast(left), ExprKind::Cast(right)) => {
                self.types(&a.ty, &b.ty) && self.exprs(*left, *right)
            }
            (
                ExprKind::Select {
                    condition,
                    then,
                    otherwise,
                },
                ExprKind::Select {
                    condition: other_condition,
                    then: other_then,
                    otherwise: other_otherwise,
                },
            ) => {
                self.exprs(*condition, *other_condition)
                    && self.exprs(*then, *other_then)
                    && self.exprs(*otherwise, *other_otherwise)
            }
            (ExprKind::Call(name, arguments), ExprKind::Call(other, others)) => {
                name == other
                    && arguments.len() == others.len()
                    && self.types(&a.ty, &b.ty)
                    && arguments
                        .iter()
                        .zip(others)
                        .all(|(left, right)| self.exprs(*left, *right))
            }
            (ExprKind::BlockIndex(left), ExprKind::BlockIndex(right))
            | (ExprKind::ThreadIndex(left), ExprKind::ThreadIndex(right)) => {
                left == right && a.ty == b.ty
            }
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
        }
    }

    /// Two functions have a variable in common by its name, one has it by its handle.
    fn vars(&self, a: Handle<Var>, b: Handle<Var>) -> bool {
        if self.is_one_function() {
            return a == b;
        }
        let vars = self.function.vars.get(a).zip(self.other.vars.get(b));
        vars.is_some_and(|(var, other)| var.name == other.name)
    }

    fn is_one_function(&self) -> bool {
        std::ptr::eq(self.function, self.other)
    }

    fn places(&mut self, a: &Place, b: &Place) -> bool {
        self.vars(a.var, b.var)
            && a.path.len() == b.path.len()
            && a.path.iter().zip(&b.path).all(|steps| match steps {
                (Projection::Index(left), Projection::Index(right)) => self.exprs(*left, *right),
                (Projection::Field(left), Projection::Field(right)) => left == right,
                (Projection::Index(_), Projection::Field(_))
                | (Projection::Field(_), Projection::Index(_)) => false,
            })
    }
}

/// Returns whether a type is a pointer to something `const`.
fn is_to_const(ty: &Type) -> bool {
    matches!(ty, Type::Pointer { is_const: true, .. })
}
