//! Builds isl's objects from equations and inequalities.

use std::collections::BTreeMap;
use std::ffi::CString;
use std::ptr;

use super::ffi;
use super::formula::{Alternative, Column, Sum, inner_of};
use super::notation::{self, Text};

/// An object that a text describes.
///
/// # Safety
/// The functions are those of the type.
pub(super) unsafe trait Described: Sized {
    /// How many tuples it has at most, and at least.
    const TUPLES: std::ops::RangeInclusive<usize>;
    /// isl's `…_empty`; takes its argument.
    const EMPTY: unsafe extern "C" fn(*mut ffi::isl_space) -> *mut Self;
    /// isl's `…_union`; takes both.
    const UNION: unsafe extern "C" fn(*mut Self, *mut Self) -> *mut Self;
    /// isl's `…_read_from_str`; keeps both.
    const READ: unsafe extern "C" fn(*mut ffi::isl_ctx, *const std::ffi::c_char) -> *mut Self;

    /// Returns the object of one alternative; takes all arguments.
    ///
    /// # Safety
    /// The columns of the matrices are those of the space, then inner values, then the constant.
    unsafe fn of_matrices(
        space: *mut ffi::isl_space,
        equal: *mut ffi::isl_mat,
        not_negative: *mut ffi::isl_mat,
    ) -> *mut Self;
}

// SAFETY: the functions are the type's own.
unsafe impl Described for ffi::isl_set {
    const TUPLES: std::ops::RangeInclusive<usize> = 0..=1;
    const EMPTY: unsafe extern "C" fn(*mut ffi::isl_space) -> *mut Self = ffi::isl_set_empty;
    const UNION: unsafe extern "C" fn(*mut Self, *mut Self) -> *mut Self = ffi::isl_set_union;
    const READ: unsafe extern "C" fn(*mut ffi::isl_ctx, *const std::ffi::c_char) -> *mut Self =
        ffi::isl_set_read_from_str;

    unsafe fn of_matrices(
        space: *mut ffi::isl_space,
        equal: *mut ffi::isl_mat,
        not_negative: *mut ffi::isl_mat,
    ) -> *mut Self {
        let [parameter, out, inner, constant] = [
            ffi::DIM_PARAM,
            ffi::DIM_OUT,
            ffi::DIM_DIV,
            ffi::DIM_CONSTANT,
        ];
        // SAFETY: takes all three, gives one.
        unsafe {
            ffi::isl_set_from_basic_set(ffi::isl_basic_set_from_constraint_matrices(
                space,
                equal,
                not_negative,
                parameter,
                out,
                inner,
                constant,
            ))
        }
    }
}

// SAFETY: the functions are the type's own.
unsafe impl Described for ffi::isl_map {
    const TUPLES: std::ops::RangeInclusive<usize> = 2..=2;
    const EMPTY: unsafe extern "C" fn(*mut ffi::isl_space) -> *mut Self = ffi::isl_map_empty;
    const UNION: unsafe extern "C" fn(*mut Self, *mut Self) -> *mut Self = ffi::isl_map_union;
    const READ: unsafe extern "C" fn(*mut ffi::isl_ctx, *const std::ffi::c_char) -> *mut Self =
        ffi::isl_map_read_from_str;

    unsafe fn of_matrices(
        space: *mut ffi::isl_space,
        equal: *mut ffi::isl_mat,
        not_negative: *mut ffi::isl_mat,
    ) -> *mut Self {
        let [parameter, first, out, inner, constant] = [
            ffi::DIM_PARAM,
            ffi::DIM_IN,
            ffi::DIM_OUT,
            ffi::DIM_DIV,
            ffi::DIM_CONSTANT,
        ];
        // SAFETY: takes all three, gives one.
        unsafe {
            ffi::isl_map_from_basic_map(ffi::isl_basic_map_from_constraint_matrices(
                space,
                equal,
                not_negative,
                parameter,
                first,
                out,
                inner,
                constant,
            ))
        }
    }
}

