//! The run-time support that a file begins with: only the pieces that its generated text uses.

use std::collections::BTreeSet;
use std::fmt::Write;

use mupac_ir::c_text::helper_definitions;
use mupac_ir::{Memory, Module, ReductionOperator};

use crate::emit::file_name;

const CHECK: &str = include_str!("support/check.h");
const LAUNCHABLE: &str = include_str!("support/launchable.h");
const BUFFER: &str = include_str!("support/buffer.h");
const SYSTEM: &str = include_str!("support/system.h");
const HELD_LIST: &str = include_str!("support/held_list.h");
const HELD: &str = include_str!("support/held.h");
const TABLE: &str = include_str!("support/table.h");
const PAGES: &str = include_str!("support/pages.h");
const SPARE: &str = include_str!("support/spare.h");
const ALLOCATE: &str = include_str!("support/allocate.h");
const FREED: &str = include_str!("support/freed.h");
const USABLE_BYTES: &str = include_str!("support/usable_bytes.h");
const BLOCK_LENGTH: &str = include_str!("support/block_length.h");
const SYNCHRONIZE: &str = include_str!("support/synchronize.h");
const MOVED: &str = include_str!("support/moved.h");
const FETCH_RANGE: &str = include_str!("support/fetch_range.h");
const LIFETIME: &str = include_str!("support/lifetime.h");
const SHAPE: &str = include_str!("support/shape.h");
const ROW_MIRROR: &str = include_str!("support/row_mirror.h");
const LOOK: &str = include_str!("support/look.h");
const NEWER: &str = include_str!("support/newer.h");
const WATCH: &str = include_str!("support/watch.h");
const RELEASE_RANGE: &str = include_str!("support/release_range.h");
const BUFFER_IN: &str = include_str!("support/buffer_in.h");
const UNSEEN: &str = include_str!("support/unseen.h");
const TOUCH: &str = include_str!("support/touch.h");
const BUFFER_OUT: &str = include_str!("support/buffer_out.h");
const BUFFER_CHANGES: &str = include_str!("support/buffer_changes.h");
const BUFFER_ALL: &str = include_str!("support/buffer_all.h");
const BUFFER_ROWS: &str = include_str!("support/buffer_rows.h");
const BUFFER_FROM: &str = include_str!("support/buffer_from.h");
const CONSTANTS: &str = include_str!("support/constants.h");
const DISJOINT: &str = include_str!("support/disjoint.h");
const DISJOINT_ROWS: &str = include_str!("support/disjoint_rows.h");
const DISJOINT_PLANES: &str = include_str!("support/disjoint_planes.h");
const DISJOINT_OR_SAME: &str = include_str!("support/disjoint_or_same.h");
const RANGE: &str = include_str!("support/range.h");
const RANGES: &str = include_str!("support/ranges.h");
const RANGES_OR_SAME: &str = include_str!("support/ranges_or_same.h");
const ROW_SPACING: &str = include_str!("support/row_spacing.h");
const MEMBER_SPACING: &str = include_str!("support/member_spacing.h");
const MEMBER_SPACING_IF_THERE: &str = include_str!("support/member_spacing_if_there.h");
const GREATEST: &str = include_str!("support/greatest.h");
const IS_THERE: &str = include_str!("support/is_there.h");
const PRODUCT: &str = include_str!("support/product.h");
const NOT_NEGATIVE: &str = include_str!("support/not_negative.h");
const PLANE_SPACING: &str = include_str!("support/plane_spacing.h");
const PLANE_SPACING_IF_THERE: &str = include_str!("support/plane_spacing_if_there.h");
const ROW_SPACING_IF_THERE: &str = include_str!("support/row_spacing_if_there.h");
const ASSERTION_FAILED: &str = include_str!("support/assertion_failed.h");
const STAMP: &str = include_str!("support/stamp.h");
const MAPPED: &str = include_str!("support/mapped.h");
const ACCESSIBLE: &str = include_str!("support/accessible.h");
const SUBSCRIPTS: &str = include_str!("support/subscripts.h");
const DIFFERENT_SUBSCRIPTS: &str = include_str!("support/different_subscripts.h");
const SUBSCRIPTS_APART: &str = include_str!("support/subscripts_apart.h");
const BLOCK_REDUCE: &str = include_str!("support/block_reduce.h");
const BLOCK_SUM: &str = include_str!("support/block_sum.h");
const OPERATORS: &str = include_str!("support/operators.h");
const SCAN: &str = include_str!("support/scan.h");
const BLOCKS: &str = include_str!("support/blocks.h");

