# SPDX-License-Identifier: MPL-2.0
"""Parts of a document that a person can look at: a kind, a name, and named values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PartField:
    """One value of a part.

    Attributes:
        id: name in the format, such as `@g` or `name.family`.
        name: German name, or empty when the format's own name must do.
        text: the value.
        line: line in the file, or 0.
    """

    id: str
    name: str
    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a document: a resource, a medicine, a person.

    Attributes:
        kind: name in the format, such as `Patient`.
        name: German name, or empty.
        fields: its values in the order of the file.
    """

    kind: str
    name: str
    fields: tuple[PartField, ...]
