//! Why a loop was not made parallel: coded reasons, refusals at a place, witnesses.
//!
//! [`Reason::ALL`] is the one table behind messages, `mupac explain` and the tests that want a file per code.

mod words;

use std::borrow::Cow;
use std::fmt;

pub use words::{element, time};

use crate::span::Span;
use words::unprofitable_hint;

/// A reason with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// What is wrong.
    pub reason: Reason,
    /// The text that causes it.
    pub at: Span,
    /// Other places that matter, each with a few words: “read here”.
    pub related: Vec<(Span, String)>,
    /// What removes it here: ``declare it inside of the loop: `double t;` ``. `None`: what removes such reasons anywhere.
    pub help: Option<String>,
}

impl Refusal {
    /// Returns a refusal without related places.
    pub fn new(reason: Reason, at: Span) -> Self {
        Self {
            reason,
            at,
            related: Vec::new(),
            help: None,
        }
    }

    /// Adds a place with a few words about it.
    #[must_use]
    pub fn with(mut self, at: Span, words: impl Into<String>) -> Self {
        self.related.push((at, words.into()));
        self
    }

    /// Says what removes it here.
    #[must_use]
    pub fn helped(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Returns what removes it, if anything in the user's hands does.
    pub fn hint(&self) -> Option<Cow<'_, str>> {
        match &self.help {
            Some(help) => Some(Cow::Borrowed(help)),
            None => self.reason.hint().map(Cow::Borrowed),
        }
    }

    /// Returns the reasons against one loop in the order in which they have to be removed, each once.
    pub fn in_order(mut refusals: Vec<Self>) -> Vec<Self> {
        refusals.sort_by_key(|each| each.reason.rank());
        let mut told: Vec<Self> = Vec::with_capacity(refusals.len());
        for each in refusals {
            if !told.iter().any(|known| known.reason.covers(&each.reason)) {
                told.push(each);
            }
        }
        told
    }
}

/// Why a loop stays as it is, in words of C.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// Two iterations touch the same element, at least one writes it, and their order matters.
    CarriedDependence {
        /// The array or variable.
        array: String,
        /// Which of the two writes.
        kind: DependenceKind,
        /// The iterators that `witness` gives values for, outermost first.
        iterators: Vec<String>,
        /// Two iterations that conflict, if one could be computed.
        witness: Option<Witness>,
    },
    /// Every iteration writes some variables before it reads them, and code elsewhere may read what the last one leaves.
    SharedTemporary {
        /// The variables.
        variables: Vec<String>,
    },
    /// Joins floating-point numbers, and the user wants the order of the program.
    OrderDependentFloat {
        /// What it computes: `sum`.
        operator: String,
    },
    /// Calls a function whose last digits differ from library to library, and the user wants those of the program.
    LibraryDigits {
        /// Its name.
        callee: String,
    },
    /// Calls a function whose effects are not known, or one of the file that is not seen through.
    UnknownCall {
        /// Its name.
        callee: String,
        /// What stands in the way in a function of the file or of the library, after its name: `calls itself at line 3`.
        obstacle: Option<String>,
    },
    /// Does something that must happen on the host, in order.
    SideEffect {
        /// What, in a few words.
        what: String,
    },
    /// Touches a `volatile` object.
    Volatile {
        /// The object.
        variable: String,
    },
    /// May leave before its last iteration.
    EarlyExit {
        /// `break`, `return` or `goto`.
        how: String,
    },
    /// Changes a value that its own bounds are computed from.
    ModifiedBound {
        /// What is changed.
        variable: String,
    },
    /// Its function cannot work on memory of the device that it is passed, of which the host sees nothing.
    HostMemory {
        /// What the host would do with it, or why nobody may pass any.
        why: String,
    },
    /// The number of iterations is not known when it starts.
    UncountableLoop {
        /// What stands in the way.
        why: String,
    },
    /// Its bounds are not sums of variables times constants.
    NonAffineBound,
    /// How far it reaches into memory cannot be computed before it runs.
    UnknownExtent {
        /// The pointer or array.
        array: String,
    },
    /// The exact analysis gave up within its budget.
    SolverLimit,
    /// It subscripts a written array by something that is not a sum of variables times constants.
    NonAffineSubscript {
        /// The array.
        array: String,
    },
    /// A construct of C that mupac does not model.
    Unsupported {
        /// Its name in C.
        construct: String,
    },
    /// The text means something else in C++, or nothing, and no edit repairs that.
    NeedsC {
        /// What is different.
        why: String,
    },
    /// A translation whose C part stays C cannot pass to its kernels what they need.
    NotSplit {
        /// What cannot be passed.
        why: String,
    },
    /// Too few iterations to pay for a launch.
    TooSmall {
        /// How many there are.
        iterations: i128,
        /// How many would be enough.
        threshold: u64,
    },
    /// The GPU is predicted to take longer than the CPU, with what has to be copied.
    Unprofitable {
        /// The kernels, with their launches, in nanoseconds.
        kernels: u64,
        /// What the host looks at before, in nanoseconds.
        inspections: u64,
        /// Copies and device memory, in nanoseconds.
        copies: u64,
        /// One core of the CPU, in nanoseconds.
        host: u64,
    },
    /// The user asked for it.
    UserChoice {
        /// By which option.
        option: String,
    },
    /// The loops around it are parallel already, so each thread runs it in order.
    EnoughParallelism,
    /// Every call of its function is part of the loops that make it, so nothing calls it any more.
    SeenThrough {
        /// The function.
        function: String,
    },
    /// A step of a plan does not fit the loop, or would change what is computed.
    IllegalStep {
        /// What stands in the way.
        why: String,
    },
    /// The check of the emitted code failed; the original loop was kept.
    CheckFailed {
        /// What was seen.
        what: String,
    },
    /// The emitted code could not be tested; the original loop was kept.
    NotTested {
        /// Why not.
        why: String,
    },
}

