//! Numbers behind pointer parameters, as Fortran passes sizes (`int *n`), as variables of the function that a test calls:
//! the test chooses them like sizes, and how much memory the function touches is written in them.
//!
//! Where a pointer leads to what another one changes, such a variable says nothing; then the sizes of buffers are a guess,
//! as they are where memory decides.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{
    BinaryOp, Expr, ExprKind, Extent, Function, Handle, Module, Place, Projection, Stmt, Storage,
    StoredNumber, Type, Var,
};

use super::entry::{Definitions, definitions};
use super::fetch::in_memory;
use crate::normalise::in_statement;
use crate::{build, region};

/// More numbers behind one pointer than this are an array.
const MOST_OF_ONE: usize = 32;

/// Most parameters and numbers behind them together: a test chooses few values.
const MOST_VALUES: usize = 56;

/// A function in which variables stand for numbers behind its parameters.
pub(super) struct Stored {
    pub(super) function: Function,
    /// The variables by what they stand for.
    numbers: BTreeMap<Address, Handle<Var>>,
}

/// A parameter, and a distance in bytes behind the address that is passed for it.
type Address = (Handle<Var>, u64);

impl Stored {
    /// Puts variables in the place of numbers at fixed distances behind parameters through which the function does
    /// nothing but read such numbers.
    pub(super) fn of(module: &Module, function: &Function) -> Self {
        let definitions = definitions(&mut function.clone());
        let addresses = Addresses {
            module,
            definitions: &definitions,
        };
        let mut function = function.clone();
        let mut numbers = BTreeMap::new();
        for (address, place) in addresses.read_alone(&function) {
            // Regions call numbers that they fetch alike.
            let var = in_memory(module, &mut function, place).fetched.variable;
            function.vars[var].storage = Storage::Parameter;
            function.parameters.push(var);
            numbers.insert(address, var);
        }
        let mut body = std::mem::take(&mut function.body);
        addresses.replace(&mut function, &mut body, &numbers);
        function.body = body;
        Self { function, numbers }
    }

    /// Returns how many bytes behind a parameter have variables, all before them included.
    pub(super) fn bytes(&self, parameter: Handle<Var>) -> u64 {
        let own = self
            .numbers
            .iter()
            .filter(|((var, _), _)| *var == parameter);
        let end = |(address, number): (&Address, &Handle<Var>)| {
            let scalar = self.function.vars[*number].ty.scalar();
            address.1 + scalar.map_or(0, mupac_ir::Scalar::size_bytes)
        };
        own.map(end).max().unwrap_or(0)
    }

    /// Returns the numbers that a test should choose: those that are sizes, and those that are compared with constants
    /// and serve for nothing else.
    pub(super) fn chosen(
        &self,
        sizes: &BTreeSet<Handle<Var>>,
        definitions: &Definitions,
    ) -> Vec<StoredNumber> {
        let function = &self.function;
        let chosen = self
            .numbers
            .iter()
            .filter_map(|((parameter, offset), number)| {
                let among = compared(function, *number, definitions);
                let is_chosen = sizes.contains(number) || !among.is_empty();
                let mut parameters = function.parameters.iter().filter(|_| is_chosen);
                Some(StoredNumber {
                    parameter: parameters.position(|each| each == parameter)?,
                    offset_bytes: *offset,
                    var: *number,
                    among,
                })
            });
        chosen.collect()
    }
}

/// Finds addresses that are fixed.
struct Addresses<'a> {
    module: &'a Module,
    definitions: &'a Definitions,
}

