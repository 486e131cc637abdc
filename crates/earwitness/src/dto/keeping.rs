//! What is kept: backups, rules for sound, room on the disk, and what the doctor found.

use ear_engine::core::{EpisodeDate, EpisodeId, ShowId};
use ear_engine::{BackedUp, DiskUse, Doomed, Finding, Keep, KeepPlan, KeepRule, Restored, ShowUse};
use serde::Serialize;
use std::collections::BTreeMap;

/// What the doctor found.
#[derive(Debug, Serialize)]
pub struct DoctorDto {
    /// Faults; empty where all is well.
    pub findings: Vec<FindingDto>,
}

/// One fault.
#[derive(Debug, Serialize)]
pub struct FindingDto {
    /// What kind of fault, for programs: `sound_missing`, `index_damaged`, …
    code: &'static str,
    /// What is wrong, in one sentence.
    message: String,
    /// The file, where it is one.
    r#where: Option<String>,
    /// What to do, where a repair can't help.
    remedy: Option<String>,
    /// Whether it is put right now.
    mended: bool,
}

/// What a backup came to.
#[derive(Debug, Serialize)]
pub struct BackedUpDto {
    folder: String,
    copied: FilesDto,
    already_there: FilesDto,
    /// Files there that the library no longer has.
    extra: FilesDto,
    database_bytes: u64,
    /// What is missing from the backup; empty where it is whole.
    problems: Vec<String>,
    /// A database that had been changed in the backup, and where it was put.
    put_aside: Option<String>,
}

/// What a restore came to.
#[derive(Debug, Serialize)]
pub struct RestoredDto {
    folder: String,
    episodes: usize,
    restored: FilesDto,
    /// What is missing from the library; empty where it is whole.
    problems: Vec<String>,
    /// Where what lay there before was moved.
    moved_aside: Option<String>,
}

/// So many files of so many bytes.
#[derive(Debug, Serialize)]
pub struct FilesDto {
    files: usize,
    bytes: u64,
}

/// What takes room.
#[derive(Debug, Serialize)]
pub struct DiskDto {
    total_bytes: u64,
    free_bytes: Option<u64>,
    /// Bytes of each part of the library.
    parts: BTreeMap<&'static str, u64>,
    /// The library's rule for sound.
    rule: RuleDto,
    /// Sound by show; what takes most comes first.
    shows: Vec<ShowUseDto>,
}

/// Room that the sound of a show takes.
#[derive(Debug, Serialize)]
pub struct ShowUseDto {
    /// Null for episodes without a show.
    show_id: Option<ShowId>,
    show: Option<String>,
    sound: FilesDto,
    /// Sound that a rule removed.
    removed: FilesDto,
    rule: RuleDto,
    /// The show has this rule of its own.
    own_rule: bool,
}

/// A rule for sound.
#[derive(Debug, Serialize)]
pub struct RuleDto {
    /// `all`, `newest` or `none`.
    keep: &'static str,
    /// How many, with `newest`.
    newest: Option<u32>,
    /// Also what cannot be fetched again goes.
    even_only_copies: bool,
}

/// A rule and what it removes.
#[derive(Debug, Serialize)]
pub struct KeepDto {
    /// The show it is of; null: the library.
    show_id: Option<ShowId>,
    /// The rule; null where a show's own is taken away.
    rule: Option<RuleDto>,
    /// Whether it is set, and done, or only listed.
    applied: bool,
    removes: Vec<DoomedDto>,
    /// What would be removed too, but exists nowhere else.
    spares: Vec<DoomedDto>,
    /// Episodes whose sound waits to be heard first.
    waits: usize,
}

/// Sound that goes or would go.
#[derive(Debug, Serialize)]
pub struct DoomedDto {
    episode_id: EpisodeId,
    episode: String,
    date: Option<EpisodeDate>,
    bytes: u64,
    /// It can be fetched again.
    fetchable: bool,
}

impl From<&[Finding]> for DoctorDto {
    fn from(findings: &[Finding]) -> Self {
        let finding = |finding: &Finding| FindingDto {
            code: finding.fault.code(),
            message: finding.message.clone(),
            r#where: finding.place.clone(),
            remedy: finding.remedy.clone(),
            mended: finding.mended,
        };
        Self { findings: findings.iter().map(finding).collect() }
    }
}

impl From<(usize, u64)> for FilesDto {
    fn from((files, bytes): (usize, u64)) -> Self {
        Self { files, bytes }
    }
}

impl From<&BackedUp> for BackedUpDto {
    fn from(done: &BackedUp) -> Self {
        Self {
            folder: done.folder.display().to_string(),
            copied: done.copied.into(),
            already_there: done.kept.into(),
            extra: done.extra.into(),
            database_bytes: done.database,
            problems: done.problems.clone(),
            put_aside: done.put_aside.as_ref().map(|path| path.display().to_string()),
        }
    }
}

