//! `disk`: what takes room.

use super::Context;
use crate::dto::DiskDto;
use crate::exit::{Ending, Outcome};
use crate::terminal::{Look, count, harmless, size};
use clap::Args;
use ear_engine::{DiskUse, ShowUse, rule_text};

/// Say what takes room on the disk: the sound of each show, and the rest
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct DiskArgs {}

const EXAMPLES: &str = "\
Examples:
  earwitness disk
  earwitness disk --json
  earwitness keep 10 --show 'Post Reports'     keep the sound of the newest ten only";

pub fn run(context: &Context, _args: &DiskArgs) -> Outcome {
    let used = context.library()?.disk_use()?;
    context.print(&DiskDto::from(&used), || text(&used, context.look))?;
    Ok(Ending::Done)
}

fn text(used: &DiskUse, look: Look) -> String {
    let name = |show: &ShowUse| match &show.show {
        Some((_, title)) => harmless(title).into_owned(),
        None => "(without a show)".to_owned(),
    };
    let width = used.shows.iter().map(|show| console::measure_text_width(&name(show))).max().unwrap_or(0);
    let mut lines: Vec<String> = used
        .shows
        .iter()
        .map(|show| {
            let name = name(show);
            let space = " ".repeat(width - console::measure_text_width(&name));
            format!("{}{space}  {}", look.bold(&name), show_text(show))
        })
        .collect();
    if !lines.is_empty() {
        lines.push(String::new());
    }
    let parts = used.parts.iter().filter(|(_, bytes)| *bytes > 0);
    lines.push(parts.map(|(part, bytes)| format!("{part} {}", size(*bytes))).collect::<Vec<_>>().join(", "));
    let free = used.free.map(|free| format!(", {} free", size(free))).unwrap_or_default();
    lines.push(format!("{} in all{free}", size(used.total)));
    lines.join("\n")
}

fn show_text(show: &ShowUse) -> String {
    let kept = format!("{:>7} of sound, {}", size(show.kept.1), count(show.kept.0, "episode", "episodes"));
    let removed = match show.removed {
        (0, _) => String::new(),
        (episodes, bytes) => {
            format!("; removed from {} ({})", count(episodes, "episode", "episodes"), size(bytes))
        }
    };
    format!("{kept}; keeps {}{removed}", rule_text(&show.rule))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_engine::core::ShowId;
    use ear_engine::{Keep, KeepRule};

    #[test]
    fn room_is_told_by_show() {
        let newest = KeepRule { keep: Keep::Newest(5), even_only_copies: false };
        let reports = ShowUse {
            show: Some((ShowId(1), "Reports".into())),
            kept: (5, 240_000_000),
            removed: (7, 360_000_000),
            rule: newest,
            own_rule: true,
        };
        let alone =
            ShowUse { show: None, kept: (1, 9_000_000), removed: (0, 0), rule: KeepRule::default(), own_rule: false };
        let used = DiskUse {
            shows: vec![reports, alone],
            rule: KeepRule::default(),
            parts: vec![("recordings", 249_000_000), ("database", 3_100_000), ("tmp", 0)],
            total: 252_100_000,
            free: Some(58_000_000_000),
        };
        insta::assert_snapshot!(text(&used, Look::plain(None)), @r"
        Reports            240 MB of sound, 5 episodes; keeps the newest 5; removed from 7 episodes (360 MB)
        (without a show)     9 MB of sound, 1 episode; keeps all

        recordings 249 MB, database 3 MB
        252 MB in all, 58.0 GB free
        ");
    }
}
