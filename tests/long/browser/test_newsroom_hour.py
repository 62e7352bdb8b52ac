"""An hour in the newsroom: everybody works at the same time, and every answer is late."""

import asyncio
import random
import re
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.signals import request_started
from playwright.async_api import BrowserContext, Locator, Page, async_playwright
from playwright.async_api import Error as PlaywrightError
from wagtail.models import Revision

from pages.content.models import SectionPage
from pages.library.models import SiteImage
from pages.newsroom.before_the_rule import record_all
from sapo_site.accounts.groups import set_up_roles
from tests.browser.conftest import OPTIONS, WITHOUT_WINDOW
from tests.browser.newsroom_people import hire_everybody, session_of
from tests.factories import ArticlePageFactory, TopicFactory
from tests.factories.pages import picture_file

LATEST = 2.0  # seconds
_MOST = 240.0  # seconds beyond its time
_WORK = {"wrote", "approved", "uploaded"}
ADDRESSES = ["/", "/verksamheten/", "/verksamheten/samverkan/", "/amnen/", "/sok/?q=ord"]


@dataclass
class Hour:
    """What people did, and what they met."""

    url: str
    until: float
    picture: Path
    chance: random.Random
    saved: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    @property
    def goes_on(self) -> bool:
        """Until its time is over and each has done something, however slow the machine is."""
        late_by = time.monotonic() - self.until
        return late_by < 0 or (late_by < _MOST and not set(self.done) >= _WORK)

    def watch(self, context: BrowserContext) -> None:
        context.set_default_timeout(30_000)
        context.on("response", self._note)

    def _note(self, answer: Any) -> None:
        if answer.status >= 500:
            self.failures.append(f"{answer.status} {answer.request.method} {answer.url}")


@pytest.fixture
def late_answers(drawn: random.Random):
    def be_late(environ: dict[str, Any], **_signal: Any) -> None:
        """A request waits before it is answered, so that later ones may overtake it."""
        if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"].startswith("/admin/"):
            time.sleep(drawn.uniform(0, LATEST))

    request_started.connect(be_late)
    yield
    request_started.disconnect(be_late)


async def _write_and_send(hour: Hour, page: Page, form: str, label: str, name: str) -> None:
    """Types a word of one's own, and presses while autosave is under way."""
    await page.goto(f"{hour.url}{form}")
    box = page.get_by_role("textbox", name=label).first
    name_of_button = hour.chance.choice(
        ["Granska och skicka", "Granska och skicka", "Spara utkast"]
    )
    button = page.get_by_role("button", name=name_of_button, exact=True).first
    if not await button.count() or not await box.is_editable():
        return  # somebody has sent it: it is locked
    word = f"ord{name}{len(hour.saved)}x{hour.chance.randrange(10**6)}"
    await box.press("End")
    await box.press_sequentially(f" {word}")
    if hour.chance.random() < 0.5:
        await page.wait_for_timeout(600)  # autosave begins
    before = page.url
    await _click(page, button)
    if page.url != before or await page.locator(".messages .success").count():
        hour.saved.append(word)
    elif word not in await page.content():
        hour.failures.append(f"{name} has lost {word}")
    await _press(page, "Skicka för godkännande", "Godkänn min ändring", "Godkänn och publicera")
    hour.done.append("wrote")


async def _click(page: Page, button: Locator) -> None:
    """Presses, and waits for the page that comes after."""
    await page.evaluate("window.isFormer = true")
    await button.click()
    over = page.get_by_role("dialog").get_by_role(
        "button", name=re.compile("Granska och skicka|Spara utkast")
    )
    for _try in range(300):
        try:
            if await page.evaluate("!window.isFormer && document.readyState === 'complete'"):
                return
            if await over.count() and await over.first.is_visible():
                await over.first.click()  # over what another has saved meanwhile, which is kept
        except PlaywrightError:  # the page changes under our eyes
            pass
        await asyncio.sleep(0.1)
    raise AssertionError(f"nothing came of {button}: {await page.locator('main').inner_text()}")


async def _press(page: Page, *names: str | re.Pattern[str]) -> bool:
    for name in names:
        button = page.get_by_role("button", name=name, exact=True).first
        if await button.count():
            for box in await page.get_by_label("Jag har sett de gula påpekandena").all():
                await box.check()
            await _click(page, button)
            return True
    return False


