# SPDX-License-Identifier: MPL-2.0
"""A sealed file comes back whole or not at all."""

import io
from dataclasses import replace
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from arkanum.vault import (
    CHUNK_BYTES,
    Key,
    Place,
    Sealed,
    SealWriter,
    Tampered,
    UnknownFormat,
    open_stream,
    stream_epoch,
)

KEY = Key.from_bytes(bytes(range(32)))
ROW = UUID("018f0000-0000-7000-8000-000000000001")
CHART = UUID("018f0000-0000-7000-8000-00000000000d")
PLACE = Place("document", "file", ROW, 1, CHART)
PREFIX = 39
SEALED_CHUNK = CHUNK_BYTES + 16

# Sizes around the borders of chunks are where streams go wrong.
SIZES = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 2 * CHUNK_BYTES + 5]


def text_of(size):
    return (bytes(range(251)) * (size // 251 + 1))[:size]


def sealed(plaintext, key=KEY, place=PLACE, epoch=0):
    file = io.BytesIO()
    with SealWriter(key, place, file, epoch=epoch) as writer:
        writer.write(plaintext)
    return file.getvalue()


def opened(raw, key=KEY, place=PLACE):
    return b"".join(open_stream(key, place, io.BytesIO(raw)))


def chunks_of(raw):
    body = raw[PREFIX:]
    return [body[i : i + SEALED_CHUNK] for i in range(0, len(body), SEALED_CHUNK)]


class Trickle(io.RawIOBase):
    """A file that gives a few bytes at a time, as sockets and pipes do."""

    def __init__(self, raw):
        self._file = io.BytesIO(raw)

    def read(self, size=-1):
        return self._file.read(min(size, 5000))


@pytest.mark.parametrize("size", SIZES)
def test_a_file_comes_back_in_chunks(size):
    raw = sealed(text_of(size))

    pieces = list(open_stream(KEY, PLACE, io.BytesIO(raw)))

    assert b"".join(pieces) == text_of(size)
    assert all(len(piece) == CHUNK_BYTES for piece in pieces[:-1])
    assert len(pieces) == max(1, -(-size // CHUNK_BYTES))
    assert len(raw) == PREFIX + size + 16 * len(pieces)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([0, 1, 7, 4096, *SIZES]), max_size=6))
def test_it_does_not_matter_in_which_pieces_it_was_written(sizes):
    whole = text_of(sum(sizes))
    file = io.BytesIO()
    at = 0
    with SealWriter(KEY, PLACE, file) as writer:
        for size in sizes:
            writer.write(whole[at : at + size])
            at += size

    assert opened(file.getvalue()) == whole
    assert len(file.getvalue()) == len(sealed(whole))


def test_it_does_not_matter_in_which_pieces_it_is_read():
    raw = sealed(text_of(150_000))

    assert b"".join(open_stream(KEY, PLACE, Trickle(raw))) == text_of(150_000)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([10, CHUNK_BYTES + 10]), st.floats(0, 1), st.integers(1, 255))
def test_any_flipped_byte_is_noticed(size, where, mask):
    raw = bytearray(sealed(text_of(size)))
    raw[int(where * (len(raw) - 1))] ^= mask

    with pytest.raises(Tampered):
        opened(bytes(raw))


@pytest.mark.parametrize("at", range(PREFIX))
def test_every_byte_of_the_beginning_counts(at):
    raw = bytearray(sealed(b"letter"))
    raw[at] ^= 1

    with pytest.raises(Tampered):
        opened(bytes(raw))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([0, 10, CHUNK_BYTES, CHUNK_BYTES + 10]), st.floats(0, 1, exclude_max=True))
def test_any_cut_is_noticed(size, where):
    raw = sealed(text_of(size))

    with pytest.raises(Tampered):
        opened(raw[: int(where * len(raw))])


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_a_cut_at_the_border_of_a_chunk_is_noticed(kept):
    raw = sealed(text_of(3 * CHUNK_BYTES))

    with pytest.raises(Tampered):
        opened(raw[: PREFIX + kept * SEALED_CHUNK])


def test_the_chunks_before_a_cut_are_genuine_and_the_end_is_missed():
    raw = sealed(text_of(3 * CHUNK_BYTES))[: PREFIX + 2 * SEALED_CHUNK]
    stream = open_stream(KEY, PLACE, io.BytesIO(raw))

    assert next(stream) == text_of(CHUNK_BYTES)
    with pytest.raises(Tampered, match=r"^document\.file of .* is damaged in chunk 2$") as caught:
        next(stream)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("more", [b"\0", bytes(16), bytes(SEALED_CHUNK)])
@pytest.mark.parametrize("size", [0, 10, CHUNK_BYTES])
def test_anything_added_is_noticed(size, more):
    with pytest.raises(Tampered):
        opened(sealed(text_of(size)) + more)


