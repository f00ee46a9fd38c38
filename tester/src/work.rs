//! How much a function does as far as its constants say: an estimate from the text alone, so that what a check makes of it is
//! the same on every machine.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use mupac_ir::fold::{constant, fold};
use mupac_ir::interpret::Value;
use mupac_ir::structure::{self, conjuncts, each, variables};
use mupac_ir::{
    BinaryOp, Block, Call, Comparison, Compute, Expr, ExprKind, Function, Handle, Loop, Module,
    Place, Projection, Record, Stmt, Storage, Type, UnaryOp, Var, While,
};

/// Functions that print a number.
const PRINTING: [&str; 2] = ["fprintf", "printf"];
/// Nests of calls that are followed.
const MOST_CALLS: usize = 8;

/// Returns how many accesses to memory a call of a function makes, an assignment without any counting as one: loops count as
/// often as constants say, and once where sizes of the caller do; an outer counter counts as its mean, a member as the
/// greatest number that any structure of its kind was given, and a variable of file scope as the greatest one that it was.
pub(crate) fn accesses(module: &Module, function: &Function) -> f64 {
    Estimate {
        module,
        function,
        known: BTreeMap::new(),
        kept: BTreeMap::new(),
        depth: 0,
    }
    .block(&function.body)
}

/// Returns the constants that integer variables of a function are set to, but for those that only say how often a loop
/// repeats the same, and those that it passes on.
pub(crate) fn numbers(function: &Function) -> BTreeSet<u64> {
    let mut found = BTreeSet::new();
    let repeats = repeats(function);
    each(&function.body, &mut |statement| {
        if let Stmt::Compute(each) = statement
            && each.target.path.is_empty()
        {
            let is_size = !repeats.contains(&each.target.var);
            found.extend(magnitude(function, each.value).filter(|_| is_size));
        } else if let Stmt::Call(call) = statement {
            let arguments = call.arguments.iter();
            found.extend(arguments.filter_map(|each| magnitude(function, *each)));
        }
    });
    found
}

/// What is known of how often a loop runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// What it runs from and to, as far as these are constants.
    pub(crate) values: Vec<u64>,
    /// From one iteration to the next.
    pub(crate) step: u64,
    /// Whether the iterations know which they are; `None`: that is not known.
    pub(crate) is_counted: Option<bool>,
    /// The constants in what it runs to, and those that the variable is set to which tells that; each with what it is divided
    /// by.
    pub(crate) parts: Vec<(u64, Option<u64>)>,
}

/// Returns what is known of the loops of a function.
pub(crate) fn bounds(function: &Function) -> Vec<Bounds> {
    let mut found = Vec::new();
    let given = given(function);
    each(&function.body, &mut |statement| {
        let Stmt::For(each) = statement else {
            return;
        };
        let ends = [each.start, each.end].into_iter();
        let given = end_variable(function, each).and_then(|var| given.get(&var));
        let mut bounds = Bounds {
            values: ends.filter_map(|end| magnitude(function, end)).collect(),
            step: each.step.unsigned_abs(),
            is_counted: is_counted(function, each),
            parts: given
                .into_iter()
                .flatten()
                .map(|value| (*value, None))
                .collect(),
        };
        if constant(function, each.end).is_some() {
            structure::visit(function, each.end, &mut |expr, node| {
                let value = |expr| magnitude(function, expr);
                if let ExprKind::Int(_) = node.kind {
                    bounds.parts.extend(value(expr).map(|value| (value, None)));
                } else if let ExprKind::Binary(BinaryOp::Divide, a, b) = node.kind {
                    let quotient = value(a).map(|dividend| (dividend, value(b)));
                    bounds.parts.extend(quotient);
                }
            });
        }
        found.push(bounds);
    });
    found
}

fn magnitude(function: &Function, expr: Handle<Expr>) -> Option<u64> {
    u64::try_from(constant(function, expr)?.unsigned_abs()).ok()
}

