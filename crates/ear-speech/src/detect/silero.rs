//! Silero voice activity detection, version 6, in its form for blocks of frames
//! (<https://github.com/snakers4/silero-vad>).

use super::{FRAME, SpeechDetector};
use crate::Error;
use rten::{Model, NodeId, Value};
use rten_tensor::{NdTensor, prelude::*};
use std::path::Path;

/// Samples of the frame before that the model sees with each frame.
const CONTEXT: usize = 64;
/// Width of the recurrent state.
const STATE: usize = 128;

/// The neural detector. Carries its recurrent state from call to call.
pub struct SileroDetector {
    model: Model,
    inputs: [NodeId; 3],
    outputs: [NodeId; 3],
    context: [f32; CONTEXT],
    hidden: NdTensor<f32, 3>,
    cell: NdTensor<f32, 3>,
}

impl SileroDetector {
    /// Loads the model from its ONNX file.
    pub fn load(file: &Path) -> Result<Self, Error> {
        let broken = |reason: String| Error::ModelBroken { path: file.to_owned(), reason };
        let model = Model::load_file(file).map_err(|error| broken(error.to_string()))?;
        let node = |name| model.node_id(name).map_err(|error| broken(error.to_string()));
        let inputs = [node("input")?, node("h")?, node("c")?];
        let outputs = [node("speech_probs")?, node("hn")?, node("cn")?];
        let zero = || NdTensor::zeros([1, 1, STATE]);
        Ok(Self { model, inputs, outputs, context: [0.0; CONTEXT], hidden: zero(), cell: zero() })
    }

    /// Each frame with the end of the one before it.
    fn with_context(&mut self, samples: &[f32]) -> NdTensor<f32, 2> {
        let frames = samples.len() / FRAME;
        let mut block = Vec::with_capacity(frames * (CONTEXT + FRAME));
        for frame in samples.chunks_exact(FRAME) {
            block.extend_from_slice(&self.context);
            block.extend_from_slice(frame);
            self.context.copy_from_slice(&frame[FRAME - CONTEXT..]);
        }
        NdTensor::from_data([frames, CONTEXT + FRAME], block)
    }
}

impl SpeechDetector for SileroDetector {
    fn probabilities(&mut self, samples: &[f32]) -> Result<Vec<f32>, Error> {
        if samples.len() < FRAME {
            return Ok(Vec::new());
        }
        let block = self.with_context(samples);
        let [input, h, c] = self.inputs;
        let fed = vec![(input, block.into()), (h, self.hidden.view().into()), (c, self.cell.view().into())];
        let [probabilities, hidden, cell] =
            self.model.run_n(fed, self.outputs, None).map_err(Error::runtime("voice detection"))?;
        self.hidden = state(hidden)?;
        self.cell = state(cell)?;
        let probabilities: rten_tensor::Tensor<f32> =
            probabilities.try_into().map_err(Error::runtime("voice detection"))?;
        Ok(probabilities.to_vec())
    }
}

fn state(value: Value) -> Result<NdTensor<f32, 3>, Error> {
    value.try_into().map_err(Error::runtime("voice detection"))
}
