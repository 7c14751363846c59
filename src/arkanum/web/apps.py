# SPDX-License-Identifier: MPL-2.0
"""Django's entry for the pages: no models, one check."""

from __future__ import annotations

from django.apps import AppConfig
from django.core import checks

from arkanum.web import doors


class WebConfig(AppConfig):
    """The pages of the practice."""

    name = "arkanum.web"
    label = "web"

    def ready(self) -> None:
        """Make every route declare what it needs, or nothing starts."""
        checks.register(doors.check_routes, checks.Tags.security)
