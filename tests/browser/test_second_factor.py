"""The second step of the login, with a passkey that the browser itself keeps."""

import re
from base64 import b32decode
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp import models
from playwright.sync_api import Browser, Page, expect
from wagtail.users.models import UserProfile

from pages.content.models import SectionPage
from pages.content.publishing.roles import EDITORS
from sapo_site.accounts.groups import set_up_roles
from sapo_site.accounts.second_factor import factors
from tests.browser.newsroom_people import PASSWORD
from tests.factories import ArticlePageFactory
from tests.integration.tips.commands import said

LOGIN, OWN = "/admin/login/", "/admin/inloggning/"
TOLD_BY_POLICY = """addEventListener("securitypolicyviolation", e => {
    (window.violations ??= []).push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}`);
})"""


NOW = 1_770_000_000.0


@pytest.fixture(autouse=True)
def _clock_of_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (factors, models):
        monkeypatch.setattr(module, "time", SimpleNamespace(time=lambda: NOW))


@pytest.fixture
def url(site, live_server, settings) -> str:
    """The server, where passkeys work and a second factor is required."""
    settings.SECOND_FACTOR_REQUIRED = True
    settings.OTP_WEBAUTHN_ALLOWED_ORIGINS = [live_server.url]
    set_up_roles()
    editor = get_user_model().objects.create_user("redaktor", password=PASSWORD)
    editor.groups.add(Group.objects.get(name=EDITORS))
    admin = get_user_model().objects.create_superuser("admin", password=PASSWORD)
    for user in (editor, admin):
        UserProfile.objects.create(user=user, preferred_language="sv")
    return live_server.url


@pytest.fixture
def with_passkeys(page: Page) -> Page:
    """A page in a browser that has room for passkeys, and a person who touches it at once."""
    page.add_init_script(TOLD_BY_POLICY)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    return page


def _give_password(page: Page, url: str, username: str = "redaktor", address: str = LOGIN) -> None:
    page.goto(f"{url}{address}")
    page.get_by_label("Användarnamn").fill(username)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()


def _log_out(page: Page, url: str) -> None:
    page.goto(f"{url}/admin/logout/")
    page.get_by_role("button", name="Logga ut").click()
    page.wait_for_url(f"{url}{LOGIN}")


def _add_passkey(page: Page) -> None:
    page.get_by_label("Vad du kallar den").fill("Min dator")
    page.get_by_role("button", name="Lägg till en nyckel").click()


def _is_inside(page: Page, url: str) -> None:
    page.wait_for_url(f"{url}/admin/")
    expect(page.get_by_role("button", name="Sök").first).to_be_visible()


