//! Puts the output where the user wants it: whole or not at all.
//!
//! CUDA text is accepted only with the tester's verdict on it ([`Checked`]), and that verdict is stamped into the
//! first lines of the file.
//! A regular file is written beside its place, synchronised and renamed, so that a reader never sees half of it and a
//! failure leaves nothing behind.

use std::fs::{File, OpenOptions, Permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use mupac_ir::Unit;
use mupac_tester::{Unchecked, Verified};
use tempfile::NamedTempFile;

use crate::cli::Support;
use crate::diagnostics::Message;
use crate::input::{is_dash, words};
use crate::support_apart;

/// A translated file with the verdict that lets it be written.
#[derive(Debug)]
pub enum Checked {
    /// The tester ran it and found no difference.
    Verified(Verified),
    /// The user asked for no check.
    Unchecked(Unchecked),
    /// Nothing was replaced, so there is nothing that a test could find wrong but could not be run.
    Original(OriginalText),
}

impl Checked {
    /// Returns the file with its text.
    pub fn unit(&self) -> &Unit {
        match self {
            Self::Verified(verified) => verified.unit(),
            Self::Unchecked(unchecked) => unchecked.unit(),
            Self::Original(original) => &original.unit,
        }
    }

    /// Returns the emitted text.
    pub fn cuda(&self) -> &str {
        &self.unit().cuda
    }
}

/// A file without kernels that could not be tested.
#[derive(Clone, Debug)]
pub struct OriginalText {
    unit: Unit,
    why: String,
}

impl OriginalText {
    /// Returns `None` where the unit holds a kernel, which only a passed test lets through.
    pub fn new(unit: Unit, why: String) -> Option<Self> {
        unit.kernels.is_empty().then_some(Self { unit, why })
    }

    /// Returns why it could not be tested.
    pub fn why(&self) -> &str {
        &self.why
    }
}

/// Where a text goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Standard output.
    StandardOutput,
    /// A file.
    File(PathBuf),
}

impl Target {
    /// Returns the target that a path names; `-` is standard output.
    pub fn of(path: &Path) -> Self {
        if is_dash(path) {
            Self::StandardOutput
        } else {
            Self::File(path.to_owned())
        }
    }

    /// Returns the files of a translation of which a part stays C, this one before the others.
    pub fn parts(&self) -> Vec<Self> {
        match self {
            Self::StandardOutput => vec![Self::StandardOutput],
            Self::File(path) => ["cu", "c", "mupac.h"]
                .iter()
                .map(|ending| Self::File(path.with_extension(ending)))
                .collect(),
        }
    }

    /// Returns the header that holds the run-time support of this one, if it lies beside it.
    pub fn support(&self) -> Option<Self> {
        match self {
            Self::StandardOutput => None,
            Self::File(path) => Some(Self::File(path.with_extension("mupac.cuh"))),
        }
    }

    /// Returns the name without folder and ending, which the parts of a translation share.
    ///
    /// **Errors**: no text can name it.
    pub(crate) fn stem(&self) -> Result<String, Message> {
        let name = self.name();
        let stem = Path::new(&name).file_stem().and_then(|stem| stem.to_str());
        let stem = stem.filter(|stem| !stem.contains(['"', '\\', '\n']));
        stem.map(str::to_owned).ok_or_else(|| {
            Message::error(format!("{name} is no name that text can include"))
                .help("-o names another file")
        })
    }

    /// Returns the name without folder.
    fn file_name(&self) -> String {
        let name = self.name();
        let last = Path::new(&name).file_name();
        last.map_or(name.clone(), |last| last.to_string_lossy().into_owned())
    }

    /// Returns how messages name it.
    pub fn name(&self) -> String {
        match self {
            Self::StandardOutput => "<stdout>".to_owned(),
            Self::File(path) => path.display().to_string(),
        }
    }
}

/// Returns the files that a unit is written to, the one that the target names before the others; its run-time support
/// is the last one, where that has a file of its own.
pub fn places(target: &Target, unit: &Unit, support: Support) -> Vec<Target> {
    let mut places = match unit.c_part {
        Some(_) => target.parts(),
        None => vec![target.clone()],
    };
    places.extend(support_header(target, unit, support));
    places
}

/// Returns the file that the run-time support of a unit has for itself.
fn support_header(target: &Target, unit: &Unit, support: Support) -> Option<Target> {
    match support {
        Support::Header if !unit.support.is_empty() => target.support(),
        Support::Header | Support::Inline => None,
    }
}

