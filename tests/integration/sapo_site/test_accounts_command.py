"""Accounts of the CMS made, closed, rescued and handed over by whoever runs the server."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from pages.newsroom.models import AccountEvent
from sapo_site.accounts import password_links
from sapo_site.accounts.password_links import LASTS, link_to_new_password
from sapo_site.accounts.second_factor.factors import has_cms_factor, new_codes, recovery_codes_left
from tests.integration.tips.commands import fault, said

pytestmark = pytest.mark.django_db
PASSWORD, STRONG = "hemligt-nog-for-prov", "grodan hoppar över ån"
LOGIN, CMS = "/admin/login/", "/admin/"
WHO = ("--name", "Anna Ek", "--email", "anna@example.org", "--role")


def _user(username):
    return get_user_model().objects.get(username=username)


def _link_in(text):
    return re.search(r"http\S+(/admin/nytt-losenord/\S+)", text)[1]


def _choose(link, password=STRONG):
    """What the owner's browser does with the link."""
    client = Client()
    page = client.get(link, follow=True)
    form = {"new_password1": password, "new_password2": password}
    return (
        client.post(page.redirect_chain[-1][0], form, follow=True) if page.redirect_chain else page
    )


def _comes_in(username, password):
    return Client().post(LOGIN, {"username": username, "password": password}).status_code == 302


# New accounts


def test_new_account_has_the_password_that_its_owner_chooses(roles):
    link = _link_in(said("cms_accounts", "make", "anna-ek", *WHO, "redaktör"))
    anna = _user("anna-ek")
    assert (anna.first_name, anna.last_name, anna.email) == ("Anna", "Ek", "anna@example.org")
    assert [group.name for group in anna.groups.all()] == ["Redaktörer"]
    assert not anna.is_superuser
    assert not anna.has_usable_password()

    answer = _choose(link).content.decode()

    assert "Du har ett nytt lösenord. Logga in med det." in answer
    assert _comes_in("anna-ek", STRONG)


@pytest.mark.parametrize(
    ("role", "groups", "is_superuser"),
    [("chefredaktör", ["Chefredaktörer"], False), ("administratör", [], True)],
)
def test_account_has_the_role_that_was_asked_for(roles, role, groups, is_superuser):
    said("cms_accounts", "make", "anna-ek", *WHO, role)
    anna = _user("anna-ek")
    assert [group.name for group in anna.groups.all()] == groups
    assert anna.is_superuser == is_superuser


def test_link_works_once(roles):
    link = _link_in(said("cms_accounts", "make", "anna-ek", *WHO, "redaktör"))
    _choose(link)
    answer = _choose(link, "kossan hoppar över ån")
    assert "Länken fungerar inte" in answer.content.decode()
    assert _user("anna-ek").check_password(STRONG)


def test_link_works_for_a_day(roles, monkeypatch):
    link = _link_in(said("cms_accounts", "make", "anna-ek", *WHO, "redaktör"))
    now = password_links._tokens._now()
    later = timedelta(minutes=1)
    monkeypatch.setattr(password_links._tokens, "_now", lambda: now + LASTS - later)
    assert "Välj ditt lösenord" in Client().get(link, follow=True).content.decode()
    monkeypatch.setattr(password_links._tokens, "_now", lambda: now + LASTS + later)
    assert "Länken fungerar inte" in Client().get(link, follow=True).content.decode()


def test_link_takes_only_a_password_that_is_hard_to_guess(roles):
    link = _link_in(said("cms_accounts", "make", "anna-ek", *WHO, "redaktör"))
    assert "lätt att gissa" in _choose(link, "anna-ek-anna-ek-2026").content.decode()
    assert not _user("anna-ek").has_usable_password()


def test_invented_link_opens_nothing(roles, editor, subtests):
    for link in ["nytt-losenord/x/y/", "nytt-losenord/MQ/set-password/"]:
        with subtests.test(link=link):
            answer = Client().get(f"/admin/{link}")
            assert answer.status_code == 200
            assert "Länken fungerar inte" in answer.content.decode()


def test_link_to_a_closed_account_opens_nothing(editor):
    link = link_to_new_password(editor)
    said("cms_accounts", "lock", "redaktor")
    path = re.sub(r"^https?://[^/]*", "", link)
    assert "Länken fungerar inte" in Client().get(path, follow=True).content.decode()


