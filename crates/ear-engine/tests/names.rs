//! Names of an episode: decided, read, searched, taken over by new transcripts.
#![expect(clippy::unwrap_used, reason = "a failed test may panic")]

use ear_engine::core::{
    EpisodeId, Name, NameId, NameKind, NameSource, Origin, RepairId, RepairState, SourceKind, Span, Timing, Transcript,
    TranscriptId, Word, WordRange, join_words,
};
use ear_engine::{
    Act, By, ErrorKind, ExportFormat, Library, Reading, SearchRequest, Stop, Verdict, Which, WorkOptions,
};
use ear_store::{NewEpisode, NewJob, Store, StoredRepairDraft};
use tempfile::TempDir;

const TALK: &str = "We came to the old harbour office before noon. The harbour master, Taddy Usher Bansky, showed \
                    us the cranes. Nobody had asked tad you chebanski about the fire, he said, and nobody had paid \
                    him. Then tad you chebanski locked the gate.";

/// A library, and its store, as another process would open it.
fn library() -> (TempDir, Library, Store) {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(folder.path()).unwrap();
    let store = Store::open(&folder.path().join("earwitness.db")).unwrap();
    (folder, library, store)
}

fn episode(store: &Store, title: &str, notes: &str) -> EpisodeId {
    let date = Some("2021-03-04".parse().unwrap());
    let new = NewEpisode {
        title: title.into(),
        source_key: Some(title.into()),
        notes: notes.into(),
        date,
        ..NewEpisode::default()
    };
    store.add_episode(&new).unwrap().id
}

/// Says a word each half second, from `from` milliseconds on.
fn heard(text: &str, from: u64) -> Transcript {
    let at = |index: usize| from + index as u64 * 500;
    let words = text.split_whitespace().enumerate();
    let words = words.map(|(index, word)| Word {
        confidence: Some(0.8),
        ..Word::timed(word, Span::new(at(index), at(index) + 450))
    });
    Transcript {
        language: Some("en".into()),
        engine: Some("test".into()),
        model: Some("base".into()),
        timing: Timing::Words,
        words: words.collect(),
        ..Transcript::empty(Origin::Recognised)
    }
}

fn work(library: &Library) {
    let summary = library.work(&WorkOptions::default(), &Stop::default(), &|_| {}).unwrap();
    assert_eq!((summary.failed, summary.stopped), (0, false));
}

/// Where these words stand in the talk.
fn places(talk: &str, wanted: &str) -> Vec<WordRange> {
    let words: Vec<&str> = talk.split_whitespace().collect();
    let wanted: Vec<&str> = wanted.split(' ').collect();
    let windows = words.windows(wanted.len()).enumerate().filter(|(_, window)| *window == wanted);
    windows.map(|(start, _)| start..start + wanted.len()).collect()
}

/// A proposal as a job may have left it.
fn propose(store: &Store, transcript: TranscriptId, wanted: &[WordRange], meant: &str) -> NameId {
    let words = store.load_transcript(transcript).unwrap().words;
    let source = NameSource { kind: SourceKind::Notes, text: String::new() };
    let kind = Some(NameKind::Person);
    let name = Name { name: meant.into(), kind, role: None, variants: Vec::new(), sources: vec![source.clone()] };
    let episode = store.transcript_info(transcript).unwrap().unwrap().episode;
    let name = store.find_or_add_names(Some(episode), &[name]).unwrap()[0];
    let draft = |range: &WordRange| StoredRepairDraft {
        name,
        words: range.clone(),
        span: words[range.clone()].iter().filter_map(|word| word.span).reduce(Span::join),
        heard: join_words(&words[range.clone()]),
        meant: meant.into(),
        probability: 0.8,
        evidence: Vec::new(),
        runner_up: None,
        state: RepairState::Proposed,
        by_hand: false,
    };
    let drafts: Vec<_> = wanted.iter().map(draft).collect();
    let names = [ear_store::EpisodeName { name, sources: vec![source] }];
    store.put_episode_names(episode, transcript, "test", &names, &[], &drafts).unwrap();
    name
}

/// An episode with a talk in which a name was misheard twice, and both are proposed.
fn misheard() -> (TempDir, Library, Store, EpisodeId, TranscriptId) {
    let (folder, library, store) = library();
    let id = episode(&store, "Harbour", "");
    let transcript = store.add_transcript(id, &heard(TALK, 0)).unwrap();
    store.enqueue(&NewJob::new("index", Some(id))).unwrap();
    work(&library);
    propose(&store, transcript, &places(TALK, "tad you chebanski"), "Tadeusz Bański");
    (folder, library, store, id, transcript)
}

