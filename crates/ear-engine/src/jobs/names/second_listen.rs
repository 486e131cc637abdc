//! The second listen: where a proposal says that heard words stand for a name, the sound is asked which of both it
//! fits better. The recogniser's decoder is made to say the heard words and then the meant ones over the same few
//! seconds, and tells how likely it found each (docs/decisions/0017-names-second-listen.md).

mod windows;

use crate::{Error, Library, Result};
use ear_core::{Alternative, Evidence, EvidenceKind, Origin, Proposal, Span, Timing, Word, WordRange, join_words};
use ear_speech::audio::{AudioError, Sound};
use ear_speech::models;
use ear_speech::recognise::{FakeRecogniser, Reading, Recogniser, Weighed};
use ear_store::{Episode, TranscriptInfo};
use std::ops::ControlFlow;
use windows::{Window, cut, windows};

/// Proposals less likely than this are not listened to.
const LOW: f32 = 0.15;
/// Most proposals of an episode that are listened to, the likeliest first: the work of a minute.
const MOST: usize = 400;
/// Words after those in question that tell whether the rest still fits.
const AFTER: usize = 6;
/// Log-odds of a proposal from the difference of log-probabilities, meant less heard: a logistic map fitted on read
/// and spoken English with Whisper base. What was heard is what the decoder found likeliest, and a rare name costs it
/// much, so that a name may lose some and still be right.
const SLOPE: f32 = 0.33;
const OFFSET: f32 = 3.0;
/// The sound alone neither proves nor refutes a name.
const STRONGEST: f32 = 4.0;
/// What another reading that says the name is worth beside the sound, with which it agrees mostly.
const READ: f32 = 1.0;
/// Probabilities stay this far from 0 and 1.
const EDGE: f32 = 0.001;

/// How a second listen went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Heard {
    /// Proposals that got evidence from the sound.
    pub listened: usize,
    /// Proposals that another reading of the recogniser speaks for.
    pub read: usize,
    /// Why the sound was not listened to, or not to its end, in a clause; `None` where it was, and where nothing was
    /// to be listened to.
    pub skipped: Option<String>,
    /// Whether `stop` ended it.
    pub stopped: bool,
}

/// Listens to the places of likely proposals, and adds evidence of the kinds `Reading` and `SecondListen`. `words` are
/// all of the transcript's, as heard. Without sound or model the proposals stay as they are, and the answer says why:
/// nothing but the library failing is an error. `stop` is asked every second of sound and before each window.
pub(crate) fn second_listen(
    library: &Library,
    episode: &Episode,
    transcript: &TranscriptInfo,
    words: &[Word],
    proposals: &mut [Proposal],
    stop: &dyn Fn() -> bool,
) -> Result<Heard> {
    let mut heard =
        Heard { read: look_up(&library.store.alternatives(transcript.id)?, words, proposals), ..Heard::default() };
    let windows = windows(words, proposals, &likely(proposals, words));
    let Some(first) = windows.first() else { return Ok(heard) };
    let start = first.span.start;
    let recording = episode.recording.as_deref().map(|hash| library.store.recording(hash)).transpose()?.flatten();
    let opened = match recording {
        None => Err("there is no sound".to_owned()),
        Some(_) if transcript.timing != Timing::Words => Err("the words have no times of their own".to_owned()),
        Some(recording) if recording.removed.is_some() => Err("the sound was removed".to_owned()),
        Some(recording) => Sound::open_at(&library.recording_file(&recording), start)
            .map_err(|error| format!("the sound can't be read: {}", Error::from(error).message)),
    };
    let ready =
        opened.and_then(|sound| Ok((sound, library.any_ear(&model_of(transcript)).map_err(|error| error.message)?)));
    match ready {
        Ok((mut sound, ear)) => {
            let listener =
                Listener { recogniser: ear.recogniser.as_ref(), language: transcript.language.as_deref(), words };
            listener.listen(&mut sound, start, &windows, proposals, stop, &mut heard);
        }
        Err(reason) => heard.skipped = Some(reason),
    }
    Ok(heard)
}

