//! What the command line, the pages and the interface for programs share of decisions on names and repairs.

use ear_engine::core::{EpisodeId, RepairId};
use ear_engine::{Act, Error, ErrorKind, Library, Result, Undone};

/// Refuses ids that are not of this episode: a slip is not to change what nobody looks at.
pub fn check_of_episode(library: &Library, episode: EpisodeId, ids: &[RepairId]) -> Result<()> {
    let view = library.names(episode)?;
    match ids.iter().find(|id| view.repairs.iter().all(|repair| repair.id != **id)) {
        None => Ok(()),
        Some(id) => {
            let error = Error::new(ErrorKind::NotFound, format!("episode {episode} has no repair {id}"));
            Err(error.remedy(format!("`earwitness names {episode}` lists those it has")))
        }
    }
}

/// What was taken back, in words that go on from "took back": `making “Suleimani” part of “Soleimani”`.
pub fn undone_text(undone: &Undone) -> String {
    let quoted = |name: &Option<String>| format!("“{}”", name.as_deref().unwrap_or_default());
    let (name, other) = (quoted(&undone.name), quoted(&undone.other));
    match undone.what {
        Act::Decided => {
            let repairs = undone.repairs.len() + undone.gone.len();
            format!("the last decision, on {repairs} {}", if repairs == 1 { "repair" } else { "repairs" })
        }
        Act::Corrected => format!("the correction {other} → {}", undone.name.as_deref().unwrap_or_default()),
        Act::Added => format!("adding {name}"),
        Act::Followed => format!("following {name}"),
        Act::Unfollowed => format!("no longer following {name}"),
        Act::Sorted => format!("what {name} is the name of"),
        Act::Renamed => format!("calling {name} {other}"),
        Act::Joined => format!("making {other} part of {name}"),
        Act::Split => format!("splitting {other} off {name}"),
        Act::Forgot => format!("forgetting {name}"),
        Act::Recalled => format!("bringing {name} back"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dto::name_samples;

    #[test]
    fn what_was_taken_back_is_told() {
        let merged = name_samples::undone();
        let decided = Undone { what: Act::Decided, repairs: vec![RepairId(1)], ..merged.clone() };
        let corrected = Undone { what: Act::Corrected, gone: vec![RepairId(1)], ..merged.clone() };
        for (undone, expected) in [
            (merged, "making “Suleimani” part of “Soleimani”"),
            (decided, "the last decision, on 1 repair"),
            (corrected, "the correction “Suleimani” → Soleimani"),
        ] {
            assert_eq!(undone_text(&undone), expected);
        }
    }
}
