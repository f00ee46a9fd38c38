//! What the back end hands to the tester: text, and how to call it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::arena::{Arena, Handle};
use crate::expr::Expr;
use crate::function::{Function, Var};
use crate::interpret::ReducedStatements;
use crate::module::Module;
use crate::mutant::{Equivalence, MutantKind};
use crate::span::{Source, Span};
use crate::types::{Record, Type};

/// A translated file and what a test needs to know of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unit {
    /// The original.
    pub source: Source,
    /// The emitted CUDA C++, exactly as it would be written.
    pub cuda: String,
    /// What of the text is run-time support, which may as well stand in a header; empty: the text has none.
    pub support: String,
    /// What of the translation stays C, which calls the text; `None`: the text is all of it.
    pub c_part: Option<CPart>,
    /// Lines of the text, counted from 1, that hold one statement of the original, and where that stands there.
    pub statements: BTreeMap<u32, Span>,
    /// The functions to call; empty where no region is left, or nobody is going to test.
    pub entries: Vec<Entry>,
    /// Its regions as functions of their own.
    pub outlined: Vec<Outlined>,
    /// Names of the kernels in the text.
    pub kernels: Vec<String>,
    /// The function of the original that each of them is made of, by their names.
    pub functions: BTreeMap<String, String>,
    /// Names of the original that stand otherwise in the text and in the entries, each with its spelling there.
    pub renamed: BTreeMap<String, String>,
    /// The structure types of the module, which entries name.
    pub records: Arena<Record>,
    /// Whether the file defines `main`, and so can run by itself.
    pub has_main: bool,
    /// Whether C says nothing of the status with which the program ends when `main` returns: `void main`.
    pub has_open_status: bool,
    /// Whether the program takes nothing from outside, so that all of its runs are the same.
    pub is_closed: bool,
    /// The text with a mistake at a time; `None`: tests are not put to the test.
    pub mutation: Option<Box<Mutation>>,
    /// How the text's floating-point arithmetic may differ from the original's; `None`: every bit is the same.
    pub relaxed: Option<Box<Relaxed>>,
    /// What is tested in the place of a text that takes too long, each some of its functions; none: the text itself.
    pub stand_ins: Vec<StandIn>,
}

/// The part of a translation that stays C: the user's text, in which calls stand before the loops that the CUDA C++ text
/// has kernels for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CPart {
    /// The name of its files without an ending; the text includes `STEM.mupac.h`.
    pub stem: String,
    /// The C text.
    pub text: String,
    /// The header with what it calls, in C and in C++.
    pub header: String,
}

impl CPart {
    /// Returns the name of the header.
    pub fn header_name(&self) -> String {
        format!("{}.mupac.h", self.stem)
    }
}

/// The same text with smaller constants: made of the same file, by the same moves.
#[derive(Clone, Debug, PartialEq)]
pub struct StandIn {
    /// The file with smaller constants, and what it is translated to; its entries and kernels are those that it is to test.
    pub unit: Unit,
    /// The functions and kernels that it has otherwise or not at all.
    pub others: BTreeSet<String>,
    /// What is smaller.
    pub scaling: Scaling,
    /// The functions of which one region does all that others see: what a block of its kernels writes can be compared without
    /// the other blocks.
    pub apart: BTreeSet<String>,
}

/// What is smaller in a program, beside the text of its file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scaling {
    /// The constants that are, each with its value there.
    pub constants: BTreeMap<u64, u64>,
    /// The options that it is compiled with, as compilers spell them.
    pub arguments: Vec<String>,
    /// The user's headers, by their paths from its folder, where they differ.
    pub headers: BTreeMap<String, String>,
}

/// A text that holds several mistakes, of which it makes the one whose number, from 1, `mupac_test_mutant` returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutation {
    /// The CUDA C++; it declares `extern "C" int mupac_test_mutant(void)`.
    pub cuda: String,
    /// What stays C beside it.
    pub c_part: Option<CPart>,
    /// The mistakes by number.
    pub mistakes: Vec<Mistake>,
    /// What would be a mistake if it were not proved to change nothing; the text does not hold these.
    pub equivalent: Vec<(Mistake, Equivalence)>,
}

impl Unit {
    /// Returns all of the emitted text, one part behind the other.
    pub fn whole(&self) -> Cow<'_, str> {
        match &self.c_part {
            None => Cow::Borrowed(&self.cuda),
            Some(part) => Cow::Owned([&*part.header, &*self.cuda, &*part.text].join("\n")),
        }
    }
}

/// One mistake of a [`Mutation`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Its kind.
    pub kind: MutantKind,
    /// Which guard or array is meant; empty where kind and place say it.
    pub what: String,
    /// The function that makes it.
    pub function: String,
    /// The kernel, or the region where it is on the host.
    pub place: String,
    /// The line of the original that it belongs to.
    pub line: usize,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.name())?;
        if !self.what.is_empty() {
            write!(f, " ({})", self.what)?;
        }
        write!(f, " in {}, line {}", self.place, self.line)
    }
}

