//! What memory of a type holds: columns of scalars, which are filled and compared one by one.
//!
//! Padding is no value: it is neither filled nor compared.

use std::collections::BTreeSet;
use std::fmt::Write;

use mupac_ir::{Arena, Expr, Extent, Field, Handle, Member, Record, Scalar, Type};

/// Most values of one record that are compared one by one.
const MOST_LEAVES: usize = 4096;

/// An object or the elements behind a pointer, as columns of scalars.
pub(crate) struct Layout {
    /// C expression: how many records one element holds.
    pub(crate) records: String,
    /// Size of one record.
    pub(crate) record_bytes: u64,
    /// Offset in the record and type of each scalar.
    pub(crate) leaves: Vec<(u64, Scalar)>,
    /// Offset in the record of each pointer, and the type that it leads to.
    pub(crate) pointers: Vec<(u64, Type)>,
}

/// Returns the layout of a type; `integer` gives the C text of an extent.
///
/// Of members that are not among those given only numbers belong to it, which tests show to stay what they were.
///
/// **Errors**: what tests cannot make or compare, in words.
pub(crate) fn layout(
    ty: &Type,
    records: &Arena<Record>,
    named: &BTreeSet<Member>,
    integer: &dyn Fn(Handle<Expr>) -> String,
) -> Result<Layout, String> {
    match ty {
        Type::Array { of, length } => {
            let inner = layout(of, records, named, integer)?;
            let length = match length {
                Extent::Fixed(length) => format!("{length}LL"),
                Extent::Variable(expr) => integer(*expr),
                Extent::Unknown => return Err("an array of unknown length".to_owned()),
            };
            let total = if inner.records == "1" {
                length
            } else {
                format!("{length} * {}", inner.records)
            };
            Ok(Layout {
                records: total,
                ..inner
            })
        }
        Type::Record(record) if let Some(array) = only_array(*record, records) => {
            layout(array, records, named, integer)
        }
        Type::Void | Type::Scalar(_) | Type::Pointer { .. } | Type::Record(_) | Type::Opaque(_) => {
            let mut layout = Layout {
                records: "1".to_owned(),
                record_bytes: 0,
                leaves: Vec::new(),
                pointers: Vec::new(),
            };
            layout.record_bytes = collect(ty, 0, (records, named), &mut layout)?;
            Ok(layout)
        }
    }
}

/// Returns the array that a structure is, if it is nothing else: its elements are records of their own, however many.
fn only_array(record: Handle<Record>, records: &Arena<Record>) -> Option<&Type> {
    let record = records.get(record)?;
    let [only] = record.fields.as_slice() else {
        return None;
    };
    (array_bytes(&only.ty, records)? == record.size_bytes).then_some(&only.ty)
}

/// Returns the size of an array of fixed length.
fn array_bytes(ty: &Type, records: &Arena<Record>) -> Option<u64> {
    let Type::Array {
        of,
        length: Extent::Fixed(length),
    } = ty
    else {
        return None;
    };
    let each = match &**of {
        Type::Scalar(scalar) => scalar.size_bytes(),
        Type::Record(record) => records.get(*record)?.size_bytes,
        Type::Pointer { .. } => POINTER_BYTES,
        Type::Array { .. } => array_bytes(of, records)?,
        Type::Void | Type::Opaque(_) => return None,
    };
    each.checked_mul(*length)
}

/// How large a pointer is.
const POINTER_BYTES: u64 = 8;

/// Collects the scalars and pointers of a type at an offset and returns its size.
fn collect(
    ty: &Type,
    offset: u64,
    (records, named): (&Arena<Record>, &BTreeSet<Member>),
    layout: &mut Layout,
) -> Result<u64, String> {
    if layout.leaves.len() + layout.pointers.len() > MOST_LEAVES {
        return Err("a structure of too many fields".to_owned());
    }
    match ty {
        Type::Scalar(scalar) => {
            layout.leaves.push((offset, *scalar));
            Ok(scalar.size_bytes())
        }
        Type::Record(handle) => {
            let record = records
                .get(*handle)
                .ok_or("a structure that is not known")?;
            let fields = (0..).zip(&record.fields);
            let counts = |(at, field): &(u32, &Field)| {
                named.contains(&(*handle, *at)) || matches!(field.ty, Type::Scalar(_))
            };
            for (_, field) in fields.filter(counts) {
                let at = offset + field.offset_bytes;
                collect(&field.ty, at, (records, named), layout).map_err(|why| {
                    format!("{} has the field {}: {why}", record.name, field.name)
                })?;
            }
            Ok(record.size_bytes)
        }
        Type::Array {
            of,
            length: Extent::Fixed(length),
        } => {
            let mut size = 0;
            for index in 0..*length {
                size = collect(of, offset + index * size, (records, named), layout)?;
            }
            Ok(size * length)
        }
        Type::Array {
            length: Extent::Variable(_) | Extent::Unknown,
            ..
        } => Err("an array whose length is not fixed".to_owned()),
        Type::Pointer { to, .. } => {
            layout.pointers.push((offset, (**to).clone()));
            Ok(POINTER_BYTES)
        }
        Type::Void => Err("memory without a type".to_owned()),
        Type::Opaque(name) => Err(format!("the type {name}")),
    }
}

