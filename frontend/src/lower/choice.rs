//! `switch` as a chain of conditions: each run of cases that fall into one another is one branch.

use clang_sys as k;
use mupac_ir::fold::constant;
use mupac_ir::structure::blocks;
use mupac_ir::{
    BinaryOp, Block, Expr, ExprKind, Function, Handle, If, Place, Scalar, Span, Stmt, Var,
};

use crate::clang::{Constant, Cursor};
use crate::lower::function::Body;
use crate::lower::stmt::{construct, is_loop};
use crate::lower::{Lowered, replaceable, unsupported};

/// A `switch` with more branches stays text: the chain would be as deep.
const MOST_RUNS: usize = 64;

/// What stands between two labels.
#[derive(Default)]
struct Group<'u> {
    labels: Vec<Cursor<'u>>,
    has_default: bool,
    statements: Vec<Cursor<'u>>,
}

/// A group as lowered.
struct Case {
    labels: Vec<i128>,
    has_default: bool,
    block: Block,
    /// Whether control goes on with the next group.
    falls: bool,
}

impl<'u> Body<'_, 'u> {
    /// Lowers a `switch` over an integer.
    pub(super) fn switch_statement(&mut self, cursor: Cursor<'u>, span: Span) -> Lowered<()> {
        let children = cursor.children();
        let [value, body] = children.as_slice() else {
            return Err(unsupported(construct(cursor), span));
        };
        let is_written = body.kind() == k::CXCursor_CompoundStmt
            && self.shared.text.has_plain_braces(*body)
            && !cursor.start().is_macro;
        if !is_written {
            return Err(unsupported(construct(cursor), span));
        }
        let asked = self.span(*value);
        let (mut before, result) = self.nested(|inner| -> Lowered<_> {
            let value = inner.value(*value)?;
            let ty = inner.type_of(value).scalar();
            let ty = ty.filter(|ty| ty.integer_range().is_some());
            let ty = ty.ok_or_else(|| unsupported("a switch over this type", span))?;
            Ok((value, ty))
        });
        let (value, ty) = result?;
        let mut cases = Vec::new();
        for group in groups(*body, span)? {
            cases.push(self.case(group, ty, span)?);
        }
        let (computed, value) = self.nested(|inner| inner.kept_choice(value, &cases, asked));
        before.extend(computed);
        before.extend(self.chain(value, ty, &cases, span)?);
        self.inner(before, span);
        Ok(())
    }

    /// Returns a variable that holds what is asked for, whatever the cases do.
    fn kept_choice(&mut self, value: Handle<Expr>, cases: &[Case], span: Span) -> Handle<Var> {
        if let ExprKind::Load(place) = &self.function.exprs[value].kind
            && place.path.is_empty()
            && self.is_own(place.var)
            && !cases.iter().any(|case| assigns(&case.block, place.var))
        {
            return place.var;
        }
        self.temporary("choice", value, span)
    }

    /// Returns whether nothing but the function's own assignments changes a variable.
    fn is_own(&self, var: Handle<Var>) -> bool {
        let var = &self.function.vars[var];
        let is_automatic = matches!(
            var.storage,
            mupac_ir::Storage::Local | mupac_ir::Storage::Parameter
        );
        is_automatic && !var.is_address_taken && !var.is_volatile
    }

    fn case(&mut self, group: Group<'u>, ty: Scalar, span: Span) -> Lowered<Case> {
        let mut labels = Vec::new();
        for label in group.labels {
            let range = ty.integer_range().unwrap_or_default();
            match label.evaluate() {
                Some(Constant::Int(value)) if (range.0..=range.1).contains(&value) => {
                    labels.push(value);
                }
                _ => return Err(unsupported("a case of this form", self.span(label))),
            }
        }
        let declares = |statement: &&Cursor<'u>| statement.kind() == k::CXCursor_DeclStmt;
        if let Some(declaration) = group.statements.iter().find(declares) {
            let at = self.span(*declaration);
            return Err(unsupported("a declaration in the scope of a switch", at));
        }
        let (mut block, is_whole) = self.inside(1, span, |body| {
            Ok(body.nested(|body| body.list(&group.statements, None)))
        })?;
        is_whole.ok_or_else(|| unsupported("a statement from another file", span))?;
        let written: usize = group.statements.iter().map(|each| breaks(*each)).sum();
        if written != lowered_breaks(&block) {
            return Err(unsupported("a break in text that is not modelled", span));
        }
        let falls = !ends(&self.function, &block);
        if !falls {
            drop_break(&mut block);
        }
        if lowered_breaks(&block) > 0 {
            let help = "put what follows the `break` into the other branch, `else`, so that it ends the case";
            return Err(replaceable("a break in the middle of a case", span, help));
        }
        Ok(Case {
            labels,
            has_default: group.has_default,
            block,
            falls,
        })
    }

    /// Returns the conditions one after the other, with what runs without one at their end.
    fn chain(
        &mut self,
        value: Handle<Var>,
        ty: Scalar,
        cases: &[Case],
        span: Span,
    ) -> Lowered<Block> {
        let runs: Vec<&[Case]> = cases.split_inclusive(|case| !case.falls).collect();
        if runs.len() > MOST_RUNS {
            return Err(unsupported("a switch with this many cases", span));
        }
        let asked = Asked {
            value,
            ty,
            cases,
            span,
        };
        let is_default = |run: &&&[Case]| run.iter().any(|case| case.has_default);
        let default = runs.iter().find(is_default);
        let mut chain = default.map_or_else(Block::new, |run| self.run(&asked, run));
        for run in runs.iter().rev().filter(|run| !is_default(run)) {
            let then = self.run(&asked, run);
            let condition = self.one_of(&asked, run);
            chain = vec![Stmt::If(If {
                condition,
                then,
                otherwise: chain,
                span,
            })];
        }
        Ok(chain)
    }

    /// Returns what cases that fall into one another do where one of them is chosen; the last one runs anyway.
    fn run(&mut self, asked: &Asked<'_>, run: &[Case]) -> Block {
        let mut out = Block::new();
        for (at, case) in run.iter().enumerate() {
            if at + 1 == run.len() {
                out.extend(case.block.iter().cloned());
            } else if !case.block.is_empty() {
                let condition = self.one_of(asked, &run[..=at]);
                out.push(Stmt::If(If {
                    condition,
                    then: case.block.clone(),
                    otherwise: Block::new(),
                    span: asked.span,
                }));
            }
        }
        out
    }

    /// Appends whether one of some cases, which follow one another, is chosen.
    fn one_of(&mut self, asked: &Asked<'_>, run: &[Case]) -> Handle<Expr> {
        let chosen = |case: &Case| run.iter().any(|own| std::ptr::eq(own, case));
        let has_default = run.iter().any(|case| case.has_default);
        let of: Vec<i128> = asked
            .cases
            .iter()
            .filter(|case| chosen(case) != has_default)
            .flat_map(|case| case.labels.iter().copied())
            .collect();
        let (compare, join) = if has_default {
            (BinaryOp::NotEqual, BinaryOp::And)
        } else {
            (BinaryOp::Equal, BinaryOp::Or)
        };
        let mut condition: Option<Handle<Expr>> = None;
        for label in of {
            let load = self
                .function
                .expr(ExprKind::Load(Place::var(asked.value)), asked.ty);
            let label = self.int(label, asked.ty);
            let own = self
                .function
                .expr(ExprKind::Binary(compare, load, label), Scalar::I32);
            condition = Some(match condition {
                Some(known) => self
                    .function
                    .expr(ExprKind::Binary(join, known, own), Scalar::I32),
                None => own,
            });
        }
        condition.unwrap_or_else(|| self.int(i128::from(has_default), Scalar::I32))
    }
}

