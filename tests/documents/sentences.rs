//! Sentences that sum up recorded tables.

use crate::read;

/// Returns the cells of the first table of a document behind a text, without its head.
fn table(file: &str, behind: &str) -> Vec<Vec<String>> {
    let text = read(file);
    let at = text.find(behind).expect("what stands before the table");
    let lines = text[at..].lines().skip_while(|line| !line.starts_with('|'));
    let rows = lines.take_while(|line| line.starts_with('|')).skip(2);
    rows.map(|line| {
        let cells = line.trim_matches('|').split('|');
        cells.map(|cell| cell.trim().to_owned()).collect()
    })
    .collect()
}

/// Returns what the table of plans comes to, in a sentence.
pub(crate) fn speed_up(file: &str) -> String {
    let table = table(file, "## Plans, ");
    let rows: Vec<(&str, f64, bool)> = table
        .iter()
        .map(|cells| {
            let [name, .., spills, speed_up] = cells.as_slice() else {
                panic!("a row of another form: {cells:?}");
            };
            (name.as_str(), speed_up.parse().unwrap(), spills == "0")
        })
        .collect();
    let mean = |rows: &[&(&str, f64, bool)]| {
        let sum: f64 = rows.iter().map(|(_, speed_up, _)| speed_up.log2()).sum();
        (sum / rows.len() as f64).exp2()
    };
    let all: Vec<_> = rows.iter().collect();
    let (fastest, ..) = all
        .iter()
        .max_by(|(_, a, _), (_, b, _)| a.total_cmp(b))
        .expect("a row");
    let others: Vec<_> = rows.iter().filter(|(name, ..)| name != fastest).collect();
    assert!(rows.iter().all(|(.., spills_nothing)| *spills_nothing));
    format!(
        "Estimated for an H200, not measured: the mappings that mupac chooses for the {} programs of PolyBench take, in the geometric mean, 1/{:.2} of the time of its default mappings (1/{:.2} without {fastest}, which gains most), and spill no register.",
        rows.len(),
        mean(&all),
        mean(&others)
    )
}

/// Returns what the table of programs measured on GPUs comes to, in a sentence.
pub(crate) fn measured(file: &str) -> String {
    let table = table(file, ": PolyBench on GPUs");
    let rows: Vec<(&str, f64)> = table
        .iter()
        .map(|cells| {
            let [name, _, core, kernels, gain] = cells.as_slice() else {
                panic!("a row of another form: {cells:?}");
            };
            let number = |cell: &str| cell.replace(',', "").parse::<f64>().unwrap();
            let gain = number(gain);
            let exact = number(core) / number(kernels);
            assert!((gain / exact - 1.0).abs() < 0.03, "{name}: {exact}");
            (name.as_str(), gain)
        })
        .collect();
    let mean = rows.iter().map(|(_, gain)| gain.log2()).sum::<f64>() / rows.len() as f64;
    let (least, lowest) = (rows.iter().min_by(|(_, a), (_, b)| a.total_cmp(b))).expect("a row");
    let (most, highest) = (rows.iter().max_by(|(_, a), (_, b)| a.total_cmp(b))).expect("a row");
    let faster = rows.iter().filter(|(_, gain)| *gain > 1.2).count();
    format!(
        "Measured on an H200 and an H100 (2026-11-26): the {} programs of PolyBench at `LARGE`, with default options, are in the geometric mean {:.1} times as fast as `gcc -O3` on one core, copies included; {faster} gain a fifth or more, {most} most ({highest:.0} times), and {least}, which stays on the host, is the slowest ({lowest:.2}). A whole process pays {} s besides to start using the GPU.",
        rows.len(),
        mean.exp2(),
        mupac_model::Hardware::standard().start_seconds,
    )
}
