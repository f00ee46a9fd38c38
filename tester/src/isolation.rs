//! The one place where processes start: compilers, and programs made of the user's code.
//!
//! A process gets its own group, a cleared environment, files in memory for its standard streams, limits on processor
//! time, file size and core dumps, and, for its whole group, limits on what it uses and waits ([`Patience`]) and on the
//! memory that it holds, after which the group is killed.
//! What all processes of a check use together is bounded by an [`Allowance`].
//! A check starts hundreds of processes, and files on a disk would take longer than many of them do.
//! What a test program may ask of the kernel is narrowed further before any code of the user's file runs: no processes,
//! no sockets, no files outside its working folder (`simt/harness_confinement.h`).
//!
//! This is also the crate's only `unsafe`: what a child does before it executes a program, and handling signals.

#![expect(
    unsafe_code,
    reason = "descriptors and limits are set before a program is executed, and signals handled"
)]

mod accounts;
mod allowance;
mod asked;
mod interruption;
mod memory;
mod start;

pub(crate) use accounts::Account;
pub use allowance::Allowance;
pub(crate) use allowance::Exhausted;
pub use asked::{become_program, is_inside, run_as_asked};
pub use interruption::{Scratch, clean_up_on_signals, uninterrupted};
pub(crate) use memory::{in_words, most_bytes};

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::os::fd::{OwnedFd, RawFd};
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{MemfdFlags, memfd_create};
use rustix::process::{Pid, PidfdFlags, Signal, WaitStatus, kill_process_group, pidfd_open};

use crate::patience::Patience;
use interruption::Listed;
use start::{Start, ended};

/// The most that is read of a captured stream.
///
/// **Units**: bytes.
const CAPTURE_LIMIT: u64 = 1 << 20;

/// How often the memory of a process is looked at, and after how many looks that of its whole group: a process fills less
/// than a gibibyte meanwhile, and to look costs next to nothing.
const LOOK: Duration = Duration::from_millis(100);
const LOOKS_AT_GROUP: u32 = 10;

/// Descriptors from here on are free for the parent's own use; those that a process finds open lie below.
const FIRST_KEPT: RawFd = 200;

/// A process to be run.
#[derive(Debug)]
pub(crate) struct Process<'a> {
    /// The executable.
    pub(crate) program: &'a Path,
    /// What it is called by, its argument 0.
    pub(crate) called: &'a str,
    /// Arguments from 1.
    pub(crate) arguments: Vec<String>,
    /// Its whole environment.
    pub(crate) environment: Vec<(String, String)>,
    /// Its working folder.
    pub(crate) folder: &'a Path,
    /// Its standard input; nothing where `None`.
    pub(crate) stdin: Option<&'a Path>,
    /// The numbers of further files that it finds open for writing.
    pub(crate) descriptors: &'a [RawFd],
    /// The longest it may take where it has a processor to itself.
    pub(crate) limit: Duration,
    /// What it shares with the other processes of a check; `None`: it belongs to none.
    pub(crate) allowance: Option<&'a Allowance>,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// By itself, with this code.
    Exit(i32),
    /// By this signal.
    Signal(i32),
    /// It took too long and was killed.
    TimedOut,
    /// Its group held more memory than one may, and was killed.
    OutOfMemory,
}

/// A process that has ended.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) ending: Ending,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    /// What it wrote to its further files.
    records: BTreeMap<RawFd, Vec<u8>>,
    /// Whether one of the two streams was longer than what is kept of it.
    pub(crate) is_cut: bool,
    pub(crate) wall: Duration,
}

impl Finished {
    pub(crate) fn is_success(&self) -> bool {
        self.ending == Ending::Exit(0)
    }

    /// Returns what the process wrote to a further file.
    pub(crate) fn record(&self, number: RawFd) -> &[u8] {
        self.records.get(&number).map_or(&[], Vec::as_slice)
    }
}

impl Process<'_> {
    /// Runs the process to its end.
    ///
    /// **Errors**: a file cannot be opened, or the process cannot be started; [`Exhausted`] as the cause.
    pub(crate) fn run(&self) -> io::Result<Finished> {
        let limit = match self.allowance {
            Some(allowance) => allowance.left()?.min(self.limit),
            None => self.limit,
        };
        let [mut stdout, mut stderr] = [memory_file()?, memory_file()?];
        let stdin = File::open(self.stdin.unwrap_or(Path::new("/dev/null")))?;
        let mut files = vec![kept(&stdin, 0)?, kept(&stdout, 1)?, kept(&stderr, 2)?];
        let mut records = Vec::new();
        for number in self.descriptors {
            let record = memory_file()?;
            files.push(kept(&record, *number)?);
            records.push((*number, record));
        }
        let arguments = self.arguments.iter().map(String::as_str);
        let arguments: Vec<&str> = [self.called].into_iter().chain(arguments).collect();
        let place = (self.program, self.folder);
        let start = Start::new(place, &arguments, &self.environment, files, limit)?;
        let started = Instant::now();
        let (child, listed) = Listed::started(&start)?;
        let most_bytes = self
            .allowance
            .map_or_else(most_bytes, Allowance::most_bytes);
        let (ending, used) = wait(child, listed, (limit, most_bytes))?;
        if let Some(allowance) = self.allowance {
            allowance.spend(used);
            // What ended it then is not its own limit.
            if ending == Ending::TimedOut && limit < self.limit {
                return Err(allowance.exhausted());
            }
        }
        let wall = started.elapsed();
        let (stdout, stdout_is_cut) = read_start(&mut stdout)?;
        let (stderr, stderr_is_cut) = read_start(&mut stderr)?;
        let is_cut = stdout_is_cut || stderr_is_cut;
        Ok(Finished {
            ending,
            stdout,
            stderr,
            records: records
                .iter_mut()
                .map(|(number, file)| Ok((*number, read_all(file)?)))
                .collect::<io::Result<_>>()?,
            is_cut,
            wall,
        })
    }
}

