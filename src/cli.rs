//! The options: their names, values and help texts.
//!
//! Only what is real stands here; everything else is a usage error.
//! Compiler options are taken out by [`crate::arguments`] before clap sees the command line.

mod shown;
mod values;

pub use shown::{ReportForm, ShownReport};
use values::{arch, count, level, positive, threshold};

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// The command line.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "mupac",
    version,
    about = "Translates sequential C into proved, tested CUDA C++",
    after_help = COMPILER_OPTIONS,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    disable_help_subcommand = true
)]
pub struct Cli {
    /// A command other than translating.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The options of a translation.
    #[command(flatten)]
    pub translate: Translate,
}

const COMPILER_OPTIONS: &str = "\
Compiler options pass through to the C front end as compilers spell them:
  -I DIR  -D NAME[=VALUE]  -U NAME  -std=…  -include FILE  -isystem DIR  -iquote DIR
  -idirafter DIR  -imacros FILE  -x c  -f…  -W…  -w  -ansi  -pedantic  -pthread  -nostdinc
-fopenmp and -fopenacc are left out: what is translated is the program that their pragmas annotate; where their threads
would each run generated text, the output stops a compiler that has them.
What the linker understands goes to that of the checks: -l NAME  -L DIR  -Wl,…  -fopenmp  -pthread

Tests of a file take about --check-time of processor time together; every function gets an input first, then the
program, then all get more. Compilers are not cut short by it, nor the first inputs before half of it is left for them.
One run of a test takes at most 5 s, of the whole program 20 s, a compiler 2 min, and each holds at most --check-memory.
What takes more is not tested, and so gets no kernel.

Exit codes: 0 written; 1 the input or an option is at fault, or --require-parallel is unmet;
3 --strict-check saw a failure, or the program without kernels already fails its check;
4 a tool is missing or does not work (libclang, a C++ compiler).";

/// A command other than translating.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Say what a code such as MUPA101 means and what helps, or how a translation came about
    Explain {
        /// The code, or its name: `MUPA101`, `carried-dependence`; or the file that --report wrote
        #[arg(value_name = "CODE | REPORT.json")]
        subject: String,
        /// Tell every move of each plan, with why it may be made
        #[arg(short, long)]
        verbose: bool,
    },
    /// Show the report of a translation: as a page, as SARIF for code hosts, or as text
    Report(ShownReport),
    /// Put translated files with their tests into a folder that runs on a machine with a GPU
    Bundle(Box<Bundle>),
    /// Take home what the script of a bundle saw on a GPU: checks every line, keeps measured trajectories
    Import(Import),
    /// Translate every C file of a project, each with the options of its command, and tell what that is worth
    Project(Box<Project>),
    /// Compile C as `cc` does, with kernels in the objects of files whose loops run on a GPU; also by the name mupac-cc
    Cc {
        /// The compiler's options, among which --mupac-… are options of a translation; a compiler's name before them is called
        #[arg(
            value_name = "OPTIONS",
            allow_hyphen_values = true,
            trailing_var_arg = true
        )]
        words: Vec<std::ffi::OsString>,
    },
    /// Say how much `mupac cc` keeps of what it translated
    Cache {
        /// Remove it
        #[arg(long)]
        clear: bool,
    },
    /// Say which tools this machine has, which are missing, and how to get them
    Doctor,
    /// Keep what searches find, and make a graph of it that guides others
    #[command(subcommand)]
    Graph(Graph),
}

/// What is done about graphs of trajectories.
#[derive(Clone, Debug, Subcommand)]
pub enum Graph {
    /// Search the regions of files and add the trajectories that were found to a file
    Update {
        /// C files
        #[arg(required = true, value_name = "INPUT")]
        inputs: Vec<PathBuf>,
        /// The file of trajectories, one a line
        #[arg(long, value_name = "FILE")]
        into: PathBuf,
        /// How many states of a region the search looks at
        #[arg(long, value_name = "N", default_value_t = DEFAULT_SEARCH_BUDGET)]
        search_budget: usize,
    },
    /// Make a graph of trajectories
    Build {
        /// Files of trajectories
        #[arg(required = true, value_name = "TRAJECTORIES")]
        trajectories: Vec<PathBuf>,
        /// Where to write the graph; `-` is standard output
        #[arg(short, long, value_name = "GRAPH")]
        output: PathBuf,
    },
    /// Write a graph as a table, for `dot`, or as a picture
    Show {
        /// The graph [default: the one that comes with mupac]
        #[arg(value_name = "GRAPH")]
        graph: Option<PathBuf>,
        /// In which form
        #[arg(long, value_enum, default_value_t = GraphForm::Table, value_name = "FORM")]
        form: GraphForm,
    },
}

