//! The words of a report that programs tell apart.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A word that mupac writes and that a report may hold in another spelling when it is read.
pub type Word = Cow<'static, str>;

/// Where the iterations of a loop run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// In parallel on the GPU.
    Parallel,
    /// One after another, on the host or inside a thread.
    Sequential,
    /// On the host although they could run in parallel: too few, or the user said so.
    Host,
    /// Nowhere by itself: every call of its function is part of the loops that make it.
    Inlined,
}

impl Verdict {
    /// Returns the word of the report.
    pub fn name(self) -> &'static str {
        mupac_ir::Verdict::from(self).name()
    }
}

impl From<mupac_ir::Verdict> for Verdict {
    fn from(verdict: mupac_ir::Verdict) -> Self {
        match verdict {
            mupac_ir::Verdict::Parallel => Self::Parallel,
            mupac_ir::Verdict::Sequential => Self::Sequential,
            mupac_ir::Verdict::Host => Self::Host,
            mupac_ir::Verdict::Inlined => Self::Inlined,
        }
    }
}

impl From<Verdict> for mupac_ir::Verdict {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Parallel => Self::Parallel,
            Verdict::Sequential => Self::Sequential,
            Verdict::Host => Self::Host,
            Verdict::Inlined => Self::Inlined,
        }
    }
}

/// What a statement of the host does with memory of which the device has copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum TurnKind {
    /// It reads: copies go home.
    Reads,
    /// It may write: copies go home and are forgotten.
    Changes,
    /// Nobody knows: besides, no copy outlives a region until it is over.
    Alone,
}

impl From<mupac_ir::Turn> for TurnKind {
    fn from(turn: mupac_ir::Turn) -> Self {
        match turn {
            mupac_ir::Turn::Reads => Self::Reads,
            mupac_ir::Turn::Changes => Self::Changes,
            mupac_ir::Turn::Alone => Self::Alone,
        }
    }
}
