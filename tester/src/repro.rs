//! Keeps what a bug report needs: the original with its headers, the text that failed, the plan and the moves of it that
//! matter, what was seen, and a script that checks the plan again.
//!
//! The folder's name follows from its content, so the same failure is kept once.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use mupac_ir::Unit;

use crate::options::CheckOptions;
use crate::outcome::Failure;
use crate::own_headers::own_headers;
use crate::runtime::{cache_folders, content_hash};
use crate::sources::source_folder;

/// A text that failed its check.
#[derive(Clone, Copy, Debug)]
pub struct Repro<'a> {
    /// The text.
    pub unit: &'a Unit,
    /// What was seen.
    pub failures: &'a [Failure],
    /// The plan that the text follows, as a plan file.
    pub plan: &'a str,
    /// The moves of it that still fail, as a plan file.
    pub smallest: &'a str,
    /// Which of these are to blame, in words, by region.
    pub culprits: &'a [String],
    /// Options that decide what is emitted and how it is checked, without files.
    pub options: &'a [String],
    /// How it was checked.
    pub check: &'a CheckOptions,
}

impl Repro<'_> {
    /// Writes the files into a folder below `failures` in the cache folder and returns it; `None` where that cannot be
    /// written, which is no reason to stop.
    pub fn keep(&self) -> Option<PathBuf> {
        cache_folders()
            .iter()
            .find_map(|base| self.keep_in(&base.join("failures")))
    }

    fn keep_in(&self, base: &Path) -> Option<PathBuf> {
        let stdin = String::from_utf8_lossy(&self.check.test_stdin).into_owned();
        let mut files = vec![
            ("original.c", self.unit.source.text().to_owned()),
            ("candidate.cu", self.unit.cuda.clone()),
            ("failed.plan", self.plan.to_owned()),
            ("smallest.plan", self.smallest.to_owned()),
            ("failure.txt", self.report()),
            ("stdin", stdin),
            ("run.sh", self.script()),
        ];
        if let Some(part) = &self.unit.c_part {
            files.push(("candidate.c", part.text.clone()));
            files.push(("candidate.mupac.h", part.header.clone()));
        }
        let stem = Path::new(&self.unit.source.name).file_stem();
        let stem = stem.map_or_else(|| "input".into(), |stem| stem.to_string_lossy());
        let hash = content_hash(files.iter().map(|(_, text)| text.as_bytes()));
        let folder = base.join(format!("{stem}-{hash:016x}"));
        fs::create_dir_all(&folder).ok()?;
        for (name, text) in files {
            fs::write(folder.join(name), text).ok()?;
        }
        self.keep_headers(&folder)?;
        Some(folder)
    }

    fn keep_headers(&self, folder: &Path) -> Option<()> {
        let text = self.unit.source.text();
        let arguments = &self.check.compile_arguments;
        for (name, text) in own_headers(text, source_folder(self.unit), arguments) {
            let path = folder.join(name);
            fs::create_dir_all(path.parent()?).ok()?;
            fs::write(path, text).ok()?;
        }
        Some(())
    }

    /// Returns a script that translates and checks by a plan; with exit code 3 it still fails.
    fn script(&self) -> String {
        let mut words = vec![format!("--seed={}", self.check.seed)];
        for argument in &self.check.test_argv {
            words.extend(["--test-argv".to_owned(), argument.clone()]);
        }
        words.extend_from_slice(self.options);
        words.push("-I.".to_owned());
        words.extend_from_slice(&self.check.compile_arguments);
        let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
        let output = match self.unit.c_part {
            Some(_) => "--split -o again",
            None => "-o again.cu",
        };
        format!(
            "#!/bin/sh\n\
             # Checks the plan again: `sh run.sh`, or `sh run.sh smallest.plan`. Exit code 3: it still fails.\n\
             # It needs a C and a C++ compiler, and mupac in PATH or named by MUPAC.\n\
             cd \"$(dirname \"$0\")\" || exit 1\n\
             exec \"${{MUPAC:-mupac}}\" original.c {output} --plan \"${{1:-failed.plan}}\" --strict-check --test-stdin stdin \\\n    \
             {}\n",
            words.join(" "),
        )
    }

    fn report(&self) -> String {
        let mut text = format!(
            "file: {}\ncompiler options: {}\n",
            self.unit.source.name,
            self.check.compile_arguments.join(" ")
        );
        for culprit in self.culprits {
            let _ = writeln!(text, "{culprit}");
        }
        for failure in self.failures {
            // Writing to a string does not fail.
            let _ = writeln!(text, "\n{failure}");
            if !failure.replay.is_empty() {
                let _ = writeln!(text, "test: {}", failure.replay);
            }
            if let Some(counterexample) = &failure.counterexample {
                let _ = writeln!(text, "smallest failing call:\n{counterexample}");
            }
            if let Some(origin) = &failure.origin {
                let _ = writeln!(text, "origin: {origin}");
            }
        }
        text
    }
}

/// Returns a word that a shell reads as it is.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::FailureKind;
    use mupac_ir::Source;

    #[test]
    fn one_failure_is_kept_once_with_all_that_reproduces_it() {
        let unit = Unit {
            source: Source::new("some/where/a.c", "void f(void);"),
            cuda: "// text".to_owned(),
            ..Unit::default()
        };
        let failures = [Failure {
            kind: FailureKind::Race,
            function: Some("f".to_owned()),
            kernel: Some("f_l1".to_owned()),
            message: "two threads".to_owned(),
            replay: "entry=0".to_owned(),
            counterexample: Some("f();".to_owned()),
            origin: None,
            is_rounding: false,
        }];
        let repro = Repro {
            unit: &unit,
            failures: &failures,
            plan: "mupac-plan 1\n",
            smallest: "mupac-plan 1\n# smaller\n",
            culprits: &["the culprit".to_owned()],
            options: &["--fp=strict".to_owned()],
            check: &CheckOptions {
                compile_arguments: vec!["-DN='3'".to_owned()],
                test_argv: vec!["a b".to_owned()],
                ..CheckOptions::default()
            },
        };
        let base = tempfile::tempdir().unwrap();
        let folder = repro.keep_in(base.path()).unwrap();
        assert_eq!(repro.keep_in(base.path()), Some(folder.clone()));
        assert_eq!(fs::read_dir(base.path()).unwrap().count(), 1);
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        assert_eq!(read("original.c"), "void f(void);");
        assert_eq!(read("candidate.cu"), "// text");
        let script = read("run.sh");
        let line = r"'--seed=0' '--test-argv' 'a b' '--fp=strict' '-I.' '-DN='\''3'\'''";
        assert!(script.contains(line), "{script}");
        assert_eq!(
            read("failure.txt"),
            "file: some/where/a.c\ncompiler options: -DN='3'\nthe culprit\n\nrace in f_l1 (testing f): two threads\ntest: entry=0\n\
             smallest failing call:\nf();\n"
        );
    }
}
