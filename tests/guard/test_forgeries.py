# SPDX-License-Identifier: MPL-2.0
"""Rows forged by somebody who can write to the database, and questions at the edges."""

import resource

import pytest
from msgspec import structs

from arkanum.core.ids import new_id
from arkanum.guard import Client, Ring, SocketTransport, hardening
from arkanum.guard import client as client_module
from arkanum.guard import protocol as p
from arkanum.guard.bodies import RingBody, person_place, seal_body
from arkanum.guard.errors import Damaged, GuardAway, SignInRefused
from arkanum.guard.house import person_body, profile_of
from arkanum.guard.log_chain import last_number
from arkanum.guard.tries import LONGEST_WAIT_SECONDS, wait_seconds
from arkanum.storage import people, practices
from arkanum.storage.models import Epoch, RingKey, RingShare
from arkanum.vault import Key, Place, PrivateKey, PublicKey, seal_to
from tests.cast import PASSPHRASE, SECOND_PASSPHRASE


def shares(colleague):
    return {share.ring_key.ring: share for share in RingShare.objects.filter(person_id=colleague.person)}


@pytest.mark.postgresql
@pytest.mark.parametrize("column", ["attest", "generation"])
def test_a_forged_ring_key_opens_nothing(founded, ada, column):
    keys = {key.ring: key for key in RingKey.objects.all()}
    desk = keys["desk"]
    changed = {"attest": keys["billing"].attest} if column == "attest" else {"generation": 7}
    RingKey.objects.filter(pk=desk.pk).update(**changed)

    with pytest.raises(Damaged):
        ada.sign_in()


@pytest.mark.postgresql
def test_an_open_public_key_of_a_ring_means_nothing(founded, ada, dora):
    RingKey.objects.update(public_key=PrivateKey.new().public.to_bytes())

    ada.sign_out()
    assert ada.sign_in().chart(dora).entries


@pytest.mark.postgresql
def test_a_share_moved_to_another_person_or_ring_opens_nothing(founded, ada, cora):
    treatment, desk = shares(ada)["treatment"], shares(cora)["desk"]
    RingShare.objects.filter(pk=desk.pk).update(private_key=treatment.private_key)

    with pytest.raises(Damaged):
        cora.sign_in()


@pytest.mark.postgresql
def test_a_share_made_up_without_the_site_secret_opens_nothing(founded, ada, dan):
    # Dan can write to the database and has a key pair: he makes himself a treatment ring of his own.
    mine = PrivateKey.new()
    row = people.person(ada.who.practice, dan.person)
    newest = RingKey.objects.get(ring="treatment")
    share = RingShare(id=new_id(), ring_key=newest, person_id=dan.person)
    place = Place("ring_share", "private_key", share.id)
    share.private_key = seal_to(PublicKey.from_bytes(bytes(row.public_key)), place, mine.expose())
    share.member = shares(ada)["treatment"].member
    share.save()

    with pytest.raises(Damaged):
        dan.sign_in()


@pytest.mark.postgresql
def test_a_replaced_epoch_opens_nothing_and_nothing_new_is_wrapped_under_it(founded, ada, dora):
    public = PublicKey.from_bytes(bytes(RingKey.objects.get(ring="treatment").public_key))
    epoch = Epoch.objects.get(ring="treatment")
    place = Place("epoch", "key", epoch.id, epoch.number)
    Epoch.objects.filter(pk=epoch.pk).update(key=seal_to(public, place, Key.new().expose()))

    with pytest.raises(Damaged):
        ada.sign_in()


@pytest.mark.postgresql
def test_a_foreign_recovery_key_takes_over_nothing(founded, ada):
    row = practices.get(ada.who.practice)
    row.recovery_public_key = PrivateKey.new().public.to_bytes()
    row.save()

    again = founded.client.recover_by_paper(
        first=founded.paper_codes[0],
        second=founded.paper_codes[1],
        login="ada",
        passphrase=SECOND_PASSPHRASE,
        device_name="neu",
    )
    assert again.who.rings == frozenset(Ring)


@pytest.mark.postgresql
@pytest.mark.parametrize("victim", ["cora", "recovery"])
def test_a_device_and_the_database_plant_no_key_that_the_next_rotation_serves(founded, ada, ben, cora, dan, victim):
    """Dan has a device, so he has the site secret, and he may write to the database: he can attest any public key."""
    site = founded.guard.opened[ada.who.practice].site
    planted = PrivateKey.new()
    if victim == "cora":
        row = people.person(ada.who.practice, cora.person)
        row.public_key = planted.public.to_bytes()
        body = structs.replace(person_body(site, row), fingerprint=planted.public.fingerprint())
        row.body = seal_body(site, person_place(row.id, "body"), body)
        people.save_person(row)
    else:
        practice = practices.get(ada.who.practice)
        practice.recovery_public_key = planted.public.to_bytes()
        profile = structs.replace(profile_of(site, practice), recovery=planted.public.fingerprint())
        practice.profile = seal_body(site, Place("practice", "profile", practice.id), profile)
        practice.save()
    before = {key.id for key in RingKey.objects.filter(ring="desk")}

    founded.client.leave(dan.token, ben.person)

    assert {key.id for key in RingKey.objects.filter(ring="desk")} == before
    assert any("fremd" in alarm for alarm in founded.client.verify_log(ada.token).alarms)


