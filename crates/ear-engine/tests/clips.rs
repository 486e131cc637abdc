//! Clips of an episode: made, made anew, made right by hand, searched and given to other programs.
#![expect(clippy::unwrap_used, reason = "a failed test may panic")]

use ear_engine::core::{
    Author, Chapter, ClipId, ClipKind, EpisodeId, Origin, Span, Timing, Transcript, TranscriptId, Word, join_words,
};
use ear_engine::{
    By, ChapterFormat, ClipView, Edge, EpisodeEdit, ErrorKind, Event, Library, SearchRequest, Stage, Stop, WorkOptions,
};
use ear_store::{NewEpisode, NewJob, Store};
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::TempDir;

const SPONSOR: &str = "This episode is brought to you by Brightwater Tea. Brightwater makes the finest tea for busy \
                       people. Go to brightwater dot com slash harbour and use promo code HARBOUR for ten percent off \
                       your first order. That is brightwater dot com slash harbour. Terms and conditions apply.";

/// A library, and its store, as another process would open it.
struct Talk {
    _folder: TempDir,
    library: Library,
    store: Store,
    episode: EpisodeId,
}

impl Talk {
    fn new(transcript: &Transcript, chapters: &[Chapter]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let library = Library::open(folder.path()).unwrap();
        let store = Store::open(&folder.path().join("earwitness.db")).unwrap();
        let episode = add(&store, "The evening hour", transcript);
        store.set_chapters(episode, chapters).unwrap();
        let talk = Self { _folder: folder, library, store, episode };
        talk.work();
        talk
    }

    fn work(&self) {
        let summary = self.library.work(&WorkOptions::default(), &Stop::default(), &|_| {}).unwrap();
        assert_eq!((summary.failed, summary.stopped), (0, false));
    }

    fn clips(&self) -> Vec<ClipView> {
        let view = self.library.clips(self.episode).unwrap();
        assert!(!view.pending);
        view.clips
    }

    fn ids(&self) -> Vec<ClipId> {
        self.clips().iter().map(|clip| clip.id).collect()
    }

    fn transcript(&self) -> (TranscriptId, Vec<Word>, Vec<std::ops::Range<usize>>) {
        let read = self.library.transcript(self.episode, None).unwrap().unwrap();
        (read.id, read.transcript.words, read.sentences)
    }

    /// The first word of the sentence in the middle of a clip.
    fn middle(&self, clip: &ClipView) -> usize {
        let sentences = self.transcript().2;
        let inside: Vec<_> = sentences.into_iter().filter(|range| clip.clip.words.contains(&range.start)).collect();
        inside[inside.len() / 2].start
    }

    /// How many moments are left out since they are in advertisements.
    fn in_adverts(&self, query: &str, by: By, adverts: bool) -> usize {
        let request = SearchRequest { query: query.into(), by, adverts, ..SearchRequest::default() };
        self.library.search(&request).unwrap().in_adverts
    }

    fn found(&self, query: &str, adverts: bool) -> usize {
        let request = SearchRequest { query: query.into(), adverts, ..SearchRequest::default() };
        self.library.search(&request).unwrap().total
    }

    /// What is known of the episode changes, so that its clips are made anew.
    fn make_anew(&self, notes: &str) {
        let edit = EpisodeEdit { notes: Some(Some(notes.into())), ..EpisodeEdit::default() };
        self.library.edit_episode(self.episode, &edit).unwrap();
        self.work();
    }

    fn check(&self) {
        let (_, words, sentences) = self.transcript();
        let mut at = 0;
        for view in self.clips().into_iter().filter(|view| view.clip.kind != ClipKind::Music) {
            let clip = &view.clip;
            assert_eq!(clip.words.start, at, "no word is left out or twice");
            assert!(sentences.iter().any(|range| range.start == clip.words.start), "{clip:?}");
            assert!(sentences.iter().any(|range| range.end == clip.words.end), "{clip:?}");
            let is_long = clip.span.map_or(clip.words.len() >= 40, |span| span.duration() >= 20_000);
            assert!(is_long || clip.kind != ClipKind::Topic || view.by_hand, "{clip:?}");
            let headline = clip.description.headline.chars().count();
            assert!((1..=90).contains(&headline), "{clip:?}");
            at = clip.words.end;
        }
        assert_eq!(at, words.len());
    }
}

fn add(store: &Store, title: &str, transcript: &Transcript) -> EpisodeId {
    let show = Some(store.show_named("Harbour Hour").unwrap());
    let new = NewEpisode { title: title.into(), source: title.into(), show, ..NewEpisode::default() };
    let episode = store.add_episode(&new).unwrap().id;
    give(store, episode, transcript);
    episode
}

