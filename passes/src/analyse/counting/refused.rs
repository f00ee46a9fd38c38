//! Why a loop does not count, in words of C.

use mupac_ir::{
    Block, Call, Compute, Expr, ExprKind, Function, Handle, Module, Place, Reason, Refusal, Scalar,
    Span, Stmt, Storage, Type, Var, While,
};

use super::fixed::peeled;
use super::step::{self, Step};
use super::test::{Relation, Test, comparison};
use crate::analyse::names::shown;
use crate::analyse::remedy;
use crate::normalise::jumps;
use crate::{build, region};

/// Returns why a loop is none that counts: the first thing that would have to change.
pub(in crate::analyse) fn refusal(module: &Module, function: &Function, each: &While) -> Refusal {
    let loop_ = Uncounted {
        module,
        function,
        each,
    };
    let found = (loop_.called())
        .or_else(|| loop_.endless())
        .or_else(|| loop_.stepped())
        .or_else(|| loop_.unsteady())
        .or_else(|| loop_.of_memory());
    found.unwrap_or_else(|| match &each.not_counted {
        Some(refusal) => (**refusal).clone(),
        None => loop_.uncountable("nothing in it counts"),
    })
}

/// A loop that does not count.
struct Uncounted<'a> {
    module: &'a Module,
    function: &'a Function,
    each: &'a While,
}

