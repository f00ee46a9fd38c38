//! Neighbouring elements that a thread moves between memory and registers by one access.
//!
//! `for k in 0..4 on vector { x.v[k] = x[e + k] }` is one load, `for k in 0..4 on vector { y[e + k] = y.v[k] }` one store.
//! Who writes such a loop has shown that the address is a multiple of what the access moves.
//!
//! **Source**: CUDA C++ Programming Guide 13.0, “Size and Alignment Requirement”: accesses of 2, 4, 8 or 16 bytes, each
//! at a multiple of its size.

use crate::arena::Handle;
use crate::expr::{BinaryOp, Expr, ExprKind, Place, Projection};
use crate::function::{Function, Space, Var};
use crate::stmt::{Loop, Mapping, Stmt};
use crate::structure::{self, indices, variables};
use crate::types::Scalar;

/// An access to neighbouring elements.
#[derive(Clone, Debug, PartialEq)]
pub struct VectorCopy {
    /// The first element that is written; an array whose first element that is stands for it.
    pub to: Place,
    /// The first element that is read, likewise.
    pub from: Place,
    /// The type of the elements.
    pub element: Scalar,
    /// How many there are.
    pub count: u64,
}

impl VectorCopy {
    /// Reads a loop; `None` where it is not one access.
    pub fn of(function: &Function, each: &Loop) -> Option<Self> {
        let [Stmt::Compute(compute)] = each.body.as_slice() else {
            return None;
        };
        let value = function.exprs.get(compute.value)?;
        let ExprKind::Load(source) = &value.kind else {
            return None;
        };
        let kind = |bound| function.exprs.get(bound).map(|expr| &expr.kind);
        let is_from_zero = kind(each.start) == Some(&ExprKind::Int(0)) && each.step == 1;
        let Some(ExprKind::Int(count)) = kind(each.end) else {
            return None;
        };
        let element = value.ty.scalar()?;
        let count = u64::try_from(*count).ok()?;
        let is_register =
            |place: &Place| Some(function.vars.get(place.var)?.space == Space::Register);
        let is_one_access = each.mapping == Mapping::Vector
            && each.declares_iterator
            && is_from_zero
            && name(element, count).is_some()
            && is_register(&compute.target)? != is_register(source)?;
        is_one_access.then_some(Self {
            to: first(function, &compute.target, each)?,
            from: first(function, source, each)?,
            element,
            count,
        })
    }

    /// Returns how much the access moves, of which its addresses are multiples.
    ///
    /// **Units**: bytes.
    pub fn bytes(&self) -> u64 {
        self.element.size_bytes() * self.count
    }

    /// Returns the type of CUDA that is loaded or stored.
    pub fn type_name(&self) -> &'static str {
        name(self.element, self.count).unwrap_or_default()
    }
}

/// Returns what the start of an array must be aligned to, for the sake of the accesses in statements that move several of
/// its elements; `None` where there are none.
///
/// **Units**: bytes.
pub fn alignment(function: &Function, statements: &[Stmt], array: Handle<Var>) -> Option<u64> {
    let mut widest = None;
    structure::each(statements, &mut |stmt| {
        if let Stmt::For(each) = stmt
            && let Some(copy) = VectorCopy::of(function, each)
            && [&copy.to, &copy.from]
                .iter()
                .any(|place| place.var == array)
        {
            widest = widest.max(Some(copy.bytes()));
        }
    });
    widest
}

/// Returns the first of the elements that the iterations of a loop name.
fn first(function: &Function, place: &Place, each: &Loop) -> Option<Place> {
    let (Projection::Index(last), before) = place.path.split_last()? else {
        return None;
    };
    let mut path = before.to_vec();
    if !is_iterator(function, *last, each) {
        let ExprKind::Binary(BinaryOp::Add, start, counted) = function.exprs.get(*last)?.kind
        else {
            return None;
        };
        if !is_iterator(function, counted, each) {
            return None;
        }
        path.push(Projection::Index(start));
    }
    let place = Place {
        var: place.var,
        path,
    };
    let is_fixed =
        indices(&place).all(|index| !variables(function, index).contains(&each.iterator));
    is_fixed.then_some(place)
}

fn is_iterator(function: &Function, expr: Handle<Expr>, each: &Loop) -> bool {
    let node = function.exprs.get(expr);
    node.is_some_and(|node| node.kind == ExprKind::Load(Place::var(each.iterator)))
}

/// Returns the type of CUDA that holds so many elements; `None` where one access does not move them.
fn name(element: Scalar, count: u64) -> Option<&'static str> {
    if count < 2 || !count.is_power_of_two() {
        return None;
    }
    names(element).get(count.ilog2() as usize - 1).copied()
}

/// Returns the types of CUDA that hold 2, 4, 8 and 16 elements, as far as there are any.
///
/// Wide vectors of bytes are those of words, which C lets alias them.
fn names(element: Scalar) -> &'static [&'static str] {
    match element {
        Scalar::Bool => &["uchar2", "uchar4"],
        Scalar::I8 => &["char2", "char4", "uint2", "uint4"],
        Scalar::U8 => &["uchar2", "uchar4", "uint2", "uint4"],
        Scalar::I16 => &["short2", "short4"],
        Scalar::U16 => &["ushort2", "ushort4"],
        Scalar::I32 => &["int2", "int4"],
        Scalar::U32 => &["uint2", "uint4"],
        Scalar::I64 => &["long2"],
        Scalar::U64 => &["ulong2"],
        Scalar::F32 => &["float2", "float4"],
        Scalar::F64 => &["double2"],
    }
}

/// Returns whether a name is that of a type whose values one access moves.
pub fn is_type_name(name: &str) -> bool {
    Scalar::ALL
        .into_iter()
        .any(|element| names(element).contains(&name))
}

/// Returns the most elements of a type that one access moves, of as many as divide `count`.
pub fn widest(element: Scalar, count: u64) -> Option<u64> {
    let mut sizes = [16, 8, 4, 2].into_iter();
    sizes.find(|size| count.is_multiple_of(*size) && name(element, *size).is_some())
}
