# SPDX-License-Identifier: MPL-2.0
"""What can go wrong while somebody moves in. `german` is the sentence for the screen."""

from __future__ import annotations


class JobError(Exception):
    """Superclass of the errors of an import. Never raised itself."""

    german = ""


class NotOurKind(JobError):
    """The file is not of the xDT family."""

    german = "Diese Datei ist keine BDT-, GDT- oder andere xDT-Datei. Was sie ist, sagt: arkanum inspect DATEI"


class TooLarge(JobError):
    """The file is larger than what one import takes."""

    german = "Diese Datei ist zu groß für eine Übernahme (Grenze: 4 GB)."


class NotReady(JobError):
    """The plan is not made yet, or the import runs or is done already."""

    german = "Das geht in diesem Zustand der Übernahme nicht."
