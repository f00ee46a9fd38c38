//! Functions and variables.

use std::borrow::Cow;

use crate::arena::{Arena, Handle};
use crate::expr::{Expr, ExprKind, Place, Projection};
use crate::span::Span;
use crate::stmt::{Block, LoopName};
use crate::types::{Record, Type};

/// A function with a body.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Name in C.
    pub name: String,
    /// Parameters in order, each a variable of storage [`Storage::Parameter`].
    pub parameters: Vec<Handle<Var>>,
    /// Type of the result.
    pub result: Type,
    /// Whether other files may have a function by the same name: C declares it `static` or `inline`.
    pub is_static: bool,
    /// Parameters, locals, iterators, and the globals that the body names.
    pub vars: Arena<Var>,
    /// Every expression of the body.
    pub exprs: Arena<Expr>,
    /// The statements.
    pub body: Block,
    /// What the user promises about memory.
    pub promises: Vec<Promise>,
    /// What its text shows of when statements run and memory ends; not part of the text form.
    pub order: TextOrder,
    /// The whole definition in the source.
    pub span: Span,
    /// The text between and including the braces of the body.
    pub body_span: Span,
}

/// Whether the text of a function shows when its statements run and when its memory ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum TextOrder {
    /// Statements run where they stand, and memory that ends with the function or before is declared.
    #[default]
    Plain,
    /// Some memory ends with the function that nothing declares: `alloca`.
    MakesMemory,
    /// Statements run in another order, where it jumps or control comes back (`setjmp`); something runs where a scope ends;
    /// or memory ends with a block that does not declare it, as that of a compound literal does (C17 6.5.2.5 §5).
    Hidden,
}

impl Function {
    /// Returns a copy that has its variables and expressions, with room for a few more, and no statements.
    #[must_use]
    pub fn without_body(&self) -> Self {
        Self {
            name: self.name.clone(),
            parameters: self.parameters.clone(),
            result: self.result.clone(),
            is_static: self.is_static,
            vars: self.vars.with_room(8),
            exprs: self.exprs.with_room(64),
            body: Block::new(),
            promises: self.promises.clone(),
            order: self.order,
            span: self.span,
            body_span: self.body_span,
        }
    }

    /// Returns the function for text in which variables of enumerations are numbers, as mupac declares them.
    #[must_use]
    pub fn without_enumerations(&self) -> Cow<'_, Self> {
        let vars = self
            .vars
            .iter()
            .filter(|(_, var)| var.enumeration.is_some());
        let vars: Vec<_> = vars.map(|(var, _)| var).collect();
        let mut function = Cow::Borrowed(self);
        for var in vars {
            function.to_mut().vars[var].enumeration = None;
        }
        function
    }

    /// Appends an expression and returns its handle.
    pub fn expr(&mut self, kind: ExprKind, ty: impl Into<Type>) -> Handle<Expr> {
        self.exprs.push(Expr::new(kind, ty))
    }

    /// Appends a read of a whole variable.
    pub fn load(&mut self, var: Handle<Var>) -> Handle<Expr> {
        let ty = self.vars[var].ty.clone();
        self.expr(ExprKind::Load(Place::var(var)), ty)
    }

    /// Returns a variable name that no variable has: `base`, else `base.2`, `base.3`, …
    pub fn fresh_name(&self, base: &str) -> String {
        let is_taken = |name: &str| self.vars.iter().any(|(_, var)| var.name == name);
        if !is_taken(base) {
            return base.to_owned();
        }
        // One more candidate than there are variables.
        (2..self.vars.len() + 3)
            .map(|number| format!("{base}.{number}"))
            .find(|name| !is_taken(name))
            .unwrap_or_default()
    }

    /// Returns the type of what a place holds, or `None` where the path does not fit the type.
    pub fn place_type(&self, records: &Arena<Record>, place: &Place) -> Option<Type> {
        let mut ty = &self.vars.get(place.var)?.ty;
        for step in &place.path {
            ty = match (step, ty) {
                (Projection::Index(_), _) => ty.element()?,
                (Projection::Field(field), Type::Record(record)) => {
                    &records.get(*record)?.fields.get(*field as usize)?.ty
                }
                (Projection::Field(_), _) => return None,
            };
        }
        Some(ty.clone())
    }
}

/// A promise of the user (`#pragma mupac extent(p: n)`): while the function or loop runs, all of `array[0]` to
/// `array[count - 1]` may be accessed, and it accesses nothing else through `array`.
#[derive(Clone, Debug, PartialEq)]
pub struct Promise {
    /// A pointer or array.
    pub array: Handle<Var>,
    /// Number of elements, an `i64`, evaluated when the function or loop starts.
    pub count: Handle<Expr>,
    /// The loop it is about; `None`: the whole function.
    pub within: Option<LoopName>,
}

