//! `isalpha` and its kind, `tolower` and `toupper`: questions of the C library about characters.
//!
//! glibc's macros look a character up in a table of the locale.
//! In the locale that every program starts with the answers are comparisons, so they are lowered as such where nothing in
//! the program can choose another one; elsewhere a call stays a call.
//!
//! **Source**: C17 5.2.1, 7.4 and 7.11.1.1 paragraph 4; POSIX.1-2017, Base Definitions 7.3.1 (the POSIX locale); glibc 2.41,
//! `ctype/ctype.h` (the order of the bits).

use clang_sys as k;
use mupac_ir::{BinaryOp, Expr, ExprKind, Handle, Place, Scalar};

use crate::clang::{Constant, Cursor};
use crate::lower::function::Body;
use crate::lower::{Lowered, types, unsupported, walk};

/// What glibc's macros call for the table; its element for a character has a bit for each class that it is in.
pub(super) const TABLE: &str = "__ctype_b_loc";

/// A class of characters: its bit in an element of the table, and the ranges of characters that are in it.
struct Class {
    bit: i128,
    ranges: &'static [(i128, i128)],
}

const fn class(number: u32, ranges: &'static [(i128, i128)]) -> Class {
    // Elements are kept in the order of bytes of a big-endian machine.
    let bit = if number < 8 {
        1 << (number + 8)
    } else {
        1 << (number - 8)
    };
    Class { bit, ranges }
}

const UPPER: (i128, i128) = (b'A' as i128, b'Z' as i128);
const LOWER: (i128, i128) = (b'a' as i128, b'z' as i128);
const DIGIT: (i128, i128) = (b'0' as i128, b'9' as i128);

const CLASSES: [Class; 12] = [
    class(0, &[UPPER]),
    class(1, &[LOWER]),
    class(2, &[UPPER, LOWER]),
    class(3, &[DIGIT]),
    class(
        4,
        &[
            DIGIT,
            (b'A' as i128, b'F' as i128),
            (b'a' as i128, b'f' as i128),
        ],
    ),
    class(5, &[(9, 13), (32, 32)]),
    class(6, &[(32, 126)]),
    class(7, &[(33, 126)]),
    class(8, &[(9, 9), (32, 32)]),
    class(9, &[(0, 31), (127, 127)]),
    class(10, &[(33, 47), (58, 64), (91, 96), (123, 126)]),
    class(11, &[DIGIT, UPPER, LOWER]),
];

/// A question about a character.
pub(super) struct ClassQuestion<'u> {
    character: Cursor<'u>,
    class: &'static Class,
}

impl<'u> ClassQuestion<'u> {
    /// Returns what glibc's macros ask: a bit of the element of the table.
    pub(super) fn of(
        op: k::CXBinaryOperatorKind,
        left: Cursor<'u>,
        right: Cursor<'u>,
    ) -> Option<Self> {
        let element = walk::peel(left);
        if op != k::CXBinaryOperator_And || element.kind() != k::CXCursor_ArraySubscriptExpr {
            return None;
        }
        let [table, character] = element.children()[..] else {
            return None;
        };
        let table = walk::peel(table);
        let is_read = table.kind() == k::CXCursor_UnaryOperator
            && table.unary_operator() == k::CXUnaryOperator_Deref;
        let call = walk::peel(*table.children().first().filter(|_| is_read)?);
        if called(call)? != TABLE {
            return None;
        }
        let Some(Constant::Int(bit)) = right.evaluate() else {
            return None;
        };
        let class = CLASSES.iter().find(|class| class.bit == bit)?;
        // The macros convert it themselves; other text may subscript as it likes.
        let is_int = types::scalar(character.ty()) == Some(Scalar::I32);
        is_int.then_some(Self { character, class })
    }
}

/// Returns whether a call is one of `tolower` or `toupper`.
pub(super) fn changes_case(call: Cursor<'_>) -> bool {
    matches!(called(call).as_deref(), Some("tolower" | "toupper"))
}

/// Returns the name of the function of the system's headers that an expression calls.
fn called(call: Cursor<'_>) -> Option<String> {
    if call.kind() != k::CXCursor_CallExpr {
        return None;
    }
    let callee = walk::peel(*call.children().first()?);
    let function = callee.referenced()?;
    let is_library = function.definition().is_none() && function.canonical().is_in_system_header();
    is_library.then(|| function.spelling())
}

