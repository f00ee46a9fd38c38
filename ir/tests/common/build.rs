//! Builds a random module of any form out of a list of choices; the result always verifies.
//!
//! The point is breadth of the IR, not sense: every variant of every type occurs.

use mupac_ir::structure::extents;
use mupac_ir::{
    Arena, ExprKind, Extent, Field, Function, Handle, Item, Module, Place, Record, Scalar, Source,
    Space, Span, Storage, Type, Var,
};

/// Which rules the module is to follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Sequential,
    Mapped,
    Kernel,
}

/// A list of numbers that decides everything; zeros follow its end.
pub(crate) struct Choices {
    numbers: Vec<u32>,
    position: usize,
}

impl Choices {
    pub(crate) fn new(numbers: Vec<u32>) -> Self {
        Self {
            numbers,
            position: 0,
        }
    }

    pub(crate) fn next(&mut self) -> u32 {
        let number = self.numbers.get(self.position).copied().unwrap_or(0);
        self.position += 1;
        number
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.next() as usize % bound
    }

    pub(crate) fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == bound - 1
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.position >= self.numbers.len()
    }
}

/// A module being built.
pub(crate) struct Builder {
    pub(crate) choices: Choices,
    pub(crate) form: Form,
    pub(crate) module: Module,
    pub(crate) function: Function,
    /// Variables that may be named here.
    pub(crate) visible: Vec<Handle<Var>>,
    /// Variables among them that must not change here.
    pub(crate) fixed: Vec<Handle<Var>>,
    pub(crate) next_id: u32,
    pub(crate) next_loop: u32,
}

/// Returns the module that the numbers describe.
pub(crate) fn module(numbers: Vec<u32>, form: Form) -> Module {
    let mut builder = Builder {
        choices: Choices::new(numbers),
        form,
        module: Module {
            source: Source::new("made.c", "goto out;\nasm(\"nop\\t\");\n\u{3bb}`x`;\u{7}"),
            ..Module::default()
        },
        function: empty("f"),
        visible: Vec::new(),
        fixed: Vec::new(),
        next_id: 0,
        next_loop: 0,
    };
    builder.records();
    let count = 1 + builder.choices.below(2);
    for name in ["f", "max", "in"].into_iter().take(count) {
        builder.function(name);
    }
    builder.module.items.push(Item::Verbatim(Span::new(0, 4)));
    builder.module
}

fn empty(name: &str) -> Function {
    Function {
        name: name.to_owned(),
        parameters: Vec::new(),
        result: Type::Void,
        is_static: false,
        vars: Arena::default(),
        exprs: Arena::default(),
        body: Vec::new(),
        promises: Vec::new(),
        order: mupac_ir::TextOrder::default(),
        span: Span::default(),
        body_span: Span::default(),
    }
}

impl Builder {
    fn records(&mut self) {
        let inner = self.module.records.push(Record {
            name: "struct body".to_owned(),
            fields: vec![
                field("x", Scalar::F64.into(), 0),
                field("of", Scalar::I8.into(), 8),
                field("bits", Type::Opaque("int : 3".to_owned()), 12),
                field("v", array(Scalar::I16.into(), 4), 16),
            ],
            size_bytes: 24,
            align_bytes: 8,
        });
        let names = ["node", "const", "struct $odd", "struct body"];
        let name = names[self.choices.below(names.len())];
        let handle = self.module.records.push(Record {
            name: name.to_owned(),
            fields: vec![
                field("in", Scalar::I32.into(), 0),
                field("", Scalar::U32.into(), 4),
                field("", Scalar::F32.into(), 8),
                field("body", Type::Record(inner), 16),
            ],
            size_bytes: 48,
            align_bytes: 8,
        });
        let link = Type::Record(handle).pointer(false);
        let record = &mut self.module.records[handle];
        record.fields.push(field("next", link, 40));
    }

