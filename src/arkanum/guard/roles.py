# SPDX-License-Identifier: MPL-2.0
"""Who may do what: a role is a set of rings, an action needs rings, and the keys enforce both."""

from __future__ import annotations

from enum import StrEnum


class Ring(StrEnum):
    """A circle of people who share one private key."""

    TREATMENT = "treatment"
    DESK = "desk"
    BILLING = "billing"
    INBOX = "inbox"
    LOG = "log"


class Role(StrEnum):
    """What a person is in the practice."""

    DOCTOR = "doctor"
    LOCUM = "locum"
    ASSISTANT = "assistant"
    TRAINEE = "trainee"
    BILLING = "billing"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class WallKind(StrEnum):
    """What a wall is for."""

    RESTRICTED = "restricted"
    """Single charts, found by everybody and opened by few: psychotherapy, staff as patients."""
    COMMUNITY = "community"
    """The patients of doctors who share rooms and not patients (Praxisgemeinschaft)."""


class Action(StrEnum):
    """What a page or a command may ask of the guard. A route declares exactly one."""

    FIND_PATIENT = "find_patient"
    READ_PATIENT = "read_patient"
    WRITE_PATIENT = "write_patient"
    NEW_PATIENT = "new_patient"
    READ_CHART = "read_chart"
    WRITE_CHART = "write_chart"
    IMPORT_RECORDS = "import_records"
    COPY_CHART = "copy_chart"
    SET_BRAKE = "set_brake"
    EXPORT_CHARTS = "export_charts"
    LIST_RECALL = "list_recall"
    LIST_BILLING = "list_billing"
    READ_LOG = "read_log"
    SEE_STAFF = "see_staff"
    MANAGE_STAFF = "manage_staff"
    MANAGE_DEVICES = "manage_devices"
    MANAGE_DOOR = "manage_door"
    OWN_ACCOUNT = "own_account"
    MANAGE_WALLS = "manage_walls"
    WALL_PATIENT = "wall_patient"
    BREAK_GLASS = "break_glass"


ALL_RINGS = frozenset(Ring)

RINGS_OF_ROLE: dict[Role, frozenset[Ring]] = {
    Role.DOCTOR: ALL_RINGS,
    Role.LOCUM: frozenset({Ring.TREATMENT, Ring.DESK, Ring.BILLING, Ring.INBOX}),
    Role.ASSISTANT: frozenset({Ring.DESK, Ring.INBOX}),
    Role.TRAINEE: frozenset({Ring.DESK}),
    Role.BILLING: frozenset({Ring.DESK, Ring.BILLING}),
    Role.ADMINISTRATOR: frozenset(),
    Role.AUDITOR: frozenset({Ring.LOG}),
}
"""The rings a role gets by itself. More than these only as `RINGS_ON_REQUEST` says."""

RINGS_ON_REQUEST: dict[Role, frozenset[Ring]] = {
    Role.DOCTOR: frozenset(),
    Role.LOCUM: frozenset(),
    Role.ASSISTANT: frozenset({Ring.TREATMENT}),
    Role.TRAINEE: frozenset(),
    Role.BILLING: frozenset(),
    Role.ADMINISTRATOR: frozenset(),
    Role.AUDITOR: frozenset(),
}
"""What the practice may decide in addition: an assistant who may read charts."""

ENDS = frozenset({Role.LOCUM, Role.AUDITOR})
"""Who comes for a time only: without a last day nobody is given one of these roles."""

