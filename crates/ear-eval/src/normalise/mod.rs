//! English text as the word error sees it, so that "Mr. Smith won't pay $20 million" and "mister smith
//! will not pay twenty million dollars" are the same words.
//!
//! These are the rules of Radford et al. 2022, "Robust Speech Recognition via Large-Scale Weak
//! Supervision", appendix C, with the odd corners of the program published with it (a lone "o" is 0, "1"
//! is written "one"), so that our figures compare with those of others. Only [`spelling`] reaches a little
//! further than the published list, and no word is made of signs alone.

mod contractions;
mod number;
mod number_words;
mod numbers;
mod spelling;
mod symbols;

use regex::Regex;

/// The words of an English text after normalisation, separated by single spaces.
pub fn normalise(text: &str) -> String {
    let text = symbols::without_brackets(&text.to_lowercase());
    let text = contractions::open_up(&text);
    let text = symbols::plain(&text);
    let text = numbers::in_digits(&text);
    let text = spelling::american(&text);
    let text = symbols::without_strays(&text);
    // The published program leaves a "." of "…" or of dots at the very end, as if it were a word.
    let is_word = |word: &&str| word.contains(char::is_alphanumeric);
    text.split_whitespace().filter(is_word).collect::<Vec<_>>().join(" ")
}

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("patterns are constants of this program")
}

#[cfg(test)]
mod tests {
    use super::normalise;

    #[test]
    fn texts_become_bare_words() {
        let check = |text: &str, expected: &str| assert_eq!(normalise(text), expected, "{text}");
        check("", "");
        check("Well, (laughs) [MUSIC] <unk> hello!", "well hello");
        check("Hmm, I uh think um so. Mhm.", "i think so");
        check("Uh-huh. Umbrella", "huh umbrella");
        check("Mr. Smith won't pay $20 million", "mister smith will not pay $20000000");
        check("mister smith will not pay twenty million dollars", "mister smith will not pay $20000000");
        check("The café's naïve œuvre", "the cafe is naive oeuvre");
        check("He said: “colour” — organised… theatre...", "he said color organized theater");
        check("I've paid 1,500,000.50 euros, that's 5%.", "i have paid €1500000.50 that is 5%");
        check("100% % of $ a.b 3.", "100% of a b 3");
    }
}
