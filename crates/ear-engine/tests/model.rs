//! A language model proposes what clips say of themselves: a small server stands for it.
#![expect(clippy::unwrap_used, reason = "a failed test may panic")]

use ear_engine::core::{Author, EpisodeId, Origin, Timing, Transcript, Word};
use ear_engine::{ClipView, Endpoint, Event, Library, Stage, Stop, WorkOptions, WorkSummary};
use ear_store::{NewEpisode, NewJob, Store};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const KEY: &str = "sk-very-secret";

/// A request as it came.
#[derive(Clone)]
struct Request {
    path: String,
    authorization: Option<String>,
    body: Value,
}

impl Request {
    /// The text of a numbered sentence.
    fn sentence(&self, number: usize) -> &str {
        let user = self.body["messages"][1]["content"].as_str().unwrap();
        let line = user.lines().nth(number - 1).unwrap();
        line.strip_prefix(&format!("[{number}] ")).unwrap()
    }
}

/// Answers each request as it is told to.
struct Model {
    url: String,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Model {
    fn new(answer: impl Fn(&Request, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let seen: Arc<Mutex<Vec<Request>>> = Arc::default();
        let kept = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let request = read(&stream);
                kept.lock().unwrap().push(request.clone());
                answer(&request, &mut stream);
            }
        });
        Self { url, seen }
    }

    /// Answers with this status and content.
    fn saying(answer: impl Fn(&Request) -> (u16, String) + Send + Sync + 'static) -> Self {
        Self::new(move |request, stream| {
            let (status, body) = answer(request);
            let head = format!("HTTP/1.1 {status} So\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            // Whoever has heard enough hangs up, which is no fault.
            drop(stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())));
        })
    }

    fn endpoint(&self) -> Endpoint {
        Endpoint::new(&self.url, "small-1", Some(KEY)).unwrap().with_patience(Duration::from_millis(900))
    }

    fn asked(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }
}

fn read(stream: &TcpStream) -> Request {
    let mut reader = BufReader::new(stream);
    let mut line = || {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    };
    let path = line().split(' ').nth(1).unwrap().to_owned();
    let (mut length, mut authorization) = (0, None);
    loop {
        let line = line();
        let Some((name, value)) = line.split_once(": ") else { break };
        match name.to_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap(),
            "authorization" => authorization = Some(value.to_owned()),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    Request { path, authorization, body: serde_json::from_slice(&body).unwrap() }
}

/// What a server says whose model says this.
fn completion(content: &str) -> String {
    json!({ "choices": [{ "message": { "role": "assistant", "content": content } }] }).to_string()
}

/// A headline of the first sentence, a summary of the second, and something that nobody said.
fn proposal(request: &Request) -> String {
    let headline: Vec<&str> = request.sentence(1).split(' ').take(6).collect();
    json!({
        "headline": headline.join(" "),
        "cites": [1],
        "summary": [
            { "text": request.sentence(2), "cites": [2] },
            { "text": "Atlantis sank in 1912.", "cites": [1, 2] },
        ],
        "keywords": [headline[1..3].join(" "), "Atlantis"],
    })
    .to_string()
}

struct Talk {
    _folder: TempDir,
    library: Library,
    store: Store,
    episode: EpisodeId,
}

impl Talk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let library = Library::open(folder.path()).unwrap();
        let store = Store::open(&folder.path().join("earwitness.db")).unwrap();
        let show = Some(store.show_named("Harbour Hour").unwrap());
        let new = NewEpisode { title: "The evening".into(), source: "x".into(), show, ..NewEpisode::default() };
        let episode = store.add_episode(&new).unwrap().id;
        let words = text().split_whitespace().map(Word::untimed).collect();
        let transcript = Transcript {
            language: Some("en".into()),
            timing: Timing::None,
            words,
            ..Transcript::empty(Origin::Imported)
        };
        store.add_transcript(episode, &transcript).unwrap();
        store.enqueue(&NewJob::new("index", Some(episode))).unwrap();
        Self { _folder: folder, library, store, episode }
    }

    /// What it came to, and what was told of asking a model.
    fn work(&self, model: Option<Endpoint>, stop: &Stop) -> (WorkSummary, Vec<Event>) {
        let told = Mutex::new(Vec::new());
        let options = WorkOptions { model, ..WorkOptions::default() };
        let summary = self.library.work(&options, stop, &|event| told.lock().unwrap().push(event)).unwrap();
        assert_eq!(summary.failed, 0);
        (summary, told.into_inner().unwrap())
    }

    fn asking(&self, model: &Model) -> WorkSummary {
        self.work(Some(model.endpoint()), &Stop::default()).0
    }

    fn told(&self) -> Vec<ClipView> {
        self.library.clips(self.episode).unwrap().clips.into_iter().filter(ClipView::is_told).collect()
    }

    fn authors(&self) -> Vec<(Author, Author)> {
        let clips = self.told();
        clips.iter().map(|view| (view.clip.description.headline_by, view.clip.description.summary_by)).collect()
    }

    fn note(&self) -> String {
        self.library.clips(self.episode).unwrap().note.unwrap_or_default()
    }
}

