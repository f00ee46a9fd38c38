//! Reads a case and makes the unit that the back end would hand over.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a malformed case ends its test; verdicts are shown on request"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use mupac_ir::{
    Arena, BinaryOp, Entry, Expr, ExprKind, Extent, Field, Function, Handle, Member, Parameter,
    ParameterKind, Place, Record, Scalar, Scaling, Source, Space, Span, StandIn, Storage, Type,
    Unit, Var,
};
use mupac_tester::{CheckOptions, Outcome, Verdicts, check};

/// A translation and what the check must say of it.
pub(crate) struct Case {
    pub(crate) name: String,
    unit: Unit,
    expected: Vec<String>,
    /// What the smallest failing call must hold.
    smallest: Option<String>,
    /// What must be said of who made what is wrong.
    origin: Option<String>,
    options: CheckOptions,
}

impl Case {
    pub(crate) fn read(path: &Path) -> Self {
        let cuda = std::fs::read_to_string(path).unwrap();
        let note = |key: &str| {
            let start = format!("// {key}: ");
            cuda.lines()
                .find_map(|line| line.strip_prefix(&start))
                .map(str::to_owned)
        };
        let words = |key: &str| {
            note(key)
                .unwrap_or_default()
                .split_whitespace()
                .map(str::to_owned)
                .collect()
        };
        let original = path
            .parent()
            .unwrap()
            .join("../originals")
            .join(note("original").unwrap());
        let text = std::fs::read_to_string(&original).unwrap();
        let mut records = Arena::default();
        let record = note("record").map(|text| records.push(record(&text)));
        let mut unit = Unit {
            support: String::new(),
            has_main: text.contains("int main("),
            has_open_status: false,
            is_closed: false,
            c_part: None,
            mutation: None,
            relaxed: None,
            stand_ins: Vec::new(),
            outlined: Vec::new(),
            statements: statements(&cuda, &text),
            source: Source::new(original.to_string_lossy(), text),
            entries: note("entry")
                .iter()
                .map(|text| Entry {
                    takes_device_memory: note("memory").is_some(),
                    members: all_members(&records),
                    ..entry(text, note("rows").as_deref(), record)
                })
                .collect(),
            functions: BTreeMap::new(),
            renamed: BTreeMap::new(),
            kernels: words("kernels"),
            records,
            cuda: cuda.clone(),
        };
        if let Some((size, new)) = note("smaller").and_then(|words| pair(&words)) {
            let entries = note("entry").into_iter();
            let entries = entries.map(|text| entry(&text.replace(&size, &new), None, None));
            unit.stand_ins = vec![stand_in(&unit, (&size, &new), entries.collect())];
        }
        let options = CheckOptions {
            tests_per_entry: 12,
            test_argv: words("argv"),
            test_stdin: note("stdin").unwrap_or_default().into_bytes(),
            test_limit: std::time::Duration::from_secs(3),
            ..CheckOptions::default()
        };
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        Self {
            name,
            unit,
            expected: words("expect"),
            smallest: note("smallest"),
            origin: note("origin"),
            options,
        }
    }

    /// Runs the check; what is wrong with its verdict, if anything is.
    pub(crate) fn complaint(&self) -> Option<String> {
        let mut origin = None;
        let (got, words) = match check(&self.unit, &self.options, &Verdicts::default()).unwrap() {
            Outcome::Verified(verified) => ("pass".to_owned(), format!("{:?}", verified.evidence)),
            Outcome::Failed(failures) => {
                origin = failures[0].origin.as_ref().map(ToString::to_string);
                (failures[0].kind.to_string(), format!("{failures:?}"))
            }
            Outcome::NotTested(why) => ("not-tested".to_owned(), why),
        };
        if std::env::var_os("MUPAC_CASE").is_some() {
            eprintln!("{}: {got}: {words}; {origin:?}", self.name);
        }
        let is_small = self
            .smallest
            .as_ref()
            .is_none_or(|call| words.contains(call));
        let is_found = self.origin.is_none() || self.origin == origin;
        let wanted = self.expected.join(" or ");
        (!self.expected.contains(&got) || !is_small || !is_found).then(|| {
            format!(
                "{}: {got} instead of {wanted}: {words}, {origin:?}",
                self.name
            )
        })
    }
}

