# SPDX-License-Identifier: MPL-2.0
"""The one Django app that owns tables."""

from django.apps import AppConfig


class StorageConfig(AppConfig):
    """All tables and their one chain of migrations."""

    name = "arkanum.storage"
    label = "storage"
