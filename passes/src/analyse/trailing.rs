//! Keeps subscripts within arrays that end a structure: memory may go on behind it, and copies do not.
//!
//! A flexible array member has no length at all (C17 6.7.2.1 §18).
//! Compilers take any array at the end of a structure for one, whatever its length, unless told otherwise, and programs
//! rely on it where they allocate more than the structure.
//!
//! **Source**: Using the GNU Compiler Collection 12, 3.13 (`-fstrict-flex-arrays`) and 6.18, “Arrays of Length Zero”.

use mupac_ir::{Extent, Handle, Reason, Refusal, Type, Var};

use super::access::Step;
use super::context::Context;
use super::rows::{self, SHAPE};
use super::scan::Scan;
use crate::affine::Affine;
use crate::isl;

/// An access that leads into an array at the end of a structure.
pub(super) struct Trailing<'a> {
    /// Its number.
    access: usize,
    name: &'a str,
    /// The subscript and what it has to stay below; `None` where nothing is known of one of them.
    bound: Option<(Affine, Affine)>,
}

/// Requires that accesses stay within such arrays, or returns why that is not known.
pub(super) fn keep_inside(
    scan: &Scan<'_>,
    context: &mut Context,
) -> Result<Option<Refusal>, isl::Error> {
    for trailing in &scan.trailing {
        let condition = match &trailing.bound {
            Some(bound) => {
                let bounded = (trailing.access, vec![bound.clone()]);
                rows::within(scan, context, &[bounded])?
            }
            None => None,
        };
        let Some(condition) = condition else {
            let array = trailing.name.to_owned();
            let at = scan.accesses[trailing.access].span;
            let why = "memory may go on behind an array that ends a structure".to_owned();
            let refusal = Refusal::new(Reason::UnknownExtent { array }, at);
            return Ok(Some(refusal.with(at, why)));
        };
        context.require(SHAPE, &condition)?;
    }
    Ok(None)
}

impl Scan<'_> {
    /// Notes that the next access goes by `steps` into an array at the end of a structure, where what the structure lies
    /// in may be longer.
    ///
    /// Subscripts that are known in part count here: what matters is how far they reach.
    pub(super) fn note_trailing(&mut self, var: Handle<Var>, steps: &[Step]) {
        let (module, access) = (self.module, self.accesses.len());
        let mut ty = &self.function.vars[var].ty;
        // A variable ends where its type does; so does an element of an array of structures.
        let mut may_go_on = matches!(ty, Type::Pointer { .. });
        let mut field: Option<&str> = None;
        for (position, step) in steps.iter().enumerate() {
            match (step, ty) {
                (Step::Index(index), _) if position == 0 => {
                    let first = index.as_ref().and_then(Affine::as_constant);
                    may_go_on &= first == Some(0);
                    let Some(element) = ty.element() else {
                        return;
                    };
                    ty = element;
                }
                (Step::Index(index), Type::Array { of, length }) => {
                    let length = least(length);
                    if let Some(name) = field
                        && (may_go_on || length.is_none())
                    {
                        let bound = index.clone().zip(length);
                        self.trailing.push(Trailing {
                            access,
                            name,
                            bound,
                        });
                        return;
                    }
                    (ty, may_go_on, field) = (of, false, None);
                }
                (Step::Field(number), Type::Record(record)) => {
                    let fields = &module.records[*record].fields;
                    let Some(member) = fields.get(*number as usize) else {
                        return;
                    };
                    may_go_on &= *number as usize + 1 == fields.len();
                    (ty, field) = (&member.ty, Some(member.name.as_str()));
                }
                (Step::Index(_) | Step::Field(_), _) => return,
            }
        }
    }
}

/// Returns how many elements a member certainly has, if it has a length at all.
fn least(length: &Extent) -> Option<Affine> {
    match length {
        Extent::Fixed(0) | Extent::Unknown | Extent::Variable(_) => None,
        Extent::Fixed(length) => Some(Affine::constant(i128::from(*length))),
    }
}
