# SPDX-License-Identifier: MPL-2.0
"""Helpers for tests of the brake."""

from arkanum.charts.moving import Move, move_in
from arkanum.core.ids import PatientId, new_id
from arkanum.guard import Action
from arkanum.guard.errors import GuardError
from tests.cast import Colleague, master_data


def taken_in(colleague: Colleague, count: int) -> list[PatientId]:
    """Take in so many patients at once, as an import does."""
    patients = [PatientId(new_id()) for _ in range(count)]
    for start in range(0, count, 250):
        some = patients[start : start + 250]
        moves = [Move(one, master_data(last_name(start + number)), ()) for number, one in enumerate(some)]
        move_in(colleague.client, colleague.token, moves)
    return patients


def last_name(number: int) -> str:
    """Return a last name of its own for each number; the first three letters tell it from all others."""
    letters = (number // 676, number // 26 % 26, number % 26)
    return "".join(chr(ord("a") + one) for one in letters).capitalize() + "mann"


def opened(colleague, patients, action=Action.READ_PATIENT):
    """Open one patient after the other until the guard says no; return how many, and what it said."""
    for number, patient in enumerate(patients):
        try:
            colleague.grant(action, patient)
        except GuardError as error:
            if type(error).__name__ == "PracticeSealed":
                raise
            return number, type(error)
    return len(patients), None


def lines(colleague, what):
    """Return the lines of the log of one kind, oldest first."""
    found = colleague.client.read_log(colleague.token, limit=1000).lines
    return [line for line in reversed(found) if line.what == what]


def practice_of(colleague):
    """Return what is open of a colleague's practice, in a guard of this process."""
    return colleague.client._transport.guard.opened[colleague.who.practice]
