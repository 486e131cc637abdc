//! Whether what a model says of a clip is borne out by the sentences that it cites.

use super::super::casing::title_word;
use super::super::lists::Class;
use super::figures::figures;
use super::scope::{has, under};
use super::tokens::{Said, Token, has_row, row, tokens};
use super::{Accepted, Claim, HEADLINE, KEYWORDS, Material, Proposal, Refused, SENTENCE, SENTENCES, Why, shown};
use crate::gazetteer::is_given_name;
use ear_core::{Grounded, WordRange};

/// The most sentences that may bear out one.
const CITED: usize = 8;
/// The most characters of a keyword.
const KEYWORD: usize = 40;

/// What of a proposal may stand. Takes time in proportion to the clip and the proposal.
pub fn check(proposal: &Proposal, material: &Material<'_>) -> Accepted {
    let clip = Clip { shown: shown(material), material };
    let mut accepted = Accepted::default();
    if let Some(claim) = &proposal.headline {
        match clip.stands(claim, HEADLINE) {
            Ok(_) => accepted.headline = Some(in_headline_style(&claim.text)),
            Err(why) => accepted.refused.push(Refused { text: claim.text.clone(), why }),
        }
    }
    for claim in &proposal.summary {
        match clip.stands(claim, SENTENCE) {
            Ok(words) if accepted.summary.len() < SENTENCES => {
                accepted.summary.push(Grounded { text: claim.text.trim().to_owned(), words });
            }
            Ok(_) => {}
            Err(why) => accepted.refused.push(Refused { text: claim.text.clone(), why }),
        }
    }
    accepted.summary.sort_by_key(|sentence| (sentence.words.start, sentence.words.end));
    accepted.summary.dedup_by(|one, other| one.text == other.text);
    accepted.keywords = clip.keywords(&proposal.keywords);
    accepted
}

/// The sentences of a clip that a model was shown.
struct Clip<'a> {
    shown: Vec<(WordRange, String)>,
    material: &'a Material<'a>,
}

impl Clip<'_> {
    /// The words that bear a claim out.
    fn stands(&self, claim: &Claim, most: usize) -> Result<WordRange, Why> {
        let text = claim.text.trim();
        is_plain(text, most)?;
        let cited = self.cited(&claim.cites)?;
        let said = Said::of(cited.iter().map(|at| &*self.shown[*at].1));
        let words: Vec<WordRange> = cited.iter().map(|at| self.shown[*at].0.clone()).collect();
        let proposed = tokens(text);
        let named = self.names(&proposed, &said, &words)?;
        numbers(&proposed, &said)?;
        capitals(&proposed, &said, &named)?;
        quotes(text, &said)?;
        is_about(&proposed, &said, &named)?;
        is_as_sure(&proposed, &said)?;
        let from = words.iter().map(|range| range.start).min().unwrap_or_default();
        let to = words.iter().map(|range| range.end).max().unwrap_or_default();
        Ok(from..to)
    }

    fn cited(&self, cites: &[u32]) -> Result<Vec<usize>, Why> {
        if cites.is_empty() {
            return Err(Why::NoCitation);
        }
        let place = |number: &u32| (*number as usize).checked_sub(1).filter(|at| *at < self.shown.len());
        let mut cited: Vec<usize> =
            cites.iter().take(CITED + 1).map(place).collect::<Option<_>>().ok_or(Why::OutOfRange)?;
        if cites.len() > CITED {
            return Err(Why::OutOfRange);
        }
        cited.sort_unstable();
        cited.dedup();
        Ok(cited)
    }

    /// Names of the episode in what is proposed: each has to be meant, or said, in the cited words. The folded words of
    /// those that are.
    fn names(&self, proposed: &[Token<'_>], said: &Said<'_>, words: &[WordRange]) -> Result<Vec<String>, Why> {
        let mut named = Vec::new();
        for (name, _, mentions) in self.material.names {
            let parts = row(name);
            let is_meant = words.iter().any(|cited| {
                let from = mentions.partition_point(|mention| mention.end <= cited.start);
                mentions.get(from).is_some_and(|mention| mention.start < cited.end)
            });
            if is_meant || said.says_row(&parts) {
                named.extend(parts);
            } else if has_row(proposed, &parts) {
                return Err(Why::Name((*name).to_owned()));
            }
        }
        Ok(named)
    }

    /// Keywords that the clip says word for word.
    fn keywords(&self, proposed: &[String]) -> Vec<String> {
        let said = Said::of(self.shown.iter().map(|(_, text)| &**text));
        let mut keywords: Vec<String> = Vec::new();
        for word in proposed {
            let word = word.trim();
            let telling = tokens(word).iter().any(Token::is_content);
            let is_new = !keywords.iter().any(|other| row(other) == row(word));
            if telling && is_new && is_plain(word, KEYWORD).is_ok() && said.says_row(&row(word)) {
                keywords.push(word.to_owned());
            }
        }
        keywords.truncate(KEYWORDS);
        keywords
    }
}

