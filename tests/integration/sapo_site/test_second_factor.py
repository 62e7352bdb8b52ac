"""The second step of the login to the CMS: nobody comes in without it where it is required."""

import re
import time
from binascii import unhexlify

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp_webauthn.models import WebAuthnCredential

from sapo_site.second_factor import factors
from tests.factories import ArticlePageFactory
from tests.soft_passkey import SoftPasskey
from tips.login.brake import PER_NAME_AND_NETWORK

LOGIN, CMS, OWN = "/admin/login/", "/admin/", "/admin/inloggning/"
SECOND, SHOW, ASK = f"{LOGIN}andra-steget/", f"{LOGIN}nyckel/", f"{LOGIN}nyckel/fraga/"
PASSWORD = "hemligt-nog-for-prov"
NOT_ACCEPTED = "Nyckeln godtogs inte"
WRONG_CODE = "Koden är fel, använd eller för gammal."
TOO_MANY = "För många försök. Vänta en kvart och försök igen."


@pytest.fixture
def client():
    return Client(SERVER_NAME="localhost")  # where passkeys work


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def app(editor):
    """An app of the editor's."""
    device = factors.new_app(editor)
    device.name = "Min telefon"
    device.save()
    return device


@pytest.fixture
def passkey(editor):
    """A passkey of the editor's."""
    key = SoftPasskey()
    client = Client()
    client.force_login(editor)
    _add(client, key)
    return key


def _add(client, key, name="Min nyckel"):
    options = client.post(f"{OWN}nyckel/fraga/").json()
    return client.post(f"{OWN}nyckel/", {"answer": key.add(options), "name": name})


def _show(client, key, **fields):
    return client.post(SHOW, {"answer": key.show(client.post(ASK).json()), **fields})


def _code(device: TOTPDevice, steps: int = 0) -> str:
    device.refresh_from_db()
    TOTPDevice.objects.update(last_t=-1)  # as if no code had been used yet
    return _code_of(device.key, steps)


def _code_of(key: str, steps: int = 0) -> str:
    totp = TOTP(unhexlify(key))
    totp.time = time.time() + 30 * steps
    return f"{totp.token():06}"


def _password(client, username="redaktor", password=PASSWORD, **fields):
    return client.post(LOGIN, {"username": username, "password": password, **fields})


def _is_inside(client) -> bool:
    return client.get(CMS).status_code == 200


def _text(response) -> str:
    return response.content.decode()


# Not inside before


def test_who_has_a_factor_does_not_come_in_by_the_password_alone(client, app):
    assert _password(client)["Location"] == SECOND
    assert not _is_inside(client)
    assert "_auth_user_id" not in client.session

    answer = client.post(SECOND, {"code": _code(app)})

    assert answer["Location"] == CMS
    assert _is_inside(client)


@pytest.mark.usefixtures("required")
def test_who_has_none_is_led_to_adding_one_and_does_nothing_else_before(client, editor, section):
    draft = ArticlePageFactory(parent=section, live=False)
    assert _password(client)["Location"] == OWN
    assert "Lösenordet räcker inte för att komma in." in _text(client.get(OWN))

    edit = f"/admin/pages/{draft.pk}/edit/"
    for address in (CMS, edit, f"{edit}preview/", f"/admin/pages/{draft.pk}/view_draft/",
                    "/admin/api/main/pages/", "/admin/account/", SECOND):  # fmt: skip
        for ask in (client.get, client.post):
            answer = ask(address)
            assert answer.status_code == 302, address
            assert answer["Location"].startswith(LOGIN), address

    answer = _add(client, SoftPasskey())
    assert "Dina återställningskoder" in _text(answer)
    assert _is_inside(client)
    assert client.get("/admin/api/main/pages/").status_code == 200


