//! The whole file: the user's text with kernels before their functions and host code in place of the regions.

mod lengths;
mod mistakes;
mod outline;
mod relaxed;
mod replacement;
mod seen_through;
mod split;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

use mupac_ir::c_text::{can_mark, unmarked};
use mupac_ir::closed;
use mupac_ir::{
    CPart, Entry, Fold, Function, Guard, Handle, HostOp, KernelPlan, MAIN_RESULT, Module, Mutant,
    Outlined, Plan, RegionPlan, Residency, Span, Stretch, Touched, Turn, Unit,
};

use crate::device_function::DeviceFunctions;
use crate::extents;
use crate::flatten::{Flat, flatten};
use crate::hidden::{self, around_lines};
use crate::host::{HostText, host};
use crate::kept::Kept;
use crate::kernel::kernel;
use crate::layout::{indentation, level};
use crate::lexer::{Token, has_function, tokens, words};
use crate::names::FreshNames;
use crate::placement::{Gaps, before_function, prologue};
use crate::reduction::pieces;
use crate::residency::{Conduct, Dialect, insertions};
use crate::support::{Piece as Use, Support};
use crate::threads;
use crate::unnamed::{Replacement, uncalled, unnamed};

use mistakes::MUTANT;
use outline::Pieces;
use relaxed::relaxed;

pub use mistakes::mutation;
pub use seen_through::seen_through;
pub use split::{can_stay, refusals};

/// A piece of generated text and the range of the source that it replaces.
struct Piece {
    start: usize,
    end: usize,
    text: String,
}

/// Returns the CUDA C++ text of a plan, and what the tester needs beside it, of which `entries` are the functions to
/// call, and `outlined` the regions that it may call by themselves.
///
/// The text outside the regions is the user's, with the edits of the module; a plan without regions adds nothing to it.
/// The comment with results at the top of a finished file is the writer's.
pub fn emit(plan: &Plan, entries: Vec<Entry>, mut outlined: Vec<Outlined>) -> Unit {
    let text = plan.module.source.text();
    let mut fresh = FreshNames::new(taken(&plan.module));
    let twins = DeviceFunctions::of(plan, &mut fresh);
    let texts = texts(plan, &[]);
    outline::define(plan, &mut outlined, &texts);
    let Texts {
        cuda,
        support,
        statements,
        c_part,
        regions: _,
    } = texts;
    let kernels = || {
        plan.regions.iter().flat_map(|region| {
            let function = &plan.module.functions[region.of].name;
            // What runs where a guard fails need not run.
            let kernels = region.mapped_kernels();
            kernels.map(move |(_, kernel)| (&kernel.name, function))
        })
    };
    Unit {
        source: plan.module.source.clone(),
        cuda,
        support,
        statements,
        c_part,
        renamed: plan.module.renamed(),
        records: plan.module.records.clone(),
        entries,
        kernels: kernels().map(|(kernel, _)| kernel.clone()).collect(),
        functions: kernels()
            .map(|(kernel, function)| (kernel.clone(), function.clone()))
            .collect(),
        has_main: has_function(text, "main"),
        has_open_status: (plan.module.edits.iter()).any(|edit| edit.rule == MAIN_RESULT),
        is_closed: closed::is_closed(&plan.module),
        mutation: None,
        relaxed: relaxed(plan, &twins, &outlined).map(Box::new),
        outlined,
        stand_ins: Vec::new(),
    }
}

/// Returns the name of the source without its folder.
pub(crate) fn file_name(module: &Module) -> String {
    let name = Path::new(&module.source.name).file_name();
    name.map_or(module.source.name.clone(), |name| {
        name.to_string_lossy().into_owned()
    })
}

/// Returns the names that new ones must not meet.
fn taken(module: &Module) -> BTreeSet<String> {
    let mut taken = words(module.source.text());
    taken.extend(module.macros.iter().chain(&module.declared).cloned());
    taken
}

