//! Scans: a kernel before the one that runs a nest adds up what the iterations of each block contribute, and the nest's kernel
//! starts each thread with what comes before it.
//!
//! **Source**: Sengupta, Harris, Zhang, Owens, “Scan Primitives for GPU Computing”, Graphics Hardware 2007.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::builtin::Builtin;
use mupac_ir::prefix::block_scan;
use mupac_ir::stmt::Call;
use mupac_ir::structure::{each_operand, expressions_mut};
use mupac_ir::{
    Axis, BinaryOp, Block, DependenceKind, Expr, ExprKind, Function, Handle, Place, Projection,
    Reason, Reduction, Refusal, Scalar, Span, Stmt, Type, Var,
};

use super::reduction::{Builder, check};
use super::{Context, Memory, Shape};
use crate::contributed::needed;
use crate::facts::{self, Facts};
use crate::judge::{is_scannable, launches};
use crate::normalise::{fresh, rename};
use crate::state::Settings;
use crate::{build, region};

/// What runs before the kernel of a nest.
pub(super) struct Totals {
    /// What a thread of the first kernel does: it contributes.
    pub(super) body: Block,
    /// What its blocks add up.
    pub(super) reductions: Vec<Handle<Reduction>>,
    /// Whether both kernels have to round alike, since what they contribute is decided by what they compute.
    pub(super) is_strict: bool,
}

/// Gives every thread an accumulator for each scan of a nest, which starts with what comes before the thread; `None` where the nest
/// has no scan.
///
/// **Errors**: `order-dependent-float` where the user wants the order of the program; `unsupported` where a thread may end before
/// all have come to the scan, or what it contributes cannot be computed first.
pub(super) fn realise(
    context: &Context<'_>,
    function: &mut Function,
    body: &mut Block,
    memory: &mut Memory<'_>,
    (shape, settings): (&Shape, &Settings),
) -> Result<Option<Totals>, Refusal> {
    let scans = scans(context.region.facts, body);
    let Some(first) = scans.first() else {
        return Ok(None);
    };
    for known in &scans {
        check(context, function, body, known, settings)?;
    }
    let refused = || {
        let construct = "a running sum or its like that is shared out so".to_owned();
        Refusal::new(Reason::Unsupported { construct }, first.span)
    };
    let launched = launches(context.nest.statements);
    if !launched.iter().all(|launch| is_scannable(launch)) {
        return Err(refused());
    }
    let mut slice = contributing(context, function, body, &scans).ok_or_else(refused)?;
    let is_strict = decides_by_rounding(function, &slice);
    let mut rest = body.split_off(names(body));
    let (mut reductions, mut calls) = (Vec::new(), Block::new());
    for known in &scans {
        let mut builder = Builder::new(function, known, &rest);
        let partials = memory.buffers.push(builder.partials(shape));
        let reduction = builder.scan(&mut slice, &mut rest, partials);
        look_at(builder.function, &mut rest, (known, reduction.accumulator));
        let array = memory.buffers[partials].array;
        memory.by_array.insert(array, partials);
        body.extend(start(function, &rest, &reduction));
        calls.push(call(function, known, (reduction.accumulator, array)));
        reductions.push(memory.reductions.push(reduction));
    }
    body.extend(again(function, &slice[names(&slice)..]));
    body.append(&mut calls);
    body.append(&mut rest);
    Ok(Some(Totals {
        body: slice,
        reductions,
        is_strict,
    }))
}

/// Returns the scans of which statements hold contributions.
fn scans<'a>(facts: &'a Facts, statements: &Block) -> Vec<&'a facts::Reduction> {
    let numbers = region::numbers(statements);
    let is_here = |each: &&facts::Reduction| !each.statements.is_disjoint(&numbers);
    let scans = facts.reductions.iter().filter(|each| each.scan.is_some());
    scans.filter(is_here).collect()
}

/// Returns what of the code of a thread contributes.
fn contributing(
    context: &Context<'_>,
    function: &Function,
    body: &Block,
    scans: &[&facts::Reduction],
) -> Option<Block> {
    let seeds = scans.iter().flat_map(|each| &each.statements).copied();
    let apart = scans.iter().map(|each| each.target.var).collect();
    let private = context.region.facts.private.keys().copied().collect();
    let slice = needed(function, body, &seeds.collect(), (&apart, &private))?;
    (!reads_what_others_write(context, function, body, &slice)).then_some(slice)
}

/// Returns whether what contributes reads memory that other statements of the thread write before: steps may have brought these into
/// one nest, or given variables of iterations an element each.
fn reads_what_others_write(
    context: &Context<'_>,
    function: &Function,
    body: &Block,
    slice: &Block,
) -> bool {
    let own = region::numbers(slice);
    let (mut read, mut declared) = (BTreeSet::new(), BTreeSet::new());
    region::each(slice, &mut |stmt| {
        if let Stmt::Declare(var, _) | Stmt::Let(var, _) = stmt {
            declared.insert(*var);
        }
        region::each_expression(stmt, &mut |expr| {
            read.extend(build::variables(function, expr));
        });
    });
    let (mut written, mut called) = (BTreeSet::new(), BTreeSet::new());
    region::each(body, &mut |stmt| match stmt {
        Stmt::Compute(compute) if !own.contains(&compute.id) => {
            if !compute.target.path.is_empty() {
                written.insert(compute.target.var);
            }
        }
        Stmt::Call(call) => {
            called.extend(call.target.iter().map(|place| place.var));
            for argument in &call.arguments {
                called.extend(build::variables(function, *argument));
            }
        }
        Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::For(_)
        | Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => {}
    });
    let here = region::numbers(body);
    let made_from = context.region.state.original().function.vars.len();
    let facts = context.region.facts;
    let flows = |array: Handle<Var>| {
        let mut flows = facts
            .dependences
            .iter()
            .filter(|each| each.kind == DependenceKind::Flow && each.array == array);
        flows.any(|each| {
            let source = each.source.assignment();
            let sink = each.sink.assignment();
            source.is_none_or(|id| here.contains(&id) && !own.contains(&id))
                && sink.is_none_or(|id| own.contains(&id))
        })
    };
    read.iter().any(|var| {
        let is_made = var.index() >= made_from && !declared.contains(var);
        written.contains(var) && (is_made || flows(*var)) || called.contains(var)
    })
}

