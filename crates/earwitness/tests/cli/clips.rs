//! `clips`: tables of contents, changes by hand, chapters, and what search leaves out.

use crate::home::Home;
use serde_json::{Value, json};
use std::fs;

const SPONSOR: &str = "This episode is brought to you by Brightwater Tea. Brightwater makes the finest tea for busy \
                       people. Go to brightwater dot com slash harbour and use promo code HARBOUR for ten percent off \
                       your first order. That is brightwater dot com slash harbour. Terms and conditions apply.";

/// Talk about three things, with an advertisement after the first.
fn sentences() -> Vec<String> {
    let about = |subjects: [&'static str; 4], verbs: [&'static str; 4], places: [&'static str; 4]| {
        (0..30).map(move |at| {
            let (subject, verb, place) = (subjects[at % 4], verbs[at * 3 % 4], places[at / 2 % 4]);
            format!("The {subject} {verb} near the {place} before anybody could stop it again.")
        })
    };
    let harbour = about(
        ["harbour master", "crane driver", "freighter", "customs officer"],
        ["burned", "unloaded cargo", "anchored", "signalled"],
        ["pier", "lighthouse", "dock", "breakwater"],
    );
    let bees = about(
        ["beekeeper", "queen bee", "swarm", "hive"],
        ["gathered pollen", "made honey", "stung somebody", "waggled"],
        ["clover", "orchard", "meadow", "apiary"],
    );
    let football = about(
        ["striker", "goalkeeper", "referee", "midfield"],
        ["scored twice", "missed the penalty", "tackled hard", "equalised"],
        ["stadium", "corner flag", "touchline", "goalpost"],
    );
    let sponsor = SPONSOR.split_inclusive(". ").map(|sentence| sentence.trim().to_owned());
    harbour.chain(sponsor).chain(bees).chain(football).collect()
}

/// An episode in which each sentence takes five seconds.
fn hour() -> Home {
    let home = Home::new();
    let stamp = |seconds: usize| format!("{:02}:{:02}.000", seconds / 60, seconds % 60);
    let cue = |(at, text): (usize, String)| format!("{} --> {}\n{text}\n\n", stamp(at * 5), stamp(at * 5 + 5));
    let cues: String = sentences().into_iter().enumerate().map(cue).collect();
    home.file("hour.vtt", format!("WEBVTT\n\n{cues}"));
    home.run("add hour.vtt --title The_hour --show Evenings --date 2020-01-07 --wait").ok();
    home
}

fn clips(home: &Home, line: &str) -> Vec<Value> {
    let view = home.json(line);
    assert_eq!(view["pending"], false, "{view}");
    view["clips"].as_array().unwrap().clone()
}

/// The first told clip that has another one after it.
fn first(home: &Home) -> Value {
    clips(home, "clips hour").into_iter().next().unwrap()
}

#[test]
fn an_episode_has_a_table_of_contents() {
    let home = hour();
    let told = clips(&home, "clips hour");
    let all = clips(&home, "clips hour --adverts");
    assert!(told.len() >= 2 && told.iter().all(|clip| clip["kind"] == "topic"), "{told:?}");
    let adverts: Vec<&Value> = all.iter().filter(|clip| clip["kind"] == "advertisement").collect();
    assert_eq!(adverts.len(), 1, "{all:?}");
    assert_eq!(adverts[0]["label"], "sponsor");
    // Together they have every word, each once.
    let words = home.words("hour").as_array().unwrap().len();
    let edges: Vec<u64> =
        all.iter().flat_map(|clip| [&clip["start_word"], &clip["end_word"]]).flat_map(Value::as_u64).collect();
    assert_eq!((edges.first(), edges.last()), (Some(&0), Some(&(words as u64))));
    assert!(edges[1..edges.len() - 1].chunks(2).all(|pair| pair[0] == pair[1]), "{edges:?}");

    let read = home.run("clips hour").ok();
    let headline = told[0]["headline"].as_str().unwrap();
    assert!(read.out.starts_with("The hour\n") && read.out.contains(headline), "{read:?}");
    assert!(!read.out.contains("advertisement") && read.err.contains("--adverts shows"), "{read:?}");
    let read = home.run("clips hour --adverts").ok();
    assert!(read.out.contains("advertisement: sponsor") && !read.err.contains("--adverts"), "{read:?}");
}

