//! Keeps what a bug report needs: the original, the text that failed, the plan, and what was seen.
//!
//! The folder's name follows from its content, so the same failure is kept once.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use mupac_ir::Unit;

use crate::outcome::Failure;
use crate::runtime::{cache_folders, content_hash};

/// A text that failed its check.
#[derive(Clone, Copy, Debug)]
pub struct Repro<'a> {
    /// The text.
    pub unit: &'a Unit,
    /// What was seen.
    pub failures: &'a [Failure],
    /// The plan that the text follows, as a plan file.
    pub plan: &'a str,
    /// Options of the compilers, as the user gave them.
    pub compile_arguments: &'a [String],
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
        let files = [
            ("original.c", self.unit.source.text.clone()),
            ("candidate.cu", self.unit.cuda.clone()),
            ("failed.plan", self.plan.to_owned()),
            ("failure.txt", self.report()),
        ];
        let stem = Path::new(&self.unit.source.name).file_stem();
        let stem = stem.map_or_else(|| "input".into(), |stem| stem.to_string_lossy());
        let hash = content_hash(files.iter().map(|(_, text)| text.as_bytes()));
        let folder = base.join(format!("{stem}-{hash:016x}"));
        fs::create_dir_all(&folder).ok()?;
        for (name, text) in files {
            fs::write(folder.join(name), text).ok()?;
        }
        Some(folder)
    }

    fn report(&self) -> String {
        let mut text = format!(
            "file: {}\ncompiler options: {}\n",
            self.unit.source.name,
            self.compile_arguments.join(" ")
        );
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::FailureKind;
    use mupac_ir::{Arena, Source};

    #[test]
    fn one_failure_is_kept_once_with_all_that_reproduces_it() {
        let unit = Unit {
            source: Source {
                name: "some/where/a.c".to_owned(),
                text: "void f(void);".to_owned(),
            },
            cuda: "// text".to_owned(),
            statements: std::collections::BTreeMap::new(),
            entries: Vec::new(),
            renamed: std::collections::BTreeMap::new(),
            kernels: Vec::new(),
            records: Arena::default(),
            has_main: false,
            mutation: None,
            relaxed: None,
        };
        let failures = [Failure {
            kind: FailureKind::Race,
            function: Some("f".to_owned()),
            kernel: Some("f_l1".to_owned()),
            message: "two threads".to_owned(),
            replay: "entry=0".to_owned(),
            counterexample: Some("f();".to_owned()),
            origin: None,
        }];
        let repro = Repro {
            unit: &unit,
            failures: &failures,
            plan: "mupac-plan 1\n",
            compile_arguments: &["-DN=3".to_owned()],
        };
        let base = tempfile::tempdir().unwrap();
        let folder = repro.keep_in(base.path()).unwrap();
        assert_eq!(repro.keep_in(base.path()), Some(folder.clone()));
        assert_eq!(fs::read_dir(base.path()).unwrap().count(), 1);
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        assert_eq!(read("original.c"), "void f(void);");
        assert_eq!(read("candidate.cu"), "// text");
        assert_eq!(
            read("failure.txt"),
            "file: some/where/a.c\ncompiler options: -DN=3\n\nrace in f_l1 (testing f): two threads\ntest: entry=0\n\
             smallest failing call:\nf();\n"
        );
    }
}