/// Returns the only variable that says where a loop ends, also at a distance.
fn end_variable(function: &Function, each: &Loop) -> Option<Handle<Var>> {
    let mut named = variables(function, each.end).into_iter();
    named.next().filter(|_| named.next().is_none())
}

/// Returns the constants that each variable of a function is set to.
fn given(function: &Function) -> BTreeMap<Handle<Var>, BTreeSet<u64>> {
    let mut found: BTreeMap<_, BTreeSet<u64>> = BTreeMap::new();
    each(&function.body, &mut |statement| {
        if let Stmt::Compute(each) = statement
            && each.target.path.is_empty()
        {
            let given = found.entry(each.target.var).or_default();
            given.extend(magnitude(function, each.value));
        }
    });
    found
}

/// Returns the variables that say how often loops repeat the same, and how often no other loop runs.
fn repeats(function: &Function) -> BTreeSet<Handle<Var>> {
    let mut loops = BTreeMap::new();
    each(&function.body, &mut |statement| {
        if let Stmt::For(each) = statement
            && let Some(var) = end_variable(function, each)
        {
            let is_repeated = loops.entry(var).or_insert(true);
            *is_repeated &= is_counted(function, each) == Some(false);
        }
    });
    loops.retain(|_, is_repeated| *is_repeated);
    loops.into_keys().collect()
}

/// Returns whether it matters for some iteration of a loop which one it is; `None`: it runs text that may ask. What is
/// printed, and what is done every so many times, says nothing of sizes.
fn is_counted(function: &Function, each: &Loop) -> Option<bool> {
    let mut is_named = false;
    structure::each(&each.body, &mut |statement| {
        let is_printing =
            |call: &Call| call.target.is_none() && PRINTING.contains(&call.callee.as_str());
        let is_condition = matches!(statement, Stmt::If(_) | Stmt::While(_));
        let asks = !matches!(statement, Stmt::Call(call) if is_printing(call));
        structure::each_expression(statement, &mut |expr| {
            is_named |= if is_condition {
                is_subscript(function, expr, each.iterator)
            } else {
                asks && variables(function, expr).contains(&each.iterator)
            };
        });
    });
    let own = &function.vars[each.iterator];
    let is_known = own.is_plain_local() && own.texts.is_empty();
    (is_named || is_known).then_some(is_named)
}

/// Returns whether a variable is part of a subscript in an expression.
fn is_subscript(function: &Function, expr: Handle<Expr>, var: Handle<Var>) -> bool {
    let mut is_part = false;
    structure::visit(function, expr, &mut |_, node| {
        if let ExprKind::Load(place) = &node.kind {
            is_part |= place.path.iter().any(|step| match step {
                Projection::Index(index) => variables(function, *index).contains(&var),
                Projection::Field(_) => false,
            });
        }
    });
    is_part
}

/// What functions tell one another numbers by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kept {
    /// A member of any structure of a kind, by its number.
    Member(Handle<Record>, u32),
    /// A variable of file scope, or an element of one.
    Global(String, Vec<i128>),
}

struct Estimate<'a> {
    module: &'a Module,
    function: &'a Function,
    /// What variables hold, on average.
    known: BTreeMap<Handle<Var>, f64>,
    /// The greatest number that each was given so far.
    kept: BTreeMap<Kept, f64>,
    depth: usize,
}

