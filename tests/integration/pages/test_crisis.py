"""Krisläge, step by step, as the server answers it."""

import re

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client
from django.urls import reverse

from pages.content.models import Alert, NewsPage, ThreatLevelDecision
from pages.newsroom.models import Approval, CallNumber, CrisisDraft, PreparedMessage, Publication
from tests.factories import NewsIndexPageFactory, NewsPageFactory

KRISLAGE = r"Krisl\u00e4ge"  # as the script of the menu is told it
START = "/admin/redaktion/krislage/"
MESSAGE = {
    "level": "danger", "heading": "Stanna inomhus", "text": "Ett larm pågår.",
    "heading_in_english": "Stay indoors", "text_in_english": "An alarm is going on.",
    "starts_at": "", "ends_at": "",
}  # fmt: skip
LEVEL = {
    "threat_level": "5", "decided_by": "Säkerhetspolischefen", "decided_at": "",
    "level_text": "Hotet är mycket högt.", "level_text_in_english": "The threat is very high.",
}  # fmt: skip
NEWS = {"news_title": "Det har hänt", "news_lead": "Vi vet detta.", "news_text": "Ett.\n\nTvå."}


@pytest.fixture
def news_list(home):
    return NewsIndexPageFactory(parent=home)


def _begun(client, chief, what=("message",), **more):
    client.force_login(chief)
    client.post(f"{START}ny/", more)
    draft = CrisisDraft.objects.latest("pk")
    client.post(_of(draft, "valj"), {"what": list(what), "prepared": "", **more})
    return draft


def _of(draft, step=""):
    return f"{START}{draft.pk}/{step + '/' if step else ''}"


def _seen(page):
    return re.search(r'name="seen" value="([^"]*)"', page.content.decode())[1].replace(
        "&quot;", '"'
    )


def _written(client, chief, words=MESSAGE, **more):
    draft = _begun(client, chief, **more)
    answer = client.post(_of(draft, "skriv"), words)
    assert answer.url == _of(draft, "se"), answer.content.decode()
    return CrisisDraft.objects.get(pk=draft.pk)


def _sent(client, draft, asked="chiefs"):
    page = client.get(_of(draft, "vem"))
    answer = client.post(_of(draft, "vem"), {"seen": _seen(page), "asked": asked, "note": ""})
    assert answer.url == _of(draft)
    return CrisisDraft.objects.get(pk=draft.pk).submission


def _approve(client, person, submission):
    client.force_login(person)
    address = reverse("newsdesk:confirm", args=[submission.pk])
    page = client.get(address)
    assert "Godkänn och publicera allt" in page.content.decode()
    return client.post(address, {"seen": _seen(page), "act": "confirm"})


def test_four_things_go_out_on_one_confirmation(
    client, chief_editor, editor, news_list, english_home
):
    draft_page = NewsPageFactory(parent=news_list, title="Frågor och svar", live=False)
    draft_page.save_revision(user=chief_editor)
    what = ("message", "level", "news", "pages")
    draft = _written(
        client, chief_editor, {**MESSAGE, **LEVEL, **NEWS}, what=what, pages=[str(draft_page.pk)]
    )
    submission = _sent(client, draft)
    assert not Alert.objects.public().exists()
    assert "Väntar på" in client.get(_of(draft)).content.decode()
    before = client.get(_of(draft, "lage")).json()
    client.force_login(editor)
    page = client.get(reverse("newsdesk:confirm", args=[submission.pk])).content.decode()
    for words, address in zip(
        ("Stay indoors", "The threat is very high."),
        re.findall(r'href="([^"]*visning=en)"', page),
        strict=True,
    ):
        assert words in client.get(address).content.decode()
    client.force_login(chief_editor)
    answer = _approve(client, editor, submission)
    assert answer.url == _of(draft)
    assert Alert.objects.public().get().heading_in_english == "Stay indoors"
    assert ThreatLevelDecision.objects.in_force().first().level == 5
    assert NewsPage.objects.live().filter(title="Det har hänt").exists()
    assert NewsPage.objects.get(pk=draft_page.pk).live
    client.force_login(chief_editor)
    assert client.get(_of(draft, "lage")).json() != before
    page = client.get(_of(draft)).content.decode()
    assert re.search(r"Ute sedan \d\d\.\d\d\.\d\d, svenska och engelska", page)


