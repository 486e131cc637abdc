use crate::builders::{Library, chunk, head, timed_words, transcript};
use ear_core::{
    Alternative, EpisodeId, Origin, Span, Stretch, StretchKind, Timing, Transcript, TranscriptId, Turn, Word,
};
use ear_store::{CompleteFields, Error, Moment, NewChunk, NewJob, Wanted};
use proptest::prelude::*;

#[test]
fn recognition_goes_on_where_it_stopped() {
    let library = Library::new();
    let store = &library.store;
    let episode = library.episode("Talk");
    assert_eq!(store.resume_partial(episode, "f").unwrap(), None);
    let id = store.begin_transcript(episode, &head("f")).unwrap();
    let words = timed_words(250);
    let music = |at| Stretch { span: Span::new(at, at + 30_000), kind: StretchKind::Music, language: None };
    store.add_chunk(id, &chunk(0, Span::new(0, 30_000), &words[..100], &[music(0)]), None).unwrap();
    store.add_chunk(id, &chunk(1, Span::new(30_000, 60_000), &[], &[music(30_000)]), None).unwrap();

    // Another process, after the first was stopped.
    let other = library.again();
    assert_eq!(other.resume_partial(episode, "another maker").unwrap(), None);
    let partial = other.resume_partial(episode, "f").unwrap().unwrap();
    assert_eq!((partial.transcript, partial.next_seq, partial.words, partial.end), (id, 2, 100, 60_000));
    assert_eq!(partial.language.as_deref(), Some("en"));
    let so_far = other.load_transcript(id).unwrap();
    assert_eq!((so_far.words.as_slice(), so_far.stretches.len()), (&words[..100], 2));
    assert_eq!(other.current_transcript(episode).unwrap(), None);
    other.add_chunk(id, &chunk(2, Span::new(60_000, 90_000), &words[100..], &[]), None).unwrap();

    let turns = vec![Turn { speaker: Some("A".into()), words: 0..250 }];
    let fields =
        CompleteFields { language: None, duration: Some(90_500), timing: Timing::Words, turns, stretches: None };
    store.complete_transcript(id, &fields).unwrap();
    store.complete_transcript(id, &fields).unwrap();
    let whole = store.load_transcript(id).unwrap();
    assert_eq!((whole.words, whole.turns, whole.duration), (words, fields.turns, Some(90_500)));
    assert_eq!((whole.language.as_deref(), whole.stretches), (Some("en"), vec![music(0), music(30_000)]));
    assert_eq!(store.words(id, 99..101).unwrap()[1].text, "w100");
    assert_eq!(store.resume_partial(episode, "f").unwrap(), None);
    assert_eq!(store.current_transcript(episode).unwrap(), Some(id));
}

#[test]
fn other_readings_are_kept_with_their_sound() {
    let library = Library::new();
    let store = &library.store;
    let id = store.begin_transcript(library.episode("Talk"), &head("f")).unwrap();
    let readings = [("I ran", -0.4), ("Iran", -0.6)].map(|(text, score)| Alternative { text: text.into(), score });
    let words = timed_words(2);
    for (seq, alternatives) in [(0, &readings[..]), (1, &[]), (2, &readings[1..])] {
        let span = Span::new(seq as u64 * 1_000, seq as u64 * 1_000 + 900);
        store.add_chunk(id, &NewChunk { alternatives, ..chunk(seq, span, &words, &[]) }, None).unwrap();
    }
    let expected = [(Span::new(0, 900), readings.to_vec()), (Span::new(2_000, 2_900), readings[1..].to_vec())];
    assert_eq!(store.alternatives(id).unwrap(), expected);
    assert_eq!(store.alternatives(TranscriptId(99)).unwrap(), []);
}

#[test]
fn only_the_holder_of_a_job_stores_what_it_heard() {
    let library = Library::new();
    let store = &library.store;
    let episode = library.episode("Talk");
    let id = store.begin_transcript(episode, &head("f")).unwrap();
    store.enqueue(&NewJob::new("transcribe", Some(episode))).unwrap();
    let claim = |worker: &str, at| store.claim(worker, Moment::at(at), 1_000, &Wanted::default()).unwrap().unwrap();
    let words = timed_words(2);
    let add =
        |seq, worker: &str, job| store.add_chunk(id, &chunk(seq, Span::new(0, 1), &words, &[]), Some((job, worker)));
    let job = claim("old", 0).id;
    add(0, "old", job).unwrap();
    // Whoever got further may try as often again.
    for (at, worker) in [(2_000, "second"), (4_000, "third")] {
        assert_eq!(claim(worker, at).attempts, if worker == "second" { 2 } else { 3 });
    }
    assert!(matches!(add(1, "old", job), Err(Error::NotHeld { .. })));
    assert_eq!(store.transcript_info(id).unwrap().unwrap().words, 2);
    add(1, "third", job).unwrap();
    assert_eq!(store.job(job).unwrap().unwrap().attempts, 1);
    store.cancel(job).unwrap();
    assert!(matches!(add(2, "third", job), Err(Error::NotHeld { .. })));
}

