"""An important message is one thing in both languages, and what takes its place says so."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from pages.content.models import Alert, MessageType
from pages.newsroom.models import Publication
from pages.newsroom.proposals import make_proposal
from pages.newsroom.submissions import Result, send
from tests.factories import AlertFactory, SectionPageFactory
from tests.newsroom import approved_by_two, confirm_all

WORDS = {
    "heading": "Stanna inomhus", "text": "Ett larm pågår.",
    "heading_in_english": "Stay indoors", "text_in_english": "An alarm is going on.",
}  # fmt: skip


def _draft(**more):
    return AlertFactory(live=False, **{**WORDS, **more})


def _out(editor, chief, alert):
    assert approved_by_two(editor, chief, alert.save_revision()).result is Result.PUBLISHED
    return Alert.objects.get(pk=alert.pk)


def _words_above(client, address="/"):
    html = client.get(address).content.decode()
    return html.partition("</header>")[2].partition("<main")[0]


def test_a_message_goes_out_in_both_languages_at_once_with_its_hour(
    client, home, english_home, editor, chief_editor
):
    alert = _out(editor, chief_editor, _draft())
    hour = timezone.localtime(alert.last_published_at)
    swedish, in_english = _words_above(client), _words_above(client, "/en/")
    assert "Stanna inomhus" in swedish
    assert "Stay indoors" not in swedish
    assert "Stay indoors" in in_english
    assert "Stanna inomhus" not in in_english
    assert f"kl. {hour:%H.%M}</time>" in swedish
    assert f"{hour:%H:%M}</time>" in in_english


def test_a_new_message_in_one_language_is_refused(editor, home):
    with pytest.raises(ValidationError, match="svenska och engelska"):
        send(editor, [_draft(heading_in_english="").save_revision()])
    with pytest.raises(ValidationError, match="båda språken"):
        send(editor, [_draft(text_in_english="").save_revision()])


@pytest.mark.parametrize("kind", [MessageType.UPDATE, MessageType.ALL_CLEAR])
def test_what_follows_a_message_takes_its_place_and_the_former_never_comes_back(
    client, home, editor, chief_editor, kind
):
    first = _out(editor, chief_editor, _draft())
    later = _draft(heading="Faran är över", message_type=kind, follows=first)
    later = _out(editor, chief_editor, later)
    assert "Faran är över" in (shown := _words_above(client))
    assert "Stanna inomhus" not in shown
    # Not when it ends either …
    shown = Alert.objects.shown_in("sv")
    after = timezone.now() + timedelta(days=1)
    assert [each.key for each in shown if each.is_shown_at(after)] == [later.pk]
    # … nor when it is taken away.
    proposal = make_proposal("withdraw", later, {}, editor)
    assert approved_by_two(editor, chief_editor, proposal).result is Result.PUBLISHED
    assert not Alert.objects.public().exists()
    assert Publication.last_of("alert", str(first.pk)).how == Publication.How.WITHDRAWN


def test_a_correction_says_to_readers_what_was_wrong(
    client, home, english_home, editor, chief_editor
):
    first = _out(editor, chief_editor, _draft())
    correction = _draft(message_type=MessageType.CORRECTION, follows=first)
    with pytest.raises(ValidationError, match="vad som var fel"):
        send(editor, [correction.save_revision()])
    correction.what_was_wrong = "Numret var fel."
    correction.what_was_wrong_in_english = "The number was wrong."
    _out(editor, chief_editor, correction)
    assert "Rättelse:</strong> Numret var fel." in (shown := _words_above(client))
    assert "Viktigt meddelande, rättat" in shown
    assert "Correction:</strong> The number was wrong." in _words_above(client, "/en/")


def test_only_one_message_takes_the_place_of_another(home, editor, chief_editor):
    first = _out(editor, chief_editor, _draft())
    waits = _draft(message_type=MessageType.UPDATE, follows=first)
    send(editor, [waits.save_revision()])
    _out(editor, chief_editor, _draft(message_type=MessageType.UPDATE, follows=first))
    with pytest.raises(ValidationError, match="inte ute längre"):
        confirm_all(chief_editor, waits)


def test_words_that_were_changed_in_a_message_say_so_with_the_new_hour(
    client, home, editor, chief_editor
):
    alert = _out(editor, chief_editor, _draft())
    assert "uppdaterat" not in _words_above(client)
    alert.heading = "Stanna inne"
    alert = _out(editor, chief_editor, alert)
    assert "Viktigt meddelande, uppdaterat" in _words_above(client)


def test_the_page_with_more_to_read_is_in_the_language_of_the_reader(
    client, section, english_home, editor, chief_editor
):
    _out(editor, chief_editor, _draft(page=section))
    assert f'href="{section.url}"' in _words_above(client)
    assert "<a href" not in _words_above(client, "/en/")
    english = SectionPageFactory(
        parent=english_home, title="More", slug="more", locale=english_home.locale,
        translation_key=section.translation_key,
    )  # fmt: skip
    english.save_revision().publish()
    assert 'href="/en/more/"' in _words_above(client, "/en/")