def test_link_is_kept_nowhere_and_leaves_no_address_with_it(editor):
    path = re.sub(r"^https?://[^/]*", "", link_to_new_password(editor))
    first = Client().get(path)
    assert first.status_code == 302
    assert path.rstrip("/").rpartition("/")[2] not in first["Location"]
    assert "no-store" in first["Cache-Control"]


def test_what_cannot_be_done_is_one_line(editor, subtests):
    for words, sentence in [
        (["make", "anna-ek"], "make behöver --name, --email och --role."),
        (["make", "redaktor", *WHO, "redaktör"], "Kontot går inte att göra:"),
        (["make", "anna ek", *WHO, "redaktör"], "Kontot går inte att göra:"),
        (["make", "a", "--name", "A", "--email", "x", "--role", "redaktör"], "Kontot går inte"),
        (["make"], "make tar ett konto."), (["list", "redaktor"], "list tar inget konto."),
        (["lock", "finns-inte"], "Det finns inget konto finns-inte."),
        (["open", "redaktor"], "Kontot redaktor är redan öppet."),
        (["rescue", "redaktor", "--left"], "--left hör ihop med lock."),
        (["lock", "redaktor", "--name", "x"], "--name, --email och --role hör ihop med make."),
    ]:  # fmt: skip
        with subtests.test(words=words):
            before = list(get_user_model().objects.values())
            assert fault("cms_accounts", *words).startswith(sentence)
            assert list(get_user_model().objects.values()) == before


# Closed ones


@pytest.mark.parametrize(("words", "why"), [([], "closed_hijacked"), (["--left"], "closed_left")])
def test_locked_account_is_outside_at_once_and_chief_editors_are_told(
    client, editor, chief_editor, django_capture_on_commit_callbacks, words, why
):
    chief_editor.email = "chef@example.org"
    chief_editor.save()
    client.force_login(editor)
    with django_capture_on_commit_callbacks(execute=True):
        said("cms_accounts", "lock", "redaktor", *words)

    assert client.get(CMS).status_code == 302
    assert not _comes_in("redaktor", PASSWORD)
    assert AccountEvent.objects.first().what.casefold() == why
    assert any("har stängt kontot" in message.body for message in mail.outbox)
    assert fault("cms_accounts", "lock", "redaktor") == "Kontot redaktor är redan stängt."
    assert "är stängt: öppna det först" in fault("cms_accounts", "rescue", "redaktor")


def test_opened_account_comes_in_again(editor):
    said("cms_accounts", "lock", "redaktor")
    said("cms_accounts", "open", "redaktor")
    assert _comes_in("redaktor", PASSWORD)


# Lost passwords, and sessions


def test_rescued_account_has_no_password_until_its_owner_has_chosen_one(client, editor):
    client.force_login(editor)
    new_codes(editor)
    TOTPDevice.objects.create(user=editor, name="Telefonen som är borta")
    first = _link_in(said("cms_accounts", "rescue", "redaktor"))
    second = _link_in(said("cms_accounts", "rescue", "redaktor"))

    assert client.get(CMS).status_code == 302
    assert not _comes_in("redaktor", PASSWORD)
    assert "Länken fungerar inte" in _choose(first).content.decode()
    _choose(second)
    assert not has_cms_factor(editor)
    assert recovery_codes_left(editor) == 0
    assert _comes_in("redaktor", STRONG)


def test_operator_ends_all_logins_of_an_account(client, editor, chief_editor):
    client.force_login(editor)
    other, chief = Client(), Client()
    other.force_login(editor)
    chief.force_login(chief_editor)
    assert said("cms_accounts", "log-out", "redaktor") == "Avslutade inloggningar: 2\n"
    assert [each.get(CMS).status_code for each in (client, other, chief)] == [302, 302, 200]


# Who there is


def test_list_tells_names_roles_last_login_and_what_is_closed(client, editor, admin):
    client.force_login(editor)
    TOTPDevice.objects.create(user=editor, name="Telefonen")
    said("cms_accounts", "make", "anna-ek", *WHO, "chefredaktör")
    said("cms_accounts", "lock", "admin")
    rows = [" ".join(line.split()) for line in said("cms_accounts").splitlines()]

    assert rows[0] == "KONTO NAMN ROLL SENAST INNE ANDRA STEGET INLOGGNINGAR"
    assert "anna-ek Anna Ek Chefredaktör aldrig nej 0 väntar på lösenord" in rows
    assert next(row for row in rows if row.startswith("admin ")).endswith("aldrig nej 0 stängt")
    today = f"{timezone.localdate():%Y-%m-%d}"
    assert f"redaktor Redaktör {today} ja 1" in rows
