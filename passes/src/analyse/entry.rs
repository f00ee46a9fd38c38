//! How the tester calls the functions that hold a region: which parameters are sizes, and how much memory each
//! pointer needs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use mupac_ir::views::viewed;
use mupac_ir::{
    Entry, ExprKind, Function, Handle, Member, Module, Parameter, ParameterKind, Scalar, Stmt,
    Storage, Type, Var,
};

use super::access::Access;
use super::behind;
use super::cast_rows;
use super::counting;
use super::delinearise::{self, Shape};
use super::domain;
use super::fetch;
use super::footprint::union;
use super::makeable::{Makeable, follows_pointers, holds_pointers};
use super::members;
use super::names::shown;
use super::pointers;
use super::privatise::Position;
use super::promise;
use super::scan::Scan;
use super::scratch;
use super::stored::{self, Stored};
use super::table::Tables;
use crate::calls::{Callees, Expansion};
use crate::facts::Region;
use crate::normalise::{Normal, normalise, resume, shaped, untile};
use crate::symbol::{Stride, Symbol};
use crate::workload::Workload;
use crate::{build, express, isl, region, symbol};

/// How arrays of sums of products are subscripted.
type Shapes = BTreeMap<Handle<Var>, Shape>;

/// Returns the entry of every function in `holders`, `None` for those that hold no region.
///
/// Calls are seen through, as far as they can be: what they touch belongs to what the function touches.
pub(crate) fn entries(
    workload: &Workload,
    holders: &[Handle<Function>],
) -> Vec<(Handle<Function>, Option<Entry>)> {
    let module = &workload.module;
    let local = scratch::with_locals(module);
    let callees = Callees::of(module, &local);
    let entry = |holder: &Handle<Function>| {
        let own = workload.regions.iter().map(|region| &**region);
        let own: Vec<&Region> = own.filter(|region| region.of == *holder).collect();
        entry_with(module, &callees, local.functions[*holder].clone(), &own)
    };
    let all = holders.iter();
    all.map(|holder| (*holder, entry(holder))).collect()
}

/// Returns the entry of a function that holds some regions; `None` where it holds none.
pub(super) fn entry_with(
    module: &Module,
    callees: &Callees,
    function: Function,
    regions: &[&Region],
) -> Option<Entry> {
    let isl = regions.first()?.facts.context.context();
    let steps = counting::steps(&function);
    let members = members::named(module, &function);
    let seen = as_analysed(module, callees, function, regions);
    Some(entry(module, isl, &seen, steps, members))
}

/// Returns a function in which every region stands as it was analysed, so that the sizes found there are found here.
fn as_analysed(
    module: &Module,
    callees: &Callees,
    function: Function,
    regions: &[&Region],
) -> Normal {
    let mut all = Normal::written(&Arc::new(function));
    // From the end, so that what is appended after one region moves no other.
    for region in regions.iter().rev().filter(|region| region.is_normal) {
        let counted = |function: &Arc<Function>| {
            let counts = region.is_counted.then_some(&region.written)?;
            counting::counted(function, &region.path, counts)
        };
        all.function = counted(&all.function).unwrap_or(all.function);
        let mut expansion = Expansion::new(module, callees, (*all.function).clone());
        expansion.range(&region.path, region.written.clone());
        all.function = Arc::new(expansion.function);
        all.function = counted(&all.function).unwrap_or(all.function);
        if let Some(untiled) = untile(&all.function, &region.path, &region.written) {
            all.function = untiled.function;
            all.made.extend(untiled.made);
        }
        let resumed = resume(&all.function, &region.path, &region.written);
        if let Some(resumed) = &resumed {
            all.function = Arc::clone(&resumed.function);
        }
        all.function = shaped(module, &all.function, &region.path, &region.written);
        let normal = normalise(&all.function, &region.path, &region.written);
        let as_is = || resumed.is_some().then(|| Normal::written(&all.function));
        let Some(mut normal) = normal.or_else(as_is) else {
            continue;
        };
        if let Some(resumed) = resumed {
            // What cannot be set makes a test of other sizes.
            let _ = behind::set(&mut normal, resumed.last_values.iter(), region.span);
        }
        let mut function = (*normal.function).clone();
        let last_values = normal.last_values.into_iter().map(Stmt::Compute);
        let after = region.written.end;
        region::put(&mut function, &region.path, after, last_values.collect());
        all.function = Arc::new(function);
        all.made.extend(normal.made);
    }
    let function = (*all.function).clone();
    all.function = Arc::new(callees.seen_through(module, function).function);
    all
}

