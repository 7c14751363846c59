# SPDX-License-Identifier: MPL-2.0
"""What `arkanum serve` makes of `--lan`, and that it refuses what would open the practice to strangers."""

from argparse import Namespace

import pytest

from arkanum.cli.door.setting import settle
from arkanum.cli.place import PlaceError
from arkanum.cli.serve import _parser
from arkanum.guard.door_setting import load
from arkanum.guard.protocol import DoorSetting
from arkanum.web.network import machine

ONE = ("192.168.1.10",)


def start(folder, *arguments: str, addresses=ONE) -> DoorSetting:
    options: Namespace = _parser().parse_args(arguments)
    return settle(folder, options, lambda: addresses, lambda address: address in addresses)


def test_without_a_word_about_the_network_the_door_stays_shut(tmp_path):
    assert not start(tmp_path).on
    assert not (tmp_path / "door").exists()


def test_the_one_private_address_is_taken(tmp_path):
    setting = start(tmp_path, "--lan", "--name", "praxis.local", "--port", "8443")

    assert setting == DoorSetting(on=True, address="192.168.1.10", port=8443, names=("praxis.local",))


def test_what_was_said_once_holds_for_the_next_starts(tmp_path):
    first = start(tmp_path, "--lan", "--name", "praxis.local")

    assert start(tmp_path) == first
    assert load(tmp_path) == first


def test_a_remembered_address_that_is_gone_stops_no_start(tmp_path):
    first = start(tmp_path, "--lan")

    assert start(tmp_path, addresses=()) == first


def test_the_door_is_shut_for_the_next_starts_too(tmp_path):
    start(tmp_path, "--lan")

    assert not start(tmp_path, "--no-lan").on
    assert not start(tmp_path).on


def test_somebody_chooses_between_several_addresses(tmp_path):
    with pytest.raises(PlaceError) as refused:
        start(tmp_path, "--lan", addresses=("10.0.0.4", "fd00::2"))

    assert "arkanum serve --lan 10.0.0.4" in refused.value.german
    assert "arkanum serve --lan fd00::2" in refused.value.german


def test_a_machine_without_a_network_says_so(tmp_path):
    with pytest.raises(PlaceError) as refused:
        start(tmp_path, "--lan", addresses=())

    assert "keine Adresse in einem privaten Netz" in refused.value.german


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("0.0.0.0", "alle Netze"),  # noqa: S104 - it is refused
        ("::", "alle Netze"),
        ("203.0.113.7", "keine private Adresse"),
        ("2001:4860:4860::8888", "keine private Adresse"),
        ("169.254.7.7", "selbst gegeben"),
        ("fe80::1", "selbst gegeben"),
        ("192.168.1.99", "hat dieser Rechner nicht. Er hat: 192.168.1.10"),
        ("praxis.local", "ist keine Adresse"),
    ],
)
def test_the_door_opens_on_no_address_that_strangers_could_reach(tmp_path, address, why):
    with pytest.raises(PlaceError) as refused:
        start(tmp_path, "--lan", address)

    assert why in refused.value.german
    assert not load(tmp_path).on


def test_a_name_without_a_network_is_a_misunderstanding(tmp_path):
    with pytest.raises(PlaceError):
        start(tmp_path, "--name", "praxis.local")


def test_a_name_that_is_none_is_refused(tmp_path):
    with pytest.raises(PlaceError) as refused:
        start(tmp_path, "--lan", "--name", "meine praxis")

    assert "kein Rechnername" in refused.value.german


# --- what the kernel tells -------------------------------------------------------------------------------------------

TRIE = """Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 192.168.178.0/24 2 0 2
        |-- 192.168.178.0
           /24 link UNICAST
        |-- 192.168.178.20
           /32 host LOCAL
        |-- 192.168.178.255
           /32 link BROADCAST
     |-- 93.184.216.34
        /32 host LOCAL
     |-- 127.0.0.1
        /32 host LOCAL
"""
SIX = """fd000000000000000000000000000002 02 40 00 80     eth0
fd000000000000000000000000000003 02 40 00 01     eth0
fe8000000000000000fc00fffe000001 02 40 20 80     eth0
00000000000000000000000000000001 01 80 10 80       lo
"""


def test_private_addresses_are_read_from_the_kernel(tmp_path, monkeypatch):
    for name, content in (("ROUTES", TRIE), ("ADDRESSES_6", SIX)):
        (tmp_path / name).write_text(content)
        monkeypatch.setattr(machine, name, tmp_path / name)

    assert machine.private_addresses() == ("192.168.178.20", "fd00::2")
    assert machine.has("93.184.216.34")
    assert machine.has("127.0.0.2")
    assert not machine.has("192.168.178.255")


def test_a_kernel_without_these_files_has_no_addresses(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "ROUTES", tmp_path / "none")
    monkeypatch.setattr(machine, "ADDRESSES_6", tmp_path / "none")

    assert machine.private_addresses() == ()
