//! Models, and where the pages are served.

use ear_engine::ModelView;
use serde::Serialize;
use std::path::PathBuf;

/// Every known model.
#[derive(Debug, Serialize)]
pub struct ModelsDto {
    /// The models.
    pub models: Vec<ModelDto>,
}

/// One model.
#[derive(Debug, Serialize)]
pub struct ModelDto {
    name: String,
    description: String,
    licence: String,
    bytes: u64,
    /// Where it is installed; null if it is not.
    folder: Option<PathBuf>,
    default: bool,
}

/// A model that is now here.
#[derive(Debug, Serialize)]
pub struct FetchedDto {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub folder: PathBuf,
    /// What was fetched with it because no model was named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<FetchedDto>,
}

/// Models whose files were compared with their hashes.
#[derive(Debug, Serialize)]
pub struct VerifiedDto {
    /// The models.
    pub models: Vec<VerifiedModel>,
}

/// One model that was looked at.
#[derive(Debug, Serialize)]
pub struct VerifiedModel {
    /// Its name.
    pub name: String,
    /// What is wrong with it; null if nothing is.
    pub fault: Option<String>,
}

/// Where the pages are served.
#[derive(Debug, Serialize)]
pub struct ServingDto {
    /// Their address.
    pub url: String,
}

impl From<&[ModelView]> for ModelsDto {
    fn from(models: &[ModelView]) -> Self {
        Self { models: models.iter().map(ModelDto::from).collect() }
    }
}

impl From<&ModelView> for ModelDto {
    fn from(model: &ModelView) -> Self {
        Self {
            name: model.name.clone(),
            description: model.description.clone(),
            licence: model.licence.clone(),
            bytes: model.bytes,
            folder: model.folder.clone(),
            default: model.default,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_have_their_shape() {
        let model = ModelView {
            name: "whisper-base".into(),
            description: "Many languages.".into(),
            licence: "MIT".into(),
            bytes: 145_000_000,
            folder: None,
            default: true,
        };
        insta::assert_json_snapshot!(ModelsDto::from(&[model][..]));
    }
}
