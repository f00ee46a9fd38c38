//! What a translation is worth, as the last message tells it.

use serde::{Deserialize, Serialize};

use crate::worth::{Worth, rounded};

/// What a translation is worth: what was measured and predicted, and what follows from both.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct WorthEntry {
    /// Times of the host, of kernels and of copies, and what holds the translation back most.
    #[serde(flatten)]
    pub parts: Worth,
    /// The whole time of the translation: what stays on the host, kernels and copies.
    ///
    /// **Units**: seconds, rounded to two digits.
    #[serde(default)]
    pub predicted: f64,
    /// How many times as fast as on one core of the host that is.
    #[serde(default)]
    pub times_as_fast: TimesAsFast,
}

/// A predicted ratio with its range, each rounded to two digits.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TimesAsFast {
    /// If kernels and copies take twice what is predicted.
    pub at_worst: f64,
    /// As predicted.
    pub likely: f64,
    /// If they take half of it.
    pub at_best: f64,
}

impl From<&Worth> for WorthEntry {
    fn from(parts: &Worth) -> Self {
        let [at_worst, likely, at_best] = parts.gains().map(rounded);
        Self {
            predicted: rounded(parts.predicted()),
            times_as_fast: TimesAsFast {
                at_worst,
                likely,
                at_best,
            },
            parts: parts.clone(),
        }
    }
}
