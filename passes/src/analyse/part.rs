//! The parts of a variable that hold one value each: the variable itself, or the members of a structure.
//!
//! A structure that a program computes in, `d.x = …; d.y = …;`, is as good as a variable for each member.

use mupac_ir::{
    Arena, Extent, Function, Handle, Module, Place, Projection, Record, Type, Var, fold,
};

/// A structure of more parts than this is no temporary of a thread: it would leave registers for memory.
const MOST_PARTS: usize = 64;

/// A part of a variable's own storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) var: Handle<Var>,
    path: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Element { at: u64, length: u64 },
    Field(u32),
}

/// How an access lies to a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meets {
    /// It touches something else.
    Never,
    /// It touches some of the part, or does so by some subscripts.
    Perhaps,
    /// It touches all of the part.
    Covers,
    /// It touches what a pointer that is the part leads to.
    Behind,
}

impl Part {
    /// Returns a variable as one part.
    pub(crate) fn whole(var: Handle<Var>) -> Self {
        let path = Vec::new();
        Self { var, path }
    }

    /// Returns whether the part is a whole variable.
    pub(super) fn is_whole(&self) -> bool {
        self.path.is_empty()
    }

    /// Returns the parts that a variable consists of; `None` where it is neither a number nor a small structure, nor an
    /// array of such structures.
    pub(crate) fn all(module: &Module, function: &Function, var: Handle<Var>) -> Option<Vec<Self>> {
        let ty = &function.vars[var].ty;
        let is_of_records = matches!(innermost(ty), Type::Record(_));
        if !is_of_records && !matches!(ty, Type::Scalar(_)) {
            return None;
        }
        let mut parts = Vec::new();
        collect(&module.records, ty, &mut Self::whole(var), &mut parts)?;
        Some(parts)
    }

    /// Returns how an access by `place` lies to the part.
    pub(super) fn meets(&self, function: &Function, place: &Place) -> Meets {
        if place.var != self.var {
            return Meets::Never;
        }
        let mut is_certain = true;
        for (own, step) in self.path.iter().zip(&place.path) {
            match (own, step) {
                (Step::Field(own), Projection::Field(field)) if own != field => {
                    return Meets::Never;
                }
                (Step::Element { at, length }, Projection::Index(index)) => {
                    match fold::constant(function, *index) {
                        Some(index) if index == i128::from(*at) => {}
                        Some(index) if (0..i128::from(*length)).contains(&index) => {
                            return Meets::Never;
                        }
                        Some(_) | None => is_certain = false,
                    }
                }
                (Step::Field(_), Projection::Field(_)) => {}
                (Step::Field(_), Projection::Index(_))
                | (Step::Element { .. }, Projection::Field(_)) => is_certain = false,
            }
        }
        let is_longer = place.path.len() > self.path.len();
        let is_pointer = matches!(function.vars[self.var].ty, Type::Pointer { .. });
        if is_longer && (is_pointer || !self.path.is_empty()) {
            Meets::Behind
        } else if is_certain && !is_longer {
            Meets::Covers
        } else {
            Meets::Perhaps
        }
    }
}

fn innermost(mut ty: &Type) -> &Type {
    while let Type::Array { of, .. } = ty {
        ty = of;
    }
    ty
}

/// Adds the parts of the object of a type that `at` leads to.
fn collect(records: &Arena<Record>, ty: &Type, at: &mut Part, parts: &mut Vec<Part>) -> Option<()> {
    let mut inside = |step: Step, ty: &Type| {
        at.path.push(step);
        let found = collect(records, ty, at, parts);
        at.path.pop();
        found
    };
    match ty {
        Type::Scalar(_) | Type::Pointer { .. } => {
            parts.push(at.clone());
            (parts.len() <= MOST_PARTS).then_some(())
        }
        Type::Record(record) => {
            let mut fields = (0..).zip(&records[*record].fields);
            fields.try_for_each(|(number, field)| inside(Step::Field(number), &field.ty))
        }
        Type::Array {
            of,
            length: Extent::Fixed(length),
        } => {
            let length = *length;
            (0..length).try_for_each(|at| inside(Step::Element { at, length }, of))
        }
        Type::Array { .. } | Type::Void | Type::Opaque(_) => None,
    }
}
