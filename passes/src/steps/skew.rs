//! `skew i j 1 -> i.w i.f`: two loops, one directly inside the other, are counted by fronts.
//!
//! **What it does**: runs together what lies on one line `factor * i + j` of the iteration space; the outer loop counts
//! these fronts, the inner one the iterations of the outer loop of the program that a front meets. The bounds of the
//! inner loop of the program may be sums with its outer iterator, so triangles have fronts as well.
//!
//! **Before**: `for i in s..e { for j in t..u { B } }` with `m` iterations of `i` and `n` of `j`
//!
//! **After**: `for i.w in 0..m - 1 + n { for i.f in max(0, i.w - n + 1)..min(m, i.w + 1) { let i = s + i.f; let j = t + (i.w - i.f); B } }`;
//! with a factor above 1, or a triangle as steep, `i.f` counts all iterations of `i`, and a condition skips those that the
//! front does not meet
//!
//! **Legal when**: nothing but the inner loop is in the outer one, and every dependence goes from a front to a later one,
//! or along one line of the program's inner loop.
//!
//! **Pays when**: both loops carry dependences, and the iterations of a front do not depend on one another.
//!
//! **Source**: Wolfe, “Loops Skewing: The Wavefront Method Revisited”, International Journal of Parallel Programming
//! 15(4), 1986; Lamport, “The Parallel Execution of DO Loops”, CACM 17(2), 1974.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{
    BinaryOp, Block, Expr, ExprKind, Function, Handle, If, Loop, LoopName, Move, Refusal, Scalar,
    Stmt, Trajectory, Var,
};

use super::account::Account;
use super::parts::{are_free, counted};
use super::{Phase, Step, argument, make, refusal, sequential};
use crate::device::Device;
use crate::facts::Facts;
use crate::judge::{Linear, Scope};
use crate::state::{Draft, State};
use crate::{build, region, trip};

/// The step.
pub struct Skew;

/// Larger factors leave fronts of too few iterations.
pub(crate) const GREATEST_FACTOR: i64 = 3;

impl Step for Skew {
    fn name(&self) -> &'static str {
        "skew"
    }

    fn phase(&self) -> Phase {
        Phase::Region
    }

    /// None: where fronts are what makes a nest parallel, every plan starts with them; elsewhere they only cost.
    fn moves(&self, _draft: &Draft, _device: &Device, _out: &mut Vec<Move>) {}

    fn more_moves(&self, draft: &Draft, _device: &Device, out: &mut Vec<Move>) {
        for outer in region::loops(draft.statements()) {
            if let [Stmt::For(inner)] = outer.body.as_slice()
                && draft.is_original(&outer.name)
                && draft.is_original(&inner.name)
            {
                out.extend((0..=GREATEST_FACTOR).map(|factor| move_of(outer, inner, factor)));
            }
        }
    }

    fn apply(
        &self,
        facts: &Facts,
        function: &mut Function,
        region: &mut Block,
        step: &Move,
    ) -> Result<(), Refusal> {
        skew(&facts.unchanged(), function, region, step)
    }

    fn account(&self, _before: &State, step: &Move) -> Result<Account, Refusal> {
        let inner: String = argument(step, 0)?;
        let factor: i64 = argument(step, 1)?;
        let [wave, front]: [String; 2] = [argument(step, 3)?, argument(step, 4)?];
        let target = &step.target;
        Ok(Account {
            did: format!(
                "counted `{target}` and `{inner}` by fronts: `{wave}` counts fronts, on each of which {factor} steps of `{inner}` make up for one of `{target}`, and `{front}` the iterations on one"
            ),
            legal_because: "every iteration comes on a later front than those it depends on"
                .to_owned(),
        })
    }
}

/// Returns the move that counts two loops by fronts, with names of the outer loop's and `.w`, `.f` behind.
pub(crate) fn move_of(outer: &Loop, inner: &Loop, factor: i64) -> Move {
    let (wave, front) = (format!("{}.w", outer.name), format!("{}.f", outer.name));
    let factor = factor.to_string();
    make(
        &Skew,
        &outer.name,
        &[&inner.name.0, &factor, "->", &wave, &front],
    )
}

/// Returns, for each loop of the program that moves count by fronts as the inner one of two, the outer one.
pub(crate) fn inner_of_fronts(trajectory: &Trajectory) -> BTreeMap<LoopName, LoopName> {
    let skews = trajectory.moves.iter();
    skews
        .filter(|step| step.step == Skew.name())
        .filter_map(|step| {
            let inner = step.arguments.first()?;
            Some((LoopName(inner.clone()), step.target.clone()))
        })
        .collect()
}

