//! `mupac graph` and the search that it guides, as a user runs them.
#![expect(
    clippy::unwrap_used,
    reason = "the helpers of a test fail like the test"
)]

use std::path::Path;
use std::process::{Command, Output};

use mupac_model::trajectories::Record;
use tempfile::TempDir;

/// Rows lie along memory, and the outer loop walks them.
const COLUMNS: &str = "void add(int n, float a[][1024], float b[][1024]) {
    for (int j = 0; j < 1024; j++)
        for (int i = 0; i < n; i++)
            a[i][j] = b[i][j] + 1.0f;
}
";

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("columns.c"), COLUMNS).unwrap();
        Self(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_mupac"))
            .current_dir(self.path())
            .args(arguments)
            .output()
            .unwrap()
    }

    #[track_caller]
    fn succeeds(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{said}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// The command fails with these words and writes nothing.
    #[track_caller]
    fn fails(&self, arguments: &[&str], words: &str) {
        let output = self.run(arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(words), "{said}");
        assert!(!self.path().join("out").exists());
    }
}

const UPDATE: [&str; 5] = ["graph", "update", "columns.c", "--into", "found.jsonl"];
const BUILD: [&str; 5] = ["graph", "build", "found.jsonl", "-o", "graph.jsonl"];

#[test]
fn trajectories_are_kept_once() {
    let folder = Folder::new();
    folder.succeeds(&UPDATE);
    let first = folder.read("found.jsonl");
    folder.succeeds(&UPDATE);
    assert_eq!(folder.read("found.jsonl"), first);
    let records: Vec<Record> = first
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let best = &records[0];
    assert_eq!(
        (best.program.as_str(), best.region.as_str()),
        ("columns.c", "add:2")
    );
    assert!(best.gain > 0.5, "{first}");
    assert!(
        records.iter().any(|each| each.gain == 0.0),
        "the default is held against it"
    );
}

#[test]
fn a_graph_is_built_and_shown() {
    let folder = Folder::new();
    folder.succeeds(&UPDATE);
    folder.succeeds(&BUILD);
    let table = folder.succeeds(&["graph", "show", "graph.jsonl"]);
    let (start, known) = (
        "map | p10{p?} | r4:1L w4:1L",
        "times as fast as the default bindings",
    );
    assert!(table.contains(start) && table.contains(known), "{table}");
    let dot = folder.succeeds(&["graph", "show", "graph.jsonl", "--form", "dot"]);
    assert!(
        dot.starts_with("digraph trajectories {") && dot.contains(start),
        "{dot}"
    );
    let svg = folder.succeeds(&["graph", "show", "graph.jsonl", "--form", "svg"]);
    assert!(
        svg.starts_with("<svg ") && svg.contains("map</text>"),
        "{svg}"
    );
    assert!(!folder.succeeds(&["graph", "show"]).is_empty());
}

#[test]
fn a_graph_is_built_of_what_is_seen_today() {
    let folder = Folder::new();
    folder.succeeds(&UPDATE);
    folder.succeeds(&BUILD);
    let graph = folder.read("graph.jsonl");
    // As an earlier mupac might have seen the nests.
    let old = folder.read("found.jsonl").replace("\"map\"", "\"gather\"");
    std::fs::write(folder.path().join("found.jsonl"), &old).unwrap();
    folder.succeeds(&BUILD);
    assert_eq!(folder.read("graph.jsonl"), graph);
    // A line more, and it is another program.
    std::fs::write(folder.path().join("columns.c"), format!("\n{COLUMNS}")).unwrap();
    let said = String::from_utf8(folder.run(&BUILD).stderr).unwrap();
    assert!(said.contains("stand as they were recorded"), "{said}");
    assert!(folder.read("graph.jsonl").contains("gather"));
}

