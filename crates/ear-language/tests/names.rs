//! Names gathered from material as publishers write it.

use ear_core::{Name, NameKind, Word};
use ear_language::names::{Listed, Material, gather, mentions};
use std::{fs, path::PathBuf, time::Instant};

fn test_data(part: &str) -> Option<PathBuf> {
    let path =
        std::env::var_os("EARWITNESS_TESTDATA").map(|root| PathBuf::from(root).join(part)).filter(|path| path.exists());
    if path.is_none() {
        eprintln!("skipped: EARWITNESS_TESTDATA has no {part}");
    }
    path
}

/// The quoted strings of a list in a small JSON document.
fn strings(json: &str, key: &str) -> Vec<String> {
    let list = json.split_once(&format!("\"{key}\"")).map_or("", |(_, rest)| rest);
    let list = list.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map_or("", |(list, _)| list);
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn everybody_and_every_place_of_the_specimen_is_a_name() {
    let Some(folder) = test_data("specimen") else { return };
    let context = fs::read_to_string(folder.join("context.json")).unwrap();
    let words: Vec<Word> =
        fs::read_to_string(folder.join("heard.txt")).unwrap().split_whitespace().map(Word::untimed).collect();
    let (people, places) = (strings(&context, "people"), strings(&context, "places"));
    let listed = |name, kind| Listed { name, variants: &[], role: None, kind: Some(kind) };
    let all: Vec<Listed> = people
        .iter()
        .map(|name| listed(name, NameKind::Person))
        .chain(places.iter().map(|name| listed(name, NameKind::Place)))
        .collect();
    let names = gather(&Material { listed: &all, words: &words, ..Material::default() });
    for entry in &all {
        let found = names.iter().find(|name| name.name == entry.name);
        assert_eq!(found.and_then(|name| name.kind), entry.kind, "{}", entry.name);
    }
    assert!(!people.is_empty() && !places.is_empty());

    // The same names from running text, which says nothing of lists.
    let notes = format!("Today we hear of {}. The story leads from {}.", people.join(", "), places.join(" to "));
    let names = gather(&Material { notes: &notes, words: &words, ..Material::default() });
    for entry in &all {
        let found = names.iter().find(|name| name.name == entry.name);
        assert_eq!(found.and_then(|name| name.kind), entry.kind, "{}", entry.name);
    }
    print(&names);
    assert!(mentions(&words, &names).iter().any(|mention| names[mention.name].name == "Qasem Soleimani"));
}

fn print(names: &[Name]) {
    for name in names {
        println!(
            "    {:?} {} {:?} <{}>",
            name.kind,
            name.name,
            name.role,
            name.sources.iter().map(|s| format!("{:?}: {}", s.kind, s.text)).next().unwrap_or_default()
        );
    }
}

/// Titles and notes of a feed, cut out roughly.
fn items(feed: &str) -> Vec<(String, String)> {
    let inside = |text: &str, tag: &str| {
        let start = text.find(&format!("<{tag}"))?;
        let start = start + text[start..].find('>')? + 1;
        let end = start + text[start..].find(&format!("</{tag}>"))?;
        Some(plain(&text[start..end]))
    };
    feed.split("<item")
        .skip(1)
        .map(|item| (inside(item, "title").unwrap_or_default(), inside(item, "description").unwrap_or_default()))
        .collect()
}

fn plain(html: &str) -> String {
    let mut text = html.replace("<![CDATA[", "").replace("]]>", "");
    for (entity, character) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&amp;", "&"),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&nbsp;", " "),
        ("&rsquo;", "’"),
    ] {
        text = text.replace(entity, character);
    }
    let mut plain = String::new();
    let mut inside = false;
    for character in text.chars() {
        match character {
            '<' => (inside, _) = (true, plain.push('\n')),
            '>' if inside => inside = false,
            _ if !inside => plain.push(character),
            _ => {}
        }
    }
    plain
}

#[test]
fn notes_of_real_feeds_are_read() {
    let Some(folder) = test_data("feeds/real-world") else { return };
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut seen = 0;
    for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "xml")) {
        let feed = String::from_utf8_lossy(&fs::read(file).unwrap()).into_owned();
        let language = feed.contains("<language>de").then_some("de");
        for (index, (title, notes)) in items(&feed).iter().take(60).enumerate() {
            let start = Instant::now();
            let names = gather(&Material { title, notes, language, ..Material::default() });
            assert!(names.len() <= 500 && start.elapsed().as_secs() < 5, "{title}");
            seen += names.len();
            if index % 12 == 1 {
                println!("{} / {title}", file.file_name().unwrap().to_string_lossy());
                print(&names);
            }
        }
    }
    assert!(seen > 100, "{seen} names");
}

#[test]
fn many_words_and_names_are_quick() {
    let text = "The people of the town went to Springfield with Orville Babcock and talked about the weather again "
        .repeat(5_300);
    let words: Vec<Word> = text.split_whitespace().map(Word::untimed).collect();
    let mut names = ear_language::names::gazetteer_names();
    names.truncate(3_000);
    names.push(Name {
        name: "Orville Babcock".to_owned(),
        kind: None,
        role: None,
        variants: vec!["Babcock".to_owned()],
        sources: Vec::new(),
    });
    mentions(&words[..100], &names);
    let start = Instant::now();
    let found = mentions(&words, &names);
    println!(
        "{} words, {} names, {} mentions: {} ms",
        words.len(),
        names.len(),
        found.len(),
        start.elapsed().as_millis()
    );
    assert!(found.len() >= 5_300);
}