fn give(store: &Store, episode: EpisodeId, transcript: &Transcript) -> TranscriptId {
    let id = store.add_transcript(episode, transcript).unwrap();
    store.enqueue(&NewJob::new("index", Some(episode))).unwrap();
    id
}

/// Talk about three things, with an advertisement after the first.
fn text() -> String {
    let about = |subjects: &[&str], verbs: &[&str], places: &[&str]| -> String {
        let mut text = String::new();
        for at in 0..36 {
            let pick = |list: &[&str], step: usize| list[at * step % list.len()].to_owned();
            let (subject, verb, place) = (pick(subjects, 1), pick(verbs, 3), pick(places, 5));
            text.push_str(&format!("The {subject} {verb} near the {place} before anybody could stop it again. "));
        }
        text
    };
    let harbour = about(
        &["harbour master", "crane driver", "freighter", "customs officer"],
        &["burned", "unloaded cargo", "anchored", "signalled"],
        &["pier", "lighthouse", "dock", "breakwater"],
    );
    let bees = about(
        &["beekeeper", "queen bee", "swarm", "hive"],
        &["gathered pollen", "made honey", "stung somebody", "waggled"],
        &["clover", "orchard", "meadow", "apiary"],
    );
    let football = about(
        &["striker", "goalkeeper", "referee", "midfield"],
        &["scored twice", "missed the penalty", "tackled hard", "equalised"],
        &["stadium", "corner flag", "touchline", "goalpost"],
    );
    format!("{harbour}{SPONSOR} {bees}{football}").trim().to_owned()
}

fn untimed(text: &str) -> Transcript {
    let words = text.split_whitespace().map(Word::untimed).collect();
    Transcript { language: Some("en".into()), timing: Timing::None, words, ..Transcript::empty(Origin::Imported) }
}

/// Says a word each half second.
fn timed(text: &str) -> Transcript {
    let words = text.split_whitespace().enumerate();
    let words: Vec<Word> =
        words.map(|(at, word)| Word::timed(word, Span::new(at as u64 * 500, at as u64 * 500 + 450))).collect();
    let duration = Some(words.len() as u64 * 500 + 2_000);
    Transcript { timing: Timing::Words, words, duration, ..untimed("") }
}

fn plain(text: &str) -> String {
    text.to_lowercase().replace(['.', ','], "")
}

#[test]
fn every_word_is_in_one_clip() {
    for transcript in [untimed(&text()), timed(&text()), untimed(&plain(&text())), timed(&plain(&text()))] {
        let talk = Talk::new(&transcript, &[]);
        talk.check();
        assert!(talk.clips().len() >= 2);
        assert!(talk.clips().iter().all(|clip| clip.clip.span.is_some() == (transcript.timing == Timing::Words)));
        // Done once, it is not done again.
        let ids = talk.ids();
        talk.store.enqueue(&NewJob::new("clips", Some(talk.episode))).unwrap();
        talk.work();
        assert_eq!(talk.ids(), ids);
        assert_eq!(talk.store.clips_made(talk.episode).unwrap().unwrap().version, 1);
    }
    for words in [String::new(), "Hello.".into()] {
        let talk = Talk::new(&untimed(&words), &[]);
        assert_eq!(talk.clips().len(), words.split_whitespace().count());
    }
}

