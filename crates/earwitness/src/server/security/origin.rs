//! What changes something must come from our own pages.

use crate::server::error::PageError;
use axum::extract::Request;
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Refuses requests that change something and were not sent by a page of this server.
pub(crate) async fn demand_same_origin(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads || is_same_origin(request.headers()) {
        return next.run(request).await;
    }
    PageError::refused("this request does not come from a page of this server", "Use the forms on its pages")
        .into_response()
}

/// Browsers say where a request comes from: current ones by `Sec-Fetch-Site`, all by `Origin` when a form is
/// posted. Whoever says neither is no browser, and has no business with forms.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    let (Some(origin), Some(host)) = (text(ORIGIN.as_str()), text(HOST.as_str())) else { return false };
    // A proxy in front may speak https where we speak http, so the scheme is not compared.
    origin.split_once("://").is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_change_something() {
        let host = ("host", "localhost:7979");
        for (headers, expected) in [
            (vec![host], false),
            (vec![host, ("sec-fetch-site", "same-origin")], true),
            (vec![host, ("sec-fetch-site", "same-site"), ("origin", "http://localhost:7979")], false),
            (vec![host, ("sec-fetch-site", "cross-site")], false),
            (vec![host, ("sec-fetch-site", "none")], false),
            (vec![host, ("origin", "http://localhost:7979")], true),
            (vec![host, ("origin", "https://localhost:7979")], true),
            (vec![host, ("origin", "http://localhost:3000")], false),
            (vec![host, ("origin", "http://evil.example")], false),
            (vec![host, ("origin", "null")], false),
            (vec![("origin", "http://localhost:7979")], false),
        ] {
            let map = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
            assert_eq!(is_same_origin(&map), expected, "{headers:?}");
        }
    }
}
