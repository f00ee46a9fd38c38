//! What a build has to hear once, though each of its commands is a process of its own.

use std::fs::{self, OpenOptions};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use mupac_tester::tools;

/// How what was said is called, before the number of the build.
const STEM: &str = "cc-said-";

/// A later build with the same number hears it again.
const FORGOTTEN: Duration = Duration::from_hours(1);

/// Says something, unless another command of the same build has said it.
pub(super) fn say(words: &str) {
    let folder = tools::cache_folder();
    let path = folder
        .as_ref()
        .map(|folder| folder.join(format!("{STEM}{}", build())));
    if path.is_some_and(|path| is_said(&path)) {
        return;
    }
    super::say(words);
}

/// Notes that it is said, and returns whether it was before.
fn is_said(path: &PathBuf) -> bool {
    let changed = fs::metadata(path).and_then(|facts| facts.modified());
    let age = changed
        .ok()
        .and_then(|time| SystemTime::now().duration_since(time).ok());
    if age.is_some_and(|age| age > FORGOTTEN) {
        let _ = fs::remove_file(path);
    }
    let _ = path.parent().map(fs::create_dir_all);
    let noted = OpenOptions::new().write(true).create_new(true).open(path);
    noted.is_err_and(|error| error.kind() == std::io::ErrorKind::AlreadyExists)
}

/// Returns a number that the commands of a build share: their group of processes and their session.
///
/// **Source**: Linux man-pages `proc_pid_stat(5)`, fields 5 and 6.
fn build() -> String {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind_name = stat.rsplit(')').next().unwrap_or_default();
    let fields: Vec<&str> = behind_name.split_whitespace().collect();
    fields
        .get(2..4)
        .map_or(String::new(), |numbers| numbers.join("-"))
}
