//! Queries and what they find.

use crate::library::{Library, episode, request};
use ear_core::{EpisodeId, ShowId, TranscriptId};
use ear_search::{EpisodeDoc, Error, Order, Request};

fn check(library: &Library, cases: &[(&str, &[&str])]) {
    for (query, expected) in cases {
        assert_eq!(library.query(query), *expected, "{query}");
    }
}

#[test]
fn words_booleans_and_prefixes() {
    let library = Library::with([episode(
        1,
        "The elections were held in November.
         Voters elected a new president, and he spoke of peace.
         War is not peace; U.S. troops don't leave.
         A state-of-the-art Café for $3.5 million.",
    )]);
    check(
        &library,
        &[
            (
                "election",
                &[
                    "1 The [elections] were held in November.",
                    "1 Voters [elected] a new president, and he spoke of peace.",
                ],
            ),
            ("ELECTION november", &["1 The [elections] were held in [November.]"]),
            ("peace -war", &["1 Voters elected a new president, and he spoke of [peace.]"]),
            ("peace NOT (war OR troops)", &["1 Voters elected a new president, and he spoke of [peace.]"]),
            ("november OR troops -peace", &["1 The elections were held in [November.]"]),
            ("(november OR war) held", &["1 The elections were [held] in [November.]"]),
            ("us", &["1 War is not peace; [U.S.] troops don't leave."]),
            ("U.S. don’t", &["1 War is not peace; [U.S.] troops [don't] leave."]),
            ("cafe 3.5", &["1 A state-of-the-art [Café] for [$3.5] million."]),
            ("state-of-the-art", &["1 A [state-of-the-art] Café for $3.5 million."]),
            ("\"of the art café\"", &["1 A [state-of-the-art Café] for $3.5 million."]),
            ("art", &["1 A [state-of-the-art] Café for $3.5 million."]),
            ("presid*", &["1 Voters elected a new [president,] and he spoke of peace."]),
            ("electi*", &["1 The [elections] were held in November."]),
            ("peace -elect*", &["1 War is not [peace;] U.S. troops don't leave."]),
            ("peace !!! — held OR troops", &["1 War is not [peace;] U.S. [troops] don't leave."]),
            ("unicorn", &[]),
            ("-peace held", &["1 The elections were [held] in November."]),
        ],
    );
}

#[test]
fn phrases_are_found_once_where_they_begin() {
    let library = Library::with([
        episode(
            1,
            "He moved to New +
             York City, and then back to New
             York was not his town. We like New York. So. +
             Very +
             much indeed.",
        ),
        episode(2, "York New"),
    ]);
    check(
        &library,
        &[
            ("\"new york\"", &["1 He moved to [New York]", "1 York was not his town. We like [New York.] So."]),
            ("\"to new york city\"", &["1 He moved [to New York City,]"]),
            ("\"so very much\"", &["1 York was not his town. We like New York. [So. Very much]"]),
            ("\"very much indeed\"", &["1 [Very much indeed.]"]),
            ("\"new york was\"", &[]),
            ("\"york new\"", &["2 [York New]"]),
            ("new-york", &["1 He moved to [New York]", "1 York was not his town. We like [New York.] So."]),
        ],
    );
    for query in ["\"new york\"", "\"new york\" OR york"] {
        let answer = library.index.search(&request(query)).unwrap();
        let mut places: Vec<_> = answer.hits.iter().map(|hit| (hit.episode, hit.words.start)).collect();
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), answer.total, "{query}");
    }
}

#[test]
fn long_quotes_cross_passages() {
    let words = |range: std::ops::Range<usize>| range.map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ");
    let library = Library::with([episode(1, &format!("{} +\n{} +\n{}", words(0..5), words(5..8), words(8..40)))]);
    for (from, to, found) in [(4, 6, 1), (4, 17, 1), (0, 17, 1), (0, 30, 1), (4, 30, 1), (6, 30, 1)] {
        let answer = library.index.search(&request(&format!("\"{}\"", words(from..to)))).unwrap();
        assert_eq!(answer.total, found, "{from}..{to}");
    }
    let wrong = format!("\"{} wrong\"", words(4..12));
    assert_eq!(library.index.search(&request(&wrong)).unwrap().total, 0);
}

