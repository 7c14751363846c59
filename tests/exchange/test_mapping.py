# SPDX-License-Identifier: MPL-2.0
"""xDT records become patients and entries, and every line is accounted for."""

from datetime import time
from decimal import Decimal

import pytest

from arkanum.core.entries import (
    Caution,
    Certainty,
    Diagnosis,
    Finding,
    Foreign,
    History,
    Measure,
    Medication,
    Note,
    Side,
    Sign,
    Therapy,
    Vitals,
)
from arkanum.core.patients import AddressKind, BirthDate, InsuranceKind, Sex
from tests.exchange.builders import lines, shared
from tests.exchange.people import (
    DORA,
    EMIL,
    KVNR,
    START,
    TREATMENT,
    contents,
    day,
    imported,
    the_entry,
    treated,
)

GDT = ("8000", "6310")


def only(*fields, **options):
    return the_entry(treated(*fields), **options)


# ------------------------------------------------------------------ the patient


def test_master_data_become_a_patient():
    content = lines(
        START,
        *DORA,
        ("3100", "Freifrau von"),
        ("3104", "Dr."),
        ("3106", "79098 Freiburg"),
        ("3107", "Gasse 3"),
        ("3626", "0761 1"),
        ("3618", "0170 2"),
        ("3619", "dora@example.org"),
        ("3119", KVNR),
        ("4111", "108018007"),
    )

    (dora,), report = imported(content)

    patient = dora.patient
    assert patient.number == "17"
    assert patient.name.full() == "Dr. Dora Freifrau von Sommer"
    assert patient.birth == BirthDate(year=1965, month=4, day=3)
    assert patient.sex is Sex.W
    (home,) = patient.addresses
    assert (home.street, home.postcode, home.town) == ("Gasse 3", "79098", "Freiburg")
    assert [phone.number for phone in patient.phones] == ["0761 1", "0170 2"]
    assert patient.emails == ("dora@example.org",)
    assert patient.insurance[0].number == KVNR
    assert patient.insurance[0].kind is InsuranceKind.STATUTORY
    assert dora.entries == ()
    assert report.kept == ()


@pytest.mark.parametrize(
    ("content", "birth"),
    [
        ("00041965", BirthDate(year=1965, month=4)),
        ("00001965", BirthDate(year=1965)),
        ("19650403", BirthDate(year=1965, month=4, day=3)),
    ],
)
def test_birth_dates_are_read_in_any_order_and_in_parts(content, birth):
    (patient,), _ = imported(lines(START, ("3101", "Sommer"), ("3103", content)))

    assert patient.patient.birth == birth


def test_a_birth_date_that_is_none_stays_as_text():
    (patient,), report = imported(lines(START, ("3101", "Sommer"), ("3103", "99999999")))

    assert patient.patient.birth is None
    assert contents(patient) == [Foreign(label="Geburtsdatum", field="3103", text="99999999")]
    assert [count.id for count in report.kept] == ["3103"]
    assert "Das Geburtsdatum fehlt." in patient.warnings


def test_a_post_office_box_is_an_address_of_its_own():
    content = lines(START, *DORA, ("3121", "79001"), ("3122", "Freiburg"), ("3123", "1234"))

    (dora,), _ = imported(content)

    (box,) = dora.patient.addresses
    assert (box.kind, box.extra, box.town) == (AddressKind.POST, "Postfach 1234", "Freiburg")


def test_insurance_comes_from_the_cases_and_equal_episodes_are_one():
    first = (("8000", "0101"), ("3000", "17"), ("4101", "12025"), ("3105", KVNR), ("4111", "1"))
    second = (("8000", "0101"), ("3000", "17"), ("4101", "22025"), ("3105", KVNR), ("4111", "1"))

    (dora,), _ = imported(lines(START, *DORA, *first, ("4110", "1225"), *second, ("4110", "0626")))

    (episode,) = dora.patient.insurance
    assert episode.valid_until == day("2026-06-30")