#[test]
fn a_clip_is_read() {
    let home = hour();
    let clip = &clips(&home, "clips hour")[1];
    let id = clip["id"].as_str().unwrap();
    let detail = home.json(&format!("clips show {id}"));
    assert_eq!(&detail["clip"], clip);
    let said = detail["text"].as_str().unwrap();
    assert!(said.ends_with("again."), "{said}");
    let count = clip["end_word"].as_u64().unwrap() - clip["start_word"].as_u64().unwrap();
    assert_eq!(said.split(' ').count() as u64, count);
    let read = home.run(&format!("clips show {id}")).ok().out;
    assert!(read.starts_with(clip["headline"].as_str().unwrap()), "{read}");
    for part in [&format!("clip {id} · "), "Evenings · The hour · 2020-01-07", "keywords: "] {
        assert!(read.contains(part), "{part}: {read}");
    }
    assert!(read.contains("\n\nComing up next\n"), "{read}");
    let summary = clip["summary"][0]["text"].as_str().unwrap_or_default();
    assert!(read.contains(summary), "{summary}: {read}");
}

#[test]
fn clips_are_changed_and_put_back() {
    let home = hour();
    let before = clips(&home, "clips hour --adverts");
    let clip = &before[0];
    let id = clip["id"].as_str().unwrap();
    let (start, end) = (clip["start_ms"].as_u64().unwrap(), clip["end_ms"].as_u64().unwrap());
    let ended = |clips: &Value| clips["clips"][0]["end_ms"].clone();
    // Each sentence takes five seconds: what is not quite where one begins goes there.
    let moved = home.json(&format!("clips move {id} --end {}", (end - 16_000) / 1000));
    assert_eq!((ended(&moved), moved["clips"].as_array().unwrap().len()), (json!(end - 15_000), 2), "{moved}");
    assert_eq!(moved["clips"][0]["by_hand"], true);
    let word = moved["clips"][1]["start_word"].as_u64().unwrap() - 26;
    let moved = home.json(&format!("clips move {id} --end w{word}"));
    assert!(moved["clips"][0]["end_word"].as_u64().unwrap().abs_diff(word) < 7, "{moved}");
    for times in 0..2 {
        let undone = home.json("clips undo hour");
        assert_eq!(undone["act"], "move", "{times}: {undone}");
    }
    assert_eq!(clips(&home, "clips hour --adverts"), before);

    let middle = (start + end) / 2 / 5000 * 5;
    let split = home.json(&format!("clips split {id} --at {middle}"));
    let parts = split["clips"].as_array().unwrap();
    assert_eq!(
        (parts.len(), &parts[0]["end_ms"], &parts[1]["end_ms"]),
        (2, &json!(middle * 1000), &json!(end)),
        "{split}"
    );
    let joined = home.json(&format!("clips join {}", parts[0]["id"].as_str().unwrap()));
    assert_eq!((ended(&joined), joined["clips"].as_array().unwrap().len()), (json!(end), 1), "{joined}");
    assert_eq!(home.json("clips undo hour")["act"], "join");
    assert_eq!(home.json("clips undo hour")["act"], "split");

    let renamed = home.run(&format!("clips rename {id} Ships_at_night")).ok();
    assert!(renamed.out.contains("Ships at night  headline by you"), "{renamed:?}");
    assert!(renamed.err.contains("earwitness clips undo 1"), "{renamed:?}");
    assert_eq!(first(&home)["headline_by"], "hand");
    let reset = home.json(&format!("clips rename {id} --reset"));
    assert_eq!(reset["clips"][0]["headline"], clip["headline"]);
    for act in ["giving a clip a headline"; 2] {
        let undone = home.run("clips undo hour").ok();
        assert!(undone.out.starts_with(&format!("took back {act}")), "{undone:?}");
    }
    assert_eq!(clips(&home, "clips hour --adverts"), before);
    let none = home.run("clips undo hour");
    assert!(none.code == Some(3) && none.err.contains("nothing to take back"), "{none:?}");
}

