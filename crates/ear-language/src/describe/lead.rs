//! What sentences begin with in passing ("And so, you know, …") and may lose without another meaning.

use super::tokens::{Mark, Text, Token};
use std::ops::Range;

/// Words in a row that say nothing at the beginning of a sentence. Those with a comma need one behind them, since without
/// it they may belong to what follows ("so far", "right whales", "now that").
const LEADS: [&str; 68] = [
    "and",
    "and so",
    "but",
    "so",
    "so,",
    "well",
    "now,",
    "okay",
    "ok",
    "yeah",
    "yes,",
    "yep",
    "no,",
    "um",
    "uh",
    "er",
    "oh",
    "ah",
    "hmm",
    "right,",
    "alright",
    "all right",
    "great,",
    "excellent,",
    "awesome,",
    "cool,",
    "perfect,",
    "sure,",
    "exactly,",
    "absolutely,",
    "you know",
    "you know,",
    "i mean",
    "i mean,",
    "actually,",
    "basically",
    "basically,",
    "essentially,",
    "anyway",
    "anyway,",
    "also,",
    "also",
    "then",
    "then,",
    "again,",
    "of course,",
    "in fact,",
    "by the way,",
    "first of all,",
    "like,",
    "look,",
    "listen,",
    "see,",
    "plus,",
    "okay so",
    "yeah so",
    "yeah and",
    "interesting,",
    "wow,",
    "correct,",
    "indeed,",
    "fair,",
    "thanks",
    "thank you",
    "thank you so much",
    "totally,",
    "definitely,",
    "hey",
];

/// The tokens behind what the sentence begins with in passing.
pub(super) fn without_lead(text: &Text<'_>, sentence: Range<usize>) -> Range<usize> {
    let mut from = sentence.start;
    while let Some(count) = LEADS.iter().filter_map(|lead| matches(&text.tokens[from..sentence.end], lead)).max() {
        from += count;
    }
    from..sentence.end
}

/// How many tokens the lead takes, if they begin with it and something is left.
fn matches(tokens: &[Token<'_>], lead: &str) -> Option<usize> {
    let (words, comma) = lead.strip_suffix(',').map_or((lead, false), |words| (words, true));
    let count = words.split(' ').count();
    let fits = tokens.len() > count
        && words.split(' ').zip(tokens).all(|(word, token)| token.folded == word && token.name.is_none())
        && (!comma || tokens[count - 1].mark > Mark::None);
    fits.then_some(count)
}
