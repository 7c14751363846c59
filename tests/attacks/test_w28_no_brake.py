# SPDX-License-Identifier: MPL-2.0
"""W28: no brake on bulk reading. A hijacked session over 60,000 ids gets at most 120 patients, and is noticed.

Real patients are as many as the attack could get at most, and more; the other ids are ids that nobody has, which the
guard answers in the same way once it brakes. The hijacker has the session's token and everything that it may ask, and
knows no pass phrase.
"""

import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from arkanum.guard import Action, answers, listing, purposes
from arkanum.guard import protocol as p
from arkanum.guard.brake import Brake
from arkanum.guard.errors import GuardError
from arkanum.guard.house import ALARM
from arkanum.guard.listing import LISTS_A_DAY, MOST_LISTS_A_DAY
from arkanum.guard.log import now
from arkanum.guard.purposes import Purpose
from tests.attacks.twin import assert_red
from tests.cast import Clock, Colleague, Founded, restarted
from tests.guard.brakes import last_name, practice_of, taken_in
from tests.guard.lists import begun
from tests.web.browser import Browser

IDS = 60_000
MOST = 120
REAL = 200
ALARM_SECONDS = 30


@dataclass
class Hijacked:
    """A session somebody else has taken over, and the ids they have."""

    session: Colleague
    real: list[UUID]
    founded: Founded


@pytest.fixture
def hijacked(founded, ada) -> Hijacked:
    return Hijacked(ada, taken_in(ada, REAL), founded)


def weakened(hijacked: Hijacked) -> Hijacked:
    """The twin: the same practice, whose brake stops nobody."""
    brake = Brake(lambda: 0.0)
    brake.take = lambda *_: None
    practice_of(hijacked.session).brake = brake
    return hijacked


def released(session: Colleague, ids) -> set[UUID]:
    """Ask for each; return the patients whose keys came."""
    got = set()
    for one in ids:
        with suppress(GuardError):
            session.grant(Action.READ_CHART, one)
            got.add(one)
    return got


def alarms_of(session: Colleague):
    lines = session.client.read_log(session.token, limit=1000).lines
    return [line for line in lines if line.outcome == ALARM]


def loop(hijacked: Hijacked, ids: int = 3_000) -> None:
    """Ask for one id after the other, as fast as it goes."""
    began, clock = now(), time.monotonic()
    known = iter(hijacked.real)
    asked = (next(known, None) or uuid4() if number % 3 == 0 else uuid4() for number in range(ids))

    got = released(hijacked.session, asked)

    taken = timedelta(seconds=time.monotonic() - clock)
    assert len(got) <= MOST
    first = min((line.at for line in alarms_of(hijacked.session)), default=None)
    assert first is not None
    assert first - began <= min(timedelta(seconds=ALARM_SECONDS), taken)


def several_sessions(hijacked: Hijacked) -> None:
    """Take over three sessions of the same person, and ask in turns."""
    sessions = [hijacked.session, hijacked.session.sign_in(), hijacked.session.sign_in()]

    got = [released(session, hijacked.real[number::3]) for number, session in enumerate(sessions)]

    assert sum(map(len, got)) <= MOST


def two_devices(hijacked: Hijacked) -> None:
    """Take over the same person's sessions at two devices."""
    client, session = hijacked.session.client, hijacked.session
    secret = client.redeem_link(client.invite_device(session.token, name="Zweites"))
    elsewhere = replace(session, device_secret=secret).sign_in()

    got = released(session, hijacked.real[::2]) | released(elsewhere, hijacked.real[1::2])

    assert len(got) <= MOST


def batch(hijacked: Hijacked) -> None:
    """Ask for all at once, as an import would."""
    got = 0
    for start in range(0, REAL, 20):
        with suppress(GuardError):
            session, some = hijacked.session, hijacked.real[start : start + 20]
            got += len(session.client.permit_batch(session.token, Action.IMPORT_RECORDS, patients=some))
    with suppress(GuardError):
        got += len(session.client.permit_batch(session.token, Action.IMPORT_RECORDS, patients=hijacked.real))

    assert got <= MOST


