//! Memory that an iteration allocates and frees again is an array that the iteration declares: of
//! `for i { double *c = malloc(n * sizeof *c); …; free(c); }` remains `for i { double c[n]; … }`.
//!
//! Between the two calls nothing but elements of the block may be named, so that nobody else can tell where it lies. That the
//! allocator finds no room is left aside: tests of the pointer against null have one outcome.
//!
//! **Source**: C17 7.22.3; Tu, Padua, “Automatic Array Privatization”, LCPC 1993.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::stmt::Call;
use mupac_ir::{
    BinaryOp, Block, Expr, ExprKind, Extent, Function, Handle, Loop, LoopName, Mapping, Module,
    Place, Projection, Scalar, Span, Stmt, Type, UnaryOp, Var,
};

use super::own::fresh;
use super::substitute;
use crate::analyse::{frees, is_null, size_asked_for, size_bytes};
use crate::facts::BlockStep;
use crate::numbering::Numbering;
use crate::{build, region};

/// Returns the function with arrays in the loops of some statements in the place of blocks that each iteration allocates and
/// frees; the same function where there are none.
pub(super) fn declare(
    module: &Module,
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Arc<Function> {
    let allocates =
        |stmt: &Stmt| matches!(stmt, Stmt::Call(call) if count(module, function, call).is_some());
    let statements = region::statements(function, path, range);
    let inside = |stmt: &Stmt| {
        let mut blocks = region::blocks(stmt);
        blocks
            .any(|block| region::first(block, &mut |stmt| allocates(stmt).then_some(())).is_some())
    };
    if !statements.iter().any(inside) {
        return Arc::clone(function);
    }
    let mut own = (**function).clone();
    let mut statements = region::take(&mut own, path, range);
    let mut numbering = Numbering::after(&[&function.body]);
    for stmt in &mut statements {
        for inner in region::blocks_mut(stmt) {
            Blocks::of(module, &mut own, &mut numbering).declared(inner);
        }
    }
    region::put(&mut own, path, range.start, statements);
    Arc::new(own)
}

/// Declares arrays in the place of all blocks that a function allocates and frees.
pub(crate) fn declare_all(module: &Module, function: &mut Function) {
    let mut body = std::mem::take(&mut function.body);
    let mut numbering = Numbering::after(&[&body]);
    Blocks::of(module, function, &mut numbering).declared(&mut body);
    function.body = body;
}

/// Returns how many bytes a call allocates, as factors, and whether they are zero.
fn count(module: &Module, function: &Function, call: &Call) -> Option<Vec<Handle<Expr>>> {
    let target = call.target.as_ref()?;
    let is_own = target.path.is_empty() && function.vars[target.var].is_plain_local();
    let asked = size_asked_for(module, &call.callee, &call.arguments);
    asked.filter(|_| is_own)
}

/// A block between the statements that allocate and free it.
#[derive(Clone, Debug)]
struct Stretch {
    pointer: Handle<Var>,
    array: Handle<Var>,
    /// From the call of the allocator on to that of `free`.
    from: usize,
    /// The first statement behind the pointer's assignment.
    start: usize,
    end: usize,
    length: Handle<Expr>,
    is_zero: bool,
    span: Span,
}

/// What is needed to find blocks and to declare arrays.
struct Blocks<'a> {
    module: &'a Module,
    function: &'a mut Function,
    numbering: &'a mut Numbering,
}

impl<'a> Blocks<'a> {
    fn of(module: &'a Module, function: &'a mut Function, numbering: &'a mut Numbering) -> Self {
        Self {
            module,
            function,
            numbering,
        }
    }

    /// Declares arrays in a block of statements and those inside of it.
    fn declared(&mut self, block: &mut Block) {
        for stmt in block.iter_mut() {
            for inner in region::blocks_mut(stmt) {
                self.declared(inner);
            }
        }
        let mut found = self.stretches(block);
        while !found.is_empty() {
            let mut changed = block.clone();
            for (at, stmt) in changed.iter_mut().enumerate() {
                let here = found
                    .iter()
                    .filter(|each| (each.start..each.end).contains(&at));
                let here: BTreeSet<_> = here.map(|each| each.pointer).collect();
                self.settle(stmt, &here);
            }
            let is_told = |each: &Stretch| {
                let inside = &changed[each.start..each.end];
                inside.iter().any(|stmt| self.is_told(stmt, each.pointer))
            };
            let told: BTreeSet<_> = found
                .iter()
                .filter(|each| is_told(each))
                .map(|each| each.from)
                .collect();
            if told.is_empty() {
                *block = self.replaced(changed, &found);
                return;
            }
            found.retain(|each| !told.contains(&each.from));
        }
    }