#[test]
fn advertisements_are_found_only_where_they_are_asked_for() {
    let talk = Talk::new(&timed(&text()), &[]);
    let adverts: Vec<ClipView> = talk.clips().into_iter().filter(|clip| !clip.is_told()).collect();
    assert_eq!(adverts.len(), 1, "{adverts:?}");
    assert_eq!(adverts[0].clip.label.as_deref(), Some("sponsor"));
    let words = talk.transcript().1;
    assert_eq!(
        join_words(&words[adverts[0].clip.words.clone()]),
        SPONSOR.split_whitespace().collect::<Vec<_>>().join(" ")
    );
    assert_eq!((talk.found("brightwater", false), talk.found("pollen", false)), (0, talk.found("pollen", true)));
    assert!(talk.found("brightwater", true) > 0);
    for (query, by, adverts, expected) in [
        ("brightwater", By::Words, false, talk.found("brightwater", true)),
        ("brightwater", By::All, false, talk.found("brightwater", true)),
        ("brightwater", By::All, true, 0),
        ("brightwater", By::Sound, false, 0),
        ("pollen", By::Words, false, 0),
    ] {
        assert_eq!(talk.in_adverts(query, by, adverts), expected, "{query} {by:?} {adverts}");
    }

    // The user knows better, and search follows, once.
    let view = talk.library.set_clip_kind(adverts[0].id, ClipKind::Topic).unwrap();
    assert_eq!((view.id, view.clip.kind, view.by_hand), (adverts[0].id, ClipKind::Topic, true));
    talk.work();
    assert!(talk.found("brightwater", false) > 0);
    talk.make_anew("Nothing.");
    assert!(talk.clips().iter().all(ClipView::is_told));
    let told = talk.clips()[0].id;
    talk.library.set_clip_kind(told, ClipKind::Advertisement).unwrap();
    talk.work();
    assert_eq!(talk.found("harbour", false), talk.found("brightwater", false));
    talk.check();
    assert_eq!(talk.library.set_clip_kind(told, ClipKind::Music).unwrap_err().kind, ErrorKind::BadInput);
    // An advertisement that is joined to talk hides none of it.
    assert_eq!(talk.library.join_clips(told).unwrap().clip.kind, ClipKind::Topic);
    talk.work();
    assert!(talk.store.pending_for(&[talk.episode]).unwrap().is_empty());
}

#[test]
fn chapters_of_the_publisher_are_kept() {
    let transcript = timed(&text());
    let end = transcript.words.len() as u64 * 500;
    let chapter = |start, title: &str| Chapter { start, end: None, title: title.into(), url: None };
    let sentence = 13 * 500;
    let chapters = [
        chapter(0, "Everything"),
        // Within a sentence: the nearest one begins it.
        chapter(end - 10 * sentence + 700, "The last goals"),
    ];
    let talk = Talk::new(&transcript, &chapters);
    talk.check();
    let clips = talk.clips();
    let (last, first) = (clips.last().unwrap(), &clips[0]);
    assert_eq!((last.clip.kind, last.clip.description.headline_by), (ClipKind::Publisher, Author::Publisher));
    assert_eq!(last.clip.description.headline, "The last goals");
    assert_eq!((first.clip.kind, first.clip.chapter.as_deref()), (ClipKind::Topic, Some("Everything")));
}

#[test]
fn ids_outlast_what_made_the_clips() {
    let talk = Talk::new(&timed(&text()), &[]);
    let ids = talk.ids();
    talk.make_anew("Bees, football and the harbour.");
    assert_eq!((talk.ids(), talk.store.clips_made(talk.episode).unwrap().unwrap().version), (ids.clone(), 2));
    // A better transcript of the same sound.
    let better = Transcript { origin: Origin::Corrected, ..timed(&text().replace("again.", "")) };
    give(&talk.store, talk.episode, &better);
    talk.work();
    talk.check();
    for id in ids {
        assert!(talk.library.clip(id).is_ok(), "{id} leads somewhere");
    }
    let error = talk.library.clip(ClipId(4711)).unwrap_err();
    assert_eq!((error.kind, error.remedy.is_some()), (ErrorKind::NotFound, true));
}

#[test]
fn edges_move_and_stay_moved() {
    let talk = Talk::new(&timed(&text()), &[]);
    let before = talk.clips();
    let (first, second) = (&before[0], &before[1]);
    let to = talk.middle(first);
    // Two words off: the sentence that begins nearest is meant.
    let view = talk.library.move_clip_edge(first.id, Edge::End, to + 2).unwrap();
    assert_eq!((view.id, view.clip.words.end, view.by_hand), (first.id, to, true));
    assert_eq!(talk.clips()[1].clip.words, to..second.clip.words.end);
    talk.check();
    talk.make_anew("Made anew.");
    assert_eq!(talk.clips()[0].clip.words, 0..to);
    assert_eq!(talk.ids(), before.iter().map(|clip| clip.id).collect::<Vec<_>>());

    // Without punctuation and with other words, time tells.
    let other = Transcript { origin: Origin::Corrected, ..timed(&text().replace("anybody", "somebody")) };
    give(&talk.store, talk.episode, &other);
    talk.work();
    assert_eq!((talk.clips()[0].clip.words.clone(), talk.clips()[0].by_hand), (0..to, true));

    let undone = talk.library.undo_clip_edit(talk.episode).unwrap().unwrap();
    assert_eq!(undone.what, "move");
    assert!(talk.clips().iter().all(|clip| !clip.by_hand));
    assert_eq!(talk.clips()[0].clip.words, first.clip.words);
    assert_eq!(talk.library.undo_clip_edit(talk.episode).unwrap(), None);
    for (clip, edge, to) in [(first.id, Edge::Start, 5), (first.id, Edge::End, 0), (first.id, Edge::End, 1_000_000)] {
        let error = talk.library.move_clip_edge(clip, edge, to).unwrap_err();
        assert_eq!((error.kind, error.remedy.is_some()), (ErrorKind::BadInput, true), "{error}");
    }
}