fn all_members(records: &Arena<Record>) -> BTreeSet<Member> {
    let members = records.iter().flat_map(|(handle, record)| {
        let fields = (0..).zip(&record.fields);
        fields.map(move |(field, _)| (handle, field))
    });
    members.collect()
}

/// Reads a size and a smaller one, `131072 512`.
fn pair(words: &str) -> Option<(String, String)> {
    let (size, new) = words.split_once(' ')?;
    Some((size.to_owned(), new.to_owned()))
}

/// Returns a unit with another size.
fn stand_in(unit: &Unit, (size, new): (&str, &str), entries: Vec<Entry>) -> StandIn {
    let mut smaller = unit.clone();
    let text = unit.source.text().replace(size, new);
    smaller.source = Source::new(&*unit.source.name, text);
    smaller.cuda = unit.cuda.replace(size, new);
    smaller.entries = entries;
    StandIn {
        unit: smaller,
        others: BTreeSet::new(),
        scaling: Scaling {
            constants: BTreeMap::from([(size.parse().unwrap(), new.parse().unwrap())]),
            ..Scaling::default()
        },
        apart: unit
            .entries
            .iter()
            .map(|entry| entry.function.name.clone())
            .collect(),
    }
}

/// Reads which statements of the original lines are, as the emitter would say it: `…  // original: y[i] = x[i];`.
fn statements(cuda: &str, original: &str) -> BTreeMap<u32, Span> {
    let lines = (1..).zip(cuda.lines());
    lines
        .filter_map(|(number, line)| {
            let (_, statement) = line.split_once("  // original: ")?;
            let start = original.find(statement).unwrap();
            Some((number, Span::new(start, start + statement.len())))
        })
        .collect()
}

/// Reads `[static] T f(T a, T b[n][m]) T global, …`; an array is touched from 0 on.
///
/// The word `record` as a type stands for the case's record; an array named like `?b` may be null, and one
/// named like `*b` holds pointers to rows. `rows` names an array and how many elements of it exist together: `b m`.
fn entry(text: &str, rows: Option<&str>, record: Option<Handle<Record>>) -> Entry {
    let (head, rest) = text.split_once('(').unwrap();
    let (parameters, globals) = rest.split_once(')').unwrap();
    let mut words = head.split_whitespace().rev();
    let name = words.next().unwrap();
    let is_pointer = name.starts_with('*');
    let name = name.trim_start_matches('*').to_owned();
    let result = words.next().and_then(scalar);
    let result = result.map_or(Type::Void, Type::Scalar);
    let mut function = Function {
        name,
        parameters: Vec::new(),
        result: if is_pointer {
            result.pointer(false)
        } else {
            result
        },
        is_static: head.starts_with("static"),
        vars: Arena::default(),
        exprs: Arena::default(),
        body: Vec::new(),
        promises: Vec::new(),
        order: mupac_ir::TextOrder::default(),
        span: Span::default(),
        body_span: Span::default(),
    };
    let mut kinds = Vec::new();
    for each in parameters
        .split(',')
        .map(str::trim)
        .filter(|each| !each.is_empty())
    {
        kinds.push(parameter(each, record, &mut function));
    }
    for each in globals
        .split(',')
        .map(str::trim)
        .filter(|each| !each.is_empty())
    {
        let (ty, name, extents) = declaration(each);
        let ty = fixed_array(ty, &extents);
        push_var(&mut function, name, ty, Storage::Global);
    }
    if let Some((array, length)) = rows.and_then(|text| text.split_once(' ')) {
        let length = product(length, &mut function);
        let is_it = |each: &&mut Parameter| function.vars[each.var].name == array;
        let found = kinds.iter_mut().find(is_it).unwrap();
        if let ParameterKind::Buffer { row, .. } = &mut found.kind {
            *row = Some(length);
        }
    }
    Entry {
        function,
        parameters: kinds,
        stored: Vec::new(),
        extents: vec![64],
        samples: Vec::new(),
        kept_apart: Vec::new(),
        takes_device_memory: false,
        follows_pointers: parameters.contains('*'),
        members: BTreeSet::new(),
        untestable: None,
    }
}

