//! Structure types, and which types are well formed where.

use crate::arena::{Arena, Handle};
use crate::module::Module;
use crate::print;
use crate::structure::{MAX_TYPE_DEPTH, type_depth};
use crate::types::{Extent, Record, Type};

use super::Violation;

/// Where a type stands, which decides what it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    /// A variable or an element: its size is known when it comes to life.
    Object,
    /// A variable or field that may be an array of unknown length.
    OpenObject,
    /// Behind a pointer.
    Pointee,
    /// The result of a function.
    Result,
}

/// Checks all structure types.
pub(super) fn check(module: &Module) -> Vec<Violation> {
    let records = &module.records;
    let mut found = Vec::new();
    let mut known = vec![None; records.len()];
    for (handle, record) in records.iter() {
        let problem = header(record)
            .or_else(|| fields(records, record))
            .or_else(|| {
                (nesting(records, &mut known, handle, 0) > MAX_TYPE_DEPTH)
                    .then(|| "it contains itself, or nests too deeply".to_owned())
            });
        if let Some(message) = problem {
            found.push(Violation {
                function: String::new(),
                text: format!("record {}", record.name),
                message,
            });
        }
    }
    found
}

fn header(record: &Record) -> Option<String> {
    if record.name.is_empty() {
        return Some("a structure type has a name".to_owned());
    }
    if !record.align_bytes.is_power_of_two() {
        return Some("its alignment is not a power of two".to_owned());
    }
    if !record.size_bytes.is_multiple_of(record.align_bytes) || record.size_bytes >= 1 << 62 {
        return Some("its size is not a multiple of its alignment, or too large".to_owned());
    }
    None
}

fn fields(records: &Arena<Record>, record: &Record) -> Option<String> {
    let mut end = 0;
    for (position, field) in record.fields.iter().enumerate() {
        let is_last = position + 1 == record.fields.len();
        let place = if is_last {
            Position::OpenObject
        } else {
            Position::Object
        };
        if let Some(problem) = problem(records, &field.ty, place, false) {
            return Some(format!("field `{}`: {problem}", field.name));
        }
        let size = size_bytes(records, &field.ty).unwrap_or(0);
        let is_inside = field
            .offset_bytes
            .checked_add(size)
            .is_some_and(|end| end <= record.size_bytes);
        if !is_inside {
            return Some(format!("field `{}` reaches beyond its end", field.name));
        }
        if field.offset_bytes < end && size > 0 {
            return Some(format!("field `{}` overlaps the one before", field.name));
        }
        end = end.max(field.offset_bytes + size);
    }
    None
}

/// Returns how many structures stand inside one another, or more than the limit where they never end.
fn nesting(
    records: &Arena<Record>,
    known: &mut [Option<usize>],
    handle: Handle<Record>,
    level: usize,
) -> usize {
    if level > MAX_TYPE_DEPTH {
        return level;
    }
    if let Some(Some(known)) = known.get(handle.index()) {
        return *known;
    }
    let fields = records.get(handle).map_or(&[][..], |record| &record.fields);
    let mut deepest = 0;
    for field in fields {
        if let Type::Record(inner) = field.ty.innermost() {
            deepest = deepest.max(nesting(records, known, *inner, level + 1));
        }
    }
    if let Some(slot) = known.get_mut(handle.index()) {
        *slot = Some(deepest + 1);
    }
    deepest + 1
}

/// Returns the size of a type, `None` where it is not known or beyond what an address can reach.
pub(super) fn size_bytes(records: &Arena<Record>, ty: &Type) -> Option<u64> {
    match ty {
        Type::Void
        | Type::Opaque(_)
        | Type::Array {
            length: Extent::Variable(_) | Extent::Unknown,
            ..
        } => None,
        Type::Scalar(scalar) => Some(scalar.size_bytes()),
        Type::Pointer { .. } => Some(8),
        Type::Array {
            of,
            length: Extent::Fixed(length),
        } => size_bytes(records, of)?
            .checked_mul(*length)
            .filter(|size| *size < 1 << 62),
        Type::Record(record) => records.get(*record).map(|record| record.size_bytes),
    }
}

/// Returns what is wrong with a type at some position; `may_vary` allows extents that are expressions.
pub(super) fn problem(
    records: &Arena<Record>,
    ty: &Type,
    position: Position,
    may_vary: bool,
) -> Option<String> {
    if type_depth(ty) > MAX_TYPE_DEPTH {
        return Some("the type nests too deeply".to_owned());
    }
    let wrong = |what: &str| Some(format!("{what}: {}", print::ty(records, None, ty)));
    match ty {
        Type::Void => match position {
            Position::Pointee | Position::Result => None,
            Position::Object | Position::OpenObject => wrong("no object has this type"),
        },
        Type::Pointer { to, .. } => problem(records, to, Position::Pointee, may_vary),
        Type::Array { of, length } => {
            let is_open = matches!(position, Position::Pointee | Position::OpenObject);
            match length {
                Extent::Unknown if !is_open => wrong("the number of elements is not known"),
                Extent::Variable(_) if !may_vary => wrong("the number of elements is no constant"),
                Extent::Fixed(_)
                    if size_bytes(records, of).is_some() && size_bytes(records, ty).is_none() =>
                {
                    wrong("the type is too large")
                }
                Extent::Fixed(_) | Extent::Variable(_) | Extent::Unknown => {
                    if position == Position::Result {
                        wrong("no function returns an array")
                    } else {
                        problem(records, of, Position::Object, may_vary)
                    }
                }
            }
        }
        Type::Record(record) if records.get(*record).is_none() => {
            wrong("there is no such structure type")
        }
        Type::Scalar(_) | Type::Opaque(_) | Type::Record(_) => None,
    }
}
