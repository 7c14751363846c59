# SPDX-License-Identifier: MPL-2.0
"""W22: the log altered by the intruder. 1,000 random changes to the log and its heads, 1,000 noticed.

Who notices what:

- chain and heads (`arkanum log verify`, no key needed): every edit, flip, deletion, move, duplicate and insertion, a
  log or heads of another practice, a chain that was computed anew, and a log that ends before its last signed line;
- a head kept outside (weekly sheet, backup): a log cut off together with its heads, a whole folder put back to an
  older state, and heads cut off alone;
- the rows (`verify` with a person letting it in): a log cut off below a line under which a record stands.
"""

import random
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from io import BytesIO
from uuid import UUID, uuid4

import pytest

from arkanum.guard import log_chain
from arkanum.guard.heads import OutsideHead, differs, outside_message
from arkanum.guard.log import Event, Log, now
from arkanum.guard.log_chain import START, Evidence, LogDamaged, check, head_message, heads_of, link
from arkanum.vault import PrivateKey, SigningKey
from tests.attacks.twin import assert_red
from tests.cast import restarted

TRIES = 1000
LINES = 40


@dataclass(frozen=True)
class Files:
    """The two files of a log as the intruder finds them."""

    lines: tuple[bytes, ...]
    heads: tuple[bytes, ...]


@dataclass(frozen=True)
class Practice:
    """A practice's log, the key of its heads, and the head on its newest weekly sheet."""

    id: UUID
    public: bytes
    files: Files
    paper: OutsideHead

    def by_itself(self, files: Files) -> bool:
        """Tell whether chain and heads alone show that something is wrong."""
        try:
            check(Evidence(self.id, self.public, files.heads), files.lines)
        except LogDamaged:
            return True
        return False

    def by_paper(self, files: Files) -> bool:
        """Tell whether the head on paper shows it."""
        try:
            checked = check(Evidence(self.id, self.public, files.heads), files.lines, wanted={self.paper.no})
        except LogDamaged:
            return True
        return bool(differs(self.paper, self.id, self.public, checked))


def _as_a_file_reads(raw: bytes) -> list[bytes]:
    """Part bytes where a file does; `splitlines` also ends a line at a carriage return, which a flipped bit can be."""
    return BytesIO(raw).readlines()


def written(folder, name) -> Practice:
    """Write a log as a practice of forty deeds does, with a head every few lines and one on paper at the end."""
    practice, signer = uuid4(), SigningKey.new()
    log = Log(folder / f"{name}.log", practice, PrivateKey.new().public)
    log.sign_with(signer)
    for number in range(LINES):
        log.append(Event(at=now(), what="read_chart", patient=uuid4()), durable=False)
        if number % 5 == 0:
            log.sign_head()
    log.sign_head()
    no, digest = log.end
    today = date(2026, 8, 1)
    paper = OutsideHead(no, digest, practice, today, signer.sign(outside_message(practice, no, digest, today)))
    files = Files(*(tuple(_as_a_file_reads(path.read_bytes())) for path in (log.path, heads_of(log.path))))
    log.close()
    return Practice(practice, signer.public_bytes, files, paper)


@pytest.fixture
def practice(tmp_path):
    return written(tmp_path, "a")


@pytest.fixture
def neighbour(tmp_path):
    return written(tmp_path, "b")


# --- what an intruder does -------------------------------------------------------------------------------------------


def _flip(chance, parts):
    at = chance.randrange(len(parts))
    raw = bytearray(parts[at])
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return _as_a_file_reads(b"".join((*parts[:at], bytes(raw), *parts[at + 1 :])))


def _edit(chance, parts):
    at = chance.randrange(len(parts))
    raw, place = parts[at], chance.randrange(len(parts[at]) - 1)
    other = raw[:place] + chance.choice([b"0", b"9", b"A", b"z", b" "]) + raw[place + 1 :]
    return [*parts[:at], other, *parts[at + 1 :]]


