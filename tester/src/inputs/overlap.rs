//! Which pointers of a test lead into the same memory.

use std::fmt;

use crate::glue::{Callee, Slot};

/// Where a pointer into other memory starts, in elements after its start: every sign, since a loop may overtake its own
/// writes in either direction.
const SHIFTS: [i64; 6] = [1, 0, -1, 5, -3, 2];

/// A buffer that lies in other memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shared {
    /// The number of the buffer.
    pub(crate) buffer: usize,
    /// Where it lies.
    pub(crate) owner: Owner,
    /// How far behind the owner's element 0 its own lies, in elements of whichever are larger.
    ///
    /// In a global, which has the size it has, it is the distance of the least element from the start or, where it is
    /// negative, of the greatest from the end.
    pub(crate) shift: i64,
    /// Whether the function is defined on nothing else: it compares pointers into both.
    pub(crate) is_needed: bool,
}

/// What a buffer may lie in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Owner {
    /// Another buffer, by its number.
    Buffer(usize),
    /// A global, by its number.
    Global(usize),
}

impl Shared {
    /// Returns whether one of two share memory with what the other names.
    pub(super) fn meets(&self, other: &Self) -> bool {
        let is_owner = matches!(other.owner, Owner::Buffer(owner) if self.names(owner));
        is_owner || self.names(other.buffer)
    }

    /// Returns whether it is this buffer that shares, or what it lies in.
    pub(super) fn names(&self, buffer: usize) -> bool {
        self.buffer == buffer || self.owner == Owner::Buffer(buffer)
    }
}

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (buffer, shift) = (self.buffer, self.shift);
        match self.owner {
            Owner::Buffer(owner) => write!(f, "{buffer}:{owner}:{shift}"),
            Owner::Global(owner) => write!(f, "{buffer}:g{owner}:{shift}"),
        }
    }
}

/// Every so many tests one shares memory: the last of them.
const EVERY: usize = 3;
const PLACE: usize = EVERY - 1;

/// Returns the number of a test in which memory may be shared, another one for another number.
pub(crate) fn sharing(number: usize) -> usize {
    number * EVERY + PLACE
}

/// In every third test one pair shares memory: by turns a pair that a guard keeps apart, and one of pointers to the same
/// type of which one is or may be written, which nothing may rely on to be apart.
pub(super) fn shared(callee: &Callee, index: usize) -> Option<Shared> {
    if index % EVERY != PLACE {
        return None;
    }
    let turn = index / EVERY;
    let (guarded, alike) = (guarded(callee), alike(callee));
    let (pairs, turn) = match (guarded.is_empty(), alike.is_empty()) {
        (true, true) => return None,
        (true, false) => (&alike, turn),
        (false, true) => (&guarded, turn),
        (false, false) if turn.is_multiple_of(2) => (&guarded, turn / 2),
        (false, false) => (&alike, turn / 2),
    };
    at_turn(pairs, turn)
}

/// So far pointers into one object are from each other, in elements: blocks, their edges, and nothing.
const DISTANCES: [i64; 8] = [40, 257, 1, 1000, 0, 512, 33, 4];

/// Returns how pointers lie that lead into one object; `narrowing` says how often the distance is halved.
pub(super) fn paired(callee: &Callee, index: usize, narrowing: usize) -> Vec<Shared> {
    let is_first = |[first, second]: &[usize; 2]| {
        let mut others = callee.paired.iter();
        let leads = others.find(|pair| pair[1] == *second).map(|pair| pair[0]);
        leads == Some(*first) && !callee.paired.iter().any(|pair| pair[1] == *first)
    };
    let pairs = callee.paired.iter().enumerate();
    let known = pairs
        .filter(|(_, pair)| is_first(pair) && pair.iter().all(|each| may_share(callee, *each)));
    let all = known.map(|(number, [first, second])| Shared {
        buffer: *second,
        owner: Owner::Buffer(*first),
        shift: DISTANCES[(index + number) % DISTANCES.len()] >> narrowing.min(16),
        is_needed: true,
    });
    all.collect()
}

/// Returns how one of these pairs shares memory: pairs by turns, each in every way.
fn at_turn(pairs: &[(usize, Owner)], turn: usize) -> Option<Shared> {
    let (buffer, owner) = *pairs.get(turn.checked_rem(pairs.len())?)?;
    let shift = *SHIFTS.get((turn / pairs.len() + turn % pairs.len()) % SHIFTS.len())?;
    Some(Shared {
        buffer,
        owner,
        shift,
        is_needed: false,
    })
}

/// Returns whether pointers in memory share rows in a test: in every second one in which memory may be shared, since nothing
/// may rely on rows to be apart.
pub(super) fn shares_rows(callee: &Callee, index: usize) -> bool {
    callee.has_rows() && index % (2 * EVERY) == PLACE
}

/// Sharing what is reached through `restrict` is undefined, which no sanitizer sees.
fn may_share(callee: &Callee, buffer: usize) -> bool {
    match callee.slots.get(buffer) {
        Some(Slot::Buffer { is_restrict, .. }) => !is_restrict,
        Some(Slot::Rows { is_leaf, .. }) => *is_leaf,
        Some(Slot::Size(_) | Slot::Value(_) | Slot::Choice { .. }) | None => false,
    }
}

