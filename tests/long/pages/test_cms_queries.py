"""The CMS asks the database hardly more than Wagtail does of its own accord."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail import hooks
from wagtail.models import Page

from pages.content.models import PageTopic
from tests.factories import ArticlePageFactory, SiteDocumentFactory, SiteImageFactory, TopicFactory

MORE_THAN_STOCK = 12
PAGES = 15  # so that one question more for each of them is too many
STOCK_SEARCH = {"default": {"BACKEND": "wagtail.search.backends.database"}}
OUR_APPS = ("cooperation", "pages", "sapo_site", "tips")
VIEWS = {
    "dashboard": "/admin/",
    "explorer": "/admin/pages/{section}/",
    "explorer, search": "/admin/pages/{section}/?q={word}",
    "edit": "/admin/pages/{page}/edit/",
    "history of a page": "/admin/pages/{page}/history/",
    "page chooser": "/admin/choose-page/{section}/",
    "page chooser, search": "/admin/choose-page/search/?q={word}",
    "image chooser": "/admin/images/chooser/",
    "image chooser, search": "/admin/images/chooser/results/?q=kust",
    "document chooser": "/admin/documents/chooser/",
    "search": "/admin/pages/search/?q={word}",
    "site history": "/admin/reports/site-history/",
    "locked pages": "/admin/reports/locked/",
    "workflows": "/admin/reports/workflow/",
    "page types": "/admin/reports/page-types-usage/",
}


@pytest.fixture
def ours(section) -> dict[str, Any]:
    """A section with articles, and one of them.

    None names another page: Wagtail's form asks three more questions for each that is chosen.
    """
    image, topic = SiteImageFactory(), TopicFactory()
    SiteDocumentFactory()
    for number in range(PAGES):
        page = ArticlePageFactory(parent=section, title=f"Spaning {number}", live=False)
        page.page_topics.add(PageTopic(topic=topic))
        page.body = [
            ("heading", {"text": "Rubrik", "level": "h2"}),
            ("prose", "<p>Spaning i stad och på land.</p>"),
            ("figure", {"image": {"image": image, "alt_text": "Kust", "decorative": False},
                        "caption": ""}),
        ]  # fmt: skip
        page.save_revision().publish()
    return {"section": section.pk, "page": page.pk, "word": "spaning"}


@pytest.fixture
def as_stock(settings, monkeypatch) -> Callable[[], None]:
    """Makes the CMS what it is without any of ours: search, hooks and middleware."""

    def make() -> None:
        settings.WAGTAILSEARCH_BACKENDS = STOCK_SEARCH
        settings.MIDDLEWARE = [
            each for each in configured.MIDDLEWARE if not each.startswith(OUR_APPS)
        ]
        monkeypatch.setattr(hooks, "_hooks", {
            name: [(hook, order) for hook, order in registered
                   if not hook.__module__.startswith(OUR_APPS)]
            for name, registered in hooks._hooks.items()
        })  # fmt: skip

    return make


@pytest.fixture
def plain(home) -> dict[str, Any]:
    """As many of Wagtail's own pages, which have a title and nothing else."""
    section = home.add_child(instance=Page(title="Wagtails egna"))
    for number in range(PAGES):
        page = section.add_child(instance=Page(title=f"Vanlig {number}"))
        page.save_revision()
    return {"section": section.pk, "page": page.pk, "word": "vanlig"}


def _asked(user: Any, pages: dict[str, Any]) -> dict[str, int]:
    """How many questions each view asks that the user may open."""
    client = Client()
    client.force_login(user)
    asked = {}
    for name, address in VIEWS.items():
        path = address.format(**pages)
        if client.get(path).status_code == 200:
            with CaptureQueriesContext(connection) as captured:
                client.get(path)
            asked[name] = len(captured)
    return asked


@pytest.mark.parametrize("role", ["admin", "chief_editor", "editor"])
def test_no_view_of_the_cms_asks_much_more_than_wagtails_own(role, request, ours, as_stock, plain):
    user = request.getfixturevalue(role)
    asked = _asked(user, ours)
    as_stock()
    call_command("update_index", verbosity=0)
    stock = _asked(user, plain)
    assert asked.keys() == stock.keys()
    assert len(asked) >= len(VIEWS) - 1  # editors lock no pages
    assert {
        name: (asked[name], stock[name])
        for name in asked
        if asked[name] > stock[name] + MORE_THAN_STOCK
    } == {}