impl Addresses<'_> {
    /// Returns what a function reads behind parameters through which it does nothing else.
    fn read_alone(&self, function: &Function) -> BTreeMap<Address, Place> {
        let mut places = BTreeMap::new();
        let mut others = BTreeSet::new();
        region::each(&function.body, &mut |stmt| {
            others.extend(region::target(stmt).map(|place| place.var));
            for expr in region::expressions(stmt) {
                build::visit(function, expr, &mut |_, node| {
                    let (ExprKind::Load(place) | ExprKind::Address(place)) = &node.kind else {
                        return;
                    };
                    let is_read = matches!(node.kind, ExprKind::Load(_));
                    match self.address(function, place).filter(|_| is_read) {
                        Some(address) => {
                            places.entry(address).or_insert_with(|| place.clone());
                        }
                        None => {
                            others.insert(place.var);
                        }
                    }
                });
            }
        });
        places.retain(|(var, _), _| !others.contains(var));
        let mut counts = BTreeMap::<Handle<Var>, usize>::new();
        for (var, _) in places.keys() {
            *counts.entry(*var).or_default() += 1;
        }
        // Where there are few, they are the likelier to be sizes.
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(_, count)| *count);
        let mut values = function.parameters.len();
        for (var, count) in counts {
            if count <= MOST_OF_ONE && values + count <= MOST_VALUES {
                values += count;
            } else {
                places.retain(|(other, _), _| *other != var);
            }
        }
        places
    }

    fn replace(
        &self,
        function: &mut Function,
        statements: &mut [Stmt],
        numbers: &BTreeMap<Address, Handle<Var>>,
    ) {
        for stmt in statements {
            in_statement(function, stmt, &mut |function, read| {
                let number = numbers.get(&self.address(function, &read.place)?)?;
                Some(function.load(*number))
            });
            for block in region::blocks_mut(stmt) {
                self.replace(function, block, numbers);
            }
        }
    }

    /// Returns where behind a parameter an integer lies.
    fn address(&self, function: &Function, place: &Place) -> Option<Address> {
        let var = &function.vars[place.var];
        let is_own = function.parameters.contains(&place.var) && !var.is_volatile;
        let Type::Pointer { to, .. } = &var.ty else {
            return None;
        };
        let mut ty: Option<&Type> = None;
        let mut offset = 0_u64;
        for step in place.path.iter().filter(|_| is_own) {
            let (distance, inner) = match (step, ty) {
                (Projection::Index(index), None) => (self.elements(function, *index, to)?, &**to),
                (Projection::Index(index), Some(Type::Array { of, .. })) => {
                    (self.elements(function, *index, of)?, &**of)
                }
                (Projection::Field(field), Some(Type::Record(record))) => {
                    let field = self.module.records[*record].fields.get(*field as usize)?;
                    (field.offset_bytes, &field.ty)
                }
                (Projection::Index(_) | Projection::Field(_), _) => return None,
            };
            offset = offset.checked_add(distance)?;
            ty = Some(inner);
        }
        let is_integer = !ty?.scalar()?.is_float();
        is_integer.then_some((place.var, offset))
    }

    /// Returns the size of as many elements as a subscript says.
    fn elements(&self, function: &Function, index: Handle<Expr>, element: &Type) -> Option<u64> {
        let index = constant(function, index, self.definitions)?;
        let index = u64::try_from(index).ok()?;
        index.checked_mul(size_bytes(self.module, element)?)
    }
}

/// Returns the size of what holds no pointers.
pub(crate) fn size_bytes(module: &Module, ty: &Type) -> Option<u64> {
    match ty {
        Type::Scalar(scalar) => Some(scalar.size_bytes()),
        Type::Record(record) => Some(module.records[*record].size_bytes),
        Type::Array {
            of,
            length: Extent::Fixed(length),
        } => size_bytes(module, of)?.checked_mul(*length),
        Type::Array { .. } | Type::Pointer { .. } | Type::Void | Type::Opaque(_) => None,
    }
}

/// Returns the constants with which a number is compared, where it serves for nothing else; also by the name of a local
/// that is defined as the number.
fn compared(function: &Function, number: Handle<Var>, definitions: &Definitions) -> Vec<i64> {
    let is_it = |expr: Handle<Expr>| {
        let read = build::read(function, expr);
        let named = read.and_then(|var| definitions.get(&var).copied());
        read == Some(number) || named.and_then(|expr| build::read(function, expr)) == Some(number)
    };
    let (mut reads, mut comparisons, mut among) = (0, 0, BTreeSet::new());
    let is_definition = |stmt: &Stmt| {
        let target = region::target(stmt);
        target.is_some_and(|place| definitions.contains_key(&place.var))
    };
    region::each(&function.body, &mut |stmt| {
        for expr in region::expressions(stmt) {
            build::visit(function, expr, &mut |expr, node| {
                if matches!(node.kind, ExprKind::Load(_)) && is_it(expr) && !is_definition(stmt) {
                    reads += 1;
                }
                let ExprKind::Binary(BinaryOp::Equal | BinaryOp::NotEqual, a, b) = node.kind else {
                    return;
                };
                for (one, other) in [(a, b), (b, a)] {
                    let value = constant(function, other, definitions);
                    let value = value.and_then(|value| i64::try_from(value).ok());
                    if let (true, Some(value)) = (is_it(one), value) {
                        comparisons += 1;
                        among.insert(value);
                    }
                }
            });
        }
    });
    let serves_for_more = reads > comparisons;
    among.into_iter().filter(|_| !serves_for_more).collect()
}

/// Returns the value of a constant, in which locals may stand that are defined as constants.
fn constant(function: &Function, expr: Handle<Expr>, definitions: &Definitions) -> Option<i128> {
    if let Some(var) = build::read(function, expr) {
        return constant(function, *definitions.get(&var)?, definitions);
    }
    let node = &function.exprs[expr];
    if let ExprKind::Cast(inner) = node.kind {
        let value = constant(function, inner, definitions)?;
        let (least, greatest) = node.ty.scalar()?.integer_range()?;
        return (least..=greatest).contains(&value).then_some(value);
    }
    if let ExprKind::Binary(op, a, b) = node.kind {
        let [a, b] = [a, b].map(|operand| constant(function, operand, definitions));
        return build::fold(op, a?, b?);
    }
    build::constant(function, expr)
}
