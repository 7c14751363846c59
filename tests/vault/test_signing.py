# SPDX-License-Identifier: MPL-2.0
"""A signature fits its key and its message, and nothing else."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from arkanum.vault import SigningKey, Tampered, verify

RAW = bytes(range(32))
SIGNER = SigningKey.from_bytes(RAW)


@given(st.binary(max_size=200))
def test_a_good_signature_is_accepted(message):
    signature = SIGNER.sign(message)

    verify(SIGNER.public_bytes, message, signature)

    assert len(signature) == 64
    assert len(SIGNER.public_bytes) == 32


@given(st.binary(min_size=1, max_size=50), st.integers(0, 1000), st.integers(1, 255))
def test_any_flipped_byte_is_noticed(message, at, mask):
    triple = [SIGNER.public_bytes, message, SIGNER.sign(message)]
    for n, part in enumerate(triple):
        changed = bytearray(part)
        changed[at % len(part)] ^= mask

        with pytest.raises(Tampered, match=r"^signature does not fit$") as caught:
            verify(*triple[:n], bytes(changed), *triple[n + 1 :])

        assert caught.value.__suppress_context__


@pytest.mark.parametrize("size", [0, 31, 33])
def test_bytes_that_are_no_key_verify_nothing(size):
    with pytest.raises(Tampered):
        verify(bytes(size), b"head", SIGNER.sign(b"head"))


@pytest.mark.parametrize("cut", [0, 63])
def test_bytes_that_are_no_signature_are_refused(cut):
    with pytest.raises(Tampered):
        verify(SIGNER.public_bytes, b"head", SIGNER.sign(b"head")[:cut])


def test_it_is_ed25519():
    plain = Ed25519PrivateKey.from_private_bytes(RAW)

    assert SIGNER.sign(b"head") == plain.sign(b"head")
    assert SIGNER.public_bytes == plain.public_key().public_bytes_raw()
