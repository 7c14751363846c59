# SPDX-License-Identifier: MPL-2.0
"""Which field of an answer is for whom. Each struct says it beside its fields; a field nobody declared leaves nobody.

The functions that answer decide *whether* somebody gets an answer at all; this is the second look, on the way out and
in one place: a field that is not for the asker's actions is blanked, whatever the function put there, and what can not
be blank (an id, a date) takes its struct with it.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import msgspec

from arkanum.guard.errors import Refused
from arkanum.guard.roles import Action

ANYBODY: Final = "anybody"
"""May be told to whoever reaches the server."""

ASKER: Final = "asker"
"""For the one who asked: they are signed in, or have just proved what the answer is about."""

Audience = str | Action | tuple[Action, ...]
"""Somebody who may do the action, or one of several; or one of the two words above."""

_MARK = "__arkanum_shown__"
_BLANKS: Mapping[object, object] = types.MappingProxyType(
    {str: "", bytes: b"", int: 0, bool: False, tuple: (), frozenset: frozenset(), dict: {}}
)
_WITHHELD = object()
_S = TypeVar("_S", bound=type[msgspec.Struct])
_A = TypeVar("_A", bound=msgspec.Struct)


class FieldsUndeclared(TypeError):
    """A struct that the guard may answer with does not say who may see which of its fields."""


@dataclass(frozen=True, slots=True)
class _Way:
    """The way out for one kind of struct."""

    guarded: tuple[tuple[str, frozenset[Action], object], ...]
    nested: tuple[str, ...]
    needs: frozenset[frozenset[Action]]


def shown(fields: Mapping[Audience, str]) -> Callable[[_S], _S]:
    """Declare who may see which fields of an answer: `@shown({Action.SEE_STAFF: "name role", ASKER: "who"})`.

    Args:
        fields: names of fields, parted by blanks, by who may see them.

    Raises:
        FieldsUndeclared: a field is missing, named twice, or not there.
    """
    audiences = [(name, audience) for audience, names in fields.items() for name in names.split()]

    def declared(kind: _S) -> _S:
        known, named = sorted(kind.__struct_fields__), sorted(name for name, _ in audiences)
        if known != named:
            difference = sorted(set(known) ^ set(named)) or named
            raise FieldsUndeclared(f"{kind.__name__}: @shown must name each field once; look at {difference}")
        setattr(kind, _MARK, dict(audiences))
        return kind

    return declared


def audiences_of(kind: type[msgspec.Struct]) -> dict[str, Audience]:
    """Return who may see each field.

    Raises:
        FieldsUndeclared: nobody said so; the message says what to write.
    """
    declared: dict[str, Audience] | None = kind.__dict__.get(_MARK)
    if declared is None:
        raise FieldsUndeclared(
            f"{kind.__module__}.{kind.__name__} may leave the guard but does not say who may see its fields. "
            f'Write above the class: @shown({{Action.…: "{" ".join(kind.__struct_fields__)}"}}), with ASKER for what '
            f"the person who asked may always see (arkanum.guard.shown)."
        )
    return declared


def kinds_in(annotation: object) -> Iterator[type[msgspec.Struct]]:
    """Yield every struct that a type holds, at any depth."""
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        yield annotation
        for inner in typing.get_type_hints(annotation).values():
            yield from kinds_in(inner)
    for part in typing.get_args(annotation):
        yield from kinds_in(part)


class Exit:
    """The one place through which answers leave the guard."""

    def __init__(self, answers: object) -> None:
        """Work out the way of every kind of answer.

        Args:
            answers: the union of all structs that the guard may say.

        Raises:
            FieldsUndeclared: one of them, or a struct inside it, says nothing about its fields.
        """
        self._ways: dict[type, _Way] = {}
        for kind in kinds_in(answers):
            self._way_of(kind)

    def let_out(self, answer: _A, actions: Callable[[], frozenset[Action]]) -> _A:
        """Return the answer as this person may see it.

        Args:
            answer: what the guard would say.
            actions: returns what the asker may do; not called where the answer is for anybody.

        Raises:
            FieldsUndeclared: this kind is no answer.
            Refused: nothing of it may be seen.
        """
        way = self._ways.get(type(answer))
        if way is None:
            raise FieldsUndeclared(type(answer).__name__)
        if not way.needs:
            return answer
        allowed = actions()
        if all(one & allowed for one in way.needs):
            return answer
        cleaned = self._cleaned(answer, allowed)
        if not isinstance(cleaned, type(answer)):
            raise Refused
        return cleaned

    def _cleaned(self, value: Any, allowed: frozenset[Action]) -> Any:  # noqa: ANN401 -- a value of any field
        if isinstance(value, tuple):
            cleaned = (self._cleaned(one, allowed) for one in value)
            return tuple(one for one in cleaned if one is not _WITHHELD)
        if isinstance(value, dict):
            kept = {key: self._cleaned(one, allowed) for key, one in value.items()}
            return {key: one for key, one in kept.items() if one is not _WITHHELD}
        way = self._ways.get(type(value))
        if way is None:
            return value
        changed = {name: blank for name, needed, blank in way.guarded if not needed & allowed}
        changed |= {name: self._cleaned(getattr(value, name), allowed) for name in way.nested if name not in changed}
        if any(one is _WITHHELD for one in changed.values()):
            return _WITHHELD
        return msgspec.structs.replace(value, **changed)

    def _way_of(self, kind: type[msgspec.Struct]) -> _Way:
        if kind not in self._ways:
            hints = typing.get_type_hints(kind)
            guarded = tuple(
                (name, _actions(audience), _blank(hints[name]))
                for name, audience in audiences_of(kind).items()
                if audience not in {ANYBODY, ASKER}
            )
            inner = {name: [self._way_of(one) for one in kinds_in(hints[name])] for name in hints}
            nested = tuple(name for name, ways in inner.items() if any(way.needs for way in ways))
            needs = {needed for _, needed, _ in guarded}
            needs.update(need for ways in inner.values() for way in ways for need in way.needs)
            self._ways[kind] = _Way(guarded, nested, frozenset(needs))
        return self._ways[kind]


def _actions(audience: Audience) -> frozenset[Action]:
    if isinstance(audience, tuple):
        return frozenset(audience)
    return frozenset({Action(audience)})


def _blank(annotation: object) -> object:
    """Return what stands in a field that is not for the asker; one that can not be empty takes its struct with it."""
    if type(None) in typing.get_args(annotation):
        return None
    return _BLANKS.get(typing.get_origin(annotation) or annotation, _WITHHELD)
