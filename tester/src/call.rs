//! Writes the part of a caller that calls the function.

use std::fmt::Write;

use mupac_ir::{Scalar, Type};

use crate::glue::{Callee, Context, Slot};
use crate::layout::{c_type, position};

impl Context<'_> {
    fn memory_argument(&self, index: usize) -> String {
        let parameter = self.values.get(index);
        let ty = parameter.map(|parameter| &self.function.vars[*parameter].ty);
        match ty {
            Some(Type::Record(record)) => {
                let name = self
                    .records
                    .get(*record)
                    .map_or("", |record| record.name.as_str());
                format!("*({name} *)mupac_test_pointer({index})")
            }
            Some(
                Type::Void
                | Type::Scalar(_)
                | Type::Pointer { .. }
                | Type::Array { .. }
                | Type::Opaque(_),
            )
            | None => format!("MUPAC_TEST_POINTER({index})"),
        }
    }

    /// Calls the function with what the test chose, and hands on what it returns.
    pub(crate) fn call(&self, callee: &Callee, body: &mut String) -> Result<(), String> {
        let arguments: Vec<String> = (0..callee.parameter_names.len())
            .map(|index| match callee.slots.get(index) {
                Some(Slot::Buffer { .. }) => self.memory_argument(index),
                Some(Slot::Choice { functions, .. }) if !functions.is_empty() => {
                    function_argument(functions, index)
                }
                Some(Slot::Size(_) | Slot::Value(_) | Slot::Choice { .. } | Slot::Rows { .. })
                | None => {
                    format!("MUPAC_TEST_NUMBER(mupac_test_p{index})")
                }
            })
            .collect();
        // In parentheses a function-like macro of the same name does not expand.
        let call = format!("({})({})", callee.name, arguments.join(", "));
        body.push_str("    mupac_test_begin();\n");
        match &self.function.result {
            Type::Void => {
                let _ = writeln!(body, "    {call};");
            }
            Type::Scalar(scalar) => {
                let ty = c_type(*scalar);
                let _ = writeln!(body, "    {{\n        {ty} mupac_test_value = {call};");
                let _ = writeln!(
                    body,
                    "        mupac_test_result(&mupac_test_value, {});\n    }}",
                    position(*scalar)
                );
            }
            Type::Pointer { .. } => {
                let scalar = position(Scalar::I64);
                let _ = writeln!(
                    body,
                    "    mupac_test_place((const volatile void *){call}, {scalar});"
                );
            }
            Type::Array { .. } | Type::Record(_) | Type::Opaque(_) => {
                return Err("it returns neither a number, nor a pointer, nor nothing".to_owned());
            }
        }
        body.push_str("    mupac_test_end();\n");
        Ok(())
    }
}

/// Returns the function that has the number which the test chose; the last one has all others, too.
fn function_argument(functions: &[String], index: usize) -> String {
    let mut numbered = functions.iter().enumerate().rev();
    let last = numbered.next().map_or("0", |(_, last)| last).to_owned();
    numbered.fold(last, |others, (number, function)| {
        format!("(mupac_test_integer({index}) == {number} ? {function} : {others})")
    })
}
