//! Text that was not tested, because the user said so: no test at all, or kernels whatever comes of the tests.

use mupac_ir::Unit;

/// A text written under `--check=off`; its own type, so that it cannot be mistaken for a tested one.
#[derive(Clone, Debug, PartialEq)]
pub struct Unchecked {
    unit: Unit,
    why: Option<String>,
}

impl Unchecked {
    /// Takes a text as it is.
    pub fn new(unit: Unit) -> Self {
        Self { unit, why: None }
    }

    /// Takes a text that could not be tested, and why.
    pub fn untestable(unit: Unit, why: String) -> Self {
        let why = Some(why);
        Self { unit, why }
    }

    /// Returns why it could not be tested; `None` where nobody wanted it to be.
    pub fn why(&self) -> Option<&str> {
        self.why.as_deref()
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