def test_whoever_has_no_second_factor_adds_a_passkey_and_logs_in_with_it_alone(
    with_passkeys: Page, url
):
    page = with_passkeys
    _give_password(page, url)
    page.wait_for_url(f"{url}{OWN}")
    expect(page.get_by_text("Lösenordet räcker inte för att komma in.")).to_be_visible()
    page.goto(f"{url}/admin/pages/")
    page.wait_for_url(re.compile(re.escape(f"{url}{LOGIN}")))

    page.goto(f"{url}{OWN}")
    _add_passkey(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Dina återställningskoder")
    expect(page.locator(".login-codes li")).to_have_count(10)
    page.get_by_role("link", name="Jag har sparat dem").click()
    _is_inside(page, url)

    _log_out(page, url)
    page.get_by_role("button", name="Logga in med nyckel").click()
    _is_inside(page, url)

    _log_out(page, url)
    _give_password(page, url)
    page.wait_for_url(f"{url}{LOGIN}andra-steget/")
    page.get_by_role("button", name="Logga in med nyckel").press("Enter")
    _is_inside(page, url)


def test_a_passkey_is_not_added_twice_and_one_that_is_not_shown_is_said(with_passkeys: Page, url):
    page = with_passkeys
    page.goto(f"{url}{LOGIN}")
    page.get_by_role("button", name="Logga in med nyckel").click()
    expect(page.get_by_role("alert")).to_have_text("Ingen nyckel visades. Försök igen.")

    _give_password(page, url)
    _add_passkey(page)
    expect(page.locator(".login-codes li")).to_have_count(10)
    page.goto(f"{url}{OWN}")
    _add_passkey(page)
    expect(page.get_by_role("alert")).to_have_text("Du har redan en nyckel där.")


def test_an_app_is_added_by_the_key_on_the_page_and_a_recovery_code_lets_in_once(page: Page, url):
    _give_password(page, url, address=f"{LOGIN}?next=/admin/images/")
    page.get_by_role("link", name="Lägg till en app").click()
    expect(page.get_by_role("img", name="Nyckeln som QR-kod").locator("svg")).to_be_visible()
    key = page.locator(".login-key").inner_text().replace(" ", "")
    page.get_by_label("Vad du kallar den").fill("Min telefon")
    page.get_by_label("Koden som appen visar").fill(_code_of(key))
    page.get_by_label("Koden som appen visar").press("Enter")
    code = page.locator(".login-codes code").first.inner_text()
    page.get_by_role("link", name="Jag har sparat dem").click()
    page.wait_for_url(f"{url}/admin/images/")

    for told in ("Inloggad", "Koden är fel, använd eller för gammal."):
        _log_out(page, url)
        _give_password(page, url)
        field = page.get_by_label("Kod från din app, eller en återställningskod")
        expect(field).to_be_focused()
        field.fill(code)
        field.press("Enter")
        if told == "Inloggad":
            _is_inside(page, url)
        else:
            expect(page.get_by_role("alert")).to_contain_text(told)


def _code_of(key: str) -> str:
    """What the app shows at the moment at which the clock stands still."""
    totp = TOTP(b32decode(key))
    totp.time = NOW
    return f"{totp.token():06}"


def test_after_half_an_hour_without_doing_anything_the_passkey_is_asked_for_again(
    with_passkeys: Page, url
):
    page = with_passkeys
    _give_password(page, url)
    _add_passkey(page)
    page.get_by_role("link", name="Jag har sparat dem").click()
    _is_inside(page, url)
    Session.objects.update(expire_date=timezone.now())

    page.goto(f"{url}/admin/images/")
    page.wait_for_url(f"{url}{LOGIN}?next=/admin/images/")
    page.get_by_role("button", name="Logga in med nyckel").click()
    page.wait_for_url(f"{url}/admin/images/")


def test_what_an_administrator_has_written_is_kept_while_the_passkey_is_asked_for(
    with_passkeys: Page, url, monkeypatch
):
    page = with_passkeys
    _give_password(page, url, "admin")
    _add_passkey(page)
    page.get_by_role("link", name="Jag har sparat dem").click()
    page.goto(f"{url}/admin/users/new/")
    page.get_by_label("Användarnamn").fill("eva")
    page.get_by_label("E-post").fill("eva@example.org")
    page.get_by_label("Förnamn").fill("Eva")
    page.get_by_label("Efternamn").fill("Ek")
    for name in ("password1", "password2"):
        page.locator(f"[name={name}]").fill("grodan hoppar över ån")
    monkeypatch.setattr("pages.newsroom.desk.password_again.FRESH_FOR", 0)
    page.locator("[name=password2]").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Är det fortfarande du?")
    expect(page.get_by_label("Lösenord")).to_be_focused()
    assert page.evaluate("window.violations") is None

    monkeypatch.setattr("pages.newsroom.desk.password_again.FRESH_FOR", 600)
    page.get_by_role("button", name="Logga in med nyckel").click()
    page.wait_for_url(f"{url}/admin/users/")
    assert get_user_model().objects.get(username="eva").last_name == "Ek"


def test_one_who_leaves_is_out_and_a_new_one_comes_in_by_the_link_to_what_was_left(
    with_passkeys: Page, browser: Browser, url
):
    former = with_passkeys
    _give_password(former, url)
    _add_passkey(former)
    former.get_by_role("link", name="Jag har sparat dem").click()
    _is_inside(former, url)
    left = ArticlePageFactory(
        parent=SectionPage.objects.first(), title="Halvfärdigt", live=False,
        owner=get_user_model().objects.get(username="redaktor"),
    )  # fmt: skip

    made = said(
        "cms_accounts", "make", "eva-ek", "--name", "Eva Ek", "--email", "eva@example.org",
        "--role", "redaktör",
    )  # fmt: skip
    link = url + urlsplit(made.split()[-1]).path
    said("cms_accounts", "lock", "redaktor", "--left")

    context = browser.new_context(locale="sv-SE")
    new = context.new_page()
    new.goto(link)
    for name in ("new_password1", "new_password2"):
        new.locator(f"[name={name}]").fill("grodan hoppar över ån")
    new.get_by_role("button", name="Spara lösenordet").click()
    expect(new.get_by_text("Du har ett nytt lösenord. Logga in med det.")).to_be_visible()
    new.get_by_label("Användarnamn").fill("eva-ek")
    new.get_by_label("Lösenord").fill("grodan hoppar över ån")
    new.get_by_role("button", name="Logga in", exact=True).click()
    new.get_by_role("link", name="Lägg till en app").click()
    key = new.locator(".login-key").inner_text().replace(" ", "")
    new.get_by_label("Koden som appen visar").fill(_code_of(key))
    new.get_by_label("Koden som appen visar").press("Enter")
    new.get_by_role("link", name="Jag har sparat dem").click()
    _is_inside(new, url)
    new.goto(f"{url}/admin/pages/{left.pk}/edit/")
    expect(new.locator("[name=title]")).to_have_value("Halvfärdigt")

    former.reload()
    former.wait_for_url(re.compile(re.escape(f"{url}{LOGIN}")))
    former.get_by_role("button", name="Logga in med nyckel").click()
    expect(former.get_by_text("Nyckeln godtogs inte.")).to_be_visible()
    _give_password(former, url)
    expect(former.get_by_text("Fel användarnamn eller lösenord.")).to_be_visible()
    # Nor does the link let anybody in who finds it.
    former.goto(link)
    expect(former.get_by_role("heading", level=1)).to_have_text("Länken fungerar inte")
    context.close()


def test_pages_of_the_login_are_whole_readable_and_within_the_policy(page: Page, url, look):
    page.add_init_script(TOLD_BY_POLICY)

    def look_at(name: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        page.wait_for_load_state()
        assert page.evaluate("window.violations") is None, name
        look(page, name)
        # The machine itself breaks the policy when it measures.
        page.evaluate("delete window.violations")

    page.goto(f"{url}{LOGIN}")
    look_at("Logga in")
    _give_password(page, url)
    look_at("Andra steget när du loggar in")
    page.get_by_role("link", name="Lägg till en app").click()
    page.get_by_role("button", name="Lägg till appen").click()
    expect(page.get_by_role("alert")).to_contain_text("Koden hör inte till")
    look_at("Lägg till en app")
    page.get_by_label("Koden som appen visar").fill(
        _code_of(page.locator(".login-key").inner_text().replace(" ", ""))
    )
    page.get_by_role("button", name="Lägg till appen").click()
    look_at("Dina återställningskoder")
    page.goto(f"{url}{OWN}")
    look_at("Andra steget när du loggar in")
    page.goto(f"{url}/admin/logout/")
    look_at("Logga ut?")
    page.get_by_role("button", name="Logga ut").click()
    _give_password(page, url)
    page.get_by_label("Kod från din app").fill("1")
    page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("alert")).to_contain_text("Koden är fel")
    look_at("Andra steget")
    assert urlsplit(page.url).path == f"{LOGIN}andra-steget/"
