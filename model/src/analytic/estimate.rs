//! Times by what they are spent on.

/// What time is spent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    /// Calls of the host until the first thread runs.
    Launch,
    /// Bandwidth of device memory.
    DeviceMemory,
    /// Bandwidth of the second-level cache.
    Cache,
    /// Lines of the first-level cache that requests look up.
    Requests,
    /// Bandwidth of shared memory.
    Shared,
    /// Arithmetic on `float`.
    Single,
    /// Arithmetic on `double`.
    Double,
    /// Arithmetic on integers.
    Integer,
    /// Reciprocals, roots and conversions.
    Special,
    /// Instructions of any kind.
    Issue,
    /// Waiting for memory, for results and at barriers, in each thread.
    Latency,
    /// Atomic operations.
    Atomics,
    /// Joining partial results.
    Joining,
    /// The host's pass over subscripts before a launch.
    Inspection,
}

impl Resource {
    /// All of them; the position is the discriminant.
    pub const ALL: [Self; 14] = [
        Self::Launch,
        Self::DeviceMemory,
        Self::Cache,
        Self::Requests,
        Self::Shared,
        Self::Single,
        Self::Double,
        Self::Integer,
        Self::Special,
        Self::Issue,
        Self::Latency,
        Self::Atomics,
        Self::Joining,
        Self::Inspection,
    ];

    /// Those that blocks of one multiprocessor share, and no others.
    pub(super) const OF_MULTIPROCESSOR: [Self; 7] = [
        Self::Requests,
        Self::Shared,
        Self::Single,
        Self::Double,
        Self::Integer,
        Self::Special,
        Self::Issue,
    ];

    /// Returns its name in a report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Launch => "launches",
            Self::DeviceMemory => "device memory",
            Self::Cache => "second-level cache",
            Self::Requests => "requests to the first-level cache",
            Self::Shared => "shared memory",
            Self::Single => "float arithmetic",
            Self::Double => "double arithmetic",
            Self::Integer => "integer arithmetic",
            Self::Special => "special functions",
            Self::Issue => "instruction issue",
            Self::Latency => "latency",
            Self::Atomics => "atomic operations",
            Self::Joining => "joining of partial results",
            Self::Inspection => "inspection by the host",
        }
    }
}

/// An estimated time, divided by what most of it is spent on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimate {
    /// In seconds, by [`Resource`].
    shares: [f64; Resource::ALL.len()],
}

impl Estimate {
    /// Returns the whole time.
    ///
    /// **Units**: seconds.
    pub fn seconds(&self) -> f64 {
        self.shares.iter().sum()
    }

    /// Returns what the largest part of the time is spent on, the first of equals.
    pub fn bottleneck(&self) -> Resource {
        let share = |resource: &Resource| self.shares[*resource as usize];
        let larger = |best: Resource, next: Resource| {
            if share(&next) > share(&best) {
                next
            } else {
                best
            }
        };
        Resource::ALL.into_iter().fold(Resource::Launch, larger)
    }

    /// Returns the part of the time that is spent on a resource.
    ///
    /// **Units**: seconds.
    pub fn seconds_of(&self, resource: Resource) -> f64 {
        self.shares[resource as usize]
    }

    /// Adds seconds spent on a resource.
    pub(super) fn spend(&mut self, resource: Resource, seconds: f64) {
        self.shares[resource as usize] += seconds;
    }

    /// Adds another time, which comes `times` times.
    pub(super) fn add(&mut self, other: &Self, times: f64) {
        for (share, more) in self.shares.iter_mut().zip(other.shares) {
            *share += times * more;
        }
    }

    /// Returns the time of parts that overlap, yet not perfectly: just above the longest, and growing with every other.
    ///
    /// **Units**: seconds.
    pub(super) fn overlapped_seconds(&self) -> f64 {
        const SHARPNESS: f64 = 4.0;
        let longest = self.shares.iter().copied().fold(0.0, f64::max);
        if longest <= 0.0 {
            return 0.0;
        }
        // Scaling by the longest keeps the powers in range.
        let parts = self.shares.iter().filter(|part| **part != 0.0);
        let sum: f64 = parts.map(|part| (part / longest).powf(SHARPNESS)).sum();
        longest * sum.powf(1.0 / SHARPNESS)
    }
}