/// Returns the loops of the program that moves count by fronts.
pub(crate) fn by_fronts(trajectory: &Trajectory) -> BTreeSet<LoopName> {
    let pairs = inner_of_fronts(trajectory).into_iter();
    pairs.flat_map(|(inner, outer)| [inner, outer]).collect()
}

/// Returns the loop over fronts that a move makes.
pub(crate) fn wave_of(step: &Move) -> Option<LoopName> {
    step.arguments.get(3).cloned().map(LoopName)
}

/// Counts the two loops that a move names by fronts; nothing changes the variables in `unchanged`.
///
/// **Errors**: `illegal-step` where the move does not fit.
pub(crate) fn skew(
    unchanged: &BTreeSet<Handle<Var>>,
    function: &mut Function,
    region: &mut Block,
    step: &Move,
) -> Result<(), Refusal> {
    let inner_name = LoopName(argument(step, 0)?);
    let factor: i64 = argument(step, 1)?;
    let arrow: String = argument(step, 2)?;
    let [wave, front]: [String; 2] = [argument(step, 3)?, argument(step, 4)?];
    if !(0..=GREATEST_FACTOR).contains(&factor) || arrow != "->" || step.arguments.len() != 5 {
        return Err(refusal(
            step,
            "the form is `skew OUTER INNER 0..3 -> WAVE FRONT`",
        ));
    }
    if !are_free(function, region, &[&wave, &front]) {
        return Err(refusal(step, "the names are taken"));
    }
    let around = region::along(region, &step.target);
    let known: BTreeSet<_> = around.iter().map(|each| each.iterator).collect();
    let known = known.union(unchanged).copied().collect();
    let target = sequential(region, step)?;
    let [Stmt::For(inner)] = target.body.as_slice() else {
        return Err(refusal(step, "the outer loop holds more than one loop"));
    };
    if inner.name != inner_name || inner.mapping.is_parallel() {
        let why = "the second loop is not directly inside the first";
        return Err(refusal(step, why));
    }
    let inner = inner.clone();
    let slopes = Slopes::of(function, &known, target, &inner);
    let skewed = slopes.and_then(|slopes| {
        let space = Space::of(function, &known, (target, &inner), slopes, factor.into())?;
        space.by_fronts(function, target, inner, wave, front)
    });
    *target = skewed.ok_or_else(|| {
        let why = "the inner bounds are no sums of the outer iterator and what does not change";
        refusal(step, why)
    })?;
    Ok(())
}

/// How the inner loop of two moves with the outer iterator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slopes {
    /// By how much its first iterator value grows with that of the outer loop.
    pub(crate) start: i128,
    /// By how many iterations it grows with each iteration of the outer loop.
    count: i128,
}

impl Slopes {
    /// Reads the bounds of the inner loop, of which `known` does not change while both run; `None` where they are no sums.
    pub(crate) fn of(
        function: &Function,
        known: &BTreeSet<Handle<Var>>,
        outer: &Loop,
        inner: &Loop,
    ) -> Option<Self> {
        let mut known = known.clone();
        known.remove(&outer.iterator);
        let mut scope = Scope::new(function, 0, &known);
        let time = "t0".to_owned();
        let anything = (i128::from(i64::MIN), i128::from(i64::MAX));
        scope.ranges.insert(time.clone(), anything);
        let iterator = Linear::term(time.clone());
        scope.values.insert(outer.iterator, Some(iterator));
        let mut along = |bound: Handle<Expr>| {
            let value = scope.value(bound)?;
            let is_hidden = value
                .terms
                .keys()
                .any(|term| *term != time && term.contains(&time));
            (!is_hidden).then(|| value.terms.get(&time).copied().unwrap_or(0))
        };
        let (start, end) = (along(inner.start)?, along(inner.end)?);
        let longer = end.checked_sub(start)?;
        let count = match inner.step {
            1 => longer,
            -1 => longer.checked_neg()?,
            _ if start == 0 && end == 0 => 0,
            _ => return None,
        };
        Some(Self {
            start,
            count: count.checked_mul(i128::from(outer.step))?,
        })
    }
}

/// The iterations of two loops, each counted from 0: `x` of the outer one and `first + slope * x` of the inner one.
struct Space {
    /// The iterations of the outer loop.
    outer: Handle<Expr>,
    /// The iterations of the inner loop in the first one of the outer.
    first: Handle<Expr>,
    slope: i128,
    factor: i128,
}

