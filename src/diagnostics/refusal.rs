//! Messages made from what the stages hand over: refusals of loops, and clang's diagnostics.

use mupac_frontend as frontend;
use mupac_ir::{DependenceKind, LoopOutcome, Reason, Refusal, Source, Span, Verdict};

use super::{Label, Message, Severity};

/// Returns the notes that say why a loop is not parallel, one for each code.
///
/// Further reasons of a code follow its first one in a line each: a scalar that every iteration reads and writes
/// conflicts in three ways, but one picture of it is enough.
pub fn refusals(source: &Source, outcome: &LoopOutcome) -> Vec<Message> {
    let mut messages: Vec<Message> = Vec::new();
    for each in &outcome.reasons {
        let code = each.reason.code();
        match messages
            .iter_mut()
            .find(|message| message.code == Some(code))
        {
            Some(message) => {
                let place = message
                    .notes
                    .iter()
                    .take_while(|note| note.starts_with("also:"))
                    .count();
                message
                    .notes
                    .insert(place, format!("also: {}", each.reason));
            }
            None => messages.push(refusal(source, outcome, each)),
        }
    }
    messages
}

/// Returns the note of one reason: the loop's keyword carries the witness, the refusal's places carry their own words.
fn refusal(source: &Source, outcome: &LoopOutcome, refusal: &Refusal) -> Message {
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
    message = message.at(&source.name, line, column);
    message.labels.push(Label {
        span: keyword,
        words: witness(&refusal.reason),
    });
    let is_elsewhere =
        |span: Span| span != outcome.span && span != outcome.header_span && span != keyword;
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
    if let Some(hint) = refusal.reason.row().hint() {
        message = message.help(hint);
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
    let mut message = Message::error(refusal.reason.to_string()).at(&source.name, line, column);
    message.code = Some(refusal.reason.code());
    message.labels.push(Label {
        span: refusal.at,
        words: String::new(),
    });
    if let Some(hint) = refusal.reason.row().hint() {
        message = message.help(hint);
    }
    message
        .notes
        .push(format!("see:  mupac explain {}", refusal.reason.code()));
    message
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
