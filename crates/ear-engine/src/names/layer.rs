//! The accepted layer: what a transcript reads once the repairs that people accepted are laid over it. The
//! words that were heard stay as they are stored, and every index stays that of the same word.

use super::Repaired;
use ear_core::{RepairId, Span, Transcript, Turn, Word, WordRange, join_words};
use ear_language::Passage;

/// An accepted repair, as far as reading needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Accepted {
    pub repair: RepairId,
    pub words: WordRange,
    pub meant: String,
}

/// Lays accepted repairs over words that begin at `from` in their transcript. The first word of a repair gets
/// the whole meant text, with the marks that stood around what was heard, and the times of all; the others stay,
/// empty and glued, so that texts join as before. A repair that reaches beyond these words is laid as far
/// as they go; one that reaches over another is left out.
pub(crate) fn lay(words: &mut [Word], from: usize, accepted: &[Accepted]) -> Vec<Repaired> {
    let to = from + words.len();
    let mut free = from;
    let mut laid = Vec::new();
    for one in accepted {
        let range = one.words.start.max(from)..one.words.end.min(to);
        if one.words.is_empty() || range.is_empty() || range.start < free {
            continue;
        }
        free = range.end;
        let here = &mut words[range.start - from..range.end - from];
        let heard = join_words(here);
        // What began before these words is read there.
        let text = if one.words.start < from { String::new() } else { dressed(here, &one.meant) };
        let span = here.iter().filter_map(|word| word.span).reduce(Span::join);
        for (index, word) in here.iter_mut().enumerate() {
            let is_first = index == 0 && one.words.start >= from;
            let glued = if is_first { word.glued } else { true };
            *word = Word { glued, ..Word::untimed(if is_first { text.as_str() } else { "" }) };
            word.span = span.filter(|_| is_first);
        }
        laid.push(Repaired { repair: one.repair, words: range, heard });
    }
    laid
}

/// The meant text with the marks that stand before the first of these words and after the last.
fn dressed(heard: &[Word], meant: &str) -> String {
    let is_mark = |c: char| !c.is_alphanumeric();
    let (Some(first), Some(last)) = (heard.first(), heard.last()) else { return meant.to_owned() };
    let before = &first.text[..first.text.len() - first.text.trim_start_matches(is_mark).len()];
    let mut after = &last.text[last.text.trim_end_matches(is_mark).len()..];
    if before.len() == first.text.len() && heard.len() == 1 {
        // Nothing but marks: they are what is replaced.
        return meant.to_owned();
    }
    // A point that ends "U.S." also ends the sentence, and an apostrophe may belong to the name.
    if let Some(mark) = meant.chars().next_back().filter(|mark| is_mark(*mark)) {
        after = after.strip_prefix(mark).unwrap_or(after);
    }
    let before = if before.chars().next_back().is_some_and(|mark| meant.starts_with(mark)) {
        &before[..before.len() - before.chars().next_back().map_or(0, char::len_utf8)]
    } else {
        before
    };
    format!("{before}{meant}{after}")
}

/// The sentences and passages of a transcript as it reads. Words that a repair emptied go with the word before.
pub(crate) fn parts(transcript: &Transcript) -> (Vec<WordRange>, Vec<Passage>) {
    if transcript.words.iter().all(|word| !word.text.is_empty()) {
        let sentences = ear_language::sentences(transcript);
        let passages = ear_language::passages(transcript, &sentences);
        return (sentences, passages);
    }
    let kept: Vec<usize> = (0..transcript.words.len()).filter(|&at| !transcript.words[at].text.is_empty()).collect();
    let dense = dense(transcript, &kept);
    let sentences = ear_language::sentences(&dense);
    let passages = ear_language::passages(&dense, &sentences);
    let place = |index: usize| match index {
        0 => 0,
        _ => kept.get(index).copied().unwrap_or(transcript.words.len()),
    };
    let wide = |range: &WordRange| place(range.start)..place(range.end);
    let passages = passages.into_iter().map(|passage| Passage { words: wide(&passage.words), ..passage });
    (sentences.iter().map(wide).collect(), passages.collect())
}

