# SPDX-License-Identifier: MPL-2.0
"""From a group of xDT fields to what stands in the chart.

What is not understood becomes text with the field's id and name, so that
nothing is lost on the way.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time

from arkanum.core.entries import (
    Caution,
    Content,
    Diagnosis,
    Finding,
    Foreign,
    History,
    Medication,
    Note,
    Therapy,
    Vitals,
)
from arkanum.exchange.diagnoses import CodeText, diagnosis_of
from arkanum.exchange.drafts import Draft
from arkanum.exchange.families import PARTS, Family, Group, Part
from arkanum.exchange.formats import xdt
from arkanum.exchange.results import body_measures, drafts_of_results, pressure_of

_ALLERGY = "3656"
_NEGATIVE = re.compile(
    r"(?:keine?(?: bekannt\w*)?|nein|nicht bekannt|unbekannt|k\.\s?a\.|-+|o\.\s?b\.)\.?", re.IGNORECASE
)
_DOSE = re.compile(r"(.+?)\s+(\d[\d.,/]*(?:\s?-\s?\d[\d.,/]*){2,3})\s*")


@dataclass(frozen=True, slots=True)
class Moment:
    """Day and time that the fields before have set.

    Attributes:
        day: day of the treatment, or `None` when not said yet.
        at: time of that day, or `None`.
        record: German name of the record, for billing fields.
        requested: the record asks for an examination and brings no result.
    """

    day: date | None
    at: time | None
    record: str
    requested: bool = False


def drafts_of(group: Group, moment: Moment, code_text: CodeText) -> list[Draft]:
    """Turn a group of fields into drafts of chart entries; none for structure.

    Args:
        group: fields that say one thing together.
        moment: day and time they belong to.
        code_text: gives the catalogue's text of a code without words.

    Returns:
        At least one draft for every group that holds content.
    """
    if group.family is Family.RESULT and moment.requested:
        text = "\n".join(["Untersuchung angefordert", *(_named(field) for field in group.fields)])
        return [Draft(Note(text=text), moment.day, moment.at, group.lines)]
    if group.family is Family.RESULT:
        return list(drafts_of_results(group, moment.day, moment.at))
    if group.family is Family.BODY:
        return list(_body(group, moment))
    read = _READERS.get(group.family)
    content = read(group, moment, code_text) if read else None
    if content is None:
        return [foreign(group, moment)]
    understood = not isinstance(content, Foreign) or group.family is Family.TABLE
    day = _own_day(group) or moment.day
    at = moment.at if day == moment.day else None
    return [Draft(content, day, at, group.lines, understood=understood)]


def foreign(group: Group, moment: Moment) -> Draft:
    """Keep a group as text, with the name and the id of its field."""
    ids = list(dict.fromkeys(field.id for field in group.fields))
    if len(ids) == 1:
        label = "Zeile ohne Feldkennung" if not ids[0] else _label_of(ids[0])
        text = xdt.joined([field.text for field in group.fields])
    else:
        label = _TITLES.get(group.family, "Nicht zugeordnete Felder")
        text = "\n".join(_named(field) for field in group.fields)
    if group.family in {Family.CASE, Family.SERVICE}:
        label = f"{_TITLES[group.family]} ({moment.record})"
        text = "\n".join(_named(field) for field in group.fields)
    content = Foreign(label=label, field=", ".join(ids[:4]), text=text)
    day = _own_day(group) if group.family is Family.SERVICE else None
    return Draft(content, day or moment.day, moment.at, group.lines, understood=False)


_TITLES = {
    Family.PERSON: "Weitere Stammdaten",
    Family.CASE: "Abrechnungsschein",
    Family.SERVICE: "Leistungen",
    Family.ATTACHMENT: "Verweis auf eine Datei",
    Family.SENDER: "Angaben des Absenders",
}


def _label_of(field_id: str) -> str:
    known = xdt.meaning_of(field_id)
    return known.name if known else f"Feld {field_id}"


def _named(field: xdt.Field) -> str:
    return f"{field.id} {xdt.name_of_field(field.id)}: {field.text}" if field.id else field.text


def _own_day(group: Group) -> date | None:
    """Return the day that a group gives itself: permanent diagnoses, medicines, services."""
    for field in group.fields:
        if PARTS.get(field.id) is Part.DATE or field.id == "5000":
            return xdt.read_date(field.text)
    return None


def _unread_date(group: Group) -> str:
    """Return the content of a date that is no full day, so that it stays in the text."""
    dates = (field.text.strip() for field in group.fields if PARTS.get(field.id) is Part.DATE)
    unread = [text for text in dates if text and xdt.read_date(text) is None]
    return f" (seit {', '.join(unread)})" if unread else ""


def _body(group: Group, moment: Moment) -> Iterator[Draft]:
    measures, others = body_measures(group)
    if measures:
        yield Draft(Vitals(measures=tuple(measures)), moment.day, moment.at, group.lines)
    if others:
        yield foreign(Group(group.family, tuple(others)), moment)


def _diagnosis(group: Group, _moment: Moment, code_text: CodeText) -> Diagnosis | None:
    return diagnosis_of(group, code_text, permanent=False)


def _permanent_diagnosis(group: Group, _moment: Moment, code_text: CodeText) -> Diagnosis | None:
    found = diagnosis_of(group, code_text, permanent=True)
    if found is None or not _unread_date(group):
        return found
    return Diagnosis(
        code=found.code,
        text=found.text + _unread_date(group),
        certainty=found.certainty,
        side=found.side,
        permanent=True,
    )


def _medication(group: Group, moment: Moment, _code_text: CodeText) -> Medication | None:
    name = xdt.joined(group.texts(Part.TEXT)).strip()
    if not name:
        return None
    private = any(field.id == "6211" for field in group.fields)
    sample = any(field.id == "6215" for field in group.fields)
    sizes = [size.strip() for size in group.texts(Part.SIZE)]
    extras = [*sizes, *(["Privatrezept"] if private else []), *(["Ärztemuster"] if sample else [])]
    return _with_dose(name, ", ".join(filter(None, extras)), group, since=moment.day, permanent=False)


def _permanent_medication(group: Group, _moment: Moment, _code_text: CodeText) -> Medication | None:
    name = xdt.joined(group.texts(Part.TEXT)).strip()
    if not name:
        return None
    extra = _unread_date(group).strip(" ()")
    return _with_dose(name, extra, group, since=_own_day(group), permanent=True)


def _with_dose(name: str, extra: str, group: Group, *, since: date | None, permanent: bool) -> Medication:
    """Part `Ramipril 5 mg 1-0-1` into name and dose."""
    found = _DOSE.fullmatch(name)
    plain, dose = (found[1], found[2]) if found else (name, "")
    return Medication(
        name=f"{plain} ({extra})" if extra else plain,
        dose=dose,
        since=since,
        permanent=permanent,
        pzn=" ".join(text.strip() for text in group.texts(Part.PZN)),
    )


def _pressure(group: Group, _moment: Moment, _code_text: CodeText) -> Content:
    text = xdt.joined([field.text for field in group.fields])
    return pressure_of(text) or Finding(text=f"Blutdruck: {text}")


def _item(group: Group, _moment: Moment, _code_text: CodeText) -> Content:
    """Risks and allergies; `keine` is a statement and no warning."""
    text = xdt.joined([field.text for field in group.fields]).strip()
    if _NEGATIVE.fullmatch(text):
        return Note(text=f"{xdt.name_of_field(group.fields[0].id)}: {text}")
    return Caution(text=text, allergy=group.fields[0].id == _ALLERGY)


_TEXTS: dict[str, Callable[[str], Content]] = {
    "6220": lambda text: Finding(text=text),
    "6221": lambda text: Finding(text=f"Fremdbefund: {text}"),
    "6222": lambda text: Finding(text=f"Laborbefund: {text}"),
    "6225": lambda text: Finding(text=f"Röntgenbefund: {text}"),
    "6227": lambda text: Note(text=text),
    "6240": lambda text: History(text=f"Symptome: {text}"),
    "6260": lambda text: Therapy(text=text),
    "6265": lambda text: Therapy(text=f"Physikalische Therapie: {text}"),
    "6280": lambda text: Therapy(text=f"Überweisung: {text}"),
    "3658": lambda text: History(text=f"Unfall: {text}"),
    "3660": lambda text: History(text=f"Operation: {text}"),
    "3662": lambda text: History(text=text),
    "3664": lambda text: History(text=f"Anzahl Geburten: {text}"),
    "3666": lambda text: History(text=f"Anzahl Kinder: {text}"),
    "3668": lambda text: History(text=f"Anzahl Schwangerschaften: {text}"),
    "3670": lambda text: Therapy(text=f"Dauertherapie: {text}"),
    "3672": lambda text: Note(text=f"Kontrolltermin: {text}"),
}


def _text(group: Group, _moment: Moment, _code_text: CodeText) -> Content:
    return _TEXTS[group.fields[0].id](xdt.joined([field.text for field in group.fields]))


def _table(group: Group, _moment: Moment, _code_text: CodeText) -> Content:
    text = xdt.joined_table([field.text for field in group.fields])
    return Foreign(label="Ergebnistabelle", field="6228", text=text, columns=True)


def _category(group: Group, _moment: Moment, _code_text: CodeText) -> Content | None:
    """A category that the other practice named itself, under its own name."""
    names = [field for field in group.fields if not int(field.id) % 2]
    contents = [field for field in group.fields if int(field.id) % 2]
    if not names or not contents:
        return None
    label = " ".join(field.text.strip() for field in names)
    text = xdt.joined([field.text for field in contents])
    return Foreign(label=label, field=contents[0].id, text=text)


def _note(title: str, kind: Callable[[str], Content]) -> "_Reader":
    """Return a reader that writes a group as one text under a title."""

    def read(group: Group, _moment: Moment, _code_text: CodeText) -> Content:
        runs: dict[str, list[str]] = {}
        for field in group.fields:
            runs.setdefault(field.id, []).append(field.text)
        lines = [f"{xdt.name_of_field(field_id)}: {xdt.joined(texts)}" for field_id, texts in runs.items()]
        return kind("\n".join([title, *lines] if len(lines) > 1 else lines))

    return read


_Reader = Callable[[Group, Moment, CodeText], Content | None]

_READERS: dict[Family, _Reader] = {
    Family.DIAGNOSIS: _diagnosis,
    Family.PERMANENT_DIAGNOSIS: _permanent_diagnosis,
    Family.MEDICATION: _medication,
    Family.PERMANENT_MEDICATION: _permanent_medication,
    Family.PRESSURE: _pressure,
    Family.ITEM: _item,
    Family.TEXT: _text,
    Family.TABLE: _table,
    Family.CATEGORY: _category,
    Family.SICK_NOTE: _note("Arbeitsunfähigkeit", lambda text: Note(text=text)),
    Family.HOSPITAL: _note("Krankenhauseinweisung", lambda text: Therapy(text=text)),
    Family.CERTIFICATE: _note("Bescheinigung", lambda text: Note(text=text)),
    Family.ATTEST: _note("Attest", lambda text: Note(text=text)),
    Family.LETTER: _note("Brief", lambda text: Note(text=text)),
    Family.AID: _note("Hilfsmittel, Heilmittel", lambda text: Therapy(text=text)),
}
