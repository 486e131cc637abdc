//! Style, script and icons, inside the program. All share one folder named after their content, so that
//! browsers may keep them for ever and modules find each other by relative names.

use super::error::PageError;
use super::state::hex;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Name, media type and content.
static FILES: &[(&str, &str, &[u8])] = &[
    ("style.css", "text/css; charset=utf-8", include_bytes!("../web/style.css")),
    ("names.css", "text/css; charset=utf-8", include_bytes!("../web/names.css")),
    ("player.js", SCRIPT, include_bytes!("../web/player.js")),
    ("transcript.js", SCRIPT, include_bytes!("../web/transcript.js")),
    ("listen.js", SCRIPT, include_bytes!("../web/listen.js")),
    ("names.js", SCRIPT, include_bytes!("../web/names.js")),
    ("words.js", SCRIPT, include_bytes!("../web/words.js")),
    ("quote.js", SCRIPT, include_bytes!("../web/quote.js")),
    ("results.js", SCRIPT, include_bytes!("../web/results.js")),
    ("upload.js", SCRIPT, include_bytes!("../web/upload.js")),
    ("progress.js", SCRIPT, include_bytes!("../web/progress.js")),
    ("keys.js", SCRIPT, include_bytes!("../web/keys.js")),
    ("icon.svg", "image/svg+xml", include_bytes!("../web/icon.svg")),
];

static FOLDER: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    for (name, _, content) in FILES {
        hash.update(name);
        hash.update(content.len().to_le_bytes());
        hash.update(content);
    }
    format!("/assets/{}", hex(&hash.finalize()[..8]))
});

/// The path of the folder, without a slash at its end.
pub(crate) fn folder() -> &'static str {
    &FOLDER
}

/// `GET /assets/{version}/{name}`
pub(crate) async fn asset(Path((version, name)): Path<(String, String)>) -> Response {
    let Some((_, media_type, content)) = FILES.iter().find(|file| file.0 == name) else {
        return PageError::no_such_page().into_response();
    };
    // A page from before an update asks for the old version: it gets the new one, but must not keep it.
    let current = folder().ends_with(&version);
    let keep = if current { "public, max-age=31536000, immutable" } else { "no-cache" };
    ([(CONTENT_TYPE, *media_type), (CACHE_CONTROL, keep)], *content).into_response()
}

/// `GET /favicon.ico`
pub(crate) async fn favicon() -> Response {
    axum::response::Redirect::temporary(&format!("{}/icon.svg", folder())).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_and_script_stay_small() {
        let size = |name: &str| FILES.iter().find(|file| file.0 == name).map(|file| file.2.len()).unwrap();
        assert!(size("style.css") < 16 * 1024, "{}", size("style.css"));
        let scripts: usize = FILES.iter().filter(|file| file.1 == SCRIPT).map(|file| file.2.len()).sum();
        assert!(scripts < 40 * 1024, "{scripts}");
    }

    #[test]
    fn modules_import_only_files_that_are_served() {
        for (name, _, content) in FILES.iter().filter(|file| file.1 == SCRIPT) {
            for line in std::str::from_utf8(content).unwrap().lines().filter(|line| line.starts_with("import ")) {
                let imported = line.split('"').nth(1).and_then(|path| path.strip_prefix("./")).unwrap();
                assert!(FILES.iter().any(|file| file.0 == imported), "{name} imports {imported}");
            }
        }
    }
}
