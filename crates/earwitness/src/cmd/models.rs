//! `models`: what recognises and understands, and whether it is whole.

use super::Context;
use crate::dto::{FetchedDto, ModelsDto, VerifiedDto, VerifiedModel};
use crate::exit::{self, Ending, Outcome};
use crate::terminal::{Look, size};
use clap::{Args, Subcommand};
use ear_engine::{Error, ErrorKind, ModelView, Result, fetch_model, models, models_to_fetch, verify_model};
use std::iter;

/// List, fetch and check the models that recognise and understand
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct ModelsArgs {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List every known model
    List,
    /// Fetch a model, unless it is there
    Fetch {
        /// Its name [default: the recogniser that is used when none is named, and the model of meaning]
        name: Option<String>,
    },
    /// Compare a model's files with their hashes
    Verify {
        /// Its name [default: every model that is installed]
        name: Option<String>,
    },
}

const EXAMPLES: &str = "\
Examples:
  earwitness models
  earwitness models fetch
  earwitness models verify --json";

pub fn run(context: &Context, args: &ModelsArgs) -> Outcome {
    match &args.action {
        None | Some(Action::List) => {
            let models = models();
            context.print(&ModelsDto::from(&models[..]), || text(&models, context.look))?;
            Ok(Ending::Done)
        }
        Some(Action::Fetch { name }) => fetch(context, name.as_deref()),
        Some(Action::Verify { name }) => verify(context, name.as_deref()),
    }
}

fn fetch(context: &Context, name: Option<&str>) -> Outcome {
    let (name, others) = match name {
        Some(name) => (name.to_owned(), vec![]),
        None => {
            let [recogniser, meaning] = models_to_fetch();
            (recogniser, vec![meaning])
        }
    };
    let fetched = |name: String| -> Result<FetchedDto> {
        let folder = fetch_model(&name, &|step| context.talk.note(step))?;
        Ok(FetchedDto { name, folder, also: vec![] })
    };
    let mut dto = fetched(name)?;
    dto.also = others.into_iter().map(fetched).collect::<Result<_>>()?;
    let line = |model: &FetchedDto| format!("{} is in {}", model.name, model.folder.display());
    context.print(&dto, || iter::once(&dto).chain(&dto.also).map(line).collect::<Vec<_>>().join("\n"))?;
    Ok(Ending::Done)
}

/// The model that is used when none is named.
pub fn default_model() -> Result<ModelView> {
    models()
        .into_iter()
        .find(|model| model.default)
        .ok_or_else(|| Error::new(ErrorKind::Bug, "no model is the default"))
}

fn verify(context: &Context, name: Option<&str>) -> Outcome {
    let names = match name {
        Some(name) => vec![name.to_owned()],
        None => models().into_iter().filter(|model| model.folder.is_some()).map(|model| model.name).collect(),
    };
    let mut verified = Vec::new();
    let mut failures = Vec::new();
    for name in names {
        let outcome = verify_model(&name);
        let fault = outcome.err().map(|error| {
            failures.push(error.kind);
            error.to_string()
        });
        verified.push(VerifiedModel { name, fault });
    }
    let dto = VerifiedDto { models: verified };
    context.print(&dto, || verified_text(&dto))?;
    Ok(exit::told(&failures))
}

fn verified_text(dto: &VerifiedDto) -> String {
    if dto.models.is_empty() {
        return "no model is installed; `earwitness models fetch` fetches one".into();
    }
    let line = |model: &VerifiedModel| match &model.fault {
        Some(fault) => format!("{}: {fault}", model.name),
        None => format!("{}: whole", model.name),
    };
    dto.models.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn text(models: &[ModelView], look: Look) -> String {
    let line = |model: &ModelView| {
        let default = if model.default { ", used when none is named" } else { "" };
        let place = match &model.folder {
            Some(folder) => format!("in {}", folder.display()),
            None => format!("not here; fetch it with `earwitness models fetch {}`", model.name),
        };
        let facts = format!("{}, {}{default}; {place}", size(model.bytes), model.licence);
        format!("{}\n  {}\n  {}", look.bold(&model.name), model.description, look.dim(&facts))
    };
    models.iter().map(line).collect::<Vec<_>>().join("\n")
}
