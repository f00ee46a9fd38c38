//! What the threads of a kernel compute together, and how the host takes it in, as text.

use std::fmt::Write;

use mupac_ir::c_text::CText;
use mupac_ir::prefix::{scanned_by, scans};
use mupac_ir::structure::{each, variables};
use mupac_ir::{
    Axis, BinaryOp, Block, Compute, Expr, ExprKind, Function, Handle, HostOp, KernelPlan, Place,
    Reduction, ReductionOperator, RegionPlan, Span, Stmt, StmtId, Var,
};

use crate::support::Piece;

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
    let vars = reductions.iter().map(|each| each.other);
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

/// Returns a phrase for the comment above a kernel with scans: `; s starts with what comes before each thread`.
pub(crate) fn scanned(body: &Block, place: impl Fn(&Place) -> String) -> String {
    let mut names = Vec::new();
    each(body, &mut |stmt| {
        if let Stmt::Call(call) = stmt
            && scanned_by(call).is_some()
        {
            names.extend(call.target.iter().map(&place));
        }
    });
    if names.is_empty() {
        return String::new();
    }
    let verb = if names.len() == 1 { "starts" } else { "start" };
    format!(
        "; {} {verb} with what comes before each thread",
        names.join(", ")
    )
}

/// Returns the parts of the support that the end of a kernel calls.
pub(crate) fn pieces(region: &RegionPlan, kernel: &KernelPlan) -> Vec<Piece> {
    let scans = scans(&kernel.body).into_iter();
    let mut pieces: Vec<_> = scans.map(|operator| scan(operator).0).collect();
    if threads(kernel) == 1 || kernel.reductions.is_empty() {
        return pieces;
    }
    let reductions = of(region, kernel);
    let has_sum = reductions
        .iter()
        .any(|each| is_plain_sum(&region.function, each));
    let sum = has_sum.then_some(Piece::BlockSum);
    pieces.extend(sum.into_iter().chain([Piece::BlockReduce]));
    pieces
}

/// Returns the part of the support that a scan needs, and the name of its operator there.
pub(crate) fn scan(operator: ReductionOperator) -> (Piece, &'static str) {
    let name = match operator {
        ReductionOperator::Sum => "mupac::Sum",
        ReductionOperator::Product => "mupac::Product",
        ReductionOperator::Minimum => "mupac::Minimum",
        ReductionOperator::Maximum => "mupac::Maximum",
        ReductionOperator::BitAnd => "mupac::And",
        ReductionOperator::BitOr => "mupac::Or",
        ReductionOperator::BitXor => "mupac::Xor",
    };
    (Piece::Scan(operator), name)
}

/// Returns how many threads a block has.
fn threads(kernel: &KernelPlan) -> u32 {
    kernel.block.iter().product()
}

/// Returns whether values are joined by `own = own + other`, without conversions.
fn is_plain_sum(function: &Function, reduction: &Reduction) -> bool {
    let [Stmt::Compute(compute)] = reduction.join.as_slice() else {
        return false;
    };
    let is = |value: Handle<Expr>, var: Handle<Var>| matches!(&function.exprs[value].kind, ExprKind::Load(place) if *place == Place::var(var));
    compute.target == Place::var(reduction.accumulator)
        && matches!(
            function.exprs[compute.value].kind,
            ExprKind::Binary(BinaryOp::Add, left, right)
                if is(left, reduction.accumulator) && is(right, reduction.other)
        )
}

/// Prints the end of a kernel.
pub(crate) struct BlockEnd<'a> {
    pub(crate) text: CText<'a>,
    pub(crate) region: &'a RegionPlan,
    pub(crate) kernel: &'a KernelPlan,
    pub(crate) reductions: &'a [&'a Reduction],
}