/// The form of a graph that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GraphForm {
    /// Nests, and the moves out of them, best first
    Table,
    /// A graph for Graphviz
    Dot,
    /// A picture
    Svg,
}

/// The options of `mupac bundle`.
#[derive(Args, Clone, Debug)]
pub struct Bundle {
    /// Those of a translation; `-o` names the folder.
    #[command(flatten)]
    pub translate: Translate,
    /// Compile the files for an H100 or H200 here, so that the other machine only links them; needs nvcc
    #[arg(long)]
    pub prebuilt: bool,
}

/// The options of `mupac project`.
#[derive(Args, Clone, Debug)]
#[command(mut_arg("inputs", |argument| argument
    .value_name("BUILD")
    .help("The folder in which compile_commands.json lies, or such a file")))]
#[command(mut_arg("output", |argument| argument
    .value_name("DIR")
    .help("Where outputs, reports and pages go [default: mupac in the folder of the build]")))]
pub struct Project {
    /// Those of each translation.
    #[command(flatten)]
    pub translate: Translate,
}

/// The options of `mupac import`.
#[derive(Args, Clone, Debug)]
pub struct Import {
    /// The file that `run.sh` wrote
    #[arg(value_name = "RESULTS")]
    pub results: PathBuf,
    /// The folder of the bundle [default: the folder of the results]
    #[arg(long, value_name = "DIR")]
    pub bundle: Option<PathBuf>,
    /// Where measured trajectories are kept [default: mupac/measured.jsonl in the data folder]
    #[arg(long, value_name = "FILE")]
    pub into: Option<PathBuf>,
}

