//! Who may ask what: hosts, tokens, origins, and the headers that confine every answer.
//!
//! A page on the web can make a browser send requests to this machine. Three walls stand in the way: the
//! `Host` must be ours (a foreign name that was pointed at this machine is refused, unless a token is asked
//! for, which such a page does not have), whatever changes
//! something must come from our own pages, and it must carry a token that only our pages show.

mod access;
mod origin;
mod session_key;

pub(crate) use access::{Access, guard, is_signed_in, refusal, token_matches};
pub(crate) use origin::demand_same_origin;
pub(crate) use session_key::session_key;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue};
use axum::response::Response;

const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    media-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// `same-origin` rather than `no-referrer`: under the latter browsers send `Origin: null` with our own forms.
static HEADERS: [(&str, &str); 7] = [
    ("content-security-policy", CONTENT_POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
];

/// Adds the headers that every answer has. Answers that name no caching are asked for anew each time.
pub(crate) async fn confine(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if !headers.contains_key(CACHE_CONTROL) && headers.contains_key(CONTENT_TYPE) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    }
    response
}
