//! Functions that take memory of the device: whose regions work on it, and whose other text leaves it alone.
//!
//! A function takes such memory as a whole or not at all: where one of its loops would touch it on the host, or somebody
//! in this file calls it, with memory of the host, all of it stays as it is. Who is passed such memory may pass it on.

mod takers;

use std::collections::BTreeSet;

use mupac_ir::structure::operands;
use mupac_ir::{
    BinaryOp, Expr, ExprKind, Function, Handle, Module, Reason, Refusal, RegionPlan, Span, Stmt,
    UnaryOp, Var,
};

use crate::analyse::is_null;
use crate::calls::Linkage;
use crate::{lower, region};

pub use takers::takes_device_memory;
pub(crate) use takers::{Takers, takers};

/// Functions that are called without being named.
///
/// **Source**: C17 5.1.2.2.1; the manual of GCC, “Language Standards Supported by GCC”.
const CALLED_UNASKED: [&str; 5] = ["main", "memcmp", "memcpy", "memmove", "memset"];

/// Returns why a function cannot take memory of the device, if `members` do.
fn refusal(
    module: &Module,
    handle: Handle<Function>,
    regions: &[&RegionPlan],
    members: &BTreeSet<Handle<Function>>,
) -> Option<Refusal> {
    let function = &module.functions[handle];
    // Another file's definition need not take what these pass on.
    let calls = if Linkage::of(module).may_replace(function) {
        Vec::new()
    } else {
        takers::calls_of(module, handle, members)
    };
    let refused = |why: String, at: Span| Some(Refusal::new(Reason::HostMemory { why }, at));
    let name = &module.name_in_c(&function.name);
    if function.is_static && calls.is_empty() {
        return refused(
            format!("nobody outside of this file calls {name}"),
            function.span,
        );
    }
    if CALLED_UNASKED.contains(&name.as_str()) {
        let why = format!("compilers and the system call {name} with memory of the host");
        return refused(why, function.span);
    }
    let placed = |at: Span| {
        let is_in_header = at.is_unknown() && !module.source.text().is_empty();
        if is_in_header {
            ("a header of this file", function.span)
        } else {
            ("this file itself", at)
        }
    };
    if let Some((who, at)) = named_elsewhere(module, function, &calls).map(placed) {
        let why = format!("{who} names {name}, and calls it with memory of the host");
        return refused(why, at);
    }
    if let Some((who, at)) = module.assembler.map(placed) {
        let why = format!("{who} holds assembler, which may call {name} with memory of the host");
        return refused(why, at);
    }
    let replaced: Vec<Span> = regions.iter().map(|region| region.replaces).collect();
    let is_passing = |stmt: &Stmt| match stmt {
        Stmt::Call(call) => takers::passes_on(module, function, call, members).is_some(),
        Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::For(_)
        | Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => false,
    };
    let (at, var) = touched(function, &replaced, &is_passing)?;
    let name = &function.vars[var].name;
    refused(
        format!("other text of the function names {name}, which leads to memory of the device"),
        at,
    )
}

/// Whether a statement only passes pointers on.
type Passing<'a> = dyn Fn(&Stmt) -> bool + 'a;

/// Returns where text outside of the regions names a pointer which the function is passed, but to pass it on.
fn touched(
    function: &Function,
    replaced: &[Span],
    is_passing: &Passing<'_>,
) -> Option<(Span, Handle<Var>)> {
    let passed = takers::pointers(function);
    let in_text = |var: &Handle<Var>| Some((*function.vars[*var].texts.first()?, *var));
    let named = passed.iter().find_map(in_text);
    named.or_else(|| touched_by(function, &function.body, (replaced, is_passing), &passed))
}

