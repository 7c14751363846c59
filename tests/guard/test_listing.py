# SPDX-License-Identifier: MPL-2.0
"""Lists of many patients: for one purpose, with its fields alone, past the brake and no way round it."""

from dataclasses import replace
from datetime import date

import pytest

from arkanum.core.patients import Insurance, InsuranceKind
from arkanum.guard import Action, Role, listing
from arkanum.guard import protocol as p
from arkanum.guard.errors import (
    GuardError,
    ListsUsedUp,
    ListTooLong,
    NothingPicked,
    ReasonMissing,
    Refused,
    SignInRefused,
)
from arkanum.guard.house import ALARM
from arkanum.guard.purposes import PURPOSES, Purpose
from arkanum.guard.roles import WallKind
from arkanum.storage.models import Record
from tests.cast import Clock, restarted
from tests.guard.brakes import lines, practice_of
from tests.guard.lists import APRIL, HOME, KVNR, PHONE, begun, listed, moved_in, names, patient, phone, private
from tests.guard.test_walls import build

pytestmark = pytest.mark.postgresql

ALL = {"number", "name", "birth", "phones", "emails", "address", "insurance_kind", "payer", "insurance_number"}


@pytest.fixture
def greta(founded):
    """Dr. Greta, the second doctor."""
    return founded.add("Dr. Greta Holm", "greta", Role.DOCTOR)


@pytest.fixture
def bill(founded):
    """Bill, who bills."""
    return founded.add("Bill Kasse", "bill", Role.BILLING)


def shown_fields(line: p.ListedPatient) -> set[str]:
    return {name for name in ALL if getattr(line, name)}


def test_a_recall_list_shows_how_to_reach_somebody_and_no_insurance(cora, ada):
    moved_in(ada, [patient(number="17")])

    (line,) = listed(cora)

    assert (line.number, line.name, line.address) == ("17", "Müller, Dora", HOME)
    assert [one.number for one in line.phones] == [PHONE]
    assert shown_fields(line) == {"number", "name", "birth", "phones", "emails", "address"}


def test_a_billing_list_shows_who_pays_and_no_phone(bill, ada):
    moved_in(ada, [patient(number="17")])

    (line,) = listed(bill, Purpose.BILLING)

    assert (line.payer, line.insurance_number, line.insurance_kind) == ("AOK", KVNR, InsuranceKind.STATUTORY)
    assert shown_fields(line) == {"number", "name", "birth", "insurance_kind", "payer", "insurance_number"}


def test_each_purpose_is_for_its_roles_alone(ada, ben, cora, tilda, rita, dan, bill):
    moved_in(ada, [patient()])
    people = {"ada": ada, "ben": ben, "cora": cora, "bill": bill, "tilda": tilda, "rita": rita, "dan": dan}

    got = {name: {one for one in Purpose if _may_begin(who, one)} for name, who in people.items()}

    both = set(Purpose)
    none: set[Purpose] = set()
    assert got == {
        "ada": both,
        "ben": both,
        "cora": {Purpose.RECALL},
        "tilda": none,
        "bill": {Purpose.BILLING},
        "rita": none,
        "dan": none,
    }


def _may_begin(who, purpose):
    try:
        begun(who, purpose)
    except Refused:
        return False
    return True


def test_without_the_pass_phrase_there_is_no_list(ada, dora):
    with pytest.raises(SignInRefused):
        begun(ada, passphrase="falsch geraten und noch ein wort")

    assert lines(ada, "list_page") == []
    assert [line.outcome for line in lines(ada, "list_begun")] == ["refused"]


def test_a_pass_phrase_given_a_minute_ago_is_not_enough(ada, dora):
    ada.client.prove(ada.token, passphrase=ada.passphrase)

    with pytest.raises(SignInRefused):
        begun(ada, passphrase="")


def test_a_reason_and_a_criterion_are_needed(ada, dora):
    with pytest.raises(ReasonMissing):
        begun(ada, reason="  x ")
    with pytest.raises(NothingPicked):
        begun(ada, criteria=p.Criteria())


def test_a_purpose_does_not_pick_by_what_it_may_not_show(bill, cora, dora):
    with pytest.raises(Refused):
        begun(bill, Purpose.BILLING, p.Criteria(phone_missing=True))
    with pytest.raises(Refused):
        begun(cora, Purpose.RECALL, p.Criteria(insurance_missing=True))


def test_every_step_stands_in_the_log_first(ada, cora):
    moved_in(ada, [patient(f"Name{number}") for number in range(3)])
    asked = begun(cora)
    before = lines(ada, "list_page")

    cora.client.ask_purpose(cora.token, asked.capability, asked.first_page)

    assert before == []
    assert lines(ada, "list_begun")[0].detail == "recall birth_month=4: Erinnerung an die Vorsorge"
    (page,) = lines(ada, "list_page")
    assert (page.detail, page.person) == ("recall 3", cora.person)