#[test]
fn clips_are_split_and_joined() {
    let talk = Talk::new(&timed(&text()), &[]);
    let before = talk.clips();
    let first = &before[0];
    let at = talk.middle(first);
    talk.library.split_clip(first.id, at).unwrap();
    let split = talk.clips();
    assert_eq!((split.len(), &split[0].clip.words, split[1].clip.words.start), (before.len() + 1, &(0..at), at));
    talk.make_anew("Made anew.");
    assert_eq!(talk.ids(), split.iter().map(|clip| clip.id).collect::<Vec<_>>());

    let joined = talk.library.join_clips(split[0].id).unwrap();
    assert_eq!(joined.clip.words, first.clip.words);
    talk.make_anew("Made anew again.");
    assert_eq!(talk.clips()[0].clip.words, first.clip.words);
    // The id that is gone leads to the whole.
    let gone = split[..2].iter().find(|clip| clip.id != talk.clips()[0].id).unwrap().id;
    assert_eq!(talk.library.clip(gone).unwrap().id, talk.clips()[0].id);
    talk.library.undo_clip_edit(talk.episode).unwrap();
    assert_eq!(talk.ids(), split.iter().map(|clip| clip.id).collect::<Vec<_>>());
    talk.library.undo_clip_edit(talk.episode).unwrap();
    assert_eq!(talk.ids(), before.iter().map(|clip| clip.id).collect::<Vec<_>>());
    talk.check();
    let last = talk.ids().pop().unwrap();
    assert_eq!(talk.library.join_clips(last).unwrap_err().kind, ErrorKind::BadInput);
    assert_eq!(talk.library.split_clip(last, 0).unwrap_err().kind, ErrorKind::BadInput);
}

#[test]
fn headlines_by_hand_stay() {
    let talk = Talk::new(&timed(&text()), &[]);
    let clip = talk.clips().pop().unwrap();
    let own = clip.clip.description.headline.clone();
    let view = talk.library.rename_clip(clip.id, Some("  What bees\nknow ")).unwrap();
    assert_eq!((view.id, view.clip.description.headline.as_str()), (clip.id, "What bees know"));
    assert_eq!(view.clip.description.headline_by, Author::Hand);
    talk.make_anew("Made anew.");
    let last = talk.clips().pop().unwrap();
    assert_eq!((last.clip.description.headline.as_str(), last.by_hand), ("What bees know", true));
    let view = talk.library.rename_clip(clip.id, None).unwrap();
    assert_eq!((view.clip.description.headline == "What bees know", view.by_hand), (false, false));
    talk.library.undo_clip_edit(talk.episode).unwrap();
    assert_eq!(talk.clips().pop().unwrap().clip.description.headline, "What bees know");
    talk.library.undo_clip_edit(talk.episode).unwrap();
    talk.make_anew("");
    assert_eq!(talk.clips().pop().unwrap().clip.description.headline, own);
    for headline in ["", "   ", &"long ".repeat(30)] {
        assert_eq!(talk.library.rename_clip(clip.id, Some(headline)).unwrap_err().kind, ErrorKind::BadInput);
    }
    let first = talk.ids()[0];
    for unseen in ["", " \n", "\u{0}\u{7}", "\u{202e}"] {
        assert_eq!(talk.library.rename_clip(first, Some(unseen)).unwrap_err().kind, ErrorKind::BadInput, "{unseen:?}");
    }
    let shown = talk.library.rename_clip(first, Some("Red\u{1b}[31m \u{202e}Bridge")).unwrap();
    assert_eq!(shown.clip.description.headline, "Red [31m Bridge");
}

#[test]
fn what_was_heard_is_marked() {
    let talk = Talk::new(&untimed(&text()), &[]);
    let clip = talk.clips()[0].id;
    talk.library.mark_heard(clip, true).unwrap();
    assert!(talk.library.clip(clip).unwrap().heard);
    talk.make_anew("Made anew.");
    assert!(talk.clips()[0].heard);
    talk.library.mark_heard(clip, false).unwrap();
    assert!(!talk.clips()[0].heard);
}

