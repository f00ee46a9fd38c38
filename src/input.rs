//! Reads what the user named, and says in one line what is wrong with it.

use std::ffi::OsStr;
use std::fs::{Metadata, OpenOptions};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use mupac_frontend::Input;
use mupac_ir::Source;

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

impl InputFile {
    /// Returns it as messages name and show it.
    pub fn source(&self) -> Source {
        Source::new(&*self.name, String::from_utf8_lossy(&self.text))
    }

    /// Returns it for the C front end.
    pub(crate) fn to_read(&self) -> Input {
        Input {
            name: self.name.clone(),
            text: self.text.clone(),
            parts: Vec::new(),
        }
    }
}

/// The largest file that is read: far more than programs have, and little enough for memory; spans count bytes in 32 bits.
///
/// **Units**: bytes.
const LARGEST: u64 = 256 << 20;

/// Opening does not wait.
///
/// **Source**: Linux, `asm-generic/fcntl.h`; the same on x86-64 and aarch64.
const NONBLOCK: i32 = 0o4000;

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
        let text = whole(std::io::stdin().lock()).map_err(|cause| {
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

/// Reads a regular file whole.
///
/// **Errors**: a message that names the file and says why it cannot be read: a pipe would wait for whoever writes to it,
/// and a device may never end.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, Message> {
    let cannot = |why: &str| Message::error(format!("cannot read {}: {why}", path.display()));
    // A pipe is opened without waiting, to find out that it is one.
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(NONBLOCK)
        .open(path)
        .map_err(|cause| cannot(&words(&cause)))?;
    let facts = file.metadata().map_err(|cause| cannot(&words(&cause)))?;
    if let Some(other) = other_than_file(&facts) {
        let message = cannot(&format!("it is {other}"));
        return Err(if facts.is_dir() {
            message
        } else {
            message.help("only regular files are read; `mupac -` translates what it is sent")
        });
    }
    whole(file).map_err(|cause| cannot(&words(&cause)))
}

/// Returns what stands under a name that is no regular file, nor the device that is always empty.
fn other_than_file(facts: &Metadata) -> Option<&'static str> {
    /// Major number 1, minor number 3. **Source**: Linux, `Documentation/admin-guide/devices.txt`.
    const EMPTY_DEVICE: u64 = 0x103;
    let kind = facts.file_type();
    if kind.is_file() || kind.is_char_device() && facts.rdev() == EMPTY_DEVICE {
        return None;
    }
    Some(if kind.is_dir() {
        "a folder"
    } else if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    })
}

/// Reads to the end, which has to come.
///
/// **Errors**: besides those of reading, `FileTooLarge`.
fn whole(from: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(std::io::Error::new(
            ErrorKind::FileTooLarge,
            format!("it is larger than {} MiB", LARGEST >> 20),
        ));
    }
    Ok(bytes)
}

fn without_mark(text: Vec<u8>) -> Vec<u8> {
    match text.strip_prefix("\u{feff}".as_bytes()) {
        Some(rest) => rest.to_vec(),
        None => text,
    }
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
