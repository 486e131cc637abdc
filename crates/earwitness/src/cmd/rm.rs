//! `rm`: removing episodes and shows.

use super::Context;
use crate::dto::{RemovedDto, RemovedEpisode};
use crate::exit::{Ending, Outcome};
use crate::output;
use crate::terminal::{agreed, count, harmless};
use clap::Args;
use ear_engine::core::{EpisodeId, ShowId, clock};
use ear_engine::{EpisodeDetail, Library};

/// Remove episodes, or a show with all its episodes
///
/// Takes away the library's copy of the sound, the transcripts and everything made from them. The file
/// that was once added is left alone.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct RmArgs {
    /// Their ids, or parts of their titles
    #[arg(required_unless_present = "show", value_name = "EPISODE")]
    episodes: Vec<String>,
    /// Remove this show with all its episodes: its id or its name
    #[arg(long, value_name = "SHOW", conflicts_with = "episodes")]
    show: Option<String>,
    /// Don't ask
    #[arg(long, short)]
    yes: bool,
}

const EXAMPLES: &str = "\
Examples:
  earwitness rm 7
  earwitness rm 7 8 9 --yes
  earwitness rm --show 'Post Reports'";

const FOR_GOOD: &str = "Remove for good?";

pub fn run(context: &Context, args: &RmArgs) -> Outcome {
    let library = context.library()?;
    if let Some(show) = &args.show {
        let id = library.find_show(show)?;
        return remove_show(context, &library, id, args.yes);
    }
    let mut doomed = Vec::<EpisodeDetail>::new();
    for episode in &args.episodes {
        let id = library.find_episode(episode)?;
        if doomed.iter().all(|known| known.summary.id != id) {
            doomed.push(library.episode(id)?);
        }
    }
    remove_episodes(context, &library, &doomed, args.yes)
}

fn remove_episodes(context: &Context, library: &Library, doomed: &[EpisodeDetail], yes: bool) -> Outcome {
    let what: Vec<String> = doomed.iter().map(describe).collect();
    if !agreed(&format!("This removes:\n  {}", what.join("\n  ")), FOR_GOOD, yes)? {
        return Ok(unchanged(context));
    }
    let mut episodes = Vec::new();
    for detail in doomed {
        let id: EpisodeId = detail.summary.id;
        library.remove_episode(id)?;
        if !context.json {
            output::line(&format!("removed episode {id}: {}", harmless(&detail.summary.title)))?;
        }
        episodes.push(RemovedEpisode { id, title: detail.summary.title.clone() });
    }
    if context.json {
        output::json(&RemovedDto { show_id: None, total: episodes.len(), episodes })?;
    }
    Ok(Ending::Done)
}

fn remove_show(context: &Context, library: &Library, id: ShowId, yes: bool) -> Outcome {
    let shows = library.shows()?;
    let show = shows.iter().find(|show| show.id == id);
    let title = show.map(|show| harmless(&show.title).into_owned()).unwrap_or_default();
    let episodes = count(show.map_or(0, |show| show.episodes), "episode", "episodes");
    let what = format!("This removes the show {title} with {episodes}, their sound and their transcripts.");
    if !agreed(&what, FOR_GOOD, yes)? {
        return Ok(unchanged(context));
    }
    let total = library.remove_show(id)?;
    let dto = RemovedDto { show_id: Some(id), episodes: vec![], total };
    context.print(&dto, || format!("removed show {id}, {title}, with {}", count(total, "episode", "episodes")))?;
    Ok(Ending::Done)
}

fn unchanged(context: &Context) -> Ending {
    context.talk.note("nothing was removed");
    Ending::Done
}

/// An episode with everything that goes with it.
fn describe(detail: &EpisodeDetail) -> String {
    let episode = &detail.summary;
    let mut with: Vec<String> = Vec::new();
    if episode.has_sound {
        with.push(episode.duration.map_or("its sound".into(), |length| format!("{} of sound", clock(length))));
    }
    with.push(count(detail.transcripts.len(), "transcript", "transcripts"));
    format!("episode {}, {}: {}", episode.id, harmless(&episode.title), with.join(", "))
}
