//! What speaks for and against heard words standing for a name, in numbers.

use super::matching::{Place, Reading, makeup};
use super::{Phone, is_known, pronounce_name};
use crate::commonness;
use crate::gazetteer;

/// The fewest letters of a piece of a name that is written with more spaces than it has.
const MIN_PIECE: usize = 3;

/// A name that is looked for, with the ways it may be said.
#[derive(Clone, Debug)]
pub struct SoughtName {
    /// As written.
    pub text: String,
    /// The ways it may be said, likeliest first.
    pub readings: Vec<Reading>,
    /// Its words, folded.
    words: Vec<String>,
    letters: String,
    /// How common it is in ordinary English, log10 per thousand million.
    commonness: f32,
    /// The share of its words that are in the dictionary.
    known: f32,
}

impl SoughtName {
    /// A name with at most `most` readings.
    pub fn new(text: &str, most: usize) -> Self {
        let words: Vec<String> = text
            .split_whitespace()
            .map(|word| commonness::fold(word).into_owned())
            .filter(|word| !word.is_empty())
            .collect();
        let readings = pronounce_name(text).into_iter().take(most);
        let readings = readings.map(|said| Reading::new(&said)).collect();
        let texts: Vec<&str> = words.iter().map(String::as_str).collect();
        let commonness = commonness::phrase(&texts[..texts.len().min(4)]);
        let known = share(&texts, is_known);
        Self { text: text.to_owned(), readings, letters: letters(&texts), words, commonness, known }
    }

    /// Whether these folded words are the name itself. Spaces may stand elsewhere, but small words do not make up a
    /// name: "Iraq is" is not "Iraqis".
    pub fn is_spelled(&self, heard: &[&str]) -> bool {
        let size = |word: &&str| word.chars().filter(|c| c.is_alphanumeric()).count();
        let is_likely = heard.len() <= self.words.len()
            || heard.iter().all(|word| size(word) >= MIN_PIECE)
            || heard.iter().all(|word| size(word) == 1);
        is_likely && letters(heard) == self.letters
    }

    /// The share of its letters that belong to words that are among these.
    fn shared(&self, heard: &[&str]) -> f32 {
        let bare = |word: &str| word.strip_suffix("'s").unwrap_or(word).to_owned();
        let words = self.words.iter().filter(|word| heard.iter().any(|heard| bare(heard) == bare(word)));
        words.map(String::len).sum::<usize>() as f32 / self.letters.len().max(1) as f32
    }

    /// How many letters it has.
    pub fn letters(&self) -> usize {
        self.letters.len()
    }
}

/// How often words were said, and the name.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Usage {
    /// How often the heard words stand in the library, in a row.
    pub library: u64,
    /// How many words the library has.
    pub library_words: u64,
    /// How often they stand in this episode.
    pub here: u64,
    /// How many other places of the library sound at least as much like the name.
    pub rivals: u64,
    /// How often the name is spelled in the library.
    pub exact_library: u64,
    /// How often it is spelled in this episode.
    pub exact_here: u64,
    /// How many words the episode has.
    pub words_here: u64,
}

/// Words in a library that is large enough for its counts to be shares: as many as that of the examples that the trees
/// were fitted to. In a smaller one a count is a count.
const LARGE: u64 = 150_000;

impl Usage {
    /// Writes the clues that are about usage among those of a place: what was said elsewhere may be counted when the
    /// rest is known already.
    pub fn put(&self, clues: &mut [f32]) {
        // Of each million words, so that a library may grow.
        let share = |count| log(per_million(count, self.library_words));
        clues[LIBRARY] = share(self.library);
        clues[HERE_SHARE] = self.here as f32 / self.library.max(1) as f32;
        clues[HERE] = log(self.here);
        clues[EXACT_LIBRARY] = share(self.exact_library);
        clues[EXACT_HERE] = log(self.exact_here);
        clues[RIVALS] = share(self.rivals);
        clues[ODDS] = self.name_rate() - clues[PHRASE];
    }

    /// How common the name is in this episode, as commonness is counted: log10 of occurrences in a thousand million
    /// words. Of one that is not spelled here there may be some all the same.
    fn name_rate(&self) -> f32 {
        let rate = (self.exact_here as f64 + UNSEEN) / self.words_here.max(SHORT) as f64;
        (rate * 1e9).log10() as f32
    }
}

/// How often a name stands for that is not spelled in an episode.
const UNSEEN: f64 = 0.1;
/// An episode of fewer words counts as one of so many.
const SHORT: u64 = 1_000;

