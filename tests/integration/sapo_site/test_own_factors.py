"""One's own passkeys, apps and recovery codes: added, named and taken away."""

import logging

import pytest
from django.test import Client
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp_webauthn.models import WebAuthnCredential
from wagtail.models import ReferenceIndex

from sapo_site.accounts.second_factor import factors
from tests.logins import CMS, OWN, SECOND, add_passkey, code_now, give_password, text_of
from tests.soft_passkey import SoftPasskey


@pytest.fixture
def client():
    return Client(SERVER_NAME="localhost")  # where passkeys work


def test_what_one_has_is_named_and_taken_away(client, app, passkey, editor):
    factors.new_codes(editor)
    client.force_login(editor)
    page = text_of(client.get(OWN))
    assert "Min telefon" in page
    assert "Min nyckel" in page

    key = WebAuthnCredential.objects.get()
    client.post(f"{OWN}ta-bort/", {"kind": "passkey", "id": key.pk})
    client.post(f"{OWN}ta-bort/", {"kind": "app", "id": app.pk})
    assert not factors.has_cms_factor(editor)
    assert factors.recovery_codes_left(editor) == 0, "they would be the only factor"
    assert give_password(Client())["Location"] == CMS


def test_factors_that_are_added_and_taken_away_are_noted(client, editor, caplog):
    caplog.set_level(logging.INFO, "tips.journal")
    client.force_login(editor)
    add_passkey(client, SoftPasskey())
    key = WebAuthnCredential.objects.get()
    client.post(f"{OWN}ta-bort/", {"kind": "passkey", "id": key.pk})

    events = [record.audit for record in caplog.records if hasattr(record, "audit")]
    assert [(each["event"], each["who"], each["kind"]) for each in events] == [
        ("factor-made", "redaktor", "passkey"),
        ("factor-made", "redaktor", "codes"),
        ("factor-removed", "redaktor", "passkey"),
    ]


def test_the_last_one_stays_where_one_is_required(client, app, editor, settings):
    give_password(client)
    client.post(SECOND, {"code": code_now(app)})
    settings.SECOND_FACTOR_REQUIRED = True
    client.post(f"{OWN}ta-bort/", {"kind": "app", "id": app.pk})
    assert "Lägg till en annan först: du måste ha minst en." in text_of(client.get(OWN))
    assert factors.has_cms_factor(editor)


def test_what_no_page_sends_takes_nothing_away(client, app, editor, subtests):
    client.force_login(editor)
    for sent in [{}, {"kind": "x", "id": "1"}, {"kind": "app", "id": "9" * 30}]:
        with subtests.test(sent=sent):
            assert client.post(f"{OWN}ta-bort/", sent).status_code == 302
            assert factors.has_cms_factor(editor)


def test_nobody_takes_away_what_another_has(client, app, chief_editor):
    client.force_login(chief_editor)
    client.post(f"{OWN}ta-bort/", {"kind": "app", "id": app.pk})
    assert TOTPDevice.objects.filter(pk=app.pk).exists()


def test_nobody_has_more_than_ten(client, editor):
    for number in range(factors.AT_MOST):
        TOTPDevice.objects.create(user=editor, name=str(number))
    client.force_login(editor)
    assert "Lägg till" not in text_of(client.get(OWN))
    assert client.get(f"{OWN}app/")["Location"] == OWN
    add_passkey(client, SoftPasskey())
    assert not WebAuthnCredential.objects.exists()


def test_who_has_lost_all_begins_anew_with_the_password(client, app, passkey, editor, settings):
    factors.new_codes(editor)
    factors.take_all_away(editor)
    settings.SECOND_FACTOR_REQUIRED = True
    assert give_password(client)["Location"] == OWN
    assert not StaticToken.objects.exists()


def test_account_page_leads_there(client, editor):
    client.force_login(editor)
    assert f'href="{OWN}"' in text_of(client.get("/admin/account/"))


def test_what_one_logs_in_with_is_no_content_that_is_used_somewhere(client, app, passkey, editor):
    factors.new_codes(editor)
    assert not any(map(ReferenceIndex.model_is_indexable, (TOTPDevice, WebAuthnCredential)))
    assert not ReferenceIndex.objects.filter(to_object_id=editor.pk).exists()