def test_master_data_without_a_place_are_kept_in_one_entry():
    content = lines(START, *DORA, ("3620", "Lehrerin"), ("3625", "Schule"))

    (dora,), report = imported(content)

    assert contents(dora) == [
        Foreign(
            label="Weitere Stammdaten",
            field="3620, 3625",
            text="3620 Beruf: Lehrerin\n3625 Arbeitgeber: Schule",
        )
    ]
    assert [(count.id, count.count) for count in report.kept] == [("3620", 1), ("3625", 1)]


def test_a_later_record_that_disagrees_is_kept_and_not_mixed_in():
    content = lines(START, *DORA, TREATMENT, *DORA[:-1], ("3110", "M"), ("6220", "x"))

    (dora,), _ = imported(content)

    assert dora.patient.sex is Sex.W
    assert Foreign(label="Abweichende Stammdaten", field="", text="Geschlecht: M") in contents(dora)


# ---------------------------------------------------------------- whose record


def test_treatment_follows_the_patient_before_it():
    content = lines(
        *(START, *DORA, TREATMENT, ("3000", "17"), ("6200", "05052020"), ("6220", "gesund")),
        *(START, *EMIL, TREATMENT, ("3000", "18"), ("6200", "06052020"), ("6220", "krank")),
    )

    (dora, emil), report = imported(content)

    assert contents(dora) == [Finding(text="gesund")]
    assert contents(emil) == [Finding(text="krank")]
    assert report.patients == 2


def test_treatment_after_all_master_data_finds_its_patient_by_the_number():
    content = lines(
        *(START, *DORA, START, *EMIL),
        *(TREATMENT, ("3000", "17"), ("6200", "05052020"), ("6220", "gesund")),
    )

    patients, _ = imported(content)

    assert [one.patient.name.last for one in patients] == ["Sommer", "Winter", "Sommer"]
    assert patients[0].fingerprint == patients[2].fingerprint
    assert contents(patients[2]) == [Finding(text="gesund")]


def test_a_number_that_many_people_share_decides_nothing():
    many = [
        field
        for name in ("Alpha", "Beta", "Gamma")
        for field in (START, ("3000", "0"), ("3101", name), ("3102", "X"), ("3103", "01011990"))
    ]
    other = (START, *EMIL)
    content = lines(*many, *other, TREATMENT, ("3000", "0"), ("6220", "wessen?"))

    patients, _ = imported(content)

    assert [one.patient.name.last for one in patients] == ["Alpha", "Beta", "Gamma", "Winter", ""]
    assert not patients[-1].named
    assert contents(patients[-1]) == [Finding(text="wessen?")]


def test_people_of_one_number_who_follow_each_other_stay_apart():
    one = (START, ("3000", "0"), ("3101", "Alpha"), ("3102", "X"), TREATMENT, ("3000", "0"))
    two = (START, ("3000", "0"), ("3101", "Beta"), ("3102", "X"), TREATMENT, ("3000", "0"))

    alpha, beta = imported(lines(*one, ("6220", "a"), *two, ("6220", "b")))[0]

    assert contents(alpha) == [Finding(text="a")]
    assert contents(beta) == [Finding(text="b")]


def test_a_damaged_record_start_does_not_put_findings_into_the_wrong_chart():
    content = lines(START, *DORA, TREATMENT, ("3000", "17"), ("6220", "Doras Befund"))
    content += b"damaged start\r\n" + lines(*EMIL, ("6220", "Emils Befund"))

    dora, emil = imported(content)[0]

    assert Finding(text="Doras Befund") in contents(dora)
    assert Finding(text="Emils Befund") not in contents(dora)
    assert emil.patient.name.last == "Winter"
    assert Finding(text="Emils Befund") in contents(emil)


def test_a_record_whose_number_may_be_damaged_is_left_to_a_person():
    content = lines(START, *DORA, TREATMENT) + b"01??? 18\r\n" + lines(("6220", "wessen?"))

    dora, nobody = imported(content)[0]

    assert contents(dora) == []
    assert not nobody.named
    assert Finding(text="wessen?") in contents(nobody)


