//! Loops over blocks of iterations and over what is in a block, as one loop: of `for (b = 0; b < n; b += t)` around
//! `for (i = b; i < min(b + t, n); i++)` remains `for (i = 0; i < n; i++)`.
//!
//! People cut loops for the caches of a CPU; a GPU has other ones, and its blocks are for a plan to choose. One loop goes through
//! the same iterations as the two, each once. Several nested pairs change the order in which they come, so the one who asks
//! has to show that [`Untiled::keeps_order`].
//! A block may be given by its number, as those of threads are: `lo = t * chunk; hi = min(lo + chunk, n)`.
//!
//! **Source**: Irigoin, Triolet, “Supernode Partitioning”, POPL 1988: blocks may run one after the other where no distance of a
//! dependence is negative; read backwards.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::{
    BinaryOp, Block, Expr, ExprKind, Function, Handle, Loop, LoopName, Scalar, Stmt, Type, Var,
};

use super::open::open;
use super::values::{Values, build_sum, names};
use super::{Made, modified};
use crate::affine::{Affine, Atom};
use crate::analyse::{is_live_after, may_leave};
use crate::facts::{BlockStep, Dependence, Facts};
use crate::polynomial::Polynomial;
use crate::symbol::Symbol;
use crate::{build, isl, region, trip};

/// A function some of whose nests are not cut into blocks any more.
pub(crate) struct Untiled {
    pub(crate) function: Arc<Function>,
    /// The loops of each such nest in which iterations come in another order, outermost first.
    nests: Vec<Vec<LoopName>>,
    /// What must not be negative for that, and which loops are gone.
    pub(crate) made: Made,
}

/// Returns the function with the nests of some statements put together from their blocks; `None` where there is none.
pub(crate) fn untile(
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Option<Untiled> {
    let function = &open(function, path, range);
    let mut statements = region::statements(function, path, range).to_vec();
    let mut work = Work {
        written: function,
        function: (**function).clone(),
        nests: Vec::new(),
        made: Made::default(),
        is_changed: false,
    };
    work.block(&mut statements, path, range.start);
    if !work.is_changed {
        return None;
    }
    let mut function = work.function;
    region::take(&mut function, path, range);
    region::put(&mut function, path, range.start, statements);
    Some(Untiled {
        function: Arc::new(function),
        nests: work.nests,
        made: work.made,
    })
}

impl Untiled {
    /// Returns whether what the program does in the order of its blocks it does in the order of these nests: nothing that has to
    /// come later is behind in any of their loops.
    ///
    /// The facts are those of the text as written, which has every value that one iteration leaves to a later one.
    pub(crate) fn keeps_order(&self, facts: Option<&Facts>, isl: &isl::Context) -> bool {
        if self.nests.is_empty() {
            return true;
        }
        let mut ordered = facts.into_iter().flat_map(|facts| &facts.dependences);
        facts.is_some()
            && ordered.all(|each| {
                let is_free = each.reduction.is_some() || each.is_update;
                is_free || {
                    let mut nests = self.nests.iter();
                    nests.all(|nest| {
                        let facts = facts.as_ref();
                        facts.is_some_and(|facts| is_forward(each, nest, facts, isl) == Ok(true))
                    })
                }
            })
    }
}

/// Returns whether no distance of a dependence is negative in a loop of a nest.
fn is_forward(
    each: &Dependence,
    nest: &[LoopName],
    facts: &Facts,
    isl: &isl::Context,
) -> Result<bool, isl::Error> {
    let positions = |event| {
        let loops = &facts.events.get(event)?.loops;
        let place = |name| loops.iter().position(|own| own == name);
        nest.iter().map(place).collect::<Option<Vec<usize>>>()
    };
    let (Some(at), Some(other)) = (positions(&each.source), positions(&each.sink)) else {
        return Ok(true);
    };
    let (first, second) = each.relation.dimensions()?;
    let dims = |letter: char, count: usize| {
        let names: Vec<String> = (0..count).map(|at| format!("{letter}{at}")).collect();
        names.join(", ")
    };
    let outside = at.first().copied().unwrap_or(0);
    let same = (0..outside).map(|dim| format!("a{dim} = b{dim}"));
    let back = at.iter().zip(other).map(|(a, b)| format!("b{b} < a{a}"));
    let back = back.collect::<Vec<_>>().join(" or ");
    let all = same.chain([format!("({back})")]).collect::<Vec<_>>();
    let text = format!(
        "{{ [{}] -> [{}] : {} }}",
        dims('a', first),
        dims('b', second),
        all.join(" and ")
    );
    let backward = isl::Map::parse(isl, &text)?;
    let backward = backward.named(&each.source.to_string(), &each.sink.to_string())?;
    each.relation.intersect(&backward)?.is_empty()
}

struct Work<'a> {
    /// Where positions lead.
    written: &'a Function,
    function: Function,
    nests: Vec<Vec<LoopName>>,
    made: Made,
    is_changed: bool,
}