/// A part of the support that a file may do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Piece {
    /// `mupac::Buffer`.
    Buffer,
    /// Buffers may be the host's own memory.
    System,
    /// `mupac::Mirror` and what goes with it.
    Held,
    /// `Mirror::in`.
    Fills,
    /// `mupac::Residence` and `mupac::Apart`.
    Stays,
    /// Stays behind which nobody looks at memory.
    Last,
    /// `mupac::unseen`.
    Unseen,
    /// Copies outlive regions outside of every stay, since the system tells what the host writes.
    Pages,
    /// `mupac::fetch` of some elements.
    FetchRange,
    /// `mupac::release` of some elements.
    ReleaseRange,
    /// `mupac::fetch_between`.
    FetchBetween,
    /// `mupac::release_between`.
    ReleaseBetween,
    /// `mupac::moved`.
    Moved,
    /// `mupac::freed`.
    Freed,
    /// `mupac::synchronize`.
    Synchronize,
    /// `mupac::newer`.
    Newer,
    /// `mupac::RowMirror`, and copies of which not all of the range is meant.
    RowMirror,
    /// `mupac::Look`.
    Look,
    /// `mupac::Lifetime`.
    Lifetime,
    /// `mupac::Watch`.
    Watch,
    /// `Buffer::in`.
    CopyIn,
    /// `Buffer::out`.
    CopyOut,
    /// `Buffer::in_rows` and `Buffer::out_rows`.
    Rows,
    /// `Buffer::in_kept` and `Buffer::out_changed`.
    Changes,
    /// `Buffer::all`.
    Elements,
    /// `Buffer::from`.
    Offset,
    /// `mupac::Constants`.
    Constants,
    /// `mupac::disjoint`.
    Disjoint,
    /// `mupac::disjoint` of rows.
    DisjointRows,
    /// `mupac::disjoint` of planes of rows.
    DisjointPlanes,
    /// `mupac::disjoint` of several.
    Ranges,
    /// `mupac::disjoint_or_same`.
    DisjointOrSame,
    /// `mupac::disjoint_or_same` of several.
    RangesOrSame,
    /// `mupac::is_launchable`.
    Launchable,
    /// `Mirror::snapshot`.
    Snapshot,
    /// `mupac::row_spacing`.
    RowSpacing,
    /// `mupac::row_spacing_if_there`.
    RowSpacingIfThere,
    /// `mupac::greatest`.
    Greatest,
    /// `mupac::not_negative`.
    NotNegative,
    /// `mupac::row_spacing` of members of structures.
    MemberSpacing,
    /// `mupac::row_spacing_if_there` of members of structures.
    MemberSpacingIfThere,
    /// `mupac::plane_spacing`, and `mupac::row_spacing` of planes.
    PlaneSpacing,
    /// `mupac::row_spacing_if_there` of planes.
    PlaneSpacingIfThere,
    /// `mupac::usable_bytes`.
    UsableBytes,
    /// `mupac::block_length`.
    BlockLength,
    /// `mupac::is_there`.
    IsThere,
    /// `mupac::assertion_failed`.
    AssertionFailed,
    /// `mupac::accessible`.
    Accessible,
    /// `mupac::blocks`.
    Blocks,
    /// `mupac::block_reduce`.
    BlockReduce,
    /// `mupac::block_sum`.
    BlockSum,
    /// `mupac::scan` and `mupac::block_scan` with an operator.
    Scan(ReductionOperator),
    /// `mupac::product`.
    Product,
    /// `mupac::Subscripts`.
    Subscripts,
    /// `mupac::DifferentSubscripts`.
    DifferentSubscripts,
    /// `mupac::SubscriptsApart`.
    SubscriptsApart,
    /// Subscripts are found once for as long as nothing changes that they depend on.
    Known,
}

