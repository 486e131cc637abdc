//! Listens again for names: a name that may have been said takes the place of what was heard, the model is asked
//! how likely the sound makes it, and it stays where that makes up for what the model thinks of its spelling.

use crate::Error;
use std::ops::Range;

/// Times a window is listened to for candidates; each time takes as many as lie apart.
const ROUNDS: usize = 3;
/// Tokens between two candidates that are tried together, so that one does not disturb the other.
const APART: usize = 4;
/// Tokens after a candidate that are compared, too: a wrong word makes them unlikely.
const AFTER: usize = 4;
/// Least score at which a name stays that somebody gave. Rare words are less likely in writing than in the mouths of
/// those who brought a list of them.
pub(super) const GIVEN: f32 = -3.0;
/// And one that was only gathered, so that nobody says it is there.
pub(super) const GATHERED: f32 = -1.5;
/// A probability of zero is taken for this.
const FAINTEST: f32 = 1e-10;

/// Other tokens for a range of those heard.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Edit {
    pub heard: Range<usize>,
    pub tokens: Vec<usize>,
    /// What speaks for it besides the sound, as a log-probability.
    pub prior: f32,
    /// Least score at which it stays: [`GIVEN`] or [`GATHERED`].
    pub stays: f32,
}

/// A text with names in it.
#[derive(Debug, PartialEq)]
pub(super) struct Meant<T> {
    pub tokens: Vec<usize>,
    pub aligned: T,
    pub names: Vec<Placed>,
}

/// A name that stays.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Placed {
    /// Its tokens in the new text.
    pub tokens: Range<usize>,
    /// How likely it is against what was heard, from 0.5 to 1.
    pub confidence: f32,
}

/// Gives tokens their probabilities.
pub(super) trait Probable {
    /// One for each token, from 0 to 1.
    fn probabilities(&self) -> &[f32];
}

/// Tries `edits`, likeliest first; the text with those that stay, or `None` if none does. `listen` aligns a text
/// with the sound; it is called at most [`ROUNDS`] times and then once for each set of names that might stay.
pub(super) fn listen_again<T: Probable>(
    tokens: &[usize],
    heard: &T,
    edits: Vec<Edit>,
    listen: &mut dyn FnMut(&[usize]) -> Result<T, Error>,
) -> Result<Option<Meant<T>>, Error> {
    let mut kept: Vec<(Edit, f32)> = Vec::new();
    let mut pending = edits;
    for _ in 0..ROUNDS {
        let (round, later) = apart(pending);
        if round.is_empty() {
            break;
        }
        let (text, places) = replaced(tokens, &round);
        let scores = scores(&round, &places, heard, &listen(&text)?);
        kept.extend(round.into_iter().zip(scores).filter(|(edit, score)| *score >= edit.stays));
        pending = later;
    }
    let mut edits = without_overlap(kept);
    // A neighbour may have spoken for a name in its round and be gone now: those left are heard once more, until
    // all of them stay.
    while !edits.is_empty() {
        let (text, places) = replaced(tokens, &edits);
        let aligned = listen(&text)?;
        let scores = scores(&edits, &places, heard, &aligned);
        if edits.iter().zip(&scores).all(|(edit, score)| *score >= edit.stays) {
            let place = |(tokens, score): (Range<usize>, f32)| Placed { tokens, confidence: confidence(score) };
            let names = places.into_iter().zip(scores).map(place).collect();
            return Ok(Some(Meant { tokens: text, aligned, names }));
        }
        let mut scores = scores.into_iter();
        edits.retain(|edit| scores.next().is_some_and(|score| score >= edit.stays));
    }
    Ok(None)
}

/// A name that barely stays is as likely as what was heard.
fn confidence(score: f32) -> f32 {
    1.0 / (1.0 + (GIVEN - score).exp())
}

/// Those that can be tried together, by place, and the others.
fn apart(edits: Vec<Edit>) -> (Vec<Edit>, Vec<Edit>) {
    let (mut round, mut later): (Vec<Edit>, Vec<Edit>) = (Vec::new(), Vec::new());
    for edit in edits {
        let clear =
            |other: &Edit| edit.heard.end + APART <= other.heard.start || other.heard.end + APART <= edit.heard.start;
        if round.iter().all(clear) { round.push(edit) } else { later.push(edit) }
    }
    round.sort_by_key(|edit| edit.heard.start);
    (round, later)
}

/// The best of those that want the same words, by place.
fn without_overlap(mut kept: Vec<(Edit, f32)>) -> Vec<Edit> {
    kept.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut edits: Vec<Edit> = Vec::new();
    for (edit, _) in kept {
        if edits.iter().all(|other| edit.heard.end <= other.heard.start || other.heard.end <= edit.heard.start) {
            edits.push(edit);
        }
    }
    edits.sort_by_key(|edit| edit.heard.start);
    edits
}

