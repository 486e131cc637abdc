//! The model's tokens: ids to bytes, bytes to words.

use crate::Error;
use std::collections::HashMap;
use std::fs;
use std::ops::Range;
use std::path::Path;

/// Characters that open what follows them.
const OPENING: &[char] = &['"', '“', '\'', '‘', '¿', '¡', '(', '[', '{', '«', '„'];

/// The tokens of a model, in order of their ids.
pub(super) struct Vocabulary {
    tokens: Vec<String>,
    ids: HashMap<String, usize>,
    bytes: HashMap<char, u8>,
    /// The character that stands for each byte.
    characters: Vec<char>,
    /// Ids from here on are marks, not text.
    first_mark: usize,
}

/// A word and the tokens it is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TokenWord {
    pub text: String,
    pub tokens: Range<usize>,
    pub glued: bool,
}

impl Vocabulary {
    /// Reads `vocabulary.txt` (a token a line) or `vocabulary.json` (a list) of a CTranslate2 model.
    pub fn load(folder: &Path) -> Result<Self, Error> {
        let (text, json) = (folder.join("vocabulary.txt"), folder.join("vocabulary.json"));
        let tokens: Vec<String> = if text.exists() {
            // Lines end with \n alone: other line ends may be tokens.
            fs::read_to_string(&text)
                .map_err(Error::io(&text))?
                .trim_end_matches('\n')
                .split('\n')
                .map(str::to_owned)
                .collect()
        } else {
            let list = fs::read_to_string(&json).map_err(Error::io(&json))?;
            serde_json::from_str(&list)
                .map_err(|error| Error::ModelBroken { path: json.clone(), reason: error.to_string() })?
        };
        let vocabulary = Self::new(tokens);
        if vocabulary.id("<|startoftranscript|>").is_none() || vocabulary.id("<|endoftext|>").is_none() {
            let reason = "is not a Whisper model: its vocabulary lacks <|startoftranscript|>".to_owned();
            return Err(Error::ModelBroken { path: folder.to_owned(), reason });
        }
        Ok(vocabulary)
    }

    fn new(tokens: Vec<String>) -> Self {
        let ids: HashMap<_, _> = tokens.iter().enumerate().map(|(id, token)| (token.clone(), id)).collect();
        let first_mark = ids.get("<|endoftext|>").copied().unwrap_or(tokens.len());
        let bytes = byte_characters();
        let mut characters = vec![char::REPLACEMENT_CHARACTER; 256];
        bytes.iter().for_each(|(character, byte)| characters[usize::from(*byte)] = *character);
        Self { tokens, ids, bytes, characters, first_mark }
    }

    /// The id of a token.
    pub fn id(&self, token: &str) -> Option<usize> {
        self.ids.get(token).copied()
    }

    /// Whether this token is text and not a mark.
    pub fn is_text(&self, id: usize) -> bool {
        id < self.first_mark
    }

