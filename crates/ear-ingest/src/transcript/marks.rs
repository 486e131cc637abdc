//! Takes out marks of sound such as "\[Music\]", "(applause)" and "♪": nobody said them.

use super::token::{Cue, Token};
use ear_core::{Span, Stretch, StretchKind};

/// The most words in one mark.
const LONGEST: usize = 8;

const MUSIC: [&str; 18] = [
    "music",
    "musical",
    "musik",
    "musique",
    "música",
    "musica",
    "muziek",
    "музыка",
    "音楽",
    "音乐",
    "song",
    "singing",
    "sings",
    "jingle",
    "theme",
    "instrumental",
    "melody",
    "♪",
];

const NOISE: [&str; 64] = [
    "applause",
    "applauding",
    "laughter",
    "laughs",
    "laugh",
    "laughing",
    "chuckles",
    "chuckle",
    "chuckling",
    "giggles",
    "cheers",
    "cheering",
    "clapping",
    "claps",
    "noise",
    "noises",
    "sigh",
    "sighs",
    "cough",
    "coughs",
    "coughing",
    "throat",
    "gasps",
    "groans",
    "sneezes",
    "snorts",
    "sniffs",
    "sobbing",
    "sobs",
    "inhales",
    "exhales",
    "beep",
    "beeping",
    "bleep",
    "buzzing",
    "static",
    "crosstalk",
    "inaudible",
    "unintelligible",
    "indistinct",
    "soundbite",
    "sfx",
    "barking",
    "footsteps",
    "siren",
    "chatter",
    "foreign",
    "aplausos",
    "risas",
    "risos",
    "applaudissements",
    "rires",
    "applaus",
    "lachen",
    "gelächter",
    "beifall",
    "risate",
    "applausi",
    "аплодисменты",
    "смех",
    "笑",
    "笑い",
    "拍手",
    "笑声",
];

const SILENCE: [&str; 5] = ["silence", "pause", "blank_audio", "blank", "stille"];

/// Takes the marks out of the cue; where nothing else is left of a cue with times, its stretch is returned.
/// In captions a bracketed line in lower case is a mark as well, whatever it says.
pub(super) fn strip(cue: &mut Cue, captions: bool) -> Option<Stretch> {
    let tokens = &mut cue.tokens;
    let mut kind = None;
    let mut index = 0;
    while index < tokens.len() {
        if let Some((length, found)) = bracketed(&tokens[index..], captions) {
            tokens[index..index + length].iter_mut().for_each(|token| token.kept = false);
            kind = kind.or(Some(found));
            index += length;
            continue;
        }
        if tokens[index].text.contains(is_note) {
            strip_notes(&mut tokens[index]);
            kind = kind.or(Some(StretchKind::Music));
        }
        index += 1;
    }
    let (kind, start, end) = (kind?, cue.start?, cue.end?);
    (cue.kept().next().is_none() && start < end).then(|| Stretch { span: Span::new(start, end), kind, language: None })
}

fn is_note(character: char) -> bool {
    ('♩'..='♬').contains(&character) || character == '🎵' || character == '🎶'
}

fn strip_notes(token: &mut Token) {
    token.text.retain(|character| !is_note(character));
    token.kept = token.text.chars().any(char::is_alphanumeric);
}

/// The number of tokens of the mark that begins here, and what it stands for.
fn bracketed(tokens: &[Token], captions: bool) -> Option<(usize, StretchKind)> {
    let first = unmarked(&tokens.first()?.text);
    let opening = first.chars().next()?;
    let closing = match opening {
        '[' => ']',
        '(' => ')',
        '（' => '）',
        '【' => '】',
        _ => return None,
    };
    let mut inside = String::new();
    for (index, token) in tokens.iter().enumerate().take(4 * LONGEST) {
        let text = unmarked(&token.text);
        let text = if index == 0 { &text[opening.len_utf8()..] } else { text };
        if !inside.is_empty() && !token.glued {
            inside.push(' ');
        }
        let ended = text.trim_end_matches(['.', ',', ';', ':', '!', '?', '。', '、', '\\', '*', '_']);
        if let Some(last) = ended.strip_suffix(closing) {
            inside.push_str(last.trim_end_matches('\\'));
            let is_line = tokens[0].first && tokens.get(index + 1).is_none_or(|next| next.first);
            let lower_case = inside.chars().next().is_some_and(char::is_lowercase);
            let described = captions && is_line && lower_case && opening == '[';
            let kind = kind(&inside, opening).or(described.then_some(StretchKind::Noise))?;
            return Some((index + 1, kind));
        }
        inside.push_str(text);
    }
    None
}

/// Without the emphasis and the escapes of Markdown around it.
fn unmarked(text: &str) -> &str {
    text.trim_matches(['*', '_', '\\'])
}

/// What the text between brackets stands for. Round brackets also hold spoken asides, so they must be brief.
fn kind(inside: &str, opening: char) -> Option<StretchKind> {
    let lower = inside.trim().to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| c.is_whitespace() || ",.-/:".contains(c)).filter(|w| !w.is_empty()).collect();
    let longest = if opening == '[' || opening == '【' { LONGEST } else { 3 };
    let is_soundbite = words.first() == Some(&"soundbite");
    if words.len() > longest && !is_soundbite {
        return None;
    }
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    if has(&MUSIC) || words.iter().any(|word| word.contains(is_note)) {
        Some(StretchKind::Music)
    } else if has(&NOISE) {
        Some(StretchKind::Noise)
    } else if has(&SILENCE) {
        Some(StretchKind::Silence)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::token::tokens;

    fn check(text: &str, captions: bool, kept: &str, stretch: Option<StretchKind>) {
        let mut cue = Cue { line: 1, start: Some(0), end: Some(1000), tokens: tokens(text) };
        let found = strip(&mut cue, captions);
        let words: Vec<&str> = cue.kept().map(|token| token.text.as_str()).collect();
        assert_eq!((words.join(" ").as_str(), found.map(|stretch| stretch.kind)), (kept, stretch), "{text}");
    }

    #[test]
    fn marks_are_no_words() {
        use StretchKind::{Music, Noise, Silence};
        check("[Music]", true, "", Some(Music));
        check("(APPLAUSE).", false, "", Some(Noise));
        check("[upbeat theme music playing]", true, "", Some(Music));
        check("♪", true, "", Some(Music));
        check("♪ La la la ♪", true, "La la la", None);
        check("♪La ♪", true, "La", None);
        check("[BLANK_AUDIO]", true, "", Some(Silence));
        check("[音楽]", true, "", Some(Music));
        check("（笑）はい", true, "は い", None);
        check("and then [laughs] he fell", true, "and then he fell", None);
        check(r"Thorpe... \[laughs\] And also", false, "Thorpe... And also", None);
        check("_[laughter]_", false, "", Some(Noise));
        check("(SOUNDBITE OF THE SONG, \"I WALK THE LINE\" BY CASH)", false, "", Some(Music));
        check("[door slams]\nWho is it?", true, "Who is it?", None);
    }

    #[test]
    fn what_is_said_between_brackets_stays() {
        check("[door slams]", false, "[door slams]", None);
        check("[Alba] Hello", true, "[Alba] Hello", None);
        check("Caption (line 1)", true, "Caption (line 1)", None);
        check("(the music of my youth) was loud", true, "(the music of my youth) was loud", None);
        check("[unclosed music", true, "[unclosed music", None);
        check("the [sic] word", true, "the [sic] word", None);
    }
}
