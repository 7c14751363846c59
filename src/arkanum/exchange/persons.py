# SPDX-License-Identifier: MPL-2.0
"""From xDT fields to a patient's master data.

Each field is either read into the patient or handed back, so that the caller
can keep it as text.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from arkanum.core.patients import (
    Address,
    AddressKind,
    BirthDate,
    Insurance,
    InsuranceKind,
    Name,
    Phone,
    Sex,
)
from arkanum.exchange.formats import xdt

_POSTCODE_AND_TOWN = re.compile(r"(?:([A-Z]{1,3})[ -]+)?(\d{4,5})[ ,]+(\S.*)")
_KVNR = re.compile(r"[A-Z]\d{9}")
_PREFIX_WORDS = frozenset(
    {
        *("von", "vom", "zu", "zum", "zur", "van", "de", "der", "den", "del", "di", "da", "dal", "du"),
        *("la", "le", "les", "el", "al", "bin", "ibn", "ten", "ter", "op", "und", "auf", "in", "an", "am", "im"),
        *("dem", "des", "het", "'t", "mac"),
    }
)
_SEXES = {
    **dict.fromkeys(("1", "M"), Sex.M),
    **dict.fromkeys(("2", "W", "F"), Sex.W),
    "D": Sex.D,
    **dict.fromkeys(("X", "U"), Sex.X),
}
_STATUS = {"1": "Mitglied", "3": "Familienversicherte", "5": "Rentner"}


@dataclass(frozen=True, slots=True)
class Person:
    """Master data as one or more records tell them, before anyone signs for them.

    Attributes:
        number: patient number of the sending system; never a key.
        name: the name; both parts may be empty.
        birth: day of birth, perhaps in parts.
        sex: sex, or `None` when the file does not say.
        addresses: home and post-office box.
        phones: telephone numbers.
        emails: e-mail addresses.
        insurance: episodes of being insured, the latest last.
    """

    number: str = ""
    name: Name = field(default_factory=lambda: Name(first="", last=""))
    birth: BirthDate | None = None
    sex: Sex | None = None
    addresses: tuple[Address, ...] = ()
    phones: tuple[Phone, ...] = ()
    emails: tuple[str, ...] = ()
    insurance: tuple[Insurance, ...] = ()

    @property
    def has_name(self) -> bool:
        """Whether the file names this person at all."""
        return bool(self.name.last or self.name.first)

    @property
    def kvnr(self) -> str:
        """Number of the insured person, the latest one, or empty."""
        numbers = (one.number for one in reversed(self.insurance) if is_kvnr(one.number))
        return next(numbers, "")


def is_kvnr(number: str) -> bool:
    """Tell by its form whether a number is a KVNR, which stays with a person for life."""
    return _KVNR.fullmatch(number) is not None


def person_of(fields: Sequence[xdt.Field]) -> tuple[Person, tuple[xdt.Field, ...]]:
    """Read master data.

    Args:
        fields: the person and insurance fields of one record.

    Returns:
        The person, and the fields that could not be read into it.
    """
    desk = _Desk(fields)
    person = Person(
        number=desk.take("3000") or desk.take("3600"),
        name=_name(desk),
        birth=_birth(desk),
        sex=_sex(desk),
        addresses=_addresses(desk),
        phones=_phones(desk),
        emails=tuple(text.strip() for text in desk.take_all("3619")),
        insurance=_insurance(desk),
    )
    return person, desk.left()


def merged(known: Person, more: Person) -> Person:
    """Add what a later record tells about the same person; what is known stays."""
    return replace(
        known,
        number=known.number or more.number,
        name=known.name if known.has_name else more.name,
        birth=known.birth or more.birth,
        sex=known.sex or more.sex,
        addresses=tuple(dict.fromkeys((*known.addresses, *more.addresses))),
        phones=tuple(dict.fromkeys((*known.phones, *more.phones))),
        emails=tuple(dict.fromkeys((*known.emails, *more.emails))),
        insurance=_merged_insurance(known.insurance, more.insurance),
    )


def conflicts(known: Person, more: Person) -> tuple[str, ...]:
    """Return what a later record says otherwise about the same person, as text to keep."""
    texts = []
    if more.has_name and more.name != known.name:
        texts.append(f"Name: {more.name.full()}")
    if more.birth and known.birth and more.birth != known.birth:
        texts.append(f"Geburtsdatum: {more.birth.german()}")
    if more.sex and known.sex and more.sex is not known.sex:
        texts.append(f"Geschlecht: {more.sex.value}")
    if more.number and known.number and more.number != known.number:
        texts.append(f"Patientennummer: {more.number}")
    return tuple(texts)


def _merged_insurance(known: tuple[Insurance, ...], more: tuple[Insurance, ...]) -> tuple[Insurance, ...]:
    """Keep one episode for each insurer and number; the latest record has the latest dates."""
    episodes = {(one.kind, one.number, one.ik, one.payer): one for one in known}
    for one in more:
        key = (one.kind, one.number, one.ik, one.payer)
        before = episodes.pop(key, one)
        episodes[key] = replace(
            one,
            status=one.status or before.status,
            valid_from=one.valid_from or before.valid_from,
            valid_until=one.valid_until or before.valid_until,
        )
    return tuple(episodes.values())


class _Desk:
    """Hands out each field once; what nobody took is left."""

    def __init__(self, fields: Iterable[xdt.Field]) -> None:
        self._open: dict[str, list[xdt.Field]] = {}
        for one in fields:
            if one.text.strip():
                self._open.setdefault(one.id, []).append(one)

    def has(self, field_id: str) -> bool:
        return field_id in self._open

    def peek(self, field_id: str) -> str:
        found = self._open.get(field_id)
        return found[0].text.strip() if found else ""

    def take(self, field_id: str) -> str:
        """Take the first field with this id, and those that only repeat it."""
        text = self.peek(field_id)
        if text:
            self._keep(field_id, [one for one in self._open[field_id] if one.text.strip() != text])
        return text

    def take_all(self, field_id: str) -> list[str]:
        texts = [one.text.strip() for one in self._open.pop(field_id, ())]
        return list(dict.fromkeys(texts))

    def left(self) -> tuple[xdt.Field, ...]:
        rest = [one for fields in self._open.values() for one in fields]
        return tuple(sorted(rest, key=lambda one: one.line))

    def _keep(self, field_id: str, rest: list[xdt.Field]) -> None:
        if rest:
            self._open[field_id] = rest
        else:
            del self._open[field_id]


def _name(desk: _Desk) -> Name:
    prefix, suffix = _parts_of_nobility(desk.take("3100"))
    return Name(
        title=desk.take("3104"),
        first=desk.take("3102"),
        last=desk.take("3101"),
        prefix=" ".join(filter(None, (prefix, desk.take("3120")))),
        suffix=suffix,
    )


def _parts_of_nobility(text: str) -> tuple[str, str]:
    """Part `Freiherr von` into prefix `von` and suffix `Freiherr`: 3100 may hold either."""
    words = text.split()
    prefix = [word for word in words if word.lower() in _PREFIX_WORDS]
    suffix = [word for word in words if word.lower() not in _PREFIX_WORDS]
    return " ".join(prefix), " ".join(suffix)


def _birth(desk: _Desk) -> BirthDate | None:
    day = xdt.read_partial_date(desk.peek("3103"))
    if day is not None:
        desk.take("3103")
        return BirthDate(year=day.year, month=day.month, day=day.day)
    year = xdt.read_partial_date("0000" + desk.peek("3111")) if not desk.has("3103") else None
    if year is None:
        return None
    desk.take("3111")
    return BirthDate(year=year.year)


def _sex(desk: _Desk) -> Sex | None:
    sex = _SEXES.get(desk.peek("3110").upper())
    if sex is not None:
        desk.take("3110")
    return sex


def _addresses(desk: _Desk) -> tuple[Address, ...]:
    homes = Address(
        street=desk.take("3107"),
        house_no=desk.take("3109"),
        extra=desk.take("3115"),
        postcode=desk.take("3112"),
        town=desk.take("3113"),
        country=desk.take("3114") or "D",
    )
    home = _with_old_town(homes, desk)
    box = _post_office_box(desk)
    empty = Address(country=home.country)
    return tuple(one for one in (home, box) if one is not None and one != empty)


def _with_old_town(home: Address, desk: _Desk) -> Address:
    """Read 3106, in which older files write postcode and town together."""
    found = _POSTCODE_AND_TOWN.fullmatch(desk.peek("3106"))
    if found is None:
        if not home.town:
            return replace(home, town=desk.take("3106"))
        return home
    if (home.postcode or found[2], home.town or found[3]) != (found[2], found[3]):
        return home
    desk.take("3106")
    return replace(home, postcode=found[2], town=found[3], country=found[1] or home.country)


def _post_office_box(desk: _Desk) -> Address | None:
    box = Address(
        kind=AddressKind.POST,
        extra=" ".join(filter(None, ("Postfach", desk.peek("3123")))) if desk.has("3123") else "",
        postcode=desk.take("3121"),
        town=desk.take("3122"),
        country=desk.take("3124") or "D",
    )
    desk.take("3123")
    return box if box.extra or box.postcode or box.town else None


def _phones(desk: _Desk) -> tuple[Phone, ...]:
    usual = (Phone(number=number) for number in desk.take_all("3626"))
    mobile = (Phone(number=number, label="mobil") for number in desk.take_all("3618"))
    return (*usual, *mobile)


def _insurance(desk: _Desk) -> tuple[Insurance, ...]:
    """Read the episode that the record tells of, and an accident insurer beside it."""
    accident = desk.take("3152")
    by_accident = Insurance(kind=InsuranceKind.ACCIDENT, payer=accident)
    number = desk.take("3119") or desk.take("3105")
    ik, payer = desk.take("4111"), desk.take("4134")
    others = (by_accident,) if accident else ()
    if not (number or ik or payer):
        return others
    episode = Insurance(
        kind=InsuranceKind.STATUTORY,
        payer=payer,
        ik=ik,
        number=number,
        status=_status(desk),
        valid_from=_date_of(desk, "4133", "3612"),
        valid_until=_month_end_of(desk, "4110"),
    )
    return (*others, episode)


def _status(desk: _Desk) -> str:
    kind = desk.take("3108") or desk.take("4112")
    return _STATUS.get(kind[:1], kind) if len(kind) <= len("10") else kind


def _date_of(desk: _Desk, *ids: str) -> date | None:
    for field_id in ids:
        day = xdt.read_date(desk.peek(field_id))
        if day is not None:
            desk.take(field_id)
            return day
    return None


def _month_end_of(desk: _Desk, field_id: str) -> date | None:
    day = xdt.read_month_end(desk.peek(field_id))
    if day is not None:
        desk.take(field_id)
    return day
