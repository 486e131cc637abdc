//! Folders: what belongs together becomes one episode, and what is watched is taken in when it is finished.
#![expect(clippy::unwrap_used, reason = "a failed test may panic")]

use ear_engine::core::{EpisodeId, Origin};
use ear_engine::{AddOptions, DoctorOptions, Library, ListEpisodes, Stop, Watched, WorkOptions};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Duration;
use tempfile::TempDir;

const SRT: &str = "1\n00:00:01,000 --> 00:00:03,500\nPeace talks begin.\n";

/// A second of a tone as a 16 kHz mono WAV file; the pitch makes its content its own.
fn wav(pitch: f64) -> Vec<u8> {
    let samples: Vec<u8> =
        (0..16_000).flat_map(|i| (((f64::from(i) * pitch).sin() * 9000.0) as i16).to_le_bytes()).collect();
    let length = samples.len() as u32;
    let mut bytes = [b"RIFF", &(36 + length).to_le_bytes()[..], b"WAVEfmt ", &16u32.to_le_bytes()].concat();
    bytes.extend([1u16, 1].map(u16::to_le_bytes).concat());
    bytes.extend([16_000u32, 32_000].map(u32::to_le_bytes).concat());
    bytes.extend([2u16, 16].map(u16::to_le_bytes).concat());
    bytes.extend([b"data", &length.to_le_bytes()[..], &samples].concat());
    bytes
}

struct Home {
    folder: TempDir,
    library: Library,
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("talks")).unwrap();
        let library = Library::open(&folder.path().join("library")).unwrap();
        Self { folder, library }
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = fs::canonicalize(self.folder.path()).unwrap().join("talks").join(name);
        fs::write(&path, content).unwrap();
        path
    }

    fn talks(&self) -> PathBuf {
        self.folder.path().join("talks")
    }

    fn add(&self, file: &Path) -> ear_engine::Added {
        self.library.add(file, &fake()).unwrap()
    }

    /// Adds what the folder holds, as `add FOLDER` does.
    fn add_all(&self) {
        let mut files = Library::sources(&self.talks()).unwrap();
        files.retain(|file| !Library::is_only_beside(file));
        for file in Library::in_order(files) {
            self.add(&file);
        }
    }

    fn total(&self) -> usize {
        self.library.episodes(&ListEpisodes::default()).unwrap().total
    }
}

fn fake() -> AddOptions {
    AddOptions { model: Some("fake".into()), ..AddOptions::default() }
}

#[test]
fn a_transcript_joins_its_recording_whichever_comes_first() {
    for sound_first in [true, false] {
        let home = Home::new();
        let (sound, text) = (home.file("talk.wav", wav(0.2)), home.file("talk.en.srt", SRT));
        let (first, then) = if sound_first { (&sound, &text) } else { (&text, &sound) };
        let one = home.add(first);
        let two = home.add(then);
        assert_eq!((one.episode, one.joined, two.joined), (two.episode, false, true));
        assert_eq!(home.total(), 1);
        home.library.work(&WorkOptions::default(), &Stop::default(), &|_| ()).unwrap();
        let detail = home.library.episode(one.episode).unwrap();
        let mut origins: Vec<_> = detail.transcripts.iter().map(|info| info.origin).collect();
        origins.dedup();
        assert!(detail.summary.has_sound && origins.contains(&Origin::Imported), "{origins:?}");
        assert!(origins.contains(&Origin::Recognised), "{origins:?}");
        // Again, nothing comes of either.
        assert!(home.add(&sound).existed && home.add(&text).existed);
        assert_eq!(home.library.episode(one.episode).unwrap().transcripts.len(), detail.transcripts.len());
        assert_eq!(home.library.doctor(&DoctorOptions::default(), &|_| ()).unwrap().len(), 0);
    }
}

#[test]
fn a_folder_is_taken_in_by_what_belongs_together() {
    let home = Home::new();
    home.file("a.wav", wav(0.2));
    home.file("a.srt", SRT);
    home.file("a.names.txt", "Ann Lee\nBo = Bob - host\n");
    home.file("b.txt", "Nobody heard this.");
    home.file("b.wav.part", wav(0.3));
    home.file("package.json", "{\"name\": \"no transcript\"}");
    home.file("cover.png", "no");
    home.add_all();
    assert_eq!(home.total(), 2);
    let list = home.library.episodes(&ListEpisodes { limit: 9, ..ListEpisodes::default() }).unwrap();
    let with_sound = list.items.iter().find(|episode| episode.has_sound).unwrap();
    let detail = home.library.episode(with_sound.id).unwrap();
    assert_eq!(detail.names.as_deref(), Some("Ann Lee\nBo = Bob - host\n"));
    assert_eq!(detail.transcripts.len(), 1);
    home.add_all();
    assert_eq!(home.total(), 2);
}

