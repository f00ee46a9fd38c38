//! Random programs with calls that exercise them, so that every stage can be held against the interpreter.
//!
//! Each [`Family`] is a shape that real programs have; within it types, storage, bounds, steps, subscripts, expressions
//! and conversions vary.
//! A program is kept only with calls that the interpreter runs without undefined behaviour, so a case *means*
//! something: what [`Case::interpret`] returns.
//! What users write and trees do not say, [`written`] adds as text: a tree in a [`Dress`], or a [`Sketch`].
//! This module decides what programs look like; it leaves compiling and running their C text to tests.

mod affine;
mod blend;
mod branches;
mod build;
mod case;
mod coefficients;
mod compound;
mod draft;
mod dress;
mod form;
mod generators;
mod harness;
mod histograms;
mod indirect;
mod inputs;
mod irregular;
mod limits;
mod nest;
mod number;
mod reduction;
mod resampled;
mod rows;
mod scalars;
mod scans;
mod sheet;
mod shrink;
mod sketch;
mod source;
mod stays;
mod value;
mod weights;

use crate::arena::{Arena, Handle};
use crate::function::Function;
use crate::interpret::{Limits, Machine};
use crate::module::{Item, Module};
use crate::random::Random;
use crate::span::Source;
use crate::stmt::Block;
use crate::types::Record;

use draft::Draft;
use inputs::Values;

pub use case::{Argument, CallerBuffer, Case, Drawn, Input, Outcome, Variable};
pub use dress::{Dress, Halves};
pub use form::Form;
pub use harness::{Harness, harness, harness_on, read_outcomes};
pub use shrink::smaller;
pub use sketch::Sketch;
pub use source::c_source;

/// A kind of program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Element by element.
    Map,
    /// Neighbours, into another array.
    Stencil,
    /// Neighbours, in place: a dependence is carried.
    Recurrence,
    /// Rows become columns.
    Transpose,
    /// Subscripts and steps other than 1.
    Strided,
    /// A matrix product.
    Contraction,
    /// Inner bounds that depend on outer iterators.
    Triangular,
    /// One value from many.
    Reduction,
    /// Subscripts read from an array, or computed of counters.
    Indirect,
    /// Compressed sparse rows.
    Sparse,
    /// Pointers that may overlap.
    Alias,
    /// A loop with an early exit.
    Search,
    /// `while` and `do`.
    Uncounted,
    /// Arrays of structures.
    Structures,
    /// A pointer that walks.
    Walk,
    /// Several nests.
    Sequence,
    /// Nests inside a sequential loop.
    TimeSteps,
    /// Globals and local arrays.
    Storage,
    /// Calls within the file.
    Calls,
    /// Parameters whose values decide whether a translation holds: near the limits of their types, or of one another.
    Limits,
    /// Iterators of all types, shared by loops, with values that outlive them.
    Iterators,
    /// Conditions within conditions, `continue`, and tests that protect reads.
    Branches,
    /// Scalars that pass from iteration to iteration or belong to each.
    Scalars,
    /// Anything of the above in one function.
    Blend,
    /// Calls and nests in a time loop, with what the host does between them: arrays may stay on the device.
    Stays,
    /// A sum, or the greatest or the least, for every row.
    RowSums,
    /// Small arrays that loops only read.
    Coefficients,
    /// Counts and sums by class, of classes whose number is known.
    Histograms,
    /// Text that no tree says; not among [`ALL`](Self::ALL), and made by [`written`] alone.
    Sketch,
}

impl Family {
    /// All that are trees.
    pub const ALL: [Self; 28] = [
        Self::Map,
        Self::Stencil,
        Self::Recurrence,
        Self::Transpose,
        Self::Strided,
        Self::Contraction,
        Self::Triangular,
        Self::Reduction,
        Self::Indirect,
        Self::Sparse,
        Self::Alias,
        Self::Search,
        Self::Uncounted,
        Self::Structures,
        Self::Walk,
        Self::Sequence,
        Self::TimeSteps,
        Self::Storage,
        Self::Calls,
        Self::Limits,
        Self::Iterators,
        Self::Branches,
        Self::Scalars,
        Self::Blend,
        Self::Stays,
        Self::RowSums,
        Self::Coefficients,
        Self::Histograms,
    ];

    /// Returns a draft of the kind, `None` for what is no tree.
    fn draft(self, random: Random, prefix: String) -> Option<(Draft, Block)> {
        Some(match self {
            Self::Map => affine::map(random, prefix),
            Self::Stencil => affine::stencil(random, prefix, false),
            Self::Recurrence => affine::stencil(random, prefix, true),
            Self::Transpose => affine::transpose(random, prefix),
            Self::Strided => affine::strided(random, prefix),
            Self::Contraction => affine::contraction(random, prefix),
            Self::Triangular => affine::triangular(random, prefix),
            Self::Reduction => reduction::reduction(random, prefix),
            Self::Indirect => indirect::indirect(random, prefix),
            Self::Sparse => indirect::sparse(random, prefix),
            Self::Alias => irregular::alias(random, prefix),
            Self::Search => irregular::search(random, prefix),
            Self::Uncounted => irregular::uncounted(random, prefix),
            Self::Structures => irregular::structures(random, prefix),
            Self::Walk => irregular::walk(random, prefix),
            Self::Sequence => compound::sequence(random, prefix),
            Self::TimeSteps => compound::time_steps(random, prefix),
            Self::Storage => compound::storage(random, prefix),
            Self::Calls => compound::calls(random, prefix),
            Self::Limits => limits::limits(random, prefix),
            Self::Iterators => scalars::iterators(random, prefix),
            Self::Branches => branches::branches(random, prefix),
            Self::Scalars => scalars::scalars(random, prefix),
            Self::Blend => blend::blend(random, prefix),
            Self::Stays => stays::stays(random, prefix),
            Self::RowSums => rows::row_sums(random, prefix),
            Self::Coefficients => coefficients::coefficients(random, prefix),
            Self::Histograms => histograms::histograms(random, prefix),
            Self::Sketch => return None,
        })
    }
}

