"""`tips_desk`: handlers' accounts from the server."""

import io
import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from tests.handlers import PASSWORD, ask_desk, desk_login, is_in
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


def test_there_are_no_first_ones_where_somebody_is(handler):
    assert _fault(*FIRST).startswith("Det finns redan tipsmottagare.")
    assert Handler.objects.count() == 1


def test_what_cannot_be_done_is_one_line_and_changes_nothing(db, subtests):
    for words, text in [
        (("first",), "first behöver --who två gånger."),
        (("first", "--who", *ANNA), "De första är två"),
        (("first", "--who", *ANNA, "--who", "Bo", "Bo", ""), "Ett användarnamn har små bokstäver"),
        (("first", "--who", *ANNA, "--who", *ANNA), "Det finns redan ett konto"),
        (("list", "--who", *ANNA), "--who hör bara till first."),
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


# move


@pytest.fixture
def before(roles):
    """What the CMS says of those who once handled tips; a stranger has joined them there."""
    group = Group.objects.create(name="Tipsmottagare")
    for name, first, last in (("Tove", "Tove", "Ek"), ("tage", "", ""), ("inkraktare", "X", "Y")):
        user = get_user_model().objects.create_user(
            name, f"{name.lower()}@example.org", first_name=first, last_name=last, password=PASSWORD
        )
        user.groups.add(group)
    closed = get_user_model().objects.create_user("stangd", is_active=False)
    closed.groups.add(group)
    out = io.StringIO()
    call_command("handlers_of_before", stdout=out)
    return out.getvalue()


def test_accounts_of_before_are_moved_by_name_with_codes_and_no_password(before):
    assert "md5$" not in before
    assert "stangd" not in before

    told = _say("move", "Tove", "tage", typed=before)

    assert set(_codes(told)) == {"Tove", "tage"}
    moved = list(
        Handler.objects.order_by("name").values_list("username", "name", "email", "password")
    )
    assert moved == [
        ("Tove", "Tove Ek", "tove@example.org", ""), ("tage", "tage", "tage@example.org", ""),
    ]  # fmt: skip
    wrong = ask_desk(Client(), "logga-in/", {"username": "Tove", "password": PASSWORD})
    assert wrong.status_code == 400
    assert _redeem("tove", _codes(told)["Tove"]).json() == {"step": "in"}


def test_nobody_is_moved_because_the_cms_says_so(before):
    """Whoever owns the CMS could have put themselves on its list."""
    told = _say("move", typed=before)
    assert "inkraktare, X Y" in told
    assert "Inget är flyttat." in told
    assert not Handler.objects.exists()


def test_what_is_no_list_of_accounts_is_refused(db, subtests):
    for typed in ["", "x", "username,name\na,b\n", "username,name,email\na,b\n"]:
        with subtests.test(typed=typed):
            text = _fault("move", "a", typed=typed)
            assert text.startswith("Det som lästes är ingen lista över konton")


def test_an_account_that_is_not_in_the_list_moves_nobody(before):
    text = _fault("move", "Tove", "bo", typed=before)
    assert text == "Kontot bo står inte bland dem som lästes."
    assert not Handler.objects.exists()


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
