//! Texts with mistakes in them, by which tests are measured.

use mupac_ir::{Change, Function, Mistake, Mutant, Mutants, Mutation, Outlined, Plan, RegionPlan};

use super::{File, Piece, outline, texts};
use crate::residency::Conduct;

/// What a text with mistakes asks, and what some of them are made with.
pub(super) const MUTANT: &str = "extern \"C\" int mupac_test_mutant(void);
template <class T> struct mupac_test_maybe { T *held; ~mupac_test_maybe() { delete held; } };
";

/// Returns the text of a plan with several mistakes in it, of which a run makes at most one.
///
/// Every region asks `mupac_test_mutant` which of its forms runs, those that are functions of their own as well; kernels with
/// a mistake have names of their own.
pub fn mutation(plan: &Plan, mutants: &Mutants, regions: &mut [Outlined]) -> Mutation {
    let mistake = |mutant: &Mutant| {
        let (function, place) = match &mutant.change {
            Change::Region { plan, .. } => {
                let kernel = mutant.kernel.map(|kernel| &plan.kernels[kernel].name);
                let place = kernel.unwrap_or(&plan.name).clone();
                (plan.function.name.clone(), place)
            }
            Change::Residency(_) => {
                let mut functions = plan.module.functions.iter();
                let holds =
                    |each: &Function| each.span.range().contains(&mutant.span.range().start);
                let function = functions.find(|(_, each)| holds(each));
                let name = function.map_or_else(String::new, |(_, each)| each.name.clone());
                (name.clone(), name)
            }
        };
        Mistake {
            kind: mutant.kind,
            what: mutant.what.clone(),
            function,
            place,
            line: plan.module.source.line(mutant.span),
        }
    };
    let equivalent = mutants.equivalent.iter();
    let texts = texts(plan, &mutants.made);
    for each in regions {
        each.definitions.with_mistakes = outline::with_mistakes(plan, each, &texts);
    }
    Mutation {
        cuda: texts.cuda,
        c_part: texts.c_part,
        mistakes: mutants.made.iter().map(mistake).collect(),
        equivalent: equivalent
            .map(|(mutant, proof)| (mistake(mutant), *proof))
            .collect(),
    }
}

impl File<'_> {
    /// Returns what stands in place of a region, by its position, and which of its forms runs where mistakes are to be
    /// made.
    pub(super) fn with_mistakes(
        &mut self,
        (index, region): (usize, &RegionPlan),
        plan: &Plan,
        mutants: &[Mutant],
    ) -> Piece {
        let conduct = Conduct::of(&plan.residency, index);
        let mut piece = self.region(region, conduct);
        for (number, form, conduct) in forms((index, region), plan, mutants) {
            let text = self.region(&form, conduct).text;
            let choice = format!("if (mupac_test_mutant() == {number}) {{\n");
            piece.text = format!("{choice}{text}\n}} else {{\n{}\n}}", piece.text);
        }
        piece
    }
}

/// Returns the forms of a region, by its position, in which mistakes are made: their numbers, and what becomes of it.
pub(super) fn forms<'p>(
    (index, region): (usize, &RegionPlan),
    plan: &'p Plan,
    mutants: &[Mutant],
) -> Vec<(usize, RegionPlan, Conduct<'p>)> {
    let conduct = Conduct::of(&plan.residency, index);
    let form = |(number, mutant): (usize, &Mutant)| match &mutant.change {
        Change::Region { at, plan } => {
            (*at == index).then(|| (number, renamed(plan, number), conduct))
        }
        Change::Residency(flaw) => Conduct::with(&plan.residency, index, *flaw)
            .map(|conduct| (number, renamed(region, number), conduct)),
    };
    (1..).zip(mutants).filter_map(form).collect()
}

/// Returns a plan whose kernels are named after the number of its mistake.
fn renamed(region: &RegionPlan, number: usize) -> RegionPlan {
    let mut region = region.clone();
    let kernels: Vec<_> = region.kernels.iter().map(|(handle, _)| handle).collect();
    for kernel in kernels {
        let name = &mut region.kernels[kernel].name;
        *name = format!("{name}_mutant_{number}");
    }
    region
}