def _delete(chance, parts):
    at = chance.randrange(len(parts) - 1)
    return [*parts[:at], *parts[min(at + chance.randrange(1, 6), len(parts) - 1) :]]


def _move(chance, parts):
    rest = list(parts)
    line = rest.pop(chance.randrange(len(rest)))
    rest.insert(chance.randrange(len(rest) + 1), line)
    return rest


def _swap(chance, parts):
    rest = list(parts)
    one, other = chance.sample(range(len(rest)), 2)
    rest[one], rest[other] = rest[other], rest[one]
    return rest


def _double(chance, parts):
    rest = list(parts)
    rest.insert(chance.randrange(len(rest) + 1), chance.choice(parts))
    return rest


def _slip_in_a_torn_one(chance, parts):
    rest = list(parts)
    rest.insert(chance.randrange(len(rest)), chance.choice(parts).rstrip(b"\n") + b" T\n")
    return rest


def _cut(chance, parts):
    return parts[: chance.randrange(1, len(parts))]


def _cut_inside_a_line(chance, parts):
    whole = b"".join(parts)
    return whole[: chance.randrange(1, len(whole))].splitlines(keepends=True)


ON_ONE_FILE = (_flip, _edit, _delete, _move, _swap, _double, _slip_in_a_torn_one, _cut, _cut_inside_a_line)


def on_the_log(trick):
    return lambda chance, files, _: replace(files, lines=tuple(trick(chance, files.lines)))


def on_the_heads(trick):
    return lambda chance, files, _: replace(files, heads=tuple(trick(chance, files.heads)))