@pytest.mark.usefixtures("required")
def test_an_app_is_added_with_a_code_of_its_own(client, editor):
    _password(client)
    page = _text(client.get(f"{OWN}app/"))
    key = TOTPDevice(key=client.session["new_app_key"])
    assert factors.as_written(key) in page
    assert "<svg" in page

    wrong = client.post(f"{OWN}app/", {"code": "000000", "name": "Telefonen"})
    assert "Koden hör inte till den här nyckeln." in _text(wrong)
    assert 'value="Telefonen"' in _text(wrong)
    code = _code_of(key.key)
    done = client.post(f"{OWN}app/", {"code": f"{code[:3]} {code[3:]}", "name": "Telefonen"})

    assert "Dina återställningskoder" in _text(done)
    assert "Telefonen" in _text(client.get(OWN))
    other = Client()
    _password(other)
    assert WRONG_CODE in _text(other.post(SECOND, {"code": code})), "used when it was added"


def test_a_stolen_password_does_not_add_a_second_factor_beside_the_owners(client, app):
    _password(client)
    options = client.post(f"{OWN}nyckel/fraga/")
    assert options["Location"] == LOGIN
    for address in (OWN, f"{OWN}app/", f"{OWN}koder/", f"{OWN}ta-bort/", f"{OWN}nyckel/"):
        for ask in (client.get, client.post):
            assert ask(address)["Location"] == LOGIN, address
    assert not WebAuthnCredential.objects.exists()


def test_login_that_began_before_a_second_factor_was_required_ends(client, editor, settings):
    _password(client)
    assert _is_inside(client)
    settings.SECOND_FACTOR_REQUIRED = True

    assert client.get(CMS)["Location"].startswith(LOGIN)
    assert not Session.objects.filter(session_data__contains="_auth_user_id").exists()


def test_the_second_step_waits_for_ten_minutes(client, app, monkeypatch):
    _password(client)
    later = time.time() + 601
    monkeypatch.setattr("sapo_site.second_factor.stages.time.time", lambda: later)

    assert client.get(SECOND)["Location"] == LOGIN


def test_the_second_step_ends_when_the_password_is_changed_or_the_account_closed(client, app):
    _password(client)
    user = get_user_model().objects.get(username="redaktor")
    user.set_password("ett-nytt-losenord")
    user.save()
    assert client.get(SECOND)["Location"] == LOGIN

    _password(client, password="ett-nytt-losenord")
    assert client.get(SECOND).status_code == 200
    get_user_model().objects.update(is_active=False)
    assert client.get(SECOND)["Location"] == LOGIN


def test_the_address_that_was_asked_for_is_kept_through_both_steps(client, app):
    _password(client, next="/admin/images/")
    assert client.post(SECOND, {"code": _code(app)})["Location"] == "/admin/images/"

    other = Client()
    _password(other, next="https://ond.example/")
    assert other.post(SECOND, {"code": _code(app)})["Location"] == CMS


# Other addresses


def _routes(patterns: list[URLPattern | URLResolver], before: str = ""):
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from _routes(pattern.url_patterns, route)


LOGIN_LIKE = re.compile(r"login|logga|inlogg|account|auth|password|reset|signup|otp|2fa|mfa|token")
# What the libraries have and others leave open.
NOT_THERE = (
    "/django-admin/login/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/",
    "/admin/password_reset/", "/admin/password_reset/done/", "/admin/password_reset/complete/",
    "/admin/password_reset/confirm/MQ/set-password/", "/login/", "/_util/login/",
    "/webauthn/authentication/begin/", "/.well-known/webauthn", "/api-auth/login/",
)  # fmt: skip


@pytest.mark.parametrize("address", NOT_THERE)
def test_no_other_address_logs_in(address, client, app, home):
    sent = {"username": "redaktor", "password": PASSWORD, "login": "redaktor", "email": "r@x.se"}
    assert client.get(address).status_code == 404
    assert client.post(address, sent).status_code in (404, 405)
    assert not _is_inside(client)


def test_every_address_that_looks_like_a_login_lets_nobody_in_by_the_right_password(app, home):
    found = {each for each in _routes(get_resolver().url_patterns) if LOGIN_LIKE.search(each)}
    found = {each for each in found if not each.startswith("tipsmottagning/")}
    assert "admin/login/" in found
    sent = {"username": "redaktor", "password": PASSWORD, "code": PASSWORD, "next": CMS}
    for route in found:
        client = Client()
        client.post("/" + re.sub(r"<\w+:\w+>|<\w+>", "1", re.sub(r"[\^$]", "", route)), sent)
        assert not _is_inside(client), route


