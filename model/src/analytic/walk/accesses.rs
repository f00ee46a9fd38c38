//! Expressions of a launch: what they compute, read and write.

use mupac_ir::{Expr, ExprKind, Handle, Place, Projection, Space, Var};

use super::Walker;
use crate::analytic::access::Kind;
use crate::analytic::kernel::{Access, Mode};
use crate::analytic::operations::Cost;
use crate::analytic::points::Value;

impl<'a> Walker<'a> {
    pub(super) fn expressions(&mut self, exprs: &[Handle<Expr>]) {
        for expr in exprs {
            self.spend(&Cost::of(self.of.function, *expr, None));
            self.reads(*expr, None);
        }
    }

    pub(super) fn spend(&mut self, cost: &Cost) {
        let executed = self.executed();
        self.kernel.instructions.add(&cost.instructions, executed);
        self.kernel.calls += cost.calls;
    }

    /// Notes what an expression reads, apart from one variable, which stays in a register.
    pub(super) fn reads(&mut self, expr: Handle<Expr>, apart_from: Option<Handle<Var>>) {
        let of = self.of;
        match &of.function.exprs[expr].kind {
            ExprKind::Load(place) => {
                if Some(place.var) != apart_from {
                    self.access(place, Mode::Read);
                }
            }
            ExprKind::Unary(_, operand) | ExprKind::Cast(operand) => {
                self.reads(*operand, apart_from);
            }
            ExprKind::Binary(_, left, right) => {
                self.reads(*left, apart_from);
                self.reads(*right, apart_from);
            }
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } => {
                for part in [condition, then, otherwise] {
                    self.reads(*part, apart_from);
                }
            }
            ExprKind::Call(_, arguments) => {
                for argument in arguments {
                    self.reads(*argument, apart_from);
                }
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => {}
        }
    }

    /// Notes an access and those in its subscripts.
    pub(super) fn access(&mut self, place: &'a Place, mode: Mode) {
        for step in &place.path {
            if let Projection::Index(index) = step {
                self.reads(*index, None);
            }
        }
        let of = self.of;
        let has_part = self.parts.iter().any(|part| part.array == place.var);
        let is_shared = of.function.vars[place.var].space == Space::Shared || has_part;
        let is_local = !is_shared && self.survey.local.contains(&place.var);
        if place.path.is_empty() {
            return;
        }
        let address = self.values.offset_bytes(place);
        if is_local {
            self.local(place, &address);
            return;
        }
        let bytes = self.elements * self.values.place_bytes(place);
        let is_constant = self.constants.contains(&place.var);
        let kind = if is_shared {
            Kind::Shared(bytes, mode)
        } else if is_constant {
            let moves = address.gradient();
            Kind::Constant {
                is_operand: !address.is_data && self.kernel.lays_out(self.inside, &moves),
            }
        } else {
            Kind::Memory
        };
        let threads = self.values.threads();
        let request = self.requests.of(kind, &address, &self.sample, threads);
        let access = Access {
            var: place.var,
            mode,
            is_shared,
            is_constant,
            is_data: address.is_data,
            bytes,
            base: address.base(),
            gradient: address.gradient(),
            inside: self.inside,
            runs_in: self.inside,
            executions: 1.0,
            share: 1.0,
            chance: self.chance,
            guard: self.guard,
            section: self.section,
            request,
        };
        // What was read or written just before is in a register still.
        let is_known = mode == Mode::Read
            && self.kernel.accesses.iter().any(|known| {
                known.section == access.section
                    && known.inside == access.inside
                    && known.is_same(&access)
            });
        if request.threads > 0.0 && !is_known {
            self.kernel.accesses.push(access);
        }
    }

    /// Notes an access to an array of the thread; it has registers only as long as the code names its elements by numbers.
    fn local(&mut self, place: &Place, address: &Value) {
        let mut elements = self.kernel.elements.iter();
        let Some(at) = elements.position(|each| each.array == place.var) else {
            return;
        };
        let moves = address.gradient();
        if address.is_data || !self.kernel.lays_out(self.inside, &moves) {
            self.kernel.local_bytes += self.kernel.elements.swap_remove(at).bytes;
            return;
        }
        let named = self.kernel.side_by_side(self.inside, &moves);
        self.kernel.elements[at].named_bytes += named * self.values.place_bytes(place) as f64;
    }
}
