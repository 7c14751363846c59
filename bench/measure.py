# SPDX-License-Identifier: MPL-2.0
"""The six promises of the house, measured on the real thing and on the twin in turns."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import cycle

from arkanum.core.ids import new_id
from arkanum.core.patients import Patient
from arkanum.guard.directory import Directory, card_of
from arkanum.vault import Cost, stretch
from bench import search_names, search_speed
from bench.browser import Answer, Browser, expect
from bench.memory import memory_mb
from bench.ours import Door, Server, wait_until_another
from bench.rows import Row, Target, share

WARM_UP = 20
"""Questions before the clock counts: templates, caches and the processor wake up."""

BRAKED = 409
"""What a page answers while the brake wants to know who is there."""

TIMES_EACH = 10
"""So many sign-ins and changes of person for each turn that seals the practice."""

FIRST_LETTER = "m"
SALT = b"a salt for the stopwatch"
LINES = ("b Lunge frei, Rachen gerötet", "n Rückruf am Freitag", "t Inhalation", "v rr 135/85 p 72", "d J06.9 G")

Ask = Callable[[], Answer]


@dataclass(frozen=True, slots=True)
class Effort:
    """How often each thing is measured."""

    keystrokes: int
    pages: int
    entries: int
    sign_ins: int


def keystroke_in_the_guard(patients: int, effort: Effort) -> Row:
    """Measure the sorted search alone, beside the same query on plain FTS5, over the same invented names."""
    cards = search_names.invent(patients)
    lines = search_names.keystrokes(cards, effort.keystrokes)
    twin = search_speed.Twin(cards)
    directory = Directory()
    directory.replace(cards)
    gc.collect()
    gc.freeze()
    ours = search_speed.times_ms(directory.search, lines)
    theirs = search_speed.times_ms(twin.search, lines)
    gc.unfreeze()
    target = Target(most=2, times=0.5, reference="plain FTS5")
    return target.row("search keystroke, sorted, guard side, p95", share(ours, 0.95), share(theirs, 0.95), "ms")


def keystroke_over_http(door: Door, twin: Browser, known: Iterable[Patient], effort: Effort) -> Row:
    """Measure what a person at the screen waits for after each letter, looking for patients of the practice."""
    cards = [card_of(new_id(), patient) for patient in known]
    wanted = [card for card in cards if card.birth and card.birth.day and card.phones and card.kvnr]
    lines = _until_the_brake(door, search_names.keystrokes(wanted, effort.keystrokes))
    mine, theirs = cycle(lines), cycle(lines)
    times = in_turns(
        lambda: door.browser.fragment("/suche/treffer", text=next(mine)),
        lambda: twin.fragment("/suche/treffer", text=next(theirs)),
        effort.keystrokes,
    )
    return Target(most=5).row("search keystroke, whole HTTP request, p95", *p95_ms(*times), "ms")


def _until_the_brake(door: Door, lines: Sequence[str]) -> list[str]:
    """Return the keystrokes after which the brake does not ask yet; asked again, they show nobody new.

    Whoever looks through names by the hundred and opens nobody meets it, and a stopwatch is no exception.
    """
    allowed = []
    for line in lines:
        if door.browser.fragment("/suche/treffer", text=line).status == BRAKED:
            door.sign_in()
            break
        allowed.append(line)
    return allowed


def chart(ours: tuple[Browser, str], twin: tuple[Browser, str], effort: Effort) -> Row:
    """Measure opening a chart of 500 entries; both pages must hold every entry."""
    pages = [_page_of(*one) for one in (ours, twin)]
    counts = {answer.text.count('<li class="entry') for answer in pages}
    if counts != {500}:
        raise ValueError(f"the charts do not hold the same 500 entries: {counts}")
    times = in_turns(lambda: _page_of(*ours), lambda: _page_of(*twin), effort.pages)
    target = Target(most=35, times=1.5)
    return target.row("open a chart of 500 entries, whole HTTP request, p95", *p95_ms(*times), "ms")


def entry(ours: tuple[Browser, str], twin: tuple[Browser, str], effort: Effort) -> Row:
    """Measure writing one entry: it is on disk, and logged, when the answer comes."""
    mine, theirs = cycle(LINES), cycle(LINES)
    times = in_turns(lambda: _write(*ours, next(mine)), lambda: _write(*twin, next(theirs)), effort.entries)
    return Target(times=2).row("write one entry, durable, p95", *p95_ms(*times), "ms")


def first_search(door: Door, server: Server, cost: Cost, effort: Effort) -> Row:
    """Measure from the pass phrase to the first names, with a guard that was sealed; Argon2id is taken off."""
    argon = min(seconds(lambda: stretch("a pass phrase for the stopwatch", SALT, cost)) for _ in range(3))
    taken = [_seal_and_search(door, server) for _ in range(effort.sign_ins)]
    beside = share(taken, 0.5) - argon
    target = Target(most=1, reference="Argon2id")
    return target.row("from sign-in to first search, beside Argon2id", beside, argon, "s")


def sign_in(door: Door, effort: Effort) -> Row:
    """Measure the whole sign-in while others work: name and pass phrase to the session, Argon2id included."""
    taken = [door.sign_in() for _ in range(effort.sign_ins * TIMES_EACH)]
    return Target(most=1.5).row("sign-in, Argon2id included, p95", share(taken, 0.95), 0.0, "s")


def change_of_person(door: Door, effort: Effort) -> Row:
    """Measure what the server takes for a change of person: the PIN to another session's token."""
    door.choose_pin()
    taken = [door.change_person() for _ in range(effort.sign_ins * TIMES_EACH)]
    return Target(most=300).row("change of person with a PIN, server side, p95", share(taken, 0.95) * 1_000, 0.0, "ms")