/// Returns a file with the number under which a child finds it, itself under one above all of these, so that placing one
/// never closes another.
fn kept(file: &File, number: RawFd) -> io::Result<(OwnedFd, RawFd)> {
    let kept = rustix::io::fcntl_dupfd_cloexec(file, FIRST_KEPT)?;
    Ok((kept, number))
}

/// Waits for the child, as long as its limits on time and memory let it run, then kills whatever is left of its group;
/// returns what it used as well.
fn wait(pid: Pid, listed: Listed, limits: (Duration, u64)) -> io::Result<(Ending, Duration)> {
    let handle = pidfd_open(pid, PidfdFlags::empty())?;
    let killed = watch(pid, &handle, limits)?;
    // Of a group that is killed, what all of it used; of a process that has ended, its own and that of its children.
    let account = match killed {
        Some(_) => Account::of_group(pid),
        None => Account::of(pid),
    };
    // A group outlives its first process; whatever is left of it ends now. The child has not been waited for, so its
    // number, which is also its group's, cannot belong to another. A group that is gone already is no error.
    let _ = kill_process_group(pid, Signal::KILL);
    drop(listed);
    let status = ended(pid)?;
    let used = account.map_or(Duration::ZERO, |account| account.used);
    let ending = status.map_or(Ending::Signal(0), ending);
    Ok((killed.unwrap_or(ending), used))
}

/// Waits until a process has ended; returns why it has to be killed, if so.
fn watch(
    pid: Pid,
    handle: &OwnedFd,
    (limit, most_bytes): (Duration, u64),
) -> io::Result<Option<Ending>> {
    let mut patience = Patience::new(limit);
    for look in 1_u32.. {
        if wait_readable(handle, patience.left().min(LOOK))? {
            return Ok(None);
        }
        let is_due = patience.left().is_zero();
        let is_of_group = is_due || look.is_multiple_of(LOOKS_AT_GROUP);
        let account = if is_of_group {
            Account::of_group(pid)
        } else {
            Account::of(pid)
        };
        if account.is_some_and(|account| account.resident_bytes > most_bytes) {
            return Ok(Some(Ending::OutOfMemory));
        }
        if is_due && !patience.goes_on(account) {
            break;
        }
    }
    Ok(Some(Ending::TimedOut))
}

fn wait_readable(handle: &OwnedFd, limit: Duration) -> io::Result<bool> {
    let deadline = Instant::now() + limit;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let timeout = Timespec {
            tv_sec: left.as_secs() as i64,
            tv_nsec: left.subsec_nanos().into(),
        };
        match poll(&mut [PollFd::new(handle, PollFlags::IN)], Some(&timeout)) {
            Ok(0) => return Ok(false),
            Ok(_) => return Ok(true),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

fn ending(status: WaitStatus) -> Ending {
    match (status.exit_status(), status.terminating_signal()) {
        (Some(code), _) => Ending::Exit(code),
        // On a busy machine the system may be faster than we are.
        (None, Some(signal)) if signal == Signal::XCPU.as_raw() => Ending::TimedOut,
        (None, Some(signal)) => Ending::Signal(signal),
        (None, None) => Ending::Signal(0),
    }
}

/// Makes a file that is nowhere but in memory.
fn memory_file() -> io::Result<File> {
    Ok(File::from(memfd_create("mupac", MemfdFlags::CLOEXEC)?))
}

fn read_all(file: &mut File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Returns the start of a file, and whether there is more.
fn read_start(file: &mut File) -> io::Result<(Vec<u8>, bool)> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.take(CAPTURE_LIMIT + 1).read_to_end(&mut bytes)?;
    let is_cut = bytes.len() as u64 > CAPTURE_LIMIT;
    bytes.truncate(CAPTURE_LIMIT as usize);
    Ok((bytes, is_cut))
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use super::{Ending, Process};

    fn ending(script: &str, limit: Duration) -> Ending {
        let process = Process {
            program: Path::new("/bin/sh"),
            called: "sh",
            arguments: vec!["-c".to_owned(), script.to_owned()],
            environment: Vec::new(),
            folder: Path::new("/"),
            stdin: None,
            descriptors: &[],
            limit,
            allowance: None,
        };
        process.run().unwrap().ending
    }

    #[test]
    fn the_limit_of_the_system_is_told_from_other_ends() {
        let patient = Duration::from_secs(100);
        assert_eq!(ending("kill -XCPU $$", patient), Ending::TimedOut);
        assert_eq!(ending("kill -KILL $$", patient), Ending::Signal(9));
        assert_eq!(ending("exit 3", patient), Ending::Exit(3));
        let endless = "while :; do :; done";
        assert_eq!(ending(endless, Duration::ZERO), Ending::TimedOut);
    }
}