/// What the generated text of one file uses.
#[derive(Clone, Debug, Default)]
pub(crate) struct Support {
    /// The parts.
    pub(crate) uses: BTreeSet<Piece>,
    /// What kind of memory holds the device's copies.
    pub(crate) memory: Memory,
    /// How many parallel iterations pay, as the regions of the file say.
    pub(crate) thresholds: BTreeSet<u64>,
    /// Whether a C part calls the text.
    pub(crate) is_split: bool,
    /// Generated text that may call the helpers of printed expressions.
    pub(crate) calls: String,
}

/// Returns the name of the macro that holds a threshold: the plain name for the file's least one.
pub(crate) fn threshold_name(thresholds: &BTreeSet<u64>, threshold: u64) -> String {
    if thresholds.first().is_none_or(|&least| least == threshold) {
        "MUPAC_CPU_THRESHOLD".to_owned()
    } else {
        format!("MUPAC_CPU_THRESHOLD_{threshold}")
    }
}

impl Support {
    /// Returns what generated text calls, to stand before the user's first line; messages name the module's source.
    pub(crate) fn library(&self, module: &Module) -> String {
        let mut out = self.headers();
        out.push('\n');
        // Unnamed inside, since other files have other pieces, and messages of their own, by the same names (C++17 6.2).
        out.push_str("namespace mupac { namespace {  // run-time support: ");
        out.push_str(if self.has(Piece::Buffer) || self.has(Piece::Held) {
            "device copies of host memory, checked calls\n"
        } else {
            "checked calls\n"
        });
        let (check, mut definitions) = (CHECK.to_owned() + "\n", self.definitions());
        if module.source.is_one_file() {
            out.push_str(&check.replace("@FILE@", &literal(&file_name(module))));
        } else {
            out.push_str(&naming_files(&check));
            definitions = naming_files(&definitions);
        }
        out.push_str(&match self.memory {
            Memory::Explicit | Memory::Device | Memory::System => definitions,
            Memory::Managed => definitions.replace("cudaMalloc(", "cudaMallocManaged("),
        });
        out.push_str("}}  // namespace mupac\n");
        let helpers = helper_definitions(&self.calls, "__host__ __device__ inline");
        if !helpers.is_empty() {
            out.push('\n');
            out.push_str(&helpers);
        }
        out
    }

    /// Returns what users may set, to stand behind the library.
    pub(crate) fn settings(&self) -> String {
        let mut out = String::new();
        if !self.thresholds.is_empty() {
            out.push('\n');
            out.push_str(&self.threshold_macros());
        }
        out.push('\n');
        out
    }

