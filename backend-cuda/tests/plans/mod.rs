//! Plans built by hand, as lowering would make them.

use mupac_ir::{
    Arena, Axis, BinaryOp, Buffer, Compute, Counts, Expr, ExprKind, Extent, Function, Guard,
    Handle, HostOp, If, Item, KernelParameter, KernelPlan, Loop, LoopName, Mapping, Module, Place,
    Plan, Projection, RegionPlan, Residency, Scalar, Source, Span, Stmt, StmtId, Storage,
    Trajectory, Type, Var,
};

/// A function of a source text, and shorthands for its expressions.
pub(crate) struct Builder {
    pub(crate) function: Function,
    source: String,
    statements: u32,
}

impl Builder {
    /// Starts the function whose text begins with `head` and ends with the next line `}`.
    pub(crate) fn new(source: &str, name: &str, head: &str) -> Self {
        let start = source.find(head).unwrap();
        let end = start + source[start..].find("\n}").unwrap() + 2;
        let span = Span::new(start, end);
        Self {
            function: Function {
                name: name.to_owned(),
                parameters: Vec::new(),
                result: Type::Void,
                is_static: head.starts_with("static"),
                vars: Arena::default(),
                exprs: Arena::default(),
                body: Vec::new(),
                promises: Vec::new(),
                order: mupac_ir::TextOrder::default(),
                span,
                body_span: span,
            },
            source: source.to_owned(),
            statements: 0,
        }
    }

    /// Returns the range of a piece of text, which occurs in the function once.
    pub(crate) fn span(&self, text: &str) -> Span {
        let range = self.function.span.range();
        let function = &self.source[range.clone()];
        assert_eq!(function.matches(text).count(), 1, "{text}");
        let start = range.start + function.find(text).unwrap();
        Span::new(start, start + text.len())
    }

    pub(crate) fn var(&mut self, name: &str, spelling: &str, ty: impl Into<Type>) -> Handle<Var> {
        let mut var = Var::local(name, ty);
        spelling.clone_into(&mut var.spelling);
        var.storage = Storage::Local;
        self.function.vars.push(var)
    }

    pub(crate) fn load(&mut self, var: Handle<Var>) -> Handle<Expr> {
        self.function.load(var)
    }

    pub(crate) fn int(&mut self, value: i128, ty: Scalar) -> Handle<Expr> {
        self.function.expr(ExprKind::Int(value), ty)
    }

    pub(crate) fn spelled(&mut self, value: i128, spelling: &str) -> Handle<Expr> {
        let constant = self.int(value, Scalar::I32);
        self.function.exprs[constant].spelling = Some(spelling.to_owned());
        constant
    }

    pub(crate) fn cast(&mut self, value: Handle<Expr>, ty: Scalar) -> Handle<Expr> {
        self.function.expr(ExprKind::Cast(value), ty)
    }

    /// Applies an operator; the result has the left operand's type, or is a truth value.
    pub(crate) fn op(&mut self, op: BinaryOp, a: Handle<Expr>, b: Handle<Expr>) -> Handle<Expr> {
        let ty = if op.is_truth() {
            Scalar::I32.into()
        } else {
            self.function.exprs[a].ty.clone()
        };
        self.function.expr(ExprKind::Binary(op, a, b), ty)
    }

    /// `block * size + thread` along an axis.
    pub(crate) fn index(&mut self, axis: Axis, size: i128) -> Handle<Expr> {
        let block = self.function.expr(ExprKind::BlockIndex(axis), Scalar::I32);
        let thread = self.function.expr(ExprKind::ThreadIndex(axis), Scalar::I32);
        let size = self.int(size, Scalar::I32);
        let base = self.op(BinaryOp::Multiply, block, size);
        self.op(BinaryOp::Add, base, thread)
    }

    pub(crate) fn element(
        &mut self,
        var: Handle<Var>,
        subscripts: &[Handle<Expr>],
    ) -> Handle<Expr> {
        let place = place(var, subscripts);
        let ty = self.function.place_type(&Arena::default(), &place).unwrap();
        self.function.expr(ExprKind::Load(place), ty)
    }

    pub(crate) fn assign(&mut self, target: Place, value: Handle<Expr>) -> Stmt {
        self.statements += 1;
        Stmt::Compute(Compute {
            id: StmtId(self.statements),
            target,
            value,
            span: Span::default(),
            target_span: Span::default(),
        })
    }

    pub(crate) fn count(
        &self,
        iterator: Handle<Var>,
        start: Handle<Expr>,
        end: Handle<Expr>,
        body: Vec<Stmt>,
    ) -> Stmt {
        Stmt::For(Loop {
            name: LoopName(self.function.vars[iterator].name.clone()),
            iterator,
            declares_iterator: true,
            start,
            end,
            step: 1,
            mapping: Mapping::Sequential,
            body,
            span: Span::default(),
            header_span: Span::default(),
        })
    }

    /// A `i64` number of blocks that cover `total` with `size` threads each.
    pub(crate) fn blocks(&mut self, total: Handle<Expr>, size: i128) -> Handle<Expr> {
        let total = self.cast(total, Scalar::I64);
        let size = self.int(size, Scalar::I64);
        self.op(BinaryOp::CeilDivide, total, size)
    }

