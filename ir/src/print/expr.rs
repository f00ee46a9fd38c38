//! Expressions and places, with as few parentheses as the grammar allows.

use crate::arena::{Arena, Handle};
use crate::expr::{BinaryOp, Expr, ExprKind, Place, Projection, UnaryOp};
use crate::function::{Function, Var};
use crate::stmt::Axis;
use crate::structure::{MAX_EXPRESSION_DEPTH, is_same_type};
use crate::text::quote;
use crate::text::words::Word;
use crate::types::{Record, Scalar, Type};

use super::Printer;

/// How tightly `c ? a : b` binds.
const SELECT: u8 = 0;
/// How tightly an operator with one operand binds; those with two lie between, those that need no parentheses above.
const UNARY: u8 = 11;

impl Printer<'_> {
    /// Prints an expression where any may stand.
    pub(super) fn value(&mut self, expr: Handle<Expr>) {
        self.operand(expr, SELECT);
    }

    /// Prints an expression, in parentheses if it binds less tightly than `least`.
    fn operand(&mut self, handle: Handle<Expr>, least: u8) {
        let Some(expr) = self
            .function
            .and_then(|function| function.exprs.get(handle))
        else {
            self.put(format_args!("<expression {}>", handle.index()));
            return;
        };
        if self.nodes_left == 0 || self.depth > MAX_EXPRESSION_DEPTH {
            self.push("…");
            return;
        }
        self.nodes_left -= 1;
        self.depth += 1;
        let is_enclosed = binding(&expr.kind) < least;
        self.push(if is_enclosed { "(" } else { "" });
        self.expr(expr);
        self.push(if is_enclosed { ")" } else { "" });
        self.depth -= 1;
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Int(value) => self.push(&integer(*value, &expr.ty)),
            ExprKind::Float(value) => self.push(&float(*value, &expr.ty)),
            ExprKind::Text(bytes) => {
                self.push(if is_to_const(&expr.ty) { "const " } else { "" });
                self.push(&quote::bytes(bytes));
            }
            ExprKind::Load(place) => self.place(place),
            ExprKind::Address(place) => {
                self.push(if is_to_const(&expr.ty) {
                    "&const "
                } else {
                    "&"
                });
                self.place(place);
            }
            ExprKind::Unary(op, operand) => self.unary(*op, *operand),
            ExprKind::Binary(op, left, right) => self.binary(*op, *left, *right),
            ExprKind::Cast(operand) => self.cast(&expr.ty, *operand),
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } => {
                self.operand(*condition, SELECT + 1);
                self.push(" ? ");
                self.value(*then);
                self.push(" : ");
                self.value(*otherwise);
            }
            ExprKind::Call(name, arguments) => self.call(name, arguments, &expr.ty),
            ExprKind::BlockIndex(axis) => self.index("block", *axis, &expr.ty),
            ExprKind::ThreadIndex(axis) => self.index("thread", *axis, &expr.ty),
        }
    }

    /// Prints an operator with one operand; `-` before a number would be part of the number.
    fn unary(&mut self, op: UnaryOp, operand: Handle<Expr>) {
        let kind = self
            .function
            .and_then(|function| function.exprs.get(operand))
            .map(|operand| &operand.kind);
        let is_enclosed = op == UnaryOp::Negate
            && matches!(
                kind,
                Some(ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Unary(UnaryOp::Negate, _))
            );
        self.push(match op {
            UnaryOp::Negate => "-",
            UnaryOp::BitNot => "~",
            UnaryOp::Not => "!",
        });
        self.operand(operand, if is_enclosed { u8::MAX } else { UNARY });
    }

    fn binary(&mut self, op: BinaryOp, left: Handle<Expr>, right: Handle<Expr>) {
        let (sign, level) = spelling(op);
        if level == u8::MAX {
            self.put(format_args!("{sign}("));
            self.value(left);
            self.push(", ");
            self.value(right);
            self.push(")");
            return;
        }
        // A chain of comparisons reads as something else, so the inner ones are enclosed.
        let (least, least_right) = match level {
            6 | 7 => (8, 8),
            _ => (level, level + 1),
        };
        self.operand(left, least);
        self.put(format_args!(" {sign} "));
        self.operand(right, least_right);
    }

    /// Prints `f64(x)` or `(*f32)(p)`.
    fn cast(&mut self, ty: &Type, operand: Handle<Expr>) {
        let is_scalar = ty.scalar().is_some();
        self.push(if is_scalar { "" } else { "(" });
        self.ty(ty);
        self.push(if is_scalar { "(" } else { ")(" });
        self.value(operand);
        self.push(")");
    }

    /// Prints `sqrt(x)`; the type of the result is written where it is not that of the first argument.
    fn call(&mut self, name: &str, arguments: &[Handle<Expr>], ty: &Type) {
        self.push(&quote::callee(name));
        let is_as_first = self.function.is_some_and(|function| {
            arguments
                .first()
                .and_then(|first| function.exprs.get(*first))
                .is_some_and(|first| is_same_type(function, &first.ty, function, ty))
        });
        if !is_as_first {
            self.push("->");
            self.ty(ty);
        }
        self.push("(");
        self.list(arguments);
        self.push(")");
    }

    /// Prints expressions with commas between them.
    pub(super) fn list(&mut self, exprs: &[Handle<Expr>]) {
        for (position, expr) in exprs.iter().enumerate() {
            self.push(if position > 0 { ", " } else { "" });
            self.value(*expr);
        }
    }

    fn index(&mut self, of: &str, axis: Axis, ty: &Type) {
        self.put(format_args!("{of}.{axis}"));
        if *ty != Type::Scalar(Scalar::I32) {
            self.push("->");
            self.ty(ty);
        }
    }

    /// Prints a place: `a[i][j]`, `p[0].q`.
    pub(super) fn place(&mut self, place: &Place) {
        let Some((function, var)) = self
            .function
            .and_then(|function| Some((function, function.vars.get(place.var)?)))
        else {
            self.put(format_args!("<variable {}>", place.var.index()));
            return;
        };
        let records = self.records;
        let leading = place
            .path
            .iter()
            .take_while(|step| matches!(step, Projection::Field(_)))
            .count();
        let mut ty = Some(&var.ty);
        let mut head = String::new();
        for (position, step) in place.path.iter().enumerate() {
            match step {
                Projection::Field(field) => {
                    let name = field_of(records, ty, *field);
                    if position < leading {
                        head.push_str(&name);
                    } else {
                        self.push(&name);
                    }
                }
                Projection::Index(index) => {
                    if position == leading {
                        self.push(&head_of(function, var, &head));
                    }
                    self.push("[");
                    self.value(*index);
                    self.push("]");
                }
            }
            ty = ty.and_then(|ty| project(records, ty, *step));
        }
        if leading == place.path.len() {
            self.push(&head_of(function, var, &head));
        }
    }
}