    fn function(&mut self, name: &str) {
        self.function = empty(name);
        self.function.is_static = self.choices.one_in(2);
        self.visible.clear();
        self.fixed.clear();
        self.next_id = 0;
        self.next_loop = 0;
        if self.form != Form::Kernel && self.choices.one_in(2) {
            self.function.result = Scalar::F64.into();
        }
        self.size();
        for position in 0..2 + self.choices.below(4) {
            let ty = self.parameter_type();
            let var = self.variable(&format!("p{position}"), ty, Storage::Parameter);
            self.function.parameters.push(var);
            self.visible.push(var);
        }
        for position in 0..self.choices.below(4) {
            let storage = [Storage::Global, Storage::Static, Storage::Local][self.choices.below(3)];
            let ty = if storage == Storage::Global && self.choices.one_in(3) {
                array_of(Scalar::F32.into(), Extent::Unknown)
            } else {
                self.object_type(storage == Storage::Local)
            };
            let var = self.variable(&format!("g{position}"), ty, storage);
            self.visible.push(var);
        }
        self.function.body = self.block(5, false);
        let function = std::mem::replace(&mut self.function, empty(""));
        let handle = self.module.functions.push(function);
        self.module.items.push(Item::Function(handle));
    }

    /// Adds the parameter that extents are made of.
    fn size(&mut self) {
        let mut size = Var::local("n", Scalar::I32);
        size.storage = Storage::Parameter;
        size.is_const = self.choices.one_in(2);
        let size = self.function.vars.push(size);
        self.function.parameters.push(size);
        self.visible.push(size);
        self.fixed.push(size);
    }

    /// Adds a variable with random properties and, sometimes, a name that needs quotes.
    pub(crate) fn variable(&mut self, name: &str, ty: Type, storage: Storage) -> Handle<Var> {
        let odd = [
            "max",
            "true",
            "block.x",
            "if",
            "\u{e9}t\u{e9}",
            "a$b",
            "f64",
            "S1",
            "t.body",
        ];
        let name = if self.choices.one_in(4) {
            odd[self.choices.below(odd.len())]
        } else {
            name
        };
        let mut var = Var::local(self.function.fresh_name(name), ty);
        var.storage = storage;
        var.is_const = self.choices.one_in(4);
        var.is_volatile = self.choices.one_in(8);
        var.is_address_taken = self.choices.one_in(4);
        var.is_restrict = matches!(var.ty, Type::Pointer { .. }) && self.choices.one_in(2);
        if self.form != Form::Sequential {
            // What a block shares is a local of fixed size that threads run past.
            let may_be_shared = self.form == Form::Kernel
                && storage == Storage::Local
                && extents(&var.ty).is_empty()
                && !var.is_address_taken;
            let spaces = [
                Space::Host,
                Space::Global,
                Space::Register,
                if may_be_shared {
                    Space::Shared
                } else {
                    Space::Host
                },
            ];
            var.space = spaces[self.choices.below(spaces.len())];
        }
        self.function.vars.push(var)
    }

    /// Adds a part, constants, or slices, of a parameter that points to numbers; `None` where there is none, or no block.
    pub(crate) fn part(&mut self) -> Option<Handle<Var>> {
        let mut parameters = self.function.parameters.iter().copied();
        let number = |each: Handle<Var>| {
            let number = self.function.vars[each].ty.element()?.scalar()?;
            Some((each, number))
        };
        let (whole, number) = parameters.find_map(number)?;
        let is_wanted = self.form == Form::Kernel && self.choices.one_in(2);
        let ty = Type::Array {
            of: Box::new(number.into()),
            length: Extent::Fixed(8),
        };
        let (ty, space) = match self.choices.below(3) {
            0 => (ty, Space::Partial(whole)),
            1 => (ty, Space::Constant(whole)),
            _ => (Type::from(number).pointer(false), Space::Slices(whole)),
        };
        let mut part = Var::local(self.function.fresh_name("part"), ty);
        part.space = space;
        is_wanted.then(|| self.function.vars.push(part))
    }

