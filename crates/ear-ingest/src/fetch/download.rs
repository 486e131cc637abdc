//! Files, written beside their goal and moved into place when they are whole.

use super::{
    Client, Download, Downloaded, Fault,
    exchange::{Answer, body_fault},
    get::{deadline, is_damage},
    local,
    partial::{Partial, Source},
    polite::pause,
    target::{Target, disposition_name, name, shown, target},
};
use crate::Error;
use flate2::read::MultiGzDecoder;
use std::{
    io::Read,
    ops::ControlFlow,
    path::Path,
    thread,
    time::{Duration, Instant},
};
use url::Url;

/// How often a download is taken up again in one call.
const RESUMES: u32 = 50;

/// The least that has to come in each [`WINDOW`], in bytes.
const LEAST: u64 = 16 * 1024;

/// How long a slow server is given for the least.
const WINDOW: Duration = Duration::from_secs(60);

/// How often whoever waits is asked whether to go on.
const TICK: Duration = Duration::from_millis(200);

/// Told how much is there and how much there will be, in bytes; `Break` stops the download.
type OnProgress<'a> = dyn FnMut(u64, Option<u64>) -> ControlFlow<()> + 'a;

/// How one request of a download ended.
enum End {
    Whole(Downloaded),
    Stopped(Downloaded),
}

impl Client {
    /// Fetches a file to `to`. What has come so far lies in `to` with `.part` added; when the connection breaks
    /// off, or in a later call, it goes on from there, provided that the server says it is still the same file.
    /// `on_progress` is told how much is there and how much there will be, and may stop it.
    ///
    /// # Errors
    /// [`Error::Fetch`], with what happened and what to do about it. The part is kept, unless the file is larger
    /// than allowed.
    pub fn download(
        &self,
        url: &str,
        to: &Path,
        options: &Download,
        on_progress: &mut dyn FnMut(u64, Option<u64>) -> ControlFlow<()>,
    ) -> Result<Downloaded, Error> {
        let downloaded = match target(url) {
            Ok(Target::Web(url)) => self.download_web(&url, to, options, on_progress),
            Ok(Target::File(path)) => local::download(self, &path, to, options, on_progress),
            Err(fault) => Err(fault),
        };
        downloaded.map_err(|fault| Error::Fetch { url: shown(url), fault })
    }

    fn download_web(
        &self,
        url: &Url,
        to: &Path,
        options: &Download,
        on_progress: &mut OnProgress<'_>,
    ) -> Result<Downloaded, Fault> {
        // Nothing is written for what may not be asked for.
        super::target::vet(url, self.options.allow_private)?;
        let deadline = deadline(options.max_time);
        let mut partial = Partial::open(to, url.as_str())?;
        let (mut failures, mut resumes) = (0, 0);
        loop {
            let before = partial.done;
            let fault = match self.download_once(url, &mut partial, options, deadline, on_progress) {
                Ok(End::Whole(downloaded)) => return partial.finish(to).map(|()| downloaded),
                Ok(End::Stopped(downloaded)) => return partial.keep().map(|()| downloaded),
                Err(fault @ Fault::TooLarge { .. }) => return partial.discard().and(Err(fault)),
                Err(fault) => fault,
            };
            partial.keep()?;
            if partial.done > before {
                failures = 0;
            }
            let wait = pause(self.options.pause, failures, &fault).filter(|_| fault.is_passing());
            (failures, resumes) = (failures + 1, resumes + 1);
            let may_go_on = failures < self.options.tries && resumes < RESUMES;
            let Some(wait) = wait.filter(|wait| may_go_on && Instant::now() + *wait < deadline) else {
                // An empty part is of no use to anybody.
                return if partial.done == 0 { partial.discard().and(Err(fault)) } else { Err(fault) };
            };
            if waiting(wait, partial.done, partial.source.total, on_progress).is_break() {
                return Ok(stopped(url, &partial));
            }
        }
    }

    fn download_once(
        &self,
        url: &Url,
        partial: &mut Partial,
        options: &Download,
        deadline: Instant,
        on_progress: &mut OnProgress<'_>,
    ) -> Result<End, Fault> {
        let range = format!("bytes={}-", partial.done);
        let validator = partial.source.validator().filter(|_| partial.done > 0).map(str::to_owned);
        let mut headers = vec![("accept", "*/*"), ("accept-encoding", "identity")];
        if let Some(validator) = &validator {
            headers.extend([("range", range.as_str()), ("if-range", validator)]);
        }
        let mut answer = self.ask(url, &headers, deadline)?;
        match answer.status() {
            200 => partial.restart(source(url, &answer))?,
            206 if validator.is_some() && continues(&answer, partial) => {}
            416 if validator.is_some() && is_whole(&answer, partial) => {
                return Ok(End::Whole(downloaded(&answer, partial)));
            }
            // The part is of no use: the next try begins anew.
            206 | 416 if validator.is_some() => {
                partial.restart(Source { url: url.to_string(), ..Source::default() })?;
                return Err(Fault::Connection("the server sent another part than was asked for".to_owned()));
            }
            206 => return Err(Fault::Protocol("a part, where all was asked for".to_owned())),
            _ => return Err(answer.refusal()),
        }
        let limit = options.max_bytes;
        if partial.source.total.is_some_and(|total| total > limit) {
            return Err(Fault::TooLarge { limit });
        }
        self.write(&mut answer, partial, limit, on_progress)
    }

