//! The `mupac` command.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(mupac::run::main(std::env::args_os()))
}