    pub(crate) fn scalar(&mut self) -> Scalar {
        Scalar::ALL[self.choices.below(Scalar::ALL.len())]
    }

    fn parameter_type(&mut self) -> Type {
        let is_const = self.choices.one_in(2);
        match self.choices.below(8) {
            0 | 1 => self.scalar().into(),
            2 | 3 => Type::from(self.scalar()).pointer(is_const),
            4 => self.row_type().pointer(is_const),
            5 => self.record_type().pointer(is_const),
            6 => Type::Void.pointer(is_const),
            _ => Type::Opaque("FILE".to_owned())
                .pointer(false)
                .pointer(is_const),
        }
    }

    /// Returns the type of an object; only some may have extents that are expressions.
    pub(crate) fn object_type(&mut self, may_vary: bool) -> Type {
        match self.choices.below(7) {
            0 | 1 => self.scalar().into(),
            2 => self.record_type(),
            3 => array(array(self.scalar().into(), 3), 2),
            4 => array(Type::from(self.scalar()).pointer(true), 4),
            5 if may_vary => self.row_type(),
            5 => array(Scalar::I64.into(), 7),
            _ => Type::Opaque("long double".to_owned()),
        }
    }

    fn record_type(&mut self) -> Type {
        let count = self.module.records.len();
        let position = self.choices.below(count);
        let handle = self.module.records.iter().nth(position);
        handle.map_or(Type::Void, |(handle, _)| Type::Record(handle))
    }

    /// Returns an array whose length is an expression over `n`, or a constant that is one.
    fn row_type(&mut self) -> Type {
        let size = self.function.parameters[0];
        let length = if self.choices.one_in(4) {
            self.function.expr(ExprKind::Int(5), Scalar::I32)
        } else {
            let load = self.function.load(size);
            if self.choices.one_in(2) {
                self.function.expr(ExprKind::Cast(load), Scalar::U64)
            } else {
                load
            }
        };
        array_of(Scalar::F64.into(), Extent::Variable(length))
    }

    /// Returns a random place among the visible variables, with its type; behind pointers where there are some.
    pub(crate) fn place(&mut self, depth: usize) -> Option<(Place, Type)> {
        use mupac_ir::Projection;
        if self.visible.is_empty() {
            return None;
        }
        let position = self.choices.below(self.visible.len());
        let var = self.visible[position];
        let mut place = Place::var(var);
        let mut ty = self.function.vars[var].ty.clone();
        for _ in 0..4 {
            let next = match &ty {
                Type::Pointer { to, .. } => {
                    let is_opaque = matches!(**to, Type::Void | Type::Opaque(_));
                    if is_opaque || self.choices.one_in(3) {
                        break;
                    }
                    (**to).clone()
                }
                Type::Array { of, .. } => (**of).clone(),
                Type::Record(record) => {
                    if self.choices.one_in(3) {
                        break;
                    }
                    let fields = &self.module.records[*record].fields;
                    let field = self.choices.below(fields.len());
                    place.path.push(Projection::Field(field as u32));
                    ty = fields[field].ty.clone();
                    continue;
                }
                Type::Void | Type::Scalar(_) | Type::Opaque(_) => break,
            };
            let integer = [Scalar::I32, Scalar::I64, Scalar::U8][self.choices.below(3)];
            let index = self.value(&integer.into(), depth.saturating_sub(1));
            place.path.push(Projection::Index(index));
            ty = next;
        }
        Some((place, ty))
    }
}

fn field(name: &str, ty: Type, offset_bytes: u64) -> Field {
    Field {
        name: name.to_owned(),
        ty,
        offset_bytes,
        enumeration: None,
        leads_to_block: false,
    }
}

fn array(of: Type, length: u64) -> Type {
    array_of(of, Extent::Fixed(length))
}

fn array_of(of: Type, length: Extent) -> Type {
    Type::Array {
        of: Box::new(of),
        length,
    }
}
