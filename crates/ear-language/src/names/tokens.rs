//! Lines of clean text as tokens: words with the marks around them, and where sentences begin.

use super::fold::{fold, is_apostrophe};
use super::words::{FUNCTION, PLATFORMS};
use std::ops::Range;

/// The most characters of one text that are looked at.
const MOST_CHARACTERS: usize = 200_000;

/// The most tokens of a line; what is longer is cut into several.
const MOST_TOKENS: usize = 2_000;

/// One word of a line.
pub(super) struct Token<'a> {
    /// Without the marks around it and without a possessive; empty for addresses, handles and bare marks.
    pub body: &'a str,
    /// Folded.
    pub folded: String,
    /// Marks before it.
    pub lead: &'a str,
    /// Marks after it; a full stop that belongs to it ("J.", "U.S.", "Dr.") is not among them.
    pub trail: &'a str,
    /// Bytes of the line that the body takes.
    pub at: Range<usize>,
    /// A sentence, quotation or item begins with it, so that its capital says nothing.
    pub first: bool,
    /// An apostrophe and s were taken off.
    pub possessive: bool,
}

impl Token<'_> {
    /// Begins with a capital or has one inside ("iPhone").
    pub fn is_capital(&self) -> bool {
        self.body.chars().any(char::is_uppercase)
    }

    /// Two or more capitals and no small letter.
    pub fn is_caps(&self) -> bool {
        let letters = || self.body.chars().filter(|character| character.is_alphabetic());
        letters().count() >= 2 && letters().all(char::is_uppercase)
    }

    /// A capital after a small letter: "ComfyUI", "iPhone", "DeBonis".
    pub fn is_camel(&self) -> bool {
        self.body.chars().zip(self.body.chars().skip(1)).any(|(a, b)| a.is_lowercase() && b.is_uppercase())
    }

    /// A number of at most six digits ("737", "2.0").
    pub fn is_number(&self) -> bool {
        let mut digits = self.body.bytes();
        self.body.len() <= 6
            && digits.next().is_some_and(|byte| byte.is_ascii_digit())
            && digits.all(|byte| byte.is_ascii_digit() || byte == b'.')
    }
}

/// A line of text without what is mere furniture.
pub(super) struct Line<'a> {
    /// The line as written.
    pub text: &'a str,
    /// Its words.
    pub tokens: Vec<Token<'a>>,
    /// Nearly all words are capitalised, so that capitals say nothing.
    pub headline: bool,
}

/// The lines of a text. Sentences that only send readers elsewhere are left out.
pub(super) fn lines(text: &str) -> Vec<Line<'_>> {
    let end = text.char_indices().nth(MOST_CHARACTERS).map_or(text.len(), |(end, _)| end);
    let mut lines = Vec::new();
    for line in text[..end].lines().filter(|line| !line.trim().is_empty()) {
        let tokens = tokens(line);
        for tokens in without_furniture(tokens) {
            let headline = !is_list(&tokens) && is_headline(&tokens);
            lines.push(Line { text: line, tokens, headline });
        }
    }
    lines
}

/// Cuts a line into tokens.
fn tokens(line: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token> = Vec::new();
    for piece in pieces(line) {
        let mut token = token(line, piece);
        token.first = match tokens.last() {
            None => true,
            Some(before) => begins(before, &token),
        };
        tokens.push(token);
    }
    tokens
}

/// White space parts pieces; so do dashes, slashes and bars, which stay with the piece before them.
fn pieces(line: &str) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = None;
    for (at, character) in line.char_indices() {
        if character.is_whitespace() {
            pieces.extend(start.take().map(|start| start..at));
        } else {
            let start_of = *start.get_or_insert(at);
            let link = line[start_of..at].ends_with(":/") || is_address(&line[start_of..at]);
            if matches!(character, '—' | '–' | '|' | '…' | '•' | '·' | '/' | ';')
                && !link
                && !line[at..].starts_with("//")
            {
                pieces.extend(start.take().map(|start| start..at + character.len_utf8()));
            }
        }
    }
    pieces.extend(start.map(|start| start..line.len()));
    pieces
}

fn token(line: &str, piece: Range<usize>) -> Token<'_> {
    let raw = &line[piece.clone()];
    let nothing = |at: usize| Token {
        body: "",
        folded: String::new(),
        lead: raw,
        trail: "",
        at: at..at,
        first: false,
        possessive: false,
    };
    if is_address(raw) {
        return nothing(piece.start);
    }
    let start = raw.find(|character: char| character.is_alphanumeric());
    let Some(start) = start else { return nothing(piece.start) };
    let keeps = |character: char| character.is_alphanumeric() || matches!(character, '+' | '#');
    let mut end =
        raw.rfind(keeps).map_or(start, |at| at + raw[at..].chars().next().map_or(0, char::len_utf8)).max(start);
    let possessive = super::fold::without_possessive(&raw[start..end]);
    let owned = possessive.len() < end - start && !KEPT.contains(&&*raw[start..end].replace('’', "'"));
    let trail_from = end;
    if owned {
        end = start + possessive.len();
    }
    let body = &raw[start..end];
    let stop = raw[trail_from..].starts_with('.') && !owned && is_abbreviation(body);
    let trail = &raw[trail_from + usize::from(stop)..];
    let at =
        piece.start + start..piece.start + end + usize::from(stop && body.contains('.') | (body.chars().count() == 1));
    let body = &line[at.clone()];
    Token { body, folded: fold(body), lead: &raw[..start], trail, at, first: false, possessive: owned }
}

