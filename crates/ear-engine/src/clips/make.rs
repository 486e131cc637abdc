//! Makes the clips of an episode: gathers what is known of it, cuts it, and says what each piece is about.

use super::hand::{Held, best};
use super::pieces::{Cutting, Piece};
use super::view::SaidName;
use crate::files::hex;
use crate::names::{lay, parts};
use crate::{Library, Result};
use ear_core::{Author, Chapter, Clip, ClipKind, Description, Transcript, TranscriptId, WordRange};
use ear_language::adverts::sentence_key;
use ear_language::describe::{Material, NameOf, describe};
use ear_language::vectors::Vector;
use ear_store::{Episode, Making, NewClip, StoredClip, Work};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::ops::Range;

/// Changes whenever the same words and names would give other clips: then all are made anew.
pub(crate) const MAKER: &str = "clips-4";
/// The most characters of a headline.
pub(super) const HEADLINE: usize = 90;

/// All that the clips of an episode are made of.
pub(crate) struct Ground {
    pub(super) id: TranscriptId,
    /// As it is read.
    pub(super) transcript: Transcript,
    pub(super) sentences: Vec<WordRange>,
    vectors: Option<Vec<Vector>>,
    chapters: Vec<Chapter>,
    names: Vec<SaidName>,
    pub(super) held: Vec<Held>,
    /// In how many other episodes of the show each sentence stands.
    repeated: Vec<u32>,
    title: String,
    notes: String,
    pub(crate) making: Making,
}

impl Library {
    /// Gathers what the clips of an episode are made of.
    pub(crate) fn ground(&self, episode: &Episode, id: TranscriptId) -> Result<Ground> {
        // Asked first: what is done meanwhile then counts as not seen.
        let edits = self.store.clip_edits(episode.id)?;
        let accepted = self.accepted(id)?;
        let mut transcript = self.store.load_transcript(id)?;
        lay(&mut transcript.words, 0, &accepted);
        let (sentences, _) = parts(&transcript);
        let vectors = self.sentence_vectors(id)?.filter(|vectors| vectors.len() == sentences.len());
        let held = self.held(self.store.clip_work(episode.id)?, id, &transcript, &sentences)?;
        let known = self.store.repeated_sentences(episode.id)?;
        let repeated = sentences
            .iter()
            .map(|range| sentence_key(&transcript.words[range.clone()]).and_then(|key| known.get(&key)).copied())
            .map(Option::unwrap_or_default)
            .collect();
        let mut ground = Ground {
            id,
            transcript,
            sentences,
            vectors,
            chapters: self.store.chapters(episode.id)?,
            names: self.said_names(episode.id, id)?,
            held,
            repeated,
            title: episode.title.clone(),
            notes: episode.notes.clone(),
            making: Making { maker: MAKER.to_owned(), made_of: String::new(), edits },
        };
        ground.making.made_of = ground.fingerprint();
        Ok(ground)
    }

    /// Cuts and describes. What is known of clips that cover the same words, and were made of the same, is taken from
    /// `known`. `go_on` is asked before each clip, with the share that is done; `None` where it says no.
    pub(crate) fn made_clips(
        &self,
        ground: &Ground,
        known: &[StoredClip],
        go_on: &dyn Fn(f64) -> bool,
    ) -> Result<Option<Vec<NewClip>>> {
        let pieces = ground.cutting().pieces();
        let known: HashMap<WordRange, &StoredClip> = known.iter().map(|clip| (clip.clip.words.clone(), clip)).collect();
        let described = self.counting(|count| {
            let mut described = Vec::with_capacity(pieces.len());
            for (at, piece) in pieces.iter().enumerate() {
                if !go_on(at as f64 / pieces.len() as f64) {
                    return None;
                }
                described.push(ground.described(piece, known.get(&ground.words(piece)).copied(), count));
            }
            Some(described)
        })?;
        Ok(described.map(|descriptions| ground.clips(&pieces, descriptions)))
    }

    /// What one piece says.
    pub(super) fn described_clip(&self, ground: &Ground, piece: &Piece) -> Result<Description> {
        self.counting(|count| ground.described(piece, None, count))
    }

    /// Notes which sentences an episode says. The episodes whose clips that may change.
    pub(crate) fn note_sentences(&self, episode: &Episode, id: TranscriptId) -> Result<Vec<ear_core::EpisodeId>> {
        let (transcript, _) = self.read_transcript(id, crate::Reading::Repaired)?;
        let (sentences, _) = parts(&transcript);
        let keys: Vec<u64> =
            sentences.iter().filter_map(|range| sentence_key(&transcript.words[range.clone()])).collect();
        Ok(self.store.put_sentence_keys(episode.id, &keys)?)
    }
}

