//! Compares the C tree of a file with the C++ tree of its edited text, expression by expression.
//!
//! Nodes correspond by their place in the original text and by what they are.
//! What comes out of macros of system headers is the library's own affair: it adapts itself to C++.

use std::collections::{BTreeMap, HashSet};

use clang_sys as k;

use crate::clang::{Cursor, Home, Unit};
use crate::cpp::chosen;
use crate::cpp::edited::Edited;
use crate::cpp::implicit;
use crate::cpp::types::{is_promoted_alike, is_same};
use crate::edits::{is_comparison, keyword, linkage, update, void_pointer};
use crate::lower::call::ASSERTION;
use crate::lower::{declare, types, walk};

/// An expression or declaration of the C tree that means something else in C++.
pub(super) struct Difference<'u> {
    /// The node of the C tree.
    pub(super) cursor: Cursor<'u>,
    /// What it is.
    pub(super) class: Class,
    /// What is different, in words.
    pub(super) what: String,
}

impl Difference<'_> {
    /// Returns what is different, with the header that it is in.
    pub(super) fn words(&self) -> String {
        let header = self.cursor.file().filter(|_| !self.cursor.start().is_main);
        let name = header.and_then(|path| Some(path.rsplit('/').next()?.to_owned()));
        name.map_or_else(
            || self.what.clone(),
            |name| format!("{} in {name}", self.what),
        )
    }
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// A call: its function and result.
    Call,
    /// An operator with two operands, by clang's number.
    Binary(k::CXBinaryOperatorKind),
    /// A compound assignment, by clang's number.
    Compound(k::CXBinaryOperatorKind),
    /// An operator with one operand, by clang's number.
    Unary(k::CXUnaryOperatorKind),
    /// `?:`.
    Conditional,
    /// `sizeof` and its like: the value.
    Size,
    /// A number.
    Number,
    /// A string.
    Text,
    /// A name: what it refers to.
    Reference,
    /// A member: its offset.
    Member,
    /// A written conversion.
    Cast,
    /// A variable, parameter or field: its type.
    Variable,
}

/// Where the characters of a node stand, and what it is.
///
/// The arguments of a macro stand where they are written, whatever the macro makes of them; nodes of one macro's body
/// share their places and follow one another in the order of its uses.
type Key = (Place, Class);

/// Where characters stand.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// In the original text.
    Main(usize),
    /// In the body of another file's macro: the place where it is used. The languages may see several of that name.
    Header(usize),
    /// In a function of one of the user's headers: the header, place of the characters and of the macro that brings them.
    Included(String, usize, usize),
}

/// Returns what differs, by place.
pub(super) fn differences<'u>(c: &'u Unit, cpp: &Unit, edited: &Edited) -> Vec<Difference<'u>> {
    let ours = nodes(c, &|offset| Some(offset), &|_| false);
    let theirs = nodes(cpp, &|offset| edited.original(offset), &|offset| {
        edited.is_inserted(offset)
    });
    let mut differences = Vec::new();
    for (key, ours) in ours {
        let (place, class) = (&key.0, key.1);
        // The body of a macro whose use an edit replaces is not used there.
        let is_kept = |node: &Cursor<'u>| {
            let start = node.start();
            !(start.is_main && start.is_macro && edited.is_replaced(start.offset))
        };
        let ours: Vec<_> = ours.into_iter().filter(is_kept).collect();
        let theirs = theirs.get(&key).map_or(&[][..], Vec::as_slice);
        let is_left_out = match place {
            Place::Main(offset) => {
                let is_text = class == Class::Text && theirs.is_empty();
                edited.is_replaced(*offset) || (is_text && edited.is_written_over(*offset))
            }
            Place::Header(used) => {
                let is_silent = || ours.iter().all(|node| is_silent(class, *node));
                edited.is_written_over(*used) || (theirs.is_empty() && is_silent())
            }
            Place::Included(..) => theirs.is_empty(),
        };
        if is_left_out {
            continue;
        }
        let is_one_to_one = ours.len() == theirs.len();
        for (index, node) in ours.iter().enumerate() {
            let found = if is_one_to_one {
                difference(class, *node, theirs[index], edited)
            } else {
                nearest(class, *node, theirs, edited)
            };
            differences.extend(found.map(|what| Difference {
                cursor: *node,
                class,
                what,
            }));
        }
    }
    differences
}

