//! Answers a request: read the query, run it, and where nothing matches try other spellings.

use crate::analysis::{Analyzer, Rules};
use crate::collect::Ranking;
use crate::index::View;
use crate::query::{Compiled, Node, Spellings, compile, compile_any, left_out, parse, plain, respell};
use crate::request::{Answer, MAX_LIMIT, Order, PassageHit, Request};
use crate::schema::column;
use crate::{Error, WordIndex};
use ear_core::{EpisodeId, ShowId, TranscriptId};
use tantivy::collector::Count;
use tantivy::columnar::{Column, StrColumn};
use tantivy::query::BooleanQuery;
use tantivy::{DocAddress, DocId, SegmentReader};

impl WordIndex {
    /// Answers a request, from the newest commit of any process.
    ///
    /// Fails with [`Error::Query`] where the query cannot be understood, and with [`Error::Filter`] where a filter
    /// holds no word.
    pub fn search(&self, request: &Request) -> Result<Answer, Error> {
        let node = read(request)?;
        let view = self.view()?;
        answer(&node, request, &view).map_err(|error| self.error(error))
    }
}

impl WordIndex {
    /// The same for passages that have any of the query's words, the more and the rarer the better; for questions that
    /// no passage repeats word for word. Nothing is found for queries that are more than words.
    pub fn search_any(&self, request: &Request) -> Result<Answer, Error> {
        check_filters(request)?;
        let (words, fields) = plain(parse(&request.query)?);
        let view = self.view()?;
        let answer = || -> tantivy::Result<Answer> {
            let compiled = compile_any(&words.unwrap_or_default(), fields.as_ref(), request, &view)?;
            let (total, hits) = run(&compiled, request, &view)?;
            Ok(Answer { total, hits, matcher: compiled.matcher, respelled: Vec::new() })
        };
        answer().map_err(|error| self.error(error))
    }
}

impl WordIndex {
    /// How many passages of advertisements match the words of a request as typed and are left out of its answer; none
    /// where the request asks for them.
    ///
    /// Fails as [`WordIndex::search`] does.
    pub fn in_adverts(&self, request: &Request) -> Result<usize, Error> {
        let node = read(request)?;
        let view = self.view()?;
        let count = || -> tantivy::Result<usize> {
            let Some(adverts) = left_out(request, &view)? else { return Ok(0) };
            let request = Request { adverts: true, ..request.clone() };
            let matching = compile(&node, &request, &view, &Spellings::new())?.query;
            view.searcher.search(&BooleanQuery::intersection(vec![matching, adverts]), &Count)
        };
        count().map_err(|error| self.error(error))
    }
}

/// The query of a request, which together with the filters asks for something.
fn read(request: &Request) -> Result<Node, Error> {
    check_filters(request)?;
    let node = parse(&request.query)?;
    let dated = request.since.is_some() || request.until.is_some();
    let filtered = dated || request.show.is_some() || request.speaker.is_some() || request.episode.is_some();
    if filtered || node.asks() {
        return Ok(node);
    }
    Err(Error::Query {
        message: "the query only says what to leave out".into(),
        column: node.negation().unwrap_or(1),
        remedy: "write words to look for as well".into(),
    })
}

/// Whether each filter holds a word.
pub(crate) fn check_filters(request: &Request) -> Result<(), Error> {
    for (filter, value) in [("show", &request.show), ("speaker", &request.speaker)] {
        if let Some(value) = value.as_ref().filter(|value| Analyzer::new(Rules::PLAIN).terms(value).is_empty()) {
            return Err(Error::Filter { filter, value: value.chars().take(80).collect() });
        }
    }
    Ok(())
}

fn answer(node: &Node, request: &Request, view: &View) -> tantivy::Result<Answer> {
    let as_typed = compile(node, request, view, &Spellings::new())?;
    let (total, hits) = run(&as_typed, request, view)?;
    let typed = Answer { total, hits, matcher: as_typed.matcher, respelled: Vec::new() };
    if total > 0 {
        return Ok(typed);
    }
    let spellings = respell(view, &as_typed.words)?;
    if spellings.is_empty() {
        return Ok(typed);
    }
    let respelled = compile(node, request, view, &spellings)?;
    match run(&respelled, request, view)? {
        (0, _) => Ok(typed),
        (total, hits) => {
            Ok(Answer { total, hits, matcher: respelled.matcher, respelled: spellings.into_iter().collect() })
        }
    }
}

fn run(compiled: &Compiled, request: &Request, view: &View) -> tantivy::Result<(usize, Vec<PassageHit>)> {
    let order = match request.order {
        Order::Relevance if !compiled.is_scored => Order::Newest,
        order => order,
    };
    let limit = request.limit.min(MAX_LIMIT);
    let keep = if limit == 0 { 0 } else { request.offset.saturating_add(limit) };
    let (total, best) = view.searcher.search(&compiled.query, &Ranking { order, keep })?;
    let page = best.into_iter().skip(request.offset).map(|passage| (passage.address, passage.score));
    Ok((total, hits(page, view)?))
}

/// What the index remembers of these passages, each with its score.
pub(crate) fn hits(places: impl Iterator<Item = (DocAddress, f32)>, view: &View) -> tantivy::Result<Vec<PassageHit>> {
    let mut segments: Vec<Option<Columns>> = view.searcher.segment_readers().iter().map(|_| None).collect();
    let mut hits = Vec::new();
    for (address, score) in places {
        let slot = &mut segments[address.segment_ord as usize];
        let columns = match slot {
            Some(columns) => columns,
            None => slot.insert(Columns::open(view.searcher.segment_reader(address.segment_ord))?),
        };
        hits.push(columns.hit(address.doc_id, score)?);
    }
    Ok(hits)
}

/// What a segment remembers of its passages beside their terms.
struct Columns {
    episode: Column<i64>,
    show: Column<i64>,
    transcript: Column<i64>,
    first_word: Column<u64>,
    words: Column<u64>,
    following: Column<u64>,
    language: Option<StrColumn>,
    speaker: Option<StrColumn>,
}

impl Columns {
    fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        Ok(Self {
            episode: columns.i64(column::EPISODE)?,
            show: columns.i64(column::SHOW)?,
            transcript: columns.i64(column::TRANSCRIPT)?,
            first_word: columns.u64(column::FIRST_WORD)?,
            words: columns.u64(column::WORDS)?,
            following: columns.u64(column::FOLLOWING)?,
            language: columns.str(column::LANGUAGE)?,
            speaker: columns.str(column::SPEAKER)?,
        })
    }

    fn hit(&self, doc: DocId, score: f32) -> tantivy::Result<PassageHit> {
        let id = |column: &Column<i64>| column.first(doc).unwrap_or(0);
        let number = |column: &Column<u64>| column.first(doc).unwrap_or(0) as usize;
        let first = number(&self.first_word);
        Ok(PassageHit {
            episode: EpisodeId(id(&self.episode)),
            show: ShowId(id(&self.show)),
            transcript: TranscriptId(id(&self.transcript)),
            words: first..first + number(&self.words),
            following: number(&self.following),
            score,
            language: text(self.language.as_ref(), doc)?,
            speaker: text(self.speaker.as_ref(), doc)?,
        })
    }
}

fn text(column: Option<&StrColumn>, doc: DocId) -> tantivy::Result<Option<String>> {
    let Some((column, ord)) = column.and_then(|column| Some((column, column.ords().first(doc)?))) else {
        return Ok(None);
    };
    let mut text = String::new();
    Ok(column.ord_to_str(ord, &mut text)?.then_some(text))
}
