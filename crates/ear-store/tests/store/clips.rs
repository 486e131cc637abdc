use crate::builders::{Library, new_episode};
use ear_core::{
    Author, Clip, ClipId, ClipKind, Description, EpisodeId, MentionBy, Name, NameKind, NameSource, Origin, SourceKind,
    Span, Timing, Transcript, TranscriptId, Word, WordRange,
};
use ear_store::{ClipEdit, EpisodeEdit, Error, Making, NewClip, NewClipWork, NewEpisode, Proposed, Work};

/// All words of the talk.
const WHOLE: WordRange = 0..100;
/// Its last words.
const LAST: WordRange = 60..100;

/// A library with one episode of a hundred words, a word a second.
struct Talk {
    library: Library,
    episode: EpisodeId,
    transcript: TranscriptId,
}

impl Talk {
    fn new() -> Self {
        let library = Library::new();
        let episode = library.episode("Talk");
        let transcript = words(&library, episode, 100, 0);
        Self { library, episode, transcript }
    }

    /// Stores clips of these words; their ids.
    fn put(&self, ranges: &[WordRange]) -> Vec<i64> {
        self.put_as(self.transcript, ranges)
    }

    fn put_as(&self, transcript: TranscriptId, ranges: &[WordRange]) -> Vec<i64> {
        let clips: Vec<NewClip> = ranges.iter().cloned().map(clip).collect();
        self.put_all(transcript, &clips).into_iter().map(|id| id.0).collect()
    }

    fn put_all(&self, transcript: TranscriptId, clips: &[NewClip]) -> Vec<ClipId> {
        let edits = self.library.store.clip_edits(self.episode).unwrap();
        self.library.store.put_clips(self.episode, transcript, &making(edits), clips).unwrap()
    }

    /// The clip that an id leads to.
    fn leads(&self, id: i64) -> Option<i64> {
        self.library.store.clip(ClipId(id)).unwrap().map(|clip| clip.id.0)
    }

    fn heard(&self) -> Vec<i64> {
        let clips = self.library.store.clips_of_episode(self.episode).unwrap();
        clips.into_iter().filter(|clip| clip.heard_at.is_some()).map(|clip| clip.id.0).collect()
    }
}

fn making(edits: i64) -> Making {
    Making { maker: "test".into(), made_of: "words".into(), edits }
}

fn words(library: &Library, episode: EpisodeId, count: u64, from: u64) -> TranscriptId {
    let word = |at: u64| Word::timed(format!("w{at}"), Span::new((from + at) * 1000, (from + at) * 1000 + 900));
    let words = (0..count).map(word).collect();
    let whole = Transcript { timing: Timing::Words, words, ..Transcript::empty(Origin::Imported) };
    library.store.add_transcript(episode, &whole).unwrap()
}

fn clip(words: WordRange) -> NewClip {
    let span = Some(Span::new(words.start as u64 * 1000, words.end as u64 * 1000));
    let description = Description {
        headline: format!("Words {words:?}"),
        headline_by: Author::Words,
        headline_source: None,
        summary: Vec::new(),
        summary_by: Author::Words,
        keywords: vec!["harbour".into()],
    };
    let clip = Clip { kind: ClipKind::Topic, label: None, words, span, chapter: None, description, broken_off: false };
    NewClip { clip, by_hand: false, vector: Some(vec![1, 2, 3]) }
}

#[test]
fn clips_come_back_as_they_were_stored() {
    let talk = Talk::new();
    let music = NewClip {
        clip: Clip {
            kind: ClipKind::Music,
            span: Some(Span::new(60_000, 72_000)),
            broken_off: false,
            label: None,
            ..clip(60..60).clip
        },
        by_hand: false,
        vector: None,
    };
    let mut advert = clip(60..100);
    (advert.clip.kind, advert.clip.label, advert.by_hand) = (ClipKind::Advertisement, Some("sponsor".into()), true);
    (advert.clip.broken_off, advert.clip.chapter) = (true, Some("The end".into()));
    let new = [clip(0..60), music, advert];
    let ids = talk.put_all(talk.transcript, &new);
    let stored = talk.library.again().clips(talk.transcript).unwrap();
    assert_eq!(stored.iter().map(|clip| clip.id).collect::<Vec<_>>(), ids);
    let back: Vec<NewClip> = stored
        .into_iter()
        .map(|stored| NewClip { clip: stored.clip, by_hand: stored.by_hand, vector: stored.vector })
        .collect();
    assert_eq!(back, new);
    let store = &talk.library.store;
    assert_eq!(store.advert_words(talk.transcript).unwrap(), [LAST]);
    assert_eq!(store.episodes_with_adverts().unwrap(), [(talk.episode, talk.transcript)]);
    assert_eq!(
        store.clips_made(talk.episode).unwrap().map(|made| (made.maker, made.version)),
        Some(("test".into(), 1))
    );
}