/// Returns the type that one step of a path leads to.
fn project<'a>(records: &'a Arena<Record>, ty: &'a Type, step: Projection) -> Option<&'a Type> {
    match (step, ty) {
        (Projection::Index(_), _) => ty.element(),
        (Projection::Field(field), Type::Record(record)) => {
            let field = records.get(*record)?.fields.get(field as usize)?;
            Some(&field.ty)
        }
        (
            Projection::Field(_),
            Type::Void
            | Type::Scalar(_)
            | Type::Pointer { .. }
            | Type::Array { .. }
            | Type::Opaque(_),
        ) => None,
    }
}

/// Returns `.name` of a field, or `.2` where the name is not plain or not unique.
fn field_of(records: &Arena<Record>, ty: Option<&Type>, position: u32) -> String {
    if let Some(Type::Record(record)) = ty
        && let Some(record) = records.get(*record)
        && let Some(field) = record.fields.get(position as usize)
        && quote::is_plain(&field.name)
        && !field.name.contains('.')
        && record
            .fields
            .iter()
            .filter(|other| other.name == field.name)
            .count()
            == 1
    {
        return format!(".{}", field.name);
    }
    format!(".{position}")
}

/// Returns a variable with the fields right after it, quoting it where the two could be read otherwise:
/// a reader takes the longest part that is the name of a variable.
fn head_of(function: &Function, var: &Var, fields: &str) -> String {
    let joined = format!("{}{fields}", var.name);
    let is_other = !fields.is_empty()
        && (Word::find(&joined).is_some_and(Word::is_value)
            || function.vars.iter().any(|(_, other)| {
                other.name.len() > var.name.len()
                    && joined
                        .strip_prefix(&other.name)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            }));
    if is_other {
        format!("`{}`{fields}", var.name)
    } else {
        format!("{}{fields}", quote::variable(&var.name))
    }
}

