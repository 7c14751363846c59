# SPDX-License-Identifier: MPL-2.0
"""Showing once more who is at the screen, in the middle of whatever they were doing.

The brake's page is a form that leads where the person wanted to go, with everything they had typed in hidden fields and
one field more. The door takes that field, lets the guard judge it, and then opens as if nothing had been asked.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from arkanum.guard import Client
from arkanum.guard.errors import SecondPerson, SignInRefused, StepUp

PASSPHRASE = "arkanum-proof"  # noqa: S105 -- the name of a field
COLLEAGUE = "arkanum-colleague"
FIELDS = (PASSPHRASE, COLLEAGUE)
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
LONGEST = 400


class WrongProof(StepUp):
    """The pass phrase was wrong; it is asked for again."""


class WrongColleague(SecondPerson):
    """The colleague's name or pass phrase was wrong, or they may not agree; they are asked again."""


def take(request: HttpRequest, client: Client, token: bytes) -> None:
    """Hand what was typed into the brake's page to the guard; does nothing for any other request.

    Raises:
        WrongProof: one's own pass phrase was wrong.
        WrongColleague: the colleague's was, or they may not agree.
    """
    if request.method != "POST" or request.content_type not in FORMS:
        return
    passphrase = request.POST.get(PASSPHRASE, "")[:LONGEST]
    if not passphrase:
        return
    colleague = request.POST.get(COLLEAGUE, "").strip()[:LONGEST]
    try:
        if colleague:
            client.vouch(token, login=colleague, passphrase=passphrase)
        else:
            client.prove(token, passphrase=passphrase)
    except SignInRefused as refused:
        raise (WrongColleague if colleague else WrongProof) from refused


def way_on(request: HttpRequest) -> str:
    """Return where the form `next` leads: a path of our own, else the start page."""
    path = request.POST.get("next", "")
    return path if path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None) else "/"
