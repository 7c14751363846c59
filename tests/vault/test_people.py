# SPDX-License-Identifier: MPL-2.0
"""Anyone seals to the public half; the private half opens, at the place alone."""

import hashlib
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arkanum.vault import (
    Key,
    Place,
    PrivateKey,
    PublicKey,
    Sealed,
    Tampered,
    UnknownFormat,
    open_with,
    seal,
    seal_to,
    unseal,
)
from arkanum.vault.header import Kind

ADA = PrivateKey.from_bytes(b"a" * 32)
BEN = PrivateKey.from_bytes(b"b" * 32)
ROW = UUID("018f0000-0000-7000-8000-000000000001")
CHART = UUID("018f0000-0000-7000-8000-00000000000d")
PLACE = Place("ring_share", "share", ROW, 0, CHART)


@settings(max_examples=30)
@given(st.binary(max_size=200), st.integers(0, 2**32 - 1))
def test_what_is_sealed_to_ada_opens_for_ada(plaintext, epoch):
    stored = seal_to(ADA.public, PLACE, plaintext, epoch=epoch).to_storage()

    sealed = Sealed.from_storage(stored)

    assert open_with(ADA, PLACE, sealed) == plaintext
    assert (sealed.kind, sealed.epoch) == (Kind.LETTER, epoch)
    assert len(sealed) == len(plaintext) + 1143


def test_it_does_not_open_for_ben():
    with pytest.raises(Tampered, match=r"^not sealed to this key, or changed$") as caught:
        open_with(BEN, PLACE, seal_to(ADA.public, PLACE, b"ring"))

    assert caught.value.__suppress_context__


@settings(max_examples=50)
@given(st.integers(0, 10_000), st.integers(1, 255))
def test_any_flipped_byte_is_noticed(at, mask):
    stored = bytearray(seal_to(ADA.public, PLACE, b"ring").to_storage())
    stored[at % len(stored)] ^= mask

    with pytest.raises(Tampered):
        open_with(ADA, PLACE, Sealed.from_storage(bytes(stored)))


@settings(max_examples=30)
@given(st.integers(0, 1146))
def test_any_cut_is_noticed(kept):
    stored = seal_to(ADA.public, PLACE, b"ring").to_storage()

    with pytest.raises(Tampered):
        open_with(ADA, PLACE, Sealed.from_storage(stored[:kept]))
    with pytest.raises(Tampered):
        open_with(ADA, PLACE, Sealed.from_storage(stored + stored[kept:]))


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(PLACE, table="person"),
        replace(PLACE, column="key"),
        replace(PLACE, row=CHART),
        replace(PLACE, version=1),
        replace(PLACE, chart=None),
    ],
    ids=str,
)
def test_what_is_moved_elsewhere_does_not_open(elsewhere):
    with pytest.raises(Tampered):
        open_with(ADA, elsewhere, seal_to(ADA.public, PLACE, b"ring"))


def test_kinds_are_not_mixed():
    key = Key.new()
    letter = seal_to(ADA.public, PLACE, b"ring")
    record = seal(key, PLACE, bytes(1200))

    with pytest.raises(Tampered, match=r"^ring_share.share of .* holds another kind of envelope$"):
        open_with(ADA, PLACE, record)
    with pytest.raises(Tampered, match=r"holds another kind of envelope$"):
        unseal(key, PLACE, letter)


def test_epoch_is_zero_where_nobody_says_otherwise():
    assert seal_to(ADA.public, PLACE, b"").epoch == 0


def test_the_same_text_never_looks_the_same():
    assert seal_to(ADA.public, PLACE, b"ring") != seal_to(ADA.public, PLACE, b"ring")


def test_a_public_key_comes_back_from_its_bytes():
    raw = ADA.public.to_bytes()

    public = PublicKey.from_bytes(raw)

    assert public == ADA.public
    assert len(raw) == 1216
    assert open_with(ADA, PLACE, seal_to(public, PLACE, b"ring")) == b"ring"


def test_public_keys_compare_by_their_bytes():
    again = PublicKey.from_bytes(ADA.public.to_bytes())

    assert len({ADA.public, again, BEN.public}) == 2
    assert hash(ADA.public) != hash(BEN.public)
    assert ADA.public != BEN.public
    assert ADA.public != ADA.public.to_bytes()


def test_a_fingerprint_stands_for_one_key():
    raw = ADA.public.to_bytes()

    fingerprint = ADA.public.fingerprint()

    assert fingerprint == hashlib.sha256(b"arkanum/1/fingerprint\0" + raw).digest()
    assert fingerprint != BEN.public.fingerprint()
    assert repr(ADA.public) == f"<PublicKey: {fingerprint.hex()[:8]}>"


@pytest.mark.parametrize("size", [0, 1215, 1217])
def test_bytes_of_another_length_are_no_public_key(size):
    with pytest.raises(UnknownFormat, match=r"^not a public key$"):
        PublicKey.from_bytes(bytes(size))


def test_a_damaged_public_key_is_refused():
    with pytest.raises(Tampered, match=r"^public key is damaged$") as caught:
        PublicKey.from_bytes(b"\xff" * 1184 + ADA.public.to_bytes()[1184:])

    assert caught.value.__suppress_context__


def test_a_public_key_to_which_nobody_can_answer_is_refused():
    # X25519's point of small order: every private key agrees with it on the same secret.
    weak = PublicKey.from_bytes(ADA.public.to_bytes()[:1184] + bytes(32))

    with pytest.raises(Tampered, match=r"^public key is damaged$") as caught:
        seal_to(weak, PLACE, b"ring")

    assert caught.value.__suppress_context__


def test_an_encapsulation_of_small_order_is_refused():
    stored = seal_to(ADA.public, PLACE, b"ring").to_storage()
    weak = stored[: 7 + 1088] + bytes(32) + stored[7 + 1120 :]

    with pytest.raises(Tampered, match=r"^not sealed to this key, or changed$"):
        open_with(ADA, PLACE, Sealed.from_storage(weak))


def test_a_private_key_is_an_x_wing_seed():
    """Source: draft-connolly-cfrg-xwing-kem-08, appendix C, first vector (both ends of its pk)."""
    seed = bytes.fromhex("7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26")

    public = PrivateKey.from_bytes(seed).public.to_bytes()

    assert public[:36].hex() == ("e2236b35a8c24b39b10aa1323a96a919a2ced88400633a7b07131713fc14b2b5b19cfc3d")
    assert public[-28:].hex() == "eff389b27dce59844570216223593d4ba32d9abac8cd049040ef6534"
