//! Published times where nothing was heard: singing, another language, a voice too faint.

use super::Drift;
use ear_core::{Millis, Word};

/// Gives words of `aligned` ([`super::times`] of `published`) that have no time their published one, put
/// right, where it is credible: the times do not jump there, it lies between those of their neighbours, and
/// nothing else was heard there. Without confidence, as all that was not heard.
pub fn fill(aligned: &mut [Word], published: &[Word], heard: &[Word], drift: &Drift) {
    let starts: Vec<Millis> = heard.iter().filter_map(|word| Some(word.span?.start())).collect();
    let count = aligned.len().min(published.len());
    let mut from = 0;
    while from < count {
        if aligned[from].span.is_some() {
            from += 1;
            continue;
        }
        let to = (from..count).find(|index| aligned[*index].span.is_some()).unwrap_or(count);
        // At an edge there is only one neighbour, and no telling whether the times jump.
        if from > 0 && to < count {
            between(&mut aligned[from - 1..=to], &published[from - 1..=to], &starts, drift);
        }
        from = to;
    }
}

/// The first and the last word have times, those between them have none.
fn between(aligned: &mut [Word], published: &[Word], heard_starts: &[Millis], drift: &Drift) {
    let last = aligned.len() - 1;
    let (Some(before), Some(after)) = (aligned[0].span, aligned[last].span) else { return };
    let (Some(first), Some(end)) = (published[0].span, published[last].span) else { return };
    let jumps = drift.jumps.iter().any(|jump| first.start() < jump.at && jump.at <= end.start());
    let heard = heard_starts.partition_point(|start| *start < after.start())
        - heard_starts.partition_point(|start| *start < before.end());
    if jumps || 2 * heard > last - 1 {
        return;
    }
    for (word, published) in aligned[1..last].iter_mut().zip(&published[1..last]) {
        let moved = published.span.map(|span| drift.correct_span(span));
        word.span = moved.filter(|span| before.end() <= span.start() && span.end() <= after.start());
    }
    super::spread::in_order(aligned);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::align::{drift, times};
    use ear_core::Span;

    /// Numbered words, one a second, `later` milliseconds from the start.
    fn words(range: std::ops::Range<u64>, later: impl Fn(u64) -> u64) -> Vec<Word> {
        let at = |number: u64| Span::new(number * 1000 + later(number), number * 1000 + later(number) + 400);
        // Digits as letters, since digits are spelled before they are compared.
        let name = |number: u64| number.to_string().bytes().map(|digit| char::from(digit + 49)).collect::<String>();
        range.map(|number| Word { confidence: Some(0.9), ..Word::timed(name(number), at(number)) }).collect()
    }

    fn filled(published: &[Word], heard: &[Word]) -> Vec<Word> {
        // Nothing was heard in the song, so nobody knows that it is speech.
        let speech: Vec<Span> = heard.iter().filter_map(|word| word.span).collect();
        let mut aligned = times(published, heard, &speech).words;
        fill(&mut aligned, published, heard, &drift(published, heard).unwrap());
        aligned
    }

    #[test]
    fn a_song_has_the_times_that_were_published() {
        let published = words(0..60, |_| 0);
        let mut heard = words(0..20, |_| 7000);
        heard.extend(words(40..60, |_| 7000));
        let aligned = filled(&published, &heard);
        assert_eq!(aligned[30].span.map(Span::start), Some(37_000));
        assert!(aligned[30].confidence.is_none() && aligned[10].confidence.is_some());
    }

    #[test]
    fn what_was_cut_out_or_replaced_stays_without_times() {
        let published = words(0..60, |_| 0);
        // Cut out: what follows comes twenty seconds earlier.
        let mut cut = words(0..20, |_| 30_000);
        cut.extend(words(40..60, |_| 10_000));
        assert_eq!(filled(&published, &cut)[30].span, None);
        // Replaced by something as long.
        let mut replaced = words(0..20, |_| 0);
        replaced
            .extend(words(20..40, |_| 0).into_iter().map(|word| Word { text: format!("other{}", word.text), ..word }));
        replaced.extend(words(40..60, |_| 0));
        assert_eq!(filled(&published, &replaced)[30].span, None);
    }
}