def every_way_at_once(hijacked: Hijacked) -> None:
    """Mix actions: master data, charts, writing, copies; the count is one."""
    got: set[UUID] = set()
    for number, one in enumerate(hijacked.real):
        action = (Action.READ_PATIENT, Action.READ_CHART, Action.WRITE_CHART, Action.WRITE_PATIENT)[number % 4]
        with suppress(GuardError):
            hijacked.session.grant(action, one)
            got.add(one)

    assert len(got) <= MOST


def through_the_pages(hijacked: Hijacked) -> None:
    """Open one chart after the other in the browser whose cookie was stolen."""
    browser = Browser().sit_down(hijacked.session.token)

    codes = [browser.get(f"/kartei/{one}").status_code for one in hijacked.real]

    assert codes.count(200) <= MOST


def test_a_hijacked_session_over_sixty_thousand_ids_gets_at_most_120_patients(hijacked):
    loop(hijacked, IDS)


def test_several_sessions_get_no_more(hijacked):
    several_sessions(hijacked)


def test_two_devices_get_no_more(hijacked):
    two_devices(hijacked)


def test_a_batch_gets_no_more(hijacked):
    batch(hijacked)


def test_every_way_of_asking_counts(hijacked):
    every_way_at_once(hijacked)


def test_the_pages_get_no_more(hijacked):
    through_the_pages(hijacked)


def test_ending_the_guard_gets_no_more(hijacked):
    """Whoever can end the guard, and takes over the next session too, begins where they stopped."""
    before = released(hijacked.session, hijacked.real[:100])

    again = restarted(hijacked.founded).ada.sign_in()

    assert len(before | released(again, hijacked.real[100:])) <= MOST


def test_asking_slowly_gets_no_more_in_an_hour(founded, ada, hijacked):
    clock = Clock()
    founded.guard.clock = clock.now
    got: set[UUID] = set()
    for number, one in enumerate(hijacked.real):
        if number % 3 == 0:
            clock.go(60)
        got |= released(ada, [one])

    assert len(got) <= MOST


@pytest.mark.parametrize(
    "attack",
    [loop, several_sessions, two_devices, batch, every_way_at_once, through_the_pages],
    ids=lambda one: one.__name__,
)
def test_without_the_brake_the_attack_gets_everything(hijacked, attack):
    assert_red(attack, weakened(hijacked))


# --- names -----------------------------------------------------------------------------------------------------------


def names_by_search(hijacked: Hijacked) -> None:
    """Page through the directory, a letter at a time, and count whose names were shown."""
    shown: set[UUID] = set()
    for number in range(2_000):
        with suppress(GuardError):
            found = hijacked.session.client.search(hijacked.session.token, last_name(number)[: 2 + number % 3])
            shown |= {hit.card.patient for hit in found.hits}

    assert len(shown) <= NAMES


def names_by_cards(hijacked: Hijacked) -> None:
    """Ask for the names of ids, 200 at a time."""
    shown: set[UUID] = set()
    for start in range(0, len(hijacked.real), 40):
        with suppress(GuardError):
            cards = hijacked.session.client.cards(hijacked.session.token, hijacked.real[start : start + 40])
            shown |= {card.patient for card in cards}

    assert len(shown) <= NAMES


NAMES = 480
"""Names are shown while somebody types, so there are more of them; beyond this the pass phrase is asked for."""


@pytest.fixture
def large(founded, ada) -> Hijacked:
    return Hijacked(ada, taken_in(ada, 1_500), founded)


@pytest.mark.parametrize("attack", [names_by_search, names_by_cards], ids=lambda one: one.__name__)
def test_the_directory_cannot_be_paged_through(large, attack):
    attack(large)


@pytest.mark.parametrize("attack", [names_by_search, names_by_cards], ids=lambda one: one.__name__)
def test_without_the_brake_the_directory_is_paged_through(large, attack):
    assert_red(attack, weakened(large))


# --- lists for a purpose ---------------------------------------------------------------------------------------------

