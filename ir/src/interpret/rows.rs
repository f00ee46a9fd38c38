//! How far rows lie apart ([`crate::ROW_SPACING`]).

use crate::arena::Handle;
use crate::expr::{Expr, ONE_ROW};
use crate::types::Type;

use super::activation::Activation;
use super::fault::{Outcome, malformed};
use super::value::{Pointer, Value};

impl<'m> Activation<'_, 'm> {
    /// Returns the spacing of rows that need not be there.
    pub(super) fn row_spacing_if_there(
        &mut self,
        rows: Handle<Expr>,
        count: Handle<Expr>,
    ) -> Outcome<Value> {
        if self.integer(count)? < 1 {
            return Ok(Value::Integer(0));
        }
        let ty = self.pointee(rows)?;
        let is_there = match self.evaluate(rows)? {
            Value::Pointer(first) => self.row(first, 0, ty).is_ok(),
            Value::Integer(_) | Value::F32(_) | Value::F64(_) | Value::Structure(_) => false,
        };
        match self.row_spacing(rows, count) {
            Ok(spacing) if is_there => Ok(spacing),
            Ok(_) | Err(_) => Ok(Value::Integer(0)),
        }
    }

    /// Returns the spacing of rows; rows of different objects have none.
    pub(super) fn row_spacing(
        &mut self,
        rows: Handle<Expr>,
        count: Handle<Expr>,
    ) -> Outcome<Value> {
        let ty = self.pointee(rows)?;
        let Type::Pointer { to: element, .. } = ty else {
            return malformed("the spacing of something that is no rows");
        };
        let Value::Pointer(rows) = self.evaluate(rows)? else {
            return malformed("the spacing of something that is no rows");
        };
        let count = self.integer(count)?;
        if count < 2 {
            return Ok(Value::Integer(i128::from(ONE_ROW)));
        }
        let size = i128::from(self.size(element)?).max(1);
        let first = self.row(rows, 0, ty)?;
        let mut spacing = None;
        let mut last = first;
        for number in 1..count {
            let next = self.row(rows, number, ty)?;
            let own = distance(last, next).filter(|own| *own > 0 && own % size == 0);
            if own.is_none() || spacing.is_some_and(|known| Some(known) != own) {
                return Ok(Value::Integer(0));
            }
            (spacing, last) = (own, next);
        }
        let spacing = spacing.filter(|bytes| *bytes <= i128::from(i32::MAX));
        Ok(Value::Integer(spacing.unwrap_or(0) / size))
    }

    fn row(
        &mut self,
        rows: Option<Pointer>,
        number: i128,
        ty: &'m Type,
    ) -> Outcome<Option<Pointer>> {
        let place = self.offset(rows, number, ty)?;
        match self.load(place, ty)? {
            Value::Pointer(row) => Ok(row),
            Value::Integer(_) | Value::F32(_) | Value::F64(_) | Value::Structure(_) => {
                malformed("a row that is no pointer")
            }
        }
    }
}

/// Returns how many bytes lie between two addresses in one object.
fn distance(from: Option<Pointer>, to: Option<Pointer>) -> Option<i128> {
    let (from, to) = from.zip(to)?;
    (from.object == to.object).then(|| i128::from(to.offset) - i128::from(from.offset))
}
