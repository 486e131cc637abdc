//! `names`, and what repairs change for readers and for search.

use crate::home::{Home, Ran};
use serde_json::{Value, json};

/// A transcript in which a name was heard twice as other words.
fn vote() -> Home {
    let home = Home::new();
    home.file(
        "vote.vtt",
        "WEBVTT\n\n00:01.000 --> 00:04.000\nThey said that sola money had left Baghdad.\n\n\
         00:01:04.000 --> 00:01:06.000\nNobody mourned Sola Money, it seems.\n",
    );
    home.run("add vote.vtt --title The_vote --wait").ok();
    home
}

/// The same, with the second place put right by hand.
fn corrected() -> (Home, String) {
    let home = vote();
    let done = home.json("names vote correct Soleimani --heard sola_money --at 1:04 --kind person");
    assert_eq!((&done["state"], &done["episodes"]), (&json!("accepted"), &json!(["1"])), "{done}");
    let id = done["repairs"][0].as_str().unwrap().to_owned();
    (home, id)
}

fn states(home: &Home) -> Vec<Value> {
    let names = home.json("names vote");
    names["repairs"].as_array().unwrap().iter().map(|repair| repair["state"].clone()).collect()
}

#[test]
fn what_was_put_right_is_read_and_found() {
    let (home, _) = corrected();
    for (line, has, has_not) in [
        ("show vote", "mourned Soleimani, it", "Sola Money"),
        ("show vote --as-heard", "mourned Sola Money, it", "Soleimani"),
        ("export vote --format txt", "mourned Soleimani, it", "Sola Money"),
        ("export vote --format srt --as-heard", "Sola Money, it", "Soleimani"),
    ] {
        let read = home.run(line).ok().out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(read.contains(has) && !read.contains(has_not), "{line}: {read}");
        assert!(read.contains("that sola money had"), "{line}: {read}");
    }
    let words = home.words("vote");
    let heard: Vec<&Value> = words.as_array().unwrap().iter().filter(|word| word.get("heard").is_some()).collect();
    assert_eq!(heard.len(), 1, "{words}");
    assert_eq!((&heard[0]["text"], &heard[0]["heard"]), (&json!("Soleimani,"), &json!("Sola Money,")));
    home.run("work").ok();
    assert_eq!(home.json("search soleimani --by words")["total"], 1);
}

#[test]
fn the_names_of_an_episode_are_listed() {
    let (home, id) = corrected();
    let names = home.json("names vote");
    let repair = &names["repairs"][0];
    assert_eq!(
        (&repair["id"], &repair["meant"], &repair["state"]),
        (&json!(id), &json!("Soleimani"), &json!("accepted")),
        "{names}"
    );
    assert_eq!(repair["heard"].as_str().map(str::to_lowercase).as_deref(), Some("sola money"));
    assert!(repair["start_ms"].as_u64() >= Some(64_000) && repair["probability"].is_number(), "{names}");
    let read = home.run("names vote").ok();
    assert!(read.out.starts_with("The vote\n") && read.out.contains("→ Soleimani"), "{read:?}");
}

#[test]
fn decisions_are_taken_and_taken_back() {
    let (home, id) = corrected();
    for (line, state, expected) in [
        (format!("names vote undo {id}"), json!("proposed"), "proposed"),
        (format!("names vote accept {id}"), json!("accepted"), "accepted"),
        (format!("names vote refuse {id} --alike"), json!("refused"), "refused"),
        ("names undo".to_owned(), json!(null), "accepted"),
    ] {
        let done = home.json(&line);
        assert_eq!((&done["state"], &done["repairs"]), (&state, &json!([id])), "{line}");
        assert_eq!(states(&home), [json!(expected)], "{line}");
    }
    let told = home.run(&format!("names vote undo {id}")).ok();
    assert!(told.out.contains("1 repair") && told.err.contains("earwitness work"), "{told:?}");
}

#[test]
fn all_that_are_likely_are_accepted_at_once() {
    let (home, id) = corrected();
    home.run(&format!("names vote undo {id}")).ok();
    let asked = home.run("names vote accept --all-from 0");
    assert_eq!(asked.code, Some(2), "{asked:?}");
    assert!(asked.err.contains("→ Soleimani") && asked.err.contains("--yes"), "{asked:?}");
    home.run("names vote accept --all-from 0 --yes").ok();
    assert!(states(&home).contains(&json!("accepted")));
    let none = home.run("names vote accept --all-from 1 --yes").ok();
    assert_eq!(none.out, "nothing is proposed that is so likely\n");
}

