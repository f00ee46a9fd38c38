//! Arrays of variable length as parameters and behind pointers.
//!
//! C++ has none, but nvcc and g++ take such arrays, and pointers to them, inside functions.
//! Rules: `array-parameter` (`a[n]` becomes `a[]`), `matrix-parameter` (`a[n][m]` is passed as an address, and the
//! function begins with a pointer of the name and type that it has in C), `row-pointer` (a first value is converted).
//! What a size does besides goes to the beginning of the function.
//! The type of a row is named once, because two spellings of it are two types for some compilers.
//! It is used at once: g++ computes the size of such a type where control first reaches a use of it in the text, and
//! takes that to have happened on every path after it, where C computes it at the declaration (C17 6.7.6.2 §5).

use std::borrow::Cow;

use clang_sys as k;
use mupac_ir::{Edit, Span};

use super::expanded;
use crate::clang::Cursor;
use crate::edits::keyword;
use crate::lower::{declare, effects, types, walk};
use crate::text::Text;

/// Returns the edits of a function's parameters; `None` where one has a variable extent and no plain form.
pub(super) fn parameters<'u>(function: Cursor<'u>, text: &Text<'u>) -> Option<Vec<Edit>> {
    let children = function.children();
    let body = children
        .last()
        .filter(|last| last.kind() == k::CXCursor_CompoundStmt);
    let mut edits = Vec::new();
    let mut pointers = String::new();
    let mut rule = "array-parameter";
    let is_parameter = |child: &&Cursor<'u>| child.kind() == k::CXCursor_ParmDecl;
    let starts: Vec<usize> = children
        .iter()
        .filter(is_parameter)
        .map(|parameter| parameter.start().offset)
        .collect();
    for parameter in children.iter().filter(is_parameter) {
        if !declare::has_variable_extent(parameter.ty()) && !has_size(*parameter) {
            continue;
        }
        // A macro may begin a parameter (`REAL a[n][m]`), but not hold one before it.
        let start = parameter.start().offset;
        if starts.iter().filter(|other| **other == start).count() > 1 {
            return None;
        }
        let declarator = Declarator::of(*parameter, text)?;
        pointers.push_str(&outermost_effects(*parameter, text)?);
        if declare::has_variable_extent(inner(*parameter)) {
            rule = "matrix-parameter";
            edits.push(declarator.address());
            pointers.push_str(&declarator.pointer());
        } else {
            edits.push(declarator.without_size());
        }
    }
    if let Some(body) = body.filter(|_| !pointers.is_empty()) {
        if !text.has_plain_braces(*body) {
            return None;
        }
        // With the brace, since a region may begin right behind it.
        let at = body.start().offset;
        edits.push(Edit {
            at: Span::new(at, at + 1),
            text: format!("{{{pointers}"),
            rule,
        });
    }
    Some(edits)
}

/// Returns the edits of a statement that declares pointers to rows of variable length; none for any other statement,
/// `None` where it has no plain form.
///
/// Of several variables each becomes a statement of its own, in their order.
///
/// One that `is_alone` does not begin in a macro that holds a part of another statement.
pub(super) fn declaration<'u>(
    statement: Cursor<'u>,
    is_alone: bool,
    text: &Text<'u>,
) -> Option<Vec<Edit>> {
    let children = statement.children();
    let is_rows = |variable: &Cursor<'u>| {
        variable.kind() == k::CXCursor_VarDecl
            && types::is_pointer(variable.ty())
            && declare::has_variable_extent(variable.ty())
    };
    let Some(variable) = children.iter().find(|child| is_rows(child)) else {
        return Some(Vec::new());
    };
    if children.len() > 1 {
        let is_variable = |child: &Cursor<'u>| child.kind() == k::CXCursor_VarDecl;
        let is_plain = is_alone && children.iter().all(is_variable);
        return is_plain
            .then(|| several(&children, &is_rows, text))
            .flatten();
    }
    let declarator = Declarator::of(*variable, text).filter(|_| is_alone);
    if declarator.is_none() && variable.initializer().is_none() {
        // What is assigned later is converted to the same spelling, or the comparison with C says where not.
        return Some(Vec::new());
    }
    declarator?.edits(*variable)
}

