//! What one launch does, as far as its time depends on it.

use mupac_ir::{Handle, Mapping, Var};

use super::points::DEPTH;
use super::slices::Slices;

/// Of a long loop that is laid out, the compiler reads so many iterations ahead at most: more would take too many
/// registers.
const MOST_IN_FLIGHT: f64 = 8.0;

/// Of what iterations share that are laid out, a thread keeps so much in registers at most.
const MOST_KEPT_BYTES: f64 = 128.0;

/// A loop of a launch.
#[derive(Clone, Debug)]
pub(super) struct Repetition {
    pub(super) mapping: Mapping,
    pub(super) trips: f64,
    /// How many loops are around it.
    pub(super) depth: usize,
    /// The loop around it.
    pub(super) around: Option<usize>,
    /// Whether it holds a barrier, over which the compiler moves no access to memory.
    pub(super) has_barrier: bool,
    /// How many of its iterations the compiler lays out one after another.
    pub(super) unrolled: f64,
    /// Whether it computes a floating-point scalar that outlives an iteration: a sum, or a value for the next one.
    pub(super) carries_scalar: bool,
}

impl Repetition {
    /// Returns whether each thread repeats it.
    pub(super) fn is_sequential(&self) -> bool {
        !self.mapping.is_parallel()
    }

    /// Returns of how many iterations the reads are under way together.
    pub(super) fn overlap(&self) -> f64 {
        if self.has_barrier {
            1.0
        } else {
            self.unrolled.min(MOST_IN_FLIGHT)
        }
    }

    /// Returns whether the address of an access depends on its iteration.
    fn moves(&self, access: &Access) -> bool {
        self.is_moving(&access.gradient)
    }

    /// Returns whether an address that moves so along loops, by depth, depends on its iteration.
    fn is_moving(&self, gradient: &[i64; DEPTH]) -> bool {
        gradient.get(self.depth).is_none_or(|by| *by != 0)
    }

    /// Returns whether the compiler lays out all of its iterations, with constants for its iterator.
    pub(super) fn is_unrolled(&self) -> bool {
        self.unrolled >= self.trips
    }
}

/// What an access does to memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mode {
    Read,
    Write,
    /// Reads and writes, as one.
    Update,
}

/// What one block asks for in one execution of an access.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Request {
    /// Sectors of memory, all warps together.
    pub(super) sectors: f64,
    /// Passes over lines of the cache, or over the banks of shared memory.
    pub(super) passes: f64,
    /// Warps that take part.
    pub(super) warps: f64,
    /// Those of them whose lanes read the same by pairs.
    pub(super) paired: f64,
    /// Threads that take part.
    pub(super) threads: f64,
}

impl Request {
    /// Returns the passes in which so many words for each lane come back from shared memory, whatever its banks allow: one
    /// for each word, or for two words of lanes that read the same by pairs.
    ///
    /// **Source**: Greg Smith of NVIDIA on “Unexpected shared memory bank conflict”, forums.developer.nvidia.com 77228: first-level
    /// cache and shared memory return 128 bytes, one register of a warp, in a cycle.
    pub(super) fn returned(&self, words: f64) -> f64 {
        (self.warps - self.paired) * words + self.paired * (words / 2.0).ceil()
    }
}

/// A place in the code that reads or writes an array.
#[derive(Clone, Debug)]
pub(super) struct Access {
    pub(super) var: Handle<Var>,
    pub(super) mode: Mode,
    pub(super) is_shared: bool,
    /// Whether it reads what the kernel is passed by value.
    pub(super) is_constant: bool,
    /// Whether the address depends on data.
    pub(super) is_data: bool,
    /// Bytes of one element.
    pub(super) bytes: i64,
    /// The address in the iterations that stand for all.
    pub(super) base: i64,
    /// How far the address moves along each loop, by depth.
    pub(super) gradient: [i64; DEPTH],
    /// The innermost loop around.
    pub(super) inside: Option<usize>,
    /// The innermost loop that it runs in, once the compiler has taken it out of others.
    pub(super) runs_in: Option<usize>,
    /// How often each thread runs it.
    pub(super) executions: f64,
    /// How many of the times that the loops around it go round that is.
    pub(super) share: f64,
    /// In how many of these iterations the conditions around it hold.
    pub(super) chance: f64,
    /// How many loops are around the innermost condition.
    pub(super) guard: usize,
    pub(super) section: usize,
    pub(super) request: Request,
}

impl Access {
    /// Returns whether both name the same element in every iteration.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.var == other.var && self.base == other.base && self.gradient == other.gradient
    }
}

/// Which reads would be free of everything but fetching each element once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relief {
    None,
    /// Those of all memory but that of blocks.
    Memory,
    /// Those of one array.
    Array(Handle<Var>),
}

