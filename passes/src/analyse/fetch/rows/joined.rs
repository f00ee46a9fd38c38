//! The array that takes the place of rows.

use std::collections::BTreeMap;

use mupac_ir::structure::{expressions_mut, is_same_expr};
use mupac_ir::{
    BinaryOp, Expr, ExprKind, Fetched, Function, Handle, Loop, Module, PLANE_SPACING, Place,
    Projection, ROW_SPACING, ROW_SPACING_IF_THERE, Read, Scalar, Stmt, Type, Var,
};

use super::super::{InMemory, Requirement, fetched, in_memory, needs};
use super::ends::Level;
use super::table::Table;
use crate::analyse::names::shown;
use crate::{build, region};

/// The kind of the conditions that rows are equally far apart.
const ROWS: &str = "equal-rows";

/// The rows of a table that a region reaches.
pub(super) struct Rows<'a> {
    pub(super) table: Table,
    /// Those of each plane behind the planes, where there are planes.
    pub(super) levels: Vec<Level>,
    /// The loops that have to run for the rows to be there; `None`: they need not be.
    pub(super) loops: Option<Vec<&'a Loop>>,
    /// Whether the region then reaches each row of each plane, so that all are there.
    pub(super) is_full: bool,
    /// Whether other rows are reached of which only analysis can say that they are among these.
    pub(super) is_open: bool,
}

/// An array in the place of rows.
pub(super) struct Joined {
    table: Table,
    /// The number of its first row in the table, behind that of its first plane, where there are planes.
    first: Vec<Handle<Expr>>,
    /// Where that row starts.
    array: Handle<Var>,
    /// How many elements further each other plane and row starts.
    spacing: Vec<Handle<Var>>,
}

/// Which rows a table has, as the host says it.
pub(super) struct Named {
    /// The place of the first row or number.
    pub(super) start: Place,
    /// The place of the first pointer of the table.
    table: Place,
    /// The place of the second one, where they are members of structures.
    next: Option<Place>,
    /// The first one and the number of planes and of rows of each.
    levels: Vec<[Handle<Expr>; 2]>,
}

impl Named {
    /// Returns where the rows or planes begin, and which ones are asked for.
    pub(super) fn arguments(&self, module: &Module, function: &mut Function) -> Vec<Handle<Expr>> {
        let row = function.place_type(&module.records, &self.table);
        let row = row.unwrap_or(Type::Void).pointer(false);
        let mut address = |place: Place| function.expr(ExprKind::Address(place), row.clone());
        let start = address(self.table.clone());
        match self.levels[..] {
            [[_, planes], [first, rows]] => vec![start, planes, first, rows],
            _ => [start]
                .into_iter()
                .chain(self.levels.iter().map(|[_, count]| *count))
                .chain(self.next.clone().map(address))
                .collect(),
        }
    }

    /// Returns what the host reads: all of the table, with the structures around its pointers and those to the rows of each
    /// plane.
    fn reads(&self) -> Option<Read> {
        let (mut place, [_, count]) = (self.table.clone(), *self.levels.first()?);
        place.path.truncate(1);
        Some(match self.levels.get(1) {
            Some([_, rows]) => {
                place.path.extend(self.start.path.last());
                Read {
                    place,
                    count: Some(*rows),
                    planes: Some(count),
                }
            }
            None => Read {
                place,
                count: Some(count),
                planes: None,
            },
        })
    }
}

