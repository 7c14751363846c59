# SPDX-License-Identifier: MPL-2.0
"""The product's own settings, with the twin's routes and a database that need not wipe what it deletes."""

from __future__ import annotations

from arkanum.web.settings import *  # noqa: F403 -- everything else is to be the same
from arkanum.web.settings import DATA, MIDDLEWARE
from arkanum.web.settings import INSTALLED_APPS as _PRODUCT

INSTALLED_APPS = [*_PRODUCT, "bench.twin"]
ROOT_URLCONF = "bench.twin.urls"
MIDDLEWARE = list(MIDDLEWARE)
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(DATA / "twin.sqlite3"),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
        },
    }
}
