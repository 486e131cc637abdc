//! What needs the real model; skipped where it is not installed.

use super::tokens::Tokens;
use super::{Error, Meaning, Vector};
use std::path::PathBuf;
use std::sync::LazyLock;
use std::{env, fs, thread};

/// The model's folder, where `earwitness models fetch minilm` puts it.
fn folder() -> Option<PathBuf> {
    let models = env::var_os("EARWITNESS_MODELS").map(PathBuf::from);
    let data = || env::var_os("XDG_DATA_HOME").map(PathBuf::from);
    let home = || env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share"));
    let models = models.or_else(|| Some(data().or_else(home)?.join("earwitness/models")));
    let folder = models.map(|models| models.join("minilm")).filter(|folder| folder.join("model.onnx").exists());
    if folder.is_none() {
        eprintln!("skipped: minilm is not installed");
    }
    folder
}

fn meaning() -> Option<&'static Meaning> {
    static MEANING: LazyLock<Option<Meaning>> =
        LazyLock::new(|| folder().map(|folder| Meaning::load(&folder).unwrap()));
    MEANING.as_ref()
}

/// The expected numbers are those of Hugging Face's tokenizers 0.22 with the same file.
#[test]
fn texts_become_the_numbers_that_the_model_was_trained_on() {
    let Some(folder) = folder() else { return };
    let tokens = Tokens::parse(&fs::read(folder.join("tokenizer.json")).unwrap()).unwrap();
    let check = |text: &str, expected: &[i32]| {
        let found = tokens.of(text, 512);
        assert_eq!(found[1..found.len() - 1], *expected, "{text}");
        assert_eq!((found[0], found[found.len() - 1]), (101, 102));
    };
    check("", &[]);
    check("  \t\n ", &[]);
    check("The harbour will be closed.", &[1996, 7440, 2097, 2022, 2701, 1012]);
    check("Don't — she said, “never”!", &[2123, 1005, 1056, 1517, 2016, 2056, 1010, 1523, 2196, 1524, 999]);
    check("don’t", &[2123, 1521, 1056]);
    check("naïve café İstanbul STRASSE", &[15743, 7668, 9960, 2358, 8180, 3366]);
    check("Łukasz Żółw ẞ", &[1105, 15750, 17112, 1062, 2080, 18818, 2860, 1096]);
    check("über-cool e\u{301}t\u{e9}", &[19169, 1011, 4658, 3802, 2063]);
    check("unaffable embeddings", &[14477, 20961, 3468, 7861, 8270, 4667, 2015]);
    check("ComfyUI v0.3.14", &[4012, 12031, 10179, 1058, 2692, 1012, 1017, 1012, 2403]);
    check("$1,234.50 (50%)", &[1002, 1015, 1010, 22018, 1012, 2753, 1006, 2753, 1003, 1007]);
    check("日本語 and 中文 text", &[1864, 1876, 1950, 1998, 1746, 1861, 3793]);
    check("한국어", &[1469, 30006, 30021, 29991, 30014, 30020, 29999, 30008]);
    check("Привет, мир", &[1194, 16856, 10325, 25529, 15290, 22919, 1010, 1191, 10325, 16856]);
    check("नमस्ते दुनिया", &[1327, 29867, 29874, 29859, 1325, 29863, 29877, 29868, 29876]);
    check("ﬁne ½ ²", &[1984, 2638, 1092, 1082]);
    check("👍 good 🦀", &[100, 2204, 100]);
    check("a\0b\u{fffd}c\u{200b}d\u{ad}e", &[5925, 3207]);
    check("a\u{2028}b\u{3000}c", &[1037, 1038, 1039]);
    check(&"x".repeat(101), &[100]);
}

/// The expected cosines are those of the model as it was published, computed with floats throughout.
#[test]
fn meanings_are_as_near_as_the_published_model_has_them() {
    let Some(meaning) = meaning() else { return };
    let check = |one: &str, other: &str, expected: f32| {
        let vectors = meaning.vectors(&[one, other]).unwrap();
        let found = vectors[0].dot(&vectors[1]);
        assert!((found - expected).abs() < 0.015, "{found} instead of {expected}: {one} / {other}");
    };
    let closed = "The harbour will be closed to fishing boats from Monday.";
    let taxes = "The finance minister announced a cut in income tax.";
    check(closed, "Boats may not enter the port next week.", 0.615);
    check(taxes, "What did the chancellor say about taxes?", 0.539);
    check("She fried the onions in butter.", taxes, -0.035);
    check("Łódź is cold in January.", "lodz is cold in january", 0.637);
    check("dogs bark", "A dog is barking at the postman.", 0.580);
    check(&"the tide ".repeat(200), &"the tide ".repeat(120), 0.999);
}

#[test]
fn a_text_means_the_same_in_any_company() {
    let Some(meaning) = meaning() else { return };
    let tide = "the tide comes in ".repeat(2_000);
    let texts = ["The tide turned.", "", &tide, "A ship left.", "The tide turned.", "日本", "\0\u{200b}"];
    let together = meaning.vectors(&texts).unwrap();
    assert_eq!(together.len(), texts.len());
    let alone: Vec<Vector> = thread::scope(|scope| {
        let ask = |text: &'static str| scope.spawn(move || meaning.vectors(&[text]).unwrap().remove(0));
        let asked = ["The tide turned.", "A ship left."].map(ask);
        asked.into_iter().map(|asked| asked.join().unwrap()).collect()
    });
    assert!(together[0] == together[4] && together[0].dot(&alone[0]) > 0.999 && together[3].dot(&alone[1]) > 0.999);
    assert_eq!(meaning.vectors(&texts).unwrap(), together);
    assert_eq!(together[2], meaning.vectors(&[&tide[..4_000]]).unwrap()[0]);
    assert_eq!(meaning.vectors(&[]).unwrap(), vec![]);
}

#[test]
fn a_folder_without_a_model_says_what_is_wrong() {
    let folder = env::temp_dir().join(format!("earwitness-meaning-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let load = || Meaning::load(&folder).err().unwrap();
    assert!(matches!(load(), Error::Read { path, .. } if path.ends_with("tokenizer.json")));
    fs::write(folder.join("tokenizer.json"), "{}").unwrap();
    assert!(matches!(load(), Error::Broken { path, .. } if path.ends_with("tokenizer.json")));
    fs::write(folder.join("tokenizer.json"), r#"{"model": {"vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2}}}"#).unwrap();
    assert!(matches!(load(), Error::Read { path, .. } if path.ends_with("model.onnx")));
    fs::write(folder.join("model.onnx"), "no net").unwrap();
    let error = load();
    assert!(matches!(&error, Error::Broken { path, .. } if path.ends_with("model.onnx")), "{error}");
    assert!(error.remedy().contains("models fetch minilm"));
    fs::remove_dir_all(&folder).unwrap();
}