/// Whether it is plain text of a bearable length.
fn is_plain(text: &str, most: usize) -> Result<(), Why> {
    if !text.contains(char::is_alphanumeric) {
        return Err(Why::Empty);
    }
    // Bytes first: an endless text need not be counted.
    if text.len() > most * 4 || text.chars().count() > most {
        return Err(Why::Long(most));
    }
    // What is not shown, and what turns the direction of writing round.
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
            || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
    };
    let lower = text.to_ascii_lowercase();
    let entity = lower.split('&').skip(1).any(|rest| {
        rest.split_once(';').is_some_and(|(name, _)| !name.is_empty() && !name.contains(char::is_whitespace))
    });
    let address = ["://", "www.", "javascript:", "mailto:", "data:", "]("].iter().any(|part| lower.contains(part));
    let markup = text.contains(['<', '>', '`', '{', '}', '*', '\\']);
    if text.contains(hidden) || entity || address || markup { Err(Why::Unclean) } else { Ok(()) }
}

/// Each number has to be said as a whole.
fn numbers(proposed: &[Token<'_>], said: &Said<'_>) -> Result<(), Why> {
    let known: Vec<String> =
        said.sentences.iter().flat_map(|sentence| figures(sentence)).flat_map(|figure| figure.ways).collect();
    for figure in figures(proposed) {
        if !figure.ways.iter().any(|way| known.contains(way)) {
            let words: Vec<&str> = proposed[figure.tokens].iter().map(|token| token.raw).collect();
            return Err(Why::Number(words.join(" ")));
        }
    }
    Ok(())
}

/// Each word that a capital or its form makes a name has to be said. Where a capital says little (at the beginning, and
/// in a headline that has capitals throughout) small words and verbs of the list pass.
fn capitals(proposed: &[Token<'_>], said: &Said<'_>, named: &[String]) -> Result<(), Why> {
    let long: Vec<&Token<'_>> = proposed.iter().filter(|token| !token.first && token.folded.len() > 3).collect();
    let throughout = long.iter().filter(|token| token.has_capital()).count() * 2 > long.len();
    let numbers = figures(proposed);
    for (at, token) in proposed.iter().enumerate() {
        let is_number = numbers.iter().any(|figure| figure.tokens.contains(&at));
        if is_number || said.says(token) || named.contains(&token.folded) {
            continue;
        }
        let ordinary = token.class != Class::default() && !is_given_name(&token.folded) && !is_date(&token.folded);
        let says_little = token.first || throughout;
        let passes = says_little && !token.is_special() && (ordinary || said.says_form(token));
        if token.is_special() || token.has_capital() && !passes {
            return Err(Why::Name(token.raw.to_owned()));
        }
    }
    Ok(())
}

fn is_date(folded: &str) -> bool {
    const DATES: &str = " monday tuesday wednesday thursday friday saturday sunday january february march april may june \
        july august september october november december ";
    DATES.contains(&format!(" {folded} "))
}

/// What stands between quotes has to be said in a row.
fn quotes(text: &str, said: &Said<'_>) -> Result<(), Why> {
    let parts: Vec<&str> = text.split(['"', '“', '”', '«', '»', '„']).collect();
    let quoted = parts.iter().skip(1).step_by(2);
    let said_so = |part: &&str| row(part).is_empty() || said.says_row(&row(part));
    if quoted.clone().all(said_so) { Ok(()) } else { Err(Why::Quote) }
}

/// At least half of its telling words have to be those of the cited sentences.
fn is_about(proposed: &[Token<'_>], said: &Said<'_>, named: &[String]) -> Result<(), Why> {
    let telling: Vec<&Token<'_>> = proposed.iter().filter(|token| token.is_content()).collect();
    let borne = telling.iter().filter(|token| said.says_kin(token) || named.contains(&token.folded)).count();
    if borne > 0 && borne * 2 >= telling.len() { Ok(()) } else { Err(Why::Elsewhere) }
}

/// What the cited sentences say only under a negation or a doubt may not be told without one, nor the other way round.
fn is_as_sure(proposed: &[Token<'_>], said: &Said<'_>) -> Result<(), Why> {
    let tells = has(proposed);
    let all: Vec<_> = said.sentences.iter().map(|sentence| (sentence, under(sentence))).collect();
    if tells.negation && !all.iter().any(|(sentence, _)| has(sentence).negation) {
        return Err(Why::Negation);
    }
    for token in proposed.iter().filter(|token| token.is_content()) {
        let places = all.iter().flat_map(|(sentence, under)| sentence.iter().zip(under));
        let mut same = places.filter(|(other, _)| other.stem == token.stem).map(|(_, under)| *under).peekable();
        if same.peek().is_none() {
            continue;
        }
        let always =
            same.fold((true, true), |(negation, hedge), under| (negation && under.negation, hedge && under.hedge));
        if always.0 && !tells.negation {
            return Err(Why::Negation);
        }
        if always.1 && !tells.hedge {
            return Err(Why::Hedge);
        }
    }
    Ok(())
}

/// As headlines are written.
fn in_headline_style(text: &str) -> String {
    let text = text.trim();
    let text = text.strip_suffix('.').filter(|before| !before.ends_with('.')).unwrap_or(text);
    let words: Vec<&str> = text.split_whitespace().collect();
    let last = words.len().saturating_sub(1);
    let cased = words.iter().enumerate().map(|(at, word)| title_word(word, at == 0 || at == last));
    let cased = cased.collect::<Vec<_>>().join(" ");
    // Some letters are two in upper case.
    if cased.chars().count() > HEADLINE { text.to_owned() } else { cased }
}
