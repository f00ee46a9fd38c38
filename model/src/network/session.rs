//! The network as it is run: rows in, logits and gains out.
//!
//! The runtime is `ort` with the `tract` backend, pure Rust inside of the binary, so that nothing has to be found when a
//! search starts; with the feature `ort-dynamic` in its place it is the system's ONNX Runtime.
//! The network comes with mupac (`model/train` makes it) or is a file that the user names.

use std::fmt;
use std::sync::{Mutex, OnceLock, PoisonError};

use mupac_ir::hash::Fnv;
use ort::environment::{Environment, EnvironmentBuilder};
use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;
use ort::value::TensorRef;

use super::encode::Row;
use super::features::{ACCESS_SLOTS, CHOICE_SLOTS, schema_hash, widths};

/// The network that comes with mupac.
const SHIPPED: &[u8] = include_bytes!("../../train/policy_value.onnx");

/// What the first input is called, before the hash of the table of features.
///
/// ONNX has metadata for it too, but the backend does not hand them out.
const FIRST_INPUT: &str = "nest_";

/// What is told is rounded to so much of 1, so that processors that add in another order say the same.
const ROUNDED_TO: f32 = 1.0 / 1024.0;

/// Why there is no answer of a network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// It reads features of another table.
    #[error("the network was trained on the features {trained}, and this mupac has {own}")]
    Schema {
        /// The hash of the table that it was trained on.
        trained: String,
        /// The hash of the table of this binary.
        own: String,
    },
    /// It writes in other words.
    #[error("the sequence model was trained on the words {trained}, and this mupac has {own}")]
    Vocabulary {
        /// The hash of the vocabulary that it was trained on.
        trained: String,
        /// The hash of the vocabulary of this binary.
        own: String,
    },
    /// It is no network of mupac, or cannot be run.
    #[error("the network cannot be run: {0}")]
    Runtime(String),
}

impl<R> From<ort::Error<R>> for NetworkError {
    fn from(error: ort::Error<R>) -> Self {
        Self::Runtime(error.to_string())
    }
}

/// What a network says of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Opinion {
    /// How good each choice is; softmax over all choices of a state makes shares of them.
    ///
    /// **Shape**: [`CHOICE_SLOTS`]; empty slots have numbers without a meaning.
    pub logits: Vec<f32>,
    /// How much faster than by the default bindings the region becomes behind each choice; negative where the choice
    /// gives something away.
    ///
    /// **Shape**: as for `logits`.
    ///
    /// **Units**: binary logarithm of a factor of the region's time.
    pub gains: Vec<f32>,
}

/// Loads a model as `model/train` writes them, whose first input is named after the hash of what it was trained on; returns it
/// with the hash of the file.
///
/// **Errors**: it is none, or was trained on something else than `own`.
pub(crate) fn loaded(
    onnx: &[u8],
    first_input: &str,
    own: String,
    mismatch: impl Fn(String, String) -> NetworkError,
) -> Result<(Session, String), NetworkError> {
    // Without optimisation the backend is several times slower.
    let session = Session::builder(environment()?)?
        .with_optimization_level(GraphOptimizationLevel::Level3)?
        .commit_from_memory(onnx)?;
    let first = session.inputs().first().map_or("", |input| input.name());
    match first.strip_prefix(first_input) {
        Some(trained) if trained == own => {}
        Some(trained) => return Err(mismatch(trained.to_owned(), own)),
        None => {
            return Err(NetworkError::Runtime(format!(
                "its first input is `{first}`"
            )));
        }
    }
    let mut hash = Fnv::default();
    hash.add(onnx);
    Ok((session, format!("{:016x}", hash.value())))
}

/// A network that is ready to be asked.
pub struct Network {
    session: Mutex<Session>,
    /// The name of the first input, which tells the table of features.
    first: String,
    hash: String,
}

