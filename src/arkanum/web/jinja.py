# SPDX-License-Identifier: MPL-2.0
"""How templates become pages: autoescape on, unknown names are errors, German msgids through gettext."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from jinja2 import Environment, StrictUndefined

from arkanum.core import label
from arkanum.web import assets, german


def environment(**options: Any) -> Environment:  # noqa: ANN401 -- Django hands its options through
    """Return the environment of all templates; compiled ones stay in memory."""
    options["undefined"] = StrictUndefined
    env = Environment(  # noqa: S701 -- Django's backend sets autoescape
        extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True, cache_size=-1, **options
    )
    # The extension brings these callables; its stubs do not say so.
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(asset=assets.asset, icon=assets.icon, url=_url, label=label)
    env.filters.update(day=german.day, moment=german.moment, clock=german.clock, number=german.number)
    return env


def _url(name: str, **parts: object) -> str:
    return reverse(name, kwargs=parts)