#[test]
fn ids_stay_and_lead_on() {
    let talk = Talk::new();
    let ids = talk.put(&[0..30, 30..60, 60..100]);
    // An edge moved: all are who they were.
    assert_eq!(talk.put(&[0..35, 35..60, 60..100]), ids);
    // Two joined: the longer one stays, the other leads to it.
    assert_eq!(talk.put(&[0..60, 60..100]), [ids[0], ids[2]]);
    assert_eq!((talk.leads(ids[0]), talk.leads(ids[1])), (Some(ids[0]), Some(ids[0])));
    // Split again: the one that was gone is back.
    assert_eq!(talk.put(&[0..35, 35..60, 60..100]), ids);
    assert_eq!(talk.leads(ids[1]), Some(ids[1]));
    // All joined: what led to a clip that is gone leads on.
    assert_eq!(talk.put(&[0..60, 60..100]), [ids[0], ids[2]]);
    assert_eq!(talk.put(&[WHOLE]), [ids[0]]);
    assert_eq!(ids.iter().map(|id| talk.leads(*id)).collect::<Vec<_>>(), [Some(ids[0]); 3]);
    assert_eq!(talk.leads(9_999), None);
    assert_eq!(talk.library.store.integrity(true).unwrap(), []);
}

#[test]
fn ids_follow_their_time_into_another_transcript() {
    let talk = Talk::new();
    let ids = talk.put(&[0..30, 30..100]);
    // The same sound with ten more words in front of it, which the new one leaves out.
    let other = words(&talk.library, talk.episode, 60, 0);
    assert_eq!(talk.put_as(other, &[0..28, 28..60]), ids);
    assert!(talk.library.store.clips(talk.transcript).unwrap().is_empty());
    assert_eq!(talk.library.store.clips(other).unwrap().len(), 2);
    assert_eq!(talk.library.store.integrity(true).unwrap(), []);
}

#[test]
fn what_was_heard_stays_heard() {
    let talk = Talk::new();
    let ids = talk.put(&[0..50, 50..100]);
    talk.library.store.mark_heard(ClipId(ids[1]), true).unwrap();
    assert_eq!(talk.heard(), [ids[1]]);
    // Both parts of what was heard were heard.
    let split = talk.put(&[0..50, 50..80, 80..100]);
    assert_eq!(talk.heard(), split[1..]);
    // A clip that is gone takes nothing with it, and is heard when it comes again.
    talk.put(&[WHOLE]);
    assert_eq!(talk.put(&[0..50, 50..100])[1], ids[1]);
    assert!(talk.heard().contains(&ids[1]));
    talk.library.store.mark_heard(ClipId(ids[1]), false).unwrap();
    assert!(!talk.heard().contains(&ids[1]));
    assert!(matches!(talk.library.store.mark_heard(ClipId(99), true), Err(Error::Missing { what: "clip", .. })));
}

