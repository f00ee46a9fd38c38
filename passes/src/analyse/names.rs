//! Small questions about variables, places and blocks that several analyses ask.

use std::collections::BTreeSet;

use mupac_ir::{
    Expr, Extent, Function, Handle, Module, Place, Projection, Reason, Stmt, Type, Var,
};

use crate::{library, region};

/// Returns the name the user knows a variable by.
pub(crate) fn shown(var: &Var) -> String {
    if var.spelling.is_empty() {
        // Numbers tell variables apart that passes make of one.
        let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let mut name = var.name.as_str();
        while let Some((before, _)) = name.rsplit_once('.').filter(|(_, end)| is_number(end)) {
            name = before;
        }
        name.to_owned()
    } else {
        var.spelling.clone()
    }
}

/// Returns a name for what a place holds, after its variable and the members that lead to it: `s_x`.
pub(crate) fn of_members(module: &Module, function: &Function, place: &Place) -> String {
    let mut name = function.vars[place.var].name.clone();
    let mut within = Place::var(place.var);
    for step in &place.path {
        if let Projection::Field(field) = step
            && let Some(Type::Record(record)) = function.place_type(&module.records, &within)
            && let Some(member) = module.records[record].fields.get(*field as usize)
        {
            name = format!("{name}_{}", member.name);
        }
        within.path.push(*step);
    }
    name
}

/// Returns the lengths in a type that are computed at run time.
pub(crate) fn lengths(ty: &Type) -> Vec<Handle<Expr>> {
    match ty {
        Type::Pointer { to, .. } => lengths(to),
        Type::Array { of, length } => {
            let mut found = lengths(of);
            if let Extent::Variable(length) = length {
                found.push(*length);
            }
            found
        }
        Type::Void | Type::Scalar(_) | Type::Record(_) | Type::Opaque(_) => Vec::new(),
    }
}

/// Returns whether every dimension of an array has a length that is known.
pub(crate) fn has_known_lengths(ty: &Type) -> bool {
    match ty {
        Type::Array { of, length } => *length != Extent::Unknown && has_known_lengths(of),
        Type::Void | Type::Scalar(_) | Type::Pointer { .. } | Type::Record(_) | Type::Opaque(_) => {
            true
        }
    }
}

/// Returns whether a path leads out of its variable's own storage: through the pointer that the variable holds.
pub(crate) fn leaves_variable(function: &Function, place: &Place) -> bool {
    let is_pointer = matches!(function.vars[place.var].ty, Type::Pointer { .. });
    is_pointer && matches!(place.path.first(), Some(Projection::Index(_)))
}

/// Returns the variables whose own storage statements may change, iterators included.
pub(crate) fn changed(function: &Function, statements: &[Stmt]) -> BTreeSet<Handle<Var>> {
    let mut found = BTreeSet::new();
    let (mut has_call, mut texts) = (false, Vec::new());
    region::each(statements, &mut |stmt| {
        let target = region::target(stmt).filter(|place| !leaves_variable(function, place));
        found.extend(target.map(|place| place.var));
        if let Stmt::For(each) = stmt {
            found.insert(each.iterator);
        }
        has_call |= matches!(stmt, Stmt::Call(_));
        if let Stmt::Verbatim(text, _) = stmt {
            texts.push(*text);
        }
    });
    // A callee may change what it can reach; text that is not modelled also the locals that it names.
    let is_reached = |var: &Var| {
        (has_call && !var.is_plain_local()) || texts.iter().any(|text| var.is_reached_by(*text))
    };
    let reached = function.vars.iter().filter(|(_, var)| is_reached(var));
    found.extend(reached.map(|(var, _)| var));
    found
}

/// Functions of the C library and of POSIX that go on with one sequence of numbers.
const RANDOM: [&str; 8] = [
    "drand48", "erand48", "lrand48", "mrand48", "nrand48", "rand", "rand_r", "random",
];

/// Returns what replaces the call of a function of the C library in a loop.
pub(crate) fn call_help(callee: &str) -> Option<&'static str> {
    if RANDOM.contains(&callee) {
        return Some(
            "draw the numbers in a loop before that fills an array, and read that array here; or compute each number from \
             the loop's counter",
        );
    }
    match callee {
        "__assert_fail" => Some(
            "check all of it in a loop before this one, or translate without these checks (`-DNDEBUG`)",
        ),
        "abort" | "exit" => {
            Some("note in a variable that something is wrong, and end the program after the loop")
        }
        "calloc" | "free" | "malloc" | "realloc" => Some(
            "allocate one piece of memory for all iterations before the loop, of which each uses its own part, and free it \
             afterwards",
        ),
        _ => None,
    }
}