/// Returns the edits of a statement that declares several variables, of which such pointers are some.
fn several<'u>(
    variables: &[Cursor<'u>],
    is_rows: &dyn Fn(&Cursor<'u>) -> bool,
    text: &Text<'u>,
) -> Option<Vec<Edit>> {
    let (first, others) = variables.split_first()?;
    let (specifiers, mut edits) = if is_rows(first) {
        let declarator = Declarator::written(*first, text)?;
        let specifiers = declarator.specifiers.clone();
        (specifiers, declarator.renamed().edits(*first)?)
    } else {
        (Cow::Borrowed(specifiers(*first, text)?), Vec::new())
    };
    for variable in others {
        if !is_rows(variable) {
            let at = comma_before(*variable, text)?;
            let is_apart = text.source[at.range().end..].starts_with(char::is_whitespace);
            let space = if is_apart { "" } else { " " };
            edits.push(Edit {
                at,
                text: format!("; {}{space}", keyword::renamed(specifiers.trim_end())),
                rule: "row-pointer",
            });
            continue;
        }
        let declarator = Declarator::behind_comma(*variable, specifiers.clone(), text)?;
        let mut own = declarator.renamed().edits(*variable)?;
        own.first_mut()?.text.insert_str(0, "; ");
        edits.extend(own);
    }
    Some(edits)
}

/// Returns what stands before the first declarator of a statement: plain words.
fn specifiers<'u>(variable: Cursor<'u>, text: &Text<'u>) -> Option<&'u str> {
    let (start, name) = (variable.start(), variable.location());
    if !start.is_main || start.is_macro || !name.is_main || name.is_macro {
        return None;
    }
    let from = text.index_from(start.offset);
    let written = text.tokens.get(from..text.index_from(name.offset))?;
    let is_word = |word: &str| word.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let declarator = written
        .iter()
        .find(|token| !is_word(text.word(**token)))
        .map_or(name.offset, |token| token.start);
    let words = text.source.get(start.offset..declarator)?;
    let starts_declarator = written
        .iter()
        .find(|token| token.start == declarator)
        .is_none_or(|token| text.word(*token) == "*");
    starts_declarator.then_some(words)
}

/// Returns the comma before a variable that stands behind others of its statement, with nothing but `*` and qualifiers between.
fn comma_before<'u>(variable: Cursor<'u>, text: &Text<'u>) -> Option<Span> {
    let name = variable.location();
    if !name.is_main || name.is_macro {
        return None;
    }
    let before = text.tokens.get(..text.index_from(name.offset))?;
    let qualifies = |word: &str| {
        [
            "*",
            "const",
            "volatile",
            "restrict",
            "__restrict",
            "__restrict__",
        ]
        .contains(&word)
    };
    let mut back = before.iter().rev();
    let comma = back.find(|token| !qualifies(text.word(**token)))?;
    (text.word(*comma) == ",").then(|| Span::new(comma.start, comma.end))
}

/// Returns the statement that does what the size of an array does that C++ leaves out; nothing where it has no effect,
/// `None` where a macro writes it.
///
/// On entry to a function C evaluates the sizes of its parameters, in order (C17 6.9.1 §10), and gcc the outermost too.
fn outermost_effects<'u>(parameter: Cursor<'u>, text: &Text<'u>) -> Option<String> {
    let sizes = declare::sizes(parameter);
    let size = sizes.first().filter(|_| types::is_array(parameter.ty()));
    let Some(size) = size.filter(|size| effects::has_effects(**size)) else {
        return Some(String::new());
    };
    let (start, end) = (size.start(), size.end());
    if !start.is_main || start.is_macro || end.is_macro {
        return None;
    }
    let written = text.source.get(start.offset..end.offset)?;
    Some(format!(" (void)({});", keyword::renamed(written)))
}

/// Returns what the parameter points to.
fn inner(parameter: Cursor<'_>) -> crate::clang::Type<'_> {
    let ty = parameter.ty().canonical();
    if types::is_pointer(ty) {
        ty.pointee()
    } else {
        ty.element()
    }
}

/// Returns whether the outermost size of an array parameter is not constant.
fn has_size(parameter: Cursor<'_>) -> bool {
    let mut found = false;
    walk::each(parameter, |cursor| {
        found |= cursor.kind() == k::CXCursor_DeclRefExpr
            && cursor
                .referenced()
                .is_some_and(|named| named.kind() == k::CXCursor_ParmDecl);
    });
    found && types::is_array(parameter.ty())
}

/// The text of a parameter: `double a[n][m]` or `double (*a)[m]`.
struct Declarator<'u> {
    /// `double `.
    specifiers: Cow<'u, str>,
    name: Cow<'u, str>,
    /// The first pair of brackets, if the parameter is written as an array, and not by a macro.
    first: Option<Span>,
    /// The brackets behind that: `[m]`.
    rest: Cow<'u, str>,
    span: Span,
}

impl<'u> Declarator<'u> {
    fn of(parameter: Cursor<'u>, text: &Text<'u>) -> Option<Self> {
        let declarator = Self::written(parameter, text).or_else(|| {
            let (span, specifiers, sizes) = expanded::declarator(parameter, text)?;
            let rest: Vec<_> = sizes.iter().skip(1).map(String::as_str).collect();
            let rest = (!rest.is_empty()).then(|| format!("[{}]", rest.join("][")));
            Some(Self {
                specifiers: Cow::Owned(specifiers),
                name: Cow::Owned(parameter.spelling()),
                first: None,
                rest: Cow::Owned(rest.unwrap_or_default()),
                span,
            })
        })?;
        Some(declarator.renamed())
    }

