//! Figures of a table of ways to find plans.

use mupac_ir::random::Random;

/// How often regions are drawn anew to tell how far a mean depends on which there are.
const DRAWS: usize = 10_000;

/// What came of one way.
pub(crate) struct Row {
    pub(crate) name: String,
    /// How far its plan stays behind the best one, by region.
    ///
    /// **Units**: binary logarithm of a factor.
    pub(crate) regrets: Vec<f64>,
    /// How well its search ranks states, by region; none where all states lead to the same plan.
    pub(crate) correlations: Vec<f64>,
}

impl Row {
    /// Returns the head of a table that holds its ways against some of them.
    pub(crate) fn header(references: &[&str]) -> String {
        let against = references.iter().map(|name| format!(" p against {name} |"));
        let against = against.collect::<Vec<_>>().concat();
        format!(
            "| way | mean regret | 95 % of draws | within 10 % | ρ |{against}\n|---|---|---|---|---|{}",
            "---|".repeat(references.len())
        )
    }

    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            regrets: Vec::new(),
            correlations: Vec::new(),
        }
    }

    /// Returns the share of draws in which it is no better than another way.
    fn chance(&self, other: &Self) -> f64 {
        let pairs = self.regrets.iter().zip(&other.regrets);
        let differences = draws(&pairs.map(|(own, other)| own - other).collect::<Vec<_>>());
        let worse = differences.iter().filter(|mean| **mean >= 0.0).count();
        worse as f64 / DRAWS as f64
    }

    /// Returns the line of a table that holds it against some ways; regrets are geometric means.
    pub(crate) fn text(&self, references: &[&Self]) -> String {
        let draws = draws(&self.regrets);
        let within = self
            .regrets
            .iter()
            .filter(|regret| **regret <= 1.1_f64.log2())
            .count();
        let correlation = match self.correlations.as_slice() {
            [] => "–".to_owned(),
            some => format!("{:.2}", mean(some)),
        };
        let chances = references
            .iter()
            .map(|other| format!(" {:.4} |", self.chance(other)));
        let chances = chances.collect::<Vec<_>>().concat();
        format!(
            "| {} | {:.1} % | {:.1}–{:.1} % | {:.1} % | {correlation} |{chances}",
            self.name,
            percent(mean(&self.regrets)),
            percent(draws[DRAWS / 40]),
            percent(draws[DRAWS - DRAWS / 40]),
            100.0 * within as f64 / self.regrets.len() as f64,
        )
    }
}

fn percent(log2: f64) -> f64 {
    100.0 * (log2.exp2() - 1.0)
}

fn mean(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len() as f64
}

/// Returns the means of as many numbers, drawn with replacement, the least first.
///
/// **Source**: Efron, “Bootstrap Methods: Another Look at the Jackknife” (1979).
fn draws(numbers: &[f64]) -> Vec<f64> {
    let mut random = Random::new(1);
    let mut draw = || *random.pick(numbers).unwrap();
    let mut means: Vec<f64> = (0..DRAWS)
        .map(|_| (0..numbers.len()).map(|_| draw()).sum::<f64>() / numbers.len() as f64)
        .collect();
    means.sort_by(f64::total_cmp);
    means
}

/// Returns Spearman's rank correlation of pairs; `None` where there are too few, or one side is all the same.
pub(crate) fn rank_correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    if pairs.len() < 3 {
        return None;
    }
    let (a, b): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let (a, b) = (ranks(&a), ranks(&b));
    let product = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    let scale = (product(&a, &a) * product(&b, &b)).sqrt();
    (scale > 0.0).then(|| product(&a, &b) / scale)
}

/// Returns ranks around 0; equal numbers share theirs.
fn ranks(numbers: &[f64]) -> Vec<f64> {
    let rank = |number: &f64| {
        let less = numbers.iter().filter(|other| *other < number).count();
        let more = numbers.iter().filter(|other| *other > number).count();
        less as f64 - more as f64
    };
    numbers.iter().map(rank).collect()
}
