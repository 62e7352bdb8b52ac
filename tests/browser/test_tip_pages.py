"""The pages of the tip channel in a real browser: reading, leaving a tip, leaving in a hurry."""

import re
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, Playwright, Route, expect

from tips.form import limits
from tips.questions import QUESTIONS

from .conftest import CHROMIUM
from .desk import comes_to_rest, until

FORM = "/tipsa/formular/"
BEFORE_PLAIN = f"{FORM}utan-skript/"
PLAIN = f"{BEFORE_PLAIN}skriv/"
TEXT = "En grå kombi står vid grindarna varje kväll."
EXIT = "https://www.smhi.se/"
# A page of another host that keeps nothing back from the browser, to prove that it keeps pages.
UNPROTECTED = "https://oskyddad.example/"
LONGEST = "Säkerhetsskyddsklassificeringsbestämmelsernas" * 3


@pytest.fixture(autouse=True)
def _elsewhere(context: BrowserContext, channel: Any) -> None:
    answer_for_others(context)


def answer_for_others(context: BrowserContext) -> None:
    """Stands in for the hosts of others: nothing leaves the machine."""

    def weather(route: Route) -> None:
        assert "referer" not in route.request.headers
        route.fulfill(
            body="<title>Väder</title><h1>Väder</h1>", content_type="text/html; charset=utf-8"
        )

    def plain(route: Route) -> None:
        route.fulfill(
            body="<textarea name=text></textarea>", content_type="text/html",
            headers={"Cache-Control": "no-store"},
        )  # fmt: skip

    context.route(f"{EXIT}**", weather)
    context.route(f"{UNPROTECTED}**", plain)


# Each page that a tipster can meet


def start(page: Page, url: str, channel: Any) -> None:
    page.goto(f"{url}/tipsa/")


def english_start(page: Page, url: str, channel: Any) -> None:
    page.goto(f"{url}/en/tipsa/")


def sealed_form(page: Page, url: str, channel: Any) -> None:
    _open(page, url)


def sealed_form_with_faults(page: Page, url: str, channel: Any) -> None:
    _open(page, url)
    _fill_in_wrongly(page)
    _send(page)
    expect(page.get_by_role("heading", name="Tipset är inte skickat än")).to_be_visible()


def received(page: Page, url: str, channel: Any) -> None:
    _open(page, url)
    page.get_by_label("Vad vill du berätta?").fill(TEXT)
    _send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack för ditt tips")


def before_plain_form(page: Page, url: str, channel: Any) -> None:
    page.goto(f"{url}{BEFORE_PLAIN}", referer=f"{url}{FORM}")  # as from the form that cannot seal
    expect(page.get_by_role("heading", level=1)).to_have_text("Formuläret utan skript")


def plain_form(page: Page, url: str, channel: Any) -> None:
    page.goto(f"{url}{PLAIN}")


def plain_form_with_faults(page: Page, url: str, channel: Any) -> None:
    page.goto(f"{url}{PLAIN}")
    _fill_in_wrongly(page)
    _send(page)
    expect(page.get_by_role("heading", name="Tipset är inte skickat än")).to_be_visible()


def received_without_script(page: Page, url: str, channel: Any) -> None:
    page.goto(f"{url}{PLAIN}")
    page.get_by_label("Vad vill du berätta?").fill(TEXT)
    _send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack för ditt tips")


def closed(page: Page, url: str, channel: Any) -> None:
    channel.keyring_path.rename(channel.keyring_path.with_suffix(".away"))
    try:
        page.goto(f"{url}{FORM}")
        expect(page.get_by_role("heading", level=1)).to_have_text("Formuläret är stängt just nu")
    finally:
        channel.keyring_path.with_suffix(".away").rename(channel.keyring_path)


def closed_with_text(page: Page, url: str, channel: Any) -> None:
    _open(page, url)
    _send_while_closed(page, channel)
    expect(page.get_by_role("region", name="Tipset är inte skickat än")).to_contain_text("112")


def plain_form_closed_with_text(page: Page, url: str, channel: Any) -> None:
    page.goto(f"{url}{PLAIN}")
    _send_while_closed(page, channel)


def _send_while_closed(page: Page, channel: Any) -> None:
    page.get_by_label("Vad vill du berätta?").fill(LONGEST)
    channel.keyring_path.rename(channel.keyring_path.with_suffix(".away"))
    try:
        _send(page)
        expect(page.get_by_text("Vi kan inte ta emot tips i formuläret").first).to_be_visible()
        expect(page.get_by_label("Vad vill du berätta?")).to_have_value(LONGEST)
    finally:
        channel.keyring_path.with_suffix(".away").rename(channel.keyring_path)


