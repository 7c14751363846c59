# SPDX-License-Identifier: MPL-2.0
"""W23: weak passwords accepted. The report found "Behandlung" in nine of ten practices.

The lists are made here, out of words written down here, and not from the lists of
the product: what the policy knows by heart it could hardly fail.
"""

import itertools
import random
import time
from collections.abc import Callable, Iterable
from statistics import median

import pytest
from zxcvbn import zxcvbn

from arkanum.core.passphrases import SHORTEST, WeakPassphrase, check
from tests.attacks.twin import assert_red

PRACTICE = ("Gemeinschaftspraxis Dr. Lovelace & Thørsen", "Ada Lovelace", "Ben Thørsen",
            "Cora Feddersen-Özdemir", "Husum", "Norderstraße 12", "cora")  # fmt: skip


def words(text: str) -> list[str]:
    """Return the words of a block."""
    return text.split()


EVERYDAY = words(
    """
    Sommer Winter Herbst Frühling Januar Februar März April August September Oktober November Dezember Montag
    Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag Ostern Weihnachten Silvester Urlaub Ferien Wochenende Schatz
    Schatzi Liebling Engel Prinzessin Mausi Hase Bärchen Sonnenschein Sonne Mond Sterne Himmel Meer Strand Berge Wald
    Garten Blume Rose Sonnenblume Hund Katze Pferd Tiger Adler Delfin Schmetterling Fußball Handball Tennis Bayern
    Borussia Schalke Werder Hertha Eintracht Mercedes Porsche Audi Volkswagen Opel Ferrari Motorrad Fahrrad Auto
    Kaffee Schokolade Pizza Kuchen Apfel Banane Kartoffel Erdbeere Bier Wein Musik Gitarre Klavier Freiheit Liebe
    Glück Hoffnung Familie Mutter Vater Schwester Bruder Tochter Sohn Oma Opa Freundin Kinder Heimat Deutschland
    Passwort Kennwort Geheim Geheimnis Hallo Willkommen Admin Administrator Computer Internet Server Zugang Schlüssel
    Tastatur Bildschirm Drucker Telefon Fenster Stuhl Tisch Lampe Kalender Schreibtisch Schublade Haustür Auge Nase
    Drache Einhorn Superman Batman Pokemon Minecraft Gandalf Hogwarts Rumpelstilzchen Schneewittchen Rotkäppchen
    Regenbogen Gewitter Schneemann Lagerfeuer Zeltplatz Wohnwagen Leuchtturm Segelboot Kreuzfahrt Flugzeug Bahnhof
    """
)
PEOPLE = words(
    """
    Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf
    Schröder Neumann Zimmermann Braun Krüger Hartmann Lange Krause Lehmann Maier Köhler Herrmann König Walter Huber
    Kaiser Peters Möller Jung Vogel Friedrich Günther Berger Yilmaz Petersen Thomas Michael Andreas Stefan Christian
    Wolfgang Jürgen Sabine Petra Monika Claudia Susanne Stefanie Katharina Julia Sandra Anja Lukas Leon Jonas Felix
    Maximilian Alexander Sebastian Emma Mia Hannah Sophie Lena Johanna Charlotte Frieda Matilda Günter Heinz Helga
    """
)
TOWNS = words(
    """
    Berlin Hamburg München Köln Frankfurt Stuttgart Düsseldorf Leipzig Dortmund Essen Bremen Dresden Hannover Nürnberg
    Duisburg Bochum Wuppertal Bielefeld Münster Karlsruhe Mannheim Augsburg Wiesbaden Braunschweig Chemnitz Magdeburg
    Freiburg Lübeck Erfurt Rostock Kassel Potsdam Saarbrücken Oldenburg Osnabrück Heidelberg Regensburg Würzburg
    Göttingen Flensburg Husum Buxtehude Castrop-Rauxel Tübingen Konstanz Garmisch Recklinghausen Wanne-Eickel
    """
)
BODY = words(
    """
    Herz Lungen Nieren Leber Magen Darm Haut Augen Ohren Zahn Knochen Gelenk Rücken Kopf Bauch Blut Nerven Muskel
    Kinder Frauen Haus Schmerz Krebs Zucker Impf Not Gesundheits
    """
)
DESK = words(
    """
    Arzt Ärztin Praxis Behandlung Untersuchung Sprechstunde Patient Patientin Termin Rezept Befund Diagnose Therapie
    Klinik Labor Vorsorge Operation Erkrankung Verletzung Medizin
    """
)
VENDORS = words(
    """
    admin 1234
    admin1234 Administrator123! medistar Medistar2024 turbomed TurboMed2023! medatixx Tomedo2024! albis
    sysdba masterkey SYSDBA-masterkey postgres postgres123! sa sapassword changeme ChangeMe123! letmein Letmein2024!
    ftppass root toor Passw0rd Passw0rd! P@ssw0rd2024 Password123! Praxis123 Praxis1234! Arzt2024! Quartal4/2024
    Start123! Start1234 Willkommen1! Willkommen2024 Service2024! Wartung123 Support2024! Hotline123! Konnektor2024!
    """
)
WALKS = words(
    """
    qwertzuiopü qwertzuiop123 QWERTZuiop!" 1qay2wsx3edc 1qaz2wsx3edc yxcvbnm,.-123 asdfghjklöä# mnbvcxylkjhg
    123456789012 1q2w3e4r5t6z 0987654321qwert 147258369147 741852963741 qayxswedcvfr ^1234567890ß
    aaaaaaaaaaaa abababababab abcabcabcabc 111122223333 abcdefghijkl zyxwvutsrqpo 121212121212 hallohallohallo
    abcd1234abcd1234 xxxxxxxxxxxxxxxxxxxxxxxx ................ 2468101214161820
    """
)
SENTENCES = (
    "Ich liebe dich", "Ich liebe dich mein Schatz", "Mein Passwort ist geheim", "Passwort vergessen!",
    "Guten Morgen Deutschland", "Morgenstund hat Gold im Mund", "Übung macht den Meister",
    "Lachen ist die beste Medizin", "Das ist mein Passwort", "Alle meine Entchen", "Der Arzt ist da!",
    "Willkommen in der Praxis", "Der nächste bitte!!", "Sesam öffne dich!", "Stille Nacht heilige Nacht",
)  # fmt: skip