/// The options of a translation.
#[derive(Args, Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line, independent of the others"
)]
pub struct Translate {
    /// C files to translate; `-` is standard input
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// Where to write; `-` is standard output; several inputs become one program there [default: INPUT.cu beside each input]
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,
    /// Leave the file C: in the folder that -o names, FILE.c calls the kernels of FILE.cu, and FILE.mupac.h lies between them;
    /// `--split=auto`: only where C++ does not take the file, and beside the file that -o names
    #[arg(
        long,
        value_enum,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "always",
        value_name = "WHEN"
    )]
    pub split: Option<Split>,
    /// The inputs are all of one program, also with --split: its C part is one file, named like the first
    #[arg(long)]
    pub whole_program: bool,
    /// Where the run-time support of the output stands: what checks, copies and guards call
    #[arg(long, value_enum, default_value_t = Support::Inline, value_name = "WHERE")]
    pub support: Support,
    /// Take the compiler options of the inputs from this folder's `compile_commands.json`, or from such a file
    #[arg(short = 'p', long, value_name = "BUILD")]
    pub commands: Option<PathBuf>,
    /// Write over a file even if mupac did not write it
    #[arg(short, long)]
    pub force: bool,
    /// What to write
    #[arg(long, value_enum, default_value_t = Emit::Cu, value_name = "FORM")]
    pub emit: Emit,
    /// Replay the plan of this file instead of choosing one
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,
    /// How hard to look for a mapping: 0 takes the naive one; 1 and 2 choose greedily by an analytic estimate; 3 searches
    #[arg(short = 'O', value_name = "LEVEL", default_value_t = 2, value_parser = level)]
    pub optimise: u8,
    /// The GPU that mappings are chosen for: `sm_90`, or `native` for this machine's first
    #[arg(long, value_name = "ARCH", default_value = "sm_90", value_parser = arch)]
    pub arch: String,
    /// How many states of a region -O3 looks at [default: 384]
    #[arg(long, value_name = "N")]
    pub search_budget: Option<usize>,
    /// The graph of trajectories that guides -O3 [default: the one that comes with mupac]
    #[arg(long, value_name = "FILE", conflicts_with = "no_graph")]
    pub graph: Option<PathBuf>,
    /// Search without what is known of other programs
    #[arg(long)]
    pub no_graph: bool,
    /// The network that guides -O3, an ONNX file [default: the one that comes with mupac]
    #[arg(long, value_name = "FILE", conflicts_with = "no_model")]
    pub model: Option<PathBuf>,
    /// Search without networks: none judges choices, and none proposes plans
    #[arg(long)]
    pub no_model: bool,
    /// Search without plans that a network proposes to begin with
    #[arg(long)]
    pub no_proposals: bool,
    /// Search without any guide: neither network nor graph nor proposals
    #[arg(long, conflicts_with_all = ["graph", "model"])]
    pub no_prior: bool,
    /// Where the emitted code is checked against the original
    #[arg(long, value_enum, default_value_t = Check::Cpu, value_name = "WHERE")]
    pub check: Check,
    /// How many tests a function gets
    #[arg(long, value_enum, default_value_t = CheckLevel::Normal, value_name = "LEVEL")]
    pub check_level: CheckLevel,
    /// Processor time for the tests of a file, 0 for as much as they want: what was tested once by then passes, what was not
    /// stays as it was
    #[arg(long, value_name = "SECONDS", default_value_t = DEFAULT_CHECK_SECONDS, value_parser = count)]
    pub check_time: u64,
    /// Memory that each process of a check may hold [default: a quarter of the machine's, 8192 at most]
    #[arg(long, value_name = "MIB", value_parser = positive)]
    pub check_memory: Option<u64>,
    /// What becomes of kernels that could not be tested
    #[arg(long, value_enum, default_value_t = UntestedKernels::Drop, value_name = "WHAT")]
    pub unchecked: UntestedKernels,
    /// Treat a kernel that fails its check as an error (exit code 3) instead of keeping the original loop
    #[arg(long)]
    pub strict_check: bool,
    /// Seed of the test inputs
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = count, allow_negative_numbers = true)]
    pub seed: u64,
    /// Argument of the program when a whole program is checked; may be repeated
    #[arg(long, value_name = "WORD", allow_hyphen_values = true)]
    pub test_argv: Vec<String>,
    /// File that is the program's standard input when a whole program is checked
    #[arg(long, value_name = "FILE")]
    pub test_stdin: Option<PathBuf>,
    /// Option for the linker of the checks, as compilers spell it; -l, -L, -Wl, and -fopenmp need no --link
    #[arg(long, value_name = "OPTION", allow_hyphen_values = true)]
    pub link: Vec<String>,
    /// Run the program once more on one core and tell what share of its time kernels take over, and what they would gain
    #[arg(long)]
    pub profile: bool,
    /// Argument of the program for --profile, in the place of those of --test-argv; may be repeated
    #[arg(
        long,
        value_name = "WORD",
        allow_hyphen_values = true,
        requires = "profile"
    )]
    pub profile_argv: Vec<String>,
    /// Keep the temporary files of the check and say where they are
    #[arg(long)]
    pub keep_temps: bool,
    /// Name the lines of the original everywhere (#line), for debuggers and profilers
    #[arg(long)]
    pub line_directives: bool,
    /// Write a report of every loop as JSON
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Write the report as a page for people: the source with the verdict on every loop, and the kernels beside it
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Write the loops that stay on the host as SARIF, which code hosts show beside their lines
    #[arg(long, value_name = "FILE")]
    pub sarif: Option<PathBuf>,
    /// Number of parallel iterations from which a kernel runs, 0 for always; `auto`: from where it is predicted to be
    /// faster than one core, and a loop that is never faster on the GPU stays on the CPU
    #[arg(long, value_name = "N", default_value = "auto", value_parser = threshold, allow_negative_numbers = true)]
    pub cpu_threshold: Threshold,
    /// In which order floating-point numbers are added, multiplied and compared across iterations
    #[arg(long, value_enum, default_value_t = FloatingPoint::Reassoc, value_name = "ORDER")]
    pub fp: FloatingPoint,
    /// What kind of memory holds the device's copies of arrays
    #[arg(long, value_enum, default_value_t = MemoryKind::Explicit, value_name = "KIND")]
    pub memory: MemoryKind,
    /// How copies on the device are known to be what the host has; later runs of a region find those that are
    #[arg(long, value_enum, default_value_t = CoherenceKind::Proof, value_name = "HOW")]
    pub coherence: CoherenceKind,
    /// Keep every loop on the CPU
    #[arg(long, conflicts_with = "require_parallel")]
    pub no_parallel: bool,
    /// Fail (exit code 1) if no loop runs on the GPU
    #[arg(long)]
    pub require_parallel: bool,
    /// Form of the messages on standard error
    #[arg(long, value_enum, default_value_t = MessageFormat::Human, value_name = "FORM")]
    pub message_format: MessageFormat,
    /// Colour the messages
    #[arg(long, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
    /// Explain every loop that no kernel runs, at its place in the source
    #[arg(short, long, conflicts_with = "quiet")]
    pub verbose: bool,
    /// Say nothing but errors, and which kernels were dropped
    #[arg(short, long)]
    pub quiet: bool,
}

impl Translate {
    /// Returns whether the inputs make one program, with one output: several of them, and `-o`, and with `--split` the word
    /// for it.
    pub(crate) fn is_one_program(&self) -> bool {
        let parts_stay = self.split == Some(Split::Always) && !self.whole_program;
        self.inputs.len() > 1 && self.output.is_some() && !parts_stay
    }
}

/// The word for the first GPU of this machine.
pub const NATIVE: &str = "native";

