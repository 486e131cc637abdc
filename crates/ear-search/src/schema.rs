//! The fields of a passage in the index, and how a passage is written into them.

use crate::analysis::{Analyzer, Atom, Rules, language_code};
use crate::index::{EpisodeDoc, PassageDoc};
use std::collections::BTreeSet;
use tantivy::TantivyDocument;
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{PreTokenizedString, Token};

/// How many terms of the turn's following passages a passage holds, so that phrases may cross its end.
pub(crate) const TAIL_TERMS: usize = 12;

/// The fields of a passage.
///
/// `body` holds the terms of the passage and, marked by [`tail_term`], the first [`TAIL_TERMS`] terms that follow in
/// the same turn. A phrase that crosses the passage's end is thus a phrase of plain terms going over into marked
/// ones, and is found once: where it begins. `border` holds the two terms at the crossing as one, so that a
/// phrase that crosses nowhere costs no more than a look into the dictionary. `heard` holds the terms of the passage
/// as it was heard, where some of its words read otherwise; it ends with the passage.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields {
    pub body: Field,
    pub border: Field,
    pub heard: Field,
    /// Folded words as spelled, for prefixes and misspellings.
    pub form: Field,
    /// The tag of the rules that made the terms.
    pub rules: Field,
    pub show_name: Field,
    pub speaker: Field,
    pub title: Field,
    pub language: Field,
    pub episode: Field,
    /// 1 in passages of advertisements, absent in others.
    pub advert: Field,
    /// [`ear_core::EpisodeDate::as_number`]; absent where the day is unknown.
    pub date: Field,
    speaker_name: Field,
    language_name: Field,
    show: Field,
    transcript: Field,
    first_word: Field,
    words: Field,
    following: Field,
}

/// The names of the columns that are read again.
pub(crate) mod column {
    pub(crate) const SPEAKER: &str = "speaker_name";
    pub(crate) const LANGUAGE: &str = "language_name";
    pub(crate) const EPISODE: &str = "episode";
    pub(crate) const DATE: &str = "date";
    pub(crate) const SHOW: &str = "show";
    pub(crate) const TRANSCRIPT: &str = "transcript";
    pub(crate) const FIRST_WORD: &str = "first_word";
    pub(crate) const WORDS: &str = "words";
    pub(crate) const FOLLOWING: &str = "following";
}

/// The schema of the index and its fields.
pub(crate) fn schema() -> (Schema, Fields) {
    let terms = |option, norms| {
        let indexing = TextFieldIndexing::default().set_tokenizer("raw").set_index_option(option).set_fieldnorms(norms);
        TextOptions::default().set_indexing_options(indexing)
    };
    let set = || terms(IndexRecordOption::Basic, false);
    let stored_aside = || TextOptions::default().set_fast("raw");
    let mut schema = Schema::builder();
    let fields = Fields {
        body: schema.add_text_field("body", terms(IndexRecordOption::WithFreqsAndPositions, true)),
        border: schema.add_text_field("border", set()),
        heard: schema.add_text_field("heard", terms(IndexRecordOption::WithFreqsAndPositions, false)),
        form: schema.add_text_field("form", set()),
        rules: schema.add_text_field("rules", set()),
        show_name: schema.add_text_field("show_name", set()),
        speaker: schema.add_text_field("speaker", set()),
        title: schema.add_text_field("title", set()),
        language: schema.add_text_field("language", set()),
        episode: schema.add_i64_field(column::EPISODE, INDEXED | FAST),
        advert: schema.add_u64_field("advert", INDEXED),
        date: schema.add_u64_field(column::DATE, FAST),
        speaker_name: schema.add_text_field(column::SPEAKER, stored_aside()),
        language_name: schema.add_text_field(column::LANGUAGE, stored_aside()),
        show: schema.add_i64_field(column::SHOW, FAST),
        transcript: schema.add_i64_field(column::TRANSCRIPT, FAST),
        first_word: schema.add_u64_field(column::FIRST_WORD, FAST),
        words: schema.add_u64_field(column::WORDS, FAST),
        following: schema.add_u64_field(column::FOLLOWING, FAST),
    };
    (schema.build(), fields)
}

/// A term of a following passage.
pub(crate) fn tail_term(term: &str) -> String {
    format!(">{term}")
}

/// The last term of a passage with the first that follows.
pub(crate) fn border_term(last: &str, next: &str) -> String {
    format!("{last} {next}")
}

