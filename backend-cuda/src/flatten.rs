//! Arrays whose rows have a length known only at run time: C++ has no such types, so device code sees them as one row.
//!
//! `a[i][j]` of `double (*a)[m]` becomes `a[i * m + j]` of `double *a`, in 64-bit arithmetic; the buffer counts
//! innermost elements instead of rows.

use std::collections::BTreeSet;

use mupac_ir::structure;
use mupac_ir::{
    BinaryOp, Block, Buffer, Expr, ExprKind, Extent, Function, Handle, Place, Projection,
    RegionPlan, Scalar, Stmt, Type, Var,
};

/// A region whose buffers all have element types of C++.
pub(crate) struct Flat {
    /// The region, rewritten.
    pub(crate) region: RegionPlan,
    /// For each flattened array, the variables that its row lengths read; kernels that index it need them.
    pub(crate) extents: Vec<(Handle<Var>, BTreeSet<Handle<Var>>)>,
}

/// Returns the region with every array of variable rows flattened.
pub(crate) fn flatten(region: &RegionPlan) -> Flat {
    let mut region = region.clone();
    let mut extents = Vec::new();
    let buffers: Vec<_> = region
        .buffers
        .iter()
        .map(|(handle, buffer)| (handle, buffer.clone()))
        .collect();
    for (handle, buffer) in buffers {
        if !is_variable(&buffer.element) {
            continue;
        }
        let lengths = row_lengths(&mut region.function, &buffer.element);
        let mut variables = BTreeSet::new();
        for &length in &lengths {
            variables.extend(structure::variables(&region.function, length));
        }
        let is_first = extents.iter().all(|(array, _)| *array != buffer.array);
        if is_first {
            let is_const = matches!(
                region.function.vars[buffer.array].ty,
                Type::Pointer { is_const: true, .. }
            );
            rewrite_array(&mut region, buffer.array, &lengths);
            let element = buffer.element.innermost().clone();
            region.function.vars[buffer.array].ty = element.pointer(is_const);
            extents.push((buffer.array, variables));
        }
        flatten_buffer(&mut region, handle, &lengths);
    }
    Flat { region, extents }
}

fn is_variable(ty: &Type) -> bool {
    match ty {
        Type::Array { of, length } => matches!(length, Extent::Variable(_)) || is_variable(of),
        Type::Void | Type::Scalar(_) | Type::Pointer { .. } | Type::Record(_) | Type::Opaque(_) => {
            false
        }
    }
}

/// Returns the lengths of the array levels of an element, outermost first, as `i64` expressions.
fn row_lengths(function: &mut Function, element: &Type) -> Vec<Handle<Expr>> {
    let mut lengths = Vec::new();
    let mut ty = element;
    while let Type::Array { of, length } = ty {
        lengths.push(match length {
            Extent::Fixed(length) => function.expr(ExprKind::Int(i128::from(*length)), Scalar::I64),
            Extent::Variable(length) => widened(function, *length),
            // An incomplete array has no size, so it is no element of another one.
            Extent::Unknown => function.expr(ExprKind::Int(0), Scalar::I64),
        });
        ty = of;
    }
    lengths
}

/// Returns an integer value as `i64`.
fn widened(function: &mut Function, value: Handle<Expr>) -> Handle<Expr> {
    if function.exprs[value].ty == Type::Scalar(Scalar::I64) {
        value
    } else {
        function.expr(ExprKind::Cast(value), Scalar::I64)
    }
}

fn flatten_buffer(region: &mut RegionPlan, handle: Handle<Buffer>, lengths: &[Handle<Expr>]) {
    let Buffer {
        element,
        first,
        count,
        ..
    } = region.buffers[handle].clone();
    let scaled = |function: &mut Function, rows: Handle<Expr>| {
        let is_zero = function.exprs[rows].kind == ExprKind::Int(0);
        if is_zero {
            return rows;
        }
        lengths.iter().fold(rows, |rows, &length| {
            let kind = ExprKind::Binary(BinaryOp::Multiply, rows, length);
            function.expr(kind, Scalar::I64)
        })
    };
    let first = scaled(&mut region.function, first);
    let count = scaled(&mut region.function, count);
    let buffer = &mut region.buffers[handle];
    buffer.element = element.innermost().clone();
    buffer.first = first;
    buffer.count = count;
}

