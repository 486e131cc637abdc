//! Room on the disk: what takes it, and the rules by which sound is removed that was heard.
//!
//! A rule never takes sound that waits to be heard. Unless told otherwise it also spares sound that could not
//! be fetched again. What it takes leaves a note with the episode.

use crate::{Error, Event, Library, Result};
use ear_core::{EpisodeDate, EpisodeId, ShowId};
use ear_store::{Episode, Keep, KeepRule, Sound, UnixMillis};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{fs, io};

/// When and by which rule the sound of an episode was removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoundRemoved {
    /// The day, in the time zone of this machine.
    pub date: Option<EpisodeDate>,
    /// The rule, for people: "none after transcription", "the newest 5".
    pub rule: String,
}

/// What the sound of a show takes on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShowUse {
    /// The show and its title; `None`: the episodes without a show.
    pub show: Option<(ShowId, String)>,
    /// Episodes that have sound here, and its bytes.
    pub kept: (usize, u64),
    /// Episodes whose sound a rule removed, and the bytes it had.
    pub removed: (usize, u64),
    /// The rule that holds for it.
    pub rule: KeepRule,
    /// The rule is its own, not the library's.
    pub own_rule: bool,
}

/// What the library takes on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiskUse {
    /// Sound, by show: what takes most comes first.
    pub shows: Vec<ShowUse>,
    /// The rule of the library.
    pub rule: KeepRule,
    /// Bytes of each part of the folder: database, recordings, covers, documents, index, and so on.
    pub parts: Vec<(&'static str, u64)>,
    /// Bytes in all.
    pub total: u64,
    /// Bytes free on that disk, where the system tells.
    pub free: Option<u64>,
}

/// Sound that a rule would remove, or spares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doomed {
    /// The episode.
    pub episode: EpisodeId,
    /// Its title.
    pub title: String,
    /// The day it was published.
    pub date: Option<EpisodeDate>,
    /// What its sound takes.
    pub bytes: u64,
    /// It can be fetched again.
    pub fetchable: bool,
}

/// What a rule comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeepPlan {
    /// Sound it removes.
    pub removes: Vec<Doomed>,
    /// Sound it would remove, but it exists nowhere else.
    pub spares: Vec<Doomed>,
    /// Episodes whose sound it would remove, but they have not been heard yet, or are wanted by a job.
    pub waits: usize,
}

impl Library {
    /// What the library takes on the disk.
    pub fn disk_use(&self) -> Result<DiskUse> {
        let (rule, titles) = (self.store.keep_rule()?, self.store.shows()?);
        let titles: BTreeMap<ShowId, String> =
            titles.into_iter().map(|listing| (listing.show.id, listing.show.title)).collect();
        let mut shows = BTreeMap::<Option<ShowId>, ShowUse>::new();
        for sound in self.store.sounds(None)? {
            let entry = shows.entry(sound.show).or_insert_with(|| ShowUse {
                show: sound.show.map(|id| (id, titles.get(&id).cloned().unwrap_or_default())),
                kept: (0, 0),
                removed: (0, 0),
                rule,
                own_rule: false,
            });
            let here = sound.recording.removed.is_none();
            let (count, bytes) = if here { &mut entry.kept } else { &mut entry.removed };
            *count += 1;
            *bytes += sound.recording.bytes;
        }
        for (show, entry) in &mut shows {
            if let Some(own) = show.map(|show| self.store.show_keep_rule(show)).transpose()?.flatten() {
                (entry.rule, entry.own_rule) = (own, true);
            }
        }
        let mut shows: Vec<ShowUse> = shows.into_values().collect();
        shows.sort_by_key(|show| std::cmp::Reverse(show.kept.1));
        let parts = self.parts()?;
        let total = parts.iter().map(|(_, bytes)| bytes).sum();
        Ok(DiskUse { shows, rule, parts, total, free: free(self.folder()) })
    }

