//! Proposals as a guide of the search.

use mupac_passes::{Device, Draft};

use super::beams::Writer;
use super::session::SequenceModel;
use super::tokens::Tokens;
use crate::network::NetworkError;
use crate::oracle::OracleError;
use crate::search::{Advice, Choice, Even, Guide};

/// A sequence model with its tokeniser.
#[derive(Debug)]
pub struct Proposer {
    tokens: Tokens,
    model: SequenceModel,
}

impl Proposer {
    /// Returns what comes with mupac.
    ///
    /// **Errors**: as for [`read`](Self::read); a test shows that there are none.
    pub fn shipped() -> Result<Self, NetworkError> {
        Ok(Self {
            tokens: Tokens::shipped()?,
            model: SequenceModel::shipped()?,
        })
    }

    /// Reads a model for the tokeniser that comes with mupac.
    ///
    /// **Errors**: it is none, or was trained on other words.
    pub fn read(onnx: &[u8]) -> Result<Self, NetworkError> {
        Ok(Self {
            tokens: Tokens::shipped()?,
            model: SequenceModel::read(onnx)?,
        })
    }

    /// Returns the hash of the model's file, by which reports tell models apart.
    pub fn hash(&self) -> &str {
        self.model.hash()
    }

    /// Returns sequences of choices for the draft that a search begins with, the likeliest first.
    ///
    /// **Errors**: the runtime fails.
    pub fn proposals(
        &self,
        draft: &Draft,
        device: &Device,
    ) -> Result<Vec<Vec<Choice>>, NetworkError> {
        Writer::new(&self.model, &self.tokens, device).proposals(draft)
    }
}

/// Two are the same where the files of their models are.
impl PartialEq for Proposer {
    fn eq(&self, other: &Self) -> bool {
        self.hash() == other.hash()
    }
}

impl Eq for Proposer {}

/// Proposes what a sequence model writes, on top of what another guide says.
#[derive(Clone, Debug)]
pub struct Proposing<'a, G = Even> {
    proposer: &'a Proposer,
    device: Device,
    prior: G,
}

impl<'a, G> Proposing<'a, G> {
    /// Returns a guide that proposes, and divides attention as another one does.
    pub fn over(proposer: &'a Proposer, device: &Device, prior: G) -> Self {
        Self {
            proposer,
            device: device.clone(),
            prior,
        }
    }
}

impl<G: Guide> Guide for Proposing<'_, G> {
    fn advice(&mut self, draft: &Draft, choices: &[Choice]) -> Result<Advice, OracleError> {
        self.prior.advice(draft, choices)
    }

    fn promises(&self) -> bool {
        self.prior.promises()
    }

    fn proposals(&mut self, draft: &Draft) -> Result<Vec<Vec<Choice>>, OracleError> {
        Ok(self.proposer.proposals(draft, &self.device)?)
    }
}
