//! Readings of one stretch of sound, held against each other.

/// A reading to be weighed: some words, and the text around them that is taken for granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading<'a> {
    /// The text from the start of the sound to the words in question. Where it leaves words out, all that follows
    /// fits worse.
    pub before: &'a str,
    /// The words in question, with their marks.
    pub words: &'a str,
    /// The text that follows. A few words do.
    pub after: &'a str,
}

/// How well a reading fits the sound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weighed {
    /// Log-probability of the words in question, given the sound and the text before: the natural logarithm, summed
    /// over their tokens.
    pub log_prob: f32,
    /// Tokens of the words in question, 1 at least.
    pub tokens: usize,
    /// That of the text after, given the words in question: whether the rest still fits.
    pub context_log_prob: f32,
}
