//! What comes next after a clip, and what is talked about more and more.
#![expect(clippy::unwrap_used, reason = "a failed test may panic")]

use ear_engine::core::{
    Author, Clip, ClipId, ClipKind, Description, EpisodeId, MentionBy, Name, NameId, NameKind, NameSource, Origin,
    ShowId, SourceKind, Span, Timing, Transcript, Word,
};
use ear_engine::{EpisodeEdit, ErrorKind, Library, NextOptions, NextReason, TrendBy, TrendKind, Trends, TrendsRequest};
use ear_language::vectors::{SIZE, Vector};
use ear_store::{Making, NewClip, NewEpisode, Store};
use tempfile::TempDir;

/// Words of a clip, a word a second.
const LONG: usize = 60;

/// A library whose clips are stored as they are wanted.
struct Talk {
    _folder: TempDir,
    library: Library,
    store: Store,
}

/// A clip: what it is, the names that it says, its keyword, and the axis that its vector lies along.
struct Piece<'a> {
    kind: ClipKind,
    names: &'a [(NameId, usize)],
    keyword: &'a str,
    axis: Option<usize>,
}

const NOTHING: Piece<'static> = Piece { kind: ClipKind::Topic, names: &[], keyword: "", axis: None };
const ADVERT: Piece<'static> = Piece { kind: ClipKind::Advertisement, ..NOTHING };

impl Talk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let library = Library::open(folder.path()).unwrap();
        let store = Store::open(&folder.path().join("earwitness.db")).unwrap();
        Self { _folder: folder, library, store }
    }

    fn show(&self, name: &str) -> ShowId {
        self.store.show_named(name).unwrap()
    }

    fn name(&self, name: &str, kind: NameKind) -> NameId {
        let sources = vec![NameSource { kind: SourceKind::Said, text: String::new() }];
        let name = Name { name: name.into(), kind: Some(kind), role: None, variants: Vec::new(), sources };
        self.store.add_name(&name).unwrap()
    }

    /// An episode of these clips. Its words are its own but for the keyword that begins each clip.
    fn episode(&self, show: ShowId, date: &str, pieces: &[Piece<'_>]) -> (EpisodeId, Vec<ClipId>) {
        let title = format!("Episode of {date}");
        let new = NewEpisode {
            source: format!("{title} {show}"),
            title,
            show: Some(show),
            date: date.parse().ok(),
            ..NewEpisode::default()
        };
        let episode = self.store.add_episode(&new).unwrap().id;
        let text = |at: usize| match pieces[at / LONG].keyword {
            keyword if at % LONG == 3 && !keyword.is_empty() => keyword.to_owned(),
            _ => format!("w{episode}x{at}"),
        };
        let word = |at: usize| Word::timed(text(at), Span::new(at as u64 * 1000, at as u64 * 1000 + 900));
        self.give(episode, (0..pieces.len() * LONG).map(word).collect(), pieces)
    }

    fn give(&self, episode: EpisodeId, words: Vec<Word>, pieces: &[Piece<'_>]) -> (EpisodeId, Vec<ClipId>) {
        let whole = Transcript { timing: Timing::Words, words, ..Transcript::empty(Origin::Imported) };
        let transcript = self.store.add_transcript(episode, &whole).unwrap();
        let mut mentions = Vec::new();
        for (at, piece) in pieces.iter().enumerate() {
            let all = piece.names.iter().flat_map(|(name, count)| std::iter::repeat_n(*name, *count));
            let start = at * LONG + 10;
            mentions
                .extend(all.enumerate().map(|(at, name)| (name, start + at..start + at + 1, MentionBy::Words, None)));
        }
        self.store.put_episode_names(episode, transcript, "test", &[], &mentions, &[]).unwrap();
        let clips: Vec<NewClip> = pieces.iter().enumerate().map(|(at, piece)| piece.clip(at)).collect();
        let making = Making { maker: "test".into(), made_of: "words".into(), edits: 0 };
        (episode, self.store.put_clips(episode, transcript, &making, &clips).unwrap())
    }

    fn next(&self, clip: ClipId) -> Vec<(ClipId, String)> {
        let next = self.library.next(clip, &NextOptions::default()).unwrap();
        next.into_iter().map(|next| (next.clip.id, next.reason)).collect()
    }
}

impl Piece<'_> {
    fn clip(&self, at: usize) -> NewClip {
        let words = at * LONG..(at + 1) * LONG;
        let description = Description {
            headline: format!("Clip {at}"),
            headline_by: Author::Words,
            headline_source: None,
            summary: Vec::new(),
            summary_by: Author::Words,
            keywords: [self.keyword].into_iter().filter(|word| !word.is_empty()).map(Into::into).collect(),
        };
        let span = Some(Span::new(words.start as u64 * 1000, words.end as u64 * 1000));
        let clip = Clip { kind: self.kind, label: None, words, span, chapter: None, description, broken_off: false };
        let vector = self.axis.map(|axis| {
            let mut floats = [0.0; SIZE];
            (floats[axis], floats[100 + at]) = (1.0, 0.5);
            let mut bytes = Vec::new();
            Vector::from_floats(&floats).to_bytes(&mut bytes);
            bytes
        });
        NewClip { clip, by_hand: false, vector }
    }
}

