//! Places: a variable and a path into it, found by name.

use crate::arena::Handle;
use crate::expr::{Place, Projection};
use crate::function::Var;
use crate::types::Type;

use super::lexer::TokenKind;
use super::{ParseError, Parsed, Parser};

impl Parser {
    /// Reads a place and returns it with the type of what it holds.
    pub(super) fn place(&mut self) -> Parsed<(Place, Type)> {
        let start = self.tokens.error("");
        let is_quoted = matches!(self.tokens.peek(), TokenKind::Quoted(_));
        let name = self.tokens.name("a value")?;
        let Some((var, fields)) = self.variable(&name, is_quoted) else {
            return Err(ParseError {
                message: format!("nothing declares `{name}`"),
                ..start
            });
        };
        let mut place = Place::var(var);
        let mut ty = self.scope.function.vars[var].ty.clone();
        self.fields(&fields, &mut place, &mut ty)?;
        loop {
            if self.tokens.eat("[") {
                let index = self.value()?;
                ty = match ty.element() {
                    Some(element) => element.clone(),
                    None => return Err(self.tokens.error("a value of this type has no elements")),
                };
                self.tokens.expect("]")?;
                place.path.push(Projection::Index(index));
            } else if let TokenKind::Fields(fields) = self.tokens.peek() {
                let fields = fields.clone();
                self.fields(&fields, &mut place, &mut ty)?;
                self.tokens.next();
            } else {
                return Ok((place, ty));
            }
        }
    }

    /// Returns the variable that a name starts with, the longest there is, and the fields after it.
    fn variable(&self, name: &str, is_quoted: bool) -> Option<(Handle<Var>, String)> {
        let mut end = name.len();
        loop {
            let (head, fields) = name.split_at_checked(end)?;
            if let Some(var) = self.scope.names.get(head) {
                return Some((*var, fields.trim_start_matches('.').to_owned()));
            }
            if is_quoted {
                return None;
            }
            end = head.rfind('.')?;
        }
    }

    /// Follows fields, separated by dots, by name or position.
    fn fields(&self, fields: &str, place: &mut Place, ty: &mut Type) -> Parsed<()> {
        for field in fields.split('.').filter(|field| !field.is_empty()) {
            let record = match ty {
                Type::Record(record) => &self.module.records[*record],
                Type::Void
                | Type::Scalar(_)
                | Type::Pointer { .. }
                | Type::Array { .. }
                | Type::Opaque(_) => {
                    return Err(self
                        .tokens
                        .error(format!("`.{field}` follows something that is no structure")));
                }
            };
            let position = match field.parse::<u32>() {
                Ok(position) => Some(position as usize),
                Err(_) => record.fields.iter().position(|each| each.name == field),
            };
            let found = position.and_then(|at| Some((at, record.fields.get(at)?)));
            let Some((position, found)) = found else {
                return Err(self
                    .tokens
                    .error(format!("`{}` has no field `{field}`", record.name)));
            };
            let next = found.ty.clone();
            place.path.push(Projection::Field(position as u32));
            *ty = next;
        }
        Ok(())
    }
}
