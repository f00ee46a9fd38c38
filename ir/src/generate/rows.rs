//! Sums along rows, and the greatest or the least of a row: in elements of arrays or through scalars, with what programs do
//! before and after.

use crate::expr::BinaryOp;
use crate::random::Random;
use crate::stmt::{Block, Stmt};
use crate::types::{Scalar, Type};

use super::build::{Builder, Term};
use super::draft::Draft;
use super::nest::Level;
use super::sheet::Sheet;
use super::value::Leaf;

/// How one of the results of a row is computed.
struct Row {
    /// What stands before all loops.
    start: Block,
    /// What stands before the inner loops, in them and behind them.
    before: Block,
    step: Stmt,
    after: Block,
}

/// Where a result comes to be, and what stands before all loops and before the inner ones.
struct Beginning {
    into: Leaf,
    start: Block,
    before: Block,
}

/// `for (i) for (k) y[i] += a[i][k] * x[k];` and its like.
pub(super) fn row_sums(random: Random, prefix: String) -> (Draft, Block) {
    let mut draft = Draft::new(random, prefix, Type::Void);
    draft.is_exact = draft.random.chance(2, 3);
    let count = draft.random.choose(1, &[1, 1, 2]);
    let types: Vec<Scalar> = (0..count).map(|_| draft.result_type()).collect();
    let sheet = draft.sheet(&types);
    let rows: Vec<Row> = types.iter().map(|ty| draft.row(&sheet, *ty)).collect();
    let mut inner = Block::new();
    if draft.random.chance(1, 12) {
        inner.extend(draft.skipping(&sheet.elements));
    }
    let is_bare = |row: &Row| row.before.is_empty() && row.after.is_empty();
    let is_movable = sheet.is_rectangular && rows.iter().all(is_bare);
    let [mut start, mut before, mut after] = [(); 3].map(|()| Block::new());
    for row in rows {
        start.extend(row.start);
        before.extend(row.before);
        inner.push(row.step);
        after.extend(row.after);
    }
    if is_movable && draft.random.chance(1, 4) {
        let mut levels: Vec<Level> = sheet.outer.into_iter().chain(sheet.inner).collect();
        draft.random.shuffle(&mut levels);
        start.extend(draft.nest(&levels, inner));
        return (draft, start);
    }
    before.extend(draft.nest(&sheet.inner, inner));
    before.extend(after);
    start.extend(draft.nest(&sheet.outer, before));
    (draft, start)
}

impl Draft {
    fn result_type(&mut self) -> Scalar {
        self.random.choose(
            Scalar::F32,
            &[
                Scalar::F32,
                Scalar::F64,
                Scalar::F64,
                Scalar::U32,
                Scalar::U64,
                Scalar::I32,
                Scalar::I64,
            ],
        )
    }

    /// Adds an array of results of a type, and returns how it is computed.
    fn row(&mut self, sheet: &Sheet, ty: Scalar) -> Row {
        let rows = self.rows();
        let y = self.array("y", ty, &sheet.results, rows, false);
        let target = Leaf::Element(y, sheet.outer.iter().map(|level| level.at(0)).collect());
        let beginning = self.beginning(target.clone(), ty);
        let step = self.row_step(&beginning.into, ty, sheet);
        Row {
            step,
            after: self.row_end(&beginning.into, &target),
            start: beginning.start,
            before: beginning.before,
        }
    }

    /// Returns where a result begins: in its element as that is or set before, or in a scalar of each row or of them all.
    fn beginning(&mut self, target: Leaf, ty: Scalar) -> Beginning {
        let [mut start, mut before] = [(); 2].map(|()| Block::new());
        let mut into = target;
        let first = self.random.choose(0, &[0, 0, 1]);
        let first = self.builder.number(f64::from(first), ty);
        match self.random.below(6) {
            0 | 1 => {}
            2 => before.push(self.set(&into, first)),
            way => {
                let (sum, local) = self.start_local("sum", ty, first);
                (into, before) = (Leaf::Var(sum), local);
                if way == 3 {
                    start.push(before.remove(0));
                }
            }
        }
        Beginning {
            into,
            start,
            before,
        }
    }

    /// Returns what is done with a result: a scalar is stored, as it is or added to what is there or in some expression.
    fn row_end(&mut self, into: &Leaf, target: &Leaf) -> Block {
        let is_scalar = matches!(into, Leaf::Var(_));
        let known = [into, target];
        match self.random.below(if is_scalar { 4 } else { 8 }) {
            0 => self.store_plainly(target, &known.map(Clone::clone)),
            1 if is_scalar => {
                let [sum, so_far] = known.map(|leaf| self.leaf(leaf));
                let sum = self.builder.add(so_far, sum);
                vec![self.set(target, sum)]
            }
            _ if is_scalar => {
                let sum = self.leaf(into);
                vec![self.set(target, sum)]
            }
            _ => Block::new(),
        }
    }

    /// Returns what an iteration does: mostly it adds, and sometimes under a condition.
    fn row_step(&mut self, into: &Leaf, ty: Scalar, sheet: &Sheet) -> Stmt {
        let step = if self.random.chance(1, 8) {
            self.joined(into, ty, &sheet.elements[0])
        } else {
            let (so_far, term) = (self.leaf(into), self.row_term(sheet));
            let sum = match self.random.below(5) {
                0 => self.builder.add(term, so_far),
                1 => self.builder.subtract(so_far, term),
                _ => self.builder.add(so_far, term),
            };
            self.set(into, sum)
        };
        if !self.random.chance(1, 4) {
            return step;
        }
        let levels = sheet.outer.iter().chain(&sheet.inner);
        let iterators = levels.map(|level| Leaf::Var(level.header.iterator));
        let leaves: Vec<Leaf> = sheet.elements.iter().cloned().chain(iterators).collect();
        let condition = self.condition(&leaves);
        Builder::when(condition, vec![step], Block::new())
    }

    /// Returns what an iteration adds: a product of what is read, an element, or anything where sums need not be exact.
    fn row_term(&mut self, sheet: &Sheet) -> Term {
        if !self.is_exact && self.random.chance(1, 2) {
            return self.value(&sheet.elements, 1);
        }
        let first = self.leaf(&sheet.elements[0]);
        if self.random.chance(1, 5) {
            return first;
        }
        let second = usize::from(self.random.chance(4, 5));
        let second = self.leaf(&sheet.elements[second]);
        self.builder.binary(BinaryOp::Multiply, first, second)
    }
}
