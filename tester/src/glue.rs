//! Writes the part of a test program that knows the function: a caller for each entry, appended to the file under test.
//!
//! Standing behind the file in the same translation unit, it reaches `static` functions and globals.
//! It is in the common subset of C and C++, so that original and candidate are called alike.
//! What it says of memory is what the entry proposes; how large it is in one test is computed when the test runs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use mupac_ir::c_text::{CText, helper_definitions};
use mupac_ir::{
    Arena, Definitions, Entry, Expr, Function, Handle, Member, Parameter, ParameterKind, Record,
    Scalar, Storage, StoredNumber, Type, Unit, Var,
};

use crate::inputs::Owner;
use crate::inside::is_text;
use crate::layout::{Layout, c_type, layout, position, table};
use crate::numbers;
use crate::outline;
use crate::pairs::{self, Source};
use crate::results::Holder;
pub(crate) use crate::slot::Slot;

/// Most parameters and integer globals together; `simt/harness.c` has the same limit.
const MOST_VALUES: usize = 64;

/// A function that can be called, and what it takes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Callee {
    /// Its number among the callers.
    pub(crate) number: usize,
    pub(crate) name: String,
    /// What to choose for each value of a test: the parameters, numbers behind them, the integer globals, integers inside
    /// of structures; then memory inside of memory, for which there is nothing to choose.
    pub(crate) slots: Vec<Slot>,
    /// How each of them is spelled.
    pub(crate) slot_names: Vec<String>,
    /// How parameters and globals are spelled, for messages.
    pub(crate) parameter_names: Vec<String>,
    pub(crate) global_names: Vec<String>,
    /// The sizes that counters are stepped by, by number of their slots: at least 1.
    pub(crate) steps: BTreeSet<usize>,
    /// The parameters of which the user promises how far they reach.
    pub(crate) promised: Vec<usize>,
    /// The buffers that pointers lead to the start of, so that nothing comes before.
    pub(crate) blocks: BTreeSet<usize>,
    /// Numbers that the function names, as bits of doubles: what its conditions compare with is among them.
    pub(crate) keys: Vec<u64>,
    /// How long its arrays of fixed length are, the longest first.
    pub(crate) lengths: Vec<i64>,
    /// Whether it makes integers of floating-point numbers, as subscripts that are computed from such are.
    pub(crate) converts_floats: bool,
    /// Extents of blocks and tiles around which sizes are worth testing.
    pub(crate) extents: Vec<u32>,
    pub(crate) samples: Vec<Vec<i64>>,
    /// Pairs of memories that guards keep apart.
    pub(crate) guarded: Vec<[Owner; 2]>,
    /// The memory that pointers in other memory lead to, by what holds them and how far behind its start they lie, in bytes.
    pub(crate) led_to: BTreeMap<(Owner, u64), usize>,
    /// Pairs of pointers that lead into one object, by their slots: the second is not before the first.
    pub(crate) paired: Vec<[usize; 2]>,
}

impl Callee {
    /// Returns the least and greatest value that a size may have, by number of its slot.
    pub(crate) fn size_range(&self, slot: usize, scalar: Scalar) -> (i128, i128) {
        let (least, most) = scalar.integer_range().unwrap_or((0, 1024));
        let is_step = self.steps.contains(&slot);
        (if is_step { least.max(1) } else { least }, most)
    }

    /// Returns how what holds values is spelled.
    pub(crate) fn name_of(&self, holder: Holder) -> String {
        let name = match holder {
            Holder::Buffer(index) => self.slot_names.get(index),
            Holder::Global(index) => self.global_names.get(index),
            Holder::Result => None,
        };
        name.cloned().unwrap_or_default()
    }

    /// Returns whether its buffers may hold integers.
    pub(crate) fn reads_integers(&self) -> bool {
        self.slots.iter().any(|slot| match slot {
            Slot::Buffer { element, .. } | Slot::Rows { element, .. } => {
                !element.scalar().is_some_and(Scalar::is_float)
            }
            Slot::Size(_) | Slot::Value(_) | Slot::Choice { .. } => false,
        })
    }