def test_a_result_without_any_patient_is_left_to_a_person():
    content = lines(GDT, ("9218", "02.10"), ("6220", "wessen?"))

    (nobody,), _ = imported(content)

    assert not nobody.named
    assert nobody.warnings[0] == "Die Datei nennt keinen Namen zu diesen Einträgen."


def test_lines_about_no_patient_are_kept_in_the_report():
    content = lines(("8000", "0022"), ("9213", "02/94"), ("7654", "etwas"), START, *DORA)

    (_,), report = imported(content)

    assert [(one.line, one.field, one.text) for one in report.homeless] == [(3, "7654", "etwas")]


# ------------------------------------------------------------------ the chart


def test_a_permanent_diagnosis_has_its_day_code_certainty_and_side():
    content = lines(
        START,
        *DORA,
        *(("3649", "01011999"), ("3650", "Diabetes mellitus Typ 2 {E11.90G}")),
        *(("3649", "01012005"), ("3650", "Gonarthrose"), ("3673", "M17.1")),
        *(("3674", "Z"), ("3675", "R")),
    )

    (dora,), _ = imported(content)

    assert contents(dora) == [
        Diagnosis(code="E11.90", text="Diabetes mellitus Typ 2", permanent=True),
        Diagnosis(
            code="M17.1",
            text="Gonarthrose",
            certainty=Certainty.Z,
            side=Side.R,
            permanent=True,
        ),
    ]
    assert [entry.happened for entry in dora.entries] == [day("1999-01-01"), day("2005-01-01")]


def test_a_permanent_diagnosis_since_a_year_keeps_the_year():
    (dora,), _ = imported(lines(START, *DORA, ("3649", "00001999"), ("3650", "Asthma")))

    assert contents(dora) == [Diagnosis(text="Asthma (seit 00001999)", permanent=True)]


def test_diagnoses_of_a_day_are_one_each():
    content = treated(
        ("6205", "Bronchitis"),
        ("6001", "J20.9"),
        ("6003", "V"),
        ("6205", "Schnupfen"),
        ("6205", "V.a. Allergie"),
    )

    (dora,), _ = imported(content)

    assert contents(dora) == [
        Diagnosis(code="J20.9", text="Bronchitis", certainty=Certainty.V),
        Diagnosis(text="Schnupfen"),
        Diagnosis(text="V.a. Allergie", certainty=Certainty.V),
    ]
    assert {entry.happened for entry in dora.entries} == {day("2020-05-05")}


def test_a_code_without_words_takes_the_words_of_the_catalogue():
    entry = only(("6001", "J209"), ("6003", "G"), texts={"J20.9": "Akute Bronchitis"})

    assert entry.content == Diagnosis(code="J20.9", text="Akute Bronchitis")


def test_what_is_no_code_or_certainty_stays_in_the_text():
    entry = only(("6205", "Bronchitis"), ("6001", "???"), ("6003", "Q"))

    assert entry.content == Diagnosis(text="Bronchitis [???] [Q]")


def test_a_star_code_keeps_its_mark_in_the_text():
    entry = only(("6001", "H36.0*"), ("6006", "Retinopathie"))

    assert entry.content == Diagnosis(code="H36.0", text="Retinopathie [H36.0*]")


def test_medicines_have_dose_package_and_permanence():
    content = lines(START, *DORA, ("3651", "02022010"), ("3652", "Ramipril 5 mg 1-0-1"))
    content += lines(TREATMENT, ("3000", "17"), ("6200", "05052020"))
    content += lines(("6210", "Ibuprofen 600"), ("0915", "06313728"), ("0917", "N2"))
    content += lines(("6211", "Nasenspray"), ("6215", "Salbe"))

    (dora,), _ = imported(content)

    assert contents(dora) == [
        Medication(name="Ramipril 5 mg", dose="1-0-1", since=day("2010-02-02"), permanent=True),
        Medication(name="Ibuprofen 600 (N2)", pzn="06313728", since=day("2020-05-05")),
        Medication(name="Nasenspray (Privatrezept)", since=day("2020-05-05")),
        Medication(name="Salbe (Ärztemuster)", since=day("2020-05-05")),
    ]