#[test]
fn edits_hold_until_they_are_undone() {
    let talk = Talk::new();
    talk.put(&[0..50, 50..100]);
    let store = &talk.library.store;
    let range = |words: WordRange| NewClipWork { work: Work::Range, words, span: None };
    let edit = |what, adds, ends| {
        let made = store.clips_made(talk.episode).unwrap().unwrap();
        store.edit_clips(talk.episode, &made, &ClipEdit { what, ends, adds }, &[clip(0..40), clip(40..100)]).unwrap()
    };
    let works = || -> Vec<(Work, WordRange)> {
        store.clip_work(talk.episode).unwrap().into_iter().map(|work| (work.work, work.words)).collect()
    };
    assert!(edit("move", vec![range(0..40), range(40..100)], Vec::new()).is_some());
    assert_eq!(works(), [(Work::Range, 0..40), (Work::Range, 40..100)]);
    assert_eq!(store.clips_made(talk.episode).unwrap().unwrap().edits, store.clip_edits(talk.episode).unwrap());
    let first = store.clip_work(talk.episode).unwrap()[0].id;
    let headline = NewClipWork { work: Work::Headline("Mine".into()), words: 0..30, span: Some(Span::new(0, 30_000)) };
    edit("rename", vec![headline, range(0..30)], vec![first]).unwrap();
    assert_eq!(works(), [(Work::Range, 40..100), (Work::Headline("Mine".into()), 0..30), (Work::Range, 0..30)]);

    assert_eq!(store.undo_clip_edit(talk.episode).unwrap().map(|undone| undone.what).as_deref(), Some("rename"));
    assert_eq!(works(), [(Work::Range, 0..40), (Work::Range, 40..100)]);
    assert_eq!(store.undo_clip_edit(talk.episode).unwrap().map(|undone| undone.what).as_deref(), Some("move"));
    assert_eq!((works(), store.undo_clip_edit(talk.episode).unwrap()), (Vec::new(), None));
    // What was undone is news, too.
    assert!(store.clip_edits(talk.episode).unwrap() > store.clips_made(talk.episode).unwrap().unwrap().edits);
}

#[test]
fn an_edit_of_clips_that_changed_meanwhile_is_none() {
    let talk = Talk::new();
    talk.put(&[WHOLE]);
    let store = &talk.library.store;
    let seen = store.clips_made(talk.episode).unwrap().unwrap();
    talk.put(&[0..50, 50..100]);
    let edit = ClipEdit { what: "split", ends: Vec::new(), adds: Vec::new() };
    assert_eq!(store.edit_clips(talk.episode, &seen, &edit, &[clip(0..100)]).unwrap(), None);
    assert_eq!(store.clips(talk.transcript).unwrap().len(), 2);
    assert_eq!(store.clip_edits(talk.episode).unwrap(), 0);
}

#[test]
fn what_does_not_fit_is_refused() {
    let talk = Talk::new();
    let store = &talk.library.store;
    let other = talk.library.episode("Other");
    let put = |episode, clips: &[NewClip]| store.put_clips(episode, talk.transcript, &making(0), clips);
    assert!(matches!(put(talk.episode, &[clip(90..101)]), Err(Error::NoSuchWords { end: 101, words: 100, .. })));
    assert!(matches!(put(other, &[clip(0..10)]), Err(Error::Missing { what: "transcript", .. })));
    assert!(store.clips(talk.transcript).unwrap().is_empty());
}

#[test]
fn clips_go_with_their_episode() {
    let talk = Talk::new();
    let ids = talk.put(&[0..50, 50..100]);
    talk.put(&[WHOLE]);
    let store = &talk.library.store;
    store.mark_heard(ClipId(ids[0]), true).unwrap();
    let made = store.clips_made(talk.episode).unwrap().unwrap();
    let adds = vec![NewClipWork { work: Work::Range, words: 0..100, span: None }];
    let edit = ClipEdit { what: "join", ends: Vec::new(), adds };
    store.edit_clips(talk.episode, &made, &edit, &[clip(0..100)]).unwrap();
    let again = store.clips_made(talk.episode).unwrap().unwrap();
    let ends = vec![store.clip_work(talk.episode).unwrap()[0].id];
    store
        .edit_clips(talk.episode, &again, &ClipEdit { what: "undo", ends, adds: Vec::new() }, &[clip(0..100)])
        .unwrap();
    store.put_sentence_keys(talk.episode, &[1, 2, 3]).unwrap();
    store.remove_episodes(&[talk.episode]).unwrap();
    for table in ["clips", "clips_gone", "clips_made", "clip_heard", "clip_edits", "clip_work", "sentence_keys"] {
        let left: i64 =
            talk.library.raw().query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap();
        assert_eq!(left, 0, "{table}");
    }
}

