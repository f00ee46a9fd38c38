//! The README's generated blocks are what mupac prints today, and its generated sentences what recorded tables say;
//! `MUPAC_BLESS=1` rewrites them.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot read its files has failed"
)]

use std::path::Path;
use std::process::Command;

/// Replaces the body of every fenced block, or the sentence, that follows `<!-- generated: KIND FILE -->`.
fn regenerated(text: &str) -> String {
    let mut result = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        push_line(&mut result, line);
        let Some(instruction) = line
            .strip_prefix("<!-- generated: ")
            .and_then(|rest| rest.strip_suffix(" -->"))
        else {
            continue;
        };
        let (kind, file) = instruction.split_once(' ').expect("kind and file");
        let next = lines.next().expect("an opening fence, or a sentence");
        let sentence = match kind {
            "speed-up" => Some(speed_up(file)),
            "measured" => Some(measured(file)),
            _ => None,
        };
        if let Some(sentence) = sentence {
            push_line(&mut result, &sentence);
            continue;
        }
        push_line(&mut result, next);
        result.push_str(&generated(kind, file));
        lines.by_ref().find(|line| *line == "```");
        push_line(&mut result, "```");
    }
    result
}

fn push_line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

/// Returns the cells of the first table of a document behind a text, without its head.
fn table(file: &str, behind: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let text = std::fs::read_to_string(path).unwrap();
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
fn speed_up(file: &str) -> String {
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
fn measured(file: &str) -> String {
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

fn generated(kind: &str, file: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    if kind == "source" {
        return std::fs::read_to_string(root.join(file)).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let name = Path::new(file).with_extension("cu");
    let target = folder.path().join(name.file_name().unwrap());
    let output = Command::new(env!("CARGO_BIN_EXE_mupac"))
        .current_dir(root)
        .args([file, "-v", "--color=never", "--support=header", "-o"])
        .arg(&target)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    match kind {
        "output" => std::fs::read_to_string(&target).unwrap(),
        "notes" => notes(&String::from_utf8(output.stderr).unwrap()),
        _ => panic!("unknown kind of block: {kind}"),
    }
}

/// Keeps the first note: from `note[` to the line before the next blank line after its help.
fn notes(text: &str) -> String {
    let start = text.find("note[").expect("a note");
    let note = &text[start..];
    let end = note.find("\n\n").map_or(note.len(), |at| at + 1);
    note[..end].to_owned()
}

#[test]
fn generated_blocks_are_true() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let expected = regenerated(&text);
    if std::env::var_os("MUPAC_BLESS").is_some() {
        std::fs::write(&path, &expected).unwrap();
        return;
    }
    assert!(
        text == expected,
        "README.md is not what mupac prints today; MUPAC_BLESS=1 rewrites it:\n{expected}"
    );
}
