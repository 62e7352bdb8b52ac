"""Terrorhotnivån: one object, and its history."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from pages.content.models import ThreatLevelDecision
from pages.newsroom.desk.showing import shown
from pages.newsroom.submissions import send
from tests.factories import ThreatLevelDecisionFactory, ThreatLevelPageFactory

BASE = "/admin/snippets/content/threatleveldecision"
NEVER_CHANGED = "Ett beslut om nivån ändras aldrig. Gör ett nytt som rättar det här."
BOTH_LANGUAGES = "Nivån behöver text på svenska och engelska."


def _at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo("Europe/Stockholm"))


def _form(**given: object) -> dict[str, object]:
    return {
        "level": 4, "decided_at": "2026-11-20 14:05", "hour_is_known": "on",
        "decided_by": "Säkerhetspolischefen", "text": "Nivån höjs.",
        "text_in_english": "The level is raised.", "corrects": "",
    } | given  # fmt: skip


@pytest.fixture
def level_page(section):
    return ThreatLevelPageFactory(parent=section)


@pytest.fixture
def decisions(level_page):
    ThreatLevelDecisionFactory(level=4, decided_at=_at(2023, 8, 17, 9, 30))
    return ThreatLevelDecisionFactory(level=3)


def _shown_level(client, address: str) -> str:
    """The large number on the start page, or on the page of the level."""
    page = BeautifulSoup(client.get(address).content, "html.parser")
    return page.select_one(".level__number, .force__number").get_text()


def test_start_page_shows_the_level_in_force(client, decisions):
    html = client.get("/").content.decode()
    assert "Förhöjt hot" in html
    assert "23 maj 2025" in html


def test_page_shows_the_scale_in_words_and_the_history(client, level_page, decisions):
    html = client.get(level_page.url).content.decode()
    for name in (
        "Inget identifierat hot", "Begränsat hot", "Förhöjt hot", "Högt hot", "Mycket högt hot",
    ):  # fmt: skip
        assert name in html
    assert "17 augusti 2023" in html
    assert 'aria-current="true"' in html


def test_new_decision_is_shown_at_once_and_the_old_one_is_kept(client, level_page, decisions):
    client.get("/")
    ThreatLevelDecisionFactory(level=5, decided_at=timezone.now())
    assert "Mycket högt hot" in client.get("/").content.decode()
    assert ThreatLevelDecision.objects.count() == 3


def test_decision_counts_from_its_hour_and_not_before(client, level_page, decisions, monkeypatch):
    ThreatLevelDecisionFactory(level=5, decided_at=timezone.now() + timedelta(hours=2))
    for address in ("/", level_page.url):
        assert _shown_level(client, address) == "3"
    assert client.get("/terrorhotniva.json").json()["level"] == 3
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + timedelta(hours=2))
    for address in ("/", level_page.url):
        assert _shown_level(client, address) == "5"
    assert client.get("/terrorhotniva.json").json()["level"] == 5


def test_day_and_hour_are_shown_in_both_languages(client, level_page, english_home, decisions):
    for address in ("/", level_page.url):
        assert "23 maj 2025 kl. 10.00</time>" in client.get(address).content.decode()
    assert "23 May 2025 at 10:00</time>" in client.get("/en/").content.decode()


def test_old_decision_shows_only_its_day(client, level_page):
    ThreatLevelDecisionFactory(hour_is_known=False)
    html = client.get(level_page.url).content.decode()
    assert '<time datetime="2025-05-23">23 maj 2025</time>' in html
    assert client.get("/terrorhotniva.json").json()["decided_at"] is None


def test_other_programs_read_level_and_history(client, decisions):
    data = client.get("/terrorhotniva.json").json()
    assert data["level"] == 3
    assert data["name"] == {"sv": "Förhöjt hot", "en": "Elevated threat"}
    assert data["decided_on"] == "2025-05-23"
    assert data["decided_at"] == "2025-05-23T10:00:00+02:00"
    assert data["decided_by"] == "Säkerhetspolischefen"
    assert [each["level"] for each in data["history"]] == [3, 4]


def test_without_a_decision_nothing_is_shown(client, home):
    assert client.get("/terrorhotniva.json").status_code == 404
    assert client.get("/").status_code == 200


# Decided once and for all


def test_public_decision_is_never_changed_or_deleted(decisions):
    for name, value in {"level": 1, "text": "Nej.", "live": False, "decided_by": "Jag"}.items():
        changed = ThreatLevelDecision.objects.get(pk=decisions.pk)
        setattr(changed, name, value)
        for change in (changed.save, changed.save_revision):
            with pytest.raises(ValidationError, match=NEVER_CHANGED):
                change()
    for delete in (decisions.delete, ThreatLevelDecision.objects.all().delete):
        with pytest.raises(ValidationError):
            delete()
    decisions.refresh_from_db()
    assert (decisions.live, decisions.level) == (True, 3)


def test_what_wagtail_notes_beside_a_public_decision_is_saved(decisions):
    decisions.save_revision().publish()
    decisions.refresh_from_db()
    decisions.locked = True
    decisions.save()
    assert decisions.live_revision is not None


def test_draft_may_be_changed_and_deleted(client, level_page, decisions):
    draft = ThreatLevelDecisionFactory(level=5, live=False, text_in_english="")
    draft.text = "Hemligt ännu."
    draft.save()
    assert "Hemligt ännu." not in client.get(level_page.url).content.decode()
    assert client.get("/terrorhotniva.json").json()["level"] == 3
    draft.delete()
    assert not ThreatLevelDecision.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize("lacking", ["text", "text_in_english"])
def test_decision_goes_public_only_in_both_languages(lacking, home):
    draft = ThreatLevelDecisionFactory(live=False, **{lacking: ""})
    with pytest.raises(ValidationError, match=BOTH_LANGUAGES):
        draft.save_revision(clean=False).publish()
    with pytest.raises(ValidationError, match=BOTH_LANGUAGES):
        ThreatLevelDecisionFactory(**{lacking: ""})
    assert not ThreatLevelDecision.objects.public().exists()


# Corrected openly


@pytest.fixture
def english_level_page(english_home):
    return ThreatLevelPageFactory(parent=english_home, locale=english_home.locale, slug="level")


def test_correction_stands_beside_what_was_wrong_in_both_languages(
    client, level_page, english_level_page, decisions
):
    ThreatLevelDecisionFactory(
        level=2, decided_at=decisions.decided_at, corrects=decisions,
        text="Vi skrev fel siffra.", text_in_english="We wrote the wrong number.",
    )  # fmt: skip
    html = client.get(level_page.url).content.decode()
    english = client.get(english_level_page.url).content.decode()
    wrong = html[html.index("Det här beslutet var fel.") :]
    assert "Nivån sänks från högt till förhöjt hot." in wrong
    assert "Rätt är:</strong> 2, Begränsat hot." in wrong
    assert "Rättar beslutet från" in html
    wrong = english[english.index("This decision was wrong.") :]
    assert "The level is lowered from high to elevated." in wrong
    assert "Right is:</strong> 2, Limited threat." in wrong
    assert "We wrote the wrong number." in wrong
    data = client.get("/terrorhotniva.json").json()
    assert data["level"] == 2
    assert [each["corrected_by"] for each in data["history"]] == [None, data["id"], None]


def test_corrected_decision_is_never_in_force_whatever_its_hour(home):
    wrong = ThreatLevelDecisionFactory(level=4, decided_at=_at(2026, 11, 20, 14))
    ThreatLevelDecisionFactory(level=3, decided_at=_at(2026, 11, 20, 10), corrects=wrong)
    assert ThreatLevelDecision.objects.in_force().first().level == 3


def test_correction_counts_from_its_own_hour(home):
    wrong = ThreatLevelDecisionFactory(level=4)
    ThreatLevelDecisionFactory(
        level=3, decided_at=timezone.now() + timedelta(hours=1), corrects=wrong
    )
    assert ThreatLevelDecision.objects.in_force().first().level == 4


def test_correction_of_an_old_decision_leaves_the_present_one_in_force(home):
    wrong = ThreatLevelDecisionFactory(level=4, decided_at=_at(2023, 8, 17, 9))
    ThreatLevelDecisionFactory(level=3)
    with pytest.raises(ValidationError, match="Rättelsen skulle också ersätta det senare beslutet"):
        ThreatLevelDecisionFactory(level=5, decided_at=_at(2026, 1, 1, 9), corrects=wrong)
    ThreatLevelDecisionFactory(level=5, decided_at=wrong.decided_at, corrects=wrong)
    assert ThreatLevelDecision.objects.in_force().first().level == 3


def test_only_a_public_decision_that_is_not_corrected_already_is_corrected(home):
    draft = ThreatLevelDecisionFactory(live=False)
    wrong = ThreatLevelDecisionFactory()
    ThreatLevelDecisionFactory(corrects=wrong)
    for choice in (draft, wrong):
        with pytest.raises(ValidationError, match="Välj ett publicerat beslut"):
            ThreatLevelDecisionFactory(corrects=choice)


def test_english_page_marks_what_is_in_swedish(client, english_level_page):
    old = ThreatLevelDecisionFactory()
    ThreatLevelDecision.objects.filter(pk=old.pk).update(text_in_english="")
    html = client.get(english_level_page.url).content.decode()
    assert html.count("Nivån sänks från högt till förhöjt hot.") == 2
    assert html.count('<p lang="sv">Nivån sänks från högt till förhöjt hot.</p>') == 2
    assert "by the Head of the Security Service." in " ".join(html.split())
    ThreatLevelDecisionFactory(decided_by="Tillförordnad chef")
    html = client.get(english_level_page.url).content.decode()
    assert 'by <span lang="sv">Tillförordnad chef</span>.' in " ".join(html.split())


# In the CMS


def test_draft_is_saved_in_one_language_and_published_in_both(client, chief_editor, level_page):
    client.force_login(chief_editor)
    client.post(f"{BASE}/add/", _form(text_in_english="", text="", decided_by=""))
    draft = ThreatLevelDecision.objects.get()
    assert not draft.live
    edit = f"{BASE}/edit/{draft.pk}/"
    client.post(edit, _form(text_in_english=""))
    with pytest.raises(ValidationError, match=BOTH_LANGUAGES.rstrip(".")):
        send(chief_editor, [ThreatLevelDecision.objects.get().latest_revision])
    client.post(edit, _form())
    ThreatLevelDecision.objects.get().latest_revision.publish()
    decision = ThreatLevelDecision.objects.get()
    assert (decision.live, decision.decided_at) == (True, _at(2026, 11, 20, 14, 5))


def test_public_decision_leads_to_a_correction_of_it(client, admin, decisions):
    client.force_login(admin)
    for address in (
        f"{BASE}/edit/{decisions.pk}/",
        f"{BASE}/delete/{decisions.pk}/",
        f"/admin/bulk/content/threatleveldecision/delete/?id={decisions.pk}",
    ):
        html = client.post(address, _form(level=1), follow=True).content.decode()
        assert NEVER_CHANGED in html
        assert "Gör ett nytt som rättar det här" in html
    assert f"{BASE}/add/?corrects={decisions.pk}" in html
    assert client.post(f"{BASE}/unpublish/{decisions.pk}/").url == "/admin/"
    html = client.get(f"{BASE}/add/", {"corrects": decisions.pk}).content.decode()
    assert f'<option value="{decisions.pk}" selected' in html
    assert "Nivån sänks från högt till förhöjt hot." in html
    assert ThreatLevelDecision.objects.get(pk=decisions.pk).level == 3


def test_preview_shows_the_level_page_as_it_will_be(decisions, level_page):
    draft = ThreatLevelDecisionFactory(level=5, live=False, decided_at=_at(2030, 1, 1, 9))
    for language, name in (("sv", "Mycket högt hot"), ("en", "Very high threat")):
        html = draft.make_preview_request(preview_mode=language).content.decode()
        assert f"{name} <strong" in html
        assert "1 januari 2030 kl. 09.00" in html or "1 January 2030 at 09:00" in html


def test_editor_writes_drafts_and_publishes_none(client, editor, level_page):
    client.force_login(editor)
    client.post(f"{BASE}/add/", _form(**{"action-publish": "1"}))
    draft = ThreatLevelDecision.objects.get()
    assert not draft.live
    for name in ("history", "inspect"):
        view = f"wagtailsnippets_content_threatleveldecision:{name}"
        assert client.get(reverse(view, args=[draft.pk])).status_code == 200


def test_public_decision_is_inspected_in_swedish_and_with_its_own_hour(client, editor, level_page):
    decision = ThreatLevelDecisionFactory(level=4, decided_at=_at(2026, 11, 20, 14, 5))
    client.force_login(editor)
    html = client.get(f"{BASE}/inspect/{decision.pk}/").content.decode()
    words = " ".join(re.sub(r"<[^>]+>", " ", re.search(r"<dl.*</dl>", html, re.S)[0]).split())
    assert "20 november 2026 14:05" in words
    assert "Visa klockslaget Ja" in words
    for bookkeeping in ("True", "False", "None", "Senaste revision", "Låst", "+00:00"):
        assert bookkeeping not in words


def test_new_decision_is_compared_with_the_level_that_readers_meet(decisions, editor):
    draft = ThreatLevelDecisionFactory(
        level=5, live=False, decided_at=_at(2026, 11, 20, 14, 5), text="Nivån höjs till fem."
    )
    lines = shown(draft.save_revision(user=editor), editor)["diff_lines"]
    assert any(line.is_same for line in lines)
    changed = " ".join(line.after.text for line in lines if line.after and not line.is_same)
    assert "Nivån höjs till fem." in changed
    assert "Inget identifierat hot" not in changed
