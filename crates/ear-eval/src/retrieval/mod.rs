//! Whether questions lead to the paragraph that answers them, in texts as machines heard them: by words, sound,
//! meaning and all together.

mod material;
mod score;

use crate::Outcome;
use crate::random::Random;
use crate::table::Table;
use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use ear_core::{EpisodeId, ShowId, TranscriptId};
use ear_language::vectors::{Meaning, Vector};
use ear_search::{
    EpisodeDoc, FusedHit, FusedRequest, PassageDoc, Piece, Request, SoundRequest, VectorFile, Vectors, WordIndex,
    asked_in_words, text_key,
};
use ear_speech::models;
use material::{Material, Question};
use score::{Figures, Scores, reciprocal_ranks};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::time::Instant;

const SEED: u64 = 1;
/// Hits looked at of each way.
const DEPTH: usize = 100;

/// How well questions find the one paragraph that answers them.
#[derive(Args, Debug)]
pub struct RetrievalArgs {
    /// A folder of Spoken-SQuAD's form: files of articles, paragraphs and questions. Each file is measured by itself.
    folder: PathBuf,
    /// Ask only N questions of each file, drawn with seed 1; otherwise all.
    #[arg(long, value_name = "N")]
    questions: Option<usize>,
    /// Cut paragraphs into passages, as episodes are; a paragraph is then as good as its best passage.
    #[arg(long)]
    cut: bool,
    /// Write one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    files: BTreeMap<String, File>,
}

/// What one file gave.
#[derive(Debug, Serialize)]
struct File {
    paragraphs: usize,
    questions: usize,
    /// Vectors of sentences and passages made in a second; of questions not.
    vectors_per_s: f64,
    #[serde(flatten)]
    ways: BTreeMap<&'static str, Figures>,
}

/// Measures each file of the folder.
pub fn run(args: &RetrievalArgs) -> Result<Outcome> {
    let model = models::manifest().models.iter().find(|model| model.name == models::MEANING);
    let Some(folder) = model.and_then(|model| model.installed()) else {
        bail!("there is no model of meaning: fetch it with `earwitness models fetch {}`", models::MEANING);
    };
    let meaning = Meaning::load(&folder)?;
    let mut files = BTreeMap::new();
    for path in
        crate::files::below(&args.folder)?.into_iter().filter(|path| path.extension().is_some_and(|e| e == "json"))
    {
        let name = crate::files::name_below(&args.folder, &path);
        let material = Material::read(&path, args.cut).with_context(|| format!("read {}", path.display()))?;
        eprintln!("{name}: {} paragraphs, {} questions", material.paragraphs, material.questions.len());
        files.insert(name, measure(&material, args.questions, &meaning)?);
    }
    ensure!(!files.is_empty(), "{}: there is no .json file", args.folder.display());
    crate::print(args.json, &Report { files }, table)?;
    Ok(Outcome::Complete)
}

/// An index of the passages of a file, and what they mean.
struct Indexed {
    index: WordIndex,
    vectors: Vectors,
    vectors_per_s: f64,
    /// The paragraph of each passage, by the transcript and first word.
    paragraphs: HashMap<(TranscriptId, usize), usize>,
}

fn measure(material: &Material, most: Option<usize>, meaning: &Meaning) -> Result<File> {
    let folder = tempfile::tempdir().context("make a folder for the index")?;
    let indexed = Indexed::new(folder.path(), material, meaning)?;
    let asked = sample(&material.questions, most);
    let texts: Vec<String> = asked.iter().map(|question| plain(&question.text)).collect();
    let meant = meaning.vectors(&texts.iter().map(String::as_str).collect::<Vec<_>>())?;
    let mut ways: BTreeMap<&'static str, Scores> = BTreeMap::new();
    for ((question, text), meant) in asked.iter().zip(&texts).zip(&meant) {
        let (words, near) = (indexed.words(text)?, indexed.meaning(text, meant)?);
        let fused = reciprocal_ranks(&[&words, &near]);
        let found = [
            ("all", indexed.all(text, meant)?),
            ("sound", indexed.sound(text)?),
            ("words", words),
            ("meaning", near),
            ("reciprocal_ranks", fused),
        ];
        for (way, paragraphs) in found {
            ways.entry(way).or_default().add(&paragraphs, question.paragraph);
        }
    }
    Ok(File {
        paragraphs: material.paragraphs,
        questions: asked.len(),
        vectors_per_s: indexed.vectors_per_s,
        ways: ways.into_iter().map(|(way, scores)| (way, scores.figures())).collect(),
    })
}

