//! Cues of tokens: what every format is read into before it becomes words.

use super::MAX_WORDS;
use crate::Error;
use ear_core::Millis;
use std::rc::Rc;

/// Who speaks from a token on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Voice {
    /// Whoever spoke before.
    Same,
    /// Somebody else, without a name.
    New,
    /// The one of this name.
    Named(Rc<str>),
}

/// A word, or something that only looks like one until its `kept` is taken back.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub text: String,
    /// No space stood before it.
    pub glued: bool,
    /// A time of its own.
    pub at: Option<Millis>,
    /// When it ends, where the source says so; only with `at`.
    pub until: Option<Millis>,
    /// How sure the source is of it, from 0 to 1.
    pub confidence: Option<f32>,
    /// Holds for a token that is not kept, too.
    pub voice: Voice,
    /// It begins a line.
    pub first: bool,
    /// It is a word; marks, labels and repeats are not kept.
    pub kept: bool,
}

/// Tokens that share a time.
#[derive(Debug)]
pub(super) struct Cue {
    pub line: usize,
    pub start: Option<Millis>,
    /// Where missing, the words are given time at the pace of speech.
    pub end: Option<Millis>,
    pub tokens: Vec<Token>,
}

impl Cue {
    /// The tokens that are words.
    pub fn kept(&self) -> impl Iterator<Item = &Token> {
        self.tokens.iter().filter(|token| token.kept)
    }
}

/// The cues of a document, bounded in the number of words.
#[derive(Default)]
pub(super) struct Cues {
    all: Vec<Cue>,
    words: usize,
}

impl Cues {
    /// Adds a cue.
    pub fn push(&mut self, mut cue: Cue) -> Result<(), Error> {
        // Millions of cues of a word each would otherwise hold room for four.
        cue.tokens.shrink_to_fit();
        self.words += cue.tokens.len();
        // Rolling captions say most words twice or more before the repeats are taken out.
        if self.words > 3 * MAX_WORDS || cue.tokens.len() > MAX_WORDS {
            return Err(Error::TooLong { limit: MAX_WORDS, of: "words" });
        }
        self.all.push(cue);
        Ok(())
    }

    /// All cues.
    pub fn finish(self) -> Vec<Cue> {
        self.all
    }
}

/// Cuts text into tokens: at white space and, in Chinese and Japanese, between characters.
#[derive(Default)]
pub(super) struct Tokens {
    done: Vec<Token>,
    open: Option<Token>,
    at: Option<Millis>,
    voice: Option<Voice>,
    first: bool,
}

impl Tokens {
    /// What follows begins a new line.
    pub fn line(&mut self) {
        self.close();
        self.first = true;
    }

    /// What follows is said from `moment` on.
    pub fn at(&mut self, moment: Millis) {
        self.at = Some(moment);
    }

    /// What follows is said by `voice`.
    pub fn voice(&mut self, voice: Voice) {
        self.close();
        self.voice = Some(voice);
    }

    /// Adds a piece of text, which may begin or end within a word.
    pub fn text(&mut self, text: &str) {
        text.chars().for_each(|character| self.character(character));
    }

    /// Whether there is any word yet.
    pub fn has_words(&self) -> bool {
        self.open.is_some() || !self.done.is_empty()
    }

    /// The tokens.
    pub fn finish(mut self) -> Vec<Token> {
        self.close();
        self.done
    }

    fn character(&mut self, character: char) {
        if character.is_whitespace() || character == '\u{feff}' {
            return self.close();
        }
        if is_invisible(character) || self.done.len() > MAX_WORDS {
            return;
        }
        let last = self.open.as_ref().and_then(|token| token.text.chars().next_back());
        let glued = last.is_some_and(|last| is_break(last, character));
        if glued {
            self.close();
        }
        let Some(token) = &mut self.open else {
            self.open = Some(Token {
                text: character.into(),
                glued,
                at: self.at.take(),
                until: None,
                confidence: None,
                voice: self.voice.take().unwrap_or(Voice::Same),
                first: std::mem::take(&mut self.first),
                kept: true,
            });
            return;
        };
        token.text.push(character);
    }

