"""What the tip form says: written by editors, approved, and carried over to the form."""

import html
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from wagtail.admin.menu import settings_menu
from wagtail.models import Locale

from pages.models import ArticlePage
from sapo_site.models import TipTexts
from tests.factories import ArticlePageFactory
from tips.exchange import texts_file
from tips.wording.texts import BUILT_IN, KEYS, texts_for

pytestmark = [pytest.mark.tips, pytest.mark.django_db]

LIST = "/admin/snippets/sapo_site/tiptexts/"
ADD = f"{LIST}add/"
PUBLISH = {"action-publish": "1"}
SUBMIT = {"action-submit": "1"}
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
    texts.form_lead = NEW_WORDS
    texts.save()
    with committed():
        texts.save_revision().publish()
    return TipTexts.objects.get()


def _form(language: str = "sv", **changes: str) -> dict[str, str]:
    return {**BUILT_IN[language], "go_live_at": "", "expire_at": "", **changes}


def _edit(texts: TipTexts) -> str:
    return f"{LIST}edit/{texts.pk}/"


def _words(response) -> str:
    return html.unescape(response.content.decode())


# From draft to form


@pytest.mark.parametrize("language", ["sv", "en"])
def test_new_texts_start_from_the_built_in_ones_of_their_language(
    client, editor, languages, language
):
    client.force_login(editor)
    words = _words(client.get(f"{ADD}?locale={language}"))
    for text in BUILT_IN[language].values():
        assert text in words


def test_what_an_editor_submits_is_in_the_form_once_a_chief_editor_has_approved_it(
    client, editor, chief_editor, languages, committed
):
    client.force_login(editor)
    with committed():
        client.post(f"{ADD}?locale=sv", _form(form_lead=NEW_WORDS, **SUBMIT))
    texts = TipTexts.objects.get()
    assert not texts.live
    assert texts.workflow_in_progress
    assert texts_for("sv") == BUILT_IN["sv"]

    client.force_login(chief_editor)
    words = _words(client.get("/admin/"))
    assert "Inväntar din granskning" in words
    assert _edit(texts) in words
    task = texts.current_workflow_task_state
    with committed():
        client.post(f"{LIST}workflow/action/{texts.pk}/approve/{task.pk}/", {"comment": "Bra."})
    assert TipTexts.objects.get().live
    assert texts_for("sv") == {**BUILT_IN["sv"], "form_lead": NEW_WORDS}
    assert texts_for("en") == BUILT_IN["en"]


def test_a_chief_editor_who_reads_it_in_the_editor_approves_it_there(
    client, editor, chief_editor, languages, committed
):
    client.force_login(editor)
    form = _form(afterwards="Vi läser det.\r\n\r\nVi hör sällan av oss.")
    client.post(f"{ADD}?locale=sv", {**form, **SUBMIT})
    texts = TipTexts.objects.get()
    client.force_login(chief_editor)
    with committed():
        client.post(
            _edit(texts),
            {**form, "action-workflow-action": "true", "workflow-action-name": "approve"},
        )
    assert TipTexts.objects.get().live
    assert not texts.workflow_in_progress
    assert texts_for("sv")["afterwards"] == "Vi läser det.\n\nVi hör sällan av oss."


def test_what_an_approver_changed_while_approving_waits_for_approval_itself(
    client, editor, chief_editor, languages, committed
):
    client.force_login(editor)
    client.post(f"{ADD}?locale=sv", _form(**SUBMIT))
    texts = TipTexts.objects.get()
    client.force_login(chief_editor)
    approve = {"action-workflow-action": "true", "workflow-action-name": "approve"}
    with committed():
        client.post(_edit(texts), _form(form_lead=NEW_WORDS, **approve))
    assert texts.workflow_in_progress
    assert not texts_file("sv").exists()
    with committed():
        client.post(_edit(texts), _form(form_lead=NEW_WORDS, **approve))
    assert texts_for("sv")["form_lead"] == NEW_WORDS


