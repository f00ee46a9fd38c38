//! What C++ forces to change in the user's text, and what it has no words for.
//!
//! Each rule is computed from clang's C tree and names an exact place; nothing here reads a loop's meaning.
//! Rules: `pointer-cast` and `enum-cast` (C converts in silence, C++ does not), `keyword` (`restrict`, `_Bool`, …),
//! `array-qualifier` (`a[static 4]`), `literal-suffix` (`"%"PRIu64`), and those of the files beside this one.

mod bit_field;
pub(crate) mod branches;
mod cast;
mod characters;
mod conversion;
mod designator;
mod ending;
mod endless;
mod enumerator;
mod expanded;
mod flow;
mod infinity;
pub(crate) mod inline;
pub(crate) mod keyword;
pub(crate) mod linkage;
mod literal;
mod loop_body;
mod member_name;
mod nameless;
mod narrowing;
mod nested_enumerators;
pub(crate) mod old_style;
mod own_headers;
mod place_names;
pub(crate) mod shared_name;
mod tentative;
mod typedefs;
mod undeclared;
pub(crate) mod update;
mod variable_length;
pub(crate) mod void_pointer;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use clang_sys as k;
use mupac_ir::{Edit, Reason, Refusal, Span};

use crate::clang::{Cursor, TokenKind, Unit};
use crate::lower::{declare, types, walk};
use crate::text::Text;
pub(crate) use cast::{cast, null_pointer, spelling};
pub(crate) use place_names::PlaceNames;

/// Keywords of C for which C++ has nothing.
const C_ONLY: &[&str] = &[
    "_Complex",
    "_Generic",
    "_Atomic",
    "_Imaginary",
    "__auto_type",
];

/// Returns the edits by place for a file of this name, and the constructs that no edit replaces; `implicit_ints` are names that C takes for `int`.
pub(crate) fn find<'u>(
    unit: &'u Unit,
    (text, places): (&Text<'u>, PlaceNames<'_>),
    is_whole_program: bool,
    implicit_ints: &[usize],
) -> (Vec<Edit>, Vec<Refusal>) {
    let mut finder = Finder {
        text,
        edits: Vec::new(),
        needs_c: Vec::new(),
        unused: HashSet::new(),
        tested: HashSet::new(),
        compared: HashSet::new(),
        targets: HashMap::new(),
        reserved: BTreeMap::new(),
        literals: Vec::new(),
        unevaluated: HashSet::new(),
        value_only: HashSet::new(),
        has_wide_fields: false,
        is_whole_program,
    };
    finder.tokens();
    finder.type_generic(unit);
    finder.edits.extend(places.edits(unit, text));
    finder.edits.extend(branches::edits(unit, text));
    finder.edits.extend(undeclared::edits(unit));
    for cursor in linkage::declarations(unit) {
        walk::each(cursor, |cursor| finder.node(cursor));
        if cursor.kind() == k::CXCursor_VarDecl {
            finder.edits.extend(literal::of_file(cursor, text));
        }
    }
    for literal in std::mem::take(&mut finder.literals) {
        let at = literal.start().offset;
        let is_moved = |edit: &Edit| edit.rule == literal::RULE && edit.at.range().contains(&at);
        if !finder.edits.iter().any(is_moved) {
            finder.refuse(
                "C++ takes no address of an array without a name".to_owned(),
                finder.at(literal),
            );
        }
    }
    if finder.has_wide_fields {
        for cursor in linkage::declarations(unit) {
            finder.change(bit_field::changes(cursor, text));
        }
    }
    finder.edits.extend(place_names::own_assertion(text));
    finder.edits.extend(nested_enumerators::edits(unit, text));
    finder.needs_c.extend(own_headers::refusals(unit, text));
    for (variable, edits) in tentative::edits(unit, text) {
        finder.take(
            edits,
            variable,
            "C++ takes this for a second definition of the variable",
        );
    }
    finder
        .edits
        .extend(old_style::implicit_ints(implicit_ints, text));
    for (function, edits) in old_style::edits(unit, text, is_whole_program) {
        finder.take(edits, function, "C++ has no functions in the old style");
    }
    for (declaration, edits) in linkage::edits(unit, text, is_whole_program) {
        finder.take(
            edits,
            declaration,
            format!(
                "C++ would hide `{}` from other files",
                declaration.spelling()
            ),
        );
    }
    for (name, at) in std::mem::take(&mut finder.reserved) {
        match keyword::edits(&name, text) {
            Some(edits) => finder.edits.extend(edits),
            None => finder.refuse(keyword::reserved(&name), at),
        }
    }
    arrange(&mut finder.edits);
    finder.needs_c.sort_by_key(|refusal| refusal.at);
    (finder.edits, finder.needs_c)
}

