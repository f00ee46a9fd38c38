//! The constants of the GPU.

/// What the estimate knows of a GPU; the default is an H200.
#[derive(Clone, Debug, PartialEq)]
pub struct Hardware {
    /// Streaming multiprocessors.
    pub multiprocessors: f64,
    /// Threads that execute together.
    pub warp: f64,
    /// Most warps on one multiprocessor.
    pub resident_warps: f64,
    /// Most blocks on one multiprocessor.
    pub resident_blocks: f64,
    /// The unit in which memory is moved, in bytes.
    pub sector_bytes: f64,
    /// Size of the second-level cache, in bytes.
    pub l2_bytes: f64,
    /// Size of the shared memory of one multiprocessor, in bytes.
    pub shared_bytes: f64,
    /// Bandwidth of all shared memory together.
    pub shared_bytes_per_second: f64,
    /// Bandwidth of device memory.
    pub dram_bytes_per_second: f64,
    /// Bandwidth of the second-level cache.
    pub l2_bytes_per_second: f64,
    /// Rate of `float` operations.
    pub f32_per_second: f64,
    /// Rate of `double` operations.
    pub f64_per_second: f64,
    /// Rate of integer operations.
    pub integer_per_second: f64,
    /// From a load to its value.
    pub memory_latency_seconds: f64,
    /// Independent loads that one thread keeps under way.
    pub requests_in_flight: f64,
    /// From the host's call to the first thread.
    pub launch_seconds: f64,
    /// One subscript that the host looks at.
    pub host_subscript_seconds: f64,
    /// One subscript that the host keeps and compares with all others.
    pub host_difference_seconds: f64,
}

impl Default for Hardware {
    fn default() -> Self {
        Self {
            // NVIDIA H200 Tensor Core GPU data sheet (2024): SXM, 4.8 TB/s, 67 and 34 TFLOPS without tensor cores.
            multiprocessors: 132.0,
            dram_bytes_per_second: 4.8e12,
            f32_per_second: 67e12,
            f64_per_second: 34e12,
            // CUDA C++ Programming Guide 13.0, “Throughput of Native Arithmetic Instructions”, compute capability
            // 9.0: 64 integer operations a clock and multiprocessor against 128 fused `float` ones of two each.
            integer_per_second: 67e12 / 4.0,
            // CUDA C++ Programming Guide 13.0: 32 banks of 4 bytes a clock and multiprocessor, against 128 fused `float`
            // operations of two each.
            shared_bytes_per_second: 67e12 / 2.0,
            // CUDA C++ Programming Guide 13.0, “Technical Specifications per Compute Capability”, 9.0.
            shared_bytes: 228.0 * 1024.0,
            warp: 32.0,
            resident_warps: 64.0,
            resident_blocks: 32.0,
            // CUDA C++ Best Practices Guide 13.0, “Coalesced Access to Global Memory”.
            sector_bytes: 32.0,
            // NVIDIA H100 Tensor Core GPU Architecture (2022): 50 MB.
            l2_bytes: 50.0 * 1024.0 * 1024.0,
            // Assumed, of the order that micro-benchmarks of the same architecture report.
            l2_bytes_per_second: 5.5e12,
            memory_latency_seconds: 6e-7,
            requests_in_flight: 4.0,
            launch_seconds: 4e-6,
            // Assumed: a load and two comparisons; a store and two accesses to a bit map besides.
            host_subscript_seconds: 1e-9,
            host_difference_seconds: 4e-9,
        }
    }
}

impl Hardware {
    /// Returns how many threads keep device memory busy, each with requests of 4 bytes under way.
    ///
    /// **Source**: Little's law: bytes under way = bandwidth × latency.
    pub fn threads_to_hide_latency(&self) -> f64 {
        let bytes_under_way = self.dram_bytes_per_second * self.memory_latency_seconds;
        bytes_under_way / (4.0 * self.requests_in_flight)
    }
}