#[test]
fn what_was_heard_is_marked() {
    let home = hour();
    let id = first(&home)["id"].as_str().unwrap().to_owned();
    assert_eq!(home.json(&format!("clips heard {id}"))["clips"][0]["heard"], true);
    assert!(home.run("clips hour").ok().out.contains("  heard\n"));
    assert_eq!(home.json(&format!("clips heard {id} --not"))["clips"][0]["heard"], false);
    assert_eq!(first(&home)["heard"], false);
}

#[test]
fn something_comes_next() {
    let home = hour();
    let told = clips(&home, "clips hour");
    let id = |at: usize| told[at]["id"].as_str().unwrap().to_owned();
    // Nothing was heard yet: after the first.
    let next = home.json("clips hour --next");
    assert_eq!(next["after"], json!(id(0)), "{next}");
    let queue: Vec<&Value> = next["next"].as_array().unwrap().iter().map(|next| &next["clip_id"]).collect();
    assert!(!queue.is_empty() && queue.iter().all(|clip| told.iter().any(|one| one["id"] == **clip)), "{next}");
    assert!(next["next"][0]["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{next}");
    assert_eq!(home.json("clips hour")["next"], next["next"]);
    assert_eq!(home.json(&format!("clips next {}", id(0))), next);
    assert_eq!(home.json(&format!("clips next {} --limit 1", id(0)))["next"].as_array().unwrap().len(), 1);
    let read = home.run("clips hour --next").ok().out;
    let headline = |at: usize| told[at]["headline"].as_str().unwrap();
    assert!(read.starts_with(&format!("After clip {}, {}\n\n", id(0), headline(0))), "{read}");
    assert!(read.contains(headline(1)) && !read.contains("advertisement"), "{read}");

    for clip in &told {
        home.run(&format!("clips heard {}", clip["id"].as_str().unwrap())).ok();
    }
    let all_heard = home.run("clips hour --next").ok();
    assert!(all_heard.out.contains("nothing that is not heard yet"), "{all_heard:?}");
    let again = home.json(&format!("clips next {} --heard --same-show", id(0)));
    assert!(!again["next"].as_array().unwrap().is_empty(), "{again}");
}

#[test]
fn what_is_spoken_of_more_is_told() {
    let home = Home::new();
    // What many episodes of a show say word for word would be an advertisement.
    let talk = |talk: &str, place: &str, times: usize| -> String {
        let said = ["began", "ended", "burned", "paused", "sank", "grew", "failed", "moved", "turned"];
        said[..times].iter().map(|verb| format!("They say {talk} {verb} in {place}, and nobody knows why. ")).collect()
    };
    let talks =
        [("strikes", "2020-01-06"), ("floods", "2020-01-13"), ("markets", "2020-01-20"), ("wars", "2020-01-27")];
    let add = |title: &str, date: &str, place: &str| {
        home.file(&format!("{title}.txt"), talk(title, "Paris", 4) + &talk(title, place, 6));
        home.run(&format!("add {title}.txt --title {title} --show Reports --date {date} --wait")).ok();
    };
    for (title, date) in talks {
        add(title, date, if title == "wars" { "Baghdad" } else { "London" });
    }
    let alone = home.json("trends --kind places");
    assert!(alone["trends"].as_array().unwrap().iter().all(|row| row["rising"].as_f64() <= Some(0.0)), "{alone}");
    add("storms", "2020-01-29", "Baghdad");
    home.file("undated.txt", talk("roads", "Paris", 9));
    home.run("add undated.txt --title Undated --wait").ok();
    let trends = home.json("trends --kind places");
    assert_eq!(trends["periods"], json!(["2020-01-06", "2020-01-13", "2020-01-20", "2020-01-27"]), "{trends}");
    assert_eq!((&trends["by"], &trends["episodes"], &trends["undated"]), (&json!("week"), &json!(5), &json!(1)));
    let row = |name: &str| {
        let rows = trends["trends"].as_array().unwrap();
        rows.iter().find(|row| row["text"] == name).cloned().unwrap_or_else(|| panic!("{name}: {trends}"))
    };
    assert_eq!((&trends["trends"][0]["text"], &row("Baghdad")["kind"]), (&json!("Baghdad"), &json!("place")));
    assert_eq!((&row("Baghdad")["counts"], &row("Paris")["counts"]), (&json!([0, 0, 0, 12]), &json!([4, 4, 4, 8])));
    let rising = |name: &str| row(name)["rising"].as_f64().unwrap();
    assert!(rising("Baghdad") > rising("Paris").max(0.0), "{trends}");
    assert_eq!(row("Baghdad")["moments"][0]["episode"], "storms");

    let read = home.run("trends").ok();
    assert!(read.out.starts_with("5 episodes in 4 weeks, 2020-01-06 to 2020-01-27\n"), "{read:?}");
    assert!(read.out.contains("Baghdad") && read.out.contains("▁▁▁█"), "{read:?}");
    assert!(read.err.contains("1 episode left out for want of a date"), "{read:?}");
    assert_eq!(home.json("trends --by day --since 2020-01-20")["periods"].as_array().unwrap().len(), 10);
    assert_eq!(home.json("trends --show reports --kind people,keywords --limit 1")["undated"], 0);
    for (line, code, expected) in [
        ("trends --show nothing", 3, "nothing"),
        ("trends --by year", 2, "week"),
        ("trends --kind things", 2, "people"),
        ("trends --since yesterday", 2, "2020-01-31"),
    ] {
        let ran = home.run(line);
        assert!(ran.code == Some(code) && ran.err.contains(expected), "{line}: {ran:?}");
    }
}

#[test]
fn search_leaves_advertisements_out() {
    let home = hour();
    let total = |line: &str| home.json(line)["total"].as_u64().unwrap();
    assert_eq!(total("search brightwater --by words"), 0);
    let in_adverts = total("search brightwater --by words --adverts");
    assert!(in_adverts > 0);
    assert_eq!(home.json("search brightwater --by words")["in_adverts"], json!(in_adverts));
    let told = home.run("search brightwater --by words").ok();
    assert!(told.err.contains(&format!("nothing found; {in_adverts} more in advertisements: --adverts")), "{told:?}");
    let adverts = clips(&home, "clips hour --adverts");
    let advert = adverts.iter().find(|clip| clip["kind"] == "advertisement").unwrap()["id"].as_str().unwrap();
    let hit = home.json("search brightwater --by words --adverts")["hits"][0].clone();
    assert_eq!(hit["clip_id"], json!(advert), "{hit}");
    let told = home.run(&format!("clips kind {advert} topic")).ok();
    assert!(told.err.contains("search follows"), "{told:?}");
    home.run("work").ok();
    assert!(total("search brightwater --by words") > 0);
    home.run(&format!("clips kind {advert} advertisement")).ok();
    home.run("work").ok();
    assert_eq!(total("search brightwater --by words"), 0);
}

#[test]
fn chapters_are_written_for_other_programs() {
    let home = hour();
    let told = clips(&home, "clips hour");
    let headline = told[1]["headline"].as_str().unwrap();
    let file: Value = serde_json::from_str(&home.run("export hour --chapters json").ok().out).unwrap();
    let titles: Vec<&str> = file["chapters"].as_array().unwrap().iter().flat_map(|one| one["title"].as_str()).collect();
    assert_eq!((titles.len(), titles[1]), (told.len(), headline), "{file}");
    let all: Value = serde_json::from_str(&home.run("export hour --chapters json --adverts").ok().out).unwrap();
    assert_eq!(all["chapters"].as_array().unwrap().len(), told.len() + 1, "{all}");
    for (form, begins) in [
        ("vtt", "WEBVTT\n\n1\n00:00:00.000 --> "),
        ("soundbites", "<podcast:soundbite startTime=\"0\""),
        ("ffmetadata", ";FFMETADATA1\ntitle=The hour\n"),
    ] {
        let ran = home.run(&format!("export hour --chapters {form}")).ok();
        assert!(ran.out.starts_with(begins) && ran.out.contains(headline), "{form}: {ran:?}");
        home.run(&format!("export hour --chapters {form} --output out.{form}")).ok();
        assert_eq!(fs::read_to_string(home.path(&format!("out.{form}"))).unwrap(), ran.out, "{form}");
    }
    home.run("export hour --chapters id3 --output out.id3").ok();
    assert!(fs::read(home.path("out.id3")).unwrap().starts_with(b"ID3\x04\x00\x00"));
}

#[test]
fn a_text_without_times_is_cut_too() {
    let home = Home::new();
    home.file("plain.txt", sentences().join(" "));
    home.run("add plain.txt --title Plain_words --wait").ok();
    let before = clips(&home, "clips plain");
    let (id, end) = (before[0]["id"].as_str().unwrap(), before[0]["end_word"].as_u64().unwrap());
    assert_eq!((&before[0]["start_ms"], &before[0]["start_word"]), (&json!(null), &json!(0)));
    assert!(home.run("clips plain").ok().out.contains(&format!("    w0    {end} w  ")));
    let untimed = home.run(&format!("clips move {id} --end 1:00"));
    assert!(untimed.code == Some(1) && untimed.err.contains("no times") && untimed.err.contains("w420"), "{untimed:?}");
    let split = home.json(&format!("clips split {id} --at w{}", end / 2));
    assert_eq!(split["clips"].as_array().unwrap().len(), 2, "{split}");
    let chapters = home.run("export plain --chapters vtt");
    assert!(chapters.code == Some(1) && chapters.err.contains("no times"), "{chapters:?}");
}

#[test]
fn slips_change_nothing() {
    let home = hour();
    let before = clips(&home, "clips hour --adverts");
    let id = before[0]["id"].as_str().unwrap();
    let last = before.last().unwrap()["id"].as_str().unwrap();
    for (line, code, expected) in [
        ("clips", 2, "earwitness list"),
        ("clips nothing", 3, "nothing"),
        ("clips show 999", 3, "there is no clip 999"),
        ("clips show x", 2, "positive whole number"),
        ("clips hour show 1", 2, "clips show CLIP"),
        ("clips --adverts show 1", 2, "clips show CLIP"),
        (&format!("clips rename {id}"), 2, "<HEADLINE|--reset>"),
        (&format!("clips rename {id} x --reset"), 2, "--reset"),
        (&format!("clips rename {id} --reset"), 1, "not yours"),
        (&format!("clips rename {id} {}", "long".repeat(30)), 1, "90 is the most"),
        (&format!("clips move {id}"), 2, "--start"),
        (&format!("clips move {id} --start 0:05 --end 1:00"), 2, "cannot be used with"),
        (&format!("clips move {id} --start 0:05"), 1, "first clip"),
        (&format!("clips move {id} --end soon"), 2, "4:31"),
        (&format!("clips move {id} --end w0"), 1, "leave nothing"),
        (&format!("clips split {id} --at 0:01"), 1, "no sentence within"),
        (&format!("clips join {last}"), 1, "last clip"),
        (&format!("clips kind {id} music"), 2, "advertisement"),
        ("clips heard 999", 3, "999"),
        ("export hour --chapters doc", 2, "ffmetadata"),
        ("export hour --chapters json --format txt", 2, "cannot be used with"),
        ("export hour --adverts", 2, "--chapters"),
    ] {
        let ran = home.run(line);
        assert_eq!(ran.code, Some(code), "{line}: {ran:?}");
        assert!(ran.err.contains(expected), "{line}: {ran:?}");
    }
    let ran = home.run("clips show 999 --json");
    assert_eq!(ran.json()["error"]["code"], "not_found");
    assert_eq!(clips(&home, "clips hour --adverts"), before);
}

#[test]
fn clips_that_are_still_to_be_cut_are_told() {
    let home = Home::new();
    home.sound("late.wav", 5, 220.0);
    home.run("add late.wav --model fake --queue").ok();
    let view = home.json("clips late");
    assert_eq!((&view["clips"], &view["transcript_id"]), (&json!([]), &json!(null)), "{view}");
    let told = home.run("clips late").ok();
    assert!(told.out.contains("no clips") && told.err.contains("earwitness work"), "{told:?}");
    assert_eq!(home.run("export late --chapters json").code, Some(3));
}