#[test]
fn what_is_related_elsewhere_comes_with_its_reason() {
    let talk = Talk::new();
    let (news, world) = (talk.show("News"), talk.show("World"));
    let beirut = talk.name("Beirut", NameKind::Place);
    let said = [(beirut, 4)];
    let about = || Piece { names: &said, ..NOTHING };
    let (first, one) = talk.episode(news, "2020-01-10", &[about(), ADVERT, NOTHING]);
    let (_, two) = talk.episode(world, "2020-01-12", &[NOTHING, about()]);
    let (_, three) = talk.episode(world, "2020-01-03", &[about()]);
    let next = talk.next(one[0]);
    let expected = [
        (two[1], "also about Beirut, two days later"),
        (three[0], "also about Beirut, a week earlier"),
        (one[2], "next in this episode"),
        (two[0], "not heard yet"),
    ];
    assert_eq!(next, expected.map(|(clip, reason)| (clip, reason.to_owned())));
    // An advertisement stands for what it interrupts.
    assert_eq!(talk.next(one[1]), next);

    let view = &talk.library.next(one[0], &NextOptions { limit: 1, ..NextOptions::default() }).unwrap()[0];
    assert_eq!((view.kind, &view.clip), (NextReason::About, &talk.library.clip(two[1]).unwrap()));
    assert_eq!(view.clip.places, [(beirut, "Beirut".to_owned())]);

    let only = NextOptions { same_show: true, ..NextOptions::default() };
    let ids: Vec<ClipId> = talk.library.next(one[0], &only).unwrap().iter().map(|next| next.clip.id).collect();
    assert_eq!(ids, [one[2]]);

    // What was heard is not offered, unless it is asked for.
    let (from, after) = talk.library.next_in(first, &NextOptions::default()).unwrap();
    assert_eq!((from.unwrap().id, after[0].clip.id), (one[0], two[1]));
    for clip in [two[1], one[2]] {
        talk.library.mark_heard(clip, true).unwrap();
    }
    let left: Vec<ClipId> = talk.next(one[0]).into_iter().map(|next| next.0).collect();
    assert_eq!(left, [three[0], two[0]]);
    let all = NextOptions { heard: true, ..NextOptions::default() };
    assert_eq!(talk.library.next(one[0], &all).unwrap().len(), 4);
    let (from, _) = talk.library.next_in(first, &NextOptions::default()).unwrap();
    assert_eq!(from.unwrap().id, one[2]);
    assert_eq!(talk.library.next(ClipId(4711), &all).unwrap_err().kind, ErrorKind::NotFound);
}

