//! The translation of a source into a C part and kernels, kept for as long as neither text nor options nor mupac change.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use mupac_tester::TesterError;
use mupac_tester::driver;
use serde::Deserialize;

use super::Driver;
use super::seen::{self, AS_FRONT_END};

use crate::run::{CHECK_FAILED, USER_ERROR};

/// The longest that a translation with its checks may take of one processor; `--check-time` bounds it long before.
const LIMIT: Duration = Duration::from_hours(6);

/// The words with which C begins what may be a loop.
const LOOPS: [&str; 4] = ["for", "while", "do", "goto"];

/// The exit codes of a translation that says why the text gets no kernels.
const REFUSALS: [u8; 2] = [USER_ERROR, CHECK_FAILED];

/// The files of a kept translation besides its parts.
const REPORT: &str = "report.json";
const SAID: &str = "said";
const REFUSED: &str = "refused";

/// A translation that has kernels.
#[derive(Clone, Debug)]
pub(super) struct Parts {
    /// The text that stays C.
    pub(super) c: PathBuf,
    /// The kernels.
    pub(super) cuda: PathBuf,
    /// The source, the first of several.
    pub(super) source: String,
    /// The folder that the source lies in, where its headers are looked for first.
    pub(super) beside: PathBuf,
    /// A number that changes with all that they are made of.
    pub(super) hash: u64,
    /// Which loops run where, in words.
    pub(super) summary: String,
}

/// A source as it was read.
struct Text {
    name: String,
    written: Vec<u8>,
    /// What the compiler makes of it before it reads it.
    read: Vec<u8>,
}

/// What counts of a report.
#[derive(Deserialize)]
struct Report {
    loops: Vec<Loop>,
}

#[derive(Deserialize)]
struct Loop {
    file: String,
    line: u32,
    verdict: String,
    kernel: Option<String>,
}

impl Report {
    /// Returns where the outermost loops of kernels stand, by file and line.
    fn kernels(&self) -> Vec<(&str, u32)> {
        let mut first = BTreeMap::new();
        for each in self.loops.iter().filter(|each| each.verdict == "parallel") {
            let place = (each.file.as_str(), each.line);
            let known = first.entry(&each.kernel).or_insert(place);
            *known = place.min(*known);
        }
        let mut places: Vec<_> = first.into_values().collect();
        places.sort_unstable();
        places.dedup();
        places
    }
}

impl Driver {
    /// Translates sources, several of them as one, or finds what became of them before; `None`: they have no kernels.
    /// `object` names files that nobody else has.
    ///
    /// **Errors**: in words, why that did not work.
    pub(super) fn parts(&self, sources: &[&str], object: &Path) -> Result<Option<Parts>, String> {
        let Some(source) = sources.first() else {
            return Ok(None);
        };
        let read = |&name: &&str| {
            let written = fs::read(name).map_err(|why| format!("cannot read {name}: {why}"))?;
            let file = object.with_extension("i");
            let read = self.preprocessed(name, &file, &[])?;
            Ok(Text {
                name: name.to_owned(),
                written,
                read,
            })
        };
        let texts: Vec<Text> = sources.iter().map(read).collect::<Result<_, String>>()?;
        if !texts.iter().any(|text| has_loops(&text.read)) {
            return Ok(None);
        }
        let hash = self.hash(&texts)?;
        let folder = driver::kept("cc-parts", hash, |folder| self.translated(&texts, folder));
        let folder = folder.map_err(|error| error.to_string())?;
        let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_default();
        text(SAID).lines().for_each(super::say);
        let refused = text(REFUSED);
        if !refused.is_empty() {
            let one = format!("{source} is not translated: {}", refused.trim_end());
            if sources.len() > 1 {
                return Err(refused.trim_end().to_owned());
            }
            super::say(&one);
            return Ok(None);
        }
        let report: Report =
            serde_json::from_str(&text(REPORT)).map_err(|error| error.to_string())?;
        let kernels = report.kernels();
        if kernels.is_empty() {
            return Ok(None);
        }
        let stem = Path::new(source).file_stem().unwrap_or_default();
        let file = |ending: &str| folder.join(stem).with_added_extension(ending);
        Ok(Some(Parts {
            c: file("c"),
            cuda: file("cu"),
            source: (*source).to_owned(),
            beside: beside(source),
            hash,
            summary: summary(sources, &kernels),
        }))
    }

