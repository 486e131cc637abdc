//! Text and sound brought together: times for the words of a text from the words that were heard, and the
//! times that a publisher gave checked against them.
//!
//! Two sequences of words are matched ([`times`]): runs of words that occur once in each anchor them, as in
//! patience diff; dynamic programming (Needleman and Wunsch 1970, Gotoh 1982) aligns what lies between; runs
//! of matches that chance would give too are left out, as in BLAST (Altschul and others 1990). How far
//! published times are off is told by robust means ([`drift`]; Theil 1950).

mod anchors;
mod drift;
mod dynamic;
mod fill;
mod matching;
mod numbers;
mod spread;
mod tokens;

pub use drift::{Drift, Jump, drift, moved};
pub use fill::fill;

use ear_core::{Span, Word, WordRange};
use matching::Matching;

/// A text is that of the sound where at least this share of the shorter of the two matches. Of 22 texts that
/// were not those of the sound, though of the same kind, 3 % matched at most; of those that were, 15 % at
/// least with a recogniser that misheard most of them, 72 % with usual ones.
pub const FITS: f64 = 0.1;

/// A text with the times of its sound.
#[derive(Clone, Debug, PartialEq)]
pub struct Aligned {
    /// The words of the text, unchanged but for their times and confidence. Words without a time were not
    /// said. Words with a time and no confidence were not heard: theirs is the speech between their
    /// neighbours. Starts never run backwards and no word lasts into the next.
    pub words: Vec<Word>,
    /// Share of the text's words that were heard, from 0 to 1.
    pub matched: f64,
    /// Share of the words heard that are in the text, from 0 to 1.
    pub covered: f64,
    /// Words of the text that were not said, and so have no time; ascending.
    pub unsaid: Vec<WordRange>,
    /// Words that were heard and that the text lacks, where there are several in a row; ascending.
    pub lacking: Vec<WordRange>,
}

impl Aligned {
    /// Whether the text and the sound belong together at all. A text may cover a part of its recording only,
    /// or reach beyond it.
    pub fn fits(&self) -> bool {
        self.matched.max(self.covered) >= FITS
    }
}

/// Fewer words in a row than these are slips of the writer or of the recogniser.
const SEVERAL: usize = 5;

/// Gives the words of a text the times of the words heard. `speech` says where somebody speaks; where it is
/// empty, all of the time between words may be speech. Takes time in proportion to the length of the two.
pub fn times(text: &[Word], heard: &[Word], speech: &[Span]) -> Aligned {
    let matching = Matching::new(text, heard);
    let (mut in_text, mut in_heard) = (vec![false; text.len()], vec![false; heard.len()]);
    for (i, j) in matching.pairs() {
        in_text[matching.text.word[i]] = true;
        in_heard[matching.heard.word[j]] = true;
    }
    let words = spread::spread(text, heard, speech, &matching);
    let share = |found: &[bool], words: &[usize]| {
        let mut distinct = words.to_vec();
        distinct.dedup();
        found.iter().filter(|found| **found).count() as f64 / distinct.len().max(1) as f64
    };
    let mut lacking = ranges(in_heard.iter().map(|found| !found));
    lacking.retain(|range| range.len() >= SEVERAL);
    Aligned {
        matched: share(&in_text, &matching.text.word),
        covered: share(&in_heard, &matching.heard.word),
        unsaid: ranges(words.iter().map(|word| word.span.is_none())),
        lacking,
        words,
    }
}

