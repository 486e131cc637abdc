//! What the words around a name say of it: whether it is somebody, a place, an organisation or a thing.

use super::phrases::{Phrase, parted};
use super::tokens::{Line, Token};
use super::words::{
    FIRMS, FORMS, FUNCTION, LIVES, MEETS, NOBLE, ORGANISATIONS, PLACES, PRODUCTS_TOO, ROLES, SPEAKS, SURNAMES, THINGS,
    TITLE_PARTS, TITLES, is_demonym, is_given, is_ordinary, is_place,
};
use crate::gazetteer;
use ear_core::NameKind;
use std::ops::Range;

/// Which kinds speak for a name, and how strongly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Votes([u16; 4]);

const KINDS: [NameKind; 4] = [NameKind::Person, NameKind::Place, NameKind::Organisation, NameKind::Thing];

impl Votes {
    /// Votes for one kind.
    pub fn of(kind: NameKind, weight: u16) -> Self {
        let mut votes = Self::default();
        votes.add(kind, weight);
        votes
    }

    /// Adds to a kind.
    pub fn add(&mut self, kind: NameKind, weight: u16) {
        let index = KINDS.iter().position(|&other| other == kind).unwrap_or(0);
        self.0[index] = self.0[index].saturating_add(weight);
    }

    /// Takes all back that speaks for a kind.
    pub fn drop(&mut self, kind: NameKind) {
        let index = KINDS.iter().position(|&other| other == kind).unwrap_or(0);
        self.0[index] = 0;
    }

    /// Adds all of another's; the same place met again adds less than it did alone.
    pub fn join(&mut self, other: Votes) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine = mine.saturating_add(theirs).min(1000);
        }
    }

    /// The kind that is clearly ahead.
    pub fn kind(&self) -> Option<NameKind> {
        let best = (0..4).max_by_key(|&index| (self.0[index], 4 - index))?;
        let second = (0..4).filter(|&index| index != best).map(|index| self.0[index]).max().unwrap_or(0);
        (self.0[best] >= 2 && self.0[best] > second).then_some(KINDS[best])
    }
}

/// What is said of a name where it stands.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub votes: Votes,
    pub role: Option<String>,
    /// The acronym in brackets after it.
    pub acronym: Option<String>,
}

/// The most tokens and characters of a role.
const ROLE_TOKENS: usize = 10;
const ROLE_CHARACTERS: usize = 90;

/// Judges a name by its own words and those around it.
pub(super) fn judge(line: &Line, phrase: &Phrase) -> Judged {
    let tokens = &line.tokens;
    let range = phrase.tokens.clone();
    let words: Vec<&str> = tokens[range.clone()].iter().map(|token| token.folded.as_str()).collect();
    let mut judged = Judged { votes: own_votes(&words), ..Judged::default() };
    let own = judged.votes.kind();
    let personal = own.is_none_or(|kind| kind == NameKind::Person)
        && words.len() <= 4
        && !tokens[range.clone()].iter().any(Token::is_number)
        && !tokens[range.start].lead.contains(['"', '“']);
    if let Some(title) = &phrase.title {
        judged.votes.add(NameKind::Person, 5);
        judged.role = role_text(line, title.clone()).filter(|role| role.len() > 4);
    }
    if personal {
        before_person(line, &range, &mut judged);
        after_person(line, &range, &mut judged);
    }
    around(tokens, &range, own, &mut judged);
    judged.acronym = acronym(tokens, &range);
    if judged.acronym.is_some() {
        judged.votes.add(NameKind::Organisation, 2);
    }
    judged
}

