//! A C file.

use std::collections::{BTreeMap, BTreeSet};

use crate::arena::{Arena, Handle};
use crate::function::Function;
use crate::span::{Source, Span};
use crate::types::Record;

/// One translation unit, as read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Module {
    /// The main file.
    pub source: Source,
    /// Structure types that functions name.
    pub records: Arena<Record>,
    /// Variables with static storage whose first value is known; not part of the text form.
    pub globals: Vec<Global>,
    /// Functions with a body in the main file.
    pub functions: Arena<Function>,
    /// The file in order; nothing is lost.
    pub items: Vec<Item>,
    /// What its preprocessor knows and the system's headers do not define; not part of the text form.
    pub macros: BTreeSet<String>,
    /// Names of file scope that the user's headers declare; not part of the text form.
    pub declared: BTreeSet<String>,
    /// Names of file scope that generated text may use as what they mean: types as records spell them, functions,
    /// enumeration constants, constants among the variables; of the file and of the user's headers, each with its first
    /// place, unknown in a header; not part of the text form.
    pub meanings: BTreeMap<String, Span>,
    /// Functions that the file calls, headers of the system declare, and neither the file nor the user's headers define; not
    /// part of the text form.
    pub library: BTreeSet<String>,
    /// Names by which the file or a header may reach functions, by whatever macro or symbol, each with all its places,
    /// unknown in a header; not part of the text form.
    pub named: BTreeMap<String, BTreeSet<Span>>,
    /// Whether it is a whole program: it begins here, and all that it names is defined here or is a function of the library that
    /// shares no memory and runs nothing unasked; not part of the text form.
    pub is_whole: bool,
    /// Where the file or one of the user's headers holds assembler, which may call what it likes; unknown in a header, not
    /// part of the text form.
    pub assembler: Option<Span>,
    /// Variables of file scope that text names which is not modelled, in the file or in one of the user's headers; not part
    /// of the text form.
    pub named_in_text: BTreeSet<String>,
    /// What C++ forces to change in text that is kept, sorted by place, without overlap.
    pub edits: Vec<Edit>,
    /// What the text says by name and everything else takes for a number, by its first use; not part of the text form.
    pub constants: Vec<NamedConstant>,
    /// The calls that ask for the time, by place; not part of the text form.
    pub clocks: Vec<Span>,
    /// The lengths of arrays that the text computes and does not name; not part of the text form.
    pub lengths: Vec<NamedLength>,
    /// The blocks of functions whose braces stand in the text as written, and the statements that stand alone below an
    /// `if` or a loop; by place, not part of the text form.
    pub blocks: Vec<TextBlock>,
    /// What was written out of macros and may stand as it was, by place; not part of the text form.
    pub folds: Vec<Fold>,
}

/// A length of an array that is computed where that is declared, and its name in generated text, which nothing else has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedLength {
    /// The name.
    pub name: String,
    /// Where the declaration of the array ends: from there on the text may declare the name.
    pub from: u32,
    /// How it does: `const int work_length_2 = sizeof work[0] / sizeof work[0][0];`.
    pub declaration: String,
}

/// A stretch of text that was written out, and what stood there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fold {
    /// What was written out, to the end of its line.
    pub at: Span,
    /// What stood there, with the edits that C++ forces.
    pub text: String,
}

/// A constant that has a name or a type's size in the text, and can be given another value there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedConstant {
    /// What holds of it, in C and in C++: `N == 96`.
    pub condition: String,
    /// Its name in the text and its value, where that is what the condition says.
    pub value: Option<(String, i128)>,
    /// The text where its name means it.
    pub visible: Span,
    /// Places in functions that name it or something that is declared with it, in order.
    pub uses: Vec<u32>,
}

/// A block of C where it stands in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextBlock {
    /// Between and including its braces, if it has them.
    pub span: Span,
    /// Whether it has braces; otherwise it is one statement below an `if` or a loop.
    pub is_braced: bool,
    /// What stands in it, in order.
    pub statements: Vec<TextStatement>,
}

/// A statement or declaration of C where it stands in the text, or several that share the use of a macro.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextStatement {
    /// All of it, with the semicolon.
    pub span: Span,
    /// Whether it declares something.
    pub is_declaration: bool,
}

impl Module {
    /// Returns the function of this name.
    pub fn function(&self, name: &str) -> Option<(Handle<Function>, &Function)> {
        let mut functions = self.functions.iter();
        functions.find(|(_, function)| function.name == name)
    }
}

/// A variable with static storage and the bytes it starts with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Global {
    /// Its name; of a `static` local `function.variable`.
    pub name: String,
    /// All of its bytes, lowest address first; padding is zero.
    pub initial: Vec<u8>,
}

/// The rule of the edits that give a name of C's another spelling in C++, at every place where it stands.
pub const RENAMING: &str = "keyword-name";

/// The rule of the edits that give `main` the result that C leaves open where it is `void`.
pub const MAIN_RESULT: &str = "main-result";

/// The rule of edits that keep `__LINE__` and `__FILE__` what they were.
pub const PLACE_NAME: &str = "place-name";

impl Module {
    /// Returns the names that stand otherwise in C++, each with its spelling there.
    pub fn renamed(&self) -> BTreeMap<String, String> {
        let edits = self.edits.iter().filter(|edit| edit.rule == RENAMING);
        edits
            .map(|edit| (self.source.slice(edit.at).to_owned(), edit.text.clone()))
            .collect()
    }

    /// Returns the name in C of what has a name in the edited text.
    pub fn name_in_c(&self, name: &str) -> String {
        let renamed = self.renamed().into_iter();
        let mut originals = renamed.filter(|(_, other)| other == name);
        originals
            .next()
            .map_or_else(|| name.to_owned(), |(original, _)| original)
    }
}

/// A piece of the file at the outermost level.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A function the IR models.
    Function(Handle<Function>),
    /// Anything else: directives, declarations, comments, functions it cannot model.
    Verbatim(Span),
}

/// A change of kept text that C++ forces, computed from the C tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty for an insertion before `start`.
    pub at: Span,
    /// The new text.
    pub text: String,
    /// Which rule asks for it: `void-pointer-cast`, …
    pub rule: &'static str,
}

impl Edit {
    /// Returns the edit that puts text before a place.
    pub fn insertion(at: usize, text: impl Into<String>, rule: &'static str) -> Self {
        Self {
            at: Span::new(at, at),
            text: text.into(),
            rule,
        }
    }
}
