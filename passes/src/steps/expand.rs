//! A variable that a loop declares becomes an array outside the loop, with an element for each iteration, so that the
//! loop can be cut in two or move inward.
//!
//! In the code of a thread it lies in registers: it belongs to one thread, and loops that run over it are to be unrolled.
//! Outside it lies in the device's memory, so that one launch may leave what another one finds, and the host neither has
//! nor copies it.
//!
//! **Source**: Padua, Wolfe, “Advanced Compiler Optimizations for Supercomputers”, CACM 29(12), 1986 (scalar expansion).

use mupac_ir::{
    BinaryOp, Compute, Expr, ExprKind, Extent, Function, Handle, Loop, Place, Projection, Scalar,
    Space, Stmt, Type, Var,
};

use crate::judge::is_expanded;
use crate::{build, region, trip};

/// More 32-bit registers than a thread may have.
///
/// **Source**: CUDA C++ Programming Guide 13.0, “Compute Capabilities”, “Maximum number of 32-bit registers per thread”.
const REGISTERS: u64 = 255;

/// A variable that became an array.
pub(super) struct Expansion {
    pub(super) variable: Handle<Var>,
    pub(super) array: Handle<Var>,
    /// The number of the running iteration.
    number: Handle<Expr>,
}

impl Expansion {
    /// Makes an array in registers for a loop that runs a constant number of times; that of a variable which is such an
    /// array already has one more dimension.
    ///
    /// **Errors**: says why there can be none.
    pub(super) fn in_registers(
        function: &mut Function,
        variable: Handle<Var>,
        by: &Loop,
    ) -> Result<Self, String> {
        let name = function.vars[variable].name.clone();
        let extent = trip::constant(function, by).and_then(|count| u64::try_from(count).ok());
        let Some(extent) = extent.filter(|extent| *extent > 0) else {
            return Err(format!(
                "{} does not run a constant number of times",
                by.name
            ));
        };
        let length = Extent::Fixed(extent);
        let ty = instances(function, variable, length);
        if registers(&ty).is_none_or(|count| count > REGISTERS) {
            return Err(format!(
                "{extent} instances of {name} do not fit the registers of a thread"
            ));
        }
        let base = if is_expanded(function, variable) {
            name
        } else {
            format!("{name}.r")
        };
        Self::new(function, variable, by, (base, ty, Space::Register))
    }

    /// Makes an array of a number in the device's memory, which has an element even where the loop has no iteration.
    ///
    /// **Errors**: says why there can be none.
    pub(super) fn on_device(
        function: &mut Function,
        variable: Handle<Var>,
        by: &Loop,
    ) -> Result<Self, String> {
        let Var { name, ty, .. } = &function.vars[variable];
        let base = format!("{name}.of");
        if !matches!(ty, Type::Scalar(_)) {
            return Err(format!(
                "{name} would have to live from one kernel to the next and is no number"
            ));
        }
        // The judge's sets know no quotient of an unknown number.
        if by.step.unsigned_abs() != 1 && trip::constant(function, by).is_none() {
            return Err(format!(
                "{} leaves out numbers up to one that is not known",
                by.name
            ));
        }
        let count = trip::count(function, by).ok_or_else(|| uncounted(by))?;
        let one = build::int(function, 1, Scalar::I64);
        let count = build::binary(function, BinaryOp::Max, count, one);
        let length = match build::constant(function, count).map(u64::try_from) {
            Some(Ok(count)) => Extent::Fixed(count),
            Some(Err(_)) | None => Extent::Variable(count),
        };
        let ty = instances(function, variable, length);
        Self::new(function, variable, by, (base, ty, Space::Global))
    }

    fn new(
        function: &mut Function,
        variable: Handle<Var>,
        by: &Loop,
        (base, ty, space): (String, Type, Space),
    ) -> Result<Self, String> {
        let number = trip::number(function, by, Scalar::I64).ok_or_else(|| uncounted(by))?;
        let mut array = Var::local(function.fresh_name(&base), ty);
        array.space = space;
        Ok(Self {
            variable,
            array: function.vars.push(array),
            number,
        })
    }

    /// Puts elements of the array in the place of the variable.
    ///
    /// **Errors**: says so where something else than an assignment names it.
    pub(super) fn apply(&self, function: &mut Function, block: &mut [Stmt]) -> Result<(), String> {
        for stmt in block {
            if let Stmt::Compute(compute) = stmt {
                self.assignment(function, compute);
            } else {
                let named = region::expressions(stmt).into_iter();
                let mut named = named.flat_map(|expr| build::variables(function, expr));
                if named.any(|var| var == self.variable)
                    || region::target(stmt).is_some_and(|place| place.var == self.variable)
                {
                    let name = &function.vars[self.variable].name;
                    return Err(format!("{name} is named by more than assignments"));
                }
            }
            for inner in region::blocks_mut(stmt) {
                self.apply(function, inner)?;
            }
        }
        Ok(())
    }

    fn assignment(&self, function: &mut Function, compute: &mut Compute) {
        compute.value = self.value(function, compute.value);
        let path = compute.target.path.iter();
        let path = path
            .map(|step| match step {
                Projection::Index(index) => Projection::Index(self.value(function, *index)),
                Projection::Field(field) => Projection::Field(*field),
            })
            .collect();
        let var = compute.target.var;
        compute.target = self.element(&Place { var, path });
    }

    fn value(&self, function: &mut Function, expr: Handle<Expr>) -> Handle<Expr> {
        build::rebuilt(function, expr, &mut |kind| match kind {
            ExprKind::Load(place) => ExprKind::Load(self.element(place)),
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Cast(_)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => kind.clone(),
        })
    }

    /// Returns what a place is in the array; the same place if it is of another variable.
    fn element(&self, place: &Place) -> Place {
        if place.var != self.variable {
            return place.clone();
        }
        let number = [Projection::Index(self.number)];
        Place {
            var: self.array,
            path: number
                .into_iter()
                .chain(place.path.iter().copied())
                .collect(),
        }
    }
}

/// Returns the type of so many instances of a variable.
fn instances(function: &Function, variable: Handle<Var>, length: Extent) -> Type {
    Type::Array {
        of: Box::new(function.vars[variable].ty.clone()),
        length,
    }
}

fn uncounted(by: &Loop) -> String {
    format!("the iterations of {} cannot be counted", by.name)
}

/// Returns how many registers of 32 bits a value takes; `None` where it is no number and no array of numbers.
fn registers(ty: &Type) -> Option<u64> {
    match ty {
        Type::Scalar(scalar) => Some(scalar.size_bytes().div_ceil(4)),
        Type::Array {
            of,
            length: Extent::Fixed(length),
        } => registers(of)?.checked_mul(*length),
        Type::Array { .. }
        | Type::Void
        | Type::Pointer { .. }
        | Type::Record(_)
        | Type::Opaque(_) => None,
    }
}
