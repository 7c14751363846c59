# SPDX-License-Identifier: MPL-2.0
"""`python -m bench.tls_server`: the product's server with its door open on this machine, and what opens it.

Guard and pages are one process here: without the way between them a page is quicker, so the same TLS weighs more.
"""

from __future__ import annotations

import argparse
import json
import os
import ssl
import sys
from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass, field
from pathlib import Path

from arkanum.cli.place import prepare

ADDRESS = "127.0.0.2"
NAME = "praxis.local"
PASSPHRASE = "korrekt pferd batterie stapel wolke geige"  # noqa: S105 -- of a practice that lives for a minute


@dataclass(frozen=True, slots=True)
class Opened:
    """A practice that was just founded, on this server."""

    tokens: tuple[bytes, bytes] = field(repr=False)
    files: dict[str, str]


def main() -> int:
    """Serve until stopped; say in one line of JSON how to get in."""
    parser = argparse.ArgumentParser(prog="bench.tls_server")
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "arkanum.web.settings"
    data = prepare(Path(os.environ["ARKANUM_DATA"]))
    _serve(data, options.port)
    return 0


def _serve(data: Path, port: int) -> None:
    # Django's settings are chosen only now.
    from arkanum.cli.door.server import Doors, configuration  # noqa: PLC0415
    from arkanum.guard import Client, use  # noqa: PLC0415
    from arkanum.guard.direct import DirectTransport  # noqa: PLC0415
    from arkanum.guard.house import Guard  # noqa: PLC0415
    from arkanum.web.network import status as said  # noqa: PLC0415
    from arkanum.web.network.hosts import HostGate  # noqa: PLC0415
    from arkanum.web.wsgi import application  # noqa: PLC0415

    guard = Guard(data)
    client = Client(DirectTransport(guard))
    use(client)
    opened = _found(guard, client, data, port)
    gate = HostGate(application)

    def tell(status: said.DoorStatus) -> None:
        gate.answer_as(status)
        if status.open:
            cookies = [urlsafe_b64encode(token).decode().rstrip("=") for token in opened.tokens]
            print(json.dumps({"plain": cookies[0], "tls": cookies[1], **opened.files}), flush=True)

    Doors(configuration(gate, port, "127.0.0.1"), client, data, tell).run()


def _found(guard: Guard, client: Client, data: Path, port: int) -> Opened:  # type: ignore[name-defined]  # noqa: F821
    from arkanum.guard import authority as authorities  # noqa: PLC0415
    from arkanum.guard.protocol import DoorSetting  # noqa: PLC0415
    from arkanum.storage import people  # noqa: PLC0415

    made = client.found_practice(
        code=guard.founding_code,
        practice_name="Praxis",
        name="Dr. Ada",
        login="ada",
        passphrase=PASSPHRASE,
        device_name="Empfang",
    )
    client.confirm_paper(made.token, first=made.paper_codes[0], second=made.paper_codes[2])
    (practice,) = guard.opened.values()
    (device,) = people.devices(practice.id)
    authority = authorities.open_authority(practice.site, practice.id, practice.name)
    certificate = authorities.certify(authority, device, "Empfang")
    people.save_device(device)
    client.save_door(made.token, DoorSetting(on=True, address=ADDRESS, port=port, names=(NAME,)))
    token = client.sign_in(
        device_secret=made.device_secret, login="ada", passphrase=PASSPHRASE, channel=device.id.bytes
    ).token
    workplace, trusted = data / "workplace.pem", data / "authority.pem"
    key = b64encode(certificate.key).decode()
    workplace.write_text(
        f"-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----\n"
        + ssl.DER_cert_to_PEM_cert(certificate.certificate)
    )
    trusted.write_text(ssl.DER_cert_to_PEM_cert(authority.certificate))
    return Opened((made.token, token), {"certificate": str(workplace), "authority": str(trusted)})


if __name__ == "__main__":
    sys.exit(main())
