//! How alike two spellings sound, without a dictionary: spelling is brought close to sound by rules (in the manner
//! of Philips 1990, "Hanging on the Metaphone"), then the cheapest edits between the sounds are counted
//! (Wagner and Fischer 1974), where like sounds cost less than unlike ones.

use unicode_normalization::UnicodeNormalization;

/// Spellings of one sound; the longest that fit are taken first.
const SPELLINGS: &[(&str, &str)] = &[
    ("tch", "C"),
    ("sch", "S"),
    ("ch", "C"),
    ("sh", "S"),
    ("ph", "f"),
    ("th", "T"),
    ("ck", "k"),
    ("qu", "kw"),
    ("wh", "w"),
    ("gh", ""),
    ("kn", "n"),
    ("dg", "j"),
    ("ce", "se"),
    ("ci", "si"),
    ("cy", "sy"),
    ("c", "k"),
    ("q", "k"),
    ("x", "ks"),
];

/// Costs of hearing one consonant for another, both ways.
const LIKE: &[(char, char, f32)] = &[
    ('b', 'p', 0.4),
    ('d', 't', 0.4),
    ('g', 'k', 0.4),
    ('v', 'f', 0.4),
    ('s', 'z', 0.2),
    ('m', 'n', 0.5),
    ('r', 'l', 0.7),
    ('w', 'v', 0.6),
    ('C', 'j', 0.4),
    ('C', 'S', 0.4),
    ('C', 't', 0.5),
    ('C', 'k', 0.5),
    ('S', 's', 0.4),
    ('T', 't', 0.4),
    ('T', 'd', 0.5),
    ('T', 's', 0.6),
    ('T', 'f', 0.5),
    ('g', 'j', 0.5),
    ('z', 'j', 0.6),
];

/// A spelling as a row of sounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sounds(Vec<char>);

impl Sounds {
    /// The sounds of a text; spaces, marks and accents count for nothing.
    pub fn of(text: &str) -> Self {
        let letters: String = text.nfd().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect();
        let mut sounds: Vec<char> = Vec::new();
        let mut rest = letters.as_str();
        while let Some(first) = rest.chars().next() {
            let spelling = SPELLINGS.iter().find(|(spelling, _)| rest.starts_with(spelling));
            let (taken, sound) = match spelling {
                // The vowel after a soft c is a sound of its own.
                Some((spelling, sound)) if sound.ends_with(['e', 'i', 'y']) => (spelling.len() - 1, &sound[..1]),
                Some((spelling, sound)) => (spelling.len(), *sound),
                None => (first.len_utf8(), &rest[..first.len_utf8()]),
            };
            for sound in sound.chars() {
                if sounds.last() != Some(&sound) {
                    sounds.push(sound);
                }
            }
            rest = &rest[taken..];
        }
        Self(sounds)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    fn weight(&self) -> f32 {
        self.0.iter().map(|sound| gap(*sound)).sum()
    }

    /// From 0 (nothing in common) to 1 (the same sounds). Says 0 where it would be below `least`.
    pub fn likeness(&self, other: &Self, least: f32) -> f32 {
        let (mine, theirs) = (self.weight(), other.weight());
        let longest = mine.max(theirs);
        if longest == 0.0 || (mine - theirs).abs() > (1.0 - least) * longest {
            return 0.0;
        }
        let likeness = 1.0 - self.distance(other) / longest;
        if likeness < least { 0.0 } else { likeness }
    }

    fn distance(&self, other: &Self) -> f32 {
        let mut row = vec![0.0];
        row.extend(other.0.iter().scan(0.0, |sum, sound| {
            *sum += gap(*sound);
            Some(*sum)
        }));
        for mine in &self.0 {
            let mut diagonal = row[0];
            row[0] += gap(*mine);
            for (at, theirs) in other.0.iter().enumerate() {
                let above = row[at + 1];
                row[at + 1] = (diagonal + exchange(*mine, *theirs)).min(above + gap(*mine)).min(row[at] + gap(*theirs));
                diagonal = above;
            }
        }
        row[other.0.len()]
    }
}

fn is_vowel(sound: char) -> bool {
    matches!(sound, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

/// The cost of a sound too many or too few.
fn gap(sound: char) -> f32 {
    match sound {
        sound if is_vowel(sound) => 0.5,
        'h' | 'w' => 0.5,
        'r' => 0.8,
        _ => 1.0,
    }
}

fn exchange(one: char, other: char) -> f32 {
    if one == other {
        return 0.0;
    }
    if is_vowel(one) && is_vowel(other) {
        return 0.3;
    }
    let alike = LIKE.iter().find(|(a, b, _)| (*a, *b) == (one, other) || (*a, *b) == (other, one));
    alike.map_or(1.0, |(_, _, cost)| *cost)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_become_sounds() {
        let check = |text: &str, expected: &str| assert_eq!(Sounds::of(text).0, expected.chars().collect::<Vec<_>>());
        check("", "");
        check("Comfy UI", "komfyui");
        check("cell", "sel");
        check("Nuzhat al-Zaman", "nuzhatalzaman");
        check("Phoebe's knight", "foebesnit");
        check("Quick, thatcher!", "kwikTaCer");
        check("Čapek", "kapek");
        check("Юрий", "юри");
    }

    #[test]
    fn like_sounds_are_told_from_unlike_ones() {
        let check = |one: &str, other: &str, expected: bool| {
            let likeness = Sounds::of(one).likeness(&Sounds::of(other), 0.62);
            assert_eq!(likeness > 0.0, expected, "{one} / {other}: {likeness}");
        };
        check("comfy eye", "ComfyUI", true);
        check("cooper netties", "Kubernetes", true);
        check("sir shah", "Saoirse", false);
        check("Jane Goodall", "Jayne Goodal", true);
        check("wagner", "Vagner", true);
        check("table", "chair", false);
        check("a", "Kubernetes", false);
        check("", "Kubernetes", false);
        check("", "", false);
    }

    proptest! {
        #[test]
        fn likeness_is_symmetric_and_bounded(one in "\\PC{0,12}", other in "[a-z ]{0,12}") {
            let (one, other) = (Sounds::of(&one), Sounds::of(&other));
            let likeness = one.likeness(&other, 0.0);
            prop_assert!((0.0..=1.0).contains(&likeness));
            prop_assert!((likeness - other.likeness(&one, 0.0)).abs() < 1e-4);
            prop_assert!(one.len() == 0 || one.likeness(&one, 0.0) > 0.999);
        }
    }
}
