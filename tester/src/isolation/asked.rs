//! Programs that run as their user asked for: with the streams, the environment and the limits of this process.
//!
//! A compiler driver starts the compiler that its user would have called, which is not to be isolated from anything.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::Command;

/// Set in the environment of a program that runs so: one that leads back here would never come to an end.
const MARK: &str = "MUPAC_CC_RUNS";

/// Returns whether this process was started so.
pub fn is_inside() -> bool {
    std::env::var_os(MARK).is_some()
}

/// Runs a program to its end, and returns its exit code, or 128 and the number of the signal that ended it, as a shell does.
///
/// **Errors**: it cannot be started.
pub fn run_as_asked(program: &Path, arguments: &[OsString]) -> io::Result<u8> {
    let status = Command::new(program)
        .args(arguments)
        .env(MARK, "1")
        .status()?;
    let signal = || status.signal().map_or(1, |number| 128 + number);
    Ok(status.code().unwrap_or_else(signal) as u8)
}

/// Becomes another program; where that is not possible, says why.
pub fn become_program(program: &Path, arguments: &[OsString]) -> io::Error {
    Command::new(program).args(arguments).env(MARK, "1").exec()
}
