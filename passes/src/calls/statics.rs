//! What a callee keeps from call to call and never changes, `static const` numbers and small tables of them: each copy of its
//! statements has its own.

use mupac_ir::interpret::Value;
use mupac_ir::{
    Block, ExprKind, Extent, Function, Handle, Module, Place, Projection, Scalar, Stmt, Storage,
    Type, Var,
};

use crate::build;
use crate::numbering::Numbering;

/// Larger tables stay what they are: each thread would fill one.
const MOST_ELEMENTS: usize = 64;

/// Makes locals of a function of them, which are assigned what they start with.
pub(super) fn make_local(module: &Module, function: &mut Function) {
    let all: Vec<Handle<Var>> = function.vars.iter().map(|(var, _)| var).collect();
    let mut numbering = Numbering::after(&[&function.body]);
    let mut first = Block::new();
    for var in all {
        let Some(values) = initial(module, function, var) else {
            continue;
        };
        let at = function.span;
        first.push(Stmt::Declare(var, at));
        for (path, scalar, value) in values {
            let step = |index: &i128| Projection::Index(build::int(function, *index, Scalar::I64));
            let path = path.iter().map(step).collect();
            let value = function.expr(value, scalar);
            first.push(Stmt::Compute(numbering.assignment(
                Place { var, path },
                value,
                at,
            )));
        }
        function.vars[var].storage = Storage::Local;
    }
    function.body.splice(..0, first);
}

/// A number of a table: its subscripts, and what it is.
type Element = (Vec<i128>, Scalar, ExprKind);

/// Returns what a variable holds, if it never changes.
fn initial(module: &Module, function: &Function, var: Handle<Var>) -> Option<Vec<Element>> {
    let own = &function.vars[var];
    let is_kept = own.storage == Storage::Static && own.is_const && !own.is_volatile;
    if !is_kept || own.is_address_taken || !own.texts.is_empty() {
        return None;
    }
    let name = format!("{}.{}", function.name, own.spelling);
    let global = module.globals.iter().find(|global| global.name == name)?;
    let mut elements = Vec::new();
    let mut bytes = global.initial.as_slice();
    read(&own.ty, &mut bytes, &mut Vec::new(), &mut elements)?;
    bytes.is_empty().then_some(elements)
}

fn read(
    ty: &Type,
    bytes: &mut &[u8],
    path: &mut Vec<i128>,
    found: &mut Vec<Element>,
) -> Option<()> {
    match ty {
        Type::Scalar(scalar) => {
            let size = usize::try_from(scalar.size_bytes()).ok()?;
            let (own, rest) = bytes.split_at_checked(size)?;
            *bytes = rest;
            let value = match Value::from_bytes(*scalar, own).ok()? {
                Value::Integer(value) => ExprKind::Int(value),
                Value::F32(value) if value.is_finite() => ExprKind::Float(f64::from(value)),
                Value::F64(value) if value.is_finite() => ExprKind::Float(value),
                Value::F32(_) | Value::F64(_) | Value::Pointer(_) | Value::Structure(_) => {
                    return None;
                }
            };
            found.push((path.clone(), *scalar, value));
            (found.len() <= MOST_ELEMENTS).then_some(())
        }
        Type::Array {
            of,
            length: Extent::Fixed(length),
        } => {
            for index in 0..i128::from(*length) {
                path.push(index);
                read(of, bytes, path, found)?;
                path.pop();
            }
            Some(())
        }
        Type::Array { .. }
        | Type::Void
        | Type::Pointer { .. }
        | Type::Record(_)
        | Type::Opaque(_) => None,
    }
}
