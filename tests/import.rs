//! What `mupac import` takes and what it refuses: a refusal names file and line and changes nothing.
#![expect(
    clippy::unwrap_used,
    reason = "the helpers of a test fail like the test"
)]

use std::path::Path;
use std::process::{Command, Output};

use mupac_ir::Measured;
use mupac_ir::gpu_result::EMULATION;
use mupac_ir::hash::text_hash;
use serde_json::{Value, json};
use tempfile::TempDir;

const TEXT: &str = "__global__ void saxpy_l3() {}\n";
const TOOL: &str = env!("CARGO_PKG_VERSION");

/// A bundle with one text, and results of it: it compiles, passes a test, and is measured.
struct Bundle {
    folder: TempDir,
    lines: Vec<Value>,
    /// What stands in the file instead of an end mark, where it is another.
    end: Option<String>,
}

impl Bundle {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("files/saxpy")).unwrap();
        std::fs::write(folder.path().join("files/saxpy/out.cu"), TEXT).unwrap();
        let region = json!({"name": "saxpy:3", "moves": ["split i 256 -> i.o i.i"]});
        let function = json!({"name": "saxpy", "regions": [region]});
        let file = json!({"name": "saxpy", "source": "saxpy.c", "text": text_hash(TEXT), "functions": [function]});
        let manifest = json!({"schema": 1, "tool": TOOL, "files": [file]});
        std::fs::write(folder.path().join("manifest.json"), manifest.to_string()).unwrap();
        Self {
            folder,
            lines: vec![line("compile"), line("correctness"), line("timing")],
            end: None,
        }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write_results(&self) {
        let lines = self.lines.iter();
        let mut text: String = lines
            .flat_map(|line| [line.to_string(), "\n".to_owned()])
            .collect();
        let end = json!({"schema": 1, "end": self.lines.len()});
        text += &self.end.clone().unwrap_or(format!("{end}\n"));
        std::fs::write(self.path().join("results.jsonl"), text).unwrap();
    }

    fn import(&self) -> Output {
        Command::new(env!("CARGO_BIN_EXE_mupac"))
            .current_dir(self.path())
            .args(["import", "results.jsonl", "--into", "measured.jsonl"])
            .output()
            .unwrap()
    }

    /// Returns what is kept.
    fn kept(&self) -> Option<String> {
        std::fs::read_to_string(self.path().join("measured.jsonl")).ok()
    }

    /// The import is refused with these words, and nothing is kept.
    #[track_caller]
    fn refuses(&self, place: &str, words: &str) {
        let before = self.kept();
        let said = self.import();
        let text = String::from_utf8_lossy(&said.stderr).into_owned();
        assert_eq!(said.status.code(), Some(1), "{text}");
        assert!(text.contains(place), "{place}: {text}");
        assert!(text.contains(words), "{words}: {text}");
        assert_eq!(self.kept(), before);
    }
}

fn line(stage: &str) -> Value {
    let mut line = json!({
        "schema": 1, "tool": TOOL, "file": "saxpy", "text": text_hash(TEXT), "stage": stage, "test": stage,
        "verdict": "pass", "compiler": "release 13.0", "flags": "-O3",
        "device": {"name": "NVIDIA H200", "compute_capability": "9.0", "driver": "580.1", "cuda": "13.0"},
        "date": "2026-01-31T12:00:00Z",
    });
    if stage != "compile" {
        line["function"] = json!("saxpy");
        line["launches"] = json!(1);
    }
    if stage == "timing" {
        let time = json!({"repetitions": 15, "median_us": 12.5, "iqr_us": 0.25});
        line["timings"] = json!({"kernel": time, "end_to_end": time, "cpu": time});
        line["sizes"] = json!([{"name": "n", "value": 1_048_576}]);
    }
    line
}

