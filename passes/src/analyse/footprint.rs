//! Which part of each array a region touches, and what of it must be copied.
//!
//! A copy may read only what the original certainly can: the elements of a declared array, and for a pointer what
//! lies between two elements that the original certainly touches, since one object holds both.
//! Where the original may touch more, a guard must show that the bytes can be copied at all; what they hold beyond the
//! object is copied back as it came, and no kernel looks at it.
//! Where subscripts depend on data, a pass of the host over the iterations finds the range.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{Apart, Extent, Handle, Reason, Refusal, Type, Var};

use super::access::Access;
use super::delinearise::Shape;
use super::domain;
use super::layout::Layout;
use super::names::shown;
use super::privatise::Position;
use super::promise::{self, Promised};
use super::reached::{filled, has_each_row, has_ends};
use super::reduction::is_target;
use super::scan::Scan;
use super::{allocated, inspection, liveness, overwrite};
use crate::affine::Affine;
use crate::facts::{Footprint, Initial, Noted};
use crate::inspect::Allowed;
use crate::isl;
use crate::lower::MOST_BYTES;
use crate::symbol::Stride;

/// Why no footprint could be made.
pub(crate) enum Failure {
    /// The solver gave up.
    Solver(isl::Error),
    /// A reason to show.
    Refused(Refusal),
}

impl From<isl::Error> for Failure {
    fn from(error: isl::Error) -> Self {
        Self::Solver(error)
    }
}

/// Returns the footprint of every array that is neither private nor the host's, where `context` holds.
///
/// The subscripts of accesses to an array in `apart` stand for others, which an inspection notes.
pub(crate) fn footprints(
    finder: &Finder<'_>,
    layout: &Layout,
    shapes: &BTreeMap<Handle<Var>, Shape>,
) -> Result<Vec<Footprint>, Failure> {
    let scan = finder.scan;
    let plain = Shape {
        strides: vec![Stride::one()],
        is_ordered: true,
    };
    let mut by_var: BTreeMap<Handle<Var>, Vec<&Access>> = BTreeMap::new();
    for access in &scan.accesses {
        // The target of a reduction stays on the host; behind a pointer it may share memory with what does not.
        let is_on_host = matches!(
            scan.function.vars[access.var].ty,
            Type::Scalar(_) | Type::Record(_)
        ) && is_target(scan, access.var);
        let is_elsewhere = finder.allowed.own.contains(&access.var)
            || layout.assigned.contains(&access.var)
            || is_on_host;
        if !access.is_control && !is_elsewhere {
            by_var.entry(access.var).or_default().push(access);
        }
    }
    by_var
        .into_iter()
        .map(|(array, accesses)| {
            let shape = shapes.get(&array).unwrap_or(&plain);
            finder.footprint(array, &accesses, shape)
        })
        .collect()
}

impl Footprint {
    /// Returns the footprint of an object that is touched somewhere within a range.
    fn within(self, range: isl::Set) -> Self {
        Self {
            touched: range,
            strides: vec![Stride::one()],
            is_ordered: true,
            is_inside: true,
            ..self
        }
    }

    /// Returns the footprint without what lies outside of the object; both may be more than the region touches.
    fn clipped(mut self, all: isl::Set) -> Result<Self, Failure> {
        if self.strides.len() == 1 {
            self.touched = self.touched.intersect(&all)?;
            return Ok(self);
        }
        for at in 0..self.touched.dimensions()? {
            if reaches_before(&self.touched, at)? {
                return Ok(Self {
                    is_inside: false,
                    ..self.within(all)
                });
            }
        }
        Ok(self)
    }
}

/// Returns whether a subscript may be negative.
fn reaches_before(touched: &isl::Set, at: usize) -> Result<bool, isl::Error> {
    let behind = touched.dimensions()? - at - 1;
    let own = touched.project_out(at + 1, behind)?.project_out(0, at)?;
    let before = isl::Set::parse(touched.context(), "{ [x] : x < 0 }")?;
    Ok(!own.intersect(&before)?.is_empty()?)
}

