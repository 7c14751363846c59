# SPDX-License-Identifier: MPL-2.0
"""What is sealed opens at its place under its key, and nothing else does."""

import copy
import pickle
from dataclasses import replace
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from arkanum.vault import Key, Place, Sealed, Tampered, UnknownFormat, seal, unseal, unwrap, wrap
from arkanum.vault.header import MARKER, Kind

KEY = Key.from_bytes(bytes(range(32)))
OTHER_KEY = Key.from_bytes(bytes(range(1, 33)))
ROW = UUID("018f0000-0000-7000-8000-000000000001")
OTHER_ROW = UUID("018f0000-0000-7000-8000-000000000002")
DORAS_CHART = UUID("018f0000-0000-7000-8000-00000000000d")
PLACE = Place("record", "body", ROW, 1, DORAS_CHART)

plaintexts = st.binary(max_size=300)
epochs = st.integers(0, 2**32 - 1)
names = st.text(min_size=1, max_size=20)
places = st.builds(Place, names, names, st.uuids(), st.integers(0, 2**64 - 1), st.none() | st.uuids())

ELSEWHERE = [
    replace(PLACE, table="letter"),
    replace(PLACE, column="note"),
    replace(PLACE, row=OTHER_ROW),
    replace(PLACE, version=2),
    replace(PLACE, chart=OTHER_ROW),
    replace(PLACE, chart=None),
]


def flip(raw, at, mask):
    changed = bytearray(raw)
    changed[at % len(raw)] ^= mask
    return bytes(changed)


@given(plaintexts, places, epochs)
def test_what_is_sealed_opens_again(plaintext, place, epoch):
    stored = seal(KEY, place, plaintext, epoch=epoch).to_storage()

    sealed = Sealed.from_storage(stored)

    assert unseal(KEY, place, sealed) == plaintext
    assert sealed.epoch == epoch
    assert sealed.format == 1
    assert sealed.kind is Kind.RECORD
    assert len(sealed) == len(stored) == len(plaintext) + 35


@given(plaintexts, st.integers(0, 10_000), st.integers(1, 255))
def test_any_flipped_byte_is_noticed(plaintext, at, mask):
    stored = seal(KEY, PLACE, plaintext, epoch=3).to_storage()

    with pytest.raises(Tampered):
        unseal(KEY, PLACE, Sealed.from_storage(flip(stored, at, mask)))


@given(plaintexts, st.data())
def test_any_cut_is_noticed(plaintext, data):
    stored = seal(KEY, PLACE, plaintext).to_storage()
    start = data.draw(st.integers(0, len(stored)))
    end = data.draw(st.integers(start, len(stored)).filter(lambda n: n - start < len(stored)))

    with pytest.raises(Tampered):
        unseal(KEY, PLACE, Sealed.from_storage(stored[start:end]))


@given(plaintexts, st.binary(min_size=1, max_size=40))
def test_anything_added_is_noticed(plaintext, more):
    stored = seal(KEY, PLACE, plaintext).to_storage()

    with pytest.raises(Tampered):
        unseal(KEY, PLACE, Sealed.from_storage(stored + more))


@pytest.mark.parametrize("elsewhere", ELSEWHERE, ids=str)
def test_what_is_moved_elsewhere_does_not_open(elsewhere):
    record = seal(KEY, PLACE, b"J06.9")
    inner = wrap(KEY, PLACE, Key.new())

    with pytest.raises(Tampered):
        unseal(KEY, elsewhere, record)
    with pytest.raises(Tampered):
        unwrap(KEY, elsewhere, inner)


@given(places, places)
def test_no_two_places_open_each_others_envelopes(one, other):
    sealed = seal(KEY, one, b"J06.9")

    if one == other:
        assert unseal(KEY, other, sealed) == b"J06.9"
    else:
        with pytest.raises(Tampered):
            unseal(KEY, other, sealed)


def test_halves_of_two_envelopes_of_one_place_do_not_open():
    first = seal(KEY, PLACE, b"first text").to_storage()
    second = seal(KEY, PLACE, b"other text").to_storage()

    with pytest.raises(Tampered):
        unseal(KEY, PLACE, Sealed.from_storage(first[:25] + second[25:]))


