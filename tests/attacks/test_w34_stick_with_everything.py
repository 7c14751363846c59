# SPDX-License-Identifier: MPL-2.0
"""W34: a stick with everything. No bulk export without two persons; always sealed to a named recipient."""

import io
import json
from dataclasses import dataclass

import pytest

from arkanum.exchange import carrying
from arkanum.exchange.container import (
    ContainerDamaged,
    ContainerUnfinished,
    RecipientError,
    lines_of,
    make_recipient,
    open_recipient,
    read_recipient,
)
from arkanum.guard import Action, Role, exporting
from arkanum.guard.errors import CanaryMet, GuardError, NotFound, Refused, SignInRefused, StepUp
from arkanum.guard.house import ALARM
from arkanum.vault import PrivateKey
from tests.attacks.twin import assert_red
from tests.cast import CHEAP, Clock, Colleague
from tests.guard.brakes import lines, taken_in
from tests.web.browser import Browser, text

pytestmark = pytest.mark.postgresql

PASSPHRASE = "salat tonne fichte rakete pinguin sessel"


@dataclass
class Practice:
    ada: Colleague
    berta: Colleague
    patients: list


@pytest.fixture(scope="module")
def recipient():
    """A recipient in another practice: the public half, and the file with the private one."""
    return make_recipient("Praxis am See", PASSPHRASE, CHEAP)


@pytest.fixture
def practice(founded, ada) -> Practice:
    patients = taken_in(ada, 12)
    ada.write(patients[0], "Zustand nach Sturz")
    ada.client.prove(ada.token, passphrase=ada.passphrase)
    berta = founded.add("Dr. Berta Brandt", "berta", Role.DOCTOR)
    ada.client.hand_over(ada.token, berta.person)
    return Practice(ada, berta.sign_in(), patients)


def prepared(who: Colleague, recipient, reason="Umzug"):
    public = recipient[0].public.to_bytes()
    return who.client.prepare_export(who.token, recipient=recipient[0].name, public_key=public, reason=reason)


def agreed(practice: Practice, recipient):
    order = prepared(practice.ada, recipient)
    practice.berta.client.agree_export(practice.berta.token, order.order, passphrase=practice.berta.passphrase)
    return next(one for one in practice.ada.client.exports(practice.ada.token) if one.order == order.order)


def export_of(practice: Practice, order) -> bytes:
    return b"".join(carrying.whole(practice.ada.client, practice.ada.token, order))


def alone(practice: Practice) -> None:
    """Prepare, agree with oneself in every way, and take whatever comes."""
    ada = practice.ada
    order = prepared(ada, make_recipient("Ich", PASSPHRASE, CHEAP))
    second = ada.sign_in()
    for who in (ada, second):
        try:
            who.client.agree_export(who.token, order.order, passphrase=who.passphrase)
        except GuardError:
            continue
    got = 0
    for who in (ada, second):
        try:
            got += len(who.client.export_part(who.token, order.order, 0))
        except GuardError:
            continue
    assert got == 0


def test_one_person_alone_exports_nothing(practice):
    alone(practice)


def test_the_attack_notices_a_guard_that_lets_one_person_agree(practice, monkeypatch):
    def with_oneself(guard, question):
        session = guard.session(question.token, Action.EXPORT_CHARTS)
        order = session.practice.exports[question.order]
        session.practice.exports[order.id] = exporting.replace(order, agreed_by=session.person)
        return exporting.Done()

    from arkanum.guard import answers

    monkeypatch.setitem(answers._ANSWERS, exporting.AgreeExport, with_oneself)

    assert_red(alone, practice)


def test_two_people_export_everything_and_the_recipient_alone_opens_it(practice, recipient):
    raw = export_of(practice, agreed(practice, recipient))

    opened = [json.loads(line) for line in lines_of(io.BytesIO(raw), open_recipient(recipient[1], PASSPHRASE))]

    assert {one["patient"] for one in opened} == {str(one) for one in practice.patients}
    texts = [entry["says"]["content"]["text"] for one in opened for entry in one["entries"]]
    assert texts == ["Zustand nach Sturz"]
    assert b"Sturz" not in raw
    with pytest.raises(ContainerDamaged):
        list(lines_of(io.BytesIO(raw), PrivateKey.new()))
    with pytest.raises(RecipientError):
        open_recipient(recipient[1], "falsch")


def test_an_agreement_is_an_alarm_and_each_part_a_line(practice, recipient):
    export_of(practice, agreed(practice, recipient))

    assert [(line.outcome, line.person) for line in lines(practice.ada, "export_agreed")] == [
        (ALARM, practice.berta.person)
    ]
    assert len(lines(practice.ada, "export_part")) == 1


