# SPDX-License-Identifier: MPL-2.0
"""The catalogue in memory: look up, search, and hints."""

import re
from bisect import bisect_left
from collections.abc import Collection
from heapq import nsmallest
from pathlib import Path
from typing import Self

from arkanum.core.catalogue.codes import Code, Usage, spelled
from arkanum.core.catalogue.files import code_of, newest, read
from arkanum.core.catalogue.tables import COLUMNS, Table
from arkanum.core.catalogue.words import SHORTEST_PART, WordIndex, typed_words
from arkanum.core.hints import Hint
from arkanum.core.labels import label
from arkanum.core.patients import Sex

_TERMINAL = COLUMNS.index("terminal")
_HAS_CONTENT = COLUMNS.index("code_with_content")
_LETTER_AND_DIGIT = re.compile(r"[A-Z][0-9]")


class Catalogue:
    """ICD-10-GM of one year (*Diagnosenkatalog*).

    The rows stay text and become values when someone asks for them, which keeps
    16,755 codes in a few megabytes.
    """

    def __init__(self, table: Table) -> None:
        """Index a table that `install` or the product's makers have checked."""
        self.year = table.year
        self.source = table.source
        # Best first: codes that may be used, then short texts. A row's number is its rank.
        self._rows = sorted(table.rows, key=_rank)
        self._row_of = {row.partition("\t")[0]: number for number, row in enumerate(self._rows)}
        self._codes = sorted(self._row_of)
        self._words = WordIndex(row.rpartition("\t")[2] for row in self._rows)

    @classmethod
    def load(cls, folder: Path | None = None) -> Self:
        """Return the newest catalogue.

        Args:
            folder: where `install` put newer years; without it, or while it is
                empty, the catalogue that comes with the product.

        Raises:
            CatalogueError: the file cannot be read.
        """
        return cls(read(newest(folder)))

    def __len__(self) -> int:
        return len(self._rows)

    def by_code(self, text: str) -> Code | None:
        """Return the code that a text spells: `J06.9`, `j069`, `J06.9*`."""
        row = self._row_of.get(spelled(text) or "")
        return None if row is None else code_of(self._rows[row])

    def children(self, code: str) -> tuple[Code, ...]:
        """Return the terminal codes below a code, in their order."""
        below = self._beginning(code)
        return tuple(child for child in below if child.terminal and child.code != code)

    def search(self, text: str, limit: int = 20) -> list[Code]:
        """Return the codes that fit what has been typed so far, best first.

        A single word that looks like a code is the beginning of one. Otherwise
        every word must begin a word of the text, in any order and blind to
        umlauts; codes in which a word only appears inside of a longer one come
        after these. Among equals terminal codes come first, then short texts.

        Args:
            text: words, a code, or the beginnings of either.
            limit: the most codes that are returned.
        """
        pieces = text.split()
        code = beginning_of_code(text)
        if code and (hits := self._beginning(code)):
            return sorted(hits, key=lambda hit: not hit.terminal)[:limit]
        return [code_of(self._rows[row]) for row in self._rows_with(pieces, limit)]

    def hints(
        self, code: str, sex: Sex | None = None, age: int | None = None, beside: Collection[str] = ()
    ) -> tuple[Hint, ...]:
        """Return what is odd about a code for this patient; it may be right all the same.

        Args:
            code: a code of this catalogue; an unknown one has no hints.
            sex: the patient's sex, if known.
            age: the patient's age in completed years, if known.
            beside: the other codes of the same treatment.
        """
        known = self.by_code(code)
        if known is None:
            return ()
        return (*_patient_hints(known, sex, age), *_code_hints(known), *self._primary_hints(known, beside))

    def _codes_beginning(self, code: str) -> list[str]:
        first = bisect_left(self._codes, code)
        return self._codes[first : bisect_left(self._codes, code + "\x7f", lo=first)]

    def _beginning(self, code: str) -> list[Code]:
        return [code_of(self._rows[self._row_of[each]]) for each in self._codes_beginning(code)]

    def _rows_with(self, pieces: list[str], limit: int) -> list[int]:
        words = [word for piece in pieces for word in _words_of_piece(piece)]
        begin = [self._rows_beginning(word) for word in words]
        if not begin:
            return []
        best = nsmallest(limit, set.intersection(*begin))
        missing = limit - len(best)
        return best + self._rows_with_parts(words, begin, missing, set(best)) if missing else best

    def _rows_beginning(self, word: str) -> set[int]:
        rows = self._words.beginning(word)
        code = beginning_of_code(word)
        return rows | {self._row_of[each] for each in self._codes_beginning(code)} if code else rows

    def _rows_with_parts(self, words: list[str], begin: list[set[int]], limit: int, known: set[int]) -> list[int]:
        """Return further rows, in which some words appear only inside of others."""
        anywhere = [
            rows | self._words.inside(word) if len(word) >= SHORTEST_PART else rows
            for word, rows in zip(words, begin, strict=True)
        ]
        found = set.intersection(*anywhere) - known
        return nsmallest(limit, found, key=lambda row: (sum(row not in rows for rows in begin), row))

    def _primary_hints(self, known: Code, beside: Collection[str]) -> list[Hint]:
        if known.usage not in {Usage.STAR, Usage.MARK}:
            return []
        others = (self.by_code(each) for each in beside)
        if any(other is not None and other.usage is Usage.PRIMARY for other in others):
            return []
        return [Hint("needs_primary", f"{known.shown} braucht daneben eine Hauptdiagnose (Primärkode).")]


def beginning_of_code(text: str) -> str | None:
    """Return the beginning of a code that a text spells, or `None`: `j0`, `J06.`, `j069`."""
    typed = text.strip().upper()
    return typed if _LETTER_AND_DIGIT.fullmatch(typed) else spelled(typed)


def _words_of_piece(piece: str) -> list[str]:
    """Return the words between two blanks; a code with its point is one word."""
    code = beginning_of_code(piece)
    return [code.replace(".", "").lower()] if code else typed_words(piece)


def _rank(row: str) -> tuple[bool, int, str]:
    fields = row.split("\t")
    usable = fields[_TERMINAL] == "T" and fields[_HAS_CONTENT] == "J"
    return not usable, len(fields[-1]), row


def _patient_hints(known: Code, sex: Sex | None, age: int | None) -> list[Hint]:
    hints = []
    if known.sex is not None and sex in {Sex.M, Sex.W} and sex is not known.sex:
        hints.append(Hint("sex", f"{known.code} passt sonst nur zum Geschlecht {label(known.sex)}."))
    if age is not None and known.age_min is not None and age < known.age_min:
        hints.append(Hint("age", f"{known.code} ist vor dem Alter von {known.age_min} Jahren ungewöhnlich."))
    if age is not None and known.age_max is not None and age > known.age_max:
        hints.append(Hint("age", f"{known.code} ist nach dem Alter von {known.age_max} Jahren ungewöhnlich."))
    return hints


def _code_hints(known: Code) -> list[Hint]:
    hints = []
    if not known.has_content:
        hints.append(Hint("no_content", f"{known.code} ist im Katalog nicht mit Inhalt belegt."))
    if known.rare:
        hints.append(Hint("rare", f"{known.code} ist in Mitteleuropa sehr selten."))
    if known.notifiable:
        hints.append(Hint("notifiable", f"{known.code} kann meldepflichtig sein (Infektionsschutzgesetz)."))
    return hints
