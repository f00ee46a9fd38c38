//! Calls of functions of the same file, seen through.
//!
//! Decides what a call becomes where a loop is analysed: the value that the function computes, written in its arguments;
//! a call of a pure function of numbers, which a thread can make as well; or the function's statements, with the
//! caller's arrays for its pointers.
//! All three do what the call does, so that analysis, judge and lowering need to know nothing of calls.
//! Whether the loop may run in parallel is for them to say; text is never changed here.

mod assertions;
mod bind;
mod copy;
mod expand;
mod fold;
mod inline;
mod linkage;
mod memory;
mod returns;
mod scope;
mod statics;
mod survey;
mod tail;
mod value;

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{Function, Handle, Module, Origins, Reason, Refusal, Span, Var};

pub(crate) use assertions::{Assertion, CALLED, sets};
pub(crate) use expand::Expansion;
pub(crate) use linkage::Linkage;

/// What is known of the functions of a file as callees.
#[derive(Debug, Default)]
pub(crate) struct Callees {
    by_name: BTreeMap<String, Result<Callee, Obstacle>>,
    /// Those whose text, or that of what they call, is no text for a thread: it names temporaries with static storage, which come
    /// with it, or calls itself.
    not_for_threads: BTreeMap<String, Vec<Handle<Var>>>,
    linkage: Linkage,
}

/// A function that can be seen through.
#[derive(Clone, Debug)]
pub(crate) struct Callee {
    /// Which function it is.
    of: Handle<Function>,
    /// The function, with every call in it seen through.
    function: Function,
    /// The statements that came from others.
    origins: Origins,
    /// Variables whose own storage it changes.
    written: BTreeSet<Handle<Var>>,
    /// Whether it changes memory that is not its own.
    writes_memory: bool,
    /// Whether it computes a number from numbers, and nothing else can tell that it ran: any thread may call it.
    is_pure: bool,
}

/// Why a function cannot be seen through.
#[derive(Clone, Debug)]
pub(crate) struct Obstacle {
    /// What the function does, after its name: `calls printf`.
    words: String,
    /// What is to be said of it behind its place: `, whose effects are not known`.
    because: String,
    /// The statement that does it.
    at: Span,
    /// Whether it must happen on the host, in order.
    is_effect: bool,
}

impl Obstacle {
    fn new(words: impl Into<String>, at: Span) -> Self {
        Self {
            words: words.into(),
            because: String::new(),
            at,
            is_effect: false,
        }
    }

    fn because(self, because: impl Into<String>) -> Self {
        Self {
            because: because.into(),
            ..self
        }
    }

    /// Returns what the function does, and where: `calls printf at line 7`.
    fn with_place(&self, place: &str) -> String {
        format!("{}{place}{}", self.words, self.because)
    }

    fn effect(words: impl Into<String>, at: Span) -> Self {
        Self {
            is_effect: true,
            ..Self::new(words, at)
        }
    }
}

impl Callees {
    /// Looks at every function of a file, as it is written and with locals for its temporaries.
    pub(crate) fn of(written: &Module, local: &Module) -> Self {
        let temporaries = |(of, function): (Handle<Function>, &Function)| {
            let own = &local.functions[of].vars;
            let vars = function.vars.iter();
            let changed = vars.filter(|(var, written)| own[*var].storage != written.storage);
            let changed: Vec<_> = changed.map(|(var, _)| var).collect();
            (!changed.is_empty()).then(|| (function.name.clone(), changed))
        };
        let mut callees = Self {
            linkage: Linkage::of(written),
            not_for_threads: written.functions.iter().filter_map(temporaries).collect(),
            ..Self::default()
        };
        let mut open = Vec::new();
        for function in local.functions.iter() {
            survey::visit(local, function, &mut open, &mut callees);
        }
        callees
    }

    /// Returns a function with every call in it seen through, as far as that goes.
    pub(crate) fn seen_through<'a>(
        &'a self,
        module: &'a Module,
        function: Function,
    ) -> Expansion<'a> {
        let mut expansion = Expansion::new(module, self, function);
        expansion.everything();
        expansion
    }

    /// Returns which functions the linker may take from another file.
    pub(crate) fn linkage(&self) -> Linkage {
        self.linkage
    }

    fn known(&self, name: &str) -> Option<&Callee> {
        self.by_name.get(name)?.as_ref().ok()
    }

    /// Says more about a refusal, where it is about the call of a function of this file.
    pub(crate) fn explain(&self, module: &Module, caller: &Function, refusal: Refusal) -> Refusal {
        let Reason::UnknownCall { callee, .. } = &refusal.reason else {
            return refusal;
        };
        let obstacle = match self.by_name.get(callee) {
            None => return refusal,
            Some(Err(obstacle)) => obstacle.clone(),
            Some(Ok(known)) => {
                let at_call =
                    || Obstacle::new("is not seen through with these arguments", refusal.at);
                scope::unknown(module, caller, &known.function).unwrap_or_else(at_call)
            }
        };
        let said = format!("{callee} {}", obstacle.with_place(" here"));
        // The place of the call is that of the reason.
        let is_elsewhere = obstacle.at != refusal.at;
        let place = is_elsewhere.then(|| format!(" at {}", module.source.place(obstacle.at)));
        let why = obstacle.with_place(&place.unwrap_or_default());
        let reason = if obstacle.is_effect {
            let what = format!("calls {callee}, which {why}");
            Reason::SideEffect { what }
        } else {
            Reason::UnknownCall {
                callee: callee.clone(),
                obstacle: Some(why),
            }
        };
        let help = "write what is needed of it into the loop, without what stands in the way";
        Refusal { reason, ..refusal }
            .with(obstacle.at, said)
            .helped(help)
    }
}