/// The transcript with these of its words alone.
fn dense(transcript: &Transcript, kept: &[usize]) -> Transcript {
    let index = |word: usize| kept.partition_point(|&at| at < word);
    let turns = transcript
        .turns
        .iter()
        .map(|turn| Turn { words: index(turn.words.start)..index(turn.words.end), ..turn.clone() });
    Transcript {
        language: transcript.language.clone(),
        duration: transcript.duration,
        timing: transcript.timing,
        words: kept.iter().map(|&at| transcript.words[at].clone()).collect(),
        turns: turns.filter(|turn| !turn.words.is_empty()).collect(),
        stretches: transcript.stretches.clone(),
        ..Transcript::empty(transcript.origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_core::{Origin, Timing};
    use proptest::prelude::*;

    fn said(text: &str) -> Vec<Word> {
        let words = text.split(' ').enumerate();
        words
            .map(|(at, word)| Word {
                confidence: Some(0.4),
                ..Word::timed(word, Span::new(at as u64 * 100, at as u64 * 100 + 90))
            })
            .collect()
    }

    fn accepted(words: WordRange, meant: &str) -> Accepted {
        Accepted { repair: RepairId(1), words, meant: meant.into() }
    }

    #[test]
    fn the_meant_words_are_read() {
        let check = |text: &str, repairs: &[(WordRange, &str)], expected: &str| {
            let mut words = said(text);
            let repairs: Vec<_> = repairs.iter().map(|(range, meant)| accepted(range.clone(), meant)).collect();
            lay(&mut words, 0, &repairs);
            assert_eq!(join_words(&words), expected);
        };
        check("then sola money, he", &[(1..3, "Soleimani")], "then Soleimani, he");
        check("“sola money’s” end", &[(0..2, "Soleimani’s")], "“Soleimani’s” end");
        check("the you ess. Then", &[(1..3, "U.S.")], "the U.S. Then");
        check("in hair bull and soul", &[(1..3, "Erbil"), (4..5, "Seoul")], "in Erbil and Seoul");
        check("in hair bull", &[(1..3, "Erbil"), (2..3, "Bull")], "in Erbil");
        check("in hair bull", &[(1..9, "Erbil"), (9..9, "x")], "in Erbil");
        check("all players' union", &[(1..2, "Slayers'")], "all Slayers' union");
        check("so … it", &[(1..2, "Omar")], "so Omar it");
    }

    #[test]
    fn indices_times_and_what_was_heard_stay() {
        let mut words = said("then sola money, he");
        let laid = lay(&mut words, 0, &[accepted(1..3, "Soleimani")]);
        assert_eq!((laid[0].words.clone(), laid[0].heard.as_str()), (1..3, "sola money,"));
        assert_eq!((words[1].span, words[1].confidence), (Some(Span::new(100, 290)), None));
        assert_eq!((words[2].text.as_str(), words[2].span, words[2].glued), ("", None, true));
        assert_eq!(words[3], said("a b c he")[3]);
    }

    #[test]
    fn a_part_of_a_transcript_reads_as_in_the_whole() {
        let mut words = said("money, he left");
        lay(&mut words, 2, &[accepted(1..3, "Soleimani")]);
        assert_eq!(join_words(&words), "he left");
        let mut words = said("then sola");
        lay(&mut words, 0, &[accepted(1..3, "Soleimani")]);
        assert_eq!(join_words(&words), "then Soleimani");
    }

    #[test]
    fn emptied_words_go_with_the_word_before() {
        let mut words = said("We met sola. Money. He left. The end.");
        lay(&mut words, 0, &[accepted(2..4, "Soleimani")]);
        let transcript = Transcript { words, timing: Timing::Words, ..Transcript::empty(Origin::Recognised) };
        let (sentences, passages) = parts(&transcript);
        assert_eq!(sentences, [0..4, 4..6, 6..8]);
        assert!(passages.len() == 1 && passages[0].words == (0..8));
    }

    proptest! {
        #[test]
        fn parts_are_partitions(
            texts in prop::collection::vec("[a-z]{1,3}[.,]?", 0..60),
            repairs in prop::collection::vec((0_usize..70, 1_usize..5), 0..12),
            cut in 0_usize..60,
        ) {
            let words: Vec<Word> = texts.iter().map(Word::untimed).collect();
            let cut = cut.min(words.len());
            let turns = vec![Turn { speaker: None, words: 0..cut }, Turn { speaker: None, words: cut..words.len() }];
            let mut transcript = Transcript { words, turns, ..Transcript::empty(Origin::Imported) };
            let mut repairs = repairs;
            repairs.sort_unstable();
            let repairs: Vec<_> = repairs.into_iter().map(|(at, n)| accepted(at..at + n, "X")).collect();
            lay(&mut transcript.words, 0, &repairs);
            let (sentences, passages) = parts(&transcript);
            for ranges in [sentences, passages.into_iter().map(|passage| passage.words).collect()] {
                let mut at = 0;
                for range in ranges {
                    prop_assert!(range.start == at && range.end > at);
                    at = range.end;
                }
                prop_assert_eq!(at, transcript.words.len());
            }
        }
    }
}
