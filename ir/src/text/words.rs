//! The terminals of the text form.
//!
//! Few words are reserved, because names come from C: a word has its meaning only where the grammar expects it.
//! Where a name could be taken for a word, the printer quotes the name.

use crate::types::Scalar;

/// A word with a meaning in the text form; type names and names of reasons are in tables of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    Addressed,
    After,
    Align,
    Also,
    Anti,
    As,
    At,
    Barrier,
    Because,
    BlockX,
    BlockY,
    BlockZ,
    Break,
    By,
    Call,
    Ceildiv,
    Const,
    Constant,
    Continue,
    Do,
    Else,
    Extent,
    False,
    Floordiv,
    Flow,
    Fn,
    For,
    Global,
    Helps,
    If,
    In,
    Inf,
    InfF32,
    Lanes,
    Let,
    Local,
    Max,
    Min,
    Nan,
    NanF32,
    On,
    Opaque,
    Output,
    Partial,
    Record,
    Register,
    Restrict,
    Return,
    Shared,
    Size,
    Slices,
    Static,
    Struct,
    ThreadX,
    ThreadY,
    ThreadZ,
    True,
    Unroll,
    Var,
    Vector,
    Verbatim,
    Void,
    Volatile,
    While,
}

impl Word {
    /// All of them, in alphabetical order.
    pub(crate) const ALL: [Self; 64] = [
        Self::Addressed,
        Self::After,
        Self::Align,
        Self::Also,
        Self::Anti,
        Self::As,
        Self::At,
        Self::Barrier,
        Self::Because,
        Self::BlockX,
        Self::BlockY,
        Self::BlockZ,
        Self::Break,
        Self::By,
        Self::Call,
        Self::Ceildiv,
        Self::Const,
        Self::Constant,
        Self::Continue,
        Self::Do,
        Self::Else,
        Self::Extent,
        Self::False,
        Self::Floordiv,
        Self::Flow,
        Self::Fn,
        Self::For,
        Self::Global,
        Self::Helps,
        Self::If,
        Self::In,
        Self::Inf,
        Self::InfF32,
        Self::Lanes,
        Self::Let,
        Self::Local,
        Self::Max,
        Self::Min,
        Self::Nan,
        Self::NanF32,
        Self::On,
        Self::Opaque,
        Self::Output,
        Self::Partial,
        Self::Record,
        Self::Register,
        Self::Restrict,
        Self::Return,
        Self::Shared,
        Self::Size,
        Self::Slices,
        Self::Static,
        Self::Struct,
        Self::ThreadX,
        Self::ThreadY,
        Self::ThreadZ,
        Self::True,
        Self::Unroll,
        Self::Var,
        Self::Vector,
        Self::Verbatim,
        Self::Void,
        Self::Volatile,
        Self::While,
    ];

