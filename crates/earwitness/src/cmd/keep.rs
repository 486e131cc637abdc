//! `keep`: how long sound is kept.

use super::Context;
use crate::dto::{DiskDto, KeepDto};
use crate::exit::{Ending, Failure, Outcome};
use crate::terminal::{count, harmless, size};
use clap::Args;
use ear_engine::core::ShowId;
use ear_engine::{DiskUse, Doomed, Keep, KeepPlan, KeepRule, Library, rule_text};

/// Say how long sound is kept, in all shows or in one
///
/// Without a rule it says which rules there are. Transcripts are always kept. A rule removes only sound that
/// has been transcribed, and only what can be fetched again from a feed, unless --force is given; it removes
/// it now, and from then on whenever an episode has been transcribed. Before that everything it removes is
/// listed: --yes does it.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct KeepArgs {
    /// `all`; a number: the newest so many of each show; `none`: none after transcription; `default`: for a
    /// show, the library's rule
    #[arg(value_name = "RULE", value_parser = rule)]
    rule: Option<Asked>,
    /// The rule of this show alone: its id or its name
    #[arg(long, value_name = "SHOW")]
    show: Option<String>,
    /// Set the rule and remove what it removes
    #[arg(long, short, requires = "rule")]
    yes: bool,
    /// Also remove sound that exists nowhere else
    #[arg(long, requires = "rule")]
    force: bool,
}

const EXAMPLES: &str = "\
Examples:
  earwitness keep                              which rules there are
  earwitness keep 10 --show 'Post Reports'     what keeping the newest ten would remove
  earwitness keep 10 --show 'Post Reports' --yes
  earwitness keep none --yes
  earwitness keep all";

/// What is lost with sound.
const WARNING: &str = "\
Without its sound an episode can be read and searched, but not played, not transcribed again with a better
model, and its words can't be checked by ear, until the sound is fetched or added again.";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Rule(Keep),
    Default,
}

fn rule(text: &str) -> Result<Asked, String> {
    Ok(Asked::Rule(match text {
        "default" => return Ok(Asked::Default),
        "all" => Keep::All,
        "none" => Keep::None,
        number => {
            let count = number.parse().ok().filter(|count| *count > 0);
            Keep::Newest(count.ok_or("write all, none, default, or how many of the newest to keep")?)
        }
    }))
}

pub fn run(context: &Context, args: &KeepArgs) -> Outcome {
    let library = context.library()?;
    let show = args.show.as_deref().map(|show| library.find_show(show)).transpose()?;
    let rule = match args.rule {
        None => return list(context, &library, show),
        Some(Asked::Default) if show.is_none() => {
            return Err(Failure::Usage("`default` takes away the rule of a show: name it with --show".into()));
        }
        Some(Asked::Default) => None,
        Some(Asked::Rule(keep)) => Some(KeepRule { keep, even_only_copies: args.force }),
    };
    let mut plan = library.keep_plan(show, rule.as_ref())?;
    // Keeping all takes nothing from anybody, now or later.
    let harms = rule.map_or(!plan.removes.is_empty(), |rule| rule.keep != Keep::All);
    let applied = args.yes || !harms;
    if applied {
        plan.removes = library.set_keep_rule(show, rule.as_ref())?;
    }
    context.print(&KeepDto::new(show, rule.as_ref(), &plan, applied), || text(rule.as_ref(), &plan, applied))?;
    if !applied {
        context.talk.note("nothing was changed; --yes does it");
    }
    Ok(Ending::Done)
}

fn list(context: &Context, library: &Library, show: Option<ShowId>) -> Outcome {
    if let Some(show) = show {
        let (rule, own) = library.keep_rule(Some(show))?;
        let plan = KeepPlan::default();
        let whose = if own { "its own rule" } else { "the library's rule" };
        context.print(&KeepDto::new(Some(show), Some(&rule), &plan, true), || {
            format!("keeps {} ({whose})", rule_text(&rule))
        })?;
        return Ok(Ending::Done);
    }
    let used = library.disk_use()?;
    context.print(&DiskDto::from(&used), || rules_text(&used))?;
    Ok(Ending::Done)
}

