//! A program while it is made up: its parameters, and what callers may pass for them.

use crate::arena::{Arena, Handle};
use crate::expr::{BinaryOp, Place};
use crate::function::{Function, Storage, Var};
use crate::random::Random;
use crate::types::{Extent, Record, Scalar, Type};

use super::build::{Builder, Term};
use super::case::Variable;

/// A program under construction.
pub(super) struct Draft {
    pub(super) random: Random,
    pub(super) builder: Builder,
    /// Starts every name of file scope, so that many programs fit one file.
    pub(super) prefix: String,
    pub(super) sizes: Vec<Size>,
    pub(super) arrays: Vec<Array>,
    pub(super) parameters: Vec<ParameterDraft>,
    pub(super) records: Arena<Record>,
    pub(super) globals: Vec<Variable>,
    /// Functions that the main one calls.
    pub(super) callees: Vec<Function>,
    /// Values that callers pass together for [`ParameterDraft::Chosen`], each in as many positions.
    pub(super) combinations: Vec<Vec<i128>>,
    /// How iterators are declared.
    pub(super) iterators: Iterators,
    /// Whether sums of its floating-point numbers are exact, in any order.
    pub(super) is_exact: bool,
}

/// How iterators are declared.
#[derive(Clone, Debug)]
pub(super) enum Iterators {
    /// By each loop.
    Own,
    /// At the start of the function, one for all loops that call theirs the same, as before C99.
    Shared(Vec<Handle<Var>>),
}

/// What a parameter of the main function is for.
#[derive(Clone, Copy, Debug)]
pub(super) enum ParameterDraft {
    /// The size of this number.
    Size(usize),
    /// Any value of the type.
    Value(Scalar),
    /// What stands at this position of the combination that the caller picks.
    Chosen(Scalar, usize),
    /// The array of this number.
    Array(usize),
}

/// A size parameter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size {
    pub(super) var: Handle<Var>,
    pub(super) ty: Scalar,
    /// Least value that callers may pass.
    pub(super) least: i64,
    /// Greatest value that callers may pass.
    pub(super) most: i64,
}

/// Number of elements along one dimension: `scale * size + plus`, or `plus` without a size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dimension {
    pub(super) size: Option<usize>,
    pub(super) scale: i64,
    pub(super) plus: i64,
}

impl Dimension {
    pub(super) fn of(size: usize) -> Self {
        Self {
            size: Some(size),
            scale: 1,
            plus: 0,
        }
    }

    pub(super) fn fixed(count: i64) -> Self {
        Self {
            size: None,
            scale: 0,
            plus: count,
        }
    }

    /// Returns the number of elements for these sizes.
    pub(super) fn count(self, sizes: &[i64]) -> i64 {
        let size = self.size.and_then(|size| sizes.get(size)).copied();
        (self.scale * size.unwrap_or(0) + self.plus).max(0)
    }
}

/// What an array initially holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fill {
    /// Small numbers, exact in every type.
    Small,
    /// Subscripts below this dimension.
    Subscripts(Dimension),
    /// Each subscript below this dimension once, then again.
    Permutation(Dimension),
    /// Offsets that do not decrease, from 0 to this dimension: row starts.
    Offsets(Dimension),
}

/// An array.
#[derive(Clone, Debug)]
pub(super) struct Array {
    pub(super) var: Handle<Var>,
    /// The scalars of one element, without padding between them; one, unless it is a structure.
    pub(super) element: Vec<Scalar>,
    /// Outermost first.
    pub(super) dimensions: Vec<Dimension>,
    /// Whether the dimensions are one subscript in C, row by row.
    pub(super) is_linear: bool,
    pub(super) fill: Fill,
    /// Another array and a number of elements, where this one is passed a pointer into that.
    pub(super) inside: Option<(usize, i64)>,
    /// Number of elements that lie before the one the parameter points to.
    pub(super) before: i64,
    /// A variable of file scope that some callers pass the address of.
    pub(super) may_be_global: Option<usize>,
}

/// How an array parameter is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    /// `T *x`, subscripted `x[i * m + j]`.
    Linear,
    /// `T (*x)[m]`, with `m` a constant or a parameter.
    Nested,
}

impl Draft {
    pub(super) fn new(random: Random, prefix: String, result: Type) -> Self {
        let builder = Builder::new(&format!("{prefix}main"), result);
        let mut random = random;
        let iterators = if random.chance(1, 6) {
            Iterators::Shared(Vec::new())
        } else {
            Iterators::Own
        };
        Self {
            random,
            builder,
            prefix,
            sizes: Vec::new(),
            arrays: Vec::new(),
            parameters: Vec::new(),
            records: Arena::default(),
            globals: Vec::new(),
            callees: Vec::new(),
            combinations: Vec::new(),
            iterators,
            is_exact: false,
        }
    }

    /// Adds a size parameter.
    pub(super) fn size(&mut self, name: &str, least: i64, most: i64) -> usize {
        let ty = self.random.choose(
            Scalar::I32,
            &[
                Scalar::I32,
                Scalar::I32,
                Scalar::I64,
                Scalar::I64,
                Scalar::U32,
                Scalar::U64,
            ],
        );
        let var = self.builder.var(name, ty, Storage::Parameter);
        self.sizes.push(Size {
            var,
            ty,
            least,
            most,
        });
        let size = self.sizes.len() - 1;
        self.parameters.push(ParameterDraft::Size(size));
        size
    }

    /// Adds a scalar parameter that callers may pass any small number for.
    pub(super) fn value_parameter(&mut self, name: &str, ty: Scalar) -> Handle<Var> {
        let var = self.builder.var(name, ty, Storage::Parameter);
        self.parameters.push(ParameterDraft::Value(ty));
        var
    }

