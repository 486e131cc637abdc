//! Saying what was meant by some words.

use super::entities::KindArg;
use super::{tell_what_follows, text};
use crate::cmd::{Context, show};
use crate::dto::DecidedDto;
use crate::exit::{Ending, Outcome};
use crate::input;
use clap::Args;
use ear_engine::core::{EpisodeId, Millis, Span, Word, WordRange, clock, join_words};
use ear_engine::{Error, ErrorKind, ReadableTranscript, Reading, Result, Verdict};

/// How many places are told where one has to be chosen.
const MOST_PLACES: usize = 8;

#[derive(Debug, Args)]
pub struct CorrectArgs {
    /// What was meant, as it is to be read
    meant: String,
    /// The words that were heard
    #[arg(long, value_name = "WORDS", required_unless_present_any = ["words", "at"], conflicts_with = "words")]
    heard: Option<String>,
    /// When they were said: 12:31, 1:02:09 or seconds; alone, the one word at this moment
    #[arg(long, value_name = "TIME", value_parser = input::moment, conflicts_with = "words")]
    at: Option<Millis>,
    /// Which words, by their numbers in `show --json`: the first, and the one after the last
    #[arg(long, value_name = "FROM..TO", value_parser = input::word_range)]
    words: Option<WordRange>,
    /// What it is the name of
    #[arg(long)]
    kind: Option<KindArg>,
}

pub fn run(context: &Context, episode: &str, args: &CorrectArgs) -> Outcome {
    let library = context.library()?;
    let id = library.find_episode(episode)?;
    let readable = show::transcript(&library, &library.episode(id)?.summary, None, Reading::AsHeard)?;
    let words = place(id, &readable, args)?;
    let heard = join_words(readable.transcript.words.get(words.clone()).unwrap_or_default());
    let kind = args.kind.and_then(KindArg::of_core);
    let decided = library.repair_by_hand(readable.id, words, &args.meant, kind)?;
    context.print(&DecidedDto::new(&decided, Verdict::Accept), || {
        let repair = decided.repairs.first().map(ToString::to_string).unwrap_or_default();
        format!("repair {repair}: {}", text::change(&heard, &args.meant))
    })?;
    tell_what_follows(context, &decided);
    Ok(Ending::Done)
}

/// The words that are meant.
fn place(episode: EpisodeId, readable: &ReadableTranscript, args: &CorrectArgs) -> Result<WordRange> {
    let words = &readable.transcript.words;
    if let Some(range) = &args.words {
        if range.end <= words.len() {
            return Ok(range.clone());
        }
        let error = Error::new(ErrorKind::BadInput, format!("its transcript has only {} words", words.len()));
        return Err(error.at(format!("episode {episode}")));
    }
    let (found, remedy) = match (&args.heard, args.at) {
        (Some(heard), at) => (nearest(words, places(words, heard), at), "`earwitness show --as-heard` has its words"),
        (None, Some(at)) => (word_at(words, at).into_iter().collect(), "Name the words with --heard"),
        (None, None) => (vec![], "Name the words with --heard"),
    };
    match found.as_slice() {
        [place] => Ok(place.clone()),
        [] => {
            let error = Error::new(ErrorKind::NotFound, "these words were not heard there");
            Err(error.at(format!("episode {episode}")).remedy(remedy))
        }
        several => {
            let error = Error::new(ErrorKind::Ambiguous, format!("these words were heard {} times", several.len()));
            Err(error.at(format!("episode {episode}")).remedy(choice(words, several)))
        }
    }
}

/// How to name one of several places.
fn choice(words: &[Word], places: &[WordRange]) -> String {
    let starts = places.iter().take(MOST_PLACES).map(|place| {
        let span = words[place.clone()].iter().find_map(|word| word.span);
        span.map_or_else(|| format!("--words {}..{}", place.start, place.end), |span| clock(span.start()))
    });
    let starts = starts.collect::<Vec<_>>().join(", ");
    let more = if places.len() > MOST_PLACES { ", …" } else { "" };
    format!("Say which with --at or --words: {starts}{more}")
}

/// Where these words are, without regard to case and marks.
fn places(words: &[Word], heard: &str) -> Vec<WordRange> {
    let wanted: Vec<String> = heard.split_whitespace().map(folded).filter(|word| !word.is_empty()).collect();
    let said: Vec<String> = words.iter().map(|word| folded(&word.text)).collect();
    if wanted.is_empty() {
        return vec![];
    }
    let starts = said.windows(wanted.len()).enumerate().filter(|(_, window)| *window == wanted.as_slice());
    starts.map(|(start, _)| start..start + wanted.len()).collect()
}

fn folded(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Of several places the one nearest to a moment, if one is given and they have times.
fn nearest(words: &[Word], places: Vec<WordRange>, at: Option<Millis>) -> Vec<WordRange> {
    let Some(at) = at else { return places };
    let distance = |place: &WordRange| {
        let span = words[place.clone()].iter().filter_map(|word| word.span).reduce(Span::join)?;
        Some(span.start().saturating_sub(at).max(at.saturating_sub(span.end())))
    };
    let near = places.iter().filter_map(|place| Some((distance(place)?, place))).min_by_key(|(distance, _)| *distance);
    match near {
        Some((_, place)) => vec![place.clone()],
        None => places,
    }
}

/// The word that is being said at a moment.
fn word_at(words: &[Word], at: Millis) -> Option<WordRange> {
    let is_said = |word: &Word| word.span.is_some_and(|span| span.start() <= at && at < span.end());
    words.iter().position(is_said).map(|index| index..index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<Word> {
        let words = text.split(' ').enumerate();
        words.map(|(at, word)| Word::timed(word, Span::new(at as u64 * 100, at as u64 * 100 + 90))).collect()
    }

    #[test]
    fn heard_words_are_found() {
        let words = said("General Sola money, and then sola money again.");
        for (heard, at, expected) in [
            ("sola money", None, &[(1, 3), (5, 7)][..]),
            ("Sola, MONEY", Some(0), &[(1, 3)]),
            ("sola money", Some(600), &[(5, 7)]),
            ("again", None, &[(7, 8)]),
            ("money sola", None, &[]),
            ("…", None, &[]),
        ] {
            let found = nearest(&words, places(&words, heard), at);
            let found: Vec<_> = found.into_iter().map(|range| (range.start, range.end)).collect();
            assert_eq!(found, expected, "{heard} {at:?}");
        }
        for (at, expected) in [(0, Some(0..1)), (189, Some(1..2)), (195, None), (90_000, None)] {
            assert_eq!(word_at(&words, at), expected, "{at}");
        }
    }

    #[test]
    fn a_place_can_be_chosen() {
        let mut words = said("a b a");
        words[2].span = None;
        assert_eq!(choice(&words, &[0..1, 2..3]), "Say which with --at or --words: 0:00, --words 2..3");
    }
}