def limited(page: Page, url: str, channel: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tips.form.views.limiter.lets_in", lambda address: False)
        _open(page, url)
        page.get_by_label("Vad vill du berätta?").fill(TEXT)
        _send(page)
        expect(
            page.get_by_text("Formuläret har använts ovanligt många gånger").first
        ).to_be_visible()


def refused(page: Page, url: str, channel: Any) -> None:
    page.goto(f"{url}/tipsa/finns-inte/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sidan finns inte")


Visit = Callable[[Page, str, Any], None]
VISITS: list[Visit] = [
    start, english_start, sealed_form, sealed_form_with_faults, received, closed, closed_with_text,
    limited, before_plain_form, plain_form, plain_form_with_faults, plain_form_closed_with_text,
    received_without_script, refused,
]  # fmt: skip


def _open(page: Page, url: str) -> None:
    """The form that seals, once it is ready."""
    page.goto(f"{url}{FORM}")
    expect(page.get_by_role("button", name="Skicka tipset")).to_be_visible()


def _fill_in_wrongly(page: Page) -> None:
    page.get_by_label("När hände det?").fill("å" * (limits.MAX_FIELD_LENGTH + 1))
    page.get_by_label("Filer").set_input_files(
        {"name": f"{LONGEST}.txt", "mimeType": "text/plain", "buffer": b"a"}
    )


def _send(page: Page) -> None:
    page.get_by_role("button", name="Skicka tipset").click()


def _fill_in(page: Page) -> None:
    page.get_by_label("Vad vill du berätta?").fill(TEXT)
    page.get_by_label("När hände det?").fill("I går")
    page.get_by_label("Hot mot demokratin").check()
    page.get_by_label("Ja, någon behöver läsa det här snart").check()
    page.get_by_label("Hur kan vi nå dig?").fill("Inte alls")


def _typed(page: Page) -> str:
    fields = page.locator("form :is(textarea, [type=text])")
    return "".join(field.input_value() for field in fields.all())


def test_every_page_is_whole_at_four_times_the_size_and_quick_exit_is_in_sight(
    page: Page, live_server, channel
):
    """Wherever one has scrolled; 1280 px at 400 % are 320 px, and 1024 px are 256."""
    link = page.get_by_role("link", name="Lämna sidan snabbt").or_(
        page.get_by_role("link", name="Leave the page quickly")
    )
    for visit in VISITS:
        page.set_viewport_size({"width": 320, "height": 256})
        visit(page, live_server.url, channel)
        where = visit.__name__
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, where
        clipped = page.evaluate(
            """() => [...document.querySelectorAll('main *')].filter(e =>
                getComputedStyle(e).position !== 'absolute' && !e.closest('.form__trap')
                && e.getBoundingClientRect().right > 321).map(e => e.outerHTML.slice(0, 80))"""
        )
        assert (where, clipped) == (where, [])
        for width, height in ((320, 256), (360, 740), (1440, 900)):
            page.set_viewport_size({"width": width, "height": height})
            for place in ("0", "document.documentElement.scrollHeight / 2", "1e6"):
                page.evaluate(f"scrollTo(0, {place})")
                expect(link).to_be_in_viewport(ratio=1)
                box = link.bounding_box()
                assert box
                assert box["height"] >= 44, where
                on_top = page.evaluate(
                    "([x, y]) => document.elementFromPoint(x, y).className",
                    [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
                )
                assert on_top == "quick-exit__link", where


@pytest.mark.parametrize("address", ["/tipsa/", "/en/tipsa/", "/tipsmottagning/"])
def test_our_name_has_the_letters_of_the_typeface_that_is_not_fetched(
    page: Page, live_server, channel, address
):
    page.goto(live_server.url + address)
    page.evaluate("document.fonts.ready")
    drawn = "[...document.fonts].filter(face => face.status === 'loaded').map(face => face.family.replaceAll('\"', ''))"

    assert "Wordmark" in page.evaluate(drawn)


def test_keyboard_reaches_everything_and_nothing_covers_it(page: Page, live_server, drawn):
    width, height = drawn.choice([(320, 568), (360, 740), (1440, 900)])
    page.set_viewport_size({"width": width, "height": height})
    for path in ("/tipsa/", FORM, PLAIN):
        page.goto(f"{live_server.url}{path}")
        if path == FORM:
            _open(page, live_server.url)
        reached = []
        for _ in range(40):
            page.keyboard.press("Tab")
            state = page.evaluate(
                """() => {
                    const e = document.activeElement;
                    if (!e || e === document.body) return null;
                    const s = getComputedStyle(e);
                    const box = e.getBoundingClientRect();
                    const top = document.elementFromPoint(
                        box.left + Math.min(box.width, innerWidth) / 2,
                        Math.min(box.top + box.height / 2, innerHeight - 1));
                    return {
                        what: e.id.replace(/^id_/, '').replace(/_\\d+$/, '') || e.textContent.trim(),
                        ring: parseFloat(s.outlineWidth) >= 2 && s.outlineStyle !== 'none',
                        seen: !!top && (e.contains(top) || top.contains(e)),
                    };
                }"""
            )
            if state is None:
                break
            assert state["ring"], state
            assert state["seen"], state
            reached.append(state["what"])
        assert reached[0] == "Hoppa till innehållet"
        assert reached[1] == "Lämna sidan snabbt"
        assert "website" not in reached
        assert all(reached), "something without a name took the focus"
        if path != "/tipsa/":
            fields = [name for name in reached if name.isascii() and name.islower()]
            assert list(dict.fromkeys(fields)) == [*(each.name for each in QUESTIONS), "files"]


def test_what_makes_the_browser_forget_is_neither_seen_nor_announced(
    without_script: Page, live_server
):
    page = without_script
    page.goto(f"{live_server.url}{PLAIN}")
    expect(page.locator("form [type=password]")).to_be_hidden()
    boxes = re.findall(r"- textbox.*", page.locator("form").aria_snapshot())
    assert len(boxes) == 6
    assert all(re.match(r'- textbox "\w', box) for box in boxes), boxes


def test_tip_is_left_without_script_and_by_keyboard_alone(
    without_script: Page, live_server, channel
):
    page = without_script
    page.set_viewport_size({"width": 320, "height": 568})
    page.goto(f"{live_server.url}/tipsa/")
    page.get_by_role("link", name="Till formuläret").first.press("Enter")
    page.get_by_label("Vad vill du berätta?").press_sequentially("En drönare över hamnen.")
    page.get_by_label("Terrorism").press("Space")
    page.get_by_role("button", name="Skicka tipset").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack för ditt tips")
    number = page.locator(".tips__reference").inner_text()
    assert len(list(channel.vault.tips())) == 1
    assert len(number) == 9
    # Back: the form is empty.
    page.go_back()
    expect(page).to_have_url(f"{live_server.url}{PLAIN}")
    assert _typed(page) == ""


def test_who_has_script_is_led_from_the_form_without_it_to_the_one_that_seals(
    page: Page, live_server
):
    page.goto(f"{live_server.url}/tipsa/")
    link = page.get_by_role("link", name="Till formuläret").first
    link.evaluate("(link, place) => link.href = place", BEFORE_PLAIN)
    link.click()
    expect(page).to_have_url(f"{live_server.url}{FORM}")
    expect(page.get_by_role("button", name="Skicka tipset")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(f"{live_server.url}/tipsa/")


def test_a_browser_that_cannot_seal_is_shown_the_form_without_script_and_kept_there(
    page: Page, live_server, channel
):
    page.add_init_script("TextEncoder.prototype.encode = () => { throw new Error(); }")
    page.goto(f"{live_server.url}{FORM}")
    page.get_by_role("link", name="Formuläret utan skript").click()
    expect(page).to_have_url(f"{live_server.url}{BEFORE_PLAIN}")
    page.get_by_role("link", name="Öppna formuläret").click()
    page.get_by_label("Vad vill du berätta?").fill(TEXT)
    _send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack för ditt tips")


def test_where_no_keys_are_believed_no_form_without_script_is_offered(
    page: Page, live_server, channel
):
    closed(page, live_server.url, channel)
    expect(page.get_by_role("link", name="Formuläret utan skript")).to_have_count(0)


def test_without_script_the_page_before_the_form_leads_to_it_by_keyboard(
    without_script: Page, live_server
):
    without_script.goto(f"{live_server.url}{BEFORE_PLAIN}")
    without_script.get_by_role("link", name="Öppna formuläret").press("Enter")
    expect(without_script).to_have_url(f"{live_server.url}{PLAIN}")


def test_copying_the_number_takes_all_of_it_and_no_more(page: Page, live_server, channel):
    received(page, live_server.url, channel)
    number = page.locator(".tips__reference")
    number.click()
    assert page.evaluate("getSelection().toString().trim()") == number.inner_text()


def test_high_contrast_keeps_the_borders_of_everything_to_fill_in(page: Page, live_server, channel):
    page.emulate_media(forced_colors="active")
    plain_form_with_faults(page, live_server.url, channel)
    for control in page.locator("form :is(textarea, [type=text]):not([name=website])").all():
        width = control.evaluate("e => parseFloat(getComputedStyle(e).borderTopWidth)")
        assert width >= 1
    for box in (".error-summary", ".quick-exit__link", ".form__field--wrong"):
        # The style sheet may still be on its way.
        expect(page.locator(box).first).to_have_css("border-inline-start-style", "solid")
        side = page.locator(box).first.evaluate(
            "e => [getComputedStyle(e).borderInlineStartWidth, getComputedStyle(e).borderInlineStartStyle]"
        )
        assert float(side[0].removesuffix("px")) >= 2, box
        assert side[1] == "solid", box


def test_nothing_is_asked_of_another_host_and_no_policy_is_broken(
    page: Page, live_server, channel, hosts_asked
):
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text)
            if message.type in ("error", "warning") else None)  # fmt: skip
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for visit in VISITS:
        visit(page, live_server.url, channel)
        page.wait_for_load_state("networkidle")
        where = visit.__name__
        assert hosts_asked == {live_server.url.split("/")[2]}, where
        assert [text for text in complaints if "Failed to load resource" not in text] == [], where
        assert page.context.cookies() == [], where
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0, where


# In a hurry


def _by_click(page: Page) -> None:
    page.get_by_role("link", name="Lämna sidan snabbt").click()


def _by_keys(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("Escape")


def test_quick_exit_takes_the_place_of_the_form(page: Page, live_server):
    for leave in (_by_click, _by_keys):
        page.goto(f"{live_server.url}/tipsa/")
        page.get_by_role("link", name="Till formuläret").first.click()
        _fill_in(page)
        leave(page)
        expect(page).to_have_title("Väder")
        page.go_back()
        expect(page).to_have_url(f"{live_server.url}/tipsa/")


def test_escapes_with_something_between_or_slow_ones_leave_nothing(
    page: Page, without_script: Page, live_server
):
    """As those that leave a mode of a screen reader."""
    page.clock.install()
    page.add_init_script(  # of which events know nothing by themselves
        "Object.defineProperty(Event.prototype, 'timeStamp', { get: () => performance.now() });"
    )
    note = "Trycker du på Escape tre gånger inom två sekunder händer samma sak."
    without_script.goto(f"{live_server.url}{FORM}")
    expect(without_script.get_by_text(note)).to_be_hidden()
    _open(page, live_server.url)
    expect(page.get_by_text(note)).to_be_visible()
    text = page.get_by_label("Vad vill du berätta?")
    text.fill(TEXT)
    for key in ("Escape", "Escape", "a", "Escape", "Escape", "b"):
        page.keyboard.press(key)
    for _ in range(6):
        page.clock.fast_forward(1_100)
        page.keyboard.press("Escape")
    expect(page).to_have_url(f"{live_server.url}{FORM}")
    expect(text).to_have_value(f"{TEXT}ab")


def test_page_is_blank_and_empty_before_the_other_has_come(page: Page, live_server):
    _open(page, live_server.url)
    _fill_in(page)
    left = page.evaluate(
        """() => {
            const fields = [...document.querySelectorAll('form :is(input, textarea)')];
            document.querySelector('.quick-exit__link').click();
            return {
                shown: document.body.children.length,
                title: document.title,
                typed: fields.filter(e => /radio|checkbox/.test(e.type) ? e.checked : e.value).length,
                fields: fields.length,
            };
        }"""
    )
    assert left.pop("fields") > 15
    assert left == {"shown": 0, "title": "", "typed": 0}


# What is written is not lost by mistake


def test_who_leaves_what_is_written_is_asked_first_unless_it_is_sent_or_left_quickly(
    page: Page, live_server
):
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto(f"{live_server.url}{FORM}")
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(f"{live_server.url}/en{FORM}")
    page.goto(f"{live_server.url}{FORM}")
    text = page.get_by_label("Vad vill du berätta?")
    text.click()
    text.fill(TEXT)
    assert asked == []

    page.get_by_role("link", name="English").click()
    page.get_by_role("link", name="Säkerhetspolisen, till startsidan").click()
    page.evaluate("setTimeout(() => location.reload())")
    until(page, lambda: len(asked) == 3)
    assert asked == ["beforeunload"] * 3
    expect(text).to_have_value(TEXT)

    _send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack för ditt tips")
    for leave in (_by_click, _by_keys):
        page.goto(f"{live_server.url}{FORM}")
        _fill_in(page)
        leave(page)
        expect(page).to_have_title("Väder")
    page.goto(f"{live_server.url}{FORM}")
    _fill_in(page)
    page.get_by_role("link", name="112").first.click()
    comes_to_rest(page)
    assert asked == ["beforeunload"] * 3


def test_without_a_line_nothing_is_sent_and_what_is_written_stays(page: Page, live_server, channel):
    _open(page, live_server.url)
    _fill_in(page)
    page.context.set_offline(True)
    _send(page)
    summary = page.get_by_role("region", name="Tipset är inte skickat än")
    expect(summary).to_contain_text("Du har ingen uppkoppling just nu.")
    expect(summary).to_be_focused()
    assert TEXT in _typed(page)
    page.context.set_offline(False)
    _send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack för ditt tips")


def test_a_sending_without_script_that_breaks_off_is_sent_again_by_loading_the_page_anew(
    page: Page, live_server, channel
):
    """As the form says."""
    page.goto(f"{live_server.url}{PLAIN}")
    _fill_in(page)
    page.route(f"**{PLAIN}", lambda route: route.abort("connectionreset"), times=1)
    _send(page)
    page.wait_for_url("chrome-error://**")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack för ditt tips")
    assert len(list(channel.vault.tips())) == 1


@pytest.fixture
def everyday(playwright: Playwright) -> Iterator[Callable[[bool], Page]]:
    """A browser as people have it: it keeps whole pages in memory to show them again on Back."""
    contexts = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:

        def opened(script: bool) -> Page:
            context = playwright.chromium.launch_persistent_context(
                profile,
                executable_path=CHROMIUM,
                args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
                ignore_default_args=["--disable-back-forward-cache"],
                java_script_enabled=script,
                locale="sv-SE",
            )
            contexts.append(context)
            answer_for_others(context)
            context.set_default_timeout(10_000)
            return context.new_page()

        yield opened
        for context in contexts:
            context.close()


def _back(page: Page) -> None:
    # A page from memory does not load anew: only its address is waited for.
    page.go_back(wait_until="commit")
    _is_there(page)


def _is_there(page: Page) -> None:
    until(page, lambda: page.evaluate("document.readyState") == "complete")


@pytest.mark.parametrize("script", [True, False], ids=["script on", "script off"])
def test_browser_that_keeps_pages_shows_nothing_typed_after_a_quick_exit(
    everyday, live_server, script
):
    page = everyday(script)
    page.goto(UNPROTECTED)
    page.locator("textarea").fill(TEXT)
    page.goto(EXIT)
    _back(page)
    # Else this browser would prove nothing.
    expect(page.locator("textarea")).to_have_value(TEXT)

    page.goto(f"{live_server.url}/tipsa/")
    page.get_by_role("link", name="Till formuläret").first.click()
    _fill_in(page)
    _by_click(page)
    expect(page).to_have_title("Väder")
    _back(page)
    if script:
        expect(page).to_have_url(f"{live_server.url}/tipsa/")
    else:
        expect(page).to_have_url(f"{live_server.url}{PLAIN}")
        assert _typed(page) == ""
        assert page.locator("form :checked").count() == 0


@pytest.mark.parametrize("script", [True, False], ids=["script on", "script off"])
def test_browser_that_keeps_pages_shows_nothing_typed_after_the_tip_is_sent(
    everyday, live_server, script
):
    page = everyday(script)
    page.goto(f"{live_server.url}/tipsa/")
    page.get_by_role("link", name="Till formuläret").first.click()
    _fill_in(page)
    _send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack för ditt tips")
    _back(page)
    if script:
        expect(page).to_have_url(f"{live_server.url}/tipsa/")
        page.go_forward(wait_until="commit")
        _is_there(page)
    expect(page).to_have_url(f"{live_server.url}{FORM if script else PLAIN}")
    assert _typed(page) == ""
