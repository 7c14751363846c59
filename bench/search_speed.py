# SPDX-License-Identifier: MPL-2.0
"""Measures the patient search against the same sorted query on plain SQLite FTS5.

Run `python -m bench.search_speed [patients]`. The twin holds the same names in the clear, folded the same way, with an
index for short prefixes; it finds no slips, no sounds and no numbers, and must sort what it finds.
"""

import gc
import sqlite3
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence

from arkanum.core.names import tokens, variants
from arkanum.core.query import parse_query
from arkanum.core.unusual import Home
from arkanum.guard.directory import Card, Directory, decode_cards, encode_cards
from arkanum.guard.directory_cards import birth_number, sort_key
from arkanum.guard.directory_homes import Homes
from bench.search_names import invent, keystrokes

PATIENTS = 60_000
SEARCHES = 6_000
CHANGES = 3_000
CARDS_A_PAGE = 256
STREETS = 4_000


TABLES = """
create virtual table names using fts5(words, prefix='1 2 3', tokenize='unicode61', content='', detail=none);
create table patient (id integer primary key, sorted integer, number text, born integer, last text, first text);
create index by_number on patient (number);
create index by_birth on patient (born);
"""


class Twin:
    """The search as most programs do it: FTS5 over names in the clear, sorted by name."""

    def __init__(self, cards: Sequence[Card]) -> None:
        """Fill the tables."""
        self._database = sqlite3.connect(":memory:")
        self._database.executescript(TABLES)
        order = {card.patient: at for at, card in enumerate(sorted(cards, key=sort_key))}
        for row, card in enumerate(cards, 1):
            words = [v for part in (card.last, card.first, card.prefix) for t in tokens(part) for v in variants(t)]
            person = (row, order[card.patient], card.number, birth_number(card.birth), card.last, card.first)
            self._database.execute("insert into names (rowid, words) values (?, ?)", (row, " ".join(words)))
            self._database.execute("insert into patient values (?, ?, ?, ?, ?, ?)", person)
        self._database.execute("insert into names (names) values ('optimize')")
        self._database.execute("analyze")

    def search(self, text: str) -> Sequence[tuple[str, ...]]:
        """Find names by prefixes, in alphabetical order; dates by years and numbers by equality."""
        query = parse_query(text)
        conditions = ["1"]
        values: list[str | int] = []
        if query.words:
            conditions.append("id in (select rowid from names where names match ?)")
            values.append(" ".join(f'"{word}" *' for word in query.words))
        for births in query.births:
            conditions.append("born between ? and ?")
            values += [births[0].first * 10_000, births[0].last * 10_000 + 1231]
        for digits in query.digits:
            conditions.append("number = ?")
            values.append(digits.code)
        where = " and ".join(conditions)
        select = f"select last, first, born, number from patient where {where} order by sorted limit 50"  # noqa: S608 - no value stands in it
        return self._database.execute(select, values).fetchall()


def times_ms(work: Callable[[str], object], lines: Sequence[str]) -> list[float]:
    """Return how long each line took, sorted."""
    taken = []
    for line in lines:
        begin = time.perf_counter()
        work(line)
        taken.append((time.perf_counter() - begin) * 1_000)
    return sorted(taken)


def share(times: Sequence[float], part: float) -> float:
    """Return the time that a part of all stays below."""
    return times[int(len(times) * part)]


def seconds(work: Callable[[], object]) -> float:
    """Return how long work takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def taken_in(pages: Sequence[bytes], homes: Homes) -> Iterator[Card]:
    """Open pages as the guard does, and take in where the patients live."""
    for page in pages:
        for card, home in decode_cards(page):
            homes.put(card.patient, home)
            yield card


def memory_mb(pages: Sequence[bytes]) -> float:
    """Return what cards and index take in memory of their own."""
    tracemalloc.start()
    directory = Directory()
    homes = Homes()
    directory.replace(taken_in(pages, homes))
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return taken / 2**20


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PATIENTS
    invented = invent(count)
    lines = keystrokes(invented, SEARCHES)
    lived = [(card, Home(f"50667 strasse{at % STREETS}", at % 150)) for at, card in enumerate(invented)]
    pages = [encode_cards(lived[at : at + CARDS_A_PAGE]) for at in range(0, count, CARDS_A_PAGE)]
    twin = Twin(invented)
    gc.collect()
    gc.freeze()
    cards: list[Card] = []
    directory = Directory()
    homes = Homes()
    print(f"decode_cards  {seconds(lambda: cards.extend(taken_in(pages, homes))):.3f} s")
    print(f"neighbours    {seconds(lambda: homes.in_streets({home.street for _, home in lived[:30]})):.3f} s")
    print(f"replace       {seconds(lambda: directory.replace(cards)):.3f} s")
    report("search", times_ms(directory.search, lines), times_ms(twin.search, lines))
    changed = iter(cards[::7])

    def put(_: str) -> None:
        directory.put(next(changed))

    def put_and_search(line: str) -> None:
        put(line)
        directory.search(line)

    report("put", times_ms(put, lines[:CHANGES]))
    report("put + search", times_ms(put_and_search, lines[:CHANGES]))
    print(f"memory        {memory_mb(pages):.0f} MB for cards and index")


def report(name: str, ours: Sequence[float], twin: Sequence[float] = ()) -> None:
    """Print one line."""
    text = f"{name:13} p50 {share(ours, 0.5):.2f}  p95 {share(ours, 0.95):.2f}  max {ours[-1]:.2f} ms"
    if twin:
        text += f"   twin p50 {share(twin, 0.5):.2f}  p95 {share(twin, 0.95):.2f} ms"
        text += f"   ratio of p95 {share(ours, 0.95) / share(twin, 0.95):.2f}"
    print(text)


if __name__ == "__main__":
    main()