@pytest.mark.parametrize("order", [(1, 0, 2), (0, 2, 1), (2, 1, 0), (0, 1), (0, 2), (0, 0, 1, 2), (0, 1, 2, 2), (2,)])
def test_chunks_in_another_order_are_noticed(order):
    raw = sealed(text_of(2 * CHUNK_BYTES + 5))
    chunks = chunks_of(raw)

    with pytest.raises(Tampered):
        opened(raw[:PREFIX] + b"".join(chunks[n] for n in order))


def test_a_chunk_of_another_file_at_the_same_place_is_noticed():
    mine, yours = sealed(text_of(2 * CHUNK_BYTES)), sealed(bytes(2 * CHUNK_BYTES))

    with pytest.raises(Tampered):
        opened(mine[:PREFIX] + chunks_of(yours)[0] + chunks_of(mine)[1])
    with pytest.raises(Tampered):
        opened(yours[:PREFIX] + mine[PREFIX:])


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(PLACE, table="letter"),
        replace(PLACE, column="preview"),
        replace(PLACE, row=CHART),
        replace(PLACE, version=2),
        replace(PLACE, chart=None),
    ],
    ids=str,
)
def test_a_file_that_is_moved_elsewhere_does_not_open(elsewhere):
    with pytest.raises(Tampered):
        opened(sealed(b"letter"), place=elsewhere)


def test_another_key_does_not_open():
    with pytest.raises(Tampered):
        opened(sealed(b"letter"), key=Key.from_bytes(bytes(32)))


def test_the_same_file_never_looks_the_same():
    assert sealed(b"letter")[7:39] != sealed(b"letter")[7:39]
    assert sealed(b"letter")[39:] != sealed(b"letter")[39:]


def test_the_first_bytes_say_format_kind_and_epoch():
    raw = sealed(b"letter", epoch=258)

    assert raw[:7] == bytes((0xC1, 1, 4, 0, 0, 1, 2))
    assert stream_epoch(raw[:7]) == 258
    assert stream_epoch(sealed(b"")) == 0
    assert opened(raw) == b"letter"


def test_epoch_is_zero_where_nobody_says_otherwise():
    file = io.BytesIO()

    SealWriter(KEY, PLACE, file).close()

    assert stream_epoch(file.getvalue()) == 0


def test_the_first_bytes_of_something_else_are_refused():
    with pytest.raises(Tampered, match=r"^not a stream$"):
        stream_epoch(bytes((0xC1, 1, 1, 0, 0, 0, 0)))
    with pytest.raises(Tampered, match="shorter"):
        stream_epoch(b"")
    with pytest.raises(UnknownFormat):
        open_stream(KEY, PLACE, io.BytesIO(b"%PDF-1.7 and so on"))
    with pytest.raises(Tampered):
        open_stream(KEY, PLACE, io.BytesIO(bytes((0xC1, 1, 1)) + bytes(100)))


def test_a_stream_is_no_cell():
    with pytest.raises(Tampered):
        Sealed.from_storage(sealed(b"letter"))


def test_it_is_written_as_the_handbook_says():
    raw = sealed(text_of(CHUNK_BYTES + 3), epoch=1)
    bound = raw[:PREFIX] + PLACE.to_bytes()
    cipher = AESGCM(KEY.expand(b"arkanum/1/stream\0" + bound))
    first, last = chunks_of(raw)

    assert cipher.decrypt(bytes(12), first, bound) == text_of(CHUNK_BYTES)
    assert cipher.decrypt(bytes(10) + b"\x01\x01", last, bound) == text_of(CHUNK_BYTES + 3)[-3:]


def test_half_a_document_does_not_pass_for_a_whole_one():
    file = io.BytesIO()

    def fail():
        with SealWriter(KEY, PLACE, file) as writer:
            writer.write(text_of(CHUNK_BYTES + 3))
            raise EOFError

    with pytest.raises(EOFError):
        fail()
    with pytest.raises(Tampered):
        opened(file.getvalue())


def test_closing_twice_writes_once():
    file = io.BytesIO()
    writer = SealWriter(KEY, PLACE, file)
    writer.write(b"letter")
    writer.close()
    written = file.getvalue()

    writer.close()

    assert file.getvalue() == written
    assert opened(written) == b"letter"


def test_nothing_is_written_after_the_end():
    writer = SealWriter(KEY, PLACE, io.BytesIO())
    writer.close()

    with pytest.raises(ValueError, match=r"^the stream is closed$"):
        writer.write(b"more")


def test_a_file_that_takes_less_than_it_is_given_stops_the_writer():
    class Full(io.BytesIO):
        def write(self, raw):
            return super().write(raw[:-1])

    with pytest.raises(OSError, match=r"^the file took fewer bytes than it was given$"):
        SealWriter(KEY, PLACE, Full())


def test_a_file_that_does_not_say_how_much_it_took_is_believed():
    class Silent(io.BytesIO):
        def write(self, raw):
            super().write(raw)

    file = Silent()
    with SealWriter(KEY, PLACE, file) as writer:
        writer.write(b"letter")

    assert opened(file.getvalue()) == b"letter"