    /// Adds a parameter for every type; callers pass one of the combinations.
    pub(super) fn chosen<const N: usize>(
        &mut self,
        names: [&str; N],
        types: [Scalar; N],
        combinations: &[[i128; N]],
    ) -> [Handle<Var>; N] {
        self.combinations = combinations.iter().map(|each| each.to_vec()).collect();
        let mut position = 0;
        names.map(|name| {
            let ty = types[position];
            self.parameters.push(ParameterDraft::Chosen(ty, position));
            position += 1;
            self.builder.var(name, ty, Storage::Parameter)
        })
    }

    /// Adds an array parameter.
    pub(super) fn array(
        &mut self,
        name: &str,
        element: Scalar,
        dimensions: &[Dimension],
        rows: Rows,
        is_const: bool,
    ) -> usize {
        let mut pointee = Type::Scalar(element);
        if rows == Rows::Nested {
            for dimension in dimensions.iter().skip(1).rev() {
                pointee = self.array_of(pointee, *dimension);
            }
        }
        let ty = pointee.pointer(is_const);
        let var = self.builder.var(name, ty, Storage::Parameter);
        let is_linear = rows == Rows::Linear && dimensions.len() > 1;
        let array = self.add_array(var, vec![element], dimensions, is_linear);
        self.parameters.push(ParameterDraft::Array(array));
        array
    }

    /// Adds an array of file scope; its dimensions are constants.
    pub(super) fn global(
        &mut self,
        name: &str,
        element: Scalar,
        dimensions: &[Dimension],
    ) -> usize {
        let mut ty = Type::Scalar(element);
        for dimension in dimensions.iter().rev() {
            ty = self.array_of(ty, *dimension);
        }
        let name = format!("{}{name}", self.prefix);
        let count = dimensions
            .iter()
            .map(|dimension| dimension.count(&[]))
            .product::<i64>();
        let bytes = vec![0; count as usize * element.size_bytes() as usize];
        self.globals.push(Variable {
            name: name.clone(),
            ty: ty.clone(),
            element,
            bytes,
        });
        let var = self.builder.var(&name, ty, Storage::Global);
        self.add_array(var, vec![element], dimensions, false)
    }

    /// Adds an array of automatic storage; the caller declares it.
    pub(super) fn local_array(
        &mut self,
        name: &str,
        element: Scalar,
        dimensions: &[Dimension],
    ) -> usize {
        let mut ty = Type::Scalar(element);
        for dimension in dimensions.iter().rev() {
            ty = self.array_of(ty, *dimension);
        }
        let var = self.builder.local(name, ty);
        self.add_array(var, vec![element], dimensions, false)
    }

    pub(super) fn add_array(
        &mut self,
        var: Handle<Var>,
        element: Vec<Scalar>,
        dimensions: &[Dimension],
        is_linear: bool,
    ) -> usize {
        self.arrays.push(Array {
            var,
            element,
            dimensions: dimensions.to_vec(),
            is_linear,
            fill: Fill::Small,
            inside: None,
            before: 0,
            may_be_global: None,
        });
        self.arrays.len() - 1
    }

    /// Returns the number of elements along a dimension, as C computes it.
    pub(super) fn extent(&mut self, dimension: Dimension) -> Term {
        let Some(size) = dimension.size else {
            return self.builder.int(dimension.plus, Scalar::I32);
        };
        let mut term = self.builder.read(self.sizes[size].var);
        // Unsigned sizes are made signed, as careful C does before it subtracts.
        if !term.ty.is_signed() {
            term = self.builder.convert(term, Scalar::I64);
        }
        if dimension.scale != 1 {
            let scale = self.builder.int(dimension.scale, term.ty);
            term = self.builder.multiply(scale, term);
        }
        self.builder.shifted(term, dimension.plus)
    }

    /// Returns one of the types, floats more often.
    pub(super) fn element_type(&mut self) -> Scalar {
        self.random.choose(
            Scalar::F32,
            &[
                Scalar::F32,
                Scalar::F64,
                Scalar::F64,
                Scalar::I32,
                Scalar::I32,
                Scalar::Bool,
                Scalar::I8,
                Scalar::U8,
                Scalar::I16,
                Scalar::U16,
                Scalar::U32,
                Scalar::I64,
                Scalar::U64,
            ],
        )
    }

    /// Returns the element of an array at one subscript for each dimension.
    pub(super) fn element(&mut self, array: usize, subscripts: &[Term]) -> Place {
        let Array {
            var,
            dimensions,
            is_linear,
            ..
        } = self.arrays[array].clone();
        if !is_linear {
            let subscripts: Vec<Term> = subscripts
                .iter()
                .map(|subscript| self.builder.as_subscript(*subscript))
                .collect();
            return Builder::element(var, &subscripts);
        }
        let mut linear: Option<Term> = None;
        for (subscript, dimension) in subscripts.iter().zip(dimensions) {
            linear = Some(match linear {
                None => *subscript,
                Some(outer) => {
                    let extent = self.extent(dimension);
                    let row = self.builder.binary(BinaryOp::Multiply, outer, extent);
                    self.builder.add(row, *subscript)
                }
            });
        }
        let linear = linear.map(|linear| self.builder.as_subscript(linear));
        Builder::element(var, linear.as_slice())
    }

    fn array_of(&mut self, element: Type, dimension: Dimension) -> Type {
        let length = match dimension.size {
            None => Extent::Fixed(dimension.plus.max(0) as u64),
            Some(_) => Extent::Variable(self.extent(dimension).expr),
        };
        Type::Array {
            of: Box::new(element),
            length,
        }
    }
}