def test_a_level_goes_out_by_itself_in_both_languages(client, chief_editor, editor, home):
    client.force_login(chief_editor)
    answer = client.post(f"{START}ny/", {"what": "level"})
    draft = CrisisDraft.objects.get()
    assert answer.url == _of(draft, "skriv")
    assert "4 – Högt hot" in client.get(_of(draft, "skriv")).content.decode()
    one = {**LEVEL, "level_text_in_english": ""}
    assert client.post(_of(draft, "skriv"), one).status_code == 422
    client.post(_of(draft, "skriv"), LEVEL)
    page = client.get(_of(draft, "se")).content.decode()
    assert "visning=en" in page
    _approve(client, editor, _sent(client, draft))
    level = ThreatLevelDecision.objects.in_force().get()
    assert (level.level, level.hour_is_known) == (5, True)


def test_every_step_can_be_looked_at_and_what_is_typed_is_kept_also_when_it_is_wrong(
    client, chief_editor, home
):
    draft = _begun(client, chief_editor)
    wrong = {**MESSAGE, "heading_in_english": "", "text": "Något halvt"}
    assert client.post(_of(draft, "skriv"), wrong).status_code == 422
    client.post(_of(draft, "skriv"), {**wrong, "heading": "Senare", "autosave": "1"})
    assert "Senare" in (page := client.get(_of(draft, "skriv")).content.decode())
    assert "Något halvt" in page
    assert client.get(_of(draft, "se")).url == _of(draft, "skriv")
    client.post(_of(draft, "skriv"), MESSAGE)
    for step in ("valj", "skriv", "se", "vem"):
        assert client.get(_of(draft, step)).status_code == 200
    assert not Alert.objects.public().exists()


def test_a_prepared_message_fills_in_what_is_empty_and_nothing_that_was_written(
    client, chief_editor, home
):
    prepared = PreparedMessage.objects.get(name="Telefonerna fungerar inte")
    draft = _begun(client, chief_editor)
    client.post(_of(draft, "skriv"), {"text": "Egna ord", "autosave": "1"})
    client.post(_of(draft, "valj"), {"what": ["message"], "prepared": prepared.pk})
    page = client.get(_of(draft, "skriv")).content.decode()
    assert prepared.heading_in_english in page
    assert "Egna ord" in page
    assert prepared.text not in page


def test_the_prepared_messages_that_are_shipped_can_go_out_as_they_are(home):
    assert PreparedMessage.objects.filter(is_all_clear=True).count() == 1
    for each in PreparedMessage.objects.all():
        each.full_clean()
        words = {name: getattr(each, name) for name in ("level", "heading", "text",
                 "heading_in_english", "text_in_english")}  # fmt: skip
        Alert(locale=home.locale, live=False, **words).refuse_faults()


def test_the_message_is_seen_where_readers_will_meet_it(
    client, chief_editor, section, english_home
):
    draft = _written(client, chief_editor)
    address = reverse("newsdesk:preview_revision", args=[draft.message.latest_revision_id])
    for language, words in (("", "Stanna inomhus"), ("en", "Stay indoors")):
        in_language = f"{address}?visning={language}"
        assert in_language in client.get(_of(draft, "se")).content.decode()
        assert words in client.get(in_language).content.decode()


def test_red_warns_and_does_not_stop_and_both_have_it_in_their_confirmation(
    client, chief_editor, editor, home
):
    draft = _written(client, chief_editor, {**MESSAGE, "text": "TODO: skriv mer."})
    assert (
        "Rött varnar men stoppar inte i krisläge." in client.get(_of(draft, "se")).content.decode()
    )
    submission = _sent(client, draft)
    _approve(client, editor, submission)
    assert Alert.objects.public().exists()
    for word in submission.confirmations.all():
        assert list(word.reasons.values()) == [
            "Krisläge: publiceras trots påpekandet, som var synligt."
        ]


