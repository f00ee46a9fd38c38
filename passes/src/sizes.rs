//! Sizes for tests: numbers for which the guards of a region hold, where few numbers do.
//!
//! The tester tries many sizes, but hardly ever meets a distance of rows that is no less than their length and a multiple
//! of the size of an element. The conditions of the region's proof say which sizes are worth a test.

mod search;

use mupac_ir::{Entry, ExprKind, Handle, ParameterKind, RegionPlan, Stmt, Var};

use crate::affine::name;
use crate::facts::{Facts, Region};
use crate::symbol::{Factor, Symbol};
use crate::{build, isl};

/// What each size should be, if the conditions allow it: more than a block is wide, some, and few.
const GOALS: [i64; 3] = [33, 5, 2];

/// The most that a size may be, so that a test is quick.
const MOST: i64 = 1 << 12;

/// The names by which a region may know a size.
type Names = Vec<String>;

/// Returns the names of the sizes that a test of a function chooses, in the order of [`Entry::samples`].
pub(crate) fn of(entry: &Entry) -> Vec<Names> {
    let function = &entry.function;
    let name = |var: Handle<Var>| function.vars[var].name.clone();
    let passed = entry.parameters.iter();
    let is_size = |kind: &ParameterKind| matches!(kind, ParameterKind::Size | ParameterKind::Step);
    let passed = passed.filter(|parameter| is_size(&parameter.kind));
    let passed = passed.map(|parameter| vec![name(parameter.var)]);
    let stored = entry.stored.iter().filter(|each| each.among.is_empty());
    let stored = stored.map(|number| {
        let copies = function.body.iter().filter_map(|stmt| {
            let Stmt::Compute(compute) = stmt else {
                return None;
            };
            let is_copy = build::read(function, compute.value) == Some(number.var);
            is_copy.then(|| name(compute.target.var))
        });
        copies.chain([name(number.var)]).collect()
    });
    passed.chain(stored).collect()
}

/// Returns numbers for variables of a function, under which the guards of a plan hold or all but one do; none where that
/// is easy to meet. The plan's region, where it is known, says where to start.
pub(crate) fn samples(
    plan: &RegionPlan,
    region: Option<&Region>,
    sizes: &[Names],
) -> Vec<Vec<i64>> {
    let named = |names: &Names| {
        let var = |name: &String| {
            let mut vars = plan.function.vars.iter();
            vars.find(|(_, var)| var.name == *name)
                .map(|(handle, _)| handle)
        };
        names.iter().find_map(var)
    };
    let Some(sizes) = sizes.iter().map(named).collect::<Option<Vec<_>>>() else {
        return Vec::new();
    };
    let seeds = region.map_or_else(Vec::new, |region| seeds(region, &sizes));
    search::rows(plan, &sizes, &seeds)
}

/// Returns the rows of all regions, each once: the first of each region, then the second of each.
pub(crate) fn by_turns(regions: &[Vec<Vec<i64>>]) -> Vec<Vec<i64>> {
    let longest = regions.iter().map(Vec::len).max().unwrap_or(0);
    let mut all: Vec<Vec<i64>> = Vec::new();
    for row in (0..longest).flat_map(|turn| regions.iter().filter_map(move |rows| rows.get(turn))) {
        if !all.contains(row) {
            all.push(row.clone());
        }
    }
    all
}

/// Returns numbers under which the guards hold as far as the region's facts are concerned.
fn seeds(region: &Region, sizes: &[Handle<Var>]) -> Vec<Vec<i64>> {
    if !is_demanding(&region.facts) {
        return Vec::new();
    }
    let samples = GOALS.iter().map(|goal| sample(region, sizes, *goal));
    // A solver that gives up costs a test, and no more.
    samples.filter_map(|sample| sample.ok().flatten()).collect()
}

fn is_demanding(facts: &Facts) -> bool {
    let is_easy = |kind: &str| ["wide-value", "loop-runs"].contains(&kind);
    !facts.tests.is_empty() || facts.conditions.iter().any(|each| !is_easy(each.kind))
}

fn sample(
    region: &Region,
    sizes: &[Handle<Var>],
    goal: i64,
) -> Result<Option<Vec<i64>>, isl::Error> {
    let mut admitted = region.facts.context.intersect(&quotients(region)?)?;
    let isl = admitted.context().clone();
    for var in sizes {
        let name = name(*var);
        for wish in [
            format!("[{name}] -> {{ : {name} = {goal} }}"),
            format!("[{name}] -> {{ : {goal} <= {name} <= {MOST} }}"),
            format!("[{name}] -> {{ : 0 <= {name} <= {goal} }}"),
        ] {
            let fulfilled = admitted.intersect(&isl::Set::parse(&isl, &wish)?)?;
            if !fulfilled.is_empty()? {
                admitted = fulfilled;
                break;
            }
        }
    }
    let Some(point) = admitted.sample()? else {
        return Ok(None);
    };
    let value = |var: &Handle<Var>| point.parameters.get(&name(*var)).copied().unwrap_or(goal);
    Ok(Some(sizes.iter().map(value).collect()))
}

/// Says of every quotient of a variable by a constant that nothing is left over.
fn quotients(region: &Region) -> Result<isl::Set, isl::Error> {
    let function = &region.function;
    let context = &region.facts.context;
    let mut all = isl::Set::parse(context.context(), "{ : }")?;
    for parameter in context.parameters()? {
        let symbol = Symbol::named(function, &parameter);
        let Some([Factor::Value(quotient)]) = symbol.as_ref().map(Symbol::factors) else {
            continue;
        };
        let ExprKind::Binary(mupac_ir::BinaryOp::Divide, a, b) = function.exprs[*quotient].kind
        else {
            continue;
        };
        if let ExprKind::Load(place) = &function.exprs[a].kind
            && place.path.is_empty()
            && let Some(divisor) = build::constant(function, b)
        {
            let var = name(place.var);
            let text = format!("[{parameter}, {var}] -> {{ : {var} = {divisor} * {parameter} }}");
            all = all.intersect(&isl::Set::parse(context.context(), &text)?)?;
        }
    }
    Ok(all)
}
