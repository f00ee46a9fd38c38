//! Guards as the conditions of an `if`, in the words of the user's program.

mod places;

use std::collections::BTreeSet;

use mupac_ir::asked::{Asked, asked};
use mupac_ir::c_text::CText;
use mupac_ir::structure::variables;
use mupac_ir::{
    Buffer, Expr, ExprKind, Guard, Handle, HostReads, Inspection, Place, Projection, Read,
    RegionPlan, Rows, Scalar, Separation, Var,
};

use crate::inspection::{InspectionNames, depends};
use crate::residency::object;
use crate::support::{Piece, Support, threshold_name};
use places::{Around, around};

/// Prints the guards of one region.
pub(crate) struct GuardText<'a> {
    pub(crate) region: &'a RegionPlan,
    pub(crate) text: CText<'a>,
    /// Address of each buffer's first element on the host.
    pub(crate) pointers: &'a [String],
    /// Names of each inspection.
    pub(crate) inspections: &'a [InspectionNames],
    /// What the host reads of memory that may have newer copies.
    pub(crate) reads: Option<&'a HostReads>,
}

impl GuardText<'_> {
    /// Returns the conditions in order, each once, each fit to stand between `&&`.
    pub(crate) fn conditions(&self, support: &mut Support) -> Vec<String> {
        let mut conditions = Vec::new();
        let all = asked(&self.region.guards);
        for run in all.chunk_by(|a, b| is_of_ranges(a) == is_of_ranges(b)) {
            for condition in self.of_run(run, support) {
                if !conditions.contains(&condition) {
                    conditions.push(condition);
                }
            }
        }
        conditions
    }

    /// Returns the conditions of guards that are all about ranges, or none of which is.
    fn of_run(&self, run: &[Asked<'_>], support: &mut Support) -> Vec<String> {
        let all = around(self.region, run);
        let mut rest: Vec<&Around<'_>> = all.iter().collect();
        let mut conditions = Vec::new();
        for asked in run {
            if all.iter().any(|each| each.asks(asked)) {
                continue;
            }
            conditions.push(match asked {
                Asked::One(guard) => self.condition(guard, support),
                Asked::Apart {
                    buffers,
                    others,
                    or_same,
                } => {
                    let joins = |each: &&Around<'_>| !or_same && each.has(buffers);
                    let at = rest.iter().position(joins);
                    let joined = at.map(|at| rest.remove(at));
                    let reads = joined.map_or(&[][..], |joined| &joined.reads);
                    let more = joined.map_or(&[][..], |joined| &joined.others);
                    let others = [others, more].concat();
                    self.apart((buffers, &others, reads), *or_same, support)
                }
            });
        }
        let rest = rest.into_iter();
        let rest =
            rest.map(|each| self.apart((&each.buffers, &each.others, &each.reads), false, support));
        conditions.extend(rest);
        conditions
    }

    /// Returns the condition that ranges share no byte with one another, with others, and with places that the host reads.
    fn apart(
        &self,
        (buffers, others, reads): (&[Handle<Buffer>], &[Handle<Buffer>], &[&Read]),
        or_same: bool,
        support: &mut Support,
    ) -> String {
        let (piece, name) = if or_same {
            (Piece::RangesOrSame, "disjoint_or_same")
        } else {
            (Piece::Ranges, "disjoint")
        };
        support.uses.insert(piece);
        let ranges = |buffers: &[Handle<Buffer>]| -> Vec<String> {
            buffers.iter().map(|buffer| self.range(*buffer)).collect()
        };
        let mut others = ranges(others);
        others.extend(reads.iter().map(|read| self.read(read)));
        let lists = [ranges(buffers), others].into_iter();
        let lists: Vec<String> = lists.filter(|list| !list.is_empty()).map(list).collect();
        format!("mupac::{name}({})", lists.join(", "))
    }

    /// Returns the conditions on numbers that name none of some variables.
    pub(crate) fn of_plain_numbers(
        &self,
        told: &BTreeSet<Handle<Var>>,
        support: &mut Support,
    ) -> Vec<String> {
        let is_plain = |guard: &&Guard| {
            let (Guard::Holds { condition, .. }
            | Guard::Worthwhile {
                work: condition, ..
            }) = guard
            else {
                return false;
            };
            let named = variables(self.text.function, *condition);
            !named.iter().any(|var| told.contains(var))
        };
        let plain = self.region.guards.iter().filter(is_plain);
        plain.map(|guard| self.condition(guard, support)).collect()
    }

    /// Returns a guard as a condition.
    pub(crate) fn condition(&self, guard: &Guard, support: &mut Support) -> String {
        match guard {
            Guard::Holds { condition, .. } => self.text.conjunct(*condition),
            Guard::NoOverlap { a, b, how } => {
                let of = match how {
                    Separation::ByRows => Self::rows,
                    Separation::Whole | Separation::OrSame => Self::range,
                };
                let (piece, name) = match how {
                    Separation::Whole => (Piece::Disjoint, "disjoint"),
                    Separation::ByRows => (Piece::DisjointRows, "disjoint"),
                    Separation::OrSame => (Piece::DisjointOrSame, "disjoint_or_same"),
                };
                support.uses.insert(piece);
                format!("mupac::{name}({}, {})", of(self, *a), of(self, *b))
            }
            Guard::Apart { buffer, read } => {
                let rows = self.region.buffers[*buffer].rows;
                let has_planes = rows.is_some_and(|rows| rows.planes.is_some());
                let range = if has_planes || read.planes.is_some() {
                    support.uses.insert(Piece::DisjointPlanes);
                    self.rows(*buffer)
                } else {
                    support.uses.insert(Piece::Disjoint);
                    self.range(*buffer)
                };
                format!("mupac::disjoint({range}, {})", self.read(read))
            }
            Guard::Accessible { buffer } => {
                support.uses.insert(Piece::Accessible);
                format!("mupac::accessible({})", self.range(*buffer))
            }
            Guard::Inspected { inspection, .. } => self.inspection(*inspection, support),
            Guard::Worthwhile {
                work, threshold, ..
            } => self.counted((*work, ">=", *threshold), support),
        }
    }

    /// Returns what the host reads as an address and numbers.
    fn read(&self, read: &Read) -> String {
        let place = &read.place;
        let Some(count) = read.count else {
            return format!("{}, 1", self.text.first_address(place));
        };
        let count = self.text.expr(count);
        let (Some(planes), [.., Projection::Index(row)]) = (read.planes, &place.path[..]) else {
            return format!("{}, {count}", self.text.first_address(place));
        };
        let table = Place {
            var: place.var,
            path: place.path[..place.path.len() - 1].to_vec(),
        };
        let [planes, row] = [planes, *row].map(|each| self.text.expr(each));
        format!(
            "{}, {planes}, {row}, {count}",
            self.text.first_address(&table)
        )
    }

    /// Returns the condition that there is little to do: that the first guard which asks for a number of iterations fails.
    pub(crate) fn little(&self, support: &Support) -> Option<String> {
        let mut all = self.region.guards.iter();
        all.find_map(|guard| match guard {
            Guard::Worthwhile {
                work, threshold, ..
            } => Some(self.counted((*work, "<", *threshold), support)),
            Guard::Holds { .. }
            | Guard::NoOverlap { .. }
            | Guard::Apart { .. }
            | Guard::Accessible { .. }
            | Guard::Inspected { .. } => None,
        })
    }

    /// Returns the comparison of a number of iterations with a threshold.
    fn counted(
        &self,
        (work, than, threshold): (Handle<Expr>, &str, u64),
        support: &Support,
    ) -> String {
        let name = threshold_name(&support.thresholds, threshold);
        format!("{} {than} {name}", self.work(work, threshold))
    }

    /// Returns the condition that runs an inspection, behind what brings home what it reads.
    fn inspection(&self, inspection: Handle<Inspection>, support: &mut Support) -> String {
        let condition = self.inspections[inspection.index()].condition();
        let Some(reads) = self
            .reads
            .and_then(|reads| reads.inspected.get(&inspection))
        else {
            return condition;
        };
        let places = reads.places.iter().map(|place| object(&self.text, place));
        let ranges = reads.buffers.iter().map(|buffer| self.range(*buffer));
        let fetches = places.chain(ranges);
        let fetches: Vec<_> = fetches
            .map(|range| format!("mupac::fetch({range})"))
            .collect();
        if fetches.is_empty() {
            return condition;
        }
        support.uses.insert(Piece::FetchRange);
        let found = format!("({}, {condition})", fetches.join(", "));
        let Some(depends) = depends(self.region, self.reads, inspection) else {
            return found;
        };
        support.uses.insert(Piece::Known);
        let values = depends.values.iter().map(|var| {
            let is_wide = self.text.function.vars[*var].ty.scalar() == Some(Scalar::U64);
            let name = (self.text.names)(*var);
            if is_wide {
                format!("(long long){name}")
            } else {
                name
            }
        });
        let values: Vec<String> = values.collect();
        let known = self.inspections[inspection.index()]
            .known(&self.ranges(&depends.buffers), &values.join(", "));
        format!("({known} || {found})")
    }

    /// Returns a buffer's range on the host with what of it is meant.
    fn rows(&self, buffer: Handle<Buffer>) -> String {
        let rows = self.region.buffers[buffer].rows;
        let rows = rows.into_iter().flat_map(Rows::extents);
        let rows = rows.map(|each| self.text.converted(each));
        let all: Vec<_> = [self.range(buffer)].into_iter().chain(rows).collect();
        format!("{{{}}}", all.join(", "))
    }

    /// Returns a buffer's range on the host: its first element and their number.
    pub(crate) fn range(&self, buffer: Handle<Buffer>) -> String {
        let pointer = &self.pointers[buffer.index()];
        let count = self.text.converted(self.region.buffers[buffer].count);
        format!("{pointer}, {count}")
    }

    /// Returns the ranges of some buffers as a list.
    fn ranges(&self, buffers: &[Handle<Buffer>]) -> String {
        let ranges = buffers.iter().map(|buffer| self.range(*buffer));
        list(ranges.collect())
    }

    /// Returns the number of iterations; an integer that was only converted is compared as it is, unless the threshold
    /// is so great that its type would make the comparison unsigned.
    fn work(&self, work: Handle<Expr>, threshold: u64) -> String {
        let exprs = &self.text.function.exprs;
        if let ExprKind::Cast(inner) = exprs[work].kind
            && exprs[inner].ty.scalar().is_some_and(|ty| !ty.is_float())
            && i64::try_from(threshold).is_ok()
        {
            return self.text.compared(inner);
        }
        self.text.compared(work)
    }
}

/// Returns whether a guard is about ranges that are known by then.
fn is_of_ranges(asked: &Asked<'_>) -> bool {
    match asked {
        Asked::One(guard) => match guard {
            Guard::NoOverlap { .. } | Guard::Apart { .. } => true,
            Guard::Holds { .. }
            | Guard::Accessible { .. }
            | Guard::Inspected { .. }
            | Guard::Worthwhile { .. } => false,
        },
        Asked::Apart { .. } => true,
    }
}

/// Returns ranges as a list, each a pointer and a number.
fn list(ranges: Vec<String>) -> String {
    let ranges: Vec<String> = ranges
        .into_iter()
        .map(|range| format!("{{{range}}}"))
        .collect();
    format!("{{{}}}", ranges.join(", "))
}
