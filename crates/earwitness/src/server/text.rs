//! Facts as people read them: lengths, dates, languages, and texts with marks.

use ear_core::{EpisodeDate, Millis};

/// A stretch of a text, marked or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// The text as it is; templates escape it.
    pub(crate) text: String,
    /// Whether it is what was looked for.
    pub(crate) marked: bool,
    /// Whether the recogniser was unsure of it.
    pub(crate) unsure: bool,
    /// What was heard, where an accepted repair reads otherwise.
    pub(crate) heard: Option<String>,
}

/// Cuts a text at its matches, which are half-open, ascending offsets in Unicode scalars. Offsets that make no
/// sense are passed over.
pub(crate) fn pieces(text: &str, matched: &[(usize, usize)]) -> Vec<Piece> {
    let mut cut = Vec::new();
    let mut chars = text.chars();
    let mut at = 0;
    let mut take = |count: usize, marked: bool| {
        let text: String = chars.by_ref().take(count).collect();
        if !text.is_empty() {
            cut.push(Piece { text, marked, unsure: false, heard: None });
        }
    };
    for &(from, to) in matched {
        if from < at || to <= from {
            continue;
        }
        take(from - at, false);
        take(to - from, true);
        at = to;
    }
    take(usize::MAX, false);
    cut
}

/// A stretch of show notes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotePiece {
    /// The text as it is; templates escape it.
    pub(crate) text: String,
    /// Whether it is an address of the web, and so a link.
    pub(crate) is_link: bool,
}

/// Finds the addresses in a plain text: what begins with `http://` or `https://`, up to white space or a mark that
/// closes what is around it.
pub(crate) fn linked(text: &str) -> Vec<NotePiece> {
    let mut pieces = Vec::new();
    let mut push = |text: &str, is_link| {
        if !text.is_empty() {
            pieces.push(NotePiece { text: text.to_owned(), is_link });
        }
    };
    let mut rest = text;
    while let Some(at) = ["http://", "https://"].iter().filter_map(|scheme| rest.find(scheme)).min() {
        let (before, from) = rest.split_at(at);
        let end =
            from.find(|c: char| c.is_whitespace() || c.is_control() || "<>\"”»".contains(c)).unwrap_or(from.len());
        let mut link = from[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’', '*', '_']);
        // A bracket that was opened before the address is not part of it.
        while link.ends_with(')') && link.matches(')').count() > link.matches('(').count() {
            link = &link[..link.len() - 1];
        }
        // A scheme alone leads nowhere.
        let is_link = link.len() > "https://".len();
        push(before, false);
        push(link, is_link);
        rest = &from[link.len().max(1)..];
    }
    push(rest, false);
    pieces
}

/// `5 minutes ago`, of a moment in unix milliseconds.
pub(crate) fn ago(moment: i64) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_millis();
    let passed = u64::try_from(i64::try_from(now).unwrap_or(i64::MAX).saturating_sub(moment)).unwrap_or(0);
    match passed / 60_000 {
        0 => "a moment ago".to_owned(),
        minutes @ 1..120 => format!("{} ago", count(minutes as usize, "minute")),
        minutes @ 120..2880 => format!("{} ago", count(minutes as usize / 60, "hour")),
        minutes => format!("{} ago", count(minutes as usize / 1440, "day")),
    }
}

/// `1 h 33 min`, `12 min`, `48 s`.
pub(crate) fn length(duration: Millis) -> String {
    let seconds = (duration + 500) / 1000;
    let minutes = (seconds + 30) / 60;
    match (seconds, minutes) {
        (0..60, _) => format!("{seconds} s"),
        (_, 0..60) => format!("{minutes} min"),
        _ if minutes.is_multiple_of(60) => format!("{} h", minutes / 60),
        _ => format!("{} h {} min", minutes / 60, minutes % 60),
    }
}

