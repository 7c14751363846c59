# SPDX-License-Identifier: MPL-2.0
"""Invents a practice's patients: names as frequent as in Germany, and no real person among them.

Three hundred last names carry a bit less than half of the people, as in the telephone book; some 20,000 rarer ones
are put together from syllables. Every sixth has a Turkish, Polish, Vietnamese, Arabic or Russian name.
"""

import random
import re
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from uuid import UUID

from arkanum.core.patients import BirthDate, Sex
from arkanum.guard.directory import Card


def _sections(text: str) -> dict[str, list[str]]:
    """Return the words under each heading in brackets."""
    parts = re.split(r"^\[(.+)\]$", text, flags=re.MULTILINE)[1:]
    return {heading: words.split() for heading, words in zip(parts[::2], parts[1::2], strict=True)}


_WORDS = _sections(Path(__file__).with_suffix(".txt").read_text("utf-8"))
FREQUENT, FIRST_NAMES = _WORDS["last names"], _WORDS["first names"]
_ONSETS, _VOWELS, _CODAS, _ENDS = (_WORDS[part] for part in ("onsets", "vowels", "codas", "ends"))
_PARTICLES = ("von", "van", "de", "von der", "van den", "vom", "zu", "von und zu", "El", "da")
_TITLES = ("Dr.", "Prof. Dr.", "Dr. med.", "Dipl.-Ing.")
_TOWNS = ("Köln", "Brühl", "Hürth", "Bonn", "Wesseling", "Euskirchen")

RARE_NAMES = 20_000


def invent(count: int, seed: int = 1) -> list[Card]:
    """Return invented patients; the same seed gives the same people."""
    chance = random.Random(seed)
    lasts = [*FREQUENT, *_rare_names(chance)]
    weights = list(accumulate([0.8 / (at + 25) for at in range(len(FREQUENT))] + [0.000_085] * RARE_NAMES))
    firsts = [*FIRST_NAMES, *_rare_firsts(chance)]
    first_weights = list(accumulate(1 / (at + 8) for at in range(len(firsts))))
    people = range(1, count + 1)
    return [
        _card(chance, number, last, first)
        for number, last, first in zip(
            people,
            chance.choices(lasts, cum_weights=weights, k=count),
            chance.choices(firsts, cum_weights=first_weights, k=count),
            strict=True,
        )
    ]


def _rare_names(chance: random.Random) -> list[str]:
    names: set[str] = set()
    while len(names) < RARE_NAMES:
        stem = chance.choice(_ONSETS) + chance.choice(_VOWELS) + chance.choice(_CODAS)
        middle = chance.choice(_VOWELS) + chance.choice(_CODAS) if chance.random() < 0.25 else ""
        names.add(stem + middle + chance.choice(_ENDS))
    return sorted(names)


def _rare_firsts(chance: random.Random) -> list[str]:
    stems = [chance.choice(_ONSETS) + chance.choice("aeiou") + chance.choice("lnrms") for _ in range(1_500)]
    ends = ("a", "e", "us", "ina", "ian", "o", "i", "ela", "ard", "win")
    return sorted({stem + chance.choice(ends) for stem in stems})


def _card(chance: random.Random, number: int, last: str, first: str) -> Card:
    if chance.random() < 0.04:
        last = f"{last}-{chance.choice(FREQUENT)}"
    if chance.random() < 0.12:
        first = f"{first} {chance.choice(FIRST_NAMES)}"
    return Card(
        patient=UUID(int=chance.getrandbits(128)),
        number=str(number),
        last=last,
        first=first,
        title=chance.choice(_TITLES) if chance.random() < 0.03 else "",
        prefix=chance.choice(_PARTICLES) if chance.random() < 0.02 else "",
        birth=BirthDate(year=chance.randint(1928, 2025), month=chance.randint(1, 12), day=chance.randint(1, 28)),
        sex=chance.choice((Sex.M, Sex.W)),
        kvnr=(f"{chance.choice('ABCDEFGHKLMNPRSTVWXYZ')}{chance.randrange(10**9):09}",),
        phones=tuple(_phones(chance)),
        town=chance.choice(_TOWNS),
    )


def _phones(chance: random.Random) -> Iterator[str]:
    yield f"0{chance.choice((221, 2232, 228, 2236))}/{chance.randint(10_000, 9_999_999)}"
    if chance.random() < 0.5:
        yield f"+49 1{chance.choice((51, 60, 70, 76, 78))} {chance.randint(1_000_000, 99_999_999)}"


def keystrokes(cards: list[Card], count: int, seed: int = 2) -> list[str]:
    """Return what a desk types in a day: each line is one keystroke later than the one before, or a new search.

    Half look for a last name, a quarter for last and first, a tenth for a name
    with a birth date, the others for a birth date, a number or a phone. One
    search in twenty holds a slip, one in twenty a name as it was heard.
    """
    chance = random.Random(seed)
    lines: list[str] = []
    while len(lines) < count:
        text = _line(chance, chance.choice(cards))
        lines += (text[:end] for end in range(1, len(text) + 1))
    return lines[:count]


def _line(chance: random.Random, card: Card) -> str:
    last, first, born = _as_typed(chance, card.last), card.first, card.birth
    assert born is not None  # noqa: S101 - the inventor gives everybody a birth date
    kinds = {
        last: 50,
        f"{last} {first[:4]}": 15,
        f"{first} {last}": 10,
        f"{last} {born.german()}": 6,
        f"{last[:4]} {born.day}.{born.month}.{born.year % 100:02}": 4,
        born.german(): 4,
        f"{born.day:02}{born.month:02}{born.year % 100:02}": 3,
        card.number: 4,
        card.phones[0]: 2,
        card.kvnr[0]: 2,
    }
    return chance.choices(list(kinds), list(kinds.values()))[0]


def _as_typed(chance: random.Random, last: str) -> str:
    dice = chance.random()
    if dice < 0.05 and len(last) > 4:
        at = chance.randrange(1, len(last) - 1)
        return last[:at] + last[at + 1] + last[at] + last[at + 2 :]
    if dice < 0.10:
        return last.replace("ei", "ai").replace("tz", "z").replace("ck", "k").replace("v", "f")
    return last.lower() if dice < 0.5 else last
