//! The host's part of a region: guards, buffers, copies and launches, and the original text where a guard fails.

mod actions;
mod fetched;
mod small;

use std::collections::BTreeSet;

use mupac_ir::c_text::CText;
use mupac_ir::{Buffer, ExprKind, Handle, Module, Place, Projection, RegionPlan, Var};

use crate::flatten::Flat;
use crate::guard::GuardText;
use crate::inspection::{InspectionNames, Rows, depends};
use crate::kept::Kept;
use crate::names::{FreshNames, HostNames, source_name};
use crate::residency::{Conduct, object};
use crate::support::{Piece, Support};
use actions::Writer;
pub(crate) use actions::place;
use fetched::FetchedText;
pub(crate) use small::{Small, alone, around};

/// The host operations of a region as text.
pub(crate) struct HostText {
    /// Declarations that the conditions need; not indented.
    pub(crate) before: Vec<String>,
    /// Conditions that all must hold; empty: none is needed.
    pub(crate) conditions: Vec<String>,
    /// Lines of the block that runs then, not indented.
    pub(crate) lines: Vec<String>,
    /// Lines of the block that runs otherwise; none: the original text does.
    pub(crate) otherwise: Vec<String>,
    /// What there is to do on the host alone where nothing but this does not pay, if the text tells these cases apart.
    pub(crate) small: Option<Small>,
    /// What variables are called in it.
    pub(crate) names: HostNames,
}