CASES = {
    "month": (p.Criteria(birth_month=5), {"Mai"}),
    "from": (p.Criteria(born_from=1990), {"Jung"}),
    "until": (p.Criteria(born_until=1940), {"Alt"}),
    "years": (p.Criteria(born_from=1960, born_until=1970, birth_month=4), {"Kassen", "Privat", "Stumm"}),
    "private": (p.Criteria(insurance=InsuranceKind.PRIVATE), {"Privat"}),
    "no phone": (p.Criteria(phone_missing=True), {"Stumm"}),
}


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_all_criteria_given_must_fit(ada, case):
    criteria, expected = case
    moved_in(
        ada,
        [
            patient("Kassen"),
            patient("Mai", month=5),
            patient("Jung", year=1995),
            patient("Alt", year=1932),
            patient("Privat", insurance=private()),
            patient("Stumm", phones=()),
            patient("Verstorben", phones=(), insurance=private(), died_on=date(2026, 1, 2)),
            replace(patient("Ohne"), birth=None),
        ],
    )

    got = {one.name.partition(",")[0] for one in listed(ada, Purpose.RECALL, criteria)}

    assert got == expected


def test_insurance_is_the_one_of_today(ada):
    before = Insurance(kind=InsuranceKind.PRIVATE, payer="Debeka", number="P-77", valid_until=date(2020, 1, 1))
    moved_in(ada, [patient("Heute", insurance=(Insurance(kind=InsuranceKind.STATUTORY, payer="TK"), before))])

    (line,) = listed(ada, Purpose.BILLING)

    assert (line.payer, line.insurance_kind) == ("TK", InsuranceKind.STATUTORY)
    assert listed(ada, Purpose.BILLING, p.Criteria(insurance=InsuranceKind.PRIVATE)) == ()
    assert names(listed(ada, Purpose.BILLING, p.Criteria(insurance_missing=True))) == ["Heute, Dora"]


def test_planted_patients_stand_on_no_list(ada, cora):
    bait, _ = moved_in(ada, [patient("Brackvogel"), patient("Echt")])
    ada.client.prove(ada.token, passphrase=ada.passphrase)
    ada.client.plant_canary(ada.token, bait)

    asked = begun(cora)

    assert asked.count == 1
    assert names(cora.client.listed(cora.token, asked)) == ["Echt, Dora"]


def test_one_who_was_planted_meanwhile_is_on_no_further_page(ada, cora):
    moved_in(ada, [patient("Brackvogel")])
    asked = begun(cora)
    ada.client.prove(ada.token, passphrase=ada.passphrase)
    (bait,) = [hit.card.patient for hit in ada.client.search(ada.token, "brack").hits]
    ada.client.plant_canary(ada.token, bait)

    assert cora.client.listed(cora.token, asked) == ()


def test_the_other_doctors_patients_stand_on_no_list(ada, greta, cora):
    theirs, _ = moved_in(ada, [patient("Ihrer"), patient("Meiner")])
    ada.client.put_behind(ada.token, theirs, build(ada, "Praxis Ada", WallKind.COMMUNITY))

    assert names(listed(greta)) == ["Meiner, Dora"]
    assert names(listed(ada)) == ["Ihrer, Dora", "Meiner, Dora"]
    assert names(listed(cora)) == ["Ihrer, Dora", "Meiner, Dora"]


def test_a_list_comes_in_pages_in_the_order_of_names(ada):
    moved_in(ada, [patient(f"Name{number:03}") for number in reversed(range(230))])
    asked = begun(ada)
    first = ada.client.ask_purpose(ada.token, asked.capability, asked.first_page)

    got = ada.client.listed(ada.token, asked)

    assert (asked.count, len(first.lines), len(got)) == (230, 100, 230)
    assert names(got) == sorted(names(got))


def test_a_list_that_would_be_too_long_is_none_and_costs_none(ada, monkeypatch):
    monkeypatch.setattr(listing, "MOST_PATIENTS", 3)
    moved_in(ada, [patient(f"Name{number}") for number in range(4)])

    with pytest.raises(ListTooLong):
        begun(ada)

    assert practice_of(ada).brake.lists(ada.person) == 0


def test_so_many_that_they_are_not_even_opened_are_too_many(ada, monkeypatch):
    monkeypatch.setattr(listing, "MOST_OPENED", 3)
    moved_in(ada, [patient(f"Name{number}") for number in range(4)])

    with pytest.raises(ListTooLong):
        begun(ada, criteria=p.Criteria(birth_month=4, insurance=InsuranceKind.ACCIDENT))


