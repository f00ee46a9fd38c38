//! A nest as threads run it: which loops are whose, and what the arrays see of them.

use std::collections::BTreeMap;

use mupac_ir::{Axis, Function, LoopName, Mapping, Space, Stmt};
use mupac_passes::Draft;

use super::{AccessView, Along, ArrayView, trips};
use crate::analytic::strides::{Access, Pace, Reading, reading};
use crate::signature::loops_of;

/// What a loop is to the threads of a launch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::network) enum Role {
    /// Its iterations are neighbours in a warp.
    ThreadX,
    /// Other threads of a block.
    ThreadY,
    /// Neighbouring blocks.
    BlockX,
    /// Other blocks.
    BlockY,
    /// The innermost loop of a thread around the access.
    Inner,
    /// The loop of a thread around that one.
    Next,
}

/// All of them; the position is the discriminant.
pub(in crate::network) const ROLES: [Role; 6] = [
    Role::ThreadX,
    Role::ThreadY,
    Role::BlockX,
    Role::BlockY,
    Role::Inner,
    Role::Next,
];

impl Role {
    /// Returns its name in the table of features.
    pub(in crate::network) fn name(self) -> &'static str {
        match self {
            Self::ThreadX => "threads x",
            Self::ThreadY => "threads y, z",
            Self::BlockX => "blocks x",
            Self::BlockY => "blocks y, z",
            Self::Inner => "inner loop",
            Self::Next => "next loop",
        }
    }
}

/// A nest as threads run it.
pub(super) struct Threads<'a> {
    function: &'a Function,
    loops: BTreeMap<LoopName, Mapping>,
    reading: Reading,
}

impl<'a> Threads<'a> {
    pub(super) fn of(draft: &'a Draft, nest: &[Stmt]) -> Self {
        let loops = loops_of(nest).into_iter();
        Self {
            function: draft.function(),
            loops: loops
                .map(|each| (each.name.clone(), each.mapping))
                .collect(),
            reading: reading(draft, nest),
        }
    }

    /// Returns the positions in `strides` of the loops that play the roles.
    fn roles(&self, access: &Access) -> [Option<usize>; ROLES.len()] {
        let mut roles = [None; ROLES.len()];
        for (at, (name, _)) in access.strides.iter().enumerate() {
            let role = match self.loops.get(name).copied().unwrap_or_default() {
                Mapping::Thread(Axis::X) | Mapping::Lanes => Role::ThreadX,
                Mapping::Thread(Axis::Y | Axis::Z) => Role::ThreadY,
                Mapping::Block(Axis::X) => Role::BlockX,
                Mapping::Block(Axis::Y | Axis::Z) => Role::BlockY,
                Mapping::Sequential | Mapping::Unroll(_) | Mapping::Vector => {
                    // From the outside: what was the innermost so far is the next.
                    roles[Role::Next as usize] = roles[Role::Inner as usize];
                    Role::Inner
                }
            };
            roles[role as usize] = Some(at);
        }
        roles
    }

    fn space(&self, access: &Access) -> Space {
        self.function.vars[access.array].space
    }

    pub(super) fn accesses(&self) -> Vec<AccessView> {
        let mut found: Vec<AccessView> = Vec::new();
        for access in &self.reading.accesses {
            let elements = |by: i64| by as f64 / access.element_bytes.max(1) as f64;
            let along =
                self.roles(access)
                    .map(|at| match at.and_then(|at| access.strides.get(at)) {
                        None => Along::NoLoop,
                        Some((_, None)) => Along::ByData,
                        Some((_, Some(by))) => Along::Elements(elements(*by)),
                    });
            let space = self.space(access);
            let view = AccessView {
                is_write: access.is_write,
                is_shared: space == Space::Shared,
                is_private: space == Space::Register,
                element_bytes: access.element_bytes as f64,
                alike: 1.0,
                along,
            };
            let is_alike = |other: &&mut AccessView| {
                AccessView {
                    alike: 1.0,
                    ..(**other).clone()
                } == view
            };
            match found.iter_mut().find(is_alike) {
                Some(known) => known.alike += 1.0,
                None => found.push(view),
            }
        }
        found
    }

    /// Returns the trips of the loops that play the roles around the deepest access, the first of several.
    pub(super) fn trips(&self) -> [Option<f64>; ROLES.len()] {
        let accesses = self.reading.accesses.iter();
        let deepest = accesses.rev().max_by_key(|access| access.strides.len());
        let Some(access) = deepest else {
            return [None; ROLES.len()];
        };
        self.roles(access).map(|at| {
            let (name, _) = access.strides.get(at?)?;
            Some(trips(&self.reading, name))
        })
    }

    fn name_of(&self, access: &Access) -> &str {
        &self.function.vars[access.array].name
    }

    pub(super) fn shares(&self, array: &str) -> bool {
        let mut accesses = self.reading.accesses.iter();
        accesses.any(|access| self.name_of(access) == array && self.space(access) == Space::Shared)
    }

    /// Returns the arrays by name.
    pub(super) fn arrays(&self) -> BTreeMap<String, ArrayView> {
        let mut found: BTreeMap<String, ArrayView> = BTreeMap::new();
        for access in &self.reading.accesses {
            let view = found.entry(self.name_of(access).to_owned()).or_default();
            view.accesses += 1.0;
            view.element_bytes = access.element_bytes as f64;
            let at = self.roles(access)[Role::ThreadX as usize];
            let stride = at.and_then(|at| access.strides.get(at));
            let Some((_, stride)) = stride else {
                continue;
            };
            match Pace::of(*stride, access.element_bytes) {
                Pace::Still => view.still += 1.0,
                Pace::Next => view.next += 1.0,
                Pace::Far | Pace::ByData => view.far += 1.0,
                Pace::Near => {}
            }
        }
        for view in found.values_mut() {
            for share in [&mut view.still, &mut view.next, &mut view.far] {
                *share /= view.accesses;
            }
        }
        found
    }
}
