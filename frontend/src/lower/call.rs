//! Calls: pure functions of the C library are expressions, all others are statements.

use clang_sys as k;
use mupac_ir::builtin::Builtin;
use mupac_ir::stmt::Call;
use mupac_ir::{Expr, ExprKind, Handle, Place, Scalar, Span, Stmt, Type};

use crate::clang::{Constant, Cursor};
use crate::edits::old_style;
use crate::lower::classify::Question;
use crate::lower::expr::{FUNCTION_AS_VALUE, text_bytes};
use crate::lower::function::Body;
use crate::lower::{Lowered, declare, letters, replaceable, targets, types, unsupported, walk};

/// What such a call is called, whatever the library calls it.
const FAILED_ASSERTION: &str = "__assert_fail";

/// What `assert` calls where its condition does not hold, by glibc and musl, and by others.
pub(crate) const ASSERTION: [&str; 3] = ["__assert_fail", "__assert", "__assert_rtn"];

impl<'u> Body<'_, 'u> {
    /// Lowers a call whose value is used.
    pub(super) fn call_value(&mut self, cursor: Cursor<'u>) -> Lowered<Handle<Expr>> {
        if let Some(builtin) = pure(cursor).or_else(|| self.pure_target(cursor)) {
            return self.pure_call(cursor, builtin);
        }
        if is_special(cursor) {
            return self.folded(cursor);
        }
        if let Some(question) = Question::of(cursor) {
            return self.classified(cursor, question);
        }
        if self.shared.is_whole
            && let Some(letter) = self.other_case(cursor)?
        {
            return Ok(letter);
        }
        let at = self.span(cursor);
        let ty = self.shared.types.lower(cursor.ty());
        if !matches!(ty, Type::Scalar(_) | Type::Pointer { .. } | Type::Record(_)) {
            return Err(unsupported(
                format!("a call that returns {}", cursor.ty().spelling()),
                at,
            ));
        }
        if self.is_choice(cursor) {
            let var = self.declare_temporary("result", ty, at);
            self.call_one_of(cursor, Some(var))?;
            return Ok(self.function.load(var));
        }
        let call = self.call(cursor)?;
        let var = self.declare_temporary("result", ty, at);
        self.out.push(Stmt::Call(Call {
            target: Some(Place::var(var)),
            ..call
        }));
        Ok(self.function.load(var))
    }

    /// Lowers a call for its effects.
    pub(super) fn call_effect(&mut self, cursor: Cursor<'u>) -> Lowered<()> {
        if is_expression(cursor) {
            return self.call_value(cursor).map(|_| ());
        }
        if self.is_choice(cursor) {
            return self.call_one_of(cursor, None);
        }
        let call = self.call(cursor)?;
        self.out.push(Stmt::Call(call));
        Ok(())
    }

    /// Lowers `target = f(…)` to one statement, if that is what it is and no conversion is needed.
    pub(super) fn call_into(
        &mut self,
        value: Cursor<'u>,
        target: &Place,
        ty: &Type,
    ) -> Lowered<bool> {
        let value = walk::peel_parentheses(value);
        let changes_case = || self.shared.is_whole && letters::changes_case(value);
        if value.kind() != k::CXCursor_CallExpr || is_expression(value) || changes_case() {
            return Ok(false);
        }
        if self.pure_target(value).is_some() || self.is_choice(value) {
            return Ok(false);
        }
        if !matches!(ty, Type::Scalar(_) | Type::Pointer { .. } | Type::Record(_))
            || self.shared.types.lower(value.ty()) != *ty
        {
            return Ok(false);
        }
        let call = self.call(value)?;
        self.out.push(Stmt::Call(Call {
            target: Some(target.clone()),
            ..call
        }));
        Ok(true)
    }

    /// Returns the function of the C library that a call through a pointer calls, if that is pure.
    fn pure_target(&self, call: Cursor<'u>) -> Option<&'static Builtin> {
        let callee = *call.children().first()?;
        library(self.shared.targets.of_callee(callee)?)
    }

    fn call(&mut self, cursor: Cursor<'u>) -> Lowered<Call> {
        let at = self.span(cursor);
        let children = cursor.children();
        let Some((callee, arguments)) = children.split_first() else {
            return Err(unsupported("a call of this kind", at));
        };
        let led_to = || self.shared.targets.of_callee(*callee);
        let through = led_to();
        if let Some(function) = through {
            // Tests pass it.
            self.function_address(function, at);
        }
        let Some(function) = walk::called_function(*callee).or(through) else {
            let help =
                "call the function by its name: one loop for each function that the pointer may be";
            return Err(replaceable("a call through a pointer", at, help));
        };
        let is_assertion = ASSERTION.contains(&function.spelling().as_str());
        if is_assertion && function.is_spelled_in_system() {
            // Says where it stands, and ends the program.
            return Ok(Call {
                target: None,
                callee: FAILED_ASSERTION.to_owned(),
                arguments: self.assertion(arguments).unwrap_or_default(),
                span: at,
            });
        }
        let takes_functions = function.definition().is_some();
        let values = self.arguments(arguments, takes_functions)?;
        self.named_call(function, (arguments, values), at)
    }

    /// Returns the call of a function with arguments that are lowered already.
    pub(super) fn named_call(
        &mut self,
        function: Cursor<'u>,
        (arguments, mut values): (&[Cursor<'u>], Vec<Handle<Expr>>),
        at: Span,
    ) -> Lowered<Call> {
        let defined = function.definition();
        if old_style::takes_anything(function) && !arguments.is_empty() && defined.is_none() {
            let name = function.spelling();
            let construct = if name.starts_with("__builtin_") {
                format!("a call of {name}")
            } else {
                "a call without a prototype".to_owned()
            };
            return Err(unsupported(construct, at));
        }
        if function.ty().is_variadic() && function.definition().is_some() {
            let construct = "a call with as many arguments as one likes";
            return Err(unsupported(construct, at));
        }
        let callee = function.spelling();
        if defined.is_none() && function.canonical().is_in_system_header() {
            self.shared.library.insert(callee.clone());
        }
        if let Some(defined) = defined {
            for (value, argument) in values.iter_mut().zip(arguments) {
                *value = self.hidden(*value, *argument)?;
            }
            values = self.received(&values, defined, at)?;
        }
        Ok(Call {
            target: None,
            callee,
            arguments: values,
            span: at,
        })
    }

    /// Returns what a failed assertion says: its condition, the file, the line and the function; `None` where that cannot
    /// be read.
    fn assertion(&mut self, arguments: &[Cursor<'u>]) -> Option<Vec<Handle<Expr>>> {
        let [condition, file, line, _] = arguments else {
            return None;
        };
        let texts = [*condition, *file].map(|text| text_bytes(walk::peel(text)));
        let [Some(condition), Some(file)] = texts else {
            return None;
        };
        let Some(Constant::Int(line)) = line.evaluate() else {
            return None;
        };
        let line = u32::try_from(line).ok()?;
        let function = self.function.name.clone().into_bytes();
        let ty = Type::from(Scalar::I8).pointer(true);
        let mut text = |bytes| self.function.expr(ExprKind::Text(bytes), ty.clone());
        let texts = [condition, file, function].map(&mut text);
        let [condition, file, function] = texts;
        let line = self.int(line.into(), Scalar::U32);
        Some(vec![condition, file, line, function])
    }

    /// Converts arguments to what a function in the old style makes of them: a parameter may be narrower than what C
    /// passes. Those of any other function have the right types already.
    fn received(
        &mut self,
        arguments: &[Handle<Expr>],
        function: Cursor<'u>,
        at: Span,
    ) -> Lowered<Vec<Handle<Expr>>> {
        let parameters = walk::parameters(function);
        if parameters.len() != arguments.len() {
            return Err(unsupported("a call without a prototype", at));
        }
        let mut received = Vec::with_capacity(arguments.len());
        for (argument, parameter) in arguments.iter().zip(&parameters) {
            let given = self.type_of(*argument).scalar();
            received.push(match (given, types::scalar(parameter.ty())) {
                (Some(given), Some(wanted)) if given != wanted => {
                    if !is_passed_as(wanted, given) {
                        return Err(unsupported("a call without a prototype", at));
                    }
                    self.convert(*argument, &Type::Scalar(wanted), at)?
                }
                (None, None) => {
                    let ty = self.type_of(*argument);
                    let is_pointer = matches!(ty, Type::Pointer { .. });
                    if is_pointer && !self.shared.types.is_match(&ty, parameter.ty()) {
                        return Err(unsupported("a call without a prototype", at));
                    }
                    *argument
                }
                (Some(_), Some(_)) => *argument,
                (Some(_), None) | (None, Some(_)) => {
                    return Err(unsupported("a call without a prototype", at));
                }
            });
        }
        Ok(received)
    }

    /// Lowers arguments of a call, with functions among them if its callee is known.
    pub(super) fn arguments(
        &mut self,
        arguments: &[Cursor<'u>],
        takes_functions: bool,
    ) -> Lowered<Vec<Handle<Expr>>> {
        let mut values = Vec::with_capacity(arguments.len());
        for argument in arguments {
            if !takes_functions && targets::addressed(*argument).is_some() {
                return Err(unsupported(FUNCTION_AS_VALUE, self.span(*argument)));
            }
            let value = self.value(*argument)?;
            if !self.is_passable(value) {
                return Err(unsupported(
                    "an argument of this type",
                    self.span(*argument),
                ));
            }
            if let Type::Pointer { to, .. } = &self.function.exprs[value].ty
                && matches!(**to, Type::Opaque(_))
                && declare::has_variable_extent(argument.ty())
            {
                let construct = "a pointer that becomes one to rows whose length the callee names";
                return Err(unsupported(construct, self.span(*argument)));
            }
            values.push(value);
        }
        Ok(values)
    }

    /// Returns the address of a system structure as callees know it, who see nothing of its insides.
    fn hidden(&mut self, value: Handle<Expr>, argument: Cursor<'u>) -> Lowered<Handle<Expr>> {
        let ty = self.shared.types.lower_value(argument.ty());
        let is_hidden = matches!(ty.element(), Some(Type::Opaque(_)))
            && !declare::has_variable_extent(argument.ty());
        if is_hidden {
            return self.convert(value, &ty, self.span(argument));
        }
        Ok(value)
    }

    /// Returns whether a value may be handed to a function or back: a number, a pointer, or a whole structure that is
    /// stored somewhere.
    pub(super) fn is_passable(&self, value: Handle<Expr>) -> bool {
        let expr = &self.function.exprs[value];
        match expr.ty {
            Type::Scalar(_) | Type::Pointer { .. } => true,
            Type::Record(_) => matches!(expr.kind, ExprKind::Load(_)),
            Type::Void | Type::Array { .. } | Type::Opaque(_) => false,
        }
    }

    fn pure_call(&mut self, cursor: Cursor<'u>, builtin: &Builtin) -> Lowered<Handle<Expr>> {
        let at = self.span(cursor);
        let children = cursor.children();
        let arguments = self.arguments(children.get(1..).unwrap_or_default(), false)?;
        let types: Vec<Option<_>> = arguments
            .iter()
            .map(|value| self.type_of(*value).scalar())
            .collect();
        let wanted: Vec<Option<_>> = builtin.parameters().iter().copied().map(Some).collect();
        if types != wanted {
            return Err(unsupported(
                format!("a call of {} with other types than C's", builtin.name),
                at,
            ));
        }
        let kind = ExprKind::Call(builtin.name.to_owned(), arguments);
        Ok(self.function.expr(kind, builtin.result()))
    }
}

/// Returns whether a call is an expression of ours, so without effects.
pub(super) fn is_expression(call: Cursor<'_>) -> bool {
    pure(call).is_some() || is_special(call) || Question::of(call).is_some()
}

/// Returns whether a call is what `INFINITY`, `HUGE_VAL` or `NAN` of `<math.h>` stands for.
fn is_special(call: Cursor<'_>) -> bool {
    match call.spelling().as_str() {
        "__builtin_inf" | "__builtin_inff" | "__builtin_huge_val" | "__builtin_huge_valf" => true,
        // A NaN with a number in its text has other bits than the one that is written for it.
        "__builtin_nan" | "__builtin_nanf" => call
            .children()
            .get(1)
            .is_some_and(|text| walk::peel(*text).spelling() == "\"\""),
        _ => false,
    }
}

/// Returns the function of the C library that a call names, if it is pure and the file does not define its own.
pub(super) fn pure(call: Cursor<'_>) -> Option<&'static Builtin> {
    let callee = walk::peel(*call.children().first()?);
    let declaration = callee
        .referenced()
        .filter(|_| callee.kind() == k::CXCursor_DeclRefExpr)?;
    library(declaration)
}

/// Returns the function of the C library that a declaration is of, if that is pure.
pub(super) fn library(declaration: Cursor<'_>) -> Option<&'static Builtin> {
    let is_library = declaration.kind() == k::CXCursor_FunctionDecl
        && declaration.definition().is_none()
        && !declaration.is_static();
    Builtin::find(&declaration.spelling()).filter(|_| is_library)
}

/// Returns whether an argument without a prototype that a parameter of this type is to receive has the other one.
///
/// **Source**: C17 6.5.2.2 §6.
fn is_passed_as(parameter: Scalar, argument: Scalar) -> bool {
    match parameter.precision() {
        Some(_) => argument == Scalar::F64,
        None => argument == parameter.promoted(),
    }
}
