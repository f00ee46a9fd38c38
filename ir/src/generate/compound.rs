//! Families of more than one nest or function.

use crate::expr::Place;
use crate::function::Storage;
use crate::random::Random;
use crate::span::Span;
use crate::stmt::{Block, Stmt};
use crate::types::{Scalar, Type};

use super::build::Builder;
use super::draft::{Dimension, Draft, Rows};
use super::nest::Level;
use super::value::{Leaf, Subscript};

/// Several nests over the same arrays, with a scalar in between.
pub(super) fn sequence(random: Random, prefix: String) -> (Draft, Block) {
    let mut draft = Draft::new(random, prefix, Type::Void);
    let size = Dimension::of(draft.size("n", 0, 120));
    let types = [0; 3].map(|_| draft.element_type());
    let arrays: Vec<usize> = ["x", "y", "z"]
        .iter()
        .zip(types)
        .map(|(name, ty)| draft.array(name, ty, &[size], Rows::Linear, false))
        .collect();
    let first = draft.random.between(-3, 3) as f64;
    let first = draft.builder.number(first, Scalar::F64);
    let (scalar, mut block) = draft.start_local("s", Scalar::F64, first);
    for _ in 0..draft.random.between(2, 4) {
        let level = draft.level("i", size, 1, 1);
        let mut leaves: Vec<Leaf> = arrays
            .iter()
            .map(|array| Leaf::Element(*array, vec![level.at(draft.random.between(-1, 1))]))
            .collect();
        draft.random.shuffle(&mut leaves);
        leaves.push(Leaf::Var(scalar));
        let out = draft.random.below(3) as usize;
        let target = Leaf::Element(arrays[out], vec![level.at(0)]);
        let body = draft.store(&target, &leaves);
        let loops = draft.nest(&[level], body);
        block.extend(loops);
        if draft.random.chance(1, 2) {
            let read = draft.builder.read(scalar);
            let half = draft.builder.number(0.5, Scalar::F64);
            let next = draft.builder.multiply(read, half);
            block.push(draft.builder.assign(Place::var(scalar), next));
        }
    }
    (draft, block)
}

/// Outer steps around nests that read what the other wrote, as time loops do, with what the host does between them.
pub(super) fn time_steps(random: Random, prefix: String) -> (Draft, Block) {
    let mut draft = Draft::new(random, prefix, Type::Void);
    let steps = Dimension::of(draft.size("steps", 0, 4));
    let mut shape = vec![Dimension::of(draft.size("n", 0, 120))];
    if draft.random.chance(1, 3) {
        shape = vec![
            Dimension::of(draft.size("rows", 1, 20)),
            Dimension::of(draft.size("m", 1, 20)),
        ];
    }
    let ty = draft
        .random
        .choose(Scalar::F32, &[Scalar::F64, Scalar::I32, Scalar::U16]);
    let rows = draft.rows();
    let x = draft.array("x", ty, &shape, rows, false);
    let y = draft.array("y", ty, &shape, rows, false);
    let time = draft.plain_level("t", steps);
    let first = draft.builder.number(4.0, Scalar::F64);
    let (scale, mut block) = draft.start_local("scale", Scalar::F64, first);
    let mut body = Block::new();
    for (from, to) in [(x, y), (y, x)] {
        let levels: Vec<Level> = shape
            .iter()
            .zip(["i", "j"])
            .map(|(dimension, name)| draft.level(name, *dimension, 1, 1))
            .collect();
        let centre: Vec<Subscript> = levels.iter().map(|level| level.at(0)).collect();
        let leaves = [-1, 0, 1].map(|by| {
            let mut at = centre.clone();
            let along = draft.random.below(levels.len() as u64) as usize;
            at[along] = levels[along].at(by);
            Leaf::Element(from, at)
        });
        let sum = draft.value(&leaves, 1);
        let divisor = draft.builder.read(scale);
        let mean = draft.builder.binary(crate::BinaryOp::Divide, sum, divisor);
        let assign = draft.set(&Leaf::Element(to, centre), mean);
        body.extend(draft.nest(&levels, vec![assign]));
        if draft.random.chance(1, 4) {
            let read = draft.builder.read(scale);
            let next = draft.builder.shifted(read, 1);
            body.push(draft.builder.assign(Place::var(scale), next));
        }
    }
    block.extend(draft.nest(&[time], body));
    (draft, block)
}

