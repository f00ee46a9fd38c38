//! Reductions of a kernel: accumulators in place of targets, and what joins them.

use mupac_ir::stmt::Call;
use mupac_ir::structure::is_same_place;
use mupac_ir::warp::{ALL, WarpOperation};
use mupac_ir::{
    BinaryOp, Block, Buffer, Comparison, Compute, Expr, ExprKind, Function, Handle, If, Place,
    Reason, Reduction, ReductionOperator, Refusal, Scalar, Span, Stmt, StmtId, Type, Var,
};

use super::{Context, Memory, Shape};
use crate::facts;
use crate::facts::FloatOrder;
use crate::joining::{link, spine, unconverted};
use crate::numbering::Numbering;
use crate::state::Settings;
use crate::{build, region};

/// Gives every thread an accumulator for each reduction of a nest, in place of the target, and adds the buffers of
/// partial results.
///
/// **Errors**: `order-dependent-float` where the user wants the order of the program; `unsupported` where a thread may
/// end before it takes part in the tree.
pub(crate) fn realise(
    context: &Context<'_>,
    function: &mut Function,
    body: &mut Block,
    memory: &mut Memory<'_>,
    shape: &Shape,
    settings: &Settings,
) -> Result<Vec<Handle<Reduction>>, Refusal> {
    let mut realised = Vec::new();
    for known in &context.region.facts.reductions {
        let mut is_here = false;
        region::each(body, &mut |stmt| {
            is_here |=
                matches!(stmt, Stmt::Compute(compute) if known.statements.contains(&compute.id));
        });
        if !is_here || known.scan.is_some() {
            continue;
        }
        check(context, function, body, known, settings)?;
        let mut builder = Builder::new(function, known, body);
        let partials = memory.buffers.push(builder.partials(shape));
        let reduction = builder.reduction(body, partials);
        realised.push(memory.reductions.push(reduction));
    }
    Ok(realised)
}

/// Checks that the threads of a kernel with this code may join what they contribute to a value.
///
/// **Errors**: see [`realise`].
pub(super) fn check(
    context: &Context<'_>,
    function: &Function,
    body: &Block,
    known: &facts::Reduction,
    settings: &Settings,
) -> Result<(), Refusal> {
    if known.ty.is_float() && settings.float_order == FloatOrder::Source {
        let operator = known.joining.operator.name().to_owned();
        let reason = Reason::OrderDependentFloat { operator };
        return Err(Refusal::new(reason, known.span));
    }
    let refused = |construct: &str| {
        let construct = construct.to_owned();
        Err(Refusal::new(Reason::Unsupported { construct }, known.span))
    };
    // A vector of them is no array (C++17 [vector.bool]).
    if known.ty == Scalar::Bool {
        return refused("a greatest or least `bool` (an `int` helps)");
    }
    let others = &context.region.facts.reductions;
    let is_set = sets_target(function, body, known, others);
    if is_set || !is_reached(context, function, &known.target) {
        return refused("a sum or its like that iterations have for themselves");
    }
    if has_return(body) {
        return refused("continue in a loop that computes a sum or its like");
    }
    Ok(())
}

/// Returns whether the host can name the target of a reduction when it joins what blocks contribute.
fn is_reached(context: &Context<'_>, function: &Function, target: &Place) -> bool {
    let mut named = build::indices(target).flat_map(|index| build::variables(function, index));
    named.all(|var| context.known.contains(&var))
}

/// Returns whether the code of a thread does more to the target of a reduction than contribute: then it is the thread's own.
/// Other elements and members of the variable may be the targets of others.
fn sets_target(
    function: &Function,
    body: &Block,
    known: &facts::Reduction,
    all: &[facts::Reduction],
) -> bool {
    let target = known.target.var;
    let contributes = |id: &StmtId| {
        let is_apart = |other: &facts::Reduction| {
            !is_same_place(function, &other.target, function, &known.target)
        };
        known.statements.contains(id)
            || (all.iter()).any(|other| other.statements.contains(id) && is_apart(other))
    };
    let mut found = false;
    region::each(body, &mut |stmt| {
        found |= match stmt {
            Stmt::Declare(var, _) => *var == target,
            Stmt::Compute(compute) => compute.target.var == target && !contributes(&compute.id),
            Stmt::Let(..)
            | Stmt::For(_)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => false,
        };
    });
    found
}

