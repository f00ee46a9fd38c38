//! Parts of arrays that blocks join in shared memory: what fills them, and what joins them to the arrays.

use mupac_ir::atomic::AtomicOperation;
use mupac_ir::{
    Axis, BinaryOp, Block, Compute, Expr, ExprKind, Function, Handle, If, Loop, LoopName, Mapping,
    Place, Projection, Reason, ReductionOperator, Refusal, Scalar, Space, Span, Stmt, StmtId, Var,
};

use super::body::declarations_removed;
use super::reduction::has_return;
use super::{Context, Shape, update};
use crate::judge::{Tree, partial, parts, place};
use crate::{build, region};

/// Puts a block's part in the place of each array that has one, which updates are calls for by now: first its elements are
/// filled, at last those that changed are joined to the array.
///
/// **Errors**: `unsupported` where a thread may end before it joins.
pub(crate) fn realise(
    context: &Context<'_>,
    function: &mut Function,
    body: &mut Block,
    shape: &Shape,
) -> Result<(), Refusal> {
    let statements = context.nest.statements;
    let tree = context.tree();
    let found = parts(tree.function, statements);
    if found.is_empty() {
        return Ok(());
    }
    let at = place(statements);
    if has_return(body) {
        let construct = "continue in a loop whose updates a block joins".to_owned();
        return Err(Refusal::new(Reason::Unsupported { construct }, at));
    }
    declarations_removed(function, body, |space| matches!(space, Space::Partial(_)));
    let (mut before, mut after) = (Block::new(), vec![Stmt::Barrier]);
    for (part, array) in found {
        let Some(builder) = Builder::new(context, tree, function, (part, array), shape) else {
            let construct = "a part of an array that is not only joined to".to_owned();
            return Err(Refusal::new(Reason::Unsupported { construct }, at));
        };
        builder.redirect(function, body);
        function.vars[part].space = Space::Shared;
        before.push(Stmt::Declare(part, Span::default()));
        let number = region::next_number(&[&function.body, body, &before]);
        let fill = |own: &Builder, function: &mut Function, at| own.fill(function, number, at);
        before.push(builder.each_element(function, fill));
        after.push(builder.each_element(function, Builder::flush));
    }
    before.push(Stmt::Barrier);
    before.append(body);
    before.append(&mut after);
    *body = before;
    Ok(())
}

/// Builds the code around what a block does.
struct Builder {
    part: Handle<Var>,
    array: Handle<Var>,
    ty: Scalar,
    operator: ReductionOperator,
    operation: AtomicOperation,
    length: i128,
    /// The number of the thread, along `x` fastest, and how many there are.
    thread: Handle<Expr>,
    threads: i128,
}

impl Builder {
    /// Returns the builder of the `part` of an array; `None` where the tree does more with the array than join to it.
    fn new(
        context: &Context<'_>,
        tree: Tree<'_>,
        function: &mut Function,
        (part, array): (Handle<Var>, Handle<Var>),
        (_, block): &Shape,
    ) -> Option<Self> {
        let all = Tree {
            function: tree.function,
            statements: context.region.state.statements(),
        };
        let known = partial(context.region.facts, all, tree.statements, array)?;
        let (thread, threads) = number(function, block);
        Some(Self {
            part,
            array,
            ty: function.vars[part].ty.element()?.scalar()?,
            operator: known.operator,
            operation: update::operation(known.operator)?,
            length: known.length.into(),
            thread,
            threads,
        })
    }

    /// Gives updates of the array the part to change.
    fn redirect(&self, function: &mut Function, block: &mut Block) {
        for stmt in block {
            if let Stmt::Call(call) = stmt {
                for argument in &mut call.arguments {
                    *argument = build::replaced(function, *argument, &mut |function, node| {
                        let ExprKind::Address(place) = &node.kind else {
                            return None;
                        };
                        let place = Place {
                            var: self.part,
                            ..place.clone()
                        };
                        let is_own =
                            matches!(&node.kind, ExprKind::Address(own) if own.var == self.array);
                        is_own.then(|| function.expr(ExprKind::Address(place), node.ty.clone()))
                    });
                }
            }
            for inner in region::blocks_mut(stmt) {
                self.redirect(function, inner);
            }
        }
    }