/// What the folded words of a name say of its kind.
pub(super) fn own_votes(words: &[&str]) -> Votes {
    let mut votes = Votes::default();
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return votes };
    let whole = words.join(" ");
    if let Some(place) = gazetteer::place(&whole).filter(|place| place.kind != gazetteer::PlaceKind::Demonym) {
        let country = place.kind == gazetteer::PlaceKind::Country;
        votes.add(NameKind::Place, if place.ordinary && !country { 1 } else { 4 });
    }
    if words.len() == 1 {
        if FIRMS.has(first) {
            votes.add(NameKind::Organisation, 5);
        } else if is_given(first) || SURNAMES.has(first) {
            votes.add(NameKind::Person, if PRODUCTS_TOO.has(first) { 1 } else { 2 });
        }
        return votes;
    }
    let organised = ORGANISATIONS.has(last)
        || FORMS.has(last)
        || words.iter().take(2).any(|word| ORGANISATIONS.has(word)) && words.contains(&"of");
    if organised
        && !(words.len() == 2
            && is_given(first)
            && matches!(*last, "press" | "post" | "church" | "guard" | "bank" | "reserve" | "college"))
    {
        votes.add(NameKind::Organisation, 6);
    }
    if PLACES.has(last)
        || matches!(*first, "mount" | "lake" | "cape" | "fort" | "port")
        || *first == "st" && is_place(&whole)
    {
        votes.add(NameKind::Place, 5);
    }
    if THINGS.has(last) || last.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        votes.add(NameKind::Thing, 4);
    }
    let common_end = is_ordinary(last) && !is_given(last);
    if NOBLE.has(first) {
        votes.add(NameKind::Person, 3);
    } else if is_given(first) && words.len() <= 4 {
        let weight = match (common_end, PRODUCTS_TOO.has(first)) {
            (true, true) => 1,
            (true, false) | (false, true) => 2,
            (false, false) => 4,
        };
        votes.add(NameKind::Person, weight);
    } else if SURNAMES.has(last) && words.len() == 2 {
        votes.add(NameKind::Person, 1);
    }
    let initial =
        words[..words.len() - 1].iter().any(|word| word.chars().count() == 1 && word.chars().all(char::is_alphabetic));
    if initial && words.len() <= 4 && last.chars().count() > 2 {
        votes.add(NameKind::Person, 3);
    }
    if matches!(*last, "jr" | "sr" | "ii" | "iii" | "phd" | "md") {
        votes.add(NameKind::Person, 4);
    }
    votes
}

/// "host Lindsay Graham", "with X", "Guests: X".
fn before_person(line: &Line, range: &Range<usize>, judged: &mut Judged) {
    let tokens = &line.tokens;
    let length = range.len();
    let Some(before) = range.start.checked_sub(1).map(|at| &tokens[at]) else { return };
    let label = before.trail.contains(':');
    let word = before.folded.as_str();
    if !label && parted(before, &tokens[range.start]) {
        return list_of_people(line, range, judged);
    }
    if label && (ROLES.has(word) || word == "by") {
        judged.votes.add(NameKind::Person, 5);
        judged.role.get_or_insert_with(|| singular(word)).truncate(ROLE_CHARACTERS);
    } else if !before.is_capital() && (ROLES.has(word) || TITLES.has(word)) && judged.role.is_none() {
        let start = (0..range.start)
            .rev()
            .take(3)
            .take_while(|&at| is_role_part(&tokens[at]))
            .last()
            .unwrap_or(range.start - 1);
        judged.votes.add(NameKind::Person, 4);
        judged.role = role_text(line, start..range.start);
    } else if meets(tokens, range.start, word) {
        judged.votes.add(NameKind::Person, if length >= 2 { 2 } else { 1 });
    } else if before.is_capital() && ROLES.has(word) {
        judged.votes.add(NameKind::Person, 4);
        judged.role.get_or_insert_with(|| singular(word));
    }
}

/// Whether the word before a name says that somebody is met. Much else is made "with" and "by" something.
fn meets(tokens: &[Token], at: usize, word: &str) -> bool {
    let earlier = at.checked_sub(2).map_or("", |earlier| tokens[earlier].folded.as_str());
    match word {
        "with" | "to" | "and" => speaks_before(tokens, at),
        "by" => matches!(
            earlier,
            "hosted"
                | "written"
                | "edited"
                | "narrated"
                | "read"
                | "presented"
                | "mixed"
                | "composed"
                | "music"
                | "reported"
        ),
        _ => MEETS.has(word),
    }
}

fn singular(word: &str) -> String {
    let plural = word.len() > 4 && word.ends_with('s') && ROLES.has(&word[..word.len() - 1]);
    if plural { word[..word.len() - 1].to_owned() } else { word.to_owned() }
}

fn is_role_part(token: &Token) -> bool {
    !token.is_capital()
        && token.trail.is_empty()
        && (ROLES.has(&token.folded)
            || TITLES.has(&token.folded)
            || matches!(
                token.folded.as_str(),
                "prime"
                    | "vice"
                    | "executive"
                    | "former"
                    | "chief"
                    | "foreign"
                    | "senior"
                    | "investigative"
                    | "political"
                    | "national"
                    | "congressional"
                    | "bestselling"
                    | "co"
                    | "and"
            ))
}

