//! Hits, and which of them are right.

use super::fold::Folded;
use super::material::{HeardSystem, Material};
use super::mentions::{Class, HeardMention};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// A place where somebody who searches for a name is led.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoredHit {
    /// Index into [`Material::queries`].
    pub query: usize,
    /// Index into [`Material::calls`].
    pub call: usize,
    /// Heard words; never empty.
    pub words: Range<usize>,
    /// Greater is likelier; a probability for those that calibrate.
    pub score: f32,
}

/// What a hit is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// The name was said here, and heard so.
    Right(Class),
    /// It was not.
    False,
    /// Neither way: its mention has a better hit already, the words were said without being marked as a name, or the
    /// same name in other letters is marked there.
    Ignored,
}

/// A hit and what it is worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Labelled {
    /// The hit.
    pub hit: ScoredHit,
    /// What it is worth.
    pub label: Label,
    /// Whether the heard words are the name in the same letters: what search by words finds too.
    pub lexical: bool,
}

/// How often a mention can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// By its best hit; further ones are ignored. For measuring.
    Once,
    /// The same, but the same name in other letters is another name.
    OnceByLetters,
    /// By each hit that overlaps it. For training on candidates.
    Each,
}

/// The best first; the order of equal scores is fixed. Of hits for one name that overlap only the best stays.
pub fn best(mut hits: Vec<ScoredHit>) -> Vec<ScoredHit> {
    sort(&mut hits);
    let mut taken: HashSet<(usize, usize, usize)> = HashSet::new();
    hits.retain(|hit| {
        let mut words = hit.words.clone().map(|word| (hit.query, hit.call, word));
        let free = words.all(|word| !taken.contains(&word));
        if free {
            taken.extend(hit.words.clone().map(|word| (hit.query, hit.call, word)));
        }
        free
    });
    hits
}

fn sort(hits: &mut [ScoredHit]) {
    let place = |hit: &ScoredHit| (hit.call, hit.query, hit.words.start, hit.words.end);
    hits.sort_by(|left, right| right.score.total_cmp(&left.score).then_with(|| place(left).cmp(&place(right))));
}

/// Labels hits of one system, the best first.
pub fn label(material: &Material, system: &HeardSystem, mut hits: Vec<ScoredHit>, counting: Counting) -> Vec<Labelled> {
    sort(&mut hits);
    let mut truths: HashMap<(usize, usize), Truth> = HashMap::new();
    for (call, heard) in system.calls.iter().enumerate() {
        let Some(heard) = heard else { continue };
        for mention in &heard.mentions {
            truths.entry((call, mention.query)).or_default().mentions.push((mention, false));
        }
        for (query, words) in &heard.unmarked {
            truths.entry((call, *query)).or_default().unmarked.push(words);
        }
    }
    let labelled = hits.into_iter().map(|hit| {
        let mut label = Label::False;
        if let Some(truth) = truths.get_mut(&(hit.call, hit.query)) {
            label = truth.label(&hit.words, counting);
        }
        let mut same = material.same[hit.query].iter().filter_map(|other| truths.get(&(hit.call, *other)));
        if label == Label::False && counting != Counting::OnceByLetters && same.any(|truth| truth.meets(&hit.words)) {
            label = Label::Ignored;
        }
        let heard = system.calls[hit.call].as_ref().map_or(&[][..], |call| &call.words[hit.words.clone()]);
        let heard = Folded::new(heard.iter().map(|word| word.text.as_str()));
        let lexical = heard.parts.concat() == material.queries[hit.query].parts.concat();
        Labelled { hit, label, lexical }
    });
    labelled.collect()
}

/// Where one name is in one call.
#[derive(Default)]
struct Truth<'a> {
    mentions: Vec<(&'a HeardMention, bool)>,
    unmarked: Vec<&'a Range<usize>>,
}

impl Truth<'_> {
    fn label(&mut self, words: &Range<usize>, counting: Counting) -> Label {
        let mut touched = self.mentions.iter_mut().filter(|(mention, _)| touches(words, &mention.words)).peekable();
        let met = touched.peek().is_some();
        let free = touched
            .filter(|(_, found)| counting == Counting::Each || !found)
            .max_by_key(|(mention, _)| shared(words, &mention.words));
        if let Some((mention, found)) = free {
            *found = true;
            return Label::Right(mention.class);
        }
        if met || self.meets(words) { Label::Ignored } else { Label::False }
    }

    /// Whether the name was said there, marked or not.
    fn meets(&self, words: &Range<usize>) -> bool {
        let mentions = self.mentions.iter().map(|(mention, _)| &mention.words);
        mentions.chain(self.unmarked.iter().copied()).any(|said| touches(words, said))
    }
}

