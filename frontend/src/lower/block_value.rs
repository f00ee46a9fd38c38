//! Blocks with a value (`({ double _a = (a); _a > 0 ? _a : 0; })`), as macros make them to name their operands once: where they
//! only name values, these stand where the names are read.
//!
//! **Source**: GCC manual 12, “Statements and Declarations in Expressions”.

use clang_sys as k;
use mupac_ir::{Expr, Handle};

use super::function::Body;
use super::{Lowered, effects, types, unsupported, walk};
use crate::clang::Cursor;

/// A value of more nodes is no value to repeat.
const MOST_NODES: usize = 200;

/// A block that names values, and ends with one.
struct Named<'u> {
    names: Vec<(Cursor<'u>, Cursor<'u>)>,
    value: Cursor<'u>,
}

impl<'u> Named<'u> {
    /// Returns the parts of a block with a value; `None` where it does more than name values.
    fn of(block: Cursor<'u>) -> Option<Self> {
        let statements = block.children();
        let (value, before) = statements.split_last()?;
        let mut names = Vec::new();
        for statement in before {
            let is_declaration = statement.kind() == k::CXCursor_DeclStmt;
            for variable in is_declaration.then(|| statement.children())? {
                let is_number = types::scalar(variable.ty()).is_some()
                    && !types::is_volatile(variable.ty())
                    && variable.kind() == k::CXCursor_VarDecl
                    && !variable.is_static()
                    && !variable.is_extern();
                let initial = variable.initializer().filter(|_| is_number)?;
                names.push((variable.canonical(), initial));
            }
        }
        let is_pure = value.is_expression() && !effects::has_effects(block);
        let parts = Self {
            names,
            value: *value,
        };
        (is_pure && !parts.is_changed(block)).then_some(parts)
    }

    /// Returns whether the block takes the address of one of its names.
    fn is_changed(&self, block: Cursor<'u>) -> bool {
        let mut is_changed = false;
        walk::each(block, |cursor| {
            let is_address = cursor.kind() == k::CXCursor_UnaryOperator
                && cursor.unary_operator() == k::CXUnaryOperator_AddrOf;
            let named = cursor.children().first().copied().filter(|_| is_address);
            let named = named.and_then(walk::named_variable);
            is_changed |= self.names.iter().any(|(name, _)| Some(*name) == named);
        });
        is_changed
    }
}

/// Returns whether a block with a value only names values.
pub(super) fn is_plain(cursor: Cursor<'_>) -> bool {
    let block = cursor.children().first().copied();
    block.is_some_and(|block| Named::of(block).is_some())
}

impl<'u> Body<'_, 'u> {
    /// Lowers a block with a value.
    pub(super) fn block_value(
        &mut self,
        cursor: Cursor<'u>,
        block: Cursor<'u>,
    ) -> Lowered<Handle<Expr>> {
        let at = self.span(cursor);
        let Some(named) = Named::of(block) else {
            return Err(unsupported(
                "a block with a value that does more than name values",
                at,
            ));
        };
        for (name, initial) in &named.names {
            let value = self.value(*initial)?;
            let is_converted = types::scalar(name.ty()) == self.type_of(value).scalar();
            if !is_converted || self.nodes(value) > MOST_NODES {
                return Err(unsupported("a block with a value this large", at));
            }
            self.named_values.insert(*name, value);
        }
        self.value(named.value)
    }

    fn nodes(&self, value: Handle<Expr>) -> usize {
        let mut nodes = 0;
        mupac_ir::structure::visit(&self.function, value, &mut |_, _| nodes += 1);
        nodes
    }
}