# Passkeys


def test_a_passkey_logs_in_alone_and_counts_as_both_factors(client, passkey, settings):
    settings.SECOND_FACTOR_REQUIRED = True

    assert _show(client, passkey, next="/admin/images/")["Location"] == "/admin/images/"
    assert _is_inside(client)


def test_a_passkey_is_asked_for_after_the_password(client, passkey):
    _password(client)
    assert "Logga in med nyckel" in _text(client.get(SECOND))
    options = client.post(ASK).json()
    assert len(options["allowCredentials"]) == 1
    assert options["userVerification"] == "required"

    client.post(SHOW, {"answer": passkey.show(options)})
    assert _is_inside(client)


def test_whoever_asks_for_a_passkey_learns_nothing_of_who_has_one(client, passkey):
    assert client.post(ASK, {"username": "redaktor"}).json().get("allowCredentials", []) == []


def test_an_answer_is_taken_once(client, passkey):
    answer = passkey.show(client.post(ASK).json())
    client.post(SHOW, {"answer": answer})
    client.post("/admin/logout/")

    thief = Client()
    thief.post(ASK)
    for one in (client, thief):
        one.post(SHOW, {"answer": answer})
        assert not _is_inside(one)


@pytest.mark.parametrize(
    "key",
    [
        SoftPasskey(checks_holder=False),
        SoftPasskey("https://ond.example"),
    ],
    ids=["has not checked who holds it", "of another website"],
)
def test_a_key_that_does_not_hold_what_it_must_is_not_added(client, editor, key):
    client.force_login(editor)
    assert _add(client, key)["Location"] == OWN
    assert "Nyckeln lades inte till. Försök igen." in _text(client.get(OWN))
    assert not WebAuthnCredential.objects.exists()


def test_a_key_that_has_not_checked_who_holds_it_does_not_log_in(client, passkey):
    passkey.flags = 0x01
    assert _show(client, passkey)["Location"] == LOGIN
    assert NOT_ACCEPTED in _text(client.get(LOGIN))
    assert not _is_inside(client)


def test_one_person_s_password_and_another_s_passkey_let_nobody_in(client, passkey, chief_editor):
    chief = factors.new_app(chief_editor)
    chief.save()
    _password(client, "chefredaktor")

    assert _show(client, passkey)["Location"] == SECOND
    assert not _is_inside(client)


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"groups": []}], ids=["closed", "no role"]
)
def test_a_passkey_of_one_who_may_not_come_in_is_answered_as_an_unknown_one(
    client, passkey, editor, change
):
    if "groups" in change:
        editor.groups.clear()
    else:
        get_user_model().objects.filter(pk=editor.pk).update(**change)

    said = []
    for key in (passkey, SoftPasskey()):
        answer = _show(client, key)
        said.append((answer.status_code, answer["Location"]))
        assert NOT_ACCEPTED in _text(client.get(LOGIN))
    assert said[0] == said[1]
    assert not _is_inside(client)


@pytest.mark.parametrize(
    "answer",
    ["", "x", "[]", "{}", "null", "1" * 5000, "[" * 50_000, '{"id": 1}', "\0",
     '{"id": "", "rawId": "", "type": "public-key", "response": {}}',
     '{"id": "x", "rawId": "x", "type": "public-key", "response": {"clientDataJSON": "e30",'
     ' "authenticatorData": "AAAA", "signature": "AA", "attestationObject": "o2NmbXRk"}}',
     '{"id": "x", "rawId": "y", "type": [], "response": 3}'],
)  # fmt: skip
def test_no_answer_that_is_none_fails_the_server(client, passkey, editor, answer):
    assert client.post(SHOW, {"answer": answer}).status_code == 302, "nothing was asked"
    client.post(ASK)
    assert client.post(SHOW, {"answer": answer}).status_code == 302
    client.force_login(editor)
    client.post(f"{OWN}nyckel/fraga/")
    assert client.post(f"{OWN}nyckel/", {"answer": answer}).status_code == 302
    assert WebAuthnCredential.objects.count() == 1


