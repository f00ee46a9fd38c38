//! Reads the statements of a function as events, in order.

use std::collections::BTreeSet;

use mupac_ir::stmt::{Call, Compute};
use mupac_ir::{Expr, Function, Handle, Module, RegionPlan, Span, Stmt, Touched, Var};

use super::conduct::{Conduct, Conducts};
use super::effect::{self, Effect};
use super::events::{CallKind, Event, contains};
use super::reach::is_plain;
use super::{stretches, touched};
use crate::library;
use crate::region;

/// Returns what a function does, in order, and its loops.
pub(super) fn read(
    module: &Module,
    function: Handle<Function>,
    regions: &[RegionPlan],
    conducts: &mut Conducts<'_>,
) -> (Vec<Event>, Vec<Span>) {
    let body = &module.functions[function];
    let mut reader = Reader {
        module,
        function: body,
        of: function,
        regions,
        conducts,
        around: Vec::new(),
        events: Vec::new(),
        loops: Vec::new(),
        fresh: (Span::default(), BTreeSet::new()),
    };
    reader.block(&body.body);
    (reader.events, reader.loops)
}

struct Reader<'r, 'c> {
    module: &'r Module,
    function: &'r Function,
    of: Handle<Function>,
    regions: &'r [RegionPlan],
    conducts: &'r mut Conducts<'c>,
    /// The loops around the statement.
    around: Vec<usize>,
    events: Vec<Event>,
    /// Every loop.
    loops: Vec<Span>,
    /// What the declaration declares that the statement belongs to, and that declaration.
    fresh: (Span, BTreeSet<Handle<Var>>),
}

impl Reader<'_, '_> {
    fn block(&mut self, block: &[Stmt]) {
        for stmt in block {
            if !self.region(stmt) {
                self.statement(stmt);
            }
        }
    }

    /// Notes the region that a statement is part of, once. Where its guards fail its text runs outside of any stay.
    fn region(&mut self, stmt: &Stmt) -> bool {
        let mut regions = self.regions.iter().enumerate();
        let found = regions
            .find(|(_, region)| region.of == self.of && contains(region.replaces, stmt.span()));
        let Some((index, region)) = found else {
            return false;
        };
        if self.events.iter().any(|event| event.region == Some(index)) {
            return true;
        }
        let arrays = region.buffers.iter().map(|(_, buffer)| buffer.array);
        self.push(Event {
            span: region.replaces,
            region: Some(index),
            is_apart: self.conducts.is_apart(index),
            arrays: arrays.collect(),
            ..Event::default()
        });
        true
    }

    fn statement(&mut self, stmt: &Stmt) {
        let span = stmt.span();
        if !contains(self.fresh.0, span) {
            self.fresh.1.clear();
        }
        match stmt {
            Stmt::Compute(compute) => self.compute(stmt, compute),
            Stmt::Declare(var, _) => self.declare(*var, span),
            Stmt::Let(..) | Stmt::Barrier => self.act(span, Effect::Blocked),
            Stmt::For(each) => {
                self.evaluated(each.header_span, each.start);
                let counts = is_plain(&self.function.vars[each.iterator])
                    || self.conducts.reach().is_apart(self.function, each.iterator);
                self.repeated(span, |reader| {
                    if counts {
                        reader.evaluated(each.header_span, each.end);
                    } else {
                        reader.act(each.header_span, Effect::Changes);
                    }
                    reader.block(&each.body);
                });
            }
            Stmt::While(each) => self.repeated(span, |reader| {
                reader.block(&each.before_test);
                reader.evaluated(each.header_span, each.condition);
                reader.block(&each.body);
                reader.block(&each.after_body);
            }),
            Stmt::If(branch) => {
                self.evaluated(span, branch.condition);
                self.block(&branch.then);
                self.block(&branch.otherwise);
            }
            Stmt::Call(call) => self.call(call),
            Stmt::Return(value, _) => {
                if let Some(value) = value {
                    self.evaluated(span, *value);
                }
            }
            Stmt::Break(_) | Stmt::Continue(_) => {}
            Stmt::Verbatim(..) => self.act(span, Effect::Alone),
        }
    }

    fn compute(&mut self, stmt: &Stmt, compute: &Compute) {
        let read = region::expressions(stmt);
        let values = read.iter().map(|expr| self.value(*expr));
        let values = values.max().unwrap_or_default();
        let (of, function) = (self.of, self.function);
        let reach = self.conducts.reach();
        // Of what is just declared there is no copy yet.
        let is_fresh = self.fresh.1.contains(&compute.target.var)
            && stretches::followed(self.module, function, &compute.target).is_empty();
        let (effect, touched) = if is_fresh {
            (values, touched::by_values(reach, of, function, &read))
        } else {
            let target = effect::of_target(reach, function, &compute.target);
            (
                values.max(target),
                touched::by(reach, of, function, compute),
            )
        };
        if effect != Effect::None {
            self.push(Event {
                span: stmt.span(),
                effect,
                touched,
                is_told: true,
                ..Event::default()
            });
        }
    }

