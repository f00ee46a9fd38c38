//! What the threads of a kernel compute together, and how the host takes it in, as text.

use std::fmt::Write;

use mupac_ir::c_text::CText;
use mupac_ir::warp::LANES;
use mupac_ir::{
    Axis, Compute, Function, Handle, KernelPlan, Place, Reduction, RegionPlan, Span, Stmt, StmtId,
    TreeFlaw, Var,
};

use crate::names::FreshNames;

/// Returns the reductions of a kernel.
pub(crate) fn of<'a>(region: &'a RegionPlan, kernel: &'a KernelPlan) -> Vec<&'a Reduction> {
    let reductions = kernel.reductions.iter();
    reductions.map(|each| &region.reductions[*each]).collect()
}

/// Returns the statements that start the accumulators of a thread.
pub(crate) fn starts(reductions: &[&Reduction]) -> Vec<Stmt> {
    let start = |each: &&Reduction| {
        [
            Stmt::Declare(each.accumulator, Span::default()),
            Stmt::Compute(Compute {
                // Only dependences are stated by number, and they are settled.
                id: StmtId(u32::MAX),
                target: Place::var(each.accumulator),
                value: each.start,
                span: Span::default(),
                target_span: Span::default(),
            }),
        ]
    };
    reductions.iter().flat_map(start).collect()
}

/// Returns declarations of what the end of the kernel names, so that it gets names.
pub(crate) fn named(reductions: &[&Reduction]) -> Vec<Stmt> {
    let vars = reductions.iter().flat_map(|each| [each.shared, each.other]);
    vars.map(|var| Stmt::Declare(var, Span::default()))
        .collect()
}

/// Returns a phrase for the comment above a kernel: `; sum of s, maximum of top, one partial result for each block`.
pub(crate) fn phrase(reductions: &[&Reduction], place: impl Fn(&Place) -> String) -> String {
    if reductions.is_empty() {
        return String::new();
    }
    let parts: Vec<_> = reductions
        .iter()
        .map(|each| format!("{} of {}", each.operator.name(), place(&each.target)))
        .collect();
    format!("; {}, one partial result for each block", parts.join(", "))
}

/// Prints the end of a kernel.
pub(crate) struct BlockTree<'a> {
    pub(crate) text: CText<'a>,
    pub(crate) region: &'a RegionPlan,
    pub(crate) reductions: &'a [&'a Reduction],
    pub(crate) block: [u32; 3],
    pub(crate) is_one_row: bool,
    /// The mistake to make.
    pub(crate) flaw: Option<TreeFlaw>,
    pub(crate) fresh: FreshNames,
}

