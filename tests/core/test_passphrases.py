# SPDX-License-Identifier: MPL-2.0
"""Pass phrases: what is refused and why, what is accepted."""

import contextlib
import random
import string
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arkanum.core.passphrases import LONGEST, WeakPassphrase, check, suggest
from arkanum.core.passphrases.diceware import is_diceware
from arkanum.core.passphrases.keyboard import walks
from arkanum.core.passphrases.vocabulary import Kind, context_words, read_lines, vocabulary

PRACTICE = ("Praxis Dr. Ada Lovelace", "Ada Lovelace", "Husum")
DICEWARE = tuple(read_lines("diceware.txt.gz"))


def refusal(passphrase, context=PRACTICE):
    with pytest.raises(WeakPassphrase) as caught:
        check(passphrase, context=context)
    return caught.value.reasons


@pytest.mark.parametrize(
    "passphrase",
    [
        "Behandlung", "DrMüller1970", "DrMueller1970", "DrMuller1970", "Praxis2024!", "Sommer2025",
        "Behandlungszimmer2024!", "B3h@ndlung$z1mm3r", "gnuldnaheB2024!!", "B-e-h-a-n-d-l-u-n-g",
        "Arbeitsunfähigkeitsbescheinigung", "SommerUrlaubSchatzBehandlung", "qwertzuiop1234567890",
        "yxcvbnm,.-2024", "1qay2wsx3edc4rfv", "aabbccddeeffgg", "BehandlungBehandlung!", "03.04.1965-Husum",
        "correct horse battery", "Xanthippe2024!", "abcdefghijklmnop", "Garmisch-Partenkirchen1",
    ],
)  # fmt: skip
def test_an_easy_pass_phrase_is_refused(passphrase):
    assert refusal(passphrase)


@pytest.mark.parametrize(
    "passphrase",
    [
        "Unser Dackel Waldi bellt den Postboten an",
        "In Gedanken war der Mond schon immer ein Käse aus Holland",
        "Wer nachts Bratkartoffeln brät, hört die Nachbarin singen",
        "xK7#pQ2vLm9!abRt", "t5Zr-9qWx-Lk2p-Vb7n", "5f1c9a7be2d840637c1e",
        "weismachen-flossen-warmwasser-bettlaken-peinlich-gebrochen",
    ],
)  # fmt: skip
def test_a_long_sentence_and_a_random_string_are_accepted(passphrase):
    check(passphrase, context=PRACTICE)


@given(st.lists(st.sampled_from(DICEWARE), min_size=6, max_size=12), st.sampled_from(" -_.,"))
def test_six_thrown_words_are_always_accepted(words, between):
    passphrase = between.join(words)

    if len(set(words)) >= 5 and len(passphrase) <= LONGEST:
        check(passphrase, context=words)


def test_a_suggestion_is_accepted_and_new_each_time():
    suggestions = {suggest() for _ in range(200)}

    assert len(suggestions) == 200
    for suggestion in suggestions:
        assert len(suggestion.split(" ")) == 6
        check(suggestion, context=PRACTICE)


def test_a_suggestion_has_as_many_words_as_asked_for():
    assert len(suggest(8).split(" ")) == 8


def test_a_suggestion_never_has_fewer_words_than_are_safe():
    with pytest.raises(ValueError, match="6 words"):
        suggest(5)


def test_the_diceware_list_fits_five_dice():
    assert len(DICEWARE) == len(set(DICEWARE)) == 6**5
    assert all(word.isascii() and word.isalpha() and word == word.lower() for word in DICEWARE)


def test_one_word_said_six_times_is_not_six_words():
    assert not is_diceware("abend abend abend abend abend abend")
    assert refusal("abend abend abend abend abend abend")


def test_five_words_and_a_stranger_are_not_six_words():
    assert not is_diceware("abend aufprallen vorwort drehmoment fuhrpark xq")


def test_names_of_the_practice_are_refused_however_they_are_written():
    context = ("Gemeinschaftspraxis Thørsen-Gürkan", "Quirin Zaunkönig")

    for passphrase in ("Zaunkönig-Quirin!!", "ZAUNKOENIG+GUERKAN", "thorsengurkan2024", "nakrügnesröht!"):
        assert "Namen aus Ihrer Praxis" in " ".join(refusal(passphrase, context))


