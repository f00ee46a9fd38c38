//! Arguments and memory for the calls of a generated program.
//!
//! Sizes sit at the edges where translations go wrong: 0, 1, 2, around 32 and around 256.

use crate::interpret::Value;
use crate::random::Random;
use crate::types::{Precision, Scalar};

use super::case::{Argument, CallerBuffer, Input};
use super::draft::{Array, Dimension, Draft, Fill, ParameterDraft};

/// Sizes of interest; those outside what a program accepts are drawn evenly instead.
const EDGES: [i64; 15] = [0, 1, 2, 3, 5, 8, 13, 31, 32, 33, 40, 63, 255, 256, 257];

impl Draft {
    /// Returns arguments and memory for one call: small numbers, or the extreme ones of every type.
    pub(super) fn input(&mut self, values: Values) -> Input {
        let sizes: Vec<i64> = self
            .sizes
            .clone()
            .iter()
            .map(|size| self.pick_size(size.least, size.most))
            .collect();
        let mut buffers = Vec::new();
        // Where each array is: its buffer and its first byte in it.
        let mut places: Vec<Option<(usize, u64)>> = vec![None; self.arrays.len()];
        let mut arguments = Vec::new();
        let combination = self.random.pick(&self.combinations).cloned();
        for parameter in self.parameters.clone() {
            arguments.push(match parameter {
                ParameterDraft::Size(size) => {
                    let value = i128::from(sizes[size]);
                    Argument::Value(self.sizes[size].ty, Value::Integer(value))
                }
                ParameterDraft::Value(ty) => Argument::Value(ty, values.draw(&mut self.random, ty)),
                ParameterDraft::Chosen(ty, position) => {
                    let values = combination.as_deref().unwrap_or_default();
                    let value = values.get(position).copied().unwrap_or(0);
                    Argument::Value(ty, Value::Integer(crate::interpret::wrap(ty, value)))
                }
                ParameterDraft::Array(array) => {
                    if let Some(global) = self.arrays[array].may_be_global
                        && self.random.chance(1, 2)
                    {
                        arguments.push(Argument::Global(global));
                        continue;
                    }
                    let (buffer, offset_bytes) =
                        self.memory(array, &sizes, &mut buffers, &places, values);
                    places[array] = Some((buffer, offset_bytes));
                    Argument::Buffer {
                        buffer,
                        offset_bytes,
                    }
                }
            });
        }
        Input { buffers, arguments }
    }

    fn pick_size(&mut self, least: i64, most: i64) -> i64 {
        let edge = self.random.pick(&EDGES).copied().unwrap_or(least);
        if (least..=most).contains(&edge) {
            edge
        } else {
            self.random.between(least, most)
        }
    }

    fn memory(
        &mut self,
        array: usize,
        sizes: &[i64],
        buffers: &mut Vec<CallerBuffer>,
        places: &[Option<(usize, u64)>],
        values: Values,
    ) -> (usize, u64) {
        let array = self.arrays[array].clone();
        let size_bytes = element_bytes(&array.element);
        if let Some((other, by)) = array.inside
            && let Some((buffer, offset)) = places[other]
        {
            return (buffer, offset.saturating_add_signed(by * size_bytes));
        }
        buffers.push(CallerBuffer {
            element: array.element.clone(),
            bytes: self.bytes(&array, sizes, values),
        });
        (buffers.len() - 1, (array.before * size_bytes) as u64)
    }

    /// Gives an array of file scope, which is zero otherwise, small numbers to start with.
    pub(super) fn fill_global(&mut self, array: usize) {
        let array = self.arrays[array].clone();
        let bytes = self.bytes(&array, &[], Values::Small);
        let name = self.builder.name(array.var);
        if let Some(global) = self.globals.iter_mut().find(|global| global.name == name) {
            global.bytes = bytes;
        }
    }

