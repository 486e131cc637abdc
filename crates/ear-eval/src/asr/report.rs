//! Scores of one run: a table for people, an object for programs.

use crate::listen::{Heard, Settings};
use crate::loops;
use crate::normalise::normalise;
use crate::references::Reference;
use crate::stats::median;
use crate::table::{Table, number, percent};
use crate::word_errors::WordErrors;
use serde::Serialize;
use std::collections::BTreeMap;

/// Everything one call measured.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Earwitness.
    #[serde(flatten)]
    pub ours: Scores,
    /// The others, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub peers: BTreeMap<String, Scores>,
    /// What all were told.
    pub settings: Settings,
    /// How often each was run.
    pub runs: usize,
}

/// One system's scores.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scores {
    /// All files together; errors are pooled over words.
    pub total: Total,
    /// Each file.
    pub files: Vec<FileScore>,
}

/// All files together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Total {
    /// Word error: edits per word of the references.
    pub wer: Option<f64>,
    /// CPU seconds per second of sound.
    pub cpu_s_per_s: Option<f64>,
    /// Seconds by the clock per second of sound.
    pub wall_s_per_s: Option<f64>,
    /// The most memory held, in MB.
    pub peak_mb: Option<f64>,
    /// Length of the sound in seconds.
    pub sound_s: f64,
    /// Loops: phrases said more than four times in a row, beyond those of the references.
    pub loops: usize,
    /// Words and edits.
    #[serde(flatten)]
    pub errors: WordErrors,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FileScore {
    /// Its path below the folder named.
    pub name: String,
    /// Word error.
    pub wer: Option<f64>,
    /// CPU seconds per second of sound.
    pub cpu_s_per_s: Option<f64>,
    /// Seconds by the clock per second of sound.
    pub wall_s_per_s: Option<f64>,
    /// Loops.
    pub loops: usize,
    /// Words and edits.
    #[serde(flatten)]
    pub errors: WordErrors,
    /// Why it was not recognised; its words then count as not heard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Scores a system's runs over the same files. Words are those of the first run; CPU and clock are each file's
/// median over the runs, and so is the peak.
pub fn score(references: &[Reference], runs: &[Vec<Heard>]) -> Scores {
    let first = runs.first().map_or(&[][..], Vec::as_slice);
    let mut files = Vec::new();
    let (mut sound_s, mut cpu_s, mut wall_s) = (0.0, 0.0, 0.0);
    for (at, (reference, heard)) in references.iter().zip(first).enumerate() {
        let middle = |value: fn(&Heard) -> f64| {
            let mut values: Vec<f64> = runs.iter().filter_map(|run| run.get(at)).map(value).collect();
            median(&mut values).unwrap_or_default()
        };
        let (cpu, wall) = (middle(|heard| heard.cpu_s), middle(|heard| heard.wall_s));
        let (said, written) = (normalise(&reference.text), normalise(&heard.text));
        let errors = WordErrors::between(&said, &written);
        files.push(FileScore {
            name: reference.name.clone(),
            wer: errors.rate(),
            cpu_s_per_s: per_second(cpu, heard.sound_s),
            wall_s_per_s: per_second(wall, heard.sound_s),
            loops: loops::count(&written).saturating_sub(loops::count(&said)),
            errors,
            error: heard.error.clone(),
        });
        // What a file took that could not be recognised says nothing of speed.
        if heard.error.is_none() {
            (sound_s, cpu_s, wall_s) = (sound_s + heard.sound_s, cpu_s + cpu, wall_s + wall);
        }
    }
    let errors: WordErrors = files.iter().map(|file| file.errors).sum();
    let mut peaks: Vec<f64> = runs.iter().filter_map(|run| peak(run)).collect();
    let total = Total {
        wer: errors.rate(),
        cpu_s_per_s: per_second(cpu_s, sound_s),
        wall_s_per_s: per_second(wall_s, sound_s),
        peak_mb: median(&mut peaks),
        sound_s,
        loops: files.iter().map(|file| file.loops).sum(),
        errors,
    };
    Scores { total, files }
}

fn per_second(value: f64, sound_s: f64) -> Option<f64> {
    (sound_s > 0.0).then(|| value / sound_s)
}

fn peak(run: &[Heard]) -> Option<f64> {
    run.iter().filter_map(|heard| heard.peak_mb).reduce(f64::max)
}

/// The table for people.
pub fn table(report: &Report) -> String {
    let systems: Vec<(&str, &Scores)> = [("ours", &report.ours)]
        .into_iter()
        .chain(report.peers.iter().map(|(name, scores)| (name.as_str(), scores)))
        .collect();
    let mut columns = vec!["file".to_owned(), "words".into()];
    for column in ["word error", "loops", "CPU s/s", "wall s/s"] {
        columns.extend(
            systems.iter().map(|(name, _)| if systems.len() > 1 { format!("{column} {name}") } else { column.into() }),
        );
    }
    columns.extend(systems.iter().skip(1).map(|(name, _)| format!("CPU / {name}")));
    let mut table = Table::new(columns);
    for (at, file) in report.ours.files.iter().enumerate() {
        let scored = |scores: &Scores| {
            scores.files.get(at).map(|file| (file.wer, file.loops, file.cpu_s_per_s, file.wall_s_per_s))
        };
        table.row(row(
            &file.name,
            file.errors.words,
            &systems.iter().filter_map(|(_, scores)| scored(scores)).collect::<Vec<_>>(),
        ));
    }
    table.rule();
    let totals = systems.iter().map(|(_, scores)| &scores.total);
    let cells: Vec<_> = totals.map(|total| (total.wer, total.loops, total.cpu_s_per_s, total.wall_s_per_s)).collect();
    table.row(row("total", report.ours.total.errors.words, &cells));
    format!("{table}\n{}", notes(report, &systems))
}

/// Word error, loops, CPU and clock of one system.
type Cells = (Option<f64>, usize, Option<f64>, Option<f64>);

fn row(name: &str, words: usize, systems: &[Cells]) -> Vec<String> {
    let mut row = vec![name.to_owned(), words.to_string()];
    row.extend(systems.iter().map(|cells| percent(cells.0)));
    row.extend(systems.iter().map(|cells| cells.1.to_string()));
    row.extend(systems.iter().map(|cells| number(cells.2, 3)));
    row.extend(systems.iter().map(|cells| number(cells.3, 3)));
    if let [ours, peers @ ..] = systems {
        row.extend(peers.iter().map(|peer| number(ours.2.zip(peer.2).map(|(ours, peer)| ours / peer), 2)));
    }
    row
}

fn notes(report: &Report, systems: &[(&str, &Scores)]) -> String {
    let mut notes = String::new();
    for (name, Scores { total, files }) in systems {
        let WordErrors { substitutions, deletions, insertions, .. } = total.errors;
        notes += &format!(
            "{name}: {substitutions} words substituted, {deletions} deleted, {insertions} inserted; peak memory {} MB\n",
            number(total.peak_mb, 0)
        );
        for file in files {
            if let Some(error) = &file.error {
                notes += &format!("{name}: {} could not be recognised and counts as not heard: {error}\n", file.name);
            }
        }
    }
    let Settings { model, beam, threads, language, peer_vad, .. } = &report.settings;
    notes += &format!(
        "model {}, beam {beam}, {threads} thread(s), language {}, {} run(s){}\n\
         Word error after Whisper's English normalisation. A loop is a phrase said more than {most} times in a row where \
         the reference has none. CPU and clock run from opening a file to its last word; \
         loading the model is left out for every system.",
        model.as_deref().unwrap_or("default"),
        language.as_deref().unwrap_or("detected"),
        report.runs,
        if *peer_vad { ", peers with their voice detectors" } else { "" },
        most = loops::MOST,
    );
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(name: &str, text: &str) -> Reference {
        Reference { name: name.into(), sound: name.into(), text: text.into(), rare: None }
    }

    fn heard(text: &str, cpu_s: f64, peak_mb: f64) -> Heard {
        let wall_s = 2.0 * cpu_s;
        Heard { text: text.into(), sound_s: 10.0, cpu_s, wall_s, peak_mb: Some(peak_mb), ..Heard::default() }
    }

    fn report() -> Report {
        let references = [reference("a.wav", "It's twenty one."), reference("b.wav", "Not heard at all")];
        let failed = Heard { sound_s: 0.0, error: Some("not sound".into()), ..heard("", 9.0, 120.0) };
        let ours = [vec![heard("it is 21", 1.0, 100.0), failed.clone()], vec![heard("", 3.0, 100.0), failed]];
        let peer = [vec![heard("it is 22, uh, now", 4.0, 200.0), heard("not heard at all", 1.0, 300.0)]];
        Report {
            ours: score(&references, &ours),
            peers: [("faster-whisper".to_owned(), score(&references, &peer))].into(),
            settings: Settings {
                model: None,
                beam: 5,
                threads: 1,
                language: Some("en".into()),
                peer_vad: false,
                names: Vec::new(),
            },
            runs: 2,
        }
    }

    #[test]
    fn the_object_has_its_documented_keys() {
        insta::assert_json_snapshot!(report(), @r#"
        {
          "total": {
            "wer": 0.5714285714285714,
            "cpu_s_per_s": 0.2,
            "wall_s_per_s": 0.4,
            "peak_mb": 120.0,
            "sound_s": 10.0,
            "loops": 0,
            "words": 7,
            "substitutions": 0,
            "deletions": 4,
            "insertions": 0
          },
          "files": [
            {
              "name": "a.wav",
              "wer": 0.0,
              "cpu_s_per_s": 0.2,
              "wall_s_per_s": 0.4,
              "loops": 0,
              "words": 3,
              "substitutions": 0,
              "deletions": 0,
              "insertions": 0
            },
            {
              "name": "b.wav",
              "wer": 1.0,
              "cpu_s_per_s": null,
              "wall_s_per_s": null,
              "loops": 0,
              "words": 4,
              "substitutions": 0,
              "deletions": 4,
              "insertions": 0,
              "error": "not sound"
            }
          ],
          "peers": {
            "faster-whisper": {
              "total": {
                "wer": 0.2857142857142857,
                "cpu_s_per_s": 0.25,
                "wall_s_per_s": 0.5,
                "peak_mb": 300.0,
                "sound_s": 20.0,
                "loops": 0,
                "words": 7,
                "substitutions": 1,
                "deletions": 0,
                "insertions": 1
              },
              "files": [
                {
                  "name": "a.wav",
                  "wer": 0.6666666666666666,
                  "cpu_s_per_s": 0.4,
                  "wall_s_per_s": 0.8,
                  "loops": 0,
                  "words": 3,
                  "substitutions": 1,
                  "deletions": 0,
                  "insertions": 1
                },
                {
                  "name": "b.wav",
                  "wer": 0.0,
                  "cpu_s_per_s": 0.1,
                  "wall_s_per_s": 0.2,
                  "loops": 0,
                  "words": 4,
                  "substitutions": 0,
                  "deletions": 0,
                  "insertions": 0
                }
              ]
            }
          },
          "settings": {
            "model": null,
            "beam": 5,
            "threads": 1,
            "language": "en",
            "peer_vad": false
          },
          "runs": 2
        }
        "#);
    }

    #[test]
    fn the_table_shows_systems_side_by_side() {
        insta::assert_snapshot!(table(&report()), @r#"
        file   words  word error ours  word error faster-whisper  loops ours  loops faster-whisper  CPU s/s ours  CPU s/s faster-whisper  wall s/s ours  wall s/s faster-whisper  CPU / faster-whisper
        -----  -----  ---------------  -------------------------  ----------  --------------------  ------------  ----------------------  -------------  -----------------------  --------------------
        a.wav      3            0.0 %                     66.7 %           0                     0         0.200                   0.400          0.400                    0.800                  0.50
        b.wav      4          100.0 %                      0.0 %           0                     0             –                   0.100              –                    0.200                     –
        -----  -----  ---------------  -------------------------  ----------  --------------------  ------------  ----------------------  -------------  -----------------------  --------------------
        total      7           57.1 %                     28.6 %           0                     0         0.200                   0.250          0.400                    0.500                  0.80

        ours: 0 words substituted, 4 deleted, 0 inserted; peak memory 120 MB
        ours: b.wav could not be recognised and counts as not heard: not sound
        faster-whisper: 1 words substituted, 0 deleted, 1 inserted; peak memory 300 MB
        model default, beam 5, 1 thread(s), language en, 2 run(s)
        Word error after Whisper's English normalisation. A loop is a phrase said more than 4 times in a row where the reference has none. CPU and clock run from opening a file to its last word; loading the model is left out for every system.
        "#);
    }
}