impl Network {
    /// Returns the network that comes with mupac.
    ///
    /// **Errors**: as for [`read`](Self::read); a test shows that there are none.
    pub fn shipped() -> Result<Self, NetworkError> {
        Self::read(SHIPPED)
    }

    /// Reads a network as `model/train` writes them.
    ///
    /// **Errors**: it is none, or was trained on another table of features.
    pub fn read(onnx: &[u8]) -> Result<Self, NetworkError> {
        let mismatch = |trained, own| NetworkError::Schema { trained, own };
        let own = schema_hash();
        let first = format!("{FIRST_INPUT}{own}");
        let (session, hash) = loaded(onnx, FIRST_INPUT, own, mismatch)?;
        Ok(Self {
            session: Mutex::new(session),
            first,
            hash,
        })
    }

    /// Returns the hash of the file, by which reports tell networks apart.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Returns what it says of a row.
    ///
    /// **Errors**: the runtime fails.
    pub fn opinion(&self, row: &Row) -> Result<Opinion, NetworkError> {
        let [nest, access, choice] = widths();
        let inputs = ort::inputs![
            self.first.as_str() => TensorRef::from_array_view(([1, nest], row.nest.as_slice()))?,
            "accesses" => TensorRef::from_array_view(([1, ACCESS_SLOTS, access], row.accesses.as_slice()))?,
            "access_mask" => TensorRef::from_array_view(([1, ACCESS_SLOTS], row.access_mask.as_slice()))?,
            "choices" => TensorRef::from_array_view(([1, CHOICE_SLOTS, choice], row.choices.as_slice()))?,
        ];
        // What a panic elsewhere left behind is a session as good as any: it keeps nothing from run to run.
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let outputs = session.run(inputs)?;
        let told = |name: &str| -> Result<Vec<f32>, NetworkError> {
            let missing = || NetworkError::Runtime(format!("it has no output `{name}`"));
            let (_, numbers) = outputs
                .get(name)
                .ok_or_else(missing)?
                .try_extract_tensor::<f32>()?;
            Ok(numbers.iter().copied().map(rounded).collect())
        };
        Ok(Opinion {
            logits: told("logits")?,
            gains: told("gains")?,
        })
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Network({})", self.hash)
    }
}

/// Two networks are the same where their files are.
impl PartialEq for Network {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash
    }
}

impl Eq for Network {}

pub(crate) fn rounded(number: f32) -> f32 {
    (number / ROUNDED_TO).round() * ROUNDED_TO
}

/// Returns the runtime, of which there can be but one in a process.
pub(crate) fn environment() -> Result<&'static Environment, NetworkError> {
    static ENVIRONMENT: OnceLock<Result<Environment, NetworkError>> = OnceLock::new();
    let made = ENVIRONMENT.get_or_init(|| runtime()?.build().map_err(NetworkError::from));
    made.as_ref().map_err(Clone::clone)
}

/// Returns the runtime inside of the binary.
#[cfg(feature = "ort-embedded")]
#[expect(
    clippy::unnecessary_wraps,
    reason = "the system's runtime may be missing"
)]
fn runtime() -> Result<EnvironmentBuilder, NetworkError> {
    ort::set_api(ort_tract::api());
    Ok(ort::init())
}

/// Loads the system's runtime.
#[cfg(all(feature = "ort-dynamic", not(feature = "ort-embedded")))]
fn runtime() -> Result<EnvironmentBuilder, NetworkError> {
    let named = std::env::var_os("ORT_DYLIB_PATH").filter(|path| !path.is_empty());
    let library = named.unwrap_or_else(|| "libonnxruntime.so".into());
    ort::init_from(&library).map_err(|why| {
        NetworkError::Runtime(format!(
            "{why}; ORT_DYLIB_PATH names ONNX Runtime's library, 1.24 or later, \
             and a mupac built with its default features needs none"
        ))
    })
}

#[cfg(not(any(feature = "ort-embedded", feature = "ort-dynamic")))]
compile_error!("networks need a runtime: one of the features `ort-embedded` and `ort-dynamic`");
