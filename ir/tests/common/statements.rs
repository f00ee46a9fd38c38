//! Random statements of every kind.

use mupac_ir::stmt::Call;
use mupac_ir::{
    Axis, Block, Compute, DependenceKind, ExprKind, Extent, Handle, If, Loop, LoopName, Mapping,
    Place, Projection, Reason, Refusal, Scalar, Space, Span, Stmt, StmtId, Storage, Type, Var,
    While, Witness,
};

use super::build::{Builder, Form};

impl Builder {
    /// Returns a few statements; `is_in_loop` allows to leave one.
    pub(crate) fn block(&mut self, depth: usize, is_in_loop: bool) -> Block {
        let (visible, fixed) = (self.visible.len(), self.fixed.len());
        let count = if depth == 0 {
            1
        } else {
            1 + self.choices.below(5)
        };
        let mut block = Vec::new();
        for _ in 0..count {
            if let Some(statement) = self.statement(depth, is_in_loop) {
                block.push(statement);
            }
        }
        self.visible.truncate(visible);
        self.fixed.truncate(fixed);
        block
    }

    fn statement(&mut self, depth: usize, is_in_loop: bool) -> Option<Stmt> {
        let span = Span::default();
        let is_leaf = depth == 0 || self.choices.is_empty();
        match self.choices.below(if is_leaf { 8 } else { 12 }) {
            0..=2 => self.compute(),
            3 => {
                if let Some(part) = self.part() {
                    return Some(Stmt::Declare(part, span));
                }
                let ty = self.object_type(true);
                let var = self.variable("t", ty, Storage::Local);
                self.visible.push(var);
                Some(Stmt::Declare(var, span))
            }
            4 if self.form != Form::Sequential && self.choices.one_in(3) => Some(self.vector()),
            4 if self.form == Form::Mapped && self.choices.one_in(3) => Some(self.by_lanes()),
            4 => Some(self.named()),
            5 => Some(self.called()),
            6 if is_in_loop => Some(if self.choices.one_in(2) {
                Stmt::Break(span)
            } else {
                Stmt::Continue(span)
            }),
            6 => Some(self.returned()),
            7 if self.form == Form::Kernel => Some(Stmt::Barrier),
            7 => Some(self.verbatim()),
            8 => {
                let condition = self.condition(3);
                let then = self.block(depth - 1, is_in_loop);
                let otherwise = if self.choices.one_in(2) {
                    self.block(depth - 1, is_in_loop)
                } else {
                    Vec::new()
                };
                Some(Stmt::If(If {
                    condition,
                    then,
                    otherwise,
                    span,
                }))
            }
            9 | 10 => Some(self.counted(depth)),
            _ => Some(self.uncounted(depth)),
        }
    }

    fn id(&mut self) -> StmtId {
        if self.form == Form::Sequential || self.choices.one_in(2) {
            self.next_id += 1;
        }
        StmtId(self.next_id)
    }

    /// Returns a place that may be written here.
    fn target(&mut self) -> Option<(Place, Type)> {
        for _ in 0..4 {
            let (place, ty) = self.place(2)?;
            let var = &self.function.vars[place.var];
            let is_behind = matches!(var.ty, Type::Pointer { .. })
                && matches!(place.path.first(), Some(Projection::Index(_)));
            let is_whole = matches!(ty, Type::Scalar(_) | Type::Pointer { .. } | Type::Record(_));
            if is_whole && (is_behind || !self.fixed.contains(&place.var)) {
                return Some((place, ty));
            }
        }
        None
    }

    fn compute(&mut self) -> Option<Stmt> {
        let (target, ty) = self.target()?;
        let value = if matches!(ty, Type::Record(_)) {
            self.function.expr(ExprKind::Load(target.clone()), ty)
        } else {
            self.value(&ty, 4)
        };
        Some(Stmt::Compute(Compute {
            id: self.id(),
            target,
            value,
            span: Span::default(),
            target_span: Span::default(),
        }))
    }

    fn named(&mut self) -> Stmt {
        let scalar = self.scalar();
        let ty = if self.choices.one_in(3) {
            Type::from(scalar).pointer(false)
        } else {
            scalar.into()
        };
        let value = self.value(&ty, 3);
        let var = self.variable("k", ty, Storage::Local);
        self.visible.push(var);
        self.fixed.push(var);
        Stmt::Let(var, value)
    }

    fn called(&mut self) -> Stmt {
        let target = if self.choices.one_in(2) {
            self.target().map(|(place, _)| place)
        } else {
            None
        };
        let callee = ["work", "i32", "min", "sqrt"][self.choices.below(4)];
        let arguments = (0..self.choices.below(3))
            .map(|_| self.condition(2))
            .collect();
        Stmt::Call(Call {
            target,
            callee: callee.to_owned(),
            arguments,
            span: Span::default(),
        })
    }