/// Talk about two things.
fn text() -> String {
    let about = |subjects: &[&str], verbs: &[&str], places: &[&str]| -> String {
        let pick = |list: &[&str], at: usize| list[at % list.len()].to_owned();
        let sentence = |at: usize| {
            let (subject, verb, place) = (pick(subjects, at), pick(verbs, at * 3), pick(places, at * 5));
            format!("The {subject} {verb} near the {place} early in the morning. ")
        };
        (0..36).map(sentence).collect()
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
    format!("{harbour}{bees}")
}

#[test]
fn what_is_borne_out_is_shown_and_the_rest_refused() {
    let talk = Talk::new();
    let model = Model::saying(|request| (200, completion(&proposal(request))));
    talk.work(None, &Stop::default());
    assert!(model.asked().is_empty(), "nothing is sent unless an endpoint is named");
    let before = talk.told();
    assert!(before.len() >= 2 && !talk.note().contains("refused"));
    talk.library.rename_clip(before[0].id, Some("Mine")).unwrap();

    assert_eq!(talk.asking(&model).postponed, 0);
    let asked = model.asked();
    assert_eq!(asked.len(), before.len());
    assert_eq!(asked[0].path, "/v1/chat/completions");
    assert_eq!(asked[0].authorization.as_deref(), Some(&*format!("Bearer {KEY}")));
    assert_eq!((&asked[0].body["model"], &asked[0].body["temperature"]), (&json!("small-1"), &json!(0)));

    let after = talk.told();
    assert_eq!(
        after.iter().map(|clip| clip.id).collect::<Vec<_>>(),
        before.iter().map(|clip| clip.id).collect::<Vec<_>>()
    );
    let first = &after[0].clip.description;
    assert_eq!((first.headline.as_str(), first.headline_by), ("Mine", Author::Hand));
    for view in &after[1..] {
        let description = &view.clip.description;
        assert_eq!((description.headline_by, description.headline_source.as_deref()), (Author::Model, Some("small-1")));
        assert!(description.headline.starts_with("The ") && description.headline.contains(" Near"), "{description:?}");
    }
    for (view, request) in after.iter().zip(&asked) {
        let description = &view.clip.description;
        assert_eq!((description.summary_by, description.summary.len()), (Author::Model, 1));
        assert!(view.clip.words.contains(&description.summary[0].words.start));
        let said: Vec<&str> = request.sentence(1).split(' ').skip(1).take(2).collect();
        assert_eq!(description.keywords[0], said.join(" "));
        assert!(!description.keywords.contains(&"Atlantis".to_owned()));
    }
    let refused = format!("{} proposals of the model `small-1` were refused", after.len());
    assert!(talk.note().contains(&refused), "{}", talk.note());

    // Neither working again nor making the same anew asks again; another model does.
    talk.asking(&model);
    talk.library.rename_clip(before[0].id, None).unwrap();
    talk.asking(&model);
    assert_eq!(model.asked().len(), before.len());
    assert!(talk.authors().iter().all(|by| *by == (Author::Model, Author::Model)), "{:?}", talk.authors());
    let other = Endpoint::new(&model.url, "small-2", None).unwrap();
    talk.work(Some(other), &Stop::default());
    assert_eq!(model.asked().len(), before.len() * 2);
    assert_eq!(model.asked().last().unwrap().authorization, None);
    assert_eq!(talk.told()[0].clip.description.headline_source.as_deref(), Some("small-2"));
}

#[test]
fn answers_that_are_none_leave_what_rules_made() {
    let deep = format!("{{\"summary\":{}", "[".repeat(10_000));
    let invented = r#"{"headline":"Napoleon buys the harbour","cites":[1]}"#;
    for content in ["", "Sure! Here it is: bees", &deep, &"x".repeat(100_000), invented] {
        let talk = Talk::new();
        let content = content.to_owned();
        let model = Model::saying(move |_| (200, completion(&content)));
        assert_eq!(talk.asking(&model).postponed, 0);
        let clips = talk.told().len();
        assert!(talk.authors().iter().all(|by| *by == (Author::Words, Author::Words)));
        assert!(talk.note().contains(&format!("{clips} proposals")), "{}", talk.note());
        // It is known, and not asked again.
        talk.asking(&model);
        assert_eq!(model.asked().len(), clips);
    }
    let talk = Talk::new();
    let fenced = Model::saying(|request| (200, completion(&format!("```json\n{}\n```", proposal(request)))));
    talk.asking(&fenced);
    assert!(talk.authors().iter().all(|by| *by == (Author::Model, Author::Model)));
}

#[test]
fn an_endpoint_that_fails_is_left_alone_and_blocks_nothing() {
    let hold = |time| move |_: &Request, _: &mut TcpStream| thread::sleep(time);
    let huge = || format!("{{\"choices\":[\"{}", "x".repeat(2 << 20));
    let cases: [(&str, Model); 7] = [
        ("in trouble (500)", Model::saying(|_| (500, format!("{KEY} is fine")))),
        ("refuses the key", Model::saying(|_| (401, format!("{KEY} is wrong")))),
        ("no model `small-1`", Model::saying(|_| (404, String::new()))),
        ("does not answer", Model::new(|_, _| {})),
        ("took too long", Model::new(hold(Duration::from_secs(3)))),
        ("not that of a chat completion", Model::saying(|_| (200, "<html>".into()))),
        ("larger than", Model::saying(move |_| (200, huge()))),
    ];
    for (expected, model) in cases {
        let talk = Talk::new();
        let begun = Instant::now();
        let (summary, events) = talk.work(Some(model.endpoint()), &Stop::default());
        assert!(begun.elapsed() < Duration::from_secs(30));
        assert_eq!((summary.failed, summary.postponed), (0, 1), "{expected}");
        assert_eq!(model.asked().len(), 1, "{expected}");
        let told = events.iter().find_map(|event| match event {
            Event::Failed { error, will_retry: true, .. } => Some(error.to_string()),
            _ => None,
        });
        let told = told.unwrap();
        assert!(told.contains(expected) && !told.contains(KEY), "{told}");
        assert!(!talk.told().is_empty() && talk.authors().iter().all(|by| *by == (Author::Words, Author::Words)));
        assert!(!talk.library.clips(talk.episode).unwrap().pending);
        // A worker without a model leaves it, and does not wait for it.
        let (summary, _) = talk.work(None, &Stop::default());
        assert_eq!((summary.done, summary.postponed, model.asked().len()), (0, 0, 1));
        let kept = talk.store.list_jobs(&ear_store::JobQuery { limit: 9, ..ear_store::JobQuery::default() }).unwrap();
        let job = kept.iter().find(|job| job.kind == "describe").unwrap();
        assert_eq!((job.state, job.attempts), (ear_store::JobState::Queued, 0));
        assert!(!format!("{job:?}").contains(KEY));
    }
}

#[test]
fn answers_that_came_are_kept_when_the_rest_does_not() {
    let talk = Talk::new();
    talk.work(None, &Stop::default());
    let clips = talk.told().len();
    let flaky = Model::new({
        let count = Mutex::new(0);
        move |request, stream| {
            let mut count = count.lock().unwrap();
            *count += 1;
            let body = completion(&proposal(request));
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            // The second one is cut off.
            let end = if *count == 2 { answer.len() - 9 } else { answer.len() };
            drop(stream.write_all(&answer.as_bytes()[..end]));
        }
    });
    assert_eq!(talk.asking(&flaky).postponed, 1);
    assert_eq!(flaky.asked().len(), 2);
    let job = talk.store.pending_for(&[talk.episode]).unwrap().remove(0);
    talk.library.cancel_job(job.id).unwrap();
    talk.asking(&flaky);
    assert_eq!(flaky.asked().len(), clips + 1, "only what was not answered is asked again");
    assert!(talk.authors().iter().all(|by| *by == (Author::Model, Author::Model)));
}

#[test]
fn waiting_for_an_answer_ends_at_once_when_asked_to() {
    let model = Model::new(|_, _| thread::sleep(Duration::from_secs(20)));
    let patient = Endpoint::new(&model.url, "small-1", None).unwrap();
    let talk = Talk::new();
    let stop = Stop::default();
    thread::scope(|scope| {
        let work = scope.spawn(|| talk.work(Some(patient), &stop));
        let begun = Instant::now();
        while model.asked().is_empty() && begun.elapsed() < Duration::from_secs(60) {
            thread::sleep(Duration::from_millis(20));
        }
        stop.request();
        let asked = Instant::now();
        let (summary, events) = work.join().unwrap();
        assert!(summary.stopped && asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
        assert!(events.iter().any(|event| matches!(event, Event::Started { stage: Stage::Describing, .. })));
    });
    assert!(talk.store.pending_for(&[talk.episode]).unwrap().iter().any(|job| job.kind == "describe"));
}

#[test]
fn a_model_with_a_temperature_of_its_own_is_asked_without() {
    let talk = Talk::new();
    let model = Model::saying(|request| match request.body.get("temperature") {
        Some(_) => (400, "{\"error\":\"unsupported value\"}".into()),
        None => (200, completion(&proposal(request))),
    });
    assert_eq!(talk.asking(&model).postponed, 0);
    assert_eq!(model.asked().len(), talk.told().len() + 1);
    assert!(talk.authors().iter().all(|by| by.0 == Author::Model));
}
