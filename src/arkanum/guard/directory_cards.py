# SPDX-License-Identifier: MPL-2.0
"""What the directory keeps of a patient: enough to find them and to show one line, and nothing medical."""

from collections.abc import Iterable
from functools import lru_cache
from sys import intern
from typing import Literal
from uuid import UUID

import msgspec

from arkanum.core.errors import ImpossibleValue
from arkanum.core.names import fold
from arkanum.core.patients import AddressKind, BirthDate, InsuranceKind, Patient, Sex
from arkanum.core.unusual import Home
from arkanum.guard.roles import Action
from arkanum.guard.shown import shown

FORMAT = 2
"""Format of a page of cards. Pages are a cache: another format is not read but built again from the patients."""


@shown({Action.FIND_PATIENT: "patient number last first title prefix suffix birth sex kvnr phones town"})
class Card(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """One patient's line in the directory.

    A struct of msgspec instead of a dataclass, because the garbage collector passes 60,000 of them over.

    Attributes:
        patient: the patient's id.
        number: the practice's own number for the patient.
        kvnr: numbers of the insured person, all that were ever noted.
        phones: phone numbers as they were written.
        town: town of the home address, for telling two people of one name apart.
    """

    patient: UUID
    number: str = ""
    last: str
    first: str
    title: str = ""
    prefix: str = ""
    suffix: str = ""
    birth: BirthDate | None = None
    sex: Sex
    kvnr: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    town: str = ""

    def __repr__(self) -> str:
        """Name the id only: the rest is a patient's name."""
        return f"<Card {self.patient}>"


class Hit(msgspec.Struct, frozen=True):
    """A card that was found.

    Attributes:
        card: the patient's card.
        why: German reason when what was typed does not stand in the name or the birth date, else `None`.
    """

    card: Card
    why: str | None = None


def card_of(patient_id: UUID, patient: Patient) -> Card:
    """Return a patient's card."""
    name = patient.name
    homes = [address.town for address in patient.addresses if address.kind is AddressKind.HOME]
    towns = [*homes, *(address.town for address in patient.addresses)]
    insured = (episode.number for episode in patient.insurance if episode.kind is InsuranceKind.STATUTORY)
    return Card(
        patient=patient_id,
        number=patient.number,
        last=name.last,
        first=name.first,
        title=name.title,
        prefix=name.prefix,
        suffix=name.suffix,
        birth=patient.birth,
        sex=patient.sex,
        kvnr=tuple(dict.fromkeys(filter(None, insured))),
        phones=tuple(phone.number for phone in patient.phones if phone.number),
        town=next(filter(None, towns), ""),
    )


def sort_key(card: Card) -> str:
    """Return what German lists of names sort by; no two patients have the same.

    The last name counts without its prefix: von Lovelace stands under L. Then
    count first name, prefix, exact spelling, birth date, number and id.

    Source: DIN 5007-1:2005, variant 2; order within a name by DIN 5007-2:1996.
    """
    name = f"{fold(card.last)}\0{fold(card.first)}\0{fold(card.prefix)}\0{card.last}\0{card.first}"
    return f"{name}\0{birth_number(card.birth):08}\0{card.number}\0{card.patient.hex}"


def birth_number(birth: BirthDate | None) -> int:
    """Return a birth date as `yyyymmdd` with 00 for what is unknown; 0 for an unknown date."""
    if birth is None:
        return 0
    return birth.year * 10_000 + (birth.month or 0) * 100 + (birth.day or 0)


@lru_cache(maxsize=65_536)
def _birth_date(number: int) -> BirthDate | None:
    """Return the date of a birth number; patients born on one day share it in memory."""
    if number == 0:
        return None
    return BirthDate(year=number // 10_000, month=number // 100 % 100 or None, day=number % 100 or None)


_Row = tuple[UUID, str, str, str, str, str, str, int, Sex, tuple[str, ...], tuple[str, ...], str, str, int]
_encoder = msgspec.msgpack.Encoder(uuid_format="bytes")
_decoder = msgspec.msgpack.Decoder(tuple[Literal[2], list[_Row]])


def encode_cards(cards: Iterable[tuple[Card, Home | None]]) -> bytes:
    """Return the bytes of a page of cards, each with the patient's home where that is known."""
    return _encoder.encode((FORMAT, [_row(card, home) for card, home in cards]))


def decode_cards(body: bytes) -> list[tuple[Card, Home | None]]:
    """Return the cards of a page, each with the patient's home where that is known.

    Raises:
        msgspec.DecodeError: the bytes are no page, or one of another format.
    """
    _, rows = _decoder.decode(body)
    try:
        return [(_card(row), Home(row[-2], row[-1]) if row[-2] else None) for row in rows]
    except ImpossibleValue:
        raise msgspec.DecodeError from None


def _row(card: Card, home: Home | None) -> _Row:
    name = (card.last, card.first, card.title, card.prefix, card.suffix)
    born = birth_number(card.birth)
    lives = ("", 0) if home is None else (home.street, home.number)
    return (card.patient, card.number, *name, born, card.sex, card.kvnr, card.phones, card.town, *lives)


def _card(row: _Row) -> Card:
    patient, number, last, first, title, prefix, suffix, born, sex, kvnr, phones, town, _, _ = row
    return Card(
        patient=patient,
        number=number,
        # Names and towns that many patients share stand in memory once.
        last=intern(last),
        first=intern(first),
        title=intern(title),
        prefix=intern(prefix),
        suffix=intern(suffix),
        birth=_birth_date(born),
        sex=sex,
        kvnr=kvnr,
        phones=phones,
        town=intern(town),
    )
