# SPDX-License-Identifier: MPL-2.0
"""Messages on a Unix socket: four bytes of length (big endian), then MessagePack."""

from __future__ import annotations

import socket
import struct
from typing import TypeVar

import msgspec

from arkanum.guard.protocol import MAX_ANSWER_BYTES, MAX_QUESTION_BYTES, Answer, Message, Question

_Decoded = TypeVar("_Decoded")
_LENGTH = struct.Struct(">I")
_ENCODER = msgspec.msgpack.Encoder()
_QUESTIONS: msgspec.msgpack.Decoder[Question] = msgspec.msgpack.Decoder(Question)
_ANSWERS: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)


class WireBroken(ConnectionError):
    """The other side hung up, or sent something that is no message."""


def send(connection: socket.socket, message: Message) -> None:
    """Send one message."""
    raw = _ENCODER.encode(message)
    connection.sendall(_LENGTH.pack(len(raw)) + raw)


def receive_question(connection: socket.socket) -> Question | None:
    """Return the next question, or `None` when the other side has hung up between two.

    Raises:
        WireBroken: it hung up in the middle, or the bytes are no question.
    """
    raw = _receive(connection, MAX_QUESTION_BYTES)
    return None if raw is None else _decode(_QUESTIONS, raw)


def receive_answer(connection: socket.socket) -> Answer:
    """Return the answer.

    Raises:
        WireBroken: the guard hung up, or the bytes are no answer.
    """
    raw = _receive(connection, MAX_ANSWER_BYTES)
    if raw is None:
        raise WireBroken
    return _decode(_ANSWERS, raw)


def roundtrip_question(question: Message) -> Question:
    """Encode and decode a question, as the socket would."""
    return _decode(_QUESTIONS, _ENCODER.encode(question))


def roundtrip_answer(answer: Message) -> Answer:
    """Encode and decode an answer, as the socket would."""
    return _decode(_ANSWERS, _ENCODER.encode(answer))


def _decode(decoder: msgspec.msgpack.Decoder[_Decoded], raw: bytes) -> _Decoded:
    try:
        return decoder.decode(raw)
    except (msgspec.DecodeError, ValueError):
        # Without the cause: its text could quote what somebody typed.
        raise WireBroken from None


def _receive(connection: socket.socket, most: int) -> bytes | None:
    head = _exactly(connection, _LENGTH.size)
    if not head:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > most:
        raise WireBroken
    raw = _exactly(connection, length)
    if length and not raw:
        raise WireBroken
    return raw


def _exactly(connection: socket.socket, wanted: int) -> bytes:
    """Return so many bytes, or none when the other side had hung up before the first."""
    parts: list[bytes] = []
    missing = wanted
    while missing:
        part = connection.recv(min(missing, 1 << 20))
        if not part:
            if parts:
                raise WireBroken
            return b""
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
