//! The 39 phones of English as CMUdict writes them (ARPAbet), without stress.

use std::fmt;

/// One phone. Ordered alphabetically, so `index` is its place among [`Phone::ALL`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(u8);

/// What ARPAbet calls each phone, in order.
const NAMES: [&str; Phone::COUNT] = [
    "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH", "IH", "IY", "JH", "K",
    "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH", "UH", "UW", "V", "W", "Y", "Z", "ZH",
];

macro_rules! name_phones {
    ($($name:ident)*) => { name_phones!(@ 0u8, $($name)*); };
    (@ $index:expr, $name:ident $($rest:ident)*) => {
        #[doc = concat!("ARPAbet ", stringify!($name), ".")]
        pub const $name: Phone = Phone($index);
        name_phones!(@ $index + 1, $($rest)*);
    };
    (@ $index:expr,) => {};
}

impl Phone {
    /// How many there are.
    pub const COUNT: usize = 39;

    /// All of them, in order.
    pub const ALL: [Phone; Phone::COUNT] = {
        let mut all = [Phone(0); Phone::COUNT];
        let mut index = 0;
        while index < Phone::COUNT {
            all[index] = Phone(index as u8);
            index += 1;
        }
        all
    };

    name_phones! { AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH }

    /// The phone of this index.
    pub const fn from_index(index: usize) -> Option<Phone> {
        if index < Phone::COUNT { Some(Phone(index as u8)) } else { None }
    }

    /// The phone that ARPAbet calls so, in capitals; a digit of stress behind it is ignored.
    pub fn from_arpabet(name: &str) -> Option<Phone> {
        let name = name.strip_suffix(['0', '1', '2']).unwrap_or(name);
        NAMES.binary_search(&name).ok().and_then(Phone::from_index)
    }

    /// What ARPAbet calls it.
    pub const fn as_str(self) -> &'static str {
        NAMES[self.0 as usize]
    }

    /// Its place among all, below [`Phone::COUNT`].
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// Whether it can be the middle of a syllable.
    pub const fn is_vowel(self) -> bool {
        matches!(
            self,
            Phone::AA
                | Phone::AE
                | Phone::AH
                | Phone::AO
                | Phone::AW
                | Phone::AY
                | Phone::EH
                | Phone::ER
                | Phone::EY
                | Phone::IH
                | Phone::IY
                | Phone::OW
                | Phone::OY
                | Phone::UH
                | Phone::UW
        )
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.as_str())
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_places_agree() {
        assert_eq!(Phone::ALL.len(), 39);
        assert!(NAMES.is_sorted());
        for (index, phone) in Phone::ALL.into_iter().enumerate() {
            assert_eq!(phone.index(), index);
            assert_eq!(Phone::from_index(index), Some(phone));
            assert_eq!(Phone::from_arpabet(phone.as_str()), Some(phone));
            assert_eq!(Phone::from_arpabet(&format!("{phone}1")), Some(phone));
        }
        assert_eq!((Phone::AA.as_str(), Phone::NG.as_str(), Phone::ZH.as_str()), ("AA", "NG", "ZH"));
        assert_eq!(Phone::from_index(39), None);
        assert_eq!(Phone::from_arpabet("QQ"), None);
        assert_eq!(Phone::ALL.iter().filter(|phone| phone.is_vowel()).count(), 15);
    }
}
