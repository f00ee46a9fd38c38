//! Who pays for the copies of a region: it itself, each time it runs, or all regions of a stay together.
//!
//! Where copies stay on the device from one run of a region to the next, what the host touches between still goes the way:
//! a part of an array for the time of a small copy, and a whole one as if nothing stayed.

use std::collections::BTreeSet;

use mupac_ir::asked::iterations;
use mupac_ir::fold::constant;
use mupac_ir::structure::{each, is_same_expr};
use mupac_ir::{
    ExprKind, Fetched, Function, Handle, HostOp, HostTurn, Memory, Place, Plan, Projection,
    RegionPlan, Span, Stmt, Stretch, Turn, Type,
};
use mupac_model::analytic::Copies;

/// A stretch of so many bytes is a part of an array.
const PART_BYTES: i128 = 4096;

/// Returns who pays for the copies of a region of a plan.
pub(crate) fn copies(plan: &Plan, number: usize) -> Copies {
    let region = &plan.regions[number];
    if region.memory == Memory::System {
        return Copies::Seen;
    }
    let mut stays = plan.residency.stays.iter();
    let is_inside = stays.any(|stay| stay.regions.contains(&number));
    let pieces = pieces(plan, region).filter(|_| is_inside && !has_rows(region));
    let Some(pieces) = pieces else {
        return Copies::Each;
    };
    let again = plan
        .residency
        .looked_at_again(&plan.module, &plan.regions, number);
    if again.is_empty() {
        Copies::Shared { pieces }
    } else {
        Copies::Inspected { pieces }
    }
}

/// Returns whether a region reaches arrays by pointers that an array holds (`a[i][j]`): each run may have others.
fn has_rows(region: &RegionPlan) -> bool {
    let function = &region.function;
    let is_row = |each: &Fetched| {
        let node = &function.exprs[each.value];
        let ExprKind::Load(place) = &node.kind else {
            return false;
        };
        matches!(node.ty, Type::Pointer { .. }) && is_computed(function, place)
    };
    region.fetched.iter().any(is_row)
}

/// The names of the arrays that a region has copied.
struct Copied {
    into: BTreeSet<String>,
    home: BTreeSet<String>,
}

impl Copied {
    fn of(region: &RegionPlan) -> Self {
        let named = |wanted: &dyn Fn(_) -> HostOp| {
            let copied = region.buffers.iter().map(|(buffer, _)| buffer);
            let copied = copied.filter(|buffer| HostOp::does(&region.host, &wanted(*buffer)));
            copied
                .map(|buffer| {
                    let array = region.buffers[buffer].array;
                    region.function.vars[array].name.clone()
                })
                .collect()
        };
        Self {
            into: named(&HostOp::CopyIn),
            home: named(&HostOp::CopyOut),
        }
    }

    /// Returns how often something of an array goes the way for what the host does to it.
    fn ways(&self, turn: Turn, array: &str) -> usize {
        let home = usize::from(self.home.contains(array));
        home + usize::from(turn == Turn::Changes && self.into.contains(array))
    }
}

/// Returns how many parts of its arrays go the way from one run of a region to the next, in the loop around it; `None` where
/// whole ones do. What the host does under a condition is taken to be rare.
fn pieces(plan: &Plan, region: &RegionPlan) -> Option<usize> {
    let around = plan.loops.iter().map(|each| each.span);
    let around = around.filter(|span| *span != region.replaces && span.contains(region.replaces));
    let copied = Copied::of(region);
    let Some(around) = around.min_by_key(|span| span.end - span.start) else {
        // What runs once shares with nobody that its arrays go the way at all, which they may have to where sizes are small and
        // the regions before and behind it do not launch.
        let is_asked = iterations(&region.guards).next().is_some();
        let all = copied.into.len() + copied.home.len();
        let is_alone = is_asked && runs_once(plan, region.of);
        return Some(if is_alone { all } else { 0 });
    };
    let conditions = conditions(plan, around);
    let mut pieces = 0;
    for (at, host) in &plan.residency.turns {
        let is_rare = conditions.iter().any(|condition| condition.contains(*at));
        if around.contains(*at) && !host.is_move && !is_rare {
            pieces += of_turn(plan, host, &copied)?;
        }
    }
    Some(pieces)
}

