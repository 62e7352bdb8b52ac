"""Handlers choose passwords, end sessions, are asked again, and do nothing without an entry in the keyring."""

import logging
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.core import mail
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate

from tests.desk_refusals import refusal, said
from tests.handlers import PASSWORD, ask_desk, change_sessions, desk_login, is_in, make_handler
from tests.passkeys import Passkey
from tests.rings import stands_in_keyring
from tips.accounts import people
from tips.desk import urls
from tips.handling import handlers, steps
from tips.keeping import intake
from tips.models import DeskSession, Event, Handler

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


def test_an_account_is_no_other_persons_entry_that_is_called_nearly_the_same(at_desk, tip_channel):
    stands_in_keyring(tip_channel, "anna-2", "eva-dahl")
    for name in ("anna", "anna-2", "eva.dahl", "eva_dahl"):
        make_handler(name)
    assert [
        name for name in ("anna", "anna-2", "eva.dahl", "eva_dahl") if handlers.is_handler(name)
    ] == ["anna-2"]


# Asked again


AGAIN = {
    "konto/nyckel/": {"label": "", "answer": {}}, "konto/totp/": {"label": "", "code": "123456"},
    "konto/koder/": {}, "konto/ta-bort/": {"id": "00000000-0000-4000-8000-000000000000"},
    "konto/sessioner/": {"id": "00000000-0000-4000-8000-000000000000"},
}  # fmt: skip


def _later(minutes=10):
    change_sessions(proven=timezone.now() - timedelta(minutes=minutes))


def test_what_opens_the_desk_to_others_asks_again_after_ten_minutes(at_desk, colleague, subtests):
    for address in AGAIN:
        with subtests.test(address=address):
            before = Handler.objects.count()
            _later()
            answer = ask_desk(at_desk, address, AGAIN[address])
            assert (answer.status_code, answer.json()) == (403, ASKED_AGAIN)
            assert Handler.objects.count() == before

            proof = {"way": "password", "password": PASSWORD}
            assert ask_desk(at_desk, "fraga-igen/", proof).json() == {}
            assert ask_desk(at_desk, address, AGAIN[address]).status_code != 403
            _later(9.9)
            assert ask_desk(at_desk, address, AGAIN[address]).status_code != 403


def test_keys_and_purge_ask_again(at_desk):
    _later()
    keys = at_desk.post(f"{DESK}api/omslag/", "{}", content_type="application/json")
    assert (keys.status_code, keys.json()) == (403, ASKED_AGAIN)
    assert at_desk.get(f"{DESK}api/omslag/").status_code == 200
    purge = ask_desk(at_desk, "gallring/", {"step": "propose"})
    assert (purge.status_code, purge.json()) == (403, ASKED_AGAIN)
    assert ask_desk(at_desk, "gallring/").status_code == 200


def test_a_passkey_proves_it_too_and_a_wrong_one_does_not(at_desk):
    passkey = Passkey()
    options = ask_desk(at_desk, "konto/nyckel/").json()
    ask_desk(at_desk, "konto/nyckel/", {"label": "", "answer": passkey.made(options)})
    _later()
    asked = ask_desk(at_desk, "fraga-igen/").json()
    assert asked["ways"] == ["password", "webauthn"]
    wrong = Passkey().shown(asked["webauthn"])
    assert ask_desk(at_desk, "fraga-igen/", {"way": "webauthn", "answer": wrong}).status_code == 400
    assert ask_desk(at_desk, "konto/koder/", {}).status_code == 403

    asked = ask_desk(at_desk, "fraga-igen/").json()
    shown = passkey.shown(asked["webauthn"])
    assert ask_desk(at_desk, "fraga-igen/", {"way": "webauthn", "answer": shown}).json() == {}
    assert ask_desk(at_desk, "konto/koder/", {}).status_code == 200


def test_it_is_proved_in_no_other_way(at_desk, subtests):
    for way in ["code", "nothing", ""]:
        with subtests.test(way=way):
            answer = ask_desk(at_desk, "fraga-igen/", {"way": way, "code": "x"})
            assert (answer.status_code, said(answer)) == (
                400,
                "Det som skickades går inte att läsa.",
            )


