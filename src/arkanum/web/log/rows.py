# SPDX-License-Identifier: MPL-2.0
"""Lines of the log in German, as plain strings for the pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from arkanum.core.unusual import REASONS, Mark
from arkanum.guard import Action
from arkanum.guard.directory import Card
from arkanum.guard.protocol import LogLine, OwnLine
from arkanum.web.doors import Visitor
from arkanum.web.german import moment

CARDS_AT_ONCE = 200

SHORT = {
    Mark.OWN_NAME: "eigener Name",
    Mark.SAME_LAST_NAME: "gleicher Nachname",
    Mark.COLLEAGUE: "Kollegin, Kollege",
    Mark.NEIGHBOUR: "dieselbe Straße",
    Mark.RELATION: "persönlicher Bezug",
    Mark.CANARY: "Köder",
    Mark.NIGHT: "ungewöhnliche Zeit",
    Mark.MANY: "viele auf einmal",
    Mark.REFUSED: "",
    Mark.BREAK_GLASS: "",
    Mark.ALARM: "",
}
"""Words on the tag; where the outcome says it already, none."""

DETAILED = {"break_glass": "", "acknowledge_alarm": " ", "list_begun": ": "}
"""Deeds whose detail is a sentence that somebody wrote for whoever reads the log, and what it stands behind."""


@dataclass(frozen=True, slots=True)
class Tag:
    """Why a line stands out."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the log in German."""

    no: int
    at: str
    person: str
    device: str
    what: str
    detail: str
    patient: UUID | None
    patient_name: str
    outcome: str
    tags: list[Tag]
    odd: bool


def cards_of(visitor: Visitor, patients: Iterable[UUID | None]) -> dict[UUID, Card]:
    """Return the names of patients, for those who may see names."""
    wanted = sorted({patient for patient in patients if patient is not None})
    if not wanted or not visitor.may(Action.FIND_PATIENT):
        return {}
    found: dict[UUID, Card] = {}
    for some in (wanted[at : at + CARDS_AT_ONCE] for at in range(0, len(wanted), CARDS_AT_ONCE)):
        found |= {card.patient: card for card in visitor.client.cards(visitor.token, some)}
    return found


def name_on(card: Card | None) -> str:
    """Return a name as it stands in lists."""
    return f"{card.last}, {card.first}" if card else ""


def tags_of(marks: Iterable[str]) -> list[Tag]:
    """Return the marks of a line as tags."""
    known = [Mark(mark) for mark in marks]
    return [Tag(SHORT[mark], REASONS[mark]) for mark in known if SHORT[mark]]


def row_of(line: LogLine | OwnLine, cards: dict[UUID, Card], deeds: dict[str, str], outcomes: dict[str, str]) -> Row:
    """Return a line as the page shows it."""
    return Row(
        no=line.no,
        at=moment(line.at),
        person=line.person_name if isinstance(line, LogLine) else "",
        device=line.device_name,
        what=deeds.get(line.what, line.what),
        detail=_detail(line),
        patient=line.patient,
        patient_name=_called(line.patient, cards),
        outcome=outcomes.get(line.outcome, line.outcome),
        tags=tags_of(line.marks),
        odd=bool(line.marks),
    )


def _called(patient: UUID | None, cards: dict[UUID, Card]) -> str:
    """Return a patient's name, or for whoever may not see names the end of the id, by which lines belong together."""
    if patient is None:
        return ""
    return name_on(cards.get(patient)) or f"Patient {patient.hex[-8:]}"


def _detail(line: LogLine | OwnLine) -> str:
    if line.what not in DETAILED:
        return ""
    mark = DETAILED[line.what]
    return line.detail.partition(mark)[2] if mark else line.detail
