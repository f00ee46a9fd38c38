//! Which functions of a file nothing calls once its regions are in their places.

use std::collections::BTreeSet;

use mupac_ir::{Function, Handle, Plan};

use super::File;
use crate::lexer::words;
use crate::residency::Conduct;
use crate::unnamed::uncalled;

/// Attributes of functions that are called without being named.
const CALLED_UNNAMED: [&str; 4] = [
    "constructor",
    "destructor",
    "__constructor__",
    "__destructor__",
];

/// Returns the `static` functions of a plan whose calls are all part of a region that leaves nothing of its text, or of such
/// a function in turn: what they hold runs nowhere by itself.
///
/// A call in the text that runs where a guard fails is a call, and so is one by a macro, an address, or a name in an
/// attribute; of macros that put names together nothing is known.
pub fn seen_through(plan: &Plan) -> BTreeSet<Handle<Function>> {
    let module = &plan.module;
    let mut found = BTreeSet::new();
    let text = module.source.text();
    let named = words(text);
    if CALLED_UNNAMED.iter().any(|each| named.contains(*each)) || text.contains("##") {
        return found;
    }
    let hidden = BTreeSet::new();
    let mut file = File::new(plan, &hidden);
    for (index, region) in plan.regions.iter().enumerate() {
        file.region(region, Conduct::of(&plan.residency, index));
    }
    let mut gone = file.gone();
    loop {
        let uncalled = uncalled(module, file.kept.original(), &file.tokens, &gone);
        if uncalled == found {
            return found;
        }
        found = uncalled;
        let spans = found
            .iter()
            .map(|each| module.functions[*each].span.range());
        gone = file.gone().into_iter().chain(spans).collect();
    }
}