/// Returns whether a function certainly runs once at most: `main`, or one of the file that is named once besides its own
/// definition, outside of all loops, in such a function.
fn runs_once(plan: &Plan, function: Handle<Function>) -> bool {
    let (module, mut function) = (&plan.module, function);
    let text = module.source.text();
    // A function that calls itself is named in its own text, so this comes to an end.
    while module.functions[function].name != "main" {
        let own = &module.functions[function];
        let named = words_at(text, &own.name);
        let (inside, outside): (Vec<usize>, Vec<usize>) =
            named.partition(|at| own.span.range().contains(at));
        let ([_], [at]) = (inside.as_slice(), outside.as_slice()) else {
            return false;
        };
        let holds = |span: Span| span.range().contains(at);
        let is_repeated = plan.loops.iter().any(|each| holds(each.span));
        let mut callers = module.functions.iter();
        let caller = callers.find(|(_, each)| holds(each.span));
        let Some((caller, _)) = caller.filter(|_| own.is_static && !is_repeated) else {
            return false;
        };
        function = caller;
    }
    true
}

/// Returns where a text has a word.
fn words_at<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> + use<'t> {
    let is_part =
        |each: Option<char>| each.is_some_and(|each| each == '_' || each.is_alphanumeric());
    text.match_indices(word)
        .map(|(at, _)| at)
        .filter(move |at| {
            let before = text.get(..*at).and_then(|text| text.chars().next_back());
            let behind = text
                .get(at + word.len()..)
                .and_then(|text| text.chars().next());
            !is_part(before) && !is_part(behind)
        })
}

/// Returns the conditional statements in a loop.
fn conditions(plan: &Plan, around: Span) -> Vec<Span> {
    let mut found = Vec::new();
    for (_, function) in plan.module.functions.iter() {
        each(&function.body, &mut |statement| {
            if let Stmt::If(branch) = statement
                && around.start < branch.span.start
                && branch.span.end <= around.end
            {
                found.push(branch.span);
            }
        });
    }
    found
}

fn of_turn(plan: &Plan, host: &HostTurn, copied: &Copied) -> Option<usize> {
    let touched = host.touched.as_ref().filter(|_| host.turn != Turn::Alone)?;
    let function = &plan.module.functions[touched.function];
    let mut pieces = 0;
    for (turn, stretch) in touched.stretches() {
        pieces += of_stretch(function, turn, stretch, copied)?;
    }
    Some(pieces)
}

fn of_stretch(
    function: &Function,
    turn: Turn,
    stretch: &Stretch,
    copied: &Copied,
) -> Option<usize> {
    let is_part = match stretch {
        Stretch::All => return None,
        Stretch::Freed(_) => return Some(0),
        Stretch::Where { stretch, .. } => return of_stretch(function, turn, stretch, copied),
        Stretch::Place(_) => true,
        Stretch::Between { first, last } => shares_row(function, first, last),
        Stretch::Object(_) => false,
        Stretch::Bytes { from, count } => {
            let is_few = constant(function, *count).is_some_and(|count| count <= PART_BYTES);
            let inside = &function.exprs[*from].kind;
            is_few || matches!(inside, ExprKind::Address(place) if is_computed(function, place))
        }
    };
    let array = stretch.var(function);
    let ways = array.map_or(0, |array| copied.ways(turn, &function.vars[array].name));
    (is_part || ways == 0).then_some(ways)
}

/// Returns whether two places lie in one row that a variable names.
fn shares_row(function: &Function, first: &Place, last: &Place) -> bool {
    let (Some(Projection::Index(from)), Some(Projection::Index(to))) =
        (first.path.first(), last.path.first())
    else {
        return false;
    };
    first.path.len() > 1
        && constant(function, *from).is_none()
        && is_same_expr(function, *from, function, *to)
}

/// Returns whether a subscript of a place is no constant.
fn is_computed(function: &Function, place: &Place) -> bool {
    let mut path = place.path.iter();
    path.any(|step| match step {
        Projection::Index(index) => constant(function, *index).is_none(),
        Projection::Field(_) => false,
    })
}
