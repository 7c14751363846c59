# SPDX-License-Identifier: MPL-2.0
"""`python -m bench.twin`: fill the twin, say how to get in, and serve it like the product's own worker."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from datetime import date

import django

from arkanum.cli import worker


def main() -> int:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(prog="bench.twin")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--patients", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--today", type=date.fromisoformat, required=True)
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.twin.settings"
    django.setup()
    from bench.twin.fill import fill  # noqa: PLC0415 - needs the settings

    filled = fill(options.patients, options.seed, options.today)
    print(json.dumps(asdict(filled)), flush=True)
    worker.serve(options.port)
    return 0


if __name__ == "__main__":
    sys.exit(main())