fn entry(
    module: &Module,
    isl: &isl::Context,
    normal: &Normal,
    steps: BTreeSet<Handle<Var>>,
    members: BTreeSet<Member>,
) -> Entry {
    let stored = Stored::of(module, &normal.function);
    let original = &stored.function;
    let whole = Position {
        path: &[],
        at: 0,
        statements: &original.body,
        made: &normal.made,
        resolved: None,
        fetched: &[],
    };
    let mut function = match pointers::resolve(module, original, whole) {
        Some(resolved) => (*resolved.function).clone(),
        None => original.clone(),
    };
    let definitions = definitions(&mut function);
    let analysed = function.clone();
    let (body, made) = (&analysed.body, &normal.made);
    let mut scan = Scan::new(
        module,
        &analysed,
        isl,
        body,
        made,
        Tables::default(),
        (&[], &[]),
    );
    function.body.clone_from(&original.body);
    let shapes = delinearise::bound(&mut scan);
    let mut untestable = obstacle(original);
    let follows_pointers = follows_pointers(module, original);
    let known = Known {
        sizes: sizes(&scan, &shapes, &definitions),
        steps,
        optional: fetch::compared(original, &original.body),
        definitions,
        stored: &stored,
    };
    let makeable = Makeable {
        records: &module.records,
        members: &members,
        follows_pointers,
    };
    let mut parameters = Vec::new();
    let mut open = Vec::new();
    for var in &normal.function.parameters {
        let among = led_to(original, *var);
        if !among.is_empty() {
            let kind = ParameterKind::Function { among };
            parameters.push(Parameter { var: *var, kind });
            continue;
        }
        let made = makeable
            .obstacle(&viewed(original, *var))
            .map_or(Ok(()), |why| {
                let name = shown(&original.vars[*var]);
                Err(Obstacle::Untestable(format!(
                    "no input can be made for {name}: {why}"
                )))
            });
        let kind = made.and_then(|()| kind(&scan, &shapes, &mut function, &known, *var));
        match kind {
            Ok(kind) => parameters.push(Parameter { var: *var, kind }),
            Err(Obstacle::Unbounded(kind)) => {
                open.push(parameters.len());
                parameters.push(Parameter { var: *var, kind });
            }
            Err(Obstacle::Untestable(why)) => untestable = untestable.or(Some(why)),
        }
    }
    propose(&mut function, &mut parameters, &open);
    Entry {
        function,
        parameters,
        stored: stored.chosen(&known.sizes, &known.definitions),
        extents: Vec::new(),
        samples: Vec::new(),
        kept_apart: Vec::new(),
        takes_device_memory: false,
        follows_pointers,
        members,
        untestable,
    }
}

/// The locals that a function computes from its parameters before anything else, and keeps.
pub(super) type Definitions = BTreeMap<Handle<Var>, Handle<mupac_ir::Expr>>;

/// What is known of the parameters and locals of a function before one of them is looked at.
struct Known<'a> {
    /// Those that bounds, conditions and subscripts are written in.
    sizes: BTreeSet<Handle<Var>>,
    /// Those that counters are stepped by.
    steps: BTreeSet<Handle<Var>>,
    /// The pointers that the function compares with null.
    optional: BTreeSet<Handle<Var>>,
    definitions: Definitions,
    /// The numbers behind parameters that have a variable.
    stored: &'a Stored,
}