/// One row of the table of reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReasonRow {
    /// `MUPA101`.
    pub code: &'static str,
    /// `carried-dependence`.
    pub name: &'static str,
    /// What it means and what helps, for `mupac explain`.
    pub explanation: &'static str,
}

impl ReasonRow {
    /// Returns what would help, if anything in the user's hands would: the part of the explanation that says so.
    pub fn hint(&self) -> Option<&'static str> {
        let (_, hint) = self.explanation.split_once("What helps: ")?;
        Some(hint.trim_end_matches('.'))
    }
}

/// What a dependence is made of: the earlier access, then the later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DependenceKind {
    /// Written, then read: a true dependence.
    Flow,
    /// Read, then written.
    Anti,
    /// Written, then written again.
    Output,
}

impl fmt::Display for DependenceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Flow => "flow",
            Self::Anti => "anti",
            Self::Output => "output",
        })
    }
}

/// Two iterations, the earlier one first, and the element they fight over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// Iterator values of the earlier access.
    pub source: Vec<i64>,
    /// Iterator values of the later access.
    pub sink: Vec<i64>,
    /// Subscripts of the element; empty for a scalar.
    pub element: Vec<i64>,
}

impl Reason {
    /// Every reason, by code.
    pub const ALL: [ReasonRow; 26] = [
        row(
            "MUPA101",
            "carried-dependence",
            "One iteration needs what another one reads or writes, so their order matters.\n\
             The message names two such iterations and the element.\n\
             What helps: give every iteration its own element (declare temporaries inside the loop), \
             or split the part that depends on its neighbour into a loop of its own.",
        ),
        row(
            "MUPA102",
            "shared-temporary",
            "Every iteration writes the variable before it reads it, so each could have its own; but the variable lives longer \
             than an iteration: code elsewhere may read what the last one leaves in it.\n\
             What helps: declare it inside of the loop, if nothing else needs it.",
        ),
        row(
            "MUPA104",
            "order-dependent-float",
            "The loop computes a sum or its like of floating-point numbers, whose last digits depend on the order, \
             and `--fp=strict` asks for the order of the program.\n\
             What helps: `--fp=reassoc`, which computes it in a fixed tree and checks the result against a bound.",
        ),
        row(
            "MUPA105",
            "library-digits",
            "The loop calls a function of the mathematical library whose last digits are not the same on the GPU, \
             and `--fp=strict` asks for every digit of the program.\n\
             What helps: `--fp=reassoc`, or computing the function's values in a loop of their own.",
        ),
        row(
            "MUPA201",
            "unknown-call",
            "The loop calls a function whose effects mupac does not know, or one of the file that cannot stand in place of \
             its call; the message then says what in it is in the way, and in which line.\n\
             What helps: move the call out of the loop, define the function in the same file, or name the file that does as \
             one more input.",
        ),
        row(
            "MUPA202",
            "side-effect",
            "The loop does something that must happen on the host and in order, such as output.\n\
             What helps: compute in one loop, print in another.",
        ),
        row(
            "MUPA203",
            "volatile",
            "The loop touches a volatile object; every access must happen as written.\n\
             What helps: copy the object to a plain variable before the loop.",
        ),
        row(
            "MUPA204",
            "early-exit",
            "The loop may end before its last iteration, so later iterations must not start early.\n\
             What helps: find out where it ends in a loop before, which goes through all iterations and keeps the first one that \
             ends it (`if (a[i] == key && i < end) end = i;`), and do the rest up to there.",
        ),
        row(
            "MUPA205",
            "modified-bound",
            "The loop changes a value that its own bounds are computed from.\n\
             What helps: if it is to end where it would without that change, copy the bound into a local variable before the \
             loop; if not, count up to how many iterations there are (i < n / 2 where two counters meet).",
        ),
        row(
            "MUPA206",
            "host-memory",
            "With `--memory=device` pointers that a function is passed lead to memory of the device, which the host cannot \
             touch; a function that needs the host to look at what lies there, or that this file itself calls with other \
             pointers than those that the caller is passed, stays as it is.\n\
             What helps: read what decides about loops before, and pass it as a number (`int n` for `const int *n`).",
        ),
        row(
            "MUPA301",
            "uncountable-loop",
            "The number of iterations is not known when the loop starts.\n\
             What helps: the form `for (int i = a; i < b; i++)` with `i` and `b` unchanged in the body.",
        ),
        row(
            "MUPA302",
            "non-affine-bound",
            "A bound is not a sum of variables times constants, so the exact analysis cannot use it.\n\
             What helps: compute the bound into an int variable before the loop.",
        ),
        row(
            "MUPA303",
            "unknown-extent",
            "How far the loop reaches into memory cannot be computed before it runs, so nothing can be copied.\n\
             What helps: subscripts that are sums of iterators and variables times constants; or subscripts read from \
             arrays that the loop does not write, which the host then runs over first.",
        ),
        row(
            "MUPA304",
            "solver-limit",
            "The exact dependence analysis gave up within its budget of operations.\n\
             What helps: a smaller loop nest, or simpler subscripts.",
        ),
        row(
            "MUPA305",
            "non-affine-subscript",
            "A written array is subscripted by something that is not a sum of variables times constants, \
             so two iterations may touch the same element.\n\
             What helps: a subscript of that form, computed in int or long; or one statement that makes all accesses to \
             the array, by a subscript that depends on nothing the loop writes.",
        ),
        row(
            "MUPA401",
            "unsupported",
            "The loop contains a construct of C that mupac does not model; the text is kept as it is.",
        ),
        row(
            "MUPA402",
            "needs-c",
            "The file contains C that means something else in C++, or nothing, and no edit that mupac knows repairs it. \
             A .cu file is C++, so nothing is written.\n\
             What helps: `--split -o FOLDER`, which leaves the file C and puts kernels beside it; or write that place so \
             that C and C++ agree on it.",
        ),
        row(
            "MUPA403",
            "not-split",
            "With `--split` a loop is done by a function that the C part calls and that knows nothing else of it, and what \
             this loop needs cannot be passed to such a function.\n\
             What helps: what the message names as a variable of a plain type; or the translation as one file, without \
             `--split`.",
        ),
        row(
            "MUPA502",
            "too-small",
            "The loop could run on the GPU, but has too few iterations to pay for launch and copies.\n\
             What helps: `--cpu-threshold N` sets how many are enough.",
        ),
        row(
            "MUPA506",
            "unprofitable",
            "The loop could run on the GPU, and is predicted to take longer there than on one core of the CPU, whatever its \
             sizes; the message says what the kernels take, what it takes to look at subscripts in memory before, what the \
             copies between CPU and GPU take, and what one core takes, at sizes that are typical where they are not known.\n\
             What helps: where copies are most of it, call it in a loop of the same file, so that arrays stay on the GPU, or \
             pass memory of the device (`--memory=device`); where looking at subscripts is, the same loop around it has them \
             looked at once; where the kernels are, give them more independent iterations. \
             `--cpu-threshold N` makes kernels that run from N parallel iterations on, whatever is predicted.",
        ),
        row(
            "MUPA503",
            "user-choice",
            "The loop could run on the GPU and an option keeps it on the host.",
        ),
        row(
            "MUPA504",
            "enough-parallelism",
            "The kernel of this loop shares out other loops of the nest among threads; each thread runs this one in order, \
             although its iterations could run in any order too.",
        ),
        row(
            "MUPA505",
            "illegal-step",
            "A step of the plan does not fit the loop it names, or would change what is computed.\n\
             What helps: `--emit=plan` writes a plan that fits this version of the file.",
        ),
        row(
            "MUPA507",
            "seen-through",
            "Every call of the loop's function is in loops that run on the GPU, which have the function's statements in place \
             of the call. The loop runs as part of these, by their plan, and a kernel of its own would never be launched. \
             The function itself stays as it is written.",
        ),
        row(
            "MUPA601",
            "check-failed",
            "The emitted code did not do what the original does, so the original loop was kept.\n\
             This is a bug in mupac; please report it with the file.",
        ),
        row(
            "MUPA602",
            "not-tested",
            "The emitted code could not be tested, so the original loop was kept.",
        ),
    ];

