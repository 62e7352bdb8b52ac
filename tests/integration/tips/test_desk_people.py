"""Handlers choose passwords, end sessions, are asked again, and do nothing without an entry in the keyring."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.core import mail
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate

from tests.desk_refusals import refusal, said
from tests.handlers import ask_desk, desk_login, is_in, make_handler
from tests.passkeys import Passkey
from tips.accounts import people
from tips.desk import urls
from tips.handling import handlers, steps
from tips.keeping import intake
from tips.models import Event, Handler

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

DESK = "/tipsmottagning/"
GOOD = "lila-gurka-tretton-moln-7"
WRONG_CODE = refusal("Användarnamnet eller koden stämmer inte, eller så gäller koden inte längre.")
ASKED_AGAIN = refusal(
    "Visa en gång till att det är du: med lösenord, lösennyckel eller app.", ask_again=True
)
DORIS = {"username": "doris", "name": "Doris Dahl", "email": "doris@example.org"}


def _code_for_doris(**changed):
    lasts = people.CODE_FROM_COLLEAGUE
    return people.enrol(**{**DORIS, **changed}, by="tipsmottagare", lasts=lasts)


@pytest.fixture(autouse=True)
def _channel(tip_channel):
    pass


def _redeem(client, username, code, password=GOOD):
    body = {"username": username, "code": code, "password": password}
    return ask_desk(client, "ny/", body)


# Enrolling


def test_a_new_handler_comes_in_with_a_code_and_a_password_of_their_own(at_desk):
    code = _code_for_doris()
    assert not mail.outbox

    theirs = Client()
    assert _redeem(theirs, "Doris", code.lower()).json() == {"step": "in"}

    assert is_in(theirs)
    assert ask_desk(theirs, "gallring/").status_code == 200
    assert desk_login(Client(), "doris", GOOD)


def test_where_a_factor_is_required_a_code_leads_to_making_one(at_desk, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    code = _code_for_doris()
    theirs = Client()
    assert _redeem(theirs, "doris", code).json() == {"step": "enrol"}
    assert not is_in(theirs)
    options = ask_desk(theirs, "konto/nyckel/").json()
    answer = {"label": "Min", "answer": Passkey().made(options)}
    assert ask_desk(theirs, "konto/nyckel/", answer).json()["step"] == "in"
    assert is_in(theirs)


def test_a_code_counts_once(at_desk):
    code = _code_for_doris()
    assert _redeem(Client(), "doris", code).status_code == 200
    again = _redeem(Client(), "doris", code, "en-helt-annan-gurka-99-moln")
    assert (again.status_code, again.json()) == (400, WRONG_CODE)
    assert check_password(GOOD, Handler.objects.get(username="doris").password)


def test_a_code_that_has_ended_and_a_locked_or_unknown_account_are_answered_alike(at_desk):
    code = _code_for_doris()
    doris = Handler.objects.filter(username="doris")
    assert _redeem(Client(), "doris", "AAAA-AAAA-AAAA-AAAA").json() == WRONG_CODE
    assert _redeem(Client(), "finns-inte", code).json() == WRONG_CODE
    assert _redeem(Client(), "tipsmottagare", code).json() == WRONG_CODE
    assert _redeem(Client(), "tipsmottagare", "").json() == WRONG_CODE
    doris.update(is_locked=True)
    assert _redeem(Client(), "doris", code).json() == WRONG_CODE
    doris.update(is_locked=False, code_until=timezone.now())

    assert _redeem(Client(), "doris", code).json() == WRONG_CODE
    assert doris.get().password == ""


def test_a_code_waits_three_days(at_desk):
    _code_for_doris()
    until = Handler.objects.get(username="doris").code_until
    assert abs(until - timezone.now() - timedelta(days=3)) < timedelta(minutes=1)


def test_codes_are_not_guessed_at_without_end(at_desk):
    code = _code_for_doris()
    guesser = Client(REMOTE_ADDR="198.51.100.9")
    for _attempt in range(5):
        _redeem(guesser, "doris", "AAAA-AAAA-AAAA-AAAA")
    assert _redeem(guesser, "doris", code).status_code == 429
    assert _redeem(Client(), "doris", code).status_code == 200


def test_a_password_that_is_easy_to_guess_leaves_the_code_to_be_used(at_desk):
    code = _code_for_doris()
    for weak in ("kort", "Säkerhetspolisen2026!", "doris dahl doris", "1234567890123456"):
        answer = _redeem(Client(), "doris", code, weak)
        assert answer.status_code == 400
        assert said(answer).startswith(("Lösenordet är", "Det här lösenordet", "Andra"))
    assert _redeem(Client(), "doris", code).status_code == 200


def test_database_has_no_one_time_code_that_can_be_read(at_desk):
    code = _code_for_doris()
    kept = repr(Handler.objects.filter(username="doris").values())
    assert code not in kept
    assert code.replace("-", "") not in kept


def test_account_that_is_not_right_is_not_made(handler, subtests):
    make_handler("stangd", closed_on=localdate())
    for changed, error in [
        ({"username": "Doris"}, "Ett användarnamn har små bokstäver"),
        ({"username": ""}, "Ett användarnamn har små bokstäver"),
        ({"username": "-doris"}, "Ett användarnamn har små bokstäver"),
        ({"username": "d" * 41}, "Ett användarnamn har små bokstäver"),
        ({"username": "åsa"}, "Ett användarnamn har små bokstäver"),
        ({"username": "tipsmottagare"}, "Det finns redan ett konto med det användarnamnet."),
        ({"username": "stangd"}, "Det finns redan ett konto med det användarnamnet."),
        ({"name": "  "}, "Skriv personens namn."),
        ({"email": "ingen adress"}, "E-postadressen är inte rätt skriven."),
    ]:  # fmt: skip
        with subtests.test(changed=changed):
            with pytest.raises(people.Unfit) as unfit:
                _code_for_doris(**changed)
            assert str(unfit.value).startswith(error)
            assert Handler.objects.count() == 2


# Who may do anything


def test_nobody_makes_or_closes_accounts_at_the_desk(at_desk, colleague):
    assert ask_desk(at_desk, "personer/", DORIS).status_code == 404
    assert ask_desk(at_desk, "personer/stang/", {"username": "kollega"}).status_code == 404
    assert Handler.objects.filter(closed_on=None).count() == 2


def test_who_stands_in_no_keyring_takes_no_step_at_all(at_desk, tip_channel, subtests):
    """Every act at the desk, asked for by one whom nobody but an account vouches for."""
    tip = steps.open_tip(intake.leave({"text": "Ett tips"}), "tipsmottagare")
    make_handler("pelle")
    pelle = desk_login(Client(), "pelle")
    before = Event.objects.count()
    own = ("konto/", "fraga-igen/", "logga-in/", "logga-ut/", "ny/")
    for address in _addresses_of_acts(tip.pk):
        with subtests.test(address=address):
            for answer in (ask_desk(pelle, address, {}), ask_desk(pelle, address)):
                if address.startswith(own) or answer.status_code in (404, 405):
                    continue
                if answer.wsgi_request.method == "GET" and "json" in answer["Content-Type"]:
                    assert answer.status_code in (200, 400)  # the queue, sealed
                    continue
                assert (answer.status_code, answer.json()) == (400, refusal(
                    "Bara den som står i nyckelringen gör något med tipsen. Står du inte där än ser du kön, och inget mer."
                ))  # fmt: skip
    assert Event.objects.count() == before


def _addresses_of_acts(tip_id):
    for pattern in urls.urlpatterns:
        route = str(pattern.pattern)
        if route.startswith("api/"):
            file = "00000000-0000-4000-8000-000000000000"
            yield (
                route.removeprefix("api/")
                .replace("<uuid:tip_id>", str(tip_id))
                .replace("<uuid:file_id>", file)
            )


def test_two_accounts_of_one_entry_are_one_person_and_so_are_puppets(at_desk, tip_channel):
    """One handler made two others, and purged a tip with them."""
    for name in ("tips.mottagare", "tipsmottagare.1", "pelle", "lo"):
        make_handler(name, enrolled_by="tipsmottagare")
        for other in ("tipsmottagare", "pelle"):
            assert not handlers.are_two(name, other)