    /// The text of these tokens; bytes that are no characters become U+FFFD.
    pub fn text(&self, ids: &[usize]) -> String {
        let bytes: Vec<u8> = ids.iter().flat_map(|id| self.bytes_of(*id)).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The tokens of a text, as the model would write it: byte pairs are merged in the order in which they were
    /// learned, which is that of the ids (Sennrich et al. 2016; Radford et al. 2019). Bytes that are no token are
    /// left out.
    pub fn encode(&self, text: &str) -> Vec<usize> {
        pieces(text).into_iter().flat_map(|piece| self.encode_piece(piece)).collect()
    }

    fn encode_piece(&self, piece: &str) -> Vec<usize> {
        let mut parts: Vec<String> = piece.bytes().map(|byte| self.characters[usize::from(byte)].to_string()).collect();
        loop {
            let pairs = parts.windows(2).enumerate();
            let first = pairs.filter_map(|(at, pair)| Some((self.id(&pair.concat())?, at))).min();
            let Some((_, at)) = first else { break };
            let second = parts.remove(at + 1);
            parts[at].push_str(&second);
        }
        parts.iter().filter_map(|part| self.id(part)).collect()
    }

    fn bytes_of(&self, id: usize) -> impl Iterator<Item = u8> {
        let token = self.tokens.get(id).map_or("", String::as_str);
        token.chars().filter_map(|c| self.bytes.get(&c).copied())
    }

    /// Groups tokens into words. In languages that write without spaces each token that ends a character is a
    /// word of its own; elsewhere a word begins with a space. Punctuation goes with its word.
    pub fn words(&self, ids: &[usize], without_spaces: bool) -> Vec<TokenWord> {
        let mut words: Vec<TokenWord> = Vec::new();
        for character_tokens in self.whole_characters(ids) {
            let text = self.text(&ids[character_tokens.clone()]);
            let spaced = text.starts_with(char::is_whitespace);
            let sounds = text.chars().any(char::is_alphanumeric);
            let after_opening = words.last().is_some_and(|word| word.text.chars().all(|c| OPENING.contains(&c)));
            let opens = spaced && !sounds && text.trim().chars().all(|c| OPENING.contains(&c));
            let begins =
                words.is_empty() || (!after_opening && ((spaced && sounds) || opens || (without_spaces && sounds)));
            match words.last_mut().filter(|_| !begins) {
                Some(word) => {
                    // A lone dash between spaces stays with the word before it.
                    if spaced && !after_opening {
                        word.text.push(' ');
                    }
                    word.text.push_str(text.trim_start());
                    word.tokens.end = character_tokens.end;
                }
                None => {
                    let glued = !spaced && without_spaces && !words.is_empty();
                    words.push(TokenWord { text: text.trim_start().to_owned(), tokens: character_tokens, glued });
                }
            }
        }
        if words.len() > 1 && words.last().is_some_and(|word| !word.text.chars().any(char::is_alphanumeric)) {
            // Nothing followed the opening mark at the end.
            if let (Some(mark), Some(word)) = (words.pop(), words.last_mut()) {
                word.text.push_str(&mark.text);
                word.tokens.end = mark.tokens.end;
            }
        }
        words.iter_mut().for_each(|word| word.text.truncate(word.text.trim_end().len()));
        words.retain(|word| !word.text.is_empty());
        words
    }

    /// A character may be spread over several tokens: ranges of tokens that end where characters end.
    fn whole_characters(&self, ids: &[usize]) -> Vec<Range<usize>> {
        let (mut ranges, mut start, mut bytes) = (Vec::new(), 0, Vec::new());
        for (index, id) in ids.iter().enumerate() {
            bytes.extend(self.bytes_of(*id));
            let incomplete = std::str::from_utf8(&bytes).is_err_and(|error| error.error_len().is_none());
            if !incomplete || index + 1 == ids.len() {
                ranges.push(start..index + 1);
                start = index + 1;
                bytes.clear();
            }
        }
        ranges
    }
}

/// Languages of Whisper that are written without spaces between words.
pub(super) fn writes_without_spaces(language: &str) -> bool {
    matches!(language, "zh" | "ja" | "th" | "lo" | "my" | "yue")
}

/// Endings that GPT-2 takes for pieces of their own.
const ENDINGS: &[&str] = &["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

/// The pieces of a text in which tokens are formed: letters, digits or signs, each with the space before them, and
/// English endings (Radford et al. 2019).
fn pieces(text: &str) -> Vec<&str> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        let ending = ENDINGS.iter().find(|ending| rest.starts_with(**ending));
        let length = ending.map_or_else(|| piece_length(rest), |ending| ending.len());
        let (piece, after) = rest.split_at(length);
        pieces.push(piece);
        rest = after;
    }
    pieces
}

