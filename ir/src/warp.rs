//! What the lanes of a warp do together: calls in the body of a kernel.
//!
//! A kernel that makes such calls has warps along `x`, and all lanes of a warp come to each of them.

use crate::stmt::{Block, Call, Stmt};
use crate::structure;

/// Threads that execute together.
///
/// **Source**: CUDA C++ Programming Guide 13.0, “Compute Capabilities”, “Warp size”.
pub const LANES: u32 = 32;

/// All lanes of a warp, as the first argument of such a call says who takes part.
pub const ALL: u32 = u32::MAX;

/// What a call in a kernel does with the other lanes of the warp.
///
/// **Source**: CUDA C++ Programming Guide 13.0, “Warp Shuffle Functions” and “Synchronization Functions”.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WarpOperation {
    /// `__shfl_xor_sync(mask, value, distance)`: takes the value of the lane whose number differs in the bits of the
    /// distance. It orders no accesses to memory.
    Exchange,
    /// `__syncwarp()`: orders what the lanes did to memory before it against what they do after it.
    Meet,
}

impl WarpOperation {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Exchange, Self::Meet];

    /// Returns the function of CUDA, which is what the call names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exchange => "__shfl_xor_sync",
            Self::Meet => "__syncwarp",
        }
    }

    /// Returns the operation of a call.
    pub fn of(call: &Call) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|each| each.name() == call.callee)
    }
}

/// Returns whether warps run a block, each together.
pub fn runs_by_warps(block: &Block) -> bool {
    let mut found = false;
    structure::each(block, &mut |stmt| {
        found |= matches!(stmt, Stmt::Call(call) if WarpOperation::of(call).is_some());
    });
    found
}
