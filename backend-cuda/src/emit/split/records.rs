//! Structures of the user's as CUDA C++ that stands without the user's text: the members that the IR knows, each where it
//! lies in the program.

use std::collections::BTreeSet;
use std::fmt::Write;

use mupac_ir::c_text::CText;
use mupac_ir::{Arena, Extent, Function, Handle, Record, Type, Var};

use crate::lexer::words;

/// Returns the definitions of the structures that a text names, and of those in them, before each other as C++ wants them,
/// and the conditions in C that their layout is the one that was translated.
///
/// **Errors**: the structure that cannot be said.
pub(super) fn definitions(
    records: &Arena<Record>,
    text: &str,
    function: &Function,
) -> Result<Definitions, String> {
    let words = words(text);
    let mut writer = Writer {
        records,
        named: named(records),
        function,
        done: BTreeSet::new(),
        later: Vec::new(),
        declared: String::new(),
        defined: String::new(),
        layouts: Vec::new(),
    };
    for (handle, record) in records.iter() {
        if words.contains(tag(&record.name)) {
            writer.define(handle)?;
        }
    }
    while let Some(handle) = writer.later.pop() {
        // What is only pointed to need not be known unless the text looks there.
        let _ = writer.define(handle);
    }
    Ok(Definitions {
        text: format!("{}{}", writer.declared, writer.defined),
        layouts: writer.layouts,
    })
}

/// What [`definitions`] makes.
#[derive(Debug, Default)]
pub(super) struct Definitions {
    pub(super) text: String,
    /// By the name of each structure in C, what holds of it there.
    pub(super) layouts: Vec<(String, Vec<String>)>,
}

/// Returns the name of a structure without the word before it.
pub(super) fn tag(name: &str) -> &str {
    name.strip_prefix("struct ").unwrap_or(name)
}

struct Writer<'a> {
    records: &'a Arena<Record>,
    /// The same, where those without a name of their own have one.
    named: Arena<Record>,
    /// Any function: types of members have no expressions.
    function: &'a Function,
    done: BTreeSet<Handle<Record>>,
    /// The structures that members point to.
    later: Vec<Handle<Record>>,
    declared: String,
    defined: String,
    layouts: Vec<(String, Vec<String>)>,
}

