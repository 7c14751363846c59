# SPDX-License-Identifier: MPL-2.0
"""The log at the screen: filters, one's own part, alarms, sheets of paper, and signed excerpts."""

import json
import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from arkanum.charts import patients
from arkanum.core.patients import Address
from arkanum.guard import Action, Role
from arkanum.guard.alarms import ALARMS
from arkanum.guard.house import ALARM
from arkanum.guard.log import Event, now
from arkanum.web.people.log import DEEDS
from tests.cast import master_data, new_patient
from tests.web.browser import text


def raise_alarm(founded, person=None, what="old_ring", **more):
    return founded.guard.logs[founded.ada.who.practice].append(
        Event(at=now(), what=what, person=person, outcome=ALARM, **more)
    )


@pytest.fixture
def rita(founded):
    """Rita, an auditor: the log ring and nothing else."""
    return founded.add("Rita Rehder", "rita", Role.AUDITOR, until=date.today() + timedelta(days=9))  # noqa: DTZ011


def rows(page):
    return re.findall(
        r"<tr[^>]*>(<td.*?)</tr>", re.search(r'data-test="log">.*?</table>', page, re.DOTALL)[0], re.DOTALL
    )


def test_the_filters_can_be_combined(at_screen, ada, ben, dora):
    other = new_patient(ada, "Öttinger")
    ben.chart(dora)
    ben.chart(other)
    ada.chart(dora)

    page = text(at_screen(ada).get(f"/protokoll?patient={dora}&person={ben.person}&what=read_chart"))

    assert len(rows(page)) == 1
    assert ben.who.name in rows(page)[0]


def test_what_is_no_filter_is_left_out(at_screen, ada, dora):
    page = at_screen(ada).get("/protokoll?person=niemand&since=gestern&until=heute")

    assert page.status_code == 200
    assert rows(text(page))


def test_a_time_to_the_minute_counts_that_minute(at_screen, ada, dora):
    minute = timezone.localtime().strftime("%Y-%m-%dT%H:%M")

    page = text(at_screen(ada).get(f"/protokoll?since={minute}&until={minute}&what=new_patient"))

    assert len(rows(page)) in {0, 1}  # the minute may have passed meanwhile
    assert text(at_screen(ada).get("/protokoll?until=2020-01-01T00:00")).count("Dazu steht nichts") == 1


def test_a_long_log_has_pages(at_screen, ada, dora):
    for _ in range(120):
        ada.chart(dora)

    first = text(at_screen(ada).get("/protokoll?what=read_chart"))
    older = re.search(r'href="([^"]*page=2)" data-test="older"', first)[1].replace("&amp;", "&")
    second = text(at_screen(ada).get(f"/protokoll{older}"))

    assert len(rows(first)) == 100
    assert 20 <= len(rows(second)) < 100
    assert 'data-test="newer"' in second


def test_what_stands_out_is_marked_with_its_reason(at_screen, ada, ben):
    patient = new_patient(ada, "Thorsen", "Ben")
    ben.chart(patient)

    page = text(at_screen(ada).get("/protokoll?unusual=1&what=read_chart"))

    assert "eigener Name" in page
    assert "heißt wie die zugreifende Person" in page


def test_an_access_to_a_neighbour_is_marked_with_its_reason(at_screen, ada, ben):
    addresses = (Address(street="Ahornweg", house_no="14", postcode="50667"),)
    patient = patients.new(ada.client, ada.token, master_data("Sommer", addresses=addresses))
    at_screen(ben).post("/konto/strasse", {"street": "Ahornweg 12, 50667"})
    ben.chart(patient)

    page = text(at_screen(ada).get("/protokoll?unusual=1&what=read_chart"))

    assert "dieselbe Straße" in page
    assert "wohnt in derselben Straße" in page
    assert "Ahornweg" not in page


