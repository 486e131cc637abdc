//! The seeds of the fuzz targets, each of which once was a thought of what could go wrong.

use crate::common::assert_sound;
use ear_ingest::feed::{FeedOptions, detect, opml, parse};
use std::{fs, path::Path};

#[test]
fn every_seed_is_read() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    for folder in ["feed", "opml"] {
        let files: Vec<_> = fs::read_dir(corpus.join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(files.len() >= 4, "{folder} has seeds");
        for path in files {
            let bytes = fs::read(&path).unwrap();
            detect(&bytes);
            let options = FeedOptions { base: Some("https://example.com/"), content_type: None };
            let error = if folder == "feed" {
                parse(&bytes, &options).map(|parsed| assert_sound(&parsed.feed)).err()
            } else {
                opml(&bytes).map(drop).err()
            };
            let refused = path.to_string_lossy().contains("refused");
            assert_eq!(error.is_some(), refused, "{}: {error:?}", path.display());
        }
    }
}