/// Returns whether a thread may end before the end of its code.
pub(super) fn has_return(body: &Block) -> bool {
    let mut found = false;
    region::each(body, &mut |stmt| {
        found |= matches!(stmt, Stmt::Return(..));
    });
    found
}

/// Builds what joins the values of one reduction.
pub(super) struct Builder<'a> {
    pub(super) function: &'a mut Function,
    known: &'a facts::Reduction,
    /// The type of accumulators.
    ty: Scalar,
    numbering: Numbering,
}

impl<'a> Builder<'a> {
    pub(super) fn new(
        function: &'a mut Function,
        known: &'a facts::Reduction,
        body: &Block,
    ) -> Self {
        let next = region::next_number(&[&function.body, body]);
        Self::numbered(function, known, next)
    }

    /// Returns a builder whose statements are numbered from `next` on.
    pub(super) fn numbered(
        function: &'a mut Function,
        known: &'a facts::Reduction,
        next: StmtId,
    ) -> Self {
        Self {
            ty: accumulated(known),
            function,
            known,
            numbering: Numbering::from(next),
        }
    }

    /// Appends a variable that is named after the target.
    fn var(&mut self, suffix: &str, ty: impl Into<Type>) -> Handle<Var> {
        let base = &self.known.name;
        let name = self.function.fresh_name(&format!("{base}.{suffix}"));
        self.function.vars.push(Var::local(name, ty))
    }

    /// Returns the buffer of one partial result for each block.
    pub(super) fn partials(&mut self, shape: &Shape) -> Buffer {
        let [x, y, z] = shape.0;
        let row = build::binary(self.function, BinaryOp::Multiply, x, y);
        let count = build::binary(self.function, BinaryOp::Multiply, row, z);
        let element = Type::Scalar(self.ty);
        Buffer {
            array: self.var("partial", element.clone().pointer(false)),
            element,
            first: build::int(self.function, 0, Scalar::I64),
            count,
            is_written: true,
            may_exceed: false,
            rows: None,
            is_resident: false,
        }
    }

    /// Appends what a thread has of the value; its own copy reads best under the program's name.
    fn accumulator(&mut self) -> Handle<Var> {
        let target = &self.function.vars[self.known.target.var];
        if target.name != self.known.name {
            let name = self.function.fresh_name(&self.known.name);
            return self.function.vars.push(Var::local(name, self.ty));
        }
        let accumulator = if self.known.starts_anew {
            // That is no variable of the program, and has its name for all of the region.
            let whole = &self.function.vars[self.known.target.var].name;
            let is_word = |part: &&str| !part.bytes().all(|byte| byte.is_ascii_digit());
            let own = whole.rsplit('.').find(is_word).unwrap_or(whole);
            let name = self.function.fresh_name(own);
            self.function.vars.push(Var::local(name, self.ty))
        } else {
            self.var("own", self.ty)
        };
        let spelling = self.function.vars[self.known.target.var].spelling.clone();
        self.function.vars[accumulator].spelling = spelling;
        accumulator
    }

    /// Returns a scan, whose accumulator stands for the target where some statements contribute: those that only do that, and those of
    /// the program.
    pub(super) fn scan(
        &mut self,
        first: &mut Block,
        all: &mut Block,
        partials: Handle<Buffer>,
    ) -> Reduction {
        let accumulator = self.accumulator();
        self.replace(first, accumulator);
        self.replace(all, accumulator);
        let target = self.known.target.clone();
        let is_total = self.known.starts_anew && self.ty == self.known.ty;
        let other = if is_total {
            target.var
        } else {
            self.var("other", self.ty)
        };
        let (before, finish) = if self.known.starts_anew {
            (self.identity(), Block::new())
        } else {
            let load = ExprKind::Load(target.clone());
            let before = self.function.expr(load, self.known.ty);
            let total = self.function.load(other);
            let total = build::convert(self.function, total, self.known.ty);
            let set = self.assign(&target, total);
            (build::convert(self.function, before, self.ty), vec![set])
        };
        Reduction {
            operator: self.known.joining.operator,
            statements: self.known.statements.clone(),
            accumulator,
            start: self.identity(),
            first: None,
            other,
            join: self.join(&Place::var(accumulator), self.ty, other),
            finish,
            target,
            partials,
            scan: Some(before),
        }
    }

