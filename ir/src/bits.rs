//! The bits of a number as a number of another type: what `memcpy` between two numbers and a cast of an address do.
//!
//! **Source**: C17 6.2.6.1 and 7.24.2.1; integers have no padding and two's complement on the target.

use crate::arena::Handle;
use crate::expr::{Expr, ExprKind};
use crate::function::Function;
use crate::types::Scalar;

/// What functions take and return, and their names; no source spells them.
const FROM: [(Scalar, Scalar, &str); 4] = [
    (Scalar::F32, Scalar::U32, "mupac_bits_of_f32"),
    (Scalar::F64, Scalar::U64, "mupac_bits_of_f64"),
    (Scalar::U32, Scalar::F32, "mupac_f32_of_bits"),
    (Scalar::U64, Scalar::F64, "mupac_f64_of_bits"),
];

/// Returns the bits of a number as a number of another type of its size; `None` where the sizes differ, or not all bits are
/// values.
pub fn reinterpreted(
    function: &mut Function,
    value: Handle<Expr>,
    to: Scalar,
) -> Option<Handle<Expr>> {
    let from = function.exprs[value].ty.scalar()?;
    if from == to {
        return Some(value);
    }
    let is_plain = |scalar: Scalar| scalar != Scalar::Bool;
    let fits = from.size_bytes() == to.size_bytes() && is_plain(from) && is_plain(to);
    fits.then_some(())?;
    if from.is_float() == to.is_float() {
        return Some(function.expr(ExprKind::Cast(value), to));
    }
    if from.is_float() {
        let (_, result, name) = FROM.into_iter().find(|(ty, ..)| *ty == from)?;
        let bits = function.expr(ExprKind::Call(name.to_owned(), vec![value]), result);
        return Some(if result == to {
            bits
        } else {
            function.expr(ExprKind::Cast(bits), to)
        });
    }
    let (unsigned, result, name) = FROM.into_iter().find(|(_, result, _)| *result == to)?;
    let bits = if from == unsigned {
        value
    } else {
        function.expr(ExprKind::Cast(value), unsigned)
    };
    Some(function.expr(ExprKind::Call(name.to_owned(), vec![bits]), result))
}

/// Returns definitions of the functions by which `text` takes bits for other numbers, one a line.
pub(crate) fn definitions(text: &str, qualifiers: &str) -> String {
    let used = FROM.into_iter();
    let used = used.filter(|(_, _, name)| text.contains(&format!("{name}(")));
    let line = |(from, to, name): (Scalar, Scalar, &str)| {
        let (from, to) = (from.c_name(), to.c_name());
        format!(
            "{qualifiers} {to} {name}({from} a) {{ union {{ {from} a; {to} b; }} both = {{a}}; return both.b; }}\n"
        )
    };
    used.map(line).collect()
}
