//! The host's part of a region: guards, buffers, copies and launches, and the original text where a guard fails.

use mupac_ir::c_text::CText;
use mupac_ir::{
    Arena, BinaryOp, Buffer, ExprKind, Handle, HostOp, KernelParameter, KernelPlan, Place,
    Projection, Record, Source, Type,
};

use crate::flatten::Flat;
use crate::guard::GuardText;
use crate::kernel::{element_name, parameters};
use crate::layout::wrapped;
use crate::names::{FreshNames, host_name};
use crate::support::{Piece, Support};

/// The host operations of a region as text.
pub(crate) struct HostText {
    /// Conditions that all must hold; empty: none is needed.
    pub(crate) conditions: Vec<String>,
    /// Lines of the block that runs then, not indented.
    pub(crate) lines: Vec<String>,
}

/// Returns the text of a region's guards and host operations, and notes what it uses.
pub(crate) fn host(
    flat: &mut Flat,
    records: &Arena<Record>,
    source: &Source,
    fresh: &FreshNames,
    support: &mut Support,
) -> HostText {
    let addresses = host_addresses(flat);
    let region = &flat.region;
    let name = |var| host_name(&region.function, var);
    let text = CText {
        function: &region.function,
        records,
        names: &name,
    };
    let pointers: Vec<_> = addresses.iter().map(|&each| text.expr(each)).collect();
    let conditions = GuardText {
        region,
        text,
        pointers: &pointers,
    }
    .conditions(support);
    let mut fresh = fresh.clone();
    let copies = region
        .buffers
        .iter()
        .map(|(_, buffer)| fresh.take(&format!("{}_d", name(buffer.array))))
        .collect();
    let mut writer = Writer {
        flat,
        text,
        source,
        fresh,
        copies,
        pointers: &pointers,
        shapes: Vec::new(),
        support,
        lines: Vec::new(),
    };
    writer.operations();
    HostText {
        conditions,
        lines: writer.lines,
    }
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
    fn operations(&mut self) {
        let region_line = self.source.line(self.flat.region.replaces);
        let operations = self.flat.region.host.clone();
        let mut rest = operations.as_slice();
        while let Some(first) = rest.first() {
            let allocated: Vec<_> = rest
                .iter()
                .map_while(|operation| match operation {
                    HostOp::Allocate(buffer) => Some(*buffer),
                    HostOp::CopyIn(_) | HostOp::Launch(_) | HostOp::CopyOut(_) => None,
                })
                .collect();
            if !allocated.is_empty() {
                self.allocate(&allocated, region_line);
                rest = &rest[allocated.len()..];
                continue;
            }
            match *first {
                HostOp::Allocate(_) => {}
                HostOp::CopyIn(buffer) => {
                    self.support.uses.insert(Piece::CopyIn);
                    self.copy(buffer, "in");
                }
                HostOp::CopyOut(buffer) => {
                    self.support.uses.insert(Piece::CopyOut);
                    self.copy(buffer, "out");
                }
                HostOp::Launch(kernel) => self.launch(kernel),
            }
            rest = &rest[1..];
        }
    }

    /// Declares device copies, those of one type in one declaration.
    fn allocate(&mut self, buffers: &[Handle<Buffer>], line: usize) {
        self.support.uses.insert(Piece::Buffer);
        let mut groups: Vec<(String, Vec<String>)> = Vec::new();
        for &handle in buffers {
            let buffer = &self.flat.region.buffers[handle];
            let ty = element_name(&self.text, &buffer.element);
            let count = self.text.converted(buffer.count);
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

    fn copy(&mut self, buffer: Handle<Buffer>, method: &str) {
        let (copy, pointer) = (&self.copies[buffer.index()], &self.pointers[buffer.index()]);
        let line = format!("{copy}.{method}({pointer});");
        self.push(&line);
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

    /// Returns a number of blocks; the usual quotient, rounded up, has a name of its own.
    fn blocks(&mut self, count: Handle<mupac_ir::Expr>) -> String {
        let exprs = &self.text.function.exprs;
        if let ExprKind::Int(value) = exprs[count].kind {
            return value.to_string();
        }
        if let ExprKind::Binary(BinaryOp::CeilDivide, total, size) = exprs[count].kind
            && let ExprKind::Int(size) = exprs[size].kind
            && exprs[total].ty == Type::Scalar(mupac_ir::Scalar::I64)
        {
            self.support.uses.insert(Piece::Blocks);
            return format!("mupac::blocks({}, {size})", self.text.converted(total));
        }
        format!("(unsigned)({})", self.text.expr(count))
    }

    fn push(&mut self, text: &str) {
        self.lines.extend(text.lines().map(str::to_owned));
    }
}
