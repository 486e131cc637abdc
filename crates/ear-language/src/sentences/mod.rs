//! Cuts a transcript into sentences by three signs: punctuation, pauses and turns; where punctuation is scarce,
//! by the words themselves.

mod marks;
mod rule;
mod style;

use crate::blocks::{blocks, pause};
use ear_core::{Timing, Transcript, WordRange};
use rule::Rule;
use style::Style;

/// No sentence has more words than this.
pub(crate) const LONGEST: usize = 60;

/// In text without punctuation a pause of this many milliseconds ends a sentence, whatever the words.
const LONG_PAUSE: u64 = 2_000;

/// A full stop in front of a lower-case word still ends a sentence if the speaker paused this many milliseconds.
const CLEAR_PAUSE: u64 = 500;

/// Words closer than this many milliseconds run into each other.
const NO_PAUSE: u64 = 50;

/// The sentences of a transcript as ascending ranges that hold every word once. None crosses a turn or has more
/// than 60 words. Takes time in proportion to the words.
pub fn sentences(transcript: &Transcript) -> Vec<WordRange> {
    let style = Style::of(transcript);
    let rule = Rule::new(transcript, style.is_punctuated);
    let mut sentences = Vec::new();
    for block in blocks(transcript) {
        let mut start = block.start;
        for end in block.start + 1..=block.end {
            if end == block.end || is_boundary(transcript, &style, &rule, end) {
                rule.split(start..end, &mut sentences);
                start = end;
            }
        }
    }
    sentences
}