    /// The rule that holds for a show, or for the library, and whether the show has it of its own.
    pub fn keep_rule(&self, show: Option<ShowId>) -> Result<(KeepRule, bool)> {
        match show.map(|show| self.store.show_keep_rule(show)).transpose()?.flatten() {
            Some(rule) => Ok((rule, true)),
            None => Ok((self.store.keep_rule()?, false)),
        }
    }

    /// What a rule would remove now if it were that of a show, or of the library; shows with a rule of their
    /// own are then left alone. `None` as the rule: a show's own is taken away.
    pub fn keep_plan(&self, show: Option<ShowId>, rule: Option<&KeepRule>) -> Result<KeepPlan> {
        let library_rule = self.store.keep_rule()?;
        let mut plan = KeepPlan::default();
        for group in self.groups(show.map(Some))? {
            let own = group.show.map(|show| self.store.show_keep_rule(show)).transpose()?.flatten();
            let rule = match (show, rule) {
                (Some(_), Some(rule)) => *rule,
                (Some(_), None) => library_rule,
                (None, rule) => own.unwrap_or(rule.copied().unwrap_or_default()),
            };
            plan.add(&group.sounds, &rule);
        }
        Ok(plan)
    }

    /// Sets the rule of a show, or of the library, and removes what it removes now. `None` as the rule takes a
    /// show's own away. What was removed.
    pub fn set_keep_rule(&self, show: Option<ShowId>, rule: Option<&KeepRule>) -> Result<Vec<Doomed>> {
        self.with_reserve(|| match show {
            Some(show) => Ok(self.store.set_show_keep_rule(show, rule)?),
            None => Ok(self.store.set_keep_rule(&rule.copied().unwrap_or_default())?),
        })?;
        self.apply_keep_rules(show.map(Some))
    }

    /// Removes the sound that the rules remove, of all shows or of one. What was removed.
    pub(crate) fn apply_keep_rules(&self, show: Option<Option<ShowId>>) -> Result<Vec<Doomed>> {
        let mut removed = Vec::new();
        for group in self.groups(show)? {
            let (rule, _) = self.keep_rule(group.show)?;
            let mut plan = KeepPlan::default();
            plan.add(&group.sounds, &rule);
            let doomed: BTreeSet<EpisodeId> = plan.removes.iter().map(|doomed| doomed.episode).collect();
            for sound in group.sounds.iter().filter(|sound| doomed.contains(&sound.episode)) {
                if self.remove_sound(sound, &rule)? {
                    removed.extend(plan.removes.iter().find(|doomed| doomed.episode == sound.episode).cloned());
                }
            }
        }
        Ok(removed)
    }

    /// The rules at the end of a job. That the sound stays is no failure of the job.
    pub(crate) fn keep_after(&self, episode: &Episode, on_event: &(dyn Fn(Event) + Sync)) {
        if let Err(error) = self.apply_keep_rules(Some(episode.show)) {
            let message = format!("sound that a rule removes is still here: {error}");
            on_event(Event::Warning { episode: Some(episode.id), message });
        }
    }

