//! How much a function does as far as its constants say: an estimate from the text alone, so that what a check makes of it is
//! the same on every machine.

mod bounds;
mod initial;

use std::collections::BTreeMap;
use std::mem;

use mupac_ir::fold::{constant, fold};
use mupac_ir::interpret::Value;
use mupac_ir::structure::conjuncts;
use mupac_ir::{
    Call, Compute, Expr, ExprKind, Function, Handle, Loop, Module, Place, Projection, Record, Stmt,
    Storage, Type, UnaryOp, Var, While,
};

pub(crate) use bounds::{Bounds, FEW, bounds, numbers};
use bounds::{compared_counter, steps};
pub(crate) use initial::initial;

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
            let (counter, end, step) = compared_counter(self.function, test, &steps)?;
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