    /// Returns the word as written.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Addressed => "addressed",
            Self::After => "after",
            Self::Align => "align",
            Self::Also => "also",
            Self::Anti => "anti",
            Self::As => "as",
            Self::At => "at",
            Self::Barrier => "barrier",
            Self::Because => "because",
            Self::BlockX => "block.x",
            Self::BlockY => "block.y",
            Self::BlockZ => "block.z",
            Self::Break => "break",
            Self::By => "by",
            Self::Call => "call",
            Self::Ceildiv => "ceildiv",
            Self::Const => "const",
            Self::Constant => "constant",
            Self::Continue => "continue",
            Self::Do => "do",
            Self::Else => "else",
            Self::Extent => "extent",
            Self::False => "false",
            Self::Floordiv => "floordiv",
            Self::Flow => "flow",
            Self::Fn => "fn",
            Self::For => "for",
            Self::Global => "global",
            Self::Helps => "helps",
            Self::If => "if",
            Self::In => "in",
            Self::Inf => "inf",
            Self::InfF32 => "inf_f32",
            Self::Lanes => "lanes",
            Self::Let => "let",
            Self::Local => "local",
            Self::Max => "max",
            Self::Min => "min",
            Self::Nan => "nan",
            Self::NanF32 => "nan_f32",
            Self::On => "on",
            Self::Opaque => "opaque",
            Self::Output => "output",
            Self::Partial => "partial",
            Self::Record => "record",
            Self::Register => "register",
            Self::Restrict => "restrict",
            Self::Return => "return",
            Self::Shared => "shared",
            Self::Size => "size",
            Self::Slices => "slices",
            Self::Static => "static",
            Self::Struct => "struct",
            Self::ThreadX => "thread.x",
            Self::ThreadY => "thread.y",
            Self::ThreadZ => "thread.z",
            Self::True => "true",
            Self::Unroll => "unroll",
            Self::Var => "var",
            Self::Vector => "vector",
            Self::Verbatim => "verbatim",
            Self::Void => "void",
            Self::Volatile => "volatile",
            Self::While => "while",
        }
    }

    /// Returns the word written so, if there is one.
    pub(crate) fn find(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|word| word.text() == text)
    }

    /// Returns whether the word is a value by itself, so that a variable of this name must be quoted.
    pub(crate) fn is_value(self) -> bool {
        matches!(
            self,
            Self::True
                | Self::False
                | Self::Inf
                | Self::InfF32
                | Self::Nan
                | Self::NanF32
                | Self::BlockX
                | Self::BlockY
                | Self::BlockZ
                | Self::ThreadX
                | Self::ThreadY
                | Self::ThreadZ
                | Self::Const
        )
    }

    /// Returns whether the word, before a parenthesis, is an operator.
    pub(crate) fn is_operator(self) -> bool {
        matches!(self, Self::Min | Self::Max | Self::Floordiv | Self::Ceildiv)
    }

    /// Returns whether the word can start a type or stand before one.
    pub(crate) fn is_type(self) -> bool {
        matches!(
            self,
            Self::Void
                | Self::Opaque
                | Self::Struct
                | Self::Const
                | Self::Volatile
                | Self::Restrict
                | Self::Addressed
        )
    }
}

/// Returns the arithmetic type of this name.
pub(crate) fn scalar(text: &str) -> Option<Scalar> {
    Scalar::ALL.into_iter().find(|scalar| scalar.name() == text)
}

/// The symbols; where one is the beginning of another, the longer one comes first.
pub(crate) const SYMBOLS: [&str; 34] = [
    "..", "->", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "(", ")", "[", "]", "{", "}", ",",
    ":", "=", "+", "-", "*", "/", "%", "&", "|", "^", "~", "!", "<", ">", "?", "@", "#",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Returns what stands between double quotes in the rules of the grammar.
    fn terminals() -> BTreeSet<&'static str> {
        include_str!("../../GRAMMAR.md")
            .split("```")
            .filter_map(|part| part.strip_prefix("ebnf"))
            .flat_map(|rules| rules.split('"').skip(1).step_by(2))
            .collect()
    }

    #[test]
    fn the_grammar_lists_every_terminal_and_no_other() {
        let words = Word::ALL.into_iter().map(Word::text);
        let scalars = Scalar::ALL.into_iter().map(Scalar::name);
        let known: BTreeSet<&str> = words.chain(scalars).chain(SYMBOLS).collect();
        assert_eq!(terminals(), known);
    }

    #[test]
    fn no_symbol_hides_a_longer_one() {
        for (position, symbol) in SYMBOLS.iter().enumerate() {
            for later in &SYMBOLS[position + 1..] {
                assert!(!later.starts_with(symbol), "{symbol} hides {later}");
            }
        }
    }

    #[test]
    fn all_words_are_listed_once() {
        let texts: Vec<&str> = Word::ALL.into_iter().map(Word::text).collect();
        assert!(texts.is_sorted_by(|a, b| a < b), "{texts:?}");
    }
}
