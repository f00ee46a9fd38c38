//! Accesses that move several elements at once.

use super::CText;
use super::precedence::Precedence;
use crate::expr::Place;
use crate::types::Type;
use crate::vector::VectorCopy;

impl CText<'_> {
    /// Returns `*reinterpret_cast<float4 *>(x_v) = *reinterpret_cast<const float4 *>(&x[i]);`.
    pub(super) fn vector_copy(&self, copy: &VectorCopy) -> String {
        let ty = copy.type_name();
        let (to, from) = (self.first_of(&copy.to), self.first_of(&copy.from));
        format!("*reinterpret_cast<{ty} *>({to}) = *reinterpret_cast<const {ty} *>({from});")
    }

    /// Returns the address of an element; an array is the address of its first one.
    fn first_of(&self, place: &Place) -> String {
        let rendered = self.render_place(place);
        if matches!(rendered.ty, Type::Array { .. } | Type::Pointer { .. }) {
            return rendered.text;
        }
        format!("&{}", rendered.at(Precedence::Unary))
    }
}
