//! Counts by class: updates of the elements of a small array, of which types, masks or remainders bound the subscripts.

use crate::expr::{BinaryOp, Place};
use crate::random::Random;
use crate::stmt::{Block, Stmt};
use crate::types::{Scalar, Type};

use super::build::Builder;
use super::draft::{Dimension, Draft, Rows};
use super::nest::Level;
use super::value::{Leaf, Subscript};

/// An array with an element for each class.
struct Classes {
    array: usize,
    ty: Scalar,
    count: i64,
    bound: Bound,
}

/// What keeps subscripts within such an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    /// The array has an element for every key of the type.
    Type,
    /// There are so many elements as the lowest bits tell apart.
    Mask,
    /// Keys are reduced.
    Remainder,
}

/// `h[key[i] & 15] += weight[i];` and its like.
pub(super) fn histograms(random: Random, prefix: String) -> (Draft, Block) {
    let mut draft = Draft::new(random, prefix, Type::Void);
    let rank = draft.random.choose(1, &[1, 2]);
    let shape: Vec<Dimension> = [("n", 260), ("m", 16)][2 - rank..]
        .iter()
        .map(|(name, most)| Dimension::of(draft.size(name, 1, *most)))
        .collect();
    let key_ty = draft.random.choose(
        Scalar::U8,
        &[
            Scalar::U8,
            Scalar::I32,
            Scalar::U32,
            Scalar::U16,
            Scalar::I64,
        ],
    );
    let rows = draft.rows();
    let keys = draft.array("key", key_ty, &shape, rows, true);
    let weight_ty = draft.random.choose(
        Scalar::I32,
        &[Scalar::U32, Scalar::I64, Scalar::U8, Scalar::I16],
    );
    let weights = draft.array("weight", weight_ty, &shape, rows, true);
    let levels: Vec<Level> = ["i", "j"]
        .iter()
        .zip(&shape)
        .map(|(name, dimension)| draft.level(name, *dimension, 0, 0))
        .collect();
    let at: Vec<Subscript> = levels.iter().map(|level| level.at(0)).collect();
    let leaves = [keys, weights].map(|array| Leaf::Element(array, at.clone()));
    let mut body = Block::new();
    for _ in 0..draft.random.choose(1, &[1, 2]) {
        let classes = draft.classes(key_ty);
        body.push(draft.joined_to_class(&classes, &leaves));
    }
    if draft.random.chance(1, 3) {
        let condition = draft.condition(&leaves);
        body = vec![Builder::when(condition, body, Block::new())];
    }
    let loops = draft.nest(&levels, body);
    (draft, loops)
}

impl Draft {
    /// Adds an array with room for all classes.
    fn classes(&mut self, key: Scalar) -> Classes {
        let ty = self.random.choose(
            Scalar::U32,
            &[Scalar::U32, Scalar::I32, Scalar::U64, Scalar::I64],
        );
        let (bound, count) = match self.random.below(4) {
            0 | 1 if key == Scalar::U8 => (Bound::Type, 256),
            0 | 1 => (Bound::Mask, self.random.choose(16, &[4, 8, 32])),
            _ => (Bound::Remainder, self.random.between(3, 50)),
        };
        let dimensions = [Dimension::fixed(count)];
        let array = if self.random.chance(1, 2) {
            self.global(&format!("h{}", self.arrays.len()), ty, &dimensions)
        } else {
            self.array("h", ty, &dimensions, Rows::Linear, false)
        };
        Classes {
            array,
            ty,
            count,
            bound,
        }
    }

    /// Returns the element of the class of a key.
    fn of_class(&mut self, classes: &Classes, key: &Leaf) -> Place {
        let key = self.leaf(key);
        let class = match classes.bound {
            Bound::Type => key,
            Bound::Mask => {
                let mask = self.builder.int(classes.count - 1, key.ty.promoted());
                self.builder.binary(BinaryOp::BitAnd, key, mask)
            }
            Bound::Remainder => {
                let key = self.builder.convert(key, Scalar::U32);
                let count = self.builder.int(classes.count, Scalar::U32);
                self.builder.binary(BinaryOp::Remainder, key, count)
            }
        };
        self.element(classes.array, &[class])
    }

    /// Returns what joins a weight to the class of a key: mostly it counts or adds.
    fn joined_to_class(&mut self, classes: &Classes, [key, weight]: &[Leaf; 2]) -> Stmt {
        let ty = classes.ty;
        let target = self.of_class(classes, key);
        let place = self.of_class(classes, key);
        let so_far = self.builder.load(place, Some(ty));
        let weight_of = |draft: &mut Self| draft.leaf(weight);
        let op = match self.random.below(8) {
            0 => {
                let (value, again) = (weight_of(self), weight_of(self));
                let value = self.builder.convert(value, ty);
                let is_greater = self.builder.binary(BinaryOp::Greater, value, so_far);
                let take = self.builder.assign_as(target, ty, again);
                return Builder::when(is_greater, vec![take], Block::new());
            }
            1 => BinaryOp::BitOr,
            2 => BinaryOp::BitXor,
            3 => BinaryOp::Subtract,
            _ => BinaryOp::Add,
        };
        let value = if self.random.chance(1, 3) {
            self.builder.int(1, ty)
        } else {
            let value = weight_of(self);
            self.builder.convert(value, ty)
        };
        let next = self.builder.binary(op, so_far, value);
        self.builder.assign_as(target, ty, next)
    }
}
