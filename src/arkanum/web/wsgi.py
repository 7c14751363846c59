# SPDX-License-Identifier: MPL-2.0
"""The application that a server calls.

It refuses to exist while a route does not say what it needs, or a template for whom it shows what.
"""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arkanum.web.settings")
application = get_wsgi_application()

# Only now: rooms import tables, and Django wants its settings before the first table.
from arkanum.web import doors, shown, warm  # noqa: E402

doors.require_marks()
shown.require_templates()
warm.up()
