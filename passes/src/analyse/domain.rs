//! Instances, accesses and orders as isl's text.

use std::collections::BTreeSet;
use std::fmt::Write;

use mupac_ir::{Handle, Var};

use super::access::{Access, Site};
use crate::affine::{Affine, Atom, Atoms, Formula, Unknown, name};
use crate::isl;
use crate::symbol::Symbol;

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

/// Returns the formula that keeps parameters within a range each.
pub(crate) fn ranges(
    parameters: impl IntoIterator<Item = Symbol>,
    range: impl Fn(&Symbol) -> Option<(i128, i128)>,
) -> Formula {
    parameters
        .into_iter()
        .filter_map(|symbol| {
            let (low, high) = range(&symbol)?;
            Formula::within(&Affine::atom(Atom::Symbol(symbol)), low, high)
        })
        .fold(Formula::Constant(true), Formula::and)
}

/// Returns `[v1, v2] -> `.
pub(crate) fn header(parameters: &BTreeSet<Symbol>) -> String {
    let names: Vec<String> = parameters.iter().map(Symbol::name).collect();
    format!("[{}] -> ", names.join(", "))
}

/// Returns the parameter values that a formula admits.
pub(crate) fn parameter_set(isl: &isl::Context, formula: &Formula) -> Result<isl::Set, isl::Error> {
    let mut atoms = Atoms::default();
    formula.collect(&mut atoms);
    let header = header(&atoms.symbols);
    isl::Set::parse(
        isl,
        &format!("{header}{{ : {} }}", existing(&atoms, &formula.to_string())),
    )
}

/// Returns a condition with the unknown values that it names: some values of which what is known holds meet it.
fn existing(atoms: &Atoms, condition: &str) -> String {
    if atoms.unknowns.is_empty() {
        return condition.to_owned();
    }
    let names: Vec<String> = atoms.unknowns.values().map(Unknown::name).collect();
    let known: Vec<String> = atoms
        .unknowns
        .values()
        .map(|unknown| format!("({})", unknown.constraint()))
        .collect();
    format!(
        "exists {} : {} and {condition}",
        names.join(", "),
        known.join(" and ")
    )
}

/// Returns what formulas are made of, without the iterators of the site.
pub(crate) fn atoms(iterators: &[Handle<Var>], collect: impl FnOnce(&mut Atoms)) -> Atoms {
    let mut atoms = Atoms::default();
    collect(&mut atoms);
    for iterator in iterators {
        atoms.symbols.remove(&Symbol::var(*iterator));
    }
    atoms
}

fn tuple(name_of: &str, iterators: &[Handle<Var>]) -> String {
    let names: Vec<String> = iterators.iter().map(|var| name(*var)).collect();
    format!("{name_of}[{}]", names.join(", "))
}

fn all(formulas: impl IntoIterator<Item = impl std::fmt::Display>) -> String {
    let mut text = String::new();
    for formula in formulas {
        let and = if text.is_empty() { "" } else { " and " };
        // Writing to a string does not fail.
        let _ = write!(text, "{and}{formula}");
    }
    if text.is_empty() {
        text.push_str("0 = 0");
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
    let atoms = atoms(iterators, |atoms| {
        for formula in formulas {
            formula.collect(atoms);
        }
    });
    let text = format!(
        "{}{{ {} : {} }}",
        header(&atoms.symbols),
        tuple(tuple_name, iterators),
        existing(&atoms, &all(formulas))
    );
    isl::Set::parse(isl, &text)
}

/// Returns the name of a site's tuples.
pub(crate) fn tuple_name(site: &Site) -> String {
    site.event
        .map(|event| event.to_string())
        .unwrap_or_default()
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
    let text = element_text(sites, access, private, count);
    isl::Map::parse(isl, &text)?.named(&tuple_name(&sites[access.site]), "")
}

/// Returns the text of [`element_map`], but for the name of the instances.
///
/// Texts without names are common to many statements, and isl reads each text once.
pub(crate) fn element_text(
    sites: &[Site],
    access: &Access,
    private: usize,
    count: usize,
) -> String {
    let site = &sites[access.site];
    let atoms = atoms(&site.iterators, |atoms| access.collect(sites, atoms));
    let own = site.iterators.iter().take(private).map(|var| name(*var));
    let (subscripts, _) = access.subscripts();
    // Subscripts may name unknown values, which are in scope in the condition only.
    let shared = subscripts.iter().take(count).enumerate();
    let (names, equal): (Vec<String>, Vec<String>) = shared
        .map(|(at, subscript)| (format!("x{at}"), format!("x{at} = {subscript}")))
        .unzip();
    let element: Vec<String> = own.chain(names).collect();
    let holds = all(site
        .domain
        .iter()
        .chain(&access.domain)
        .map(ToString::to_string)
        .chain(equal));
    format!(
        "{}{{ {} -> [{}] : {} }}",
        header(&atoms.symbols),
        tuple("", &site.iterators),
        element.join(", "),
        existing(&atoms, &holds)
    )
}

/// Returns the pairs of instances of which the first runs before the second; `None` if there are none.
pub(crate) fn before(
    isl: &isl::Context,
    a: &Site,
    b: &Site,
) -> Result<Option<isl::Map>, isl::Error> {
    let Some(text) = before_text(&Order::new(a, b)) else {
        return Ok(None);
    };
    named_pair(isl, &text, a, b).map(Some)
}

/// All that decides which instances of two sites run before one another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Order {
    /// Of each loop around both, whether it counts down.
    descends: Vec<bool>,
    /// How many iterators each site has.
    iterators: (usize, usize),
    /// Whether the first stands first in the text.
    is_first: bool,
}

