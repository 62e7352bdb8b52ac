"""What a machine can find of what shuts people out."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# No rule that is on reads style sheets: axe would fetch each once more, some from where they are not.
_OPTIONS = {"preload": False, "resultTypes": ["violations"]}


def violations(page: Page, context: Any = None, **options: Any) -> list[dict[str, Any]]:
    """The faults that axe-core finds in the page as it stands."""
    found = Axe().run(page, context=context, options={**_OPTIONS, **options})
    return found.response["violations"]