/// The model that heard the words, since it knows best what it doubted; otherwise the one that is used when none is
/// named.
fn model_of(transcript: &TranscriptInfo) -> String {
    let is_there = |model: &String| model == FakeRecogniser::NAME || models::resolve(model).is_ok();
    let heard_by = transcript.model.clone().filter(|_| transcript.origin == Origin::Recognised).filter(is_there);
    heard_by.unwrap_or_else(crate::models::default_model)
}

/// Proposals to listen to.
fn likely(proposals: &[Proposal], words: &[Word]) -> Vec<usize> {
    // Where no space parts words, nobody can say where the tokens of a name end.
    let spaced = |range: &WordRange| words.get(range.clone()).is_some_and(|words| words.iter().all(|word| !word.glued));
    let mut chosen: Vec<usize> = (0..proposals.len())
        .filter(|index| proposals[*index].probability >= LOW && spaced(&proposals[*index].words))
        .collect();
    chosen.sort_by(|a, b| proposals[*b].probability.total_cmp(&proposals[*a].probability));
    chosen.truncate(MOST);
    chosen
}

struct Listener<'a> {
    recogniser: &'a dyn Recogniser,
    language: Option<&'a str>,
    words: &'a [Word],
}

impl Listener<'_> {
    fn listen(
        &self,
        sound: &mut dyn Iterator<Item = Result<Vec<f32>, AudioError>>,
        start: u64,
        windows: &[Window],
        proposals: &mut [Proposal],
        stop: &dyn Fn() -> bool,
        heard: &mut Heard,
    ) {
        let end = cut(sound, start, windows, stop, |window, samples| {
            if stop() {
                return Ok::<_, Error>(ControlFlow::Break(()));
            }
            heard.listened += self.weigh(window, samples, proposals)?;
            Ok(ControlFlow::Continue(()))
        });
        match end {
            Ok(flow) => heard.stopped = flow.is_break(),
            Err(error) => heard.skipped = Some(format!("listening again failed: {}", error.message)),
        }
    }

    /// Adds what the sound of a window says; how many proposals got evidence.
    fn weigh(&self, window: &Window, samples: &[f32], proposals: &mut [Proposal]) -> Result<usize> {
        let asked: Vec<Question> =
            window.asked.iter().map(|index| Question::new(&proposals[*index], self.words, window)).collect();
        let readings: Vec<Reading<'_>> = asked.iter().flat_map(Question::readings).collect();
        let mut weighed = self.recogniser.weigh(samples, self.language, &readings)?.into_iter();
        let mut listened = 0;
        for (index, question) in window.asked.iter().zip(&asked) {
            let likelihoods: Vec<Option<f32>> =
                weighed.by_ref().take(question.choices.len()).map(|found| found.map(likelihood)).collect();
            if let Some(evidence) = judged(&proposals[*index], &likelihoods) {
                add(&mut proposals[*index], evidence);
                listened += 1;
            }
        }
        Ok(listened)
    }
}

/// What the sound is asked about one proposal.
struct Question {
    before: String,
    /// The words heard, those meant, and those of the runner-up, each with the marks around them.
    choices: Vec<String>,
    after: String,
}

impl Question {
    fn new(proposal: &Proposal, words: &[Word], window: &Window) -> Self {
        // Words without times are those of a text that nobody said.
        let text = |range: WordRange, most: usize| {
            let said: Vec<Word> = words[range].iter().filter(|word| word.span.is_some()).take(most).cloned().collect();
            join_words(&said)
        };
        let heard = join_words(&words[proposal.words.clone()]);
        let others = [Some(&proposal.meant), proposal.runner_up.as_ref()].into_iter().flatten();
        let choices = others.map(|meant| dressed(&heard, &proposal.heard, meant));
        Self {
            before: text(window.words.start..proposal.words.start, usize::MAX),
            choices: std::iter::once(heard.clone()).chain(choices).collect(),
            after: text(proposal.words.end..window.words.end, AFTER),
        }
    }