/// What footprints are found from.
pub(crate) struct Finder<'a> {
    pub(crate) scan: &'a Scan<'a>,
    pub(crate) allowed: &'a Allowed,
    pub(crate) position: Position<'a>,
    pub(crate) context: &'a isl::Set,
    /// Arrays whose accesses an inspection keeps apart.
    pub(crate) apart: &'a BTreeMap<Handle<Var>, Apart>,
    /// Arrays whose rows accesses may leave.
    pub(crate) whole: &'a BTreeSet<Handle<Var>>,
    /// What the user promises of arrays.
    pub(crate) promised: &'a Promised,
    /// How large arrays are that the function allocates.
    pub(crate) allocated: &'a allocated::Counts,
}

impl Finder<'_> {
    /// Returns what the inspection of an array asks of its iterations.
    pub(super) fn asked(&self, array: Handle<Var>) -> Apart {
        self.apart.get(&array).copied().unwrap_or(Apart::Unasked)
    }

    fn footprint(
        &self,
        array: Handle<Var>,
        accesses: &[&Access],
        shape: &Shape,
    ) -> Result<Footprint, Failure> {
        let (scan, context) = (self.scan, self.context);
        let is_written = accesses.iter().any(|access| access.is_write);
        let count = shape.strides.len();
        let ranged: Vec<_> = accesses.iter().map(|access| access.ranged()).collect();
        let ranged: Vec<&Access> = ranged.iter().map(AsRef::as_ref).collect();
        let touched = union(scan, ranged.iter(), count, context)?;
        let declared = declared_range(scan, array, context)?;
        let mut footprint = Footprint {
            array,
            touched: isl::Set::parse(&scan.isl, "{ [x] : 1 = 0 }")?,
            strides: shape.strides.clone(),
            is_ordered: shape.is_ordered,
            is_inside: true,
            is_inspected: false,
            most: None,
            is_written,
            initial: Initial::Counts,
            is_live: is_written
                && liveness::is_array_live_after(scan.function, self.position, array),
            is_reduced: is_target(scan, array),
            is_joined: self.are_rows(&shape.strides) && self.is_joined(array),
            has_each_row: false,
        };
        footprint.is_ordered &= !footprint.is_joined;
        if matches!(scan.function.vars[array].ty, Type::Record(_)) {
            // A structure is one object, copied as a whole.
            footprint.touched = isl::Set::parse(&scan.isl, "{ [x] : x = 0 }")?;
            footprint.touched = footprint.touched.intersect_params(context)?;
            return Ok(footprint);
        }
        let is_apart = self.apart.contains_key(&array);
        let is_whole = self.whole.contains(&array);
        let promised = self.range(self.promised.get(&array))?;
        let size = self.allocated.get(&array).filter(|_| !is_apart);
        let allocated = self.range(size.map(|size| &size.count))?;
        let is_there = size.is_some_and(|size| size.is_there);
        self.check_rows(&footprint, touched.as_ref())?;
        match (touched, declared) {
            // What lies outside a declared array is never touched.
            (Some(touched), Some(declared)) if count == 1 && !is_apart && !is_whole => {
                footprint.touched = touched.intersect(&declared)?;
            }
            (_, Some(declared)) => {
                footprint.touched = declared;
                footprint.strides = vec![Stride::one()];
                footprint.is_ordered = true;
            }
            (Some(touched), None) if !is_apart && touched.is_bounded()? => {
                let is_certain = |access: &&&Access| access.is_certain && access.is_exact(count);
                let certain = accesses.iter().filter(is_certain);
                let certain = union(scan, certain, count, context)?;
                footprint.is_inside = match &certain {
                    // What lies between rows belongs to others, and rows may differ in length.
                    Some(certain) if footprint.is_joined => {
                        decided(filled(&touched).and_then(|all| all.is_subset(certain)))?
                    }
                    Some(_) if self.is_joined(array) => false,
                    Some(certain) => decided(has_ends(certain, &touched, shape.is_ordered))?,
                    None => false,
                };
                let rows = certain.as_ref().filter(|_| footprint.is_joined);
                let has_each = rows.map(|certain| decided(has_each_row(certain, &touched)));
                footprint.has_each_row = has_each.transpose()?.unwrap_or(false);
                footprint.touched = touched;
                let is_exact = accesses.iter().all(|access| access.is_exact(count));
                match promised {
                    Some(promised) if count == 1 => {
                        self.check_promise(certain.as_ref(), &promised, accesses)?;
                        footprint.touched = footprint.touched.intersect(&promised)?;
                        footprint.is_inside = true;
                    }
                    Some(promised) if !footprint.is_inside => {
                        return Ok(footprint.within(promised));
                    }
                    None if !footprint.is_inside
                        && let Some(all) = allocated =>
                    {
                        let clipped = footprint.clipped(all)?;
                        return Ok(Footprint {
                            is_inside: is_there && clipped.strides.len() == 1,
                            ..clipped
                        });
                    }
                    None if !footprint.is_inside && !is_exact && self.depends_on_data(array) => {
                        return self.inspected(footprint);
                    }
                    Some(_) | None => {}
                }
            }
            (_, None) => return self.ranged(footprint, promised, (allocated, is_there)),
        }
        footprint.touched = footprint.touched.coalesce()?;
        if !is_written && footprint.strides.len() == 1 {
            footprint.most = most(&footprint.touched);
        }
        let is_whole_copy = footprint.is_ordered || footprint.is_joined;
        if is_written && !is_apart && is_whole_copy && footprint.is_inside {
            footprint.initial = overwrite::initial(scan, &footprint, accesses, context)?;
        }
        Ok(footprint)
    }

    /// Returns the footprint of an array of which accesses do not say how far they reach: what is promised, all that is
    /// allocated, or what an inspection finds.
    fn ranged(
        &self,
        footprint: Footprint,
        promised: Option<isl::Set>,
        (allocated, is_there): (Option<isl::Set>, bool),
    ) -> Result<Footprint, Failure> {
        match (promised, allocated) {
            (Some(promised), _) => Ok(footprint.within(promised)),
            (None, Some(all)) => Ok(Footprint {
                is_inside: is_there,
                ..footprint.within(all)
            }),
            (None, None) => self.inspected(footprint),
        }
    }

    /// Returns so many elements.
    fn range(&self, count: Option<&Affine>) -> Result<Option<isl::Set>, isl::Error> {
        let range = count.map(|count| {
            let all = promise::range(&self.scan.isl, count)?;
            all.intersect_params(self.context)
        });
        range.transpose()
    }

    /// Refuses rows that may be others than those which the host looks at.
    fn check_rows(&self, own: &Footprint, touched: Option<&isl::Set>) -> Result<(), Failure> {
        let Some(among) = self.scan.among.get(&own.array) else {
            return Ok(());
        };
        let is_among = match touched {
            Some(touched) if own.is_joined => are_among(touched, among)?,
            Some(_) | None => false,
        };
        if is_among {
            return Ok(());
        }
        Err(Failure::Refused(self.unbounded(own.array)))
    }

    /// Refuses a region that certainly accesses an element which the user says it does not.
    fn check_promise(
        &self,
        certain: Option<&isl::Set>,
        promised: &isl::Set,
        accesses: &[&Access],
    ) -> Result<(), Failure> {
        if let Some(certain) = certain
            && promise::is_broken(certain, promised, self.context)?
            && let Some(access) = accesses.first()
        {
            let array = shown(&self.scan.function.vars[access.var]);
            let construct = format!("an access beyond the extent that is promised of {array}");
            let refusal = Refusal::new(Reason::Unsupported { construct }, access.span);
            return Err(Failure::Refused(refusal));
        }
        Ok(())
    }

    /// Returns whether an array stands for rows that are objects of their own.
    fn is_joined(&self, array: Handle<Var>) -> bool {
        let mut values = self.position.fetched.iter();
        values.any(|each| each.is_joined && each.fetched.variable == array)
    }

    /// Returns whether strides are those of rows, or of planes of them, and no parts of rows.
    fn are_rows(&self, strides: &[Stride]) -> bool {
        match strides {
            [_, _] => true,
            [plane, row, _] => (plane.var().zip(row.var()))
                .is_some_and(|(plane, row)| self.scan.planes.contains_key(&[plane, row])),
            _ => false,
        }
    }

    fn depends_on_data(&self, array: Handle<Var>) -> bool {
        inspection::depends_on_data(self.scan, self.position.statements, array)
    }

    /// Returns the reason against an array of which it is not known how far accesses reach.
    fn unbounded(&self, array: Handle<Var>) -> Refusal {
        let name = shown(&self.scan.function.vars[array]);
        let span = inspection::access_span(self.scan, array);
        Refusal::new(Reason::UnknownExtent { array: name }, span)
    }

    /// Leaves the range to an inspection; where there is none, a range that is known to bound it will do.
    fn inspected(&self, mut footprint: Footprint) -> Result<Footprint, Failure> {
        let array = footprint.array;
        // A range would hold what lies between rows.
        if self.is_joined(array) {
            return if footprint.is_inside {
                Err(Failure::Refused(self.unbounded(array)))
            } else {
                Ok(footprint)
            };
        }
        match inspection::of(
            self.scan,
            self.position.statements,
            (&Noted::outermost(array), Apart::Unasked),
            self.allowed,
        ) {
            // It would take the host as long as the region itself.
            Ok(_) if !footprint.is_inside && decided(is_of_sizes(&footprint.touched))? => {
                Ok(footprint)
            }
            Ok(pass) => {
                let everything = isl::Set::parse(&self.scan.isl, "{ [x] : 0 = 0 }")?;
                footprint.touched = everything.intersect_params(self.context)?;
                footprint.strides = vec![Stride::one()];
                footprint.is_ordered = true;
                footprint.is_inside = !pass.is_widened;
                footprint.is_inspected = true;
                Ok(footprint)
            }
            Err(_) if !footprint.is_inside => Ok(footprint),
            Err(obstacle) => Err(Failure::Refused(inspection::unknown(
                self.scan, array, &obstacle,
            ))),
        }
    }
}

