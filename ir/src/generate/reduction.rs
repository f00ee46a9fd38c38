//! One value from many, by the operators of C: returned, left in memory, or one for every row.

use crate::arena::Handle;
use crate::expr::BinaryOp;
use crate::function::Var;
use crate::random::Random;
use crate::stmt::{Block, Stmt};
use crate::types::{Scalar, Type};

use super::build::{Builder, Term};
use super::draft::{Dimension, Draft, Rows};
use super::nest::Level;
use super::value::{Leaf, Subscript};

/// How values are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Join {
    Sum,
    Product,
    /// The greater, or the less.
    Extreme(BinaryOp),
    Bits(BinaryOp),
}

/// Where the values come from.
struct Source {
    levels: Vec<Level>,
    element: Leaf,
}

/// A reduction or two.
///
/// Where only elements and products of two are added, the sums of small numbers are exact in every order.
pub(super) fn reduction(random: Random, prefix: String) -> (Draft, Block) {
    let mut random = random;
    if random.chance(1, 4) {
        return by_rows(random, prefix);
    }
    let ty = random.choose(
        Scalar::F32,
        &[
            Scalar::F64,
            Scalar::F64,
            Scalar::I64,
            Scalar::U32,
            Scalar::U64,
            Scalar::I32,
            Scalar::I32,
        ],
    );
    let mut draft = Draft::new(random, prefix, Type::Scalar(ty));
    draft.is_exact = draft.random.chance(1, 2);
    let source = draft.reduced_array();
    let first = draft.random.between(0, 2) as f64;
    let first = draft.builder.number(first, ty);
    let (sum, mut block) = draft.start_local("sum", ty, first);
    let mut body = Block::new();
    let leaves = [
        source.element.clone(),
        Leaf::Var(source.levels[0].header.iterator),
    ];
    let is_skipping = draft.random.chance(1, 6);
    if is_skipping {
        body.extend(draft.skipping(&leaves));
    }
    let target = Leaf::Var(sum);
    let joined = draft.joined(&target, ty, &source.element);
    body.push(if !is_skipping && draft.random.chance(1, 5) {
        let condition = draft.condition(&leaves);
        Builder::when(condition, vec![joined], Block::new())
    } else {
        joined
    });
    if draft.random.chance(1, 4) {
        let step = draft.other(&source.element);
        body.push(step);
    }
    block.extend(draft.nest(&source.levels, body));
    let total = draft.builder.read(sum);
    block.push(Stmt::Return(Some(total.expr), crate::Span::default()));
    (draft, block)
}

impl Draft {
    /// Adds an array of one dimension or two, and loops over it.
    fn reduced_array(&mut self) -> Source {
        let element = self.element_type();
        let shape = if self.random.chance(1, 3) {
            self.shape(2)
        } else {
            vec![Dimension::of(self.size("n", 0, 260))]
        };
        let rows = self.rows();
        let array = self.array("x", element, &shape, rows, true);
        let levels: Vec<Level> = shape
            .iter()
            .zip(["i", "j"])
            .map(|(dimension, name)| self.level(name, *dimension, 0, 0))
            .collect();
        let subscripts = levels.iter().map(|level| level.at(0)).collect();
        Source {
            element: Leaf::Element(array, subscripts),
            levels,
        }
    }

    /// Adds a parameter `out` whose first element is joined to in the same loop.
    fn other(&mut self, element: &Leaf) -> Stmt {
        let ty = self.random.choose(Scalar::I64, &[Scalar::U32, Scalar::F64]);
        let out = self.array("out", ty, &[Dimension::fixed(1)], Rows::Linear, false);
        let target = Leaf::Element(out, vec![Subscript::fixed(0)]);
        self.joined(&target, ty, element)
    }

