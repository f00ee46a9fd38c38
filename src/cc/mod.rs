//! `mupac cc`: a C compiler that gives loops to a GPU.
//!
//! It does first what its user would have got without it: the compiler runs as it was called, so that objects, rules of
//! dependences, warnings and exit codes are the compiler's own. Only where that succeeds is each source translated, with a C
//! part and kernels, and where any loop got a kernel, the object is replaced by one that holds both.
//! Whatever goes wrong on the way leaves what the compiler made.
//!
//! `words` reads the command line by what `options` says (`response` its files), `settings` what is said to the driver;
//! `parts` translates and keeps translations, once `seen` knows that the front end reads what is compiled; `device` compiles
//! kernels, `objects` joins what was compiled, `link` knows what programs with kernels need; `whole` translates all sources of a
//! program as one when it is linked, by what `note` has left in their objects and `linked` finds of them; `once` says what a build has to
//! hear once, and `database` reads how a project's files are compiled.

mod cache;
mod database;
mod device;
mod link;
mod linked;
mod note;
mod objects;
mod once;
mod options;
mod parts;
mod response;
mod seen;
pub mod settings;
mod whole;
mod words;

pub(crate) use cache::show;
pub(crate) use database::{reading, sources};

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use memchr::memmem;
use mupac_tester::clean_up_on_signals;
use mupac_tester::driver::{self, Scratch, become_program, is_inside, run_as_asked};

use crate::diagnostics::Message;
use crate::writer;
use device::Device;
use link::Instead;
use parts::first_line;
use settings::{Settings, TranslationUnit, Where};
use words::{Stage, Words};

/// The name that this program may be called by instead of `mupac cc`.
pub(crate) const NAME: &str = "mupac-cc";

/// A command of a compiler, and how it is to be done.
#[derive(Debug)]
struct Driver {
    settings: Settings,
    /// The compiler's file.
    compiler: PathBuf,
    /// The command line without the driver's own words, as it was written.
    written: Vec<String>,
    words: Words,
}

/// Does what a compiler's command line says; `arguments` are those behind the driver's name.
///
/// **Errors**: an option of the driver's own is at fault, or there is no compiler.
pub(crate) fn main(arguments: &[OsString]) -> Result<u8, Message> {
    if is_inside() {
        return Err(
            Message::error("the compiler that mupac cc runs leads back to mupac cc")
                .help("MUPAC_CC names another, or --mupac-cc=NAME"),
        );
    }
    let words: Result<Vec<String>, _> = arguments
        .iter()
        .cloned()
        .map(OsString::into_string)
        .collect();
    // What is no text no translation could name.
    let Ok(words) = words else {
        let lossy = arguments
            .iter()
            .map(|word| word.to_string_lossy().into_owned());
        let (settings, rest) = Settings::of(lossy.collect())?;
        let is_own = |word: &&OsString| word.to_string_lossy().starts_with(settings::OWN);
        let others: Vec<OsString> = arguments
            .iter()
            .filter(|word| !is_own(word))
            .cloned()
            .collect();
        let launched = others.len() - rest.len();
        return Err(failed(&settings.compiler()?, &others[launched..]));
    };
    let (settings, written) = Settings::of(words)?;
    let driver = Driver {
        compiler: settings.compiler()?,
        words: words::read(&response::expanded(&written)),
        settings,
        written,
    };
    driver.run()
}

/// Becomes the compiler; returns why not.
fn failed(compiler: &Path, arguments: &[OsString]) -> Message {
    let why = become_program(compiler, arguments);
    cannot_start(compiler, &why)
}

fn cannot_start(compiler: &Path, why: &std::io::Error) -> Message {
    Message::error(format!("cannot start {}: {why}", compiler.display()))
}

/// Returns when a file was written that is there.
fn written(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|facts| facts.modified()).ok()
}

impl Driver {
    fn run(&self) -> Result<u8, Message> {
        if self.settings.asks_for_libraries {
            let words = link::libraries(&Device::of(&self.settings)?).join(" ");
            let said = writer::write_standard_output(&format!("{words}\n"));
            return said
                .map(|()| 0)
                .map_err(|why| Message::error(why.to_string()));
        }
        if self.words.stage == Stage::Text {
            return Err(failed(&self.compiler, &self.as_asked(&[])));
        }
        let device = Device::of(&self.settings)?;
        let needed = match self.words.stage {
            Stage::Program => link::needed(&self.words, &device),
            Stage::Object | Stage::Text => Vec::new(),
        };
        let command = self.as_asked(&needed);
        if matches!(device, Device::None) {
            self.say_what_is_missing();
            return Err(failed(&self.compiler, &command));
        }
        let is_whole =
            self.settings.unit == TranslationUnit::Program && self.words.stage == Stage::Program;
        if self.words.sources().next().is_none() && !is_whole {
            return Err(failed(&self.compiler, &command));
        }
        // Where that cannot be arranged, what is left behind is all that is lost.
        let _ = clean_up_on_signals();
        let before = self.outputs();
        let code = run_as_asked(&self.compiler, &command);
        let code = code.map_err(|why| cannot_start(&self.compiler, &why))?;
        if code == 0
            && self.is_written(&before)
            && let Err(why) = self.put_kernels(&device)
        {
            say(&format!("{why}; what the compiler made stays"));
        }
        Ok(code)
    }