/// Returns what a text describes; null where it describes nothing, or the budget is spent.
///
/// # Safety
/// The context is alive, and nobody else uses it meanwhile.
pub(super) unsafe fn described<T: Described>(context: *mut ffi::isl_ctx, text: &str) -> *mut T {
    let read = notation::read(text).filter(|read| T::TUPLES.contains(&read.tuples.len()));
    // SAFETY: the caller's promise.
    if let Some(built) = read.and_then(|read| unsafe { built(context, &read) }) {
        return built;
    }
    match CString::new(text) {
        // SAFETY: the caller's promise; the text ends in a zero byte.
        Ok(text) => unsafe { T::READ(context, text.as_ptr()) },
        Err(_) => ptr::null_mut(),
    }
}

/// Returns what a text describes, or `None` where a number is too great for isl's matrices.
///
/// # Safety
/// As for [`described`].
unsafe fn built<T: Described>(context: *mut ffi::isl_ctx, text: &Text) -> Option<*mut T> {
    let alternatives = text.definitions.alternatives(&text.formula)?;
    let dimensions = text.tuples.iter().map(|tuple| tuple.dimensions);
    let outer = text.parameters.len() + dimensions.sum::<usize>();
    let rows: Vec<Rows> = alternatives
        .iter()
        .map(|each| Rows::of(each, outer))
        .collect::<Option<_>>()?;
    let names = Names::of(text)?;
    let mut all: Option<*mut T> = None;
    for each in &rows {
        // SAFETY: the caller's promise; `space`, `matrix` and `of_matrices` give, the latter takes all three.
        let part = unsafe {
            let space = names.space(context, text);
            let equal = each.matrix(context, &each.equal);
            let not_negative = each.matrix(context, &each.not_negative);
            T::of_matrices(space, equal, not_negative)
        };
        all = Some(match all {
            None => part,
            // SAFETY: takes both, gives one.
            Some(before) => unsafe { T::UNION(before, part) },
        });
    }
    // SAFETY: the caller's promise; takes the space, gives one.
    Some(all.unwrap_or_else(|| unsafe { T::EMPTY(names.space(context, text)) }))
}

/// One alternative as rows of numbers: parameters and dimensions, inner values, the constant.
struct Rows {
    columns: usize,
    equal: Vec<Vec<i64>>,
    not_negative: Vec<Vec<i64>>,
}

impl Rows {
    fn of(alternative: &Alternative, outer: usize) -> Option<Self> {
        let all = alternative.equal.iter().chain(&alternative.not_negative);
        // In the order in which they were read, quotients come after what they are quotients of.
        let mut inner: BTreeMap<usize, usize> = all
            .flat_map(inner_of)
            .map(|number| (number, outer))
            .collect();
        for (at, position) in inner.values_mut().enumerate() {
            *position += at;
        }
        let columns = outer + inner.len() + 1;
        let row = |sum: &Sum| {
            let mut row = vec![0; columns];
            for (column, coefficient) in &sum.terms {
                let position = match column {
                    Column::Outer(position) => *position,
                    Column::Inner(number) => *inner.get(number)?,
                    Column::Extreme(_) => return None,
                };
                *row.get_mut(position)? = i64::try_from(*coefficient).ok()?;
            }
            *row.last_mut()? = i64::try_from(sum.constant).ok()?;
            Some(row)
        };
        Some(Self {
            columns,
            equal: alternative.equal.iter().map(row).collect::<Option<_>>()?,
            not_negative: alternative
                .not_negative
                .iter()
                .map(row)
                .collect::<Option<_>>()?,
        })
    }

    /// # Safety
    /// As for [`described`].
    unsafe fn matrix(&self, context: *mut ffi::isl_ctx, rows: &[Vec<i64>]) -> *mut ffi::isl_mat {
        // SAFETY: gives a matrix whose elements are not set.
        let mut matrix =
            unsafe { ffi::isl_mat_alloc(context, rows.len() as u32, self.columns as u32) };
        for (at, row) in rows.iter().enumerate() {
            for (column, value) in row.iter().enumerate() {
                let (at, column) = (at as i32, column as i32);
                // SAFETY: takes the matrix and the number, gives the matrix; the position is inside.
                matrix = unsafe {
                    if let Ok(value) = i32::try_from(*value) {
                        ffi::isl_mat_set_element_si(matrix, at, column, value)
                    } else {
                        let value = ffi::isl_val_int_from_si(context, *value);
                        ffi::isl_mat_set_element_val(matrix, at, column, value)
                    }
                };
            }
        }
        matrix
    }
}

