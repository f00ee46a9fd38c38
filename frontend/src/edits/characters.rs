//! Strings that fill an array without their final zero: `char t[3] = "abc"`.
//!
//! Rule `characters`: they become lists of characters, since C++ wants room for the zero (C++17 11.6.2 §2).

use clang_sys as k;
use mupac_ir::{Edit, Span};

use crate::clang::Cursor;
use crate::lower::expr::initial_bytes;
use crate::lower::types;
use crate::text::Text;

/// Returns the edit of a string; none where it has its zero or is written in any other way.
pub(super) fn edits<'u>(string: Cursor<'u>, text: &Text<'u>) -> Option<Edit> {
    let element = types::is_array(string.ty()).then(|| string.ty().canonical().element())?;
    let is_unsigned = match element.unqualified().kind() {
        k::CXType_Char_S | k::CXType_SChar => false,
        k::CXType_UChar | k::CXType_Char_U => true,
        _ => return None,
    };
    let bytes = initial_bytes(string)?;
    let (start, end) = (string.start(), string.end());
    let is_plain = start.is_main && !start.is_macro && !end.is_macro;
    if !is_plain || string.ty().array_length() != u64::try_from(bytes.len()).ok() {
        return None;
    }
    let characters: Vec<String> = (bytes.iter())
        .map(|byte| character(*byte, is_unsigned))
        .collect();
    Some(Edit {
        at: Span::new(start.offset, text.end_offset(end)?),
        text: format!("{{ {} }}", characters.join(", ")),
        rule: "characters",
    })
}

fn character(byte: u8, is_unsigned: bool) -> String {
    match byte {
        b'\'' | b'\\' => format!("'\\{}'", char::from(byte)),
        b' '..=b'~' => format!("'{}'", char::from(byte)),
        0x80.. if is_unsigned => byte.to_string(),
        _ => format!("'\\{byte:03o}'"),
    }
}