fn piece_length(text: &str) -> usize {
    let kind = |c: char| match c {
        c if c.is_alphabetic() => 0,
        c if c.is_numeric() => 1,
        c if c.is_whitespace() => 2,
        _ => 3,
    };
    let space = usize::from(text.starts_with(' ') && text[1..].starts_with(|c: char| !c.is_whitespace()));
    let first = text[space..].chars().next().map_or(2, kind);
    text[space..].find(|c| kind(c) != first).map_or(text.len(), |length| space + length)
}

/// The byte-level alphabet of GPT-2's tokens: printable bytes stand for themselves, the others for the
/// characters from U+0100 on, in order (Radford et al. 2019).
fn byte_characters() -> HashMap<char, u8> {
    let printable = |byte: &u8| matches!(byte, b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF);
    let themselves = (0..=255u8).filter(printable).map(|byte| (char::from(byte), byte));
    let others = (0..=255u8).filter(|byte| !printable(byte)).zip('\u{100}'..).map(|(byte, c)| (c, byte));
    themselves.chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(tokens: &[&str], without_spaces: bool, expected: &[&str]) {
        let vocabulary = Vocabulary::new(tokens.iter().map(|token| (*token).to_owned()).collect());
        let ids: Vec<usize> = (0..tokens.len()).collect();
        let words = vocabulary.words(&ids, without_spaces);
        let texts: Vec<_> = words.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(texts, expected, "{tokens:?}");
        assert!(words.windows(2).all(|pair| pair[0].tokens.end <= pair[1].tokens.start));
    }

    #[test]
    fn texts_become_tokens() {
        let tokens = ["c", "o", "m", "f", "y", "Ġ", "Ã", "¯", "om", "Ġc", "fy", "Ġcom", "Ã¯", "my"];
        let vocabulary = Vocabulary::new(tokens.iter().map(|token| (*token).to_owned()).collect());
        let check = |text: &str, expected: &[&str]| {
            let ids = vocabulary.encode(text);
            let found: Vec<_> = ids.iter().map(|id| vocabulary.tokens[*id].as_str()).collect();
            assert_eq!(found, expected, "{text}");
            assert_eq!(vocabulary.text(&ids), text);
        };
        check("", &[]);
        check(" comfy", &["Ġcom", "fy"]);
        check("comfy my", &["c", "om", "fy", "Ġ", "my"]);
        check("ïo", &["Ã¯", "o"]);
    }

    #[test]
    fn texts_are_cut_where_tokens_may_begin() {
        let check = |text: &str, expected: &[&str]| assert_eq!(pieces(text), expected, "{text}");
        check("", &[]);
        check(" (ComfyUI's GPT-4),", &[" (", "ComfyUI", "'s", " GPT", "-", "4", "),"]);
        check("a  b", &["a", "  ", "b"]);
        check(" naïve don't ", &[" naïve", " don", "'t", " "]);
    }

    #[test]
    fn tokens_become_words() {
        check(&[], false, &[]);
        check(
            &["ĠIt", "Ġwas", "Ġthe", "Ġbest", ",", "Ġor", "Ġwor", "st", "."],
            false,
            &["It", "was", "the", "best,", "or", "worst."],
        );
        check(&["Ġhe", "Ġsaid", ",", "Ġ\"", "Go", "Ġon", ".\""], false, &["he", "said,", "\"Go", "on.\""]);
        check(&["Ġwell", "Ġ-", "Ġyes"], false, &["well -", "yes"]);
        check(&["ĠU", ".", "S", "."], false, &["U.S."]);
        check(&["Ġ(", "ĠDon", "'t", ")"], false, &["(Don't)"]);
        check(&["Ġna", "Ã¯", "ve"], false, &["naïve"]);
        check(&["Ġna", "Ã", "¯", "ve", "Ġ\""], false, &["naïve\""]);
        check(&["ä½ł", "å¥½", "ï¼Į", "ä¸ĸ"], true, &["你", "好，", "世"]);
        check(&["."], false, &["."]);
    }
}
