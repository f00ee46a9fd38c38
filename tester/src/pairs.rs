//! Pointers of one call that lead into one object: a function that compares two, or takes how far one is from the other, is
//! defined on nothing else.
//!
//! **Source**: C17 6.5.6 §9, 6.5.8 §5.

use std::collections::BTreeMap;

use mupac_ir::structure::{each, each_expression, visit};
use mupac_ir::views;
use mupac_ir::{
    Arena, BinaryOp, Comparison, Expr, ExprKind, Function, Handle, Place, Projection, Record, Stmt,
    Type, Var,
};

/// So many pointers that were made of others are followed to where they come from.
const MOST_STEPS: usize = 8;

/// Where a caller puts a pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// The parameter of this number.
    Parameter(usize),
    /// A member of a structure that this parameter is, or leads to, so many bytes behind its start.
    Member(usize, u64),
}

/// Returns the pointers of which a function compares the second with the first, or with what is made of it.
pub(crate) fn compared(function: &Function, records: &Arena<Record>) -> Vec<[Source; 2]> {
    let origins = Origins {
        function,
        records,
        made: made(function),
    };
    let mut found = Vec::new();
    each(&function.body, &mut |statement| {
        each_expression(statement, &mut |expr| {
            visit(function, expr, &mut |_, node| {
                let ExprKind::Binary(op, a, b) = node.kind else {
                    return;
                };
                let is_pair = op == BinaryOp::Subtract || Comparison::of(op).is_some();
                let [a, b] = [a, b].map(|side| origins.of(side, MOST_STEPS));
                let pair = a.zip(b).filter(|(a, b)| is_pair && a != b);
                let pair = pair.map(|(a, b)| [a.min(b), a.max(b)]);
                found.extend(pair.filter(|pair| !found.contains(pair)));
            });
        });
    });
    found
}

/// Returns the pointers in structures that a function makes pointers to elements of a type of, and that type.
pub(crate) fn views(function: &Function, records: &Arena<Record>) -> Vec<(Source, Type)> {
    let origins = Origins {
        function,
        records,
        made: BTreeMap::new(),
    };
    let all = views::views(function).into_iter();
    let members = all.filter_map(|(place, ty)| Some((origins.member(place)?, ty.clone())));
    members.collect()
}

/// Returns what each pointer is made of where it is set to another one.
fn made(function: &Function) -> BTreeMap<Handle<Var>, Handle<Expr>> {
    let mut made = BTreeMap::new();
    each(&function.body, &mut |statement| {
        if let Stmt::Compute(compute) = statement
            && compute.target.path.is_empty()
        {
            made.entry(compute.target.var).or_insert(compute.value);
        }
    });
    made
}

/// Finds where pointers of a function come from.
struct Origins<'a> {
    function: &'a Function,
    records: &'a Arena<Record>,
    made: BTreeMap<Handle<Var>, Handle<Expr>>,
}

impl Origins<'_> {
    /// Returns where the caller puts a pointer, or the one that it is made of.
    fn of(&self, pointer: Handle<Expr>, left: usize) -> Option<Source> {
        let node = &self.function.exprs[pointer];
        if left == 0 || !matches!(node.ty, Type::Pointer { .. }) {
            return None;
        }
        match &node.kind {
            ExprKind::Cast(inner)
            | ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract, inner, _) => {
                self.of(*inner, left - 1)
            }
            ExprKind::Load(place) if place.path.is_empty() => {
                let own = self.parameter(place.var).map(Source::Parameter);
                own.or_else(|| self.of(*self.made.get(&place.var)?, left - 1))
            }
            ExprKind::Load(place) => self.member(place),
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => None,
        }
    }

    fn parameter(&self, var: Handle<Var>) -> Option<usize> {
        self.function.parameters.iter().position(|own| *own == var)
    }

    /// Returns the member of a structure that a place is.
    fn member(&self, place: &Place) -> Option<Source> {
        let parameter = self.parameter(place.var)?;
        let fields = match place.path.split_first()? {
            (Projection::Index(_), fields) => fields,
            (Projection::Field(_), _) => &place.path,
        };
        let mut ty = &self.function.vars[place.var].ty;
        if let Type::Pointer { to, .. } = ty {
            ty = to;
        }
        let mut offset = 0;
        for step in fields {
            let (Projection::Field(field), Type::Record(record)) = (step, ty) else {
                return None;
            };
            let field = self.records[*record].fields.get(*field as usize)?;
            offset += field.offset_bytes;
            ty = &field.ty;
        }
        Some(Source::Member(parameter, offset))
    }
}
