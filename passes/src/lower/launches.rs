//! What is known of the launches of a nest: over all iterations of the host's loops around it.

use std::collections::BTreeSet;

use mupac_ir::{Arena, Expr, Function, Handle, Loop, Refusal, Stmt, Var};

use super::{Context, Shared};
use crate::judge::{Linear, Scope, illegal, place, unsolved};
use crate::symbol::Symbol;
use crate::{build, express, isl, region, trip};

/// The launches of a nest.
pub(crate) struct Launches<'a> {
    pub(crate) context: &'a Context<'a>,
    /// The loops of the host around the nest, with start and end; their iterators are dimensions of time.
    host: Vec<(Loop, Linear, Linear)>,
    /// What the host tests before each launch, where it depends on the host's iterators whether a loop runs.
    pub(crate) condition: Option<Handle<Expr>>,
}

impl<'a> Launches<'a> {
    /// Reads the loops of the host around a nest.
    ///
    /// **Errors**: `illegal-step` where one of them has bounds that are not affine; `solver-limit`.
    pub(crate) fn new(context: &'a Context<'a>, function: &mut Function) -> Result<Self, Refusal> {
        let mut loops = Vec::new();
        let mut scope = Scope::new(context.region.state.function(), 0, context.region.unchanged);
        scope.known = Some(&context.region.conditions.assumed);
        for each in &context.nest.host {
            let bounds = scope.value(each.start).zip(scope.value(each.end));
            let Some((start, end)) = bounds else {
                let why = format!("the bounds of {} are not affine", each.name);
                return Err(illegal(why, each.header_span));
            };
            scope.enter(each, &start, &end);
            loops.push(((*each).clone(), start, end));
        }
        let mut launches = Self {
            context,
            host: loops,
            condition: None,
        };
        let at = place(context.nest.statements);
        launches.condition = launches
            .runs_when(function)
            .map_err(|error| unsolved(&error, at))?;
        Ok(launches)
    }

    /// Returns the names in scope at a launch.
    pub(crate) fn scope<'b>(&'b self, function: &'b Function) -> Scope<'b> {
        let mut scope = Scope::new(function, 0, self.context.region.unchanged);
        scope.known = Some(&self.context.region.conditions.assumed);
        for (each, start, end) in &self.host {
            scope.value(each.start);
            scope.value(each.end);
            scope.enter(each, start, end);
        }
        scope
    }

    /// Returns whether a value depends on the iterators of the host.
    pub(crate) fn varies(&self, function: &Function, value: Handle<Expr>) -> bool {
        build::variables(function, value)
            .iter()
            .any(|var| self.host.iter().any(|(each, ..)| each.iterator == *var))
    }

    /// Returns the parameter values for which no launch meets a constraint.
    pub(crate) fn never(
        &self,
        scope: &Scope<'_>,
        constraint: &str,
    ) -> Result<isl::Set, isl::Error> {
        let context = self.context.region.facts.context.context();
        let met = isl::Set::parse(context, &Self::launches(scope, &[], constraint))?.params()?;
        isl::Set::parse(context, "{ : }")?.subtract(&met)
    }

    /// Returns an upper bound of a value over all launches, as an expression over parameters.
    pub(crate) fn greatest(
        &self,
        function: &mut Function,
        value: Handle<Expr>,
    ) -> Option<Handle<Expr>> {
        let text = {
            let mut scope = self.scope(function);
            let value = scope.value(value)?;
            Self::launches(&scope, &["c".to_owned()], &format!("c = {value}"))
        };
        let assumed = &self.context.region.conditions.assumed;
        // Where the solver finds no bound, nothing is known.
        let values = isl::Set::parse(assumed.context(), &text).ok()?;
        let values = values.intersect_params(assumed).ok()?;
        let bound = values.maximum(0, assumed).ok()?;
        express::value(function, &bound)
    }

