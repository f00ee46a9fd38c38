//! The sequence model as it is run: tokens in, and for each text the logits of what comes next out.
//!
//! All texts share one memory, so that what several of them begin with is read and kept once.

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

/// What the model keeps of the tokens of all texts: each text sees its own.
#[derive(Clone, Debug)]
pub struct Memory {
    /// The keys and the values of the first layer, then of the next.
    ///
    /// **Shape**: for each `rows` × `WIDTH`.
    kept: Vec<Vec<f32>>,
    rows: usize,
}

impl Default for Memory {
    fn default() -> Self {
        // No tensor may be empty, so there is a row that no text sees.
        Self {
            kept: vec![vec![0.0; WIDTH]; 2 * LAYERS],
            rows: 1,
        }
    }
}

/// A text on its way through the model.
#[derive(Clone, Debug, Default)]
pub struct Text {
    /// The rows of the memory that hold what was read of it.
    read: Vec<usize>,
    /// What was written since: tokens and their places.
    unread: Vec<(u32, usize)>,
    /// Of what comes after the last token that was read.
    logits: Vec<f32>,
}

impl Text {
    /// Adds a token; a place beyond the last one is the last one.
    pub fn write(&mut self, token: u32, place: usize) {
        self.unread.push((token, place.min(SLOTS - 1)));
    }

    /// Returns the logits of what comes after the last token that was read.
    pub fn logits(&self) -> &[f32] {
        &self.logits
    }
}

/// A sequence model that is ready to be asked.
pub struct SequenceModel {
    /// The name of the first input, which tells the vocabulary.
    first: String,
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
        let own = vocabulary_hash();
        let first = format!("{FIRST_INPUT}{own}");
        let (session, hash) = loaded(onnx, FIRST_INPUT, own, mismatch)?;
        Ok(Self {
            first,
            session: Mutex::new(session),
            hash,
        })
    }

    /// Returns the hash of the file, by which reports tell models apart.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Reads what is new in some texts, all at once.
    ///
    /// **Errors**: the runtime fails.
    pub fn read_on(
        &self,
        memory: &mut Memory,
        texts: &mut [&mut Text],
    ) -> Result<(), NetworkError> {
        let unread = || texts.iter().flat_map(|text| &text.unread);
        let tokens: Vec<i64> = unread().map(|(token, _)| i64::from(*token)).collect();
        let places: Vec<i64> = unread().map(|(_, place)| *place as i64).collect();
        let (new, before) = (tokens.len(), memory.rows);
        if new == 0 {
            return Ok(());
        }
        let [sees_before, sees] = seen(texts, before, new);
        let mut inputs: Vec<(Cow<'_, str>, SessionInputValue<'_>)> = ort::inputs![
            self.first.as_str() => TensorRef::from_array_view(([new], tokens.as_slice()))?,
            "place" => TensorRef::from_array_view(([new], places.as_slice()))?,
            "sees_before" => TensorRef::from_array_view(([1, new, before], sees_before.as_slice()))?,
            "sees" => TensorRef::from_array_view(([1, new, new], sees.as_slice()))?,
        ];
        for (number, rows) in memory.kept.iter().enumerate() {
            let rows = TensorRef::from_array_view(([before, WIDTH], rows.as_slice()))?;
            let name = format!("{}s_{}", part(number), number / 2);
            inputs.push((name.into(), rows.into()));
        }
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let outputs = session.run(inputs)?;
        for (number, rows) in memory.kept.iter_mut().enumerate() {
            rows.extend(told(&outputs, &format!("{}_{}", part(number), number / 2))?);
        }
        let logits = told(&outputs, "told")?;
        let mut logits = logits.chunks_exact(logits.len() / new);
        for text in texts {
            let rows = text.unread.len();
            let Some(last) = rows.checked_sub(1).and_then(|last| logits.nth(last)) else {
                continue;
            };
            text.logits = last.iter().copied().map(rounded).collect();
            text.read.extend(memory.rows..memory.rows + rows);
            text.unread.clear();
            memory.rows += rows;
        }
        Ok(())
    }
}

/// Returns what each new token sees of those before, and of the new ones: what its text holds so far, itself included.
///
/// **Shape**: `new` × `before` and `new` × `new`.
fn seen(texts: &[&mut Text], before: usize, new: usize) -> [Vec<f32>; 2] {
    let (mut sees_before, mut sees) = (vec![UNSEEN; new * before], vec![UNSEEN; new * new]);
    let mut first = 0;
    for text in texts {
        for row in first..first + text.unread.len() {
            for slot in &text.read {
                sees_before[row * before + slot] = 0.0;
            }
            sees[row * new + first..=row * new + row].fill(0.0);
        }
        first += text.unread.len();
    }
    [sees_before, sees]
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
