//! Programs in which arrays may stay on the device: calls in a time loop, with what the host does between them.

use crate::arena::Handle;
use crate::expr::{BinaryOp, Expr, ExprKind, Place, Projection};
use crate::function::Var;
use crate::random::Random;
use crate::span::Span;
use crate::stmt::{Block, Stmt};
use crate::types::{Scalar, Type};

use super::build::{Builder, Term};
use super::draft::{Dimension, Draft, Iterators, Rows};
use super::value::{Leaf, Subscript};

/// Least size for which the host touches single elements.
const TOUCHED: i64 = 6;

/// A function of the file that works on `n` elements of two arrays.
struct Callee {
    name: String,
    size: Scalar,
}

/// The arrays of the main function, all of as many elements.
struct Arrays {
    element: Scalar,
    size: usize,
    dimension: Dimension,
    /// Pointers that are swapped, then arrays that have one name.
    all: Vec<usize>,
}

impl Arrays {
    fn pointer(&self) -> Type {
        Type::Scalar(self.element).pointer(false)
    }
}

/// Steps that call functions on arrays, whole or in part, and the host's reads, writes and swaps between them.
pub(super) fn stays(random: Random, prefix: String) -> (Draft, Block) {
    let mut draft = Draft::new(random, prefix, Type::Void);
    let element = draft
        .random
        .choose(Scalar::F64, &[Scalar::F32, Scalar::U32, Scalar::U16]);
    let callees: Vec<Callee> = (0..draft.random.between(1, 3))
        .map(|number| callee(&mut draft, element, number))
        .collect();
    let size = draft.size("n", 0, 150);
    let dimension = Dimension::of(size);
    let steps = Dimension::of(draft.size("steps", 0, 4));
    let named: Vec<usize> = ["x", "y", "z"]
        .iter()
        .map(|name| draft.array(name, element, &[dimension], Rows::Linear, false))
        .collect();
    let mut arrays = Arrays {
        element,
        size,
        dimension,
        all: Vec::new(),
    };
    let mut block = Block::new();
    for (name, array) in ["p", "q"].iter().zip(&named) {
        let pointer = draft.builder.local(name, arrays.pointer());
        let var = draft.arrays[*array].var;
        let first = pointer_value(&mut draft, &arrays, var);
        block.push(Builder::declare(pointer));
        block.push(Builder::compute(Place::var(pointer), first));
        let array = draft.add_array(pointer, vec![element], &[dimension], false);
        arrays.all.push(array);
    }
    arrays.all.extend(named.get(2));
    let sum = draft.builder.number(1.0, element);
    let (sum, start) = draft.start_local("sum", element, sum);
    block.extend(start);
    let mut body = Block::new();
    for _ in 0..draft.random.between(3, 6) {
        body.extend(action(&mut draft, &arrays, &callees, sum));
    }
    let time = draft.plain_level("t", steps);
    block.extend(draft.nest(&[time], body));
    let last = draft.builder.read(sum);
    block.extend(touched(&mut draft, &arrays, |draft| {
        let target = element_of(arrays.all[2], 0);
        vec![draft.set(&target, last)]
    }));
    (draft, block)
}

/// Adds a function that reads neighbours in one array and writes another.
fn callee(draft: &mut Draft, element: Scalar, number: i64) -> Callee {
    let name = format!("{}step{number}", draft.prefix);
    let mut builder = Builder::new(&name, Type::Void);
    std::mem::swap(&mut draft.builder, &mut builder);
    let iterators = std::mem::replace(&mut draft.iterators, Iterators::Own);
    let (sizes, arrays, parameters) = (
        draft.sizes.len(),
        draft.arrays.len(),
        draft.parameters.len(),
    );
    let n = draft.size("n", 0, 0);
    let size = draft.sizes[n].ty;
    let dimension = Dimension::of(n);
    let from = draft.array("from", element, &[dimension], Rows::Linear, false);
    let to = draft.array("to", element, &[dimension], Rows::Linear, false);
    let level = draft.level("i", dimension, 1, 1);
    let target = Leaf::Element(to, vec![level.at(0)]);
    let mut leaves: Vec<Leaf> = (0..2)
        .map(|_| Leaf::Element(from, vec![level.at(draft.random.between(-1, 1))]))
        .collect();
    if draft.random.chance(1, 2) {
        leaves.push(target.clone());
    }
    let store = draft.store_plainly(&target, &leaves);
    let body = draft.nest(&[level], store);
    // The parameters are the callee's own, and no caller outside passes them.
    draft.sizes.truncate(sizes);
    draft.arrays.truncate(arrays);
    draft.parameters.truncate(parameters);
    draft.iterators = iterators;
    std::mem::swap(&mut draft.builder, &mut builder);
    let mut function = builder.finish(body);
    function.is_static = true;
    draft.callees.push(function);
    Callee { name, size }
}

