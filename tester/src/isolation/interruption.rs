//! What a signal that ends mupac must not leave behind: temporary folders, what the cache has in the making, and
//! processes, which have groups of their own and so do not hear the terminal's Ctrl-C.
//!
//! The handler only writes the signal's number to a pipe; a thread that waits there removes what is listed and lets the
//! signal end the process as it would have.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, PipeReader, Read};
use std::os::fd::{BorrowedFd, IntoRawFd, RawFd};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicI32, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, getpid, kill_process, kill_process_group};
use tempfile::TempDir;

use super::start::Start;
use crate::unfinished;

/// The signals that ask a process to end.
pub(super) const ENDS: [Signal; 4] = [Signal::HUP, Signal::INT, Signal::QUIT, Signal::TERM];

/// How often a folder is removed in which something appears meanwhile, or a busy program is started, and what is waited for in
/// between: two seconds.
const MOST_TRIES: usize = 200;
const BETWEEN_TRIES: Duration = Duration::from_millis(10);

/// What there is now.
static LEFT: Mutex<BTreeMap<usize, Left>> = Mutex::new(BTreeMap::new());
static NEXT: AtomicUsize = AtomicUsize::new(0);
/// Where the handler writes.
static PIPE: AtomicI32 = AtomicI32::new(-1);

#[derive(Debug)]
enum Left {
    Folder(PathBuf),
    Group(Pid),
}

/// Something that is listed as long as this lives.
#[derive(Debug)]
pub(super) struct Listed(usize);

impl Listed {
    /// Starts a process that leads a group, and lists it at once. This has to go before the process is waited for, since
    /// its number may then belong to another.
    ///
    /// **Errors**: it cannot be started.
    pub(super) fn started(start: &Start) -> io::Result<(Pid, Self)> {
        // Signals wait until it is listed, or it would go on alone.
        let mut left = lock();
        let pid = when_free(start)?;
        let listed = Self::add(&mut left, Left::Group(pid));
        Ok((pid, listed))
    }

    fn add(all: &mut BTreeMap<usize, Left>, left: Left) -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        all.insert(number, left);
        Self(number)
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        lock().remove(&self.0);
    }
}

/// Starts a process. A program that was just copied is busy as long as a process that another thread starts meanwhile has
/// the copy's descriptor, which it gives up at once.
///
/// **Errors**: it cannot be started. **Source**: Linux man-pages execve(2), ETXTBSY.
fn when_free(start: &Start) -> io::Result<Pid> {
    let mut tries = 0;
    loop {
        match start.start() {
            Err(error)
                if error.kind() == io::ErrorKind::ExecutableFileBusy && tries < MOST_TRIES =>
            {
                tries += 1;
                thread::sleep(BETWEEN_TRIES);
            }
            started => return started,
        }
    }
}

/// A temporary folder.
#[derive(Debug)]
pub struct Scratch {
    // Is removed before it is taken from the list.
    folder: TempDir,
    _listed: Option<Listed>,
}

impl Scratch {
    /// Makes a folder whose name starts so; one that `is_kept` stays.
    ///
    /// **Errors**: it cannot be made.
    pub fn new(prefix: &str, is_kept: bool) -> io::Result<Self> {
        // A signal finds the folder listed, or not yet made.
        let mut left = lock();
        let mut folder = tempfile::Builder::new().prefix(prefix).tempdir()?;
        folder.disable_cleanup(is_kept);
        let listed =
            (!is_kept).then(|| Listed::add(&mut left, Left::Folder(folder.path().to_owned())));
        Ok(Self {
            folder,
            _listed: listed,
        })
    }

    /// Returns its place.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Does something that is soon over, such as to write a file and give it its name; a signal that ends this process waits for it.
///
/// It may neither start processes nor make temporary folders of a check: these take the same lock, and would wait for ever.
pub fn uninterrupted<T>(action: impl FnOnce() -> T) -> T {
    let _left = lock();
    action()
}

/// Has signals that end this process remove first what it would leave behind; a signal that is ignored stays so.
///
/// **Errors**: there is no further descriptor or thread; signals then end the process as they would have.
pub fn clean_up_on_signals() -> io::Result<()> {
    let (reader, writer) = io::pipe()?;
    PIPE.store(writer.into_raw_fd(), Ordering::Relaxed);
    thread::Builder::new().spawn(move || wait(reader))?;
    for each in ENDS.map(Signal::as_raw) {
        // SAFETY: the handler only loads an atomic number and makes a system call.
        let before = unsafe { libc::signal(each, note as *const () as usize) };
        if before == libc::SIG_IGN {
            // SAFETY: this is what was there.
            unsafe { libc::signal(each, libc::SIG_IGN) };
        }
    }
    Ok(())
}

extern "C" fn note(number: i32) {
    let pipe: RawFd = PIPE.load(Ordering::Relaxed);
    // SAFETY: the pipe was opened before this handler was set, and is never closed.
    let pipe = unsafe { BorrowedFd::borrow_raw(pipe) };
    // A pipe that is full holds a number already.
    let _ = rustix::io::write(pipe, &[number as u8]);
}

fn wait(mut reader: PipeReader) {
    let mut number = [0];
    if reader.read_exact(&mut number).is_ok() {
        let [number] = number.map(i32::from);
        if let Some(signal) = ENDS.into_iter().find(|each| each.as_raw() == number) {
            end(signal);
        }
    }
}

fn end(ending: Signal) {
    // Is held to the end, so that nothing new starts or is listed, and no number of a process is given back.
    let left = lock();
    for each in left.values() {
        if let Left::Group(pid) = each {
            let _ = kill_process_group(*pid, Signal::KILL);
        }
    }
    for each in left.values() {
        if let Left::Folder(path) = each {
            remove(path);
        }
    }
    unfinished::abandon();
    // SAFETY: no handler is set.
    unsafe { libc::signal(ending.as_raw(), libc::SIG_DFL) };
    let _ = kill_process(getpid(), ending);
    // Another thread may be the one that it ends.
    thread::sleep(Duration::from_secs(2));
    process::exit(128 + ending.as_raw());
}

/// Removes a folder in which threads of this process, and processes that are about to end, may still make files.
fn remove(folder: &Path) {
    for _ in 0..MOST_TRIES {
        let _ = fs::remove_dir_all(folder);
        if !folder.exists() {
            return;
        }
        thread::sleep(BETWEEN_TRIES);
    }
}

fn lock() -> MutexGuard<'static, BTreeMap<usize, Left>> {
    LEFT.lock().unwrap_or_else(PoisonError::into_inner)
}