/// The texts of a plan.
#[derive(Default)]
struct Texts {
    cuda: String,
    /// What of it is run-time support.
    support: String,
    /// Where the statement stands that a line of it holds.
    statements: BTreeMap<u32, Span>,
    c_part: Option<CPart>,
    /// What stands in the place of each region.
    regions: Pieces,
}

/// Returns the texts with some mistakes in them.
fn texts(plan: &Plan, mutants: &[Mutant]) -> Texts {
    if let Some(stem) = &plan.split {
        return split::texts(plan, mutants, stem);
    }
    let hidden = hidden(plan);
    if hidden.is_empty() {
        return written(plan, mutants, &hidden);
    }
    let plan = hidden::spelled_out(plan, &hidden);
    let mutants = hidden::spelled_out_mistakes(mutants, &hidden);
    written(&plan, &mutants, &hidden)
}

/// Returns the macros of the file that generated text names although it takes nothing from the user: all those that it
/// names without them.
fn hidden(plan: &Plan) -> BTreeSet<String> {
    let macros = &plan.module.macros;
    // Most files have no use for the second, longer look.
    if macros.is_empty() || named(plan, &BTreeSet::new()).is_empty() {
        return BTreeSet::new();
    }
    named(&hidden::spelled_out(plan, macros), macros)
}

/// Returns the macros of the file that the generated text of a plan names.
fn named(plan: &Plan, hidden: &BTreeSet<String>) -> BTreeSet<String> {
    let mut file = File::new(plan, hidden);
    file.twins();
    for (index, region) in plan.regions.iter().enumerate() {
        file.region(region, Conduct::of(&plan.residency, index));
    }
    let named = hidden::named(&file.support.calls, &plan.module.macros);
    named.into_iter().cloned().collect()
}

fn written(plan: &Plan, mutants: &[Mutant], hidden: &BTreeSet<String>) -> Texts {
    let mut texts = Texts::default();
    let mut file = File::new(plan, hidden);
    let original = file.kept.original();
    file.twins();
    file.replaced_calls(plan);
    file.settle_support(plan);
    for (index, region) in plan.regions.iter().enumerate() {
        let piece = file.with_mistakes((index, region), plan, mutants);
        (texts.regions).insert(region.name.clone(), piece.text.clone());
        file.pieces.push(piece);
    }
    file.residency(plan, mutants);
    let name = file_name(&plan.module);
    if !plan.regions.is_empty() {
        let at = prologue(original, &file.tokens);
        let generated: Vec<_> = file
            .pieces
            .iter()
            .map(|each| each.start..each.end)
            .collect();
        let stops = threads::stops(&name, file.module, &file.tokens, &generated);
        texts.support = file.support.library(file.module);
        let mut text = stops + &texts.support + &file.support.settings();
        if !mutants.is_empty() {
            text.insert_str(0, MUTANT);
        }
        file.pieces.push(Piece {
            start: at,
            end: at,
            text,
        });
    }
    texts.cuda = file.assembled();
    if can_mark(&plan.module.source) {
        (texts.cuda, texts.statements) = unmarked(&texts.cuda);
    }
    texts
}

struct File<'a> {
    module: &'a Module,
    kept: Kept<'a>,
    tokens: Vec<Token>,
    fresh: FreshNames,
    twins: DeviceFunctions,
    support: Support,
    pieces: Vec<Piece>,
    /// What stands before a function, by the start of that: kernels, and functions for the device.
    before: BTreeMap<u32, Vec<String>>,
    /// Where declarations begin that may have no use left.
    unused: BTreeSet<usize>,
    /// What takes the place of regions without a fallback, by function.
    replaced: BTreeMap<Handle<Function>, Vec<Replacement>>,
    /// Macros that generated text does without.
    hidden: &'a BTreeSet<String>,
    /// How text between the user's statements calls the support.
    dialect: Dialect,
}