def test_whoever_is_turned_away_at_a_door_stands_in_the_log(at_screen, ada, cora, dora):
    assert at_screen(cora).get("/protokoll").status_code == 403

    page = text(at_screen(ada).get("/protokoll?outcome=refused"))

    assert len(rows(page)) == 1
    assert cora.who.name in rows(page)[0]


def test_the_picture_counts_the_accesses_of_the_hour(at_screen, ada, dora):
    page = text(at_screen(ada).get("/protokoll?span=woche"))

    assert re.search(r"<title>[^<]*Uhr: \d+ Zugriffe", page)
    assert "style=" not in page


def test_an_auditor_sees_the_log_and_no_name(at_screen, ada, ben, rita):
    patient = new_patient(ada, "Thorsen", "Ben")
    ben.chart(patient)

    page = text(at_screen(rita).get("/protokoll"))

    assert "Kartei gelesen" in page
    assert "Thorsen, Ben" not in page
    assert "eigener Name" not in page.split("Was ist auffällig?")[0]
    assert "persönlicher Bezug" in page
    assert at_screen(rita).post(f"/protokoll/{patient}/auskunft").status_code == 403


def test_every_deed_and_every_alarm_has_its_german_word():
    assert {str(action) for action in Action} | ALARMS.keys() <= DEEDS.keys()
    assert all(sentence.endswith(".") for sentence in ALARMS.values())


# --- one's own -------------------------------------------------------------------------------------------------------


def test_everybody_sees_what_they_did_themselves_and_nothing_else(at_screen, ada, cora, dora):
    at_screen(cora).get(f"/patient/{dora}")

    page = text(at_screen(cora).get("/protokoll/meins"))

    assert "Stammdaten gelesen" in page
    assert "Müller, Dora" in page
    assert "Patient angelegt" not in page
    assert ada.who.name not in page


def test_ones_own_log_says_when_it_is_closed(at_screen, founded, ada, ben):
    ada.sign_out()

    page = at_screen(ben).get("/protokoll/meins")

    assert page.status_code == 200
    assert 'data-test="closed"' in text(page)


def test_an_emergency_stands_on_everybodys_own_log_until_somebody_acknowledges_it(
    at_screen, founded, ada, ben, dan, dora
):
    no = raise_alarm(founded, ben.person, "break_glass", patient=dora, detail="Notfall im Wartezimmer")

    before = text(at_screen(dan).get("/protokoll/meins"))
    at_screen(ada).post("/alarme/quittieren", {"no": no, "note": "war so besprochen"})
    after = text(at_screen(dan).get("/protokoll/meins"))

    assert 'data-test="notice"' in before
    assert "Müller" not in before
    assert 'data-test="notice"' not in after


# --- alarms ----------------------------------------------------------------------------------------------------------


def test_an_open_alarm_stands_above_every_page_of_those_who_read_the_log(at_screen, founded, ada, cora):
    quiet = text(at_screen(ada).get("/alarme/stand"))
    raise_alarm(founded)

    loud = text(at_screen(ada).get("/alarme/stand"))

    assert 'data-test="alarm-strip"' not in quiet
    assert 'data-test="alarm-strip"' in loud
    assert "alten Schlüssel" in loud
    assert 'hx-get="/alarme/stand"' in text(at_screen(ada).get("/"))
    assert 'hx-get="/alarme/stand"' not in text(at_screen(cora).get("/"))
    assert at_screen(cora).get("/alarme/stand").status_code == 403


def test_acknowledging_needs_a_sentence_and_happens_once(at_screen, founded, ada, ben):
    no = raise_alarm(founded, ben.person)
    browser = at_screen(ada)

    empty = browser.post("/alarme/quittieren", {"no": no, "note": "  "})
    done = browser.post("/alarme/quittieren", {"no": no, "note": "alte Sicherung ausprobiert"})
    again = browser.post("/alarme/quittieren", {"no": no, "note": "noch einmal"})

    assert (empty.status_code, done.status_code, again.status_code) == (422, 302, 409)
    page = text(browser.get("/alarme"))
    assert "alte Sicherung ausprobiert" in page
    assert 'data-test="alarm"' not in page


