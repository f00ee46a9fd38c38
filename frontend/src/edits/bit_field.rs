//! Arithmetic with bit-fields that are wider than `int`.
//!
//! gcc takes the declared width for the type of such a value and computes in it, as C17 6.3.1.1 §2 lets it; in C++ the
//! value has the declared type, and g++ computes with all 64 bits (C++17 7.6 §5).
//! Rule `bit-field`: what overflows the width is cut off again, once for all operators whose lower bits depend on lower
//! bits alone; what depends on the width or on the sign otherwise is refused.
//!
//! **Source**: C17 6.3.1.1, 6.3.1.8 and 6.7.2.1; checked against gcc 12.

use clang_sys as k;
use mupac_ir::Edit;

use super::{Change, Obstacle, is_comparison};
use crate::clang::{Constant, Cursor};
use crate::lower::{types, walk};
use crate::text::Text;

const RULE: &str = "bit-field";

/// The widest field that `int` or `unsigned` holds, in bits.
const PROMOTED_BITS: u32 = 32;

/// The widest integer, in bits.
const WHOLE_BITS: u32 = 64;

/// The type that gcc's C gives a value: an integer of some width.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Width {
    bits: u32,
    is_signed: bool,
}

/// What C++ computes of an operator.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    /// The same.
    Nothing,
    /// The same in the lowest bits.
    CutOff(u32),
    /// Something else.
    Refused,
}

/// Returns whether a node reads or writes a bit-field that is wider than `int`.
pub(super) fn is_wide(cursor: Cursor<'_>) -> bool {
    cursor.kind() == k::CXCursor_MemberRefExpr && field(cursor).is_some()
}

/// Returns what the arithmetic of a declaration needs.
pub(super) fn changes<'u>(root: Cursor<'u>, text: &Text<'u>) -> Vec<Change<'u>> {
    let mut changes = Vec::new();
    // Beside each node: to how many bits what is around it is cut off.
    let mut open = vec![(root, None)];
    while let Some((cursor, around)) = open.pop() {
        let need = need(cursor);
        let inside = match need {
            Need::CutOff(bits) => {
                if around != Some(bits) {
                    changes.push(cut_off(cursor, bits, text).ok_or_else(|| obstacle(cursor)));
                }
                Some(bits)
            }
            Need::Refused => {
                changes.push(Err(obstacle(cursor)));
                None
            }
            Need::Nothing => around.filter(|_| kept_type(cursor).is_some()),
        };
        let is_shift = cursor.kind() == k::CXCursor_BinaryOperator
            && cursor.binary_operator() == k::CXBinaryOperator_Shl;
        for (index, child) in cursor.children().into_iter().enumerate() {
            open.push((child, inside.filter(|_| !is_shift || index == 0)));
        }
    }
    changes
}

fn obstacle(at: Cursor<'_>) -> Obstacle<'_> {
    Obstacle {
        why: "gcc computes with this bit-field in its own width, C++ with all 64 bits; with a conversion to a type of 64 \
              bits before it both compute alike"
            .to_owned(),
        at,
    }
}

fn cut_off<'u>(cursor: Cursor<'u>, bits: u32, text: &Text<'u>) -> Option<Vec<Edit>> {
    let (start, end) = (cursor.start(), cursor.end());
    let is_plain = start.is_main && !start.is_macro && !end.is_macro;
    let end = text.end_offset(end).filter(|_| is_plain)?;
    let mask = (1_u64 << bits) - 1;
    Some(vec![
        Edit::insertion(start.offset, "((", RULE),
        Edit::insertion(end, format!(") & {mask:#x}UL)"), RULE),
    ])
}

/// Returns what C++ computes of a node that is an operator.
fn need(cursor: Cursor<'_>) -> Need {
    let children = cursor.children();
    match (cursor.kind(), children.as_slice()) {
        (k::CXCursor_BinaryOperator, [left, right]) => {
            binary(cursor.binary_operator(), *left, *right)
        }
        (k::CXCursor_CompoundAssignOperator, [target, value]) => {
            compound(cursor.binary_operator(), *target, *value)
        }
        (k::CXCursor_UnaryOperator, [operand]) => {
            let op = cursor.unary_operator();
            match width(*operand) {
                Some(width) if !width.is_signed && is_ring(op) => Need::CutOff(width.bits),
                Some(_) | None => Need::Nothing,
            }
        }
        (k::CXCursor_ConditionalOperator, [_, left, right]) => values(*left, *right),
        _ => Need::Nothing,
    }
}

fn is_ring(op: k::CXUnaryOperatorKind) -> bool {
    [k::CXUnaryOperator_Minus, k::CXUnaryOperator_Not].contains(&op)
}

fn binary(op: k::CXBinaryOperatorKind, left: Cursor<'_>, right: Cursor<'_>) -> Need {
    let cut_off = |width: Option<Width>| match width {
        Some(width) if !width.is_signed => Need::CutOff(width.bits),
        Some(_) | None => Need::Nothing,
    };
    match op {
        k::CXBinaryOperator_Shl => match width(left) {
            Some(width) if width.is_signed => Need::Refused,
            width => cut_off(width),
        },
        k::CXBinaryOperator_Add
        | k::CXBinaryOperator_Sub
        | k::CXBinaryOperator_Mul
        | k::CXBinaryOperator_Or
        | k::CXBinaryOperator_Xor => match mixture(left, right) {
            Mixture::Same | Mixture::Widened => cut_off(common(left, right)),
            Mixture::Other => Need::Refused,
            Mixture::None => Need::Nothing,
        },
        k::CXBinaryOperator_And => match mixture(left, right) {
            Mixture::Other => Need::Refused,
            Mixture::Same | Mixture::Widened | Mixture::None => Need::Nothing,
        },
        k::CXBinaryOperator_Div | k::CXBinaryOperator_Rem => values(left, right),
        op if is_comparison(op) => values(left, right),
        _ => Need::Nothing,
    }
}

