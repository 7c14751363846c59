# SPDX-License-Identifier: MPL-2.0
"""How a command gets in: it shows a short code, a signed-in person types it. No pass phrase, no key on disk."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from arkanum.cli.place import PlaceError, guard_owner, socket_path
from arkanum.guard import Client, SocketTransport
from arkanum.guard.errors import GuardAway, WrongCode
from arkanum.guard.protocol import Pairing

ASK_EVERY_SECONDS = 1.0


class NotLetIn(Exception):
    """Nobody typed the code in time, or no server runs; `german` says which."""

    def __init__(self, german: str) -> None:
        """Keep the sentence for the console."""
        super().__init__(german)
        self.german = german


def let_in(data: Path, name: str, purpose: str = "job") -> tuple[Client, bytes]:
    """Wait until a signed-in person lets this command in.

    Args:
        data: the data folder of the running server.
        name: what the person is shown as the asker.
        purpose: what the command may do: `job` moves records in, `examine` checks the log.

    Returns:
        A client and the token of a session for this purpose and nothing else.

    Raises:
        NotLetIn: nobody did within ten minutes, or no server runs on this folder.
    """
    path = socket_path(data)
    try:
        client = Client(SocketTransport(path, guard_owner()))
        pairing = _begun(client, path, name, purpose)
    except PlaceError as error:
        raise NotLetIn(error.german) from error
    except GuardAway as error:
        raise NotLetIn(f"Auf {data} läuft kein Arkanum. Erst starten: arkanum serve --data {data}") from error
    try:
        print(
            "Bitte in Arkanum anmelden und unter „Geräte“ diesen Code eingeben (zehn Minuten gültig):\n\n"
            f"    {pairing.code}\n",
            file=sys.stderr,
            flush=True,
        )
        while not (answer := client.paired(pairing.pairing)).token:
            time.sleep(ASK_EVERY_SECONDS)
    except (WrongCode, GuardAway) as error:
        raise NotLetIn("Der Code wurde nicht rechtzeitig eingegeben.") from error
    return client, answer.token


def _begun(client: Client, path: Path, name: str, purpose: str) -> Pairing:
    """Ask for a code; a server that was killed has left its socket behind, and nobody answers there."""
    if not path.exists():
        raise GuardAway
    return client.begin_pairing(name, purpose=purpose)
