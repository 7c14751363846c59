# SPDX-License-Identifier: MPL-2.0
"""FHIR bundles and single resources, XML or JSON, at the level of structure.

Source: HL7 FHIR R4, sections 2.6 (resource formats) and 2.36.4 (Bundle).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from arkanum.exchange.formats.leaves import Document, Leaf
from arkanum.exchange.formats.parts import Part, PartField

NAMESPACE = "http://hl7.org/fhir"

_ENTRY = re.compile(r"entry(\[\d+\])?")
_RESOURCE_TYPE = re.compile(r"[A-Z][A-Za-z]{2,63}")

_GERMAN_NAMES = {
    "AllergyIntolerance": "Allergie, Unverträglichkeit",
    "Appointment": "Termin",
    "Bundle": "Paket",
    "Composition": "Dokument",
    "Condition": "Diagnose",
    "Coverage": "Versicherungsverhältnis",
    "Encounter": "Kontakt",
    "Medication": "Medikament",
    "MedicationRequest": "Verordnung",
    "Observation": "Messwert, Beobachtung",
    "Organization": "Einrichtung",
    "Patient": "Patient",
    "Practitioner": "Behandelnde Person",
    "PractitionerRole": "Rolle der behandelnden Person",
    "Procedure": "Prozedur",
    "RelatedPerson": "Angehörige Person",
    "Schedule": "Kalender",
    "Slot": "Terminblock",
}


@dataclass(frozen=True, slots=True)
class FhirFile:
    """What a FHIR file holds.

    Attributes:
        resource: type of the outermost resource.
        bundle_type: `document`, `collection`, ..., or empty.
        profile: profile of the outermost resource as it is written, or empty.
        parts: the resources in the order of the file; the bundle itself first.
    """

    resource: str
    bundle_type: str
    profile: str
    parts: tuple[Part, ...]


def is_fhir(document: Document) -> bool:
    """Tell whether a document is a FHIR resource."""
    if document.root:
        return document.namespace == NAMESPACE
    return any(leaf.path == ("resourceType",) for leaf in document.leaves)


def read_fhir(document: Document) -> FhirFile:
    """Part a document into its resources."""
    leaves = list(_plain(document))
    resource = document.root or _value(leaves, ("resourceType",))
    parts = tuple(_parts(leaves, resource))
    return FhirFile(
        resource=resource,
        bundle_type=_value(leaves, ("type",)) if resource == "Bundle" else "",
        profile=_value(leaves, ("meta", "profile")),
        parts=parts,
    )


def _plain(document: Document) -> Iterator[Leaf]:
    """Write XML paths as JSON has them: without the root, without `@value`."""
    for leaf in document.leaves:
        path = leaf.path[1:] if document.root else leaf.path
        if path[-1:] == ("@value",):
            path = path[:-1]
        if path:
            yield Leaf(path, leaf.value, leaf.line)


def _value(leaves: Iterable[Leaf], path: tuple[str, ...]) -> str:
    return next((leaf.value for leaf in leaves if leaf.path == path), "")


def _parts(leaves: list[Leaf], resource: str) -> Iterator[Part]:
    for entry, group in groupby(leaves, key=_entry_of):
        members = list(group)
        if not entry:
            yield _part(resource, members)
            continue
        yield _entry_part(members)


def _entry_of(leaf: Leaf) -> str:
    return leaf.path[0] if _ENTRY.fullmatch(leaf.path[0]) else ""


def _entry_part(members: list[Leaf]) -> Part:
    """Make a part of one entry; XML names the resource as an element, JSON as a value."""
    inside = [leaf for leaf in members if leaf.path[1:2] == ("resource",)]
    kind = _value(inside, (members[0].path[0], "resource", "resourceType"))
    depth = 2
    if not kind and inside and len(inside[0].path) > depth:
        named = inside[0].path[2]
        kind = named if _RESOURCE_TYPE.fullmatch(named) else ""
        depth = 3 if kind else 2
    shortened = [_without(leaf, depth) for leaf in members]
    return _part(kind or "entry", shortened)


def _without(leaf: Leaf, depth: int) -> Leaf:
    """Shorten a path by the way to its resource, but never to nothing."""
    in_resource = leaf.path[1:2] == ("resource",)
    path = leaf.path[depth if in_resource else 1 :] or leaf.path
    return Leaf(path, leaf.value, leaf.line)


def _part(kind: str, leaves: list[Leaf]) -> Part:
    fields = (PartField(".".join(leaf.path), "", leaf.value, leaf.line) for leaf in leaves)
    return Part(kind, _GERMAN_NAMES.get(kind, ""), tuple(fields))
