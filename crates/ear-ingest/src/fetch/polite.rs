//! Manners: one request at a time for each host, and pauses that grow.

use super::Fault;
use std::{
    collections::HashSet,
    hash::{BuildHasher, RandomState},
    sync::{Condvar, Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};

/// The longest pause that a server may ask for and get within one call.
const LONGEST: Duration = Duration::from_secs(120);

/// Lets one request at a time through to each host.
#[derive(Debug, Default)]
pub(super) struct Gates {
    busy: Mutex<HashSet<String>>,
    left: Condvar,
}

/// The right to ask a host; given back when dropped.
#[derive(Debug)]
pub(super) struct Turn<'a> {
    gates: &'a Gates,
    host: String,
}

impl Gates {
    /// Waits until nobody else asks this host.
    pub fn enter(&self, host: &str, deadline: Instant) -> Result<Turn<'_>, Fault> {
        // Nothing panics while the set is held, and a set is whole in any case.
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        while busy.contains(host) {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Fault::Timeout("waiting for another request to the same host"));
            }
            busy = self.left.wait_timeout(busy, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        busy.insert(host.to_owned());
        Ok(Turn { gates: self, host: host.to_owned() })
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.gates.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.host);
        self.gates.left.notify_all();
    }
}

/// How long to wait after the `nth` failure (from 0): as the server asks, else twice as long each time, give or
/// take a half. `None` where the server asks for more than is bearable.
pub(super) fn pause(base: Duration, nth: u32, fault: &Fault) -> Option<Duration> {
    if let Fault::Status { retry_after: Some(wait), .. } = fault {
        return (*wait <= LONGEST).then_some(*wait);
    }
    let pause = base.saturating_mul(1 << nth.min(10)).min(LONGEST);
    // A fresh hasher is keyed at random: enough to keep clients from moving in step.
    let random = RandomState::new().hash_one(0_u8) % 1000;
    Some(pause.mul_f64(0.5 + random as f64 / 1000.0))
}

/// The seconds or the date of a `Retry-After`.
pub(super) fn retry_after(header: &str, now: SystemTime) -> Option<Duration> {
    let header = header.trim();
    if let Ok(seconds) = header.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(header).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_are_bounded() {
        let broken = Fault::Connection("reset".to_owned());
        let base = Duration::from_secs(1);
        for nth in 0..20 {
            let pause = pause(base, nth, &broken).unwrap();
            let middle = (1_u64 << nth.min(10)).min(120) as f64;
            assert!((middle * 0.5..middle * 1.5).contains(&pause.as_secs_f64()), "{nth} {pause:?}");
        }
        let asked = |seconds| Fault::Status { status: 503, retry_after: Some(Duration::from_secs(seconds)) };
        assert_eq!(pause(base, 0, &asked(7)), Some(Duration::from_secs(7)));
        assert_eq!(pause(base, 0, &asked(7200)), None);
    }

    #[test]
    fn servers_say_when_in_two_ways() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        let later = httpdate::fmt_http_date(now + Duration::from_secs(90));
        assert_eq!(retry_after("30", now), Some(Duration::from_secs(30)));
        assert_eq!(retry_after(&later, now), Some(Duration::from_secs(90)));
        assert_eq!(retry_after("Thu, 01 Jan 1970 00:00:00 GMT", now), Some(Duration::ZERO));
        assert_eq!(retry_after("soon", now), None);
    }

    #[test]
    fn a_host_is_asked_once_at_a_time() {
        let gates = Gates::default();
        let soon = || Instant::now() + Duration::from_millis(30);
        let turn = gates.enter("a", soon()).unwrap();
        gates.enter("b", soon()).unwrap();
        assert!(matches!(gates.enter("a", soon()).map(drop), Err(Fault::Timeout(_))));
        drop(turn);
        gates.enter("a", soon()).unwrap();
    }
}
