//! `search`: finding who said it, and when.

use super::Context;
use crate::dto::SearchDto;
use crate::exit::{Ending, Failure, Outcome};
use crate::terminal::{Look, count, harmless};
use crate::{input, likelihood};
use clap::{Args, ValueEnum};
use ear_engine::core::{ClipId, EpisodeDate, clock};
use ear_engine::{Answer, By, ErrorKind, Hit, Order, SearchRequest, SoundGroup};

/// Find words, phrases and names, also where a name was heard as other words
///
/// The query:
///
///   peace talks                both words in one passage, in any form (talk, talked)
///   "peace talks"              the words in this order
///   peace OR war               either; AND binds tighter than OR
///   peace -war                 without it; the same as peace NOT war
///   peace (talks OR treaty)    as the parentheses say
///   elect*                     words that begin so, as spelled
///   show:"Post Reports"        in the show's name; likewise speaker: and title:
///   language:en                in episodes of a language
///   since:2020 until:2020-02   from the first to the last day of it
///
/// Case, accents and punctuation make no difference. A shell takes quotes away, so put the whole query
/// in single quotes. Where nothing matches as typed, words that nobody said are respelled, and that is
/// told.
///
/// A question of four words or more need not be answered in its own words: passages that mean the
/// like are found as well, if the model for that is installed (`earwitness models fetch minilm`).
///
/// Names are also found by their sound: `soleimani` finds where the recogniser wrote “sola money”.
/// Such hits say what was heard and how likely that is the name. Repairs that you accepted (see
/// `earwitness names`) are found as words, under the right name.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, after_long_help = EXAMPLES)]
pub struct SearchArgs {
    /// What to look for
    #[arg(required = true, value_name = "QUERY")]
    query: Vec<String>,
    /// How it may match
    #[arg(long, value_name = "HOW", default_value = "all")]
    by: How,
    /// Of what sounds alike, only what is at least so likely, from 0 to 1
    #[arg(long, value_name = "P", value_parser = input::probability)]
    least_probability: Option<f32>,
    /// Only shows with these words in their name
    #[arg(long, value_name = "NAME")]
    show: Option<String>,
    /// Only speakers with these words in their name
    #[arg(long, value_name = "NAME")]
    speaker: Option<String>,
    /// Only episodes of this day or later, as 2020-01-31
    #[arg(long, value_name = "DATE")]
    since: Option<EpisodeDate>,
    /// Only episodes of this day or earlier
    #[arg(long, value_name = "DATE")]
    until: Option<EpisodeDate>,
    /// What comes first
    #[arg(long, value_name = "ORDER", default_value = "relevance")]
    order: OrderBy,
    /// Show this many at most
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// Also in advertisements, promotions and credits
    #[arg(long)]
    adverts: bool,
    /// Pass over this many
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    offset: usize,
}

const EXAMPLES: &str = "\
Examples:
  earwitness search peace talks
  earwitness search '\"peace talks\" -war' --since 2020-01-01
  earwitness search 'elect* speaker:martine' --order newest
  earwitness search 'qasem soleimani' --by sound
  earwitness search 'why did the talks break down' --by meaning
  earwitness search iraq --limit 5 --json
  earwitness search -- -war talks      a query that begins with a minus";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum How {
    /// The words themselves
    Words,
    /// What sounds like a name
    Sound,
    /// What means the like, in whatever words
    Meaning,
    /// All of these together
    All,
}

