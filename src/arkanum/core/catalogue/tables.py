# SPDX-License-Identifier: MPL-2.0
"""A catalogue as a table of text: what it looks like before anyone believes it."""

from collections.abc import Sequence
from dataclasses import dataclass

from arkanum.core.errors import CatalogueError

COLUMNS = (
    "icd_normcode",
    "icd_code",
    "level",
    "terminal",
    "subcode_type",
    "chapter_nr",
    "icd_block_first",
    "usage_295",
    "gender_specific",
    "age_min",
    "age_max",
    "rare_in_central_europe",
    "code_with_content",
    "notifiable",
    "label",
)
"""The columns of our file, in this order."""

LARGEST_BYTES = 32 * 2**20
"""The catalogue of a year has 4 MB; more than this is no catalogue but an attack."""


@dataclass(frozen=True, slots=True)
class Table:
    """A catalogue file, unpacked but not yet believed.

    Attributes:
        year: the year that the file names.
        source: the source note, without its leading `#`.
        rows: the codes, one a line, parted by tabs as `COLUMNS` says.
        first_line: number of the first row in its file, counted from 1.
    """

    year: int
    source: str
    rows: Sequence[str]
    first_line: int = 3


def small_enough(size_bytes: int) -> None:
    """Refuse a size that no catalogue has.

    Raises:
        CatalogueError: more bytes than any catalogue has.
    """
    if size_bytes > LARGEST_BYTES:
        raise CatalogueError("too_large", "Die Datei ist viel zu groß für einen Diagnosenkatalog.")


def lines_of(plain: bytes) -> list[str]:
    """Return the lines of a text, however the system that wrote it ends them.

    Raises:
        CatalogueError: not a text in UTF-8.
    """
    try:
        text = plain.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CatalogueError("not_utf8", "Die Datei ist kein Text in UTF-8.") from None
    return text.replace("\r\n", "\n").removesuffix("\n").split("\n")


def damaged() -> CatalogueError:
    """Return the error for a packed file that does not unpack."""
    return CatalogueError("damaged", "Die Datei ist beschädigt und lässt sich nicht entpacken.")
