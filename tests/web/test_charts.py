# SPDX-License-Identifier: MPL-2.0
"""The chart as a doctor sees it."""

import re
from html import unescape

import pytest

from arkanum.charts import records
from arkanum.guard import Action
from tests.cast import note
from tests.web.browser import HTMX, text


def written(page: str) -> list[str]:
    """Return the rows of a chart as plain text."""
    rows = re.findall(r'<li class="entry[^>]*>.*?<div>(.*?)</div>', page, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in rows]


def test_a_written_line_stands_on_top(at_screen, ada, dora):
    browser = at_screen(ada)

    response = browser.post(f"/kartei/{dora}/eintrag", {"line": "b Lunge frei"}, headers=HTMX)

    assert response.status_code == 200
    assert written(text(response))[0] == "Lunge frei"


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("d J06.9", "J06.9 Akute Infektion der oberen Atemwege, nicht näher bezeichnet G"),
        ("d M17.1 V R", "M17.1 Verdacht auf Sonstige primäre Gonarthrose rechts"),
        ("v rr 135/85 p 72 t 37,8", "RR 135/85 mmHg Puls 72 /min Temp. 37,8 °C"),
        ("m Ramipril 5 mg 1-0-1 dauer", "Ramipril 5 mg 1-0-1 · Dauermedikation"),
        ("c allergie Penicillin", "Allergie: Penicillin"),
    ],
)
def test_each_kind_reads_as_it_was_meant(at_screen, ada, dora, line, row):
    browser = at_screen(ada)

    page = text(browser.post(f"/kartei/{dora}/eintrag", {"line": line}, headers=HTMX))

    assert row in written(page)


def test_allergies_stand_where_nobody_overlooks_them(at_screen, ada, dora):
    browser = at_screen(ada)
    before = text(browser.get(f"/kartei/{dora}"))

    browser.post(f"/kartei/{dora}/eintrag", {"line": "c allergie Penicillin"})
    after = text(browser.get(f"/kartei/{dora}"))

    assert 'data-test="no-cave"' in before
    assert "Penicillin" in re.search(r'data-test="cave">(.*?)</div>', after, re.DOTALL)[1]


def test_a_line_that_cannot_be_read_writes_nothing_and_says_why(at_screen, ada, dora):
    browser = at_screen(ada)
    before = len(ada.chart(dora).entries)

    response = browser.post(f"/kartei/{dora}/eintrag", {"line": "x irgendwas"}, headers=HTMX)

    assert response.status_code == 422
    assert 'data-test="line-error"' in text(response)
    assert len(ada.chart(dora).entries) == before


def test_codes_are_offered_by_word_and_by_code(at_screen, ada):
    browser = at_screen(ada)

    by_word = text(browser.post("/kartei/zeile", {"line": "d grippe"}, headers=HTMX))
    by_code = text(browser.post("/kartei/zeile", {"line": "d j06"}, headers=HTMX))
    whole = text(browser.post("/kartei/zeile", {"line": "d J06.9 "}, headers=HTMX))

    assert "Grippe" in by_word
    assert 'data-line="d J06.9 "' in by_code
    assert 'role="option"' not in whole
    assert "Akute Infektion" in whole


def test_a_flag_survives_the_choice_of_a_code(at_screen, ada):
    page = text(at_screen(ada).post("/kartei/zeile", {"line": "d j06 V R"}, headers=HTMX))

    assert 'data-line="d J06.9 V R "' in page


def test_what_a_person_wrote_is_text_and_never_markup(at_screen, ada, dora):
    browser = at_screen(ada)

    page = text(browser.post(f"/kartei/{dora}/eintrag", {"line": "n <img src=x onerror=alert(1)>"}, headers=HTMX))

    assert "<img" not in page
    assert "&lt;img" in page


def test_correcting_keeps_the_old_version_readable(at_screen, ada, dora):
    browser = at_screen(ada)
    line = ada.write(dora, "Husten seit 3 Tagen")

    corrected = browser.post(
        f"/kartei/{dora}/eintrag/{line.record}/korrigieren", {"line": "n Husten seit 5 Tagen", "base": "1"}
    )
    page = text(browser.get(f"/kartei/{dora}/eintrag/{line.record}"))

    assert corrected.status_code == 302
    assert "Husten seit 3 Tagen" in page
    assert "Husten seit 5 Tagen" in page
    assert page.count('data-test="version"') == 2