fn parameter(text: &str, record: Option<Handle<Record>>, function: &mut Function) -> Parameter {
    let is_record = text.starts_with("record ");
    let (ty, name, extents) = declaration(text.strip_prefix("record ").unwrap_or(text));
    let is_optional = name.starts_with('?');
    let holds_rows = name.starts_with('*');
    let name = name.trim_start_matches(['?', '*']);
    let Some((count, inner)) = extents.split_first() else {
        let var = push_var(function, name, ty.into(), Storage::Parameter);
        let kind = if ty == Scalar::I32 {
            ParameterKind::Size
        } else {
            ParameterKind::Value
        };
        return Parameter { var, kind };
    };
    let count = product(count, function);
    let base = record
        .filter(|_| is_record)
        .map_or(Type::Scalar(ty), Type::Record);
    let base = if holds_rows {
        base.pointer(false)
    } else {
        base
    };
    let element = inner.iter().rev().fold(base, |of, extent| {
        let length = Extent::Variable(product(extent, function));
        Type::Array {
            of: Box::new(of),
            length,
        }
    });
    let first = function.expr(ExprKind::Int(0), Scalar::I64);
    let is_written = !text.starts_with("const");
    let var = push_var(
        function,
        name,
        element.clone().pointer(!is_written),
        Storage::Parameter,
    );
    Parameter {
        var,
        kind: ParameterKind::Buffer {
            element,
            first,
            count,
            is_guess: false,
            is_optional,
            is_written,
            row: None,
        },
    }
}

/// Reads `SIZE ALIGNMENT NAME: T a@OFFSET, T b[2]@OFFSET`.
fn record(text: &str) -> Record {
    let (head, fields) = text.split_once(": ").unwrap();
    let mut words = head.splitn(3, ' ');
    let mut number = || words.next().unwrap().parse().unwrap();
    let (size_bytes, align_bytes) = (number(), number());
    let fields = fields.split(", ").map(|field| {
        let (declared, offset) = field.split_once('@').unwrap();
        let (ty, name, extents) = declaration(declared);
        let ty = fixed_array(ty, &extents);
        Field {
            name: name.to_owned(),
            ty,
            offset_bytes: offset.parse().unwrap(),
            enumeration: None,
            leads_to_block: false,
        }
    });
    Record {
        fields: fields.collect(),
        name: words.next().unwrap().to_owned(),
        size_bytes,
        align_bytes,
    }
}

fn fixed_array(of: Scalar, extents: &[&str]) -> Type {
    extents
        .iter()
        .rev()
        .fold(Type::Scalar(of), |of, extent| Type::Array {
            of: Box::new(of),
            length: Extent::Fixed(extent.parse().unwrap()),
        })
}

/// Splits `const T name[a][b]`.
fn declaration(text: &str) -> (Scalar, &str, Vec<&str>) {
    let (ty, declared) = text.trim_start_matches("const ").split_once(' ').unwrap();
    let mut parts = declared.split('[');
    let name = parts.next().unwrap();
    (
        scalar(ty).unwrap(),
        name,
        parts.map(|part| part.trim_end_matches(']')).collect(),
    )
}

fn scalar(text: &str) -> Option<Scalar> {
    Scalar::ALL
        .into_iter()
        .find(|scalar| scalar.c_name() == text)
}

/// Reads `64 * n` as an `i64` expression over the parameters so far.
fn product(text: &str, function: &mut Function) -> Handle<Expr> {
    let factors: Vec<_> = text
        .split('*')
        .map(|factor| factor_of(factor.trim(), function))
        .collect();
    factors
        .into_iter()
        .reduce(|a, b| function.expr(ExprKind::Binary(BinaryOp::Multiply, a, b), Scalar::I64))
        .unwrap()
}

fn factor_of(text: &str, function: &mut Function) -> Handle<Expr> {
    if let Ok(value) = text.parse() {
        return function.expr(ExprKind::Int(value), Scalar::I64);
    }
    let (var, _) = function
        .vars
        .iter()
        .find(|(_, var)| var.name == text)
        .unwrap();
    let load = function.expr(ExprKind::Load(Place::var(var)), Scalar::I32);
    function.expr(ExprKind::Cast(load), Scalar::I64)
}

fn push_var(function: &mut Function, name: &str, ty: Type, storage: Storage) -> Handle<Var> {
    let mut var = Var::local(name, ty);
    name.clone_into(&mut var.spelling);
    var.storage = storage;
    var.space = Space::Host;
    let handle = function.vars.push(var);
    if storage == Storage::Parameter {
        function.parameters.push(handle);
    }
    handle
}