#[test]
fn each_language_has_its_stems() {
    let in_language =
        |id, language: Option<&str>, text| EpisodeDoc { language: language.map(Into::into), ..episode(id, text) };
    let library = Library::with([
        in_language(1, Some("en"), "Running in Wales with Wal-Mart"),
        in_language(2, Some("de"), "Die Häuser der Städte"),
        in_language(3, Some("es"), "Las canciones de los niños"),
        in_language(4, Some("zh"), "我们 爱 中国人民。"),
        in_language(5, None, "Nobody knows these languages"),
        in_language(6, Some("fr"), "C'est l'homme de l'année"),
    ]);
    check(
        &library,
        &[
            ("runs", &["1 [Running] in Wales with Wal-Mart"]),
            ("wales", &["1 Running in [Wales] with Wal-Mart"]),
            ("haus", &["2 Die [Häuser] der Städte"]),
            ("\"hauser der stadt\"", &["2 Die [Häuser der Städte]"]),
            ("canción", &["3 Las [canciones] de los niños"]),
            ("ninos", &["3 Las canciones de los [niños]"]),
            ("中国", &["4 我们 爱 [中国人民。]"]),
            ("\"爱中国\"", &["4 我们 [爱 中国人民。]"]),
            ("language", &["5 Nobody knows these [languages]"]),
            ("homme", &["6 C'est [l'homme] de l'année"]),
            ("l’hom*", &["6 C'est [l'homme] de l'année"]),
            ("language:de haus", &["2 Die [Häuser] der Städte"]),
            ("language:es haus", &[]),
        ],
    );
}

fn dated() -> Library {
    let doc = |id, date: &str, show: &str, title: &str, speaker: Option<&str>| {
        let mut doc = episode(id, "peace\nand peace again");
        doc.date = date.parse().ok();
        (doc.show, doc.show_name, doc.title) = (ShowId(id), show.into(), title.into());
        doc.passages.iter_mut().for_each(|passage| passage.speaker = speaker.map(Into::into));
        doc
    };
    Library::with([
        doc(1, "2020-01-31", "Post Reports", "The Elections in Iran", Some("Martine Powers")),
        doc(2, "2020-02-29", "Élysée Report", "News", None),
        doc(3, "", "Post Office", "News", Some("Martin")),
        doc(4, "2019-12-31", "Other", "State of the Union", Some("Señor Powers")),
    ])
}

#[test]
fn fields_narrow_the_search() {
    let library = dated();
    for (query, mut expected) in [
        ("peace show:post", vec![1, 3]),
        ("peace show:\"post reports\"", vec![1]),
        ("peace show:\"reports post\"", vec![1]),
        ("peace show:elysee", vec![2]),
        ("peace -show:post", vec![2, 4]),
        ("speaker:powers", vec![1, 4]),
        ("speaker:SENOR", vec![4]),
        ("speaker:\"martine powers\" peace", vec![1]),
        ("title:election", vec![1]),
        ("title:\"union state\"", vec![4]),
        ("title:election OR title:news", vec![1, 2, 3]),
        ("since:2020", vec![1, 2]),
        ("until:2019", vec![4]),
        ("since:2020-02", vec![2]),
        ("since:2020-01-31 until:2020-01", vec![1]),
        ("until:2020-02 peace", vec![1, 2, 4]),
        ("-since:2020 show:post", vec![3]),
        ("language:en -title:news", vec![1, 4]),
        ("since:2021", vec![]),
    ] {
        let mut found = library.episodes(&request(query));
        found.sort_unstable();
        expected = expected.iter().flat_map(|&id| [id, id]).collect();
        assert_eq!(found, expected, "{query}");
    }
}

#[test]
fn filters_of_the_request_narrow_it_as_well() {
    let library = dated();
    let check = |change: &dyn Fn(&mut Request), expected: &[i64]| {
        let mut request = request("-again");
        change(&mut request);
        assert_eq!(library.episodes(&request), expected, "{request:?}");
    };
    check(&|request| request.show = Some("POST".into()), &[1, 3]);
    check(&|request| request.speaker = Some("powers".into()), &[1, 4]);
    check(&|request| request.episode = Some(EpisodeId(2)), &[2]);
    check(&|request| request.since = "2020-01-31".parse().ok(), &[2, 1]);
    check(&|request| request.until = "2020-01-31".parse().ok(), &[1, 4]);
    let error = library.index.search(&Request { show: Some("?!".into()), ..request("peace") }).unwrap_err();
    assert_eq!(error.to_string(), "the show filter `?!` holds no word");
}

