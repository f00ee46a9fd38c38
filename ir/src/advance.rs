//! Many steps of `s = s * factor + plus` at once, as a generator of random numbers makes them.
//!
//! Two steps are one with `factor * factor` and `factor * plus + plus`, so that as many as there are take as long as their
//! number has bits.
//!
//! **Source**: Brown, “Random Number Generation with Arbitrary Strides”, Transactions of the American Nuclear Society 71, 1994.

use crate::types::Scalar;

/// The functions and the types that they compute in; no source spells them.
const ALL: [(Scalar, &str); 2] = [
    (Scalar::U32, "mupac_advance_u32"),
    (Scalar::U64, "mupac_advance_u64"),
];

/// Returns the function that makes steps in a type; it takes the state, the factor, the summand and the number of steps.
pub fn function_in(ty: Scalar) -> Option<&'static str> {
    let mut all = ALL.into_iter();
    all.find(|(own, _)| *own == ty).map(|(_, name)| name)
}

/// Returns the state after some steps, modulo 2 to the power of 64.
pub(crate) fn advanced(state: u64, factor: u64, plus: u64, steps: u64) -> u64 {
    let (mut state, mut factor, mut plus, mut left) = (state, factor, plus, steps);
    while left > 0 {
        if left % 2 == 1 {
            state = state.wrapping_mul(factor).wrapping_add(plus);
        }
        plus = plus.wrapping_mul(factor).wrapping_add(plus);
        factor = factor.wrapping_mul(factor);
        left /= 2;
    }
    state
}

/// Returns definitions of the functions that `text` calls, one a line.
pub(crate) fn definitions(text: &str, qualifiers: &str) -> String {
    let used = ALL.into_iter();
    let used = used.filter(|(_, name)| text.contains(&format!("{name}(")));
    let line = |(ty, name): (Scalar, &str)| {
        let ty = ty.c_name();
        format!(
            "{qualifiers} {ty} {name}({ty} state, {ty} factor, {ty} plus, unsigned long steps) {{ for (; steps; steps >>= 1) {{ if (steps & 1) state = state * factor + plus; plus = plus * factor + plus; factor *= factor; }} return state; }}\n"
        )
    };
    used.map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::advanced;

    #[test]
    fn many_steps_are_single_ones() {
        let (factor, plus) = (6_364_136_223_846_793_005, 1_442_695_040_888_963_407);
        let mut state: u64 = 42;
        for steps in 0..200 {
            assert_eq!(advanced(42, factor, plus, steps), state, "{steps}");
            state = state.wrapping_mul(factor).wrapping_add(plus);
        }
    }
}
