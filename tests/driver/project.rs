//! A folder with files of C, and compilers that run in it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use assert_cmd::cargo::cargo_bin;
use tempfile::TempDir;

/// Options with which a translation takes no time.
pub(crate) const UNCHECKED: &str = "--device=cpu --cpu-threshold=0 --check=off";

pub(crate) const STEP_H: &str = "void step(int n, const double *u, double *v);\n";

pub(crate) const HEAT: &str = r#"#include "step.h"
#include <assert.h>

/* The sum makes a block wait for its threads. */
void step(int n, const double *u, double *v) {
    assert(n > 2);
    for (int i = 1; i < n - 1; i++)
        v[i] = u[i] + 0.25 * (u[i - 1] - 2 * u[i] + u[i + 1]);
}

double total(int n, const double *u) {
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += u[i];
    return sum;
}
"#;

pub(crate) const MAIN: &str = r#"#include "step.h"
#include <stdio.h>
double total(int n, const double *u);

int main(void) {
    static double u[1000], v[1000];
    for (int i = 0; i < 1000; i++)
        u[i] = v[i] = i % 17;
    for (int t = 0; t < 4; t++) {
        step(1000, u, v);
        step(1000, v, u);
    }
    printf("%.6f %.6f\n", u[500], total(1000, u));
    return 0;
}
"#;

/// What a command left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

pub(crate) struct Project {
    folder: TempDir,
    variables: BTreeMap<&'static str, String>,
}

impl Project {
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let mut variables = BTreeMap::from([("MUPAC_LAUNCHES", "1".to_owned())]);
        variables.insert("MUPAC_BINARY", cargo_bin("mupac").display().to_string());
        let project = Self { folder, variables };
        project.flags(UNCHECKED)
    }

    /// Returns a copy of a folder of the repository.
    pub(crate) fn copy_of(folder: &str) -> Self {
        let project = Self::with(&[]);
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let copied = Command::new("cp")
            .arg("-R")
            .arg(from.join("."))
            .arg(project.path())
            .status();
        assert!(copied.unwrap().success());
        project
    }

    pub(crate) fn flags(mut self, flags: &str) -> Self {
        self.variables.insert("MUPAC_FLAGS", flags.to_owned());
        self
    }

    pub(crate) fn with_own_cache(mut self) -> Self {
        let cache = self.path().join("cache");
        self.variables
            .insert("MUPAC_CACHE_DIR", cache.display().to_string());
        self
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path().join(name)).unwrap()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.path().join(name).exists()
    }

    fn command(&self, program: &Path, words: &[&str]) -> Said {
        let mut command = Command::new(program);
        command.current_dir(self.path()).args(words);
        self.said(&mut command)
    }

    pub(crate) fn try_cc(&self, words: &str) -> Said {
        let words: Vec<&str> = ["cc"].into_iter().chain(words.split_whitespace()).collect();
        self.command(&cargo_bin("mupac"), &words)
    }

    pub(crate) fn cc(&self, words: &str) -> Said {
        succeeded(self.try_cc(words), words)
    }

    /// The same by the name of the driver.
    pub(crate) fn cc_by_name(&self, words: &str) -> Said {
        let link = self.path().join("mupac-cc");
        std::os::unix::fs::symlink(cargo_bin("mupac"), &link).unwrap();
        let words: Vec<&str> = words.split_whitespace().collect();
        succeeded(self.command(&link, &words), "mupac-cc")
    }

    pub(crate) fn mupac(&self, words: &str) -> Said {
        let split: Vec<&str> = words.split_whitespace().collect();
        succeeded(self.command(&cargo_bin("mupac"), &split), words)
    }

    pub(crate) fn try_gcc(&self, words: &str) -> Said {
        let words: Vec<&str> = words.split_whitespace().collect();
        self.command(Path::new("cc"), &words)
    }

    pub(crate) fn gcc(&self, words: &str) -> Said {
        succeeded(self.try_gcc(words), words)
    }

    pub(crate) fn tool(&self, name: &str, words: &str) -> Said {
        let split: Vec<&str> = words.split_whitespace().collect();
        succeeded(self.command(Path::new(name), &split), words)
    }

    /// Returns what a program prints that the C compiler makes.
    pub(crate) fn gcc_program(&self, words: &str) -> String {
        self.gcc(&format!("{words} -o original"));
        self.run("original").stdout
    }

    pub(crate) fn run(&self, program: &str) -> Said {
        succeeded(self.command(&self.path().join(program), &[]), program)
    }

    pub(crate) fn shell(&self, script: &str, variables: &[(&str, &str)]) -> Said {
        let mut command = Command::new("sh");
        command.current_dir(self.path()).args(["-c", script]);
        command.envs(variables.iter().copied());
        let given: Vec<&str> = variables.iter().map(|(name, _)| *name).collect();
        for (name, value) in self
            .variables
            .iter()
            .filter(|(name, _)| !given.contains(name))
        {
            command.env(name, value);
        }
        said(&mut command)
    }

    fn said(&self, command: &mut Command) -> Said {
        said(command.envs(&self.variables))
    }
}

fn said(command: &mut Command) -> Said {
    for name in ["MUPAC_CC", "CC", "CPATH", "C_INCLUDE_PATH"] {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C");
    let output = command.output().unwrap();
    Said {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[track_caller]
fn succeeded(said: Said, what: &str) -> Said {
    assert_eq!(said.code, Some(0), "{what}: {}{}", said.stdout, said.stderr);
    said
}
