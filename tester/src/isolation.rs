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
//! This is also the crate's only `unsafe`: arranging descriptors and limits between fork and exec, and handling signals.

#![expect(
    unsafe_code,
    reason = "descriptors and limits are set between fork and exec, and signals handled"
)]

mod accounts;
mod allowance;
mod interruption;
mod memory;

pub(crate) use accounts::Account;
pub use allowance::Allowance;
pub(crate) use allowance::Exhausted;
pub(crate) use interruption::Scratch;
pub use interruption::{clean_up_on_signals, uninterrupted};
pub(crate) use memory::{in_words, most_bytes};

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::mem;
use std::os::fd::{AsFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{MemfdFlags, memfd_create};
use rustix::process::{
    Pid, PidfdFlags, Resource, Rlimit, Signal, kill_process_group, pidfd_open,
    set_parent_process_death_signal, setrlimit,
};

use crate::patience::Patience;
use interruption::Listed;

/// The most that is read of a captured stream.
///
/// **Units**: bytes.
const CAPTURE_LIMIT: u64 = 1 << 20;

/// The largest file a process may write.
///
/// **Units**: bytes.
const FILE_LIMIT: u64 = 256 << 20;

/// How often the memory of a process is looked at, and after how many looks that of its whole group: a process fills less
/// than a gibibyte meanwhile, and to look costs next to nothing.
const LOOK: Duration = Duration::from_millis(100);
const LOOKS_AT_GROUP: u32 = 10;

/// Descriptors from here on are free for the parent's own use; those that a process finds open lie below.
const FIRST_KEPT: RawFd = 300;

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
        let mut command = Command::new(self.program);
        command
            .arg0(self.called)
            .args(&self.arguments)
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(self.folder)
            .stdin(match self.stdin {
                Some(path) => Stdio::from(File::open(path)?),
                None => Stdio::null(),
            })
            .stdout(stdout.try_clone()?)
            .stderr(stderr.try_clone()?)
            .process_group(0);
        let (mut kept, mut records) = (Vec::new(), Vec::new());
        for number in self.descriptors {
            let record = memory_file()?;
            // Numbers above every target, so that placing one never closes another.
            kept.push((
                *number,
                rustix::io::fcntl_dupfd_cloexec(&record, FIRST_KEPT)?,
            ));
            records.push((*number, record));
        }
        arrange(&mut command, kept, limit);
        let started = Instant::now();
        let (mut child, listed) = Listed::started(&mut command)?;
        let most_bytes = self
            .allowance
            .map_or_else(most_bytes, Allowance::most_bytes);
        let (ending, used) = wait(&mut child, listed, (limit, most_bytes))?;
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

/// Sets descriptors and limits of the child.
fn arrange(command: &mut Command, kept: Vec<(RawFd, OwnedFd)>, limit: Duration) {
    let seconds = limit.as_secs() + 1;
    let before_exec = move || {
        for (number, file) in &kept {
            place_descriptor(file, *number)?;
        }
        // The first limit sends a signal of its own, which tells an end by it from others.
        set_limit(Resource::Cpu, seconds, seconds + 1)?;
        set_limit(Resource::Fsize, FILE_LIMIT, FILE_LIMIT)?;
        set_limit(Resource::Core, 0, 0)?;
        // Nothing goes on where this process is killed.
        Ok(set_parent_process_death_signal(Some(Signal::KILL))?)
    };
    // SAFETY: the closure runs in the child between fork and exec; it only makes system calls (dup2, setrlimit, prctl) and
    // neither allocates nor takes locks.
    unsafe {
        command.pre_exec(before_exec);
    }
}

/// Duplicates `file` onto descriptor `number`, which stays open across exec.
fn place_descriptor(file: &OwnedFd, number: RawFd) -> io::Result<()> {
    // SAFETY: the number is only the target of dup2, which closes whatever it was in this child; the value is
    // forgotten below, so the duplicate is not closed.
    let mut target = unsafe { OwnedFd::from_raw_fd(number) };
    let placed = rustix::io::dup2(file.as_fd(), &mut target);
    mem::forget(target);
    Ok(placed?)
}

fn set_limit(resource: Resource, current: u64, maximum: u64) -> io::Result<()> {
    let limit = Rlimit {
        current: Some(current),
        maximum: Some(maximum),
    };
    Ok(setrlimit(resource, limit)?)
}

/// Waits for the child, as long as its limits on time and memory let it run, then kills whatever is left of its group;
/// returns what it used as well.
fn wait(
    child: &mut Child,
    listed: Listed,
    limits: (Duration, u64),
) -> io::Result<(Ending, Duration)> {
    let pid = Pid::from_child(child);
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
    let status = child.wait()?;
    let used = account.map_or(Duration::ZERO, |account| account.used);
    Ok((killed.unwrap_or_else(|| ending(status)), used))
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

fn ending(status: ExitStatus) -> Ending {
    match (status.code(), status.signal()) {
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
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Command, ExitStatus};

    use super::{Ending, arrange, ending};

    #[test]
    fn the_limit_of_the_system_is_told_from_other_ends() {
        let mut endless = Command::new("sh");
        endless.args(["-c", "while :; do :; done"]);
        arrange(&mut endless, Vec::new(), std::time::Duration::ZERO);
        assert_eq!(ending(endless.status().unwrap()), Ending::TimedOut);
        assert_eq!(ending(ExitStatus::from_raw(9)), Ending::Signal(9));
    }
}
