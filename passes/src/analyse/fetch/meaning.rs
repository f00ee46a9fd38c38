//! What a variable stands for that is set to a pointer once: what that leads to, or one of two that a condition chooses.

use mupac_ir::structure::{expressions_mut, is_same_type};
use mupac_ir::{
    BinaryOp, Block, Compute, Expr, ExprKind, Function, Handle, If, Module, Place, Projection,
    Scalar, Stmt, Type, UnaryOp, Var,
};

use super::safe::before;
use crate::numbering::Numbering;
use crate::{build, region};

/// The pointer that a variable stands for.
#[derive(Clone)]
pub(super) enum Meaning {
    One(Lead),
    Chosen(Box<Choice>),
}

/// A pointer that lies in memory or in a variable, or the address of an element.
#[derive(Clone)]
pub(super) struct Lead {
    /// Where the pointer lies, or the element, which the last subscript finds.
    place: Place,
    is_element: bool,
}

/// One of two pointers.
#[derive(Clone)]
pub(super) struct Choice {
    condition: Handle<Expr>,
    then: Meaning,
    otherwise: Meaning,
}

impl Meaning {
    /// Returns what a value of a pointer's type is; `None` where it is something else.
    pub(super) fn of(function: &Function, value: Handle<Expr>) -> Option<Self> {
        let node = &function.exprs[value];
        match &node.kind {
            // To a pointer to constants of the same type.
            ExprKind::Cast(inner) => {
                let pointed = node.ty.element().zip(function.exprs[*inner].ty.element());
                let is_same = pointed.is_some_and(|(a, b)| is_same_type(function, a, function, b));
                is_same.then(|| Self::of(function, *inner))?
            }
            ExprKind::Load(place) => Some(Self::One(Lead {
                place: place.clone(),
                is_element: false,
            })),
            ExprKind::Address(place) => {
                let is_element = matches!(place.path.last(), Some(Projection::Index(_)));
                let place = place.clone();
                is_element.then_some(Self::One(Lead { place, is_element }))
            }
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } => Some(Self::Chosen(Box::new(Choice {
                condition: *condition,
                then: Self::of(function, *then)?,
                otherwise: Self::of(function, *otherwise)?,
            }))),
            ExprKind::Binary(BinaryOp::Add, base, count) => match Self::of(function, *base)? {
                Self::One(base) if !base.is_element => Some(Self::One(Lead {
                    place: longer(&base.place, &[Projection::Index(*count)]),
                    is_element: true,
                })),
                Self::One(_) | Self::Chosen(_) => None,
            },
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => None,
        }
    }

    /// Returns whether more decides it than a variable and a distance from there: a pointer in memory, whether it is that or
    /// leads to the element, or a choice; or whether the element holds pointers, which its place finds.
    pub(super) fn is_found_in_memory_or_chosen(
        &self,
        module: &Module,
        function: &Function,
    ) -> bool {
        match self {
            Self::One(lead) => {
                let end = lead.place.path.len() - usize::from(lead.is_element);
                let way = before(&lead.place, end);
                let ty = function.place_type(&module.records, &way);
                let holds_pointers = || {
                    let element = ty.as_ref().and_then(Type::element);
                    lead.is_element && element.is_some_and(|ty| has_pointers(module, ty))
                };
                end > 0 && matches!(ty, Some(Type::Pointer { .. })) || holds_pointers()
            }
            Self::Chosen(_) => true,
        }
    }

    /// Returns the subscripts that say where its pointers and elements lie.
    pub(super) fn indices(&self) -> Vec<Handle<Expr>> {
        let mut found = Vec::new();
        self.each_place(&mut |place| found.extend(build::indices(place)));
        found
    }

    /// Puts conditions that do not hold as they are wherever the pointer is used into variables of their own; returns the
    /// statements that set these where the pointer is chosen, each under the conditions that decide whether it is asked.
    pub(super) fn noted(
        &mut self,
        (function, numbering): (&mut Function, &mut Numbering),
        (set, when): (&Compute, Option<Handle<Expr>>),
        is_fixed: &dyn Fn(&Function, Handle<Expr>) -> bool,
    ) -> Block {
        let Self::Chosen(choice) = self else {
            return Block::new();
        };
        let mut noted = Block::new();
        if !is_fixed(function, choice.condition) {
            let all = [when, Some(choice.condition)].into_iter().flatten();
            let value = build::all_of(function, all).unwrap_or(choice.condition);
            let base = format!("{}.first", function.vars[set.target.var].name);
            let ty = function.exprs[value].ty.clone();
            let var = Var::local(function.fresh_name(&base), ty);
            let var = function.vars.push(var);
            let compute = numbering.assignment(Place::var(var), value, set.span);
            noted.extend([Stmt::Declare(var, set.span), Stmt::Compute(compute)]);
            choice.condition = function.load(var);
        }
        let not = function.expr(ExprKind::Unary(UnaryOp::Not, choice.condition), Scalar::I32);
        let Choice {
            condition,
            then,
            otherwise,
        } = &mut **choice;
        for (own, alternative) in [(*condition, then), (not, otherwise)] {
            let when = build::all_of(function, [when, Some(own)].into_iter().flatten());
            noted.extend(alternative.noted((function, numbering), (set, when), is_fixed));
        }
        noted
    }

    /// Returns the variables that say where its pointers and elements lie.
    pub(super) fn variables(&self, function: &Function) -> Vec<Handle<Var>> {
        let values = self.indices().into_iter();
        let mut found: Vec<_> = values
            .flat_map(|value| build::variables(function, value))
            .collect();
        self.each_place(&mut |place| found.push(place.var));
        found
    }

    fn each_place(&self, see: &mut dyn FnMut(&Place)) {
        match self {
            Self::One(lead) => see(&lead.place),
            Self::Chosen(choice) => {
                choice.then.each_place(see);
                choice.otherwise.each_place(see);
            }
        }
    }

    /// Puts it into statements in which a variable stands for it.
    pub(super) fn replace(
        &self,
        (function, numbering): (&mut Function, &mut Numbering),
        statements: &mut Block,
        var: Handle<Var>,
    ) {
        for mut stmt in std::mem::take(statements) {
            if let Stmt::Compute(compute) = &stmt
                && compute.target.var == var
            {
                statements.push(self.written((function, numbering), compute.clone()));
                continue;
            }
            for expr in expressions_mut(&mut stmt) {
                *expr = self.value(function, *expr, var);
            }
            for block in region::blocks_mut(&mut stmt) {
                self.replace((function, numbering), block, var);
            }
            statements.push(stmt);
        }
    }

    fn value(&self, function: &mut Function, expr: Handle<Expr>, var: Handle<Var>) -> Handle<Expr> {
        build::replaced(function, expr, &mut |function, node| {
            let (ExprKind::Load(place) | ExprKind::Address(place)) = &node.kind else {
                return None;
            };
            if place.var != var {
                return None;
            }
            let path = self.path(function, place, var);
            Some(self.read(function, &path, node))
        })
    }

    /// Returns the path of a place behind the variable, with that replaced in its subscripts too.
    fn path(&self, function: &mut Function, place: &Place, var: Handle<Var>) -> Vec<Projection> {
        let steps = place.path.iter().map(|step| match step {
            Projection::Index(index) => Projection::Index(self.value(function, *index, var)),
            Projection::Field(_) => *step,
        });
        steps.collect()
    }

    /// Returns what a load or address of the variable is, at the end of a path.
    fn read(&self, function: &mut Function, path: &[Projection], node: &Expr) -> Handle<Expr> {
        let is_load = matches!(node.kind, ExprKind::Load(_));
        let kind = match self {
            Self::One(lead) if path.is_empty() && lead.is_element => {
                ExprKind::Address(lead.place.clone())
            }
            Self::One(lead) if is_load => ExprKind::Load(lead.to(function, path)),
            Self::One(lead) => ExprKind::Address(lead.to(function, path)),
            Self::Chosen(choice) => ExprKind::Select {
                condition: choice.condition,
                then: choice.then.read(function, path, node),
                otherwise: choice.otherwise.read(function, path, node),
            },
        };
        let node = node.clone();
        function.exprs.push(Expr { kind, ..node })
    }

    /// Returns an assignment through a variable without it: one for each pointer that it may be.
    fn written(
        &self,
        (function, numbering): (&mut Function, &mut Numbering),
        mut compute: Compute,
    ) -> Stmt {
        match self {
            Self::One(lead) => {
                let var = compute.target.var;
                compute.value = self.value(function, compute.value, var);
                let path = self.path(function, &compute.target, var);
                compute.target = lead.to(function, &path);
                Stmt::Compute(compute)
            }
            Self::Chosen(choice) => {
                let other = Compute {
                    id: numbering.next(),
                    ..compute.clone()
                };
                Stmt::If(If {
                    condition: choice.condition,
                    span: compute.span,
                    then: vec![choice.then.written((function, numbering), compute)],
                    otherwise: vec![choice.otherwise.written((function, numbering), other)],
                })
            }
        }
    }
}