impl Writer<'_> {
    fn define(&mut self, handle: Handle<Record>) -> Result<(), String> {
        if !self.done.insert(handle) {
            return Ok(());
        }
        let record = self.records[handle].clone();
        let own = self.named[handle].name.clone();
        let name = tag(&own);
        let refused = || format!("{} cannot be said outside of the C part", record.name);
        let known = || record.fields.iter().filter(|field| !is_unknown(&field.ty));
        if !is_name(name) || !known().all(|field| is_name(&field.name)) {
            return Err(refused());
        }
        let Some((mut body, end, alignment)) = self.members(&record)? else {
            return Err(refused());
        };
        if alignment > record.align_bytes || end > record.size_bytes {
            return Err(refused());
        }
        if end.next_multiple_of(record.align_bytes.max(1)) < record.size_bytes {
            let _ = writeln!(body, "    char mupac_{end}[{}];", record.size_bytes - end);
        }
        let aligned = if alignment < record.align_bytes {
            format!("alignas({}) ", record.align_bytes)
        } else {
            String::new()
        };
        let _ = writeln!(self.defined, "struct {aligned}{name} {{\n{body}}};");
        let _ = writeln!(
            self.defined,
            "static_assert(sizeof({name}) == {}, \"as in C\");\n",
            record.size_bytes
        );
        let offsets = known().map(|field| {
            format!(
                "__builtin_offsetof({}, {}) == {}",
                record.name, field.name, field.offset_bytes
            )
        });
        let size = format!("sizeof({}) == {}", record.name, record.size_bytes);
        let conditions = std::iter::once(size).chain(offsets).collect();
        self.layouts.push((record.name.clone(), conditions));
        Ok(())
    }

    /// Returns the members that are known as lines, where they end, and the alignment that they ask for; `None` where one
    /// lies where C++ would not put it.
    fn members(&mut self, record: &Record) -> Result<Option<(String, u64, u64)>, String> {
        let mut body = String::new();
        let (mut end, mut alignment) = (0, 1);
        for field in &record.fields {
            let Some((size, align)) = self.layout(&field.ty)? else {
                continue;
            };
            let natural = u64::next_multiple_of(end, align);
            if field.offset_bytes < natural {
                return Ok(None);
            }
            if field.offset_bytes > natural {
                let gap = field.offset_bytes - end;
                // Writing to a string does not fail.
                let _ = writeln!(body, "    char mupac_{end}[{gap}];");
            }
            let _ = writeln!(body, "    {};", self.member(&field.ty, &field.name));
            end = field.offset_bytes + size;
            alignment = align.max(alignment);
        }
        Ok(Some((body, end, alignment)))
    }

    /// Returns size and alignment of a member, whose structures are defined then; `None` where its type is not known.
    fn layout(&mut self, ty: &Type) -> Result<Option<(u64, u64)>, String> {
        Ok(match ty {
            Type::Scalar(scalar) => Some((scalar.size_bytes(), scalar.size_bytes())),
            Type::Pointer { to, .. } => {
                let mut to = &**to;
                while let Some(inner) = to.element() {
                    to = inner;
                }
                if let Type::Record(record) = to {
                    let name = tag(&self.named[*record].name);
                    let _ = writeln!(self.declared, "struct {name};");
                    self.later.push(*record);
                }
                Some((8, 8))
            }
            Type::Record(record) => {
                self.define(*record)?;
                let record = &self.records[*record];
                Some((record.size_bytes, record.align_bytes))
            }
            Type::Array {
                of,
                length: Extent::Fixed(length),
            } => {
                let element = self.layout(of)?;
                element.map(|(size, align)| (size * length, align))
            }
            // GNU C++ has them as well.
            Type::Array {
                of,
                length: Extent::Unknown,
            } => self.layout(of)?.map(|(_, align)| (0, align)),
            Type::Array { .. } | Type::Void | Type::Opaque(_) => None,
        })
    }

    fn member(&self, ty: &Type, name: &str) -> String {
        let nothing = |_: Handle<Var>| String::new();
        let text = CText {
            function: self.function,
            records: &self.named,
            names: &nothing,
            callees: &str::to_owned,
        };
        if is_sayable(ty) {
            text.declaration(ty, name)
        } else {
            format!("void *{name}")
        }
    }
}

/// Returns the structures with a name each: one that has none in C is known by the member that has it.
fn named(records: &Arena<Record>) -> Arena<Record> {
    let mut named = records.clone();
    for (number, (handle, record)) in records.iter().enumerate() {
        if !has_name(&record.name) {
            named[handle].name = format!("mupac_record_{number}");
        }
    }
    named
}

/// Returns whether a structure has a name of its own in C.
pub(super) fn has_name(name: &str) -> bool {
    is_name(tag(name))
}

fn is_name(name: &str) -> bool {
    let mut letters = name.chars();
    !name.is_empty() && letters.all(|each| each.is_ascii_alphanumeric() || each == '_')
}

/// Returns whether the definition leaves a member of this type out.
fn is_unknown(ty: &Type) -> bool {
    match ty {
        Type::Scalar(_) | Type::Pointer { .. } | Type::Record(_) => false,
        Type::Array { of, length } => matches!(length, Extent::Variable(_)) || is_unknown(of),
        Type::Void | Type::Opaque(_) => true,
    }
}

/// Returns whether a pointer leads to what the text can say.
fn is_sayable(ty: &Type) -> bool {
    match ty {
        Type::Scalar(_) | Type::Record(_) | Type::Void => true,
        Type::Pointer { to, .. } => is_sayable(to),
        Type::Array { of, length } => !matches!(length, Extent::Variable(_)) && is_sayable(of),
        Type::Opaque(_) => false,
    }
}