#[test]
fn sentences_are_counted_within_a_show() {
    let library = Library::new();
    let store = &library.store;
    let show = store.show_named("Harbour Hour").unwrap();
    let episode = |title: &str, show| store.add_episode(&NewEpisode { show, ..new_episode(title) }).unwrap().id;
    let (one, two, three) = (episode("1", Some(show)), episode("2", Some(show)), episode("3", Some(show)));
    let elsewhere = episode("4", None);
    assert_eq!(store.put_sentence_keys(one, &[7, u64::MAX, 9]).unwrap(), []);
    assert_eq!(store.put_sentence_keys(elsewhere, &[7, 8]).unwrap(), []);
    assert!(store.repeated_sentences(one).unwrap().is_empty());
    // News for the first, once.
    assert_eq!(store.put_sentence_keys(two, &[7, 8, u64::MAX]).unwrap(), [one]);
    assert_eq!(store.put_sentence_keys(two, &[7, 8, u64::MAX]).unwrap(), []);
    assert_eq!(store.put_sentence_keys(three, &[u64::MAX]).unwrap(), [one, two]);
    assert_eq!(store.repeated_sentences(one).unwrap(), [(7, 1), (u64::MAX, 2)].into());
    // What no longer stands in one is news as well.
    assert_eq!(store.put_sentence_keys(three, &[5]).unwrap(), [one, two]);
    assert_eq!(store.repeated_sentences(one).unwrap(), [(7, 1), (u64::MAX, 1)].into());
    // A sentence that many say is none.
    for number in 5..12 {
        store.put_sentence_keys(episode(&number.to_string(), Some(show)), &[9]).unwrap();
    }
    let last = episode("last", Some(show));
    assert_eq!(store.put_sentence_keys(last, &[9]).unwrap(), []);
    assert_eq!(store.repeated_sentences(last).unwrap(), [(9, 8)].into());
}

#[test]
fn candidates_know_what_tells_them_apart() {
    let talk = Talk::new();
    let store = &talk.library.store;
    let name = |name: &str| {
        let name = Name {
            name: name.into(),
            kind: Some(NameKind::Place),
            role: None,
            variants: Vec::new(),
            sources: vec![NameSource { kind: SourceKind::Said, text: String::new() }],
        };
        store.add_name(&name).unwrap()
    };
    let (beirut, cairo) = (name("Beirut"), name("Cairo"));
    let said = [(cairo, 3), (beirut, 5), (beirut, 39), (beirut, 40), (cairo, 70)];
    let mentions = said.map(|(name, at)| (name, at..at + 1, MentionBy::Words, None));
    store.put_episode_names(talk.episode, talk.transcript, "test", &[], &mentions, &[]).unwrap();
    let mut advert = clip(60..100);
    advert.clip.kind = ClipKind::Advertisement;
    let ids = talk.put_all(talk.transcript, &[clip(0..40), clip(40..60), advert]);
    let candidates = store.clip_candidates(None).unwrap();
    let known: Vec<_> = candidates.iter().map(|one| (one.id, one.seq, one.words.clone(), one.names.clone())).collect();
    assert_eq!(known, [(ids[0], 0, 0..40, vec![(beirut, 2), (cairo, 1)]), (ids[1], 1, 40..60, vec![(beirut, 1)])]);
    assert_eq!(
        (candidates[0].keywords.as_slice(), candidates[0].vector.as_deref()),
        (&["harbour".into()][..], Some(&[1, 2, 3][..]))
    );
    assert_eq!(store.clip_candidates(Some(&[talk.episode])).unwrap(), candidates);
    assert_eq!(store.clip_candidates(Some(&[])).unwrap(), []);
    assert_eq!(store.first_said(talk.transcript, &(0..40), cairo).unwrap(), Some((3, None)));
    assert_eq!(store.first_said(talk.transcript, &(40..60), cairo).unwrap(), None);
    assert_eq!(store.names_briefly().unwrap()[&beirut], ("Beirut".to_owned(), Some(NameKind::Place)));
    let row = store.clips_in_row(&[ids[1], ClipId(4711), ids[0]]).unwrap();
    let beside: Vec<_> = row.iter().map(|one| (one.previous, one.clip.id, one.following)).collect();
    assert_eq!(beside, [(Some(ids[0]), ids[1], Some(ids[2])), (None, ids[0], Some(ids[1]))]);
}

