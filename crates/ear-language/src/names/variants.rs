//! Other right spellings of a name, and parts that stand for the whole.

use super::fold::fold;
use super::words::{FORMS, PARTICLES, PLACES, is_given, is_ordinary};
use ear_core::NameKind;
use unicode_normalization::UnicodeNormalization;

/// The most variants of a name.
const MOST: usize = 12;

/// Spellings of the same word that newspapers use side by side. Own list.
const SPELLINGS: [&str; 40] = [
    "Qasem Qassem Ghasem Qasim Kasim Kassem Qassim",
    "Mohammed Muhammad Mohamed Mohammad Mohamad Muhammed",
    "Soleimani Suleimani Soleymani Sulaimani",
    "Khamenei Khamenai",
    "Zelensky Zelenskyy Zelenskiy Zelenski",
    "Hussein Hussain Husayn Husain Hossein",
    "Ahmed Ahmad",
    "Osama Usama",
    "Gaddafi Qaddafi Gadhafi Kadafi Qadhafi",
    "Hezbollah Hizbullah Hizbollah Hizballah",
    "Alexei Aleksei Alexey Aleksey",
    "Sergei Sergey",
    "Yuri Yury Iouri",
    "Dmitry Dmitri Dmitriy",
    "Yusuf Youssef Yousef Yusef",
    "Omar Umar",
    "Abdullah Abdallah Abdulla",
    "Khalid Khaled",
    "Said Saeed Sayed Sayyid",
    "Kyiv Kiev",
    "Kharkiv Kharkov",
    "Odesa Odessa",
    "Lviv Lvov",
    "Quran Qur'an Koran",
    "Mahmoud Mahmud",
    "Mustafa Moustafa Mostafa",
    "Hassan Hasan",
    "Ibrahim Ebrahim Ibraheem",
    "Ali Aly",
    "Houthi Huthi",
    "Sharif Shareef Sherif",
    "Faisal Faysal Feisal",
    "Rashid Rasheed Rachid",
    "Jamal Gamal",
    "Nasrallah Nasrullah",
    "Ismail Ismael Ismayil",
    "Andrei Andrey Andriy",
    "Nikolai Nikolay Mykola",
    "Tchaikovsky Chaikovsky Tschaikowsky",
    "Netanyahu Netanyahou",
];

/// Other spellings of a name and parts that stand for it, likeliest first, at most twelve. What a capital alone
/// would have to tell from an ordinary word is left out.
pub fn variants(name: &str, kind: Option<NameKind>) -> Vec<String> {
    let words: Vec<&str> = name.split_whitespace().take(9).collect();
    let mut variants = match kind {
        Some(NameKind::Person) => of_person(&words, false),
        Some(NameKind::Organisation) => of_organisation(&words),
        Some(NameKind::Place) => of_place(&words),
        _ => Vec::new(),
    };
    for whole in std::iter::once(name.to_owned()).chain(variants.clone()) {
        variants.extend(respelled(&whole));
    }
    distinct(name, variants)
}

/// The variants of somebody who may be called by the first name alone.
pub(super) fn of_familiar(name: &str) -> Vec<String> {
    let words: Vec<&str> = name.split_whitespace().take(9).collect();
    let mut all = of_person(&words, true);
    all.extend(variants(name, Some(NameKind::Person)));
    distinct(name, all)
}

fn distinct(name: &str, variants: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for variant in variants {
        let known = variant == name || kept.contains(&variant);
        if !known && variant.chars().filter(|character| character.is_alphanumeric()).count() >= 2 && kept.len() < MOST {
            kept.push(variant);
        }
    }
    kept
}