/// Collects the integers that a structure holds by themselves, outside of arrays, with the names of those members that
/// are among the given ones.
pub(crate) fn members(
    ty: &Type,
    (records, named): (&Arena<Record>, &BTreeSet<Member>),
    (offset, name): (u64, &str),
    found: &mut Vec<(u64, Scalar, String)>,
) {
    let Type::Record(record) = ty else { return };
    let own = records.get(*record).into_iter();
    let fields = (0..).zip(own.flat_map(|record| &record.fields));
    let fields = fields.filter(|(at, _)| named.contains(&(*record, *at)));
    for (_, field) in fields {
        let (offset, name) = (
            offset + field.offset_bytes,
            format!("{name}.{}", field.name),
        );
        match &field.ty {
            Type::Scalar(scalar) if !scalar.is_float() && *scalar != Scalar::Bool => {
                found.push((offset, *scalar, name));
            }
            Type::Record(_) => members(&field.ty, (records, named), (offset, &name), found),
            Type::Scalar(_)
            | Type::Void
            | Type::Array { .. }
            | Type::Pointer { .. }
            | Type::Opaque(_) => {}
        }
    }
}

/// Collects how long the arrays of fixed length in a type are.
pub(crate) fn fixed_lengths(ty: &Type, records: &Arena<Record>, lengths: &mut BTreeSet<i64>) {
    match ty {
        Type::Array { of, length } => {
            if let Extent::Fixed(length) = length {
                lengths.extend(i64::try_from(*length));
            }
            fixed_lengths(of, records, lengths);
        }
        Type::Record(record) => {
            let record = records.get(*record).into_iter();
            for field in record.flat_map(|record| &record.fields) {
                fixed_lengths(&field.ty, records, lengths);
            }
        }
        // What pointers lead to may be of the type that they lie in.
        Type::Void | Type::Scalar(_) | Type::Pointer { .. } | Type::Opaque(_) => {}
    }
}

/// Writes a layout as the table that `simt/harness.c` reads.
pub(crate) fn table(name: &str, layout: &Layout, tables: &mut String) {
    let leaves: Vec<String> = layout
        .leaves
        .iter()
        .map(|(offset, scalar)| format!("{{{offset}, {}}}", position(*scalar)))
        .collect();
    // Writing to a string does not fail.
    let _ = writeln!(
        tables,
        "static const struct mupac_test_leaf {name}[] = {{{}}};",
        leaves.join(", ")
    );
}

/// Position in [`Scalar::ALL`], by which `simt/harness.c` knows a type.
pub(crate) fn position(scalar: Scalar) -> usize {
    Scalar::ALL
        .iter()
        .position(|&each| each == scalar)
        .unwrap_or_default()
}

/// The C and C++ spelling of a type.
pub(crate) fn c_type(scalar: Scalar) -> &'static str {
    if scalar == Scalar::Bool {
        "MUPAC_TEST_BOOL"
    } else {
        scalar.c_name()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(size_bytes: u64, ty: Type) -> Record {
        Record {
            name: "struct field".to_owned(),
            fields: vec![Field {
                name: "value".to_owned(),
                ty,
                offset_bytes: 0,
                enumeration: None,
                leads_to_block: false,
            }],
            size_bytes,
            align_bytes: 8,
        }
    }

    #[test]
    fn a_structure_that_is_an_array_may_be_as_long_as_one() {
        let array = |of: Type, length| Type::Array {
            of: Box::new(of),
            length: Extent::Fixed(length),
        };
        let rows = array(array(Scalar::F64.into(), 128), 96);
        let mut records = Arena::default();
        let whole = records.push(record(96 * 128 * 8, rows.clone()));
        let padded = records.push(record(96 * 128 * 8 + 64, rows));
        let named = BTreeSet::from([(whole, 0), (padded, 0)]);
        let of = |handle| layout(&Type::Record(handle), &records, &named, &|_| String::new());
        let whole = of(whole).unwrap();
        assert_eq!(whole.records, "96LL * 128LL");
        assert_eq!(
            (whole.record_bytes, whole.leaves),
            (8, vec![(0, Scalar::F64)])
        );
        assert!(of(padded).is_err());
    }
}
