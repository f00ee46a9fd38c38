//! Whether statements fill the elements of an array before they read them: what is in a workspace that several loops of a
//! function use does not matter to the next one that fills it.
//!
//! The walk follows the text once and keeps boxes of elements that are certainly filled where it stands, with limits that are
//! sums of variables. A loop in steps of one that fills an element for its counter fills all from its first to its last one;
//! of another only what is filled for certain within an iteration counts within that. An element that is filled stays so, whatever
//! comes later, so what holds before a loop holds in each of its iterations; limits that something changes are forgotten
//! with their boxes.
//! An access outside of the array has no meaning (C17 6.5.6 §8), so a subscript of which nothing is known is one of its elements.
//!
//! **Source**: Tu, Padua, “Automatic Array Privatization”, LCPC 1993 (must-defined and upward-exposed sections).

use std::collections::BTreeMap;

use mupac_ir::{
    Block, Expr, ExprKind, Extent, Function, Handle, If, Loop, Place, Projection, Stmt, Type, Var,
};

use super::fresh;
use super::linear::{Atom, Linear, Locals};
use super::liveness::First;
use super::names::{changed, leaves_variable, lengths, may_leave};
use crate::{build, region};

/// More boxes than any workspace is filled by.
const MOST_BOXES: usize = 64;

/// Returns the extents of an array of numbers whose extents are constants; `None` for anything else.
pub(super) fn extents(function: &Function, var: Handle<Var>) -> Option<Vec<u64>> {
    let mut ty = &function.vars[var].ty;
    let mut extents = Vec::new();
    while let Type::Array {
        of,
        length: Extent::Fixed(length),
    } = ty
    {
        extents.push(*length);
        ty = of;
    }
    (!extents.is_empty() && matches!(ty, Type::Scalar(_))).then_some(extents)
}

/// The extents of an array, the outermost first; `None` for one of which nothing is known.
pub(crate) type Extents = Vec<Option<Linear>>;

/// Returns the extents of an array, as far as they are sums of variables that keep their value.
pub(crate) fn known_extents(function: &Function, ty: &Type) -> Extents {
    let Type::Array { of, length } = ty else {
        return Extents::new();
    };
    let known = match length {
        Extent::Fixed(length) => Some(Linear::number(i128::from(*length))),
        Extent::Variable(length) => {
            let length = Linear::of(function, *length, &Locals::default());
            length.filter(|length| length.atoms().all(|atom| is_set_once(function, atom)))
        }
        Extent::Unknown => None,
    };
    let mut found = vec![known];
    found.extend(known_extents(function, of));
    found
}

/// Returns whether a function assigns what a variable holds in no more than one place.
fn is_set_once(function: &Function, atom: &Atom) -> bool {
    let mut places = 0;
    region::each(&function.body, &mut |stmt| {
        let counts = matches!(stmt, Stmt::For(each) if each.iterator == atom.var());
        let is_target = region::target(stmt).is_some_and(|place| place.var == atom.var());
        places += usize::from(counts || is_target);
    });
    atom.is_own(function) && places <= 1
}

/// Returns what happens first to the elements of an array with these extents, or of the object behind a pointer, when a block
/// runs: whether one may be read that the block has not filled, else whether it fills all.
pub(super) fn first_use(
    function: &Function,
    block: &[Stmt],
    array: Handle<Var>,
    extents: &[Option<Linear>],
) -> First {
    let mut walk = Walk {
        function,
        array,
        extents,
        state: State::default(),
        counters: BTreeMap::new(),
        is_strict: false,
        is_read: false,
    };
    let goes_on = walk.block(block);
    if walk.is_read {
        First::Read
    } else if !goes_on || walk.is_whole() {
        First::Written
    } else {
        First::Neither
    }
}

/// Returns whether a function, which does not change a pointer, touches nothing by it but the first so many elements where
/// some of its parameters have known values.
pub(crate) fn stays_within(
    function: &Function,
    pointer: Handle<Var>,
    count: u64,
    numbers: &[(Handle<Var>, i128)],
) -> bool {
    let mut walk = Walk {
        function,
        array: pointer,
        extents: &[Some(Linear::number(count.into()))],
        state: State::default(),
        counters: BTreeMap::new(),
        is_strict: true,
        is_read: false,
    };
    walk.fill(whole(walk.extents).unwrap_or_default());
    for (parameter, number) in numbers {
        walk.state
            .locals
            .set(function, *parameter, Linear::number(*number));
    }
    walk.block(&function.body);
    !walk.is_read
}

