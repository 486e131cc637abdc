//! What Symphonia cannot decode goes through an installed `ffmpeg`, if there is one.

use super::{
    SAMPLE_RATE,
    tags::{Tags, text},
};
use ear_core::Millis;
use std::{
    env,
    ffi::OsString,
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    thread::JoinHandle,
};

/// Longest complaint of ffmpeg that is kept, in bytes.
const LONGEST_COMPLAINT: u64 = 4_000;

/// A running `ffmpeg` that writes 16 kHz mono samples; it is ended when this is dropped.
pub(super) struct Ffmpeg {
    child: Child,
    output: ChildStdout,
    /// Reads what ffmpeg complains about, so that it never waits for us.
    complaints: Option<JoinHandle<String>>,
    bytes: Vec<u8>,
    /// Bytes at the start of `bytes` that belong to a sample not yet complete.
    left: usize,
}

/// Whether ffmpeg can be called.
pub(super) fn is_installed() -> bool {
    find("ffmpeg").is_some()
}

impl Ffmpeg {
    /// Starts to decode `path`; `None` if ffmpeg is not installed.
    fn start(path: &Path) -> Option<io::Result<Self>> {
        find("ffmpeg").map(|program| Self::start_as(&program, path))
    }

    /// Starts and waits for the first samples; an error is what ffmpeg complained about before it gave up.
    pub(super) fn start_checked(path: &Path) -> Option<Result<Self, String>> {
        let mut ffmpeg = match Self::start(path)? {
            Ok(ffmpeg) => ffmpeg,
            Err(error) => return Some(Err(error.to_string())),
        };
        match ffmpeg.output.read(&mut ffmpeg.bytes) {
            Ok(0) => Some(Err(ffmpeg.complaints())),
            Ok(count) => {
                ffmpeg.left = count;
                Some(Ok(ffmpeg))
            }
            Err(error) => Some(Err(error.to_string())),
        }
    }

    fn start_as(program: &Path, path: &Path) -> io::Result<Self> {
        let mut command = Command::new(program);
        command.args(["-nostdin", "-v", "error", "-protocol_whitelist", "file,pipe", "-i"]).arg(as_url(path)?);
        command.args(["-map", "0:a:0", "-vn", "-sn", "-dn", "-ac", "1", "-ar"]).arg(SAMPLE_RATE.to_string());
        command.args(["-f", "f32le", "pipe:1"]);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let missing = || io::Error::other("ffmpeg has no output");
        let output = child.stdout.take().ok_or_else(missing)?;
        let errors = child.stderr.take().ok_or_else(missing)?;
        let complaints = std::thread::spawn(move || {
            let mut kept = Vec::new();
            let mut errors = errors.take(LONGEST_COMPLAINT);
            // A broken pipe here only shortens a message.
            errors.read_to_end(&mut kept).unwrap_or_default();
            io::copy(&mut errors.into_inner(), &mut io::sink()).unwrap_or_default();
            String::from_utf8_lossy(&kept).trim().to_owned()
        });
        Ok(Self { child, output, complaints: Some(complaints), bytes: vec![0; 64 * 1024], left: 0 })
    }

