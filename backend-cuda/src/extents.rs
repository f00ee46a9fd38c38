//! Lengths of arrays by the names that the source gives them: `const double (*a)[N]` instead of `const double (*a)[96]`.

use mupac_ir::{
    Buffer, Expr, ExprKind, Extent, Function, Handle, NamedConstant, RegionPlan, Scalar, Type,
};

/// Names the lengths of a region's copies where they are those of `constants`, whose values the text asks for.
pub(crate) fn name(region: &mut RegionPlan, constants: &[&NamedConstant]) {
    let buffers: Vec<_> = region.buffers.iter().map(|(buffer, _)| buffer).collect();
    for buffer in buffers {
        let Buffer {
            array,
            element,
            count,
            ..
        } = region.buffers[buffer].clone();
        let names = region.function.vars[array].extents.clone();
        let Some(outer) = names.len().checked_sub(element.array_levels()) else {
            continue;
        };
        let work = (&mut region.function, constants);
        region.buffers[buffer].element = named(work, element, &names[outer..]);
        if let Some(name) = outer.checked_sub(1).and_then(|outer| names[outer].as_ref()) {
            whole((&mut region.function, constants), count, name);
        }
    }
}

/// Names a number of elements that is all of an array.
fn whole(
    (function, constants): (&mut Function, &[&NamedConstant]),
    count: Handle<Expr>,
    name: &str,
) {
    let ExprKind::Int(value) = function.exprs[count].kind else {
        return;
    };
    if has(constants, name, value) {
        function.exprs[count].spelling = Some(name.to_owned());
    }
}

/// Returns whether one of some constants has a name and a value.
fn has(constants: &[&NamedConstant], name: &str, value: i128) -> bool {
    let mut values = constants.iter().filter_map(|each| each.value.as_ref());
    values.any(|(own, own_value)| own == name && *own_value == value)
}

/// Returns an array type with named lengths.
fn named(
    (function, constants): (&mut Function, &[&NamedConstant]),
    ty: Type,
    names: &[Option<String>],
) -> Type {
    let (Type::Array { of, length }, Some((name, rest))) = (ty.clone(), names.split_first()) else {
        return ty;
    };
    let of = Box::new(named((function, constants), *of, rest));
    let Extent::Fixed(value) = length else {
        return Type::Array { of, length };
    };
    let asked = |name: &&String| has(constants, name, value.into());
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