impl Lead {
    /// Returns the place that a path leads to from the pointer.
    fn to(&self, function: &mut Function, path: &[Projection]) -> Place {
        let mut place = self.place.clone();
        let (Some(Projection::Index(from)), Some((Projection::Index(by), rest)), true) =
            (place.path.last_mut(), path.split_first(), self.is_element)
        else {
            return longer(&place, path);
        };
        let is_zero = |expr| build::constant(function, expr) == Some(0);
        if is_zero(*from) {
            *from = *by;
        } else if !is_zero(*by) {
            let sides = [*from, *by].map(|side| build::convert(function, side, Scalar::I64));
            *from = build::binary(function, BinaryOp::Add, sides[0], sides[1]);
        }
        longer(&place, rest)
    }
}

/// Returns whether members of a structure are pointers.
fn has_pointers(module: &Module, ty: &Type) -> bool {
    let Type::Record(record) = ty else {
        return false;
    };
    let mut fields = module.records[*record].fields.iter();
    fields.any(|field| match &field.ty {
        Type::Pointer { .. } => true,
        inner @ Type::Record(_) => has_pointers(module, inner),
        Type::Scalar(_) | Type::Array { .. } | Type::Void | Type::Opaque(_) => false,
    })
}

fn longer(place: &Place, path: &[Projection]) -> Place {
    Place {
        var: place.var,
        path: place.path.iter().chain(path).copied().collect(),
    }
}