/// How long something will take, roughly: `less than a minute`, `about 4 min`.
pub(crate) fn wait(seconds: f64) -> String {
    let minutes = (seconds / 60.0).round();
    if minutes < 1.0 { "less than a minute".to_owned() } else { format!("about {}", length(minutes as u64 * 60_000)) }
}

/// `9 March 2024`.
pub(crate) fn day(date: EpisodeDate) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let number = date.as_number();
    let month = MONTHS.get((number / 100 % 100).saturating_sub(1) as usize).copied().unwrap_or_default();
    format!("{} {month} {}", number % 100, number / 10_000)
}

/// A moment in seconds, as links write it: `83.2`.
pub(crate) fn seconds(moment: Millis) -> String {
    format!("{}", moment as f64 / 1000.0)
}

/// `1 episode`, `12,345 words`.
pub(crate) fn count(number: usize, one: &str) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped} {one}{}", if number == 1 { "" } else { "s" })
}

/// A message as a sentence: it begins with a capital and ends with a stop.
pub(crate) fn sentence(message: &str) -> String {
    let message = message.trim();
    let mut chars = message.chars();
    let first: String = chars.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    let stop = if message.is_empty() || message.ends_with(['.', '!', '?', '…']) { "" } else { "." };
    format!("{first}{}{stop}", chars.as_str())
}

/// The English name of a language; codes that are not known stand for themselves.
pub(crate) fn language(code: &str) -> &str {
    LANGUAGES.iter().find(|language| language.0 == code).map_or(code, |language| language.1)
}

