"""What the policy of the CMS refuses while somebody works in every kind of view: nothing.

`refusals` (tests/browser/refused.py) listens here as in every other test.
"""

import re

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from wagtail.users.models import UserProfile

from pages.blocks.body import BodyBlock
from pages.models import ArticlePage, NewsPage, SectionPage, SiteDocument, SiteImage, Submission
from pages.newsroom.before_the_rule import record_all
from pages.newsroom.submissions import send
from sapo_site.groups import CHIEF_EDITORS, set_up_roles
from tests.factories import ArticlePageFactory

from .desk import until
from .refused import Refusals


@pytest.fixture
def page(browser: Browser, live_server, site):
    set_up_roles()
    record_all()
    user = get_user_model().objects.create_superuser("admin", "admin@example.org", "x")
    user.groups.add(Group.objects.get(name=CHIEF_EDITORS))
    UserProfile.objects.create(user=user, preferred_language="sv")
    context = browser.new_context(
        locale="sv-SE", viewport={"width": 1440, "height": 1000}, base_url=live_server.url
    )
    client = Client()  # the password was written a moment ago: some views ask for it again
    client.force_login(user)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}]
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    yield page
    context.close()


_REGISTERS = (
    "pages/alert", "pages/contact", "pages/cookienotice", "pages/footer", "pages/redirection",
    "pages/formeraddresses",
    "pages/synonym", "pages/threatleveldecision", "pages/topic", "cooperation/partner",
    "sapo_site/tiptexts",
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
        f"bulk/wagtailcore/page/delete/?id={draft.pk}", "pages/usage/pages/articlepage/",
        f"redaktion/koll/pages.articlepage/{article.pk}/",
        f"redaktion/ta-bort/pages.articlepage/{article.pk}/", f"redaktion/godkann/{sent.pk}/",
        f"redaktion/ordna/{section.pk}/", "redaktion/papperskorg/",
        "images/", "images/add/", "images/multiple/add/", f"images/{image.pk}/",
        f"images/usage/{image.pk}/", "documents/", "documents/multiple/add/",
        f"documents/edit/{document.pk}/",
        "reports/locked/", "reports/workflow/", "reports/workflow_tasks/",
        "reports/site-history/", "reports/aging-pages/", "reports/page-types-usage/",
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
    "snippets/pages/threatleveldecision/add/",
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


def test_an_editor_writes_with_everything_there_is(page: Page):
    section = SectionPage.objects.get(slug="verksamheten")
    page.goto(f"/admin/pages/add/pages/articlepage/{section.pk}/")
    page.get_by_role("textbox", name="Rubrik").first.fill("Samarbete med andra")
    page.get_by_role("textbox", name="Ingress").fill("Ingen skyddar Sverige ensam.")
    body = page.get_by_role("region", name="Innehåll", exact=True)
    for kind in BodyBlock.base_blocks.values():
        body.get_by_role("button", name="Lägg till ett block").last.click()
        page.get_by_role("option", name=str(kind.label), exact=True).click()

    body.locator("[contenteditable=true]").first.click()
    page.keyboard.type("Det mesta är utbyte av kunskap.")
    page.keyboard.press("Control+A")
    page.locator(".Draftail-ToolbarButton[name=LINK]:visible").first.click()
    _look_and_close(page)
    choosers = [each for each in body.get_by_role("button", name=re.compile("^Välj ")).all()
                if each.is_visible()]  # fmt: skip
    assert len(choosers) > 5
    for chooser in choosers:
        chooser.click()
        _look_and_close(page)
    body.locator(".handsontable td").first.dblclick()
    page.keyboard.type("Klass")
    page.keyboard.press("Enter")

    panels = page.locator("[data-side-panel-toggle]").all()
    assert len(panels) == 4
    for toggle in panels:
        toggle.click()
        page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Spara utkast").click()
    expect(page.locator(".messages .success")).to_be_visible()


def _look_and_close(page: Page) -> None:
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    page.wait_for_load_state("networkidle")
    for tab in dialog.get_by_role("tab").all():
        tab.click()
    dialog.get_by_role("button", name="Stäng").first.click()
    expect(dialog).to_be_hidden()


_FORBIDDEN = """
const script = document.createElement("script");
script.textContent = "document.title = 'inne'";
document.body.append(script);
document.body.insertAdjacentHTML("beforeend", "<p onclick='1' style='color: red'>");
"""


def test_what_the_policy_refuses_is_heard(page: Page, refusals: Refusals):
    page.route(
        "**/cms_starts.js",
        lambda route: route.fulfill(body=_FORBIDDEN, content_type="text/javascript"),
    )
    page.goto("/admin/login/")
    until(page, lambda: len(refusals) >= 3)
    assert page.title() != "inne"
    assert {each.directive for each in refusals} == {
        "script-src-elem", "script-src-attr", "style-src-attr",
    }  # fmt: skip
    refusals.clear()


def test_an_element_that_somebody_brings_in_starts_nothing_that_is_not_named(page: Page):
    page.goto("/admin/")
    page.evaluate(
        """() => {
            window.called = [];
            window.initDateChooser = (...values) => called.push(values);
            window.open = () => called.push("open");
            const put = (name, values) => {
                const start = document.createElement("cms-start");
                Object.assign(start.dataset, { name, values });
                document.body.append(start);
            };
            put("initDateChooser", '["id_day", {"format": "Y-m-d"}]');
            put("open", '["https://example.org/"]');
            put("constructor", "[]");
        }"""
    )
    assert page.evaluate("called") == [["id_day", {"format": "Y-m-d"}]]
