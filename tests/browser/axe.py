"""What a machine can find of what shuts people out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from random import Random
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# No rule that is on reads style sheets: axe would fetch each once more, some from where they are not.
_OPTIONS = {"preload": False, "resultTypes": ["violations"]}


def violations(page: Page, context: Any = None, **options: Any) -> list[dict[str, Any]]:
    """The faults that axe-core finds in the page as it stands."""
    found = Axe().run(page, context=context, options={**_OPTIONS, **options})
    return found.response["violations"]


# In what windows and colours a page is looked at.
WAYS = list(product((320, 768, 1440), ("light", "dark")))


@dataclass
class Look:
    """Looks at pages as they stand, each in these ways, or in the next of them; what is wrong is kept."""

    ways: list[tuple[int, str]]
    at_once: int
    faults: list[tuple[str, int, str, str]] = field(default_factory=list)

    def __call__(self, page: Page, name: str) -> None:
        for _way in range(self.at_once):
            width, scheme = self.ways[0]
            self.ways = [*self.ways[1:], self.ways[0]]
            # Without motion, or a colour is measured on its way from one scheme to the other.
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                self.faults.append((name, width, scheme, "wider than the window"))
            for fault in violations(page):
                where = fault["nodes"][0]["html"][:160]
                self.faults.append((name, width, scheme, f"{fault['id']}: {where}"))


@pytest.fixture
def look(request: pytest.FixtureRequest, drawn: Random) -> Iterator[Look]:
    """Finds no fault in what it is shown: each in one way, or with `--long` in all."""
    ways = drawn.sample(WAYS, len(WAYS))
    look = Look(ways, len(ways) if request.config.getoption("--long") else 1)
    yield look
    assert look.faults == []
