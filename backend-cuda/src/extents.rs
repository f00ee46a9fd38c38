//! Lengths of arrays by the names that the source gives them: `const double (*a)[N]` instead of `const double (*a)[96]`.

use mupac_ir::{Buffer, Expr, ExprKind, Extent, Function, Handle, RegionPlan, Scalar, Type};

/// Names the lengths of a region's copies where one of some `conditions`, which the text asks for, says the value of the name.
pub(crate) fn name(region: &mut RegionPlan, conditions: &[String]) {
    let buffers: Vec<_> = region.buffers.iter().map(|(buffer, _)| buffer).collect();
    for buffer in buffers {
        let Buffer {
            array,
            element,
            count,
            ..
        } = region.buffers[buffer].clone();
        let names = region.function.vars[array].extents.clone();
        let levels = levels(&element);
        let Some(outer) = names.len().checked_sub(levels) else {
            continue;
        };
        let work = (&mut region.function, conditions);
        region.buffers[buffer].element = named(work, element, &names[outer..]);
        if let Some(name) = outer.checked_sub(1).and_then(|outer| names[outer].as_ref()) {
            whole((&mut region.function, conditions), count, name);
        }
    }
}

/// Names a number of elements that is all of an array.
fn whole((function, conditions): (&mut Function, &[String]), count: Handle<Expr>, name: &String) {
    let ExprKind::Int(value) = function.exprs[count].kind else {
        return;
    };
    if conditions.contains(&format!("{name} == {value}")) {
        function.exprs[count].spelling = Some(name.clone());
    }
}

fn levels(ty: &Type) -> usize {
    match ty {
        Type::Array { of, .. } => 1 + levels(of),
        Type::Void | Type::Scalar(_) | Type::Pointer { .. } | Type::Record(_) | Type::Opaque(_) => {
            0
        }
    }
}

/// Returns an array type with named lengths.
fn named(
    (function, conditions): (&mut Function, &[String]),
    ty: Type,
    names: &[Option<String>],
) -> Type {
    let (Type::Array { of, length }, Some((name, rest))) = (ty.clone(), names.split_first()) else {
        return ty;
    };
    let of = Box::new(named((function, conditions), *of, rest));
    let Extent::Fixed(value) = length else {
        return Type::Array { of, length };
    };
    let asked = |name: &&String| conditions.contains(&format!("{name} == {value}"));
    let length = match name.as_ref().filter(asked) {
        Some(name) => {
            let mut length = Expr::new(ExprKind::Int(value.into()), Scalar::I64);
            length.spelling = Some(name.clone());
            Extent::Variable(function.exprs.push(length))
        }
        None => length,
    };
    Type::Array { of, length }
}
