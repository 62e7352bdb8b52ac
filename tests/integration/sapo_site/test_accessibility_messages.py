"""A reader writes that something does not work, or asks for it in another form; somebody answers."""

import errno
import json
import os
import re
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.timezone import localdate
from wagtail.models import ModelLogEntry

from sapo_site.accessibility import spool
from sapo_site.accessibility.messages import DAYS_KEPT, AccessibilityMessage, answer_by
from sapo_site.accessibility.senders import senders
from tests.factories import ArticlePageFactory

pytestmark = pytest.mark.django_db

FORM = "/tillganglighet/meddelande/"
WRITTEN = {
    "about": "copy", "place": "/hoten-mot-sverige/", "text": "Jag vill ha sidan uppläst.",
    "contact": "lisa@example.org", "website": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.MESSAGES_DIR = tmp_path / "messages"
    senders.forget()
    return settings.MESSAGES_DIR


@pytest.fixture
def reader(home) -> Client:
    """Without cookie; Django's client would pass by the check of forms from elsewhere."""
    return Client(enforce_csrf_checks=True)


def _send(reader, address=FORM, headers=None, **changed):
    kind = "application/x-www-form-urlencoded"
    fields = "&".join(f"{name}={value}" for name, value in (WRITTEN | changed).items())
    return reader.post(address, fields, content_type=kind, headers=headers or {})


def _written(folder: Path) -> list[dict[str, str]]:
    return (
        [json.loads(path.read_text()) for path in folder.glob("*.json")] if folder.exists() else []
    )


def _text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\xa0", " ").split())


# The form


def test_the_form_sets_no_cookie_and_runs_without_one(reader, folder):
    shown = reader.get(FORM)
    received = _send(reader)

    assert "Meddelande om tillgänglighet" in _text(shown)
    assert received.status_code == 200
    assert "Tack, ditt meddelande har kommit fram" in _text(received)
    assert not reader.cookies
    [message] = _written(folder)
    assert message == {
        "about": "copy", "place": "/hoten-mot-sverige/", "text": "Jag vill ha sidan uppläst.",
        "contact": "lisa@example.org", "language": "sv", "day": localdate().isoformat(),
    }  # fmt: skip


def test_the_form_is_there_in_english_too(english_home, folder):
    reader = Client(enforce_csrf_checks=True)
    assert "Message on accessibility" in _text(reader.get(f"/en{FORM}"))
    assert "Thank you, your message has arrived" in _text(_send(reader, f"/en{FORM}"))
    assert _written(folder)[0]["language"] == "en"


def test_nothing_of_who_sent_is_kept(reader, folder):
    _send(reader, headers={"Referer": "http://testserver/hemlig/", "User-Agent": "Egen/1.0"})
    [path] = folder.glob("*.json")
    assert not re.search(r"hemlig|Egen|127\.0\.0\.1", path.read_text())


def test_the_page_is_filled_in_only_where_the_reader_chose_a_link_that_says_so(reader):
    from_elsewhere = {"Referer": "http://testserver/verksamheten/"}
    assert "/verksamheten/" not in _field(reader.get(FORM, headers=from_elsewhere), "place")
    assert "/verksamheten/" in _field(reader.get(f"{FORM}?om=/verksamheten/"), "place")
    for address in ("https://example.org/", "/" + "a" * 300, "/a%00b"):
        assert 'value=""' in _field(reader.get(f"{FORM}?om={address}"), "place")


def _field(response, name: str) -> str:
    return re.search(rf'<input[^>]* name="{name}"[^>]*>', response.content.decode())[0]


def test_an_article_leads_to_the_form_with_its_own_address(reader, section):
    ArticlePageFactory(parent=section, slug="spaning", title="Spaning")
    page = reader.get("/verksamheten/spaning/").content.decode()
    assert 'href="/tillganglighet/meddelande/?om=/verksamheten/spaning/"' in page
    assert "Meddela oss om något på sidan inte fungerar för dig" in page


def test_form_and_receipt_point_to_the_tip_page(reader):
    for response in (reader.get(FORM), _send(reader)):
        assert "Vill du lämna tips till Säkerhetspolisen?" in _text(response)
        assert 'href="/tipsa/">till tipssidan</a>' in response.content.decode()


def test_the_form_says_what_is_kept_and_for_how_long(reader):
    said = _text(reader.get(FORM))
    assert "ingen kaka, och inte din ip-adress" in said
    assert "raderas 90 dagar efter att vi har avslutat ärendet" in said


def test_the_receipt_says_by_when_we_answer_and_who_supervises_us(reader, monkeypatch, settings):
    monkeypatch.setattr("sapo_site.accessibility.views.localdate", lambda: date(2026, 11, 26))
    settings.SUPERVISOR, settings.SUPERVISOR_ADDRESS = "PTS", "https://www.pts.se/anmal"
    said = _text(_send(reader))
    assert "senast den 10 december 2026" in said
    assert "anmäla det till PTS, myndigheten" in said
    assert "pts.se/anmal" in said


def test_what_is_wrong_is_said_first_and_what_was_typed_is_still_there(reader, folder):
    response = _send(reader, about="", text="", place="<b>Sidan</b>")

    page = response.content.decode()
    assert response.status_code == 422
    assert re.search(r"<title>Fel: Meddelande om tillgänglighet – Säkerhetspolisen</title>", page)
    assert '<a href="#id_about_0">Välj vad det gäller.</a>' in page
    assert '<a href="#id_text">Skriv vad du vill berätta.</a>' in page
    assert page.index("error-summary") < page.index("<h1>")
    assert "&lt;b&gt;Sidan&lt;/b&gt;" in _field(response, "place")
    assert "lisa@example.org" in page
    assert response.headers["Cache-Control"] == "no-store"
    assert _written(folder) == []


def test_what_is_too_long_is_not_cut_off(reader, folder):
    response = _send(reader, text="x" * 5_001)
    assert response.status_code == 422
    assert "Korta texten till högst 5000 tecken. Nu är den 5001." in _text(response)
    assert "x" * 5_001 in response.content.decode()


def test_the_trap_tells_a_person_what_to_do(reader, folder):
    assert "Lämna rutan ”Lämna tom” tom." in _text(_send(reader, website="http://x"))
    assert _written(folder) == []


def test_a_form_on_another_website_is_refused(reader, folder):
    response = _send(reader, headers={"Origin": "https://example.org"})
    assert response.status_code == 403
    assert _written(folder) == []
    assert _send(reader, headers={"Origin": "http://testserver"}).status_code == 200


def test_a_file_is_refused_before_it_is_read(reader, folder):
    response = reader.post(FORM, WRITTEN)  # as multipart/form-data
    assert response.status_code == 400
    assert "Det gick inte att läsa det som skickades" in _text(response)
    assert _written(folder) == []


def test_another_method_is_refused(reader):
    assert reader.delete(FORM).status_code == 405


def test_what_is_sent_twice_counts_once_also_after_it_was_taken_in(reader, folder):
    first, second = _text(_send(reader)), _text(_send(reader))
    assert first == second
    assert len(_written(folder)) == 1
    call_command("take_in_messages")
    _send(reader)
    call_command("take_in_messages")
    assert AccessibilityMessage.objects.count() == 1


def test_the_sixth_message_in_ten_minutes_from_a_place_waits_and_keeps_its_text(
    reader, folder, settings
):
    settings.TIPS_ADDRESS_HEADER = "HTTP_X_SAPO_ADDRESS"
    here, elsewhere = {"X-Sapo-Address": "192.0.2.7"}, {"X-Sapo-Address": "198.51.100.7"}
    for number in range(5):
        assert _send(reader, text=f"Nummer {number}", headers=here).status_code == 200

    response = _send(reader, text="Nummer sex", headers=here)

    assert response.status_code == 429
    assert "Vänta tio minuter och skicka igen, eller ring 010-568 70 00" in _text(response)
    assert "Nummer sex" in response.content.decode()
    assert len(_written(folder)) == 5
    assert _send(reader, headers=elsewhere).status_code == 200


# A disk that is full


def _is_told_to_call(response) -> None:
    assert response.status_code == 503
    assert "Vi kan inte ta emot ditt meddelande just nu." in _text(response)
    assert "ring 010-568 70 00" in _text(response)
    assert "Jag vill ha sidan uppläst." in response.content.decode()
    assert response.headers["Retry-After"]


def test_with_little_room_left_no_message_is_promised(reader, folder, settings, caplog):
    settings.MESSAGES_RESERVE_BYTES = 2**62
    _is_told_to_call(_send(reader))
    assert _written(folder) == []
    assert "A message was not kept: SpoolFullError" in caplog.text
    assert "uppläst" not in caplog.text


@pytest.mark.fault("disk full")
def test_a_disk_that_fills_up_leaves_nothing_half_written(reader, folder, monkeypatch):
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", full)
    _is_told_to_call(_send(reader))
    assert list(folder.iterdir()) == []


def test_a_message_that_is_kept_is_said_to_be_even_when_its_page_fails(reader, folder, monkeypatch):
    def fail(*_args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("sapo_site.accessibility.views._page", fail)
    response = _send(reader)
    assert response.status_code == 200
    assert "Tack, ditt meddelande har kommit fram. Referensnummer: " in _text(response)
    assert len(_written(folder)) == 1


# Taking in


def test_a_message_is_taken_in_once_and_those_who_answer_are_told_nothing_of_it(
    reader, folder, chief_editor, editor, django_capture_on_commit_callbacks
):
    chief_editor.email, editor.email = "chef@example.org", "redaktor@example.org"
    chief_editor.save()
    editor.save()
    _send(reader)

    with django_capture_on_commit_callbacks(execute=True):
        call_command("take_in_messages")

    message = AccessibilityMessage.objects.get()
    assert (message.about, message.text) == ("copy", "Jag vill ha sidan uppläst.")
    assert message.answer_by == answer_by(localdate())
    assert list(folder.iterdir()) == []
    [sent] = mail.outbox
    assert sent.to == ["chef@example.org"]
    assert sent.subject == "1 meddelande om tillgänglighet har kommit"
    assert "/admin/accessibilitymessage/" in sent.body
    for words in ("uppläst", "lisa", "hoten", message.reference):
        assert words not in sent.subject + sent.body


def test_nobody_is_mailed_when_nothing_has_come(chief_editor):
    call_command("take_in_messages")
    assert mail.outbox == []


def test_what_the_form_could_not_have_sent_is_put_aside(folder, subtests):
    folder.mkdir()
    path = folder / f"{'a' * 64}.json"
    for content in [
        "", "{", "[]", "null", '{"about": "copy"}', "[" * 100_000,
        json.dumps(WRITTEN | {"language": "xx", "day": "2026-11-26"}),
        json.dumps(WRITTEN | {"language": "sv", "day": "igår"}),
        json.dumps(WRITTEN | {"language": "sv", "day": "2026-11-26", "text": "x" * 5_001}),
        json.dumps(WRITTEN | {"language": "sv", "day": "2026-11-26", "text": "a\0b"}),
        json.dumps(WRITTEN | {"language": "sv", "day": "2026-11-26", "text": {"a": 1}, "about": []}),
    ]:  # fmt: skip
        with subtests.test(content=content):
            path.write_text(content)
            long_ago = time.time() - 3600
            os.utime(path, (long_ago, long_ago))

            with pytest.raises(CommandError, match=r"1 filer är inga meddelanden"):
                call_command("take_in_messages")

            assert not AccessibilityMessage.objects.exists()
            assert [each.name for each in folder.iterdir()] == [f"{'a' * 64}.refused"]
            call_command("take_in_messages")  # says it once


def test_a_link_or_a_pipe_in_the_folder_holds_nothing_up(reader, folder, tmp_path):
    folder.mkdir()
    secret = tmp_path / "hemligt"
    secret.write_text(json.dumps(WRITTEN | {"language": "sv", "day": localdate().isoformat()}))
    (folder / f"{'b' * 64}.json").symlink_to(secret)
    os.mkfifo(folder / f"{'c' * 64}.json")
    _send(reader)
    call_command("take_in_messages")
    assert AccessibilityMessage.objects.count() == 1


def test_a_message_that_is_being_written_is_left_for_the_next_time(folder):
    folder.mkdir()
    path = folder / f"{'d' * 64}.json"
    path.write_text('{"about": "co')
    call_command("take_in_messages")
    assert path.exists()


def test_a_message_that_lay_for_days_is_to_be_answered_since_it_came(folder):
    folder.mkdir()
    came = localdate() - timedelta(days=9)
    row = json.dumps(WRITTEN | {"language": "sv", "day": came.isoformat()})
    (folder / f"{'e' * 64}.json").write_text(row)
    call_command("take_in_messages")
    assert AccessibilityMessage.objects.get().arrived_on == came


def test_a_message_is_to_be_answered_within_ten_working_days(subtests):
    for came, by in [
        (date(2026, 11, 26), date(2026, 12, 10)),
        (date(2026, 11, 27), date(2026, 12, 11)),
        (date(2026, 11, 28), date(2026, 12, 11)),  # a Saturday
    ]:
        with subtests.test(came=came):
            assert answer_by(came) == by


# In the CMS


def _message(key: str = "a", arrived_on: date | None = None, **fields) -> AccessibilityMessage:
    arrived_on = arrived_on or localdate()
    return AccessibilityMessage.objects.create(
        key=key * 64, about="fault", text="Menyn går inte att öppna.", language="sv",
        arrived_on=arrived_on, answer_by=answer_by(arrived_on), **fields,
    )  # fmt: skip


def _address(message: AccessibilityMessage) -> str:
    return f"/admin/accessibilitymessage/edit/{message.pk}/"


def test_an_editor_who_does_not_answer_sees_no_message(client, editor):
    client.force_login(editor)
    message = _message()
    for address in ("/admin/accessibilitymessage/", _address(message)):
        assert client.get(address).status_code == 302
    start = client.get("/admin/").content.decode()
    assert "Menyn går" not in start
    assert message.reference not in start


def test_a_message_is_read_given_to_somebody_and_closed(client, chief_editor):
    client.force_login(chief_editor)
    message = _message()
    page = _text(client.get(_address(message)))
    assert "Menyn går inte att öppna." in page
    assert "Skriv inte ut det, kopiera det inte och skicka det inte vidare." in page

    client.post(_address(message), {"given_to": chief_editor.pk, "note": "", "outcome": ""})
    assert "handläggs av" in _text(client.get("/admin/"))
    refused = client.post(_address(message), {"given_to": "", "note": "", "outcome": "answered"})
    assert "Skriv vad som har gjorts innan du avslutar meddelandet." in _text(refused)
    client.post(_address(message), {"given_to": "", "note": "Ringt", "outcome": "answered"})

    message.refresh_from_db()
    assert (message.outcome, message.closed_on) == ("answered", localdate())
    assert "Avslutat" in _text(client.get("/admin/accessibilitymessage/"))


def test_what_a_reader_wrote_is_not_changed_by_who_answers(client, chief_editor):
    client.force_login(chief_editor)
    message = _message()
    client.post(_address(message), {"text": "Annat", "note": "", "outcome": "", "given_to": ""})
    message.refresh_from_db()
    assert message.text == "Menyn går inte att öppna."


def test_a_tip_is_erased_when_those_who_handle_tips_have_it(client, chief_editor):
    client.force_login(chief_editor)
    message = _message(contact="lisa@example.org", place="/")
    client.post(_address(message), {"given_to": "", "note": "", "outcome": "tip"})
    message.refresh_from_db()
    assert (message.text, message.contact, message.place) == ("", "", "")
    assert message.closed_on == localdate()


def test_a_late_message_stands_first_and_is_marked_on_the_start_page_and_in_the_list(
    client, chief_editor
):
    client.force_login(chief_editor)
    late = _message("a", arrived_on=localdate() - timedelta(days=30))
    open_ = _message("b")
    start, listed = (_text(client.get(f"/admin/{part}")) for part in ("", "accessibilitymessage/"))
    assert "FÖRSENAT: skulle ha besvarats senast den" in start
    assert start.index(late.reference) < start.index(open_.reference)
    assert "Försenat" in listed
    assert "Öppet" in listed
    assert "Menyn går" not in start + listed


def test_no_message_waits_and_that_is_said(client, chief_editor):
    client.force_login(chief_editor)
    assert "Inget väntar på dig." in _text(client.get("/admin/"))
    _message()
    assert "Inget väntar på dig." not in _text(client.get("/admin/"))


def test_nothing_of_a_message_stands_in_the_log_of_changes(client, chief_editor):
    client.force_login(chief_editor)
    message = _message(contact="lisa@example.org")
    client.post(_address(message), {"given_to": "", "note": "Ringt Lisa", "outcome": "answered"})
    entries = ModelLogEntry.objects.filter(object_id=str(message.pk))
    assert entries
    for entry in entries:
        assert not re.search(r"Menyn|[Ll]isa", f"{entry.label} {entry.data}")


def test_a_closed_message_is_deleted_after_ninety_days_and_an_open_one_is_not():
    today = localdate()
    past, kept, left_open = (_message(key, arrived_on=today - timedelta(days=200)) for key in "abc")
    for message, days in ((past, DAYS_KEPT + 1), (kept, DAYS_KEPT)):
        message.note, message.outcome = "Ringt", "answered"
        message.closed_on = today - timedelta(days=days)
        message.save()
    call_command("take_in_messages")
    assert set(AccessibilityMessage.objects.all()) == {kept, left_open}


def test_a_message_that_is_opened_again_is_kept():
    message = _message(outcome="answered", note="Ringt")
    assert message.closed_on == localdate()
    message.outcome = ""
    message.save()
    assert message.closed_on is None


def test_the_form_is_found_in_search_and_stands_in_the_sitemap(reader):
    assert f"<loc>http://testserver{FORM}</loc>" in reader.get("/sitemap.xml").content.decode()
    found = reader.get("/sok/?q=anmäla brist")
    assert "Meddelande om tillgänglighet" in _text(found)


def test_the_key_is_not_guessed_from_what_was_written(settings):
    first = spool.put({"about": "copy", "place": "", "text": "a", "contact": ""}, "sv")
    settings.SECRET_KEY = "another"
    assert spool.put({"about": "copy", "place": "", "text": "a", "contact": ""}, "sv") != first
