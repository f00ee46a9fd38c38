//! Compares modules by structure: everything the text form keeps, whatever the order of the arenas.
//!
//! Spans, spellings, edits and file text are left out; the text of `verbatim` statements is compared.

use mupac_ir::structure::{is_same_expr, is_same_place, is_same_type};
use mupac_ir::{
    Block, Expr, Function, Handle, If, Item, Loop, Module, Refusal, Space, Stmt, Var, While,
};

/// Panics with the piece that differs.
pub(crate) fn assert_same(a: &Module, b: &Module) {
    assert_eq!(a.records, b.records);
    let (left, right) = (functions(a), functions(b));
    assert_eq!(left.len(), right.len());
    for (left, right) in left.into_iter().zip(right) {
        Pair { a, b, left, right }.functions();
    }
}

fn functions(module: &Module) -> Vec<&Function> {
    module
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Function(handle) => Some(&module.functions[*handle]),
            Item::Verbatim(_) => None,
        })
        .collect()
}

struct Pair<'a> {
    a: &'a Module,
    b: &'a Module,
    left: &'a Function,
    right: &'a Function,
}

impl Pair<'_> {
    fn functions(&self) {
        let (left, right) = (self.left, self.right);
        assert_eq!(left.name, right.name);
        assert_eq!(left.is_static, right.is_static);
        assert_eq!(left.result, right.result);
        assert_eq!(left.parameters.len(), right.parameters.len());
        for (a, b) in left.parameters.iter().zip(&right.parameters) {
            self.name(*a, *b);
        }
        assert_eq!(left.vars.len(), right.vars.len());
        for (_, a) in left.vars.iter() {
            let namesake = right.vars.iter().find(|(_, b)| a.name == b.name);
            assert!(namesake.is_some(), "{}", a.name);
            if let Some((_, b)) = namesake {
                self.vars(a, b);
            }
        }
        self.blocks(&left.body, &right.body);
        assert_eq!(left.promises.len(), right.promises.len());
        for (a, b) in left.promises.iter().zip(&right.promises) {
            self.name(a.array, b.array);
            assert!(is_same_expr(left, a.count, right, b.count));
            assert_eq!(a.within, b.within);
        }
    }

    fn vars(&self, a: &Var, b: &Var) {
        assert!(
            is_same_type(self.left, &a.ty, self.right, &b.ty),
            "{a:?} {b:?}"
        );
        assert_eq!(
            (a.storage, a.is_const, a.is_volatile),
            (b.storage, b.is_const, b.is_volatile)
        );
        match (a.space, b.space) {
            (Space::Partial(a), Space::Partial(b))
            | (Space::Constant(a), Space::Constant(b))
            | (Space::Slices(a), Space::Slices(b)) => self.name(a, b),
            (a, b) => assert_eq!(a, b),
        }
        assert_eq!(
            (a.is_restrict, a.is_address_taken),
            (b.is_restrict, b.is_address_taken)
        );
    }

    fn name(&self, a: Handle<Var>, b: Handle<Var>) {
        assert_eq!(self.left.vars[a].name, self.right.vars[b].name);
    }

    fn exprs(&self, a: Handle<Expr>, b: Handle<Expr>) {
        assert!(is_same_expr(self.left, a, self.right, b));
        let (a, b) = (&self.left.exprs[a].ty, &self.right.exprs[b].ty);
        assert!(is_same_type(self.left, a, self.right, b), "{a:?} {b:?}");
    }

    fn blocks(&self, a: &Block, b: &Block) {
        assert_eq!(a.len(), b.len());
        for (a, b) in a.iter().zip(b) {
            self.statements(a, b);
        }
    }

    fn statements(&self, a: &Stmt, b: &Stmt) {
        match (a, b) {
            (Stmt::Compute(a), Stmt::Compute(b)) => {
                assert_eq!(a.id, b.id);
                assert!(is_same_place(self.left, &a.target, self.right, &b.target));
                self.exprs(a.value, b.value);
            }
            (Stmt::Declare(a, _), Stmt::Declare(b, _)) => self.name(*a, *b),
            (Stmt::Let(a, value), Stmt::Let(b, other)) => {
                self.name(*a, *b);
                self.exprs(*value, *other);
            }
            (Stmt::For(a), Stmt::For(b)) => self.counted(a, b),
            (Stmt::If(a), Stmt::If(b)) => self.branches(a, b),
            (Stmt::While(a), Stmt::While(b)) => self.uncounted(a, b),
            (Stmt::Call(a), Stmt::Call(b)) => {
                assert_eq!(a.callee, b.callee);
                assert_eq!(a.target.is_some(), b.target.is_some());
                if let (Some(a), Some(b)) = (&a.target, &b.target) {
                    assert!(is_same_place(self.left, a, self.right, b));
                }
                assert_eq!(a.arguments.len(), b.arguments.len());
                for (a, b) in a.arguments.iter().zip(&b.arguments) {
                    self.exprs(*a, *b);
                }
            }
            (Stmt::Return(a, _), Stmt::Return(b, _)) => {
                assert_eq!(a.is_some(), b.is_some());
                if let (Some(a), Some(b)) = (a, b) {
                    self.exprs(*a, *b);
                }
            }
            (Stmt::Verbatim(a, reason), Stmt::Verbatim(b, other)) => {
                assert_eq!(self.a.source.slice(*a), self.b.source.slice(*b));
                refusals(reason, other);
            }
            (Stmt::Break(_), Stmt::Break(_))
            | (Stmt::Continue(_), Stmt::Continue(_))
            | (Stmt::Barrier, Stmt::Barrier) => {}
            _ => assert_eq!(a, b),
        }
    }

    fn counted(&self, a: &Loop, b: &Loop) {
        assert_eq!(
            (&a.name, a.declares_iterator, a.step, a.mapping),
            (&b.name, b.declares_iterator, b.step, b.mapping)
        );
        self.name(a.iterator, b.iterator);
        self.exprs(a.start, b.start);
        self.exprs(a.end, b.end);
        self.blocks(&a.body, &b.body);
    }

    fn branches(&self, a: &If, b: &If) {
        self.exprs(a.condition, b.condition);
        self.blocks(&a.then, &b.then);
        self.blocks(&a.otherwise, &b.otherwise);
    }

    fn uncounted(&self, a: &While, b: &While) {
        assert_eq!((&a.name, a.is_do), (&b.name, b.is_do));
        self.blocks(&a.before_test, &b.before_test);
        self.exprs(a.condition, b.condition);
        self.blocks(&a.body, &b.body);
        self.blocks(&a.after_body, &b.after_body);
        assert_eq!(a.not_counted.is_some(), b.not_counted.is_some());
        if let (Some(a), Some(b)) = (&a.not_counted, &b.not_counted) {
            refusals(a, b);
        }
    }
}

fn refusals(a: &Refusal, b: &Refusal) {
    assert_eq!(a.reason, b.reason);
    let words = |refusal: &Refusal| -> Vec<String> {
        refusal
            .related
            .iter()
            .map(|(_, words)| words.clone())
            .collect()
    };
    assert_eq!((words(a), &a.help), (words(b), &b.help));
}
