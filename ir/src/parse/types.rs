//! Types, structure types and declarations.

use crate::arena::Handle;
use crate::expr::ExprKind;
use crate::function::{Space, Storage, Var};
use crate::structure::{MAX_TYPE_DEPTH, is_same_type, type_depth};
use crate::text::words::{Word, scalar};
use crate::types::{Extent, Field, Record, Scalar, Type};

use super::lexer::TokenKind;
use super::token::Tokens;
use super::{Extents, Parsed, Parser};

impl Parser {
    /// Enters the names of all structure types, so that they can name one another, and returns to the start.
    pub(super) fn record_names(&mut self) -> Parsed<()> {
        let start = self.tokens.position();
        let mut open = 0_usize;
        loop {
            if open == 0 && self.tokens.eat_word(Word::Record) {
                let name = record_name(&mut self.tokens)?;
                self.module.records.push(Record {
                    name,
                    fields: Vec::new(),
                    size_bytes: 0,
                    align_bytes: 1,
                });
                continue;
            }
            // The tag of a structure may be any word: `struct record`.
            if self.tokens.eat_word(Word::Struct) {
                self.tokens.next();
                continue;
            }
            match self.tokens.next() {
                TokenKind::Symbol("{") => open += 1,
                TokenKind::Symbol("}") => open = open.saturating_sub(1),
                TokenKind::End => break,
                TokenKind::Symbol(_)
                | TokenKind::Word(_)
                | TokenKind::Quoted(_)
                | TokenKind::Fields(_)
                | TokenKind::Number(_)
                | TokenKind::Text(_) => {}
            }
        }
        self.tokens.return_to(start);
        Ok(())
    }

    /// Reads the structure type at this position of the list, after the word `record`.
    pub(super) fn record(&mut self, position: usize) -> Parsed<()> {
        record_name(&mut self.tokens)?;
        if self.tokens.eat("#") {
            self.tokens.whole::<usize>()?;
        }
        self.tokens.expect_word(Word::Size)?;
        let size_bytes = self.tokens.whole()?;
        self.tokens.expect_word(Word::Align)?;
        let align_bytes = self.tokens.whole()?;
        self.tokens.expect("{")?;
        let mut fields = Vec::new();
        while !self.tokens.eat("}") {
            let name = self.tokens.name("a field or `}`")?;
            self.tokens.expect(":")?;
            let ty = self.ty()?;
            self.tokens.expect_word(Word::At)?;
            let offset_bytes = self.tokens.whole()?;
            fields.push(Field {
                name,
                ty,
                offset_bytes,
                enumeration: None,
                leads_to_block: false,
            });
        }
        let handle = self.module.records.iter().nth(position);
        if let Some((handle, _)) = handle {
            let record = &mut self.module.records[handle];
            record.fields = fields;
            record.size_bytes = size_bytes;
            record.align_bytes = align_bytes;
        }
        Ok(())
    }

    /// Reads a type.
    pub(super) fn ty(&mut self) -> Parsed<Type> {
        let too_deep = self.tokens.error("this type nests too deeply");
        if self.nesting.types >= MAX_TYPE_DEPTH {
            return Err(too_deep);
        }
        self.nesting.types += 1;
        let mut pointers = Vec::new();
        while self.tokens.eat("*") {
            pointers.push(self.tokens.eat_word(Word::Const));
        }
        let mut ty = self.base()?;
        let mut lengths = Vec::new();
        while self.tokens.eat("[") {
            lengths.push(self.extent()?);
        }
        self.nesting.types -= 1;
        if type_depth(&ty) + lengths.len() + pointers.len() > MAX_TYPE_DEPTH {
            return Err(too_deep);
        }
        for length in lengths.into_iter().rev() {
            ty = Type::Array {
                of: Box::new(ty),
                length,
            };
        }
        for is_const in pointers.into_iter().rev() {
            ty = ty.pointer(is_const);
        }
        Ok(ty)
    }

    /// Reads what stands between the stars and the brackets of a type.
    fn base(&mut self) -> Parsed<Type> {
        if self.tokens.eat("(") {
            let ty = self.ty()?;
            self.tokens.expect(")")?;
            return Ok(ty);
        }
        if self.tokens.eat_word(Word::Void) {
            return Ok(Type::Void);
        }
        if self.tokens.eat_word(Word::Opaque) {
            return Ok(Type::Opaque(self.tokens.text()?));
        }
        if let TokenKind::Word(word) = self.tokens.peek()
            && let Some(scalar) = scalar(word)
        {
            self.tokens.next();
            return Ok(Type::Scalar(scalar));
        }
        let start = self.tokens.error("");
        let name = record_name(&mut self.tokens)?;
        let number = if self.tokens.eat("#") {
            self.tokens.whole::<usize>()?
        } else {
            1
        };
        let mut namesakes = self
            .module
            .records
            .iter()
            .filter(|(_, record)| record.name == name);
        match number.checked_sub(1).and_then(|skip| namesakes.nth(skip)) {
            Some((record, _)) => Ok(Type::Record(record)),
            None => Err(super::ParseError {
                message: format!("there is no type `{name}`"),
                ..start
            }),
        }
    }

    /// Reads the length of an array type with its closing bracket.
    fn extent(&mut self) -> Parsed<Extent> {
        if self.tokens.eat("]") {
            return Ok(Extent::Unknown);
        }
        if let TokenKind::Number(digits) = self.tokens.peek()
            && *self.tokens.peek_second() == TokenKind::Symbol("]")
            && digits.bytes().all(|byte| byte.is_ascii_digit())
        {
            let length = self.tokens.whole()?;
            self.tokens.expect("]")?;
            return Ok(Extent::Fixed(length));
        }
        match &self.scope.extents {
            Extents::Forbidden => Err(self.tokens.expected(
                "a constant number of elements, since this type stands outside functions",
            )),
            Extents::Later(_) => self.postpone(),
            Extents::Now => {
                let length = self.value()?;
                self.tokens.expect("]")?;
                Ok(Extent::Variable(length))
            }
        }
    }

