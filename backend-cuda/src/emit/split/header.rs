//! The header that both parts include: what the C part calls, by names that no other file's header has.
//!
//! C has no destructors, so objects that end with their block are variables with a `cleanup` function.
//!
//! **Source**: GCC manual, “Common Variable Attributes”, which clang knows too.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::support::Piece as Use;

const RELIES: &str = include_str!("../../support/split/relies.h");
const STAYS: &str = include_str!("../../support/split/stays.h");
const OF_STAYS: &str = include_str!("../../support/split/stays.cuh");

/// What the header declares.
pub(super) struct Header<'a> {
    /// What the names of the file's functions begin with.
    pub(super) prefix: &'a str,
    pub(super) uses: &'a BTreeSet<Use>,
    pub(super) has_stays: bool,
    pub(super) has_mistakes: bool,
    /// The declarations of the launchers.
    pub(super) launchers: Vec<String>,
    /// Functions that the C part calls and that it defines itself.
    pub(super) helpers: String,
}

/// Returns what the names of a file's functions begin with.
pub(super) fn prefix(stem: &str) -> String {
    let letters = stem.chars();
    let plain = letters.map(|each| {
        if each.is_ascii_alphanumeric() {
            each
        } else {
            '_'
        }
    });
    format!("mupac_{}", plain.collect::<String>())
}

impl Header<'_> {
    /// Returns the text of the header.
    pub(super) fn text(&self) -> String {
        let guard = format!("{}_H", self.prefix.to_uppercase());
        let mut out = format!("#ifndef {guard}\n#define {guard}\n");
        out.push_str("#ifdef __cplusplus\nextern \"C\" {\n#endif\n");
        if !self.launchers.is_empty() {
            out.push_str("/* Each does what its loop does, and returns 1, or leaves all as it was and returns 0. */\n");
        }
        for launcher in &self.launchers {
            // Writing to a string does not fail.
            let _ = writeln!(out, "{launcher}");
        }
        if self.has_mistakes {
            out.push_str("int mupac_test_mutant(void);\n");
        }
        if self.has_stays {
            out.push('\n');
            out.push_str(&self.chosen(STAYS));
        }
        out.push_str("#ifdef __cplusplus\n}\n#else\n");
        out.push_str(RELIES);
        out.push_str(&self.helpers);
        out.push_str("#endif\n#endif\n");
        out
    }

    /// Returns the definitions of what the C part calls besides launchers.
    pub(super) fn functions(&self) -> String {
        if self.has_stays {
            self.chosen(OF_STAYS) + "\n"
        } else {
            String::new()
        }
    }

    /// Returns the lines of a text that the file uses, with its names: `@NAME@` before a line makes it part of something.
    fn chosen(&self, text: &str) -> String {
        let parts = [
            ("FETCH", Use::FetchRange),
            ("RELEASE", Use::ReleaseRange),
            ("FETCH_BETWEEN", Use::FetchBetween),
            ("RELEASE_BETWEEN", Use::ReleaseBetween),
            ("MOVED", Use::Moved),
            ("FREED", Use::Freed),
            ("SYNCHRONIZE", Use::Synchronize),
            ("LIFETIME", Use::Lifetime),
            ("WATCH", Use::Watch),
            ("LAST", Use::Last),
        ];
        let mut out = String::new();
        for line in text.split_inclusive('\n') {
            let (name, line) = match line.strip_prefix('@').and_then(|rest| rest.split_once('@')) {
                Some((name, rest)) => (Some(name), rest),
                None => (None, line),
            };
            let is_used = parts
                .iter()
                .any(|(part, piece)| Some(*part) == name && self.uses.contains(piece));
            if name.is_none() || is_used {
                out.push_str(&line.replace("PREFIX", self.prefix));
            }
        }
        out
    }
}