def test_who_caused_an_alarm_does_not_acknowledge_it_where_somebody_else_can(at_screen, founded, ada):
    founded.add("Greta Holm", "greta", Role.DOCTOR)
    no = raise_alarm(founded, ada.person)

    refused = at_screen(ada).post("/alarme/quittieren", {"no": no, "note": "das war ich"})

    assert refused.status_code == 422
    assert "jemand anderes" in text(refused)


def test_a_line_that_is_no_alarm_is_not_acknowledged(at_screen, ada):
    assert at_screen(ada).post("/alarme/quittieren", {"no": 1, "note": "x"}).status_code == 404
    assert at_screen(ada).post("/alarme/quittieren", {"no": "eins", "note": "x"}).status_code == 400


# --- paper -----------------------------------------------------------------------------------------------------------


def test_the_sheet_for_the_patient_says_who_saw_what_in_plain_words(at_screen, ada, ben, dora):
    ben.chart(dora)

    page = text(at_screen(ada).post(f"/protokoll/{dora}/auskunft"))

    assert "Wer hat Ihre Daten gesehen?" in page
    assert re.search(r"<b>Ben Thorsen</b> <span class=\"muted\">\(Vertretung\)</span> hat Ihre Kartei gelesen", page)
    sheet = page.split('class="page sheet"')[1].split("</main>")[0].split('class="lead"')[1]
    assert str(dora) not in sheet
    assert "hat eine Auskunft wie diese für Sie geschrieben" in sheet


def test_writing_the_sheet_is_logged(at_screen, founded, ada, dora):
    at_screen(ada).post(f"/protokoll/{dora}/auskunft")

    assert "patient_sheet" in {line.what for line in founded.client.read_log(ada.token, patient=dora).lines}


def test_the_weekly_sheet_carries_a_head_that_the_log_still_holds(at_screen, ada, dora):
    browser = at_screen(ada)
    assert 'data-test="sheet-old"' in text(browser.get("/protokoll"))

    sheet = text(browser.post("/protokoll/wochenblatt/drucken"))
    short = re.search(r'data-test="short">([^<]+)<', sheet)[1]
    long = re.search(r'data-test="text">([^<]+)<', sheet)[1]

    assert "<svg" in sheet
    assert 'data-test="sheet-old"' not in text(browser.get("/protokoll"))
    for head in (short, long):
        assert "notice good" in text(browser.post("/protokoll/wochenblatt", {"head": head}))


def test_a_head_of_another_log_is_told_to_be_one(at_screen, ada, dora):
    browser = at_screen(ada)
    sheet = text(browser.post("/protokoll/wochenblatt/drucken"))
    no, *digits = re.search(r'data-test="short">([^<]+)<', sheet)[1].split(" ")

    for head in (f"{no} {' '.join(reversed(digits))}", f"{int(no) + 1000} {' '.join(digits)}"):
        assert "nicht mehr dasselbe" in text(browser.post("/protokoll/wochenblatt", {"head": head}))
    assert browser.post("/protokoll/wochenblatt", {"head": "Guten Tag"}).status_code == 422


# --- an excerpt ------------------------------------------------------------------------------------------------------


def test_an_excerpt_is_signed_and_names_no_patient(at_screen, ada, ben, dora):
    ben.chart(dora)

    response = at_screen(ada).post("/protokoll/auszug", {"person": str(ben.person)})

    first, *lines, last = [json.loads(line) for line in response.content.splitlines()]
    assert first["kind"] == "arkanum-log-export"
    assert first["lines"] == len(lines)
    assert {line["person"] for line in lines} == {"Ben Thorsen"}
    assert all(len(line["digest"]) == 64 for line in lines)
    assert "signature" in last
    assert "Müller" not in text(response)
    assert response.headers["Cache-Control"] == "no-store"
    assert "attachment" in response.headers["Content-Disposition"]
