//! Starts a process without a copy of this one.
//!
//! What `fork` copies, and what a child gives back as soon as it executes a program, are the page tables of all memory
//! that this process has, and that takes longer than most test programs run.
//! So the child runs in the memory of this process while this thread waits, as with `vfork` and `posix_spawn`, which can
//! set neither limits nor a signal for the end of the parent. It makes system calls and does nothing else.
//!
//! **Source**: Linux man-pages clone(2), `CLONE_VM` and `CLONE_VFORK`; vfork(2), "Caveats".

use std::convert::Infallible;
use std::ffi::{CString, c_char, c_int, c_void};
use std::io;
use std::mem::{self, MaybeUninit};
use std::os::fd::{AsFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use rustix::io::Errno;
use rustix::process::{
    Pid, Resource, Rlimit, Signal, WaitOptions, WaitStatus, chdir, getpid, getppid, getrlimit,
    set_parent_process_death_signal, setpgid, setrlimit, waitpid,
};

use super::interruption::ENDS;

/// The largest file a process may write.
///
/// **Units**: bytes.
const FILE_LIMIT: u64 = 256 << 20;

/// The stack that a child has until it executes its program: many times what system calls take.
///
/// **Units**: words of 16 bytes, to which every platform aligns stacks.
const STACK: usize = 1 << 14;

/// What a child does before it is another program.
#[derive(Debug)]
pub(super) struct Start {
    program: CString,
    arguments: Strings,
    environment: Strings,
    folder: CString,
    /// Files, and the numbers that they get.
    files: Vec<(OwnedFd, RawFd)>,
    /// This process.
    parent: Pid,
    /// How long it may use a processor.
    seconds: u64,
    /// Why there is no other program.
    error: AtomicI32,
}

/// Strings as `execve` takes them.
#[derive(Debug)]
struct Strings {
    /// Ends with a null pointer; the others point to what is owned below.
    pointers: Vec<*const c_char>,
    _owned: Vec<CString>,
}

impl Strings {
    fn new<'a>(all: impl IntoIterator<Item = &'a str>) -> io::Result<Self> {
        let owned: Vec<CString> = all
            .into_iter()
            .map(CString::new)
            .collect::<Result<_, _>>()?;
        let pointers = owned.iter().map(|each| each.as_ptr());
        let pointers = pointers.chain([ptr::null()]).collect();
        Ok(Self {
            pointers,
            _owned: owned,
        })
    }
}

impl Start {
    /// Arranges a process with these arguments from 0, this whole environment, files by the numbers that it finds them under
    /// (their own numbers have to lie above all of these), and this much time on a processor.
    ///
    /// **Errors**: a string holds a zero byte.
    pub(super) fn new(
        (program, folder): (&Path, &Path),
        arguments: &[&str],
        environment: &[(String, String)],
        files: Vec<(OwnedFd, RawFd)>,
        limit: Duration,
    ) -> io::Result<Self> {
        let assigned = environment
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let assigned: Vec<String> = assigned.collect();
        Ok(Self {
            program: CString::new(program.as_os_str().as_bytes())?,
            arguments: Strings::new(arguments.iter().copied())?,
            environment: Strings::new(assigned.iter().map(String::as_str))?,
            folder: CString::new(folder.as_os_str().as_bytes())?,
            files,
            parent: getpid(),
            seconds: limit.as_secs().saturating_add(1),
            error: AtomicI32::new(0),
        })
    }

    /// Starts the process; it leads a group of its own.
    ///
    /// **Errors**: what the system says where one of the calls fails.
    pub(super) fn start(&self) -> io::Result<Pid> {
        self.error.store(0, Ordering::Relaxed);
        let mut stack: Vec<MaybeUninit<u128>> = Vec::with_capacity(STACK);
        let top = stack.spare_capacity_mut().as_mut_ptr_range().end;
        let flags = libc::CLONE_VM | libc::CLONE_VFORK | libc::SIGCHLD;
        let argument = ptr::from_ref(self).cast_mut().cast::<c_void>();
        // A handler of this process must not run in the child, which has its memory.
        let before = masked(&set_of(libc::sigfillset))?;
        // SAFETY: the stack is writable, aligned, as long as said, and grows down from its end; this thread waits until the
        // child has ended or executed its program, so that stack and argument outlive its use of them.
        let number = unsafe { libc::clone(child, top.cast(), flags, argument) };
        let cause = io::Error::last_os_error();
        masked(&before)?;
        let pid = u32::try_from(number)
            .ok()
            .and_then(|_| Pid::from_raw(number));
        let Some(pid) = pid else {
            return Err(cause);
        };
        match self.error.load(Ordering::Relaxed) {
            0 => Ok(pid),
            error => {
                ended(pid)?;
                Err(io::Error::from_raw_os_error(error))
            }
        }
    }