/// Returns whether the first subscripts of elements lie between 0 and some lengths.
fn are_among(touched: &isl::Set, lengths: &[Affine]) -> Result<bool, isl::Error> {
    let atoms = domain::atoms(&[], |atoms| {
        for length in lengths {
            length.collect(atoms);
        }
    });
    let names: Vec<String> = (0..touched.dimensions()?)
        .map(|at| format!("x{at}"))
        .collect();
    let within = lengths.iter().zip(&names);
    let within: Vec<String> = within
        .map(|(length, name)| format!("0 <= {name} < {length}"))
        .collect();
    let header = domain::header(&atoms.symbols);
    let text = format!(
        "{header}{{ [{}] : {} }}",
        names.join(", "),
        within.join(" and ")
    );
    let all = isl::Set::parse(touched.context(), &text)?;
    Ok(!lengths.is_empty() && touched.is_subset(&all)?)
}

/// Returns how many numbers from 0 on hold all of a set, whatever the parameters; `None` where that is not known, or where
/// they are more than the bytes that a kernel is passed.
fn most(touched: &isl::Set) -> Option<u64> {
    let few = format!("{{ [x] : 0 <= x < {MOST_BYTES} }}");
    let few = isl::Set::parse(touched.context(), &few).ok()?;
    // That takes less than finding the greatest.
    if !touched.is_subset(&few).ok()? {
        return None;
    }
    let mut all = touched.clone();
    for parameter in touched.parameters().ok()? {
        all = all.project_out_parameter(&parameter).ok()?;
    }
    let always = all.params().ok()?;
    let isl::Expression::Integer(greatest) = all.maximum(0, &always).ok()? else {
        return None;
    };
    u64::try_from(greatest).ok()?.checked_add(1)
}

