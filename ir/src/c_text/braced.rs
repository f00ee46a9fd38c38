//! First values of aggregates in braces: `int k[3] = {1, 2, 1};` for a declaration and the statements behind it.

use super::CText;
use super::constant::text as text_of;
use super::statement::{COLUMNS, INDENT};
use crate::arena::Handle;
use crate::expr::{Expr, ExprKind, Place, Projection};
use crate::fold::constant;
use crate::function::{Space, Storage, Var};
use crate::span::Span;
use crate::stmt::{Compute, Stmt};
use crate::structure::variables;
use crate::types::{Extent, Scalar, Type};

/// What stands between two values until lines are broken there.
const SEPARATOR: char = '\u{1}';

/// Integers that every floating-point type has.
const EXACT: (i128, i128) = (-(1 << 24), 1 << 24);

/// A step from an aggregate to a part of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Element(i128),
    Field(u32),
}

/// The statements that give a variable its first value.
struct Values<'a> {
    var: Handle<Var>,
    /// The statement of the source that they are all from.
    at: Span,
    left: &'a [Stmt],
}

impl CText<'_> {
    /// Returns a declaration at `at` with all values that the statements right behind it store in order, and the statements that
    /// are left; `indent` is the column that it starts in. `None` where a part has no value, or one that braces do not take.
    pub(super) fn braced<'a>(
        &self,
        (var, at): (Handle<Var>, Span),
        behind: &'a [Stmt],
        indent: usize,
    ) -> Option<(String, &'a [Stmt])> {
        let declared = &self.function.vars[var];
        let is_own = declared.storage != Storage::Static && declared.space != Space::Shared;
        let is_aggregate = matches!(declared.ty, Type::Array { .. } | Type::Record(_));
        if !is_own || !is_aggregate || declared.is_volatile {
            return None;
        }
        let mut values = Values {
            var,
            at,
            left: behind,
        };
        let text = self.characters(&declared.ty, &mut values);
        let braces = text.or_else(|| self.braces(&declared.ty, &mut Vec::new(), &mut values))?;
        // A value of the whole has no braces, and is printed as any other.
        if !braces.starts_with(['{', '"']) {
            return None;
        }
        let declaration = self.declared(var, declared.is_const);
        let line = broken(&format!("{declaration} = {braces};"), indent);
        Some((line, values.left))
    }

    /// Takes the values of an array of characters as a literal, if they are a text and zeros behind it.
    fn characters(&self, ty: &Type, values: &mut Values<'_>) -> Option<String> {
        let Type::Array {
            of,
            length: Extent::Fixed(length),
        } = ty
        else {
            return None;
        };
        let mut rest = Values {
            left: values.left,
            ..*values
        };
        let mut bytes = Vec::new();
        for index in 0..*length {
            let value = self.next_value(&[Step::Element(i128::from(index))], &mut rest)?;
            bytes.push(u8::try_from(constant(self.function, value)?).ok()?);
        }
        let end = bytes.iter().rposition(|byte| *byte != 0)? + 1;
        let (text, zeros) = bytes.split_at(end);
        let is_letter = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n' | b'\t');
        if **of != Type::Scalar(Scalar::I8) || zeros.is_empty() || !text.iter().all(is_letter) {
            return None;
        }
        values.left = rest.left;
        Some(text_of(text, ty).text)
    }

    fn braces(&self, ty: &Type, path: &mut Vec<Step>, values: &mut Values<'_>) -> Option<String> {
        if let Some(value) = self.next_value(path, values) {
            return self.in_braces(value, ty);
        }
        let parts: Vec<(Step, &Type)> = match ty {
            Type::Array {
                of,
                length: Extent::Fixed(length),
            } => (0..*length)
                .map(|index| (Step::Element(i128::from(index)), &**of))
                .collect(),
            Type::Record(record) => {
                let fields = &self.records.get(*record)?.fields;
                if fields.iter().any(|field| field.enumeration.is_some()) {
                    return None;
                }
                let fields = (0..).zip(fields);
                fields
                    .map(|(number, field)| (Step::Field(number), &field.ty))
                    .collect()
            }
            Type::Array { .. }
            | Type::Scalar(_)
            | Type::Pointer { .. }
            | Type::Void
            | Type::Opaque(_) => return None,
        };
        let mut texts = Vec::new();
        for (step, part) in parts {
            path.push(step);
            texts.push(self.braces(part, path, values)?);
            path.pop();
        }
        let separator = format!(",{SEPARATOR}");
        Some(format!("{{{}}}", texts.join(&separator)))
    }

    /// Takes the value of a part from the statements that are left, if the next one stores it.
    fn next_value(&self, path: &[Step], values: &mut Values<'_>) -> Option<Handle<Expr>> {
        let (Stmt::Compute(Compute { target, value, .. }), left) = values.left.split_first()?
        else {
            return None;
        };
        let is_from_here = values.at.contains(values.left[0].span());
        let reads_itself = variables(self.function, *value).contains(&values.var);
        let is_part = target.var == values.var && self.steps(target)? == path;
        if !is_from_here || reads_itself || !is_part {
            return None;
        }
        values.left = left;
        Some(*value)
    }

    fn steps(&self, place: &Place) -> Option<Vec<Step>> {
        let step = |projection: &Projection| match projection {
            Projection::Index(index) => constant(self.function, *index).map(Step::Element),
            Projection::Field(field) => Some(Step::Field(*field)),
        };
        place.path.iter().map(step).collect()
    }

    /// Returns the text of a value; C++ takes no value in braces that its type would change.
    fn in_braces(&self, value: Handle<Expr>, ty: &Type) -> Option<String> {
        let expr = &self.function.exprs[value];
        let number = self.inside_cast(value);
        let is_plain = match (&self.function.exprs[number].kind, ty.scalar()) {
            (ExprKind::Int(number), Some(scalar)) => {
                let (least, most) = scalar.integer_range().unwrap_or(EXACT);
                (least..=most).contains(number)
            }
            (kind, _) => matches!(kind, ExprKind::Float(_)) && number == value,
        };
        if is_plain {
            return Some(self.converted(number));
        }
        (expr.ty == *ty).then(|| self.exact(value).text)
    }
}

/// Returns a line, broken between values where it is too long; further lines stand one level deeper.
fn broken(line: &str, indent: usize) -> String {
    let mut out = String::new();
    let mut column = indent;
    for (number, part) in line.split(SEPARATOR).enumerate() {
        if number > 0 && column + 1 + part.len() > COLUMNS {
            out.push('\n');
            out.push_str(&" ".repeat(indent + INDENT));
            column = indent + INDENT;
        } else if number > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(part);
        column += part.len();
    }
    out
}
