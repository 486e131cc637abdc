//! A language model that the user named proposes headlines and summaries; what of it may stand is for
//! [`ear_language::describe::proposed`] to say. The model is asked over the interface that OpenAI made common
//! (`POST …/chat/completions`), which local programs (llama.cpp, Ollama, vLLM, LM Studio) speak as well.

use super::make::{Ground, whole_sentences};
use super::pieces::Piece;
use crate::files::hex;
use crate::{Error, ErrorKind, Library, Result};
use ear_core::{Author, ClipId, ClipKind, Description};
use ear_ingest::fetch::{Client, ClientOptions, Fault, Post, Secret};
use ear_language::describe::proposed::{Accepted, MAX_ANSWER, Prompt, check, describe_by, prompt, read};
use ear_language::describe::{Material, NameOf};
use ear_store::StoredClip;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};
use url::{Host, Url};

/// The largest answer with all that is around it, in bytes. Models that think aloud do so beside what they answer.
const MOST: u64 = 512 * 1024;
/// How long one answer may take, unless told otherwise: a large model on a small machine is slow.
const PATIENCE: Duration = Duration::from_secs(300);
/// How long an endpoint is left alone after a failure; twice as long after each further one, up to an hour.
const REST: Duration = Duration::from_secs(60);
/// How often it is asked whether to go on while an answer is waited for.
const LOOK: Duration = Duration::from_millis(100);

/// A language model that may be asked. Clones share what is known of its failures.
#[derive(Clone, Debug)]
pub struct Endpoint {
    url: Url,
    model: String,
    key: Option<Secret>,
    patience: Duration,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    client: Client,
    rest: Mutex<Rest>,
    /// It takes no temperature but its own.
    own_temperature: AtomicBool,
}

/// Failures in a row, and until when it is left alone for them.
#[derive(Debug, Default)]
struct Rest {
    failures: u32,
    until: Option<Instant>,
}

impl Endpoint {
    /// The model of this name at an address such as `http://localhost:11434/v1`, with the key that it asks for. Nothing
    /// is sent yet.
    ///
    /// # Errors
    /// `BadInput` for an address that is none, a model without a name, a key that can't be sent, and a key that would go
    /// unencrypted beyond the private network.
    pub fn new(url: &str, model: &str, key: Option<&str>) -> Result<Self> {
        let bad = |message: &str, remedy: &str| Error::new(ErrorKind::BadInput, message).remedy(remedy);
        let address = "Give the address of its interface, such as http://localhost:11434/v1";
        let url = Url::parse(url.trim()).map_err(|error| bad(&format!("--llm is no address ({error})"), address))?;
        if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some() {
            return Err(bad("--llm has to be an http or https address without a name or password", address));
        }
        let model = model.trim();
        if model.is_empty() || model.len() > 200 || model.contains(char::is_control) {
            return Err(bad("the model of --llm has no name", "Name it with --llm-model, as its server calls it"));
        }
        let key = key.filter(|key| !key.is_empty()).map(|key| {
            let remedy = "Check EARWITNESS_LLM_KEY for spaces and line ends";
            Secret::new(key).ok_or_else(|| bad("the key of --llm holds what can't be sent", remedy))
        });
        let key = key.transpose()?;
        if key.is_some() && url.scheme() == "http" && !is_near(&url) {
            let message = "the key of --llm would go unencrypted through the internet";
            return Err(bad(message, "Use the https address of the service"));
        }
        let proxy = !is_loopback(&url);
        let options = ClientOptions { allow_private: true, proxy, idle: PATIENCE, ..ClientOptions::default() };
        let (client, rest) = (Client::new(options)?, Mutex::default());
        let shared = Arc::new(Shared { client, rest, own_temperature: AtomicBool::new(false) });
        Ok(Self { url: completions(url), model: model.to_owned(), key, patience: PATIENCE, shared })
    }