    /// Returns the lines that include what the parts need of the libraries.
    fn headers(&self) -> String {
        use Piece::{
            Accessible, AssertionFailed, BlockLength, Changes, Constants, DifferentSubscripts,
            Disjoint, DisjointOrSame, DisjointPlanes, DisjointRows, Elements, FetchRange, Greatest,
            Held, Known, Launchable, MemberSpacing, Moved, Newer, Offset, Pages, Ranges,
            RangesOrSame, ReleaseRange, RowMirror, RowSpacing, Subscripts, SubscriptsApart,
            UsableBytes,
        };
        let any = |pieces: &[Piece]| pieces.iter().any(|piece| self.has(*piece));
        let spare = self.keeps_spare();
        let headers = [
            (
                any(&[DifferentSubscripts, Moved, Pages, SubscriptsApart]),
                "algorithm",
            ),
            (any(&[Pages]), "atomic"),
            (any(&[AssertionFailed]), "cerrno"),
            (any(&[BlockLength, RowSpacing, Subscripts]), "climits"),
            (
                any(&[
                    Offset,
                    Disjoint,
                    DisjointPlanes,
                    DisjointRows,
                    DisjointOrSame,
                    Ranges,
                    RangesOrSame,
                    Greatest,
                    RowSpacing,
                    Known,
                    Newer,
                    Accessible,
                    Pages,
                ]),
                "cstdint",
            ),
            (true, "cstdio"),
            (true, "cstdlib"),
            (
                any(&[Changes, Constants, Launchable, Moved, Pages]),
                "cstring",
            ),
            (true, "cuda_runtime.h"),
            (
                any(&[Ranges, RangesOrSame, Known, Newer]),
                "initializer_list",
            ),
            (any(&[Accessible]), "link.h"),
            (any(&[UsableBytes]), "dlfcn.h"),
            (any(&[UsableBytes]), "malloc.h"),
            (any(&[Held, FetchRange]), "map"),
            (any(&[Pages]), "sys/syscall.h"),
            (spare || any(&[ReleaseRange, RowMirror]), "utility"),
            (
                spare
                    || any(&[
                        Elements,
                        DifferentSubscripts,
                        Known,
                        MemberSpacing,
                        Pages,
                        SubscriptsApart,
                        ReleaseRange,
                        RowMirror,
                    ]),
                "vector",
            ),
        ];
        let used = headers.into_iter().filter(|(is_used, _)| *is_used);
        let mut lines = String::new();
        for (_, name) in used {
            // Writing to a string does not fail.
            let _ = writeln!(lines, "#include <{name}>");
        }
        lines
    }

    fn has(&self, piece: Piece) -> bool {
        self.uses.contains(&piece)
    }

    fn scans(&self) -> bool {
        let mut used = self.uses.iter();
        used.any(|piece| matches!(piece, Piece::Scan(_)))
    }

    /// Returns whether memory of buffers is kept for others while a stay lasts.
    fn keeps_spare(&self) -> bool {
        self.has(Piece::Stays) && (self.has(Piece::Buffer) || self.has(Piece::Freed))
    }

