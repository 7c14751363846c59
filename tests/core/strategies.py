# SPDX-License-Identifier: MPL-2.0
"""Values of the core as hypothesis draws them, and Dora as everybody knows her."""

from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

from hypothesis import strategies as st

from arkanum.core import (
    Address,
    AddressKind,
    BirthDate,
    Caution,
    Certainty,
    Diagnosis,
    Entry,
    Finding,
    Foreign,
    History,
    Insurance,
    InsuranceKind,
    Measure,
    Medication,
    Name,
    Note,
    Origin,
    Patient,
    Phone,
    Sex,
    Side,
    Sign,
    Therapy,
    Vitals,
)

ADA = UUID("018f1e2d-3c4b-7a59-8877-000000000ada")
WRITTEN = datetime(2026, 11, 23, 9, 15, tzinfo=UTC)


def dora(**changes):
    """Return the patient Dora, with changes."""
    known = {
        "number": "4711",
        "name": Name(first="Dora", last="Öttinger", prefix="von"),
        "birth": BirthDate(year=1965, month=4, day=3),
        "sex": Sex.W,
        "by": ADA,
        "written": WRITTEN,
    }
    return Patient(**known | changes)


def entry(content, **changes):
    """Return an entry that Dr. Ada wrote today, with changes."""
    return Entry(**{"content": content, "happened": date(2026, 11, 23), "by": ADA, "written": WRITTEN} | changes)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
words = texts.map(str.strip).filter(bool)
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
# Hypothesis wants the bounds naive; the zone comes with each draw.
moments = st.datetimes(datetime(1900, 1, 2), datetime(2200, 1, 1), timezones=zones)  # noqa: DTZ001
numbers = st.decimals(-999_999, 999_999, allow_nan=False, allow_infinity=False, places=2)
days = st.dates(date(1000, 1, 1))


@st.composite
def births(draw):
    known = BirthDate.of(draw(st.dates()))
    month = draw(st.sampled_from([known.month, None]))
    day = draw(st.sampled_from([known.day, None])) if month else None
    return BirthDate(year=known.year, month=month, day=day)


origins = st.builds(Origin, source=texts, file=texts, record=texts, lines=st.tuples(*[st.integers(0, 2**40)] * 2))
measures = st.builds(Measure, sign=st.sampled_from(Sign), value=numbers, unit=texts)
diagnoses = st.builds(
    Diagnosis,
    code=st.none() | texts,
    text=texts,
    certainty=st.sampled_from(Certainty),
    side=st.none() | st.sampled_from(Side),
    permanent=st.booleans(),
)
medications = st.builds(
    Medication,
    name=texts,
    dose=texts,
    reason=texts,
    since=st.none() | st.dates(),
    until=st.none() | st.dates(),
    permanent=st.booleans(),
    pzn=texts,
)
contents = st.one_of(
    diagnoses,
    medications,
    *(st.builds(kind, text=texts) for kind in (Finding, Therapy, History, Note)),
    st.builds(Caution, text=texts, allergy=st.booleans()),
    st.builds(Vitals, measures=st.lists(measures, max_size=4).map(tuple)),
    st.builds(Foreign, label=texts, field=texts, text=texts, columns=st.booleans()),
)
entries = st.builds(
    Entry,
    content=contents,
    happened=st.dates(),
    at=st.none() | st.times(),
    by=st.uuids(),
    written=moments,
    origin=st.none() | origins,
    struck=st.none() | texts,
)
names = st.builds(Name, title=texts, first=texts, last=texts, prefix=texts, suffix=texts)
addresses = st.builds(Address, kind=st.sampled_from(AddressKind), street=texts, house_no=texts, extra=texts)
insurances = st.builds(
    Insurance,
    kind=st.sampled_from(InsuranceKind),
    payer=texts,
    ik=texts,
    number=texts,
    status=texts,
    valid_from=st.none() | st.dates(),
    valid_until=st.none() | st.dates(),
)
patients = st.builds(
    Patient,
    number=texts,
    name=names,
    birth=st.none() | births(),
    sex=st.sampled_from(Sex),
    addresses=st.lists(addresses, max_size=2).map(tuple),
    phones=st.lists(st.builds(Phone, number=texts, label=texts), max_size=2).map(tuple),
    emails=st.lists(texts, max_size=2).map(tuple),
    insurance=st.lists(insurances, max_size=2).map(tuple),
    desk_note=texts,
    died_on=st.none() | st.dates(),
    by=st.uuids(),
    written=moments,
    origin=st.none() | origins,
)
records = patients | entries