#[test]
fn slips_are_told_and_change_nothing() {
    let (home, id) = corrected();
    for (line, code, expected) in [
        ("names nothing", 3, "nothing"),
        ("names vote accept 999", 3, "has no repair 999"),
        ("names vote accept", 2, "<ID"),
        ("names vote accept x", 2, "positive whole number"),
        ("names vote accept 1 --all-from 0.9", 2, "--all-from"),
        ("names vote accept --all-from 90", 2, "from 0 to 1"),
        ("names accept 1", 2, "of which episode"),
        ("names vote undo", 2, "earwitness names undo"),
        ("names vote list", 2, "Leave it out"),
        ("names vote correct Soleimani", 2, "--heard"),
        ("names vote correct Soleimani --heard sola_money", 3, "--at or --words: 0:0"),
        ("names vote correct Soleimani --heard solar_panel", 3, "not heard"),
        ("names vote correct Soleimani --at 9:00", 3, "not heard"),
        ("names vote correct Soleimani --words 500..502", 1, "words"),
        ("names vote correct Soleimani --words 5..2", 2, "12..14"),
        ("names about nobody", 3, "names list"),
        ("names about 999", 3, "error"),
        ("names list --kind unknown", 1, "--kind"),
    ] {
        let ran = home.run(line);
        assert_eq!(ran.code, Some(code), "{line}: {ran:?}");
        assert!(ran.err.contains(expected), "{line}: {ran:?}");
    }
    let json = home.run("names vote accept 999 --json");
    assert_eq!(json.json()["error"]["code"], "not_found");
    let names = home.json("names vote");
    assert_eq!((&names["repairs"][0]["id"], &names["repairs"][0]["state"]), (&json!(id), &json!("accepted")));
}

#[test]
fn the_library_knows_names() {
    let (home, _) = corrected();
    let added = home.json("names add Qasem_Soleimani --kind person --also Ghassem_Soleimani");
    assert_eq!(
        (&added["name"], &added["kind"], &added["followed"]),
        (&json!("Qasem Soleimani"), &json!("person"), &json!(true)),
        "{added}"
    );
    let id = added["id"].as_str().unwrap().to_owned();
    let name = |line: &str| home.json(line)["name"].clone();
    assert_eq!(home.json("names unfollow qasem_soleimani")["followed"], false);
    assert_eq!(home.json(&format!("names follow {id}"))["followed"], true);
    assert_eq!(home.json(&format!("names kind {id} thing"))["kind"], "thing");
    assert_eq!(home.json(&format!("names kind {id} person"))["kind"], "person");
    assert_eq!(name(&format!("names rename {id} General_Soleimani")), "General Soleimani");
    let split = home.json(&format!("names split {id} Ghassem_Soleimani"));
    assert_eq!(split["name"], "Ghassem Soleimani", "{split}");
    assert_ne!(split["id"], json!(id));
    home.run(&format!("names merge {id} {id}")).failed(1, "itself");
    let merged = home.json(&format!("names merge {id} Ghassem_Soleimani"));
    assert!(merged["variants"].as_array().unwrap().contains(&json!("Ghassem Soleimani")), "{merged}");
    let listed = home.json("names list general --kind person");
    assert_eq!((&listed["total"], &listed["names"][0]["id"]), (&json!(1), &json!(id)), "{listed}");
    let about = home.run("names about general").ok().out;
    assert!(about.starts_with(&format!("General Soleimani  name {id}\n")), "{about}");
    assert_eq!(home.json("names")["total"], home.json("names list")["total"]);
}

