# SPDX-License-Identifier: MPL-2.0
"""What any version has sealed opens for ever, and what was spoilt then does not open now."""

import io
import json
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from arkanum import vault
from arkanum.vault import Cost, Key, Place, PrivateKey, PublicKey, Sealed, SigningKey

FOLDER = Path(__file__).parent.parent / "vectors" / "vault"
VECTORS = [
    vector | {"file": file.stem}
    for file in sorted(FOLDER.glob("*.json"))
    for vector in json.loads(file.read_text(encoding="utf-8"))["vectors"]
]
BY_NAME = {(vector["file"], vector["name"]): vector for vector in VECTORS}
ENVELOPES = [vector for vector in VECTORS if "sealed" in vector]
DERIVED = [vector for vector in VECTORS if "result" in vector]


def named(vectors):
    return {"argvalues": vectors, "ids": [f"{v['file']}: {v['kind']}, {v['name']}" for v in vectors]}


def place_of(vector):
    place = vector["place"]
    chart = None if place["chart"] is None else UUID(place["chart"])
    return Place(place["table"], place["column"], UUID(place["row"]), place["version"], chart)


def bytes_of(vector):
    if "of" in vector:
        whole = bytes.fromhex(BY_NAME[vector["file"], vector["of"]]["sealed"])
        return b"".join(whole[start:end] for start, end in vector["slices"])
    return bytes.fromhex(vector["sealed"])


def expected(vector):
    return bytes(vector["zeros"]) if "zeros" in vector else bytes.fromhex(vector["plaintext"])


def opened(vector):
    raw, where, secret = bytes_of(vector), place_of(vector), bytes.fromhex(vector["key"])
    match vector["kind"]:
        case "record":
            return vault.unseal(Key.from_bytes(secret), where, Sealed.from_storage(raw))
        case "key":
            return vault.unwrap(Key.from_bytes(secret), where, Sealed.from_storage(raw)).expose()
        case "letter":
            return vault.open_with(PrivateKey.from_bytes(secret), where, Sealed.from_storage(raw))
        case "stream":
            return b"".join(vault.open_stream(Key.from_bytes(secret), where, io.BytesIO(raw)))


def epoch_of(vector):
    raw = bytes_of(vector)
    return vault.stream_epoch(raw) if vector["kind"] == "stream" else Sealed.from_storage(raw).epoch


def key_of(vector, field="key"):
    return Key.from_bytes(bytes.fromhex(vector[field]))


def person_of(vector):
    return PrivateKey.from_bytes(bytes.fromhex(vector["key"]))


def signature_of(vector):
    signer = SigningKey.from_bytes(bytes.fromhex(vector["key"]))
    signature = signer.sign(bytes.fromhex(vector["message"]))
    assert signer.public_bytes.hex() == vector["public"]
    vault.verify(signer.public_bytes, bytes.fromhex(vector["message"]), signature)
    return signature


COMPUTED = {
    "derive": lambda v: key_of(v).derive(v["purpose"], bytes.fromhex(v["context"])).expose(),
    "tag": lambda v: vault.tag(key_of(v), v["text"]),
    "stretch": lambda v: vault.stretch(v["passphrase"], bytes.fromhex(v["salt"]), Cost(*v["cost"])).expose(),
    "person": lambda v: vault.person_key(key_of(v, "site"), key_of(v, "stretched")).expose(),
    "paper": lambda v: vault.pair_key(*map(vault.parse_code, v["codes"])).expose(),
    "public": lambda v: person_of(v).public.to_bytes(),
    "fingerprint": lambda v: PublicKey.from_bytes(person_of(v).public.to_bytes()).fingerprint(),
    "signature": signature_of,
}


@pytest.mark.parametrize("vector", **named([v for v in ENVELOPES if "expect" not in v]))
def test_what_was_sealed_once_opens_for_ever(vector):
    assert opened(vector) == expected(vector)
    assert epoch_of(vector) == vector["epoch"]


@pytest.mark.parametrize("vector", **named([v for v in ENVELOPES if "expect" in v]))
def test_what_was_spoilt_does_not_open(vector):
    with pytest.raises(vault.VaultError) as caught:
        opened(vector)

    assert caught.type.__name__ == vector["expect"]


@pytest.mark.parametrize("vector", **named(DERIVED))
def test_what_was_derived_once_is_derived_the_same_for_ever(vector):
    assert COMPUTED[vector["kind"]](vector).hex() == vector["result"]


def test_no_vector_is_left_out_and_every_kind_is_there():
    kinds = {vector["kind"] for vector in ENVELOPES}

    assert len(ENVELOPES) + len(DERIVED) == len(VECTORS) == len(BY_NAME)
    assert kinds == {"record", "key", "letter", "stream"}
    assert {v["kind"] for v in ENVELOPES if "expect" in v} == kinds
    assert {v["kind"] for v in DERIVED} == set(COMPUTED)


def test_new_vectors_can_be_made_and_old_ones_are_not_overwritten(tmp_path):
    target = tmp_path / "new.json"
    command = [sys.executable, FOLDER / "make.py", target]

    subprocess.run(command, check=True, capture_output=True)
    made = target.read_bytes()
    again = subprocess.run(command, check=False, capture_output=True)

    assert again.returncode != 0
    assert b"FileExistsError" in again.stderr
    assert target.read_bytes() == made
    newest = max(file for file, _ in BY_NAME)
    names = {("new", v["name"]) for v in json.loads(made)["vectors"]}
    assert names == {("new", name) for file, name in BY_NAME if file == newest}
