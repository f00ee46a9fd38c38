//! Pointers in structures that a region has for itself, as variables: of `hit.s = &spheres[i]` remains `hit.s_ = …` of a pointer
//! that is followed like any other.
//!
//! The region declares such a structure and names members of it alone.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::structure::expressions_mut;
use mupac_ir::{
    Block, Expr, ExprKind, Field, Function, Handle, Module, Place, Projection, Stmt, Type, Var,
};

use crate::{build, region};

/// The variables of members that are pointers.
type Members = BTreeMap<(Handle<Var>, u32), Handle<Var>>;

/// Returns the function and the statements with variables for such pointers; `None` where there is none.
pub(super) fn split(
    module: &Module,
    function: &Function,
    statements: &[Stmt],
) -> Option<(Function, Block)> {
    let mut found = BTreeMap::new();
    let mut whole = BTreeSet::new();
    region::each(statements, &mut |stmt| {
        if let Stmt::Declare(var, _) = stmt
            && let Type::Record(record) = function.vars[*var].ty
            && function.vars[*var].is_plain_local()
        {
            let all = &module.records[record].fields;
            let is_alone = |field: &Field| {
                let same = all
                    .iter()
                    .filter(|other| other.offset_bytes == field.offset_bytes);
                same.count() == 1
            };
            let pointers = (0..)
                .zip(all)
                .filter(|(_, field)| matches!(field.ty, Type::Pointer { .. }) && is_alone(field));
            for (field, of) in pointers {
                found.insert((*var, field), of);
            }
        }
        let mut note = |place: &Place, is_address: bool| {
            if !matches!(place.path.first(), Some(Projection::Field(_)))
                || is_address && place.path.len() == 1
            {
                whole.insert(place.var);
            }
        };
        if let Some(place) = region::target(stmt) {
            note(place, false);
        }
        let indices = region::target(stmt).into_iter().flat_map(build::indices);
        for expr in region::expressions(stmt).into_iter().chain(indices) {
            build::visit(function, expr, &mut |_, node| {
                if let ExprKind::Load(place) | ExprKind::Address(place) = &node.kind {
                    note(place, matches!(node.kind, ExprKind::Address(_)));
                }
            });
        }
    });
    found.retain(|(var, _), _| !whole.contains(var));
    if found.is_empty() {
        return None;
    }
    let mut own = function.clone();
    let members = found.into_iter().map(|((var, field), of)| {
        let name = format!("{}.{}", function.vars[var].name, of.name);
        let name = own.fresh_name(&name);
        ((var, field), own.vars.push(Var::local(name, of.ty.clone())))
    });
    let members: Members = members.collect();
    let mut block = block(&mut own, statements, &members);
    let structures = members.keys().map(|(var, _)| *var);
    let is_gone = |var: &Handle<Var>| region::mentions(&own, &block, *var) == 0;
    let gone: BTreeSet<Handle<Var>> = structures.filter(is_gone).collect();
    undeclare(&mut block, &gone);
    Some((own, block))
}

/// Takes the declarations of variables away that nothing names any more.
fn undeclare(block: &mut Block, gone: &BTreeSet<Handle<Var>>) {
    block.retain(|stmt| !matches!(stmt, Stmt::Declare(var, _) if gone.contains(var)));
    for stmt in block {
        for inner in region::blocks_mut(stmt) {
            undeclare(inner, gone);
        }
    }
}

fn block(function: &mut Function, statements: &[Stmt], members: &Members) -> Block {
    let mut out = Block::new();
    for stmt in statements {
        let mut stmt = stmt.clone();
        if let Stmt::Compute(compute) = &mut stmt {
            compute.target = place(function, &compute.target, members);
        }
        for expr in expressions_mut(&mut stmt) {
            *expr = value(function, *expr, members);
        }
        for inner in region::blocks_mut(&mut stmt) {
            *inner = block(function, &std::mem::take(inner), members);
        }
        if let Stmt::Declare(var, span) = &stmt {
            let own = members.iter().filter(|((of, _), _)| of == var);
            out.extend(own.map(|(_, pointer)| Stmt::Declare(*pointer, *span)));
        }
        out.push(stmt);
    }
    out
}

fn place(function: &mut Function, place: &Place, members: &Members) -> Place {
    let mut path: Vec<Projection> = Vec::new();
    for step in &place.path {
        path.push(match step {
            Projection::Index(index) => Projection::Index(value(function, *index, members)),
            Projection::Field(field) => Projection::Field(*field),
        });
    }
    let member = match path.first() {
        Some(Projection::Field(field)) => members.get(&(place.var, *field)),
        Some(Projection::Index(_)) | None => None,
    };
    match member {
        Some(pointer) => Place {
            var: *pointer,
            path: path.split_off(1),
        },
        None => Place {
            var: place.var,
            path,
        },
    }
}

fn value(function: &mut Function, expr: Handle<Expr>, members: &Members) -> Handle<Expr> {
    build::replaced(function, expr, &mut |function, node| {
        let (ExprKind::Load(of) | ExprKind::Address(of)) = &node.kind else {
            return None;
        };
        let own = place(function, of, members);
        let kind = if matches!(node.kind, ExprKind::Load(_)) {
            ExprKind::Load(own)
        } else {
            ExprKind::Address(own)
        };
        (kind != node.kind).then(|| {
            function.exprs.push(Expr {
                kind,
                ..node.clone()
            })
        })
    })
}