/// What a `switch` asks.
struct Asked<'a> {
    value: Handle<Var>,
    ty: Scalar,
    cases: &'a [Case],
    span: Span,
}

/// Returns what stands between the labels of a `switch`.
fn groups<'u>(body: Cursor<'u>, span: Span) -> Lowered<Vec<Group<'u>>> {
    let mut groups: Vec<Group<'u>> = Vec::new();
    for child in body.children() {
        let mut statement = child;
        let mut own = Group::default();
        loop {
            let children = statement.children();
            match (statement.kind(), children.as_slice()) {
                (k::CXCursor_CaseStmt, [label, inner]) => {
                    own.labels.push(*label);
                    statement = *inner;
                }
                (k::CXCursor_DefaultStmt, [inner]) => {
                    own.has_default = true;
                    statement = *inner;
                }
                (k::CXCursor_CaseStmt | k::CXCursor_DefaultStmt, _) => {
                    return Err(unsupported("a case of this form", span));
                }
                _ => break,
            }
        }
        if own.has_default || !own.labels.is_empty() {
            groups.push(own);
        }
        let Some(group) = groups.last_mut() else {
            return Err(unsupported("a statement before the first case", span));
        };
        group.statements.push(statement);
    }
    Ok(groups)
}

/// Returns whether control does not come to the end of a case.
fn ends(function: &Function, block: &[Stmt]) -> bool {
    match block.last() {
        Some(Stmt::Break(_) | Stmt::Return(..) | Stmt::Continue(_)) => true,
        Some(Stmt::If(branch)) => {
            let is_block = constant(function, branch.condition) == Some(1);
            ends(function, &branch.then) && (is_block || ends(function, &branch.otherwise))
        }
        Some(
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::For(_)
            | Stmt::While(_)
            | Stmt::Call(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..),
        )
        | None => false,
    }
}

/// Takes a `break` off the end of a case: there it leaves nothing but the `switch`.
fn drop_break(block: &mut Block) {
    if let Some(Stmt::Break(_)) = block.last() {
        block.pop();
    } else if let Some(Stmt::If(branch)) = block.last_mut() {
        drop_break(&mut branch.then);
        drop_break(&mut branch.otherwise);
    }
}

/// Returns how many `break`s of a statement leave the `switch` around it.
fn breaks(statement: Cursor<'_>) -> usize {
    if statement.kind() == k::CXCursor_BreakStmt {
        return 1;
    }
    if is_loop(statement) || statement.kind() == k::CXCursor_SwitchStmt {
        return 0;
    }
    statement.children().into_iter().map(breaks).sum()
}

/// Returns how many `break`s of a block leave what stands around it.
fn lowered_breaks(block: &[Stmt]) -> usize {
    let of = |stmt: &Stmt| match stmt {
        Stmt::Break(_) => 1,
        Stmt::If(branch) => lowered_breaks(&branch.then) + lowered_breaks(&branch.otherwise),
        Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::For(_)
        | Stmt::While(_)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => 0,
    };
    block.iter().map(of).sum()
}

/// Returns whether statements assign a variable.
fn assigns(block: &[Stmt], var: Handle<Var>) -> bool {
    block.iter().any(|stmt| {
        let is_target = match stmt {
            Stmt::Compute(compute) => compute.target.var == var,
            Stmt::Call(call) => call.target.as_ref().is_some_and(|place| place.var == var),
            Stmt::For(each) => each.iterator == var,
            Stmt::Verbatim(..) => true,
            Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier => false,
        };
        is_target || blocks(stmt).any(|block| assigns(block, var))
    })
}
