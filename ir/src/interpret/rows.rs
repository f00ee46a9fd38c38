//! How far rows lie apart ([`crate::ROW_SPACING`]), and the greatest of numbers ([`crate::GREATEST`]).

use crate::arena::Handle;
use crate::expr::{Expr, ONE_ROW, Place, Projection};
use crate::types::Type;

use super::activation::Activation;
use super::fault::{Outcome, malformed};
use super::value::{Pointer, Value};

const NO_ROWS: &str = "the spacing of something that is no rows";

impl<'m> Activation<'_, 'm> {
    /// Returns the spacing of rows that need not be there.
    pub(super) fn row_spacing_if_there(&mut self, arguments: &'m [Handle<Expr>]) -> Outcome<Value> {
        let [rows, count, ..] = arguments else {
            return malformed(NO_ROWS);
        };
        if self.integer(*count)? < 1 {
            return Ok(Value::Integer(0));
        }
        let ty = self.pointee(*rows)?;
        let is_there = match self.evaluate(*rows)? {
            Value::Pointer(first) => self.row(first, 0, ty).is_ok(),
            Value::Integer(_) | Value::F32(_) | Value::F64(_) | Value::Structure(_) => false,
        };
        match self.row_spacing(arguments) {
            Ok(spacing) if is_there => Ok(spacing),
            Ok(_) | Err(_) => Ok(Value::Integer(0)),
        }
    }

    /// Returns the spacing of rows of planes that need not be there.
    pub(super) fn row_spacing_in_planes_if_there(
        &mut self,
        arguments: &'m [Handle<Expr>],
    ) -> Outcome<Value> {
        let [planes, count, row, rows] = arguments else {
            return malformed("the spacing of something that is no planes");
        };
        if self.integer(*count)? < 1 || self.integer(*rows)? < 1 {
            return Ok(Value::Integer(0));
        }
        let row = self.integer(*row)?;
        let (planes, ty) = self.planes(*planes)?;
        let Type::Pointer { to: inner, .. } = ty else {
            return malformed("the spacing of something that is no planes");
        };
        let first = self.row(planes, 0, ty);
        let is_there = first.is_ok_and(|first| self.row(first, row, inner).is_ok());
        match self.row_spacing_in_planes(arguments) {
            Ok(spacing) if is_there => Ok(spacing),
            Ok(_) | Err(_) => Ok(Value::Integer(0)),
        }
    }

    /// Returns the spacing of rows, to which the pointers of a table lead; rows of different objects have none.
    pub(super) fn row_spacing(&mut self, arguments: &'m [Handle<Expr>]) -> Outcome<Value> {
        let (places, ty) = self.table(arguments)?;
        let mut all = Vec::new();
        if places.len() > 1 {
            for place in places {
                all.push(self.row(place, 0, ty)?);
            }
        }
        self.spacing_of(&all, ty)
    }

    /// Returns the greatest integer of a table; 0 where it has none.
    pub(super) fn greatest(&mut self, arguments: &'m [Handle<Expr>]) -> Outcome<Value> {
        let (places, ty) = self.table(arguments)?;
        let mut greatest = None;
        for place in places {
            let Value::Integer(own) = self.load(place, ty)? else {
                return malformed("the greatest of something that is no integers");
            };
            greatest = greatest.max(Some(own));
        }
        Ok(Value::Integer(greatest.unwrap_or(0)))
    }

    /// Returns whether no number of a square is negative or none at all.
    pub(super) fn not_negative(&mut self, arguments: &'m [Handle<Expr>]) -> Outcome<Value> {
        let (rows, ty) = self.table(arguments)?;
        let columns = i128::try_from(rows.len()).unwrap_or(i128::MAX);
        for row in rows {
            for column in 0..columns {
                let place = self.offset(row, column, ty)?;
                let suits = match self.load(place, ty)? {
                    Value::Integer(own) => own >= 0,
                    Value::F32(own) => own >= 0.0,
                    Value::F64(own) => own >= 0.0,
                    Value::Pointer(_) | Value::Structure(_) => false,
                };
                if !suits {
                    return Ok(Value::Integer(0));
                }
            }
        }
        Ok(Value::Integer(1))
    }

    /// Returns where the elements of a table lie, one behind the other, or as far apart as the first one and another.
    fn table(
        &mut self,
        arguments: &'m [Handle<Expr>],
    ) -> Outcome<(Vec<Option<Pointer>>, &'m Type)> {
        let (rows, count, next) = match arguments {
            [rows, count] => (*rows, *count, None),
            [rows, count, next] => (*rows, *count, Some(*next)),
            _ => return malformed(NO_ROWS),
        };
        let ty = self.pointee(rows)?;
        let first = self.pointer_to_rows(rows)?;
        let step = match next {
            Some(next) => distance(first, self.pointer_to_rows(next)?).unwrap_or(0),
            None => i128::from(self.size(ty)?),
        };
        let mut all = Vec::new();
        for number in 0..self.integer(count)? {
            let place = first.map(|first| first.moved(number.saturating_mul(step)));
            all.push(place.transpose()?);
        }
        Ok((all, ty))
    }

    fn pointer_to_rows(&mut self, rows: Handle<Expr>) -> Outcome<Option<Pointer>> {
        match self.evaluate(rows)? {
            Value::Pointer(rows) => Ok(rows),
            Value::Integer(_) | Value::F32(_) | Value::F64(_) | Value::Structure(_) => {
                malformed(NO_ROWS)
            }
        }
    }

    /// Returns the spacing of the rows of planes, or where each has one, of planes.
    pub(super) fn row_spacing_in_planes(
        &mut self,
        arguments: &'m [Handle<Expr>],
    ) -> Outcome<Value> {
        let [planes, count, row, rows] = arguments else {
            return malformed("the spacing of something that is no planes");
        };
        let (count, row, rows) = (
            self.integer(*count)?,
            self.integer(*row)?,
            self.integer(*rows)?,
        );
        if rows < 2 {
            return self.plane_spacing(&arguments[..3]);
        }
        let (planes, ty) = self.planes(*planes)?;
        let Type::Pointer { to: inner, .. } = ty else {
            return malformed("the spacing of something that is no planes");
        };
        let mut found = None;
        for plane in 0..count.max(1) {
            let own = self.row(planes, plane, ty)?;
            let mut all = Vec::new();
            for number in 0..rows {
                all.push(self.row(own, row + number, inner)?);
            }
            let own = self.spacing_of(&all, inner)?;
            if found.is_some_and(|found| found != own) {
                return Ok(Value::Integer(0));
            }
            found = Some(own);
        }
        Ok(found.unwrap_or(Value::Integer(0)))
    }

    /// Returns the spacing of one row of each plane.
    pub(super) fn plane_spacing(&mut self, arguments: &'m [Handle<Expr>]) -> Outcome<Value> {
        let [planes, count, row] = arguments else {
            return malformed("the spacing of something that is no planes");
        };
        let (count, row) = (self.integer(*count)?, self.integer(*row)?);
        let (planes, ty) = self.planes(*planes)?;
        let Type::Pointer { to: inner, .. } = ty else {
            return malformed("the spacing of something that is no planes");
        };
        let mut all = Vec::new();
        for plane in 0..if count < 2 { 0 } else { count } {
            let own = self.row(planes, plane, ty)?;
            all.push(self.row(own, row, inner)?);
        }
        self.spacing_of(&all, inner)
    }

    /// Returns the pointers to planes and to the rows of each, with their sizes.
    pub(super) fn tables(
        &mut self,
        place: &'m Place,
        planes: Handle<Expr>,
        rows: u64,
    ) -> Outcome<Vec<(Option<Pointer>, u64)>> {
        let [Projection::Index(first), Projection::Index(row)] = place.path[..] else {
            return malformed("rows of something that is no planes");
        };
        let (number, row) = (self.integer(first)?, self.integer(row)?);
        let planes = self.integer(planes)?;
        let Some(ty) = self.var(place.var)?.ty.element() else {
            return malformed("rows of something that is no planes");
        };
        let first = self.base(place.var)?;
        let first = self.offset(first, number, ty)?;
        let Type::Pointer { to: inner, .. } = ty else {
            return malformed("rows of something that is no planes");
        };
        let size = self.size(inner)?;
        let outer = self.size(ty)?;
        let mut all = vec![(
            first,
            outer.saturating_mul(u64::try_from(planes).unwrap_or(0)),
        )];
        for plane in 0..planes {
            let table = self.row(first, plane, ty)?;
            all.push((self.offset(table, row, inner)?, size.saturating_mul(rows)));
        }
        Ok(all)
    }

    fn planes(&mut self, planes: Handle<Expr>) -> Outcome<(Option<Pointer>, &'m Type)> {
        let ty = self.pointee(planes)?;
        match self.evaluate(planes)? {
            Value::Pointer(planes) => Ok((planes, ty)),
            Value::Integer(_) | Value::F32(_) | Value::F64(_) | Value::Structure(_) => {
                malformed("the spacing of something that is no planes")
            }
        }
    }

    /// Returns how many elements each row starts behind the one before, if that is one number.
    fn spacing_of(&mut self, rows: &[Option<Pointer>], ty: &'m Type) -> Outcome<Value> {
        let Type::Pointer { to: element, .. } = ty else {
            return malformed(NO_ROWS);
        };
        if rows.len() < 2 {
            return Ok(Value::Integer(i128::from(ONE_ROW)));
        }
        let size = i128::from(self.size(element)?).max(1);
        let between: Vec<Option<i128>> = rows
            .windows(2)
            .map(|pair| distance(pair[0], pair[1]))
            .collect();
        let is_spacing = |own: &i128| *own > 0 && own % size == 0 && *own <= i128::from(i32::MAX);
        let spacing = between[0].filter(is_spacing);
        let is_same = between.iter().all(|own| *own == spacing);
        Ok(Value::Integer(
            spacing.filter(|_| is_same).unwrap_or(0) / size,
        ))
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
