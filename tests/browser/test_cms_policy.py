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

from pages.content.blocks.body import BodyBlock
from pages.content.models import SectionPage
from pages.newsroom.before_the_rule import record_all
from sapo_site.accounts.groups import CHIEF_EDITORS, set_up_roles

from .axe import violations
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


def test_an_editor_writes_with_everything_there_is(page: Page):
    faults: list[str] = []
    page.on("console", lambda each: each.type == "error" and faults.append(each.text))
    section = SectionPage.objects.get(slug="verksamheten")
    page.goto(f"/admin/pages/add/content/articlepage/{section.pk}/")
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
    assert not [each for each in faults if not each.startswith("axe.run results")]


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


_FACE = """() => {
    const style = (part) => getComputedStyle(document.querySelector(part));
    const all = [...document.querySelectorAll("body *")].filter((each) => each.checkVisibility());
    const teal = (colour) => {
        const [red, green, blue, alpha = 1] = colour.match(/[\\d.]+/g).map(Number);
        return alpha > 0 && green > red + 40 && Math.abs(green - blue) < 0.12 * green;
    };
    return {
        menu: style(".sidebar").backgroundColor,
        here: style(".sidebar-menu-item--active").borderInlineStartColor,
        paper: style("html").backgroundColor,
        type: [...document.fonts].some((font) => font.status === "loaded")
            && style("body").fontFamily.split(",")[0],
        teal: all.filter((each) => ["color", "backgroundColor", "borderTopColor"]
            .some((name) => teal(getComputedStyle(each)[name]))).map((each) => each.outerHTML),
    };
}"""


def test_the_cms_has_the_ink_the_gold_and_the_type_of_the_public_site(page: Page):
    section = SectionPage.objects.get(slug="verksamheten")
    for scheme, menu, paper in (
        ("light", "rgb(11, 35, 66)", "rgb(255, 255, 255)"),
        ("dark", "rgb(18, 48, 90)", "rgb(14, 23, 34)"),
    ):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for way in (f"{section.pk}/", "1/", f"{section.pk}/edit/", f"{section.pk}/history/"):
            page.goto(f"/admin/pages/{way}")
            page.wait_for_load_state("networkidle")
            assert page.evaluate(_FACE) == {
                "menu": menu, "here": "rgb(240, 194, 75)", "paper": paper,
                "type": '"Schibsted Grotesk"', "teal": [],
            }  # fmt: skip
            assert violations(page, runOnly=["color-contrast"]) == []
    page.set_viewport_size({"width": 390, "height": 844})
    for way in (f"{section.pk}/edit/", f"{section.pk}/"):
        page.goto(f"/admin/pages/{way}")
        page.wait_for_load_state("networkidle")
        for tag in page.locator(".page-status-tag:visible, .listing .w-status").all():
            assert sum(tag.bounding_box()[name] for name in ("x", "width")) <= 390
    assert page.locator("td.title").first.bounding_box()["width"] > 150
