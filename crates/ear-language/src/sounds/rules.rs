//! Letter-to-sound rules: what each letter is said as, given the letters around it and the phones already said.
//!
//! One binary decision tree a letter (Black, Lenzo and Pagel 1998, "Issues in building general letter to sound
//! rules"), learned by `examples/train_sounds`. A letter says up to two phones. Words are read from their end, as
//! it is the endings that tell where English words are stressed, and so which vowels are weak.
//!
//! The file is little-endian: `EWR1`; the number of classes (u16) and each class as two bytes (phone index, 255 for
//! none); the number of questions (u16) and each question's values as a bit set (u64); 26 roots (u32, offsets into
//! the nodes); the nodes. A node that asks is: feature (u8), question (u16), offset of the node for "yes" (u24),
//! and "no" follows at once. A node that answers is: 255, class, second best class, and how much less likely that
//! one is (u8, in sixteenths of a natural logarithm).

use super::Phone;

/// How many features of its surroundings a letter's tree may ask for.
pub const FEATURES: usize = 12;

/// The most letters of a word that are read.
pub const MAX_LETTERS: usize = 64;

const LEAF: u8 = 255;
const NO_PHONE: u8 = 255;
const MAGIC: &[u8] = b"EWR1";

/// What a letter may say: at most two phones.
pub type Class = [Option<Phone>; 2];

/// The rules, read in place from the bytes of their file.
pub struct Rules<'a> {
    classes: Vec<Class>,
    questions: Vec<u64>,
    roots: [u32; 26],
    nodes: &'a [u8],
}

/// What the tree of one letter answers.
#[derive(Clone, Copy, Debug, Default)]
struct Answer {
    class: u8,
    second: u8,
    cost: u8,
}

/// The letters of one word, 1 for A to 26 for Z, and how many groups of vowel letters come before each.
pub struct Letters {
    codes: [u8; MAX_LETTERS],
    vowels: [u8; MAX_LETTERS],
    length: usize,
}

