//! The text of the runtime that executes CUDA on the CPU, and where its compiled form is kept.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use mupac_ir::hash::Fnv;

/// The files of the runtime, by name.
const FILES: [(&str, &str); 52] = [
    (
        "cooperative_groups.h",
        include_str!("../simt/cooperative_groups.h"),
    ),
    (
        "cooperative_groups/reduce.h",
        include_str!("../simt/cooperative_groups/reduce.h"),
    ),
    (
        "cooperative_groups/scan.h",
        include_str!("../simt/cooperative_groups/scan.h"),
    ),
    ("cuda.h", include_str!("../simt/cuda.h")),
    ("cuda_runtime.h", include_str!("../simt/cuda_runtime.h")),
    (
        "cuda_runtime_api.h",
        include_str!("../simt/cuda_runtime_api.h"),
    ),
    (
        "device_launch_parameters.h",
        include_str!("../simt/device_launch_parameters.h"),
    ),
    ("harness.c", include_str!("../simt/harness.c")),
    ("harness.h", include_str!("../simt/harness.h")),
    ("harness_clock.h", include_str!("../simt/harness_clock.h")),
    ("harness_digits.h", include_str!("../simt/harness_digits.h")),
    (
        "harness_confinement.h",
        include_str!("../simt/harness_confinement.h"),
    ),
    ("harness_memory.h", include_str!("../simt/harness_memory.h")),
    (
        "harness_profile.h",
        include_str!("../simt/harness_profile.h"),
    ),
    (
        "harness_results.h",
        include_str!("../simt/harness_results.h"),
    ),
    ("harness_sample.h", include_str!("../simt/harness_sample.h")),
    ("harness_trace.h", include_str!("../simt/harness_trace.h")),
    ("harness_values.h", include_str!("../simt/harness_values.h")),
    ("library.h", include_str!("../simt/library.h")),
    ("processor.cpp", include_str!("../simt/processor.cpp")),
    ("processor_api.h", include_str!("../simt/processor_api.h")),
    (
        "processor_threads.h",
        include_str!("../simt/processor_threads.h"),
    ),
    ("runtime.cpp", include_str!("../simt/runtime.cpp")),
    ("runtime_access.h", include_str!("../simt/runtime_access.h")),
    ("runtime_api.h", include_str!("../simt/runtime_api.h")),
    (
        "runtime_contexts.h",
        include_str!("../simt/runtime_contexts.h"),
    ),
    ("runtime_copies.h", include_str!("../simt/runtime_copies.h")),
    ("runtime_fibers.h", include_str!("../simt/runtime_fibers.h")),
    ("runtime_grid.h", include_str!("../simt/runtime_grid.h")),
    ("runtime_heap.h", include_str!("../simt/runtime_heap.h")),
    ("runtime_host.h", include_str!("../simt/runtime_host.h")),
    ("runtime_hooks.h", include_str!("../simt/runtime_hooks.h")),
    (
        "runtime_meetings.h",
        include_str!("../simt/runtime_meetings.h"),
    ),
    ("runtime_memory.h", include_str!("../simt/runtime_memory.h")),
    ("runtime_needed.h", include_str!("../simt/runtime_needed.h")),
    ("runtime_order.h", include_str!("../simt/runtime_order.h")),
    ("runtime_report.h", include_str!("../simt/runtime_report.h")),
    ("runtime_sample.h", include_str!("../simt/runtime_sample.h")),
    ("runtime_start.h", include_str!("../simt/runtime_start.h")),
    (
        "runtime_stream_api.h",
        include_str!("../simt/runtime_stream_api.h"),
    ),
    (
        "runtime_streams.h",
        include_str!("../simt/runtime_streams.h"),
    ),
    ("runtime_stuck.h", include_str!("../simt/runtime_stuck.h")),
    (
        "runtime_threads.h",
        include_str!("../simt/runtime_threads.h"),
    ),
    ("runtime_trace.h", include_str!("../simt/runtime_trace.h")),
    ("simt_api.h", include_str!("../simt/simt_api.h")),
    ("simt_atomics.h", include_str!("../simt/simt_atomics.h")),
    ("simt_interface.h", include_str!("../simt/simt_interface.h")),
    ("simt_keywords.h", include_str!("../simt/simt_keywords.h")),
    ("simt_launch.h", include_str!("../simt/simt_launch.h")),
    ("simt_math.h", include_str!("../simt/simt_math.h")),
    ("simt_types.h", include_str!("../simt/simt_types.h")),
    ("simt_warps.h", include_str!("../simt/simt_warps.h")),
];

/// The folder below the runtime's own that some of its files lie in.
pub(crate) const SUBFOLDER: &str = "cooperative_groups";

/// Returns the files of the runtime: name and text.
pub(crate) fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.into_iter()
}

/// Returns a number that changes with files, flags and compilers.
pub(crate) fn hash(
    compilers: &[&Path],
    flags: &[&str],
    files: impl Iterator<Item = (&'static str, &'static str)>,
) -> u64 {
    let mut hash = Fnv::default();
    for (name, text) in files {
        hash.add_text(name.as_bytes());
        hash.add_text(text.as_bytes());
    }
    for flag in flags {
        hash.add_text(flag.as_bytes());
    }
    for compiler in compilers {
        let real = fs::canonicalize(compiler).unwrap_or_else(|_| compiler.to_path_buf());
        hash.add_text(real.to_string_lossy().as_bytes());
        if let Ok(facts) = fs::metadata(&real) {
            hash.add_text(&facts.len().to_le_bytes());
            let changed = facts
                .modified()
                .ok()
                .and_then(|time| time.duration_since(UNIX_EPOCH).ok());
            hash.add_text(&changed.unwrap_or_default().as_nanos().to_le_bytes());
        }
    }
    hash.value()
}

/// Returns a hash of several texts.
pub(crate) fn content_hash<'a>(texts: impl Iterator<Item = &'a [u8]>) -> u64 {
    let mut hash = Fnv::default();
    texts.for_each(|text| hash.add_text(text));
    hash.value()
}

/// Where compiled runtimes and failed checks may be kept, best first.
pub(crate) fn cache_folders() -> Vec<PathBuf> {
    let variable = |name: &str| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    if let Some(folder) = variable("MUPAC_CACHE_DIR") {
        return vec![folder];
    }
    variable("XDG_CACHE_HOME")
        .or_else(|| variable("HOME").map(|home| home.join(".cache")))
        .map(|folder| folder.join("mupac"))
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_know_the_emulated_device_by_its_name() {
        let name = format!("\"{}\"", mupac_ir::gpu_result::EMULATION);
        assert!(files().any(|(_, text)| text.contains(&name)));
    }
}
