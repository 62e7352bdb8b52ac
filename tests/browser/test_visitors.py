"""What visitors meet in a real browser."""

from playwright.sync_api import Page, expect

from .axe import violations
from .conftest import ASKED, PAGES
from .desk import comes_to_rest


def test_no_page_is_wider_than_the_window(page: Page, live_server, site):
    for path in PAGES:
        page.goto(live_server.url + path)
        for width in (320, 360, 768, 1440):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_on_a_phone_no_column_of_a_table_is_cut_off_and_its_numbers_are_called(
    page: Page, live_server, site
):
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{live_server.url}/verksamheten/samverkan/")
    table = page.get_by_role("table", name="Vem du vänder dig till")
    box = page.get_by_role("region", name="Vem du vänder dig till")
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")
    expect(table.get_by_role("columnheader")).to_have_count(3)
    expect(table.get_by_role("row")).to_have_count(4)
    for words, address in (
        ("112", "tel:112"), ("mpf.se", "https://mpf.se"), ("Tipssidan", "/tipsa/"),
        ("010-568 70 00", "tel:+46105687000"),
    ):  # fmt: skip
        link = table.get_by_role("link", name=words)
        expect(link).to_have_attribute("href", address)
        seen = link.bounding_box()
        assert seen
        assert seen["x"] >= 0
        assert seen["x"] + seen["width"] <= 360


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
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert hosts_asked == {live_server.url.split("/")[2]}
    assert [text for text in complaints if "404" not in text] == []
    assert page.context.cookies() == []  # before the notice is closed


def test_cookie_notice_closes_and_stays_closed(browser, live_server, site):
    """With script and without."""
    for script in (True, False):
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

    page.reload()
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


def test_long_article_has_a_list_of_its_sections_and_its_link_is_copied(
    page: Page, live_server, site
):
    page.goto(f"{live_server.url}/verksamheten/samverkan/")
    sections = page.get_by_role("navigation", name="På den här sidan")
    expect(sections.get_by_role("link")).to_have_count(3)
    sections.get_by_role("link", name="Internationellt samarbete").click()
    assert page.url.endswith("#internationellt-samarbete")
    expect(page.locator("#internationellt-samarbete")).to_be_in_viewport()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
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
        comes_to_rest(page)
        assert page.evaluate("window.shift") == 0, path
