# SPDX-License-Identifier: MPL-2.0
"""What `arkanum inspect` shows, as values that are also its JSON.

The JSON schema is made from these classes (`schema()`), so it cannot differ
from what is written. `FORMAT` grows with every change that could break a reader.
"""

from typing import Any

import msgspec

FORMAT = 1


class ShownField(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One field of a record.

    Attributes:
        id: field id, attribute or path in the format.
        name: German name, or empty.
        text: content, or what kind of content when contents are hidden.
        line: first line in the file; 0 when the format has no lines.
        known: the tables name this field.
        charset: charset its content was read in; empty when there was no choice.
    """

    id: str
    name: str
    text: str
    line: int
    known: bool
    charset: str


class ShownRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One record, resource or element.

    Attributes:
        kind: record kind in the format, such as `6310` or `Patient`.
        name: German name, or empty.
        first_line: first line in the file, or 0.
        last_line: last line in the file, or 0.
        fields: its fields in the order of the file.
    """

    kind: str
    name: str
    first_line: int
    last_line: int
    fields: tuple[ShownField, ...]


class ShownWarning(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that is wrong in the file; never holds content.

    Attributes:
        line: line in the file, or 0.
        code: fixed word for the rule.
        text: the German sentence.
    """

    line: int
    code: str
    text: str


class ShownCount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often something occurs.

    Attributes:
        name: German name, or empty.
        count: number of occurrences.
    """

    name: str
    count: int


class ShownHead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known before the records are read.

    Attributes:
        format: version of this description.
        file: name of the file, or its suffix alone when contents are hidden.
        kind: `xdt`, `fhir`, `vsd`, `bmp`, `xml`, `json` or `other`.
        title: German name of the kind.
        known: the program can read this kind.
        dialect: member of the family, or type of the outermost resource.
        version: version as the file writes it.
        evidence: by what the kind was recognised.
        contents: contents are shown.
    """

    format: int
    file: str
    kind: str
    title: str
    known: bool
    dialect: str
    version: str
    evidence: str
    contents: bool


class ShownSummary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known when all records have been read.

    Attributes:
        size: bytes of the file.
        sha256: its hash in hex; empty when contents are hidden, because the
            hash of a short file can be guessed.
        lines: physical lines.
        field_count: fields, or values.
        damaged_lines: lines whose field id had to be guessed or is missing.
        charset_declared: what the file declares, or empty.
        charsets: fields by the charset that was decided.
        record_kinds: records by kind.
        known_fields: fields by id that the tables name.
        unknown_fields: fields by id that no table names.
        warning_counts: warnings by code, all of them.
        warnings: the warnings; at most a thousand are listed.
    """

    size: int
    sha256: str
    lines: int
    field_count: int
    damaged_lines: int
    charset_declared: str
    charsets: dict[str, int]
    record_kinds: dict[str, ShownCount]
    known_fields: dict[str, ShownCount]
    unknown_fields: dict[str, ShownCount]
    warning_counts: dict[str, int]
    warnings: tuple[ShownWarning, ...]


class ShownFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole answer of `arkanum inspect --json`.

    Attributes:
        head: what the beginning of the file tells.
        records: the records in the order of the file.
        summary: counts and warnings.
    """

    head: ShownHead
    records: tuple[ShownRecord, ...]
    summary: ShownSummary


def schema() -> dict[str, Any]:
    """Return the JSON schema (2020-12) of `ShownFile`."""
    return msgspec.json.schema(ShownFile)