    /// Returns what changes nothing where it is joined.
    fn identity(&mut self) -> Handle<Expr> {
        let bounds = self.ty.integer_range();
        let extreme = match self.known.joining.operator {
            ReductionOperator::Minimum => bounds.map_or(Err(f64::INFINITY), |(_, most)| Ok(most)),
            ReductionOperator::Maximum => {
                bounds.map_or(Err(f64::NEG_INFINITY), |(least, _)| Ok(least))
            }
            ReductionOperator::BitOr => Ok(0),
            ReductionOperator::BitAnd if self.ty.is_signed() => Ok(-1),
            ReductionOperator::BitAnd => Ok(bounds.map_or(0, |(_, most)| most)),
            ReductionOperator::Sum | ReductionOperator::BitXor => {
                return build::zero(self.function, self.ty);
            }
            ReductionOperator::Product => Ok(1),
        };
        let kind = match extreme {
            Ok(one) if self.ty.is_float() => ExprKind::Float(one as f64),
            Ok(number) => ExprKind::Int(number),
            Err(infinite) => ExprKind::Float(infinite),
        };
        self.function.expr(kind, self.ty)
    }

    fn reduction(&mut self, body: &mut Block, partials: Handle<Buffer>) -> Reduction {
        let accumulator = self.accumulator();
        self.replace(body, accumulator);
        let (start, first) = self.start();
        let other = self.var("other", self.ty);
        Reduction {
            operator: self.known.joining.operator,
            target: self.known.target.clone(),
            statements: self.known.statements.clone(),
            accumulator,
            start,
            first,
            other,
            join: self.join(&Place::var(accumulator), self.ty, other),
            finish: self.finish_on_host(other),
            partials,
            scan: None,
        }
    }

    /// Returns what joins a partial result to the target: in memory that no iteration may touch, nothing changes where there is
    /// nothing to join, although -0.0 + 0.0 is 0.0.
    fn finish_on_host(&mut self, other: Handle<Var>) -> Block {
        let target = self.known.target.clone();
        let join = self.join(&target, self.known.ty, other);
        let stays = self.ty.is_float() && self.known.is_in_memory;
        let Some(neutral) = self.neutral().filter(|_| stays) else {
            return join;
        };
        let value = self.function.load(other);
        vec![Stmt::If(If {
            condition: build::binary(self.function, BinaryOp::NotEqual, value, neutral),
            then: join,
            otherwise: Block::new(),
            span: Span::default(),
        })]
    }

    /// Returns what an accumulator starts with, and the variable that hands it to the kernel.
    ///
    /// Where joining a value twice changes nothing, every thread starts with the value before the launch.
    fn start(&mut self) -> (Handle<Expr>, Option<Handle<Var>>) {
        if let Some(neutral) = self.neutral() {
            return (neutral, None);
        }
        let first = self.var("first", self.ty);
        (self.function.load(first), Some(first))
    }

    /// Returns what changes nothing where it is joined; `None` where joining a value twice changes nothing.
    fn neutral(&mut self) -> Option<Handle<Expr>> {
        let neutral = match self.known.joining.operator {
            ReductionOperator::Sum | ReductionOperator::BitXor => 0,
            ReductionOperator::Product => 1,
            ReductionOperator::Minimum
            | ReductionOperator::Maximum
            | ReductionOperator::BitAnd
            | ReductionOperator::BitOr => return None,
        };
        let kind = if self.ty.is_float() {
            ExprKind::Float(f64::from(neutral))
        } else {
            ExprKind::Int(neutral.into())
        };
        Some(self.function.expr(kind, self.ty))
    }

    /// Returns the variable in which a lane joins what it finds, and appends the statements that start it.
    ///
    /// Where joining a value twice changes nothing, that is the target itself, which every lane has for itself.
    pub(super) fn of_lane(&mut self, before: &mut Block) -> Handle<Var> {
        let Some(neutral) = self.neutral() else {
            return self.known.target.var;
        };
        let own = self.var("own", self.ty);
        before.push(Stmt::Declare(own, Span::default()));
        before.push(self.assign(&Place::var(own), neutral));
        own
    }