/// A variable of a function.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the qualifiers of C are independent of one another"
)]
pub struct Var {
    /// Unique in the function; letters, digits, `_` and `.`: `i`, `i.2`, `i.o`.
    pub name: String,
    /// How the source spells it; empty for variables that mupac made. In scope wherever a region names it.
    pub spelling: String,
    /// Its type; a parameter declared as an array is a pointer here, as in C.
    pub ty: Type,
    /// By which name the source says each length in its type, outermost first, where it is a constant's; none where mupac
    /// declares it. Not part of the text form.
    pub extents: Vec<Option<String>>,
    /// Where it comes from.
    pub storage: Storage,
    /// Where it lives.
    pub space: Space,
    /// Whether C declares the variable itself `const` (`const int n`; for arrays, the elements).
    pub is_const: bool,
    /// Whether it is `volatile`.
    pub is_volatile: bool,
    /// For a pointer: whether C declares it `restrict`.
    pub is_restrict: bool,
    /// The enumeration that its values are of in C, where it has a name: C++ converts no number to one by itself; `None` where
    /// mupac declares it; not part of the text form.
    pub enumeration: Option<String>,
    /// Whether the program takes its address, or may through another file.
    pub is_address_taken: bool,
    /// For a pointer: whether all that it ever holds is null or what an allocator returned; not part of the text form.
    pub leads_to_block: bool,
    /// The statements of text that is not modelled which name it, by whatever macro; a jump, or a label, counts as naming
    /// every variable of the function. Not part of the text form.
    pub texts: Vec<Span>,
    /// Its declaration.
    pub span: Span,
}

impl Var {
    /// Returns a local variable without source.
    pub fn local(name: impl Into<String>, ty: impl Into<Type>) -> Self {
        Self {
            name: name.into(),
            spelling: String::new(),
            ty: ty.into(),
            extents: Vec::new(),
            storage: Storage::Local,
            space: Space::Host,
            is_const: false,
            is_volatile: false,
            is_restrict: false,
            enumeration: None,
            is_address_taken: false,
            leads_to_block: false,
            texts: Vec::new(),
            span: Span::default(),
        }
    }

    /// Returns whether a statement of text that is not modelled may read or assign the variable: one that names it, or
    /// any where others than the function's own statements may reach the variable.
    pub fn is_reached_by(&self, text: Span) -> bool {
        let is_value = matches!(self.ty, Type::Scalar(_) | Type::Pointer { .. });
        !is_value || !self.is_plain_local() || self.texts.contains(&text)
    }

    /// Returns whether nothing but the function's own statements can read or assign the variable.
    pub fn is_plain_local(&self) -> bool {
        let is_automatic = match self.storage {
            Storage::Parameter | Storage::Local => true,
            Storage::Static | Storage::Global | Storage::Function => false,
        };
        is_automatic && !self.is_address_taken && !self.is_volatile
    }
}

/// Where a variable comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Storage {
    /// A parameter.
    Parameter,
    /// A local with automatic storage; a temporary of the front end; a loop iterator.
    Local,
    /// A local declared `static`.
    Static,
    /// A variable of file scope.
    Global,
    /// A function, as the object that pointers to it lead to; nothing but its address is used.
    Function,
}

/// Where a variable lives once the code is mapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Space {
    /// Host memory, as C has it.
    Host,
    /// Device global memory that the host neither has nor sees: an array with an element for every instance of a variable of
    /// the program, so that one launch may leave what another one finds. In a plan its buffer holds nothing to copy.
    Global,
    /// Constant memory of a launch, with an array's elements from the first on, by the subscripts that they have there: the
    /// kernel is passed them by value. Code before lowering names the array alone.
    Constant(Handle<Var>),
    /// Memory shared by one block.
    Shared,
    /// Memory shared by one block, of the same elements as the start of an array: its part in updates that join to the
    /// array. Every element starts with what changes nothing and is joined to the array's when the block is through, so
    /// code before lowering names the array alone.
    Partial(Handle<Var>),
    /// Device global memory, with the numbers of an array once for each iteration of the outermost loop of a launch: what
    /// these iterations add to the array's elements, each in its own slice. Every number starts at zero and is added to the
    /// array's element, slice by slice, when the launch is through, so code before lowering names the array alone.
    Slices(Handle<Var>),
    /// Private to one thread.
    Register,
}

impl Space {
    /// Returns the array in whose place a variable comes to stand when code is lowered; until then nothing but its
    /// declaration names the variable.
    pub fn stands_for(self) -> Option<Handle<Var>> {
        match self {
            Self::Constant(array) | Self::Partial(array) | Self::Slices(array) => Some(array),
            Self::Host | Self::Global | Self::Shared | Self::Register => None,
        }
    }
}
