//! Arrays that a caller may pass twice: `add(x, y, x)`.

use crate::arena::Handle;
use crate::guard::{Guard, Overlap};
use crate::plan::{Buffer, RegionPlan};

impl RegionPlan {
    /// Returns the buffers that kernels write and that may begin where one does which they only read: of that one, kernels
    /// read what was there before the region.
    pub fn may_be_same(&self, read: Handle<Buffer>) -> Vec<Handle<Buffer>> {
        if self.buffers[read].is_written {
            return Vec::new();
        }
        let partner = |guard: &Guard| match guard {
            Guard::NoOverlap {
                a,
                b,
                how: Overlap::NotInPart,
            } if *a == read || *b == read => Some(if *a == read { *b } else { *a }),
            Guard::NoOverlap { .. }
            | Guard::Holds { .. }
            | Guard::Apart { .. }
            | Guard::Accessible { .. }
            | Guard::Inspected { .. }
            | Guard::Worthwhile { .. } => None,
        };
        self.guards.iter().filter_map(partner).collect()
    }
}
