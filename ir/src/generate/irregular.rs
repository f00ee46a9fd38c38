//! Families with subscripts, pointers or exits that depend on data.

use crate::expr::{BinaryOp, ExprKind, Place};
use crate::function::Storage;
use crate::random::Random;
use crate::span::Span;
use crate::stmt::{Block, Stmt};
use crate::types::{Field, Record, Scalar, Type};

use super::build::Builder;
use super::draft::{Dimension, Draft, ParameterDraft, Rows};
use super::value::{Leaf, Subscript};

/// Two pointers that may point into the same memory.
pub(super) fn alias(random: Random, prefix: String) -> (Draft, Block) {
    let mut draft = Draft::new(random, prefix, Type::Void);
    let size = draft.size("n", 0, 260);
    let ty = draft.element_type();
    let whole = Dimension {
        size: Some(size),
        scale: 2,
        plus: 8,
    };
    let x = draft.array("x", ty, &[whole], Rows::Linear, true);
    let y = draft.array("y", ty, &[Dimension::of(size)], Rows::Linear, false);
    if draft.random.chance(4, 5) {
        let by = draft.random.choose(0, &[1, 2, 5]);
        draft.arrays[y].inside = Some((x, by));
    }
    let level = draft.level("i", Dimension::of(size), 0, 0);
    let by = draft.random.between(0, 3);
    let leaves = [
        Leaf::Element(x, vec![level.at(by)]),
        Leaf::Element(y, vec![level.at(0)]),
    ];
    let target = Leaf::Element(y, vec![level.at(0)]);
    let body = draft.store(&target, &leaves);
    let loops = draft.nest(&[level], body);
    (draft, loops)
}

/// The first subscript whose element fulfils a condition, by `break` or by `return`.
pub(super) fn search(random: Random, prefix: String) -> (Draft, Block) {
    let mut draft = Draft::new(random, prefix, Type::Scalar(Scalar::I32));
    let size = Dimension::of(draft.size("n", 0, 260));
    let ty = draft.element_type();
    let x = draft.array("x", ty, &[size], Rows::Linear, true);
    let minus_one = draft.builder.int(-1, Scalar::I32);
    let (found, mut block) = draft.start_local("found", Scalar::I32, minus_one);
    let level = draft.level("i", size, 0, 0);
    let element = draft.leaf(&Leaf::Element(x, vec![level.at(0)]));
    let bound = draft.random.between(-8, 8) as f64;
    let bound = draft.builder.number(bound.max(0.0), ty);
    let condition = draft.builder.binary(BinaryOp::Greater, element, bound);
    let position = draft.subscript(&level.at(0));
    let exit = if draft.random.chance(1, 2) {
        let take = draft.builder.assign(Place::var(found), position);
        vec![take, Stmt::Break(Span::default())]
    } else {
        let position = draft.builder.convert(position, Scalar::I32);
        vec![Stmt::Return(Some(position.expr), Span::default())]
    };
    let test = Builder::when(condition, exit, Block::new());
    let loops = draft.nest(&[level], vec![test]);
    block.extend(loops);
    let found = draft.builder.read(found);
    block.push(Stmt::Return(Some(found.expr), Span::default()));
    (draft, block)
}