    /// Returns the same by the names that the edited text has.
    fn renamed(self) -> Self {
        let renamed = |words: Cow<'u, str>| Cow::Owned(keyword::renamed(&words));
        Self {
            specifiers: renamed(self.specifiers),
            name: renamed(self.name),
            rest: renamed(self.rest),
            ..self
        }
    }

    /// Reads a pointer to rows that stands behind others of its statement, from the comma on.
    fn behind_comma(
        variable: Cursor<'u>,
        specifiers: Cow<'u, str>,
        text: &Text<'u>,
    ) -> Option<Self> {
        let (name, end) = (variable.location(), variable.end());
        if !name.is_main || name.is_macro || end.is_macro {
            return None;
        }
        let name_at = text.index_from(name.offset);
        let comma = *text.tokens.get(name_at.checked_sub(3)?)?;
        let declarator = Self::from(variable, comma.start, text)?;
        (declarator.first.is_none() && text.word(comma) == ",").then_some(Self {
            specifiers,
            ..declarator
        })
    }

    /// Returns the edits that declare the pointer, with its first value converted.
    fn edits(&self, variable: Cursor<'u>) -> Option<Vec<Edit>> {
        let insert = |at: Span, text: String| Edit {
            at,
            text,
            rule: "row-pointer",
        };
        let row_type = self.row_type();
        let pointer = format!("{} {}", row_type.trim_start(), self.row_pointer());
        let Some(value) = variable.initializer() else {
            return Some(vec![insert(self.span, pointer)]);
        };
        let (from, end) = (value.start(), value.end());
        if from.is_macro || end.is_macro {
            return None;
        }
        let before = Span::new(self.span.start as usize, from.offset);
        let conversion = format!("{pointer} = ({}_row *)(", self.name);
        Some(vec![
            insert(before, conversion),
            insert(Span::new(end.offset, end.offset), ")".to_owned()),
        ])
    }

    fn written(parameter: Cursor<'u>, text: &Text<'u>) -> Option<Self> {
        let (start, name, end) = (parameter.start(), parameter.location(), parameter.end());
        if !start.is_main || (start.is_macro && name.is_macro) || end.is_macro {
            return None;
        }
        Self::from(parameter, start.offset, text)
    }

    /// Reads what is written from a place of the text on.
    fn from(parameter: Cursor<'u>, start: usize, text: &Text<'u>) -> Option<Self> {
        let (name, end) = (parameter.location(), parameter.end());
        let end = match parameter.initializer() {
            // Back over the `=`.
            Some(value) => {
                text.tokens
                    .get(text.index_from(value.start().offset).checked_sub(2)?)?
                    .end
            }
            None => end.offset,
        };
        let span = Span::new(start, end);
        let name_at = text.index_from(name.offset);
        let name = *text.tokens.get(name_at)?;
        let word = |index: usize| text.tokens.get(index).map_or("", |token| text.word(*token));
        let is_pointer = word(name_at + 1) == ")";
        let (specifiers_end, brackets) = if is_pointer {
            if word(name_at.checked_sub(2)?) != "(" || word(name_at - 1) != "*" {
                return None;
            }
            (text.tokens.get(name_at - 2)?.start, name_at + 2)
        } else {
            (name.start, name_at + 1)
        };
        if word(brackets) != "[" {
            return None;
        }
        let open = text.tokens.get(brackets)?.start;
        let close = text.tokens.get(text.closing(brackets)?)?.end;
        let first = (!is_pointer).then(|| Span::new(open, close));
        let rest_from = if is_pointer { open } else { close };
        Some(Self {
            specifiers: Cow::Borrowed(text.source.get(start..specifiers_end)?),
            name: Cow::Borrowed(text.word(name)),
            first,
            rest: Cow::Borrowed(text.source.get(rest_from..end)?),
            span,
        })
    }

    /// Passes the address only; `const` takes every pointer, and the function's own pointer has its own qualifiers.
    fn address(&self) -> Edit {
        Edit {
            at: self.span,
            text: format!("const void *{}_", self.name),
            rule: "matrix-parameter",
        }
    }

    /// Declares the pointer that the function's text names.
    fn pointer(&self) -> String {
        let (row_type, pointer, name) = (self.row_type(), self.row_pointer(), &self.name);
        format!("{row_type} {pointer} = ({name}_row *){name}_;")
    }

    /// Names the type of a row and computes its size.
    fn row_type(&self) -> String {
        let Self {
            specifiers,
            name,
            rest,
            ..
        } = self;
        format!(" typedef {specifiers}{name}_row{rest}; (void)(({name}_row *)0 + 1);")
    }

    /// Declares a pointer to a row.
    fn row_pointer(&self) -> String {
        format!("{0}_row *{0}", self.name)
    }

    fn without_size(&self) -> Edit {
        let (at, text) = match self.first {
            Some(first) => (first, "[]".to_owned()),
            None => (self.span, format!("{}{}[]", self.specifiers, self.name)),
        };
        Edit {
            at,
            text,
            rule: "array-parameter",
        }
    }
}
