# SPDX-License-Identifier: MPL-2.0
"""`docs/format.md` is enough to read the log and the rows: here it is done without the guard's own code."""

import re
from base64 import b64decode
from hashlib import sha256

import msgspec

from arkanum.guard import Action, Ring
from arkanum.guard.log_chain import heads_of
from arkanum.storage.models import Chart, DirectoryPage, Practice, Record
from arkanum.vault import Key, Place, Sealed, open_with, unseal, unwrap, verify


def opened(founded, ada):
    return founded.guard.opened[ada.who.practice]


def test_a_log_is_read_by_the_page_alone(founded, ada, dora):
    practice = ada.who.practice
    private = opened(founded, ada).rings[Ring.LOG].private[0][1]
    path = founded.guard.log_path(practice)
    before, segment, key, seen = "0" * 64, None, None, []
    for line in path.read_text("ascii").splitlines():
        number, kind, body, digest = line.split(" ")
        assert digest == sha256(f"{before} {number} {kind} {body}".encode()).hexdigest()
        before, raw = digest, b64decode(body)
        if kind == "S":
            segment = type(practice)(bytes=raw[:16])
            place = Place("log", str(practice), segment, int(number))
            key = Key.from_bytes(open_with(private, place, Sealed.from_storage(raw[16:])))
        else:
            place = Place("log", str(practice), segment, int(number))
            seen.append(msgspec.msgpack.decode(unseal(key, place, Sealed.from_storage(raw))))

    assert [event[1] for event in seen][:3] == ["found_practice", "sign_in", "confirm_paper"]
    assert all(len(event) == 7 for event in seen)
    assert str(dora) in {event[4] for event in seen}

    before = "0" * 64
    for head in heads_of(path).read_text().splitlines():
        number, digest, signature = head.split(" ")
        message = f"arkanum log head {practice} {number} {digest} {before}".encode()
        before = sha256(head.encode()).hexdigest()
        verify(bytes(Practice.objects.get().log_verify_key), message, b64decode(signature))


def test_a_chart_is_opened_by_the_page_alone(founded, ada, dora):
    keys = opened(founded, ada).rings[Ring.TREATMENT]
    chart = Chart.objects.get(patient_id=dora, ring="treatment")
    key = unwrap(keys.epochs[chart.key.epoch], Place("chart.treatment", "key", chart.id, 0, dora), chart.key)

    assert key == ada.grant(Action.READ_CHART, dora).key(Ring.TREATMENT)
    link = bytes(32)
    for row in Record.objects.filter(chart=chart).order_by("number"):
        assert unseal(key, Place("record", "body", row.record_id, row.version, chart.id), row.body)
        numbers = (row.number.to_bytes(8, "big"), row.record_id.bytes, row.version.to_bytes(8, "big"))
        link = sha256(link + b"".join(numbers) + row.log_no.to_bytes(8, "big") + row.body.to_storage()).digest()
    assert unseal(key, Place("chart", "head", chart.id, chart.length, chart.id), chart.head) == link


def test_the_directory_is_opened_by_the_page_alone(founded, ada, dora):
    practice = opened(founded, ada)
    practice.directory.flush()
    page, row = DirectoryPage.objects.get(), Practice.objects.get()
    keys = practice.rings[Ring.DESK]

    place = Place("practice", "directory_head", row.id, row.directory_sequence)
    head = msgspec.msgpack.decode(unseal(practice.site.derive("house"), place, row.directory_head))
    digest = sha256(page.id.bytes + page.version.to_bytes(8, "big") + page.body.to_storage()).digest()
    assert head == [row.directory_sequence, [digest]]
    key = keys.epochs[keys.epoch].derive("directory")
    assert "Müller".encode() in unseal(key, Place("directory_page", "body", page.id, page.version), page.body)


def test_every_place_of_the_guard_stands_on_the_page(root):
    page = (root / "docs/format.md").read_text()
    code = "".join(path.read_text() for path in (root / "src/arkanum/guard").glob("*.py"))
    named = set(re.findall(r'Place\("([a-z_]+)", "([a-z_]+)"', code))

    assert named
    assert [pair for pair in named if f"{pair[0]}, {pair[1]}," not in page] == []
