//! How long it takes to say what comes next, and what is talked about more and more.
//!
//! `cargo run --release -p ear-engine --example up_next -- [CLIPS]` makes a library of a hundred thousand clips, or as
//! many as are asked for, whose vectors and names are drawn by chance, and asks what comes after some of them.

use ear_engine::core::{
    Author, Clip, ClipId, ClipKind, Description, EpisodeId, MentionBy, Name, NameId, NameKind, NameSource, Origin,
    SourceKind, Span, Timing, Transcript, Word,
};
use ear_engine::{Library, NextOptions, TrendsRequest};
use ear_language::vectors::{SIZE, Vector};
use ear_store::{Making, NewClip, NewEpisode, Store};
use std::error::Error;
use std::time::Instant;

/// Clips of an episode.
const EPISODE: usize = 10;
/// Words of a clip: the fewer, the sooner the library is made; they are not looked at.
const WORDS: usize = 20;
/// Names that a clip says.
const SAID: usize = 8;
/// Shows of the library.
const SHOWS: usize = 20;
/// Subjects around which vectors lie.
const SUBJECTS: usize = 500;
/// How often it is asked.
const ASKED: usize = 300;

fn main() -> Result<(), Box<dyn Error>> {
    let count: usize = std::env::args().nth(1).map_or(Ok(100_000), |count| count.parse())?;
    let folder = tempfile::tempdir()?;
    let library = Library::open(folder.path())?;
    let store = Store::open(&folder.path().join("earwitness.db"))?;
    let mut random = Random(1);
    let began = Instant::now();
    let (episode, clips) = fill(&store, count, &mut random)?;
    eprintln!("made {} clips in {:.0} s", clips.len(), began.elapsed().as_secs_f64());

    let options = NextOptions::default();
    let began = Instant::now();
    library.next(clips[0], &options)?;
    println!("the first answer over {} clips: {:.0} ms", clips.len(), milliseconds(began));
    let mut ask = |what: &str, change: &dyn Fn(ClipId) -> Result<(), Box<dyn Error>>, times: usize| {
        let mut took = Vec::new();
        for _ in 0..times {
            let id = clips[random.below(clips.len())];
            change(id)?;
            let began = Instant::now();
            library.next(id, &options)?;
            took.push(milliseconds(began));
        }
        tell(what, took);
        Ok::<_, Box<dyn Error>>(())
    };
    ask("nothing changed", &|_| Ok(()), ASKED)?;
    ask("a clip was heard", &|id| Ok(library.mark_heard(id, true)?), ASKED / 10)?;
    ask("an episode was cut anew", &|_| cut(&store, episode).map(drop), ASKED / 30)?;
    let began = Instant::now();
    library.trends(&TrendsRequest::default())?;
    println!("trends of all: {:.0} ms", milliseconds(began));
    Ok(())
}

