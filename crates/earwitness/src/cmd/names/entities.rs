//! The names of the library.

use super::text;
use crate::cmd::Context;
use crate::dto::{NameDetailDto, NameListDto, NameSummaryDto};
use crate::exit::{Ending, Outcome};
use crate::terminal::{count, harmless};
use clap::{Args, ValueEnum};
use ear_engine::core::{NameId, NameKind};
use ear_engine::{Error, ErrorKind, Library, NameSummaryView, Result};

/// How many names are listed where one has to be chosen.
const MOST_CHOICES: usize = 8;

/// What a name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KindArg {
    /// Somebody
    Person,
    /// A country, city, region, building
    Place,
    /// A company, party, authority, band
    Organisation,
    /// A product, work, event
    Thing,
    /// Nobody knows
    Unknown,
}

impl KindArg {
    /// As the engine calls it.
    pub fn of_core(self) -> Option<NameKind> {
        match self {
            Self::Person => Some(NameKind::Person),
            Self::Place => Some(NameKind::Place),
            Self::Organisation => Some(NameKind::Organisation),
            Self::Thing => Some(NameKind::Thing),
            Self::Unknown => None,
        }
    }
}

#[derive(Debug, Args)]
pub struct ListNames {
    /// Only names with these words in one of their spellings
    query: Option<String>,
    /// Only names of this kind
    #[arg(long)]
    kind: Option<KindArg>,
    /// Show this many at most
    #[arg(long, value_name = "N", default_value_t = DEFAULT_LIMIT, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// Pass over this many
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    offset: usize,
}

/// Names listed unless told otherwise.
const DEFAULT_LIMIT: u32 = 50;

impl Default for ListNames {
    fn default() -> Self {
        Self { query: None, kind: None, limit: DEFAULT_LIMIT, offset: 0 }
    }
}

#[derive(Debug, Args)]
pub struct SomeName {
    /// Its id, or the name itself
    name: String,
}

