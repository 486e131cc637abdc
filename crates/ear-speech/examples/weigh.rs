//! Measures how well weighing readings tells what was said from what only sounds like it:
//! `cargo run -p ear-speech --example weigh -- FOLDER…`, where a folder has sound and `transcripts.tsv` (id, text), or
//! files `X.wav` with `X.txt` beside. Prints a line for each pair of readings, then a summary with the logistic map
//! that fits best. The decision it serves is docs/decisions/0017-names-second-listen.md.

use ear_core::Word;
use ear_speech::Error;
use ear_speech::audio::{SAMPLE_RATE, Sound};
use ear_speech::recognise::{Chunk, Ear, LoadOptions, Options, Reading, Step, transcribe};
use std::collections::BTreeSet;
use std::error::Error as Any;
use std::ops::{ControlFlow, Range};
use std::path::{Path, PathBuf};
use std::time::Instant;
use std::{env, fs};

/// Words of a text after the words in question.
const AFTER: usize = 6;
/// Wrong readings tried in each window where the right words were heard.
const WRONG: usize = 5;
/// Most edits, per letter, of a wrong word that is near.
const NEAR: f32 = 0.34;

/// What was heard in a place, and another reading of it.
struct Case {
    right: bool,
    heard: String,
    meant: String,
    /// By how much the other reading is likelier: its words, the text after.
    words: f32,
    after: f32,
    confidence: f32,
    /// Whether another reading that the recogniser kept says so.
    read: bool,
}

fn main() -> Result<(), Box<dyn Any>> {
    let ear = Ear::load("whisper-base", &LoadOptions { workers: 1, beam: 5 })?;
    let folders: Vec<PathBuf> = env::args().skip(1).map(PathBuf::from).collect();
    let clips: Vec<(PathBuf, String)> = folders.iter().flat_map(|folder| clips(folder)).collect();
    let names: Vec<String> = folders.iter().flat_map(|folder| names(folder)).collect();
    let pool: BTreeSet<String> = clips.iter().flat_map(|(_, text)| plain_words(text)).collect();
    let pool: Vec<String> = pool.into_iter().filter(|word| word.len() >= 4).collect();
    let (mut cases, mut readings, mut listening) = (Vec::new(), 0, 0.0);
    for (file, text) in &clips {
        let (sound, chunks) = hear(&ear, file)?;
        let heard: Vec<Word> = chunks.iter().flat_map(|chunk| chunk.words.clone()).collect();
        let said = plain_words(text);
        let places = places(&heard, &said, &pool, &names);
        let mut start = 0;
        for chunk in &chunks {
            let words = start..start + chunk.words.len();
            start = words.end;
            let (from, until) = (chunk.span.start() as usize * 16, chunk.span.end() as usize * 16);
            if until - from > 29 * SAMPLE_RATE as usize {
                continue;
            }
            let begun = Instant::now();
            let found = weigh(&ear, &sound[from..until.min(sound.len())], &heard, &words, &places)?;
            (readings, listening) = (readings + 2 * found.len(), listening + begun.elapsed().as_secs_f64());
            let others: Vec<Vec<String>> = chunk.alternatives.iter().map(|other| plain_words(&other.text)).collect();
            cases.extend(found.into_iter().map(|case| {
                let meant = plain_words(&case.meant);
                let says = |other: &Vec<String>| other.windows(meant.len()).any(|words| words == meant);
                Case { read: others.iter().any(says), ..case }
            }));
        }
    }
    for case in &cases {
        let Case { right, heard, meant, words, after, confidence, read } = case;
        println!(
            "{}\t{words:.2}\t{after:.2}\t{confidence:.2}\t{}\t{heard}\t{meant}",
            u8::from(*right),
            u8::from(*read)
        );
    }
    eprintln!("{:.3} s a reading", listening / f64::from(readings as u32));
    for (name, value) in
        [("words", (|case| case.words) as fn(&Case) -> f32), ("words and after", |case| case.words + case.after)]
    {
        let points: Vec<(f32, bool)> = cases.iter().map(|case| (value(case), case.right)).collect();
        let (slope, offset) = fit(&points);
        let right = points.iter().filter(|point| point.1).count();
        eprintln!(
            "{name}: {right} right, {} wrong, area {:.3}, log-odds {slope:.3}·d {offset:+.2} (of as many right as wrong)",
            points.len() - right,
            area(&points)
        );
    }
    Ok(())
}

