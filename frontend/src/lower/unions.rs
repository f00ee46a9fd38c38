//! Unions of numbers that functions take bits by: `union { float f; unsigned u; } v; v.f = x; v.u >>= 1;`.
//!
//! Such a variable is its integer, of which each other member is another reading. Its members alone are named, and no loop
//! stands in its scope: loops that run on the device then hold its declaration, too.
//!
//! **Source**: C17 6.5.2.3 §3 with its footnote: the bytes of a member are taken for one of another type.

use std::collections::{HashMap, HashSet};

use clang_sys as k;
use mupac_ir::bits::reinterpreted;
use mupac_ir::{Handle, Place, Scalar, Span, Var};

use crate::clang::Cursor;
use crate::lower::function::Body;
use crate::lower::initial::designator;
use crate::lower::pun::Reading;
use crate::lower::stmt::is_loop;
use crate::lower::{Lowered, types, unsupported, walk};

/// The integer types that stand for union variables of a function, by their canonical declarations.
pub(super) type Unions<'u> = HashMap<Cursor<'u>, Scalar>;

/// Finds the variables of a function that are such unions.
pub(super) fn find(function: Cursor<'_>) -> Unions<'_> {
    let mut search = Search::default();
    search.node(function, 0, false);
    let declared = search.declared.into_iter();
    let kept = declared.filter(|(variable, (_, depth))| {
        !search.lost.contains(variable) && (*depth > 0 || !search.has_loop)
    });
    kept.map(|(variable, (integer, _))| (variable, integer))
        .collect()
}

#[derive(Default)]
struct Search<'u> {
    /// Each with its integer, and how many loops are around its declaration.
    declared: HashMap<Cursor<'u>, (Scalar, usize)>,
    /// Those that are named in other ways.
    lost: HashSet<Cursor<'u>>,
    /// Those whose scope has ended.
    closed: HashSet<Cursor<'u>>,
    has_loop: bool,
}

impl<'u> Search<'u> {
    fn node(&mut self, cursor: Cursor<'u>, depth: usize, is_base: bool) {
        let is_loop = is_loop(cursor);
        // A jump may go round as well.
        self.has_loop |= is_loop || cursor.kind() == k::CXCursor_LabelStmt;
        if is_loop {
            self.lose_all(depth);
        }
        if cursor.kind() == k::CXCursor_VarDecl
            && !cursor.is_static()
            && !cursor.is_extern()
            && let Some(integer) = integer(cursor)
        {
            self.declared.insert(cursor.canonical(), (integer, depth));
        }
        if cursor.kind() == k::CXCursor_DeclRefExpr
            && let Some(variable) = cursor.referenced().map(Cursor::canonical)
        {
            let declared = self.declared.get(&variable);
            if !is_base || declared.is_none_or(|(_, own)| *own != depth) {
                self.lost.insert(variable);
            }
        }
        let is_address = cursor.kind() == k::CXCursor_UnaryOperator
            && cursor.unary_operator() == k::CXUnaryOperator_AddrOf;
        if is_address {
            let lost = &mut self.lost;
            walk::each(cursor, |inner| {
                lost.extend(inner.referenced().map(Cursor::canonical));
            });
        }
        let is_member = cursor.kind() == k::CXCursor_MemberRefExpr;
        for child in cursor.children() {
            self.node(child, depth + usize::from(is_loop), is_member);
        }
        if is_loop {
            let inside = self.declared.iter().filter(|(_, (_, own))| *own > depth);
            self.closed.extend(inside.map(|(variable, _)| *variable));
        }
    }

    /// What stands between two loops that run on the device may be written anew, and the text has a union there.
    fn lose_all(&mut self, depth: usize) {
        let declared = self.declared.iter();
        let around = declared
            .filter(|(variable, (_, own))| *own == depth && !self.closed.contains(variable));
        self.lost.extend(around.map(|(variable, _)| *variable));
    }
}

/// Returns the first integer of a union whose members are numbers of its size.
fn integer(variable: Cursor<'_>) -> Option<Scalar> {
    let ty = variable.ty().canonical();
    let definition = ty.declaration().definition()?;
    let is_union = types::is_record(ty) && definition.kind() == k::CXCursor_UnionDecl;
    (is_union && !types::is_volatile(ty)).then_some(())?;
    let size = ty.size_bytes()?;
    let is_number = |member: &Cursor<'_>| {
        let is_field = member.kind() == k::CXCursor_FieldDecl && !member.is_bit_field();
        let number = types::scalar(member.ty()).filter(|scalar| *scalar != Scalar::Bool);
        let is_plain = !types::is_volatile(member.ty());
        is_field && is_plain && number.is_some_and(|scalar| scalar.size_bytes() == size)
    };
    let members = definition.children();
    (!members.is_empty() && members.iter().all(is_number)).then_some(())?;
    let mut integers = members
        .iter()
        .filter_map(|member| types::scalar(member.ty()));
    integers.find(|scalar| !scalar.is_float())
}

impl<'u> Body<'_, 'u> {
    /// Returns what an lvalue says, if it is a member of a union of numbers.
    pub(super) fn union_member(&mut self, cursor: Cursor<'u>) -> Lowered<Option<Reading>> {
        let access = walk::peel_parentheses(cursor);
        let base = access.children().first().copied();
        let variable = base.and_then(walk::named_variable);
        let known = variable.and_then(|each| Some((each, *self.unions.get(&each.canonical())?)));
        let is_member = access.kind() == k::CXCursor_MemberRefExpr;
        let Some((variable, own)) = known.filter(|_| is_member) else {
            return Ok(None);
        };
        let at = self.span(cursor);
        let Some(seen) = types::scalar(access.ty()) else {
            return Err(unsupported("a member of this union", at));
        };
        let place = Place::var(self.variable(variable, at)?);
        Ok(Some(Reading { place, own, seen }))
    }

    /// Lowers the first value of a union of numbers, which stands in braces.
    pub(super) fn initial_union(
        &mut self,
        list: Cursor<'u>,
        (var, own): (Handle<Var>, Scalar),
        at: Span,
    ) -> Lowered<()> {
        let refused = || unsupported("a first value of this form", at);
        let children = list.children();
        let [value] = children.as_slice() else {
            return Err(refused());
        };
        let definition = list.ty().canonical().declaration().definition();
        let first = definition.and_then(|each| each.children().first().copied());
        let (member, value) = match designator(*value) {
            Some((field, inner)) => (field.referenced(), inner),
            None => (first, *value),
        };
        let seen = member.and_then(|member| types::scalar(member.ty()));
        let seen = seen.ok_or_else(refused)?;
        let value = self.value(value)?;
        let value = self.convert(value, &seen.into(), at)?;
        let value = reinterpreted(&mut self.function, value, own).ok_or_else(refused)?;
        self.compute(Place::var(var), value, at, at);
        Ok(())
    }
}