    fn close(&mut self) {
        let Some(token) = self.open.take() else { return };
        if is_stray(&token.text)
            && let Some(before) = self.done.last_mut()
        {
            before.text.push_str(&token.text);
            return;
        }
        self.done.push(token);
    }
}

/// Punctuation that stands alone belongs to the word before, as in "really ?".
pub(super) fn is_stray(text: &str) -> bool {
    text.chars().all(|character| ".,;:!?…".contains(character))
}

/// Marks of writing direction, zero-width spaces and control characters, which no one sees.
fn is_invisible(character: char) -> bool {
    let marks = matches!(character, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{ad}');
    marks || character.is_control()
}

#[derive(PartialEq)]
enum Class {
    /// A Chinese character or Hiragana: a word of its own.
    Solo,
    /// Katakana, whose runs are words.
    Kana,
    /// Stays with what follows.
    Open,
    /// Stays with what is before.
    Close,
    Other,
}

fn class(character: char) -> Class {
    match character {
        'ー' | '、' | '。' | '，' | '．' | '！' | '？' | '：' | '；' | '」' | '』' | '）' | '】' | '〉' | '》'
        | '〕' | '・' => Class::Close,
        '「' | '『' | '（' | '【' | '〈' | '《' | '〔' => Class::Open,
        '\u{3040}'..='\u{309f}' | '々' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' => Class::Solo,
        '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => Class::Solo,
        '\u{30a0}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}' => Class::Kana,
        _ => Class::Other,
    }
}

/// Whether a word ends between two characters that no white space parts.
pub(super) fn is_break(last: char, next: char) -> bool {
    match (class(last), class(next)) {
        (Class::Other, Class::Other) | (_, Class::Close) | (Class::Open, _) | (Class::Kana, Class::Kana) => false,
        (Class::Close, Class::Kana) => last != 'ー',
        (Class::Other, _) => !"([{\"'“‘*_<".contains(last),
        (_, Class::Other) => !".,;:!?)]}%\"'”’…*_>".contains(next),
        _ => true,
    }
}

/// A single line as tokens, for tests.
#[cfg(test)]
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Tokens::default();
    for line in text.lines() {
        tokens.line();
        tokens.text(line);
    }
    tokens.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_where_readers_would() {
        let check = |text: &str, expected: &str| {
            let cut: Vec<String> =
                tokens(text).iter().map(|t| format!("{}{}", if t.glued { "+" } else { "" }, t.text)).collect();
            assert_eq!(cut.join(" "), expected);
        };
        check("Well,  now\u{a0}then", "Well, now then");
        check("itself . Really ? Yes", "itself. Really? Yes");
        check("a\u{200e}b \u{feff}c", "ab c");
        check("日本語です。", "日 +本 +語 +で +す。");
        check("「はい」とカメラ。ok", "「は +い」 +と +カメラ。 +ok");
        check("コーヒー [音楽] GPT5です", "コーヒー [音 +楽] GPT5 +で +す");
        check("… and — so", "… and — so");
    }

    #[test]
    fn lines_voices_and_times_reach_the_next_word() {
        let mut tokens = Tokens::default();
        tokens.line();
        tokens.text("one");
        tokens.at(500);
        tokens.text(" two");
        tokens.line();
        tokens.voice(Voice::New);
        tokens.text("three");
        let tokens = tokens.finish();
        assert_eq!(
            tokens.iter().map(|t| (t.first, t.at)).collect::<Vec<_>>(),
            [(true, None), (false, Some(500)), (true, None)]
        );
        assert_eq!(tokens[2].voice, Voice::New);
    }

    #[test]
    fn the_number_of_words_is_bounded() {
        let cue = |count| Cue { line: 1, start: None, end: None, tokens: vec![tokens("a").remove(0); count] };
        assert!(Cues::default().push(cue(10)).is_ok());
        assert_eq!(Cues::default().push(cue(MAX_WORDS + 1)), Err(Error::TooLong { limit: MAX_WORDS, of: "words" }));
    }
}
