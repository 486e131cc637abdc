use super::*;

fn short(kind: Option<NameKind>) -> &'static str {
    match kind {
        Some(NameKind::Person) => "person",
        Some(NameKind::Place) => "place",
        Some(NameKind::Organisation) => "organisation",
        Some(NameKind::Thing) => "thing",
        None => "?",
    }
}

fn shown(names: &[Name]) -> String {
    let mut lines: Vec<String> = names.iter().map(|name| format!("{} ({})", name.name, short(name.kind))).collect();
    lines.sort();
    lines.join(", ")
}

fn of_notes(notes: &str) -> Vec<Name> {
    gather(&Material { notes, ..Material::default() })
}

#[test]
fn a_long_list_stays_whole() {
    let names: Vec<String> = (0..900).map(|n| format!("Quillon Zarvek{n}")).collect();
    let listed: Vec<Listed> = names.iter().map(|name| Listed { name, variants: &[], role: None, kind: None }).collect();
    let words: Vec<Word> = "and then we went to Baghdad".split(' ').map(Word::untimed).collect();
    let found = gather(&Material { listed: &listed, words: &words, ..Material::default() });
    assert_eq!(found.iter().filter(|name| name.name.starts_with("Quillon")).count(), names.len());
}

#[test]
fn places_in_lines_of_their_own_are_no_headlines() {
    let check = |notes: &str, expected: &str| assert_eq!(shown(&of_notes(notes)), expected, "{notes}");
    check("Al Asad Air Base", "Al Asad Air Base (place)");
    check(
        "Where it happened:\nGreen Zone, Baghdad\nAl Asad Air Base",
        "Al Asad Air Base (place), Baghdad (place), Green Zone (place)",
    );
    check("Kirkuk Province\nTigris River", "Kirkuk Province (place), Tigris River (place)");
    // Of these, capitals still say nothing.
    check("Rockets Hit Green Zone", "");
    check("Life After Prison", "");
}

#[test]
fn notes_tell_names() {
    let check = |notes: &str, expected: &str| assert_eq!(shown(&of_notes(notes)), expected, "{notes}");
    check(
        "Reporter Liz Sly explains what Qassem Soleimani meant to Iraq, and what Soleimani's death means for Iran.",
        "Iran (place), Iraq (place), Liz Sly (person), Qassem Soleimani (person)",
    );
    check(
        "Guests: Amara Okafor (Lagos Business School), Jonas Lindqvist, Dr. Mei Tanaka\nHosted by Peter Vale.",
        "Amara Okafor (person), Jonas Lindqvist (person), Lagos Business School (organisation), Mei Tanaka (person), \
         Peter Vale (person)",
    );
    check(
        "Yesterday President Ana Ruiz met Iraqi Prime Minister Adel Abdul Mahdi. Ruiz says the Bank of England and the \
         International Monetary Fund (IMF) were told.",
        "Adel Abdul Mahdi (person), Ana Ruiz (person), Bank of England (organisation), International Monetary Fund \
         (organisation), Iraqi (?)",
    );
    check(
        "Marta Kowalczyk, the chief executive of Northwind Energy, joins us from Gdansk. Kowalczyk founded ComfyUI.",
        "ComfyUI (?), Gdansk (place), Marta Kowalczyk (person), Northwind Energy (organisation)",
    );
    check(
        "We talk with Sarah O'Brien and Luis de la Cruz about iPhone apps and Boeing 737s. Follow us on Twitter @show. \
         Use code SHOW for 10% off.",
        "Boeing (organisation), Luis de la Cruz (person), Sarah O'Brien (person), iPhone (?)",
    );
    check(
        "The Healthy Heart Is Back\nDoctors at Johns Hopkins University in Baltimore look at COVID-19. Subscribe on Apple \
         Podcasts, Spotify, or wherever you get your podcasts.",
        "Baltimore (place), COVID-19 (thing), Johns Hopkins University (organisation)",
    );
    check(
        "00:00 Intro\n02:15 Iraqi Parliament Votes To Leave\n10:40 Interview With Liz Sly\n31:00 Outro",
        "Iraqi (?), Liz Sly (person), Parliament (organisation)",
    );
    check(
        "Produced by: Ann Lee\nMusic by: Rolf Bauer\nEditor: Tom Hale",
        "Ann Lee (person), Rolf Bauer (person), Tom Hale (person)",
    );
    check(
        "With Martine Powers, Liz Sly and Mike Vale. From Brno.",
        "Brno (place), Liz Sly (person), Martine Powers (person), Mike Vale (person)",
    );
    check("We look at how the U.S. and Iraqis see the United States.", "Iraqi (?), United States (place)");
    check("", "");
}

