"""What both doors demand of a password."""

import pytest
from django.utils import translation

from sapo_site.accounts.own_words import OWN_WORDS
from sapo_site.accounts.passwords import PasswordRules, password_fault
from tests.tables import every_row

EASY = "Det här lösenordet är lätt att gissa"
STRONG = "grodan hoppar över ån"


def _said(password, *about):
    fault = password_fault(password, about)
    return str(fault) if fault else ""


@every_row(
    "password",
    [
        # Common, repeated, in a row.
        "passwordpassword",
        "aaaaaaaaaaaaaaaa",
        "qwertyuiopasdfghjkl",
        "1q2w3e4r5t6y7u8i9o0p",
        # Words that come to mind here, with years, figures and signs between them.
        "Sommaren2026Sommaren",
        "sommar2026vinter2027",
        "Vintern2026Hösten2027!",
        "tipsmottagare-2026-hösten",
        "Solna2026Solna2027",
        "Säpo2026Säpo2027Säpo",
        "Säkerhetspolisen2026!",
        "polishuset2026!!",
        "Underrättelsetjänsten2026",
        "personskyddsenheten",
        "Ingentingsgatan2026",
        # Without their marks, or with figures for letters.
        "sakerhetspolisen-hosten",
        "S4kerhetsp0li5en-2027",
        "s\u00e4kerhetspolisen-h\u00f6sten",
        "sa\u0308kerhetspolisen-ho\u0308sten",
    ],
)
def test_password_of_words_that_come_to_mind_is_refused(password):
    assert EASY in _said(password)


def test_no_word_of_ours_makes_a_password_with_years_beside_it():
    made = [f"{word}2026-{word}!2027" for word in OWN_WORDS]
    assert len(made) > 100
    assert [password for password in made if EASY not in _said(password)] == []


@every_row(
    ("about", "password"),
    [
        ("Gunhild Bråvallsdotter", "Bråvallsdotter1985"),
        ("Gunhild Bråvallsdotter", "bravallsdotter-gunhild"),
        ("gunhild.bravallsdotter@sapo.example", "gunhild-bravallsdottir"),
        ("tove.tipsmottagare2", "tove-tipsmottagarX9"),
    ],
)
def test_password_that_is_like_a_name_of_the_person_is_refused_for_this_person(about, password):
    assert EASY in _said(password, about)
    assert EASY in _said(password, "", "Bo", about)


def test_password_that_is_like_another_persons_name_is_taken():
    assert _said("gunhild-bravallsdottir", "Bo Ek", "bo@sapo.example") == ""


@every_row(
    "password",
    [
        STRONG,
        "mars-tips-grod-ull-kakel",  # two of them are ours
        "cykel taket mars bordet",
        "K7$x9!Qw2#pL4@z1",
        "hemligt-nog-for-prov",
        "\U0001f438\U0001f6b2\U0001f95b\U0001f4a1\u2603\u2604\u2605\u260e" * 2 + "grod bro",
    ],
)
def test_strong_password_is_taken(password):
    assert _said(password, "Bo Ek") == ""


def test_password_has_fifteen_characters():
    assert _said("grod-bro-ull-k") == "Lösenordet är för kort. Det ska ha minst 15 tecken."
    assert _said("grod-bro-ull-kö") == ""


def test_password_may_be_as_long_as_anyone_likes():
    assert _said(" ".join(f"grod{number} bro{number * 7}" for number in range(400))) == ""
    assert EASY in _said("hemligt" * 400)


def test_what_makes_a_good_password_is_said_in_swedish():
    assert PasswordRules().get_help_text().startswith("Minst 15 tecken. Fyra ord")
    with translation.override("en"):
        assert PasswordRules().get_help_text().startswith("At least 15 characters. Four words")


# The operator's list


@pytest.fixture
def listed(settings, tmp_path):
    def listed(content):
        path = tmp_path / "known.txt"
        path.write_bytes(content)
        settings.PASSWORD_LIST = str(path)

    return listed


KNOWN = "Andra har använt det här lösenordet"


@every_row(
    "content",
    [
        f"{STRONG}\n", STRONG, f"anna\n{STRONG}", f"{STRONG}\nanna\n",
        f"anna\r\n{STRONG}\r\nbo\r\n", f"{STRONG} och mer\nx{STRONG}\n{STRONG}\n",
    ],
)  # fmt: skip
def test_line_of_the_operators_list_is_no_password(listed, content):
    listed(content.encode())
    assert KNOWN in _said(STRONG)
    assert KNOWN in _said(STRONG.upper())


@every_row("content", ["anna\n", f"x{STRONG}\n{STRONG}x\n{STRONG} {STRONG}"])
def test_part_of_a_line_is_not_on_the_list(listed, content):
    listed(content.encode())
    assert _said(STRONG) == ""


def test_without_a_list_nothing_is_looked_up(settings):
    settings.PASSWORD_LIST = ""
    assert _said(STRONG) == ""


def test_list_that_cannot_be_read_lets_no_password_through(settings, listed, tmp_path):
    settings.PASSWORD_LIST = str(tmp_path / "gone.txt")
    assert "går inte att läsa" in _said(STRONG)
    listed(b"")
    assert "går inte att läsa" in _said(STRONG)
