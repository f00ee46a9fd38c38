//! Reads what the user named, and says in one line what is wrong with it.

use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::diagnostics::Message;

/// A file to translate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputFile {
    /// Where it is; `-` for standard input.
    pub path: PathBuf,
    /// How messages name it.
    pub name: String,
    /// What it holds.
    pub text: Vec<u8>,
}

/// Spans count bytes in 32 bits.
const LARGEST: u64 = u32::MAX as u64;

/// How the names of files end that hold C++ or CUDA. **Source**: GCC manual, 3.2; nvcc manual, 4.1.
const OTHER_LANGUAGES: [&str; 12] = [
    "C", "CPP", "c++", "cc", "cp", "cpp", "cu", "cuh", "cxx", "hh", "hpp", "hxx",
];

/// Returns whether a path stands for standard input or output.
pub fn is_dash(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Reads an input, without the byte order mark that some editors write: it says nothing in UTF-8, and C++ refuses it
/// anywhere but at the start of a file.
///
/// **Errors**: a message that names the file and says why it cannot be read.
pub fn read(path: &Path) -> Result<InputFile, Message> {
    if is_dash(path) {
        let text = read_standard_input().map_err(|cause| {
            Message::error(format!("cannot read standard input: {}", words(&cause)))
        })?;
        return Ok(InputFile {
            path: path.to_owned(),
            name: "<stdin>".to_owned(),
            text: without_mark(text),
        });
    }
    refuse_other_language(path)?;
    Ok(InputFile {
        path: path.to_owned(),
        name: path.display().to_string(),
        text: without_mark(read_bytes(path)?),
    })
}

/// Refuses a file that is named like one of another language, whose text may mean something else in C.
fn refuse_other_language(path: &Path) -> Result<(), Message> {
    let ending = path.extension().and_then(OsStr::to_str);
    if !ending.is_some_and(|ending| OTHER_LANGUAGES.contains(&ending)) {
        return Ok(());
    }
    let name = path.display();
    Err(Message::error(format!(
        "{name} is named like a file in C++ or CUDA, and mupac translates C"
    ))
    .help("where it is C all the same, name it so: .c"))
}

/// Reads a file whole.
///
/// **Errors**: a message that names the file and says why it cannot be read.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, Message> {
    let cannot = |why: &str| Message::error(format!("cannot read {}: {why}", path.display()));
    let metadata = std::fs::metadata(path).map_err(|cause| cannot(&words(&cause)))?;
    if metadata.is_dir() {
        return Err(cannot("it is a folder"));
    }
    if metadata.len() > LARGEST {
        return Err(cannot("it is larger than 4 GiB"));
    }
    let text = std::fs::read(path).map_err(|cause| cannot(&words(&cause)))?;
    // Pipes and devices tell their length only by being read.
    if text.len() as u64 > LARGEST {
        return Err(cannot("it is larger than 4 GiB"));
    }
    Ok(text)
}

fn without_mark(text: Vec<u8>) -> Vec<u8> {
    match text.strip_prefix("\u{feff}".as_bytes()) {
        Some(rest) => rest.to_vec(),
        None => text,
    }
}

fn read_standard_input() -> std::io::Result<Vec<u8>> {
    let mut text = Vec::new();
    std::io::stdin()
        .lock()
        .take(LARGEST)
        .read_to_end(&mut text)?;
    Ok(text)
}

/// Returns the cause in words, without the number of the operating system's error.
pub fn words(cause: &std::io::Error) -> String {
    let text = cause.to_string();
    let plain = text.split(" (os error").next().unwrap_or_default();
    let mut letters = plain.chars();
    letters
        .next()
        .map(|first| first.to_lowercase().collect::<String>() + letters.as_str())
        .unwrap_or_default()
}