def test_a_chief_editor_publishes_from_the_form_in_english_too(
    client, chief_editor, languages, committed
):
    client.force_login(chief_editor)
    with committed():
        client.post(
            f"{ADD}?locale=en", _form("en", form_lead="Tell us in your own words.", **PUBLISH)
        )
    assert texts_for("en")["form_lead"] == "Tell us in your own words."
    assert texts_for("sv") == BUILT_IN["sv"]


def test_paragraphs_arrive_as_they_were_written(client, chief_editor, languages, committed):
    client.force_login(chief_editor)
    with committed():
        client.post(
            f"{ADD}?locale=sv",
            _form(afterwards="Vi läser det.\r\n\r\nVi hör sällan av oss.\r\n", **PUBLISH),
        )
    assert texts_for("sv")["afterwards"] == "Vi läser det.\n\nVi hör sällan av oss."


def test_a_draft_of_what_is_live_changes_nothing_in_the_form(client, editor, published, committed):
    client.force_login(editor)
    with committed():
        client.post(_edit(published), _form(form_lead="Ett utkast."))
    assert published.revisions.latest("created_at").as_object().form_lead == "Ett utkast."
    assert texts_for("sv")["form_lead"] == NEW_WORDS


def test_an_editor_alone_changes_nothing_that_the_form_says(
    client, editor, published, languages, committed
):
    client.force_login(editor)
    soon = (timezone.now() - timedelta(minutes=1)).strftime("%Y-%m-%d %H:%M")
    revision = published.latest_revision
    tries = {
        _edit(published): [PUBLISH, {"expire_at": soon}, {"go_live_at": soon}],
        f"{LIST}unpublish/{published.pk}/": [{}],
        f"{LIST}delete/{published.pk}/": [{}],
        f"{LIST}copy/{published.pk}/": [PUBLISH],
        f"{LIST}history/{published.pk}/revisions/{revision.pk}/revert/": [PUBLISH],
        f"/admin/bulk/sapo_site/tiptexts/delete/?id={published.pk}": [{}],
        f"{ADD}?locale=en": [PUBLISH],
    }
    for address, forms in tries.items():
        for form in forms:
            with committed():
                client.post(address, _form(form_lead="Redaktörens egna ord.", **form))
                call_command("publish_scheduled")
            assert texts_for("sv")["form_lead"] == NEW_WORDS, (address, form)
            assert texts_for("en") == BUILT_IN["en"], (address, form)


def test_an_editor_cannot_approve_what_the_form_will_say(client, editor, languages, committed):
    client.force_login(editor)
    client.post(f"{ADD}?locale=sv", _form(form_lead=NEW_WORDS, **SUBMIT))
    texts = TipTexts.objects.get()
    task = texts.current_workflow_task_state
    with committed():
        client.post(f"{LIST}workflow/action/{texts.pk}/approve/{task.pk}/", {"comment": ""})
        client.post(
            _edit(texts),
            _form(**{"action-workflow-action": "1", "workflow-action-name": "approve"}),
        )
    assert not TipTexts.objects.get().live
    assert not texts_file("sv").exists()


def test_there_is_one_for_each_language(client, chief_editor, published):
    client.force_login(chief_editor)
    assert "Det finns redan en på det här språket." in _words(
        client.post(f"{ADD}?locale=sv", _form(**PUBLISH))
    )
    assert TipTexts.objects.count() == 1


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
    assert translation.texts == BUILT_IN["en"]
    assert not translation.live
    assert not texts_file("en").exists()


def test_history_usage_and_comparison_open(client, editor, published):
    published.form_lead = "Ett utkast."
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
    assert [(str(item.label), item.url) for item in items] == [("Tipsformulärets texter", LIST)]
    client.force_login(editor)
    words = _words(client.get(_edit(published)))
    for label in ("Innan du tipsar", "Formuläret", "Tacksidan", "När det inte går att tipsa"):
        assert label in words


# What may not be said