/// The tokens with these edits, which go by place and don't overlap; and where each of them now lies.
fn replaced(tokens: &[usize], edits: &[Edit]) -> (Vec<usize>, Vec<Range<usize>>) {
    let (mut text, mut places, mut at) = (Vec::with_capacity(tokens.len()), Vec::new(), 0);
    for edit in edits {
        text.extend(&tokens[at..edit.heard.start]);
        places.push(text.len()..text.len() + edit.tokens.len());
        text.extend(&edit.tokens);
        at = edit.heard.end;
    }
    text.extend(&tokens[at..]);
    (text, places)
}

fn scores<T: Probable>(edits: &[Edit], places: &[Range<usize>], heard: &T, meant: &T) -> Vec<f32> {
    let likely = |aligned: &T, tokens: &Range<usize>| -> f32 {
        let probabilities = aligned.probabilities();
        let end = (tokens.end + AFTER).min(probabilities.len());
        probabilities[tokens.start.min(end)..end].iter().map(|probability| probability.max(FAINTEST).ln()).sum()
    };
    let score = |(edit, place)| {
        let edit: &Edit = edit;
        edit.prior + likely(meant, place) - likely(heard, &edit.heard)
    };
    edits.iter().zip(places).map(score).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Probabilities(Vec<f32>);

    impl Probable for Probabilities {
        fn probabilities(&self) -> &[f32] {
            &self.0
        }
    }

    /// A sound in which each token is as likely as the table says, others hardly; counts how often it is heard.
    fn listen(likely: &[(usize, f32)], times: &mut usize, text: &[usize]) -> Probabilities {
        *times += 1;
        let find = |token| likely.iter().find(|(known, _)| known == token).map_or(0.001, |(_, likely)| *likely);
        Probabilities(text.iter().map(find).collect())
    }

    fn check(likely: &[(usize, f32)], edits: &[(Range<usize>, &[usize])], expected: Option<&[usize]>, listened: usize) {
        let tokens: Vec<usize> = (0..20).collect();
        let mut times = 0;
        let heard = listen(likely, &mut times, &tokens);
        let edits = edits.iter().map(|(heard, tokens)| Edit {
            heard: heard.clone(),
            tokens: tokens.to_vec(),
            prior: 0.0,
            stays: GIVEN,
        });
        let meant = listen_again(&tokens, &heard, edits.collect(), &mut |text| Ok(listen(likely, &mut times, text)));
        let meant = meant.expect("listening to a table can't fail");
        assert_eq!(meant.as_ref().map(|meant| &meant.tokens[..]), expected);
        assert_eq!(times - 1, listened);
        for name in meant.iter().flat_map(|meant| &meant.names) {
            assert!((0.5..=1.0).contains(&name.confidence) && name.tokens.len() <= 2, "{name:?}");
        }
    }

    #[test]
    fn names_stay_where_the_sound_allows() {
        let sound: &[(usize, f32)] = &[(3, 0.1), (100, 0.2), (101, 0.01), (102, 0.000_001), (19, 0.1)];
        check(sound, &[], None, 0);
        check(sound, &[(3..4, &[102])], None, 1);
        check(
            sound,
            &[(3..4, &[100])],
            Some(&[0, 1, 2, 100, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]),
            2,
        );
        // The better of two for one place, and another at the end.
        let expected = [0, 1, 2, 100, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 100, 100];
        check(sound, &[(3..4, &[101]), (3..4, &[100]), (19..20, &[100, 100])], Some(&expected), 3);
    }

    #[test]
    fn gathered_names_need_more_than_given_ones() {
        let check = |stays: f32, likely: f32, expected: bool| {
            let tokens: Vec<usize> = (0..10).collect();
            let sound =
                |text: &[usize]| Probabilities(text.iter().map(|t| if *t == 100 { likely } else { 0.5 }).collect());
            let edits = vec![Edit { heard: 1..2, tokens: vec![100], prior: 0.0, stays }];
            let meant = listen_again(&tokens, &sound(&tokens), edits, &mut |text| Ok(sound(text)));
            assert_eq!(meant.expect("listening to a table can't fail").is_some(), expected, "{stays} {likely}");
        };
        check(GIVEN, 0.05, true);
        check(GATHERED, 0.05, false);
        check(GATHERED, 0.2, true);
        check(GIVEN, 0.01, false);
    }

    #[test]
    fn a_name_that_leans_on_another_falls_with_it() {
        let tokens: Vec<usize> = (0..10).collect();
        // 100 is likely beside 200 alone, and 200 never is.
        let sound = |text: &[usize]| {
            let both = text.contains(&100) && text.contains(&200);
            let likely = |token: &usize| match token {
                100 if !both => 1e-9,
                200 => 1e-9,
                _ => 0.5,
            };
            Probabilities(text.iter().map(likely).collect())
        };
        let edit = |at: usize, token| Edit { heard: at..at + 1, tokens: vec![token], prior: 0.0, stays: GIVEN };
        let edits = vec![edit(1, 100), edit(8, 200)];
        let meant = listen_again(&tokens, &sound(&tokens), edits, &mut |text| Ok(sound(text)));
        assert_eq!(meant.expect("listening to a table can't fail"), None);
    }
}
