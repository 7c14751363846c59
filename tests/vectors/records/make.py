# SPDX-License-Identifier: MPL-2.0
"""Make the test vectors of today's record format.

    .venv/bin/python tests/vectors/records/make.py

Run once for each format, when it is born. A file that is committed is never made
again: its bytes lie in practices.
"""

import json
import sys
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import msgspec

from arkanum import core
from arkanum.core.codec import FORMAT

GOAL = Path(__file__).parent / f"format-{FORMAT}.json"
ADA = UUID("018f1e2d-3c4b-7a59-8877-000000000ada")
WRITTEN = datetime(2026, 11, 23, 9, 15, 30, 250_000, tzinfo=UTC)
IMPORTED = core.Origin(source="BDT", file="0f" * 16, record="a1b2c3", lines=(17, 23))


def entry(content: core.Content, **more: object) -> core.Entry:
    """Return an entry of Dr. Ada."""
    return core.Entry(**{"content": content, "happened": date(2026, 11, 23), "by": ADA, "written": WRITTEN} | more)


def records() -> dict[str, core.Record]:
    """Return a record of every kind, with and without what may be missing."""
    return {
        "a diagnosis with everything": entry(
            core.Diagnosis(
                code="M54.4",
                text="Lumboischialgie",
                certainty=core.Certainty.V,
                side=core.Side.L,
                permanent=True,
            ),
            at=time(14, 5),
            written=datetime(2026, 11, 23, 10, 15, tzinfo=timezone(timedelta(hours=1))),
            origin=IMPORTED,
            struck="falscher Patient",
        ),
        "a diagnosis in free words": entry(core.Diagnosis(text="akute Bronchitis – Ärger 😷")),
        "a finding": entry(core.Finding(text="Lunge frei")),
        "a therapy of two lines": entry(core.Therapy(text="Ruhe\nTee")),
        "a history": entry(core.History(text="Husten seit drei Tagen")),
        "a note without a word": entry(core.Note(text="")),
        "a medicine with everything": entry(
            core.Medication(
                name="Ramipril 5 mg",
                dose="1-0-0",
                reason="Hypertonie",
                since=date(2024, 4, 3),
                until=date(2027, 1, 1),
                permanent=True,
                pzn="01234562",
            )
        ),
        "a medicine by its name": entry(core.Medication(name="Ibuprofen")),
        "an allergy": entry(core.Caution(text="Penicillin", allergy=True)),
        "vital signs": entry(
            core.Vitals(
                measures=tuple(
                    core.Measure(sign=sign, value=Decimal(value), unit=unit)
                    for sign, value, unit in (
                        (core.Sign.RR_SYS, "135", "mmHg"),
                        (core.Sign.RR_DIA, "85", "mmHg"),
                        (core.Sign.PULSE, "72", "/min"),
                        (core.Sign.TEMP, "37.80", "°C"),
                        (core.Sign.WEIGHT, "81", "kg"),
                        (core.Sign.HEIGHT, "176", "cm"),
                        (core.Sign.SPO2, "98", "%"),
                        (core.Sign.GLUCOSE, "6.1", "mmol/l"),
                        (core.Sign.RESP, "16", "/min"),
                    )
                )
            )
        ),
        "a foreign table": entry(
            core.Foreign(label="Laborblatt", field="6228", text="Hb   14,2\nLeuko  6,1", columns=True), origin=IMPORTED
        ),
        "a patient with everything": core.Patient(
            number="4711",
            name=core.Name(title="Dr.", first="Dora", last="Tann-Öttinger", prefix="von und zu der", suffix="Freifrau"),
            birth=core.BirthDate(year=1965, month=4, day=3),
            sex=core.Sex.W,
            addresses=(
                core.Address(
                    kind=core.AddressKind.HOME,
                    street="Hauptstraße",
                    house_no="3a",
                    extra="Hinterhaus",
                    postcode="01067",
                    town="Dresden",
                ),
                core.Address(
                    kind=core.AddressKind.POST, street="Postfach 12", postcode="1010", town="Wien", country="A"
                ),
            ),
            phones=(core.Phone(number="0351 / 12 34 56", label="privat"), core.Phone(number="+491701234567")),
            emails=("dora@example.org",),
            insurance=(
                core.Insurance(
                    kind=core.InsuranceKind.STATUTORY,
                    payer="AOK PLUS",
                    ik="107299005",
                    number="K220645122",
                    status="1",
                    valid_from=date(2020, 1, 1),
                    valid_until=date(2025, 12, 31),
                ),
                core.Insurance(kind=core.InsuranceKind.SELF_PAYER),
            ),
            desk_note="hört schwer",
            died_on=date(2026, 11, 1),
            by=ADA,
            written=WRITTEN,
            origin=IMPORTED,
        ),
        "a patient of whom little is known": core.Patient(
            number="",
            name=core.Name(first="", last="Nguyễn"),
            birth=core.BirthDate(year=1981, month=9),
            sex=core.Sex.X,
            by=ADA,
            written=WRITTEN,
        ),
        "a patient without a birth date": core.Patient(
            number="1", name=core.Name(first="Emil", last="Şahin"), sex=core.Sex.D, by=ADA, written=WRITTEN
        ),
    }


def spoilt() -> dict[str, tuple[str, bytes]]:
    """Return bytes that must not be read, and the error they must give."""
    good = core.encode(entry(core.Finding(text="Lunge frei")))
    kind, number, payload = msgspec.msgpack.decode(good)
    return {
        "nothing": ("Malformed", b""),
        "cut by a byte": ("Malformed", good[:-1]),
        "a byte too many": ("Malformed", good + b"\x00"),
        "one field too few": ("Malformed", msgspec.msgpack.encode([kind, number, payload[:-1]])),
        "one field too many": ("Malformed", msgspec.msgpack.encode([kind, number, [*payload, None]])),
        "a number for a text": ("Malformed", msgspec.msgpack.encode([kind, number, [[5], *payload[1:]]])),
        "30 February": ("Malformed", msgspec.msgpack.encode([kind, number, [payload[0], "2026-02-30", *payload[2:]]])),
        "a format of tomorrow": ("UnknownFormat", msgspec.msgpack.encode([kind, 999, payload])),
        "a kind of tomorrow": ("UnknownFormat", msgspec.msgpack.encode(["dream", 1, payload])),
    }


def main() -> int:
    """Write the file of today's format, unless it exists."""
    if GOAL.exists():
        print(f"{GOAL} is there and stays as it is.")
        return 1
    vectors = [
        {"name": name, "body": body.hex(), "record": msgspec.to_builtins(core.decode(body))}
        for name, body in ((name, core.encode(record)) for name, record in records().items())
    ]
    vectors += [{"name": name, "expect": error, "body": body.hex()} for name, (error, body) in spoilt().items()]
    about = (
        "Records of the core. What has a record must open for ever and mean the same; what has `expect` must not open."
    )
    text = json.dumps({"about": about, "vectors": vectors}, ensure_ascii=False, indent=1)
    GOAL.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
