# SPDX-License-Identifier: MPL-2.0
"""Cards for the tests of the directory: a small practice with nasty names."""

from uuid import UUID

from hypothesis import strategies as st

from arkanum.core.patients import BirthDate, Sex
from arkanum.core.query import parse_query
from arkanum.guard.directory import Card


def born(text: str) -> BirthDate:
    """Return the birth date written as `3.4.1965`."""
    day, month, year = text.split(".")
    return BirthDate(year=int(year), month=int(month), day=int(day))


def card(last: str, first: str = "", *, id_: int = 0, **parts: object) -> Card:
    """Return a card; a birth date may be given as text."""
    birth = parts.pop("birth", None)
    if isinstance(birth, str):
        birth = born(birth)
    return Card(patient=UUID(int=id_), last=last, first=first, sex=Sex.X, birth=birth, **parts)


PRACTICE = [
    card("Müller", "Anna", id_=1, number="1", birth="3.4.1965", phones=("0221/4711",), kvnr=("A123456780",)),
    card("Mueller", "Bernd", id_=2, number="12", birth="3.4.1966", phones=("+49 221 4712",)),
    card("Muller", "Carl", id_=3, number="120", birth="4.4.1965", phones=("0049 (0)151 2345678", "4711 00")),
    card("Munk", "Dora", id_=4, number="1201", birth="13.12.2003"),
    card("Michalski", "Jan", id_=5, number="00471", birth=BirthDate(year=1965)),
    card("Hahn", "Michael", id_=6, number="4711", birth=BirthDate(year=1965, month=4)),
    card("Tann-Öttinger", "Ute", id_=7, prefix="von und zu der", suffix="Freifrau", title="Dr."),
    card("O'Neill", "Sean", id_=8, birth="1.1.1903"),
    card("Oneill", "Kate", id_=9, birth="1.1.2003"),
    card("Şahin", "Ayşe", id_=10, number="P-123", kvnr=("S1", "T222333444")),
    card("Nguyễn", "Thị Hương", id_=11),
    card("Wałęsa", "Łukasz", id_=12),
    card("Berg", "Piet", id_=13, prefix="van den"),
    card("Meyer", "Karl-Heinz", id_=14, birth="29.2.2000"),
    card("Mayr", "Karlheinz", id_=15),
    card("Groß", "Zoë", id_=16),
    card("Schmidt", "Manuel", id_=17),
    card("Herr", "Max", id_=18, number="80"),
    card("Lu", "Wei", id_=19),
    card("Lü", "Bo", id_=20),
    card("Katzenmeier", "Ida", id_=21),
    card("", "", id_=22, number="0"),
    card("Bauer", "X" * 45, id_=23),
]

words = st.sampled_from(["Müller", "Mueller", "Muller", "O'Neill", "Tann-Öttinger", "Şahin", "Lü", "von der", "Ä", "i̇"])
names = words | st.text(max_size=12) | st.just("")
cards = st.builds(
    Card,
    patient=st.integers(0, 12).map(lambda number: UUID(int=number)),
    number=st.from_regex(r"[0-9]{0,3}", fullmatch=True) | st.text(max_size=4),
    last=names,
    first=names,
    prefix=st.sampled_from(["", "von", "van den"]),
    suffix=st.sampled_from(["", "Graf"]),
    title=st.sampled_from(["", "Dr."]),
    birth=st.none() | st.dates().map(BirthDate.of) | st.integers(1900, 2020).map(lambda year: BirthDate(year=year)),
    sex=st.sampled_from(Sex),
    kvnr=st.lists(st.from_regex(r"[A-Z][0-9]{9}", fullmatch=True) | st.text(max_size=3), max_size=2).map(tuple),
    phones=st.lists(st.text("0123456789+/ -()|\n", max_size=14), max_size=3).map(tuple),
    town=st.sampled_from(["", "Köln"]),
)

typed = (
    st.text(max_size=20)
    | words
    | st.text("0123456789./+- amü", max_size=12)
    | st.sampled_from(["müller 3.4.65", "o neill", "1965", "dr müller", "a123", "tann ött", "müllre", "03041965"])
)


def understood(text: str) -> bool:
    """Tell whether there is anything to look for in a text."""
    return bool(parse_query(text))