/// Names that end in a possessive.
const KEPT: [&str; 12] = [
    "McDonald's",
    "Lloyd's",
    "Moody's",
    "Sotheby's",
    "Macy's",
    "Wendy's",
    "Domino's",
    "Kohl's",
    "Levi's",
    "Lowe's",
    "Sainsbury's",
    "Christie's",
];

/// A full stop after it belongs to it.
fn is_abbreviation(body: &str) -> bool {
    let mut characters = body.chars();
    let single = characters.next().is_some_and(char::is_uppercase) && characters.next().is_none();
    let dotted = body.contains('.')
        && body.split('.').all(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic));
    const SHORT: [&str; 30] = [
        "Dr", "Mr", "Mrs", "Ms", "Prof", "Sen", "Rep", "Gov", "Gen", "Col", "Maj", "Capt", "Lt", "Sgt", "Adm", "St",
        "Mt", "Jr", "Sr", "Rev", "Ft", "vs", "feat", "ft", "Fr", "Hon", "Sec", "Cmdr", "Insp", "Supt",
    ];
    single || dotted || SHORT.contains(&body)
}

/// An address, a handle, a hashtag, an email.
fn is_address(raw: &str) -> bool {
    let raw = raw.trim_start_matches(['(', '[', '<', '"', '“', '\'']);
    if raw.starts_with(['@', '#']) || raw.contains("://") || raw.starts_with("www.") || raw.contains('@') {
        return true;
    }
    const ENDS: [&str; 24] = [
        "com", "org", "net", "io", "fm", "co", "edu", "gov", "tv", "uk", "de", "me", "app", "dev", "info", "ly", "us",
        "ca", "eu", "fr", "live", "social", "show", "be",
    ];
    let bare = raw.trim_end_matches(|character: char| !character.is_alphanumeric());
    let host = bare.split('/').next().unwrap_or(bare);
    host.rsplit_once('.').is_some_and(|(name, end)| {
        name.chars().filter(|character| character.is_alphanumeric()).count() >= 2
            && ENDS.contains(&end.to_ascii_lowercase().as_str())
    })
}

/// Whether a sentence, quotation or item begins between the two.
fn begins(before: &Token, token: &Token) -> bool {
    if before.body.is_empty() {
        return !matches!(before.lead, "&" | "+");
    }
    let ended = before.trail.contains(['.', '!', '?', ':', '…', '•', '|', '—', ']', ';'])
        || (before.trail.contains('–') && !before.trail.starts_with('–'));
    let opened = token.lead.contains(['"', '“', '„', '«', '[', '(', '*', '•', '-', '‘'])
        || token.lead.chars().any(is_apostrophe);
    ended || opened
}

/// Sentences that say nothing of what the episode is about.
const FURNITURE: [&str; 59] = [
    "privacy policy",
    "privacy notice",
    "ad choices",
    "adchoices",
    "wherever you get",
    "get your podcasts",
    "listen to podcasts",
    "promo code",
    "use code",
    "discount",
    "coupon",
    "free trial",
    "off your first",
    "subscribe",
    "follow us",
    "follow me",
    "find us",
    "find me",
    "rate and review",
    "leave a review",
    "leave us a",
    "rate us",
    "rate review",
    "like and share",
    "support the show",
    "support this podcast",
    "support us",
    "support our",
    "join our",
    "become a member",
    "become a patron",
    "become a premium",
    "premium member",
    "on patreon",
    "sign up",
    "download the app",
    "hosted on acast",
    "hosted by simplecast",
    "see omnystudio",
    "all rights reserved",
    "learn more about your",
    "advertising inquiries",
    "advertise with",
    "to advertise",
    "email us",
    "contact us",
    "send us",
    "check out our",
    "visit our",
    "available on",
    "streaming on",
    "go to our",
    "more information about",
    "show notes at",
    "full show notes",
    "connect with us",
    "our sponsors",
    "special offer",
    "part of the acast",
];

