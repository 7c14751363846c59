# SPDX-License-Identifier: MPL-2.0
"""Run the command line as `python -m arkanum`."""

import sys

from arkanum.cli import main

if __name__ == "__main__":
    sys.exit(main())
