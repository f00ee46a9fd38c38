//! Pointers that are set in several places, as subscripts: of `if (d < least) best = &a[i];` remains
//! `if (d < least) best.at = i;`, and of `best->x` remains `a[best.at].x`. One that may be null has a truth value besides,
//! `best.is`, which every test against null asks for; where it is null its subscript is 0, and nothing goes through it.
//!
//! All that such a pointer is set to leads into one array that the region leaves alone, or comes from another such pointer, and
//! the region declares it.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::structure::{each_operand_mut, expressions_mut};
use mupac_ir::{
    BinaryOp, Block, Compute, Expr, ExprKind, Function, Handle, Place, Projection, Scalar, Stmt,
    UnaryOp, Var,
};

use super::aims::{Arrays, arrays};
use crate::analyse::is_null;
use crate::numbering::Numbering;
use crate::{build, region};

/// What takes the place of a pointer.
#[derive(Clone, Copy)]
struct Chosen {
    array: Handle<Var>,
    at: Handle<Var>,
    /// Whether it is not null; `None`: it never is.
    is: Option<Handle<Var>>,
}

/// Returns the function and the statements without those of some pointers that are chosen so; `None` where there is none.
pub(super) fn rewritten(
    function: &Function,
    statements: &[Stmt],
    kept: &BTreeSet<Handle<Var>>,
) -> Option<(Function, Block)> {
    let mut pointers = kept.clone();
    loop {
        let arrays = arrays(function, statements, &mut pointers);
        if arrays.is_empty() {
            return None;
        }
        let mut rewriter = Rewriter::new(function, &arrays);
        let block = rewriter.block(statements);
        if rewriter.failed.is_empty() {
            return Some((rewriter.function, block));
        }
        pointers
            .retain(|pointer| arrays.contains_key(pointer) && !rewriter.failed.contains(pointer));
    }
}

struct Rewriter {
    function: Function,
    chosen: BTreeMap<Handle<Var>, Chosen>,
    /// Pointers with which something else is done.
    failed: BTreeSet<Handle<Var>>,
    numbering: Numbering,
}

impl Rewriter {
    fn new(function: &Function, arrays: &Arrays) -> Self {
        let mut function = function.clone();
        let numbering = Numbering::after(&[&function.body]);
        let mut chosen = BTreeMap::new();
        for (pointer, (array, is_nullable)) in arrays {
            let base = function.vars[*pointer].name.clone();
            let mut var = |suffix: &str, ty: Scalar| {
                let name = function.fresh_name(&format!("{base}.{suffix}"));
                function.vars.push(Var::local(name, ty))
            };
            let at = var("at", Scalar::I64);
            let is = is_nullable.then(|| var("is", Scalar::I32));
            chosen.insert(
                *pointer,
                Chosen {
                    array: *array,
                    at,
                    is,
                },
            );
        }
        Self {
            function,
            chosen,
            failed: BTreeSet::new(),
            numbering,
        }
    }

    fn block(&mut self, statements: &[Stmt]) -> Block {
        statements
            .iter()
            .flat_map(|stmt| self.statement(stmt))
            .collect()
    }

    fn statement(&mut self, stmt: &Stmt) -> Block {
        if let Stmt::Declare(var, span) = stmt
            && let Some(chosen) = self.chosen.get(var)
        {
            let own = [Some(chosen.at), chosen.is].into_iter().flatten();
            return own.map(|var| Stmt::Declare(var, *span)).collect();
        }
        if let Stmt::Compute(compute) = stmt
            && compute.target.path.is_empty()
            && let Some(chosen) = self.chosen.get(&compute.target.var).copied()
        {
            return self.set(compute, chosen);
        }
        let mut stmt = stmt.clone();
        if let Stmt::If(branch) = &mut stmt {
            branch.condition = self.condition(branch.condition);
        }
        if let Stmt::Compute(compute) = &mut stmt {
            compute.target = self.place(&compute.target);
        }
        for expr in expressions_mut(&mut stmt) {
            *expr = self.value(*expr);
        }
        for block in region::blocks_mut(&mut stmt) {
            *block = self.block(&std::mem::take(block));
        }
        vec![stmt]
    }

    /// Sets the subscript and the truth value of a pointer.
    fn set(&mut self, compute: &Compute, chosen: Chosen) -> Block {
        let Some((at, is)) = self.element(compute.value) else {
            self.failed.insert(compute.target.var);
            return Block::new();
        };
        let Some(own) = chosen.is else {
            return vec![self.assigned(compute, chosen.at, at)];
        };
        // Both are computed of what the pointer was before.
        let name = &self.function.vars[own].name;
        let name = self.function.fresh_name(&format!("{name}.next"));
        let next = self.function.vars.push(Var::local(name, Scalar::I32));
        let is_fixed = build::constant(&self.function, is).is_some();
        let value = if is_fixed {
            is
        } else {
            self.function.load(next)
        };
        let before = [
            Stmt::Declare(next, compute.span),
            self.assigned(compute, next, is),
        ];
        let mut block: Block = before.into_iter().filter(|_| !is_fixed).collect();
        block.push(self.assigned(compute, chosen.at, at));
        block.push(self.assigned(compute, own, value));
        block
    }

    fn assigned(&mut self, compute: &Compute, var: Handle<Var>, value: Handle<Expr>) -> Stmt {
        Stmt::Compute(Compute {
            id: self.numbering.next(),
            target: Place::var(var),
            value,
            ..compute.clone()
        })
    }

