# SPDX-License-Identifier: MPL-2.0
"""What can be wrong with a container or with a recipient's key; `german` says it to the person."""

from __future__ import annotations


class ContainerError(Exception):
    """Superclass of these errors. Never raised itself."""

    german = ""


class ContainerDamaged(ContainerError):
    """Not a container, one for another key, or changed."""

    german = "Die Datei ist kein Export von Arkanum, wurde verändert oder ist für einen anderen Schlüssel bestimmt."


class ContainerUnfinished(ContainerError):
    """The end is missing."""

    german = "Der Export ist nicht vollständig: sein Ende fehlt."


class RecipientError(ContainerError):
    """Not a recipient's key, or the pass phrase is wrong."""

    german = "Das ist kein Schlüssel eines Empfängers, oder die Passphrase stimmt nicht."
