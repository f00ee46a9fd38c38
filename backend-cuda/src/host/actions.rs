//! Host operations as lines of text: buffers, copies, launches, and the loops and assignments between.

use std::collections::BTreeSet;

use mupac_ir::c_text::CText;
use mupac_ir::structure;
use mupac_ir::{
    ASSERTION_FAILED, BinaryOp, Block, Buffer, Expr, ExprKind, Function, Handle, HostOp,
    KernelParameter, KernelPlan, Reduction, Source, Span, Stmt, Type, vector,
};

use crate::flatten::Flat;
use crate::header;
use crate::kept::Kept;
use crate::kernel::{constants, element_name, parameters};
use crate::names::{FreshNames, HostNames};
use crate::reduction::finish;
use crate::support::{Piece, Support};

/// Writes host operations line by line.
pub(super) struct Writer<'a> {
    pub(super) flat: &'a Flat,
    pub(super) text: CText<'a>,
    pub(super) source: &'a Source,
    pub(super) names: &'a HostNames,
    pub(super) kept: Kept<'a>,
    pub(super) step: &'a str,
    /// White space that every line starts with.
    pub(super) indent: String,
    pub(super) fresh: FreshNames,
    /// Name of each buffer's device copy.
    pub(super) copies: Vec<String>,
    /// The buffers whose copies are found, and left, on the device.
    pub(super) mirrors: BTreeSet<Handle<Buffer>>,
    pub(super) pointers: &'a [String],
    /// Launch shapes that were declared, with the names of the block and the grid.
    pub(super) shapes: Vec<(String, String, String, String)>,
    pub(super) support: &'a mut Support,
    pub(super) lines: Vec<String>,
}