    /// A buffer of `count` elements from `first`.
    pub(crate) fn buffer(
        &mut self,
        array: Handle<Var>,
        first: i128,
        count: Handle<Expr>,
        is_written: bool,
    ) -> Buffer {
        Buffer {
            array,
            element: self.function.vars[array].ty.element().unwrap().clone(),
            first: self.int(first, Scalar::I64),
            count: self.cast(count, Scalar::I64),
            is_written,
            may_exceed: false,
            rows: None,
            is_resident: false,
        }
    }

    /// `value > 0`.
    pub(crate) fn is_positive(&mut self, value: Handle<Expr>) -> Guard {
        let zero = self.int(0, Scalar::I32);
        Guard::Holds {
            condition: self.op(BinaryOp::Greater, value, zero),
            kind: "loop-runs",
        }
    }

    pub(crate) fn worthwhile(&mut self, factors: &[Handle<Expr>], threshold: u64) -> Guard {
        let factors: Vec<_> = factors
            .iter()
            .map(|&each| self.cast(each, Scalar::F64))
            .collect();
        let work = factors
            .into_iter()
            .reduce(|a, b| self.op(BinaryOp::Multiply, a, b))
            .unwrap();
        Guard::Worthwhile {
            work,
            counts: Counts::Parallel,
            threshold,
        }
    }
}

/// The element of an array at some subscripts; without subscripts the variable itself.
pub(crate) fn place(var: Handle<Var>, subscripts: &[Handle<Expr>]) -> Place {
    Place {
        var,
        path: subscripts
            .iter()
            .map(|&each| Projection::Index(each))
            .collect(),
    }
}

/// `if (condition) then`.
pub(crate) fn when(condition: Handle<Expr>, then: Vec<Stmt>) -> Stmt {
    Stmt::If(If {
        condition,
        then,
        otherwise: Vec::new(),
        span: Span::default(),
    })
}

/// One kernel and what surrounds it.
pub(crate) struct Region {
    pub(crate) replaces: Span,
    pub(crate) guards: Vec<Guard>,
    /// With whether it is copied in.
    pub(crate) buffers: Vec<(Buffer, bool)>,
    pub(crate) values: Vec<Handle<Var>>,
    pub(crate) kernel: &'static str,
    pub(crate) grid: [Handle<Expr>; 3],
    pub(crate) block: [u32; 3],
    pub(crate) body: Vec<Stmt>,
    pub(crate) mapping: &'static [&'static str],
}

/// Returns the plan of a file with one function that has regions.
pub(crate) fn plan(builder: &Builder, regions: Vec<Region>) -> Plan {
    let mut module = Module {
        source: Source::new("folder/sample.c", &*builder.source),
        ..Module::default()
    };
    let of = module.functions.push(builder.function.clone());
    let end = builder.function.span.end as usize;
    module.items = vec![
        Item::Verbatim(Span::new(0, builder.function.span.start as usize)),
        Item::Function(of),
        Item::Verbatim(Span::new(end, builder.source.len())),
    ];
    let regions = regions
        .into_iter()
        .map(|region| region_plan(builder, of, region))
        .collect();
    Plan {
        module,
        regions,
        loops: Vec::new(),
        residency: Residency::default(),
        split: None,
    }
}

fn region_plan(builder: &Builder, of: Handle<Function>, region: Region) -> RegionPlan {
    let mut buffers = Arena::default();
    let mut kernels = Arena::default();
    let handles: Vec<_> = region
        .buffers
        .into_iter()
        .map(|(buffer, is_read)| (buffers.push(buffer), is_read))
        .collect();
    let values = region.values.into_iter().map(KernelParameter::Value);
    let kernel = kernels.push(KernelPlan {
        name: region.kernel.to_owned(),
        span: region.replaces,
        parameters: handles
            .iter()
            .map(|(buffer, _)| KernelParameter::Buffer(*buffer))
            .chain(values)
            .collect(),
        grid: region.grid,
        block: region.block,
        body: region.body,
        reductions: Vec::new(),
        mapping: region.mapping.iter().map(|&each| each.to_owned()).collect(),
        drops_half: false,
    });
    let allocate = handles.iter().map(|(buffer, _)| HostOp::Allocate(*buffer));
    let copy_in = handles
        .iter()
        .filter(|(_, is_read)| *is_read)
        .map(|(buffer, _)| HostOp::CopyIn(*buffer));
    let copy_out = buffers
        .iter()
        .filter(|(_, buffer)| buffer.is_written)
        .map(|(buffer, _)| HostOp::CopyOut(buffer));
    RegionPlan {
        name: region.kernel.replace("_l", ":"),
        of,
        function: builder.function.clone(),
        replaces: region.replaces,
        fetched: Vec::new(),
        guards: region.guards,
        host: allocate
            .chain(copy_in)
            .chain([HostOp::Launch(kernel)])
            .chain(copy_out)
            .collect(),
        buffers: buffers.clone(),
        inspections: Arena::default(),
        reductions: Arena::default(),
        split_sums: Vec::new(),
        atomic_sums: std::collections::BTreeSet::new(),
        lane_joins: Vec::new(),
        kernels,
        contraction: mupac_ir::Contraction::Allowed,
        memory: mupac_ir::Memory::Explicit,
        never_waits: false,
        otherwise: Vec::new(),
        origins: mupac_ir::Origins::new(),
        trajectory: Trajectory::default(),
    }
}

/// Returns a pointer to rows of a length that an expression gives.
pub(crate) fn rows(of: Scalar, length: Extent) -> Type {
    Type::Array {
        of: Box::new(of.into()),
        length,
    }
    .pointer(false)
}