impl Estimate<'_> {
    fn block(&mut self, block: &[Stmt]) -> f64 {
        block
            .iter()
            .map(|statement| self.statement(statement))
            .sum()
    }

    fn statement(&mut self, statement: &Stmt) -> f64 {
        match statement {
            Stmt::Compute(compute) => {
                self.note(compute.target.var, compute);
                let made = self.of_place(&compute.target) + self.of_value(compute.value);
                made.max(1) as f64
            }
            Stmt::For(each) => self.counted(each),
            Stmt::If(branch) => {
                let then = self.block(&branch.then);
                then.max(self.block(&branch.otherwise))
            }
            Stmt::While(each) => {
                let times = self.most_times(each);
                let before = self.block(&each.before_test);
                times * (before + self.block(&each.body) + self.block(&each.after_body))
            }
            Stmt::Call(call) => self.called(call),
            Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => 0.0,
        }
    }

    fn note(&mut self, var: Handle<Var>, compute: &Compute) {
        if let Some(kept) = self.kept(&compute.target)
            && let Some(value) = self.value(compute.value)
        {
            let known = self.kept.entry(kept).or_insert(value);
            *known = known.max(value);
        }
        if !compute.target.path.is_empty() {
            return;
        }
        match self.value(compute.value) {
            Some(value) => self.known.insert(var, value),
            None => self.known.remove(&var),
        };
    }

    fn kept(&self, place: &Place) -> Option<Kept> {
        let Some((Projection::Field(member), path)) = place.path.split_last() else {
            return self.global(place);
        };
        let whole = Place {
            var: place.var,
            path: path.to_vec(),
        };
        let ty = self.function.place_type(&self.module.records, &whole);
        match ty? {
            Type::Record(record) => Some(Kept::Member(record, *member)),
            Type::Void
            | Type::Scalar(_)
            | Type::Pointer { .. }
            | Type::Array { .. }
            | Type::Opaque(_) => None,
        }
    }

    fn global(&self, place: &Place) -> Option<Kept> {
        let own = &self.function.vars[place.var];
        let subscripts = place.path.iter().map(|step| match step {
            Projection::Index(index) => constant(self.function, *index),
            Projection::Field(_) => None,
        });
        let subscripts: Option<Vec<i128>> = subscripts.collect();
        let is_global = own.storage == Storage::Global;
        is_global
            .then(|| own.spelling.clone())
            .zip(subscripts)
            .map(|(name, at)| Kept::Global(name, at))
    }

    fn counted(&mut self, each: &Loop) -> f64 {
        let (start, end) = (self.value(each.start), self.value(each.end));
        let trips = match start.zip(end) {
            Some((start, end)) => ((end - start) / each.step as f64).max(0.0),
            None => 1.0,
        };
        let mean = start.zip(end).map(|(start, end)| f64::midpoint(start, end));
        match mean {
            Some(mean) => self.known.insert(each.iterator, mean),
            None => self.known.remove(&each.iterator),
        };
        let once = self.block(&each.body);
        self.known.remove(&each.iterator);
        trips * once
    }

    /// Returns how often a loop runs at most by a condition that compares a variable which it steps with a number that is known;
    /// once where none does. A loop until something converges ends there at the latest.
    fn most_times(&self, each: &While) -> f64 {
        let blocks = [&each.before_test, &each.body, &each.after_body];
        let steps = steps(self.function, &blocks);
        let compared = conjuncts(self.function, each.condition).into_iter();
        let times = compared.filter_map(|test| {
            let ExprKind::Binary(op, a, b) = &self.function.exprs[test].kind else {
                return None;
            };
            Comparison::of(*op)?;
            let step = |expr: Handle<Expr>| {
                let named = variables(self.function, expr);
                named.iter().find_map(|var| steps.get(var))
            };
            let (counter, end, step) = match (step(*a), step(*b)) {
                (Some(step), None) => (*a, *b, step),
                (None, Some(step)) => (*b, *a, step),
                (Some(_), Some(_)) | (None, None) => return None,
            };
            let distance = self.value(end)? - self.value(counter).unwrap_or(0.0);
            Some((distance / step).abs())
        });
        let least = times.reduce(f64::min);
        least.map_or(1.0, |times| times.max(1.0))
    }

    fn called(&mut self, call: &Call) -> f64 {
        let Some((_, function)) = self.module.function(&call.callee) else {
            return 1.0;
        };
        if self.depth == MOST_CALLS {
            return 1.0;
        }
        let passed = function.parameters.iter().zip(&call.arguments);
        let known = passed.filter_map(|(var, value)| Some((*var, self.value(*value)?)));
        let mut callee = Estimate {
            module: self.module,
            function,
            known: known.collect(),
            kept: mem::take(&mut self.kept),
            depth: self.depth + 1,
        };
        let accesses = callee.block(&function.body);
        self.kept = callee.kept;
        accesses
    }

    fn of_place(&self, place: &Place) -> u64 {
        let storage = self.function.vars[place.var].storage;
        let is_own = matches!(storage, Storage::Local | Storage::Parameter);
        let subscripts = place.path.iter().map(|step| match step {
            Projection::Index(index) => self.of_value(*index),
            Projection::Field(_) => 0,
        });
        u64::from(!is_own || !place.path.is_empty()) + subscripts.sum::<u64>()
    }

    fn of_value(&self, expr: Handle<Expr>) -> u64 {
        match &self.function.exprs[expr].kind {
            ExprKind::Load(place) => self.of_place(place),
            ExprKind::Cast(inner) | ExprKind::Unary(_, inner) => self.of_value(*inner),
            ExprKind::Binary(_, a, b) => self.of_value(*a) + self.of_value(*b),
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } => {
                let chosen = self.of_value(*then).max(self.of_value(*otherwise));
                self.of_value(*condition) + chosen
            }
            ExprKind::Call(_, arguments) => arguments.iter().map(|each| self.of_value(*each)).sum(),
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => 0,
        }
    }

    /// Returns what a variable of file scope starts with, unless that is what it has before it is given a number.
    fn initial(&self, place: &Place) -> Option<f64> {
        let own = &self.function.vars[place.var];
        let mut globals = self.module.globals.iter();
        let global = globals.find(|global| global.name == own.spelling)?;
        let scalar = own.ty.scalar().filter(|_| place.path.is_empty())?;
        let value = Value::from_bytes(scalar, &global.initial).ok()?;
        let value = value.integer().filter(|value| *value != 0);
        value.map(|value| value as f64)
    }

    fn is_known(&self, place: &Place) -> bool {
        place.path.is_empty() && self.known.contains_key(&place.var)
    }

    fn value(&self, expr: Handle<Expr>) -> Option<f64> {
        if let Some(value) = constant(self.function, expr) {
            return Some(value as f64);
        }
        match &self.function.exprs[expr].kind {
            ExprKind::Load(place) if self.is_known(place) => self.known.get(&place.var).copied(),
            ExprKind::Load(place) => {
                let kept = self.kept.get(&self.kept(place)?).copied();
                kept.or_else(|| self.initial(place))
            }
            ExprKind::Cast(inner) => self.value(*inner),
            ExprKind::Unary(UnaryOp::Negate, inner) => Some(-self.value(*inner)?),
            ExprKind::Binary(op, a, b) => {
                // Means are near enough to whole numbers.
                let whole = |expr| self.value(expr).map(|value| value.round() as i128);
                Some(fold(*op, whole(*a)?, whole(*b)?)? as f64)
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(UnaryOp::BitNot | UnaryOp::Not, _)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => None,
        }
    }
}

/// Returns the variables to which some blocks add a constant, with that constant.
fn steps(function: &Function, blocks: &[&Block]) -> BTreeMap<Handle<Var>, f64> {
    let mut found = BTreeMap::new();
    for block in blocks {
        structure::each(block, &mut |statement| {
            let Stmt::Compute(compute) = statement else {
                return;
            };
            let var = compute.target.var;
            let ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract, a, b) =
                function.exprs[compute.value].kind
            else {
                return;
            };
            let step = constant(function, b).filter(|step| *step != 0);
            if let Some(step) = step
                && compute.target.path.is_empty()
                && variables(function, a) == [var]
            {
                found.insert(var, step as f64);
            }
        });
    }
    found
}
