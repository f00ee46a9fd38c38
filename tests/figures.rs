//! Figures in the documents: what a sentence says of a table is what the table says.
//!
//! Tables hold what long runs printed. Sentences that quote or sum them up are made from them here and must stand in the
//! document as they are made; README's are rewritten by `tests/documents.rs`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot read its files has failed"
)]

use std::path::Path;

/// The tables of a document, by the line that is the first to begin like this before them.
struct Document {
    name: &'static str,
    text: String,
}

impl Document {
    fn read(name: &'static str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        let text = std::fs::read_to_string(path).unwrap();
        Self { name, text }
    }

    /// Returns the rows of the first table behind a text, without its head.
    #[track_caller]
    fn table(&self, behind: &str) -> Vec<Vec<&str>> {
        let at = self.text.find(behind);
        let at = at.unwrap_or_else(|| panic!("{}: no `{behind}`", self.name));
        let lines = self.text[at..]
            .lines()
            .skip_while(|line| !line.starts_with('|'));
        let lines = lines.take_while(|line| line.starts_with('|')).skip(2);
        lines
            .map(|line| {
                let cells = line.trim_matches('|').split('|');
                cells.map(str::trim).collect()
            })
            .collect()
    }

    /// Returns a cell of the first table behind a text, by its row's name and its number.
    #[track_caller]
    fn cell(&self, behind: &str, row: &str, column: usize) -> &str {
        let table = self.table(behind);
        let row = table.iter().find(|cells| cells[0] == row);
        row.unwrap()[column]
    }

    #[track_caller]
    fn says(&self, sentence: &str) {
        let name = self.name;
        assert!(
            self.text.contains(sentence),
            "{name} does not say: {sentence}"
        );
    }
}

/// Returns the number that a cell begins with: `1,024`, `7.9 %`.
fn number(cell: &str) -> f64 {
    let plain = cell.replace(',', "");
    let end = plain.find(|letter: char| !letter.is_ascii_digit() && letter != '.');
    plain[..end.unwrap_or(plain.len())].parse().unwrap()
}

/// Returns a share as it is told.
fn percent(part: f64, whole: f64) -> String {
    format!("{:.1} %", 100.0 * part / whole)
}

#[test]
fn plans_are_as_fast_as_their_table_says() {
    let scoreboard = Document::read("tests/scoreboard/README.md");
    let rows = scoreboard.table("## Plans, ");
    let speed_ups: Vec<f64> = rows.iter().map(|row| number(row[row.len() - 1])).collect();
    let mean = speed_ups.iter().map(|each| each.log2()).sum::<f64>() / speed_ups.len() as f64;
    scoreboard.says(&format!("plans, {} programs of PolyBench", speed_ups.len()));
    scoreboard.says(&format!(
        "geometric mean of the speed-ups {:.2}",
        mean.exp2()
    ));
    let last = |cell: &str| number(cell.rsplit("→ ").next().unwrap());
    let registers = rows.iter().map(|row| last(row[6])).fold(0.0, f64::max);
    let spilled: f64 = rows.iter().map(|row| last(row[7])).sum();
    assert!(spilled.abs() < 0.5, "{spilled} bytes");
    scoreboard.says(&format!("no bytes spilled, at most {registers} registers"));
}

#[test]
fn adequacy_is_what_its_table_says() {
    let scoreboard = Document::read("tests/scoreboard/README.md");
    let table = "Adequacy, all";
    for row in scoreboard.table(table) {
        let (noticed, made) = row[2].split_once(" of ").unwrap();
        let (noticed, made) = (number(noticed), number(made));
        let proved = number(row[4]);
        let share = percent(proved, made + proved);
        assert!(row[4].contains(&share), "{}: {share}", row[0]);
        assert!(noticed <= made);
    }
    let whole = scoreboard.cell(table, "all", 2);
    let (noticed, made) = whole.split_once(" of ").unwrap();
    let survived: f64 = scoreboard
        .table("What survives, by kind:")
        .iter()
        .map(|row| number(row[1]))
        .sum();
    assert!((number(made) - number(noticed) - survived).abs() < 0.5);
    let programs = scoreboard.table("## PolyBench, ").len();
    scoreboard.says(&format!("PolyBench, {programs} programs, on"));
}

