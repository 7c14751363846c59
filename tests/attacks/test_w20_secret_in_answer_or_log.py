# SPDX-License-Identifier: MPL-2.0
"""W20: a password or token in an answer or a log. Everything that is said is kept, and searched for every secret."""

import contextlib
import logging
import re
import traceback
from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass, field, replace
from urllib.parse import quote, quote_plus
from uuid import uuid4

import msgspec
import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.html import escape

from arkanum.charts import patients, records
from arkanum.guard import Action, Client, Role, use
from arkanum.guard import protocol as p
from arkanum.guard.direct import DirectTransport
from arkanum.guard.errors import GuardError
from arkanum.web import cookies, doors
from tests.attacks.twin import assert_red
from tests.cast import PASSPHRASE, SECOND_PASSPHRASE, master_data, note
from tests.web.browser import HTMX, Browser, text
from tests.web.test_doors import PUBLIC

WRONG = "kanarienvogel spricht im schacht laut"
WEAK = "Zwiebelkuchen7"
MEANT = {cookies.SESSION, cookies.DEVICE}
"""The two cookies that carry token and device secret to the browser they belong to."""


@dataclass
class Said:
    """Whatever left the program, with the place where it was said; and the secrets that must not be among it."""

    heard: list[tuple[str, bytes]] = field(default_factory=list)
    secrets: dict[str, str | bytes] = field(default_factory=dict)
    told_once: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Secrets that one page shows once because somebody asked for them: by name, the place and the secret."""

    def hear(self, place, said):
        self.heard.append((place, said if isinstance(said, bytes) else str(said).encode()))

    def hear_thing(self, place, thing):
        for form in (repr(thing), str(thing), f"{thing}", ascii(thing)):
            self.hear(place, form)

    def hear_error(self, place, error):
        self.hear_thing(place, error)
        self.hear(place, repr(error.args))
        self.hear(place, "".join(traceback.format_exception(error)))

    def hits(self):
        """Return every place where a secret was said that was not meant to be."""
        return [(name, place) for name, secret in self.secrets.items() for place in self.places_of(secret)] + [
            (name, place)
            for name, (meant, secret) in self.told_once.items()
            for place in _without_one(self.places_of(secret), meant)
        ]

    def places_of(self, secret):
        """Return where a secret was said, once for each time."""
        looked_for = forms(secret)
        everything = b"\0".join({said for _, said in self.heard})
        if not any(form in everything for form in looked_for):
            return []
        return [place for place, said in self.heard if any(form in said for form in looked_for)]


def _without_one(places, meant):
    """Return the places but for the one time that was meant."""
    if meant in places:
        places.remove(meant)
    return places


def forms(secret):
    """Return a secret as it may stand in an answer or a log."""
    if isinstance(secret, str):
        written = {secret, quote(secret), quote_plus(secret), escape(secret), secret.replace("-", ""), secret.lower()}
        plain = {one.encode() for one in written}
        raw = secret.encode()
    else:
        plain, raw = {secret, repr(secret)[2:-1].encode()}, secret
    coded = {urlsafe_b64encode(raw).rstrip(b"="), b64encode(raw).rstrip(b"="), raw.hex().encode()}
    return plain | coded | {raw.hex().upper().encode(), raw.hex("-").encode()}


def attack(said):
    """Search everything that was said for every secret."""
    assert said.hits() == []


class Listening(DirectTransport):
    """Hears what every question and answer shows of itself."""

    def __init__(self, guard, said):
        super().__init__(guard)
        self.said = said

    def ask(self, question):
        got = super().ask(question)
        self.said.hear_thing("question", question)
        self.said.hear_thing("answer", got)
        return got


class Watched(Browser):
    """Keeps every answer: status, headers, cookies and body, with the path that was asked for."""

    def __init__(self, said):
        super().__init__()
        self.said = said

    def request(self, **asked):
        response = super().request(**asked)
        place = f"{asked['REQUEST_METHOD']} {asked['PATH_INFO']}"
        headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
        others = {name: morsel.value for name, morsel in response.cookies.items() if name not in MEANT}
        self.said.hear(place, b"\n".join((headers.encode(), repr(others).encode(), response.content)))
        return response


@pytest.fixture
def said(guard, caplog, capfd):
    """A whole day at the screen, from the first start to the sealed page; all of it was heard."""
    caplog.set_level(logging.DEBUG)
    said = Said()
    client = Client(Listening(guard, said))
    use(client)
    browser = Watched(said)
    _first_day(said, guard, browser)
    _mistakes(said, browser)
    ada = _token(browser, cookies.SESSION)
    patient, record = _work(client, ada)
    _ask_for_secrets(said, browser)
    _every_page(browser, patient, record)
    _break(browser)
    _remember_keys(said, guard, client, ada, patient)
    _errors(said, client, ada)
    for thing in (guard, client, guard.sessions, *guard.opened.values(), *guard.sessions.all(), *guard.logs.values()):
        said.hear_thing("object", thing)
    browser.post("/versiegeln")
    _every_page(browser, patient, record)
    said.hear("log text", caplog.text)
    for line in caplog.records:
        said.hear(f"log of {line.name}", repr(line.__dict__))
    said.hear("console", "".join(capfd.readouterr()))
    use(None)
    return said


def _first_day(said, guard, browser):
    code = guard.founding_code
    form = {"practice_name": "Praxis am Markt", "name": "Dr. Ada Lovelace", "login": "ada", "device_name": "Empfang"}
    for phrase, repeat in ((WEAK, WEAK), (PASSPHRASE, WRONG), (WRONG, WRONG)):
        wrong = "" if phrase == WRONG else code
        browser.post("/erster-start", {**form, "code": wrong, "passphrase": phrase, "repeat": repeat})
    page = text(browser.post("/erster-start", {**form, "code": code, "passphrase": PASSPHRASE, "repeat": PASSPHRASE}))
    codes = re.findall(r'data-test="paper-code-\d">.*?<p>([^<]+)</p>', page, re.DOTALL)
    said.told_once |= {f"paper code {at}": ("POST /erster-start", one) for at, one in enumerate(codes)}
    said.secrets |= {"pass phrase": PASSPHRASE, "wrong pass phrase": WRONG, "weak pass phrase": WEAK}
    said.secrets |= {"second pass phrase": SECOND_PASSPHRASE}
    for first, second in ((codes[0], codes[0]), (codes[0], "AAAA"), (codes[0], codes[1][::-1]), codes[:2]):
        browser.get("/erster-start/papier")
        browser.post("/erster-start/papier", {"first": first, "second": second})
    browser.post(
        "/wiederherstellen",
        {"first": codes[0], "second": codes[0], "login": "ada", "passphrase": SECOND_PASSPHRASE}
        | {"repeat": SECOND_PASSPHRASE, "device_name": "X"},
    )


def _mistakes(said, browser):
    said.secrets["first session"] = _token(browser, cookies.SESSION)
    said.secrets["device secret"] = _token(browser, cookies.DEVICE)
    browser.post("/anmelden", {"login": "ada", "passphrase": WRONG})
    browser.post("/anmelden", {"login": PASSPHRASE[:3], "passphrase": PASSPHRASE})
    browser.post("/passphrase/pruefen", {"passphrase": WEAK, "name": "Ada"})
    browser.post("/passphrase/pruefen", {"passphrase": PASSPHRASE}, headers=HTMX)
    browser.post("/konto", {"old": WRONG, "passphrase": SECOND_PASSPHRASE, "repeat": SECOND_PASSPHRASE})
    browser.post("/konto", {"old": PASSPHRASE, "passphrase": WEAK, "repeat": WEAK})
    browser.post("/konto", {"old": PASSPHRASE, "passphrase": SECOND_PASSPHRASE, "repeat": WRONG})
    browser.post("/anmelden", {"login": "ada", "passphrase": PASSPHRASE})
    said.secrets["session"] = _token(browser, cookies.SESSION)
    Watched(said).post("/anmelden", {"login": "ada", "passphrase": PASSPHRASE})


def _token(browser, name):
    return cookies._decode(browser.cookies[name].value)


def _work(client, token):
    patient = patients.new(client, token, master_data())
    line = records.write(client, client.permit(token, Action.WRITE_CHART, patient=patient), note("Sturz"))
    return patient, line.record


def _ask_for_secrets(said, browser):
    page = text(browser.post("/team/neu", {"name": "Cora", "login": "cora", "role": Role.ASSISTANT.value}))
    first = re.search(r'data-test="handed-secret">([^<]+)<', page)[1]
    said.told_once["first pass phrase"] = ("POST /team/neu", first)
    page = text(browser.post("/geraete/einladen", {"name": "Laptop"}))
    link = re.search(r'data-test="link">[^<#]*#([^<]+)<', page)[1]
    said.told_once["device link"] = ("POST /geraete/einladen", link)
    laptop = Watched(said)
    for _ in range(2):
        laptop.post("/geraet/link", {"link": link})
    said.secrets["second device secret"] = _token(laptop, cookies.DEVICE)
    laptop.post("/anmelden", {"login": "cora", "passphrase": first})
    said.secrets["second session"] = _token(laptop, cookies.SESSION)
    laptop.post("/konto", {"old": first, "passphrase": SECOND_PASSPHRASE, "repeat": SECOND_PASSPHRASE})


def _every_page(browser, patient, record):
    """Ask for every page, signed in or not, whole and as a fragment; what ends sessions comes last, elsewhere."""
    for route in doors.routes():
        if route.name in {"account-everywhere", "seal", "sign-out", "staff-leave", "devices-remove"}:
            continue
        known = {"patient": patient, "record": record, "name": "x.js", "deed": "weiter"}
        kwargs = {part: str(known.get(part, uuid4())) for part in route.pattern.converters}
        address = "/" + str(route.pattern)
        for part, value in kwargs.items():
            address = re.sub(rf"<\w+:{part}>", value, address)
        browser.get(address)
        browser.get(address, headers=HTMX)
        if route.name not in PUBLIC:
            browser.post(address, {"passphrase": WRONG, "repeat": WRONG, "old": WRONG, "text": "x", "line": "n x"})
    for address in ("/gibt-es-nicht", "/kartei/1", f"/?passphrase={quote(WRONG)[:4]}", "/protokoll?seite=x"):
        browser.get(address)
    browser.get("/suche", headers={"Sec-Fetch-Site": "cross-site"})
    browser.post("/anmelden", b"\xff\xfe" + WRONG.encode(), content_type="multipart/form-data; boundary=x")
    browser.post("/anmelden", {"login": "x" * 2000, "passphrase": WRONG * 50})


def _break(browser):
    """Let pages fail while they hold a secret."""

    def breaks(*_, **__):
        raise ValueError(f"{PASSPHRASE} {WRONG}")

    with pytest.MonkeyPatch.context() as patched:
        for method in ("sign_in", "search", "judge_passphrase", "change_passphrase", "who"):
            patched.setattr(Client, method, breaks)
        browser.get("/")
        browser.get("/suche/treffer?q=x")
        browser.post("/anmelden", {"login": "ada", "passphrase": PASSPHRASE})
        browser.post("/passphrase/pruefen", {"passphrase": PASSPHRASE})


def _remember_keys(said, guard, client, token, patient):
    (practice,) = guard.opened.values()
    said.secrets["site secret"] = practice.site.expose()
    for ring, keys in practice.rings.items():
        said.secrets |= {f"epoch {number} of {ring}": key.expose() for number, key in keys.epochs.items()}
        said.secrets |= {f"private key {number} of {ring}": key.expose() for number, key in keys.private}
    grant = client.permit(token, Action.READ_CHART, patient=patient)
    patients.read(grant)
    said.secrets |= {f"chart key of {ring}": key.expose() for ring, key in grant._keys.items()}
    for thing in (grant, *grant._keys.values(), doors.Visitor(client, token, grant.who, grant.action)):
        said.hear_thing("object", thing)


def _errors(said, client, token):
    """Provoke errors of the guard with secrets among the arguments, and hear all that they carry."""
    codes = [secret for name, (_, secret) in said.told_once.items() if name.startswith("paper")]
    device = said.secrets["device secret"]
    wrong = [
        lambda: client.sign_in(device_secret=device, login="ada", passphrase=WRONG),
        lambda: client.sign_in(device_secret=device[::-1], login="ada", passphrase=PASSPHRASE),
        lambda: client.change_passphrase(token, old=WRONG, new=SECOND_PASSPHRASE),
        lambda: client.change_passphrase(token, old=PASSPHRASE, new=WEAK),
        lambda: client.confirm_paper(token, first=codes[0], second=codes[1]),
        lambda: client.recover_by_paper(codes[0], codes[0], "ada", SECOND_PASSPHRASE, "X"),
        lambda: client.recover_by_paper(codes[0], codes[1], "niemand", SECOND_PASSPHRASE, "X"),
        lambda: client.recover_by_paper(codes[0], codes[1], "ada", WEAK, "X"),
        lambda: client.redeem_link(said.told_once["device link"][1]),
        lambda: client.who(token[::-1]),
        lambda: client.permit(token, Action.READ_CHART, patient=uuid4(), detail=PASSPHRASE[:5]),
        lambda: client.sign_in(device_secret=device, login="ada", passphrase=WRONG * 100),
        *[lambda: client.sign_in(device_secret=device, login="ada", passphrase=WRONG)] * 6,
    ]
    for question in wrong:
        with contextlib.suppress(AssertionError):
            try:
                question()
            except (GuardError, TypeError) as error:
                said.hear_error("error", error)
            else:
                raise AssertionError("nothing went wrong")


# --- searched --------------------------------------------------------------------------------------------------------


def test_no_secret_is_said_in_any_answer_header_log_or_error(said):
    assert len(said.secrets) >= 20
    assert len(said.told_once) == 5
    assert sum(place.startswith(("GET", "POST")) for place, _ in said.heard) > 250
    assert all(any(word in one for _, one in said.heard) for word in (b"Sturz", b"Protokoll", b"arkanum.incident"))
    attack(said)


def test_every_question_and_answer_hides_what_it_carries():
    said = Said(secrets={"text": WRONG, "bytes": b"\x07kanarienvogel\x99" * 3})
    filled = 0
    for kind in (*p.Question.__args__, *p.Answer.__args__):
        values = {one: said.secrets["bytes" if one == "token" else "text"] for one in kind.__struct_fields__}
        filled += len(values)
        # Structs look at types when they are decoded, not when they are made.
        made = kind(**values)
        said.hear_thing(kind.__name__, made)

    assert filled > 60
    attack(said)


def test_the_attack_finds_each_secret_wherever_and_however_it_is_said_once_more(said):
    for name, secret in {**said.secrets, **{name: one for name, (_, one) in said.told_once.items()}}.items():
        for form in forms(secret):
            assert (name, "log") in Said([("log", b"ERROR " + form + b"\n")], said.secrets, said.told_once).hits()


# --- weakened twins --------------------------------------------------------------------------------------------------


@doors.public
def echo(request):
    """Shows again what was typed."""
    return HttpResponse(f"<input name='passphrase' value='{request.POST['passphrase']}'>")


class Talkative(GuardError):
    """Carries the pass phrase along."""


def test_the_attack_finds_one_talkative_page_or_error_or_message_in_a_whole_day(said):
    page = echo(RequestFactory().post("/anmelden", {"passphrase": PASSPHRASE})).content
    question = p.SignIn(device_secret=said.secrets["device secret"], login="ada", passphrase=WRONG)
    shows_itself = msgspec.structs.asdict(question)

    for place, thing in (("page", page), ("error", Talkative(f"wrong: {WRONG}")), ("question", shows_itself)):
        weak = replace(said, heard=list(said.heard))
        weak.hear(place, thing) if place == "page" else weak.hear_thing(place, thing)

        assert_red(attack, weak)