@pytest.mark.parametrize(
    ("language", "key", "text"),
    [
        ("sv", "form_lead", "Du är helt anonym när du tipsar."),
        ("sv", "form_lead", "Du kan lämna tips helt anonymt."),
        ("sv", "start_lead", "Vi garanterar att ingen får veta vem du är."),
        ("sv", "received_text", "Tipset har kommit fram och kan inte spåras till dig."),
        ("en", "form_lead", "You can tell us completely anonymously."),
        ("en", "start_lead", "We guarantee that you remain anonymous."),
        ("en", "received_text", "Your tip cannot be traced."),
    ],
)
@pytest.mark.parametrize("action", [{}, SUBMIT, PUBLISH], ids=["draft", "submit", "publish"])
def test_a_promise_that_the_law_does_not_allow_is_refused_beside_its_text(
    client, chief_editor, languages, committed, language, key, text, action
):
    client.force_login(chief_editor)
    with committed():
        response = client.post(f"{ADD}?locale={language}", _form(language, **{key: text}, **action))
    errors = response.context["form"].errors
    assert list(errors) == [key]
    assert "lovar mer än lagen tillåter" in errors[key][0]
    assert errors[key][0] in _words(response)
    assert not TipTexts.objects.exists()
    assert texts_for(language) == BUILT_IN[language]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_texts_that_have_lost_112_are_refused(client, chief_editor, languages, language):
    client.force_login(chief_editor)
    response = client.post(
        f"{ADD}?locale={language}",
        _form(language, urgent="Ring någon. / Call someone.", **PUBLISH),
    )
    assert list(response.context["form"].errors) == ["urgent"]
    assert "112" in response.context["form"].errors["urgent"][0]
    assert "Skriv att" in _words(response)
    assert not TipTexts.objects.exists()


def test_a_text_that_is_too_long_is_refused(client, chief_editor, languages):
    client.force_login(chief_editor)
    response = client.post(f"{ADD}?locale=sv", _form(form_lead="Ja. " * 200, **PUBLISH))
    assert list(response.context["form"].errors) == ["form_lead"]


@pytest.fixture
def faulty(languages):
    """A draft that was written before the check was as strict as it is."""
    texts = TipTexts.begin(Locale.objects.get(language_code="sv"))
    texts.form_lead = "Du är helt anonym."
    texts.save()
    texts.save_revision(clean=False)
    return texts


def test_what_came_past_the_check_is_not_published(faulty, committed):
    with committed(), pytest.raises(ValidationError):
        faulty.latest_revision.publish()
    assert not TipTexts.objects.get().live
    assert not texts_file("sv").exists()


@pytest.mark.parametrize("headers", [{}, {"x-requested-with": "XMLHttpRequest"}])
def test_approving_what_came_past_the_check_says_what_to_change_and_approves_nothing(
    client, editor, chief_editor, faulty, committed, headers
):
    faulty.get_workflow().start(faulty, editor)
    task = faulty.current_workflow_task_state
    client.force_login(chief_editor)
    with committed():
        response = client.post(
            f"{LIST}workflow/action/{faulty.pk}/approve/{task.pk}/",
            {"comment": ""},
            headers=headers,
        )
    if headers:
        assert response.json() == {"step": "success", "redirect": _edit(faulty)}
    else:
        assert response["Location"] == _edit(faulty)
    words = _words(client.get(_edit(faulty)))
    assert "lovar mer än lagen tillåter" in words
    assert "Formuläret: ingress" in words
    texts = TipTexts.objects.get()
    assert not texts.live
    assert texts.workflow_in_progress
    assert not texts_file("sv").exists()


# Times set


def _schedule(texts: TipTexts, **times: object) -> None:
    for name, moment in times.items():
        setattr(texts, name, moment)
    texts.save_revision(clean=False).publish()


def test_texts_go_live_and_end_at_the_times_set_for_them(published, committed, monkeypatch):
    now = timezone.now()
    with committed():
        published.form_lead = "Från och med nu."
        _schedule(
            published, go_live_at=now + timedelta(hours=1), expire_at=now + timedelta(hours=3)
        )
        call_command("publish_scheduled")
    assert texts_for("sv")["form_lead"] == NEW_WORDS

    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(hours=2))
    with committed():
        call_command("publish_scheduled")
    assert texts_for("sv")["form_lead"] == "Från och med nu."

    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(hours=4))
    with committed():
        call_command("publish_scheduled")
    assert texts_for("sv") == BUILT_IN["sv"]
    assert not texts_file("sv").exists()


