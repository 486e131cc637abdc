//! What of a feed becomes an episode, and what became known of those that did.

use super::{FIRST, FeedLook, MOST_NEW, is_beside, is_local, language_code};
use crate::add::clean_title;
use crate::jobs::{FETCH, FetchOptions, Link, fetch_job};
use crate::net::{name_of, readable};
use crate::{Added, Library, Result};
use ear_core::EpisodeId;
use ear_ingest::feed::{Feed as Offer, Item, Kind};
use ear_store::{Facts, Feed, FeedItem, JobQuery, JobState, NewEpisode, NewItem, NewJob};
use std::collections::{HashMap, HashSet};

impl Library {
    /// Takes what is new of an offer: at first the newest few, later what was not seen before; with `last`
    /// that many of the newest. What was taken once and removed stays away.
    pub(super) fn take_new(&self, feed: &Feed, offer: &Offer, last: Option<usize>, look: &mut FeedLook) -> Result<()> {
        let known = Known::of(self.store.feed_items(feed.id)?);
        let is_first = known.by_key.is_empty();
        let episodes: Vec<&Item> = offer.items.iter().filter(|item| is_episode(item)).collect();
        look.offered = Some(episodes.len());
        let newest = last.or(is_first.then_some(FIRST));
        let mut left_out = 0;
        for (place, item) in episodes.iter().enumerate() {
            let is_wanted = newest.is_some_and(|newest| place < newest);
            match known.find(item) {
                Some(seen) => {
                    if seen.key != item.key {
                        self.store.rename_item(feed.id, &seen.key, &item.key)?;
                    }
                    if seen.taken {
                        look.again.extend(self.update(feed, offer, item, seen)?);
                    } else if is_wanted {
                        self.take(feed, offer, item, look)?;
                    }
                }
                None if is_wanted => self.take(feed, offer, item, look)?,
                None if is_first => {}
                None if look.taken.len() < MOST_NEW => self.take(feed, offer, item, look)?,
                None => left_out += 1,
            }
        }
        if left_out > 0 {
            look.warnings.push(format!("{left_out} more are new; `--last` takes as many as you want"));
        }
        let seen: Vec<_> = episodes.iter().map(|item| (item.key.clone(), sound_url(item))).collect();
        Ok(self.store.saw_items(feed.id, &seen)?)
    }

    fn take(&self, feed: &Feed, offer: &Offer, item: &Item, look: &mut FeedLook) -> Result<()> {
        let asked = asked(feed, offer, item);
        let new = NewItem {
            key: item.key.clone(),
            enclosure: sound_url(item),
            links: asked.beside(),
            episode: NewEpisode {
                show: Some(feed.show),
                title: title(item),
                date: item.date,
                notes: item.notes.clone(),
                language: feed.spoken.clone(),
                source: item.link.clone().or_else(|| sound_url(item)).unwrap_or_else(|| feed.url.clone()),
                ..NewEpisode::default()
            },
            facts: facts(item),
            chapters: item.chapters.clone(),
            credits: credits(offer, item),
            names: feed.names.clone(),
        };
        // Another process may have taken it a moment ago.
        if let Some(episode) = self.store.take_item(feed.id, &new, &fetch_job(&asked))? {
            let title = new.episode.title;
            look.taken.push(Added { episode, title, existed: false, joined: false, warnings: Vec::new() });
        }
        Ok(())
    }

    /// An item that was taken may offer more than it did: a transcript, chapters, another address of sound
    /// that could not be fetched.
    fn update(&self, feed: &Feed, offer: &Offer, item: &Item, seen: &FeedItem) -> Result<Option<EpisodeId>> {
        let Some(episode) = seen.episode else { return Ok(None) };
        if !item.chapters.is_empty() && self.store.chapters(episode)? != item.chapters {
            self.store.set_chapters(episode, &item.chapters)?;
            self.queue_clips(episode)?;
        }
        let credits = credits(offer, item);
        if !credits.is_empty() && self.store.credits(episode)? != credits {
            self.store.set_credits(episode, &credits)?;
        }
        let asked = asked(feed, offer, item);
        let is_silent = self.store.episode(episode)?.is_some_and(|episode| episode.recording.is_none());
        let moved = is_silent && seen.enclosure != sound_url(item) && !self.is_called_off(episode)?;
        let beside = asked.beside();
        if beside == seen.links && !moved {
            return Ok(None);
        }
        self.store.enqueue(&NewJob { episode: Some(episode), ..fetch_job(&asked) })?;
        self.store.set_item_links(feed.id, &item.key, sound_url(item).as_deref(), &beside)?;
        Ok(Some(episode))
    }

