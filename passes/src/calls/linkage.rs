//! Which functions the linker may take from another file.

use mupac_ir::{Function, Module};

/// What the text of a file says of definitions that give way to others; read once, since it is asked of every function.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Linkage {
    says_weak: bool,
}

impl Linkage {
    /// Reads the text of a file.
    pub(crate) fn of(module: &Module) -> Self {
        let says_weak = |line: &str| {
            line.contains("__weak")
                || line.contains("weak") && (line.contains("attribute") || line.contains("pragma"))
        };
        Self {
            says_weak: module.source.text().lines().any(says_weak),
        }
    }

    /// Returns whether the linker may take another definition of a function of the file than this one.
    pub(crate) fn may_replace(self, function: &Function) -> bool {
        !function.is_static && self.says_weak
    }
}
