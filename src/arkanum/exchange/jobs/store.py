# SPDX-License-Identifier: MPL-2.0
"""An import's row and file: written and read with the job's own key, which only the treatment ring opens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from io import BufferedReader, RawIOBase
from typing import BinaryIO
from uuid import UUID

import msgspec

from arkanum.core.ids import PatientId, new_id
from arkanum.exchange.jobs.bodies import Body, JobState, Progress
from arkanum.exchange.jobs.errors import NotReady, TooLarge
from arkanum.exchange.matching import Decision
from arkanum.exchange.plan import ImportPlan, PlannedPatient, UnknownPlannedPatientError
from arkanum.guard import Action, Client, Grant, Ring
from arkanum.guard.errors import NotFound, Refused
from arkanum.storage import files
from arkanum.storage import jobs as rows
from arkanum.storage.errors import Missing, VersionTaken
from arkanum.storage.models import ImportJob
from arkanum.vault import Key, Place, Sealed, SealWriter, open_stream, seal, unseal

FOLDER = "imports"
LARGEST_BYTES = 4 * 1024**3

BODY = msgspec.msgpack.Decoder(Body)
PROGRESS = msgspec.msgpack.Decoder(Progress)


@dataclass(frozen=True, slots=True)
class JobView:
    """One import, opened."""

    job: UUID
    started: date
    size_bytes: int
    version: int
    body: Body
    progress: Progress

    @property
    def plan(self) -> ImportPlan:
        """The plan.

        Raises:
            NotReady: it is not made yet.
        """
        if self.body.plan is None:
            raise NotReady
        return self.body.plan


def accept(client: Client, token: bytes, filename: str, chunks: Iterable[bytes]) -> UUID:
    """Take a file in, sealing it as it arrives, and return the new import's id.

    Args:
        client: the way to the guard.
        token: session of the person who moves in.
        filename: as the sender called it.
        chunks: the file's bytes, in pieces of any size.

    Raises:
        TooLarge: more than 4 GB; nothing is kept.
        Refused: the person may not move records in.
    """
    job = new_id()
    grant = permit(client, token, job)
    digest, size = sha256(), 0
    with (
        files.create(FOLDER, job) as file,
        SealWriter(_key(grant), _file_place(job), file) as writer,
    ):
        for chunk in chunks:
            size += len(chunk)
            if size > LARGEST_BYTES:
                raise TooLarge
            digest.update(chunk)
            writer.write(chunk)
    body = Body(filename=filename[:200], digest=digest.hexdigest()[:32])
    rows.insert(
        ImportJob(
            id=job,
            practice_id=grant.who.practice,
            started_on=date.today(),  # noqa: DTZ011 - the practice's calendar day
            body=_seal(grant, "body", 1, body),
            progress=_seal(grant, "progress", 0, Progress(JobState.READING)),
            file_bytes=size,
        )
    )
    return job


def jobs(client: Client, token: bytes) -> tuple[JobView, ...]:
    """Return every import of the practice, newest first, but those behind a wall that is not this person's.

    Raises:
        Refused: the person may not move records in.
    """
    who = client.who(token)
    if Action.IMPORT_RECORDS not in who.actions:
        raise Refused
    shown = []
    for row in rows.jobs(who.practice):
        with suppress(Refused):
            shown.append(view(client, token, row.id))
    return tuple(shown)


def view(client: Client, token: bytes, job: UUID) -> JobView:
    """Return one import.

    Raises:
        NotFound: the practice has no such import.
        Refused: the person may not move records in.
    """
    return read(permit_known(client, token, job), job)


def decide(
    client: Client, token: bytes, job: UUID, key: int, *, decision: Decision, patient: UUID | None = None
) -> JobView:
    """Say what shall become of one person in the file.

    Args:
        client: the way to the guard.
        token: session of the person who decides.
        job: the import.
        key: the person's place in the plan.
        decision: existing (one of the candidates), new, or leave out.
        patient: whom the person in the file is, with `existing` and only then.

    Raises:
        NotReady: nothing is to be decided now, or the patient is none of the candidates.
        NotFound: the practice has no such import.
    """
    grant = permit_known(client, token, job)
    shown = read(grant, job)
    if shown.progress.state is not JobState.WAITING:
        raise NotReady
    try:
        _require_candidate(shown.plan.patients[key : key + 1], patient)
        plan = shown.plan.decided(key, decision, patient)
        save_plan(grant, shown, plan)
    except (UnknownPlannedPatientError, ValueError, VersionTaken) as error:
        # Also when somebody else decided at the same moment: the page shows what stands now.
        raise NotReady from error
    return read(grant, job)


def permit(client: Client, token: bytes, job: UUID) -> Grant:
    """Ask for the job's key: it is that of a chart with the job's id."""
    return client.permit(token, Action.IMPORT_RECORDS, patient=job, detail="job")


def permit_known(client: Client, token: bytes, job: UUID) -> Grant:
    """Ask for the key of an import that exists; an invented id leaves no trace in the tables.

    Raises:
        NotFound: the practice has no such import.
    """
    try:
        rows.job(client.who(token).practice, job)
    except Missing as error:
        raise NotFound from error
    return permit(client, token, job)


def read(grant: Grant, job: UUID) -> JobView:
    """Return one import with a grant in hand.

    Raises:
        Missing: the practice has no such import.
    """
    row = rows.job(grant.who.practice, job)
    key = _key(grant)
    body = BODY.decode(unseal(key, _place(job, "body", row.version), row.body))
    progress = PROGRESS.decode(unseal(key, _place(job, "progress", 0), row.progress))
    return JobView(job, row.started_on, row.file_bytes, row.version, body, progress)


def save_plan(grant: Grant, before: JobView, plan: ImportPlan) -> None:
    """Store a changed plan.

    Raises:
        VersionTaken: somebody else changed it first.
    """
    body = msgspec.structs.replace(before.body, plan=plan)
    rows.save_body(before.job, before.version, _seal(grant, "body", before.version + 1, body))


def save_progress(grant: Grant, job: UUID, progress: Progress) -> None:
    """Store how far an import has come."""
    rows.save_progress(job, _seal(grant, "progress", 0, progress))


def open_file(grant: Grant, job: UUID) -> BinaryIO:
    """Open the sealed file for reading, decrypting 64 KiB at a time."""
    return BufferedReader(_Opened(files.read(FOLDER, job), _key(grant), _file_place(job)))


class _Opened(RawIOBase):
    """A sealed stream as a file that can be read forwards."""

    def __init__(self, file: BinaryIO, key: Key, place: Place) -> None:
        self._file = file
        self._chunks: Iterator[bytes] = open_stream(key, place, file)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = chunk
        taken = self._rest[: len(buffer)]
        self._rest = self._rest[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)

    def close(self) -> None:
        with closing(self._file):
            super().close()


def _require_candidate(planned: tuple[PlannedPatient, ...], patient: UUID | None) -> None:
    for one in planned:
        if patient is not None and patient not in {candidate.patient for candidate in one.candidates}:
            raise NotReady


def new_patient_id(grant: Grant, fingerprint: str) -> PatientId:
    """Return the id of a new patient: the same each time this import is run, and of no meaning to others."""
    raw = _key(grant).derive("patient", bytes.fromhex(fingerprint)).expose()[:16]
    return PatientId(UUID(bytes=raw, version=4))


def _key(grant: Grant) -> Key:
    return grant.key(Ring.TREATMENT).derive("import")


def _seal(grant: Grant, column: str, version: int, body: msgspec.Struct) -> Sealed:
    return seal(_key(grant), _place(grant.require_patient(), column, version), msgspec.msgpack.encode(body))


def _place(job: UUID, column: str, version: int) -> Place:
    return Place("import_job", column, job, version)


def _file_place(job: UUID) -> Place:
    return Place("import_job", "file", job)