#[test]
fn any_change_is_taken_back() {
    let (home, id) = corrected();
    let about = |name: &str| home.json(&format!("names about {name}"))["name"].clone();
    let name = about("soleimani");
    let added = home.json("names add Qasem_Suleimani --also Suleimani");
    for (line, told) in [
        ("merge soleimani Qasem_Suleimani", "took back making “Qasem Suleimani” part of “Soleimani”"),
        ("rename soleimani General_Soleimani", "took back calling “Soleimani” “General Soleimani”"),
        ("kind soleimani thing", "took back what “Soleimani” is the name of"),
        ("split Qasem_Suleimani Suleimani", "took back splitting “Suleimani” off “Qasem Suleimani”"),
        ("follow soleimani", "took back following “Soleimani”"),
        ("forget soleimani", "took back forgetting “Soleimani”"),
    ] {
        home.run(&format!("names {line}")).ok();
        let undone = home.run("names undo").ok();
        assert!(undone.out.starts_with(told), "{line}: {undone:?}");
        assert_eq!(about(name["id"].as_str().unwrap()), name, "{line}");
        assert_eq!(about(added["id"].as_str().unwrap()), added, "{line}");
    }
    let undone = home.json("names undo");
    assert_eq!((&undone["act"], &undone["name"]), (&json!("added"), &json!("Qasem Suleimani")), "{undone}");
    let undone = home.run("names undo").ok();
    assert_eq!(undone.out, "took back the correction “Sola Money” → Soleimani\n");
    assert!(!states(&home).contains(&json!("accepted")), "{id}");
    home.run("names undo").failed(3, "nothing to take back");
}

#[test]
fn names_are_forgotten_and_brought_back() {
    let (home, _) = corrected();
    let listed = || home.json("names list soleimani")["total"].clone();
    assert_eq!(listed(), 1);
    let gone = home.json("names forget soleimani");
    assert_eq!((&gone["forgotten"], listed()), (&json!(true), json!(0)), "{gone}");
    assert!(home.run("show vote").ok().out.contains("Soleimani"), "what was accepted reads as before");
    home.run("names recall nobody").failed(3, "Soleimani");
    assert_eq!((home.json("names recall soleimani")["forgotten"].clone(), listed()), (json!(false), json!(1)));
}

#[test]
fn a_correction_tells_what_it_displaces() {
    let (home, id) = corrected();
    let place = home.json("names vote")["repairs"][0].clone();
    let start = place["start_word"].as_u64().unwrap();
    let line = format!("names vote correct Salomon --words {}..{}", start, start + 1);
    let told = home.run(&line).ok();
    assert!(told.err.contains(&format!("→ Soleimani (repair {id}) was accepted there")), "{told:?}");
    home.run("names undo").ok();
    let done = home.json(&line);
    assert_eq!(done["displaced"][0]["repair_id"], json!(id), "{done}");
    home.run("names undo").ok();
    assert_eq!(home.json("names vote")["repairs"][0], place);
}

#[test]
fn what_nobody_can_see_is_no_name() {
    let (home, _) = corrected();
    home.file("names.txt", "Ann Lee\nBob\u{7} Roy\n");
    for line in [
        "names add A\u{7}nn",
        "names rename soleimani A\u{1b}[31mnn",
        "names vote correct A\u{202e}nn --heard sola_money --at 0:01",
    ] {
        home.run(line).failed(1, "control character");
    }
    home.file("other.vtt", "WEBVTT\n\n00:01.000 --> 00:04.000\nWe met Ann Lee there.\n");
    let refused = home.run("add other.vtt --names names.txt --wait");
    assert!(refused.code != Some(0) && refused.err.contains("line 2"), "{refused:?}");
}

#[test]
fn names_that_are_still_to_be_found_are_told() {
    let home = Home::new();
    home.sound("late.wav", 5, 220.0);
    home.run("add late.wav --model fake --queue").ok();
    let names = home.json("names late");
    assert_eq!((&names["names"], &names["transcript_id"]), (&json!([]), &json!(null)), "{names}");
    let told = home.run("names late").ok();
    assert!(told.out.contains("no names") && told.err.contains("earwitness work"), "{told:?}");
    home.run("work").ok();
    assert_eq!(home.json("names late")["pending"], false);
}

#[test]
fn search_may_ask_for_sound() {
    let home = vote();
    home.run("search peace --by smell").failed(2, "words, sound");
    home.run("search soleimani --least-probability 2").failed(2, "from 0 to 1");
    for by in ["words", "sound", "all"] {
        let answer = home.json(&format!("search soleimani --by {by} --least-probability 0.1"));
        assert!(answer["groups"].is_array(), "{by}: {answer}");
    }
    assert_eq!(home.json("search soleimani --by words")["total"], 0);
}

impl Ran {
    fn failed(self, code: i32, expected: &str) {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert!(self.err.contains(expected), "{self:?}");
    }
}