    fn bytes(&mut self, array: &Array, sizes: &[i64], values: Values) -> Vec<u8> {
        let count = array
            .dimensions
            .iter()
            .map(|dimension| dimension.count(sizes))
            .product::<i64>()
            + array.before;
        let random = &mut self.random;
        let subscripts = subscripts(random, array.fill, count, sizes);
        let mut bytes = Vec::new();
        for position in 0..count {
            for scalar in &array.element {
                let value = match &subscripts {
                    None => values.draw(random, *scalar),
                    Some(values) => {
                        let value = values.get(position as usize).copied().unwrap_or(0);
                        Value::Integer(i128::from(value))
                    }
                };
                if let Ok((raw, size)) = value.scalar_bytes(*scalar) {
                    bytes.extend_from_slice(&raw[..size]);
                }
            }
        }
        bytes
    }
}

/// Returns the values of an index array, `None` for an ordinary one.
fn subscripts(random: &mut Random, fill: Fill, count: i64, sizes: &[i64]) -> Option<Vec<i64>> {
    let below = |dimension: Dimension| dimension.count(sizes).max(1);
    match fill {
        Fill::Small => None,
        Fill::Subscripts(dimension) => {
            let most = below(dimension) - 1;
            Some((0..count).map(|_| random.between(0, most)).collect())
        }
        Fill::Permutation(dimension) => {
            let mut order: Vec<i64> = (0..below(dimension)).collect();
            random.shuffle(&mut order);
            Some(order.into_iter().cycle().take(count as usize).collect())
        }
        Fill::Offsets(dimension) => {
            let most = dimension.count(sizes);
            let mut offsets: Vec<i64> = (0..count).map(|_| random.between(0, most)).collect();
            offsets.sort_unstable();
            if let Some(first) = offsets.first_mut() {
                *first = 0;
            }
            Some(offsets)
        }
    }
}

/// What numbers a call brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Values {
    /// Small ones, exact in every type.
    Small,
    /// The least and the greatest of every type and what lies beside them; of floats also zeros of both signs,
    /// infinities and numbers that are none.
    Extreme,
}

impl Values {
    fn draw(self, random: &mut Random, ty: Scalar) -> Value {
        match self {
            Self::Small => small(random, ty),
            Self::Extreme => extreme(random, ty),
        }
    }
}

fn extreme(random: &mut Random, ty: Scalar) -> Value {
    match ty.precision() {
        Some(Precision::Single) => Value::F32(random.choose(
            0.0,
            &[
                -0.0,
                1.5,
                -3.25,
                f32::MAX,
                f32::MIN_POSITIVE / 4.0,
                f32::INFINITY,
                f32::NEG_INFINITY,
                f32::NAN,
            ],
        )),
        Some(Precision::Double) => Value::F64(random.choose(
            0.0,
            &[
                -0.0,
                1.5,
                -3.25,
                f64::MAX,
                f64::MIN_POSITIVE / 4.0,
                f64::INFINITY,
                f64::NEG_INFINITY,
                f64::NAN,
            ],
        )),
        None => {
            let (low, high) = ty.integer_range().unwrap_or((0, 1));
            Value::Integer(random.choose(low, &[high, low + 1, high - 1, 0, 1]))
        }
    }
}

/// Returns a small number: quarters for floats, whole for integers, negative where the type has such.
fn small(random: &mut Random, ty: Scalar) -> Value {
    match ty {
        Scalar::F32 => Value::F32(random.between(-40, 40) as f32 / 4.0),
        Scalar::F64 => Value::F64(random.between(-40, 40) as f64 / 4.0),
        Scalar::Bool => Value::Integer(i128::from(random.below(2))),
        Scalar::I8 | Scalar::I16 | Scalar::I32 | Scalar::I64 => {
            Value::Integer(i128::from(random.between(-50, 50)))
        }
        Scalar::U8 | Scalar::U16 | Scalar::U32 | Scalar::U64 => {
            Value::Integer(i128::from(random.below(100)))
        }
    }
}

fn element_bytes(element: &[Scalar]) -> i64 {
    element
        .iter()
        .map(|scalar| scalar.size_bytes() as i64)
        .sum()
}