/// Takes the definitions of sizes such as `int area = w * h` out of a body: the analysis takes each for one number.
pub(super) fn definitions(function: &mut Function) -> Definitions {
    let mut definitions = Definitions::new();
    let mut assigned = BTreeMap::<Handle<Var>, usize>::new();
    region::each(&function.body, &mut |stmt| {
        let iterator = if let Stmt::For(each) = stmt {
            Some(each.iterator)
        } else {
            None
        };
        let target = region::target(stmt).map(|place| place.var);
        for var in target.into_iter().chain(iterator) {
            *assigned.entry(var).or_default() += 1;
        }
    });
    let is_start = |stmt: &&Stmt| matches!(stmt, Stmt::Declare(..) | Stmt::Compute(_));
    for stmt in function.body.iter().take_while(is_start) {
        let Stmt::Compute(compute) = stmt else {
            continue;
        };
        let var = compute.target.var;
        let mut is_known = |read: Handle<Var>| {
            let is_passed = function.vars[read].storage == Storage::Parameter;
            (is_passed && !assigned.contains_key(&read)) || definitions.contains_key(&read)
        };
        let mut divisors = Vec::new();
        let bounds = symbol::bounds(function, compute.value, &mut is_known, &mut divisors);
        if bounds.is_some()
            && divisors.is_empty()
            && compute.target.path.is_empty()
            && assigned.get(&var) == Some(&1)
            && function.vars[var].is_plain_local()
        {
            definitions.insert(var, compute.value);
        }
    }
    function.body.retain(|stmt| {
        let is_definition = |place: &mupac_ir::Place| definitions.contains_key(&place.var);
        !region::target(stmt).is_some_and(is_definition)
    });
    definitions
}

/// Why a parameter cannot be passed as it stands.
enum Obstacle {
    /// No test can make it up.
    Untestable(String),
    /// How far the function reaches depends on what memory holds, or on how it moves the pointer; a buffer of no elements.
    Unbounded(ParameterKind),
}

impl From<String> for Obstacle {
    fn from(why: String) -> Self {
        Self::Untestable(why)
    }
}

/// How many elements more than the longest other buffer has one whose extent depends on data: small numbers in memory
/// are subscripts of it, and so are all the subscripts of that buffer.
const SPARE_ELEMENTS: i128 = 16;

/// Gives buffers whose extents depend on data as many elements as the longest other one has, and some.
///
/// Whether a function stays inside is for the run of the original to show.
fn propose(function: &mut Function, parameters: &mut [Parameter], open: &[usize]) {
    let mut longest = build::int(function, 0, Scalar::I64);
    for (at, parameter) in parameters.iter().enumerate() {
        if let ParameterKind::Buffer { count, .. } = parameter.kind
            && !open.contains(&at)
        {
            longest = build::binary(function, mupac_ir::BinaryOp::Max, longest, count);
        }
    }
    let proposed = express::plus(function, longest, SPARE_ELEMENTS);
    for at in open {
        if let Some(Parameter {
            kind: ParameterKind::Buffer { count, .. },
            ..
        }) = parameters.get_mut(*at)
        {
            *count = proposed;
        }
    }
}

/// Returns the functions that a parameter may lead to: those of its type that the function names.
fn led_to(function: &Function, parameter: Handle<Var>) -> Vec<Handle<Var>> {
    let wanted = function.vars[parameter].ty.element();
    let vars = function.vars.iter();
    let named = vars.filter(|(_, var)| {
        var.storage == Storage::Function && wanted.is_some_and(|wanted| var.ty == *wanted)
    });
    named.map(|(var, _)| var).collect()
}

/// Returns what makes the effects of a function impossible to bound.
fn obstacle(function: &Function) -> Option<String> {
    let mut found = None;
    region::each(&function.body, &mut |stmt| {
        let why = match stmt {
            Stmt::Verbatim(_, refusal) => Some(refusal.reason.to_string()),
            Stmt::Call(_)
            | Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::For(_)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier => None,
        };
        if found.is_none() {
            found = why;
        }
    });
    found
}