/// The stretches that are true.
fn ranges(flags: impl Iterator<Item = bool>) -> Vec<WordRange> {
    let mut ranges: Vec<WordRange> = Vec::new();
    for (index, _) in flags.enumerate().filter(|(_, flag)| *flag) {
        match ranges.last_mut().filter(|last| last.end == index) {
            Some(last) => last.end = index + 1,
            None => ranges.push(index..index + 1),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_core::Millis;

    /// A word every 500 ms from `from` on, 400 ms long.
    fn heard(from: Millis, text: &str) -> Vec<Word> {
        let words = text.split_whitespace().enumerate();
        let span = |index: usize| Span::new(from + index as u64 * 500, from + index as u64 * 500 + 400);
        words.map(|(index, word)| Word { confidence: Some(0.9), ..Word::timed(word, span(index)) }).collect()
    }

    fn text(text: &str) -> Vec<Word> {
        text.split_whitespace().map(Word::untimed).collect()
    }

    /// As "word@start-end", with "~" where it was not heard itself and "@-" where it was not said.
    fn shown(words: &[Word]) -> String {
        let one = |word: &Word| match word.span {
            None => format!("{}@-", word.text),
            Some(span) => {
                let sure = if word.confidence.is_some() { "" } else { "~" };
                format!("{}@{sure}{}-{}", word.text, span.start(), span.end())
            }
        };
        words.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    fn check(written: &str, said: &[Word], speech: &[Span], expected: &str) {
        assert_eq!(shown(&times(&text(written), said, speech).words), expected, "{written}");
    }

    const SAID: &str = "it was the best of times it was the worst of times";

    #[test]
    fn words_take_the_times_of_those_heard() {
        check(
            "It was the best of times — it was the WORST of times.",
            &heard(1000, SAID),
            &[],
            "It@1000-1400 was@1500-1900 the@2000-2400 best@2500-2900 of@3000-3400 times@3500-3900 —@~3900-3900 \
             it@4000-4400 was@4500-4900 the@5000-5400 WORST@5500-5900 of@6000-6400 times.@6500-6900",
        );
    }

    #[test]
    fn misheard_words_share_the_time_of_what_was_heard() {
        // Seventeen letters in 800 ms of sound, with the pause between left out.
        check(
            "we met Monro incorporated in the spring of last year",
            &heard(0, "we met monroe inks in the spring of last year"),
            &[],
            "we@0-400 met@500-900 Monro@~1000-1235 incorporated@~1500-1900 in@2000-2400 the@2500-2900 \
             spring@3000-3400 of@3500-3900 last@4000-4400 year@4500-4900",
        );
    }

    #[test]
    fn numbers_match_however_they_are_written() {
        check(
            "in 1999 we sold 20% of it for $5",
            &heard(0, "in nineteen ninety nine we sold twenty percent of it for five dollars"),
            &[],
            "in@0-400 1999@500-1900 we@2000-2400 sold@2500-2900 20%@3000-3900 of@4000-4400 it@4500-4900 for@5000-5400 \
             $5@5500-6400",
        );
    }

    #[test]
    fn what_was_not_said_has_no_time() {
        let mut said = heard(0, "so much for the first half of the show");
        said.extend(heard(7000, "and now for the second half of our programme"));
        let speech = [Span::new(0, 4400), Span::new(6900, 11_400)];
        let aligned = times(
            &text(
                "So much for the first half of the show. PART TWO OF FOUR: QUESTIONS And now for the second half of our programme.",
            ),
            &said,
            &speech,
        );
        assert_eq!(aligned.unsaid.first(), Some(&(9..14)), "{}", shown(&aligned.words));
        assert_eq!(aligned.lacking, []);
        assert!(aligned.fits() && aligned.covered == 1.0);
    }

    #[test]
    fn what_nobody_heard_but_was_said_lies_in_the_speech_between() {
        let mut said = heard(0, "the minister arrived early that morning and then");
        said.extend(heard(8000, "everybody went back to work without a word"));
        let written = "The minister arrived early that morning and then sat down to talk to them at length everybody \
                       went back to work without a word";
        let aligned = times(&text(written), &said, &[Span::new(0, 6000), Span::new(7500, 12_000)]);
        let between: Vec<Span> = aligned.words[8..16].iter().filter_map(|word| word.span).collect();
        assert_eq!(between.len(), 8, "{}", shown(&aligned.words));
        for span in between {
            let inside = |from, to| from <= span.start() && span.end() <= to;
            assert!(inside(3900, 6000) || inside(7500, 8000), "{span:?}");
        }
    }

    #[test]
    fn words_said_in_one_breath_are_where_they_must_be() {
        let said = |word, start, end| Word { confidence: Some(0.9), ..Word::timed(word, Span::new(start, end)) };
        let said = [said("we", 0, 200), said("went", 200, 500), said("shop", 500, 900), said("yesterday", 900, 1500)];
        let mut all = said.to_vec();
        all.extend(heard(2000, "to buy some bread"));
        check(
            "we went to the shop yesterday to buy some bread",
            &all,
            &[Span::new(0, 1500)],
            "we@0-200 went@200-500 to@~500-500 the@~500-500 shop@500-900 yesterday@900-1500 to@2000-2400 \
             buy@2500-2900 some@3000-3400 bread@3500-3900",
        );
    }

    #[test]
    fn a_text_may_cover_a_part() {
        let said: String = (0..300).map(|number| format!("word{number}x ")).collect();
        let part: String = (100..160).map(|number| format!("word{number}x ")).collect();
        let aligned = times(&text(&part), &heard(0, &said), &[]);
        assert!(aligned.fits() && aligned.matched == 1.0 && aligned.unsaid.is_empty());
        assert_eq!(aligned.lacking, [0..100, 160..300]);
        assert_eq!(aligned.words[0].span.map(Span::start), Some(50_000));
    }

    #[test]
    fn another_text_is_refused() {
        let other =
            "a quite different matter altogether is what the committee heard about on the second day of hearings";
        let aligned = times(&text(other), &heard(0, SAID), &[]);
        assert!(!aligned.fits() && aligned.unsaid.first() == Some(&(0..17)), "{aligned:?}");
        for (a, b) in [("", SAID), (SAID, ""), ("", ""), ("— … —", SAID)] {
            assert!(!times(&text(a), &heard(0, b), &[]).fits());
        }
    }

    #[test]
    fn scripts_without_spaces_match_however_they_are_cut() {
        let written: Vec<Word> = ["今天", "天气", "很好,", "我们", "去", "公园"].map(Word::untimed).into();
        let aligned = times(&written, &heard(0, "今天天气 很好 我们去 公园"), &[]);
        assert_eq!(aligned.matched, 1.0);
        assert_eq!(aligned.words[1].span, Some(Span::new(200, 400)));
    }
}
