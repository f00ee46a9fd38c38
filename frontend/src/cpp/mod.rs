//! Whether the text that is kept means the same to a C++ compiler.
//!
//! A `.cu` file is C++.
//! The edited text is parsed as C++, behind declarations of what nvcc adds to every file; then type, value and callee of
//! each expression are compared with the C tree's.
//! What differs is repaired by further edits where a rule exists (`repair`), and refused otherwise: nothing changes its
//! meaning in silence.

mod chosen;
mod compare;
mod edited;
mod headers;
mod implicit;
mod prelude;
mod repair;
mod taken;
mod types;

use std::ffi::{CStr, CString};

use mupac_ir::{Edit, Reason, Refusal, Span};

use crate::clang::{RawDiagnostic, Unit};
use crate::lower::{declare, types as lowered};
use crate::text::Text;
use compare::{Class, Difference, differences};
use edited::Edited;
use headers::Headers;
pub(crate) use prelude::Prelude;

/// Repairs may uncover further differences; each round repairs all it sees.
const ROUNDS: usize = 4;

/// Options of the C++ parse: what clang takes with a warning and nvcc or g++ refuse is an error.
///
/// C++14 has half as much to read in its headers as C++17, and of what C knows too it differs in `register` and `++` on
/// `bool` alone.
const OPTIONS: [&str; 9] = [
    "-x",
    "c++",
    "-std=gnu++14",
    "-Werror=deprecated-register",
    "-Werror=deprecated-increment-bool",
    "-Werror=c99-designator",
    "-Wno-error=c++20-designator",
    "-Werror=reorder-init-list",
    "-Werror=c11-extensions",
];

/// How many options of the C parse are about C.
const LANGUAGE: usize = 8;

/// How a file was read.
pub(crate) struct Original<'u> {
    /// The C tree.
    pub(crate) unit: &'u Unit,
    /// The text and its tokens.
    pub(crate) text: &'u Text<'u>,
    /// Its name for clang.
    pub(crate) file: &'u CStr,
    /// Whether the file has `main` and uses nothing that another C file defines.
    pub(crate) is_whole_program: bool,
}

/// What a text is to C++; `None` where the parser gives up.
pub(crate) type Read = Option<(Unit, Edited)>;

/// Adds the edits that keep the file's meaning, and returns what none keeps; `read` is what C++ makes of those there are.
pub(crate) fn check(
    original: &Original<'_>,
    prelude: &Prelude,
    read: Read,
    edits: &mut Vec<Edit>,
) -> Vec<Refusal> {
    let mut refusals: Vec<Refusal> = Vec::new();
    let mut read = Some(read);
    let mut headers = Headers::default();
    for _ in 0..ROUNDS {
        let again = || prelude.parse(original.file, original.text.source, edits);
        let Some((unit, edited)) = read.take().unwrap_or_else(again) else {
            return vec![given_up(original, prelude, edits)];
        };
        let errors = unit.diagnostics().into_iter();
        let errors = errors.filter(|each| each.severity > 2);
        let (joined, errors): (Vec<_>, Vec<_>) =
            errors.partition(|error| joins_rows(&error.message));
        refusals = (errors.iter())
            .map(|error| rejected(error, &unit, &edited))
            .collect();
        let is_accepted = refusals.is_empty();
        let are_new = headers.note_keywords(original, &errors);
        let clashes = if are_new {
            Vec::new()
        } else {
            taken::clashes(original, &unit, &errors, &edited)
        };
        let mut repairs = taken::edits(&clashes, original);
        if headers.note(original, &unit, &clashes) | are_new {
            edits.retain(|edit| edit.rule != headers::RULE);
            repairs.extend(headers.edits(original));
        }
        repairs.extend(implicit::edits(original, &refusals));
        repairs.retain(|repair| !edits.contains(repair));
        // Behind a header that C++ reads otherwise, nothing else can be told.
        let is_readable = repairs.is_empty();
        let differences = if is_readable {
            differences(original.unit, &unit, &edited)
        } else {
            Vec::new()
        };
        for difference in differences {
            if !joined.is_empty() && is_assignment_of_rows(&difference) {
                // Clang leaves out what it rejects; what is assigned is compared all the same.
                continue;
            }
            let is_repairable = difference.cursor.start().is_main;
            let repaired = is_repairable.then(|| repair::edits(&difference, original.text));
            match repaired.flatten() {
                Some(found) => repairs.extend(found),
                // The errors say it better.
                None if !is_accepted => {}
                None => refusals.push(Refusal::new(
                    Reason::NeedsC {
                        why: difference.words(),
                    },
                    original.text.span(difference.cursor).unwrap_or_default(),
                )),
            }
        }
        if repairs.is_empty() && !refusals.is_empty() && headers.note_language(original, &unit) {
            edits.retain(|edit| edit.rule != headers::RULE);
            repairs.extend(headers.edits(original));
        }
        repairs.retain(|repair| !edits.contains(repair));
        // What is computed from a repaired expression differs in this round too, so the next one decides.
        if repairs.is_empty() {
            break;
        }
        edits.extend(repairs);
        crate::edits::arrange(edits);
    }
    refusals
}

