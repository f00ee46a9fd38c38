//! Values in memory that a region does not change, as the host's text says them.

use mupac_ir::c_text::CText;
use mupac_ir::{Fetched, Handle, RegionPlan, Var};

use crate::lexer::words;
use crate::names::{FreshNames, source_name};

/// What stands for each value: a truth value has a name, since ranges and launches repeat it; of all others the place,
/// as the program says it.
pub(super) struct FetchedText {
    /// Text that is fit to stand wherever a name can.
    pub(super) texts: Vec<(Handle<Var>, String)>,
    /// New names, with their declarations.
    declared: Vec<(String, String)>,
}

impl FetchedText {
    pub(super) fn new(region: &RegionPlan, text: CText<'_>, fresh: &mut FreshNames) -> Self {
        let mut declared = Vec::new();
        let mut said = |each: &Fetched| {
            if !region.function.exprs[each.value].kind.is_truth() {
                return text.primary(each.value);
            }
            let name = fresh.take(&source_name(&region.function, each.variable));
            let declaration = format!("const bool {name} = {};", text.expr(each.value));
            declared.push((name.clone(), declaration));
            name
        };
        let texts = region.fetched.iter();
        Self {
            texts: texts.map(|each| (each.variable, said(each))).collect(),
            declared,
        }
    }

    /// Returns the declarations of the names that occur in lines: compilers warn of others.
    pub(super) fn declarations(self, lines: &[&[String]]) -> Vec<String> {
        let words = words(&lines.concat().join("\n"));
        let declared = self.declared.into_iter();
        declared
            .filter(|(name, _)| words.contains(name))
            .map(|(_, declaration)| declaration)
            .collect()
    }
}