/// Returns how many names stand before all else.
fn names(body: &Block) -> usize {
    let names = body.iter().take_while(|stmt| matches!(stmt, Stmt::Let(..)));
    names.count()
}

/// Returns whether some statements make integers or decisions of floating-point numbers that they multiply first: compilers may
/// contract such products in one kernel and not in another one.
fn decides_by_rounding(function: &Function, statements: &Block) -> bool {
    let is_float = |expr: Handle<Expr>| {
        let ty = function.exprs[expr].ty.scalar();
        ty.is_some_and(Scalar::is_float)
    };
    let (mut decides, mut multiplies) = (false, false);
    region::each(statements, &mut |stmt| {
        region::each_expression(stmt, &mut |expr| {
            build::visit(function, expr, &mut |_, node| {
                let is_whole = !node.ty.scalar().is_some_and(Scalar::is_float);
                let mut takes_float = false;
                each_operand(&node.kind, &mut |operand| takes_float |= is_float(operand));
                decides |= is_whole && takes_float;
                multiplies |= !is_whole
                    && match &node.kind {
                        ExprKind::Binary(op, ..) => *op == BinaryOp::Multiply,
                        ExprKind::Call(name, _) => Builtin::find(name).is_none(),
                        ExprKind::Int(_)
                        | ExprKind::Float(_)
                        | ExprKind::Text(_)
                        | ExprKind::Load(_)
                        | ExprKind::Address(_)
                        | ExprKind::Unary(..)
                        | ExprKind::Cast(_)
                        | ExprKind::Select { .. }
                        | ExprKind::BlockIndex(_)
                        | ExprKind::ThreadIndex(_) => false,
                    };
            });
        });
    });
    decides && multiplies
}

/// Returns the statements that declare an accumulator and give it what joins nothing.
fn start(function: &mut Function, behind: &Block, reduction: &Reduction) -> [Stmt; 2] {
    let id = region::next_number(&[&function.body, behind]);
    let target = Place::var(reduction.accumulator);
    [
        Stmt::Declare(reduction.accumulator, Span::default()),
        super::slices::assign(id, target, reduction.start),
    ]
}

/// Returns the call by which the threads of a block tell one another what comes before each.
fn call(
    function: &mut Function,
    known: &facts::Reduction,
    (accumulator, partials): (Handle<Var>, Handle<Var>),
) -> Stmt {
    let own = function.load(accumulator);
    let block = function.expr(ExprKind::BlockIndex(Axis::X), Scalar::I64);
    let before = Place {
        var: partials,
        path: vec![Projection::Index(block)],
    };
    let ty = function.vars[accumulator].ty.clone();
    let before = function.expr(ExprKind::Load(before), ty);
    Stmt::Call(Call {
        target: Some(Place::var(accumulator)),
        callee: block_scan(known.joining.operator).to_owned(),
        arguments: vec![own, before],
        span: Span::default(),
    })
}

/// Puts the accumulator in the place of the target wherever statements look at it.
fn look_at(
    function: &mut Function,
    block: &mut Block,
    (known, accumulator): (&facts::Reduction, Handle<Var>),
) {
    for stmt in block {
        for expr in expressions_mut(stmt) {
            *expr = looking(function, *expr, (known, accumulator));
        }
        for inner in region::blocks_mut(stmt) {
            look_at(function, inner, (known, accumulator));
        }
    }
}

fn looking(
    function: &mut Function,
    expr: Handle<Expr>,
    (known, accumulator): (&facts::Reduction, Handle<Var>),
) -> Handle<Expr> {
    let own = function.vars[accumulator].ty.clone();
    build::replaced(function, expr, &mut |function, node| {
        let is_target =
            |kind: &ExprKind| matches!(kind, ExprKind::Load(place) if *place == known.target);
        if let ExprKind::Cast(inner) = node.kind
            && node.ty == own
            && is_target(&function.exprs[inner].kind)
            && is_modular(known.ty, &own)
        {
            return Some(function.load(accumulator));
        }
        is_target(&node.kind).then(|| {
            let value = function.load(accumulator);
            build::convert(function, value, known.ty)
        })
    })
}

/// Returns whether a conversion to one integer type of as many bits and back changes nothing.
fn is_modular(ty: Scalar, own: &Type) -> bool {
    let own = own.scalar();
    own.is_some_and(|own| !own.is_float() && !ty.is_float() && own.bits() == ty.bits())
}

/// Returns statements once more, with other variables where they declare some for what follows them.
fn again(function: &mut Function, statements: &[Stmt]) -> Block {
    let mut copy = statements.to_vec();
    let mut renamed = BTreeMap::new();
    for stmt in &copy {
        if let Stmt::Declare(var, _) | Stmt::Let(var, _) = stmt {
            renamed.insert(*var, fresh(function, *var));
        }
    }
    rename(function, &mut copy, &renamed);
    copy
}
