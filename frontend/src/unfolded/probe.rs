//! What clang's preprocessor makes of the use of a macro, asked for as a string.

use std::fmt::Write as _;

use clang_sys as k;

use super::found::Use;
use crate::clang::{Home, Unit};
use crate::lower::initial_bytes;

/// What the strings are called, by number.
const NAME: &str = "mupac_unfolded_";

/// The options that define the macro which makes a string of what its argument becomes.
pub(super) const ARGUMENTS: [&str; 2] = [
    "-DMUPAC_UNFOLDED_(...)=#__VA_ARGS__",
    "-DMUPAC_UNFOLDED(...)=MUPAC_UNFOLDED_(__VA_ARGS__)",
];

/// Returns a text with a string behind every use, made where macros are what they are there.
pub(super) fn text(source: &str, uses: &[Use]) -> String {
    let (mut text, mut done) = (String::new(), 0);
    for (number, each) in uses.iter().enumerate() {
        let range = each.at.range();
        text += source.get(done..range.end).unwrap_or_default();
        done = range.end;
        let written = source.get(range).unwrap_or_default();
        text.push('\n');
        for name in &each.kept {
            let _ = writeln!(text, "#pragma push_macro(\"{name}\")\n#undef {name}");
        }
        let _ = writeln!(
            text,
            "static const char {NAME}{number}[] = MUPAC_UNFOLDED({written}\n);"
        );
        for name in &each.kept {
            let _ = writeln!(text, "#pragma pop_macro(\"{name}\")");
        }
    }
    text + source.get(done..).unwrap_or_default()
}

/// Returns what each use becomes; `None` where one is not known.
pub(super) fn answers(unit: &Unit, count: usize) -> Option<Vec<String>> {
    let mut answers = vec![None; count];
    for cursor in unit.declarations(&[Home::Main]) {
        let name = cursor.spelling();
        let number = name.strip_prefix(NAME).and_then(|rest| rest.parse().ok());
        let Some(number) = number.filter(|_| cursor.kind() == k::CXCursor_VarDecl) else {
            continue;
        };
        let number: usize = number;
        let bytes = cursor.initializer().and_then(initial_bytes)?;
        *answers.get_mut(number)? = Some(String::from_utf8(bytes).ok()?);
    }
    answers.into_iter().collect()
}
