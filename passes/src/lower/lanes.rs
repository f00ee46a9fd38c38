//! Loops that the lanes of a warp share out, as the code of one lane: which iterations it runs, what it joins with the others,
//! and which lane writes to memory.
//!
//! All lanes of a warp run what stands around such loops, and come to the same; so they come to every exchange together.
//!
//! **Source**: Bell, Garland, “Implementing Sparse Matrix-Vector Multiplication on Throughput-Oriented Processors”, SC 2009
//! (a warp for each row); CUDA C++ Programming Guide 13.0, “Warp Shuffle Functions” (the butterfly exchange).

use std::collections::BTreeMap;

use mupac_ir::stmt::Call;
use mupac_ir::warp::{LANES, WarpOperation};
use mupac_ir::{
    Axis, BinaryOp, Block, Expr, ExprKind, Function, Handle, If, LaneJoin, Loop, LoopName, Mapping,
    Reason, Refusal, Scalar, Span, Stmt, Var,
};

use super::Context;
use super::fences::{Fences, Waits};
use super::reduction::Builder;
use crate::facts::FloatOrder;
use crate::facts::Reduction;
use crate::judge::{by_lanes, illegal, is_memory, joins};
use crate::state::Settings;
use crate::{build, region, trip};

/// Lets the lanes of a warp share out loops of a kernel; returns what they join.
///
/// **Errors**: `order-dependent-float` where the user wants the order of the program.
pub(super) fn realise(
    context: &Context<'_>,
    function: &mut Function,
    body: &mut Block,
    settings: &Settings,
) -> Result<Vec<LaneJoin>, Refusal> {
    let loops = by_lanes(body);
    if loops.is_empty() {
        return Ok(Vec::new());
    }
    let joined: BTreeMap<LoopName, Vec<Reduction>> = loops
        .iter()
        .map(|each| {
            (
                each.name.clone(),
                joins(context.region.facts, function, each),
            )
        })
        .collect();
    for known in joined.values().flatten() {
        if known.ty.is_float() && settings.float_order == FloatOrder::Source {
            let operator = known.joining.operator.name().to_owned();
            let reason = Reason::OrderDependentFloat { operator };
            return Err(Refusal::new(reason, known.span));
        }
    }
    let lane = function.expr(ExprKind::ThreadIndex(Axis::X), Scalar::I64);
    let zero = build::int(function, 0, Scalar::I64);
    let writes = ExprKind::Binary(BinaryOp::Equal, lane, zero);
    let mut warp = Warp {
        context,
        fences: Fences::of(context.region.facts, function, body, &joined),
        joined,
        lane,
        writes: function.expr(writes, Scalar::I32),
        lane_joins: Vec::new(),
    };
    warp.block(function, body)?;
    end(body);
    Ok(warp.lane_joins)
}

/// Removes waits behind which nothing follows.
fn end(block: &mut Block) {
    while block.last() == Some(&meet()) {
        block.pop();
    }
    if let Some(Stmt::If(last)) = block.last_mut() {
        end(&mut last.then);
        end(&mut last.otherwise);
    }
}

/// Rewrites the code of one thread as that of a lane.
struct Warp<'a> {
    context: &'a Context<'a>,
    /// What the iterations of each loop join.
    joined: BTreeMap<LoopName, Vec<Reduction>>,
    fences: Fences,
    /// The number of the lane.
    lane: Handle<Expr>,
    /// Whether it is the one that writes to memory.
    writes: Handle<Expr>,
    lane_joins: Vec<LaneJoin>,
}