    /// Returns the row of the table that this reason belongs to.
    pub fn row(&self) -> ReasonRow {
        let index = match self {
            Self::CarriedDependence { .. } => 0,
            Self::SharedTemporary { .. } => 1,
            Self::OrderDependentFloat { .. } => 2,
            Self::LibraryDigits { .. } => 3,
            Self::UnknownCall { .. } => 4,
            Self::SideEffect { .. } => 5,
            Self::Volatile { .. } => 6,
            Self::EarlyExit { .. } => 7,
            Self::ModifiedBound { .. } => 8,
            Self::HostMemory { .. } => 9,
            Self::UncountableLoop { .. } => 10,
            Self::NonAffineBound => 11,
            Self::UnknownExtent { .. } => 12,
            Self::SolverLimit => 13,
            Self::NonAffineSubscript { .. } => 14,
            Self::Unsupported { .. } => 15,
            Self::NeedsC { .. } => 16,
            Self::NotSplit { .. } => 17,
            Self::TooSmall { .. } => 18,
            Self::Unprofitable { .. } => 19,
            Self::UserChoice { .. } => 20,
            Self::EnoughParallelism => 21,
            Self::IllegalStep { .. } => 22,
            Self::SeenThrough { .. } => 23,
            Self::CheckFailed { .. } => 24,
            Self::NotTested { .. } => 25,
        };
        Self::ALL[index]
    }