ENDINGS = ("", "!", "1", "12", "123", "1234", "!!", "?", "#1", "007", "_", "*", "12345", "0815", ".")
YEARS = ("2019", "2020", "2021", "2022", "2023", "2024", "2025", "2026", "1965", "1970", "1978", "1984",
         "1990", "24", "25", "'25")  # fmt: skip
PARTINGS = ("", "-", "_", ".", " ", "+")
LEET = str.maketrans("aeios", "4310$")
OTHER_LEET = str.maketrans("aeiost", "@3!057")

Accepts = Callable[[str], bool]


def disguises(word: str) -> Iterable[str]:
    """Yield what people do to a word so that it looks difficult."""
    yield from (word, word.lower(), word.upper(), word.translate(LEET), word.lower().translate(OTHER_LEET))
    yield word[::-1]
    yield word.lower().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")


def weak_passwords(count: int) -> list[str]:
    """Return different weak passwords: words x disguises x years x endings, one word or two."""
    rng = random.Random(23)
    stems = [*EVERYDAY, *PEOPLE, *TOWNS, *BODY, *DESK]
    found: dict[str, None] = dict.fromkeys((*VENDORS, *WALKS, *SENTENCES))
    for word in stems:
        found.update(dict.fromkeys(disguises(word)))
    while len(found) < count:
        first = rng.choice(list(disguises(rng.choice(stems))))
        second = rng.choice((first, "", rng.choice(stems), rng.choice(stems).lower()))
        tail = rng.choice(("", rng.choice(YEARS))) + rng.choice(ENDINGS)
        head = rng.choice(("", "", "", rng.choice(YEARS), "!", "1", "Dr."))
        found[f"{head}{first}{rng.choice(PARTINGS)}{second}{tail}"] = None
    return list(found)


def practice_words() -> list[str]:
    """Return 500 and more words of a practice, as compound words."""
    return [first + second.lower() for first, second in itertools.product(BODY, DESK)]


def own_names() -> list[str]:
    """Return what the people of this practice would make of their own names."""
    names = ("Lovelace", "AdaLovelace", "Thørsen", "BenThoersen", "Feddersen", "Özdemir", "Oezdemir", "Husum",
             "GemeinschaftspraxisLovelace", "PraxisLovelaceThoersen", "Norderstraße12", "CoraFeddersenÖzdemir",
             "DrLovelace", "Dr.AdaLovelace", "PraxisHusum")  # fmt: skip
    return [
        f"{disguised}{parting}{year}{ending}"
        for name in names
        for disguised in disguises(name)
        for parting in ("", "-")
        for year in YEARS
        for ending in ("", "!", "123")
    ]


def policy(passphrase: str) -> bool:
    """Tell whether the product takes a pass phrase."""
    try:
        check(passphrase, context=PRACTICE)
    except WeakPassphrase:
        return False
    return True


def zxcvbn_alone(passphrase: str) -> bool:
    """Tell whether the weakened twin does: the usual library, with its usual limit."""
    return len(passphrase) >= SHORTEST and zxcvbn(passphrase[:72], PRACTICE)["score"] >= 3


def length_alone(passphrase: str) -> bool:
    """Tell whether the other twin does: twelve characters, and all kinds of them."""
    kinds = (str.isupper, str.islower, str.isdigit)
    return len(passphrase) >= SHORTEST and all(any(map(kind, passphrase)) for kind in kinds)


def no_weak_password_is_accepted(accepts: Accepts) -> None:
    for password in weak_passwords(100_000):
        assert not accepts(password), f"accepted: {password}"


def no_practice_word_is_accepted(accepts: Accepts) -> None:
    for word in practice_words():
        for password in (word, f"{word}1", f"{word}2025!", f"Dr{word}"):
            assert not accepts(password), f"accepted: {password}"


def no_own_name_is_accepted(accepts: Accepts) -> None:
    for password in own_names():
        assert not accepts(password), f"accepted: {password}"


ATTACKS = [no_weak_password_is_accepted, no_practice_word_is_accepted, no_own_name_is_accepted]


@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS)
def test_no_password_of_the_lists_is_accepted(attack):
    attack(policy)


@pytest.mark.parametrize("weak", [zxcvbn_alone, length_alone])
@pytest.mark.parametrize("attack", ATTACKS)
def test_each_list_turns_red_on_a_weakened_twin(attack, weak):
    assert_red(attack, weak)


def test_the_lists_are_as_long_as_they_claim():
    assert len(set(weak_passwords(100_000))) >= 100_000
    assert len(set(practice_words())) >= 500
    assert sum(len(password) >= SHORTEST for password in weak_passwords(100_000)) > 60_000


def test_a_check_takes_a_moment_and_no_longer():
    policy("load the words first")
    durations = []

    for password in random.Random(5).sample(weak_passwords(100_000), 1_000):
        before = time.perf_counter()
        policy(password)
        durations.append(time.perf_counter() - before)

    assert median(durations) <= 0.020