fn rules_text(used: &DiskUse) -> String {
    let own = used.shows.iter().filter(|show| show.own_rule).filter_map(|show| {
        let (_, title) = show.show.as_ref()?;
        Some(format!("\n{} keeps {}", harmless(title), rule_text(&show.rule)))
    });
    format!("each show keeps {}{}", rule_text(&used.rule), own.collect::<String>())
}

fn text(rule: Option<&KeepRule>, plan: &KeepPlan, applied: bool) -> String {
    let keeps = rule.map_or("what the library's rule says".to_owned(), rule_text);
    let mut lines = vec![format!("{} {keeps}", if applied { "keeping" } else { "this would keep" })];
    if !plan.removes.is_empty() {
        let (done, bytes) = (if applied { "removed" } else { "would remove" }, total(&plan.removes));
        let episodes = count(plan.removes.len(), "episode", "episodes");
        lines.push(format!("{done} the sound of {episodes} ({}):", size(bytes)));
        lines.extend(plan.removes.iter().map(doomed_text));
    }
    if !plan.spares.is_empty() {
        let episodes = count(plan.spares.len(), "episode", "episodes");
        let bytes = size(total(&plan.spares));
        lines.push(format!("spares the sound of {episodes} ({bytes}) that exists nowhere else; --force takes it too:"));
        lines.extend(plan.spares.iter().map(doomed_text));
    }
    if plan.waits > 0 {
        lines.push(format!("waits for {} to be transcribed first", count(plan.waits, "episode", "episodes")));
    }
    if rule.is_none_or(|rule| rule.keep != Keep::All) {
        lines.push(WARNING.to_owned());
    }
    lines.join("\n")
}

fn total(doomed: &[Doomed]) -> u64 {
    doomed.iter().map(|doomed| doomed.bytes).sum()
}

fn doomed_text(doomed: &Doomed) -> String {
    let date = doomed.date.map(|date| format!(", {date}")).unwrap_or_default();
    format!("  episode {}, {}{date}: {}", doomed.episode, harmless(&doomed.title), size(doomed.bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_engine::core::EpisodeId;

    #[test]
    fn rules_are_read_as_people_write_them() {
        for (text, expected) in [
            ("all", Some(Asked::Rule(Keep::All))),
            ("none", Some(Asked::Rule(Keep::None))),
            ("12", Some(Asked::Rule(Keep::Newest(12)))),
            ("default", Some(Asked::Default)),
            ("0", None),
            ("-1", None),
            ("some", None),
        ] {
            assert_eq!(rule(text).ok(), expected, "{text}");
        }
    }

    #[test]
    fn a_rule_says_first_what_it_takes() {
        let doomed = Doomed {
            episode: EpisodeId(7),
            title: "The vote".into(),
            date: "2020-01-07".parse().ok(),
            bytes: 40_000_000,
            fetchable: true,
        };
        let plan = KeepPlan { removes: vec![doomed.clone()], spares: vec![doomed], waits: 2 };
        let rule = KeepRule { keep: Keep::Newest(5), even_only_copies: false };
        insta::assert_snapshot!(text(Some(&rule), &plan, false), @r"
        this would keep the newest 5
        would remove the sound of 1 episode (40 MB):
          episode 7, The vote, 2020-01-07: 40 MB
        spares the sound of 1 episode (40 MB) that exists nowhere else; --force takes it too:
          episode 7, The vote, 2020-01-07: 40 MB
        waits for 2 episodes to be transcribed first
        Without its sound an episode can be read and searched, but not played, not transcribed again with a better
        model, and its words can't be checked by ear, until the sound is fetched or added again.
        ");
    }
}
