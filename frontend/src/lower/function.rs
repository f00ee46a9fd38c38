//! One function: its variables, and the state of lowering its body.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use clang_sys as k;
use mupac_ir::structure::{MAX_BLOCK_DEPTH, MAX_EXPRESSION_DEPTH, visit};
use mupac_ir::{
    Arena, Block, Compute, Expr, ExprKind, Function, Handle, If, LoopName, Place, Scalar, Space,
    Span, Stmt, StmtId, Storage, Type, Var,
};

use crate::clang::Cursor;
use crate::edits::{inline, old_style};
use crate::lower::labels::Labels;
use crate::lower::unions::Unions;
use crate::lower::{Lowered, Shared, declare, effects, order, types, unions, unsupported, walk};

/// Expressions and statements nest at most this deep, which keeps within what a module may hold and what the stack
/// bears; deeper ones stay verbatim.
const DEPTH_LIMIT: usize = MAX_EXPRESSION_DEPTH - 50;

/// Blocks of the IR nest at most this deep.
const BLOCK_LIMIT: usize = MAX_BLOCK_DEPTH - 8;

/// The lowering of one function's body.
pub(super) struct Body<'s, 'u> {
    pub(super) shared: &'s mut Shared<'u>,
    pub(super) function: Function,
    /// The block that statements are appended to.
    pub(super) out: Block,
    /// Number of loops around the current statement.
    pub(super) loop_depth: usize,
    /// Addresses that arrays became by themselves, and no `&` wrote.
    pub(super) decayed: BTreeSet<Handle<Expr>>,
    vars: HashMap<Cursor<'u>, Handle<Var>>,
    /// Values that blocks with a value name.
    pub(super) named_values: HashMap<Cursor<'u>, Handle<Expr>>,
    /// Parameters and locals whose scope the current statement is in, innermost last.
    pub(super) visible: Vec<Handle<Var>>,
    /// Variables that the function assigns or takes the address of, in sizes of parameters as well.
    written: HashSet<Cursor<'u>>,
    /// Locals and parameters that keep the value they start with.
    fixed: BTreeSet<Handle<Var>>,
    loop_names: BTreeSet<String>,
    names: BTreeMap<String, u32>,
    statements: u32,
    depth: usize,
    block_depth: usize,
    pub(super) labels: Labels,
    /// Its unions of numbers.
    pub(super) unions: Unions<'u>,
}

/// Lowers a function definition; `None` where its text is not plainly in the main file, or a statement's text is not.
pub(super) fn lower<'u>(shared: &mut Shared<'u>, cursor: Cursor<'u>) -> Option<Function> {
    let children = cursor.children();
    let compound = children
        .last()
        .copied()
        .filter(|last| last.kind() == k::CXCursor_CompoundStmt)?;
    if !cursor.start().is_main || !shared.text.has_plain_braces(compound) {
        return None;
    }
    let body_span = shared.text.span(compound)?;
    let parameters = walk::parameters(cursor);
    let names = old_style::names(cursor, shared.text);
    // Clang's tree leaves out a parameter that nothing declares.
    if !names.is_empty() && names.len() != parameters.len() {
        return None;
    }
    let start = shared.text.declaration_start(cursor.start().offset);
    let function = Function {
        name: cursor.spelling(),
        parameters: Vec::new(),
        result: shared.types.lower(cursor.ty().result()),
        is_static: cursor.is_static() || inline::is_inline(cursor),
        vars: Arena::default(),
        exprs: Arena::default(),
        body: Vec::new(),
        promises: Vec::new(),
        order: order::of(compound),
        span: Span::new(start, body_span.end as usize),
        body_span,
    };
    let mut body = Body {
        shared,
        function,
        out: Vec::new(),
        loop_depth: 0,
        decayed: BTreeSet::new(),
        vars: HashMap::new(),
        named_values: HashMap::new(),
        visible: Vec::new(),
        written: effects::written(cursor),
        fixed: BTreeSet::new(),
        loop_names: BTreeSet::new(),
        names: BTreeMap::new(),
        statements: 0,
        depth: 0,
        block_depth: 0,
        labels: Labels::of(cursor),
        unions: unions::find(cursor),
    };
    for parameter in parameters {
        body.parameter(parameter);
    }
    body.promises(start, None);
    body.list(&compound.children(), Some(body_span))?;
    body.function.body = std::mem::take(&mut body.out);
    Some(body.function)
}

