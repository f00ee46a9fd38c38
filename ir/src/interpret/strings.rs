//! Functions of the C library that look at strings.

use super::activation::Activation;
use super::fault::Outcome;
use super::value::{Pointer, Value};

impl Activation<'_, '_> {
    /// Calls a function that looks at strings; `None` where this is none.
    ///
    /// Of a comparison only the sign is specified (C17 7.24.4 §1).
    pub(super) fn strings(&mut self, name: &str, arguments: &[Value]) -> Outcome<Option<Value>> {
        let found = match (name, arguments) {
            ("strlen", [Value::Pointer(text)]) => self.string(*text, None)?.len() as i128,
            ("strcmp", [Value::Pointer(a), Value::Pointer(b)]) => self.order(*a, *b, None)?,
            ("strncmp", [Value::Pointer(a), Value::Pointer(b), Value::Integer(most)]) => {
                let most = usize::try_from(*most).unwrap_or(usize::MAX);
                self.order(*a, *b, Some(most))?
            }
            _ => return Ok(None),
        };
        Ok(Some(Value::Integer(found)))
    }

    fn order(
        &mut self,
        a: Option<Pointer>,
        b: Option<Pointer>,
        longest: Option<usize>,
    ) -> Outcome<i128> {
        let (a, b) = (self.string(a, longest)?, self.string(b, longest)?);
        Ok(a.cmp(&b) as i128)
    }
}