/// Drops sentences that are furniture. What remains is cut where something was dropped.
fn without_furniture(tokens: Vec<Token<'_>>) -> Vec<Vec<Token<'_>>> {
    let mut kept: Vec<Vec<Token>> = vec![Vec::new()];
    let mut sentence: Vec<Token> = Vec::new();
    for token in tokens {
        let ends = token.trail.contains(['.', '!', '?']) || sentence.len() >= MOST_TOKENS;
        sentence.push(token);
        if ends {
            close(&mut kept, &mut sentence);
        }
    }
    close(&mut kept, &mut sentence);
    kept.retain(|line| !line.is_empty());
    kept
}

fn close<'a>(kept: &mut Vec<Vec<Token<'a>>>, sentence: &mut Vec<Token<'a>>) {
    let furniture = is_furniture(sentence);
    if furniture || kept.last().is_some_and(|line| line.len() + sentence.len() > MOST_TOKENS) {
        kept.push(Vec::new());
    }
    if furniture {
        sentence.clear();
    } else if let Some(line) = kept.last_mut() {
        line.append(sentence);
    }
}

fn is_furniture(sentence: &[Token]) -> bool {
    let words: Vec<&str> = sentence.iter().map(|token| token.folded.as_str()).filter(|word| !word.is_empty()).collect();
    let text = words.join(" ");
    if FURNITURE.iter().any(|phrase| text.contains(phrase)) {
        return true;
    }
    let platforms = words.iter().filter(|word| PLATFORMS.has(word)).count();
    let others = words.iter().filter(|word| !PLATFORMS.has(word) && !FUNCTION.has(word)).count();
    let linked = sentence.iter().any(|token| token.body.is_empty() && is_address(token.lead));
    let listed = sentence.iter().any(|token| PLATFORMS.has(&token.folded) && token.trail.contains(':'));
    platforms > 0 && (others == 0 || (linked || listed) && others <= 4)
}

/// Words that titles write small.
const SMALL_IN_TITLES: [&str; 28] = [
    "a", "an", "the", "of", "and", "or", "but", "nor", "in", "on", "to", "for", "with", "at", "by", "from", "as", "vs",
    "via", "de", "la", "van", "von", "der", "al", "s", "into", "about",
];

/// "Places: Iraq, Iran, Beirut": a label and at least three things with commas between them. All of them have
/// capitals because they are names.
fn is_list(tokens: &[Token]) -> bool {
    let label = tokens.iter().take(4).position(|token| token.trail.contains(':'));
    let commas = |label: usize| tokens[label + 1..].iter().filter(|token| token.trail.contains(',')).count();
    label.is_some_and(|label| commas(label) >= 2)
}

/// Whether capitals say nothing in this line.
fn is_headline(tokens: &[Token]) -> bool {
    let weighty = |token: &&Token| {
        token.body.chars().count() > 2 && !FUNCTION.has(&token.folded) && token.body.chars().any(char::is_alphabetic)
    };
    let all = tokens.iter().filter(weighty).count();
    let capital = tokens.iter().filter(weighty).filter(|token| token.is_capital()).count();
    let idle = |token: &Token| {
        SMALL_IN_TITLES.contains(&token.folded.as_str())
            || token.body.is_empty()
            || token.body.starts_with(|first: char| first.is_ascii_digit())
    };
    let small = tokens.iter().filter(|token| !idle(token) && !token.is_capital()).count();
    let sentence = tokens.last().is_some_and(|token| token.trail.contains('.')) && tokens.len() > 6;
    all >= 2
        && capital * 10 >= all * 8
        && small * 8 <= all
        && !(sentence && tokens.iter().any(|token| !token.is_capital()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let show = |token: &Token| format!("{}{}", if token.first { "^" } else { "" }, token.body);
        let lines = lines(text);
        lines
            .iter()
            .map(|line| line.tokens.iter().map(show).collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>()
            .join(" / ")
    }

    #[test]
    fn tokens_know_where_sentences_begin() {
        let check = |text: &str, expected: &str| assert_eq!(shown(text), expected, "{text:?}");
        check("He met Dr. J. Smith. They left.", "^He met Dr J. Smith ^They left");
        check("The U.S. Senate—and “Trump’s” men", "^The U.S. Senate ^and ^Trump men");
        check("Mike: hello (Guest)", "^Mike ^hello ^Guest");
        check("See https://a.b/c or @me.", "^See  ^or ");
        check("McDonald's is open", "^McDonald's is open");
    }

    #[test]
    fn furniture_goes() {
        let check = |text: &str, expected: &str| assert_eq!(shown(text), expected, "{text:?}");
        check("Ann speaks. Subscribe wherever you get your podcasts! Bob too.", "^Ann speaks / ^Bob too");
        check("Twitter: @ann", "");
        check("Apple Podcasts", "");
        check("Platforms like Facebook and Twitter have evolved", "^Platforms like Facebook and Twitter have evolved");
        check("Learn more about your ad choices. Visit podcastchoices.com/adchoices", "^Visit ");
    }

    #[test]
    fn headlines_are_told() {
        let check = |text: &str, expected: bool| assert_eq!(lines(text)[0].headline, expected, "{text:?}");
        check("Places: Iraq, Iran, Al Asad Air Base, United States", false);
        check("Iraqi Parliament Votes to Expel All American Troops", true);
        check("Impeachment trial? What impeachment trial?", false);
        check("We talk to Liz Sly about Iraq and Iran.", false);
        check("SPECIAL THANKS TO OUR PRODUCERS", true);
    }
}