/// Limits of a subscript, both included.
type Side = (Linear, Linear);

/// What is known where the walk stands.
#[derive(Clone, Debug, Default)]
struct State {
    /// Boxes of elements that are filled; one with a side of which the limits are in the wrong order is empty.
    filled: Vec<Vec<Side>>,
    /// Whether no element is left of those that were there before.
    is_new: bool,
    locals: Locals,
}

impl State {
    /// Forgets what depends on an atom.
    fn forget(&mut self, is_gone: &dyn Fn(&Atom) -> bool) {
        let depends = |side: &Side| side.0.atoms().any(is_gone) || side.1.atoms().any(is_gone);
        self.filled.retain(|each| !each.iter().any(depends));
        self.locals.forget(is_gone);
    }
}

struct Walk<'a> {
    function: &'a Function,
    array: Handle<Var>,
    extents: &'a [Option<Linear>],
    state: State,
    /// The counters of the loops around, from the outermost on, with their least and greatest values.
    counters: BTreeMap<usize, (Handle<Var>, Side)>,
    /// Whether elements outside may be touched, and writes count as well.
    is_strict: bool,
    /// Whether something may be touched that is not filled.
    is_read: bool,
}

impl Walk<'_> {
    /// Follows statements; returns whether control comes to their end.
    fn block(&mut self, block: &[Stmt]) -> bool {
        block.iter().all(|stmt| self.statement(stmt))
    }

    fn statement(&mut self, stmt: &Stmt) -> bool {
        if self.frees(stmt) {
            self.state.is_new = true;
            return true;
        }
        // What a loop reads again in each iteration is looked at where it is entered.
        if !matches!(stmt, Stmt::For(_) | Stmt::While(_)) {
            for expr in region::expressions(stmt) {
                self.reads(expr);
            }
        }
        match stmt {
            Stmt::Compute(compute) => {
                let value = Linear::of(self.function, compute.value, &self.state.locals);
                self.target(&compute.target, value);
            }
            Stmt::Call(call) => {
                self.state.forget(&|atom| !atom.is_own(self.function));
                if let Some(target) = &call.target {
                    self.target(target, None);
                }
            }
            Stmt::Let(var, _) => self.changes(*var),
            Stmt::Declare(var, _) if *var == self.array => match whole(self.extents) {
                Some(whole) => self.fill(whole),
                None => self.state.is_new = true,
            },
            Stmt::Declare(var, _) => {
                self.changes(*var);
                let lengths = lengths(&self.function.vars[*var].ty);
                for length in lengths {
                    self.reads(length);
                }
            }
            Stmt::If(branch) => return self.branch(branch),
            Stmt::For(each) => self.counted(each),
            Stmt::While(each) => {
                let parts = [&each.before_test, &each.body, &each.after_body];
                for part in parts {
                    self.enters(part);
                }
                for expr in region::expressions(stmt) {
                    self.reads(expr);
                }
                let before = self.state.clone();
                for part in parts {
                    self.block(part);
                    self.state = before.clone();
                }
            }
            Stmt::Return(..) | Stmt::Break(_) | Stmt::Continue(_) => return false,
            Stmt::Verbatim(text, _) => {
                self.is_read |= self.function.vars[self.array].is_reached_by(*text);
                self.state = State::default();
            }
            Stmt::Barrier => {}
        }
        true
    }

    /// Follows both branches; what both fill is filled, or what the one does that goes on.
    fn branch(&mut self, branch: &If) -> bool {
        let before = self.state.clone();
        let then_goes_on = self.block(&branch.then);
        let then = std::mem::replace(&mut self.state, before);
        let otherwise_goes_on = self.block(&branch.otherwise);
        if !otherwise_goes_on {
            self.state = then;
        } else if then_goes_on {
            self.state.filled.retain(|each| then.filled.contains(each));
            self.state.is_new &= then.is_new;
            self.state.locals.keep_common(&then.locals);
        }
        then_goes_on || otherwise_goes_on
    }

    /// Follows a loop that counts.
    fn counted(&mut self, each: &Loop) {
        self.enters(&each.body);
        self.changes(each.iterator);
        self.reads(each.start);
        self.reads(each.end);
        let before = self.state.clone();
        let was_read = self.is_read;
        let range = self.range(each);
        let filled = self.iteration(each, range.as_ref());
        let goes_through = !may_leave(&each.body) && each.step.abs() == 1;
        let Some(range) = range.filter(|_| goes_through) else {
            self.state = before;
            return;
        };
        if self.is_read && !was_read {
            // What an iteration reads may be what iterations before it fill.
            self.is_read = false;
            self.state = before.clone();
            self.sweep(each, &filled, earlier(each, &range).as_ref());
            self.iteration(each, Some(&range));
        }
        self.state = before;
        let runs = range.1.minus(&range.0).and_then(|most| most.constant());
        if runs.is_some_and(|most| most >= 0) {
            // What is filled at the end of the last iteration is filled behind the loop.
            for filled in filled.iter().filter(|filled| named(filled, each) == 0) {
                if !self.state.filled.contains(filled) {
                    self.fill(filled.clone());
                }
            }
        }
        self.sweep(each, &filled, Some(&range));
    }

    /// Follows one iteration of a loop, and returns what is filled at its end.
    fn iteration(&mut self, each: &Loop, range: Option<&Side>) -> Vec<Vec<Side>> {
        let depth = self.counters.len();
        if let Some(range) = range {
            self.counters.insert(depth, (each.iterator, range.clone()));
        }
        self.block(&each.body);
        self.counters.remove(&depth);
        std::mem::take(&mut self.state.filled)
    }

    /// Fills what those iterations of a loop do in which its counter lies in a range, each of which fills some boxes.
    fn sweep(&mut self, each: &Loop, filled: &[Vec<Side>], range: Option<&Side>) {
        let Some(range) = range else { return };
        for filled in filled.iter().filter(|filled| named(filled, each) == 1) {
            let swept = filled.iter().map(|side| sweep(side, each.iterator, range));
            let swept = swept.collect::<Option<Vec<Side>>>();
            // All iterations have to mean the same limits.
            let is_fixed = |side: &Side| {
                let mut atoms = side.0.atoms().chain(side.1.atoms());
                atoms.all(|atom| atom.var() == each.iterator || self.is_kept(atom, each))
            };
            if let Some(swept) = swept.filter(|swept| swept.iter().all(is_fixed)) {
                self.fill(swept);
            }
        }
    }

    /// Returns whether a loop leaves an atom alone.
    fn is_kept(&self, atom: &Atom, each: &Loop) -> bool {
        let var = atom.var();
        var != each.iterator
            && !changed(self.function, &each.body).contains(&var)
            && (atom.is_own(self.function) || !writes_through(self.function, &each.body))
    }

    /// Forgets what iterations of a loop with this body may change.
    fn enters(&mut self, body: &Block) {
        let function = self.function;
        let changed = changed(function, body);
        let through = writes_through(function, body);
        self.state
            .forget(&|atom| changed.contains(&atom.var()) || through && !atom.is_own(function));
    }

    /// Returns the least and the greatest value of a counter, which the body leaves alone.
    fn range(&self, each: &Loop) -> Option<Side> {
        let function = self.function;
        let scalar = |expr: Handle<Expr>| function.exprs[expr].ty.scalar();
        let (counter, bound) = (scalar(each.start)?, scalar(each.end)?);
        // A negative counter compared with an unsigned bound is a large number.
        (counter.is_signed() == bound.is_signed()).then_some(())?;
        let start = Linear::of(function, each.start, &self.state.locals)?;
        let end = Linear::of(function, each.end, &self.state.locals)?;
        let is_fixed = |linear: &Linear| linear.atoms().all(|atom| self.is_kept(atom, each));
        let counts = !changed(function, &each.body).contains(&each.iterator);
        (counts && is_fixed(&start) && is_fixed(&end)).then_some(())?;
        if each.step > 0 {
            Some((start, end.plus_constant(-1)?))
        } else {
            Some((end.plus_constant(1)?, start))
        }
    }

    /// A variable gets a value of which nothing is known.
    fn changes(&mut self, var: Handle<Var>) {
        self.state.forget(&|atom| atom.var() == var);
    }

    fn target(&mut self, place: &Place, value: Option<Linear>) {
        let function = self.function;
        if place.var == self.array && self.is_strict {
            self.is_read |= !self.is_filled(place);
        } else if place.var == self.array && place.path.is_empty() {
            // The pointer leads to another object.
            self.state.is_new = true;
        } else if place.var == self.array {
            let subscripts = self.subscripts(place);
            // Boxes may be limited by elements of the array itself.
            self.changes(self.array);
            let is_own = |at: &Linear| at.atoms().any(|atom| atom.var() == self.array);
            if place.path.len() == self.extents.len()
                && let Some(sides) = subscripts.filter(|sides| !sides.iter().any(is_own))
            {
                self.fill(sides.into_iter().map(|at| (at.clone(), at)).collect());
            }
        } else if leaves_variable(function, place) {
            self.state.forget(&|atom| !atom.is_own(function));
        } else {
            self.changes(place.var);
            if place.path.is_empty()
                && let Some(value) = value
            {
                self.state.locals.set(function, place.var, value);
            }
        }
    }

    /// Returns what the subscripts of an element are.
    fn subscripts(&self, place: &Place) -> Option<Vec<Linear>> {
        let steps = place.path.iter().map(|step| match step {
            Projection::Index(index) => Linear::of(self.function, *index, &self.state.locals),
            Projection::Field(_) => None,
        });
        steps.collect()
    }

    /// Adds a box, as part of one that it continues where there is such.
    fn fill(&mut self, mut sides: Vec<Side>) {
        let continued = |first: &[Side], second: &[Side]| {
            let mut differing = (0..first.len()).filter(|at| first[*at] != second[*at]);
            let at = differing.next()?;
            let is_next = differing.next().is_none()
                && first[at].1.plus_constant(1).as_ref() == Some(&second[at].0);
            is_next.then_some(at)
        };
        // What lies in both limits lies in one of the two boxes, whichever of them is empty.
        let joined = |known: &Vec<Side>, sides: &[Side]| {
            let mut known = known.clone();
            if let Some(at) = continued(&known, sides) {
                known[at].1 = sides[at].1.clone();
            } else {
                let at = continued(sides, &known)?;
                known[at].0 = sides[at].0.clone();
            }
            Some(known)
        };
        let filled = &mut self.state.filled;
        let next = |filled: &[Vec<Side>], sides: &[Side]| {
            let mut numbered = filled.iter().enumerate();
            numbered.find_map(|(at, known)| Some((at, joined(known, sides)?)))
        };
        while let Some((at, both)) = next(filled, &sides) {
            filled.remove(at);
            sides = both;
        }
        if filled.len() < MOST_BOXES {
            filled.push(sides);
        }
    }

    /// Notes what an expression reads of the array.
    fn reads(&mut self, expr: Handle<Expr>) {
        let function = self.function;
        let mut is_read = false;
        build::visit(function, expr, &mut |_, node| {
            is_read |= match &node.kind {
                ExprKind::Load(place) if place.var == self.array => !self.is_filled(place),
                ExprKind::Address(place) => place.var == self.array,
                ExprKind::Load(_)
                | ExprKind::Int(_)
                | ExprKind::Float(_)
                | ExprKind::Text(_)
                | ExprKind::Unary(..)
                | ExprKind::Binary(..)
                | ExprKind::Cast(_)
                | ExprKind::Select { .. }
                | ExprKind::Call(..)
                | ExprKind::BlockIndex(_)
                | ExprKind::ThreadIndex(_) => false,
            };
        });
        self.is_read |= is_read;
    }

    /// Returns whether every element that an access may touch is filled.
    fn is_filled(&self, place: &Place) -> bool {
        let sides = self.extents.iter().enumerate().map(|(at, extent)| {
            let index = match place.path.get(at) {
                Some(Projection::Index(index)) => {
                    Linear::of(self.function, *index, &self.state.locals)
                }
                Some(Projection::Field(_)) | None => None,
            };
            match index {
                Some(index) => Some((index.clone(), index)),
                None => extent.as_ref().filter(|_| !self.is_strict).and_then(all),
            }
        });
        let sides: Option<Vec<Side>> = sides.collect();
        // The place without subscripts is the pointer.
        if place.path.is_empty() {
            return false;
        }
        // A subscript by data may leave its row.
        let mut inner = place.path.iter().skip(1);
        let is_in_row = inner.all(|step| match step {
            Projection::Index(index) => {
                Linear::of(self.function, *index, &self.state.locals).is_some()
            }
            Projection::Field(_) => true,
        });
        let is_held = is_in_row && sides.is_some_and(|sides| self.holds(&sides));
        is_held || !self.is_strict && self.is_whole()
    }

    /// Returns whether all elements are filled.
    fn is_whole(&self) -> bool {
        self.state.is_new || whole(self.extents).is_some_and(|sides| self.holds(&sides))
    }

    /// Returns whether a statement frees the object behind the pointer, which is unshared: so `free` is the library's.
    fn frees(&self, stmt: &Stmt) -> bool {
        let is_pointer = matches!(self.function.vars[self.array].ty, Type::Pointer { .. });
        is_pointer && !self.is_strict && fresh::calls_free(self.function, stmt, self.array)
    }

    /// Returns whether one box holds another.
    fn holds(&self, sides: &[Side]) -> bool {
        self.state.filled.iter().any(|known| {
            let mut both = known.iter().zip(sides);
            both.all(|(known, side)| {
                self.is_at_most(&known.0, &side.0) && self.is_at_most(&side.1, &known.1)
            })
        })
    }

    /// Returns whether one sum is certainly at most another, for all values of the counters around.
    fn is_at_most(&self, less: &Linear, more: &Linear) -> bool {
        let Some(mut rest) = more.minus(less) else {
            return false;
        };
        for (counter, range) in self.counters.values().rev() {
            if rest.constant().is_some() {
                break;
            }
            let factor = rest.factor(&Atom::Var(*counter));
            let extreme = if factor > 0 { &range.0 } else { &range.1 };
            match rest.replaced(*counter, extreme) {
                Some(next) => rest = next,
                None => return false,
            }
        }
        rest.constant().is_some_and(|least| least >= 0)
    }
}

