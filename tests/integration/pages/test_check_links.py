"""The nightly look at what public pages lead to."""

import json
import re
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from pages.checks.models import LinkState
from pages.checks.nightly_links import NoNetworkError, links_of, record_answers
from pages.newsroom.guard import live_objects
from pages.newsroom.management.commands import check_links
from tests.factories import AlertFactory, ArticlePageFactory
from tests.postgres import jobs

ROOT = Path(__file__).resolve().parents[3]
ELSEWHERE = "https://www.example.org/rapport"
OTHER = "https://www.example.com/"


def linking(section, *addresses, slug="artikel", **more):
    links = "".join(f'<a href="{address}">här</a> ' for address in addresses)
    body = [("prose", f"<p>{links}</p>")]
    return ArticlePageFactory(parent=section, title=slug, slug=slug, body=body, **more)


def check(**options):
    out = StringIO()
    call_command("check_links", stdout=out, **options)
    return out.getvalue()


def _answers(*said):
    return [
        {"address": address, "status": status, "is_failing": is_failing}
        for address, status, is_failing in said
    ]


def test_the_addresses_of_public_pages_are_listed_once_and_those_of_drafts_not(section):
    linking(section, f"{ELSEWHERE}#sida-2", ELSEWHERE, "mailto:a@example.org", "/sok/")
    linking(section, OTHER, slug="utkast", live=False)
    assert check(list=True).split() == [ELSEWHERE]


def test_an_answer_is_recorded_with_who_leads_there_and_since_when_it_fails(section):
    page = linking(section, ELSEWHERE, OTHER)
    links = links_of(live_objects())
    record_answers(links, _answers((ELSEWHERE, "404", True), (OTHER, "200", False)))
    first = LinkState.objects.get(address=ELSEWHERE)
    assert first.named_by == [f"content.articlepage:{page.pk}"]
    assert first.answer == "svar 404"
    assert list(LinkState.objects.failing()) == [first]
    record_answers(links, _answers((ELSEWHERE, "name", True), (OTHER, "200", False)))
    again = LinkState.objects.get(address=ELSEWHERE)
    assert again.failing_since == first.failing_since
    assert again.checked_at > first.checked_at
    record_answers(links, _answers((ELSEWHERE, "200", False)))
    assert not LinkState.objects.failing()


def test_no_network_is_said_in_one_line_and_nothing_is_marked(section):
    linking(section, ELSEWHERE, OTHER)
    LinkState.objects.create(address=OTHER, status="200", checked_at=timezone.now())
    answers = json.dumps({"address": ELSEWHERE, "status": "name", "is_failing": True})
    no_network = pytest.raises(CommandError, match="det finns inget nätverk")
    with patch.object(check_links, "_ask", return_value=answers), no_network:
        check()
    assert [state.status for state in LinkState.objects.all()] == ["200"]
    with pytest.raises(NoNetworkError):
        record_answers(links_of(live_objects()), _answers((ELSEWHERE, "timeout", True)))


def test_what_nobody_asked_is_not_recorded_and_what_nobody_names_is_forgotten(section):
    page = linking(section, ELSEWHERE)
    links = links_of(live_objects())
    told = _answers((ELSEWHERE, "404", True), ("http://10.0.0.1/", "200", False))
    record_answers(links, [*told, "nonsense", {"address": 3}])
    assert [state.address for state in LinkState.objects.all()] == [ELSEWHERE]
    page.body = []
    page.save_revision().publish()
    record_answers(links_of(live_objects()), [])
    assert not LinkState.objects.exists()


def test_links_within_the_website_are_looked_up_in_the_database(section):
    draft = ArticlePageFactory(parent=section, title="Utkast", slug="utkast", live=False)
    alert = AlertFactory(page=draft)
    page = linking(section, "/finns-inte/")
    recorded = record_answers(links_of(live_objects()), [])
    assert (recorded.asked, recorded.dead) == (0, 2)
    named = {state.address: state.named_by for state in LinkState.objects.failing()}
    assert named == {
        "/verksamheten/utkast/": [f"content.alert:{alert.pk}"],
        "/finns-inte/": [f"content.articlepage:{page.pk}"],
    }


def test_answers_that_cannot_be_read_change_nothing(section, monkeypatch):
    linking(section, ELSEWHERE)
    monkeypatch.setattr("sys.stdin", StringIO("inte json\n"))
    with pytest.raises(CommandError, match="Svaren går inte att läsa"):
        check(record=True)
    assert not LinkState.objects.exists()


# In production


def test_who_asks_has_no_settings_and_may_reach_no_machine_of_ours():
    unit = (ROOT / "deploy" / "sapo-links.service").read_text()
    assert "ExecStart=/srv/sapo/.venv/bin/python -s -m pages.ground.asking\n" in unit
    assert "DynamicUser=yes" in unit
    assert not re.search(r"^Environment", unit, re.MULTILINE)
    denied = re.search(r"^IPAddressDeny=(.*)$", unit, re.MULTILINE)[1].split()
    assert {"localhost", "link-local", "multicast", "10.0.0.0/8", "192.168.0.0/16"} <= {*denied}
    assert jobs()["links"] == ["02:20", "-", "check_links"]
