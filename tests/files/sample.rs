//! Which files are checked at length.

use std::path::Path;

/// Of how many files one is checked at length: a check takes seconds.
const SAMPLE: u32 = 5;

/// Whether a file is checked at length: one in [`SAMPLE`], told by the name so that other files change nothing, or all
/// of them where `MUPAC_CHECKS` is `all`.
pub(crate) fn is_sampled(path: &Path) -> bool {
    let name = path.file_stem().unwrap().as_encoded_bytes();
    let number = name
        .iter()
        .fold(0_u32, |sum, byte| sum * 31 % 65_521 + u32::from(*byte));
    number.is_multiple_of(SAMPLE)
        || std::env::var_os("MUPAC_CHECKS").is_some_and(|which| which == "all")
}
