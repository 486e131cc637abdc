//! What this process has used so far.

use anyhow::{Context, Result};
use rustix::time::{ClockId, clock_gettime};
use std::time::Instant;

/// CPU seconds of all threads of this process, in user and kernel.
pub fn cpu_seconds() -> f64 {
    let used = clock_gettime(ClockId::ProcessCPUTime);
    used.tv_sec as f64 + used.tv_nsec as f64 / 1e9
}

/// The most memory this process ever held, in MB (10⁶ bytes); an error where the system does not tell.
pub fn peak_mb() -> Result<f64> {
    peak_mb_of(std::process::id())
}

/// What this process holds now, in MB.
///
/// # Errors
/// If the system does not tell.
pub fn memory_mb() -> Result<f64> {
    memory_mb_of(std::process::id())
}

/// What a process holds now, in MB.
///
/// # Errors
/// If it has ended, or the system does not tell.
pub fn memory_mb_of(process: u32) -> Result<f64> {
    of(process, "VmRSS:")
}

/// The most a process ever held, in MB.
///
/// # Errors
/// If it has ended, or the system does not tell.
pub fn peak_mb_of(process: u32) -> Result<f64> {
    of(process, "VmHWM:")
}

fn of(process: u32, name: &str) -> Result<f64> {
    let path = format!("/proc/{process}/status");
    let status = std::fs::read_to_string(&path).context("memory is read from /proc, as on Linux")?;
    field(&status, name).with_context(|| format!("{path} has no {name}"))
}

/// Runs `work`; its value, the CPU seconds and the seconds it took.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, f64, f64) {
    let (cpu, began) = (cpu_seconds(), Instant::now());
    let value = work();
    (value, cpu_seconds() - cpu, began.elapsed().as_secs_f64())
}

/// A field such as `VmHWM:     1234 kB`; these are 1024 bytes each.
fn field(status: &str, name: &str) -> Option<f64> {
    let value = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: f64 = value.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024.0 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_from_the_status() {
        let status = "Name:\tx\nVmPeak:\t 9 kB\nVmHWM:\t  250000 kB\nVmRSS:\t 1000 kB\n";
        assert_eq!((field(status, "VmHWM:"), field(status, "VmRSS:")), (Some(256.0), Some(1.024)));
        assert_eq!(field("VmHWM:\t lots\n", "VmHWM:"), None);
    }

    #[test]
    fn work_uses_time() {
        let (sum, cpu, wall) = timed(|| (0..3_000_000u64).map(std::hint::black_box).sum::<u64>());
        assert!(sum > 0 && cpu > 0.0 && wall > 0.0);
    }
}