impl Rows<'_> {
    /// Gives the first row and the spacing of rows a variable each, and where there are planes, the spacing and the number of
    /// rows of these.
    pub(super) fn join(
        &self,
        module: &Module,
        function: &mut Function,
        known: &[InMemory],
    ) -> Option<(Joined, Vec<InMemory>)> {
        let ends: Option<Vec<_>> = self
            .levels
            .iter()
            .map(|level| level.build(function))
            .collect();
        let ends = ends?;
        let mut needs = self.late_needs(function, &ends, known);
        let loops = self.loops.as_deref().unwrap_or_default();
        needs.extend(self::needs(function, loops, &mut |function, read, _| {
            super::super::known(function, read, known)
        }));
        let runs = all(function, &needs);
        let named = self.named(function, &ends);
        let mut array = in_memory(module, function, named.start.clone());
        let called = shown(&function.vars[array.fetched.variable]);
        let mut spacings = Vec::new();
        let needed = |function: &mut Function, spacing: &InMemory| {
            let one = build::int(function, 1, Scalar::I32);
            let pitch = function.load(spacing.fetched.variable);
            Requirement {
                kind: ROWS,
                condition: build::binary(function, BinaryOp::GreaterEqual, pitch, one),
                otherwise: "rows that are not equally far apart",
            }
        };
        let arguments = named.arguments(module, function);
        let name = match self.loops {
            Some(_) if self.is_full => ROW_SPACING,
            Some(_) | None => ROW_SPACING_IF_THERE,
        };
        let pitch = spacing(function, (&called, "pitch", name), arguments.clone(), runs);
        let pitch = self.found(pitch, &named);
        needs.push(needed(function, &pitch));
        if self.levels.len() > 1 {
            let are_there = needs.last().map(|need| need.condition);
            let given = arguments[..3].to_vec();
            let plane = spacing(
                function,
                (&called, "plane", PLANE_SPACING),
                given,
                are_there,
            );
            let plane = self.found(plane, &named);
            needs.push(needed(function, &plane));
            let are_there = needs.last().map(|need| need.condition);
            let sides = [&plane, &pitch].map(|each| function.load(each.fetched.variable));
            let rows = ExprKind::Binary(BinaryOp::Divide, sides[0], sides[1]);
            let rows = function.expr(rows, Scalar::I32);
            let rows = where_runs(function, &format!("{called}.rows"), rows, are_there);
            spacings.extend([pitch, plane, self.found(rows, &named)]);
        } else {
            spacings.push(pitch);
        }
        // All of the table, not only its first pointers.
        array.reads.truncate(array.reads.len() - self.levels.len());
        array.reads.extend(named.reads());
        let joined = Joined {
            table: self.table.clone(),
            first: ends.iter().map(|[first, _]| *first).collect(),
            array: array.fetched.variable,
            spacing: (spacings.iter().take(self.levels.len()).rev())
                .map(|each| each.fetched.variable)
                .collect(),
        };
        spacings.push(InMemory {
            needs,
            is_joined: true,
            among: if self.is_open { ends } else { Vec::new() },
            member: self.table.member.clone(),
            ..array
        });
        Some((joined, spacings))
    }

    pub(super) fn named(&self, function: &mut Function, ends: &[[Handle<Expr>; 2]]) -> Named {
        let steps: Vec<Projection> = (ends.iter())
            .map(|[first, _]| Projection::Index(short(function, *first)))
            .collect();
        let start = self.table.place(&steps);
        let counted = ends.iter().map(|[first, end]| {
            let count = build::binary(function, BinaryOp::Subtract, *end, *first);
            [*first, count]
        });
        let levels: Vec<_> = counted.collect();
        let mut first = steps.first().copied();
        if build::constant(function, ends[0][0]) == Some(0) && self.table.member.is_empty() {
            // As a person writes it: `a`, and its first row `a[0]`.
            first = Some(Projection::Index(build::int(function, 0, Scalar::I64)));
        }
        let table = self.table.place(first.as_slice());
        let next = (!self.table.member.is_empty()).then(|| {
            let one = build::int(function, 1, Scalar::I64);
            let second = build::binary(function, BinaryOp::Add, ends[0][0], one);
            self.table
                .place(&[Projection::Index(short(function, second))])
        });
        Named {
            start,
            table,
            next,
            levels,
        }
    }

    /// Returns a number that is found in the table.
    pub(super) fn found(&self, fetched: Fetched, named: &Named) -> InMemory {
        InMemory {
            fetched,
            root: self.table.var,
            reads: named.reads().into_iter().collect(),
            pointers: 1,
            needs: Vec::new(),
            is_joined: false,
            among: Vec::new(),
            length_of: None,
            member: self.table.member.clone(),
            greatest_of: None,
            is_kept: false,
        }
    }

    /// Returns what must hold for the table and for what its rows are named by to be there, the least first.
    pub(super) fn late_needs(
        &self,
        function: &Function,
        ends: &[[Handle<Expr>; 2]],
        known: &[InMemory],
    ) -> Vec<Requirement> {
        let mut named = vec![self.table.var];
        named.extend((ends.iter().flatten()).flat_map(|end| build::variables(function, *end)));
        let is_named = |each: &&InMemory| named.contains(&each.fetched.variable);
        let mut late: Vec<&InMemory> = known.iter().filter(is_named).collect();
        late.sort_by_key(|each| each.needs.len());
        late.into_iter()
            .flat_map(|each| each.needs.clone())
            .collect()
    }
}

