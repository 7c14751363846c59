# SPDX-License-Identifier: MPL-2.0
"""A field of an answer reaches those it is declared for, and an undeclared one nobody."""

from uuid import UUID, uuid4

import msgspec
import pytest

from arkanum.guard import Action
from arkanum.guard import protocol as p
from arkanum.guard.errors import Refused
from arkanum.guard.shown import ASKER, Exit, FieldsUndeclared, audiences_of, kinds_in, shown


@shown({Action.SEE_STAFF: "name", Action.MANAGE_STAFF: "login rings"})
class Line(msgspec.Struct, frozen=True):
    name: str
    login: str
    rings: frozenset[str]


@shown({Action.READ_LOG: "no", (Action.READ_LOG, Action.OWN_ACCOUNT): "said"})
class Seen(msgspec.Struct, frozen=True):
    no: UUID
    said: str | None


@shown({ASKER: "lines seen by_name"})
class Page(msgspec.Struct, frozen=True):
    lines: tuple[Line, ...]
    seen: tuple[Seen, ...] = ()
    by_name: dict[str, Line] = {}


LINE = Line("Dan", "dan", frozenset({"desk"}))


def let_out(answer, *actions):
    return Exit(Page | Seen).let_out(answer, lambda: frozenset(actions))


def test_a_field_for_somebody_else_is_blank_at_any_depth():
    got = let_out(Page((LINE,), by_name={"Dan": LINE}), Action.SEE_STAFF)

    blank = Line("Dan", "", frozenset())
    assert got.lines == (blank,)
    assert got.by_name == {"Dan": blank}


def test_whoever_may_see_everything_gets_the_answer_itself():
    page = Page((LINE,), seen=(Seen(uuid4(), "x"),))

    assert let_out(page, *Action) is page


def test_one_of_several_actions_is_enough():
    page = Page((), seen=(Seen(uuid4(), "x"),))

    assert let_out(page, Action.SEE_STAFF, Action.MANAGE_STAFF, Action.OWN_ACCOUNT).seen == ()
    assert let_out(page, Action.SEE_STAFF, Action.MANAGE_STAFF, Action.READ_LOG).seen == page.seen


def test_what_cannot_be_blank_takes_its_struct_with_it():
    page = Page((), seen=(Seen(uuid4(), "x"),))

    assert let_out(page, Action.OWN_ACCOUNT).seen == ()
    with pytest.raises(Refused):
        let_out(Seen(uuid4(), "x"), Action.OWN_ACCOUNT)


def test_a_struct_without_a_declaration_does_not_start_and_says_what_to_write():
    class Forgotten(msgspec.Struct):
        name: str

    with pytest.raises(FieldsUndeclared, match=r'@shown\(\{Action.…: "name"'):
        Exit(Forgotten)
    with pytest.raises(FieldsUndeclared):
        Exit(Page).let_out(Forgotten("x"), frozenset)


@pytest.mark.parametrize("named", ["", "name login", "name name", "login"])
def test_a_declaration_names_each_field_once(named):
    with pytest.raises(FieldsUndeclared, match=r"login|name"):

        @shown({ASKER: named})
        class Wrong(msgspec.Struct):
            name: str


def test_every_answer_of_the_guard_is_declared():
    kinds = set(kinds_in(p.Answer))

    assert {p.Member, p.LogLine, p.DeviceLine, p.ChartKey} <= kinds
    assert all(set(audiences_of(kind)) == set(kind.__struct_fields__) for kind in kinds)


def test_who_signs_in_with_which_name_is_for_those_who_manage_people(ada, cora):
    for_ada = {one.name: one for one in ada.client.staff(ada.token).members}
    for_cora = {one.name: one for one in cora.client.staff(cora.token).members}

    assert for_ada["Cora Feddersen"].login == "cora"
    assert for_ada["Cora Feddersen"].rings
    assert for_cora.keys() == for_ada.keys()
    assert all(not one.login and not one.rings and not one.wanted and one.until is None for one in for_cora.values())
    assert for_cora["Dr. Ada Lovelace"].signed_in
