//! Other readings of a whole window, from those of its parts.

use ear_core::Alternative;

/// Readings kept of a window besides the best.
const KEPT: usize = 4;

/// What was heard in one part of a window, and what else it might have been.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub best: String,
    /// Likeliest first.
    pub others: Vec<Alternative>,
}

/// Whole texts that have one part read otherwise, likeliest first, each once. The score is that of the part.
pub(super) fn of_window(parts: &[Part]) -> Vec<Alternative> {
    let best: Vec<&str> = parts.iter().map(|part| part.best.trim()).collect();
    let mut seen = vec![plain(&best.join(" "))];
    let mut found: Vec<Alternative> = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        for other in &part.others {
            let mut texts = best.clone();
            texts[index] = other.text.trim();
            let text = texts.join(" ").trim().to_owned();
            let key = plain(&text);
            if !key.is_empty() && !seen.contains(&key) {
                seen.push(key);
                found.push(Alternative { text, score: other.score });
            }
        }
    }
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    found.truncate(KEPT);
    found
}

/// Texts that differ in punctuation and case alone are one reading.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(best: &str, others: &[(&str, f32)]) -> Part {
        let others = others.iter().map(|(text, score)| Alternative { text: (*text).into(), score: *score });
        Part { best: best.into(), others: others.collect() }
    }

    fn check(parts: &[Part], expected: &[(&str, f32)]) {
        let found = of_window(parts);
        let found: Vec<(&str, f32)> = found.iter().map(|other| (other.text.as_str(), other.score)).collect();
        assert_eq!(found, expected, "{parts:?}");
    }

    #[test]
    fn readings_are_whole_distinct_and_sorted() {
        check(&[], &[]);
        check(&[part("Yes.", &[])], &[]);
        check(&[part(" Yes.", &[(" yes", -0.2), (" Yeah.", -0.3), ("", -0.1)])], &[("Yeah.", -0.3)]);
        check(
            &[part("One two.", &[("Won two.", -0.5)]), part("Three.", &[("Free.", -0.4)])],
            &[("One two. Free.", -0.4), ("Won two. Three.", -0.5)],
        );
        let many: Vec<(String, f32)> = (0..9).map(|i| (format!("reading {i}"), -(i as f32))).collect();
        let many: Vec<(&str, f32)> = many.iter().map(|(text, score)| (text.as_str(), *score)).collect();
        check(&[part("best", &many)], &many[..KEPT]);
    }
}