    /// Whether the user does not want the sound of an episode fetched.
    fn is_called_off(&self, episode: EpisodeId) -> Result<bool> {
        let jobs = self.store.list_jobs(&JobQuery { episode: Some(episode), limit: 20, ..JobQuery::default() })?;
        let last = jobs.iter().find(|job| job.kind == FETCH);
        Ok(last.is_some_and(|job| job.state == JobState::Cancelled))
    }
}

/// The items that were seen before.
struct Known {
    by_key: HashMap<String, FeedItem>,
    /// Key of the item with this sound, where only one has it.
    by_sound: HashMap<String, String>,
}

impl Known {
    fn of(items: Vec<FeedItem>) -> Self {
        let (mut by_sound, mut shared) = (HashMap::new(), HashSet::new());
        for item in &items {
            if let Some(sound) = &item.enclosure
                && by_sound.insert(sound.clone(), item.key.clone()).is_some()
            {
                shared.insert(sound.clone());
            }
        }
        by_sound.retain(|sound, _| !shared.contains(sound));
        Self { by_key: items.into_iter().map(|item| (item.key.clone(), item)).collect(), by_sound }
    }

    /// The same item as it was seen before: of the same key, or of the same sound under another.
    fn find(&self, item: &Item) -> Option<&FeedItem> {
        let by_sound = || self.by_key.get(self.by_sound.get(&sound_url(item)?)?);
        self.by_key.get(&item.key).or_else(by_sound)
    }
}

/// Posts without sound or words are none.
fn is_episode(item: &Item) -> bool {
    item.sound().is_some() || !item.transcripts.is_empty()
}

fn sound_url(item: &Item) -> Option<String> {
    item.sound().map(|sound| sound.url.clone())
}

/// What is to be fetched of an item.
fn asked(feed: &Feed, offer: &Offer, item: &Item) -> FetchOptions {
    let hint = offer.language.as_deref().and_then(language_code);
    let may_be_read = |url: &str| !is_local(url) || is_beside(&feed.url, url);
    let transcripts = item.transcripts.iter().filter(|link| may_be_read(&link.url)).map(|link| Link {
        url: link.url.clone(),
        media_type: link.media_type.clone(),
        language: link.language.as_deref().and_then(language_code),
    });
    FetchOptions {
        sound: item.sound().filter(|sound| may_be_read(&sound.url)).map(|sound| Link {
            url: sound.url.clone(),
            media_type: sound.media_type.clone(),
            language: None,
        }),
        transcripts: transcripts.collect(),
        chapters: item.chapters_url.clone().filter(|url| may_be_read(url)),
        hint,
        allow_private: feed.allow_private,
        allow_files: is_local(&feed.url),
        model: feed.model.clone(),
        spoken: feed.spoken.clone(),
    }
}

fn title(item: &Item) -> String {
    let title = clean_title(&item.title);
    let from_name = || item.sound().map(|sound| crate::add::title_of(&readable(name_of(&sound.url))));
    if !title.is_empty() { title } else { from_name().unwrap_or_else(|| "Untitled".into()) }
}

fn facts(item: &Item) -> Facts {
    Facts {
        link: item.link.clone(),
        season: item.season,
        number: item.number,
        kind: match item.kind {
            Kind::Full => None,
            Kind::Trailer => Some("trailer".into()),
            Kind::Bonus => Some("bonus".into()),
        },
        explicit: item.explicit,
        duration: item.duration_ms,
    }
}

/// Who is in an episode; where it does not say so, who is in all.
fn credits(offer: &Offer, item: &Item) -> Vec<ear_core::Credit> {
    if item.persons.is_empty() { offer.persons.clone() } else { item.persons.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_known_by_its_sound_where_that_is_its_own() {
        let seen = |key: &str, sound: &str| FeedItem {
            key: key.into(),
            taken: true,
            episode: None,
            enclosure: Some(sound.into()),
            links: String::new(),
        };
        let known = Known::of(vec![seen("a", "1"), seen("b", "2"), seen("c", "2")]);
        let item = |key: &str, sound: &str| Item {
            key: key.into(),
            enclosures: vec![ear_ingest::feed::Enclosure {
                url: sound.into(),
                media_type: Some("audio/mpeg".into()),
                bytes: None,
            }],
            ..Item::default()
        };
        for (key, sound, expected) in [("a", "9", Some("a")), ("z", "1", Some("a")), ("z", "2", None), ("z", "9", None)]
        {
            assert_eq!(known.find(&item(key, sound)).map(|seen| seen.key.as_str()), expected, "{key} {sound}");
        }
    }
}
