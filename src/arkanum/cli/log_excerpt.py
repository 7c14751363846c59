# SPDX-License-Identifier: MPL-2.0
"""`arkanum log check-export FILE`: was this excerpt signed by a practice, and does its log still hold these lines."""

from __future__ import annotations

import json
import sys
from base64 import b64decode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

KIND = "arkanum-log-export"
FEWEST_LINES = 2


class NoExcerpt(Exception):
    """The file is no excerpt, or was changed; `german` says which."""

    def __init__(self, german: str) -> None:
        """Keep the sentence for the console."""
        super().__init__(german)
        self.german = german


@dataclass(frozen=True, slots=True)
class Excerpt:
    """An excerpt whose signature is good."""

    head: dict[str, Any]
    digests: dict[int, str]
    public: bytes

    @property
    def practice(self) -> UUID:
        """Whose log it was taken from."""
        return UUID(self.head["practice"])


def check_export(file: Path, data: Path) -> int:
    """Check an excerpt and say what was found.

    Args:
        file: the excerpt.
        data: the data folder; where it holds this practice's log, the lines are compared with it.

    Returns:
        0 when the signature is good and nothing differs, 1 when something differs, 2 when there is no such file.
    """
    try:
        excerpt = read(file.read_bytes())
    except OSError as error:
        print(f"{file}: {error.strerror}.", file=sys.stderr)
        return 2
    except NoExcerpt as error:
        print(f"{file.name}: {error.german}")
        return 1
    head = excerpt.head
    print(f"{file.name}: {len(excerpt.digests)} Zeilen, die Unterschrift ist gut.")
    print(f"  {head['practice_name']}, geschrieben {head['written']} von {head['by']}")
    print(f"  Fingerabdruck des Schlüssels: {head['fingerprint']} (mit dem auf dem Wochenblatt vergleichen)")
    if head["left_out"]:
        print(f"  Ältere Zeilen, die nicht mehr hineinpassten: {head['left_out']}")
    return _against_the_log(excerpt, data)


def read(content: bytes) -> Excerpt:
    """Return an excerpt, if its signature is good.

    Raises:
        NoExcerpt: it is none, or was changed.
    """
    from arkanum.guard.carrying_out import SIGNED_WORDS  # noqa: PLC0415 - models can be imported only after the settings
    from arkanum.guard.heads import fingerprint  # noqa: PLC0415
    from arkanum.vault import VaultError, verify  # noqa: PLC0415

    lines = content.splitlines(keepends=True)
    if len(lines) < FEWEST_LINES:
        raise NoExcerpt("Das ist kein Auszug eines Protokolls.")
    try:
        head, *rows, last = [json.loads(line) for line in lines]
        public = b64decode(head["public_key"], validate=True)
        signature = b64decode(last["signature"], validate=True)
        verify(public, SIGNED_WORDS + sha256(b"".join(lines[:-1])).hexdigest().encode(), signature)
        excerpt = Excerpt(head, {int(row["no"]): str(row["digest"]) for row in rows}, public)
        good = head["kind"] == KIND and head["lines"] == len(rows) and head["fingerprint"] == fingerprint(public)
    except VaultError as error:
        raise NoExcerpt("Die Unterschrift ist falsch: der Auszug wurde verändert.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise NoExcerpt("Das ist kein Auszug eines Protokolls.") from error
    if not good:
        raise NoExcerpt("Der Auszug ist nicht vollständig.")
    return excerpt


def _against_the_log(excerpt: Excerpt, data: Path) -> int:
    path = data / "log" / f"{excerpt.practice}.log"
    if not path.exists():
        print("  Das Protokoll dieser Praxis liegt nicht hier; geprüft ist die Unterschrift allein.")
        return 0
    from arkanum.guard.log_chain import Evidence, LogDamaged, check, last_number  # noqa: PLC0415
    from arkanum.storage import practices  # noqa: PLC0415

    public = bytes(practices.get(excerpt.practice).log_verify_key)
    if public != excerpt.public:
        print("  Unterschrieben hat ein anderer Schlüssel als der dieser Praxis: eine Fälschung.")
        return 1
    try:
        with path.open("rb") as lines:
            evidence = Evidence.beside(path, excerpt.practice, public)
            checked = check(evidence, lines, until=last_number(path), wanted=excerpt.digests.keys())
    except LogDamaged as error:
        print(f"  Das Protokoll selbst ist nicht unversehrt: Zeile {error.line}: {error.reason}")
        return 1
    other = [no for no, digest in sorted(excerpt.digests.items()) if checked.digests.get(no) != digest]
    if other:
        print(f"  Zeile {other[0]} lautet im Protokoll anders.")
        return 1
    print("  Alle Zeilen stehen genau so im Protokoll.")
    return 0
