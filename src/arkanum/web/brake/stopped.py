# SPDX-License-Identifier: MPL-2.0
"""What a person sees when the brake stops them: what to do, and everything they had typed kept for afterwards."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from arkanum.web import cookies, proof
from arkanum.web.shown import show

STATUS = 409
"""A state to be mended by the person, after which the same request goes through."""


def step_up(request: HttpRequest, error: Exception) -> HttpResponse:
    """Ask for the pass phrase of the person at the screen."""
    wrong = _("Die Passphrase stimmt nicht.") if isinstance(error, proof.WrongProof) else ""
    return _shown(request, "brake/step_up", wrong)


def second_person(request: HttpRequest, error: Exception) -> HttpResponse:
    """Ask for a colleague."""
    wrong = _("Name oder Passphrase stimmen nicht, oder diese Person darf nicht zustimmen.")
    return _shown(request, "brake/second", wrong if isinstance(error, proof.WrongColleague) else "")


def canary(request: HttpRequest, error: Exception) -> HttpResponse:
    """Say that the session has ended because a planted patient was opened, and how to go on."""
    del error
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=401, headers={"HX-Redirect": reverse("canary-met")})
    else:
        response = show(request, "brake/canary.html", {}, status=403)
    cookies.end_session(response)
    return response


def _shown(request: HttpRequest, template: str, wrong: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        shown = {"action": reverse("brake-on"), "kept": [], "wrong": wrong}
        response = show(request, f"{template}_over.html", shown, status=STATUS)
        response.headers["HX-Retarget"] = "#brake"
        response.headers["HX-Reswap"] = "innerHTML"
        response.headers["X-Arkanum-Brake"] = "1"
        return response
    action, kept = _way_on(request)
    return show(request, f"{template}.html", {"action": action, "kept": kept, "wrong": wrong}, status=STATUS)


def _way_on(request: HttpRequest) -> tuple[str, list[tuple[str, str]]]:
    """Return where the form leads and what it carries along: the same request again, or the way back to this page."""
    if request.method != "POST":
        return reverse("brake-on"), [("next", request.get_full_path())]
    return request.path, [(name, str(value)) for name, value in request.POST.items() if name not in _OURS]


_OURS = {*proof.FIELDS, "csrfmiddlewaretoken"}
