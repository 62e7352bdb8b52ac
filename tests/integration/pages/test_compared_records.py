"""After a restore the site names what readers had met and cannot meet any more."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from pages.content.models import Alert
from tests.factories import ArticlePageFactory, SiteDocumentFactory

from .store_reader import Reader
from .test_records import _file, _publish, handing, published, reader  # noqa: F401


def _compared() -> list[str]:
    call_command("compare_records", stdout=(said := StringIO()))
    return said.getvalue().splitlines()


@pytest.fixture
def lost(reader: Reader, section: Any, published: Any) -> Callable[[], None]:  # noqa: F811
    """A page and a message that readers have met; called, they are lost with all that came after."""
    kept = ArticlePageFactory(parent=section, slug="kvar", live=False)
    published(_publish, kept, "Kvar")
    reader.get("/")
    reader.get(kept.url)
    reader.get("/meddelanden.json")
    _file()
    before = transaction.savepoint()
    document = SiteDocumentFactory(title="Bilagan")
    link = f'<p><a linktype="document" id="{document.pk}">Bilagan</a></p>'
    new = ArticlePageFactory(
        parent=section, slug="borta", live=False,
        body=json.dumps([{"type": "prose", "value": link, "id": "1"}]),
    )  # fmt: skip
    published(_publish, new, "Borta")
    alert = Alert(
        locale=section.locale, heading="Undvik torget", text="Text.", starts_at=timezone.now() - timedelta(seconds=1),
    )  # fmt: skip
    published(alert.save)
    for address in (kept.url, new.url, "/meddelanden.json"):
        assert reader.get(address).status == 200
    _file()

    def restore() -> None:
        transaction.savepoint_rollback(before)
        call_command("serve_public_files", stdout=StringIO())

    return restore


def test_nothing_is_named_where_all_is_public(lost: Any) -> None:
    assert _compared() == ["Allt som läsare mötte är publikt."]


def test_each_page_message_and_file_that_a_restore_took_away_is_named_by_address_and_time(
    lost: Any,
) -> None:
    lost()
    said = _compared()
    now = f"{timezone.localtime():%Y-%m-%d %H:%M}"[:-1]
    gone = [line for line in said if "är borta efter återställningen" in line]
    assert any(line.startswith(f"/verksamheten/borta/, för läsare sedan {now}") for line in gone)
    assert any(line.startswith("/dokument/") for line in gone)
    assert any(line.startswith("meddelandet ”Undvik torget”") for line in gone)
    assert any(line.startswith("/verksamheten/kvar/") and "står som" in line for line in said)
    assert said[-1].endswith("försvann med de sista sekunderna.")


def test_more_than_the_last_seconds_is_a_failure(lost: Any, monkeypatch: Any) -> None:
    lost()
    monkeypatch.setattr("pages.management.commands.compare_records._TOO_MUCH", timedelta(0))
    with pytest.raises(CommandError, match="Återställningen tog bort mer än de sista sekunderna"):
        _compared()
