//! `list`: what the library holds.

use super::Context;
use crate::dto::{EpisodesDto, ShowsDto};
use crate::exit::{Ending, Outcome};
use crate::terminal::{Look, count, harmless};
use clap::Args;
use ear_engine::core::clock;
use ear_engine::{EpisodeState, EpisodeSummary, FeedView, ListEpisodes, Page, ShowSummary};

/// List episodes, newest first, or shows
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct ListArgs {
    /// List shows instead
    #[arg(long, conflicts_with_all = ["show", "unready", "limit", "offset"])]
    shows: bool,
    /// Only episodes of this show: its id or its name
    #[arg(long, value_name = "SHOW")]
    show: Option<String>,
    /// Only episodes that are not ready: queued, worked on or failed
    #[arg(long)]
    unready: bool,
    /// List this many at most
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// Pass over this many
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    offset: usize,
}

const EXAMPLES: &str = "\
Examples:
  earwitness list
  earwitness list --show 'Post Reports' --limit 10
  earwitness list --unready
  earwitness list --shows --json";

pub fn run(context: &Context, args: &ListArgs) -> Outcome {
    let library = context.library()?;
    if args.shows {
        let shows = library.shows()?;
        context.print(&ShowsDto::from(&shows[..]), || shows_text(&shows, context.look))?;
        return Ok(Ending::Done);
    }
    let show = args.show.as_deref().map(|show| library.find_show(show)).transpose()?;
    let list = ListEpisodes { show, unready: args.unready, offset: args.offset, limit: args.limit };
    let page = library.episodes(&list)?;
    context.print(&EpisodesDto::from(&page), || episodes_text(&page, context.look))?;
    let rest = page.total.saturating_sub(args.offset + page.items.len());
    if rest > 0 && !context.json {
        context.talk.note(&format!(
            "{rest} more; see them with --offset {} or a higher --limit",
            args.offset + page.items.len()
        ));
    }
    Ok(Ending::Done)
}

fn episodes_text(page: &Page<EpisodeSummary>, look: Look) -> String {
    if page.items.is_empty() {
        return "no episodes".into();
    }
    let id_width = page.items.iter().map(|episode| episode.id.to_string().len()).max().unwrap_or(0);
    let line = |episode: &EpisodeSummary| {
        let date = episode.date.map(|date| date.to_string()).unwrap_or_default();
        let length = episode.duration.map(clock).unwrap_or_default();
        let show =
            episode.show.as_ref().map(|(_, show)| format!("  {}", look.dim(&harmless(show)))).unwrap_or_default();
        let id = episode.id.to_string();
        let title = look.bold(&harmless(&episode.title));
        format!("{id:>id_width$}  {date:10}  {length:>8}  {title}{show}{}", state_text(&episode.state))
    };
    page.items.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// How far an episode is, unless it is ready.
fn state_text(state: &EpisodeState) -> String {
    match state {
        EpisodeState::Ready => String::new(),
        EpisodeState::Queued => "  (queued)".into(),
        EpisodeState::Working(Some(share), stage) => format!("  ({stage}, {:.0} %)", share * 100.0),
        EpisodeState::Working(None, stage) => format!("  ({stage})"),
        EpisodeState::Failed(why) => format!("  (failed: {})", harmless(why).replace('\n', " ")),
        EpisodeState::Cancelled => "  (cancelled)".into(),
    }
}

fn shows_text(shows: &[ShowSummary], look: Look) -> String {
    if shows.is_empty() {
        return "no shows".into();
    }
    let id_width = shows.iter().map(|show| show.id.to_string().len()).max().unwrap_or(0);
    let line = |show: &ShowSummary| {
        let id = show.id.to_string();
        let title = look.bold(&harmless(&show.title));
        let facts = format!("{}, {}", count(show.episodes, "episode", "episodes"), clock(show.duration));
        let feeds: String =
            show.feeds.iter().map(|feed| format!("\n{:id_width$}  {}", "", feed_text(feed, look))).collect();
        format!("{id:>id_width$}  {title}  {facts}{feeds}")
    };
    shows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A feed's address, and why it could not be read last.
fn feed_text(feed: &FeedView, look: Look) -> String {
    let error = feed.error.as_ref().map(|error| format!("  (failed: {})", harmless(error).replace('\n', " ")));
    format!("{}{}", look.dim(&harmless(&feed.url)), error.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_engine::core::{EpisodeId, ShowId};

    #[test]
    fn lists_line_up() {
        let ready = EpisodeSummary {
            id: EpisodeId(7),
            title: "The vote".into(),
            show: Some((ShowId(2), "Reports".into())),
            date: "2020-01-07".parse().ok(),
            duration: Some(1_865_000),
            language: None,
            has_sound: true,
            words: 900,
            state: EpisodeState::Ready,
        };
        let failed = EpisodeState::Failed("no sound\nin it".into());
        let bare = EpisodeSummary {
            id: EpisodeId(12),
            show: None,
            date: None,
            duration: None,
            state: failed,
            ..ready.clone()
        };
        let working =
            EpisodeSummary { state: EpisodeState::Working(Some(0.431), "recognising".into()), ..ready.clone() };
        let page = Page { total: 3, items: vec![bare, ready, working] };
        insta::assert_snapshot!(episodes_text(&page, Look::plain(None)));
    }
}