/// Arrays of file scope and of automatic storage.
pub(super) fn storage(random: Random, prefix: String) -> (Draft, Block) {
    let mut draft = Draft::new(random, prefix, Type::Void);
    let rows = draft.random.between(1, 20);
    let columns = draft.random.between(1, 20);
    let shape = [Dimension::fixed(rows), Dimension::fixed(columns)];
    let (ty, local_ty) = (draft.element_type(), draft.element_type());
    let global = draft.global("table", ty, &shape);
    let y = draft.array("y", ty, &shape, Rows::Nested, false);
    let local = if draft.random.chance(1, 2) {
        let size = draft.size("n", 1, columns);
        let length = Dimension::of(size);
        draft.local_array("row", local_ty, &[length])
    } else {
        draft.local_array("row", local_ty, &shape[1..])
    };
    let length = draft.arrays[local].dimensions[0];
    let outer = draft.plain_level("i", shape[0]);
    let first = draft.plain_level("j", length);
    let leaves = [
        Leaf::Element(y, vec![outer.at(0), first.at(0)]),
        Leaf::Element(global, vec![outer.at(0), first.at(0)]),
        Leaf::Var(outer.header.iterator),
    ];
    let value = draft.value(&leaves, 2);
    let target = Leaf::Element(local, vec![first.at(0)]);
    let fill = draft.set(&target, value);
    let second = draft.level("j", length, 0, 0);
    let leaves = [Leaf::Element(local, vec![second.at(0)])];
    let target = Leaf::Element(global, vec![outer.at(0), second.at(0)]);
    let empty = draft.store(&target, &leaves);
    let body = vec![
        Builder::declare(draft.arrays[local].var),
        first.around(&mut draft.builder, vec![fill]),
        second.around(&mut draft.builder, empty),
    ];
    let loops = draft.nest(&[outer], body);
    (draft, loops)
}

/// A call of a function of the same file for every element.
pub(super) fn calls(random: Random, prefix: String) -> (Draft, Block) {
    let mut draft = Draft::new(random, prefix, Type::Void);
    let size = Dimension::of(draft.size("n", 0, 260));
    let (parameter, result) = (draft.element_type(), draft.element_type());
    let callee = format!("{}weight", draft.prefix);
    // The callee is built by the draft's own means, in a builder of its own.
    let mut builder = Builder::new(&callee, Type::Scalar(result));
    std::mem::swap(&mut draft.builder, &mut builder);
    let a = draft.builder.var("a", parameter, Storage::Parameter);
    let b = draft.builder.var("b", Scalar::I32, Storage::Parameter);
    let leaves = [Leaf::Var(a), Leaf::Var(b)];
    let condition = draft.condition(&leaves);
    let value = draft.value(&leaves, 2);
    let value = draft.builder.convert(value, result);
    let early = Stmt::Return(Some(value.expr), Span::default());
    let other = draft.value(&leaves, 1);
    let other = draft.builder.convert(other, result);
    let body = vec![
        Builder::when(condition, vec![early], Block::new()),
        Stmt::Return(Some(other.expr), Span::default()),
    ];
    std::mem::swap(&mut draft.builder, &mut builder);
    let mut function = builder.finish(body);
    function.is_static = true;
    draft.callees.push(function);

    let y = draft.array("y", result, &[size], Rows::Linear, false);
    let x = draft.array("x", parameter, &[size], Rows::Linear, true);
    let level = draft.level("i", size, 0, 0);
    let first = draft.leaf(&Leaf::Element(x, vec![level.at(0)]));
    let second = draft.builder.read(level.header.iterator);
    let second = draft.builder.convert(second, Scalar::I32);
    let target = Leaf::Element(y, vec![level.at(0)]);
    let (target, _) = draft.place(&target);
    let call = Builder::call(Some(target), &callee, vec![first.expr, second.expr]);
    let loops = draft.nest(&[level], vec![call]);
    (draft, loops)
}