    /// Returns what the compiler makes of a source before it reads it, with all macros and `more` options.
    pub(super) fn preprocessed(
        &self,
        source: &str,
        file: &Path,
        more: &[&str],
    ) -> Result<Vec<u8>, String> {
        let own = ["-w", "-E", "-dD", "-x", "c", source];
        let own = more.iter().chain(&own).map(|&word| word.to_owned());
        let words = self.words.compiling().into_iter().chain(own);
        self.make(words, file, "it cannot be preprocessed")?;
        fs::read(file).map_err(|why| format!("cannot read {}: {why}", file.display()))
    }

    /// Returns a number that changes with what a translation is made of.
    fn hash(&self, sources: &[Text]) -> Result<u64, String> {
        let own = own_path()?;
        let own = driver::hash_of_tools(&[&own]).to_le_bytes();
        let reading = self.words.reading();
        let names = sources.iter().map(|source| source.name.as_str());
        let words = names.chain(reading.iter().map(String::as_str));
        let flags = &self.settings.flags;
        let words = words.chain(flags.iter().map(String::as_str));
        let words = words.chain([self.settings.gpu.as_str()]);
        let files: Vec<&Path> = flags.iter().filter_map(|flag| named_file(flag)).collect();
        let files = driver::hash_of_tools(&files).to_le_bytes();
        let words: Vec<&[u8]> = words.map(str::as_bytes).collect();
        let texts = sources
            .iter()
            .flat_map(|source| [&*source.read, &*source.written]);
        let texts = texts.chain([own.as_slice(), &files]).chain(words);
        Ok(driver::hash_of(texts))
    }

    /// Translates sources into a folder.
    ///
    /// **Errors**: the machine is at fault; where the text is, the folder says why.
    fn translated(&self, sources: &[Text], folder: &Path) -> Result<(), TesterError> {
        for source in sources {
            if let Some(why) = self.unseen(source, folder).map_err(at_fault)? {
                return keep(folder, REFUSED, &why);
            }
        }
        let name = |name: &str| folder.join(name).to_string_lossy().into_owned();
        let report = format!("--report={}", name(REPORT));
        let mut words = self.settings.flags.clone();
        let is_plain = !self.settings.is_verbose && !self.settings.is_quiet;
        words.extend(is_plain.then(|| "--quiet".to_owned()));
        words.extend(self.words.reading());
        words.extend(["--line-directives", "--split", "-o", &name("")].map(str::to_owned));
        words.extend((sources.len() > 1).then(|| "--whole-program".to_owned()));
        words.extend([&report, "--"].map(str::to_owned));
        words.extend(sources.iter().map(|source| source.name.clone()));
        let own = own_path().map_err(at_fault)?;
        // By the driver's own name it would be the driver.
        let said = driver::run_called((&own, "mupac"), words, LIMIT)
            .map_err(|why| at_fault(why.to_string()))?;
        match said.code {
            Some(0) => keep(folder, SAID, &without(&said.complaint, folder)),
            Some(code) if REFUSALS.map(i32::from).contains(&code) => {
                keep(folder, REFUSED, &first_line(&said.complaint))
            }
            _ => Err(at_fault(first_line(&said.complaint))),
        }
    }

    /// Returns why the front end would read other lines than the compiler compiles, if so.
    fn unseen(&self, source: &Text, folder: &Path) -> Result<Option<String>, String> {
        if let Some(word) = seen::meant_otherwise(&source.written) {
            return Ok(Some(format!(
                "it names {word}, which means something else there"
            )));
        }
        let file = folder.join("as-front-end.i");
        let as_front_end = self.preprocessed(&source.name, &file, &AS_FRONT_END)?;
        // What stays in the way is kept with the rest.
        let _ = fs::remove_file(&file);
        let difference = seen::difference(&source.read, &as_front_end);
        Ok(difference.map(|(file, line)| {
            format!("{file}:{line}: what stands there goes by what compilers predefine, and mupac reads with libclang")
        }))
    }
}

