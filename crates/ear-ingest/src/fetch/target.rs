//! What may be fetched: web addresses, and files where they are allowed.

use super::{Fault, guard::is_public};
use std::{
    net::IpAddr,
    path::{Path, PathBuf},
};
use url::{Host, Url};

/// Something to fetch.
pub(super) enum Target {
    Web(Url),
    File(PathBuf),
}

/// Tells web addresses from files and bare paths.
pub(super) fn target(written: &str) -> Result<Target, Fault> {
    let written = written.trim();
    match Url::parse(written) {
        Ok(url) if url.scheme() == "file" => {
            let path = url.to_file_path().map_err(|()| Fault::Address("a file on another machine".to_owned()))?;
            Ok(Target::File(path))
        }
        // One letter before the colon is a drive.
        Ok(url) if url.scheme().len() > 1 => Ok(Target::Web(url)),
        Err(error) if written.contains("://") => Err(Fault::Address(error.to_string())),
        _ if written.is_empty() => Err(Fault::Address("it is empty".to_owned())),
        _ => Ok(Target::File(Path::new(written).to_owned())),
    }
}

/// Whether an address may be asked for at all; what its name leads to is seen to by [`super::guard::Guard`].
/// Literal addresses have one form here, whether they were written in hex, in octal or as one number.
pub(super) fn vet(url: &Url, allow_private: bool) -> Result<(), Fault> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Fault::Scheme(url.scheme().to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Fault::Login);
    }
    let (private, address) = match url.host() {
        None => return Err(Fault::Address("it has no host".to_owned())),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            (name == "localhost" || name.ends_with(".localhost"), None)
        }
        Some(Host::Ipv4(address)) => (!is_public(IpAddr::V4(address)), Some(IpAddr::V4(address))),
        Some(Host::Ipv6(address)) => (!is_public(IpAddr::V6(address)), Some(IpAddr::V6(address))),
    };
    if private && !allow_private {
        return Err(Fault::Private { host: url.host_str().unwrap_or_default().to_owned(), address });
    }
    Ok(())
}

/// An address as it may be shown: without names and passwords.
pub(super) fn shown(written: &str) -> String {
    let Some((scheme, rest)) = written.split_once("://") else { return written.to_owned() };
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let host = rest[..end].rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}{}", &rest[end..])
}

/// What a file from this address may be called, without its folders.
pub(super) fn name(url: &Url) -> Option<String> {
    let last = url.path_segments()?.next_back()?;
    let decoded = percent_decoded(last);
    file_name(&decoded)
}

/// The last part of a name that a stranger gave, fit to be shown; `None` if nothing is left.
pub(super) fn file_name(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control()).take(200).collect();
    let clean = clean.trim().trim_start_matches('.');
    (!clean.is_empty()).then(|| clean.to_owned())
}

/// The name in a `Content-Disposition`: `filename*` of RFC 6266, else `filename`.
pub(super) fn disposition_name(header: &str) -> Option<String> {
    let value = |key: &str| {
        header.split(';').find_map(|part| {
            let (name, value) = part.split_once('=')?;
            name.trim().eq_ignore_ascii_case(key).then(|| value.trim().trim_matches('"').to_owned())
        })
    };
    let extended = value("filename*").and_then(|value| {
        let (charset, rest) = value.split_once('\'')?;
        let (_, name) = rest.split_once('\'')?;
        charset.eq_ignore_ascii_case("utf-8").then(|| percent_decoded(name))
    });
    extended.or_else(|| value("filename")).and_then(|name| file_name(&name))
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let hex = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(byte.unwrap_or(bytes[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vetted(url: &str) -> String {
        match target(url) {
            Ok(Target::Web(url)) => vet(&url, false).map_or_else(|fault| format!("{fault:?}"), |()| "ok".to_owned()),
            Ok(Target::File(path)) => format!("file {}", path.display()),
            Err(fault) => format!("{fault:?}"),
        }
    }

    #[test]
    fn addresses_are_vetted_before_anything_is_asked() {
        for (url, expected) in [
            ("https://example.com/feed?token=1", "ok"),
            ("http://93.184.216.34/", "ok"),
            ("ftp://example.com/", "Scheme"),
            ("data:text/plain,hi", "Scheme"),
            ("https://user:secret@example.com/", "Login"),
            ("https://user@example.com/", "Login"),
            ("http://localhost:8080/", "Private"),
            ("http://a.LOCALHOST./", "Private"),
            ("http://127.0.0.1/", "Private"),
            ("http://127.1/", "Private"),
            ("http://2130706433/", "Private"),
            ("http://0x7f000001/", "Private"),
            ("http://0x7f.0.0.1/", "Private"),
            ("http://0177.0.0.01/", "Private"),
            ("http://0/", "Private"),
            ("http://１２７.0.0.1/", "Private"),
            ("http://169.254.169.254/latest/meta-data", "Private"),
            ("http://[::1]/", "Private"),
            ("http://[::ffff:7f00:1]/", "Private"),
            ("http://[::ffff:10.0.0.1]/", "Private"),
            ("http://[fe80::1]/", "Private"),
            ("https://", "Address"),
            ("http://exa mple.com/", "Address"),
            ("", "Address"),
            ("talks/feed.xml", "file talks/feed.xml"),
            ("file:///talks/feed.xml", "file /talks/feed.xml"),
            ("file://other/feed.xml", "Address"),
        ] {
            assert!(vetted(url).starts_with(expected), "{url}: {}", vetted(url));
        }
    }

    #[test]
    fn addresses_are_shown_without_logins() {
        for (url, expected) in [
            ("https://user:pass@example.com/a?b=c@d", "https://example.com/a?b=c@d"),
            ("https://a@b@example.com", "https://example.com"),
            ("talks/feed.xml", "talks/feed.xml"),
        ] {
            assert_eq!(shown(url), expected);
        }
    }

    #[test]
    fn names_of_files_have_no_folders() {
        for (url, expected) in [
            ("https://example.com/a/b%20c.mp3?x=1", Some("b c.mp3")),
            ("https://example.com/a/..%2f..%2fetc%2fpasswd", Some("passwd")),
            ("https://example.com/", None),
        ] {
            assert_eq!(name(&Url::parse(url).unwrap()).as_deref(), expected, "{url}");
        }
        for (header, expected) in [
            ("attachment; filename=\"a b.mp3\"", Some("a b.mp3")),
            ("attachment; filename=x.mp3; filename*=UTF-8''%C3%A9.mp3", Some("é.mp3")),
            ("attachment; filename=\"../../x\"", Some("x")),
            ("inline", None),
        ] {
            assert_eq!(disposition_name(header).as_deref(), expected, "{header}");
        }
    }
}
