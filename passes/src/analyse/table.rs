//! Tables of integers that never change: in `x + dx[k]` with `const int dx[4] = {1, 0, -1, 0}`, `dx[k]` is as good as written
//! out, so that subscripts made of it need no look at memory.
//!
//! A table is an array that C declares `const`, whose initialiser is all it ever holds (C17 6.7.3 §6), or a local that nobody
//! else can reach and of which every element is assigned once, a constant.
//! Below the first element and beyond the last one it goes on with these: what is read there has no meaning in C, and a value
//! that is not read may be anything.

use std::collections::BTreeMap;

use mupac_ir::fold::constant;
use mupac_ir::interpret::Value;
use mupac_ir::structure::{each, each_expression, visit};
use mupac_ir::{
    ExprKind, Extent, Function, Handle, Module, Place, Projection, Scalar, Stmt, Storage, Type, Var,
};

use super::scan::Scan;
use crate::affine::{Affine, Formula, Known};
use crate::polynomial::Polynomial;
use crate::region;

/// Tables of more elements are data.
const MOST_ELEMENTS: u64 = 64;

/// More neighbours that differ cost more than they tell.
const MOST_RUNS: usize = 24;

/// The tables that a region reads.
#[derive(Clone, Debug, Default)]
pub(super) struct Tables(BTreeMap<Handle<Var>, Table>);

/// What is known of a table.
#[derive(Clone, Debug)]
struct Table {
    /// Of each dimension, the outermost first.
    lengths: Vec<u64>,
    elements: Vec<i128>,
}

impl Tables {
    /// Returns those that statements of a function read.
    pub(super) fn of(module: &Module, function: &Function, statements: &[Stmt]) -> Self {
        let mut found = BTreeMap::new();
        let mut look = |place: &Place| {
            if place.path.is_empty() || found.contains_key(&place.var) {
                return;
            }
            let table = Shape::of(function, place.var).and_then(|shape| {
                let elements = shape.values(module, function, statements, place.var)?;
                let lengths = shape.lengths;
                Some(Table { lengths, elements })
            });
            found.insert(place.var, table);
        };
        each(statements, &mut |stmt| {
            each_expression(stmt, &mut |expr| {
                visit(function, expr, &mut |_, node| {
                    if let ExprKind::Load(place) = &node.kind {
                        look(place);
                    }
                });
            });
        });
        let known = found.into_iter();
        Self(
            known
                .filter_map(|(var, table)| Some((var, table?)))
                .collect(),
        )
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Scan<'_> {
    /// Returns the value of an element of a table, where its subscripts vary and are affine.
    pub(super) fn table_element(&mut self, place: &Place) -> Option<Polynomial> {
        let Table { lengths, elements } = self.tables.0.get(&place.var)?.clone();
        let index = self.position(place, &lengths)?;
        let at = |index: i128| elements.get(usize::try_from(index).ok()?).copied();
        if let Some(index) = index.as_constant() {
            return at(index).map(Polynomial::constant);
        }
        if self.is_of_parameters(&index) {
            return None;
        }
        let cases = cases(&index, &elements)?;
        if let Some(known) = self.choices.get(&cases) {
            return Some(known.clone().into());
        }
        let value = self.unknown(Known::OneOf(cases.clone()), index.is_exact());
        self.choices.insert(cases, value.clone());
        Some(value.into())
    }

    /// Returns which element a place is, counted from the first one.
    fn position(&mut self, place: &Place, lengths: &[u64]) -> Option<Affine> {
        if place.path.len() != lengths.len() {
            return None;
        }
        let mut position = Affine::constant(0);
        for (step, length) in place.path.iter().zip(lengths) {
            let Projection::Index(index) = step else {
                return None;
            };
            let index = self.affine(*index)?;
            position = position.times(i128::from(*length))?.plus(&index)?;
        }
        Some(position)
    }
}

/// How a table lies in memory.
struct Shape {
    /// Of each dimension, the outermost first.
    lengths: Vec<u64>,
    element: Scalar,
}

impl Shape {
    fn of(function: &Function, array: Handle<Var>) -> Option<Self> {
        let mut lengths = Vec::new();
        let mut ty = &function.vars[array].ty;
        while let Type::Array { of, length } = ty {
            let Extent::Fixed(length) = length else {
                return None;
            };
            lengths.push(*length);
            ty = of;
        }
        let element = ty
            .scalar()
            .filter(|scalar| scalar.integer_range().is_some())?;
        let count = lengths
            .iter()
            .try_fold(1_u64, |all, each| all.checked_mul(*each))?;
        let is_table = !lengths.is_empty() && (1..=MOST_ELEMENTS).contains(&count);
        is_table.then_some(Self { lengths, element })
    }

