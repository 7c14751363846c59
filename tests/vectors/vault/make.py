# SPDX-License-Identifier: MPL-2.0
"""Make a new file of test vectors: `python tests/vectors/vault/make.py tests/vectors/vault/NAME`.

Run once per format, when the format is new. A file that exists is never written again: practices
have data like it, and it must open for ever.
"""

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias
from uuid import UUID

from arkanum.vault import (
    CHUNK_BYTES,
    Cost,
    Key,
    PaperCode,
    Place,
    PrivateKey,
    Sealed,
    SealWriter,
    SigningKey,
    pair_key,
    person_key,
    seal,
    seal_to,
    stretch,
    tag,
    wrap,
)

Vector: TypeAlias = dict[str, object]

KEY = Key.from_bytes(bytes(range(32)))
OTHER_KEY = Key.from_bytes(bytes(range(32, 64)))
PERSON = PrivateKey.from_bytes(bytes(range(64, 96)))
SIGNER = SigningKey.from_bytes(bytes(range(96, 128)))
ROW = UUID("018f1e2d-3c4b-7a59-8877-665544332211")
CHART = UUID("018f1e2d-3c4b-7a59-8877-0123456789ab")
RECORD = Place("record", "body", ROW, 3, CHART)
CELL = Place("ring_share", "share", ROW)
FILE = Place("document", "file", ROW, 1, CHART)
GERMAN = "Grüße aus der Praxis von Frau Öztürk-Łukasiewicz: J06.9 G, akute Infektion".encode()


def place(where: Place) -> Vector:
    """Return a place as JSON."""
    return {
        "table": where.table,
        "column": where.column,
        "row": str(where.row),
        "version": where.version,
        "chart": None if where.chart is None else str(where.chart),
    }


def cell(kind: str, name: str, key: str, *, where: Place, sealed: Sealed) -> Vector:
    """Return an envelope as JSON, without what is expected of it."""
    return {
        "name": name,
        "kind": kind,
        "key": key,
        "place": place(where),
        "epoch": sealed.epoch,
        "sealed": sealed.to_storage().hex(),
    }


def good_cells() -> Iterator[Vector]:
    """Yield envelopes that open."""
    key, person = KEY.expose().hex(), PERSON.expose().hex()
    for name, where, epoch, text in (
        ("empty", RECORD, 0, b""),
        ("german text", RECORD, 7, GERMAN),
        ("all bytes, last epoch", RECORD, 2**32 - 1, bytes(range(256))),
        ("a place without a chart", CELL, 1, b"share"),
    ):
        sealed = seal(KEY, where, text, epoch=epoch)
        yield cell("record", name, key, where=where, sealed=sealed) | {"plaintext": text.hex()}
    wrapped = wrap(KEY, CELL, OTHER_KEY, epoch=7)
    yield cell("key", "wrapped key", key, where=CELL, sealed=wrapped) | {"plaintext": OTHER_KEY.expose().hex()}
    letter = seal_to(PERSON.public, CELL, GERMAN, epoch=2)
    yield cell("letter", "to a person", person, where=CELL, sealed=letter) | {"plaintext": GERMAN.hex()}


def spoilt(vector: Vector, name: str, **changes: object) -> Vector:
    """Return a vector that must not open."""
    wrong = {key: value for key, value in vector.items() if key != "plaintext"} | changes
    return {"expect": "Tampered"} | wrong | {"name": f"{vector['name']}: {name}"}


def flipped(sealed: str, at: int) -> str:
    """Return the hex of the bytes with one bit changed."""
    raw = bytearray.fromhex(sealed)
    raw[at] ^= 1
    return raw.hex()


