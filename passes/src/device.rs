//! What a GPU allows.

/// The limits of a device that a mapping must respect.
///
/// **Source**: CUDA C++ Programming Guide 13.0, “Compute Capabilities”, table “Technical Specifications per Compute
/// Capability”, column 9.0, except where a field says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// For messages and the cost model.
    pub name: String,
    /// Compute capability, as `nvcc -arch` spells it.
    pub arch: String,
    /// Number of threads of a block, all axes together.
    pub max_threads_per_block: u32,
    /// Number of threads of a block along x, y, z.
    pub max_block: [u32; 3],
    /// Number of blocks of a grid along x, y, z.
    pub max_grid: [u64; 3],
    /// What the threads of a block share of memory without asking for more, in bytes.
    pub shared_bytes_per_block: u64,
    /// Threads that share one instruction stream.
    pub warp: u32,
    /// Number of streaming multiprocessors. **Source**: NVIDIA H200 data sheet.
    pub multiprocessors: u32,
    /// Resident threads of one multiprocessor.
    pub max_threads_per_multiprocessor: u32,
    /// Numbers in all slices of an array to which blocks add; a choice of ours, since the program counts on no such memory.
    pub max_slice_numbers: u64,
}

impl Default for Device {
    /// Returns the limits of an H200.
    fn default() -> Self {
        Self {
            name: "H200".to_owned(),
            arch: "sm_90".to_owned(),
            max_threads_per_block: 1024,
            max_block: [1024, 1024, 64],
            max_grid: [(1 << 31) - 1, 65_535, 65_535],
            shared_bytes_per_block: 48 << 10,
            warp: 32,
            multiprocessors: 132,
            max_threads_per_multiprocessor: 2048,
            max_slice_numbers: 1 << 28,
        }
    }
}