/// Returns whether sizes and constants say how far a range reaches, and not the type of what is read from memory alone.
fn is_of_sizes(touched: &isl::Set) -> Result<bool, isl::Error> {
    if touched.dimensions()? != 1 {
        return Ok(true);
    }
    let mut small = touched.clone();
    for parameter in touched.parameters()? {
        let few = format!("[{parameter}] -> {{ [x] : -16 <= {parameter} <= 16 }}");
        small = small.intersect(&isl::Set::parse(touched.context(), &few)?)?;
    }
    let near = format!("{{ [x] : {} < x < {} }}", i8::MIN, i16::MAX);
    small.is_subset(&isl::Set::parse(touched.context(), &near)?)
}

/// A question that only saves a copy or a guard is answered by no where the solver gives up.
fn decided(answer: Result<bool, isl::Error>) -> Result<bool, isl::Error> {
    match answer {
        Err(isl::Error::SolverLimit) => Ok(false),
        Ok(_) | Err(isl::Error::ForeignContext | isl::Error::Failed(_)) => answer,
    }
}

/// Returns the first `count` subscripts of accesses; `None` where one of them is not affine, or there are none.
pub(crate) fn union<'a, 'b: 'a>(
    scan: &Scan<'_>,
    accesses: impl Iterator<Item = &'a &'b Access>,
    count: usize,
    context: &isl::Set,
) -> Result<Option<isl::Set>, isl::Error> {
    let mut all: Option<isl::Set> = None;
    let mut seen: Vec<&Access> = Vec::new();
    for access in accesses {
        let (subscripts, _) = access.subscripts();
        if subscripts.len() < count {
            return Ok(None);
        }
        let is_seen = |other: &&Access| is_same_range(scan, other, access, count);
        if seen.iter().any(is_seen) {
            continue;
        }
        seen.push(access);
        let map = domain::element_map(&scan.isl, &scan.sites, access, 0, count)?;
        let part = map.range()?.intersect_params(context)?;
        all = Some(match all {
            Some(all) => all.union(&part)?,
            None => part,
        });
    }
    all.map(|all| all.coalesce()).transpose()
}