    /// Returns whether pointers in memory lead to more of it.
    pub(crate) fn has_rows(&self) -> bool {
        self.slots
            .iter()
            .any(|slot| matches!(slot, Slot::Rows { .. }))
    }
}

#[cfg(test)]
impl Callee {
    /// Returns a function that takes these values, and of which nothing else is known.
    pub(crate) fn of_slots(slots: Vec<Slot>) -> Self {
        Self {
            number: 0,
            name: "f".to_owned(),
            slots,
            slot_names: Vec::new(),
            parameter_names: Vec::new(),
            global_names: Vec::new(),
            steps: BTreeSet::new(),
            promised: Vec::new(),
            blocks: BTreeSet::new(),
            keys: Vec::new(),
            lengths: Vec::new(),
            converts_floats: false,
            extents: Vec::new(),
            samples: Vec::new(),
            guarded: Vec::new(),
            led_to: BTreeMap::new(),
            paired: Vec::new(),
        }
    }
}

/// The callers of a unit.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Glue {
    /// To be appended to the file under test.
    pub(crate) text: String,
    /// What stands before it: the regions that are called as functions of their own.
    pub(crate) definitions: Definitions,
    pub(crate) callees: Vec<Callee>,
    /// The caller of each of them.
    pub(crate) callers: Vec<String>,
    /// Functions that cannot be called, and why.
    pub(crate) untestable: Vec<(String, String)>,
}

/// Writes the callers of all entries, which have the numbers that their functions are given.
pub(crate) fn glue(unit: &Unit, number: &dyn Fn(&str) -> usize) -> Glue {
    let mut glue = Glue::default();
    for entry in &unit.entries {
        // `main` is tested by running the whole program.
        if entry.function.name == "main" {
            continue;
        }
        match caller(entry, &unit.records, number(&entry.function.name)) {
            Ok((text, callee)) => {
                glue.callers.push(text);
                glue.callees.push(callee);
            }
            Err(why) => glue.untestable.push((entry.function.name.clone(), why)),
        }
    }
    let callers = glue.callers.concat();
    glue.text.push_str(include_str!("../simt/harness.h"));
    glue.text.push_str(&c_names(&unit.renamed));
    glue.text
        .push_str(&helper_definitions(&callers, "static inline"));
    // The candidate's text may define helpers of the same names.
    glue.text = own_helpers(&(glue.text + &callers));
    glue.text.push_str(&directory(&glue.callees));
    glue.definitions = outline::definitions(unit);
    glue
}

/// Returns what a program is to be followed by that runs by itself alone.
pub(crate) fn no_callers() -> Glue {
    Glue {
        text: directory(&[]),
        ..Glue::default()
    }
}

/// Returns the directory by which the harness finds callers.
fn directory(callees: &[Callee]) -> String {
    let numbers: BTreeSet<usize> = callees.iter().map(|callee| callee.number).collect();
    let name = |number: usize| {
        if numbers.contains(&number) {
            format!("mupac_test_entry_{number}, ")
        } else {
            "mupac_test_nothing, ".to_owned()
        }
    };
    let count = numbers.last().map_or(0, |last| last + 1);
    let names: String = (0..count).map(name).collect();
    format!(
        "static void mupac_test_nothing(void) {{}}\n\
         const int mupac_test_entry_count = {count};\n\
         void (*const mupac_test_entries[])(void) = {{{names}mupac_test_nothing}};\n"
    )
}

/// Gives the C text the names of the C++ text.
fn c_names(renamed: &BTreeMap<String, String>) -> String {
    if renamed.is_empty() {
        return String::new();
    }
    let lines = renamed.iter();
    let lines = lines.map(|(c, cxx)| format!("#define {cxx} {c}\n"));
    format!("#ifndef __cplusplus\n{}#endif\n", lines.collect::<String>())
}