def chain_anew(chance, files, _):
    """Change a body and compute every hash after it, as anybody can."""
    at, before, lines = chance.randrange(len(files.lines)), START, []
    for place, raw in enumerate(files.lines):
        number, kind, body = raw.split(b" ")[:3]
        if place == at:
            body = b64encode(chance.randbytes(len(body) // 4 * 3))
        text = b" ".join((number, kind, body))
        before = link(before, text)
        lines.append(text + b" " + before.encode() + b"\n")
    return replace(files, lines=tuple(lines))


def sign_with_an_own_key(chance, files, neighbour):
    """Compute the chain anew and sign it."""
    files = chain_anew(chance, files, neighbour)
    forger, before, heads = SigningKey.new(), START, []
    for head in files.heads:
        no = int(head.split(b" ")[0])
        digest = files.lines[no - 1][-65:-1].decode()
        signature = b64encode(forger.sign(head_message(neighbour.id, no, digest, before)))
        heads.append(b"%d %s %s\n" % (no, digest.encode(), signature))
        before = sha256(heads[-1][:-1]).hexdigest()
    return replace(files, heads=tuple(heads))


def take_a_line_of_the_neighbours(chance, files, neighbour):
    at = chance.randrange(len(files.lines))
    return replace(files, lines=(*files.lines[:at], neighbour.files.lines[at], *files.lines[at + 1 :]))


def take_the_neighbours_log(chance, files, neighbour):
    return replace(neighbour.files, heads=chance.choice([files.heads, neighbour.files.heads]))


def take_the_neighbours_heads(_, files, neighbour):
    return replace(files, heads=neighbour.files.heads)


def lose_the_heads(chance, files, _):
    return replace(files, heads=chance.choice([(), (b"\n",), (files.heads[0][:20],)]))


def put_back_to_yesterday(chance, files, _):
    """Cut the log behind a signed line, and the heads with it: exactly what it was then."""
    keep = chance.randrange(1, len(files.heads))
    lines = int(files.heads[keep - 1].split(b" ")[0]) + chance.randrange(3)
    return Files(files.lines[:lines], files.heads[:keep])


TRICKS = (
    *map(on_the_log, ON_ONE_FILE),
    *map(on_the_heads, ON_ONE_FILE),
    chain_anew,
    sign_with_an_own_key,
    take_a_line_of_the_neighbours,
    take_the_neighbours_log,
    take_the_neighbours_heads,
    lose_the_heads,
    put_back_to_yesterday,
)


def altered(practice, neighbour, *, seed=22):
    """Yield a thousand altered logs, each really another one."""
    chance = random.Random(seed)
    done = 0
    while done < TRIES:
        files = TRICKS[done % len(TRICKS)](chance, practice.files, neighbour)
        if files != practice.files:
            done += 1
            yield files


@dataclass(frozen=True)
class Watch:
    """Both practices, and who looks at the first one's log."""

    practice: Practice
    neighbour: Practice
    looks: tuple[Callable[[Files], bool], ...]


def attack(watch):
    """Alter the log a thousand times; every time somebody who looks must notice."""
    noticed = [any(look(files) for look in watch.looks) for files in altered(watch.practice, watch.neighbour)]
    assert (len(noticed), noticed.count(False)) == (TRIES, 0)


# --- noticed ---------------------------------------------------------------------------------------------------------


def test_nothing_is_noticed_in_an_untouched_log(practice):
    assert not practice.by_itself(practice.files)
    assert not practice.by_paper(practice.files)


def test_a_thousand_of_a_thousand_changes_are_noticed(practice, neighbour):
    attack(Watch(practice, neighbour, (practice.by_itself, practice.by_paper)))


def test_only_what_is_cut_off_with_its_heads_needs_the_paper(practice, neighbour, record_property):
    counted = Counter()
    for files in altered(practice, neighbour):
        alone = practice.by_itself(files)
        counted["by chain and heads" if alone else "by the head on paper"] += practice.by_paper(files)
        if not alone:
            # What chain and heads do not show is the beginning of the true log, and of its true heads.
            assert practice.files.lines[: len(files.lines)][:-1] == files.lines[:-1]
            assert practice.files.heads[: len(files.heads)][:-1] == files.heads[:-1]

    record_property("W22", dict(counted))
    assert counted.total() == TRIES
    assert counted["by chain and heads"] > counted["by the head on paper"] > 0


@pytest.mark.parametrize("seed", range(3))
def test_the_first_bad_line_is_named(practice, neighbour, seed):
    chance = random.Random(seed)
    for _ in range(50):
        at = chance.randrange(len(practice.files.lines))
        lines = [*practice.files.lines]
        lines[at] = neighbour.files.lines[at]
        with pytest.raises(LogDamaged) as damage:
            check(Evidence(practice.id, practice.public, practice.files.heads), lines)
        assert damage.value.line == at + 1


def test_a_log_cut_off_with_its_heads_is_noticed_by_the_rows(founded, ada, dora):
    ada.write(dora, "Fraktur links")
    practice = ada.who.practice
    ada.sign_out()
    founded.guard.close()
    path = founded.guard.log_path(practice)
    keep = heads_of(path).read_bytes().splitlines(keepends=True)[:1]
    heads_of(path).write_bytes(b"".join(keep))
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[: int(keep[0].split(b" ")[0])]))

    again = restarted(founded)
    ada = again.ada.sign_in()
    verdict = again.client.verify_log(ada.token)

    assert verdict.bad_line is None
    assert any("keine Erlaubnis" in alarm for alarm in verdict.alarms)
    again.guard.close()


# --- weakened twins --------------------------------------------------------------------------------------------------


def test_the_attack_goes_unnoticed_where_nobody_looks_at_the_chain(practice, neighbour, monkeypatch):
    monkeypatch.setattr(log_chain, "_follows", lambda *_: True)

    assert_red(attack, Watch(practice, neighbour, (practice.by_itself, practice.by_paper)))


def test_the_attack_goes_unnoticed_where_nobody_looks_at_the_heads(practice, neighbour, monkeypatch):
    monkeypatch.setattr(log_chain, "_signed", lambda _: ({10**9: ""}, None))
    monkeypatch.setattr(log_chain, "_missing", lambda *_: None)

    assert_red(attack, Watch(practice, neighbour, (practice.by_itself, practice.by_paper)))


def test_the_attack_goes_unnoticed_where_no_head_is_kept_outside(practice, neighbour):
    assert_red(attack, Watch(practice, neighbour, (practice.by_itself,)))