fn repairs(library: &Library, episode: EpisodeId) -> Vec<(RepairId, RepairState)> {
    library.names(episode).unwrap().repairs.into_iter().map(|repair| (repair.id, repair.state)).collect()
}

/// How many passages answer a query as it is spelled.
fn hits(library: &Library, query: &str) -> usize {
    let answer = library.search(&SearchRequest { query: query.into(), ..SearchRequest::default() }).unwrap();
    if answer.respelled.is_empty() { answer.total } else { 0 }
}

fn text(library: &Library, episode: EpisodeId, reading: Reading) -> String {
    library.export_as(episode, None, ExportFormat::Text, reading).unwrap()
}

#[test]
fn an_accepted_repair_is_read_searched_and_exported() {
    let (_folder, library, store, id, transcript) = misheard();
    let view = library.names(id).unwrap();
    assert_eq!(view.transcript, Some(transcript));
    let repair = &view.repairs[0];
    assert_eq!((repair.heard.as_str(), repair.meant.as_str()), ("tad you chebanski", "Tadeusz Bański"));
    assert_eq!(repair.before, "Bansky, showed us the cranes. Nobody had asked");
    assert_eq!(repair.after, "about the fire, he said, and nobody had");
    assert_eq!(repair.group, view.repairs[1].group);
    assert_eq!(hits(&library, "Tadeusz"), 0);

    let decided = library.decide(&[Which::AlikeInEpisode(repair.id)], Verdict::Accept).unwrap();
    assert_eq!((decided.repairs.len(), decided.episodes), (2, vec![id]));
    // Reading follows at once, search when its job is done.
    assert!(text(&library, id, Reading::Repaired).contains("Then Tadeusz Bański locked the gate."));
    assert_eq!(hits(&library, "chebanski"), 1);
    work(&library);
    assert_eq!((hits(&library, "chebanski"), hits(&library, "\"tadeusz bański locked\"")), (1, 1));
    let request = SearchRequest { query: "tadeusz".into(), ..SearchRequest::default() };
    let hit = library.search(&request).unwrap().hits.remove(0);
    let (from, to) = hit.matched[0];
    let matched: String = hit.text.chars().skip(from).take(to - from).collect();
    assert_eq!((matched.as_str(), hit.heard.as_deref()), ("Tadeusz Bański", Some("tad you chebanski")));
    assert_eq!(hit.span.map(Span::start), repair.span.map(Span::start));

    // What was heard is still there.
    assert_eq!(text(&library, id, Reading::AsHeard).matches("tad you chebanski").count(), 2);
    assert_eq!(store.load_transcript(transcript).unwrap().words, heard(TALK, 0).words);
    let read = library.transcript(id, None).unwrap().unwrap();
    assert_eq!(read.transcript.words.len(), heard(TALK, 0).words.len());
    assert_eq!(read.repaired.iter().map(|one| one.heard.as_str()).collect::<Vec<_>>(), ["tad you chebanski"; 2]);
    let mentions = library.names(id).unwrap().names.into_iter().find(|name| name.name == "Tadeusz Bański").unwrap();
    assert_eq!((mentions.mentions.len(), mentions.misheard), (2, vec!["tad you chebanski".to_owned()]));
}

#[test]
fn decisions_are_undone_as_a_whole() {
    let (_folder, library, store, id, transcript) = misheard();
    library.decide(&[Which::AllFrom(id, 0.7)], Verdict::Accept).unwrap();
    work(&library);
    let undone = library.undo_last_decision().unwrap().unwrap();
    assert_eq!((undone.repairs.len(), undone.episodes), (2, vec![id]));
    assert_eq!(hits(&library, "tadeusz"), 1);
    work(&library);
    assert_eq!((hits(&library, "chebanski"), hits(&library, "tadeusz")), (1, 0));
    assert_eq!(library.undo_last_decision().unwrap(), None);
    assert_eq!(library.decide(&[Which::AllFrom(id, 0.99)], Verdict::Accept).unwrap().repairs, []);
    // One that was decided by itself is not changed with those alike.
    propose(&store, transcript, &places(TALK, "tad you chebanski"), "Tadeusz Bański");
    let first = repairs(&library, id)[0].0;
    library.decide(&[Which::One(first)], Verdict::Refuse).unwrap();
    let other = repairs(&library, id)[1].0;
    library.decide(&[Which::AlikeInLibrary(other)], Verdict::Accept).unwrap();
    assert_eq!(repairs(&library, id), [(first, RepairState::Refused), (other, RepairState::Accepted)]);
    library.decide(&[Which::One(other)], Verdict::Undo).unwrap();
    assert_eq!(repairs(&library, id)[1].1, RepairState::Proposed);
    let missing = library.decide(&[Which::One(RepairId(999))], Verdict::Accept).unwrap_err();
    assert_eq!(missing.kind, ErrorKind::NotFound);
}

