//! The sequence model as it is run: one token in, the next one's logits out.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use ort::session::{Session, SessionInputValue, SessionOutputs};
use ort::value::TensorRef;

use super::words::vocabulary_hash;
use crate::network::NetworkError;
use crate::network::session::{loaded, rounded};

/// The model that comes with mupac.
const SHIPPED: &[u8] = include_bytes!("../../train/proposals.onnx");

/// What the first input is called, before the hash of the vocabulary.
const FIRST_INPUT: &str = "token_";

/// The most tokens of a region.
pub const REGION_SLOTS: usize = 208;

/// The most tokens of its moves, which have the places after those of any region.
pub const MOVE_SLOTS: usize = 48;

const SLOTS: usize = REGION_SLOTS + MOVE_SLOTS;

/// Layers, each with keys and values to be kept.
const LAYERS: usize = 2;

/// Numbers of a key and of a value.
const WIDTH: usize = 64;

/// What is added to the score of a token that is not to be seen.
const UNSEEN: f32 = -1e9;

/// What the model keeps of the tokens so far.
#[derive(Clone, Debug)]
pub struct Memory {
    /// The keys and the values of the first layer, then of the next.
    ///
    /// **Shape**: for each `SLOTS` × `WIDTH`.
    kept: Vec<Vec<f32>>,
    /// 0 for a place that holds a token, `UNSEEN` for others; behind all places the token at hand.
    mask: Vec<f32>,
}

impl Default for Memory {
    fn default() -> Self {
        let mut mask = vec![UNSEEN; SLOTS];
        mask.push(0.0);
        Self {
            kept: vec![vec![0.0; SLOTS * WIDTH]; 2 * LAYERS],
            mask,
        }
    }
}

/// A sequence model that is ready to be asked.
pub struct SequenceModel {
    session: Mutex<Session>,
    hash: String,
}

impl SequenceModel {
    /// Returns the model that comes with mupac.
    ///
    /// **Errors**: as for [`read`](Self::read); a test shows that there are none.
    pub fn shipped() -> Result<Self, NetworkError> {
        Self::read(SHIPPED)
    }

    /// Reads a model as `model/train` writes them.
    ///
    /// **Errors**: it is none, or was trained on other words.
    pub fn read(onnx: &[u8]) -> Result<Self, NetworkError> {
        let mismatch = |trained, own| NetworkError::Vocabulary { trained, own };
        let (session, hash) = loaded(onnx, FIRST_INPUT, vocabulary_hash(), mismatch)?;
        Ok(Self {
            session: Mutex::new(session),
            hash,
        })
    }

    /// Returns the hash of the file, by which reports tell models apart.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Returns the logits of what comes after a token, and keeps what is to be remembered of it.
    ///
    /// A place beyond the last one is the last one.
    ///
    /// **Errors**: the runtime fails.
    pub fn step(
        &self,
        memory: &mut Memory,
        token: u32,
        place: usize,
    ) -> Result<Vec<f32>, NetworkError> {
        let place = place.min(SLOTS - 1);
        let (token, at) = ([i64::from(token)], [place as i64]);
        let mut inputs: Vec<(Cow<'_, str>, SessionInputValue<'_>)> = vec![
            (
                format!("{FIRST_INPUT}{}", vocabulary_hash()).into(),
                TensorRef::from_array_view(([1], token.as_slice()))?.into(),
            ),
            (
                "place".into(),
                TensorRef::from_array_view(([1], at.as_slice()))?.into(),
            ),
            (
                "mask".into(),
                TensorRef::from_array_view(([1, 1, SLOTS + 1], memory.mask.as_slice()))?.into(),
            ),
        ];
        for (number, rows) in memory.kept.iter().enumerate() {
            let rows = TensorRef::from_array_view(([SLOTS, WIDTH], rows.as_slice()))?;
            inputs.push((
                format!("{}s_{}", part(number), number / 2).into(),
                rows.into(),
            ));
        }
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let outputs = session.run(inputs)?;
        for (number, rows) in memory.kept.iter_mut().enumerate() {
            let name = format!("{}_{}", part(number), number / 2);
            let row = told(&outputs, &name)?;
            let slots = rows.iter_mut().skip(place * WIDTH);
            slots.zip(row).for_each(|(slot, number)| *slot = *number);
        }
        memory.mask[place] = 0.0;
        let logits = told(&outputs, "told")?;
        Ok(logits.iter().copied().map(rounded).collect())
    }
}

fn part(number: usize) -> &'static str {
    if number.is_multiple_of(2) {
        "key"
    } else {
        "value"
    }
}

fn told<'o>(outputs: &'o SessionOutputs<'_>, name: &str) -> Result<&'o [f32], NetworkError> {
    let missing = || NetworkError::Runtime(format!("it has no output `{name}`"));
    let (_, numbers) = outputs
        .get(name)
        .ok_or_else(missing)?
        .try_extract_tensor::<f32>()?;
    Ok(numbers)
}

impl fmt::Debug for SequenceModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SequenceModel({})", self.hash)
    }
}