fn own_helpers(text: &str) -> String {
    ["min", "max", "floor_divide", "ceil_divide"]
        .iter()
        .fold(text.to_owned(), |text, stem| {
            text.replace(&format!("mupac_{stem}_"), &format!("mupac_test_{stem}_"))
        })
}

/// What a caller is written from.
pub(crate) struct Context<'a> {
    pub(crate) function: &'a Function,
    pub(crate) records: &'a Arena<Record>,
    /// The members of structures that count.
    pub(crate) named: &'a BTreeSet<Member>,
    /// The parameters, and the variables of numbers behind them: the first values of a test.
    pub(crate) values: Vec<Handle<Var>>,
    /// What pointers in memory without a type are taken for.
    pub(crate) views: Vec<(Source, Type)>,
    pub(crate) number: usize,
    takes_device_memory: bool,
}

fn caller(
    entry: &Entry,
    records: &Arena<Record>,
    number: usize,
) -> Result<(String, Callee), String> {
    if let Some(why) = &entry.untestable {
        return Err(why.clone());
    }
    let mut function = entry.function.clone();
    // A macro may mean something else, or nothing, at the end of the file.
    let all: Vec<_> = function.exprs.iter().map(|(handle, _)| handle).collect();
    for handle in all {
        function.exprs[handle].spelling = None;
    }
    let passed = entry.parameters.iter().map(|parameter| parameter.var);
    let stored = entry.stored.iter().map(|number| number.var);
    let context = Context {
        function: &function,
        records,
        named: &entry.members,
        values: passed.chain(stored).collect(),
        views: pairs::views(&function, records),
        number,
        takes_device_memory: entry.takes_device_memory,
    };
    let mut callee = Callee {
        number,
        name: function.name.clone(),
        slots: Vec::new(),
        slot_names: Vec::new(),
        parameter_names: Vec::new(),
        global_names: Vec::new(),
        steps: numbered(entry, |each| each.kind == ParameterKind::Step),
        promised: numbered(entry, |each| is_promised(&entry.function, each)),
        blocks: numbered(entry, |each| entry.function.vars[each.var].leads_to_block),
        keys: numbers::keys(&function),
        lengths: numbers::lengths(&function, records),
        converts_floats: numbers::converts_floats(&function),
        extents: entry.extents.clone(),
        samples: entry.samples.clone(),
        guarded: Vec::new(),
        led_to: BTreeMap::new(),
        paired: Vec::new(),
    };
    let mut tables = String::new();
    let mut body = String::new();
    for parameter in &entry.parameters {
        let var = &function.vars[parameter.var];
        callee.parameter_names.push(if var.spelling.is_empty() {
            var.name.clone()
        } else {
            var.spelling.clone()
        });
        callee.slots.push(context.slot(&parameter.kind, var)?);
    }
    callee.slot_names.clone_from(&callee.parameter_names);
    for number in &entry.stored {
        context.stored(number, &mut callee, &mut body)?;
    }
    for (index, var) in context.values.iter().enumerate() {
        context.declare_value(index, *var, &mut body);
    }
    context.globals(&mut callee, &mut tables, &mut body)?;
    for (index, parameter) in entry.parameters.iter().enumerate() {
        context.extent(index, parameter, &mut tables, &mut body)?;
    }
    context.memory_inside(entry, &mut callee, &mut tables, &mut body)?;
    if callee.slots.len() > MOST_VALUES {
        return Err(format!("it takes more than {MOST_VALUES} values"));
    }
    callee.paired = paired(&context, &callee);
    callee.guarded = guarded(entry, &callee);
    if entry.takes_device_memory {
        // Globals are the host's.
        let is_global = |owner: &Owner| matches!(owner, Owner::Global(_));
        callee.guarded.retain(|pair| !pair.iter().any(is_global));
    }
    context.call(&callee, &mut body)?;
    Ok((
        format!("{tables}static void mupac_test_entry_{number}(void) {{\n{body}}}\n"),
        callee,
    ))
}