/// The names of a text as isl wants them.
struct Names {
    parameters: Vec<CString>,
    tuples: Vec<CString>,
}

impl Names {
    fn of(text: &Text) -> Option<Self> {
        let tuples = text.tuples.iter().map(|tuple| tuple.name.as_str());
        let all = |names: &mut dyn Iterator<Item = &str>| {
            names
                .map(|name| CString::new(name).ok())
                .collect::<Option<_>>()
        };
        Some(Self {
            parameters: all(&mut text.parameters.iter().map(String::as_str))?,
            tuples: all(&mut tuples.into_iter())?,
        })
    }

    /// # Safety
    /// As for [`described`].
    unsafe fn space(&self, context: *mut ffi::isl_ctx, text: &Text) -> *mut ffi::isl_space {
        let parameters = text.parameters.len() as u32;
        let count = |at: usize| text.tuples[at].dimensions as u32;
        // SAFETY: each gives a space.
        let mut space = unsafe {
            match text.tuples.len() {
                0 => ffi::isl_space_params_alloc(context, parameters),
                1 => ffi::isl_space_set_alloc(context, parameters, count(0)),
                _ => ffi::isl_space_alloc(context, parameters, count(0), count(1)),
            }
        };
        for (at, name) in self.parameters.iter().enumerate() {
            // SAFETY: takes the space, keeps the name, gives the space.
            space = unsafe {
                ffi::isl_space_set_dim_name(space, ffi::DIM_PARAM, at as u32, name.as_ptr())
            };
        }
        let kinds = [ffi::DIM_IN, ffi::DIM_OUT];
        let kinds = &kinds[kinds.len().saturating_sub(self.tuples.len())..];
        for (name, kind) in self.tuples.iter().zip(kinds) {
            if !name.is_empty() {
                // SAFETY: takes the space, keeps the name, gives the space.
                space = unsafe { ffi::isl_space_set_tuple_name(space, *kind, name.as_ptr()) };
            }
        }
        space
    }
}

#[cfg(test)]
mod tests {
    use super::notation;
    use crate::isl::{Context, Map, Set};

    /// Returns a text of the same meaning that only isl reads.
    fn for_isl(text: &str) -> String {
        let text = text.strip_suffix('}').unwrap();
        match text.split_once(" : ") {
            Some((before, condition)) if !condition.trim().is_empty() => {
                format!("{before} : ({condition}) and not (0 = 1) }}")
            }
            Some((before, _)) => format!("{before} : not (0 = 1) }}"),
            None => format!("{text} : not (0 = 1) }}"),
        }
    }

    fn check_set(context: &Context, text: &str) {
        let theirs = for_isl(text);
        assert!(notation::read(text).is_some(), "{text}");
        assert!(notation::read(&theirs).is_none(), "{theirs}");
        let ours = Set::parse(context, text).unwrap();
        let theirs = Set::parse(context, &theirs).unwrap();
        assert!(ours.is_equal(&theirs).unwrap(), "{text}: {ours} {theirs}");
        assert_eq!(ours.parameters().unwrap(), theirs.parameters().unwrap());
    }

    #[test]
    fn sets_are_those_that_isl_reads() {
        let context = Context::new().unwrap();
        for text in [
            "{ : }",
            "[] -> { : 1 = 0 }",
            "[n] -> { : n > 0 or n = -7 }",
            "[n, m] -> { : (((n - m) mod 3 = 0) and (n != m)) }",
            "[n] -> { S0[i, j] : 0 <= i < n and (i <= j and j < 2*i + n) }",
            "{ [] : 0 = 0 }",
            "{ S1[3, -4] }",
            "[n] -> { [n, i, i + 1] : i >= n }",
            "[v1] -> { I[t0] : t0 = 8*floor((v1 + t0)/8) and floor((3 - t0)/4) <= v1 }",
            "[v1] -> { [t0] : exists a, b : (t0 = 6*a + 9*b) and 0 <= a and b <= v1 }",
            "[n, m] -> { [x] : 0 <= x and x < min(n, m + 3, 8) }",
            "[n, m] -> { [x] : max(n, -m) <= x and x <= 2*max(n, 3) - min(m, 5) }",
            "[n, m] -> { [x] : x = min(n, m) + max(n, 4) and x != max(m, 2) }",
            "[n] -> { [x] : (x = 1 or x = 3 or x >= n) and (x <= n or x != 5) }",
            "[n] -> { [x] : -549755813632 <= n <= 549755813632 and x = 4294967296*n }",
            "[n] -> { [x] : exists q : (floor((x + floor((n)/2))/3) = q and q >= 1) }",
        ] {
            check_set(&context, text);
        }
    }

