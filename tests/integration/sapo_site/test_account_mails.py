"""Chief editors are mailed of every change of an account, whatever way it came."""

import re
from email.utils import parseaddr
from smtplib import SMTPServerDisconnected
from unittest.mock import patch

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.core.management import call_command

from pages.content.publishing.roles import CHIEF_EDITORS, EDITORS
from pages.newsroom.account_mails import mail_what_stops
from pages.newsroom.models import AccountEvent

What = AccountEvent.What
STRONG = "grodan hoppar över ån"
CLOCK = re.compile(r"kl\. \d\d\.\d\d\.")
QUESTION = "Stämmer det inte? Säg till direkt till den som sköter driften."
LAST = "Svara inte på det här mejlet."


@pytest.fixture
def people(admin, editor, chief_editor):
    for user, first, last in (
        (admin, "Adam", "Admin"),
        (editor, "Rolf", "Redaktör"),
        (chief_editor, "Cecilia", "Chefredaktör"),
    ):
        user.first_name, user.last_name = first, last
        user.email = f"{first.lower()}@example.org"
        user.save()
    return admin, editor, chief_editor


@pytest.fixture
def told(people, django_capture_on_commit_callbacks):
    """Does something, and reads what the mails say has happened."""

    def during(do) -> list[str]:
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            do()
        return [
            CLOCK.sub("kl.", letter.body.partition(f" {QUESTION}")[0]) for letter in mail.outbox
        ]

    return during


def _form(user: User | None = None, **fields: object) -> dict[str, object]:
    form: dict[str, object] = {
        "username": "eva", "email": "eva@example.org", "first_name": "Eva", "last_name": "Ek",
        "password1": STRONG, "password2": STRONG,
    }  # fmt: skip
    if user:
        form = {
            name: getattr(user, name) for name in ("username", "email", "first_name", "last_name")
        }
        form |= {"is_active": "on", "groups": list(user.groups.values_list("pk", flat=True))}
    return {name: value for name, value in (form | fields).items() if value is not None}


def test_the_mail_says_who_did_what_with_whose_account_and_when(client, people, told, settings):
    settings.DEFAULT_FROM_EMAIL = "Webbplatsen <webb@example.org>"
    client.force_login(people[0])
    told(lambda: client.post("/admin/users/new/", _form()))
    (letter,) = mail.outbox

    assert letter.subject == "Konto: Eva Ek"
    assert letter.to == ["cecilia@example.org"]
    assert parseaddr(letter.from_email) == ("Redaktionsverktyget", "webb@example.org")
    body = f"Adam Admin har skapat ett konto åt Eva Ek kl. {QUESTION}\n\n{LAST}\n"
    assert CLOCK.sub("kl.", letter.body) == body
    assert letter.content_subtype == "plain"
    event = AccountEvent.objects.first()
    assert (event.by, event.by_name, event.from_where) == (people[0], "Adam Admin", "CMS")


def test_each_way_through_the_cms_is_told(client, people, told):
    adam, rolf, _cecilia = people
    chiefs = Group.objects.get(name=CHIEF_EDITORS)
    client.force_login(adam)

    def edit(user: User, **fields: object) -> list[str]:
        form = _form(user, **fields)
        return told(lambda: client.post(f"/admin/users/edit/{user.pk}/", form))

    def many(action: str, **fields: object) -> list[str]:
        return told(lambda: client.post(f"/admin/bulk/auth/user/{action}/?id={rolf.pk}", fields))

    new = _form(groups=[chiefs.pk])
    assert told(lambda: client.post("/admin/users/new/", new)) == [
        "Adam Admin har skapat ett konto åt Eva Ek kl.",
        "Adam Admin har gett rollen Chefredaktör till Eva Ek kl.",
    ]
    assert edit(rolf, password1=STRONG, password2=STRONG) == [
        "Adam Admin har bytt lösenord för Rolf Redaktör kl."
    ]
    assert edit(rolf, is_superuser="on") == [
        "Adam Admin har gett rollen Administratör till Rolf Redaktör kl."
    ]
    assert edit(rolf, groups=[]) == [
        "Adam Admin har tagit rollen Administratör från Rolf Redaktör kl.",
        "Adam Admin har tagit rollen Redaktör från Rolf Redaktör kl.",
    ]
    assert many("assign_role", role=chiefs.pk) == [
        "Adam Admin har gett rollen Chefredaktör till Rolf Redaktör kl."
    ]
    assert many("set_active_state", mark_as_active="False", closed_because="left") == [
        "Adam Admin har stängt kontot för Rolf Redaktör kl."
    ]
    assert many("set_active_state", mark_as_active="True") == [
        "Adam Admin har öppnat kontot för Rolf Redaktör kl."
    ]
    assert edit(rolf, first_name="Ralf") == []


def test_a_chief_whose_address_is_changed_is_told_at_the_former_one(client, people, told):
    adam, _rolf, cecilia = people
    client.force_login(adam)
    form = _form(cecilia, email="kapad@example.org")
    assert told(lambda: client.post(f"/admin/users/edit/{cecilia.pk}/", form)) == [
        "Adam Admin har bytt e-postadress för Cecilia Chefredaktör kl."
    ]
    assert mail.outbox[0].to == ["cecilia@example.org"]