impl Letters {
    /// Takes the letters A to Z of `word` in either case, the first [`MAX_LETTERS`] of them, and nothing else.
    pub fn of(word: &str) -> Letters {
        let mut letters = Letters { codes: [0; MAX_LETTERS], vowels: [0; MAX_LETTERS], length: 0 };
        let mut groups = 0;
        let mut in_group = false;
        for letter in word.bytes().filter(u8::is_ascii_alphabetic).take(MAX_LETTERS) {
            let letter = letter.to_ascii_lowercase();
            let vowel = matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
            groups += u8::from(vowel && !in_group);
            in_group = vowel;
            letters.codes[letters.length] = letter - b'a' + 1;
            letters.vowels[letters.length] = groups;
            letters.length += 1;
        }
        letters
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The letter at `at`, 0 to 25. Panics if there is none.
    pub fn letter(&self, at: usize) -> usize {
        usize::from(self.codes[at]) - 1
    }

    /// What the tree of the letter at `at` may ask for, each below 64: four letters before it, four behind it (0
    /// where the word has ended), the two phones that follow (their index and 1, 0 for none), and how many groups
    /// of vowels come before and behind (at most 3). Panics if there is no letter at `at`.
    pub fn features(&self, at: usize, following: [Option<Phone>; 2]) -> [u8; FEATURES] {
        let code = |place: Option<usize>| place.filter(|place| *place < self.length).map_or(0, |p| self.codes[p]);
        let phone = |phone: Option<Phone>| phone.map_or(0, |phone| phone.index() as u8 + 1);
        let groups = self.vowels[self.length - 1];
        let behind = groups - self.vowels[at];
        let before = at.checked_sub(1).map_or(0, |before| self.vowels[before]);
        [
            code(at.checked_sub(1)),
            code(at.checked_sub(2)),
            code(at.checked_sub(3)),
            code(at.checked_sub(4)),
            code(Some(at + 1)),
            code(Some(at + 2)),
            code(Some(at + 3)),
            code(Some(at + 4)),
            phone(following[0]),
            phone(following[1]),
            before.min(3),
            behind.min(3),
        ]
    }
}

/// Puts a class before the two phones that follow.
pub fn follow(class: Class, following: [Option<Phone>; 2]) -> [Option<Phone>; 2] {
    match class {
        [Some(first), Some(second)] => [Some(first), Some(second)],
        [Some(only), None] | [None, Some(only)] => [Some(only), following[0]],
        [None, None] => following,
    }
}

impl<'a> Rules<'a> {
    /// Reads the file. `None` if these are not rules.
    pub fn read(bytes: &'a [u8]) -> Option<Rules<'a>> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (count, rest) = rest.split_first_chunk::<2>()?;
        let (classes, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes(*count)) * 2)?;
        let phone = |byte: u8| Phone::from_index(usize::from(byte));
        let classes = classes.chunks_exact(2).map(|class| [phone(class[0]), phone(class[1])]).collect();
        let (count, rest) = rest.split_first_chunk::<2>()?;
        let (questions, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes(*count)) * 8)?;
        let questions = questions.as_chunks::<8>().0.iter().map(|bits| u64::from_le_bytes(*bits)).collect();
        let (offsets, nodes) = rest.split_at_checked(26 * 4)?;
        let mut roots = [0; 26];
        for (root, offset) in roots.iter_mut().zip(offsets.as_chunks::<4>().0) {
            *root = u32::from_le_bytes(*offset);
        }
        Some(Rules { classes, questions, roots, nodes })
    }

    /// Appends what the letters of `word` most likely say.
    pub fn say(&self, word: &str, phones: &mut Vec<Phone>) {
        self.read_letters(&Letters::of(word), None, phones);
    }

    /// Ways to say `word`, likeliest first, at most `limit`, each with its cost against the first in natural
    /// logarithms: where a letter's second best answer costs least, that one is taken instead.
    pub fn ways(&self, word: &str, limit: usize) -> Vec<(Vec<Phone>, f32)> {
        let letters = Letters::of(word);
        let mut first = Vec::new();
        let mut doubts = self.read_letters(&letters, None, &mut first);
        doubts.sort_by_key(|(at, answer)| (answer.cost, *at));
        let mut ways = vec![(first, 0.0)];
        for (at, answer) in doubts {
            if ways.len() >= limit {
                break;
            }
            let mut phones = Vec::new();
            self.read_letters(&letters, Some((at, answer.second)), &mut phones);
            if ways.iter().all(|(known, _)| *known != phones) {
                ways.push((phones, f32::from(answer.cost) / 16.0));
            }
        }
        ways
    }

    /// Reads from the last letter to the first, and appends. Gives the letters that could say something else.
    fn read_letters(
        &self,
        letters: &Letters,
        forced: Option<(usize, u8)>,
        phones: &mut Vec<Phone>,
    ) -> Vec<(usize, Answer)> {
        let begin = phones.len();
        let mut following = [None; 2];
        let mut doubts = Vec::new();
        for at in (0..letters.len()).rev() {
            let answer = self.answer(letters.letter(at), &letters.features(at, following)).unwrap_or_default();
            let said = forced.filter(|(place, _)| *place == at).map_or(answer.class, |(_, class)| class);
            if answer.second != answer.class {
                doubts.push((at, answer));
            }
            let class = self.classes.get(usize::from(said)).copied().unwrap_or_default();
            following = follow(class, following);
            phones.extend(class.into_iter().rev().flatten());
        }
        phones[begin..].reverse();
        doubts
    }

    /// Walks down the tree of `letter`.
    fn answer(&self, letter: usize, features: &[u8; FEATURES]) -> Option<Answer> {
        let mut at = self.roots[letter] as usize;
        // "Yes" leads forward only, so this ends.
        loop {
            let node = self.nodes.get(at..)?;
            if *node.first()? == LEAF {
                return Some(Answer { class: *node.get(1)?, second: *node.get(2)?, cost: *node.get(3)? });
            }
            let node = node.first_chunk::<6>()?;
            let question = self.questions.get(usize::from(u16::from_le_bytes([node[1], node[2]])))?;
            let value = *features.get(usize::from(node[0]))?;
            let yes = u32::from_le_bytes([node[3], node[4], node[5], 0]) as usize;
            at = if question >> value & 1 == 0 {
                at + 6
            } else if yes > at {
                yes
            } else {
                return None;
            };
        }
    }
}