/// Writes translated CUDA text, and what belongs to it, under its header.
///
/// **Errors**: a message that names the target and says why it cannot be written.
pub fn write_cuda(
    target: &Target,
    checked: &Checked,
    header: &[String],
    support: Support,
) -> Result<(), Message> {
    let unit = checked.unit();
    let first: String = header.iter().map(|line| comment(line)).collect();
    let apart = support_header(target, unit, support)
        .map(|place| support_apart::apart(unit, &target.file_name(), &place.file_name()));
    let cuda = apart.as_ref().map_or(checked.cuda(), |apart| &apart.cuda);
    let mut texts = vec![first + cuda];
    if let Some(part) = &unit.c_part {
        texts.extend([in_c(header, &part.text), in_c(header, &part.header)]);
    }
    texts.extend(apart.map(|apart| comment(&apart.first_line) + &apart.header));
    match target {
        Target::File(path) if texts.len() > 1 => {
            write_parts(path, &places(target, unit, support), &texts)
        }
        Target::File(_) | Target::StandardOutput => write_text(target, &texts[0]),
    }
}

/// Returns a text in C under its header.
fn in_c(header: &[String], text: &str) -> String {
    let mut out = String::new();
    for line in header {
        let plain = comment(line).replace("*/", "* /");
        let plain = plain.trim_end().trim_start_matches("// ");
        out.extend(["/* ", plain, " */\n"]);
    }
    out + text
}

/// Writes the parts of a translation: all of them, or none.
fn write_parts(path: &Path, places: &[Target], texts: &[String]) -> Result<(), Message> {
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder).map_err(|cause| {
            let why = words(&cause);
            Message::error(format!(
                "cannot make the folder {}: {why}",
                folder.display()
            ))
        })?;
    }
    mupac_tester::uninterrupted(|| {
        let mut ready = Vec::new();
        for (part, text) in places.iter().zip(texts) {
            let Target::File(path) = part else { continue };
            let cannot = |cause: &std::io::Error| {
                Message::error(format!("cannot write {}: {}", part.name(), failure(cause)))
            };
            let path = replaceable(path).map_err(|cause| cannot(&cause))?;
            let written = beside(&path, text.as_bytes()).map_err(|cause| cannot(&cause))?;
            ready.push((part.name(), path, written));
        }
        for (name, path, written) in ready {
            put(written, &path).map_err(|cause| {
                Message::error(format!("cannot write {name}: {}", failure(&cause)))
            })?;
        }
        Ok(())
    })
}

/// Returns the file that a path leads to, which may be replaced.
fn replaceable(path: &Path) -> std::io::Result<PathBuf> {
    let path = followed(path)?;
    match std::fs::metadata(&path) {
        Ok(metadata) if metadata.is_dir() => Err(ErrorKind::IsADirectory.into()),
        Ok(metadata) if metadata.permissions().readonly() || !metadata.is_file() => {
            Err(ErrorKind::PermissionDenied.into())
        }
        Ok(_) | Err(_) => Ok(path),
    }
}

/// Returns a comment line; nothing in `words` can end it or continue it.
fn comment(words: &str) -> String {
    let plain: String = words
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    // A backslash at the end of a line, or its trigraph, would make the next line part of the comment.
    let end = if plain.ends_with('\\') || plain.ends_with("??/") {
        "."
    } else {
        ""
    };
    format!("// {plain}{end}\n")
}

/// Writes a text that no verdict is needed for: a report, an intermediate form.
///
/// **Errors**: a message that names the target and says why it cannot be written.
pub fn write_text(target: &Target, text: &str) -> Result<(), Message> {
    let cannot = |why: &str| Message::error(format!("cannot write {}: {why}", target.name()));
    match target {
        Target::StandardOutput => {
            write_standard_output(text).map_err(|cause| cannot(&words(&cause)))
        }
        Target::File(path) => write_file(path, text).map_err(|cause| cannot(&failure(&cause))),
    }
}

/// Writes to standard output; a closed pipe ends quietly, since its reader has seen what it wanted.
///
/// **Errors**: any failure other than a closed pipe.
pub fn write_standard_output(text: &str) -> std::io::Result<()> {
    let mut stream = std::io::stdout().lock();
    match stream
        .write_all(text.as_bytes())
        .and_then(|()| stream.flush())
    {
        Err(cause) if cause.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

fn failure(cause: &std::io::Error) -> String {
    if cause.kind() == ErrorKind::IsADirectory {
        return "it is a folder".to_owned();
    }
    if cause.kind() == ErrorKind::NotFound {
        return "its folder does not exist".to_owned();
    }
    words(cause)
}

fn write_file(path: &Path, text: &str) -> std::io::Result<()> {
    let path = &followed(path)?;
    if let Ok(metadata) = std::fs::metadata(path) {
        if metadata.is_dir() {
            return Err(ErrorKind::IsADirectory.into());
        }
        if metadata.permissions().readonly() {
            return Err(ErrorKind::PermissionDenied.into());
        }
        if !metadata.is_file() {
            // A device or a pipe cannot be replaced, only written to.
            return OpenOptions::new()
                .write(true)
                .open(path)?
                .write_all(text.as_bytes());
        }
    }
    mupac_tester::uninterrupted(|| replace(path, text))
}

/// The most links that are followed. **Source**: Linux man-pages `path_resolution(7)`.
const MOST_LINKS: usize = 40;

/// Returns the file that a path leads to: a link stays a link, and what it points to is replaced, or made where it is not
/// there yet, as compilers do.
///
/// **Errors**: the links go round in a circle.
pub(crate) fn followed(named: &Path) -> std::io::Result<PathBuf> {
    let mut path = named.to_owned();
    for _ in 0..=MOST_LINKS {
        if !std::fs::symlink_metadata(&path).is_ok_and(|facts| facts.is_symlink()) {
            return Ok(path);
        }
        let target = std::fs::read_link(&path)?;
        // A link is read from the folder that it lies in.
        path = path.parent().unwrap_or(Path::new("")).join(target);
    }
    // The system says what is wrong.
    std::fs::canonicalize(named)
}

/// Puts what a file holds into the place of another one, which keeps its permissions.
///
/// **Errors**: either of them cannot be read or written.
pub(crate) fn replace_by(path: &Path, other: &Path) -> std::io::Result<()> {
    let path = replaceable(path)?;
    let bytes = std::fs::read(other)?;
    mupac_tester::uninterrupted(|| put(beside(&path, &bytes)?, &path))
}

fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    put(beside(path, text.as_bytes())?, path)
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    }
}