    /// The same, with another limit to how long one answer may take.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The model's name.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// What is sent, and where, in a sentence for those whose talk it is.
    pub fn says(&self) -> String {
        let mut url = self.url.clone();
        url.set_query(None);
        format!("the words of each clip are sent to {url}, where the model `{}` proposes headlines", self.model)
    }

    /// How long it is still to be left alone after a failure.
    pub(crate) fn rests(&self) -> Option<Duration> {
        let rest = self.shared.rest.lock().unwrap_or_else(PoisonError::into_inner);
        let left = rest.until?.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }

    /// Asks the model. `None` where `go_on` says no meanwhile; what comes of it then is lost. An answer too long to be
    /// read is an empty one.
    pub(crate) fn ask(&self, prompt: &Prompt, go_on: &dyn Fn() -> bool) -> Result<Option<String>> {
        let (sender, answer) = mpsc::channel();
        let (asked, prompt) = (self.clone(), prompt.clone());
        // Not joined where nobody waits any longer: it ends by its own limit.
        let started = thread::Builder::new().name("model".into()).spawn(move || {
            // Nobody may be there any more to hear it.
            sender.send(asked.asked(&prompt)).unwrap_or_default();
        });
        started.map_err(|error| Error::new(ErrorKind::Bug, format!("no thread to ask a model ({error})")))?;
        loop {
            match answer.recv_timeout(LOOK) {
                Ok(answer) => {
                    self.note(answer.is_ok());
                    return answer.map(Some);
                }
                Err(mpsc::RecvTimeoutError::Timeout) if go_on() => {}
                Err(mpsc::RecvTimeoutError::Timeout) => return Ok(None),
                Err(mpsc::RecvTimeoutError::Disconnected) => {
                    return Err(Error::new(ErrorKind::Bug, "asking a model ran into a fault of the program"));
                }
            }
        }
    }

    fn note(&self, answered: bool) {
        let mut rest = self.shared.rest.lock().unwrap_or_else(PoisonError::into_inner);
        *rest = if answered {
            Rest::default()
        } else {
            let wait = REST * 2_u32.pow(rest.failures.min(6));
            Rest { failures: rest.failures + 1, until: Some(Instant::now() + wait.min(REST * 60)) }
        };
    }

    fn asked(&self, prompt: &Prompt) -> Result<String> {
        let own = &self.shared.own_temperature;
        let answer = match self.send(prompt, !own.load(Ordering::SeqCst)) {
            Err(ear_ingest::Error::Fetch { fault: Fault::Status { status: 400, .. }, .. })
                if !own.swap(true, Ordering::SeqCst) =>
            {
                self.send(prompt, false)
            }
            other => other,
        };
        let answer = answer.map_err(|error| self.failure(error))?;
        let completion: Completion = serde_json::from_slice(&answer).map_err(|error| {
            let message = format!("the answer is not that of a chat completion ({error})");
            self.trouble(message, "Check that --llm names an OpenAI-compatible interface, often ending in /v1")
        })?;
        let content = completion.choices.into_iter().next().and_then(|choice| choice.message.content);
        Ok(content.filter(|content| content.len() <= MAX_ANSWER).unwrap_or_default())
    }

    fn send(&self, prompt: &Prompt, coldly: bool) -> Result<Vec<u8>, ear_ingest::Error> {
        let mut body = serde_json::json!({
            "model": self.model,
            "stream": false,
            "messages": [
                { "role": "system", "content": prompt.system },
                { "role": "user", "content": prompt.user },
            ],
        });
        if coldly {
            body["temperature"] = 0.into();
        }
        let body = body.to_string();
        let post = Post {
            body: body.as_bytes(),
            content_type: "application/json",
            secret: self.key.as_ref(),
            max_bytes: MOST,
            max_time: self.patience,
        };
        self.shared.client.post(self.url.as_str(), &post)
    }

