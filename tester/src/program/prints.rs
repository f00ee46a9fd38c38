//! How what a program prints compares with what the original prints.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use std::time::Duration;

use mupac_ir::interpret::{Mark, Printed, Stream};

use super::in_full::InFull;
use super::{Expected, Runner};
use crate::bench::{Bench, Variant};
use crate::bounds::{self, Freedom};
use crate::evidence::Nearness;
use crate::masks::Masks;
use crate::observation::Observation;
use crate::once::Once;
use crate::outcome::TesterError;
use crate::tokens::{self, Tolerance};
use crate::trial::intrinsic_fault;

/// What is known of the numbers that the original prints; it is found out when it is first asked for, which takes as long
/// as the rest of a check.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// What the interpreter prints in the place of the original, for each freedom; `None` where it cannot tell.
    order: OnceLock<Option<BTreeMap<Stream, Printed>>>,
    contraction: OnceLock<Option<BTreeMap<Stream, Printed>>>,
    device: OnceLock<Option<BTreeMap<Stream, Printed>>>,
    /// What the original prints of its numbers in full, in other builds, too; it is asked for where the interpreter cannot tell.
    in_full: Once<Option<InFull>>,
}

impl Known {
    fn printed(&self, bench: &Bench<'_>, freedom: Freedom) -> Option<&BTreeMap<Stream, Printed>> {
        let cell = match freedom {
            Freedom::Order => &self.order,
            Freedom::Contraction => &self.contraction,
            Freedom::Device => &self.device,
        };
        // Where it cannot tell with one freedom, it cannot with more.
        if freedom != Freedom::Order && matches!(self.order.get(), Some(None)) {
            return None;
        }
        let (unit, options) = (bench.unit, bench.options);
        let printed = cell.get_or_init(|| {
            let relaxed = unit.relaxed.as_ref()?;
            bounds::program(relaxed, freedom, &options.test_argv)
        });
        printed.as_ref()
    }
}

/// What the original prints, with the numbers that may be off.
pub(super) struct Prints<'a> {
    pub(super) runner: &'a Runner<'a>,
    pub(super) expected: &'a Expected,
}

impl Prints<'_> {
    /// Returns the marks in the original's text of a stream; `None` where the interpreter cannot tell.
    fn marks(&self, freedom: Freedom, stream: &Stream, text: &[u8]) -> Option<&[Mark]> {
        let known = self.expected.known.printed(self.runner.bench, freedom)?;
        let printed = known.get(stream)?;
        (printed.bytes == text).then_some(printed.marks.as_slice())
    }

    /// Compares what was printed to one stream.
    pub(super) fn compare(
        &self,
        freedom: Freedom,
        stream: &Stream,
        (wanted, got): (&[u8], &[u8]),
        masked: &Masks,
    ) -> Printing {
        if wanted == got {
            return Printing::Same(Nearness::Exact);
        }
        let is_free = freedom.is_of(self.runner.bench.unit);
        let tolerance = if is_free {
            Tolerance::Numbers(&[])
        } else {
            Tolerance::Bytes
        };
        let Some(message) = tokens::difference(wanted, got, masked, tolerance) else {
            // What is masked was not compared, so it is no part of what is equal up to a bound.
            let is_exact = tokens::difference(wanted, got, masked, Tolerance::Bytes).is_none();
            return Printing::Same(if is_exact {
                Nearness::Exact
            } else {
                Nearness::Bound
            });
        };
        let differs = |message| Printing::Differs {
            message,
            may_move: false,
            is_rounding: false,
        };
        if !is_free {
            return differs(message);
        }
        let Some(marks) = self.marks(freedom, stream, wanted) else {
            return match freedom {
                Freedom::Order => Printing::Differs {
                    message,
                    may_move: true,
                    is_rounding: tokens::is_rounding(wanted, got, masked),
                },
                Freedom::Contraction | Freedom::Device => Printing::Unknown,
            };
        };
        match tokens::difference(wanted, got, masked, Tolerance::Numbers(marks)) {
            Some(message) => differs(message),
            None => Printing::Same(Nearness::Bound),
        }
    }

    /// Returns whether anything that is compared is certainly otherwise where no kernel does anything; also where there is none.
    ///
    /// **Errors**: the machine is at fault, or time is spent.
    pub(super) fn tell_of_kernels(&self, limit: Duration) -> Result<bool, TesterError> {
        if !self.runner.bench.programs.has_kernels {
            return Ok(true);
        }
        let idle = self.runner.idle(self.expected, limit)?;
        if intrinsic_fault(&idle).is_some() {
            return Ok(false);
        }
        let mut texts = streams(self.expected.output(), idle.output()).into_iter();
        let is_same = idle.finished.ending == self.expected.ending
            && texts.all(|(stream, texts)| {
                let masked = self.expected.masked(&stream);
                texts.is_some_and(|(wanted, got)| {
                    tokens::difference(wanted, got, &masked, Tolerance::Bytes).is_none()
                })
            });
        Ok(!is_same)
    }

    /// Returns whether the candidate prints what the original does but for the last of all digits, where no bound is known.
    ///
    /// **Errors**: the machine is at fault, or time is spent.
    pub(super) fn agrees_in_full(&self, variant: &Variant<'_>) -> Result<bool, TesterError> {
        let known = &self.expected.known.in_full;
        let known = known.get_or_try(|| InFull::of(self.runner, self.expected))?;
        let Some(known) = known else {
            return Ok(false);
        };
        let observed = self.runner.in_full(variant)?;
        Ok(known.is_near(self.expected, &observed))
    }
}

/// How one stream compares.
pub(super) enum Printing {
    Same(Nearness),
    Differs {
        message: String,
        /// Whether no bound is known on what other orders of additions make of its numbers.
        may_move: bool,
        /// Whether another order of additions may be all that is different: no bound is known, and all numbers begin alike.
        is_rounding: bool,
    },
    Unknown,
}

/// A text of the original and what the candidate printed instead; `None` where only one of them wrote the file.
pub(super) type Texts<'a> = Option<(&'a [u8], &'a [u8])>;

/// What a program leaves behind.
#[derive(Clone, Copy)]
pub(super) struct Output<'a> {
    pub(super) stdout: &'a [u8],
    /// Name and content, sorted by name.
    pub(super) files: &'a [(String, Vec<u8>)],
}

impl Observation {
    pub(super) fn output(&self) -> Output<'_> {
        Output {
            stdout: &self.finished.stdout,
            files: &self.files,
        }
    }
}

/// Returns the standard output and every file, as the two programs left them.
pub(super) fn streams<'a>(wanted: Output<'a>, got: Output<'a>) -> Vec<(Stream, Texts<'a>)> {
    let mut streams = vec![(Stream::Output, Some((wanted.stdout, got.stdout)))];
    let by_name = |output: Output<'a>| -> BTreeMap<&'a str, &'a [u8]> {
        let files = output.files.iter();
        files
            .map(|(name, text)| (name.as_str(), text.as_slice()))
            .collect()
    };
    let (wanted, got) = (by_name(wanted), by_name(got));
    let names: BTreeSet<&str> = wanted.keys().chain(got.keys()).copied().collect();
    for name in names {
        let texts = wanted.get(name).copied().zip(got.get(name).copied());
        streams.push((Stream::File(name.to_owned()), texts));
    }
    streams
}
