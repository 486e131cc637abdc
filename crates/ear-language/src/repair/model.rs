//! How likely a repair is right, from its clues.

use super::{LIST_CLUES, RepairClues};
use crate::sounds::CLUES;
use crate::trees::Trees;
use std::sync::LazyLock;

/// Trained trees.
#[derive(Clone, Debug)]
pub struct RepairModel(Trees);

static SHIPPED: LazyLock<RepairModel> = LazyLock::new(|| {
    RepairModel::parse(include_str!("../../data/models/repairs.txt")).expect("the shipped trees are tested")
});

/// The model that comes with the program.
pub fn shipped() -> RepairModel {
    SHIPPED.clone()
}

impl RepairModel {
    /// Reads trees; `Err` names the line and what is wrong there.
    pub fn parse(text: &str) -> Result<Self, String> {
        Trees::parse(text, CLUES + LIST_CLUES).map(Self)
    }

    /// The probability of a repair with these clues, 0 to 1.
    pub fn probability(&self, clues: &RepairClues) -> f32 {
        self.0.probability(clues)
    }

    pub(super) fn log_odds(&self, clues: &RepairClues) -> f32 {
        self.0.log_odds(clues)
    }

    pub(super) fn ordinary(&self) -> &[f32] {
        self.0.ordinary()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_shipped_trees_are_whole() {
        let model = super::shipped();
        assert_eq!(model.ordinary().len(), super::CLUES + super::LIST_CLUES);
    }
}
