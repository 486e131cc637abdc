//! Why a clip comes next, in words.

/// When another clip was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Nobody knows.
    Unknown,
    /// Later in the same episode.
    SameEpisode,
    /// In an episode published so many days after that of the clip asked about; before it where negative.
    Days(i64),
}

/// Why a clip comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It goes on with the story of the clip before it.
    GoesOn,
    /// It is about some of the same, by [`Subject::id`](super::Subject::id), the most telling first.
    About(Vec<u32>, When),
    /// It means something like it.
    Alike(When),
    /// It comes next in the same episode.
    SameEpisode,
    /// It is the newest that is left.
    New,
}

impl Reason {
    /// As people read it: "also about Beirut, two days later". `subject` tells what a subject is called.
    pub fn text(&self, subject: &dyn Fn(u32) -> String) -> String {
        match self {
            Self::GoesOn => "the story goes on".into(),
            Self::SameEpisode => "next in this episode".into(),
            Self::New => "not heard yet".into(),
            Self::Alike(when) => format!("on a similar subject{}", when.text()),
            Self::About(subjects, when) => {
                let names: Vec<String> = subjects.iter().take(2).map(|id| subject(*id)).collect();
                format!("also about {}{}", names.join(" and "), when.text())
            }
        }
    }
}

impl When {
    fn text(self) -> String {
        let days = match self {
            Self::Unknown => return String::new(),
            Self::SameEpisode => return ", later in this episode".into(),
            Self::Days(days) => days,
        };
        let when = if days < 0 { "earlier" } else { "later" };
        match days.unsigned_abs() {
            0 => ", the same day".into(),
            1 => format!(", a day {when}"),
            7 => format!(", a week {when}"),
            count @ 2..=13 => format!(", {} days {when}", number(count)),
            count @ 14..=59 => format!(", {} weeks {when}", number(count / 7)),
            330..=420 => format!(", a year {when}"),
            count @ 60..=729 => format!(", {} months {when}", number(count / 30)),
            count => format!(", {} years {when}", number(count / 365)),
        }
    }
}

/// Numbers up to ten read better as words.
fn number(count: u64) -> String {
    const WORDS: [&str; 11] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    usize::try_from(count)
        .ok()
        .and_then(|count| WORDS.get(count))
        .map_or_else(|| count.to_string(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_told_as_people_tell_them() {
        let cases = [
            (Reason::Alike(When::Days(0)), "on a similar subject, the same day"),
            (Reason::Alike(When::Days(-1)), "on a similar subject, a day earlier"),
            (Reason::Alike(When::Days(11)), "on a similar subject, 11 days later"),
            (Reason::Alike(When::Days(20)), "on a similar subject, two weeks later"),
            (Reason::Alike(When::Days(7)), "on a similar subject, a week later"),
            (Reason::Alike(When::Days(-329)), "on a similar subject, ten months earlier"),
            (Reason::Alike(When::Days(-370)), "on a similar subject, a year earlier"),
            (Reason::Alike(When::Days(500)), "on a similar subject, 16 months later"),
            (Reason::Alike(When::Days(-800)), "on a similar subject, two years earlier"),
            (Reason::Alike(When::Unknown), "on a similar subject"),
            (Reason::About(vec![7], When::Days(2)), "also about subject 7, two days later"),
            (
                Reason::About(vec![7, 8, 9], When::SameEpisode),
                "also about subject 7 and subject 8, later in this episode",
            ),
            (Reason::GoesOn, "the story goes on"),
            (Reason::SameEpisode, "next in this episode"),
            (Reason::New, "not heard yet"),
        ];
        for (reason, expected) in cases {
            assert_eq!(reason.text(&|id| format!("subject {id}")), expected);
        }
    }
}