#[test]
fn what_is_refused_is_not_proposed_again() {
    let (_folder, library, store, id, _) = misheard();
    let all: Vec<Which> = repairs(&library, id).into_iter().map(|(id, _)| Which::One(id)).collect();
    library.decide(&all, Verdict::Refuse).unwrap();
    store.enqueue(&NewJob::new("names", Some(id))).unwrap();
    work(&library);
    assert!(repairs(&library, id).iter().all(|(_, state)| *state == RepairState::Refused));
    assert!(!text(&library, id, Reading::Repaired).contains("Tadeusz"));
}

#[test]
fn a_new_transcript_takes_decisions_over() {
    let (_folder, library, store, id, _) = misheard();
    library.decide(&[Which::AllFrom(id, 0.0)], Verdict::Accept).unwrap();
    work(&library);
    let again =
        TALK.replacen("tad you chebanski", "tad you chabansky", 1).replace("tad you chebanski", "Tadeusz Bański");
    let newer = store.add_transcript(id, &heard(&again, 40)).unwrap();
    store.enqueue(&NewJob::new("index", Some(id))).unwrap();
    work(&library);
    let view = library.names(id).unwrap();
    assert_eq!(view.transcript, Some(newer));
    // Of the second there is nothing to decide: the new words are the meant ones.
    let accepted: Vec<_> = view
        .repairs
        .iter()
        .filter(|repair| repair.state == RepairState::Accepted)
        .map(|repair| (repair.heard.as_str(), repair.words.clone()))
        .collect();
    assert_eq!(accepted, [("tad you chabansky", places(&again, "tad you chabansky")[0].clone())]);
    assert_eq!(hits(&library, "\"asked tadeusz bański\""), 1);
    // It was no decision of anybody's: the last one is still that of before.
    assert_eq!(library.undo_last_decision().unwrap().unwrap().repairs.len(), 2);
}

#[test]
fn words_are_made_right_by_hand() {
    let (_folder, library, _store, id, transcript) = misheard();
    let words = places(TALK, "Taddy Usher Bansky,")[0].clone();
    let kind = Some(NameKind::Person);
    let repair = library.repair_by_hand(transcript, words.clone(), " Tadeusz  Bański ", kind).unwrap().repairs[0];
    work(&library);
    assert!(text(&library, id, Reading::Repaired).contains("master, Tadeusz Bański, showed"));
    let view = library.names(id).unwrap();
    assert_eq!(view.repairs.iter().find(|one| one.id == repair).unwrap().state, RepairState::Accepted);
    // Over what was accepted: that gives way, is told, and comes back as it was.
    let over = library.repair_by_hand(transcript, words.start + 1..words.end + 1, "Usher", None).unwrap();
    assert_eq!(
        over.displaced.iter().map(|one| (one.repair, one.meant.as_str())).collect::<Vec<_>>(),
        [(repair, "Tadeusz Bański")]
    );
    assert!(!text(&library, id, Reading::Repaired).contains("master, Tadeusz Bański"));
    let last = library.last_change().unwrap().unwrap();
    let undone = library.undo_change(last.number).unwrap();
    assert_eq!((undone.what, undone.gone, undone.repairs), (Act::Corrected, over.repairs, vec![repair]));
    assert!(text(&library, id, Reading::Repaired).contains("master, Tadeusz Bański, showed"));
    assert_eq!(library.undo_change(last.number).unwrap_err().kind, ErrorKind::NotFound);
    for (words, meant) in
        [(words.clone(), " - "), (words.clone(), "A\u{7}nn"), (3..3, "Ann"), (0..13, "Ann"), (9999..10_000, "Ann")]
    {
        let error = library.repair_by_hand(transcript, words, meant, None).unwrap_err();
        assert_eq!(error.kind, ErrorKind::BadInput, "{error}");
    }
    let error = library.repair_by_hand(TranscriptId(99), words, "Ann", None).unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotFound);
    library.undo_last_decision().unwrap().unwrap();
    assert!(!text(&library, id, Reading::Repaired).contains("Tadeusz"));
}

