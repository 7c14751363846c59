# SPDX-License-Identifier: MPL-2.0
"""Answers whoever stands at the door: who may come in, where the door is, and the server's certificate."""

from __future__ import annotations

from ipaddress import ip_address

from arkanum.guard import door_setting
from arkanum.guard.authority import SERVER_DAYS, require_names
from arkanum.guard.errors import DoorRefused, PracticeSealed
from arkanum.guard.house import Guard
from arkanum.guard.log import Event, now
from arkanum.guard.protocol import (
    AskDoor,
    Done,
    DoorSetting,
    DoorState,
    SaveDoor,
    ServerCertificate,
    SignServer,
)
from arkanum.guard.roles import Action
from arkanum.guard.sessions import OpenPractice
from arkanum.storage import authorities, people, practices
from arkanum.vault import Authority

FOREIGN_NAME = (
    "Für „%s“ kann die Praxis kein Zertifikat ausstellen: die Arbeitsplätze vertrauen ihr nur für Namen im eigenen "
    "Netz, zum Beispiel praxis.local. Andere Namen gehen nur, solange noch kein Arbeitsplatz im Netz eingerichtet ist."
)


def ask_door(guard: Guard, question: AskDoor) -> DoorState:
    """Tell how the door stands, waiting for a change if nothing is new."""
    guard.door.wait(question.known, question.wait_seconds)
    # The number first: what changes while the rows are read is asked for again.
    version = guard.door.version
    founded = practices.all_ids()
    rows = authorities.all_of_this_installation()
    return DoorState(
        version=version,
        founded=bool(founded),
        can_sign=_first_open(guard) is not None,
        setting=door_setting.load(guard.data),
        authorities=tuple(bytes(row.certificate) for row in rows),
        revoked=tuple(bytes(row.revoked) for row in rows),
        devices=people.certified(founded),
        enrolment_seconds=guard.door.enrolment_seconds(),
    )


def save_door(guard: Guard, question: SaveDoor) -> Done:
    """Turn the access over the network on or off, or move it.

    Raises:
        DoorRefused: the address, the port or a name cannot be used; says why.
    """
    with guard.lock:
        session = guard.session(question.token, Action.MANAGE_DOOR)
        setting = door_setting.checked(question.setting)
        _authority_for(session.practice, setting)
        guard.note(session, "save_door", detail="on" if setting.on else "off")
        door_setting.save(guard.data, setting)
    guard.door.changed()
    return Done()


def sign_server(guard: Guard, question: SignServer) -> ServerCertificate:
    """Sign the server's certificate for the names and the address of the setting.

    Raises:
        PracticeSealed: nobody is signed in, so there is no key to sign with.
        DoorRefused: the practice cannot vouch for one of the names.
    """
    with guard.lock:
        practice = _first_open(guard)
        if practice is None:
            raise PracticeSealed
        setting = door_setting.checked(door_setting.load(guard.data))
        authority = _authority_for(practice, setting)
        practice.log.append(Event(at=now(), what="sign_server"))
        certificate = authority.sign_server(
            question.request,
            names=setting.names,
            addresses=[ip_address(setting.address)],
            now=now(),
            days=SERVER_DAYS,
        )
    # A new authority may have taken the place of the old one.
    guard.door.changed()
    return ServerCertificate(certificate=certificate)


def _authority_for(practice: OpenPractice, setting: DoorSetting) -> Authority:
    authority = require_names(practice.site, practice.id, practice.name, setting.names)
    if authority is None:
        raise DoorRefused((FOREIGN_NAME % ", ".join(setting.names),))
    return authority


def _first_open(guard: Guard) -> OpenPractice | None:
    """Return the practice whose authority vouches for the server, if it is open: the oldest of the installation."""
    first = next(iter(practices.all_ids()), None)
    return None if first is None else guard.opened.get(first)