/// Whether a hit leads to these words, or, if there are none, to a word beside the place.
pub fn touches(hit: &Range<usize>, words: &Range<usize>) -> bool {
    if words.is_empty() {
        return hit.start <= words.start && words.start <= hit.end;
    }
    hit.start < words.end && words.start < hit.end
}

fn shared(left: &Range<usize>, right: &Range<usize>) -> usize {
    left.end.min(right.end).saturating_sub(left.start.max(right.start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::fixture::{material, query};

    #[test]
    fn hits_are_right_once() {
        let material = material(&[(
            "ask PERSON[Soleimani] of GPE[Iran] then PERSON[Josh] again so iran said PERSON[Soleimani]",
            &["ask sola money of iran then again so iran said soleimani"],
        )]);
        let hit =
            |name: &str, words: Range<usize>, score| ScoredHit { query: query(&material, name), call: 0, words, score };
        let check = |hit: ScoredHit, expected: Label| {
            let labelled = label(&material, &material.systems[0], vec![hit.clone()], Counting::Once);
            assert_eq!(labelled[0].label, expected, "{hit:?}");
        };
        check(hit("soleimani", 1..2, 0.5), Label::Right(Class::Misheard));
        check(hit("soleimani", 1..3, 0.5), Label::Right(Class::Misheard));
        check(hit("soleimani", 3..4, 0.5), Label::False);
        check(hit("soleimani", 10..11, 0.5), Label::Right(Class::Exact));
        check(hit("iran", 1..2, 0.5), Label::False);
        check(hit("iran", 4..5, 0.5), Label::Right(Class::Exact));
        // Said there, but nobody marked it.
        check(hit("iran", 8..9, 0.5), Label::Ignored);
        // Left out between "then" and "again".
        check(hit("josh", 5..6, 0.5), Label::Right(Class::Deleted));
        check(hit("josh", 6..7, 0.5), Label::Right(Class::Deleted));
        check(hit("josh", 7..8, 0.5), Label::False);
        let twice = || vec![hit("soleimani", 1..2, 0.4), hit("soleimani", 2..3, 0.6)];
        let labels = |counting| {
            label(&material, &material.systems[0], twice(), counting)
                .into_iter()
                .map(|item| item.label)
                .collect::<Vec<_>>()
        };
        assert_eq!(labels(Counting::Once), [Label::Right(Class::Misheard), Label::Ignored]);
        assert_eq!(labels(Counting::Each), [Label::Right(Class::Misheard); 2]);
    }

    #[test]
    fn the_same_name_in_other_letters_counts_neither_way() {
        let material =
            material(&[("PERSON[Mark Conley] and PERSON[Mark Connelly]", &["mark connolly and mark conolly"])]);
        let hit = ScoredHit { query: query(&material, "mark conley"), call: 0, words: 3..5, score: 0.9 };
        let check = |counting, expected: Label| {
            let labelled = label(&material, &material.systems[0], vec![hit.clone()], counting);
            assert_eq!(labelled[0].label, expected, "{counting:?}");
        };
        check(Counting::Once, Label::Ignored);
        check(Counting::Each, Label::Ignored);
        check(Counting::OnceByLetters, Label::False);
    }

    #[test]
    fn of_hits_that_overlap_the_best_stays() {
        let hit = |query, words, score| ScoredHit { query, call: 0, words, score };
        let kept =
            best(vec![hit(0, 1..2, 0.4), hit(0, 1..3, 0.6), hit(0, 2..4, 0.5), hit(0, 3..4, 0.1), hit(1, 1..2, 0.2)]);
        assert_eq!(kept, [hit(0, 1..3, 0.6), hit(1, 1..2, 0.2), hit(0, 3..4, 0.1)]);
    }

    #[test]
    fn what_words_find_is_told_apart() {
        let material = material(&[("PERSON[D'Ambrosia] PERSON[D'Ambrosia]", &["d ambrosia the ambrosia"])]);
        let hits = [0..2, 2..4].map(|words| ScoredHit { query: 0, call: 0, words, score: 0.5 });
        let labelled = label(&material, &material.systems[0], hits.to_vec(), Counting::Once);
        assert_eq!(labelled.iter().map(|item| item.lexical).collect::<Vec<_>>(), [true, false]);
    }
}
