# SPDX-License-Identifier: MPL-2.0
"""Accesses to neighbours: where both live, what is marked, and to whom no street is told."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import msgspec
import pytest

from arkanum.charts import patients
from arkanum.core.patients import Address, AddressKind
from arkanum.core.unusual import Home, Mark
from arkanum.guard import Action, Role
from arkanum.guard import protocol as p
from arkanum.guard.bodies import PersonBody, person_place
from arkanum.guard.directory_homes import Homes, home_of
from arkanum.guard.errors import Refused
from arkanum.guard.places import page_place
from arkanum.guard.site import rotate_site
from arkanum.storage import pages, people
from arkanum.storage.models import DirectoryPage
from arkanum.vault import seal, unseal
from tests.cast import master_data, restarted

pytestmark = pytest.mark.postgresql

AHORN = "50667 ahornweg"


def living(colleague, last, house_no, street="Ahornweg", first="Inge"):
    addresses = (Address(street=street, house_no=house_no, postcode="50667", town="Köln"),)
    return patients.new(colleague.client, colleague.token, master_data(last, first, addresses=addresses))


def marks(founded, reader, patient):
    """Let somebody look at a patient, and return the marks of that line."""
    reader.chart(patient)
    query = p.LogQuery(patient=patient, person=reader.person, what="read_chart")
    return set(founded.client.log_page(founded.ada.token, query).lines[0].marks) - {Mark.NIGHT}


def practice_of(founded):
    return founded.guard.opened[founded.ada.who.practice]


def test_whoever_typed_their_street_stands_out_at_a_neighbours_chart(founded, ada, ben):
    near, elsewhere = living(ada, "Sommer", "14"), living(ada, "Winter", "14", street="Buchenweg")
    founded.client.set_own_street(ben.token, " Ahornweg  12, 50667 Köln ")

    assert marks(founded, ben, near) == {Mark.NEIGHBOUR}
    assert marks(founded, ben, elsewhere) == set()
    assert marks(founded, ada, near) == set()


def test_the_street_is_taken_from_the_only_chart_under_ones_own_name(founded, ada, ben):
    near = living(ada, "Sommer", "14")
    own = living(ada, "Thorsen", "12", first="Ben")

    assert marks(founded, ben, near) == {Mark.NEIGHBOUR}
    assert marks(founded, ben, own) == {Mark.OWN_NAME}


def test_of_two_charts_under_ones_own_name_no_street_is_taken(founded, ada, ben):
    near = living(ada, "Sommer", "14")
    living(ada, "Thorsen", "12", first="Ben")
    living(ada, "Thorsen", "3", first="Ben", street="Buchenweg")

    assert marks(founded, ben, near) == set()


def test_what_was_typed_counts_more_than_a_namesakes_chart(founded, ada, ben):
    near, other = living(ada, "Sommer", "14"), living(ada, "Winter", "1", street="Buchenweg")
    living(ada, "Thorsen", "12", first="Ben")
    founded.client.set_own_street(ben.token, "Buchenweg 3, 50667")

    assert marks(founded, ben, near) == set()
    assert marks(founded, ben, other) == {Mark.NEIGHBOUR}


def test_a_street_that_changes_is_compared_at_once(founded, ada, ben):
    near = living(ada, "Sommer", "14")
    founded.client.set_own_street(ben.token, "Ahornweg 12, 50667")
    assert marks(founded, ben, near) == {Mark.NEIGHBOUR}

    founded.client.set_own_street(ben.token, "")

    assert marks(founded, ben, near) == set()
    assert founded.client.own_keys(ben.token).street == ""


@pytest.mark.parametrize("street", ["Ahornweg 12", "50667", "Ahornweg " * 20 + "12, 50667"])
def test_what_is_no_street_with_postcode_is_refused(founded, ben, street):
    with pytest.raises(Refused):
        founded.client.set_own_street(ben.token, street)

    assert founded.client.own_keys(ben.token).street == ""


def test_an_auditor_is_told_of_a_relation_and_of_no_street(founded, ada, ben):
    rita = founded.add("Rita Rehder", "rita", Role.AUDITOR, until=date.today() + timedelta(days=9))  # noqa: DTZ011
    near = living(ada, "Sommer", "14")
    founded.client.set_own_street(ben.token, "Ahornweg 12, 50667")
    ben.chart(near)

    (line,) = founded.client.log_page(rita.token, p.LogQuery(patient=near, what="read_chart")).lines

    assert Mark.RELATION in line.marks
    assert Mark.NEIGHBOUR not in line.marks


def test_a_street_is_told_to_its_owner_alone_and_stands_in_no_line(founded, ada, ben):
    founded.client.set_own_street(ben.token, "Ahornweg 12, 50667")
    living(ada, "Sommer", "14")

    answers = (
        founded.client.staff(ada.token),
        founded.client.own_keys(ada.token),
        founded.client.search(ada.token, "sommer"),
        founded.client.log_page(ada.token, p.LogQuery()),
    )

    assert founded.client.own_keys(ben.token).street == "Ahornweg 12, 50667"
    assert not any(b"horn" in msgspec.msgpack.encode(answer) for answer in answers)
    assert "set_own_street" in {line.what for line in answers[-1].lines}


def test_a_typed_street_comes_back_after_a_restart_and_under_another_site_secret(founded, ada, ben):
    near = living(ada, "Sommer", "14")
    founded.client.set_own_street(ben.token, "Ahornweg 12, 50667")

    assert rotate_site(founded.guard, practice_of(founded))
    again = restarted(founded)
    again = replace(again, ada=again.ada.sign_in())
    ben = replace(ben, client=again.client).sign_in()

    assert again.client.own_keys(ben.token).street == "Ahornweg 12, 50667"
    assert marks(again, ben, near) == {Mark.NEIGHBOUR}
    again.guard.close()


def test_a_person_who_was_written_before_there_were_streets_still_opens(founded, ben):
    practice = practice_of(founded)
    row, place = people.person(practice.id, ben.person), person_place(ben.person, "body")
    site = practice.site.derive("house")
    fields = msgspec.msgpack.decode(unseal(site, place, row.body))

    row.body = seal(site, place, msgspec.msgpack.encode(fields[:-1]))
    people.save_person(row)

    assert len(fields) == len(PersonBody.__struct_fields__)
    assert ben.sign_in().who.name == "Ben Thorsen"


def test_homes_are_read_again_from_pages(founded, ada, ben):
    near = living(ada, "Sommer", "14")
    for colleague in (ben, ada):
        colleague.sign_out()
    again = restarted(founded)
    ada = again.ada.sign_in()

    assert practice_of(again).directory.homes().get(near) == Home(AHORN, 14)
    ada.sign_out()
    again.guard.close()


def test_pages_from_before_there_were_streets_are_built_again(founded, ada, monkeypatch):
    near = living(ada, "Sommer", "14")
    keeper = practice_of(founded).directory
    key = keeper._key()
    monkeypatch.setattr(
        "arkanum.guard.directory_pages.encode_cards",
        lambda cards: msgspec.msgpack.encode((1, [])) if list(cards) else b"",
    )
    keeper.flush()
    monkeypatch.undo()
    (page,) = pages.pages(ada.who.practice)
    ada.sign_out()

    ada = ada.sign_in()

    assert msgspec.msgpack.decode(unseal(key, page_place(page.id, page.version), page.body)) == [1, []]
    assert practice_of(founded).directory.homes().get(near) == Home(AHORN, 14)
    assert DirectoryPage.objects.count() == 1


def test_who_moves_is_nobodys_neighbour_any_more(founded, ada, ben):
    near = living(ada, "Sommer", "14")
    grant = ada.grant(Action.WRITE_PATIENT, near)
    file = patients.read(grant)
    patients.write(founded.client, grant, replace(file.patient, addresses=()), file.version)

    assert practice_of(founded).directory.homes().get(near) is None


# --- the homes themselves --------------------------------------------------------------------------------------------


def test_a_home_is_the_first_home_address_with_street_and_postcode():
    addresses = (
        Address(kind=AddressKind.POST, street="Postfach 7", postcode="50667"),
        Address(street="Buchenweg", house_no="1"),
        Address(street="Ahornweg", house_no="14", postcode="50667"),
    )

    assert home_of(master_data(addresses=addresses)) == Home(AHORN, 14)
    assert home_of(master_data()) is None


def test_all_patients_of_some_streets_are_found_at_once():
    homes = Homes()
    for at in range(6):
        homes.put(UUID(int=at), Home("1 a" if at % 2 else "1 b", at))
    homes.put(UUID(int=5), None)
    homes.put(UUID(int=6), None)

    assert homes.in_streets(["1 a", "1 x"]) == {"1 a": {UUID(int=1): 1, UUID(int=3): 3}, "1 x": {}}
    assert homes.get(UUID(int=5)) is None
