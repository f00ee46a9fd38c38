//! Where numbers go, and how far.

use mupac_ir::Scalar;

/// Sums of 64 bits that wrap around come from so far away that they are beyond [`mupac_ir::inspection::FARTHEST`].
pub(super) const MOST: u128 = (1 << 64) - (1 << 48);

/// Where a number goes while the counter goes up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// It stays as it is.
    Same,
    Up,
    Down,
    /// Up or down: what stays decides.
    Either,
}

/// A number in all iterations: the exact one, which the machine's own may differ from by multiples of 2 to the power of 64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Course {
    pub(super) way: Way,
    /// The magnitude of an integer, at most.
    pub(super) most: u128,
}

impl Way {
    pub(super) fn turned(self) -> Self {
        match self {
            Self::Up => Self::Down,
            Self::Down => Self::Up,
            Self::Same | Self::Either => self,
        }
    }

    /// Returns the way of a product with something that stays, of which the sign may be known.
    pub(super) fn scaled(self, sign: Option<i128>) -> Self {
        match (self, sign) {
            (Self::Same, _) => Self::Same,
            (_, Some(1..)) => self,
            (_, Some(i128::MIN..0)) => self.turned(),
            (_, None | Some(0)) => Self::Either,
        }
    }

    /// Returns the way of a sum; `None` where it may turn.
    pub(super) fn with(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Same, way) | (way, Self::Same) => Some(way),
            (Self::Up, Self::Up) | (Self::Down, Self::Down) => Some(self),
            _ => None,
        }
    }

    /// Returns the way of one of two numbers, the same one in all iterations.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Same, way) | (way, Self::Same) => way,
            _ if self == other => self,
            _ => Self::Either,
        }
    }
}

impl Course {
    /// Returns it as the result of arithmetic in a type, where that leaves it as it is.
    pub(super) fn within(self, ty: Scalar) -> Option<Self> {
        let (_, high) = ty.integer_range()?;
        let most = match (ty.is_signed(), ty.bits()) {
            // More is undefined.
            (true, _) => self.most.min(high.unsigned_abs() + 1),
            (false, 64) if self.most <= MOST => self.most,
            (false, _) if self.most <= high.unsigned_abs() => self.most,
            (false, _) => return None,
        };
        Some(Self { most, ..self })
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self {
            way: self.way.or(other.way),
            most: self.most.max(other.most),
        }
    }
}
