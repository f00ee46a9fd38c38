//! First values of variables with static storage, as bytes, and what headers declare beside them.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use clang_sys as k;
use mupac_ir::{Arena, Extent, Global, Record, Scalar, Span, Type};

use crate::clang::{Constant, Cursor, Home, Unit};
use crate::lower::expr::initial_bytes;
use crate::lower::types::{self, Types};
use crate::lower::walk;
use crate::text::Text;

/// Objects larger than this are not held in the module.
const MOST_BYTES: u64 = 64 << 20;

/// Returns the variables of the file that clang can give a first value; one defined elsewhere has none here.
pub(super) fn find<'u>(unit: &'u Unit, types: &mut Types<'u>) -> Vec<Global> {
    let mut globals: Vec<Global> = Vec::new();
    for cursor in unit.declarations(&[Home::Main, Home::Header, Home::System]) {
        if cursor.kind() == k::CXCursor_VarDecl {
            add(&mut globals, cursor, cursor.spelling(), types);
        } else if cursor.kind() == k::CXCursor_FunctionDecl && cursor.is_definition() {
            let function = cursor.spelling();
            let mut names = Vec::new();
            walk::each(cursor, |local| {
                if local.kind() == k::CXCursor_VarDecl && local.is_static() {
                    let name = format!("{function}.{}", local.spelling());
                    // Two of one name are told apart by the lowering only.
                    if names.contains(&name) {
                        globals.retain(|global| global.name != name);
                    } else {
                        add(&mut globals, local, name.clone(), types);
                        names.push(name);
                    }
                }
            });
        }
    }
    globals
}

fn add<'u>(globals: &mut Vec<Global>, cursor: Cursor<'u>, name: String, types: &mut Types<'u>) {
    let is_declared_only = cursor.is_extern() && cursor.initializer().is_none();
    let known = globals.iter().position(|global| global.name == name);
    // A later declaration without a value changes nothing.
    if is_declared_only || (known.is_some() && cursor.initializer().is_none()) {
        return;
    }
    let ty = types.lower(cursor.ty());
    let initial = object(&ty, types.records()).and_then(|mut bytes| {
        if let Some(value) = cursor.initializer() {
            fill(&mut bytes, &ty, value, types.records())?;
        }
        Some(bytes)
    });
    if let Some(known) = known {
        globals.remove(known);
    }
    globals.extend(initial.map(|initial| Global { name, initial }));
}

/// Returns the zero bytes of an object of a type.
fn object(ty: &Type, records: &Arena<Record>) -> Option<Vec<u8>> {
    let size = size(ty, records).filter(|size| *size <= MOST_BYTES)?;
    Some(vec![0; size as usize])
}

fn size(ty: &Type, records: &Arena<Record>) -> Option<u64> {
    match ty {
        Type::Scalar(scalar) => Some(scalar.size_bytes()),
        Type::Pointer { .. } => Some(8),
        Type::Array {
            of,
            length: Extent::Fixed(length),
        } => size(of, records)?.checked_mul(*length),
        Type::Record(record) => Some(records[*record].size_bytes),
        Type::Array {
            length: Extent::Variable(_) | Extent::Unknown,
            ..
        }
        | Type::Void
        | Type::Opaque(_) => None,
    }
}