    /// Puts kernels into what the compiler made; the error says why there are none.
    fn put_kernels(&self, device: &Device) -> Result<(), String> {
        if let Some(why) = &self.words.hindrance {
            self.explain(&format!("nothing is translated, {why}"));
            return Ok(());
        }
        let temporary = Scratch::new("mupac-cc-", false);
        let temporary =
            temporary.map_err(|why| format!("cannot make a temporary folder: {why}"))?;
        match (self.settings.unit, self.words.stage) {
            (TranslationUnit::Source, _) => self.translate(device, temporary.path()),
            (TranslationUnit::Program, Stage::Program) => {
                self.translate_whole(device, temporary.path())
            }
            (TranslationUnit::Program, Stage::Object | Stage::Text) => {
                self.note_commands(temporary.path())
            }
        }
    }

    /// Says once a build what keeps loops from kernels, if any may have them.
    fn say_what_is_missing(&self) {
        let has_loops = |source: &str| {
            let text = fs::read(source).unwrap_or_default();
            ["for (", "for(", "while"]
                .iter()
                .any(|word| memmem::find(&text, word.as_bytes()).is_some())
        };
        if self.settings.device == Where::Auto && self.words.sources().any(has_loops) {
            once::say(
                "there is no nvcc, so everything is built for the CPU as it is; MUPAC_FLAGS=--device=cpu tries translations there",
            );
        }
    }

    /// Returns when the files were written that the command writes.
    fn outputs(&self) -> Vec<Option<SystemTime>> {
        let sources = match self.words.stage {
            Stage::Object => self.words.sources().collect(),
            Stage::Program | Stage::Text => vec![""],
        };
        let outputs = sources.into_iter().map(|source| self.words.output(source));
        outputs.map(|output| written(Path::new(&output))).collect()
    }

    /// Returns whether the compiler has written that: it may have been told another place by an option that nobody knows.
    fn is_written(&self, before: &[Option<SystemTime>]) -> bool {
        let now = self.outputs();
        let mut all = now.iter().zip(before);
        all.all(|(now, before)| now.is_some() && now != before)
    }

    /// Returns the compiler's arguments as they were written, and more behind them.
    fn as_asked(&self, more: &[String]) -> Vec<OsString> {
        let first = self.settings.compiler.iter().skip(1);
        let all = first.chain(&self.written).chain(more);
        all.map(OsString::from).collect()
    }

    /// Runs the compiler for a file of the driver's own, and returns what it prints; where it refuses, `trouble` says what that
    /// means.
    fn make(
        &self,
        words: impl IntoIterator<Item = String>,
        file: &Path,
        trouble: &str,
    ) -> Result<String, String> {
        let first = self.settings.compiler.iter().skip(1).cloned();
        let made = driver::compiled(&self.compiler, first.chain(words).collect(), file);
        made.map_err(|error| error.to_string())?
            .map_err(|said| format!("{trouble}: {}", first_line(&said)))
    }

    /// Translates each source by itself.
    fn translate(&self, device: &Device, temporary: &Path) -> Result<(), String> {
        let mut objects = Vec::new();
        for (number, source) in self.words.sources().enumerate() {
            let object = temporary.join(format!("{number}.o"));
            let made = self.object(&[source], &object, device);
            objects.push(made.unwrap_or_else(|why| {
                say(&format!("{source}: {why}; its loops run on the host"));
                None
            }));
        }
        if objects.iter().all(Option::is_none) {
            return Ok(());
        }
        match self.words.stage {
            Stage::Object => {
                for (source, object) in self.words.sources().zip(&objects) {
                    if let Some(object) = object {
                        replace(object, &self.words.output(source))?;
                    }
                }
                Ok(())
            }
            Stage::Program | Stage::Text => {
                let made = self.words.sources().zip(objects);
                let made = made.filter_map(|(source, object)| {
                    Some(Instead {
                        object: object?,
                        words: BTreeSet::from([source.to_owned()]),
                        lines: BTreeSet::new(),
                    })
                });
                self.link_again(&made.collect::<Vec<_>>(), device)
            }
        }
    }

    /// Makes the object of sources that have kernels, and says so; `None`: they have none.
    fn object(
        &self,
        sources: &[&str],
        object: &Path,
        device: &Device,
    ) -> Result<Option<PathBuf>, String> {
        let Some(parts) = self.parts(sources, object)? else {
            return Ok(None);
        };
        let kernels = device.kernels(&parts, &self.words)?;
        self.join(&parts, &kernels, object)?;
        if !self.settings.is_quiet {
            say(&parts.summary);
        }
        Ok(Some(object.to_owned()))
    }

    /// Says what only those want to hear who asked for all.
    fn explain(&self, words: &str) {
        if self.settings.is_verbose {
            say(words);
        }
    }
}

fn say(words: &str) {
    // A closed stream leaves nobody to tell.
    let _ = std::io::Write::write_all(
        &mut std::io::stderr(),
        format!("mupac: {words}\n").as_bytes(),
    );
}

/// Puts an object where the compiler put its own, whole or not at all.
fn replace(object: &Path, output: &str) -> Result<(), String> {
    let output = Path::new(output);
    // Of what is no file, such as /dev/null, nobody reads a thing.
    if !output.is_file() {
        return Ok(());
    }
    let replaced = writer::replace_by(output, object);
    replaced.map_err(|why| format!("cannot write {}: {why}", output.display()))
}
