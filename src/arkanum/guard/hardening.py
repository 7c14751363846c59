# SPDX-License-Identifier: MPL-2.0
"""What the guard process gives up before it holds a key: dumps, tracing, the network."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import socket
import struct
import sys

_PR_SET_DUMPABLE = 4
_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2
_MCL_CURRENT_AND_FUTURE = 3

_ALLOW = 0x7FFF0000
_REFUSE = 0x00050000 | 13
"""SECCOMP_RET_ERRNO with EACCES."""

_OTHER_TABLE = 0x40000000
_IO_URING_SETUP = 425
"""The same number on every architecture."""

_ARCHITECTURES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""AUDIT_ARCH and the number of socket(2), from Linux's headers."""


class CannotHarden(RuntimeError):
    """The kernel did not take a protection; the guard must not hold keys without it."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def harden() -> None:
    """Give up core dumps, being traced by others of the same user, new privileges, and the network.

    Raises:
        CannotHarden: a protection is not to be had on this machine.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    libc = ctypes.CDLL(None, use_errno=True)
    _prctl(libc, _PR_SET_DUMPABLE, 0)
    _prctl(libc, _PR_SET_NO_NEW_PRIVS, 1)
    _keep_out_of_swap(libc)
    _refuse_network(libc)


def _prctl(libc: ctypes.CDLL, option: int, *values: object) -> None:
    padded = [*values, *([0] * (4 - len(values)))]
    if libc.prctl(option, *padded) != 0:
        raise CannotHarden(os.strerror(ctypes.get_errno()))


def _keep_out_of_swap(libc: ctypes.CDLL) -> None:
    # Only where the limit allows it: a bounded lock would make a later allocation fail instead.
    if resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] == resource.RLIM_INFINITY:
        libc.mlockall(_MCL_CURRENT_AND_FUTURE)


def _refuse_network(libc: ctypes.CDLL) -> None:
    """Let socket(2) make Unix sockets only; everything else about the network needs one of the others.

    Source: Linux `Documentation/userspace-api/seccomp_filter.rst`.
    """
    architecture, number = _ARCHITECTURES[platform.machine()]
    instructions = (
        (0x20, 0, 0, 4),  # load the architecture
        (0x15, 0, 7, architecture),  # another one (a 32-bit call): refuse
        (0x20, 0, 0, 0),  # load the number of the call
        (0x35, 5, 0, _OTHER_TABLE),  # the second table of x86_64 (x32), where socket(2) has another number: refuse
        (0x15, 4, 0, _IO_URING_SETUP),  # the other way to a socket: refuse
        (0x15, 0, 2, number),  # not socket(2): allow
        (0x20, 0, 0, 16),  # load the address family
        (0x15, 0, 1, socket.AF_UNIX),  # not a Unix socket: refuse
        (0x06, 0, 0, _ALLOW),
        (0x06, 0, 0, _REFUSE),
    )
    raw = b"".join(struct.pack("=HBBI", *instruction) for instruction in instructions)
    code = ctypes.create_string_buffer(raw, len(raw))
    program = _Program(len(instructions), ctypes.cast(code, ctypes.c_void_p))
    _prctl(libc, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program))
    with contextlib.suppress(PermissionError):
        socket.socket(socket.AF_INET).close()
        sys.exit("Der Netzzugang ließ sich nicht sperren.")