    fn returned(&mut self) -> Stmt {
        let ty = self.function.result.clone();
        let value = (ty != Type::Void).then(|| self.value(&ty, 3));
        Stmt::Return(value, Span::default())
    }

    fn verbatim(&mut self) -> Stmt {
        let texts = ["goto out;", "asm(\"nop\\t\");\n\u{3bb}`x`;\u{7}", ""];
        let text = texts[self.choices.below(texts.len())];
        let start = self.module.source.text().find(text).unwrap_or(0);
        let span = Span::new(start, start + text.len());
        Stmt::Verbatim(span, Box::new(self.refusal()))
    }

    fn refusal(&mut self) -> Refusal {
        let reasons = reasons();
        let reason = reasons[self.choices.below(reasons.len())].clone();
        let mut refusal = Refusal::new(reason, Span::default());
        for _ in 0..self.choices.below(3) {
            refusal = refusal.with(Span::default(), "read \"here\"\n");
        }
        refusal.help = self.choices.one_in(2).then(|| "`int k;`".to_owned());
        refusal
    }

    fn loop_name(&mut self, usual: &str) -> LoopName {
        self.next_loop += 1;
        if self.next_loop == 1 {
            LoopName(usual.to_owned())
        } else {
            LoopName(format!("{usual}.{}", self.next_loop))
        }
    }

    fn counted(&mut self, depth: usize) -> Stmt {
        let scalar = [Scalar::I32, Scalar::I64, Scalar::U8, Scalar::U64][self.choices.below(4)];
        let start = self.value(&scalar.into(), 2);
        let end_type = if scalar == Scalar::U8 || self.choices.one_in(3) {
            Scalar::I64
        } else {
            scalar
        };
        let end_type = if scalar == Scalar::U64 {
            Scalar::U64
        } else {
            end_type
        };
        let end = self.value(&end_type.into(), 3);
        let (iterator, declares_iterator) = self.iterator(scalar);
        let usual = self.function.vars[iterator].name.clone();
        let step = [1, 2, -1, -3][self.choices.below(4)];
        let (visible, fixed) = (self.visible.len(), self.fixed.len());
        if declares_iterator {
            self.visible.push(iterator);
        }
        self.fixed.push(iterator);
        let name = self.loop_name(&usual);
        let mut body = self.block(depth - 1, true);
        self.visible.truncate(visible);
        self.fixed.truncate(fixed);
        let mapping = self.mapping(&body);
        if mapping.is_parallel() && self.choices.one_in(2) {
            body.push(Stmt::Barrier);
        }
        Stmt::For(Loop {
            name,
            iterator,
            declares_iterator,
            start,
            end,
            step,
            mapping,
            body,
            span: Span::default(),
            header_span: Span::default(),
        })
    }

    /// Returns a block in which one access moves elements between memory and registers.
    fn vector(&mut self) -> Stmt {
        let row = |scalar: Scalar| Type::Array {
            of: Box::new(scalar.into()),
            length: Extent::Fixed(8),
        };
        let (scalar, count) =
            [(Scalar::F32, 4), (Scalar::I64, 2), (Scalar::U8, 8)][self.choices.below(3)];
        let [memory, register] = [Space::Host, Space::Register].map(|space| {
            let mut var = Var::local(self.function.fresh_name("v"), row(scalar));
            var.space = space;
            self.function.vars.push(var)
        });
        let (iterator, _) = self.iterator(Scalar::I64);
        let counted = self.function.load(iterator);
        let place = |var| Place {
            var,
            path: vec![Projection::Index(counted)],
        };
        let (target, source) = if self.choices.one_in(2) {
            (memory, register)
        } else {
            (register, memory)
        };
        let value = self.function.expr(ExprKind::Load(place(source)), scalar);
        let span = Span::default();
        let copy = Stmt::Compute(Compute {
            id: self.id(),
            target: place(target),
            value,
            span,
            target_span: span,
        });
        let each = self.counting(iterator, count, Mapping::Vector, vec![copy]);
        Stmt::If(If {
            condition: self.condition(3),
            then: vec![
                Stmt::Declare(memory, span),
                Stmt::Declare(register, span),
                each,
            ],
            otherwise: Vec::new(),
            span,
        })
    }

    /// Returns a loop of a thread that lanes share out.
    fn by_lanes(&mut self) -> Stmt {
        let mut var = |stem: &str, ty: Type| {
            let name = self.function.fresh_name(stem);
            self.function.vars.push(Var::local(name, ty))
        };
        let threads = var("t", Scalar::I64.into());
        let lanes = var("l", Scalar::I64.into());
        let body = self.compute().into_iter().collect();
        let inner = self.counting(lanes, 8, Mapping::Lanes, body);
        self.counting(threads, 8, Mapping::Thread(Axis::Y), vec![inner])
    }

