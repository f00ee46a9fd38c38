//! Words as numbers: the tokeniser that is shipped beside the sequence model.

use std::fmt;

use tokenizers::Tokenizer;

use super::words::{vocabulary, vocabulary_hash};
use crate::network::NetworkError;

/// The tokeniser that comes with mupac.
const SHIPPED: &[u8] = include_bytes!("../../train/tokenizer.json");

/// Makes numbers of words.
pub struct Tokens {
    tokenizer: Tokenizer,
}

impl Tokens {
    /// Returns the tokeniser that comes with mupac.
    ///
    /// **Errors**: as for [`read`](Self::read); a test shows that there are none.
    pub fn shipped() -> Result<Self, NetworkError> {
        Self::read(SHIPPED)
    }

    /// Reads a tokeniser.
    ///
    /// **Errors**: it is none, or has other words than this binary.
    pub fn read(json: &[u8]) -> Result<Self, NetworkError> {
        let tokenizer = Tokenizer::from_bytes(json).map_err(|error| failed(&error))?;
        let words = vocabulary();
        let is_own = |(id, word): (u32, &String)| tokenizer.token_to_id(word) == Some(id);
        if tokenizer.get_vocab_size(true) == words.len() && (0..).zip(&words).all(is_own) {
            return Ok(Self { tokenizer });
        }
        let size = tokenizer.get_vocab_size(true);
        Err(NetworkError::Vocabulary {
            trained: format!("{size} words of a tokeniser"),
            own: vocabulary_hash(),
        })
    }

    /// Returns the numbers of words.
    ///
    /// **Errors**: the tokeniser fails.
    pub fn ids(&self, words: &[String]) -> Result<Vec<u32>, NetworkError> {
        let encoding = self.tokenizer.encode_fast(words.join(" "), false);
        Ok(encoding.map_err(|error| failed(&error))?.get_ids().to_vec())
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tokens({})", vocabulary_hash())
    }
}

fn failed(error: &tokenizers::Error) -> NetworkError {
    NetworkError::Runtime(error.to_string())
}

/// Returns the file of a tokeniser that knows the vocabulary, as the crate `tokenizers` reads it.
pub fn tokenizer_json() -> String {
    let words = vocabulary();
    let ids: serde_json::Map<String, serde_json::Value> = (0..)
        .zip(words)
        .map(|(id, word): (u32, String)| (word, id.into()))
        .collect();
    let file = serde_json::json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
        "normalizer": null, "pre_tokenizer": { "type": "WhitespaceSplit" },
        "post_processor": null, "decoder": null,
        "model": { "type": "WordLevel", "vocab": ids, "unk_token": super::words::UNKNOWN },
    });
    format!("{file:#}\n")
}