    /// Returns the blocks that some statements allocate and free.
    fn stretches(&mut self, block: &[Stmt]) -> Vec<Stretch> {
        let mut found = Vec::new();
        for (from, stmt) in block.iter().enumerate() {
            if let Stmt::Call(call) = stmt
                && let Some(factors) = count(self.module, self.function, call)
                && let Some(stretch) = self.stretch(block, from, (call, &factors))
            {
                found.push(stretch);
            }
        }
        found
    }

    fn stretch(
        &mut self,
        block: &[Stmt],
        from: usize,
        (call, factors): (&Call, &[Handle<Expr>]),
    ) -> Option<Stretch> {
        let result = call.target.as_ref()?.var;
        let (pointer, start) = match block.get(from + 1) {
            Some(Stmt::Compute(compute))
                if compute.target.path.is_empty()
                    && build::read(self.function, compute.value) == Some(result) =>
            {
                (compute.target.var, from + 2)
            }
            _ => (result, from + 1),
        };
        let Var {
            ty: Type::Pointer { to, .. },
            ..
        } = &self.function.vars[pointer]
        else {
            return None;
        };
        let element = (**to).clone();
        let is_plain = self.function.vars[pointer].is_plain_local()
            && matches!(element, Type::Scalar(_) | Type::Record(_));
        let is_end = |stmt: &Stmt| frees(self.module, self.function, stmt, pointer);
        let end = start + block[start..].iter().position(is_end)?;
        let is_zero = call.callee == "calloc";
        if !is_plain || is_zero && !matches!(element, Type::Scalar(_)) {
            return None;
        }
        let length = length(self.function, factors, size_bytes(self.module, &element)?)?;
        let array = fresh(self.function, pointer);
        self.function.vars[array].ty = Type::Array {
            of: Box::new(element),
            length: match build::constant(self.function, length).map(u64::try_from) {
                Some(Ok(length)) if length > 0 => Extent::Fixed(length),
                Some(_) => return None,
                None => Extent::Variable(length),
            },
        };
        Some(Stretch {
            pointer,
            array,
            from,
            start,
            end,
            length,
            is_zero,
            span: call.span,
        })
    }

    /// Takes the branches that are taken where pointers are not null.
    fn settle(&mut self, stmt: &mut Stmt, pointers: &BTreeSet<Handle<Var>>) {
        if let Stmt::If(branch) = stmt
            && let Some(holds) = self.outcome(branch.condition, pointers)
        {
            let other = std::mem::take(&mut branch.otherwise);
            if !holds {
                branch.then = other;
            }
            branch.condition = build::int(self.function, 1, Scalar::I32);
        }
        for inner in region::blocks_mut(stmt).flatten() {
            self.settle(inner, pointers);
        }
    }