fn sample(questions: &[Question], most: Option<usize>) -> Vec<&Question> {
    let mut random = Random::new(SEED);
    let mut drawn: Vec<(u64, &Question)> = questions.iter().map(|question| (random.bits(), question)).collect();
    drawn.sort_by_key(|(place, _)| *place);
    drawn.into_iter().map(|(_, question)| question).take(most.unwrap_or(usize::MAX)).collect()
}

/// A question without the marks that the query language reads.
fn plain(question: &str) -> String {
    let words = question.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’');
    let words = words.map(|word| word.trim_matches(['\'', '’'])).filter(|word| !word.is_empty());
    let word = |word: &str| match word {
        "AND" | "OR" | "NOT" => word.to_lowercase(),
        _ => word.to_owned(),
    };
    words.map(word).collect::<Vec<_>>().join(" ")
}

impl Indexed {
    /// Each article is an episode.
    fn new(folder: &std::path::Path, material: &Material, meaning: &Meaning) -> Result<Self> {
        let index = WordIndex::open(&folder.join("index"))?;
        let place = folder.join("vectors");
        let (mut docs, mut paragraphs, mut made, mut seconds) = (Vec::new(), HashMap::new(), 0, 0.0);
        for (number, article) in material.articles.iter().enumerate() {
            let transcript = TranscriptId(number as i64 + 1);
            let mut passages = Vec::with_capacity(article.passages.len());
            for (words, paragraph) in &article.passages {
                paragraphs.insert((transcript, words.start), *paragraph);
                passages.push(PassageDoc {
                    words: words.clone(),
                    texts: article.words[words.clone()].to_vec(),
                    ..PassageDoc::default()
                });
            }
            let began = Instant::now();
            let pieces = |ranges: &[std::ops::Range<usize>]| -> Result<Vec<Piece>> {
                let texts: Vec<String> = ranges.iter().map(|words| article.words[words.clone()].join(" ")).collect();
                let vectors = meaning.vectors(&texts.iter().map(String::as_str).collect::<Vec<_>>())?;
                let piece = |((words, text), vector): ((&std::ops::Range<usize>, &String), Vector)| Piece {
                    words: words.clone(),
                    key: text_key(text),
                    vector,
                };
                Ok(ranges.iter().zip(&texts).zip(vectors).map(piece).collect())
            };
            let ranges: Vec<_> = article.passages.iter().map(|(words, _)| words.clone()).collect();
            let file = VectorFile {
                transcript,
                fingerprint: meaning.fingerprint().to_owned(),
                passages: pieces(&ranges)?,
                sentences: pieces(&article.sentences)?,
            };
            seconds += began.elapsed().as_secs_f64();
            made += file.passages.len() + file.sentences.len();
            file.write(&place)?;
            docs.push(EpisodeDoc {
                episode: EpisodeId(transcript.0),
                show: ShowId(1),
                show_name: String::new(),
                title: String::new(),
                date: None,
                language: Some("en".into()),
                transcript,
                passages,
            });
        }
        index.put(&docs)?;
        Vectors::changed(&place, meaning.fingerprint())?;
        let vectors = Vectors::new(&place, meaning.fingerprint());
        Ok(Self { index, vectors, vectors_per_s: f64::from(made as u32) / seconds, paragraphs })
    }

    /// As the product answers questions that no passage repeats word for word: BM25 of any word.
    fn words(&self, text: &str) -> Result<Vec<usize>> {
        let found = self.index.search_any(&request(text))?;
        Ok(self.paragraphs(found.hits.iter()))
    }

    fn sound(&self, text: &str) -> Result<Vec<usize>> {
        if !ear_search::looks_like_a_name(text) {
            return Ok(Vec::new());
        }
        let asked = SoundRequest { request: request(text), without_words: false, least_probability: None };
        let found = self.index.sound(&asked)?;
        Ok(self.paragraphs(found.hits.iter().map(|hit| &hit.passage)))
    }

    fn meaning(&self, text: &str, meant: &Vector) -> Result<Vec<usize>> {
        let found = self.index.meaning(&request(text), &self.vectors, meant)?;
        Ok(self.paragraphs(found.hits.iter().map(|(hit, _)| hit)))
    }

