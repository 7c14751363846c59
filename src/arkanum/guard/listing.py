# SPDX-License-Identifier: MPL-2.0
"""Lists for one purpose: the guard picks the patients, opens their master data itself and tells the purpose's fields.

The brake does not count them, and they are no way round it: a session that somebody else has taken over knows no pass
phrase and gets none; with the pass phrase a list has at most 500 patients, the fourth of a day raises an alarm, and
after ten there are no more. Planted patients stand on no list, nor those whom a wall hides from this person.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from itertools import islice
from uuid import UUID

from arkanum.core.patients import Patient
from arkanum.guard.directory import Card
from arkanum.guard.directory_cards import sort_key
from arkanum.guard.directory_pages import DAMAGED
from arkanum.guard.errors import ListsUsedUp, ListTooLong, NothingPicked, ReasonMissing, Refused
from arkanum.guard.house import ALARM, Guard
from arkanum.guard.people import require_own_passphrase
from arkanum.guard.protocol import AskPurpose, BeginPurpose, Capability, Criteria, ListedPatient, ListPage
from arkanum.guard.purposes import PURPOSES, Purpose, insured_now, told
from arkanum.guard.sessions import Session
from arkanum.guard.walls import hidden_walls, walls_of

PAGE_PATIENTS = 100
MOST_PATIENTS = 500
"""So many patients stand on a list at most; a practice that needs more of them picks by month or year of birth."""

MOST_OPENED = 6_000
"""So many patients' master data are opened to pick those of one list: a birth month of 60,000 patients."""

LISTS_A_DAY = 3
"""So many lists a person makes in a day without an alarm."""

MOST_LISTS_A_DAY = 10
LASTS_SECONDS = 15 * 60
MOST_CAPABILITIES = 3
TOKEN_BYTES = 32
PAGE_KEY_BYTES = 16
OPENED_AT_ONCE = 250
LONGEST_REASON = 300
FEWEST_LETTERS = 5


@dataclass(frozen=True, slots=True)
class Begun:
    """A list that was begun: for whom it was, until when, and who stands on which of its pages."""

    purpose: Purpose
    token: bytes = field(repr=False)
    until: float
    pages: dict[bytes, tuple[UUID, ...]] = field(repr=False)

    def after(self, page: bytes) -> bytes:
        """Return the key of the next page; nothing after the last."""
        keys = list(self.pages)
        return next(islice(keys, keys.index(page) + 1, None), b"")


def begin_purpose(guard: Guard, question: BeginPurpose) -> Capability:
    """Pick the patients of a list under one log line, and return what asks for its pages.

    Raises:
        Refused: role or rings do not allow this purpose, or it picks by something that is not its own.
        ReasonMissing: no reason was given.
        NothingPicked: no criterion was given.
        SignInRefused: the pass phrase is wrong.
        Throttled: too many wrong ones.
        ListsUsedUp: the person has made all lists of this day.
        ListTooLong: more patients fit than may stand on a list.
    """
    declared = PURPOSES[question.purpose]
    session = guard.session(question.token, declared.action)
    reason = " ".join(question.reason.split())[:LONGEST_REASON]
    if len(reason) < FEWEST_LETTERS:
        raise ReasonMissing
    picked = _picked(question.criteria)
    if not picked:
        raise NothingPicked
    if not picked.keys() <= declared.criteria:
        guard.note(session, "list_begun", outcome="refused", detail=question.purpose)
        raise Refused
    require_own_passphrase(guard, session, question.passphrase, "list_begun")
    _require_lists_left(guard, session)
    said = " ".join(f"{name}={value}" for name, value in picked.items())
    guard.note(session, "list_begun", detail=f"{question.purpose} {said}: {reason}")
    chosen = _choose(guard, session, question.criteria)
    if chosen:
        _count(guard, session)
    return _hand_out(guard, session, question, chosen)


def ask_purpose(guard: Guard, question: AskPurpose) -> ListPage:
    """Return one page of a list under one log line: the purpose's fields of up to 100 patients.

    Raises:
        Refused: the capability is not this session's, is over, or has no such page.
    """
    session = guard.any_session(question.token)
    begun = session.lists.get(sha256(question.capability).digest())
    if begun is None or not _is_usable(guard, begun, question):
        guard.note(session, "list_page", outcome="refused")
        raise Refused
    session = guard.session(question.token, PURPOSES[begun.purpose].action)
    some = begun.pages[question.page]
    guard.note(session, "list_page", detail=f"{begun.purpose} {len(some)}")
    return ListPage(lines=tuple(_lines(guard, session, begun.purpose, some)), next_page=begun.after(question.page))


def _picked(criteria: Criteria) -> dict[str, object]:
    """Return the criteria that were given; none of them says anything of one patient."""
    values = ((name, getattr(criteria, name)) for name in criteria.__struct_fields__)
    return {name: value for name, value in values if value}