#[test]
fn the_order_follows_what_changes() {
    let talk = Talk::new();
    let show = talk.show("News");
    let (beirut, cairo) = (talk.name("Beirut", NameKind::Place), talk.name("Cairo", NameKind::Place));
    let (_, one) = talk.episode(show, "2020-01-10", &[Piece { names: &[(beirut, 4)], ..NOTHING }]);
    let (other, two) = talk.episode(show, "2020-01-11", &[Piece { names: &[(cairo, 4)], ..NOTHING }]);
    assert_eq!(talk.next(one[0]), [(two[0], "not heard yet".to_owned())]);
    // Other words, other names; then another day; then another spelling.
    let words = (0..LONG).map(|at| Word::untimed(format!("v{at}"))).collect();
    let both = [(beirut, 4), (cairo, 4)];
    talk.give(other, words, &[Piece { names: &both, ..NOTHING }]);
    assert_eq!(talk.next(one[0])[0].1, "also about Beirut, a day later");
    let edit = EpisodeEdit { date: Some("2020-01-09".parse().ok()), ..EpisodeEdit::default() };
    talk.library.edit_episode(other, &edit).unwrap();
    assert_eq!(talk.next(one[0])[0].1, "also about Beirut, a day earlier");
    talk.store.rename_name(beirut, "Beyrouth").unwrap();
    assert_eq!(talk.next(one[0])[0].1, "also about Beyrouth, a day earlier");
    // As another process sees it, which reads all of it.
    let fresh = Library::open(talk.library.folder()).unwrap();
    let options = NextOptions::default();
    assert_eq!(fresh.next(one[0], &options).unwrap(), talk.library.next(one[0], &options).unwrap());
}

#[test]
fn stories_go_on_and_nothing_is_told_twice() {
    let talk = Talk::new();
    let show = talk.show("News");
    let on = |axis| Piece { axis: Some(axis), ..NOTHING };
    let (_, one) = talk.episode(show, "2020-01-10", &[on(1), on(1), on(2)]);
    let (_, two) = talk.episode(show, "2020-01-11", &[on(1), on(3)]);
    let next = talk.next(one[1]);
    assert_eq!(next[0], (two[0], "on a similar subject, a day later".to_owned()));
    assert_eq!(talk.next(one[0])[0], (one[1], "the story goes on".to_owned()));
    // The vector of the first clip is that of another one's.
    assert!(talk.next(one[0]).iter().all(|next| next.0 != two[0]));

    // Without vectors words tell.
    let talk = Talk::new();
    let show = talk.show("News");
    let (_, one) = talk.episode(show, "2020-01-10", &[NOTHING]);
    let (other, _) = talk.episode(show, "2020-01-11", &[NOTHING]);
    let words = talk.library.transcript(EpisodeId(1), None).unwrap().unwrap().transcript.words;
    assert_eq!(talk.next(one[0]).len(), 1);
    talk.give(other, words, &[NOTHING]);
    assert_eq!(talk.next(one[0]), []);
}

fn rows(trends: &Trends) -> Vec<(&str, TrendKind, &[u32], bool)> {
    let row = |trend: &'_ ear_engine::Trend| trend.rising > 0.0;
    trends.rows.iter().map(|trend| (trend.text.as_str(), trend.kind, trend.counts.as_slice(), row(trend))).collect()
}

#[test]
fn one_episode_alone_is_no_trend() {
    let talk = Talk::new();
    let news = talk.show("News");
    let (beirut, accra) = (talk.name("Beirut", NameKind::Place), talk.name("Accra", NameKind::Place));
    // What was said long ago does not make the time that is looked at any longer.
    talk.episode(news, "2001-05-07", &[Piece { names: &[(accra, 9)], ..NOTHING }]);
    for date in ["2019-03-04", "2019-04-01", "2019-06-03", "2019-09-02", "2019-11-04", "2019-12-02", "2019-12-09"] {
        talk.episode(news, date, &[NOTHING, NOTHING]);
    }
    let loud = [(beirut, 3), (accra, 1)];
    let both = |names| Piece { names, ..NOTHING };
    talk.episode(news, "2020-01-06", &[both(&loud), both(&loud[..1]), both(&loud[..1]), both(&loud[..1])]);
    let rising = || -> Vec<(String, bool)> {
        let trends = talk.library.trends(&TrendsRequest::default()).unwrap();
        assert_eq!((trends.periods.len(), trends.periods[0].to_string().as_str()), (48, "2019-02-11"));
        trends.rows.iter().map(|trend| (trend.text.clone(), trend.rising > 0.0)).collect()
    };
    assert_eq!(rising(), [("Beirut".to_owned(), false)]);
    talk.episode(news, "2020-01-07", &[both(&loud[..1])]);
    assert_eq!(rising(), [("Beirut".to_owned(), true)]);
    let since = TrendsRequest { since: "2001-01-01".parse().ok(), ..TrendsRequest::default() };
    let all = talk.library.trends(&since).unwrap();
    assert_eq!((all.periods.len(), all.episodes), (975, 10));
}

