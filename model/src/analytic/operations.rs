//! Instructions that the arithmetic of an expression takes.

use mupac_ir::{BinaryOp, Expr, ExprKind, Function, Handle, Precision, Scalar, Var};

use super::kernel::Instructions;

/// What an expression costs besides its accesses to memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Cost {
    /// Of one warp.
    pub(super) instructions: Instructions,
    /// Operations on the longest way from an operand to the result.
    pub(super) depth: f64,
    /// Calls of the mathematical library, and divisions.
    pub(super) calls: f64,
    /// Whether the variable that the value goes to is read, other than in subscripts.
    pub(super) grows: bool,
    target: Option<Handle<Var>>,
}

/// The unit that an operation runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Integer,
    Single,
    Double,
}

impl Unit {
    fn of(function: &Function, expr: Handle<Expr>) -> Self {
        let scalar = function.exprs[expr].ty.scalar();
        match scalar.and_then(Scalar::precision) {
            Some(Precision::Single) => Self::Single,
            Some(Precision::Double) => Self::Double,
            None => Self::Integer,
        }
    }
}

/// Instructions of a division, of numbers of floating point and of integers.
///
/// **Source**: the order of what nvcc 13.0 emits; CUDA C++ Programming Guide 13.0, “Arithmetic Instructions”: integer
/// division is “costly as it compiles to up to 20 instructions”.
const DIVISION: [f64; 2] = [8.0, 20.0];

/// Instructions of a function of the mathematical library, of the order of what nvcc 13.0 emits.
const CALL: f64 = 20.0;

impl Cost {
    /// Returns what an expression costs whose value goes to a variable, if to any; subscripts count as part of addresses,
    /// which accesses pay for.
    pub(super) fn of(function: &Function, expr: Handle<Expr>, target: Option<Handle<Var>>) -> Self {
        let mut cost = Self {
            target,
            ..Self::default()
        };
        cost.depth = cost.expression(function, expr);
        cost
    }

    /// Returns the operations on the longest way.
    fn expression(&mut self, function: &Function, expr: Handle<Expr>) -> f64 {
        let unit = Unit::of(function, expr);
        match &function.exprs[expr].kind {
            ExprKind::Load(place) => {
                self.grows |= self.target == Some(place.var);
                0.0
            }
            ExprKind::Unary(_, operand) => {
                let depth = self.expression(function, *operand);
                // The sign of a number of floating point is part of the operation that it goes to.
                if unit == Unit::Integer {
                    self.spend(unit, 1.0);
                }
                depth
            }
            ExprKind::Binary(op, left, right) => {
                let before = self
                    .expression(function, *left)
                    .max(self.expression(function, *right));
                self.binary(function, expr, *op, [*left, *right]);
                before + 1.0
            }
            ExprKind::Cast(inner) => {
                let depth = self.expression(function, *inner);
                if Unit::of(function, *inner) != unit {
                    self.instructions.all += 1.0;
                    self.instructions.special += 1.0;
                }
                depth
            }
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } => {
                let parts = [condition, then, otherwise];
                let depths = parts.map(|part| self.expression(function, *part));
                self.spend(Unit::Integer, 1.0);
                depths.into_iter().fold(0.0, f64::max) + 1.0
            }
            ExprKind::Call(_, arguments) => {
                let depths = arguments
                    .iter()
                    .map(|argument| self.expression(function, *argument));
                let before = depths.fold(0.0, f64::max);
                self.spend(unit, CALL);
                self.instructions.special += 1.0;
                self.calls += 1.0;
                before + CALL / 2.0
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => 0.0,
        }
    }

    fn binary(
        &mut self,
        function: &Function,
        expr: Handle<Expr>,
        op: BinaryOp,
        operands: [Handle<Expr>; 2],
    ) {
        let unit = Unit::of(function, expr);
        if op.is_division() {
            self.division(function, unit, operands[1]);
            return;
        }
        // One multiplication and one addition are one instruction.
        let is_fused = unit != Unit::Integer
            && matches!(op, BinaryOp::Add | BinaryOp::Subtract)
            && operands.iter().any(|each| is_product(function, *each));
        if !is_fused {
            self.spend(unit, 1.0);
        }
    }

    fn division(&mut self, function: &Function, unit: Unit, divisor: Handle<Expr>) {
        let is_constant = matches!(
            function.exprs[divisor].kind,
            ExprKind::Int(_) | ExprKind::Float(_)
        );
        let instructions = match (unit != Unit::Integer, is_constant) {
            (true, _) => DIVISION[0],
            // A multiplication and shifts.
            (false, true) => 3.0,
            (false, false) => DIVISION[1],
        };
        self.spend(unit, instructions);
        if !is_constant {
            self.instructions.special += 1.0;
            self.calls += 1.0;
        }
    }

    fn spend(&mut self, unit: Unit, instructions: f64) {
        self.instructions.all += instructions;
        match unit {
            Unit::Integer => self.instructions.integer += instructions,
            Unit::Single => self.instructions.single += instructions,
            Unit::Double => self.instructions.double += instructions,
        }
    }
}

fn is_product(function: &Function, expr: Handle<Expr>) -> bool {
    matches!(
        function.exprs[expr].kind,
        ExprKind::Binary(BinaryOp::Multiply, ..)
    )
}