impl Warp<'_> {
    /// Rewrites what all lanes run.
    fn block(&mut self, function: &mut Function, block: &mut Block) -> Result<(), Refusal> {
        let mut rewritten = Block::new();
        for mut stmt in std::mem::take(block) {
            match stmt {
                Stmt::For(each) if each.mapping == Mapping::Lanes => {
                    let waits = self.fences.around_loop(&each.name);
                    let mut parts = self.shared_out(function, each)?;
                    between(&mut rewritten, &mut parts, waits);
                }
                Stmt::Compute(compute)
                    if is_memory(self.context.region.facts, function, compute.target.var) =>
                {
                    let waits = self.fences.around(compute.target.var);
                    let mut parts = vec![self.by_one(vec![Stmt::Compute(compute)])];
                    between(&mut rewritten, &mut parts, waits);
                }
                Stmt::Compute(_)
                | Stmt::Declare(..)
                | Stmt::Let(..)
                | Stmt::For(_)
                | Stmt::If(_)
                | Stmt::While(_)
                | Stmt::Call(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => {
                    for inner in region::blocks_mut(&mut stmt) {
                        self.block(function, inner)?;
                    }
                    rewritten.push(stmt);
                }
            }
        }
        *block = self.merged(rewritten);
        Ok(())
    }

    /// Returns what one lane alone does.
    fn by_one(&self, then: Block) -> Stmt {
        Stmt::If(If {
            condition: self.writes,
            then,
            otherwise: Block::new(),
            span: Span::default(),
        })
    }

    /// Returns the statements with neighbours in one where they are alike.
    fn merged(&self, statements: Block) -> Block {
        let mut merged = Block::new();
        for stmt in statements {
            match (merged.last_mut(), stmt) {
                (Some(Stmt::If(before)), Stmt::If(mut after))
                    if before.condition == self.writes && after.condition == self.writes =>
                {
                    before.then.append(&mut after.then);
                }
                (Some(before), stmt) if *before == meet() && stmt == meet() => {}
                (_, stmt) => merged.push(stmt),
            }
        }
        merged
    }

    /// Returns what a lane does for a loop: its iterations, and what it joins of what all have found.
    fn shared_out(&mut self, function: &mut Function, each: Loop) -> Result<Block, Refusal> {
        let at = each.header_span;
        let uncounted = || illegal("lanes cannot share out a loop that is not counted", at);
        let known = (&self.context.known, Some(self.context.region.conditions));
        let count = trip::short_count(function, &each, known.0, known.1).ok_or_else(uncounted)?;
        let name = function.fresh_name(&format!("{}.at", each.name));
        let iterator = function.vars.push(Var::local(name.clone(), Scalar::I64));
        let number = function.load(iterator);
        let value = trip::value(function, &each, number).ok_or_else(uncounted)?;
        let bounds = [each.start, each.end];
        let mut body = each.body;
        let known = self.joined.get(&each.name).cloned().unwrap_or_default();
        let numbers = region::next_number(&[&function.body, self.context.nest.statements]);
        let (mut before, mut exchanges, mut behind) = (Block::new(), Block::new(), Block::new());
        let name_of_round = function.fresh_name("round");
        let round = Var::local(name_of_round.clone(), Scalar::I32);
        let round = function.vars.push(round);
        let distance = {
            let one = build::int(function, 1, Scalar::I32);
            let round = function.load(round);
            function.expr(
                ExprKind::Binary(BinaryOp::ShiftLeft, one, round),
                Scalar::I32,
            )
        };
        for known in &known {
            let mut builder = Builder::numbered(function, known, numbers);
            let own = builder.of_lane(&mut before);
            builder.replace(&mut body, own);
            exchanges.extend(builder.exchange(own, distance));
            if own != known.target.var {
                let mut finish = builder.finish(own);
                if is_memory(self.context.region.facts, function, known.target.var) {
                    finish = self.where_it_runs(function, (&bounds, count), finish);
                }
                behind.extend(finish);
            }
            self.lane_joins.push(LaneJoin {
                operator: known.joining.operator,
                statements: known.statements.clone(),
                accumulator: own,
            });
        }
        body.insert(0, Stmt::Let(each.iterator, value));
        before.push(Stmt::For(Loop {
            name: LoopName(name),
            iterator,
            declares_iterator: true,
            start: self.lane,
            end: count,
            step: i64::from(LANES),
            mapping: Mapping::Sequential,
            body,
            ..each
        }));
        if !exchanges.is_empty() {
            before.push(Stmt::For(Loop {
                name: LoopName(name_of_round),
                iterator: round,
                declares_iterator: true,
                start: build::int(function, 0, Scalar::I32),
                end: build::int(function, LANES.ilog2().into(), Scalar::I32),
                step: 1,
                mapping: Mapping::Sequential,
                body: exchanges,
                span: Span::default(),
                header_span: Span::default(),
            }));
        }
        self.block(function, &mut behind)?;
        before.append(&mut behind);
        Ok(before)
    }

    /// Returns statements that only run where a loop of so many iterations does: other elements may not even be there.
    fn where_it_runs(
        &self,
        function: &mut Function,
        (bounds, count): (&[Handle<Expr>], Handle<Expr>),
        then: Block,
    ) -> Block {
        let bounds = bounds.iter();
        let mut read = bounds.flat_map(|bound| build::variables(function, *bound));
        // Where nothing changes what bounds the loop, the region only runs on the device if the loop does.
        if read.all(|var| self.context.region.unchanged.contains(&var)) {
            return then;
        }
        let zero = build::int(function, 0, Scalar::I64);
        let kind = ExprKind::Binary(BinaryOp::Less, zero, count);
        vec![Stmt::If(If {
            condition: function.expr(kind, Scalar::I32),
            then,
            otherwise: Block::new(),
            span: Span::default(),
        })]
    }
}

/// Appends statements, and that lanes wait for one another around them.
fn between(block: &mut Block, parts: &mut Block, waits: Waits) {
    block.extend(waits.before.then(meet));
    block.append(parts);
    block.extend(waits.behind.then(meet));
}

/// Returns the call by which the lanes of a warp wait for one another.
fn meet() -> Stmt {
    Stmt::Call(Call {
        target: None,
        callee: WarpOperation::Meet.name().to_owned(),
        arguments: Vec::new(),
        span: Span::default(),
    })
}
