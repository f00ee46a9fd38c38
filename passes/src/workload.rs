//! What analysis hands to the search: the file, its regions, and a word about every loop.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use mupac_ir::{Coherence, Entry, Function, Handle, LoopOutcome, Module, Outlined, Var};

use crate::calls::Linkage;
use crate::facts::Region;

/// An analysed file.
#[derive(Clone, Debug)]
pub struct Workload {
    /// The file as read.
    pub module: Module,
    /// The regions that may become kernels, in source order, without overlap.
    pub regions: Vec<Arc<Region>>,
    /// Every loop of the file, in source order. A loop of a region has the verdict that its dependences allow; the
    /// plan says what is made of it.
    pub loops: Vec<LoopOutcome>,
    /// The regions, by number, whose facts live in one isl context; one thread at a time works on them, in order, so that
    /// what the context is asked does not depend on threads.
    pub groups: Vec<Vec<usize>>,
    /// How plans of the file know that a copy on the device is what the host has.
    pub coherence: Coherence,
    /// Which functions the linker may take from another file.
    pub(crate) linkage: Linkage,
    /// What names of kernels may meet in the file.
    pub(crate) numbered: Numbered,
    /// How functions are called that it was asked of.
    pub(crate) entries: KnownEntries,
    /// Its regions as functions of their own, where that was asked.
    pub(crate) outlined: KnownOutlined,
}

/// Regions as functions of their own, by their numbers and what emitted text names besides; `None` where one cannot be.
pub(crate) type KnownOutlined =
    Arc<Mutex<BTreeMap<(usize, BTreeSet<Handle<Var>>), Option<Outlined>>>>;

/// An entry for each function that one was asked of; `None` where it holds no region. They depend on no plan, and are asked of
/// every one.
pub(crate) type KnownEntries = Arc<Mutex<BTreeMap<Handle<Function>, Option<Entry>>>>;

/// The words of a text that hold `_l` and a digit, as names of kernels do: mostly none, where the text is long.
#[derive(Clone, Debug)]
pub(crate) struct Numbered(Vec<String>);

impl Numbered {
    /// Reads the text of a file.
    pub(crate) fn of(module: &Module) -> Self {
        let is_one = |word: &&str| {
            let mut behind = word.split("_l").skip(1);
            behind.any(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
        };
        let words = module.source.text().split_ascii_whitespace();
        Self(words.filter(is_one).map(str::to_owned).collect())
    }

    /// Returns whether the text holds the name of a kernel.
    pub(crate) fn hold(&self, name: &str) -> bool {
        self.0.iter().any(|word| word.contains(name))
    }
}

impl Workload {
    /// Returns the same with another way to know what a copy is worth.
    #[must_use]
    pub fn with_coherence(mut self, coherence: Coherence) -> Self {
        self.coherence = coherence;
        self
    }
}