    /// Returns how many elements an array has at most that the host declares in some of its loops around the nest, `count` of
    /// them each time, as an expression over parameters.
    pub(super) fn most(
        &self,
        function: &mut Function,
        array: Handle<Var>,
        count: Handle<Expr>,
    ) -> Option<Handle<Expr>> {
        let declares = |stmt: &Stmt| matches!(stmt, Stmt::Declare(var, _) if *var == array);
        let is_around = |(each, ..): &&(Loop, Linear, Linear)| {
            region::first(&each.body, &mut |stmt| declares(stmt).then_some(())).is_some()
        };
        let around = self.host.iter().take_while(is_around).cloned().collect();
        let declaring = Launches {
            context: self.context,
            host: around,
            condition: None,
        };
        if declaring.varies(function, count) {
            return declaring.greatest(function, count);
        }
        let conditions = Some(self.context.region.conditions);
        let known = &self.context.known;
        Some(trip::shorten(function, count, known, conditions))
    }

    /// Returns tuples of `kept` for the launches that meet a constraint, as isl's text.
    fn launches(scope: &Scope<'_>, kept: &[String], constraint: &str) -> String {
        let names: Vec<_> = scope.used.iter().map(Symbol::name).collect();
        let time: Vec<_> = (0..scope.dimensions).map(|at| format!("t{at}")).collect();
        let holds = scope.constraints.iter().map(String::as_str);
        let all: Vec<_> = holds
            .chain([constraint])
            .map(|each| format!("({each})"))
            .collect();
        let exists = if time.is_empty() {
            String::new()
        } else {
            format!("exists {} : ", time.join(", "))
        };
        format!(
            "[{}] -> {{ [{}] : {exists}({}) }}",
            names.join(", "),
            kept.join(", "),
            all.join(" and ")
        )
    }

    /// Returns the condition on the host's iterators under which every mapped loop runs; `None` where they do in
    /// every launch, or where that does not depend on those iterators and so is a guard of the region.
    fn runs_when(&self, function: &mut Function) -> Result<Option<Handle<Expr>>, isl::Error> {
        let (mut conditions, mut seen) = (Vec::new(), BTreeSet::new());
        for Shared { each, .. } in self.context.deciding() {
            if !self.depends(function, each) || self.always_runs(function, each)? {
                continue;
            }
            let condition = trip::runs(function, each);
            conditions.extend(condition.filter(|condition| {
                let text = |expr| mupac_ir::print::expr(&Arena::default(), function, expr);
                seen.insert(text(*condition))
            }));
        }
        Ok(build::all_of(function, conditions))
    }

    /// Returns whether it depends on the host's iterators how often a loop runs.
    pub(crate) fn depends(&self, function: &Function, each: &Loop) -> bool {
        self.varies(function, each.start) || self.varies(function, each.end)
    }

    /// Returns whether it is known before a launch how often a loop runs.
    pub(crate) fn is_counted_early(&self, function: &Function, each: &Loop) -> bool {
        [each.start, each.end].iter().all(|bound| {
            let mut named = build::variables(function, *bound).into_iter();
            named.all(|var| self.context.known.contains(&var))
        })
    }

    fn always_runs(&self, function: &Function, each: &Loop) -> Result<bool, isl::Error> {
        match self.empty(function, each, 0) {
            Some((scope, empty)) => {
                let never = self.never(&scope, &empty)?;
                self.context.region.conditions.assumed.is_subset(&never)
            }
            None => Ok(false),
        }
    }

    /// Returns the names in scope and the constraint that a loop runs no more than `skipped` times.
    pub(crate) fn empty<'b>(
        &'b self,
        function: &'b Function,
        each: &Loop,
        skipped: u128,
    ) -> Option<(Scope<'b>, String)> {
        let mut scope = self.scope(function);
        let (start, end) = scope.value(each.start).zip(scope.value(each.end))?;
        let skipped = skipped * u128::from(each.step.unsigned_abs());
        let constraint = if each.step > 0 {
            format!("{start} + {skipped} >= {end}")
        } else {
            format!("{end} + {skipped} >= {start}")
        };
        Some((scope, constraint))
    }
}