    fn readings(&self) -> impl Iterator<Item = Reading<'_>> {
        self.choices.iter().map(|words| Reading { before: &self.before, words, after: &self.after })
    }
}

/// The meant words with the marks around those heard.
fn dressed(heard: &str, core: &str, meant: &str) -> String {
    if !core.is_empty() && heard.contains(core) {
        return heard.replacen(core, meant, 1);
    }
    let end = heard.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
    let start = heard.find(char::is_alphanumeric).unwrap_or(end).min(end);
    format!("{}{meant}{}", &heard[..start], &heard[end..])
}

/// Of the words in question and of those after them.
fn likelihood(weighed: Weighed) -> f32 {
    weighed.log_prob + weighed.context_log_prob
}

/// What likelihoods of the words heard, of those meant and of the runner-up say; nothing where they are not known.
fn judged(proposal: &Proposal, likelihoods: &[Option<f32>]) -> Option<Evidence> {
    let (heard, meant) = ((*likelihoods.first()?)?, (*likelihoods.get(1)?)?);
    let difference = meant - heard;
    let Proposal { heard: heard_text, meant: meant_text, .. } = proposal;
    let mut weight = SLOPE * difference + OFFSET;
    let mut text = if difference >= 0.0 {
        format!("the sound itself favours “{meant_text}” over “{heard_text}” ({difference:.1} nats)")
    } else if weight >= 0.0 {
        format!("the sound allows “{meant_text}” almost as well as “{heard_text}” ({:.1} nats less)", -difference)
    } else {
        format!("the sound speaks against “{meant_text}” and for “{heard_text}” ({:.1} nats)", -difference)
    };
    let other = likelihoods.get(2).copied().flatten().map(|other| other - meant).filter(|better| *better > 0.0);
    if let (Some(better), Some(name)) = (other, &proposal.runner_up) {
        weight -= SLOPE * better;
        text.push_str(&format!("; “{name}” fits it better ({better:.1} nats)"));
    }
    Some(Evidence { kind: EvidenceKind::SecondListen, text, weight: weight.clamp(-STRONGEST, STRONGEST) })
}

/// Moves the probability by the weight of more evidence, in log-odds.
fn add(proposal: &mut Proposal, evidence: Evidence) {
    let probability = proposal.probability.clamp(EDGE, 1.0 - EDGE);
    let odds = (probability / (1.0 - probability)).ln() + evidence.weight;
    proposal.probability = (1.0 / (1.0 + (-odds).exp())).clamp(EDGE, 1.0 - EDGE);
    proposal.evidence.push(evidence);
}

/// Adds evidence where another reading that was kept says the meant words in this place; for how many proposals.
fn look_up(others: &[(Span, Vec<Alternative>)], words: &[Word], proposals: &mut [Proposal]) -> usize {
    let others: Vec<(Span, Vec<Vec<String>>)> = others
        .iter()
        .map(|(span, others)| (*span, others.iter().map(|other| plain_words(&other.text)).collect()))
        .collect();
    let mut found = 0;
    for proposal in proposals {
        let Some(span) = words.get(proposal.words.clone()).and_then(|words| words.iter().find_map(|word| word.span))
        else {
            continue;
        };
        let before = words[..proposal.words.start].last().map(|word| plain_words(&word.text).concat());
        let after = words.get(proposal.words.end).map(|word| plain_words(&word.text).concat());
        let place = Place { before, meant: plain_words(&proposal.meant), after };
        let after_start = others.partition_point(|(chunk, _)| chunk.start() <= span.start());
        let chunk =
            after_start.checked_sub(1).and_then(|at| others.get(at)).filter(|(chunk, _)| span.start() < chunk.end());
        if chunk.is_some_and(|(_, readings)| readings.iter().any(|reading| place.is_in(reading))) {
            let text = format!("another reading that the recogniser considered says “{}”", proposal.meant);
            add(proposal, Evidence { kind: EvidenceKind::Reading, text, weight: READ });
            found += 1;
        }
    }
    found
}

