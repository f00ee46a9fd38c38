//! Words of C that remove a reason, for the variables and the text of the loop at hand.

use mupac_ir::c_text::CText;
use mupac_ir::{
    DependenceKind, Function, Handle, Module, Place, Projection, Reason, Refusal, Span, Type, Var,
    structure,
};

use super::names::shown;
use crate::build;

/// Returns what helps against a value that one iteration hands to the next in a variable.
pub(super) fn of_dependence(
    function: &Function,
    var: Handle<Var>,
    kind: DependenceKind,
) -> Option<String> {
    let declared = &function.vars[var];
    let name = shown(declared);
    let is_number = matches!(declared.ty, Type::Scalar(_));
    if is_number && kind == DependenceKind::Output {
        return Some(format!(
            "if {name} only says that something was there, set it by `{name} |= 1`; if it is what the last iteration found, \
             keep the greatest counter that finds something (`if (i > last) last = i;`), and set {name} after the loop"
        ));
    }
    if is_number {
        return Some(format!(
            "compute {name} from the loop's counter; or fill an array with its values in a loop before, and read them here"
        ));
    }
    (matches!(declared.ty, Type::Record(_)))
        .then(|| format!("use a variable for each member of {name} that the loop changes"))
}

/// Returns declarations of variables, those of one arithmetic type together: `double dx, dy; int k;`.
pub(super) fn declarations(module: &Module, function: &Function, vars: &[Handle<Var>]) -> String {
    let mut groups: Vec<(&Type, Vec<String>)> = Vec::new();
    for var in vars {
        let var = &function.vars[*var];
        let is_plain = matches!(var.ty, Type::Scalar(_));
        match groups.iter_mut().find(|(ty, _)| is_plain && **ty == var.ty) {
            Some((_, names)) => names.push(shown(var)),
            None => groups.push((&var.ty, vec![shown(var)])),
        }
    }
    let declared: Vec<String> = groups
        .iter()
        .map(|(ty, names)| format!("{};", declaration(module, function, ty, &names.join(", "))))
        .collect();
    declared.join(" ")
}

/// Returns a place as the program spells it: `job.n`, `v->n`.
pub(super) fn place(module: &Module, function: &Function, place: &Place) -> String {
    text(module, function, |text| text.place(place))
}

/// Returns the declaration of a variable that has the value of a place: `double *d = m.data;`; `None` where no name is free.
pub(super) fn copied(module: &Module, function: &Function, read: &Place) -> Option<String> {
    let ty = function.place_type(&module.records, read)?;
    let own = shown(&function.vars[read.var]);
    let name = member(module, function, read).unwrap_or_else(|| own.clone());
    let is_taken = |name: &String| function.vars.iter().any(|(_, var)| var.spelling == *name);
    let names = [name.clone(), format!("{own}_{name}"), format!("own_{name}")];
    let name = names.into_iter().find(|name| !is_taken(name))?;
    let declared = declaration(module, function, &ty, &name);
    Some(format!("{declared} = {};", place(module, function, read)))
}

/// Returns the reason against an access whose way goes, after so many steps, through a pointer in memory that the host cannot
/// follow before the loop, in which `targets` are assigned.
pub(super) fn pointer_in_memory(
    module: &Module,
    function: &Function,
    (access, at): (&Place, Span),
    steps: usize,
    targets: &[Place],
) -> Refusal {
    let way = Place {
        var: access.var,
        path: access.path[..steps].to_vec(),
    };
    let is_one = build::indices(&way).all(|index| build::constant(function, index).is_some());
    let is_of_text = |var: Handle<Var>| !function.vars[var].spelling.is_empty();
    let mut named = build::indices(&way).flat_map(|index| build::variables(function, index));
    let array = if is_of_text(way.var) && named.all(is_of_text) {
        place(module, function, &way)
    } else {
        shown(&function.vars[way.var])
    };
    let is_part = |target: &Place| {
        let path = way.path[..target.path.len().min(steps)].to_vec();
        let var = way.var;
        structure::is_same_place(function, &Place { var, path }, function, target)
    };
    let refusal = Refusal::new(Reason::UnknownExtent { array }, at);
    if targets.iter().any(is_part) {
        return refusal.helped("leave pointers as they are in the loop, and move subscripts");
    }
    let copy = copied(module, function, &way).filter(|_| is_one);
    let help = match copy {
        Some(copy) => format!("read the pointer once, before the loop: `{copy}`"),
        None => "keep all that these pointers lead to in one array, one after another: `a[i * width + j]`, or \
                 `a[first[i] + j]`"
            .to_owned(),
    };
    refusal.helped(help)
}

/// Returns the name of the member that a place is.
fn member(module: &Module, function: &Function, place: &Place) -> Option<String> {
    let (Projection::Field(field), before) = place.path.split_last()? else {
        return None;
    };
    let whole = Place {
        var: place.var,
        path: before.to_vec(),
    };
    let Some(Type::Record(record)) = function.place_type(&module.records, &whole) else {
        return None;
    };
    let field = module.records[record].fields.get(*field as usize)?;
    Some(field.name.clone())
}

/// Returns a declaration without a semicolon: `double *d`.
pub(super) fn declaration(module: &Module, function: &Function, ty: &Type, name: &str) -> String {
    text(module, function, |text| text.declaration(ty, name))
}

fn text(module: &Module, function: &Function, print: impl Fn(CText<'_>) -> String) -> String {
    print(CText {
        function,
        records: &module.records,
        names: &|var| shown(&function.vars[var]),
        callees: &str::to_owned,
    })
}
