//! Whether rare names are found in news that synthetic voices read, and made right.

mod folder;
mod library;
mod report;
mod score;

use crate::Outcome;
use anyhow::Result;
use clap::Args;
use ear_engine::Reading;
use folder::Spoken;
use library::Sentences;
use report::{Item, Report};
use score::Scores;
use std::path::{Path, PathBuf};

const SEED: u64 = 1;

/// How many rare names are found in sentences read by synthetic voices: by words alone, by their sound, and made right
/// with lists of names and a second listen; and what that does to all other words.
#[derive(Args, Debug)]
pub struct VoicesArgs {
    /// A folder that tools/speak_names.py made.
    folder: PathBuf,
    /// Only N of the names, spread evenly.
    #[arg(long, value_name = "N", default_value_t = 100_000, hide_default_value = true, value_parser = clap::value_parser!(u32).range(1..))]
    names: u32,
    /// Name of a model, or a folder with a CTranslate2 Whisper.
    #[arg(long)]
    model: Option<String>,
    /// Threads that recognise.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: u16,
    /// Names of each list, the right one among them.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    listed: u32,
    /// Repairs at least so likely are accepted.
    #[arg(long, value_name = "PROBABILITY", default_value_t = 0.5)]
    accept: f32,
    /// Keep the two libraries here, so that a later run with the same lists only looks for names anew.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Write one JSON object.
    #[arg(long)]
    json: bool,
}

/// Measures, and prints a table or an object.
pub fn run(args: &VoicesArgs) -> Result<Outcome> {
    let spoken = folder::spread(folder::read(&args.folder)?, args.names as usize);
    let temporary = tempfile::tempdir()?;
    let place = args.keep.as_deref().unwrap_or(temporary.path());
    let report = measure(args, &spoken, place)?;
    crate::print(args.json, &report, report::table)?;
    Ok(Outcome::Complete)
}

fn measure(args: &VoicesArgs, spoken: &[Spoken], place: &Path) -> Result<Report> {
    let (model, threads) = (args.model.as_deref(), args.threads.into());
    eprintln!("Recognising {} sentences", spoken.len());
    let plain = Sentences::work(&place.join("plain"), spoken, None, model, threads)?;
    let heard = plain.texts(Reading::AsHeard)?;
    let (by_words, rest) = score::read_off(spoken, &heard);
    let words = Scores::new(spoken, &by_words, Some(rest));
    let (mut by_sound, elsewhere) = plain.by_sound(spoken)?;
    by_sound.iter_mut().zip(&by_words).for_each(|(by_sound, by_words)| *by_sound |= by_words);

    eprintln!("Recognising them with lists");
    let lists = folder::lists(spoken, args.listed as usize, SEED);
    let with_lists = Sentences::work(&place.join("lists"), spoken, Some(&lists), model, threads)?;
    let listed = with_lists.texts(Reading::AsHeard)?;
    let (by_lists, listed_rest) = score::read_off(spoken, &listed);
    let repaired = with_lists.repaired(spoken, args.accept)?;
    let (by_repairs, repaired_rest) = score::read_off(spoken, &repaired.texts);

    let items = spoken.iter().enumerate().map(|(at, one)| Item {
        name: one.name.clone(),
        kind: one.kind.clone(),
        voice: one.voice.clone(),
        heard: heard[at].clone(),
        with_list: listed[at].clone(),
        repaired: repaired.texts[at].clone(),
        by_words: by_words[at],
        by_sound: by_sound[at],
        by_list: by_lists[at],
        by_repairs: by_repairs[at],
    });
    Ok(Report {
        sound: Scores::new(spoken, &by_sound, None).beside(&words),
        lists: Scores::new(spoken, &by_lists, Some(listed_rest)).beside(&words),
        repairs: Scores::new(spoken, &by_repairs, Some(repaired_rest)).beside(&words),
        words,
        hits_elsewhere: elsewhere,
        accepted: repaired.accepted,
        accepted_wrong: repaired.wrong,
        items: items.collect(),
    })
}
