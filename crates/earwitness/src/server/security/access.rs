//! Which hosts we answer to, and who has the token.

use crate::server::error::PageError;
use crate::server::pages::login_page;
use crate::server::state::{Shared, hex};
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, COOKIE, HOST, SET_COOKIE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use sha2::{Digest, Sha256};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::sync::Mutex;

/// How long a wrong token is kept waiting; they wait in line, so that guesses come one at a time.
const PENALTY: Duration = Duration::from_millis(900);

/// How long a browser stays signed in, in seconds.
const SIGNED_IN: u32 = 30 * 24 * 3600;

/// Who may come in.
pub(crate) struct Access {
    address: SocketAddr,
    lock: Option<Lock>,
    penalty: Mutex<()>,
}

/// What is kept of the token: digests only.
struct Lock {
    token: [u8; 32],
    session: String,
}

impl Access {
    pub(crate) fn new(address: SocketAddr, token: Option<&str>) -> Self {
        let lock = token.map(|token| Lock { token: digest(token), session: session(token) });
        Self { address, lock, penalty: Mutex::new(()) }
    }

    /// Whether `host` names this machine as only its own browsers can. Servers that others may reach are
    /// called by many names; there the token, which no foreign page has, does the work.
    fn is_our_host(&self, host: &str) -> bool {
        if !self.address.ip().is_loopback() {
            return true;
        }
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if !port.ends_with(']') => (name, port.parse().ok()),
            _ => (host, Some(80)),
        };
        port == Some(self.address.port()) && ["localhost", "127.0.0.1", "[::1]"].contains(&name)
    }

    /// Whether these headers prove knowledge of the token: as a bearer's, or by the cookie of a login.
    fn knows_token(&self, headers: &HeaderMap) -> bool {
        let Some(lock) = &self.lock else { return true };
        let bearer = text_of(headers, AUTHORIZATION.as_str()).and_then(|value| value.strip_prefix("Bearer "));
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let name = self.cookie_name();
        let session = cookies
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(key, value)| (key == name).then_some(value));
        bearer.is_some_and(|token| lock.opens(token))
            || session.is_some_and(|given| token_matches(given, &lock.session))
    }

    /// The cookie that lets in whoever has this token; `None`, after a while, if it is wrong.
    pub(crate) async fn sign_in(&self, token: &str) -> Option<HeaderValue> {
        let lock = self.lock.as_ref()?;
        if !lock.opens(token) {
            let _line = self.penalty.lock().await;
            tokio::time::sleep(PENALTY).await;
            return None;
        }
        let (name, session) = (self.cookie_name(), &lock.session);
        let cookie = format!("{name}={session}; Path=/; Max-Age={SIGNED_IN}; HttpOnly; SameSite=Strict");
        HeaderValue::from_str(&cookie).ok()
    }

    /// Cookies are shared by all ports of a machine, so the port is part of the name.
    fn cookie_name(&self) -> String {
        format!("earwitness_{}", self.address.port())
    }
}

impl Lock {
    fn opens(&self, token: &str) -> bool {
        same(&digest(token), &self.token)
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
    if open || app.access.knows_token(request.headers()) {
        return next.run(request).await;
    }
    if request.method() == Method::GET
        && let Some((token, rest)) = take_token(request.uri())
    {
        return match app.access.sign_in(&token).await {
            Some(cookie) => ([(SET_COOKIE, cookie)], Redirect::to(&rest)).into_response(),
            None => login_page(&rest, true),
        };
    }
    if request.headers().contains_key(AUTHORIZATION) {
        // A wrong bearer's token costs as much time as a wrong login.
        let _line = app.access.penalty.lock().await;
        tokio::time::sleep(PENALTY).await;
    }
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let mut page = login_page(if request.method() == Method::GET { target } else { "/" }, false);
    page.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    page
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

/// What the cookie holds: it follows from the token, so that it outlives a restart, and does not give it away.
fn session(token: &str) -> String {
    hex(&Sha256::new().chain_update("earwitness session\0").chain_update(token).finalize())
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
        Access::new(address.parse().unwrap(), token)
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
    }

    #[test]
    fn the_token_is_known_by_header_or_cookie() {
        let access = access("0.0.0.0:7979", Some("correct horse battery"));
        let session = session("correct horse battery");
        let check = |name: &'static str, value: String| {
            let headers = HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())]);
            access.knows_token(&headers)
        };
        assert!(check("authorization", "Bearer correct horse battery".into()));
        assert!(!check("authorization", "Bearer correct horse batterz".into()));
        assert!(!check("authorization", "Basic correct horse battery".into()));
        assert!(check("cookie", format!("a=b; earwitness_7979={session}; c=d")));
        assert!(!check("cookie", format!("earwitness_7978={session}")));
        assert!(!check("cookie", "earwitness_7979=correct horse battery".into()));
        assert!(!check("cookie", "earwitness_7979=".into()));
        assert!(!access.knows_token(&HeaderMap::new()));
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

    #[tokio::test]
    async fn the_cookie_does_not_hold_the_token() {
        let access = access("0.0.0.0:7979", Some("correct horse battery"));
        let cookie = access.sign_in("correct horse battery").await.unwrap();
        let cookie = cookie.to_str().unwrap();
        assert!(cookie.starts_with("earwitness_7979=") && cookie.ends_with("; HttpOnly; SameSite=Strict"), "{cookie}");
        assert!(!cookie.contains("horse"));
        assert_eq!(access.sign_in("correct horse").await, None);
    }
}
