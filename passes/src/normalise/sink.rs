//! Values that stand between two loops move into the inner one, each of whose iterations then computes its own: `t` of
//! `for i { t = 1 / s[i]; for j a[i][j] *= t; }` keeps the loops from being one nest, whose iterations are all parallel.
//!
//! Only a scalar that an iteration of the outer loop declares and assigns once moves, by a value that nothing changes
//! between there and the end of the inner loop. What it reads of memory may not be written there under the same name;
//! under another name it is another array, by the guards that the region has for the two.
//!
//! **Source**: Wolfe, “High Performance Compilers for Parallel Computing”, 1996, 9.1 (perfect nests by sinking); Callahan,
//! Carr, Kennedy, “Improving Register Allocation for Subscripted Variables”, PLDI 1990, for the way back, which nvcc goes
//! where one thread runs the inner loop.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::structure::variables;
use mupac_ir::{
    Block, Compute, Expr, ExprKind, Function, Handle, Loop, LoopName, Place, Stmt, Type, Var,
};

use super::own::fresh;
use super::{is_modelled, modified, substitute};
use crate::analyse::may_leave;
use crate::facts::BlockStep;
use crate::numbering::Numbering;
use crate::{build, region, trip};

/// A loop with a known number of iterations up to this one stays in the thread that computes the value.
const FEW: i128 = 16;

/// A value of more nodes is computed once.
const MOST_NODES: usize = 40;

/// Returns the function with values moved into those of the region's loops that `is_parallel` says are, where a loop around
/// them is; `None` where nothing moves.
pub(crate) fn sink(
    function: &Function,
    path: &[BlockStep],
    range: &Range<usize>,
    is_parallel: &dyn Fn(&LoopName) -> bool,
) -> Option<Arc<Function>> {
    let is_known = is_modelled(region::statements(function, path, range));
    let mut function = is_known.then(|| function.clone())?;
    let numbering = Numbering::after(&[&function.body]);
    let mut statements = region::take(&mut function, path, range);
    let mut sinking = Sinking {
        function: &mut function,
        numbering,
        is_parallel,
        is_changed: false,
    };
    sinking.blocks(&mut statements, false);
    let is_changed = sinking.is_changed;
    region::put(&mut function, path, range.start, statements);
    is_changed.then(|| Arc::new(function))
}

struct Sinking<'a> {
    function: &'a mut Function,
    numbering: Numbering,
    is_parallel: &'a dyn Fn(&LoopName) -> bool,
    is_changed: bool,
}