/// Returns whether two accesses have the same first subscripts for the same instances.
fn is_same_range(scan: &Scan<'_>, a: &Access, b: &Access, count: usize) -> bool {
    let (site, other) = (&scan.sites[a.site], &scan.sites[b.site]);
    a.subscripts().0[..count] == b.subscripts().0[..count]
        && a.domain == b.domain
        && site.iterators == other.iterators
        && site.domain == other.domain
}

/// Returns everything between two elements, in the order of subscripts, of which the inner ones lie within their lengths;
/// of rows that are objects of their own the same columns of each.
pub(crate) fn hull(footprint: &Footprint) -> Result<isl::Set, isl::Error> {
    let set = &footprint.touched;
    if footprint.is_joined {
        return filled(set);
    }
    let names = |letter: char| -> Vec<String> {
        (0..footprint.strides.len())
            .map(|at| format!("{letter}{at}"))
            .collect()
    };
    let (inner, outer) = (names('a').join(", "), names('x').join(", "));
    let order = |sign: &str| {
        let cases: Vec<String> = (0..footprint.strides.len())
            .map(|at| {
                let equal: Vec<String> = (0..at).map(|at| format!("x{at} = a{at} and ")).collect();
                let equal = equal.concat();
                let is_last = at + 1 == footprint.strides.len();
                let sign = if is_last {
                    format!("{sign}=")
                } else {
                    sign.to_owned()
                };
                format!("({equal}x{at} {sign} a{at})")
            })
            .collect();
        let text = format!("{{ [{inner}] -> [{outer}] : {} }}", cases.join(" or "));
        isl::Map::parse(set.context(), &text)
    };
    let mut hull = set
        .apply(&order(">")?)?
        .intersect(&set.apply(&order("<")?)?)?;
    for (at, pair) in footprint.strides.windows(2).enumerate() {
        let Some(length) = pair[0].divided_by(&pair[1]) else {
            continue;
        };
        let atoms = domain::atoms(&[], |atoms| length.collect(atoms));
        let text = format!(
            "{}{{ [{outer}] : 0 <= x{at} and x{at} < {length} }}",
            domain::header(&atoms.symbols),
            at = at + 1
        );
        hull = hull.intersect(&isl::Set::parse(set.context(), &text)?)?;
    }
    Ok(hull)
}

/// Returns the subscripts of a declared array of known length.
fn declared_range(
    scan: &Scan<'_>,
    array: Handle<Var>,
    context: &isl::Set,
) -> Result<Option<isl::Set>, isl::Error> {
    let Type::Array {
        length: Extent::Fixed(length),
        ..
    } = scan.function.vars[array].ty
    else {
        return Ok(None);
    };
    isl::Set::parse(&scan.isl, &format!("{{ [x] : 0 <= x < {length} }}"))?
        .intersect_params(context)
        .map(Some)
}