impl Relief {
    /// Returns whether it frees an access.
    pub(super) fn frees(self, access: &Access) -> bool {
        let is_meant = match self {
            Self::None => false,
            Self::Memory => !access.is_shared,
            Self::Array(array) => access.var == array,
        };
        is_meant && access.mode == Mode::Read
    }
}

/// A stretch of code without loops and barriers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Section {
    /// How often each thread runs it.
    pub(super) repeats: f64,
    /// Of how many iterations of the innermost loop around it runs overlap; one where they come after one another whatever is
    /// laid out.
    pub(super) overlap: f64,
}

/// Instructions of warps, all blocks together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Instructions {
    pub(super) all: f64,
    pub(super) single: f64,
    pub(super) double: f64,
    pub(super) integer: f64,
    pub(super) special: f64,
}

impl Instructions {
    /// Adds others, executed so often.
    pub(super) fn add(&mut self, other: &Self, times: f64) {
        self.all += times * other.all;
        self.single += times * other.single;
        self.double += times * other.double;
        self.integer += times * other.integer;
        self.special += times * other.special;
    }
}

/// An array of a thread in registers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Elements {
    pub(super) array: Handle<Var>,
    /// Its size.
    pub(super) bytes: f64,
    /// The size of the elements that the code names, those that it names twice counted twice.
    pub(super) named_bytes: f64,
}

/// One launch.
#[derive(Clone, Debug, Default)]
pub(super) struct Kernel {
    pub(super) loops: Vec<Repetition>,
    pub(super) accesses: Vec<Access>,
    pub(super) sections: Vec<Section>,
    pub(super) instructions: Instructions,
    /// Cycles in which a thread waits for its own arithmetic.
    pub(super) arithmetic_cycles: f64,
    /// Cycles in which it waits for barriers, and for what other lanes have.
    pub(super) barrier_cycles: f64,
    pub(super) blocks: f64,
    pub(super) threads: f64,
    pub(super) shared_bytes: f64,
    /// Bytes of the variables that a thread declares, but for those in `elements`.
    pub(super) local_bytes: f64,
    /// Arrays that a thread declares and whose elements the code names by numbers, so that each has its register.
    pub(super) elements: Vec<Elements>,
    /// Calls of the mathematical library, and divisions, in the code.
    pub(super) calls: f64,
    /// Conditions in the code.
    pub(super) conditions: f64,
    /// Bytes of the values that all threads of the launch join.
    pub(super) joined_bytes: Vec<f64>,
    /// How many of them iterations look at: what comes before each block has to be known first.
    pub(super) scans: f64,
    /// The slices of arrays to which blocks add.
    pub(super) slices: Vec<Slices>,
}

impl Kernel {
    /// Returns a loop and those around it, from the inside.
    pub(super) fn outwards(
        &self,
        inside: Option<usize>,
    ) -> impl Iterator<Item = (usize, &Repetition)> {
        let first = inside.and_then(|at| Some((at, self.loops.get(at)?)));
        std::iter::successors(first, |(_, each)| {
            let at = each.around?;
            Some((at, self.loops.get(at)?))
        })
    }

    /// Returns whether a loop is another or lies inside it.
    pub(super) fn is_inside(&self, inside: Option<usize>, of: usize) -> bool {
        self.outwards(inside).any(|(at, _)| at == of)
    }

    /// Returns over how many iterations a value is spread that loops around it move, all of them laid out: so many values are
    /// computed side by side.
    pub(super) fn side_by_side(&self, inside: Option<usize>, gradient: &[i64; DEPTH]) -> f64 {
        let around = self.outwards(inside).map(|(_, each)| each);
        let laid_out = around.take_while(|each| each.is_sequential() && each.is_unrolled());
        let moving = laid_out.filter(|each| each.is_moving(gradient));
        moving.map(|each| each.trips.max(1.0)).product()
    }

    /// Returns whether nothing moves an address but loops of which all iterations are laid out: it is a number in the code.
    pub(super) fn lays_out(&self, inside: Option<usize>, gradient: &[i64; DEPTH]) -> bool {
        let around = self.outwards(inside).map(|(_, each)| each);
        let mut moving = around.filter(|each| each.is_moving(gradient));
        moving.all(|each| each.is_sequential() && each.is_unrolled())
    }

    /// Finds for every access the innermost loop that it runs in, after those that the compiler takes it out of: what
    /// does not move is read before the loop and written after it.
    ///
    /// It is not taken over a barrier unless nothing writes it, nor out of a condition, nor where the loop reads or
    /// writes another element of a written array; shared memory is left in loops that are not laid out. Pointers of kernels are `restrict`, so other arrays are no matter.
    ///
    /// Where loops within one another are laid out, those that do not move an address share its reads with those that do: of
    /// `b[j]` in a loop over `j` in one over `i`, each element is read once for all `i`.
    ///
    /// **Source**: what nvcc 13.0 does with loads and stores of `c[i][j] += a[i][k] * b[k][j]`.
    pub(super) fn hoist(&mut self) {
        for at in 0..self.accesses.len() {
            let access = &self.accesses[at];
            let runs_in = self.hoisted(access);
            let repeats = self.repeats(runs_in) * access.chance;
            let share = repeats / self.repeats(access.inside);
            let executions = repeats / self.sharing(access, runs_in);
            let access = &mut self.accesses[at];
            (access.runs_in, access.executions, access.share) = (runs_in, executions, share);
        }
    }