def test_where_passkeys_do_not_work_the_page_says_where_they_do(client, editor, settings):
    settings.OTP_WEBAUTHN_ALLOWED_ORIGINS = ["http://localhost:8000"]
    client.force_login(editor)
    for page in (_text(Client().get(LOGIN)), _text(client.get(OWN))):
        assert "Nycklar fungerar bara på" in page
        assert 'href="http://localhost:8000/admin/"' in page
        assert "data-passkey=" not in page


# Codes


def test_a_code_of_the_app_is_right_once_and_for_its_half_minute(app, monkeypatch):
    code = _code(app)
    assert [factors.is_right_code(app.user, code) for _twice in range(2)] == [True, False]
    for steps in (-1, 1):
        assert not factors.is_right_code(app.user, _code(app, steps))


def test_a_recovery_code_lets_in_once_and_not_twice(client, app, editor):
    first, second, *_rest = factors.new_codes(editor)
    _password(client)
    assert client.post(SECOND, {"code": first.upper().replace("-", " ")})["Location"] == CMS
    assert "9 koder är kvar." in _text(client.get(OWN))

    other = Client()
    _password(other)
    assert WRONG_CODE in _text(other.post(SECOND, {"code": first}))
    assert other.post(SECOND, {"code": second})["Location"] == CMS


def test_new_recovery_codes_end_the_former_ones_and_are_not_readable_in_the_database(
    client, app, editor
):
    former = factors.new_codes(editor)
    client.force_login(editor)
    page = _text(client.post(f"{OWN}koder/"))
    new = re.findall(r"<code>([a-z2-7-]{29})</code>", page)

    assert len(new) == len(set(new)) == 10
    stored = "".join(StaticToken.objects.values_list("token", flat=True))
    assert not any(code.replace("-", "")[:8] in stored for code in new)
    assert not factors.is_right_code(editor, former[0])
    assert factors.is_right_code(editor, new[0])


def test_wrong_codes_are_braked_and_the_right_password_gives_no_new_attempts(client, app, passkey):
    for _attempt in range(PER_NAME_AND_NETWORK):
        _password(client)
        assert WRONG_CODE in _text(client.post(SECOND, {"code": "000000"}))

    _password(client)
    answer = client.post(SECOND, {"code": _code(app)})
    assert answer.status_code == 429
    assert TOO_MANY in _text(answer)
    assert not _is_inside(client)
    assert _show(client, passkey)["Location"] == CMS, "a passkey goes past the brake"


# Alike