impl Ground {
    pub(super) fn cutting(&self) -> Cutting<'_> {
        let repeated = |sentence: usize| self.repeated.get(sentence).copied().unwrap_or(0);
        let vectors = self.vectors.as_deref();
        Cutting::new(&self.transcript, &self.sentences, vectors, &self.held, &self.chapters, &repeated)
    }

    /// Pieces with what is said of them, as clips; the user's headlines take the place of others.
    pub(super) fn clips(&self, pieces: &[Piece], descriptions: Vec<Description>) -> Vec<NewClip> {
        let mut clips: Vec<NewClip> =
            pieces.iter().zip(descriptions).map(|(piece, description)| self.clip(piece, description)).collect();
        let ranges: Vec<Range<usize>> = pieces.iter().map(|piece| piece.sentences.clone()).collect();
        for held in &self.held {
            let Work::Headline(text) = &held.work.work else { continue };
            if let Some(at) = best(&ranges, &held.sentences) {
                let description = &mut clips[at].clip.description;
                (description.headline, description.headline_by) = (text.clone(), Author::Hand);
                description.headline_source = None;
                clips[at].by_hand = true;
            }
        }
        clips
    }

    fn clip(&self, piece: &Piece, description: Description) -> NewClip {
        let words = self.words(piece);
        let span = piece.music.or_else(|| self.transcript.span_of(words.clone()));
        let vectors = self.vectors.as_ref().and_then(|vectors| vectors.get(piece.sentences.clone()));
        let vector = vectors.and_then(Vector::mean).map(|mean| {
            let mut bytes = Vec::with_capacity(Vector::BYTES);
            mean.to_bytes(&mut bytes);
            bytes
        });
        let clip = Clip {
            kind: piece.kind,
            label: piece.label.clone(),
            words,
            span,
            chapter: piece.chapter.clone(),
            description,
            broken_off: piece.broken_off,
        };
        NewClip { clip, by_hand: piece.by_hand, vector }
    }

    pub(super) fn words(&self, piece: &Piece) -> WordRange {
        let range = &piece.sentences;
        let start = self.sentences.get(range.start).map_or(self.transcript.words.len(), |sentence| sentence.start);
        match range.end.checked_sub(1).filter(|_| !range.is_empty()) {
            Some(last) => start..self.sentences[last].end,
            None => start..start,
        }
    }

    /// The names that the episode says.
    pub(super) fn names_of(&self) -> Vec<NameOf<'_>> {
        self.names.iter().map(|name| (name.name.as_str(), name.kind, name.words.clone())).collect()
    }

    /// What a piece says. What the publisher calls a chapter, or the episode that it is all of, is its headline.
    pub(super) fn described(
        &self,
        piece: &Piece,
        known: Option<&StoredClip>,
        count: &dyn Fn(&[&str]) -> u64,
    ) -> Description {
        if piece.music.is_some() {
            return music();
        }
        let same =
            known.filter(|known| known.clip.kind == piece.kind && known.clip.description.headline_by != Author::Hand);
        if let Some(known) = same {
            return known.clip.description.clone();
        }
        let names = self.names_of();
        let mut description = describe(&Material {
            transcript: &self.transcript,
            sentences: &self.sentences,
            clip: whole_sentences(piece),
            names: &names,
            notes: Some(self.notes.as_str()).filter(|notes| !notes.is_empty()),
            title: Some(self.title.as_str()),
            count,
        });
        if let Some(title) = piece.chapter.as_deref().filter(|_| piece.kind == ClipKind::Publisher) {
            description.headline = shortened(title, HEADLINE);
            description.headline_by = Author::Publisher;
            description.headline_source = None;
        } else if self.is_all(piece) && description.headline_by == Author::Words {
            description.headline = shortened(self.title.trim(), HEADLINE);
            description.headline_by = Author::Publisher;
        }
        description
    }

    /// Whether a piece is the whole episode, which has a title.
    fn is_all(&self, piece: &Piece) -> bool {
        piece.kind == ClipKind::Topic && piece.sentences == (0..self.sentences.len()) && !self.title.trim().is_empty()
    }

    /// Of all that the clips are made of, but words as they were heard and hand work.
    fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        let mut part = |name: &str, bytes: &[u8]| {
            hash.update(format!("{name} {}\n", bytes.len()));
            hash.update(bytes);
        };
        for word in &self.transcript.words {
            part("word", word.text.as_bytes());
        }
        let mut bytes = Vec::new();
        self.vectors.iter().flatten().for_each(|vector| vector.to_bytes(&mut bytes));
        part("vectors", &bytes);
        for Chapter { start, end, title, .. } in &self.chapters {
            part("chapter", format!("{start} {end:?} {title}").as_bytes());
        }
        for SaidName { name, kind, words, .. } in &self.names {
            part("name", format!("{name} {kind:?} {words:?}").as_bytes());
        }
        for (at, count) in self.repeated.iter().enumerate().filter(|(_, count)| **count > 0) {
            part("repeated", format!("{at} {count}").as_bytes());
        }
        part("title", self.title.as_bytes());
        part("notes", self.notes.as_bytes());
        hex(&hash.finalize()[..16])
    }
}

/// The sentences that describe a piece: one that its source cut off says nothing for sure, unless it is all there is.
pub(super) fn whole_sentences(piece: &Piece) -> Range<usize> {
    let Range { start, end } = piece.sentences;
    if piece.broken_off && end - start > 1 { start..end - 1 } else { start..end }
}

fn music() -> Description {
    Description {
        headline: "Music".to_owned(),
        headline_by: Author::Words,
        headline_source: None,
        summary: Vec::new(),
        summary_by: Author::Words,
        keywords: Vec::new(),
    }
}

/// A text of at most so many characters, ended at a word.
pub(super) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most - 1).collect();
    let end = kept.rfind(char::is_whitespace).filter(|end| *end * 2 > kept.len()).unwrap_or(kept.len());
    format!("{}…", kept[..end].trim_end_matches(|c: char| !c.is_alphanumeric()))
}
