//! The texts of a check as files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use mupac_ir::{CPart, Unit};

use crate::glue::Glue;
use crate::outcome::TesterError;

/// The original, in the folder of a check.
pub(crate) const ORIGINAL: &str = "original.c";

/// Where the original lies, for its quoted includes.
pub(crate) fn source_folder(unit: &Unit) -> &Path {
    folder_of(&unit.source.name)
}

/// The folder of a file.
pub(crate) fn folder_of(name: &str) -> &Path {
    match Path::new(name).parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    }
}

/// Writes a file under test followed by its callers; messages of compilers keep the file's own lines.
///
/// The file under test is what comes before it, its name, and its text; `definitions` is what callers need besides.
pub(crate) fn write_source(
    scratch: &Path,
    file: &str,
    (before, shown, text): (&str, &str, &str),
    (definitions, glue): (&str, &Glue),
) -> Result<PathBuf, TesterError> {
    let path = scratch.join(file);
    let quoted = shown.replace('\\', "\\\\").replace('"', "\\\"");
    let shown = quoted.replace('\n', "\\n");
    let whole = format!(
        "{before}#line 1 \"{shown}\"\n{text}\n#line 1 \"mupac-test\"\n{definitions}{}",
        glue.text
    );
    fs::write(&path, whole).map_err(TesterError::io(format!("write {file}")))?;
    Ok(path)
}

/// A text under test as files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// The CUDA C++, whose launches are rewritten.
    pub(crate) cuda: PathBuf,
    /// What of it stays C, with the folder of the header that both include.
    pub(crate) c_part: Option<(PathBuf, PathBuf)>,
}

/// Writes a text under test, by this name, followed by its callers: behind the C part, where there is one.
pub(crate) fn write_candidate(
    scratch: &Path,
    name: &str,
    (cuda, c_part): (&str, Option<&CPart>),
    (definitions, glue): (&str, &Glue),
) -> Result<Candidate, TesterError> {
    let file = format!("{name}.cu");
    let Some(part) = c_part else {
        let cuda = write_source(scratch, &file, ("", &file, cuda), (definitions, glue))?;
        return Ok(Candidate { cuda, c_part: None });
    };
    let folder = scratch.join(format!("{name}-header"));
    let headers = BTreeMap::from([(part.header_name(), part.header.clone())]);
    write_headers(&folder, &headers)?;
    let cuda = write_source(scratch, &file, ("", &file, cuda), ("", &Glue::default()))?;
    let file = format!("{name}.c");
    let c = write_source(scratch, &file, ("", &file, &part.text), (definitions, glue))?;
    Ok(Candidate {
        cuda,
        c_part: Some((c, folder)),
    })
}

/// Writes the headers of a smaller program, where they are found before those of the user.
pub(crate) fn write_headers(
    folder: &Path,
    headers: &BTreeMap<String, String>,
) -> Result<(), TesterError> {
    for (name, text) in headers {
        let path = folder.join(name);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent).map_err(TesterError::io("make a temporary folder"))?;
        fs::write(&path, text).map_err(TesterError::io(format!("write {name}")))?;
    }
    Ok(())
}
