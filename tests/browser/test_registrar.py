"""The registrar finds how a page looked before it was changed, goes one on, and sees which words differ."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from PIL import Image
from playwright.sync_api import Browser, Frame, Page, expect

from pages.content.publishing.roles import REGISTRARS
from sapo_site.accounts.groups import set_up_roles
from tests.recorded import Was, keep, use_own_records

from .axe import violations
from .newsroom_people import Newsroom

MORNING = datetime(2026, 3, 3, 12, 41, 7, tzinfo=UTC)
NEXT_DAY = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
AT = "/admin/sa-sag-sidan/"
PAGE = """<!DOCTYPE html><html lang="sv"><head><title>Valet</title><meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/static/then.css"><link rel="stylesheet" href="https://evil.example/x.css">
<script>document.title = "kapad"; parent.document.title = "kapad"</script></head>
<body onload="document.title = 'kapad'"><main><h1>Så skyddar vi valet</h1><p>Vi har utbildat %s kommuner.</p>
<img src="/media/valet.webp" alt="En vallokal" onerror="parent.document.title = 'kapad'">
<img src="https://evil.example/x.png" alt=""><a href="https://evil.example/" target="_top">Bort</a>
<a href="/kontakt/">Kontakta oss</a></main></body></html>"""
# Of the moment itself: the page is red as long as it is the one of 3 March.
STYLE = "@font-face { font-family: Then; src: url(/static/then.woff2) } body { background: %s; font-family: Then }"


def _picture(colour: str) -> bytes:
    file = BytesIO()
    Image.new("RGB", (40, 20), colour).save(file, "WEBP")
    return file.getvalue()


@pytest.fixture
def registrar(browser: Browser, live_server, site, tmp_path, settings):
    use_own_records(settings, tmp_path)
    set_up_roles()
    user = get_user_model().objects.create_user("ragnhild", password="hemligt-nog-for-prov")
    user.groups.add(Group.objects.get(name=REGISTRARS))
    css, picture, font = (
        (("Content-Type", kind),) for kind in ("text/css", "image/webp", "font/woff2")
    )
    typeface = Path(settings.PROJECT_DIR, "static").rglob("*.woff2")
    keep(
        Was("/verksamheten/valet/", MORNING, PAGE % 210),
        Was("/static/then.css", MORNING, STYLE % "rgb(255, 220, 220)", headers=css),
        Was("/static/then.woff2", MORNING, next(typeface).read_bytes(), headers=font),
        Was("/media/valet.webp", MORNING, _picture("red"), headers=picture),
        Was("/verksamheten/valet/", NEXT_DAY, PAGE % 290),
        Was("/static/then.css", NEXT_DAY, STYLE % "rgb(220, 255, 220)", headers=css),
        Was("/media/valet.webp", NEXT_DAY, _picture("green"), headers=picture),
    )
    before = len(browser.contexts)
    room = Newsroom(browser, live_server.url, takes_pictures=False, failures=[])
    yield room.enters("ragnhild")
    for context in browser.contexts[before:]:
        context.close()
    assert room.failures == []


def _framed(page: Page) -> Frame:
    element = page.locator("iframe").element_handle()
    frame = element.content_frame()
    assert frame is not None
    frame.wait_for_load_state()
    return frame


def _looks_as_then(page: Page, kommuner: str, colour: str) -> None:
    frame = _framed(page)
    words = page.frame_locator("iframe").get_by_text(f"Vi har utbildat {kommuner} kommuner.")
    expect(words).to_be_visible()
    style = "getComputedStyle(document.body).backgroundColor"
    assert frame.evaluate(style) == colour
    assert frame.evaluate("document.images[0].naturalWidth") == 40
    assert (
        frame.evaluate(
            "document.fonts.ready.then(() => document.fonts.check('16px Then') && document.fonts.size)"
        )
        == 1
    )
    assert frame.title() == "Valet"


def _is_whole(page: Page) -> None:
    """Nothing for the axe to find, and nothing to scroll sideways for."""
    found = violations(page, {"exclude": [["iframe"]]})
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_registrar_finds_how_a_page_looked_before_it_was_changed(registrar):
    page, asked = registrar.page, []
    page.context.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": 390, "height": 1500})
    registrar.opens("/admin/")
    expect(page).to_have_url(f"{registrar.url}{AT}")

    # By keyboard alone
    page.get_by_label("Adress").focus()
    page.keyboard.type("/verksamheten/valet/")
    page.keyboard.press("Tab")
    page.get_by_label("Datum").fill("2026-03-03")
    page.get_by_label("Klockan").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("14.05")
    page.keyboard.press("Enter")
    registrar.reads("Så såg sidan ut 3 mars 2026 kl. 14.05. Det här är inte dagens sida.")
    registrar.reads(
        "Version från 3 mars 2026 kl. 13.41.07 till 4 mars 2026 kl. 09.00.00 · komplett"
    )
    registrar.reads("Vem som frågar antecknas inte.")
    _looks_as_then(page, "210", "rgb(255, 220, 220)")
    _is_whole(page)

    page.get_by_role("link", name="nyare").focus()
    page.keyboard.press("Enter")
    registrar.reads("Så såg sidan ut 4 mars 2026 kl. 09.00")
    _looks_as_then(page, "290", "rgb(220, 255, 220)")
    page.get_by_role("link", name="äldre").press("Enter")
    registrar.reads("Så såg sidan ut 3 mars 2026 kl. 13.41.07")

    page.get_by_role("link", name="nyare").press("Enter")
    page.get_by_text("Ord som skiljer sig från versionen före").press("Enter")
    expect(page.locator("ins")).to_contain_text("290")
    _is_whole(page)
    page.set_viewport_size({"width": 1440, "height": 1500})

    registrar.follows("Alla ändringar")
    page.get_by_label("Från och med").fill("2026-03-01")
    page.get_by_role("button", name="Visa", exact=True).click()
    registrar.reads("Det som blev publikt, det äldsta först.")
    _is_whole(page)
    page.get_by_role("link", name="/verksamheten/valet/").nth(1).click()
    _looks_as_then(page, "290", "rgb(220, 255, 220)")

    assert {url.split("/")[2] for url in asked if "://" in url} == {registrar.url.split("/")[2]}
    assert "kapad" not in page.title()