impl<'u> Body<'_, 'u> {
    fn parameter(&mut self, cursor: Cursor<'u>) {
        let var = self.register(cursor, Storage::Parameter);
        self.function.parameters.push(var);
        let mut sizes = declare::sizes(cursor).into_iter();
        if let Some(size) = sizes.find(|size| effects::has_effects(*size)) {
            let span = self.span(size);
            self.note_text(size, span);
            let refusal = unsupported("a size of a parameter that has effects", span);
            self.out.push(Stmt::Verbatim(span, refusal));
        }
    }

    /// Makes a variable of a declaration, once.
    ///
    /// Where the extents of a variable-length array are not fixed expressions, copies of them are made here.
    pub(super) fn register(&mut self, cursor: Cursor<'u>, storage: Storage) -> Handle<Var> {
        let key = cursor.canonical();
        if let Some(known) = self.vars.get(&key) {
            return *known;
        }
        let ty = match self.unions.get(&key) {
            Some(number) => (*number).into(),
            None => self.declared_type(cursor),
        };
        let is_adjusted = cursor.kind() == k::CXCursor_ParmDecl && types::is_array(cursor.ty());
        let spelling = cursor.spelling();
        let name = self.fresh_name(if spelling.is_empty() {
            "unnamed"
        } else {
            &spelling
        });
        // A cleanup function gets the address when the scope is left.
        let is_taken = self.shared.address_taken.contains(&key) || order::has_cleanup(cursor);
        let is_reachable = match storage {
            // Of a whole program nothing lies in another file.
            Storage::Global => is_taken || !cursor.is_static() && !self.shared.is_whole,
            Storage::Parameter | Storage::Local | Storage::Static | Storage::Function => is_taken,
        };
        let extents = self.extent_names(cursor, &ty);
        let var = self.function.vars.push(Var {
            name,
            spelling,
            ty,
            extents,
            storage,
            space: Space::Host,
            is_const: types::is_const(cursor.ty()) && !is_adjusted,
            is_volatile: types::is_volatile(cursor.ty()) && !is_adjusted,
            is_restrict: cursor.ty().canonical().is_restrict(),
            enumeration: types::enumeration(cursor.ty()),
            is_address_taken: is_reachable,
            leads_to_block: self.shared.types.allocated.hold(cursor),
            texts: Vec::new(),
            span: self.shared.text.span(cursor).unwrap_or_default(),
        });
        let is_own = matches!(storage, Storage::Parameter | Storage::Local);
        let is_union = self.unions.contains_key(&key);
        if is_own && !is_taken && !is_union && !self.written.contains(&key) {
            self.fixed.insert(var);
        }
        self.vars.insert(key, var);
        if storage != Storage::Global {
            self.visible.push(var);
        }
        var
    }

    /// Returns whether a variable is a pointer of the function's own that keeps the value it starts with.
    pub(super) fn is_fixed_pointer(&self, var: Handle<Var>) -> bool {
        matches!(self.function.vars[var].ty, Type::Pointer { .. }) && self.fixed.contains(&var)
    }

    /// Notes the variables that a statement names which stays text.
    pub(super) fn note_text(&mut self, statement: Cursor<'u>, span: Span) {
        self.shared.note_text(statement);
        let (mut named, mut jumps) = (BTreeSet::<Handle<Var>>::new(), false);
        walk::each(statement, |cursor| {
            jumps |= is_jump(cursor);
            let declaration = walk::named_variable(cursor);
            named.extend(declaration.and_then(|declaration| self.vars.get(&declaration)));
        });
        let all: Vec<_> = self.function.vars.iter().map(|(var, _)| var).collect();
        for var in all {
            if jumps || named.contains(&var) {
                self.function.vars[var].texts.push(span);
            }
        }
    }

    /// Returns the address of a function, which is a variable of file scope to the pointers that lead to it.
    pub(super) fn function_address(&mut self, function: Cursor<'u>, at: Span) -> Handle<Expr> {
        let ty = self.shared.types.lower(function.ty());
        let key = function.canonical();
        let known = self.vars.get(&key).copied();
        let object = known.unwrap_or_else(|| {
            let name = self.fresh_name(&function.spelling());
            self.function.vars.push(Var {
                spelling: function.spelling(),
                storage: Storage::Function,
                is_const: true,
                is_address_taken: true,
                span: at,
                ..Var::local(name, ty.clone())
            })
        });
        self.vars.insert(key, object);
        let kind = ExprKind::Address(Place::var(object));
        self.function.expr(kind, ty.pointer(false))
    }

    /// Returns the variable of a declaration: known, or of file scope.
    pub(super) fn variable(&mut self, declaration: Cursor<'u>, at: Span) -> Lowered<Handle<Var>> {
        if let Some(known) = self.vars.get(&declaration.canonical()) {
            return Ok(*known);
        }
        let is_file_scope = declaration
            .parent()
            .is_some_and(|parent| parent.kind() == k::CXCursor_TranslationUnit);
        if !is_file_scope && !declaration.is_extern() {
            return Err(unsupported(
                "a variable whose declaration is not modelled",
                at,
            ));
        }
        // Tests name it at the end of the file; the system's headers are declared outside of blocks.
        let is_of_system = declaration.canonical().is_in_system_header();
        if !is_of_system && !self.shared.of_file.contains(&declaration.spelling()) {
            return Err(unsupported(
                "a variable that is declared in a block alone (a declaration outside of functions helps)",
                at,
            ));
        }
        Ok(self.register(declaration, Storage::Global))
    }

    /// Returns whether a variable is a local or parameter that nothing else can reach.
    pub(super) fn is_private(&self, declaration: Cursor<'u>) -> bool {
        let key = declaration.canonical();
        !self.shared.address_taken.contains(&key)
            && !declaration.is_static()
            && !declaration.is_extern()
            && declaration
                .parent()
                .is_some_and(|parent| parent.kind() == k::CXCursor_FunctionDecl)
    }

    /// Returns whether an expression has the same value wherever the function evaluates it.
    pub(super) fn is_fixed(&self, value: Handle<Expr>) -> bool {
        match &self.function.exprs[value].kind {
            ExprKind::Int(_) => true,
            ExprKind::Load(place) => place.path.is_empty() && self.fixed.contains(&place.var),
            ExprKind::Cast(inner) | ExprKind::Unary(_, inner) => self.is_fixed(*inner),
            ExprKind::Binary(_, left, right) => self.is_fixed(*left) && self.is_fixed(*right),
            ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => false,
        }
    }

    /// Returns whether an expression has the same value while some statements run, which set none of the variables that it is
    /// made of, and nobody else can.
    pub(super) fn is_kept(&self, value: Handle<Expr>, statements: &[Cursor<'u>]) -> bool {
        let set: HashSet<Cursor<'u>> = statements
            .iter()
            .flat_map(|each| effects::written(*each))
            .collect();
        let kept = self.vars.iter();
        let kept = kept.filter(|(named, _)| self.is_private(**named) && !set.contains(*named));
        let kept: HashSet<Handle<Var>> = kept.map(|(_, var)| *var).collect();
        let mut is_kept = true;
        visit(&self.function, value, &mut |_, node| {
            is_kept &= match &node.kind {
                ExprKind::Load(place) => place.path.is_empty() && kept.contains(&place.var),
                ExprKind::Int(_)
                | ExprKind::Cast(_)
                | ExprKind::Unary(..)
                | ExprKind::Binary(..) => true,
                ExprKind::Float(_)
                | ExprKind::Text(_)
                | ExprKind::Address(_)
                | ExprKind::Select { .. }
                | ExprKind::Call(..)
                | ExprKind::BlockIndex(_)
                | ExprKind::ThreadIndex(_) => false,
            };
        });
        is_kept
    }

    /// Returns a name that no variable of the function has yet.
    fn fresh_name(&mut self, base: &str) -> String {
        let count = self.names.entry(base.to_owned()).or_insert(0);
        *count += 1;
        if *count == 1 {
            base.to_owned()
        } else {
            format!("{base}.{count}")
        }
    }

    /// Returns a name that no loop of the function has yet.
    pub(super) fn loop_name(&mut self, base: &str) -> LoopName {
        let candidates =
            std::iter::once(base.to_owned()).chain((2..).map(|number| format!("{base}.{number}")));
        let name = candidates
            .into_iter()
            .find(|name| !self.loop_names.contains(name))
            .unwrap_or_default();
        self.loop_names.insert(name.clone());
        LoopName(name)
    }

    /// Declares a variable of mupac's own.
    pub(super) fn declare_temporary(&mut self, base: &str, ty: Type, at: Span) -> Handle<Var> {
        let name = self.fresh_name(&format!("{base}.t"));
        let var = self.function.vars.push(Var::local(name, ty));
        self.out.push(Stmt::Declare(var, at));
        var
    }

    /// Keeps a value in a variable of mupac's own.
    pub(super) fn temporary(&mut self, base: &str, value: Handle<Expr>, at: Span) -> Handle<Var> {
        let ty = self.type_of(value);
        let var = self.declare_temporary(base, ty, at);
        self.compute(Place::var(var), value, at, at);
        var
    }

    /// Appends an assignment.
    pub(super) fn compute(
        &mut self,
        target: Place,
        value: Handle<Expr>,
        span: Span,
        target_span: Span,
    ) {
        let id = StmtId(self.statements);
        self.statements += 1;
        self.out.push(Stmt::Compute(Compute {
            id,
            target,
            value,
            span,
            target_span,
        }));
    }

    /// Runs `lower` with an empty block and returns what it appended.
    pub(super) fn nested<T>(&mut self, lower: impl FnOnce(&mut Self) -> T) -> (Block, T) {
        let outer = std::mem::take(&mut self.out);
        let result = lower(self);
        (std::mem::replace(&mut self.out, outer), result)
    }

    /// Appends statements that belong together, so that nobody cuts between them: a block of C, or what one statement
    /// became. The IR has no bare block; a condition that always holds is one.
    pub(super) fn scope(&mut self, block: Block, span: Span) {
        let condition = self.int(1, Scalar::I32);
        self.out.push(Stmt::If(If {
            condition,
            then: block,
            otherwise: Vec::new(),
            span,
        }));
    }

    /// Runs `lower` one level deeper.
    pub(super) fn deeper<T>(
        &mut self,
        at: Span,
        lower: impl FnOnce(&mut Self) -> Lowered<T>,
    ) -> Lowered<T> {
        if self.depth >= DEPTH_LIMIT {
            return Err(unsupported("nesting this deep", at));
        }
        self.depth += 1;
        let result = lower(self);
        self.depth -= 1;
        result
    }

    /// Runs `lower` inside `blocks` more blocks.
    pub(super) fn inside<T>(
        &mut self,
        blocks: usize,
        at: Span,
        lower: impl FnOnce(&mut Self) -> Lowered<T>,
    ) -> Lowered<T> {
        if self.block_depth + blocks > BLOCK_LIMIT {
            return Err(unsupported("nesting this deep", at));
        }
        self.block_depth += blocks;
        let depth = std::mem::take(&mut self.depth);
        let result = lower(self);
        self.depth = depth;
        self.block_depth -= blocks;
        result
    }

    /// Returns where a node stands in the main file; the unknown span where it does not.
    pub(super) fn span(&self, cursor: Cursor<'u>) -> Span {
        self.shared.text.span(cursor).unwrap_or_default()
    }
}

/// Returns whether a node goes elsewhere in its function, or may be come to from there.
fn is_jump(cursor: Cursor<'_>) -> bool {
    let jumps = [
        k::CXCursor_GotoStmt,
        k::CXCursor_IndirectGotoStmt,
        k::CXCursor_AddrLabelExpr,
        k::CXCursor_LabelStmt,
    ];
    jumps.contains(&cursor.kind())
}