def test_allergies_warn_and_none_does_not():
    content = lines(START, *DORA, ("3654", "Raucherin"), ("3656", "Penicillin"), ("3656", "keine"))

    (dora,), _ = imported(content)

    assert contents(dora) == [
        Caution(text="Raucherin"),
        Caution(text="Penicillin", allergy=True),
        Note(text="Allergie: keine"),
    ]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ([("6220", "Lunge frei"), ("6220", "Herz rein")], Finding(text="Lunge frei\nHerz rein")),
        ([("6221", "Rö o.B.")], Finding(text="Fremdbefund: Rö o.B.")),
        ([("6227", "kommt wieder")], Note(text="kommt wieder")),
        ([("6240", "Husten")], History(text="Symptome: Husten")),
        ([("6260", "Ruhe")], Therapy(text="Ruhe")),
        ([("6290", "Klinik"), ("6291", "Appendizitis")],
         Therapy(text="Krankenhauseinweisung\nKrankenhauseinweisung: Krankenhaus: Klinik\n"
                      "Krankenhauseinweisung wegen: Appendizitis")),
        ([("6230", "135/85")], Vitals(measures=(
            Measure(sign=Sign.RR_SYS, value=Decimal(135), unit="mmHg"),
            Measure(sign=Sign.RR_DIA, value=Decimal(85), unit="mmHg")))),
        ([("6230", "hoch")], Finding(text="Blutdruck: hoch")),
        ([("6330", "Sport"), ("6331", "erlaubt")],
         Foreign(label="Sport", field="6331", text="erlaubt")),
        ([("6299", "x"), ("6299", "y")], Foreign(label="Feld 6299", field="6299", text="x\ny")),
        ([("6228", "a    b"), ("6228", " c   d")],
         Foreign(label="Ergebnistabelle", field="6228", text="a    b\n c   d", columns=True)),
        ([("6201", "0815"), ("6220", "frei")], Finding(text="frei")),
    ],
)  # fmt: skip
def test_each_kind_of_text_finds_its_kind_of_entry(fields, expected):
    assert only(*fields).content == expected


def test_a_time_of_day_holds_until_the_next_day():
    content = treated(("6201", "0815"), ("6220", "a"), ("6200", "06052020"), ("6220", "b"))

    (dora,), _ = imported(content)

    assert [(one.happened, one.at) for one in dora.entries] == [
        (day("2020-05-05"), time(8, 15)),
        (day("2020-05-06"), None),
    ]


def test_services_of_a_day_are_kept_together_on_their_day():
    content = lines(
        *(START, *DORA, ("8000", "0101"), ("3000", "17"), ("4101", "22020")),
        *(("5000", "05052020"), ("5001", "03000"), ("5000", "06052020"), ("5001", "03220")),
        *(("6001", "J20.9"), ("6003", "G")),
    )

    (dora,), report = imported(content)

    case, first, second, diagnosis = dora.entries
    assert case.content.label == "Abrechnungsschein (Ambulante Behandlung)"
    assert first.content.text.endswith("5001 Gebührenordnungsposition: 03000")
    assert (first.happened, second.happened) == (day("2020-05-05"), day("2020-05-06"))
    assert diagnosis.content.code == "J20.9"
    assert {count.id for count in report.kept} == {"4101", "5000", "5001"}


def test_a_damaged_line_keeps_its_text_in_the_chart():
    (dora,), report = imported(treated(("6220", "frei")) + b"lost and found\r\n")

    assert Foreign(label="Zeile ohne Feldkennung", field="", text="lost and found") in contents(dora)
    assert [one.line for one in report.damaged] == [11]
    assert report.fates["damaged"] == 1


