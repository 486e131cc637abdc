//! How well a text fits the sound: when each token is said and how likely it is; and names in place of doubtful
//! words, where they fit.

use super::candidates::Names;
use super::decode::Encoded;
use super::second_listen::{Edit, GATHERED, GIVEN, Meant, Placed, Probable, listen_again};
use super::vocabulary::TokenWord;
use super::{WhisperRecogniser, align, mel};
use crate::Error;
use ear_core::Word;

/// A text laid over the sound.
#[derive(Debug)]
pub(super) struct Laid {
    /// Samples of the window at which each token begins, and where the last one ends.
    pub times: Vec<usize>,
    /// Of each token, from 0 to 1.
    pub probabilities: Vec<f32>,
}

impl Probable for Laid {
    fn probabilities(&self) -> &[f32] {
        &self.probabilities
    }
}

impl WhisperRecogniser {
    /// Lays these tokens over the sound.
    pub(super) fn lay(&self, sound: &Encoded<'_>, prompt: &[String], tokens: &[usize]) -> Result<Laid, Error> {
        let start: Vec<usize> = prompt.iter().filter_map(|token| self.vocabulary.id(token)).collect();
        let frames = sound.samples.len().div_ceil(mel::HOP);
        let laid = self
            .model
            .align(&sound.states, &start, &[tokens.to_vec()], &[frames], align::MEDIAN_WIDTH)
            .map_err(Error::runtime("alignment"))?;
        let laid = laid.into_iter().next().ok_or_else(|| Error::runtime("alignment")("no alignment for the window"))?;
        let path = laid.alignments.iter().map(|step| (step.token_x, step.frame_x));
        Ok(Laid { times: align::token_times(path, tokens.len(), self.later), probabilities: laid.text_token_probs })
    }

    /// The text with names of the list where words were doubtful and the sound allows; `None` where there are none.
    pub(super) fn with_names(
        &self,
        names: &Names<'_>,
        sound: &Encoded<'_>,
        prompt: &[String],
        tokens: &[usize],
        heard: &Laid,
    ) -> Result<Option<Meant<Laid>>, Error> {
        let candidates = names.candidates(&self.vocabulary.words(tokens, false), &heard.probabilities);
        let edit = |candidate: super::candidates::Candidate| Edit {
            heard: candidate.heard,
            tokens: self.vocabulary.encode(&candidate.text),
            prior: candidate.prior,
            stays: if candidate.gathered { GATHERED } else { GIVEN },
        };
        let edits = candidates.into_iter().map(edit).collect();
        listen_again(tokens, heard, edits, &mut |tokens| self.lay(sound, prompt, tokens))
    }
}

/// Gives words that are names from the list the confidence of the second listen: how likely the sound makes the
/// spelling says little of a name that the model never saw.
pub(super) fn trust(names: &[Placed], tokens: &[TokenWord], words: &mut [Word]) {
    for (token_word, word) in tokens.iter().zip(words) {
        let name = names.iter().find(|name| name.tokens.contains(&token_word.tokens.start));
        if let Some(name) = name {
            word.confidence = Some(word.confidence.unwrap_or(0.0).max(name.confidence));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_the_confidence_of_the_second_listen() {
        let token_word = |at| TokenWord { text: "word".into(), tokens: at..at + 2, glued: false };
        let tokens = [token_word(0), token_word(2), token_word(4)];
        let mut words = [0.9, 0.1, 0.8].map(|sure| Word { confidence: Some(sure), ..Word::untimed("word") });
        let placed = |start, confidence| Placed { tokens: start..start + 2, confidence };
        trust(&[placed(2, 0.7), placed(4, 0.6)], &tokens, &mut words);
        assert_eq!(words.map(|word| word.confidence), [Some(0.9), Some(0.7), Some(0.8)]);
    }
}
