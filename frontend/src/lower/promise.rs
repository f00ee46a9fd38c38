//! Promises of the user: pragmas to the IR.

use std::collections::HashMap;

use clang_sys as k;
use mupac_ir::{Expr, Handle, LoopName, Promise, Scalar, Stmt, Type, Var};

use crate::clang::{Cursor, TokenKind};
use crate::lower::function::Body;
use crate::pragma::{Count, ExtentClause, Malformed};

impl Body<'_, '_> {
    /// Takes over the pragmas that stand before the text at `offset`: a loop, or the function.
    pub(super) fn promises(&mut self, offset: usize, within: Option<&LoopName>) {
        let pragmas: Vec<_> = self
            .shared
            .pragmas
            .iter()
            .filter(|pragma| pragma.target == offset)
            .cloned()
            .collect();
        for pragma in pragmas {
            self.shared.heard.insert(pragma.target);
            for clause in &pragma.extents {
                match self.promise(clause) {
                    Ok((array, count)) => self.function.promises.push(Promise {
                        array,
                        count,
                        within: within.cloned(),
                    }),
                    Err(message) => self.shared.malformed.push(Malformed {
                        message,
                        at: clause.at,
                    }),
                }
            }
        }
    }

    fn promise(&mut self, clause: &ExtentClause) -> Result<(Handle<Var>, Handle<Expr>), String> {
        let array = self.named(&clause.array)?;
        let var = &self.function.vars[array];
        if matches!(var.ty.element(), None | Some(Type::Void | Type::Opaque(_))) {
            return Err(format!(
                "`{}` is no pointer to objects and no array",
                clause.array
            ));
        }
        Ok((array, self.count(&clause.count)?))
    }

    fn count(&mut self, count: &Count) -> Result<Handle<Expr>, String> {
        match count {
            Count::Number(number) => Ok(self.int(i128::from(*number), Scalar::I64)),
            Count::Name(name) => {
                if let Some(number) = self.macro_number(name) {
                    return Ok(self.int(i128::from(number), Scalar::I64));
                }
                let var = self.named(name)?;
                let is_integer = self.function.vars[var]
                    .ty
                    .scalar()
                    .is_some_and(|scalar| !scalar.is_float());
                if !is_integer {
                    return Err(format!("`{name}` is no integer"));
                }
                let value = self.function.load(var);
                Ok(self.as_i64(value))
            }
            Count::Operation(op, left, right) => {
                let (left, right) = (self.count(left)?, self.count(right)?);
                Ok(self.binary(*op, left, right))
            }
        }
    }

    /// Returns the number that a macro stands for.
    fn macro_number(&self, name: &str) -> Option<i64> {
        let tokens = self.shared.text.only_definition(name)?.tokens;
        match tokens.as_slice() {
            [_, (TokenKind::Literal, literal, _)] => literal.parse().ok(),
            _ => None,
        }
    }

    /// Returns the variable that a name means here.
    fn named(&mut self, name: &str) -> Result<Handle<Var>, String> {
        let mut visible = self.visible.iter().rev().copied();
        let local = visible.find(|var| self.function.vars[*var].spelling == name);
        if let Some(local) = local {
            return Ok(local);
        }
        let global = self.shared.globals.get(name).copied();
        global
            .and_then(|global| self.variable(global, mupac_ir::Span::default()).ok())
            .ok_or_else(|| format!("there is no variable `{name}` here"))
    }
}

/// Returns the variables of file scope by name.
pub(super) fn globals(root: Cursor<'_>) -> HashMap<String, Cursor<'_>> {
    root.children()
        .into_iter()
        .filter(|cursor| cursor.kind() == k::CXCursor_VarDecl)
        .map(|cursor| (cursor.spelling(), cursor))
        .collect()
}

/// Returns the name of the loop that a statement became.
pub(super) fn loop_of(lowered: &[Stmt]) -> Option<LoopName> {
    lowered.iter().find_map(|statement| match statement {
        Stmt::For(each) => Some(each.name.clone()),
        Stmt::While(each) => Some(each.name.clone()),
        // A loop whose header has effects of its own stands in a scope with them.
        Stmt::If(scope) => loop_of(&scope.then),
        Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => None,
    })
}
