//! What loops run to, as far as constants say, and which of these only say how often something is repeated.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::fold::constant;
use mupac_ir::structure::{self, conjuncts, each, variables};
use mupac_ir::{
    BinaryOp, Block, Call, Comparison, Expr, ExprKind, Function, Handle, Module, Place, Projection,
    Stmt, Var, While,
};

use super::initial::start;

/// Functions that print a number.
const PRINTING: [&str; 2] = ["fprintf", "printf"];
/// How often a loop of a smaller program repeats the same.
pub(crate) const FEW: u64 = 8;

/// Returns the constants that integer variables of a function are set to, but for those that only say how often a loop
/// repeats the same, and those that it passes on.
pub(crate) fn numbers(function: &Function) -> BTreeSet<u64> {
    let mut found = BTreeSet::new();
    let repeats = repeats(function);
    each(&function.body, &mut |statement| {
        if let Stmt::Compute(each) = statement
            && each.target.path.is_empty()
        {
            let is_size = !repeats.contains(&each.target.var);
            found.extend(magnitude(function, each.value).filter(|_| is_size));
        } else if let Stmt::Call(call) = statement {
            let arguments = call.arguments.iter();
            found.extend(arguments.filter_map(|each| magnitude(function, *each)));
        }
    });
    found
}

/// What is known of how often a loop runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// What it runs from and to, as far as these are constants.
    pub(crate) values: Vec<u64>,
    /// From one iteration to the next.
    pub(crate) step: u64,
    /// Whether the iterations know which they are; `None`: that is not known.
    pub(crate) is_counted: Option<bool>,
    /// The constants in what it runs to, and those that the variable is set to which tells that; each with what it is divided
    /// by, and with what the loop divides its counter by, to do something every so many times.
    pub(crate) parts: Vec<(u64, Option<u64>)>,
}

/// Returns what is known of the loops of a function.
pub(crate) fn bounds(module: &Module, function: &Function) -> Vec<Bounds> {
    let mut found = Vec::new();
    let given = given(module, function);
    each(&function.body, &mut |statement| match statement {
        Stmt::For(each) => {
            let count = Count {
                counter: each.iterator,
                start: constant(function, each.start).unwrap_or(0),
                step: each.step.into(),
            };
            let turns = turns(function, &[&each.body], &count);
            let ends = [each.start, each.end].into_iter();
            found.push(Bounds {
                values: ends.filter_map(|end| magnitude(function, end)).collect(),
                step: each.step.unsigned_abs(),
                is_counted: is_counted(function, &[&each.body], each.iterator),
                parts: parts(function, each.end, &given, &turns),
            });
        }
        Stmt::While(each) => found.extend(tested(function, each, &given)),
        Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::If(_)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => {}
    });
    found
}

/// Returns what is known of a loop that ends at the latest where a counter reaches something, for each that its condition
/// compares.
fn tested(function: &Function, each: &While, given: &Given) -> Vec<Bounds> {
    let blocks = [&each.before_test, &each.body, &each.after_body];
    let steps = steps(function, &blocks);
    let all = conjuncts(function, each.condition);
    let ends = all.iter().filter_map(|test| {
        let (counter, end, step) = compared_counter(function, *test, &steps)?;
        let counter = variables(function, counter).into_iter().next()?;
        let mut others = all.iter().filter(|other| *other != test);
        let count = Count {
            counter,
            start: 0,
            step: step as i128,
        };
        let is_asked = others.any(|other| variables(function, *other).contains(&counter));
        Some(Bounds {
            values: magnitude(function, end).into_iter().collect(),
            step: step.abs() as u64,
            is_counted: if is_asked {
                Some(true)
            } else {
                is_counted(function, &blocks, counter)
            },
            parts: parts(function, end, given, &turns(function, &blocks, &count)),
        })
    });
    ends.collect()
}

/// How a loop counts: the variable, what it starts at, where that is told, and what each iteration adds.
struct Count {
    counter: Handle<Var>,
    start: i128,
    step: i128,
}

/// Returns what conditions of a loop divide its counter by, to do something every so many times which none of the first
/// few iterations does.
fn turns(function: &Function, blocks: &[&Block], count: &Count) -> BTreeSet<u64> {
    let mut late = BTreeSet::new();
    for block in blocks {
        structure::each(block, &mut |statement| {
            if matches!(statement, Stmt::If(_) | Stmt::While(_)) {
                structure::each_expression(statement, &mut |expr| {
                    late.extend(turns_of(function, expr, count));
                });
            }
        });
    }
    late
}

