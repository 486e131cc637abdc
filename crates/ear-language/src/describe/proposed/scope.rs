//! What is said outright, what is denied, and what is doubted, wished or only reported.

use super::super::lists::Class;
use super::tokens::Token;

/// How a word is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Under {
    pub negation: bool,
    pub hedge: bool,
}

const NEGATIONS: [&str; 12] =
    ["not", "no", "never", "none", "nobody", "nothing", "neither", "nor", "hardly", "barely", "cannot", "without"];
const DENIALS: [&str; 4] = ["deny", "denies", "denied", "denying"];
/// Whatever the sentence says depends on it.
const CONDITIONS: [&str; 3] = ["if", "unless", "whether"];
/// What follows is somebody's word, opinion or wish.
const REPORTS: &str = " say says said saying think thinks thought thinking believe believes believed guess guesses argue \
    argues argued according told tells hope hopes hoped hoping want wants wanted wish wishes plan plans planned planning \
    expect expects expected propose proposes proposed consider considers considered considering try tries tried trying \
    wonder wonders predict predicts predicted rumor rumors rumour rumours accuse accuses accused claim claims claimed ";
/// Words that begin another clause.
const CLAUSES: [&str; 7] = ["but", "because", "although", "though", "while", "whereas", "and"];

fn is_negation(token: &Token<'_>) -> bool {
    NEGATIONS.contains(&&*token.folded) || token.folded.ends_with("n't")
}

fn is_denial(token: &Token<'_>) -> bool {
    DENIALS.contains(&&*token.folded)
}

fn is_report(token: &Token<'_>) -> bool {
    REPORTS.contains(&format!(" {} ", token.folded))
}

fn is_hedge(token: &Token<'_>) -> bool {
    let listed = token.class.any(Class::HEDGE) && !is_negation(token);
    // Month and modal are told apart by nothing cheap, so "May" is taken for a doubt.
    listed || is_report(token)
}

/// What a text says of itself: whether it denies anything, and whether it doubts or reports anything.
pub(super) fn has(tokens: &[Token<'_>]) -> Under {
    let asks = tokens.last().is_some_and(|last| last.raw.contains('?'));
    Under {
        negation: tokens.iter().any(|token| is_negation(token) || is_denial(token)),
        hedge: asks || tokens.iter().any(is_hedge),
    }
}

/// How each word of a sentence is said. A negation or a modal verb holds for its clause, "if" for the sentence, and who
/// says or hopes something for the rest of it.
pub(super) fn under(tokens: &[Token<'_>]) -> Vec<Under> {
    let mut under = vec![Under::default(); tokens.len()];
    let mut from = 0;
    while from < tokens.len() {
        let begins = |at: &usize| tokens[at - 1].marked || CLAUSES.contains(&&*tokens[*at].folded);
        let to = (from + 1..tokens.len()).find(begins).unwrap_or(tokens.len());
        let clause = &tokens[from..to];
        let (negation, hedge) = (clause.iter().any(is_negation), clause.iter().any(is_hedge));
        under[from..to].fill(Under { negation, hedge });
        from = to;
    }
    if tokens.iter().any(|token| CONDITIONS.contains(&&*token.folded)) {
        under.iter_mut().for_each(|word| word.hedge = true);
    }
    if let Some(at) = tokens.iter().position(is_report) {
        under[at..].iter_mut().for_each(|word| word.hedge = true);
    }
    if let Some(at) = tokens.iter().position(is_denial) {
        under[at..].iter_mut().for_each(|word| word.negation = true);
    }
    under
}