    #[test]
    fn relations_are_those_that_isl_reads() {
        let context = Context::new().unwrap();
        for text in [
            "{ [i] -> [i + 1] }",
            "{ [] -> [x0] : x0 = 3 }",
            "{ [a0, a1] -> [b0] : (a0 < b0) or (a0 = b0 and a1 != 2) }",
            "[v3_v5, e7] -> { [v1, v2] -> [v1, x0] : x0 = v1 * 2 - v2 + v3_v5 and e7 >= x0 }",
            "[n] -> { S0[i] -> T[t0] : exists t1 : ((i = 8*t0 + t1) and (0 <= t1 < 8) and i < n) }",
        ] {
            let theirs = for_isl(text);
            assert!(notation::read(text).is_some(), "{text}");
            assert!(notation::read(&theirs).is_none(), "{theirs}");
            let ours = Map::parse(&context, text).unwrap();
            let theirs = Map::parse(&context, &theirs).unwrap();
            assert!(ours.is_equal(&theirs).unwrap(), "{text}: {ours} {theirs}");
        }
    }

    #[test]
    fn what_is_not_known_is_left_to_isl() {
        for text in [
            "{ [i] : 2i = 4 }",
            "{ [i, j] : i, j >= 0 }",
            "{ [i] : not (i = 0) }",
            "{ [i] : 2*i mod 3 = 0 }",
            "{ [i] : i = j }",
            "{ [i] : i mod 0 = 0 }",
            "{ [i] : (i = 0 }",
            "{ [i] : i + 1 }",
            "{ [i -> j] }",
            "[n, n] -> { [n] }",
        ] {
            assert_eq!(notation::read(text), None, "{text}");
        }
    }

    /// Writes conditions over `i`, `j` and `n` by the digits of a number.
    struct Writer(u64);

    impl Writer {
        fn below(&mut self, count: u64) -> u64 {
            let digit = self.0 % count;
            self.0 = (self.0 / count) ^ (self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 7);
            digit
        }

        fn value(&mut self, depth: u32) -> String {
            let name = ["i", "j", "n"][self.below(3) as usize];
            let number = self.below(9) as i64 - 4;
            if depth == 0 {
                return format!("({number}*{name})");
            }
            let inner = self.value(depth - 1);
            let divisor = 1 + self.below(4);
            match self.below(6) {
                0 => format!("({inner} + {number})"),
                1 => format!("floor({name}/{divisor})"),
                2 => format!("({inner} mod {divisor})"),
                3 => format!("min({inner}, {name})"),
                4 => format!("max({inner}, {number})"),
                _ => format!("(-{name} - {inner})"),
            }
        }

        fn condition(&mut self, depth: u32) -> String {
            if depth == 0 {
                let sign = ["<", "<=", ">", ">=", "=", "!="][self.below(6) as usize];
                return format!("{} {sign} {}", self.value(2), self.value(1));
            }
            let word = ["and", "or"][self.below(2) as usize];
            let (one, other) = (self.condition(depth - 1), self.condition(depth - 1));
            format!("({one}) {word} ({other})")
        }
    }

    #[test]
    fn random_conditions_mean_what_isl_reads() {
        let context = Context::new().unwrap();
        context.limit_operations(0);
        for seed in 1..200_u64 {
            let mut writer = Writer(seed.wrapping_mul(0x2545_f491_4f6c_dd1d));
            let text = format!("[n] -> {{ S[i, j] : {} }}", writer.condition(2));
            // A quotient of a least value, or too many alternatives, are for isl.
            if notation::read(&text).is_some() {
                check_set(&context, &text);
            }
        }
    }
}