#[test]
fn a_renamed_file_is_the_same_episode() {
    let home = Home::new();
    let old = home.file("old.wav", wav(0.2));
    let first = home.add(&old);
    let new = old.with_file_name("new.wav");
    fs::rename(&old, &new).unwrap();
    let again = home.add(&new);
    assert_eq!((again.episode, again.existed), (first.episode, true));
    assert_eq!(home.library.episode(first.episode).unwrap().source, new.display().to_string());
    // Its transcript is found by the new name.
    let text = home.file("new.srt", SRT);
    assert_eq!(home.add(&text).episode, first.episode);
    // A copy beside it changes nothing.
    let copy = home.file("copy.wav", wav(0.2));
    assert!(home.add(&copy).existed);
    assert_eq!(home.library.episode(first.episode).unwrap().source, new.display().to_string());
}

#[test]
fn a_removed_episode_can_be_added_again() {
    let home = Home::new();
    let file = home.file("talk.wav", wav(0.2));
    let text = home.file("talk.srt", SRT);
    let first = home.add(&file);
    home.add(&text);
    home.library.remove_episode(first.episode).unwrap();
    let documents = home.folder.path().join("library/documents");
    let left =
        fs::read_dir(&documents).unwrap().flatten().flat_map(|entry| fs::read_dir(entry.path()).unwrap()).count();
    assert_eq!(left, 0, "documents go with their episode");
    let again = home.add(&file);
    assert!(!again.existed && again.episode != first.episode);
}

/// Watches the talks in a thread, while `during` writes to them and waits for what comes of it.
fn watching(home: &Home, during: impl FnOnce(&dyn Fn() -> (PathBuf, EpisodeId, bool))) {
    let (stop, (sender, receiver)) = (Stop::default(), mpsc::channel());
    let receiver = Mutex::new(receiver);
    thread::scope(|scope| {
        let watch = scope.spawn(|| {
            home.library.watch(&[home.talks()], &fake(), &stop, &mut |event| match event {
                Watched::Added(file, added) => sender.send((file, added.episode, added.existed)).unwrap(),
                Watched::Failed(file, error) => panic!("{}: {error}", file.display()),
                Watched::Waiting | Watched::Warning(_) => {}
            })
        });
        let next = || receiver.lock().unwrap().recv_timeout(Duration::from_secs(30)).unwrap();
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| during(&next)));
        stop.request();
        watch.join().unwrap().unwrap();
        if let Err(panic) = result {
            std::panic::resume_unwind(panic);
        }
    });
}

#[test]
fn watched_files_are_taken_in_whole_and_keep_their_identity() {
    let home = Home::new();
    let sound = wav(0.2);
    watching(&home, |next| {
        let path = home.talks().join("slow.wav");
        let mut file = File::create(&path).unwrap();
        for part in sound.chunks(sound.len() / 6 + 1) {
            file.write_all(part).unwrap();
            file.sync_all().unwrap();
            thread::sleep(Duration::from_millis(500));
        }
        drop(file);
        let (_, episode, existed) = next();
        assert!(!existed);
        let detail = home.library.episode(episode).unwrap();
        assert_eq!(detail.bytes, Some(sound.len() as u64));
        // The transcript comes later, after its recording has another name.
        fs::rename(&path, home.talks().join("quick.wav")).unwrap();
        home.file("quick.vtt", format!("WEBVTT\n\n{}", SRT.replace(',', ".").trim_start_matches("1\n")));
        let mut came = [next(), next()].map(|(_, episode, _)| episode);
        came.sort();
        assert_eq!(came, [episode, episode]);
        let detail = home.library.episode(episode).unwrap();
        assert!(detail.source.ends_with("quick.wav"), "{}", detail.source);
        assert_eq!(detail.transcripts.len(), 1);
    });
    assert_eq!(home.total(), 1);
}