fn of_person(words: &[&str], familiar: bool) -> Vec<String> {
    let mut variants = Vec::new();
    let mut words = words.to_vec();
    while words.len() > 1
        && words
            .last()
            .is_some_and(|word| matches!(fold(word).as_str(), "jr" | "sr" | "ii" | "iii" | "iv" | "phd" | "md" | "esq"))
    {
        words.pop();
        variants.push(words.join(" ").trim_end_matches(',').to_owned());
    }
    let Some(&last) = words.last().filter(|_| words.len() > 1) else { return variants };
    if let Some(at) = words
        .iter()
        .skip(1)
        .position(|word| PARTICLES.has(&fold(word)) || matches!(fold(word).as_str(), "abdul" | "abd" | "saint" | "mac"))
        && at + 2 < words.len()
    {
        variants.push(words[at + 1..].join(" "));
    }
    if stands_alone(last) {
        variants.push(last.to_owned());
    }
    let middle = words[1..words.len() - 1]
        .iter()
        .any(|word| word.trim_end_matches('.').chars().count() == 1 || !PARTICLES.has(&fold(word)));
    let particle = words[1..words.len() - 1].iter().any(|word| PARTICLES.has(&fold(word)));
    if words.len() >= 3 && middle && !particle {
        variants.push(format!("{} {last}", words[0]));
    }
    let first = fold(words[0]);
    if first.chars().count() >= 3
        && (familiar || !is_given(&first) && !is_ordinary(&first) && first.chars().count() >= 4)
    {
        variants.push(words[0].to_owned());
    }
    variants
}

fn stands_alone(word: &str) -> bool {
    let folded = fold(word);
    folded.chars().count() >= 3 && !is_ordinary(&folded)
}

fn of_organisation(words: &[&str]) -> Vec<String> {
    let mut variants = Vec::new();
    let mut rest = words;
    if let Some((&"The", after)) = rest.split_first() {
        rest = after;
        variants.push(rest.join(" "));
    }
    while let Some((last, before)) = rest.split_last()
        && FORMS.has(&fold(last))
        && !before.is_empty()
    {
        rest = before;
        let text = rest.join(" ").trim_end_matches([',', '&', ' ']).to_owned();
        if rest.len() > 1 || stands_alone(&text) || rest[0].chars().all(char::is_uppercase) {
            variants.push(text);
        }
    }
    if rest.contains(&"&") {
        variants.push(rest.join(" ").replace(" & ", " and "));
    } else if rest.contains(&"and") && rest.len() == 3 {
        variants.push(rest.join(" ").replace(" and ", " & "));
    }
    variants
}

fn of_place(words: &[&str]) -> Vec<String> {
    let mut variants = Vec::new();
    let whole = words.join(" ");
    for (long, short) in [("Saint ", "St. "), ("Mount ", "Mt. "), ("Fort ", "Ft. ")] {
        if let Some(rest) = whole.strip_prefix(long) {
            variants.push(format!("{short}{rest}"));
        } else if let Some(rest) = whole.strip_prefix(short) {
            variants.push(format!("{long}{rest}"));
        }
    }
    if let Some(("The", rest)) = whole.split_once(' ') {
        variants.push(rest.to_owned());
    }
    if let Some(rest) = whole.strip_suffix(" Air Base").or_else(|| whole.strip_suffix(" Airbase")) {
        variants.push(format!("{rest} base"));
        variants.push(rest.to_owned());
    } else if let Some((last, before)) = words.split_last()
        && PLACES.has(&fold(last))
        && before.len() >= 2
        && fold(before[0]) == "al"
    {
        variants.push(before.join(" "));
    }
    variants.retain(|variant| variant.contains(' ') || stands_alone(variant));
    variants
}

/// The same name spelled by other habits: accents, transliteration, what an umlaut is written as.
fn respelled(name: &str) -> Vec<String> {
    let mut spellings = Vec::new();
    if !name.is_ascii() {
        let umlauts = [
            ("ä", "ae"),
            ("ö", "oe"),
            ("ü", "ue"),
            ("Ä", "Ae"),
            ("Ö", "Oe"),
            ("Ü", "Ue"),
            ("ß", "ss"),
            ("ø", "oe"),
            ("å", "aa"),
            ("’", "'"),
        ];
        let written = umlauts.iter().fold(name.nfc().collect::<String>(), |text, (from, to)| text.replace(from, to));
        let plain = |text: &str| {
            text.nfkd().filter(|character| !matches!(character, '\u{300}'..='\u{36f}')).collect::<String>()
        };
        spellings.push(plain(name));
        spellings.push(plain(&written));
    }
    let words: Vec<&str> = name.split(' ').collect();
    for (at, word) in words.iter().enumerate() {
        for other in other_spellings(word) {
            let mut words = words.clone();
            words[at] = &other;
            spellings.push(words.join(" "));
        }
    }
    if let Some(rest) = ["al-", "Al-", "el-", "El-"].into_iter().find_map(|article| name.strip_prefix(article)) {
        spellings.push(format!("Al {rest}"));
        spellings.push(rest.to_owned());
    } else if let Some(rest) = name.strip_prefix("Al ") {
        spellings.push(format!("al-{rest}"));
    }
    spellings
}

