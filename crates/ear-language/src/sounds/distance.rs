//! How unlike two phones are.
//!
//! The idea is that of feature-weighted edit distance (Mortensen et al. 2016, "PanPhon"): what differs in place,
//! manner and voicing (consonants) or in height, backness, rounding and glide (vowels) adds up. The features are
//! read off the IPA chart for General American (Hall 2011, "Phonological Feature Theory"; Wells 1982 for the
//! vowels). The weights, and the exceptions for pairs that listeners and recognisers take for each other, are our
//! own, set by hand.

use super::Phone;

/// The cost of hearing `b` for `a`, or `a` for `b`, in 64ths of the dearest: 0 for equal phones, 64 for phones as
/// unlike as can be.
pub fn substitution(a: Phone, b: Phone) -> u8 {
    SUBSTITUTION[a.index()][b.index()]
}

/// The cost of hearing `heard` where nothing was said, in the same 64ths.
pub fn insertion(heard: Phone) -> u8 {
    INSERTION[heard.index()]
}

/// The cost of not hearing `said`, in the same 64ths.
pub fn deletion(said: Phone) -> u8 {
    DELETION[said.index()]
}

const UNLIKE: u8 = 64;

static SUBSTITUTION: [[u8; Phone::COUNT]; Phone::COUNT] = substitutions();
static INSERTION: [u8; Phone::COUNT] = gaps(false);
static DELETION: [u8; Phone::COUNT] = gaps(true);

