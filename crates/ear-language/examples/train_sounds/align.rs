//! Which letter says which phones: each letter none, one or two, in order. Expectation maximisation over all ways to
//! share out the phones (Baum-Welch on a model of one state), then the likeliest way for each word.

use ear_language::sounds::Phone;
use ear_language::sounds::rules::{Class, Letters};

/// How often the chances are reckoned anew; they have settled by then.
const ROUNDS: usize = 8;

/// A letter that says something as rarely as this is a mistake, a foreign word or an abbreviation: such a word
/// teaches nothing.
const RAREST: usize = 6;

/// Nothing, one of 39 phones, or two of them.
const SAYINGS: usize = 1 + Phone::COUNT + Phone::COUNT * Phone::COUNT;

/// Words with the class of each letter.
pub struct Aligned<'a> {
    /// What letters say.
    pub classes: Vec<Class>,
    /// The words, and an index into `classes` for each letter.
    pub words: Vec<(&'a Letters, Vec<u8>)>,
}

/// Chances of each saying, for each letter.
struct Chances(Vec<[f64; SAYINGS]>);

/// Aligns all words that can be.
pub fn align<'a>(words: &'a [(Letters, &[Phone])]) -> Aligned<'a> {
    let mut chances = Chances::even();
    for _ in 0..ROUNDS {
        let mut counts = vec![[0.0; SAYINGS]; 26];
        for (letters, phones) in words {
            chances.count(letters, phones, &mut counts);
        }
        chances = Chances::of(counts);
    }
    let best: Vec<(&Letters, Vec<usize>)> =
        words.iter().filter_map(|(letters, phones)| Some((letters, chances.best(letters, phones)?))).collect();
    let mut counts = vec![[0_usize; SAYINGS]; 26];
    for (letters, said) in &best {
        said.iter().enumerate().for_each(|(at, saying)| counts[letters.letter(at)][*saying] += 1);
    }
    let usual = |letters: &Letters, said: &[usize]| {
        said.iter().enumerate().all(|(at, saying)| counts[letters.letter(at)][*saying] >= RAREST)
    };
    let mut used: Vec<usize> =
        best.iter().filter(|(letters, said)| usual(letters, said)).flat_map(|(_, said)| said.iter().copied()).collect();
    used.sort_unstable();
    used.dedup();
    let class = |saying: &usize| used.binary_search(saying).unwrap_or_default() as u8;
    let aligned = best
        .iter()
        .filter(|(letters, said)| usual(letters, said))
        .map(|(letters, said)| (*letters, said.iter().map(class).collect()));
    Aligned { words: aligned.collect(), classes: used.iter().map(|saying| class_of(*saying)).collect() }
}

fn class_of(saying: usize) -> Class {
    let Some(saying) = saying.checked_sub(1) else { return [None, None] };
    let Some(pair) = saying.checked_sub(Phone::COUNT) else { return [Phone::from_index(saying), None] };
    [Phone::from_index(pair / Phone::COUNT), Phone::from_index(pair % Phone::COUNT)]
}

fn saying_of(phones: &[Phone]) -> usize {
    match phones {
        [] => 0,
        [only] => 1 + only.index(),
        [first, second, ..] => 1 + Phone::COUNT * (1 + first.index()) + second.index(),
    }
}

impl Chances {
    /// To begin with: one phone a letter is as likely as none, two are rare.
    fn even() -> Chances {
        let mut chances = [1e-5; SAYINGS];
        chances[0] = 0.2;
        chances[1..=Phone::COUNT].fill(0.02);
        Chances(vec![chances; 26])
    }

    fn of(mut counts: Vec<[f64; SAYINGS]>) -> Chances {
        for letter in &mut counts {
            let sum: f64 = letter.iter().sum::<f64>() + 1e-9;
            letter.iter_mut().for_each(|count| *count /= sum);
        }
        Chances(counts)
    }

    /// Adds how often each letter of the word is expected to have said what.
    fn count(&self, letters: &Letters, phones: &[Phone], counts: &mut [[f64; SAYINGS]]) {
        let (n, m) = (letters.len(), phones.len());
        let width = m + 1;
        let mut forward = vec![0.0; (n + 1) * width];
        let mut backward = vec![0.0; (n + 1) * width];
        forward[0] = 1.0;
        backward[n * width + m] = 1.0;
        for i in 0..n {
            for j in 0..=m {
                for k in j..=(j + 2).min(m) {
                    let chance = self.0[letters.letter(i)][saying_of(&phones[j..k])];
                    forward[(i + 1) * width + k] += forward[i * width + j] * chance;
                }
            }
        }
        for i in (0..n).rev() {
            for j in 0..=m {
                for k in j..=(j + 2).min(m) {
                    let chance = self.0[letters.letter(i)][saying_of(&phones[j..k])];
                    backward[i * width + j] += backward[(i + 1) * width + k] * chance;
                }
            }
        }
        let whole = forward[n * width + m];
        if whole <= 0.0 {
            return;
        }
        for i in 0..n {
            for j in 0..=m {
                for k in j..=(j + 2).min(m) {
                    let saying = saying_of(&phones[j..k]);
                    let chance = self.0[letters.letter(i)][saying];
                    counts[letters.letter(i)][saying] +=
                        forward[i * width + j] * chance * backward[(i + 1) * width + k] / whole;
                }
            }
        }
    }

    /// What each letter says, the likeliest way (Viterbi 1967). `None` if there is no way.
    fn best(&self, letters: &Letters, phones: &[Phone]) -> Option<Vec<usize>> {
        let (n, m) = (letters.len(), phones.len());
        let width = m + 1;
        let mut scores = vec![0.0; (n + 1) * width];
        let mut from = vec![0; (n + 1) * width];
        scores[0] = 1.0;
        for i in 0..n {
            for j in 0..=m {
                for k in j..=(j + 2).min(m) {
                    let score = scores[i * width + j] * self.0[letters.letter(i)][saying_of(&phones[j..k])];
                    if score > scores[(i + 1) * width + k] {
                        scores[(i + 1) * width + k] = score;
                        from[(i + 1) * width + k] = j;
                    }
                }
            }
        }
        if scores[n * width + m] <= 0.0 {
            return None;
        }
        let mut said = vec![0; n];
        let mut k = m;
        for i in (0..n).rev() {
            let j = from[(i + 1) * width + k];
            said[i] = saying_of(&phones[j..k]);
            k = j;
        }
        Some(said)
    }
}
