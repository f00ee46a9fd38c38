//! Reasons as text: the name of the reason and its fields, in order.
//!
//! Both directions stand side by side, so that a new reason is added in one place.

use crate::reason::{DependenceKind, Reason, Witness};

/// A field of a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// Words.
    Text(String),
    /// A number.
    Number(i128),
    /// What a dependence is made of.
    Kind(DependenceKind),
    /// Several of them.
    List(Vec<Value>),
}

/// Returns the fields of a reason.
pub(crate) fn fields(reason: &Reason) -> Vec<Value> {
    let text = |text: &str| vec![Value::Text(text.to_owned())];
    match reason {
        Reason::CarriedDependence {
            array,
            kind,
            iterators,
            witness,
        } => dependence(array, *kind, iterators, witness.as_ref()),
        Reason::SharedTemporary { variables } => {
            vec![Value::List(
                variables.iter().cloned().map(Value::Text).collect(),
            )]
        }
        Reason::OrderDependentFloat { operator } => text(operator),
        Reason::LibraryDigits { callee } => text(callee),
        Reason::UnknownCall { callee, obstacle } => {
            let obstacle = obstacle.iter().cloned();
            [callee.clone()]
                .into_iter()
                .chain(obstacle)
                .map(Value::Text)
                .collect()
        }
        Reason::SideEffect { what } | Reason::CheckFailed { what } => text(what),
        Reason::Volatile { variable } | Reason::ModifiedBound { variable } => text(variable),
        Reason::EarlyExit { how } => text(how),
        Reason::HostMemory { why }
        | Reason::UncountableLoop { why }
        | Reason::IllegalStep { why }
        | Reason::NeedsC { why }
        | Reason::NotSplit { why }
        | Reason::NotTested { why } => text(why),
        Reason::NonAffineBound | Reason::SolverLimit | Reason::EnoughParallelism => Vec::new(),
        Reason::UnknownExtent { array } | Reason::NonAffineSubscript { array } => text(array),
        Reason::Unsupported { construct } => text(construct),
        Reason::SeenThrough { function } => text(function),
        Reason::TooSmall {
            iterations,
            threshold,
        } => vec![
            Value::Number(*iterations),
            Value::Number(i128::from(*threshold)),
        ],
        Reason::Unprofitable {
            kernels,
            inspections,
            copies,
            host,
        } => [kernels, inspections, copies, host]
            .map(|time| Value::Number(i128::from(*time)))
            .to_vec(),
        Reason::UserChoice { option } => text(option),
    }
}

fn dependence(
    array: &str,
    kind: DependenceKind,
    iterators: &[String],
    witness: Option<&Witness>,
) -> Vec<Value> {
    let numbers = |values: &[i64]| {
        Value::List(
            values
                .iter()
                .map(|value| Value::Number(i128::from(*value)))
                .collect(),
        )
    };
    let mut fields = vec![
        Value::Text(array.to_owned()),
        Value::Kind(kind),
        Value::List(iterators.iter().cloned().map(Value::Text).collect()),
    ];
    if let Some(witness) = witness {
        fields.extend([
            numbers(&witness.source),
            numbers(&witness.sink),
            numbers(&witness.element),
        ]);
    }
    fields
}

/// Returns the reason of this name with these fields, if there is one.
pub(crate) fn reason(name: &str, fields: Vec<Value>) -> Option<Reason> {
    let mut fields = fields.into_iter();
    let mut next = || fields.next();
    let reason = match name {
        "carried-dependence" => Reason::CarriedDependence {
            array: text(next())?,
            kind: kind(next())?,
            iterators: texts(next())?,
            witness: match next() {
                None => None,
                source => Some(Witness {
                    source: numbers(source)?,
                    sink: numbers(next())?,
                    element: numbers(next())?,
                }),
            },
        },
        "shared-temporary" => Reason::SharedTemporary {
            variables: texts(next())?,
        },
        "order-dependent-float" => Reason::OrderDependentFloat {
            operator: text(next())?,
        },
        "library-digits" => Reason::LibraryDigits {
            callee: text(next())?,
        },
        "unknown-call" => Reason::UnknownCall {
            callee: text(next())?,
            obstacle: match next() {
                None => None,
                obstacle => Some(text(obstacle)?),
            },
        },
        "side-effect" => Reason::SideEffect {
            what: text(next())?,
        },
        "volatile" => Reason::Volatile {
            variable: text(next())?,
        },
        "early-exit" => Reason::EarlyExit { how: text(next())? },
        "modified-bound" => Reason::ModifiedBound {
            variable: text(next())?,
        },
        "host-memory" => Reason::HostMemory { why: text(next())? },
        "uncountable-loop" => Reason::UncountableLoop { why: text(next())? },
        "non-affine-bound" => Reason::NonAffineBound,
        "unknown-extent" => Reason::UnknownExtent {
            array: text(next())?,
        },
        "solver-limit" => Reason::SolverLimit,
        "non-affine-subscript" => Reason::NonAffineSubscript {
            array: text(next())?,
        },
        "needs-c" => Reason::NeedsC { why: text(next())? },
        "unsupported" => Reason::Unsupported {
            construct: text(next())?,
        },
        "too-small" => Reason::TooSmall {
            iterations: number(next())?,
            threshold: u64::try_from(number(next())?).ok()?,
        },
        "unprofitable" => {
            let mut time = || u64::try_from(number(next())?).ok();
            Reason::Unprofitable {
                kernels: time()?,
                inspections: time()?,
                copies: time()?,
                host: time()?,
            }
        }
        "user-choice" => Reason::UserChoice {
            option: text(next())?,
        },
        "enough-parallelism" => Reason::EnoughParallelism,
        "seen-through" => Reason::SeenThrough {
            function: text(next())?,
        },
        "illegal-step" => Reason::IllegalStep { why: text(next())? },
        "check-failed" => Reason::CheckFailed {
            what: text(next())?,
        },
        "not-split" => Reason::NotSplit { why: text(next())? },
        "not-tested" => Reason::NotTested { why: text(next())? },
        _ => return None,
    };
    next().is_none().then_some(reason)
}

fn text(value: Option<Value>) -> Option<String> {
    match value? {
        Value::Text(text) => Some(text),
        Value::Number(_) | Value::Kind(_) | Value::List(_) => None,
    }
}

fn number(value: Option<Value>) -> Option<i128> {
    match value? {
        Value::Number(number) => Some(number),
        Value::Text(_) | Value::Kind(_) | Value::List(_) => None,
    }
}

fn kind(value: Option<Value>) -> Option<DependenceKind> {
    match value? {
        Value::Kind(kind) => Some(kind),
        Value::Text(_) | Value::Number(_) | Value::List(_) => None,
    }
}

fn list(value: Option<Value>) -> Option<Vec<Value>> {
    match value? {
        Value::List(values) => Some(values),
        Value::Text(_) | Value::Number(_) | Value::Kind(_) => None,
    }
}

fn texts(value: Option<Value>) -> Option<Vec<String>> {
    list(value)?
        .into_iter()
        .map(|each| text(Some(each)))
        .collect()
}

fn numbers(value: Option<Value>) -> Option<Vec<i64>> {
    list(value)?
        .into_iter()
        .map(|each| i64::try_from(number(Some(each))?).ok())
        .collect()
}
