//! The walk over the functions of a file: each nest is tried as a region, from the outside.

use std::ops::Range;
use std::sync::Arc;

use mupac_ir::{
    Block, Function, Handle, LoopOutcome, Module, Origins, Reason, Refusal, Span, Stmt, Verdict,
};

use super::fetch::{self, InMemory, Kept, kept, unswitch};
use super::forms::Forms;
use super::outcome::{outcome, uncounted_outcome};
use super::privatise::Position;
use super::{apart, asserted, behind, counting, join, pointers};
use crate::calls::{self, Assertion, Callees, Expansion};
use crate::facts::{BlockStep, Facts, FloatOrder, Region};
use crate::normalise::{Made, Normal, Split, resume, shaped, split_extremes, split_flags, untile};
use crate::{isl, region};

/// Whether statements may take a form, by what is known of them as written in it, and what was made for that.
type Asked<'a> = (&'a dyn Fn(Option<&Facts>) -> bool, &'a Made);

/// A region as analysed.
pub(super) struct Found {
    pub(super) normal: Normal,
    pub(super) facts: Facts,
    /// Whether it is normalised.
    pub(super) is_normal: bool,
    /// How many statements it has.
    pub(super) count: usize,
    /// Whether what only the host can run is left out.
    pub(super) is_unswitched: bool,
}

/// Which shape statements are examined in.
#[derive(Clone, Copy)]
enum Shape<'a> {
    Written,
    /// With numbers that others can see by other names.
    Kept(&'a Kept),
    /// With conditions in place of what only the host can run.
    Unswitched,
}

impl Found {
    /// Returns whether the host counts with none of its loops.
    fn runs_at_once(&self, path: &[BlockStep], at: usize) -> bool {
        let range = at..at + self.count;
        let statements = region::statements(&self.normal.function, path, &range);
        let is_carried = |stmt: &Stmt| matches!(stmt, Stmt::For(each) if self.facts.carried.contains_key(&each.name));
        !statements.iter().any(is_carried)
    }
}

/// A region as examined, with calls seen through.
struct Seen {
    /// Where it ends.
    end: usize,
    found: Found,
    is_seen_through: bool,
    origins: Origins,
    assertions: Vec<Assertion>,
}

/// The walk over a file.
pub(super) struct Survey<'a> {
    pub(super) module: &'a Module,
    pub(super) callees: &'a Callees,
    /// In which order the user lets floating-point numbers be joined.
    pub(super) order: FloatOrder,
    /// `None` where the library gave no context.
    pub(super) isl: Option<isl::Context>,
    pub(super) regions: Vec<Region>,
    pub(super) loops: Vec<LoopOutcome>,
}