/// Fills a library; one of its episodes, and all clips.
fn fill(store: &Store, count: usize, random: &mut Random) -> Result<(EpisodeId, Vec<ClipId>), Box<dyn Error>> {
    let shows = (0..SHOWS).map(|at| store.show_named(&format!("Show {at}"))).collect::<Result<Vec<_>, _>>()?;
    let mut names = Vec::new();
    for at in 0..count / 20 + SAID {
        let kind = [NameKind::Person, NameKind::Place, NameKind::Organisation][at % 3];
        let sources = vec![NameSource { kind: SourceKind::Said, text: String::new() }];
        let name = Name { name: format!("Name {at}"), kind: Some(kind), role: None, variants: Vec::new(), sources };
        names.push(store.add_name(&name)?);
    }
    let subjects: Vec<Vec<f32>> = (0..SUBJECTS).map(|_| random.floats(1.0)).collect();
    let (mut last, mut clips) = (None, Vec::new());
    for at in 0..count.div_ceil(EPISODE) {
        let date =
            format!("{}-{:02}-{:02}", 2010 + at * 15 / count.div_ceil(EPISODE), at % 12 + 1, at % 28 + 1).parse().ok();
        let show = Some(shows[random.below(SHOWS)]);
        let title = format!("Episode {at}");
        let new = NewEpisode { source: title.clone(), title, show, date, ..NewEpisode::default() };
        let episode = store.add_episode(&new)?.id;
        let word = |at: usize| Word::timed("word", Span::new(at as u64 * 3000, at as u64 * 3000 + 2900));
        let words = (0..EPISODE * WORDS).map(word).collect();
        let whole = Transcript { timing: Timing::Words, words, ..Transcript::empty(Origin::Imported) };
        let transcript = store.add_transcript(episode, &whole)?;
        let mentions: Vec<_> = (0..EPISODE * SAID)
            .map(|number| {
                let word = number / SAID * WORDS + number % SAID * 2;
                (rare(&names, random), word..word + 1, MentionBy::Words, None)
            })
            .collect();
        store.put_episode_names(episode, transcript, "random", &[], &mentions, &[])?;
        let near = |random: &mut Random| {
            let subject = &subjects[random.below(SUBJECTS)];
            random.floats(1.5).iter().zip(subject).map(|(one, other)| one + other).collect::<Vec<f32>>()
        };
        let new: Vec<NewClip> = (0..EPISODE).map(|at| clip(at, &near(random), random)).collect();
        let edits = store.clip_edits(episode)?;
        let making = Making { maker: "random".into(), made_of: "words".into(), edits };
        clips.extend(store.put_clips(episode, transcript, &making, &new)?);
        last = Some(episode);
    }
    Ok((last.ok_or("no clips")?, clips))
}

/// A name; the first ones are said most, as Zipf has it.
fn rare(names: &[NameId], random: &mut Random) -> NameId {
    let share = random.float().abs();
    names[((names.len() as f32).powf(share) as usize).min(names.len() - 1)]
}

fn clip(at: usize, meaning: &[f32], random: &mut Random) -> NewClip {
    let words = at * WORDS..(at + 1) * WORDS;
    let description = Description {
        headline: format!("Clip {at}"),
        headline_by: Author::Words,
        headline_source: None,
        summary: Vec::new(),
        summary_by: Author::Words,
        keywords: (0..6).map(|_| format!("keyword {}", random.below(20_000))).collect(),
    };
    let span = Some(Span::new(words.start as u64 * 3000, words.end as u64 * 3000));
    let clip = Clip { kind: ClipKind::Topic, label: None, words, span, chapter: None, description, broken_off: false };
    let mut vector = Vec::new();
    Vector::from_floats(meaning).to_bytes(&mut vector);
    NewClip { clip, by_hand: false, vector: Some(vector) }
}

/// Stores the clips of an episode again, as they are.
fn cut(store: &Store, episode: EpisodeId) -> Result<Vec<ClipId>, Box<dyn Error>> {
    let stored = store.clips_of_episode(episode)?;
    let transcript = stored.first().ok_or("no clips")?.transcript;
    let clips: Vec<NewClip> =
        stored.into_iter().map(|stored| NewClip { clip: stored.clip, by_hand: false, vector: stored.vector }).collect();
    let making = Making { maker: "random".into(), made_of: "words".into(), edits: store.clip_edits(episode)? };
    Ok(store.put_clips(episode, transcript, &making, &clips)?)
}

fn milliseconds(began: Instant) -> f64 {
    began.elapsed().as_secs_f64() * 1e3
}

fn tell(what: &str, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or(0.0);
    println!("{what}: {:.1} ms (p50), {:.1} ms (p95), {} times", at(50), at(95), times.len());
}

/// Numbers by Knuth's multiplier (The Art of Computer Programming, volume 2, 3.3.4).
struct Random(u64);

impl Random {
    /// Between −1 and 1.
    fn float(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / 8_388_608.0 - 1.0
    }

    fn floats(&mut self, most: f32) -> Vec<f32> {
        (0..SIZE).map(|_| self.float() * most).collect()
    }

    fn below(&mut self, count: usize) -> usize {
        ((self.float().abs() * count as f32) as usize).min(count.saturating_sub(1))
    }
}
