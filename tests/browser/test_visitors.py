"""What visitors meet in a real browser."""

import json

import pytest
from playwright.sync_api import Page, expect

from cooperation.models import CooperationPage
from tests.factories import AlertFactory, PartnerFactory

from .axe import violations
from .conftest import ASKED, PAGES

SIZES = [(360, 740), (1440, 900)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_type_has_an_accessibility_fault(page: Page, live_server, site, scheme):
    page.context.set_default_timeout(10_000)
    page.emulate_media(color_scheme=scheme)
    faults = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for path in PAGES:
            page.goto(live_server.url + path)
            # The page's own policy would keep the checker out.
            results = violations(page)
            faults += [
                (path, width, fault["id"], fault["nodes"][0]["html"][:120]) for fault in results
            ]
    assert faults == []


@pytest.mark.parametrize("width", [320, 360, 768, 1440])
def test_no_page_is_wider_than_the_window(page: Page, live_server, site, width):
    page.set_viewport_size({"width": width, "height": 800})
    for path in PAGES:
        page.goto(live_server.url + path)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, path


def test_nothing_is_asked_of_another_host_and_no_policy_is_broken(
    page: Page, live_server, site, hosts_asked
):
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text)
            if message.type in ("error", "warning") else None)  # fmt: skip
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for path in PAGES:
        page.goto(live_server.url + path)
        page.wait_for_load_state("networkidle")
    assert hosts_asked == {live_server.url.split("/")[2]}
    assert [text for text in complaints if "404" not in text] == []


def test_no_cookie_and_no_storage_before_the_notice_is_closed(page: Page, live_server, site):
    for path in PAGES:
        page.goto(live_server.url + path)
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.context.cookies() == []


@pytest.mark.parametrize("script", [True, False], ids=["script on", "script off"])
def test_cookie_notice_closes_and_stays_closed(browser, live_server, site, script):
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{live_server.url}/verksamheten/")
    page.get_by_role("button", name="Jag förstår").click()
    expect(page).to_have_url(f"{live_server.url}/verksamheten/")
    expect(page.get_by_role("button", name="Jag förstår")).to_have_count(0)
    page.goto(f"{live_server.url}/")
    expect(page.get_by_role("button", name="Jag förstår")).to_have_count(0)
    assert [cookie["name"] for cookie in context.cookies()] == ["kakmeddelande"]
    context.close()


