//! Addresses that users name, and files that are feeds: what kind of source each is, told by its content.

use super::{Brought, FeedLook, is_beside, is_local};
use crate::add::{checked, clean_title, head, title_of};
use crate::jobs::{FetchOptions, Link, fetch_job};
use crate::net::{Found, Net, file_url, host_of, is_ours, name_of, path_of, readable};
use crate::{AddOptions, Added, Error, ErrorKind, Library, Result};
use ear_core::{ShowId, Timing};
use ear_ingest::feed::{self, Document, Feed as Offer, FeedLink, FeedOptions};
use ear_ingest::fetch::Fetched;
use ear_ingest::transcript::{self, Format, TextOptions};
use ear_store::{Feed, NewEpisode, NewFeed, NewJob};
use std::fs;
use std::io::Write;
use std::path::Path;
use tempfile::NamedTempFile;

/// Feeds of one list, at most.
const MOST_FEEDS: usize = 500;

impl Library {
    /// Takes in a file: sound, a transcript, or a feed or list of feeds that was saved.
    pub fn add_file(&self, file: &Path, options: &AddOptions) -> Result<Vec<Brought>> {
        let is_file = fs::metadata(file).is_ok_and(|metadata| metadata.is_file());
        if is_file && options.name.is_none() && feed::detect(&head(file)?).is_some() {
            let path = fs::canonicalize(file).map_err(|error| Error::file(file, &error))?;
            return self.add_address(&file_url(&path)?, options);
        }
        Ok(vec![Brought::Episode(self.add(file, options)?)])
    }

    /// Takes in what lies at an address: a feed or a list of feeds, which are then followed, sound, or a
    /// transcript.
    pub fn add_address(&self, address: &str, options: &AddOptions) -> Result<Vec<Brought>> {
        let options = checked(options)?;
        self.bring(address.trim(), &options, false)
    }

    fn bring(&self, address: &str, options: &AddOptions, in_list: bool) -> Result<Vec<Brought>> {
        if let Some(known) = self.store.feed_at(address)? {
            self.store.add_feed(&new_feed(known.show, address, None, options))?;
            return Ok(vec![Brought::Feed(self.look_at(&self.followed(address)?, options.last, None)?)]);
        }
        if let Some(file) = path_of(address).filter(|_| is_local(address))
            && feed::detect(&head(&file)?).is_none()
        {
            if in_list {
                return Err(Error::new(ErrorKind::BadInput, "is no feed").at(address));
            }
            return Ok(vec![Brought::Episode(self.add(&file, options)?)]);
        }
        let net = Net::new(options.allow_private, is_local(address))?;
        let answer = match net.look(address, &self.fetched_file(address))? {
            Found::Sound(media_type) => return Ok(vec![self.add_sound_at(address, media_type, options)?]),
            Found::Document(answer) => answer,
        };
        let told = FeedOptions { base: Some(&answer.url), content_type: answer.content_type.as_deref() };
        let unreadable = |error: ear_ingest::Error| Error::from(error).at(address);
        match feed::detect(&answer.bytes) {
            Some(Document::Opml) if in_list => {
                Err(Error::new(ErrorKind::BadInput, "is a list of feeds in a list of feeds").at(address))
            }
            Some(Document::Opml) => {
                let (links, _lesser) = feed::opml(&answer.bytes).map_err(unreadable)?;
                self.add_list(address, &links, options)
            }
            Some(Document::Feed) => {
                let offer = feed::parse(&answer.bytes, &told).map_err(unreadable)?.feed;
                Ok(vec![Brought::Feed(self.follow(address, &offer, answer, options)?)])
            }
            None if is_transcript(name_of(&answer.url), &answer.bytes) => {
                Ok(vec![self.add_words_at(address, &answer, options)?])
            }
            None => {
                // The parser of feeds knows what this is instead, and where its feed may be.
                let error = feed::parse(&answer.bytes, &told).err().map(unreadable);
                let other = || Error::new(ErrorKind::BadInput, "is no feed, no sound and no transcript").at(address);
                Err(error.unwrap_or_else(other))
            }
        }
    }

    /// Follows a feed that was read, and takes its newest episodes.
    fn follow(&self, address: &str, offer: &Offer, answer: Fetched, options: &AddOptions) -> Result<FeedLook> {
        let moved = offer.guid.as_deref().map(|guid| self.store.feed_called(guid)).transpose()?.flatten();
        let show = match moved.filter(|_| options.show.is_none()) {
            // The same feed at another address, as when a show has moved.
            Some(feed) => {
                self.store.move_feed(feed.id, address)?;
                feed.show
            }
            None => self.show_of(address, offer, options)?,
        };
        self.store.add_feed(&new_feed(show, address, offer.guid.clone(), options))?;
        let mut look = self.look_at(&self.followed(address)?, options.last, Some(answer))?;
        if options.title.is_some() || options.date.is_some() || options.notes.is_some() {
            look.warnings.push("title, date and notes of a feed's episodes are its own".into());
        }
        Ok(look)
    }

    fn followed(&self, address: &str) -> Result<Feed> {
        let gone = || Error::new(ErrorKind::Busy, "the feed was removed meanwhile").at(address);
        self.store.feed_at(address)?.ok_or_else(gone)
    }

