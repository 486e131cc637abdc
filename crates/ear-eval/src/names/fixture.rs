//! Small material for tests, as text.

use super::fold;
use super::material::{Call, HeardSystem, HeardWord, Material, Participant};
use super::mentions::{self, Kind, Tagged};

/// Material of calls as (what was said, what was heard by each system). Names are marked as `PERSON[jane doe]`.
pub fn material(calls: &[(&str, &[&str])]) -> Material {
    let said: Vec<Call> = calls.iter().enumerate().map(|(number, (said, _))| call(number, said)).collect();
    let mut notes = Vec::new();
    let queries = mentions::queries(&said, usize::MAX, &mut notes);
    let systems = (0..calls[0].1.len()).map(|number| HeardSystem {
        name: ["google", "amazon", "microsoft", "kaldi_libri"][number].to_owned(),
        calls: calls
            .iter()
            .zip(&said)
            .map(|((_, heard), call)| Some(mentions::locate(call, &queries, words(heard[number]))))
            .collect(),
    });
    let systems = systems.collect();
    let same = super::same::spelled_otherwise(&queries);
    Material { systems, calls: said, queries, same, notes, incomplete: false }
}

/// The number of a query by its folded words.
pub fn query(material: &Material, name: &str) -> usize {
    material.queries.iter().position(|query| query.parts == fold::parts(name)).expect("a name of the material")
}

fn words(text: &str) -> Vec<HeardWord> {
    text.split(' ').map(|text| HeardWord { text: text.to_owned(), ..HeardWord::default() }).collect()
}

fn call(number: usize, said: &str) -> Call {
    let (mut words, mut tagged) = (Vec::new(), Vec::new());
    for piece in said.split_inclusive(']') {
        let (plain, name) = piece.split_once('[').unwrap_or((piece, ""));
        let kind = plain.split(' ').next_back().and_then(Kind::from_tag);
        let plain = plain.split(' ').filter(|word| !word.is_empty() && Kind::from_tag(word).is_none());
        words.extend(plain.map(str::to_owned));
        let start = words.len();
        words.extend(name.trim_end_matches(']').split(' ').filter(|word| !word.is_empty()).map(str::to_owned));
        if let Some(kind) = kind {
            tagged.push(Tagged { kind, words: start..words.len() });
        }
    }
    let participants = vec![Participant { name: "Jonathan Lamers".into(), role: "BMO".into() }];
    Call { id: number.to_string(), words, tagged, participants }
}
