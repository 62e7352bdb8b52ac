"""Pages that other parts of the site serve at fixed addresses: sitemap and search list them too.

Whoever serves such a page registers it here; this module knows none itself.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class FixedPage:
    """What sitemap and search say of the page in one language."""

    url: str
    title: str
    summary: str
    names: tuple[str, ...]  # what people search for when they mean it


# Language -> the page in it.
InLanguage = Callable[[str], FixedPage]

_registered: list[InLanguage] = []


def register_fixed_page(page: InLanguage) -> None:
    """Adds a page, which exists in every language of the site."""
    if page not in _registered:
        _registered.append(page)


def fixed_pages_in(language: str) -> list[FixedPage]:
    return [page(language) for page in _registered]