/// Gives a spacing a variable, 0 where a condition does not hold.
fn spacing(
    function: &mut Function,
    (table, name, of): (&str, &str, &str),
    arguments: Vec<Handle<Expr>>,
    condition: Option<Handle<Expr>>,
) -> Fetched {
    let call = ExprKind::Call(of.to_owned(), arguments);
    let value = function.expr(call, Scalar::I32);
    where_runs(function, &format!("{table}.{name}"), value, condition)
}

/// Gives a value a variable, 0 where a condition does not hold.
pub(in crate::analyse::fetch) fn where_runs(
    function: &mut Function,
    name: &str,
    mut value: Handle<Expr>,
    condition: Option<Handle<Expr>>,
) -> Fetched {
    let ty = function.exprs[value].ty.scalar().unwrap_or(Scalar::I32);
    if let Some(condition) = condition {
        let kind = ExprKind::Select {
            condition,
            then: value,
            otherwise: build::int(function, 0, ty),
        };
        value = function.expr(kind, ty);
    }
    fetched(function, name, ty.into(), value)
}

/// Returns how many rows fit into a plane, by how far planes and rows lie apart.
pub(in crate::analyse) fn planes(
    function: &Function,
    values: &[InMemory],
) -> BTreeMap<[Handle<Var>; 2], Handle<Var>> {
    let quotient = |each: &InMemory| {
        let ExprKind::Select { then, .. } = function.exprs[each.fetched.value].kind else {
            return None;
        };
        let ExprKind::Binary(BinaryOp::Divide, plane, row) = function.exprs[then].kind else {
            return None;
        };
        let spacings = [build::read(function, plane)?, build::read(function, row)?];
        Some((spacings, each.fetched.variable))
    };
    values.iter().filter_map(quotient).collect()
}

/// Appends that all of some needs hold, each said once; `None`: they always do.
pub(in crate::analyse::fetch) fn all(
    function: &mut Function,
    needs: &[Requirement],
) -> Option<Handle<Expr>> {
    let mut all: Vec<Handle<Expr>> = Vec::new();
    for need in needs {
        let condition = as_said(function, need.condition);
        let is_same = |known: &Handle<Expr>| is_same_expr(function, *known, function, condition);
        let is_always = build::constant(function, condition).is_some_and(|value| value != 0);
        if !is_always && !all.iter().any(is_same) {
            all.push(condition);
        }
    }
    build::all_of(function, all)
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
    let (joined, (rows, inner)) = all
        .iter()
        .find_map(|each| Some((each, each.table.split(place)?)))?;
    let [Projection::Index(at), rest @ ..] = inner else {
        return None;
    };
    let mut element = wide(function, *at, all);
    let levels = rows.into_iter().zip(&joined.first).zip(&joined.spacing);
    for ((row, first), spacing) in levels.rev() {
        let row = wide(function, row, all);
        let row = build::binary(function, BinaryOp::Subtract, row, *first);
        let spacing = function.load(*spacing);
        let spacing = build::convert(function, spacing, Scalar::I64);
        let row = build::binary(function, BinaryOp::Multiply, row, spacing);
        element = build::binary(function, BinaryOp::Add, row, element);
    }
    let rest = rest.iter().map(|step| match step {
        Projection::Index(index) => Projection::Index(value(function, *index, all)),
        Projection::Field(_) => *step,
    });
    Some(Place {
        var: joined.array,
        path: [Projection::Index(element)]
            .into_iter()
            .chain(rest)
            .collect(),
    })
}

fn wide(function: &mut Function, index: Handle<Expr>, all: &[Joined]) -> Handle<Expr> {
    let index = value(function, index, all);
    build::convert(function, index, Scalar::I64)
}
