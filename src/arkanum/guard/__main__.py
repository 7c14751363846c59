# SPDX-License-Identifier: MPL-2.0
"""`python -m arkanum.guard` runs the guard process."""

import sys

import django

# Models can be imported only after this.
django.setup()

from arkanum.guard.server import main  # noqa: E402

sys.exit(main())