#[test]
fn order_is_by_date_then_episode_then_word() {
    let library = dated();
    let places = |order| {
        let answer = library.index.search(&Request { order, ..request("peace") }).unwrap();
        answer.hits.iter().map(|hit| (hit.episode.0, hit.words.start)).collect::<Vec<_>>()
    };
    assert_eq!(places(Order::Newest), [(2, 0), (2, 1), (1, 0), (1, 1), (4, 0), (4, 1), (3, 0), (3, 1)]);
    assert_eq!(places(Order::Oldest), [(4, 0), (4, 1), (1, 0), (1, 1), (2, 0), (2, 1), (3, 0), (3, 1)]);
    // The shorter passage is the better match; among equals the newest is first.
    assert_eq!(places(Order::Relevance), [(2, 0), (1, 0), (4, 0), (3, 0), (2, 1), (1, 1), (4, 1), (3, 1)]);
    assert_eq!(library.episodes(&request("title:news")), [2, 2, 3, 3]);
}

#[test]
fn words_that_stand_together_come_first() {
    let filler = "so and then he went on to say many other things about it";
    let library = Library::with([
        episode(1, &format!("iran {filler} deal")),
        episode(2, &format!("deal {filler} iran")),
        episode(3, &format!("{filler} iran deal")),
        episode(4, &format!("{filler} deal with iran")),
    ]);
    assert_eq!(library.episodes(&request("iran deal")), [3, 4, 1, 2]);
}

#[test]
fn pages_fit_together() {
    let docs = (1..=30).map(|id| episode(id, "peace\npeace and war\nwar"));
    let mut library = Library::with(docs);
    for id in 31..=40 {
        library.put(&[episode(id, "peace\npeace and war\nwar")]);
    }
    let page = |offset, limit| library.index.search(&Request { offset, limit, ..request("peace") }).unwrap();
    let whole = page(0, 200);
    assert_eq!((whole.total, whole.hits.len()), (80, 80));
    let pages: Vec<_> = (0..90).step_by(7).flat_map(|offset| page(offset, 7).hits).collect();
    assert_eq!(pages, whole.hits);
    assert_eq!((page(0, 0).total, page(0, 0).hits.len()), (80, 0));
    assert_eq!((page(usize::MAX, 10).total, page(usize::MAX, 10).hits.len()), (80, 0));
    assert_eq!(page(0, usize::MAX).hits.len(), 80);
}

#[test]
fn misspelled_words_are_respelled_when_nothing_matches() {
    let library = Library::with([
        episode(1, "General Soleimani was killed in Baghdad.\nThe reports on Iran and the report"),
        episode(2, "Baghdad is quiet."),
    ]);
    let check = |query: &str, respelled: &[(&str, &[&str])], expected: &[&str]| {
        let answer = library.index.search(&request(query)).unwrap();
        let tried: Vec<_> = answer
            .respelled
            .iter()
            .map(|(typed, tried)| (typed.as_str(), tried.iter().map(String::as_str).collect()))
            .collect();
        let respelled: Vec<(&str, Vec<&str>)> =
            respelled.iter().map(|(typed, tried)| (*typed, tried.to_vec())).collect();
        assert_eq!(tried, respelled, "{query}");
        assert_eq!(library.query(query), expected, "{query}");
    };
    let hit = "1 General [Soleimani] was killed in Baghdad.";
    check("soleymani", &[("soleymani", &["soleimani"])], &[hit]);
    check("Soliemani", &[("Soliemani", &["soleimani"])], &[hit]);
    check("solaymani general", &[("solaymani", &["soleimani"])], &["1 [General] [Soleimani] was killed in Baghdad."]);
    check("bagdad -killed", &[("bagdad", &["baghdad"])], &["2 [Baghdad] is quiet."]);
    check("reprt", &[("reprt", &["report"])], &["1 The [reports] on Iran and the [report]"]);
    // Found as typed, too short, in quotes, no letters, or too far away.
    check("soleimani", &[], &[hit]);
    check("irn", &[], &[]);
    check("\"soleymani\"", &[], &[]);
    check("1984", &[], &[]);
    check("suleymany", &[], &[]);
    check("baghdad soleimani quiet", &[], &[]);
}