    /// Does all that the child does; it shares this process's memory, so nothing here may allocate, lock or panic.
    fn execute(&self) -> Result<Infallible, Errno> {
        // Nothing goes on where this process is killed, now or before it is asked for.
        set_parent_process_death_signal(Some(Signal::KILL))?;
        if getppid() != Some(self.parent) {
            return Err(Errno::SRCH);
        }
        setpgid(None, None)?;
        chdir(self.folder.as_c_str())?;
        for (file, number) in &self.files {
            place_descriptor(file, *number)?;
        }
        // The first limit sends a signal of its own, which tells an end by it from others.
        set_limit(Resource::Cpu, self.seconds, self.seconds.saturating_add(1))?;
        set_limit(Resource::Fsize, FILE_LIMIT, FILE_LIMIT)?;
        set_limit(Resource::Core, 0, 0)?;
        // SAFETY: system calls about this child alone, since it has a table of handlers of its own; strings and the lists of
        // them are owned by this value, and the lists end with null.
        unsafe {
            // A handler would run in the memory of this process; what is ignored stays so.
            for number in ENDS.map(Signal::as_raw) {
                if libc::signal(number, libc::SIG_DFL) == libc::SIG_IGN {
                    libc::signal(number, libc::SIG_IGN);
                }
            }
            // Rust ignores it, and programs expect that it ends them.
            libc::signal(libc::SIGPIPE, libc::SIG_DFL);
            let none = set_of(libc::sigemptyset);
            libc::sigprocmask(libc::SIG_SETMASK, &raw const none, ptr::null_mut());
            libc::execve(
                self.program.as_ptr(),
                self.arguments.pointers.as_ptr(),
                self.environment.pointers.as_ptr(),
            );
        }
        Err(Errno::from_io_error(&io::Error::last_os_error()).unwrap_or(Errno::NOEXEC))
    }
}

/// Waits for the end of a process and forgets it.
pub(super) fn ended(pid: Pid) -> io::Result<Option<WaitStatus>> {
    let ended = rustix::io::retry_on_intr(|| waitpid(Some(pid), WaitOptions::empty()))?;
    Ok(ended.map(|(_, status)| status))
}

extern "C" fn child(start: *mut c_void) -> c_int {
    // SAFETY: `Start::start` passes a reference to itself and waits.
    let start = unsafe { &*start.cast::<Start>() };
    let Err(error) = start.execute();
    start.error.store(error.raw_os_error(), Ordering::Relaxed);
    1
}

/// Sets which signals wait for this thread; returns which did before.
fn masked(signals: &libc::sigset_t) -> io::Result<libc::sigset_t> {
    let mut before = set_of(libc::sigemptyset);
    // SAFETY: both sets are initialised.
    let error = unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, signals, &raw mut before) };
    match error {
        0 => Ok(before),
        error => Err(io::Error::from_raw_os_error(error)),
    }
}

/// Returns a set that one of the C library's two calls for it fills.
fn set_of(fill: unsafe extern "C" fn(*mut libc::sigset_t) -> c_int) -> libc::sigset_t {
    let mut signals = MaybeUninit::uninit();
    // SAFETY: both calls initialise the set and cannot fail.
    unsafe {
        fill(signals.as_mut_ptr());
        signals.assume_init()
    }
}

/// Duplicates `file` onto descriptor `number`, which stays open across exec.
fn place_descriptor(file: &OwnedFd, number: RawFd) -> Result<(), Errno> {
    // SAFETY: the number is only the target of dup2, which closes whatever it was in this child, whose descriptors are its
    // own; the value is forgotten below, so the duplicate is not closed.
    let mut target = unsafe { OwnedFd::from_raw_fd(number) };
    let placed = rustix::io::dup2(file.as_fd(), &mut target);
    mem::forget(target);
    placed
}

/// Sets a limit, or leaves the one that there is where it is lower.
fn set_limit(resource: Resource, current: u64, maximum: u64) -> Result<(), Errno> {
    let known = getrlimit(resource).maximum.unwrap_or(u64::MAX);
    let limit = Rlimit {
        current: Some(current.min(known)),
        maximum: Some(maximum.min(known)),
    };
    setrlimit(resource, limit)
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::path::Path;
    use std::time::Duration;

    use super::{Start, ended};

    fn shell(script: &str, files: Vec<(std::os::fd::OwnedFd, i32)>) -> Start {
        let words = ["sh", "-c", script];
        let environment = [("KNOWN".to_owned(), "yes".to_owned())];
        let place = (Path::new("/bin/sh"), Path::new("/usr"));
        Start::new(place, &words, &environment, files, Duration::ZERO).unwrap()
    }

    fn exit_code(start: &Start) -> Option<i32> {
        let status = ended(start.start().unwrap()).unwrap().unwrap();
        status.exit_status()
    }

    #[test]
    fn a_process_has_what_it_is_given() {
        let start = shell(
            "[ \"$KNOWN\" = yes ] && [ \"$PWD\" = /usr ] && exit 7",
            Vec::new(),
        );
        assert_eq!(exit_code(&start), Some(7));
        // Once more: nothing of the first process is left in the description.
        assert_eq!(exit_code(&start), Some(7));
        assert_eq!(exit_code(&shell("exit $(ulimit -c)", Vec::new())), Some(0));
    }

    #[test]
    fn a_file_is_found_by_its_number() {
        let file = File::open("/bin/sh").unwrap();
        let high = rustix::io::fcntl_dupfd_cloexec(&file, super::super::FIRST_KEPT).unwrap();
        let start = shell("[ -e /proc/self/fd/9 ]", vec![(high, 9)]);
        assert_eq!(exit_code(&start), Some(0));
    }

    #[test]
    fn what_cannot_start_says_why() {
        let place = (Path::new("/no/such/program"), Path::new("/"));
        let start = Start::new(place, &["x"], &[], Vec::new(), Duration::ZERO).unwrap();
        assert_eq!(
            start.start().unwrap_err().kind(),
            std::io::ErrorKind::NotFound
        );
        let place = (Path::new("/bin/sh"), Path::new("/no/such/folder"));
        let start = Start::new(place, &["x"], &[], Vec::new(), Duration::ZERO).unwrap();
        assert_eq!(
            start.start().unwrap_err().kind(),
            std::io::ErrorKind::NotFound
        );
    }
}
