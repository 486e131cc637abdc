//! Sponsors' messages that hosts read: after the sponsor is named, what goes on about it belongs to it, up to where the
//! host says that the show goes on.

use super::evidence::Evidence;
use crate::commonness::fold;
use ear_core::{Transcript, WordRange};
use std::collections::HashSet;

/// What phrases of a sentence have to weigh together so that it opens a message.
const OPENS: f32 = 4.0;
/// A message is read to its end within so many words of where a sponsor was last announced.
const WITHIN: usize = 300;
/// What it is worth that a sentence names the sponsor, and that the host later says that the show goes on.
const NAMED: f32 = 1.2;
const ENDED: f32 = 0.6;
/// Words of a sentence beyond this many cost nothing more: messages have long sentences.
const LONG: usize = 20;
/// How hosts go back to the show.
const BACK: [&[&str]; 7] = [
    &["on", "to", "the", "show"],
    &["onto", "the", "show"],
    &["back", "to", "the", "show"],
    &["now", "back", "to"],
    &["we're", "back"],
    &["we", "are", "back"],
    &["welcome", "back"],
];

/// Adds to what sentences say that follow the announcement of a sponsor.
pub(super) fn weigh(transcript: &Transcript, sentences: &[WordRange], all: &mut [Evidence]) {
    let opens: Vec<usize> = (0..all.len()).filter(|&at| all[at].announces_sponsor() >= OPENS).collect();
    let mut names = HashSet::new();
    for (number, &opening) in opens.iter().enumerate() {
        names.extend(capitalised(transcript, &sentences[opening]));
        let until = opens.get(number + 1).copied().unwrap_or(all.len());
        let words = |at: usize| sentences[at].start.saturating_sub(sentences[opening].end);
        let near: Vec<usize> = (opening + 1..until).take_while(|&at| words(at) <= WITHIN).collect();
        // What is said while the sponsor's message is at an end is the show's.
        let back = near.iter().position(|&at| goes_back(transcript, &sentences[at]));
        for &at in &near[..back.unwrap_or(near.len())] {
            let named = folded(transcript, &sentences[at]).any(|word| names.contains(&word));
            let ended = if back.is_some() { ENDED } else { 0.0 };
            let over = sentences[at].len().saturating_sub(LONG);
            all[at].add_to_sponsor(if named { NAMED } else { 0.0 } + ended, over);
        }
    }
}

fn folded<'a>(transcript: &'a Transcript, sentence: &WordRange) -> impl Iterator<Item = String> + 'a {
    transcript.words[sentence.clone()].iter().map(|word| {
        // "Toptal.com/jobs" names Toptal.
        fold(word.text.split(['.', '/']).next().unwrap_or_default()).into_owned()
    })
}

/// The words written with a capital that do not begin the sentence.
fn capitalised(transcript: &Transcript, sentence: &WordRange) -> Vec<String> {
    let words = transcript.words[sentence.clone()].iter().skip(1);
    let names = words.filter(|word| word.text.chars().next().is_some_and(char::is_uppercase));
    names.map(|word| fold(&word.text).into_owned()).filter(|name| name.chars().count() > 2).collect()
}

fn goes_back(transcript: &Transcript, sentence: &WordRange) -> bool {
    let words: Vec<String> =
        transcript.words[sentence.clone()].iter().map(|word| fold(&word.text).into_owned()).collect();
    BACK.iter().any(|cue| words.windows(cue.len()).any(|window| window == *cue))
}
