# SPDX-License-Identifier: MPL-2.0
"""A stranger with the keys and `docs/format.md` opens what we sealed, without our code."""

import hashlib
import hmac
import struct
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite
from hypothesis import given, settings
from hypothesis import strategies as st

from arkanum.vault import Key, PaperCode, Place, PrivateKey, pair_key, seal, seal_to, tag, wrap

ROW = UUID("018f0000-0000-7000-8000-000000000001")
CHART = UUID("018f0000-0000-7000-8000-00000000000d")
RAW = bytes(range(32))
KEY = Key.from_bytes(RAW)

seeds = st.binary(min_size=32, max_size=32)
plaintexts = st.binary(max_size=100)
charts = st.sampled_from([None, CHART])
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def expand(key, info):
    return hmac.digest(key, info + b"\x01", "sha256")


def place_bytes(table, column, row, version, chart):
    named = b"".join(bytes((len(name),)) + name for name in (table.encode(), column.encode()))
    flagged = b"\0" if chart is None else b"\1" + chart.bytes
    return named + flagged + row.bytes + struct.pack(">Q", version)


def opened_by_the_page(raw, label, where):
    return AESGCM(expand(RAW, label + where)).decrypt(raw[7:19], raw[19:], raw[:7] + where)


@given(plaintexts, st.integers(0, 2**32 - 1), charts)
def test_a_record_is_what_the_page_says(plaintext, epoch, chart):
    where = place_bytes("entry", "body", ROW, 3, chart)

    raw = seal(KEY, Place("entry", "body", ROW, 3, chart), plaintext, epoch=epoch).to_storage()

    assert raw[:7] == struct.pack(">BBBI", 0xC1, 1, 1, epoch)
    assert opened_by_the_page(raw, b"arkanum/1/record\0", where) == plaintext


@given(seeds)
def test_a_wrapped_key_is_what_the_page_says(inner):
    where = place_bytes("chart", "key", ROW, 0, CHART)

    raw = wrap(KEY, Place("chart", "key", ROW, 0, CHART), Key.from_bytes(inner)).to_storage()

    assert raw[:7] == bytes((0xC1, 1, 2, 0, 0, 0, 0))
    assert opened_by_the_page(raw, b"arkanum/1/key\0", where) == inner


@settings(max_examples=20)
@given(seeds, plaintexts)
def test_a_letter_is_what_the_page_says(seed, plaintext):
    expanded = hashlib.shake_256(seed).digest(96)
    private = MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(expanded[:64]),
        X25519PrivateKey.from_private_bytes(expanded[64:]),
    )
    suite = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    where = place_bytes("ring_share", "share", ROW, 0, None)

    to = PrivateKey.from_bytes(seed).public
    raw = seal_to(to, Place("ring_share", "share", ROW), plaintext, epoch=9).to_storage()

    assert raw[:7] == bytes((0xC1, 1, 3, 0, 0, 0, 9))
    assert suite.decrypt(raw[7:], private, b"arkanum/1/letter\0" + raw[:7] + where) == plaintext


@given(st.text(min_size=1, max_size=20), st.binary(max_size=20))
def test_keys_from_keys_are_what_the_page_says(purpose, context):
    label = purpose.encode()
    info = b"arkanum/1/derive\0" + bytes((len(label),)) + label + context

    assert KEY.derive(purpose, context).expose() == expand(RAW, info)


def test_a_tag_is_what_the_page_says():
    tagging = expand(RAW, b"arkanum/1/derive\0\3tag")

    assert tag(KEY, "dr. ädä") == expand(tagging, b"arkanum/1/tag\0" + "dr. ädä".encode())


def times(a, b):
    """Multiply in GF(32), the schoolbook way."""
    product = 0
    for bit in range(5):
        product ^= (a << bit) * (b >> bit & 1)
    for bit in range(8, 4, -1):
        product ^= (0b100101 << bit - 5) * (product >> bit & 1)
    return product


@given(st.sampled_from([1, 2, 3]), st.lists(st.integers(0, 31), min_size=26, max_size=26))
def test_a_paper_code_is_what_the_page_says(number, secret):
    letters = [number, *secret]
    whole = hashlib.sha256(b"arkanum/1/paper check\0" + bytes(letters)).digest()[0] & 31
    letters.append(whole)
    groups = []
    for p in range(1, 8):
        four = letters[4 * p - 4 : 4 * p]
        check = times(16, p)
        for weight, value in zip((2, 4, 8, 16), four, strict=True):
            check ^= times(weight, value)
        groups.append("".join(ALPHABET[value] for value in (*four, check)))

    assert PaperCode(number, bytes(secret)).expose() == "-".join(groups)


def test_a_pair_key_is_what_the_page_says():
    one, three = PaperCode(1, bytes(range(26))), PaperCode(3, bytes(range(5, 31)))
    joined = b"\1" + bytes(range(26)) + b"\3" + bytes(range(5, 31))
    extracted = hmac.digest(bytes(32), joined, "sha256")

    assert pair_key(three, one).expose() == expand(extracted, b"arkanum/1/paper\0")
