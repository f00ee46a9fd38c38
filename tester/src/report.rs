//! Reads what the runtime tells about a run (`simt/runtime_report.h`).

use std::collections::BTreeMap;

use crate::origin::{Actor, Seen};
use crate::outcome::FailureKind;

/// What went between host and device in a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copies {
    /// Number of launches of kernels.
    pub launches: u64,
    /// Number of copies to the device.
    pub copies_in: u64,
    /// What they moved.
    pub bytes_in: u64,
    /// How many different bytes of the host that were, however often each went. Followed where a whole program runs.
    pub distinct_in: u64,
    /// How many of these bytes had to go, at least: kernels read them, and the device did not have their values. Followed
    /// where a whole program runs.
    pub needed_in: u64,
    /// Number of copies to the host.
    pub copies_out: u64,
    /// What they moved.
    pub bytes_out: u64,
    /// How many different bytes of the host that were, however often each came.
    pub distinct_out: u64,
    /// How many of these bytes had to come back, at least: kernels wrote them, and the host looked at them.
    pub needed_out: u64,
    /// Pages of the host's own memory that the device touched behind the host, or was told to fetch.
    pub pages_in: u64,
    /// Those that the host touched behind the device.
    pub pages_out: u64,
}

/// A run as the runtime saw it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Report {
    /// How often each kernel was launched.
    pub(crate) launches: BTreeMap<String, u64>,
    /// What went between host and device.
    pub(crate) copies: Copies,
    /// The fault that ended the run.
    pub(crate) fault: Option<Fault>,
    /// CUDA calls that failed: the error's name and the call.
    pub(crate) errors: Vec<(String, String)>,
    /// How many launches a test had asked for when it was ended, since they are too many.
    pub(crate) too_large: Option<u64>,
    /// How many blocks ran, of how many, where a sample was asked for.
    pub(crate) sampled: Option<(u64, u64)>,
    /// Why a sample shows no more.
    pub(crate) sample_ends: Option<String>,
    /// What a traced run says of the fault, or of the watched element.
    pub(crate) seen: Option<Seen>,
    /// Whether the process came to its regular end.
    pub(crate) is_complete: bool,
}

/// A fault of the candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) kind: FailureKind,
    /// The kernel that ran, if one did.
    pub(crate) kernel: Option<String>,
    pub(crate) message: String,
}

impl Report {
    /// Reads a report; lines of another form are the work of a damaged process and are passed over.
    pub(crate) fn parse(text: &str) -> Self {
        let mut report = Self::default();
        let number = |word: &str| word.parse().unwrap_or(0);
        for line in text.lines() {
            let words: Vec<&str> = line.split('\t').collect();
            match words.as_slice() {
                ["launch", kernel, count] => {
                    report.copies.launches += number(count);
                    report.launches.insert((*kernel).to_owned(), number(count));
                }
                ["copied-in", copies, bytes, distinct, needed] => {
                    report.copies = Copies {
                        copies_in: number(copies),
                        bytes_in: number(bytes),
                        distinct_in: number(distinct),
                        needed_in: number(needed),
                        ..report.copies
                    };
                }
                ["copied-out", copies, bytes, distinct, needed] => {
                    report.copies = Copies {
                        copies_out: number(copies),
                        bytes_out: number(bytes),
                        distinct_out: number(distinct),
                        needed_out: number(needed),
                        ..report.copies
                    };
                }
                ["moved", pages_in, pages_out] => {
                    report.copies.pages_in = number(pages_in);
                    report.copies.pages_out = number(pages_out);
                }
                ["failure", kind, kernel, message] => {
                    report.seen = None;
                    report.fault = Some(Fault {
                        // A kind that is no word of ours is trouble inside the runtime.
                        kind: FailureKind::from_name(kind).unwrap_or(FailureKind::Crash),
                        kernel: Some((*kernel).to_owned()).filter(|kernel| !kernel.is_empty()),
                        message: (*message).to_owned(),
                    });
                }
                ["error", name, call] => {
                    report.errors.push(((*name).to_owned(), (*call).to_owned()));
                }
                ["at", place] => report.seen = Some(seen(Actor::Access, place)),
                ["writer", "nobody"] => report.seen = Some(seen(Actor::Nobody, "")),
                ["writer", "copy"] => report.seen = Some(seen(Actor::Copy, "")),
                ["writer", "host", place] => report.seen = Some(seen(Actor::Host, place)),
                ["writer", "thread", place, kernel, thread, block] => {
                    let actor = Actor::Thread {
                        kernel: (*kernel).to_owned(),
                        thread: (*thread).to_owned(),
                        block: (*block).to_owned(),
                    };
                    report.seen = Some(seen(actor, place));
                }
                ["writer", "kernel", place, kernel] => {
                    let kernel = (*kernel).to_owned();
                    report.seen = Some(seen(Actor::Kernel { kernel }, place));
                }
                ["sampled", blocks, of] => {
                    report.sampled = blocks.parse().ok().zip(of.parse().ok());
                }
                ["sample-ends", why] => report.sample_ends = Some((*why).to_owned()),
                ["too-large", launches] => report.too_large = launches.parse().ok(),
                ["end"] => report.is_complete = true,
                _ => {}
            }
        }
        report
    }
}

fn seen(actor: Actor, place: &str) -> Seen {
    Seen {
        actor,
        place: u64::from_str_radix(place, 16)
            .ok()
            .filter(|place| *place != 0),
    }
}