/// Whether the signs alone end a sentence in front of the word at `index`.
fn is_boundary(transcript: &Transcript, style: &Style, rule: &Rule<'_>, index: usize) -> bool {
    let words = &transcript.words;
    let pause = if transcript.timing == Timing::Words { pause(transcript, index) } else { None };
    if !style.is_punctuated && pause.is_some_and(|pause| pause >= LONG_PAUSE) {
        return true;
    }
    let paused = pause.is_some_and(|pause| pause >= CLEAR_PAUSE);
    let is_cased = style.is_cased && !paused;
    if !marks::ends_sentence(words, index, is_cased, style.is_german) {
        return false;
    }
    // Where the speaker pauses between sentences, a full stop without any pause is doubtful, and the words decide.
    let doubtful = style.pauses && pause.is_some_and(|pause| pause < NO_PAUSE);
    !doubtful || rule.allows(index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_core::{Origin, Span, Turn, Word, join_words};

    fn transcript(text: &str) -> Transcript {
        Transcript {
            words: text.split_whitespace().map(Word::untimed).collect(),
            ..Transcript::empty(Origin::Imported)
        }
    }

    fn cut(transcript: &Transcript) -> String {
        let text = |range: WordRange| join_words(&transcript.words[range]);
        sentences(transcript).into_iter().map(text).collect::<Vec<_>>().join(" | ")
    }

    fn check(expected: &str) {
        let plain = expected.replace(" | ", " ");
        assert_eq!(cut(&transcript(&plain)), expected);
    }

    #[test]
    fn punctuation_ends_sentences() {
        check("It rained. | We stayed in! | Did you? | Yes.");
        check("He said \"No.\" | Then he left. | (It was late.) | So we went.");
        check("Wait… | What? | I thought... maybe not. | Ah.");
        check("that was it . | So we left . | ( Really ? ) | Yes .");
        check("no capitals here. | we went out. | it rained. | then it stopped.");
    }

    #[test]
    fn full_stops_within_sentences_do_not() {
        check("Mr. Bell met Dr. J. Adams in the U.S. Senate. | It was No. 5 of 3.5 million.");
        check(
            "Troops of the U. S. went home. | That is St. Mary, e.g. Our church, etc. | It closed in the U.S. | He left at 5 p.m. | The end.",
        );
        check("Only on Jan. 5 did Acme Inc. Chairman Bo Lind resign. | He joined Acme Inc. | It was good.");
        check("They come to see the. US troops at the base. | And so on.");
        check("We met the board of Yahoo! in spring. | It said yes. | Good.");
        check("He moved. into the house. | That was it. | All was well. | Fine.");
    }

    #[test]
    fn german_ordinals_end_nothing() {
        let mut german = transcript("Am 3. Oktober kam er. Er blieb bis zum 12. Dezember hier.");
        assert_eq!(cut(&german), "Am 3. Oktober kam er. | Er blieb bis zum 12. Dezember hier.");
        german.words = transcript("It was the 3. Then came 12. All was well.").words;
        assert_eq!(cut(&german), "It was the 3. | Then came 12. | All was well.");
        german.language = Some("de".into());
        assert_eq!(cut(&german), "It was the 3. Then came 12. All was well.");
    }

    #[test]
    fn marks_of_other_scripts_end_sentences() {
        let glued = |text: &str| Word { glued: true, ..Word::untimed(text) };
        let mut japanese = transcript("");
        japanese.words =
            vec![Word::untimed("は"), glued("い。"), glued("え"), glued("え？"), glued("は"), glued("い！」")];
        assert_eq!(cut(&japanese), "はい。 | ええ？ | はい！」");
        let arabic = transcript("هل نذهب اليوم؟ نعم غدا.");
        assert_eq!(cut(&arabic), "هل نذهب اليوم؟ | نعم غدا.");
    }

    /// Words of 300 ms, with the pauses in milliseconds written between them.
    fn timed(text: &str) -> Transcript {
        let mut now = 0;
        let mut words = Vec::new();
        for part in text.split_whitespace() {
            if let Ok(pause) = part.parse::<u64>() {
                now += pause;
                continue;
            }
            words.push(Word::timed(part, Span::new(now, now + 300)));
            now += 300;
        }
        Transcript { words, timing: Timing::Words, ..Transcript::empty(Origin::Recognised) }
    }

    #[test]
    fn pauses_end_sentences_without_punctuation() {
        let speech = timed("rivers rise slowly here 900 boats wait below bridges 800 farmers watch clouds 2500 rain");
        assert_eq!(cut(&speech), "rivers rise slowly here | boats wait below bridges | farmers watch clouds | rain");
        let hesitant = timed("he went to the 700 big house");
        assert_eq!(cut(&hesitant), "he went to the big house");
    }

    #[test]
    fn full_stops_are_weighed_by_pauses() {
        let speech = timed(
            "It rained. 400 We left. 400 I came to see the. US troops. 400 He said so. 600 and left. 400 Then we. 10 Slept well.",
        );
        assert_eq!(
            cut(&speech),
            "It rained. | We left. | I came to see the. US troops. | He said so. | and left. | Then we. Slept well."
        );
    }

    #[test]
    fn turns_always_end_sentences() {
        let mut talk = transcript("so I think yeah exactly we go");
        talk.turns = [(0..3, "A"), (3..5, "B"), (5..7, "A")]
            .map(|(words, name)| Turn { speaker: Some(name.into()), words })
            .into();
        assert_eq!(cut(&talk), "so I think | yeah exactly | we go");
        talk.turns.remove(1);
        talk.turns.push(Turn { speaker: None, words: 7..90 });
        assert_eq!(cut(&talk), "so I think | yeah exactly | we go");
    }

    #[test]
    fn bare_text_is_cut_where_sentences_begin() {
        check(
            "we walked down to the harbour early in the morning | \
             so then we looked at all of the boats for a while | \
             I'm sure there was some tea for the others",
        );
    }

    #[test]
    fn long_sentences_are_cut_at_the_best_place() {
        let half = "the boat went along the river past the old mill and under the bridge near the town where the people of the valley sold bread every week";
        let long = format!("First, {half}, but {half} {half}. It ended. Well. Yes.");
        let cut = cut(&transcript(&long));
        let first = cut.split(" | ").next().unwrap();
        assert_eq!(first, format!("First, {half},"));
    }
}
