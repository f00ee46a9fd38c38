//! What of a host array has a copy on the device.

use crate::arena::Handle;
use crate::expr::Expr;
use crate::function::Var;
use crate::types::Type;

/// A contiguous range of a host array with a copy on the device.
///
/// A buffer that a [`Reduction`](crate::Reduction) names as its partial results, or a [`SplitSum`](crate::SplitSum) as its slices, is no copy, nor is one whose
/// `array` lies in [`Space::Global`](crate::Space::Global): the array exists in kernels only.
///
/// **Units**: `first` and `count` are in elements of `element`, the type one subscript of `array` yields
/// (a whole row where `array` has several dimensions); both are `i64` expressions over scalars in scope.
#[derive(Clone, Debug, PartialEq)]
pub struct Buffer {
    /// The array or pointer.
    pub array: Handle<Var>,
    /// Type of one element.
    pub element: Type,
    /// Lowest subscript touched.
    pub first: Handle<Expr>,
    /// Number of elements from there; positive whenever the guards hold.
    pub count: Handle<Expr>,
    /// Whether a kernel writes it.
    pub is_written: bool,
    /// Whether the range may reach beyond the array, since it bounds what the original touches and is not touched as a
    /// whole. What lies there belongs to others, who may change it: only bytes that a kernel changed are copied out.
    pub may_exceed: bool,
    /// What of the range is meant where it is rows of objects of their own; `None`: all.
    pub rows: Option<Rows>,
    /// Whether it is no copy, but the memory that `array` leads to, which is the device's.
    pub is_resident: bool,
}

impl Buffer {
    /// Returns the rows that are copied without what lies between them: what kernels write of rows that may reach beyond the
    /// array is found by comparing all of the range.
    pub fn copied_rows(&self) -> Option<Rows> {
        self.rows.filter(|_| !self.may_exceed || !self.is_written)
    }

    /// Returns the expressions that say which part of the array it is.
    pub fn extents(&self) -> impl Iterator<Item = Handle<Expr>> + use<> {
        let rows = self.rows.map(Rows::extents);
        [self.first, self.count]
            .into_iter()
            .chain(rows.into_iter().flatten())
    }
}

/// Rows that lie equally far apart: what lies between them belongs to others. It is not copied, or where the buffer may
/// exceed what the original touches, copied to the device and home only where a kernel changed it.
///
/// **Units**: elements; both are `i64` expressions over scalars in scope, positive wherever something is touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rows {
    /// How far a row starts behind the one before.
    pub pitch: Handle<Expr>,
    /// How much of each is meant.
    pub width: Handle<Expr>,
    /// The planes that they are rows of, where not all rows are equally far apart.
    pub planes: Option<Planes>,
    /// Whether the program certainly touches each of them, and nothing before its first element: then a row is an object that
    /// begins where it is meant or before, and what belongs to others begins behind its end.
    pub are_all_there: bool,
}

impl Rows {
    /// Returns pitch and width of rows, and pitch and number of rows of planes.
    pub fn extents(self) -> Vec<Handle<Expr>> {
        let planes = self.planes.map(|planes| [planes.pitch, planes.rows]);
        let rows = [self.pitch, self.width].into_iter();
        rows.chain(planes.into_iter().flatten()).collect()
    }
}

/// Planes of rows that lie equally far apart: what lies between them belongs to others.
///
/// **Units**: elements and rows; both are `i64` expressions over scalars in scope, positive wherever something is touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planes {
    /// How far a plane starts behind the one before.
    pub pitch: Handle<Expr>,
    /// How many rows of each are meant.
    pub rows: Handle<Expr>,
}