#[test]
fn measured_trajectories_are_kept_with_where_and_when() {
    let bundle = Bundle::new();
    bundle.write_results();
    let said = bundle.import();
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    assert_eq!(said.status.code(), Some(0), "{said:?}");
    assert_eq!(
        text,
        "NVIDIA H200, compute capability 9.0, driver 580.1, CUDA 13.0\n\
         3 passed, 0 failed, 0 not tested, 0 not run\n\
         1 measured trajectory was added to measured.jsonl\n"
    );
    let kept: Measured = serde_json::from_str(&bundle.kept().unwrap()).unwrap();
    assert_eq!(kept.function, "saxpy");
    assert_eq!(kept.device.driver, "580.1");
    assert_eq!(kept.date, "2026-01-31T12:00:00Z");
    assert_eq!(kept.regions[0].moves, ["split i 256 -> i.o i.i"]);
    // Another run, on another day, is added; the same one is not.
    bundle.refuses("results.jsonl:3", "it was imported before");
    let mut later = Bundle::new();
    for line in &mut later.lines {
        line["date"] = json!("2026-02-01T12:00:00Z");
    }
    std::fs::write(later.path().join("measured.jsonl"), bundle.kept().unwrap()).unwrap();
    later.write_results();
    assert_eq!(later.import().status.code(), Some(0));
    assert_eq!(later.kept().unwrap().lines().count(), 2);
}

#[test]
fn what_failed_is_said_and_its_times_are_not_kept() {
    let mut bundle = Bundle::new();
    bundle.lines[1]["verdict"] = json!("fail");
    bundle.lines[1]["kind"] = json!("value");
    bundle.lines[1]["message"] = json!("y[3] is 1, the original gives 2");
    bundle.write_results();
    let said = bundle.import();
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(text.contains("2 passed, 1 failed"), "{text}");
    assert!(
        text.contains(
            "failed: saxpy correctness correctness: value: y[3] is 1, the original gives 2"
        ),
        "{text}"
    );
    assert!(text.contains("no measured trajectory was added"), "{text}");
    assert_eq!(bundle.kept(), None);
}

#[test]
fn lines_that_cannot_be_are_refused() {
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 11] = [
        ("this is no result", |line| *line = json!(7)),
        ("unknown field", |line| line["mood"] = json!("good")),
        ("missing field `date`", |line| {
            line.as_object_mut().unwrap().remove("date");
        }),
        ("schema 2", |line| line["schema"] = json!(2)),
        ("it is about a text of mupac 0.0.1", |line| {
            line["tool"] = json!("0.0.1");
        }),
        ("that ran has hash 0123456789abcdef", |line| {
            line["text"] = json!("0123456789abcdef");
        }),
        ("the bundle has no file daxpy", |line| {
            line["file"] = json!("daxpy");
        }),
        ("there is no kind of failure `bad`", |line| {
            line["verdict"] = json!("fail");
            line["kind"] = json!("bad");
        }),
        ("it ran, but on no GPU", |line| {
            line.as_object_mut().unwrap().remove("device");
        }),
        ("the CPU stood in for a GPU", |line| {
            line["device"]["name"] = json!(EMULATION);
        }),
        ("it was not measured, but there are times", |line| {
            line["timings"] = timings();
        }),
    ];
    for (words, change) in changes {
        let mut bundle = Bundle::new();
        change(&mut bundle.lines[1]);
        bundle.write_results();
        bundle.refuses("results.jsonl:2", words);
    }
}

#[test]
fn measurements_that_cannot_be_are_refused() {
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 8] = [
        ("longer than the call", |line| {
            line["timings"]["kernel"]["median_us"] = json!(1e6);
        }),
        ("no kernel was launched", |line| line["launches"] = json!(0)),
        ("longer than the script", |line| {
            line["timings"]["cpu"]["median_us"] = json!(1e306);
        }),
        ("`2026-02-31T12:00:00Z` is no date", |line| {
            line["date"] = json!("2026-02-31T12:00:00Z");
        }),
        ("`x` is no compute capability", |line| {
            line["device"]["compute_capability"] = json!("x");
        }),
        ("no name that can be read", |line| {
            line["device"]["name"] = json!("H200\u{1b}[2J");
        }),
        ("this is no result", |line| line["launches"] = json!(-1)),
        ("this is no result", |line| {
            line["timings"]["cpu"]["repetitions"] = json!(1e99);
        }),
    ];
    for (words, change) in changes {
        let mut bundle = Bundle::new();
        change(&mut bundle.lines[2]);
        bundle.write_results();
        bundle.refuses("results.jsonl:3", words);
    }
}

#[test]
fn moves_that_no_mupac_makes_are_refused() {
    for (name, words) in [
        ("fly i.o to the moon", "no step has this name"),
        ("split", "a move is `step loop arguments…`"),
    ] {
        let bundle = Bundle::new();
        bundle.write_results();
        let path = bundle.path().join("manifest.json");
        let text = std::fs::read_to_string(&path).unwrap();
        let text = text.replace("split i 256 -> i.o i.i", name);
        std::fs::write(&path, text).unwrap();
        bundle.refuses("manifest.json", words);
    }
}