#[test]
fn names_are_known_across_the_library() {
    let (_folder, library, _store, id, _) = misheard();
    library.decide(&[Which::AllFrom(id, 0.0)], Verdict::Accept).unwrap();
    let (found, total) = library.name_listing(Some(NameKind::Person), Some("banski"), 10, 0).unwrap();
    assert_eq!((found.len(), total, found[0].mentions, found[0].episodes), (1, 1, 2, 1));
    let detail = library.name_detail(found[0].id).unwrap();
    assert_eq!((detail.episodes[0].title.as_str(), detail.episodes[0].mentions.len()), ("Harbour", 2));
    let other = library.add_name("T. Banski", None, &["Tadek".into()]).unwrap();
    library.merge_names(found[0].id, &[other]).unwrap();
    library.undo_last_decision().unwrap().unwrap();
    assert_eq!(library.name_detail(other).unwrap().name.id, other);
    library.merge_names(found[0].id, &[other]).unwrap();
    let merged = library.name_detail(other).unwrap().name;
    assert!(merged.id == found[0].id && merged.variants.contains(&"Tadek".to_owned()), "{merged:?}");
    library.rename_name(merged.id, "Tadeusz Banski").unwrap();
    library.set_name_kind(merged.id, None).unwrap();
    library.follow_name(merged.id, true).unwrap();
    let split = library.split_name(merged.id, &["Tadek".into()], "Tadek Nowak").unwrap();
    assert_ne!(split, merged.id);
    let renamed = library.name_detail(merged.id).unwrap().name;
    assert_eq!((renamed.name.as_str(), renamed.kind, renamed.followed), ("Tadeusz Banski", None, true));
    assert_eq!(library.name_detail(NameId(999)).unwrap_err().kind, ErrorKind::NotFound);
    assert_eq!(library.merge_names(split, &[split]).unwrap_err().kind, ErrorKind::BadInput);
}

const NOTES: &str = "This week Maria Keller talks with Tadeusz Nowakowski, head of the harbour office in Gdansk, about the \
                     fire on the cranes, and about what the Kaszubian Shipping Company paid.";
const ABOUT: &str = "Welcome, I am Maria Keller, and we came to Gdansk in the morning. My guest is the head of the harbour \
                     office. Many people here trust tadayush novakovski more than the company. When the cranes burned, \
                     tadayush novakovski was the first to arrive, and Tadeusz Nowakowski told us what he saw.";

#[test]
fn names_of_the_notes_are_found_and_what_was_misheard_is_proposed() {
    let (_folder, library, store) = library();
    let id = episode(&store, "The fire", NOTES);
    assert!(library.names(id).unwrap().transcript.is_none());
    store.add_transcript(id, &heard(ABOUT, 0)).unwrap();
    assert!(library.names(id).unwrap().pending);
    work(&library);
    let view = library.names(id).unwrap();
    assert!(!view.pending);
    let name = |name: &str| view.names.iter().find(|one| one.name == name).unwrap();
    let host = name("Maria Keller");
    assert_eq!((host.kind, host.mentions.len()), (Some(NameKind::Person), 1));
    assert_eq!(host.mentions[0].heard, "Maria Keller");
    assert!(host.sources.iter().any(|source| source.kind == SourceKind::Notes && !source.text.is_empty()));
    assert_eq!(name("Tadeusz Nowakowski").mentions.len(), 1);
    assert_eq!(name("Gdansk").kind, Some(NameKind::Place));
    // Nobody speaks of other places.
    assert!(!view.names.iter().any(|one| one.name == "Poland"), "{:?}", view.names);
    let proposed: Vec<_> = view.repairs.iter().map(|repair| (repair.heard.as_str(), repair.state)).collect();
    assert_eq!(proposed, [("tadayush novakovski", RepairState::Proposed); 2]);
    assert!(view.repairs.iter().all(|repair| repair.meant == "Tadeusz Nowakowski" && !repair.evidence.is_empty()));

    // Made again, they are the same.
    store.enqueue(&NewJob::new("names", Some(id))).unwrap();
    work(&library);
    assert_eq!(library.names(id).unwrap(), view);
}

