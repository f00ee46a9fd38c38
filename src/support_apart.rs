//! The run-time support of an output in a header beside it, so that the output begins with the user's program.
//!
//! The header holds what was checked with the output, to the letter. Each is made for the other: a number that both hold
//! keeps the output from being compiled with the header of another translation.

use mupac_ir::Unit;
use mupac_tester::driver;

use crate::outputs::TRANSLATED;

/// An output and its header.
pub(crate) struct Apart {
    /// The text in CUDA C++ without the support.
    pub(crate) cuda: String,
    /// What the header's first line says, by which mupac knows the file again.
    pub(crate) first_line: String,
    /// The header behind that.
    pub(crate) header: String,
}

/// Takes the support out of the text of a unit; both files are known by their names.
pub(crate) fn apart(unit: &Unit, output: &str, header: &str) -> Apart {
    let number = driver::hash_of([unit.support.as_bytes()]);
    let include = format!(
        "#include \"{header}\"  // run-time support\n\
         static_assert(mupac::translation == {number:#018x}, \"{header} is of another translation; translate again\");\n"
    );
    let source = unit.source.name.rsplit('/').next().unwrap_or_default();
    let version = env!("CARGO_PKG_VERSION");
    Apart {
        cuda: unit.cuda.replacen(&unit.support, &include, 1),
        first_line: format!("{source}{TRANSLATED}{version}: the run-time support of {output}."),
        header: format!(
            "#pragma once\n{}namespace mupac {{ namespace {{ constexpr unsigned long long translation = {number:#018x}; }} }}\n",
            unit.support
        ),
    }
}
