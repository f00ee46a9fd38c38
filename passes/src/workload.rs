//! What analysis hands to the search: the file, its regions, and a word about every loop.

use std::rc::Rc;

use mupac_ir::{Entry, LoopOutcome, Module};

use crate::facts::Region;

/// An analysed file.
#[derive(Clone, Debug)]
pub struct Workload {
    /// The file as read.
    pub module: Module,
    /// The regions that may become kernels, in source order, without overlap.
    pub regions: Vec<Rc<Region>>,
    /// Every loop of the file, in source order. A loop of a region has the verdict that its dependences allow; the
    /// plan says what is made of it.
    pub loops: Vec<LoopOutcome>,
    /// The functions that hold a region, as the tester calls them.
    pub entries: Vec<Entry>,
}