    /// Returns what changes nothing where it is joined.
    fn neutral(&self, function: &mut Function) -> Handle<Expr> {
        if self.ty.is_float() {
            return build::zero(function, self.ty);
        }
        let (least, greatest) = self.ty.integer_range().unwrap_or_default();
        let value = match self.operator {
            ReductionOperator::Sum | ReductionOperator::BitOr | ReductionOperator::BitXor => 0,
            ReductionOperator::Product => 1,
            ReductionOperator::Maximum => least,
            ReductionOperator::BitAnd if self.ty.is_signed() => -1,
            ReductionOperator::Minimum | ReductionOperator::BitAnd => greatest,
        };
        build::int(function, value, self.ty)
    }

    /// Returns an element of the part, or of the array.
    fn element(var: Handle<Var>, at: Handle<Expr>) -> Place {
        Place {
            var,
            path: vec![Projection::Index(at)],
        }
    }

    fn fill(&self, function: &mut Function, id: StmtId, at: Handle<Expr>) -> Stmt {
        Stmt::Compute(Compute {
            id,
            target: Self::element(self.part, at),
            value: self.neutral(function),
            span: Span::default(),
            target_span: Span::default(),
        })
    }

    /// Returns what joins an element that changed: the program changed the array's, so that is there.
    fn flush(&self, function: &mut Function, at: Handle<Expr>) -> Stmt {
        let load = ExprKind::Load(Self::element(self.part, at));
        let value = function.expr(load, self.ty);
        let neutral = self.neutral(function);
        let element = Self::element(self.array, at);
        let element = (&element, self.ty);
        let call = update::call(function, self.operation, element, value, Span::default());
        Stmt::If(If {
            condition: build::binary(function, BinaryOp::NotEqual, value, neutral),
            then: vec![call],
            otherwise: Block::new(),
            span: Span::default(),
        })
    }

    /// Returns what does something to every element: each thread to those whose number has its remainder.
    fn each_element(
        &self,
        function: &mut Function,
        make: impl Fn(&Self, &mut Function, Handle<Expr>) -> Stmt,
    ) -> Stmt {
        let length = build::int(function, self.length, Scalar::I64);
        if self.length <= self.threads {
            let one = make(self, function, self.thread);
            if self.length == self.threads {
                return one;
            }
            return Stmt::If(If {
                condition: build::binary(function, BinaryOp::Less, self.thread, length),
                then: vec![one],
                otherwise: Block::new(),
                span: Span::default(),
            });
        }
        let name = function.fresh_name(&format!("{}.at", function.vars[self.part].name));
        let iterator = function.vars.push(Var::local(name.clone(), Scalar::I64));
        let at = function.load(iterator);
        Stmt::For(Loop {
            name: LoopName(name),
            iterator,
            declares_iterator: true,
            start: self.thread,
            end: length,
            step: i64::try_from(self.threads).unwrap_or(i64::MAX),
            mapping: Mapping::Sequential,
            body: vec![make(self, function, at)],
            span: Span::default(),
            header_span: Span::default(),
        })
    }
}

/// Returns the number of a thread in its block, along `x` fastest, and how many there are.
fn number(function: &mut Function, block: &[u32; 3]) -> (Handle<Expr>, i128) {
    let (mut number, mut threads) = (build::int(function, 0, Scalar::I64), 1);
    for (axis, extent) in Axis::ALL.into_iter().zip(block) {
        if *extent > 1 {
            let index = function.expr(ExprKind::ThreadIndex(axis), Scalar::I64);
            let index = build::scale(function, threads, index);
            number = build::binary(function, BinaryOp::Add, number, index);
        }
        threads *= i128::from(*extent);
    }
    (number, threads)
}