/// The documents of an episode, one for each passage.
pub(crate) fn documents<'a>(fields: &'a Fields, episode: &'a EpisodeDoc) -> impl Iterator<Item = TantivyDocument> + 'a {
    let rules = Rules::of(episode.language.as_deref());
    let analyzer = Analyzer::new(rules);
    let shared = shared(fields, episode, rules, &analyzer);
    // Each passage is analysed once; its terms are also the tail of the one before.
    let atoms: Vec<Vec<Atom>> = episode.passages.iter().map(|passage| analyzer.atoms(&passage.texts)).collect();
    (0..episode.passages.len()).map(move |at| {
        let mut document = shared.clone();
        add_place(&mut document, fields, &episode.passages[at]);
        add_words(&mut document, fields, &episode.passages[at..], &atoms[at..]);
        add_heard(&mut document, fields, &episode.passages[at], &atoms[at], &analyzer);
        document
    })
}

fn shared(fields: &Fields, episode: &EpisodeDoc, rules: Rules, analyzer: &Analyzer) -> TantivyDocument {
    let mut document = TantivyDocument::default();
    document.add_i64(fields.episode, episode.episode.0);
    document.add_i64(fields.show, episode.show.0);
    document.add_i64(fields.transcript, episode.transcript.0);
    if let Some(date) = episode.date {
        document.add_u64(fields.date, date.as_number().into());
    }
    if let Some(language) = &episode.language {
        document.add_text(fields.language, language_code(language));
        document.add_text(fields.language_name, language);
    }
    document.add_text(fields.rules, rules.tag());
    add_set(&mut document, fields.show_name, Analyzer::new(Rules::PLAIN).terms(&episode.show_name));
    add_set(&mut document, fields.title, analyzer.terms(&episode.title));
    document
}

fn add_place(document: &mut TantivyDocument, fields: &Fields, passage: &PassageDoc) {
    document.add_u64(fields.first_word, passage.words.start as u64);
    document.add_u64(fields.words, passage.words.len() as u64);
    if passage.advert {
        document.add_u64(fields.advert, 1);
    }
    if let Some(speaker) = &passage.speaker {
        document.add_text(fields.speaker_name, speaker);
        add_set(document, fields.speaker, Analyzer::new(Rules::PLAIN).terms(speaker));
    }
}

/// Writes the words of the first of these passages, and its tail from the others.
fn add_words(document: &mut TantivyDocument, fields: &Fields, passages: &[PassageDoc], atoms: &[Vec<Atom>]) {
    let own = &atoms[0];
    let (tail, following) = tail(passages, atoms);
    document.add_u64(fields.following, following as u64);
    if passages[0].heard.is_empty() {
        add_set(document, fields.form, own.iter().map(|atom| atom.form.clone()));
    }
    if let (Some(last), Some(next)) = (own.last(), tail.first()) {
        add_tokens(document, fields.border, [border_term(&last.term, next)]);
    }
    let tail = tail.into_iter().map(tail_term);
    add_tokens(document, fields.body, own.iter().map(|atom| atom.term.clone()).chain(tail));
}

/// Writes the words that were heard, where some read otherwise.
fn add_heard(
    document: &mut TantivyDocument,
    fields: &Fields,
    passage: &PassageDoc,
    read: &[Atom],
    analyzer: &Analyzer,
) {
    if passage.heard.is_empty() {
        return;
    }
    let heard = analyzer.atoms(&passage.heard);
    add_set(document, fields.form, read.iter().chain(&heard).map(|atom| atom.form.clone()));
    add_tokens(document, fields.heard, heard.into_iter().map(|atom| atom.term));
}

/// The terms that follow the first passage in its turn, and how many words they were taken from.
fn tail<'a>(passages: &[PassageDoc], atoms: &'a [Vec<Atom>]) -> (Vec<&'a str>, usize) {
    let (mut tail, mut passed, mut following) = (Vec::new(), 0, 0);
    for at in 1..passages.len() {
        if !passages[at - 1].continues || tail.len() == TAIL_TERMS {
            break;
        }
        for atom in atoms[at].iter().take(TAIL_TERMS - tail.len()) {
            tail.push(atom.term.as_str());
            following = passed + atom.word + 1;
        }
        passed += passages[at].texts.len();
    }
    (tail, following)
}

fn add_set(document: &mut TantivyDocument, field: Field, terms: impl IntoIterator<Item = String>) {
    add_tokens(document, field, terms.into_iter().collect::<BTreeSet<_>>());
}

fn add_tokens(document: &mut TantivyDocument, field: Field, terms: impl IntoIterator<Item = String>) {
    let token = |(position, text)| Token { position, text, ..Token::default() };
    let tokens: Vec<Token> = terms.into_iter().enumerate().map(token).collect();
    document.add_pre_tokenized_text(field, PreTokenizedString { text: String::new(), tokens });
}
