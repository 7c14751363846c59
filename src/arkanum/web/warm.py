# SPDX-License-Identifier: MPL-2.0
"""What is read once at start, so that the first patient of the day does not wait for it."""

from __future__ import annotations

import gc
import threading

from arkanum.web import assets, failures, shown
from arkanum.web.chart.writing import catalogue


def up() -> None:
    """Compile all templates, read the list of assets and the ICD-10-GM; let a failed thread say its place alone."""
    threading.excepthook = _failed_thread
    env = shown.environment()
    for name in env.list_templates(extensions=["html"]):
        env.get_template(name)
    assets.contents()
    catalogue()
    # What is read now stays for ever; the garbage collector need not walk over it while a page is made.
    gc.collect()
    gc.freeze()


def _failed_thread(failed: threading.ExceptHookArgs) -> None:
    failures.note(failed.exc_value)