impl Space {
    fn of(
        function: &mut Function,
        known: &BTreeSet<Handle<Var>>,
        (outer, inner): (&Loop, &Loop),
        slopes: Slopes,
        factor: i128,
    ) -> Option<Self> {
        let count = trip::count(function, inner)?;
        let ty = function.vars[outer.iterator].ty.scalar()?;
        let start = build::convert(function, outer.start, ty);
        let first = build::replaced(function, count, &mut |_, node| {
            let is_iterator =
                matches!(&node.kind, ExprKind::Load(place) if place.var == outer.iterator);
            is_iterator.then_some(start)
        });
        Some(Self {
            outer: trip::short_count(function, outer, known, None)?,
            first: trip::shorten(function, first, known, None),
            slope: slopes.count,
            factor,
        })
    }

    /// Returns the loop over fronts in place of the outer loop, whose body the body of `inner` becomes.
    fn by_fronts(
        &self,
        function: &mut Function,
        outer: &Loop,
        inner: Loop,
        wave: String,
        front: String,
    ) -> Option<Loop> {
        let mut local = |name: &String| {
            let var = Var::local(name.clone(), Scalar::I64);
            function.vars.push(var)
        };
        let (wave_iterator, front_iterator) = (local(&wave), local(&front));
        let end = self.fronts(function);
        let at = function.load(wave_iterator);
        let (low, high) = self.meets(function, at);
        let of_outer = function.load(front_iterator);
        let outer_value = trip::value(function, outer, of_outer)?;
        let passed = build::scale(function, self.factor, of_outer);
        let of_inner = if self.factor == 0 {
            at
        } else {
            build::binary(function, BinaryOp::Subtract, at, passed)
        };
        let inner_value = trip::value(function, &inner, of_inner)?;
        let names = [
            Stmt::Let(outer.iterator, outer_value),
            Stmt::Let(inner.iterator, inner_value),
        ];
        let along = counted(function, &inner, front_iterator, front, high);
        let body = match self.missed(function, &inner, of_inner) {
            Some(condition) => vec![Stmt::If(If {
                condition,
                then: inner.body,
                otherwise: Block::new(),
                span: inner.span,
            })],
            None => inner.body,
        };
        let along = Loop {
            start: low,
            body: names.into_iter().chain(body).collect(),
            ..along
        };
        let fronts = counted(function, outer, wave_iterator, wave, end);
        Some(Loop {
            body: vec![Stmt::For(along)],
            ..fronts
        })
    }

    /// Returns by how much the last front that an iteration of the outer loop meets is beyond that of the iteration before.
    fn growth(&self) -> i128 {
        self.factor + self.slope
    }

    /// Appends the number of fronts.
    fn fronts(&self, function: &mut Function) -> Handle<Expr> {
        if self.growth() <= 0 {
            return self.first;
        }
        let one = build::int(function, 1, Scalar::I64);
        let last = build::binary(function, BinaryOp::Subtract, self.outer, one);
        let grown = build::scale(function, self.growth(), last);
        build::binary(function, BinaryOp::Add, grown, self.first)
    }

    /// Appends the first iteration of the outer loop that a front meets, and the first one behind those that it meets; where
    /// that would take a quotient, all of the loop, of which [`missed`](Self::missed) tells those that it does not meet.
    fn meets(&self, function: &mut Function, at: Handle<Expr>) -> (Handle<Expr>, Handle<Expr>) {
        let one = build::int(function, 1, Scalar::I64);
        let (mut low, mut high) = (build::int(function, 0, Scalar::I64), self.outer);
        if self.factor == 1 {
            let beyond = build::binary(function, BinaryOp::Add, at, one);
            high = build::binary(function, BinaryOp::Min, high, beyond);
        }
        if self.growth() == 1 {
            let before = build::binary(function, BinaryOp::Subtract, at, self.first);
            let next = build::binary(function, BinaryOp::Add, before, one);
            low = build::binary(function, BinaryOp::Max, low, next);
        } else if self.growth() == -1 {
            let left = build::binary(function, BinaryOp::Subtract, self.first, at);
            high = build::binary(function, BinaryOp::Min, high, left);
        }
        (low, high)
    }

    /// Appends the condition under which a front meets an iteration of the outer loop, in the `number`th one of the inner;
    /// `None`: it meets all between the bounds.
    fn missed(
        &self,
        function: &mut Function,
        inner: &Loop,
        number: Handle<Expr>,
    ) -> Option<Handle<Expr>> {
        let zero = build::int(function, 0, Scalar::I64);
        let is_behind = (self.factor > 1)
            .then(|| build::binary(function, BinaryOp::GreaterEqual, number, zero));
        let is_before = (self.growth().abs() > 1)
            .then(|| trip::test(function, inner))
            .flatten();
        build::all_of(function, is_behind.into_iter().chain(is_before))
    }
}
