# SPDX-License-Identifier: MPL-2.0
"""Keys derive other keys and do not show themselves."""

import copy
import pickle
import threading

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from hypothesis import given
from hypothesis import strategies as st

from arkanum.vault import Key, PrivateKey, SigningKey, new_codes, tag

RAW = bytes(range(32))
KEY = Key.from_bytes(RAW)

SECRETS = [
    (KEY, RAW),
    (PrivateKey.from_bytes(RAW), RAW),
    (SigningKey.from_bytes(RAW), RAW),
    (next(iter(new_codes())), None),
]


@pytest.fixture(params=SECRETS, ids=lambda pair: type(pair[0]).__name__)
def secret(request):
    return request.param[0]


def test_a_secret_hides_itself_when_printed(secret):
    hidden = f"<{type(secret).__name__}: secret>"

    assert repr(secret) == str(secret) == f"{secret}" == f"{secret!s}" == hidden
    assert repr([secret]) == f"[{hidden}]"


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_secret_is_not_pickled(secret, protocol):
    with pytest.raises(TypeError, match=r"is secret and is neither copied nor pickled$"):
        pickle.dumps(secret, protocol)


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy])
def test_a_secret_is_not_copied(secret, duplicate):
    message = f"^{type(secret).__name__} is secret and is neither copied nor pickled$"

    with pytest.raises(TypeError, match=message):
        duplicate(secret)


def test_a_secret_shows_no_state(secret):
    with pytest.raises(TypeError, match=f"^{type(secret).__name__} is secret and has no state"):
        secret.__getstate__()
    with pytest.raises(TypeError):
        vars(secret)
    with pytest.raises(TypeError):
        bytes(secret)


@pytest.mark.parametrize(("secret", "raw"), [pair for pair in SECRETS if pair[1]])
def test_a_secret_comes_out_when_exposed_by_name(secret, raw):
    assert secret.expose() == raw
    assert type(secret).from_bytes(secret.expose()).expose() == raw


@pytest.mark.parametrize("kind", [Key, PrivateKey, SigningKey])
@pytest.mark.parametrize("size", [0, 31, 33])
def test_only_32_bytes_make_a_key(kind, size):
    with pytest.raises(ValueError, match=f"has 32 bytes, not {size}$"):
        kind.from_bytes(bytes(size))


@pytest.mark.parametrize("kind", [Key, PrivateKey, SigningKey])
def test_new_keys_are_all_different(kind):
    made = {kind.new().expose() for _ in range(20)}

    assert len(made) == 20
    assert {len(raw) for raw in made} == {32}


@pytest.mark.parametrize("kind", [Key, PrivateKey])
def test_keys_compare_by_their_bytes(kind):
    assert kind.from_bytes(RAW) == kind.from_bytes(RAW)
    assert kind.from_bytes(RAW) != kind.from_bytes(bytes(32))
    assert kind.from_bytes(RAW) != RAW


@pytest.mark.parametrize("kind", [Key, PrivateKey])
def test_a_key_is_no_dictionary_key(kind):
    with pytest.raises(TypeError, match="unhashable"):
        hash(kind.from_bytes(RAW))


def test_a_key_keeps_its_bytes_when_the_buffer_behind_it_is_wiped():
    buffer = bytearray(RAW)
    key = Key.from_bytes(buffer)

    buffer[:] = bytes(32)

    assert key == KEY
    assert type(key.expose()) is bytes


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200))
def test_expand_is_hkdf_expand(raw, info):
    expected = HKDFExpand(hashes.SHA256(), 32, info).derive(raw)

    assert Key.from_bytes(raw).expand(info) == expected


@given(st.text(min_size=1, max_size=20), st.binary(max_size=20), st.text(min_size=1), st.binary())
def test_each_purpose_and_context_has_its_own_key(purpose, context, other, other_context):
    same = (purpose, context) == (other, other_context)

    assert (KEY.derive(purpose, context) == KEY.derive(other, other_context)) == same
    assert KEY.derive(purpose, context) != KEY


def test_a_purpose_does_not_flow_into_the_context():
    assert KEY.derive("ab", b"c") != KEY.derive("a", b"bc")
    assert KEY.derive("ab") == KEY.derive("ab", b"")


@pytest.mark.parametrize("purpose", ["", "a" * 256])
def test_a_purpose_that_does_not_fit_is_refused(purpose):
    with pytest.raises(ValueError, match=r"^a purpose has 1 to 255 bytes$"):
        KEY.derive(purpose)


def test_the_shortest_and_the_longest_purpose_fit():
    assert KEY.derive("a") != KEY.derive("a" * 255)


def test_many_threads_derive_from_one_key():
    expected = [KEY.derive("thread", bytes((n,))) for n in range(8)]
    found = [[] for _ in range(8)]

    def derive(n):
        found[n] = [KEY.derive("thread", bytes((n,))) for _ in range(500)]

    threads = [threading.Thread(target=derive, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all(keys == [expected[n]] * 500 for n, keys in enumerate(found))


def test_a_tag_tells_texts_and_keys_apart():
    other = Key.from_bytes(bytes(32))

    assert tag(KEY, "ada") == tag(Key.from_bytes(RAW), "ada")
    assert len({tag(KEY, "ada"), tag(KEY, "ben"), tag(other, "ada"), tag(KEY, "")}) == 4
    assert len(tag(KEY, "ada")) == 32


def test_a_tag_of_half_a_character_does_not_put_the_text_into_an_error():
    assert tag(KEY, "ada\udc80") != tag(KEY, "ada")


def test_a_tag_of_our_own_words_is_no_key_in_use():
    derived = KEY.derive("tag")

    assert tag(KEY, "") != derived.expose()
    assert tag(KEY, "x") != KEY.derive("tag", b"x").expose()