#[test]
fn one_episode_teaches_another() {
    let (_folder, library, store) = library();
    let first = episode(&store, "The fire", NOTES);
    store.add_transcript(first, &heard(ABOUT, 0)).unwrap();
    work(&library);
    library.decide(&[Which::AllFrom(first, 0.0)], Verdict::Accept).unwrap();
    work(&library);
    // Its notes say nothing of him.
    let second = episode(&store, "The trial", "A day in court.");
    let talk = "The judge asked what tadayush novakovski had seen, and nobody knew.";
    store.add_transcript(second, &heard(talk, 0)).unwrap();
    work(&library);
    let view = library.names(second).unwrap();
    let [repair] = view.repairs.as_slice() else { panic!("{:?}", view.repairs) };
    assert_eq!((repair.meant.as_str(), repair.state), ("Tadeusz Nowakowski", RepairState::Proposed));
    library.decide(&[Which::AlikeInLibrary(repair.id)], Verdict::Refuse).unwrap();
    let states: Vec<_> = repairs(&library, first).into_iter().map(|(_, state)| state).collect();
    assert_eq!(states, [RepairState::Accepted; 2]);
}

#[test]
fn an_older_library_gets_its_names() {
    let (_folder, library, store) = library();
    let id = episode(&store, "The fire", NOTES);
    let transcript = store.add_transcript(id, &heard(ABOUT, 0)).unwrap();
    work(&library);
    store.put_episode_names(id, transcript, "an older version", &[], &[], &[]).unwrap();
    assert_eq!(library.names(id).unwrap().names.len(), 0);
    work(&library);
    assert!(library.names(id).unwrap().names.len() > 2);
    // What is known of it changes.
    let notes = Some(Some("Nobody but Karolina Zielinska was there.".to_owned()));
    library.edit_episode(id, &ear_engine::EpisodeEdit { notes, ..Default::default() }).unwrap();
    work(&library);
    assert!(library.names(id).unwrap().names.iter().any(|name| name.name == "Karolina Zielinska"));
}

#[test]
fn search_follows_a_decision_whose_jobs_were_never_queued() {
    let (_folder, library, store, id, _) = misheard();
    let repair = repairs(&library, id)[0].0;
    // As if the process had been killed right after it.
    store.decide(&[repair], RepairState::Accepted).unwrap();
    work(&library);
    assert_eq!(hits(&library, "tadeusz"), 1);
    store.decide(&[repair], RepairState::Proposed).unwrap();
    work(&library);
    assert_eq!(hits(&library, "tadeusz"), 0);
    // Nothing is left to do.
    assert_eq!(library.work(&WorkOptions::default(), &Stop::default(), &|_| {}).unwrap().done, 0);
}

#[test]
fn what_was_heard_is_found_where_something_else_is_read() {
    let (_folder, library, _store, id, _) = misheard();
    library.decide(&[Which::AllFrom(id, 0.0)], Verdict::Accept).unwrap();
    work(&library);
    for (query, by, expected) in [
        ("chebanski", By::Words, vec!["Tadeusz Bański"]),
        ("\"tad you chebanski\"", By::Words, vec!["Tadeusz Bański"]),
        ("\"asked tad you\"", By::Words, vec!["asked Tadeusz Bański"]),
        ("cheb*", By::Words, vec!["Tadeusz Bański"]),
        ("chebanski gate", By::Words, vec!["Tadeusz Bański", "gate."]),
        ("bański chebanski", By::Words, vec!["Tadeusz Bański"]),
        ("chebanski -tadeusz", By::Words, vec![]),
    ] {
        let request = SearchRequest { query: query.into(), by, ..SearchRequest::default() };
        let answer = library.search(&request).unwrap();
        assert_eq!((answer.total, answer.respelled.len()), (usize::from(!expected.is_empty()), 0), "{query}");
        let Some(hit) = answer.hits.first() else { continue };
        let matched: Vec<String> =
            hit.matched.iter().map(|(from, to)| hit.text.chars().skip(*from).take(to - from).collect()).collect();
        assert!(expected.iter().all(|one| matched.iter().any(|text| text == one)), "{query}: {matched:?}");
        assert_eq!(hit.heard.as_deref(), Some("tad you chebanski"), "{query}");
    }
    // By sound, what is read there would be found too, and is the same place; what else sounds so is another.
    let request =
        SearchRequest { query: "tad you chebanski".into(), by: By::All, limit: 50, ..SearchRequest::default() };
    let answer = library.search(&request).unwrap();
    let shown = |hit: &ear_engine::Hit| -> String {
        hit.matched.iter().map(|(from, to)| hit.text.chars().skip(*from).take(to - from).collect::<String>()).collect()
    };
    let shown: Vec<String> = answer.hits.iter().map(shown).collect();
    assert_eq!(answer.total, answer.hits.len());
    assert_eq!(shown.iter().filter(|text| text.contains("Tadeusz Bański")).count(), 1, "{shown:?}");
}

