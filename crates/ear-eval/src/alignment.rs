//! Which word of what was heard stands for which word of what was said.

/// One step of an alignment; indices into the reference and into what was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The same word on both sides.
    Same(usize, usize),
    /// Another word was heard.
    Other(usize, usize),
    /// This word of the reference was not heard.
    Missed(usize),
    /// This word was heard and nobody said it.
    Added(usize),
}

/// The cheapest alignment (Levenshtein 1966; each edit costs one). Among equal costs a substitution goes before a
/// deletion, and that before an insertion. Takes time and memory of the product of both lengths.
pub fn align<T: PartialEq>(reference: &[T], heard: &[T]) -> Vec<Step> {
    let width = heard.len() + 1;
    let mut came_from = vec![From::Left; (reference.len() + 1) * width];
    let mut row: Vec<u32> = (0..width as u32).collect();
    for (said_at, said) in reference.iter().enumerate() {
        let here = &mut came_from[(said_at + 1) * width..][..width];
        let mut diagonal = row[0];
        row[0] += 1;
        here[0] = From::Above;
        for (at, word) in heard.iter().enumerate() {
            let replaced = diagonal + u32::from(said != word);
            let (deleted, inserted) = (row[at + 1] + 1, row[at] + 1);
            diagonal = row[at + 1];
            (row[at + 1], here[at + 1]) = if replaced <= deleted && replaced <= inserted {
                (replaced, From::Diagonal)
            } else if deleted <= inserted {
                (deleted, From::Above)
            } else {
                (inserted, From::Left)
            };
        }
    }
    way_back(reference, heard, &came_from)
}

#[derive(Clone, Copy)]
enum From {
    Diagonal,
    Above,
    Left,
}

fn way_back<T: PartialEq>(reference: &[T], heard: &[T], came_from: &[From]) -> Vec<Step> {
    let (mut said, mut at) = (reference.len(), heard.len());
    let mut steps = Vec::with_capacity(said.max(at));
    while said > 0 || at > 0 {
        let from = came_from[said * (heard.len() + 1) + at];
        (said, at) = match from {
            From::Diagonal => (said - 1, at - 1),
            From::Above => (said - 1, at),
            From::Left => (said, at - 1),
        };
        steps.push(match from {
            From::Diagonal if reference[said] == heard[at] => Step::Same(said, at),
            From::Diagonal => Step::Other(said, at),
            From::Above => Step::Missed(said),
            From::Left => Step::Added(at),
        });
    }
    steps.reverse();
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_find_their_counterparts() {
        let check = |reference: &str, heard: &str, expected: &str| {
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            let (reference, heard) = (words(reference), words(heard));
            let shown = align(&reference, &heard).into_iter().map(|step| match step {
                Step::Same(said, _) => reference[said].clone(),
                Step::Other(said, at) => format!("{}>{}", reference[said], heard[at]),
                Step::Missed(said) => format!("-{}", reference[said]),
                Step::Added(at) => format!("+{}", heard[at]),
            });
            assert_eq!(shown.collect::<Vec<_>>().join(" "), expected);
        };
        check("", "", "");
        check("a b c", "a b c", "a b c");
        check("a b c", "a x c", "a b>x c");
        check("a b c", "a c", "a -b c");
        check("", "a b", "+a +b");
        check("a b", "", "-a -b");
        check("the cat sat on the mat", "cat sat on a mat now", "-the cat sat on the>a mat +now");
    }

    proptest! {
        #[test]
        fn every_word_has_one_place(reference in "[abc]{0,9}", heard in "[abc]{0,9}") {
            let (reference, heard): (Vec<char>, Vec<char>) = (reference.chars().collect(), heard.chars().collect());
            let (mut said, mut at) = (Vec::new(), Vec::new());
            for step in align(&reference, &heard) {
                match step {
                    Step::Same(left, right) | Step::Other(left, right) => {
                        prop_assert_eq!(matches!(step, Step::Same(..)), reference[left] == heard[right]);
                        said.push(left);
                        at.push(right);
                    }
                    Step::Missed(left) => said.push(left),
                    Step::Added(right) => at.push(right),
                }
            }
            prop_assert_eq!(said, (0..reference.len()).collect::<Vec<_>>());
            prop_assert_eq!(at, (0..heard.len()).collect::<Vec<_>>());
        }
    }
}