impl Uncounted<'_> {
    fn uncountable(&self, why: impl Into<String>) -> Refusal {
        let why = why.into();
        Refusal::new(Reason::UncountableLoop { why }, self.each.header_span)
    }

    /// Returns the text of a place in the program, in quotes; `fallback` where it has none of one line.
    fn quoted(&self, span: Span, fallback: &str) -> String {
        let text = self.module.source.slice(span).trim_end_matches(';');
        if text.is_empty() || text.contains('\n') {
            return fallback.to_owned();
        }
        format!("`{text}`")
    }

    fn blocks(&self) -> [&Block; 3] {
        let each = self.each;
        [&each.before_test, &each.body, &each.after_body]
    }

    /// Its condition calls a function in every iteration.
    fn called(&self) -> Option<Refusal> {
        let call = self.each.before_test.iter().find_map(|stmt| {
            if let Stmt::Call(call) = stmt {
                Some(call)
            } else {
                None
            }
        })?;
        let why = format!("its condition calls {} each time", call.callee);
        let refusal = self.uncountable(why).with(call.span, "called here");
        Some(match self.hoisted(call) {
            Some(help) => refusal.helped(help),
            None => refusal,
        })
    }

    /// Returns how a call of the condition is made once, before the loop.
    fn hoisted(&self, call: &Call) -> Option<String> {
        let text = self.module.source.slice(call.span);
        let is_length = ["strlen", "wcslen", "strnlen"].contains(&call.callee.as_str());
        is_length.then(|| format!("call it once before the loop and compare with what it returned: `size_t n = {text};`"))
    }

    /// It goes on until a statement of it ends it.
    fn endless(&self) -> Option<Refusal> {
        let constant = build::constant(self.function, self.each.condition)?;
        if constant == 0 {
            return None;
        }
        let way_out = |stmt: &Stmt| jumps(stmt, &|stmt| matches!(stmt, Stmt::Break(_)));
        let how = if self.each.body.iter().any(way_out) {
            "break"
        } else {
            "return"
        };
        let mut at = None;
        region::each(&self.each.body, &mut |stmt| {
            if let ("break", Stmt::Break(span)) | ("return", Stmt::Return(_, span)) = (how, stmt) {
                at = at.or(Some(*span));
            }
        });
        let how = how.to_owned();
        at.map(|at| Refusal::new(Reason::EarlyExit { how }, at))
    }

    /// A variable counts, and what is asked of it does not say how often.
    fn stepped(&self) -> Option<Refusal> {
        let (function, each) = (self.function, self.each);
        let step = Step::of(function, each)?;
        let name = shown(&function.vars[step.var]);
        let conditions = build::conjuncts(function, each.condition);
        let test = |condition: &Handle<Expr>| Test::by(function, each, &step, *condition);
        let (tests, others): (Vec<_>, Vec<_>) =
            (conditions.into_iter()).partition(|condition| test(condition).is_some());
        let Some(first) = tests.first() else {
            return self.uncompared(step.var, &others);
        };
        if let Some(other) = others.first() {
            let how = "its condition".to_owned();
            let at = function.exprs[*other].span;
            let refusal = Refusal::new(Reason::EarlyExit { how }, each.header_span);
            return Some(refusal.with(at, "asked before each iteration"));
        }
        let test = test(first)?;
        if matches!(function.vars[step.var].ty, Type::Pointer { .. }) {
            return Some(self.far(&step, &test));
        }
        if !step.is_bounded {
            let why = format!("{name} may wrap around before the loop ends");
            return Some(self.uncountable(why).helped(
                "count with `int` or `long`, which may not overflow, as what it is compared with does",
            ));
        }
        if test.relation == Relation::Unequal {
            let why = format!("{name} may pass what it is compared with without being equal to it");
            let relation = if step.by > 0 { "<" } else { ">" };
            let help = format!("compare with `{relation}` instead of `!=`");
            return Some(self.uncountable(why).helped(help));
        }
        let why =
            format!("{name} is read after the loop, which may end in the middle of an iteration");
        Some(self.uncountable(why))
    }

    /// A variable counts that no part of the condition compares with something else.
    fn uncompared(&self, var: Handle<Var>, conditions: &[Handle<Expr>]) -> Option<Refusal> {
        let function = self.function;
        let name = shown(&function.vars[var]);
        let condition = conditions.first()?;
        let at = function.exprs[*condition].span;
        let is_counter = |side| {
            matches!(&function.exprs[peeled(function, side)].kind, ExprKind::Load(place)
                if *place == Place::var(var))
        };
        if comparison(function, *condition).is_some_and(|(_, a, b)| is_counter(a) || is_counter(b))
        {
            let away = || {
                let why = format!("{name} moves away from what it is compared with, or past it");
                self.uncountable(why)
            };
            let known = self.each.not_counted.as_ref();
            return Some(known.map_or_else(away, |known| (**known).clone()));
        }
        let mut reads_memory = false;
        build::visit(function, *condition, &mut |_, node| {
            reads_memory |= matches!(&node.kind, ExprKind::Load(place) if !place.path.is_empty());
        });
        let text = self.quoted(at, "its condition");
        let why = if reads_memory {
            format!("{text} reads memory to find out whether it goes on")
        } else {
            format!("{text} does not compare {name} alone with something that stays as it is")
        };
        let help = if reads_memory {
            "find out how many iterations there are in a loop before, and count up to there with a `for`"
        } else {
            "compute up to where it counts before the loop, and compare the counter itself with that"
        };
        Some(self.uncountable(why).helped(help))
    }

    /// A pointer counts from somewhere up to somewhere else.
    fn far(&self, step: &Step, test: &Test) -> Refusal {
        let function = self.function;
        let name = shown(&function.vars[step.var]);
        let bound = test.bound.map(|bound| function.exprs[bound].span);
        let bound = bound.map_or("", |at| self.module.source.slice(at));
        if bound.is_empty() || step.by != 1 {
            return self.uncountable(format!("how many elements {name} moves over is not known"));
        }
        let why = format!("how far {name} is from {bound} is not known");
        let help = format!(
            "count the elements: `long n = {bound} - {name};` before the loop, `for (long i = 0; i < n; i++)` and `{name}[i]`"
        );
        self.uncountable(why).helped(help)
    }

    /// No variable changes by the same constant in every iteration.
    fn unsteady(&self) -> Option<Refusal> {
        let function = self.function;
        let named = build::variables(function, self.each.condition);
        let mut changed = named
            .into_iter()
            .filter(|var| self.assigned(*var).is_some());
        let var = changed.next()?;
        let declared = &function.vars[var];
        let name = shown(declared);
        if declared.is_volatile {
            let variable = name;
            return Some(Refusal::new(
                Reason::Volatile { variable },
                self.each.header_span,
            ));
        }
        if !declared.is_plain_local() {
            return Some(self.seen_elsewhere(var));
        }
        let (assignment, is_alone) = self.assigned(var)?;
        let text = self.quoted(assignment.span, &format!("the change of {name}"));
        let is_float = declared.ty.scalar().is_some_and(Scalar::is_float);
        let refusal = if is_float {
            self.uncountable(format!("{name}, which its condition reads, is no integer"))
                .helped(format!(
                    "count with an integer, and compute {name} from it in each iteration"
                ))
        } else if self.is_chased(var, assignment) {
            self.uncountable(format!("{text} goes to wherever a pointer in memory leads"))
                .helped("keep the elements in an array, and loop over its subscripts")
        } else if is_alone && self.is_constant(var) {
            self.uncountable(format!(
                "a `continue` comes to its condition with or without {text}"
            ))
            .helped("put what a `continue` skips into an `if` instead")
        } else if is_alone {
            self.uncountable(format!("{text} does not add a constant to {name}"))
        } else {
            self.uncountable(format!(
                "not every iteration adds the same constant to {name}"
            ))
        };
        Some(refusal.with(assignment.span, "changed here"))
    }

    /// Returns whether some assignment to a variable adds a constant.
    fn is_constant(&self, var: Handle<Var>) -> bool {
        let adds = |block: &&Block| {
            (0..block.len()).any(|at| step::amount(self.function, block, at, var).is_some())
        };
        self.blocks().iter().any(adds)
    }

    /// Only memory, or what others may change, decides whether it goes on.
    fn of_memory(&self) -> Option<Refusal> {
        let function = self.function;
        let mut is_of_memory = false;
        build::visit(function, self.each.condition, &mut |_, node| {
            is_of_memory |= matches!(&node.kind, ExprKind::Load(place)
                if !place.path.is_empty() || !function.vars[place.var].is_plain_local());
        });
        let at = function.exprs[self.each.condition].span;
        let text = self.quoted(at, "its condition");
        is_of_memory
            .then(|| self.uncountable(format!("{text} depends on what iterations leave in memory")))
    }

    /// Others than the function's own statements may change the counter.
    fn seen_elsewhere(&self, var: Handle<Var>) -> Refusal {
        let declared = &self.function.vars[var];
        let name = shown(declared);
        let why = match declared.storage {
            Storage::Global => format!(
                "its counter {name} is a variable of the whole file, which others may change"
            ),
            Storage::Static => {
                format!("its counter {name} is `static` and lives on after the function")
            }
            Storage::Parameter | Storage::Local | Storage::Function => {
                format!("the address of its counter {name} is taken, by which others may change it")
            }
        };
        let declared = remedy::declarations(self.module, self.function, &[var]);
        let help = format!("count with a variable of the function: `{declared}`");
        self.uncountable(why).helped(help)
    }

    /// Returns the first assignment to a variable in the loop, and whether it is the only one and every iteration makes it.
    fn assigned(&self, var: Handle<Var>) -> Option<(&Compute, bool)> {
        let mut first: Option<&Compute> = None;
        for block in self.blocks() {
            for stmt in block {
                region::each(std::slice::from_ref(stmt), &mut |inner| {
                    if let Stmt::Compute(compute) = inner
                        && compute.target.var == var
                        && compute.target.path.is_empty()
                    {
                        first = first.or(Some(compute));
                    }
                });
            }
        }
        let count: usize = (self.blocks().iter())
            .map(|block| step::assignments(block, var))
            .sum();
        let is_own = |stmt: &Stmt| matches!(stmt, Stmt::Compute(compute) if compute.target.var == var && compute.target.path.is_empty());
        let is_certain = self.blocks().iter().any(|block| block.iter().any(is_own));
        first.map(|first| (first, count == 1 && is_certain))
    }

    /// Returns whether a pointer is set to what lies in memory behind it.
    fn is_chased(&self, var: Handle<Var>, assignment: &Compute) -> bool {
        let mut is_read = false;
        build::visit(self.function, assignment.value, &mut |_, node| {
            is_read |= matches!(&node.kind, ExprKind::Load(place)
                if place.var == var && !place.path.is_empty());
        });
        is_read && matches!(self.function.vars[var].ty, Type::Pointer { .. })
    }
}
