//! How much memory a group of processes may hold.
//!
//! Limits on address space do not serve: sanitizers reserve terabytes that are never there. What is there is looked at
//! again and again, since the kernel bounds it for single processes only, and control groups need rights.

use std::fs;
use std::sync::OnceLock;

use super::accounts::kibibytes;

/// Which part of the machine's memory a group may hold: checks run several at a time, and other programs run as well.
const PART: u64 = 4;

/// The most that a group may hold, however large the machine.
const MOST_BYTES: u64 = 8 << 30;

/// Where the system says nothing of its memory.
const UNKNOWN_BYTES: u64 = 8 << 30;

/// Returns the most memory that a group of processes may hold.
///
/// **Units**: bytes.
pub(crate) fn most_bytes() -> u64 {
    static MOST: OnceLock<u64> = OnceLock::new();
    *MOST.get_or_init(|| (machine_bytes() / PART).min(MOST_BYTES))
}

/// Says an amount as people do.
pub(crate) fn in_words(bytes: u64) -> String {
    let gibibytes = bytes as f64 / f64::from(1 << 30);
    if gibibytes < 1.0 {
        return format!("{} MiB of memory", bytes >> 20);
    }
    format!("{gibibytes:.1} GiB of memory")
}

/// Returns the memory of the machine, or of the container that this runs in.
///
/// **Source**: Linux, proc(5), `/proc/meminfo`; Documentation/admin-guide/cgroup-v2.rst, `memory.max`.
fn machine_bytes() -> u64 {
    let total = fs::read_to_string("/proc/meminfo").ok();
    let total = total.and_then(|text| kibibytes(&text, "MemTotal:"));
    let total = total.map_or(UNKNOWN_BYTES, |count| count.saturating_mul(1024));
    let container = fs::read_to_string("/sys/fs/cgroup/memory.max").ok();
    let container = container.and_then(|text| text.trim().parse().ok());
    container.map_or(total, |most: u64| most.min(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_leaves_memory_to_others() {
        assert!(most_bytes() > 0 && most_bytes() <= machine_bytes() / PART);
        assert_eq!(in_words(3 << 29), "1.5 GiB of memory");
        assert_eq!(in_words(256 << 20), "256 MiB of memory");
    }
}
