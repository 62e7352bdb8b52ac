"""Every kind of view of the CMS opens under its policy, and so do its filters and pickers of dates."""

import re

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from pages.content.models import ArticlePage, NewsPage, SectionPage
from pages.library.models import SiteDocument, SiteImage
from pages.newsroom.models import Submission
from pages.newsroom.submissions import send
from tests.browser import test_cms_policy
from tests.factories import ArticlePageFactory

page = test_cms_policy.page
_REGISTERS = (
    "content/alert", "content/contact", "content/cookienotice", "content/footer",
    "content/formeraddresses",
    "search/synonym", "content/threatleveldecision", "content/topic", "cooperation/partner",
)  # fmt: skip


def _views() -> list[str]:
    """One address of each kind, below that of the CMS."""
    article = ArticlePage.objects.get(slug="samverkan")
    section = SectionPage.objects.get(slug="verksamheten")
    news = NewsPage.objects.get(slug="ny")
    first, last = article.revisions.first(), article.save_revision()
    image, document = SiteImage.objects.first(), SiteDocument.objects.first()
    user, group = get_user_model().objects.get(), Group.objects.first()
    draft = ArticlePageFactory(parent=section, title="Valet", live=False)
    send(user, [draft.save_revision(user=user)])
    sent = Submission.objects.get()
    return [
        "", "pages/", f"pages/{section.pk}/", f"pages/{section.pk}/?ordering=ord",
        "pages/search/?q=samverkan", f"pages/{section.pk}/add_subpage/",
        f"pages/{article.pk}/history/", f"pages/{article.pk}/usage/",
        f"pages/{article.pk}/revisions/compare/{first.pk}...{last.pk}/",
        f"pages/{article.pk}/copy/", f"pages/{draft.pk}/move/",
        f"pages/{article.pk}/edit/", f"pages/{news.pk}/edit/", f"pages/{section.pk}/edit/",
        f"bulk/wagtailcore/page/delete/?id={draft.pk}", f"pages/{draft.pk}/delete/", "pages/usage/content/articlepage/",
        f"redaktion/koll/article/{article.pk}/",
        f"redaktion/ta-bort/article/{article.pk}/", f"redaktion/godkann/{sent.pk}/",
        f"redaktion/ordna/{section.pk}/",
        "images/", "images/add/", "images/multiple/add/", f"images/{image.pk}/",
        f"images/usage/{image.pk}/", "documents/", "documents/multiple/add/",
        f"documents/edit/{document.pk}/",
        "reports/locked/", "reports/workflow/", "reports/workflow_tasks/",
        "reports/site-history/", "reports/page-types-usage/",
        "users/", "users/new/", f"users/edit/{user.pk}/", "groups/", f"groups/edit/{group.pk}/",
        "collections/", "collections/add/", "account/",
        *(f"snippets/{each}/" for each in _REGISTERS),
        *(f"snippets/{each}/add/" for each in _REGISTERS),
    ]  # fmt: skip


# Where a picker of dates opens, among others.
_WITH_DATES = {
    "pages/",
    "reports/site-history/",
    "users/",
    "snippets/content/threatleveldecision/add/",
}
_FILTERS_BY_DATE = re.compile("^(Datum|Uppdaterad|Påbörjades|Låst(?! av)|Senast inloggad)")


def test_every_kind_of_view_opens_and_so_do_its_filters_and_pickers_of_dates(page: Page):
    with_dates = set()
    for view in _views():
        answer = page.goto(f"/admin/{view}")
        assert answer.status == 200, view
        _open_a_filter(page)
        fields = page.locator(
            "input[autocomplete=off]:is([placeholder^=Datum], [id$=_at], [id$=_on]):visible"
        )
        if fields.count():
            fields.first.click()
            expect(page.locator(".xdsoft_datetimepicker:visible")).to_have_count(1)
            with_dates.add(view)
        expect(page.locator("cms-start")).to_have_count(0)
    assert with_dates >= _WITH_DATES


def _open_a_filter(page: Page) -> None:
    if (button := page.get_by_role("button", name="Visa filter")).count():
        button.first.click()
        expect(filters := page.locator(".w-drilldown")).to_be_visible()
        if (by_date := filters.get_by_role("button", name=_FILTERS_BY_DATE)).count():
            by_date.first.click()
            expect(filters.locator("input[placeholder^=Datum]").first).to_be_visible()