#[test]
fn each_change_is_seen_without_reading_all() {
    let talk = Talk::new();
    let store = &talk.library.store;
    let mut known = Vec::new();
    let mut is_new = |what: &str| {
        let version = store.clips_version().unwrap();
        assert!(!known.contains(&version), "{what}");
        known.push(version);
    };
    is_new("nothing");
    let ids = talk.put(&[0..40, 40..100]);
    is_new("clips");
    let stamps = store.clip_episodes().unwrap();
    talk.put(&[0..40, 40..100]);
    is_new("clips made again");
    assert_ne!(store.clip_episodes().unwrap(), stamps);
    store.put_episode_names(talk.episode, talk.transcript, "test", &[], &[], &[]).unwrap();
    is_new("names");
    let edit = EpisodeEdit { date: Some("2020-01-31".parse().ok()), ..EpisodeEdit::default() };
    store.edit_episode(talk.episode, &edit).unwrap();
    is_new("a date");
    let version = store.clips_version().unwrap();
    let heard = store.heard_version().unwrap();
    store.mark_heard(ClipId(ids[1]), true).unwrap();
    assert_ne!(store.heard_version().unwrap(), heard);
    assert_eq!(store.heard_clips().unwrap(), [ClipId(ids[1])]);
    assert_eq!(store.clips_version().unwrap(), version, "what was heard is apart");
}

#[test]
fn episodes_without_clips_wait() {
    let talk = Talk::new();
    let store = &talk.library.store;
    assert_eq!(store.episodes_without_clips("test").unwrap(), [talk.episode]);
    talk.put(&[]);
    assert_eq!(store.episodes_without_clips("test").unwrap(), []);
    assert_eq!(store.episodes_without_clips("newer").unwrap(), [talk.episode]);
    words(&talk.library, talk.episode, 10, 0);
    assert_eq!(store.episodes_without_clips("test").unwrap(), [talk.episode]);
}

#[test]
fn what_was_proposed_goes_into_the_clips_it_was_for() {
    let talk = Talk::new();
    let store = &talk.library.store;
    assert_eq!(store.episodes_not_proposed("small").unwrap(), []);
    talk.put(&[0..60, LAST]);
    assert_eq!(store.episodes_not_proposed("small").unwrap(), [talk.episode]);
    for (key, answer) in [("one", "first"), ("one", "again"), ("two", "")] {
        store.put_proposal(talk.episode, key, answer).unwrap();
    }
    let kept = |key: &str| store.proposal(talk.episode, key).unwrap();
    assert_eq!((kept("one").as_deref(), kept("two").as_deref(), kept("three")), (Some("again"), Some(""), None));
    let made = store.clips_made(talk.episode).unwrap().unwrap();
    let before = store.clips_version().unwrap();
    let clip = store.clips(talk.transcript).unwrap().remove(0);
    let new = Description {
        headline: "Proposed".into(),
        headline_by: Author::Model,
        headline_source: Some("small".into()),
        ..clip.clip.description
    };
    let proposed = Proposed { model: "small".into(), refused: 3 };
    let describe = |made| {
        store.describe_clips(talk.episode, made, &[(clip.id, new.clone())], &proposed, &["one".to_owned()]).unwrap()
    };
    assert!(describe(&made));
    let clips = store.clips(talk.transcript).unwrap();
    assert_eq!(clips[0].clip.description, new);
    assert_eq!(clips[1].clip.description.headline_by, Author::Words);
    assert_eq!((kept("one").is_some(), kept("two")), (true, None));
    assert_eq!(store.proposed(talk.episode).unwrap().as_ref(), Some(&proposed));
    assert_eq!(store.episodes_not_proposed("small").unwrap(), []);
    assert_eq!(store.episodes_not_proposed("large").unwrap(), [talk.episode]);
    assert_ne!(store.clips_version().unwrap(), before);
    // Those were others.
    assert!(!describe(&made));
    talk.put(&[0..60, LAST]);
    assert_eq!(store.proposed(talk.episode).unwrap(), None);
    assert_eq!(store.episodes_not_proposed("small").unwrap(), [talk.episode]);
    assert_eq!(store.integrity(true).unwrap(), []);
    let missing = store.put_proposal(EpisodeId(99), "one", "").unwrap_err();
    assert!(matches!(missing, Error::Missing { .. }), "{missing:?}");
}
