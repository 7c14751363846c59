# SPDX-License-Identifier: MPL-2.0
"""Django's settings for the processes without pages (guard, command line); the pages add theirs.

Two environment variables choose the place: `ARKANUM_DATA` is the data folder (0700, own user), and
`ARKANUM_DATABASE` is empty for SQLite inside that folder, `sqlite:///folder/name` for SQLite in a folder that guard
and pages share as two users, or a libpq address such as `postgresql:///arkanum?host=/run/postgresql` for PostgreSQL.
Neither carries a secret.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from arkanum.storage.database import database_from

DATA = Path(os.environ.get("ARKANUM_DATA", "data")).resolve()

# Nothing that outlives the process is signed with it, so every process makes its own and none is stored.
SECRET_KEY = secrets.token_urlsafe(64)
DEBUG = False
ALLOWED_HOSTS: list[str] = []

INSTALLED_APPS = ["arkanum.storage"]
DATABASES = {"default": database_from(os.environ.get("ARKANUM_DATABASE", ""), DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]

# Django's own messages may quote values; only warnings without content reach the console.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": True,
    "formatters": {"plain": {"()": "arkanum.storage.quiet.Quiet", "fmt": "{asctime} {levelname} {name}", "style": "{"}},
    "handlers": {"console": {"class": "arkanum.storage.quiet.Console", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "ERROR"},
}
