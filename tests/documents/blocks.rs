//! Blocks and sentences that are made of a file: its text, what mupac writes or says of it, what its tables come to.

use std::path::Path;
use std::process::Command;

use crate::sentences::{measured, speed_up};
use crate::{read, root};

/// Returns the sentence that is made of a document's table, if that is what is asked for.
pub(crate) fn sentence(kind: &str, file: &str) -> Option<String> {
    match kind {
        "speed-up" => Some(speed_up(file)),
        "measured" => Some(measured(file)),
        _ => None,
    }
}

/// Returns the body of a block.
pub(crate) fn block(kind: &str, file: &str) -> String {
    if kind == "source" {
        return read(file);
    }
    let folder = tempfile::tempdir().unwrap();
    let name = Path::new(file).with_extension("cu");
    let target = folder.path().join(name.file_name().unwrap());
    let output = Command::new(env!("CARGO_BIN_EXE_mupac"))
        .current_dir(root())
        .args([file, "-v", "--color=never", "--support=header", "-o"])
        .arg(&target)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    match kind {
        "output" => std::fs::read_to_string(&target).unwrap(),
        "notes" => notes(&String::from_utf8(output.stderr).unwrap()),
        _ => panic!("unknown kind of block: {kind}"),
    }
}

/// Keeps the first note: from `note[` to the line before the next blank line after its help.
fn notes(text: &str) -> String {
    let start = text.find("note[").expect("a note");
    let note = &text[start..];
    let end = note.find("\n\n").map_or(note.len(), |at| at + 1);
    note[..end].to_owned()
}
