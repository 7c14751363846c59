# SPDX-License-Identifier: MPL-2.0
"""What each route may be asked by whom: written by hand, not to repeat what the views say about themselves.

A new route gets one line in `EXPECTED`: its name, the action that lets somebody in, and what the id in its address
belongs to. Who may do the action follows from the roles and their rings.
"""

from __future__ import annotations

from dataclasses import dataclass

from arkanum.guard import Action, Role
from arkanum.guard.roles import RINGS_OF_ROLE, may

A = Action

NOBODY = "nobody"
"""At a browser of the practice, not signed in."""

ROLES: tuple[Role | str, ...] = (*Role, NOBODY)


@dataclass(frozen=True)
class Expected:
    """One route.

    Attributes:
        action: who may do this may come in; nothing for a public page.
        about: what the id in the address belongs to: `patient`, `person`, `device`, `job`, ...; empty for none.
        lasting: a POST by somebody who may changes the world of this test (ends sessions, breaks the glass, takes
            devices away), so it is not asked of them about their own objects.
        open_page: answers without looking at the object, as an empty form does; what it says is looked at all the same.
    """

    action: Action | None
    about: str = ""
    lasting: bool = False
    open_page: bool = False


EXPECTED: dict[str, Expected] = {
    # public
    "asset": Expected(None),
    "await-device": Expected(None),
    "become-device": Expected(None),
    "change-person": Expected(None, lasting=True),
    "first-start": Expected(None),
    "health": Expected(None),
    "judge": Expected(None),
    "lock": Expected(None, lasting=True),
    "locked": Expected(None),
    "passkey-begin": Expected(None),
    "passkey-sign-in": Expected(None),
    "recover": Expected(None),
    "sealed": Expected(None),
    "set-up": Expected(None),
    "set-up-file": Expected(None),
    "sign-in": Expected(None),
    "sign-out": Expected(None, lasting=True),
    "suggest": Expected(None),
    "take-link": Expected(None),
    # everybody who is signed in
    "start": Expected(A.OWN_ACCOUNT),
    "account": Expected(A.OWN_ACCOUNT),
    "account-everywhere": Expected(A.OWN_ACCOUNT, lasting=True),
    "account-session-end": Expected(A.OWN_ACCOUNT, "session", lasting=True),
    "account-pin": Expected(A.OWN_ACCOUNT),
    "account-pin-remove": Expected(A.OWN_ACCOUNT, lasting=True),
    "account-street": Expected(A.OWN_ACCOUNT, lasting=True),
    "here": Expected(A.OWN_ACCOUNT),
    "passkey-add": Expected(A.OWN_ACCOUNT),
    "passkey-new": Expected(A.OWN_ACCOUNT),
    "passkey-remove": Expected(A.OWN_ACCOUNT, "passkey", lasting=True),
    "passkey-rename": Expected(A.OWN_ACCOUNT, "passkey", lasting=True),
    "brake-on": Expected(A.OWN_ACCOUNT),
    "agreements": Expected(A.READ_CHART),
    "brake": Expected(A.SET_BRAKE),
    "brake-limits": Expected(A.SET_BRAKE, lasting=True),
    "canary-plant": Expected(A.SET_BRAKE, lasting=True),
    "canary-remove": Expected(A.SET_BRAKE, "patient", lasting=True, open_page=True),
    "canary-met": Expected(None),
    "agree": Expected(A.READ_CHART, "wish"),
    "paper": Expected(A.OWN_ACCOUNT),
    "staff": Expected(A.SEE_STAFF),
    # patients
    "search": Expected(A.FIND_PATIENT),
    "hits": Expected(A.FIND_PATIENT),
    "patient-twins": Expected(A.FIND_PATIENT),
    "patient-new": Expected(A.NEW_PATIENT),
    "patient": Expected(A.READ_PATIENT, "patient"),
    "patient-versions": Expected(A.READ_PATIENT, "patient"),
    "patient-write": Expected(A.WRITE_PATIENT, "patient"),
    "patient-wall": Expected(A.WALL_PATIENT, "patient"),
    # charts
    "weigh": Expected(A.WRITE_CHART),
    "chart": Expected(A.READ_CHART, "patient"),
    "entry": Expected(A.READ_CHART, "patient"),
    "write": Expected(A.WRITE_CHART, "patient"),
    "correct": Expected(A.WRITE_CHART, "patient"),
    "strike": Expected(A.WRITE_CHART, "patient"),
    "emergency": Expected(A.BREAK_GLASS, "patient", lasting=True, open_page=True),
    "copy": Expected(A.COPY_CHART, "patient"),
    "copy-made": Expected(A.COPY_CHART, "patient"),
    "list-recall": Expected(A.LIST_RECALL),
    "list-billing": Expected(A.LIST_BILLING),
    "exports": Expected(A.EXPORT_CHARTS),
    "export-prepare": Expected(A.EXPORT_CHARTS),
    "export-agree": Expected(A.EXPORT_CHARTS, "order"),
    "export-save": Expected(A.EXPORT_CHARTS, "order"),
    # people, devices, walls
    "paper-new": Expected(A.MANAGE_STAFF, lasting=True),
    "staff-add": Expected(A.MANAGE_STAFF, lasting=True),
    "staff-hand-over": Expected(A.MANAGE_STAFF, "person", lasting=True),
    "staff-role": Expected(A.MANAGE_STAFF, "person", lasting=True),
    "staff-leave": Expected(A.MANAGE_STAFF, "person", lasting=True),
    "staff-passkeys": Expected(A.MANAGE_STAFF, "person", lasting=True),
    "staff-restore": Expected(A.MANAGE_STAFF, "person", lasting=True),
    "devices": Expected(A.MANAGE_DEVICES),
    "devices-approve": Expected(A.MANAGE_DEVICES),
    "devices-look": Expected(A.MANAGE_DEVICES),
    "devices-refuse": Expected(A.MANAGE_DEVICES),
    "devices-rename": Expected(A.MANAGE_DEVICES, "device", lasting=True),
    "devices-renew": Expected(A.OWN_ACCOUNT),
    "enrolment": Expected(A.MANAGE_DEVICES),
    "enrolment-close": Expected(A.MANAGE_DEVICES, lasting=True),
    "enrolment-state": Expected(A.MANAGE_DEVICES),
    "devices-invite": Expected(A.MANAGE_DEVICES, lasting=True),
    "devices-remove": Expected(A.MANAGE_DEVICES, "device", lasting=True),
    "network": Expected(A.MANAGE_DOOR),
    "network-firewall": Expected(A.MANAGE_DOOR),
    "network-save": Expected(A.MANAGE_DOOR, lasting=True),
    "network-state": Expected(A.MANAGE_DOOR),
    "walls": Expected(A.MANAGE_WALLS),
    "wall-make": Expected(A.MANAGE_WALLS, lasting=True),
    "wall-join": Expected(A.MANAGE_WALLS, "wall", lasting=True),
    "wall-leave": Expected(A.MANAGE_WALLS, "wall", lasting=True),
    # log
    "log": Expected(A.READ_LOG),
    "log-patient": Expected(A.READ_LOG, "patient", open_page=True),
    "log-verify": Expected(A.READ_LOG),
    "log-own": Expected(A.OWN_ACCOUNT),
    "log-export": Expected(A.READ_LOG),
    "patient-sheet": Expected(A.READ_LOG, "patient", open_page=True),
    "weekly": Expected(A.READ_LOG),
    "weekly-print": Expected(A.READ_LOG),
    "alarms": Expected(A.READ_LOG),
    "alarms-strip": Expected(A.READ_LOG),
    "alarms-acknowledge": Expected(A.READ_LOG),
    # the practice as a whole
    "seal": Expected(A.READ_CHART, lasting=True),
    "moving": Expected(A.IMPORT_RECORDS),
    "moving-begin": Expected(A.IMPORT_RECORDS),
    "moving-job": Expected(A.IMPORT_RECORDS, "job"),
    "moving-decide": Expected(A.IMPORT_RECORDS, "job"),
    "moving-steer": Expected(A.IMPORT_RECORDS, "job"),
}


def missing(names: set[str]) -> str:
    """Return what to do about routes without an expectation, or about expectations without a route; empty if none."""
    new, old = sorted(names - EXPECTED.keys()), sorted(EXPECTED.keys() - names)
    lines = [f'write a line for the route {name!r} into EXPECTED: "{name}": Expected(A.THE_ACTION),' for name in new]
    lines += [f"the route {name!r} is gone: take its line out of EXPECTED" for name in old]
    return "\n".join(
        [*lines, "(tests/attacks/matrix.py; what else a line says stands there at `Expected`)"] if lines else []
    )


def may_come_in(role: Role | str, action: Action | None) -> bool:
    """Tell whether a role may do an action with the rings that it has by itself."""
    if action is None:
        return True
    return isinstance(role, Role) and may(role, RINGS_OF_ROLE[role], action)
