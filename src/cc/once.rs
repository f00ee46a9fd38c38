//! What a build has to hear once, though each of its commands is a process of its own.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use mupac_tester::tools;

/// The file of the cache folder that holds the number of the session in which it was said last.
const NAME: &str = "cc-said";

/// The same session hears it again after so long.
const FORGOTTEN: Duration = Duration::from_hours(1);

/// Says something, unless a command of the same session has said it lately.
pub(super) fn say(words: &str) {
    let note = tools::cache_folder().map(|folder| folder.join(NAME));
    if !note.is_some_and(|note| is_said(&note)) {
        super::say(words);
    }
}

/// Notes that it is said, and returns whether it was before.
fn is_said(note: &Path) -> bool {
    let changed = fs::metadata(note).and_then(|facts| facts.modified());
    let age = changed
        .ok()
        .and_then(|time| SystemTime::now().duration_since(time).ok());
    let session = session();
    let is_last = fs::read_to_string(note).is_ok_and(|last| last == session);
    if is_last && age.is_some_and(|age| age < FORGOTTEN) {
        return true;
    }
    // Where nothing can be noted, it is said again.
    let _ = note.parent().map(fs::create_dir_all);
    let _ = fs::write(note, session);
    false
}

/// Returns the number of the session, which all commands of a terminal or of a job share.
///
/// **Source**: Linux man-pages `proc_pid_stat(5)`, field 6.
fn session() -> String {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind_name = stat.rsplit(')').next().unwrap_or_default();
    let session = behind_name.split_whitespace().nth(3);
    session.unwrap_or_default().to_owned()
}