/// Returns what an assignment needs, which cuts off what it stores.
fn compound(op: k::CXBinaryOperatorKind, target: Cursor<'_>, value: Cursor<'_>) -> Need {
    match op {
        k::CXBinaryOperator_DivAssign | k::CXBinaryOperator_RemAssign => values(target, value),
        _ => Need::Nothing,
    }
}

/// Returns what an operator needs whose result depends on the values of its operands.
fn values(left: Cursor<'_>, right: Cursor<'_>) -> Need {
    match mixture(left, right) {
        Mixture::Other | Mixture::Widened => Need::Refused,
        Mixture::Same | Mixture::None => Need::Nothing,
    }
}

/// How two operands come to a common type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mixture {
    /// None of them has a width of its own.
    None,
    /// C++ has the same values.
    Same,
    /// A number that may be negative is made unsigned: with fewer bits in C than in C++.
    Widened,
    /// The common type has a sign in one language alone.
    Other,
}

fn mixture(left: Cursor<'_>, right: Cursor<'_>) -> Mixture {
    match (width(left), width(right)) {
        (Some(left), Some(right)) if left.is_signed != right.is_signed => Mixture::Other,
        (Some(_), Some(_)) => Mixture::Same,
        (Some(wide), None) => with_other(wide, right),
        (None, Some(wide)) => with_other(wide, left),
        (None, None) => Mixture::None,
    }
}

fn with_other(wide: Width, other: Cursor<'_>) -> Mixture {
    let ty = walk::peel(other).ty();
    let is_whole = ty.size_bytes() == Some(u64::from(WHOLE_BITS / 8));
    let Some(scalar) = types::scalar(ty).filter(|scalar| !scalar.is_float()) else {
        return Mixture::Same;
    };
    let is_positive = !scalar.is_signed()
        || matches!(walk::peel(other).evaluate(), Some(Constant::Int(value)) if value >= 0);
    match (wide.is_signed, is_whole) {
        (false, true) if scalar.is_signed() => Mixture::Other,
        (false, false) if !is_positive => Mixture::Widened,
        (true | false, true | false) => Mixture::Same,
    }
}

/// Returns the width of the common type of two operands, where it is no type of C's own.
fn common(left: Cursor<'_>, right: Cursor<'_>) -> Option<Width> {
    match (width(left), width(right)) {
        (Some(left), Some(right)) if left.bits == right.bits => Some(Width {
            bits: left.bits,
            is_signed: left.is_signed && right.is_signed,
        }),
        (Some(left), Some(right)) => Some(if left.bits > right.bits { left } else { right }),
        (Some(wide), None) => Some(wide).filter(|_| is_narrow(right)),
        (None, Some(wide)) => Some(wide).filter(|_| is_narrow(left)),
        (None, None) => None,
    }
}

/// Returns whether a value is an integer of at most 32 bits.
fn is_narrow(value: Cursor<'_>) -> bool {
    let ty = walk::peel(value).ty();
    let bytes = ty.size_bytes().unwrap_or(u64::MAX);
    bytes <= u64::from(PROMOTED_BITS / 8)
        && types::scalar(ty).is_some_and(|scalar| !scalar.is_float())
}

/// Returns what stands in parentheses, or below one of the conversions by which clang brings operands to the types that
/// they are declared with.
fn kept_type(cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    if cursor.kind() == k::CXCursor_ParenExpr {
        return cursor.children().first().copied();
    }
    walk::implicit_operand(cursor)
}

/// Returns the width in which gcc's C holds a value, where that is no type of C's own.
fn width(cursor: Cursor<'_>) -> Option<Width> {
    if let Some(inner) = kept_type(cursor) {
        return width(inner);
    }
    let children = cursor.children();
    match (cursor.kind(), children.as_slice()) {
        (k::CXCursor_MemberRefExpr, _) => field(cursor),
        (k::CXCursor_BinaryOperator, [left, right]) => match cursor.binary_operator() {
            k::CXBinaryOperator_Add
            | k::CXBinaryOperator_Sub
            | k::CXBinaryOperator_Mul
            | k::CXBinaryOperator_Div
            | k::CXBinaryOperator_Rem
            | k::CXBinaryOperator_And
            | k::CXBinaryOperator_Or
            | k::CXBinaryOperator_Xor => common(*left, *right),
            k::CXBinaryOperator_Shl | k::CXBinaryOperator_Shr | k::CXBinaryOperator_Assign => {
                width(*left)
            }
            k::CXBinaryOperator_Comma => width(*right),
            _ => None,
        },
        (k::CXCursor_CompoundAssignOperator, [target, _]) => width(*target),
        (k::CXCursor_UnaryOperator, [operand]) => {
            let op = cursor.unary_operator();
            let keeps = walk::is_step(cursor) || is_ring(op) || op == k::CXUnaryOperator_Plus;
            keeps.then(|| width(*operand)).flatten()
        }
        (k::CXCursor_ConditionalOperator, [_, left, right]) => common(*left, *right),
        _ => None,
    }
}

/// Returns the width of a member that is a bit-field wider than `int` and narrower than its type.
fn field(member: Cursor<'_>) -> Option<Width> {
    let bits = member.referenced()?.bit_field_width()?;
    let scalar = types::scalar(member.ty())?;
    (PROMOTED_BITS < bits && bits < WHOLE_BITS).then_some(Width {
        bits,
        is_signed: scalar.is_signed(),
    })
}
