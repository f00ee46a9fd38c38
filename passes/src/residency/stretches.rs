//! Stretches of memory that a statement touches, seen together: whether they are known before it, and how few names say them.

use mupac_ir::structure::{extents, indices, is_same_place, variables};
use mupac_ir::{
    Expr, ExprKind, Function, Handle, Module, Place, Projection, Span, Stmt, Storage, Stretch,
    TextOrder, Touched, Type, Var,
};

use super::effect::reads;
use super::events::contains;
use super::reach::is_variable;
use super::touched::can_be_named;
use crate::build;
use mupac_ir::stmt::Call;

/// The most stretches that the text names before a statement.
pub(super) const MOST: usize = 3;

/// Returns what statements in a row touch, of which those that touch memory are given; `None` where that is not known before
/// the first of them, or too much.
pub(super) fn together(
    module: &Module,
    function: &Function,
    statements: &[&Stmt],
    parts: &[&Touched],
) -> Option<Touched> {
    let of = parts.first()?.function;
    let (mut read, mut written) = (Vec::new(), Vec::new());
    for part in parts {
        read.extend(part.read.iter().cloned());
        written.extend(part.written.iter().cloned());
    }
    let touched = Touched {
        function: of,
        read,
        written,
    };
    let names = |var: Handle<Var>| {
        let mut all = touched.stretches();
        all.any(|(_, stretch)| finds(function, stretch).contains(&var))
    };
    let assigns = |target: &Place| target.path.is_empty() && names(target.var);
    let are_found_first = statements.iter().all(|stmt| match stmt {
        Stmt::Compute(compute) => !assigns(&compute.target),
        Stmt::Call(call) => {
            let mut all = touched
                .stretches()
                .flat_map(|(_, each)| finds(function, each));
            !call.target.as_ref().is_some_and(assigns)
                && all.all(|var| is_own(function, var) && !may_assign(function, call, var))
        }
        Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::For(_)
        | Stmt::While(_)
        | Stmt::If(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => false,
    });
    let are_found_first = are_found_first && is_found_by_variables(module, function, &touched);
    if statements.len() == 1 || are_found_first {
        few(module, function, touched, MOST)
    } else {
        None
    }
}

/// Returns whether a function that is called may assign a variable since it is told where that lies.
pub(super) fn may_assign(function: &Function, call: &Call, var: Handle<Var>) -> bool {
    let mut found = false;
    for argument in &call.arguments {
        build::visit(function, *argument, &mut |_, node| {
            found |= matches!(&node.kind, ExprKind::Address(place) if place.var == var);
        });
    }
    found
}

/// Returns whether no function that is called can change what a variable holds, or where it lies if it is an array.
pub(super) fn is_own(function: &Function, var: Handle<Var>) -> bool {
    let var = &function.vars[var];
    let is_automatic = matches!(var.storage, Storage::Parameter | Storage::Local);
    is_automatic || matches!(var.ty, Type::Array { .. } | Type::Record(_))
}

/// Returns whether the text can say, behind the statement that declares a variable, that its copies go when its block is left.
pub(super) fn can_end(
    module: &Module,
    function: &Function,
    var: Handle<Var>,
    statement: Span,
) -> bool {
    let own = &function.vars[var];
    let blocks = module.blocks.iter();
    let around = blocks.flat_map(|block| block.statements.iter().map(move |each| (block, each)));
    let around = around.filter(|(_, each)| contains(each.span, statement));
    let innermost = around.min_by_key(|(_, each)| each.span.end - each.span.start);
    let is_in_block = innermost.is_some_and(|(block, each)| {
        let text = module.source.text().get(each.span.range());
        let is_seen = text.is_some_and(|text| text.contains(&own.spelling));
        block.is_braced && each.is_declaration && is_seen
    });
    let has_size = extents(&own.ty).is_empty() && !matches!(own.ty, Type::Opaque(_));
    let is_plain = function.order == TextOrder::Plain;
    is_in_block && has_size && is_plain && can_be_named(module, own)
}

/// Returns the variables that find a stretch.
pub(super) fn finds(function: &Function, stretch: &Stretch) -> Vec<Handle<Var>> {
    match stretch {
        Stretch::Place(place) => named(function, place),
        Stretch::Between { first, last } => {
            [named(function, first), named(function, last)].concat()
        }
        Stretch::All => Vec::new(),
        Stretch::Object(from) | Stretch::Freed(from) => variables(function, *from),
        Stretch::Bytes { from, count } => {
            [variables(function, *from), variables(function, *count)].concat()
        }
        Stretch::Where {
            condition, stretch, ..
        } => [variables(function, *condition), finds(function, stretch)].concat(),
    }
}

/// Returns the variables that a place names.
pub(super) fn named(function: &Function, place: &Place) -> Vec<Handle<Var>> {
    let indices = indices(place).flat_map(|index| variables(function, index));
    indices.chain([place.var]).collect()
}

/// Returns stretches as the text names them; `None` where these are too many. Members of one structure that are read are
/// named as the structure, and what is written is not named twice unless it leads to others.
pub(super) fn few(
    module: &Module,
    function: &Function,
    touched: Touched,
    most: usize,
) -> Option<Touched> {
    let is_same = |a: &Stretch, b: &Stretch| match (a, b) {
        (Stretch::Place(a), Stretch::Place(b)) => is_same_place(function, a, function, b),
        (
            Stretch::Between { first, last },
            Stretch::Between {
                first: other,
                last: end,
            },
        ) => {
            is_same_place(function, first, function, other)
                && is_same_place(function, last, function, end)
        }
        (
            Stretch::Place(_)
            | Stretch::Between { .. }
            | Stretch::All
            | Stretch::Object(_)
            | Stretch::Freed(_)
            | Stretch::Bytes { .. }
            | Stretch::Where { .. },
            _,
        ) => a == b,
    };
    let distinct = |all: Vec<Stretch>| {
        let mut found: Vec<Stretch> = Vec::new();
        for stretch in all {
            if !found.iter().any(|known| is_same(known, &stretch)) {
                found.push(stretch);
            }
        }
        found
    };
    let leads_nowhere = is_found_by_variables(module, function, &touched);
    let is_named = |read: &Stretch| {
        let mut written = touched.written.iter();
        leads_nowhere && written.any(|stretch| is_same(stretch, read))
    };
    let mut read = distinct(touched.read.clone());
    read.retain(|each| !is_named(each));
    let whole = |stretch: &Stretch| {
        let whole = structure_of(stretch)?;
        let beside = read.iter().filter_map(structure_of);
        let count = beside.filter(|other| is_same(&whole, other)).count();
        (count > 1).then_some(whole)
    };
    let read = read
        .iter()
        .map(|each| whole(each).unwrap_or_else(|| each.clone()));
    let few = Touched {
        function: touched.function,
        read: distinct(read.collect()),
        written: distinct(touched.written),
    };
    (few.read.len() + few.written.len() <= most).then_some(few)
}

/// Returns the structure that a stretch is a member of.
fn structure_of(stretch: &Stretch) -> Option<Stretch> {
    let Stretch::Place(place) = stretch else {
        return None;
    };
    let fields = place.path.iter().rev();
    let fields = fields
        .take_while(|step| matches!(step, Projection::Field(_)))
        .count();
    let path = place.path[..place.path.len() - fields].to_vec();
    (fields > 0).then_some(Stretch::Place(Place {
        var: place.var,
        path,
    }))
}

/// Returns whether what finds a place reads nothing but variables that no pointer reaches.
pub(super) fn is_by_variables(module: &Module, function: &Function, place: &Place) -> bool {
    let mut pointers = followed(module, function, place).into_iter();
    pointers.all(|pointer| is_variable(function, &pointer))
        && indices(place).all(|index| is_value_of_variables(module, function, index))
}

/// Returns the same of stretches.
fn is_found_by_variables(module: &Module, function: &Function, touched: &Touched) -> bool {
    let mut all = touched.stretches();
    all.all(|(_, stretch)| is_one_found_by_variables(module, function, stretch))
}

fn is_one_found_by_variables(module: &Module, function: &Function, stretch: &Stretch) -> bool {
    let is_value = |expr: &Handle<Expr>| is_value_of_variables(module, function, *expr);
    match stretch {
        Stretch::Place(place) => is_by_variables(module, function, place),
        Stretch::Between { first, last } => [first, last]
            .into_iter()
            .all(|place| is_by_variables(module, function, place)),
        Stretch::All => true,
        Stretch::Object(from) | Stretch::Freed(from) => is_value(from),
        Stretch::Bytes { from, count } => is_value(from) && is_value(count),
        Stretch::Where {
            condition, stretch, ..
        } => is_value(condition) && is_one_found_by_variables(module, function, stretch),
    }
}

/// Returns the same of an expression.
pub(super) fn is_value_of_variables(
    module: &Module,
    function: &Function,
    expr: Handle<Expr>,
) -> bool {
    let mut addressed = Vec::new();
    build::visit(function, expr, &mut |_, node| {
        if let ExprKind::Address(place) = &node.kind {
            addressed.extend(followed(module, function, place));
        }
    });
    !reads(function, expr)
        && addressed
            .iter()
            .all(|pointer| is_variable(function, pointer))
}

/// Returns the places of the pointers that a path follows, outermost first.
pub(super) fn followed(module: &Module, function: &Function, place: &Place) -> Vec<Place> {
    let steps = place.path.iter().enumerate();
    let followed = steps.filter_map(|(position, step)| {
        let before = Place {
            var: place.var,
            path: place.path[..position].to_vec(),
        };
        let is_index = matches!(step, Projection::Index(_));
        let ty = function.place_type(&module.records, &before);
        (is_index && matches!(ty, Some(Type::Pointer { .. }))).then_some(before)
    });
    followed.collect()
}
