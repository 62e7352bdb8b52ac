"""Pages that an editor has scheduled."""

from datetime import timedelta
from itertools import chain, repeat

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests.factories import ArticlePageFactory
from tests.newsroom import approved_by_two


@pytest.fixture
def _one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parent lives for one round."""
    parents = chain([1, 1], repeat(2))
    monkeypatch.setattr("os.getppid", lambda: next(parents))
    # The test's own connection, in whose transaction the page lies, stays open.
    command = "sapo_site.management.commands.publish_when_due"
    monkeypatch.setattr(f"{command}.close_old_connections", lambda: None)


@pytest.mark.usefixtures("_one_minute")
@pytest.mark.fault("sapo-moments gone")
def test_scheduled_page_is_published_when_its_time_has_come(
    client, section, editor, chief_editor, monkeypatch, acknowledges
):
    page = ArticlePageFactory(parent=section, live=False, slug="samtal")
    page.go_live_at = timezone.now() + timedelta(hours=1)
    approved_by_two(editor, chief_editor, page.save_revision())
    assert client.get("/verksamheten/samtal/").status_code == 404
    monkeypatch.setattr(timezone, "now", lambda: page.go_live_at)

    call_command("publish_when_due")

    response = client.get("/verksamheten/samtal/")
    acknowledges(1, lost=response.status_code != 200)
    assert "Senast ändrad" in response.content.decode()
