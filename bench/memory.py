# SPDX-License-Identifier: MPL-2.0
"""How much memory processes use, as the kernel counts it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

PROC = Path("/proc")


def children(parent: int) -> Iterator[int]:
    """Yield the ids of the processes that a process has started."""
    for folder in PROC.glob("[0-9]*"):
        try:
            # The name in the second field may hold blanks; the parent is the second field after its bracket.
            fields = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == parent:
            yield int(folder.name)


def memory_mb(processes: Iterable[int]) -> float:
    """Return what processes use together: shared pages by their share (PSS), where the kernel tells.

    The guard is not dumpable, so only root is told its share; anybody else is told its resident memory, which is more.
    """
    return sum(_memory_kib(process) for process in processes) / 1024


def _memory_kib(process: int) -> int:
    folder = PROC / str(process)
    try:
        return _figure(folder / "smaps_rollup", "Pss:")
    except PermissionError:
        return _figure(folder / "status", "VmRSS:")


def _figure(path: Path, name: str) -> int:
    lines = path.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))