def test_the_fourth_list_of_a_day_raises_an_alarm_and_the_eleventh_is_refused(ada, dora):
    for _ in range(listing.LISTS_A_DAY):
        begun(ada)
    quiet = lines(ada, "many_lists")
    for _ in range(listing.MOST_LISTS_A_DAY - listing.LISTS_A_DAY):
        begun(ada)

    with pytest.raises(ListsUsedUp):
        begun(ada)

    assert quiet == []
    loud = lines(ada, "many_lists")
    assert {line.outcome for line in loud} == {ALARM}
    assert [line.detail for line in loud] == ["4", "5", "6", "7", "8", "9", "10", "refused"]


def test_a_new_guard_knows_the_lists_of_the_day(founded, ada, dora):
    for _ in range(listing.LISTS_A_DAY):
        begun(ada)

    again = restarted(founded).ada.sign_in()
    begun(again)

    assert len(lines(again, "many_lists")) == 1


def test_lists_are_not_counted_by_the_brake(ada):
    moved_in(ada, [patient(f"Name{number:03}") for number in range(230)])
    before = practice_of(ada).brake.patients_within(ada.person, 3600)

    listed(ada)

    assert practice_of(ada).brake.patients_within(ada.person, 3600) == before


def test_another_session_cannot_use_the_capability(ada, dora):
    asked, second = begun(ada), ada.sign_in()

    with pytest.raises(Refused):
        second.client.ask_purpose(second.token, asked.capability, asked.first_page)

    assert [line.outcome for line in lines(ada, "list_page")] == ["refused"]


def test_a_capability_is_over_after_a_quarter_of_an_hour(founded, ada, dora):
    clock = Clock()
    founded.guard.clock = clock.now
    asked = begun(ada)
    clock.go(listing.LASTS_SECONDS)

    with pytest.raises(Refused):
        ada.client.ask_purpose(ada.token, asked.capability, asked.first_page)


def test_a_capability_ends_with_its_session(founded, ada, ben, dora):
    asked = begun(ben)
    ben.sign_out()

    for who in (ada, ben.sign_in()):
        with pytest.raises(Refused):
            who.client.ask_purpose(who.token, asked.capability, asked.first_page)


def test_a_capability_does_not_outlive_the_lock_of_the_screen(founded, ada, dora):
    asked = begun(ada)
    session = founded.guard.any_session(ada.token)
    token = founded.guard.sessions.wake(session)

    with pytest.raises(Refused):
        ada.client.ask_purpose(token, asked.capability, asked.first_page)


def test_the_page_of_another_list_opens_no_page(ada, dora):
    one, other = begun(ada), begun(ada, Purpose.BILLING)

    with pytest.raises(Refused):
        ada.client.ask_purpose(ada.token, one.capability, other.first_page)
    with pytest.raises(Refused):
        ada.client.ask_purpose(ada.token, other.capability, one.first_page)


def test_a_patient_whose_master_data_got_damaged_is_shown_as_such(ada, dora):
    asked = begun(ada)
    row = Record.objects.get(record_id=dora)
    row.body = type(row.body).from_storage(bytes(row.body.to_storage())[:-1] + b"\0")
    row.save()

    (line,) = ada.client.listed(ada.token, asked)

    assert shown_fields(line) == {"name"}


def test_whose_role_changed_meanwhile_gets_no_further_page(founded, ada, dora):
    carl = founded.add("Carl Beispiel", "carl", Role.ASSISTANT)
    asked = begun(carl)
    ada.client.change_role(ada.token, carl.person, role=Role.TRAINEE)

    with pytest.raises(GuardError):
        carl.client.ask_purpose(carl.token, asked.capability, asked.first_page)


def test_a_fine_purpose_declares_only_fields_that_a_line_has():
    declared = [PURPOSES[one] for one in Purpose]

    assert {name for one in declared for name in one.fields} == set(p.ListedPatient.__struct_fields__)
    assert {name for one in declared for name in one.criteria} == set(p.Criteria.__struct_fields__)
    assert {one.action for one in declared} == {Action.LIST_RECALL, Action.LIST_BILLING}


def test_an_empty_list_costs_none(ada, dora):
    asked = begun(ada, criteria=p.Criteria(born_from=2020))

    assert (asked.count, asked.first_page) == (0, b"")
    assert practice_of(ada).brake.lists(ada.person) == 0
    assert ada.client.listed(ada.token, asked) == ()


def test_a_phone_that_was_noted_later_takes_somebody_off(ada):
    moved_in(ada, [patient("Stumm", phones=()), patient("Laut", phones=phone("0171 1"))])

    assert names(listed(ada, Purpose.RECALL, p.Criteria(phone_missing=True))) == ["Stumm, Dora"]
    assert APRIL.birth_month == 4