/// Returns the pairs of pointers that a function compares.
fn paired(context: &Context<'_>, callee: &Callee) -> Vec<[usize; 2]> {
    let slot = |source: Source| match source {
        Source::Parameter(parameter) => Some(parameter),
        Source::Member(parameter, offset) => callee
            .led_to
            .get(&(Owner::Buffer(parameter), offset))
            .copied(),
    };
    let pairs = pairs::compared(context.function, context.records).into_iter();
    let known = pairs.filter_map(|[a, b]| Some([slot(a)?, slot(b)?]));
    known.map(|[a, b]| [a.min(b), a.max(b)]).collect()
}

impl Context<'_> {
    /// Text of an integer expression, as a `long long`.
    fn integer(&self, expr: Handle<Expr>) -> String {
        let names = |var: Handle<Var>| {
            self.values
                .iter()
                .position(|&each| each == var)
                .map_or_else(
                    || self.function.vars[var].spelling.clone(),
                    |index| format!("mupac_test_p{index}"),
                )
        };
        let text = CText {
            function: self.function,
            records: self.records,
            names: &names,
            callees: &str::to_owned,
        };
        format!("(long long)({})", text.expr(expr))
    }

    pub(crate) fn layout(&self, ty: &Type) -> Result<Layout, String> {
        layout(ty, self.records, self.named, &|expr| self.integer(expr))
    }

    /// Has the test choose a number behind a parameter.
    fn stored(
        &self,
        number: &StoredNumber,
        callee: &mut Callee,
        body: &mut String,
    ) -> Result<(), String> {
        let var = &self.function.vars[number.var];
        let ty = var.ty.scalar();
        let scalar = ty.ok_or("a number of a type that tests cannot make")?;
        let (parameter, offset, slot) = (number.parameter, number.offset_bytes, callee.slots.len());
        callee.slots.push(if number.among.is_empty() {
            Slot::Size(scalar)
        } else {
            Slot::Choice {
                scalar,
                among: number.among.clone(),
                functions: Vec::new(),
            }
        });
        callee.slot_names.push(var.name.clone());
        // Writing to a string does not fail, here and below.
        let _ = writeln!(
            body,
            "    mupac_test_member({parameter}, {offset}, {}, {slot});",
            position(scalar)
        );
        Ok(())
    }

    fn declare_value(&self, index: usize, var: Handle<Var>, body: &mut String) {
        if let Some(scalar) = self.function.vars[var].ty.scalar() {
            let source = if scalar.is_float() {
                "float"
            } else {
                "integer"
            };
            let ty = c_type(scalar);
            let _ = writeln!(
                body,
                "    {ty} mupac_test_p{index} = ({ty})mupac_test_{source}({index});"
            );
        }
    }

    fn extent(
        &self,
        index: usize,
        parameter: &Parameter,
        tables: &mut String,
        body: &mut String,
    ) -> Result<(), String> {
        let (layout, first, count, is_guess) = match &parameter.kind {
            ParameterKind::Size
            | ParameterKind::Step
            | ParameterKind::Value
            | ParameterKind::Function { .. } => return Ok(()),
            ParameterKind::Object => {
                let layout = self.layout(&self.function.vars[parameter.var].ty)?;
                (layout, "0".to_owned(), "1".to_owned(), false)
            }
            ParameterKind::Buffer {
                element,
                first,
                count,
                is_guess,
                ..
            } => {
                let (first, count) = (self.integer(*first), self.integer(*count));
                (self.layout(element)?, first, count, *is_guess)
            }
        };
        let name = format!("mupac_test_leaves_{}_{index}", self.number);
        table(&name, &layout, tables);
        let Layout {
            records,
            record_bytes,
            leaves,
            ..
        } = &layout;
        let _ = writeln!(
            body,
            "    mupac_test_extent({index}, {first}, {count}, {records}, {record_bytes}, {name}, {});",
            leaves.len()
        );
        if is_guess && is_text(&layout) {
            let _ = writeln!(body, "    mupac_test_text({index});");
        }
        if let ParameterKind::Buffer { row: Some(row), .. } = parameter.kind {
            let length = self.integer(row);
            let _ = writeln!(body, "    mupac_test_row_length({index}, {length});");
        }
        let is_pointer = matches!(parameter.kind, ParameterKind::Buffer { .. });
        if is_pointer && self.takes_device_memory {
            let _ = writeln!(body, "    MUPAC_TEST_ON_DEVICE({index});");
        }
        Ok(())
    }

    /// Sets and records the globals that the function names; integers become values of the test, since loops may be
    /// bounded by them.
    fn globals(
        &self,
        callee: &mut Callee,
        tables: &mut String,
        body: &mut String,
    ) -> Result<(), String> {
        let globals = self
            .function
            .vars
            .iter()
            .filter(|(_, var)| var.storage == Storage::Global && !var.is_const);
        for (_, var) in globals {
            let (name, index) = (&var.spelling, callee.global_names.len());
            let layout = self
                .layout(&var.ty)
                .map_err(|why| format!("it uses the global {name}: {why}"))?;
            let integer = var.ty.scalar().filter(|scalar| !scalar.is_float());
            if let Some(scalar) = integer {
                let slot = callee.slots.len();
                callee.slots.push(Slot::Size(scalar));
                callee.slot_names.push(name.clone());
                let ty = c_type(scalar);
                let _ = writeln!(
                    body,
                    "    if (!mupac_test_keeps_globals()) {name} = MUPAC_TEST_NUMBER(({ty})mupac_test_integer({slot}));"
                );
            }
            let table_name = format!("mupac_test_global_leaves_{}_{index}", self.number);
            table(&table_name, &layout, tables);
            let Layout {
                records,
                record_bytes,
                leaves,
                ..
            } = layout;
            let _ = writeln!(
                body,
                "    mupac_test_global({index}, (void *)&{name}, {records}, {record_bytes}, {table_name}, {}, {});",
                leaves.len(),
                u8::from(integer.is_none())
            );
            callee.global_names.push(name.clone());
        }
        Ok(())
    }
}