def _require_lists_left(guard: Guard, session: Session) -> None:
    """Refuse the eleventh list of a day."""
    if session.practice.brake.lists(session.person) >= MOST_LISTS_A_DAY:
        guard.note(session, "many_lists", outcome=ALARM, detail="refused")
        raise ListsUsedUp


def _count(guard: Guard, session: Session) -> None:
    """Count a list, and raise the alarm from the fourth of a day on."""
    number = session.practice.brake.take_list(session.person)
    if number > MOST_LISTS_A_DAY:
        raise ListsUsedUp  # several were begun in the same moment
    if number > LISTS_A_DAY:
        guard.note(session, "many_lists", outcome=ALARM, detail=str(number))


def _choose(guard: Guard, session: Session, criteria: Criteria) -> list[UUID]:
    """Return who fits, in the order of German lists of names."""
    today = guard.clock().astimezone().date()
    fitting = [card for card in _in_reach(session) if _fits_card(criteria, card)]
    if len(fitting) > MOST_OPENED:
        raise ListTooLong
    chosen: list[UUID] = []
    ordered = [card.patient for card in sorted(fitting, key=sort_key)]
    for patient, opened in _opened(session, ordered):
        if opened is not None and _fits(criteria, opened, today):
            chosen.append(patient)
        if len(chosen) > MOST_PATIENTS:
            raise ListTooLong
    return chosen


def _in_reach(session: Session) -> Iterator[Card]:
    """Yield the cards of everybody whom this person finds; planted patients are nobody."""
    practice, hidden = session.practice, hidden_walls(session)
    behind = walls_of(practice).patients
    for card in practice.directory.names().cards():
        if card.patient not in practice.canaries and behind.get(card.patient) not in hidden:
            yield card


def _fits_card(criteria: Criteria, card: Card) -> bool:
    """Tell whether what the directory knows fits; what it does not know is decided by the master data."""
    born = card.birth
    if criteria.birth_month and (born is None or born.month != criteria.birth_month):
        return False
    if criteria.born_from and (born is None or born.year < criteria.born_from):
        return False
    if criteria.born_until and (born is None or born.year > criteria.born_until):
        return False
    return not (criteria.phone_missing and card.phones)


def _fits(criteria: Criteria, patient: Patient, today: date) -> bool:
    if patient.died_on is not None:
        return False
    insured = insured_now(patient, today)
    if criteria.insurance and (insured is None or insured.kind is not criteria.insurance):
        return False
    return not criteria.insurance_missing or insured is None or not insured.number


def _hand_out(guard: Guard, session: Session, question: BeginPurpose, chosen: Sequence[UUID]) -> Capability:
    capability = secrets.token_bytes(TOKEN_BYTES)
    starts = range(0, len(chosen), PAGE_PATIENTS)
    pages = {secrets.token_bytes(PAGE_KEY_BYTES): tuple(chosen[at : at + PAGE_PATIENTS]) for at in starts}
    with guard.lock:
        guard.any_session(question.token)  # nobody ended it meanwhile
        kept = session.lists
        kept[sha256(capability).digest()] = Begun(
            question.purpose, sha256(question.token).digest(), guard.seconds() + LASTS_SECONDS, pages
        )
        while len(kept) > MOST_CAPABILITIES:
            del kept[next(iter(kept))]
    return Capability(capability=capability, first_page=next(iter(pages), b""), count=len(chosen))


def _is_usable(guard: Guard, begun: Begun, question: AskPurpose) -> bool:
    own = begun.token == sha256(question.token).digest()
    return own and guard.seconds() < begun.until and question.page in begun.pages


def _lines(guard: Guard, session: Session, purpose: Purpose, some: Sequence[UUID]) -> Iterator[ListedPatient]:
    today = guard.clock().astimezone().date()
    opened = dict(_opened(session, [one for one in some if _is_in_reach(session, one)]))
    for patient in some:
        if patient in opened:
            master_data = opened[patient]
            if master_data is None:
                yield ListedPatient(name=DAMAGED)  # shown, never skipped
            else:
                yield ListedPatient(**told(purpose, master_data, today))  # type: ignore[arg-type]


def _is_in_reach(session: Session, patient: UUID) -> bool:
    """Ask again for each page: a patient may have been planted or put behind a wall meanwhile."""
    practice = session.practice
    hidden = walls_of(practice).patients.get(patient) in hidden_walls(session)
    return patient not in practice.canaries and not hidden


def _opened(session: Session, patients: Iterable[UUID]) -> Iterator[tuple[UUID, Patient | None]]:
    rest = iter(patients)
    while some := list(islice(rest, OPENED_AT_ONCE)):
        yield from session.practice.directory.master_data(some)