/// Writes a text beside its place.
fn beside(path: &Path, text: &[u8]) -> std::io::Result<NamedTempFile> {
    let permissions = std::fs::metadata(path).map_or_else(
        |_| Permissions::from_mode(0o666),
        |metadata| metadata.permissions(),
    );
    let mut temporary = tempfile::Builder::new()
        .prefix(".mupac-")
        .permissions(permissions)
        .tempfile_in(folder_of(path))
        .map_err(|cause| plain(&cause))?;
    temporary.write_all(text)?;
    temporary.as_file().sync_all()?;
    Ok(temporary)
}

/// Puts a text that lies beside its place there.
fn put(temporary: NamedTempFile, path: &Path) -> std::io::Result<()> {
    temporary.persist(path).map_err(|kept| kept.error)?;
    // The rename itself survives a crash only once the folder is on disk; a folder that cannot be opened for reading
    // is no reason to call the written file a failure.
    if let Ok(folder) = File::open(folder_of(path)) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// Drops the name of the temporary file, which the user never chose.
fn plain(cause: &std::io::Error) -> std::io::Error {
    cause
        .raw_os_error()
        .map_or_else(|| cause.kind().into(), std::io::Error::from_raw_os_error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_cannot_swallow_the_next_line() {
        assert_eq!(comment("a\\"), "// a\\.\n");
        assert_eq!(comment("a??/"), "// a??/.\n");
        assert_eq!(comment("a\nint b;"), "// a int b;\n");
    }

    #[test]
    fn a_file_is_replaced_whole_and_keeps_its_permissions() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.cu");
        std::fs::write(&path, "old").unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        write_text(&Target::File(path.clone()), "new").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o640
        );
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_cannot_be_written_is_named_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let read_only = folder.path().join("kept.cu");
        std::fs::write(&read_only, "old").unwrap();
        std::fs::set_permissions(&read_only, Permissions::from_mode(0o444)).unwrap();
        let missing = folder.path().join("no/such/out.cu");
        for path in [folder.path(), &read_only, &missing] {
            let message = write_text(&Target::File(path.to_owned()), "new").unwrap_err();
            assert!(
                message.title.contains(&*path.to_string_lossy()),
                "{}",
                message.title
            );
        }
        assert_eq!(std::fs::read_to_string(&read_only).unwrap(), "old");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_link_keeps_pointing_at_what_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real.cu"), folder.path().join("link.cu"));
        std::fs::write(&real, "old").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        write_text(&Target::File(link.clone()), "new").unwrap();
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(std::fs::read_to_string(&real).unwrap(), "new");
    }

    #[test]
    fn what_a_link_points_to_is_made_and_a_circle_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("sub")).unwrap();
        let path = |name: &str| folder.path().join(name);
        let link = |target: &str, name: &str| {
            std::os::unix::fs::symlink(target, path(name)).unwrap();
        };
        link("sub/second.cu", "first.cu");
        link("../real.cu", "sub/second.cu");
        write_text(&Target::File(path("first.cu")), "new").unwrap();
        assert_eq!(std::fs::read_to_string(path("real.cu")).unwrap(), "new");
        assert!(
            std::fs::symlink_metadata(path("sub/second.cu"))
                .unwrap()
                .is_symlink()
        );
        link("no/such/folder.cu", "lost.cu");
        let lost = write_text(&Target::File(path("lost.cu")), "new").unwrap_err();
        assert!(
            lost.title.contains("its folder does not exist"),
            "{}",
            lost.title
        );
        link("left.cu", "right.cu");
        link("right.cu", "left.cu");
        let circle = write_text(&Target::File(path("left.cu")), "new").unwrap_err();
        assert!(circle.title.contains("left.cu"), "{}", circle.title);
    }
}
