//! What the tests of the judge share: a region as written, and hands to change it.

use std::sync::Arc;

use mupac_ir::{
    BinaryOp, Block, Expr, ExprKind, Function, Handle, Loop, Move, Refusal, Scalar, Stmt,
    Trajectory,
};
use mupac_passes::{Conditions, Device, State, Tree, analyse, judge, steps};

/// A region as written and as rewritten so far.
pub(crate) struct Rewrite {
    original: State,
    pub(crate) function: Function,
    pub(crate) statements: Block,
}

impl Rewrite {
    /// Returns the first region of a text after moves.
    pub(crate) fn new(text: &str, moves: &[&str]) -> Self {
        let workload = Arc::new(analyse(mupac_ir::parse::module(text).unwrap()));
        let original = State::new(Arc::clone(&workload), 0)
            .unwrap_or_else(|| panic!("no region: {:?}", workload.loops));
        let moves = moves.iter().map(|line| line.parse().unwrap()).collect();
        let state = original
            .replay(&Trajectory { moves }, &Device::default())
            .unwrap();
        Self {
            function: state.function().clone(),
            statements: state.statements().to_vec(),
            original,
        }
    }

    /// Makes a move that fits.
    pub(crate) fn step(&mut self, step: &Move) {
        let facts = self.original.facts();
        let kind = steps::step(step).unwrap();
        kind.apply(facts, &mut self.function, &mut self.statements, step)
            .unwrap();
    }

    pub(crate) fn judge(&self) -> Result<Conditions, Refusal> {
        let before = Tree {
            function: self.original.function(),
            statements: self.original.statements(),
        };
        let after = Tree {
            function: &self.function,
            statements: &self.statements,
        };
        judge(self.original.facts(), before, after)
    }

    /// Checks that the rewrite is refused with these words.
    #[track_caller]
    pub(crate) fn refused(&self, name: &str, words: &str) {
        let refusal = self.judge().unwrap_err();
        let said = format!("{}: {}", refusal.reason.name(), refusal.reason);
        assert!(
            refusal.reason.name() == name && said.contains(words),
            "{said}"
        );
    }

    /// Returns the region as a whole function, to be run.
    pub(crate) fn module(&self) -> mupac_ir::Module {
        let region = self.original.region();
        assert!(region.path.is_empty());
        let mut module = self.original.workload().module.clone();
        let mut function = self.function.clone();
        function
            .body
            .splice(region.statements.clone(), self.statements.clone());
        module.functions[region.of] = function;
        module
    }

    /// Returns how many expressions the program has; those after them were made by passes.
    pub(crate) fn program(&self) -> usize {
        self.original.function().exprs.len()
    }

    /// Returns a loop by name.
    pub(crate) fn each(&mut self, name: &str) -> &mut Loop {
        find(&mut self.statements, name).unwrap_or_else(|| panic!("no loop {name}"))
    }

    pub(crate) fn int(&mut self, value: i128, ty: Scalar) -> Handle<Expr> {
        self.function.expr(ExprKind::Int(value), ty)
    }

    pub(crate) fn binary(
        &mut self,
        op: BinaryOp,
        a: Handle<Expr>,
        b: Handle<Expr>,
    ) -> Handle<Expr> {
        let ty = if op.is_truth() {
            Scalar::I32.into()
        } else {
            self.function.exprs[a].ty.clone()
        };
        self.function.expr(ExprKind::Binary(op, a, b), ty)
    }

    pub(crate) fn cast(&mut self, a: Handle<Expr>, ty: Scalar) -> Handle<Expr> {
        self.function.expr(ExprKind::Cast(a), ty)
    }
}

fn find<'a>(statements: &'a mut [Stmt], name: &str) -> Option<&'a mut Loop> {
    statements.iter_mut().find_map(|stmt| match stmt {
        Stmt::For(each) => {
            if each.name.0 == name {
                Some(each)
            } else {
                find(&mut each.body, name)
            }
        }
        Stmt::If(branch) => find(&mut branch.then, name),
        Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::While(_)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => None,
    })
}