/// Returns the variables that bounds, conditions and subscripts are written in.
fn sizes(scan: &Scan<'_>, shapes: &Shapes, definitions: &Definitions) -> BTreeSet<Handle<Var>> {
    let atoms = domain::atoms(&[], |atoms| {
        for access in &scan.accesses {
            access.collect(&scan.sites, atoms);
        }
        for site in &scan.sites {
            for formula in &site.domain {
                formula.collect(atoms);
            }
        }
    });
    let strides = shapes.values().flat_map(|shape| &shape.strides);
    let mut sizes = BTreeSet::new();
    for symbol in atoms.symbols.iter().chain(strides.map(|each| &each.symbol)) {
        symbol.collect_vars(scan.function, &mut sizes);
    }
    // A definition names what stands before it.
    for value in definitions.values() {
        sizes.extend(build::variables(scan.function, *value));
    }
    sizes
}

fn kind(
    scan: &Scan<'_>,
    shapes: &Shapes,
    function: &mut Function,
    known: &Known<'_>,
    var: Handle<Var>,
) -> Result<ParameterKind, Obstacle> {
    match viewed(scan.function, var) {
        Type::Scalar(_) if known.steps.contains(&var) => Ok(ParameterKind::Step),
        Type::Scalar(_) if known.sizes.contains(&var) => Ok(ParameterKind::Size),
        Type::Scalar(_) => Ok(ParameterKind::Value),
        Type::Pointer { to, .. } => buffer(scan, shapes, function, known, var, *to),
        Type::Record(_) => Ok(ParameterKind::Object),
        Type::Void | Type::Array { .. } | Type::Opaque(_) => {
            let name = shown(&scan.function.vars[var]);
            Err(format!("no input can be made for {name}").into())
        }
    }
}

fn buffer(
    scan: &Scan<'_>,
    shapes: &Shapes,
    function: &mut Function,
    known: &Known<'_>,
    var: Handle<Var>,
    element: Type,
) -> Result<ParameterKind, Obstacle> {
    let definitions = &known.definitions;
    let is_optional = known.optional.contains(&var);
    let accesses: Vec<&Access> = scan
        .accesses
        .iter()
        .filter(|access| access.var == var && !access.is_control)
        .collect();
    let is_written = accesses.iter().any(|access| access.is_write);
    let zero = build::int(function, 0, Scalar::I64);
    let row = row(scan, function, definitions, var);
    let unbounded = ParameterKind::Buffer {
        element: element.clone(),
        first: zero,
        count: zero,
        is_guess: true,
        is_optional,
        is_written,
        row,
    };
    let unbounded = || Obstacle::Unbounded(unbounded.clone());
    if let Some(promise) = promise::of_parameter(scan.function, var) {
        return Ok(ParameterKind::Buffer {
            element,
            first: zero,
            count: promise.count,
            is_guess: false,
            is_optional,
            is_written,
            row: None,
        });
    }
    if scan.modified.contains(&var) || holds_pointers(scan.module, &element) {
        return Err(unbounded());
    }
    let range = if accesses.is_empty() {
        None
    } else {
        let everything = isl::Set::parse(&scan.isl, "{ : }").map_err(|error| error.to_string())?;
        let strides = strides(shapes, var);
        let touched = union(scan, accesses.iter(), strides.len(), &everything);
        Some((touched.ok().flatten().ok_or_else(unbounded)?, strides))
    };
    let (first, count) = if let Some((touched, strides)) = range {
        {
            let range = extent(scan, function, definitions, &touched, &strides);
            let (first, count) = range.ok_or_else(unbounded)?;
            (
                defined(function, definitions, first),
                defined(function, definitions, count),
            )
        }
    } else {
        let bytes = known.stored.bytes(var);
        let each = stored::size_bytes(scan.module, &element).unwrap_or(1);
        let count = build::int(
            function,
            i128::from(bytes.div_ceil(each.max(1))),
            Scalar::I64,
        );
        (zero, count)
    };
    Ok(ParameterKind::Buffer {
        element,
        first,
        count,
        is_guess: false,
        is_optional,
        is_written,
        row,
    })
}

