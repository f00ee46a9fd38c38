//! What holds a file together: names of functions, items, edits, places in the source.

use std::collections::BTreeSet;

use crate::module::{Item, Module};
use crate::span::Span;

use super::Violation;

/// Checks everything of a module but its types and function bodies.
pub(super) fn check(module: &Module) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut report = |text: &str, message: &str| {
        found.push(Violation {
            function: String::new(),
            text: text.to_owned(),
            message: message.to_owned(),
        });
    };
    let mut names = BTreeSet::new();
    for (_, function) in module.functions.iter() {
        if function.name.is_empty() {
            report("fn", "a function has a name");
        }
        if !names.insert(function.name.as_str()) {
            report(&function.name, "two functions have this name");
        }
    }
    let mut listed = BTreeSet::new();
    for item in &module.items {
        match item {
            Item::Function(handle) => {
                let Some(function) = module.functions.get(*handle) else {
                    report(&format!("{handle:?}"), "there is no such function");
                    continue;
                };
                if !listed.insert(*handle) {
                    report(&function.name, "the file lists this function twice");
                }
            }
            Item::Verbatim(span) => {
                if !is_inside(module, *span) {
                    report(&format!("{span:?}"), "this text is outside the source");
                }
            }
        }
    }
    for (handle, function) in module.functions.iter() {
        if !listed.contains(&handle) {
            report(&function.name, "the file does not list this function");
        }
        for span in [function.span, function.body_span] {
            if !is_inside(module, span) {
                report(&function.name, "this function is outside the source");
            }
        }
    }
    let mut end = 0;
    for edit in &module.edits {
        if !is_inside(module, edit.at) || edit.at.start < end {
            report(
                &edit.text,
                "this edit is outside the source, or not after the one before",
            );
        }
        end = end.max(edit.at.end);
    }
    found
}

/// Returns whether a span is whole characters of the source.
pub(super) fn is_inside(module: &Module, span: Span) -> bool {
    module.source.text().get(span.range()).is_some()
}