def test_another_key_does_not_open():
    with pytest.raises(Tampered):
        unseal(OTHER_KEY, PLACE, seal(KEY, PLACE, b"J06.9"))
    with pytest.raises(Tampered):
        unwrap(OTHER_KEY, PLACE, wrap(KEY, PLACE, Key.new()))


def test_an_envelope_that_claims_another_epoch_does_not_open():
    stored = seal(KEY, PLACE, b"J06.9", epoch=1).to_storage()
    claimed = Sealed.from_storage(stored[:3] + (2).to_bytes(4, "big") + stored[7:])

    assert claimed.epoch == 2
    with pytest.raises(Tampered):
        unseal(KEY, PLACE, claimed)


def test_the_same_text_never_looks_the_same():
    envelopes = {seal(KEY, PLACE, b"J06.9").to_storage() for _ in range(100)}

    assert len(envelopes) == 100
    assert len({raw[7:19] for raw in envelopes}) == 100


@given(st.binary(min_size=32, max_size=32), epochs)
def test_a_wrapped_key_comes_back(raw, epoch):
    inner = Key.from_bytes(raw)

    wrapped = wrap(KEY, PLACE, inner, epoch=epoch)

    assert unwrap(KEY, PLACE, wrapped) == inner
    assert wrapped.epoch == epoch
    assert wrapped.kind is Kind.KEY
    assert len(wrapped) == 67


def test_epoch_is_zero_where_nobody_says_otherwise():
    assert seal(KEY, PLACE, b"").epoch == 0
    assert wrap(KEY, PLACE, Key.new()).epoch == 0


@pytest.mark.parametrize("epoch", [-1, 2**32])
def test_an_epoch_that_does_not_fit_is_refused(epoch):
    with pytest.raises(ValueError, match=r"^an epoch is a number from 0 that fits into 32 bits$"):
        seal(KEY, PLACE, b"", epoch=epoch)


def test_a_key_does_not_open_as_a_record_nor_a_record_as_a_key():
    record = seal(KEY, PLACE, bytes(32))
    inner = wrap(KEY, PLACE, KEY)

    with pytest.raises(Tampered, match="another kind"):
        unseal(KEY, PLACE, inner)
    with pytest.raises(Tampered, match="another kind"):
        unwrap(KEY, PLACE, record)


@pytest.mark.parametrize(("one", "other"), [(Kind.RECORD, Kind.KEY), (Kind.KEY, Kind.RECORD)])
def test_a_relabelled_envelope_does_not_open(one, other):
    made = seal(KEY, PLACE, bytes(32)) if one is Kind.RECORD else wrap(KEY, PLACE, KEY)
    stored = bytearray(made.to_storage())
    stored[2] = other
    relabelled = Sealed.from_storage(bytes(stored))

    with pytest.raises(Tampered, match="does not open"):
        (unwrap if other is Kind.KEY else unseal)(KEY, PLACE, relabelled)


@pytest.mark.parametrize("size", [33, 48])
def test_a_wrapped_thing_that_is_no_key_is_refused(size):
    # Only a holder of the key could make it; a mistake of ours, then, and not to be guessed at.
    head = bytes((MARKER, 1, Kind.KEY)) + bytes(4)
    where = PLACE.to_bytes()
    cipher = AESGCM(KEY.expand(b"arkanum/1/key\0" + where))
    body = cipher.encrypt(bytes(12), bytes(size), head + where)
    sealed = Sealed.from_storage(head + bytes(12) + body)

    with pytest.raises(Tampered, match="does not hold a key"):
        unwrap(KEY, PLACE, sealed)


@given(st.text(min_size=7))
def test_no_text_can_pass_for_an_envelope(text):
    with pytest.raises(UnknownFormat, match=r"^not an envelope$"):
        Sealed.from_storage(text.encode())


@given(st.binary(max_size=200).filter(lambda raw: raw[:1] != bytes((MARKER,))))
def test_no_bytes_without_the_marker_can_pass_for_an_envelope(raw):
    with pytest.raises(Tampered):
        Sealed.from_storage(raw)


@given(st.binary(max_size=200))
def test_from_storage_answers_any_bytes_with_an_envelope_or_an_error(raw):
    try:
        sealed = Sealed.from_storage(bytes((MARKER, 1)) + raw)
    except Tampered:
        return

    assert sealed.to_storage()[2:] == raw


