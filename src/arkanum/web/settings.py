# SPDX-License-Identifier: MPL-2.0
"""Settings of the processes that show pages: those of storage, and what HTTP needs.

`ARKANUM_HOSTS` is a comma-separated list of further names under which devices of the practice reach this server;
without it only loopback is answered, so that a page elsewhere cannot rebind a name to it.
"""

from __future__ import annotations

import os
from pathlib import Path

from arkanum.storage.settings import *  # noqa: F403 -- settings are meant to be inherited whole
from arkanum.storage.settings import INSTALLED_APPS as _STORAGE_APPS
from arkanum.storage.settings import LOGGING as _STORAGE_LOGGING

_HERE = Path(__file__).parent
_LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]

INSTALLED_APPS = [*_STORAGE_APPS, "arkanum.web"]
ROOT_URLCONF = "arkanum.web.urls"
WSGI_APPLICATION = "arkanum.web.wsgi.application"
ALLOWED_HOSTS = [*_LOOPBACK, *filter(None, os.environ.get("ARKANUM_HOSTS", "").split(","))]

# No sessions app, no accounts of Django's own: who is at the screen is known to the guard alone.
MIDDLEWARE = [
    "arkanum.web.middleware.headers",
    "arkanum.web.middleware.length",
    "arkanum.web.middleware.Failures",
    "django.middleware.common.CommonMiddleware",
    "arkanum.web.middleware.FetchOrigin",
    "django.middleware.csrf.CsrfViewMiddleware",
]
APPEND_SLASH = False

CSRF_COOKIE_NAME = "__Host-arkanum-csrf"
CSRF_COOKIE_AGE = None
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = True
CSRF_FAILURE_VIEW = "arkanum.web.failures.forged"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [_HERE / "templates"],
        "OPTIONS": {"environment": "arkanum.web.jinja.environment"},
    },
]

# Foreign files are streamed, never spooled: nothing of a patient may lie in a folder for temporary files.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# An incident's line has its id, the kind of error and the place in the program; the formatter of everything else has no
# message at all.
LOGGING = {
    **_STORAGE_LOGGING,
    "formatters": {
        "plain": {"()": "arkanum.storage.quiet.Quiet", "fmt": "{asctime} {levelname} {name}", "style": "{"},
        "incident": {
            "()": "arkanum.storage.quiet.Quiet",
            "fmt": "{asctime} {levelname} {name} {message}",
            "style": "{",
        },
    },
    "handlers": {
        "console": {"class": "arkanum.storage.quiet.Console", "formatter": "plain"},
        "incident": {"class": "arkanum.storage.quiet.Console", "formatter": "incident"},
    },
    "loggers": {"arkanum.incident": {"handlers": ["incident"], "level": "ERROR", "propagate": False}},
}
