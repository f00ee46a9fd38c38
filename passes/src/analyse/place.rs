//! The memory that expressions and assignments touch.

use mupac_ir::{BinaryOp, Expr, ExprKind, Handle, Place, Projection, Reason, Refusal, Span, Type};

use super::access::{Access, Step};
use super::names::{leaves_variable, lengths, shown};
use super::remedy;
use super::scan::Scan;
use super::truth::Truth;
use crate::affine::{Affine, Formula};

/// Structures of more than these bytes are copied to the device like arrays; arguments of a kernel are limited to 4 KiB.
///
/// **Source**: CUDA C++ Programming Guide 13.0, Function Parameters.
const BY_VALUE_BYTES: u64 = 256;

impl Scan<'_> {
    /// Records what the evaluation of an expression reads.
    ///
    /// `domain` holds of the instances that evaluate it; `is_certain`: all of those do.
    pub(super) fn reads(
        &mut self,
        expr: Handle<Expr>,
        site: usize,
        domain: &mut Vec<Formula>,
        is_certain: bool,
    ) {
        let function = self.function;
        let node = &function.exprs[expr];
        match &node.kind {
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => {}
            ExprKind::Text(_) => self.unsupported("a string in a computation", node.span),
            ExprKind::Address(_) => self.unsupported("the address of an object", node.span),
            ExprKind::Load(place) => self.load(place, expr, site, domain, is_certain),
            ExprKind::Unary(_, a) | ExprKind::Cast(a) => self.reads(*a, site, domain, is_certain),
            ExprKind::Binary(op, a, b) => {
                self.reads(*a, site, domain, is_certain);
                if matches!(op, BinaryOp::And | BinaryOp::Or) {
                    let supposed = self.suppose_of_operands(*a, &[*b]);
                    let truth = self.condition(*a);
                    let needed = *op == BinaryOp::And;
                    self.reads_if(*b, site, domain, is_certain, &truth, needed);
                    self.end(supposed);
                } else {
                    self.reads(*b, site, domain, is_certain);
                }
            }
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } => {
                self.reads(*condition, site, domain, is_certain);
                let supposed = self.suppose_of_operands(*condition, &[*then, *otherwise]);
                let truth = self.condition(*condition);
                self.reads_if(*then, site, domain, is_certain, &truth, true);
                self.reads_if(*otherwise, site, domain, is_certain, &truth, false);
                self.end(supposed);
            }
            ExprKind::Call(_, arguments) => {
                for argument in arguments {
                    self.reads(*argument, site, domain, is_certain);
                }
            }
        }
    }

    /// Records the reads of an operand that is evaluated only where a condition has a value.
    fn reads_if(
        &mut self,
        expr: Handle<Expr>,
        site: usize,
        domain: &mut Vec<Formula>,
        is_certain: bool,
        truth: &Truth,
        value: bool,
    ) {
        let formula = if value { &truth.holds } else { &truth.fails };
        domain.push(formula.clone());
        self.here.domain.push(formula.clone());
        self.reads(expr, site, domain, is_certain && truth.is_exact);
        self.here.domain.pop();
        domain.pop();
    }

    fn load(
        &mut self,
        place: &Place,
        expr: Handle<Expr>,
        site: usize,
        domain: &mut Vec<Formula>,
        is_certain: bool,
    ) {
        let function = self.function;
        let node = &function.exprs[expr];
        if matches!(node.ty, Type::Pointer { .. }) {
            self.moved_pointer(
                "using a pointer for anything but what it leads to",
                node.span,
            );
        }
        for step in &place.path {
            if let Projection::Index(index) = step {
                self.reads(*index, site, domain, is_certain);
            }
        }
        if self.here.iterators.contains(&place.var) {
            return;
        }
        self.touch(place, site, domain, is_certain, Some(expr), node.span);
    }

    /// Records an assignment's target and what its subscripts read.
    pub(super) fn write(&mut self, place: &Place, site: usize, span: Span) {
        for step in &place.path {
            if let Projection::Index(index) = step {
                self.reads(*index, site, &mut Vec::new(), true);
            }
        }
        let ty = self.function.place_type(&self.module.records, place);
        if matches!(ty, Some(Type::Pointer { .. })) {
            self.moved_pointer("setting a pointer", span);
        }
        self.touch(place, site, &[], true, None, span);
    }

    /// Records an access: by the expression `load`, or by an assignment.
    fn touch(
        &mut self,
        place: &Place,
        site: usize,
        domain: &[Formula],
        is_certain: bool,
        load: Option<Handle<Expr>>,
        span: Span,
    ) {
        let var = &self.function.vars[place.var];
        if var.is_volatile {
            let variable = shown(var);
            self.refuse(Reason::Volatile { variable }, span);
        }
        self.check_path(place, span);
        // The lengths of rows are read to find an element.
        for length in lengths(&var.ty) {
            let named = crate::build::variables(self.function, length);
            self.inputs.extend(named);
        }
        if self.is_input(place) {
            self.inputs.insert(place.var);
            return;
        }
        let (mut flat, mut by_width) = (None, None);
        let mut steps = Vec::new();
        let mut values = Vec::new();
        for step in &place.path {
            steps.push(match step {
                Projection::Index(index) => {
                    let value = self.polynomial(*index);
                    let form = value
                        .as_ref()
                        .and_then(|value| value.affine(&self.here.iterators));
                    if form.is_none() && steps.is_empty() {
                        flat.clone_from(&value);
                    }
                    if let (true, Some(value)) = (steps.is_empty(), &value) {
                        by_width = self.by_width(*index, value);
                    }
                    values.push(value);
                    Step::Index(form)
                }
                Projection::Field(field) => {
                    values.push(None);
                    Step::Field(*field)
                }
            });
        }
        let is_certain = is_certain && self.sites[site].is_exact;
        self.keep_inside(place.var, &steps, &values, is_certain, span);
        let mut range = None;
        for (at, step) in steps.iter_mut().enumerate() {
            if let Step::Index(form) = step
                && form
                    .as_ref()
                    .is_some_and(|form| !self.is_useful(place, form))
            {
                let known = form.take();
                range = known.filter(|_| at == 0).or(range);
            }
        }
        self.accesses.push(Access {
            site,
            var: place.var,
            steps,
            flat,
            by_width,
            range,
            is_write: load.is_none(),
            is_certain,
            load,
            reduction: None,
            claim: None,
            update: None,
            is_control: false,
            domain: [&self.here.passed, domain].concat(),
            span,
        });
    }

    /// A subscript that is known in part says where an array is read; where the array is written too, a message about
    /// the subscript helps more than one about elements that may meet.
    fn is_useful(&self, place: &Place, form: &Affine) -> bool {
        form.is_exact() || !self.written.contains_key(&place.var)
    }

    /// A variable that stands for itself and that nothing here changes is passed by value.
    fn is_input(&self, place: &Place) -> bool {
        let var = &self.function.vars[place.var];
        let is_by_value = match var.ty {
            Type::Scalar(_) => true,
            Type::Record(record) => self.module.records[record].size_bytes <= BY_VALUE_BYTES,
            Type::Pointer { .. } => !leaves_variable(self.function, place),
            Type::Void | Type::Array { .. } | Type::Opaque(_) => false,
        };
        is_by_value
            && !self.modified.contains(&place.var)
            && !self.declared.contains_key(&place.var)
    }

    /// A pointer that is itself read from memory may lead anywhere.
    fn check_path(&mut self, place: &Place, span: Span) {
        let mut ty = self.function.vars[place.var].ty.clone();
        for (position, step) in place.path.iter().enumerate() {
            if matches!(ty, Type::Pointer { .. }) && position > 0 {
                let access = (place, span);
                let (module, function) = (self.module, self.function);
                let refusal =
                    remedy::pointer_in_memory(module, function, access, position, &self.targets);
                if !self.refusals.contains(&refusal) {
                    self.refusals.push(refusal);
                }
                return;
            }
            let inner = match (step, &ty) {
                (Projection::Index(_), _) => ty.element().cloned(),
                (Projection::Field(field), Type::Record(record)) => self.module.records[*record]
                    .fields
                    .get(*field as usize)
                    .map(|field| field.ty.clone()),
                (Projection::Field(_), _) => None,
            };
            let Some(inner) = inner else {
                self.unsupported("an object of this type", span);
                return;
            };
            ty = inner;
        }
        if let Type::Opaque(name) = ty {
            self.unsupported(&format!("the type {name}"), span);
        }
    }

    fn moved_pointer(&mut self, construct: &str, span: Span) {
        let construct = construct.to_owned();
        let refusal = Refusal::new(Reason::Unsupported { construct }, span);
        let refusal = refusal.helped("leave pointers as they are in the loop, and move subscripts");
        if !self.refusals.contains(&refusal) {
            self.refusals.push(refusal);
        }
    }

    fn unsupported(&mut self, construct: &str, span: Span) {
        let construct = construct.to_owned();
        self.refuse(Reason::Unsupported { construct }, span);
    }
}
