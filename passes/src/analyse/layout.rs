//! Which statements of a region the host runs between launches, and which loops become kernels.
//!
//! A loop whose iterations may run in any order is a nest: it becomes a kernel.
//! A loop that carries a dependence stays on the host, if all it holds are nests and scalars of the host.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{
    Compute, ExprKind, Function, Handle, Loop, LoopName, Reason, Refusal, Stmt, StmtId, Type, Var,
};

use crate::analyse::names::shown;
use crate::judge::is_of_device;
use crate::{build, region};

/// What the host does in a region.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    /// The assignments that it runs.
    pub(crate) statements: BTreeSet<StmtId>,
    /// What these assign.
    pub(crate) assigned: BTreeSet<Handle<Var>>,
    /// The iterators of its loops.
    pub(crate) iterators: BTreeSet<Handle<Var>>,
    /// The loops that become kernels, in order.
    pub(crate) nests: Vec<LoopName>,
}

/// Tells the host's statements from nests, given why loops cannot run in any order.
///
/// **Errors**: why a loop is neither; the reasons of the outermost one.
pub(crate) fn layout(
    function: &Function,
    statements: &[Stmt],
    carried: &BTreeMap<LoopName, Vec<Refusal>>,
    unchanged: &BTreeSet<Handle<Var>>,
) -> Result<Layout, Vec<Refusal>> {
    let mut reader = Reader {
        function,
        carried,
        unchanged,
        layout: Layout::default(),
    };
    reader.block(statements, false)?;
    Ok(reader.layout)
}

struct Reader<'a> {
    function: &'a Function,
    carried: &'a BTreeMap<LoopName, Vec<Refusal>>,
    unchanged: &'a BTreeSet<Handle<Var>>,
    layout: Layout,
}

impl Reader<'_> {
    fn block(&mut self, statements: &[Stmt], is_in_loop: bool) -> Result<(), Vec<Refusal>> {
        for stmt in statements {
            match stmt {
                Stmt::For(each) => self.counted(each)?,
                Stmt::Compute(compute) if is_of_host(self.function, compute) => {
                    self.layout.statements.insert(compute.id);
                    self.layout.assigned.insert(compute.target.var);
                }
                // What a step made of a variable, for one kernel to leave and another one to find.
                Stmt::Declare(var, _) if is_of_device(self.function, *var) => {}
                // What a region declares ends with it, so it declares nothing for the code after it.
                Stmt::Declare(var, _)
                    if (is_in_loop || self.function.vars[*var].span.is_unknown())
                        && matches!(self.function.vars[*var].ty, Type::Scalar(_)) => {}
                Stmt::Compute(compute) => {
                    return Err(vec![beside(stmt).helped(format!(
                        "set {} in a statement of its own before the loop",
                        shown(&self.function.vars[compute.target.var])
                    ))]);
                }
                Stmt::Declare(..)
                | Stmt::Let(..)
                | Stmt::If(_)
                | Stmt::While(_)
                | Stmt::Call(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => return Err(vec![beside(stmt)]),
            }
        }
        Ok(())
    }

    fn counted(&mut self, each: &Loop) -> Result<(), Vec<Refusal>> {
        let Some(reasons) = self.carried.get(&each.name) else {
            self.layout.nests.push(each.name.clone());
            self.declares_nothing_shared(each)?;
            return self.is_known(each);
        };
        let nests = self.layout.nests.len();
        self.layout.iterators.insert(each.iterator);
        let inside = self
            .is_known(each)
            .and_then(|()| self.block(&each.body, true));
        if inside.is_err() || self.layout.nests.len() == nests {
            return Err(reasons.clone());
        }
        Ok(())
    }

    /// What one kernel leaves for another one has to outlive both.
    fn declares_nothing_shared(&self, nest: &Loop) -> Result<(), Vec<Refusal>> {
        let mut found = None;
        region::each(&nest.body, &mut |stmt| {
            if let Stmt::Declare(var, at) = stmt
                && is_of_device(self.function, *var)
            {
                found = Some(*at);
            }
        });
        let construct = "an array between kernels inside of one".to_owned();
        let refused = |at| vec![Refusal::new(Reason::Unsupported { construct }, at)];
        found.map_or(Ok(()), |at| Err(refused(at)))
    }

    /// The bounds of what the host runs or launches are written in what nothing changes and the iterators around.
    fn is_known(&self, each: &Loop) -> Result<(), Vec<Refusal>> {
        let named = [each.start, each.end].map(|bound| build::variables(self.function, bound));
        let is_known =
            |var: &Handle<Var>| self.unchanged.contains(var) || self.layout.iterators.contains(var);
        if named.iter().flatten().all(is_known) {
            return Ok(());
        }
        Err(vec![Refusal::new(Reason::NonAffineBound, each.header_span)])
    }
}

fn beside(stmt: &Stmt) -> Refusal {
    let construct = "code beside the loops that run on the GPU".to_owned();
    Refusal::new(Reason::Unsupported { construct }, stmt.span())
}

/// Returns whether an assignment concerns scalars alone that only the function's own statements reach, so that the
/// host can run it while arrays are on the device.
pub(crate) fn is_of_host(function: &Function, compute: &Compute) -> bool {
    let is_scalar = |var: Handle<Var>| {
        matches!(function.vars[var].ty, Type::Scalar(_)) && function.vars[var].is_plain_local()
    };
    let mut reads_scalars = true;
    build::visit(function, compute.value, &mut |_, expr| match &expr.kind {
        ExprKind::Load(place) => reads_scalars &= place.path.is_empty() && is_scalar(place.var),
        ExprKind::Address(_) | ExprKind::Text(_) => reads_scalars = false,
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Cast(_)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => {}
    });
    compute.target.path.is_empty() && is_scalar(compute.target.var) && reads_scalars
}

impl Layout {
    /// Returns whether a loop, given by the loops around it and itself, is inside a nest.
    pub(crate) fn is_in_nest(&self, statements: &[Stmt], name: &LoopName) -> bool {
        self.nests.iter().any(|nest| {
            region::find(statements, nest)
                .is_some_and(|each| each.name == *name || region::find(&each.body, name).is_some())
        })
    }
}
