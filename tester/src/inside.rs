//! Writes the part of a caller that makes what lies inside of memory: the rows that pointers lead to, and the integers of
//! structures, since loops may be bounded by them.

use std::fmt::Write;

use mupac_ir::{Arena, Entry, ParameterKind, Record, Scalar, Storage, Type};

use crate::glue::{Callee, Context, Slot};
use crate::inputs::Owner;
use crate::layout::{Layout, members, position, table};
use crate::pairs::Source;

/// Pointers inside of memory lead so far; those beyond are null.
const MOST_DEPTH: usize = 3;
/// How many elements more than the greatest size a row is given at first.
const SPARE_ELEMENTS: usize = 16;
/// The greatest size of which rows are that long at first; longer ones grow.
const MOST_ELEMENTS: usize = 1 << 16;

/// Returns whether a structure or array holds pointers.
pub(crate) fn holds_pointers(ty: &Type, records: &Arena<Record>) -> bool {
    match ty {
        Type::Pointer { .. } => true,
        Type::Array { of, .. } => holds_pointers(of, records),
        Type::Record(record) => records.get(*record).is_some_and(|record| {
            let mut fields = record.fields.iter();
            fields.any(|field| holds_pointers(&field.ty, records))
        }),
        Type::Void | Type::Scalar(_) | Type::Opaque(_) => false,
    }
}

/// Returns whether memory of a layout may be text, which ends with a zero.
pub(crate) fn is_text(layout: &Layout) -> bool {
    layout.records == "1" && layout.leaves.as_slice() == [(0, Scalar::I8)]
}

