//! What searches teach a sequence model: regions of random programs, with the moves that make them fast.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use mupac_ir::generate::Family;
use mupac_model::proposals::words::{END, of_choice, of_region, vocabulary_hash};
use mupac_model::proposals::{Tokens, tokenizer_json};
use mupac_model::search::{Choice, beginning, path};
use mupac_model::{Analytic, Budget, Even, search};
use mupac_passes::{Device, State};

use crate::programs::{self, Use, in_parallel};

/// How far plans that are taught stay behind the best one at most.
///
/// **Units**: binary logarithm of a factor.
const FAR: f64 = 0.1;

/// Plans of a region that are taught, at most.
const MOST_PLANS: usize = 4;

/// Writes `sequences.jsonl`, a line a region: what the family is for; the tokens of the region; for some of the best
/// legal plans that a search of so many simulations found, the tokens of the moves and how far they stay behind
/// (log2). Nothing of families that are held out.
///
/// `tokenizer.json` beside it has the words, and `sequences.json` what the lines were made of.
pub(crate) fn write(out: &Path, programs: u64, first_seed: u64, simulations: usize) {
    std::fs::create_dir_all(out).unwrap();
    let json = tokenizer_json();
    let tokens = Tokens::read(json.as_bytes()).unwrap();
    std::fs::write(out.join("tokenizer.json"), json).unwrap();
    let families = Family::ALL.into_iter();
    let families: Vec<Family> = families
        .filter(|family| programs::use_of(*family) != Use::HeldOut)
        .collect();
    let lines = |family: Family| {
        let seeds = first_seed..first_seed + programs;
        let starts = seeds.flat_map(|seed| programs::regions(family, seed));
        let line = |start: State| {
            let (words, _) = of_region(&beginning(&start));
            Some(serde_json::json!({
                "validates": programs::use_of(family) == Use::Validation,
                "region": tokens.ids(&words).unwrap(),
                "plans": plans(&start, simulations, &tokens)?,
            }))
        };
        let lines: Vec<_> = starts.filter_map(line).collect();
        println!("{family:?}: {} regions", lines.len());
        lines
    };
    let mut file = BufWriter::new(File::create(out.join("sequences.jsonl")).unwrap());
    for line in in_parallel(&families, lines).into_iter().flatten() {
        writeln!(file, "{line}").unwrap();
    }
    let index = serde_json::json!({
        "vocabulary": vocabulary_hash(), "programs": programs, "seed": first_seed,
        "simulations": simulations,
    });
    std::fs::write(out.join("sequences.json"), index.to_string()).unwrap();
}

/// Returns how far the best plans stay behind, each with its tokens; `None` where there is no plan.
fn plans(start: &State, simulations: usize, tokens: &Tokens) -> Option<Vec<(f64, Vec<u32>)>> {
    let device = Device::default();
    let budget = Budget {
        simulations,
        patience: simulations / 4,
    };
    let ranking = search(start, &mut Analytic::default(), &mut Even, &device, budget).ok()?;
    let is_legal = |trajectory| start.replay(trajectory, &device).is_ok();
    let legal = ranking.plans().filter(|plan| is_legal(&plan.trajectory));
    let legal: Vec<_> = legal.take(2 * MOST_PLANS).collect();
    let times = legal.iter().map(|plan| plan.log2_seconds);
    let least = times.reduce(f64::min)?;
    let mut plans: Vec<(f64, Vec<u32>)> = Vec::new();
    for plan in legal {
        let behind = plan.log2_seconds - least;
        let Some(path) = path(start, &plan.trajectory, &device) else {
            continue;
        };
        let Some(ids) = ids(start, &path, tokens) else {
            continue;
        };
        if behind <= FAR && plans.iter().all(|(_, other)| *other != ids) {
            plans.push((behind, ids));
        }
    }
    plans.truncate(MOST_PLANS);
    (!plans.is_empty()).then_some(plans)
}

/// Returns the tokens of some choices; `None` where there are no words for them.
fn ids(start: &State, path: &[Choice], tokens: &Tokens) -> Option<Vec<u32>> {
    let (_, names) = of_region(&beginning(start));
    let words = path.iter().map(|choice| of_choice(choice, &names));
    let mut words: Vec<String> = words.collect::<Option<Vec<_>>>()?.concat();
    words.push(END.to_owned());
    Some(tokens.ids(&words).unwrap())
}