    /// First the note, then the file: killed between them, the file is found by the doctor and nobody misses it.
    fn remove_sound(&self, sound: &Sound, rule: &KeepRule) -> Result<bool> {
        if !self.store.note_sound_removed(&sound.recording.hash, rule)? {
            return Ok(false);
        }
        let file = self.recording_file(&sound.recording);
        match fs::remove_file(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::file(&file, &error)),
            _ => Ok(true),
        }
    }

    /// Sound by show, each newest first.
    fn groups(&self, show: Option<Option<ShowId>>) -> Result<Vec<Group>> {
        let mut groups = BTreeMap::<Option<ShowId>, Vec<Sound>>::new();
        for sound in self.store.sounds(show)? {
            groups.entry(sound.show).or_default().push(sound);
        }
        Ok(groups.into_iter().map(|(show, sounds)| Group { show, sounds }).collect())
    }

    fn parts(&self) -> Result<Vec<(&'static str, u64)>> {
        let mut parts = BTreeMap::<&'static str, u64>::new();
        let failed = |error: io::Error| Error::file(self.folder(), &error);
        for entry in fs::read_dir(self.folder()).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let part = match name.as_str() {
                "recordings" => "recordings",
                "covers" => "covers",
                "documents" => "documents",
                "index" => "index",
                "lost" => "lost",
                "tmp" => "tmp",
                _ if name.contains(".db.before-") => "older databases",
                _ if name.starts_with("earwitness.db") => "database",
                _ => "other",
            };
            *parts.entry(part).or_default() += size_below(&entry.path());
        }
        let mut parts: Vec<_> = parts.into_iter().collect();
        parts.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
        Ok(parts)
    }
}

struct Group {
    show: Option<ShowId>,
    /// Newest first.
    sounds: Vec<Sound>,
}

impl KeepPlan {
    /// What a rule does to the sound of one show, newest first.
    fn add(&mut self, sounds: &[Sound], rule: &KeepRule) {
        let spared = match rule.keep {
            Keep::All => return,
            Keep::Newest(count) => count as usize,
            Keep::None => 0,
        };
        // What is gone counts among the newest too: else each removal would make room for another.
        for sound in sounds.iter().skip(spared).filter(|sound| sound.recording.removed.is_none()) {
            let doomed = Doomed {
                episode: sound.episode,
                title: sound.title.clone(),
                date: sound.date,
                bytes: sound.recording.bytes,
                fetchable: is_fetchable(sound),
            };
            if !sound.heard || sound.wanted {
                self.waits += 1;
            } else if doomed.fetchable || rule.even_only_copies {
                self.removes.push(doomed);
            } else {
                self.spares.push(doomed);
            }
        }
    }
}

/// Whether sound could be fetched again: a feed offered it, from the net or from a file that is still there.
fn is_fetchable(sound: &Sound) -> bool {
    let Some(address) = sound.enclosure.as_deref() else { return false };
    match crate::net::path_of(address) {
        Some(path) => path.is_file(),
        None => address.starts_with("http://") || address.starts_with("https://"),
    }
}

/// The note that a rule left, for people.
pub(crate) fn told(removed: &ear_store::RemovedSound) -> SoundRemoved {
    let rule = removed.rule.parse::<KeepRule>().map_or_else(|()| removed.rule.clone(), |rule| rule_text(&rule));
    SoundRemoved { date: day(removed.at), rule }
}

/// A rule as people read it, after "keep".
pub fn rule_text(rule: &KeepRule) -> String {
    let keeps = match rule.keep {
        Keep::All => return "all".into(),
        Keep::Newest(1) => "the newest".into(),
        Keep::Newest(count) => format!("the newest {count}"),
        Keep::None => "none after transcription".to_owned(),
    };
    // Said wherever the rule is, since it goes on taking sound that nobody can bring back.
    let harsh = if rule.even_only_copies { ", not even what exists nowhere else" } else { "" };
    format!("{keeps}{harsh}")
}

fn day(at: UnixMillis) -> Option<EpisodeDate> {
    let moment = jiff::Timestamp::from_millisecond(at).ok()?;
    moment.to_zoned(jiff::tz::TimeZone::system()).date().to_string().parse().ok()
}

/// Bytes of a file, or of all files below a folder. What vanishes meanwhile counts nothing.
fn size_below(path: &Path) -> u64 {
    let Ok(metadata) = fs::symlink_metadata(path) else { return 0 };
    if !metadata.is_dir() {
        return metadata.len();
    }
    fs::read_dir(path).into_iter().flatten().flatten().map(|entry| size_below(&entry.path())).sum()
}

#[cfg(unix)]
fn free(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(not(unix))]
fn free(_: &Path) -> Option<u64> {
    None
}