impl Context<'_> {
    /// Has the test choose integers of structures, and make what pointers lead to.
    pub(crate) fn memory_inside(
        &self,
        entry: &Entry,
        callee: &mut Callee,
        tables: &mut String,
        body: &mut String,
    ) -> Result<(), String> {
        let mut holders = Vec::new();
        for (index, parameter) in entry.parameters.iter().enumerate() {
            let name = callee.slot_names.get(index).cloned().unwrap_or_default();
            let element = match &parameter.kind {
                ParameterKind::Size
                | ParameterKind::Step
                | ParameterKind::Value
                | ParameterKind::Function { .. } => continue,
                ParameterKind::Object => &self.function.vars[parameter.var].ty,
                ParameterKind::Buffer { element, .. } => element,
            };
            if parameter.kind == ParameterKind::Object || holds_pointers(element, self.records) {
                self.members(index, element, &name, callee, body);
            }
            if entry.follows_pointers {
                holders.push((Owner::Buffer(index), element.clone(), name));
            }
        }
        let mut globals: Vec<_> = self.function.vars.iter().map(|(_, var)| var).collect();
        globals.retain(|var| var.storage == Storage::Global && !var.is_const);
        for (number, var) in globals.iter().enumerate() {
            holders.push((Owner::Global(number), var.ty.clone(), var.spelling.clone()));
        }
        if !holders
            .iter()
            .any(|(_, ty, _)| holds_pointers(ty, self.records))
        {
            return Ok(());
        }
        longest(callee, body);
        for (holder, ty, name) in holders {
            self.rows(holder, &ty, (&name, 0), callee, tables, body)?;
        }
        for (number, var) in globals.iter().enumerate() {
            let row = callee.led_to.get(&(Owner::Global(number), 0));
            callee.blocks.extend(row.filter(|_| var.leads_to_block));
        }
        Ok(())
    }

    /// Returns what a pointer in memory leads to; where that has no type, what the function takes it for.
    fn led_to(&self, holder: Owner, offset: u64, to: Type) -> Type {
        let Owner::Buffer(parameter) = holder else {
            return to;
        };
        let own = Source::Member(parameter, offset);
        let mut views = self.views.iter().filter(|(source, _)| *source == own);
        let view = views.next().filter(|_| to == Type::Void);
        view.map_or(to, |(_, element)| element.clone())
    }

    fn members(
        &self,
        index: usize,
        element: &Type,
        name: &str,
        callee: &mut Callee,
        body: &mut String,
    ) {
        let mut found = Vec::new();
        members(element, (self.records, self.named), (0, name), &mut found);
        for (offset, scalar, name) in found {
            let slot = callee.slots.len();
            callee.slots.push(Slot::Size(scalar));
            callee.slot_names.push(name);
            // Writing to a string does not fail, here and below.
            let _ = writeln!(
                body,
                "    mupac_test_member({index}, {offset}, {}, {slot});",
                position(scalar)
            );
        }
    }

    /// Makes what the pointers in memory of a type lead to, each kind of pointer to rows of its own.
    fn rows(
        &self,
        holder: Owner,
        ty: &Type,
        (name, depth): (&str, usize),
        callee: &mut Callee,
        tables: &mut String,
        body: &mut String,
    ) -> Result<(), String> {
        if depth == MOST_DEPTH {
            return Ok(());
        }
        let pointers = self.layout(ty)?.pointers.into_iter();
        let typed = pointers.map(|(offset, to)| (offset, self.led_to(holder, offset, to)));
        // What leads to functions or to memory without a type stays null: whoever looks there is undefined on such an input.
        for (offset, to) in typed.filter(|(_, to)| !to.is_unknown()) {
            let layout = self
                .layout(&to)
                .map_err(|why| format!("no input can be made for what {name} leads to: {why}"))?;
            let number = callee.slots.len();
            let name = format!("{name}[+{offset}]");
            callee.slots.push(Slot::Rows {
                is_leaf: !holds_pointers(&to, self.records) && !is_text(&layout),
                element: to.clone(),
            });
            callee.slot_names.push(name.clone());
            callee.led_to.insert((holder, offset), number);
            if leads_to_block(ty, offset, self.records) {
                callee.blocks.insert(number);
            }
            let leaves = format!("mupac_test_leaves_{}_{number}", self.number);
            table(&leaves, &layout, tables);
            let _ = writeln!(
                body,
                "    mupac_test_rows({number}, {}, {offset}, mupac_test_longest, {}, {}, {leaves}, {});",
                number_of(holder),
                layout.records,
                layout.record_bytes,
                layout.leaves.len()
            );
            if is_text(&layout) {
                let _ = writeln!(body, "    mupac_test_text({number});");
            }
            self.rows(
                Owner::Buffer(number),
                &to,
                (&name, depth + 1),
                callee,
                tables,
                body,
            )?;
        }
        Ok(())
    }
}

/// Returns the number by which `simt/harness_memory.h` knows what holds pointers.
fn number_of(holder: Owner) -> String {
    match holder {
        Owner::Buffer(number) => number.to_string(),
        Owner::Global(number) => format!("-1 - {number}"),
    }
}

/// Computes how long rows are at first.
fn longest(callee: &Callee, body: &mut String) {
    body.push_str("    long long mupac_test_longest = 0;\n");
    for (slot, each) in callee.slots.iter().enumerate() {
        if matches!(each, Slot::Size(_)) {
            let _ = writeln!(
                body,
                "    if (mupac_test_integer({slot}) > mupac_test_longest) mupac_test_longest = mupac_test_integer({slot});"
            );
        }
    }
    let _ = writeln!(
        body,
        "    if (mupac_test_longest > {MOST_ELEMENTS}) mupac_test_longest = {MOST_ELEMENTS};\n    mupac_test_longest += {SPARE_ELEMENTS};"
    );
}
/// Returns whether the pointer so many bytes from the start of an object leads to the start of a block.
fn leads_to_block(ty: &Type, offset: u64, records: &Arena<Record>) -> bool {
    let Type::Record(record) = ty else {
        return false;
    };
    let fields = records[*record].fields.iter();
    let around = fields.rev().find(|field| field.offset_bytes <= offset);
    around.is_some_and(|field| {
        field.leads_to_block || leads_to_block(&field.ty, offset - field.offset_bytes, records)
    })
}