    fn definitions(&self) -> String {
        let is_held = self.has(Piece::Held) || self.has(Piece::FetchRange);
        let is_told = is_held && self.has(Piece::Pages);
        let touches = is_held && !is_told || self.has(Piece::CopyOut) && !self.has(Piece::System);
        let of_held = [(Piece::Offset, BUFFER_FROM)];
        let of_buffers = [
            (Piece::CopyIn, BUFFER_IN),
            (Piece::CopyOut, BUFFER_OUT),
            (Piece::Rows, BUFFER_ROWS),
            (Piece::Changes, BUFFER_CHANGES),
            (Piece::Elements, BUFFER_ALL),
            (Piece::Offset, BUFFER_FROM),
        ];
        let held = HELD.replace("@METHODS@", &self.methods(&of_held));
        let buffer = BUFFER.replace("@METHODS@", &self.methods(&of_buffers));
        let parts = [
            (self.has(Piece::Launchable), LAUNCHABLE),
            (is_told || self.has(Piece::Accessible), MAPPED),
            (is_told, PAGES),
            (is_held, HELD_LIST),
            (self.has(Piece::System), SYSTEM),
            (is_told, TABLE),
            (touches, TOUCH),
            (self.keeps_spare(), SPARE),
            (is_told || self.keeps_spare(), ALLOCATE),
            (self.has(Piece::RowMirror), SHAPE),
            (is_held, &held),
            (self.has(Piece::RowMirror), ROW_MIRROR),
            (self.has(Piece::Buffer), &buffer),
            (self.has(Piece::FetchRange), FETCH_RANGE),
            (self.has(Piece::Look), LOOK),
            (self.has(Piece::Lifetime), LIFETIME),
            (self.has(Piece::Watch), WATCH),
            (self.has(Piece::ReleaseRange), RELEASE_RANGE),
            (self.has(Piece::Moved), MOVED),
            (self.has(Piece::Synchronize), SYNCHRONIZE),
            (self.has(Piece::UsableBytes), USABLE_BYTES),
            (self.has(Piece::Freed), FREED),
            (self.has(Piece::Constants), CONSTANTS),
            (self.has(Piece::Disjoint), DISJOINT),
            (self.has(Piece::DisjointOrSame), DISJOINT_OR_SAME),
            (self.has(Piece::DisjointRows), DISJOINT_ROWS),
            (self.has(Piece::DisjointPlanes), DISJOINT_PLANES),
            (
                [
                    Piece::Ranges,
                    Piece::RangesOrSame,
                    Piece::Known,
                    Piece::Newer,
                ]
                .into_iter()
                .any(|piece| self.has(piece)),
                RANGE,
            ),
            (self.has(Piece::Newer), NEWER),
            (self.has(Piece::Ranges), RANGES),
            (self.has(Piece::RangesOrSame), RANGES_OR_SAME),
            (self.has(Piece::RowSpacing), ROW_SPACING),
            (self.has(Piece::MemberSpacing), MEMBER_SPACING),
            (self.has(Piece::Greatest), GREATEST),
            (self.has(Piece::PlaneSpacing), PLANE_SPACING),
            (self.has(Piece::AssertionFailed), ASSERTION_FAILED),
            (self.has(Piece::Known), STAMP),
            (self.has(Piece::Accessible), ACCESSIBLE),
            (self.has(Piece::IsThere), IS_THERE),
            (self.has(Piece::NotNegative), NOT_NEGATIVE),
            (self.has(Piece::BlockLength), BLOCK_LENGTH),
            (self.has(Piece::RowSpacingIfThere), ROW_SPACING_IF_THERE),
            (
                self.has(Piece::MemberSpacingIfThere),
                MEMBER_SPACING_IF_THERE,
            ),
            (self.has(Piece::PlaneSpacingIfThere), PLANE_SPACING_IF_THERE),
            (self.has(Piece::Unseen), UNSEEN),
            (self.has(Piece::Blocks), BLOCKS),
            (self.has(Piece::BlockReduce), BLOCK_REDUCE),
            (self.has(Piece::BlockSum), BLOCK_SUM),
            (self.scans(), OPERATORS),
            (self.scans(), SCAN),
            (self.has(Piece::Product), PRODUCT),
            (self.has(Piece::Subscripts), SUBSCRIPTS),
            (self.has(Piece::DifferentSubscripts), DIFFERENT_SUBSCRIPTS),
            (self.has(Piece::SubscriptsApart), SUBSCRIPTS_APART),
        ];
        let parts = parts.into_iter().filter(|(is_used, _)| *is_used);
        parts.map(|(_, text)| self.chosen(text)).collect()
    }

    /// Returns those of some methods that the file uses.
    fn methods(&self, all: &[(Piece, &str)]) -> String {
        let used = all.iter().filter(|(piece, _)| self.has(*piece));
        used.map(|(_, text)| *text).collect()
    }