/// Names from lists of `Name - role`, whole and their last words.
fn names(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let lists = files.filter(|file| file.to_string_lossy().ends_with(".names.txt"));
    let text: Vec<String> = lists.filter_map(|file| fs::read_to_string(file).ok()).collect();
    let name = |line: &str| line.split(" - ").next().unwrap_or_default().trim().to_owned();
    let whole: BTreeSet<String> = text.iter().flat_map(|text| text.lines()).map(name).collect();
    let last: BTreeSet<String> =
        whole.iter().flat_map(|name| name.split(' ')).map(str::to_owned).filter(|name| name.len() > 3).collect();
    whole.union(&last).cloned().collect()
}

fn clips(folder: &Path) -> Vec<(PathBuf, String)> {
    if let Ok(table) = fs::read_to_string(folder.join("transcripts.tsv")) {
        let line = |line: &str| {
            let mut fields = line.split('\t');
            let (id, text) = (fields.next()?, fields.next()?);
            Some((folder.join(id.split('-').next()?).join(format!("{id}.flac")), text.to_owned()))
        };
        return table.lines().filter_map(line).collect();
    }
    let files = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut clips: Vec<_> = files
        .filter(|file| file.extension().is_some_and(|extension| extension == "wav" || extension == "flac"))
        .filter_map(|file| Some((file.clone(), fs::read_to_string(file.with_extension("txt")).ok()?)))
        .collect();
    clips.sort();
    clips
}