def test_a_scheduled_text_that_is_refused_keeps_nothing_else_from_being_published(
    faulty, section, committed, caplog
):
    page = ArticlePageFactory(parent=section, title="Väntar", live=False)
    page.save_revision(approved_go_live_at=timezone.now() - timedelta(minutes=1))
    revision = faulty.latest_revision
    revision.approved_go_live_at = timezone.now() - timedelta(minutes=2)
    revision.save()
    with committed():
        call_command("publish_scheduled")
        call_command("publish_scheduled")
    assert ArticlePage.objects.get(pk=page.pk).live
    assert not TipTexts.objects.get().live
    assert not texts_file("sv").exists()
    refused = [record for record in caplog.records if record.name == "sapo_site.models"]
    assert len(refused) == 1
    assert "helt anonym" in refused[0].getMessage()


# Back to the built-in ones


def test_unpublished_texts_give_the_built_in_ones_back(client, chief_editor, published, committed):
    client.force_login(chief_editor)
    with committed():
        client.post(f"{LIST}unpublish/{published.pk}/")
    assert texts_for("sv") == BUILT_IN["sv"]
    assert not texts_file("sv").exists()


def test_deleted_texts_give_the_built_in_ones_back(client, chief_editor, published, committed):
    client.force_login(chief_editor)
    with committed():
        client.post(f"{LIST}delete/{published.pk}/")
    assert not TipTexts.objects.exists()
    assert texts_for("sv") == BUILT_IN["sv"]
    assert not texts_file("sv").exists()


def test_a_change_that_is_rolled_back_never_reaches_the_form(published, committed):
    with committed():
        try:
            with transaction.atomic():
                published.form_lead = "Blev aldrig av."
                published.save_revision().publish()
                raise RuntimeError
        except RuntimeError:
            pass
    assert texts_for("sv")["form_lead"] == NEW_WORDS


# When the folder cannot be written

HAS_NOT_ARRIVED = "Tipsformuläret visar inte de texter som är publicerade på det här språket"


@pytest.fixture
def broken_disk(exchange_dir):
    """The folder cannot be made, since a file lies in its place."""
    exchange_dir.write_text("")
    return exchange_dir


def test_an_editor_is_told_when_the_texts_could_not_be_written(
    client, chief_editor, languages, broken_disk, committed, caplog
):
    client.force_login(chief_editor)
    with committed():
        response = client.post(f"{ADD}?locale=sv", _form(form_lead=NEW_WORDS, **PUBLISH))
    assert response.status_code == 302
    assert TipTexts.objects.get().live
    assert texts_for("sv") == BUILT_IN["sv"]
    assert [record.levelname for record in caplog.records if "were not written" in record.message]
    for address in (LIST, _edit(TipTexts.objects.get()), "/admin/"):
        words = _words(client.get(address))
        assert words.count(HAS_NOT_ARRIVED) == 1, address
        assert "Svenska. Säg till den som sköter driften." in words, address


def test_a_disk_that_fails_leaves_the_texts_that_were_there_whole(
    published, exchange_dir, committed, monkeypatch
):
    before = texts_file("sv").read_bytes()

    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    published.form_lead = "Ryms inte."
    with committed():
        published.save_revision().publish()
    assert texts_file("sv").read_bytes() == before
    assert [path.name for path in texts_file("sv").parent.iterdir()] == ["sv.json"]


def test_nothing_is_said_when_the_form_shows_what_is_published(client, editor, published):
    client.force_login(editor)
    for address in (LIST, _edit(published), "/admin/"):
        assert HAS_NOT_ARRIVED not in _words(client.get(address)), address


def _write_tip_texts() -> str:
    out = StringIO()
    call_command("write_tip_texts", stdout=out)
    return out.getvalue()


def test_all_texts_can_be_written_again(client, editor, published):
    texts_file("sv").unlink()
    texts_file("en").write_text("Ligger kvar från en tid då engelska var publicerad.")
    assert _write_tip_texts() == "Texterna är skrivna: Svenska.\n"
    assert texts_for("sv")["form_lead"] == NEW_WORDS
    assert not texts_file("en").exists()


def test_writing_says_so_when_nothing_is_published(languages):
    assert _write_tip_texts() == "Inga texter är publicerade. Formuläret visar de inbyggda.\n"


