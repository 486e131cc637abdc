//! From what a query says to the search library's queries, and to the matcher of its words.

use super::Spellings;
use super::ast::{Condition, Node};
use super::settled::Settled;
use crate::analysis::{Analyzer, Rules, forms};
use crate::index::View;
use crate::matcher::Matcher;
use crate::request::{Order, Request};
use crate::schema::{TAIL_TERMS, border_term, tail_term};
use ear_core::EpisodeDate;
use std::collections::BTreeSet;
use std::ops::Bound;
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, FuzzyTermQuery, Occur, PhraseQuery, Query,
    RangeQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

type BoxQuery = Box<dyn Query>;

/// What words are worth that were heard where something else is read.
const HEARD: f32 = 0.5;
/// What bare words gain in rank by standing side by side in order, as a share of what they are worth themselves.
const TOGETHER: f32 = 0.5;
/// What they gain by standing within [`NEAR_WORDS`] of each other.
const NEAR: f32 = 0.25;
const NEAR_WORDS: u32 = 6;
/// Nearness counts only where one of the words is in at most this many passages: that of common words says little, and
/// takes long to find out.
const NEAR_PASSAGES: u64 = 20_000;
/// Nor does it count among more words than these.
const NEAR_TERMS: usize = 6;

/// A query ready to run.
pub(crate) struct Compiled {
    pub query: BoxQuery,
    /// Whether it looks for words, so that passages have a score.
    pub is_scored: bool,
    pub matcher: Matcher,
    /// The bare words it looks for, as typed.
    pub words: BTreeSet<String>,
}

/// Compiles a query and the filters of its request; words among `spellings` are replaced by theirs.
pub(crate) fn compile(node: &Node, request: &Request, view: &View, spellings: &Spellings) -> tantivy::Result<Compiled> {
    let is_ranked = request.order == Order::Relevance;
    let mut compiler = Compiler { view, spellings, is_ranked, matcher: Matcher::default(), words: BTreeSet::new() };
    let mut clauses = vec![(Occur::Must, compiler.node(node, true)?)];
    clauses.extend(compiler.clauses(request)?);
    let query = joined(clauses);
    Ok(Compiled { query, is_scored: !compiler.matcher.is_empty(), matcher: compiler.matcher, words: compiler.words })
}

/// Compiles a query for passages that have any of these words, the rarer the better, with these fields and the filters
/// of the request.
pub(crate) fn compile_any(
    words: &[String],
    fields: Option<&Node>,
    request: &Request,
    view: &View,
) -> tantivy::Result<Compiled> {
    let spellings = Spellings::new();
    let mut compiler =
        Compiler { view, spellings: &spellings, is_ranked: true, matcher: Matcher::default(), words: BTreeSet::new() };
    let distinct: BTreeSet<&String> = words.iter().collect();
    let any: tantivy::Result<Vec<_>> = distinct.into_iter().map(|word| compiler.word(word, true)).collect();
    let mut clauses = vec![(Occur::Must, union(any?))];
    clauses.extend(fields.map(|fields| compiler.node(fields, false)).transpose()?.map(|query| (Occur::Must, query)));
    clauses.extend(compiler.clauses(request)?);
    let query = joined(clauses);
    Ok(Compiled { query, is_scored: true, matcher: compiler.matcher, words: compiler.words })
}

/// The filters of a request and these fields, without the rest of its query; `None` where there are none.
pub(crate) fn filters(fields: Option<&Node>, request: &Request, view: &View) -> tantivy::Result<Option<BoxQuery>> {
    let spellings = Spellings::new();
    let mut compiler =
        Compiler { view, spellings: &spellings, is_ranked: false, matcher: Matcher::default(), words: BTreeSet::new() };
    let mut clauses = compiler.clauses(request)?;
    clauses.extend(fields.map(|fields| compiler.node(fields, false)).transpose()?.map(|query| (Occur::Must, query)));
    if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) && !clauses.is_empty() {
        // What is left out needs something to be left out of.
        clauses.push((Occur::Must, Box::new(AllQuery)));
    }
    Ok((!clauses.is_empty()).then(|| joined(clauses)))
}