/// Puts edits in the order of their places, whole lines first, once each (clang's tree shows some nodes twice), without
/// those inside text that another one replaces.
pub(crate) fn arrange(edits: &mut Vec<Edit>) {
    edits.sort_by(|a, b| {
        let key = |edit: &Edit| {
            (
                edit.at.start,
                edit.at.start < edit.at.end,
                Reverse(edit.at.end),
                !edit.text.ends_with('\n'),
            )
        };
        (key(a), &a.text).cmp(&(key(b), &b.text))
    });
    edits.dedup();
    let mut covered = 0;
    edits.retain(|edit| {
        let is_free = edit.at.start >= covered;
        if is_free {
            covered = edit.at.end.max(covered);
        }
        is_free
    });
}

/// What a place needs: edits, or what stands in their way.
type Change<'u> = Result<Vec<Edit>, Obstacle<'u>>;

/// Something that means another thing in C++ and that no edit mends.
struct Obstacle<'u> {
    why: String,
    at: Cursor<'u>,
}

struct Finder<'t, 'u> {
    text: &'t Text<'u>,
    edits: Vec<Edit>,
    needs_c: Vec<Refusal>,
    /// Expressions whose value nobody uses.
    unused: HashSet<Cursor<'u>>,
    /// Expressions of whose values only the truth counts.
    tested: HashSet<Cursor<'u>>,
    /// Operands of comparisons: C++ brings two pointers to a common type there by itself.
    compared: HashSet<Cursor<'u>>,
    /// For values that are stored: the variable or member they go to, as written.
    targets: HashMap<Cursor<'u>, String>,
    /// Keywords of C++ that name what no other file knows, and where one of them is declared.
    reserved: BTreeMap<String, Span>,
    /// Whether a bit-field is named that is wider than `int`.
    has_wide_fields: bool,
    /// Compound literals that are arrays.
    literals: Vec<Cursor<'u>>,
    /// Expressions of which nothing but the value counts, whatever their type.
    value_only: HashSet<Cursor<'u>>,
    /// Operands of `sizeof` and its like.
    unevaluated: HashSet<Cursor<'u>>,
    is_whole_program: bool,
}