    /// Returns a loop that counts so far with its own iterator.
    fn counting(
        &mut self,
        iterator: Handle<Var>,
        count: i128,
        mapping: Mapping,
        body: Block,
    ) -> Stmt {
        let [start, end] =
            [0, count].map(|bound| self.function.expr(ExprKind::Int(bound), Scalar::I64));
        let name = self.function.vars[iterator].name.clone();
        Stmt::For(Loop {
            name: self.loop_name(&name),
            iterator,
            declares_iterator: true,
            start,
            end,
            step: 1,
            mapping,
            body,
            span: Span::default(),
            header_span: Span::default(),
        })
    }

    /// Returns a new iterator; one that its loop does not declare is declared nowhere.
    fn iterator(&mut self, scalar: Scalar) -> (Handle<Var>, bool) {
        let mut var = Var::local(self.function.fresh_name("i"), scalar);
        var.is_const = false;
        (self.function.vars.push(var), self.choices.one_in(2))
    }

    /// Returns a mapping that fits around a body: loops inside are mapped already.
    fn mapping(&mut self, body: &Block) -> Mapping {
        let is_simple = body
            .iter()
            .all(|each| matches!(each, Stmt::Compute(_) | Stmt::Declare(..) | Stmt::Let(..)));
        if self.form != Form::Mapped || !is_simple {
            return Mapping::Sequential;
        }
        let axis = Axis::ALL[self.choices.below(3)];
        match self.choices.below(5) {
            0 => Mapping::Sequential,
            1 => Mapping::Block(axis),
            2 => Mapping::Unroll(None),
            3 => Mapping::Unroll(Some(2 + self.choices.below(30) as u16)),
            _ => Mapping::Thread(axis),
        }
    }

    fn uncounted(&mut self, depth: usize) -> Stmt {
        let name = self.loop_name("while");
        let before_test = if self.choices.one_in(2) {
            self.compute().into_iter().collect()
        } else {
            Vec::new()
        };
        let condition = self.condition(3);
        let after_body = if self.choices.one_in(2) {
            self.compute().into_iter().collect()
        } else {
            Vec::new()
        };
        let not_counted = if self.choices.one_in(2) {
            Some(Box::new(self.refusal()))
        } else {
            None
        };
        Stmt::While(While {
            name,
            before_test,
            condition,
            is_do: self.choices.one_in(2),
            body: self.block(depth - 1, true),
            after_body,
            not_counted,
            span: Span::default(),
            header_span: Span::default(),
        })
    }
}

/// Returns one of every reason, and both forms of a dependence.
fn reasons() -> Vec<Reason> {
    let text = || "a \"b\" \u{e9}\n".to_owned();
    let dependence = |witness: bool| Reason::CarriedDependence {
        array: text(),
        kind: [DependenceKind::Flow, DependenceKind::Anti][usize::from(witness)],
        iterators: vec!["i".to_owned(), "j.2".to_owned()],
        witness: witness.then(|| Witness {
            source: vec![1, -2],
            sink: vec![2, i64::MIN],
            element: Vec::new(),
        }),
    };
    vec![
        dependence(false),
        dependence(true),
        Reason::CarriedDependence {
            array: String::new(),
            kind: DependenceKind::Output,
            iterators: Vec::new(),
            witness: None,
        },
        Reason::SharedTemporary {
            variables: vec![text(), "j.2".to_owned()],
        },
        Reason::OrderDependentFloat { operator: text() },
        Reason::LibraryDigits { callee: text() },
        Reason::UnknownCall {
            callee: text(),
            obstacle: None,
        },
        Reason::UnknownCall {
            callee: text(),
            obstacle: Some(text()),
        },
        Reason::SideEffect { what: text() },
        Reason::Volatile { variable: text() },
        Reason::EarlyExit { how: text() },
        Reason::ModifiedBound { variable: text() },
        Reason::UncountableLoop { why: text() },
        Reason::NonAffineBound,
        Reason::UnknownExtent { array: text() },
        Reason::SolverLimit,
        Reason::NonAffineSubscript { array: text() },
        Reason::Unsupported { construct: text() },
        Reason::NeedsC { why: text() },
        Reason::Unprofitable {
            kernels: 4_100,
            inspections: 700,
            copies: 20_000,
            host: 900,
        },
        Reason::TooSmall {
            iterations: -7,
            threshold: u64::MAX,
        },
        Reason::UserChoice { option: text() },
        Reason::EnoughParallelism,
        Reason::SeenThrough { function: text() },
        Reason::IllegalStep { why: text() },
        Reason::CheckFailed { what: text() },
        Reason::NotTested { why: text() },
    ]
}
