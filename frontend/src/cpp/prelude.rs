//! nvcc's declarations, in front of every file that is read as C++.

use std::ffi::{CStr, CString};
use std::path::Path;

use mupac_ir::Edit;

use super::Read;
use super::edited::Edited;
use crate::clang::{Api, Role, Unit};
use crate::precompiled::{Headers, Precompiled};

/// Declares the names that nvcc declares in every file.
const TEXT: &str = include_str!("prelude.h");

/// Reads files behind the declarations.
pub(crate) struct Prelude {
    api: &'static Api,
    arguments: Vec<CString>,
    precompiled: Option<Precompiled>,
}

impl Prelude {
    /// Looks for the precompiled form for some options, and makes it where there is none.
    pub(crate) fn new(api: &'static Api, arguments: Vec<CString>, cache: Option<&Path>) -> Self {
        let headers = Headers {
            language: c"c++-header",
            text: TEXT,
            arguments: &arguments,
            is_included_again: false,
        };
        Self {
            api,
            precompiled: cache.and_then(|cache| Precompiled::find(api, headers, cache)),
            arguments,
        }
    }

    /// Reads a text with its edits made; `None` where the parser gives up.
    pub(crate) fn parse(&self, file: &CStr, source: &str, edits: &[Edit]) -> Read {
        if let Some(precompiled) = &self.precompiled {
            let edited = Edited::new("", source, edits);
            if let Some(unit) = precompiled.parse(self.api, file, &edited.text) {
                return Some((unit, edited));
            }
        }
        let edited = Edited::new(TEXT, source, edits);
        let unit = Unit::parse(self.api, file, &edited.text, &self.arguments, Role::Program)?;
        Some((unit, edited))
    }
}

#[cfg(test)]
mod tests {
    use super::Prelude;
    use crate::{clang, cpp, headers, parse};

    #[test]
    fn the_usual_options_have_a_precompiled_form() {
        let cache = tempfile::tempdir().unwrap();
        let api = clang::load().unwrap();
        let of_c = parse::arguments(
            &parse::Options::default(),
            headers::include_folder(api.path()),
        );
        let prelude = Prelude::new(api, cpp::arguments(&of_c), Some(cache.path()));
        assert!(prelude.precompiled.is_some());
        let (unit, edited) = prelude
            .parse(c"f.c", "int f(int3 v) { return v.x; }", &[])
            .unwrap();
        assert!(crate::precompiled::is_accepted(&unit));
        assert_eq!(edited.original(0), Some(0));
    }
}
