"""The people of the newsroom, each in a browser of their own."""

import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect
from wagtail.users.models import UserProfile

from pages.content.publishing.roles import CHIEF_EDITORS, EDITORS

PASSWORD = "hemligt-nog-for-prov"
PEOPLE = {
    "Rolf Redaktör": EDITORS,
    "Eva Ek": EDITORS,
    "Cecilia Chefredaktör": CHIEF_EDITORS,
    "Doris Dahl": CHIEF_EDITORS,
}
_PATIENCE = 20_000  # milliseconds, for when the machine has much to do
HANDBOOK_PICTURES = Path(settings.PROJECT_DIR) / "static" / "handbook"


def hire_everybody() -> None:
    for name, group in PEOPLE.items():
        first, last = name.split()
        user = get_user_model().objects.create_user(
            first.lower(), f"{first.lower()}@example.org", PASSWORD,
            first_name=first, last_name=last,
        )  # fmt: skip
        user.groups.add(Group.objects.get(name=group))
        UserProfile.objects.create(user=user, preferred_language="sv")


def session_of(username: str) -> str:
    """The key of a session in which the password was written hours ago."""
    client = Client()
    client.force_login(get_user_model().objects.get(username=username))
    session = client.session
    del session["password_given"]
    session.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@dataclass
class Person:
    """Somebody who reads the CMS and presses its buttons."""

    page: Page
    url: str
    takes_pictures: bool = False

    def opens(self, address: str) -> None:
        self.page.goto(address if "://" in address else f"{self.url}{address}")

    def opens_form(self, obj: object) -> None:
        self.opens(f"/admin/pages/{obj.pk}/edit/")  # type: ignore[attr-defined]

    def opens_another_tab(self) -> "Person":
        page = self.page.context.new_page()
        page.set_default_timeout(_PATIENCE)
        return Person(page, self.url)

    def writes(self, label: str, text: str) -> None:
        self.page.get_by_role("textbox", name=label).first.fill(text)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def presses(self, name: str) -> None:
        self.button(name).first.click()

    def approves(self, button: str = "Godkänn och publicera") -> None:
        """Says that the amber findings were seen, where there are some, and approves."""
        expect(self.button(button).first).to_be_visible()
        for box in self.page.get_by_label("Jag har sett de gula påpekandena").all():
            box.check()
        self.presses(button)

    def follows(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def sends(self) -> None:
        """From the form, by the page that shows what is new, to whoever approves."""
        self.presses("Granska och skicka")
        self.presses("Skicka för godkännande")
        self.is_told("är skickad för godkännande. Du får ett mejl när någon har svarat.")

    def is_told(self, words: str) -> None:
        expect(self.page.locator(".messages")).to_contain_text(words)

    def reads(self, words: str) -> None:
        expect(self.page.locator("body")).to_contain_text(words)

    def reads_nothing_of(self, words: str) -> None:
        expect(self.page.locator("body")).not_to_contain_text(words)

    def takes_picture(self, name: str, part: str = "main") -> None:
        """Renews a picture of the handbook, when the tests are run with --pictures."""
        if not self.takes_pictures:
            return
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_timeout(300)  # what fades in is there
        shot = Image.open(BytesIO(self.page.locator(part).first.screenshot()))
        shot = shot.convert("RGB").crop((0, 0, shot.width, min(shot.height, 900)))
        HANDBOOK_PICTURES.mkdir(exist_ok=True)
        shot.save(HANDBOOK_PICTURES / f"{name}.webp", quality=60, method=6)


@dataclass
class Newsroom:
    """Lets people in, and knows what went wrong before the eyes of any of them."""

    browser: Browser
    url: str
    takes_pictures: bool
    failures: list[str]

    def enters(self, first_name: str) -> Person:
        context = self.browser.new_context(
            locale="sv-SE", timezone_id="Europe/Stockholm",
            viewport={"width": 1280, "height": 900}, reduced_motion="reduce", base_url=self.url,
        )  # fmt: skip
        name = settings.SESSION_COOKIE_NAME
        key = session_of(first_name.lower())
        context.add_cookies([{"name": name, "value": key, "url": self.url}])
        return self._watched(context.new_page())

    def reader(self) -> Person:
        return self._watched(self.browser.new_context(locale="sv-SE").new_page())

    def _watched(self, page: Page) -> Person:
        page.set_default_timeout(_PATIENCE)
        page.context.on(
            "response",
            lambda answer: (
                self.failures.append(f"{answer.status} {answer.url}")
                if answer.status >= 500
                else None
            ),
        )
        return Person(page, self.url, self.takes_pictures)


def mail_to(first_name: str, subject: str) -> str:
    """The link of the last mail with the subject to somebody."""
    found = [
        each
        for each in mail.outbox
        if each.subject == subject and each.to == [f"{first_name.lower()}@example.org"]
    ]
    assert found, [(each.subject, each.to) for each in mail.outbox]
    return re.findall(r"https?://[^/]+(/\S+)", found[-1].body)[0]
