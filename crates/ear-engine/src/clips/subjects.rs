//! What clips are about, and how telling that is.

use super::table::{ClipRow, Keyword};
use ear_core::{NameId, NameKind, ShowId};
use ear_search::Subject;
use ear_store::fold_name;
use std::collections::HashMap;
use std::sync::Arc;

/// The most that a clip is about.
const SUBJECTS: usize = 24;
/// What weighs less tells nothing.
const FAINT: f32 = 0.05;
/// How much a name weighs that is said once, twice or more often.
const SAID: [f32; 3] = [0.4, 0.7, 1.0];
/// How much a keyword weighs that is one plain word: clips that have nothing else in common share such.
const PLAIN: f32 = 0.5;
/// So many clips that are not there count as about something else: in a small library all would seem common.
const ELSEWHERE: f32 = 20.0;
/// What a show says in each episode is known from so many episodes on.
const EPISODES: u32 = 4;

/// What all subjects are called, and what each clip is about, each with its weight: the rarer it is (the logarithm of
/// the share of clips that are about it, as in tf-idf; Spärck Jones 1972), and the more often it is said, the more it
/// weighs, and the less the more episodes of its show say it: hosts, sponsors, the name of the show. A name and a
/// keyword that read the same are one.
pub(super) fn subjects(
    rows: &[Arc<ClipRow>],
    names: &HashMap<NameId, (String, Option<NameKind>)>,
    keywords: &[Keyword],
) -> (Vec<String>, Vec<Vec<Subject>>) {
    let numbers = Numbers::of(rows, names, keywords);
    let mut about: Vec<Vec<Subject>> = rows.iter().map(|row| numbers.about(row)).collect();
    let mut clips = vec![0_u32; numbers.texts.len()];
    about.iter().flatten().for_each(|subject| clips[subject.id as usize] += 1);
    forget_habits(rows, &mut about, clips.len());
    let all = rows.len() as f32 + ELSEWHERE;
    let rarity = |id: u32| ((all / (clips[id as usize] as f32 + 0.5)).ln() / all.ln()).clamp(0.0, 1.0);
    for about in &mut about {
        about.iter_mut().for_each(|subject| subject.weight *= rarity(subject.id));
        about.retain(|subject| subject.weight >= FAINT);
        about.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.id.cmp(&b.id)));
        about.truncate(SUBJECTS);
        about.sort_by_key(|subject| subject.id);
    }
    (numbers.texts, about)
}

/// Names and keywords as numbers, in the order in which clips have them, whatever order they were read in: ties are
/// settled by these numbers.
#[derive(Default)]
struct Numbers {
    texts: Vec<String>,
    folded: HashMap<String, u32>,
    names: HashMap<NameId, u32>,
    keywords: Vec<(u32, f32)>,
}

impl Numbers {
    fn of(rows: &[Arc<ClipRow>], names: &HashMap<NameId, (String, Option<NameKind>)>, keywords: &[Keyword]) -> Self {
        let mut numbers = Self { keywords: vec![(0, 0.0); keywords.len()], ..Self::default() };
        for (name, _) in rows.iter().flat_map(|row| &row.names) {
            if let Some((text, _)) = names.get(name).filter(|_| !numbers.names.contains_key(name)) {
                let number = numbers.number(fold_name(text), text);
                numbers.names.insert(*name, number);
            }
        }
        for word in rows.iter().flat_map(|row| &row.keywords) {
            let at = *word as usize;
            if numbers.keywords[at].1 <= 0.0 {
                let Keyword { folded, text } = &keywords[at];
                let is_plain = !text.contains(char::is_whitespace) && !text.contains(char::is_uppercase);
                let weight = if is_plain { PLAIN } else { 1.0 };
                numbers.keywords[at] = (numbers.number(folded.clone(), text), weight);
            }
        }
        numbers
    }

    fn number(&mut self, folded: String, text: &str) -> u32 {
        *self.folded.entry(folded).or_insert_with(|| {
            self.texts.push(text.to_owned());
            self.texts.len() as u32 - 1
        })
    }