#[test]
fn chunks_come_once_and_in_order() {
    let library = Library::new();
    let store = &library.store;
    let id = store.begin_transcript(library.episode("Talk"), &head("f")).unwrap();
    let words = timed_words(5);
    let add = |seq, words: &[Word]| store.add_chunk(id, &chunk(seq, Span::new(0, 1), words, &[]), None);
    assert!(matches!(add(1, &words), Err(Error::ChunkOrder { seq: 1, expected: 0, .. })));
    add(0, &words).unwrap();
    add(0, &words).unwrap();
    assert!(matches!(add(0, &words[1..]), Err(Error::ChunkDiffers { seq: 0, .. })));
    assert_eq!(store.transcript_info(id).unwrap().unwrap().words, 5);
    let fields = CompleteFields {
        language: None,
        duration: None,
        timing: Timing::Words,
        turns: vec![],
        stretches: Some(vec![]),
    };
    store.complete_transcript(id, &fields).unwrap();
    add(0, &words).unwrap();
    assert!(matches!(add(1, &words), Err(Error::AlreadyComplete { .. })));
    assert!(matches!(
        store.add_chunk(TranscriptId(99), &chunk(0, Span::new(0, 1), &[], &[]), None),
        Err(Error::Missing { .. })
    ));
    assert!(matches!(store.complete_transcript(TranscriptId(99), &fields), Err(Error::Missing { .. })));
}

#[test]
fn beginning_anew_drops_what_the_same_maker_left() {
    let library = Library::new();
    let store = &library.store;
    let episode = library.episode("Talk");
    let first = store.begin_transcript(episode, &head("f")).unwrap();
    let other = store.begin_transcript(episode, &head("g")).unwrap();
    let second = store.begin_transcript(episode, &head("f")).unwrap();
    assert!(store.transcript_info(first).unwrap().is_none());
    let listed: Vec<_> = store.transcripts(episode).unwrap().into_iter().map(|info| (info.id, info.complete)).collect();
    assert_eq!(listed, [(second, false), (other, false)]);
    assert_eq!(store.drop_partials(episode).unwrap(), 2);
    assert_eq!(store.transcripts(episode).unwrap(), []);
    assert!(matches!(store.begin_transcript(EpisodeId(9), &head("f")), Err(Error::Missing { .. })));
}

#[test]
fn the_best_transcript_is_read() {
    let library = Library::new();
    let store = &library.store;
    let episode = library.episode("Talk");
    // From the last to the first choice; each comes twice, and the newer is better.
    let ranks = [
        (Origin::Imported, Timing::Words),
        (Origin::Published, Timing::None),
        (Origin::Recognised, Timing::Words),
        (Origin::Published, Timing::Cues),
        (Origin::Corrected, Timing::None),
    ];
    let mut best_last = Vec::new();
    for (origin, timing) in ranks {
        for _ in 0..2 {
            let id = store.add_transcript(episode, &transcript(origin, timing)).unwrap();
            assert_eq!(store.current_transcript(episode).unwrap(), Some(id), "{origin:?} {timing:?}");
            best_last.push(id);
        }
    }
    // What comes later is no better for it.
    let id = store.add_transcript(episode, &transcript(Origin::Imported, Timing::Words)).unwrap();
    best_last.insert(2, id);
    best_last.push(store.begin_transcript(episode, &head("f")).unwrap());
    best_last.rotate_right(1);
    let listed: Vec<_> = store.transcripts(episode).unwrap().into_iter().map(|info| info.id).collect();
    assert_eq!(listed, best_last.into_iter().rev().collect::<Vec<_>>());
    assert_eq!(store.episode(episode).unwrap().unwrap().transcript, store.current_transcript(episode).unwrap());
}

#[test]
fn what_was_made_alike_is_stored_once() {
    let library = Library::new();
    let store = &library.store;
    let (episode, other) = (library.episode("Talk"), library.episode("Other"));
    let made = Transcript { words: timed_words(120), ..Transcript::empty(Origin::Published) };
    let id = store.add_made_transcript(episode, &made, "from 1 and 2").unwrap();
    assert_eq!(store.add_made_transcript(episode, &made, "from 1 and 2").unwrap(), id);
    assert_eq!(store.transcript_info(id).unwrap().unwrap().fingerprint.as_deref(), Some("from 1 and 2"));
    for another in [
        store.add_made_transcript(episode, &made, "from 1 and 3").unwrap(),
        store.add_made_transcript(other, &made, "from 1 and 2").unwrap(),
        store.add_transcript(episode, &made).unwrap(),
        store.add_transcript(episode, &made).unwrap(),
    ] {
        assert_ne!(another, id);
    }
    assert_eq!(store.transcripts(episode).unwrap().len(), 4);
}