impl BlockEnd<'_> {
    /// Returns the lines from the end of the threads' own work to the stored partial results.
    pub(crate) fn lines(&self) -> String {
        let size = threads(self.kernel);
        let mut out = String::new();
        // Writing to a string does not fail.
        for each in self.reductions {
            if self.kernel.drops_half {
                let half = size.next_power_of_two() / 2;
                let (own, start) = (self.name(each.accumulator), self.text.expr(each.start));
                let thread = "(threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x";
                let _ = writeln!(out, "    if ({thread} >= {half}) {own} = {start};");
            }
            if size > 1 {
                let _ = writeln!(out, "    {}", self.joined(each, size));
            }
        }
        let stores: Vec<_> = self
            .reductions
            .iter()
            .map(|each| self.store(each))
            .collect();
        let first = self.first_thread();
        if let ([store], Some(first)) = (stores.as_slice(), &first) {
            let _ = writeln!(out, "    if ({first}) {store}");
        } else if let Some(first) = first {
            let _ = writeln!(out, "    if ({first}) {{");
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

    /// Returns the call by which the threads of a block join what they have.
    fn joined(&self, reduction: &Reduction, size: u32) -> String {
        let (own, other) = (self.name(reduction.accumulator), self.name(reduction.other));
        if is_plain_sum(self.text.function, reduction) {
            return format!("mupac::block_sum<{size}>({own});");
        }
        let vars = &self.text.function.vars;
        let first = (self.text).declaration(&vars[reduction.accumulator].ty, &format!("&{own}"));
        let second = self.text.declaration(&vars[reduction.other].ty, &other);
        let body = self.text.block(&reduction.join, 0);
        let body: Vec<_> = body.trim_end().lines().collect();
        format!(
            "mupac::block_reduce<{size}>({own}, []({first}, {second}) {{\n        {}\n    }});",
            body.join("\n        ")
        )
    }

    /// Returns the statement that stores the block's result.
    fn store(&self, reduction: &Reduction) -> String {
        let partials = self.name(self.region.buffers[reduction.partials].array);
        let accumulator = self.name(reduction.accumulator);
        let is_one = |axis: Axis| {
            let extent = self.kernel.grid[axis as usize];
            matches!(self.text.function.exprs[extent].kind, ExprKind::Int(1))
        };
        let block = match (is_one(Axis::Y), is_one(Axis::Z)) {
            (true, true) => "blockIdx.x",
            (false, true) => "(size_t)blockIdx.y * gridDim.x + blockIdx.x",
            (_, false) => "((size_t)blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x",
        };
        format!("{partials}[{block}] = {accumulator};")
    }

    /// Returns the condition of the thread that has the result; none where a block has one thread.
    fn first_thread(&self) -> Option<String> {
        let axes = ["x", "y", "z"].into_iter().zip(self.kernel.block);
        let zeros: Vec<_> = axes
            .filter(|(_, extent)| *extent > 1)
            .map(|(axis, _)| format!("threadIdx.{axis} == 0"))
            .collect();
        (!zeros.is_empty()).then(|| zeros.join(" && "))
    }
}

/// Returns whether an assignment of the host reads a variable.
fn is_read(region: &RegionPlan, var: Handle<Var>) -> bool {
    let mut is_read = false;
    HostOp::each(&region.host, &mut |action| {
        if let HostOp::Compute(compute) = action {
            is_read |= variables(&region.function, compute.value).contains(&var);
        }
    });
    is_read
}

/// Returns the host's loop over the partial results, or its scan of them.
pub(crate) fn finish(
    (region, text): (&RegionPlan, &CText<'_>),
    reduction: &Reduction,
    partials: &str,
) -> String {
    let ty = &text.function.vars[reduction.other].ty;
    let other = text.declaration(ty, &(text.names)(reduction.other));
    if let Some(before) = reduction.scan {
        let (_, operator) = scan(reduction.operator);
        let call = format!(
            "mupac::scan<{operator}>({partials}, {})",
            text.converted(before)
        );
        // Its result is named once, where the target gets it.
        let names = |var: Handle<Var>| {
            if var == reduction.other {
                call.clone()
            } else {
                (text.names)(var)
            }
        };
        let text = CText {
            names: &names,
            ..*text
        };
        let set = text.block(&reduction.finish, 0);
        return if is_read(region, reduction.other) {
            format!("const {other} = {call};")
        } else if set.is_empty() {
            format!("{call};")
        } else {
            set.trim_end().to_owned()
        };
    }
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
