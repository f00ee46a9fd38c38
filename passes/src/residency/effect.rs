//! What expressions, assignments and functions of the C library do to memory that a pointer can reach.

use mupac_ir::builtin::Builtin;
use mupac_ir::{Expr, ExprKind, Function, Handle, Place, Storage, Turn, Type, Var};

use crate::build;

/// What a statement does to memory that a pointer can reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Effect {
    /// Nothing.
    #[default]
    None,
    /// It reads.
    Reads,
    /// It may write or free.
    Changes,
    /// Nobody knows.
    Alone,
    /// It may not run while a stay lasts.
    Blocked,
}

impl Effect {
    /// Returns what the text must do before it.
    pub(super) fn turn(self) -> Option<Turn> {
        match self {
            Self::None | Self::Blocked => None,
            Self::Reads => Some(Turn::Reads),
            Self::Changes => Some(Turn::Changes),
            Self::Alone => Some(Turn::Alone),
        }
    }
}

/// Returns whether a variable holds one value and no pointer can reach it.
pub(super) fn is_plain(var: &Var) -> bool {
    let is_one = match var.ty {
        Type::Scalar(_) | Type::Pointer { .. } => true,
        Type::Void | Type::Array { .. } | Type::Record(_) | Type::Opaque(_) => false,
    };
    is_one && !var.is_address_taken && !var.is_volatile
}

/// Returns whether a variable is memory that ends with its scope.
pub(super) fn dies(var: &Var) -> bool {
    let is_automatic = match var.storage {
        Storage::Parameter | Storage::Local => true,
        Storage::Static | Storage::Global => false,
    };
    is_automatic && !is_plain(var)
}

/// Returns whether evaluating an expression reads memory.
pub(super) fn reads(function: &Function, expr: Handle<Expr>) -> bool {
    let mut found = false;
    build::visit(function, expr, &mut |_, node| {
        if let ExprKind::Load(place) = &node.kind {
            found |= !is_variable(function, place);
        }
    });
    found
}

/// Returns the effect of evaluating an expression.
pub(super) fn of_value(function: &Function, expr: Handle<Expr>) -> Effect {
    if reads(function, expr) {
        Effect::Reads
    } else {
        Effect::None
    }
}

/// Returns the effect of assigning a place.
pub(super) fn of_target(function: &Function, place: &Place) -> Effect {
    if is_variable(function, place) {
        Effect::None
    } else {
        Effect::Changes
    }
}

/// Returns whether a place is a variable that no pointer can reach.
pub(super) fn is_variable(function: &Function, place: &Place) -> bool {
    let var = &function.vars[place.var];
    place.path.is_empty() && (is_plain(var) || is_standard_stream(var))
}

/// Returns whether a variable is one of the C library's streams; no array of the program lies there.
fn is_standard_stream(var: &Var) -> bool {
    var.storage == Storage::Global && ["stderr", "stdin", "stdout"].contains(&&*var.spelling)
}

/// Returns the effect of calling a function of another file, apart from that of computing its arguments.
///
/// Known are functions of the C library that call nothing of the program, keep no pointer and come back; a stream that
/// the program opened itself may call back (`fopencookie`).
///
/// **Source**: C17 7.21, 7.22 and 7.24.
pub(super) fn of_library(function: &Function, callee: &str, arguments: &[Handle<Expr>]) -> Effect {
    /// They touch no memory of the program's, whatever they are given.
    const QUIET: [&str; 8] = [
        "calloc", "clock", "getchar", "malloc", "putchar", "rand", "srand", "fflush",
    ];
    /// They read no memory but what their arguments point to.
    const READERS: [&str; 8] = [
        "atof", "atoi", "fputs", "memcmp", "puts", "strcmp", "strlen", "strncmp",
    ];
    /// They touch no memory but what their arguments point to.
    const WRITERS: [&str; 10] = [
        "fprintf", "free", "memcpy", "memmove", "memset", "printf", "realloc", "snprintf",
        "sprintf", "strcpy",
    ];
    let is_quiet = QUIET.contains(&callee) || Builtin::find(callee).is_some();
    let is_reader = READERS.contains(&callee);
    if !(is_quiet || is_reader || WRITERS.contains(&callee)) {
        return Effect::Alone;
    }
    let uses_stream = ["fflush", "fprintf", "fputs"].contains(&callee);
    let is_stream = |argument: &Handle<Expr>| {
        let kind = &function.exprs[*argument].kind;
        matches!(kind, ExprKind::Load(place) if is_standard_stream(&function.vars[place.var]))
    };
    if uses_stream && !arguments.iter().any(is_stream) {
        return Effect::Alone;
    }
    let points_to_memory = |argument: &Handle<Expr>| {
        let is_number = matches!(function.exprs[*argument].ty, Type::Scalar(_));
        !is_number && !is_text(function, *argument)
    };
    let mut others = arguments.iter().filter(|argument| !is_stream(argument));
    if is_quiet || !others.any(points_to_memory) {
        Effect::None
    } else if is_reader {
        Effect::Reads
    } else {
        Effect::Changes
    }
}

/// Returns whether a value points to a text of the program, which nothing may change.
fn is_text(function: &Function, value: Handle<Expr>) -> bool {
    match &function.exprs[value].kind {
        ExprKind::Text(_) => true,
        ExprKind::Cast(inner) => is_text(function, *inner),
        ExprKind::Select {
            then, otherwise, ..
        } => is_text(function, *then) && is_text(function, *otherwise),
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => false,
    }
}