/// A loop of a nest.
struct Level {
    each: Loop,
    /// What its body does before the next loop: it computes bounds.
    before: Block,
    /// What is known where it starts.
    outside: Values,
    /// What changes while it runs.
    inside: BTreeSet<Handle<Var>>,
}

impl Level {
    fn of(each: Loop, before: Block) -> Self {
        Self {
            each,
            before,
            outside: Values::default(),
            inside: BTreeSet::new(),
        }
    }

    /// Returns whether nothing that some text names changes while the loop runs.
    fn keeps(&self, function: &Function, bounds: &[Handle<Expr>]) -> bool {
        let mut named = bounds
            .iter()
            .flat_map(|bound| build::variables(function, *bound));
        named.all(|var| !self.inside.contains(&var))
    }
}

/// Notes what is known where each of some nested loops starts, and what changes while it runs.
fn surround(function: &Function, levels: &mut [Level], body: &[Stmt]) {
    let mut inside = modified(body);
    for level in levels.iter_mut().rev() {
        inside.extend(modified(&level.before));
        inside.insert(level.each.iterator);
        level.inside.clone_from(&inside);
    }
    let ty = levels
        .first()
        .and_then(|level| unsigned(function, &level.each));
    let mut values = Values::of(ty);
    for level in levels {
        level.outside = values.clone();
        // In later iterations that is what earlier ones left.
        values.forget(&level.inside);
        for stmt in &level.before {
            values.pass(function, stmt);
        }
    }
}

/// The loop over blocks that another one goes through, and what is left of the two.
struct Pair {
    outer: usize,
    start: Handle<Expr>,
    end: Handle<Expr>,
    /// What must not be negative for that.
    count: Option<Handle<Expr>>,
}

