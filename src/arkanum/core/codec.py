# SPDX-License-Identifier: MPL-2.0
"""Turn patients and entries into bytes and back.

A record is a MessagePack array `[kind, format, payload]`. The layout of the
payload is written down once for each format (`layout1.py`) and never follows
from a class by itself: a class may grow, an old layout may not. A new format
comes with a new layout module and a new vector in `tests/vectors/records`.
"""

from collections.abc import Callable, Mapping

import msgspec

from arkanum.core import layout1
from arkanum.core.entries import Entry, kind_of
from arkanum.core.errors import ImpossibleValue, Malformed, UnknownFormat
from arkanum.core.patients import Patient

Record = Patient | Entry
"""What the core can keep."""

PATIENT = "patient"
"""Kind of a patient's master data; entries use the values of `EntryKind`."""

FORMAT = 1
"""The format in which everything is written today."""

_READ: Mapping[tuple[str, int], Callable[[msgspec.Raw], Record]] = {
    (PATIENT, 1): layout1.read_patient,
    **{(kind.value, 1): read for kind, read in layout1.READ_ENTRY.items()},
}

_GARBAGE = (ValueError, RecursionError)
"""All that msgspec and our own values raise on bytes that are no record."""

_NOT_WRITABLE = (Malformed, UnicodeEncodeError, TypeError, AttributeError, LookupError, OverflowError)

_encoder = msgspec.msgpack.Encoder(uuid_format="bytes")
_head = msgspec.msgpack.Decoder(tuple[str, int, msgspec.Raw])


def encode(record: Record) -> bytes:
    """Return the bytes of a record, in today's format.

    The bytes are read back before they are returned: what cannot be read must
    never be written, because by the time someone notices the value is gone.

    Raises:
        ImpossibleValue: no format can keep this record, because it holds half a
            surrogate pair or a value of a wrong type.
    """
    try:
        body = _encoder.encode(_parts(record))
        kept = decode(body)
    except _NOT_WRITABLE:
        raise _unwritable() from None
    if kept != record:
        raise _unwritable()
    return body


def decode(body: bytes) -> Record:
    """Return the record that `encode` of this or an older version wrote.

    Raises:
        UnknownFormat: a newer version wrote it.
        Malformed: the bytes are no record.
    """
    try:
        kind, number, payload = _head.decode(body)
        read = _READ.get((kind, number))
        if read is not None:
            return read(payload)
    except _GARBAGE:
        # The cause is cut off, because its message may quote the record.
        raise Malformed from None
    raise UnknownFormat


def _parts(record: Record) -> tuple[str, int, layout1.Fields]:
    if isinstance(record, Patient):
        return PATIENT, FORMAT, layout1.patient_fields(record)
    return kind_of(record.content).value, FORMAT, layout1.entry_fields(record)


def _unwritable() -> ImpossibleValue:
    return ImpossibleValue("unwritable", "Dieser Inhalt lässt sich nicht speichern.")
