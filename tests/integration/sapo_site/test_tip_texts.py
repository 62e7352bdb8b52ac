"""What the tip page says: written by editors, confirmed by two, and handed on to the tip desk."""

import html
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from wagtail.admin.menu import settings_menu
from wagtail.models import Locale

from pages.newsroom.submissions import open_submission_of, send
from sapo_site.models import TipTexts
from tests.newsroom import confirm_all, publish_by_two
from tips import exchange
from tips.exchange import texts_file
from tips.wording.texts import BUILT_IN, KEYS, built_in_to_edit, texts_for

pytestmark = pytest.mark.django_db

LIST = "/admin/snippets/sapo_site/tiptexts/"
ADD = f"{LIST}add/"
SEND = {"forward": "send"}
PUBLISH = {"action-publish": "1"}
NEW_WORDS = "Berätta det du vet, så läser vi det i dag."


@pytest.fixture(autouse=True)
def exchange_dir(settings, tmp_path):
    settings.EXCHANGE_DIR = tmp_path / "exchange"
    return settings.EXCHANGE_DIR


@pytest.fixture
def languages(home):
    for code in ("sv", "en"):
        Locale.objects.get_or_create(language_code=code)


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """What follows a commit happens, although the test's own transaction is never committed."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def published(languages, committed):
    """Swedish texts that are live, and say something of their own."""
    texts = TipTexts.begin(Locale.objects.get(language_code="sv"))
    texts.start_lead = NEW_WORDS
    texts.save()
    with committed():
        texts.save_revision().publish()
    return TipTexts.objects.get()


def _form(language: str = "sv", **changes: str) -> dict[str, str]:
    return {**built_in_to_edit(language), "go_live_at": "", "expire_at": "", **changes}


def _asked(language: str) -> dict[str, str] | None:
    """The texts that the tip desk is asked to approve."""
    return exchange.read_texts(language)


def _edit(texts: TipTexts) -> str:
    return f"{LIST}edit/{texts.pk}/"


def _words(response) -> str:
    return html.unescape(response.content.decode())


# From draft to tip desk


def test_new_texts_start_from_the_built_in_ones_of_their_language(
    client, editor, languages, subtests
):
    client.force_login(editor)
    for language in ["sv", "en"]:
        with subtests.test(language=language):
            words = _words(client.get(f"{ADD}?locale={language}"))
            for text in built_in_to_edit(language).values():
                assert text in words


def test_what_an_editor_sends_is_at_the_tip_desk_once_a_chief_editor_has_confirmed_it(
    client, editor, chief_editor, languages, committed
):
    client.force_login(editor)
    with committed():
        response = client.post(f"{ADD}?locale=sv", _form(start_lead=NEW_WORDS, **SEND))
    texts = TipTexts.objects.get()
    assert response.url == f"/admin/redaktion/skicka/sapo_site.tiptexts/{texts.pk}/"
    assert not texts.live
    assert not _asked("sv")

    with committed():
        publish_by_two(texts, editor, chief_editor)
    assert TipTexts.objects.get().live
    assert _asked("sv") == {**built_in_to_edit("sv"), "start_lead": NEW_WORDS}
    assert not _asked("en")
    # The website alone changes nothing that tipsters read.
    assert texts_for("sv") == BUILT_IN["sv"]


def test_what_an_approver_has_changed_waits_for_approval_itself(
    client, editor, chief_editor, languages, committed
):
    client.force_login(editor)
    client.post(f"{ADD}?locale=sv", _form())
    texts = TipTexts.objects.get()
    send(editor, [texts.latest_revision])
    client.force_login(chief_editor)
    with committed():
        client.post(_edit(texts), _form(start_lead=NEW_WORDS))
        texts.refresh_from_db()
        send(chief_editor, [texts.latest_revision])
    assert not _asked("sv")
    with committed():
        confirm_all(editor, texts)
    assert _asked("sv")["start_lead"] == NEW_WORDS


def test_english_texts_are_confirmed_too(client, editor, chief_editor, languages, committed):
    client.force_login(chief_editor)
    client.post(f"{ADD}?locale=en", _form("en", start_lead="Tell us in your own words."))
    with committed():
        publish_by_two(TipTexts.objects.get(), chief_editor, editor)
    assert _asked("en")["start_lead"] == "Tell us in your own words."
    assert not _asked("sv")


def test_paragraphs_arrive_as_they_were_written(client, editor, chief_editor, languages, committed):
    client.force_login(editor)
    client.post(
        f"{ADD}?locale=sv", _form(afterwards="Vi läser det.\r\n\r\nVi hör sällan av oss.\r\n")
    )
    with committed():
        publish_by_two(TipTexts.objects.get(), editor, chief_editor)
    assert _asked("sv")["afterwards"] == "Vi läser det.\n\nVi hör sällan av oss."


def test_a_draft_of_what_is_live_changes_nothing_in_the_form(client, editor, published, committed):
    client.force_login(editor)
    with committed():
        client.post(_edit(published), _form(start_lead="Ett utkast."))
    assert published.revisions.latest("created_at").as_object().start_lead == "Ett utkast."
    assert _asked("sv")["start_lead"] == NEW_WORDS


@pytest.mark.parametrize("user", ["editor", "chief_editor"])
def test_nobody_alone_changes_what_the_form_says(
    request, client, user, published, languages, committed
):
    client.force_login(request.getfixturevalue(user))
    soon = (timezone.now() - timedelta(minutes=1)).strftime("%Y-%m-%d %H:%M")
    revision = published.latest_revision
    tries = {
        _edit(published): [PUBLISH, {"expire_at": soon}, {"go_live_at": soon}],
        f"{LIST}unpublish/{published.pk}/": [{}],
        f"{LIST}copy/{published.pk}/": [PUBLISH],
        f"{LIST}history/{published.pk}/revisions/{revision.pk}/revert/": [PUBLISH],
        f"{ADD}?locale=en": [PUBLISH],
    }
    for address, forms in tries.items():
        for form in forms:
            with committed():
                client.post(address, _form(start_lead="Redaktörens egna ord.", **form))
                call_command("publish_scheduled")
            assert _asked("sv")["start_lead"] == NEW_WORDS, (address, form)
            assert not _asked("en"), (address, form)


def test_there_is_one_for_each_language(client, chief_editor, published):
    client.force_login(chief_editor)
    assert "Det finns redan en på det här språket." in _words(
        client.post(f"{ADD}?locale=sv", _form(**SEND))
    )
    assert TipTexts.objects.count() == 1


def test_a_second_draft_in_a_language_is_saved_and_translated_too(client, chief_editor, languages):
    """As when the form for new ones stands open in two windows."""
    client.force_login(chief_editor)
    for words in ("Först.", "Sedan."):
        answer = client.post(f"{ADD}?locale=sv", _form(start_lead=words))
        assert answer.status_code == 302
    english = Locale.objects.get(language_code="en")
    for draft in TipTexts.objects.order_by("pk"):
        client.post(
            f"/admin/translation/submit/snippet/sapo_site/tiptexts/{draft.pk}/",
            {"locales": [english.pk]},
        )
        assert draft.get_translation(english).texts == built_in_to_edit("en")
    assert TipTexts.objects.count() == 4


def test_a_translation_starts_as_a_draft_in_its_own_language(
    client, chief_editor, published, committed
):
    english = Locale.objects.get(language_code="en")
    client.force_login(chief_editor)
    with committed():
        client.post(
            f"/admin/translation/submit/snippet/sapo_site/tiptexts/{published.pk}/",
            {"locales": [english.pk]},
        )
    translation = published.get_translation(english)
    assert translation.texts == built_in_to_edit("en")
    assert not translation.live
    assert not _asked("en")


def test_history_usage_and_comparison_open(client, editor, published):
    published.start_lead = "Ett utkast."
    published.save_revision()
    client.force_login(editor)
    for address in (
        LIST,
        _edit(published),
        f"{LIST}history/{published.pk}/",
        f"{LIST}usage/{published.pk}/",
        f"{LIST}workflow_history/{published.pk}/",
        f"{LIST}history/{published.pk}/revisions/compare/earliest...latest/",
    ):
        assert client.get(address).status_code == 200, address


def test_it_stands_under_settings_and_speaks_swedish(client, rf, editor, published):
    request = rf.get("/admin/")
    request.user = editor
    items = settings_menu.menu_items_for_request(request)
    assert ("Tipssidans texter", LIST) in [(str(item.label), item.url) for item in items]
    client.force_login(editor)
    words = _words(client.get(_edit(published)))
    assert "Innan du tipsar" in words
    for closed in ("Tacksidan", "När det inte går att tipsa", "form_heading", "files_hint"):
        assert closed not in words


# What may not be said

PROMISES = "lovar mer än lagen tillåter"
REFUSED = [  # the promises that are known: tests/unit/tips/test_texts.py
    ("sv", "start_lead", "Du är helt anonym när du tipsar.", PROMISES),
    ("sv", "afterwards", "Tipset har kommit fram och kan inte spåras till dig.", PROMISES),
    ("en", "start_lead", "We guarantee that you remain anonymous.", PROMISES),
    ("sv", "official_document", "Hemligt.", "allmän handling"),
    ("en", "official_document", "Secret.", "allmän handling"),
    ("sv", "start_lead", "Ja. " * 200, ""),
]


def test_what_may_not_be_said_is_refused_beside_its_text(
    client, chief_editor, languages, committed, subtests
):
    client.force_login(chief_editor)
    for language, key, text, why in REFUSED:
        with subtests.test(language=language, text=text[:40]):
            form = _form(language, **{key: text}, **SEND)
            with committed():
                response = client.post(f"{ADD}?locale={language}", form)
            errors = response.context["form"].errors
            assert list(errors) == [key]
            assert why in errors[key][0]
            assert html.unescape(errors[key][0]) in _words(response)
            assert not TipTexts.objects.exists()
            assert not _asked(language)


def test_a_draft_may_hold_what_may_not_be_said_and_nothing_of_it_is_in_the_form(
    client, editor, published, committed
):
    client.force_login(editor)
    form = _form(start_lead="Du är helt anonym.", start_heading="", anonymity="Vi vet mycket.")
    with committed():
        by_hand = client.post(_edit(published), form)
        by_itself = client.post(_edit(published), form, headers={"accept": "application/json"})
    assert by_hand.status_code == 302
    assert by_itself.json()["success"]
    draft = TipTexts.objects.get().get_latest_revision_as_object()
    assert draft.start_lead == "Du är helt anonym."
    assert _asked("sv")["start_lead"] == NEW_WORDS
    assert set(client.post(_edit(published), {**form, **SEND}).context["form"].errors) == {
        "start_lead", "start_heading", "anonymity",
    }  # fmt: skip


def test_what_tells_a_tipster_what_to_do_cannot_be_sent_with_the_form_either(
    client, editor, chief_editor, languages, committed
):
    client.force_login(editor)
    closed = {key: "Ring det här numret." for key in BUILT_IN["sv"] if key not in KEYS}
    client.post(f"{ADD}?locale=sv", _form(**closed))
    with committed():
        publish_by_two(TipTexts.objects.get(), editor, chief_editor)
    assert _asked("sv") == built_in_to_edit("sv")


def test_texts_with_markup_are_refused(client, chief_editor, languages):
    client.force_login(chief_editor)
    form = _form(afterwards="Läs <a href='https://example.org'>mer</a>.", **SEND)
    response = client.post(f"{ADD}?locale=sv", form)
    assert list(response.context["form"].errors) == ["afterwards"]


@pytest.fixture
def faulty(languages):
    """A draft that was written before the check was as strict as it is."""
    texts = TipTexts.begin(Locale.objects.get(language_code="sv"))
    texts.start_lead = "Du är helt anonym."
    texts.save()
    texts.save_revision(clean=False)
    return texts


def test_what_came_past_the_check_is_not_published(faulty, committed):
    with committed(), pytest.raises(ValidationError):
        faulty.latest_revision.publish()
    assert not TipTexts.objects.get().live
    assert not _asked("sv")


def test_what_came_past_the_check_cannot_be_sent_either(editor, faulty, committed):
    with committed(), pytest.raises(ValidationError, match="lovar mer än lagen tillåter"):
        send(editor, [faulty.latest_revision])
    assert not TipTexts.objects.get().live
    assert open_submission_of(faulty) is None
    assert not _asked("sv")


# Times set


def test_texts_go_live_and_end_at_the_times_set_for_them(
    editor, chief_editor, published, committed, monkeypatch
):
    now = timezone.now()
    published.start_lead = "Från och med nu."
    published.go_live_at, published.expire_at = now + timedelta(hours=1), now + timedelta(hours=3)
    published.save_revision()
    with committed():
        publish_by_two(published, editor, chief_editor)
        call_command("publish_scheduled")
    assert _asked("sv")["start_lead"] == NEW_WORDS

    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(hours=2))
    with committed():
        call_command("publish_scheduled")
    assert _asked("sv")["start_lead"] == "Från och med nu."

    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(hours=4))
    with committed():
        call_command("publish_scheduled")
    assert _asked("sv") == {}


def test_texts_that_were_public_are_not_deleted(client, chief_editor, published, committed):
    client.force_login(chief_editor)
    with committed():
        client.post(f"{LIST}delete/{published.pk}/")
    assert TipTexts.objects.get().live


# Back to the release's own


def test_withdrawn_texts_ask_for_the_releases_own(published, committed):
    with committed():
        published.unpublish()
    assert _asked("sv") == {}


def test_a_change_that_is_rolled_back_never_reaches_the_form(published, committed):
    with committed():
        try:
            with transaction.atomic():
                published.start_lead = "Blev aldrig av."
                published.save_revision().publish()
                raise RuntimeError
        except RuntimeError:
            pass
    assert _asked("sv")["start_lead"] == NEW_WORDS


# What is shown, and what waits

RELEASE = "Tipssidan visar de inbyggda texterna."
WAITS = "Det publicerade väntar på tipsmottagningen."
HAS_NOT_ARRIVED = (
    "Det publicerade har inte kommit fram till tipsmottagningen. Säg till den som sköter driften."
)


def test_an_editor_reads_what_is_shown_now_and_that_the_published_texts_wait(
    client, editor, published
):
    client.force_login(editor)
    for address in (LIST, _edit(published), "/admin/"):
        words = _words(client.get(address))
        assert words.count(WAITS) == 1, address
        assert RELEASE in words, address
        assert HAS_NOT_ARRIVED not in words, address
    assert BUILT_IN["sv"]["start_lead"] in _words(client.get(_edit(published)))


def test_an_editor_reads_since_when_a_handler_has_let_the_texts_be_shown(client, editor, published):
    exchange.write_approved("sv", _asked("sv"), date(2026, 11, 26))
    client.force_login(editor)
    words = _words(client.get(_edit(published)))
    assert "Tipssidan visar texter som tipsmottagningen godkände den 26 november 2026." in words
    for address in (LIST, _edit(published), "/admin/"):
        assert WAITS not in _words(client.get(address)), address


def test_an_editor_reads_that_a_handler_said_no(client, editor, published):
    digest = exchange.digest_of_texts("sv", _asked("sv"))
    exchange.write_refused("sv", digest, date(2026, 11, 26))
    client.force_login(editor)
    said = "Tipsmottagningen sade nej till det publicerade den 26 november 2026."
    for address in (LIST, _edit(published)):
        assert _words(client.get(address)).count(said) == 1, address


def test_a_website_that_approves_its_own_texts_is_not_believed_beyond_its_own_pages(
    client, published, tip_channel
):
    """What the CMS may write is not what the form reads."""
    texts_file("sv").write_text(texts_file("sv").read_text().replace(
        exchange.TEXTS_FORMAT, exchange.APPROVED_FORMAT
    ))  # fmt: skip
    assert NEW_WORDS not in _words(client.get("/tipsa/"))


@pytest.fixture
def broken_disk(exchange_dir):
    """The folder cannot be made, since a file lies in its place."""
    exchange_dir.write_text("")
    return exchange_dir


def test_an_editor_is_told_when_the_texts_could_not_be_written(
    client, editor, chief_editor, languages, broken_disk, committed, caplog
):
    client.force_login(chief_editor)
    client.post(f"{ADD}?locale=sv", _form(start_lead=NEW_WORDS))
    with committed():
        publish_by_two(TipTexts.objects.get(), editor, chief_editor)
    assert TipTexts.objects.get().live
    assert not _asked("sv")
    assert [record.levelname for record in caplog.records if "were not written" in record.message]
    for address in (LIST, _edit(TipTexts.objects.get()), "/admin/"):
        assert _words(client.get(address)).count(HAS_NOT_ARRIVED) == 1, address


def test_a_disk_that_fails_leaves_the_texts_that_were_there_whole(
    published, exchange_dir, committed, monkeypatch
):
    before = texts_file("sv").read_bytes()

    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    published.start_lead = "Ryms inte."
    with committed():
        published.save_revision().publish()
    assert texts_file("sv").read_bytes() == before
    assert [path.name for path in texts_file("sv").parent.iterdir()] == ["sv.json"]


def _write_tip_texts() -> str:
    out = StringIO()
    call_command("write_tip_texts", stdout=out)
    return out.getvalue()


def test_all_texts_can_be_written_again(client, editor, published):
    texts_file("sv").unlink()
    texts_file("en").write_text("Ligger kvar från en tid då engelska var publicerad.")
    assert _write_tip_texts() == "Texterna är lämnade till tipsmottagningen: Svenska.\n"
    assert _asked("sv")["start_lead"] == NEW_WORDS
    assert not _asked("en")


def test_writing_says_so_when_nothing_is_published(languages):
    assert _write_tip_texts() == ("Inga texter är publicerade. Tipssidan ska visa de inbyggda.\n")


def test_writing_says_when_the_folder_cannot_be_written(published, settings, tmp_path):
    settings.EXCHANGE_DIR = tmp_path / "fil"
    settings.EXCHANGE_DIR.write_text("")
    with pytest.raises(CommandError, match="Texterna gick inte att skriva"):
        _write_tip_texts()


# Preview


def _preview(client, address: str, form: dict[str, str]):
    posted = client.post(address, form).json()
    assert posted == {"is_valid": True, "is_available": True}
    joint = "&" if "?" in address else "?"
    return client.get(f"{address}{joint}in_preview_panel=true")


def test_an_editor_sees_the_draft_as_a_tipster_will_with_the_rest_of_the_page(
    client, editor, published
):
    client.force_login(editor)
    form = _form(start_lead="Utkastets egna ord.")
    words = _words(_preview(client, f"{LIST}preview/{published.pk}/", form))
    assert "Utkastets egna ord." in words
    assert "Tor Browser är gjord för att dölja det" in words
    assert '<html lang="sv"' in words
    assert _asked("sv")["start_lead"] == NEW_WORDS


def test_texts_that_are_being_added_have_a_preview_in_their_language(client, editor, languages):
    client.force_login(editor)
    form = _form("en", start_lead="A draft of the page.")
    words = _words(_preview(client, f"{LIST}preview/?locale=en", form))
    assert "A draft of the page." in words
    assert '<html lang="en"' in words


def test_the_form_that_is_being_added_asks_for_a_preview_in_its_language(client, editor, languages):
    client.force_login(editor)
    assert f"{LIST}preview/?locale=en" in _words(client.get(f"{ADD}?locale=en"))


def test_a_preview_may_be_framed_by_the_cms_and_nobody_else(client, editor, published):
    client.force_login(editor)
    response = _preview(client, f"{LIST}preview/{published.pk}/", _form())
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert "unsafe-inline" not in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_an_approver_sees_what_waits_for_approval(client, editor, chief_editor, published):
    published.start_lead = "Väntar på svar."
    send(editor, [published.save_revision()])
    client.force_login(chief_editor)
    address = f"{LIST}history/{published.pk}/revisions/{published.latest_revision_id}/view/"
    assert "Väntar på svar." in _words(client.get(address))


def test_every_text_has_a_place_in_the_form():
    placed = [
        key
        for panel in TipTexts.panels
        for key in getattr(panel, "children", [])
        if isinstance(key, str)
    ]
    assert placed[: len(KEYS)] == list(KEYS)
