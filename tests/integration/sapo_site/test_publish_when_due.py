"""Pages that an editor has scheduled."""

from datetime import timedelta
from itertools import chain, repeat

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests.factories import ArticlePageFactory


@pytest.fixture
def _one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parent lives for one round."""
    parents = chain([1, 1], repeat(2))
    monkeypatch.setattr("os.getppid", lambda: next(parents))
    # The test's own connection, in whose transaction the page lies, stays open.
    command = "sapo_site.management.commands.publish_when_due"
    monkeypatch.setattr(f"{command}.close_old_connections", lambda: None)


@pytest.mark.usefixtures("_one_minute")
def test_scheduled_page_is_published_when_its_time_has_come(client, section):
    page = ArticlePageFactory(parent=section, live=False, slug="samtal")
    page.go_live_at = timezone.now() + timedelta(hours=1)
    page.save_revision().publish()
    assert client.get("/verksamheten/samtal/").status_code == 404
    page.revisions.update(approved_go_live_at=timezone.now() - timedelta(minutes=1))
    revision = page.latest_revision
    revision.content["go_live_at"] = (timezone.now() - timedelta(minutes=1)).isoformat()
    revision.save(update_fields=["content"])

    call_command("publish_when_due")

    response = client.get("/verksamheten/samtal/")
    assert response.status_code == 200
    assert "Senast ändrad" in response.content.decode()