impl From<&Restored> for RestoredDto {
    fn from(restored: &Restored) -> Self {
        Self {
            folder: restored.folder.display().to_string(),
            episodes: restored.episodes,
            restored: restored.files.into(),
            problems: restored.problems.clone(),
            moved_aside: restored.moved_aside.as_ref().map(|path| path.display().to_string()),
        }
    }
}

impl From<&KeepRule> for RuleDto {
    fn from(rule: &KeepRule) -> Self {
        let (keep, newest) = match rule.keep {
            Keep::All => ("all", None),
            Keep::Newest(count) => ("newest", Some(count)),
            Keep::None => ("none", None),
        };
        Self { keep, newest, even_only_copies: rule.even_only_copies }
    }
}

impl From<&DiskUse> for DiskDto {
    fn from(used: &DiskUse) -> Self {
        Self {
            total_bytes: used.total,
            free_bytes: used.free,
            parts: used.parts.iter().copied().collect(),
            rule: RuleDto::from(&used.rule),
            shows: used.shows.iter().map(ShowUseDto::from).collect(),
        }
    }
}

impl From<&ShowUse> for ShowUseDto {
    fn from(used: &ShowUse) -> Self {
        Self {
            show_id: used.show.as_ref().map(|show| show.0),
            show: used.show.as_ref().map(|show| show.1.clone()),
            sound: used.kept.into(),
            removed: used.removed.into(),
            rule: RuleDto::from(&used.rule),
            own_rule: used.own_rule,
        }
    }
}

impl KeepDto {
    /// A rule with what it removes, or removed.
    pub fn new(show_id: Option<ShowId>, rule: Option<&KeepRule>, plan: &KeepPlan, applied: bool) -> Self {
        let doomed = |doomed: &Doomed| DoomedDto {
            episode_id: doomed.episode,
            episode: doomed.title.clone(),
            date: doomed.date,
            bytes: doomed.bytes,
            fetchable: doomed.fetchable,
        };
        Self {
            show_id,
            rule: rule.map(RuleDto::from),
            applied,
            removes: plan.removes.iter().map(doomed).collect(),
            spares: plan.spares.iter().map(doomed).collect(),
            waits: plan.waits,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_engine::Fault;

    fn json(value: &impl Serialize) -> String {
        serde_json::to_string(value).expect("plain data")
    }

    #[test]
    fn findings_have_their_shape() {
        let finding = Finding {
            fault: Fault::SoundMissing,
            message: "the sound of a.mp3 is missing".into(),
            place: Some("/l/recordings/ab/abc.mp3".into()),
            remedy: Some("Add that file again".into()),
            mended: false,
        };
        insta::assert_snapshot!(json(&DoctorDto::from(&[finding][..])), @r#"{"findings":[{"code":"sound_missing","message":"the sound of a.mp3 is missing","where":"/l/recordings/ab/abc.mp3","remedy":"Add that file again","mended":false}]}"#);
    }

    #[test]
    fn rules_have_their_shape() {
        let doomed = Doomed { episode: EpisodeId(7), title: "The vote".into(), date: None, bytes: 40, fetchable: true };
        let plan = KeepPlan { removes: vec![doomed], ..KeepPlan::default() };
        let rule = KeepRule { keep: Keep::Newest(5), even_only_copies: false };
        insta::assert_snapshot!(json(&KeepDto::new(Some(ShowId(2)), Some(&rule), &plan, false)), @r#"{"show_id":"2","rule":{"keep":"newest","newest":5,"even_only_copies":false},"applied":false,"removes":[{"episode_id":"7","episode":"The vote","date":null,"bytes":40,"fetchable":true}],"spares":[],"waits":0}"#);
    }

    #[test]
    fn room_has_its_shape() {
        let show = ShowUse { show: None, kept: (2, 300), removed: (0, 0), rule: KeepRule::default(), own_rule: false };
        let parts = vec![("recordings", 300), ("database", 40)];
        let used = DiskUse { shows: vec![show], rule: KeepRule::default(), parts, total: 340, free: None };
        insta::assert_snapshot!(json(&DiskDto::from(&used)), @r#"{"total_bytes":340,"free_bytes":null,"parts":{"database":40,"recordings":300},"rule":{"keep":"all","newest":null,"even_only_copies":false},"shows":[{"show_id":null,"show":null,"sound":{"files":2,"bytes":300},"removed":{"files":0,"bytes":0},"rule":{"keep":"all","newest":null,"even_only_copies":false},"own_rule":false}]}"#);
    }
}
