//! What variables that a region moves are behind it, for the host to assign.

use mupac_ir::{Compute, Expr, Handle, Place, Reason, Refusal, Span, StmtId, Var};

use super::names::shown;
use crate::normalise::Normal;
use crate::numbering::Numbering;
use crate::{build, region};

/// Has the host assign more variables, each as late as may be: before what changes that its value reads, and behind what reads
/// the variable.
///
/// **Errors**: both cannot be.
pub(super) fn set<'a>(
    normal: &mut Normal,
    values: impl Iterator<Item = &'a (Handle<Var>, Handle<Expr>)>,
    span: Span,
) -> Result<(), Refusal> {
    let assigned = normal.last_values.iter().map(|each| StmtId(each.id.0 + 1));
    let first = region::next_number(&[&normal.function.body]);
    let mut numbering = Numbering::from(assigned.fold(first, Ord::max));
    for (var, value) in values {
        let function = &normal.function;
        let mut known = normal.last_values.iter();
        let changes = |each: &Compute| build::names(function, *value, each.target.var);
        let at = known.position(changes).unwrap_or(normal.last_values.len());
        let is_read = |each: &Compute| build::names(function, each.value, *var);
        if normal.last_values[at..].iter().any(is_read) {
            let name = shown(&function.vars[*var]);
            let construct = format!("setting {name}, which says where another value is read,");
            return Err(Refusal::new(Reason::Unsupported { construct }, span));
        }
        let assignment = numbering.assignment(Place::var(*var), *value, span);
        normal.last_values.insert(at, assignment);
    }
    Ok(())
}