/// The advertisements, where a request leaves them out and there are any.
pub(crate) fn left_out(request: &Request, view: &View) -> tantivy::Result<Option<BoxQuery>> {
    let term = Term::from_field_u64(view.fields.advert, 1);
    let leaves_out = !request.adverts && view.searcher.doc_freq(&term)? > 0;
    Ok(leaves_out.then(|| -> BoxQuery { Box::new(TermQuery::new(term, IndexRecordOption::Basic)) }))
}

struct Compiler<'a> {
    view: &'a View,
    spellings: &'a Spellings,
    /// Whether scores matter.
    is_ranked: bool,
    matcher: Matcher,
    words: BTreeSet<String>,
}

impl Compiler<'_> {
    /// `wanted` is false inside a negation.
    fn node(&mut self, node: &Node, wanted: bool) -> tantivy::Result<BoxQuery> {
        match node {
            Node::Word(word) => self.word(&word.text, wanted),
            Node::Phrase(phrase) => {
                let texts: Vec<&str> = phrase.text.split_whitespace().collect();
                self.sequences(&texts, wanted)
            }
            Node::Prefix(prefix) => self.prefix(&prefix.text, wanted),
            Node::Field(condition) => Ok(filter(self.condition(condition))),
            Node::And(nodes) => self.all(nodes, wanted),
            Node::Or(nodes) => {
                let nodes: tantivy::Result<Vec<_>> = nodes.iter().map(|node| self.node(node, wanted)).collect();
                Ok(union(nodes?))
            }
            Node::Not(node, _) => {
                let without = self.without(node)?;
                Ok(joined(vec![(Occur::Must, filter(Box::new(AllQuery))), (Occur::MustNot, without)]))
            }
        }
    }

    /// What is to be left out; it is not shown as matched.
    fn without(&mut self, node: &Node) -> tantivy::Result<BoxQuery> {
        Ok(Box::new(Settled(self.node(node, false)?)))
    }

    fn all(&mut self, nodes: &[Node], wanted: bool) -> tantivy::Result<BoxQuery> {
        let mut clauses = Vec::with_capacity(nodes.len());
        for node in nodes {
            clauses.push(match node {
                Node::Not(node, _) => (Occur::MustNot, self.without(node)?),
                node => (Occur::Must, self.node(node, wanted)?),
            });
        }
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, filter(Box::new(AllQuery))));
        }
        if wanted && self.is_ranked {
            clauses.extend(self.nearness(nodes)?.into_iter().map(|query| (Occur::Should, query)));
        }
        Ok(joined(clauses))
    }

    fn word(&mut self, text: &str, wanted: bool) -> tantivy::Result<BoxQuery> {
        if wanted {
            self.words.insert(text.to_owned());
        }
        let Some(spellings) = self.spellings.get(text) else { return self.sequences(&[text], wanted) };
        let queries: tantivy::Result<Vec<_>> =
            spellings.iter().map(|spelling| self.sequences(&[spelling], wanted)).collect();
        Ok(union(queries?))
    }

    /// These words in this order, in any of the languages that the index holds.
    fn sequences(&mut self, texts: &[&str], wanted: bool) -> tantivy::Result<BoxQuery> {
        let mut queries = Vec::new();
        for &rules in &self.view.rules {
            let terms: Vec<String> = Analyzer::new(rules).atoms(texts).into_iter().map(|atom| atom.term).collect();
            if wanted {
                self.matcher.add_terms(&terms);
            }
            let heard = self.heard(&terms)?;
            match terms.as_slice() {
                [] => {}
                [term] => queries.push(term_query(self.view.fields.body, term)),
                terms => queries.extend(self.phrase(terms)?),
            }
            queries.extend(heard);
        }
        Ok(union(queries))
    }

    /// The same among words that read otherwise than they were heard. That they are few says nothing of what they are
    /// worth, so that all are worth the same.
    fn heard(&self, terms: &[String]) -> tantivy::Result<Option<BoxQuery>> {
        let terms: Vec<Term> = terms.iter().map(|term| Term::from_field_text(self.view.fields.heard, term)).collect();
        for term in &terms {
            if self.view.searcher.doc_freq(term)? == 0 {
                return Ok(None);
            }
        }
        let query: BoxQuery = match terms.as_slice() {
            [] => return Ok(None),
            [term] => Box::new(TermQuery::new(term.clone(), IndexRecordOption::Basic)),
            _ => Box::new(PhraseQuery::new(terms)),
        };
        Ok(Some(Box::new(ConstScoreQuery::new(query, HEARD))))
    }

    /// A phrase within a passage, and over its end at each place where these two words meet at an end.
    fn phrase(&self, terms: &[String]) -> tantivy::Result<Vec<BoxQuery>> {
        let fields = self.view.fields;
        let body = |term: &str| Term::from_field_text(fields.body, term);
        let inside: BoxQuery = Box::new(PhraseQuery::new(terms.iter().map(|term| body(term)).collect()));
        let mut queries = vec![inside];
        for at in 1..terms.len() {
            let border = Term::from_field_text(fields.border, &border_term(&terms[at - 1], &terms[at]));
            if self.view.searcher.doc_freq(&border)? == 0 {
                continue;
            }
            let (left, right) = terms.split_at(at);
            let right = right.iter().take(TAIL_TERMS).map(|term| body(&tail_term(term)));
            let across = PhraseQuery::new(left.iter().map(|term| body(term)).chain(right).collect());
            let border = filter(Box::new(TermQuery::new(border, IndexRecordOption::Basic)));
            queries.push(joined(vec![(Occur::Must, border), (Occur::Must, Box::new(across))]));
        }
        Ok(queries)
    }

    fn prefix(&mut self, text: &str, wanted: bool) -> tantivy::Result<BoxQuery> {
        if forms(text, Rules::PLAIN).len() > 1 {
            // Characters of a script without spaces: a phrase finds all that begins with them.
            return self.sequences(&[text], wanted);
        }
        // The languages differ in apostrophes only; of `l'homm` the last part is what is meant.
        let rules = self.view.rules.iter().copied();
        let prefixes: BTreeSet<String> = rules.filter_map(|rules| forms(text, rules).pop()).collect();
        let mut queries: Vec<BoxQuery> = Vec::new();
        for prefix in prefixes {
            let term = Term::from_field_text(self.view.fields.form, &prefix);
            queries.push(Box::new(FuzzyTermQuery::new_prefix(term, 0, false)));
            if wanted {
                self.matcher.add_prefix(prefix);
            }
        }
        Ok(union(queries))
    }

    /// What bare words gain by standing together. It adds to the score and to nothing else.
    fn nearness(&self, nodes: &[Node]) -> tantivy::Result<Vec<BoxQuery>> {
        let words = nodes.iter().filter_map(|node| match node {
            Node::Word(word) => Some(word.text.as_str()),
            _ => None,
        });
        let words: Vec<&str> = words.take(NEAR_TERMS + 1).collect();
        let mut queries: Vec<BoxQuery> = Vec::new();
        if !(2..=NEAR_TERMS).contains(&words.len()) {
            return Ok(queries);
        }
        for &rules in &self.view.rules {
            let terms = Analyzer::new(rules).atoms(&words).into_iter();
            let terms: Vec<Term> = terms.map(|atom| Term::from_field_text(self.view.fields.body, &atom.term)).collect();
            let mut rarest = u64::MAX;
            for term in &terms {
                rarest = rarest.min(self.view.searcher.doc_freq(term)?);
            }
            if terms.len() < 2 || terms.len() > NEAR_TERMS || !(1..=NEAR_PASSAGES).contains(&rarest) {
                continue;
            }
            let mut near = PhraseQuery::new(terms.clone());
            near.set_slop(NEAR_WORDS);
            queries.push(Box::new(BoostQuery::new(Box::new(near), NEAR)));
            queries.push(Box::new(BoostQuery::new(Box::new(PhraseQuery::new(terms)), TOGETHER)));
        }
        Ok(queries)
    }

    fn condition(&self, condition: &Condition) -> BoxQuery {
        let fields = self.view.fields;
        match condition {
            Condition::Show(value) => every_term(fields.show_name, &Analyzer::new(Rules::PLAIN).terms(&value.text)),
            Condition::Speaker(value) => every_term(fields.speaker, &Analyzer::new(Rules::PLAIN).terms(&value.text)),
            Condition::Title(value) => {
                let rules = self.view.rules.iter();
                union(rules.map(|&rules| every_term(fields.title, &Analyzer::new(rules).terms(&value.text))).collect())
            }
            Condition::Language(code) => term_query(fields.language, code),
            Condition::Since(day) => self.days(Some(*day), None),
            Condition::Until(day) => self.days(None, Some(*day)),
        }
    }

    fn days(&self, since: Option<u32>, until: Option<u32>) -> BoxQuery {
        let bound = |day: Option<u32>| {
            let term = |day: u32| Term::from_field_u64(self.view.fields.date, day.into());
            day.map_or(Bound::Unbounded, |day| Bound::Included(term(day)))
        };
        Box::new(RangeQuery::new(bound(since), bound(until)))
    }

    /// What a request asks of passages beside their words.
    fn clauses(&self, request: &Request) -> tantivy::Result<Vec<(Occur, BoxQuery)>> {
        let mut clauses: Vec<_> = self.filters(request).into_iter().map(|filter| (Occur::Must, filter)).collect();
        clauses.extend(left_out(request, self.view)?.map(|query| (Occur::MustNot, query)));
        Ok(clauses)
    }

    fn filters(&self, request: &Request) -> Vec<BoxQuery> {
        let fields = self.view.fields;
        let names = |field: Field, name: &Option<String>| {
            name.as_ref().map(|name| every_term(field, &Analyzer::new(Rules::PLAIN).terms(name)))
        };
        let (since, until) = (request.since.map(EpisodeDate::as_number), request.until.map(EpisodeDate::as_number));
        let days = (since.is_some() || until.is_some()).then(|| self.days(since, until));
        let episode = request.episode.map(|episode| -> BoxQuery {
            Box::new(TermQuery::new(Term::from_field_i64(fields.episode, episode.0), IndexRecordOption::Basic))
        });
        let filters = [names(fields.show_name, &request.show), names(fields.speaker, &request.speaker), days, episode];
        filters.into_iter().flatten().map(filter).collect()
    }
}

/// A condition that adds nothing to the score.
fn filter(query: BoxQuery) -> BoxQuery {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn term_query(field: Field, term: &str) -> BoxQuery {
    Box::new(TermQuery::new(Term::from_field_text(field, term), IndexRecordOption::WithFreqs))
}

fn every_term(field: Field, terms: &[String]) -> BoxQuery {
    if terms.is_empty() {
        return Box::new(EmptyQuery);
    }
    joined(terms.iter().map(|term| (Occur::Must, term_query(field, term))).collect())
}

fn union(mut queries: Vec<BoxQuery>) -> BoxQuery {
    match queries.pop() {
        None => Box::new(EmptyQuery),
        Some(query) if queries.is_empty() => query,
        last => {
            queries.extend(last);
            Box::new(BooleanQuery::union(queries))
        }
    }
}

/// One required clause stands for itself.
fn joined(mut clauses: Vec<(Occur, BoxQuery)>) -> BoxQuery {
    match clauses.pop() {
        Some((Occur::Must, query)) if clauses.is_empty() => query,
        last => {
            clauses.extend(last);
            Box::new(BooleanQuery::new(clauses))
        }
    }
}