GUESSES = ("", "geraten und daneben", "arkanum arkanum arkanum")
LISTS = [p.Criteria(birth_month=month) for month in range(1, 13)]


def lists_without_the_pass_phrase(hijacked: Hijacked) -> None:
    """Ask for one list after the other, each of a month of birth, with what a hijacker can guess."""
    session, got = hijacked.session, 0
    for number, criteria in enumerate(LISTS):
        purpose, guess = tuple(Purpose)[number % 2], GUESSES[number % 3]
        with suppress(GuardError):
            asked = begun(session, purpose, criteria, passphrase=guess)
            got += len(session.client.listed(session.token, asked))

    assert got == 0


def foreign_list(hijacked: Hijacked) -> None:
    """Take the list that somebody else has just begun: with another session, and with another list's page."""
    session, second = hijacked.session, hijacked.session.sign_in()
    theirs, other = begun(session), begun(session, Purpose.BILLING)
    got = 0
    for token, capability, key in (
        (second.token, theirs.capability, theirs.first_page),
        (session.token, theirs.capability, other.first_page),
        (session.token, uuid4().bytes * 2, theirs.first_page),
    ):
        with suppress(GuardError):
            got += len(session.client.ask_purpose(token, capability, key).lines)

    assert got == 0


def more_than_the_purpose(hijacked: Hijacked) -> None:
    """Look for what a purpose must not show, as somebody who may do both."""
    recall = hijacked.session.client.listed(hijacked.session.token, begun(hijacked.session))
    billing = hijacked.session.client.listed(hijacked.session.token, begun(hijacked.session, Purpose.BILLING))

    assert recall
    assert billing
    assert not any(one.insurance_number or one.payer or one.insurance_kind for one in recall)
    assert not any(one.phones or one.emails or one.address for one in billing)


def endless_lists(hijacked: Hijacked) -> None:
    """Go on making lists, with the pass phrase: bounded, and loud from the fourth on."""
    made = 0
    for _ in range(30):
        with suppress(GuardError):
            begun(hijacked.session)
            made += 1

    assert made <= MOST_LISTS_A_DAY
    assert len([line for line in alarms_of(hijacked.session) if line.what == "many_lists"]) >= made - LISTS_A_DAY


def test_a_hijacked_session_gets_no_list_without_the_pass_phrase(hijacked):
    lists_without_the_pass_phrase(hijacked)


def test_a_guard_that_asks_for_no_pass_phrase_gives_everybody_away(hijacked, monkeypatch):
    monkeypatch.setattr(listing, "require_own_passphrase", lambda *_: None)

    assert_red(lists_without_the_pass_phrase, hijacked)


def test_a_list_of_somebody_else_opens_nothing(hijacked):
    foreign_list(hijacked)


def test_a_guard_that_looks_at_no_session_gives_the_list_away(hijacked, monkeypatch):
    def of_anybody(guard, question):
        every = {key: one for session in guard.sessions.all() for key, one in session.lists.items()}
        session = guard.any_session(question.token)
        session.lists = every
        return listing.ask_purpose(guard, question)

    monkeypatch.setitem(answers._ANSWERS, p.AskPurpose, of_anybody)
    monkeypatch.setattr(listing, "_is_usable", lambda _guard, begun, question: question.page in begun.pages)

    assert_red(foreign_list, hijacked)


def test_a_list_shows_only_what_its_purpose_declares(hijacked):
    more_than_the_purpose(hijacked)


def test_without_the_filter_a_list_shows_everything(hijacked, monkeypatch):
    monkeypatch.setattr(purposes, "fields_of", lambda _: frozenset(p.ListedPatient.__struct_fields__))

    assert_red(more_than_the_purpose, hijacked)


def test_lists_have_an_end_and_are_noticed(hijacked):
    endless_lists(hijacked)


def test_without_a_count_lists_have_no_end(hijacked, monkeypatch):
    monkeypatch.setattr(listing, "_count", lambda *_: None)

    assert_red(endless_lists, hijacked)
