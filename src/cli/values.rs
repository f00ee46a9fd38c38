//! Values of options, as they are written.

use mupac_model::analytic::capability;

use super::{NATIVE, Threshold};

/// Returns a level of optimisation.
pub(super) fn level(word: &str) -> Result<u8, String> {
    let level = word.parse().ok().filter(|level| *level <= 3);
    level.ok_or_else(|| "the levels are 0, 1, 2 and 3".to_owned())
}

/// Returns from how many iterations on kernels run.
pub(super) fn threshold(word: &str) -> Result<Threshold, String> {
    if word == "auto" {
        return Ok(Threshold(None));
    }
    let number = count(word).map(|number| Threshold(Some(number)));
    number.map_err(|why| format!("{why}, or `auto`"))
}

/// Returns a number.
pub(super) fn count(word: &str) -> Result<u64, String> {
    let why = || format!("it is a whole number from 0 to {}", u64::MAX);
    word.parse().map_err(|_| why())
}

/// Returns a number other than 0.
pub(super) fn positive(word: &str) -> Result<u64, String> {
    let number = word.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| "it is a whole number from 1 on".to_owned())
}

/// Returns an architecture, if it is one.
pub(super) fn arch(word: &str) -> Result<String, String> {
    if word == NATIVE || capability(word).is_some() {
        Ok(word.to_owned())
    } else {
        Err("no GPU that mupac knows is called so; it is spelled as for nvcc, sm_80 or sm_90, or `native`".to_owned())
    }
}
