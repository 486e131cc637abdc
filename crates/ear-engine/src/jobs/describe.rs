//! The job that asks a language model what clips are about, where the user named one. Each answer is kept as it comes,
//! so that nothing is asked twice; what may stand of them is shown when all are there. An endpoint that fails puts the
//! job off, and is left alone for a while; nothing else waits for it.

use super::{Beat, CLIPS, DESCRIBE, INDEX, MEANING, NAMES, Outcome, Told};
use crate::clips::{Asked, Endpoint, MAKER};
use crate::{Error, ErrorKind, Library, Result, Stage};
use ear_core::EpisodeId;
use ear_store::{Episode, NewJob, Proposed};
use std::collections::HashSet;
use std::time::Duration;

/// What came of asking.
enum Answers {
    All(Vec<(Asked, String)>),
    Ended(Outcome),
}

impl Library {
    /// Episodes with clips that this model was not asked about wait behind all else.
    pub(crate) fn queue_undescribed(&self, endpoint: &Endpoint) -> Result<()> {
        let mut waiting = self.store.episodes_not_proposed(endpoint.model())?;
        // What is still to come has this job at its end.
        let pending = self.store.pending_for(&waiting)?;
        let coming: HashSet<EpisodeId> = pending
            .into_iter()
            .filter(|job| [INDEX, NAMES, MEANING, CLIPS, DESCRIBE].contains(&job.kind.as_str()))
            .filter_map(|job| job.episode)
            .collect();
        waiting.retain(|episode| !coming.contains(episode));
        waiting.into_iter().try_for_each(|episode| {
            self.store.enqueue(&NewJob { priority: -2, ..describe_job(episode) })?;
            Ok(())
        })
    }

    pub(super) fn describe_job(
        &self,
        episode: &Episode,
        endpoint: Option<&Endpoint>,
        beat: &Beat<'_>,
    ) -> Result<Outcome> {
        let done = || Ok(Outcome::Done(Vec::new()));
        // Without an endpoint such a job is left for a worker that has one.
        let Some(endpoint) = endpoint else { return Ok(Outcome::Stopped) };
        let Some(id) = episode.transcript else { return done() };
        let made = self.store.clips_made(episode.id)?.filter(|made| made.transcript == id && made.maker == MAKER);
        let Some(made) = made else { return done() };
        let before = self.store.proposed(episode.id)?;
        if before.is_some_and(|before| before.model == endpoint.model()) {
            return done();
        }
        let ground = self.ground(episode, id)?;
        if ground.making.made_of != made.made_of {
            // Clips are to be made anew, and then this comes again.
            return done();
        }
        let stored = self.store.clips(id)?;
        let asked = ground.asked(&stored, endpoint.model());
        let keys: Vec<String> = asked.iter().map(|asked| asked.key.clone()).collect();
        let answers = match self.answers(episode.id, asked, endpoint, beat)? {
            Answers::All(answers) => answers,
            Answers::Ended(outcome) => return Ok(outcome),
        };
        let described = self.described_by_model(&ground, &stored, &answers, endpoint.model())?;
        let proposed = Proposed { model: endpoint.model().to_owned(), refused: described.refused };
        if !beat.is_ours()? {
            return Ok(Outcome::GivenUp);
        }
        // Clips that were made anew, or edited, meanwhile are asked about next.
        let stands = self.store.describe_clips(episode.id, &made, &described.changed, &proposed, &keys)?;
        Ok(Outcome::Done(if stands { Vec::new() } else { vec![describe_job(episode.id)] }))
    }

    /// An answer about each clip: one that is kept, or that of the model, which is kept then.
    fn answers(&self, episode: EpisodeId, asked: Vec<Asked>, endpoint: &Endpoint, beat: &Beat<'_>) -> Result<Answers> {
        let total = asked.len();
        let mut answers = Vec::with_capacity(total);
        for (at, asked) in asked.into_iter().enumerate() {
            beat.tell(Told {
                stage: Some(Stage::Describing),
                fraction: at as f64 / total as f64,
                done: Some(at as u64),
                total: Some(total as u64),
            });
            let ends = || beat.stop.requested() || beat.lost();
            let ended = || Answers::Ended(if beat.lost() { Outcome::GivenUp } else { Outcome::Stopped });
            if ends() {
                return Ok(ended());
            }
            let answer = match self.store.proposal(episode, &asked.key)? {
                Some(answer) => answer,
                None => {
                    if let Some(left) = endpoint.rests() {
                        return Ok(Answers::Ended(rested(left)));
                    }
                    match endpoint.ask(&asked.prompt, &|| !ends()) {
                        Ok(Some(answer)) => {
                            self.store.put_proposal(episode, &asked.key, &answer)?;
                            answer
                        }
                        Ok(None) => return Ok(ended()),
                        Err(error) if error.kind == ErrorKind::Network => {
                            let wait = millis(endpoint.rests().unwrap_or_default());
                            return Ok(Answers::Ended(Outcome::PutOff { error, wait, tell: true }));
                        }
                        Err(error) => return Err(error),
                    }
                }
            };
            answers.push((asked, answer));
        }
        Ok(Answers::All(answers))
    }
}

/// Not asked, since the endpoint failed a moment ago.
fn rested(left: Duration) -> Outcome {
    let error = Error::new(ErrorKind::Network, "the model did not answer a moment ago, and is asked again later");
    Outcome::PutOff { error, wait: millis(left), tell: false }
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// The job that asks a model about the clips of an episode.
pub(crate) fn describe_job(episode: EpisodeId) -> NewJob {
    // One that runs has read what there was; this one is another by its moment, and looks again.
    let options = serde_json::json!({ "at": ear_store::now() }).to_string();
    NewJob { options, ..NewJob::new(DESCRIBE, Some(episode)) }
}