    /// Skips an extent of the header and notes where it is.
    fn postpone(&mut self) -> Parsed<Extent> {
        let start = self.tokens.position();
        let mut open = 1_usize;
        while open > 0 {
            match self.tokens.next() {
                TokenKind::Symbol("[") => open += 1,
                TokenKind::Symbol("]") => open -= 1,
                TokenKind::End => return Err(self.tokens.expected("`]`")),
                TokenKind::Symbol(_)
                | TokenKind::Word(_)
                | TokenKind::Quoted(_)
                | TokenKind::Fields(_)
                | TokenKind::Number(_)
                | TokenKind::Text(_) => {}
            }
        }
        let length = self.push(ExprKind::Int(0), Type::Scalar(Scalar::I32))?;
        if let Extents::Later(places) = &mut self.scope.extents {
            places.push((start, length));
        }
        Ok(Extent::Variable(length))
    }

    /// Reads the extents that the header left open; all variables that they may name are known now.
    pub(super) fn postponed(&mut self) -> Parsed<()> {
        let extents = std::mem::replace(&mut self.scope.extents, Extents::Now);
        let Extents::Later(places) = extents else {
            return Ok(());
        };
        let position = self.tokens.position();
        for (start, length) in places {
            self.tokens.return_to(start);
            let value = self.value()?;
            self.tokens.expect("]")?;
            let value = self.scope.function.exprs[value].clone();
            self.scope.function.exprs[length] = value;
        }
        self.tokens.return_to(position);
        Ok(())
    }

    /// Reads `name: properties type @space` and returns the variable, which has no other declaration yet
    /// or the same one.
    pub(super) fn declaration(&mut self, storage: Storage) -> Parsed<Handle<Var>> {
        let start = self.tokens.error("");
        let name = self.tokens.name("the name of a variable")?;
        let var = self.declared(name, storage)?;
        let scope = &mut self.scope;
        let Some(known) = scope.names.get(&var.name) else {
            let name = var.name.clone();
            let handle = scope.function.vars.push(var);
            scope.names.insert(name, handle);
            return Ok(handle);
        };
        let first = &scope.function.vars[*known];
        let is_same = first.is_const == var.is_const
            && first.is_volatile == var.is_volatile
            && first.is_restrict == var.is_restrict
            && first.is_address_taken == var.is_address_taken
            && first.space == var.space
            && is_same_type(&scope.function, &first.ty, &scope.function, &var.ty);
        if is_same {
            Ok(*known)
        } else {
            Err(super::ParseError {
                message: format!("`{}` is declared otherwise above", var.name),
                ..start
            })
        }
    }

    /// Reads a declaration that must be the first of its name.
    pub(super) fn first_declaration(&mut self, storage: Storage) -> Parsed<Handle<Var>> {
        if let TokenKind::Word(name) | TokenKind::Quoted(name) = self.tokens.peek()
            && self.scope.names.contains_key(name)
        {
            return Err(self
                .tokens
                .error(format!("`{name}` is declared twice in this function")));
        }
        self.declaration(storage)
    }

    /// Reads what follows the name in a declaration.
    fn declared(&mut self, name: String, storage: Storage) -> Parsed<Var> {
        self.tokens.expect(":")?;
        let mut var = Var::local(name, Type::Void);
        var.storage = storage;
        loop {
            if self.tokens.eat_word(Word::Const) {
                var.is_const = true;
            } else if self.tokens.eat_word(Word::Volatile) {
                var.is_volatile = true;
            } else if self.tokens.eat_word(Word::Restrict) {
                var.is_restrict = true;
            } else if self.tokens.eat_word(Word::Addressed) {
                var.is_address_taken = true;
            } else {
                break;
            }
        }
        var.ty = self.ty()?;
        if self.tokens.eat("@") {
            var.space = self.space()?;
        }
        Ok(var)
    }

    fn space(&mut self) -> Parsed<Space> {
        let spaces = [
            (Word::Global, Space::Global),
            (Word::Shared, Space::Shared),
            (Word::Register, Space::Register),
        ];
        for (word, space) in spaces {
            if self.tokens.eat_word(word) {
                return Ok(space);
            }
        }
        if self.tokens.eat_word(Word::Constant) {
            return self.array_above().map(Space::Constant);
        }
        if self.tokens.eat_word(Word::Partial) {
            return self.array_above().map(Space::Partial);
        }
        if self.tokens.eat_word(Word::Slices) {
            return self.array_above().map(Space::Slices);
        }
        Err(self
            .tokens
            .expected("`global`, `constant`, `shared`, `partial`, `slices` or `register`"))
    }

    fn array_above(&mut self) -> Parsed<Handle<Var>> {
        let name = self.tokens.name("the array that it is a part of")?;
        let array = self.scope.names.get(&name).copied();
        let unknown = format!("`{name}` is not declared above");
        array.ok_or_else(|| self.tokens.error(unknown))
    }
}

/// Takes the name of a structure type: `struct body`, or one name.
fn record_name(tokens: &mut Tokens) -> Parsed<String> {
    if tokens.eat_word(Word::Struct) {
        Ok(format!("struct {}", tokens.name("the tag of a structure")?))
    } else {
        tokens.name("a type")
    }
}