    /// Appends some samples; false at the end.
    pub(super) fn read(&mut self, samples: &mut Vec<f32>) -> io::Result<bool> {
        let count = loop {
            // The first bytes were read to see whether there are any.
            if self.left >= 4 {
                break 0;
            }
            match self.output.read(&mut self.bytes[self.left..]) {
                Ok(0) => return Ok(false),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        let end = self.left + count;
        let (whole, rest) = self.bytes[..end].as_chunks::<4>();
        samples
            .extend(whole.iter().map(|bytes| f32::from_le_bytes(*bytes)).map(|x| if x.is_finite() { x } else { 0.0 }));
        self.left = rest.len();
        self.bytes.copy_within(end - self.left..end, 0);
        Ok(true)
    }

    /// Waits for the end; what ffmpeg complained about, empty if all was well.
    pub(super) fn complaints(&mut self) -> String {
        let status = self.child.wait();
        let said = self.complaints.take().and_then(|thread| thread.join().ok()).unwrap_or_default();
        match status {
            Ok(status) if said.is_empty() && !status.success() => format!("ffmpeg ended with {status}"),
            Ok(_) => said,
            Err(error) => error.to_string(),
        }
    }
}

impl Drop for Ffmpeg {
    fn drop(&mut self) {
        // It may have ended by itself, which is just as well.
        self.child.kill().unwrap_or_default();
        self.child.wait().map(drop).unwrap_or_default();
    }
}

/// What `ffprobe` tells; everything may be missing.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub container: String,
    pub codec: String,
    pub sample_rate: Option<u32>,
    pub channels: Option<u32>,
    pub duration: Option<Millis>,
    pub tags: Tags,
}

/// Asks `ffprobe`; `None` where it is not installed or knows nothing.
pub(super) fn report(path: &Path) -> Option<Report> {
    let mut command = Command::new(find("ffprobe")?);
    command.args(["-v", "error", "-protocol_whitelist", "file,pipe", "-select_streams", "a:0", "-of", "json"]);
    command.args(["-show_entries", "format=format_name,duration:format_tags:stream=codec_name,sample_rate,channels"]);
    let output = command.arg(as_url(path).ok()?).stdin(Stdio::null()).output().ok()?;
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).ok()?;
    let (format, stream) = (json.get("format")?, json.get("streams")?.get(0)?);
    let string = |value: &serde_json::Value, key: &str| value.get(key)?.as_str().map(str::to_owned);
    let seconds: Option<f64> = string(format, "duration").and_then(|text| text.parse().ok());
    let tag = |key: &str| {
        let tags = format.get("tags")?.as_object()?;
        text(tags.iter().find(|(name, _)| name.eq_ignore_ascii_case(key))?.1.as_str()?)
    };
    Some(Report {
        container: string(format, "format_name").unwrap_or_default(),
        codec: string(stream, "codec_name").unwrap_or_default(),
        sample_rate: string(stream, "sample_rate").and_then(|text| text.parse().ok()),
        channels: stream.get("channels").and_then(|count| u32::try_from(count.as_u64()?).ok()),
        duration: seconds.filter(|s| *s > 0.0).map(|s| (s * 1000.0) as Millis),
        tags: Tags {
            title: tag("title"),
            artist: tag("artist"),
            album: tag("album"),
            date: tag("date"),
            comment: tag("comment"),
            description: tag("description"),
            language: tag("language"),
            ..Tags::default()
        },
    })
}

/// Media type and extension for a container as ffprobe names it.
pub(super) fn media_type(container: &str) -> (&'static str, &'static str) {
    let known = [
        ("asf", "audio/x-ms-wma", "wma"),
        ("amr", "audio/amr", "amr"),
        ("ac3", "audio/ac3", "ac3"),
        ("avi", "video/x-msvideo", "avi"),
        ("flv", "video/x-flv", "flv"),
        ("mpegts", "video/mp2t", "ts"),
        ("mpeg", "video/mpeg", "mpg"),
        ("caf", "audio/x-caf", "caf"),
        ("au", "audio/basic", "au"),
        ("wv", "audio/x-wavpack", "wv"),
        ("ape", "audio/x-ape", "ape"),
        ("mov", "video/mp4", "mp4"),
        ("matroska", "video/x-matroska", "mkv"),
        ("mp3", "audio/mpeg", "mp3"),
        ("aac", "audio/aac", "aac"),
        ("ogg", "audio/ogg", "ogg"),
        ("wav", "audio/wav", "wav"),
    ];
    let name = container.split(',').next().unwrap_or_default();
    let found = known.iter().find(|(known, _, _)| *known == name);
    found.map_or(("application/octet-stream", "bin"), |(_, media_type, extension)| (media_type, extension))
}

/// `file:` keeps ffmpeg from taking a name for an option or another protocol.
fn as_url(path: &Path) -> io::Result<OsString> {
    let mut url = OsString::from("file:");
    url.push(fs::canonicalize(path)?);
    Ok(url)
}

fn find(program: &str) -> Option<PathBuf> {
    let name = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(&name)).find(|path| path.is_file())
}
