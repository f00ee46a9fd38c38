//! What a test file asks for in its comments, and running mupac so.

use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use tempfile::TempDir;

/// Options and plan of a test file.
#[derive(Debug, Default)]
pub(crate) struct Directives {
    pub(crate) options: Vec<String>,
    pub(crate) plan: Vec<String>,
}

impl Directives {
    /// Reads the comments `// mupac: …` of a C text.
    pub(crate) fn of(text: &str) -> Self {
        let mut directives = Self::default();
        for line in text
            .lines()
            .filter_map(|line| line.strip_prefix("// mupac: "))
        {
            match line.split_once(' ') {
                Some(("step", words)) => directives.plan.push(words.to_owned()),
                Some(("region", _)) => directives.plan.push(line.to_owned()),
                Some(_) | None => directives
                    .options
                    .extend(line.split_whitespace().map(str::to_owned)),
            }
        }
        directives
    }

    /// Runs mupac on a file, named as its folder names it, with these directives and `more` options.
    pub(crate) fn run(&self, path: &Path, temporary: &TempDir, more: &[&str]) -> Output {
        let mut command = Command::cargo_bin("mupac").unwrap();
        command
            .current_dir(path.parent().unwrap())
            .env_remove("NO_COLOR")
            .arg(path.file_name().unwrap())
            .args(&self.options)
            .args(more);
        // Files are about what they show, and not about what pays.
        let is_threshold = |option: &&str| option.starts_with("--cpu-threshold");
        let options = self.options.iter().map(String::as_str);
        if !options
            .chain(more.iter().copied())
            .any(|option| is_threshold(&option))
        {
            command.arg("--cpu-threshold=8192");
        }
        if !self.plan.is_empty() {
            let plan = temporary.path().join("pinned.plan");
            std::fs::write(&plan, format!("mupac-plan 1\n{}\n", self.plan.join("\n"))).unwrap();
            command.arg("--plan").arg(plan);
        }
        command.output().unwrap()
    }
}
