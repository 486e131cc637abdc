//! What the command line and the interface for programs share of decisions on repairs.

use ear_engine::core::{EpisodeId, RepairId};
use ear_engine::{Error, ErrorKind, Library, Result};

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