async def _approve_one(hour: Hour, page: Page, *_about: str) -> None:
    await page.goto(f"{hour.url}/admin/redaktion/lista/waiting/")
    links = page.locator(".newsdesk-row a")
    if await links.count():
        await links.nth(hour.chance.randrange(await links.count())).click()
        if await _press(page, "Godkänn och publicera", "Godkänn"):
            hour.done.append("approved")


async def _approve_many(hour: Hour, page: Page, *_about: str) -> None:
    section = await asyncio.to_thread(_section_pk)
    await page.goto(f"{hour.url}/admin/pages/{section}/")
    await page.locator("[data-bulk-action-select-all-checkbox]").first.check()
    await page.locator(".bulk-actions-choices a[href*='/approve/']").click()
    if await _press(page, re.compile(r"^Godkänn .*\d$")):
        hour.done.append("approved")


async def _upload(hour: Hour, page: Page, *_about: str) -> None:
    await page.goto(f"{hour.url}/admin/images/multiple/add/")
    async with page.expect_response(lambda answer: answer.request.method == "POST"):
        await page.locator("input[type=file]").first.set_input_files(hour.picture)
    hour.done.append("uploaded")


def _section_pk() -> int:
    return SectionPage.objects.get(slug="verksamheten").pk


async def _read(hour: Hour, context: BrowserContext) -> None:
    """A visitor meets no error, whatever is going on."""
    while hour.goes_on:
        for address in ADDRESSES:
            answer = await context.request.get(f"{hour.url}{address}")
            if answer.status != 200:
                hour.failures.append(f"{answer.status} {address}")
        await asyncio.sleep(0.3)


Act = Callable[..., Awaitable[None]]


async def _work(hour: Hour, page: Page, name: str, acts: list[tuple[Act, str, str]]) -> None:
    while hour.goes_on:
        act, form, label = hour.chance.choice(acts)
        await act(hour, page, form, label, name)


async def _spend(hour: Hour, keys: dict[str, str], forms: list[tuple[str, str]]) -> None:
    writing: list[tuple[Act, str, str]] = [(_write_and_send, *form) for form in forms]
    answering: list[tuple[Act, str, str]] = [(_approve_one, "", ""), (_approve_many, "", "")]
    uploading: list[tuple[Act, str, str]] = [(_upload, "", "")]
    acts = {
        "rolf": writing, "eva": [*writing[1:2], *uploading], "cecilia": [*answering, *answering],
        "doris": [*writing[:1], *answering],
    }  # fmt: skip
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=WITHOUT_WINDOW, args=OPTIONS)
        tasks = []
        for name, key in keys.items():
            context = await browser.new_context(
                locale="sv-SE", viewport={"width": 1280, "height": 900}
            )
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": hour.url}
            await context.add_cookies([cookie])  # type: ignore[list-item]
            hour.watch(context)
            page = await context.new_page()
            page.on("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
            tasks.append(_work(hour, page, name, acts[name]))
        tasks.append(_read(hour, await browser.new_context()))
        results = await asyncio.gather(*tasks, return_exceptions=True)
        hour.failures += [repr(each) for each in results if isinstance(each, Exception)]
        await browser.close()


def test_an_hour_with_everybody_at_work_loses_nothing_and_meets_no_error(
    live_server, site, late_answers, drawn, rounds, tmp_path: Path
):
    set_up_roles()
    hire_everybody()
    section = SectionPage.objects.get(slug="verksamheten")
    articles = [
        ArticlePageFactory(parent=section, slug=f"sida-{number}", lead="Ord.") for number in (1, 2)
    ]
    topic = TopicFactory(name="Ord", slug="ord")
    record_all()
    picture = tmp_path / "torg.jpg"
    picture.write_bytes(picture_file().read())
    forms = [(f"/admin/pages/{each.pk}/edit/", "Ingress") for each in articles]
    forms.append((f"/admin/snippets/content/topic/edit/{topic.pk}/", "Namn"))
    hour = Hour(live_server.url, time.monotonic() + rounds(12, 300), picture, drawn)
    keys = {name: session_of(name) for name in ("rolf", "eva", "cecilia", "doris")}

    # In a thread of its own: the other browser tests have an event loop in this one.
    thread = threading.Thread(target=lambda: asyncio.run(_spend(hour, keys, forms)))
    thread.start()
    thread.join()

    assert not hour.failures, "\n\n".join(hour.failures)
    assert hour.saved
    assert set(hour.done) >= _WORK
    versions = " ".join(str(each.content) for each in Revision.objects.all())
    assert [word for word in hour.saved if word not in versions] == []
    assert SiteImage.objects.filter(title__icontains="torg").exists()