impl<'u> Body<'_, 'u> {
    /// Lowers a question about a character, to the bit of its class or 0.
    pub(super) fn in_class(&mut self, question: &ClassQuestion<'u>) -> Lowered<Handle<Expr>> {
        let character = self.character(question.character)?;
        let is_in = self.is_in(character, question.class.ranges);
        let bit = self.int(question.class.bit, Scalar::I32);
        let zero = self.int(0, Scalar::I32);
        Ok(self.selected(is_in, bit, zero))
    }

    /// Lowers a character that is named several times: once, unless that is only a read.
    fn character(&mut self, cursor: Cursor<'u>) -> Lowered<Handle<Expr>> {
        let value = self.value(cursor)?;
        if self.is_read(value) {
            return Ok(value);
        }
        let at = self.span(cursor);
        let character = self.declare_temporary("character", Scalar::I32.into(), at);
        self.compute(Place::var(character), value, at, at);
        Ok(self.function.load(character))
    }

    fn is_read(&self, value: Handle<Expr>) -> bool {
        let kind = &self.function.exprs[value].kind;
        if let ExprKind::Cast(inner) = kind {
            return self.is_read(*inner);
        }
        matches!(kind, ExprKind::Int(_) | ExprKind::Load(_))
    }

    /// Lowers `tolower` and `toupper`; `None`: it is another call.
    pub(super) fn other_case(&mut self, call: Cursor<'u>) -> Lowered<Option<Handle<Expr>>> {
        let (range, op) = match called(call).as_deref() {
            Some("tolower") => (UPPER, BinaryOp::Add),
            Some("toupper") => (LOWER, BinaryOp::Subtract),
            _ => return Ok(None),
        };
        let at = self.span(call);
        let argument = call.children().get(1).copied();
        let argument = argument.ok_or_else(|| unsupported("a call of this kind", at))?;
        let character = self.character(argument)?;
        let is_in = self.is_in(character, &[range]);
        let other = self.moved(op, character, LOWER.0 - UPPER.0);
        let same = self.unsigned(character);
        Ok(Some(self.selected(is_in, other, same)))
    }

    /// Returns a character, an `int`, that has no other case: glibc takes those below `EOF` for what they are as `unsigned char`.
    fn unsigned(&mut self, character: Handle<Expr>) -> Handle<Expr> {
        if self.is_never_negative(character) {
            return character;
        }
        let is_below = self.compared_with(BinaryOp::Less, character, -1);
        let above = self.moved(BinaryOp::Add, character, 256);
        self.selected(is_below, above, character)
    }

    fn is_never_negative(&self, character: Handle<Expr>) -> bool {
        let ExprKind::Cast(inner) = self.function.exprs[character].kind else {
            return false;
        };
        let ty = self.type_of(inner).scalar();
        ty.is_some_and(|ty| !ty.is_signed() && ty.promoted() != ty)
    }

    fn moved(&mut self, op: BinaryOp, character: Handle<Expr>, by: i128) -> Handle<Expr> {
        let by = self.int(by, Scalar::I32);
        let moved = ExprKind::Binary(op, character, by);
        self.function.expr(moved, Scalar::I32)
    }

    /// Returns whether a character lies in one of some ranges.
    fn is_in(&mut self, character: Handle<Expr>, ranges: &[(i128, i128)]) -> Handle<Expr> {
        let mut found = None;
        for (first, last) in ranges {
            let range = if first == last {
                self.compared_with(BinaryOp::Equal, character, *first)
            } else {
                let above = self.compared_with(BinaryOp::GreaterEqual, character, *first);
                let below = self.compared_with(BinaryOp::LessEqual, character, *last);
                self.compared(BinaryOp::And, above, below)
            };
            found = Some(match found {
                Some(found) => self.compared(BinaryOp::Or, found, range),
                None => range,
            });
        }
        found.unwrap_or_else(|| self.int(0, Scalar::I32))
    }

    fn compared_with(&mut self, op: BinaryOp, character: Handle<Expr>, with: i128) -> Handle<Expr> {
        let with = self.int(with, Scalar::I32);
        self.compared(op, character, with)
    }

    fn selected(
        &mut self,
        condition: Handle<Expr>,
        then: Handle<Expr>,
        otherwise: Handle<Expr>,
    ) -> Handle<Expr> {
        let select = ExprKind::Select {
            condition,
            then,
            otherwise,
        };
        self.function.expr(select, Scalar::I32)
    }
}

#[cfg(test)]
mod tests {
    use super::CLASSES;

    #[test]
    fn classes_agree_with_one_another() {
        let is_in = |number: usize, character: i128| {
            let mut ranges = CLASSES[number].ranges.iter();
            ranges.any(|(first, last)| (*first..=*last).contains(&character))
        };
        for character in -128..=255 {
            let [
                upper,
                lower,
                alpha,
                digit,
                _,
                space,
                print,
                graph,
                blank,
                control,
                punctuation,
                number,
            ] = std::array::from_fn(|number| is_in(number, character));
            assert_eq!(alpha, upper || lower);
            assert_eq!(number, alpha || digit);
            assert_eq!(graph, number || punctuation);
            assert_eq!(print, graph || character == 32);
            assert!(!blank || space);
            assert_eq!(control || print, (0..128).contains(&character));
        }
    }
}