/// Codes (ISO 639-1 where there is one) and English names of the languages that Whisper knows, by name.
#[rustfmt::skip]
pub(crate) static LANGUAGES: [(&str, &str); 99] = [
    ("af", "Afrikaans"), ("sq", "Albanian"), ("am", "Amharic"), ("ar", "Arabic"), ("hy", "Armenian"),
    ("as", "Assamese"), ("az", "Azerbaijani"), ("ba", "Bashkir"), ("eu", "Basque"), ("be", "Belarusian"),
    ("bn", "Bengali"), ("bs", "Bosnian"), ("br", "Breton"), ("bg", "Bulgarian"), ("my", "Burmese"),
    ("ca", "Catalan"), ("zh", "Chinese"), ("hr", "Croatian"), ("cs", "Czech"), ("da", "Danish"),
    ("nl", "Dutch"), ("en", "English"), ("et", "Estonian"), ("fo", "Faroese"), ("fi", "Finnish"),
    ("fr", "French"), ("gl", "Galician"), ("ka", "Georgian"), ("de", "German"), ("el", "Greek"),
    ("gu", "Gujarati"), ("ht", "Haitian Creole"), ("ha", "Hausa"), ("haw", "Hawaiian"), ("he", "Hebrew"),
    ("hi", "Hindi"), ("hu", "Hungarian"), ("is", "Icelandic"), ("id", "Indonesian"), ("it", "Italian"),
    ("ja", "Japanese"), ("jw", "Javanese"), ("kn", "Kannada"), ("kk", "Kazakh"), ("km", "Khmer"),
    ("ko", "Korean"), ("lo", "Lao"), ("la", "Latin"), ("lv", "Latvian"), ("ln", "Lingala"),
    ("lt", "Lithuanian"), ("lb", "Luxembourgish"), ("mk", "Macedonian"), ("mg", "Malagasy"), ("ms", "Malay"),
    ("ml", "Malayalam"), ("mt", "Maltese"), ("mi", "Maori"), ("mr", "Marathi"), ("mn", "Mongolian"),
    ("ne", "Nepali"), ("no", "Norwegian"), ("nn", "Nynorsk"), ("oc", "Occitan"), ("ps", "Pashto"),
    ("fa", "Persian"), ("pl", "Polish"), ("pt", "Portuguese"), ("pa", "Punjabi"), ("ro", "Romanian"),
    ("ru", "Russian"), ("sa", "Sanskrit"), ("sr", "Serbian"), ("sn", "Shona"), ("sd", "Sindhi"),
    ("si", "Sinhala"), ("sk", "Slovak"), ("sl", "Slovenian"), ("so", "Somali"), ("es", "Spanish"),
    ("su", "Sundanese"), ("sw", "Swahili"), ("sv", "Swedish"), ("tl", "Tagalog"), ("tg", "Tajik"),
    ("ta", "Tamil"), ("tt", "Tatar"), ("te", "Telugu"), ("th", "Thai"), ("bo", "Tibetan"),
    ("tr", "Turkish"), ("tk", "Turkmen"), ("uk", "Ukrainian"), ("ur", "Urdu"), ("uz", "Uzbek"),
    ("vi", "Vietnamese"), ("cy", "Welsh"), ("yi", "Yiddish"), ("yo", "Yoruba"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_notes_are_links() {
        let check = |text: &str, links: &[&str]| {
            let pieces = linked(text);
            let found: Vec<_> = pieces.iter().filter(|piece| piece.is_link).map(|piece| piece.text.as_str()).collect();
            assert_eq!(found, links, "{text}");
            assert_eq!(pieces.iter().map(|piece| piece.text.as_str()).collect::<String>(), text);
        };
        check("See https://a.org/x, and (http://b.org/y_(z)).", &["https://a.org/x", "http://b.org/y_(z)"]);
        check("javascript:alert(1) ftp://a.org www.a.org", &[]);
        check("https:// http://", &[]);
        check("<https://a.org/?a=1&b=2>", &["https://a.org/?a=1&b=2"]);
        check("”https://ä.org/ü”https://b.org", &["https://ä.org/ü", "https://b.org"]);
        check("", &[]);
    }

    #[test]
    fn texts_are_cut_at_their_matches() {
        let check = |text: &str, matched: &[(usize, usize)], expected: &str| {
            let shown: String = pieces(text, matched)
                .iter()
                .map(|piece| if piece.marked { format!("[{}]", piece.text) } else { piece.text.clone() })
                .collect();
            assert_eq!(shown, expected);
        };
        check("the old lighthouse stands", &[(4, 7), (19, 25)], "the [old] lighthouse [stands]");
        check("Käse für alle", &[(0, 4), (5, 8)], "[Käse] [für] alle");
        check("<b>&", &[(0, 3)], "[<b>]&");
        check("none", &[], "none");
        check("beyond", &[(3, 90)], "bey[ond]");
        check("backwards", &[(4, 2), (5, 7), (6, 9)], "backw[ar]ds");
        check("", &[(0, 1)], "");
    }

    #[test]
    fn lengths_read_as_people_say_them() {
        for (duration, expected) in [
            (0, "0 s"),
            (48_300, "48 s"),
            (59_600, "1 min"),
            (720_000, "12 min"),
            (3_599_000, "1 h"),
            (5_592_000, "1 h 33 min"),
        ] {
            assert_eq!(length(duration), expected);
        }
        assert_eq!([wait(12.0), wait(250.0), wait(7300.0)], ["less than a minute", "about 4 min", "about 2 h 2 min"]);
    }

    #[test]
    fn numbers_dates_and_languages_are_written_out() {
        assert_eq!(
            [count(1, "word"), count(0, "word"), count(999, "word"), count(1_234_567, "word")],
            ["1 word", "0 words", "999 words", "1,234,567 words"]
        );
        assert_eq!(day("2024-03-09".parse().unwrap()), "9 March 2024");
        assert_eq!([language("de"), language("xx")], ["German", "xx"]);
        assert_eq!([sentence("it broke"), sentence("Äh?"), sentence("")], ["It broke.", "Äh?", ""]);
        assert!(LANGUAGES.is_sorted_by_key(|language| language.1));
        assert_eq!([seconds(83_200), seconds(83_000), seconds(0)], ["83.2", "83", "0"]);
    }
}
