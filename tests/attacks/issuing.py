# SPDX-License-Identifier: MPL-2.0
"""Certificates for the attacks: `python -m tests.attacks.issuing` beside a running practice, with its data folder.

Says one line of JSON: certificates (PEM with their keys) that are good, expired, genuine but of nobody, and foreign.
It is what somebody could do who has a device's secret and the database; the tests use it to have every kind at hand.
"""

from __future__ import annotations

import base64
import json
import ssl
import sys
from datetime import UTC, datetime, timedelta
from uuid import UUID

import django

django.setup()

from arkanum.guard import authority as authorities  # noqa: E402
from arkanum.guard.devices import open_site  # noqa: E402
from arkanum.storage import people  # noqa: E402
from arkanum.vault import Authority, DeviceCertificate  # noqa: E402


def main(secret: bytes, devices: list[UUID]) -> None:
    """Give each of the devices a certificate, and make those that must not be let in."""
    opened = open_site(secret)
    assert opened is not None
    row, site = opened
    authority = authorities.open_authority(site, row.practice_id, "Praxis am Markt")
    good = {}
    for device in devices:
        stored = people.device(device)
        good[str(device)] = _pem(authorities.certify(authority, stored, "Labor"))
        people.save_device(stored)
    now = datetime.now(UTC)
    stranger = Authority.new("Praxis am Markt", now=now)
    bad = {
        "foreign": stranger.issue_device(devices[0], name="Labor", now=now, days=9),
        "expired": authority.issue_device(devices[0], name="Labor", now=now - timedelta(days=30), days=29),
        "not yet valid": authority.issue_device(devices[0], name="Labor", now=now + timedelta(days=3), days=9),
        "of nobody": authority.issue_device(devices[0], name="Labor", now=now, days=9),
    }
    print(json.dumps({"good": good, "bad": {name: _pem(made) for name, made in bad.items()}}))  # noqa: T201 - its answer


def _pem(made: DeviceCertificate) -> str:
    key = base64.encodebytes(made.key).decode()
    return f"-----BEGIN PRIVATE KEY-----\n{key}-----END PRIVATE KEY-----\n{ssl.DER_cert_to_PEM_cert(made.certificate)}"


if __name__ == "__main__":
    main(bytes.fromhex(sys.argv[1]), [UUID(one) for one in sys.argv[2:]])