@pytest.mark.postgresql
def test_a_made_up_member_of_a_ring_gets_nothing_from_its_next_rotation(founded, ada, ben, dan):
    before = {key.id for key in RingKey.objects.filter(ring="treatment")}
    newest = RingKey.objects.get(ring="treatment")
    genuine = shares(ada)["treatment"]
    RingShare(
        id=new_id(), ring_key=newest, person_id=dan.person, private_key=genuine.private_key, member=genuine.member
    ).save()

    founded.client.leave(ada.token, ben.person)

    assert {key.id for key in RingKey.objects.filter(ring="treatment")} == before


def test_an_unknown_name_at_a_known_device_is_refused(founded):
    with pytest.raises(SignInRefused):
        founded.client.sign_in(device_secret=founded.device_secret, login="eve", passphrase=PASSPHRASE)


# --- questions at the edges ------------------------------------------------------------------------------------------


def test_ones_own_pass_phrase_is_judged_by_the_names_of_the_practice(founded, ada, ben):
    client = founded.client

    assert client.judge_passphrase(SECOND_PASSPHRASE, token=ada.token) == ()
    assert client.judge_passphrase("Ben Thorsen Ben Thorsen", token=ada.token)
    assert client.judge_passphrase("Behandlung")


def test_a_question_that_may_be_asked_once_is_not_asked_again(monkeypatch, tmp_path):
    monkeypatch.setattr(client_module, "CONNECT_SECONDS", 0.0)
    transport = SocketTransport(tmp_path / "nobody")
    asked = []

    def ask(question):
        asked.append(question)
        raise GuardAway

    monkeypatch.setattr(transport, "_ask", ask)
    for question, times in ((p.RedeemLink(link="x"), 1), (p.AskState(), 2)):
        asked.clear()
        with pytest.raises(GuardAway):
            transport.ask(question)
        assert len(asked) == times
    transport.close()


def test_an_error_nobody_knows_is_a_guard_that_is_away():
    class Odd:
        def __init__(self, name):
            self.name = name

        def ask(self, _question):
            return p.Failed(error=self.name)

    for name in ("ValueError", "GuardErrors", "annotations"):
        with pytest.raises(GuardAway):
            Client(Odd(name)).state()


def test_the_last_number_is_read_without_the_guard(founded, ada):
    log = founded.guard.logs[ada.who.practice]

    assert last_number(log.path) == log.end[0]


def test_waiting_never_grows_beyond_a_quarter_of_an_hour():
    assert [wait_seconds(failures) for failures in (0, 4, 5, 6, 9)] == [0, 0, 30, 60, 480]
    assert wait_seconds(10**6) == LONGEST_WAIT_SECONDS


# --- what cannot be hardened holds no key ----------------------------------------------------------------------------


class Kernel:
    """A kernel that takes protections, or does not."""

    def __init__(self, answer):
        self.answer = answer
        self.asked = []

    def prctl(self, *values):
        self.asked.append(values)
        return self.answer

    def mlockall(self, flags):
        self.asked.append(("mlockall", flags))
        return 0


def test_a_kernel_that_refuses_a_protection_stops_the_guard(monkeypatch):
    kernel = Kernel(-1)
    monkeypatch.setattr(hardening.ctypes, "CDLL", lambda *_, **__: kernel)
    monkeypatch.setattr(resource, "setrlimit", lambda *_: None)

    with pytest.raises(hardening.CannotHarden):
        hardening.harden()


def test_a_network_that_stays_open_stops_the_guard(monkeypatch):
    kernel = Kernel(0)
    monkeypatch.setattr(hardening.ctypes, "CDLL", lambda *_, **__: kernel)
    monkeypatch.setattr(resource, "setrlimit", lambda *_: None)
    monkeypatch.setattr(hardening.socket, "socket", lambda *_: type("Open", (), {"close": lambda self: None})())

    with pytest.raises(SystemExit):
        hardening.harden()
    assert len(kernel.asked) >= 3


@pytest.mark.parametrize(("limit", "locked"), [(resource.RLIM_INFINITY, True), (65536, False)])
def test_memory_is_locked_only_where_the_limit_allows_all_of_it(monkeypatch, limit, locked):
    kernel = Kernel(0)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (limit, limit))

    hardening._keep_out_of_swap(kernel)

    assert bool(kernel.asked) == locked


@pytest.mark.postgresql
def test_an_old_generation_beside_the_new_one_is_passed_over(founded, ada, ben, dora):
    old = (RingKey.objects.get(ring="treatment"), shares(ada)["treatment"])
    founded.client.leave(ada.token, ben.person)
    for row in old:
        row.save(force_insert=True)

    again = ada.sign_in()

    assert again.who.rings == frozenset(Ring)
    assert again.chart(dora).entries


@pytest.mark.postgresql
def test_a_ring_attested_anew_with_another_key_opens_nothing(founded, ada):
    site = founded.guard.opened[ada.who.practice].site
    row = RingKey.objects.get(ring="treatment")
    body = RingBody(Ring.TREATMENT, row.generation, PrivateKey.new().public.to_bytes())
    RingKey.objects.filter(pk=row.pk).update(attest=seal_body(site, Place("ring_key", "attest", row.id), body))

    with pytest.raises(Damaged):
        ada.sign_in()