#[test]
fn a_damaged_transcript_says_where() {
    let library = Library::new();
    let store = &library.store;
    let whole = Transcript { words: timed_words(250), ..transcript(Origin::Imported, Timing::Words) };
    let id = store.add_transcript(library.episode("Talk"), &whole).unwrap();
    let break_it = |sql: &str| library.raw().execute(sql, []).unwrap();

    break_it("UPDATE transcript_chunks SET words = substr(words, 1, 50) WHERE seq = 1");
    let error = store.load_transcript(id).unwrap_err();
    assert_eq!(error.to_string(), format!("transcript {id} is damaged: chunk 1 cannot be read"));
    assert!(matches!(store.words(id, 150..160), Err(Error::DamagedChunk { seq: 1, .. })));
    assert_eq!(store.words(id, 0..100).unwrap(), whole.words[..100]);

    break_it("UPDATE transcript_chunks SET words = '[[\"one\", null, null, 0]]' WHERE seq = 1");
    assert!(matches!(store.words(id, 100..101), Err(Error::ChunkLength { seq: 1, expected: 100, found: 1, .. })));

    break_it("UPDATE transcripts SET turns = '{'");
    let messages: Vec<String> =
        store.integrity(true).unwrap().iter().map(|anomaly| anomaly.message().to_owned()).collect();
    assert_eq!(
        messages,
        [
            format!("transcript {id}: chunk 1 should hold 100 words and holds 1"),
            format!("transcript {id}: its turns or stretches cannot be read"),
        ]
    );
    break_it("DELETE FROM transcript_chunks");
    assert!(matches!(store.load_transcript(id), Err(Error::DamagedTranscript { part: "turns", .. })));
    assert!(matches!(store.load_transcript(TranscriptId(99)), Err(Error::Missing { .. })));
}

fn any_span() -> impl Strategy<Value = Span> {
    (0..1u64 << 40, 0..1u64 << 20).prop_map(|(start, length)| Span::new(start, start + length))
}

fn any_word() -> impl Strategy<Value = Word> {
    let confidence = proptest::option::of(0.0f32..=1.0);
    ("\\PC{0,12}|.{0,3}", proptest::option::of(any_span()), confidence, any::<bool>())
        .prop_map(|(text, span, confidence, glued)| Word { text, span, confidence, glued })
}

fn any_transcript() -> impl Strategy<Value = Transcript> {
    let origin = prop::sample::select(vec![Origin::Recognised, Origin::Published, Origin::Imported, Origin::Corrected]);
    let timing = prop::sample::select(vec![Timing::Words, Timing::Cues, Timing::None]);
    let text = || proptest::option::of(".{0,8}");
    let turn = (text(), 0..500usize, 0..500usize).prop_map(|(speaker, a, b)| Turn { speaker, words: a..b });
    let kind =
        prop::sample::select(vec![StretchKind::Speech, StretchKind::Music, StretchKind::Noise, StretchKind::Silence]);
    let stretch = (any_span(), kind, text()).prop_map(|(span, kind, language)| Stretch { span, kind, language });
    let heads = (origin, timing, text(), text(), text(), proptest::option::of(0..1u64 << 62));
    let lists = (
        prop::collection::vec(any_word(), 0..350),
        prop::collection::vec(turn, 0..4),
        prop::collection::vec(stretch, 0..4),
    );
    (heads, lists).prop_map(|((origin, timing, language, engine, model, duration), (words, turns, stretches))| {
        Transcript { origin, language, engine, model, duration, timing, words, turns, stretches }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_transcript_comes_back_as_it_went(
        transcript in any_transcript(), ranges in prop::collection::vec((0..400usize, 0..400usize), 8),
    ) {
        let library = Library::new();
        let id = library.store.add_transcript(library.episode("Talk"), &transcript).unwrap();
        prop_assert_eq!(&library.store.load_transcript(id).unwrap(), &transcript);
        let count = transcript.words.len();
        let places: Vec<_> = ranges.iter().map(|(start, end)| (id, *start..*end)).collect();
        for ((_, range), found) in places.iter().zip(library.store.words_many(&places).unwrap()) {
            let expected = &transcript.words[range.start.min(count)..range.end.clamp(range.start.min(count), count)];
            prop_assert_eq!(&found, expected);
            prop_assert_eq!(library.store.words(id, range.clone()).unwrap(), expected);
        }
        prop_assert_eq!(library.store.integrity(true).unwrap(), Vec::new());
    }

    #[test]
    fn however_words_are_cut_into_chunks_they_are_the_same_words(
        sizes in prop::collection::vec(0..40usize, 1..12), start in 0..300usize, length in 0..100usize,
    ) {
        let library = Library::new();
        let id = library.store.begin_transcript(library.episode("Talk"), &head("f")).unwrap();
        let words = timed_words(sizes.iter().sum::<usize>() as u64);
        let mut from = 0;
        for (seq, size) in sizes.iter().enumerate() {
            let at = seq as u64 * 1_000;
            let new = chunk(seq, Span::new(at, at + 1_000), &words[from..from + size], &[]);
            library.store.add_chunk(id, &new, None).unwrap();
            from += size;
        }
        prop_assert_eq!(&library.store.load_transcript(id).unwrap().words, &words);
        let range = start.min(from)..(start + length).min(from);
        prop_assert_eq!(library.store.words(id, start..start + length).unwrap(), &words[range]);
    }
}
