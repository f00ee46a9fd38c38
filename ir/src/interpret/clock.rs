//! Clocks, which go by the calls of a program instead of by time, as they do where the original runs in a check: each call
//! finds the time 10 ms on, in 2020.
//!
//! Where what a program does with the time is something else, it prints something else, and nothing is taken from here.
//!
//! **Source**: C17 7.27.2; POSIX.1-2017 `gettimeofday`, `clock_gettime`; OpenMP 5.2, 18.9.

use super::activation::Activation;
use super::fault::Outcome;
use super::value::{Pointer, Value};

/// **Units**: microseconds.
const STEP: u64 = 10_000;
const SECOND: u64 = 1_000_000;
/// 2020-01-01.
///
/// **Units**: seconds.
const START: u64 = 1_577_836_800;
/// The clock of `clock_gettime` that knows the date, on Linux.
const REALTIME: i128 = 0;
/// Its other clocks that are known here: of this program, of its thread, and since the machine started.
const OTHERS: std::ops::RangeInclusive<i128> = 1..=4;

impl Activation<'_, '_> {
    /// Calls a clock; `None` where this is none.
    pub(super) fn clocks(&mut self, name: &str, arguments: &[Value]) -> Outcome<Option<Value>> {
        match (name, arguments) {
            ("time", [Value::Pointer(to)]) => {
                let seconds = START + self.elapsed() / SECOND;
                if to.is_some() {
                    self.put_numbers(*to, &[seconds])?;
                }
                Ok(Some(Value::Integer(seconds.into())))
            }
            ("clock", []) => Ok(Some(Value::Integer(self.elapsed().into()))),
            ("gettimeofday", [Value::Pointer(to), Value::Pointer(_)]) => {
                let since = self.elapsed();
                self.put_numbers(*to, &[START + since / SECOND, since % SECOND])?;
                Ok(Some(Value::Integer(0)))
            }
            ("clock_gettime", [Value::Integer(clock), Value::Pointer(to)])
                if *clock == REALTIME || OTHERS.contains(clock) =>
            {
                let since = self.elapsed();
                let start = if *clock == REALTIME { START } else { 0 };
                self.put_numbers(*to, &[start + since / SECOND, since % SECOND * 1000])?;
                Ok(Some(Value::Integer(0)))
            }
            ("omp_get_wtime", []) => {
                let since = self.elapsed();
                let (whole, rest) = (since / SECOND, since % SECOND * 1000);
                Ok(Some(Value::F64(whole as f64 + rest as f64 * 1e-9)))
            }
            _ => Ok(None),
        }
    }

    /// Returns the time since the start of the program, in microseconds.
    fn elapsed(&mut self) -> u64 {
        self.machine.clock_calls += 1;
        self.machine.clock_calls * STEP
    }

    /// Assigns members of 64 bits that follow one another.
    fn put_numbers(&mut self, to: Option<Pointer>, numbers: &[u64]) -> Outcome<()> {
        let bytes: Vec<u8> = numbers.iter().flat_map(|each| each.to_le_bytes()).collect();
        let agent = self.context.agent;
        self.machine.memory.store(agent, to, &bytes, 8)?;
        if let (Some(doubts), Some(to)) = (&mut self.machine.doubts, to) {
            doubts.forget(to, bytes.len() as u64);
        }
        Ok(())
    }
}
