//! Whether a program takes anything from outside: arguments, files, clocks, or what another file does.
//!
//! A program that does not has one run, since all of its runs do the same.

use crate::arena::Handle;
use crate::builtin::Builtin;
use crate::expr::{Expr, ExprKind};
use crate::function::Function;
use crate::module::Module;
use crate::stmt::Stmt;
use crate::structure::{each, expressions, operands};

/// Functions of the C library that bring nothing in: they print, reserve memory, work on it, or end the program.
/// `rand` starts from the same number in every run.
///
/// **Source**: ISO/IEC 9899:2018, 7.2.1, 7.21.6, 7.22.2 to 7.22.4, 7.24.
const OUTWARD: [&str; 25] = [
    "__assert_fail",
    "abort",
    "calloc",
    "exit",
    "fflush",
    "fprintf",
    "fputc",
    "fputs",
    "free",
    "malloc",
    "memcmp",
    "memcpy",
    "memmove",
    "memset",
    "printf",
    "putc",
    "putchar",
    "puts",
    "qsort",
    "rand",
    "realloc",
    "srand",
    "strcmp",
    "strcpy",
    "strlen",
];

/// Returns whether all runs of the program do the same: its `main` takes no arguments, and everything it runs is modelled
/// or known to bring nothing in.
pub fn is_closed(module: &Module) -> bool {
    let Some((_, main)) = module.function("main") else {
        return false;
    };
    let mut functions = module.functions.iter();
    main.parameters.is_empty()
        && functions.all(|(_, function)| is_closed_function(module, function))
}

fn is_closed_function(module: &Module, function: &Function) -> bool {
    let is_known = |name: &str| {
        OUTWARD.contains(&name) || Builtin::find(name).is_some() || module.function(name).is_some()
    };
    let mut is_closed = true;
    let mut pending: Vec<Handle<Expr>> = Vec::new();
    each(&function.body, &mut |stmt| {
        pending.extend(expressions(stmt));
        is_closed &= match stmt {
            Stmt::Verbatim(..) => false,
            Stmt::Call(call) => is_known(&call.callee),
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::For(_)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier => true,
        };
    });
    while let Some(handle) = pending.pop() {
        let Some(expr) = function.exprs.get(handle) else {
            return false;
        };
        if let ExprKind::Call(name, _) = &expr.kind {
            is_closed &= is_known(name);
        }
        pending.extend(operands(&expr.kind));
    }
    is_closed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    fn is_closed_text(text: &str) -> bool {
        is_closed(&parse::module(text).unwrap())
    }

    #[test]
    fn what_a_program_takes_from_outside_makes_it_open() {
        let body = "{\n    call printf(\"hello\")\n    return 0\n}";
        assert!(is_closed_text(&format!("fn main() -> i32 {body}")));
        assert!(!is_closed_text(&format!("fn main(n: i32) -> i32 {body}")));
        let open = body.replace("printf", "scanf");
        assert!(!is_closed_text(&format!("fn main() -> i32 {open}")));
        assert!(!is_closed_text(&format!("fn other() -> i32 {body}")));
    }
}