fn other_spellings(word: &str) -> Vec<String> {
    if let Some(list) = SPELLINGS.iter().find(|list| list.split(' ').any(|spelling| spelling == word)) {
        return list.split(' ').filter(|spelling| *spelling != word).map(str::to_owned).collect();
    }
    let ends = [
        ("ov", "off"),
        ("ev", "eff"),
        ("skyy", "sky"),
        ("skiy", "sky"),
        ("skii", "sky"),
        ("off", "ov"),
        ("eff", "ev"),
        ("sky", "ski"),
    ];
    let long = word.chars().count() >= 6 && word.starts_with(char::is_uppercase) && !is_ordinary(&fold(word));
    let end = ends
        .iter()
        .find(|_| long)
        .and_then(|_| ends.iter().find_map(|(from, to)| word.strip_suffix(from).map(|stem| format!("{stem}{to}"))));
    let mut spellings: Vec<String> = end.into_iter().collect();
    if let Some(rest) =
        word.strip_prefix('Q').filter(|rest| !rest.starts_with('u') && rest.len() >= 3 && rest.is_ascii())
    {
        spellings.push(format!("K{rest}"));
    }
    spellings
}

/// One form for spellings that differ by transliteration only. Short names stay as they are.
pub(super) fn canonical(name: &str) -> String {
    let folded = fold(name);
    if !folded.contains(' ') {
        return folded;
    }
    let canonical = |word: &str| {
        let list = SPELLINGS.iter().find(|list| list.split(' ').any(|spelling| fold(spelling) == word));
        list.and_then(|list| list.split(' ').next()).map_or_else(|| word.to_owned(), fold)
    };
    folded.split(' ').map(canonical).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use NameKind::*;

    #[test]
    fn parts_and_spellings_stand_for_a_name() {
        let check = |name: &str, kind, expected: &str| assert_eq!(variants(name, kind).join(" | "), expected, "{name}");
        check(
            "Qasem Soleimani",
            Some(Person),
            "Soleimani | Qassem Soleimani | Ghasem Soleimani | Qasim Soleimani | Kasim Soleimani | Kassem Soleimani | Qassim Soleimani | Qasem Suleimani | Qasem Soleymani | Qasem Sulaimani | Suleimani | Soleymani",
        );
        check("Adel Abdul Mahdi", Some(Person), "Abdul Mahdi | Mahdi | Adel Mahdi");
        check("Microsoft Corporation", Some(Organisation), "Microsoft");
        check("Johnson & Johnson", Some(Organisation), "Johnson and Johnson");
        check("Al Asad Air Base", Some(Place), "Al Asad base | Al Asad | al-Asad Air Base | al-Asad base | al-Asad");
        check(
            "Gerhard Schröder",
            Some(Person),
            "Schröder | Gerhard Schroder | Gerhard Schroeder | Schroder | Schroeder",
        );
        check(
            "Volodymyr Zelensky",
            Some(Person),
            "Zelensky | Volodymyr Zelenskyy | Volodymyr Zelenskiy | Volodymyr Zelenski | Zelenskyy | Zelenskiy | Zelenski",
        );
        check("John C Dvorak", Some(Person), "Dvorak | John Dvorak");
        check("Ludwig van Beethoven", Some(Person), "van Beethoven | Beethoven");
        check("Robert Downey Jr.", Some(Person), "Robert Downey | Downey");
        check("", None, "");
    }

    #[test]
    fn an_ordinary_word_does_not_stand_for_a_person() {
        assert!(!variants("Zadie Powers", Some(Person)).contains(&"Powers".to_owned()));
    }

    proptest::proptest! {
        #[test]
        fn there_are_at_most_twelve(name in "\\PC{0,60}") {
            for kind in [None, Some(Person), Some(Place), Some(Organisation), Some(Thing)] {
                proptest::prop_assert!(variants(&name, kind).len() <= MOST);
            }
        }
    }
}
