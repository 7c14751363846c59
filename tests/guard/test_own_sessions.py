# SPDX-License-Identifier: MPL-2.0
"""A person sees their own sessions and ends them one by one, and has at most ten at once."""

from datetime import timedelta
from uuid import uuid4

import pytest

from arkanum.guard import Action
from arkanum.guard.errors import Locked, NotFound, NotSignedIn, StepUp
from arkanum.guard.protocol import LogQuery
from arkanum.guard.sessions import MOST_SESSIONS, REST_SECONDS
from tests.cast import PASSPHRASE

pytestmark = pytest.mark.postgresql


def at_a_tablet(founded, colleague):
    """Sign somebody in at another device as well, and return the token there."""
    secret = founded.client.redeem_link(founded.client.invite_device(founded.ada.token, name="Tablet"))
    return founded.client.sign_in(device_secret=secret, login=colleague.login, passphrase=PASSPHRASE).token


def ids(founded, token):
    return {one.session for one in founded.client.own_sessions(token)}


def test_the_list_says_where_since_when_and_whether_it_rests(timed, clock):
    ada = timed.ada
    clock.go(60)
    tablet = at_a_tablet(timed, ada)
    timed.client.rest(tablet)
    clock.go(120)

    here, there = timed.client.own_sessions(ada.token)

    assert (here.own, here.rests, here.is_job) == (True, False, False)
    assert (there.own, there.rests, there.device_name) == (False, True, "Tablet")
    assert clock.now() - here.began == timedelta(seconds=180)
    assert clock.now() - here.last_used == timedelta(0)
    assert clock.now() - there.began == clock.now() - there.last_used == timedelta(seconds=120)


def test_the_list_is_ones_own(founded, ada, ben):
    assert len(founded.client.own_sessions(ada.token)) == 1
    assert ids(founded, ada.token).isdisjoint(ids(founded, ben.token))


def test_work_in_the_background_is_on_the_list(founded, ada):
    job = founded.client.begin_job(ada.token)
    listed = next(one for one in founded.client.own_sessions(ada.token) if one.is_job)
    founded.client.prove(ada.token, passphrase=PASSPHRASE)

    founded.client.end_own_session(ada.token, listed.session)

    with pytest.raises(NotSignedIn):
        founded.client.who(job)


def test_the_id_of_a_session_opens_nothing(founded, ada):
    (listed,) = founded.client.own_sessions(ada.token)

    for guess in (listed.session.bytes, listed.session.bytes * 2):
        with pytest.raises(NotSignedIn):
            founded.client.who(guess)


@pytest.mark.parametrize("rests", [False, True], ids=["in use", "resting"])
def test_one_session_ends_and_the_others_stay(founded, ada, rests):
    tablet = at_a_tablet(founded, ada)
    if rests:
        founded.client.rest(tablet)
    there = next(one for one in founded.client.own_sessions(ada.token) if not one.own)
    founded.client.prove(ada.token, passphrase=PASSPHRASE)

    founded.client.end_own_session(ada.token, there.session)

    with pytest.raises(NotSignedIn):
        founded.client.who(tablet)
    assert Action.READ_CHART in founded.client.who(ada.token).actions
    assert [one.own for one in founded.client.own_sessions(ada.token)] == [True]
    (line,) = founded.client.log_page(ada.token, LogQuery(what="end_session"), skip=0, limit=9).lines
    assert line.detail == "Tablet"


def test_whoever_ends_a_session_shows_first_who_they_are(founded, ada):
    tablet = at_a_tablet(founded, ada)
    there = next(one for one in founded.client.own_sessions(ada.token) if not one.own)

    with pytest.raises(StepUp):
        founded.client.end_own_session(ada.token, there.session)

    assert founded.client.who(tablet)


def test_nobody_ends_the_session_of_somebody_else(founded, ada, ben):
    (theirs,) = ids(founded, ben.token)
    founded.client.prove(ada.token, passphrase=PASSPHRASE)

    for wanted in (theirs, uuid4()):
        with pytest.raises(NotFound):
            founded.client.end_own_session(ada.token, wanted)

    assert founded.client.who(ben.token)


def test_a_resting_session_neither_lists_nor_ends(founded, ada):
    (own,) = ids(founded, ada.token)
    founded.client.rest(ada.token)

    with pytest.raises(Locked):
        founded.client.own_sessions(ada.token)
    with pytest.raises(Locked):
        founded.client.end_own_session(ada.token, own)


# --- at most ten -----------------------------------------------------------------------------------------------------


def sign_in_often(timed, clock, times):
    """Sign Ada in again and again at one device, a second apart, as from so many browsers."""
    tokens = []
    for _ in range(times):
        clock.go(1)
        tokens.append(timed.ada.sign_in().token)
    return tokens


def is_over(timed, token):
    return timed.guard.sessions.peek(token) is None


def test_where_an_eleventh_begins_the_oldest_resting_one_ends(timed, clock):
    tokens = [timed.ada.token, *sign_in_often(timed, clock, MOST_SESSIONS - 1)]
    tablet = at_a_tablet(timed, timed.ada)  # the eleventh: nothing rests, so the one used longest ago goes
    assert [is_over(timed, token) for token in tokens] == [False, True] + [False] * (MOST_SESSIONS - 2)
    timed.client.rest(tokens[5])
    clock.go(1)
    timed.client.rest(tokens[4])

    another = at_a_tablet(timed, timed.ada)

    assert is_over(timed, tokens[5])
    assert not is_over(timed, tokens[4])
    assert not is_over(timed, tablet)
    assert len(timed.client.own_sessions(another)) == MOST_SESSIONS
    lines = timed.client.log_page(another, LogQuery(what="too_many_sessions"), skip=0, limit=9).lines
    assert len(lines) == 2


def test_others_and_jobs_do_not_count(timed, clock):
    job = timed.client.begin_job(timed.ada.token)
    tokens = sign_in_often(timed, clock, MOST_SESSIONS - 1)

    assert not is_over(timed, timed.ada.token)
    assert not is_over(timed, job)
    assert not any(is_over(timed, token) for token in tokens)


def test_a_practice_is_not_sealed_by_the_bound(timed, clock):
    clock.go(REST_SECONDS + 1)

    tokens = sign_in_often(timed, clock, MOST_SESSIONS + 2)

    assert timed.client.who(tokens[-1])
    assert not timed.client.state().sealed