/// Returns the refusal of a text that the C++ parser does not come to the end of, at the declaration that stops it.
fn given_up(original: &Original<'_>, prelude: &Prelude, edits: &[Edit]) -> Refusal {
    let declarations = original.unit.root().children();
    let own: Vec<_> = declarations
        .into_iter()
        .filter(|each| each.is_declaration() && each.start().is_main)
        .filter_map(|each| original.text.span(each))
        .collect();
    let is_read = |span: &Span| {
        let end = span.end as usize;
        let text = original.text.source.get(..end).unwrap_or_default();
        // What a declaration ends with may stand behind it.
        let text = format!("{text}\n;\n");
        let before: Vec<Edit> = edits
            .iter()
            .filter(|edit| edit.at.end <= span.end)
            .cloned()
            .collect();
        prelude.parse(original.file, &text, &before).is_some()
    };
    let at = own.partition_point(is_read);
    let why =
        "the C++ parser gives up here; shorter or less deeply nested, it could be read".to_owned();
    let place = own.get(at).copied().unwrap_or_default();
    Refusal::new(Reason::NeedsC { why }, place)
}

/// Returns the options for C++: those of the C parse, without what only C has.
pub(crate) fn arguments(c: &[String]) -> Vec<CString> {
    let is_kept = |argument: &&String| !argument.starts_with("-std=") && *argument != "-ansi";
    let rest = c.iter().skip(LANGUAGE).filter(is_kept).map(String::as_str);
    OPTIONS
        .into_iter()
        .chain(rest)
        .filter_map(|argument| CString::new(argument).ok())
        .collect()
}

/// Returns whether a message is about a pointer to rows of variable length that becomes one to rows of the same spelling.
///
/// Every spelling of such a type is a type of its own to clang's C++; g++ and nvcc, which alone have such arrays in C++,
/// compare what the spellings say.
fn joins_rows(message: &str) -> bool {
    let is_conversion = message.starts_with("incompatible pointer types assigning to ")
        || message.starts_with("assigning to ");
    let quoted: Vec<&str> = message.split('\'').skip(1).step_by(2).collect();
    // A type that a `typedef` names is spelled twice.
    let (to, from) = match quoted.as_slice() {
        [to, from] | [_, to, _, from] => (*to, *from),
        _ => return false,
    };
    let mut sizes = to
        .split('[')
        .skip(1)
        .filter_map(|rest| rest.split(']').next());
    let is_constant = |size: &str| size.bytes().all(|byte| byte.is_ascii_digit());
    is_conversion && to == from && to.contains("(*)[") && !sizes.all(is_constant)
}

fn is_assignment_of_rows(difference: &Difference<'_>) -> bool {
    let ty = difference.cursor.ty();
    difference.class == Class::Binary(clang_sys::CXBinaryOperator_Assign)
        && lowered::is_pointer(ty)
        && declare::has_variable_extent(ty)
}

/// Returns the type that a pointer without a type becomes where a message says that C++ does not convert it by itself.
fn wanted_conversion(message: &str) -> Option<&str> {
    let quoted: Vec<&str> = message.split('\'').skip(1).step_by(2).collect();
    // A type that a `typedef` names is spelled twice.
    let (to, spelled, from) = match quoted.as_slice() {
        [to, from] => (to, to, from),
        [to, spelled, from] => (to, spelled, from),
        _ => return None,
    };
    let is_void = matches!(*from, "void *" | "const void *");
    (is_void && spelled.ends_with('*')).then_some(*to)
}

/// Returns the refusal for a message of the C++ parser.
fn rejected(error: &RawDiagnostic, unit: &Unit, edited: &Edited) -> Refusal {
    let place = error.place.as_ref().and_then(|place| place.main_offset);
    let at = place.and_then(|offset| edited.original(offset));
    let at = at.map_or(Span::default(), |offset| Span::new(offset, offset + 1));
    let header = error.place.as_ref().filter(|place| {
        let mut inclusions = unit.inclusions().into_iter();
        place.main_offset.is_none() && inclusions.any(|each| each.file == place.file)
    });
    let header = header.map(|place| {
        let advice = wanted_conversion(&error.message).map_or(String::new(), |to| {
            format!("; with ({to}) before that value both languages take it")
        });
        format!(" ({}:{}){advice}", place.file, place.line)
    });
    let header = header.unwrap_or_default();
    let why = format!("C++ does not accept this: {}{header}", error.message);
    let mut refusal = Refusal::new(Reason::NeedsC { why }, at);
    if at.is_unknown() {
        // The clash stands in the declarations of nvcc; a note names the user's side.
        let notes = error
            .notes
            .iter()
            .filter_map(|note| note.place.as_ref()?.main_offset);
        let mut notes = notes.filter_map(|offset| edited.original(offset));
        refusal.at = notes
            .next()
            .map_or(refusal.at, |offset| Span::new(offset, offset + 1));
    }
    refusal
}
