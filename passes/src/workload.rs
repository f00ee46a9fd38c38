//! What analysis hands to the search: the file, its regions, and a word about every loop.

use std::sync::Arc;

use mupac_ir::{Coherence, LoopOutcome, Module};

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
}

impl Workload {
    /// Returns the same with another way to know what a copy is worth.
    #[must_use]
    pub fn with_coherence(mut self, coherence: Coherence) -> Self {
        self.coherence = coherence;
        self
    }
}