/// Returns something that happens in a step.
fn action(draft: &mut Draft, arrays: &Arrays, callees: &[Callee], sum: Handle<Var>) -> Block {
    let [first, second] = two(draft, arrays);
    match draft.random.below(12) {
        0 => swap(draft, arrays),
        1 => nest(draft, arrays, [first, second]),
        2 => touched(draft, arrays, |draft| {
            let (from, to) = (element_of(first, 3), element_of(second, 5));
            let value = draft.leaf(&from);
            vec![draft.set(&to, value)]
        }),
        3 => touched(draft, arrays, |draft| {
            let from = element_of(first, 4);
            let (value, before) = (draft.leaf(&from), draft.builder.read(sum));
            let half = draft.builder.number(0.5, Scalar::F64);
            let less = draft.builder.multiply(before, half);
            let next = draft.builder.add(less, value);
            vec![draft.set(&Leaf::Var(sum), next)]
        }),
        4 => vec![part(draft, arrays, callees, [first, second])],
        5 => carried(draft, arrays, [first, second]),
        6 => triangle(draft, arrays, [first, second]),
        _ => vec![call(draft, arrays, callees, [first, second])],
    }
}

fn two(draft: &mut Draft, arrays: &Arrays) -> [usize; 2] {
    let mut all = arrays.all.clone();
    draft.random.shuffle(&mut all);
    [all[0], all[1]]
}

/// Returns statements under the condition that there are elements enough to touch single ones.
fn touched(
    draft: &mut Draft,
    arrays: &Arrays,
    statements: impl FnOnce(&mut Draft) -> Block,
) -> Block {
    let then = statements(draft);
    let size = draft.extent(arrays.dimension);
    let least = draft.builder.int(TOUCHED, size.ty);
    let enough = draft.builder.binary(BinaryOp::GreaterEqual, size, least);
    vec![Builder::when(enough, then, Block::new())]
}

/// Returns the element of an array at a constant subscript.
fn element_of(array: usize, at: i64) -> Leaf {
    Leaf::Element(array, vec![Subscript::fixed(at)])
}

fn pointer_value(draft: &mut Draft, arrays: &Arrays, var: Handle<Var>) -> Handle<Expr> {
    let load = ExprKind::Load(Place::var(var));
    draft.builder.expr(load, arrays.pointer())
}

/// Exchanges the two pointers.
fn swap(draft: &mut Draft, arrays: &Arrays) -> Block {
    let [p, q] = [arrays.all[0], arrays.all[1]].map(|array| draft.arrays[array].var);
    let other = draft.builder.local("other", arrays.pointer());
    let mut block = vec![Builder::declare(other)];
    for (to, from) in [(other, p), (p, q), (q, other)] {
        let value = pointer_value(draft, arrays, from);
        block.push(Builder::compute(Place::var(to), value));
    }
    block
}

/// Returns a nest of the main function's own.
fn nest(draft: &mut Draft, arrays: &Arrays, [from, to]: [usize; 2]) -> Block {
    let level = draft.level("i", arrays.dimension, 1, 1);
    let target = Leaf::Element(to, vec![level.at(0)]);
    let leaves = [
        Leaf::Element(from, vec![level.at(draft.random.between(-1, 1))]),
        target.clone(),
    ];
    let store = draft.store_plainly(&target, &leaves);
    draft.nest(&[level], store)
}