impl<'a> File<'a> {
    fn new(plan: &'a Plan, hidden: &'a BTreeSet<String>) -> Self {
        let kept = Kept::new(&plan.module, hidden);
        let mut fresh = FreshNames::new(taken(&plan.module));
        Self {
            module: &plan.module,
            kept,
            tokens: tokens(kept.original()),
            twins: DeviceFunctions::of(plan, &mut fresh),
            fresh,
            support: Support::default(),
            pieces: Vec::new(),
            before: BTreeMap::new(),
            unused: BTreeSet::new(),
            replaced: BTreeMap::new(),
            hidden,
            dialect: Dialect::Cxx,
        }
    }

    /// Notes what the support depends on beside the pieces that text uses.
    fn settle_support(&mut self, plan: &Plan) {
        let memory = plan.regions.iter().map(|region| region.memory);
        self.support.memory = memory.max().unwrap_or_default();
        let guards = plan.regions.iter().flat_map(|region| &region.guards);
        self.support.thresholds = guards
            .filter_map(|guard| match guard {
                Guard::Worthwhile { threshold, .. } => Some(*threshold),
                Guard::Holds { .. }
                | Guard::NoOverlap { .. }
                | Guard::Apart { .. }
                | Guard::Accessible { .. }
                | Guard::Inspected { .. } => None,
            })
            .collect();
    }

    /// Places the functions that kernels call: declarations where a call comes first, definitions before their originals.
    /// Notes the `static` functions whose calls kernels have made their own: there may be none left, of which compilers
    /// warn.
    fn replaced_calls(&mut self, plan: &Plan) {
        let copied = plan
            .regions
            .iter()
            .flat_map(|region| region.origins.values());
        let inlined = copied.map(|(function, _)| &plan.module.functions[*function]);
        self.unused = inlined
            .chain(self.twins.functions(self.module))
            .filter(|function| function.is_static)
            .map(|function| function.span.start as usize)
            .collect();
    }

    /// Has the program wait for kernels before it asks for the time, outside of some stretches.
    fn clocks(&mut self, replaced: &[Span]) {
        for call in &self.module.clocks {
            let (start, end) = (call.start as usize, call.end as usize);
            if Residency::placed(*call, replaced) != *call {
                continue;
            }
            self.support.uses.insert(Use::Synchronize);
            let before = format!("({}, ", self.dialect.synchronize());
            for (at, text) in [(start, before), (end, ")".to_owned())] {
                self.pieces.push(Piece {
                    start: at,
                    end: at,
                    text,
                });
            }
        }
    }

    /// Places what keeps arrays on the device from region to region.
    fn residency(&mut self, plan: &Plan, mutants: &[Mutant]) {
        if !plan.residency.kept.is_empty() {
            self.support.uses.insert(Use::Pages);
        }
        if plan.residency.stays.is_empty() {
            return;
        }
        self.support.uses.extend([Use::Held, Use::Stays]);
        let mut stays = plan.residency.stays.iter();
        let has_last = stays.any(|stay| stay.is_last);
        self.support.uses.extend(has_last.then_some(Use::Last));
        let replaced: Vec<_> = self
            .pieces
            .iter()
            .map(|piece| Span::new(piece.start, piece.end))
            .collect();
        let turns = plan.residency.turns.values();
        let touched = turns.filter_map(|host| host.touched.as_ref());
        for (turn, stretch) in touched.flat_map(Touched::stretches) {
            let (range, between) = match turn {
                Turn::Reads => (Use::FetchRange, Use::FetchBetween),
                Turn::Changes | Turn::Alone => (Use::ReleaseRange, Use::ReleaseBetween),
            };
            match stretch {
                Stretch::All => {}
                Stretch::Freed(_) => self.support.uses.extend([Use::Freed, Use::UsableBytes]),
                Stretch::Between { .. } => self.support.uses.extend([range, between]),
                Stretch::Place(_)
                | Stretch::Object(_)
                | Stretch::Bytes { .. }
                | Stretch::Where { .. } => drop(self.support.uses.insert(range)),
            }
        }
        if plan.residency.turns.values().any(|host| host.is_move) {
            self.support.uses.insert(Use::Moved);
        }
        if !plan.residency.locals.is_empty() {
            self.support.uses.insert(Use::Lifetime);
        }
        if !plan.residency.watches.is_empty() {
            self.support.uses.extend([Use::FetchRange, Use::Watch]);
        }
        let all = insertions(
            &plan.residency,
            (mutants, self.dialect),
            &plan.module,
            &replaced,
            &self.fresh,
        );
        for each in all {
            // Behind lines of ours the statement is told again which line it is on, where that matters.
            let text = match (
                self.kept.line_directive(each.at),
                each.text.rsplit_once('\n'),
            ) {
                (Some(line), Some((ours, indent))) => format!("{ours}\n{line}\n{indent}"),
                (Some(_) | None, _) => each.text,
            };
            self.pieces.push(Piece {
                start: each.at,
                end: each.at,
                text,
            });
        }
        self.clocks(&replaced);
    }

