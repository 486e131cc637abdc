//! Places that talk is full of: countries, regions, large cities, and words for those who live there. Beside them what
//! tells people and organisations.
//!
//! The table is `data/gazetteer/places.tsv`; `NOTICE.md` beside it says where it comes from, and `tools/gazetteer.py` makes
//! it.

mod given;

use crate::commonness::fold;
pub use given::is_given_name;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PlaceKind {
    /// A country, or what is counted as one ("Hong Kong").
    Country,
    /// A word for what is of a country or region, and those who live there ("Iraqi").
    Demonym,
    /// A part of a country, or of the world ("Texas", "Middle East").
    Region,
    /// A city: a capital, one with at least 300,000 inhabitants, or a smaller one that is much talked of.
    City,
}

/// A place, or a word for those who live there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The usual English name, without accents.
    pub name: &'static str,
    /// What it is.
    pub kind: PlaceKind,
    /// Other names and forms ("U.K.", "Kiev", "Iraqis").
    pub variants: Vec<&'static str>,
    /// The usual name of the country that it belongs to. Countries, and regions and people of more than one, have none.
    pub country: Option<&'static str>,
    /// About how many live there; of a demonym, in its country. 0 where unknown, and at most `u32::MAX` (Asia).
    pub population: u32,
    /// Its name is an ordinary word, too ("Nice", "Turkey"): that something sounds like it says little.
    pub ordinary: bool,
}

/// All places: countries, regions, demonyms, cities, each by population, the greatest first. No spelling stands twice, and
/// one that belongs to several stands with the first of them ("Georgia" is the country).
pub fn places() -> &'static [Place] {
    &TABLE.places
}

/// The place of a name or variant, in whatever case, with or without accents, marks around it and a possessive s.
pub fn place(name: &str) -> Option<&'static Place> {
    let folded = fold_name(name);
    let table = &*TABLE;
    let number = table.by_name.get(&folded).or_else(|| table.by_name.get(folded.strip_suffix("'s")?))?;
    Some(&table.places[*number])
}

struct Table {
    places: Vec<Place>,
    /// Folded names and variants, and where in `places` they lead.
    by_name: HashMap<String, usize>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let rows: Vec<[&str; 6]> = include_str!("../../data/gazetteer/places.tsv").lines().filter_map(fields).collect();
    let countries: HashMap<&str, &str> =
        rows.iter().filter(|[kind, ..]| *kind == "c").map(|[_, name, code, ..]| (*code, *name)).collect();
    let places: Vec<Place> = rows.iter().filter_map(|row| read(row, &countries)).collect();
    let by_name = places
        .iter()
        .enumerate()
        .flat_map(|(number, place)| {
            std::iter::once(place.name).chain(place.variants.iter().copied()).map(move |name| (fold_name(name), number))
        })
        .collect();
    Table { places, by_name }
});

fn fields(line: &str) -> Option<[&str; 6]> {
    line.split('\t').collect::<Vec<_>>().try_into().ok()
}

/// Reads a line of the table, which `tools/gazetteer.py` describes.
fn read(
    &[kind, name, code, population, ordinary, variants]: &[&'static str; 6],
    countries: &HashMap<&str, &'static str>,
) -> Option<Place> {
    let kind = match kind {
        "c" => PlaceKind::Country,
        "d" => PlaceKind::Demonym,
        "r" => PlaceKind::Region,
        "t" => PlaceKind::City,
        _ => return None,
    };
    Some(Place {
        name,
        kind,
        variants: variants.split('|').filter(|variant| !variant.is_empty()).collect(),
        country: countries.get(code).copied().filter(|_| kind != PlaceKind::Country),
        population: population.parse::<u64>().map_or(0, |people| u32::try_from(people).unwrap_or(u32::MAX)),
        ordinary: ordinary == "o",
    })
}

fn fold_name(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for word in name.split_whitespace().map(fold).filter(|word| !word.is_empty()) {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(&word);
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;
    use PlaceKind::{City, Country, Demonym, Region};

    #[test]
    fn table() {
        for (text, name, kind, country) in [
            ("iraq", "Iraq", Country, None),
            ("Iraq's", "Iraq", Country, None),
            ("U.S.", "United States", Country, None),
            ("America", "United States", Country, None),
            ("Britain", "United Kingdom", Country, None),
            ("the netherlands", "Netherlands", Country, None),
            ("Burma", "Myanmar", Country, None),
            ("Georgia", "Georgia", Country, None),
            ("Singapore", "Singapore", Country, None),
            ("Texas", "Texas", Region, Some("United States")),
            ("Ontario", "Ontario", Region, Some("Canada")),
            ("middle east", "Middle East", Region, None),
            ("Washington, D.C.", "Washington, D.C.", City, Some("United States")),
            ("Tehran", "Tehran", City, Some("Iran")),
            ("Kiev", "Kyiv", City, Some("Ukraine")),
            ("Bombay", "Mumbai", City, Some("India")),
            ("S\u{e3}o Paulo", "Sao Paulo", City, Some("Brazil")),
            ("Thimphu", "Thimphu", City, Some("Bhutan")),
            ("Iraqis", "Iraqi", Demonym, Some("Iraq")),
            ("French", "French", Demonym, Some("France")),
            ("Kurds", "Kurdish", Demonym, None),
        ] {
            let found = place(text).map(|place| (place.name, place.kind, place.country));
            assert_eq!(found, Some((name, kind, country)), "{text}");
        }
    }

    #[test]
    fn ordinary_words() {
        for (text, expected) in [
            ("Nice", Some(true)),
            ("Reading", Some(true)),
            ("Turkey", Some(true)),
            ("Polish", Some(true)),
            ("China", Some(false)),
            ("Iran", Some(false)),
            ("French", Some(false)),
            ("Salt Lake City", Some(false)),
            ("us", None),
            ("of", None),
            ("the", None),
            ("", None),
        ] {
            assert_eq!(place(text).map(|place| place.ordinary), expected, "{text}");
        }
    }

    #[test]
    fn every_line_is_read_and_every_spelling_stands_once() {
        assert_eq!(places().len(), include_str!("../../data/gazetteer/places.tsv").lines().count());
        let spellings: usize = places().iter().map(|place| 1 + place.variants.len()).sum();
        assert_eq!(TABLE.by_name.len(), spellings);
        assert!(places().iter().all(|place| place.name.is_ascii()));
        let order = |place: &Place| [Country, Region, Demonym, City].iter().position(|kind| *kind == place.kind);
        assert!(places().is_sorted_by_key(|place| (order(place), std::cmp::Reverse(place.population))));
    }

    #[test]
    fn capitals_are_there() {
        for capital in
            "Baghdad Riyadh Canberra Ottawa Bern Brasilia Ankara Naypyidaw Nairobi Reykjavik Vaduz Suva".split(' ')
        {
            assert_eq!(place(capital).map(|place| place.kind), Some(City), "{capital}");
        }
    }
}