/// "talks to X", "talk with Y and X".
fn speaks_before(tokens: &[Token], at: usize) -> bool {
    tokens[at.saturating_sub(6)..at].iter().any(|token| {
        matches!(
            token.folded.as_str(),
            "talk"
                | "talks"
                | "talked"
                | "talking"
                | "speak"
                | "speaks"
                | "spoke"
                | "speaking"
                | "interview"
                | "interviews"
                | "chat"
                | "chats"
                | "guests"
                | "hosts"
                | "joined"
                | "conversation"
        )
    })
}

/// "Guests: A (B), X": a label earlier in the line, and names with commas since.
fn list_of_people(line: &Line, range: &Range<usize>, judged: &mut Judged) {
    let tokens = &line.tokens;
    let label = (0..range.start)
        .rev()
        .take(40)
        .take_while(|&at| at + 1 == range.start || !tokens[at].trail.contains('.'))
        .find(|&at| tokens[at].trail.contains(':'));
    let Some(label) = label.map(|at| tokens[at].folded.as_str()) else { return };
    let bracketed = tokens[range.start].lead.contains('(');
    if let Some(kind) = kind_of_label(label).filter(|_| !bracketed) {
        judged.votes.add(kind, 4);
        return;
    }
    if !(ROLES.has(label) || label == "by") {
        return;
    }
    if !bracketed {
        judged.votes.add(NameKind::Person, 3);
        judged.role.get_or_insert_with(|| singular(label));
    }
}

/// What a list with this label is a list of.
fn kind_of_label(label: &str) -> Option<NameKind> {
    match label {
        "people" | "persons" | "names" => Some(NameKind::Person),
        "place" | "places" | "countries" | "cities" | "locations" => Some(NameKind::Place),
        "organisations" | "organizations" | "companies" | "parties" => Some(NameKind::Organisation),
        _ => None,
    }
}

/// "X, the chief executive of Y,", "X says", "X (actor)".
fn after_person(line: &Line, range: &Range<usize>, judged: &mut Judged) {
    let tokens = &line.tokens;
    let Some(after) = tokens.get(range.end) else { return };
    let last = &tokens[range.end - 1];
    if !parted(last, after) {
        if SPEAKS.has(&after.folded) && !after.is_capital() {
            judged.votes.add(NameKind::Person, 2);
        } else if matches!(after.folded.as_str(), "is" | "was" | "as") && !after.is_capital() {
            let end = (range.end + 8).min(tokens.len());
            let role = (range.end + 1..end).find(|&at| ROLES.has(&tokens[at].folded) && !tokens[at].is_capital());
            judged.votes.add(NameKind::Person, if role.is_some() { 3 } else { 0 });
        }
        return;
    }
    let opens = last.trail == "," || after.lead.contains('(') && last.trail.is_empty();
    if !opens || last.possessive {
        return;
    }
    let most = (range.end + ROLE_TOKENS).min(tokens.len());
    let end = (range.end..most)
        .find(|&at| tokens[at].trail.contains([',', '.', ';', ')', '—', ':', '!', '?']))
        .map_or(most, |at| at + 1);
    let near = (range.end..end.min(range.end + 6)).any(|at| {
        (ROLES.has(&tokens[at].folded) || TITLES.has(&tokens[at].folded))
            && (at + 1 == end || !tokens[at + 1].is_capital() || tokens[at].is_caps())
    });
    let named = tokens[range.end].is_capital() && is_given(&tokens[range.end].folded);
    let opening = &tokens[range.end];
    let article = matches!(opening.folded.as_str(), "the" | "a" | "an" | "our" | "who" | "co" | "also")
        || TITLE_PARTS.has(&opening.folded);
    let titled = TITLES.has(&opening.folded)
        && opening.is_capital()
        && tokens
            .get(range.end + 1)
            .is_some_and(|token| token.folded != "of" && !opening.trail.contains([',', ')', '.']));
    let soon =
        (range.end..end.min(range.end + 2)).any(|at| ROLES.has(&tokens[at].folded) || TITLES.has(&tokens[at].folded));
    let near = near && !titled && (article || soon || opening.is_capital());
    if near && !named && !SPEAKS.has(&tokens[range.end].folded) {
        judged.votes.add(NameKind::Person, 4);
        let role = role_text(line, range.end..end);
        judged.role = role.or(judged.role.take());
    }
}