#[test]
fn what_was_refused_is_no_hit_by_sound() {
    let (_folder, library, _store, id, _) = misheard();
    let sounding = |query: &str, limit| {
        let request = SearchRequest {
            query: query.into(),
            by: By::Sound,
            least_probability: Some(0.02),
            limit,
            ..SearchRequest::default()
        };
        library.search(&request).unwrap()
    };
    let before = sounding("Tadeusz Bański", 50);
    let wrong = |answer: &ear_engine::Answer| {
        answer.groups.iter().filter(|group| group.heard == "tad you chebanski").map(|group| group.count).sum::<usize>()
    };
    assert_eq!((wrong(&before), before.refused), (2, 0), "{:?}", before.groups);
    let repair = repairs(&library, id)[0].0;
    library.decide(&[Which::AlikeInEpisode(repair)], Verdict::Refuse).unwrap();
    let after = sounding("Tadeusz Bański", 50);
    assert_eq!((wrong(&after), after.refused, after.total), (0, 2, before.total - 2));
    assert!(after.hits.iter().all(|hit| hit.group.is_some_and(|at| at < after.groups.len())));
    assert_eq!(sounding("Tadeusz Bański", 1).hits.len(), after.total.min(1));
    // For another name it may well stand.
    assert_eq!(sounding("Tad Chebanski", 50).refused, 0);
    library.undo_last_decision().unwrap().unwrap();
    assert_eq!(sounding("Tadeusz Bański", 50).total, before.total);
}

#[test]
fn names_of_a_transcript_in_capitals_are_found() {
    let (_folder, library, store) = library();
    let id = episode(&store, "The fire", NOTES);
    store.add_transcript(id, &heard(&ABOUT.to_uppercase(), 0)).unwrap();
    work(&library);
    let view = library.names(id).unwrap();
    let proposed: Vec<_> = view.repairs.iter().map(|repair| (repair.heard.as_str(), repair.meant.as_str())).collect();
    assert_eq!(proposed, [("TADAYUSH NOVAKOVSKI", "Tadeusz Nowakowski"); 2]);
    let said = |name: &str| view.names.iter().find(|one| one.name == name).map_or(0, |one| one.mentions.len());
    assert_eq!((said("Maria Keller"), said("Tadeusz Nowakowski"), said("Gdansk")), (1, 1, 1));
}

#[test]
fn forgotten_names_stay_forgotten() {
    let (_folder, library, store) = library();
    let id = episode(&store, "The fire", NOTES);
    store.add_transcript(id, &heard(ABOUT, 0)).unwrap();
    work(&library);
    let view = || library.names(id).unwrap();
    let name = view().names.iter().find(|one| one.name == "Tadeusz Nowakowski").unwrap().id;
    library.forget_name(name, true).unwrap();
    let is_seen = || view().names.iter().any(|one| one.id == name) || view().repairs.iter().any(|one| one.name == name);
    assert!(!is_seen());
    store.enqueue(&NewJob::new("names", Some(id))).unwrap();
    work(&library);
    assert!(!is_seen());
    assert!(!view().names.iter().any(|one| one.name == "Tadeusz Nowakowski"), "{:?}", view().names);
    assert_eq!(library.forgotten_names().unwrap().len(), 1);
    library.undo_last_decision().unwrap().unwrap();
    work(&library);
    assert!(is_seen() && view().repairs.len() == 2);
}

#[test]
fn a_list_that_is_too_long_is_told() {
    let (_folder, library, store) = library();
    let id = episode(&store, "The fire", NOTES);
    let list: String = (0..2001).map(|n| format!("Quillon Zarvek{n}\n")).collect();
    store.set_names_text(id, Some(&list)).unwrap();
    store.add_transcript(id, &heard("Nobody was there.", 0)).unwrap();
    let told = std::sync::Mutex::new(Vec::new());
    let on_event = |event| {
        if let ear_engine::Event::Warning { message, .. } = event {
            told.lock().unwrap().push(message);
        }
    };
    library.work(&WorkOptions::default(), &Stop::default(), &on_event).unwrap();
    let told = told.into_inner().unwrap();
    assert!(
        told.iter().any(|one| one == "its list has 2001 names; only the first 2000 of them are looked for"),
        "{told:?}"
    );
}