    /// What a clip is about, each once, weighed by how often it says it; ascending by id.
    fn about(&self, row: &ClipRow) -> Vec<Subject> {
        let of_names = row.names.iter().filter_map(|(name, count)| {
            let weight = SAID[(*count as usize).clamp(1, SAID.len()) - 1];
            Some(Subject { id: *self.names.get(name)?, weight })
        });
        let of_keywords = row.keywords.iter().map(|word| {
            let (id, weight) = self.keywords[*word as usize];
            Subject { id, weight }
        });
        let mut all: Vec<Subject> = of_names.chain(of_keywords).collect();
        all.sort_by(|a, b| a.id.cmp(&b.id).then(b.weight.total_cmp(&a.weight)));
        all.dedup_by_key(|subject| subject.id);
        all
    }
}

/// Takes from the weight of each subject the share of the show's episodes that have it.
fn forget_habits(rows: &[Arc<ClipRow>], about: &mut [Vec<Subject>], count: usize) {
    let mut shows: HashMap<ShowId, Vec<usize>> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        if let Some(show) = row.show {
            shows.entry(show).or_default().push(at);
        }
    }
    let mut episodes = vec![0_u32; count];
    let mut last_in = vec![0_u32; count];
    let mut number = 0;
    for clips in shows.into_values() {
        let mut all = 0;
        for clips in clips.chunk_by(|one, other| rows[*one].episode == rows[*other].episode) {
            (all, number) = (all + 1, number + 1);
            for subject in clips.iter().flat_map(|clip| &about[*clip]) {
                let id = subject.id as usize;
                if last_in[id] != number {
                    last_in[id] = number;
                    episodes[id] += 1;
                }
            }
        }
        for clip in &clips {
            if all >= EPISODES {
                let share = |id: u32| (episodes[id as usize] - 1) as f32 / (all - 1) as f32;
                about[*clip].iter_mut().for_each(|subject| subject.weight *= 1.0 - share(subject.id));
            }
        }
        clips.iter().flat_map(|clip| &about[*clip]).for_each(|subject| episodes[subject.id as usize] = 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_core::{ClipId, EpisodeId, TranscriptId};

    const HOST: NameId = NameId(1);
    const BEIRUT: NameId = NameId(2);

    fn clip(episode: i64, names: &[(NameId, u32)], keywords: &[u32]) -> Arc<ClipRow> {
        Arc::new(ClipRow {
            id: ClipId(episode),
            episode: EpisodeId(episode),
            transcript: TranscriptId(episode),
            show: Some(ShowId(1)),
            date: None,
            seq: 0,
            words: 0..0,
            span: None,
            names: names.to_vec(),
            keywords: keywords.to_vec(),
        })
    }

    #[test]
    fn what_few_say_weighs_most() {
        let mut rows: Vec<Arc<ClipRow>> = (10..30).map(|episode| clip(episode, &[(HOST, 3)], &[])).collect();
        rows[0] = clip(10, &[(HOST, 9), (BEIRUT, 5)], &[0, 1, 2]);
        rows[1] = clip(11, &[(BEIRUT, 1)], &[1]);
        let names = [(HOST, "Ann Host"), (BEIRUT, "Beirut")].map(|(id, name)| (id, (name.to_owned(), None))).into();
        let keywords =
            ["beirut", "peace talks", "people"].map(|text| Keyword { folded: text.to_owned(), text: text.to_owned() });
        let (texts, about) = subjects(&rows, &names, &keywords);
        let told = |at: usize| -> Vec<(&str, f32)> {
            let weight = |subject: &Subject| (subject.weight * 100.0).round() / 100.0;
            about[at].iter().map(|subject| (texts[subject.id as usize].as_str(), weight(subject))).collect()
        };
        // The keyword that reads as the name is the name; the host tells nothing.
        assert_eq!(told(0), [("Beirut", 0.71), ("peace talks", 0.71), ("people", 0.45)]);
        assert_eq!(told(1), [("Beirut", 0.28), ("peace talks", 0.71)]);
        assert_eq!(told(2), []);
    }
}
