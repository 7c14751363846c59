# SPDX-License-Identifier: MPL-2.0
"""Hints on a content before it is written: for the eye, never a refusal."""

import re
from collections.abc import Collection

from arkanum.core.catalogue import Catalogue
from arkanum.core.checkdigits import pzn_is_valid
from arkanum.core.entries import Certainty, Content, Diagnosis, Medication, Vitals
from arkanum.core.hints import Hint
from arkanum.core.patients import Sex
from arkanum.core.vitals import vitals_hints

_WORDINGS = {
    Certainty.V: re.compile(r"(?:v\.?\s*a\.?|verdacht(?:\s+auf)?)\s", re.IGNORECASE),
    Certainty.Z: re.compile(r"(?:z\.?\s*n\.?|zustand\s+nach)\s", re.IGNORECASE),
    Certainty.A: re.compile(r"ausschlu(?:ss|ß)\s", re.IGNORECASE),
}
"""How a text begins that says in words what the letter beside it should say."""


def hints_of(
    content: Content,
    catalogue: Catalogue,
    *,
    sex: Sex | None = None,
    age: int | None = None,
    beside: Collection[str] = (),
) -> tuple[Hint, ...]:
    """Return what is worth a second look about a content.

    Args:
        content: what someone is about to write.
        catalogue: knows what is odd about a code.
        sex: the patient's sex, if known.
        age: the patient's age in completed years, if known.
        beside: the other codes of the same treatment.
    """
    match content:
        case Diagnosis():
            return (*_wording_hints(content), *_code_hints(content, catalogue, sex=sex, age=age, beside=beside))
        case Medication(pzn=pzn) if pzn and not pzn_is_valid(pzn):
            return (Hint("pzn", "Die Prüfziffer der PZN stimmt nicht."),)
        case Vitals():
            return vitals_hints(content)
    return ()


def _code_hints(
    diagnosis: Diagnosis, catalogue: Catalogue, *, sex: Sex | None, age: int | None, beside: Collection[str]
) -> tuple[Hint, ...]:
    if diagnosis.code is None:
        return (Hint("no_code", "Diagnose ohne Kode: für die Abrechnung fehlt die Verschlüsselung."),)
    return catalogue.hints(diagnosis.code, sex, age, beside)


def _wording_hints(diagnosis: Diagnosis) -> list[Hint]:
    """Warn when the text says "suspected" and the letter says "confirmed"."""
    return [
        Hint(
            "certainty",
            f"Der Text klingt nach „{said}“, eingetragen ist „{diagnosis.certainty}“. Bitte vergleichen.",
        )
        for said, wording in _WORDINGS.items()
        if said is not diagnosis.certainty and wording.match(diagnosis.text)
    ]
