//! The text that keeps arrays on the device while a stay lasts, between the user's statements.

use std::collections::BTreeMap;
use std::ops::Range;

use mupac_ir::{Function, Handle, Residency, Span, Turn};

use crate::layout::indentation;
use crate::names::FreshNames;

/// Text that stands before or behind statements of the user.
pub(crate) struct Insertion {
    /// The offset in the user's text.
    pub(crate) at: usize,
    /// What stands there.
    pub(crate) text: String,
}

/// Returns what a plan's stays and turns put between the user's statements, in order; `replaced` are the places of the
/// regions, into which nothing is put.
pub(crate) fn insertions(
    residency: &Residency,
    text: &str,
    replaced: &[Range<usize>],
    fresh: &FreshNames,
) -> Vec<Insertion> {
    let outside = |span: Span| {
        let Range { mut start, mut end } = span.range();
        for each in replaced {
            if each.contains(&start) {
                start = each.start;
            }
            if each.start < end && end <= each.end {
                end = each.end;
            }
        }
        start..end
    };
    let (mut found, mut ends) = (Vec::new(), Vec::new());
    // Two stays of one function may stand in one block.
    let mut names: BTreeMap<Handle<Function>, FreshNames> = BTreeMap::new();
    for stay in &residency.stays {
        let own = names.entry(stay.function).or_insert_with(|| fresh.clone());
        let name = own.take("residence");
        let Range { start, end } = outside(stay.within);
        let indent = indentation(text, start);
        found.push(Insertion {
            at: start,
            text: format!("mupac::Residence {name};  // arrays stay on the device\n{indent}"),
        });
        ends.push(Insertion {
            at: end,
            text: format!("\n{indent}{name}.end();"),
        });
    }
    let apart = fresh.clone().take("apart");
    for (statement, host) in &residency.turns {
        let Range { start, end } = outside(*statement);
        let first = match host.turn {
            Turn::Reads => "mupac::fetch();".to_owned(),
            Turn::Changes => "mupac::release();".to_owned(),
            Turn::Alone => format!("mupac::Apart {apart};"),
        };
        let is_scope = host.needs_braces || host.turn == Turn::Alone;
        found.push(Insertion {
            at: start,
            text: format!("{}{first} ", if is_scope { "{ " } else { "" }),
        });
        if is_scope {
            found.push(Insertion {
                at: end,
                text: " }".to_owned(),
            });
        }
    }
    found.extend(ends);
    found
}