def memory(ours: Server, twin: Server) -> Row:
    """Measure the guard and one worker after all that work."""
    target = Target(most=400)
    name = "memory of guard and one worker (PSS)"
    return target.row(name, memory_mb(ours.pids()), memory_mb([twin.process.pid]), "MB")


def unrest() -> str:
    """Say how far the same short piece of work differs from time to time on this machine, which no program can help."""
    taken = [seconds(lambda: sum(range(100_000))) * 1_000 for _ in range(300)]
    fastest, half, most = min(taken), share(taken, 0.5), share(taken, 0.95)
    return f"this machine: the same {fastest:.1f} ms of work take {half:.1f} ms at p50 and {most:.1f} ms at p95"


def in_turns(ours: Ask, twin: Ask, count: int) -> tuple[list[float], list[float]]:
    """Ask both in turns, so that whatever else the machine does strikes both; return the seconds of each."""
    mine, theirs = [], []
    for turn in range(WARM_UP + count):
        pair = expect(ours(), 200, 302).seconds, expect(twin(), 200, 302).seconds
        if turn >= WARM_UP:
            mine.append(pair[0])
            theirs.append(pair[1])
    return mine, theirs


def p95_ms(ours: Sequence[float], twin: Sequence[float]) -> tuple[float, float]:
    """Return what 95 of 100 measurements of each stay below, in milliseconds."""
    return share(ours, 0.95) * 1_000, share(twin, 0.95) * 1_000


def seconds(work: Callable[[], object]) -> float:
    """Return how long work takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _page_of(browser: Browser, patient: str) -> Answer:
    return browser.get(f"/kartei/{patient}")


def _write(browser: Browser, patient: str, line: str) -> Answer:
    return expect(browser.post(f"/kartei/{patient}/eintrag", line=line), 302)


def _seal_and_search(door: Door, server: Server) -> float:
    """Sign out so that the guard ends and a sealed one follows; then sign in and search."""
    before = set(server.pids())
    door.sign_out()
    wait_until_another(server, before)
    signed_in = door.sign_in()
    return signed_in + expect(door.browser.fragment("/suche/treffer", text=FIRST_LETTER), 200).seconds
