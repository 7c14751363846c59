# SPDX-License-Identifier: MPL-2.0
"""A cable between two machines that are none: network namespaces on this one, with private addresses of their own."""

from __future__ import annotations

import ctypes
import itertools
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

CLONE_NEWNET = 0x40000000
PATIENCE_SECONDS = 120
_NUMBERS = itertools.count()


def missing(*programs: str) -> str:
    """Return why no such cable can be laid here, or nothing."""
    if os.geteuid() != 0:
        return "needs root: network namespaces"
    for program in ("/usr/sbin/ip", *programs):
        if shutil.which(program) is None:
            return f"needs {program}"
    tried = subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "this kernel makes no network namespaces for us"


class Cable:
    """A server and somebody outside: the same private network, and a second private one that is not the practice's."""

    server = "10.77.1.1"
    server6 = "fd77::1"
    practice = "10.77.1.0/24"
    practice6 = "fd77::/64"
    elsewhere = "10.78.1.1"
    """The server's second address, on a network that is not the practice's."""

    def __init__(self, server: int | None = None) -> None:
        """Lay it.

        Args:
            server: process id of a server that has its own network; without it, one is made.
        """
        mark = f"ark{os.getpid()}n{next(_NUMBERS)}"
        self.inner, self.outer = f"{mark}s", f"{mark}o"
        try:
            _ip("netns", "add", self.outer)
            _ip("netns", *(("add", self.inner) if server is None else ("attach", self.inner, str(server))))
            for name in (self.inner, self.outer):
                _ip("-n", name, "link", "set", "lo", "up")
            # Linux says once a second that a port is closed; a scanner would wait for each of them.
            _run(*self.on_server("sh", "-c", "echo 0 > /proc/sys/net/ipv4/icmp_ratelimit"))
            end = ("type", "veth", "peer", "name", "cable", "netns", self.outer)
            _ip("link", "add", "cable", "netns", self.inner, *end)
            for name, host in ((self.inner, 1), (self.outer, 2)):
                for address in (f"10.77.1.{host}/24", f"10.78.1.{host}/24"):
                    _ip("-n", name, "address", "add", address, "dev", "cable")
                _ip("-n", name, "address", "add", f"fd77::{host}/64", "dev", "cable", "nodad")
                _ip("-n", name, "link", "set", "cable", "up")
        except BaseException:
            self.cut()
            raise

    def cut(self) -> None:
        """Take everything away again; what still runs in it loses its network."""
        for name in (self.inner, self.outer):
            subprocess.run(["/usr/sbin/ip", "netns", "delete", name], capture_output=True, check=False)

    def on_server(self, *command: str) -> list[str]:
        """Return a command line that runs a command with the server's network."""
        return ["nsenter", f"--net=/run/netns/{self.inner}", "--", *map(str, command)]

    def outside(self, *command: str) -> list[str]:
        """Return a command line that runs a command with the network of somebody outside."""
        return ["nsenter", f"--net=/run/netns/{self.outer}", "--", *map(str, command)]

    def from_outside(self, question):
        """Call a function with the network of somebody outside."""
        return within(f"/run/netns/{self.outer}", question)

    def inside(self, question):
        """Call a function with the server's network."""
        return within(f"/run/netns/{self.inner}", question)

    def open_ports(self, target: str) -> frozenset[int]:
        """Return the TCP ports that nmap finds open from outside, of all there are.

        A scan at this speed may miss an answer on a busy machine, so what listens there at all is looked at once more.
        """
        every = self.looked_at(target, "-p-", "-sS", "-T5", "--min-rate", "20000", "--max-retries", "1")
        return every | self.open_among(target, self.listening())

    def open_among(self, target: str, ports: Iterable[int], how: str = "-sS") -> frozenset[int]:
        """Return those of some ports that nmap finds open from outside, without hurry."""
        family = ("-6",) if ":" in target else ()
        numbers = ",".join(map(str, sorted(ports)))
        return self.looked_at(target, *family, "-p", numbers, how, "-T4") if numbers else frozenset()

    def looked_at(self, target: str, *options: str) -> frozenset[int]:
        """Return the ports that nmap finds open from outside."""
        command = self.outside("nmap", "-n", "-Pn", *options, "-oG", "-", target)
        said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE_SECONDS).stdout
        assert "Host:" in said, said
        return frozenset(int(port) for port in re.findall(r"(\d+)/open/", said))

    def listening(self) -> frozenset[int]:
        """Return the TCP ports on which anything of the server listens, on whatever address."""
        said = subprocess.run(self.on_server("ss", "-Hltn"), capture_output=True, text=True, check=True).stdout
        return frozenset(int(line.split()[3].rpartition(":")[2]) for line in said.splitlines())


def within(namespace: str, question):
    """Call a function in a thread that lives in another network namespace, and return what it returns."""
    # setns(2) moves the calling thread alone, and this one ends with the question.
    with ThreadPoolExecutor(max_workers=1) as elsewhere:
        return elsewhere.submit(_moved, namespace, question).result()


def _moved(namespace: str, question):
    handle = os.open(namespace, os.O_RDONLY)
    try:
        if ctypes.CDLL(None, use_errno=True).setns(handle, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")
    finally:
        os.close(handle)
    return question()


def _ip(*arguments: str) -> None:
    _run("/usr/sbin/ip", *arguments)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