/// What programs to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Kinds to choose from; empty: all.
    pub families: Vec<Family>,
    /// Calls of each program, at most.
    pub inputs: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            families: Vec::new(),
            inputs: 4,
        }
    }
}

/// More memory than this, in one call, no program needs; what a call leaves behind is printed.
///
/// **Units**: bytes.
const MOST_BYTES: usize = 1 << 16;

/// How many programs of a seed are tried before the next kind is.
const ATTEMPTS: u64 = 24;

/// Returns the program of a seed.
///
/// `None` only where no attempt had a call without undefined behaviour, which the tests hold to never happen for
/// thousands of seeds.
pub fn program(seed: u64, options: &Options) -> Option<Case> {
    let mut random = Random::new(seed);
    let families = if options.families.is_empty() {
        &Family::ALL
    } else {
        options.families.as_slice()
    };
    let family = *random.pick(families)?;
    let mut drawn = Drawn::default();
    (0..ATTEMPTS).find_map(|_| {
        let attempt = Random::new(random.bits());
        attempted(seed, family, attempt, options, &mut drawn)
    })
}

/// Returns the program of a seed as users write it: a tree whose text wears what trees do not say, or a sketch.
///
/// `None` as for [`program`].
pub fn written(seed: u64, options: &Options) -> Option<Case> {
    // Other bits than those that the program is made of.
    let mut random = Random::new(!seed);
    let may_be = |sketch: bool| {
        let is_one = |family: &Family| (*family == Family::Sketch) == sketch;
        options.families.is_empty() || options.families.iter().any(is_one)
    };
    if may_be(true) && (!may_be(false) || random.chance(1, 2)) {
        return sketch::sketch(seed, options);
    }
    let mut trees = options.clone();
    trees.families.retain(|family| *family != Family::Sketch);
    let case = program(seed, &trees)?;
    Some(Case {
        dress: Dress::of_tree(&mut random),
        ..case
    })
}

fn attempted(
    seed: u64,
    family: Family,
    random: Random,
    options: &Options,
    drawn: &mut Drawn,
) -> Option<Case> {
    let (mut draft, mut body) = family.draft(random, format!("p{seed}_"))?;
    // The last call brings extreme numbers, of which fewer programs make sense.
    let has_extremes = !draft.is_exact && draft.random.chance(1, 3);
    let inputs: Vec<Input> = (1..=options.inputs)
        .map(|number| {
            let is_extreme = has_extremes && number > 1 && number == options.inputs;
            draft.input(if is_extreme {
                Values::Extreme
            } else {
                Values::Small
            })
        })
        .collect();
    let bytes =
        |input: &Input| -> usize { input.buffers.iter().map(|each| each.bytes.len()).sum() };
    if inputs.iter().any(|input| bytes(input) > MOST_BYTES) {
        return None;
    }
    body.splice(0..0, draft.declarations());
    let mut functions = draft.callees;
    functions.push(draft.builder.finish(body));
    let (module, function) = assembled(seed, draft.records, functions)?;
    let mut case = Case {
        family,
        seed,
        module,
        function,
        globals: draft.globals,
        inputs: Vec::new(),
        is_exact: draft.is_exact,
        dress: Dress::default(),
        sketch: None,
        drawn: Drawn::default(),
    };
    drawn.programs += 1;
    drawn.calls += inputs.len() as u64;
    case.inputs = inputs
        .into_iter()
        .filter(|input| runs(&case, input))
        .collect();
    drawn.defined += case.inputs.len() as u64;
    case.drawn = *drawn;
    // Where most calls fail, those that do not tend to run no iteration at all.
    (case.inputs.len() * 2 >= options.inputs.max(1)).then_some(case)
}

/// Returns the module of these functions, and the last of them.
fn assembled(
    seed: u64,
    records: Arena<Record>,
    functions: Vec<Function>,
) -> Option<(Module, Handle<Function>)> {
    let mut module = Module {
        records,
        ..Module::default()
    };
    let mut place = 0;
    let mut last = None;
    for mut function in functions {
        place = number::number(&mut function, place);
        let handle = module.functions.push(function);
        module.items.push(Item::Function(handle));
        last = Some(handle);
    }
    module.source = Source::new(format!("generated-{seed}.c"), " ".repeat(place as usize));
    Some((module, last?))
}

fn runs(case: &Case, input: &Input) -> bool {
    let limits = Limits {
        statements: 400_000,
        ..Limits::default()
    };
    let machine = Machine::new(&case.module).with_limits(limits);
    case.run(machine, input).is_ok()
}
