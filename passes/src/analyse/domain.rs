//! Instances, accesses and orders as isl's text.

use std::collections::BTreeSet;
use std::fmt::Write;

use mupac_ir::{Function, Handle, Var};

use super::access::{Access, Site};
use crate::affine::{Affine, Formula, WIDE, name};
use crate::isl;

/// Returns the values an iterator takes: `start, start + step, …` as long as they lie before `end`.
pub(crate) fn counting(
    iterator: Handle<Var>,
    start: &Affine,
    end: &Affine,
    step: i64,
) -> Option<Formula> {
    let var = Affine::var(iterator);
    let stride = i128::from(step).checked_abs()?;
    let (range, distance) = if step > 0 {
        let range = Formula::at_most(start, &var)?.and(Formula::below(&var, end)?);
        (range, var.minus(start)?)
    } else {
        let range = Formula::at_most(&var, start)?.and(Formula::below(end, &var)?);
        (range, start.minus(&var)?)
    };
    if stride == 1 {
        return Some(range);
    }
    let rest = distance.minus(&distance.floor(stride)?.times(stride)?)?;
    Some(range.and(Formula::Compare(rest, crate::affine::Sign::Zero)))
}

/// Returns the range of an integer parameter's type.
pub(crate) fn type_range(function: &Function, var: Handle<Var>) -> Option<(i128, i128)> {
    function.vars[var].ty.scalar()?.integer_range()
}

/// Returns the range that a parameter is taken to lie in: its type's, within [`WIDE`] where that has 64 bits.
pub(crate) fn working_range(function: &Function, var: Handle<Var>) -> Option<(i128, i128)> {
    let (low, high) = type_range(function, var)?;
    if high > i128::from(u32::MAX) {
        return Some((low.max(-WIDE), high.min(WIDE)));
    }
    Some((low, high))
}

/// Returns the formula that keeps parameters within a range each.
pub(crate) fn ranges(
    parameters: impl IntoIterator<Item = Handle<Var>>,
    range: impl Fn(Handle<Var>) -> Option<(i128, i128)>,
) -> Formula {
    parameters
        .into_iter()
        .filter_map(|var| {
            let (low, high) = range(var)?;
            Formula::within(&Affine::var(var), low, high)
        })
        .fold(Formula::Constant(true), Formula::and)
}

/// Returns `[v1, v2] -> `.
pub(crate) fn header(parameters: &BTreeSet<Handle<Var>>) -> String {
    let names: Vec<String> = parameters.iter().map(|var| name(*var)).collect();
    format!("[{}] -> ", names.join(", "))
}

/// Returns the parameter values that a formula admits.
pub(crate) fn parameter_set(isl: &isl::Context, formula: &Formula) -> Result<isl::Set, isl::Error> {
    let mut vars = BTreeSet::new();
    formula.collect_vars(&mut vars);
    isl::Set::parse(isl, &format!("{}{{ : {formula} }}", header(&vars)))
}

/// Returns the variables of formulas that are not iterators of the site: its parameters.
fn parameters_of(
    iterators: &[Handle<Var>],
    collect: impl FnOnce(&mut BTreeSet<Handle<Var>>),
) -> BTreeSet<Handle<Var>> {
    let mut vars = BTreeSet::new();
    collect(&mut vars);
    for iterator in iterators {
        vars.remove(iterator);
    }
    vars
}

fn tuple(name_of: &str, iterators: &[Handle<Var>]) -> String {
    let names: Vec<String> = iterators.iter().map(|var| name(*var)).collect();
    format!("{name_of}[{}]", names.join(", "))
}

fn all(formulas: impl IntoIterator<Item = impl std::fmt::Display>) -> String {
    let mut text = String::from("0 = 0");
    for formula in formulas {
        // Writing to a string does not fail.
        let _ = write!(text, " and {formula}");
    }
    text
}

/// Returns the instances for which formulas hold, as tuples of the given name.
pub(crate) fn instances(
    isl: &isl::Context,
    tuple_name: &str,
    iterators: &[Handle<Var>],
    formulas: &[&Formula],
) -> Result<isl::Set, isl::Error> {
    let parameters = parameters_of(iterators, |vars| {
        for formula in formulas {
            formula.collect_vars(vars);
        }
    });
    let text = format!(
        "{}{{ {} : {} }}",
        header(&parameters),
        tuple(tuple_name, iterators),
        all(formulas)
    );
    isl::Set::parse(isl, &text)
}

/// Returns the name of a site's tuples.
pub(crate) fn tuple_name(site: &Site) -> String {
    site.id.map(|id| id.to_string()).unwrap_or_default()
}

/// Returns the map from the instances of an access to the first `count` subscripts of its element.
///
/// For a variable that the region declares, `private` iterators come first: every iteration has its own.
pub(crate) fn element_map(
    isl: &isl::Context,
    sites: &[Site],
    access: &Access,
    private: usize,
    count: usize,
) -> Result<isl::Map, isl::Error> {
    let site = &sites[access.site];
    let parameters = parameters_of(&site.iterators, |vars| access.collect_vars(sites, vars));
    let own = site.iterators.iter().take(private).map(|var| name(*var));
    let (subscripts, _) = access.subscripts();
    let shared = subscripts.iter().take(count).map(ToString::to_string);
    let element: Vec<String> = own.chain(shared).collect();
    let text = format!(
        "{}{{ {} -> [{}] : {} }}",
        header(&parameters),
        tuple(&tuple_name(site), &site.iterators),
        element.join(", "),
        all(site.domain.iter().chain(&access.domain))
    );
    isl::Map::parse(isl, &text)
}

/// Returns the pairs of instances of which the first runs before the second; `None` if there are none.
pub(crate) fn before(
    isl: &isl::Context,
    a: &Site,
    b: &Site,
) -> Result<Option<isl::Map>, isl::Error> {
    let common = a.common_loops(b);
    let equal = |upto: usize| (0..upto).map(|at| format!("a{at} = b{at}"));
    let mut cases: Vec<String> = (0..common)
        .map(|depth| {
            let sign = if a.loops[depth].1 { ">" } else { "<" };
            let first = format!("a{depth} {sign} b{depth}");
            all(equal(depth).chain([first]))
        })
        .collect();
    if a.sequence < b.sequence {
        cases.push(all(equal(common)));
    }
    if cases.is_empty() {
        return Ok(None);
    }
    let text = format!("{{ {} : ({}) }}", pair(a, b), cases.join(") or ("));
    isl::Map::parse(isl, &text).map(Some)
}

/// Returns the pairs of instances that agree on the `depth` outermost iterators and differ in the next one.
pub(crate) fn carried(
    isl: &isl::Context,
    a: &Site,
    b: &Site,
    depth: usize,
) -> Result<isl::Map, isl::Error> {
    let equal = (0..depth).map(|at| format!("a{at} = b{at}"));
    let differs = format!("a{depth} != b{depth}");
    let text = format!("{{ {} : {} }}", pair(a, b), all(equal.chain([differs])));
    isl::Map::parse(isl, &text)
}

fn pair(a: &Site, b: &Site) -> String {
    let dims = |letter: char, count: usize| {
        let names: Vec<String> = (0..count).map(|at| format!("{letter}{at}")).collect();
        names.join(", ")
    };
    format!(
        "{}[{}] -> {}[{}]",
        tuple_name(a),
        dims('a', a.iterators.len()),
        tuple_name(b),
        dims('b', b.iterators.len())
    )
}