def test_a_role_that_is_deleted_or_renamed_is_told_for_each_who_had_it(client, people, told):
    adam, rolf, _cecilia = people
    client.force_login(adam)
    chiefs, editors = (Group.objects.get(name=name) for name in (CHIEF_EDITORS, EDITORS))
    assert told(lambda: client.post(f"/admin/groups/delete/{chiefs.pk}/")) == [
        "Adam Admin har tagit rollen Chefredaktör från Cecilia Chefredaktör kl."
    ]
    assert mail.outbox[0].to == ["cecilia@example.org"]

    editors.name = CHIEF_EDITORS
    told(editors.save)
    given = AccountEvent.objects.filter(what=What.ROLE_GIVEN).first()
    assert (given.account, given.role) == (rolf, "Chefredaktör")


def test_what_people_do_with_their_own_accounts_is_told(client, people, told):
    rolf = people[1]
    client.login(username="redaktor", password="hemligt-nog-for-prov")
    form = {
        "name_email-first_name": "Rolf", "name_email-last_name": "Redaktör",
        "name_email-email": "ny@example.org", "password-old_password": "hemligt-nog-for-prov",
        "password-new_password1": STRONG, "password-new_password2": STRONG,
        "theme-theme": "system", "theme-density": "default", "theme-contrast": "system",
        "theme-keyboard_shortcuts": "on", "locale-preferred_language": "sv",
        "locale-current_time_zone": "Europe/Stockholm",
    }  # fmt: skip
    assert told(lambda: client.post("/admin/account/", form)) == [
        "Rolf Redaktör har bytt lösenord för sitt eget konto kl.",
    ]
    # Somebody with a colleague's open window could otherwise take the account over by a mail.
    rolf.refresh_from_db()
    assert rolf.email != "ny@example.org"
    assert AccountEvent.objects.first().by == rolf


def test_commands_are_told_without_a_name(people, told, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", STRONG)
    options = {"username": "rut", "email": "rut@example.org", "interactive": False}
    assert told(lambda: call_command("createsuperuser", **options)) == [
        "Ett kommando på servern har skapat ett konto åt rut kl.",
        "Ett kommando på servern har gett rollen Administratör till rut kl.",
    ]
    with patch("getpass.getpass", return_value=STRONG):
        assert told(lambda: call_command("changepassword", "redaktor")) == [
            "Ett kommando på servern har bytt lösenord för Rolf Redaktör kl."
        ]
    event = AccountEvent.objects.first()
    assert (event.by, event.from_where) == (None, "COMMAND")


def test_logging_in_is_no_change_even_when_the_password_is_stored_with_more_rounds(
    client, people, told, settings
):
    hasher = "django.contrib.auth.hashers.PBKDF2PasswordHasher"
    settings.PASSWORD_HASHERS = [hasher, *settings.PASSWORD_HASHERS]
    before = User.objects.get(username="redaktor").password
    login = {"username": "redaktor", "password": "hemligt-nog-for-prov"}
    assert told(lambda: client.post("/admin/login/", login)) == []
    assert User.objects.get(username="redaktor").password != before


@pytest.mark.fault("mail gone")
def test_a_mail_server_that_does_not_answer_undoes_nothing(
    client, people, caplog, django_capture_on_commit_callbacks, acknowledges
):
    client.force_login(people[0])
    gone = patch("django.core.mail.EmailMessage.send", side_effect=SMTPServerDisconnected)
    with gone, django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/admin/users/new/", _form())
    assert answer.status_code == 302
    acknowledges(1, lost=1 - User.objects.filter(username="eva").count())
    assert "A mail from the newsroom was not sent: SMTPServerDisconnected" in caplog.text


def test_a_name_with_line_breaks_does_not_keep_the_mail_from_being_sent(client, people, told):
    client.force_login(people[0])
    form = _form(first_name="Eva\r\nBcc: x@example.org")
    told(lambda: client.post("/admin/users/new/", form))
    assert mail.outbox[0].subject == "Konto: Eva Bcc: x@example.org Ek"


@pytest.mark.parametrize(
    ("hijacked", "titles", "subject"),
    [
        (False, ["Samverkan", "Sidfot"], "Arbete stannar när Rolf slutar"),
        (True, ["Samverkan"], "Arbete stannar: Rolfs konto kan vara kapat"),
    ],
    ids=["left", "hijacked"],
)
def test_chiefs_read_what_waits_for_another_person_when_an_account_is_closed(
    people, told, hijacked, titles, subject
):
    told(lambda: mail_what_stops(people[1], titles, hijacked=hijacked))
    (letter,) = mail.outbox
    named = ", ".join(f"”{title}”" for title in titles)
    assert letter.subject == subject
    assert letter.to == ["cecilia@example.org"]
    assert letter.body == (
        f"Rolfs konto är stängt. Det här väntar på en annan person: {named}.\n\n{LAST}\n"
    )
