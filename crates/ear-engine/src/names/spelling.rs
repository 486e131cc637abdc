//! What people may write as a name.

use crate::{Error, ErrorKind, Result};

/// A spelling that somebody wrote, with single spaces; refused where it holds what nobody can see, or nothing.
pub(super) fn checked(text: &str) -> Result<String> {
    refuse_unseen(text)?;
    let spelling = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if spelling.chars().any(char::is_alphanumeric) {
        return Ok(spelling);
    }
    let error = Error::new(ErrorKind::BadInput, "a name has to have letters or digits");
    Err(if spelling.is_empty() { error } else { error.at(spelling) })
}

/// The text of a list of names, one a line; refused where it holds what nobody can see.
pub fn checked_names(text: &str) -> Result<()> {
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        refuse_unseen(line).map_err(|error| error.at(format!("line {} of the list of names", at + 1)))?;
    }
    Ok(())
}

/// Control characters, and marks that turn the direction of what follows, would change what is around a name.
fn refuse_unseen(text: &str) -> Result<()> {
    let is_unseen = |c: &char| {
        c.is_control() && !c.is_whitespace() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    let Some((at, c)) = text.chars().enumerate().find(|(_, c)| is_unseen(c)) else { return Ok(()) };
    let message = format!("a name can't hold the control character U+{:04X}, its character {}", u32::from(c), at + 1);
    Err(Error::new(ErrorKind::BadInput, message).remedy("Write it without"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_can_be_seen() {
        for (text, expected) in [
            (" Qasem \t Soleimani ", Ok("Qasem Soleimani")),
            ("C++", Ok("C++")),
            ("A\u{7}nn", Err("a name can't hold the control character U+0007, its character 2")),
            ("\u{1b}[31mAnn", Err("a name can't hold the control character U+001B, its character 1")),
            ("Ann\u{202E}", Err("a name can't hold the control character U+202E, its character 4")),
            (" - ", Err("a name has to have letters or digits")),
            ("", Err("a name has to have letters or digits")),
        ] {
            let checked = checked(text).map_err(|error| error.message);
            assert_eq!(checked.as_deref().map_err(String::as_str), expected, "{text:?}");
        }
    }

    #[test]
    fn lists_name_the_line() {
        assert!(checked_names("\u{feff}Ann - host\r\n\nBob = Robert\n").is_ok());
        let error = checked_names("Ann\nB\0b").unwrap_err();
        assert_eq!(error.place.as_deref(), Some("line 2 of the list of names"));
    }
}
