//! The header of a loop that stays on the host, in the user's words where there are some.

use mupac_ir::Loop;
use mupac_ir::c_text::CText;
use mupac_ir::structure::variables;

use crate::kept::Kept;
use crate::lexer::{TokenKind, tokens};

/// Returns the header with an opening brace, in the user's words if its range in the source holds them, and the comment that the user wrote behind it on the same line.
pub(crate) fn of(text: &CText<'_>, kept: Kept<'_>, each: &Loop) -> String {
    let original = kept.original();
    let (start, end) = (
        each.header_span.start as usize,
        each.header_span.end as usize,
    );
    let is_users = original
        .get(start..end)
        .is_some_and(|header| header.starts_with("for") && header.ends_with(')'))
        && !text.function.vars[each.iterator].spelling.is_empty()
        && has_users_names(text, each)
        && kept.can_repeat(start, end);
    if !is_users {
        return format!("for ({}) {{", text.header(each));
    }
    let comment = comment(original.get(end..).unwrap_or(""));
    let gap = if comment.is_empty() { "" } else { "  " };
    format!("{} {{{gap}{comment}", kept.slice(start, end))
}

/// Returns whether the variables of a header, which may be a callee's, are called what the source calls them.
fn has_users_names(text: &CText<'_>, each: &Loop) -> bool {
    let bounds = [each.start, each.end].map(|bound| variables(text.function, bound));
    let mut named = bounds.into_iter().flatten().chain([each.iterator]);
    named.all(|var| {
        let spelling = &text.function.vars[var].spelling;
        // The text says a place in memory as the source does.
        spelling.is_empty() || *spelling == (text.names)(var)
    })
}

/// Returns the comment that ends the first line of what follows a header.
fn comment(rest: &str) -> &str {
    let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
    let mut found = tokens(line).into_iter();
    let mut next = found.next();
    if next.is_some_and(|token| token.kind == TokenKind::Punctuation(b'{')) {
        next = found.next();
    }
    let is_whole = |text: &str| text.starts_with("//") || text.ends_with("*/");
    match (next, found.next()) {
        (Some(token), None) if token.kind == TokenKind::Comment => line
            .get(token.start..token.end)
            .map(str::trim_end)
            .filter(|text| is_whole(text) && !text.ends_with('\\'))
            .unwrap_or(""),
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::comment;

    #[test]
    fn a_comment_stays_with_its_header() {
        assert_eq!(comment(" {   /* steps */\n a;"), "/* steps */");
        assert_eq!(comment("  // steps\n a;"), "// steps");
        assert_eq!(comment(" { a; /* first */\n"), "");
        assert_eq!(comment(" { /* two\n lines */"), "");
    }
}