impl How {
    fn of_engine(self) -> By {
        match self {
            Self::Words => By::Words,
            Self::Sound => By::Sound,
            Self::Meaning => By::Meaning,
            Self::All => By::All,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum OrderBy {
    /// Best first
    Relevance,
    /// Newest episode first
    Newest,
    /// Oldest episode first
    Oldest,
}

pub fn run(context: &Context, args: SearchArgs) -> Outcome {
    let by = args.by.of_engine();
    let library = context.library()?;
    let offset = args.offset;
    let request = request(args, by);
    let answer = match library.search(&request) {
        Err(error) if error.kind == ErrorKind::Query => return Err(Failure::Query(error, request.query)),
        answer => answer?,
    };
    for line in notes(&answer) {
        context.talk.note(&line);
    }
    if context.json || !answer.hits.is_empty() {
        let clips = library.clips_of(&answer.hits)?;
        context.print(&SearchDto::new(&answer, &clips), || text(&answer, &clips, offset, context.look))?;
    }
    if !context.json {
        context.talk.note(&summary(&answer, offset));
    }
    Ok(Ending::Done)
}

fn request(args: SearchArgs, by: By) -> SearchRequest {
    SearchRequest {
        query: args.query.join(" "),
        by,
        least_probability: args.least_probability,
        show: args.show,
        speaker: args.speaker,
        episode: None,
        adverts: args.adverts,
        since: args.since,
        until: args.until,
        order: match args.order {
            OrderBy::Relevance => Order::Relevance,
            OrderBy::Newest => Order::Newest,
            OrderBy::Oldest => Order::Oldest,
        },
        offset: args.offset,
        limit: usize::try_from(args.limit).unwrap_or(usize::MAX),
    }
}

/// What is good to know of an answer beside its hits.
fn notes(answer: &Answer) -> Vec<String> {
    let respelled = answer.respelled.iter();
    let mut notes: Vec<String> = respelled
        .map(|(word, tried)| {
            format!("note: nobody said “{}”; looked for {} instead", harmless(word), harmless(&tried.join(", ")))
        })
        .collect();
    if answer.refused > 0 {
        let hits = count(answer.refused, "hit", "hits");
        notes.push(format!("note: {hits} by sound left out, since what was heard was refused for this name"));
    }
    notes.extend(answer.note.as_ref().map(|note| format!("note: {note}")));
    if answer.pending > 0 {
        let episodes = count(answer.pending, "episode", "episodes");
        notes.push(format!("note: {episodes} can't be searched yet; `earwitness list --unready` says why"));
    }
    notes
}

fn summary(answer: &Answer, offset: usize) -> String {
    match answer.in_adverts {
        0 => tally(answer, offset),
        more => format!("{}; {more} more in advertisements: --adverts", tally(answer, offset)),
    }
}

fn tally(answer: &Answer, offset: usize) -> String {
    let shown = answer.hits.len();
    let total = answer.total;
    match total {
        0 => "nothing found".into(),
        _ if shown == 0 => format!("{} in all", count(total, "hit", "hits")),
        _ if offset + shown < total => {
            format!("{} to {} of {total} hits; see more with --offset {}", offset + 1, offset + shown, offset + shown)
        }
        _ if offset > 0 => format!("{} to {} of {total} hits", offset + 1, offset + shown),
        _ => count(total, "hit", "hits"),
    }
}

fn text(answer: &Answer, clips: &[Option<ClipId>], offset: usize, look: Look) -> String {
    let clip = |index: usize| clips.get(index).copied().flatten();
    let hits = answer.hits.iter().enumerate();
    let mut parts: Vec<String> =
        hits.map(|(index, hit)| hit_text(offset + index + 1, hit, clip(index), look)).collect();
    parts.extend(groups_text(&answer.groups, look));
    parts.join("\n\n")
}

/// What was heard for a name, and how often.
fn groups_text(groups: &[SoundGroup], look: Look) -> Option<String> {
    let listed = |common: bool, head: &str| {
        let group = |group: &SoundGroup| format!("“{}” ×{}", harmless(&group.heard), group.count);
        let groups: Vec<String> = groups.iter().filter(|group| group.is_common == common).map(group).collect();
        (!groups.is_empty()).then(|| look.wrapped(&format!("{head} {}", groups.join(", ")), "   "))
    };
    let lines = [listed(false, "in all heard as"), listed(true, "ordinary words, hardly ever the name:")];
    let lines: Vec<String> = lines.into_iter().flatten().collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// What was heard in place of the name: "heard “sola money”: likely Soleimani (.82)".
fn heard_text(hit: &Hit) -> Option<String> {
    let heard = harmless(hit.heard.as_deref()?);
    let (Some(name), Some(probability)) = (&hit.name, hit.probability) else {
        return Some(format!("heard “{heard}”"));
    };
    let (word, digits) = (likelihood::in_words(probability), likelihood::in_digits(probability));
    Some(format!("heard “{heard}”: {word} {} ({digits})", harmless(name)))
}

fn hit_text(number: usize, hit: &Hit, clip: Option<ClipId>, look: Look) -> String {
    let mut facts: Vec<String> = hit.show.iter().map(|(_, show)| harmless(show).into_owned()).collect();
    facts.push(look.bold(&harmless(&hit.episode.1)));
    facts.extend(hit.date.map(|date| date.to_string()));
    let start = hit.span.map(|span| clock(span.start()));
    facts.extend(start.clone());
    facts.extend(hit.speaker.as_deref().map(|speaker| harmless(speaker).into_owned()));
    let mut read = match start {
        Some(start) => format!("earwitness show {} --at {start}", hit.episode.0),
        None => format!("earwitness show {}", hit.episode.0),
    };
    read.extend(clip.map(|clip| format!(" · clip {clip}")));
    let said = look.wrapped(&marked(&hit.text, &hit.matched, look), "   ");
    let heard = heard_text(hit).map(|heard| format!("{}\n", look.wrapped(&heard, "   "))).unwrap_or_default();
    format!("{number:>2} {}\n{said}\n{heard}   {}", facts.join(" · "), look.dim(&read))
}

/// The text with what matched made to stand out. Offsets count Unicode scalars.
fn marked(text: &str, matched: &[(usize, usize)], look: Look) -> String {
    let characters: Vec<char> = text.chars().collect();
    let piece = |from: usize, to: usize| -> String {
        let piece: String = characters.get(from..to).unwrap_or_default().iter().collect();
        harmless(&piece).replace(['\n', '\t'], " ")
    };
    let mut marked = String::new();
    let mut at = 0;
    for &(from, to) in matched {
        let (from, to) = (from.clamp(at, characters.len()), to.min(characters.len()));
        if from >= to {
            continue;
        }
        marked.push_str(&piece(at, from));
        // Each word by itself, so that a line may break between them.
        let words: Vec<String> = piece(from, to).split(' ').map(str::to_owned).collect();
        let joined = if look.has_colour() {
            words.iter().map(|word| look.matched(word)).collect::<Vec<_>>().join(" ")
        } else {
            look.matched(&words.join(" "))
        };
        marked.push_str(&joined);
        at = to;
    }
    marked.push_str(&piece(at, characters.len()));
    marked
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_engine::SearchBy;
    use ear_engine::core::{EpisodeId, ShowId, Span, TranscriptId};

    #[test]
    fn matches_stand_out() {
        let check = |text: &str, matched: &[(usize, usize)], expected: &str| {
            assert_eq!(marked(text, matched, Look::plain(None)), expected, "{text} {matched:?}");
        };
        check("Ünited Nations now", &[(0, 14)], "«Ünited Nations» now");
        check("one two", &[(0, 3), (4, 7)], "«one» «two»");
        check("one", &[(2, 9), (1, 2), (5, 7)], "on«e»");
        check("a\u{1b}b", &[], "a b");
        check("", &[(0, 1)], "");
    }

    #[test]
    fn hits_read_well() {
        let hit = Hit {
            episode: (EpisodeId(7), "The vote".into()),
            show: Some((ShowId(2), "Reports".into())),
            date: "2020-01-07".parse().ok(),
            transcript: TranscriptId(9),
            speaker: Some("Liz Sly".into()),
            words: 12..14,
            span: Some(Span::new(83_200, 84_000)),
            text: "And then the parliament in Baghdad voted to expel all American troops from the country.".into(),
            matched: vec![(35, 49)],
            by: SearchBy::Words,
            heard: None,
            name: None,
            probability: None,
            group: None,
            score: 1.0,
            has_sound: true,
        };
        let bare = Hit { show: None, date: None, speaker: None, span: None, ..hit.clone() };
        let by_sound = Hit {
            text: "They spoke to sola money.".into(),
            matched: vec![(14, 24)],
            by: SearchBy::Sound,
            heard: Some("sola money".into()),
            name: Some("Soleimani".into()),
            probability: Some(0.82),
            group: Some(0),
            ..hit.clone()
        };
        let group =
            |heard: &str, count, is_common| SoundGroup { heard: heard.into(), count, probability: 0.82, is_common };
        let answer = Answer {
            query: "voted to expel".into(),
            took_ms: 1.0,
            total: 12,
            hits: vec![hit, bare, by_sound],
            groups: vec![group("sola money", 2, false), group("sula money", 1, false), group("solar money", 40, true)],
            refused: 1,
            in_adverts: 4,
            respelled: vec![("expell".into(), vec!["expel".into(), "excel".into()])],
            pending: 2,
            note: None,
        };
        let all = [
            notes(&answer).join("\n"),
            text(&answer, &[Some(ClipId(12))], 8, Look::plain(Some(60))),
            summary(&answer, 8),
        ]
        .join("\n\n");
        insta::assert_snapshot!(all);
    }

    #[test]
    fn the_summary_says_where_one_is() {
        for (total, shown, offset, expected) in [
            (0, 0, 0, "nothing found"),
            (1, 1, 0, "1 hit"),
            (30, 20, 0, "1 to 20 of 30 hits; see more with --offset 20"),
            (30, 10, 20, "21 to 30 of 30 hits"),
            (30, 0, 40, "30 hits in all"),
        ] {
            let hit = |_| Hit {
                episode: (EpisodeId(1), String::new()),
                show: None,
                date: None,
                transcript: TranscriptId(1),
                speaker: None,
                words: 0..1,
                span: None,
                text: String::new(),
                matched: vec![],
                by: SearchBy::Words,
                heard: None,
                name: None,
                probability: None,
                group: None,
                score: 0.0,
                has_sound: false,
            };
            let hits = (0..shown).map(hit).collect();
            let groups = vec![];
            let answer = Answer {
                query: "x".into(),
                took_ms: 0.0,
                total,
                hits,
                respelled: vec![],
                groups,
                refused: 0,
                in_adverts: 0,
                pending: 0,
                note: None,
            };
            assert_eq!(summary(&answer, offset), expected);
            let more = format!("{expected}; 2 more in advertisements: --adverts");
            assert_eq!(summary(&Answer { in_adverts: 2, ..answer }, offset), more);
        }
    }
}
