# SPDX-License-Identifier: MPL-2.0
"""What kind of file some bytes are, as far as their beginning tells."""

import base64
import binascii
import re
import zlib
from dataclasses import dataclass
from enum import StrEnum

from arkanum.exchange.formats import xdt
from arkanum.exchange.formats.leaves import SIZE_LIMIT


class Shape(StrEnum):
    """The outer form of a file."""

    XDT = "xdt"
    XML = "xml"
    JSON = "json"
    PACKED = "packed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Guess:
    """The outer form and, for what is not read here, a German name.

    Attributes:
        shape: the form.
        name: what it seems to be, such as `PDF-Dokument`.
    """

    shape: Shape
    name: str = ""


_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "PDF-Dokument"),
    (0, b"PK\x03\x04", "ZIP-Archiv oder Office-Dokument"),
    (0, b"\xff\xd8\xff", "JPEG-Bild"),
    (0, b"\x89PNG\r\n\x1a\n", "PNG-Bild"),
    (0, b"GIF8", "GIF-Bild"),
    (0, b"II*\x00", "TIFF-Bild"),
    (0, b"MM\x00*", "TIFF-Bild"),
    (128, b"DICM", "DICOM-Bild"),
    (0, b"{\\rtf", "RTF-Dokument"),
    (0, b"\xd0\xcf\x11\xe0", "Älteres Office-Dokument"),
    (0, b"MSH|", "HL7-Nachricht (Version 2)"),
    (0, b"MZ", "Windows-Programm"),
    (0, b"\x7fELF", "Linux-Programm"),
    (0, b"SQLite format 3\x00", "SQLite-Datenbank"),
    (0, b"\xff\xfe", "Text in UTF-16"),
    (0, b"\xfe\xff", "Text in UTF-16"),
)
_GZIP = b"\x1f\x8b"
_GZIP_IN_BASE64 = b"H4sI"
_XML_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[?!A-Za-z_]")
_JSON_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*[{\[]")
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def guess(head: bytes) -> Guess:
    """Guess the form from the beginning of a file.

    Args:
        head: the first bytes, at best `xdt.HEAD_SIZE` of them.
    """
    named = next((name for at, magic, name in _MAGIC if head.startswith(magic, at)), "")
    if named:
        return Guess(Shape.OTHER, named)
    if head.startswith(_GZIP) or head.lstrip().startswith(_GZIP_IN_BASE64):
        return Guess(Shape.PACKED, "gzip")
    if _XML_START.match(head):
        return Guess(Shape.XML, "XML-Dokument")
    if xdt.sniff(head) is not None:
        return Guess(Shape.XDT)
    if _JSON_START.match(head):
        return Guess(Shape.JSON, "JSON-Dokument")
    return Guess(Shape.OTHER, _plain_name(head))


def unpack(content: bytes) -> bytes | None:
    """Unpack gzip, also in base64, as a card terminal hands out insurance data.

    Returns:
        The unpacked bytes, or `None` if they are damaged or larger than the limit.
    """
    try:
        packed = content if content.startswith(_GZIP) else base64.b64decode(content)
        worker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        plain = worker.decompress(packed, SIZE_LIMIT)
    except (binascii.Error, zlib.error, ValueError):
        return None
    return plain if worker.eof else None


def _plain_name(head: bytes) -> str:
    if not head:
        return "Leere Datei"
    return "Unbekannte Binärdatei" if _CONTROLS.search(head) else "Text ohne bekannte Form"
