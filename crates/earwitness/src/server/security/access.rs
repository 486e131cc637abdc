//! Which hosts we answer to, and who has the token.

use super::session_key::SessionKey;
use crate::server::error::PageError;
use crate::server::pages::login_page;
use crate::server::state::{Shared, hex};
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, COOKIE, HOST, ORIGIN, RETRY_AFTER, SET_COOKIE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use ear_engine::{Error, ErrorKind};
use sha2::{Digest, Sha256};
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// After a wrong token, none at all is looked at for this long: whoever guesses has one guess a second.
const PENALTY: Duration = Duration::from_millis(900);

/// How long a browser stays signed in, in seconds.
const SIGNED_IN_SECONDS: u32 = 30 * 24 * 3600;

/// Who may come in.
pub(crate) struct Access {
    address: SocketAddr,
    lock: Option<Lock>,
    /// Until when no token is looked at.
    closed: Mutex<Option<Instant>>,
}

/// Why a token does not open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Refused {
    /// It is not the token.
    Wrong,
    /// Somebody gave a wrong one just now; this one was not looked at.
    TooSoon,
}

tokio::task_local! {
    /// Whether the request under way came with the cookie of a login.
    static SIGNED_IN: bool;
}

/// What is kept of the token: digests only.
struct Lock {
    token: [u8; 32],
    session: String,
}

impl Access {
    /// `key` is the library's own; cookies follow from it and the token.
    pub(crate) fn new(address: SocketAddr, token: Option<(&str, &SessionKey)>) -> Self {
        let lock = token.map(|(token, key)| Lock { token: digest(token), session: session(key, token) });
        Self { address, lock, closed: Mutex::new(None) }
    }

    /// Whether `host` names this machine as only its own browsers can. Where there is a token, which no foreign
    /// page has, it does the work: such servers are called by many names, also behind a proxy.
    fn is_our_host(&self, host: &str) -> bool {
        if self.lock.is_some() || !self.address.ip().is_loopback() {
            return true;
        }
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if !port.ends_with(']') => (name, port.parse().ok()),
            _ => (host, Some(80)),
        };
        port == Some(self.address.port()) && ["localhost", "127.0.0.1", "[::1]"].contains(&name)
    }

    /// Whether the cookie of a login is among these headers. It can't be guessed, so that wrong ones cost nothing.
    fn has_session(&self, headers: &HeaderMap) -> bool {
        let Some(lock) = &self.lock else { return false };
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let name = self.cookie_name();
        let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.any(|(key, value)| key == name && token_matches(value, &lock.session))
    }

    /// Compares a token, unless a wrong one was given just now.
    fn check(&self, token: &str) -> Result<&Lock, Refused> {
        let lock = self.lock.as_ref().ok_or(Refused::Wrong)?;
        // Nothing fails while this is held. It is held during the comparison, so that none slips past.
        let mut closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        if closed.is_some_and(|until| Instant::now() < until) {
            return Err(Refused::TooSoon);
        }
        if same(&digest(token), &lock.token) {
            return Ok(lock);
        }
        *closed = Some(Instant::now() + PENALTY);
        Err(Refused::Wrong)
    }

    /// The cookie that lets in whoever has this token; over https it is never sent without.
    pub(crate) fn sign_in(&self, token: &str, headers: &HeaderMap) -> Result<HeaderValue, Refused> {
        let lock = self.check(token)?;
        self.cookie(&lock.session, SIGNED_IN_SECONDS, headers).ok_or(Refused::Wrong)
    }

    /// The cookie that takes the place of that of the login, and ends at once.
    pub(crate) fn sign_out(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        self.cookie("", 0, headers)
    }

    fn cookie(&self, value: &str, seconds: u32, headers: &HeaderMap) -> Option<HeaderValue> {
        let secure = if is_https(headers) { "; Secure" } else { "" };
        let name = self.cookie_name();
        let cookie = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
        HeaderValue::from_str(&cookie).ok()
    }

    /// Cookies are shared by all ports of a machine, so the port is part of the name.
    fn cookie_name(&self) -> String {
        format!("earwitness_{}", self.address.port())
    }
}

