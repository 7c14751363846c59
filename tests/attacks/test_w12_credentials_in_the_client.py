# SPDX-License-Identifier: MPL-2.0
"""W12: credentials delivered to the client. Every answer, script and asset is searched for every key there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from django.http import HttpResponse

from arkanum.charts import patients
from arkanum.guard import Action
from arkanum.web import assets, cookies, shown
from tests.attacks.everywhere import House, ask_everywhere, planted, said
from tests.attacks.test_w20_secret_in_answer_or_log import MEANT, forms
from tests.attacks.twin import assert_red
from tests.cast import PASSPHRASE, SECOND_PASSPHRASE
from tests.web.browser import Browser

DATABASE_PASSWORD = "datenbankgeheimnis-Zk3vQx8Lm2"


@dataclass
class Served:
    """Everything that a browser can be given, and the secrets that must not be among it."""

    house: House
    secrets: dict[str, str | bytes] = field(repr=False)
    assets: Callable[[], dict[str, tuple[str, bytes]]] = assets.contents

    def everything(self) -> dict[str, bytes]:
        """Return what was served, by where."""
        served = {f"asset {name}": content for name, (_, content) in self.assets().items()}
        for number, asked in enumerate(ask_everywhere(self.house)):
            cookies_ = {name: one.value for name, one in asked.response.cookies.items() if name not in MEANT}
            served[f"{number} {asked.place}"] = said(asked) + repr(cookies_).encode()
        return served


@pytest.fixture
def served(founded, monkeypatch):
    """A practice with planted words, and every secret of it, its server and its database."""
    monkeypatch.setitem(settings.DATABASES["default"], "PASSWORD", DATABASE_PASSWORD)
    house = planted(founded)
    return Served(house, _secrets(founded, house))


def _secrets(founded, house) -> dict[str, str | bytes]:
    (practice,) = founded.guard.opened.values()
    secrets: dict[str, str | bytes] = {"site secret": practice.site.expose(), "device secret": founded.device_secret}
    secrets |= {f"token of {who}": one.token for who, one in house.people.items()}
    for ring, keys in practice.rings.items():
        secrets |= {f"epoch {number} of {ring}": key.expose() for number, key in keys.epochs.items()}
        secrets |= {f"private key {number} of {ring}": key.expose() for number, key in keys.private}
    grant = founded.client.permit(founded.ada.token, Action.READ_CHART, patient=house.known["patient"])
    patients.read(grant)
    secrets |= {f"chart key of {ring}": key.expose() for ring, key in grant._keys.items()}
    secrets |= {"pass phrase": PASSPHRASE, "second pass phrase": SECOND_PASSPHRASE, "django": settings.SECRET_KEY}
    secrets |= {"founding code": founded.guard.founding_code, "data folder": str(founded.folder)}
    secrets |= {"database": str(settings.DATABASES["default"]["NAME"]), "database password": DATABASE_PASSWORD}
    return {name: secret for name, secret in secrets.items() if secret}


def attack(served: Served) -> None:
    """Search everything served for every secret, raw, in hexadecimal and in base64."""
    answers = served.everything()
    everything = b"\0".join(answers.values())
    found = []
    for name, secret in served.secrets.items():
        for form in forms(secret):
            if len(form) > 5 and form in everything:
                found += [(name, place) for place, answer in answers.items() if form in answer]
    assert found == []


def test_no_answer_and_no_asset_holds_a_key_a_token_or_an_address_of_the_database(served):
    assert len(served.secrets) > 25
    attack(served)


def test_only_the_two_cookies_of_a_sign_in_carry_their_secrets(founded, ada):
    browser = Browser().own_device(ada.device_secret)
    response = browser.post("/anmelden", {"login": ada.login, "passphrase": ada.passphrase})
    secrets = {"token": cookies._decode(response.cookies[cookies.SESSION].value), "device": ada.device_secret}

    places = {
        name: [place for place, text in _parts(response).items() if any(form in text for form in forms(secret))]
        for name, secret in secrets.items()
    }

    assert places == {"token": [cookies.SESSION], "device": [cookies.DEVICE]}
    assert all(response.cookies[name]["httponly"] for name in MEANT)


def _parts(response: HttpResponse) -> dict[str, bytes]:
    parts = {name: morsel.value.encode() for name, morsel in response.cookies.items()}
    parts |= {name: value.encode() for name, value in response.headers.items()}
    return parts | {"body": response.content}


def test_what_is_built_for_the_browser_names_no_other_host():
    for name, (_, content) in assets.contents().items():
        for host in (b"http://", b"https://"):
            for rest in content.split(host)[1:]:
                assert (
                    rest.startswith((b"www.w3.org/", b"127.0.0.1", b"localhost", b"arkanum.local"))
                    or b"license" in name.encode()
                ), (
                    name,
                    rest[:60],
                )


# --- weakened twins --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("leak", ["header", "page"])
def test_the_attack_finds_one_key_in_one_page_or_header(served, monkeypatch, leak):
    render = shown.render

    def careless(request, template, context, **options):
        response = render(request, template, context, **options)
        if template == "people/devices.html":
            if leak == "header":
                response.headers["X-Debug"] = DATABASE_PASSWORD
            else:
                response.content += b"<!-- " + served.secrets["site secret"].hex().encode() + b" -->"
        return response

    monkeypatch.setattr(shown, "render", careless)
    served.house.only = frozenset({"devices"})

    assert_red(attack, served)


def test_the_attack_finds_a_key_that_was_built_into_a_script(served):
    served.house.only = frozenset({"health"})
    script = b"const storage = {secret: '" + DATABASE_PASSWORD.encode() + b"'}"
    served.assets = lambda: {**assets.contents(), "storage-AAAAAAAA.js": ("text/javascript", script)}

    assert_red(attack, served)