def test_the_second_to_save_sees_both_texts_and_overwrites_nothing(at_screen, ada, ben, dora):
    line = ada.write(dora, "Dosis 5 mg")
    address = f"/kartei/{dora}/eintrag/{line.record}/korrigieren"
    at_screen(ben).post(address, {"line": "n Dosis 10 mg", "base": "1"})

    conflict = at_screen(ada).post(address, {"line": "n Dosis 7 mg", "base": "1"})

    assert conflict.status_code == 409
    assert "<mark>10</mark>" in text(conflict)
    assert "<mark>7</mark>" in text(conflict)
    newest = records.history(ada.grant(Action.READ_CHART, dora), line.record)[0]
    assert newest.entry.content.text == "Dosis 10 mg"


def test_the_person_decides_after_a_conflict(at_screen, ada, ben, dora):
    line = ada.write(dora, "Dosis 5 mg")
    address = f"/kartei/{dora}/eintrag/{line.record}/korrigieren"
    at_screen(ben).post(address, {"line": "n Dosis 10 mg", "base": "1"})
    base = re.search(r'name="base" value="(\d+)"', text(at_screen(ada).post(address, {"line": "n x", "base": "1"})))[1]

    saved = at_screen(ada).post(address, {"line": "n Dosis 7 mg", "base": base})

    assert saved.status_code == 302
    assert ada.chart(dora).entries[0].entry.content.text == "Dosis 7 mg"
    assert ada.chart(dora).entries[0].versions == 3


def test_striking_needs_a_reason_and_leaves_the_entry_readable(at_screen, ada, dora):
    browser = at_screen(ada)
    line = ada.write(dora, "falsch zugeordnet")
    address = f"/kartei/{dora}/eintrag/{line.record}/streichen"

    without = browser.post(address, {"base": "1", "reason": " "})
    with_reason = browser.post(address, {"base": "1", "reason": "falscher Patient"})
    page = text(browser.get(f"/kartei/{dora}"))

    assert without.status_code == 422
    assert with_reason.status_code == 302
    assert "gestrichen: falscher Patient" in page
    assert "falsch zugeordnet" in page


def test_the_author_is_named(at_screen, ada, ben, dora):
    ada.write(dora, "von Ada")
    ben.write(dora, "von Ben")

    page = text(at_screen(ada).get(f"/kartei/{dora}"))

    assert ada.who.name in page
    assert ben.who.name in page


def test_a_damaged_entry_is_shown_in_red_and_never_skipped(at_screen, ada, dora):
    from arkanum.storage.models import Record

    ada.write(dora, "heil")
    row = Record.objects.exclude(record_id=dora).first()
    body = bytearray(row.body.to_storage())
    body[-1] ^= 1
    Record.objects.filter(pk=row.pk).update(body=type(row.body).from_storage(bytes(body)))

    page = text(at_screen(ada).get(f"/kartei/{dora}"))

    assert 'data-test="damage"' in page


def test_opened_charts_stand_on_the_start_page_and_go_with_the_session(at_screen, ada, dora):
    browser = at_screen(ada)
    browser.get(f"/kartei/{dora}")

    assert "Müller" in text(browser.get("/"))
    assert browser.post("/abmelden").cookies["__Host-arkanum-recent"].value == ""


def test_vital_signs_are_drawn(at_screen, ada, dora):
    browser = at_screen(ada)
    for line in ("v rr 150/90", "v rr 140/85", "v rr 135/80"):
        browser.post(f"/kartei/{dora}/eintrag", {"line": line})

    page = text(browser.get(f"/kartei/{dora}"))

    assert page.count("<polyline") == 2
    assert "135/80" in page


def test_a_long_chart_is_whole(at_screen, ada, dora):
    for number in range(40):
        records.write(ada.client, ada.grant(Action.WRITE_CHART, dora), note(f"Eintrag {number}"))

    assert len(written(text(at_screen(ada).get(f"/kartei/{dora}")))) == 41


def test_an_odd_code_for_this_sex_is_pointed_out_while_typing_and_after_writing(at_screen, ada, dora):
    browser = at_screen(ada)
    line = {"line": "d N40 G", "sex": "W", "age": "61"}

    typed = text(browser.post("/kartei/zeile", line, headers=HTMX))
    saved = text(browser.post(f"/kartei/{dora}/eintrag", line, headers=HTMX))

    assert "tag warn" in typed
    assert 'data-test="hint"' in saved


def test_only_what_was_found_by_words_is_taken_by_enter_alone(at_screen, ada):
    browser = at_screen(ada)

    by_word = text(browser.post("/kartei/zeile", {"line": "d grippe"}, headers=HTMX))
    by_code = text(browser.post("/kartei/zeile", {"line": "d j06"}, headers=HTMX))

    assert 'data-first="chosen"' in by_word
    assert 'data-first="chosen"' not in by_code