def test_who_is_asked_gets_a_mail_and_a_bar_on_every_page(
    client, chief_editor, editor, home, django_capture_on_commit_callbacks
):
    editor.email = "eva@example.org"
    editor.save()
    CallNumber.objects.create(account=editor, phone="010-123 45 67")
    CallNumber.objects.create(name="jour", phone="010-568 70 00")
    draft = _written(client, chief_editor)
    page = client.get(_of(draft, "vem")).content.decode()
    assert "010-123 45 67" in page
    assert 'href="tel:0105687000">jour 010-568 70 00</a>' in page
    with django_capture_on_commit_callbacks(execute=True):
        submission = _sent(client, draft, asked=str(editor.pk))
    subjects = [each.subject for each in mail.outbox if each.to == ["eva@example.org"]]
    assert "Krisläge: godkänn ”Stanna inomhus”" in subjects
    assert "010-123 45 67" in client.get(_of(draft)).content.decode()
    client.force_login(editor)
    for address in ("/admin/", "/admin/pages/"):
        page = client.get(address, follow=True).content.decode()
        assert "Väntar på ditt godkännande: ”Stanna inomhus”" in page
        assert reverse("newsdesk:confirm", args=[submission.pk]) in page


def test_alone_takes_a_reason_and_the_password_and_waits_for_a_review(client, chief_editor, home):
    draft = _written(client, chief_editor)
    page = client.get(_of(draft, "vem"))
    given = {"seen": _seen(page), "act": "emergency", "reason": ""}
    session = client.session
    session.pop("password_given", None)
    session.save()
    assert client.post(_of(draft, "vem"), given).status_code == 422
    assert not Alert.objects.public().exists()
    given |= {"reason": "Människors liv är i fara.", "password": "hemligt-nog-for-prov"}
    assert client.post(_of(draft, "vem"), given).url == _of(draft)
    assert Alert.objects.public().exists()
    assert Approval.objects.get().ground == Approval.Ground.EMERGENCY
    assert "Ute sedan" in client.get(_of(draft)).content.decode()


def test_danger_over_takes_the_place_of_the_message(client, chief_editor, editor, home):
    draft = _written(client, chief_editor)
    _approve(client, editor, _sent(client, draft))
    first = Alert.objects.public().get()
    client.force_login(chief_editor)
    page = client.get(START).content.decode()
    assert "Faran över" in page
    alone = reverse("newsdesk:withdraw", args=["alert", first.pk])
    assert alone in page
    assert client.get(f"{alone}?genast=1").status_code == 200
    answer = client.post(f"{START}ny/", {"type": "all_clear", "follows": first.pk})
    over = CrisisDraft.objects.latest("pk")
    assert answer.url == _of(over, "skriv")
    page = client.get(_of(over, "skriv")).content.decode()
    assert "Meddelandet ”Stanna inomhus” tas ner och ersätts av det här." in page
    assert "T12:00" in page
    client.post(_of(over, "skriv"), over.typed | {"starts_at": ""})
    _approve(client, editor, _sent(client, over))
    shown = client.get("/").content.decode()
    assert "Faran är över" in shown
    client.force_login(chief_editor)
    assert "Faran över: Faran är över" not in client.get(START).content.decode()
    assert "Stanna inomhus" not in shown


def test_what_is_out_can_be_followed_by_every_button_in_a_browser(
    client, chief_editor, editor, home
):
    draft = _written(client, chief_editor)
    _approve(client, editor, _sent(client, draft))
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(chief_editor)
    for page in (START, _of(draft)):
        forms = BeautifulSoup(browser.get(page).content, "html.parser").select(".crisis form")
        assert {"Uppdatera", "Rätta", "Faran över"} <= {each.get_text(strip=True) for each in forms}
        for form in forms:
            typed = {each["name"]: each["value"] for each in form.select("input")}
            assert browser.post(form["action"], typed).status_code == 302


