//! A loop between the accesses that move what its iterations touch side by side.

use std::collections::BTreeMap;

use mupac_ir::{
    BinaryOp, Block, Expr, ExprKind, Extent, Function, Handle, Loop, LoopName, Mapping, Place,
    Projection, Scalar, Space, Span, Stmt, Type, Var,
};

use super::hold;
use super::neighbours::Neighbours;
use crate::build;
use crate::numbering::Numbering;
use crate::steps::Names;

/// A loop whose accesses are packed.
pub(crate) struct Packing<'a> {
    pub(crate) function: &'a mut Function,
    /// The region as it was.
    pub(crate) known: &'a Block,
    /// How often the loop runs.
    pub(crate) count: i128,
    pub(crate) numbering: Numbering,
}

/// A vector in registers, and the elements that it holds.
struct Held<'a> {
    of: &'a Neighbours,
    register: Handle<Var>,
    /// The place of the element in the first iteration.
    start: Place,
}

impl Packing<'_> {
    /// Returns the loop between the accesses that move what it touches side by side.
    pub(crate) fn of(&mut self, mut each: Loop, found: &[Neighbours]) -> Option<Block> {
        let mut block = Block::new();
        let names = self.names(&each, &mut block);
        let mut vectors = Vec::new();
        for of in found {
            let register = self.register(of)?;
            block.push(Stmt::Declare(register, Span::default()));
            let start = self.start(&of.place, &names)?;
            vectors.push(Held {
                of,
                register,
                start,
            });
        }
        for vector in vectors.iter().filter(|vector| vector.of.is_read) {
            block.extend(self.copies(vector, true)?);
        }
        for vector in &vectors {
            let load = self.function.load(each.iterator);
            let from_zero = build::binary(self.function, BinaryOp::Subtract, load, each.start);
            let at = build::convert(self.function, from_zero, Scalar::I64);
            let element = indexed(vector.register, at);
            hold::replace(self.function, &mut each.body, &vector.of.place, &element);
        }
        block.push(Stmt::For(each));
        for vector in vectors.iter().filter(|vector| vector.of.is_written) {
            block.extend(self.copies(vector, false)?);
        }
        Some(block)
    }

    /// Names what the names of the loop are worth in its first iteration; returns these values, and that of the iterator.
    fn names(&mut self, each: &Loop, block: &mut Block) -> BTreeMap<Handle<Var>, Handle<Expr>> {
        let mut values = BTreeMap::from([(each.iterator, each.start)]);
        for stmt in &each.body {
            if let Stmt::Let(var, value) = stmt {
                let value = valued(self.function, *value, &values);
                let named = &self.function.vars[*var];
                let (name, ty) = (format!("{}.first", named.name), named.ty.clone());
                let first = Var::local(self.name(name, &mut 2), ty);
                let first = self.function.vars.push(first);
                block.push(Stmt::Let(first, value));
                values.insert(*var, self.function.load(first));
            }
        }
        values
    }

    /// Makes an array in registers with an element for each iteration.
    fn register(&mut self, of: &Neighbours) -> Option<Handle<Var>> {
        let name = format!("{}.v", self.function.vars[of.place.var].name);
        let name = self.name(name, &mut 2);
        let ty = Type::Array {
            of: Box::new(of.element.into()),
            length: Extent::Fixed(u64::try_from(self.count).ok()?),
        };
        let mut register = Var::local(name, ty);
        register.space = Space::Register;
        Some(self.function.vars.push(register))
    }

    /// Returns a name that neither a variable nor a loop has, with a number from `number` on where it needs one.
    fn name(&self, base: String, number: &mut u32) -> String {
        let taken = Names::of(self.function, self.known);
        taken.next(&LoopName(base), number).0
    }

    /// Returns the place that an element has in the first iteration.
    fn start(
        &mut self,
        place: &Place,
        names: &BTreeMap<Handle<Var>, Handle<Expr>>,
    ) -> Option<Place> {
        let path = place.path.iter().map(|step| match step {
            Projection::Index(index) => {
                Some(Projection::Index(valued(self.function, *index, names)))
            }
            Projection::Field(_) => None,
        });
        Some(Place {
            var: place.var,
            path: path.collect::<Option<_>>()?,
        })
    }

    /// Returns the accesses that fill a vector, or that write what it holds.
    fn copies(&mut self, vector: &Held<'_>, is_read: bool) -> Option<Block> {
        let width = i128::from(vector.of.width);
        let starts = (0..self.count / width).map(|number| number * width);
        let mut number = 2;
        starts
            .map(|start| self.copy(vector, (start, &mut number), is_read))
            .collect()
    }

    /// Returns the access to the elements of a vector from one on.
    fn copy(
        &mut self,
        vector: &Held<'_>,
        (from, number): (i128, &mut u32),
        is_read: bool,
    ) -> Option<Stmt> {
        let array = &self.function.vars[vector.of.place.var].name;
        let name = self.name(format!("{array}.k"), number);
        let iterator = Var::local(name.clone(), Scalar::I64);
        let iterator = self.function.vars.push(iterator);
        let (last, row) = vector.start.path.split_last()?;
        let Projection::Index(last) = last else {
            return None;
        };
        let first = build::convert(self.function, *last, Scalar::I64);
        let mut path = row.to_vec();
        path.push(self.counted(first, from, iterator));
        let memory = Place {
            var: vector.start.var,
            path,
        };
        let zero = build::int(self.function, 0, Scalar::I64);
        let at = self.counted(zero, from, iterator);
        let register = Place {
            var: vector.register,
            path: vec![at],
        };
        let (target, source) = if is_read {
            (register, memory)
        } else {
            (memory, register)
        };
        let value = self
            .function
            .expr(ExprKind::Load(source), vector.of.element);
        let span = Span::default();
        let end = build::int(self.function, i128::from(vector.of.width), Scalar::I64);
        Some(Stmt::For(Loop {
            name: LoopName(name),
            iterator,
            declares_iterator: true,
            start: zero,
            end,
            step: 1,
            mapping: Mapping::Vector,
            body: vec![Stmt::Compute(
                self.numbering.assignment(target, value, span),
            )],
            span,
            header_span: span,
        }))
    }

    /// Returns the subscript of the element so many behind the first.
    fn counted(&mut self, first: Handle<Expr>, from: i128, iterator: Handle<Var>) -> Projection {
        let from = build::int(self.function, from, Scalar::I64);
        let start = build::binary(self.function, BinaryOp::Add, first, from);
        let load = self.function.load(iterator);
        let sum = build::binary(self.function, BinaryOp::Add, start, load);
        Projection::Index(sum)
    }
}

