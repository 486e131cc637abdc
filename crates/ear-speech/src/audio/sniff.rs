//! What a file is, judged by its first bytes and never by its name.

/// How many bytes the judgement needs.
pub(super) const HEAD: usize = 4096;

/// What the first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Looks {
    /// Something that holds no sound; described with its article.
    NotSound(&'static str),
    /// Sound or video of a kind that is left to ffmpeg; described with its article.
    Foreign(&'static str),
    /// Worth a try.
    Unknown,
}

/// Beginnings of files that hold no sound.
const NOT_SOUND: &[(&[u8], &str)] = &[
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-zip archive"),
    (b"Rar!\x1a\x07", "a rar archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"BM", "a bitmap image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (b"\xff\xfe", "a text file in UTF-16"),
    (b"\xfe\xff", "a text file in UTF-16"),
];

/// Beginnings of sound and video that only ffmpeg decodes.
const FOREIGN: &[(&[u8], &str)] = &[
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a Windows Media file"),
    (b"#!AMR", "an AMR voice recording"),
    (b"\x0b\x77", "AC-3 sound"),
    (b"FLV\x01", "a Flash video"),
    (b"\0\0\x01\xba", "an MPEG video"),
    (b"MAC ", "Monkey's Audio"),
    (b"wvpk", "WavPack sound"),
    (b".snd", "a Sun audio file"),
    (b"TTA1", "True Audio sound"),
    (b"MPCK", "Musepack sound"),
    (b".RMF", "a RealMedia file"),
    (b"DSD ", "DSD sound"),
    (b"Creative Voice File", "a Creative voice file"),
];

/// Judges the beginning of a file.
pub(super) fn look(head: &[u8]) -> Looks {
    match head {
        [b'R', b'I', b'F', b'F', _, _, _, _, kind @ ..] if kind.starts_with(b"AVI ") => {
            return Looks::Foreign("an AVI video");
        }
        [b'R', b'I', b'F', b'F', _, _, _, _, kind @ ..] if kind.starts_with(b"WEBP") => {
            return Looks::NotSound("a WebP image");
        }
        [0x47, rest @ ..] if rest.get(187) == Some(&0x47) => return Looks::Foreign("an MPEG transport stream"),
        _ => {}
    }
    if let Some((_, name)) = FOREIGN.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Looks::Foreign(name);
    }
    // An MPEG frame may begin with FF FE as well (layer I with a checksum); such files are museum pieces.
    if let Some((_, name)) = NOT_SOUND.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Looks::NotSound(name);
    }
    text(head).map_or(Looks::Unknown, Looks::NotSound)
}

fn text(head: &[u8]) -> Option<&'static str> {
    let valid = match std::str::from_utf8(head) {
        Ok(text) => text,
        // The last character may be cut in two; anything else that is not UTF-8 may still be Latin-1 text, which
        // is not told from sound by looks alone.
        Err(error) if head.len() - error.valid_up_to() < 4 => std::str::from_utf8(&head[..error.valid_up_to()]).ok()?,
        Err(_) => return None,
    };
    let printable = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t' | '\x0c');
    // Names of formats at the start of binary files are text too; a real text is longer.
    if valid.chars().count() < 12 || !valid.chars().all(printable) {
        return None;
    }
    let start = valid.trim_start_matches('\u{feff}').trim_start();
    let lower: String = start.chars().take(64).collect::<String>().to_ascii_lowercase();
    Some(match lower.as_str() {
        s if s.starts_with("<!doctype html") || s.starts_with("<html") => "a web page",
        s if s.starts_with("<?xml") || s.starts_with("<rss") => "an XML document",
        s if s.starts_with('{') || s.starts_with('[') => "a JSON or text file",
        s if s.starts_with("webvtt") => "a subtitle file",
        s if s.starts_with("#extm3u") => "a playlist",
        _ => "a text file",
    })
}

/// Media type of an image that browsers show, judged by its first bytes.
pub(super) fn image(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_told_by_its_first_bytes() {
        for (head, expected) in [
            (&b"%PDF-1.7\n%"[..], Looks::NotSound("a PDF document")),
            (b"PK\x03\x04\x14\0", Looks::NotSound("a zip archive or an office document")),
            (b"<!DOCTYPE html><title>404", Looks::NotSound("a web page")),
            (b"\xef\xbb\xbf1\n00:00:01,000 --> 00:00:02,000", Looks::NotSound("a text file")),
            ("Grüße aus Köln, gesprochen für alle".as_bytes(), Looks::NotSound("a text file")),
            (b"RIFF\0\0\0\0AVI LIST", Looks::Foreign("an AVI video")),
            (b"RIFF\0\0\0\0WAVEfmt ", Looks::Unknown),
            (b"ID3\x04\0\0\0\0\0\x23TSSE", Looks::Unknown),
            (b"OggS\0\x02", Looks::Unknown),
            (b"", Looks::Unknown),
        ] {
            assert_eq!(look(head), expected, "{}", String::from_utf8_lossy(head));
        }
    }
}