    /// Returns a statement that joins a value made of an element to a target.
    pub(super) fn joined(&mut self, target: &Leaf, ty: Scalar, element: &Leaf) -> Stmt {
        let join = if ty.is_float() {
            self.random.choose(
                Join::Sum,
                &[
                    Join::Product,
                    Join::Extreme(BinaryOp::Greater),
                    Join::Extreme(BinaryOp::Less),
                ],
            )
        } else {
            self.random.choose(
                Join::Sum,
                &[
                    Join::Product,
                    Join::Extreme(BinaryOp::Greater),
                    Join::Extreme(BinaryOp::Less),
                    Join::Bits(BinaryOp::BitAnd),
                    Join::Bits(BinaryOp::BitOr),
                    Join::Bits(BinaryOp::BitXor),
                ],
            )
        };
        let so_far = self.leaf(target);
        match join {
            Join::Sum => {
                let value = self.contribution(element);
                let sum = self.builder.add(so_far, value);
                self.set(target, sum)
            }
            Join::Product => {
                let factor = self.factor(ty, element);
                let product = self.builder.multiply(so_far, factor);
                self.set(target, product)
            }
            Join::Extreme(op) => self.extreme(target, so_far, op, element),
            Join::Bits(op) => {
                let value = self.contribution(element);
                let value = self.builder.convert(value, ty);
                let bits = self.builder.binary(op, so_far, value);
                self.set(target, bits)
            }
        }
    }

    /// Returns what one iteration adds.
    fn contribution(&mut self, element: &Leaf) -> Term {
        if !self.is_exact {
            return self.value(std::slice::from_ref(element), 1);
        }
        let value = self.leaf(element);
        if self.random.chance(1, 2) {
            return value;
        }
        let again = self.leaf(element);
        self.builder.multiply(value, again)
    }

    /// Returns a factor; a power of two for floats whose products shall be exact.
    fn factor(&mut self, ty: Scalar, element: &Leaf) -> Term {
        if !self.is_exact {
            return self.value(std::slice::from_ref(element), 1);
        }
        let value = self.leaf(element);
        let zero = self.builder.number(0.0, value.ty);
        let is_greater = self.builder.binary(BinaryOp::Greater, value, zero);
        let (two, other) = if ty == Scalar::F64 {
            (self.builder.number(2.0, ty), self.builder.number(0.5, ty))
        } else {
            (self.builder.number(1.0, ty), self.builder.number(-1.0, ty))
        };
        self.builder.select(is_greater, two, other)
    }

    /// Keeps the greater or the less of a value and the target, by `if` or by `?:`.
    fn extreme(&mut self, target: &Leaf, so_far: Term, op: BinaryOp, element: &Leaf) -> Stmt {
        let value = self.leaf(element);
        let is_better = self.builder.binary(op, value, so_far);
        let again = self.leaf(element);
        if self.random.chance(1, 2) {
            let take = self.set(target, again);
            return Builder::when(is_better, vec![take], Block::new());
        }
        let kept = self.leaf(target);
        let better = self.builder.select(is_better, again, kept);
        self.set(target, better)
    }
}

/// One reduction for each row: `for (i) for (j) y[i] = y[i] + x[i][j]`, or through a scalar.
fn by_rows(random: Random, prefix: String) -> (Draft, Block) {
    let mut draft = Draft::new(random, prefix, Type::Void);
    draft.is_exact = draft.random.chance(1, 2);
    let shape = draft.shape(2);
    let ty = draft
        .random
        .choose(Scalar::F32, &[Scalar::F64, Scalar::I64, Scalar::U32]);
    let element = draft.element_type();
    let rows = draft.rows();
    let y = draft.array("y", ty, &shape[..1], Rows::Linear, false);
    let x = draft.array("x", element, &shape, rows, true);
    let outer = draft.level("i", shape[0], 0, 0);
    let inner = draft.level("j", shape[1], 0, 0);
    let element = Leaf::Element(x, vec![outer.at(0), inner.at(0)]);
    let target = Leaf::Element(y, vec![outer.at(0)]);
    if draft.random.chance(1, 2) {
        let step = draft.joined(&target, ty, &element);
        let mut levels = vec![outer, inner];
        if draft.random.chance(1, 3) {
            levels.reverse();
        }
        let loops = draft.nest(&levels, vec![step]);
        return (draft, loops);
    }
    let zero = draft.builder.number(1.0, ty);
    let (sum, mut body): (Handle<Var>, Block) = draft.start_local("sum", ty, zero);
    let step = draft.joined(&Leaf::Var(sum), ty, &element);
    body.push(inner.around(&mut draft.builder, vec![step]));
    let total = draft.builder.read(sum);
    body.push(draft.set(&target, total));
    let loops = draft.nest(&[outer], body);
    (draft, loops)
}
