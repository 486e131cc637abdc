//! How likely heard words stand for a name, from the clues.

use super::clues::{CLUES, Clues};
use crate::trees::Trees;
use std::sync::{Arc, LazyLock};

/// Trained trees; cloning is cheap.
#[derive(Clone, Debug)]
pub struct SoundModel(Arc<Trees>);

static SHIPPED: LazyLock<SoundModel> = LazyLock::new(|| {
    SoundModel::parse(include_str!("../../data/models/sounds.txt")).expect("the shipped trees are tested")
});

impl SoundModel {
    /// The model that comes with the program.
    pub fn shipped() -> Self {
        SHIPPED.clone()
    }

    /// Reads trees; `Err` names the line and what is wrong there.
    pub fn parse(text: &str) -> Result<Self, String> {
        Trees::parse(text, CLUES).map(Arc::new).map(Self)
    }

    /// The probability that words with these clues stand for the name, 0 to 1.
    pub fn probability(&self, clues: &Clues) -> f32 {
        self.0.probability(clues)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_shipped_trees_are_whole() {
        super::SoundModel::shipped();
    }
}