/// Returns why a called function keeps a loop on the host.
pub(crate) fn call_reason(callee: &str) -> Reason {
    match host_call(callee) {
        Some((what, because)) => Reason::SideEffect {
            what: what + because,
        },
        None => Reason::UnknownCall {
            callee: callee.to_owned(),
            obstacle: library::knows(callee).then(|| STAYS.to_owned()),
        },
    }
}

/// What is said of a function of the library whose effects are known, after its name.
pub(crate) const STAYS: &str = "runs on the host alone";

/// Returns what a call does that must happen on the host and in order, and what is to be said of it.
pub(crate) fn host_call(callee: &str) -> Option<(String, &'static str)> {
    /// Functions of the C library, POSIX and OpenMP whose effects must happen on the host and in order: they read or write
    /// outside of memory, or ask for what changes meanwhile.
    const OUTSIDE: [&str; 41] = [
        "clock",
        "clock_gettime",
        "close",
        "fclose",
        "feof",
        "fflush",
        "fgetc",
        "fgets",
        "fopen",
        "fprintf",
        "fputc",
        "fputs",
        "fread",
        "fscanf",
        "fseek",
        "ftell",
        "fwrite",
        "getc",
        "getchar",
        "getpid",
        "gettimeofday",
        "isatty",
        "nanosleep",
        "omp_get_wtime",
        "perror",
        "printf",
        "putc",
        "putchar",
        "puts",
        "read",
        "remove",
        "rewind",
        "scanf",
        "sleep",
        "sysconf",
        "time",
        "timespec_get",
        "tmpfile",
        "ungetc",
        "usleep",
        "write",
    ];
    if callee == "__assert_fail" {
        return Some(("may end the program by assert".to_owned(), ""));
    }
    let because = match callee {
        "abort" | "exit" => "",
        _ if RANDOM.contains(&callee) => ", whose numbers come one after another",
        _ if OUTSIDE.contains(&callee) => "",
        _ => return None,
    };
    Some((format!("calls {callee}"), because))
}

/// Returns whether control may leave a block other than at its end, for the loop around it or farther.
pub(crate) fn may_leave(block: &[Stmt]) -> bool {
    block.iter().any(|stmt| match stmt {
        Stmt::Return(..) | Stmt::Break(_) | Stmt::Continue(_) | Stmt::Verbatim(..) => true,
        Stmt::If(branch) => may_leave(&branch.then) || may_leave(&branch.otherwise),
        Stmt::For(each) => has_return(&each.body),
        Stmt::While(each) => has_return(&each.body),
        Stmt::Compute(_) | Stmt::Declare(..) | Stmt::Let(..) | Stmt::Call(_) | Stmt::Barrier => {
            false
        }
    })
}

/// Returns whether control never comes to the end of a block, nor to what a loop does behind its body.
pub(crate) fn ends_loop(block: &[Stmt]) -> bool {
    matches!(block.last(), Some(Stmt::Return(..) | Stmt::Break(_)))
}

/// Returns whether control never comes to the end of a block.
pub(crate) fn never_ends(block: &[Stmt]) -> bool {
    ends_loop(block) || matches!(block.last(), Some(Stmt::Continue(_)))
}

/// Returns the conditions that decide whether control leaves a block other than at its end.
pub(crate) fn leaving_conditions(block: &[Stmt]) -> Vec<Handle<Expr>> {
    let mut found = Vec::new();
    for stmt in block {
        if let Stmt::If(branch) = stmt
            && may_leave(std::slice::from_ref(stmt))
        {
            found.push(branch.condition);
            found.extend(leaving_conditions(&branch.then));
            found.extend(leaving_conditions(&branch.otherwise));
        }
    }
    found
}

/// Returns whether a block may end the function.
pub(crate) fn has_return(block: &[Stmt]) -> bool {
    let mut found = false;
    region::each(block, &mut |stmt| {
        found |= matches!(stmt, Stmt::Return(..) | Stmt::Verbatim(..));
    });
    found
}
