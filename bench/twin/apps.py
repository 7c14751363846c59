# SPDX-License-Identifier: MPL-2.0
"""Django's entry for the twin."""

from __future__ import annotations

from django.apps import AppConfig


class TwinConfig(AppConfig):
    """The plaintext twin."""

    name = "bench.twin"
    label = "twin"
