"""Takes the pictures of the README from a demo site that runs.

python -m tests.pictures http://127.0.0.1:8000/ [NAME …]
"""

import io
import shutil
import sys
from pathlib import Path
from urllib.parse import urljoin

from PIL import Image
from playwright.sync_api import ViewportSize, sync_playwright

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "screenshots"
PAGES = {
    "start": "/",
    "level": "/hoten-mot-sverige/terrorhotniva/",
    "article": "/om-sakerhetspolisen/samarbete-med-andra/",
    "contact": "/om-webbplatsen/kontakt/",
}
WINDOW: ViewportSize = {"width": 1440, "height": 1500}
SIZE = (1080, 1125)


def take(site: str, names: list[str]) -> None:
    """A picture of the first screen and a half of each page, for a reader on a computer."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(viewport=WINDOW, device_scale_factor=1.5, locale="sv-SE")
        page = context.new_page()
        page.goto(site)  # the typeface is shown from the second page on, however slow the first is
        for name in names:
            page.goto(urljoin(site, PAGES[name]), wait_until="networkidle")
            shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            shot.resize(SIZE, Image.Resampling.LANCZOS).save(
                FOLDER / f"{name}.webp", quality=75, method=6
            )
        browser.close()


if __name__ == "__main__":
    take(sys.argv[1], sys.argv[2:] or list(PAGES))