#[test]
fn roles_and_acronyms_are_kept() {
    let names = of_notes(
        "Marta Kowalczyk, the chief executive of Northwind Energy, met the International Monetary Fund (IMF).",
    );
    let find = |name: &str| names.iter().find(|other| other.name == name).unwrap();
    assert_eq!(find("Marta Kowalczyk").role.as_deref(), Some("chief executive of Northwind Energy"));
    assert!(find("Marta Kowalczyk").variants.contains(&"Kowalczyk".to_owned()));
    assert!(find("International Monetary Fund").variants.contains(&"IMF".to_owned()));
    assert_eq!(find("Northwind Energy").sources[0].kind, SourceKind::Notes);
}

#[test]
fn a_transcript_tells_what_it_says_twice() {
    let text =
        "Today we met Zorblatt and the Vote. Then Zorblatt went to Baghdad with the Vote of Iraqis, and we saw it.";
    let words: Vec<Word> = text.split(' ').map(Word::untimed).collect();
    let names = gather(&Material { words: &words, ..Material::default() });
    assert_eq!(shown(&names), "Baghdad (place), Iraqi (?), Zorblatt (?)");
}

/// Names that the words alone tell, with how often each is said.
fn said(text: &str) -> String {
    let words: Vec<Word> = text.split_whitespace().map(Word::untimed).collect();
    let names = gather(&Material { words: &words, ..Material::default() });
    let mut counted: Vec<String> = names
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let times = mentions(&words, &names).iter().filter(|mention| mention.name == at).count();
            format!("{} ({}) {times}", name.name, short(name.kind))
        })
        .collect();
    counted.sort();
    counted.join(", ")
}

#[test]
fn a_name_is_no_short_form_of_what_is_called_after_it() {
    let check = |text: &str, expected: &str| assert_eq!(said(text), expected, "{text}");
    check(
        "we run Prometheus here and like Prometheus a lot, as Prometheus is quick. then the Prometheus UI is plain, and \
         we know the UI and that Prometheus UI well.",
        "Prometheus (?) 3, Prometheus UI (?) 2",
    );
    check(
        "we read Zorblatt Optech and then Zorblatt Optech wrote of Zorblatt, so Optech likes Zorblatt, says Optech to us.",
        "Optech (?) 2, Zorblatt (?) 2, Zorblatt Optech (?) 2",
    );
    check(
        "we use Max Pro and Max Pro on Zorblatt Server for the Zorblatt Server and our Zorblatt since Zorblatt is ours.",
        "Max Pro (?) 2, Zorblatt (?) 2, Zorblatt Server (?) 2",
    );
    // Whoever has a usual first name is somebody.
    check(
        "we met Qasem Soleimani and saw Qasem Soleimani leave, as Soleimani had said to Soleimani and to us.",
        "Qasem Soleimani (person) 4",
    );
    // A first name alone may be another's, where nobody wrote who is meant.
    check(
        "we met Tim Hockin and then Tim Hockin left, when Tim came, and with Tim came Hockin and so did Hockin too.",
        "Tim (person) 2, Tim Hockin (person) 4",
    );
}

#[test]
fn capitals_alone_make_nobody() {
    let check = |notes: &str, expected: &str| assert_eq!(shown(&of_notes(notes)), expected, "{notes}");
    check("We look at what was built with Zorblatt Quux.", "Zorblatt Quux (?)");
    check("It was made by Zorblatt Quux, and Quux is new.", "Quux (?), Zorblatt Quux (?)");
    check("We talk with Zorblatt Quux about it.", "Zorblatt Quux (person)");
    check("It was led by President Zorblatt Quux, and Quux is new.", "Zorblatt Quux (person)");
    check("They went to war with the American, and we moved to Iraqi, too.", "American (?), Iraqi (?)");
}

#[test]
fn what_products_are_called_is_nobodys_name() {
    let check = |name: &str, expected: bool| assert_eq!(words::is_of_product(name), expected, "{name}");
    for name in ["Prometheus UI", "Rails API", "Google QUIC", "Max Pro", "SEO-friendly", "IBM Watson", "API UI"] {
        check(name, true);
    }
    for name in
        ["Qasem Soleimani", "JJ Abrams", "Robert Downey III", "PETER VALE", "J.R.R. Tolkien", "UI", "Ann B Lee", ""]
    {
        check(name, false);
    }
}

