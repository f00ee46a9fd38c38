//! What sums along rows go over: matrices and vectors, triangles, rows with rows, slabs.

use crate::types::Scalar;

use super::draft::{Dimension, Draft};
use super::nest::Level;
use super::value::{Leaf, Subscript};

/// The loops of a program, and what they go over.
pub(super) struct Sheet {
    /// Loops of which every iteration has results of its own.
    pub(super) outer: Vec<Level>,
    /// Loops whose iterations have one result together.
    pub(super) inner: Vec<Level>,
    /// Number of results along each of the outer loops.
    pub(super) results: Vec<Dimension>,
    /// What is read in every iteration.
    pub(super) elements: Vec<Leaf>,
    /// Whether any order of the loops goes over the same.
    pub(super) is_rectangular: bool,
}

impl Draft {
    /// Returns a type for elements of which results of these types are made.
    ///
    /// A negative number times an unsigned one is close to the greatest, where a floating-point sum is not exact.
    pub(super) fn summed_type(&self, ty: Scalar, results: &[Scalar]) -> Scalar {
        let is_wide = matches!(ty, Scalar::U32 | Scalar::U64);
        if self.is_exact && is_wide && results.iter().any(|ty| ty.is_float()) {
            return Scalar::U16;
        }
        ty
    }

    /// Adds arrays of elements of which results of these types are made, and loops over them.
    pub(super) fn sheet(&mut self, results: &[Scalar]) -> Sheet {
        let types = [0; 2].map(|_| {
            let ty = match self.random.pick(results) {
                Some(ty) if self.random.chance(1, 2) => *ty,
                _ => self.element_type(),
            };
            self.summed_type(ty, results)
        });
        match self.random.below(8) {
            0 => self.triangle(types),
            1 => self.pairs(types),
            2 => self.slabs(types),
            _ => self.matrix(types),
        }
    }

    /// The length of rows, at least 1.
    fn row_length(&mut self, most: i64) -> Dimension {
        if self.random.chance(1, 3) {
            return Dimension::fixed(self.random.between(1, most.min(40)));
        }
        Dimension::of(self.size("m", 1, most))
    }

    /// `a[i][k]` and `x[k]`, or `a[k][i]`, or only every few elements of a row.
    fn matrix(&mut self, [a, x]: [Scalar; 2]) -> Sheet {
        let is_turned = self.random.chance(1, 4);
        let count = Dimension::of(self.size("n", i64::from(is_turned), 36));
        let length = self.row_length(50);
        let (stride, offset) = match self.random.below(4) {
            0 => (self.random.between(2, 3), self.random.between(0, 2)),
            _ => (1, 0),
        };
        let width = Dimension {
            size: length.size,
            scale: stride * length.scale,
            plus: stride * length.plus + offset,
        };
        let shape = if is_turned {
            [width, count]
        } else {
            [count, width]
        };
        let rows = self.rows();
        let a = self.array("a", a, &shape, rows, true);
        let x = self.array("x", x, &[length], rows, true);
        let outer = self.level("i", count, 0, 0);
        let inner = self.level("k", length, 0, 0);
        let mut at = vec![outer.at(0), inner.scaled(stride, offset)];
        if is_turned {
            at.reverse();
        }
        Sheet {
            elements: vec![Leaf::Element(a, at), Leaf::Element(x, vec![inner.at(0)])],
            outer: vec![outer],
            inner: vec![inner],
            results: vec![count],
            is_rectangular: true,
        }
    }

    /// `a[i][k]` and `x[k]` up to the diagonal, or from there.
    fn triangle(&mut self, [a, x]: [Scalar; 2]) -> Sheet {
        let count = Dimension::of(self.size("n", 1, 40));
        let rows = self.rows();
        let a = self.array("a", a, &[count, count], rows, true);
        let x = self.array("x", x, &[count], rows, true);
        let outer = self.plain_level("i", count);
        let mut inner = self.plain_level("k", count);
        self.bounded_by(&outer, &mut inner);
        let at = vec![outer.at(0), inner.at(0)];
        Sheet {
            elements: vec![Leaf::Element(a, at), Leaf::Element(x, vec![inner.at(0)])],
            outer: vec![outer],
            inner: vec![inner],
            results: vec![count],
            is_rectangular: false,
        }
    }

    /// `a[i][k]` and `x[j][k]`, every row with every other.
    fn pairs(&mut self, [a, x]: [Scalar; 2]) -> Sheet {
        let results = ["n", "l"].map(|name| Dimension::of(self.size(name, 1, 14)));
        let length = self.row_length(40);
        let rows = self.rows();
        let arrays = [
            self.array("a", a, &[results[0], length], rows, true),
            self.array("x", x, &[results[1], length], rows, true),
        ];
        let outer: Vec<Level> = ["i", "j"]
            .iter()
            .zip(results)
            .map(|(name, count)| self.level(name, count, 0, 0))
            .collect();
        let inner = self.level("k", length, 0, 0);
        let elements = arrays.iter().zip(&outer);
        let elements = elements
            .map(|(array, level)| Leaf::Element(*array, vec![level.at(0), inner.at(0)]))
            .collect();
        Sheet {
            outer,
            inner: vec![inner],
            results: results.to_vec(),
            elements,
            is_rectangular: true,
        }
    }

    /// `a[i][j][k]` and `x[j][k]`: a result is of two loops.
    fn slabs(&mut self, [a, x]: [Scalar; 2]) -> Sheet {
        let count = Dimension::of(self.size("n", 0, 14));
        let lengths = [self.row_length(12), self.row_length(12)];
        let rows = self.rows();
        let a = self.array("a", a, &[count, lengths[0], lengths[1]], rows, true);
        let x = self.array("x", x, &lengths, rows, true);
        let outer = self.level("i", count, 0, 0);
        let inner: Vec<Level> = ["j", "k"]
            .iter()
            .zip(lengths)
            .map(|(name, length)| self.level(name, length, 0, 0))
            .collect();
        let within: Vec<Subscript> = inner.iter().map(|level| level.at(0)).collect();
        let mut at = vec![outer.at(0)];
        at.extend(within.clone());
        Sheet {
            elements: vec![Leaf::Element(a, at), Leaf::Element(x, within)],
            outer: vec![outer],
            inner,
            results: vec![count],
            is_rectangular: true,
        }
    }
}