@pytest.mark.parametrize(
    ("head", "error"),
    [
        (b"", "^shorter than the header of an envelope$"),
        (bytes((MARKER, 1, 1, 0, 0, 0)), "^shorter than the header of an envelope$"),
    ],
)
def test_less_than_a_header_is_called_tampered(head, error):
    with pytest.raises(Tampered, match=error) as caught:
        Sealed.from_storage(head)

    assert caught.type is Tampered


@pytest.mark.parametrize(
    ("head", "error"),
    [
        (bytes((0xC0, 1, 1)), "^not an envelope$"),
        (bytes((MARKER, 0, 1)), "^envelope format 0 is not known here$"),
        (bytes((MARKER, 2, 1)), "^envelope format 2 is not known here$"),
        (bytes((MARKER, 1, 0)), "^envelope kind 0 is not known here$"),
        (bytes((MARKER, 1, 5)), "^envelope kind 5 is not known here$"),
    ],
)
def test_an_unknown_header_has_its_own_error(head, error):
    with pytest.raises(UnknownFormat, match=error):
        Sealed.from_storage(head + bytes(1200))


@pytest.mark.parametrize(("kind", "smallest"), [(Kind.RECORD, 35), (Kind.KEY, 67), (Kind.LETTER, 1143)])
def test_an_envelope_shorter_than_its_kind_allows_is_cut(kind, smallest):
    head = bytes((MARKER, 1, kind)) + bytes(4)

    assert len(Sealed.from_storage(head + bytes(smallest - 7))) == smallest
    with pytest.raises(Tampered, match=r"^envelope is cut short$"):
        Sealed.from_storage(head + bytes(smallest - 8))


def test_a_stream_is_no_cell():
    with pytest.raises(Tampered, match=r"^a stream is a file, not a cell$"):
        Sealed.from_storage(bytes((MARKER, 1, Kind.STREAM)) + bytes(2000))


def test_sealed_cannot_be_made_of_plaintext():
    with pytest.raises(TypeError, match=r"^only the vault makes Sealed; bytes from storage go"):
        Sealed()
    with pytest.raises(TypeError):
        Sealed(b"J06.9")


def test_sealed_takes_the_memoryview_that_postgresql_gives():
    sealed = seal(KEY, PLACE, b"J06.9")

    taken = Sealed.from_storage(memoryview(sealed.to_storage()))

    assert taken == sealed
    assert type(taken.to_storage()) is bytes


def test_sealed_keeps_its_bytes_when_the_buffer_behind_it_changes():
    buffer = bytearray(seal(KEY, PLACE, b"J06.9").to_storage())
    sealed = Sealed.from_storage(memoryview(buffer))

    buffer[-1] ^= 1

    assert unseal(KEY, PLACE, sealed) == b"J06.9"


def test_sealed_shows_its_size_alone():
    sealed = seal(KEY, PLACE, b"J06.9")

    assert repr(sealed) == str(sealed) == "<Sealed: 40 bytes>"


def test_sealed_does_not_change():
    sealed = seal(KEY, PLACE, b"J06.9")

    with pytest.raises(AttributeError, match=r"^Sealed does not change$"):
        sealed._raw = b"J06.9"
    with pytest.raises(AttributeError, match=r"^Sealed does not change$"):
        sealed.epoch = 3


def test_sealed_compares_copies_and_travels_like_bytes():
    sealed = seal(KEY, PLACE, b"J06.9", epoch=4)
    other = seal(KEY, PLACE, b"J06.9", epoch=4)

    assert copy.copy(sealed) == sealed
    assert copy.deepcopy(sealed) == sealed
    assert pickle.loads(pickle.dumps(sealed)) == sealed  # noqa: S301 - our own bytes
    assert len({sealed, copy.copy(sealed), other}) == 2
    assert hash(sealed) != hash(other)
    assert sealed != other
    assert sealed != sealed.to_storage()


def test_the_error_names_the_place_and_nothing_else():
    with pytest.raises(Tampered) as caught:
        unseal(OTHER_KEY, PLACE, seal(KEY, PLACE, b"J06.9"))

    assert str(caught.value) == f"record.body of {ROW} version 1 does not open"
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