#[test]
fn what_is_stopped_goes_on_later() {
    let talk = Talk::new(&timed(&text()), &[]);
    let before = talk.clips();
    talk.store.set_chapters(talk.episode, &[]).unwrap();
    let edit = EpisodeEdit { title: Some("Another title".into()), ..EpisodeEdit::default() };
    talk.library.edit_episode(talk.episode, &edit).unwrap();
    let stop = Stop::default();
    let on_event = |event: Event| {
        if matches!(event, Event::Started { stage: Stage::Cutting, .. }) {
            stop.request();
        }
    };
    let summary = talk.library.work(&WorkOptions::default(), &stop, &on_event).unwrap();
    assert!(summary.stopped);
    // The clips of before stand until others are whole.
    let view = talk.library.clips(talk.episode).unwrap();
    assert_eq!((view.clips.len(), view.pending), (before.len(), true));
    assert_eq!(talk.store.clips_made(talk.episode).unwrap().unwrap().version, 1);
    talk.work();
    assert_eq!(talk.store.clips_made(talk.episode).unwrap().unwrap().version, 2);
}

#[test]
fn what_several_episodes_say_is_no_topic() {
    let promo = "You have been listening to the northern service. We are here for you every single day. The northern \
                 service tells you what it hears. Stay with us for the whole evening now.";
    let talk = Talk::new(&timed(&format!("{promo} {}", text())), &[]);
    let jobs = AtomicUsize::new(0);
    for number in 2..6 {
        let other = format!("{} {number}. {promo}", text().replace("near", &format!("near{number}")));
        add(&talk.store, &format!("Episode {number}"), &timed(&other));
        let count = |event: Event| {
            if matches!(event, Event::Started { stage: Stage::Cutting, .. }) {
                jobs.fetch_add(1, Ordering::SeqCst);
            }
        };
        talk.library.work(&WorkOptions::default(), &Stop::default(), &count).unwrap();
    }
    assert!(talk.store.pending_for(&[talk.episode]).unwrap().is_empty());
    assert!(talk.store.clips_made(talk.episode).unwrap().unwrap().version > 1, "repetition is news");
    let first = &talk.clips()[0];
    assert!(!first.is_told(), "{:?}", first.clip);
    // Each of the new ones, those for which it was news, and each again where what it means was learned meanwhile.
    assert!(jobs.load(Ordering::SeqCst) <= 2 * (4 + 1 + 2 + 3 + 4));
}

#[test]
fn chapters_go_to_other_programs() {
    let talk = Talk::new(&timed(&text()), &[]);
    let export = |format, adverts| talk.library.export_chapters(talk.episode, format, adverts).unwrap();
    let chapters = |adverts| {
        let json: serde_json::Value = serde_json::from_slice(&export(ChapterFormat::Json, adverts)).unwrap();
        json["chapters"].as_array().unwrap().clone()
    };
    let told = talk.library.clips(talk.episode).unwrap().told().count();
    assert_eq!((chapters(false).len(), chapters(true).len()), (told, talk.clips().len()));
    assert!(chapters(true).iter().any(|chapter| chapter["toc"] == false));
    let text = |format| String::from_utf8(export(format, false)).unwrap();
    assert!(text(ChapterFormat::Vtt).starts_with("WEBVTT\n\n1\n00:00:00.000 --> "));
    assert_eq!(text(ChapterFormat::FfMetadata).matches("[CHAPTER]").count(), told);
    assert_eq!(text(ChapterFormat::Soundbites).matches("</podcast:soundbite>").count(), told);
    assert!(export(ChapterFormat::Id3, false).starts_with(b"ID3\x04"));

    let talk = Talk::new(&untimed(&plain(&self::text())), &[]);
    let error = talk.library.export_chapters(talk.episode, ChapterFormat::Vtt, false).unwrap_err();
    assert_eq!((error.kind, error.remedy.is_some()), (ErrorKind::BadInput, true), "{error}");
}

#[test]
fn a_cut_tail_is_no_end() {
    let whole = text();
    let (broken, sound) = (whole.trim_end_matches("it again.").to_owned(), whole.as_str());
    for (words, expected) in [(broken.as_str(), true), (sound, false), (&plain(&broken), false)] {
        let talk = Talk::new(&untimed(words), &[]);
        assert_eq!(talk.clips().last().unwrap().clip.broken_off, expected);
        assert!(talk.clips().iter().rev().skip(1).all(|clip| !clip.clip.broken_off));
    }
}
