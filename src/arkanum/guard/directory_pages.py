# SPDX-License-Identifier: MPL-2.0
"""Fills the directory at unseal from sealed pages, and keeps the pages up to date.

The pages are a cache: what they say can be read again from the sealed master data. A head lists the digest of
every page and up to which change they reach; whatever changed later, or does not match, is read from the rows.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

import msgspec
from django.db import connections, transaction

from arkanum.core import codec
from arkanum.core.errors import CoreError, Malformed
from arkanum.core.ids import new_id
from arkanum.core.patients import Patient, Sex
from arkanum.guard.bodies import open_body, seal_body
from arkanum.guard.directory import Card, Directory, card_of, decode_cards, encode_cards
from arkanum.guard.directory_homes import Homes, home_of
from arkanum.guard.errors import PracticeSealed
from arkanum.guard.places import directory_head_place, page_place, record_place
from arkanum.guard.rings import RingKeys, unwrap_chart_key
from arkanum.guard.roles import Ring
from arkanum.storage import charts, pages, practices
from arkanum.storage.models import Chart, DirectoryPage, Record
from arkanum.vault import Key, Sealed, VaultError, seal, unseal

CARDS_A_PAGE = 256
FLUSH_AFTER = 200
"""So many changed patients are kept in memory only; a crash costs reading them again, nothing else."""

READY_SECONDS = 30

DAMAGED = "Beschädigte Akte"
"""Stands in place of a last name where the master data did not open."""


class Head(msgspec.Struct, frozen=True, array_like=True):
    """What the pages reach: the last change, and the digest of each page in order."""

    sequence: int
    digests: tuple[bytes, ...]


class StalePages(Exception):
    """The pages are not the ones the head lists; they are built again."""


@dataclass(slots=True)
class Page:
    """One page: its row, and who stands on it in which order."""

    row: UUID
    version: int = 0
    cards: dict[UUID, Card] = field(default_factory=dict)
    digest: bytes = b""
    changed: bool = True


class DirectoryKeeper:
    """One practice's directory. `spawn` runs the loading, in a thread of its own in the real guard."""

    def __init__(self, practice: UUID, site: Key, spawn: Callable[[Callable[[], None]], None]) -> None:
        """Begin closed."""
        self._practice = practice
        self._site = site
        self._spawn = spawn
        self._lock = threading.RLock()
        self._ready = threading.Event()
        self._ready.set()
        self._directory: Directory | None = None
        self._homes = Homes()
        self._keys: RingKeys | None = None
        self._pages: list[Page] = []
        self._page_of: dict[UUID, Page] = {}
        self._sequence = 0
        self._unflushed = 0
        self._behind = False
        """A job has written many patients; the next one who asks for names waits until they are read."""

    def open(self, keys: RingKeys) -> None:
        """Begin to fill the directory with the desk ring's keys; `names` waits for the end."""
        with self._lock:
            if self._keys is not None:
                return
            self._keys = keys
            self._ready.clear()
        self._spawn(self._load)

    def close(self) -> None:
        """Let go of keys and names."""
        with self._lock:
            self._keys = self._directory = None
            self._pages, self._page_of, self._homes = [], {}, Homes()
            self._sequence = self._unflushed = 0
            self._behind = False
            self._ready.set()

    @contextmanager
    def still(self) -> Iterator[None]:
        """Read nothing while the keys change: what is read half before and half after would look damaged."""
        with self._lock:
            yield

    def use_site(self, site: Key) -> None:
        """Seal the list of pages with another site secret from now on; only while `still`."""
        self._site = site

    def names(self) -> Directory:
        """Return the filled directory.

        Raises:
            PracticeSealed: nobody who may see names is signed in.
        """
        if not self._ready.wait(READY_SECONDS):
            raise PracticeSealed
        directory = self._directory
        if directory is None:
            raise PracticeSealed
        if self._behind:
            with self._lock:
                self._behind = False
                self._catch_up_and_flush(directory)
        return directory

    def homes(self) -> Homes:
        """Return where the patients live, for telling neighbours.

        Raises:
            PracticeSealed: nobody who may see names is signed in.
        """
        self.names()
        return self._homes

    def take(self, patients: Sequence[UUID]) -> None:
        """Read these patients' newest master data again: somebody has just written them."""
        directory = self._directory
        if directory is None:
            return  # it is being read, or will be at the next sign-in, from rows that are committed already
        if len(patients) > FLUSH_AFTER // 2:
            self._behind = True
            return
        with self._lock:
            for card in self._read(patients):
                self._place(card)
                directory.put(card)
            self._unflushed += len(patients)
            # A row that is committed but not yet announced has a number of its own above the old mark; only a
            # flush that re-reads from the mark may raise it, so the mark itself is not moved here.
            if self._unflushed >= FLUSH_AFTER:
                self._catch_up_and_flush(directory)

    def master_data(self, patients: Sequence[UUID]) -> list[tuple[UUID, Patient | None]]:
        """Open the newest master data of these patients, in their order; nothing where they do not open.

        Raises:
            PracticeSealed: nobody who may see names is signed in.
        """
        with self._lock:
            opened = dict(self._open(patients))
        return [(one, opened[one]) for one in patients if one in opened]

    def flush(self) -> None:
        """Write changed pages."""
        with self._lock:
            if self._directory is not None and (self._unflushed or self._behind):
                self._behind = False
                self._catch_up_and_flush(self._directory)

    def rekey(self) -> None:
        """Write every page again, because the epoch they were sealed under is gone.

        While they have not been read yet there is nothing to write: whoever reads them then finds that they do not
        open, and builds them again.
        """
        with self._lock:
            for page in self._pages:
                page.changed = True
            self._unflushed += len(self._pages)
            self.flush()

    def _load(self) -> None:
        try:
            with self._lock:
                if self._keys is not None:
                    self._fill(Directory())
        finally:
            with self._lock:
                if self._directory is None:
                    self._keys = None  # it failed; the next who signs in tries again
            self._ready.set()

    def _fill(self, directory: Directory) -> None:
        try:
            self._read_pages()
        except (StalePages, VaultError, msgspec.DecodeError):
            self._start_over()
        directory.replace(card for page in self._pages for card in page.cards.values())
        again = [card.patient for page in self._pages for card in page.cards.values() if card.last == DAMAGED]
        for card in self._read(again):
            self._place(card)
            directory.put(card)
        self._catch_up_and_flush(directory)
        self._directory = directory

    def _catch_up_and_flush(self, directory: Directory) -> None:
        # The number is read first: what commits meanwhile is read twice rather than never.
        sequence = practices.get(self._practice).sequence
        self._catch_up(directory)
        if self._unflushed:
            self._flush(sequence)

    def _start_over(self) -> None:
        self._pages, self._page_of, self._sequence, self._homes = [], {}, 0, Homes()
        pages.drop(self._practice)

    def _read_pages(self) -> None:
        row = practices.get(self._practice)
        head = open_body(self._site, directory_head_place(row.id, row.directory_sequence), row.directory_head, Head)
        stored = pages.pages(self._practice)
        if tuple(_digest(page) for page in stored) != head.digests or head.sequence != row.directory_sequence:
            raise StalePages
        for stored_page in stored:
            self._open_page(stored_page)
        self._sequence = head.sequence

    def _open_page(self, row: DirectoryPage) -> None:
        cards = decode_cards(unseal(self._key(), page_place(row.id, row.version), row.body))
        page = Page(row.id, row.version, {card.patient: card for card, _ in cards}, _digest(row), changed=False)
        for card, home in cards:
            if home is not None:
                self._homes.put(card.patient, home)
        self._pages.append(page)
        self._page_of.update(dict.fromkeys(page.cards, page))

    def _catch_up(self, directory: Directory) -> None:
        for batch in charts.patients_changed_since(self._practice, Ring.DESK, self._sequence):
            cards = list(self._read(batch))
            for card in cards:
                self._place(card)
            _take_in(directory, cards)
            self._unflushed += len(cards)

    def _place(self, card: Card) -> None:
        page = self._page_of.get(card.patient)
        if page is None:
            if not self._pages or len(self._pages[-1].cards) >= CARDS_A_PAGE:
                self._pages.append(Page(new_id()))
            page = self._page_of[card.patient] = self._pages[-1]
        page.cards[card.patient] = card
        page.changed = True

    def _read(self, patients: Sequence[UUID]) -> Iterable[Card]:
        for patient, master_data in self._open(patients):
            self._homes.put(patient, None if master_data is None else home_of(master_data))
            if master_data is None:
                # Shown, never skipped: who looks for damage finds it, and the chart says what is wrong.
                yield Card(patient=patient, last=DAMAGED, first=str(patient)[-12:], sex=Sex.X)
            else:
                yield card_of(patient, master_data)

    def _open(self, patients: Sequence[UUID]) -> Iterator[tuple[UUID, Patient | None]]:
        keys = self._open_keys()
        for patient, (chart, record) in charts.newest_records(self._practice, Ring.DESK, patients).items():
            try:
                yield patient, _master_data(unwrap_chart_key(keys.epochs, chart), chart, record)
            except (VaultError, CoreError):
                yield patient, None

    def _flush(self, sequence: int) -> None:
        changed = [(number, page) for number, page in enumerate(self._pages) if page.changed]
        rows = [self._sealed(number, page) for number, page in changed]
        head = sealed_head(self._site, self._practice, sequence, (page.digest for page in self._pages))
        with transaction.atomic():
            pages.save(rows)
            practices.save_directory(self._practice, sequence, head)
        self._sequence, self._unflushed = sequence, 0

    def _sealed(self, number: int, page: Page) -> DirectoryPage:
        page.version += 1
        page.changed = False
        cards = ((card, self._homes.get(card.patient)) for card in page.cards.values())
        body = seal(self._key(), page_place(page.row, page.version), encode_cards(cards))
        row = DirectoryPage(id=page.row, practice_id=self._practice, number=number, version=page.version, body=body)
        page.digest = _digest(row)
        return row

    def _key(self) -> Key:
        keys = self._open_keys()
        return keys.epochs[keys.epoch].derive("directory")

    def _open_keys(self) -> RingKeys:
        if self._keys is None:
            raise PracticeSealed
        return self._keys


