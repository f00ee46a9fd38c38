//! Where kernels run, and how they are compiled for that.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use mupac_tester::driver::{self, Processor};
use mupac_tester::{CheckOptions, TesterError, tools};

use super::once;
use super::options::Role;
use super::parts::{Parts, first_line};
use super::settings::{Settings, Where};
use super::words::Words;
use crate::diagnostics::Message;

/// A compiler of kernels.
#[derive(Clone, Debug)]
pub(super) enum Device {
    /// There is none, and nothing is translated.
    None,
    /// A GPU.
    Gpu {
        nvcc: PathBuf,
        /// As `-arch` takes it.
        arch: String,
    },
    /// The processor of whoever runs the program.
    Cpu(Processor),
}

impl Device {
    /// Returns the device that was asked for; none where the user leaves it open and there is no nvcc.
    ///
    /// **Errors**: what it needs is missing.
    pub(super) fn of(settings: &Settings) -> Result<Self, Message> {
        let arch = settings.arch.clone();
        let gpu = || tools::nvcc_path().map(|nvcc| Self::Gpu { nvcc, arch });
        match settings.device {
            Where::Off => Ok(Self::None),
            Where::Cpu => Ok(processor().map_or_else(
                |error| {
                    once::say(&format!("everything is built as it is: {error}"));
                    Self::None
                },
                Self::Cpu,
            )),
            Where::Gpu => gpu().ok_or_else(|| {
                Message::error("--device=gpu needs nvcc, and there is none")
                    .help("mupac doctor says where it is looked for")
            }),
            Where::Auto => Ok(gpu().unwrap_or(Self::None)),
        }
    }

    /// Returns the object of a translation's kernels, which is kept.
    ///
    /// **Errors**: they do not compile.
    pub(super) fn kernels(&self, parts: &Parts, words: &Words) -> Result<PathBuf, String> {
        let addressing = words.with(&[Role::Addressing]);
        let texts = addressing.iter().map(String::as_bytes);
        let hashes = [parts.hash, self.hash()].map(u64::to_le_bytes);
        let hash = driver::hash_of(hashes.iter().map(<[u8; 8]>::as_slice).chain(texts));
        let folder = driver::kept("cc-kernels", hash, |folder| {
            let object = folder.join("kernels.o");
            let compiled = match self {
                Self::None => Err("there is no device".to_owned()),
                Self::Gpu { nvcc, arch } => {
                    compiled_for_gpu((nvcc, arch), parts, &object, &addressing)?
                }
                Self::Cpu(processor) => processor.compile(&parts.cuda, &object, &addressing)?,
            };
            compiled.map_err(|said| TesterError::Tools {
                what: format!("its kernels do not compile: {}", first_line(&said)),
            })
        });
        let folder = folder.map_err(|error| error.to_string())?;
        Ok(folder.join("kernels.o"))
    }

    fn hash(&self) -> u64 {
        match self {
            Self::None => 0,
            Self::Gpu { nvcc, arch } => {
                let tools = driver::hash_of_tools(&[nvcc]).to_le_bytes();
                let options = ["NVCC_PREPEND_FLAGS", "NVCC_APPEND_FLAGS", "NVCC_CCBIN"];
                let options = options.map(|name| env::var(name).unwrap_or_default());
                let options = options.iter().map(String::as_bytes);
                driver::hash_of(
                    [tools.as_slice(), arch.as_bytes()]
                        .into_iter()
                        .chain(options),
                )
            }
            Self::Cpu(processor) => processor.hash(),
        }
    }
}

/// Finds what kernels on a processor need.
pub(super) fn processor() -> Result<Processor, TesterError> {
    Processor::prepare(&CheckOptions::default().cxx_compiler)
}

fn compiled_for_gpu(
    (nvcc, arch): (&Path, &str),
    parts: &Parts,
    object: &Path,
    addressing: &[String],
) -> Result<Result<(), String>, TesterError> {
    let mut arguments = ["-c", "-O3", "-std=c++17", "-w"]
        .map(str::to_owned)
        .to_vec();
    arguments.push(format!("-arch={arch}"));
    arguments.extend(addressing.iter().map(|word| format!("-Xcompiler={word}")));
    arguments.push(parts.cuda.to_string_lossy().into_owned());
    Ok(driver::compiled(nvcc, arguments, object)?.map(drop))
}

/// Returns the folder of the library that programs with kernels for a GPU are linked with, as it lies beside nvcc.
///
/// **Source**: CUDA installation guide for Linux 13.0; the wheels of `PyPI` have `lib`.
pub(super) fn cuda_libraries(nvcc: &Path) -> Option<PathBuf> {
    let real = fs::canonicalize(nvcc).ok()?;
    let root = real.parent()?.parent()?;
    let places = [
        "lib64",
        "lib",
        "targets/x86_64-linux/lib",
        "targets/sbsa-linux/lib",
    ];
    let mut places = places.iter().map(|place| root.join(place));
    places.find(|place| place.join("libcudart_static.a").is_file())
}