    fn twins(&mut self) {
        for (start, declaration) in self.twins.declarations(self.module, &self.fresh) {
            let declaration = around_lines(declaration, self.hidden);
            self.before.entry(start).or_default().push(declaration);
        }
        for (function, definition) in self.twins.definitions(self.module, &self.fresh) {
            self.support.calls.push_str(&definition);
            let before = self.before.entry(function.span.start).or_default();
            before.push(around_lines(definition, self.hidden));
        }
    }

    /// Keeps the kernels of a region and returns its host code in its place.
    fn region(&mut self, region: &RegionPlan, conduct: Conduct<'_>) -> Piece {
        let (_, text) = self.generated(region, conduct);
        let piece = self.replacement(region, conduct, &text);
        let has_fallback = !text.conditions.is_empty() || text.small.is_some();
        if !has_fallback || !text.otherwise.is_empty() {
            let replaced = self.replaced.entry(region.of).or_default();
            replaced.push(Replacement {
                gone: piece.start..piece.end,
                text: piece.text.clone(),
            });
        }
        piece
    }

    /// Keeps the kernels of a region and returns it as they see it, with its host code.
    fn generated(&mut self, region: &RegionPlan, conduct: Conduct<'_>) -> (Flat, HostText) {
        let mut flat = flatten(region);
        extents::name(
            &mut flat.region,
            &self.relied_on(region).collect::<Vec<_>>(),
        );
        let kernels: Vec<_> = in_order(region)
            .into_iter()
            .map(|handle| {
                let plan = &flat.region.kernels[handle];
                self.support.uses.extend(pieces(&flat.region, plan));
                kernel(&flat, plan, self.module, &self.fresh, &self.twins)
            })
            .collect();
        let step = level(indentation(
            self.kept.original(),
            region.replaces.range().start,
        ));
        let text = host(
            &mut flat,
            (self.module, self.kept),
            conduct,
            step,
            &self.fresh,
            &mut self.support,
        );
        let host_text = text
            .before
            .iter()
            .chain(&text.lines)
            .chain(&text.otherwise)
            .chain(&text.conditions)
            .chain(text.small.as_ref().map(|small| &small.pays));
        for generated in kernels.iter().chain(host_text) {
            self.support.calls.push_str(generated);
        }
        let start = self.module.functions[region.of].span.start;
        let kernels = kernels.into_iter();
        let kernels = kernels.map(|kernel| around_lines(kernel, self.hidden));
        self.before.entry(start).or_default().extend(kernels);
        (flat, text)
    }

    /// Returns the stretches of which nothing is left.
    fn gone(&self) -> Vec<Range<usize>> {
        let replaced = self.replaced.values().flatten();
        replaced.map(|each| each.gone.clone()).collect()
    }

