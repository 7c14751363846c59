# SPDX-License-Identifier: MPL-2.0
"""`python -m arkanum.cli.tied PARENT MODULE ARGUMENTS...`: run a module that ends when its parent ends.

A server that is killed cannot stop its guard and its pages. Left alone, the old guard would go on holding keys that
nobody can seal, and write into the same log as the guard of the next server.
"""

from __future__ import annotations

import ctypes
import os
import runpy
import signal
import sys

_PR_SET_PDEATHSIG = 1


def command(module: str, *arguments: str) -> list[str]:
    """Return the command that runs a module tied to this process."""
    return [sys.executable, "-m", "arkanum.cli.tied", str(os.getpid()), module, *arguments]


def main(parent: int, module: str, arguments: list[str]) -> None:
    """Ask the kernel for SIGTERM at the parent's end, then become the module.

    Source: prctl(2), PR_SET_PDEATHSIG. It is set here and not between fork and exec, because the server that starts
    its children has threads.
    """
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0) != 0:
        sys.exit(f"{module}: {os.strerror(ctypes.get_errno())}")
    if os.getppid() != parent:
        return  # it ended before the kernel was asked
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
