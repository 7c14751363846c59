# SPDX-License-Identifier: MPL-2.0
"""W21: reset that reveals. Whoever asks from outside learns of nobody whether they work here: by no word, no time."""

import re
import time
from dataclasses import dataclass
from statistics import quantiles

import pytest

from arkanum.guard import Client, Role
from arkanum.guard.errors import GuardError, SignInRefused
from arkanum.storage.models import Throttle
from arkanum.vault import Cost
from tests.attacks.twin import assert_red
from tests.cast import PASSPHRASE, SECOND_PASSPHRASE, in_process
from tests.web.browser import Browser, text

COST = Cost(24 * 1024, 1, 1)
"""Some twenty milliseconds: a tenth of what it costs in life, and still most of what an answer takes."""

TRIES = 12
MOST = 1.5
"""Between two cases. An answer without Argon2id would come several times as quickly."""


@dataclass(frozen=True)
class Sign:
    """One way to be turned away at the sign-in."""

    device_secret: bytes
    login: str
    passphrase: str


@dataclass(frozen=True)
class Asked:
    """A practice's client and the ways to be turned away there."""

    client: Client
    cases: dict[str, Sign]


def attack(asked):
    """Compare what is said and how long it takes.

    By the clock for what one attacker can compare: somebody at a device of the practice, somebody elsewhere. By the
    work done for all of them together, because those who have no device are counted in one row of the database and
    the others in two. The cases come in turn and the lower quartile counts, because what else runs on the machine only
    ever adds time.
    """
    took = {case: [] for case in asked.cases}
    worked = {case: [] for case in asked.cases}
    said = set()
    for _ in range(TRIES):
        for case, sign in asked.cases.items():
            Throttle.objects.all().delete()
            began, at_work = time.perf_counter(), time.thread_time()
            said.add(_refused(asked.client, sign))
            worked[case].append(time.thread_time() - at_work)
            took[case].append(time.perf_counter() - began)
        assert len(said) == 1
    assert _apart(worked) < MOST
    for begin in ("at a device", "elsewhere"):
        assert _apart({case: seconds for case, seconds in took.items() if case.startswith(begin)}) < MOST


def _apart(measured):
    typical = [quantiles(seconds)[0] for seconds in measured.values()]
    return max(typical) / min(typical)


def _refused(client, sign):
    try:
        client.sign_in(device_secret=sign.device_secret, login=sign.login, passphrase=sign.passphrase)
    except GuardError as error:
        return type(error), error.args, str(error)
    raise AssertionError("let in")


@pytest.fixture
def guard(own_rows):
    guard = in_process(own_rows, cost=lambda: COST)
    yield guard
    guard.close()


@pytest.fixture
def left(founded):
    """Fritz, who worked here until today."""
    fritz = founded.add("Fritz Quint", "fritz", Role.ASSISTANT)
    founded.client.leave(founded.ada.token, fritz.person)
    return fritz


@pytest.fixture
def cases(founded, cora, left, emil):
    device = founded.device_secret
    return {
        "at a device, unknown name": Sign(device, "niemand", PASSPHRASE),
        "at a device, wrong pass phrase": Sign(device, "cora", PASSPHRASE),
        "at a device, has left": Sign(device, "fritz", SECOND_PASSPHRASE),
        "elsewhere, right name and pass phrase": Sign(emil.device_secret, "cora", SECOND_PASSPHRASE),
        "elsewhere, unknown name": Sign(emil.device_secret, "niemand", PASSPHRASE),
        "elsewhere, forged device": Sign(device[:16] + bytes(32), "cora", SECOND_PASSPHRASE),
    }


def page_of(response, typed):
    """Return a page without what differs in each: the token against forged forms, and what was typed as name."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text(response))
    page = re.sub(r"X-CSRFToken[^}]+", "", page)
    return response.status_code, page.replace(typed, "NAME") if typed else page


def test_whoever_is_turned_away_learns_neither_why_nor_who_works_here(founded, cases):
    assert len(cases) == 6
    attack(Asked(founded.client, cases))


def test_the_page_is_the_same_to_the_byte(founded, cases):
    pages = set()
    for sign in cases.values():
        Throttle.objects.all().delete()
        browser = Browser().own_device(sign.device_secret)
        form = {"login": sign.login, "passphrase": sign.passphrase}
        pages.add(page_of(browser.post("/anmelden", form), sign.login))

    assert len(pages) == 1


def test_unknown_and_known_names_are_made_to_wait_alike(founded, cases):
    def tries(sign):
        Throttle.objects.all().delete()
        return [_refused(founded.client, sign) for _ in range(7)]

    known, unknown = tries(cases["at a device, wrong pass phrase"]), tries(cases["at a device, unknown name"])

    assert [kind for kind, *_ in known] == [kind for kind, *_ in unknown]
    assert known[0][0] is SignInRefused
    assert known[-1][0] is not SignInRefused


def test_the_paper_page_does_not_tell_whether_a_name_or_a_code_was_wrong(founded, cora, left):
    one, two, _ = founded.paper_codes

    def asked(login, first, second):
        form = {"first": first, "second": second, "login": login, "device_name": "X"}
        page = Browser().post(
            "/wiederherstellen", {**form, "passphrase": SECOND_PASSPHRASE, "repeat": SECOND_PASSPHRASE}
        )
        refused = re.search(r'data-test="refused">.*?<p>(.*?)</p>', text(page), re.DOTALL)
        return page.status_code, refused[1]

    answers = {asked("niemand", one, two), asked("fritz", one, two), asked("ada", one, one), asked("ada", one, "AAAA")}

    assert len(answers) == 1


def test_judging_a_pass_phrase_tells_a_stranger_no_name(founded, cora):
    def judged(name):
        answer = text(Browser().post("/passphrase/pruefen", {"passphrase": f"{name} wolke tunnel dackel fagott"}))
        return answer.replace(name, "NAME")

    assert judged("Feddersen") == judged("Hansensen")


class QuickWithStrangers:
    """The weakened twin: a client that answers at once when it knows no such name."""

    def __init__(self, client, known):
        self.client, self.known = client, known

    def sign_in(self, *, login, **question):
        if login not in self.known:
            raise SignInRefused
        return self.client.sign_in(login=login, **question)


class UnknownName(GuardError):
    """What a talkative program would say."""


class TellsTheReason(QuickWithStrangers):
    """The weakened twin: a client that takes its time and then says what was wrong."""

    def sign_in(self, *, login, **question):
        try:
            return self.client.sign_in(login=login, **question)
        except SignInRefused:
            raise (SignInRefused if login in self.known else UnknownName) from None


@pytest.mark.parametrize("twin", [QuickWithStrangers, TellsTheReason])
def test_the_attack_tells_names_apart_where_the_answer_is_quick_or_different(founded, cases, twin):
    assert_red(attack, Asked(twin(founded.client, {"ada", "cora", "fritz"}), cases))
