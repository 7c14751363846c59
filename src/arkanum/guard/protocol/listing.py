# SPDX-License-Identifier: MPL-2.0
"""Lists of many patients for one purpose: a capability for a quarter of an hour, and pages of the purpose's fields."""

from __future__ import annotations

from typing import Annotated

import msgspec

from arkanum.core.patients import Address, BirthDate, InsuranceKind, Phone
from arkanum.guard.protocol.base import Asked, Message
from arkanum.guard.purposes import Purpose
from arkanum.guard.roles import Action
from arkanum.guard.shown import shown

_LISTS = (Action.LIST_RECALL, Action.LIST_BILLING)

Year = Annotated[int, msgspec.Meta(ge=0, le=9999)]
Month = Annotated[int, msgspec.Meta(ge=0, le=12)]


class Criteria(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a list is about: all that is given must fit; 0, nothing and `False` pick nobody out.

    Attributes:
        birth_month: 1 to 12.
        born_from: the first year of birth.
        born_until: the last year of birth.
        insurance: how they are insured today.
        phone_missing: those without any phone number.
        insurance_missing: those who are not insured today, or without a number.
    """

    birth_month: Month = 0
    born_from: Year = 0
    born_until: Year = 0
    insurance: InsuranceKind | None = None
    phone_missing: bool = False
    insurance_missing: bool = False


class BeginPurpose(Asked, frozen=True, kw_only=True):
    """Begin a list, with one's own pass phrase and a reason."""

    purpose: Purpose
    criteria: Criteria
    reason: str
    passphrase: str


class AskPurpose(Asked, frozen=True, kw_only=True):
    """Ask for one page of a list that was begun."""

    capability: bytes
    page: bytes


@shown({_LISTS: "capability first_page count"})
class Capability(Message, frozen=True, kw_only=True):
    """What asks for the pages of one list: for this session alone, and for a quarter of an hour.

    Attributes:
        capability: 32 random bytes.
        first_page: the key of the first page; nothing where the list is empty.
        count: how many patients stand on the list.
    """

    capability: bytes
    first_page: bytes
    count: int


@shown(
    {
        _LISTS: "number name birth",
        Action.LIST_RECALL: "phones emails address",
        Action.LIST_BILLING: "insurance_kind payer insurance_number",
    }
)
class ListedPatient(Message, frozen=True, kw_only=True):
    """One line of a list. No id stands in it: a list is no way to a chart."""

    number: str = ""
    name: str = ""
    birth: BirthDate | None = None
    phones: tuple[Phone, ...] = ()
    emails: tuple[str, ...] = ()
    address: Address | None = None
    insurance_kind: InsuranceKind | None = None
    payer: str = ""
    insurance_number: str = ""


@shown({_LISTS: "lines next_page"})
class ListPage(Message, frozen=True, kw_only=True):
    """One page of a list, and the key of the next one; nothing after the last."""

    lines: tuple[ListedPatient, ...]
    next_page: bytes
