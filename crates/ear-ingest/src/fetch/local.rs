//! Files here, for feeds that are files themselves.

use super::{Client, Download, Downloaded, Fault, Fetched, Get, Got, partial::Partial, target};
use std::{
    fs::File,
    io::{self, Read},
    ops::ControlFlow,
    path::Path,
};
use url::Url;

/// How much is copied at once, in bytes.
const STEP: usize = 256 * 1024;

/// Reads a document.
pub(super) fn get(client: &Client, path: &Path, get: &Get<'_>) -> Result<Got, Fault> {
    let (file, length) = open(client, path)?;
    let mut bytes = Vec::new();
    if length <= get.max_bytes {
        let read = file.take(get.max_bytes.saturating_add(1)).read_to_end(&mut bytes);
        read.map_err(|error| file_fault(path, &error))?;
    }
    if length.max(bytes.len() as u64) > get.max_bytes {
        return Err(Fault::TooLarge { limit: get.max_bytes });
    }
    Ok(Got::Body(Fetched { bytes, content_type: None, etag: None, last_modified: None, url: address(path) }))
}

/// Copies a file.
pub(super) fn download(
    client: &Client,
    path: &Path,
    to: &Path,
    options: &Download,
    on_progress: &mut dyn FnMut(u64, Option<u64>) -> ControlFlow<()>,
) -> Result<Downloaded, Fault> {
    let (mut file, length) = open(client, path)?;
    let url = address(path);
    // Without a validator it begins anew each time: a copy is quick.
    let mut partial = Partial::open(to, &url)?;
    let name = path.file_name().and_then(|name| target::file_name(&name.to_string_lossy()));
    let mut found = Downloaded { bytes: 0, content_type: None, url, stopped: false, name };
    let mut buffer = vec![0; STEP];
    loop {
        let count = file.read(&mut buffer).map_err(|error| file_fault(path, &error))?;
        if length.max(partial.done + count as u64) > options.max_bytes {
            partial.discard()?;
            return Err(Fault::TooLarge { limit: options.max_bytes });
        }
        partial.append(&buffer[..count])?;
        found.bytes = partial.done;
        if count == 0 {
            partial.finish(to)?;
            return Ok(found);
        }
        if on_progress(partial.done, Some(length)).is_break() {
            found.stopped = true;
            return Ok(found);
        }
    }
}

/// Opens a regular file; others may never end.
fn open(client: &Client, path: &Path) -> Result<(File, u64), Fault> {
    if !client.options.allow_files {
        return Err(Fault::FilesRefused);
    }
    let fault = |error: io::Error| file_fault(path, &error);
    let about = path.metadata().map_err(fault)?;
    if !about.is_file() {
        return Err(Fault::File { path: path.display().to_string(), reason: "this is no file".to_owned() });
    }
    Ok((File::open(path).map_err(fault)?, about.len()))
}

/// The path as an address, which other addresses may be relative to.
fn address(path: &Path) -> String {
    let absolute = std::path::absolute(path).ok().and_then(|path| Url::from_file_path(path).ok());
    absolute.map_or_else(|| path.display().to_string(), String::from)
}

/// What an error with a file means, and what to do about it.
pub(super) fn file_fault(path: &Path, error: &io::Error) -> Fault {
    let remedy = match error.kind() {
        io::ErrorKind::NotFound => "check the path",
        io::ErrorKind::PermissionDenied => "check who may use it",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room; what has come so far is kept",
        io::ErrorKind::ReadOnlyFilesystem => "it lies where nothing can be written",
        _ => "check the disk",
    };
    Fault::File { path: path.display().to_string(), reason: format!("{error}; {remedy}") }
}
