//! A real browser, driven through chromedriver.

use crate::site::PATIENCE;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::env;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::time::sleep;

/// One browser at a time: several would slow each other down, and their measurements.
static TURN: Mutex<()> = Mutex::new(());

/// How the browser is set up.
#[derive(Clone, Copy)]
pub struct Look {
    pub script: bool,
    pub dark: bool,
    /// A telephone of this width, in pixels; otherwise a screen.
    pub phone: Option<u32>,
}

impl Default for Look {
    fn default() -> Self {
        Self { script: true, dark: false, phone: None }
    }
}

/// An open browser.
pub struct Browser {
    client: Client,
    base: String,
}

/// Ends chromedriver, and with it the browser, also when a test fails.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to end.
        self.0.kill().unwrap_or_default();
        self.0.wait().map(drop).unwrap_or_default();
    }
}

/// Runs a story in a browser. Without chromedriver it is skipped, unless `CI` is set, where it must be there.
pub fn story(url: &str, look: Look, story: impl AsyncFnOnce(&Browser)) {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let program = env::var("CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".into());
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let started =
        Command::new(&program).arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let _driver = match started {
        Ok(child) => Driver(child),
        Err(error) if env::var_os("CI").is_some() => panic!("{program} can't be started: {error}"),
        Err(error) => return eprintln!("skipped: {program} can't be started: {error}"),
    };
    let profile = TempDir::new().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = connect(port, &profile, look).await;
        let browser = Browser { client, base: url.to_owned() };
        story(&browser).await;
        browser.client.close().await.unwrap();
    });
}

async fn connect(port: u16, profile: &TempDir, look: Look) -> Client {
    let mut arguments: Vec<String> = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-sync",
        "--disable-background-networking",
        "--disable-component-update",
        "--mute-audio",
        "--window-size=1100,900",
    ]
    .map(str::to_owned)
    .into();
    arguments.push(format!("--user-data-dir={}", profile.path().display()));
    if look.dark {
        arguments.push("--force-dark-mode".into());
    }
    let mut options = json!({ "args": arguments });
    if !look.script {
        options["prefs"] = json!({ "profile.managed_default_content_settings.javascript": 2 });
    }
    if let Some(width) = look.phone {
        options["mobileEmulation"] = json!({ "deviceMetrics": { "width": width, "height": 740, "pixelRatio": 1.0 } });
    }
    let capabilities = json!({ "goog:chromeOptions": options }).as_object().unwrap().clone();
    let start = Instant::now();
    loop {
        let mut builder = ClientBuilder::new(HttpConnector::new());
        match builder.capabilities(capabilities.clone()).connect(&format!("http://127.0.0.1:{port}")).await {
            Ok(client) => return client,
            Err(error) => assert!(start.elapsed() < PATIENCE, "no browser: {error}"),
        }
        sleep(Duration::from_millis(100)).await;
    }
}

impl Browser {
    pub async fn open(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.base)).await.unwrap();
    }

    /// Opens a page and waits until its script has taken over.
    pub async fn open_live(&self, path: &str) {
        self.open(path).await;
        self.until("the script to be ready", "return 'ready' in document.documentElement.dataset").await;
    }

    /// The path, query and fragment of the page.
    pub async fn place(&self) -> String {
        let url = self.client.current_url().await.unwrap().to_string();
        url.strip_prefix(&self.base).unwrap_or(&url).to_owned()
    }

    /// Waits until the browser is at a path.
    pub async fn until_place(&self, path: &str) {
        let start = Instant::now();
        while self.place().await != path {
            assert!(start.elapsed() < PATIENCE, "waited too long for {path}, at {}", self.place().await);
            sleep(Duration::from_millis(30)).await;
        }
    }

    /// The first element that fits a selector, as soon as there is one.
    pub async fn find(&self, selector: &str) -> Element {
        let waiting = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(selector)).await;
        waiting.unwrap_or_else(|error| panic!("no `{selector}`: {error}"))
    }

    pub async fn text(&self, selector: &str) -> String {
        self.find(selector).await.text().await.unwrap()
    }

    pub async fn click(&self, selector: &str) {
        self.find(selector).await.click().await.unwrap_or_else(|error| panic!("clicking `{selector}`: {error}"));
    }

    /// Presses keys one after the other, wherever the focus is.
    pub async fn keys(&self, keys: &str) {
        let press = |keys: KeyActions, value| keys.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        let actions = keys.chars().fold(KeyActions::new("keyboard".to_owned()), press);
        self.client.perform_actions(actions).await.unwrap();
    }

    pub async fn script(&self, script: &str) -> Value {
        self.client.execute(script, vec![]).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    pub async fn number(&self, expression: &str) -> f64 {
        let value = self.script(&format!("return {expression}")).await;
        value.as_f64().unwrap_or_else(|| panic!("{expression} is {value}"))
    }

    /// Waits until a script returns something that is true.
    pub async fn until(&self, what: &str, script: &str) {
        let start = Instant::now();
        while !self.script(script).await.as_bool().unwrap_or_default() {
            assert!(start.elapsed() < PATIENCE, "waited too long for {what}");
            sleep(Duration::from_millis(30)).await;
        }
    }

    /// Waits until the element with this text is there.
    pub async fn until_shows(&self, selector: &str, text: &str) {
        let script = format!(
            "return [...document.querySelectorAll({})].some((found) => found.textContent.includes({}))",
            json!(selector),
            json!(text)
        );
        self.until(&format!("`{selector}` with `{text}`"), &script).await;
    }
}