fn at_fault(what: String) -> TesterError {
    TesterError::Tools { what }
}

/// Writes a file of a kept translation.
fn keep(folder: &Path, file: &str, text: &str) -> Result<(), TesterError> {
    let written = fs::write(folder.join(file), text);
    written.map_err(|why| at_fault(format!("cannot keep {file}: {why}")))
}

fn beside(source: &str) -> PathBuf {
    let folder = Path::new(source)
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new(".")).to_owned()
}

/// Leaves out what is said of files that nobody will find.
fn without(said: &str, folder: &Path) -> String {
    let name = folder.to_string_lossy();
    let lines = said.lines().filter(|line| !line.contains(name.as_ref()));
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns the file that a flag names, such as a graph of trajectories.
fn named_file(flag: &str) -> Option<&Path> {
    let value = flag.split_once('=').map_or(flag, |(_, value)| value);
    Some(Path::new(value)).filter(|path| path.is_file())
}

fn own_path() -> Result<PathBuf, String> {
    env::current_exe().map_err(|why| format!("this program does not find itself: {why}"))
}

/// Returns the first line that says what is wrong, else the first.
pub(super) fn first_line(said: &str) -> String {
    let error = said.lines().find(|line| line.contains("error"));
    let line = error
        .or(said.lines().next())
        .unwrap_or("it ended without a word");
    line.trim().to_owned()
}

/// Says which lines have kernels.
fn summary(sources: &[&str], kernels: &[(&str, u32)]) -> String {
    let (title, own) = match sources {
        [source] => (*source, Some(*source)),
        _ => ("the whole program", None),
    };
    let places = kernels.iter().map(|(file, line)| {
        if own == Some(*file) {
            line.to_string()
        } else {
            format!("{file}:{line}")
        }
    });
    let places: Vec<String> = places.collect();
    match (places.as_slice(), own) {
        ([place], Some(_)) => format!("{title}: a kernel for the loop of line {place}"),
        ([place], None) => format!("{title}: a kernel for the loop of {place}"),
        (places, Some(_)) => format!(
            "{title}: kernels for the loops of lines {}",
            places.join(", ")
        ),
        (places, None) => format!("{title}: kernels for the loops of {}", places.join(", ")),
    }
}

/// Returns whether a preprocessed text, but for headers of the system, has a word that begins a loop.
fn has_loops(text: &[u8]) -> bool {
    let mut is_found = false;
    seen::each_line(text, |_, _, is_system, line| {
        let mut words = line.split(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_');
        let mut is_loop = || words.any(|word| LOOPS.iter().any(|each| each.as_bytes() == word));
        is_found |= !is_system && !line.starts_with(b"#") && is_loop();
    });
    is_found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loops_are_looked_for_in_the_users_text() {
        assert!(has_loops(b"# 1 \"a.c\"\nvoid f(void) { for (;;) ; }\n"));
        assert!(has_loops(
            b"# 1 \"a.h\" 1\nx\n# 2 \"a.c\" 2\ndo{}while(0);\n"
        ));
        assert!(!has_loops(
            b"# 1 \"/usr/include/a.h\" 1 3 4\nfor\n# 2 \"a.c\" 2\nint dofor;\n"
        ));
        assert!(!has_loops(b"# 1 \"a.c\"\n#define EACH for\n"));
    }

    #[test]
    fn summaries_name_the_outermost_loop_of_each_kernel() {
        let report = r#"{"loops": [
            {"file": "a.c", "line": 7, "verdict": "parallel", "kernel": "f_l6"},
            {"file": "a.c", "line": 6, "verdict": "parallel", "kernel": "f_l6"},
            {"file": "a.c", "line": 9, "verdict": "sequential", "kernel": null},
            {"file": "b.h", "line": 2, "verdict": "parallel", "kernel": "g_l2"}]}"#;
        let report: Report = serde_json::from_str(report).unwrap();
        let said = summary(&["a.c"], &report.kernels());
        assert_eq!(said, "a.c: kernels for the loops of lines 6, b.h:2");
        let said = summary(&["a.c", "b.c"], &report.kernels());
        let words = "the whole program: kernels for the loops of a.c:6, b.h:2";
        assert_eq!(said, words);
    }
}
