# SPDX-License-Identifier: MPL-2.0
"""W19: an export that can be counted through. A copy needs a ticket: one session, one patient, one purpose, once."""

import re
from contextlib import suppress
from uuid import uuid4

import pytest

from arkanum.guard import Action, tickets
from arkanum.guard.errors import GuardError, Refused, TicketRefused
from arkanum.guard.house import Guard
from tests.attacks.twin import assert_red
from tests.cast import Clock
from tests.guard.brakes import taken_in
from tests.web.browser import Browser, text

pytestmark = pytest.mark.postgresql


def ticket_of(colleague, patient, purpose="data"):
    return colleague.client.ticket(colleague.token, patient, purpose=purpose)


def redeem(colleague, ticket, patient, purpose="data"):
    return colleague.client.redeem(colleague.token, ticket, patient=patient, purpose=purpose)


def count_through(colleague, patients, ticket) -> int:
    """Show one ticket for one patient after the other; return how many copies came."""
    got = 0
    for patient in patients:
        with suppress(GuardError):
            redeem(colleague, ticket, patient)
            got += 1
    return got


def attack(ada):
    """With a single ticket, and with none, ask for everybody's copy."""
    patients = taken_in(ada, 12)
    ticket = ticket_of(ada, patients[0])
    assert count_through(ada, patients, ticket) <= 1
    assert count_through(ada, patients, bytes(32)) == 0


def test_one_ticket_is_one_copy(ada):
    attack(ada)


def test_a_ticket_opens_once(ada, dora):
    ticket = ticket_of(ada, dora)
    assert redeem(ada, ticket, dora).patient == dora

    with pytest.raises(TicketRefused):
        redeem(ada, ticket, dora)


@pytest.mark.parametrize("wrong", ["session", "person", "patient", "purpose", "bit"])
def test_a_ticket_is_bound(ada, ben, dora, wrong):
    ticket = ticket_of(ada, dora)
    other = {"session": ada.sign_in, "person": lambda: ben}.get(wrong, lambda: ada)()
    patient = taken_in(ada, 1)[0] if wrong == "patient" else dora
    if wrong == "bit":
        ticket = bytes([ticket[0] ^ 1]) + ticket[1:]

    with pytest.raises(TicketRefused):
        redeem(other, ticket, patient, "print" if wrong == "purpose" else "data")


def test_a_ticket_is_good_for_five_minutes(founded, ada, dora):
    clock = Clock()
    founded.guard.clock = clock.now
    ticket = ticket_of(ada, dora)
    clock.go(tickets.TICKET_SECONDS)

    with pytest.raises(TicketRefused):
        redeem(ada, ticket, dora)


def test_a_wrong_try_spends_the_ticket(ada, dora):
    ticket = ticket_of(ada, dora)
    with suppress(TicketRefused):
        redeem(ada, ticket, uuid4())

    with pytest.raises(TicketRefused):
        redeem(ada, ticket, dora)


def test_there_is_no_way_around_the_ticket(ada, dora):
    with pytest.raises(Refused):
        ada.grant(Action.COPY_CHART, dora)


def test_the_desk_gets_no_ticket(cora, dora):
    with pytest.raises(Refused):
        ticket_of(cora, dora)


def test_collecting_tickets_meets_the_brake(ada):
    got = 0
    for patient in taken_in(ada, 60):
        with suppress(GuardError):
            ticket_of(ada, patient)
            got += 1

    assert got == 24


def test_each_copy_and_each_refusal_is_on_the_log(ada, dora):
    ticket = ticket_of(ada, dora)
    redeem(ada, ticket, dora)
    with suppress(TicketRefused):
        redeem(ada, ticket, dora)

    lines = ada.client.read_log(ada.token, patient=dora).lines
    assert [line.outcome for line in lines if line.what == Action.COPY_CHART] == ["refused", "ok"]


def forms_of(page: str) -> dict[str, str]:
    return dict(re.findall(r'/kopie/(druck|daten)".*?name="ticket" value="([^"]+)"', page, re.DOTALL))


def test_the_pages_hand_out_one_copy_a_ticket(ada, dora):
    ada.write(dora, "Frühere Beschwerden")
    browser = Browser().sit_down(ada.token)
    browser.post(f"/kartei/{dora}/eintrag", {"line": "v rr 135/85 p 72"})
    offered = forms_of(text(browser.get(f"/patient/{dora}/kopie")))

    printed = browser.post(f"/patient/{dora}/kopie/druck", {"ticket": offered["druck"]})
    data = browser.post(f"/patient/{dora}/kopie/daten", {"ticket": offered["daten"]})
    again = browser.post(f"/patient/{dora}/kopie/daten", {"ticket": offered["daten"]})
    without = browser.post(f"/patient/{dora}/kopie/druck")

    assert "Frühere Beschwerden" in text(printed)
    assert "RR 135/85 mmHg" in " ".join(text(printed).split())
    said = [entry["says"]["content"].get("text") for entry in data.json()["entries"]]
    assert "Frühere Beschwerden" in said
    assert data.json()["master_data"][0]["says"]["name"]["last"] == "Müller"
    assert (again.status_code, without.status_code) == (422, 422)
    assert "Müller" not in data.headers["Content-Disposition"]


def test_an_address_without_its_ticket_gives_nothing(ada):
    """Counting through addresses, in a browser whose session was stolen."""
    browser = Browser().sit_down(ada.token)

    codes = {browser.get(f"/patient/{one}/kopie/daten").status_code for one in taken_in(ada, 5)}

    assert codes == {302}


def test_the_attack_notices_a_ticket_that_is_not_spent(ada, monkeypatch):
    """The twin: a ticket is only looked at."""

    def looked_at(guard: Guard, question):
        session = guard.session(question.token, Action.COPY_CHART)
        if tickets._hash(question.ticket) not in session.practice.tickets:
            raise TicketRefused
        asked = tickets.AskPermit(token=b"", action=Action.COPY_CHART, patient=question.patient)
        return tickets.release_one(guard, session, asked)

    from arkanum.guard import answers

    monkeypatch.setitem(answers._ANSWERS, tickets.RedeemTicket, looked_at)

    assert_red(attack, ada)
