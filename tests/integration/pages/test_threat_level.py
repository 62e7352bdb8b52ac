"""Terrorhotnivån: one object, and its history."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from pages.models import ThreatLevelDecision
from tests.factories import ThreatLevelDecisionFactory, ThreatLevelPageFactory


@pytest.fixture
def level_page(section):
    return ThreatLevelPageFactory(parent=section)


@pytest.fixture
def decisions(level_page):
    ThreatLevelDecisionFactory(level=4, decided_on=date(2023, 8, 17))
    return ThreatLevelDecisionFactory(level=3, decided_on=date(2025, 5, 23))


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
    ThreatLevelDecisionFactory(level=5, decided_on=localdate())
    assert "Mycket högt hot" in client.get("/").content.decode()
    assert ThreatLevelDecision.objects.count() == 3


def test_decision_of_tomorrow_is_not_yet_in_force(client, decisions):
    ThreatLevelDecisionFactory(level=5, decided_on=localdate() + timedelta(days=1))
    assert client.get("/terrorhotniva.json").json()["level"] == 3


def test_other_programs_read_level_and_history(client, decisions):
    data = client.get("/terrorhotniva.json").json()
    assert data["level"] == 3
    assert data["name"] == {"sv": "Förhöjt hot", "en": "Elevated threat"}
    assert data["decided_on"] == "2025-05-23"
    assert data["decided_by"] == "Säkerhetspolischefen"
    assert [each["level"] for each in data["history"]] == [3, 4]


def test_without_a_decision_nothing_is_shown(client, home):
    assert client.get("/terrorhotniva.json").status_code == 404
    assert client.get("/").status_code == 200


def test_decision_is_never_changed(decisions):
    decisions.level = 1
    with pytest.raises(ValidationError):
        decisions.save()
    assert ThreatLevelDecision.objects.get(pk=decisions.pk).level == 3


def test_decision_is_never_deleted(decisions):
    with pytest.raises(ValidationError):
        decisions.delete()
    with pytest.raises(ValidationError):
        ThreatLevelDecision.objects.all().delete()


def test_chief_editor_records_a_decision_but_changes_none(client, chief_editor, decisions):
    client.force_login(chief_editor)
    response = client.post(
        "/admin/snippets/pages/threatleveldecision/add/",
        {
            "level": 4, "decided_on": localdate().isoformat(),
            "decided_by": "Säkerhetspolischefen", "text": "Nivån höjs.", "text_in_english": "",
        },
    )  # fmt: skip
    assert response.status_code == 302
    assert ThreatLevelDecision.objects.in_force().first().level == 4
    base = "/admin/snippets/pages/threatleveldecision"
    for action in ("edit", "delete"):
        assert client.get(f"{base}/{action}/{decisions.pk}/").status_code == 302
        client.post(f"{base}/{action}/{decisions.pk}/", {"level": 1})
    assert ThreatLevelDecision.objects.get(pk=decisions.pk).level == 3


def test_editor_may_not_record_a_decision(client, editor, level_page):
    client.force_login(editor)
    client.post(
        "/admin/snippets/pages/threatleveldecision/add/",
        {"level": 5, "decided_on": "2026-01-01", "decided_by": "Jag", "text": "Hej."},
    )
    assert not ThreatLevelDecision.objects.exists()
