# SPDX-License-Identifier: MPL-2.0
"""Every line of a file is accounted for exactly once, and nothing comes twice."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arkanum.core.codec import decode, encode
from arkanum.exchange.formats import xdt
from tests.exchange.builders import fields_of, line, lines, shared
from tests.exchange.people import DORA, NOW, START, TREATMENT, contents, imported, the_entry, treated
from tests.exchange.test_xdt_fuzz import REAL_FILES, mutated

# ------------------------------------------------------------------ accounting

SOME_NUMBERS = [
    *(8000, 8100, 9218, 3000, 3101, 3102, 3103, 3110, 3106, 3112, 3119, 4111, 4110, 3620, 3649, 3650, 3673, 3674),
    *(3651, 3652, 3654, 3656, 3622, 3623, 6200, 6201, 6205, 6001, 6003, 6004, 6006, 6210, 915, 6220, 6227, 6228),
    *(6230, 6285, 6286, 6301, 6310, 6330, 6331, 6333, 8402, 8410, 8411, 8420, 8421, 8432, 8439, 8470, 5000, 5001),
    *(4101, 7777, 6299, 102, 8315),
]
SOME_IDS = [f"{number:04}" for number in SOME_NUMBERS]
SOME_FIELDS = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(SOME_IDS),
            st.one_of(
                st.sampled_from(["", "6100", "6200", "0101", "17", "18", "05052020", "142", "mmHg"]),
                st.text(st.characters(codec="cp1252", exclude_characters="\r\n"), max_size=80),
            ),
        ),
        st.just(None),
    ),
    max_size=40,
)


@given(SOME_FIELDS)
def test_every_line_is_booked_exactly_once(fields):
    content = lines(START) + b"".join(line(*field, charset="cp1252") if field else b"damaged\r\n" for field in fields)

    patients, report = imported(content)

    assert sum(report.fates.values()) == report.fields == len(fields_of(content))
    understood = sum(count.count for count in report.understood)
    assert understood == report.fates.get("understood", 0)
    assert sum(count.count for count in report.kept) == report.fates.get("kept", 0)
    assert report.entries == sum(len(patient.entries) for patient in patients)


@given(st.lists(st.sampled_from(["7777", "6299", "9777", "1234"]), min_size=1, max_size=8))
def test_what_nobody_understands_is_in_the_chart_word_by_word(ids):
    words = [f"wort{number}" for number in range(len(ids))]

    (dora,), report = imported(treated(*zip(ids, words, strict=True)))

    kept = "\n".join(f"{one.field} {one.text}" for one in contents(dora))
    assert all(field_id in kept for field_id in ids)
    assert all(word in kept for word in words)
    assert report.fates["kept"] == len(ids)


@given(st.data())
def test_every_word_of_a_chart_field_arrives(data):
    known = [
        one.id
        for number in range(10_000)
        if (one := xdt.meaning_of(f"{number:04}"))
        and one.group in {xdt.FieldGroup.CHART, xdt.FieldGroup.RESULT, xdt.FieldGroup.BILLING}
        and one.id != "6226"
    ]
    ids = data.draw(st.lists(st.sampled_from(known), min_size=1, max_size=12))
    words = [f"wort{number}x" for number in range(len(ids))]

    (dora,), _ = imported(treated(*zip(ids, words, strict=True)))

    everything = "\n".join(repr(content) for content in contents(dora))
    assert [word for word in words if word not in everything] == []


@given(SOME_FIELDS)
def test_whatever_is_made_can_be_written_and_read_again(fields):
    content = lines(START) + b"".join(line(*field, charset="cp1252") if field else b"damaged\r\n" for field in fields)

    patients, _ = imported(content)

    for patient in patients:
        assert decode(encode(patient.patient)) == patient.patient
        for entry in patient.entries:
            assert decode(encode(entry)) == entry


@pytest.mark.parametrize("name", REAL_FILES, ids=lambda name: name[-1])
def test_mutated_real_files_are_imported_without_a_crash_and_without_a_loss(name):
    content = shared(*name).read_bytes()
    dice = random.Random(name[-1])

    for _ in range(60):
        body = mutated(content, dice)
        if xdt.sniff(body) is None:
            continue
        _, report = imported(body)
        assert sum(report.fates.values()) == len(fields_of(body))


# ----------------------------------------------------------------- idempotence


def test_the_same_file_twice_has_the_same_fingerprints_on_any_day():
    content = lines(START, *DORA, ("3656", "Nüsse")) + treated(("6220", "a"), ("6220", "b"))

    (first,), _ = imported(content, written=NOW)
    (second,), _ = imported(content, written=NOW + timedelta(days=40))

    assert first.fingerprint == second.fingerprint
    marks = [entry.origin.record for entry in first.entries]
    assert marks == [entry.origin.record for entry in second.entries]
    assert len(set(marks)) == len(marks)


def test_two_equal_entries_of_one_day_are_two():
    content = treated(("6220", "RR gemessen"), ("6227", "x"), ("6220", "RR gemessen"))

    (dora,), _ = imported(content)

    first, _, second = dora.entries
    assert first.content == second.content
    assert first.origin.record != second.origin.record


def test_a_longer_export_of_the_same_chart_keeps_the_old_fingerprints():
    short, long = treated(("6220", "alt")), treated(("6220", "alt"), ("6227", "neu"))

    (before,), _ = imported(short)
    (after,), _ = imported(long)

    assert before.entries[0].origin.record == after.entries[0].origin.record


def test_the_origin_names_source_file_and_lines():
    entry = the_entry(treated(("6220", "a"), ("6220", "b")))

    assert entry.origin.source == "BDT"
    assert entry.origin.file == "f" * 32
    assert entry.origin.lines == (10, 11)
    assert entry.written == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


# ---------------------------------------------------------------------- large


def test_a_very_long_chart_comes_in_volumes_with_the_same_fingerprints(monkeypatch):
    fields = [field for n in range(30) for field in (("6200", "05052020"), ("6220", f"Befund {n % 7}"))]
    records = [field for n in range(0, 60, 6) for field in (TREATMENT, ("3000", "17"), *fields[n : n + 6])]
    content = lines(START, *DORA, *records)
    (whole,), _ = imported(content)
    monkeypatch.setattr("arkanum.exchange.folders.ENTRY_LIMIT", 7)

    volumes, report = imported(content)

    marks = [entry.origin.record for volume in volumes for entry in volume.entries]
    assert len(volumes) > 3
    assert {volume.fingerprint for volume in volumes} == {whole.fingerprint}
    assert marks == [entry.origin.record for entry in whole.entries]
    assert len(set(marks)) == 30
    assert report.patients == 1


def test_a_report_keeps_only_so_much_of_lines_about_nobody(monkeypatch):
    monkeypatch.setattr("arkanum.exchange.report.HOMELESS_SIZE_LIMIT", 20)
    content = lines(("8000", "0022"), *[("7654", "zehnzeichen")] * 9, START, *DORA)

    _, report = imported(content)

    assert report.fates["homeless"] == 9
    assert len(report.homeless) == 2
    assert "... und 7 weitere" in report.text()