/// Returns all subscripts of a dimension.
fn all(extent: &Linear) -> Option<Side> {
    Some((Linear::number(0), extent.plus_constant(-1)?))
}

/// Returns the box of all elements; `None` where an extent is not known.
fn whole(extents: &[Option<Linear>]) -> Option<Vec<Side>> {
    extents.iter().map(|extent| all(extent.as_ref()?)).collect()
}

/// Returns how many sides of a box name the counter of a loop.
fn named(filled: &[Side], each: &Loop) -> usize {
    let sides = filled.iter();
    sides.filter(|side| names(side, each.iterator)).count()
}

/// Returns the values that the counter of a loop has before those of the running iteration.
fn earlier(each: &Loop, (least, greatest): &Side) -> Option<Side> {
    let counter = Linear::atom(Atom::Var(each.iterator));
    if each.step > 0 {
        Some((least.clone(), counter.plus_constant(-1)?))
    } else {
        Some((counter.plus_constant(1)?, greatest.clone()))
    }
}

/// Returns a side of the elements that all iterations of a loop fill, of which each fills one subscript at its counter, or
/// the same subscripts as all others.
fn sweep(side: &Side, counter: Handle<Var>, range: &Side) -> Option<Side> {
    let atom = Atom::Var(counter);
    match (side.0.factor(&atom), side.0 == side.1) {
        (0, _) if side.1.factor(&atom) == 0 => Some(side.clone()),
        (1, true) => {
            let least = side.0.replaced(counter, &range.0)?;
            Some((least, side.1.replaced(counter, &range.1)?))
        }
        _ => None,
    }
}

/// Returns whether statements write through pointers, or call what may.
fn writes_through(function: &Function, statements: &[Stmt]) -> bool {
    let mut found = false;
    region::each(statements, &mut |stmt| {
        found |= matches!(stmt, Stmt::Call(_) | Stmt::Verbatim(..))
            || region::target(stmt).is_some_and(|place| leaves_variable(function, place));
    });
    found
}

/// Returns whether a side depends on a variable.
fn names(side: &Side, var: Handle<Var>) -> bool {
    side.0
        .atoms()
        .chain(side.1.atoms())
        .any(|atom| atom.var() == var)
}