#[test]
fn lists_and_credits_come_first_and_whole() {
    let variants = ["Qassem Soleimani".to_owned()];
    let listed = [Listed { name: "Qasem Soleimani", variants: &variants, role: Some("general"), kind: None }];
    let credits = [Credit { name: "Tim de la Rue".to_owned(), role: Some("host".to_owned()), url: None }];
    let material = Material {
        listed: &listed,
        credits: &credits,
        notes: "On Soleimani and Tim.",
        show: "Some Show",
        ..Material::default()
    };
    let names = gather(&material);
    assert_eq!(shown(&names), "Qasem Soleimani (person), Some Show (thing), Tim de la Rue (person)");
    assert_eq!(names[0].name, "Qasem Soleimani");
    assert_eq!(names[0].sources.len(), 2);
    assert!(names[1].variants.contains(&"Tim".to_owned()), "{:?}", names[1].variants);
}

fn check_mentions(text: &str, names: &[(&str, Option<NameKind>)], expected: &str) {
    let names: Vec<Name> = names
        .iter()
        .map(|(name, kind)| Name {
            name: (*name).to_owned(),
            kind: *kind,
            role: None,
            variants: variants(name, *kind),
            sources: Vec::new(),
        })
        .collect();
    let words: Vec<Word> = text.split_whitespace().map(Word::untimed).collect();
    let show = |mention: &ear_core::Mention| {
        format!("{}: {}", names[mention.name].name, ear_core::join_words(&words[mention.words.clone()]))
    };
    let found: Vec<String> = mentions(&words, &names).iter().map(show).collect();
    assert_eq!(found.join(" | "), expected, "{text}");
}

#[test]
fn names_said_exactly_are_found() {
    use NameKind::{Organisation, Person, Place};
    let person = |name| (name, Some(Person));
    let place = |name| (name, Some(Place));
    check_mentions(
        "We saw that qasem Soleimani's men met Soleimani, and Qassem Soleimani.",
        &[person("Qasem Soleimani")],
        "Qasem Soleimani: qasem Soleimani's | Qasem Soleimani: Soleimani, | Qasem Soleimani: Qassem Soleimani.",
    );
    check_mentions(
        "They left al Asad airbase and the Al-Asad Air-Base",
        &[place("Al Asad Air Base")],
        "Al Asad Air Base: al Asad airbase | Al Asad Air Base: Al-Asad Air-Base",
    );
    check_mentions(
        "I ran to India. We ran in dia today, a rock",
        &[place("Iran"), place("India"), place("Iraq")],
        "India: India.",
    );
    check_mentions(
        "He read the book while Reading lost. Reading is fun in Reading.",
        &[place("Reading")],
        "Reading: Reading | Reading: Reading.",
    );
    check_mentions("i read reading books in reading with no capitals", &[place("Reading")], "");
    check_mentions(
        "It was the WHO and who told us that the US is big, us",
        &[("WHO", Some(Organisation)), ("US", Some(Place))],
        "WHO: WHO | US: US",
    );
    check_mentions(
        "We met Ann Smith and Bob Smith, then Smith left.",
        &[person("Ann Smith"), person("Bob Smith")],
        "Ann Smith: Ann Smith | Bob Smith: Bob Smith, | Bob Smith: Smith",
    );
    check_mentions(
        "The Iran-backed Iraqis used Comfy UI and face book",
        &[place("Iran"), ("Iraqi", Some(Place)), ("ComfyUI", None), ("Facebook", None)],
        "Iran: Iran-backed | Iraqi: Iraqis | ComfyUI: Comfy UI",
    );
    check_mentions("", &[person("Ann Smith")], "");
}

proptest::proptest! {
    #[test]
    fn any_text_gives_names_within_bounds(title in "\\PC{0,60}", notes in "(\\PC|[A-Z][a-z]{1,5}|[ .,:&()\n'’-]| of | the |Dr\\. |U\\.S\\. ){0,60}") {
        let words: Vec<Word> = notes.split_whitespace().map(Word::untimed).collect();
        let material = Material { title: &title, notes: &notes, show: &title, words: &words, ..Material::default() };
        let names = gather(&material);
        proptest::prop_assert!(names.len() <= 500);
        proptest::prop_assert!(names.iter().all(|name| !name.sources.is_empty() && !name.name.is_empty()));
        proptest::prop_assert!(names.iter().flat_map(|name| &name.sources).all(|source| source.text.chars().count() <= AROUND));
        proptest::prop_assert_eq!(&gather(&material), &names);
        let mut end = 0;
        for mention in mentions(&words, &names) {
            proptest::prop_assert!(mention.words.start >= end && mention.words.end > mention.words.start && mention.words.end <= words.len());
            end = mention.words.end;
        }
    }
}
