//! Where somebody speaks, windows cut in the pauses, and what the sound is where nobody speaks.

mod level;
mod silero;
mod speech;
mod texture;
mod window;
mod windower;

pub use level::LevelDetector;
pub use silero::SileroDetector;
pub use texture::Texture;
pub(crate) use window::millis;
pub use window::{Piece, Window};
pub(crate) use windower::PAD;
pub use windower::{MAX_WINDOW, Windower};

use crate::Error;

/// Samples of one frame: 32 ms at 16 kHz, the step in which Silero looks at sound.
pub const FRAME: usize = 512;

/// Tells how likely each frame of sound holds speech.
pub trait SpeechDetector: Send {
    /// One probability for each whole frame in `samples`, whose length is a multiple of [`FRAME`]. Calls
    /// continue one another.
    fn probabilities(&mut self, samples: &[f32]) -> Result<Vec<f32>, Error>;
}