    /// What a failure means here. Each may pass: a server is started, a key is renewed.
    fn failure(&self, error: ear_ingest::Error) -> Error {
        let ear_ingest::Error::Fetch { fault, .. } = &error else {
            return self.trouble(error.to_string(), "Check --llm");
        };
        let later = "Start it, or check --llm; it is asked again later, and clips keep what rules made of them";
        match fault {
            Fault::Status { status: 401 | 403, .. } => {
                self.trouble("the model's server refuses the key".into(), "Set EARWITNESS_LLM_KEY to one that it takes")
            }
            Fault::Status { status: 404, .. } => {
                let message = format!("the server knows no such address, or no model `{}`", self.model);
                self.trouble(message, "Check --llm and --llm-model")
            }
            fault => self.trouble(format!("the model does not answer: {fault}"), later),
        }
    }

    fn trouble(&self, message: String, remedy: &str) -> Error {
        let host = self.url.host_str().unwrap_or_default();
        let place = self.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        Error::new(ErrorKind::Network, message).at(place).remedy(remedy)
    }
}

/// Where completions are asked for.
fn completions(mut url: Url) -> Url {
    const PATH: &str = "/chat/completions";
    let path = url.path().trim_end_matches('/').to_owned();
    if path.ends_with(PATH) {
        url.set_path(&path);
    } else {
        url.set_path(&format!("{path}{PATH}"));
    }
    url.set_fragment(None);
    url
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether it lies in this machine or its own network, as far as its name tells.
fn is_near(url: &Url) -> bool {
    let is_private = |address: IpAddr| match address {
        IpAddr::V4(address) => address.is_private() || address.is_link_local(),
        IpAddr::V6(address) => address.is_unique_local() || address.is_unicast_link_local(),
    };
    is_loopback(url)
        || match url.host() {
            Some(Host::Domain(name)) => {
                !name.contains('.')
                    || [".local", ".lan", ".internal", ".home.arpa"].iter().any(|end| name.ends_with(end))
            }
            Some(Host::Ipv4(address)) => is_private(address.into()),
            Some(Host::Ipv6(address)) => is_private(address.into()),
            None => false,
        }
}

#[derive(Deserialize)]
struct Completion {
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    message: Message,
}

#[derive(Deserialize)]
struct Message {
    content: Option<String>,
}

/// A clip that a model may be asked about.
pub(crate) struct Asked {
    pub prompt: Prompt,
    /// Of the model and all that it is asked.
    pub key: String,
    /// Its place among the stored clips.
    at: usize,
    piece: Piece,
}

/// What comes of the answers.
pub(crate) struct Described {
    /// Clips that are described otherwise now.
    pub changed: Vec<(ClipId, Description)>,
    /// Headlines, sentences and whole answers that were refused.
    pub refused: u32,
}

impl Ground {
    /// What to ask a model about these clips: those that people want to hear, in their order.
    pub(crate) fn asked(&self, stored: &[StoredClip], model: &str) -> Vec<Asked> {
        let told = |clip: &&StoredClip| matches!(clip.clip.kind, ClipKind::Topic | ClipKind::Publisher);
        let asked = stored.iter().enumerate().filter(|(_, clip)| told(clip)).filter_map(|(at, clip)| {
            let piece = self.piece_of(clip);
            // Names only matter to what is checked, and how often words are said to neither.
            let prompt = prompt(&self.material(&piece, &[], &|_| 0))?;
            let key = hex(&Sha256::digest(format!("{model}\n{}\n{}", prompt.system, prompt.user))[..16]);
            Some(Asked { prompt, key, at, piece })
        });
        asked.collect()
    }

    fn piece_of(&self, stored: &StoredClip) -> Piece {
        let clip = &stored.clip;
        let place = |word: usize| self.sentences.partition_point(|sentence| sentence.start < word);
        Piece {
            kind: clip.kind,
            label: clip.label.clone(),
            sentences: place(clip.words.start)..place(clip.words.end),
            music: None,
            chapter: clip.chapter.clone(),
            by_hand: stored.by_hand,
            broken_off: clip.broken_off,
        }
    }

    fn material<'a>(
        &'a self,
        piece: &Piece,
        names: &'a [NameOf<'a>],
        count: &'a dyn Fn(&[&str]) -> u64,
    ) -> Material<'a> {
        let (transcript, sentences) = (&self.transcript, &self.sentences[..]);
        Material { transcript, sentences, clip: whole_sentences(piece), names, notes: None, title: None, count }
    }
}

