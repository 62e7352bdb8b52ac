"""Takes a picture of every kind of screen of the CMS, and names those that differ from the last time.

python -m tests.screens http://127.0.0.1:8000/admin/ chefredaktor PASSWORD [FOLDER]

Of a demo site that runs. What is one address but for its numbers is one kind; each is found by following the links
from the start page. The pictures of before are kept as NAME.before.png where they differ.
"""

import io
import re
import shutil
import sys
from itertools import product
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from PIL import Image, ImageChops
from playwright.sync_api import Page, sync_playwright

WIDTHS, SCHEMES = (390, 1440), ("light", "dark")
# What a picture may differ by without being named: hours and days stand on most screens.
TOLERANCE = 0.005
NEVER = re.compile("logout|/bulk/|/download/|/documents/[0-9]|export=|/jsi18n|/lock|/unpublish")


def kinds(page: Page, start: str) -> dict[str, str]:
    """One address of each kind of screen, by its name."""
    found, waiting = {}, [start]
    while waiting:
        address = waiting.pop(0)
        path = urlsplit(address).path.removeprefix(urlsplit(start).path)
        name = re.sub("[^a-zåäö0]+", "-", re.sub("[0-9a-f-]{30,}|[0-9]+", "0", path)).strip("-")
        if name in found:
            continue
        answer = page.goto(address)
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        assert answer.status < 400, f"{address}: {answer.status}"
        found[name] = address
        links = page.eval_on_selector_all("a[href]", "all => all.map(each => each.href)")
        waiting += [each for each in links if each.startswith(start) and not NEVER.search(each)]
    return found


def differs(now: bytes, before: Path) -> float:
    """The share of the picture that is another one: 1 where there was none, or one of another size."""
    if not before.exists():
        return 1
    new, old = Image.open(io.BytesIO(now)).convert("L"), Image.open(before).convert("L")
    if new.size != old.size:
        return 1
    apart = ImageChops.difference(new, old).point(lambda grey: 255 * (grey > 24))
    return apart.histogram()[255] / (new.width * new.height)


def take(start: str, user: str, password: str, folder: Path) -> None:
    """Each kind of screen at two widths, light and dark."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_context(locale="sv-SE").new_page()
        page.goto(start)
        page.locator("[name=username]").fill(user)
        page.locator("[name=password]").fill(password)
        page.keyboard.press("Enter")
        page.wait_for_url(start)
        for (name, address), width, scheme in product(kinds(page, start).items(), WIDTHS, SCHEMES):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.goto(address, wait_until="networkidle")
            picture, path = page.screenshot(), folder / f"{name or 'start'}-{width}-{scheme}.png"
            share = differs(picture, path)
            if share > TOLERANCE and path.exists():
                path.replace(path.with_suffix(".before.png"))
            if share > TOLERANCE:
                sys.stdout.write(f"{path.name}: {share:.1%}\n")
            path.write_bytes(picture)
        browser.close()


if __name__ == "__main__":
    start, user, password, *folder = sys.argv[1:]
    take(urljoin(start, "."), user, password, Path(*folder or ["var/screens"]))