/// Returns the pairs of memories that guards keep apart, by their numbers.
///
/// A pointer that the function keeps may lead to any row of its type.
fn guarded(entry: &Entry, callee: &Callee) -> Vec<[Owner; 2]> {
    let owners = |var: Handle<Var>| {
        let mut parameters = entry.parameters.iter();
        if let Some(number) = parameters.position(|parameter| parameter.var == var) {
            return vec![Owner::Buffer(number)];
        }
        let Some(var) = entry.function.vars.get(var) else {
            return Vec::new();
        };
        let mut globals = callee.global_names.iter();
        match globals.position(|name| *name == var.spelling) {
            Some(global) => vec![Owner::Global(global)],
            None => rows(&var.ty, callee),
        }
    };
    let mut pairs = Vec::new();
    for [a, b] in &entry.kept_apart {
        for a in owners(*a) {
            pairs.extend(owners(*b).into_iter().map(|b| [a, b]));
        }
    }
    pairs
}

/// Returns the rows that a pointer of a type may lead to.
fn rows(pointer: &Type, callee: &Callee) -> Vec<Owner> {
    let Type::Pointer { to, .. } = pointer else {
        return Vec::new();
    };
    let leads_to = |slot: &Slot| matches!(slot, Slot::Rows { element, .. } if element == &**to);
    let slots = callee.slots.iter().enumerate();
    let slots = slots.filter(|(_, slot)| leads_to(slot));
    slots.map(|(number, _)| Owner::Buffer(number)).collect()
}

/// Returns the numbers of the parameters of which something holds.
fn numbered<T: FromIterator<usize>>(entry: &Entry, holds: impl Fn(&Parameter) -> bool) -> T {
    let parameters = entry.parameters.iter().enumerate();
    let those = parameters.filter(|(_, parameter)| holds(parameter));
    those.map(|(number, _)| number).collect()
}

/// Returns whether the user promises how far a parameter reaches.
fn is_promised(function: &Function, parameter: &Parameter) -> bool {
    let mut promises = function.promises.iter();
    promises.any(|promise| promise.array == parameter.var)
}
