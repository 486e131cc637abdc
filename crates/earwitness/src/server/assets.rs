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
const STYLE: &str = "text/css; charset=utf-8";

/// Name, media type and content.
static FILES: &[(&str, &str, &[u8])] = &[
    ("style.css", STYLE, include_bytes!("../web/style.css")),
    ("names.css", STYLE, include_bytes!("../web/names.css")),
    ("clips.css", STYLE, include_bytes!("../web/clips.css")),
    ("clip.css", STYLE, include_bytes!("../web/clip.css")),
    ("player.js", SCRIPT, include_bytes!("../web/player.js")),
    ("transcript.js", SCRIPT, include_bytes!("../web/transcript.js")),
    ("listen.js", SCRIPT, include_bytes!("../web/listen.js")),
    ("clip.js", SCRIPT, include_bytes!("../web/clip.js")),
    ("heard.js", SCRIPT, include_bytes!("../web/heard.js")),
    ("queue.js", SCRIPT, include_bytes!("../web/queue.js")),
    ("clips.js", SCRIPT, include_bytes!("../web/clips.js")),
    ("names.js", SCRIPT, include_bytes!("../web/names.js")),
    ("words.js", SCRIPT, include_bytes!("../web/words.js")),
    ("quote.js", SCRIPT, include_bytes!("../web/quote.js")),
    ("results.js", SCRIPT, include_bytes!("../web/results.js")),
    ("upload.js", SCRIPT, include_bytes!("../web/upload.js")),
    ("progress.js", SCRIPT, include_bytes!("../web/progress.js")),
    ("keys.js", SCRIPT, include_bytes!("../web/keys.js")),
    ("icon.svg", "image/svg+xml", include_bytes!("../web/icon.svg")),
];

/// The same, as it is served: what only people read is left out.
static SERVED: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let lean = |media_type: &str, content: &[u8]| match std::str::from_utf8(content) {
        Ok(text) if [SCRIPT, STYLE].contains(&media_type) => lean(text).into_bytes(),
        _ => content.to_vec(),
    };
    FILES.iter().map(|(_, media_type, content)| lean(media_type, content)).collect()
});

/// A style or script without indentation, and without comments that have lines of their own. No text in them goes on
/// over the end of a line.
fn lean(text: &str) -> String {
    let is_comment = |line: &str| line.starts_with("//") || (line.starts_with("/*") && line.ends_with("*/"));
    let kept = text.lines().map(str::trim).filter(|line| !line.is_empty() && !is_comment(line));
    kept.flat_map(|line| [line, "\n"]).collect()
}

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
    let found = FILES.iter().zip(SERVED.iter()).find(|(file, _)| file.0 == name);
    let Some(((_, media_type, _), content)) = found else {
        return PageError::no_such_page().into_response();
    };
    // A page from before an update asks for the old version: it gets the new one, but must not keep it.
    let current = folder().ends_with(&version);
    let keep = if current { "public, max-age=31536000, immutable" } else { "no-cache" };
    ([(CONTENT_TYPE, *media_type), (CACHE_CONTROL, keep)], content.as_slice()).into_response()
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
        assert!(scripts < 48 * 1024, "{scripts}");
    }

    #[test]
    fn what_is_served_lacks_only_what_people_read() {
        let script = "// Says it.\n\n/** Twice. */\nfunction say(text) {\n  return `// ${text}`; // here\n}\n";
        assert_eq!(lean(script), "function say(text) {\nreturn `// ${text}`; // here\n}\n");
        for (name, media_type, content) in FILES.iter().filter(|file| [SCRIPT, STYLE].contains(&file.1)) {
            for line in std::str::from_utf8(content).unwrap().lines() {
                assert_eq!(line.matches('`').count() % 2, 0, "a text that goes on in {name}: {line}");
                assert!(!line.trim_start().starts_with("* "), "a comment of several lines in {name}: {line}");
                assert!(*media_type == SCRIPT || !line.contains("/*") || line.ends_with("*/"), "{name}: {line}");
            }
        }
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