/// Whether `word` belongs to this twentieth of all words; the rules are learned without the twentieth 0.
pub fn held_out(word: &str, share: u32) -> bool {
    // FNV-1a, as it is the same everywhere.
    let hash = word.bytes().fold(0x811C_9DC5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    (hash >> 8) % 20 == share
}

/// A tree as it is learned: "yes" is taken if the bit of the feature's value is set.
pub enum Tree {
    /// Asks.
    Ask {
        /// Which feature, below [`FEATURES`].
        feature: u8,
        /// The values for "yes", as a bit set.
        values: u64,
        /// Where to go then.
        yes: Box<Tree>,
        /// Where to go otherwise.
        no: Box<Tree>,
    },
    /// Answers: class, second best class (the same if there is none), its cost in sixteenths of a logarithm.
    Say(u8, u8, u8),
}

/// Writes the file that [`Rules::read`] reads. `None` if something does not fit: more than 255 classes, 65,535
/// questions or 16 MB of nodes.
pub fn write(classes: &[Class], trees: &[Tree; 26]) -> Option<Vec<u8>> {
    let mut questions = Vec::new();
    trees.iter().for_each(|tree| list_questions(tree, &mut questions));
    questions.sort_unstable();
    questions.dedup();
    let mut nodes = Vec::new();
    let mut bytes = MAGIC.to_vec();
    bytes.extend(u16::try_from(classes.len()).ok().filter(|count| *count <= 255)?.to_le_bytes());
    for phone in classes.as_flattened() {
        bytes.push(phone.map_or(NO_PHONE, |phone| phone.index() as u8));
    }
    bytes.extend(u16::try_from(questions.len()).ok()?.to_le_bytes());
    questions.iter().for_each(|question| bytes.extend(question.to_le_bytes()));
    for tree in trees {
        bytes.extend(u32::try_from(nodes.len()).ok()?.to_le_bytes());
        write_node(tree, &questions, &mut nodes)?;
    }
    bytes.extend(nodes);
    Some(bytes)
}

fn list_questions(tree: &Tree, questions: &mut Vec<u64>) {
    if let Tree::Ask { values, yes, no, .. } = tree {
        questions.push(*values);
        list_questions(yes, questions);
        list_questions(no, questions);
    }
}

fn write_node(tree: &Tree, questions: &[u64], nodes: &mut Vec<u8>) -> Option<()> {
    match tree {
        Tree::Say(class, second, cost) => nodes.extend([LEAF, *class, *second, *cost]),
        Tree::Ask { feature, values, yes, no } => {
            let question = questions.binary_search(values).ok()? as u16;
            nodes.push(*feature);
            nodes.extend(question.to_le_bytes());
            let place = nodes.len();
            nodes.extend([0; 3]);
            write_node(no, questions, nodes)?;
            let [a, b, c, 0] = u32::try_from(nodes.len()).ok()?.to_le_bytes() else { return None };
            nodes[place..place + 3].copy_from_slice(&[a, b, c]);
            write_node(yes, questions, nodes)?;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// C says S before E, I and Y, else K; A says AE or, less likely, AA; T says T.
    fn sample() -> Vec<u8> {
        let classes = [[None; 2], [Some(Phone::S), None], [Some(Phone::K), None], [Some(Phone::AE), None]];
        let more = [[Some(Phone::AA), None], [Some(Phone::T), None]];
        let code = |letter: u8| 1_u64 << (letter - b'a' + 1);
        let trees = std::array::from_fn(|letter| match b'a' + letter as u8 {
            b'a' => Tree::Say(3, 4, 16),
            b'c' => Tree::Ask {
                feature: 4,
                values: code(b'e') | code(b'i') | code(b'y'),
                yes: Box::new(Tree::Say(1, 1, 0)),
                no: Box::new(Tree::Say(2, 2, 0)),
            },
            b't' => Tree::Say(5, 5, 0),
            _ => Tree::Say(0, 0, 0),
        });
        write(&[classes.as_slice(), &more].concat(), &trees).expect("rules")
    }

    #[test]
    fn what_is_written_is_read_back() {
        let bytes = sample();
        let rules = Rules::read(&bytes).expect("rules");
        for (word, expected) in [("cat", vec!["K AE T", "K AA T"]), ("Cite", vec!["S T"]), ("", vec![""])] {
            let ways: Vec<String> = rules
                .ways(word, 3)
                .into_iter()
                .map(|(phones, _)| phones.into_iter().map(Phone::as_str).collect::<Vec<_>>().join(" "))
                .collect();
            assert_eq!(ways, expected, "{word}");
        }
    }

    #[test]
    fn broken_files_give_nothing_and_do_not_panic() {
        let bytes = sample();
        for end in 0..bytes.len() {
            if let Some(rules) = Rules::read(&bytes[..end]) {
                rules.say("cat", &mut Vec::new());
            }
        }
        for place in 0..bytes.len() {
            let mut broken = bytes.clone();
            broken[place] ^= 0xFF;
            if let Some(rules) = Rules::read(&broken) {
                rules.ways("cat", 3);
            }
        }
    }
}
