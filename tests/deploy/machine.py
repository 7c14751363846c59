# SPDX-License-Identifier: MPL-2.0
"""A Debian server inside this machine: its own processes, network, users and folders, and systemd as its first process.

It is made of namespaces (needs root) and gone with its first process. `/etc`, `/opt`, `/var/lib` and `/run` are its
own, so that users and units made there are never this machine's; the program is this checkout, shown read-only where
an installation has it. The units are the very files that a practice installs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.deploy.network import within

ROOT = Path(__file__).resolve().parent.parent.parent
HOME = "/opt/arkanum"
PATIENCE_SECONDS = 60
DEBIAN_PYTHON = "/usr/bin/python3.11"

BOOT = """
set -eu
mount --make-rprivate /
mkdir -p "$stage/etc" "$stage/work" "$stage/checkout" "$stage/packages"
mount --bind "$checkout" "$stage/checkout"
mount --bind "$packages" "$stage/packages"
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$stage/etc,workdir=$stage/work" /etc
mount -t tmpfs -o mode=755 tmpfs /opt
mkdir -p /opt/arkanum/packages
mkdir /opt/arkanum/src /opt/arkanum/deploy
mount --bind -o ro "$stage/checkout/src" /opt/arkanum/src
mount --bind -o ro "$stage/checkout/deploy" /opt/arkanum/deploy
mount --bind -o ro "$stage/packages" /opt/arkanum/packages
for place in /srv /var/lib /var/log /run /usr/local/sbin; do mount -t tmpfs -o mode=755 tmpfs $place; done
mount -t tmpfs -o mode=1777 tmpfs /var/tmp
for wants in /lib/systemd/system/*.target.wants /etc/systemd/system/*.target.wants; do
  mount -t tmpfs tmpfs "$wants"
done
mkdir -p /run/lock /etc/systemd/journald.conf.d
printf '[Journal]\\nStorage=volatile\\nReadKMsg=no\\nAudit=no\\n' > /etc/systemd/journald.conf.d/quiet.conf
[ -s /etc/machine-id ] || echo 0123456789abcdef0123456789abcdef > /etc/machine-id
mount -t proc proc /proc
umount -l /sys/fs/cgroup
mount -t cgroup2 none /sys/fs/cgroup
ip link set lo up
"$python" -m venv --without-pip /opt/arkanum/.venv
printf '%s\\n' /opt/arkanum/src /opt/arkanum/packages > /opt/arkanum/.venv/lib/python3.11/site-packages/arkanum.pth
printf '#!/opt/arkanum/.venv/bin/python\\nimport sys\\nfrom arkanum.cli import main\\nsys.exit(main())\\n' \
  > /opt/arkanum/.venv/bin/arkanum
chmod 0755 /opt/arkanum/.venv/bin/arkanum
exec env -i PATH="$PATH" container=arkanum-test /lib/systemd/systemd --system --unit=basic.target --show-status=no
"""


def missing() -> str:
    """Return why no such machine can be made here, or nothing."""
    if os.geteuid() != 0:
        return "needs root: users and namespaces of its own"
    for program in ("unshare", "nsenter", "/lib/systemd/systemd", DEBIAN_PYTHON, "/usr/sbin/ip"):
        if shutil.which(program) is None:
            return f"needs {program}"
    tried = subprocess.run(["unshare", "-mpnuiC", "--fork", "true"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "this kernel makes no namespaces for us"


class Machine:
    """A server that is running systemd."""

    def __init__(self, stage: Path) -> None:
        """Start it and wait until systemd answers.

        Args:
            stage: an empty folder on a disk of this machine.
        """
        self._log = (stage / "console").open("wb")
        disk = stage / "disk"
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", disk], check=True)
        self._disk = disk
        packages = next(Path(entry) for entry in sys.path if (Path(entry) / "django").is_dir())
        environment = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "stage": str(disk),
            "checkout": str(ROOT),
            "packages": str(packages),
            "python": DEBIAN_PYTHON,
        }
        self._unshare = subprocess.Popen(
            ["unshare", "-mpnuiC", "--fork", "--kill-child", "bash", "-c", BOOT],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            env=environment,
        )
        self.pid = 0
        try:
            self._wait(stage)
        except BaseException:
            self.end()
            raise

    def _wait(self, stage: Path) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until and self._unshare.poll() is None:
            self.pid = self.pid or self._first()
            if self.pid and self.run("systemctl", "is-system-running", check=False).stdout.strip() == "running":
                return
            time.sleep(0.2)
        raise AssertionError((stage / "console").read_text(errors="replace")[-4000:])

    def _first(self) -> int:
        children = Path(f"/proc/{self._unshare.pid}/task/{self._unshare.pid}/children").read_text().split()
        if not children or "systemd" not in Path(f"/proc/{children[0]}/cmdline").read_text():
            return 0
        return int(children[0])

    def run(self, *command: str, check: bool = True, **options: object) -> subprocess.CompletedProcess[str]:
        """Run a command on this server, as root."""
        inside = ["nsenter", "-t", str(self.pid), "-m", "-p", "-n", "-u", "-i", "--", *command]
        done = subprocess.run(
            inside, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False, cwd="/", **options
        )
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(command)}: {done.stdout}\n{done.stderr}\n{self.journal()}")
        return done

    def journal(self, unit: str = "") -> str:
        """Return what stands in this server's journal."""
        only = ["-u", unit] if unit else []
        return self.run("journalctl", "--no-pager", "-o", "cat", *only, check=False).stdout

    def ask(self, question):
        """Call a function whose sockets are those of this server, and return what it returns."""
        return within(f"/proc/{self.pid}/ns/net", question)

    def end(self) -> None:
        """Pull the plug."""
        self._unshare.kill()
        self._unshare.wait(PATIENCE_SECONDS)
        self._log.close()
        subprocess.run(["umount", "-l", self._disk], check=False)