fn hear(ear: &Ear, file: &Path) -> Result<(Vec<f32>, Vec<Chunk>), Error> {
    let options = Options { language: Some("en".into()), workers: 1, ..Options::default() };
    let blocks: Vec<Vec<f32>> = Sound::open(file)?.collect::<Result<_, _>>()?;
    let (mut chunks, sound) = (Vec::new(), blocks.concat());
    transcribe(ear, &mut blocks.into_iter().map(Ok), &options, &mut |step| {
        if let Step::Heard(chunk) = step {
            chunks.push(chunk);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok((sound, chunks))
}

/// A place in what was heard and another reading of it; whether that is right.
struct Place {
    heard: Range<usize>,
    meant: String,
    right: bool,
}

fn places(heard: &[Word], said: &[String], pool: &[String], names: &[String]) -> Vec<Place> {
    let plain: Vec<String> = heard.iter().map(|word| plain(&word.text)).collect();
    let mut same = common(&plain, said);
    same.push((plain.len(), said.len()));
    let (mut places, mut before) = (Vec::new(), (0, 0));
    for (at, said_at) in same {
        let (other, meant) = (before.0..at, before.1..said_at);
        if (1..=3).contains(&other.len()) && (1..=3).contains(&meant.len()) {
            let words = plain[other.clone()].concat();
            let text = said[meant.clone()].join(" ");
            let bare = text.replace(' ', "");
            // "Mr." for "mister" and "I'm" for "I am" are no mistakes; words as short as "a" and "the" are no names.
            let notation = plain[other.clone()].iter().chain(&said[meant.clone()]).any(|word| {
                word.contains('\'') || ["mr", "mrs", "dr", "mister", "missus", "doctor"].contains(&word.as_str())
            });
            if bare.len() >= 4 && !notation && words != bare && distance(&words, &bare) < 0.67 {
                let wrong = nearest(&words, &text, pool);
                places.extend(wrong.map(|meant| Place { heard: other.clone(), meant, right: false }));
                places.push(Place { heard: other, meant: text, right: true });
            }
        }
        if let Some(word) = plain.get(at).filter(|word| word.len() >= 4) {
            let wrong = nearest(word, word, pool);
            places.extend(wrong.map(|meant| Place { heard: at..at + 1, meant, right: false }));
        }
        before = (at + 1, said_at + 1);
    }
    for start in 0..plain.len() {
        for count in 1..=2.min(plain.len() - start) {
            let words = plain[start..start + count].concat();
            let best = names
                .iter()
                .map(|name| (distance(&words, &crate::plain(name)), name))
                .min_by(|a, b| a.0.total_cmp(&b.0));
            let near = best.filter(|best| best.0 <= NEAR && best.0 > 0.0 && words.len() >= 4);
            places.extend(near.map(|(_, name)| Place {
                heard: start..start + count,
                meant: name.clone(),
                right: false,
            }));
        }
    }
    places
}

fn nearest(word: &str, right: &str, pool: &[String]) -> Option<String> {
    let is_form = |one: &str, other: &str| one.starts_with(other) || other.starts_with(one);
    let others = pool.iter().filter(|other| !is_form(other, word) && !is_form(other, right));
    let best = others.map(|other| (distance(word, other), other)).min_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 <= NEAR).then(|| best.1.clone())
}

fn weigh(
    ear: &Ear,
    sound: &[f32],
    heard: &[Word],
    window: &Range<usize>,
    places: &[Place],
) -> Result<Vec<Case>, Error> {
    let inside = |place: &&Place| place.heard.start >= window.start && place.heard.end <= window.end;
    let (right, mut wrong): (Vec<&Place>, Vec<&Place>) = places
        .iter()
        .filter(inside)
        .partition(|place| place.right || places.iter().any(|other| other.right && other.heard == place.heard));
    // Those that the recogniser was least sure of are those that a proposal is made for.
    let sure = |place: &Place| heard[place.heard.clone()].iter().filter_map(|word| word.confidence).fold(1.0, f32::min);
    wrong.sort_by(|a, b| sure(a).total_cmp(&sure(b)));
    let mut cases = Vec::new();
    let chosen: Vec<&Place> = right.into_iter().chain(wrong.into_iter().take(WRONG)).collect();
    let text = |range: Range<usize>| ear_core::join_words(&heard[range]);
    let texts: Vec<[String; 4]> = chosen
        .iter()
        .map(|place| {
            let words = text(place.heard.clone());
            let meant = dressed(&words, &place.meant);
            let after = text(place.heard.end..(place.heard.end + AFTER).min(window.end));
            [text(window.start..place.heard.start), words, meant, after]
        })
        .collect();
    let readings: Vec<Reading<'_>> = texts
        .iter()
        .flat_map(|[before, words, meant, after]| [words, meant].map(|words| Reading { before, words, after }))
        .collect();
    let weighed = ear.recogniser.weigh(sound, Some("en"), &readings)?;
    for ((place, weighed), texts) in chosen.iter().zip(weighed.chunks(2)).zip(&texts) {
        if let [Some(words), Some(meant)] = weighed {
            cases.push(Case {
                right: place.right,
                heard: texts[1].clone(),
                meant: texts[2].clone(),
                words: meant.log_prob - words.log_prob,
                after: meant.context_log_prob - words.context_log_prob,
                confidence: sure(place),
                read: false,
            });
        }
    }
    Ok(cases)
}

/// The meant words with the marks and the capital of those heard.
fn dressed(heard: &str, meant: &str) -> String {
    let start = heard.find(char::is_alphanumeric).unwrap_or(heard.len());
    let end = heard.trim_end_matches(|c: char| !c.is_alphanumeric()).len().max(start);
    let mut letters = meant.chars();
    let first = letters.next().map(|c| {
        if heard[start..].starts_with(char::is_uppercase) { c.to_uppercase().collect() } else { c.to_string() }
    });
    format!("{}{}{}{}", &heard[..start], first.unwrap_or_default(), letters.as_str(), &heard[end..])
}

fn plain(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric() || *c == '\'').flat_map(char::to_lowercase).collect()
}

fn plain_words(text: &str) -> Vec<String> {
    text.split_whitespace().map(plain).filter(|word| !word.is_empty()).collect()
}

/// Places of a longest common subsequence.
fn common(left: &[String], right: &[String]) -> Vec<(usize, usize)> {
    let mut longest = vec![vec![0u32; right.len() + 1]; left.len() + 1];
    for at in (0..left.len()).rev() {
        for other in (0..right.len()).rev() {
            longest[at][other] = if left[at] == right[other] {
                longest[at + 1][other + 1] + 1
            } else {
                longest[at + 1][other].max(longest[at][other + 1])
            };
        }
    }
    let (mut at, mut other, mut found) = (0, 0, Vec::new());
    while at < left.len() && other < right.len() {
        if left[at] == right[other] {
            found.push((at, other));
            (at, other) = (at + 1, other + 1);
        } else if longest[at + 1][other] >= longest[at][other + 1] {
            at += 1;
        } else {
            other += 1;
        }
    }
    found
}

/// Edits per letter of the longer (Wagner and Fischer 1974); vowels are easily taken for others.
fn distance(left: &str, right: &str) -> f32 {
    let spelled = |text: &str| text.replace("ph", "f").replace("ck", "k").replace('c', "k").replace("th", "t");
    let (left, right): (Vec<char>, Vec<char>) = (spelled(left).chars().collect(), spelled(right).chars().collect());
    let vowel = |c: char| "aeiouy".contains(c);
    let gap = |c: char| if vowel(c) { 0.5 } else { 1.0 };
    let mut row: Vec<f32> = vec![0.0];
    row.extend(right.iter().scan(0.0, |sum, c| {
        *sum += gap(*c);
        Some(*sum)
    }));
    for mine in &left {
        let mut diagonal = row[0];
        row[0] += gap(*mine);
        for (at, theirs) in right.iter().enumerate() {
            let other = match (mine == theirs, vowel(*mine) && vowel(*theirs)) {
                (true, _) => 0.0,
                (_, true) => 0.3,
                _ => 1.0,
            };
            let above = row[at + 1];
            row[at + 1] = (diagonal + other).min(above + gap(*theirs)).min(row[at] + gap(*theirs));
            diagonal = above;
        }
    }
    row[right.len()] / left.len().max(right.len()).max(1) as f32
}

/// How often a right reading is above a wrong one.
fn area(points: &[(f32, bool)]) -> f64 {
    let (mut above, mut all) = (0.0, 0.0);
    for right in points.iter().filter(|point| point.1) {
        for wrong in points.iter().filter(|point| !point.1) {
            above += f64::from(u8::from(right.0 > wrong.0)) + 0.5 * f64::from(u8::from(right.0 == wrong.0));
            all += 1.0;
        }
    }
    above / f64::max(all, 1.0)
}

/// Slope and offset of log-odds, by Newton's method, each kind having the same weight; values are held to ±30.
fn fit(points: &[(f32, bool)]) -> (f64, f64) {
    let count = |right| points.iter().filter(|point| point.1 == right).count().max(1) as f64;
    let weights = [1.0 / count(false), 1.0 / count(true)];
    let (mut slope, mut offset) = (0.0f64, 0.0f64);
    for _ in 0..50 {
        let (mut gradient, mut curve) = ([0.0; 2], [[1e-6, 0.0], [0.0, 1e-6]]);
        for (value, right) in points {
            let value = f64::from(value.clamp(-30.0, 30.0));
            let likely = 1.0 / (1.0 + (-(slope * value + offset)).exp());
            let weight = weights[usize::from(*right)];
            let missing = (f64::from(u8::from(*right)) - likely) * weight;
            let bend = likely * (1.0 - likely) * weight;
            gradient = [gradient[0] + missing * value, gradient[1] + missing];
            curve[0][0] += bend * value * value;
            curve[0][1] += bend * value;
            curve[1][1] += bend;
        }
        let determinant = curve[0][0] * curve[1][1] - curve[0][1] * curve[0][1];
        slope += (curve[1][1] * gradient[0] - curve[0][1] * gradient[1]) / determinant;
        offset += (curve[0][0] * gradient[1] - curve[0][1] * gradient[0]) / determinant;
    }
    (slope, offset)
}