/// What stands around a name of whatever kind.
fn around(tokens: &[Token], range: &Range<usize>, own: Option<NameKind>, judged: &mut Judged) {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.folded.as_str());
    let before = |back: usize| range.start.checked_sub(back).map_or("", word);
    let joined = range.start > 0 && !parted(&tokens[range.start - 1], &tokens[range.start]);
    let of_people = range.len() == 1 && is_demonym(word(range.start));
    if joined
        && !of_people
        && matches!(before(1), "in" | "to" | "from" | "of" | "near" | "outside" | "across" | "into")
        && (LIVES.has(before(2)) || matches!(before(1), "near" | "outside"))
        && own != Some(NameKind::Person)
    {
        judged.votes.add(NameKind::Place, 3);
    } else if joined && !of_people && before(1) == "in" && own.is_none() && range.len() == 1 {
        judged.votes.add(NameKind::Place, 1);
    }
    let of_firm = matches!(before(1), "of" | "at" | "from")
        && (ROLES.has(before(2)) || matches!(before(2), "works" | "worked" | "work" | "team" | "engineers"));
    if joined && of_firm && own.is_none() {
        judged.votes.add(NameKind::Organisation, 2);
    }
    let explained = tokens[range.end - 1].trail == "," && matches!(word(range.end), "a" | "an" | "the");
    let explains = (range.end + 1..range.end + 5).find(|&at| {
        matches!(
            word(at),
            "company"
                | "startup"
                | "firm"
                | "nonprofit"
                | "bank"
                | "organization"
                | "organisation"
                | "agency"
                | "app"
                | "city"
                | "town"
                | "village"
                | "capital"
        )
    });
    if let Some(at) = explains.filter(|_| explained) {
        let kind = if matches!(word(at), "city" | "town" | "village" | "capital") {
            NameKind::Place
        } else {
            NameKind::Organisation
        };
        judged.votes.add(kind, 3);
    }
    if range.end < tokens.len()
        && !parted(&tokens[range.end - 1], &tokens[range.end])
        && matches!(word(range.end), "ceo" | "employees" | "shares" | "cofounder")
    {
        judged.votes.add(NameKind::Organisation, 3);
    }
}

/// The acronym in brackets after a name whose initials it has.
fn acronym(tokens: &[Token], range: &Range<usize>) -> Option<String> {
    let token =
        tokens.get(range.end).filter(|token| token.lead == "(" && token.trail.starts_with(')') && token.is_caps())?;
    let initials: String = tokens[range.clone()]
        .iter()
        .filter(|token| token.is_capital())
        .filter_map(|token| token.folded.chars().next())
        .collect();
    let fits = initials.len() >= 2
        && token.folded.chars().next() == initials.chars().next()
        && token.folded.chars().filter(|&letter| initials.contains(letter)).count() * 3 >= token.folded.len() * 2;
    fits.then(|| token.body.to_owned())
}

/// The words of a role, without an article.
fn role_text(line: &Line, range: Range<usize>) -> Option<String> {
    let mut range = range;
    while !range.is_empty()
        && matches!(
            line.tokens[range.start].folded.as_str(),
            "the" | "a" | "an" | "our" | "who" | "is" | "and" | "also" | ""
        )
    {
        range.start += 1;
    }
    while !range.is_empty() && FUNCTION.has(&line.tokens[range.end - 1].folded) {
        range.end -= 1;
    }
    let first = line.tokens.get(range.start).filter(|_| !range.is_empty())?;
    let text = &line.text[first.at.start..line.tokens[range.end - 1].at.end];
    (text.chars().count() <= ROLE_CHARACTERS).then(|| text.to_owned())
}

/// The kind that a role tells of.
pub(super) fn kind_of_role(role: &str) -> Option<NameKind> {
    let folded = super::fold(role);
    let has = |words: &[&str]| folded.split(' ').any(|word| words.contains(&word));
    if has(&["place", "country", "city", "town", "region", "river", "airport"])
        && !folded.split(' ').any(|word| ROLES.has(word))
    {
        Some(NameKind::Place)
    } else if folded.split(' ').any(|word| ROLES.has(word) || TITLES.has(word) || word == "person" || word == "people")
    {
        Some(NameKind::Person)
    } else if has(&["company", "organisation", "organization", "firm", "party", "agency", "band", "publisher", "bank"])
    {
        Some(NameKind::Organisation)
    } else if has(&["product", "book", "film", "event", "thing", "project", "drug", "song"]) {
        Some(NameKind::Thing)
    } else {
        None
    }
}