def sealed_head(site: Key, practice: UUID, sequence: int, digests: Iterable[bytes]) -> Sealed:
    """Seal the list of pages that reach up to a change."""
    return seal_body(site, directory_head_place(practice, sequence), Head(sequence, tuple(digests)))


def in_thread(work: Callable[[], None]) -> None:
    """Run work in a thread and give its database connection back at the end."""

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    threading.Thread(target=run, name="directory", daemon=True).start()


def at_once(work: Callable[[], None]) -> None:
    """Run work here and now."""
    work()


def _master_data(key: Key, chart: Chart, record: Record) -> Patient:
    body = unseal(key, record_place(chart.id, record.record_id, record.version), record.body)
    value = codec.decode(body)
    if not isinstance(value, Patient):
        raise Malformed
    return value


def _take_in(directory: Directory, cards: list[Card]) -> None:
    if len(cards) <= FLUSH_AFTER:
        for card in cards:
            directory.put(card)
    else:
        directory.replace([*_without(directory, cards), *cards])


def _without(directory: Directory, cards: list[Card]) -> Iterable[Card]:
    newer = {card.patient for card in cards}
    return (card for card in directory.cards() if card.patient not in newer)


def _digest(page: DirectoryPage) -> bytes:
    return sha256(page.id.bytes + page.version.to_bytes(8, "big") + page.body.to_storage()).digest()