def test_a_name_of_the_practice_does_not_spoil_a_long_sentence():
    check("Lovelace fuhr ohne Helm über sieben krumme Brücken nach Tunesien", context=PRACTICE)


@pytest.mark.parametrize(
    ("passphrase", "word"),
    [
        ("Sommer2025", "Jahreszeit"),
        ("Sommer2025", "Jahreszahl"),
        ("Sommer", "zu kurz"),
        ("zuiopü+#äölk2024", "Tastatur"),
        ("Petersilie-Michaela-Thomas", "Nachnamen"),
        ("Buxtehude-Buxtehude", "wiederholt"),
        ("Buxtehude-Buxtehude", "Ortsnamen"),
        ("passwort123456", "gestohlener"),
        ("Meine Oma fährt im Hühnerstall Motorrad", "Redensart"),
        ("B3h4ndlungsr4um", "statt Buchstaben"),
        ("hG7kQ2mZr", "zu kurz"),
        ("hg7kq2mzrw58", "16"),
    ],
)
def test_the_reason_says_in_german_what_is_wrong(passphrase, word):
    assert word in " ".join(refusal(passphrase))


@pytest.mark.parametrize(
    ("passphrase", "word"),
    [
        ("a" * (LONGEST + 1), "zu lang"),
        (" aufprallen vorwort drehmoment fuhrpark exorbitant festland", "Leerzeichen"),
        ("aufprallen vorwort drehmoment\u200b fuhrpark exorbitant festland", "unsichtbare"),
        ("aufprallen\tvorwort drehmoment fuhrpark exorbitant festland", "unsichtbare"),
        ("", "zu kurz"),
    ],
)
def test_what_cannot_be_typed_again_is_refused(passphrase, word):
    assert word in " ".join(refusal(passphrase))


def test_no_reason_quotes_the_pass_phrase():
    reasons = " ".join(refusal("Zuckerwatte-Lovelace-1984"))

    for part in ("Zuckerwatte", "Lovelace", "1984"):
        assert part.lower() not in reasons.lower()


def test_the_same_letters_in_another_unicode_form_are_judged_alike():
    composed = "Müller-Köln-Bäcker"

    assert refusal(composed) == refusal(unicodedata.normalize("NFD", composed))


@given(st.text(max_size=300))
@settings(deadline=None)
def test_any_text_is_judged_and_never_crashes(text):
    with contextlib.suppress(WeakPassphrase):
        check(text, context=("İstanbul Praxis", text[:40]))


@given(st.text(min_size=1, max_size=11))
@settings(deadline=None)
def test_nothing_shorter_than_twelve_characters_is_accepted(text):
    if len(unicodedata.normalize("NFKC", text)) < 12:
        assert refusal(text)


def test_twenty_random_characters_are_accepted():
    rng = random.Random(20)
    accepted = 0

    for _ in range(300):
        passphrase = "".join(rng.choices(string.ascii_letters + string.digits, k=20))
        try:
            check(passphrase, context=PRACTICE)
        except WeakPassphrase:
            continue
        accepted += 1

    assert accepted >= 297


@pytest.mark.parametrize("passphrase", ["x" * 256, "4@8([{<36!1|70$5+7%2" * 12, "Behandlung " * 23 + "x"])
def test_a_long_pass_phrase_does_not_keep_the_server_busy(passphrase):
    vocabulary()
    before = time.perf_counter()

    with contextlib.suppress(WeakPassphrase):
        check(passphrase, context=PRACTICE)

    assert time.perf_counter() - before < 0.5


def test_the_vocabulary_is_large_and_knows_german_medicine_names_and_towns():
    words = vocabulary()

    assert len(words) > 200_000
    assert words["behandlung"].kind == Kind.PRACTICE
    assert words["muller"].kind == words["mueller"].kind == Kind.NAME
    assert words["buxtehude"].kind == Kind.TOWN


def test_words_of_the_context_count_whole_and_in_parts():
    words = context_words(["Dr. Groß-Gürkan"])

    assert {"gross", "guerkan", "gurkan", "drgrossguerkan"} <= set(words)
    assert "dr" not in words


def test_walks_are_found_on_german_and_english_keys():
    assert max(end - start for start, end, _ in walks("qwertz")) == 6
    assert max(end - start for start, end, _ in walks("qwerty")) == 6
    assert not list(walks("hpas"))
