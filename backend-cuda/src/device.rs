//! Which GPUs this machine has, asked of the CUDA driver.
//!
//! The driver's library is opened when it is asked, so that mupac runs without it.

#![expect(
    unsafe_code,
    reason = "opening the driver's library runs its initialisers"
)]

use cudarc::driver::{CudaContext, DriverError};
use thiserror::Error;

/// A GPU of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gpu {
    /// As the driver names it.
    pub name: String,
    /// Compute capability, as `nvcc -arch` spells it: `sm_90`.
    pub arch: String,
    /// Size of its memory.
    pub memory_bytes: usize,
}

/// Why there is no list of GPUs.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NoGpu {
    /// The library of the driver is not installed.
    #[error("there is no CUDA driver (libcuda.so)")]
    NoDriver,
    /// The driver is there and finds no device, or fails.
    #[error("the CUDA driver answers: {what}")]
    Driver {
        /// The driver's words.
        what: String,
    },
}

impl From<DriverError> for NoGpu {
    fn from(error: DriverError) -> Self {
        Self::Driver {
            what: format!("{error:?}"),
        }
    }
}

/// Returns the GPUs, in the driver's order; never an empty list.
///
/// **Errors**: no driver, or what the driver says instead.
pub fn gpus() -> Result<Vec<Gpu>, NoGpu> {
    // SAFETY: the library is the system's CUDA driver; its initialisers need nothing from us.
    if !unsafe { cudarc::driver::sys::is_culib_present() } {
        return Err(NoGpu::NoDriver);
    }
    let count = usize::try_from(CudaContext::device_count()?).unwrap_or(0);
    if count == 0 {
        let what = "no device".to_owned();
        return Err(NoGpu::Driver { what });
    }
    (0..count).map(|ordinal| Ok(gpu(ordinal)?)).collect()
}

fn gpu(ordinal: usize) -> Result<Gpu, DriverError> {
    let device = CudaContext::new(ordinal)?;
    let (major, minor) = device.compute_capability()?;
    Ok(Gpu {
        name: device.name()?,
        arch: format!("sm_{major}{minor}"),
        memory_bytes: device.total_mem()?,
    })
}