/// A `while` or `do` loop with a counter that only C programmers see.
pub(super) fn uncounted(random: Random, prefix: String) -> (Draft, Block) {
    let mut draft = Draft::new(random, prefix, Type::Void);
    let is_do = draft.random.chance(1, 3);
    let size = draft.size("n", i64::from(is_do), 260);
    let (out_ty, in_ty) = (draft.element_type(), draft.element_type());
    let dimension = Dimension::of(size);
    let y = draft.array("y", out_ty, &[dimension], Rows::Linear, false);
    let x = draft.array("x", in_ty, &[dimension], Rows::Linear, true);
    let zero = draft.builder.int(0, Scalar::I32);
    let (counter, mut block) = draft.start_local("k", Scalar::I32, zero);
    let here = Subscript::of(counter, 0);
    let leaves = [
        Leaf::Element(x, vec![here.clone()]),
        Leaf::Element(y, vec![here.clone()]),
    ];
    let target = Leaf::Element(y, vec![here]);
    let mut body = draft.store_plainly(&target, &leaves);
    if draft.random.chance(1, 3) {
        let condition = draft.condition(&leaves);
        let then = vec![draft.advance(counter, 1), Stmt::Continue(Span::default())];
        body.insert(0, Builder::when(condition, then, Block::new()));
    }
    body.push(draft.advance(counter, 1));
    let value = draft.builder.read(counter);
    let end = draft.extent(dimension);
    let condition = draft.builder.binary(BinaryOp::Less, value, end);
    block.push(Builder::uncounted("while", condition, is_do, body));
    (draft, block)
}

/// Members of an array of structures.
pub(super) fn structures(random: Random, prefix: String) -> (Draft, Block) {
    let mut draft = Draft::new(random, prefix, Type::Void);
    let size = Dimension::of(draft.size("n", 0, 260));
    // Laid out without padding, so that every byte has a value and belongs to one member.
    let members = [Scalar::F64, Scalar::F32, Scalar::I16, Scalar::U16];
    let mut offset_bytes = 0;
    let fields = members
        .iter()
        .zip(["mass", "charge", "kind", "flags"])
        .map(|(scalar, name)| {
            let field = Field {
                name: name.to_owned(),
                ty: Type::Scalar(*scalar),
                offset_bytes,
                enumeration: None,
                leads_to_block: false,
            };
            offset_bytes += scalar.size_bytes();
            field
        })
        .collect();
    let record = draft.records.push(Record {
        name: format!("struct {}body", draft.prefix),
        fields,
        size_bytes: offset_bytes,
        align_bytes: 8,
    });
    let ty = Type::Record(record).pointer(false);
    let var = draft.builder.var("body", ty, Storage::Parameter);
    let bodies = draft.add_array(var, members.to_vec(), &[size], false);
    draft.parameters.push(ParameterDraft::Array(bodies));
    let level = draft.level("i", size, 0, 0);
    let here = level.at(0);
    let written = draft.random.below(4) as u32;
    let leaves = [0, 1, 2, 3].map(|field| Leaf::Member(bodies, here.clone(), field));
    let target = Leaf::Member(bodies, here, written);
    let body = draft.store(&target, &leaves);
    let loops = draft.nest(&[level], body);
    (draft, loops)
}

/// A pointer that walks through an array.
pub(super) fn walk(random: Random, prefix: String) -> (Draft, Block) {
    let mut draft = Draft::new(random, prefix, Type::Void);
    let size = Dimension::of(draft.size("n", 0, 260));
    let ty = draft.element_type();
    let y = draft.array("y", ty, &[size], Rows::Linear, false);
    let x = draft.array("x", ty, &[size], Rows::Linear, false);
    let pointer_ty = Type::Scalar(ty).pointer(false);
    let pointer = draft.builder.local("p", pointer_ty.clone());
    let start = Place::var(draft.arrays[y].var);
    let start = draft
        .builder
        .expr(ExprKind::Load(start), pointer_ty.clone());
    let mut block = vec![
        Builder::declare(pointer),
        Builder::compute(Place::var(pointer), start),
    ];
    let level = draft.plain_level("i", size);
    let target = Leaf::Through(pointer, ty);
    let leaves = [Leaf::Element(x, vec![level.at(0)])];
    let mut body = draft.store_plainly(&target, &leaves);
    let from = draft
        .builder
        .expr(ExprKind::Load(Place::var(pointer)), pointer_ty.clone());
    let one = draft.builder.int(1, Scalar::I64);
    let next = ExprKind::Binary(BinaryOp::Add, from, one.expr);
    let next = draft.builder.expr(next, pointer_ty);
    body.push(Builder::compute(Place::var(pointer), next));
    block.push(level.around(&mut draft.builder, body));
    (draft, block)
}