#[test]
fn what_is_kept_is_checked_like_what_is_read() {
    let bundle = Bundle::new();
    bundle.write_results();
    assert_eq!(bundle.import().status.code(), Some(0));
    let kept = bundle.kept().unwrap();
    for (old, new, words) in [
        ("2026-01-31", "2026-02-31", "is no date"),
        ("12.5", "1e300", "longer than the script"),
        ("split i", "fly i", "no step has this name"),
    ] {
        let damaged = kept.replace(old, new);
        assert_ne!(damaged, kept);
        std::fs::write(bundle.path().join("measured.jsonl"), damaged).unwrap();
        bundle.refuses("measured.jsonl:1", words);
    }
}

#[test]
fn imports_at_once_lose_nothing() {
    const MANY: usize = 12;
    let bundles: Vec<Bundle> = (0..MANY)
        .map(|number| {
            let mut bundle = Bundle::new();
            for line in &mut bundle.lines {
                line["date"] = json!(format!("2026-01-{:02}T12:00:00Z", number + 1));
            }
            bundle.write_results();
            bundle
        })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("new/measured.jsonl");
    let running: Vec<_> = bundles
        .iter()
        .map(|bundle| {
            Command::new(env!("CARGO_BIN_EXE_mupac"))
                .current_dir(bundle.path())
                .args(["import", "results.jsonl", "--into"])
                .arg(&store)
                .stdout(std::process::Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut each in running {
        assert!(each.wait().unwrap().success());
    }
    let kept = std::fs::read_to_string(store).unwrap();
    assert_eq!(kept.lines().count(), MANY);
}

fn timings() -> Value {
    line("timing")["timings"].clone()
}

#[test]
fn times_of_functions_that_have_no_kernel_are_refused() {
    let mut bundle = Bundle::new();
    bundle.lines[2]["function"] = json!("main");
    bundle.write_results();
    bundle.refuses(
        "results.jsonl:3",
        "saxpy has no function main with a kernel",
    );
}

#[test]
fn duplicate_lines_are_refused() {
    let mut bundle = Bundle::new();
    bundle.lines.push(bundle.lines[1].clone());
    bundle.write_results();
    bundle.refuses("results.jsonl:4", "it says again what line 2 says");
}

#[test]
fn cut_and_damaged_files_are_refused() {
    let ends = [
        ("", "results.jsonl:3", "the file is cut off"),
        (
            "{\"schema\":1,\"en",
            "results.jsonl:4",
            "the file is cut off",
        ),
        (
            "{\"schema\":1,\"end\":4}\n",
            "results.jsonl:4",
            "the file is damaged",
        ),
        (
            "{\"schema\":1,\"end\":3}",
            "results.jsonl:4",
            "the file is damaged",
        ),
    ];
    for (end, place, words) in ends {
        let mut bundle = Bundle::new();
        bundle.end = Some(end.to_owned());
        bundle.write_results();
        bundle.refuses(place, words);
    }
    let empty = Bundle::new();
    std::fs::write(empty.path().join("results.jsonl"), "").unwrap();
    empty.refuses("results.jsonl:1", "it is empty");
}

#[test]
fn changed_texts_and_stale_bundles_are_refused() {
    let changed = Bundle::new();
    changed.write_results();
    std::fs::write(changed.path().join("files/saxpy/out.cu"), "void f();\n").unwrap();
    changed.refuses("files/saxpy/out.cu", "it was changed");
    let stale = Bundle::new();
    stale.write_results();
    let path = stale.path().join("manifest.json");
    let text = std::fs::read_to_string(&path).unwrap();
    let tool = format!("\"tool\":\"{TOOL}\"");
    assert!(text.contains(&tool));
    std::fs::write(&path, text.replace(&tool, "\"tool\":\"0.0.1\"")).unwrap();
    stale.refuses("manifest.json", "the bundle was made by mupac 0.0.1");
    std::fs::write(&path, "{}").unwrap();
    stale.refuses("manifest.json", "it is no manifest");
    std::fs::remove_file(&path).unwrap();
    stale.refuses("manifest.json", "--bundle");
}

#[test]
fn a_damaged_store_is_left_alone() {
    let bundle = Bundle::new();
    bundle.write_results();
    std::fs::write(bundle.path().join("measured.jsonl"), "{}\n").unwrap();
    bundle.refuses("measured.jsonl:1", "this is no measured trajectory");
}