fn rewrite_array(region: &mut RegionPlan, array: Handle<Var>, lengths: &[Handle<Expr>]) {
    let function = &mut region.function;
    let handles: Vec<_> = function.exprs.iter().map(|(handle, _)| handle).collect();
    for handle in handles {
        let (ExprKind::Load(place) | ExprKind::Address(place)) = &function.exprs[handle].kind
        else {
            continue;
        };
        if place.var != array {
            continue;
        }
        let place = place.clone();
        let flat = flat_place(function, &place, lengths);
        if let ExprKind::Load(place) | ExprKind::Address(place) = &mut function.exprs[handle].kind {
            *place = flat;
        }
    }
    let handles: Vec<_> = region.kernels.iter().map(|(handle, _)| handle).collect();
    for handle in handles {
        let mut body = std::mem::take(&mut region.kernels[handle].body);
        rewrite_targets(&mut region.function, &mut body, array, lengths);
        region.kernels[handle].body = body;
    }
    let handles: Vec<_> = region.reductions.iter().map(|(handle, _)| handle).collect();
    for handle in handles {
        let target = &region.reductions[handle].target;
        if target.var == array {
            region.reductions[handle].target = flat_place(&mut region.function, target, lengths);
        }
        let mut finish = std::mem::take(&mut region.reductions[handle].finish);
        rewrite_targets(&mut region.function, &mut finish, array, lengths);
        region.reductions[handle].finish = finish;
    }
}

fn rewrite_targets(
    function: &mut Function,
    block: &mut Block,
    array: Handle<Var>,
    lengths: &[Handle<Expr>],
) {
    for statement in block {
        match statement {
            Stmt::Compute(compute) if compute.target.var == array => {
                compute.target = flat_place(function, &compute.target, lengths);
            }
            Stmt::Call(call) => {
                if let Some(target) = &mut call.target
                    && target.var == array
                {
                    *target = flat_place(function, target, lengths);
                }
            }
            Stmt::For(each) => rewrite_targets(function, &mut each.body, array, lengths),
            Stmt::If(branch) => {
                rewrite_targets(function, &mut branch.then, array, lengths);
                rewrite_targets(function, &mut branch.otherwise, array, lengths);
            }
            Stmt::While(each) => {
                rewrite_targets(function, &mut each.before_test, array, lengths);
                rewrite_targets(function, &mut each.body, array, lengths);
                rewrite_targets(function, &mut each.after_body, array, lengths);
            }
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {}
        }
    }
}

/// Returns a place of the flattened array; a path that stops at a row means the row's first element.
fn flat_place(function: &mut Function, place: &Place, lengths: &[Handle<Expr>]) -> Place {
    let mut path = place.path.iter();
    let mut next = |function: &mut Function| match path.next() {
        Some(Projection::Index(index)) => Some(widened(function, *index)),
        Some(Projection::Field(_)) | None => None,
    };
    let Some(mut index) = next(function) else {
        return place.clone();
    };
    for &length in lengths {
        let rows = ExprKind::Binary(BinaryOp::Multiply, index, length);
        index = function.expr(rows, Scalar::I64);
        if let Some(column) = next(function) {
            let sum = ExprKind::Binary(BinaryOp::Add, index, column);
            index = function.expr(sum, Scalar::I64);
        }
    }
    let used = 1 + lengths.len();
    let rest = place.path.iter().skip(used).copied();
    Place {
        var: place.var,
        path: std::iter::once(Projection::Index(index))
            .chain(rest)
            .collect(),
    }
}