/// Returns how a pair that is known by the names of its members shares memory in a test.
pub(super) fn shared_pair(callee: &Callee, names: [&str; 2], turn: usize) -> Option<Shared> {
    let is_known = |name: &str| {
        let mut names = callee.parameter_names.iter().chain(&callee.global_names);
        names.any(|each| each == name)
    };
    let is_called = |owner: &Owner, name: &str| {
        let names = match *owner {
            // Rows are called as the function pleases.
            Owner::Buffer(number) if number >= callee.parameter_names.len() => {
                return !is_known(name);
            }
            Owner::Buffer(_) => &callee.parameter_names,
            Owner::Global(_) => &callee.global_names,
        };
        let (Owner::Buffer(number) | Owner::Global(number)) = *owner;
        names.get(number).is_some_and(|each| each == name)
    };
    let [a, b] = names;
    let pairs = guarded(callee).into_iter().filter(|(buffer, owner)| {
        let buffer = Owner::Buffer(*buffer);
        (is_called(&buffer, a) && is_called(owner, b))
            || (is_called(&buffer, b) && is_called(owner, a))
    });
    at_turn(&pairs.collect::<Vec<_>>(), turn)
}

/// Returns the pairs that guards keep apart.
fn guarded(callee: &Callee) -> Vec<(usize, Owner)> {
    let mut pairs = Vec::new();
    for pair in &callee.guarded {
        let (buffer, owner) = match *pair {
            [Owner::Buffer(a), Owner::Buffer(b)] => (a.max(b), Owner::Buffer(a.min(b))),
            [Owner::Buffer(buffer), global @ Owner::Global(_)]
            | [global @ Owner::Global(_), Owner::Buffer(buffer)] => (buffer, global),
            [Owner::Global(_), Owner::Global(_)] => continue,
        };
        let is_free = match owner {
            Owner::Buffer(owner) => owner != buffer && may_share(callee, owner),
            Owner::Global(_) => true,
        };
        if is_free && may_share(callee, buffer) && !pairs.contains(&(buffer, owner)) {
            pairs.push((buffer, owner));
        }
    }
    pairs
}

/// Returns the pairs of pointers to one type, of which one is written, as rows may be.
fn alike(callee: &Callee) -> Vec<(usize, Owner)> {
    let buffers: Vec<_> = callee
        .slots
        .iter()
        .enumerate()
        .filter_map(|(slot, each)| match each {
            Slot::Buffer {
                element,
                is_written,
                is_restrict: false,
                ..
            } => Some((slot, element, *is_written)),
            Slot::Rows {
                element,
                is_leaf: true,
            } => Some((slot, element, true)),
            Slot::Buffer { .. }
            | Slot::Size(_)
            | Slot::Value(_)
            | Slot::Choice { .. }
            | Slot::Rows { .. } => None,
        })
        .collect();
    let mut pairs = Vec::new();
    for (position, (a, a_type, a_written)) in buffers.iter().enumerate() {
        for (b, b_type, b_written) in buffers.iter().skip(position + 1) {
            if a_type == b_type && (*a_written || *b_written) {
                pairs.push((*b, Owner::Buffer(*a)));
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use mupac_ir::{Scalar, Type};

    fn buffer(scalar: Scalar, is_written: bool, is_restrict: bool) -> Slot {
        Slot::Buffer {
            element: Type::Scalar(scalar),
            is_written,
            is_restrict,
            is_optional: false,
        }
    }

    fn owners(callee: &Callee) -> Vec<(usize, Owner)> {
        let mut owners: Vec<_> = (0..40)
            .filter_map(|index| shared(callee, index))
            .map(|each| (each.buffer, each.owner))
            .collect();
        owners.sort_unstable();
        owners.dedup();
        owners
    }

    #[test]
    fn only_pointers_that_may_share_memory_do() {
        let f32s = |is_written, is_restrict| buffer(Scalar::F32, is_written, is_restrict);
        let of = |slots| owners(&Callee::of_slots(slots));
        assert_eq!(
            of(vec![f32s(false, false), f32s(true, false)]),
            [(1, Owner::Buffer(0))]
        );
        assert_eq!(of(vec![f32s(false, false), f32s(false, false)]), []);
        assert_eq!(of(vec![f32s(true, true), f32s(true, false)]), []);
        let wide = buffer(Scalar::F64, true, false);
        assert_eq!(of(vec![f32s(true, false), wide]), []);
    }

    #[test]
    fn rows_share_memory_with_pointers_to_their_type() {
        let rows = |scalar, is_leaf| Slot::Rows {
            element: Type::Scalar(scalar),
            is_leaf,
        };
        let mut callee = Callee::of_slots(vec![
            buffer(Scalar::F32, false, false),
            rows(Scalar::F32, true),
            rows(Scalar::F64, true),
            rows(Scalar::F32, false),
        ]);
        assert_eq!(owners(&callee), [(1, Owner::Buffer(0))]);
        callee.parameter_names = vec!["x".to_owned()];
        callee.guarded = vec![[Owner::Buffer(1), Owner::Buffer(0)]];
        let pair = shared_pair(&callee, ["row", "x"], 0).unwrap();
        assert_eq!((pair.buffer, pair.owner), (1, Owner::Buffer(0)));
        assert_eq!(shared_pair(&callee, ["x", "x"], 0), None);
    }

    #[test]
    fn what_guards_keep_apart_is_put_together() {
        let callee = Callee {
            guarded: vec![
                [Owner::Buffer(0), Owner::Buffer(1)],
                [Owner::Global(2), Owner::Buffer(1)],
                [Owner::Global(2), Owner::Global(3)],
                [Owner::Buffer(0), Owner::Buffer(2)],
            ],
            ..Callee::of_slots(vec![
                buffer(Scalar::F32, false, false),
                buffer(Scalar::F64, true, false),
                buffer(Scalar::F64, true, true),
            ])
        };
        assert_eq!(
            owners(&callee),
            [(1, Owner::Buffer(0)), (1, Owner::Global(2))]
        );
    }
}
