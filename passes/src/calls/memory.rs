//! `memcpy` and `memset` of whole elements, as the loops that they are (C17 7.24.2.1, 7.24.6.1).
//!
//! `memcpy(a + i * m, b + i * m, m * sizeof *a)` becomes `for (k = 0; k < m; k++) a[i * m + k] = b[i * m + k];`.
//! `memset` of a structure or of rows sets members and elements one by one.
//! What the arguments of such a call read before it, the loop reads in every iteration; so what is not made of the
//! function's own numbers is kept in a variable. `memmove` stays a call: its ranges may overlap.

use mupac_ir::stmt::Call;
use mupac_ir::{
    BinaryOp, Block, Compute, Expr, ExprKind, Extent, Function, Handle, Loop, LoopName, Mapping,
    Module, Place, Projection, Scalar, Stmt, Type, Var,
};

use super::expand::Fresh;
use mupac_ir::bits::reinterpreted;

use crate::analyse::size_bytes;
use crate::build;

/// Returns what a call of the C library does to memory, element by element; `None` where it is no such call, or of bytes.
pub(super) fn element_by_element(
    module: &Module,
    function: &mut Function,
    fresh: &mut Fresh,
    call: &Call,
) -> Option<Block> {
    let is_library = call.target.is_none() && module.function(&call.callee).is_none();
    let [to, second, bytes] = call.arguments[..] else {
        return None;
    };
    if !is_library || !["memcpy", "memset"].contains(&call.callee.as_str()) {
        return None;
    }
    let mut memory = Memory {
        module,
        function,
        fresh,
        call,
        before: Block::new(),
    };
    let to = memory.first(to)?;
    let ty = memory.function.place_type(&module.records, &to)?;
    let count = memory.count(bytes, size_bytes(module, &ty)?)?;
    let is_one = build::constant(memory.function, count) == Some(1);
    let (counter, at) = if is_one {
        (None, None)
    } else {
        let counter = memory.counter();
        (Some(counter), Some(memory.function.load(counter)))
    };
    let body = if call.callee == "memset" {
        let target = memory.moved(to, at)?;
        memory.set(target, &ty, second)?
    } else {
        is_plain(&ty).then_some(())?;
        let from = memory.first(second)?;
        let found = memory.function.place_type(&module.records, &from)?;
        let value = if found == ty {
            let from = memory.moved(from, at)?;
            memory.function.expr(ExprKind::Load(from), ty)
        } else {
            // The bits of one number are taken for another one.
            let to = ty.scalar().filter(|_| is_one)?;
            let value = memory.function.expr(ExprKind::Load(from), found);
            reinterpreted(memory.function, value, to)?
        };
        let target = memory.moved(to, at)?;
        vec![memory.assigned(target, value)]
    };
    let whole = match counter {
        Some(counter) => vec![memory.counting(counter, count, body)],
        None => body,
    };
    let mut out = memory.before;
    out.extend(whole);
    Some(out)
}

/// Returns whether a type has a value that is assigned as a whole.
fn is_plain(ty: &Type) -> bool {
    matches!(ty, Type::Scalar(_) | Type::Record(_))
}

struct Memory<'a> {
    module: &'a Module,
    function: &'a mut Function,
    fresh: &'a mut Fresh,
    call: &'a Call,
    /// What has to be computed before.
    before: Block,
}