impl Library {
    /// What clips say of themselves once answers are taken in, as far as they may stand: over what rules make of the
    /// clip, and under what the user wrote.
    pub(crate) fn described_by_model(
        &self,
        ground: &Ground,
        stored: &[StoredClip],
        answers: &[(Asked, String)],
        model: &str,
    ) -> Result<Described> {
        let names = ground.names_of();
        self.counting(|count| {
            let mut described = Described { changed: Vec::new(), refused: 0 };
            for (asked, answer) in answers {
                let accepted =
                    read(answer).map(|proposal| check(&proposal, &ground.material(&asked.piece, &names, count)));
                described.refused += accepted.as_ref().map_or(1, |accepted| accepted.refused.len() as u32);
                let before = &stored[asked.at];
                let mut description = ground.described(&asked.piece, None, count);
                if before.clip.description.headline_by == Author::Hand {
                    let Description { headline, headline_by, headline_source, .. } = before.clip.description.clone();
                    description = Description { headline, headline_by, headline_source, ..description };
                }
                describe_by(&mut description, &accepted.unwrap_or_else(|_| Accepted::default()), model);
                if description != before.clip.description {
                    described.changed.push((before.id, description));
                }
            }
            described
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_to_completions() {
        for (url, expected) in [
            ("http://localhost:11434/v1", "http://localhost:11434/v1/chat/completions"),
            (" https://api.example.org/v1/ ", "https://api.example.org/v1/chat/completions"),
            ("https://a.example/x/chat/completions?version=2#a", "https://a.example/x/chat/completions?version=2"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/chat/completions"),
        ] {
            assert_eq!(Endpoint::new(url, "small", None).unwrap().url.as_str(), expected);
        }
    }

    #[test]
    fn what_cannot_be_right_is_refused() {
        for (url, model, key, expected) in [
            ("localhost:11434", "small", None, "http or https"),
            ("here", "small", None, "no address"),
            ("http://me:pass@localhost/v1", "small", None, "without a name or password"),
            ("http://localhost/v1", " ", None, "--llm-model"),
            ("https://a.example/v1", "small", Some("a b"), "EARWITNESS_LLM_KEY"),
            ("http://a.example/v1", "small", Some("sk-1"), "unencrypted"),
            ("http://8.8.8.8/v1", "small", Some("sk-1"), "unencrypted"),
        ] {
            let error = Endpoint::new(url, model, key).unwrap_err();
            assert_eq!(error.kind, ErrorKind::BadInput);
            assert!(error.to_string().contains(expected), "{url}: {error}");
        }
        for url in [
            "http://localhost/v1",
            "http://192.168.1.7/v1",
            "http://rack/v1",
            "http://[fd00::1]/v1",
            "https://a.example",
        ] {
            let endpoint = Endpoint::new(url, "small", Some("sk-very-secret")).unwrap();
            assert!(!format!("{endpoint:?} {}", endpoint.says()).contains("very-secret"));
        }
    }

    #[test]
    fn failures_are_rested_from() {
        let endpoint = Endpoint::new("http://localhost/v1", "small", None).unwrap();
        assert_eq!(endpoint.rests(), None);
        endpoint.note(false);
        let first = endpoint.rests().unwrap();
        endpoint.clone().note(false);
        let second = endpoint.rests().unwrap();
        assert!(first <= REST && second > REST && second <= REST * 2, "{first:?} {second:?}");
        (0..40).for_each(|_| endpoint.note(false));
        assert!(endpoint.rests().unwrap() <= Duration::from_secs(3600));
        endpoint.note(true);
        assert_eq!(endpoint.rests(), None);
    }
}
