"""Where things stand in pages: what nobody sees who asks only whether they are there."""

import json

from playwright.sync_api import Locator, Page, expect

from cooperation.models import CooperationPage
from pages.content.models import SectionPage
from tests.browser.desk import DESK, leave
from tests.browser.test_newsroom import _user, draft, sent  # noqa: F401
from tests.factories import AlertFactory, PartnerFactory

# The website


def test_message_and_notice_stand_below_the_logotype(page: Page, live_server, site):
    AlertFactory(heading="Telefonen ligger nere")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(live_server.url)
    tops = [
        each.bounding_box()["y"]
        for each in (
            page.get_by_role("banner"),
            page.get_by_text("Telefonen ligger nere"),
            page.get_by_role("heading", level=1),
            page.get_by_role("heading", name="Om kakor på webbplatsen"),
            page.get_by_role("contentinfo"),
        )
    ]
    assert tops == sorted(tops)
    first = page.get_by_role("heading").first
    expect(first).to_have_text("Vi skyddar Sverige och demokratin")


def test_what_has_come_stands_where_it_stands_when_the_rest_comes(page: Page, live_server, site):
    """A slow line brings the page in parts: what is late must not move what is there."""
    places = """() => ['.main-menu [role=search]', '.beside__text:not(.flow)', '.beside__text.flow']
        .map(each => document.querySelector(each).getBoundingClientRect())
        .map(({left, top, width}) => [left, top, width].map(Math.round))"""
    for width in (1024, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{live_server.url}/verksamheten/samverkan/")
        whole = page.evaluate(places)
        page.evaluate("document.querySelector('.beside__more').remove()")
        page.evaluate("document.querySelector('.main-menu__list').remove()")
        assert page.evaluate(places) == whole, width


def test_what_goes_with_the_reader_ends_with_the_text_and_never_covers_the_register(
    page: Page, live_server, site
):
    page.set_viewport_size({"width": 1024, "height": 800})
    cooperation = CooperationPage.objects.get()
    cooperation.body = json.dumps([{"type": "prose", "value": "<p>Vi delar hotbilder.</p>" * 60}])
    cooperation.save_revision().publish()
    for number in range(12):
        PartnerFactory(name=f"Myndighet {number}", description="Vi arbetar tillsammans.")
    page.goto(f"{live_server.url}/verksamheten/samarbete/")
    menu = page.get_by_role("navigation", name="Verksamheten")
    page.mouse.wheel(0, 900)
    expect(menu).to_be_in_viewport()
    register = page.get_by_role("region", name="Dem samarbetar vi med")
    register.get_by_text("Myndighet 9").scroll_into_view_if_needed()
    assert menu.bounding_box()["y"] + menu.bounding_box()["height"] <= register.bounding_box()["y"]


# The newsroom


def test_on_a_phone_the_menu_hides_no_word_of_a_message(newsroom, sent):  # noqa: F811
    rolf = newsroom.enters("Rolf")
    rolf.page.set_viewport_size({"width": 390, "height": 844})
    rolf.opens_form(sent)
    rolf.is_told("är låst medan den väntar på godkännande")
    menu = rolf.page.locator(".sidebar-nav-toggle").bounding_box()
    first_word = rolf.page.locator(".messages-icon").first.bounding_box()
    assert menu is not None
    assert first_word is not None
    assert first_word["x"] >= menu["x"] + menu["width"]


def test_an_error_where_a_page_is_removed_is_no_larger_than_its_words(newsroom, site):
    section = SectionPage.objects.get(slug="verksamheten")
    rolf = newsroom.enters("Rolf")
    rolf.opens(f"/admin/redaktion/ta-bort/section/{section.pk}/")
    rolf.page.get_by_label("Den har ersatts av").check()
    rolf.presses("Skicka för godkännande")
    rolf.reads("Välj sidan som har ersatt den.")
    icon = rolf.page.locator(".proposing__error .icon").bounding_box()
    assert icon is not None
    assert icon["height"] <= 24


# The tip channel


def test_the_way_to_the_form_stands_below_what_it_follows(page: Page, live_server):
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{live_server.url}/tipsa/")
    ways = page.get_by_role("link", name="Till formuläret")
    assert _edge(ways.first, "left") == _edge(page.locator("h1"), "left")
    assert _edge(ways.last, "left") == _edge(page.locator(".part .prose").last, "left")


def _edge(element: Locator, side: str) -> float:
    return element.evaluate("(element, side) => element.getBoundingClientRect()[side]", side)


def test_no_focused_link_is_behind_the_bar_that_says_what_happened(desk):
    for number in range(30):
        leave(f"Tips nummer {number}")
    desk.page.set_viewport_size({"width": 1280, "height": 700})
    desk.open_queue()
    expect(desk.page.locator("#besked")).not_to_be_empty()
    seen, behind = set(), []
    for _ in range(60):
        desk.page.keyboard.press("Tab")
        found = desk.page.evaluate(
            """() => {
                if (document.activeElement === document.body) return null;
                const bar = document.getElementById('besked').getBoundingClientRect();
                const it = document.activeElement.getBoundingClientRect();
                return [document.activeElement.textContent.slice(0, 40), it.top, it.bottom,
                        bar.height > 20 ? bar.top : Infinity];
            }"""
        )
        if found is None or found[3] == float("inf"):
            break  # past the last link, or the bar is gone
        seen.add(found[0])
        if found[1] < found[3] < found[2] or found[1] >= found[3]:
            behind.append(found)
    assert behind == []
    assert len(seen) > 15


def test_a_narrow_window_shows_the_queue_as_cards_that_are_still_a_table(desk):
    leave("Ett tips på en liten skärm")
    desk.page.set_viewport_size({"width": 360, "height": 800})
    desk.open_queue()

    assert desk.page.evaluate("document.documentElement.scrollWidth") <= 360
    expect(desk.page.get_by_role("table")).to_have_count(1)
    expect(desk.page.get_by_role("cell", name="Ett tips på en liten skärm")).to_be_visible()
    desk.page.get_by_text("Sök, välj och ordna").click()
    desk.page.get_by_label("Ordna efter").select_option("Nyast först")
    expect(desk.page.locator("tbody tr")).to_have_count(1)


def test_the_ring_of_the_focus_leaves_the_label_above_whole(desk):
    desk.page.goto(f"{desk.server}{DESK}")
    for name in ("username", "password"):
        desk.page.locator(f"[name={name}]").press("Shift")  # a key shows the ring
        overlap = desk.page.evaluate(
            """() => {
                const control = document.activeElement, style = getComputedStyle(control);
                const ring = parseFloat(style.outlineWidth) + parseFloat(style.outlineOffset);
                const text = document.createRange();
                text.selectNodeContents(control.labels[0]);
                return text.getBoundingClientRect().bottom
                    - (control.getBoundingClientRect().top - ring);
            }"""
        )
        assert overlap <= 0, (name, overlap)
