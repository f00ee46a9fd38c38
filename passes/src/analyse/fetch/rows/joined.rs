//! The array that takes the place of rows.

use mupac_ir::structure::{expressions_mut, is_same_expr};
use mupac_ir::{
    BinaryOp, Expr, ExprKind, Function, Handle, Loop, Module, Place, Projection, ROW_SPACING,
    ROW_SPACING_IF_THERE, Read, Scalar, Stmt, Var,
};

use super::super::{InMemory, Requirement, fetched, in_memory, needs};
use super::ends::Ends;
use crate::{build, region};

/// The kind of the conditions that rows are equally far apart.
const ROWS: &str = "equal-rows";

/// The rows of a table that a region reaches.
pub(super) struct Rows<'a> {
    pub(super) table: Handle<Var>,
    pub(super) first: Ends,
    pub(super) end: Ends,
    /// The loops that have to run for the rows to be there; `None`: they need not be.
    pub(super) loops: Option<Vec<&'a Loop>>,
}

/// An array in the place of rows.
pub(super) struct Joined {
    table: Handle<Var>,
    /// The number of its first row in the table.
    first: Handle<Expr>,
    /// Where that row starts.
    array: Handle<Var>,
    /// How many elements further each other row starts.
    spacing: Handle<Var>,
}

impl Rows<'_> {
    /// Gives the first row and the spacing of rows a variable each.
    pub(super) fn join(
        &self,
        module: &Module,
        function: &mut Function,
        known: &[InMemory],
    ) -> Option<(Joined, [InMemory; 2])> {
        let first = self.first.build(function, BinaryOp::Min)?;
        let end = self.end.build(function, BinaryOp::Max)?;
        let start = Place {
            var: self.table,
            path: vec![Projection::Index(short(function, first))],
        };
        let mut needs = self.late_needs(function, [first, end], known);
        let loops = self.loops.as_deref().unwrap_or_default();
        needs.extend(self::needs(function, loops, &mut |function, read, _| {
            super::super::known(function, read, known)
        }));
        let mut runs: Vec<Handle<Expr>> = Vec::new();
        for need in &needs {
            let condition = as_said(function, need.condition);
            let is_same =
                |known: &Handle<Expr>| is_same_expr(function, *known, function, condition);
            let is_always = build::constant(function, condition).is_some_and(|value| value != 0);
            if !is_always && !runs.iter().any(is_same) {
                runs.push(condition);
            }
        }
        let runs = build::all_of(function, runs);
        let count = build::binary(function, BinaryOp::Subtract, end, first);
        let row = function.vars[self.table].ty.element()?.clone();
        let mut table = start.clone();
        if build::constant(function, first) == Some(0) {
            // As a person writes it: `a`, and its first row `a[0]`.
            table.path = vec![Projection::Index(build::int(function, 0, Scalar::I64))];
        }
        let address = function.expr(ExprKind::Address(table.clone()), row.pointer(false));
        let name = match self.loops {
            Some(_) => ROW_SPACING,
            None => ROW_SPACING_IF_THERE,
        };
        let call = ExprKind::Call(name.to_owned(), vec![address, count]);
        let mut value = function.expr(call, Scalar::I32);
        if let Some(condition) = runs {
            let kind = ExprKind::Select {
                condition,
                then: value,
                otherwise: build::int(function, 0, Scalar::I32),
            };
            value = function.expr(kind, Scalar::I32);
        }
        let name = &function.vars[self.table].name;
        let name = format!("{name}.pitch");
        let spacing = fetched(function, &name, Scalar::I32.into(), value);
        let one = build::int(function, 1, Scalar::I32);
        let pitch = function.load(spacing.variable);
        needs.push(Requirement {
            kind: ROWS,
            condition: build::binary(function, BinaryOp::GreaterEqual, pitch, one),
            otherwise: "rows that are not equally far apart",
        });
        let mut array = in_memory(module, function, start.clone());
        let table = Read {
            place: table,
            count: Some(count),
        };
        // All of the table, not only its first pointer.
        array.reads.pop();
        array.reads.push(table.clone());
        let joined = Joined {
            table: self.table,
            first,
            array: array.fetched.variable,
            spacing: spacing.variable,
        };
        let spacing = InMemory {
            fetched: spacing,
            root: self.table,
            reads: vec![table],
            pointers: 1,
            needs: Vec::new(),
            is_joined: false,
        };
        let array = InMemory {
            needs,
            is_joined: true,
            ..array
        };
        Some((joined, [spacing, array]))
    }

    /// Returns what must hold for the table and for what its rows are named by to be there, the least first.
    fn late_needs(
        &self,
        function: &Function,
        ends: [Handle<Expr>; 2],
        known: &[InMemory],
    ) -> Vec<Requirement> {
        let mut named = vec![self.table];
        named.extend(
            ends.into_iter()
                .flat_map(|end| build::variables(function, end)),
        );
        let is_named = |each: &&InMemory| named.contains(&each.fetched.variable);
        let mut late: Vec<&InMemory> = known.iter().filter(is_named).collect();
        late.sort_by_key(|each| each.needs.len());
        late.into_iter()
            .flat_map(|each| each.needs.clone())
            .collect()
    }
}