    /// Returns the outcome of a condition where pointers are not null; `None` where it asks for more.
    fn outcome(&self, condition: Handle<Expr>, pointers: &BTreeSet<Handle<Var>>) -> Option<bool> {
        let function = &*self.function;
        let is_pointer =
            |expr| build::read(function, expr).is_some_and(|var| pointers.contains(&var));
        if is_pointer(condition) {
            return Some(true);
        }
        match &function.exprs[condition].kind {
            ExprKind::Unary(UnaryOp::Not, inner) => {
                self.outcome(*inner, pointers).map(|holds| !holds)
            }
            ExprKind::Binary(op @ (BinaryOp::Equal | BinaryOp::NotEqual), a, b) => {
                let is_asked = is_pointer(*a) && is_null(function, *b)
                    || is_pointer(*b) && is_null(function, *a);
                is_asked.then_some(*op == BinaryOp::NotEqual)
            }
            ExprKind::Binary(op @ (BinaryOp::And | BinaryOp::Or), a, b) => {
                let decides = *op == BinaryOp::Or;
                match (self.outcome(*a, pointers), self.outcome(*b, pointers)) {
                    (Some(a), Some(b)) => Some(if decides { a || b } else { a && b }),
                    (Some(one), None) | (None, Some(one)) => (one == decides).then_some(decides),
                    (None, None) => None,
                }
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Cast(_)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => None,
        }
    }

    /// Returns whether a statement may tell somebody where the block behind a pointer lies, or gives the pointer another value.
    fn is_told(&self, stmt: &Stmt, pointer: Handle<Var>) -> bool {
        let function = &*self.function;
        let mut is_told = false;
        region::each(std::slice::from_ref(stmt), &mut |stmt| {
            if let Stmt::Verbatim(text, _) = stmt {
                is_told |= function.vars[pointer].is_reached_by(*text);
            }
            let is_whole = |place: &Place| {
                place.var == pointer && !matches!(place.path.first(), Some(Projection::Index(_)))
            };
            is_told |= region::target(stmt).is_some_and(is_whole);
            is_told |= matches!(stmt, Stmt::Declare(var, _) | Stmt::Let(var, _) if *var == pointer);
            for expr in region::expressions(stmt) {
                build::visit(function, expr, &mut |_, node| match &node.kind {
                    ExprKind::Load(place) => is_told |= is_whole(place),
                    ExprKind::Address(place) => is_told |= place.var == pointer,
                    ExprKind::Int(_)
                    | ExprKind::Float(_)
                    | ExprKind::Text(_)
                    | ExprKind::Unary(..)
                    | ExprKind::Binary(..)
                    | ExprKind::Cast(_)
                    | ExprKind::Select { .. }
                    | ExprKind::Call(..)
                    | ExprKind::BlockIndex(_)
                    | ExprKind::ThreadIndex(_) => {}
                });
            }
        });
        is_told
    }

    /// Puts arrays in the place of blocks.
    fn replaced(&mut self, block: Block, found: &[Stretch]) -> Block {
        let mut out = Block::new();
        for (at, mut stmt) in block.into_iter().enumerate() {
            let here = found
                .iter()
                .filter(|each| (each.start..each.end).contains(&at));
            let names: BTreeMap<_, _> = here.map(|each| (each.pointer, each.array)).collect();
            substitute::rename(self.function, std::slice::from_mut(&mut stmt), &names);
            if let Some(each) = found.iter().find(|each| each.from == at) {
                out.push(Stmt::Declare(each.array, each.span));
                out.extend(each.is_zero.then(|| self.zeros(each)));
            }
            let is_gone = |each: &Stretch| (each.from..each.start).contains(&at) || each.end == at;
            if !found.iter().any(is_gone) {
                out.push(stmt);
            }
        }
        out
    }

    /// Returns the loop that sets all elements of an array to zero.
    fn zeros(&mut self, each: &Stretch) -> Stmt {
        let function = &mut *self.function;
        let name = function.fresh_name("k");
        let iterator = function.vars.push(Var::local(name.clone(), Scalar::I64));
        let at = function.load(iterator);
        let element = function.vars[each.array].ty.innermost().clone();
        let zero = build::zero(function, element.scalar().unwrap_or(Scalar::I32));
        let target = Place {
            var: each.array,
            path: vec![Projection::Index(at)],
        };
        Stmt::For(Loop {
            name: LoopName(name),
            iterator,
            declares_iterator: true,
            start: build::int(function, 0, Scalar::I64),
            end: each.length,
            step: 1,
            mapping: Mapping::Sequential,
            body: vec![Stmt::Compute(
                self.numbering.assignment(target, zero, each.span),
            )],
            span: each.span,
            header_span: each.span,
        })
    }
}

/// Returns how many elements of a size so many bytes hold, which are given as factors.
pub(super) fn length(
    function: &mut Function,
    factors: &[Handle<Expr>],
    element: u64,
) -> Option<Handle<Expr>> {
    let (mut known, mut others) = (1_u64, Vec::new());
    let mut pending = factors.to_vec();
    while let Some(factor) = pending.pop() {
        let node = &function.exprs[factor];
        match (&node.kind, build::constant(function, factor)) {
            (_, Some(number)) => known = known.checked_mul(u64::try_from(number).ok()?)?,
            (ExprKind::Binary(BinaryOp::Multiply, a, b), None) => pending.extend([*b, *a]),
            // No object is as large as what a negative number becomes.
            (ExprKind::Cast(inner), None) if is_wider(function, &node.ty, *inner) => {
                pending.push(*inner);
            }
            (_, None) => others.push(factor),
        }
    }
    let divisor = if known % element == 0 { 1 } else { element };
    let mut all = build::int(function, (known / (element / divisor)).into(), Scalar::I64);
    for factor in others {
        let factor = build::convert(function, factor, Scalar::I64);
        all = build::binary(function, BinaryOp::Multiply, all, factor);
    }
    let divisor = build::int(function, divisor.into(), Scalar::I64);
    Some(build::binary(function, BinaryOp::Divide, all, divisor))
}

/// Returns whether a type of integers is wider than an integer's, or as wide.
fn is_wider(function: &Function, ty: &Type, inner: Handle<Expr>) -> bool {
    let wide = |ty: &Type| {
        ty.scalar()
            .filter(|ty| !ty.is_float())
            .map(Scalar::size_bytes)
    };
    let (to, from) = (wide(ty), wide(&function.exprs[inner].ty));
    to.zip(from).is_some_and(|(to, from)| from <= to)
}