@pytest.fixture
def hashings(monkeypatch, settings):
    """Counts the rounds of work that a password costs."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    done = []

    def counted(password, salt, iterations, *args, **kwargs):
        done.append(iterations)
        return b"x" * 32

    monkeypatch.setattr("django.contrib.auth.hashers.pbkdf2", counted)
    return done


def test_unknown_wrong_closed_and_not_allowed_are_alike_in_words_status_and_work(
    client, editor, chief_editor, handler, hashings
):
    users = get_user_model().objects
    for user in users.all():
        user.set_password(PASSWORD)
        user.save()
    users.filter(username="chefredaktor").update(is_active=False)
    no_password = users.create_user("utan", None)
    assert not no_password.has_usable_password()

    said = []
    for name in ("redaktor", "finns-inte", "chefredaktor", "tipsmottagare", "utan"):
        with pytest.MonkeyPatch.context() as patch:
            if name == "redaktor":  # its password is wrong, so that the work gives something else
                patch.setattr(
                    "django.contrib.auth.hashers.pbkdf2",
                    lambda password, salt, iterations, **_: (
                        hashings.append(iterations) or b"y" * 32
                    ),
                )
            hashings.clear()
            answer = _password(client, name)
        page = re.sub(r'value="[^"]*"|\w{64}', "", _text(answer))  # name and token
        said.append((answer.status_code, page, tuple(hashings)))
    assert len({work for *_answer, work in said}) == 1, [work for *_answer, work in said]
    assert len(said[0][2]) == 1
    assert len(set(said)) == 1
    assert not _is_inside(client)


# Session


def test_the_key_of_the_session_changes_at_each_step(client, app, settings, monkeypatch):
    def key():
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    client.post(ASK)
    keys = [key()]
    _password(client)
    keys.append(key())
    client.post(SECOND, {"code": _code(app)})
    keys.append(key())
    later = time.time() + 601
    monkeypatch.setattr("pages.newsdesk.password_again.time.time", lambda: later)
    client.post(OWN, {"ask_again_was": "GET", "ask_again_password": PASSWORD})
    keys.append(key())

    assert len(set(keys)) == 4
    assert Session.objects.count() == 1


# One's own


def test_what_one_has_is_named_and_taken_away(client, app, passkey, editor):
    factors.new_codes(editor)
    client.force_login(editor)
    page = _text(client.get(OWN))
    assert "Min telefon" in page
    assert "Min nyckel" in page

    key = WebAuthnCredential.objects.get()
    client.post(f"{OWN}ta-bort/", {"kind": "passkey", "id": key.pk})
    client.post(f"{OWN}ta-bort/", {"kind": "app", "id": app.pk})
    assert not factors.has_factor(editor)
    assert factors.codes_left(editor) == 0, "they would be the only factor"
    assert _password(Client())["Location"] == CMS


def test_the_last_one_stays_where_one_is_required(client, app, editor, settings):
    _password(client)
    client.post(SECOND, {"code": _code(app)})
    settings.SECOND_FACTOR_REQUIRED = True
    client.post(f"{OWN}ta-bort/", {"kind": "app", "id": app.pk})

    assert "Lägg till en annan först: du måste ha minst en." in _text(client.get(OWN))
    assert factors.has_factor(editor)


@pytest.mark.parametrize("sent", [{}, {"kind": "x", "id": "1"}, {"kind": "app", "id": "9" * 30}])
def test_what_no_page_sends_takes_nothing_away(client, app, editor, sent):
    client.force_login(editor)
    assert client.post(f"{OWN}ta-bort/", sent).status_code == 302
    assert factors.has_factor(editor)


def test_nobody_takes_away_what_another_has(client, app, chief_editor):
    client.force_login(chief_editor)
    client.post(f"{OWN}ta-bort/", {"kind": "app", "id": app.pk})
    assert TOTPDevice.objects.filter(pk=app.pk).exists()


def test_nobody_has_more_than_ten(client, editor):
    for number in range(factors.AT_MOST):
        TOTPDevice.objects.create(user=editor, name=str(number))
    client.force_login(editor)

    assert "Lägg till" not in _text(client.get(OWN))
    assert client.get(f"{OWN}app/")["Location"] == OWN
    _add(client, SoftPasskey())
    assert not WebAuthnCredential.objects.exists()


def test_who_has_lost_all_begins_anew_with_the_password(client, app, passkey, editor, settings):
    factors.new_codes(editor)
    factors.take_all_away(editor)
    settings.SECOND_FACTOR_REQUIRED = True

    assert _password(client)["Location"] == OWN
    assert not StaticToken.objects.exists()


def test_account_page_leads_there(client, editor):
    client.force_login(editor)
    assert f'href="{OWN}"' in _text(client.get("/admin/account/"))


# Asked again


@pytest.fixture
def at_desk(client, admin, monkeypatch):
    """The administrator, who logged in eleven minutes ago."""
    client.force_login(admin)
    now = time.time()
    monkeypatch.setattr("pages.newsdesk.password_again.time.time", lambda: now + 660)
    return client


ASKED = ["users/", "users/new/", "groups/", "groups/new/", "collections/", "sites/", "workflows/list/",
         "bulk/auth/user/set_active_state/?id=1", "inloggning/", "inloggning/app/"]  # fmt: skip


@pytest.mark.parametrize("address", ASKED)
def test_accounts_and_settings_ask_again_before_they_show_anything(at_desk, address):
    answer = at_desk.get(f"{CMS}{address}")
    assert answer.status_code == 403
    assert "Är det fortfarande du?" in _text(answer)
    assert at_desk.get("/admin/images/").status_code == 200


def test_the_right_password_goes_on_to_the_page_for_ten_minutes(at_desk, admin, monkeypatch):
    wrong = {"ask_again_was": "GET", "ask_again_password": "fel"}
    assert "Fel användarnamn eller lösenord." in _text(at_desk.post("/admin/users/?q=a", wrong))
    right = {**wrong, "ask_again_password": PASSWORD}
    assert at_desk.post("/admin/users/?q=a", right)["Location"] == "/admin/users/?q=a"
    assert at_desk.get("/admin/users/?q=a").status_code == 200

    now = time.time()
    monkeypatch.setattr("pages.newsdesk.password_again.time.time", lambda: now + 601)
    assert at_desk.get("/admin/users/").status_code == 403


def test_what_was_written_in_the_form_is_not_lost(at_desk):
    form = {
        "username": "eva", "email": "eva@example.org", "first_name": "Eva", "last_name": "”Ek”",
        "password1": "grodan hoppar över ån", "password2": "grodan hoppar över ån",
        "groups": list(get_user_model().groups.rel.model.objects.values_list("pk", flat=True)[:2]),
    }  # fmt: skip
    page = _text(at_desk.post("/admin/users/new/", form))
    assert not get_user_model().objects.filter(username="eva").exists()
    sent = _hidden(page)
    assert sent["last_name"] == ["”Ek”"]

    # A wrong password, and then the right one.
    page = _text(at_desk.post("/admin/users/new/", sent | {"ask_again_password": "fel"}))
    answer = at_desk.post("/admin/users/new/", _hidden(page) | {"ask_again_password": PASSWORD})

    assert answer.status_code == 302
    assert get_user_model().objects.get(username="eva").groups.count() == 2


def _hidden(page: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page):
        found.setdefault(name, []).append(value)
    return found


def test_a_passkey_answers_too(at_desk, admin):
    key = SoftPasskey()
    WebAuthnCredential.objects.all().delete()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pages.newsdesk.password_again.FRESH_FOR", 3600)
        _add(at_desk, key)
    assert "Logga in med nyckel" in _text(at_desk.get("/admin/users/"))

    def ask_again(shown):
        sent = {"ask_again_was": "GET", "ask_again_passkey": shown}
        return at_desk.post("/admin/users/", sent)

    at_desk.post(ASK)
    assert NOT_ACCEPTED in _text(ask_again("{}"))
    assert ask_again(key.show(at_desk.post(ASK).json()))["Location"] == "/admin/users/"


def test_asking_again_is_braked_and_checks_the_form_s_token(at_desk, admin):
    sent = {"ask_again_was": "GET", "ask_again_password": "fel"}
    for _attempt in range(PER_NAME_AND_NETWORK):
        at_desk.post("/admin/users/", sent)
    assert TOO_MANY in _text(
        at_desk.post("/admin/users/", {**sent, "ask_again_password": PASSWORD})
    )

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin)
    answer = strict.post("/admin/users/", {**sent, "ask_again_password": PASSWORD})
    assert "Är det fortfarande du?" not in _text(answer)
    assert answer.status_code == 403


# The policy


@pytest.mark.parametrize("address", [LOGIN, SECOND, OWN, f"{OWN}app/", "/admin/logout/"])
def test_pages_of_the_login_run_and_show_only_what_is_ours(client, app, address):
    if address == SECOND:
        _password(client)
    elif address != LOGIN:
        _password(client)
        client.post(SECOND, {"code": _code(app)})
    answer = client.get(address)
    assert answer.status_code == 200
    policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    assert not re.search(r" style=| on\w+=|<style|<script>", _text(answer))


def test_the_page_that_asks_again_has_the_same_policy(at_desk):
    answer = at_desk.get("/admin/users/")
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