/// Meant words and their neighbours.
struct Place {
    before: Option<String>,
    meant: Vec<String>,
    after: Option<String>,
}

impl Place {
    /// Whether a reading has the meant words next to one of the neighbours.
    fn is_in(&self, reading: &[String]) -> bool {
        if self.meant.is_empty() {
            return false;
        }
        let mut starts =
            (0..=reading.len().saturating_sub(self.meant.len())).filter(|at| reading[*at..].starts_with(&self.meant));
        starts.any(|at| {
            let before = at.checked_sub(1).and_then(|at| reading.get(at));
            let after = reading.get(at + self.meant.len());
            before == self.before.as_ref() || after == self.after.as_ref()
        })
    }
}

/// Words in small letters without marks; "Soleimani's" is "soleimanis".
fn plain_words(text: &str) -> Vec<String> {
    let plain = |word: &str| word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    text.split_whitespace().map(plain).filter(|word: &String| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_speech::recognise::{Ear, LoadOptions};

    /// Words of 300 ms, each 400 ms after the one before.
    fn said(text: &str) -> Vec<Word> {
        let word =
            |(index, text): (usize, &str)| Word::timed(text, Span::new(index as u64 * 400, index as u64 * 400 + 300));
        text.split(' ').enumerate().map(word).collect()
    }

    fn proposal(words: WordRange, heard: &str, meant: &str, runner_up: Option<&str>) -> Proposal {
        Proposal {
            name: 0,
            words,
            heard: heard.into(),
            meant: meant.into(),
            probability: 0.5,
            evidence: Vec::new(),
            runner_up: runner_up.map(str::to_owned),
        }
    }

    #[test]
    fn the_sound_is_asked_in_context() {
        let words = said("so, when “Sola money's” men came they left for the coast at night again");
        let window = Window { span: 0..6_000, words: 0..14, asked: vec![0] };
        let question = Question::new(&proposal(2..4, "Sola money's", "Soleimani's", Some("Salome's")), &words, &window);
        let readings: Vec<_> = question.readings().map(|reading| reading.words).collect();
        assert_eq!(readings, ["“Sola money's”", "“Soleimani's”", "“Salome's”"]);
        assert_eq!(question.before, "so, when");
        assert_eq!(question.after, "men came they left for the");
        assert_eq!(dressed("(a, rock!)", "arock", "Iraq"), "(Iraq!)");
        assert_eq!(dressed("—", "", "Iraq"), "Iraq—");
    }

    #[test]
    fn differences_become_evidence() {
        let check = |likelihoods: &[Option<f32>], expected: Option<(&str, f32)>| {
            let found = judged(&proposal(0..2, "sola money", "Soleimani", Some("Salome")), likelihoods);
            let found = found.as_ref().map(|found| (found.text.as_str(), (found.weight * 100.0).round() / 100.0));
            assert_eq!(found, expected, "{likelihoods:?}");
        };
        check(&[], None);
        check(&[Some(-9.0), None, Some(-1.0)], None);
        let favours = "the sound itself favours “Soleimani” over “sola money” (3.2 nats)";
        check(&[Some(-9.0), Some(-5.8), Some(-20.0)], Some((favours, 4.0)));
        let allows = "the sound allows “Soleimani” almost as well as “sola money” (3.0 nats less)";
        check(&[Some(-9.0), Some(-12.0)], Some((allows, 2.01)));
        let against = "the sound speaks against “Soleimani” and for “sola money” (30.0 nats)";
        check(&[Some(-9.0), Some(-39.0), None], Some((against, -4.0)));
        let other = "the sound allows “Soleimani” almost as well as “sola money” (3.0 nats less); “Salome” fits it better (2.0 nats)";
        check(&[Some(-9.0), Some(-12.0), Some(-10.0)], Some((other, 1.35)));
    }

    #[test]
    fn likely_proposals_are_listened_to_and_move() {
        let words = said("one two free four five six seven eight nine ten");
        let mut proposals = [
            proposal(2..3, "free", "three", None),
            proposal(4..5, "five", "Clive", None),
            Proposal { probability: 0.1, ..proposal(5..6, "six", "Styx", None) },
        ];
        let chosen = likely(&proposals, &words);
        let windows = windows(&words, &proposals, &chosen);
        let mut sound = std::iter::repeat_with(|| Ok(vec![0.1; 16_000])).take(5);
        let listener = Listener { recogniser: &FakeRecogniser, language: None, words: &words };
        let mut heard = Heard::default();
        listener.listen(&mut sound, 0, &windows, &mut proposals, &|| false, &mut heard);
        assert_eq!(heard, Heard { listened: 2, ..Heard::default() });
        assert!(proposals[0].probability > 0.95 && proposals[1].probability < 0.95, "{proposals:?}");
        assert_eq!(proposals[0].evidence[0].kind, EvidenceKind::SecondListen);
        assert_eq!((proposals[2].probability, proposals[2].evidence.len()), (0.1, 0));

        let mut sound = std::iter::repeat_with(|| Ok(vec![0.1; 16_000])).take(5);
        let mut heard = Heard::default();
        listener.listen(&mut sound, 0, &windows, &mut proposals, &|| true, &mut heard);
        assert_eq!(heard, Heard { stopped: true, ..Heard::default() });
    }

    #[test]
    fn other_readings_speak_for_a_name_in_its_place_alone() {
        let words = said("it was Sola money's men and he said so");
        let check = |others: &[&str], expected: usize| {
            let other = |text: &&str| Alternative { text: (*text).to_owned(), score: -0.5 };
            let others = [
                (Span::new(0, 500), vec![Alternative { text: "it was Soleimani's men".into(), score: -0.1 }]),
                (Span::new(600, 9_000), others.iter().map(other).collect()),
            ];
            let mut proposals = [proposal(2..4, "Sola money's", "Soleimani's", None)];
            assert_eq!(look_up(&others, &words, &mut proposals), expected, "{others:?}");
            assert_eq!(proposals[0].evidence.len(), expected);
            assert_eq!(proposals[0].probability > 0.7, expected == 1);
        };
        check(&[], 0);
        check(&["It was sullen money's men", "It was, soleimanis! men"], 1);
        check(&["and Soleimani's men"], 1);
        check(&["Soleimani's said so"], 0);
        check(&["Soleimani's"], 0);
    }

    #[test]
    fn real_sound_tells_right_from_wrong() {
        let testdata = std::env::var_os("EARWITNESS_TESTDATA").map(std::path::PathBuf::from).unwrap_or_default();
        let file = testdata.join("speech/librispeech_test-other/1688/1688-142285-0005.flac");
        if !file.is_file() || models::resolve("whisper-base").is_err() {
            return eprintln!("skipped: the sound or the model is not here");
        }
        let options = crate::TranscribeOptions { language: Some("en".into()), ..Default::default() };
        let told = crate::transcribe_file(&file, &options, &crate::Stop::default(), &|_| {}).unwrap();
        let words = told.transcript.words;
        let at = words.iter().position(|word| word.text == "choppy").expect("misheard for `shoppy`");
        let near = at.min(3);
        let heard = words[near].text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
        let mut proposals = [
            proposal(at..at + 1, "choppy", "shoppy", Some("Chopin")),
            proposal(near..near + 1, &heard, "Kubernetes", None),
        ];
        let windows = windows(&words, &proposals, &likely(&proposals, &words));
        let ear = Ear::load("whisper-base", &LoadOptions { workers: 1, beam: 1 }).unwrap();
        let listener = Listener { recogniser: ear.recogniser.as_ref(), language: Some("en"), words: &words };
        let mut heard = Heard::default();
        let start = windows[0].span.start;
        let mut sound = Sound::open_at(&file, start).unwrap();
        listener.listen(&mut sound, start, &windows, &mut proposals, &|| false, &mut heard);
        assert_eq!(heard, Heard { listened: 2, ..Heard::default() });
        assert!(proposals[0].probability > 0.8 && proposals[1].probability < 0.3, "{proposals:?}");
    }
}