    /// Notes what nothing names any more.
    fn unnamed(&mut self) {
        let (original, words) = (self.kept.original(), &self.tokens);
        for (of, replaced) in &self.replaced {
            let function = &self.module.functions[*of];
            let replaced: Vec<_> = replaced.iter().collect();
            self.unused.extend(unnamed(
                function,
                &self.module.macros,
                (original, words),
                &replaced,
            ));
        }
        let uncalled = uncalled(self.module, original, words, &self.gone());
        let functions = uncalled.iter().map(|each| &self.module.functions[*each]);
        let starts: Vec<_> = functions.map(|each| each.span.range().start).collect();
        self.unused.extend(starts);
    }

    /// Returns the user's text with every piece in its place.
    fn assembled(mut self) -> String {
        self.lengths();
        self.unnamed();
        let original = self.kept.original();
        let gaps = Gaps::of(&self.tokens);
        for (start, texts) in std::mem::take(&mut self.before) {
            let at = before_function(original, (&self.tokens, &gaps), start as usize);
            let above = original.get(..at).unwrap_or("");
            let lead = if above.is_empty() || above.ends_with("\n\n") || above.ends_with("\n\r\n") {
                ""
            } else if above.ends_with('\n') {
                "\n"
            } else {
                "\n\n"
            };
            self.pieces.push(Piece {
                start: at,
                end: at,
                text: format!("{lead}{}\n", texts.join("\n")),
            });
        }
        // Behind the kernels that stand before the same function.
        let unused = std::mem::take(&mut self.unused);
        // Where the text says which line it is, a directive would stand behind the attribute.
        let is_told = |start: usize| {
            let mut edits = self.module.edits.iter();
            edits.any(|edit| edit.at == Span::new(start, start) && edit.text.starts_with('#'))
        };
        let unused = unused.into_iter().filter(|start| !is_told(*start));
        self.pieces.extend(unused.map(|start| Piece {
            start,
            end: start,
            text: "[[maybe_unused]] ".to_owned(),
        }));
        self.fold();
        self.joined()
    }

    /// Puts back what was written out of macros and is left as it is.
    fn fold(&mut self) {
        let is_in = |fold: &Fold, piece: &Piece| {
            let range = fold.at.range();
            range.start <= piece.end && piece.start < range.end
        };
        let folds = self.module.folds.iter();
        let kept = folds.filter(|fold| !self.pieces.iter().any(|piece| is_in(fold, piece)));
        let kept: Vec<Piece> = kept
            .map(|fold| Piece {
                start: fold.at.start as usize,
                end: fold.at.end as usize,
                text: fold.text.clone(),
            })
            .collect();
        self.pieces.extend(kept);
    }

    /// Returns the user's text with the pieces that there are.
    fn joined(mut self) -> String {
        let original = self.kept.original();
        self.pieces.sort_by_key(|piece| (piece.start, piece.end));
        let mut out = String::new();
        let mut at = 0;
        for piece in &self.pieces {
            out.push_str(&self.kept.slice(at, piece.start));
            out.push_str(&piece.text);
            at = piece.end;
        }
        out.push_str(&self.kept.slice(at, original.len()));
        out
    }
}

/// Returns the kernels of a region, first those that the host launches first.
fn in_order(region: &RegionPlan) -> Vec<Handle<KernelPlan>> {
    let mut found = Vec::new();
    for actions in [&region.host, &region.otherwise] {
        HostOp::each(actions, &mut |action| {
            if let HostOp::Launch(kernel) = action
                && !found.contains(kernel)
            {
                found.push(*kernel);
            }
        });
    }
    let all = region.kernels.iter().map(|(kernel, _)| kernel);
    let rest: Vec<_> = all.filter(|kernel| !found.contains(kernel)).collect();
    found.extend(rest);
    found
}