/// Returns the text of a region's guards and host operations, and notes what it uses.
///
/// `step` is what one level of nesting is indented by; `conduct` says how the region deals with copies that outlive
/// others.
pub(crate) fn host(
    flat: &mut Flat,
    (module, kept): (&Module, Kept<'_>),
    conduct: Conduct<'_>,
    step: &str,
    fresh: &FreshNames,
    support: &mut Support,
) -> HostText {
    let addresses = host_addresses(flat);
    let region = &flat.region;
    let mut fresh = fresh.clone();
    let names = HostNames::new(flat, module, &told(flat), &mut fresh);
    let records = &names.records(&module.records);
    let callees = |name: &str| names.of_file(name);
    let plain = |var: Handle<Var>| names.name(&region.function, var);
    let fetched = FetchedText::new(
        region,
        CText {
            function: &region.function,
            records,
            names: &plain,
            callees: &callees,
        },
        &mut fresh,
    );
    let inspections = inspection_names(region, &mut fresh);
    let mut own = fetched.texts.clone();
    for ((_, each), names) in region.inspections.iter().zip(&inspections) {
        own.extend(names.spelled(each));
    }
    let name = |var: Handle<Var>| own.get(&var).cloned().unwrap_or_else(|| plain(var));
    let types = CText {
        function: &region.function,
        records,
        names: &name,
        callees: &callees,
    };
    let is_flat = |var| flat.extents.iter().any(|(array, _)| *array == var);
    // The program's own variable still points to rows.
    let flat_name = |var| {
        let (name, ty) = (name(var), &region.function.vars[var].ty);
        if is_flat(var) {
            format!("(({}){name})", types.declaration(ty, ""))
        } else {
            name
        }
    };
    let text = CText {
        names: &flat_name,
        ..types
    };
    let pointers: Vec<_> = addresses.iter().map(|&each| text.expr(each)).collect();
    let guards = GuardText {
        region,
        text,
        pointers: &pointers,
        inspections: &inspections,
        reads: conduct.reads(),
    };
    let mut conditions = guards.conditions(support);
    let asked = guards.of_plain_numbers(&told(flat), support);
    let looks = (&*inspections, conduct);
    let inspected = inspected(flat, (text, types), looks, &mut fresh, support);
    let copies = copies(region, &mut fresh);
    let arrival = arrival(conduct, &types, support);
    let small = small::Small::of(&guards, conduct, &mut conditions, (support, &mut fresh));
    if small.is_none() {
        small::keep_copies(&guards, conduct, &mut conditions, support);
    }
    let mut writer = Writer {
        flat,
        text,
        source: &module.source,
        names: &names,
        kept,
        step,
        indent: String::new(),
        fresh,
        copies,
        mirrors: conduct.mirrors(region),
        pointers: &pointers,
        shapes: Vec::new(),
        support,
        lines: Vec::new(),
    };
    writer.fetch(&conduct.fetched(&flat.region));
    writer.all(&flat.region.host);
    let lines = std::mem::take(&mut writer.lines);
    writer.shapes.clear();
    writer.actions(&flat.region.otherwise);
    let (otherwise, mut fresh) = (writer.lines, writer.fresh);
    let declared = fetched.declarations(
        &asked,
        &mut conditions,
        &[&inspected, &lines, &otherwise],
        (support, &mut fresh),
    );
    HostText {
        before: arrival
            .into_iter()
            .chain(declared)
            .chain(inspected)
            .collect(),
        conditions,
        lines,
        otherwise,
        small,
        names,
    }
}

/// Returns the text of the passes of the host over iterations, in `types` of which rows of variable length are no rows.
fn inspected(
    flat: &Flat,
    (text, types): (CText<'_>, CText<'_>),
    (names, conduct): (&[InspectionNames], Conduct<'_>),
    fresh: &mut FreshNames,
    support: &mut Support,
) -> Vec<String> {
    let region = &flat.region;
    let rows: Vec<_> = flat.extents.iter().map(|(array, _)| *array).collect();
    let rows = Rows::new(&region.function, &rows, fresh);
    let inside_name = |var| rows.name(var).unwrap_or_else(|| (types.names)(var));
    let inside = CText {
        names: &inside_name,
        ..types
    };
    let mut lines = Vec::new();
    for ((inspection, each), names) in region.inspections.iter().zip(names) {
        let captured = rows.captured(text, each);
        let is_kept = depends(region, conduct.reads(), inspection).is_some();
        lines.extend(names.lines(inside, each, (&captured, is_kept), support));
    }
    lines
}

/// Returns what a region does about copies of others before all else.
fn arrival(conduct: Conduct<'_>, text: &CText<'_>, support: &mut Support) -> Vec<String> {
    let mut lines: Vec<String> = conduct.arrival().map(str::to_owned).into_iter().collect();
    for place in conduct.reads().into_iter().flat_map(|reads| &reads.first) {
        support.uses.insert(Piece::FetchRange);
        lines.push(format!("mupac::fetch({});", object(text, place)));
    }
    lines
}

/// Takes names for the inspections of a region.
fn inspection_names(region: &RegionPlan, fresh: &mut FreshNames) -> Vec<InspectionNames> {
    let mut name = |array| InspectionNames::new(&source_name(&region.function, array), fresh);
    let inspections = region.inspections.iter();
    inspections.map(|(_, each)| name(each.array)).collect()
}

/// Takes names for the device's copies of a region.
fn copies(region: &RegionPlan, fresh: &mut FreshNames) -> Vec<String> {
    let mut name = |array| fresh.take(&format!("{}_d", source_name(&region.function, array)));
    let buffers = region.buffers.iter();
    buffers.map(|(_, buffer)| name(buffer.array)).collect()
}

/// Returns the variables that the text says by other words than a name: values in memory, and what inspections find.
fn told(flat: &Flat) -> BTreeSet<Handle<Var>> {
    let fetched = flat.region.fetched.iter().map(|each| each.variable);
    let inspections = flat.region.inspections.iter();
    let inspected = inspections.flat_map(|(_, each)| each.found());
    fetched.chain(inspected).collect()
}

/// Returns for each buffer the address of its first element on the host: `x`, `&x[1]`, or `&sum` of a scalar.
fn host_addresses(flat: &mut Flat) -> Vec<Handle<mupac_ir::Expr>> {
    let buffers: Vec<Buffer> = flat
        .region
        .buffers
        .iter()
        .map(|(_, each)| each.clone())
        .collect();
    let function = &mut flat.region.function;
    buffers
        .into_iter()
        .map(|buffer| {
            let path = if function.vars[buffer.array].ty.element().is_some() {
                vec![Projection::Index(buffer.first)]
            } else {
                Vec::new()
            };
            let place = Place {
                var: buffer.array,
                path,
            };
            let ty = buffer.element.pointer(false);
            function.expr(ExprKind::Address(place), ty)
        })
        .collect()
}