impl Sinking<'_> {
    /// Looks at the blocks of statements, from the outside; `is_shared`: a loop around them is parallel.
    fn blocks(&mut self, statements: &mut Block, is_shared: bool) {
        for stmt in statements {
            let own = region::loop_name(stmt).is_some_and(|name| (self.is_parallel)(name));
            let is_shared = is_shared || own;
            for block in region::blocks_mut(stmt) {
                if is_shared {
                    self.block(block);
                }
                self.blocks(block, is_shared);
            }
        }
    }

    /// Moves values into the loops of a block that take some.
    fn block(&mut self, block: &mut Block) {
        let declared: BTreeSet<_> = block.iter().filter_map(declared).collect();
        let mut copied = BTreeSet::new();
        for at in 0..block.len() {
            // The last one first, since it may be computed of those before it.
            for definition in (0..at).rev() {
                let (before, from) = block.split_at_mut(at);
                let (Some(Stmt::Compute(compute)), Some(Stmt::For(each))) =
                    (before.get(definition), from.first_mut())
                else {
                    continue;
                };
                let is_own = declared.contains(&compute.target.var);
                let between = &before[definition + 1..];
                if is_own && self.takes(compute, each) && self.moves(compute, between, each) {
                    self.copy(&compute.clone(), each);
                    copied.insert(compute.target.var);
                }
            }
        }
        self.is_changed |= !copied.is_empty();
        self.drop_unused(block, &copied);
    }

    /// Returns whether a loop may have a value of its own: one that is parallel, or, for an integer of local numbers, one around
    /// parallel loops.
    fn takes(&self, compute: &Compute, each: &Loop) -> bool {
        let is_short = trip::constant(self.function, each).is_some_and(|count| count <= FEW);
        let is_parallel = |each: &Loop| (self.is_parallel)(&each.name);
        let mut inside = region::loops(&each.body).into_iter();
        let is_useful = is_parallel(each) || inside.any(is_parallel) && self.is_index(compute);
        is_useful && !is_short && !may_leave(&each.body)
    }

    /// Returns whether a value is an integer computed of local numbers.
    fn is_index(&self, compute: &Compute) -> bool {
        let is_number = |var: &Handle<Var>| {
            let var = &self.function.vars[*var];
            matches!(&var.ty, Type::Scalar(scalar) if !scalar.is_float()) && var.is_plain_local()
        };
        let read = variables(self.function, compute.value);
        let divides = build::divides(self.function, compute.value);
        !divides && is_number(&compute.target.var) && read.iter().all(is_number)
    }

    /// Returns whether an assignment may as well stand in a loop that follows it behind some statements.
    fn moves(&self, compute: &Compute, between: &[Stmt], each: &Loop) -> bool {
        let var = compute.target.var;
        let declared = &self.function.vars[var];
        let is_own = compute.target.path.is_empty()
            && matches!(declared.ty, Type::Scalar(_))
            && declared.is_plain_local();
        let is_used = |stmt| region::names(self.function, stmt, var);
        if !is_own || !each.body.iter().any(is_used) || !self.is_simple(compute) {
            return false;
        }
        let mut changed = modified(between);
        changed.extend(modified(&each.body));
        changed.insert(each.iterator);
        let read = variables(self.function, compute.value);
        !changed.contains(&var)
            && read
                .iter()
                .all(|read| *read != var && !changed.contains(read))
    }

    /// Returns whether a value is computed by few operations, all known.
    fn is_simple(&self, compute: &Compute) -> bool {
        let mut nodes = 0;
        build::visit(self.function, compute.value, &mut |_, _| nodes += 1);
        nodes <= MOST_NODES && substitute::is_computed(self.function, compute.value)
    }

    /// Puts a value that comes from memory in the place of the only read of its variable; returns whether it could.
    fn put(&mut self, compute: &Compute, body: &mut Block) -> bool {
        let (var, value) = (compute.target.var, compute.value);
        let node = &self.function.exprs[value];
        let is_loaded = matches!(node.kind, ExprKind::Load(_));
        if !is_loaded || node.ty != self.function.vars[var].ty || self.reads_of(var, body) != 1 {
            return false;
        }
        put_in(self.function, body, &Place::var(var), value);
        true
    }

    fn reads_of(&self, var: Handle<Var>, body: &Block) -> usize {
        let mut count = 0;
        region::each(body, &mut |stmt| {
            for expr in region::expressions(stmt) {
                build::visit(self.function, expr, &mut |_, node| {
                    count += usize::from(
                        matches!(&node.kind, ExprKind::Load(place) if place.var == var),
                    );
                });
            }
        });
        count
    }

    /// Has every iteration of a loop compute the value, in a variable of its own, or where it is read.
    fn copy(&mut self, compute: &Compute, each: &mut Loop) {
        if self.put(compute, &mut each.body) {
            return;
        }
        let var = compute.target.var;
        let own = fresh(self.function, var);
        let names = BTreeMap::from([(var, own)]);
        substitute::rename(self.function, &mut each.body, &names);
        let assignment = Compute {
            id: self.numbering.next(),
            target: Place::var(own),
            ..compute.clone()
        };
        let declaration = Stmt::Declare(own, self.function.vars[var].span);
        each.body
            .splice(0..0, [declaration, Stmt::Compute(assignment)]);
    }

    /// Drops those of a block's variables that nothing reads any more.
    fn drop_unused(&self, block: &mut Block, copied: &BTreeSet<Handle<Var>>) {
        // One may be read by the value of another alone.
        for var in copied.iter().flat_map(|_| copied) {
            let is_read = |stmt: &Stmt| {
                region::names(self.function, stmt, *var) && !self.only_assigns(stmt, *var)
            };
            if !block.iter().any(is_read) {
                block.retain(|stmt| declared(stmt) != Some(*var) && !self.only_assigns(stmt, *var));
            }
        }
    }

    fn only_assigns(&self, stmt: &Stmt, var: Handle<Var>) -> bool {
        matches!(stmt, Stmt::Compute(compute) if compute.target == Place::var(var)
            && !build::names(self.function, compute.value, var))
    }
}

/// Puts a value in the place of every read of a variable.
fn put_in(function: &mut Function, body: &mut Block, place: &Place, value: Handle<Expr>) {
    for stmt in body {
        substitute::in_statement(function, stmt, &mut |_, read| {
            (read.place == *place).then_some(value)
        });
        for block in region::blocks_mut(stmt) {
            put_in(function, block, place, value);
        }
    }
}

fn declared(stmt: &Stmt) -> Option<Handle<Var>> {
    if let Stmt::Declare(var, _) = stmt {
        Some(*var)
    } else {
        None
    }
}
