//! What the system knows of a group of processes: how long they ran, whether they wait, and what memory they hold.
//!
//! A group is asked as a whole: a compiler's driver does nothing while what it started does the work.

use std::fs;
use std::time::Duration;

use rustix::process::Pid;

/// The clock of the system's accounts of processes.
///
/// **Source**: Linux, proc(5), `/proc/pid/stat`: times are in units of `sysconf(_SC_CLK_TCK)`, which is 100 on every
/// architecture that Linux reports it for.
const TICKS_PER_SECOND: u64 = 100;

/// What processes have come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    /// Time on a processor, that of ended children included.
    pub(crate) used: Duration,
    /// Whether all wait for something other than a processor or a disk.
    pub(crate) waits: bool,
    /// Memory that is there.
    pub(crate) resident_bytes: u64,
}

impl Account {
    /// Returns the account of one process; `None` where the system keeps none, or it is gone.
    ///
    /// One that has ended and was not waited for has an account still.
    pub(crate) fn of(pid: Pid) -> Option<Self> {
        read(&pid.as_raw_nonzero().to_string(), |_| true)
    }

    /// Returns the account of all processes of a group.
    pub(crate) fn of_group(group: Pid) -> Option<Self> {
        let group = group.as_raw_nonzero().get();
        let names = fs::read_dir("/proc").ok()?.filter_map(|entry| {
            let name = entry.ok()?.file_name().into_string().ok()?;
            name.bytes()
                .all(|byte| byte.is_ascii_digit())
                .then_some(name)
        });
        let members = names.filter_map(|name| read(&name, |of| of == group));
        members.reduce(Self::and)
    }

    fn and(self, other: Self) -> Self {
        Self {
            used: self.used + other.used,
            waits: self.waits && other.waits,
            resident_bytes: self.resident_bytes.saturating_add(other.resident_bytes),
        }
    }

    /// Reads what is told of a process: its group, and its account but for the memory.
    fn parse(stat: &str) -> Option<(i32, Self)> {
        // The name stands in parentheses and may hold any character.
        let (_, fields) = stat.rsplit_once(')')?;
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let group = fields.get(2)?.parse().ok()?;
        // User and system time, of the process and of children that it waited for.
        let times = fields.get(11..15)?.iter();
        let times = times.map(|ticks| ticks.parse::<u64>().ok());
        let ticks = times.sum::<Option<u64>>()?;
        let account = Self {
            used: Duration::from_millis(ticks.saturating_mul(1000 / TICKS_PER_SECOND)),
            waits: !matches!(*fields.first()?, "R" | "D"),
            resident_bytes: 0,
        };
        Some((group, account))
    }
}

/// Returns the group and the account of a process.
fn read(name: &str, is_wanted: impl Fn(i32) -> bool) -> Option<Account> {
    let (group, account) = Account::parse(&fs::read_to_string(format!("/proc/{name}/stat")).ok()?)?;
    is_wanted(group).then(|| Account {
        used: account.used.max(run_time(name).unwrap_or_default()),
        resident_bytes: resident_bytes(name).unwrap_or(0),
        ..account
    })
}

/// Returns how long the first thread of a process ran, which is known more precisely than in ticks: most tests take less
/// than one.
///
/// **Source**: Linux, `Documentation/scheduler/sched-stats.rst`, `/proc/pid/schedstat`.
fn run_time(name: &str) -> Option<Duration> {
    let text = fs::read_to_string(format!("/proc/{name}/schedstat")).ok()?;
    let nanoseconds = text.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

/// Returns the memory of a process that is there; one that has ended has none.
fn resident_bytes(name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{name}/status")).ok()?;
    kibibytes(&status, "VmRSS:").map(|count| count.saturating_mul(1024))
}

/// Returns the number of a line such as `VmRSS:     1234 kB`.
pub(super) fn kibibytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_read_behind_any_name() {
        let stat = "77 (a) b) R 1 70 77 0 -1 4194304 9 0 0 0 150 25 20 5 20 0 1 0 9 4096 3 9";
        let account = Account {
            used: Duration::from_secs(2),
            waits: false,
            resident_bytes: 0,
        };
        assert_eq!(Account::parse(stat), Some((70, account)));
        assert_eq!(Account::parse("77 (a) S 1"), None);
        let status = "Name:\ta\nVmRSS:\t    1234 kB\nRssAnon:\t 9 kB\n";
        assert_eq!(kibibytes(status, "VmRSS:"), Some(1234));
    }

    #[test]
    fn a_process_that_is_there_has_an_account() {
        let own = Account::of(rustix::process::getpid()).unwrap();
        assert!(own.resident_bytes > 0);
        let group = rustix::process::getpgrp();
        let all = Account::of_group(group).unwrap();
        assert!(all.resident_bytes > 0 && all.used >= own.used);
        assert!(own.used > Duration::ZERO);
    }
}