/// The tables of `model/train/MODEL.md`, by what stands before them.
const WITH_32: &str = "**SIMULATED.** Held-out";
const WITH_8: &str = "The same with 8 simulations";
const VALIDATION: &str = "On the validation families, by which";
const VALIDATION_384: &str = "And with 384";
const SHIPPED: &str = "proposals + network + graph + search (shipped)";
const SHUFFLED: &str = "proposals of shuffled plans + network + graph + search";

#[test]
fn what_is_said_of_the_networks_stands_in_their_tables() {
    let model = Document::read("model/train/MODEL.md");
    let (regret, rho, against_search, against_guided) = (1, 4, 5, 7);
    let cell = |table, row, column| model.cell(table, row, column);
    let search = number(cell(WITH_32, "search", regret));
    let network = number(cell(WITH_32, "network + search", regret));
    assert!((0.7..0.8).contains(&(1.0 - network / search)));
    model.says(&format!(
        "With 32 simulations three quarters of the regret of a search are gone, beyond doubt, and ρ rises from {} to {}.",
        cell(WITH_32, "search", rho),
        cell(WITH_32, "network + search", rho)
    ));
    let labels = "network of shuffled labels + search";
    assert_eq!(cell(WITH_32, labels, rho), cell(WITH_32, "search", rho));
    let p: f64 = number(cell(WITH_32, labels, against_search));
    model.says(&format!(
        "the regret above it (p = {p:.2} that it is no better)"
    ));
    assert!(number(cell(WITH_32, labels, regret)) > search);

    let default = number(cell(WITH_32, "default bindings", regret));
    let proposals = number(cell(WITH_32, "proposals, no search", regret));
    assert!((5.5..6.5).contains(&(default / proposals)));
    model.says("proposals leave a sixth of the default bindings' regret");
    assert_eq!(cell(WITH_8, SHIPPED, against_guided), "0.0000");
    let guided = "network + graph + search";
    model.says(&format!(
        "{} became {} with 8 (p < 0.0001; by the shuffled model {})",
        cell(WITH_8, guided, regret),
        cell(WITH_8, SHIPPED, regret),
        cell(WITH_8, SHUFFLED, regret)
    ));
    assert_eq!(
        cell(WITH_32, guided, regret),
        cell(WITH_32, SHIPPED, regret)
    );
    model.says(&format!(
        "do no harm with 32 ({} with and without; by the shuffled model {})",
        cell(WITH_32, guided, regret),
        cell(WITH_32, SHUFFLED, regret)
    ));
    let p = number(cell(WITH_32, "proposals + search", against_search));
    model.says(&format!(
        "before a search without a guide {} became {} with 32 (p = {p:.2} that it is no better)",
        cell(WITH_32, "search", regret),
        cell(WITH_32, "proposals + search", regret)
    ));
    let p = number(cell(VALIDATION, SHIPPED, against_guided));
    model.says(&format!(
        "On the validation families {} became {} with 32 (p = {p:.2}), and {} stayed {} with 384.",
        cell(VALIDATION, guided, regret),
        cell(VALIDATION, SHIPPED, regret),
        cell(VALIDATION_384, guided, regret),
        cell(VALIDATION_384, SHIPPED, regret)
    ));
}

#[test]
fn what_searches_miss_is_counted() {
    let model = Document::read("model/train/MODEL.md");
    let mut missed = 0.0;
    for row in model.table("## Against all plans") {
        let (_, enumerable) = row[1].split_once(", ").unwrap();
        let all = number(enumerable);
        for found in &row[2..] {
            let share = percent(number(found), all);
            assert!(found.ends_with(&format!("({share})")), "{found}: {share}");
        }
        missed += all - number(row[3]);
    }
    let words = [
        "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ];
    model.says(&format!(
        "Of the {} that are missed as shipped",
        words[missed as usize]
    ));
}