    fn all(&self, text: &str, meant: &Vector) -> Result<Vec<usize>> {
        ensure!(asked_in_words(text)?.is_some(), "{text}: is more than words");
        let sounding = if ear_search::looks_like_a_name(text) {
            let request = Request { limit: usize::MAX, ..request(text) };
            self.index.sound(&SoundRequest { request, without_words: true, least_probability: None })?.hits
        } else {
            Vec::new()
        };
        let meaning = Some((&self.vectors, meant));
        let found = self.index.fused(&FusedRequest { request: request(text), sounding: &sounding, meaning })?;
        let hit = |hit| match hit {
            &FusedHit::Sound(at) => {
                let at: usize = at;
                &sounding[at].passage
            }
            FusedHit::Words(passage, _) | FusedHit::Meaning(passage, _) => passage,
        };
        Ok(self.paragraphs(found.hits.iter().map(hit)))
    }

    /// The paragraphs of hits, each where it comes first.
    fn paragraphs<'a>(&self, hits: impl Iterator<Item = &'a ear_search::PassageHit>) -> Vec<usize> {
        let mut paragraphs = Vec::new();
        for hit in hits {
            if let Some(paragraph) = self.paragraphs.get(&(hit.transcript, hit.words.start))
                && !paragraphs.contains(paragraph)
            {
                paragraphs.push(*paragraph);
            }
        }
        paragraphs
    }
}

fn request(text: &str) -> Request {
    Request { query: text.to_owned(), limit: DEPTH, ..Request::default() }
}

fn table(report: &Report) -> String {
    let mut text = String::new();
    for (name, file) in &report.files {
        let mut table = Table::new(["way", "nDCG@10", "MRR", "R@1", "R@10", "× words"].map(String::from).to_vec());
        let words = file.ways.get("words").map_or(f64::NAN, |figures| figures.ndcg10);
        let order = ["words", "sound", "meaning", "reciprocal_ranks", "all"];
        for (way, figures) in order.into_iter().filter_map(|way| file.ways.get_key_value(way)) {
            let Figures { ndcg10, mrr, r1, r10 } = figures;
            let mut row = vec![way.replace('_', " ")];
            row.extend([ndcg10, mrr, r1, r10].map(|value| format!("{value:.3}")));
            row.push(format!("{:.3}", ndcg10 / words));
            table.row(row);
        }
        let File { paragraphs, questions, vectors_per_s, .. } = file;
        text += &format!(
            "{name}: {questions} questions over {paragraphs} paragraphs, {vectors_per_s:.0} vectors a second\n\n{table}\n"
        );
    }
    text + "Words: BM25 of any word. Sound: only where the whole question looks like a name."
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> File {
        let figures = |ndcg10| Figures { ndcg10, mrr: 0.5, r1: 0.25, r10: 0.75 };
        let ways = [("words", figures(0.5)), ("sound", figures(0.0)), ("meaning", figures(0.4)), ("all", figures(0.6))];
        File { paragraphs: 10, questions: 20, vectors_per_s: 150.4, ways: ways.into() }
    }

    #[test]
    fn the_table_reads_well() {
        insta::assert_snapshot!(table(&Report { files: [("x.json".to_owned(), file())].into() }), @r"
        x.json: 20 questions over 10 paragraphs, 150 vectors a second

        way      nDCG@10    MRR    R@1   R@10  × words
        -------  -------  -----  -----  -----  -------
        words      0.500  0.500  0.250  0.750    1.000
        sound      0.000  0.500  0.250  0.750    0.000
        meaning    0.400  0.500  0.250  0.750    0.800
        all        0.600  0.500  0.250  0.750    1.200

        Words: BM25 of any word. Sound: only where the whole question looks like a name.
        ");
    }

    #[test]
    fn the_object_has_its_documented_keys() {
        let json = serde_json::to_value(Report { files: [("x.json".to_owned(), file())].into() }).unwrap();
        for way in ["words", "sound", "meaning", "all"] {
            for figure in ["ndcg10", "mrr", "r1", "r10"] {
                assert!(json["files"]["x.json"][way][figure].is_number(), "{way} {figure}");
            }
        }
    }

    #[test]
    fn questions_hold_no_operators() {
        for (question, expected) in [
            ("Who won, \"OR\" lost?", "Who won or lost"),
            ("What is the Fed's $4-5 plan?", "What is the Fed's 4 5 plan"),
            ("speaker:me -x 'y'", "speaker me x y"),
        ] {
            assert_eq!(plain(question), expected);
        }
    }
}
