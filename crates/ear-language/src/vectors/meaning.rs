//! The net that turns sentences into directions: all-MiniLM-L6-v2, a six-layer transformer trained on pairs of
//! sentences that belong together (Wang et al. 2020, "MiniLM"; Reimers and Gurevych 2019, "Sentence-BERT").

use super::tokens::Tokens;
use super::{SIZE, Vector};
use rten::{Model, ModelOptions, NodeId};
use rten_tensor::{NdTensor, prelude::*};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// The net's file in the model's folder.
const NET: &str = "model.onnx";
/// The vocabulary's file in the model's folder.
const VOCABULARY: &str = "tokenizer.json";

/// More of a text is not read: the model was trained on no longer ones.
const MOST_TOKENS: usize = 256;

/// Tokens that go through the net at once. More take more memory and save no time.
const BATCH: usize = 512;

/// Goes into the fingerprint; to be raised when the same model would give other vectors.
const VERSION: &[u8] = b"1";

/// What can go wrong between a text and its vector.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file of the model can't be read.
    #[error("{path} can't be read: {source}", path = path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file of the model is not what it should be.
    #[error("{path} is not a model of meaning: {reason}", path = path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// What was wrong.
        reason: String,
    },
    /// The net failed.
    #[error("the model of meaning failed: {reason}")]
    Run {
        /// What it said.
        reason: String,
    },
}

impl Error {
    /// What the user can do.
    pub fn remedy(&self) -> &'static str {
        match self {
            Error::Read { .. } | Error::Broken { .. } => "Fetch the model again: `earwitness models fetch minilm`",
            Error::Run { .. } => "Try again with more free memory",
        }
    }
}

/// A loaded model of meaning. Can be shared by threads; each call uses all cores.
pub struct Meaning {
    net: Model,
    tokens: Tokens,
    inputs: [NodeId; 3],
    output: NodeId,
    fingerprint: String,
}

impl Meaning {
    /// Loads the model from its folder, as `earwitness models fetch minilm` lays it out, and tries it once.
    pub fn load(folder: &Path) -> Result<Meaning, Error> {
        let path = folder.join(VOCABULARY);
        let vocabulary = read(&path)?;
        let tokens = Tokens::parse(&vocabulary).map_err(|reason| Error::Broken { path, reason })?;
        let path = folder.join(NET);
        let bytes = read(&path)?;
        let fingerprint = fingerprint(&[VERSION, &vocabulary, &bytes]);
        let broken = |reason: String| Error::Broken { path: path.clone(), reason };
        let net = ModelOptions::with_all_ops()
            .prepack_weights(true)
            .load(bytes)
            .map_err(|error| broken(error.to_string()))?;
        let node = |name| net.node_id(name).map_err(|error| broken(error.to_string()));
        let inputs = [node("input_ids")?, node("attention_mask")?, node("token_type_ids")?];
        let output = node("last_hidden_state")?;
        let meaning = Meaning { net, tokens, inputs, output, fingerprint };
        meaning.vectors(&["A first sentence."]).map_err(|error| broken(error.to_string()))?;
        Ok(meaning)
    }

    /// The direction of each text, in their order. Of texts longer than 256 word pieces only the beginning counts.
    ///
    /// Texts of the same number of pieces go through the net together, so none is padded, and none has a bearing
    /// on another.
    pub fn vectors(&self, texts: &[&str]) -> Result<Vec<Vector>, Error> {
        let tokens: Vec<Vec<i32>> = texts.iter().map(|text| self.tokens.of(text, MOST_TOKENS)).collect();
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_by_key(|&index| tokens[index].len());
        let mut vectors: Vec<Option<Vector>> = vec![None; texts.len()];
        for same in order.chunk_by(|&one, &other| tokens[one].len() == tokens[other].len()) {
            let length = tokens[same[0]].len();
            for batch in same.chunks((BATCH / length).max(1)) {
                let ids: Vec<i32> = batch.iter().flat_map(|&index| tokens[index].iter().copied()).collect();
                for (&index, vector) in batch.iter().zip(self.run(ids, batch.len(), length)?) {
                    vectors[index] = Some(vector);
                }
            }
        }
        Ok(vectors.into_iter().flatten().collect())
    }

    /// Names the model and all else that shapes a vector: vectors of different fingerprints can't be compared.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The directions of `texts` texts of `length` tokens each: the mean of what the net says of each token.
    fn run(&self, ids: Vec<i32>, texts: usize, length: usize) -> Result<Vec<Vector>, Error> {
        let shape = [texts, length];
        let ids = NdTensor::from_data(shape, ids);
        let [input, mask, kind] = self.inputs;
        let fed = vec![
            (input, ids.into()),
            (mask, NdTensor::<i32, 2>::full(shape, 1).into()),
            (kind, NdTensor::<i32, 2>::zeros(shape).into()),
        ];
        let failed = |reason: String| Error::Run { reason };
        let [states] = self.net.run_n(fed, [self.output], None).map_err(|error| failed(error.to_string()))?;
        let states: NdTensor<f32, 3> = states.try_into().map_err(|_| failed("its output has another form".into()))?;
        if states.shape() != [texts, length, SIZE] {
            return Err(failed(format!("its output has the shape {:?}", states.shape())));
        }
        Ok(states.to_vec().chunks_exact(length * SIZE).map(mean).collect())
    }
}

/// The direction of the mean of rows of [`SIZE`] floats.
fn mean(rows: &[f32]) -> Vector {
    let mut sum = [0.0; SIZE];
    for row in rows.chunks_exact(SIZE) {
        sum.iter_mut().zip(row).for_each(|(sum, part)| *sum += part);
    }
    Vector::from_floats(&sum)
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })
}

/// The first half of a SHA-256, in hex.
fn fingerprint(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    parts.iter().for_each(|part| hasher.update(part));
    hasher.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
