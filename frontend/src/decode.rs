//! The input as text: UTF-8, but for comments, where any byte may stand.

use std::borrow::Cow;

use crate::error::FrontendError;
use crate::text::Text;

/// A file as text of the same length.
pub(crate) struct Decoded<'a> {
    /// With a `_` for every byte that is no UTF-8.
    pub(crate) text: Cow<'a, str>,
    /// Where those bytes are.
    pub(crate) replaced: Vec<usize>,
}

/// Reads the input as text.
///
/// **Errors**: `TooLarge`, and `NotText` for a zero byte.
pub(crate) fn decode(bytes: &[u8]) -> Result<Decoded<'_>, FrontendError> {
    if u32::try_from(bytes.len()).is_err() {
        return Err(FrontendError::TooLarge { bytes: bytes.len() });
    }
    if let Some(zero) = bytes.iter().position(|&byte| byte == 0) {
        return Err(FrontendError::NotText {
            line: line(bytes, zero),
            what: "a zero byte; this is no C source".to_owned(),
        });
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Decoded {
            text: Cow::Borrowed(text),
            replaced: Vec::new(),
        });
    }
    let (mut text, mut replaced) = (String::with_capacity(bytes.len()), Vec::new());
    for chunk in bytes.utf8_chunks() {
        text += chunk.valid();
        for _ in chunk.invalid() {
            replaced.push(text.len());
            text.push('_');
        }
    }
    Ok(Decoded {
        text: Cow::Owned(text),
        replaced,
    })
}

/// Returns the line of the first replaced byte; `None` where there is none.
///
/// **Errors**: `NotText` where one stands outside comments, where it means something.
pub(crate) fn check(replaced: &[usize], text: &Text<'_>) -> Result<Option<usize>, FrontendError> {
    let line = |at: usize| line(text.source.as_bytes(), at);
    match replaced.iter().find(|at| text.covers(**at)) {
        Some(at) => Err(FrontendError::NotText {
            line: line(*at),
            what: "bytes that are not UTF-8, outside comments; save the file as UTF-8".to_owned(),
        }),
        None => Ok(replaced.first().map(|at| line(*at))),
    }
}

fn line(bytes: &[u8], offset: usize) -> usize {
    let before = bytes.iter().take(offset);
    1 + before.filter(|&&byte| byte == b'\n').count()
}
