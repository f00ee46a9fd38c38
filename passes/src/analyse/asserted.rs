//! Assertions of loops: those that hold wherever sizes do, which become a guard, and those of which one is known behind the
//! loops.
//!
//! Where a condition on sizes says that an assertion holds in all iterations (`assert(i < m->rows)` in a loop up to `n`),
//! kernels need not ask; where it does not hold, the program's own loop runs, and fails where it fails.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::{Block, Compute, Function, If, Module, Reason, Refusal, Stmt, StmtId};

use super::fetch::InMemory;
use super::names;
use super::pointers::{Requirement, Resolved};
use super::scan::Scan;
use super::table::Tables;
use crate::calls::{self, Assertion};
use crate::facts::BlockStep;
use crate::normalise::{Made, Normal};
use crate::symbol::Symbol;
use crate::{isl, region};

/// The kind of the conditions under which assertions hold.
pub(crate) const ASSERTED: &str = "assertion";

/// Returns the function without the assertions of a stretch of statements that hold wherever some conditions on parameters
/// do, and these conditions; `None` where there is none.
pub(super) fn settled(
    module: &Module,
    function: &Arc<Function>,
    isl: &isl::Context,
    (path, statements): (&[BlockStep], &Range<usize>),
    (resolved, fetched): (Option<&Resolved>, &[InMemory]),
    assertions: &[Assertion],
) -> Option<(Arc<Function>, Made)> {
    let own = region::statements(function, path, statements);
    calls::sets(own, assertions)?;
    let needs = fetched.iter().flat_map(|each| &each.needs);
    let resolved = resolved.iter().flat_map(|resolved| &resolved.requirements);
    let requirements: Vec<Requirement> = resolved.chain(needs).cloned().collect();
    let made = Made {
        flags: assertions.iter().map(|each| each.flag).collect(),
        ..Made::default()
    };
    let tables = Tables::of(module, function, own);
    let scan = Scan::new(
        module,
        function,
        isl,
        own,
        &made,
        tables,
        (&requirements, &[]),
    );
    let held = held(&scan);
    if held.is_empty() {
        return None;
    }
    let mut made = Made::default();
    made.asserted.extend(held.values().flatten().cloned());
    let held: BTreeSet<StmtId> = held.into_keys().collect();
    let mut function = (**function).clone();
    let mut taken = region::take(&mut function, path, statements);
    for stmt in &mut taken {
        inside(stmt, &held);
    }
    region::put(&mut function, path, statements.start, taken);
    Some((Arc::new(function), made))
}

/// Returns what sets flags where assertions fail that cannot, each with the conditions under which it cannot.
fn held(scan: &Scan<'_>) -> BTreeMap<StmtId, Vec<(&'static str, isl::Set)>> {
    let is_of_variables = |(_, condition): &(&str, isl::Set)| {
        let names = condition.parameters().unwrap_or_default();
        names.iter().all(|name| {
            let symbol = Symbol::named(scan.function, name);
            symbol.is_some_and(|symbol| !scan.definitions.contains_key(&symbol))
        })
    };
    let mut held = scan.held.clone();
    held.retain(|_, conditions| conditions.iter().all(is_of_variables));
    held
}

/// Opens what runs only where assertions hold that do, inside of a statement.
fn inside(stmt: &mut Stmt, held: &BTreeSet<StmtId>) {
    for block in region::blocks_mut(stmt) {
        let mut out = Block::with_capacity(block.len());
        for mut stmt in block.drain(..) {
            inside(&mut stmt, held);
            if let Stmt::If(branch) = &mut stmt
                && is_of(branch, held)
            {
                out.append(&mut branch.then);
            } else {
                out.push(stmt);
            }
        }
        *block = out;
    }
}

fn is_of(branch: &If, held: &BTreeSet<StmtId>) -> bool {
    matches!(branch.otherwise.first(), Some(Stmt::Compute(set)) if held.contains(&set.id))
}

impl Scan<'_> {
    /// Notes that the assertion whose condition a branch asks holds, if conditions on parameters say so: all that the walk
    /// has noted by then.
    pub(super) fn note_assertion(&mut self, branch: &If) {
        let Some(Stmt::Compute(set)) = branch.otherwise.first() else {
            return;
        };
        if !self.made.flags.contains(&set.target.var) {
            return;
        }
        let truth = self.condition(branch.condition);
        let known = self.no_wrap.len();
        if truth.is_exact && self.always(&truth.holds) {
            for condition in &mut self.no_wrap[known..] {
                condition.0 = ASSERTED;
            }
            self.held.insert(set.id, self.no_wrap.clone());
        }
    }
}

/// Says of reasons against a loop what assertions are to the user: what only their flags are a reason for is said of the
/// program's end.
pub(super) fn in_words(function: &Function, assertions: &[Assertion], reasons: &mut Vec<Refusal>) {
    let names: Vec<String> = assertions
        .iter()
        .map(|each| function.vars[each.flag].name.clone())
        .flat_map(|name| [format!("{name}_set"), name])
        .collect();
    let is_flag = |reason: &Refusal| matches!(&reason.reason, Reason::CarriedDependence { array, .. } if names.contains(array));
    let flags: Vec<Refusal> = reasons.extract_if(.., |each| is_flag(each)).collect();
    if let (true, Some(first)) = (reasons.is_empty(), flags.first()) {
        reasons.push(Refusal::new(names::call_reason(calls::CALLED), first.at));
    }
}

/// Writes what the host does behind a region where an assertion failed.
///
/// **Errors**: that one of them is no reduction.
pub(super) fn behind(
    normal: &mut Normal,
    path: &[BlockStep],
    statements: &Range<usize>,
    assertions: &[Assertion],
) -> Result<(), Refusal> {
    let own = region::statements(&normal.function, path, statements);
    if let Some(span) = calls::sets(own, assertions) {
        return Err(Refusal::new(names::call_reason(calls::CALLED), span));
    }
    let position = |value: &Compute| {
        let mut flags = assertions.iter();
        flags.position(|each| each.flag == value.target.var)
    };
    normal.last_values.sort_by_key(position);
    let mut function = (*normal.function).clone();
    for value in &mut normal.last_values {
        let own = assertions.iter().find(|each| each.flag == value.target.var);
        if let Some(behind) = own.and_then(|own| own.behind(&mut function, value)) {
            *value = behind;
        }
    }
    normal.function = Arc::new(function);
    Ok(())
}
