//! Arrays that a caller may pass twice: `add(x, y, x)`.

use crate::arena::Handle;
use crate::buffer::Buffer;
use crate::guard::{Guard, Separation};
use crate::plan::RegionPlan;

impl RegionPlan {
    /// Returns the written buffers that may be the same array as a buffer that is only read; kernels read a snapshot of that
    /// one.
    pub fn written_partners(&self, read: Handle<Buffer>) -> Vec<Handle<Buffer>> {
        if self.buffers[read].is_written {
            return Vec::new();
        }
        let partner = |guard: &Guard| match guard {
            Guard::NoOverlap {
                a,
                b,
                how: Separation::OrSame,
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
