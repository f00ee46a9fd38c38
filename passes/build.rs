//! Links isl and GMP statically, so that a machine without them can still run the program.

use std::path::Path;
use std::process::Command;

/// The archives, in the order the linker needs them: isl calls GMP.
const ARCHIVES: [&str; 2] = ["isl", "gmp"];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=CC");
    for archive in ARCHIVES {
        if let Some(folder) = folder_of(archive) {
            println!("cargo::rustc-link-search=native={folder}");
            println!("cargo::rustc-link-lib=static={archive}");
        } else {
            println!(
                "cargo::error=lib{archive}.a is missing; on Debian and Ubuntu: apt-get install libisl-dev libgmp-dev"
            );
        }
    }
}

/// Asks the C compiler where an archive lies; a compiler that does not find it answers with the bare name.
fn folder_of(archive: &str) -> Option<String> {
    let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    let answer = Command::new(compiler)
        .arg(format!("-print-file-name=lib{archive}.a"))
        .output()
        .ok()?;
    let path = String::from_utf8(answer.stdout).ok()?;
    let path = Path::new(path.trim());
    if !path.is_absolute() {
        return None;
    }
    path.parent()?.to_str().map(str::to_owned)
}