    /// Returns which of several reasons against a loop has to be removed first: the lower one. What is left of a loop without
    /// those of one rank decides about those of the next.
    fn rank(&self) -> u8 {
        match self {
            Self::NeedsC { .. }
            | Self::CheckFailed { .. }
            | Self::NotTested { .. }
            | Self::SeenThrough { .. } => 0,
            Self::SideEffect { .. } | Self::Volatile { .. } | Self::UnknownCall { .. } => 1,
            Self::EarlyExit { .. } | Self::UncountableLoop { .. } | Self::ModifiedBound { .. } => 2,
            Self::SharedTemporary { .. } => 3,
            Self::CarriedDependence { .. } => 4,
            Self::Unsupported { .. } => 5,
            Self::NonAffineBound
            | Self::UnknownExtent { .. }
            | Self::NonAffineSubscript { .. }
            | Self::SolverLimit => 6,
            Self::OrderDependentFloat { .. }
            | Self::LibraryDigits { .. }
            | Self::HostMemory { .. }
            | Self::NotSplit { .. }
            | Self::TooSmall { .. }
            | Self::Unprofitable { .. }
            | Self::UserChoice { .. }
            | Self::EnoughParallelism
            | Self::IllegalStep { .. } => 7,
        }
    }

    /// Returns whether who knows this reason need not be told another one: of several conflicts about one array the first.
    fn covers(&self, other: &Self) -> bool {
        if let Self::CarriedDependence { array, .. } = self
            && let Self::CarriedDependence { array: same, .. } = other
        {
            return array == same;
        }
        self == other
    }

    /// Returns what would help against such a reason, if anything in the user's hands would.
    pub fn hint(&self) -> Option<&'static str> {
        if let Self::Unprofitable {
            kernels,
            inspections,
            copies,
            host,
        } = self
        {
            return Some(unprofitable_hint(*kernels, *inspections, *copies, *host));
        }
        self.row().hint()
    }

    /// Returns the code, `MUPA101`.
    pub fn code(&self) -> &'static str {
        self.row().code
    }

    /// Returns the name, `carried-dependence`.
    pub fn name(&self) -> &'static str {
        self.row().name
    }
}

const fn row(code: &'static str, name: &'static str, explanation: &'static str) -> ReasonRow {
    ReasonRow {
        code,
        name,
        explanation,
    }
}