/// Lets pass what comes to our own name from somebody who may.
pub(crate) async fn guard(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let host = text_of(request.headers(), HOST.as_str()).unwrap_or_default();
    if !app.access.is_our_host(host) {
        let remedy = format!("Open http://{}/ on this machine", app.access.address);
        let mut refusal =
            PageError::refused(format!("this server does not answer to the name `{}`", short(host)), remedy);
        refusal.status = StatusCode::MISDIRECTED_REQUEST;
        return refusal.into_response();
    }
    let path = request.uri().path();
    let open = path == "/health" || path == "/login" || path == "/favicon.ico" || path.starts_with("/assets/");
    if open || app.access.lock.is_none() {
        return next.run(request).await;
    }
    if app.access.has_session(request.headers()) {
        return SIGNED_IN.scope(true, next.run(request)).await;
    }
    let bearer = text_of(request.headers(), AUTHORIZATION.as_str()).and_then(|value| value.strip_prefix("Bearer "));
    match bearer.map(|token| app.access.check(token)) {
        Some(Ok(_)) => return next.run(request).await,
        Some(Err(Refused::TooSoon)) => return too_soon(),
        Some(Err(Refused::Wrong)) | None => {}
    }
    if request.method() == Method::GET
        && let Some((token, rest)) = take_token(request.uri())
    {
        return match app.access.sign_in(&token, request.headers()) {
            Ok(cookie) => ([(SET_COOKIE, cookie)], Redirect::to(&rest)).into_response(),
            Err(refused) => refusal(refused, &rest),
        };
    }
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let mut page = login_page(if request.method() == Method::GET { target } else { "/" }, false);
    page.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    page
}

/// Whether the visitor whose request is under way signed in.
pub(crate) fn is_signed_in() -> bool {
    SIGNED_IN.try_with(|signed_in| *signed_in).unwrap_or(false)
}

/// What somebody is told whose token does not open; `next` is where they wanted to go.
pub(crate) fn refusal(refused: Refused, next: &str) -> Response {
    match refused {
        Refused::Wrong => login_page(next, true),
        Refused::TooSoon => too_soon(),
    }
}

fn too_soon() -> Response {
    let error = Error::new(ErrorKind::Busy, "a wrong token was given a moment ago").remedy("Try again in a second");
    let page = PageError { status: StatusCode::TOO_MANY_REQUESTS, error };
    ([(RETRY_AFTER, "1")], page).into_response()
}

/// Whether the visitor's side speaks https, as a proxy in front or the browser says.
fn is_https(headers: &HeaderMap) -> bool {
    text_of(headers, "x-forwarded-proto").is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"))
        || text_of(headers, ORIGIN.as_str()).is_some_and(|origin| origin.starts_with("https://"))
}

/// The token of a link, and the link without it.
fn take_token(uri: &Uri) -> Option<(String, String)> {
    let axum::extract::Query(pairs) = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    let token = pairs.into_iter().find_map(|(key, value)| (key == "token").then_some(value))?;
    let kept: Vec<_> = uri.query()?.split('&').filter(|pair| !pair.starts_with("token=")).collect();
    let question = if kept.is_empty() { "" } else { "?" };
    // Two slashes at the start would lead to another host.
    let path = format!("/{}", uri.path().trim_start_matches('/'));
    Some((token, format!("{path}{question}{}", kept.join("&"))))
}

/// Whether two secrets are the same, in a time that does not tell how much of them is.
pub(crate) fn token_matches(given: &str, expected: &str) -> bool {
    same(&digest(given), &digest(expected))
}

