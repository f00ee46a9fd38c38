//! The host's part of a region: guards, buffers, copies and launches, and the original text where a guard fails.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::c_text::CText;
use mupac_ir::{
    Arena, BinaryOp, Block, Buffer, ExprKind, Handle, HostOp, KernelParameter, KernelPlan, Place,
    Projection, Record, Reduction, RegionPlan, Source, Stmt, Type, Var,
};

use crate::flatten::{Flat, collect_variables};
use crate::guard::GuardText;
use crate::header;
use crate::inspection::InspectionNames;
use crate::kept::Kept;
use crate::kernel::{element_name, parameters};
use crate::layout::wrapped;
use crate::names::{FreshNames, host_name};
use crate::reduction::finish;
use crate::support::{Piece, Support};

/// The host operations of a region as text.
pub(crate) struct HostText {
    /// Declarations that the conditions need; not indented.
    pub(crate) before: Vec<String>,
    /// Conditions that all must hold; empty: none is needed.
    pub(crate) conditions: Vec<String>,
    /// Lines of the block that runs then, not indented.
    pub(crate) lines: Vec<String>,
}

/// Returns the text of a region's guards and host operations, and notes what it uses.
///
/// `step` is what one level of nesting is indented by.
pub(crate) fn host(
    flat: &mut Flat,
    module: (&Arena<Record>, &Source, Kept<'_>),
    step: &str,
    fresh: &FreshNames,
    support: &mut Support,
) -> HostText {
    let (records, source, kept) = module;
    let addresses = host_addresses(flat);
    let region = &flat.region;
    let mut fresh = fresh.clone();
    // What reductions and inspections add to the function has no name in the source.
    let mut own: BTreeMap<_, _> = region
        .reductions
        .iter()
        .map(|(_, each)| each.other)
        .map(|var| (var, fresh.take(&host_name(&region.function, var))))
        .collect();
    own.extend(fetched(region, records));
    let mut inspections = Vec::new();
    for (_, each) in region.inspections.iter() {
        let names = InspectionNames::new(&host_name(&region.function, each.array), &mut fresh);
        own.extend([(each.first, names.first()), (each.last, names.last())]);
        inspections.push(names);
    }
    let name = |var: Handle<Var>| {
        let known = own.get(&var).cloned();
        known.unwrap_or_else(|| host_name(&region.function, var))
    };
    let types = CText {
        function: &region.function,
        records,
        names: &name,
        callees: &str::to_owned,
    };
    let is_flat = |var| flat.extents.iter().any(|(array, _)| *array == var);
    // The program's own variable still points to rows.
    let flat_name = |var| {
        let name = name(var);
        if is_flat(var) {
            format!(
                "(({}){name})",
                types.declaration(&region.function.vars[var].ty, "")
            )
        } else {
            name
        }
    };
    let text = CText {
        names: &flat_name,
        ..types
    };
    let pointers: Vec<_> = addresses.iter().map(|&each| text.expr(each)).collect();
    let conditions = GuardText {
        region,
        text,
        pointers: &pointers,
        inspections: &inspections,
    }
    .conditions(support);
    let before = region
        .inspections
        .iter()
        .zip(&inspections)
        .flat_map(|((_, each), names)| names.lines(text, each, support))
        .collect();
    let copies = region
        .buffers
        .iter()
        .map(|(_, buffer)| fresh.take(&format!("{}_d", name(buffer.array))))
        .collect();
    let mut writer = Writer {
        flat,
        text,
        source,
        kept,
        step,
        indent: String::new(),
        fresh,
        copies,
        pointers: &pointers,
        shapes: Vec::new(),
        support,
        lines: Vec::new(),
    };
    writer.actions(&flat.region.host);
    HostText {
        before,
        conditions,
        lines: writer.lines,
    }
}

/// Returns the text that each value in memory has on the host: the place that it is read from.
fn fetched(region: &RegionPlan, records: &Arena<Record>) -> Vec<(Handle<Var>, String)> {
    let text = CText {
        function: &region.function,
        records,
        names: &|var| host_name(&region.function, var),
        callees: &str::to_owned,
    };
    let all = region.fetched.iter();
    all.map(|each| (each.variable, text.primary_place(&each.place)))
        .collect()
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

struct Writer<'a> {
    flat: &'a Flat,
    text: CText<'a>,
    source: &'a Source,
    kept: Kept<'a>,
    step: &'a str,
    /// White space that every line starts with.
    indent: String,
    fresh: FreshNames,
    /// Name of each buffer's device copy.
    copies: Vec<String>,
    pointers: &'a [String],
    /// Launch shapes that were declared, with the names of the block and the grid.
    shapes: Vec<(String, String, String, String)>,
    support: &'a mut Support,
    lines: Vec<String>,
}

impl Writer<'_> {
    fn actions(&mut self, actions: &[HostOp]) {
        let mut rest = actions;
        while let Some(first) = rest.first() {
            let (allocated, statements) = (allocated(rest), statements(rest));
            if !allocated.is_empty() {
                let line = self.source.line(self.flat.region.replaces);
                self.allocate(&allocated, line);
                rest = &rest[allocated.len()..];
                continue;
            }
            if !statements.is_empty() {
                let text = self.text.marked_block(&statements, 0, self.source);
                self.push(&text);
                rest = &rest[statements.len()..];
                continue;
            }
            self.action(first);
            rest = &rest[1..];
        }
    }

    fn action(&mut self, action: &HostOp) {
        match action {
            HostOp::Allocate(_) | HostOp::Declare(..) | HostOp::Compute(_) => {}
            HostOp::CopyIn(buffer) => {
                self.support.uses.insert(Piece::CopyIn);
                let method = if self.keeps(*buffer) { "in_kept" } else { "in" };
                self.copy(*buffer, method);
            }
            HostOp::CopyOut(buffer) => {
                self.support.uses.insert(Piece::CopyOut);
                let method = if self.keeps(*buffer) {
                    "out_changed"
                } else {
                    "out"
                };
                self.copy(*buffer, method);
            }
            HostOp::Launch(kernel) => self.launch(*kernel),
            HostOp::Join(reduction) => self.join(*reduction),
            HostOp::Loop(each) => {
                self.shapes_before(action);
                let header = header::of(&self.text, self.kept, &each.header);
                self.inside(&header, &each.body);
            }
            HostOp::If(branch) => {
                let header = format!("if ({}) {{", self.text.expr(branch.condition));
                self.inside(&header, &branch.then);
            }
        }
    }

    /// Writes actions in braces; shapes declared there end with them.
    fn inside(&mut self, header: &str, actions: &[HostOp]) {
        self.push(header);
        let (outside, shapes) = (self.indent.clone(), self.shapes.len());
        self.indent.push_str(self.step);
        self.actions(actions);
        self.indent = outside;
        self.shapes.truncate(shapes);
        self.push("}");
    }

    /// Declares the launch shapes that stay the same inside an action before it.
    fn shapes_before(&mut self, action: &HostOp) {
        let (mut changed, mut launched) = (BTreeSet::new(), Vec::new());
        HostOp::each(std::slice::from_ref(action), &mut |inner| match inner {
            HostOp::Loop(each) => {
                changed.insert(each.header.iterator);
            }
            HostOp::Declare(var, _) => {
                changed.insert(*var);
            }
            HostOp::Compute(compute) => {
                changed.insert(compute.target.var);
            }
            HostOp::Launch(kernel) => launched.push(*kernel),
            HostOp::Join(reduction) => {
                changed.insert(self.flat.region.reductions[*reduction].target.var);
            }
            HostOp::Allocate(_) | HostOp::CopyIn(_) | HostOp::CopyOut(_) | HostOp::If(_) => {}
        });
        for kernel in launched {
            let kernel = &self.flat.region.kernels[kernel];
            let mut named = BTreeSet::new();
            for count in kernel.grid {
                collect_variables(self.text.function, count, &mut named);
            }
            if named.is_disjoint(&changed) {
                self.shape(kernel);
            }
        }
    }

    /// Declares device copies, those of one type in one declaration.
    fn allocate(&mut self, buffers: &[Handle<Buffer>], line: usize) {
        self.support.uses.insert(Piece::Buffer);
        let mut groups: Vec<(String, Vec<String>)> = Vec::new();
        for &handle in buffers {
            let buffer = &self.flat.region.buffers[handle];
            let ty = element_name(&self.text, &buffer.element);
            let count = match self.quotient(buffer.count) {
                Some(count) => count,
                None => self.text.converted(buffer.count),
            };
            let item = format!("{}({count}, {line})", self.copies[handle.index()]);
            match groups.last_mut().filter(|(last, _)| *last == ty) {
                Some((_, items)) => items.push(item),
                None => groups.push((ty, vec![item])),
            }
        }
        for (ty, items) in groups {
            let head = format!("mupac::Buffer<{ty}> ");
            self.push(&wrapped(&head, &items, ", ", ";", "        "));
        }
    }

    /// Returns whether only what kernels change of a buffer may be copied out.
    fn keeps(&mut self, buffer: Handle<Buffer>) -> bool {
        let region = &self.flat.region;
        let is_copied_out = region.host.contains(&HostOp::CopyOut(buffer));
        let buffer = &region.buffers[buffer];
        let keeps = buffer.is_written && buffer.may_exceed && is_copied_out;
        if keeps {
            self.support.uses.insert(Piece::Changes);
        }
        keeps
    }

    fn copy(&mut self, buffer: Handle<Buffer>, method: &str) {
        let (copy, pointer) = (&self.copies[buffer.index()], &self.pointers[buffer.index()]);
        let line = format!("{copy}.{method}({pointer});");
        self.push(&line);
    }

    fn join(&mut self, handle: Handle<Reduction>) {
        self.support.uses.insert(Piece::Elements);
        let reduction = &self.flat.region.reductions[handle];
        let partials = &self.copies[reduction.partials.index()];
        let text = finish(&self.text, reduction, partials);
        self.push(&text);
    }

    fn launch(&mut self, handle: Handle<KernelPlan>) {
        let kernel = &self.flat.region.kernels[handle];
        let (grid, block) = self.shape(kernel);
        let arguments: Vec<_> = parameters(self.flat, kernel)
            .iter()
            .map(|parameter| self.argument(*parameter))
            .collect();
        let head = format!("{}<<<{grid}, {block}>>>(", kernel.name);
        self.push(&wrapped(&head, &arguments, ", ", ");", "        "));
        let line = self.source.line(kernel.span);
        self.push(&format!("MUPAC_CHECK(cudaGetLastError(), {line});"));
    }

    fn argument(&mut self, parameter: KernelParameter) -> String {
        match parameter {
            KernelParameter::Value(var) => (self.text.names)(var),
            KernelParameter::First(reduction) => {
                let target = &self.flat.region.reductions[reduction].target;
                self.text.place(target)
            }
            KernelParameter::Buffer(handle) => {
                let buffer = &self.flat.region.buffers[handle];
                let copy = &self.copies[handle.index()];
                if self.text.function.exprs[buffer.first].kind == ExprKind::Int(0) {
                    return format!("{copy}.device");
                }
                self.support.uses.insert(Piece::Offset);
                format!("{copy}.from({})", self.text.converted(buffer.first))
            }
        }
    }

    /// Returns grid and block of a launch; extents of several axes get a declaration, made once for equal shapes.
    fn shape(&mut self, kernel: &KernelPlan) -> (String, String) {
        let counts = kernel.grid.map(|count| self.blocks(count));
        let sizes = kernel.block.map(|size| size.to_string());
        let axes = (0..3)
            .rev()
            .find(|&axis| counts[axis] != "1" || sizes[axis] != "1")
            .map_or(1, |axis| axis + 1);
        if axes == 1 {
            let [count, ..] = counts;
            let [size, ..] = sizes;
            return (count, size);
        }
        let (grid, block) = (counts[..axes].join(", "), sizes[..axes].join(", "));
        let known = self
            .shapes
            .iter()
            .find(|shape| shape.0 == grid && shape.1 == block);
        if let Some((_, _, grid_name, block_name)) = known {
            return (grid_name.clone(), block_name.clone());
        }
        let (block_name, grid_name) = (self.fresh.take("block"), self.fresh.take("grid"));
        self.push(&format!(
            "const dim3 {block_name}({block}), {grid_name}({grid});"
        ));
        self.shapes
            .push((grid, block, grid_name.clone(), block_name.clone()));
        (grid_name, block_name)
    }

    /// Returns a number of blocks.
    fn blocks(&mut self, count: Handle<mupac_ir::Expr>) -> String {
        if let ExprKind::Int(value) = self.text.function.exprs[count].kind {
            return value.to_string();
        }
        match self.quotient(count) {
            Some(count) => count,
            None => format!("(unsigned)({})", self.text.expr(count)),
        }
    }

    /// Returns the usual number of blocks, a quotient rounded up, by the name that it has.
    fn quotient(&mut self, count: Handle<mupac_ir::Expr>) -> Option<String> {
        let exprs = &self.text.function.exprs;
        if let ExprKind::Binary(BinaryOp::CeilDivide, total, size) = exprs[count].kind
            && let ExprKind::Int(size) = exprs[size].kind
            && exprs[total].ty == Type::Scalar(mupac_ir::Scalar::I64)
        {
            self.support.uses.insert(Piece::Blocks);
            return Some(format!(
                "mupac::blocks({}, {size})",
                self.text.converted(total)
            ));
        }
        None
    }

    fn push(&mut self, text: &str) {
        let lines = text.lines().map(|line| format!("{}{line}", self.indent));
        self.lines.extend(lines);
    }
}

/// Returns the buffers that the first actions reserve.
fn allocated(actions: &[HostOp]) -> Vec<Handle<Buffer>> {
    actions
        .iter()
        .map_while(|action| match action {
            HostOp::Allocate(buffer) => Some(*buffer),
            HostOp::CopyIn(_)
            | HostOp::Launch(_)
            | HostOp::CopyOut(_)
            | HostOp::Declare(..)
            | HostOp::Compute(_)
            | HostOp::Join(_)
            | HostOp::Loop(_)
            | HostOp::If(_) => None,
        })
        .collect()
}

/// Returns the statements of the user's program that the first actions are.
fn statements(actions: &[HostOp]) -> Block {
    actions
        .iter()
        .map_while(|action| match action {
            HostOp::Declare(var, span) => Some(Stmt::Declare(*var, *span)),
            HostOp::Compute(compute) => Some(Stmt::Compute(compute.clone())),
            HostOp::Allocate(_)
            | HostOp::CopyIn(_)
            | HostOp::Launch(_)
            | HostOp::CopyOut(_)
            | HostOp::Join(_)
            | HostOp::Loop(_)
            | HostOp::If(_) => None,
        })
        .collect()
}