    /// Returns the subscript of what a value leads to, and whether it is not null.
    fn element(&mut self, value: Handle<Expr>) -> Option<(Handle<Expr>, Handle<Expr>)> {
        let node = self.function.exprs[value].clone();
        let zero = build::int(&mut self.function, 0, Scalar::I64);
        let yes = build::int(&mut self.function, 1, Scalar::I32);
        if is_null(&self.function, value) {
            return Some((zero, build::int(&mut self.function, 0, Scalar::I32)));
        }
        match node.kind {
            ExprKind::Load(place) if place.path.is_empty() => {
                Some(self.start(place.var, zero, yes))
            }
            ExprKind::Address(Place { var, path }) => {
                let [Projection::Index(index)] = path[..] else {
                    return None;
                };
                let (start, is) = self.start(var, zero, yes);
                Some((self.moved(BinaryOp::Add, start, index), is))
            }
            ExprKind::Binary(op @ (BinaryOp::Add | BinaryOp::Subtract), base, by) => {
                let (start, is) = self.element(base)?;
                Some((self.moved(op, start, by), is))
            }
            ExprKind::Cast(inner) => self.element(inner),
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } => {
                let condition = self.condition(condition);
                let (then, otherwise) = (self.element(then)?, self.element(otherwise)?);
                let mut select = |then, otherwise, ty| {
                    let kind = ExprKind::Select {
                        condition,
                        then,
                        otherwise,
                    };
                    self.function.expr(kind, ty)
                };
                let at = select(then.0, otherwise.0, Scalar::I64);
                Some((at, select(then.1, otherwise.1, Scalar::I32)))
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => None,
        }
    }

    /// Returns where a variable leads to: the first element of an array, or that of a pointer.
    fn start(
        &mut self,
        var: Handle<Var>,
        zero: Handle<Expr>,
        yes: Handle<Expr>,
    ) -> (Handle<Expr>, Handle<Expr>) {
        match self.chosen.get(&var).copied() {
            Some(other) => {
                let at = self.function.load(other.at);
                (at, other.is.map_or(yes, |is| self.function.load(is)))
            }
            None => (zero, yes),
        }
    }

    fn moved(&mut self, op: BinaryOp, start: Handle<Expr>, by: Handle<Expr>) -> Handle<Expr> {
        let by = self.value(by);
        let by = build::convert(&mut self.function, by, Scalar::I64);
        build::binary(&mut self.function, op, start, by)
    }

    fn place(&mut self, place: &Place) -> Place {
        let path = place.path.iter().map(|step| match step {
            Projection::Index(index) => Projection::Index(self.value(*index)),
            Projection::Field(field) => Projection::Field(*field),
        });
        let mut path: Vec<Projection> = path.collect();
        let Some(chosen) = self.chosen.get(&place.var).copied() else {
            return Place {
                var: place.var,
                path,
            };
        };
        if let Some(Projection::Index(index)) = path.first_mut() {
            let at = self.function.load(chosen.at);
            let by = build::convert(&mut self.function, *index, Scalar::I64);
            *index = build::binary(&mut self.function, BinaryOp::Add, at, by);
        } else {
            self.failed.insert(place.var);
        }
        Place {
            var: chosen.array,
            path,
        }
    }

    /// Returns what decides: of a pointer whether it is not null.
    fn condition(&mut self, expr: Handle<Expr>) -> Handle<Expr> {
        self.is_set(expr).unwrap_or_else(|| self.value(expr))
    }

    fn is_set(&mut self, expr: Handle<Expr>) -> Option<Handle<Expr>> {
        self.pointer(expr)?;
        self.element(expr).map(|(_, is)| is)
    }

    /// Returns the pointer that a value is made of, if it is one of these.
    fn pointer(&self, expr: Handle<Expr>) -> Option<Handle<Var>> {
        let node = &self.function.exprs[expr];
        node.ty.element()?;
        if let ExprKind::Cast(inner) = node.kind {
            return self.pointer(inner);
        }
        let var = build::read(&self.function, expr)?;
        self.chosen.contains_key(&var).then_some(var)
    }

    fn value(&mut self, expr: Handle<Expr>) -> Handle<Expr> {
        let node = self.function.exprs[expr].clone();
        let kind = match &node.kind {
            ExprKind::Load(place) if place.path.is_empty() => {
                let Some(chosen) = self.chosen.get(&place.var).copied() else {
                    return expr;
                };
                if chosen.is.is_some() {
                    self.failed.insert(place.var);
                }
                let at = self.function.load(chosen.at);
                ExprKind::Address(Place {
                    var: chosen.array,
                    path: vec![Projection::Index(at)],
                })
            }
            ExprKind::Load(place) => ExprKind::Load(self.place(place)),
            ExprKind::Address(place) => ExprKind::Address(self.place(place)),
            ExprKind::Unary(UnaryOp::Not, a) => ExprKind::Unary(UnaryOp::Not, self.condition(*a)),
            ExprKind::Binary(op @ (BinaryOp::And | BinaryOp::Or), a, b) => {
                ExprKind::Binary(*op, self.condition(*a), self.condition(*b))
            }
            ExprKind::Binary(op @ (BinaryOp::Equal | BinaryOp::NotEqual), a, b)
                if is_null(&self.function, *b) && self.pointer(*a).is_some() =>
            {
                let no = build::int(&mut self.function, 0, Scalar::I32);
                ExprKind::Binary(*op, self.condition(*a), no)
            }
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } => ExprKind::Select {
                condition: self.condition(*condition),
                then: self.value(*then),
                otherwise: self.value(*otherwise),
            },
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Cast(_)
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => {
                let mut kind = node.kind.clone();
                each_operand_mut(&mut kind, &mut |operand| {
                    *operand = self.value(*operand);
                });
                kind
            }
        };
        if kind == node.kind {
            return expr;
        }
        let mut rewritten = Expr::new(kind, node.ty);
        rewritten.span = node.span;
        self.function.exprs.push(rewritten)
    }
}