impl BlockTree<'_> {
    /// Returns the lines from the end of the threads' own work to the stored partial results.
    pub(crate) fn lines(mut self) -> String {
        let size: u32 = self.block.iter().product();
        let mut out = String::new();
        let thread = self.thread(&mut out);
        if size > 1 {
            self.tree(size, &thread, &mut out);
        }
        let stores: Vec<_> = self
            .reductions
            .iter()
            .map(|each| {
                let partials = self.name(self.region.buffers[each.partials].array);
                let accumulator = self.name(each.accumulator);
                format!("{partials}[{}] = {accumulator};", self.block_number())
            })
            .collect();
        // Writing to a string does not fail.
        if let ([store], true) = (stores.as_slice(), size > 1) {
            let _ = writeln!(out, "    if ({thread} == 0) {store}");
        } else if size > 1 {
            let _ = writeln!(out, "    if ({thread} == 0) {{");
            for store in stores {
                let _ = writeln!(out, "        {store}");
            }
            out.push_str("    }\n");
        } else {
            for store in stores {
                let _ = writeln!(out, "    {store}");
            }
        }
        out
    }

    fn name(&self, var: Handle<Var>) -> String {
        (self.text.names)(var)
    }

    /// Returns the number of the thread in its block, after a line that names it where one axis is not enough.
    fn thread(&mut self, out: &mut String) -> String {
        let [width, height, depth] = self.block;
        if height == 1 && depth == 1 {
            return "threadIdx.x".to_owned();
        }
        let row = if depth == 1 {
            "threadIdx.y".to_owned()
        } else {
            format!("(threadIdx.z * {height} + threadIdx.y)")
        };
        let name = self.fresh.take("thread");
        let _ = writeln!(
            out,
            "    const unsigned {name} = {row} * {width} + threadIdx.x;"
        );
        name
    }

    /// Returns the number of the block in the grid.
    fn block_number(&self) -> &'static str {
        if self.is_one_row {
            "blockIdx.x"
        } else {
            "((size_t)blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x"
        }
    }

    fn tree(&mut self, size: u32, thread: &str, out: &mut String) {
        let step = self.fresh.take("step");
        let rounds = size.next_power_of_two() / 2;
        let half = match self.flaw {
            Some(TreeFlaw::FirstRoundDropped) => rounds / 2,
            Some(TreeFlaw::FirstBarrierDropped | TreeFlaw::RoundBarrierDropped) | None => rounds,
        };
        let barrier = |dropped_by, indent: &str| {
            if self.flaw == Some(dropped_by) {
                String::new()
            } else {
                format!("{indent}__syncthreads();\n")
            }
        };
        let first_barrier = barrier(TreeFlaw::FirstBarrierDropped, "    ");
        let round_barrier = barrier(TreeFlaw::RoundBarrierDropped, "        ");
        for each in self.reductions {
            let shared = self.text.function.vars[each.shared].ty.clone();
            let declaration = self.text.declaration(&shared, &self.name(each.shared));
            let _ = writeln!(out, "    __shared__ {declaration};");
        }
        for each in self.reductions {
            let (shared, accumulator) = (self.name(each.shared), self.name(each.accumulator));
            let _ = writeln!(out, "    {shared}[{thread}] = {accumulator};");
        }
        // The rounds of one warp need neither memory nor barriers, and join the same values in the same order.
        let last_shared = if size.is_power_of_two() && size > 2 * LANES {
            LANES
        } else {
            1
        };
        let partner = if size.is_power_of_two() {
            String::new()
        } else {
            format!(" && {thread} + {step} < {size}")
        };
        let until = if last_shared > 1 {
            format!(">= {last_shared}")
        } else {
            "> 0".to_owned()
        };
        let _ = write!(
            out,
            "{first_barrier}    for (unsigned {step} = {half}; {step} {until}; {step} /= 2) {{\n        \
             if ({thread} < {step}{partner}) {{\n"
        );
        for each in self.reductions {
            let (shared, accumulator) = (self.name(each.shared), self.name(each.accumulator));
            let other = self.name(each.other);
            let ty = &self.text.function.vars[each.other].ty;
            let other = self.text.declaration(ty, &other);
            let _ = writeln!(out, "            {other} = {shared}[{thread} + {step}];");
            out.push_str(&self.text.block(&each.join, 3));
            let _ = writeln!(out, "            {shared}[{thread}] = {accumulator};");
        }
        let _ = writeln!(out, "        }}\n{round_barrier}    }}");
        if last_shared > 1 {
            self.warp(thread, &step, out);
        }
    }

    /// Appends the rounds in which the first warp joins what its lanes have.
    ///
    /// A lane that has no part in a round may read anything, and does not join it.
    ///
    /// **Source**: CUDA C++ Programming Guide 13.0, “Warp Shuffle Functions”.
    fn warp(&self, thread: &str, step: &str, out: &mut String) {
        let half = LANES / 2;
        let _ = write!(
            out,
            "    if ({thread} < {LANES}) {{\n        for (unsigned {step} = {half}; {step} > 0; {step} /= 2) {{\n"
        );
        for each in self.reductions {
            let (accumulator, other) = (self.name(each.accumulator), self.name(each.other));
            let ty = &self.text.function.vars[each.other].ty;
            let other = self.text.declaration(ty, &other);
            let _ = writeln!(
                out,
                "            {other} = __shfl_down_sync(0xffffffffu, {accumulator}, {step});"
            );
        }
        let _ = writeln!(out, "            if ({thread} < {step}) {{");
        for each in self.reductions {
            out.push_str(&self.text.block(&each.join, 4));
        }
        out.push_str("            }\n        }\n    }\n");
    }
}

/// Returns whether a launch has blocks along `x` only.
pub(crate) fn is_one_row(function: &Function, kernel: &KernelPlan) -> bool {
    let is_one = |axis: Axis| {
        matches!(
            function.exprs[kernel.grid[axis as usize]].kind,
            mupac_ir::ExprKind::Int(1)
        )
    };
    is_one(Axis::Y) && is_one(Axis::Z)
}

/// Returns the host's loop over the partial results.
pub(crate) fn finish(text: &CText<'_>, reduction: &Reduction, partials: &str) -> String {
    let ty = &text.function.vars[reduction.other].ty;
    let other = text.declaration(ty, &(text.names)(reduction.other));
    let header = format!("for ({other} : {partials}.all())");
    let body = text.block(&reduction.finish, 0);
    match body.trim_end().lines().collect::<Vec<_>>().as_slice() {
        [line] => format!("{header} {line}"),
        lines => {
            let inside = lines.join("\n    ");
            format!("{header} {{\n    {inside}\n}}")
        }
    }
}