def test_keyboard_reaches_everything_and_shows_where_it_is(page: Page, live_server, site):
    page.goto(f"{live_server.url}/verksamheten/samverkan/")
    wanted = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input, summary')]
            .filter(e => e.checkVisibility() && e.type !== 'hidden').length"""
    )
    reached = 0
    for _ in range(wanted + 25):
        page.keyboard.press("Tab")
        state = page.evaluate(
            """() => {
                const e = document.activeElement;
                if (!e || e === document.body) return 'out';
                if (e.dataset.seen) return e.matches('video') ? 'film' : 'again';
                e.dataset.seen = '1';
                const s = getComputedStyle(e);
                const ring = parseFloat(s.outlineWidth) >= 2 && s.outlineStyle !== 'none';
                return ring || e.matches('video') ? 'ring' : 'no ring: ' + e.outerHTML.slice(0, 90);
            }"""
        )
        if state in ("out", "again"):
            break
        if state == "film":  # its controls are the browser's own
            continue
        assert state == "ring", state
        reached += 1
    assert reached >= wanted


def test_skip_link_leads_to_the_content(page: Page, live_server, site):
    page.goto(f"{live_server.url}/verksamheten/samverkan/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Hoppa till innehållet")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_visitor_without_script_finds_an_article_by_menu_search_and_topic(
    without_script: Page, live_server, site
):
    page = without_script
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(live_server.url)
    page.get_by_text("Meny", exact=True).click()
    page.get_by_role("navigation", name="Huvudmeny").get_by_role(
        "link", name="Verksamheten"
    ).click()
    page.get_by_role("main").get_by_role("link", name="Samverkan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Samverkan")

    page.goto(live_server.url)
    page.get_by_text("Meny", exact=True).click()
    page.get_by_role("searchbox").fill("samverkan")
    page.get_by_role("button", name="Sök").click()
    page.get_by_role("main").get_by_role("link", name="Samverkan").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Samverkan")

    page.get_by_role("link", name="Kontraterrorism").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kontraterrorism")
    expect(page.get_by_role("main").get_by_role("link", name="Samverkan")).to_be_visible()


def test_pages_are_suggested_while_somebody_types(page: Page, live_server, site):
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(live_server.url)
    page.get_by_role("searchbox").fill("x")
    field = page.get_by_role("combobox", name="Sök på webbplatsen")
    field.press_sequentially("yz")
    expect(page.get_by_role("listbox")).to_have_count(0)

    field.fill("samv")
    option = page.get_by_role("option", name="Samverkan")
    expect(option).to_be_visible()
    assert violations(page) == []

    field.press("Escape")
    expect(option).to_be_hidden()
    field.press_sequentially("e")
    expect(option).to_be_visible()
    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "suggestion-0")
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Samverkan")


def test_enter_searches_while_no_suggestion_is_chosen(page: Page, live_server, site):
    page.goto(live_server.url)
    page.get_by_role("searchbox").fill("samverkan")
    field = page.get_by_role("combobox", name="Sök på webbplatsen")
    field.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/sok/?q=samverkan")
    expect(page.get_by_role("heading", name="träff")).to_be_visible()


def test_the_way_and_what_the_level_asks_stand_on_the_first_screen_of_a_telephone(
    page: Page, live_server, site
):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(live_server.url)
    start = page.get_by_role("main")
    told = [start.get_by_role("link", name="Tipsa oss"), start.get_by_text(ASKED["summary"]),
            start.get_by_role("link", name="Vad nivån betyder")]  # fmt: skip
    for each in told:
        expect(each).to_be_in_viewport(ratio=1)

    page.goto(f"{live_server.url}/verksamheten/terrorhotniva/")
    level = page.get_by_role("main")
    for each in (level.get_by_text("Förhöjt hot").first, level.get_by_text(ASKED["things"][-1])):
        expect(each).to_be_in_viewport(ratio=1)


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


def test_long_article_has_a_list_of_its_sections(page: Page, live_server, site):
    page.goto(f"{live_server.url}/verksamheten/samverkan/")
    sections = page.get_by_role("navigation", name="På den här sidan")
    expect(sections.get_by_role("link")).to_have_count(3)
    sections.get_by_role("link", name="Internationellt samarbete").click()
    assert page.url.endswith("#internationellt-samarbete")
    expect(page.locator("#internationellt-samarbete")).to_be_in_viewport()


def test_link_is_copied_with_one_press(page: Page, live_server, site):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{live_server.url}/verksamheten/samverkan/")
    page.get_by_role("button", name="Kopiera länk").click()
    assert page.evaluate("navigator.clipboard.readText()").endswith("/verksamheten/samverkan/")


def test_page_does_not_shift_while_it_loads(page: Page, live_server, site):
    page.add_init_script(
        """window.shift = 0;
        new PerformanceObserver(list => list.getEntries().forEach(e => window.shift += e.value))
            .observe({type: 'layout-shift', buffered: true});"""
    )
    for path in ("/", "/verksamheten/samverkan/"):
        page.goto(live_server.url + path)
        page.wait_for_load_state("networkidle")
        page.mouse.wheel(0, 4000)
        page.wait_for_timeout(300)
        assert page.evaluate("window.shift") == 0, path


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


def test_printed_article_is_only_the_article_with_address_and_date(page: Page, live_server, site):
    page.goto(f"{live_server.url}/verksamheten/samverkan/")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("navigation", name="Huvudmeny")).to_be_hidden()
    expect(page.get_by_role("heading", name="Dela denna artikel")).to_be_hidden()
    expect(page.get_by_text("/verksamheten/samverkan/")).to_be_visible()


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