#[test]
fn what_is_said_is_counted_by_week() {
    let talk = Talk::new();
    let (news, world) = (talk.show("News"), talk.show("World"));
    let (beirut, ann) = (talk.name("Beirut", NameKind::Place), talk.name("Ann Host", NameKind::Person));
    let quiet = [(ann, 1)];
    let loud = [(ann, 1), (beirut, 3)];
    let clip = |names, keyword| Piece { names, keyword, ..NOTHING };
    // 2020-01-06 is a Monday.
    for date in ["2020-01-06", "2020-01-12", "2020-01-13", "2020-01-20"] {
        talk.episode(news, date, &[clip(&quiet, "tax"), Piece { names: &loud, ..ADVERT }]);
    }
    for date in ["2020-02-05", "2020-02-06", "2020-02-08"] {
        talk.episode(news, date, &[clip(&loud, "beirut"), clip(&quiet, "tax")]);
    }
    talk.episode(world, "", &[clip(&loud, "tax")]);
    let trends = talk.library.trends(&TrendsRequest::default()).unwrap();
    let periods: Vec<String> = trends.periods.iter().map(ToString::to_string).collect();
    assert_eq!(periods, ["2020-01-06", "2020-01-13", "2020-01-20", "2020-01-27", "2020-02-03"]);
    assert_eq!((trends.episodes, trends.undated), (7, 1));
    // Neither what advertisements say, nor the keyword that is a name, is counted.
    assert_eq!(
        rows(&trends),
        [
            ("Beirut", TrendKind::Places, &[0, 0, 0, 0, 9][..], true),
            ("Ann Host", TrendKind::People, &[2, 1, 1, 0, 6][..], false),
            ("tax", TrendKind::Keywords, &[2, 1, 1, 0, 3][..], false),
        ]
    );
    let first = &trends.rows[0];
    assert_eq!((first.name, first.total, first.moments.len()), (Some(beirut), 9, 3));
    let newest = &first.moments[0];
    assert_eq!((newest.episode.1.as_str(), newest.word), ("Episode of 2020-02-08", Some(11)));
    assert_eq!(newest.url, format!("/e/{}?w=11#w=11", newest.episode.0));
    assert_eq!(newest.clip, Some(talk.library.clips(newest.episode.0).unwrap().clips[0].id));
    let tax = &trends.rows[2].moments[0];
    assert_eq!((tax.word, tax.url.as_str()), (Some(LONG + 3), format!("/e/{}?t=63#t=63", tax.episode.0).as_str()));

    let asked = |request: TrendsRequest| talk.library.trends(&request).unwrap();
    let base = TrendsRequest::default;
    assert_eq!(asked(TrendsRequest { kinds: vec![TrendKind::People], ..base() }).rows.len(), 1);
    assert_eq!(asked(TrendsRequest { limit: 2, ..base() }).rows.len(), 2);
    let of_world = asked(TrendsRequest { show: Some(world), ..base() });
    assert_eq!((of_world.periods.len(), of_world.rows.len(), of_world.undated), (0, 0, 1));
    let until = "2020-01-13".parse().ok();
    let days = asked(TrendsRequest { by: TrendBy::Day, until, since: "2020-01-12".parse().ok(), ..base() });
    assert_eq!((days.periods.len(), days.episodes), (2, 2));
    assert_eq!(rows(&days)[0], ("Ann Host", TrendKind::People, &[1, 1][..], false));

    let refused = |request: TrendsRequest| talk.library.trends(&request).unwrap_err().kind;
    let (since, until) = ("2020-01-13".parse().ok(), "2020-01-12".parse().ok());
    assert_eq!(refused(TrendsRequest { since, until, ..base() }), ErrorKind::BadInput);
    assert_eq!(refused(TrendsRequest { show: Some(ShowId(99)), ..base() }), ErrorKind::NotFound);
    talk.episode(news, "2015-01-06", &[clip(&loud, "tax")]);
    let newest = asked(base());
    assert_eq!((newest.episodes, newest.earlier, newest.periods.len()), (7, 1, 48));
}