impl<'u> Finder<'_, 'u> {
    /// Applies the rules that need no tree.
    fn tokens(&mut self) {
        let mut previous = "";
        let mut literal_end = None;
        for (index, token) in self.text.tokens.iter().enumerate() {
            let word = self.text.word(*token);
            let span = Span::new(token.start, token.end);
            if token.kind == TokenKind::Keyword && !self.text.is_macro(word) {
                let replacement = keyword::in_cpp(word);
                if previous == "[" && ["restrict", "static", "const", "volatile"].contains(&word) {
                    self.edit(span, String::new(), "array-qualifier");
                } else if let Some((_, replacement)) = replacement {
                    self.edit(span, replacement.to_owned(), "keyword");
                } else if (word == "register" && !self.names_a_register(index))
                    || (word == "auto" && !self.has_no_type(index))
                {
                    // C++17 has none of these storage classes; the space behind goes with it.
                    let behind = self.text.source.get(token.end..).unwrap_or_default();
                    let space = behind.len() - behind.trim_start_matches([' ', '\t']).len();
                    let with_space = Span::new(token.start, token.end + space);
                    self.edit(with_space, String::new(), "keyword");
                } else if C_ONLY.contains(&word) {
                    self.refuse(format!("C++ has no `{word}`"), span);
                }
            }
            if word == "__PRETTY_FUNCTION__" {
                // The name alone in C, and with result and parameters in C++ (GCC manual 12, 6.48).
                self.edit(span, "__func__".to_owned(), "function-name");
            }
            // C++11 takes a name that joins a string for its suffix: `"%"PRIu64`.
            if token.kind == TokenKind::Identifier && literal_end == Some(token.start) {
                let before = Span::new(token.start, token.start);
                self.edit(before, " ".to_owned(), "literal-suffix");
            }
            let is_text = token.kind == TokenKind::Literal && word.ends_with(['"', '\'']);
            literal_end = is_text.then_some(token.end);
            previous = word;
        }
    }

    /// Returns whether nothing but `auto` stands before a name and its value.
    fn has_no_type(&self, index: usize) -> bool {
        let word = |at: usize| {
            self.text
                .tokens
                .get(at)
                .map_or("", |token| self.text.word(*token))
        };
        word(index + 2) == "="
    }

    /// Returns whether a `register` belongs to a declaration that says which one, as assembly needs it.
    fn names_a_register(&self, index: usize) -> bool {
        let declaration = self.text.tokens.iter().skip(index);
        declaration
            .map(|token| self.text.word(*token))
            .take_while(|word| *word != ";")
            .any(|word| ["asm", "__asm", "__asm__"].contains(&word))
    }

    /// Notes which variable a value goes to.
    fn target(&mut self, cursor: Cursor<'u>) {
        let stored = match (cursor.kind(), cursor.children().as_slice()) {
            // A declaration of rows writes its first value itself.
            (k::CXCursor_VarDecl, _) if !declare::has_variable_extent(cursor.ty()) => {
                (cursor.initializer()).map(|value| (cursor.spelling(), value))
            }
            (k::CXCursor_BinaryOperator, [target, value])
                if cursor.binary_operator() == k::CXBinaryOperator_Assign =>
            {
                walk::named_variable(*target).map_or_else(
                    || Some((self.member(*target)?, *value)),
                    |variable| Some((variable.spelling(), *value)),
                )
            }
            _ => None,
        };
        if let Some((target, value)) = stored {
            self.targets.insert(value, target);
        }
    }

    /// Returns how the text names a member, if it is written there.
    fn member(&self, target: Cursor<'u>) -> Option<String> {
        let (start, end) = (target.start(), target.end());
        let is_plain = start.is_main && !start.is_macro && !end.is_macro;
        let is_member = target.kind() == k::CXCursor_MemberRefExpr;
        let text = self.text.source.get(start.offset..end.offset);
        text.filter(|_| is_plain && is_member).map(str::to_owned)
    }

    fn node(&mut self, cursor: Cursor<'u>) {
        self.target(cursor);
        let is_tested = self.tested.contains(&cursor);
        self.tested.extend(infinity::tested(cursor, is_tested));
        let is_value_only = self.value_only.contains(&cursor);
        self.value_only
            .extend(enumerator::value_only(cursor, is_value_only));
        match cursor.kind() {
            k::CXCursor_UnexposedExpr => {
                if let Some(operand) = walk::implicit_operand(cursor) {
                    self.conversion(cursor, operand);
                }
            }
            k::CXCursor_VarDecl | k::CXCursor_ParmDecl | k::CXCursor_FieldDecl => {
                self.name(cursor);
            }
            k::CXCursor_FunctionDecl => self.function(cursor),
            k::CXCursor_MemberRefExpr => self.has_wide_fields |= bit_field::is_wide(cursor),
            k::CXCursor_WhileStmt | k::CXCursor_DoStmt => self.endless(cursor),
            k::CXCursor_CompoundStmt => self.block(cursor),
            k::CXCursor_CallExpr if !is_tested && infinity::is_call(cursor) => {
                match infinity::edit(cursor, self.text) {
                    Some(edit) => self.edits.push(edit),
                    None => self.refuse(
                        "`isinf` has no sign in C++, and a macro calls it".to_owned(),
                        self.at(cursor),
                    ),
                }
            }
            k::CXCursor_ForStmt => {
                self.unused.extend(cursor.children());
                self.endless(cursor);
                self.take(
                    loop_body::edits(cursor),
                    cursor,
                    "C++ takes no second declaration of a loop's variable in its body, and a macro \
                     makes one",
                );
            }
            k::CXCursor_DeclRefExpr if !is_value_only && enumerator::is_doubtful(cursor) => {
                self.refuse(enumerator::doubtful(&cursor.spelling()), self.at(cursor));
            }
            k::CXCursor_ConditionalOperator => {
                for each in cursor.children().into_iter().skip(1) {
                    self.chosen_function(each);
                }
            }
            k::CXCursor_BinaryOperator if is_comparison(cursor.binary_operator()) => {
                self.compared.extend(cursor.children());
            }
            k::CXCursor_InitListExpr => self.list(cursor),
            k::CXCursor_StringLiteral => self.edits.extend(characters::edits(cursor, self.text)),
            k::CXCursor_UnaryExpr => walk::each(cursor, |each| {
                self.unevaluated.insert(each);
            }),
            k::CXCursor_CompoundLiteralExpr
                if types::is_array(cursor.ty()) && !self.unevaluated.contains(&cursor) =>
            {
                self.literals.push(cursor);
            }
            k::CXCursor_UnaryOperator | k::CXCursor_CompoundAssignOperator
                if update::is_update(cursor) =>
            {
                let is_used = !self.unused.contains(&cursor);
                self.take(
                    update::edits(cursor, self.text, is_used),
                    cursor,
                    "C++ has no arithmetic on enumerations and pointers to `void`",
                );
            }
            k::CXCursor_BinaryOperator if void_pointer::is_arithmetic(cursor) => self.take(
                void_pointer::edits(cursor, self.text),
                cursor,
                "C++ has no arithmetic on pointers to `void`, and a macro makes one",
            ),
            k::CXCursor_CStyleCastExpr => self.take(
                conversion::narrowed_address(cursor, self.text),
                cursor,
                "C++ does not cut an address off, and a macro does",
            ),
            k::CXCursor_StructDecl | k::CXCursor_UnionDecl => {
                self.name(cursor);
                self.take(
                    member_name::edits(cursor),
                    cursor,
                    "in C++ a member does not take the name of a type that its structure names",
                );
            }
            k::CXCursor_EnumDecl
            | k::CXCursor_EnumConstantDecl
            | k::CXCursor_TypedefDecl
            | k::CXCursor_LabelStmt => self.name(cursor),
            _ => {}
        }
    }

    /// Notes names that C++ reserves: those that no other file knows are renamed.
    fn name(&mut self, cursor: Cursor<'u>) {
        let name = cursor.spelling();
        if !keyword::is_reserved(&name) || self.text.is_macro(&name) {
            return;
        }
        if keyword::is_own(cursor, self.is_whole_program) || shared_name::is_shared(cursor) {
            self.reserved.insert(name, self.at(cursor));
        } else {
            self.refuse(keyword::reserved(&name), self.at(cursor));
        }
    }

    fn list(&mut self, cursor: Cursor<'u>) {
        self.edits.extend(designator::edits(cursor, self.text));
        self.take(
            narrowing::edits(cursor, self.text),
            cursor,
            "C++ does not narrow a value between braces",
        );
    }

    fn block(&mut self, block: Cursor<'u>) {
        self.unused.extend(block.children());
        // Where the next statement can begin, if no macro holds parts of two.
        let mut free = block.start().offset + 1;
        for statement in block.children() {
            self.rows(statement, statement.start().offset >= free);
            self.edits.extend(literal::edits(statement, self.text));
            let end = statement.end();
            free = free.max(end.offset + usize::from(end.is_macro));
        }
    }

    fn rows(&mut self, statement: Cursor<'u>, is_alone: bool) {
        if statement.kind() != k::CXCursor_DeclStmt {
            return;
        }
        self.take(
            variable_length::declaration(statement, is_alone, self.text),
            statement,
            "C++ wants the conversion to rows of variable length written",
        );
        self.take(
            typedefs::edits(statement),
            statement,
            "g++ computes the size of this type where its name is first used, and C here",
        );
    }

    fn endless(&mut self, each: Cursor<'u>) {
        self.take(
            endless::edits(each, self.text),
            each,
            "a macro makes a loop that does nothing but go on, which C++ takes to end",
        );
    }

    /// Refuses what <tgmath.h> chooses by the type of its argument: C++ has no such header of its own, and the functions
    /// that it has compute in `double`.
    fn type_generic(&mut self, unit: &'u Unit) {
        for cursor in unit.directives() {
            let start = cursor.start();
            let is_use = cursor.kind() == k::CXCursor_MacroExpansion && start.is_main;
            let definition = cursor.referenced().filter(|_| is_use);
            let file = definition.and_then(Cursor::file).unwrap_or_default();
            if file.ends_with("/tgmath.h") {
                let name = cursor.spelling();
                self.refuse(
                    format!("C++ chooses another function for `{name}` of <tgmath.h>"),
                    Span::new(start.offset, start.offset + name.len()),
                );
            }
        }
    }

    fn change(&mut self, changes: Vec<Change<'u>>) {
        for change in changes {
            match change {
                Ok(edits) => self.edits.extend(edits),
                Err(Obstacle { why, at }) => self.refuse(why, self.at(at)),
            }
        }
    }

    fn function(&mut self, cursor: Cursor<'u>) {
        self.name(cursor);
        self.change(ending::changes(cursor, self.text));
        self.take(
            variable_length::parameters(cursor, self.text),
            cursor,
            "C++ has no parameters that are arrays of variable length",
        );
    }

    /// Says which of the functions of C++ by one name a function of the C library is.
    fn chosen_function(&mut self, operand: Cursor<'u>) {
        let named = walk::peel(operand);
        let function = named
            .referenced()
            .filter(|_| named.kind() == k::CXCursor_DeclRefExpr);
        let is_library = function.is_some_and(|function| {
            function.kind() == k::CXCursor_FunctionDecl
                && function.canonical().is_in_system_header()
        });
        if let Some(ty) = spelling(operand, None).filter(|_| is_library)
            && let Some(edits) = cast(self.text, &ty, named, "function-cast")
        {
            self.edits.extend(edits);
        }
    }

    /// Writes out a conversion that C++ does not perform by itself.
    fn conversion(&mut self, cursor: Cursor<'u>, operand: Cursor<'u>) {
        let (to, from) = (cursor.ty(), operand.ty());
        let is_enum = to.canonical().kind() == k::CXType_Enum
            && from.canonical().kind() != k::CXType_Enum
            && !conversion::is_of_enumeration(operand, to);
        // Rows of variable length get their type from the variable that they are assigned to.
        let is_first_type =
            void_pointer::is_void_pointer(from) && self.targets.contains_key(&cursor);
        let is_pointer = types::is_pointer(to)
            && types::is_pointer(from)
            && (!declare::has_variable_extent(to) || is_first_type)
            && !self.compared.contains(&cursor)
            && !conversion::is_silent(cursor, operand);
        if is_enum || is_pointer {
            let rule = if is_enum { "enum-cast" } else { "pointer-cast" };
            let edits = spelling(cursor, self.targets.get(&cursor))
                .and_then(|ty| cast(self.text, &ty, operand, rule));
            self.take(
                edits,
                operand,
                "C++ wants this conversion written, which it cannot be inside a macro",
            );
        }
    }

    fn at(&self, cursor: Cursor<'u>) -> Span {
        let location = cursor.location();
        let token = self.text.at(location.offset).filter(|_| location.is_main);
        token.map_or_else(
            || self.text.span(cursor).unwrap_or_default(),
            |token| Span::new(token.start, token.end),
        )
    }

    fn edit(&mut self, at: Span, text: String, rule: &'static str) {
        self.edits.push(Edit { at, text, rule });
    }

    /// Notes edits, or where there are none that serve, why C++ cannot say what stands there.
    fn take(&mut self, edits: Option<Vec<Edit>>, at: Cursor<'u>, why: impl Into<String>) {
        match edits {
            Some(edits) => self.edits.extend(edits),
            None => self.refuse(why.into(), self.at(at)),
        }
    }

    fn refuse(&mut self, why: String, at: Span) {
        self.needs_c.push(Refusal::new(Reason::NeedsC { why }, at));
    }
}

/// Returns whether an operator compares two values.
pub(crate) fn is_comparison(op: k::CXBinaryOperatorKind) -> bool {
    [
        k::CXBinaryOperator_LT,
        k::CXBinaryOperator_LE,
        k::CXBinaryOperator_GT,
        k::CXBinaryOperator_GE,
        k::CXBinaryOperator_EQ,
        k::CXBinaryOperator_NE,
    ]
    .contains(&op)
}