def test_a_correction_starts_from_the_words_and_says_what_was_wrong_in_both_languages(
    client, chief_editor, editor, home
):
    _approve(client, editor, _sent(client, _written(client, chief_editor)))
    client.force_login(chief_editor)
    first = Alert.objects.public().get()
    client.post(f"{START}ny/", {"type": "correction", "follows": first.pk})
    draft = CrisisDraft.objects.latest("pk")
    assert "Stay indoors" in client.get(_of(draft, "skriv")).content.decode()
    assert client.post(_of(draft, "skriv"), MESSAGE).status_code == 422
    wrong = {
        "what_was_wrong": "Platsen var fel.",
        "what_was_wrong_in_english": "The place was wrong.",
    }
    client.post(_of(draft, "skriv"), {**MESSAGE, **wrong})
    _approve(client, editor, _sent(client, CrisisDraft.objects.get(pk=draft.pk)))
    assert "Rättelse:</strong> Platsen var fel." in client.get("/").content.decode()


def test_what_was_sent_can_be_taken_back_changed_and_sent_again(client, chief_editor, editor, home):
    draft = _written(client, chief_editor)
    first = _sent(client, draft)
    assert client.get(_of(draft, "skriv")).url == _of(draft)
    client.post(_of(draft, "ta-tillbaka"))
    answer = client.post(_of(draft, "skriv"), {**MESSAGE, "heading": "Stanna inne"})
    assert answer.url == _of(draft, "se")
    second = _sent(client, draft)
    assert second != first
    _approve(client, editor, second)
    assert Alert.objects.public().get().heading == "Stanna inne"
    assert Publication.objects.filter(kind="alert").count() == 1


def test_krislage_is_for_chief_editors_and_approving_for_all_who_may(
    client, chief_editor, editor, home
):
    draft = _written(client, chief_editor)
    client.force_login(editor)
    for step in ("valj", "skriv", "se", "vem"):
        assert client.get(_of(draft, step)).status_code in (302, 404)
    assert client.post(f"{START}ny/").status_code == 302
    assert CrisisDraft.objects.count() == 1
    assert client.get(START).status_code == 200


def test_the_menu_says_in_words_that_a_message_is_out(client, chief_editor, editor, home):
    client.force_login(chief_editor)
    page = client.get("/admin/").content.decode()
    assert KRISLAGE in page
    assert "crisis-menu--out" not in page
    draft = _written(client, chief_editor)
    _approve(client, editor, _sent(client, draft))
    client.force_login(chief_editor)
    page = client.get("/admin/").content.decode()
    assert f"{KRISLAGE} (1 ute)" in page


def test_nothing_goes_out_together_but_drafts_that_may_be_chosen(
    client, chief_editor, editor, home
):
    public = NewsPageFactory(parent=NewsIndexPageFactory(parent=home), title="Redan ute")
    public.save_revision()
    draft = _begun(client, chief_editor)
    given = {"what": ["message", "pages"], "pages": [str(public.pk)], "prepared": ""}
    assert client.post(_of(draft, "valj"), given).status_code == 422
    client.post(_of(draft, "skriv"), MESSAGE)
    assert "Redan ute" not in client.get(_of(draft, "vem")).content.decode()


def test_keys_that_are_none_are_answered_without_a_fault(client, chief_editor, home):
    for key in ["\u00b2", "9" * 40]:
        draft = _begun(client, chief_editor)
        given = {"what": ["message", "pages"], "pages": [key], "prepared": ""}
        assert client.post(_of(draft, "valj"), given).status_code == 422
        client.post(_of(draft, "skriv"), MESSAGE)
        assert client.get(_of(draft, "vem")).status_code == 200
        begun = client.post(f"{START}ny/", {"type": "update", "follows": key})
        assert begun.url == START