def test_only_a_doctor_agrees_with_the_own_pass_phrase_within_an_hour(founded, practice, ben, cora, recipient):
    clock = Clock()
    founded.guard.clock = clock.now
    practice.ada.client.prove(practice.ada.token, passphrase=practice.ada.passphrase)
    order = prepared(practice.ada, recipient).order
    for other in (ben, cora):
        with pytest.raises(Refused):
            other.client.agree_export(other.token, order, passphrase=other.passphrase)
    berta = practice.berta
    with pytest.raises(SignInRefused):
        berta.client.agree_export(berta.token, order, passphrase="falsch geraten")
    clock.go(exporting.AGREE_SECONDS)
    with pytest.raises(NotFound):
        berta.client.agree_export(berta.token, order, passphrase=berta.passphrase)


def test_only_who_prepared_it_gets_the_keys(practice, ben, recipient):
    order = agreed(practice, recipient).order

    for other in (practice.berta, ben):
        with pytest.raises(NotFound):
            other.client.export_part(other.token, order, 0)
    with pytest.raises(NotFound):
        practice.ada.client.export_part(practice.ada.token, order, 1)


def test_a_session_without_the_pass_phrase_prepares_nothing(practice, recipient):
    hijacked = practice.ada.sign_in()

    with pytest.raises(StepUp):
        prepared(hijacked, recipient)
    with pytest.raises(Refused):
        hijacked.grant(Action.EXPORT_CHARTS, practice.patients[0])


def test_planted_patients_are_not_exported(practice, recipient):
    ada = practice.ada
    ada.client.plant_canary(ada.token, practice.patients[0])

    order = agreed(practice, recipient)

    assert order.patients == len(practice.patients) - 1
    assert ada.client.export_part(ada.token, order.order, 0).keys().isdisjoint({practice.patients[0]})
    with pytest.raises(CanaryMet):
        ada.grant(Action.READ_CHART, practice.patients[0])


@pytest.mark.parametrize("cut", [1, 50, 2000])
def test_a_container_that_lost_its_end_says_so(practice, recipient, cut):
    raw = export_of(practice, agreed(practice, recipient))

    with pytest.raises((ContainerUnfinished, ContainerDamaged)):
        list(lines_of(io.BytesIO(raw[:-cut]), open_recipient(recipient[1], PASSPHRASE)))


def test_any_changed_byte_is_noticed(practice, recipient):
    raw = export_of(practice, agreed(practice, recipient))
    private = open_recipient(recipient[1], PASSPHRASE)

    for at in range(0, len(raw), max(1, len(raw) // 60)):
        changed = bytearray(raw)
        changed[at] ^= 1
        with pytest.raises((ContainerDamaged, ContainerUnfinished)):
            list(lines_of(io.BytesIO(changed), private))


def test_an_interrupted_export_goes_on_where_it_stopped(practice, recipient, monkeypatch, tmp_path):
    monkeypatch.setattr(exporting, "PART_PATIENTS", 5)
    order, ada = agreed(practice, recipient), practice.ada
    path = tmp_path / "export"
    whole = b"".join(carrying.whole(ada.client, ada.token, order))
    path.write_bytes(whole[: len(whole) // 2])
    before = len(lines(ada, "export_part"))

    with path.open("r+b") as file:
        carrying.write(ada.client, ada.token, order, file)

    opened = list(lines_of(io.BytesIO(path.read_bytes()), open_recipient(recipient[1], PASSPHRASE)))
    assert len(opened) == len(practice.patients)
    assert 0 < len(lines(ada, "export_part")) - before < order.parts


def test_a_public_file_with_another_fingerprint_is_refused(recipient):
    told = json.loads(recipient[0].to_text())
    told["fingerprint"] = told["fingerprint"].replace("0", "1").replace("2", "3")

    assert read_recipient(recipient[0].to_text()).name == "Praxis am See"
    for wrong in (json.dumps(told), recipient[1], "", "{}", "[]"):
        with pytest.raises(RecipientError):
            read_recipient(wrong)


def test_the_pages_lead_two_people_to_a_sealed_file(practice, recipient):
    first, second = (Browser().sit_down(one.token) for one in (practice.ada, practice.berta))

    prepared_page = first.post("/export/neu", {"key": recipient[0].to_text(), "reason": "Umzug"})
    order = practice.ada.client.exports(practice.ada.token)[0].order
    early = first.post(f"/export/{order}/datei")
    agreed_page = second.post(f"/export/{order}/zustimmen", {"passphrase": practice.berta.passphrase})
    saved = first.post(f"/export/{order}/datei")
    raw = b"".join(saved.streaming_content)

    assert recipient[0].fingerprint in text(prepared_page)
    assert (early.status_code, agreed_page.status_code, saved.status_code) == (404, 200, 200)
    assert len(list(lines_of(io.BytesIO(raw), open_recipient(recipient[1], PASSPHRASE)))) == len(practice.patients)