impl Work<'_> {
    fn block(&mut self, block: &mut Block, path: &[BlockStep], first: usize) {
        for (at, stmt) in (first..).zip(block) {
            if let Stmt::For(each) = stmt
                && let Some(whole) = self.nest(each, path, at)
            {
                *each = whole;
                continue;
            }
            let inside = |work: &mut Self, step, block: &mut Block| {
                let path = [path, &[step]].concat();
                work.block(block, &path, 0);
            };
            match stmt {
                Stmt::For(each) => inside(self, BlockStep::Body(at), &mut each.body),
                Stmt::While(each) => inside(self, BlockStep::Body(at), &mut each.body),
                Stmt::If(branch) => {
                    inside(self, BlockStep::Then(at), &mut branch.then);
                    inside(self, BlockStep::Otherwise(at), &mut branch.otherwise);
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
    }

    /// Returns a nest without its loops over blocks; `None` where it has none.
    fn nest(&mut self, each: &Loop, path: &[BlockStep], at: usize) -> Option<Loop> {
        let (mut levels, body) = self.levels(each);
        let mut pairs = Vec::new();
        surround(&self.function, &mut levels, &body);
        for inner in 0..levels.len() {
            let taken: BTreeSet<usize> = pairs
                .iter()
                .map(|(_, pair): &(_, Pair)| pair.outer)
                .collect();
            if let Some(pair) = self.pair(&levels, inner)
                && !taken.contains(&pair.outer)
            {
                pairs.push((inner, pair));
            }
        }
        let is_forward = levels.iter().all(|level| level.each.step > 0);
        if pairs.is_empty() || !is_forward || may_leave(&body) {
            return None;
        }
        let counters = levels.iter().filter(|level| !level.each.declares_iterator);
        let mut counters = counters.map(|level| level.each.iterator);
        if counters.any(|var| is_live_after(self.written, path, at, var)) {
            return None;
        }
        let mut gone = BTreeSet::new();
        let mut made = Made::default();
        for (inner, pair) in &pairs {
            let outer = &levels[pair.outer].each;
            gone.insert(outer.iterator);
            let over = levels[*inner].each.name.clone();
            made.blocks.insert(outer.name.clone(), over);
            made.counts.extend(pair.count);
            let own = &mut levels[*inner].each;
            (own.start, own.end) = (pair.start, pair.end);
            // What is written there says other bounds.
            own.header_span.end = own.header_span.start;
        }
        let outer: BTreeSet<usize> = pairs.iter().map(|(_, pair)| pair.outer).collect();
        // What the bounds were computed from goes with the loops over blocks.
        let mut before: Block = Block::new();
        for level in &mut levels {
            before.append(&mut level.before);
        }
        gone.extend(modified(&before));
        let mut set = modified(&before).into_iter();
        if set.any(|var| is_live_after(self.written, path, at, var)) {
            return None;
        }
        let kept: Vec<Loop> = levels
            .into_iter()
            .enumerate()
            .filter_map(|(at, level)| (!outer.contains(&at)).then_some(level.each))
            .collect();
        let is_named = |var: &Handle<Var>| {
            let in_body = body
                .iter()
                .any(|stmt| region::names(&self.function, stmt, *var));
            let mut bounds = kept.iter().flat_map(|each| [each.start, each.end]);
            in_body || bounds.any(|bound| build::names(&self.function, bound, *var))
        };
        if gone.iter().any(is_named) {
            return None;
        }
        self.is_changed = true;
        self.made.extend(made);
        // Blocks right around what is in them come in the order of the program.
        if pairs.iter().any(|(inner, pair)| pair.outer + 1 != *inner) {
            let names = kept.iter().map(|each| each.name.clone());
            self.nests.push(names.collect());
        }
        let span = each.span;
        let mut inside = body;
        let mut whole = None;
        for each in kept.into_iter().rev() {
            if let Some(inner) = whole.take() {
                inside = vec![Stmt::For(inner)];
            }
            whole = Some(Loop {
                body: std::mem::take(&mut inside),
                ..each
            });
        }
        whole.map(|whole| Loop { span, ..whole })
    }

    /// Returns the loops of a nest, outermost first, with nothing between them but what computes bounds, and the body.
    fn levels(&self, each: &Loop) -> (Vec<Level>, Block) {
        let mut levels = Vec::new();
        let mut each = each.clone();
        loop {
            let mut body = std::mem::take(&mut each.body);
            let is_plain = |stmt: &Stmt| is_of_bounds(&self.function, stmt);
            let inner = match body.pop() {
                Some(Stmt::For(inner)) if body.iter().all(is_plain) => inner,
                last => {
                    body.extend(last);
                    let before = Block::new();
                    levels.push(Level::of(each, before));
                    return (levels, body);
                }
            };
            levels.push(Level::of(each, body));
            each = inner;
        }
    }

    /// Returns the loop among those around one over whose blocks it goes.
    fn pair(&mut self, levels: &[Level], inner: usize) -> Option<Pair> {
        let whole = levels.first()?;
        let Level {
            each: own, outside, ..
        } = levels.get(inner)?;
        let start = outside.polynomial(&self.function, own.start)?;
        let (end, last) = outside.lesser(&self.function, own.end)?;
        if own.step != 1 || !levels[inner].keeps(&self.function, &[own.end]) {
            return None;
        }
        (0..inner).find_map(|outer| {
            let around = levels.get(outer)?;
            if !whole.keeps(&self.function, &[around.each.start, around.each.end]) {
                return None;
            }
            let blocks = Blocks::of(&self.function, &around.each, &start, &around.outside)?;
            let of_block = start.plus(&blocks.length)?;
            let last = match &last {
                Some(last) if end == of_block => Some(last.clone()),
                Some(last) if *last == of_block => Some(end.clone()),
                None if end == of_block => None,
                Some(_) | None => return None,
            };
            // Bounds stay what they are in all blocks.
            let named = [Some(&blocks.first), last.as_ref(), Some(&blocks.length)];
            let mut named = named.into_iter().flatten();
            if named.any(|bound| whole.inside.iter().any(|var| names(bound, *var))) {
                return None;
            }
            if let Some(ty) = unsigned(&self.function, own) {
                return self.unsigned_pair(outer, (&blocks, last.as_ref()), (&around.each, ty));
            }
            let start = build_sum(&mut self.function, &blocks.first)?;
            let (end, count) = self.last(&blocks, last.as_ref(), &around.each)?;
            Some(Pair {
                outer,
                start,
                end,
                count,
            })
        })
    }

    /// The same of unsigned counters: from a value to a variable or constant that is the bound of all blocks, where none of
    /// them goes beyond what the type holds.
    fn unsigned_pair(
        &mut self,
        outer: usize,
        (blocks, last): (&Blocks, Option<&Polynomial>),
        (around, ty): (&Loop, Scalar),
    ) -> Option<Pair> {
        let function = &mut self.function;
        let is_own = unsigned(function, around) == Some(ty);
        let is_reached = last.is_some() && blocks.reach.as_ref() == last;
        let is_plain = |bound: &Handle<Expr>| {
            build::constant(function, *bound).is_some() || build::read(function, *bound).is_some()
        };
        let is_whole = [around.start, around.end].iter().all(is_plain);
        if !is_own || !is_reached || !is_whole || blocks.length.affine(&[])?.as_constant().is_none()
        {
            return None;
        }
        let (_, greatest) = ty.integer_range()?;
        let most = greatest - i128::from(around.step);
        let count = match build::constant(function, around.end) {
            Some(end) => (end <= most).then_some(None)?,
            // A variable of 64 bits is far below the greatest number where a kernel runs.
            None if ty == Scalar::U64 => None,
            None => {
                let most = build::int(function, most, Scalar::I64);
                let end = build::convert(function, around.end, Scalar::I64);
                Some(build::binary(function, BinaryOp::Subtract, most, end))
            }
        };
        let start = build::convert(function, around.start, ty);
        let end = build::convert(function, around.end, ty);
        Some(Pair {
            outer,
            start,
            end,
            count,
        })
    }

    /// Returns where the last block ends: at the bound of all blocks that the loop over them reaches; else a number of blocks
    /// behind the first, or at the bound where that comes before, and which number must not be negative for that.
    fn last(
        &mut self,
        blocks: &Blocks,
        last: Option<&Polynomial>,
        outer: &Loop,
    ) -> Option<(Handle<Expr>, Option<Handle<Expr>>)> {
        if let Some(last) = last.filter(|last| blocks.reach.as_ref() == Some(last)) {
            return Some((build_sum(&mut self.function, last)?, None));
        }
        let (whole, count) = self.whole(blocks, outer)?;
        let Some(last) = last else {
            // Blocks of a variable length that nothing cuts off are rows.
            return count.is_none().then_some((whole, None));
        };
        let function = &mut self.function;
        let last = build_sum(function, last)?;
        let last = build::convert(function, last, Scalar::I64);
        let kind = ExprKind::Select {
            condition: build::binary(function, BinaryOp::Less, whole, last),
            then: whole,
            otherwise: last,
        };
        Some((function.expr(kind, Scalar::I64), count))
    }

    /// Returns where all blocks end if each is whole, and their number where that must not be negative: less than no blocks of
    /// less than no iterations are none.
    fn whole(
        &mut self,
        blocks: &Blocks,
        outer: &Loop,
    ) -> Option<(Handle<Expr>, Option<Handle<Expr>>)> {
        // In numbers of 32 bits none of this overflows.
        let function = &mut self.function;
        let length = build_sum(function, &blocks.length)?;
        let constant = build::constant(function, length);
        let is_short = match constant {
            Some(length) => i32::try_from(length).is_ok(),
            None => function.exprs[length].ty.scalar() == Some(Scalar::I32),
        };
        let mut bounds = [outer.start, outer.end].into_iter();
        let is_int = |bound| function.exprs[bound].ty.scalar() == Some(Scalar::I32);
        if !is_short || !bounds.all(is_int) {
            return None;
        }
        let first = build_sum(function, &blocks.first)?;
        let first = build::convert(function, first, Scalar::I64);
        let number = trip::count(function, outer)?;
        let all = if let Some(length) = constant {
            build::scale(function, length, number)
        } else {
            let length = build::convert(function, length, Scalar::I64);
            build::binary(function, BinaryOp::Multiply, number, length)
        };
        let end = build::binary(function, BinaryOp::Add, first, all);
        Some((end, constant.is_none().then_some(number)))
    }
}

/// Returns the type of a loop's counter if that wraps around.
fn unsigned(function: &Function, each: &Loop) -> Option<Scalar> {
    let ty = function.vars[each.iterator].ty.scalar()?;
    (!ty.is_signed()).then_some(ty)
}

/// The blocks that a loop goes over.
struct Blocks {
    /// Where the first one starts.
    first: Polynomial,
    length: Polynomial,
    /// What the last one reaches, if a bound of the loop says it.
    reach: Option<Polynomial>,
}

impl Blocks {
    /// Returns the blocks of a loop, each of which starts at a value.
    fn of(function: &Function, outer: &Loop, start: &Polynomial, values: &Values) -> Option<Self> {
        let counter = Polynomial::from(Affine::var(outer.iterator));
        let end = values.polynomial(function, outer.end);
        if *start == counter {
            return Some(Self {
                first: values.polynomial(function, outer.start)?,
                length: Polynomial::constant(outer.step.into()),
                reach: end,
            });
        }
        let is_numbered = outer.step == 1 && build::constant(function, outer.start) == Some(0);
        let (first, length) = along(start, outer.iterator).filter(|_| is_numbered)?;
        let reach = if let ExprKind::Binary(BinaryOp::CeilDivide, distance, by) =
            function.exprs[outer.end].kind
        {
            let distance = values.polynomial(function, distance)?;
            let is_whole = values.polynomial(function, by)? == length;
            is_whole.then(|| first.plus(&distance))?
        } else {
            None
        };
        Some(Self {
            first,
            length,
            reach,
        })
    }
}

/// Returns `a` and `b` of a sum `a + b * var`, which do not name the variable.
fn along(sum: &Polynomial, var: Handle<Var>) -> Option<(Polynomial, Polynomial)> {
    let own = Symbol::var(var);
    let (mut first, mut by) = (Polynomial::default(), Polynomial::default());
    for (factor, product) in sum.products()? {
        let rest = product.divided_by(&own);
        let into = if rest.is_some() { &mut by } else { &mut first };
        let product = rest.unwrap_or(product);
        let term = if product.factors().is_empty() {
            Polynomial::constant(1)
        } else {
            Affine::atom(Atom::Symbol(product)).into()
        };
        *into = into.plus(&term.times(&Polynomial::constant(factor))?)?;
    }
    (by != Polynomial::default() && !names(&by, var)).then_some((first, by))
}

/// Returns whether a statement computes nothing but numbers of its own, as bounds are.
fn is_of_bounds(function: &Function, stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Declare(var, _) => matches!(function.vars[*var].ty, Type::Scalar(_)),
        Stmt::Compute(compute) => {
            let is_own = |var: Handle<Var>| function.vars[var].is_plain_local();
            compute.target.path.is_empty()
                && is_own(compute.target.var)
                && build::is_of_variables(function, compute.value, &is_own)
        }
        Stmt::If(branch) => {
            let mut inside = branch.then.iter().chain(&branch.otherwise);
            inside.all(|stmt| is_of_bounds(function, stmt))
        }
        Stmt::For(_)
        | Stmt::While(_)
        | Stmt::Let(..)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => false,
    }
}