/// Returns how a node differs from each of several candidates; `None` where one of them is the same.
fn nearest(class: Class, c: Cursor<'_>, all: &[Cursor<'_>], edited: &Edited) -> Option<String> {
    let mut least = Some("C++ reads this otherwise".to_owned());
    for each in all {
        least = difference(class, c, *each, edited);
        if least.is_none() {
            break;
        }
    }
    least
}

/// Returns whether a node may be missing in C++: a conversion of a pointer changes no value.
fn is_silent(class: Class, node: Cursor<'_>) -> bool {
    class == Class::Variable || (class == Class::Cast && types::is_pointer(node.ty()))
}

/// Collects what is compared, parents first.
fn nodes<'u>(
    unit: &'u Unit,
    original: &dyn Fn(usize) -> Option<usize>,
    is_inserted: &dyn Fn(usize) -> bool,
) -> BTreeMap<Key, Vec<Cursor<'u>>> {
    let mut nodes: BTreeMap<Key, Vec<Cursor<'u>>> = BTreeMap::new();
    let macros = uses(unit, &|cursor| cursor.is_in_system_header());
    // Each language has its own, and so may a program.
    let nulls = uses(unit, &|cursor| cursor.spelling() == "NULL");
    let mut asserted = HashSet::new();
    for declaration in linkage::declarations(unit) {
        walk::each(declaration, |cursor| {
            // What a failed assertion says of its argument depends on the library, and then the program is at its end.
            if is_failed_assertion(cursor) {
                for argument in cursor.children() {
                    walk::each(argument, |inside| {
                        asserted.insert(inside);
                    });
                }
            }
            let Some(class) = class(cursor).filter(|_| !asserted.contains(&cursor)) else {
                return;
            };
            let at = if class == Class::Variable {
                cursor.location()
            } else {
                cursor.start()
            };
            if !at.is_main || (class == Class::Cast && is_inserted(at.offset)) {
                return;
            }
            let place = if nulls.contains(&at.offset) && at.is_macro {
                None
            } else if at.is_spelled_in_main {
                original(at.spelled).map(Place::Main)
            } else if unit.is_spelled_in_system(at) || macros.contains(&at.offset) {
                None
            } else {
                original(at.offset).map(Place::Header)
            };
            if let Some(place) = place {
                nodes.entry((place, class)).or_default().push(cursor);
            }
        });
    }
    for declaration in unit.declarations(&[Home::Header]) {
        if declaration.kind() == k::CXCursor_FunctionDecl && declaration.is_definition() {
            walk::each(declaration, |cursor| {
                if let Some((place, class)) = included(cursor, unit) {
                    nodes.entry((place, class)).or_default().push(cursor);
                }
            });
        }
    }
    nodes
}

/// Returns the place and class of a node in a header of the user, where no edit helps: only sizes, and calls that compute
/// numbers, of which C++ has several for one of C's, are something else there.
fn included(cursor: Cursor<'_>, unit: &Unit) -> Option<Key> {
    let class = class(cursor)?;
    let is_number = class == Class::Call && types::scalar(cursor.ty()).is_some();
    let at = cursor.start();
    if at.is_main || !(is_number || class == Class::Size) || unit.is_spelled_in_system(at) {
        return None;
    }
    let place = Place::Included(cursor.file()?, at.spelled, at.offset);
    Some((place, class))
}