    /// Writes the body to the part.
    fn write(
        &self,
        answer: &mut Answer<'_>,
        partial: &mut Partial,
        limit: u64,
        on_progress: &mut OnProgress<'_>,
    ) -> Result<End, Fault> {
        let mut about = downloaded(answer, partial);
        let host = answer.url.host_str().unwrap_or_default().to_owned();
        let total = partial.source.total;
        let coding = answer.coding();
        let body = answer.body();
        let mut body: Box<dyn Read + '_> = match coding.as_deref() {
            None => Box::new(body),
            // Nobody asked for it, but some servers know no better.
            Some("gzip" | "x-gzip") => Box::new(MultiGzDecoder::new(body)),
            Some(other) => return Err(Fault::Encoding(other.chars().take(40).collect())),
        };
        let mut pace = Pace { since: Instant::now(), from: partial.done };
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let count = match body.read(&mut buffer) {
                Ok(count) => count,
                Err(error) if coding.is_some() && is_damage(&error) => return Err(Fault::Encoding(error.to_string())),
                Err(error) => return Err(body_fault(error, &host, partial.done, total)),
            };
            if count == 0 {
                break;
            }
            if partial.done + count as u64 > limit {
                return Err(Fault::TooLarge { limit });
            }
            partial.append(&buffer[..count])?;
            pace.check(partial.done)?;
            if on_progress(partial.done, total).is_break() {
                (about.bytes, about.stopped) = (partial.done, true);
                return Ok(End::Stopped(about));
            }
        }
        if total.is_some_and(|total| total != partial.done) {
            return Err(Fault::BrokenOff { received: partial.done, expected: total });
        }
        about.bytes = partial.done;
        Ok(End::Whole(about))
    }
}

/// Whether a server keeps a pace that leads somewhere.
struct Pace {
    since: Instant,
    from: u64,
}

impl Pace {
    fn check(&mut self, done: u64) -> Result<(), Fault> {
        if self.since.elapsed() < WINDOW {
            return Ok(());
        }
        if done - self.from < LEAST {
            return Err(Fault::Timeout("a server that sends next to nothing"));
        }
        *self = Self { since: Instant::now(), from: done };
        Ok(())
    }
}

/// What the answer says about the whole file. What comes compressed has neither a known size nor a version.
fn source(url: &Url, answer: &Answer<'_>) -> Source {
    let url = url.to_string();
    if answer.coding().is_some() {
        return Source { url, ..Source::default() };
    }
    let header = |name: &str| answer.header(name).map(str::to_owned);
    Source { url, etag: header("etag"), last_modified: header("last-modified"), total: answer.length() }
}

/// Whether a part goes on exactly where ours ends, and is of the same version.
fn continues(answer: &Answer<'_>, partial: &Partial) -> bool {
    let Some((start, end, total)) = answer.header("content-range").and_then(content_range) else { return false };
    let differs = |name: &str, ours: &Option<String>| {
        answer.header(name).zip(ours.as_deref()).is_some_and(|(theirs, ours)| theirs != ours)
    };
    let reaches_end = total.is_none_or(|total| end + 1 == total);
    let same_size = total.is_none() || partial.source.total.is_none() || total == partial.source.total;
    start == partial.done
        && reaches_end
        && same_size
        && answer.coding().is_none()
        && answer.length().is_none_or(|length| length == end + 1 - start)
        && !differs("etag", &partial.source.etag)
        && !differs("last-modified", &partial.source.last_modified)
}

/// Whether there is nothing after our part because it is all there is.
fn is_whole(answer: &Answer<'_>, partial: &Partial) -> bool {
    let size = answer.header("content-range").and_then(|range| range.strip_prefix("bytes */")?.trim().parse().ok());
    size == Some(partial.done) && partial.source.total == Some(partial.done)
}

/// First and last byte and size of `bytes 10-19/20`; the size may be `*`.
fn content_range(header: &str) -> Option<(u64, u64, Option<u64>)> {
    let (range, size) = header.strip_prefix("bytes ")?.split_once('/')?;
    let (start, end) = range.trim().split_once('-')?;
    let (start, end): (u64, u64) = (start.parse().ok()?, end.parse().ok()?);
    let size = if size.trim() == "*" { None } else { Some(size.trim().parse().ok()?) };
    (start <= end && end < u64::MAX).then_some((start, end, size))
}

fn downloaded(answer: &Answer<'_>, partial: &Partial) -> Downloaded {
    let given = answer.header("content-disposition").and_then(disposition_name);
    Downloaded {
        bytes: partial.done,
        content_type: answer.header("content-type").filter(|_| answer.status() != 416).map(str::to_owned),
        url: answer.url.to_string(),
        stopped: false,
        name: given.or_else(|| name(&answer.url)),
    }
}

fn stopped(url: &Url, partial: &Partial) -> Downloaded {
    Downloaded { bytes: partial.done, content_type: None, url: url.to_string(), stopped: true, name: name(url) }
}

/// Waits, and asks whether to go on all the while.
fn waiting(wait: Duration, done: u64, total: Option<u64>, on_progress: &mut OnProgress<'_>) -> ControlFlow<()> {
    let until = Instant::now() + wait;
    loop {
        on_progress(done, total)?;
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return ControlFlow::Continue(());
        }
        thread::sleep(left.min(TICK));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read() {
        for (header, expected) in [
            ("bytes 10-19/20", Some((10, 19, Some(20)))),
            ("bytes 0-0/*", Some((0, 0, None))),
            ("bytes 9-3/20", None),
            ("bytes */20", None),
            ("10-19/20", None),
            ("bytes 10-18446744073709551615/*", None),
            ("bytes -5-9/20", None),
        ] {
            assert_eq!(content_range(header), expected, "{header}");
        }
    }
}