/// Returns the element of an array at a subscript.
fn indexed(array: Handle<Var>, at: Handle<Expr>) -> Place {
    Place {
        var: array,
        path: vec![Projection::Index(at)],
    }
}

/// Returns an expression with the values of names in their place.
fn valued(
    function: &mut Function,
    expr: Handle<Expr>,
    names: &BTreeMap<Handle<Var>, Handle<Expr>>,
) -> Handle<Expr> {
    let node = function.exprs[expr].clone();
    if let ExprKind::Load(place) = &node.kind
        && place.path.is_empty()
    {
        return names.get(&place.var).copied().unwrap_or(expr);
    }
    let old = build::operands(&node.kind);
    let new: Vec<_> = old
        .iter()
        .map(|operand| valued(function, *operand, names))
        .collect();
    if old == new {
        return expr;
    }
    match (&node.kind, new.as_slice(), node.ty.scalar()) {
        (ExprKind::Cast(_), [inner], Some(ty)) => build::convert(function, *inner, ty),
        (ExprKind::Binary(op @ (BinaryOp::Add | BinaryOp::Multiply), ..), [a, b], _) => {
            build::binary(function, *op, *a, *b)
        }
        _ => {
            let kind = build::with_operands(&node.kind, &new);
            function.exprs.push(Expr { kind, ..node })
        }
    }
}
