//! Returns from inside loops of a callee as `break`s: the result waits in a variable until all loops are left.
//!
//! **Source**: Allen, Kennedy, Porterfield, Warren, “Conversion of Control Dependence to Data Dependence”, POPL 1983
//! (exit branches).

use mupac_ir::{Block, Function, Handle, If, Place, Span, Stmt, Type, Var};

use crate::analyse::names::has_return;
use crate::normalise::flag;
use crate::numbering::Numbering;
use crate::{build, region};

/// Writes a function so that it returns outside of loops only; leaves it as it is where the header of a loop returns.
pub(super) fn outside_loops(function: &mut Function) {
    let mut is_needed = false;
    let mut is_known = true;
    region::each(&function.body, &mut |stmt| {
        is_needed |= is_loop(stmt) && region::blocks(stmt).any(|block| has_return(block));
        if let Stmt::While(each) = stmt {
            is_known &= !has_return(&each.before_test) && !has_return(&each.after_body);
        }
    });
    if !is_needed || !is_known {
        return;
    }
    let mut body = std::mem::take(&mut function.body);
    let at = function.span;
    let has_returned = flag(function, "has_returned");
    let result = (function.result != Type::Void).then(|| result(function));
    let mut returns = Returns {
        numbering: Numbering::after(&[&body]),
        function,
        has_returned,
        result,
    };
    let no = returns.says(0, at);
    returns.block(&mut body, false);
    let declared = [result, Some(has_returned)].into_iter().flatten();
    let mut whole: Block = declared.map(|var| Stmt::Declare(var, at)).collect();
    whole.push(no);
    whole.append(&mut body);
    function.body = whole;
}

fn is_loop(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::For(_) | Stmt::While(_))
}

/// Appends a variable for the result.
fn result(function: &mut Function) -> Handle<Var> {
    let name = function.fresh_name("result");
    function
        .vars
        .push(Var::local(name, function.result.clone()))
}

struct Returns<'a> {
    function: &'a mut Function,
    numbering: Numbering,
    has_returned: Handle<Var>,
    result: Option<Handle<Var>>,
}

impl Returns<'_> {
    /// Leaves the loops of a block by `break`, and returns after them.
    fn block(&mut self, block: &mut Block, is_in_loop: bool) {
        let mut out = Block::with_capacity(block.len());
        for mut stmt in block.drain(..) {
            let at = stmt.span();
            let loop_returns = is_loop(&stmt) && has_return(std::slice::from_ref(&stmt));
            let is_inside = is_in_loop || is_loop(&stmt);
            for inner in region::blocks_mut(&mut stmt) {
                self.block(inner, is_inside);
            }
            if let Stmt::Return(value, span) = stmt
                && is_in_loop
            {
                if let Some((result, value)) = self.result.zip(value) {
                    out.push(self.assignment(result, value, span));
                }
                out.push(self.says(1, span));
                stmt = Stmt::Break(span);
            }
            out.push(stmt);
            if loop_returns {
                out.push(self.after(is_in_loop, at));
            }
        }
        *block = out;
    }

    /// Returns what stands behind a loop that may have returned.
    fn after(&mut self, is_in_loop: bool, at: Span) -> Stmt {
        let leaves = if is_in_loop {
            Stmt::Break(at)
        } else {
            Stmt::Return(self.result.map(|result| self.function.load(result)), at)
        };
        Stmt::If(If {
            condition: self.function.load(self.has_returned),
            then: vec![leaves],
            otherwise: Block::new(),
            span: at,
        })
    }

    fn says(&mut self, value: i128, at: Span) -> Stmt {
        let value = build::int(self.function, value, mupac_ir::Scalar::I32);
        self.assignment(self.has_returned, value, at)
    }

    fn assignment(&mut self, var: Handle<Var>, value: Handle<mupac_ir::Expr>, span: Span) -> Stmt {
        Stmt::Compute(self.numbering.assignment(Place::var(var), value, span))
    }
}
