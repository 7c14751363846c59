# SPDX-License-Identifier: MPL-2.0
"""What every route and every answer must declare. A failure here says what to write, and where."""

from arkanum.guard import protocol
from arkanum.guard.shown import Exit
from arkanum.web import doors


def test_every_route_declares_its_action_and_what_it_hears_and_says():
    assert [message.msg for message in doors.check_routes()] == []


def test_every_answer_of_the_guard_says_who_may_see_its_fields():
    Exit(protocol.Answer)
