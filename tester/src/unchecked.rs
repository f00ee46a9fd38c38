//! Text that nobody tested, because the user said so.

use mupac_ir::Unit;

/// A text written under `--check=off`; its own type, so that it cannot be mistaken for a tested one.
#[derive(Clone, Debug, PartialEq)]
pub struct Unchecked {
    unit: Unit,
}

impl Unchecked {
    /// Takes a text as it is.
    pub fn new(unit: Unit) -> Self {
        Self { unit }
    }

    /// Returns the unit.
    pub fn unit(&self) -> &Unit {
        &self.unit
    }

    /// Returns the text.
    pub fn cuda(&self) -> &str {
        &self.unit.cuda
    }
}
