//! Messages made from what the stages hand over: refusals of loops, and clang's diagnostics.

use mupac_frontend as frontend;
use mupac_ir::{DependenceKind, LoopOutcome, Reason, Refusal, Source, Span, Verdict};

use super::{Label, Message, Severity};

/// So many reasons beside the first one are said.
const MOST_OTHERS: usize = 3;

/// Returns the note that says why no kernel runs a loop; `None` where one does.
///
/// The first reason is told with its place and what removes it, the others in a line each.
pub fn refusals(source: &Source, outcome: &LoopOutcome) -> Option<Message> {
    let (first, others) = outcome.reasons.split_first()?;
    if outcome.kernel.is_some() {
        return None;
    }
    let mut message = told(source, outcome, first);
    for help in others.iter().filter_map(|each| each.help.as_ref()) {
        let line = format!("help: {help}");
        let at = message.notes.len() - 1;
        if !message.notes.contains(&line) {
            message.notes.insert(at, line);
        }
    }
    let (said, left) = others.split_at(others.len().min(MOST_OTHERS));
    let lines = said.iter().map(|each| format!("also: {}", each.reason));
    let rest =
        (!left.is_empty()).then(|| format!("also: {} more, which --report lists", left.len()));
    message.notes.splice(0..0, lines.chain(rest));
    Some(message)
}

/// Returns the note of one reason: the loop's keyword carries the witness, the refusal's places carry their own words.
fn told(source: &Source, outcome: &LoopOutcome, refusal: &Refusal) -> Message {
    let keyword = keyword(source, outcome.header_span);
    let what = match outcome.verdict {
        Verdict::Host => "stays on the host",
        Verdict::Inlined => "does not run by itself",
        Verdict::Parallel | Verdict::Sequential => "stays sequential",
    };
    let mut message = Message::new(
        Severity::Note,
        format!("this loop {what}: {}", headline(&refusal.reason)),
    );
    message.code = Some(refusal.reason.code());
    let (line, column) = source.line_column(keyword.start);
    message = message.at(source.file(keyword.start), line, column);
    message.labels.push(Label {
        span: keyword,
        words: witness(&refusal.reason),
    });
    // What holds the loop is nothing to point at.
    let is_around = |span: Span| span.start <= outcome.span.start && outcome.span.end <= span.end;
    let is_elsewhere =
        |span: Span| !is_around(span) && span != outcome.header_span && span != keyword;
    let is_told = refusal.related.iter().any(|(span, _)| *span == refusal.at);
    if is_elsewhere(refusal.at) && !is_told {
        message.labels.push(Label {
            span: refusal.at,
            words: "because of this".to_owned(),
        });
    }
    message
        .labels
        .extend(refusal.related.iter().map(|(span, words)| Label {
            span: *span,
            words: words.clone(),
        }));
    if let Some(hint) = refusal.hint() {
        message = message.help(hint.as_ref());
    }
    message
        .notes
        .push(format!("see:  mupac explain {}", refusal.reason.code()));
    message
}

/// Returns the reason in general words; the two iterations of a witness stand at the loop itself.
pub fn headline(reason: &Reason) -> String {
    if let Reason::CarriedDependence {
        kind,
        witness: Some(_),
        ..
    } = reason
    {
        let words = match kind {
            DependenceKind::Flow => "one iteration reads what an earlier one wrote",
            DependenceKind::Anti => "one iteration overwrites what an earlier one reads",
            DependenceKind::Output => "two iterations write the same element",
        };
        return words.to_owned();
    }
    reason.to_string()
}

fn witness(reason: &Reason) -> String {
    if let Reason::CarriedDependence {
        witness: Some(_), ..
    } = reason
    {
        reason.to_string()
    } else {
        String::new()
    }
}

/// Returns the span of the word that begins a loop's header.
fn keyword(source: &Source, header: Span) -> Span {
    let text = source.slice(header);
    let length = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    if length == 0 {
        header
    } else {
        Span {
            end: header.start + length as u32,
            ..header
        }
    }
}

/// Returns the error for text that cannot stand in C++.
pub fn needs_c(source: &Source, refusal: &Refusal) -> Message {
    let (line, column) = source.line_column(refusal.at.start);
    let mut message =
        Message::error(refusal.reason.to_string()).at(source.file(refusal.at.start), line, column);
    message.code = Some(refusal.reason.code());
    message.labels.push(Label {
        span: refusal.at,
        words: String::new(),
    });
    if let Some(hint) = refusal.hint() {
        message = message.help(hint.as_ref());
    }
    message
        .notes
        .push(format!("see:  mupac explain {}", refusal.reason.code()));
    message
}

/// Returns the note for an included file whose loops stay as they are.
pub fn left(left: &frontend::Left, main: &str) -> Message {
    let loops = match left.loops {
        1 => "1 loop is".to_owned(),
        several => format!("{several} loops are"),
    };
    let words = format!("{}: {loops} not translated: {}", left.file, left.why);
    let moved = || format!("what holds them is translated where its text stands in {main}");
    Message::new(Severity::Note, words).help(left.help.clone().unwrap_or_else(moved))
}

/// Returns clang's diagnostic and its notes.
pub fn from_frontend(diagnostic: &frontend::Diagnostic) -> Vec<Message> {
    let severity = match diagnostic.severity {
        frontend::Severity::Error => Severity::Error,
        frontend::Severity::Warning => Severity::Warning,
        frontend::Severity::Note => Severity::Note,
    };
    let mut message = Message::new(severity, &diagnostic.message);
    if !diagnostic.file.is_empty() {
        message = message.at(&diagnostic.file, diagnostic.line, diagnostic.column);
    }
    if diagnostic.message.ends_with("file not found") {
        message = message.help("-I DIR names the folder it lies in");
    }
    message.labels.extend(diagnostic.span.map(|span| Label {
        span,
        words: String::new(),
    }));
    let mut all = vec![message];
    all.extend(diagnostic.notes.iter().flat_map(from_frontend));
    all
}