/// Returns how tightly an expression binds.
fn binding(kind: &ExprKind) -> u8 {
    match kind {
        ExprKind::Select { .. } => SELECT,
        ExprKind::Binary(op, ..) => spelling(*op).1,
        ExprKind::Unary(..) | ExprKind::Address(_) => UNARY,
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Cast(_)
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => UNARY + 1,
    }
}

/// Returns the sign of an operator and how tightly it binds, as in C; the greatest number for `min(a, b)`.
fn spelling(op: BinaryOp) -> (&'static str, u8) {
    match op {
        BinaryOp::Or => ("||", 1),
        BinaryOp::And => ("&&", 2),
        BinaryOp::BitOr => ("|", 3),
        BinaryOp::BitXor => ("^", 4),
        BinaryOp::BitAnd => ("&", 5),
        BinaryOp::Equal => ("==", 6),
        BinaryOp::NotEqual => ("!=", 6),
        BinaryOp::Less => ("<", 7),
        BinaryOp::LessEqual => ("<=", 7),
        BinaryOp::Greater => (">", 7),
        BinaryOp::GreaterEqual => (">=", 7),
        BinaryOp::ShiftLeft => ("<<", 8),
        BinaryOp::ShiftRight => (">>", 8),
        BinaryOp::Add => ("+", 9),
        BinaryOp::Subtract | BinaryOp::Difference => ("-", 9),
        BinaryOp::Multiply => ("*", 10),
        BinaryOp::Divide => ("/", 10),
        BinaryOp::Remainder => ("%", 10),
        BinaryOp::Min => ("min", u8::MAX),
        BinaryOp::Max => ("max", u8::MAX),
        BinaryOp::FloorDivide => ("floordiv", u8::MAX),
        BinaryOp::CeilDivide => ("ceildiv", u8::MAX),
    }
}

/// Returns an integer constant with its type: `5`, `-5i64`, `true`.
fn integer(value: i128, ty: &Type) -> String {
    match (ty.scalar(), value) {
        (Some(Scalar::Bool), 0) => "false".to_owned(),
        (Some(Scalar::Bool), 1) => "true".to_owned(),
        (Some(Scalar::I32), _) => value.to_string(),
        (Some(scalar), _) => format!("{value}{}", scalar.name()),
        (None, _) => format!("<{value} of another type>"),
    }
}

/// Returns a floating constant with its type, in the shortest decimal that reads back to the same bits.
fn float(value: f64, ty: &Type) -> String {
    let is_single = ty.scalar() == Some(Scalar::F32);
    if value.is_nan() {
        let word = if is_single { "nan_f32" } else { "nan" };
        let bits = value.to_bits();
        return if bits == f64::NAN.to_bits() {
            word.to_owned()
        } else {
            format!("{word}(0x{bits:016x})")
        };
    }
    match (value.is_infinite(), is_single) {
        (true, _) => {
            let sign = if value < 0.0 { "-" } else { "" };
            format!("{sign}{}", if is_single { "inf_f32" } else { "inf" })
        }
        (false, true) => format!("{:?}f32", value as f32),
        (false, false) => format!("{value:?}"),
    }
}

/// Returns whether a type is a pointer to something `const`.
fn is_to_const(ty: &Type) -> bool {
    matches!(ty, Type::Pointer { is_const: true, .. })
}