    /// The show of a new feed: as the user calls it, or as the feed does. A feed that only happens to have
    /// the name of another's show gets a show of its own.
    fn show_of(&self, address: &str, offer: &Offer, options: &AddOptions) -> Result<ShowId> {
        if let Some(show) = &options.show {
            return Ok(self.store.show_named(show)?);
        }
        let host = host_of(address).unwrap_or_else(|| title_of(name_of(address)));
        let title = clean_title(&offer.title);
        let title = if title.is_empty() { host.clone() } else { title };
        let is_taken = match self.store.find_show(&title)? {
            Some(show) => !self.store.feeds(Some(show.id))?.is_empty(),
            None => false,
        };
        let title = if is_taken { format!("{title} ({host})") } else { title };
        let show = self.store.show_named(&title)?;
        let is_described = self.store.show(show)?.is_some_and(|show| !show.notes.is_empty());
        if !is_described && !offer.description.is_empty() {
            self.store.edit_show(show, None, Some(&offer.description))?;
        }
        Ok(show)
    }

    /// Every feed of a list. One that fails does not stop the others.
    fn add_list(&self, address: &str, links: &[FeedLink], options: &AddOptions) -> Result<Vec<Brought>> {
        let mut brought = Vec::new();
        for link in links.iter().take(MOST_FEEDS) {
            let refused = || Error::new(ErrorKind::BadInput, "a list can only name files that lie beside it");
            let added = match is_local(&link.url) && !(is_local(address) && is_beside(address, &link.url)) {
                true => Err(refused().at(&link.url)),
                false => self.bring(&link.url, options, true),
            };
            match added {
                Ok(more) => brought.extend(more),
                Err(error) if is_ours(&error) => return Err(error),
                Err(error) => brought.push(Brought::Feed(FeedLook::failed(&link.url, error))),
            }
        }
        let left_out = links.len().saturating_sub(MOST_FEEDS);
        if left_out > 0 {
            let error = Error::new(ErrorKind::BadInput, format!("the last {left_out} feeds of this list are left out"));
            brought.push(Brought::Feed(FeedLook::failed(address, error.remedy("Divide the list"))));
        }
        Ok(brought)
    }

    /// Sound at an address becomes an episode at once; its sound is fetched by a job.
    fn add_sound_at(&self, address: &str, media_type: Option<String>, options: &AddOptions) -> Result<Brought> {
        let asked = FetchOptions {
            sound: Some(Link { url: address.to_owned(), media_type, language: None }),
            allow_private: options.allow_private,
            allow_files: is_local(address),
            model: options.model.clone(),
            spoken: options.language.clone(),
            ..FetchOptions::default()
        };
        let new = NewEpisode { source_key: Some(format!("address:{address}")), ..self.described_at(address, options)? };
        let added = self.store.add_episode(&new)?;
        if !added.existed {
            if let Some(names) = &options.names {
                self.store.set_names_text(added.id, Some(names))?;
                self.queue_names(added.id)?;
            }
            self.store.enqueue(&NewJob { episode: Some(added.id), ..fetch_job(&asked) })?;
        }
        self.brought(added.id, added.existed)
    }

    /// A transcript at an address is read at once.
    fn add_words_at(&self, address: &str, answer: &Fetched, options: &AddOptions) -> Result<Brought> {
        let inbox = self.inbox();
        let failed = |error: std::io::Error| Error::file(&inbox, &error);
        let mut file = NamedTempFile::new_in(&inbox).map_err(failed)?;
        file.write_all(&answer.bytes).map_err(failed)?;
        let named = AddOptions { name: Some(name_of(&answer.url).to_owned()), ..options.clone() };
        let added = self.add(file.path(), &named).map_err(|error| Error { place: Some(address.into()), ..error })?;
        if !added.existed {
            self.store.set_source(added.episode, address)?;
        }
        Ok(Brought::Episode(added))
    }

    fn described_at(&self, address: &str, options: &AddOptions) -> Result<NewEpisode> {
        Ok(NewEpisode {
            show: options.show.as_deref().map(|show| self.store.show_named(show)).transpose()?,
            title: options.title.clone().unwrap_or_else(|| title_of(&readable(name_of(address)))),
            date: options.date,
            notes: options.notes.clone().unwrap_or_default(),
            language: options.language.clone(),
            source: address.to_owned(),
            ..NewEpisode::default()
        })
    }

    fn brought(&self, episode: ear_core::EpisodeId, existed: bool) -> Result<Brought> {
        let title = self.known(episode)?.title;
        Ok(Brought::Episode(Added { episode, title, existed, joined: false, warnings: Vec::new() }))
    }
}

/// Whether a document is a transcript. The web is full of pages, so one of those has to have times or speakers.
fn is_transcript(name: &str, bytes: &[u8]) -> bool {
    match transcript::detect(name, bytes) {
        Some(Format::Html) => transcript::parse(bytes, Format::Html, &TextOptions::default()).is_ok_and(|read| {
            read.transcript.timing != Timing::None || read.transcript.turns.iter().any(|turn| turn.speaker.is_some())
        }),
        other => other.is_some(),
    }
}

fn new_feed(show: ShowId, url: &str, guid: Option<String>, options: &AddOptions) -> NewFeed {
    NewFeed {
        show,
        url: url.to_owned(),
        guid,
        allow_private: options.allow_private,
        model: options.model.clone(),
        spoken: options.language.clone(),
        names: options.names.clone(),
    }
}