fn turns_of(function: &Function, condition: Handle<Expr>, count: &Count) -> Vec<u64> {
    let (mut remainders, mut wanted) = (Vec::new(), BTreeMap::new());
    structure::visit(function, condition, &mut |handle, node| {
        let ExprKind::Binary(op, a, b) = node.kind else {
            return;
        };
        if op == BinaryOp::Remainder
            && let Some(turn) = magnitude(function, b).filter(|turn| *turn > 0)
            && let Some(offset) = offset(function, a, count.counter)
        {
            remainders.push((handle, turn, offset));
        } else if matches!(op, BinaryOp::Equal | BinaryOp::NotEqual) {
            for (side, other) in [(a, b), (b, a)] {
                wanted.extend(constant(function, other).map(|rest| (uncast(function, side), rest)));
            }
        }
    });
    let is_late = |(handle, turn, offset): &(Handle<Expr>, u64, i128)| {
        let rest = wanted.get(handle).copied().unwrap_or(0);
        let mut first = (0..FEW).map(|time| count.start + count.step * i128::from(time) + offset);
        first.all(|value| (value - rest) % i128::from(*turn) != 0)
    };
    let late = remainders.into_iter().filter(is_late);
    late.map(|(_, turn, _)| turn).collect()
}

/// Returns what an expression converts, if it does.
fn uncast(function: &Function, expr: Handle<Expr>) -> Handle<Expr> {
    if let ExprKind::Cast(inner) = function.exprs[expr].kind {
        uncast(function, inner)
    } else {
        expr
    }
}

/// Returns how far an expression is from a counter; `None` where it is something else.
fn offset(function: &Function, expr: Handle<Expr>, counter: Handle<Var>) -> Option<i128> {
    let kind = &function.exprs[uncast(function, expr)].kind;
    if let ExprKind::Load(place) = kind {
        return (*place == Place::var(counter)).then_some(0);
    }
    let ExprKind::Binary(op @ (BinaryOp::Add | BinaryOp::Subtract), a, b) = *kind else {
        return None;
    };
    if op == BinaryOp::Subtract {
        return Some(offset(function, a, counter)? - constant(function, b)?);
    }
    let (from, by) = match offset(function, a, counter) {
        Some(from) => (from, b),
        None => (offset(function, b, counter)?, a),
    };
    Some(from + constant(function, by)?)
}

/// Returns the constants in what a loop runs to, and those that the variable is set to which tells that; each with what it is
/// divided by, and with what the counter is.
fn parts(
    function: &Function,
    end: Handle<Expr>,
    given: &Given,
    turns: &BTreeSet<u64>,
) -> Vec<(u64, Option<u64>)> {
    let variable = end_variable(function, end).and_then(|var| given.get(&var));
    let set = variable.into_iter().flatten();
    let mut parts: Vec<_> = set.map(|value| (*value, None)).collect();
    if constant(function, end).is_some() {
        structure::visit(function, end, &mut |expr, node| {
            let value = |expr| magnitude(function, expr);
            if let ExprKind::Int(_) = node.kind {
                parts.extend(value(expr).map(|value| (value, None)));
            } else if let ExprKind::Binary(BinaryOp::Divide, a, b) = node.kind {
                let quotient = value(a).map(|dividend| (dividend, value(b)));
                parts.extend(quotient);
            }
        });
    }
    let values: BTreeSet<u64> = parts.iter().map(|(value, _)| *value).collect();
    let every = |value: u64| turns.iter().map(move |turn| (value, Some(*turn)));
    parts.extend(values.into_iter().flat_map(every));
    parts
}

fn magnitude(function: &Function, expr: Handle<Expr>) -> Option<u64> {
    u64::try_from(constant(function, expr)?.unsigned_abs()).ok()
}

/// Returns the only variable that says where a loop ends, also at a distance.
fn end_variable(function: &Function, end: Handle<Expr>) -> Option<Handle<Var>> {
    let mut named = variables(function, end).into_iter();
    named.next().filter(|_| named.next().is_none())
}

/// The constants that each variable of a function is set to, and that each of file scope starts with.
type Given = BTreeMap<Handle<Var>, BTreeSet<u64>>;

fn given(module: &Module, function: &Function) -> Given {
    let vars = function.vars.iter();
    let starts = vars.filter_map(|(var, own)| Some((var, BTreeSet::from([start(module, own)?]))));
    let mut found: Given = starts.collect();
    each(&function.body, &mut |statement| {
        if let Stmt::Compute(each) = statement
            && each.target.path.is_empty()
        {
            let given = found.entry(each.target.var).or_default();
            given.extend(magnitude(function, each.value));
        }
    });
    found
}

/// Returns the variables that say how often loops repeat the same, and how often no other loop runs.
pub(super) fn repeats(function: &Function) -> BTreeSet<Handle<Var>> {
    let mut loops = BTreeMap::new();
    each(&function.body, &mut |statement| {
        if let Stmt::For(each) = statement
            && let Some(var) = end_variable(function, each.end)
        {
            let is_repeated = loops.entry(var).or_insert(true);
            *is_repeated &= is_counted(function, &[&each.body], each.iterator) == Some(false);
        }
    });
    loops.retain(|_, is_repeated| *is_repeated);
    loops.into_keys().collect()
}

