//! `mupac cache`: what translations are kept, and how to forget them.

use std::fs;
use std::path::Path;

use mupac_tester::{driver, tools};

use crate::diagnostics::Message;

/// Returns what is kept, in words; with `clears`, removes it before.
///
/// **Errors**: something cannot be removed.
pub(crate) fn show(clears: bool) -> Result<String, Message> {
    let folders = driver::kept_folders();
    let bytes: u64 = folders.iter().map(|folder| size(folder)).sum();
    let place =
        tools::cache_folder().map_or("nowhere".to_owned(), |folder| folder.display().to_string());
    let what = format!(
        "{} folders of translations and kernels, {:.1} MiB",
        folders.len(),
        bytes as f64 / f64::from(1 << 20)
    );
    if !clears {
        return Ok(format!(
            "{place}: {what}\n`mupac cache --clear` removes them; they are made again where they are needed\n"
        ));
    }
    for folder in &folders {
        fs::remove_dir_all(folder)
            .map_err(|why| Message::error(format!("cannot remove {}: {why}", folder.display())))?;
    }
    Ok(format!("{place}: removed {what}\n"))
}

/// Returns how much the files of a folder hold.
///
/// **Units**: bytes.
fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.metadata().ok())
        .map(|facts| facts.len())
        .sum()
}