/// Returns a statement outside of the regions that names one of some variables.
fn touched_by(
    function: &Function,
    statements: &[Stmt],
    (replaced, is_passing): (&[Span], &Passing<'_>),
    passed: &BTreeSet<Handle<Var>>,
) -> Option<(Span, Handle<Var>)> {
    statements.iter().find_map(|stmt| {
        let span = stmt.span();
        let holds = |each: &Span| each.start <= span.start && span.end <= each.end;
        if !span.is_unknown() && replaced.iter().any(holds) || is_passing(stmt) {
            return None;
        }
        let mut named = region::target(stmt)
            .map(|place| place.var)
            .into_iter()
            .collect::<BTreeSet<_>>();
        for expr in region::expressions(stmt) {
            read(function, expr, &mut named);
        }
        if let Some(var) = named.intersection(passed).next() {
            return Some((span, *var));
        }
        let mut blocks = region::blocks(stmt);
        blocks.find_map(|block| touched_by(function, block, (replaced, is_passing), passed))
    })
}

/// Notes what an expression reads, but for pointers that it only compares with null.
fn read(function: &Function, expr: Handle<Expr>, found: &mut BTreeSet<Handle<Var>>) {
    let kind = &function.exprs[expr].kind;
    let is_test = match *kind {
        ExprKind::Unary(UnaryOp::Not, a) => is_whole(function, a),
        ExprKind::Binary(BinaryOp::Equal | BinaryOp::NotEqual, a, b) => {
            let has_null = is_null(function, a) || is_null(function, b);
            has_null && is_whole(function, a) && is_whole(function, b)
        }
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Select { .. }
        | ExprKind::Cast(_)
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => false,
    };
    if is_test {
        return;
    }
    if let ExprKind::Load(place) | ExprKind::Address(place) = kind {
        found.insert(place.var);
    }
    for operand in operands(kind) {
        read(function, operand, found);
    }
}

/// Returns whether a value is null or that of a variable.
fn is_whole(function: &Function, expr: Handle<Expr>) -> bool {
    match &function.exprs[expr].kind {
        ExprKind::Cast(inner) => is_whole(function, *inner),
        ExprKind::Load(place) => place.path.is_empty(),
        ExprKind::Int(value) => *value == 0,
        ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => false,
    }
}

/// Returns where a function is named but to define or declare it, or in one of some calls; an unknown place if in a header.
///
/// Clang knows what macros make of the text, the tree what a module without text does, and the text itself holds names
/// that clang does not show, such as those in pragmas.
fn named_elsewhere(module: &Module, function: &Function, calls: &[Span]) -> Option<Span> {
    let renamed = module.renamed();
    let is_name = |word: &str| {
        let other = renamed.get(word);
        word == function.name || other.is_some_and(|other| *other == function.name)
    };
    let named = module.named.iter().filter(|(name, _)| is_name(name));
    let named: BTreeSet<Span> = named.flat_map(|(_, places)| places).copied().collect();
    outside(named, calls)
        .or_else(|| outside(written(module.source.text(), is_name), calls))
        .or_else(|| called(module, &function.name, calls))
}

/// Returns the first of some places that is not the only one in one of some calls.
fn outside(places: impl IntoIterator<Item = Span>, calls: &[Span]) -> Option<Span> {
    let mut seen = BTreeSet::new();
    places.into_iter().find(|place| {
        let mut around = calls.iter();
        let around = around.find(|call| call.start <= place.start && place.end <= call.end);
        around.is_none_or(|call| !seen.insert(*call))
    })
}

/// Returns where a text names a function but to define or declare it.
fn written(text: &str, is_name: impl Fn(&str) -> bool) -> Vec<Span> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut is_directive = false;
    let mut words = Words { text, at: 0 };
    while let Some((start, word)) = words.next() {
        match word {
            "{" => depth += 1,
            "}" => depth = depth.saturating_sub(1),
            "#" => is_directive = true,
            "\n" => is_directive = false,
            _ if is_name(word.trim_matches('"')) => {
                let is_declared = depth == 0 && !is_directive && {
                    let behind = text.get(start + word.len()..).unwrap_or_default();
                    behind.trim_start().starts_with('(')
                };
                if !is_declared {
                    found.push(Span::new(start, start + word.len()));
                }
            }
            _ => {}
        }
    }
    found
}

/// Returns where the tree calls a function of the file, but by one of some calls.
fn called(module: &Module, name: &str, calls: &[Span]) -> Option<Span> {
    module.functions.iter().find_map(|(_, caller)| {
        let mut all = lower::called(module, caller, &caller.body).into_iter();
        all.find_map(|(callee, at)| (callee == name && !calls.contains(&at)).then_some(at))
    })
}

/// The words and literals of a text of C, its other characters one by one, and the ends of lines, without comments and
/// blanks.
struct Words<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Words<'a> {
    fn next(&mut self) -> Option<(usize, &'a str)> {
        loop {
            let rest = self.text.get(self.at..)?;
            let first = rest.chars().next()?;
            let is_part = |each: char| each.is_alphanumeric() || each == '_';
            let length = if rest.starts_with("/*") {
                rest.get(2..)?.find("*/").map_or(rest.len(), |end| end + 4)
            } else if rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else if rest.starts_with("\\\n") {
                2
            } else if first.is_whitespace() && first != '\n' {
                first.len_utf8()
            } else {
                let length = if first == '"' || first == '\'' {
                    literal(rest, first)
                } else {
                    let word = rest.find(|each| !is_part(each)).unwrap_or(rest.len());
                    word.max(first.len_utf8())
                };
                let start = self.at;
                self.at += length;
                return Some((start, rest.get(..length)?));
            };
            self.at += length;
        }
    }
}

/// Returns how long a literal is that a text starts with.
fn literal(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, each) in text.char_indices().skip(1) {
        if each == quote && !is_escaped {
            return at + each.len_utf8();
        }
        is_escaped = each == '\\' && !is_escaped;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        let mut words = Words { text, at: 0 };
        std::iter::from_fn(|| words.next())
            .map(|(_, word)| word)
            .collect()
    }

    #[test]
    fn comments_hold_no_words_and_literals_are_one() {
        assert_eq!(
            words("a(b) /* c */ \"d\\\"e\" '\\'' // f\n#define g\\\nh"),
            [
                "a",
                "(",
                "b",
                ")",
                "\"d\\\"e\"",
                "'\\''",
                "\n",
                "#",
                "define",
                "g",
                "h"
            ]
        );
    }
}
