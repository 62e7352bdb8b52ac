"""`tips_desk`: handlers' accounts from the server."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate

from tests.handlers import PASSWORD, ask_desk, desk_login, is_in, make_handler
from tests.passkeys import Passkey
from tips.accounts import people
from tips.handling import events, steps
from tips.keeping import intake
from tips.models import Handler

from .commands import fault, said

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

ANNA, BO = ("anna-ek", "Anna Ek", "anna@example.org"), ("bo-by", "Bo By", "")
FIRST = ("first", "--who", *ANNA, "--who", *BO)
GOOD = "lila-gurka-tretton-moln-7"


def _say(*words, typed=""):
    return said("tips_desk", *words, typed=typed)


def _fault(*words, typed=""):
    return fault("tips_desk", *words, typed=typed)


def _codes(told):
    return dict(re.findall(r"^(\S+): ([A-Z2-7-]{19})  gäller en gång", told, re.MULTILINE))


def _redeem(username, code):
    body = {"username": username, "code": code, "password": GOOD}
    return ask_desk(Client(), "ny/", body)


# first


def test_the_first_two_come_from_the_server_with_codes_for_half_an_hour(tip_channel):
    assert "Gör de två första" in _say("list")

    codes = _codes(_say(*FIRST))

    assert set(codes) == {"anna-ek", "bo-by"}
    for handler in Handler.objects.all():
        lasts = handler.code_until - timezone.now()
        assert timedelta(minutes=29) < lasts <= timedelta(minutes=30)
        assert handler.enrolled_by == ""
    for username, code in codes.items():
        assert _redeem(username, code).json() == {"step": "in"}


def test_codes_of_the_first_that_were_not_used_in_time_are_given_anew(db):
    before = _codes(_say(*FIRST))
    after = _codes(_say(*FIRST))
    assert _redeem("anna-ek", before["anna-ek"]).status_code == 400
    assert _redeem("anna-ek", after["anna-ek"]).status_code == 200
    assert Handler.objects.count() == 2


def test_there_are_no_first_ones_where_two_are_left(handler):
    assert set(_codes(_say(*FIRST))) == {"anna-ek", "bo-by"}  # one alone makes nobody
    make_handler("kollega")
    assert _fault(*FIRST).startswith("Det finns redan två tipsmottagare.")
    assert Handler.objects.count() == 4


def test_what_cannot_be_done_is_one_line_and_changes_nothing(db, subtests):
    for words, text in [
        (("first",), "first ska ha --who 2 gånger."),
        (("first", "--who", *ANNA), "first ska ha --who 2 gånger."),
        (("first", "--who", *ANNA, "--who", "Bo", "Bo", ""), "Ett användarnamn har små bokstäver"),
        (("first", "--who", *ANNA, "--who", *ANNA), "Det finns redan ett konto"),
        (("list", "--who", *ANNA), "list ska ha --who 0 gånger."),
        (("enrol", "--who", *ANNA), "enrol behöver --by."),
        (("lock", "anna-ek", *BY_TWO), "lock tar inte --by."),
        (("lock",), "lock ska ha 1 konton efter sig."),
        (("lock", "finns-inte"), "Det finns ingen tipsmottagare finns-inte."),
        (("open", "finns-inte"), "Det finns ingen tipsmottagare finns-inte."),
        (("rescue", "finns-inte"), "Det finns ingen tipsmottagare finns-inte."),
        (("hand-over", "anna-ek"), "hand-over ska ha 2 konton efter sig."),
        (("hand-over", "anna-ek", "Anna-Ek"), "De två måste vara olika."),
    ]:  # fmt: skip
        with subtests.test(words=words):
            assert text in _fault(*words)
            assert not Handler.objects.exists()


# enrol, close


CARIN = ("carin", "Carin Dahl", "")
BY_TWO = ("--by", "tipsmottagare", "kollega")
BOTH = f"{PASSWORD}\n" * 2


def test_two_who_stand_in_the_keyring_make_an_account_and_close_one(
    handler, colleague, colleagues_desk, noted
):
    told = _say("enrol", "--who", *CARIN, *BY_TWO, typed=BOTH)
    assert _redeem("carin", _codes(told)["carin"]).json() == {"step": "in"}
    lasts = Handler.objects.get(username="carin").enrolled_by
    assert lasts == "tipsmottagare"

    assert "är stängt för gott" in _say("close", "kollega", *BY_TWO, typed=BOTH)
    assert not is_in(colleagues_desk)
    kept = Handler.objects.get(username="kollega")
    assert (kept.closed_on, kept.password) == (localdate(), "")
    assert [
        (each["event"], each["who"], each["second"], each["account"])
        for each in noted()
        if "second" in each
    ] == [
        ("account-made", "tipsmottagare", "kollega", "carin"),
        ("account-closed", "tipsmottagare", "kollega", "kollega"),
    ]


@pytest.mark.parametrize(
    "by", [("tipsmottagare", "tipsmottagare"), ("tipsmottagare", "doris"), ("doris", "kollega")]
)
def test_one_person_or_one_who_stands_in_no_keyring_makes_and_closes_nothing(
    handler, colleague, by
):
    make_handler("doris")
    for words in (("enrol", "--who", *CARIN), ("close", "kollega")):
        told = _fault(*words, "--by", *by, typed=BOTH)
        assert told == "De två ska stå i nyckelringen, med var sin post."
    assert Handler.objects.filter(closed_on=None).count() == 3


def test_a_wrong_password_makes_nothing(handler, colleague):
    told = _fault("enrol", "--who", *CARIN, *BY_TWO, typed=f"{PASSWORD}\ngissning\n")
    assert told.startswith("Lösenordet eller koden för kollega är fel")
    assert not Handler.objects.filter(username="carin").exists()


# lock, open, rescue, list


def test_locked_ones_are_out_at_once_until_they_are_opened(at_desk, colleague):
    assert "är låst" in _say("lock", "tipsmottagare")
    assert not is_in(at_desk)
    assert re.search(r"^tipsmottagare, .*låst$", _say("list"), re.MULTILINE)
    assert "kan logga in igen" in _say("open", "Tipsmottagare")
    desk_login(Client(), "tipsmottagare")


def test_who_has_lost_everything_begins_anew(at_desk):
    told = _say("rescue", "tipsmottagare")
    assert not is_in(at_desk)
    wrong = ask_desk(Client(), "logga-in/", {"username": "tipsmottagare", "password": PASSWORD})
    assert wrong.status_code == 400
    assert "väntar på sin engångskod" in _say("list")
    assert _redeem("tipsmottagare", _codes(told)["tipsmottagare"]).json() == {"step": "in"}


# hand-over


def test_tips_of_one_who_leaves_are_taken_over_by_another_who_says_so(
    tip_channel, handler, colleague
):
    tip = steps.open_tip(intake.leave({"text": "x"}), "tipsmottagare")
    steps.take_step(tip.pk, "assign", tip.version, "tipsmottagare", {"assignee": "tipsmottagare"})
    people.lock_account(handler)
    words = ("hand-over", "tipsmottagare", "kollega")
    wrong = _fault(*words, typed="fel\n")
    assert wrong.startswith("Lösenordet eller koden för kollega är fel")

    told = _say(*words, typed=f"{PASSWORD}\n")

    assert told == "kollega har nu 1 tips som tipsmottagare hade.\n"
    assert steps.find(tip.pk).assigned_to == "kollega"
    assert events.last_event().actor == "kollega"
    assert events.verify() is None


def test_a_command_asks_for_a_code_too_where_the_desk_would(
    tip_channel, handler, colleague, settings
):
    words = ("hand-over", "tipsmottagare", "kollega")
    settings.SECOND_FACTOR_REQUIRED = True
    assert "kollega är fel" in _fault(*words, typed=f"{PASSWORD}\n")

    settings.SECOND_FACTOR_REQUIRED = False
    at_desk = desk_login(Client(), "kollega")
    options = ask_desk(at_desk, "konto/nyckel/").json()
    made = {"label": "", "answer": Passkey().made(options)}
    codes = ask_desk(at_desk, "konto/nyckel/", made).json()["codes"]
    wrong = _fault(*words, typed=f"{PASSWORD}\n000000\n")
    assert "kollega är fel" in wrong
    typed = f"{PASSWORD}\n{codes[0]}\n"
    assert "kollega har nu 0 tips" in _say(*words, typed=typed)
