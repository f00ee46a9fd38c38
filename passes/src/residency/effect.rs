//! What expressions, assignments and calls do to memory that a copy on the device may hold.

use mupac_ir::stmt::Call;
use mupac_ir::{
    Expr, ExprKind, Function, Handle, Module, Place, Stmt, Storage, Turn, Type, Var, structure,
};

use super::reach::{self, Reach, is_plain};
use crate::library::{self, Access, Conversion};
use crate::{build, region};

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

/// Returns whether a variable is memory that ends with its scope.
pub(super) fn dies(var: &Var) -> bool {
    reach::is_automatic(var) && !reach::is_plain(var)
}

/// Returns whether evaluating an expression reads memory that a pointer can reach.
pub(super) fn reads(function: &Function, expr: Handle<Expr>) -> bool {
    loads(function, expr, &|place| reach::is_variable(function, place))
}

/// Returns whether evaluating an expression reads a place for which something does not hold.
pub(super) fn loads(
    function: &Function,
    expr: Handle<Expr>,
    is_passed_over: &dyn Fn(&Place) -> bool,
) -> bool {
    let mut found = false;
    build::visit(function, expr, &mut |_, node| {
        if let ExprKind::Load(place) = &node.kind {
            found |= !is_passed_over(place);
        }
    });
    found
}

/// Returns the effect of evaluating an expression.
pub(super) fn of_value(reach: &Reach<'_>, function: &Function, expr: Handle<Expr>) -> Effect {
    if loads(function, expr, &|place| reach.holds_no(function, place)) {
        Effect::Reads
    } else {
        Effect::None
    }
}

/// Returns the effect of assigning a place.
pub(super) fn of_target(reach: &Reach<'_>, function: &Function, place: &Place) -> Effect {
    if reach.holds_no(function, place) {
        Effect::None
    } else {
        Effect::Changes
    }
}

/// What a function of the library does behind one of its arguments.
#[derive(Clone, Copy, Debug)]
pub(super) struct Behind {
    /// The argument, by position.
    pub(super) argument: usize,
    pub(super) access: Access,
}

impl Behind {
    pub(super) fn effect(self) -> Effect {
        match self.access {
            Access::Reads(_) | Access::Format => Effect::Reads,
            Access::Writes(_) | Access::Scan => Effect::Changes,
            Access::Stream => Effect::None,
        }
    }
}

/// Returns what a function of another file does behind its arguments, where copies may be; `None`: nobody knows.
pub(super) fn of_library(
    reach: &Reach<'_>,
    function: &Function,
    callee: &str,
    arguments: &[Handle<Expr>],
) -> Option<Vec<Behind>> {
    let row = library::find(reach.module, callee)?;
    let mut all: Vec<Behind> = Vec::new();
    for &(argument, access) in row.does {
        // With another number of arguments it is another function.
        let value = *arguments.get(argument)?;
        match access {
            Access::Reads(_) | Access::Writes(_) => all.push(Behind { argument, access }),
            // A stream of the program's own may call back; what `fopen` makes does not.
            Access::Stream => is_plain_stream(reach.module, function, value).then_some(())?,
            Access::Format => all.extend(printed(function, arguments, argument)),
            Access::Scan => all.extend(scanned(arguments, argument)),
        }
    }
    all.retain(|behind| !reach.holds_nothing_behind(function, arguments[behind.argument]));
    Some(all)
}

/// Returns what is done behind a format and the arguments after it.
fn printed(function: &Function, arguments: &[Handle<Expr>], format: usize) -> Vec<Behind> {
    let text = text_of(function, arguments[format]).and_then(library::conversions);
    let is_pointer = |argument: usize| {
        let ty = &function.exprs[arguments[argument]].ty;
        !matches!(ty, Type::Scalar(_))
    };
    let behind = |argument: usize| {
        let conversion = match &text {
            Some(all) if argument > format => all.get(argument - format - 1).copied(),
            Some(_) | None => None,
        };
        let access = match conversion {
            Some(Conversion::Value) => return None,
            Some(Conversion::Text) => Access::Reads(library::Extent::Open),
            None if argument == format => Access::Format,
            None => Access::Writes(library::Extent::Open),
        };
        is_pointer(argument).then_some(Behind { argument, access })
    };
    (format..arguments.len()).filter_map(behind).collect()
}

/// Returns what is done behind a format and the arguments after it, where these say where to put what is read.
fn scanned(arguments: &[Handle<Expr>], format: usize) -> impl Iterator<Item = Behind> {
    (format..arguments.len()).map(move |argument| {
        let access = if argument == format {
            Access::Reads(library::Extent::Open)
        } else {
            Access::Writes(library::Extent::Open)
        };
        Behind { argument, access }
    })
}

/// Returns whether a stream is one of the library's, or one that the function opened by itself; a whole program has no others.
fn is_plain_stream(module: &Module, function: &Function, value: Handle<Expr>) -> bool {
    if module.is_whole {
        return true;
    }
    let ExprKind::Load(place) = &function.exprs[value].kind else {
        return false;
    };
    let stream = &function.vars[place.var];
    let is_own = place.path.is_empty() && stream.storage == Storage::Local && is_plain(stream);
    reach::is_standard_stream(stream) || is_own && is_opened(module, function, place.var)
}

/// Returns whether all that a variable ever is comes from functions that open streams.
fn is_opened(module: &Module, function: &Function, var: Handle<Var>) -> bool {
    let mut is_opened = function.vars[var].texts.is_empty();
    structure::each(&function.body, &mut |stmt| {
        let is_set = region::target(stmt).is_some_and(|place| place.var == var);
        let opens = |call: &Call| {
            library::opens(&call.callee) && library::find(module, &call.callee).is_some()
        };
        is_opened &= !is_set || matches!(stmt, Stmt::Call(call) if opens(call));
    });
    is_opened
}

/// Returns the text that a value points to, if it is a literal.
fn text_of(function: &Function, value: Handle<Expr>) -> Option<&[u8]> {
    let kind = &function.exprs[value].kind;
    if let ExprKind::Cast(inner) = kind {
        return text_of(function, *inner);
    }
    let ExprKind::Text(bytes) = kind else {
        return None;
    };
    Some(bytes)
}