    /// Returns the lines of a piece that the file uses: `@NAME@` before a line makes it part of something, and `@!NAME@` of
    /// texts without that; before some stand several.
    fn chosen(&self, text: &str) -> String {
        let lends = self.has(Piece::ReleaseRange);
        let parts = [
            ("PAGES", self.has(Piece::Pages)),
            ("SYSTEM", self.has(Piece::System)),
            ("STAYS", self.has(Piece::Stays)),
            ("LAST", self.has(Piece::Last)),
            ("CALLED", self.is_split),
            ("WATCH", self.has(Piece::Watch)),
            ("ROWS", self.has(Piece::RowMirror)),
            (
                "FILLS",
                [Piece::Fills, Piece::Moved, Piece::RowMirror]
                    .into_iter()
                    .any(|piece| self.has(piece)),
            ),
            ("PARTS", lends || self.has(Piece::FetchRange)),
            ("LENT", lends),
            ("NEWER", self.has(Piece::Newer)),
            ("FETCH_BETWEEN", self.has(Piece::FetchBetween)),
            ("RELEASE_BETWEEN", self.has(Piece::ReleaseBetween)),
            ("KNOWN", self.has(Piece::Known)),
            ("SNAPSHOT", self.has(Piece::Snapshot)),
            ("FREED", self.has(Piece::Freed)),
            ("SPARE", self.keeps_spare()),
            ("ROOM", self.has(Piece::Pages) || self.keeps_spare()),
            ("SUM", self.has(Piece::Scan(ReductionOperator::Sum))),
            ("PRODUCT", self.has(Piece::Scan(ReductionOperator::Product))),
            ("MINIMUM", self.has(Piece::Scan(ReductionOperator::Minimum))),
            ("MAXIMUM", self.has(Piece::Scan(ReductionOperator::Maximum))),
            ("AND", self.has(Piece::Scan(ReductionOperator::BitAnd))),
            ("OR", self.has(Piece::Scan(ReductionOperator::BitOr))),
            ("XOR", self.has(Piece::Scan(ReductionOperator::BitXor))),
        ];
        let mut out = String::new();
        for mut line in text.split_inclusive('\n') {
            let mut is_chosen = true;
            while let Some((mark, rest)) = line.strip_prefix('@').and_then(|at| at.split_once('@'))
            {
                let is_wanted = !mark.starts_with('!');
                let name = mark.trim_start_matches('!');
                is_chosen &= parts.contains(&(name, is_wanted));
                line = rest;
            }
            if is_chosen {
                out.push_str(line);
            }
        }
        out
    }

    /// Returns the definitions of the thresholds; a compiler option sets all of them.
    fn threshold_macros(&self) -> String {
        let mut out = String::from(
            "// From so many iterations on launches are taken to pay; -DMUPAC_CPU_THRESHOLD=N sets the number.\n",
        );
        let values: Vec<_> = self.thresholds.iter().rev().collect();
        out.push_str("#ifndef MUPAC_CPU_THRESHOLD\n");
        // Writing to a string does not fail.
        for &&value in &values {
            let name = threshold_name(&self.thresholds, value);
            let _ = writeln!(out, "#define {name} {value}");
        }
        if values.len() > 1 {
            out.push_str("#else\n");
            for &&value in values.iter().take(values.len() - 1) {
                let name = threshold_name(&self.thresholds, value);
                let _ = writeln!(out, "#define {name} MUPAC_CPU_THRESHOLD");
            }
        }
        out.push_str("#endif\n");
        out
    }
}

/// Returns support for a text of several files, to which places are their names with a line: `"b.c:3"`.
fn naming_files(support: &str) -> String {
    let words = [
        ("%s:%d: ", "%s: "),
        ("@FILE@, ", ""),
        ("int line, users", "const char *line; int users"),
        ("int line", "const char *line"),
        ("int l)", "const char *l)"),
        ("device), 0)", "device), \"free memory\")"),
    ];
    let replaced = words.iter();
    replaced.fold(support.to_owned(), |text, (one, several)| {
        text.replace(one, several)
    })
}

/// Returns a string literal of C for a file name.
fn literal(text: &str) -> String {
    let escaped: String = text
        .chars()
        .flat_map(|c| {
            let is_special = matches!(c, '"' | '\\');
            is_special
                .then_some('\\')
                .into_iter()
                .chain([if c.is_control() { ' ' } else { c }])
        })
        .collect();
    format!("\"{escaped}\"")
}
