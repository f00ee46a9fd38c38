//! Where a failure comes from: who wrote a wrong element, and the line of the original that this was.
//!
//! The smallest failing test runs once more, traced: the runtime follows the wrong element back to its last writer, or
//! says where the access stands that is wrong by itself, and the original says where it writes the element.
//! These places are addresses of the programs; the compiler's own tools know their lines, and the emitter knows which
//! statement a line of its text is.
//! What is not known, because a tool is missing or memory is too large to follow, stays out; nothing is guessed.

use std::fmt;
use std::path::Path;

use mupac_ir::Span;

use crate::bench::{Bench, Variant};
use crate::inputs::{GuardSide, TestCase};
use crate::observation::{Observation, Trace};
use crate::outcome::TesterError;
use crate::results::Element;
use crate::tools::line_of;

/// Who made what is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Who did.
    pub actor: Actor,
    /// The line of the emitted text, counted from 1.
    pub text_line: Option<u32>,
    /// The statement of the original that stands there.
    pub statement: Option<Span>,
    /// The first line of that statement.
    pub line: Option<u32>,
    /// The line of the original that writes the wrong element last.
    pub original_line: Option<u32>,
}

/// Who made what is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The last to write the wrong element was a thread.
    Thread {
        /// Of this kernel.
        kernel: String,
        /// Its index in the block: `(1,0,0)`.
        thread: String,
        /// The index of the block.
        block: String,
    },
    /// What is wrong is made of values that threads of one kernel wrote last.
    Kernel {
        /// The kernel.
        kernel: String,
    },
    /// The last to write the wrong element was code of the host.
    Host,
    /// The wrong element was copied from the device, where no thread had written it.
    Copy,
    /// Nothing wrote the wrong element, and nothing was copied there.
    Nobody,
    /// An access is wrong by itself; the failure's message says by whom.
    Access,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.actor {
            Actor::Thread {
                kernel,
                thread,
                block,
            } => write!(
                f,
                "thread {thread} of block {block} of {kernel} wrote it last"
            )?,
            Actor::Kernel { kernel } => {
                write!(f, "it is made of what threads of {kernel} wrote last")?;
            }
            Actor::Host => write!(f, "host code wrote it last")?,
            Actor::Copy => write!(f, "it was copied back, but no thread wrote it")?,
            Actor::Nobody => write!(f, "nothing wrote it or copied it back")?,
            Actor::Access => write!(f, "the access stands")?,
        }
        if let Some(line) = self.line {
            write!(f, " at line {line}")?;
        }
        if let Some(line) = self.text_line {
            let joint = if self.line.is_some() { "," } else { " at" };
            write!(f, "{joint} line {line} of the emitted text")?;
        }
        match self.original_line {
            Some(line) if matches!(self.actor, Actor::Copy | Actor::Nobody) => {
                write!(f, "; the statement at line {line} should have")
            }
            Some(line) if self.line != Some(line) => {
                write!(f, "; the original writes it last at line {line}")
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// What the runtime of a traced run tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) actor: Actor,
    /// The place in the program, an address.
    pub(crate) place: Option<u64>,
}

/// Returns where a failed test of a function comes from: the test runs again.
pub(crate) fn of_test(
    bench: &Bench<'_>,
    variant: &Variant<'_>,
    case: &TestCase,
    element: Option<Element>,
) -> Result<Option<Origin>, TesterError> {
    let words = case.words(variant.side);
    let trace = element.map_or(Trace::Faults, Trace::Element);
    let observed = bench.traced(variant, &words, trace)?;
    let about = if element.is_some() {
        About::Value
    } else {
        About::Access
    };
    let Some(mut origin) = of_run(bench, variant.program, &observed, about)? else {
        return Ok(None);
    };
    if element.is_some() {
        let words = case.words(GuardSide::After);
        let plain = &bench.programs.plain;
        let original = bench.traced(&Variant::plain(plain), &words, trace)?;
        if let Some(place) = original.results.writer {
            let name = Path::new(&bench.unit.source.name);
            origin.original_line = line_of(plain, place, name, bench.scratch)?;
        }
    }
    Ok(Some(origin))
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// A value; the traced run may say who made it.
    Value,
    /// An access, which the traced run runs into again.
    Access,
}

/// Returns what a traced run of a candidate says of it; `None` where it says nothing.
pub(crate) fn of_run(
    bench: &Bench<'_>,
    program: &Path,
    observed: &Observation,
    about: About,
) -> Result<Option<Origin>, TesterError> {
    let seen = observed.report.seen.as_ref();
    let Some(seen) = seen.filter(|seen| (seen.actor == Actor::Access) == (about == About::Access))
    else {
        return Ok(None);
    };
    let text_line = match seen.place {
        Some(place) => line_of(program, place, Path::new("candidate.cu"), bench.scratch)?,
        None => None,
    };
    let statement = text_line.and_then(|line| bench.unit.statements.get(&line).copied());
    if seen.actor == Actor::Access && text_line.is_none() {
        return Ok(None);
    }
    Ok(Some(Origin {
        actor: seen.actor.clone(),
        text_line,
        statement,
        line: statement.map(|span| bench.unit.source.line(span) as u32),
        original_line: None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(actor: Actor, line: Option<u32>, original_line: Option<u32>) -> String {
        let origin = Origin {
            actor,
            text_line: line.map(|line| line + 10),
            statement: None,
            line,
            original_line,
        };
        origin.to_string()
    }

    #[test]
    fn who_and_where_in_words() {
        let thread = Actor::Thread {
            kernel: "k".to_owned(),
            thread: "(1,0,0)".to_owned(),
            block: "(2,0,0)".to_owned(),
        };
        assert_eq!(
            said(thread, Some(5), Some(7)),
            "thread (1,0,0) of block (2,0,0) of k wrote it last at line 5, line 15 of the emitted text; \
             the original writes it last at line 7"
        );
        assert_eq!(
            said(Actor::Host, Some(5), Some(5)),
            "host code wrote it last at line 5, line 15 of the emitted text"
        );
        assert_eq!(
            said(
                Actor::Kernel {
                    kernel: "k".to_owned()
                },
                Some(5),
                None
            ),
            "it is made of what threads of k wrote last at line 5, line 15 of the emitted text"
        );
        assert_eq!(
            said(Actor::Copy, None, Some(7)),
            "it was copied back, but no thread wrote it; the statement at line 7 should have"
        );
    }
}