/// Writes a constant first value; `None` where it is none that bytes alone can say.
fn fill(bytes: &mut [u8], ty: &Type, value: Cursor<'_>, records: &Arena<Record>) -> Option<()> {
    let is_list = value.kind() == k::CXCursor_InitListExpr;
    if value.kind() == k::CXCursor_UnexposedExpr && walk::implicit_operand(value).is_none() {
        // A designator: the value is for another place than the next one.
        return None;
    }
    match ty {
        Type::Scalar(scalar) => {
            let value = if is_list {
                *value.children().first()?
            } else {
                value
            };
            let constant = scalar_bytes(*scalar, value.evaluate()?)?;
            bytes.get_mut(..constant.len())?.copy_from_slice(&constant);
            Some(())
        }
        Type::Array { of, .. } if is_list => {
            let step = size(of, records)? as usize;
            for (index, element) in value.children().into_iter().enumerate() {
                let start = index.checked_mul(step)?;
                fill(bytes.get_mut(start..start + step)?, of, element, records)?;
            }
            Some(())
        }
        Type::Array { of, .. } if **of == Scalar::I8.into() => {
            let text = initial_bytes(walk::peel(value))?;
            // The closing zero is there where it fits.
            bytes.get_mut(..text.len())?.copy_from_slice(&text);
            Some(())
        }
        Type::Record(record) if is_list => {
            let fields = &records[*record].fields;
            let children = value.children();
            if children.len() > fields.len() {
                return None;
            }
            for (field, child) in fields.iter().zip(children) {
                let start = field.offset_bytes as usize;
                let end = start + size(&field.ty, records)? as usize;
                fill(bytes.get_mut(start..end)?, &field.ty, child, records)?;
            }
            Some(())
        }
        // Of addresses only null is known before there is memory.
        Type::Pointer { .. } => (walk::peel(value).evaluate()? == Constant::Int(0)).then_some(()),
        Type::Array { .. } | Type::Record(_) | Type::Void | Type::Opaque(_) => None,
    }
}

fn scalar_bytes(scalar: Scalar, constant: Constant) -> Option<Vec<u8>> {
    let bits = match (constant, scalar) {
        (Constant::Float(value), Scalar::F64) => value.to_bits(),
        (Constant::Float(value), Scalar::F32) => u64::from((value as f32).to_bits()),
        (Constant::Int(value), _) => {
            let (least, greatest) = scalar.integer_range()?;
            (least..=greatest)
                .contains(&value)
                .then_some(value as u64)?
        }
        (Constant::Float(_), _) => return None,
    };
    Some(bits.to_le_bytes()[..scalar.size_bytes() as usize].to_vec())
}

/// Returns the names of the variables of file scope that the file or a header of the user declares. Those of system headers
/// are not among them, so that it makes no difference whether these headers were compiled beforehand, which hides them.
pub(super) fn of_file(unit: &Unit) -> HashSet<String> {
    let all = unit.declarations(&[Home::Main, Home::Header]);
    all.filter(|cursor| cursor.kind() == k::CXCursor_VarDecl)
        .map(Cursor::spelling)
        .collect()
}

/// Returns the names of file scope that headers of the user declare.
pub(super) fn declared(unit: &Unit) -> BTreeSet<String> {
    let of_user = unit.declarations(&[Home::Header]);
    of_user
        .filter(|cursor| cursor.is_declaration())
        .map(Cursor::spelling)
        .filter(|name| !name.is_empty())
        .collect()
}

/// Returns the names of file scope that mean something else than a variable which may change, each with its first place; a
/// structure's is where it is complete.
pub(super) fn meanings(unit: &Unit, text: &Text<'_>) -> BTreeMap<String, Span> {
    let mut found = BTreeMap::new();
    let mut note = |name: String, cursor: Cursor<'_>| {
        found
            .entry(name)
            .or_insert_with(|| text.span(cursor).unwrap_or_default());
    };
    for cursor in unit.declarations(&[Home::Main, Home::Header]) {
        match cursor.kind() {
            k::CXCursor_TypedefDecl | k::CXCursor_FunctionDecl => note(cursor.spelling(), cursor),
            k::CXCursor_StructDecl if cursor.is_definition() => {
                note(cursor.ty().canonical().spelling(), cursor);
            }
            k::CXCursor_VarDecl if types::is_const(cursor.ty()) => note(cursor.spelling(), cursor),
            k::CXCursor_EnumDecl => {
                for constant in cursor.children() {
                    note(constant.spelling(), constant);
                }
            }
            _ => {}
        }
    }
    found
}