fn per_million(count: u64, words: u64) -> u64 {
    (count as f64 * 1e6 / words.max(LARGE) as f64) as u64
}

fn log(count: u64) -> f32 {
    (1.0 + count as f32).log10()
}

/// The place of the clue that says how common the heard words are as a phrase.
pub const PHRASE: usize = 12;
const LIBRARY: usize = 17;
const HERE_SHARE: usize = 18;
const HERE: usize = 19;
const EXACT_LIBRARY: usize = 20;
const EXACT_HERE: usize = 21;
const RIVALS: usize = 27;
const ODDS: usize = 28;
/// The place of the clue that says how much of the name stands there spelled right.
pub const SHARED: usize = 26;
/// How many clues there are.
pub const CLUES: usize = 29;

/// The clues' names, for those who look at a model.
pub const NAMES: [&str; CLUES] = [
    "cost",
    "total",
    "phones",
    "consonants",
    "vowels",
    "first",
    "last",
    "inserted",
    "missed",
    "outside",
    "heard_words",
    "name_words",
    "phrase",
    "rarest",
    "heard_known",
    "name_common",
    "name_known",
    "library",
    "here_share",
    "here",
    "exact_library",
    "exact_here",
    "is_place",
    "letters",
    "same",
    "worst",
    "shared",
    "rivals",
    "odds",
];

/// The clues of one place, in the order of [`NAMES`].
pub type Clues = [f32; CLUES];

/// The clues that these folded words, with these phones, stand for the name.
pub fn clues(
    name: &SoughtName,
    reading: usize,
    place: &Place,
    phones: &[Phone],
    heard: &[&str],
    usage: &Usage,
) -> Clues {
    let reading = &name.readings[reading];
    let length = reading.len().max(1) as f32;
    let aligned = &phones[place.phones.start.min(phones.len())..place.phones.end.min(phones.len())];
    let made = makeup(reading, aligned);
    let vowels = made.vowel_count as f32;
    let consonants = length - vowels;
    let rarest = heard.iter().map(|word| commonness::word(word)).fold(f32::INFINITY, f32::min);
    let phrase = commonness::phrase(&heard[..heard.len().min(4)]);
    let mut clues = [
        place.cost,
        place.cost * length,
        length,
        made.consonants / consonants.max(1.0),
        made.vowels / vowels.max(1.0),
        made.first,
        made.last,
        made.inserted / length,
        made.missed / length,
        1.0 - aligned.len() as f32 / phones.len().max(1) as f32,
        heard.len() as f32,
        name.words.len() as f32,
        phrase,
        rarest,
        share(heard, is_known),
        name.commonness,
        name.known,
        // Usage, below.
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        f32::from(u8::from(gazetteer::place(&heard.join(" ")).is_some())),
        alike(&letters(heard), &name.letters),
        made.same as f32 / length,
        made.worst,
        name.shared(heard),
        0.0,
        0.0,
    ];
    usage.put(&mut clues);
    clues
}

fn share(words: &[&str], is: impl Fn(&str) -> bool) -> f32 {
    words.iter().filter(|word| is(word)).count() as f32 / words.len().max(1) as f32
}

fn letters(words: &[&str]) -> String {
    let spelled = words.iter().flat_map(|word| word.chars()).filter(|c| c.is_alphanumeric() || *c == '&');
    spelled.collect::<String>().replace('&', "and")
}

/// How alike two spellings are: twice the pairs of letters that both have, for each pair of either (Dice 1945).
pub fn alike(a: &str, b: &str) -> f32 {
    let pairs = |text: &str| -> Vec<(char, char)> {
        let framed: Vec<char> = std::iter::once(' ').chain(text.chars()).chain([' ']).collect();
        let mut pairs: Vec<(char, char)> = framed.windows(2).map(|pair| (pair[0], pair[1])).collect();
        pairs.sort_unstable();
        pairs
    };
    let (a, b) = (pairs(a), pairs(b));
    let (mut at, mut to, mut both) = (0, 0, 0);
    while at < a.len() && to < b.len() {
        match a[at].cmp(&b[to]) {
            std::cmp::Ordering::Less => at += 1,
            std::cmp::Ordering::Greater => to += 1,
            std::cmp::Ordering::Equal => (at, to, both) = (at + 1, to + 1, both + 1),
        }
    }
    2.0 * both as f32 / (a.len() + b.len()).max(1) as f32
}