fn same(a: &[u8; 32], b: &[u8; 32]) -> bool {
    a.iter().zip(b).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

/// What the cookie holds. It follows from the token, so that it outlives a restart, and from a key that only the
/// library has, so that nobody can tell from it whether a guessed token is right. All parts have fixed lengths.
fn session(key: &SessionKey, token: &str) -> String {
    hex(&Sha256::new().chain_update("earwitness session\0").chain_update(key).chain_update(digest(token)).finalize())
}

fn text_of<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn short(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(address: &str, token: Option<&str>) -> Access {
        Access::new(address.parse().unwrap(), token.map(|token| (token, &[7; 32])))
    }

    #[test]
    fn on_this_machine_only_its_own_names_are_answered() {
        for (host, expected) in [
            ("localhost:7979", true),
            ("127.0.0.1:7979", true),
            ("[::1]:7979", true),
            ("localhost", false),
            ("localhost:80", false),
            ("[::1]", false),
            ("evil.example:7979", false),
            ("localhost.evil.example:7979", false),
            ("127.0.0.1.evil.example:7979", false),
            ("127.0.0.1:7979:7979", false),
            ("", false),
        ] {
            assert_eq!(access("127.0.0.1:7979", None).is_our_host(host), expected, "{host}");
        }
        assert!(access("127.0.0.1:80", None).is_our_host("localhost"));
        assert!(access("[::1]:80", None).is_our_host("[::1]"));
        assert!(access("0.0.0.0:7979", Some("a token that is long")).is_our_host("studio.local:7979"));
        assert!(access("127.0.0.1:7979", Some("a token that is long")).is_our_host("talks.example"), "a proxy");
    }

    #[test]
    fn the_cookie_is_known() {
        let access = access("0.0.0.0:7979", Some("correct horse battery"));
        let session = session(&[7; 32], "correct horse battery");
        let check = |value: String| access.has_session(&headers("cookie", &value));
        assert!(check(format!("a=b; earwitness_7979={session}; c=d")));
        assert!(!check(format!("earwitness_7978={session}")));
        assert!(!check(format!("earwitness_7979={}", super::session(&[8; 32], "correct horse battery"))), "other key");
        assert!(!check("earwitness_7979=correct horse battery".into()));
        assert!(!check("earwitness_7979=".into()));
        assert!(!access.has_session(&HeaderMap::new()));
    }

    #[test]
    fn guesses_come_one_at_a_time() {
        let access = access("0.0.0.0:7979", Some("correct horse battery"));
        let check = |token| access.check(token).err();
        assert_eq!(check("correct horse battery"), None);
        assert_eq!(check("correct horse batterz"), Some(Refused::Wrong));
        for token in ["correct horse batterx", "correct horse battery"] {
            assert_eq!(check(token), Some(Refused::TooSoon), "{token}");
        }
        *access.closed.lock().unwrap() = Some(Instant::now());
        assert_eq!(check("correct horse battery"), None);
        assert_eq!(super::tests::access("127.0.0.1:7979", None).check("").err(), Some(Refused::Wrong));
    }

    fn headers(name: &'static str, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())])
    }

    #[test]
    fn a_token_is_taken_out_of_its_link() {
        for (link, expected) in [
            ("/e/7?token=abc", Some(("abc", "/e/7"))),
            ("/e/7?t=3&token=a%20b&q=x", Some(("a b", "/e/7?t=3&q=x"))),
            ("//evil.example/?token=abc", Some(("abc", "/evil.example/"))),
            ("/e/7?t=3", None),
            ("/e/7", None),
        ] {
            let expected = expected.map(|(token, rest)| (token.to_owned(), rest.to_owned()));
            assert_eq!(take_token(&link.parse().unwrap()), expected, "{link}");
        }
    }

    #[test]
    fn secrets_are_compared_whole() {
        assert!(token_matches("abc", "abc"));
        for wrong in ["", "ab", "abd", "abcd", "ABC"] {
            assert!(!token_matches(wrong, "abc"), "{wrong}");
        }
    }

    #[test]
    fn the_cookie_does_not_hold_the_token() {
        let access = access("0.0.0.0:7979", Some("correct horse battery"));
        let check = |headers: HeaderMap| {
            let cookie = access.sign_in("correct horse battery", &headers).unwrap();
            cookie.to_str().unwrap().to_owned()
        };
        let cookie = check(HeaderMap::new());
        assert!(cookie.starts_with("earwitness_7979=") && cookie.ends_with("; HttpOnly; SameSite=Strict"), "{cookie}");
        assert!(!cookie.contains("horse"));
        for (name, value, secure) in [
            ("x-forwarded-proto", "https", true),
            ("origin", "https://talks.example", true),
            ("x-forwarded-proto", "http", false),
            ("origin", "http://talks.example", false),
        ] {
            assert_eq!(check(headers(name, value)).ends_with("; Secure"), secure, "{name}: {value}");
        }
    }
}
