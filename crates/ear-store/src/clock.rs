//! Two clocks. The one on the wall says when something happened, and can be set; the steady one only ever
//! goes forward, and is what leases are measured by.

use crate::UnixMillis;
use std::time::{SystemTime, UNIX_EPOCH};

/// The time of the world; 0 where the clock stands before 1970.
pub fn now() -> UnixMillis {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as UnixMillis)
}

/// One moment by both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Unix milliseconds, by a clock that people and time servers set.
    pub world: UnixMillis,
    /// Milliseconds since this machine was started, the same for every process on it. It stands still while
    /// the machine sleeps, as its workers do, and begins anew when the machine is started again.
    pub steady: i64,
}

impl Moment {
    /// This moment.
    pub fn now() -> Self {
        Self { world: now(), steady: steady() }
    }

    /// The same number on both clocks, for trying things out.
    pub fn at(millis: i64) -> Self {
        Self { world: millis, steady: millis }
    }
}

#[cfg(unix)]
fn steady() -> i64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    time.tv_sec.saturating_mul(1000).saturating_add(time.tv_nsec / 1_000_000)
}

/// Elsewhere no clock is known that all processes share and nobody sets.
#[cfg(not(unix))]
fn steady() -> i64 {
    now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steady_clock_goes_forward() {
        let before = Moment::now();
        std::thread::sleep(std::time::Duration::from_millis(5));
        let after = Moment::now();
        assert!((4..60_000).contains(&(after.steady - before.steady)), "{before:?} {after:?}");
        assert!(before.world > 1_600_000_000_000);
    }
}