    /// Returns the statements by which every lane joins what the lane has whose number differs by `distance` in its bits.
    pub(super) fn exchange(&mut self, own: Handle<Var>, distance: Handle<Expr>) -> Block {
        let other = self.var("other", self.ty);
        let mut all = Expr::new(ExprKind::Int(ALL.into()), Scalar::U32);
        all.spelling = Some(format!("{ALL:#x}u"));
        let all = self.function.exprs.push(all);
        let value = self.function.load(own);
        let call = Call {
            target: Some(Place::var(other)),
            callee: WarpOperation::Exchange.name().to_owned(),
            arguments: vec![all, value, distance],
            span: Span::default(),
        };
        let mut block = vec![Stmt::Declare(other, Span::default()), Stmt::Call(call)];
        block.extend(self.join(&Place::var(own), self.ty, other));
        block
    }

    /// Returns the statements that join what all lanes have found to the target.
    pub(super) fn finish(&mut self, own: Handle<Var>) -> Block {
        self.join(&self.known.target.clone(), self.known.ty, own)
    }

    /// Returns the statement that joins `other` to a place of type `ty`, computing in the type of accumulators.
    fn join(&mut self, target: &Place, ty: Scalar, other: Handle<Var>) -> Block {
        let mine = self.function.expr(ExprKind::Load(target.clone()), ty);
        let theirs = self.function.load(other);
        let op = match self.known.joining.operator {
            ReductionOperator::Sum => BinaryOp::Add,
            ReductionOperator::Product => BinaryOp::Multiply,
            ReductionOperator::BitAnd => BinaryOp::BitAnd,
            ReductionOperator::BitOr => BinaryOp::BitOr,
            ReductionOperator::BitXor => BinaryOp::BitXor,
            ReductionOperator::Minimum => {
                return self.extreme(target, mine, theirs, BinaryOp::Less);
            }
            ReductionOperator::Maximum => {
                return self.extreme(target, mine, theirs, BinaryOp::Greater);
            }
        };
        let computed = self.ty.promoted();
        let mine = build::convert(self.function, mine, computed);
        let theirs = build::convert(self.function, theirs, computed);
        let kind = ExprKind::Binary(op, mine, theirs);
        let sum = self.function.expr(kind, computed);
        let value = build::convert(self.function, sum, ty);
        vec![self.assign(target, value)]
    }

    fn extreme(
        &mut self,
        target: &Place,
        mine: Handle<Expr>,
        theirs: Handle<Expr>,
        is_better: BinaryOp,
    ) -> Block {
        let ty = self.function.exprs[mine].ty.clone();
        if let Some(name) = &self.known.joining.call {
            let call = ExprKind::Call(name.clone(), vec![mine, theirs]);
            let value = self.function.expr(call, ty);
            return vec![self.assign(target, value)];
        }
        let computed = self.ty.promoted();
        let left = build::convert(self.function, theirs, computed);
        let right = build::convert(self.function, mine, computed);
        let kind = ExprKind::Binary(is_better, left, right);
        let mut condition = self.function.expr(kind, Scalar::I32);
        if self.known.joining.replaces_nan {
            condition = or_is_nan(self.function, condition, mine);
        }
        vec![Stmt::If(If {
            condition,
            then: vec![self.assign(target, theirs)],
            otherwise: Block::new(),
            span: Span::default(),
        })]
    }

    fn assign(&mut self, target: &Place, value: Handle<Expr>) -> Stmt {
        let span = Span::default();
        Stmt::Compute(self.numbering.assignment(target.clone(), value, span))
    }

    /// Puts the accumulator in the place of the target.
    pub(super) fn replace(&mut self, body: &mut Block, accumulator: Handle<Var>) {
        for stmt in body {
            if let Stmt::If(branch) = stmt {
                branch.condition = self.replaced(branch.condition, accumulator);
            }
            if let Stmt::Compute(compute) = stmt
                && self.known.statements.contains(&compute.id)
            {
                compute.value = if self.is_modular() {
                    self.modular(compute, accumulator)
                } else {
                    self.replaced(compute.value, accumulator)
                };
                if self.known.joining.replaces_nan {
                    compute.value = self.without_nan(compute.value, accumulator);
                }
                compute.target = Place::var(accumulator);
            }
            for block in region::blocks_mut(stmt) {
                self.replace(block, accumulator);
            }
        }
    }