#[test]
fn a_search_is_guided_and_says_so() {
    let folder = Folder::new();
    folder.succeeds(&UPDATE);
    folder.succeeds(&BUILD);
    // A search of one state finds nothing as fast as the greedy choice, unless a guide says where to look.
    let chosen_by = |more: &[&str]| {
        let mut words = vec!["columns.c", "-O3", "--check=off", "-o", "out.cu"];
        words.extend(["--report", "report.json", "--search-budget", "1"]);
        words.extend(more);
        folder.succeeds(&words);
        let report: serde_json::Value = serde_json::from_str(&folder.read("report.json")).unwrap();
        report["regions"][0]["chosen_by"]
            .as_str()
            .map(str::to_owned)
    };
    assert_eq!(chosen_by(&["--no-prior"]).as_deref(), Some("greedy"));
    assert!(
        folder
            .read("out.cu")
            .contains("Plans: greedy choice by an analytic estimate.")
    );
    let guided = ["--no-model", "--graph", "graph.jsonl"];
    assert_eq!(chosen_by(&guided).as_deref(), Some("search"));
    for (switches, words) in [
        (
            &[][..],
            "guided by earlier trajectories, a network and proposals",
        ),
        (
            &["--no-proposals"],
            "guided by earlier trajectories and a network",
        ),
        (
            &["--no-model"],
            "guided by earlier trajectories, without a network",
        ),
        (
            &["--no-graph"],
            "estimate, guided by a network and proposals",
        ),
        (&["--no-model", "--no-graph"], "estimate, without a guide"),
        (&["--no-prior"], "estimate, without a guide"),
    ] {
        let mut words_of_line = vec!["columns.c", "-O3", "--check=off", "-o", "-"];
        words_of_line.extend(switches);
        let text = folder.succeeds(&words_of_line);
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn the_report_names_the_network() {
    let folder = Folder::new();
    let model = |switch: &str| {
        let report = ["--report", "report.json", "--check=off", "-o", "out.cu"];
        folder.succeeds(&[&["columns.c", "-O3", switch], &report[..]].concat());
        let report: serde_json::Value = serde_json::from_str(&folder.read("report.json")).unwrap();
        report["search"]["model"].as_str().map(str::to_owned)
    };
    let shipped = mupac_model::Network::shipped().unwrap();
    assert_eq!(model("--no-graph").as_deref(), Some(shipped.hash()));
    assert_eq!(model("--no-model"), None);
}

#[test]
fn what_is_no_network_is_named_with_the_way_out() {
    let folder = Folder::new();
    std::fs::write(folder.path().join("bad.onnx"), "no network").unwrap();
    let translate = ["columns.c", "-O3", "--model", "bad.onnx", "-o", "out"];
    folder.fails(&translate, "bad.onnx");
    folder.fails(&translate, "--no-model searches without one");
}

#[test]
fn explain_names_the_trajectories_behind_a_move() {
    let folder = Folder::new();
    folder.succeeds(&UPDATE);
    folder.succeeds(&BUILD);
    let explained = |switches: &[&str]| {
        let report = ["--report", "report.json", "--check=off", "-o", "out.cu"];
        folder.succeeds(&[&["columns.c", "-O3"], switches, &report[..]].concat());
        folder.succeeds(&["explain", "-v", "report.json"])
    };
    let text = explained(&["--graph", "graph.jsonl"]);
    assert!(text.contains("known: in such nests"), "{text}");
    assert!(text.contains("as in columns.c add:2"), "{text}");
    assert!(!explained(&["--no-graph"]).contains("known: "));
}

#[test]
fn the_same_search_has_the_same_output() {
    let folder = Folder::new();
    let text = || folder.succeeds(&["columns.c", "-O3", "--check=off", "-o", "-"]);
    assert_eq!(text(), text());
}

#[test]
fn what_is_no_graph_is_named() {
    let folder = Folder::new();
    std::fs::write(folder.path().join("bad.jsonl"), "{}\n").unwrap();
    let into = ["graph", "update", "columns.c", "--into", "bad.jsonl"];
    folder.fails(&into, "bad.jsonl:1");
    folder.fails(
        &["graph", "build", "bad.jsonl", "-o", "out"],
        "this is no trajectory",
    );
    folder.fails(
        &["graph", "build", "missing.jsonl", "-o", "out"],
        "missing.jsonl",
    );
    folder.fails(
        &["graph", "show", "bad.jsonl"],
        "this is no node of a graph",
    );
    folder.fails(
        &["columns.c", "-O3", "--graph", "bad.jsonl", "-o", "out"],
        "bad.jsonl:1",
    );
    folder.fails(
        &["graph", "update", "missing.c", "--into", "out"],
        "missing.c",
    );
}

#[test]
fn updates_at_once_lose_nothing() {
    const MANY: usize = 6;
    let folder = Folder::new();
    let running: Vec<_> = (0..MANY)
        .map(|number| {
            let name = format!("columns{number}.c");
            std::fs::write(folder.path().join(&name), COLUMNS).unwrap();
            Command::new(env!("CARGO_BIN_EXE_mupac"))
                .current_dir(folder.path())
                .args(["graph", "update", &name, "--into", "found.jsonl"])
                .args(["--search-budget", "4"])
                .spawn()
                .unwrap()
        })
        .collect();
    for mut each in running {
        assert!(each.wait().unwrap().success());
    }
    let found = folder.read("found.jsonl");
    let programs: std::collections::BTreeSet<String> = found
        .lines()
        .map(|line| serde_json::from_str::<Record>(line).unwrap().program)
        .collect();
    assert_eq!(programs.len(), MANY);
}

#[test]
fn trajectories_that_cannot_be_are_refused() {
    let folder = Folder::new();
    folder.succeeds(&UPDATE);
    let found = folder.read("found.jsonl");
    let record: serde_json::Value = serde_json::from_str(found.lines().next().unwrap()).unwrap();
    let changes: [(&str, serde_json::Value, &str); 6] = [
        ("/gain", 1e308.into(), "is no factor of speed"),
        (
            "/regret",
            (-1e308).into(),
            "is not what the best is ahead by",
        ),
        ("/regret", 3.into(), "is not what the best is ahead by"),
        (
            "/moves/0/move",
            "fly i.o to the moon".into(),
            "no step has this name",
        ),
        ("/moves/0/role", "fly @0".into(), "is not the role of"),
        ("/moves/0/number", (-1).into(), "this is no trajectory"),
    ];
    for (place, value, words) in changes {
        let mut damaged = record.clone();
        *damaged.pointer_mut(place).unwrap() = value;
        std::fs::write(
            folder.path().join("bad.jsonl"),
            format!("{found}{damaged}\n"),
        )
        .unwrap();
        let line = format!("bad.jsonl:{}", found.lines().count() + 1);
        for arguments in [
            &["graph", "build", "bad.jsonl", "-o", "out"][..],
            &["graph", "update", "columns.c", "--into", "bad.jsonl"],
        ] {
            folder.fails(arguments, &line);
            folder.fails(arguments, words);
        }
    }
}

#[test]
fn graphs_that_cannot_be_are_refused() {
    let folder = Folder::new();
    folder.succeeds(&UPDATE);
    folder.succeeds(&BUILD);
    let graph = folder.read("graph.jsonl");
    let first = graph.lines().next().unwrap();
    let count = r#""n":"#;
    let at = first.find(count).unwrap() + count.len();
    let end = at + first[at..].find(',').unwrap();
    let none = format!("{}0{}", &first[..at], &first[end..]);
    let many = format!("{}4294967295{}", &first[..at], &first[end..]);
    let far =
        first
            .replacen(r#""sum":"#, r#""sum":9"#, 1)
            .replacen(r#""sum":9-"#, r#""sum":-9"#, 1);
    for (text, words) in [
        (
            format!("{first}\n{first}\n"),
            "an earlier line is about the same nests",
        ),
        (far, "no observations of factors have these sums"),
    ] {
        std::fs::write(folder.path().join("bad.jsonl"), text).unwrap();
        folder.fails(&["graph", "show", "bad.jsonl"], words);
    }
    for text in [none, many] {
        std::fs::write(folder.path().join("bad.jsonl"), text).unwrap();
        let said = folder.run(&[
            "columns.c",
            "-O3",
            "--graph",
            "bad.jsonl",
            "--check=off",
            "-o",
            "-",
        ]);
        assert!(matches!(said.status.code(), Some(0 | 1)), "{said:?}");
    }
}