#[derive(Debug, Args)]
pub struct AddName {
    /// The right spelling
    name: String,
    /// What it is the name of
    #[arg(long)]
    kind: Option<KindArg>,
    /// Another right spelling, or a part that stands for the whole; may be given more than once
    #[arg(long, value_name = "SPELLING")]
    also: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Rename {
    /// Its id, or the name itself
    name: String,
    /// The right spelling; the one of before stays as another
    new: String,
}

#[derive(Debug, Args)]
pub struct KindOf {
    /// Its id, or the name itself
    name: String,
    /// What it is the name of
    kind: KindArg,
}

#[derive(Debug, Args)]
pub struct Merge {
    /// The name that stays
    keep: String,
    /// Those that become spellings of it
    #[arg(required = true, value_name = "NAME")]
    away: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Split {
    /// Its id, or the name itself
    name: String,
    /// The spellings that are somebody or something else
    #[arg(required = true, value_name = "SPELLING")]
    spellings: Vec<String>,
    /// The new name [default: the first of the spellings]
    #[arg(long, value_name = "NEW")]
    into: Option<String>,
}

pub fn list(context: &Context, args: &ListNames) -> Outcome {
    let library = context.library()?;
    let (kind, query) = (args.kind.and_then(KindArg::of_core), args.query.as_deref());
    let limit = usize::try_from(args.limit).unwrap_or(usize::MAX);
    if args.kind == Some(KindArg::Unknown) {
        let error = Error::new(ErrorKind::BadInput, "names of no known kind can't be listed by themselves");
        return Err(error.remedy("Leave --kind out").into());
    }
    let (names, total) = library.name_listing(kind, query, limit, args.offset)?;
    let dto = NameListDto { total, names: names.iter().map(NameSummaryDto::from).collect() };
    if context.json || !names.is_empty() {
        context.print(&dto, || text::listing(&names, context.look))?;
    }
    if !context.json {
        context.talk.note(&summary(total, names.len(), args.offset));
    }
    Ok(Ending::Done)
}

fn summary(total: usize, shown: usize, offset: usize) -> String {
    match total {
        0 => "no names".into(),
        _ if offset + shown < total && shown > 0 => {
            format!("{} to {} of {total} names; see more with --offset {}", offset + 1, offset + shown, offset + shown)
        }
        _ => count(total, "name", "names"),
    }
}

pub fn about(context: &Context, args: &SomeName) -> Outcome {
    let library = context.library()?;
    let detail = library.name_detail(find(&library, &args.name)?)?;
    context.print(&NameDetailDto::from(&detail), || text::about(&detail, context.look))?;
    Ok(Ending::Done)
}

pub fn add(context: &Context, args: &AddName) -> Outcome {
    let library = context.library()?;
    let id = library.add_name(&args.name, args.kind.and_then(KindArg::of_core), &args.also)?;
    tell(context, &library, id)
}

pub fn follow(context: &Context, args: &SomeName, follow: bool) -> Outcome {
    change(context, &args.name, |library, id| library.follow_name(id, follow))
}

pub fn rename(context: &Context, args: &Rename) -> Outcome {
    change(context, &args.name, |library, id| library.rename_name(id, &args.new))
}

pub fn kind(context: &Context, args: &KindOf) -> Outcome {
    change(context, &args.name, |library, id| library.set_name_kind(id, args.kind.of_core()))
}

pub fn merge(context: &Context, args: &Merge) -> Outcome {
    change(context, &args.keep, |library, keep| {
        let away = args.away.iter().map(|name| find(library, name)).collect::<Result<Vec<_>>>()?;
        library.merge_names(keep, &away)
    })
}

pub fn split(context: &Context, args: &Split) -> Outcome {
    let library = context.library()?;
    let id = find(&library, &args.name)?;
    let new = args.into.as_ref().or(args.spellings.first()).cloned().unwrap_or_default();
    let new = library.split_name(id, &args.spellings, &new)?;
    tell(context, &library, new)
}

pub fn forget(context: &Context, args: &SomeName) -> Outcome {
    change(context, &args.name, |library, id| library.forget_name(id, true))
}

pub fn recall(context: &Context, args: &SomeName) -> Outcome {
    let library = context.library()?;
    let forgotten = library.forgotten_names()?;
    let named = |name: &&NameSummaryView| {
        name.id.to_string() == args.name || name.name.to_lowercase() == args.name.trim().to_lowercase()
    };
    let Some(name) = forgotten.iter().find(named) else {
        let error = Error::new(ErrorKind::NotFound, "no such name was forgotten").at(&args.name);
        let listed = forgotten.iter().take(MOST_CHOICES).map(|name| format!("{} ({})", harmless(&name.name), name.id));
        let listed = listed.collect::<Vec<_>>().join(", ");
        return Err(match listed.is_empty() {
            true => error.into(),
            false => error.remedy(format!("These were: {listed}")).into(),
        });
    };
    library.forget_name(name.id, false)?;
    tell(context, &library, name.id)
}

fn change(context: &Context, name: &str, change: impl FnOnce(&Library, NameId) -> Result<()>) -> Outcome {
    let library = context.library()?;
    let id = find(&library, name)?;
    change(&library, id)?;
    tell(context, &library, id)
}

/// Tells what is known of a name now.
fn tell(context: &Context, library: &Library, id: NameId) -> Outcome {
    let name = library.name_detail(id)?.name;
    context.print(&NameSummaryDto::from(&name), || text::summary(&name, context.look))?;
    Ok(Ending::Done)
}

/// A name by its id, or by itself.
fn find(library: &Library, text: &str) -> Result<NameId> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    let (names, total) = library.name_listing(None, Some(text), MOST_CHOICES, 0)?;
    choose(&names, total, text)
}

/// The only one of these names, or the one that is spelled exactly so.
fn choose(names: &[NameSummaryView], total: usize, text: &str) -> Result<NameId> {
    let exact = |name: &&NameSummaryView| name.name.to_lowercase() == text.trim().to_lowercase();
    let exactly: Vec<_> = names.iter().filter(exact).collect();
    match (names, exactly.as_slice()) {
        (_, [one]) => Ok(one.id),
        ([one], _) if total == 1 => Ok(one.id),
        ([], _) => Err(Error::new(ErrorKind::NotFound, "the library knows no such name")
            .at(text)
            .remedy("`earwitness names list` shows those it knows; `earwitness names add` adds one")),
        (several, _) => {
            let choices = several.iter().map(|name| format!("{} ({})", harmless(&name.name), name.id));
            let choices = choices.collect::<Vec<_>>().join(", ");
            let error = Error::new(ErrorKind::Ambiguous, format!("{total} names have these words")).at(text);
            Err(error.remedy(format!("Give the id of one: {choices}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dto::name_samples;

    #[test]
    fn a_name_is_chosen_by_itself() {
        let named = |id, name: &str| NameSummaryView { id: NameId(id), name: name.into(), ..name_samples::summary() };
        let (qasem, short) = (named(1, "Qasem Soleimani"), named(2, "Soleimani"));
        for (names, text, expected) in [
            (vec![qasem.clone()], "soleim", Ok(1)),
            (vec![qasem.clone(), short.clone()], "soleimani", Ok(2)),
            (vec![qasem.clone(), short.clone()], "soleim", Err(ErrorKind::Ambiguous)),
            (vec![short.clone(), short.clone()], "Soleimani", Err(ErrorKind::Ambiguous)),
            (vec![], "x", Err(ErrorKind::NotFound)),
        ] {
            let chosen = choose(&names, names.len(), text).map(|id| id.0).map_err(|error| error.kind);
            assert_eq!(chosen, expected, "{text}");
        }
    }

    #[test]
    fn the_summary_says_where_one_is() {
        for (total, shown, offset, expected) in [
            (0, 0, 0, "no names"),
            (1, 1, 0, "1 name"),
            (90, 50, 0, "1 to 50 of 90 names; see more with --offset 50"),
            (90, 40, 50, "90 names"),
        ] {
            assert_eq!(summary(total, shown, offset), expected);
        }
    }
}