    fn declare(&mut self, var: Handle<Var>, span: Span) {
        self.fresh.0 = span;
        self.fresh.1.insert(var);
        let dies = effect::dies(&self.function.vars[var]);
        if !dies || self.conducts.reach().is_apart(self.function, var) {
            return;
        }
        if stretches::can_end(self.module, self.function, var, span) {
            self.push(Event {
                span,
                begins: Some(var),
                ..Event::default()
            });
        } else {
            self.act(span, Effect::Blocked);
        }
    }

    fn call(&mut self, call: &Call) {
        let arguments = call.arguments.iter();
        let read = arguments.map(|argument| self.value(*argument)).max();
        let read = read.unwrap_or_default();
        let mut own = self.callee(call);
        if own.effect == Effect::None && read != Effect::None {
            let reach = self.conducts.reach();
            own.touched = touched::by_values(reach, self.of, self.function, &call.arguments);
            own.is_told = own.callee.is_none();
        }
        self.push(Event {
            span: call.span,
            effect: read.max(own.effect),
            call: match own.call {
                CallKind::Frees if read != Effect::None => CallKind::Any,
                kind @ (CallKind::Any | CallKind::Moves | CallKind::Frees) => kind,
            },
            ..own
        });
        if let Some(target) = &call.target {
            let reach = self.conducts.reach();
            let effect = effect::of_target(reach, self.function, target);
            if effect != Effect::None {
                let touched = touched::by_result(reach, self.of, self.function, target);
                self.push(Event {
                    span: call.span,
                    effect,
                    touched,
                    is_told: true,
                    ..Event::default()
                });
            }
        }
    }

    /// Returns the function that is called, if it comes to regions inside a stay, and what it does otherwise.
    fn callee(&mut self, call: &Call) -> Event {
        if let Some((callee, _)) = self.module.function(&call.callee) {
            let conduct = self.conducts.conduct(callee);
            let events = self.conducts.events(callee);
            let frees = events.is_some_and(|events| events.all.iter().all(Event::looks_at_nothing));
            let call = if frees {
                CallKind::Frees
            } else {
                CallKind::Any
            };
            return match conduct {
                Conduct::Uses => Event {
                    callee: Some(callee),
                    ..Event::default()
                },
                Conduct::Prepares(effect) => Event {
                    callee: Some(callee),
                    prepared: Some(effect),
                    call,
                    ..Event::default()
                },
                // Which function runs, or how, is not known.
                Conduct::Only(Effect::Alone) => Event {
                    effect: Effect::Alone,
                    ..Event::default()
                },
                Conduct::Only(effect) => Event {
                    effect,
                    call,
                    ..Event::default()
                },
            };
        }
        let (reach, arguments) = (self.conducts.reach(), &call.arguments);
        match effect::of_library(reach, self.function, &call.callee, arguments) {
            Some(behind) => Event {
                call: if call.target.is_none() && library::moves(&call.callee) && behind.len() == 2
                {
                    CallKind::Moves
                } else {
                    CallKind::Any
                },
                effect: behind
                    .iter()
                    .map(|each| each.effect())
                    .max()
                    .unwrap_or_default(),
                touched: touched::by_call(reach, self.of, self.function, arguments, &behind),
                ..Event::default()
            },
            None => Event {
                effect: Effect::Alone,
                ..Event::default()
            },
        }
    }

    fn value(&self, expr: Handle<Expr>) -> Effect {
        effect::of_value(self.conducts.reach(), self.function, expr)
    }

    /// Notes what is evaluated once, or before each iteration.
    fn evaluated(&mut self, span: Span, value: Handle<Expr>) {
        let effect = self.value(value);
        if effect != Effect::None {
            let reach = self.conducts.reach();
            let touched = touched::by_values(reach, self.of, self.function, &[value]);
            self.push(Event {
                span,
                effect,
                touched,
                is_told: true,
                ..Event::default()
            });
        }
    }

    fn repeated(&mut self, span: Span, read: impl FnOnce(&mut Self)) {
        self.around.push(self.loops.len());
        self.loops.push(span);
        read(self);
        self.around.pop();
    }

    fn act(&mut self, span: Span, effect: Effect) {
        if effect != Effect::None {
            self.push(Event {
                span,
                effect,
                ..Event::default()
            });
        }
    }

    fn push(&mut self, event: Event) {
        let loops = self.around.clone();
        let is_fresh = |var: &Handle<Var>| self.fresh.1.contains(var);
        // What stands before a declaration cannot name what it declares.
        let names = |touched: &Touched| {
            let mut all = touched.stretches();
            all.any(|(_, each)| stretches::finds(self.function, each).iter().any(is_fresh))
        };
        let touched = event.touched.filter(|touched| !names(touched));
        self.events.push(Event {
            loops,
            touched,
            ..event
        });
    }
}
