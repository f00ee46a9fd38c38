//! One object of a C part and its kernels.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use mupac_tester::{driver, tools};

use super::Driver;
use super::options::Role;
use super::parts::{Parts, first_line};

/// More than any tool of the linker's takes.
const LIMIT: Duration = Duration::from_mins(5);

impl Driver {
    /// Compiles the C part as the source was compiled, and joins it with the kernels, whose names stay inside: another file
    /// may have a function of the same name in the same line.
    ///
    /// **Errors**: in words, what refused what.
    pub(super) fn join(&self, parts: &Parts, kernels: &Path, object: &Path) -> Result<(), String> {
        let part = object.with_extension("part.o");
        self.compile(parts, &part)?;
        let own = [
            "-r",
            "-nostdlib",
            "-Wl,--force-group-allocation",
            &part.to_string_lossy(),
            &kernels.to_string_lossy(),
        ];
        let own = own.map(str::to_owned);
        let target = self
            .words
            .with(&[Role::Reading])
            .into_iter()
            .filter(|word| word.starts_with("-m"));
        self.make(target.chain(own), object, "its parts cannot be joined")?;
        hide(kernels, object)
    }

    fn compile(&self, parts: &Parts, part: &Path) -> Result<(), String> {
        let beside = parts.beside.to_string_lossy().into_owned();
        let c = parts.c.to_string_lossy().into_owned();
        let first = ["-iquote".to_owned(), beside];
        let c_name = format!("-fdebug-prefix-map={c}={}", parts.source);
        // What the compiler has to say it said of the source.
        let last = ["-w", "-fno-lto", &c_name, "-c", "-x", "c", &c].map(str::to_owned);
        let words = first.into_iter().chain(self.words.compiling()).chain(last);
        self.make(words, part, "its C part does not compile")
            .map(drop)
    }
}

/// Makes local to an object what its kernels define.
fn hide(kernels: &Path, object: &Path) -> Result<(), String> {
    let names = ["-P", "-g", "--defined-only", &kernels.to_string_lossy()].map(str::to_owned);
    let listed = tool("nm", names.to_vec())?;
    // What several objects may define, of which a linker keeps one, may be made for another structure of the same name.
    let own = listed.lines().filter_map(|line| line.split_once(' '));
    let own = own.map(|(name, _)| name);
    let list = object.with_extension("names");
    let text: Vec<&str> = own.collect();
    fs::write(&list, text.join("\n")).map_err(|why| format!("cannot write names: {why}"))?;
    let arguments = vec![
        format!("--localize-symbols={}", list.display()),
        object.to_string_lossy().into_owned(),
    ];
    tool("objcopy", arguments).map(drop)
}

/// Runs a tool of binutils and returns what it prints.
pub(super) fn tool(name: &str, arguments: Vec<String>) -> Result<String, String> {
    let missing = || format!("{name} is not in PATH (on Debian: apt-get install binutils)");
    let path: PathBuf = tools::find(Path::new(name)).ok_or_else(missing)?;
    let said = driver::run(&path, arguments, LIMIT)
        .map_err(|why| format!("cannot start {name}: {why}"))?;
    match said.code {
        Some(0) if said.is_cut => Err(format!("{name} prints more than is kept")),
        Some(0) => Ok(said.output),
        _ => Err(format!("{name}: {}", first_line(&said.complaint))),
    }
}