RINGS_FOR_ACTION: dict[Action, frozenset[Ring]] = {
    Action.FIND_PATIENT: frozenset({Ring.DESK}),
    Action.READ_PATIENT: frozenset({Ring.DESK}),
    Action.WRITE_PATIENT: frozenset({Ring.DESK}),
    Action.NEW_PATIENT: frozenset({Ring.DESK}),
    Action.READ_CHART: frozenset({Ring.DESK, Ring.TREATMENT}),
    Action.WRITE_CHART: frozenset({Ring.DESK, Ring.TREATMENT}),
    Action.IMPORT_RECORDS: frozenset({Ring.DESK, Ring.TREATMENT}),
    Action.COPY_CHART: frozenset({Ring.DESK, Ring.TREATMENT}),
    Action.EXPORT_CHARTS: frozenset({Ring.DESK, Ring.TREATMENT}),
    Action.LIST_RECALL: frozenset({Ring.DESK}),
    Action.LIST_BILLING: frozenset({Ring.DESK, Ring.BILLING}),
    Action.SET_BRAKE: frozenset({Ring.DESK, Ring.TREATMENT, Ring.LOG}),
    Action.READ_LOG: frozenset({Ring.LOG}),
    Action.SEE_STAFF: frozenset(),
    Action.MANAGE_STAFF: frozenset(),
    Action.MANAGE_DEVICES: frozenset(),
    Action.MANAGE_DOOR: frozenset(),
    Action.OWN_ACCOUNT: frozenset(),
    Action.MANAGE_WALLS: frozenset(),
    Action.WALL_PATIENT: frozenset({Ring.DESK, Ring.TREATMENT}),
    Action.BREAK_GLASS: frozenset(),
}
"""The rings an action opens: whoever lacks one of them cannot do it, whatever the page says."""

CHARTED = frozenset({Ring.DESK, Ring.TREATMENT})
"""The rings under which a patient has a chart: of no other is a key made or released for one."""

WRITES = frozenset({Action.WRITE_CHART, Action.WRITE_PATIENT, Action.NEW_PATIENT, Action.IMPORT_RECORDS})
"""Only a log line of one of these may stand behind a record."""

TICKETED = frozenset({Action.COPY_CHART, Action.EXPORT_CHARTS})
"""Only a one-time ticket, or an order that two people made, opens these; a permit alone does not."""

ROLES_FOR_ACTION: dict[Action, frozenset[Role]] = {
    Action.SEE_STAFF: frozenset(Role),
    Action.MANAGE_STAFF: frozenset({Role.DOCTOR, Role.ADMINISTRATOR}),
    Action.MANAGE_DEVICES: frozenset({Role.DOCTOR, Role.ADMINISTRATOR, Role.ASSISTANT}),
    Action.MANAGE_DOOR: frozenset({Role.DOCTOR, Role.ADMINISTRATOR}),
    Action.OWN_ACCOUNT: frozenset(Role),
    Action.MANAGE_WALLS: frozenset({Role.DOCTOR}),
    Action.BREAK_GLASS: frozenset({Role.DOCTOR, Role.LOCUM, Role.ASSISTANT}),
}
"""Actions that open no ring are bound to roles instead."""

ROLES_AMONG_HOLDERS: dict[Action, frozenset[Role]] = {
    Action.LIST_RECALL: frozenset({Role.DOCTOR, Role.LOCUM, Role.ASSISTANT}),
    Action.LIST_BILLING: frozenset({Role.DOCTOR, Role.LOCUM, Role.BILLING}),
}
"""Of those who hold the rings of these actions, only these roles may do them."""


EMERGENCY = frozenset({Action.READ_CHART, Action.WRITE_CHART})
"""What an emergency opens, for one patient."""

WALL = "wall:"
"""How the names of rings begin that are walls."""


def is_wall(ring: str) -> bool:
    """Tell whether a ring is a wall."""
    return ring.startswith(WALL)


def logical(rings: frozenset[str]) -> frozenset[Ring]:
    """Return those of the rings that a role is made of, without the walls."""
    return frozenset(Ring(ring) for ring in rings if not is_wall(ring))


def keeps(ring: str, wanted: frozenset[Ring]) -> bool:
    """Tell whether a person of whom these rings are wanted may hold a ring: a wall is for those who treat."""
    return Ring.TREATMENT in wanted if is_wall(ring) else ring in wanted


def rings_allowed(role: Role) -> frozenset[Ring]:
    """Return every ring a person of this role may ever hold."""
    return RINGS_OF_ROLE[role] | RINGS_ON_REQUEST[role]


def actions_of(role: Role, rings: frozenset[str]) -> frozenset[Action]:
    """Return what a person with this role and these opened rings may do."""
    return frozenset(action for action in Action if may(role, rings, action))


def may(role: Role, rings: frozenset[str], action: Action) -> bool:
    """Tell whether role and rings together allow the action."""
    needed = RINGS_FOR_ACTION[action]
    if needed:
        among = ROLES_AMONG_HOLDERS.get(action, frozenset(Role))
        return role in among and needed <= (rings & rings_allowed(role))
    return role in ROLES_FOR_ACTION[action]