/// Returns whether it matters for some iteration of a loop which one it is; `None`: it runs text that may ask. What is
/// printed, and what is done every so many times, says nothing of sizes.
pub(super) fn is_counted(
    function: &Function,
    blocks: &[&Block],
    counter: Handle<Var>,
) -> Option<bool> {
    let mut is_named = false;
    for block in blocks {
        structure::each(block, &mut |statement| {
            is_named |= asks(function, statement, counter);
        });
    }
    let own = &function.vars[counter];
    let is_known = own.is_plain_local() && own.texts.is_empty();
    (is_named || is_known).then_some(is_named)
}

/// Returns whether a statement asks for the number of an iteration.
fn asks(function: &Function, statement: &Stmt, counter: Handle<Var>) -> bool {
    let is_printing =
        |call: &Call| call.target.is_none() && PRINTING.contains(&call.callee.as_str());
    let is_silent = match statement {
        Stmt::Call(call) => is_printing(call),
        // What counts it does not ask for it.
        Stmt::Compute(compute) => compute.target == Place::var(counter),
        Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::For(_)
        | Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => false,
    };
    let is_condition = matches!(statement, Stmt::If(_) | Stmt::While(_));
    let mut asks = false;
    structure::each_expression(statement, &mut |expr| {
        asks |= if is_condition {
            is_subscript(function, expr, counter)
        } else {
            !is_silent && variables(function, expr).contains(&counter)
        };
    });
    asks
}

/// Returns whether a variable is part of a subscript in an expression.
fn is_subscript(function: &Function, expr: Handle<Expr>, var: Handle<Var>) -> bool {
    let mut is_part = false;
    structure::visit(function, expr, &mut |_, node| {
        if let ExprKind::Load(place) = &node.kind {
            is_part |= place.path.iter().any(|step| match step {
                Projection::Index(index) => variables(function, *index).contains(&var),
                Projection::Field(_) => false,
            });
        }
    });
    is_part
}

/// Returns the counter that a test compares, what it compares it with, and its step.
pub(super) fn compared_counter(
    function: &Function,
    test: Handle<Expr>,
    steps: &BTreeMap<Handle<Var>, f64>,
) -> Option<(Handle<Expr>, Handle<Expr>, f64)> {
    let ExprKind::Binary(op, a, b) = function.exprs[test].kind else {
        return None;
    };
    Comparison::of(op)?;
    let step = |expr| {
        let named = variables(function, expr);
        named.iter().find_map(|var| steps.get(var)).copied()
    };
    match (step(a), step(b)) {
        (Some(step), None) => Some((a, b, step)),
        (None, Some(step)) => Some((b, a, step)),
        (Some(_), Some(_)) | (None, None) => None,
    }
}

/// Returns the variables to which some blocks add a constant, with that constant.
pub(super) fn steps(function: &Function, blocks: &[&Block]) -> BTreeMap<Handle<Var>, f64> {
    let mut found = BTreeMap::new();
    for block in blocks {
        structure::each(block, &mut |statement| {
            let Stmt::Compute(compute) = statement else {
                return;
            };
            let var = compute.target.var;
            let ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract, a, b) =
                function.exprs[compute.value].kind
            else {
                return;
            };
            let step = constant(function, b).filter(|step| *step != 0);
            if let Some(step) = step
                && compute.target.path.is_empty()
                && variables(function, a) == [var]
            {
                found.insert(var, step as f64);
            }
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns what the loop of a function divides its counter by, late.
    fn turns_of_body(body: &str) -> Vec<u64> {
        let text = format!("fn f(a: *f32) {{ for t: i32 in 0..100 {{ {body} }} }}");
        let module = mupac_ir::parse::module(&text).unwrap();
        let (_, function) = module.functions.iter().next().unwrap();
        let found = bounds(&module, function);
        let parts = found[0].parts.iter();
        parts.filter_map(|(_, divisor)| *divisor).collect()
    }

    #[test]
    fn what_happens_late_is_found() {
        let every =
            |condition: &str| turns_of_body(&format!("if {condition} {{ S0: a[t] = 1.0f32 }}"));
        assert_eq!(every("t % 10 == 9"), [10]);
        assert_eq!(every("9 == t % 10"), [10]);
        assert_eq!(every("(t + 1) % 20 == 0"), [20]);
        assert!(every("t % 10 == 0").is_empty());
        assert!(every("(t + 3) % 10 == 0").is_empty());
        assert!(turns_of_body("S0: a[(t + 1) % 64] = 1.0f32").is_empty());
    }
}