def wrong_cells(good: Vector) -> Iterator[Vector]:
    """Yield what a thief, a broken disk or a careless migration may make of a good envelope."""
    sealed, where = str(good["sealed"]), dict(good["place"])  # type: ignore[call-overload]
    unknown = {"expect": "UnknownFormat"}
    yield spoilt(good, "marker changed", sealed="c0" + sealed[2:], **unknown)
    yield spoilt(good, "newer format", sealed="c102" + sealed[4:], **unknown)
    yield spoilt(good, "unknown kind", sealed="c10109" + sealed[6:], **unknown)
    yield spoilt(good, "another epoch", sealed=flipped(sealed, 6))
    for name, at in (("nonce", 7), ("body", len(sealed) // 4), ("tag", -1)):
        yield spoilt(good, f"bit of the {name} flipped", sealed=flipped(sealed, at))
    yield spoilt(good, "last byte cut", sealed=sealed[:-2])
    yield spoilt(good, "one byte added", sealed=sealed + "00")
    yield spoilt(good, "nothing left", sealed="")
    yield spoilt(good, "another key", key=bytes(32).hex())
    for field, other in (
        ("table", "letter"),
        ("column", "note"),
        ("row", str(CHART)),
        ("version", 99),
        ("chart", str(ROW)),
    ):
        yield spoilt(good, f"another {field}", place=where | {field: other})


def streams() -> Iterator[Vector]:
    """Yield files: whole ones, and ones cut, mixed up or lengthened at the border of a chunk."""
    for text, name in ((b"", "empty file"), (GERMAN, "one chunk")):
        yield stream(name, text) | {"plaintext": text.hex()}
    long = stream("two chunks", bytes(CHUNK_BYTES + 1))
    yield long | {"zeros": CHUNK_BYTES + 1}
    short = stream("one byte", b"x")
    raw = str(short["sealed"])
    for name, sealed in (
        ("no chunk at all", raw[: 39 * 2]),
        ("cut inside the salt", raw[: 30 * 2]),
        ("chunk twice", raw + raw[39 * 2 :]),
        ("one byte added", raw + "00"),
        ("bit of the salt flipped", flipped(raw, 10)),
        ("bit of the last chunk flipped", flipped(raw, 39)),
    ):
        yield spoilt(short, name, sealed=sealed)
    # The long file stands here once; these are made of slices of it.
    border, end = 39 + CHUNK_BYTES + 16, len(str(long["sealed"])) // 2
    for name, slices in (
        ("cut at the border of a chunk", [[0, border]]),
        ("first chunk missing", [[0, 39], [border, end]]),
        ("chunks in another order", [[0, 39], [border, end], [39, border]]),
        ("last chunk twice", [[0, end], [border, end]]),
    ):
        yield spoilt(long, name, sealed="", of=long["name"], slices=slices)


def stream(name: str, text: bytes) -> Vector:
    """Return a sealed file as JSON."""
    file = io.BytesIO()
    with SealWriter(KEY, FILE, file, epoch=5) as writer:
        writer.write(text)
    return {
        "name": name,
        "kind": "stream",
        "key": KEY.expose().hex(),
        "place": place(FILE),
        "epoch": 5,
        "sealed": file.getvalue().hex(),
    }


def derived() -> Iterator[Vector]:
    """Yield what follows from its inputs without chance."""
    key, cost, salt = KEY.expose().hex(), Cost(64, 2, 2), bytes(range(16))
    phrase = "drei Igel im Käsekuchen"
    stretched = stretch(phrase, salt, cost)
    one, other = PaperCode(1, bytes(range(26))), PaperCode(3, bytes(range(5, 31)))
    inputs: tuple[Vector, ...] = (
        {"kind": "derive", "key": key, "purpose": "chart", "context": "", "result": KEY.derive("chart")},
        {
            "kind": "derive",
            "key": key,
            "purpose": "chart",
            "context": ROW.bytes.hex(),
            "result": KEY.derive("chart", ROW.bytes),
        },
        {"kind": "tag", "key": key, "text": "dr. ada", "result": tag(KEY, "dr. ada")},
        {
            "kind": "stretch",
            "passphrase": phrase,
            "salt": salt.hex(),
            "cost": [cost.memory_kib, cost.passes, cost.lanes],
            "result": stretched,
        },
        {
            "kind": "person",
            "site": key,
            "stretched": stretched.expose().hex(),
            "result": person_key(KEY, stretched),
        },
        {"kind": "paper", "codes": [one.expose(), other.expose()], "result": pair_key(one, other)},
        {"kind": "public", "key": PERSON.expose().hex(), "result": PERSON.public.to_bytes()},
        {"kind": "fingerprint", "key": PERSON.expose().hex(), "result": PERSON.public.fingerprint()},
        {
            "kind": "signature",
            "key": SIGNER.expose().hex(),
            "public": SIGNER.public_bytes.hex(),
            "message": GERMAN.hex(),
            "result": SIGNER.sign(GERMAN),
        },
    )
    for number, made in enumerate(inputs, start=1):
        result = made["result"]
        raw = result.expose() if isinstance(result, Key) else result
        assert isinstance(raw, bytes)
        yield {"name": f"{made['kind']} {number}"} | made | {"result": raw.hex()}


def main(target: Path) -> None:
    """Write the file, unless there is one."""
    cells = list(good_cells())
    worst = [bad for good in cells if good["name"] in CHOSEN for bad in wrong_cells(good)]
    vectors = [*cells, *worst, *streams(), *derived()]
    with target.open("x", encoding="utf-8") as file:
        json.dump({"about": ABOUT, "vectors": vectors}, file, indent=1, ensure_ascii=False)
        file.write("\n")


CHOSEN = ("german text", "wrapped key", "to a person")
ABOUT = "Envelopes of the vault. What opens must open for ever; what has `expect` must not open."

if __name__ == "__main__":
    main(Path(sys.argv[1]))