/// From how many parallel iterations on kernels run; `None`: where they are predicted to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold(pub Option<u64>);

/// Most regions are searched to their end with fewer.
pub const DEFAULT_SEARCH_BUDGET: usize = 384;

/// More than most files take.
///
/// **Units**: seconds of processor time.
pub const DEFAULT_CHECK_SECONDS: u64 = 60;

/// When a translation has a part that stays C.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Split {
    /// Whatever the file holds
    Always,
    /// Where C++ does not take the file
    Auto,
}

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Emit {
    /// CUDA C++
    Cu,
    /// The intermediate representation of the input, as text
    Ir,
    /// The chosen moves, as a file for --plan
    Plan,
}

impl Emit {
    /// Returns the ending of the default output's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Cu => "cu",
            Self::Ir => "mir",
            Self::Plan => "plan",
        }
    }
}

/// Where the emitted code is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Check {
    /// On this machine: kernels run on a CUDA runtime for the CPU
    Cpu,
    /// On the CPU, and what passes there on this machine's GPU too: with nvcc, at larger sizes, under compute-sanitizer
    Gpu,
    /// Nowhere; the output says so
    Off,
}

impl Check {
    /// Returns the word of the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Gpu => "gpu",
            Self::Off => "off",
        }
    }
}

/// In which order sums and other reductions of floating-point numbers are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FloatingPoint {
    /// As the program says; loops that would need another order stay on the CPU
    Strict,
    /// In a fixed tree that depends on sizes alone; results may differ in the last digits and in the sign of a zero,
    /// and a NaN counts as absent among the numbers of which the program looks for the least or greatest
    Reassoc,
    /// The same, and sums into elements that data choose (`h[bin[i]] += w[i]`) by atomic additions: the last digits of
    /// these differ from run to run
    Atomic,
}

impl FloatingPoint {
    /// Returns the word of the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Reassoc => "reassoc",
            Self::Atomic => "atomic",
        }
    }
}

/// What kind of memory holds the device's copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MemoryKind {
    /// The device's own
    Explicit,
    /// Managed memory: the arrays of a region may be larger than the device's memory, and pages move when touched
    Managed,
    /// What pointer arguments lead to is memory of the device already: kernels work on it, and nothing of it is copied
    Device,
    /// The host's own where the device sees it (HMM on Linux, Grace Hopper; asked when the program runs): kernels take the
    /// host's pointers, and nothing is copied; elsewhere each region copies for itself
    System,
}

impl MemoryKind {
    /// Returns the word of the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Explicit => "explicit",
            Self::Managed => "managed",
            Self::Device => "device",
            Self::System => "system",
        }
    }
}

/// How it is known that a copy on the device is what the host has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CoherenceKind {
    /// By proof: copies outlive a region only where all that the host does in between is known
    Proof,
    /// By proof, and elsewhere by the system, which tells which pages were written (Linux 6.7; asked when the program runs)
    Pages,
    /// Each region copies for itself
    Copy,
}

impl CoherenceKind {
    /// Returns the word of the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Proof => "proof",
            Self::Pages => "pages",
            Self::Copy => "copy",
        }
    }
}

/// Where the run-time support of an output stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Support {
    /// In the output, which needs no other file
    Inline,
    /// In a header beside it, OUT.mupac.cuh, so that the output begins with the program
    Header,
}

/// What becomes of kernels that could not be tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum UntestedKernels {
    /// They stay, and the output says which
    Keep,
    /// The original loops run
    Drop,
}

/// How many tests a function gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CheckLevel {
    /// 8 tests a function, no mistakes made to try them
    Quick,
    /// 24 tests a function, 8 mistakes
    Normal,
    /// 64 tests a function, up to 64 mistakes of every kind that fits
    Thorough,
}

impl CheckLevel {
    /// Returns the word of the option.
    pub fn name(self) -> &'static str {
        match self {
            Self::Quick => "quick",
            Self::Normal => "normal",
            Self::Thorough => "thorough",
        }
    }

    /// Returns how many mistakes are made to see whether the tests notice.
    pub fn mutants(self) -> usize {
        match self {
            Self::Quick => 0,
            Self::Normal => 8,
            Self::Thorough => 64,
        }
    }

    /// Returns the number of tests.
    pub fn tests(self) -> usize {
        match self {
            Self::Quick => 8,
            Self::Normal => 24,
            Self::Thorough => 64,
        }
    }
}

/// Form of the messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MessageFormat {
    /// With the source text
    Human,
    /// One line each: `file:line:column: note[MUPA101]: …`
    Short,
    /// One JSON object a line, told apart by `type`; the last of each file is its `summary`
    Json,
}

/// When messages are coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