def test_content_without_a_day_takes_the_day_of_the_file():
    content = lines(("8000", "0022"), ("9103", "01022021"), START, *DORA, ("3656", "Nüsse"))

    (dora,), _ = imported(content)

    assert dora.entries[0].happened == day("2021-02-01")


# ---------------------------------------------------------------------- results


def test_height_and_weight_of_a_device_are_vital_signs():
    entry = the_entry(lines(GDT, *DORA, ("3622", "178"), ("3623", "79,5"), ("6200", "23101998")))

    assert entry.content == Vitals(
        measures=(
            Measure(sign=Sign.HEIGHT, value=Decimal(178), unit="cm"),
            Measure(sign=Sign.WEIGHT, value=Decimal("79.5"), unit="kg"),
        )
    )
    assert entry.happened == day("1998-10-23")


def test_an_impossible_weight_stays_as_text():
    (dora,), _ = imported(lines(GDT, *DORA, ("3622", "178"), ("3623", "7900")))

    assert contents(dora)[1] == Foreign(label="Gewicht (kg)", field="3623", text="7900")


def test_tests_that_are_vital_signs_are_taken_together():
    content = lines(
        *(GDT, *DORA, ("8410", "SYS"), ("8411", "Systolisch"), ("8420", "135"), ("8421", "mmHg")),
        *(("8432", "23101998"), ("8439", "163400")),
        *(("8410", "DIA"), ("8411", "Diastolisch"), ("8420", "85"), ("8421", "mmHg")),
        *(("8432", "23101998"), ("8439", "163400")),
    )

    entry = the_entry(content)

    assert [measure.sign for measure in entry.content.measures] == [Sign.RR_SYS, Sign.RR_DIA]
    assert (entry.happened, entry.at) == (day("1998-10-23"), time(16, 34))


def test_other_tests_are_a_finding_in_columns_with_everything_they_say():
    content = lines(
        *(GDT, *DORA, ("6200", "23101998"), ("8402", "BDM01")),
        *(("8410", "SYSMXTG"), ("8411", "Systole max Tagphase"), ("8420", "142")),
        *(("8421", "mmHg"), ("8462", "140"), ("8422", "+"), ("8470", "Notiz")),
        *(("8410", "HB"), ("8420", "12,5"), ("8421", "g/dl")),
    )

    entry = the_entry(content)

    assert entry.content.text == (
        "Langzeit-Blutdruckmessung (BDM01)\n"
        "Systole max Tagphase [SYSMXTG]  142 mmHg +  (Norm ... bis 140)\n"
        "  Anmerkung: Notiz\n"
        "HB                              12,5 g/dl"
    )


def test_a_requested_examination_is_no_finding():
    entry = the_entry(lines(("8000", "6302"), *DORA, ("8402", "EKG01")))

    assert entry.content == Note(text="Untersuchung angefordert\n8402 Untersuchungsart (Kennfeld): EKG01")


def test_the_worked_example_of_the_standard_is_understood():
    (patient,), report = imported(shared("gdt", "albertzak-gdt2_1-6310.gdt").read_bytes())

    assert patient.patient.name.full() == "Frank Mustermann"
    assert len(patient.entries) == 7
    assert [count.id for count in report.kept] == ["3632"]
    assert report.damaged == ()


# -------------------------------------------------------------- long and large


def test_a_record_in_parts_stays_with_its_patient_and_its_day(monkeypatch):
    monkeypatch.setattr("arkanum.exchange.formats.xdt.reader.RECORD_LIMIT", 10)
    many = [("6220", f"Befund {number}") if number % 2 else ("6227", "x") for number in range(40)]

    (dora,), report = imported(treated(*many))

    assert len(dora.entries) == 40
    assert {entry.happened for entry in dora.entries} == {day("2020-05-05")}
    assert report.patients == 1