/// Returns a loop of which an iteration reads what the one before wrote, if some condition holds, or until one does.
fn carried(draft: &mut Draft, arrays: &Arrays, [from, to]: [usize; 2]) -> Block {
    let level = draft.level("k", arrays.dimension, 1, 1);
    let neighbour = draft.random.choose(-1, &[1]);
    let target = Leaf::Element(to, vec![level.at(0)]);
    let leaves = [
        Leaf::Element(to, vec![level.at(neighbour)]),
        Leaf::Element(from, vec![level.at(draft.random.between(-1, 1))]),
    ];
    let store = draft.store_plainly(&target, &leaves);
    let body = now_and_then(draft, &leaves, store);
    draft.nest(&[level], body)
}

/// Returns loops over the elements before each one, or from it on, that add to it or to them.
fn triangle(draft: &mut Draft, arrays: &Arrays, [from, to]: [usize; 2]) -> Block {
    let outer = draft.plain_level("r", arrays.dimension);
    let mut inner = draft.plain_level("k", arrays.dimension);
    draft.bounded_by(&outer, &mut inner);
    let both = [outer.at(0), inner.at(0)];
    let [at, other] = if draft.random.chance(1, 2) {
        [&both[0], &both[1]]
    } else {
        [&both[1], &both[0]]
    };
    let at = if draft.random.chance(1, 4) {
        Subscript::fixed(0)
    } else {
        at.clone()
    };
    let target = Leaf::Element(to, vec![at]);
    let leaves = [
        target.clone(),
        Leaf::Element(from, vec![other.clone()]),
        Leaf::Element(to, vec![other.clone()]),
    ];
    let store = draft.store_plainly(&target, &leaves);
    let body = now_and_then(draft, &leaves, store);
    draft.nest(&[outer, inner], body)
}

/// Has statements run always, where some condition holds, or until it does.
fn now_and_then(draft: &mut Draft, leaves: &[Leaf], block: Block) -> Block {
    match draft.random.below(4) {
        0 => {
            let condition = draft.condition(leaves);
            vec![Builder::when(condition, block, Block::new())]
        }
        1 => {
            let condition = draft.condition(leaves);
            let mut all = block;
            let leave = vec![Stmt::Break(Span::default())];
            all.push(Builder::when(condition, leave, Block::new()));
            all
        }
        _ => block,
    }
}

/// Returns a call on whole arrays, which may be the same.
fn call(draft: &mut Draft, arrays: &Arrays, callees: &[Callee], [from, to]: [usize; 2]) -> Stmt {
    let to = if draft.random.chance(1, 4) { from } else { to };
    let pointers = [from, to].map(|array| {
        let var = draft.arrays[array].var;
        pointer_value(draft, arrays, var)
    });
    let size = draft.builder.read(draft.sizes[arrays.size].var);
    called(draft, callees, size, pointers)
}

/// Returns a call on the first half of one array and half of another, which may be the same.
fn part(draft: &mut Draft, arrays: &Arrays, callees: &[Callee], [from, to]: [usize; 2]) -> Stmt {
    let to = if draft.random.chance(1, 3) { from } else { to };
    let mut half = || {
        let size = draft.builder.read(draft.sizes[arrays.size].var);
        let two = draft.builder.int(2, size.ty);
        draft.builder.binary(BinaryOp::Divide, size, two)
    };
    let (size, middle) = (half(), half());
    let middle = draft.builder.as_subscript(middle);
    let behind = Place {
        var: draft.arrays[from].var,
        path: vec![Projection::Index(middle.expr)],
    };
    let behind = draft
        .builder
        .expr(ExprKind::Address(behind), arrays.pointer());
    let var = draft.arrays[to].var;
    let first = pointer_value(draft, arrays, var);
    let pointers = if draft.random.chance(1, 2) {
        [behind, first]
    } else {
        [first, behind]
    };
    called(draft, callees, size, pointers)
}

fn called(
    draft: &mut Draft,
    callees: &[Callee],
    size: Term,
    [from, to]: [Handle<Expr>; 2],
) -> Stmt {
    let at = draft.random.below(callees.len() as u64) as usize;
    let callee = &callees[at];
    let size = draft.builder.convert(size, callee.size);
    Builder::call(None, &callee.name, vec![size.expr, from, to])
}