    /// Returns an expression that reads the accumulator where the target was read.
    fn replaced(&mut self, expr: Handle<Expr>, accumulator: Handle<Var>) -> Handle<Expr> {
        let (target, ty) = (&self.known.target, self.known.ty);
        build::replaced(self.function, expr, &mut |function, node| {
            let is_target = matches!(&node.kind,
                ExprKind::Load(place) if is_same_place(function, place, function, target));
            is_target.then(|| {
                let own = function.load(accumulator);
                build::convert(function, own, ty)
            })
        })
    }

    /// Returns `m > x ? m : x` such that a NaN counts as absent wherever it comes: `m <= x || m != m ? x : m`.
    fn without_nan(&mut self, value: Handle<Expr>, accumulator: Handle<Var>) -> Handle<Expr> {
        build::replaced(self.function, value, &mut |function, node| {
            let ExprKind::Select {
                condition,
                then,
                otherwise,
            } = node.kind
            else {
                return None;
            };
            let ExprKind::Binary(op, a, b) = function.exprs[condition].kind else {
                return None;
            };
            let taken = ExprKind::Binary(Comparison::of(op)?.opposite().operator(), a, b);
            let taken = function.expr(taken, Scalar::I32);
            let mine = function.load(accumulator);
            let select = ExprKind::Select {
                condition: or_is_nan(function, taken, mine),
                then: otherwise,
                otherwise: then,
            };
            Some(function.expr(select, node.ty.clone()))
        })
    }

    /// Returns whether accumulators count modulo a power of two.
    fn is_modular(&self) -> bool {
        !self.known.ty.is_float()
            && match self.known.joining.operator {
                ReductionOperator::Sum | ReductionOperator::Product => true,
                ReductionOperator::Minimum
                | ReductionOperator::Maximum
                | ReductionOperator::BitAnd
                | ReductionOperator::BitOr
                | ReductionOperator::BitXor => false,
            }
    }

    /// Returns the value of a chain of integer operations, computed in the unsigned type of the accumulator.
    fn modular(&mut self, compute: &Compute, accumulator: Handle<Var>) -> Handle<Expr> {
        let top = unconverted(self.function, compute.value);
        self.modular_part(top, accumulator)
    }

    fn modular_part(&mut self, expr: Handle<Expr>, accumulator: Handle<Var>) -> Handle<Expr> {
        let (operator, target) = (self.known.joining.operator, &self.known.target);
        if spine(self.function, expr, operator, target).is_none() {
            return build::convert(self.function, expr, self.ty);
        }
        let Some((op, a, b)) = link(self.function, expr, operator) else {
            return self.function.load(accumulator);
        };
        let a = self.modular_part(a, accumulator);
        let b = self.modular_part(b, accumulator);
        self.function.expr(ExprKind::Binary(op, a, b), self.ty)
    }
}

/// Appends the condition that one holds or that a value is a NaN.
fn or_is_nan(
    function: &mut Function,
    condition: Handle<Expr>,
    value: Handle<Expr>,
) -> Handle<Expr> {
    let is_nan = ExprKind::Binary(BinaryOp::NotEqual, value, value);
    let is_nan = function.expr(is_nan, Scalar::I32);
    let kind = ExprKind::Binary(BinaryOp::Or, condition, is_nan);
    function.expr(kind, Scalar::I32)
}

/// Returns the type of accumulators: that of the target, but unsigned and not narrow for sums and products of
/// integers, which in another order might overflow on the way although the program does not.
fn accumulated(known: &facts::Reduction) -> Scalar {
    let is_arithmetic = matches!(
        known.joining.operator,
        ReductionOperator::Sum | ReductionOperator::Product
    );
    if known.ty.is_float() || !is_arithmetic {
        return known.ty;
    }
    if known.ty.bits() > 32 {
        Scalar::U64
    } else {
        Scalar::U32
    }
}