impl Memory<'_> {
    /// Returns the first element that an argument leads to.
    fn first(&mut self, argument: Handle<Expr>) -> Option<Place> {
        let pointer = if let ExprKind::Cast(inner) = self.function.exprs[argument].kind {
            inner
        } else {
            argument
        };
        let place = self.element(pointer)?;
        let leads_to = self.function.exprs[pointer].ty.element()?.clone();
        let ty = self.function.place_type(&self.module.records, &place)?;
        (ty == leads_to).then_some(place)
    }

    /// Returns the first element that a pointer leads to, if it is of the type that the pointer says.
    fn element(&mut self, pointer: Handle<Expr>) -> Option<Place> {
        let node = self.function.exprs[pointer].clone();
        match node.kind {
            ExprKind::Cast(inner) => {
                let from = self.function.exprs[inner].ty.element()?;
                (Some(from) == node.ty.element()).then(|| self.element(inner))?
            }
            ExprKind::Load(place) if place.path.is_empty() => {
                let var = &self.function.vars[place.var];
                var.is_plain_local().then_some(())?;
                let zero = build::int(self.function, 0, Scalar::I64);
                Some(Place {
                    var: place.var,
                    path: vec![Projection::Index(zero)],
                })
            }
            ExprKind::Address(mut place) => {
                for step in &mut place.path {
                    if let Projection::Index(index) = step {
                        *index = self.kept(*index)?;
                    }
                }
                Some(place)
            }
            ExprKind::Binary(BinaryOp::Add, base, offset) => {
                let place = self.element(base)?;
                let offset = self.kept(offset)?;
                self.moved(place, Some(offset))
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => None,
        }
    }

    /// Returns the element so many behind another one; the object itself where nothing is added.
    fn moved(&mut self, mut place: Place, by: Option<Handle<Expr>>) -> Option<Place> {
        let Some(by) = by else { return Some(place) };
        let Some(Projection::Index(index)) = place.path.last_mut() else {
            return None;
        };
        let wide = build::convert(self.function, *index, Scalar::I64);
        let by = build::convert(self.function, by, Scalar::I64);
        *index = build::binary(self.function, BinaryOp::Add, wide, by);
        Some(place)
    }

    /// Returns how many elements so many bytes are; `None` where that is not said.
    fn count(&mut self, bytes: Handle<Expr>, size: u64) -> Option<Handle<Expr>> {
        let size = i128::from(size);
        if let Some(bytes) = build::constant(self.function, bytes) {
            let is_whole = size > 0 && bytes > 0 && bytes % size == 0;
            return is_whole.then(|| build::int(self.function, bytes / size, Scalar::I64));
        }
        if let ExprKind::Binary(BinaryOp::Multiply, a, b) = self.function.exprs[bytes].kind {
            for (factor, other) in [(a, b), (b, a)] {
                let factor = build::constant(self.function, factor);
                if let Some(factor) = factor.filter(|factor| *factor > 0 && *factor % size == 0) {
                    let other = self.number(other)?;
                    return Some(build::scale(self.function, factor / size, other));
                }
            }
        }
        (size == 1).then(|| self.number(bytes)).flatten()
    }

    /// Returns a size as a signed number: no object has more bytes than that counts.
    fn number(&mut self, size: Handle<Expr>) -> Option<Handle<Expr>> {
        let mut inner = size;
        // What was negative before it became a size would be too large.
        if let ExprKind::Cast(from) = self.function.exprs[size].kind
            && let Some(scalar) = self.function.exprs[from].ty.scalar()
            && scalar.integer_range().is_some()
        {
            inner = from;
        }
        let kept = self.kept(inner)?;
        Some(build::convert(self.function, kept, Scalar::I64))
    }

    /// Returns an integer that stays the same while memory is written.
    fn kept(&mut self, value: Handle<Expr>) -> Option<Handle<Expr>> {
        let own = |var| self.function.vars[var].is_plain_local();
        if build::is_of_variables(self.function, value, &own) {
            return Some(value);
        }
        let ty = self.function.exprs[value].ty.clone();
        ty.scalar()?.integer_range()?;
        let name = self.function.fresh_name("at");
        let var = self.function.vars.push(Var::local(name, ty));
        self.before.push(Stmt::Declare(var, self.call.span));
        self.before.push(Stmt::Compute(Compute {
            id: self.fresh.statement(),
            target: Place::var(var),
            value,
            span: self.call.span,
            target_span: self.call.span,
        }));
        Some(self.function.load(var))
    }

    /// Returns the number of which every byte is one value: 0 of any type, or a byte.
    fn filled(&mut self, byte: Handle<Expr>, ty: &Type) -> Option<Handle<Expr>> {
        let scalar = ty.scalar()?;
        if build::constant(self.function, byte) == Some(0) {
            return Some(build::zero(self.function, scalar));
        }
        if let Some(byte) = build::constant(self.function, byte)
            && let Some((low, high)) = scalar.integer_range()
            && scalar != Scalar::Bool
        {
            let bytes = scalar.size_bytes();
            let whole = (0..bytes).fold(0, |whole, _| whole << 8 | (byte & 0xff));
            let span = 1_i128 << (8 * bytes);
            let value = if whole > high { whole - span } else { whole };
            return (low <= value).then(|| build::int(self.function, value, scalar));
        }
        let is_byte = scalar.size_bytes() == 1 && scalar.integer_range().is_some();
        let byte = is_byte.then(|| self.kept(byte)).flatten()?;
        let byte = build::convert(self.function, byte, Scalar::U8);
        Some(build::convert(self.function, byte, scalar))
    }

    /// Returns the statements by which every byte of an object becomes one value: of rows and members one by one, where no byte
    /// lies between them.
    fn set(&mut self, place: Place, ty: &Type, byte: Handle<Expr>) -> Option<Block> {
        match ty {
            Type::Scalar(_) => {
                let value = self.filled(byte, ty)?;
                Some(vec![self.assigned(place, value)])
            }
            Type::Array {
                of,
                length: Extent::Fixed(length),
            } => {
                let counter = self.counter();
                let mut element = place;
                let at = self.function.load(counter);
                element.path.push(Projection::Index(at));
                let body = self.set(element, of, byte)?;
                let count = build::int(self.function, i128::from(*length), Scalar::I64);
                Some(vec![self.counting(counter, count, body)])
            }
            Type::Record(record) => {
                let record = &self.module.records[*record];
                let sizes = record
                    .fields
                    .iter()
                    .map(|field| size_bytes(self.module, &field.ty));
                let is_full = sizes.sum::<Option<u64>>() == Some(record.size_bytes);
                let mut block = Block::new();
                for (number, field) in (0..).zip(record.fields.iter().filter(|_| is_full)) {
                    let mut member = place.clone();
                    member.path.push(Projection::Field(number));
                    block.extend(self.set(member, &field.ty, byte)?);
                }
                is_full.then_some(block)
            }
            Type::Array { .. } | Type::Pointer { .. } | Type::Void | Type::Opaque(_) => None,
        }
    }

    fn assigned(&mut self, target: Place, value: Handle<Expr>) -> Stmt {
        Stmt::Compute(Compute {
            id: self.fresh.statement(),
            target,
            value,
            span: self.call.span,
            target_span: self.call.span,
        })
    }

    fn counter(&mut self) -> Handle<Var> {
        let name = self.function.fresh_name("element");
        self.function.vars.push(Var::local(name, Scalar::I64))
    }

    fn counting(&mut self, counter: Handle<Var>, count: Handle<Expr>, body: Block) -> Stmt {
        Stmt::For(Loop {
            name: self.fresh.loop_name(&LoopName(self.call.callee.clone())),
            iterator: counter,
            declares_iterator: true,
            start: build::int(self.function, 0, Scalar::I64),
            end: count,
            step: 1,
            mapping: Mapping::Sequential,
            body,
            span: self.call.span,
            header_span: self.call.span,
        })
    }
}