impl Order {
    pub(crate) fn new(a: &Site, b: &Site) -> Self {
        let common = a.loops.iter().take(a.common_loops(b));
        Self {
            descends: common.map(|(_, descends)| *descends).collect(),
            iterators: (a.iterators.len(), b.iterators.len()),
            is_first: a.sequence < b.sequence,
        }
    }
}

/// Returns the text of [`before`], but for the names of the instances.
pub(crate) fn before_text(order: &Order) -> Option<String> {
    let equal = |upto: usize| (0..upto).map(|at| format!("a{at} = b{at}"));
    let mut cases: Vec<String> = order
        .descends
        .iter()
        .enumerate()
        .map(|(depth, descends)| {
            let sign = if *descends { ">" } else { "<" };
            let first = format!("a{depth} {sign} b{depth}");
            all(equal(depth).chain([first]))
        })
        .collect();
    if order.is_first {
        cases.push(all(equal(order.descends.len())));
    }
    let pair = pair(order.iterators);
    (!cases.is_empty()).then(|| format!("{{ {pair} : ({}) }}", cases.join(") or (")))
}

/// Returns the text of the pairs of instances that agree on the `depth` outermost iterators and differ in the next one,
/// without names.
pub(crate) fn carried_text(a: &Site, b: &Site, depth: usize) -> String {
    let equal = (0..depth).map(|at| format!("a{at} = b{at}"));
    let differs = format!("a{depth} != b{depth}");
    let pair = pair((a.iterators.len(), b.iterators.len()));
    format!("{{ {pair} : {} }}", all(equal.chain([differs])))
}

/// Returns the pairs of instances that agree on the `depth` outermost iterators.
pub(crate) fn equal(
    isl: &isl::Context,
    a: &Site,
    b: &Site,
    depth: usize,
) -> Result<isl::Map, isl::Error> {
    named_pair(isl, &equal_text(a, b, depth), a, b)
}

/// Returns the text of [`equal`], but for the names of the instances.
pub(crate) fn equal_text(a: &Site, b: &Site, depth: usize) -> String {
    let equal = (0..depth).map(|at| format!("a{at} = b{at}"));
    let pair = pair((a.iterators.len(), b.iterators.len()));
    format!("{{ {pair} : {} }}", all(equal))
}

fn named_pair(isl: &isl::Context, text: &str, a: &Site, b: &Site) -> Result<isl::Map, isl::Error> {
    isl::Map::parse(isl, text)?.named(&tuple_name(a), &tuple_name(b))
}

fn pair((first, second): (usize, usize)) -> String {
    let dims = |letter: char, count: usize| {
        let names: Vec<String> = (0..count).map(|at| format!("{letter}{at}")).collect();
        names.join(", ")
    };
    format!("[{}] -> [{}]", dims('a', first), dims('b', second))
}
