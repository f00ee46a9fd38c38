//! What nvcc's assembler says of kernels.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Returns the compiler that `tools/nvcc.sh` finds.
pub(crate) fn compiler() -> Option<PathBuf> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tools/nvcc.sh");
    let found = Command::new("sh").arg(script).output().ok()?;
    let path = String::from_utf8(found.stdout).ok()?;
    (found.status.success() && !path.trim().is_empty()).then(|| PathBuf::from(path.trim()))
}

/// What a kernel takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Used {
    /// Registers of a thread.
    pub(crate) registers: f64,
    /// Bytes that a thread stores since it lacks registers.
    pub(crate) spilled_bytes: f64,
}

/// Returns what each kernel of a text takes, by name; nothing where the text does not compile.
pub(crate) fn used(
    compiler: &Path,
    arch: &str,
    options: &[String],
    cuda: &str,
) -> BTreeMap<String, Used> {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("text.cu");
    std::fs::write(&text, cuda).unwrap();
    let ended = Command::new(compiler)
        .args(["-cubin", "-Xptxas", "-v", "-w"])
        .arg(format!("-arch={arch}"))
        .args(options)
        .arg("-o")
        .arg(folder.path().join("text.cubin"))
        .arg(&text)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ended.stderr) + String::from_utf8_lossy(&ended.stdout);
    let (mut name, mut spilled_bytes) = ("", 0.0);
    let mut found = BTreeMap::new();
    for line in said.lines() {
        if let Some((_, rest)) = line.split_once("Compiling entry function '") {
            name = rest.split('\'').next().unwrap_or_default();
        } else if let Some((_, rest)) = line.split_once("bytes stack frame, ") {
            spilled_bytes = number(rest).unwrap_or(0.0);
        } else if let Some((_, rest)) = line.split_once("Used ")
            && let Some(registers) = number(rest)
        {
            let used = Used {
                registers,
                spilled_bytes,
            };
            found.insert(plain_name(name).to_owned(), used);
        }
    }
    found
}

/// Returns the number that a text starts with.
fn number(text: &str) -> Option<f64> {
    text.split(' ').next().and_then(|word| word.parse().ok())
}

/// Returns the name of a function at file scope, without the types of its parameters.
///
/// **Source**: Itanium C++ ABI, §5.1 (mangling): `_Z`, the length of the name, the name.
fn plain_name(mangled: &str) -> &str {
    let Some(rest) = mangled.strip_prefix("_Z") else {
        return mangled;
    };
    let digits = rest.chars().take_while(char::is_ascii_digit).count();
    let length: usize = rest[..digits].parse().unwrap_or(0);
    rest.get(digits..digits + length).unwrap_or(mangled)
}