impl Writer<'_> {
    pub(super) fn actions(&mut self, actions: &[HostOp]) {
        let mut rest = actions;
        while let Some(first) = rest.first() {
            let (allocated, statements) = (allocated(rest), statements(self.text.function, rest));
            if !allocated.is_empty() {
                let place = self.place(self.flat.region.replaces);
                self.allocate(&allocated, &place);
                rest = &rest[allocated.len()..];
                continue;
            }
            if let Some(line) = self.assertion(first) {
                self.support.uses.insert(Piece::AssertionFailed);
                self.push(&line);
                rest = &rest[1..];
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

    /// Writes all that the host does for a region; where kernels may work on its own memory, it waits for them before it looks.
    pub(super) fn all(&mut self, actions: &[HostOp]) {
        let region = &self.flat.region;
        let waits = !region.never_waits && !region.system_buffers().is_empty();
        let (work, rest) = actions.split_at(work(actions));
        self.actions(work);
        if waits {
            let line = self.source.line(self.flat.region.replaces);
            self.push(&format!("mupac::wait({line});"));
        }
        self.actions(rest);
        self.stays_there(actions);
    }

    /// Names the arrays whose results stay on the device, which nothing else may do.
    fn stays_there(&mut self, actions: &[HostOp]) {
        let region = &self.flat.region;
        let buffers = region.buffers.iter().map(|(buffer, _)| buffer);
        let unseen = buffers.filter(|buffer| {
            let copies = [HostOp::CopyIn(*buffer), HostOp::CopyOut(*buffer)];
            HostOp::does(actions, &HostOp::Allocate(*buffer))
                && !copies.iter().any(|copy| HostOp::does(actions, copy))
                && !region.is_scratch(*buffer)
        });
        let names = unseen.map(|buffer| self.pointers[buffer.index()].as_str());
        let names = names.collect::<Vec<_>>().join(", ");
        if !names.is_empty() {
            self.support.uses.insert(Piece::Unseen);
            self.push(&format!("mupac::unseen({names});"));
        }
    }

    /// Brings home what only the device has of arrays that kernels are passed by value.
    pub(super) fn fetch(&mut self, buffers: &BTreeSet<Handle<Buffer>>) {
        for handle in buffers {
            self.support.uses.insert(Piece::FetchRange);
            let count = self.text.converted(self.flat.region.buffers[*handle].count);
            let line = format!("mupac::fetch({}, {count});", self.pointers[handle.index()]);
            self.push(&line);
        }
    }

    /// Returns the line that ends the program where an assertion failed in a kernel, if an action is that.
    fn assertion(&self, action: &HostOp) -> Option<String> {
        let (condition, call) = assertion(self.text.function, action)?;
        let [condition, call] = [condition, call].map(|each| self.text.expr(each));
        Some(format!("if ({condition}) {call};"))
    }

    fn action(&mut self, action: &HostOp) {
        match action {
            HostOp::Allocate(_) | HostOp::Declare(..) | HostOp::Compute(_) => {}
            HostOp::CopyIn(buffer) => {
                let line = self.copy_in(*buffer);
                self.push(&line);
                self.snapshot(*buffer);
            }
            HostOp::CopyOut(buffer) => {
                let line = self.copy_out(*buffer);
                self.push(&line);
            }
            HostOp::Launch(kernel) => self.launch(*kernel),
            HostOp::Join(reduction) => self.join(*reduction),
            HostOp::Loop(each) => {
                self.shapes_before(action);
                let header = header::of(&self.text, self.kept, &each.header);
                self.inside(&header, &each.body);
            }
            HostOp::If(branch) => {
                let header = format!("if ({})", self.text.expr(branch.condition));
                if let [HostOp::CopyIn(buffer)] = branch.then.as_slice() {
                    let line = format!("{header} {}", self.copy_in(*buffer));
                    self.push(&line);
                } else {
                    self.inside(&format!("{header} {{"), &branch.then);
                }
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
                named.extend(structure::variables(self.text.function, count));
            }
            if named.is_disjoint(&changed) {
                self.shape(kernel);
            }
        }
    }

    fn place(&self, span: Span) -> String {
        place(self.source, span)
    }

    /// Declares device copies, those of one type in one declaration.
    fn allocate(&mut self, buffers: &[Handle<Buffer>], place: &str) {
        let mut groups: Vec<(String, Vec<String>)> = Vec::new();
        for &handle in buffers {
            let buffer = &self.flat.region.buffers[handle];
            let is_mirror = self.mirrors.contains(&handle);
            let (class, piece) = if is_mirror && buffer.rows.is_some() {
                self.support.uses.insert(Piece::Held);
                ("RowMirror", Piece::RowMirror)
            } else if is_mirror && self.flat.region.is_look(handle) {
                self.support.uses.insert(Piece::Held);
                ("Look", Piece::Look)
            } else if is_mirror {
                ("Mirror", Piece::Held)
            } else {
                ("Buffer", Piece::Buffer)
            };
            self.support.uses.insert(piece);
            let element = element_name(&self.text, &buffer.element);
            let ty = format!("mupac::{class}<{element}>");
            let count = match self.quotient(buffer.count) {
                Some(count) => count,
                None => self.text.converted(buffer.count),
            };
            let is_system = self.flat.region.is_system(handle);
            let (host, further) = if is_system {
                self.support.uses.insert(Piece::System);
                let host = format!("{}, ", self.pointers[handle.index()]);
                let buffer = &self.flat.region.buffers[handle];
                let is_dense = !buffer.may_exceed && buffer.rows.is_none();
                let further = if is_dense { "" } else { ", false" };
                (host, further.to_owned())
            } else if is_mirror {
                let host = format!("{}, ", self.pointers[handle.index()]);
                (host, self.rows(handle) + &self.alignment(handle))
            } else {
                Default::default()
            };
            let copy = &self.copies[handle.index()];
            let item = format!("{copy}({host}{count}, {place}{further})");
            match groups.last_mut().filter(|(last, _)| *last == ty) {
                Some((_, items)) => items.push(item),
                None => groups.push((ty, vec![item])),
            }
        }
        for (ty, items) in groups {
            self.push(&format!("{ty} {};", items.join(", ")));
        }
    }

    /// Returns how far rows lie apart, how much of each is meant, and whether that may reach behind their ends, as further
    /// arguments; nothing where all of a copy is meant.
    fn rows(&self, buffer: Handle<Buffer>) -> String {
        let buffer = &self.flat.region.buffers[buffer];
        buffer.rows.map_or_else(String::new, |rows| {
            let extents = rows.extents().into_iter();
            let mut all: Vec<String> = extents.map(|each| self.text.converted(each)).collect();
            all.insert(2, buffer.may_exceed.to_string());
            format!(", {}", all.join(", "))
        })
    }

    /// Returns what the start of a copy inside a larger one must be aligned to, as a further argument; nothing where no kernel
    /// moves several of its elements at once, so that an element's own alignment will do.
    fn alignment(&self, buffer: Handle<Buffer>) -> String {
        let region = &self.flat.region;
        let array = region.buffers[buffer].array;
        let kernels = region.kernels.iter();
        let bytes = kernels
            .filter_map(|(_, kernel)| vector::alignment(&region.function, &kernel.body, array))
            .max();
        bytes.map_or_else(String::new, |bytes| format!(", {bytes}"))
    }

    /// Returns whether only what kernels change of a buffer may be copied out.
    fn keeps(&mut self, buffer: Handle<Buffer>) -> bool {
        let region = &self.flat.region;
        let is_copied_out = HostOp::does(&region.host, &HostOp::CopyOut(buffer));
        let buffer = &region.buffers[buffer];
        let keeps = buffer.is_written && buffer.may_exceed && is_copied_out;
        if keeps {
            self.support.uses.insert(Piece::Changes);
        }
        keeps
    }

    fn copy_in(&mut self, buffer: Handle<Buffer>) -> String {
        let copy = &self.copies[buffer.index()];
        if self.mirrors.contains(&buffer) {
            self.support.uses.insert(Piece::Fills);
            return format!("{copy}.in();");
        }
        if let Some(line) = self.copy_rows(buffer, "in_rows") {
            return line;
        }
        self.support.uses.insert(Piece::CopyIn);
        let method = if self.keeps(buffer) { "in_kept" } else { "in" };
        self.copy(buffer, method)
    }

    /// Takes a snapshot where kernels write the same copy.
    fn snapshot(&mut self, buffer: Handle<Buffer>) {
        let same = self.same_as(buffer);
        if same.is_empty() {
            return;
        }
        self.support.uses.insert(Piece::Snapshot);
        let copy = &self.copies[buffer.index()];
        // Pointers of the program may have types that C++ does not compare.
        let equal = same.iter().map(|other| {
            let other = &self.copies[other.index()];
            format!("{copy}.first == {other}.first")
        });
        let equal: Vec<_> = equal.collect();
        let line = format!("if ({}) {copy}.snapshot();", equal.join(" || "));
        self.push(&line);
    }

    /// Returns the buffers that kernels write and that may have the same copy as one which they only read.
    fn same_as(&self, buffer: Handle<Buffer>) -> Vec<Handle<Buffer>> {
        let mut same = self.flat.region.written_partners(buffer);
        let shares = |buffer| self.mirrors.contains(&buffer);
        same.retain(|other| shares(buffer) && shares(*other));
        same
    }

    fn copy_out(&mut self, buffer: Handle<Buffer>) -> String {
        let copy = &self.copies[buffer.index()];
        if self.mirrors.contains(&buffer) {
            return format!("{copy}.out();");
        }
        if let Some(line) = self.copy_rows(buffer, "out_rows") {
            return line;
        }
        self.support.uses.insert(Piece::CopyOut);
        let method = if self.keeps(buffer) {
            "out_changed"
        } else {
            "out"
        };
        self.copy(buffer, method)
    }

    /// Copies rows, where all of them are certainly there or what lies between them need not be kept.
    fn copy_rows(&mut self, handle: Handle<Buffer>, method: &str) -> Option<String> {
        let rows = self.flat.region.buffers[handle].copied_rows()?;
        self.support.uses.insert(Piece::Rows);
        let extents = rows.extents().into_iter();
        let extents: Vec<String> = extents.map(|each| self.text.converted(each)).collect();
        let (copy, pointer) = (&self.copies[handle.index()], &self.pointers[handle.index()]);
        Some(format!(
            "{copy}.{method}({pointer}, {});",
            extents.join(", ")
        ))
    }

    fn copy(&self, buffer: Handle<Buffer>, method: &str) -> String {
        let (copy, pointer) = (&self.copies[buffer.index()], &self.pointers[buffer.index()]);
        format!("{copy}.{method}({pointer});")
    }

    fn join(&mut self, handle: Handle<Reduction>) {
        self.support.uses.insert(Piece::Elements);
        let reduction = &self.flat.region.reductions[handle];
        let partials = &self.copies[reduction.partials.index()];
        let text = finish((&self.flat.region, &self.text), reduction, partials);
        self.push(&text);
    }

    fn launch(&mut self, handle: Handle<KernelPlan>) {
        let kernel = &self.flat.region.kernels[handle];
        let (grid, block) = self.shape(kernel);
        let arguments: Vec<_> = parameters(self.flat, kernel)
            .iter()
            .map(|parameter| self.argument(*parameter))
            .collect();
        let arguments = arguments.join(", ");
        self.push(&format!(
            "{}<<<{grid}, {block}>>>({arguments});",
            kernel.name
        ));
        let place = self.place(kernel.span);
        self.push(&format!("mupac::launched(\"{}\", {place});", kernel.name));
    }

    fn argument(&mut self, parameter: KernelParameter) -> String {
        match parameter {
            KernelParameter::Value(var) => (self.text.names)(var),
            KernelParameter::First(reduction) => {
                let target = &self.flat.region.reductions[reduction].target;
                self.text.place(target)
            }
            KernelParameter::Constants(handle, length) => {
                self.support.uses.insert(Piece::Constants);
                let buffer = &self.flat.region.buffers[handle];
                let ty = constants(&self.text, &buffer.element, length);
                let pointer = &self.pointers[handle.index()];
                let [first, count] =
                    [buffer.first, buffer.count].map(|each| self.text.converted(each));
                format!("{ty}({pointer}, {first}, {count})")
            }
            KernelParameter::Buffer(handle) if self.flat.region.buffers[handle].is_resident => {
                (self.text.names)(self.flat.region.buffers[handle].array)
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
        let ty = self.names.of_outermost("dim3");
        self.push(&format!(
            "const {ty} {block_name}({block}), {grid_name}({grid});"
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

/// Returns what names a place to the support: its line, or a literal with its file's name where there are several.
pub(crate) fn place(source: &Source, span: Span) -> String {
    if source.is_one_file() {
        source.line(span).to_string()
    } else {
        format!("\"{}\"", source.place(span).replace(['\\', '"'], "_"))
    }
}

/// Returns how many actions there are up to the last that starts or joins something.
fn work(actions: &[HostOp]) -> usize {
    let is_work = |action: &HostOp| match action {
        HostOp::Launch(_) | HostOp::Join(_) | HostOp::Loop(_) | HostOp::If(_) => true,
        HostOp::Allocate(_)
        | HostOp::CopyIn(_)
        | HostOp::CopyOut(_)
        | HostOp::Declare(..)
        | HostOp::Compute(_) => false,
    };
    actions.iter().rposition(is_work).map_or(0, |last| last + 1)
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

/// Returns the condition and the call of what ends the program where an assertion failed.
fn assertion(function: &Function, action: &HostOp) -> Option<(Handle<Expr>, Handle<Expr>)> {
    let HostOp::Compute(compute) = action else {
        return None;
    };
    let ExprKind::Select {
        condition, then, ..
    } = &function.exprs[compute.value].kind
    else {
        return None;
    };
    let is_end =
        |call: &ExprKind| matches!(call, ExprKind::Call(name, _) if name == ASSERTION_FAILED);
    is_end(&function.exprs[*then].kind).then_some((*condition, *then))
}

/// Returns the statements of the user's program that the first actions are.
fn statements(function: &Function, actions: &[HostOp]) -> Block {
    actions
        .iter()
        .take_while(|action| assertion(function, action).is_none())
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