def test_who_sits_down_at_an_open_desk_guesses_five_passwords_and_no_more(at_desk):
    _later()
    for _attempt in range(5):
        answer = ask_desk(at_desk, "fraga-igen/", {"way": "password", "password": "fel"})
        assert answer.json() == refusal("Det stämde inte. Försök igen.")
    assert ask_desk(at_desk, "konto/").status_code == 401


# Password and sessions


def test_a_new_password_needs_the_old_one_and_ends_the_other_sessions(at_desk, handler):
    other = desk_login(Client(), "tipsmottagare")
    wrong = ask_desk(at_desk, "konto/losenord/", {"old": "fel", "new": GOOD})
    assert wrong.status_code == 400
    weak = ask_desk(at_desk, "konto/losenord/", {"old": PASSWORD, "new": "tipsmottagare 2026"})
    assert said(weak).startswith("Det här lösenordet är lätt att gissa")
    assert is_in(other)

    assert ask_desk(at_desk, "konto/losenord/", {"old": PASSWORD, "new": GOOD}).json() == {}

    assert is_in(at_desk)
    assert not is_in(other)
    assert desk_login(Client(), "tipsmottagare", GOOD)


def test_ones_sessions_are_listed_in_words_and_ended(at_desk):
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
    other = Client(headers={"user-agent": agent})
    desk_login(other, "tipsmottagare")
    listed = ask_desk(at_desk, "konto/").json()["sessions"]
    assert [(each["label"], each["is_this"]) for each in listed] == [
        ("Firefox, Windows", False),
        ("", True),
    ]

    left = ask_desk(at_desk, "konto/sessioner/", {"id": listed[0]["id"]}).json()["sessions"]

    assert [each["is_this"] for each in left] == [True]
    assert not is_in(other)
    assert is_in(at_desk)


def test_journal_says_what_was_done_with_accounts(at_desk, caplog):
    caplog.set_level(logging.INFO, "tips.journal")
    code = _code_for_doris()
    _redeem(Client(), "doris", code)
    ask_desk(at_desk, "logga-ut/", {})

    events = [record.audit for record in caplog.records if hasattr(record, "audit")]
    assert [(each["event"], each["who"]) for each in events] == [
        ("password-set", "doris"),
        ("logged-in", "doris"),
        ("logged-out", "tipsmottagare"),
    ]
    assert {each["door"] for each in events} == {"desk"}
    assert code not in caplog.text


def test_a_rescue_between_the_password_and_the_session_ends_that_login_too(
    client, handler, settings, monkeypatch
):
    settings.SECOND_FACTOR_REQUIRED = True
    is_password_of = people.is_password_of

    def rescued_meanwhile(tried, password):
        is_right = is_password_of(tried, password)
        people.rescue(Handler.objects.get(pk=handler.pk), timedelta(minutes=30))
        return is_right

    monkeypatch.setattr(people, "is_password_of", rescued_meanwhile)
    body = {"username": handler.username, "password": PASSWORD}
    answer = ask_desk(client, "logga-in/", body)

    assert (answer.status_code, answer.json()) == (
        400,
        refusal("Kontot har just ändrats. Börja om."),
    )
    assert not DeskSession.objects.exists()


def test_of_two_who_use_a_code_at_once_one_chooses_the_password(handler):
    code = people.rescue(handler, timedelta(minutes=30))
    first, second = (Handler.objects.get(pk=handler.pk) for _each in range(2))
    assert people.is_code_of(first, code)
    assert people.is_code_of(second, code)
    people.choose_password(first, GOOD)
    with pytest.raises(people.Unfit, match="just ändrats"):
        people.choose_password(second, "en annan gurka på månen 8")


def test_a_name_with_a_letter_that_looks_alike_is_another_name(handler):
    make_handler("brigitta")
    assert people.handler_named("Brigitta") is not None
    assert people.handler_named("br\N{LATIN SMALL LETTER DOTLESS I}gitta") is None