/// Returns a condition in the words of guards: `n >= 1` of `0 < n`.
fn as_said(function: &mut Function, condition: Handle<Expr>) -> Handle<Expr> {
    let ExprKind::Binary(BinaryOp::Less, first, end) = function.exprs[condition].kind else {
        return condition;
    };
    let ty = function.exprs[end].ty.scalar();
    match (build::constant(function, first), ty) {
        (Some(first), Some(ty)) => {
            let least = build::int(function, first + 1, ty);
            build::binary(function, BinaryOp::GreaterEqual, end, least)
        }
        _ => condition,
    }
}

/// Returns a constant as an `int` that is spelled.
fn short(function: &mut Function, value: Handle<Expr>) -> Handle<Expr> {
    let Some(number) = build::constant(function, value) else {
        return value;
    };
    let short = build::int(function, number, Scalar::I64);
    let short = build::convert(function, short, Scalar::I32);
    function.exprs[short].spelling = Some(number.to_string());
    short
}

/// Puts the arrays in the place of the rows.
pub(super) fn replace(function: &mut Function, statements: &mut [Stmt], all: &[Joined]) {
    for stmt in statements {
        for expr in expressions_mut(stmt) {
            *expr = value(function, *expr, all);
        }
        if let Stmt::Compute(compute) = stmt
            && let Some(place) = element(function, &compute.target, all)
        {
            compute.target = place;
        }
        for block in region::blocks_mut(stmt) {
            replace(function, block, all);
        }
    }
}

fn value(function: &mut Function, expr: Handle<Expr>, all: &[Joined]) -> Handle<Expr> {
    build::replaced(function, expr, &mut |function, node| {
        let ExprKind::Load(place) = &node.kind else {
            return None;
        };
        let kind = ExprKind::Load(element(function, place, all)?);
        let node = Expr {
            kind,
            ..node.clone()
        };
        Some(function.exprs.push(node))
    })
}

/// Returns the element of an array that is the one of a row.
fn element(function: &mut Function, place: &Place, all: &[Joined]) -> Option<Place> {
    let joined = all.iter().find(|each| each.table == place.var)?;
    let [Projection::Index(row), Projection::Index(at), rest @ ..] = place.path.as_slice() else {
        return None;
    };
    let [row, at] = [*row, *at].map(|index| {
        let index = value(function, index, all);
        build::convert(function, index, Scalar::I64)
    });
    let row = build::binary(function, BinaryOp::Subtract, row, joined.first);
    let spacing = function.load(joined.spacing);
    let spacing = build::convert(function, spacing, Scalar::I64);
    let row = build::binary(function, BinaryOp::Multiply, row, spacing);
    let at = build::binary(function, BinaryOp::Add, row, at);
    let rest = rest.iter().map(|step| match step {
        Projection::Index(index) => Projection::Index(value(function, *index, all)),
        Projection::Field(_) => *step,
    });
    Some(Place {
        var: joined.array,
        path: [Projection::Index(at)].into_iter().chain(rest).collect(),
    })
}
