//! Functions that macros make, written out, so that their loops are translated like those of any other function.
//!
//! The text of `DEFINE_AXPY(float, saxpy)` is what clang's own preprocessor makes of it, asked for as a string; constants and
//! macros of the system stay names. What is written out has lines of its own, which count as the line of the use.
//! That it means the same is shown: every function that a macro makes has the tree that it had, node for node, and so has
//! every other one ([`crate::join`]). What fails stays as it was.

mod found;
mod layout;
mod probe;
mod text;

use mupac_ir::{Edit, Fold, Source, Span};

use crate::clang::Unit;
use crate::error::{Diagnostic, FrontendError, Severity};
use crate::join::trees;
use crate::parse::{Options, Parsed, look, parse};
use crate::text::Text;
use found::{Use, shapes, uses};
use text::Written;

/// Writes out the functions with loops that macros make, where the text means the same.
pub(crate) fn unfolded(alone: Parsed, options: &Options) -> Parsed {
    attempt(&alone, options).unwrap_or(alone)
}

fn attempt(alone: &Parsed, options: &Options) -> Option<Parsed> {
    has_loops_outside(alone).then_some(())?;
    let source = &alone.module.source;
    let mut uses: Vec<Use> = look(source, options, &[], uses)?;
    uses.retain(|each| has_lines_of_its_own(source.text(), each.at));
    while !uses.is_empty() {
        let count = uses.len();
        let (written, read) = reread(source, &uses, options)?;
        let whole = match read {
            Ok(whole) => whole,
            Err(error) => {
                uses.retain(|each| !is_blamed(source.line(each.at), &error));
                (uses.len() < count).then_some(())?;
                continue;
            }
        };
        let names = uses.iter().flat_map(|each| each.shapes.keys()).collect();
        let text = &whole.module.source;
        let found = look(text, options, &[], |unit, _| shapes(unit, &names))?;
        let is_kept = |each: &Use| {
            let mut shapes = each.shapes.iter();
            shapes.all(|(name, shape)| found.get(name) == Some(shape))
        };
        if uses.iter().all(is_kept) {
            return accepted(alone, whole, &written.folds(&uses, &alone.module));
        }
        uses.retain(is_kept);
    }
    None
}

/// Returns whether nothing stands beside a use that might say which line it stands on.
fn has_lines_of_its_own(text: &str, at: Span) -> bool {
    let range = at.range();
    let before = text.get(..range.start).unwrap_or_default();
    let behind = text.get(range.end..).unwrap_or_default();
    let is_first = before
        .rsplit('\n')
        .next()
        .is_some_and(|line| line.trim().is_empty());
    let rest = behind.split('\n').next().unwrap_or_default().trim();
    let rest = rest.strip_prefix(';').unwrap_or(rest).trim();
    let is_one = rest.ends_with("*/") && rest.matches("*/").count() == 1;
    let is_comment = rest.starts_with("//") && !rest.ends_with('\\');
    is_first && (rest.is_empty() || is_comment || rest.starts_with("/*") && is_one)
}

/// Reads a text with what uses become in their places.
fn reread(
    source: &Source,
    uses: &[Use],
    options: &Options,
) -> Option<(Written, Result<Parsed, FrontendError>)> {
    let probed = source.with_text(&probe::text(source.text(), uses));
    let answers = |unit: &Unit, _: &Text<'_>| probe::answers(unit, uses.len());
    let made = look(&probed, options, &probe::ARGUMENTS, answers)??;
    let written = text::text(source, uses, &made)?;
    let whole = parse(&written.input, options);
    Some((written, whole))
}

/// Returns whether a line is one that clang refuses: operators that a macro puts side by side may be another one.
fn is_blamed(line: usize, error: &FrontendError) -> bool {
    let FrontendError::Rejected(diagnostics) = error else {
        return false;
    };
    let mut errors = diagnostics
        .iter()
        .filter(|each| each.severity == Severity::Error);
    errors.any(|each| each.line == line)
}

/// Returns the text with functions written out, if all others mean what they meant.
fn accepted(alone: &Parsed, whole: Parsed, folds: &[Fold]) -> Option<Parsed> {
    (trees::are_kept(alone, &whole) && accepts_as_much(alone, &whole)).then_some(())?;
    let mut module = whole.module;
    if alone.needs_c.is_empty() {
        module.folds = folds.to_vec();
    }
    Some(Parsed {
        module,
        warnings: warnings(alone, &whole.warnings),
        headers: alone.headers.clone(),
        left: alone.left.clone(),
        ..whole
    })
}

/// Returns whether a loop stands in no function that is modelled.
fn has_loops_outside(parsed: &Parsed) -> bool {
    let functions = || parsed.module.functions.iter().map(|(_, each)| each.span);
    let mut loops = parsed.unmodelled_loops.iter();
    loops.any(|each| !functions().any(|span| span.range().contains(&(each.at.start as usize))))
}

/// Returns whether C++ refuses nothing of a text that it did not refuse before.
fn accepts_as_much(alone: &Parsed, whole: &Parsed) -> bool {
    let known: Vec<_> = alone.needs_c.iter().map(|each| &each.reason).collect();
    whole
        .needs_c
        .iter()
        .all(|each| known.contains(&&each.reason))
}

/// Returns what clang warns of, at the places of the new text where it warned of the old one.
fn warnings(alone: &Parsed, whole: &[Diagnostic]) -> Vec<Diagnostic> {
    let is_known = |each: &&Diagnostic| {
        let mut known = alone.warnings.iter();
        known.any(|known| (known.line, &known.message) == (each.line, &each.message))
    };
    let placeless = alone.warnings.iter().filter(|each| each.span.is_none());
    let known = whole
        .iter()
        .filter(is_known)
        .filter(|each| each.span.is_some());
    known.chain(placeless).cloned().collect()
}

/// Returns a stretch of text with its edits made, also those at its beginning.
fn edited(text: &str, edits: &[Edit], (start, end): (usize, usize)) -> Option<String> {
    let (mut out, mut at) = (String::new(), start);
    for edit in edits {
        let range = edit.at.range();
        if range.start < at || range.end > end || range.start > end {
            continue;
        }
        out += text.get(at..range.start)?;
        out += &edit.text;
        at = range.end;
    }
    out += text.get(at..end)?;
    Some(out)
}