    /// Returns all elements, if they are known and never change.
    fn values(
        &self,
        module: &Module,
        function: &Function,
        statements: &[Stmt],
        array: Handle<Var>,
    ) -> Option<Vec<i128>> {
        let var = &function.vars[array];
        if var.is_volatile {
            return None;
        }
        match var.storage {
            Storage::Parameter | Storage::Function => None,
            Storage::Local => {
                // Where it is written down: what an analysis works on may lack the statements before. What calls brought in
                // stands in its statements alone.
                let (_, written) = module.function(&function.name)?;
                match written.vars.get(array) {
                    Some(_) => self.assigned(written, &written.body, array),
                    None => self.assigned(function, statements, array),
                }
            }
            Storage::Static | Storage::Global if !var.is_const => None,
            Storage::Static => self.initial(module, &format!("{}.{}", function.name, var.spelling)),
            Storage::Global => self.initial(module, &var.spelling),
        }
    }

    /// Returns what a variable with static storage starts with; one that is zero may be defined in another file.
    fn initial(&self, module: &Module, name: &str) -> Option<Vec<i128>> {
        let global = module.globals.iter().find(|global| global.name == name)?;
        let size = usize::try_from(self.element.size_bytes()).ok()?;
        let integer = |bytes| match Value::from_bytes(self.element, bytes) {
            Ok(Value::Integer(value)) => Some(value),
            Ok(_) | Err(_) => None,
        };
        let values: Option<Vec<i128>> = global.initial.chunks_exact(size).map(integer).collect();
        let values = values?;
        let count: u64 = self.lengths.iter().product();
        let is_whole = values.len() as u64 == count && values.iter().any(|value| *value != 0);
        is_whole.then_some(values)
    }

    /// Returns what the elements of a local are assigned, if each is once, a constant, and nothing else can change them.
    fn assigned(
        &self,
        function: &Function,
        statements: &[Stmt],
        array: Handle<Var>,
    ) -> Option<Vec<i128>> {
        let var = &function.vars[array];
        let is_own = var.is_plain_local() && var.texts.is_empty();
        if !is_own || region::addressed(function, statements).contains(&array) {
            return None;
        }
        let mut found = BTreeMap::new();
        let mut is_known = true;
        each(statements, &mut |stmt| {
            if let Stmt::Compute(compute) = stmt
                && compute.target.var == array
            {
                let value = self.constant_position(function, &compute.target);
                let value = value.zip(constant(function, compute.value));
                is_known &= value.is_some_and(|(at, value)| found.insert(at, value).is_none());
            } else if let Stmt::Call(call) = stmt {
                let target = call.target.as_ref();
                is_known &= target.is_none_or(|target| target.var != array);
            }
        });
        let count: u64 = self.lengths.iter().product();
        (is_known && found.len() as u64 == count).then(|| found.into_values().collect())
    }

    fn constant_position(&self, function: &Function, place: &Place) -> Option<u64> {
        if place.path.len() != self.lengths.len() {
            return None;
        }
        let mut position = 0_u64;
        for (step, length) in place.path.iter().zip(&self.lengths) {
            let Projection::Index(index) = step else {
                return None;
            };
            let index = u64::try_from(constant(function, *index)?).ok()?;
            position = position * length + Some(index).filter(|index| index < length)?;
        }
        Some(position)
    }
}

/// Returns what an element is worth, by which one it is; `None` where that are too many cases.
fn cases(index: &Affine, values: &[i128]) -> Option<Vec<(Formula, Affine)>> {
    let runs: Vec<&[i128]> = values.chunk_by(|a, b| a == b).collect();
    if runs.len() > MOST_RUNS {
        return None;
    }
    let mut cases: BTreeMap<i128, Formula> = BTreeMap::new();
    let (mut first, last) = (0_i128, runs.len() - 1);
    for (number, run) in runs.iter().enumerate() {
        let next = first + run.len() as i128;
        let mut holds = Formula::Constant(true);
        if number > 0 {
            holds = holds.and(Formula::at_most(&Affine::constant(first), index)?);
        }
        if number < last {
            holds = holds.and(Formula::below(index, &Affine::constant(next))?);
        }
        let own = cases.entry(run[0]).or_insert(Formula::Constant(false));
        *own = std::mem::replace(own, Formula::Constant(false)).or(holds);
        first = next;
    }
    let cases = cases.into_iter();
    Some(
        cases
            .map(|(value, holds)| (holds, Affine::constant(value)))
            .collect(),
    )
}