/// Returns how many elements the rows have that a function takes a parameter's memory for, over the parameters as they
/// are passed.
fn row(
    scan: &Scan<'_>,
    function: &mut Function,
    definitions: &Definitions,
    var: Handle<Var>,
) -> Option<Handle<mupac_ir::Expr>> {
    let row = cast_rows::row_type(function, var)?;
    let length = cast_rows::length(function, &row)?;
    let length = defined(function, definitions, length);
    let is_passed =
        |read: &Handle<Var>| function.parameters.contains(read) && !scan.modified.contains(read);
    let reads = build::variables(function, length);
    reads.iter().all(is_passed).then_some(length)
}

/// Returns an expression of parameters alone.
fn defined(
    function: &mut Function,
    definitions: &Definitions,
    expr: Handle<mupac_ir::Expr>,
) -> Handle<mupac_ir::Expr> {
    build::replaced(function, expr, &mut |function, node| {
        let ExprKind::Load(place) = &node.kind else {
            return None;
        };
        let value = place
            .path
            .is_empty()
            .then(|| definitions.get(&place.var))??;
        let value = symbol::widened(function, *value);
        let value = defined(function, definitions, value);
        let ty = node.ty.scalar()?;
        Some(build::convert(function, value, ty))
    })
}

fn strides(shapes: &Shapes, array: Handle<Var>) -> Vec<Stride> {
    let shape = shapes.get(&array);
    shape.map_or_else(|| vec![Stride::one()], |shape| shape.strides.clone())
}

/// Returns first and count of the elements of a set of subscripts as expressions; the count is 0 where the set is empty.
///
/// Strides are taken not to be negative.
fn extent(
    scan: &Scan<'_>,
    function: &mut Function,
    definitions: &Definitions,
    touched: &isl::Set,
    strides: &[Stride],
) -> Option<(Handle<mupac_ir::Expr>, Handle<mupac_ir::Expr>)> {
    let names = touched.parameters().ok()?;
    let symbols: Vec<Symbol> = names
        .iter()
        .map(|name| Symbol::named(scan.function, name))
        .collect::<Option<_>>()?;
    let mut vars = BTreeSet::new();
    for symbol in symbols
        .iter()
        .chain(strides.iter().map(|each| &each.symbol))
    {
        symbol.collect_vars(scan.function, &mut vars);
    }
    if !vars
        .iter()
        .all(|var| scan.function.parameters.contains(var) || definitions.contains_key(var))
    {
        return None;
    }
    let ranges = domain::ranges(symbols, |symbol| symbol.working_range(scan.function));
    let ranges = domain::parameter_set(&scan.isl, &ranges).ok()?;
    let touched = touched.intersect_params(&ranges).ok()?;
    let zero = build::int(function, 0, Scalar::I64);
    if touched.is_empty().ok()? {
        return Some((zero, zero));
    }
    let runs = touched.params().ok()?;
    let (mut first, mut end) = (zero, zero);
    for (at, stride) in strides.iter().enumerate() {
        let least = touched.minimum(at, &runs).ok()?;
        let greatest = touched.maximum(at, &runs).ok()?;
        first = express::add_scaled(function, first, &least, stride)?;
        end = express::add_scaled(function, end, &greatest, stride)?;
    }
    let beyond = express::plus(function, end, 1);
    let count = build::binary(function, mupac_ir::BinaryOp::Subtract, beyond, first);
    if ranges.is_subset(&runs).ok()? {
        return Some((first, count));
    }
    let condition = runs.gist(&ranges).ok()?.condition(&ranges).ok()?;
    let condition = express::condition(function, &condition)?;
    let kind = ExprKind::Select {
        condition,
        then: count,
        otherwise: zero,
    };
    let count = function.expr(kind, Scalar::I64);
    Some((first, count))
}