#[test]
fn hits_say_where_they_are() {
    let mut doc = episode(7, "one two +\nthree four five");
    doc.passages[1].speaker = Some("Señor X".into());
    doc.language = None;
    let library = Library::with([doc]);
    let hits = library.index.search(&request("\"one two three\" OR four")).unwrap().hits;
    let places: Vec<_> = hits.iter().map(|hit| (hit.words.clone(), hit.following, hit.speaker.as_deref())).collect();
    assert_eq!(places, [(0..2, 3, None), (2..5, 0, Some("Señor X"))]);
    assert_eq!((hits[0].episode, hits[0].show, hits[0].transcript), (EpisodeId(7), ShowId(1), TranscriptId(70)));
    assert!(hits[0].score > hits[1].score && hits[1].score > 0.0 && hits[0].language.is_none());
}

#[test]
fn queries_that_ask_for_nothing_are_refused() {
    let library = Library::with([episode(1, "peace and war")]);
    for (query, expected) in [("-war", 1), ("  NOT war", 3), ("peace OR -war", 10), ("(-war)", 2)] {
        let Err(Error::Query { column, .. }) = library.index.search(&request(query)) else { panic!("{query}") };
        assert_eq!(column, expected, "{query}");
    }
    let error = library.index.search(&request("peace \"war")).unwrap_err();
    assert_eq!(error.to_string(), "this quote is never closed (column 7): add a closing quote, or take this one away");
}

#[test]
fn an_empty_index_answers_nothing() {
    let library = Library::new();
    for query in ["peace", "\"peace now\"", "peac*", "title:peace", "since:2020", "soleimany"] {
        let answer = library.index.search(&request(query)).unwrap();
        assert_eq!((answer.total, answer.hits.len(), answer.respelled.len()), (0, 0, 0), "{query}");
    }
}

#[test]
fn words_that_were_heard_are_found_beside_those_that_are_read() {
    let mut doc = episode(
        1,
        "They said that Soleimani had left.
         Nobody asked.",
    );
    doc.passages[0].heard = "They said that sola-money had left.".split(' ').map(str::to_owned).collect();
    let other = episode(2, "He left the money and said that nobody had asked.");
    let library = Library::with([doc, other]);
    let read = "1 They said that Soleimani had left.";
    check(
        &library,
        &[
            ("sola", &[read]),
            ("sol*", &["1 They said that [Soleimani] had left."]),
            ("\"that sola money had\"", &[read]),
            ("\"money and\"", &["2 He left the [money and] said that nobody had asked."]),
            ("soleimani sola", &["1 They said that [Soleimani] had left."]),
            ("soleimani", &["1 They said that [Soleimani] had left."]),
            ("said -sola", &["2 He left the money and [said] that nobody had asked."]),
            // What is read comes before what was only heard.
            ("money", &["2 He left the [money] and said that nobody had asked.", read]),
        ],
    );
}

#[test]
fn what_is_left_out_in_advertisements_is_counted() {
    let mut doc = episode(
        1,
        "The harbour froze in winter.
         Brightwater makes tea and brings it to the harbour.
         Brightwater tea is good for you.",
    );
    doc.passages[1..].iter_mut().for_each(|passage| passage.advert = true);
    let library = Library::with([doc, episode(2, "The harbour is open again.")]);
    let check = |asked: Request, expected: (usize, usize)| {
        let found = library.index.search(&asked).unwrap().total;
        assert_eq!((found, library.index.in_adverts(&asked).unwrap()), expected, "{asked:?}");
    };
    check(request("harbour"), (2, 1));
    check(request("brightwater"), (0, 2));
    check(request("\"brightwater makes\""), (0, 1));
    check(request("brightwater -harbour"), (0, 1));
    check(request("winter OR tea"), (1, 2));
    check(Request { episode: Some(EpisodeId(2)), ..request("harbour") }, (1, 0));
    check(Request { adverts: true, ..request("harbour") }, (3, 0));
    assert!(library.index.in_adverts(&request("\"harbour")).is_err());
}