impl Survey<'_> {
    /// Surveys a block that `path` leads to in a function.
    pub(super) fn block(
        &mut self,
        of: Handle<Function>,
        function: &Arc<Function>,
        path: &mut Vec<BlockStep>,
        block: &Block,
    ) {
        let mut at = 0;
        while let Some(stmt) = block.get(at) {
            at = match self.run(of, function, path, block, at) {
                Some(Ok(end)) => end,
                Some(Err(refusals)) => {
                    self.host(of, function, path, at, stmt, Some(refusals));
                    at + 1
                }
                None => {
                    self.host(of, function, path, at, stmt, None);
                    at + 1
                }
            };
        }
    }

    /// Makes a region that starts with a statement, if that is a loop that counts; returns the position of what comes next.
    ///
    /// **Errors**: why not even the loop alone is one.
    fn run(
        &mut self,
        of: Handle<Function>,
        function: &Arc<Function>,
        path: &[BlockStep],
        block: &Block,
        at: usize,
    ) -> Option<Result<usize, Vec<Refusal>>> {
        let counted = match counting::from(self.module, function, path, block, at)? {
            Ok(counted) => counted,
            Err(refusal) => return Some(Err(vec![refusal])),
        };
        if let Err(refusal) = apart::check(self.module.source.text(), function, path, &(at..at + 1))
        {
            return Some(Err(vec![refusal]));
        }
        let (mut form, mut is_counted) = (&counted, true);
        let mut found = self.seen_through(form, (function, is_counted), path, at);
        let is_same = Arc::ptr_eq(form, function);
        if found.is_err() && !is_same && matches!(block[at], Stmt::For(_)) {
            // Loops inside may be better left as they are.
            if let Ok(written) = self.seen_through(function, (function, false), path, at) {
                (form, is_counted, found) = (function, false, Ok(written));
            }
        }
        let Seen {
            end,
            mut found,
            is_seen_through,
            origins,
            assertions,
        } = match found {
            Ok(seen) => seen,
            Err(refusals) => {
                let explain = |each| self.callees.explain(self.module, function, each);
                return Some(Err(refusals.into_iter().map(explain).collect()));
            }
        };
        let range = at..at + found.count;
        if let Err(refusal) = asserted::behind(&mut found.normal, path, &range, &assertions) {
            return Some(Err(vec![refusal]));
        }
        let statements = region::block(&form.body, path).unwrap_or(block);
        let number = self.regions.len();
        self.outcomes(form, &statements[at..end], &found.facts, number);
        let line = self.module.source.line(block[at].span());
        self.regions.push(Region {
            name: self.region_name(&format!("{}:{line}", function.name)),
            of,
            path: path.to_vec(),
            statements: at..at + found.count,
            written: at..end,
            span: block_span(&block[at..end]),
            is_normal: found.is_normal || is_seen_through || !Arc::ptr_eq(form, function),
            is_counted,
            function: found.normal.function,
            facts: found.facts,
            last_values: found.normal.last_values,
            origins,
            contraction: found.normal.made.contraction,
            blocks: found.normal.made.blocks,
            does_more: !assertions.is_empty() || found.is_unswitched,
        });
        Some(Ok(end))
    }

    /// Examines what starts with a loop, calls seen through; of these, loops count if the others were made to.
    ///
    /// **Errors**: why not even the loop alone is a region.
    fn seen_through(
        &self,
        function: &Arc<Function>,
        (written, is_counted): (&Function, bool),
        path: &[BlockStep],
        at: usize,
    ) -> Result<Seen, Vec<Refusal>> {
        let mut expansion = Expansion::new(self.module, self.callees, (**function).clone());
        let is_seen_through = expansion.loops(path, at);
        let seen = if is_seen_through {
            expansion.function.exprs.share();
            expansion.function.vars.share();
            let seen = Arc::new(expansion.function);
            let end = region::block(&seen.body, path).map_or(at, Vec::len);
            let counted = || counting::counted(&seen, path, &(at..end));
            is_counted.then(counted).flatten().unwrap_or(seen)
        } else {
            Arc::clone(function)
        };
        let through = region::block(&seen.body, path).map_or(&[][..], Vec::as_slice);
        let mut ends = join::ends(self.module, &seen, through, at);
        // Text behind an assertion relies on it.
        let has_assertion =
            |end: &usize| calls::sets(&through[at..*end - 1], &expansion.assertions);
        ends.retain(|end| has_assertion(end).is_none());
        let text = self.module.source.text();
        ends.retain(|end| apart::check(text, written, path, &(at..*end)).is_ok());
        let known = &expansion.assertions;
        let found = self.largest((&seen, known), path, &ends, at);
        let (end, mut found) = found.map_err(|mut refusals| {
            asserted::in_words(&seen, known, &mut refusals);
            refusals
        })?;
        for reasons in found.facts.carried.values_mut() {
            asserted::in_words(&seen, known, reasons);
        }
        Ok(Seen {
            end,
            found,
            is_seen_through,
            origins: expansion.origins,
            assertions: expansion.assertions,
        })
    }

    /// A statement stays on the host, a loop for these reasons; what is in it is looked at.
    fn host(
        &mut self,
        of: Handle<Function>,
        function: &Arc<Function>,
        path: &mut Vec<BlockStep>,
        at: usize,
        stmt: &Stmt,
        refusals: Option<Vec<Refusal>>,
    ) {
        let mut inside = |survey: &mut Self, step, block: &Block| {
            path.push(step);
            survey.block(of, function, path, block);
            path.pop();
        };
        match stmt {
            Stmt::For(each) => {
                self.loops
                    .push(outcome(function, each, refusals.unwrap_or_default()));
                inside(self, BlockStep::Body(at), &each.body);
            }
            Stmt::While(each) => {
                let reasons = refusals
                    .unwrap_or_else(|| vec![counting::refusal(self.module, function, each)]);
                self.loops.push(uncounted_outcome(function, each, reasons));
                self.left(function, &each.before_test);
                inside(self, BlockStep::Body(at), &each.body);
                self.left(function, &each.after_body);
            }
            Stmt::If(branch) => {
                // The first slot of a `for` belongs to its text.
                if let Some((position, _)) = counting::scoped(branch) {
                    path.push(BlockStep::Then(at));
                    let inner = &branch.then[position];
                    self.host(of, function, path, position, inner, refusals);
                    path.pop();
                    return;
                }
                inside(self, BlockStep::Then(at), &branch.then);
                inside(self, BlockStep::Otherwise(at), &branch.otherwise);
            }
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {}
        }
    }

    /// Returns a name that no region has: the place, with a number where several regions start on one line.
    fn region_name(&self, place: &str) -> String {
        let same_line = format!("{place}.");
        let earlier = self
            .regions
            .iter()
            .filter(|region| region.name == place || region.name.starts_with(&same_line))
            .count();
        match earlier {
            0 => place.to_owned(),
            count => format!("{place}.{}", count + 1),
        }
    }

    /// Returns what is found of the longest run of statements from a loop on that is a region, and where it ends: at one of
    /// `ends`, or behind the loop.
    ///
    /// All that may belong to it is tried first; where that fails, as much as grows from the loop alone.
    ///
    /// **Errors**: why not even the loop alone is one.
    fn largest(
        &self,
        (function, assertions): (&Arc<Function>, &[Assertion]),
        path: &[BlockStep],
        ends: &[usize],
        at: usize,
    ) -> Result<(usize, Found), Vec<Refusal>> {
        let examine = |end: usize| match &self.isl {
            None => {
                let statements = region::statements(function, path, &(at..at + 1));
                let span = block_span(statements);
                Err(vec![Refusal::new(Reason::SolverLimit, span)])
            }
            Some(isl) => self.examine((function, assertions), isl, path, at..end),
        };
        if let Some(end) = ends.last()
            && let Ok(found) = examine(*end)
        {
            return Ok((*end, found));
        }
        let mut best = (at + 1, examine(at + 1)?);
        for end in ends.iter().take(ends.len().saturating_sub(1)) {
            match examine(*end) {
                Ok(found) => best = (*end, found),
                Err(_) => break,
            }
        }
        Ok(best)
    }

    /// Examines statements with the values in memory that they do not change as variables; where that does not help,
    /// as they are.
    ///
    /// **Errors**: the reasons against the form that has fewer.
    fn examine(
        &self,
        (function, assertions): (&Arc<Function>, &[Assertion]),
        isl: &isl::Context,
        path: &[BlockStep],
        statements: Range<usize>,
    ) -> Result<Found, Vec<Refusal>> {
        let opened = counting::without_scopes(function, path, &statements);
        let count = opened
            .as_ref()
            .map_or(statements.len(), |(_, count)| *count);
        let statements = statements.start..statements.start + count;
        let function = &opened.map_or_else(|| Arc::clone(function), |(opened, _)| opened);
        let examined = |function: &Arc<Function>, how: Shape<'_>| {
            let place = (path, &statements);
            self.examine_forms((function, assertions), isl, place, how)
        };
        examined(function, Shape::Written).or_else(|refusals| {
            let kept = kept(self.module, function, path, &statements);
            let kept = || examined(&kept.as_ref()?.function, Shape::Kept(kept.as_ref()?)).ok();
            let unswitched = || {
                let emptied = unswitch::emptied(function, path, &statements)?;
                examined(&emptied, Shape::Unswitched).ok()
            };
            let found = kept().or_else(unswitched);
            // Where the host counts, loops inside are regions of their own.
            let mut found = found
                .filter(|found| found.runs_at_once(path, statements.start))
                .ok_or(refusals)?;
            found.is_normal = true;
            Ok(found)
        })
    }

    /// As [`Self::examine`], of statements outside scopes in one shape.
    fn examine_forms(
        &self,
        (function, assertions): (&Arc<Function>, &[Assertion]),
        isl: &isl::Context,
        place: (&[BlockStep], &Range<usize>),
        shape: Shape<'_>,
    ) -> Result<Found, Vec<Refusal>> {
        let (path, statements) = place;
        let mut best: Option<Vec<Refusal>> = None;
        let forms = fetch::forms(self.module, function, path, statements);
        let forms = forms.filter_map(|(form, values)| match shape {
            Shape::Kept(kept) => {
                let values = kept.with_others(self.module, &form, &values)?;
                Some((form, values))
            }
            Shape::Unswitched => unswitch::settled(self.module, &form, place, &values),
            Shape::Written => Some((form, values)),
        });
        for (form, values) in forms {
            match self.examine_form((&form, assertions), isl, path, statements.clone(), &values) {
                // A guard that asks whether a structure holds its own member is never true.
                Ok(found) if matches!(shape, Shape::Kept(kept) if kept.lies_in_copy(&found.facts)) =>
                    {}
                Ok(mut found) => {
                    found.is_unswitched = matches!(shape, Shape::Unswitched);
                    return Ok(found);
                }
                Err(refusals) => {
                    let is_better = |known: &Vec<Refusal>| refusals.len() < known.len();
                    if best.as_ref().is_none_or(is_better) {
                        best = Some(refusals);
                    }
                }
            }
        }
        Err(best.unwrap_or_default())
    }

    /// Examines statements without the pointers they compute, as written and as normalised, and returns the form that
    /// leaves more loops parallel; the one as written where both leave the same.
    ///
    /// **Errors**: the reasons against the form that has fewer.
    fn examine_form(
        &self,
        (function, assertions): (&Arc<Function>, &[Assertion]),
        isl: &isl::Context,
        path: &[BlockStep],
        statements: Range<usize>,
        fetched: &[InMemory],
    ) -> Result<Found, Vec<Refusal>> {
        let resumed = resume(function, path, &statements);
        let function = resumed.as_ref().map_or(function, |each| &each.function);
        let written = Position {
            path,
            at: statements.start,
            statements: region::statements(function, path, &statements),
            made: &Made::default(),
            resolved: None,
            fetched,
        };
        let resolved = pointers::resolve(self.module, function, written);
        let (function, count) = match &resolved {
            Some(resolved) => (&resolved.function, resolved.count),
            None => (function, statements.len()),
        };
        let statements = statements.start..statements.start + count;
        let span = block_span(region::statements(function, path, &statements));
        let (known, place) = ((resolved.as_ref(), fetched), (path, statements));
        let mut found = self.examine_resolved((function, assertions), isl, place, known)?;
        found.is_normal |= resumed.is_some();
        let counters = resumed.iter().flat_map(|each| &each.last_values);
        let pointers = resolved.iter().flat_map(|each| &each.last_values);
        let set = behind::set(&mut found.normal, counters.chain(pointers), span);
        set.map(|()| found).map_err(|why| vec![why])
    }

    /// As [`Self::examine_form`], of statements without the pointers that they computed.
    fn examine_resolved(
        &self,
        (function, assertions): (&Arc<Function>, &[Assertion]),
        isl: &isl::Context,
        (path, statements): (&[BlockStep], Range<usize>),
        known: (Option<&pointers::Resolved>, &[InMemory]),
    ) -> Result<Found, Vec<Refusal>> {
        let place = (path, &statements);
        let settled = asserted::settled(self.module, function, isl, place, known, assertions);
        let (function, asserted) = &settled.unwrap_or((Arc::clone(function), Made::default()));
        let best_of =
            |function: &Arc<Function>, statements: &Range<usize>, (may, made): Asked<'_>| {
                let function = shaped(self.module, function, path, statements);
                let place = (path, statements);
                let mut made = made.clone();
                made.extend(asserted.clone());
                self.best_form(&function, isl, place, known, (may, &made))
            };
        let best =
            |function: &Arc<Function>, asked: Asked<'_>| best_of(function, &statements, asked);
        if let Some(untiled) = untile(function, path, &statements) {
            let may = |facts: Option<&Facts>| untiled.keeps_order(facts, isl);
            if let Ok(found) = best(&untiled.function, (&may, &untiled.made)) {
                return Ok(Found {
                    is_normal: true,
                    ..found
                });
            }
        }
        let found = best(function, (&|_| true, &Made::default()));
        let of_split = |split: Split| {
            let statements = statements.start..statements.start + split.count;
            let asked: Asked<'_> = (&|_| true, &Made::default());
            let found = best_of(&split.function, &statements, asked).ok();
            let mut found = found.filter(|found| split.suits(&found.facts))?;
            found.normal.last_values.extend(split.last_values);
            found.normal.made.contraction = split.contraction;
            found.is_normal = true;
            Some(found)
        };
        let keeps_numbers = known.1.iter().any(|value| value.is_kept);
        if found.is_err()
            && let Some(found) = split_extremes(function, place, keeps_numbers).and_then(&of_split)
        {
            return Ok(found);
        }
        let is_carried = (found.as_ref()).is_ok_and(|found| !found.facts.carried.is_empty());
        if (found.is_err() || is_carried)
            && let Some(split) = split_flags(function, path, &statements).and_then(&of_split)
        {
            let is_better = |known: &Found| split.facts.carried.len() < known.facts.carried.len();
            return match found {
                Ok(found) if !is_better(&found) => Ok(found),
                Ok(_) | Err(_) => Ok(split),
            };
        }
        found
    }

    /// As [`Self::examine_form`], of statements in the shape that they are to have, if what is found of them as written may be:
    /// normalising relies on the order of iterations.
    fn best_form(
        &self,
        function: &Arc<Function>,
        isl: &isl::Context,
        (path, statements): (&[BlockStep], &Range<usize>),
        (resolved, fetched): (Option<&pointers::Resolved>, &[InMemory]),
        (may, made): Asked<'_>,
    ) -> Result<Found, Vec<Refusal>> {
        let forms = Forms {
            survey: self,
            function,
            isl,
            place: (path, statements),
            known: (resolved, fetched),
            made,
        };
        forms.best(may)
    }

    /// Says a word about the loops of a block that holds no region: the header of an uncounted loop.
    fn left(&mut self, function: &Function, block: &[Stmt]) {
        region::each(block, &mut |stmt| match stmt {
            Stmt::For(each) => {
                let construct = "a loop in the header of another loop".to_owned();
                let refusal = Refusal::new(Reason::Unsupported { construct }, each.header_span);
                self.loops.push(outcome(function, each, vec![refusal]));
            }
            Stmt::While(each) => {
                let reasons = vec![counting::refusal(self.module, function, each)];
                self.loops.push(uncounted_outcome(function, each, reasons));
            }
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::If(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {}
        });
    }

    /// Says a word about every loop of a region.
    fn outcomes(
        &mut self,
        function: &Function,
        statements: &[Stmt],
        facts: &crate::facts::Facts,
        region: usize,
    ) {
        region::each(statements, &mut |stmt| match stmt {
            Stmt::For(each) => {
                let reasons = facts.carried.get(&each.name).cloned().unwrap_or_default();
                let mut outcome = outcome(function, each, reasons);
                if outcome.reasons.is_empty() {
                    outcome.verdict = Verdict::Parallel;
                }
                outcome.region = Some(region);
                self.loops.push(outcome);
            }
            Stmt::While(each) => {
                let reasons = vec![counting::refusal(self.module, function, each)];
                let mut outcome = uncounted_outcome(function, each, reasons);
                outcome.region = Some(region);
                self.loops.push(outcome);
            }
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::If(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {}
        });
    }
}

pub(super) fn block_span(statements: &[Stmt]) -> Span {
    let spans = statements.iter().map(Stmt::span);
    spans.fold(Span::default(), Span::join)
}