/// Freedom of a text's floating-point arithmetic.
#[derive(Clone, Debug, PartialEq)]
pub struct Relaxed {
    /// The original as read, which says how far its results may be from those of the text.
    pub module: Module,
    /// The statements that kernels compute in another order, with the operators by which they join numbers.
    pub reordered: ReducedStatements,
    /// Whether a compiler may contract multiplications and additions of a kernel.
    pub may_contract: bool,
    /// Whether a kernel calls functions of the C library whose results differ between libraries, as on a device.
    pub calls_library: bool,
}

/// A function that the tester calls with made-up arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The original function; the expressions below live in its arena.
    pub function: Function,
    /// One per parameter, in order.
    pub parameters: Vec<Parameter>,
    /// Numbers in memory that a test chooses; the function has a parameter more for each of them, which C does not know.
    pub stored: Vec<StoredNumber>,
    /// Block and tile extents of its kernels, around which sizes are worth testing.
    pub extents: Vec<u32>,
    /// Numbers for its parameters of kind [`ParameterKind::Size`], in order, for which all that guards compute with sizes
    /// holds, or all but one thing; empty where most numbers will do.
    pub samples: Vec<Vec<i64>>,
    /// Arrays, two at a time, that a guard must find apart before a kernel runs: variables of the function.
    pub kept_apart: Vec<[Handle<Var>; 2]>,
    /// Whether the function follows pointers that lie in memory; where it does not, they are null.
    pub follows_pointers: bool,
    /// The members of structures that the function names, or what it calls: what others hold makes no difference.
    pub members: BTreeSet<Member>,
    /// Whether the kernels work on what its pointers lead to where it is, which is memory of the device.
    pub takes_device_memory: bool,
    /// Why the function cannot be called, if so.
    pub untestable: Option<String>,
}

/// A region as a function of its own, which a test calls where no call of the function that holds it brings its kernels to
/// run: what that takes may be hard to make, or it reads files, or calls what another file defines.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlined {
    /// The name of the region.
    pub region: String,
    /// The kernels that it launches.
    pub kernels: Vec<String>,
    /// How to call it: with what it takes.
    pub entry: Entry,
    /// The function as the interpreter runs it, of which the entry has a form; without source.
    pub function: Function,
    /// What it takes from around it, one per parameter.
    pub taken: Vec<Taken>,
    /// The variables that hold a constant where it begins, each with that: an expression of `function`.
    pub constants: Vec<(Handle<Var>, Handle<Expr>)>,
    /// The condition under which it is reached, of `function`, as far as that is known.
    pub condition: Option<Handle<Expr>>,
    /// How it is defined.
    pub definitions: Definitions,
}

/// A variable that a region takes from around it.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// The variable, in the module's function.
    pub var: Handle<Var>,
    /// The name of the parameter.
    pub name: String,
    /// What is passed.
    pub passing: Passing,
}

/// How a variable is passed to a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passing {
    /// Its value.
    Value,
    /// Where it lies, from where the region takes a copy: an array or a structure that nothing reads behind the region.
    Copy,
    /// Where it lies, since what the region leaves there counts.
    Place,
}

/// A region as a function of its own, behind the file that it is from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Definitions {
    /// In C, as the original has it.
    pub original: String,
    /// As the emitted text has it: in CUDA C++, or in C behind the part that stays C.
    pub emitted: String,
    /// As the text with mistakes has it.
    pub with_mistakes: String,
}

/// A member of a structure, by its number there.
pub type Member = (Handle<Record>, u32);

/// A parameter of an [`Entry`].
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// The parameter.
    pub var: Handle<Var>,
    /// What to pass.
    pub kind: ParameterKind,
}

/// A number that an [`Entry`] finds behind a pointer parameter, as Fortran passes sizes.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredNumber {
    /// The number of the parameter.
    pub parameter: usize,
    /// How far behind the parameter's address it lies.
    pub offset_bytes: u64,
    /// The variable of the entry's function that stands for it.
    pub var: Handle<Var>,
    /// The constants with which it is compared, where it serves for nothing else; empty: it is a size.
    pub among: Vec<i64>,
}

/// What to pass for a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum ParameterKind {
    /// A number that decides how much memory is touched or how often a loop runs.
    Size,
    /// A size by which a counter is stepped: with one that is not positive the function does not end.
    Step,
    /// Any other number.
    Value,
    /// A pointer to functions, of which each of these variables is one.
    Function {
        /// They, at least one.
        among: Vec<Handle<Var>>,
    },
    /// A structure that is passed by value.
    Object,
    /// A pointer to elements of `element`, of which the function touches `first .. first + count`
    /// (`i64` expressions over the parameters; rows where the pointer is to an array).
    Buffer {
        /// Type of one element: a scalar, a pointer, a structure of such, or nested arrays of them.
        element: Type,
        /// Lowest subscript touched.
        first: Handle<Expr>,
        /// Number of elements from there; nothing is touched where it is not positive.
        count: Handle<Expr>,
        /// Whether `count` is a guess, since how far the function reaches depends on what memory holds.
        is_guess: bool,
        /// Whether the function compares the pointer with null: a caller may leave the array out.
        is_optional: bool,
        /// Whether the function may write through it.
        is_written: bool,
        /// How many elements (`i64`, over the parameters) the rows have that the function takes the memory for, where
        /// it does: of a row, counted from element 0, all exists where some does.
        row: Option<Handle<Expr>>,
    },
}