    fn hoisted(&self, access: &Access) -> Option<usize> {
        let stays = |(at, each): &(usize, &Repetition)| {
            each.moves(access) || !self.runs_once(access, *at, each)
        };
        self.outwards(access.inside).find(stays).map(|(at, _)| at)
    }

    /// Returns how many iterations of loops around the innermost one that moves an address read each element together, as long as
    /// there are registers for all elements.
    fn sharing(&self, access: &Access, runs_in: Option<usize>) -> f64 {
        let laid_out = self.outwards(runs_in).take_while(|(at, each)| {
            access.mode == Mode::Read && each.is_unrolled() && self.runs_once(access, *at, each)
        });
        let (mut sharing, mut elements) = (1.0, 1.0);
        for (_, each) in laid_out {
            if each.moves(access) {
                elements *= each.trips;
            } else if elements * access.bytes as f64 <= MOST_KEPT_BYTES {
                sharing *= each.trips.max(1.0);
            }
        }
        sharing
    }

    /// Returns whether the compiler lets a thread read or write an element once in all iterations of a loop, as far as its
    /// address is the same in them.
    fn runs_once(&self, access: &Access, at: usize, each: &Repetition) -> bool {
        if access.is_data || access.mode == Mode::Update {
            return false;
        }
        if !each.is_sequential() || each.depth < access.guard {
            return false;
        }
        // Iterations that are laid out share what they read of a block's memory; others read it again.
        if access.is_shared && !(access.mode == Mode::Read && each.is_unrolled()) {
            return false;
        }
        let inside = self
            .accesses
            .iter()
            .filter(|other| other.var == access.var && self.is_inside(other.inside, at));
        let (mut is_written, mut is_alone) = (false, true);
        for other in inside {
            is_written |= other.mode != Mode::Read;
            is_alone &= other.is_same(access);
        }
        !is_written || (!each.has_barrier && is_alone)
    }

    /// Returns whether an iteration of the innermost loop around a section reads an element that one of the last few before it
    /// wrote, so that it waits for them.
    pub(super) fn reads_what_it_wrote(&self, section: usize) -> bool {
        let of_mode = |is_read: bool| {
            let all = self.accesses.iter();
            all.filter(move |each| each.section == section && (each.mode == Mode::Read) == is_read)
        };
        of_mode(true).any(|read| {
            let around = read.inside.and_then(|at| self.loops.get(at));
            let Some(depth) = around
                .filter(|each| each.is_sequential())
                .map(|each| each.depth)
            else {
                return false;
            };
            let along = read.gradient.get(depth).copied().unwrap_or(0);
            along != 0
                && of_mode(false).any(|written| {
                    let is_alike = written.var == read.var && written.gradient == read.gradient;
                    let apart = written.base.wrapping_sub(read.base);
                    is_alike
                        && apart.wrapping_rem(along) == 0
                        && (1..=MOST_IN_FLIGHT as i64).contains(&apart.wrapping_div(along))
                })
        })
    }

    /// Returns how often each thread waits for what an access reads: reads of iterations that are laid out are under way
    /// together unless iterations come `in_turn`, and what was taken out of a loop is waited for once.
    pub(super) fn waits(&self, access: &Access, in_turn: bool) -> f64 {
        let Some(section) = self.sections.get(access.section) else {
            return 0.0;
        };
        // The section's repeats and the access's share count the conditions around both.
        let repeats = section.repeats * access.share / access.chance;
        if section.overlap <= 1.0 || in_turn {
            return repeats;
        }
        let (mut together, mut elements) = (1.0, 1.0);
        for (_, each) in self.outwards(access.runs_in) {
            if !each.is_sequential() || each.has_barrier {
                break;
            }
            together *= each.unrolled;
            if access.is_data || each.moves(access) {
                elements *= each.unrolled;
            }
            if !each.is_unrolled() {
                break;
            }
        }
        if access.inside.is_none() {
            together = section.overlap;
        }
        let turns = (elements / MOST_IN_FLIGHT).max(1.0);
        repeats / (together / turns).max(1.0)
    }

    /// Returns how often each thread runs what stands in a loop.
    fn repeats(&self, inside: Option<usize>) -> f64 {
        let around = self.outwards(inside).map(|(_, each)| each);
        let around = around.filter(|each| each.is_sequential());
        around.map(|each| each.trips).product()
    }
}