/// Returns the places in the main file where macros of a kind are used.
fn uses(unit: &Unit, is_meant: &dyn Fn(Cursor<'_>) -> bool) -> HashSet<usize> {
    let uses = unit.directives().filter(|cursor| {
        cursor.kind() == k::CXCursor_MacroExpansion && cursor.referenced().is_some_and(is_meant)
    });
    uses.map(Cursor::start)
        .filter(|start| start.is_main)
        .map(|start| start.offset)
        .collect()
}

fn class(cursor: Cursor<'_>) -> Option<Class> {
    Some(match cursor.kind() {
        k::CXCursor_CallExpr => {
            // C++ copies structures by calls, which the program does not write.
            let is_call = cursor.referenced().is_none_or(|function| {
                ![k::CXCursor_Constructor, k::CXCursor_CXXMethod].contains(&function.kind())
            });
            return is_call.then_some(Class::Call);
        }
        k::CXCursor_BinaryOperator if types::is_record(cursor.ty()) => return None,
        // The edits write these out.
        k::CXCursor_UnaryOperator | k::CXCursor_CompoundAssignOperator
            if update::is_update(cursor) =>
        {
            return None;
        }
        k::CXCursor_BinaryOperator => Class::Binary(cursor.binary_operator()),
        k::CXCursor_CompoundAssignOperator => Class::Compound(cursor.binary_operator()),
        k::CXCursor_UnaryOperator => Class::Unary(cursor.unary_operator()),
        k::CXCursor_ConditionalOperator => Class::Conditional,
        k::CXCursor_UnaryExpr => Class::Size,
        k::CXCursor_IntegerLiteral | k::CXCursor_FloatingLiteral => Class::Number,
        k::CXCursor_StringLiteral => Class::Text,
        k::CXCursor_DeclRefExpr => Class::Reference,
        k::CXCursor_MemberRefExpr => Class::Member,
        k::CXCursor_CStyleCastExpr => Class::Cast,
        k::CXCursor_VarDecl | k::CXCursor_ParmDecl | k::CXCursor_FieldDecl => Class::Variable,
        _ => return None,
    })
}

/// Returns what is different between two nodes of one class, in words.
fn difference(class: Class, c: Cursor<'_>, cpp: Cursor<'_>, edited: &Edited) -> Option<String> {
    let typed = |is_alike: bool| (!is_alike).then(|| another_type(c, cpp));
    match class {
        Class::Call => call(c, cpp, edited),
        Class::Binary(op) if is_logical(op) || is_comparison(op) => typed(
            is_promoted_alike(c.ty(), cpp.ty())
                && (is_logical(op)
                    || has_same_operands(c, cpp)
                    || has_pointers(c, cpp)
                    || (is_equality(op) && has_same_width(c, cpp))),
        ),
        Class::Conditional => typed(chosen::is_alike(c, cpp)),
        Class::Binary(op) | Class::Compound(op) if is_shift(op) => {
            typed(is_same(c.ty(), cpp.ty()) && has_same_first_operand(c, cpp))
        }
        Class::Binary(_) if void_pointer::is_arithmetic(c) => typed(counts_bytes(c, cpp)),
        Class::Binary(k::CXBinaryOperator_Comma) | Class::Unary(k::CXUnaryOperator_LNot) => {
            typed(is_promoted_alike(c.ty(), cpp.ty()))
        }
        Class::Binary(_) | Class::Compound(_) => {
            typed(is_same(c.ty(), cpp.ty()) && has_same_operands(c, cpp))
        }
        Class::Size => {
            (c.evaluate() != cpp.evaluate()).then(|| "C++ gives this another size".to_owned())
        }
        Class::Number if c.evaluate() != cpp.evaluate() => {
            Some("C++ reads another number here".to_owned())
        }
        // Clang gives `__PRETTY_FUNCTION__` the text that it has in C++, gcc that of `__func__`, which an edit writes.
        Class::Text => (c.spelling() != cpp.spelling() && !is_written(cpp, edited))
            .then(|| "the edits for C++ change this text".to_owned()),
        Class::Reference => reference(c, cpp, edited),
        Class::Member => (c.referenced().map(Cursor::field_offset_bits)
            != cpp.referenced().map(Cursor::field_offset_bits))
        .then(|| "C++ finds another member".to_owned()),
        Class::Variable if declare::has_variable_extent(c.ty()) => None,
        Class::Number | Class::Unary(_) | Class::Cast | Class::Variable => {
            typed(is_same(c.ty(), cpp.ty()))
        }
    }
}

/// Returns whether an edit wrote the characters of a node.
fn is_written(cpp: Cursor<'_>, edited: &Edited) -> bool {
    let start = cpp.start();
    start.is_spelled_in_main && edited.is_inserted(start.spelled)
}

fn another_type(c: Cursor<'_>, cpp: Cursor<'_>) -> String {
    format!(
        "C++ computes this otherwise: as {} instead of {}",
        cpp.ty().spelling(),
        c.ty().spelling()
    )
}

fn call(c: Cursor<'_>, cpp: Cursor<'_>, edited: &Edited) -> Option<String> {
    let is_converted = implicit::result(c).is_some() && has_written_type(c, cpp, edited);
    let is_same_callee = match (c.referenced(), cpp.referenced()) {
        (Some(c), Some(cpp)) => {
            let is_variable = c
                .ty()
                .arguments()
                .into_iter()
                .any(declare::has_variable_extent);
            is_same_name(c, cpp)
                && (is_variable
                    || is_converted
                    || is_same(c.ty(), cpp.ty())
                    || has_types_of_definition(c, cpp)
                    || is_in_common_type(c, cpp))
        }
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    if !is_same_callee {
        return Some(format!("C++ calls another `{}`", c.spelling()));
    }
    (!is_converted && !is_same(c.ty(), cpp.ty())).then(|| another_type(c, cpp))
}

/// Returns whether a conversion that an edit wrote stands before a call whose result is another integer in C++.
fn has_written_type(c: Cursor<'_>, cpp: Cursor<'_>, edited: &Edited) -> bool {
    let is_integer =
        |cursor: Cursor<'_>| types::scalar(cursor.ty()).is_some_and(|ty| !ty.is_float());
    let before = cpp.start().offset.checked_sub(1);
    before.is_some_and(|at| edited.is_inserted(at)) && is_integer(c) && is_integer(cpp)
}

/// Returns whether C++ has the parameters that a definition in the old style declares: C passes them promoted, and its
/// function converts them back.
fn has_types_of_definition(c: Cursor<'_>, cpp: Cursor<'_>) -> bool {
    let declared = c.definition().map(walk::parameters).unwrap_or_default();
    let theirs = cpp.ty().arguments();
    is_same(c.ty().result(), cpp.ty().result())
        && declared.len() == theirs.len()
        && (declared.iter().zip(theirs)).all(|(ours, theirs)| is_same(ours.ty(), theirs))
}

/// Returns whether two references name the same, the edits' own names aside.
fn is_same_name(c: Cursor<'_>, cpp: Cursor<'_>) -> bool {
    let (ours, theirs) = (c.spelling(), cpp.spelling());
    ours == theirs || keyword::is_renamed(&ours, &theirs)
}

/// Returns whether a function of the C++ library converts its arguments and computes as C's does: those for arguments
/// of several types convert them all to the type of the result.
///
/// **Source**: C++17 29.9.1 §2 (sf.cmath).
fn is_in_common_type(c: Cursor<'_>, cpp: Cursor<'_>) -> bool {
    let (ours, theirs) = (
        types::scalar(c.ty().result()),
        types::scalar(cpp.ty().result()),
    );
    ours == theirs
        && ours.is_some_and(mupac_ir::Scalar::is_float)
        && cpp.is_in_system_header()
        && cpp
            .ty()
            .arguments()
            .iter()
            .all(|ty| types::scalar(*ty).is_some())
}

fn reference(c: Cursor<'_>, cpp: Cursor<'_>, edited: &Edited) -> Option<String> {
    let other = || Some(format!("C++ finds another `{}`", c.spelling()));
    let (Some(ours), Some(theirs)) = (c.referenced(), cpp.referenced()) else {
        return other();
    };
    if declare::has_variable_extent(ours.ty()) {
        return None;
    }
    // A function of the C library that the program declares itself.
    let is_library_function = ours.kind() == k::CXCursor_FunctionDecl
        && ours.definition().is_none()
        && theirs.canonical().is_in_system_header()
        && is_same(ours.ty(), theirs.ty());
    let is_library_function = is_library_function || implicit::is_implicit(ours);
    // The declaration of a parameter in the old style moves.
    let is_parameter = [ours, theirs]
        .iter()
        .all(|each| each.kind() == k::CXCursor_ParmDecl);
    if is_parameter && edited.is_inserted(theirs.location().offset) {
        return if is_same_name(c, cpp) { None } else { other() };
    }
    let (first, their_first) = (ours.canonical().location(), theirs.canonical().location());
    if first.is_main
        && their_first.is_main
        && edited.original(their_first.offset) == Some(first.offset)
    {
        return None;
    }
    // What an edit declares beforehand, with the name for other files, or what stands for a declaration that went.
    let is_gone = first.is_main && edited.is_replaced(first.offset);
    let is_inserted = their_first.is_main && edited.is_inserted(their_first.offset);
    let is_declared_by_edits = (is_gone || is_inserted) && is_same(ours.ty(), theirs.ty());
    let is_outside = !first.is_main || is_library_function;
    ((!is_outside && !is_declared_by_edits) || !is_same_name(c, cpp))
        .then(other)
        .flatten()
}

/// Returns whether the operands have the same types after C's and C++'s own conversions.
fn has_same_operands(c: Cursor<'_>, cpp: Cursor<'_>) -> bool {
    let (ours, theirs) = (c.children(), cpp.children());
    ours.len() == theirs.len()
        && ours
            .iter()
            .zip(theirs)
            .all(|(ours, theirs)| is_promoted_alike(ours.ty(), theirs.ty()))
}

/// Returns whether both compare pointers: C converts `void *` to the other operand's type and C++ the other way round,
/// and neither changes an address (C17 6.5.9 §5; C++17 8.9 §2 and 8.10 §3).
fn has_pointers(c: Cursor<'_>, cpp: Cursor<'_>) -> bool {
    let mut operands = c.children().into_iter().chain(cpp.children());
    operands.all(|operand| operand.ty().canonical().kind() == k::CXType_Pointer)
}

/// Returns whether both compare integers of one width: whichever of them have a sign, the bits are the same or not.
fn has_same_width(c: Cursor<'_>, cpp: Cursor<'_>) -> bool {
    let operands = c.children().into_iter().chain(cpp.children());
    let width = |operand: Cursor<'_>| {
        let scalar = types::scalar(operand.ty()).filter(|scalar| !scalar.is_float());
        scalar.map(|_| operand.ty().size_bytes())
    };
    let mut widths = operands.map(width);
    let first = widths.next().flatten();
    first.is_some() && widths.all(|width| width == first)
}

/// Returns whether what is shifted has the same type: by how much counts as a number alone.
fn has_same_first_operand(c: Cursor<'_>, cpp: Cursor<'_>) -> bool {
    match (c.children().first(), cpp.children().first()) {
        (Some(ours), Some(theirs)) => is_promoted_alike(ours.ty(), theirs.ty()),
        _ => false,
    }
}

/// Returns whether C++ counts characters where GNU C counts on from pointers to `void`.
fn counts_bytes(c: Cursor<'_>, cpp: Cursor<'_>) -> bool {
    let is_alike = |c: Cursor<'_>, cpp: Cursor<'_>| {
        let (ours, theirs) = (c.ty().canonical(), cpp.ty().canonical());
        let is_bytes = void_pointer::is_void_pointer(ours)
            && types::is_pointer(theirs)
            && theirs.pointee().unqualified().kind() == k::CXType_Char_S;
        is_bytes || is_promoted_alike(ours, theirs)
    };
    let (ours, theirs) = (c.children(), cpp.children());
    is_alike(c, cpp)
        && ours.len() == theirs.len()
        && ours
            .into_iter()
            .zip(theirs)
            .all(|(c, cpp)| is_alike(c, cpp))
}

/// Returns whether a call is what `assert` of the C library does where its condition does not hold.
fn is_failed_assertion(cursor: Cursor<'_>) -> bool {
    cursor.kind() == k::CXCursor_CallExpr
        && ASSERTION.contains(&cursor.spelling().as_str())
        && (cursor.referenced()).is_some_and(|function| function.canonical().is_in_system_header())
}

fn is_equality(op: k::CXBinaryOperatorKind) -> bool {
    [k::CXBinaryOperator_EQ, k::CXBinaryOperator_NE].contains(&op)
}

fn is_shift(op: k::CXBinaryOperatorKind) -> bool {
    [
        k::CXBinaryOperator_Shl,
        k::CXBinaryOperator_Shr,
        k::CXBinaryOperator_ShlAssign,
        k::CXBinaryOperator_ShrAssign,
    ]
    .contains(&op)
}

fn is_logical(op: k::CXBinaryOperatorKind) -> bool {
    [k::CXBinaryOperator_LAnd, k::CXBinaryOperator_LOr].contains(&op)
}