/// A consonant: place from the lips (0) to the throat (22), manner, voicing.
#[derive(Clone, Copy)]
struct Consonant {
    place: u8,
    manner: Manner,
    voiced: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Manner {
    Stop,
    Affricate,
    Fricative,
    Nasal,
    Liquid,
    Glide,
}

/// A vowel: where the tongue begins and ends, as (height 0 low to 6 high, backness 0 front to 4 back).
#[derive(Clone, Copy)]
struct Vowel {
    from: (u8, u8),
    to: (u8, u8),
    rounded: bool,
    rhotic: bool,
    /// Whether unstressed vowels become it, so that it is heard for any other.
    reduced: bool,
}

enum Sound {
    Consonant(Consonant),
    Vowel(Vowel),
}

/// The features of a phone.
const fn sound(phone: Phone) -> Sound {
    use Manner::{Affricate, Fricative, Glide, Liquid, Nasal, Stop};
    let (place, manner, voiced) = match phone {
        Phone::P => (0, Stop, false),
        Phone::B => (0, Stop, true),
        Phone::M => (0, Nasal, true),
        Phone::F => (2, Fricative, false),
        Phone::V => (2, Fricative, true),
        Phone::TH => (5, Fricative, false),
        Phone::DH => (5, Fricative, true),
        Phone::T => (8, Stop, false),
        Phone::D => (8, Stop, true),
        Phone::N => (8, Nasal, true),
        Phone::S => (8, Fricative, false),
        Phone::Z => (8, Fricative, true),
        Phone::L => (8, Liquid, true),
        Phone::R => (10, Liquid, true),
        Phone::CH => (12, Affricate, false),
        Phone::JH => (12, Affricate, true),
        Phone::SH => (12, Fricative, false),
        Phone::ZH => (12, Fricative, true),
        Phone::Y => (15, Glide, true),
        // W has two places; the lips are what is seen and the velum what is heard.
        Phone::W => (10, Glide, true),
        Phone::K => (18, Stop, false),
        Phone::G => (18, Stop, true),
        Phone::NG => (18, Nasal, true),
        Phone::HH => (22, Fricative, false),
        vowel => return Sound::Vowel(vowel_of(vowel)),
    };
    Sound::Consonant(Consonant { place, manner, voiced })
}

const fn vowel_of(phone: Phone) -> Vowel {
    let (from, to) = match phone {
        Phone::IY => ((6, 0), (6, 0)),
        Phone::IH => ((5, 1), (5, 1)),
        Phone::EH => ((2, 1), (2, 1)),
        Phone::AE => ((1, 1), (1, 1)),
        Phone::AA => ((0, 3), (0, 3)),
        Phone::AO => ((2, 4), (2, 4)),
        Phone::UH => ((5, 3), (5, 3)),
        Phone::UW => ((6, 4), (6, 4)),
        Phone::EY => ((3, 0), (6, 0)),
        Phone::AY => ((0, 2), (6, 0)),
        Phone::OY => ((2, 4), (6, 0)),
        Phone::AW => ((0, 2), (6, 4)),
        Phone::OW => ((3, 4), (6, 4)),
        // AH and ER.
        _ => ((3, 2), (3, 2)),
    };
    let rounded = matches!(phone, Phone::AO | Phone::UH | Phone::UW | Phone::OW | Phone::OY);
    let reduced = matches!(phone, Phone::AH | Phone::IH | Phone::ER);
    Vowel { from, to, rounded, rhotic: matches!(phone, Phone::ER), reduced }
}

/// Pairs whose likeness their features do not tell.
const PAIRS: [(Phone, Phone, u8); 40] = [
    // Nasals.
    (Phone::M, Phone::N, 12),
    (Phone::N, Phone::NG, 10),
    (Phone::M, Phone::NG, 18),
    // Liquids and what stands for them.
    (Phone::L, Phone::R, 20),
    (Phone::R, Phone::W, 22),
    (Phone::L, Phone::N, 28),
    (Phone::L, Phone::W, 26),
    (Phone::L, Phone::Y, 30),
    // T and D between vowels are one flap.
    (Phone::T, Phone::D, 8),
    (Phone::D, Phone::R, 32),
    // Hissing and hushing.
    (Phone::S, Phone::Z, 8),
    (Phone::SH, Phone::ZH, 8),
    (Phone::S, Phone::SH, 12),
    (Phone::Z, Phone::ZH, 12),
    (Phone::CH, Phone::SH, 12),
    (Phone::JH, Phone::ZH, 10),
    (Phone::JH, Phone::Z, 22),
    (Phone::CH, Phone::S, 24),
    (Phone::T, Phone::CH, 18),
    (Phone::D, Phone::JH, 18),
    // What English makes of fricatives it has not, and of those few languages have.
    (Phone::F, Phone::TH, 12),
    (Phone::V, Phone::DH, 14),
    (Phone::S, Phone::TH, 14),
    (Phone::Z, Phone::DH, 14),
    (Phone::T, Phone::TH, 16),
    (Phone::D, Phone::DH, 12),
    (Phone::B, Phone::V, 16),
    (Phone::P, Phone::F, 22),
    (Phone::V, Phone::W, 16),
    (Phone::K, Phone::HH, 24),
    (Phone::G, Phone::HH, 28),
    (Phone::F, Phone::HH, 26),
    (Phone::JH, Phone::Y, 26),
    (Phone::HH, Phone::Y, 30),
    // Glides and the vowels that they are when they make a syllable.
    (Phone::W, Phone::UW, 10),
    (Phone::W, Phone::UH, 16),
    (Phone::W, Phone::OW, 24),
    (Phone::Y, Phone::IY, 8),
    (Phone::Y, Phone::IH, 14),
    (Phone::R, Phone::ER, 8),
];

/// The same for pairs of a consonant and a vowel that are alike only a little, and for vowels.
const LOOSE_PAIRS: [(Phone, Phone, u8); 12] = [
    (Phone::L, Phone::AH, 36),
    (Phone::L, Phone::OW, 34),
    (Phone::L, Phone::UH, 36),
    (Phone::R, Phone::AH, 40),
    (Phone::N, Phone::AH, 52),
    (Phone::Y, Phone::EY, 32),
    // One vowel for most Americans.
    (Phone::AA, Phone::AO, 5),
    (Phone::AH, Phone::IH, 5),
    (Phone::AH, Phone::ER, 12),
    (Phone::IH, Phone::IY, 8),
    (Phone::UH, Phone::UW, 8),
    (Phone::AH, Phone::UH, 7),
];

const fn substitutions() -> [[u8; Phone::COUNT]; Phone::COUNT] {
    let mut table = [[UNLIKE; Phone::COUNT]; Phone::COUNT];
    let mut a = 0;
    while a < Phone::COUNT {
        let mut b = 0;
        while b < Phone::COUNT {
            table[a][b] = if a == b { 0 } else { by_features(Phone::ALL[a], Phone::ALL[b]) };
            b += 1;
        }
        a += 1;
    }
    table = with_pairs(table, &PAIRS);
    with_pairs(table, &LOOSE_PAIRS)
}

const fn with_pairs(
    mut table: [[u8; Phone::COUNT]; Phone::COUNT],
    pairs: &[(Phone, Phone, u8)],
) -> [[u8; Phone::COUNT]; Phone::COUNT] {
    let mut pair = 0;
    while pair < pairs.len() {
        let (a, b, cost) = pairs[pair];
        table[a.index()][b.index()] = cost;
        table[b.index()][a.index()] = cost;
        pair += 1;
    }
    table
}

const fn by_features(a: Phone, b: Phone) -> u8 {
    match (sound(a), sound(b)) {
        (Sound::Consonant(a), Sound::Consonant(b)) => between_consonants(a, b),
        (Sound::Vowel(a), Sound::Vowel(b)) => between_vowels(a, b),
        _ => UNLIKE,
    }
}

const fn between_consonants(a: Consonant, b: Consonant) -> u8 {
    let place = at_most(a.place.abs_diff(b.place) * 5 / 2, 26);
    let voicing = if a.voiced == b.voiced { 0 } else { 10 };
    at_most(place + voicing + between_manners(a.manner, b.manner), UNLIKE)
}

const fn between_manners(a: Manner, b: Manner) -> u8 {
    use Manner::{Affricate, Fricative, Glide, Liquid, Nasal, Stop};
    match (a, b) {
        (Stop, Stop)
        | (Affricate, Affricate)
        | (Fricative, Fricative)
        | (Nasal, Nasal)
        | (Liquid, Liquid)
        | (Glide, Glide) => 4,
        (Affricate, Stop | Fricative) | (Stop | Fricative, Affricate) => 14,
        (Liquid, Glide) | (Glide, Liquid) => 18,
        (Stop, Fricative) | (Fricative, Stop) => 22,
        (Nasal, Stop | Liquid) | (Stop | Liquid, Nasal) => 26,
        (Nasal, Glide) | (Glide, Nasal) => 32,
        _ => 36,
    }
}

const fn between_vowels(a: Vowel, b: Vowel) -> u8 {
    let from = a.from.0.abs_diff(b.from.0) * 3 + a.from.1.abs_diff(b.from.1) * 4;
    let to = a.to.0.abs_diff(b.to.0) * 3 + a.to.1.abs_diff(b.to.1) * 4;
    let rounding = if a.rounded == b.rounded { 0 } else { 2 };
    let rhotic = if a.rhotic == b.rhotic { 0 } else { 8 };
    let whole = (from + to) / 2 + rounding + rhotic;
    // Half of the vowels of running speech are reduced ones.
    let cost = if a.reduced || b.reduced { whole * 3 / 4 } else { whole };
    if cost < 5 { 5 } else { at_most(cost, 36) }
}

const fn at_most(value: u8, most: u8) -> u8 {
    if value < most { value } else { most }
}

/// What it costs that a phone comes or goes. Weak vowels, H, glides and the R of "Arthur" come and go most easily;
/// stops at the end of a syllable are often not heard, and more rarely invented.
const fn gaps(deleted: bool) -> [u8; Phone::COUNT] {
    let mut table = [0; Phone::COUNT];
    let mut index = 0;
    while index < Phone::COUNT {
        let phone = Phone::ALL[index];
        let stop = if deleted { 22 } else { 26 };
        table[index] = match phone {
            Phone::AH => 18,
            Phone::HH | Phone::IH | Phone::Y => 20,
            Phone::W | Phone::R | Phone::ER => 24,
            Phone::T | Phone::D => stop,
            Phone::L | Phone::N | Phone::UH => 30,
            Phone::P | Phone::B | Phone::K | Phone::G | Phone::DH | Phone::TH => stop + 8,
            Phone::AY | Phone::AW | Phone::OY => 44,
            Phone::S | Phone::Z | Phone::SH | Phone::CH | Phone::JH | Phone::ZH => 40,
            _ => 36,
        };
        index += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn substitution_is_symmetric_and_nothing_on_equal_phones() {
        for a in Phone::ALL {
            for b in Phone::ALL {
                assert_eq!(substitution(a, b), substitution(b, a), "{a} {b}");
                assert_eq!(substitution(a, b) == 0, a == b, "{a} {b}");
                assert!(substitution(a, b) <= 64, "{a} {b}");
            }
            assert!((8..=64).contains(&insertion(a)) && (8..=64).contains(&deletion(a)), "{a}");
        }
    }

    #[test]
    fn vowels_are_nearer_to_vowels_than_to_most_consonants() {
        for a in Phone::ALL.into_iter().filter(|phone| phone.is_vowel()) {
            for b in Phone::ALL.into_iter().filter(|phone| phone.is_vowel()) {
                assert!(substitution(a, b) <= 36, "{a} {b}");
            }
            for b in [Phone::P, Phone::T, Phone::K, Phone::S, Phone::M, Phone::CH, Phone::DH] {
                assert_eq!(substitution(a, b), 64, "{a} {b}");
            }
        }
    }

    /// The first pair of each line is more alike than the second.
    #[test]
    fn likeness_is_as_listeners_have_it() {
        let nearer = [
            ("T D", "T K"),
            ("P B", "P M"),
            ("S Z", "S T"),
            ("M N", "M B"),
            ("N NG", "N D"),
            ("L R", "L D"),
            ("S SH", "S F"),
            ("F V", "F S"),
            ("K G", "K P"),
            ("F TH", "F K"),
            ("AH IH", "AH AY"),
            ("AA AO", "AA IY"),
            ("IH IY", "IH OW"),
            ("UH UW", "UH AE"),
            ("EH AE", "EH OY"),
            ("W UW", "W IY"),
            ("Y IY", "Y AA"),
            ("R ER", "R EH"),
            ("L AH", "S AH"),
            ("V W", "V K"),
            ("B V", "B Z"),
            ("K HH", "M HH"),
            ("P T", "P L"),
        ];
        let cost = |pair: &str| {
            let (a, b) = pair.split_once(' ').expect("two phones");
            substitution(Phone::from_arpabet(a).expect("a phone"), Phone::from_arpabet(b).expect("a phone"))
        };
        for (near, far) in nearer {
            assert!(cost(near) < cost(far), "{near} {} | {far} {}", cost(near), cost(far));
        }
    }

    #[test]
    fn weak_phones_come_and_go_more_easily() {
        for weak in [Phone::AH, Phone::IH, Phone::HH, Phone::Y, Phone::W, Phone::R, Phone::T, Phone::D] {
            for strong in [Phone::S, Phone::M, Phone::OY, Phone::CH, Phone::F, Phone::AA] {
                assert!(insertion(weak) < insertion(strong) && deletion(weak) < deletion(strong), "{weak} {strong}");
            }
        }
    }
}