def test_writing_says_when_the_folder_cannot_be_written(published, settings, tmp_path):
    settings.EXCHANGE_DIR = tmp_path / "fil"
    settings.EXCHANGE_DIR.write_text("")
    with pytest.raises(CommandError, match="Texterna gick inte att skriva"):
        _write_tip_texts()


def test_writing_says_when_the_form_refuses_what_is_published(published):
    TipTexts.objects.update(form_lead="Du är helt anonym.")
    with pytest.raises(CommandError, match="Formuläret godtar inte texterna: Svenska"):
        _write_tip_texts()
    assert texts_for("sv") == BUILT_IN["sv"]


# Preview

SHOWN = {
    "start": "start_lead",
    "form": "form_lead",
    "received": "received_heading",
    "closed": "closed_text",
    "limited": "limited_text",
}


def _preview(client, address: str, mode: str, form: dict[str, str]):
    posted = client.post(address, form).json()
    assert posted == {"is_valid": True, "is_available": True}
    joint = "&" if "?" in address else "?"
    return client.get(f"{address}{joint}mode={mode}&in_preview_panel=true")


@pytest.mark.parametrize("mode", SHOWN)
def test_an_editor_sees_the_draft_on_each_of_the_pages(client, editor, published, mode):
    client.force_login(editor)
    words = f"Utkastets egna ord på sidan {mode}."
    response = _preview(
        client, f"{LIST}preview/{published.pk}/", mode, _form(**{SHOWN[mode]: words})
    )
    assert words in _words(response)
    assert '<html lang="sv"' in _words(response)
    assert texts_for("sv")["form_lead"] == NEW_WORDS


@pytest.mark.parametrize("mode", SHOWN)
def test_texts_that_are_being_added_have_a_preview_in_their_language(
    client, editor, languages, mode
):
    client.force_login(editor)
    words = f"A draft of the page {mode}."
    response = _preview(
        client, f"{LIST}preview/?locale=en", mode, _form("en", **{SHOWN[mode]: words})
    )
    assert words in _words(response)
    assert '<html lang="en"' in _words(response)


def test_the_form_that_is_being_added_asks_for_a_preview_in_its_language(client, editor, languages):
    client.force_login(editor)
    assert f"{LIST}preview/?locale=en" in _words(client.get(f"{ADD}?locale=en"))


def test_the_previews_have_swedish_names(client, editor, published):
    client.force_login(editor)
    words = _words(client.get(_edit(published)))
    for mode, name in (
        ("start", "Innan du tipsar"), ("form", "Formuläret"), ("received", "Tacksidan"),
    ):  # fmt: skip
        assert f'<option value="{mode}"' in words
        assert name in words


@pytest.mark.parametrize("mode", SHOWN)
def test_a_preview_may_be_framed_by_the_cms_and_nobody_else(client, editor, published, mode):
    client.force_login(editor)
    response = _preview(client, f"{LIST}preview/{published.pk}/", mode, _form())
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert "unsafe-inline" not in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_nothing_can_be_sent_from_a_preview(client, editor, published):
    client.force_login(editor)
    words = _words(_preview(client, f"{LIST}preview/{published.pk}/", "form", _form()))
    assert 'name="text"' in words
    assert 'name="token" value=""' in words


@pytest.mark.parametrize("mode", SHOWN)
def test_an_approver_sees_what_waits_for_approval(client, editor, chief_editor, published, mode):
    for key in SHOWN.values():
        setattr(published, key, "Väntar på svar.")
    published.save_revision()
    published.get_workflow().start(published, editor)
    client.force_login(chief_editor)
    task = published.current_workflow_task_state
    for address in (
        f"{LIST}workflow/preview/{published.pk}/{task.task_id}/",
        f"{LIST}history/{published.pk}/revisions/{published.latest_revision_id}/view/?mode={mode}",
    ):
        assert "Väntar på svar." in _words(client.get(address)), address


def test_every_text_has_a_place_in_the_form():
    placed = [
        key
        for panel in TipTexts.panels
        for key in getattr(panel, "children", [])
        if isinstance(key, str)
    ]
    assert placed[: len(KEYS)] == list(KEYS)
